/* SPDX-License-Identifier: Apache-2.0 */
/* sqlite_read.c - rows to records. */
#include "store/sqlite_int.h"

#include <string.h>

static SqliteStore *sqlite_of(Store *store) {
  return (SqliteStore *)store;
}

/* What a column of this letter may hold, see sqlite_row_of. */
static gboolean holds(sqlite3_stmt *s, int column, char letter) {
  int type = sqlite3_column_type(s, column);
  const char *bytes;
  switch (type == SQLITE_NULL ? 0 : letter) {
  case 0: return letter == 'T' || letter == 'B';
  case 'i': return type == SQLITE_INTEGER;
  case 'h': return type == SQLITE_BLOB && sqlite3_column_bytes(s, column) == HASH_SIZE;
  case 'b':
  case 'B': return type == SQLITE_BLOB;
  default:
    bytes = sqlite3_column_blob(s, column); /* as it lies there: this asks for no memory */
    return type == SQLITE_TEXT &&
           (!bytes || g_utf8_validate_len(bytes, (gsize)sqlite3_column_bytes(s, column), NULL));
  }
}

gboolean sqlite_row_of(SqliteStore *store, sqlite3_stmt *statement, const char *columns,
                       RkStatus *status, RkDiags *diags) {
  if (!sqlite_row(store, statement, status, diags))
    return FALSE;
  for (int i = 0; columns[i]; i++)
    if (!holds(statement, i, columns[i])) {
      *status = sqlite_failure(store, SQLITE_CORRUPT, diags);
      sqlite3_reset(statement);
      return FALSE;
    }
  return TRUE;
}

typedef gpointer (*ReadFunc)(sqlite3_stmt *statement);

static RkStatus collect(SqliteStore *store, sqlite3_stmt *statement, const char *columns,
                        ReadFunc read, GPtrArray *out, RkDiags *diags) {
  RkStatus status;
  while (sqlite_row_of(store, statement, columns, &status, diags))
    g_ptr_array_add(out, read(statement));
  return status;
}

/* ----------------------------------------------------------------------- rows */

#define CASE_ROW "ttttttiittTiiibi"
#define CASE_LISTED_ROW "ttttttiittTiiiBi"
#define PAPER_ROW "ttttTtiBB"
#define TIMER_ROW "tttit"
#define REGISTER_ROW "ttttTii"
#define JOURNAL_ROW "iTTiiitTtTTTTtBhhhBi"
#define ACCESS_ROW "ittTTtih"

static gpointer read_case(sqlite3_stmt *s) {
  StoreCase *r = g_new0(StoreCase, 1);
  r->id = sqlite_text(s, 0);
  r->number = sqlite_text(s, 1);
  r->fiscal_year = sqlite_text(s, 2);
  r->procedure = sqlite_text(s, 3);
  r->municipality = sqlite_text(s, 4);
  r->bundle = sqlite_text(s, 5);
  r->revision = sqlite3_column_int64(s, 6);
  r->closed = sqlite3_column_int(s, 7);
  r->states = sqlite_text(s, 8);
  r->waits_for = sqlite_text(s, 9);
  r->label = sqlite_text(s, 10);
  r->opened = sqlite3_column_int64(s, 11);
  r->updated = sqlite3_column_int64(s, 12);
  r->happened = sqlite3_column_int64(s, 13);
  r->snapshot = sqlite_bytes(s, 14);
  r->overdue = sqlite3_column_int(s, 15);
  return r;
}

static gpointer read_paper(sqlite3_stmt *s) {
  StorePaper *r = g_new0(StorePaper, 1);
  r->id = sqlite_text(s, 0);
  r->case_id = sqlite_text(s, 1);
  r->form = sqlite_text(s, 2);
  r->key = sqlite_text(s, 3);
  r->filled_by = sqlite_text(s, 4);
  r->state = sqlite_text(s, 5);
  r->version = sqlite3_column_int64(s, 6);
  r->data = sqlite_bytes(s, 7);
  r->lifecycle = sqlite_bytes(s, 8);
  return r;
}

StoreExemplar *sqlite_read_exemplar(sqlite3_stmt *s, int from) {
  StoreExemplar *r = g_new0(StoreExemplar, 1);
  char **texts[] = {&r->id, &r->paper_id, &r->kind, &r->holder, &r->source};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    *texts[i] = sqlite_text(s, from + (int)i);
  r->since = sqlite3_column_int64(s, from + 5);
  r->judged = sqlite3_column_int(s, from + 6);
  return r;
}

static gpointer read_exemplar(sqlite3_stmt *s) {
  return sqlite_read_exemplar(s, 0);
}

StoreTransmission *sqlite_read_transmission(sqlite3_stmt *s, int from) {
  StoreTransmission *r = g_new0(StoreTransmission, 1);
  char **texts[] = {&r->id, &r->case_id, &r->paper_id,  &r->exemplar_id, &r->from,
                    &r->to, &r->channel, &r->direction, &r->state,       &r->title};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    *texts[i] = sqlite_text(s, from + (int)i);
  r->created = sqlite3_column_int64(s, from + 10);
  r->updated = sqlite3_column_int64(s, from + 11);
  return r;
}

static gpointer read_transmission(sqlite3_stmt *s) {
  return sqlite_read_transmission(s, 0);
}

static gpointer read_timer(sqlite3_stmt *s) {
  StoreTimer *r = g_new0(StoreTimer, 1);
  r->case_id = sqlite_text(s, 0);
  r->send_id = sqlite_text(s, 1);
  r->event = sqlite_text(s, 2);
  r->due = sqlite3_column_int64(s, 3);
  r->case_number = sqlite_text(s, 4);
  return r;
}

static gpointer read_register(sqlite3_stmt *s) {
  StoreRegister *r = g_new0(StoreRegister, 1);
  r->name = sqlite_text(s, 0);
  r->key = sqlite_text(s, 1);
  r->state = sqlite_text(s, 2);
  r->fields = sqlite_text(s, 3);
  r->case_id = sqlite_text(s, 4);
  r->since = sqlite3_column_int64(s, 5);
  r->seq = sqlite3_column_int64(s, 6);
  return r;
}

StoreJournal *sqlite_read_journal(sqlite3_stmt *s) {
  StoreJournal *r = g_new0(StoreJournal, 1);
  r->seq = sqlite3_column_int64(s, 0);
  r->case_id = sqlite_text(s, 1);
  r->case_number = sqlite_text(s, 2);
  r->revision = sqlite3_column_int64(s, 3);
  r->happened = sqlite3_column_int64(s, 4);
  r->entered = sqlite3_column_int64(s, 5);
  char **texts[] = {&r->operator_, &r->actor, &r->kind,   &r->event,
                    &r->evidence,  &r->why,   &r->bundle, &r->request_id};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    *texts[i] = sqlite_text(s, (int)i + 6);
  r->body = sqlite_bytes(s, 14);
  r->body_commit = sqlite_hash(s, 15);
  r->previous = sqlite_hash(s, 16);
  r->hash = sqlite_hash(s, 17);
  if (sqlite3_column_bytes(s, 18) == SALT_SIZE)
    memcpy(r->salt, sqlite3_column_blob(s, 18), SALT_SIZE);
  return r;
}

StoreAccess *sqlite_read_access(sqlite3_stmt *s) {
  StoreAccess *r = g_new0(StoreAccess, 1);
  r->entered = sqlite3_column_int64(s, 0);
  r->operator_ = sqlite_text(s, 1);
  r->action = sqlite_text(s, 2);
  r->case_number = sqlite_text(s, 3);
  r->detail = sqlite_text(s, 4);
  r->result = sqlite_text(s, 5);
  return r;
}

/* ------------------------------------------------------------------- requests, cases */

static RkStatus find_request(Store *store, const char *id, char **result, RkDiags *diags) {
  RkStatus status;
  sqlite3_stmt *s = sqlite_bind(sqlite_of(store), SQL_REQUEST_GET, "tt", store->office, id);
  while (sqlite_row_of(sqlite_of(store), s, "t", &status, diags)) {
    g_free(*result);
    *result = sqlite_text(s, 0);
  }
  SqliteStore *sqlite = sqlite_of(store);
  g_clear_pointer(&sqlite->absent, g_free);
  if (status == RK_OK && !*result && sqlite->writing)
    sqlite->absent = g_strdup(id);
  return status;
}

static RkStatus load_case(Store *store, const char *reference, StoreCase **out, RkDiags *diags) {
  static const StatementId by[] = {SQL_CASE_BY_NUMBER, SQL_CASE_BY_ID};
  guint first = g_uuid_string_is_valid(reference) ? 1 : 0; /* as what it looks like */
  for (guint i = 0; i < G_N_ELEMENTS(by) && !*out; i++) {
    RkStatus status;
    sqlite3_stmt *s = sqlite_bind(sqlite_of(store), by[i ^ first], "tt", store->office, reference);
    if (sqlite_row_of(sqlite_of(store), s, CASE_ROW, &status, diags))
      *out = read_case(s);
    sqlite3_reset(s);
    if (status != RK_OK)
      return status;
  }
  return *out ? RK_OK : RK_NOT_FOUND;
}

StoreCase *sqlite_read_listed(SqliteStore *store, sqlite3_stmt *s, RkStatus *status, RkDiags *diags) {
  StoreCase *record = sqlite_row_of(store, s, CASE_LISTED_ROW, status, diags) ? read_case(s) : NULL;
  sqlite3_reset(s);
  return record;
}

static RkStatus load_papers(Store *store, const char *case_id, GPtrArray *out, RkDiags *diags) {
  sqlite3_stmt *s = sqlite_bind(sqlite_of(store), SQL_PAPERS, "tt", store->office, case_id);
  return collect(sqlite_of(store), s, PAPER_ROW, read_paper, out, diags);
}

static RkStatus load_exemplars(Store *store, const char *case_id, GPtrArray *out, RkDiags *diags) {
  sqlite3_stmt *s = sqlite_bind(sqlite_of(store), SQL_EXEMPLARS, "tt", store->office, case_id);
  return collect(sqlite_of(store), s, EXEMPLAR_ROW, read_exemplar, out, diags);
}

static RkStatus load_transmissions(Store *store, const char *case_id, const char *direction,
                                   const char *state, GPtrArray *out, RkDiags *diags) {
  SqliteStore *sqlite = sqlite_of(store);
  sqlite3_stmt *s;
  if (case_id)
    s = sqlite_bind(sqlite, SQL_TRANSMISSIONS_OF_CASE, "tttt", store->office, case_id, direction,
                    state);
  else if (state)
    s = sqlite_bind(sqlite, SQL_TRANSMISSIONS, "ttt", store->office, direction, state);
  else
    s = sqlite_bind(sqlite, SQL_TRANSMISSIONS_DIRECTION, "tt", store->office, direction);
  return collect(sqlite, s, TRANSMISSION_ROW, read_transmission, out, diags);
}

static int by_due(gconstpointer a, gconstpointer b) {
  gint64 left = (*(StoreTimer *const *)a)->due, right = (*(StoreTimer *const *)b)->due;
  return (left > right) - (left < right);
}

/* Those of one moment stay in their order. */
static RkStatus load_timers_of(SqliteStore *store, const char *case_id, gint64 due, guint limit,
                               GPtrArray *out, RkDiags *diags) {
  sqlite3_stmt *s = sqlite_bind(store, SQL_TIMERS_OF_CASE, "tti", store->public.office, case_id, due);
  RkStatus status = collect(store, s, TIMER_ROW, read_timer, out, diags);
  g_ptr_array_sort(out, by_due);
  if (limit && out->len > limit)
    g_ptr_array_set_size(out, (int)limit);
  return status;
}

static RkStatus load_timers(Store *store, const char *case_id, gint64 due, guint limit,
                            GPtrArray *out, RkDiags *diags) {
  SqliteStore *sqlite = sqlite_of(store);
  gint64 rows = limit ? (gint64)limit : -1;
  if (case_id)
    return load_timers_of(sqlite, case_id, due, limit, out, diags);
  sqlite3_stmt *s = sqlite_bind(sqlite, SQL_TIMERS_DUE, "tii", store->office, due, rows);
  return collect(sqlite, s, TIMER_ROW, read_timer, out, diags);
}

static gpointer read_key(sqlite3_stmt *s) {
  return sqlite_text(s, 0);
}

static RkStatus load_search(Store *store, const char *case_id, GPtrArray *out, RkDiags *diags) {
  sqlite3_stmt *s = sqlite_bind(sqlite_of(store), SQL_SEARCH, "tt", store->office, case_id);
  return collect(sqlite_of(store), s, "t", read_key, out, diags);
}

/* ---------------------------------------------------------------- registers, journal */

RkStatus sqlite_read_registers(SqliteStore *store, sqlite3_stmt *s, GPtrArray *out, RkDiags *diags) {
  return collect(store, s, REGISTER_ROW, read_register, out, diags);
}

static RkStatus load_register(Store *store, const char *name, const char *key, GPtrArray *out,
                              RkDiags *diags) {
  SqliteStore *sqlite = sqlite_of(store);
  sqlite3_stmt *s;
  if (name && key)
    s = sqlite_bind(sqlite, SQL_REGISTER_KEY, "ttt", store->office, name, key);
  else if (name)
    s = sqlite_bind(sqlite, SQL_REGISTER_NAME, "tt", store->office, name);
  else
    s = sqlite_bind(sqlite, SQL_REGISTER_EVERY_FULL, "t", store->office);
  return sqlite_read_registers(sqlite, s, out, diags);
}

static RkStatus register_history(Store *store, const char *name, const char *key, GPtrArray *out,
                                 RkDiags *diags) {
  SqliteStore *sqlite = sqlite_of(store);
  sqlite3_stmt *s = name ? sqlite_bind(sqlite, SQL_HISTORY, "ttt", store->office, name, key)
                         : sqlite_bind(sqlite, SQL_HISTORY_FULL, "t", store->office);
  return sqlite_read_registers(sqlite, s, out, diags);
}

static RkStatus history_between(Store *store, gint64 first, gint64 last, GPtrArray *out,
                                RkDiags *diags) {
  SqliteStore *sqlite = sqlite_of(store);
  sqlite3_stmt *s = sqlite_bind(sqlite, SQL_HISTORY_BETWEEN, "tii", store->office, first, last);
  return sqlite_read_registers(sqlite, s, out, diags);
}

static RkStatus stray_registers(Store *store, gint64 *count, GPtrArray *out, RkDiags *diags) {
  SqliteStore *sqlite = sqlite_of(store);
  RkStatus status;
  sqlite3_stmt *s = sqlite_bind(sqlite, SQL_REGISTER_COUNT_FULL, "t", store->office);
  while (sqlite_row_of(sqlite, s, "i", &status, diags))
    *count = sqlite3_column_int64(s, 0);
  if (status != RK_OK)
    return status;
  s = sqlite_bind(sqlite, SQL_REGISTER_STRAY_FULL, "t", store->office);
  return sqlite_read_registers(sqlite, s, out, diags);
}

static RkStatus load_journal(Store *store, const char *case_id, gint64 from, guint limit,
                             GPtrArray *out, RkDiags *diags) {
  SqliteStore *sqlite = sqlite_of(store);
  gint64 rows = limit ? (gint64)limit : -1;
  sqlite3_stmt *s =
      case_id ? sqlite_bind(sqlite, SQL_JOURNAL_OF_CASE, "ttii", store->office, case_id, from, rows)
              : sqlite_bind(sqlite, SQL_JOURNAL_FULL, "tii", store->office, from, rows);
  RkStatus status;
  while (sqlite_row_of(sqlite, s, JOURNAL_ROW, &status, diags)) {
    g_ptr_array_add(out, sqlite_read_journal(s));
    if (!sqlite->hashed && !sqlite_journal_good(s, out->pdata[out->len - 1]))
      status = sqlite_failure(sqlite, SQLITE_CORRUPT, diags);
    if (status != RK_OK)
      break;
  }
  sqlite3_reset(s);
  return status;
}

static RkStatus load_chained(Store *store, gint64 seq, StoreJournal **out, RkDiags *diags) {
  SqliteStore *sqlite = sqlite_of(store);
  RkStatus status;
  sqlite3_stmt *s = sqlite_bind(sqlite, SQL_JOURNAL_CHAIN_FULL, "i", seq);
  g_autoptr(StoreJournal) entry = NULL;
  if (sqlite_row_of(sqlite, s, JOURNAL_ROW, &status, diags)) {
    entry = sqlite_read_journal(s);
    if (!sqlite_journal_good(s, entry))
      status = sqlite_failure(sqlite, SQLITE_CORRUPT, diags);
  }
  sqlite3_reset(s);
  if (status != RK_OK)
    return status;
  if (!entry || entry->seq != seq)
    return RK_NOT_FOUND;
  *out = g_steal_pointer(&entry);
  return RK_OK;
}

static RkStatus load_offices(Store *store, GPtrArray *out, RkDiags *diags) {
  sqlite3_stmt *s = sqlite_bind(sqlite_of(store), SQL_OFFICES_FULL, "");
  return collect(sqlite_of(store), s, "t", read_key, out, diags);
}

static RkStatus load_blob(Store *store, const Hash *hash, GBytes **out, RkDiags *diags) {
  RkStatus status;
  g_autoptr(GBytes) bytes = NULL;
  sqlite3_stmt *s = sqlite_bind(sqlite_of(store), SQL_BLOB_GET, "h", hash);
  if (sqlite_row_of(sqlite_of(store), s, "b", &status, diags))
    bytes = sqlite_bytes(s, 0);
  sqlite3_reset(s);
  if (!bytes)
    return status == RK_OK ? RK_NOT_FOUND : status;
  Hash found = hash_bytes(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
  if (memcmp(found.bytes, hash->bytes, HASH_SIZE) != 0)
    return sqlite_failure(sqlite_of(store), SQLITE_CORRUPT, diags);
  *out = g_steal_pointer(&bytes);
  return RK_OK;
}

static RkStatus load_access(Store *store, const char *number, guint limit, GPtrArray *out,
                            RkDiags *diags) {
  sqlite3_stmt *s =
      number ? sqlite_bind(sqlite_of(store), SQL_ACCESS_OF_CASE_FULL, "tt", store->office, number)
             : sqlite_bind(sqlite_of(store), SQL_ACCESS_OF_OFFICE_FULL, "ti", store->office,
                           limit ? (gint64)limit : (gint64)-1);
  return collect(sqlite_of(store), s, ACCESS_ROW, (ReadFunc)sqlite_read_access, out, diags);
}

static RkStatus access_at(Store *store, gint64 at, gint64 *seq, Hash *hash, RkDiags *diags) {
  RkStatus status;
  sqlite3_stmt *s = at ? sqlite_bind(sqlite_of(store), SQL_ACCESS_AT, "i", at)
                       : sqlite_bind(sqlite_of(store), SQL_ACCESS_HEAD, "");
  gboolean found = sqlite_row_of(sqlite_of(store), s, "ih", &status, diags);
  if (found) {
    *seq = sqlite3_column_int64(s, 0);
    *hash = sqlite_hash(s, 1);
  }
  sqlite3_reset(s);
  return found || status != RK_OK ? status : RK_NOT_FOUND;
}

void sqlite_read_ops(StoreOps *ops) {
  ops->find_request = find_request;
  ops->load_case = load_case;
  ops->query_cases = sqlite_query_cases;
  sqlite_list_ops(ops);
  ops->load_papers = load_papers;
  ops->load_exemplars = load_exemplars;
  ops->load_transmissions = load_transmissions;
  ops->load_timers = load_timers;
  ops->load_search = load_search;
  ops->load_register = load_register;
  ops->register_history = register_history;
  ops->history_between = history_between;
  ops->stray_registers = stray_registers;
  ops->load_journal = load_journal;
  ops->journal_head = sqlite_journal_head;
  ops->load_chained = load_chained;
  ops->load_offices = load_offices;
  ops->load_blob = load_blob;
  ops->load_access = load_access;
  ops->access_at = access_at;
  sqlite_picture_ops(ops);
}
