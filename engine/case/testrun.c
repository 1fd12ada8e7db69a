/* SPDX-License-Identifier: Apache-2.0 */
/* testrun.c - playing the steps of procedure tests; see testrun.h. */
#include "case/testrun.h"

#include "base/date.h"
#include "base/table.h"
#include "base/xml.h"
#include "case/desk.h"
#include "case/files.h"
#include "case/testfile.h"
#include "machine/machine.h"

#include <libintl.h>
#include <stdarg.h>
#include <string.h>

#define OPERATOR "tester"
#define STEP_MINUTE (60 * TIME_SECOND)

void testrun_fail(TestRun *run, const xmlNode *node, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_string_append_printf(run->failure, "%sline %d, <%s>: ", run->failure->len ? "; " : "",
                         xml_place(node).line, (const char *)node->name);
  g_string_append_vprintf(run->failure, format, arguments);
  va_end(arguments);
}

GPtrArray *testrun_show(TestRun *run, const xmlNode *node) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  GPtrArray *tables = NULL;
  if (rk_case_show(run->desk, run->number, run->clock, &tables, diags) == RK_OK)
    return tables;
  testrun_fail(run, node, "the case cannot be shown: %s",
               rk_diags_count(diags) ? rk_diags_get(diags, 0)->message : "");
  return NULL;
}

/* ------------------------------------------------------------------- steps */

static RkRequest request_of(TestRun *run, const xmlNode *step, char **evidence, char **as) {
  gint64 happened = 0;
  g_autofree char *word = xml_attr(step, "happened");
  if (word)
    time_parse(&happened, word, NULL);
  *evidence = xml_attr(step, "evidence");
  *as = xml_attr(step, "as");
  return (RkRequest){
      .now = run->clock, .happened = happened, .as_role = *as, .evidence = *evidence};
}

static void values_free(GArray *values) {
  for (guint i = 0; i < values->len; i++) {
    g_free((char *)g_array_index(values, RkValue, i).path);
    g_free((char *)g_array_index(values, RkValue, i).text);
  }
  g_array_unref(values);
}

static GArray *set_values(const xmlNode *step) {
  GArray *values = g_array_new(FALSE, TRUE, sizeof(RkValue));
  for (xmlNode *node = xml_first_element(step); node; node = xml_next_element(node)) {
    if (!xml_is(node, TESTFILE_NS, "set"))
      continue;
    RkValue value = {xml_attr(node, "name"), xml_attr(node, "value")};
    g_array_append_val(values, value);
  }
  return values;
}

static void step_open(TestRun *run, const xmlNode *step, const RkRequest *request,
                      const char *procedure) {
  g_autofree char *other = xml_attr(step, "procedure"), *number = NULL;
  run->status = rk_case_open(run->desk, request, other ? other : procedure, request->values,
                             request->n_values, &number, run->diags);
  if (!number)
    return;
  g_free(run->number);
  g_free(run->opened);
  run->opened = g_strdup(number);
  run->number = g_steal_pointer(&number);
}

static void step_register(TestRun *run, const xmlNode *step, const RkRequest *request) {
  g_autofree char *name = xml_attr(step, "name"), *key = xml_attr(step, "key");
  g_autofree char *state = xml_attr(step, "state");
  RkRequest own = *request;
  own.why = "given by the test";
  run->status = rk_register_set(run->desk, &own, name, key, state, run->diags);
}

static void step_approve(TestRun *run, const xmlNode *step, const RkRequest *request) {
  g_autofree char *form = xml_attr(step, "form");
  run->status = rk_form_approve(run->desk, request, form, run->diags);
}

/* The values as the text that `form fill` takes. A value of several lines is fenced. */
static char *fill_text(const xmlNode *step) {
  GString *text = g_string_new(NULL);
  for (xmlNode *node = xml_first_element(step); node; node = xml_next_element(node)) {
    if (!xml_is(node, TESTFILE_NS, "value"))
      continue;
    g_autofree char *path = xml_attr(node, "path"), *value = xml_text(node);
    if (strchr(value, '\n'))
      g_string_append_printf(text, "%s = <<END\n%s\nEND\n", path, value);
    else
      g_string_append_printf(text, "%s = %s\n", path, value);
  }
  return g_string_free(text, FALSE);
}

static void step_fill(TestRun *run, const xmlNode *step, const RkRequest *request) {
  g_autofree char *form = xml_attr(step, "form"), *text = fill_text(step), *state = NULL;
  run->status = rk_form_fill(run->desk, request, run->number, form, text, "<fill>", &state,
                             run->diags);
}

static void step_paper(TestRun *run, const xmlNode *step, const RkRequest *request) {
  g_autofree char *form = xml_attr(step, "form"), *event = xml_attr(step, "event");
  run->status = rk_form_event(run->desk, request, run->number, form, event ? event : "signed",
                              run->diags);
}

static void step_receive(TestRun *run, const xmlNode *step, const RkRequest *request) {
  g_autofree char *form = xml_attr(step, "form"), *channel = xml_attr(step, "channel");
  g_autofree char *incomplete = xml_attr(step, "incomplete");
  RkReceived received = {form, channel, g_strcmp0(incomplete, "yes") == 0};
  run->status = rk_form_receive(run->desk, request, run->number, &received, run->diags);
}

static void step_do(TestRun *run, const xmlNode *step, const RkRequest *request) {
  g_autofree char *event = xml_attr(step, "event"), *forms = xml_attr(step, "received");
  g_autofree char *faulty = xml_attr(step, "incomplete"), *channel = xml_attr(step, "channel");
  g_auto(GStrv) codes = g_strsplit(forms ? forms : "", " ", -1);
  g_auto(GStrv) bad = g_strsplit(faulty ? faulty : "", " ", -1);
  g_autoptr(GArray) received = g_array_new(FALSE, TRUE, sizeof(RkReceived));
  g_autoptr(RkTable) done = NULL;
  for (guint i = 0; codes[i]; i++) {
    RkReceived paper = {codes[i], channel, g_strv_contains((const char *const *)bad, codes[i])};
    if (*codes[i])
      g_array_append_val(received, paper);
  }
  run->status = rk_case_do(run->desk, request, run->number, event,
                           (const RkReceived *)received->data, received->len, &done, run->diags);
}

/* The id of the latest transmission of a form to a role that is not yet settled. */
static char *transmission_id(TestRun *run, const xmlNode *step, const char *form, const char *to) {
  g_autoptr(RkTable) table = NULL;
  if (rk_outbox_list(run->desk, NULL, NULL, &table, run->diags) != RK_OK)
    return NULL;
  for (guint row = rk_table_rows(table); row-- > 0;)
    if (g_strcmp0(rk_table_get(table, row, "case"), run->number) == 0 &&
        g_strcmp0(rk_table_get(table, row, "form"), form) == 0 &&
        g_strcmp0(rk_table_get(table, row, "to"), to) == 0)
      return g_strdup(rk_table_get(table, row, "id"));
  testrun_fail(run, step, "no transmission of %s to %s is open", form, to);
  return NULL;
}

static void step_settle(TestRun *run, const xmlNode *step, const RkRequest *request) {
  g_autofree char *form = xml_attr(step, "form"), *to = xml_attr(step, "to");
  g_autofree char *result = xml_attr(step, "result");
  g_autofree char *id = transmission_id(run, step, form, to);
  if (id)
    run->status = rk_outbox_settle(run->desk, request, id, result ? result : "confirmed",
                                   0, run->diags);
}

static void step_advance(TestRun *run, const RkRequest *request) {
  g_autoptr(RkTable) fired = NULL;
  run->status = rk_desk_tick(run->desk, request, &fired, run->diags);
}

static void step_look(TestRun *run, const xmlNode *step, const RkRequest *request) {
  (void)run, (void)step, (void)request; /* what is expected is checked like after any step */
}

static void step_advance_to(TestRun *run, const xmlNode *step, const RkRequest *request) {
  (void)step;
  step_advance(run, request);
}

static const struct {
  const char *name;
  void (*play)(TestRun *run, const xmlNode *step, const RkRequest *request);
} step_rows[] = {
    {"fill", step_fill},         {"sign", step_paper},         {"paper", step_paper},
    {"receive", step_receive},   {"do", step_do},              {"settle", step_settle},
    {"register", step_register}, {"approve", step_approve},    {"look", step_look},
    {"advance", step_advance_to},
};

static void dispatch(TestRun *run, const xmlNode *step, const char *procedure) {
  g_autofree char *evidence = NULL, *as = NULL;
  RkRequest request = request_of(run, step, &evidence, &as);
  GArray *values = set_values(step);
  request.values = (const RkValue *)values->data;
  request.n_values = values->len;
  if (xml_is(step, TESTFILE_NS, "open"))
    step_open(run, step, &request, procedure);
  for (guint i = 0; i < G_N_ELEMENTS(step_rows); i++)
    if (xml_is(step, TESTFILE_NS, step_rows[i].name))
      step_rows[i].play(run, step, &request);
  values_free(values);
}

/* case="PROCEDURE": the latest case of that procedure, closed or not; else the one opened last. */
static void choose_case(TestRun *run, const xmlNode *step) {
  g_autofree char *procedure = xml_attr(step, "case");
  g_autoptr(RkTable) cases = NULL;
  g_free(run->number);
  run->number = g_strdup(run->opened);
  if (!procedure)
    return;
  RkCaseFilter filter = {.procedure = procedure, .with_closed = TRUE};
  if (rk_case_list(run->desk, &filter, &cases, run->diags) != RK_OK || !rk_table_rows(cases)) {
    testrun_fail(run, step, "there is no case of %s", procedure);
    return;
  }
  const char *latest = rk_table_get(cases, 0, "number");
  for (guint row = 1; row < rk_table_rows(cases); row++)
    if (strcmp(rk_table_get(cases, row, "number"), latest) > 0)
      latest = rk_table_get(cases, row, "number");
  g_free(run->number);
  run->number = g_strdup(latest);
}

/* ---------------------------------------------------------------- outcomes */

static char *said(const RkDiags *diags) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < rk_diags_count(diags); i++)
    g_string_append_printf(text, "%s%s", i ? " / " : "", rk_diags_get(diags, i)->message);
  return g_string_free(text, FALSE);
}

static gboolean is_refusal(RkStatus status) {
  return status == RK_REFUSED || status == RK_INVALID;
}

static void check_outcome(TestRun *run, const xmlNode *step, const char *before) {
  g_autofree char *refused = xml_attr(step, "refused"), *words = said(run->diags);
  if (!refused && run->status != RK_OK)
    testrun_fail(run, step, "%s", *words ? words : "failed");
  if (!refused || run->failure->len)
    return;
  if (!is_refusal(run->status)) {
    testrun_fail(run, step, "should have been refused%s%s", *words ? ": " : "", words);
    return;
  }
  g_autofree char *after = testexpect_fingerprint(run);
  if (g_strcmp0(before, after) != 0)
    testrun_fail(run, step, "was refused, yet something changed");
}

/* operator="NAME": who enters this step; else the one tester. */
static void choose_operator(TestRun *run, const xmlNode *step) {
  g_autofree char *named = xml_attr(step, "operator");
  if (desk_take_operator(run->desk, named ? named : OPERATOR, run->clock, run->diags) != RK_OK)
    testrun_fail(run, step, "%s cannot be an operator", named);
}

static void play_step(TestRun *run, const xmlNode *step, const char *procedure) {
  g_autofree char *refused = xml_attr(step, "refused"), *before = NULL;
  run->clock = testfile_time(step, run->clock + STEP_MINUTE);
  rk_diags_free(run->diags);
  run->diags = rk_diags_new();
  run->status = RK_OK;
  choose_operator(run, step);
  choose_case(run, step);
  testexpect_prepare(run);
  if (refused)
    before = testexpect_fingerprint(run);
  if (!run->failure->len)
    dispatch(run, step, procedure);
  check_outcome(run, step, before);
  if (!run->failure->len)
    testexpect_check(run, step);
}

/* --------------------------------------------------------------- one test */

typedef struct {
  const RkSite *site;
  const char *path;       /* of the test file */
  const TestFile *file;
  char *procedure, *municipality;
  RkTable *table;
  GHashTable *moved;      /* see TestRun */
  GHashTable *taken;      /* transitions taken, as desk_note_taken has them */
  RkTable *untaken, *coverage;
  guint failed;
} Suite;

static void note_form(const xmlNode *node, gpointer forms) {
  g_ptr_array_add(forms, xml_attr(node, "form"));
}

/* Most tests are not about the layouts of forms: they are approved beforehand. */
static void approve_layouts(TestRun *run, const xmlNode *test, const TestFile *file) {
  g_autofree char *layouts = xml_attr(test, "layouts");
  const char *const *paths = testfile_workflows(file);
  RkRequest request = {.now = run->clock};
  for (guint i = 0; paths[i] && g_strcmp0(layouts, "unapproved") != 0; i++) {
    g_autoptr(Machine) machine = NULL;
    g_autoptr(GPtrArray) forms = g_ptr_array_new_with_free_func(g_free);
    if (machine_load_file(&machine, paths[i], MACHINE_STRICT, run->diags) != RK_OK)
      continue;
    machine_each_extension(machine, "uses", note_form, forms);
    for (guint k = 0; k < forms->len; k++)
      rk_form_approve(run->desk, &request, forms->pdata[k], run->diags);
  }
}

static void begin(TestRun *run, const Suite *suite, const xmlNode *test) {
  g_autofree char *desk = xml_attr(test, "desk");
  g_auto(GStrv) roles = g_strsplit(desk, " ", -1);
  RkDeskConfig config = {"test", suite->municipality, (const char *const *)roles, TRUE};
  run->clock = testfile_time(xml_first_element(test), 0);
  run->failure = g_string_new(NULL);
  run->diags = rk_diags_new();
  run->moved = suite->moved;
  if (desk_create_memory(&run->desk, suite->site, &config, OPERATOR,
                         testfile_workflows(suite->file), run->clock, run->diags) == RK_OK) {
    desk_note_taken(run->desk, suite->taken);
    desk_speak_own_words(run->desk);
    approve_layouts(run, test, suite->file);
    return;
  }
  g_autofree char *words = said(run->diags);
  testrun_fail(run, test, "%s", words);
}

static char *play(const Suite *suite, const xmlNode *test) {
  TestRun run = {0};
  begin(&run, suite, test);
  for (xmlNode *step = xml_first_element(test); step && !run.failure->len;
       step = xml_next_element(step))
    play_step(&run, step, suite->procedure);
  if (!run.failure->len)
    testexpect_collect(&run);
  rk_desk_close(run.desk);
  rk_diags_free(run.diags);
  g_clear_pointer(&run.before, g_ptr_array_unref);
  g_free(run.number);
  g_free(run.opened);
  return g_string_free(run.failure, FALSE);
}

static void run_test(Suite *suite, const xmlNode *test) {
  g_autofree char *title = xml_attr(test, "title"), *desk = xml_attr(test, "desk");
  g_autofree char *failure = play(suite, test);
  suite->failed += *failure != '\0';
  table_row(suite->table, suite->path, desk, title, *failure ? "failed" : "passed",
            *failure ? failure : NULL);
}

/* ------------------------------------------------------------------- files */

/* Name and municipality of the procedure. */
static RkStatus read_procedure(Suite *suite, RkDiags *diags) {
  const char *path = testfile_procedure(suite->file);
  g_autoptr(Machine) machine = NULL;
  RkStatus status = machine_load_file(&machine, path, MACHINE_STRICT, diags);
  if (status != RK_OK)
    return status;
  const xmlNode *procedure = machine_procedure(machine);
  suite->municipality = procedure ? xml_attr(procedure, "municipality") : NULL;
  suite->procedure = g_strdup(machine_name(machine));
  if (!suite->municipality || !suite->procedure)
    return diags_fail(diags, RK_INVALID, DIAG_TEST_PROCEDURE, &(DiagPlace){suite->path, 1, 1},
                      path, NULL);
  return RK_OK;
}

/* The transitions of the procedure that no test of its file took, and how many there are. */
static void list_untaken(const Suite *suite) {
  g_autoptr(Machine) machine = NULL;
  const char *path = testfile_procedure(suite->file);
  guint all = 0, taken = 0;
  if (machine_load_file(&machine, path, MACHINE_STRICT, NULL) != RK_OK)
    return;
  for (guint state = 0; state < machine_n_states(machine); state++)
    for (guint i = 0; i < machine_n_transitions(machine, state); i++) {
      MachineTransition transition = machine_transition(machine, state, i);
      g_autofree char *key = g_strdup_printf("%s:%u", suite->procedure, transition.number);
      g_autofree char *line = g_strdup_printf("%d", transition.place.line);
      all++;
      if (g_hash_table_contains(suite->taken, key))
        taken++;
      else
        table_row(suite->untaken, transition.place.file, line, machine_state_id(machine, state),
                  transition.event);
    }
  g_autofree char *total = g_strdup_printf("%u", all), *covered = g_strdup_printf("%u", taken);
  table_row(suite->coverage, path, total, covered);
}

/* What a run gathers from all files. */
typedef struct {
  RkTable *results, *untaken, *coverage;
  GHashTable *moved; /* see TestRun */
  guint failed;
} Outcome;

static RkStatus run_file(const RkSite *site, const char *path, Outcome *outcome, RkDiags *diags) {
  g_autoptr(TestFile) file = NULL;
  RkStatus status = testfile_load(&file, path, diags);
  if (status != RK_OK)
    return status;
  Suite suite = {.site = site, .path = path, .file = file, .table = outcome->results,
                 .untaken = outcome->untaken, .coverage = outcome->coverage, .moved = outcome->moved};
  g_autoptr(GHashTable) taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  suite.taken = taken;
  status = read_procedure(&suite, diags);
  for (const xmlNode *test = testfile_first(file); status == RK_OK && test;
       test = xml_next_element(test))
    run_test(&suite, test);
  if (status == RK_OK)
    list_untaken(&suite);
  outcome->failed += suite.failed;
  g_free(suite.procedure);
  g_free(suite.municipality);
  return status;
}

static RkTable *results_table(void) {
  RkTable *table = table_new("tests", gettext("Tests"));
  table_column(table, "file", gettext("File"), RK_COLUMN_TEXT);
  table_column(table, "desk", gettext("Desk"), RK_COLUMN_TEXT);
  table_column(table, "test", gettext("Test"), RK_COLUMN_TEXT);
  table_column(table, "result", gettext("Result"), RK_COLUMN_TEXT);
  table_column(table, "message", gettext("Message"), RK_COLUMN_TEXT);
  return table;
}

static int compare_lines(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Every way a paper went and every holder it had at the end of a test, each once. */
static RkTable *papers_table(GHashTable *moved) {
  RkTable *table = table_new("papers", gettext("Papers"));
  guint count = 0;
  g_autofree gpointer *lines = g_hash_table_get_keys_as_array(moved, &count);
  table_column(table, "what", gettext("What"), RK_COLUMN_TEXT);
  table_column(table, "form", gettext("Form"), RK_COLUMN_TEXT);
  table_column(table, "from", gettext("From"), RK_COLUMN_TEXT);
  table_column(table, "to", gettext("To"), RK_COLUMN_TEXT);
  table_column(table, "channel", gettext("Channel"), RK_COLUMN_TEXT);
  qsort(lines, count, sizeof *lines, compare_lines);
  for (guint i = 0; i < count; i++) {
    g_auto(GStrv) cells = g_strsplit(lines[i], "\t", -1);
    table_row(table, cells[0], cells[1], cells[2], cells[3], cells[4]);
  }
  return table;
}

static RkTable *untaken_table(void) {
  RkTable *table = table_new("untaken", gettext("Transitions that no test took"));
  table_column(table, "file", gettext("File"), RK_COLUMN_TEXT);
  table_column(table, "line", gettext("Line"), RK_COLUMN_NUMBER);
  table_column(table, "state", gettext("State"), RK_COLUMN_TEXT);
  table_column(table, "event", gettext("Event"), RK_COLUMN_TEXT);
  return table;
}

static RkTable *coverage_table(void) {
  RkTable *table = table_new("coverage", gettext("Transitions taken by the tests"));
  table_column(table, "file", gettext("File"), RK_COLUMN_TEXT);
  table_column(table, "transitions", gettext("Transitions"), RK_COLUMN_NUMBER);
  table_column(table, "taken", gettext("Taken"), RK_COLUMN_NUMBER);
  return table;
}

static RkStatus run_files(const RkSite *site, const char *const *paths, Outcome *outcome,
                          RkDiags *diags) {
  static const char *const endings[] = {".test.xml", NULL};
  RkStatus status = RK_OK;
  for (guint i = 0; paths && paths[i]; i++) {
    g_autoptr(GPtrArray) files = files_at(paths[i], endings);
    if (!files->len)
      status = diags_fail(diags, RK_INVALID, DIAG_TEST_EMPTY, NULL, paths[i], NULL);
    for (guint k = 0; k < files->len; k++) {
      RkStatus one = run_file(site, files->pdata[k], outcome, diags);
      status = status == RK_OK ? one : status;
    }
  }
  return status;
}

/* The tables are given out with RK_FAILED too: they say what failed. */
RkStatus rk_workflow_test(const RkSite *site, const char *const *paths, GPtrArray **out,
                          RkDiags *diags) {
  g_autoptr(RkTable) table = results_table(), untaken = untaken_table();
  g_autoptr(RkTable) coverage = coverage_table();
  g_autoptr(GHashTable) moved = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  Outcome outcome = {table, untaken, coverage, moved, 0};
  *out = NULL;
  RkStatus status = run_files(site, paths, &outcome, diags);
  if (status != RK_OK)
    return status;
  g_autofree char *count = g_strdup_printf("%u", outcome.failed);
  if (outcome.failed)
    status = diags_fail(diags, RK_FAILED, DIAG_TEST_FAILED, NULL, count, NULL);
  *out = g_ptr_array_new_with_free_func((GDestroyNotify)rk_table_free);
  g_ptr_array_add(*out, g_steal_pointer(&table));
  g_ptr_array_add(*out, papers_table(moved));
  g_ptr_array_add(*out, g_steal_pointer(&untaken));
  g_ptr_array_add(*out, g_steal_pointer(&coverage));
  return status;
}
