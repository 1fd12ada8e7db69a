/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory.c - a store that leaves no file: for tests of procedures, and the second
 * implementation that keeps store.h honest. What a transaction may change is copied before
 * its first write and put back when it is rolled back; what only grows is cut off again.
 */
#include "store/memory_int.h"

#include <string.h>

/* ------------------------------------------------------------- open and close */

static void memory_close(Store *store) {
  MemoryStore *m = memory_of(store);
  GPtrArray *lists[] = {m->cases,     m->papers,  m->exemplars, m->transmissions, m->timers,
                        m->registers, m->journal, m->access,     m->pictures};
  GHashTable *tables[] = {m->requests, m->search, m->blobs, m->counts};
  for (guint i = 0; i < G_N_ELEMENTS(lists); i++)
    g_ptr_array_unref(lists[i]);
  for (guint i = 0; i < G_N_ELEMENTS(tables); i++)
    g_hash_table_unref(tables[i]);
  g_array_unref(m->salts);
  g_array_unref(m->access_hashes);
  g_free(store->office);
  g_free(m);
}

/* ------------------------------------------------------------------ going back */

typedef gpointer (*CopyFunc)(gconstpointer record);

static const CopyFunc copy_funcs[N_LISTS] = {
    [CASES] = (CopyFunc)store_case_copy,
    [PAPERS] = (CopyFunc)store_paper_copy,
    [EXEMPLARS] = (CopyFunc)store_exemplar_copy,
    [TRANSMISSIONS] = (CopyFunc)store_transmission_copy,
    [TIMERS] = (CopyFunc)store_timer_copy,
    [PICTURES] = (CopyFunc)store_picture_copy,
};

static GPtrArray **list_of(MemoryStore *m, guint list) {
  GPtrArray **const lists[N_LISTS] = {[CASES] = &m->cases,
                                      [PAPERS] = &m->papers,
                                      [EXEMPLARS] = &m->exemplars,
                                      [TRANSMISSIONS] = &m->transmissions,
                                      [TIMERS] = &m->timers,
                                      [PICTURES] = &m->pictures};
  return lists[list];
}

static void copy_count(gpointer key, gpointer value, gpointer table) {
  g_hash_table_insert(table, g_strdup(key), value);
}

static void copy_keys(gpointer key, gpointer value, gpointer table) {
  g_hash_table_insert(table, g_strdup(key), g_ptr_array_ref(value));
}

static GHashTable *new_counts(void) {
  return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

static GHashTable *new_search(void) {
  return g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                               (GDestroyNotify)g_ptr_array_unref);
}

static gpointer copy_record(gconstpointer record, gpointer copy) {
  return ((CopyFunc)copy)(record);
}

static GPtrArray *copy_list(MemoryStore *m, guint list) {
  const GPtrArray *from = *list_of(m, list);
  static const GDestroyNotify frees[N_LISTS] = {
      [CASES] = (GDestroyNotify)store_case_free,
      [PAPERS] = (GDestroyNotify)store_paper_free,
      [EXEMPLARS] = (GDestroyNotify)store_exemplar_free,
      [TRANSMISSIONS] = (GDestroyNotify)store_transmission_free,
      [TIMERS] = (GDestroyNotify)store_timer_free,
      [PICTURES] = (GDestroyNotify)store_picture_free,
  };
  GPtrArray *copy = g_ptr_array_new_with_free_func(frees[list]);
  for (guint i = 0; i < from->len; i++)
    g_ptr_array_add(copy, copy_record(from->pdata[i], (gpointer)copy_funcs[list]));
  return copy;
}

static void remember(MemoryStore *m) {
  if (m->before)
    return;
  Before *before = m->before = g_new0(Before, 1);
  for (guint i = 0; i < N_LISTS; i++)
    before->lists[i] = copy_list(m, i);
  before->registers = m->registers->len;
  before->journal = m->journal->len;
  before->requests = g_ptr_array_new_with_free_func(g_free);
  before->counts = new_counts();
  before->search = new_search();
  g_hash_table_foreach(m->counts, copy_count, before->counts);
  g_hash_table_foreach(m->search, copy_keys, before->search);
}

static void before_free(Before *before) {
  if (!before)
    return;
  g_clear_pointer(&before->history, g_ptr_array_unref);
  g_clear_pointer(&before->entries, g_ptr_array_unref);
  g_clear_pointer(&before->answers, g_hash_table_unref);
  for (guint i = 0; i < N_LISTS; i++)
    g_ptr_array_unref(before->lists[i]);
  g_ptr_array_unref(before->requests);
  g_hash_table_unref(before->counts);
  g_hash_table_unref(before->search);
  g_free(before);
}

static void swap_tables(GHashTable **a, GHashTable **b) {
  GHashTable *kept = *a;
  *a = *b;
  *b = kept;
}

static void swap_lists(GPtrArray **a, GPtrArray **b) {
  GPtrArray *kept = *a;
  *a = *b;
  *b = kept;
}

static void put_back(MemoryStore *m) {
  Before *before = m->before;
  if (before->history)
    swap_lists(&m->registers, &before->history);
  if (before->entries)
    swap_lists(&m->journal, &before->entries);
  for (guint i = 0; before->entries && i < m->journal->len; i++)
    memcpy(&g_array_index(m->salts, Salt, i), ((StoreJournal *)m->journal->pdata[i])->salt, SALT_SIZE);
  if (before->answers)
    swap_tables(&m->requests, &before->answers);
  for (guint i = 0; i < N_LISTS; i++) {
    GPtrArray *now = *list_of(m, i);
    *list_of(m, i) = before->lists[i];
    before->lists[i] = now;
  }
  g_ptr_array_set_size(m->registers, (int)before->registers);
  g_ptr_array_set_size(m->journal, (int)before->journal);
  g_array_set_size(m->salts, before->journal);
  for (guint i = 0; i < before->requests->len; i++)
    g_hash_table_remove(m->requests, before->requests->pdata[i]);
  swap_tables(&m->counts, &before->counts);
  swap_tables(&m->search, &before->search);
}

static RkStatus memory_begin(Store *store, RkDiags *diags) {
  (void)diags;
  g_assert(!memory_of(store)->writing);
  memory_of(store)->writing = TRUE;
  return RK_OK;
}

static void memory_rollback(Store *store) {
  MemoryStore *m = memory_of(store);
  m->writing = FALSE;
  if (m->before)
    put_back(m);
  g_clear_pointer(&m->before, before_free);
}

/* --------------------------------------------------------------------- commit */

/* What was there keeps its place. */
static void upsert(GPtrArray *list, const GPtrArray *records, CopyFunc copy) {
  for (guint i = 0; records && i < records->len; i++) {
    guint place = list->len;
    gpointer old = memory_find_id(list, *(char **)records->pdata[i]);
    if (old) {
      g_ptr_array_find(list, old, &place);
      g_ptr_array_remove_index(list, place);
    }
    g_ptr_array_insert(list, (int)place, copy(records->pdata[i]));
  }
}

static void drop_removed(MemoryStore *m, const StoreCommit *commit) {
  GPtrArray *lists[] = {m->transmissions, m->exemplars, m->papers};
  for (guint i = 0; commit->removed && i < commit->removed->len; i++)
    for (guint k = 0; k < G_N_ELEMENTS(lists); k++) {
      gpointer held = memory_find_id(lists[k], commit->removed->pdata[i]);
      if (held)
        g_ptr_array_remove(lists[k], held);
    }
}

static void replace_timers(MemoryStore *m, const StoreCommit *commit) {
  if (commit->timers_stay)
    return;
  for (guint i = m->timers->len; commit->subject && i-- > 0;)
    if (g_str_equal(((StoreTimer *)m->timers->pdata[i])->case_id, commit->subject->id))
      g_ptr_array_remove_index(m->timers, i);
  for (guint i = 0; commit->timers && i < commit->timers->len; i++)
    g_ptr_array_add(m->timers, store_timer_copy(commit->timers->pdata[i]));
}

static void write_registers(MemoryStore *m, const StoreCommit *commit, gint64 seq) {
  for (guint i = 0; commit->registers && i < commit->registers->len; i++) {
    StoreRegister *copy = store_register_copy(commit->registers->pdata[i]);
    copy->seq = seq;
    g_ptr_array_add(m->registers, copy);
  }
}

static void write_search(MemoryStore *m, const StoreCommit *commit) {
  if (!commit->subject || !commit->search)
    return;
  GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < commit->search->len; i++)
    g_ptr_array_add(keys, g_strdup(commit->search->pdata[i]));
  g_hash_table_replace(m->search, g_strdup(commit->subject->id), keys);
}

static void write_blobs(MemoryStore *m, const StoreCommit *commit) {
  for (guint i = 0; commit->blobs && i < commit->blobs->len; i++) {
    GBytes *bytes = commit->blobs->pdata[i];
    Hash hash = hash_bytes(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    g_hash_table_replace(m->blobs, hash_to_hex(&hash), g_bytes_ref(bytes));
  }
}

static void append_journal(MemoryStore *m, StoreJournal *entry) {
  Salt salt;
  const StoreJournal *last = m->journal->len ? m->journal->pdata[m->journal->len - 1] : NULL;
  entry->seq = (gint64)m->journal->len + 1;
  entry->previous = last ? last->hash : (Hash){{0}};
  entry->before = last ? last->entered : 0;
  journal_commit_body(entry, &salt);
  entry->hash = journal_hash(entry);
  g_ptr_array_add(m->journal, store_journal_copy(entry));
  g_array_append_val(m->salts, salt);
}

static void number_case(MemoryStore *m, StoreCase *subject) {
  if (subject->number)
    return;
  gint64 count = GPOINTER_TO_INT(g_hash_table_lookup(m->counts, subject->fiscal_year)) + 1;
  g_hash_table_replace(m->counts, g_strdup(subject->fiscal_year), GINT_TO_POINTER((int)count));
  subject->number = store_case_number(subject->fiscal_year, count);
}

/* What is freed here lies nowhere else. */
static RkStatus memory_scour(Store *store, RkDiags *diags) {
  (void)store, (void)diags;
  return RK_OK;
}

static RkStatus check_commit(MemoryStore *m, const StoreCommit *commit, RkDiags *diags) {
  const StoreCase *held = commit->subject ? memory_find_id(m->cases, commit->subject->id) : NULL;
  if (g_hash_table_contains(m->requests, commit->entry->request_id))
    return diags_fail(diags, RK_CONFLICT, DIAG_DB_REQUEST_USED, NULL, NULL);
  if (commit->subject && commit->subject->revision != (held ? held->revision : 0) + 1)
    return diags_fail(diags, RK_CONFLICT, DIAG_DB_CONFLICT, NULL, NULL);
  return RK_OK;
}

static RkStatus memory_write(Store *store, StoreCommit *commit, RkDiags *diags) {
  MemoryStore *m = memory_of(store);
  g_assert(m->writing);
  RkStatus status = check_commit(m, commit, diags);
  if (status != RK_OK) {
    memory_rollback(store);
    return status;
  }
  remember(m);
  if (commit->disposed)
    memory_remember_whole(m);
  g_ptr_array_add(m->before->requests, g_strdup(commit->entry->request_id));
  append_journal(m, commit->entry);
  if (commit->subject) {
    number_case(m, commit->subject);
    gpointer old = memory_find_id(m->cases, commit->subject->id);
    if (old)
      g_ptr_array_remove(m->cases, old);
    g_ptr_array_add(m->cases, store_case_copy(commit->subject));
  }
  drop_removed(m, commit);
  upsert(m->papers, commit->papers, (CopyFunc)store_paper_copy);
  upsert(m->exemplars, commit->exemplars, (CopyFunc)store_exemplar_copy);
  upsert(m->transmissions, commit->transmissions, (CopyFunc)store_transmission_copy);
  replace_timers(m, commit);
  write_registers(m, commit, commit->entry->seq);
  write_search(m, commit);
  write_blobs(m, commit);
  memory_write_pictures(m, commit);
  g_hash_table_replace(m->requests, g_strdup(commit->entry->request_id),
                       g_strdup(commit->result ? commit->result : ""));
  if (commit->disposed)
    memory_dispose(m, commit);
  return RK_OK;
}

static RkStatus memory_end(Store *store, RkDiags *diags) {
  MemoryStore *m = memory_of(store);
  (void)diags;
  g_assert(m->writing);
  m->writing = FALSE;
  g_clear_pointer(&m->before, before_free);
  return RK_OK;
}

/* -------------------------------------------------------------------- reading */

static RkStatus memory_find_request(Store *store, const char *id, char **result, RkDiags *diags) {
  (void)diags;
  *result = g_strdup(g_hash_table_lookup(memory_of(store)->requests, id));
  return RK_OK;
}

static RkStatus memory_load_case(Store *store, const char *reference, StoreCase **out,
                                 RkDiags *diags) {
  const GPtrArray *cases = memory_of(store)->cases;
  (void)diags;
  for (guint i = 0; i < cases->len; i++) {
    const StoreCase *record = cases->pdata[i];
    if (g_str_equal(record->id, reference) || g_strcmp0(record->number, reference) == 0) {
      *out = store_case_copy(record);
      return RK_OK;
    }
  }
  return RK_NOT_FOUND;
}

static gboolean has_word(const char *list, const char *word) {
  g_auto(GStrv) words = g_strsplit(list ? list : "", " ", -1);
  return g_strv_contains((const char *const *)words, word);
}

static gboolean found_by_search(const MemoryStore *m, const StoreCase *record, const char *text) {
  const GPtrArray *keys = g_hash_table_lookup(m->search, record->id);
  for (guint i = 0; keys && i < keys->len; i++)
    if (strstr(keys->pdata[i], text))
      return TRUE;
  return FALSE;
}

static gboolean due_by(const MemoryStore *m, const StoreCase *record, gint64 due) {
  for (guint i = 0; i < m->timers->len; i++) {
    const StoreTimer *timer = m->timers->pdata[i];
    if (g_str_equal(timer->case_id, record->id) && timer->due <= due)
      return TRUE;
  }
  return FALSE;
}

static gboolean passes(const MemoryStore *m, const StoreCase *r, const StoreCaseFilter *f) {
  return (f->with_closed || !r->closed) &&
         (!f->procedure || g_str_equal(r->procedure, f->procedure)) &&
         (!f->municipality || g_str_equal(r->municipality, f->municipality)) &&
         (!f->state || has_word(r->states, f->state)) &&
         (!f->waits_for || has_word(r->waits_for, f->waits_for)) &&
         (!f->search || found_by_search(m, r, f->search)) &&
         (!f->due_before || r->overdue || due_by(m, r, f->due_before)) &&
         (!f->after || store_compare_numbers(r->number, f->after) > 0);
}

static int by_number(gconstpointer a, gconstpointer b) {
  return store_compare_numbers((*(StoreCase *const *)a)->number, (*(StoreCase *const *)b)->number);
}

static RkStatus memory_query_cases(Store *store, const StoreCaseFilter *filter, GPtrArray *out,
                                   RkDiags *diags) {
  MemoryStore *m = memory_of(store);
  guint limit = filter->limit ? filter->limit : 50;
  (void)diags;
  for (guint i = 0; i < m->cases->len; i++)
    if (passes(m, m->cases->pdata[i], filter))
      g_ptr_array_add(out, store_case_copy(m->cases->pdata[i]));
  g_ptr_array_sort(out, by_number);
  if (out->len > limit)
    g_ptr_array_set_size(out, (int)limit);
  for (guint i = 0; i < out->len; i++)
    g_clear_pointer(&((StoreCase *)out->pdata[i])->snapshot, g_bytes_unref);
  return RK_OK;
}

static RkStatus memory_load_papers(Store *store, const char *case_id, GPtrArray *out,
                                   RkDiags *diags) {
  const GPtrArray *papers = memory_of(store)->papers;
  (void)diags;
  for (guint i = 0; i < papers->len; i++)
    if (g_str_equal(((StorePaper *)papers->pdata[i])->case_id, case_id))
      g_ptr_array_add(out, store_paper_copy(papers->pdata[i]));
  return RK_OK;
}

static RkStatus memory_load_exemplars(Store *store, const char *case_id, GPtrArray *out,
                                      RkDiags *diags) {
  MemoryStore *m = memory_of(store);
  (void)diags;
  for (guint i = 0; i < m->exemplars->len; i++) {
    const StoreExemplar *exemplar = m->exemplars->pdata[i];
    const StorePaper *paper = memory_find_id(m->papers, exemplar->paper_id);
    if (paper && g_str_equal(paper->case_id, case_id))
      g_ptr_array_add(out, store_exemplar_copy(exemplar));
  }
  return RK_OK;
}

static RkStatus memory_load_transmissions(Store *store, const char *case_id, const char *direction,
                                          const char *state, GPtrArray *out, RkDiags *diags) {
  const GPtrArray *all = memory_of(store)->transmissions;
  (void)diags;
  for (guint i = 0; i < all->len; i++) {
    const StoreTransmission *t = all->pdata[i];
    if ((!case_id || g_str_equal(t->case_id, case_id)) &&
        (!direction || g_str_equal(t->direction, direction)) &&
        (!state || g_str_equal(t->state, state)))
      g_ptr_array_add(out, store_transmission_copy(t));
  }
  return RK_OK;
}

static int by_due(gconstpointer a, gconstpointer b) {
  const StoreTimer *left = *(StoreTimer *const *)a, *right = *(StoreTimer *const *)b;
  if (left->due != right->due)
    return left->due < right->due ? -1 : 1;
  return g_strcmp0(left->case_number, right->case_number);
}

static RkStatus memory_load_timers(Store *store, const char *case_id, gint64 due, guint limit,
                                   GPtrArray *out, RkDiags *diags) {
  MemoryStore *m = memory_of(store);
  (void)diags;
  for (guint i = 0; i < m->timers->len; i++) {
    const StoreTimer *timer = m->timers->pdata[i];
    if (timer->due > due || (case_id && !g_str_equal(timer->case_id, case_id)))
      continue;
    const StoreCase *record = memory_find_id(m->cases, timer->case_id);
    StoreTimer *copy = store_timer_copy(timer);
    copy->case_number = g_strdup(record ? record->number : NULL);
    g_ptr_array_add(out, copy);
  }
  g_ptr_array_sort(out, by_due);
  if (limit && out->len > limit)
    g_ptr_array_set_size(out, (int)limit);
  return RK_OK;
}

/* The last value of each key, in order of name and key. */
static int by_name_and_key(gconstpointer a, gconstpointer b) {
  const StoreRegister *left = *(StoreRegister *const *)a, *right = *(StoreRegister *const *)b;
  int order = strcmp(left->name, right->name);
  return order ? order : strcmp(left->key, right->key);
}

static gboolean overwritten(const MemoryStore *m, guint index) {
  const StoreRegister *entry = m->registers->pdata[index];
  for (guint i = index + 1; i < m->registers->len; i++) {
    const StoreRegister *later = m->registers->pdata[i];
    if (g_str_equal(later->name, entry->name) && g_str_equal(later->key, entry->key))
      return TRUE;
  }
  return FALSE;
}

static RkStatus memory_load_search(Store *store, const char *case_id, GPtrArray *out,
                                   RkDiags *diags) {
  const GPtrArray *keys = g_hash_table_lookup(memory_of(store)->search, case_id);
  (void)diags;
  for (guint i = 0; keys && i < keys->len; i++)
    g_ptr_array_add(out, g_strdup(keys->pdata[i]));
  return RK_OK;
}

static RkStatus memory_load_register(Store *store, const char *name, const char *key,
                                     GPtrArray *out, RkDiags *diags) {
  MemoryStore *m = memory_of(store);
  (void)diags;
  for (guint i = 0; i < m->registers->len; i++) {
    const StoreRegister *entry = m->registers->pdata[i];
    if ((!name || g_str_equal(entry->name, name)) && (!key || g_str_equal(entry->key, key)) &&
        *entry->state && !overwritten(m, i))
      g_ptr_array_add(out, store_register_copy(entry));
  }
  g_ptr_array_sort(out, by_name_and_key);
  return RK_OK;
}

static RkStatus memory_query_register(Store *store, const char *name, const char *after,
                                      guint limit, GPtrArray *out, RkDiags *diags) {
  RkStatus status = memory_load_register(store, name, NULL, out, diags);
  while (after && out->len && strcmp(((StoreRegister *)out->pdata[0])->key, after) <= 0)
    g_ptr_array_remove_index(out, 0);
  if (limit && out->len > limit)
    g_ptr_array_set_size(out, (int)limit);
  return status;
}

static RkStatus memory_register_history(Store *store, const char *name, const char *key,
                                        GPtrArray *out, RkDiags *diags) {
  const GPtrArray *all = memory_of(store)->registers;
  (void)diags;
  for (guint i = 0; i < all->len; i++) {
    const StoreRegister *entry = all->pdata[i];
    if ((!name || g_str_equal(entry->name, name)) && (!key || g_str_equal(entry->key, key)))
      g_ptr_array_add(out, store_register_copy(entry));
  }
  return RK_OK;
}

static RkStatus memory_load_journal(Store *store, const char *case_id, gint64 from, guint limit,
                                    GPtrArray *out, RkDiags *diags) {
  MemoryStore *m = memory_of(store);
  (void)diags;
  for (guint i = 0; i < m->journal->len && (!limit || out->len < limit); i++) {
    const StoreJournal *entry = m->journal->pdata[i];
    if (entry->seq < from || (case_id && g_strcmp0(entry->case_id, case_id) != 0))
      continue;
    const StoreCase *record = entry->case_id ? memory_find_id(m->cases, entry->case_id) : NULL;
    StoreJournal *copy = store_journal_copy(entry);
    copy->case_number = g_strdup(record ? record->number : NULL);
    g_ptr_array_add(out, copy);
  }
  return RK_OK;
}

static RkStatus memory_journal_head(Store *store, gint64 *seq, Hash *head, gint64 *entered,
                                    RkDiags *diags) {
  const GPtrArray *journal = memory_of(store)->journal;
  (void)diags;
  *seq = (gint64)journal->len;
  const StoreJournal *last = journal->len ? journal->pdata[journal->len - 1] : NULL;
  *head = last ? last->hash : (Hash){{0}};
  *entered = last ? last->entered : 0;
  return RK_OK;
}

static RkStatus memory_load_chained(Store *store, gint64 seq, StoreJournal **out, RkDiags *diags) {
  const GPtrArray *journal = memory_of(store)->journal;
  (void)diags;
  if (seq < 1 || seq > (gint64)journal->len)
    return RK_NOT_FOUND;
  *out = store_journal_copy(journal->pdata[seq - 1]);
  return RK_OK;
}

static RkStatus memory_load_offices(Store *store, GPtrArray *out, RkDiags *diags) {
  (void)diags;
  g_ptr_array_add(out, g_strdup(store->office));
  return RK_OK;
}

static RkStatus memory_load_blob(Store *store, const Hash *hash, GBytes **out, RkDiags *diags) {
  g_autofree char *hex = hash_to_hex(hash);
  GBytes *bytes = g_hash_table_lookup(memory_of(store)->blobs, hex);
  (void)diags;
  *out = bytes ? g_bytes_ref(bytes) : NULL;
  return bytes ? RK_OK : RK_NOT_FOUND;
}

/* ------------------------------------------------------------------ access log */

static RkStatus memory_log_access(Store *store, const StoreAccess *access, RkDiags *diags) {
  MemoryStore *m = memory_of(store);
  StoreAccess *copy = g_new0(StoreAccess, 1);
  (void)diags;
  copy->entered = access->entered;
  copy->operator_ = g_strdup(access->operator_);
  copy->action = g_strdup(access->action);
  copy->case_number = g_strdup(access->case_number);
  copy->detail = g_strdup(access->detail);
  copy->result = g_strdup(access->result);
  Hash none = {{0}};
  const Hash *previous = m->access_hashes->len
                             ? &g_array_index(m->access_hashes, Hash, m->access_hashes->len - 1)
                             : &none;
  Hash hash = access_hash((gint64)m->access->len + 1, access, previous);
  g_ptr_array_add(m->access, copy);
  g_array_append_val(m->access_hashes, hash);
  return RK_OK;
}

/* The last entry of its case that disposes of it; 0: none. */
static gint64 disposed_by(const MemoryStore *m, const char *case_id) {
  for (guint i = m->journal->len; case_id && i-- > 0;) {
    const StoreJournal *entry = m->journal->pdata[i];
    if (g_str_equal(entry->kind, "disposed") && g_strcmp0(entry->case_id, case_id) == 0)
      return entry->seq;
  }
  return 0;
}

static gboolean journal_entry_good(const MemoryStore *m, guint index, gint64 *erased) {
  const StoreJournal *entry = m->journal->pdata[index];
  const StoreJournal *before = index ? m->journal->pdata[index - 1] : NULL;
  Hash none = {{0}};
  Hash commit = journal_body_commit(&g_array_index(m->salts, Salt, index), entry->body);
  Hash hash = journal_hash(entry);
  gboolean gone = entry->seq < disposed_by(m, entry->case_id) && !entry->body;
  *erased += gone;
  return (gone || memcmp(&commit, &entry->body_commit, sizeof commit) == 0) &&
         memcmp(&hash, &entry->hash, sizeof hash) == 0 &&
         memcmp(&entry->previous, before ? &before->hash : &none, sizeof(Hash)) == 0;
}

/* Nothing fails here but for want of memory, and that ends the process. */
static RkStatus memory_health(Store *store, RkDiags *diags) {
  (void)store, (void)diags;
  return RK_OK;
}

static RkStatus memory_verify(Store *store, StoreVerify *out, RkDiags *diags) {
  MemoryStore *m = memory_of(store);
  out->journal_entries = (gint64)m->journal->len;
  out->access_entries = (gint64)m->access->len;
  for (guint i = 0; i < m->journal->len && !out->bad_journal; i++)
    if (!journal_entry_good(m, i, &out->erased))
      out->bad_journal = (gint64)i + 1;
  for (guint i = 1; i < m->journal->len; i++)
    out->backward += ((StoreJournal *)m->journal->pdata[i])->entered <
                     ((StoreJournal *)m->journal->pdata[i - 1])->entered;
  if (out->bad_journal)
    diags_add(diags, DIAG_DB_CHAIN, NULL, "journal", "", NULL);
  return RK_OK;
}

/* -------------------------------------------------------------------- the table */

static const StoreOps memory_ops = {
    .close = memory_close,
    .begin = memory_begin,
    .rollback = memory_rollback,
    .write = memory_write,
    .end = memory_end,
    .find_request = memory_find_request,
    .load_case = memory_load_case,
    .query_cases = memory_query_cases,
    .load_papers = memory_load_papers,
    .load_exemplars = memory_load_exemplars,
    .load_transmissions = memory_load_transmissions,
    .query_sent = memory_query_sent,
    .find_sent = memory_find_sent,
    .query_held = memory_query_held,
    .load_timers = memory_load_timers,
    .query_register = memory_query_register,
    .load_search = memory_load_search,
    .load_register = memory_load_register,
    .register_history = memory_register_history,
    .history_between = memory_history_between,
    .stray_registers = memory_stray_registers,
    .load_journal = memory_load_journal,
    .journal_head = memory_journal_head,
    .load_chained = memory_load_chained,
    .load_offices = memory_load_offices,
    .load_blob = memory_load_blob,
    .load_pictures = memory_load_pictures,
    .load_pictured = memory_load_pictured,
    .load_picture = memory_load_picture,
    .log_access = memory_log_access,
    .load_access = memory_load_access,
    .access_at = memory_access_at,
    .health = memory_health,
    .verify = memory_verify,
    .verify_chains = memory_verify,
    .scour = memory_scour,
};

Store *store_new_memory(const char *office) {
  MemoryStore *m = g_new0(MemoryStore, 1);
  m->public.ops = &memory_ops;
  m->public.office = g_strdup(office);
  m->cases = g_ptr_array_new_with_free_func((GDestroyNotify)store_case_free);
  m->papers = g_ptr_array_new_with_free_func((GDestroyNotify)store_paper_free);
  m->exemplars = g_ptr_array_new_with_free_func((GDestroyNotify)store_exemplar_free);
  m->transmissions = g_ptr_array_new_with_free_func((GDestroyNotify)store_transmission_free);
  m->timers = g_ptr_array_new_with_free_func((GDestroyNotify)store_timer_free);
  m->pictures = g_ptr_array_new_with_free_func((GDestroyNotify)store_picture_free);
  m->registers = g_ptr_array_new_with_free_func((GDestroyNotify)store_register_free);
  m->journal = g_ptr_array_new_with_free_func((GDestroyNotify)store_journal_free);
  m->access = g_ptr_array_new_with_free_func((GDestroyNotify)store_access_free);
  m->salts = g_array_new(FALSE, FALSE, sizeof(Salt));
  m->access_hashes = g_array_new(FALSE, FALSE, sizeof(Hash));
  m->requests = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  m->search = new_search();
  m->blobs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
  m->counts = new_counts();
  return &m->public;
}
