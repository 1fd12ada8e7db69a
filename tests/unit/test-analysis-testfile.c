/* SPDX-License-Identifier: Apache-2.0 */
/* Files of procedure tests: what is read, and what a wrong one is told. */
#include "base/date.h"
#include "base/xml.h"
#include "case/testfile.h"

#include "analysis-files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#define HEAD "<tests xmlns='urn:renkei:test:1' procedure='x.scxml'>"
#define TEST HEAD "<test title='t' desk='r'>"
#define OPEN "<open at='2026-11-20T09:00:00+09:00'/>"
#define TAIL "</test></tests>"

static RkStatus load(const char *text, TestFile **file, RkDiags *diags) {
  g_autofree char *folder = scratch_new(), *path = scratch_file(folder, "x.test.xml", text);
  RkStatus status = testfile_load(file, path, diags);
  scratch_remove(folder);
  return status;
}

static void each_fault_is_told_with_its_code_and_line(void **state) {
  (void)state;
  static const struct {
    const char *text, *code;
    int line;
  } cases[] = {
      {"<test/>", "TS001", 1},
      {"<tests xmlns='urn:renkei:test:2' procedure='x'/>", "TS001", 1},
      {TEST OPEN "\n<dance/>" TAIL, "TS002", 2},
      {TEST OPEN "<look>\n<set name='a' value='b'/></look>" TAIL, "TS002", 2},
      {TEST OPEN "<advance to='2026-11-21'>\n\n<expect-reason contains='x'/></advance>" TAIL, "TS002", 3},
      {TEST OPEN "\n<do event='e' refuse='yes'/>" TAIL, "TS003", 2},
      {TEST OPEN "\n<do/>" TAIL, "TS004", 2},
      {TEST OPEN "\n<do event=''/>" TAIL, "TS004", 2},
      {TEST OPEN "\n<do event='e' refused='no'/>" TAIL, "TS005", 2},
      {TEST OPEN "\n<advance to='soon'/>" TAIL, "TS005", 2},
      {TEST OPEN "\n<do event='e' at='2026-13-01'/>" TAIL, "TS005", 2},
      {TEST OPEN "\nwords" TAIL, "TS006", 1},
      {HEAD "\n<test title='t' desk='r'/></tests>", "TS007", 2},
      {TEST "<do event='e' at='2026-11-20'/>" OPEN TAIL, "TS007", 1},
      {TEST "\n<open/>" TAIL, "TS004", 2},
      {TEST OPEN "</test>\n<test title='t' desk='r'>" OPEN TAIL, "TS009", 2},
      {TEST OPEN "\n<advance to='2026-11-19'/>" TAIL, "TS010", 2},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(RkDiags) diags = rk_diags_new();
    TestFile *file = NULL;
    assert_int_equal(load(cases[i].text, &file, diags), RK_INVALID);
    assert_null(file);
    assert_int_equal(rk_diags_count(diags), 1);
    assert_string_equal(rk_diags_get(diags, 0)->code, cases[i].code);
    assert_int_equal(rk_diags_get(diags, 0)->line, cases[i].line);
  }
}

static void the_shipped_tests_are_read_in_order(void **state) {
  (void)state;
  g_autofree char *path = shipped_file("workflows/fujisawa/member-registration.test.xml");
  g_autofree char *procedure = shipped_file("workflows/fujisawa/member-registration.scxml");
  g_autoptr(TestFile) file = NULL;
  assert_int_equal(testfile_load(&file, path, NULL), RK_OK);
  g_autofree char *desk = xml_attr(testfile_first(file), "desk");
  assert_string_equal(testfile_procedure(file), procedure);
  assert_string_equal(desk, "association");
}

static void a_step_without_a_time_takes_the_one_given(void **state) {
  (void)state;
  g_autoptr(TestFile) file = NULL;
  assert_int_equal(load(TEST OPEN "<do event='e'/><settle form='f' to='2026-11-22'/>" TAIL, &file, NULL),
                   RK_OK);
  const xmlNode *open = xml_first_element(testfile_first(file));
  const xmlNode *act = xml_next_element(open);
  gint64 time = 0;
  assert_int_equal(time_parse(&time, "2026-11-20T00:00:00Z", NULL), RK_OK);
  assert_true(testfile_time(open, 5) == time);
  assert_true(testfile_time(act, 5) == 5);
  assert_true(testfile_time(xml_next_element(act), 5) == 5); /* its "to" is a role */
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_fault_is_told_with_its_code_and_line),
      cmocka_unit_test(the_shipped_tests_are_read_in_order),
      cmocka_unit_test(a_step_without_a_time_takes_the_one_given),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
