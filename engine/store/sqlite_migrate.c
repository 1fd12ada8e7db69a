/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sqlite_migrate.c - from any earlier schema to the present one.
 *
 * A step says what makes version i + 1 of version i: SQL, then what SQL cannot. All steps together
 * are one transaction. A step is never changed after it has been released; tests/unit keeps the
 * schema of each version (schema-N.sql) and brings it to the present.
 */
#include "store/sqlite_int.h"

typedef struct {
  const char *sql;
  RkStatus (*fill)(SqliteStore *store, RkDiags *diags);
} Step;

/* 2: cases are found by lists; fewer indexes for each event, and one to verify registers by. */
static const char to_2[] =
    "CREATE TABLE case_mark (office TEXT NOT NULL, mark TEXT NOT NULL, number TEXT NOT NULL,"
    " PRIMARY KEY (office, mark, number)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE search_gram (office TEXT NOT NULL, gram TEXT NOT NULL, number TEXT NOT NULL,"
    " PRIMARY KEY (office, gram, number)) STRICT, WITHOUT ROWID;"
    "DROP INDEX case_by_state;"
    "CREATE INDEX history_by_seq ON register_history (office, seq, place);"
    "CREATE TABLE transmission_2 (office TEXT NOT NULL, id TEXT NOT NULL, case_id TEXT NOT NULL,"
    " paper_id TEXT, exemplar_id TEXT, sender TEXT NOT NULL, recipient TEXT NOT NULL, channel TEXT,"
    " direction TEXT NOT NULL CHECK (direction IN ('out', 'in', 'note')), state TEXT NOT NULL,"
    " title TEXT, created INTEGER NOT NULL, updated INTEGER NOT NULL, PRIMARY KEY (office, id),"
    " FOREIGN KEY (office, case_id) REFERENCES case_record (office, id)) STRICT;"
    "INSERT INTO transmission_2 (rowid, office, id, case_id, paper_id, exemplar_id, sender,"
    " recipient, channel, direction, state, title, created, updated) SELECT rowid, office, id,"
    " case_id, paper_id, exemplar_id, sender, recipient, channel, direction, state, title, created,"
    " updated FROM transmission;"
    "DROP TABLE transmission; ALTER TABLE transmission_2 RENAME TO transmission;"
    "CREATE INDEX transmission_by_case ON transmission (office, case_id);"
    "CREATE INDEX transmission_by_state ON transmission (office, direction, state);";

static const Step steps[SCHEMA_VERSION] = {[1] = {to_2, sqlite_make_terms}};

static RkStatus take_step(SqliteStore *store, gint64 version, RkDiags *diags) {
  const Step *step = version > 0 ? &steps[version] : NULL;
  if (!step || !step->sql)
    return diags_fail(diags, RK_STORE, DIAG_DB_FOREIGN, NULL, store->path, NULL);
  RkStatus status = sqlite_script(store, step->sql, diags);
  if (status == RK_OK && step->fill)
    status = step->fill(store, diags);
  g_autofree char *done = g_strdup_printf("PRAGMA user_version=%d", (int)version + 1);
  return status == RK_OK ? sqlite_script(store, done, diags) : status;
}

/* The version counts as it is found inside: another process may migrate too. */
static RkStatus take_steps(SqliteStore *store, RkDiags *diags) {
  gint64 version = 0;
  RkStatus status = sqlite_script(store, "BEGIN IMMEDIATE", diags);
  if (status == RK_OK)
    status = sqlite_version(store, &version, diags);
  if (status == RK_OK && version > SCHEMA_VERSION) {
    g_autofree char *found = g_strdup_printf("%d", (int)version);
    g_autofree char *known = g_strdup_printf("%d", SCHEMA_VERSION);
    status = diags_fail(diags, RK_STORE, DIAG_DB_NEWER, NULL, store->path, found, known, NULL);
  }
  for (; status == RK_OK && version < SCHEMA_VERSION; version++)
    status = take_step(store, version, diags);
  return status == RK_OK ? sqlite_script(store, "COMMIT", diags) : status;
}

RkStatus store_migrate(const char *path, RkDiags *diags) {
  gint64 version = 0;
  RkStatus status = sqlite_check_file(path, diags);
  if (status != RK_OK)
    return status;
  SqliteStore *store = sqlite_new(path);
  status = sqlite_connect(store, diags);
  if (status == RK_OK)
    status = sqlite_version(store, &version, diags);
  if (status == RK_OK)
    status = sqlite_settings(store, diags);
  if (status == RK_OK)
    status = take_steps(store, diags);
  store_close(&store->public); /* rolls back what is not committed */
  return status;
}
