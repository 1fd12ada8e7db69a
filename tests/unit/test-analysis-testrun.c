/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The runner of procedure tests: the shipped tests hold, and a test that expects the
 * wrong thing fails with its line, whatever it is.
 */
#include "renkei.h"

#include "analysis-files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#define OPEN "<open at='2026-11-20T09:00:00+09:00'><set name='institution' value='X'/></open>"
#define FAXED                                                                              \
  "<do event='request.faxed' received='fj-2-1 fj-3'>"                                      \
  "<expect-paper form='fj-2-1' from='member_institution' to='association' channel='fax' "  \
  "state='received'/><expect-paper form='fj-3' from='member_institution' to='association' " \
  "channel='fax' state='received'/></do>"
#define CONFIRMED                                                                          \
  FAXED "<do event='member.confirmed'><expect-paper form='fj-2-1' from='association' "     \
        "to='vendor' channel='fax' state='by-hand'/></do>"

static RkSite site_of(char **folder) {
  *folder = g_build_filename(g_getenv("RENKEI_BUILDDIR"), "data", NULL);
  return (RkSite){.datadir = *folder, .moduledir = *folder};
}

static RkStatus run(const char *path, RkTable **table, RkDiags *diags) {
  g_autofree char *data = NULL;
  RkSite site = site_of(&data);
  const char *const paths[] = {path, NULL};
  g_autoptr(GPtrArray) tables = NULL;
  RkStatus status = rk_workflow_test(&site, paths, &tables, diags);
  *table = tables ? g_ptr_array_steal_index(tables, 0) : NULL;
  return status;
}

/* The message of one test with these steps at the association's desk; "" when it passed. */
static char *message_of(const char *steps) {
  g_autofree char *folder = scratch_new();
  g_autofree char *procedure = shipped_file("workflows/fujisawa/member-registration.scxml");
  g_autofree char *copy = NULL, *text = NULL;
  g_assert_true(g_file_get_contents(procedure, &copy, NULL, NULL));
  g_free(scratch_file(folder, "p.scxml", copy));
  text = g_strdup_printf("<tests xmlns='urn:renkei:test:1' procedure='p.scxml'>"
                         "<test title='t' desk='association'>%s</test></tests>", steps);
  g_autofree char *path = scratch_file(folder, "p.test.xml", text);
  g_autoptr(RkTable) table = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkStatus status = run(path, &table, diags);
  scratch_remove(folder);
  assert_non_null(table);
  gboolean passed = g_str_equal(rk_table_get(table, 0, "result"), "passed");
  assert_int_equal(status, passed ? RK_OK : RK_FAILED);
  assert_int_equal(rk_diags_count(diags), passed ? 0 : 1);
  const char *message = rk_table_get(table, 0, "message");
  return g_strdup(message ? message : "");
}

static void all_shipped_tests_pass(void **state) {
  (void)state;
  g_autofree char *path = shipped_file("workflows");
  g_autoptr(RkTable) table = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkStatus status = run(path, &table, diags);
  for (guint i = 0; i < rk_diags_count(diags); i++)
    print_error("%s\n", rk_diags_get(diags, i)->message);
  for (guint row = 0; table && row < rk_table_rows(table); row++)
    if (g_strcmp0(rk_table_get(table, row, "result"), "passed") != 0)
      print_error("%s: %s\n", rk_table_get(table, row, "test"), rk_table_get(table, row, "message"));
  assert_int_equal(status, RK_OK);
  assert_true(rk_table_rows(table) > 10);
}

static void what_holds_passes(void **state) {
  (void)state;
  g_autofree char *message = message_of(OPEN CONFIRMED);
  assert_string_equal(message, "");
}

static void each_wrong_expectation_fails_in_words(void **state) {
  (void)state;
  static const struct {
    const char *steps, *words;
  } cases[] = {
      {OPEN "<do event='request.faxed' received='fj-2-1 fj-3'/>", "not expected: fj-2-1"},
      {OPEN FAXED "<do event='form.incomplete'/>", "not expected: 書類返却の添え状"},
      {OPEN FAXED "<do event='member.confirmed'><expect-paper form='fj-2-1' from='association' "
                  "to='vendor' channel='post' state='by-hand'/></do>", "did not move so"},
      {OPEN FAXED "<do event='member.denied'><expect-paper form='fj-2-1' from='association' "
                  "to='vendor' channel='fax' state='by-hand'/></do>", "what moved: nothing"},
      {OPEN FAXED "<do event='member.denied'><expect state='active'/></do>",
       "is rejected-not-member, not active"},
      {OPEN CONFIRMED "<do event='password.issued'><expect state='association-waiting'/></do>",
       "is association-waiting delivery-waiting"},
      {OPEN FAXED "<do event='password.issued'/>", "password.issued"},
      {OPEN FAXED "<do event='member.denied' refused='yes'/>", "should have been refused"},
      {OPEN "<do event='member.denied' refused='yes'><expect-reason contains='rain'/></do>",
       "no reason says 'rain'"},
      {OPEN CONFIRMED "<advance to='2026-11-21'><expect-fired event='issue.overdue'/></advance>",
       "did not fire"},
      {OPEN CONFIRMED "<advance to='2027-01-01'><expect-not-fired event='issue.overdue'/></advance>",
       "issue.overdue fired"},
      {OPEN FAXED "<do event='member.denied'><expect-register name='institution' key='X' "
                  "state='registered'/></do>", "holds X as unregistered"},
      {OPEN FAXED "<do event='member.denied'><expect-no-register name='institution' key='X'/></do>",
       "holds X as unregistered"},
      {OPEN CONFIRMED "<do event='password.issued'><expect-keeper form='fj-3' kind='original' "
                      "holder='vendor'/></do>", "vendor holds no original"},
      {OPEN CONFIRMED "<do event='password.issued'><expect-no-keeper form='fj-3' "
                      "holder='association'/></do>", "association holds a"},
      {OPEN CONFIRMED "<do event='password.issued'><expect-no-paper form='fj-2-1'/></do>",
       "fj-2-1 moved"},
      {OPEN FAXED "<do event='member.denied'><expect-next event='member.confirmed'/></do>",
       "not among the next events"},
      {OPEN FAXED "<fill form='fj-3'><value path='inst_name'>X</value><expect-form form='fj-3' "
                  "state='complete'/></fill>", "not complete"},
      {OPEN CONFIRMED "<do event='password.issued'><expect-closed/></do>", "still open"},
      {OPEN FAXED "<settle form='fj-2-1' to='vendor'/>", "no transmission of fj-2-1"},
      {"<open at='2026-11-20'/>", "institution"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *message = message_of(cases[i].steps);
    if (!strstr(message, cases[i].words))
      print_error("case %u: '%s' says nothing of '%s'\n", i, message, cases[i].words);
    assert_non_null(strstr(message, cases[i].words));
    assert_true(g_str_has_prefix(message, "line 1, <"));
  }
}

static void nothing_to_run_and_faulty_files_are_faults(void **state) {
  (void)state;
  g_autofree char *folder = scratch_new();
  g_autoptr(RkDiags) none = rk_diags_new(), faulty = rk_diags_new(), plain = rk_diags_new();
  RkTable *table = NULL;
  assert_int_equal(run(folder, &table, none), RK_INVALID);
  assert_string_equal(rk_diags_get(none, 0)->code, "TS008");
  g_free(scratch_file(folder, "p.scxml",
                      "<scxml xmlns='http://www.w3.org/2005/07/scxml' version='1.0' name='p'>"
                      "<final id='a'/></scxml>"));
  g_autofree char *path =
      scratch_file(folder, "p.test.xml",
                   "<tests xmlns='urn:renkei:test:1' procedure='p.scxml'><test title='t' "
                   "desk='association'><open at='2026-11-20'/></test></tests>");
  assert_int_equal(run(path, &table, plain), RK_INVALID);
  assert_string_equal(rk_diags_get(plain, 0)->code, "TS011");
  g_free(scratch_file(folder, "p.test.xml", "<tests"));
  assert_int_equal(run(path, &table, faulty), RK_INVALID);
  assert_null(table);
  scratch_remove(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(all_shipped_tests_pass),
      cmocka_unit_test(what_holds_passes),
      cmocka_unit_test(each_wrong_expectation_fails_in_words),
      cmocka_unit_test(nothing_to_run_and_faulty_files_are_faults),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
