/* SPDX-License-Identifier: Apache-2.0 */
/* Running: the extension namespace, time, snapshots, and the traps of the library below. */
#include "base/date.h"
#include "machine-run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#define HEAD                                                                                   \
  "<scxml xmlns='http://www.w3.org/2005/07/scxml' xmlns:rk='urn:renkei:workflow:1'"            \
  " version='1.0' datamodel='xpath' name='t'>"
#define TAIL "<final id='pass'/><final id='fail'/></scxml>"
#define DESK                                                                                   \
  "<rk:procedure municipality='m'><rk:role id='us' title='U'/><rk:role id='them' title='T'/>"  \
  "<rk:uses form='f-1'/></rk:procedure>"

static Machine *load(const char *body) {
  Machine *machine = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autofree char *text = g_strconcat(HEAD, body, TAIL, NULL);
  if (machine_load(&machine, text, strlen(text), "t", MACHINE_STRICT, diags) != RK_OK)
    fail_msg("%s", rk_diags_get(diags, 0)->message);
  return machine;
}

static void must_pass(const char *body) {
  g_autoptr(Machine) machine = load(body);
  g_autofree char *straight = run_to_end(machine, FALSE, NULL);
  g_autofree char *restored = run_to_end(machine, TRUE, NULL);
  if (!g_str_equal(straight, "pass") || !g_str_equal(restored, "pass"))
    fail_msg("ended in %s and %s: %s", straight, restored, body);
}

/* ------------------------------------------------------------------------- traps */

static void numbers_above_two_to_the_31st_have_no_exponent(void **state) {
  (void)state;
  must_pass("<datamodel><data id='n' expr='3000000000'/><data id='m' expr='0.1'/></datamodel>"
            "<state id='s'>"
            "<transition cond=\"$n != '3000000000'\" target='fail'/>"
            "<transition cond=\"concat('x', 1700000000000) != 'x1700000000000'\" target='fail'/>"
            "<transition cond=\"string(2147483648) != '2147483648'\" target='fail'/>"
            "<transition cond=\"$m != '0.1'\" target='fail'/>"
            "<transition target='pass'/></state>");
}

static void ampersands_survive(void **state) {
  (void)state;
  must_pass("<datamodel><data id='t'>A &amp; B</data><data id='u'/></datamodel>"
            "<state id='s'><onentry><assign location='$u' expr='$t'/></onentry>"
            "<transition cond=\"$u = 'A &amp; B' and $t = 'A &amp; B'\" target='pass'/>"
            "<transition target='fail'/></state>");
}

static void inline_data_has_no_namespace(void **state) {
  (void)state;
  must_pass("<datamodel><data id='o'><order><line>7</line></order></data></datamodel>"
            "<state id='s'><transition cond='$o/order/line = 7' target='pass'/>"
            "<transition target='fail'/></state>");
}

static void a_deleted_foreach_item_does_no_harm(void **state) {
  (void)state;
  must_pass("<datamodel><data id='l'><n>1</n><n>2</n><n>3</n></data></datamodel>"
            "<state id='s'><onentry><foreach array='$l/n' item='i'>"
            "<assign location='$l/n[1]' type='delete'/><log expr='$i'/></foreach></onentry>"
            "<transition cond='count($l/n) = 0 and $i = 3' target='pass'/>"
            "<transition target='fail'/></state>");
}

static void overlapping_targets_are_deleted_once(void **state) {
  (void)state;
  must_pass("<datamodel><data id='l'><a><b><c/></b></a></data></datamodel>"
            "<state id='s'><onentry><assign location='$l//*' type='delete'/></onentry>"
            "<transition cond='count($l//*) = 0' target='pass'/>"
            "<transition target='fail'/></state>");
}

static void what_holds_the_data_together_cannot_be_assigned(void **state) {
  (void)state;
  static const char *const bad[] = {
      "location='/datamodel' expr='1'", "location='/datamodel' type='lastchild' expr='1'",
      "location='$d/@id' expr=\"'e'\"", "location='$d/@id' type='delete'",
      "location='$d' type='addattribute' attr='id' expr=\"'e'\"", "location='$d' type='delete'",
      "location='$_sessionid' expr='1'", "location='//processor' type='delete'"};
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autofree char *body = g_strdup_printf(
        "<datamodel><data id='d' expr='5'/></datamodel><state id='s'><onentry><assign %s/></onentry>"
        "<transition event='error.execution' cond='$d = 5' target='pass'/>"
        "<transition event='*' target='fail'/></state>", bad[i]);
    must_pass(body);
  }
}

static void a_runaway_loop_ends_in_words(void **state) {
  (void)state;
  g_autoptr(Machine) machine = load("<state id='a'><transition target='b'/></state>"
                                    "<state id='b'><transition target='a'/></state>");
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(Session) session = session_new(machine, NULL);
  assert_int_equal(session_start(session, 0, diags), RK_INVALID);
  assert_string_equal(rk_diags_get(diags, 0)->code, "WF100");
}

static void a_costly_expression_is_an_error_not_a_hang(void **state) {
  (void)state;
  GString *body = g_string_new("<datamodel><data id='d'>");
  for (int i = 0; i < 1000; i++)
    g_string_append(body, "<x/>");
  g_string_append(body, "</data></datamodel><state id='s'><transition cond='"
                        "count(//*[count(//*[count(//*)>0])>0]) > 0' target='fail'/>"
                        "<transition event='error.execution' target='pass'/></state>");
  g_autoptr(Machine) machine = load(body->str);
  g_autofree char *states = run_to_end(machine, FALSE, NULL);
  assert_string_equal(states, "pass");
  g_string_free(body, TRUE);
}

static void must_be_too_much(const char *body) {
  g_autoptr(Machine) machine = load(body);
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(Session) session = session_new(machine, NULL);
  assert_int_equal(session_start(session, 0, diags), RK_INVALID);
  assert_string_equal(rk_diags_get(diags, 0)->code, "WF106");
}

static void loops_in_loops_end_in_words(void **state) {
  (void)state;
  g_autoptr(GString) list = g_string_new("<datamodel><data id='l'>");
  for (int i = 0; i < 2000; i++)
    g_string_append(list, "<x/>");
  g_string_append(list, "</data></datamodel><state id='s'><onentry><foreach array='$l/x' item='a'>"
                        "<foreach array='$l/x' item='b'><foreach array='$l/x' item='c'/></foreach>"
                        "</foreach></onentry></state>");
  must_be_too_much(list->str);
}

static void data_that_doubles_ends_in_words(void **state) {
  (void)state;
  static const char *const growing[] = {
      "<assign location='$d' type='lastchild' expr='$d/x'/>",
      "<assign location='$t' expr='concat($t, $t)'/>",
      "<assign location='$t' expr='$t | $_sessionid'/>",
      "<send event='e' delay='1s'><param name='p' expr='$l'/></send>",
  };
  for (guint i = 0; i < G_N_ELEMENTS(growing); i++) {
    g_autoptr(GString) body = g_string_new("<datamodel><data id='d'><x/></data>"
                                           "<data id='t'>text</data><data id='l'>");
    for (int k = 0; k < 1000; k++)
      g_string_append(body, "<x/>");
    g_string_append_printf(body, "</data></datamodel><state id='s'><onentry>"
                                 "<foreach array='$l/x' item='i'>"
                                 "<foreach array='$l/x' item='k'>%s</foreach></foreach>"
                                 "</onentry></state>", growing[i]);
    must_be_too_much(body->str);
  }
}

static void data_cannot_become_too_deep_to_be_read_again(void **state) {
  (void)state;
  g_autoptr(Machine) machine =
      load("<datamodel><data id='d'><x/></data></datamodel>"
           "<state id='s'><transition event='e'>"
           "<assign location='$d//*[not(*)]' type='lastchild' expr='$d/x'/></transition>"
           "<transition event='error.execution' target='pass'/></state>");
  g_autoptr(Session) session = session_new(machine, NULL);
  SessionEvent event = {.name = "e"};
  assert_int_equal(session_start(session, 0, NULL), RK_OK);
  for (int i = 0; i < 20 && !session_finished(session); i++) {
    assert_int_equal(session_deliver(session, &event, NULL), RK_OK);
    g_autoptr(GBytes) snapshot = session_save(session);
    Session *woken = NULL;
    assert_int_equal(session_restore(&woken, machine, NULL, snapshot, NULL), RK_OK);
    session_free(woken);
  }
  assert_true(session_in(session, "pass"));
}

/* -------------------------------------------------------------------- extensions */

typedef struct {
  gboolean allow;
  int effects, asked;
  char *last;
} Host;

static gboolean on_require(gpointer user, GHashTable *attributes, const DiagPlace *place,
                           RkDiags *reasons) {
  Host *host = user;
  (void)place;
  host->asked++;
  if (!host->allow)
    diags_add(reasons, DIAG_WF_REQUIRE_TEST, NULL, g_hash_table_lookup(attributes, "form"), NULL);
  return host->allow;
}

static RkStatus on_effect(gpointer user, const SessionEffect *effect, GPtrArray *raise,
                          RkDiags *diags) {
  Host *host = user;
  (void)diags;
  host->effects++;
  g_free(host->last);
  host->last = g_strdup_printf("%s %s %s", effect->element,
                               (char *)g_hash_table_lookup(effect->attributes, "to"), effect->by);
  g_ptr_array_add(raise, g_strdup("form.f-1.complete"));
  return RK_OK;
}

static char *on_ask(gpointer user, const char *kind, const char *const *arguments) {
  (void)user;
  if (g_str_equal(kind, "rows"))
    return g_strdup(arguments[1]);
  return g_str_equal(kind, "field") ? g_strdup(arguments[1]) : NULL;
}

static const char *const procedure =
    DESK "<state id='a'><transition event='go' target='b' rk:by='us'>"
         "<rk:require form='f-1' state='complete'/>"
         "<rk:require test=\"rk:field('f-1','x') = 'x'\" message='never'/>"
         "<rk:send-paper form='f-1' to='them' channel='fax'/></transition></state>"
         "<state id='b'><rk:deadline after='P7D' event='late'/>"
         "<transition event='form.f-1.complete' target='c'/></state>"
         "<state id='c'><rk:deadline after='P7D' event='late'/>"
         "<transition event='late' target='fail'/><transition event='done' target='pass'/></state>";

static Session *start(Machine *machine, Host *host) {
  SessionHost callbacks = {.ask = on_ask, .require = on_require, .effect = on_effect, .user = host};
  Session *session = session_new(machine, &callbacks);
  assert_int_equal(session_start(session, 0, NULL), RK_OK);
  return session;
}

static void a_failing_requirement_refuses_and_changes_nothing(void **state) {
  (void)state;
  g_autoptr(Machine) machine = load(procedure);
  Host host = {0};
  g_autoptr(Session) session = start(machine, &host);
  g_autoptr(GBytes) before = session_save(session);
  g_autoptr(RkDiags) diags = rk_diags_new();
  SessionEvent event = {.name = "go", .time = 5};
  assert_int_equal(session_deliver(session, &event, diags), RK_REFUSED);
  assert_int_equal(rk_diags_count(diags), 1);
  g_autoptr(GBytes) after = session_save(session);
  assert_true(g_bytes_equal(before, after));
  assert_int_equal(host.effects, 0);
}

static void effects_reach_the_host_and_raise_in_the_same_macrostep(void **state) {
  (void)state;
  g_autoptr(Machine) machine = load(procedure);
  Host host = {.allow = TRUE};
  g_autoptr(Session) session = start(machine, &host);
  SessionEvent event = {.name = "go", .time = 5};
  assert_int_equal(session_deliver(session, &event, NULL), RK_OK);
  assert_true(session_taken(session));
  assert_true(session_in(session, "c"));
  assert_string_equal(host.last, "send-paper them us");
  g_free(host.last);
}

static void an_event_nobody_waits_for_is_not_taken(void **state) {
  (void)state;
  g_autoptr(Machine) machine = load(procedure);
  Host host = {.allow = TRUE};
  g_autoptr(Session) session = start(machine, &host);
  SessionEvent event = {.name = "done", .time = 5};
  assert_int_equal(session_deliver(session, &event, NULL), RK_OK);
  assert_false(session_taken(session));
}

static void choices_tell_what_is_missing(void **state) {
  (void)state;
  g_autoptr(Machine) machine = load(procedure);
  Host host = {0};
  g_autoptr(Session) session = start(machine, &host);
  g_autoptr(GPtrArray) choices = session_choices(session, 0);
  assert_int_equal(choices->len, 1);
  const SessionChoice *choice = choices->pdata[0];
  assert_string_equal(choice->transition.event, "go");
  assert_int_equal(rk_diags_count(choice->reasons), 1);
}

static void a_deadline_ends_with_its_state(void **state) {
  (void)state;
  g_autoptr(Machine) machine = load(procedure);
  Host host = {.allow = TRUE};
  g_autoptr(Session) session = start(machine, &host);
  SessionEvent go = {.name = "go", .time = 0}, done = {.name = "done", .time = 1};
  assert_int_equal(session_deliver(session, &go, NULL), RK_OK);
  /* 1970-01-08 24:00 in Japan: b's deadline went with b, c's runs. */
  assert_int_equal(session_next_due(session), 7 * TIME_DAY + 15 * 3600 * TIME_SECOND);
  assert_int_equal(session_deliver(session, &done, NULL), RK_OK);
  assert_true(session_finished(session));
  assert_int_equal(session_next_due(session), G_MAXINT64);
  g_free(host.last);
}

static void a_deadline_by_a_day_is_due_when_the_day_ends(void **state) {
  (void)state;
  g_autoptr(Machine) machine =
      load("<datamodel><data id='day' expr=\"'1970-02-28'\"/></datamodel>"
           "<state id='a'><rk:deadline by='$day' event='late'/>"
           "<transition event='late' target='pass'/><transition event='x' target='fail'/></state>");
  g_autoptr(Session) session = session_new(machine, NULL);
  assert_int_equal(session_start(session, 0, NULL), RK_OK);
  assert_int_equal(session_next_due(session), 58 * TIME_DAY + 15 * 3600 * TIME_SECOND);
}

static void a_timer_fires_at_its_due_time(void **state) {
  (void)state;
  g_autoptr(Machine) machine = load(procedure);
  Host host = {.allow = TRUE};
  g_autoptr(Session) session = start(machine, &host);
  SessionEvent go = {.name = "go", .time = 0};
  gboolean fired = FALSE;
  g_autofree char *name = NULL;
  assert_int_equal(session_deliver(session, &go, NULL), RK_OK);
  assert_int_equal(session_fire_due(session, TIME_DAY, &fired, NULL, NULL), RK_OK);
  assert_false(fired);
  assert_int_equal(session_fire_due(session, 30 * TIME_DAY, &fired, &name, NULL), RK_OK);
  assert_true(fired);
  assert_string_equal(name, "late");
  assert_true(session_in(session, "fail"));
  g_free(host.last);
}

static void foreach_goes_over_as_many_rows_as_the_host_counts(void **state) {
  (void)state;
  static const struct {
    const char *rows, *text;
    gboolean fails;
  } cases[] = {{"0", ":", FALSE}, {"3", ":123", FALSE}, {"10001", ":", TRUE}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *body = g_strdup_printf(
        "<datamodel><data id='t'>:</data></datamodel><state id='s'><onentry>"
        "<foreach array=\"rk:each-row('f-1', '%s')\" item='row' index='n'>"
        "<assign location='$t' expr=\"concat($t, $row, $n)\"/></foreach></onentry>"
        "<transition event='error.execution' target='fail'/>"
        "<transition event='e' target='pass'/></state>", cases[i].rows);
    g_autoptr(Machine) machine = load(body);
    Host host = {0};
    g_autoptr(Session) session = start(machine, &host);
    g_autofree char *text = session_data_text(session, "t");
    assert_string_equal(text, cases[i].text);
    assert_int_equal(session_in(session, "fail"), cases[i].fails);
    g_autoptr(GBytes) snapshot = session_save(session);
    Session *woken = NULL;
    assert_int_equal(session_restore(&woken, machine, NULL, snapshot, NULL), RK_OK);
    session_free(woken);
  }
}

static void a_foreign_snapshot_is_refused(void **state) {
  (void)state;
  g_autoptr(Machine) machine = load(procedure);
  static const char *const bad[] = {
      "not xml", "<session/>",
      "<s:session xmlns:s='urn:renkei:session:1' machine='other' status='running'/>",
      ("<s:session xmlns:s='urn:renkei:session:1' machine='t' status='running'>"
       "<s:active>nowhere</s:active></s:session>"),
      ("<s:session xmlns:s='urn:renkei:session:1' machine='t' status='finished'>"
       "<s:delayed due='1' order='1' id='x' event='e'/></s:session>")};
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    Session *session = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new_static(bad[i], strlen(bad[i]));
    assert_int_equal(session_restore(&session, machine, NULL, bytes, NULL), RK_INVALID);
    assert_null(session);
  }
}

/* A history that held itself, or a state elsewhere, would lead astray when it is a target. */
static void a_history_in_a_snapshot_holds_only_what_it_can(void **state) {
  (void)state;
  g_autoptr(Machine) machine =
      load("<state id='a'><history id='h'><transition target='b'/></history><state id='b'/>"
           "<transition event='e' target='h'/></state><state id='c'/>");
  static const struct {
    const char *held;
    RkStatus status;
  } cases[] = {{"b", RK_OK}, {"h", RK_INVALID}, {"a", RK_INVALID}, {"c", RK_INVALID}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(
        "<s:session xmlns:s='urn:renkei:session:1' machine='t' status='running'><s:active>a b"
        "</s:active><s:history state='h'>%s</s:history></s:session>", cases[i].held);
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    g_autoptr(Session) session = NULL;
    assert_int_equal(session_restore(&session, machine, NULL, bytes, NULL), cases[i].status);
  }
}

static void data_given_from_outside_replaces_the_own(void **state) {
  (void)state;
  g_autoptr(Machine) machine = load("<datamodel><data id='who' expr=\"'nobody'\"/></datamodel>"
                                    "<state id='s'><transition event='e' target='pass'/></state>");
  g_autoptr(Session) session = session_new(machine, NULL);
  assert_int_equal(session_set_data(session, "who", "架空 & 花子", NULL), RK_OK);
  assert_int_equal(session_set_data(session, "what", "x", NULL), RK_INVALID);
  assert_int_equal(session_start(session, 0, NULL), RK_OK);
  g_autofree char *text = session_data_text(session, "who");
  assert_string_equal(text, "架空 & 花子");
}

static char *answer_of_another(gpointer user, const char *kind, const char *const *arguments) {
  gboolean holds = FALSE;
  (void)kind, (void)arguments;
  assert_int_equal(session_eval_boolean(user, "$n = 2 and not(rk:today() = '')", 0, &holds, NULL), RK_OK);
  return g_strdup(holds ? "2" : "other");
}

static void a_question_may_be_answered_by_an_evaluation_of_the_same_machine(void **state) {
  (void)state;
  g_autoptr(Machine) machine = load("<datamodel><data id='n'/></datamodel><state id='s'/>");
  g_autoptr(Session) other = session_new(machine, NULL);
  SessionHost host = {.ask = answer_of_another, .user = other};
  g_autoptr(Session) session = session_new(machine, &host);
  gboolean holds = FALSE;
  assert_int_equal(session_set_data(other, "n", "2", NULL), RK_OK);
  assert_int_equal(session_set_data(session, "n", "1", NULL), RK_OK);
  assert_int_equal(session_start(other, 0, NULL), RK_OK);
  assert_int_equal(session_start(session, 0, NULL), RK_OK);
  assert_int_equal(
      session_eval_boolean(session, "$n = 1 and rk:form('f') = 2 and $n = 1", 0, &holds, NULL), RK_OK);
  assert_true(holds);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers_above_two_to_the_31st_have_no_exponent),
      cmocka_unit_test(ampersands_survive),
      cmocka_unit_test(inline_data_has_no_namespace),
      cmocka_unit_test(a_deleted_foreach_item_does_no_harm),
      cmocka_unit_test(overlapping_targets_are_deleted_once),
      cmocka_unit_test(what_holds_the_data_together_cannot_be_assigned),
      cmocka_unit_test(a_runaway_loop_ends_in_words),
      cmocka_unit_test(a_costly_expression_is_an_error_not_a_hang),
      cmocka_unit_test(loops_in_loops_end_in_words),
      cmocka_unit_test(data_that_doubles_ends_in_words),
      cmocka_unit_test(data_cannot_become_too_deep_to_be_read_again),
      cmocka_unit_test(a_failing_requirement_refuses_and_changes_nothing),
      cmocka_unit_test(effects_reach_the_host_and_raise_in_the_same_macrostep),
      cmocka_unit_test(an_event_nobody_waits_for_is_not_taken),
      cmocka_unit_test(choices_tell_what_is_missing),
      cmocka_unit_test(a_deadline_ends_with_its_state),
      cmocka_unit_test(a_deadline_by_a_day_is_due_when_the_day_ends),
      cmocka_unit_test(a_timer_fires_at_its_due_time),
      cmocka_unit_test(foreach_goes_over_as_many_rows_as_the_host_counts),
      cmocka_unit_test(a_foreign_snapshot_is_refused),
      cmocka_unit_test(a_history_in_a_snapshot_holds_only_what_it_can),
      cmocka_unit_test(data_given_from_outside_replaces_the_own),
      cmocka_unit_test(a_question_may_be_answered_by_an_evaluation_of_the_same_machine),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
