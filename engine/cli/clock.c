/* SPDX-License-Identifier: Apache-2.0 */
/* clock.c - times as people write and read them: days are Japanese days (UTC+9). */
#include "config.h"

#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

#define JAPAN_SECONDS (9 * 3600)

static GDateTime *in_japan(const char *iso) {
  g_autoptr(GTimeZone) japan = g_time_zone_new_offset(JAPAN_SECONDS);
  g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(iso, japan);
  return time ? g_date_time_to_timezone(time, japan) : NULL;
}

char *time_for_people(const char *iso, gboolean due) {
  g_autoptr(GDateTime) time = in_japan(iso);
  if (!time)
    return g_strdup(iso);
  gboolean midnight = !g_date_time_get_hour(time) && !g_date_time_get_minute(time) &&
                      !g_date_time_get_second(time);
  if (!due || !midnight)
    return g_date_time_format(time, "%Y-%m-%d %H:%M");
  g_autoptr(GDateTime) day = g_date_time_add_days(time, -1);
  return g_date_time_format(day, "%Y-%m-%d 24:00");
}

/* A day in one of the written forms, as ISO. NULL: none of them. g_free. */
static char *day_to_iso(const char *text) {
  int year = 0, month = 0, day = 0, end = 0;
  char era = 0;
  static const char *const western[] = {"%4d-%2d-%2d%n", "%4d/%2d/%2d%n", "%4d年%2d月%2d日%n"};
  for (guint i = 0; i < G_N_ELEMENTS(western); i++) {
    end = 0;
    /* The formats are the constants above. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    if (sscanf(text, western[i], &year, &month, &day, &end) == 3 && end && !text[end])
      return g_strdup_printf("%04d-%02d-%02d", year, month, day);
#pragma GCC diagnostic pop
  }
  end = 0;
  if (sscanf(text, "%c%2d.%2d.%2d%n", &era, &year, &month, &day, &end) == 4 && end &&
      !text[end] && (era == 'R' || era == 'r'))
    return g_strdup_printf("%04d-%02d-%02d", year + 2018, month, day);
  end = 0;
  if (sscanf(text, "令和%2d年%2d月%2d日%n", &year, &month, &day, &end) == 3 && end && !text[end])
    return g_strdup_printf("%04d-%02d-%02d", year + 2018, month, day);
  return NULL;
}

static gint64 micros(GDateTime *time) {
  return g_date_time_to_unix(time) * G_USEC_PER_SEC + g_date_time_get_microsecond(time);
}

static gboolean same_day(GDateTime *a, gint64 now) {
  gint64 shift = JAPAN_SECONDS * (gint64)G_USEC_PER_SEC, day = 86400 * (gint64)G_USEC_PER_SEC;
  return (micros(a) + shift) / day == (now + shift) / day;
}

/* ISO 8601 as people shorten it: a space for the T, no seconds, a day in another writing.
 * g_free. */
static char *complete_iso(const char *typed, gboolean *bare_day) {
  g_autofree char *day = day_to_iso(typed);
  *bare_day = day != NULL;
  if (day)
    return g_strconcat(day, "T00:00:00", NULL);
  g_autofree char *iso = g_strdup(typed);
  if (strlen(iso) > 10 && iso[10] == ' ')
    iso[10] = 'T';
  gsize minutes = strlen("2026-11-21T09:30");
  if (strlen(iso) < minutes || iso[minutes] == ':')
    return g_steal_pointer(&iso);
  return g_strdup_printf("%.*s:00%s", (int)minutes, iso, iso + minutes);
}

gboolean time_read(const char *text, gint64 now, gint64 *out) {
  gboolean bare_day = FALSE;
  g_autofree char *typed = fold(text), *iso = complete_iso(typed, &bare_day);
  g_autoptr(GDateTime) time = in_japan(iso);
  if (!time)
    return FALSE;
  *out = bare_day && now && same_day(time, now) ? now : micros(time);
  return TRUE;
}
