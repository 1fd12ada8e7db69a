/* SPDX-License-Identifier: Apache-2.0 */
/* One event = one transaction: what is recorded, what is refused, what a replay gives. */
#include "case/deliver.h"
#include "case/replay.h"

#include "base/date.h"
#include "base/diag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#define START (G_GINT64_CONSTANT(1793581200) * TIME_SECOND) /* 2026-11-02T01:00Z */

static const char *const association_roles[] = {"association", NULL};
static const char *const clinic_roles[] = {"member_institution", NULL};

static RkSite *site(void) {
  static RkSite here;
  here.datadir = g_getenv("RENKEI_DATADIR");
  assert_non_null(here.datadir);
  return &here;
}

static RkDesk *make_desk_for(const char *const *roles, gboolean exercise) {
  RkDesk *desk = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autofree char *file =
      g_build_filename(site()->datadir, "workflows", "fujisawa", "member-registration.scxml", NULL);
  const char *const files[] = {file, NULL};
  RkDeskConfig config = {"office", "fujisawa", roles, exercise};
  RkStatus status = desk_create_memory(&desk, site(), &config, "hanako", files, START, diags);
  for (guint i = 0; i < rk_diags_count(diags); i++)
    print_message("%s\n", rk_diags_get(diags, i)->message);
  assert_int_equal(status, RK_OK);
  return desk;
}

static RkDesk *make_desk(const char *const *roles) {
  return make_desk_for(roles, TRUE);
}

static RkRequest at(int hours) {
  return (RkRequest){.now = START + hours * (TIME_DAY / 24)};
}

static char *open_case(RkDesk *desk) {
  char *number = NULL;
  RkRequest request = at(1);
  RkValue values[] = {{"institution", "架空診療所"}};
  assert_int_equal(rk_case_open(desk, &request, "fujisawa-member-registration", values, 1, &number,
                                NULL),
                   RK_OK);
  return number;
}

static const RkReceived both[] = {{"fj-2-1", NULL, FALSE}, {"fj-3", NULL, FALSE}};

static RkStatus happen(RkDesk *desk, const char *number, const char *event, int hours,
                       const RkReceived *received, guint n, RkDiags *diags) {
  g_autoptr(RkTable) done = NULL;
  RkRequest request = at(hours);
  return rk_case_do(desk, &request, number, event, received, n, &done, diags);
}

static char *state_of(RkDesk *desk, const char *number) {
  g_autoptr(StoreCase) record = NULL;
  assert_int_equal(store_load_case(desk->store, number, &record, NULL), RK_OK);
  return g_strdup(record->states);
}

static gint64 journal_length(RkDesk *desk) {
  gint64 seq = 0;
  Hash head;
  assert_int_equal(store_journal_head(desk->store, &seq, &head, NULL, NULL), RK_OK);
  return seq;
}

static void must_replay(RkDesk *desk, const char *number) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkStatus status = replay_case(desk, number, diags);
  for (guint i = 0; i < rk_diags_count(diags); i++)
    print_message("%s\n", rk_diags_get(diags, i)->message);
  assert_int_equal(status, RK_OK);
}

static void a_registration_runs_to_its_end_and_replays(void **state) {
  (void)state;
  g_autoptr(RkDesk) desk = make_desk(association_roles);
  g_autofree char *number = open_case(desk);
  assert_string_equal(number, "R8-0001");
  assert_int_equal(happen(desk, number, "request.faxed", 2, both, 2, NULL), RK_OK);
  assert_int_equal(happen(desk, number, "member.confirmed", 3, NULL, 0, NULL), RK_OK);
  assert_int_equal(happen(desk, number, "password.issued", 4, NULL, 0, NULL), RK_OK);
  assert_int_equal(happen(desk, number, "id.delivered", 5, NULL, 0, NULL), RK_OK);
  assert_int_equal(happen(desk, number, "association.notified", 6, NULL, 0, NULL), RK_OK);
  g_autofree char *states = state_of(desk, number);
  assert_string_equal(states, "active");
  g_autoptr(RkDiags) diags = rk_diags_new();
  must_replay(desk, number);
  g_autoptr(RkTable) checks = NULL;
  assert_int_equal(rk_verify(desk, &checks, diags), RK_OK);
}

/* What is said when the next entry comes from a clock that is behind. */
static guint warnings_behind(gboolean exercise, gint64 behind, gint64 *backward) {
  g_autoptr(RkDesk) desk = make_desk_for(association_roles, exercise);
  g_autofree char *number = open_case(desk);
  g_autofree char *other = open_case(desk);
  g_autoptr(RkDiags) diags = rk_diags_new();
  StoreVerify found = {0};
  assert_int_equal(happen(desk, other, "request.faxed", 5, both, 2, diags), RK_OK);
  assert_int_equal(rk_diags_count(diags), 0);
  RkRequest request = {.now = START + 5 * (TIME_DAY / 24) - behind};
  assert_int_equal(rk_case_note(desk, &request, number, "電話", diags), RK_OK);
  if (rk_diags_count(diags)) {
    assert_string_equal(rk_diags_get(diags, 0)->code, "CS109");
    assert_false(rk_diags_has_errors(diags));
  }
  assert_int_equal(store_verify(desk->store, &found, NULL), RK_OK);
  *backward = found.backward;
  return rk_diags_count(diags);
}

static void two_clocks_that_disagree_are_seen(void **state) {
  gint64 backward = 0;
  (void)state;
  assert_int_equal(warnings_behind(FALSE, 2 * 60 * TIME_SECOND, &backward), 1);
  assert_int_equal(backward, 1);
  assert_int_equal(warnings_behind(FALSE, 0, &backward), 0);
  assert_int_equal(backward, 0);
  assert_int_equal(warnings_behind(FALSE, 30 * TIME_SECOND, &backward), 0);
  assert_int_equal(warnings_behind(TRUE, 2 * 60 * TIME_SECOND, &backward), 0); /* it may be set */
}

static void a_missing_paper_refuses_and_changes_nothing(void **state) {
  (void)state;
  g_autoptr(RkDesk) desk = make_desk(association_roles);
  g_autofree char *number = open_case(desk);
  gint64 before = journal_length(desk);
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(happen(desk, number, "request.faxed", 2, both, 1, diags), RK_REFUSED);
  assert_int_equal(rk_diags_count(diags), 1);
  assert_non_null(strstr(rk_diags_get(diags, 0)->message, "書式3"));
  g_autofree char *states = state_of(desk, number);
  assert_string_equal(states, "draft");
  assert_int_equal(journal_length(desk), before);
}

static void a_repeated_request_gets_the_first_answer(void **state) {
  (void)state;
  g_autoptr(RkDesk) desk = make_desk(association_roles);
  RkValue values[] = {{"institution", "架空診療所"}};
  RkRequest request = {.id = "req-1", .now = START};
  g_autofree char *first = NULL, *second = NULL;
  assert_int_equal(rk_case_open(desk, &request, "fujisawa-member-registration", values, 1, &first,
                                NULL),
                   RK_OK);
  gint64 before = journal_length(desk);
  assert_int_equal(rk_case_open(desk, &request, "fujisawa-member-registration", values, 1, &second,
                                NULL),
                   RK_OK);
  assert_string_equal(first, second);
  assert_int_equal(journal_length(desk), before);
}

static void a_dry_run_tells_and_changes_nothing(void **state) {
  (void)state;
  g_autoptr(RkDesk) desk = make_desk(association_roles);
  g_autofree char *number = open_case(desk);
  gint64 before = journal_length(desk);
  g_autoptr(RkTable) done = NULL;
  RkRequest request = at(2);
  request.dry_run = TRUE;
  assert_int_equal(rk_case_do(desk, &request, number, "request.faxed", both, 2, &done, NULL), RK_OK);
  assert_true(rk_table_rows(done) > 0);
  assert_int_equal(journal_length(desk), before);
}

static void an_event_out_of_order_is_refused(void **state) {
  (void)state;
  g_autoptr(RkDesk) desk = make_desk(association_roles);
  g_autofree char *number = open_case(desk);
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(happen(desk, number, "id.delivered", 2, NULL, 0, diags), RK_REFUSED);
  assert_string_equal(rk_diags_get(diags, 0)->code, "CS013");
  assert_int_equal(happen(desk, number, "no.such", 2, NULL, 0, NULL), RK_REFUSED);
  assert_int_equal(happen(desk, "R8-0099", "request.faxed", 2, NULL, 0, NULL), RK_NOT_FOUND);
}

static void a_stranger_may_do_nothing(void **state) {
  (void)state;
  g_autoptr(RkDesk) desk = make_desk(association_roles);
  g_autofree char *number = open_case(desk);
  g_free(desk->operator_);
  desk->operator_ = g_strdup("stranger");
  assert_int_equal(desk_refresh(desk, NULL), RK_OK);
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(happen(desk, number, "request.faxed", 2, both, 2, diags), RK_REFUSED);
  assert_string_equal(rk_diags_get(diags, 0)->code, "CS016");
  g_autoptr(RkTable) list = NULL;
  RkCaseFilter filter = {0};
  assert_int_equal(rk_case_list(desk, &filter, &list, NULL), RK_REFUSED);
}

static void the_week_passes_and_the_reminder_fires_once(void **state) {
  (void)state;
  g_autoptr(RkDesk) desk = make_desk(association_roles);
  g_autofree char *number = open_case(desk);
  assert_int_equal(happen(desk, number, "request.faxed", 2, both, 2, NULL), RK_OK);
  assert_int_equal(happen(desk, number, "member.confirmed", 3, NULL, 0, NULL), RK_OK);
  g_autoptr(RkTable) early = NULL, late = NULL, again = NULL;
  RkRequest soon = at(24), later = at(24 * 10);
  assert_int_equal(rk_desk_tick(desk, &soon, &early, NULL), RK_OK);
  assert_int_equal(rk_table_rows(early), 0);
  assert_int_equal(rk_desk_tick(desk, &later, &late, NULL), RK_OK);
  assert_int_equal(rk_table_rows(late), 1);
  assert_string_equal(rk_table_get(late, 0, "event"), "issue.overdue");
  /* Seven days after the second of November end when the tenth begins in Japan. */
  assert_string_equal(rk_table_get(late, 0, "due"), "2026-11-09T15:00:00Z");
  assert_int_equal(rk_desk_tick(desk, &later, &again, NULL), RK_OK);
  assert_int_equal(rk_table_rows(again), 0);
  must_replay(desk, number);
}

static void a_passed_deadline_stays_in_sight_until_the_state_is_left(void **state) {
  (void)state;
  g_autoptr(RkDesk) desk = make_desk(association_roles);
  g_autofree char *number = open_case(desk);
  assert_int_equal(happen(desk, number, "request.faxed", 2, both, 2, NULL), RK_OK);
  assert_int_equal(happen(desk, number, "member.confirmed", 3, NULL, 0, NULL), RK_OK);
  g_autoptr(RkTable) fired = NULL, during = NULL, after = NULL;
  RkRequest later = at(24 * 10);
  RkCaseFilter overdue = {.due_before = later.now};
  assert_int_equal(rk_desk_tick(desk, &later, &fired, NULL), RK_OK);
  assert_int_equal(rk_case_list(desk, &overdue, &during, NULL), RK_OK);
  assert_string_equal(rk_table_get(during, 0, "overdue"), "yes");
  assert_int_equal(happen(desk, number, "password.issued", 24 * 11, NULL, 0, NULL), RK_OK);
  assert_int_equal(happen(desk, number, "id.delivered", 24 * 11, NULL, 0, NULL), RK_OK);
  assert_int_equal(happen(desk, number, "association.notified", 24 * 11, NULL, 0, NULL), RK_OK);
  assert_int_equal(rk_case_list(desk, &overdue, &after, NULL), RK_OK);
  assert_int_equal(rk_table_rows(after), 0);
}

static void reading_and_refusals_are_noted_in_the_access_log(void **state) {
  (void)state;
  g_autoptr(RkDesk) desk = make_desk(association_roles);
  g_autofree char *number = open_case(desk);
  g_autoptr(GPtrArray) before = NULL, after = NULL, tables = NULL;
  assert_int_equal(store_load_access(desk->store, 0, &before, NULL), RK_OK);
  assert_int_equal(rk_case_show(desk, number, START, &tables, NULL), RK_OK);
  assert_int_equal(happen(desk, number, "id.delivered", 2, NULL, 0, NULL), RK_REFUSED);
  assert_int_equal(store_load_access(desk->store, 0, &after, NULL), RK_OK);
  assert_int_equal(after->len, before->len + 2);
  const StoreAccess *read = after->pdata[before->len], *refused = after->pdata[before->len + 1];
  assert_string_equal(read->action, "show");
  assert_string_equal(read->result, "0");
  assert_string_equal(refused->action, "id.delivered");
  assert_string_equal(refused->result, "4");
}

static void a_refused_event_leaves_due_timers_alone(void **state) {
  (void)state;
  g_autoptr(RkDesk) desk = make_desk(association_roles);
  g_autofree char *number = open_case(desk);
  assert_int_equal(happen(desk, number, "request.faxed", 2, both, 2, NULL), RK_OK);
  assert_int_equal(happen(desk, number, "member.confirmed", 3, NULL, 0, NULL), RK_OK);
  gint64 before = journal_length(desk);
  assert_int_equal(happen(desk, number, "member.confirmed", 24 * 10, NULL, 0, NULL), RK_REFUSED);
  assert_int_equal(journal_length(desk), before);
  assert_int_equal(happen(desk, number, "password.issued", 24 * 10, NULL, 0, NULL), RK_OK);
  assert_int_equal(journal_length(desk), before + 2);
}

static void the_clinic_must_fill_and_sign_its_papers(void **state) {
  (void)state;
  g_autoptr(RkDesk) desk = make_desk(clinic_roles);
  g_autofree char *number = open_case(desk);
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(happen(desk, number, "request.faxed", 2, NULL, 0, diags), RK_REFUSED);
  assert_true(rk_diags_count(diags) > 2);
  RkRequest request = at(2);
  RkReceived received = {"fj-3", NULL, FALSE};
  assert_int_equal(rk_form_receive(desk, &request, number, &received, NULL), RK_REFUSED);
}

static void time_does_not_run_backwards(void **state) {
  (void)state;
  g_autoptr(RkDesk) desk = make_desk(association_roles);
  g_autofree char *number = open_case(desk);
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(RkTable) done = NULL;
  RkRequest request = at(5);
  request.happened = START - TIME_DAY;
  assert_int_equal(rk_case_do(desk, &request, number, "request.faxed", both, 2, &done, diags),
                   RK_REFUSED);
  assert_string_equal(rk_diags_get(diags, 0)->code, "CS014");
  request.happened = START + 40 * TIME_DAY;
  assert_int_equal(rk_case_do(desk, &request, number, "request.faxed", both, 2, &done, NULL),
                   RK_REFUSED);
}

static void inputs_are_asked_for(void **state) {
  (void)state;
  g_autoptr(RkDesk) desk = make_desk(association_roles);
  g_autofree char *number = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkRequest request = at(1);
  RkValue wrong[] = {{"instituton", "架空診療所"}};
  assert_int_equal(rk_case_open(desk, &request, "fujisawa-member-registration", wrong, 1, &number,
                                diags),
                   RK_INVALID);
  assert_int_equal(rk_diags_count(diags), 2);
  assert_null(number);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_registration_runs_to_its_end_and_replays),
      cmocka_unit_test(two_clocks_that_disagree_are_seen),
      cmocka_unit_test(a_missing_paper_refuses_and_changes_nothing),
      cmocka_unit_test(a_repeated_request_gets_the_first_answer),
      cmocka_unit_test(a_dry_run_tells_and_changes_nothing),
      cmocka_unit_test(an_event_out_of_order_is_refused),
      cmocka_unit_test(a_stranger_may_do_nothing),
      cmocka_unit_test(the_week_passes_and_the_reminder_fires_once),
      cmocka_unit_test(a_passed_deadline_stays_in_sight_until_the_state_is_left),
      cmocka_unit_test(reading_and_refusals_are_noted_in_the_access_log),
      cmocka_unit_test(a_refused_event_leaves_due_timers_alone),
      cmocka_unit_test(the_clinic_must_fill_and_sign_its_papers),
      cmocka_unit_test(time_does_not_run_backwards),
      cmocka_unit_test(inputs_are_asked_for),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
