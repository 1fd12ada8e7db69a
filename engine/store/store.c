/* SPDX-License-Identifier: Apache-2.0 */
/* store.c - the calls of store.h, handed to the store behind the handle. */
#include "store/store_int.h"

#include <string.h>

const char *store_office(const Store *store) {
  return store->office;
}

RkStatus store_load_offices(Store *store, GPtrArray **out, RkDiags *diags) {
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
  RkStatus status = store->ops->load_offices(store, list, diags);
  *out = status == RK_OK ? g_steal_pointer(&list) : NULL;
  return status;
}

static RkStatus holds_office(Store *store, const char *office, gboolean *held, RkDiags *diags) {
  g_autoptr(GPtrArray) list = NULL;
  RkStatus status = store_load_offices(store, &list, diags);
  *held = FALSE;
  for (guint i = 0; status == RK_OK && i < list->len; i++)
    *held = *held || g_str_equal(list->pdata[i], office);
  return status;
}

static void bind_to(Store *store, const char *office) {
  char *copy = g_strdup(office);
  g_free(store->office);
  store->office = copy;
}

RkStatus store_enter_office(Store *store, const char *office, RkDiags *diags) {
  gboolean held = FALSE;
  RkStatus status = holds_office(store, office, &held, diags);
  if (status != RK_OK)
    return status;
  if (held)
    bind_to(store, office);
  return held ? RK_OK : RK_NOT_FOUND;
}

RkStatus store_add_office(Store *store, const char *office, RkDiags *diags) {
  gboolean held = FALSE;
  RkStatus status = holds_office(store, office, &held, diags);
  if (status == RK_OK && held)
    return RK_CONFLICT;
  if (status == RK_OK && !store->ops->add_office)
    return diags_fail(diags, RK_REFUSED, DIAG_OFFICE_MEMORY, NULL, NULL);
  if (status == RK_OK)
    status = store->ops->add_office(store, office, diags);
  if (status == RK_OK)
    bind_to(store, office);
  return status;
}

void store_close(Store *store) {
  if (store)
    store->ops->close(store);
}

RkStatus store_begin(Store *store, RkDiags *diags) {
  return store->ops->begin(store, diags);
}

RkStatus store_begin_batch(Store *store, RkDiags *diags) {
  return store->ops->begin_batch ? store->ops->begin_batch(store, diags) : RK_OK;
}

RkStatus store_end_batch(Store *store, RkDiags *diags) {
  return store->ops->end_batch ? store->ops->end_batch(store, diags) : RK_OK;
}

void store_drop_batch(Store *store) {
  if (store->ops->drop_batch)
    store->ops->drop_batch(store);
}

guint64 store_epoch(const Store *store) {
  return store->epoch;
}

void store_rollback(Store *store) {
  store->ops->rollback(store);
}

RkStatus store_commit(Store *store, StoreCommit *commit, RkDiags *diags) {
  RkStatus status = store->ops->write(store, commit, diags);
  return status == RK_OK ? store->ops->end(store, diags) : status;
}

RkStatus store_write(Store *store, StoreCommit *commit, RkDiags *diags) {
  return store->ops->write(store, commit, diags);
}

RkStatus store_end(Store *store, RkDiags *diags) {
  return store->ops->end(store, diags);
}

RkStatus store_health(Store *store, RkDiags *diags) {
  return store->ops->health(store, diags);
}

RkStatus store_find_request(Store *store, const char *request_id, char **result, RkDiags *diags) {
  *result = NULL;
  return store->ops->find_request(store, request_id, result, diags);
}

RkStatus store_load_case(Store *store, const char *reference, StoreCase **out, RkDiags *diags) {
  *out = NULL;
  return store->ops->load_case(store, reference, out, diags);
}

/* Give `*out` a list owning records of one kind; take it back when the reading fails. */
static RkStatus give(GPtrArray **out, GPtrArray *list, RkStatus status) {
  if (status == RK_OK) {
    *out = list;
  } else {
    g_ptr_array_unref(list);
    *out = NULL;
  }
  return status;
}

static GPtrArray *list_of(gpointer free_record) {
  return g_ptr_array_new_with_free_func((GDestroyNotify)free_record);
}

RkStatus store_query_cases(Store *store, const StoreCaseFilter *filter, GPtrArray **out,
                           RkDiags *diags) {
  GPtrArray *list = list_of(store_case_free);
  return give(out, list, store->ops->query_cases(store, filter, list, diags));
}

RkStatus store_load_papers(Store *store, const char *case_id, GPtrArray **out, RkDiags *diags) {
  GPtrArray *list = list_of(store_paper_free);
  return give(out, list, store->ops->load_papers(store, case_id, list, diags));
}

RkStatus store_load_exemplars(Store *store, const char *case_id, GPtrArray **out, RkDiags *diags) {
  GPtrArray *list = list_of(store_exemplar_free);
  return give(out, list, store->ops->load_exemplars(store, case_id, list, diags));
}

RkStatus store_load_transmissions(Store *store, const char *case_id, const char *direction,
                                  const char *state, GPtrArray **out, RkDiags *diags) {
  GPtrArray *list = list_of(store_transmission_free);
  return give(out, list,
              store->ops->load_transmissions(store, case_id, direction, state, list, diags));
}

RkStatus store_query_sent(Store *store, const StoreSentFilter *filter, GPtrArray **out,
                          RkDiags *diags) {
  GPtrArray *list = list_of(store_sent_free);
  return give(out, list, store->ops->query_sent(store, filter, list, diags));
}

RkStatus store_find_sent(Store *store, const char *direction, const char *prefix, guint limit,
                         GPtrArray **out, RkDiags *diags) {
  GPtrArray *list = list_of(store_transmission_free);
  return give(out, list, store->ops->find_sent(store, direction, prefix, limit, list, diags));
}

gboolean store_sent_wanted(const StoreSentFilter *filter, const char *state) {
  if (filter->state)
    return g_str_equal(filter->state, state);
  return !filter->but || !g_strv_contains(filter->but, state);
}

RkStatus store_query_held(Store *store, const StoreHeldFilter *filter, GPtrArray **out,
                          RkDiags *diags) {
  GPtrArray *list = list_of(store_held_free);
  return give(out, list, store->ops->query_held(store, filter, list, diags));
}

RkStatus store_load_timers(Store *store, const char *case_id, gint64 due, guint limit,
                           GPtrArray **out, RkDiags *diags) {
  GPtrArray *list = list_of(store_timer_free);
  return give(out, list, store->ops->load_timers(store, case_id, due, limit, list, diags));
}

RkStatus store_query_register(Store *store, const char *name, const char *after, guint limit,
                              GPtrArray **out, RkDiags *diags) {
  GPtrArray *list = list_of(store_register_free);
  return give(out, list, store->ops->query_register(store, name, after, limit, list, diags));
}

RkStatus store_load_search(Store *store, const char *case_id, GPtrArray **out, RkDiags *diags) {
  GPtrArray *list = list_of(g_free);
  return give(out, list, store->ops->load_search(store, case_id, list, diags));
}

RkStatus store_load_register(Store *store, const char *name, const char *key, GPtrArray **out,
                             RkDiags *diags) {
  GPtrArray *list = list_of(store_register_free);
  return give(out, list, store->ops->load_register(store, name, key, list, diags));
}

RkStatus store_register_history(Store *store, const char *name, const char *key, GPtrArray **out,
                                RkDiags *diags) {
  GPtrArray *list = list_of(store_register_free);
  return give(out, list, store->ops->register_history(store, name, key, list, diags));
}

RkStatus store_history_between(Store *store, gint64 first, gint64 last, GPtrArray **out, RkDiags *diags) {
  GPtrArray *list = list_of(store_register_free);
  return give(out, list, store->ops->history_between(store, first, last, list, diags));
}

RkStatus store_stray_registers(Store *store, gint64 *count, GPtrArray **out, RkDiags *diags) {
  GPtrArray *list = list_of(store_register_free);
  *count = 0;
  return give(out, list, store->ops->stray_registers(store, count, list, diags));
}

RkStatus store_load_journal(Store *store, const char *case_id, gint64 from_seq, guint limit,
                            GPtrArray **out, RkDiags *diags) {
  GPtrArray *list = list_of(store_journal_free);
  return give(out, list, store->ops->load_journal(store, case_id, from_seq, limit, list, diags));
}

RkStatus store_journal_head(Store *store, gint64 *seq, Hash *head, gint64 *entered, RkDiags *diags) {
  gint64 unused = 0;
  return store->ops->journal_head(store, seq, head, entered ? entered : &unused, diags);
}

RkStatus store_load_chained(Store *store, gint64 seq, StoreJournal **out, RkDiags *diags) {
  *out = NULL;
  return store->ops->load_chained(store, seq, out, diags);
}

RkStatus store_load_blob(Store *store, const Hash *hash, GBytes **out, RkDiags *diags) {
  *out = NULL;
  return store->ops->load_blob(store, hash, out, diags);
}

RkStatus store_load_pictures(Store *store, const char *case_id, GPtrArray **out, RkDiags *diags) {
  GPtrArray *list = list_of(store_picture_free);
  return give(out, list, store->ops->load_pictures(store, case_id, list, diags));
}

RkStatus store_load_pictured(Store *store, const char *after, guint limit, GPtrArray **out, RkDiags *diags) {
  GPtrArray *list = list_of(g_free);
  return give(out, list, store->ops->load_pictured(store, after ? after : "", limit, list, diags));
}

RkStatus store_load_picture(Store *store, const char *id, StorePicture **out, RkDiags *diags) {
  *out = NULL;
  return store->ops->load_picture(store, id, out, diags);
}

RkStatus store_log_access(Store *store, const StoreAccess *access, RkDiags *diags) {
  return store->ops->log_access(store, access, diags);
}

RkStatus store_load_access(Store *store, guint limit, GPtrArray **out, RkDiags *diags) {
  GPtrArray *list = list_of(store_access_free);
  return give(out, list, store->ops->load_access(store, NULL, limit, list, diags));
}

RkStatus store_access_at(Store *store, gint64 at, gint64 *seq, Hash *hash, RkDiags *diags) {
  *seq = 0;
  *hash = (Hash){{0}};
  return store->ops->access_at(store, at, seq, hash, diags);
}

RkStatus store_access_of_case(Store *store, const char *number, GPtrArray **out, RkDiags *diags) {
  GPtrArray *list = list_of(store_access_free);
  return give(out, list, store->ops->load_access(store, number, 0, list, diags));
}

RkStatus store_verify(Store *store, StoreVerify *out, RkDiags *diags) {
  *out = (StoreVerify){0};
  return store->ops->verify(store, out, diags);
}

RkStatus store_verify_chains(Store *store, StoreVerify *out, RkDiags *diags) {
  *out = (StoreVerify){0};
  return store->ops->verify_chains(store, out, diags);
}

RkStatus store_hold(Store *store, RkDiags *diags) {
  return store->ops->hold ? store->ops->hold(store, diags) : RK_OK;
}

void store_let_go(Store *store) {
  if (store->ops->let_go)
    store->ops->let_go(store);
}

char *store_case_number(const char *fiscal_year, gint64 count) {
  return g_strdup_printf("%s-%04" G_GINT64_FORMAT, fiscal_year, count);
}

/* The digits at *at without leading zeros, and how many. */
static gsize digits(const char **at) {
  while (**at == '0')
    ++*at;
  return strspn(*at, "0123456789");
}

int store_compare_numbers(const char *a, const char *b) {
  while (*a && *b) {
    gboolean number = g_ascii_isdigit(*a) && g_ascii_isdigit(*b);
    gsize left = number ? digits(&a) : 1, right = number ? digits(&b) : 1;
    int order = left != right ? (left < right ? -1 : 1) : strncmp(a, b, left);
    if (order != 0)
      return order;
    a += left;
    b += right;
  }
  return *a ? 1 : *b ? -1 : 0;
}

RkStatus store_copy(Store *store, const char *path, StoreVerify *found, RkDiags *diags) {
  if (!store->ops->copy)
    return diags_fail(diags, RK_REFUSED, DIAG_COPY_MEMORY, NULL, NULL);
  return store->ops->copy(store, path, found, diags);
}

gboolean store_case_disposed(const StoreCase *record) {
  return g_strcmp0(record->states, STORE_DISPOSED) == 0;
}

void store_case_dispose(StoreCase *record) {
  g_free(record->states);
  g_free(record->waits_for);
  g_clear_pointer(&record->label, g_free);
  g_clear_pointer(&record->snapshot, g_bytes_unref);
  record->states = g_strdup(STORE_DISPOSED);
  record->waits_for = g_strdup("");
  record->snapshot = g_bytes_new_static("", 0);
  record->overdue = FALSE;
}

void store_erasure_free(StoreErasure *erasure) {
  if (!erasure)
    return;
  g_free(erasure->name);
  g_free(erasure->key);
  g_free(erasure->fields);
  g_free(erasure);
}

RkStatus store_scour(Store *store, RkDiags *diags) {
  return store->ops->scour(store, diags);
}
