/* SPDX-License-Identifier: Apache-2.0 */
/* Days, eras, instants, durations. */
#include "base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static void days_are_read_as_people_write_them(void **state) {
  (void)state;
  static const char *const same[] = {"2026-11-21", "2026/11/21", "2026.11.21", "2026年11月21日",
                                     "西暦２０２６年１１月２１日", "令和8年11月21日", "令和　８年　１１月　２１日",
                                     "㋿8年11月21日", "R8.11.21", "r8/11/21", "Ｒ８．１１．２１"};
  for (guint i = 0; i < G_N_ELEMENTS(same); i++) {
    g_autoptr(RkDiags) diags = rk_diags_new();
    Day day = {0};
    assert_int_equal(day_parse(&day, same[i], FALSE, diags), RK_OK);
    g_autofree char *iso = day_to_iso(day);
    assert_string_equal(iso, "2026-11-21");
    assert_int_equal(rk_diags_count(diags), 0);
  }
}

static void impossible_days_are_refused(void **state) {
  (void)state;
  static const struct {
    const char *text, *code;
  } bad[] = {{"2026-02-30", "BA020"},     {"令和8年2月30日", "BA020"},   {"平成40年1月1日", "BA021"},
             {"平成31年5月1日", "BA021"}, {"昭和64年1月8日", "BA021"},   {"昭和元年1月1日", "BA021"},
             {"明治5年1月1日", "BA022"},  {"1872-12-31", "BA022"},       {"", "BA020"},
             {"きのう", "BA020"},         {"26-11-21", "BA020"},         {"2026-11-21x", "BA020"},
             {"2026年11月", "BA020"},     {"令和0年1月1日", "BA020"},    {"X8.1.1", "BA020"},
             {"2026-13-01", "BA020"},     {"99999-01-01", "BA020"}};
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autoptr(RkDiags) diags = rk_diags_new();
    Day day;
    assert_int_equal(day_parse(&day, bad[i].text, FALSE, diags), RK_INVALID);
    assert_int_equal(rk_diags_count(diags), 1);
    assert_string_equal(rk_diags_get(diags, 0)->code, bad[i].code);
  }
}

static void the_date_meant_is_said_but_never_a_personal_one(void **state) {
  (void)state;
  g_autoptr(RkDiags) diags = rk_diags_new();
  Day day;
  assert_int_equal(day_parse(&day, "平成31年5月1日", FALSE, diags), RK_INVALID);
  assert_non_null(strstr(rk_diags_get(diags, 0)->message, "令和元年5月1日"));
  g_autoptr(RkDiags) quiet = rk_diags_new();
  assert_int_equal(day_parse(&day, "平成31年5月1日", TRUE, quiet), RK_INVALID);
  assert_null(strstr(rk_diags_get(quiet, 0)->message, "5月"));
}

static void eras_change_on_their_day(void **state) {
  (void)state;
  static const struct {
    Day day;
    const char *text;
  } days[] = {{{2019, 4, 30}, "平成31年4月30日"}, {{2019, 5, 1}, "令和元年5月1日"},
              {{1989, 1, 7}, "昭和64年1月7日"},   {{1989, 1, 8}, "平成元年1月8日"},
              {{1926, 12, 24}, "大正15年12月24日"}, {{1926, 12, 25}, "昭和元年12月25日"},
              {{1912, 7, 29}, "明治45年7月29日"}, {{1912, 7, 30}, "大正元年7月30日"},
              {{2026, 11, 21}, "令和8年11月21日"}};
  for (guint i = 0; i < G_N_ELEMENTS(days); i++) {
    g_autofree char *text = day_to_era(days[i].day);
    assert_string_equal(text, days[i].text);
    Day back;
    assert_int_equal(day_parse(&back, text, FALSE, NULL), RK_OK);
    assert_int_equal(day_difference(back, days[i].day), 0);
  }
}

static void the_fiscal_year_begins_in_april(void **state) {
  (void)state;
  g_autofree char *before = day_fiscal_year((Day){2027, 3, 31});
  g_autofree char *after = day_fiscal_year((Day){2027, 4, 1});
  assert_string_equal(before, "R8");
  assert_string_equal(after, "R9");
}

static void months_end_where_they_end(void **state) {
  (void)state;
  Day day = day_add((Day){2024, 1, 31}, 0, 1, 0);
  assert_int_equal(day_difference(day, (Day){2024, 2, 29}), 0);
  day = day_add((Day){2024, 2, 29}, 1, 0, 0);
  assert_int_equal(day_difference(day, (Day){2025, 2, 28}), 0);
  day = day_add((Day){2026, 12, 31}, 0, 0, 1);
  assert_int_equal(day_difference(day, (Day){2027, 1, 1}), 0);
  day = day_add((Day){2026, 1, 15}, 0, -1, 0);
  assert_int_equal(day_difference(day, (Day){2025, 12, 15}), 0);
  assert_true(day_valid(day_add((Day){9999, 12, 31}, 999999, 999999, 999999)));
  assert_false(day_valid((Day){2026, 2, 29}));
  assert_false(day_valid((Day){2026, 0, 1}));
}

static void a_day_begins_at_fifteen_hours_utc(void **state) {
  (void)state;
  g_autofree char *begin = time_to_iso(day_begin((Day){2026, 11, 21}));
  assert_string_equal(begin, "2026-11-20T15:00:00Z");
  Day before = day_of_time(day_begin((Day){2026, 11, 21}) - 1);
  assert_int_equal(before.day, 20);
  Day old = day_of_time(day_begin((Day){1950, 6, 1}));
  assert_int_equal(old.day, 1);
}

static void instants_are_read_and_written(void **state) {
  (void)state;
  static const struct {
    const char *text, *utc, *local;
  } good[] = {{"2026-11-21T09:30:00+09:00", "2026-11-21T00:30:00Z", "2026-11-21T09:30:00+09:00"},
              {"2026-11-21T00:30Z", "2026-11-21T00:30:00Z", "2026-11-21T09:30:00+09:00"},
              {"2026-11-21", "2026-11-20T15:00:00Z", "2026-11-21T00:00:00+09:00"},
              {"1969-12-31T23:59:59.25Z", "1969-12-31T23:59:59.25Z", "1970-01-01T08:59:59.25+09:00"}};
  for (guint i = 0; i < G_N_ELEMENTS(good); i++) {
    gint64 time = 0;
    assert_int_equal(time_parse(&time, good[i].text, NULL), RK_OK);
    g_autofree char *utc = time_to_iso(time), *local = time_to_local_iso(time);
    assert_string_equal(utc, good[i].utc);
    assert_string_equal(local, good[i].local);
  }
  static const char *const bad[] = {"2026-11-21T09:30", "2026-11-21T24:00Z", "2026-11-31", "2026-11-21T9Z",
                                    "2026-11-21T09:30:00.Z", "", "now", "2026-11-21T09:30:00+09"};
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autoptr(RkDiags) diags = rk_diags_new();
    gint64 time;
    assert_int_equal(time_parse(&time, bad[i], diags), RK_INVALID);
    assert_string_equal(rk_diags_get(diags, 0)->code, "BA023");
  }
}

static void durations_are_read_in_both_ways(void **state) {
  (void)state;
  Duration d;
  assert_true(duration_parse(&d, "1.5s") && d.micros == 1500000);
  assert_true(duration_parse(&d, ".5s") && d.micros == 500000);
  assert_true(duration_parse(&d, "500ms") && d.micros == 500000);
  assert_true(duration_parse(&d, "PT1H30M") && d.micros == 5400 * TIME_SECOND);
  assert_true(duration_parse(&d, "P1Y2M3DT4S") && d.years == 1 && d.months == 2 && d.days == 3);
  assert_true(duration_parse(&d, "P2W") && d.days == 14);
  static const char *const bad[] = {"", "P", "PT", "P7", "7D", "s", "1", "PD", "P1D2Y", "-1s", "P1DT", "1.s", "P1HT"};
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++)
    assert_false(duration_parse(&d, bad[i]));
}

static void calendar_durations_end_with_the_day(void **state) {
  (void)state;
  gint64 from;
  assert_int_equal(time_parse(&from, "2026-11-21T10:00:00+09:00", NULL), RK_OK);
  static const struct {
    const char *duration, *due;
  } cases[] = {{"P7D", "2026-11-29T00:00:00+09:00"},
               {"P1M", "2026-12-22T00:00:00+09:00"},
               {"PT1H", "2026-11-21T11:00:00+09:00"},
               {"P1DT1H", "2026-11-22T11:00:00+09:00"},
               {"0s", "2026-11-21T10:00:00+09:00"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    Duration d;
    assert_true(duration_parse(&d, cases[i].duration));
    g_autofree char *due = time_to_local_iso(duration_add(from, &d));
    assert_string_equal(due, cases[i].due);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(days_are_read_as_people_write_them),
      cmocka_unit_test(impossible_days_are_refused),
      cmocka_unit_test(the_date_meant_is_said_but_never_a_personal_one),
      cmocka_unit_test(eras_change_on_their_day),
      cmocka_unit_test(the_fiscal_year_begins_in_april),
      cmocka_unit_test(months_end_where_they_end),
      cmocka_unit_test(a_day_begins_at_fifteen_hours_utc),
      cmocka_unit_test(instants_are_read_and_written),
      cmocka_unit_test(durations_are_read_in_both_ways),
      cmocka_unit_test(calendar_durations_end_with_the_day),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
