/* SPDX-License-Identifier: Apache-2.0 */
/* written.c - see written.h. The history is read in the order of the journal, beside it. */
#include "case/written.h"

#include "case/bundle.h"
#include "case/replay.h"

#define PAGE 500

char *written_hash(const GPtrArray *registers, const char *result) {
  HashState *state = hash_new("written-v1");
  hash_text(state, result ? result : "");
  for (guint i = 0; registers && i < registers->len; i++) {
    const StoreRegister *row = registers->pdata[i];
    hash_text(state, row->name);
    hash_text(state, row->key);
    hash_text(state, row->state);
    hash_text(state, row->fields ? row->fields : "{}");
    hash_text(state, row->case_id);
    hash_int(state, row->since);
  }
  Hash hash = hash_finish(state);
  return hash_to_hex(&hash);
}

typedef struct {
  RkDesk *desk;
  GPtrArray *rows;  /* the whole history, by entry */
  guint next;       /* the first row that no entry has claimed */
  GHashTable *last; /* name and key → row, the last so far */
  GHashTable *left; /* id of a case disposed of → its rows that are left (GPtrArray, borrowed) */
  GHashTable *kept; /* the same → hash of them, as the last entry states that names it */
  RkDiags *diags;
  RkStatus status;
} Fold;

static void differs(Fold *fold, const StoreRegister *row) {
  fold->status =
      diags_fail(fold->diags, RK_FAILED, DIAG_REGISTER_DIFFERS, NULL, row->name, row->key, NULL);
}

static char *row_name(const StoreRegister *row) {
  return g_strconcat(row->name, "\n", row->key, NULL);
}

/* The rows of an entry. Those before it that were not claimed belong to none. */
static GPtrArray *claim(Fold *fold, gint64 seq) {
  GPtrArray *mine = g_ptr_array_new();
  for (; fold->next < fold->rows->len; fold->next++) {
    StoreRegister *row = fold->rows->pdata[fold->next];
    if (row->seq > seq)
      break;
    if (row->seq < seq) {
      differs(fold, row);
      continue;
    }
    g_ptr_array_add(mine, row);
    g_hash_table_replace(fold->last, row_name(row), row);
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
  GPtrArray *left = g_hash_table_lookup(fold->left, entry->case_id);
  if (!left) {
    left = g_ptr_array_new();
    g_hash_table_insert(fold->left, g_strdup(entry->case_id), left);
  }
  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add(left, rows->pdata[i]);
}

static void check_left(Fold *fold) {
  GHashTableIter iter;
  gpointer id, rows;
  g_hash_table_iter_init(&iter, fold->left);
  while (g_hash_table_iter_next(&iter, &id, &rows)) {
    g_autofree char *found = written_hash(rows, NULL);
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

static RkStatus check_entries(Fold *fold) {
  guint length = PAGE;
  for (gint64 from = 1; length == PAGE;) {
    g_autoptr(GPtrArray) entries = NULL;
    RkStatus status =
        store_load_journal(fold->desk->store, NULL, from, PAGE, &entries, fold->diags);
    for (guint i = 0; status == RK_OK && i < entries->len; i++) {
      const StoreJournal *entry = entries->pdata[i];
      from = entry->seq + 1;
      status = check_entry(fold, entry);
    }
    if (status != RK_OK)
      return status;
    length = entries->len;
  }
  g_ptr_array_unref(claim(fold, G_MAXINT64));
  return RK_OK;
}

/* A procedure can be had only while all of its files are there. */
static RkStatus check_procedure(Fold *fold, const StoreRegister *entry) {
  json_t *fields = json_loads(entry->fields, 0, NULL);
  const char *hex = json_string_value(json_object_get(fields, "bundle"));
  RkStatus status = hex ? bundle_check(fold->desk->store, hex, fold->diags) : RK_OK;
  json_decref(fields);
  return status;
}

static gboolean same(const StoreRegister *a, const StoreRegister *b) {
  return g_strcmp0(a->state, b->state) == 0 && g_strcmp0(a->fields, b->fields) == 0 &&
         g_strcmp0(a->case_id, b->case_id) == 0 && a->since == b->since && a->seq == b->seq;
}

/* Each entry is its last row; what is left in `last` has an entry, or was taken back. */
static void check_present(Fold *fold, const GPtrArray *present) {
  for (guint i = 0; i < present->len; i++) {
    const StoreRegister *entry = present->pdata[i];
    g_autofree char *name = row_name(entry);
    const StoreRegister *row = g_hash_table_lookup(fold->last, name);
    if (!row || !same(row, entry))
      differs(fold, entry);
    else if (g_str_equal(entry->name, REGISTER_PROCEDURE) && check_procedure(fold, entry) != RK_OK)
      fold->status = RK_FAILED;
    g_hash_table_remove(fold->last, name);
  }
  GHashTableIter iter;
  gpointer row;
  g_hash_table_iter_init(&iter, fold->last);
  while (g_hash_table_iter_next(&iter, NULL, &row))
    if (*((const StoreRegister *)row)->state)
      differs(fold, row);
}

RkStatus written_verify(RkDesk *desk, gint64 *count, RkDiags *diags) {
  g_autoptr(GPtrArray) rows = NULL, present = NULL;
  g_autoptr(GHashTable) last = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  *count = 0;
  RkStatus status = store_register_history(desk->store, NULL, NULL, &rows, diags);
  if (status == RK_OK)
    status = store_load_register(desk->store, NULL, NULL, &present, diags);
  if (status != RK_OK)
    return status;
  *count = present->len;
  g_autoptr(GHashTable) left = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                                     (GDestroyNotify)g_ptr_array_unref);
  g_autoptr(GHashTable) kept = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  Fold fold = {desk, rows, 0, last, left, kept, diags, RK_OK};
  status = check_entries(&fold);
  if (status != RK_OK)
    return status;
  check_left(&fold);
  check_present(&fold, present);
  return fold.status;
}
