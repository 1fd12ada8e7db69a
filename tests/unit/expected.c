/* SPDX-License-Identifier: Apache-2.0 */
/* expected.c - see expected.h. */
#include "expected.h"

#include "analysis-files.h"

#include <string.h>

#define RK_NS "urn:renkei:workflow:1"

struct Expected {
  GHashTable *moves, *never; /* see expected.h */
  GHashTable *ways;          /* "form\tfrom\tto" → " channel channel " */
  GHashTable *steps;         /* procedure → set of lines */
};

static GHashTable *text_set(void) {
  return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

/* ----------------------------------------------------------------- reading */

static void add_way(Expected *expected, char **cells) {
  char *way = g_strjoin("\t", cells[1], cells[2], cells[3], NULL);
  const char *before = g_hash_table_lookup(expected->ways, way);
  g_hash_table_replace(expected->ways, way,
                       g_strdup_printf("%s%s ", before ? before : " ", cells[4]));
}

static void read_paper(Expected *expected, char **cells) {
  guint count = g_strv_length(cells);
  if (count >= 5 && strcmp(cells[0], "moves") == 0) {
    g_hash_table_add(expected->moves, g_strjoin("\t", cells[1], cells[2], cells[3], cells[4], NULL));
    add_way(expected, cells);
  } else if (count >= 4 && strcmp(cells[0], "never") == 0) {
    g_hash_table_add(expected->never, g_strjoin("\t", cells[1], cells[3], NULL));
  }
}

/* The same line a second time is another line. Takes it. */
static void add_line(GHashTable *lines, char *line) {
  for (guint i = 2; g_hash_table_contains(lines, line); i++) {
    char *again = g_strdup_printf("%.*s#%u", (int)strcspn(line, "#"), line, i);
    g_free(line);
    line = again;
  }
  g_hash_table_add(lines, line);
}

static GHashTable *steps_of(const Expected *expected, const char *procedure) {
  GHashTable *lines = g_hash_table_lookup(expected->steps, procedure);
  if (!lines)
    g_hash_table_insert(expected->steps, g_strdup(procedure), lines = text_set());
  return lines;
}

static void read_step(Expected *expected, char **cells) {
  if (g_strv_length(cells) >= 4 && cells[0][0] != '#')
    add_line(steps_of(expected, cells[1]), g_strjoinv("\t", cells));
}

static void read_list(Expected *expected, const char *town, const char *what,
                      void (*read)(Expected *expected, char **cells)) {
  g_autofree char *name = g_strdup_printf("tests/expect/%s-%s.tsv", town, what);
  g_autofree char *path = shipped_file(name), *text = NULL;
  if (!g_file_get_contents(path, &text, NULL, NULL))
    g_error("%s cannot be read", path);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (char **line = lines; *line; line++) {
    g_auto(GStrv) cells = g_strsplit(*line, "\t", -1);
    if (**line)
      read(expected, cells);
  }
}

Expected *expected_read(const char *town) {
  Expected *expected = g_new0(Expected, 1);
  expected->moves = text_set();
  expected->never = text_set();
  expected->ways = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  expected->steps = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                          (GDestroyNotify)g_hash_table_unref);
  read_list(expected, town, "papers", read_paper);
  read_list(expected, town, "steps", read_step);
  return expected;
}

void expected_free(Expected *expected) {
  g_hash_table_unref(expected->moves);
  g_hash_table_unref(expected->never);
  g_hash_table_unref(expected->ways);
  g_hash_table_unref(expected->steps);
  g_free(expected);
}

gboolean expected_moves(const Expected *expected, const char *way) {
  return g_hash_table_contains(expected->moves, way);
}

gboolean expected_never(const Expected *expected, const char *pair) {
  return g_hash_table_contains(expected->never, pair);
}

GPtrArray *expected_procedures(const Expected *expected) {
  GPtrArray *names = g_ptr_array_new();
  GHashTableIter iter;
  g_hash_table_iter_init(&iter, expected->steps);
  for (gpointer name; g_hash_table_iter_next(&iter, &name, NULL);)
    g_ptr_array_add(names, name);
  return names;
}

/* ---------------------------------------------------------------- comparing */

typedef struct {
  const Expected *expected;
  const char *name;
  GHashTable *found; /* lines as in the list of steps */
  GString *words;
} Comparison;

/* An attribute without a namespace, or of ours; g_free. */
static char *get(const xmlNode *node, const char *name) {
  xmlChar *value = xmlGetNoNsProp(node, BAD_CAST name);
  if (!value)
    value = xmlGetNsProp(node, BAD_CAST name, BAD_CAST RK_NS);
  char *copy = g_strdup((const char *)value);
  xmlFree(value);
  return copy;
}

/* The set of `words` and that of `listed` (with a space at both ends) are the same. */
static gboolean same_ways(const char *words, const char *listed) {
  g_auto(GStrv) own = g_strsplit(words, " ", -1), theirs = g_strsplit(listed + 1, " ", -1);
  gboolean same = g_strv_length(own) + 1 == g_strv_length(theirs);
  for (char **word = own; *word && same; word++)
    same = g_strv_contains((const char *const *)theirs, *word);
  return same;
}

/* A sending allows all ways of the list and no other; one with a single way goes by one of them. */
static void compare_sending(Comparison *comparison, const xmlNode *node, const char *by) {
  g_autofree char *form = get(node, "form"), *to = get(node, "to"), *own_from = get(node, "from");
  g_autofree char *several = get(node, "channels"), *one = get(node, "channel");
  const char *from = own_from ? own_from : by;
  if (!form || !to || !from)
    return;
  g_autofree char *way = g_strjoin("\t", form, from, to, NULL);
  const char *listed = g_hash_table_lookup(comparison->expected->ways, way);
  g_autofree char *word = g_strdup_printf(" %s ", one ? one : "");
  if (!listed || (several ? !same_ways(several, listed) : !strstr(listed, word)))
    g_string_append_printf(comparison->words, "%s: %s from %s to %s by %s; ", comparison->name, form,
                           from, to, several ? several : one);
}

/* What asks for the way offers each way that the event's papers may go. */
static void compare_question(Comparison *comparison, const xmlNode *ask, const xmlNode *sending) {
  g_autofree char *values = get(ask, "values"), *channels = get(sending, "channels");
  g_auto(GStrv) offered = g_strsplit(values ? values : "", " ", -1);
  g_auto(GStrv) ways = g_strsplit(channels ? channels : "", " ", -1);
  for (char **way = ways; *way; way++)
    if (!g_strv_contains((const char *const *)offered, *way))
      g_string_append_printf(comparison->words, "%s: %s is not offered; ", comparison->name, *way);
}

static gboolean is(const xmlNode *node, const char *name) {
  return strcmp((const char *)node->name, name) == 0;
}

static void compare_inside(Comparison *comparison, const xmlNode *node, const char *event,
                           const char *by, const xmlNode **ask) {
  g_autofree char *form = get(node, "form"), *holder = get(node, "holder"), *name = get(node, "name");
  if (is(node, "keep") && holder)
    add_line(comparison->found, g_strjoin("\t", "keeps", comparison->name, event ? event : "-",
                                          form ? form : "", holder, NULL));
  if (is(node, "ask") && g_strcmp0(name, "channel") == 0)
    *ask = node;
  if (is(node, "send-paper"))
    compare_sending(comparison, node, by);
  if (is(node, "send-paper") && *ask)
    compare_question(comparison, *ask, node);
  for (xmlNode *child = xmlFirstElementChild((xmlNode *)node); child;
       child = xmlNextElementSibling(child))
    compare_inside(comparison, child, event, by, ask);
}

static void compare_node(Comparison *comparison, const xmlNode *node) {
  const xmlNode *ask = NULL;
  if (is(node, "transition")) {
    g_autofree char *event = get(node, "event"), *by = get(node, "by");
    if (by)
      add_line(comparison->found, g_strjoin("\t", "acts", comparison->name, event, by, NULL));
    compare_inside(comparison, node, event, by, &ask);
    return;
  }
  for (xmlNode *child = xmlFirstElementChild((xmlNode *)node); child;
       child = xmlNextElementSibling(child))
    compare_node(comparison, child);
}

static void lacking(GHashTable *from, GHashTable *in, const char *how, GString *words) {
  GHashTableIter iter;
  g_hash_table_iter_init(&iter, from);
  for (gpointer line; g_hash_table_iter_next(&iter, &line, NULL);)
    if (!g_hash_table_contains(in, line))
      g_string_append_printf(words, "%s %s; ", how, (char *)line);
}

char *expected_differences(const Expected *expected, const char *name, xmlDoc *doc) {
  g_autoptr(GHashTable) found = text_set();
  Comparison comparison = {expected, name, found, g_string_new(NULL)};
  GHashTable *listed = steps_of(expected, name);
  compare_node(&comparison, xmlDocGetRootElement(doc));
  lacking(found, listed, "not listed:", comparison.words);
  lacking(listed, found, "not done:", comparison.words);
  return g_string_free(comparison.words, FALSE);
}
