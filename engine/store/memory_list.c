/* SPDX-License-Identifier: Apache-2.0 */
/* memory_list.c - pages of what many cases have, as sqlite_list.c gives them. */
#include "store/memory_int.h"

#include <string.h>

gpointer memory_find_id(const GPtrArray *list, const char *id) {
  /* Cases, papers, exemplars and transmissions all begin with their id. */
  for (guint i = 0; i < list->len; i++)
    if (g_strcmp0(*(char **)list->pdata[i], id) == 0)
      return list->pdata[i];
  return NULL;
}

/* ------------------------------------------------------------------ transmissions */

static StoreSent *sent_of(const MemoryStore *m, guint index) {
  const StoreTransmission *sent = m->transmissions->pdata[index];
  const StoreCase *record = memory_find_id(m->cases, sent->case_id);
  const StorePaper *paper = sent->paper_id ? memory_find_id(m->papers, sent->paper_id) : NULL;
  StoreSent *r = g_new0(StoreSent, 1);
  r->place = (gint64)index + 1;
  r->case_number = g_strdup(record->number);
  r->bundle = g_strdup(record->bundle);
  r->form = g_strdup(paper ? paper->form : NULL);
  r->key = g_strdup(paper ? paper->key : NULL);
  r->sent = store_transmission_copy(sent);
  return r;
}

RkStatus memory_query_sent(Store *store, const StoreSentFilter *filter, GPtrArray *out,
                           RkDiags *diags) {
  const MemoryStore *m = memory_of(store);
  gboolean begun = !filter->after || !memory_find_id(m->transmissions, filter->after);
  (void)diags;
  for (guint i = 0; i < m->transmissions->len && (!filter->limit || out->len < filter->limit); i++) {
    const StoreTransmission *sent = m->transmissions->pdata[i];
    if (begun && g_str_equal(sent->direction, filter->direction) &&
        store_sent_wanted(filter, sent->state))
      g_ptr_array_add(out, sent_of(m, i));
    begun = begun || g_str_equal(sent->id, filter->after);
  }
  return RK_OK;
}

static int by_id(gconstpointer a, gconstpointer b) {
  return strcmp((*(StoreTransmission *const *)a)->id, (*(StoreTransmission *const *)b)->id);
}

RkStatus memory_find_sent(Store *store, const char *direction, const char *prefix, guint limit,
                          GPtrArray *out, RkDiags *diags) {
  const GPtrArray *all = memory_of(store)->transmissions;
  (void)diags;
  for (guint i = 0; i < all->len; i++) {
    const StoreTransmission *sent = all->pdata[i];
    if (g_str_equal(sent->direction, direction) && g_str_has_prefix(sent->id, prefix))
      g_ptr_array_add(out, store_transmission_copy(sent));
  }
  g_ptr_array_sort(out, by_id);
  if (limit && out->len > limit)
    g_ptr_array_set_size(out, (int)limit);
  return RK_OK;
}

/* ---------------------------------------------------------------------- exemplars */

static gboolean held_wanted(const StoreHeldFilter *f, const StoreExemplar *exemplar,
                            const char *number) {
  if (f->holder && !g_str_equal(f->holder, exemplar->holder))
    return FALSE;
  return f->number ? g_str_equal(f->number, number)
                   : !f->after || store_compare_numbers(number, f->after) > 0;
}

static StoreHeld *held_of(const MemoryStore *m, const StoreExemplar *exemplar,
                          const StoreHeldFilter *filter) {
  const StorePaper *paper = memory_find_id(m->papers, exemplar->paper_id);
  const StoreCase *record = memory_find_id(m->cases, paper->case_id);
  if (!held_wanted(filter, exemplar, record->number))
    return NULL;
  StoreHeld *r = g_new0(StoreHeld, 1);
  r->case_number = g_strdup(record->number);
  r->bundle = g_strdup(record->bundle);
  r->form = g_strdup(paper->form);
  r->key = g_strdup(paper->key);
  r->exemplar = store_exemplar_copy(exemplar);
  return r;
}

static int by_case(gconstpointer a, gconstpointer b) {
  return store_compare_numbers((*(StoreHeld *const *)a)->case_number,
                               (*(StoreHeld *const *)b)->case_number);
}

/* How many rows make a page: whole cases up to `limit`, but at least one. */
static guint page_length(const GPtrArray *rows, guint limit) {
  guint end = 0;
  for (guint i = 1; i <= rows->len && (!end || i <= limit); i++)
    if (i == rows->len || by_case(&rows->pdata[i - 1], &rows->pdata[i]) != 0)
      end = i;
  return end;
}

RkStatus memory_query_held(Store *store, const StoreHeldFilter *filter, GPtrArray *out,
                           RkDiags *diags) {
  const MemoryStore *m = memory_of(store);
  (void)diags;
  for (guint i = 0; i < m->exemplars->len; i++) {
    StoreHeld *held = held_of(m, m->exemplars->pdata[i], filter);
    if (held)
      g_ptr_array_add(out, held);
  }
  g_ptr_array_sort(out, by_case); /* stable: within a case the order stays */
  if (!filter->number && filter->limit)
    g_ptr_array_set_size(out, (int)page_length(out, filter->limit));
  return RK_OK;
}

/* ---------------------------------------------------------------------- registers */

RkStatus memory_history_between(Store *store, gint64 first, gint64 last, GPtrArray *out,
                                RkDiags *diags) {
  const GPtrArray *all = memory_of(store)->registers;
  (void)diags;
  for (guint i = 0; i < all->len; i++) {
    const StoreRegister *entry = all->pdata[i];
    if (entry->seq >= first && entry->seq <= last)
      g_ptr_array_add(out, store_register_copy(entry));
  }
  return RK_OK;
}

/* Its entries are the last of the history; there is no second record of them. */
RkStatus memory_stray_registers(Store *store, gint64 *count, GPtrArray *out, RkDiags *diags) {
  g_autoptr(GPtrArray) present =
      g_ptr_array_new_with_free_func((GDestroyNotify)store_register_free);
  RkStatus status = store->ops->load_register(store, NULL, NULL, present, diags);
  (void)out;
  *count = present->len;
  return status;
}

/* --------------------------------------------------------------------- access log */

RkStatus memory_load_access(Store *store, const char *number, guint limit, GPtrArray *out,
                            RkDiags *diags) {
  const GPtrArray *all = memory_of(store)->access;
  (void)diags;
  for (guint i = 0; i < all->len && (!limit || out->len < limit); i++) {
    const StoreAccess *access = all->pdata[i];
    if (number && g_strcmp0(access->case_number, number) != 0)
      continue;
    StoreAccess *copy = g_memdup2(access, sizeof *access);
    copy->operator_ = g_strdup(access->operator_);
    copy->action = g_strdup(access->action);
    copy->case_number = g_strdup(access->case_number);
    copy->detail = g_strdup(access->detail);
    copy->result = g_strdup(access->result);
    g_ptr_array_add(out, copy);
  }
  return RK_OK;
}

RkStatus memory_access_at(Store *store, gint64 at, gint64 *seq, Hash *hash, RkDiags *diags) {
  const GArray *hashes = memory_of(store)->access_hashes;
  (void)diags;
  *seq = at ? at : (gint64)hashes->len;
  if (*seq < 1 || *seq > (gint64)hashes->len)
    return RK_NOT_FOUND;
  *hash = g_array_index(hashes, Hash, *seq - 1);
  return RK_OK;
}
