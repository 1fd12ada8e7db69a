/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sqlite_dispose.c - erasing what a disposed case wrote beside its journal headers.
 *
 * It happens in the transaction of the entry that says so. The triggers of the schema let bodies and
 * histories go only for a case that the table "disposal" names, and it names none that the journal does
 * not. With secure_delete the pages are overwritten; sqlite_scour takes them out of the log, too.
 */
#include "store/sqlite_int.h"

static RkStatus erase_all(SqliteStore *store, const char *case_id, gint64 seq, RkDiags *diags) {
  static const StatementId by_seq[] = {SQL_DISPOSAL_ADD, SQL_DISPOSE_BODIES, SQL_DISPOSE_ANSWERS};
  static const StatementId by_case[] = {SQL_DISPOSE_PAPERS, SQL_DISPOSE_NOTICES,
                                        SQL_DISPOSE_PICTURES};
  const char *office = store->public.office;
  RkStatus status = RK_OK;
  for (guint i = 0; i < G_N_ELEMENTS(by_seq) && status == RK_OK; i++)
    status = sqlite_do(store, diags, by_seq[i], "tti", office, case_id, seq);
  for (guint i = 0; i < G_N_ELEMENTS(by_case) && status == RK_OK; i++)
    status = sqlite_do(store, diags, by_case[i], "tt", office, case_id);
  return status;
}

static RkStatus erase(SqliteStore *store, const StoreErasure *erasure, RkDiags *diags) {
  const char *office = store->public.office, *name = erasure->name, *key = erasure->key;
  sqlite3_stmt *first =
      erasure->seq ? sqlite_bind(store, SQL_DISPOSE_FIELDS, "tttit", office, name, key, erasure->seq,
                                 erasure->fields)
                   : sqlite_bind(store, SQL_DISPOSE_ENTRY, "ttt", office, name, key);
  RkStatus status = sqlite_run(store, first, diags);
  if (status != RK_OK)
    return status;
  StatementId then = erasure->seq ? SQL_REGISTER_RESET : SQL_REGISTER_DROP;
  return sqlite_do(store, diags, then, "ttt", office, name, key);
}

RkStatus sqlite_dispose(SqliteStore *store, const StoreCommit *commit, RkDiags *diags) {
  RkStatus status = erase_all(store, commit->subject->id, commit->entry->seq, diags);
  for (guint i = 0; i < commit->disposed->len && status == RK_OK; i++)
    status = erase(store, commit->disposed->pdata[i], diags);
  return status;
}

RkStatus sqlite_scour(Store *public, RkDiags *diags) {
  SqliteStore *store = (SqliteStore *)public;
  int code = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  if (code == SQLITE_OK)
    return RK_OK;
  if ((code & 0xff) == SQLITE_BUSY)
    return diags_fail(diags, RK_PARTIAL, DIAG_DB_SCOUR, NULL, NULL);
  return sqlite_failure(store, code, diags);
}
