/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sqlite_write.c - one StoreCommit, one transaction.
 *
 * store_begin takes the queue file and BEGIN IMMEDIATE; from then on what is read is what is
 * committed on. Whatever fails, everything is rolled back and the queue is left. Inside a batch,
 * which has done that before, begin and end are those of a savepoint.
 */
#include "store/sqlite_int.h"

#include <errno.h>
#include <string.h>
#include <sys/file.h>

/* -------------------------------------------------------------- begin and end */

static void leave_queue(SqliteStore *store) {
  store->writing = FALSE;
  flock(store->queue, LOCK_UN);
}

/* Whether anything was committed by others. */
static RkStatus note_epoch(SqliteStore *store, RkDiags *diags) {
  RkStatus status;
  gint64 version = store->data_version;
  sqlite3_stmt *s = sqlite_bind(store, SQL_DATA_VERSION, "");
  while (sqlite_row_of(store, s, "i", &status, diags))
    version = sqlite3_column_int64(s, 0);
  store->public.epoch += version != store->data_version;
  store->data_version = version;
  return status;
}

static void forget_failure(SqliteStore *store) {
  store->failed = SQLITE_OK;
  g_clear_pointer(&store->why, g_free);
  g_clear_pointer(&store->absent, g_free);
}

/* What undoes it is made ready first: when it is needed, memory may be what is missing. */
static RkStatus run_undoable(SqliteStore *store, StatementId id, StatementId undo, RkDiags *diags) {
  sqlite3_stmt *ready = sqlite_bind(store, undo, "");
  return sqlite_run(store, ready ? sqlite_bind(store, id, "") : NULL, diags);
}

static RkStatus begin_whole(SqliteStore *store, RkDiags *diags) {
  while (flock(store->queue, LOCK_EX) != 0)
    if (errno != EINTR)
      return diags_fail(diags, RK_STORE, DIAG_DB_LOCKED, NULL, NULL);
  forget_failure(store);
  RkStatus status = run_undoable(store, SQL_BEGIN, SQL_ROLLBACK, diags);
  if (status == RK_OK)
    status = note_epoch(store, diags);
  if (status == RK_OK)
    return RK_OK;
  if (!sqlite3_get_autocommit(store->db))
    sqlite_do(store, NULL, SQL_ROLLBACK, "");
  leave_queue(store);
  return status;
}

/* Some failures make SQLite roll back everything at once: then there is no batch any more. */
static RkStatus begin_part(SqliteStore *store, RkDiags *diags) {
  if (sqlite3_get_autocommit(store->db))
    return sqlite_failure(store, store->failed ? store->failed : SQLITE_ABORT, diags);
  forget_failure(store);
  RkStatus ready = sqlite_bind(store, SQL_PART_END, "") ? RK_OK : RK_NOMEM;
  return ready == RK_OK ? run_undoable(store, SQL_PART_BEGIN, SQL_PART_UNDO, diags)
                        : sqlite_failure(store, sqlite3_extended_errcode(store->db), diags);
}

RkStatus sqlite_begin(Store *public, RkDiags *diags) {
  SqliteStore *store = (SqliteStore *)public;
  g_assert(!store->writing);
  RkStatus status = store->batch ? begin_part(store, diags) : begin_whole(store, diags);
  store->writing = status == RK_OK;
  return status;
}

static void undo_part(SqliteStore *store) {
  store->writing = FALSE;
  if (sqlite3_get_autocommit(store->db))
    return;
  sqlite_do(store, NULL, SQL_PART_UNDO, "");
  sqlite_do(store, NULL, SQL_PART_END, "");
}

static void undo_whole(SqliteStore *store) {
  if (!sqlite3_get_autocommit(store->db))
    sqlite_do(store, NULL, SQL_ROLLBACK, "");
  leave_queue(store);
}

void sqlite_rollback(Store *public) {
  SqliteStore *store = (SqliteStore *)public;
  if (!store->writing)
    return;
  if (store->batch)
    undo_part(store);
  else
    undo_whole(store);
}

RkStatus sqlite_begin_batch(Store *public, RkDiags *diags) {
  SqliteStore *store = (SqliteStore *)public;
  g_assert(!store->writing && !store->batch);
  RkStatus status = begin_whole(store, diags);
  store->batch = status == RK_OK;
  return status;
}

void sqlite_drop_batch(Store *public) {
  SqliteStore *store = (SqliteStore *)public;
  if (!store->batch)
    return;
  sqlite_rollback(public);
  store->batch = FALSE;
  public->epoch++; /* what was read of it never was */
  undo_whole(store);
}

RkStatus sqlite_end_batch(Store *public, RkDiags *diags) {
  SqliteStore *store = (SqliteStore *)public;
  g_assert(store->batch && !store->writing);
  RkStatus status = RK_OK;
  if (sqlite3_get_autocommit(store->db))
    status = sqlite_failure(store, store->failed ? store->failed : SQLITE_ABORT, diags);
  store->writing = TRUE; /* of a sync that fails nobody knows whether it lasts, see describe */
  if (status == RK_OK)
    status = sqlite_do(store, diags, SQL_COMMIT, "");
  store->writing = FALSE;
  if (status != RK_OK) {
    sqlite_drop_batch(public);
    return status;
  }
  store->batch = FALSE;
  leave_queue(store);
  return RK_OK;
}

/* ---------------------------------------------------------------- the journal */

RkStatus sqlite_journal_head(Store *public, gint64 *seq, Hash *head, gint64 *entered,
                             RkDiags *diags) {
  SqliteStore *store = (SqliteStore *)public;
  RkStatus status;
  sqlite3_stmt *statement = sqlite_bind(store, SQL_JOURNAL_HEAD, "");
  *seq = *entered = 0;
  *head = (Hash){{0}};
  while (sqlite_row(store, statement, &status, diags)) {
    *seq = sqlite3_column_int64(statement, 0);
    *head = sqlite_hash(statement, 1);
    *entered = sqlite3_column_int64(statement, 2);
  }
  return status;
}

static RkStatus write_journal(SqliteStore *store, StoreJournal *entry, RkDiags *diags) {
  Salt salt;
  RkStatus status = sqlite_journal_head(&store->public, &entry->seq, &entry->previous,
                                        &entry->before, diags);
  if (status != RK_OK)
    return status;
  entry->seq++;
  journal_commit_body(entry, &salt);
  entry->hash = journal_hash(entry);
  status = sqlite_do(store, diags, SQL_JOURNAL_ADD, "ittiiitttttttthhh", entry->seq,
                     store->public.office, entry->case_id, entry->revision, entry->happened,
                     entry->entered, entry->operator_, entry->actor, entry->kind, entry->event,
                     entry->evidence, entry->why, entry->bundle, entry->request_id,
                     &entry->body_commit, &entry->previous, &entry->hash);
  if (status != RK_OK)
    return status;
  g_autoptr(GBytes) salt_bytes = g_bytes_new(salt.salt, SALT_SIZE);
  g_autoptr(GBytes) empty = g_bytes_new_static("", 0);
  return sqlite_do(store, diags, SQL_BODY_ADD, "ibb", entry->seq, salt_bytes,
                   entry->body ? entry->body : empty);
}

/* ------------------------------------------------------------------- the case */

/* How the case stands so far, as far as it matters here; *held stays NULL when it is new. */
static RkStatus check_revision(SqliteStore *store, const StoreCase *subject, StoreCase **held,
                               RkDiags *diags) {
  RkStatus status;
  sqlite3_stmt *s = sqlite_bind(store, SQL_CASE_BEFORE, "tt", store->public.office, subject->id);
  while (sqlite_row_of(store, s, "itiitt", &status, diags)) {
    *held = g_new0(StoreCase, 1);
    (*held)->revision = sqlite3_column_int64(s, 0);
    (*held)->procedure = sqlite_text(s, 1);
    (*held)->closed = sqlite3_column_int(s, 2);
    (*held)->overdue = sqlite3_column_int(s, 3);
    (*held)->states = sqlite_text(s, 4);
    (*held)->waits_for = sqlite_text(s, 5);
  }
  if (status == RK_OK && subject->revision != (*held ? (*held)->revision : 0) + 1)
    return diags_fail(diags, RK_CONFLICT, DIAG_DB_CONFLICT, NULL, NULL);
  return status;
}

static RkStatus number_case(SqliteStore *store, StoreCase *subject, RkDiags *diags) {
  RkStatus status;
  gint64 count = 0;
  sqlite3_stmt *statement =
      sqlite_bind(store, SQL_COUNT_NEXT, "tt", store->public.office, subject->fiscal_year);
  while (sqlite_row(store, statement, &status, diags))
    count = sqlite3_column_int64(statement, 0);
  if (status == RK_OK)
    subject->number = store_case_number(subject->fiscal_year, count);
  return status;
}

static RkStatus write_case(SqliteStore *store, StoreCase *c, RkDiags *diags) {
  gboolean fresh = !c->number;
  g_autoptr(StoreCase) held = NULL;
  RkStatus status = check_revision(store, c, &held, diags);
  if (status == RK_OK && fresh)
    status = number_case(store, c, diags);
  if (status == RK_OK)
    status = sqlite_put_marks(store, held, c, diags);
  if (status != RK_OK)
    return status;
  return sqlite_do(store, diags, fresh ? SQL_CASE_ADD : SQL_CASE_UPDATE, "tttttttiitttiiibi",
                   store->public.office, c->id, c->number, c->fiscal_year, c->procedure,
                   c->municipality, c->bundle, c->revision, (gint64)c->closed, c->states,
                   c->waits_for, c->label, c->opened, c->updated, c->happened, c->snapshot,
                   (gint64)c->overdue);
}

/* -------------------------------------------------------------------- its parts */

static RkStatus put_paper(SqliteStore *store, const StorePaper *p, RkDiags *diags) {
  return sqlite_do(store, diags, SQL_PAPER_PUT, "tttttttibb", store->public.office, p->id,
                   p->case_id, p->form, p->key, p->filled_by, p->state, p->version, p->data,
                   p->lifecycle);
}

static RkStatus put_exemplar(SqliteStore *store, const StoreExemplar *e, RkDiags *diags) {
  return sqlite_do(store, diags, SQL_EXEMPLAR_PUT, "ttttttii", store->public.office, e->id,
                   e->paper_id, e->kind, e->holder, e->source, e->since, (gint64)e->judged);
}

static RkStatus put_transmission(SqliteStore *store, const StoreTransmission *t, RkDiags *diags) {
  return sqlite_do(store, diags, SQL_TRANSMISSION_PUT, "tttttttttttii", store->public.office, t->id,
                   t->case_id, t->paper_id, t->exemplar_id, t->from, t->to, t->channel,
                   t->direction, t->state, t->title, t->created, t->updated);
}

typedef RkStatus (*PutFunc)(SqliteStore *store, gconstpointer record, RkDiags *diags);

static RkStatus put_all(SqliteStore *store, const GPtrArray *records, PutFunc put, RkDiags *diags) {
  RkStatus status = RK_OK;
  for (guint i = 0; records && i < records->len && status == RK_OK; i++)
    status = put(store, records->pdata[i], diags);
  return status;
}

/* What refers to others goes first. */
static RkStatus drop_removed(SqliteStore *store, const StoreCommit *commit, RkDiags *diags) {
  static const int drops[] = {SQL_TRANSMISSION_DROP, SQL_EXEMPLAR_DROP, SQL_PAPER_DROP};
  RkStatus status = RK_OK;
  for (guint k = 0; commit->removed && k < G_N_ELEMENTS(drops); k++)
    for (guint i = 0; i < commit->removed->len && status == RK_OK; i++)
      status = sqlite_do(store, diags, drops[k], "tt", store->public.office,
                         (const char *)commit->removed->pdata[i]);
  return status;
}

static RkStatus write_timers(SqliteStore *store, const StoreCommit *commit, RkDiags *diags) {
  const char *office = store->public.office, *id = commit->subject->id;
  if (commit->timers_stay)
    return RK_OK;
  RkStatus status = sqlite_do(store, diags, SQL_TIMERS_CLEAR, "tt", office, id);
  for (guint i = 0; commit->timers && i < commit->timers->len && status == RK_OK; i++) {
    const StoreTimer *t = commit->timers->pdata[i];
    status = sqlite_do(store, diags, SQL_TIMER_ADD, "ttitti", office, id, (gint64)i, t->send_id,
                       t->event, t->due);
  }
  return status;
}

static RkStatus add_keys(SqliteStore *store, const char *id, const GPtrArray *keys, RkDiags *diags) {
  RkStatus status = RK_OK;
  for (guint i = 0; i < keys->len && status == RK_OK; i++)
    status = sqlite_do(store, diags, SQL_SEARCH_ADD, "ttit", store->public.office, id, (gint64)i,
                       (const char *)keys->pdata[i]);
  return status;
}

static gboolean same_texts(const GPtrArray *a, const GPtrArray *b) {
  for (guint i = 0; a->len == b->len && i < a->len; i++)
    if (!g_str_equal(a->pdata[i], b->pdata[i]))
      return FALSE;
  return a->len == b->len;
}

/* Most events change none of them. */
static RkStatus write_search(SqliteStore *store, const StoreCommit *commit, RkDiags *diags) {
  const char *office = store->public.office, *id = commit->subject->id;
  g_autoptr(GPtrArray) held = NULL;
  if (!commit->search)
    return RK_OK;
  RkStatus status = store_load_search(&store->public, id, &held, diags);
  if (status != RK_OK || same_texts(held, commit->search))
    return status;
  if (held->len)
    status = sqlite_do(store, diags, SQL_SEARCH_CLEAR, "tt", office, id);
  if (status == RK_OK)
    status = add_keys(store, id, commit->search, diags);
  if (status == RK_OK)
    status = sqlite_put_grams(store, commit->subject->number, held, commit->search, diags);
  return status;
}

static RkStatus write_register(SqliteStore *store, const StoreRegister *r, gint64 seq, gint64 place,
                               RkDiags *diags) {
  const char *fields = r->fields ? r->fields : "{}", *office = store->public.office;
  sqlite3_stmt *statement =
      *r->state ? sqlite_bind(store, SQL_REGISTER_PUT, "ttttttii", office, r->name, r->key,
                              r->state, fields, r->case_id, r->since, seq)
                : sqlite_bind(store, SQL_REGISTER_DROP, "ttt", office, r->name, r->key);
  RkStatus status = sqlite_run(store, statement, diags);
  if (status != RK_OK)
    return status;
  return sqlite_do(store, diags, SQL_HISTORY_ADD, "ttttttiii", office, r->name, r->key, r->state,
                   fields, r->case_id, r->since, seq, place);
}

static RkStatus write_registers(SqliteStore *store, const StoreCommit *commit, RkDiags *diags) {
  RkStatus status = RK_OK;
  for (guint i = 0; commit->registers && i < commit->registers->len && status == RK_OK; i++)
    status = write_register(store, commit->registers->pdata[i], commit->entry->seq, (gint64)i,
                            diags);
  return status;
}

static RkStatus write_blobs(SqliteStore *store, const StoreCommit *commit, RkDiags *diags) {
  RkStatus status = RK_OK;
  for (guint i = 0; commit->blobs && i < commit->blobs->len && status == RK_OK; i++) {
    GBytes *bytes = commit->blobs->pdata[i];
    Hash hash = hash_bytes(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    status = sqlite_do(store, diags, SQL_BLOB_ADD, "hb", &hash, bytes);
  }
  return status;
}

/* -------------------------------------------------------------------- the commit */

static RkStatus write_subject(SqliteStore *store, StoreCommit *commit, RkDiags *diags) {
  RkStatus status = write_case(store, commit->subject, diags);
  if (status == RK_OK)
    status = drop_removed(store, commit, diags);
  if (status == RK_OK)
    status = put_all(store, commit->papers, (PutFunc)put_paper, diags);
  if (status == RK_OK)
    status = put_all(store, commit->exemplars, (PutFunc)put_exemplar, diags);
  if (status == RK_OK)
    status = put_all(store, commit->transmissions, (PutFunc)put_transmission, diags);
  if (status == RK_OK)
    status = write_timers(store, commit, diags);
  return status == RK_OK ? write_search(store, commit, diags) : status;
}

static RkStatus check_request(SqliteStore *store, const StoreCommit *commit, RkDiags *diags) {
  RkStatus status;
  gboolean used = FALSE;
  if (g_strcmp0(store->absent, commit->entry->request_id) == 0)
    return RK_OK; /* was asked in this transaction */
  sqlite3_stmt *statement = sqlite_bind(store, SQL_REQUEST_GET, "tt", store->public.office,
                                        commit->entry->request_id);
  while (sqlite_row(store, statement, &status, diags))
    used = TRUE;
  return used ? diags_fail(diags, RK_CONFLICT, DIAG_DB_REQUEST_USED, NULL, NULL) : status;
}

static RkStatus write_all(SqliteStore *store, StoreCommit *commit, RkDiags *diags) {
  RkStatus status = sqlite_health(&store->public, diags);
  if (status == RK_OK)
    status = check_request(store, commit, diags);
  if (status == RK_OK && commit->subject)
    status = write_subject(store, commit, diags);
  if (status == RK_OK)
    status = write_journal(store, commit->entry, diags);
  if (status == RK_OK)
    status = write_registers(store, commit, diags);
  if (status == RK_OK)
    status = write_blobs(store, commit, diags);
  if (status == RK_OK)
    status = sqlite_write_pictures(store, commit, diags);
  if (status == RK_OK && commit->disposed)
    status = sqlite_dispose(store, commit, diags);
  if (status == RK_OK)
    status = sqlite_do(store, diags, SQL_REQUEST_ADD, "ttt", store->public.office,
                       commit->entry->request_id, commit->result ? commit->result : "");
  return status;
}

RkStatus sqlite_write(Store *public, StoreCommit *commit, RkDiags *diags) {
  SqliteStore *store = (SqliteStore *)public;
  g_assert(store->writing);
  gboolean fresh = commit->subject && !commit->subject->number;
  RkStatus status = write_all(store, commit, diags);
  g_clear_pointer(&store->absent, g_free);
  if (status == RK_OK)
    return RK_OK;
  if (fresh)
    g_clear_pointer(&commit->subject->number, g_free);
  sqlite_rollback(public);
  return status;
}

RkStatus sqlite_end(Store *public, RkDiags *diags) {
  SqliteStore *store = (SqliteStore *)public;
  g_assert(store->writing);
  RkStatus status = sqlite_health(public, diags);
  if (status == RK_OK)
    status = sqlite_do(store, diags, store->batch ? SQL_PART_END : SQL_COMMIT, "");
  if (status != RK_OK) {
    public->epoch++; /* nobody knows what the file holds now */
    sqlite_rollback(public);
    return status;
  }
  store->writing = FALSE;
  if (!store->batch)
    leave_queue(store);
  return RK_OK;
}

/* ------------------------------------------------------------------ access log */

static RkStatus append_access(SqliteStore *store, const StoreAccess *access, RkDiags *diags) {
  RkStatus status;
  gint64 seq = 0;
  Hash previous = {{0}};
  sqlite3_stmt *statement = sqlite_bind(store, SQL_ACCESS_HEAD, "");
  while (sqlite_row(store, statement, &status, diags)) {
    seq = sqlite3_column_int64(statement, 0);
    previous = sqlite_hash(statement, 1);
  }
  if (status != RK_OK)
    return status;
  Hash hash = access_hash(seq + 1, access, &previous);
  return sqlite_do(store, diags, SQL_ACCESS_ADD, "itittttth", seq + 1, store->public.office,
                   access->entered, access->operator_, access->action, access->case_number,
                   access->detail, access->result, &hash);
}

RkStatus sqlite_log_access(Store *public, const StoreAccess *access, RkDiags *diags) {
  RkStatus status = sqlite_begin(public, diags);
  if (status != RK_OK)
    return status;
  status = append_access((SqliteStore *)public, access, diags);
  if (status == RK_OK)
    return sqlite_end(public, diags);
  sqlite_rollback(public);
  return status;
}
