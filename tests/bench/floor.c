/* SPDX-License-Identifier: Apache-2.0 */
/*
 * floor.c FILE [SECONDS [BATCH]] | FILE once - what this disk and SQLite allow: durable case events a second, by
 * a bare transaction of nine statements (two reads, journal with hash, state by revision,
 * two data, timer out and in, outbox) with WAL and synchronous=FULL. Beside it our own
 * figures are read; alone it says nothing about Renkei. BATCH events share a transaction; "once":
 * one event in a file that an earlier run has made, for the floor of a process an event.
 */
#include "base/hash.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CASES 1000

static const char *const schema =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    "CREATE TABLE subject (id INTEGER PRIMARY KEY, state TEXT NOT NULL, revision INTEGER NOT NULL) STRICT;"
    "CREATE TABLE journal (seq INTEGER PRIMARY KEY, subject INTEGER NOT NULL REFERENCES subject,"
    " request TEXT NOT NULL UNIQUE, body TEXT NOT NULL, hash BLOB NOT NULL,"
    " revision INTEGER NOT NULL, UNIQUE (subject, revision)) STRICT;"
    "CREATE TABLE datum (subject INTEGER NOT NULL REFERENCES subject, name TEXT NOT NULL,"
    " value TEXT NOT NULL, PRIMARY KEY (subject, name)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE timer (id INTEGER PRIMARY KEY, subject INTEGER NOT NULL REFERENCES subject,"
    " due INTEGER NOT NULL) STRICT;"
    "CREATE INDEX timer_due ON timer (due); CREATE INDEX timer_subject ON timer (subject);"
    "CREATE TABLE outbox (id INTEGER PRIMARY KEY, seq INTEGER NOT NULL REFERENCES journal,"
    " body TEXT NOT NULL) STRICT;";

static const char *const statements[] = {
    "SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1",
    "SELECT state, revision FROM subject WHERE id = ?1",
    "INSERT INTO journal (seq, subject, request, body, hash, revision) VALUES (?2, ?1, ?3, ?4, ?5, ?6)",
    "UPDATE subject SET state = 'next', revision = ?6 WHERE id = ?1 AND revision = ?6 - 1",
    "INSERT INTO datum (subject, name, value) VALUES (?1, 'one', ?3)"
    " ON CONFLICT (subject, name) DO UPDATE SET value = excluded.value",
    "INSERT INTO datum (subject, name, value) VALUES (?1, 'two', ?3)"
    " ON CONFLICT (subject, name) DO UPDATE SET value = excluded.value",
    "DELETE FROM timer WHERE subject = ?1",
    "INSERT INTO timer (subject, due) VALUES (?1, ?2)",
    "INSERT INTO outbox (seq, body) VALUES (?2, ?3)",
};

static sqlite3_stmt *prepared[G_N_ELEMENTS(statements)];

static void must(sqlite3 *db, gboolean good) {
  if (good)
    return;
  fprintf(stderr, "floor: %s\n", sqlite3_errmsg(db));
  exit(1);
}

static void bind_all(sqlite3_stmt *s, gint64 subject, gint64 seq, const char *request,
                     const char *body, const Hash *hash, gint64 revision) {
  int count = sqlite3_bind_parameter_count(s);
  sqlite3_reset(s);
  if (count >= 1)
    sqlite3_bind_int64(s, 1, subject);
  if (count >= 2)
    sqlite3_bind_int64(s, 2, seq);
  if (count >= 3)
    sqlite3_bind_text(s, 3, request, -1, SQLITE_STATIC);
  if (count >= 4)
    sqlite3_bind_text(s, 4, body, -1, SQLITE_STATIC);
  if (count >= 5)
    sqlite3_bind_blob(s, 5, hash->bytes, HASH_SIZE, SQLITE_STATIC);
  if (count >= 6)
    sqlite3_bind_int64(s, 6, revision);
}

static void one_event(sqlite3 *db, gint64 seq, Hash *hash, const char *body) {
  gint64 subject = seq % CASES + 1, revision = (seq - 1) / CASES + 2;
  char request[32];
  g_snprintf(request, sizeof request, "r%" G_GINT64_FORMAT, seq);
  HashState *state = hash_new("floor");
  hash_field(state, hash->bytes, HASH_SIZE);
  hash_text(state, body);
  *hash = hash_finish(state);
  for (guint i = 0; i < G_N_ELEMENTS(statements); i++) {
    bind_all(prepared[i], subject, seq, request, body, hash, revision);
    int code = sqlite3_step(prepared[i]);
    must(db, code == SQLITE_ROW || code == SQLITE_DONE);
    sqlite3_reset(prepared[i]);
  }
}

static void one_transaction(sqlite3 *db, gint64 *seq, Hash *hash, const char *body, int batch) {
  must(db, sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK);
  for (int i = 0; i < batch; i++)
    one_event(db, ++*seq, hash, body);
  must(db, sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK);
}

/* How many events there are already. */
static gint64 last_event(sqlite3 *db) {
  sqlite3_stmt *s = NULL;
  must(db, sqlite3_prepare_v2(db, "SELECT max(seq) FROM journal", -1, &s, NULL) == SQLITE_OK);
  sqlite3_step(s);
  gint64 seq = sqlite3_column_int64(s, 0);
  sqlite3_finalize(s);
  return seq;
}

static void make(sqlite3 *db) {
  must(db, sqlite3_exec(db, schema, NULL, NULL, NULL) == SQLITE_OK);
  for (int i = 1; i <= CASES; i++) {
    g_autofree char *sql = g_strdup_printf("INSERT INTO subject VALUES (%d, 's', 1)", i);
    must(db, sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK);
  }
}

int main(int argc, char **argv) {
  sqlite3 *db = NULL;
  Hash hash = {{0}};
  char body[600];
  if (argc < 2)
    return 2;
  gboolean once = argc > 2 && strcmp(argv[2], "once") == 0;
  double seconds = once ? 0 : argc > 2 ? g_ascii_strtod(argv[2], NULL) : 2;
  int batch = argc > 3 ? atoi(argv[3]) : 1;
  memset(body, 'x', sizeof body - 1);
  body[sizeof body - 1] = '\0';
  must(db, sqlite3_open(argv[1], &db) == SQLITE_OK);
  if (!once)
    make(db);
  must(db, sqlite3_exec(db, "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON", NULL, NULL, NULL) ==
               SQLITE_OK);
  for (guint i = 0; i < G_N_ELEMENTS(statements); i++)
    must(db, sqlite3_prepare_v3(db, statements[i], -1, SQLITE_PREPARE_PERSISTENT, &prepared[i],
                                NULL) == SQLITE_OK);
  gint64 seq = last_event(db), first = seq, start = g_get_monotonic_time();
  do
    one_transaction(db, &seq, &hash, body, batch);
  while (g_get_monotonic_time() - start < (gint64)(seconds * G_USEC_PER_SEC));
  if (!once)
    printf("%.0f\n", (double)(seq - first) * G_USEC_PER_SEC /
                         (double)(g_get_monotonic_time() - start));
  for (guint i = 0; i < G_N_ELEMENTS(statements); i++)
    sqlite3_finalize(prepared[i]);
  sqlite3_close(db);
  return 0;
}
