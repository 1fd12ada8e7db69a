/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules of the handbooks (R01 to R42): the tables of workflows/README.md and README.ja.md say
 * where each is kept, tests/expect/rules.tsv says it to the word. Each place is looked up; what is
 * said to refuse, to lead or to remind is taken out of the procedure, and the test that is said to
 * show it must notice.
 */
#include "variant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define RULES 42

/* A line of rules.tsv. */
enum { RULE, KIND, FILE_, ELEMENT, WORDS, SHOWN_BY, N_CELLS };

/* How a rule may be kept: the word of the list, and of the Japanese table. Only the first three are
 * taken out. */
static const struct {
  const char *word, *japanese;
  gboolean acts;
} kinds[] = {
    {"enforced", "断る", TRUE},       {"steps", "手続", TRUE},     {"reminder", "知らせ", TRUE},
    {"guard", "確かめ", FALSE},       {"checklist", "一覧", FALSE}, {"text", "掲示", FALSE},
    {"log", "記録", FALSE},           {"listing", "名簿", FALSE},  {"retention", "保存", FALSE},
    {"engine", "プログラム", FALSE},
};

static char *read_shipped(const char *name) {
  g_autofree char *path = shipped_file(name);
  g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, NULL);
  return file ? g_strndup(g_mapped_file_get_contents(file), g_mapped_file_get_length(file)) : NULL;
}

/* The lines of a table, each as its cells. */
static GPtrArray *read_rows(const char *name, guint cells) {
  g_autofree char *text = read_shipped(name);
  assert_non_null(text);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  GPtrArray *rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
  for (char **line = lines; *line; line++) {
    if (!**line || **line == '#')
      continue;
    char **row = g_strsplit(*line, "\t", -1);
    if (g_strv_length(row) != cells)
      fail_msg("%s: not %u cells: %s", name, cells, *line);
    g_ptr_array_add(rows, row);
  }
  return rows;
}

static GPtrArray *rules(void) {
  return read_rows("tests/expect/rules.tsv", N_CELLS);
}

/* The path in the tree of a file as the list names it. */
static char *tree_path(const char *file) {
  gboolean whole = g_str_has_prefix(file, "forms/") || g_str_has_prefix(file, "tests/");
  return g_strconcat(whole ? "" : "workflows/", file, NULL);
}

static gboolean is_procedure(const char *file) {
  return g_str_has_suffix(file, ".scxml") || g_str_has_suffix(file, ".overlay.xml");
}

/* The file as one document, an overlay put together with its base. */
static xmlDoc *read_document(const char *file) {
  g_autofree char *name = tree_path(file), *path = shipped_file(name), *flat = NULL;
  if (!is_procedure(file))
    return variant_read(path);
  if (rk_workflow_flatten(path, &flat, NULL) != RK_OK)
    return NULL;
  return xmlReadMemory(flat, (int)strlen(flat), file, NULL, XML_PARSE_NONET);
}

/* ------------------------------------------------------- elements and words */

static gboolean own_words(const xmlNode *node, const char *words) {
  gboolean found = strstr((const char *)node->name, words) ||
                   (g_str_has_prefix(words, "rk:") && strcmp((const char *)node->name, words + 3) == 0);
  for (const xmlAttr *attr = node->properties; attr && !found; attr = attr->next)
    found = attr->children && attr->children->content &&
            strstr((const char *)attr->children->content, words);
  for (const xmlNode *child = node->children; child && !found; child = child->next)
    found = child->type == XML_TEXT_NODE && strstr((const char *)child->content, words);
  return found;
}

/* The innermost elements in and below `node` that have the words. */
static void with_words(xmlNode *node, const char *words, GPtrArray *found) {
  for (xmlNode *child = xmlFirstElementChild(node); child; child = xmlNextElementSibling(child))
    with_words(child, words, found);
  if (own_words(node, words))
    g_ptr_array_add(found, node);
}

static gboolean is_called(const xmlNode *node, const char *id) {
  g_autofree char *own = variant_attr(node, "id"), *event = variant_attr(node, "event");
  return g_strcmp0(own, id) == 0 || g_strcmp0(event, id) == 0;
}

static void called(xmlNode *node, const char *id, GPtrArray *found) {
  if (is_called(node, id)) {
    g_ptr_array_add(found, node);
    return;
  }
  for (xmlNode *child = xmlFirstElementChild(node); child; child = xmlNextElementSibling(child))
    called(child, id, found);
}

/* The elements of that id or event ("-": the whole file). */
static GPtrArray *places(xmlDoc *doc, const char *id) {
  GPtrArray *found = g_ptr_array_new();
  if (strcmp(id, "-") == 0)
    g_ptr_array_add(found, xmlDocGetRootElement(doc));
  else
    called(xmlDocGetRootElement(doc), id, found);
  return found;
}

static GPtrArray *words_at(GPtrArray *places, const char *words) {
  GPtrArray *found = g_ptr_array_new();
  for (guint i = 0; i < places->len; i++)
    with_words(places->pdata[i], words, found);
  return found;
}

/* ------------------------------------------------------------ the list itself */

static int kind_of(const char *word) {
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
    if (strcmp(kinds[i].word, word) == 0)
      return (int)i;
  return -1;
}

static void every_rule_is_kept_somewhere(void **state) {
  (void)state;
  g_autoptr(GPtrArray) rows = rules();
  gboolean seen[RULES + 1] = {FALSE};
  for (guint i = 0; i < rows->len; i++) {
    char **row = rows->pdata[i];
    int number = row[RULE][0] == 'R' ? atoi(row[RULE] + 1) : 0;
    assert_in_range(number, 1, RULES);
    assert_true(kind_of(row[KIND]) >= 0);
    seen[number] = TRUE;
  }
  for (guint number = 1; number <= RULES; number++)
    if (!seen[number])
      fail_msg("R%02u stands nowhere", number);
}

static gboolean stands(char *const *row) {
  g_autofree char *name = tree_path(row[FILE_]);
  if (!g_str_has_prefix(name, "tests/")) {
    xmlDoc *doc = read_document(row[FILE_]);
    g_autoptr(GPtrArray) at = doc ? places(doc, row[ELEMENT]) : g_ptr_array_new();
    g_autoptr(GPtrArray) found = words_at(at, row[WORDS]);
    guint count = found->len;
    xmlFreeDoc(doc);
    return count > 0;
  }
  g_autofree char *text = read_shipped(name);
  g_autofree char *head = g_strdup_printf("@test \"%s\"", row[SHOWN_BY]);
  return text && strstr(text, head);
}

static void every_place_named_has_the_words(void **state) {
  (void)state;
  g_autoptr(GPtrArray) rows = rules();
  guint missing = 0;
  for (guint i = 0; i < rows->len; i++) {
    char **row = rows->pdata[i];
    if (!stands(row) && ++missing)
      print_error("%s: %s#%s has no \"%s\"\n", row[RULE], row[FILE_], row[ELEMENT], row[WORDS]);
  }
  assert_int_equal(missing, 0);
}

/* -------------------------------------------------- what is taken out is missed */

/* Take out what keeps the rule: the requirement with these words; or the whole transition, or the
 * deadline, that the element is. */
static void take_out(xmlDoc *doc, char *const *row) {
  gboolean whole = strcmp(row[KIND], "enforced") != 0;
  g_autoptr(GPtrArray) at = places(doc, row[ELEMENT]);
  g_autoptr(GPtrArray) found = whole ? g_ptr_array_ref(at) : words_at(at, row[WORDS]);
  for (guint i = 0; i < found->len; i++) {
    xmlNode *node = found->pdata[i];
    if (whole || strcmp((const char *)node->name, "require") == 0) {
      xmlUnlinkNode(node);
      xmlFreeNode(node);
    }
  }
}

static gboolean refuses_something(const char *file) {
  g_autofree char *text = NULL;
  return g_file_get_contents(file, &text, NULL, NULL) && strstr(text, "refused=\"yes\"");
}

/* What is wrong with the test said to show it; NULL: nothing. */
static const char *not_shown(char *const *row, const RkSite *site) {
  g_autoptr(Variant) variant = variant_open(row[FILE_]);
  guint n = 0;
  if (!variant)
    return "there is no such procedure";
  if (!g_ptr_array_find_with_equal_func(variant->titles, row[SHOWN_BY], g_str_equal, &n))
    return "there is no such test";
  if (strcmp(row[KIND], "enforced") == 0 && !refuses_something(variant->files->pdata[n]))
    return "nothing is refused in the test";
  variant_write(variant, variant->doc);
  if (variant_test(variant, site, n, NULL) != RK_OK)
    return "the test fails";
  take_out(variant->doc, row);
  variant_write(variant, variant->doc);
  return variant_test(variant, site, n, NULL) == RK_OK ? "taken out, and the test does not notice" : NULL;
}

static void what_keeps_a_rule_is_missed_by_its_test(void **state) {
  (void)state;
  g_autofree char *data = g_build_filename(g_getenv("RENKEI_BUILDDIR"), "data", NULL);
  RkSite site = {.datadir = data, .moduledir = data};
  g_autoptr(GPtrArray) rows = rules();
  guint bad = 0;
  for (guint i = 0; i < rows->len; i++) {
    char **row = rows->pdata[i];
    gboolean acts = kinds[kind_of(row[KIND])].acts && is_procedure(row[FILE_]);
    const char *fault = acts ? not_shown(row, &site) : NULL;
    if (fault && ++bad)
      print_error("%s: %s#%s, \"%s\": %s\n", row[RULE], row[FILE_], row[ELEMENT], row[SHOWN_BY], fault);
  }
  assert_int_equal(bad, 0);
}

/* --------------------------------------------------------- the tables for readers */

static gint by_text(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The texts once each, in order, with a space between. */
static char *as_set(GPtrArray *texts) {
  GString *set = g_string_new(NULL);
  g_ptr_array_sort(texts, by_text);
  for (guint i = 0; i < texts->len; i++)
    if (!i || strcmp(texts->pdata[i], texts->pdata[i - 1]) != 0)
      g_string_append_printf(set, "%s ", (char *)texts->pdata[i]);
  return g_string_free(set, FALSE);
}

/* What the list says of a rule: its kinds, or its places as "file#element". */
static char *listed(const GPtrArray *rows, const char *rule, gboolean kinds_only, gboolean japanese) {
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < rows->len; i++) {
    char **row = rows->pdata[i];
    const char *kind = japanese ? kinds[kind_of(row[KIND])].japanese : row[KIND];
    gboolean whole = strcmp(row[ELEMENT], "-") == 0;
    if (strcmp(row[RULE], rule) == 0)
      g_ptr_array_add(texts, kinds_only ? g_strdup(kind)
                                        : g_strconcat(row[FILE_], whole ? "" : "#",
                                                      whole ? "" : row[ELEMENT], NULL));
  }
  return as_set(texts);
}

static char *cell_kinds(const char *cell) {
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
  g_auto(GStrv) words = g_strsplit_set(cell, " ,", -1);
  for (char **word = words; *word; word++)
    if (**word)
      g_ptr_array_add(texts, g_strdup(*word));
  return as_set(texts);
}

/* What stands between backticks. */
static char *cell_places(const char *cell) {
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
  g_auto(GStrv) pieces = g_strsplit(cell, "`", -1);
  for (guint i = 0; pieces[i]; i++)
    if (i % 2)
      g_ptr_array_add(texts, g_strdup(pieces[i]));
  return as_set(texts);
}

static char *table_line(const char *text, const char *rule) {
  g_autofree char *head = g_strdup_printf("\n| %s |", rule);
  const char *line = strstr(text, head);
  return line ? g_strndup(line + 1, strcspn(line + 1, "\n")) : NULL;
}

static guint differs(const char *document, const char *rule, const char *said, const char *is) {
  if (strcmp(said, is) == 0)
    return 0;
  print_error("%s, %s:\n  the table: %s\n  the list:  %s\n", document, rule, said, is);
  return 1;
}

static guint table_differs(const char *document, gboolean japanese) {
  g_autoptr(GPtrArray) rows = rules();
  g_autofree char *text = read_shipped(document);
  guint bad = 0;
  for (guint number = 1; number <= RULES; number++) {
    g_autofree char *rule = g_strdup_printf("R%02u", number), *line = table_line(text, rule);
    g_auto(GStrv) cells = g_strsplit(line ? line : "||||", "|", -1);
    g_autofree char *kinds_said = cell_kinds(cells[3]), *kinds_are = listed(rows, rule, TRUE, japanese);
    g_autofree char *said = cell_places(cells[4]), *are = listed(rows, rule, FALSE, japanese);
    bad += differs(document, rule, kinds_said, kinds_are) + differs(document, rule, said, are);
  }
  return bad;
}

static void the_tables_say_what_the_list_says(void **state) {
  (void)state;
  assert_int_equal(table_differs("workflows/README.md", FALSE), 0);
  assert_int_equal(table_differs("workflows/README.ja.md", TRUE), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_rule_is_kept_somewhere),
      cmocka_unit_test(every_place_named_has_the_words),
      cmocka_unit_test(what_keeps_a_rule_is_missed_by_its_test),
      cmocka_unit_test(the_tables_say_what_the_list_says),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
