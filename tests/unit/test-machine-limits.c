/* SPDX-License-Identifier: Apache-2.0 */
/* What no document of tests/spec can say of itself: how machines end that never
 * rest, what is too large or too deep, and snapshots that are not ours. */
#include "machine/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#define HEAD "<scxml xmlns='http://www.w3.org/2005/07/scxml' version='1.0' datamodel='xpath' name='t'>"
#define TAIL "<final id='pass'/><final id='fail'/></scxml>"

static Machine *load(const char *body) {
  Machine *machine = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autofree char *text = g_strconcat(HEAD, body, TAIL, NULL);
  if (machine_load(&machine, text, strlen(text), "t", MACHINE_STRICT, diags) != RK_OK)
    fail_msg("%s", rk_diags_get(diags, 0)->message);
  return machine;
}

static Session *start(Machine *machine) {
  Session *session = session_new(machine, NULL);
  assert_int_equal(session_start(session, 0, NULL), RK_OK);
  return session;
}

/* ----------------------------------------------------------------------- snapshots */

static void what_xml_cannot_hold_does_not_break_the_snapshot(void **state) {
  static const char *const values[] = {"a\x01z", "a\x0cz", "a\xef\xbf\xbez", "a\xffz"};
  (void)state;
  for (guint i = 0; i < G_N_ELEMENTS(values); i++) {
    g_autoptr(Machine) machine = load("<datamodel><data id='d'/></datamodel><state id='s'/>");
    g_autoptr(Session) session = session_new(machine, NULL);
    assert_int_equal(session_set_data(session, "d", values[i], NULL), RK_OK);
    assert_int_equal(session_start(session, 0, NULL), RK_OK);
    g_autoptr(GBytes) bytes = session_save(session);
    Session *woken = NULL;
    assert_int_equal(session_restore(&woken, machine, NULL, bytes, NULL), RK_OK);
    g_autofree char *text = session_data_text(woken, "d");
    assert_string_equal(text, "a\xef\xbf\xbdz");
    session_free(woken);
  }
}

/* Databases hold snapshots that earlier versions wrote, and verify compares the bytes. */
static void a_snapshot_is_written_as_ever(void **state) {
  (void)state;
  g_autoptr(Machine) machine =
      load("<datamodel><data id='d'><x a='例&quot;&lt;&#10;' xmlns='u'>&lt;\"&amp;字</x><y/></data>"
           "<data id='e'/></datamodel><state id='s'><onentry><send event='late' delay='5s'>"
           "<param name='n' expr=\"'&amp;'\"/></send></onentry></state>");
  g_autoptr(Session) session = start(machine);
  g_autoptr(GBytes) bytes = session_save(session);
  g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
  assert_string_equal(
      text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<s:session xmlns:s=\"urn:renkei:session:1\" machine=\"t\" status=\"running\""
            " next-order=\"1\" next-id=\"1\"><s:active>s</s:active><s:data><datamodel>"
            "<data id=\"d\"><x xmlns=\"u\" a=\"例&quot;&lt;&#10;\">&lt;\"&amp;字</x>"
            "<y/></data><data id=\"e\"/></datamodel></s:data>"
            "<s:delayed due=\"5000000\" order=\"0\" id=\"_send.0\" event=\"late\""
            " origin=\"#_scxml_session\""
            " origintype=\"http://www.w3.org/TR/scxml/#SCXMLEventProcessor\">"
            "<data><data id=\"n\">&amp;</data></data></s:delayed></s:session>\n");
}

static const char *const two_regions =
    "<parallel id='p'><history id='h' type='deep'><transition target='a'/></history>"
    "<state id='a'><state id='a1'><transition event='e' target='a2'/></state><state id='a2'/></state>"
    "<state id='b'><invoke id='i'><content><scxml xmlns='http://www.w3.org/2005/07/scxml' version='1.0'"
    " datamodel='xpath'><state id='c'/><state id='d'/></scxml></content></invoke></state></parallel>";

/* The snapshot of two_regions with `from` changed for `to`. */
static RkStatus restore_changed(const char *from, const char *to) {
  g_autoptr(Machine) machine = load(two_regions);
  g_autoptr(Session) session = start(machine);
  g_autoptr(GBytes) bytes = session_save(session);
  g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
  char *at = strstr(text, from);
  if (!at)
    fail_msg("%s does not stand in %s", from, text);
  g_autofree char *before = g_strndup(text, (gsize)(at - text));
  g_autofree char *changed = g_strconcat(before, to, at + strlen(from), NULL);
  g_autoptr(GBytes) other = g_bytes_new(changed, strlen(changed));
  g_autoptr(RkDiags) diags = rk_diags_new();
  Session *woken = NULL;
  RkStatus status = session_restore(&woken, machine, NULL, other, diags);
  assert_int_equal(rk_diags_count(diags) > 0, status != RK_OK);
  assert_int_equal(woken != NULL, status == RK_OK);
  session_free(woken);
  return status;
}

static void a_snapshot_in_no_legal_configuration_is_refused(void **state) {
  (void)state;
  assert_int_equal(restore_changed("p a a1 b", "p a a1 b"), RK_OK);
  assert_int_equal(restore_changed("p a a1 b", "p a a2 b"), RK_OK);
  static const char *const illegal[] = {"p a a1 a2 b", "p a b", "p a a1", "a a1 b", "p a a1 b h",
                                        "p a a1 b pass", "pass b", ""};
  for (guint i = 0; i < G_N_ELEMENTS(illegal); i++)
    if (restore_changed("p a a1 b", illegal[i]) != RK_INVALID)
      fail_msg("'%s' was accepted", illegal[i]);
}

static void a_snapshot_of_an_invoked_machine_is_held_to_the_same(void **state) {
  (void)state;
  assert_int_equal(restore_changed("<s:active>c</s:active>", "<s:active>d</s:active>"), RK_OK);
  assert_int_equal(restore_changed("<s:active>c</s:active>", "<s:active>c d</s:active>"), RK_INVALID);
  assert_int_equal(restore_changed("<s:active>c</s:active>", ""), RK_INVALID);
}

/* ------------------------------------------------------------------------- depth */

static char *repeated(const char *text, guint times) {
  GString *all = g_string_new(NULL);
  for (guint i = 0; i < times; i++)
    g_string_append(all, text);
  return g_string_free(all, FALSE);
}

/* A machine whose condition is `front` so many times, "1", and `back` as often. */
static RkStatus load_condition(const char *front, const char *back, guint times, RkDiags *diags) {
  g_autofree char *before = repeated(front, times), *after = repeated(back, times);
  g_autofree char *text = g_strdup_printf(HEAD "<state id='s'><transition cond='%s1%s' target='pass'/>"
                                               "</state>" TAIL, before, after);
  g_autoptr(Machine) machine = NULL;
  return machine_load(&machine, text, strlen(text), "t", MACHINE_STRICT, diags);
}

static void an_expression_nested_too_deeply_is_refused(void **state) {
  (void)state;
  static const char *const nests[][2] = {{"(", ")"}, {"not(", ")"}, {"/*[", "]"}};
  for (guint i = 0; i < G_N_ELEMENTS(nests); i++) {
    g_autoptr(RkDiags) none = rk_diags_new(), diags = rk_diags_new();
    assert_int_equal(load_condition(nests[i][0], nests[i][1], 10, none), RK_OK);
    assert_int_equal(load_condition(nests[i][0], nests[i][1], 3000, diags), RK_INVALID);
    assert_string_equal(rk_diags_get(diags, 0)->code, "WF030");
  }
}

static void a_long_expression_is_an_answer_or_an_error(void **state) {
  (void)state;
  g_autofree char *sum = repeated("1+", 7000);
  g_autofree char *body = g_strdup_printf("<state id='s'><transition cond='%s1 = 7001' target='pass'/>"
                                          "<transition event='error.execution' target='pass'/></state>",
                                          sum);
  g_autofree char *text = g_strconcat(HEAD, body, TAIL, NULL);
  g_autoptr(Machine) machine = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkStatus status = machine_load(&machine, text, strlen(text), "t", MACHINE_STRICT, diags);
  if (status != RK_OK) {
    assert_string_equal(rk_diags_get(diags, 0)->code, "WF030");
    return;
  }
  g_autoptr(Session) session = start(machine);
  assert_true(session_in(session, "pass"));
}

static char *nested_states(guint depth) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < depth; i++)
    g_string_append_printf(text, "<state id='s%u'>", i);
  for (guint i = 0; i < depth; i++)
    g_string_append(text, "</state>");
  return g_string_free(text, FALSE);
}

static void states_may_lie_as_deep_as_a_document_may(void **state) {
  (void)state;
  g_autofree char *body = nested_states(200);
  g_autoptr(Machine) machine = load(body);
  g_autoptr(Session) session = start(machine);
  assert_true(session_in(session, "s199"));
  g_autoptr(GBytes) bytes = session_save(session);
  Session *woken = NULL;
  assert_int_equal(session_restore(&woken, machine, NULL, bytes, NULL), RK_OK);
  assert_true(session_in(woken, "s199"));
  session_free(woken);
}

static void states_that_lie_deeper_are_refused(void **state) {
  (void)state;
  g_autofree char *body = nested_states(300), *text = g_strconcat(HEAD, body, TAIL, NULL);
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(Machine) machine = NULL;
  assert_int_equal(machine_load(&machine, text, strlen(text), "t", MACHINE_STRICT, diags),
                   RK_INVALID);
  assert_string_equal(rk_diags_get(diags, 0)->code, "BA014");
}

/* ------------------------------------------------------------- no end, and no harm */

static void a_runaway_event_leaves_the_snapshot_of_before(void **state) {
  (void)state;
  g_autoptr(Machine) machine =
      load("<state id='s'><transition event='spin' target='a'/><transition event='end' target='pass'/>"
           "</state><state id='a'><transition target='b'/></state>"
           "<state id='b'><transition target='a'/></state>");
  Session *session = start(machine);
  g_autoptr(GBytes) before = session_save(session);
  g_autoptr(RkDiags) diags = rk_diags_new();
  SessionEvent spin = {.name = "spin"}, end = {.name = "end"};
  assert_int_equal(session_deliver(session, &spin, diags), RK_INVALID);
  assert_string_equal(rk_diags_get(diags, 0)->code, "WF100");
  session_free(session);
  assert_int_equal(session_restore(&session, machine, NULL, before, NULL), RK_OK);
  assert_int_equal(session_deliver(session, &end, NULL), RK_OK);
  assert_true(session_in(session, "pass"));
  session_free(session);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_xml_cannot_hold_does_not_break_the_snapshot),
      cmocka_unit_test(a_snapshot_is_written_as_ever),
      cmocka_unit_test(a_snapshot_in_no_legal_configuration_is_refused),
      cmocka_unit_test(a_snapshot_of_an_invoked_machine_is_held_to_the_same),
      cmocka_unit_test(an_expression_nested_too_deeply_is_refused),
      cmocka_unit_test(a_long_expression_is_an_answer_or_an_error),
      cmocka_unit_test(states_may_lie_as_deep_as_a_document_may),
      cmocka_unit_test(states_that_lie_deeper_are_refused),
      cmocka_unit_test(a_runaway_event_leaves_the_snapshot_of_before),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
