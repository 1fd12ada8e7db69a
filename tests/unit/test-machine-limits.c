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

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_xml_cannot_hold_does_not_break_the_snapshot),
      cmocka_unit_test(a_snapshot_in_no_legal_configuration_is_refused),
      cmocka_unit_test(a_snapshot_of_an_invoked_machine_is_held_to_the_same),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
