/* SPDX-License-Identifier: Apache-2.0 */
/*
 * date.c - instants, Japanese days, durations and eras.
 *
 * Calendar sums are GDate's; eras are ICU's (era.h). ICU's date parser is not used: it takes
 * 平成40年 and Heisei for a western year. Year and era are set into its calendar and read back
 * instead.
 */
#include "base/date.h"

#include "base/era.h"
#include "base/text.h"

#include <string.h>

#define JST_OFFSET (9 * 3600 * TIME_SECOND)
#define JULIAN_1970 719163   /* GDate's count of 1970-01-01 */
#define JULIAN_MAX 3652059   /* 9999-12-31 */
#define EARLIEST ((Day){1873, 1, 1}) /* before it, Japan's calendar was lunar */

/* ------------------------------------------------------------------- days */

static Day day_of_julian(gint64 julian) {
  GDate date;
  g_date_clear(&date, 1);
  g_date_set_julian(&date, (guint32)CLAMP(julian, 1, JULIAN_MAX));
  return (Day){(gint16)g_date_get_year(&date), (gint8)g_date_get_month(&date),
               (gint8)g_date_get_day(&date)};
}

static gint64 day_julian(Day day) {
  GDate date;
  g_date_clear(&date, 1);
  g_date_set_dmy(&date, (GDateDay)day.day, (GDateMonth)day.month, (GDateYear)day.year);
  return g_date_get_julian(&date);
}

gboolean day_valid(Day day) {
  return day.year >= 1 && day.year <= 9999 && day.month >= 1 && day.day >= 1 &&
         g_date_valid_dmy((GDateDay)day.day, (GDateMonth)day.month, (GDateYear)day.year);
}

static gint64 floor_div(gint64 a, gint64 b) {
  return a / b - (a % b < 0);
}

Day day_of_time(gint64 time) {
  gint64 days = floor_div(time, TIME_DAY);
  gint64 rest = time - days * TIME_DAY + JST_OFFSET;
  return day_of_julian(days + (rest >= TIME_DAY) + JULIAN_1970);
}

gint64 day_begin(Day day) {
  return (day_julian(day) - JULIAN_1970) * TIME_DAY - JST_OFFSET;
}

gint64 day_difference(Day a, Day b) {
  return day_julian(b) - day_julian(a);
}

Day day_add(Day day, int years, int months, int days) {
  gint64 month = (gint64)day.year * 12 + day.month - 1 + (gint64)years * 12 + months;
  month = CLAMP(month, 12, 9999 * 12 + 11);
  Day moved = {(gint16)(month / 12), (gint8)(month % 12 + 1), day.day};
  int last = g_date_get_days_in_month((GDateMonth)moved.month, (GDateYear)moved.year);
  moved.day = (gint8)MIN(moved.day, last);
  return day_of_julian(day_julian(moved) + days);
}

char *day_to_iso(Day day) {
  return g_strdup_printf("%04d-%02d-%02d", day.year, day.month, day.day);
}

char *day_to_western_japanese(Day day) {
  return g_strdup_printf("%d年%d月%d日", day.year, day.month, day.day);
}

/* ------------------------------------------------------------------- eras */

/* The era's number and the year within it; -1 before Meiji. */
static int era_of_day(Day day, int *year) {
  return era_of_days(day_julian(day) - JULIAN_1970, year);
}

void day_era(Day day, const char **era, int *year) {
  int index = era_of_day(day, year);
  *era = index < 0 ? "西暦" : era_name(index);
  if (index < 0)
    *year = day.year;
}

char *day_to_era(Day day) {
  const char *era;
  int year;
  day_era(day, &era, &year);
  g_autofree char *number = year == 1 ? g_strdup("元") : g_strdup_printf("%d", year);
  return g_strdup_printf("%s%s年%d月%d日", era, number, day.month, day.day);
}

/* Named by its first day, so that the name holds for the whole year. */
char *day_fiscal_year(Day day) {
  Day first = {(gint16)(day.year - (day.month < 4)), 4, 1};
  int year;
  int index = era_of_day(first, &year);
  if (index < 0)
    return g_strdup_printf("%d", first.year);
  return g_strdup_printf("%c%d", era_initial(index), year);
}

/* ----------------------------------------------------------------- parsing */

typedef struct {
  const char *at;
} Cursor;

/* Up to `most` digits; -1 when there is none, or more than that. */
static int read_number(Cursor *c, int most) {
  int value = 0, n = 0;
  for (; g_ascii_isdigit(*c->at) && n <= most; c->at++, n++)
    value = value * 10 + (*c->at - '0');
  return n >= 1 && n <= most ? value : -1;
}

static gboolean read_word(Cursor *c, const char *word) {
  if (!g_str_has_prefix(c->at, word))
    return FALSE;
  c->at += strlen(word);
  return TRUE;
}

/* After the year: -M-D, /M/D, .M.D or 年M月D日, and nothing behind. */
static gboolean read_month_day(Cursor *c, Day *day) {
  static const char *const marks[][3] = {{"年", "月", "日"}, {"-", "-", ""}, {"/", "/", ""}, {".", ".", ""}};
  for (guint i = 0; i < G_N_ELEMENTS(marks); i++) {
    Cursor try = *c;
    if (!read_word(&try, marks[i][0]))
      continue;
    int month = read_number(&try, 2);
    if (!read_word(&try, marks[i][1]))
      return FALSE;
    int last = read_number(&try, 2);
    day->month = (gint8)month;
    day->day = (gint8)last;
    return read_word(&try, marks[i][2]) && !*try.at && month > 0 && last > 0;
  }
  return FALSE;
}

static int read_era(Cursor *c) {
  for (int era = 0; era < era_count(); era++)
    if (read_word(c, era_name(era)))
      return era;
  for (int era = 0; era < era_count(); era++)
    if (g_ascii_toupper(*c->at) == era_initial(era)) {
      c->at++;
      return era;
    }
  return -1;
}

/* The day the author of an impossible era date means: 平成40年 is 2028. */
static Day day_of_era(int era, int year, Day day) {
  day.year = (gint16)era_western_year(era, year, day.month);
  return day;
}

static char *normalise(const char *text) {
  g_autofree char *folded = text_fold_input(text);
  GString *out = g_string_new(NULL);
  for (const char *p = folded; *p; p = g_utf8_next_char(p))
    if (!g_unichar_isspace(g_utf8_get_char(p)))
      g_string_append_unichar(out, g_utf8_get_char(p));
  return g_string_free(out, FALSE);
}

static RkStatus refuse(DiagId id, const char *text, const char *meant, gboolean personal,
                       RkDiags *diags) {
  diags_add(diags, id, NULL, personal ? "…" : text, personal ? "…" : meant, NULL);
  return RK_INVALID;
}

static RkStatus era_parse(Day *out, Cursor c, const char *text, gboolean personal, RkDiags *diags) {
  Day day = {0};
  int found, era = read_era(&c);
  int year = read_word(&c, "元") ? 1 : read_number(&c, 3);
  if (era < 0 || year < 1 || !read_month_day(&c, &day))
    return refuse(DIAG_DATE_INVALID, text, "", personal, diags);
  day = day_of_era(era, year, day);
  if (!day_valid(day))
    return refuse(DIAG_DATE_INVALID, text, "", personal, diags);
  if (era_of_day(day, &found) != era || found != year) {
    g_autofree char *meant = day_to_era(day);
    return refuse(DIAG_DATE_ERA, text, meant, personal, diags);
  }
  *out = day;
  return RK_OK;
}

static RkStatus western_parse(Day *out, Cursor c, const char *text, gboolean personal,
                              RkDiags *diags) {
  Day day = {0};
  day.year = (gint16)read_number(&c, 4);
  if (day.year < 1000 || !read_month_day(&c, &day) || !day_valid(day))
    return refuse(DIAG_DATE_INVALID, text, "", personal, diags);
  *out = day;
  return RK_OK;
}

RkStatus day_parse(Day *out, const char *text, gboolean personal, RkDiags *diags) {
  g_autofree char *plain = normalise(text);
  Cursor c = {plain};
  read_word(&c, "西暦");
  Day day = {0};
  RkStatus status = g_ascii_isdigit(*c.at) ? western_parse(&day, c, text, personal, diags)
                                           : era_parse(&day, c, text, personal, diags);
  if (status == RK_OK && day_difference(EARLIEST, day) < 0)
    status = diags_fail(diags, RK_INVALID, DIAG_DATE_EARLY, NULL, NULL);
  if (status == RK_OK)
    *out = day;
  return status;
}

/* ---------------------------------------------------------------- instants */

/* Microseconds within the day, and the offset east of Greenwich. */
static gboolean read_clock(Cursor *c, gint64 *micros) {
  int hour = read_number(c, 2);
  int minute = read_word(c, ":") ? read_number(c, 2) : -1;
  int second = read_word(c, ":") ? read_number(c, 2) : 0;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
    return FALSE;
  *micros = ((hour * 60 + minute) * 60 + second) * TIME_SECOND;
  if (*c->at != '.')
    return TRUE;
  gint64 unit = TIME_SECOND / 10;
  for (c->at++; g_ascii_isdigit(*c->at); c->at++, unit /= 10)
    *micros += (*c->at - '0') * unit;
  return c->at[-1] != '.';
}

static gboolean read_offset(Cursor *c, gint64 *offset) {
  *offset = 0;
  if (read_word(c, "Z"))
    return TRUE;
  int sign = *c->at == '+' ? 1 : *c->at == '-' ? -1 : 0;
  if (!sign)
    return FALSE;
  c->at++;
  int hours = read_number(c, 2);
  int minutes = read_word(c, ":") ? read_number(c, 2) : -1;
  *offset = sign * (hours * 60 + minutes) * 60 * TIME_SECOND;
  return hours >= 0 && hours <= 14 && minutes >= 0 && minutes <= 59;
}

static gboolean read_iso_day(Cursor *c, Day *day) {
  const char *start = c->at;
  day->year = (gint16)read_number(c, 4);
  gboolean four = c->at - start == 4 && read_word(c, "-");
  day->month = (gint8)read_number(c, 2);
  gboolean dash = read_word(c, "-");
  day->day = (gint8)read_number(c, 2);
  return four && dash && c->at - start == 10 && day_valid(*day);
}

RkStatus time_parse(gint64 *out, const char *text, RkDiags *diags) {
  Cursor c = {text};
  Day day;
  gint64 clock = 0, offset = JST_OFFSET;
  gboolean good = read_iso_day(&c, &day);
  if (good && *c.at)
    good = (read_word(&c, "T") || read_word(&c, " ")) && read_clock(&c, &clock) &&
           read_offset(&c, &offset);
  if (!good || *c.at)
    return diags_fail(diags, RK_INVALID, DIAG_TIME_INVALID, NULL, text, NULL);
  *out = day_begin(day) + JST_OFFSET + clock - offset;
  return RK_OK;
}

static char *write_instant(gint64 shifted, const char *zone) {
  gint64 days = floor_div(shifted, TIME_DAY), rest = shifted - days * TIME_DAY;
  Day day = day_of_julian(days + JULIAN_1970);
  int seconds = (int)(rest / TIME_SECOND), micros = (int)(rest % TIME_SECOND);
  GString *text = g_string_new(NULL);
  g_string_printf(text, "%04d-%02d-%02dT%02d:%02d:%02d", day.year, day.month, day.day,
                  seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (micros) {
    g_string_append_printf(text, ".%06d", micros);
    while (text->str[text->len - 1] == '0')
      g_string_truncate(text, text->len - 1);
  }
  g_string_append(text, zone);
  return g_string_free(text, FALSE);
}

char *time_to_iso(gint64 time) {
  return write_instant(time, "Z");
}

char *time_to_local_iso(gint64 time) {
  return write_instant(time + JST_OFFSET, "+09:00");
}

/* --------------------------------------------------------------- durations */

/* A decimal number in microseconds of `unit`; FALSE without a digit. */
static gboolean read_decimal(Cursor *c, gint64 unit, gint64 *out) {
  gint64 whole = 0;
  int digits = 0;
  for (; g_ascii_isdigit(*c->at) && digits < 9; c->at++, digits++)
    whole = whole * 10 + (*c->at - '0');
  *out = whole * unit;
  if (*c->at == '.' && g_ascii_isdigit(c->at[1])) {
    gint64 part = unit;
    for (c->at++; g_ascii_isdigit(*c->at); c->at++, digits++)
      *out += (*c->at - '0') * (part /= 10);
  }
  return digits > 0;
}

static gboolean css_parse(Duration *out, const char *text) {
  Cursor c = {text};
  gint64 thousandths;
  if (!read_decimal(&c, TIME_SECOND, &thousandths))
    return FALSE;
  gboolean milli = strcmp(c.at, "ms") == 0;
  out->micros = milli ? thousandths / 1000 : thousandths;
  return milli || strcmp(c.at, "s") == 0;
}

/* Parts in the order of `letters`, each at most once. */
static gboolean read_calendar_parts(Cursor *c, Duration *out, gboolean *any) {
  static const char letters[] = "YMWD";
  const char *next = letters;
  while (g_ascii_isdigit(*c->at)) {
    int value = read_number(c, 6);
    const char *letter = *c->at ? strchr(next, *c->at) : NULL;
    if (value < 0 || !letter)
      return FALSE;
    switch (*letter) {
    case 'Y': out->years = value; break;
    case 'M': out->months = value; break;
    case 'W': out->days = value * 7; break;
    default: out->days += value; break;
    }
    next = letter + 1;
    c->at++;
    *any = TRUE;
  }
  return TRUE;
}

static gboolean read_time_parts(Cursor *c, Duration *out) {
  static const struct {
    char letter;
    gint64 unit;
  } parts[] = {{'H', 3600 * TIME_SECOND}, {'M', 60 * TIME_SECOND}, {'S', TIME_SECOND}};
  gboolean any = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
    Cursor try = *c;
    gint64 micros;
    if (!read_decimal(&try, parts[i].unit, &micros) || *try.at != parts[i].letter)
      continue;
    c->at = try.at + 1;
    out->micros += micros;
    any = TRUE;
  }
  return any;
}

gboolean duration_parse(Duration *out, const char *text) {
  *out = (Duration){0};
  if (*text != 'P')
    return css_parse(out, text);
  Cursor c = {text + 1};
  gboolean any = FALSE;
  if (!read_calendar_parts(&c, out, &any))
    return FALSE;
  if (read_word(&c, "T"))
    any = read_time_parts(&c, out);
  return any && !*c.at;
}

gint64 duration_add(gint64 from, const Duration *d) {
  if (!d->years && !d->months && !d->days)
    return from + d->micros;
  Day day = day_of_time(from);
  gint64 clock = from - day_begin(day);
  Day due = day_add(day, d->years, d->months, d->days);
  if (!d->micros)
    return day_begin(due) + TIME_DAY;
  return day_begin(due) + clock + d->micros;
}
