/* SPDX-License-Identifier: Apache-2.0 */
/* Files against each other: what the check says of good and of bad ones. */
#include "renkei.h"

#include "analysis-files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#define SCXML                                                                                      \
  "<scxml xmlns='http://www.w3.org/2005/07/scxml' xmlns:rk='urn:renkei:workflow:1' version='1.0' " \
  "datamodel='xpath' name='x' initial='a'>"
#define PROCEDURE                                                                               \
  "<rk:procedure municipality='town'><rk:role id='r' title='R'/><rk:role id='s' title='S'/>"    \
  "<rk:uses form='t-1'/></rk:procedure>"
#define FINAL "<final id='z' rk:result='completed'/></scxml>"
#define SEND "<rk:send-paper form='t-1' from='r' to='s' channel='fax'/>"
#define FORM                                                                             \
  "<form xmlns='urn:renkei:form:1' code='%s' printed-code='様式1' xml:lang='ja'>"          \
  "<title>様式</title><block layout='lines'><field id='name' type='text' label='名称' "    \
  "required='yes'/></block></form>"

/* A data directory of one municipality with one form and the shipped registers. */
typedef struct {
  char *folder;
  RkSite site;
} Town;

static int build(void **state) {
  Town *town = g_new0(Town, 1);
  g_autofree char *registers = shipped_file("workflows/registers.xml"), *text = NULL;
  g_autofree char *form = g_strdup_printf(FORM, "t-1");
  town->folder = scratch_new();
  town->site.datadir = town->folder;
  g_assert_true(g_file_get_contents(registers, &text, NULL, NULL));
  g_free(scratch_file(town->folder, "workflows/registers.xml", text));
  g_free(scratch_file(town->folder, "forms/town/t-1.xml", form));
  *state = town;
  return 0;
}

static int tear_down(void **state) {
  Town *town = *state;
  scratch_remove(town->folder);
  g_free(town->folder);
  g_free(town);
  return 0;
}

/* The codes said of one file with this text, each followed by a space. */
static char *codes_of(Town *town, const char *name, const char *text, RkStatus wanted) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autofree char *path = scratch_file(town->folder, name, text);
  const char *const paths[] = {path, NULL};
  GString *codes = g_string_new(NULL);
  RkStatus status = rk_workflow_check(&town->site, paths, diags);
  for (guint i = 0; i < rk_diags_count(diags); i++)
    g_string_append_printf(codes, "%s ", rk_diags_get(diags, i)->code);
  if (status != wanted)
    print_error("status %d: %s\n", status, codes->str);
  assert_int_equal(status, wanted);
  return g_string_free(codes, FALSE);
}

static void a_good_procedure_is_passed_in_silence(void **state) {
  g_autofree char *codes = codes_of(
      *state, "workflows/town/x.scxml",
      SCXML PROCEDURE "<state id='a'><transition event='e' target='z' rk:by='r'>"
      "<rk:require form='t-1' state='complete'/>" SEND
      "<rk:record register='institution' key='k' state='registered'/></transition></state>" FINAL,
      RK_OK);
  assert_string_equal(codes, "");
}

static void unknown_channels_registers_and_states_are_all_told(void **state) {
  g_autofree char *codes = codes_of(
      *state, "workflows/town/x.scxml",
      SCXML PROCEDURE "<state id='a'><transition event='e' target='z' rk:by='r'>"
      "<rk:send-paper form='t-1' from='r' to='s' channel='pigeon'/>\n"
      "<rk:record register='institutions' key='k' state='registered'/>\n"
      "<rk:record register='institution' key='k' state='regisered'/></transition></state>" FINAL,
      RK_INVALID);
  assert_string_equal(codes, "AN009 AN007 AN008 ");
}

static void a_form_without_a_file_and_a_form_nobody_uses_are_told(void **state) {
  g_autofree char *missing = codes_of(
      *state, "workflows/town/x.scxml",
      SCXML "<rk:procedure municipality='nowhere'><rk:role id='r' title='R'/>"
      "<rk:role id='s' title='S'/><rk:uses form='t-1'/></rk:procedure>"
      "<state id='a'><transition event='e' target='z' rk:by='r'>" SEND "</transition></state>" FINAL,
      RK_INVALID);
  assert_string_equal(missing, "AN003 ");
  g_autofree char *unused = codes_of(
      *state, "workflows/town/x.scxml",
      SCXML PROCEDURE "<state id='a'><transition event='e' target='z' rk:by='r'/></state>" FINAL,
      RK_OK);
  assert_string_equal(unused, "AN005 ");
}

static void a_form_in_a_file_of_another_name_is_told(void **state) {
  Town *town = *state;
  g_autofree char *form = g_strdup_printf(FORM, "t-2");
  g_free(scratch_file(town->folder, "forms/town/t-1.xml", form));
  g_autofree char *codes = codes_of(
      town, "workflows/town/x.scxml",
      SCXML PROCEDURE "<state id='a'><transition event='e' target='z' rk:by='r'>" SEND
                      "</transition></state>" FINAL,
      RK_INVALID);
  assert_string_equal(codes, "AN004 ");
}

/* State a with a deadline, `more` inside it, and `rest` beside it. */
static char *codes_of_deadline(Town *town, const char *more, const char *rest) {
  g_autofree char *text = g_strdup_printf(
      SCXML PROCEDURE "<state id='a'><rk:deadline after='P7D' event='time.over' title='x'/>%s"
                      "<transition event='e' target='z' rk:by='r'>" SEND "</transition></state>%s" FINAL,
      more, rest);
  return codes_of(town, "workflows/town/x.scxml", text, RK_OK);
}

static void a_deadline_that_nothing_hears_is_told(void **state) {
  static const char *const heard[] = {"<transition event='time.over'/>", "<transition event='b time.over'/>",
                                      "<transition event='time.*'/>", "<transition event='time'/>",
                                      "<transition event='*'/>"};
  static const char *const unheard[] = {"", "<transition event='time.ov'/>",
                                        "<transition event='time.over.late'/>"};
  for (guint i = 0; i < G_N_ELEMENTS(heard); i++) {
    g_autofree char *codes = codes_of_deadline(*state, heard[i], "");
    assert_string_equal(codes, "");
  }
  for (guint i = 0; i < G_N_ELEMENTS(unheard); i++) {
    g_autofree char *codes = codes_of_deadline(*state, unheard[i], "");
    assert_string_equal(codes, "AN037 ");
  }
  /* Where the case does not stand when it passes, nobody listens. */
  g_autofree char *elsewhere = codes_of_deadline(
      *state, "<transition event='f' target='b' rk:by='r'/>",
      "<state id='b'><transition event='time.over' target='z'/></state>");
  assert_string_equal(elsewhere, "AN037 ");
}

static void an_end_that_does_not_say_what_it_means_is_told(void **state) {
  g_autofree char *codes = codes_of(
      *state, "workflows/town/x.scxml",
      SCXML PROCEDURE "<state id='a'><transition event='e' target='z' rk:by='r'>" SEND
                      "</transition></state><final id='z'/></scxml>",
      RK_OK);
  assert_string_equal(codes, "AN011 ");
}

static void plain_scxml_needs_no_forms(void **state) {
  g_autofree char *codes =
      codes_of(*state, "x.scxml",
               SCXML "<state id='a'><transition event='e' target='z'/></state><final id='z'/></scxml>",
               RK_OK);
  assert_string_equal(codes, "");
}

static void faults_of_the_files_themselves_come_through(void **state) {
  g_autofree char *form = codes_of(*state, "x.xml", "<form xmlns='urn:renkei:form:1'/>", RK_INVALID);
  g_autofree char *list =
      codes_of(*state, "y.xml", "<registers xmlns='urn:renkei:registers:1'><x/></registers>", RK_INVALID);
  g_autofree char *tests =
      codes_of(*state, "z.test.xml", "<tests xmlns='urn:renkei:test:1'/>", RK_INVALID);
  g_autofree char *broken = codes_of(*state, "b.xml", "<a>", RK_INVALID);
  assert_string_not_equal(form, "");
  assert_string_equal(list, "CT002 ");
  assert_string_equal(tests, "TS004 ");
  assert_string_equal(broken, "BA010 ");
}

static void other_xml_is_refused_by_name_and_passed_over_in_folders(void **state) {
  Town *town = *state;
  g_autofree char *codes = codes_of(town, "workflows/town/notes.xml", "<notes/>", RK_INVALID);
  g_autofree char *folder = g_build_filename(town->folder, "workflows", NULL);
  const char *const paths[] = {folder, NULL};
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_string_equal(codes, "AN001 ");
  assert_int_equal(rk_workflow_check(&town->site, paths, diags), RK_OK);
  assert_int_equal(rk_diags_count(diags), 0);
}

static void a_folder_is_checked_to_its_depth(void **state) {
  Town *town = *state;
  g_free(scratch_file(town->folder, "workflows/town/deep/x.scxml", "<scxml"));
  g_free(scratch_file(town->folder, "workflows/town/y.scxml", "<scxml"));
  const char *const paths[] = {town->folder, NULL};
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(rk_workflow_check(&town->site, paths, diags), RK_INVALID);
  assert_int_equal(rk_diags_count(diags), 2);
}

static void nothing_at_a_path_is_a_fault(void **state) {
  Town *town = *state;
  const char *const paths[] = {"/nonexistent/x.scxml", NULL};
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(rk_workflow_check(&town->site, paths, diags), RK_INVALID);
  assert_string_equal(rk_diags_get(diags, 0)->code, "AN002");
}

static void all_shipped_files_pass_without_a_warning(void **state) {
  (void)state;
  g_autofree char *workflows = shipped_file("workflows"), *forms = shipped_file("forms");
  RkSite site = {.datadir = g_getenv("RENKEI_SRCDIR")};
  const char *const paths[] = {workflows, forms, NULL};
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkStatus status = rk_workflow_check(&site, paths, diags);
  for (guint i = 0; i < rk_diags_count(diags); i++)
    print_error("%s:%d: %s\n", rk_diags_get(diags, i)->file, rk_diags_get(diags, i)->line,
                rk_diags_get(diags, i)->message);
  assert_int_equal(status, RK_OK);
  assert_int_equal(rk_diags_count(diags), 0);
}

static void the_list_of_forms_has_code_title_and_municipality(void **state) {
  Town *town = *state;
  g_autoptr(RkTable) table = NULL;
  assert_int_equal(rk_form_list(&town->site, &table, NULL), RK_OK);
  assert_int_equal(rk_table_rows(table), 1);
  assert_string_equal(rk_table_get(table, 0, "code"), "t-1");
  assert_string_equal(rk_table_get(table, 0, "printed"), "様式1");
  assert_string_equal(rk_table_get(table, 0, "title"), "様式");
  assert_string_equal(rk_table_get(table, 0, "municipality"), "town");
}

static void a_faulty_form_spoils_the_list_with_a_reason(void **state) {
  Town *town = *state;
  RkTable *table = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_free(scratch_file(town->folder, "forms/town/t-9.xml", "<form"));
  assert_int_equal(rk_form_list(&town->site, &table, diags), RK_INVALID);
  assert_null(table);
  assert_int_equal(rk_diags_count(diags), 1);
}

#define TOWN_TEST(f) cmocka_unit_test_setup_teardown(f, build, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TOWN_TEST(a_good_procedure_is_passed_in_silence),
      TOWN_TEST(unknown_channels_registers_and_states_are_all_told),
      TOWN_TEST(a_form_without_a_file_and_a_form_nobody_uses_are_told),
      TOWN_TEST(a_form_in_a_file_of_another_name_is_told),
      TOWN_TEST(a_deadline_that_nothing_hears_is_told),
      TOWN_TEST(an_end_that_does_not_say_what_it_means_is_told),
      TOWN_TEST(plain_scxml_needs_no_forms),
      TOWN_TEST(faults_of_the_files_themselves_come_through),
      TOWN_TEST(other_xml_is_refused_by_name_and_passed_over_in_folders),
      TOWN_TEST(a_folder_is_checked_to_its_depth),
      TOWN_TEST(nothing_at_a_path_is_a_fault),
      TOWN_TEST(the_list_of_forms_has_code_title_and_municipality),
      TOWN_TEST(a_faulty_form_spoils_the_list_with_a_reason),
      cmocka_unit_test(all_shipped_files_pass_without_a_warning),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
