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

/* 3: what has been disposed of, and triggers that let nothing else go. As schema.sql has it. */
static const char to_3[] =
    "DROP TRIGGER history_no_update; DROP TRIGGER history_no_delete;"
    "CREATE TABLE disposal (\n"
    "  office  TEXT NOT NULL,\n"
    "  case_id TEXT NOT NULL,\n"
    "  seq     INTEGER NOT NULL REFERENCES journal,\n"
    "  PRIMARY KEY (office, case_id),\n"
    "  FOREIGN KEY (office, case_id) REFERENCES case_record (office, id)\n"
    ") STRICT, WITHOUT ROWID;\n"
    "CREATE INDEX disposal_by_seq ON disposal (seq);\n"
    "CREATE TRIGGER body_no_delete BEFORE DELETE ON journal_body\n"
    "WHEN NOT EXISTS (SELECT 1 FROM journal j JOIN disposal d ON d.office = j.office AND d.case_id = j.case_id\n"
    "                 WHERE j.seq = OLD.seq AND j.seq < d.seq)\n"
    "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;\n"
    "CREATE TRIGGER history_no_update BEFORE UPDATE ON register_history\n"
    "WHEN NEW.office <> OLD.office OR NEW.name <> OLD.name OR NEW.key <> OLD.key OR NEW.seq <> OLD.seq\n"
    "  OR NEW.place <> OLD.place OR NEW.state <> OLD.state OR NEW.case_id IS NOT OLD.case_id\n"
    "  OR NEW.since <> OLD.since\n"
    "  OR NOT EXISTS (SELECT 1 FROM journal j JOIN disposal d ON d.office = j.office AND d.case_id = j.case_id\n"
    "                 WHERE j.seq = OLD.seq AND j.seq < d.seq)\n"
    "BEGIN SELECT RAISE(ABORT, 'the history of registers is append-only'); END;\n"
    "CREATE TRIGGER history_no_delete BEFORE DELETE ON register_history\n"
    "WHEN NOT EXISTS (SELECT 1 FROM journal j JOIN disposal d ON d.office = j.office AND d.case_id = j.case_id\n"
    "                 WHERE j.seq = OLD.seq AND j.seq < d.seq)\n"
    "BEGIN SELECT RAISE(ABORT, 'the history of registers is append-only'); END;\n"
    "CREATE TRIGGER disposal_must_be_journaled BEFORE INSERT ON disposal\n"
    "WHEN NOT EXISTS (SELECT 1 FROM journal j WHERE j.seq = NEW.seq AND j.office = NEW.office\n"
    "                 AND j.case_id = NEW.case_id AND j.kind = 'disposed')\n"
    "BEGIN SELECT RAISE(ABORT, 'a disposal stands in the journal first'); END;\n"
    "CREATE TRIGGER disposal_no_update BEFORE UPDATE ON disposal\n"
    "BEGIN SELECT RAISE(ABORT, 'a disposal is for ever'); END;\n"
    "CREATE TRIGGER disposal_no_delete BEFORE DELETE ON disposal\n"
    "BEGIN SELECT RAISE(ABORT, 'a disposal is for ever'); END;\n";

/* 4: pages that came, as pictures. As schema.sql has it. */
static const char to_4[] =
    "CREATE TABLE picture (\n"
    "  office  TEXT NOT NULL REFERENCES office,\n"
    "  id      TEXT NOT NULL,\n"
    "  case_id TEXT,\n"
    "  hash    BLOB NOT NULL CHECK (length(hash) = 32),\n"
    "  bytes   BLOB NOT NULL,\n"
    "  PRIMARY KEY (office, id),\n"
    "  FOREIGN KEY (office, case_id) REFERENCES case_record (office, id)\n"
    ") STRICT;\n"
    "CREATE INDEX picture_by_case ON picture (office, case_id, id);\n"
    "CREATE TRIGGER picture_no_update BEFORE UPDATE OF office, id, hash, bytes ON picture\n"
    "BEGIN SELECT RAISE(ABORT, 'a picture is kept as it came'); END;\n";

static const Step steps[SCHEMA_VERSION] = {[1] = {to_2, sqlite_make_terms}, [2] = {to_3, NULL},
                                           [3] = {to_4, NULL}};

static RkStatus take_step(SqliteStore *store, gint64 version, RkDiags *diags) {
  const Step *step = version > 0 && version < SCHEMA_VERSION ? &steps[version] : NULL;
  if (!step || !step->sql)
    return diags_fail(diags, RK_STORE, DIAG_DB_FOREIGN, NULL, store->path, NULL);
  RkStatus status = sqlite_script(store, step->sql, diags);
  if (status == RK_OK && step->fill)
    status = step->fill(store, diags);
  g_autofree char *done = g_strdup_printf("PRAGMA user_version=%d", (int)version + 1);
  return status == RK_OK ? sqlite_script(store, done, diags) : status;
}

/* Whether it lasts nobody knows when its sync fails: the failure says so. */
static RkStatus commit(SqliteStore *store, RkDiags *diags) {
  store->writing = TRUE;
  RkStatus status = sqlite_script(store, "COMMIT", diags);
  store->writing = FALSE;
  return status;
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
  return status == RK_OK ? commit(store, diags) : status;
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
