/* SPDX-License-Identifier: Apache-2.0 */
/* Days without business: what is counted, what is refused, what a replay finds again. */
#include "case/calendar.h"
#include "case/deliver.h"
#include "case/replay.h"

#include "base/date.h"

#include "analysis-files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static RkSite *site(void) {
  static RkSite here;
  here.datadir = g_getenv("RENKEI_DATADIR");
  assert_non_null(here.datadir);
  return &here;
}

static Calendar *shipped(void) {
  Calendar *calendar = NULL;
  g_autofree char *path = g_build_filename(site()->datadir, CALENDAR_PATH, NULL);
  assert_int_equal(calendar_load_file(&calendar, path, NULL), RK_OK);
  return calendar;
}

static Day day(const char *text) {
  Day out;
  assert_int_equal(day_parse(&out, text, FALSE, NULL), RK_OK);
  return out;
}

static void assert_day(const Calendar *calendar, const char *start, guint count,
                       const char *expected) {
  Day out;
  assert_true(calendar_business_day(calendar, day(start), count, &out));
  g_autofree char *iso = day_to_iso(out);
  assert_string_equal(iso, expected);
}

static void weekends_and_holidays_are_passed_over(void **state) {
  (void)state;
  g_autoptr(Calendar) calendar = shipped();
  assert_day(calendar, "2026-11-20", 1, "2026-11-24"); /* Friday; Monday is a holiday */
  assert_day(calendar, "2026-11-24", 1, "2026-11-25");
  assert_day(calendar, "2026-09-18", 1, "2026-09-24"); /* three holidays in a row */
  assert_day(calendar, "2026-05-01", 1, "2026-05-07"); /* a Sunday holiday is made up for */
  assert_false(calendar_is_business_day(calendar, day("2026-11-21")));
  assert_false(calendar_is_business_day(calendar, day("2026-11-22")));
  assert_true(calendar_is_business_day(calendar, day("2026-11-24")));
}

static void the_offices_own_closures_count(void **state) {
  (void)state;
  g_autoptr(Calendar) calendar = shipped();
  calendar_close_day(calendar, day("2026-11-24"));
  assert_day(calendar, "2026-11-20", 1, "2026-11-25");
}

static void beyond_the_known_days_there_is_no_answer(void **state) {
  (void)state;
  g_autoptr(Calendar) calendar = shipped();
  Day from, to, out;
  calendar_range(calendar, &from, &to);
  assert_false(calendar_business_day(calendar, to, 1, &out));
  assert_false(calendar_business_day(calendar, day("2020-01-06"), 1, &out));
}

static void a_faulty_file_is_told_with_its_place(void **state) {
  (void)state;
  static const struct {
    const char *text, *code;
  } cases[] = {
      {"<holidays xmlns='urn:renkei:holidays:2' from='2026-01-01' to='2026-12-31' source='x'/>", "CT001"},
      {"<holidays xmlns='urn:renkei:holidays:1' from='2026-01-01' to='2026-12-31' source='x'>"
       "<holiday date='2026-02-30' title='x'/></holidays>", "CT005"},
      {"<holidays xmlns='urn:renkei:holidays:1' from='2026-01-01' source='x'/>", "CT004"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(RkDiags) diags = rk_diags_new();
    g_autofree char *folder = scratch_new(), *path = scratch_file(folder, "h.xml", cases[i].text);
    Calendar *calendar = NULL;
    assert_int_equal(calendar_load_file(&calendar, path, diags), RK_INVALID);
    assert_null(calendar);
    assert_int_equal(rk_diags_count(diags), 1);
    assert_string_equal(rk_diags_get(diags, 0)->code, cases[i].code);
    assert_int_equal(rk_diags_get(diags, 0)->line, 1);
    scratch_remove(folder);
  }
}

/* ------------------------------------------------------------- in a procedure */

#define PROCEDURE                                                                              \
  "<scxml xmlns='http://www.w3.org/2005/07/scxml' xmlns:rk='urn:renkei:workflow:1' version='1.0'" \
  " datamodel='xpath' name='counted' initial='a'><rk:procedure municipality='fujisawa'>"       \
  "<rk:role id='association' title='A'/></rk:procedure><state id='a'>"                         \
  "<rk:deadline after='P3D' calendar='business' event='late'/>"                                \
  "<transition event='late' target='b'/></state><final id='b' rk:result='completed'/></scxml>"

static RkDesk *desk_at(const char *folder, gint64 now) {
  static const char *const roles[] = {"association", NULL};
  RkDesk *desk = NULL;
  g_autofree char *file = scratch_file(folder, "counted.scxml", PROCEDURE);
  const char *const files[] = {file, NULL};
  RkDeskConfig config = {"office", "fujisawa", roles, TRUE};
  assert_int_equal(desk_create_memory(&desk, site(), &config, "hanako", files, now, NULL), RK_OK);
  return desk;
}

static gint64 instant(const char *text) {
  gint64 time = 0;
  assert_int_equal(time_parse(&time, text, NULL), RK_OK);
  return time;
}

static void a_deadline_in_business_days_falls_due_and_replays(void **state) {
  (void)state;
  g_autofree char *folder = scratch_new(), *number = NULL;
  gint64 now = instant("2026-11-20T10:00:00+09:00");
  g_autoptr(RkDesk) desk = desk_at(folder, now);
  RkRequest request = {.now = now};
  g_autoptr(RkTable) fired = NULL;
  assert_int_equal(rk_calendar_set(desk, &request, "2026-11-25", TRUE, "休み", NULL), RK_OK);
  assert_int_equal(rk_case_open(desk, &request, "counted", NULL, 0, &number, NULL), RK_OK);
  /* 24, 26 and 27 November; due when the 27th ends. */
  request.now = instant("2026-11-27T23:59:00+09:00");
  assert_int_equal(rk_desk_tick(desk, &request, &fired, NULL), RK_OK);
  assert_int_equal(rk_table_rows(fired), 0);
  g_clear_pointer(&fired, rk_table_free);
  request.now = instant("2026-11-28T00:00:00+09:00");
  assert_int_equal(rk_desk_tick(desk, &request, &fired, NULL), RK_OK);
  assert_int_equal(rk_table_rows(fired), 1);
  /* The office opens after all; what was counted then stays counted. */
  assert_int_equal(rk_calendar_set(desk, &request, "2026-11-25", FALSE, NULL, NULL), RK_OK);
  assert_int_equal(replay_case(desk, number, NULL), RK_OK);
  scratch_remove(folder);
}

static void a_deadline_beyond_the_known_days_is_refused_not_guessed(void **state) {
  (void)state;
  g_autofree char *folder = scratch_new(), *number = NULL;
  gint64 now = instant("2027-12-30T10:00:00+09:00");
  g_autoptr(RkDesk) desk = desk_at(folder, now);
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkRequest request = {.now = now};
  assert_int_equal(rk_case_open(desk, &request, "counted", NULL, 0, &number, diags), RK_REFUSED);
  assert_null(number);
  assert_string_equal(rk_diags_get(diags, 0)->code, "WF062");
  scratch_remove(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(weekends_and_holidays_are_passed_over),
      cmocka_unit_test(the_offices_own_closures_count),
      cmocka_unit_test(beyond_the_known_days_there_is_no_answer),
      cmocka_unit_test(a_faulty_file_is_told_with_its_place),
      cmocka_unit_test(a_deadline_in_business_days_falls_due_and_replays),
      cmocka_unit_test(a_deadline_beyond_the_known_days_is_refused_not_guessed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
