/* SPDX-License-Identifier: Apache-2.0 */
/*
 * diag.c - the collector of diagnostics.
 *
 * Invariants: records own their strings; the list is sorted only when it is
 * read; a record's message is in the language in force when it was added.
 */
#include "base/diag.h"

#include <libintl.h>
#include <stdarg.h>
#include <string.h>

#define N_(text) text

typedef struct {
  const char *code;
  RkLevel level;
  const char *text, *remedy;
} DiagEntry;

static const DiagEntry diag_table[DIAG_COUNT] = {
#define DIAG(id, code, level, text, remedy) {code, RK_LEVEL_##level, text, remedy},
#include "base/diag.def"
#undef DIAG
};

typedef struct {
  RkDiag public;
  guint order;
} DiagRecord;

struct RkDiags {
  GPtrArray *records;
  gboolean sorted;
};

static void record_free(gpointer data) {
  DiagRecord *record = data;
  g_free((char *)record->public.file);
  g_free((char *)record->public.message);
  g_free((char *)record->public.remedy);
  g_free(record);
}

RkDiags *rk_diags_new(void) {
  RkDiags *diags = g_new0(RkDiags, 1);
  diags->records = g_ptr_array_new_with_free_func(record_free);
  diags->sorted = TRUE;
  return diags;
}

void rk_diags_free(RkDiags *diags) {
  if (!diags)
    return;
  g_ptr_array_unref(diags->records);
  g_free(diags);
}

/* Replace {1} … {9} in `format` by the arguments; {n} past the last is empty. */
static char *substitute(const char *format, char *const *args, guint n_args) {
  GString *out = g_string_new(NULL);
  for (const char *p = format; *p; p++) {
    if (p[0] == '{' && p[1] >= '1' && p[1] <= '9' && p[2] == '}') {
      guint index = (guint)(p[1] - '1');
      if (index < n_args)
        g_string_append(out, args[index]);
      p += 2;
    } else {
      g_string_append_c(out, *p);
    }
  }
  return g_string_free(out, FALSE);
}

static GPtrArray *collect_arguments(va_list list) {
  GPtrArray *args = g_ptr_array_new();
  for (const char *arg; (arg = va_arg(list, const char *));)
    g_ptr_array_add(args, (gpointer)arg);
  return args;
}

void diags_add(RkDiags *diags, DiagId id, const DiagPlace *place, ...) {
  if (!diags)
    return;
  const DiagEntry *entry = &diag_table[id];
  va_list list;
  va_start(list, place);
  g_autoptr(GPtrArray) args = collect_arguments(list);
  va_end(list);

  DiagRecord *record = g_new0(DiagRecord, 1);
  record->order = diags->records->len;
  record->public.level = entry->level;
  record->public.code = entry->code;
  if (place) {
    record->public.file = g_strdup(place->file);
    record->public.line = place->line;
    record->public.column = place->column;
  }
  char **argv = (char **)args->pdata;
  record->public.message = substitute(dgettext("renkei", entry->text), argv, args->len);
  record->public.remedy = substitute(dgettext("renkei", entry->remedy), argv, args->len);
  g_ptr_array_add(diags->records, record);
  diags->sorted = FALSE;
}

static int compare_records(gconstpointer a, gconstpointer b) {
  const DiagRecord *left = *(DiagRecord *const *)a, *right = *(DiagRecord *const *)b;
  int by_file = g_strcmp0(left->public.file, right->public.file);
  if (by_file)
    return by_file;
  if (left->public.line != right->public.line)
    return left->public.line - right->public.line;
  if (left->public.column != right->public.column)
    return left->public.column - right->public.column;
  return left->order < right->order ? -1 : left->order > right->order;
}

static void sort_records(const RkDiags *diags) {
  if (diags->sorted)
    return;
  g_ptr_array_sort(diags->records, compare_records);
  ((RkDiags *)diags)->sorted = TRUE;
}

guint rk_diags_count(const RkDiags *diags) {
  return diags->records->len;
}

const RkDiag *rk_diags_get(const RkDiags *diags, guint index) {
  g_return_val_if_fail(index < diags->records->len, NULL);
  sort_records(diags);
  return &((DiagRecord *)diags->records->pdata[index])->public;
}

gboolean rk_diags_has_errors(const RkDiags *diags) {
  for (guint i = 0; i < diags->records->len; i++)
    if (((DiagRecord *)diags->records->pdata[i])->public.level == RK_LEVEL_ERROR)
      return TRUE;
  return FALSE;
}

void diags_take_all(RkDiags *diags, RkDiags *from) {
  sort_records(from);
  while (from->records->len) {
    DiagRecord *record = g_ptr_array_steal_index(from->records, 0);
    if (!diags) {
      record_free(record);
      continue;
    }
    record->order = diags->records->len;
    g_ptr_array_add(diags->records, record);
    diags->sorted = FALSE;
  }
}

const char *diag_code(DiagId id) {
  return id < DIAG_COUNT ? diag_table[id].code : NULL;
}

const char *diag_text(DiagId id) {
  return id < DIAG_COUNT ? diag_table[id].text : NULL;
}

const char *diag_remedy(DiagId id) {
  return id < DIAG_COUNT ? diag_table[id].remedy : NULL;
}
