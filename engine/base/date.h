/* SPDX-License-Identifier: Apache-2.0 */
/*
 * date.h - instants, Japanese days, durations and eras.
 *
 * An instant is int64 microseconds since 1970-01-01T00:00Z. A Day is a civil
 * date in Japan (UTC+9, no summer time). ICU writes the eras; a parsed era date
 * is written back and compared, because ICU's parser accepts impossible ones.
 */
#ifndef RK_BASE_DATE_H
#define RK_BASE_DATE_H

#include "base/diag.h"

#define TIME_SECOND G_GINT64_CONSTANT(1000000)
#define TIME_DAY (86400 * TIME_SECOND)

typedef struct {
  gint16 year;
  gint8 month, day;
} Day;

/* The Japanese day of an instant, and the instant a day begins (00:00 JST). */
Day day_of_time(gint64 time);
gint64 day_begin(Day day);
/* Days from `a` to `b`. */
gint64 day_difference(Day a, Day b);
Day day_add(Day day, int years, int months, int days); /* month ends clamp */
gboolean day_valid(Day day);

/*
 * Read a day written as a person writes it: ISO, 2026/11/21, 2026年11月21日,
 * 令和8年11月21日, R8.11.21, full-width digits and ㋿ included. RK_INVALID with
 * a diagnostic (which never repeats the input when `personal`) otherwise.
 */
RkStatus day_parse(Day *out, const char *text, gboolean personal, RkDiags *diags);
char *day_to_iso(Day day);                 /* 2026-11-21 */
char *day_to_western_japanese(Day day);    /* 2026年11月21日 */
char *day_to_era(Day day);                 /* 令和8年11月21日, 令和元年5月1日 */
/* Era name and year within it: "令和", 8. `era` borrowed, static. */
void day_era(Day day, const char **era, int *year);
/* The fiscal year (April to March) in the era's initial: "R8". Named by its first day. */
char *day_fiscal_year(Day day);

/* ISO 8601 instants: with offset or Z; a bare date is 00:00 JST. */
RkStatus time_parse(gint64 *out, const char *text, RkDiags *diags);
char *time_to_iso(gint64 time);       /* 2026-11-21T00:30:00Z, fractions only when present */
char *time_to_local_iso(gint64 time); /* 2026-11-21T09:30:00+09:00 */

/*
 * Durations. CSS2 as SCXML's <send delay> has them ("1.5s", ".5s", "500ms") and
 * ISO 8601 ("P7D", "PT1H", "P1M"). Calendar parts are added as calendar days:
 * the result of adding a duration with no time part is 24:00 JST of that day.
 */
typedef struct {
  int years, months, days;
  gint64 micros;
} Duration;
gboolean duration_parse(Duration *out, const char *text);
gint64 duration_add(gint64 from, const Duration *duration);

#endif
