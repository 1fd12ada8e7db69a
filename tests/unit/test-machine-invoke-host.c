/* SPDX-License-Identifier: Apache-2.0 */
/* Machines inside machines: what a host sees of them, their snapshots, faulty documents. */
#include "base/date.h"
#include "machine-invoke.h"

/* --------------------------------------------------------------- what a host sees */

static gboolean never_met(gpointer user, GHashTable *attributes, const DiagPlace *place,
                          RkDiags *reasons) {
  (void)user, (void)attributes, (void)place;
  diags_add(reasons, DIAG_WF_REQUIRE_TEST, NULL, "not yet", NULL);
  return FALSE;
}

static RkStatus note_effect(gpointer user, const SessionEffect *effect, GPtrArray *raise,
                            RkDiags *diags) {
  (void)raise, (void)diags;
  g_string_append_printf(user, "%s in %s|", effect->element, effect->state);
  return RK_OK;
}

#define DESK                                                                                   \
  "<rk:procedure municipality='m'><rk:role id='us' title='U'/><rk:uses form='f-1'/>"           \
  "</rk:procedure>"
#define FORWARDING(content)                                                                    \
  DESK "<state id='s'><invoke autoforward='true'>"                                             \
  CHILD("<state id='c'><transition event='go' target='d'>" content "</transition></state>"     \
        "<state id='d'/>") "</invoke></state>"

static void a_forwarded_event_counts_as_taken_and_acts(void **state) {
  (void)state;
  g_autoptr(Machine) machine =
      load(FORWARDING("<rk:notify to='us' channel='post' title='x'/>"));
  g_autoptr(GString) lines = g_string_new(NULL);
  SessionHost host = {.user = lines, .effect = note_effect};
  g_autoptr(Session) session = start(machine, &host);
  deliver(session, "other");
  assert_false(session_taken(session));
  deliver(session, "go");
  assert_true(session_taken(session));
  assert_string_equal(lines->str, "notify in c|");
}

static void an_unmet_requirement_of_a_child_refuses_a_forwarded_event(void **state) {
  (void)state;
  g_autoptr(Machine) machine =
      load(FORWARDING("<rk:require form='f-1' state='complete'/>"));
  SessionHost host = {.require = never_met};
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(Session) session = start(machine, &host);
  SessionEvent event = {.name = "go", .time = 1};
  assert_int_equal(session_deliver(session, &event, diags), RK_REFUSED);
  assert_int_equal(rk_diags_count(diags), 1);
}

static void note_invoked(const char *id, const Session *invoked, gpointer user) {
  g_autofree char *states = run_states(invoked, session_machine(invoked));
  g_string_append_printf(user, "%s %s|", id, states);
}

static void note_pending(const char *id, const char *event, gint64 due, gpointer user) {
  (void)id;
  g_string_append_printf(user, "%s %d|", event, (int)(due / TIME_SECOND));
}

static const char *const waiting =
    "<state id='s'><onentry><send event='own' delay='5s'/></onentry><invoke id='i'>"
    CHILD("<state id='c'><rk:deadline after='PT2S' event='late'/>"
          "<onentry><send event='own' delay='5s'/></onentry>"
          "<transition event='own' target='d'/></state><state id='d'/>")
    "</invoke><transition event='own' target='w'/></state><state id='w'/>";

static void delayed_sends_and_deadlines_of_children_are_seen_and_fired(void **state) {
  (void)state;
  g_autoptr(Machine) machine = load(waiting);
  g_autoptr(GString) lines = g_string_new(NULL);
  g_autoptr(Session) session = start(machine, NULL);
  gboolean fired = FALSE;
  session_each_invoked(session, note_invoked, lines);
  session_each_pending(session, note_pending, lines);
  assert_string_equal(lines->str, "i c|late 2|own 5|own 5|");
  assert_false(session_overdue(session));
  assert_int_equal(session_fire_due(session, 2 * TIME_SECOND, &fired, NULL, NULL), RK_OK);
  assert_true(fired);
  assert_true(session_overdue(session));
  assert_int_equal(session_next_due(session), 5 * TIME_SECOND);
  assert_int_equal(session_fire_due(session, 9 * TIME_SECOND, &fired, NULL, NULL), RK_OK);
  assert_true(session_in(session, "w")); /* sent first, so first; the child's went with it */
  assert_int_equal(session_next_due(session), G_MAXINT64);
}

/* ---------------------------------------------------------------------- snapshots */

/* History, first entries, ids and delayed sends of a child, two machines deep. */
static const char *const keeping =
    "<state id='s'><invoke id='i'>"
    "<content><scxml version='1.0' datamodel='xpath' binding='late' name='kept'>"
    "<datamodel><data id='n' expr='0'/></datamodel><state id='all'>"
    "<state id='on'><history id='h' type='deep'><transition target='a'/></history>"
    "<transition event='off' target='off'/>"
    "<state id='a'><transition event='next' target='b'/></state>"
    "<state id='b'><datamodel><data id='m' expr='1'/></datamodel>"
    "<onentry><assign location='$n' expr='$n + $m'/><assign location='$m' expr='5'/></onentry>"
    "</state></state>"
    "<state id='off'><onentry><send event='wake' delay='3s'/></onentry>"
    "<invoke>" CHILD("<state id='x'><onentry><send event='t' delay='1s'/></onentry>"
                     "<transition event='t' target='y'/></state><final id='y'/>") "</invoke>"
    "<transition event='done.invoke'><assign location='$n' expr='$n + 100'/></transition>"
    "<transition event='wake' target='h'/></state>"
    "<transition event='ask' cond=\"In('b') and $n = 106\"><send target='#_parent' event='good'/>"
    "</transition></state></scxml></content></invoke>"
    "<transition event='good' target='pass'/>"
    "<transition event='*'><send target='#_i' eventexpr='$_event/name'/></transition></state>";

static Session *again(Session *session, Machine *machine, gboolean restore) {
  return run_restored(session, machine, NULL, restore);
}

static void a_snapshot_holds_all_of_the_children(void **state) {
  (void)state;
  g_autoptr(Machine) machine = load(keeping);
  for (int restore = 0; restore < 2; restore++) {
    Session *session = again(start(machine, NULL), machine, restore);
    gboolean fired = TRUE;
    deliver(session, "next");
    session = again(session, machine, restore);
    deliver(session, "off");
    session = again(session, machine, restore);
    for (int i = 0; i < 2; i++) {
      assert_int_equal(session_fire_due(session, 9 * TIME_SECOND, &fired, NULL, NULL), RK_OK);
      assert_true(fired);
      session = again(session, machine, restore);
    }
    deliver(session, "ask");
    assert_true(session_in(session, "pass"));
    session_free(session);
  }
}

static void a_fetched_machine_is_woken_without_fetching(void **state) {
  (void)state;
  g_autoptr(GHashTable) table = g_hash_table_new(g_str_hash, g_str_equal);
  g_hash_table_insert(table, (gpointer) "u",
                      (gpointer)HEAD "<state id='c'><transition event='go' target='f'/></state>"
                                     "<final id='f'/></scxml>");
  SessionHost host = {.fetch = fetch, .user = table};
  g_autoptr(Machine) machine = load("<state id='s'><invoke src='u' autoforward='true'/>"
                                    "<transition event='done.invoke' target='pass'/></state>");
  Session *session = start(machine, &host);
  g_hash_table_remove_all(table);
  session = again(session, machine, TRUE);
  deliver(session, "go");
  assert_true(session_in(session, "pass"));
  session_free(session);
}

static void a_snapshot_with_a_child_that_does_not_fit_is_refused(void **state) {
  (void)state;
  static const char *const bad[] = {
      "<s:invoked invoke='7' id='i' session='1'><s:session machine='' status='running'/></s:invoked>",
      "<s:invoked invoke='0' session='1'><s:session machine='' status='running'/></s:invoked>",
      "<s:invoked invoke='0' id='i' session='1'/>",
      "<s:invoked invoke='0' id='i' session='1'><s:session machine='x' status='running'/></s:invoked>",
      "<s:invoked invoke='0' id='i' session='1'><s:session machine='' status='finished'/></s:invoked>",
      ("<s:invoked invoke='0' id='i' session='1'><s:document>&lt;x/></s:document>"
       "<s:session machine='' status='running'/></s:invoked>"),
  };
  g_autoptr(Machine) machine = load(waiting);
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autofree char *text = g_strdup_printf(
        "<s:session xmlns:s='urn:renkei:session:1' machine='t' status='running'>"
        "<s:active>s</s:active>%s</s:session>", bad[i]);
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    Session *session = NULL;
    if (session_restore(&session, machine, NULL, bytes, NULL) != RK_INVALID)
      fail_msg("accepted: %s", bad[i]);
  }
}

/* ----------------------------------------------------------------- faulty documents */

static const struct {
  const char *body, *code;
  int line, column;
} faults[] = {
    {"<state id='s'><invoke/></state>", "WF056", 2, 15},
    {"<state id='s'><invoke src='a' srcexpr='1'/></state>", "WF056", 2, 15},
    {"<state id='s'><invoke><content>text</content></invoke></state>", "WF056", 2, 15},
    {"<state id='s'><invoke src='a' type='voicexml'/></state>", "WF013", 2, 15},
    {"<state id='s'><invoke src='a' type='scxml' typeexpr='1'/></state>", "WF015", 2, 15},
    {"<state id='s'><invoke src='a' autoforward='yes'/></state>", "WF013", 2, 15},
    {"<state id='s'><invoke src='a' id='i'/><invoke src='a' id='i'/></state>", "WF020", 2, 39},
    {"<state id='s'><invoke src='a'><finalize/><finalize/></invoke></state>", "WF015", 2, 42},
    {"<state id='s'><invoke src='a'><finalize><if cond='1'><send event='e'/></if></finalize>"
     "</invoke></state>", "WF058", 2, 54},
    {"<state id='s'><invoke>\n" CHILD("<state id='c'><transition event='e' target='nowhere'/></state>")
     "</invoke></state>", "WF021", 3, 63},
    {"<state id='s'><invoke>\n" CHILD("<state id='c'><transition cond='$v' target='c'/></state>")
     "</invoke></state><datamodel><data id='v'/></datamodel>", "WF031", 3, 63},
    {"<state id='s'><onentry><send target='#_j' event='e'/></onentry><invoke id='i' src='a'/>"
     "</state>", "WF057", 2, 24},
};

static void each_fault_is_reported_at_its_place(void **state) {
  (void)state;
  for (guint i = 0; i < G_N_ELEMENTS(faults); i++) {
    g_autoptr(RkDiags) diags = rk_diags_new();
    g_autoptr(Machine) machine = NULL;
    g_autofree char *text = g_strconcat(HEAD "\n", faults[i].body, "</scxml>", NULL);
    assert_int_equal(machine_load(&machine, text, strlen(text), "t", MACHINE_STRICT, diags),
                     RK_INVALID);
    guint k = 0;
    while (k + 1 < rk_diags_count(diags) && rk_diags_get(diags, k)->level != RK_LEVEL_ERROR)
      k++;
    const RkDiag *first = rk_diags_get(diags, k);
    if (!g_str_equal(first->code, faults[i].code) || first->line != faults[i].line ||
        first->column != faults[i].column)
      fail_msg("%s at %d:%d for %s", first->code, first->line, first->column, faults[i].body);
  }
}

static void a_faulty_inline_machine_is_an_error_when_it_is_invoked(void **state) {
  (void)state;
  must_end_as(RUN("<invoke>" CHILD("<state id='c'><transition event='e' target='nowhere'/></state>")
                  "</invoke>", "<transition event='error.execution' target='pass'/>"),
              MACHINE_LENIENT, "pass");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_forwarded_event_counts_as_taken_and_acts),
      cmocka_unit_test(an_unmet_requirement_of_a_child_refuses_a_forwarded_event),
      cmocka_unit_test(delayed_sends_and_deadlines_of_children_are_seen_and_fired),
      cmocka_unit_test(a_snapshot_holds_all_of_the_children),
      cmocka_unit_test(a_fetched_machine_is_woken_without_fetching),
      cmocka_unit_test(a_snapshot_with_a_child_that_does_not_fit_is_refused),
      cmocka_unit_test(each_fault_is_reported_at_its_place),
      cmocka_unit_test(a_faulty_inline_machine_is_an_error_when_it_is_invoked),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
