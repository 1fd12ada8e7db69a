/* SPDX-License-Identifier: Apache-2.0 */
/* database.c - see database.h. */
#include "database.h"

#include <string.h>

void digest_add(guint64 *digest, const void *bytes, gsize length) {
  const guint8 *at = bytes;
  guint64 word = 0;
  for (; length >= sizeof word; at += sizeof word, length -= sizeof word) {
    memcpy(&word, at, sizeof word);
    *digest = (*digest ^ word) * G_GUINT64_CONSTANT(0x9E3779B97F4A7C15);
    *digest ^= *digest >> 29;
  }
  word = length;
  memcpy(&word, at, length);
  *digest = (*digest ^ word ^ ((guint64)length << 56)) * G_GUINT64_CONSTANT(0xBF58476D1CE4E5B9);
  *digest ^= *digest >> 32;
}

static gboolean is_chance(const char *column) {
  static const char *const names[] = {"salt", "body_commit", "previous", "hash", NULL};
  return g_strv_contains(names, column);
}

static void mix_rows(sqlite3 *db, const char *table, gboolean with_chance, guint64 *digest) {
  g_autofree char *sql = g_strdup_printf("SELECT * FROM \"%s\"", table);
  sqlite3_stmt *rows = NULL;
  digest_add(digest, table, strlen(table));
  int code = sqlite3_prepare_v2(db, sql, -1, &rows, NULL);
  while (code == SQLITE_OK && (code = sqlite3_step(rows)) == SQLITE_ROW) {
    code = SQLITE_OK;
    for (int i = 0; i < sqlite3_column_count(rows); i++) {
      int type = sqlite3_column_type(rows, i);
      const void *bytes = sqlite3_column_blob(rows, i);
      if (!with_chance && is_chance(sqlite3_column_name(rows, i)))
        continue;
      digest_add(digest, &type, sizeof type);
      digest_add(digest, bytes ? bytes : "", (gsize)sqlite3_column_bytes(rows, i));
    }
  }
  digest_add(digest, &code, sizeof code);
  sqlite3_finalize(rows);
}

static guint64 digest_of(sqlite3 *db, gboolean with_chance) {
  guint64 digest = 1;
  sqlite3_stmt *tables = NULL;
  sqlite3_prepare_v2(db, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", -1,
                     &tables, NULL);
  while (tables && sqlite3_step(tables) == SQLITE_ROW) {
    const char *table = (const char *)sqlite3_column_text(tables, 0);
    if (with_chance || strcmp(table, "access_log") != 0)
      mix_rows(db, table, with_chance, &digest);
  }
  sqlite3_finalize(tables);
  return digest;
}

guint64 database_table(sqlite3 *db, guint place, char **name) {
  guint64 digest = 1;
  g_autofree char *sql = g_strdup_printf("SELECT name FROM sqlite_schema WHERE type = 'table' "
                                         "ORDER BY name LIMIT 1 OFFSET %u", place);
  *name = database_text(db, sql);
  if (!*name)
    return 0;
  mix_rows(db, *name, TRUE, &digest);
  return digest;
}

guint64 database_digest(sqlite3 *db) {
  return digest_of(db, TRUE);
}

guint64 database_meaning(sqlite3 *db) {
  return digest_of(db, FALSE);
}

gint64 database_number(sqlite3 *db, const char *sql) {
  g_autofree char *text = database_text(db, sql);
  return text ? g_ascii_strtoll(text, NULL, 10) : -1;
}

char *database_text(sqlite3 *db, const char *sql) {
  sqlite3_stmt *statement = NULL;
  char *text = NULL;
  sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
  if (statement && sqlite3_step(statement) == SQLITE_ROW)
    text = g_strdup((const char *)sqlite3_column_text(statement, 0));
  sqlite3_finalize(statement);
  return text;
}

gboolean database_whole(sqlite3 *db) {
  g_autofree char *answer = database_text(db, "PRAGMA integrity_check");
  return g_strcmp0(answer, "ok") == 0;
}
