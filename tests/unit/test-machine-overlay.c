/* SPDX-License-Identifier: Apache-2.0 */
/* Overlays: what comes out is what somebody would have written by hand; what cannot be meant is
 * refused at its place; who reads on is told where a line came from. */
#include "../own-folder.h"
#include "base/xml.h"
#include "machine-run.h"
#include "machine/overlay.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#define NAMES "xmlns='http://www.w3.org/2005/07/scxml' xmlns:rk='urn:renkei:workflow:1'"
#define SCXML(name, body) \
  "<scxml " NAMES " version='1.0' datamodel='xpath' name='" name "'>\n" body "</scxml>"
#define OVERLAY(body) "<rk:overlay " NAMES " base='../base/b.scxml' name='town'>\n" body "</rk:overlay>"
#define CHANGE(body) OVERLAY("<rk:change title='t' source='3-2'>\n" body "</rk:change>")

#define BASE_BODY                                                       \
  "<state id='a'>\n"                                                    \
  "  <transition event='go' target='b'/>\n"                             \
  "  <transition event='late' rk:title='too late'/>\n"                  \
  "</state>\n"                                                          \
  "<final id='b'/>\n"

typedef struct {
  char *folder, *base, *town; /* the folder and two files in folders beside each other */
} Files;

static void write_file(const char *path, const char *text) {
  assert_true(g_file_set_contents(path, text, -1, NULL));
}

static Files files_new(const char *base, const char *town) {
  Files files = {.folder = folder_new("overlay")};
  g_autofree char *bases = g_build_filename(files.folder, "base", NULL);
  g_autofree char *towns = g_build_filename(files.folder, "town", NULL);
  assert_int_equal(g_mkdir(bases, 0700) + g_mkdir(towns, 0700), 0);
  files.base = g_build_filename(bases, "b.scxml", NULL);
  files.town = g_build_filename(towns, "t.overlay.xml", NULL);
  write_file(files.base, base);
  write_file(files.town, town);
  return files;
}

static void files_clear(Files *files) {
  g_autofree char *bases = g_path_get_dirname(files->base);
  g_autofree char *towns = g_path_get_dirname(files->town);
  const char *const all[] = {files->base, files->town, bases, towns, files->folder};
  for (guint i = 0; i < G_N_ELEMENTS(all); i++)
    assert_int_equal(g_remove(all[i]), 0);
  g_free(files->base);
  g_free(files->town);
  g_free(files->folder);
}

static void strip(xmlNode *node, gboolean comments) {
  for (xmlNode *child = node->children, *next; child; child = next) {
    next = child->next;
    if (child->type == XML_ELEMENT_NODE)
      strip(child, comments);
    if (xmlIsBlankNode(child) || (comments && child->type == XML_COMMENT_NODE)) {
      xmlUnlinkNode(child);
      xmlFreeNode(child);
    }
  }
}

/* The document without its spaces, read once more: as it will be found in a bundle. */
static char *plain(xmlDoc *doc, gboolean comments) {
  g_autoptr(GBytes) bytes = xml_to_bytes(doc);
  g_autoptr(xmlDoc) again = NULL;
  assert_int_equal(xml_parse(&again, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), "again",
                             XML_LIMIT_DEFINITION, NULL), RK_OK);
  strip(xmlDocGetRootElement(again), comments);
  g_autoptr(GBytes) out = xml_to_bytes(again);
  return g_strndup(g_bytes_get_data(out, NULL), g_bytes_get_size(out));
}

static char *plain_text(const char *text) {
  g_autoptr(xmlDoc) doc = NULL;
  assert_int_equal(xml_parse(&doc, text, strlen(text), "t", XML_LIMIT_DEFINITION, NULL), RK_OK);
  return plain(doc, TRUE);
}

static void becomes(const char *base, const char *town, const char *wanted) {
  Files files = files_new(base, town);
  g_autoptr(xmlDoc) doc = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkStatus status = overlay_flatten(&doc, files.town, diags);
  if (status != RK_OK)
    fail_msg("%s: %s", town, rk_diags_count(diags) ? rk_diags_get(diags, 0)->message : "?");
  g_autofree char *got = plain(doc, TRUE), *expected = plain_text(wanted);
  assert_string_equal(got, expected);
  files_clear(&files);
}

#define A_HEAD "<state id='a'>"
#define A_GO "<transition event='go' target='b'/>"
#define A_LATE "<transition event='late' rk:title='too late'/>"
#define A_TAIL "</state>"
#define B "<final id='b'/>"
#define NEW "<transition event='no' target='b'/>"

static const struct {
  const char *change, *body;
} operations[] = {
    {"<rk:add sel=\"//state[@id='a']\">" NEW "</rk:add>", A_HEAD A_GO A_LATE NEW A_TAIL B},
    {"<rk:add sel=\"//state[@id='a']\" pos='prepend'>" NEW "</rk:add>", A_HEAD NEW A_GO A_LATE A_TAIL B},
    {"<rk:add sel=\"//state/transition[@event='go']\" pos='after'>" NEW "</rk:add>",
     A_HEAD A_GO NEW A_LATE A_TAIL B},
    {"<rk:add sel=\"//transition[@event='late']\" pos='after'>" NEW "</rk:add>",
     A_HEAD A_GO A_LATE NEW A_TAIL B},
    {"<rk:add sel=\"//transition[@event='late']\" pos='before'>" NEW NEW "</rk:add>",
     A_HEAD A_GO NEW NEW A_LATE A_TAIL B},
    {"<rk:add sel=\"//final\" ><onentry/></rk:add>", A_HEAD A_GO A_LATE A_TAIL "<final id='b'><onentry/></final>"},
    {"<rk:add sel=\"//transition[@event='go']\" type='@cond'>1 &lt; 2</rk:add>",
     A_HEAD "<transition event='go' target='b' cond='1 &lt; 2'/>" A_LATE A_TAIL B},
    {"<rk:add sel=\"//transition[@event='go']\" type='@rk:title'>行く</rk:add>",
     A_HEAD "<transition event='go' target='b' rk:title='行く'/>" A_LATE A_TAIL B},
    {"<rk:replace sel=\"//transition[@event='go']\">" NEW "</rk:replace>", A_HEAD NEW A_LATE A_TAIL B},
    {"<rk:replace sel=\"//transition[@event='go']/@target\">a</rk:replace>",
     A_HEAD "<transition event='go' target='a'/>" A_LATE A_TAIL B},
    {"<rk:replace sel=\"//transition/@rk:title\">遅い</rk:replace>",
     A_HEAD A_GO "<transition event='late' rk:title='遅い'/>" A_TAIL B},
    {"<rk:remove sel=\"//transition[@rk:title='too late']\"/>", A_HEAD A_GO A_TAIL B},
    {"<rk:remove sel=\"//transition/@rk:title\"/>",
     A_HEAD A_GO "<transition event='late'/>" A_TAIL B},
    /* one after the other: the second sees what the first made */
    {"<rk:add sel='/scxml'><state id='c'/></rk:add><rk:add sel=\"//state[@id='c']\">" NEW "</rk:add>",
     A_HEAD A_GO A_LATE A_TAIL B "<state id='c'>" NEW "</state>"},
};

static void each_operation_makes_what_a_hand_would_write(void **state) {
  (void)state;
  for (guint i = 0; i < G_N_ELEMENTS(operations); i++) {
    g_autofree char *town =
        g_strconcat("<rk:overlay " NAMES " base='../base/b.scxml' name='town'>"
                    "<rk:change title='t' source='3-2'>", operations[i].change,
                    "</rk:change></rk:overlay>", NULL);
    g_autofree char *wanted =
        g_strconcat("<scxml " NAMES " version='1.0' datamodel='xpath' name='town'>",
                    operations[i].body, "</scxml>", NULL);
    becomes(SCXML("base", BASE_BODY), town, wanted);
  }
}

#define PARAMETERS "<rk:parameter name='form'/>\n<rk:parameter name='days' value='P7D'/>\n"

static void parameters_stand_in_attributes_and_texts(void **state) {
  (void)state;
  becomes(SCXML("base", PARAMETERS
                "<datamodel><data id='x'><d n='{days}'>{form}{form} {Form} {</d></data></datamodel>"
                "<state id='{form}-{days}'/>"),
          OVERLAY("<rk:with name='form' value='A&amp;&lt;B'/>\n"),
          SCXML("town", "<datamodel><data id='x'><d n='P7D'>A&amp;&lt;BA&amp;&lt;B {Form} {</d></data>"
                        "</datamodel><state id='A&amp;&lt;B-P7D'/>"));
}

static void braces_are_braces_where_no_parameter_is(void **state) {
  (void)state;
  becomes(SCXML("base", "<state id='a'><onentry><log expr=\"'{a}'\"/></onentry></state>"), OVERLAY(""),
          SCXML("town", "<state id='a'><onentry><log expr=\"'{a}'\"/></onentry></state>"));
}

static void an_overlay_can_be_a_base(void **state) {
  (void)state;
  Files files = files_new(SCXML("base", BASE_BODY),
                          CHANGE("<rk:remove sel=\"//transition[@event='late']\"/>"));
  g_autofree char *second = g_build_filename(files.folder, "second.overlay.xml", NULL);
  write_file(second, "<rk:overlay " NAMES " base='town/t.overlay.xml' name='second'>"
                     "<rk:change title='t' inferred='i'><rk:remove sel='//transition'/></rk:change>"
                     "</rk:overlay>");
  g_autoptr(xmlDoc) doc = NULL;
  assert_int_equal(overlay_flatten(&doc, second, NULL), RK_OK);
  g_autofree char *got = plain(doc, TRUE);
  g_autofree char *wanted = plain_text(SCXML("second", "<state id='a'></state><final id='b'/>"));
  assert_string_equal(got, wanted);
  assert_int_equal(g_remove(second), 0);
  files_clear(&files);
}

static void comments_tell_where_a_line_came_from_but_not_in_data(void **state) {
  (void)state;
  Files files = files_new(
      SCXML("base", "<datamodel><data id='x'><d xmlns=''><e/></d></data></datamodel>" BASE_BODY),
      CHANGE("<rk:remove sel=\"//transition[@event='late']\"/>\n"
             "<rk:replace sel='//d/e'><f xmlns=''/></rk:replace>"));
  g_autoptr(xmlDoc) doc = NULL;
  assert_int_equal(overlay_flatten(&doc, files.town, NULL), RK_OK);
  g_autofree char *got = plain(doc, FALSE);
  assert_non_null(strstr(got, "<transition event=\"go\" target=\"b\"/>"
                              "<!-- t.overlay.xml:3: t (3-2) --></state>"));
  assert_non_null(strstr(got, "<d xmlns=\"\"><f/></d>"));
  files_clear(&files);
}

static const struct {
  const char *town, *code;
  gboolean in_base;
  int line;
} faults[] = {
    {OVERLAY("<rk:chage/>"), "WF070", FALSE, 2},
    {OVERLAY("<rk:with name='form' value='f' vaule='x'/>"), "WF071", FALSE, 2},
    {OVERLAY("<rk:with name='form'/>"), "WF012", FALSE, 2},
    {CHANGE("<rk:add sel='//state' pos='behind'><state/></rk:add>"), "WF072", FALSE, 3},
    {"<rk:overlay " NAMES " base='/etc/passwd' name='t'/>", "WF073", FALSE, 1},
    {"<rk:overlay " NAMES " base='../base/none.scxml' name='t'/>", "WF073", FALSE, 1},
    {"<rk:overlay " NAMES " base='t.overlay.xml' name='t'/>", "WF074", FALSE, 1},
    {CHANGE("<rk:remove sel='//state['/>"), "WF075", FALSE, 3},
    {CHANGE("<rk:remove sel='count(//state)'/>"), "WF075", FALSE, 3},
    {CHANGE("<rk:remove sel='//nope:state'/>"), "WF075", FALSE, 3},
    {CHANGE("<rk:remove sel='/'/>"), "WF075", FALSE, 3},
    {CHANGE("<rk:remove sel='//transition'/>"), "WF076", FALSE, 3},
    {CHANGE("<rk:remove sel='//history'/>"), "WF076", FALSE, 3},
    {CHANGE("<rk:add sel='//final'>text</rk:add>"), "WF077", FALSE, 3},
    {CHANGE("<rk:add sel='//final' type='id'>c</rk:add>"), "WF078", FALSE, 3},
    {CHANGE("<rk:add sel='//final' type='@no:id'>c</rk:add>"), "WF078", FALSE, 3},
    {CHANGE("<rk:add sel='//final' type='@1'>c</rk:add>"), "WF078", FALSE, 3},
    {CHANGE("<rk:add sel='//final' type='@id'>c</rk:add>"), "WF079", FALSE, 3},
    {CHANGE("<rk:remove sel='/scxml'/>"), "WF080", FALSE, 3},
    {CHANGE("<rk:add sel='/scxml' pos='before'><state/></rk:add>"), "WF080", FALSE, 3},
    {CHANGE("<rk:add sel='//final/@id'><state/></rk:add>"), "WF080", FALSE, 3},
    {OVERLAY("<rk:change title='t'><rk:remove sel='//final'/></rk:change>"), "WF081", FALSE, 2},
    {OVERLAY("<rk:with name='form' value='f'/>"), "WF085", FALSE, 2},
    /* faults of what comes out, where it was written, or changed last */
    {CHANGE("<rk:remove sel='//final'/>"), "WF021", TRUE, 3},
    {CHANGE("<rk:add sel='//state'>\n<transition event='x' target='nowhere'/></rk:add>"), "WF021",
     FALSE, 4},
    {CHANGE("\n\n<rk:replace sel='//transition/@target'>nowhere</rk:replace>"), "WF021", FALSE, 5},
};

static const RkDiag *find(RkDiags *diags, const char *code) {
  for (guint i = 0; i < rk_diags_count(diags); i++)
    if (g_str_equal(rk_diags_get(diags, i)->code, code))
      return rk_diags_get(diags, i);
  return NULL;
}

static void each_fault_is_reported_in_the_file_and_line_that_has_it(void **state) {
  (void)state;
  for (guint i = 0; i < G_N_ELEMENTS(faults); i++) {
    Files files = files_new(SCXML("base", BASE_BODY), faults[i].town);
    g_autoptr(RkDiags) diags = rk_diags_new();
    g_autoptr(Machine) machine = NULL;
    assert_int_equal(machine_load_file(&machine, files.town, MACHINE_STRICT, diags), RK_INVALID);
    const RkDiag *found = find(diags, faults[i].code);
    if (!found)
      fail_msg("%u: %s expected, %s found", i, faults[i].code,
               rk_diags_count(diags) ? rk_diags_get(diags, 0)->code : "nothing");
    assert_string_equal(found->file, faults[i].in_base ? files.base : files.town);
    assert_int_equal(found->line, faults[i].line);
    assert_true(*found->remedy);
    files_clear(&files);
  }
}

static const struct {
  const char *base, *town, *code;
  gboolean in_base;
} parameter_faults[] = {
    {SCXML("b", "<rk:parameter name='form'/><state id='{form}'/>"), OVERLAY(""), "WF084", FALSE},
    {SCXML("b", "<rk:parameter name='form'/><state id='{from}'/>"),
     OVERLAY("<rk:with name='form' value='f'/>"), "WF085", TRUE},
    {SCXML("b", "<rk:parameter name='form'/><state id='a'/>"),
     OVERLAY("<rk:with name='form' value='f'/>"), "WF086", TRUE},
    {SCXML("b", "<rk:parameter/><state id='a'/>"), OVERLAY(""), "WF083", TRUE},
};

static void parameters_are_declared_given_and_used(void **state) {
  (void)state;
  for (guint i = 0; i < G_N_ELEMENTS(parameter_faults); i++) {
    Files files = files_new(parameter_faults[i].base, parameter_faults[i].town);
    g_autoptr(RkDiags) diags = rk_diags_new();
    g_autoptr(xmlDoc) doc = NULL;
    assert_int_equal(overlay_flatten(&doc, files.town, diags), RK_INVALID);
    const RkDiag *found = find(diags, parameter_faults[i].code);
    assert_non_null(found);
    assert_string_equal(found->file, parameter_faults[i].in_base ? files.base : files.town);
    files_clear(&files);
  }
}

static void a_template_alone_is_refused(void **state) {
  (void)state;
  Files files = files_new(SCXML("b", PARAMETERS "<state id='{form}{days}'/>"), OVERLAY(""));
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(Machine) machine = NULL;
  assert_int_equal(machine_load_file(&machine, files.base, MACHINE_STRICT, diags), RK_INVALID);
  assert_non_null(find(diags, "WF082"));
  files_clear(&files);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_operation_makes_what_a_hand_would_write),
      cmocka_unit_test(parameters_stand_in_attributes_and_texts),
      cmocka_unit_test(braces_are_braces_where_no_parameter_is),
      cmocka_unit_test(an_overlay_can_be_a_base),
      cmocka_unit_test(comments_tell_where_a_line_came_from_but_not_in_data),
      cmocka_unit_test(each_fault_is_reported_in_the_file_and_line_that_has_it),
      cmocka_unit_test(parameters_are_declared_given_and_used),
      cmocka_unit_test(a_template_alone_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
