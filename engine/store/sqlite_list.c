/* SPDX-License-Identifier: Apache-2.0 */
/* sqlite_list.c - pages of what many cases have: transmissions, exemplars, register entries. */
#include "store/sqlite_int.h"

#define LISTED "tttt" /* case_number bundle form key */
#define SENT_ROW "ittTT" TRANSMISSION_ROW
#define HELD_ROW LISTED EXEMPLAR_ROW

static gint64 rows_of(guint limit) {
  return limit ? (gint64)limit : -1;
}

/* ------------------------------------------------------------------ transmissions */

static StoreSent *read_sent(sqlite3_stmt *s) {
  StoreSent *r = g_new0(StoreSent, 1);
  r->place = sqlite3_column_int64(s, 0);
  r->case_number = sqlite_text(s, 1);
  r->bundle = sqlite_text(s, 2);
  r->form = sqlite_text(s, 3);
  r->key = sqlite_text(s, 4);
  r->sent = sqlite_read_transmission(s, 5);
  return r;
}

static RkStatus sent_of_state(SqliteStore *store, const StoreSentFilter *f, const char *state,
                              gint64 after, GPtrArray *out, RkDiags *diags) {
  RkStatus status;
  sqlite3_stmt *s = sqlite_bind(store, SQL_SENT, "tttii", store->public.office, f->direction, state,
                                after, rows_of(f->limit));
  while (sqlite_row_of(store, s, SENT_ROW, &status, diags))
    g_ptr_array_add(out, read_sent(s));
  return status;
}

/* The next state that a transmission is in; *state NULL at the end. Takes the one before. */
static RkStatus next_state(SqliteStore *store, const char *direction, char **state,
                           RkDiags *diags) {
  RkStatus status;
  g_autofree char *before = *state;
  sqlite3_stmt *s =
      sqlite_bind(store, SQL_SENT_STATE, "ttt", store->public.office, direction, before);
  *state = sqlite_row_of(store, s, "t", &status, diags) ? sqlite_text(s, 0) : NULL;
  sqlite3_reset(s);
  return status;
}

static RkStatus place_of(SqliteStore *store, const char *id, gint64 *place, RkDiags *diags) {
  RkStatus status;
  sqlite3_stmt *s = sqlite_bind(store, SQL_SENT_PLACE, "tt", store->public.office, id);
  if (sqlite_row_of(store, s, "i", &status, diags))
    *place = sqlite3_column_int64(s, 0);
  sqlite3_reset(s);
  return status;
}

static int by_place(gconstpointer a, gconstpointer b) {
  gint64 left = (*(StoreSent *const *)a)->place, right = (*(StoreSent *const *)b)->place;
  return left < right ? -1 : left > right;
}

static RkStatus query_sent(Store *public, const StoreSentFilter *filter, GPtrArray *out,
                           RkDiags *diags) {
  SqliteStore *store = (SqliteStore *)public;
  gint64 after = 0;
  char *state = g_strdup("");
  RkStatus status = filter->after ? place_of(store, filter->after, &after, diags) : RK_OK;
  while (status == RK_OK && state) {
    if (*state && store_sent_wanted(filter, state))
      status = sent_of_state(store, filter, state, after, out, diags);
    if (status == RK_OK)
      status = next_state(store, filter->direction, &state, diags);
  }
  g_free(state);
  g_ptr_array_sort(out, by_place);
  if (filter->limit && out->len > filter->limit)
    g_ptr_array_set_size(out, (int)filter->limit);
  return status;
}

static RkStatus find_sent(Store *public, const char *direction, const char *prefix, guint limit,
                          GPtrArray *out, RkDiags *diags) {
  SqliteStore *store = (SqliteStore *)public;
  RkStatus status;
  g_autofree char *end = g_strconcat(prefix, "\177", NULL); /* after all that an id is made of */
  sqlite3_stmt *s = sqlite_bind(store, SQL_SENT_BY_PREFIX, "tttti", public->office, prefix, end,
                                direction, rows_of(limit));
  while (sqlite_row_of(store, s, TRANSMISSION_ROW, &status, diags))
    g_ptr_array_add(out, sqlite_read_transmission(s, 0));
  return status;
}

/* ---------------------------------------------------------------------- exemplars */

static StoreHeld *read_held(sqlite3_stmt *s) {
  StoreHeld *r = g_new0(StoreHeld, 1);
  r->case_number = sqlite_text(s, 0);
  r->bundle = sqlite_text(s, 1);
  r->form = sqlite_text(s, 2);
  r->key = sqlite_text(s, 3);
  r->exemplar = sqlite_read_exemplar(s, 4);
  return r;
}

static RkStatus held_rows(SqliteStore *store, sqlite3_stmt *s, GPtrArray *out, RkDiags *diags) {
  RkStatus status;
  while (sqlite_row_of(store, s, HELD_ROW, &status, diags))
    g_ptr_array_add(out, read_held(s));
  return status;
}

/* One row more than a page was read: the case it belongs to is left for the next page. FALSE: no other
 * is there, so it must be read whole. */
static gboolean cut(GPtrArray *rows) {
  const StoreHeld *last = rows->pdata[rows->len - 1];
  guint keep = rows->len - 1;
  while (keep && g_str_equal(((StoreHeld *)rows->pdata[keep - 1])->case_number, last->case_number))
    keep--;
  if (keep)
    g_ptr_array_set_size(rows, (int)keep);
  return keep > 0;
}

static RkStatus held_of_case(SqliteStore *store, const StoreHeldFilter *f, const char *number,
                             GPtrArray *out, RkDiags *diags) {
  sqlite3_stmt *s = sqlite_bind(store, SQL_HELD_OF_CASE, "ttti", store->public.office, number,
                                f->holder, (gint64)-1);
  return held_rows(store, s, out, diags);
}

/* At most one row more than a page. */
static RkStatus held_in_runs(SqliteStore *store, const StoreHeldFilter *f, GPtrArray *out,
                             RkDiags *diags) {
  g_autoptr(GPtrArray) runs = NULL;
  RkStatus status = sqlite_number_runs(store, f->after, &runs, diags);
  for (guint i = 0; status == RK_OK && i < runs->len && (!f->limit || out->len <= f->limit); i++) {
    const NumberRun *run = runs->pdata[i];
    gint64 rows = f->limit ? (gint64)f->limit + 1 - out->len : -1;
    sqlite3_stmt *s = sqlite_bind(store, SQL_HELD, "tttiti", store->public.office, run->after,
                                  f->holder, rows, run->end, (gint64)run->length);
    status = held_rows(store, s, out, diags);
  }
  return status;
}

static RkStatus query_held(Store *public, const StoreHeldFilter *f, GPtrArray *out,
                           RkDiags *diags) {
  SqliteStore *store = (SqliteStore *)public;
  if (f->number)
    return held_of_case(store, f, f->number, out, diags);
  RkStatus status = held_in_runs(store, f, out, diags);
  if (status != RK_OK || !f->limit || out->len <= f->limit || cut(out))
    return status;
  g_autofree char *only = g_strdup(((StoreHeld *)out->pdata[0])->case_number);
  g_ptr_array_set_size(out, 0);
  return held_of_case(store, f, only, out, diags);
}

/* ---------------------------------------------------------------------- registers */

static RkStatus query_register(Store *public, const char *name, const char *after, guint limit,
                               GPtrArray *out, RkDiags *diags) {
  SqliteStore *store = (SqliteStore *)public;
  sqlite3_stmt *s = sqlite_bind(store, SQL_REGISTER_PAGE, "ttti", public->office, name,
                                after ? after : "", rows_of(limit));
  return sqlite_read_registers(store, s, out, diags);
}

void sqlite_list_ops(StoreOps *ops) {
  ops->query_sent = query_sent;
  ops->find_sent = find_sent;
  ops->query_held = query_held;
  ops->query_register = query_register;
}
