/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store-old.h - a database as an earlier version of the program left it: made by the SQL text that
 * version had (schema-N.sql), with the rows of a present database. What later versions added is
 * left out.
 */
#ifndef RK_TEST_STORE_OLD_H
#define RK_TEST_STORE_OLD_H

#include "store-support.h"

#include "store/sqlite_int.h"

static inline void old_run(sqlite3 *db, const char *sql) {
  char *error = NULL;
  if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK)
    fail_msg("%s: %s", sql, error);
}

/* The first column of the rows of `sql`. */
static inline GPtrArray *old_texts(sqlite3 *db, const char *sql) {
  GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
  sqlite3_stmt *s = NULL;
  assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
  while (sqlite3_step(s) == SQLITE_ROW)
    g_ptr_array_add(list, g_strdup((const char *)sqlite3_column_text(s, 0)));
  sqlite3_finalize(s);
  return list;
}

static inline void old_copy_table(sqlite3 *db, const char *table) {
  g_autofree char *names = g_strdup_printf(
      "SELECT group_concat('\"' || name || '\"') FROM pragma_table_info('%s')", table);
  g_autoptr(GPtrArray) columns = old_texts(db, names);
  const char *list = columns->pdata[0];
  g_autofree char *sql =
      g_strdup_printf("INSERT INTO main.%s (%s) SELECT %s FROM present.%s", table, list, list, table);
  old_run(db, sql);
}

/* `path` becomes version `version` of the database `present`. */
static inline void old_make(const char *path, const char *present, int version) {
  sqlite3 *db = NULL;
  char *schema = NULL;
  g_autofree char *name = g_strdup_printf("tests/unit/schema-%d.sql", version);
  g_autofree char *file = g_build_filename(g_getenv("RENKEI_SRCDIR"), name, NULL);
  assert_true(g_file_get_contents(file, &schema, NULL, NULL));
  assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
  g_autofree char *head =
      g_strdup_printf("PRAGMA application_id=%d; PRAGMA user_version=%d; PRAGMA journal_mode=WAL;"
                      "ATTACH '%s' AS present;",
                      APPLICATION_ID, version, present);
  old_run(db, head);
  old_run(db, schema);
  g_autoptr(GPtrArray) tables =
      old_texts(db, "SELECT name FROM main.sqlite_schema WHERE type = 'table' ORDER BY rowid");
  for (guint i = 0; i < tables->len; i++)
    old_copy_table(db, tables->pdata[i]);
  sqlite3_close(db);
  g_free(schema);
}

#endif
