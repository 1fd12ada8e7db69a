/* SPDX-License-Identifier: Apache-2.0 */
/*
 * terms.c - by what a case is found: marks (open, overdue, its procedure, its states, the roles it
 * waits for) and grams (every one and every two characters that follow each other in its search
 * keys). Both come as sorted lists without repetition.
 */
#include "store/store_int.h"

#include <string.h>

static int by_text(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Each once, in order. Takes the list. */
static GPtrArray *sorted(GPtrArray *list) {
  g_ptr_array_sort(list, by_text);
  for (guint i = list->len; i-- > 1;)
    if (g_str_equal(list->pdata[i], list->pdata[i - 1]))
      g_ptr_array_remove_index(list, i);
  return list;
}

static char *mark_of(char kind, const char *word, gsize length) {
  char *mark = g_malloc(length + 3);
  mark[0] = kind;
  mark[1] = ' ';
  memcpy(mark + 2, word, length);
  mark[length + 2] = '\0';
  return mark;
}

char *term_mark(char kind, const char *word) {
  return mark_of(kind, word, strlen(word));
}

static void add_words(GPtrArray *list, char kind, const char *words) {
  for (const char *at = words ? words : ""; *at;) {
    gsize length = strcspn(at, " ");
    if (length)
      g_ptr_array_add(list, mark_of(kind, at, length));
    at += length + (at[length] != '\0');
  }
}

GPtrArray *terms_of_case(const StoreCase *record) {
  GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
  if (!record->closed)
    g_ptr_array_add(list, g_strdup(MARK_OPEN));
  if (record->overdue)
    g_ptr_array_add(list, g_strdup(MARK_OVERDUE));
  g_ptr_array_add(list, term_mark(MARK_PROCEDURE, record->procedure));
  add_words(list, MARK_STATE, record->states);
  add_words(list, MARK_WAITS, record->waits_for);
  return sorted(list);
}

/* The text of `count` characters at `at`; NULL when fewer follow. */
static char *gram_at(const char *at, guint count) {
  const char *end = at;
  for (guint i = 0; i < count; i++) {
    if (!*end)
      return NULL;
    end = g_utf8_next_char(end);
  }
  return g_strndup(at, (gsize)(end - at));
}

static void add_grams(GPtrArray *list, const char *text, guint count) {
  for (const char *p = text; *p; p = g_utf8_next_char(p)) {
    char *gram = gram_at(p, count);
    if (gram)
      g_ptr_array_add(list, gram);
  }
}

GPtrArray *terms_of_keys(const GPtrArray *keys) {
  GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; keys && i < keys->len; i++) {
    add_grams(list, keys->pdata[i], 1);
    add_grams(list, keys->pdata[i], 2);
  }
  return sorted(list);
}

GPtrArray *terms_of_search(const char *text) {
  GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
  add_grams(list, text, g_utf8_strlen(text, -1) > 1 ? 2 : 1);
  return sorted(list);
}
