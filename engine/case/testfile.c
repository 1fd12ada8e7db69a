/* SPDX-License-Identifier: Apache-2.0 */
/* testfile.c - see testfile.h. The checked document itself is what is run. */
#include "case/testfile.h"

#include "base/date.h"
#include "base/xml.h"
#include "case/shape.h"

struct TestFile {
  xmlDoc *doc;
  char *procedure;
};

#define STEPS "open fill sign paper receive do settle advance"
#define ACTS "fill sign paper receive do settle"

static const ShapeElement elements[] = {
    {"tests", NULL, "procedure! title", FALSE},
    {"test", "tests", "title! desk!", FALSE},
    {"open", "test", "at!", FALSE},
    {"set", "open", "name! value!", FALSE},
    {"fill", "test", "form! at refused=yes", FALSE},
    {"value", "fill", "path!", TRUE},
    {"sign", "test", "form! at refused=yes", FALSE},
    {"paper", "test", "form! event! at refused=yes", FALSE},
    {"receive", "test", "form! channel incomplete=yes|no at refused=yes", FALSE},
    {"do", "test", "event! as received incomplete at happened evidence refused=yes", FALSE},
    {"settle", "test", "form! to! result=confirmed|failed|cancelled|queued at refused=yes", FALSE},
    {"advance", "test", "to!", FALSE},
    {"expect-reason", ACTS, "contains!", FALSE},
    {"expect", STEPS, "state!", FALSE},
    {"expect-closed", STEPS, "", FALSE},
    {"expect-next", STEPS, "event! possible=yes|no", FALSE},
    {"expect-form", STEPS, "form! state!", FALSE},
    {"expect-paper", STEPS, "form! from! to! channel! state!", FALSE},
    {"expect-no-paper", STEPS, "form! to", FALSE},
    {"expect-notice", STEPS, "from! to! channel! title", FALSE},
    {"expect-keeper", STEPS, "form! kind! holder!", FALSE},
    {"expect-no-keeper", STEPS, "form! holder!", FALSE},
    {"expect-register", STEPS, "name! key! state!", FALSE},
    {"expect-no-register", STEPS, "name! key!", FALSE},
    {"expect-fired", STEPS, "event!", FALSE},
    {"expect-not-fired", STEPS, "event!", FALSE},
};

static const Shape shape = {TESTFILE_NS,         elements,           G_N_ELEMENTS(elements),
                            DIAG_TEST_ROOT,      DIAG_TEST_ELEMENT,  DIAG_TEST_ATTRIBUTE,
                            DIAG_TEST_REQUIRED,  DIAG_TEST_VALUE,    DIAG_TEST_TEXT};

void testfile_free(TestFile *file) {
  if (!file)
    return;
  xmlFreeDoc(file->doc);
  g_free(file->procedure);
  g_free(file);
}

/* ------------------------------------------------------------------ checks */

static char *time_word(const xmlNode *step) {
  char *at = xml_attr(step, "at");
  return at ? at : xml_attr(step, "to");
}

static gboolean has_time(const xmlNode *step) {
  return !xml_is(step, TESTFILE_NS, "settle"); /* whose "to" is a role */
}

gint64 testfile_time(const xmlNode *step, gint64 otherwise) {
  g_autofree char *word = has_time(step) ? time_word(step) : xml_attr(step, "at");
  gint64 time = 0;
  return word && time_parse(&time, word, NULL) == RK_OK ? time : otherwise;
}

static void check_one_time(const xmlNode *step, const char *attribute, RkDiags *diags) {
  g_autofree char *word = xml_attr(step, attribute);
  gint64 time = 0;
  DiagPlace place = xml_place(step);
  if (word && time_parse(&time, word, NULL) != RK_OK)
    diags_add(diags, DIAG_TEST_VALUE, &place, (const char *)step->name, attribute, word,
              "2026-11-21, 2026-11-21T09:30:00+09:00", NULL);
}

static void check_times(const xmlNode *test, RkDiags *diags) {
  gint64 clock = G_MININT64;
  for (xmlNode *step = xml_first_element(test); step; step = xml_next_element(step)) {
    gint64 time = testfile_time(step, clock);
    DiagPlace place = xml_place(step);
    check_one_time(step, "at", diags);
    check_one_time(step, "happened", diags);
    if (xml_is(step, TESTFILE_NS, "advance"))
      check_one_time(step, "to", diags);
    if (time < clock) {
      g_autofree char *word = time_word(step);
      diags_add(diags, DIAG_TEST_BACKWARDS, &place, word, NULL);
    }
    clock = MAX(clock, time);
  }
}

static void check_open(const xmlNode *test, const char *title, RkDiags *diags) {
  const xmlNode *step = xml_first_element(test);
  DiagPlace place = xml_place(test);
  if (!step || !xml_is(step, TESTFILE_NS, "open"))
    diags_add(diags, DIAG_TEST_NO_OPEN, &place, title, NULL);
}

static void check_tests(const xmlNode *root, RkDiags *diags) {
  g_autoptr(GHashTable) titles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (xmlNode *test = xml_first_element(root); test; test = xml_next_element(test)) {
    g_autofree char *title = xml_attr(test, "title");
    DiagPlace place = xml_place(test);
    check_open(test, title, diags);
    check_times(test, diags);
    if (!g_hash_table_add(titles, g_strdup(title)))
      diags_add(diags, DIAG_TEST_DUPLICATE, &place, title, NULL);
  }
}

/* ----------------------------------------------------------------- loading */

static RkStatus check(const xmlNode *root, RkDiags *diags) {
  g_autoptr(RkDiags) found = rk_diags_new();
  if (!shape_check(&shape, root, diags))
    return RK_INVALID;
  check_tests(root, found);
  gboolean errors = rk_diags_has_errors(found);
  diags_take_all(diags, found);
  return errors ? RK_INVALID : RK_OK;
}

RkStatus testfile_load(TestFile **out, const char *path, RkDiags *diags) {
  g_autoptr(xmlDoc) doc = NULL;
  *out = NULL;
  RkStatus status = xml_read_file(&doc, path, XML_LIMIT_DEFINITION, diags);
  status = status == RK_OK ? check(xmlDocGetRootElement(doc), diags) : status;
  if (status != RK_OK)
    return status;
  g_autofree char *folder = g_path_get_dirname(path);
  g_autofree char *procedure = xml_attr(xmlDocGetRootElement(doc), "procedure");
  *out = g_new0(TestFile, 1);
  (*out)->procedure = g_build_filename(folder, procedure, NULL);
  (*out)->doc = g_steal_pointer(&doc);
  return RK_OK;
}

const char *testfile_procedure(const TestFile *file) {
  return file->procedure;
}

const xmlNode *testfile_first(const TestFile *file) {
  return xml_first_element(xmlDocGetRootElement(file->doc));
}
