/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sqlite_index.c - keeping the terms of cases (terms.c): written with each commit as far as they
 * change, made for a database of an earlier version, held against what they follow from.
 */
#include "store/sqlite_int.h"

#include <string.h>

/* The two tables of terms, by their statements. */
typedef struct {
  const char *table;
  StatementId add, drop, has, count;
} Index;

static const Index marks = {"case_mark", SQL_MARK_ADD, SQL_MARK_DROP, SQL_MARK_SEEK,
                            SQL_MARK_COUNT_FULL};
static const Index grams = {"search_gram", SQL_GRAM_ADD, SQL_GRAM_DROP, SQL_GRAM_SEEK,
                            SQL_GRAM_COUNT_FULL};

/* ------------------------------------------------------------------------ writing */

static RkStatus put_term(SqliteStore *store, StatementId id, const char *office, const char *term,
                         const char *number, RkDiags *diags) {
  return sqlite_do(store, diags, id, "ttt", office, term, number);
}

/* Both lists are sorted: what only the old one has is dropped, what only the new one has is added. */
static RkStatus replace(SqliteStore *store, const Index *index, const char *number,
                        const GPtrArray *old, const GPtrArray *new, RkDiags *diags) {
  const char *office = store->public.office;
  RkStatus status = RK_OK;
  for (guint i = 0, k = 0; status == RK_OK && (i < old->len || k < new->len);) {
    int order = i == old->len   ? 1
                : k == new->len ? -1
                                : strcmp(old->pdata[i], new->pdata[k]);
    if (order < 0)
      status = put_term(store, index->drop, office, old->pdata[i], number, diags);
    else if (order > 0)
      status = put_term(store, index->add, office, new->pdata[k], number, diags);
    i += order <= 0;
    k += order >= 0;
  }
  return status;
}

RkStatus sqlite_put_marks(SqliteStore *store, const StoreCase *old, const StoreCase *new,
                          RkDiags *diags) {
  g_autoptr(GPtrArray) before = old ? terms_of_case(old) : g_ptr_array_new();
  g_autoptr(GPtrArray) after = terms_of_case(new);
  return replace(store, &marks, new->number, before, after, diags);
}

RkStatus sqlite_put_grams(SqliteStore *store, const char *number, const GPtrArray *old,
                          const GPtrArray *new, RkDiags *diags) {
  g_autoptr(GPtrArray) before = terms_of_keys(old), after = terms_of_keys(new);
  return replace(store, &grams, number, before, after, diags);
}

/* ----------------------------------------------------- all cases, one after another */

typedef struct {
  SqliteStore *store;
  RkDiags *diags;
  gint64 terms[2]; /* seen so far: marks, grams */
} Walk;

typedef RkStatus (*TermFunc)(Walk *walk, const Index *index, const char *office, const char *term,
                             const char *number);

static RkStatus each_term(Walk *walk, TermFunc func, const Index *index, const char *office,
                          const GPtrArray *terms, const char *number) {
  RkStatus status = RK_OK;
  for (guint i = 0; i < terms->len && status == RK_OK; i++)
    status = func(walk, index, office, terms->pdata[i], number);
  walk->terms[index == &grams] += terms->len;
  return status;
}

static RkStatus keys_of(Walk *walk, const char *office, const char *id, GPtrArray *keys) {
  RkStatus status;
  sqlite3_stmt *s = sqlite_bind(walk->store, SQL_SEARCH, "tt", office, id);
  while (sqlite_row_of(walk->store, s, "t", &status, walk->diags))
    g_ptr_array_add(keys, sqlite_text(s, 0));
  return status;
}

static RkStatus walk_case(Walk *walk, TermFunc func, sqlite3_stmt *s) {
  g_autoptr(StoreCase) record = g_new0(StoreCase, 1);
  g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(g_free);
  g_autofree char *office = sqlite_text(s, 0);
  record->id = sqlite_text(s, 1);
  record->number = sqlite_text(s, 2);
  record->procedure = sqlite_text(s, 3);
  record->closed = sqlite3_column_int(s, 4);
  record->overdue = sqlite3_column_int(s, 5);
  record->states = sqlite_text(s, 6);
  record->waits_for = sqlite_text(s, 7);
  g_autoptr(GPtrArray) of_case = terms_of_case(record);
  RkStatus status = each_term(walk, func, &marks, office, of_case, record->number);
  if (status == RK_OK)
    status = keys_of(walk, office, record->id, keys);
  g_autoptr(GPtrArray) of_keys = terms_of_keys(keys);
  return status == RK_OK ? each_term(walk, func, &grams, office, of_keys, record->number) : status;
}

static RkStatus walk_cases(Walk *walk, TermFunc func) {
  RkStatus status, done = RK_OK;
  sqlite3_stmt *s = sqlite_bind(walk->store, SQL_CASE_TERMS_FULL, "");
  while (done == RK_OK && sqlite_row_of(walk->store, s, "ttttiitt", &status, walk->diags))
    done = walk_case(walk, func, s);
  sqlite3_reset(s);
  return done == RK_OK ? status : done;
}

/* --------------------------------------------------------------- making and verifying */

static RkStatus make_term(Walk *walk, const Index *index, const char *office, const char *term,
                          const char *number) {
  return put_term(walk->store, index->add, office, term, number, walk->diags);
}

RkStatus sqlite_make_terms(SqliteStore *store, RkDiags *diags) {
  Walk walk = {.store = store, .diags = diags};
  return walk_cases(&walk, make_term);
}

static void say_differs(Walk *walk, const Index *index) {
  diags_add(walk->diags, DIAG_DB_INVARIANT, NULL, index->table, NULL);
}

static RkStatus find_term(Walk *walk, const Index *index, const char *office, const char *term,
                          const char *number) {
  RkStatus status;
  gboolean found = FALSE;
  sqlite3_stmt *s = sqlite_bind(walk->store, index->has, "ttt", office, term, number);
  if (sqlite_row_of(walk->store, s, "t", &status, walk->diags))
    found = g_strcmp0((const char *)sqlite3_column_text(s, 0), number) == 0;
  sqlite3_reset(s);
  if (status == RK_OK && !found)
    say_differs(walk, index);
  return status;
}

/* Each term that must be there is; and there are as many. */
RkStatus sqlite_verify_terms(SqliteStore *store, RkDiags *diags) {
  static const Index *const both[] = {&marks, &grams};
  Walk walk = {.store = store, .diags = diags};
  RkStatus status = walk_cases(&walk, find_term);
  for (guint i = 0; status == RK_OK && i < G_N_ELEMENTS(both); i++) {
    sqlite3_stmt *s = sqlite_bind(store, both[i]->count, "");
    if (sqlite_row_of(store, s, "i", &status, diags) &&
        sqlite3_column_int64(s, 0) != walk.terms[i])
      say_differs(&walk, both[i]);
    sqlite3_reset(s);
  }
  return status;
}
