/* SPDX-License-Identifier: Apache-2.0 */
/*
 * value.c - the field types.
 *
 * Only what a type says is folded: digits, kana, dates, choices. Names and texts
 * keep every character, variation selectors included.
 */
#include "form/value.h"

#include "base/text.h"

#include <string.h>

typedef struct {
  const Field *field;
  const char *what;
  const DiagPlace *place;
  RkDiags *diags;
} Reader;

static char *refuse(const Reader *r, DiagId id, const char *detail) {
  diags_add(r->diags, id, r->place, r->what, detail, NULL);
  return NULL;
}

/* ------------------------------------------------------------ texts, kana */

static gboolean is_printable(gunichar c) {
  if (c == '\n')
    return TRUE;
  gboolean control = c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
  gboolean direction = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  return !control && !direction && (c & 0xFFFE) != 0xFFFE;
}

static gboolean all_printable(const char *text) {
  if (strlen(text) > VALUE_MAX || !g_utf8_validate(text, -1, NULL))
    return FALSE;
  for (const char *p = text; *p; p = g_utf8_next_char(p))
    if (!is_printable(g_utf8_get_char(p)))
      return FALSE;
  return TRUE;
}

static char *read_text(const Reader *r, const char *text) {
  (void)r;
  return g_strdup(text);
}

static char *read_kana(const Reader *r, const char *text) {
  g_autofree char *wide = text_widen_katakana(text);
  gboolean good = r->field->hiragana ? text_is_hiragana(wide) : text_is_katakana(wide);
  if (good)
    return g_steal_pointer(&wide);
  return refuse(r, r->field->hiragana ? DIAG_FIELD_KANA_HIRAGANA : DIAG_FIELD_KANA_KATAKANA, NULL);
}

/* ------------------------------------------------------------------ digits */

/* The characters people write for a hyphen: all that NFKC leaves apart. */
static gboolean is_hyphen(gunichar c) {
  return c == '-' || c == 0x2212 || c == 0x30FC || (c >= 0x2010 && c <= 0x2015);
}

/* Digits as ASCII; hyphens and brackets as one '-'; NULL when anything else stands there. */
static char *fold_digits(const char *text) {
  g_autofree char *folded = text_fold_input(text);
  GString *out = g_string_new(NULL);
  for (const char *p = folded; *p; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);
    if (c < 0x80 && g_ascii_isdigit((char)c)) {
      g_string_append_c(out, (char)c);
    } else if (is_hyphen(c) || c == '(' || c == ')') {
      if (out->len && out->str[out->len - 1] != '-')
        g_string_append_c(out, '-');
    } else if (!g_unichar_isspace(c) && c != 0x3012) {
      g_string_free(out, TRUE);
      return NULL;
    }
  }
  return g_string_free(out, FALSE);
}

static guint count_digits(const char *text) {
  guint n = 0;
  for (; text && *text; text++)
    n += g_ascii_isdigit(*text);
  return n;
}

static char *read_postal(const Reader *r, const char *text) {
  g_autofree char *digits = fold_digits(text);
  gboolean hyphen = digits && strchr(digits, '-');
  gboolean good = count_digits(digits) == 7 && strlen(digits) == (hyphen ? 8 : 7) &&
                  (!hyphen || digits[3] == '-');
  if (!good)
    return refuse(r, DIAG_FIELD_POSTAL, NULL);
  return g_strdup_printf("%.3s-%s", digits, digits + (hyphen ? 4 : 3));
}

static char *read_phone(const Reader *r, const char *text) {
  g_autofree char *digits = fold_digits(text);
  guint n = count_digits(digits);
  if (n < 10 || n > 11 || digits[0] != '0' || g_str_has_suffix(digits, "-"))
    return refuse(r, DIAG_FIELD_PHONE, NULL);
  return g_steal_pointer(&digits);
}

static char *read_digits(const Reader *r, const char *text) {
  g_autofree char *digits = fold_digits(text);
  if (!digits || !*digits || strchr(digits, '-'))
    return refuse(r, DIAG_FIELD_DIGITS, NULL);
  if (!r->field->digits || strlen(digits) == r->field->digits)
    return g_steal_pointer(&digits);
  g_autofree char *number = g_strdup_printf("%u", r->field->digits);
  return refuse(r, DIAG_FIELD_DIGITS_N, number);
}

static char *read_email(const Reader *r, const char *text) {
  g_autofree char *folded = text_fold_input(text);
  const char *at = strchr(folded, '@');
  gboolean good = at && at > folded && at[1] && !strchr(at + 1, '@') && !strpbrk(folded, " \t\n,;<>\"");
  return good ? g_steal_pointer(&folded) : refuse(r, DIAG_FIELD_EMAIL, NULL);
}

/* ------------------------------------------------------------------- dates */

static char *read_date(const Reader *r, const char *text) {
  Day day;
  if (day_parse(&day, text, TRUE, NULL) != RK_OK)
    return refuse(r, DIAG_FIELD_DATE, NULL);
  if (r->field->type == FIELD_DATE_REIWA && day_difference((Day){2019, 5, 1}, day) < 0)
    return refuse(r, DIAG_FIELD_DATE_REIWA, NULL);
  if (r->field->type == FIELD_DATE_ERA && r->field->eras) {
    const char *era;
    int year;
    day_era(day, &era, &year);
    g_autofree char *eras = g_strjoinv(" ", r->field->eras);
    if (!g_strv_contains((const char *const *)r->field->eras, era))
      return refuse(r, DIAG_FIELD_DATE_ERA, eras);
  }
  return day_to_iso(day);
}

/* ----------------------------------------------------------------- choices */

static gboolean same_word(const char *a, const char *b) {
  g_autofree char *x = text_fold_input(a), *y = text_fold_input(b);
  return !strcmp(g_strstrip(x), g_strstrip(y));
}

static const Choice *find_choice(const Field *field, const char *text) {
  for (guint i = 0; i < field->choices->len; i++) {
    const Choice *choice = field->choices->pdata[i];
    if (same_word(choice->value, text) || same_word(choice->label, text))
      return choice;
  }
  return NULL;
}

static char *refuse_choice(const Reader *r) {
  GString *all = g_string_new(NULL);
  for (guint i = 0; i < r->field->choices->len; i++) {
    const Choice *choice = r->field->choices->pdata[i];
    g_string_append_printf(all, "%s%s (%s)", i ? ", " : "", choice->value, choice->label);
  }
  g_autofree char *allowed = g_string_free(all, FALSE);
  return refuse(r, DIAG_FIELD_CHOICE, allowed);
}

static char *read_choice(const Reader *r, const char *text) {
  const Choice *choice = find_choice(r->field, text);
  return choice ? g_strdup(choice->value) : refuse_choice(r);
}

gboolean value_selects(const char *stored, const char *choice) {
  g_auto(GStrv) parts = g_strsplit(stored ? stored : "", " ", -1);
  return g_strv_contains((const char *const *)parts, choice);
}

/* Separated by commas, 、 or spaces; stored in the order of the form. */
static char *read_multi(const Reader *r, const char *text) {
  g_autoptr(GPtrArray) chosen = g_ptr_array_new();
  g_autofree char *folded = text_fold_input(text);
  g_auto(GStrv) commas = g_strsplit(folded, "、", -1);
  g_autofree char *spaced = g_strjoinv(" ", commas);
  g_auto(GStrv) words = g_strsplit_set(spaced, " ,\n", -1);
  for (char **word = words; *word; word++) {
    const Choice *choice = **word ? find_choice(r->field, *word) : NULL;
    if (**word && !choice)
      return refuse_choice(r);
    if (choice)
      g_ptr_array_add(chosen, (gpointer)choice);
  }
  GString *out = g_string_new(NULL);
  for (guint i = 0; i < r->field->choices->len; i++) {
    const Choice *choice = r->field->choices->pdata[i];
    if (g_ptr_array_find(chosen, choice, NULL))
      g_string_append_printf(out, "%s%s", out->len ? " " : "", choice->value);
  }
  return g_string_free(out, FALSE);
}

/* "no" is stored as nothing: an empty box. */
static char *read_check(const Reader *r, const char *text) {
  static const char *const yes[] = {"yes", "y", "1", "true", "はい", "☑", "✓", NULL};
  static const char *const no[] = {"no", "n", "0", "false", "いいえ", "☐", NULL};
  g_autofree char *folded = text_fold_input(text);
  g_autofree char *lower = g_utf8_strdown(folded, -1);
  if (g_strv_contains(yes, lower))
    return g_strdup("yes");
  return g_strv_contains(no, lower) ? g_strdup("") : refuse(r, DIAG_FIELD_CHECK, NULL);
}

static char *refuse_by_hand(const Reader *r, const char *text) {
  (void)text;
  return refuse(r, r->field->type == FIELD_FIXED ? DIAG_FIELD_FIXED_VALUE : DIAG_FIELD_BY_HAND, NULL);
}

/* ----------------------------------------------------------------- by type */

static char *(*const readers[])(const Reader *r, const char *text) = {
    [FIELD_TEXT] = read_text,          [FIELD_KANA] = read_kana,
    [FIELD_NAME] = read_text,          [FIELD_POSTAL] = read_postal,
    [FIELD_ADDRESS] = read_text,       [FIELD_PHONE] = read_phone,
    [FIELD_EMAIL] = read_email,        [FIELD_DATE_WESTERN] = read_date,
    [FIELD_DATE_REIWA] = read_date,    [FIELD_DATE_ERA] = read_date,
    [FIELD_CHOICE] = read_choice,      [FIELD_MULTI] = read_multi,
    [FIELD_CHECK] = read_check,        [FIELD_DIGITS] = read_digits,
    [FIELD_SIGNATURE] = refuse_by_hand, [FIELD_NAMED] = read_text,
    [FIELD_SEAL] = refuse_by_hand,     [FIELD_FREE] = read_text,
    [FIELD_FIXED] = refuse_by_hand,    [FIELD_OFFICE_USE] = refuse_by_hand,
};

RkStatus value_read(char **out, const Field *field, const char *text, const char *what,
                    const DiagPlace *place, RkDiags *diags) {
  *out = NULL;
  if (!all_printable(text)) {
    g_autofree char *most = g_strdup_printf("%d", VALUE_MAX);
    return diags_fail(diags, RK_INVALID, DIAG_FIELD_CHARACTERS, place, what, most, NULL);
  }
  g_autofree char *trimmed = g_strstrip(g_strdup(text));
  if (!*trimmed && !field_by_hand(field))
    return RK_OK;
  if (field->type != FIELD_FREE && strchr(trimmed, '\n'))
    return diags_fail(diags, RK_INVALID, DIAG_FIELD_LINES, place, what, NULL);
  Reader reader = {field, what, place, diags};
  g_autofree char *value = readers[field->type](&reader, trimmed);
  if (!value)
    return RK_INVALID;
  *out = *value ? g_steal_pointer(&value) : NULL;
  return RK_OK;
}

/* ---------------------------------------------------------------- printing */

static char *display_date(const Field *field, const char *stored) {
  Day day;
  if (day_parse(&day, stored, TRUE, NULL) != RK_OK)
    return g_strdup(stored);
  return field->type == FIELD_DATE_WESTERN ? day_to_western_japanese(day) : day_to_era(day);
}

static char *display_choices(const Field *field, const char *stored) {
  GString *out = g_string_new(NULL);
  for (guint i = 0; i < field->choices->len; i++) {
    const Choice *choice = field->choices->pdata[i];
    if (value_selects(stored, choice->value))
      g_string_append_printf(out, "%s%s", out->len ? "、" : "", choice->label);
  }
  return g_string_free(out, FALSE);
}

char *value_display(const Field *field, const char *stored) {
  switch (field->type) {
  case FIELD_DATE_WESTERN:
  case FIELD_DATE_REIWA:
  case FIELD_DATE_ERA: return display_date(field, stored);
  case FIELD_CHOICE:
  case FIELD_MULTI: return display_choices(field, stored);
  default: return g_strdup(stored);
  }
}

const char *value_blank(const Field *field) {
  switch (field->type) {
  case FIELD_DATE_WESTERN: return "　　　　年　　月　　日";
  case FIELD_DATE_REIWA: return "令和　　年　　月　　日";
  case FIELD_DATE_ERA: return "　　年　　月　　日";
  case FIELD_POSTAL: return "　　　－　　　　";
  default: return "";
  }
}
