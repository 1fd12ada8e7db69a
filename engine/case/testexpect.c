/* SPDX-License-Identifier: Apache-2.0 */
/*
 * testexpect.c - what a step of a test expects, held against what is.
 *
 * Papers are exact: each paper that began to move, or moved on, in a step is named by an
 * <expect-paper> of that step, or the step fails. The same holds for notices that our desk
 * sends.
 */
#include "case/testrun.h"

#include "base/xml.h"
#include "case/testfile.h"

#include <string.h>

/* ------------------------------------------------------------------ tables */

static const RkTable *table_of(GPtrArray *tables, const char *id) {
  for (guint i = 0; tables && i < tables->len; i++)
    if (g_str_equal(rk_table_id(tables->pdata[i]), id))
      return tables->pdata[i];
  return NULL;
}

/* The first row in which every key (NULL-terminated pairs of key and value;
 * a NULL value fits all) has its value; -1: none. */
static int find_row(const RkTable *table, const char *const *pairs) {
  for (guint row = 0; table && row < rk_table_rows(table); row++) {
    gboolean fits = TRUE;
    for (guint i = 0; pairs[i] && fits; i += 2)
      fits = !pairs[i + 1] || g_strcmp0(rk_table_get(table, row, pairs[i]), pairs[i + 1]) == 0;
    if (fits)
      return (int)row;
  }
  return -1;
}

static void append_table(GString *text, const RkTable *table) {
  g_string_append_printf(text, "[%s]\n", rk_table_id(table));
  for (guint row = 0; row < rk_table_rows(table); row++) {
    for (guint column = 0; column < rk_table_columns(table); column++) {
      const char *cell = rk_table_cell(table, row, column);
      g_string_append_printf(text, "%s\t", cell ? cell : "-");
    }
    g_string_append_c(text, '\n');
  }
}

char *testexpect_fingerprint(TestRun *run) {
  GString *text = g_string_new(NULL);
  g_autoptr(GPtrArray) tables = NULL;
  g_autoptr(RkTable) journal = NULL, custody = NULL;
  if (rk_case_show(run->desk, run->number, run->clock, &tables, NULL) == RK_OK)
    for (guint i = 0; i < tables->len; i++)
      append_table(text, tables->pdata[i]);
  if (rk_case_log(run->desk, NULL, NULL, &journal, NULL) == RK_OK)
    append_table(text, journal);
  if (rk_custody(run->desk, run->number, NULL, NULL, &custody, NULL) == RK_OK)
    append_table(text, custody);
  return g_string_free(text, FALSE);
}

/* --------------------------------------------------------------- movements */

/* One movement as text: form or "!title", from, to, channel, state, direction, id. The id
 * keeps two equal movements apart. */
static GPtrArray *movements(const RkTable *table) {
  GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
  for (guint row = 0; table && row < rk_table_rows(table); row++) {
    const char *form = rk_table_get(table, row, "form"), *title = rk_table_get(table, row, "title");
    g_ptr_array_add(
        list, g_strdup_printf("%s%s\t%s\t%s\t%s\t%s\t%s\t%s", form ? "" : "!",
                              form ? form : title ? title : "", rk_table_get(table, row, "from"),
                              rk_table_get(table, row, "to"), rk_table_get(table, row, "channel"),
                              rk_table_get(table, row, "state"),
                              rk_table_get(table, row, "direction"), rk_table_get(table, row, "id")));
  }
  return list;
}

/* Those that are not among `before`: begun, or moved on. */
static GPtrArray *new_movements(const RkTable *table, GPtrArray *before) {
  GPtrArray *list = movements(table);
  for (guint i = list->len; i-- > 0;)
    if (before && g_ptr_array_find_with_equal_func(before, list->pdata[i], g_str_equal, NULL))
      g_ptr_array_remove_index(list, i);
  return list;
}

enum { AT_WHAT, AT_FROM, AT_TO, AT_CHANNEL, AT_STATE, AT_DIRECTION };

static gboolean word_fits(char **words, guint index, const char *wanted) {
  return !wanted || g_str_equal(words[index], wanted);
}

/* Take one movement that fits out of the list. `what` NULL: any notice. */
static gboolean take_movement(GPtrArray *list, const char *what, const xmlNode *node) {
  g_autofree char *from = xml_attr(node, "from"), *to = xml_attr(node, "to");
  g_autofree char *channel = xml_attr(node, "channel"), *state = xml_attr(node, "state");
  for (guint i = 0; i < list->len; i++) {
    g_auto(GStrv) words = g_strsplit(list->pdata[i], "\t", -1);
    if ((what ? g_str_equal(words[AT_WHAT], what) : words[AT_WHAT][0] == '!') &&
        word_fits(words, AT_FROM, from) && word_fits(words, AT_TO, to) &&
        word_fits(words, AT_CHANNEL, channel) && word_fits(words, AT_STATE, state)) {
      g_ptr_array_remove_index(list, i);
      return TRUE;
    }
  }
  return FALSE;
}

static char *describe(const GPtrArray *list) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < list->len; i++) {
    g_auto(GStrv) words = g_strsplit(list->pdata[i], "\t", -1);
    g_string_append_printf(text, "%s%s %s -> %s by %s, %s", i ? "; " : "",
                           words[AT_WHAT][0] == '!' ? words[AT_WHAT] + 1 : words[AT_WHAT],
                           words[AT_FROM], words[AT_TO], words[AT_CHANNEL], words[AT_STATE]);
  }
  return g_string_free(*text->str ? text : g_string_append(text, "nothing"), FALSE);
}

static void expect_movement(TestRun *run, const xmlNode *node, GPtrArray *moved) {
  gboolean notice = g_str_equal((const char *)node->name, "expect-notice");
  g_autofree char *name = xml_attr(node, notice ? "title" : "form");
  g_autofree char *what = notice && name ? g_strconcat("!", name, NULL) : g_strdup(name);
  if (take_movement(moved, what, node))
    return;
  g_autofree char *is = describe(moved);
  testrun_fail(run, node, "did not move so; what moved: %s", is);
}

/* What moved and was not expected: any paper, and any notice of ours. */
static void refuse_surprises(TestRun *run, const xmlNode *step, GPtrArray *moved) {
  for (guint i = moved->len; i-- > 0;) {
    g_auto(GStrv) words = g_strsplit(moved->pdata[i], "\t", -1);
    if (words[AT_WHAT][0] == '!' && !g_str_equal(words[AT_DIRECTION], "out"))
      g_ptr_array_remove_index(moved, i);
  }
  if (!moved->len)
    return;
  g_autofree char *is = describe(moved);
  testrun_fail(run, step, "not expected: %s", is);
}

/* At any time since the case was opened. */
static void expect_no_paper(TestRun *run, const xmlNode *node, const RkTable *table) {
  g_autofree char *form = xml_attr(node, "form"), *to = xml_attr(node, "to");
  if (find_row(table, (const char *const[]){"form", form, "to", to, NULL}) >= 0)
    testrun_fail(run, node, "%s moved to %s", form, to ? to : "someone");
}

/* ------------------------------------------------------------ how it stands */

static int compare_words(gconstpointer a, gconstpointer b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *sorted_words(const char *text) {
  g_auto(GStrv) words = g_strsplit(text ? text : "", " ", -1);
  qsort(words, g_strv_length(words), sizeof *words, compare_words);
  g_autofree char *joined = g_strjoinv(" ", words);
  return g_strdup(g_strstrip(joined));
}

static void expect_state(TestRun *run, const xmlNode *node, GPtrArray *tables) {
  g_autofree char *text = xml_attr(node, "state");
  const char *held = rk_table_get(table_of(tables, "case"), 0, "state");
  g_autofree char *wanted = sorted_words(text), *is = sorted_words(held);
  if (!g_str_equal(wanted, is))
    testrun_fail(run, node, "is %s, not %s", is, wanted);
}

static void expect_closed(TestRun *run, const xmlNode *node, GPtrArray *tables) {
  if (g_strcmp0(rk_table_get(table_of(tables, "case"), 0, "closed"), "yes") != 0)
    testrun_fail(run, node, "the case is still open");
}

static void expect_next(TestRun *run, const xmlNode *node, GPtrArray *tables) {
  g_autofree char *event = xml_attr(node, "event"), *wanted = xml_attr(node, "possible");
  const RkTable *next = table_of(tables, "next");
  int row = find_row(next, (const char *const[]){"event", event, NULL});
  const char *possible = row >= 0 ? rk_table_get(next, (guint)row, "possible") : "no";
  if (g_strcmp0(possible, wanted ? wanted : "yes") != 0)
    testrun_fail(run, node, "%s is %s", event,
                 row < 0 ? "not among the next events"
                         : g_str_equal(possible, "yes") ? "possible" : "not possible");
}

static void expect_form(TestRun *run, const xmlNode *node, GPtrArray *tables) {
  g_autofree char *form = xml_attr(node, "form"), *state = xml_attr(node, "state");
  const RkTable *papers = table_of(tables, "papers");
  int row = find_row(papers, (const char *const[]){"form", form, NULL});
  const char *is = row >= 0 ? rk_table_get(papers, (guint)row, "state") : "not used";
  if (g_strcmp0(is, state) != 0)
    testrun_fail(run, node, "%s is %s, not %s", form, is, state);
}

/* -------------------------------------------------- custody, registers, time */

static void expect_keeper(TestRun *run, const xmlNode *node, gboolean wanted) {
  g_autofree char *form = xml_attr(node, "form"), *kind = xml_attr(node, "kind");
  g_autofree char *holder = xml_attr(node, "holder");
  g_autoptr(RkTable) custody = NULL;
  rk_custody(run->desk, run->number, NULL, NULL, &custody, NULL);
  int row = find_row(custody,
                     (const char *const[]){"form", form, "holder", holder, "kind", kind, NULL});
  if ((row >= 0) != wanted)
    testrun_fail(run, node, "%s %s %s of %s", holder, wanted ? "holds no" : "holds a",
                 kind ? kind : "exemplar", form);
}

static void expect_register(TestRun *run, const xmlNode *node, gboolean wanted) {
  g_autofree char *name = xml_attr(node, "name"), *key = xml_attr(node, "key");
  g_autofree char *state = xml_attr(node, "state");
  g_autoptr(RkTable) entries = NULL;
  rk_register_list(run->desk, name, key, FALSE, NULL, &entries, NULL);
  int row = find_row(entries, (const char *const[]){"key", key, NULL});
  const char *is = row >= 0 ? rk_table_get(entries, (guint)row, "state") : NULL;
  if (wanted ? g_strcmp0(is, state) != 0 : is != NULL)
    testrun_fail(run, node, "the register %s holds %s as %s", name, key, is ? is : "nothing");
}

static gboolean fired_since(TestRun *run, const char *event, gint64 seq) {
  g_autoptr(RkTable) journal = NULL;
  rk_case_log(run->desk, run->number, NULL, &journal, NULL);
  for (guint row = 0; journal && row < rk_table_rows(journal); row++)
    if (g_strcmp0(rk_table_get(journal, row, "kind"), "timer") == 0 &&
        g_strcmp0(rk_table_get(journal, row, "event"), event) == 0 &&
        g_ascii_strtoll(rk_table_get(journal, row, "seq"), NULL, 10) > seq)
      return TRUE;
  return FALSE;
}

/* "fired": in this step. "not fired": at any time since the case was opened. */
static void expect_fired(TestRun *run, const xmlNode *node, gboolean wanted) {
  g_autofree char *event = xml_attr(node, "event");
  if (fired_since(run, event, wanted ? run->last_seq : 0) != wanted)
    testrun_fail(run, node, "%s %s", event, wanted ? "did not fire" : "fired");
}

static void expect_reason(TestRun *run, const xmlNode *node) {
  g_autofree char *text = xml_attr(node, "contains");
  GString *all = g_string_new(NULL);
  for (guint i = 0; i < rk_diags_count(run->diags); i++)
    g_string_append_printf(all, "%s%s", i ? " / " : "", rk_diags_get(run->diags, i)->message);
  if (!strstr(all->str, text))
    testrun_fail(run, node, "no reason says '%s'; it says: %s", text, all->str);
  g_string_free(all, TRUE);
}

/* -------------------------------------------------------------------- steps */

void testexpect_prepare(TestRun *run) {
  g_autoptr(GPtrArray) tables = NULL;
  g_autoptr(RkTable) journal = NULL;
  g_clear_pointer(&run->before, g_ptr_array_unref);
  run->last_seq = 0;
  if (!run->number || rk_case_show(run->desk, run->number, run->clock, &tables, NULL) != RK_OK)
    return;
  run->before = movements(table_of(tables, "transmissions"));
  if (rk_case_log(run->desk, NULL, NULL, &journal, NULL) != RK_OK)
    return;
  for (guint row = 0; row < rk_table_rows(journal); row++)
    run->last_seq =
        MAX(run->last_seq, g_ascii_strtoll(rk_table_get(journal, row, "seq"), NULL, 10));
}

static void expect_one(TestRun *run, const xmlNode *node, GPtrArray *tables, GPtrArray *moved) {
  const char *name = (const char *)node->name;
  if (g_str_equal(name, "expect"))
    expect_state(run, node, tables);
  else if (g_str_equal(name, "expect-closed"))
    expect_closed(run, node, tables);
  else if (g_str_equal(name, "expect-next"))
    expect_next(run, node, tables);
  else if (g_str_equal(name, "expect-form"))
    expect_form(run, node, tables);
  else if (g_str_equal(name, "expect-paper") || g_str_equal(name, "expect-notice"))
    expect_movement(run, node, moved);
  else if (g_str_equal(name, "expect-no-paper"))
    expect_no_paper(run, node, table_of(tables, "transmissions"));
  else if (g_str_equal(name, "expect-keeper") || g_str_equal(name, "expect-no-keeper"))
    expect_keeper(run, node, g_str_equal(name, "expect-keeper"));
  else if (g_str_equal(name, "expect-register") || g_str_equal(name, "expect-no-register"))
    expect_register(run, node, g_str_equal(name, "expect-register"));
  else if (g_str_equal(name, "expect-fired") || g_str_equal(name, "expect-not-fired"))
    expect_fired(run, node, g_str_equal(name, "expect-fired"));
  else if (g_str_equal(name, "expect-reason"))
    expect_reason(run, node);
}

/* The form of a paper without the party it is about. */
static char *form_of(const char *reference) {
  const char *colon = strchr(reference, ':');
  return colon ? g_strndup(reference, (gsize)(colon - reference)) : g_strdup(reference);
}

static void collect_movements(TestRun *run, const char *number) {
  g_autoptr(GPtrArray) tables = NULL;
  if (rk_case_show(run->desk, number, run->clock, &tables, NULL) != RK_OK)
    return;
  const RkTable *table = table_of(tables, "transmissions");
  for (guint row = 0; row < rk_table_rows(table); row++) {
    const char *reference = rk_table_get(table, row, "form");
    g_autofree char *form = reference ? form_of(reference) : NULL;
    if (form)
      g_hash_table_add(run->moved, g_strdup_printf("moves\t%s\t%s\t%s\t%s", form,
                                                   rk_table_get(table, row, "from"),
                                                   rk_table_get(table, row, "to"),
                                                   rk_table_get(table, row, "channel")));
  }
}

void testexpect_collect(TestRun *run) {
  g_autoptr(RkTable) cases = NULL, custody = NULL;
  RkCaseFilter filter = {.with_closed = TRUE, .limit = 1000};
  if (rk_case_list(run->desk, &filter, &cases, NULL) != RK_OK ||
      rk_custody(run->desk, NULL, NULL, NULL, &custody, NULL) != RK_OK)
    return;
  for (guint row = 0; row < rk_table_rows(cases); row++)
    collect_movements(run, rk_table_get(cases, row, "number"));
  for (guint row = 0; row < rk_table_rows(custody); row++)
    g_hash_table_add(run->moved,
                     g_strdup_printf("lies\t%s\t%s\t%s\t", rk_table_get(custody, row, "form"),
                                     rk_table_get(custody, row, "kind"),
                                     rk_table_get(custody, row, "holder")));
}

void testexpect_check(TestRun *run, const xmlNode *step) {
  g_autoptr(GPtrArray) tables = run->number ? testrun_show(run, step) : NULL;
  if (!tables)
    return;
  g_autoptr(GPtrArray) moved =
      new_movements(table_of(tables, "transmissions"), run->before);
  for (xmlNode *node = xml_first_element(step); node; node = xml_next_element(node))
    expect_one(run, node, tables, moved);
  refuse_surprises(run, step, moved);
}
