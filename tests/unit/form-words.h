/* SPDX-License-Identifier: Apache-2.0 */
/*
 * form-words.h - the words of an instance document in the order in which a paper
 * shows them, made from the document alone: what a stylesheet must not lose,
 * change or move. Spaces count for nothing.
 */
#ifndef RK_TEST_FORM_WORDS_H
#define RK_TEST_FORM_WORDS_H

#include "form-paper.h"

typedef struct {
  GPtrArray *words; /* char*, without spaces */
} Words;

static inline gboolean words_is(const xmlNode *node, const char *name) {
  return xml_is(node, INSTANCE_NS, name);
}

static inline void words_say(Words *words, const char *text) {
  char *bare = without_spaces(text ? text : "");
  if (*bare)
    g_ptr_array_add(words->words, bare);
  else
    g_free(bare);
}

static inline char *words_attr(const xmlNode *node, const char *name) {
  char *value = xml_attr(node, name);
  return value ? value : g_strdup("");
}

static inline void words_say_attr(Words *words, const xmlNode *node, const char *name) {
  g_autofree char *value = words_attr(node, name);
  words_say(words, value);
}

static inline gboolean words_same(const char *a, const char *b) {
  g_autofree char *bare_a = without_spaces(a), *bare_b = without_spaces(b);
  return !strcmp(bare_a, bare_b);
}

static inline gboolean words_type_is(const xmlNode *field, const char *type) {
  g_autofree char *own = words_attr(field, "type");
  return !strcmp(own, type);
}

/* What stands in the place of the value: all choices, or the text. */
static inline void words_of_value(Words *words, const xmlNode *field) {
  gboolean choices = FALSE;
  g_autofree char *value = NULL;
  for (const xmlNode *n = xml_first_element(field); n; n = xml_next_element(n)) {
    g_autofree char *text = xml_text(n);
    if (words_is(n, "value"))
      value = g_steal_pointer(&text);
    else
      words_say(words, text), choices = TRUE;
  }
  if (words_type_is(field, "seal"))
    words_say(words, "印");
  else if (words_type_is(field, "check") && !choices)
    words_say(words, value && *value ? "☑" : "☐"), choices = TRUE;
  else if (words_type_is(field, "date-western"))
    words_say(words, "西暦");
  if (!choices)
    words_say(words, value);
  words_say_attr(words, field, "suffix");
}

/* A label that only repeats the value's own words is not said twice. */
static inline gboolean words_label_is_value(const xmlNode *field, const char *label) {
  const xmlNode *value = xml_first_element(field);
  g_autofree char *text = xml_text(value), *suffix = words_attr(field, "suffix");
  g_autofree char *whole = g_strconcat(text, suffix, NULL);
  return words_same(label, whole) || words_same(label, "宛先") || strstr(label, "年 月 日");
}

static inline void words_of_row(Words *words, const xmlNode *row, gboolean lines) {
  const xmlNode *first = xml_first_element(row);
  g_autofree char *label = words_attr(row, "label");
  gboolean date = lines && !xml_next_element(first) && words_label_is_value(first, label);
  if (!date)
    words_say(words, label);
  for (const xmlNode *field = first; field; field = xml_next_element(field)) {
    g_autofree char *own = words_attr(field, "label");
    if (strcmp(own, label))
      words_say(words, own);
    words_of_value(words, field);
  }
}

/* The words over columns that stand together, once for each run of them. */
static inline void words_of_groups(Words *words, const xmlNode *table) {
  g_autofree char *last = g_strdup("");
  for (const xmlNode *n = xml_first_element(table); n; n = xml_next_element(n)) {
    g_autofree char *group = words_attr(n, "group");
    if (strcmp(group, last))
      words_say(words, group);
    g_free(last);
    last = g_steal_pointer(&group);
  }
}

static inline void words_of_heads(Words *words, const xmlNode *table) {
  words_say(words, "No.");
  words_of_groups(words, table);
  for (const xmlNode *n = xml_first_element(table); n; n = xml_next_element(n))
    if (words_is(n, "column"))
      for (const xmlNode *head = xml_first_element(n); head; head = xml_next_element(head)) {
        g_autofree char *text = xml_text(head);
        words_say(words, text);
      }
}

/* A table of one column with its own label above it needs no heading. */
static inline gboolean words_head_is_label(const xmlNode *table) {
  const xmlNode *column = xml_first_element(table), *next = xml_next_element(column);
  g_autofree char *label = words_attr(table, "label"), *head = xml_text(xml_first_element(column));
  return !(next && words_is(next, "column")) && words_same(label, head);
}

/* Before the number of an empty row on a continuation sheet: it may be left out where it would begin a page. */
#define WORDS_SPARE '\x01'

static inline void words_mark_spare(Words *words, const xmlNode *person, guint before) {
  g_autofree char *sheet = words_attr(person->parent->parent->parent, "n");
  if (words->words->len != before + 1 || !strcmp(sheet, "1"))
    return;
  char **number = (char **)&words->words->pdata[before];
  char *spare = g_strdup_printf("%c%s", WORDS_SPARE, *number);
  g_free(*number);
  *number = spare;
}

static inline gboolean cell_labels(const xmlNode *cell) {
  g_autofree char *labels = words_attr(cell, "labels");
  return *labels != '\0';
}

static inline void words_of_person(Words *words, const xmlNode *person) {
  guint before = words->words->len;
  words_say_attr(words, person, "n");
  for (const xmlNode *cell = xml_first_element(person); cell; cell = xml_next_element(cell))
    for (const xmlNode *field = xml_first_element(cell); field; field = xml_next_element(field)) {
      if (cell_labels(cell))
        words_say_attr(words, field, "label");
      words_of_value(words, field);
    }
  words_mark_spare(words, person, before);
}

static inline void words_of_table(Words *words, const xmlNode *table) {
  g_autoptr(GPtrArray) people = g_ptr_array_new();
  g_autofree char *beside = words_attr(table, "across");
  guint across = strcmp(beside, "2") ? 1 : 2;
  if (!words_head_is_label(table))
    words_say_attr(words, table, "label");
  for (guint i = 0; i < across; i++)
    words_of_heads(words, table);
  for (xmlNode *n = xml_first_element(table); n; n = xml_next_element(n))
    if (words_is(n, "table-row"))
      g_ptr_array_add(people, n);
  guint lines = (people->len + across - 1) / across;
  for (guint line = 0; line < lines; line++)
    for (guint i = line; i < people->len; i += lines)
      words_of_person(words, people->pdata[i]);
  for (const xmlNode *n = xml_first_element(table); n; n = xml_next_element(n)) {
    g_autofree char *text = words_is(n, "note") ? xml_text(n) : NULL;
    words_say(words, text);
  }
}

static inline void words_of_block(Words *words, const xmlNode *block) {
  g_autofree char *layout = words_attr(block, "layout");
  words_say_attr(words, block, "label");
  for (const xmlNode *n = xml_first_element(block); n; n = xml_next_element(n)) {
    g_autofree char *text = words_is(n, "text") || words_is(n, "note") ? xml_text(n) : NULL;
    if (words_is(n, "row"))
      words_of_row(words, n, !strcmp(layout, "lines"));
    else if (words_is(n, "table"))
      words_of_table(words, n);
    else
      words_say(words, text);
  }
}

static inline void words_of_addressee(Words *words, const xmlNode *addressee) {
  const xmlNode *field = xml_first_element(addressee);
  g_autofree char *text = field ? NULL : xml_text(addressee);
  words_say(words, text);
  for (; field; field = xml_next_element(field)) {
    g_autofree char *label = words_attr(field, "label");
    if (!words_label_is_value(field, label))
      words_say(words, label);
    words_of_value(words, field);
  }
}

static inline void words_of_title(Words *words, const xmlNode *root, const xmlNode *sheet) {
  g_autofree char *n = words_attr(sheet, "n");
  for (const xmlNode *node = xml_first_element(root); node; node = xml_next_element(node)) {
    gboolean shown = words_is(node, "title") || words_is(node, "subtitle");
    g_autofree char *text = shown ? xml_text(node) : NULL;
    words_say(words, text);
  }
  if (strcmp(n, "1"))
    words_say(words, "（続紙）");
}

/* char* in order; g_ptr_array_unref. */
static inline GPtrArray *words_of(xmlDoc *instance) {
  Words words = {g_ptr_array_new_with_free_func(g_free)};
  const xmlNode *root = xmlDocGetRootElement(instance);
  for (const xmlNode *sheet = xml_first_element(root); sheet; sheet = xml_next_element(sheet)) {
    if (!words_is(sheet, "sheet"))
      continue;
    words_of_title(&words, root, sheet);
    for (const xmlNode *n = xml_first_element(sheet); n; n = xml_next_element(n))
      if (words_is(n, "block"))
        words_of_block(&words, n);
      else
        words_of_addressee(&words, n);
  }
  return words.words;
}

/* ------------------------------------------------------------- comparing */

/* What a stylesheet may add: brackets around an entry, boxes to tick, points between choices. */
static inline gboolean words_only_marks(const char *text, gsize length) {
  g_autofree char *gap = g_strndup(text, length);
  g_autoptr(GRegex) marks = g_regex_new("[（）☑☐・]+", 0, 0, NULL);
  g_autofree char *rest = g_regex_replace_literal(marks, gap, -1, 0, "", 0, NULL);
  return !*rest;
}

/* The heads of a table that a page break repeats. */
static inline char *words_repeated_heads(GPtrArray *words) {
  GString *heads = g_string_new(NULL);
  for (guint i = 0; i < words->len; i++)
    if (!strcmp(words->pdata[i], "No.")) {
      for (; i < words->len && strcmp(words->pdata[i], "1"); i++)
        g_string_append(heads, words->pdata[i]);
      break;
    }
  return g_string_free(heads, FALSE);
}

/* NULL, or what is wrong; g_free. */
static inline char *words_compare(GPtrArray *words, const char *text) {
  const char *here = text;
  g_autofree char *heads = words_repeated_heads(words);
  for (guint i = 0; i < words->len; i++) {
    gboolean spare = *(char *)words->pdata[i] == WORDS_SPARE;
    const char *word = (char *)words->pdata[i] + spare, *found = strstr(here, word);
    if (spare && (!found || !words_only_marks(here, (gsize)(found - here))))
      continue;
    if (!found)
      return g_strdup_printf("'%s' (word %u) is missing or out of order", word, i);
    const char *again = *heads ? g_strstr_len(here, found - here, heads) : NULL;
    gboolean clean = again ? words_only_marks(here, (gsize)(again - here)) : words_only_marks(here, (gsize)(found - here));
    if (!clean)
      return g_strdup_printf("before '%s' (word %u) stands '%.*s'", word, i, (int)(found - here), here);
    here = found + strlen(word);
  }
  return words_only_marks(here, strlen(here)) ? NULL : g_strdup_printf("'%s' is left over", here);
}

static inline char *text_cut(const char *text, const char *pattern, const char *by) {
  g_autoptr(GRegex) regex = g_regex_new(pattern, G_REGEX_DOTALL, 0, NULL);
  return g_regex_replace_literal(regex, text, -1, 0, by, 0, NULL);
}

/* The number that people read on a page: a blank has only its form's code. */
static inline char *paper_people_number(xmlDoc *instance) {
  const xmlNode *root = xmlDocGetRootElement(instance);
  g_autofree char *checked = words_attr(root, "paper-number-checked"), *code = words_attr(root, "code");
  return g_ascii_strup(*checked ? checked : code, -1);
}

/* The pages in reading order, without their head and foot lines. */
static inline char *paper_pages_text(GBytes *pdf, xmlDoc *instance) {
  g_autofree char *text = pdf_text(pdf, "-raw"), *number = paper_people_number(instance);
  g_autofree char *printed = words_attr(xmlDocGetRootElement(instance), "printed-code");
  g_autofree char *bare = without_spaces(printed), *head = g_strconcat(bare, number, NULL);
  g_auto(GStrv) pages = g_strsplit(text, "\f", -1);
  GString *out = g_string_new(NULL);
  for (guint i = 0; pages[i] && pages[i + 1]; i++) {
    g_autofree char *page = without_spaces(pages[i]);
    g_autofree char *foot =
        g_strdup_printf("%s%u/[0-9]+(Ver[.][0-9]{8})?(410123456789abcdef)?$", number, i + 1);
    g_autofree char *body = text_cut(page, foot, "");
    assert_true(strlen(body) < strlen(page));
    assert_true(g_str_has_prefix(body, head));
    g_string_append(out, body + strlen(head));
  }
  return g_string_free(out, FALSE);
}

#endif
