/* SPDX-License-Identifier: Apache-2.0 */
/* Simulating a document on a virtual clock, and drawing it. */
#include "renkei.h"

#include "analysis-files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#define REGISTRATION "workflows/fujisawa/member-registration.scxml"
#define HEAD "<scxml xmlns='http://www.w3.org/2005/07/scxml' version='1.0' datamodel='xpath'>"

/* What came of a run. */
typedef struct {
  RkStatus status;
  char *final, *waiting, *code;
  GString *trace;
} Outcome;

static void note(gpointer user, const char *what, const char *detail) {
  g_string_append_printf(user, "%s %s\n", what, detail);
}

static Outcome simulate(const char *path, const char *const *events) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  Outcome out = {.trace = g_string_new(NULL)};
  out.status = rk_workflow_simulate(path, events, FALSE, note, out.trace, &out.final, &out.waiting,
                                    diags);
  out.code = g_strdup(rk_diags_count(diags) ? rk_diags_get(diags, 0)->code : NULL);
  return out;
}

static void outcome_clear(Outcome *out) {
  g_free(out->final);
  g_free(out->waiting);
  g_free(out->code);
  g_string_free(out->trace, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Outcome, outcome_clear)

static Outcome simulate_text(const char *text, const char *const *events) {
  g_autofree char *folder = scratch_new(), *path = scratch_file(folder, "m.scxml", text);
  Outcome out = simulate(path, events);
  scratch_remove(folder);
  return out;
}

static void the_shipped_registration_ends_well(void **state) {
  (void)state;
  g_autofree char *path = shipped_file(REGISTRATION);
  const char *const events[] = {"request.faxed", "member.confirmed", "password.issued",
                                "id.delivered", "association.notified", NULL};
  g_auto(Outcome) out = simulate(path, events);
  assert_int_equal(out.status, RK_OK);
  assert_string_equal(out.final, "active");
  assert_null(out.waiting);
  assert_null(strstr(out.trace->str, "issue.overdue"));
}

static void what_waits_is_told(void **state) {
  (void)state;
  g_autofree char *path = shipped_file(REGISTRATION);
  const char *const events[] = {"request.faxed", "member.confirmed", "password.issued", NULL};
  g_auto(Outcome) out = simulate(path, events);
  assert_int_equal(out.status, RK_OK);
  assert_null(out.final);
  assert_string_equal(out.waiting, "association-waiting delivery-waiting");
}

static void an_event_nobody_waits_for_changes_nothing(void **state) {
  (void)state;
  g_autofree char *path = shipped_file(REGISTRATION);
  const char *const events[] = {"password.issued", NULL};
  g_auto(Outcome) out = simulate(path, events);
  assert_int_equal(out.status, RK_OK);
  assert_string_equal(out.waiting, "draft");
  assert_non_null(strstr(out.trace->str, "ignored password.issued"));
}

static void the_norm_of_one_week_is_not_counted_anew(void **state) {
  (void)state;
  g_autofree char *path = shipped_file(REGISTRATION);
  const char *const in_time[] = {"request.faxed", "member.confirmed", "+P3D", "password.issued",
                                 "+P2D", "association.notified", "id.delivered", NULL};
  const char *const late[] = {"request.faxed", "member.confirmed", "+P3D", "password.issued",
                              "+P5D", "association.notified", "id.delivered", NULL};
  g_auto(Outcome) good = simulate(path, in_time);
  g_auto(Outcome) overdue = simulate(path, late);
  assert_string_equal(good.final, "active");
  assert_null(strstr(good.trace->str, "issue.overdue"));
  assert_string_equal(overdue.final, "active");
  assert_non_null(strstr(overdue.trace->str, "issue.overdue"));
}

static void delayed_sends_fire_in_due_order_after_the_last_event(void **state) {
  (void)state;
  g_auto(Outcome) out = simulate_text(
      HEAD "<state id='a'><onentry><send event='late' delay='2s'/><send event='early' delay='1s'/>"
           "</onentry><transition event='early' target='b'/><transition event='late' target='bad'/>"
           "</state><state id='b'><transition event='late' target='good'/></state>"
           "<final id='good'/><final id='bad'/></scxml>",
      NULL);
  assert_int_equal(out.status, RK_OK);
  assert_string_equal(out.final, "good");
}

static void a_document_that_rings_for_ever_is_stopped(void **state) {
  (void)state;
  g_auto(Outcome) out = simulate_text(
      HEAD "<state id='a'><onentry><send event='ring' delay='1s'/></onentry>"
           "<transition event='ring' target='a'/></state></scxml>",
      NULL);
  assert_int_equal(out.status, RK_INVALID);
  assert_string_equal(out.code, "AN020");
  assert_null(out.final);
  assert_null(out.waiting);
}

static void a_wrong_time_to_wait_is_a_wrong_call(void **state) {
  (void)state;
  const char *const events[] = {"+soon", NULL};
  g_auto(Outcome) out = simulate_text(HEAD "<state id='a'/></scxml>", events);
  assert_int_equal(out.status, RK_USAGE);
  assert_string_equal(out.code, "AN021");
}

static void a_faulty_document_is_not_run_and_not_drawn(void **state) {
  (void)state;
  static const char text[] = HEAD "<state id='a'><transition event='x' target='nowhere'/></state></scxml>";
  g_auto(Outcome) out = simulate_text(text, NULL);
  g_autofree char *folder = scratch_new(), *path = scratch_file(folder, "m.scxml", text);
  char *dot = NULL;
  assert_int_equal(out.status, RK_INVALID);
  assert_int_equal(rk_workflow_graph(path, &dot, NULL), RK_INVALID);
  assert_null(dot);
  scratch_remove(folder);
}

static char *draw(const char *path) {
  char *dot = NULL;
  assert_int_equal(rk_workflow_graph(path, &dot, NULL), RK_OK);
  return dot;
}

static guint count(const char *text, const char *word) {
  guint n = 0;
  for (const char *p = text; (p = strstr(p, word)); p += strlen(word))
    n++;
  return n;
}

static void every_transition_is_drawn_once_with_step_title_and_actor(void **state) {
  (void)state;
  g_autofree char *path = shipped_file(REGISTRATION), *dot = draw(path);
  static const char *const events[] = {"request.faxed", "member.confirmed", "member.denied",
                                       "form.incomplete", "form.resubmitted", "password.issued",
                                       "association.notified", "id.delivered"};
  for (guint i = 0; i < G_N_ELEMENTS(events); i++)
    assert_int_equal(count(dot, events[i]), 1);
  assert_non_null(strstr(dot, "③ 必要書類を医師会事務局へ FAX 送信\\nrequest.faxed\\n(医療機関（医師会会員）)"));
  assert_int_equal(count(dot, "subgraph"), 4);
  assert_int_equal(count(dot, "peripheries=2"), 4);
}

static void a_deadline_and_what_it_causes_are_dashed(void **state) {
  (void)state;
  g_autofree char *path = shipped_file(REGISTRATION), *dot = draw(path);
  assert_non_null(strstr(dot, "[shape=note, style=dashed, label=\"ID・パスワードの発行の目安"));
  assert_int_equal(count(dot, "issue.overdue\", style=dashed]"), 1);
}

static void quotes_and_backslashes_in_words_do_not_break_the_drawing(void **state) {
  (void)state;
  g_autofree char *folder = scratch_new();
  g_autofree char *path = scratch_file(
      folder, "m.scxml",
      "<scxml xmlns='http://www.w3.org/2005/07/scxml' xmlns:rk='urn:renkei:workflow:1' "
      "version='1.0' datamodel='xpath'><state id='a' rk:title='say \"x\" \\ or'>"
      "<transition event='e' cond='1 &lt; 2' target='b'/></state><final id='b'/></scxml>");
  g_autofree char *dot = draw(path);
  assert_non_null(strstr(dot, "say \\\"x\\\" \\\\ or"));
  assert_non_null(strstr(dot, "e [1 < 2]"));
  scratch_remove(folder);
}

static void graphviz_reads_the_drawing_without_complaint(void **state) {
  (void)state;
  g_autofree char *program = g_find_program_in_path("dot");
  if (!program)
    skip();
  g_autofree char *source = shipped_file(REGISTRATION), *dot = draw(source);
  g_autofree char *folder = scratch_new(), *path = scratch_file(folder, "m.dot", dot);
  char *argv[] = {program, (char *)"-Tsvg", path, NULL};
  g_autofree char *svg = NULL, *complaints = NULL;
  int ended = -1;
  assert_true(g_spawn_sync(NULL, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &svg, &complaints,
                           &ended, NULL));
  scratch_remove(folder);
  assert_int_equal(ended, 0);
  assert_null(strstr(complaints, "rror"));
  assert_null(strstr(complaints, "cluster"));
  assert_non_null(strstr(svg, "</svg>"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_shipped_registration_ends_well),
      cmocka_unit_test(what_waits_is_told),
      cmocka_unit_test(an_event_nobody_waits_for_changes_nothing),
      cmocka_unit_test(the_norm_of_one_week_is_not_counted_anew),
      cmocka_unit_test(delayed_sends_fire_in_due_order_after_the_last_event),
      cmocka_unit_test(a_document_that_rings_for_ever_is_stopped),
      cmocka_unit_test(a_wrong_time_to_wait_is_a_wrong_call),
      cmocka_unit_test(a_faulty_document_is_not_run_and_not_drawn),
      cmocka_unit_test(every_transition_is_drawn_once_with_step_title_and_actor),
      cmocka_unit_test(a_deadline_and_what_it_causes_are_dashed),
      cmocka_unit_test(quotes_and_backslashes_in_words_do_not_break_the_drawing),
      cmocka_unit_test(graphviz_reads_the_drawing_without_complaint),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
