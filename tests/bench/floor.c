/* SPDX-License-Identifier: Apache-2.0 */
/*
 * floor.c FILE [SECONDS [BATCH]] | FILE once - what this disk and SQLite allow: durable case events a second, by
 * a bare transaction of nine statements (two reads, journal with hash, state by revision,
 * two data, timer out and in, outbox) with WAL and synchronous=FULL, for a case picked by chance in an office of
 * 10,000 cases and 100,000 events (made first, not counted). Beside it our own
 * figures are read; alone it says nothing about Renkei. BATCH events share a transaction; "once":
 * one event in a file that an earlier run has made, for the floor of a process an event.
 */
#include "base/hash.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CASES 10000
#define EVENTS 100000

static const char *const schema =
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
    "SELECT revision FROM subject WHERE id = ?1",
    "INSERT INTO journal (seq, subject, request, body, hash, revision) VALUES (?2, ?1, ?3, ?4, ?5, ?6 + 1)",
    "UPDATE subject SET state = 'next', revision = ?6 + 1 WHERE id = ?1 AND revision = ?6",
    "INSERT INTO datum (subject, name, value) VALUES (?1, 'one', 'received')"
    " ON CONFLICT (subject, name) DO UPDATE SET value = excluded.value",
    "INSERT INTO datum (subject, name, value) VALUES (?1, 'two', 'received')"
    " ON CONFLICT (subject, name) DO UPDATE SET value = excluded.value",
    "DELETE FROM timer WHERE subject = ?1",
    "INSERT INTO timer (subject, due) VALUES (?1, ?2)",
    "INSERT INTO outbox (seq, body) VALUES (?2, 'a form to somebody')",
};

#define REVISION 1 /* the statement that reads what the later ones write on */

static sqlite3_stmt *prepared[G_N_ELEMENTS(statements)];

/* Where the writing has come to. */
typedef struct {
  sqlite3 *db;
  GRand *chance;
  gint64 seq;
  Hash head;
  char body[600];
} Writer;

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

static void one_event(Writer *writer) {
  gint64 subject = g_rand_int_range(writer->chance, 1, CASES + 1), revision = 0;
  char request[40];
  g_snprintf(request, sizeof request, "%08x-%" G_GINT64_FORMAT, g_rand_int(writer->chance), ++writer->seq);
  HashState *state = hash_new("floor");
  hash_field(state, writer->head.bytes, HASH_SIZE);
  hash_text(state, writer->body);
  writer->head = hash_finish(state);
  for (guint i = 0; i < G_N_ELEMENTS(statements); i++) {
    bind_all(prepared[i], subject, writer->seq, request, writer->body, &writer->head, revision);
    int code = sqlite3_step(prepared[i]);
    must(writer->db, code == SQLITE_ROW || code == SQLITE_DONE);
    if (i == REVISION)
      revision = sqlite3_column_int64(prepared[i], 0);
    sqlite3_reset(prepared[i]);
  }
}

static void execute(sqlite3 *db, const char *sql) {
  must(db, sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK);
}

static void one_transaction(Writer *writer, int batch) {
  execute(writer->db, "BEGIN IMMEDIATE");
  for (int i = 0; i < batch; i++)
    one_event(writer);
  execute(writer->db, "COMMIT");
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

static void prepare(Writer *writer) {
  for (guint i = 0; i < G_N_ELEMENTS(statements); i++)
    must(writer->db, sqlite3_prepare_v3(writer->db, statements[i], -1, SQLITE_PREPARE_PERSISTENT,
                                        &prepared[i], NULL) == SQLITE_OK);
  writer->seq = last_event(writer->db);
}

static void make_office(Writer *writer) {
  execute(writer->db, schema);
  for (int i = 1; i <= CASES; i++) {
    g_autofree char *sql = g_strdup_printf("INSERT INTO subject VALUES (%d, 's', 1)", i);
    execute(writer->db, sql);
  }
  prepare(writer);
  one_transaction(writer, EVENTS);
}

static void measure(Writer *writer, double seconds, int batch) {
  gint64 first = writer->seq, start = g_get_monotonic_time();
  do
    one_transaction(writer, batch);
  while (g_get_monotonic_time() - start < (gint64)(seconds * G_USEC_PER_SEC));
  printf("%.0f\n", (double)(writer->seq - first) * G_USEC_PER_SEC /
                       (double)(g_get_monotonic_time() - start));
}

int main(int argc, char **argv) {
  if (argc < 2)
    return 2;
  Writer writer = {.chance = g_rand_new_with_seed(1)};
  gboolean once = argc > 2 && strcmp(argv[2], "once") == 0;
  memset(writer.body, 'x', sizeof writer.body - 1);
  must(writer.db, sqlite3_open(argv[1], &writer.db) == SQLITE_OK);
  execute(writer.db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON");
  if (once) {
    prepare(&writer);
    one_transaction(&writer, 1);
  } else {
    make_office(&writer);
    measure(&writer, argc > 2 ? g_ascii_strtod(argv[2], NULL) : 2, argc > 3 ? atoi(argv[3]) : 1);
  }
  for (guint i = 0; i < G_N_ELEMENTS(statements); i++)
    sqlite3_finalize(prepared[i]);
  sqlite3_close(writer.db);
  g_rand_free(writer.chance);
  return 0;
}
