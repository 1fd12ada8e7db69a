/* SPDX-License-Identifier: Apache-2.0 */
/* A case that stays in hand between deliveries is never other than the database holds it. */
#include "../own-folder.h"
#include "case/deliver.h"
#include "case/kept.h"

#include "base/date.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#define START (G_GINT64_CONSTANT(1793581200) * TIME_SECOND) /* 2026-11-02T01:00Z */

typedef struct {
  RkSite site;
  char *folder, *path, *number;
  RkDesk *one, *other; /* two connections to the same office */
} World;

static RkRequest at(int minutes) {
  return (RkRequest){.now = START + minutes * 60 * (gint64)TIME_SECOND};
}

static void must(RkStatus status, const RkDiags *diags) {
  for (guint i = 0; i < rk_diags_count(diags); i++)
    print_message("%s\n", rk_diags_get(diags, i)->message);
  assert_int_equal(status, RK_OK);
}

static int set_up(void **state) {
  static const char *const roles[] = {"association", NULL};
  World *world = g_new0(World, 1);
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkDeskConfig config = {"office", "fujisawa", roles, TRUE};
  RkValue values[] = {{"institution", "架空診療所"}};
  RkRequest request = at(1);
  world->site.datadir = g_getenv("RENKEI_DATADIR");
  world->folder = folder_new("kept");
  world->path = g_build_filename(world->folder, "t.db", NULL);
  *state = world;
  must(rk_desk_create(&world->one, &world->site, world->path, &config, "hanako", START, diags), diags);
  must(rk_desk_open(&world->other, &world->site, world->path, "hanako", diags), diags);
  rk_desk_at(world->other, START);
  must(rk_case_open(world->one, &request, "fujisawa-member-registration", values, 1, &world->number,
                    diags),
       diags);
  return 0;
}

static int tear_down(void **state) {
  World *world = *state;
  rk_desk_close(world->one);
  rk_desk_close(world->other);
  folder_empty(world->folder);
  g_rmdir(world->folder);
  g_free(world->folder);
  g_free(world->path);
  g_free(world->number);
  g_free(world);
  return 0;
}

static const RkReceived both[] = {{"fj-2-1", NULL, FALSE}, {"fj-3", NULL, FALSE}};

static RkStatus happen(RkDesk *desk, const World *world, const char *event, int minutes, guint papers,
                       RkDiags *diags) {
  g_autoptr(RkTable) done = NULL;
  RkRequest request = at(minutes);
  return rk_case_do(desk, &request, world->number, event, both, papers, &done, diags);
}

static void must_verify(RkDesk *desk) {
  g_autoptr(RkTable) checks = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  must(rk_verify(desk, &checks, diags), diags);
}

/* ------------------------------------------------------------------------- tests */

static void what_is_in_hand_is_used_again(void **state) {
  World *world = *state;
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(kept_count(world->one), 1);
  must(happen(world->one, world, "request.faxed", 2, 2, diags), diags);
  must(happen(world->one, world, "member.confirmed", 3, 0, diags), diags);
  assert_int_equal(kept_count(world->one), 1);
  assert_int_equal(kept_count(world->other), 0);
  must_verify(world->one);
}

static RkDeed deed(const char *number, const char *event, int minutes, guint papers, const char *id) {
  RkDeed deed = {.request = at(minutes), .number = number, .event = event, .received = both,
                 .n_received = papers};
  deed.request.id = id;
  return deed;
}

static gint64 head(RkDesk *desk) {
  gint64 seq = 0;
  Hash hash;
  assert_int_equal(store_journal_head(desk->store, &seq, &hash, NULL, NULL), RK_OK);
  return seq;
}

static void of_many_events_each_is_judged_by_itself(void **state) {
  World *world = *state;
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(RkTable) done = NULL;
  const RkDeed deeds[] = {
      deed(world->number, "request.faxed", 2, 2, "a"), deed(world->number, "password.issued", 3, 0, "b"),
      deed("R8-9999", "request.faxed", 3, 0, "c"),     deed(world->number, "request.faxed", 4, 2, "a"),
      deed(world->number, "member.confirmed", 5, 0, "d")};
  static const char *const results[] = {"done", "refused", "refused", "done", "done"};
  gint64 before = head(world->one);
  assert_int_equal(rk_case_do_all(world->one, deeds, G_N_ELEMENTS(deeds), &done, diags), RK_PARTIAL);
  assert_int_equal(rk_table_rows(done), G_N_ELEMENTS(results));
  for (guint i = 0; i < G_N_ELEMENTS(results); i++) {
    assert_string_equal(rk_table_get(done, i, "result"), results[i]);
    assert_int_equal(rk_table_get(done, i, "missing") != NULL, g_str_equal(results[i], "refused"));
  }
  assert_int_equal(head(world->one), before + 2); /* the fourth is the first again */
  assert_int_equal(happen(world->other, world, "password.issued", 6, 0, NULL), RK_OK);
  must_verify(world->one);
}

static void what_is_in_hand_goes_with_a_dropped_batch(void **state) {
  World *world = *state;
  g_autoptr(RkTable) done = NULL;
  const RkDeed deeds[] = {deed(world->number, "request.faxed", 2, 2, "a")};
  gint64 before = head(world->one);
  assert_int_equal(store_begin_batch(world->one->store, NULL), RK_OK);
  assert_int_equal(happen(world->one, world, "request.faxed", 2, 2, NULL), RK_OK);
  store_drop_batch(world->one->store);
  assert_int_equal(head(world->one), before);
  assert_int_equal(rk_case_do_all(world->one, deeds, 1, &done, NULL), RK_OK); /* not from what was in hand */
  assert_int_equal(head(world->one), before + 1);
  must_verify(world->one);
}

static void two_desks_do_not_step_on_each_other(void **state) {
  World *world = *state;
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkRequest request = at(4);
  must(happen(world->one, world, "request.faxed", 2, 2, diags), diags);
  must(happen(world->other, world, "member.confirmed", 3, 0, diags), diags);
  must(rk_case_note(world->one, &request, world->number, "電話で確認", diags), diags);
  assert_int_equal(happen(world->other, world, "member.confirmed", 5, 0, NULL), RK_REFUSED);
  must(happen(world->one, world, "password.issued", 6, 0, diags), diags);
  must(happen(world->other, world, "id.delivered", 7, 0, diags), diags);
  must_verify(world->one);
  must_verify(world->other);
}

static void what_was_refused_or_only_tried_leaves_nothing_in_hand(void **state) {
  World *world = *state;
  g_autoptr(RkTable) done = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkRequest trial = at(3);
  trial.dry_run = TRUE;
  must(happen(world->one, world, "request.faxed", 2, 2, diags), diags);
  must(rk_case_do(world->one, &trial, world->number, "member.confirmed", NULL, 0, &done, diags),
       diags);
  assert_int_equal(kept_count(world->one), 0);
  assert_int_equal(happen(world->one, world, "password.issued", 4, 0, NULL), RK_REFUSED);
  assert_int_equal(kept_count(world->one), 0);
  must(happen(world->one, world, "member.confirmed", 5, 0, diags), diags);
  must_verify(world->one);
}

static void an_undo_is_seen_by_what_comes_after(void **state) {
  World *world = *state;
  g_autoptr(RkTable) taken = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkRequest request = at(3);
  request.why = "別の医療機関のFAXだった";
  must(happen(world->one, world, "request.faxed", 2, 2, diags), diags);
  must(rk_case_undo(world->one, &request, world->number, &taken, diags), diags);
  assert_int_equal(happen(world->one, world, "member.confirmed", 4, 0, NULL), RK_REFUSED);
  must(happen(world->one, world, "request.faxed", 5, 2, diags), diags);
  must_verify(world->one);
}

/* The deadline of the case in hand passes. */
static void a_deadline_fires_on_what_is_in_hand(void **state) {
  World *world = *state;
  g_autoptr(RkTable) fired = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkRequest later = at(60 * 24 * 30);
  must(happen(world->one, world, "request.faxed", 2, 2, diags), diags);
  must(happen(world->one, world, "member.confirmed", 3, 0, diags), diags);
  must(rk_desk_tick(world->one, &later, &fired, diags), diags);
  assert_true(rk_table_rows(fired) > 0);
  must(happen(world->one, world, "password.issued", 60 * 24 * 31, 0, diags), diags);
  must_verify(world->one);
}

/* Memory does not grow with the cases that were touched, nor holds what is of no more use. */
static void only_some_stay_in_hand(void **state) {
  World *world = *state;
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkValue values[] = {{"institution", "例示医院"}};
  world->one->kept_most = 20;
  for (int i = 0; i < 30; i++) {
    g_autofree char *number = NULL;
    RkRequest request = at(2);
    must(rk_case_open(world->one, &request, "fujisawa-member-registration", values, 1, &number, diags),
         diags);
  }
  assert_int_equal(kept_count(world->one), 20);
  must(happen(world->other, world, "request.faxed", 3, 2, diags), diags);
  must(happen(world->one, world, "member.confirmed", 4, 0, diags), diags);
  assert_int_equal(kept_count(world->one), 1); /* the others were as they stood before somebody else wrote */
  must_verify(world->one);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(what_is_in_hand_is_used_again, set_up, tear_down),
      cmocka_unit_test_setup_teardown(of_many_events_each_is_judged_by_itself, set_up, tear_down),
      cmocka_unit_test_setup_teardown(what_is_in_hand_goes_with_a_dropped_batch, set_up, tear_down),
      cmocka_unit_test_setup_teardown(two_desks_do_not_step_on_each_other, set_up, tear_down),
      cmocka_unit_test_setup_teardown(what_was_refused_or_only_tried_leaves_nothing_in_hand, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(an_undo_is_seen_by_what_comes_after, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_deadline_fires_on_what_is_in_hand, set_up, tear_down),
      cmocka_unit_test_setup_teardown(only_some_stay_in_hand, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
