/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a paper's content, run by the engine's own interpreter. */
#include "form-support.h"
#include "machine/machine.h"

static const char *const states[] = {"blank", "draft", "complete", "signed", "void", "disposed"};
static const char *const events[] = {"paper.filled",   "paper.completed", "paper.signed",
                                     "paper.returned", "paper.voided",    "paper.disposed"};

/* From the state of the row, by the event of the column; NULL: not taken. */
static const char *const next[6][6] = {
    {"draft", "complete", NULL, NULL, "void", "disposed"},
    {"draft", "complete", NULL, NULL, "void", "disposed"},
    {"draft", "complete", "signed", "draft", "void", "disposed"},
    {NULL, NULL, NULL, "draft", "void", "disposed"},
};

/* The events that lead from a blank to each state. */
static const char *const ways[6][3] = {{NULL},
                                       {"paper.filled", NULL},
                                       {"paper.completed", NULL},
                                       {"paper.completed", "paper.signed", NULL},
                                       {"paper.voided", NULL},
                                       {"paper.disposed", NULL}};

static gboolean deliver(Session *session, const char *name) {
  SessionEvent event = {.name = name};
  assert_int_equal(session_deliver(session, &event, NULL), RK_OK);
  return session_taken(session);
}

static Session *in_state(Machine *machine, guint state) {
  SessionHost host = {0};
  Session *session = session_new(machine, &host);
  assert_int_equal(session_start(session, 0, NULL), RK_OK);
  for (const char *const *event = ways[state]; *event; event++)
    assert_true(deliver(session, *event));
  assert_true(session_in(session, states[state]));
  return session;
}

static Machine *lifecycle(void) {
  g_autofree char *path = source_path("forms/lifecycle.scxml");
  g_autoptr(RkDiags) diags = rk_diags_new();
  Machine *machine;
  assert_int_equal(machine_load_file(&machine, path, MACHINE_STRICT, diags), RK_OK);
  assert_int_equal(rk_diags_count(diags), 0);
  return machine;
}

static void every_event_leads_where_the_table_says(void **state) {
  (void)state;
  g_autoptr(Machine) machine = lifecycle();
  for (guint from = 0; from < 4; from++)
    for (guint event = 0; event < G_N_ELEMENTS(events); event++) {
      g_autoptr(Session) session = in_state(machine, from);
      const char *to = next[from][event];
      assert_int_equal(deliver(session, events[event]), to != NULL);
      assert_true(session_in(session, to ? to : states[from]));
    }
}

static void a_void_or_disposed_paper_is_at_its_end(void **state) {
  (void)state;
  g_autoptr(Machine) machine = lifecycle();
  for (guint end = 4; end < 6; end++) {
    g_autoptr(Session) session = in_state(machine, end);
    assert_true(session_finished(session));
  }
  g_autoptr(Session) open = in_state(machine, 3);
  assert_false(session_finished(open));
}

static void every_state_has_a_name_in_japanese(void **state) {
  (void)state;
  g_autoptr(Machine) machine = lifecycle();
  for (guint i = 0; i < G_N_ELEMENTS(states); i++) {
    int index = machine_state_index(machine, states[i]);
    assert_true(index > 0);
    assert_non_null(machine_state_words(machine, (guint)index).title);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_event_leads_where_the_table_says),
      cmocka_unit_test(a_void_or_disposed_paper_is_at_its_end),
      cmocka_unit_test(every_state_has_a_name_in_japanese),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
