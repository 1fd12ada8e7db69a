/* SPDX-License-Identifier: Apache-2.0 */
/* Faulty documents: each fault at its place, with what to do; all of them at once. */
#include "machine-run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#define HEAD                                                                                   \
  "<scxml xmlns='http://www.w3.org/2005/07/scxml' xmlns:rk='urn:renkei:workflow:1'"            \
  " version='1.0' datamodel='xpath'>\n"
#define TAIL "\n</scxml>"

static RkStatus load(const char *text, MachineMode mode, RkDiags *diags) {
  g_autoptr(Machine) machine = NULL;
  return machine_load(&machine, text, strlen(text), "t.scxml", mode, diags);
}

static const struct {
  const char *body, *code;
  int line, column;
  const char *remedy; /* part of it, or NULL */
} faults[] = {
    {"<state id='a'><transiton target='a'/></state>", "WF010", 2, 15, "transition"},
    {"<state id='a'><transition traget='a'/></state>", "WF011", 2, 15, "'target'"},
    {"<state id='a'>\n <raise event='x'/></state>", "WF010", 3, 2, NULL},
    {"<state id='a'><onentry><raise/></onentry></state>", "WF012", 2, 24, "event"},
    {"<state id='a'><transition event='e' target='aa'/></state>", "WF021", 2, 15, "'a'"},
    {"<state id='a'/><state id='a'/>", "WF020", 2, 16, NULL},
    {"<script>1</script>", "WF004", 2, 1, NULL},
    {"<state id='a'><transition event='.x' target='a'/></state>", "WF025", 2, 15, NULL},
    {"<state id='a'><transition/></state>", "WF024", 2, 15, NULL},
    {"<state id='a'><transition cond='1 +' target='a'/></state>", "WF030", 2, 15, NULL},
    {"<state id='a'><transition cond='$nmae' target='a'/></state>"
     "<datamodel><data id='name'/></datamodel>", "WF031", 2, 15, "'name'"},
    {"<state id='a'><transition cond='cuont(1)' target='a'/></state>", "WF032", 2, 15, "'count'"},
    {"<state id='a'><transition cond=\"In('b')\" target='a'/></state>", "WF021", 2, 15, NULL},
    {"<state id='a'><transition event='e' target='b c'/></state><state id='b'/><state id='c'/>",
     "WF022", 2, 15, NULL},
    {"<state id='a' initial='b'><state id='c'/></state><state id='b'/>", "WF023", 2, 1, NULL},
    {"<state id='a'><history id='h'/></state>", "WF026", 2, 15, NULL},
    {"<state id='a'><history id='h'><transition target='h'/></history><state id='b'/></state>",
     "WF028", 2, 31, NULL},
    {"<state id='a' initial='h'><history id='h'><transition target='a'/></history>"
     "<state id='b'/></state>", "WF028", 2, 43, NULL},
    {"<state id='a'><history id='h'><transition target='c'/></history><state id='b'/></state>"
     "<state id='c'/>", "WF028", 2, 31, NULL},
    {"<state id='a'><history id='h'><transition target='i'/></history>"
     "<history id='i'><transition target='h'/></history><state id='b'/></state>", "WF028", 2, 31,
     NULL},
    {"<state id='a'>text</state>", "WF014", 2, 1, NULL},
    {"<state id='a' rk:titel='x'/>", "WF011", 2, 1, "'title'"},
    {"<state id='a'><transition event='e'><rk:ask name='n' title='t' required='false'/></transition></state>",
     "WF013", 2, 37, "yes no"},
    {"<state id='a'><transition event='e'><rk:require register='r' state='s' absent='no'/></transition></state>",
     "WF013", 2, 37, "yes"},
    {"<datamodel><data id='d' rk:input='yes'/></datamodel><state id='a'/>", "WF013", 2, 12, "required optional"},
    {"<datamodel><data id='d' rk:public=''/></datamodel><state id='a'/>", "WF013", 2, 12, "yes no"},
    {"<state id='a'><rk:dedline after='P1D' event='e'/></state>", "WF010", 2, 15, "deadline"},
    {"<state id='a'><transition event='e' rk:by='nobody'/></state>", "WF050", 2, 15, NULL},
    {"<state id='a'><transition event='e'><rk:require form='f' test='1' message='m'/>"
     "</transition></state>", "WF052", 2, 37, NULL},
    {"<state id='a'><transition event='e'><rk:send-paper form='f' to='r' channel='fax'/>"
     "</transition></state>", "WF050", 2, 37, NULL},
    {"<state id='a'><rk:deadline event='e'/></state>", "WF054", 2, 15, NULL},
    {"<state id='a'><rk:deadline event='e' after='7 days'/></state>", "WF034", 2, 15, "P7D"},
    {"<state id='a'><rk:deadline event='e' after='P7D' calendar='moon'/></state>", "WF055", 2, 15,
     NULL},
    {"<rk:procedure municipality='m'><rk:rule id='r'><rk:precedes first='x' then='y'/></rk:rule>"
     "</rk:procedure><state id='a'/>", "WF053", 2, 48, NULL},
};

static void each_fault_is_reported_at_its_place(void **state) {
  (void)state;
  for (guint i = 0; i < G_N_ELEMENTS(faults); i++) {
    g_autoptr(RkDiags) diags = rk_diags_new();
    g_autofree char *text = g_strconcat(HEAD, faults[i].body, TAIL, NULL);
    assert_int_equal(load(text, MACHINE_STRICT, diags), RK_INVALID);
    const RkDiag *found = NULL;
    for (guint k = 0; k < rk_diags_count(diags) && !found; k++)
      if (g_str_equal(rk_diags_get(diags, k)->code, faults[i].code))
        found = rk_diags_get(diags, k);
    if (!found)
      fail_msg("no %s for %s", faults[i].code, faults[i].body);
    assert_string_equal(found->file, "t.scxml");
    if (found->line != faults[i].line || found->column != faults[i].column)
      fail_msg("%s at %d:%d for %s", found->code, found->line, found->column, faults[i].body);
    if (faults[i].remedy && !strstr(found->remedy, faults[i].remedy))
      fail_msg("remedy '%s' for %s", found->remedy, faults[i].body);
  }
}

static void all_faults_are_reported_at_once(void **state) {
  (void)state;
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(load(HEAD "<state id='a'><transition event='e' target='x'/>\n"
                             "<transition cond='1 +' target='y'/>\n<onentri/></state>" TAIL,
                        MACHINE_STRICT, diags),
                   RK_INVALID);
  assert_int_equal(rk_diags_count(diags), 4);
}

static void other_roots_models_and_versions_are_refused(void **state) {
  (void)state;
  static const struct {
    const char *text, *code;
  } cases[] = {
      {"<html/>", "WF001"},
      {"<scxml xmlns='http://www.w3.org/2005/07/scxml' version='2.0'><state id='a'/></scxml>",
       "WF002"},
      {"<scxml xmlns='http://www.w3.org/2005/07/scxml' version='1.0' datamodel='ecmascript'>"
       "<state id='a'/></scxml>", "WF003"},
      {"<scxml xmlns='http://www.w3.org/2005/07/scxml' datamodel='xpath'><state id='a'/></scxml>",
       "WF012"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(RkDiags) diags = rk_diags_new();
    assert_int_equal(load(cases[i].text, MACHINE_STRICT, diags), RK_INVALID);
    assert_string_equal(rk_diags_get(diags, 0)->code, cases[i].code);
  }
}

static const char *const null_head =
    "<scxml xmlns='http://www.w3.org/2005/07/scxml' version='1.0' datamodel='null'>\n";

static void the_null_model_refuses_all_expressions_but_in(void **state) {
  (void)state;
  static const struct {
    const char *body, *code;
  } bad[] = {
      {"<state id='a'><transition cond='1 = 1' target='a'/></state>", "WF035"},
      {"<state id='a'><transition cond=\"not(In('a'))\" target='a'/></state>", "WF035"},
      {"<state id='a'><onentry><log expr='1'/></onentry></state>", "WF035"},
      {"<state id='a'><onentry><assign location='$x' expr='1'/></onentry></state>", "WF035"},
      {"<state id='a'><onentry><foreach array='/*' item='i'/></onentry></state>", "WF035"},
      {"<state id='a'><onentry><send eventexpr='1'/></onentry></state>", "WF035"},
      {"<state id='a'><onentry><send event='e' namelist='x'/></onentry></state>", "WF035"},
      {"<state id='a'><invoke src='x' idlocation='$x'/></state>", "WF035"},
      {"<datamodel><data id='x'/></datamodel><state id='a'/>", "WF036"},
      {"<state id='a'><transition cond=\"In('b')\" target='a'/></state>", "WF021"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autoptr(RkDiags) diags = rk_diags_new();
    g_autofree char *text = g_strconcat(null_head, bad[i].body, TAIL, NULL);
    assert_int_equal(load(text, MACHINE_STRICT, diags), RK_INVALID);
    gboolean found = FALSE;
    for (guint k = 0; k < rk_diags_count(diags); k++)
      found |= g_str_equal(rk_diags_get(diags, k)->code, bad[i].code) &&
               rk_diags_get(diags, k)->line == 2;
    if (!found)
      fail_msg("no %s for %s", bad[i].code, bad[i].body);
  }
}

static void the_null_model_knows_in_with_quotes_and_without(void **state) {
  (void)state;
  static const char *const good[] = {"In(a)", " In( 'a' ) ", "In(\"a\")"};
  for (guint i = 0; i < G_N_ELEMENTS(good); i++) {
    g_autofree char *cond = g_markup_escape_text(good[i], -1);
    g_autofree char *text = g_strdup_printf(
        "%s<state id='a'><transition cond='%s' target='b'/></state><final id='b'/>" TAIL, null_head,
        cond);
    g_autoptr(Machine) machine = NULL;
    assert_int_equal(machine_load(&machine, text, strlen(text), "t", MACHINE_STRICT, NULL), RK_OK);
    g_autofree char *end = run_to_end(machine, FALSE, NULL);
    assert_string_equal(end, "b");
  }
}

static void warnings_do_not_refuse(void **state) {
  (void)state;
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(load(HEAD "<state id='a'/><state id='never'><transition event='e' target='a'/>"
                             "</state>" TAIL,
                        MACHINE_STRICT, diags),
                   RK_OK);
  assert_int_equal(rk_diags_count(diags), 2); /* never entered; a is never left */
  assert_false(rk_diags_has_errors(diags));
}

static void lenient_mode_keeps_bad_expressions_for_run_time(void **state) {
  (void)state;
  assert_int_equal(load(HEAD "<state id='a'><transition cond='1 +' target='a'/></state>" TAIL,
                        MACHINE_LENIENT, NULL),
                   RK_OK);
}

static void foreign_namespaces_are_passed_over(void **state) {
  (void)state;
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(load("<scxml xmlns='http://www.w3.org/2005/07/scxml' version='1.0'"
                        " xmlns:q='urn:editor' datamodel='xpath'><q:layout>any</q:layout>"
                        "<state id='a' q:x='12'><transition event='e' target='a'/></state></scxml>",
                        MACHINE_STRICT, diags),
                   RK_OK);
  assert_int_equal(rk_diags_count(diags), 0);
}

/* Two thousand states in a ring: loading must not be quadratic in a way one can feel. */
static void a_large_machine_loads(void **state) {
  (void)state;
  GString *text = g_string_new(HEAD);
  for (int i = 0; i < 2000; i++)
    g_string_append_printf(text, "<state id='s%d'><transition event='e' target='s%d'/></state>\n",
                           i, (i + 1) % 2000);
  g_string_append(text, TAIL);
  assert_int_equal(load(text->str, MACHINE_STRICT, NULL), RK_OK);
  g_string_free(text, TRUE);
}

/* As long as a document may be: neither the stack nor anybody's patience runs out. */
static void a_chain_as_long_as_a_document_may_be_is_checked(void **state) {
  (void)state;
  g_autoptr(GString) text = g_string_new(HEAD);
  for (int i = 0; i < 60000; i++)
    g_string_append_printf(text, "<state id='%x'><transition event='e' target='%x'/></state>", i,
                           (i + 1) % 60000);
  g_string_append(text, TAIL);
  assert_int_equal(load(text->str, MACHINE_STRICT, NULL), RK_OK);
}

static void a_document_full_of_unknown_names_is_told_in_bounded_words(void **state) {
  (void)state;
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(GString) text = g_string_new(HEAD);
  for (int i = 0; i < 5000; i++)
    g_string_append_printf(text, "<state id='%x'><transition event='e' target='q%x'/></state>", i, i);
  g_string_append(text, TAIL);
  assert_int_equal(load(text->str, MACHINE_STRICT, diags), RK_INVALID);
  for (guint i = 0; i < rk_diags_count(diags); i++)
    assert_true(strlen(rk_diags_get(diags, i)->remedy) < 300);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_fault_is_reported_at_its_place),
      cmocka_unit_test(all_faults_are_reported_at_once),
      cmocka_unit_test(other_roots_models_and_versions_are_refused),
      cmocka_unit_test(the_null_model_refuses_all_expressions_but_in),
      cmocka_unit_test(the_null_model_knows_in_with_quotes_and_without),
      cmocka_unit_test(warnings_do_not_refuse),
      cmocka_unit_test(lenient_mode_keeps_bad_expressions_for_run_time),
      cmocka_unit_test(foreign_namespaces_are_passed_over),
      cmocka_unit_test(a_large_machine_loads),
      cmocka_unit_test(a_chain_as_long_as_a_document_may_be_is_checked),
      cmocka_unit_test(a_document_full_of_unknown_names_is_told_in_bounded_words),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
