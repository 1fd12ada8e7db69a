/* SPDX-License-Identifier: Apache-2.0 */
/* written.c - see written.h. The history is read in the order of the journal, beside it, a page at a
 * time: memory does not depend on how much was ever written. */
#include "case/written.h"

#include "case/bundle.h"
#include "case/replay.h"

#define PAGE 500

static HashState *hash_begin(const char *result) {
  HashState *state = hash_new("written-v1");
  hash_text(state, result ? result : "");
  return state;
}

static void hash_row(HashState *state, const StoreRegister *row) {
  hash_text(state, row->name);
  hash_text(state, row->key);
  hash_text(state, row->state);
  hash_text(state, row->fields ? row->fields : "{}");
  hash_text(state, row->case_id);
  hash_int(state, row->since);
}

static char *hash_end(HashState *take) {
  Hash hash = hash_finish(take);
  return hash_to_hex(&hash);
}

char *written_hash(const GPtrArray *registers, const char *result) {
  HashState *state = hash_begin(result);
  for (guint i = 0; registers && i < registers->len; i++)
    hash_row(state, registers->pdata[i]);
  return hash_end(state);
}

typedef struct {
  RkDesk *desk;
  GPtrArray *rows;  /* of the history, of a page of entries */
  guint next;       /* the first row that no entry has claimed */
  GHashTable *left; /* id of a case disposed of → HashState of its rows that are left */
  GHashTable *kept; /* the same → hash of them, as the last entry states that names it */
  RkDiags *diags;
  RkStatus status;
} Fold;

/* Without its key, which can be a person's: whoever leads the file verifies other offices, too. */
static void differs(Fold *fold, const StoreRegister *row) {
  g_autofree char *seq = g_strdup_printf("%" G_GINT64_FORMAT, row->seq);
  fold->status = diags_fail(fold->diags, RK_FAILED, DIAG_REGISTER_DIFFERS, NULL, row->name,
                            store_office(fold->desk->store), seq, NULL);
}

/* The rows of an entry. Those before it that were not claimed belong to none. */
static GPtrArray *claim(Fold *fold, gint64 seq) {
  GPtrArray *mine = g_ptr_array_new();
  for (; fold->next < fold->rows->len; fold->next++) {
    StoreRegister *row = fold->rows->pdata[fold->next];
    if (row->seq > seq)
      break;
    if (row->seq < seq)
      differs(fold, row);
    else
      g_ptr_array_add(mine, row);
  }
  return mine;
}

/* An entry of another office that stands among ours, or one of ours that does not say so. */
static gboolean is_ours(const RkDesk *desk, const json_t *body) {
  const char *office = json_string_value(json_object_get(body, "office"));
  return desk->founding ? !office : g_strcmp0(office, store_office(desk->store)) == 0;
}

static void entry_differs(Fold *fold, const StoreJournal *entry) {
  g_autofree char *seq = g_strdup_printf("%" G_GINT64_FORMAT, entry->seq);
  fold->status = diags_fail(fold->diags, RK_FAILED, DIAG_WRITTEN_DIFFERS, NULL, seq, NULL);
}

/* What its cases leave in registers is stated when one is disposed of, and again when it loses more. */
static void take_kept(Fold *fold, const StoreJournal *entry) {
  const char *id;
  json_t *hash, *body = replay_body(entry);
  json_object_foreach(json_object_get(body, "kept"), id, hash)
    g_hash_table_replace(fold->kept, g_strdup(id), g_strdup(json_string_value(hash)));
  json_decref(body);
}

static void leave(Fold *fold, const StoreJournal *entry, const GPtrArray *rows) {
  HashState *left = g_hash_table_lookup(fold->left, entry->case_id);
  if (!left) {
    left = hash_begin(NULL);
    g_hash_table_insert(fold->left, g_strdup(entry->case_id), left);
  }
  for (guint i = 0; i < rows->len; i++)
    hash_row(left, rows->pdata[i]);
}

static void check_left(Fold *fold) {
  GHashTableIter iter;
  gpointer key, left;
  g_hash_table_iter_init(&iter, fold->left);
  while (g_hash_table_iter_next(&iter, &key, &left)) {
    g_hash_table_iter_steal(&iter);
    g_autofree char *id = key, *found = hash_end(left);
    g_autoptr(StoreCase) record = NULL;
    if (g_strcmp0(found, g_hash_table_lookup(fold->kept, id)) == 0)
      continue;
    gboolean known = store_load_case(fold->desk->store, id, &record, fold->diags) == RK_OK;
    fold->status = diags_fail(fold->diags, RK_FAILED, DIAG_KEPT_DIFFERS, NULL,
                              known ? record->number : "-", NULL);
  }
}

/* An entry that states nothing was made by a program that did not know of this; one without a body
 * was disposed of. */
static RkStatus check_entry(Fold *fold, const StoreJournal *entry) {
  json_t *body = replay_body(entry);
  g_autofree char *stated = g_strdup(json_string_value(json_object_get(body, "written")));
  gboolean ours = !body || is_ours(fold->desk, body);
  g_autofree char *result = NULL;
  g_autoptr(GPtrArray) rows = claim(fold, entry->seq);
  json_decref(body);
  if (!ours)
    entry_differs(fold, entry);
  if (!entry->body && entry->case_id)
    leave(fold, entry, rows);
  if (g_str_equal(entry->kind, "disposed"))
    take_kept(fold, entry);
  if (!stated)
    return RK_OK;
  RkStatus status = store_find_request(fold->desk->store, entry->request_id, &result, fold->diags);
  if (status != RK_OK)
    return status;
  g_autofree char *found = result ? written_hash(rows, result) : NULL;
  if (g_strcmp0(stated, found) != 0)
    entry_differs(fold, entry);
  return RK_OK;
}

/* What the entries `first` to `last` wrote; those of ours among them are `entries`. */
static RkStatus check_page(Fold *fold, const GPtrArray *entries, gint64 first, gint64 last) {
  g_autoptr(GPtrArray) rows = NULL;
  RkStatus status = store_history_between(fold->desk->store, first, last, &rows, fold->diags);
  if (status != RK_OK)
    return status;
  fold->rows = rows;
  fold->next = 0;
  for (guint i = 0; status == RK_OK && i < entries->len; i++)
    status = check_entry(fold, entries->pdata[i]);
  if (status == RK_OK)
    g_ptr_array_unref(claim(fold, G_MAXINT64));
  return status;
}

static RkStatus check_entries(Fold *fold) {
  guint length = PAGE;
  for (gint64 from = G_MININT64; length == PAGE;) {
    g_autoptr(GPtrArray) entries = NULL;
    RkStatus status =
        store_load_journal(fold->desk->store, NULL, from, PAGE, &entries, fold->diags);
    if (status != RK_OK)
      return status;
    length = entries->len;
    gint64 last = length == PAGE ? ((StoreJournal *)entries->pdata[PAGE - 1])->seq : G_MAXINT64;
    status = check_page(fold, entries, from, last);
    if (status != RK_OK)
      return status;
    from = last + (length == PAGE);
  }
  return RK_OK;
}

/* A bundle can be had only while all of its files are there. */
static RkStatus check_bundle(Fold *fold, const StoreRegister *entry) {
  json_t *fields = json_loads(entry->fields, 0, NULL);
  const char *hex = json_string_value(json_object_get(fields, "bundle"));
  g_autoptr(GPtrArray) files = NULL;
  RkStatus status = hex ? bundle_read(&files, fold->desk->store, hex, fold->diags) : RK_OK;
  json_decref(fields);
  return status;
}

/* All that a procedure ever had: a case stays with the one it was opened with. */
static RkStatus check_bundles(Fold *fold, const char *procedure) {
  g_autoptr(GPtrArray) history = NULL;
  RkStatus status =
      store_register_history(fold->desk->store, REGISTER_PROCEDURE, procedure, &history, fold->diags);
  for (guint i = 0; status == RK_OK && i < history->len; i++)
    if (check_bundle(fold, history->pdata[i]) != RK_OK)
      fold->status = RK_FAILED;
  return status;
}

static RkStatus check_procedures(Fold *fold) {
  g_autoptr(GPtrArray) present = NULL;
  RkStatus status =
      store_load_register(fold->desk->store, REGISTER_PROCEDURE, NULL, &present, fold->diags);
  for (guint i = 0; status == RK_OK && i < present->len; i++)
    status = check_bundles(fold, ((const StoreRegister *)present->pdata[i])->key);
  return status;
}

/* Each entry is its last row of the history; a last row has an entry, or was taken back. */
static RkStatus check_present(Fold *fold, gint64 *count) {
  g_autoptr(GPtrArray) stray = NULL;
  RkStatus status = store_stray_registers(fold->desk->store, count, &stray, fold->diags);
  for (guint i = 0; status == RK_OK && i < stray->len; i++)
    differs(fold, stray->pdata[i]);
  return status;
}

static void state_drop(gpointer state) {
  hash_finish(state);
}

RkStatus written_verify(RkDesk *desk, gint64 *count, RkDiags *diags) {
  g_autoptr(GHashTable) left = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, state_drop);
  g_autoptr(GHashTable) kept = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  Fold fold = {.desk = desk, .left = left, .kept = kept, .diags = diags, .status = RK_OK};
  *count = 0;
  RkStatus status = check_entries(&fold);
  if (status == RK_OK)
    status = check_present(&fold, count);
  if (status == RK_OK)
    status = check_procedures(&fold);
  if (status != RK_OK)
    return status;
  check_left(&fold);
  return fold.status;
}
