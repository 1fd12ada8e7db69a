/* SPDX-License-Identifier: Apache-2.0 */
/* testfile.c - see testfile.h. The checked document itself is what is run. */
#include "case/testfile.h"

#include "base/date.h"
#include "base/shape.h"
#include "base/xml.h"

struct TestFile {
  xmlDoc *doc;
  char **workflows; /* paths: the procedure's, then those played with it */
};

#define STEPS "open fill sign paper receive do settle register approve look advance"
#define ACTS "open fill sign paper receive do settle register"

static const ShapeElement elements[] = {
    {"tests", NULL, "procedure! with title", SHAPE_ELEMENTS},
    {"test", "tests", "title! desk! layouts=approved|unapproved", SHAPE_ELEMENTS},
    {"open", "test", "at procedure operator refused=yes", SHAPE_ELEMENTS},
    {"set", "open do register", "name! value!", SHAPE_ELEMENTS},
    {"fill", "test", "form! case at operator refused=yes", SHAPE_ELEMENTS},
    {"value", "fill", "path!", SHAPE_TEXT},
    {"sign", "test", "form! case at operator refused=yes", SHAPE_ELEMENTS},
    {"paper", "test", "form! event! case at operator refused=yes", SHAPE_ELEMENTS},
    {"receive", "test", "form! channel incomplete=yes|no case at operator refused=yes", SHAPE_ELEMENTS},
    {"do", "test", "event! as received incomplete channel case at happened evidence operator refused=yes",
     SHAPE_ELEMENTS},
    {"settle", "test", "form! to! result=confirmed|failed|cancelled|queued case at operator refused=yes",
     SHAPE_ELEMENTS},
    {"register", "test", "name! key! state! at operator refused=yes", SHAPE_ELEMENTS},
    {"approve", "test", "form! at", SHAPE_ELEMENTS},
    {"look", "test", "case at operator", SHAPE_ELEMENTS},
    {"advance", "test", "to!", SHAPE_ELEMENTS},
    {"expect-reason", ACTS, "contains!", SHAPE_ELEMENTS},
    {"expect", STEPS, "state!", SHAPE_ELEMENTS},
    {"expect-closed", STEPS, "", SHAPE_ELEMENTS},
    {"expect-next", STEPS, "event! possible=yes|no", SHAPE_ELEMENTS},
    {"expect-form", STEPS, "form! state!", SHAPE_ELEMENTS},
    {"expect-paper", STEPS, "form! from! to! channel! state!", SHAPE_ELEMENTS},
    {"expect-no-paper", STEPS, "form! to", SHAPE_ELEMENTS},
    {"expect-notice", STEPS, "from! to! channel! title", SHAPE_ELEMENTS},
    {"expect-keeper", STEPS, "form! kind! holder!", SHAPE_ELEMENTS},
    {"expect-no-keeper", STEPS, "form! holder!", SHAPE_ELEMENTS},
    {"expect-register", STEPS, "name! key! state!", SHAPE_ELEMENTS},
    {"expect-no-register", STEPS, "name! key!", SHAPE_ELEMENTS},
    {"expect-fired", STEPS, "event!", SHAPE_ELEMENTS},
    {"expect-not-fired", STEPS, "event!", SHAPE_ELEMENTS},
};

static const Shape shape = {TESTFILE_NS,         elements,           G_N_ELEMENTS(elements),
                            DIAG_TEST_ROOT,      DIAG_TEST_ELEMENT,  DIAG_TEST_ATTRIBUTE,
                            DIAG_TEST_REQUIRED,  DIAG_TEST_VALUE,    DIAG_TEST_TEXT};

void testfile_free(TestFile *file) {
  if (!file)
    return;
  xmlFreeDoc(file->doc);
  g_strfreev(file->workflows);
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
  while (step && (xml_is(step, TESTFILE_NS, "register") || xml_is(step, TESTFILE_NS, "approve")))
    step = xml_next_element(step);
  if (!step || !xml_is(step, TESTFILE_NS, "open"))
    diags_add(diags, DIAG_TEST_NO_OPEN, &place, title, NULL);
}

/* The first step says when it is: the clock of a test stands nowhere else. */
static void check_begin(const xmlNode *test, RkDiags *diags) {
  const xmlNode *step = xml_first_element(test);
  g_autofree char *at = step ? xml_attr(step, "at") : NULL;
  DiagPlace place = xml_place(step ? step : test);
  if (step && !at)
    diags_add(diags, DIAG_TEST_REQUIRED, &place, (const char *)step->name, "at", NULL);
}

static void check_tests(const xmlNode *root, RkDiags *diags) {
  g_autoptr(GHashTable) titles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (xmlNode *test = xml_first_element(root); test; test = xml_next_element(test)) {
    g_autofree char *title = xml_attr(test, "title");
    DiagPlace place = xml_place(test);
    check_open(test, title, diags);
    check_begin(test, diags);
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

/* procedure= and with=, as seen from the folder of the test file. */
static char **workflow_paths(const xmlNode *root, const char *path) {
  g_autofree char *folder = g_path_get_dirname(path);
  g_autofree char *procedure = xml_attr(root, "procedure"), *with = xml_attr(root, "with");
  g_autofree char *all = g_strconcat(procedure, " ", with ? with : "", NULL);
  g_auto(GStrv) words = g_strsplit_set(all, " \t\n", -1);
  g_autoptr(GPtrArray) paths = g_ptr_array_new();
  for (guint i = 0; words[i]; i++)
    if (*words[i])
      g_ptr_array_add(paths, g_build_filename(folder, words[i], NULL));
  g_ptr_array_add(paths, NULL);
  return (char **)g_ptr_array_free(g_steal_pointer(&paths), FALSE);
}

RkStatus testfile_load(TestFile **out, const char *path, RkDiags *diags) {
  g_autoptr(xmlDoc) doc = NULL;
  *out = NULL;
  RkStatus status = xml_read_file(&doc, path, XML_LIMIT_DEFINITION, diags);
  status = status == RK_OK ? check(xmlDocGetRootElement(doc), diags) : status;
  if (status != RK_OK)
    return status;
  *out = g_new0(TestFile, 1);
  (*out)->workflows = workflow_paths(xmlDocGetRootElement(doc), path);
  (*out)->doc = g_steal_pointer(&doc);
  return RK_OK;
}

const char *testfile_procedure(const TestFile *file) {
  return file->workflows[0];
}

const char *const *testfile_workflows(const TestFile *file) {
  return (const char *const *)file->workflows;
}

const xmlNode *testfile_first(const TestFile *file) {
  return xml_first_element(xmlDocGetRootElement(file->doc));
}
