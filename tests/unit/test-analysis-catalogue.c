/* SPDX-License-Identifier: Apache-2.0 */
/* Registers and channels as data: what the shipped list says, what a bad one is told. */
#include "case/catalogue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#define HEAD "<registers xmlns='urn:renkei:registers:1'>"
#define TAIL "</registers>"

static Catalogue *shipped(void) {
  g_autofree char *path = g_build_filename(g_getenv("RENKEI_SRCDIR"), "workflows", "registers.xml", NULL);
  Catalogue *catalogue = NULL;
  assert_int_equal(catalogue_load_file(&catalogue, path, NULL), RK_OK);
  return catalogue;
}

static void a_later_state_satisfies_an_earlier_one(void **state) {
  (void)state;
  g_autoptr(Catalogue) catalogue = shipped();
  int applied = catalogue_state_rank(catalogue, "institution", "applied");
  int registered = catalogue_state_rank(catalogue, "institution", "registered");
  assert_true(applied >= 0);
  assert_true(registered > applied);
  assert_true(catalogue_state_rank(catalogue, "user_account", "active") >
              catalogue_state_rank(catalogue, "user_account", "issued"));
}

static void a_state_that_ends_satisfies_nothing_before_it(void **state) {
  (void)state;
  g_autoptr(Catalogue) catalogue = shipped();
  assert_int_equal(catalogue_state_rank(catalogue, "institution", "terminated"), -1);
  assert_int_equal(catalogue_state_rank(catalogue, "user_account", "stopped"), -1);
  assert_true(catalogue_has_state(catalogue, "institution", "terminated"));
}

static void unknown_names_are_unknown(void **state) {
  (void)state;
  g_autoptr(Catalogue) catalogue = shipped();
  CatalogueChannel channel;
  assert_int_equal(catalogue_state_rank(catalogue, "institution", "nowhere"), -1);
  assert_int_equal(catalogue_state_rank(catalogue, "nothing", "applied"), -1);
  assert_false(catalogue_has_state(catalogue, "institution", "issued"));
  assert_false(catalogue_has_register(catalogue, "nothing"));
  assert_false(catalogue_channel(catalogue, "pigeon", &channel));
  assert_false(catalogue_channel_moves_original(catalogue, "pigeon"));
}

static void a_fax_leaves_the_original_and_post_takes_it(void **state) {
  (void)state;
  g_autoptr(Catalogue) catalogue = shipped();
  CatalogueChannel channel;
  assert_true(catalogue_channel(catalogue, "fax", &channel));
  assert_int_equal(channel.kind, CHANNEL_LINE);
  assert_true(channel.leaves_building);
  assert_non_null(channel.driver);
  assert_false(catalogue_channel_moves_original(catalogue, "fax"));
  assert_true(catalogue_channel_moves_original(catalogue, "post"));
  assert_true(catalogue_channel(catalogue, "hand", &channel));
  assert_false(channel.leaves_building);
  assert_null(channel.driver);
}

static void titles_come_in_both_languages(void **state) {
  (void)state;
  g_autoptr(Catalogue) catalogue = shipped();
  assert_string_equal(catalogue_title(catalogue, "institution", NULL, FALSE), "医療機関");
  assert_string_equal(catalogue_title(catalogue, "institution", "registered", TRUE), "registered");
  assert_null(catalogue_title(catalogue, "institution", "nowhere", TRUE));
}

static void each_fault_is_told_with_its_place(void **state) {
  (void)state;
  static const struct {
    const char *text, *code;
    int line;
  } cases[] = {
      {"<forms/>", "CT001", 1},
      {HEAD "\n<form id='a'/>" TAIL, "CT002", 2},
      {HEAD "\n\n<channel id='a' title='A' kinds='line'/>" TAIL, "CT003", 3},
      {HEAD "<channel title='A'/>" TAIL, "CT004", 1},
      {HEAD "<channel id='' title='A'/>" TAIL, "CT004", 1},
      {HEAD "<channel id='a' title='A' kind='pigeon'/>" TAIL, "CT005", 1},
      {HEAD "<channel id='a' title='A'/>\n<channel id='a' title='B'/>" TAIL, "CT006", 2},
      {HEAD "<register id='r' title='R'><state id='s' title='S'/>\n<state id='s' title='T'/>"
            "</register>" TAIL, "CT006", 2},
      {HEAD "<register id='r' title='R'/>" TAIL, "CT007", 1},
      {HEAD "<register id='r' title='R'><state id='a' title='A' ends='yes'/>\n"
            "<state id='b' title='B'/></register>" TAIL, "CT008", 2},
      {HEAD "words" TAIL, "CT009", 1},
      {"<registers", "BA010", 1},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(RkDiags) diags = rk_diags_new();
    Catalogue *catalogue = NULL;
    assert_int_equal(catalogue_load(&catalogue, cases[i].text, strlen(cases[i].text), "r.xml", diags),
                     RK_INVALID);
    assert_null(catalogue);
    assert_int_equal(rk_diags_count(diags), 1);
    assert_string_equal(rk_diags_get(diags, 0)->code, cases[i].code);
    assert_int_equal(rk_diags_get(diags, 0)->line, cases[i].line);
  }
}

static void all_faults_come_at_once(void **state) {
  (void)state;
  static const char text[] = HEAD "<channel id='a'/><channel title='b'/><x/>" TAIL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  Catalogue *catalogue = NULL;
  assert_int_equal(catalogue_load(&catalogue, text, strlen(text), "r.xml", diags), RK_INVALID);
  assert_int_equal(rk_diags_count(diags), 3);
}

static void a_missing_file_is_a_failure_of_the_world(void **state) {
  (void)state;
  g_autoptr(RkDiags) diags = rk_diags_new();
  Catalogue *catalogue = NULL;
  assert_int_equal(catalogue_load_file(&catalogue, "/nonexistent/registers.xml", diags), RK_FAILED);
  assert_int_equal(rk_diags_count(diags), 1);
}

static void lists_name_everything(void **state) {
  (void)state;
  g_autoptr(Catalogue) catalogue = shipped();
  g_autofree char *registers = catalogue_list_registers(catalogue);
  g_autofree char *states = catalogue_list_states(catalogue, "institution");
  g_autofree char *channels = catalogue_list_channels(catalogue);
  g_autofree char *none = catalogue_list_states(catalogue, "nothing");
  assert_string_equal(registers, "institution, user_account, consent, room, participant, officer, device, careplan_link");
  assert_string_equal(states, "unregistered, applied, registered, suspended, terminated");
  assert_non_null(strstr(channels, "fax"));
  assert_string_equal(none, "");
}

static void an_entry_goes_forward_ends_or_begins_anew(void **state) {
  (void)state;
  g_autoptr(Catalogue) catalogue = shipped();
  const char *id = "user_account";
  assert_true(catalogue_may_follow(catalogue, id, NULL, "requested"));
  assert_true(catalogue_may_follow(catalogue, id, "requested", "active"));
  assert_true(catalogue_may_follow(catalogue, id, "active", "active"));
  assert_true(catalogue_may_follow(catalogue, id, "active", "stopped"));
  assert_true(catalogue_may_follow(catalogue, id, "stopped", "requested"));
  assert_true(catalogue_may_follow(catalogue, id, "requested", "none"));
  assert_false(catalogue_may_follow(catalogue, id, "active", "requested"));
  assert_false(catalogue_may_follow(catalogue, id, "active", "none"));
  assert_false(catalogue_may_follow(catalogue, id, "stopped", "active"));
  assert_false(catalogue_may_follow(catalogue, id, "stop-requested", "active"));
}

static void what_has_ended_or_not_begun_is_free(void **state) {
  (void)state;
  g_autoptr(Catalogue) catalogue = shipped();
  assert_true(catalogue_is_free(catalogue, "user_account", NULL));
  assert_true(catalogue_is_free(catalogue, "user_account", "none"));
  assert_true(catalogue_is_free(catalogue, "user_account", "stopped"));
  assert_false(catalogue_is_free(catalogue, "user_account", "requested"));
  assert_false(catalogue_is_free(catalogue, "user_account", "active"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_later_state_satisfies_an_earlier_one),
      cmocka_unit_test(a_state_that_ends_satisfies_nothing_before_it),
      cmocka_unit_test(unknown_names_are_unknown),
      cmocka_unit_test(a_fax_leaves_the_original_and_post_takes_it),
      cmocka_unit_test(titles_come_in_both_languages),
      cmocka_unit_test(each_fault_is_told_with_its_place),
      cmocka_unit_test(all_faults_come_at_once),
      cmocka_unit_test(a_missing_file_is_a_failure_of_the_world),
      cmocka_unit_test(lists_name_everything),
      cmocka_unit_test(an_entry_goes_forward_ends_or_begins_anew),
      cmocka_unit_test(what_has_ended_or_not_begun_is_free),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
