/* SPDX-License-Identifier: Apache-2.0 */
/* sqlite_verify.c - recompute both chains and all hashes, and ask SQLite about the file. */
#include "store/sqlite_int.h"

#include <string.h>

static gboolean same_hash(const Hash *a, const Hash *b) {
  return memcmp(a->bytes, b->bytes, HASH_SIZE) == 0;
}

/* A body may be absent when its case was disposed of by a later entry. */
static gboolean body_good(sqlite3_stmt *s, const StoreJournal *entry) {
  Salt salt;
  if (!entry->body && sqlite3_column_int(s, 19))
    return TRUE;
  if (!entry->body || sqlite3_column_bytes(s, 18) != SALT_SIZE)
    return FALSE;
  memcpy(salt.salt, sqlite3_column_blob(s, 18), SALT_SIZE);
  Hash commit = journal_body_commit(&salt, entry->body);
  return same_hash(&commit, &entry->body_commit);
}

gboolean sqlite_journal_good(sqlite3_stmt *s, const StoreJournal *entry) {
  Hash hash = journal_hash(entry);
  return same_hash(&hash, &entry->hash) && body_good(s, entry);
}

static RkStatus verify_journal(SqliteStore *store, StoreVerify *out, RkDiags *diags) {
  RkStatus status;
  Hash previous = {{0}};
  gint64 before = G_MININT64;
  sqlite3_stmt *s = sqlite_bind(store, SQL_JOURNAL_CHAIN_FULL, "i", G_MININT64);
  while (sqlite_row(store, s, &status, diags)) {
    g_autoptr(StoreJournal) entry = sqlite_read_journal(s);
    out->journal_entries++;
    gboolean good = entry->seq == out->journal_entries && same_hash(&entry->previous, &previous) &&
                    sqlite_journal_good(s, entry);
    if (!good && !out->bad_journal)
      out->bad_journal = out->journal_entries;
    previous = entry->hash;
    out->backward += entry->entered < before;
    before = entry->entered;
  }
  store->hashed = store->held && status == RK_OK && !out->bad_journal;
  return status;
}

static RkStatus verify_access(SqliteStore *store, StoreVerify *out, RkDiags *diags) {
  RkStatus status;
  Hash previous = {{0}};
  sqlite3_stmt *s = sqlite_bind(store, SQL_ACCESS_FULL, "ii", G_MININT64, (gint64)-1);
  while (sqlite_row(store, s, &status, diags)) {
    g_autoptr(StoreAccess) access = sqlite_read_access(s);
    Hash stored = sqlite_hash(s, 7);
    gint64 seq = sqlite3_column_int64(s, 6);
    Hash hash = access_hash(seq, access, &previous);
    out->access_entries++;
    if ((seq != out->access_entries || !same_hash(&hash, &stored)) && !out->bad_access)
      out->bad_access = out->access_entries;
    previous = stored;
  }
  return status;
}

static void say_broken(const char *chain, gint64 seq, RkDiags *diags) {
  g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, seq);
  if (seq)
    diags_add(diags, DIAG_DB_CHAIN, NULL, chain, number, NULL);
}

/* Checks that answer "ok", or nothing at all, when all is well. */
static RkStatus verify_file(SqliteStore *store, RkDiags *diags) {
  static const char *const checks[] = {"PRAGMA integrity_check(10)", "PRAGMA foreign_key_check"};
  for (guint i = 0; i < G_N_ELEMENTS(checks); i++) {
    sqlite3_stmt *s = NULL;
    RkStatus status = RK_OK;
    if (sqlite3_prepare_v2(store->db, checks[i], -1, &s, NULL) != SQLITE_OK)
      return sqlite_failure(store, sqlite3_extended_errcode(store->db), diags);
    while (sqlite_row(store, s, &status, diags)) {
      g_autofree char *text = sqlite_text(s, 0);
      if (g_strcmp0(text, "ok") != 0)
        diags_add(diags, DIAG_DB_INVARIANT, NULL, text ? text : checks[i] + 7, NULL);
    }
    sqlite3_finalize(s);
    if (status != RK_OK)
      return status;
  }
  return RK_OK;
}

/* What is kept by its hash must be what the hash says. */
static RkStatus verify_blobs(SqliteStore *store, RkDiags *diags) {
  RkStatus status;
  sqlite3_stmt *s = sqlite_bind(store, SQL_BLOB_FULL, "");
  while (sqlite_row_of(store, s, "hb", &status, diags)) {
    Hash stored = sqlite_hash(s, 0);
    g_autoptr(GBytes) bytes = sqlite_bytes(s, 1);
    Hash hash = hash_bytes(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    g_autofree char *name = hash_to_hex(&stored);
    if (!same_hash(&hash, &stored))
      diags_add(diags, DIAG_DB_BLOB, NULL, name, NULL);
  }
  return status;
}

/* A statement whose rows name what is wrong. */
static RkStatus report_rows(SqliteStore *store, StatementId id, DiagId diag, RkDiags *diags) {
  RkStatus status;
  sqlite3_stmt *s = sqlite_bind(store, id, "");
  while (sqlite_row_of(store, s, "t", &status, diags)) {
    g_autofree char *what = sqlite_text(s, 0);
    diags_add(diags, diag, NULL, what, NULL);
  }
  return status;
}

static RkStatus count_erased(SqliteStore *store, StoreVerify *out, RkDiags *diags) {
  RkStatus status;
  sqlite3_stmt *s = sqlite_bind(store, SQL_DISPOSED_BODIES_FULL, "");
  while (sqlite_row_of(store, s, "i", &status, diags))
    out->erased = sqlite3_column_int64(s, 0);
  return status;
}

RkStatus sqlite_hold(Store *public, RkDiags *diags) {
  SqliteStore *store = (SqliteStore *)public;
  g_assert(!store->writing && !store->held);
  RkStatus status = sqlite_do(store, diags, SQL_HOLD, "");
  store->held = status == RK_OK;
  return status;
}

void sqlite_let_go(Store *public) {
  SqliteStore *store = (SqliteStore *)public;
  if (store->held && !sqlite3_get_autocommit(store->db))
    sqlite_do(store, NULL, SQL_ROLLBACK, "");
  store->held = store->hashed = FALSE;
}

RkStatus sqlite_verify_chains(Store *public, StoreVerify *out, RkDiags *diags) {
  SqliteStore *store = (SqliteStore *)public;
  RkStatus status = verify_journal(store, out, diags);
  if (status == RK_OK)
    status = verify_access(store, out, diags);
  say_broken("journal", out->bad_journal, diags);
  say_broken("access log", out->bad_access, diags);
  return status;
}

RkStatus sqlite_verify(Store *public, StoreVerify *out, RkDiags *diags) {
  SqliteStore *store = (SqliteStore *)public;
  RkStatus status = sqlite_verify_chains(public, out, diags);
  if (status == RK_OK)
    status = verify_file(store, diags);
  if (status == RK_OK)
    status = verify_blobs(store, diags);
  if (status == RK_OK)
    status = sqlite_verify_pictures(store, diags);
  if (status == RK_OK)
    status = report_rows(store, SQL_NUMBERS_FULL, DIAG_DB_NUMBER, diags);
  if (status == RK_OK)
    status = report_rows(store, SQL_PLACES_FULL, DIAG_DB_INVARIANT, diags);
  if (status == RK_OK)
    status = report_rows(store, SQL_SENT_OF_NOTHING_FULL, DIAG_DB_INVARIANT, diags);
  if (status == RK_OK)
    status = sqlite_verify_terms(store, diags);
  if (status == RK_OK)
    status = report_rows(store, SQL_DISPOSALS_FULL, DIAG_DB_DISPOSAL, diags);
  return status == RK_OK ? count_erased(store, out, diags) : status;
}
