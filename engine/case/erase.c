/* SPDX-License-Identifier: Apache-2.0 */
/* erase.c - see erase.h. Who wrote a row is told by the journal entry it belongs to. */
#include "case/erase.h"

#include "case/catalogue.h"
#include "case/written.h"

#include <stdlib.h>

typedef struct {
  RkDesk *desk;
  const char *case_id;
  GHashTable *own;    /* seq of the case's entries (gint64 *) */
  GHashTable *owners; /* seq → case id, "" for the office; those that were looked up */
  GHashTable *gone;   /* case id → whether it is disposed of */
  GPtrArray *rows;    /* StoreRegister: all of the history that matters here; rows that go are NULL */
  GHashTable *touched; /* ids of disposed cases that lose rows */
  Erasure *out;
  RkDiags *diags;
  RkStatus status;
} Plan;

void erasure_clear(Erasure *erasure) {
  g_clear_pointer(&erasure->list, g_ptr_array_unref);
  json_decref(erasure->kept);
  json_decref(erasure->by_hand);
}

/* ------------------------------------------------------------------- who wrote it */

static gboolean is_own(const Plan *plan, const StoreRegister *row) {
  return g_hash_table_contains(plan->own, &row->seq);
}

static const char *owner_of(Plan *plan, const StoreRegister *row) {
  const char *known = g_hash_table_lookup(plan->owners, &row->seq);
  g_autoptr(GPtrArray) entries = NULL;
  if (known || is_own(plan, row))
    return known ? known : plan->case_id;
  RkStatus status = store_load_journal(plan->desk->store, NULL, row->seq, 1, &entries, plan->diags);
  if (status != RK_OK || !entries->len) {
    plan->status = status == RK_OK ? RK_STORE : status;
    return "";
  }
  const StoreJournal *entry = entries->pdata[0];
  char *owner = g_strdup(entry->case_id ? entry->case_id : "");
  g_hash_table_insert(plan->owners, g_memdup2(&row->seq, sizeof row->seq), owner);
  return owner;
}

/* Written by a case that has been disposed of before. */
static gboolean is_gone(Plan *plan, const StoreRegister *row) {
  const char *owner = owner_of(plan, row);
  g_autoptr(StoreCase) record = NULL;
  gpointer known = NULL;
  if (!*owner || is_own(plan, row))
    return FALSE;
  if (g_hash_table_lookup_extended(plan->gone, owner, NULL, &known))
    return GPOINTER_TO_INT(known);
  RkStatus status = store_load_case(plan->desk->store, owner, &record, plan->diags);
  if (status != RK_OK)
    plan->status = status;
  gboolean gone = record && store_case_disposed(record);
  g_hash_table_insert(plan->gone, g_strdup(owner), GINT_TO_POINTER(gone));
  return gone;
}

static gboolean same_entry(const StoreRegister *a, const StoreRegister *b) {
  return a && b && g_str_equal(a->name, b->name) && g_str_equal(a->key, b->key);
}

/* ---------------------------------------------------------------------- what goes */

static void add(Plan *plan, const StoreRegister *row, gint64 seq, const char *fields) {
  StoreErasure *erasure = g_new0(StoreErasure, 1);
  erasure->name = g_strdup(row->name);
  erasure->key = g_strdup(row->key);
  erasure->seq = seq;
  erasure->fields = g_strdup(fields);
  g_ptr_array_add(plan->out->list, erasure);
}

static gboolean has_other_ground(Plan *plan, const StoreRegister *of) {
  for (guint i = 0; i < plan->rows->len; i++) {
    const StoreRegister *row = plan->rows->pdata[i];
    if (same_entry(row, of) && !is_own(plan, row) && !is_gone(plan, row))
      return TRUE;
  }
  return FALSE;
}

static void drop_entry(Plan *plan, StoreRegister *of) {
  add(plan, of, 0, NULL);
  for (guint i = 0; i < plan->rows->len; i++) {
    StoreRegister *row = plan->rows->pdata[i];
    if (row == of || !same_entry(row, of))
      continue;
    if (!is_own(plan, row))
      g_hash_table_add(plan->touched, g_strdup(owner_of(plan, row)));
    store_register_free(row);
    plan->rows->pdata[i] = NULL;
  }
}

static gboolean said_by_others(Plan *plan, const StoreRegister *of, const char *name,
                               const json_t *value) {
  for (guint i = 0; i < plan->rows->len; i++) {
    const StoreRegister *row = plan->rows->pdata[i];
    if (!same_entry(row, of) || is_own(plan, row) || is_gone(plan, row))
      continue;
    json_t *fields = json_loads(row->fields, 0, NULL);
    gboolean same = json_equal(json_object_get(fields, name), value);
    json_decref(fields);
    if (same)
      return TRUE;
  }
  return FALSE;
}

/* What of the fields something else says, too. g_free. */
static char *shared_fields(Plan *plan, const StoreRegister *row) {
  json_t *fields = json_loads(row->fields, 0, NULL), *shared = json_object();
  const char *name;
  json_t *value;
  json_object_foreach(fields, name, value)
    if (said_by_others(plan, row, name, value))
      json_object_set(shared, name, value);
  char *text = json_dumps(shared, JSON_SORT_KEYS | JSON_COMPACT);
  json_decref(fields);
  json_decref(shared);
  return text;
}

/* An entry can write the same key twice; its rows then get the same fields. */
static void blank_row(Plan *plan, StoreRegister *row) {
  g_autofree char *fields = shared_fields(plan, row);
  for (guint i = 0; i < plan->rows->len; i++) {
    StoreRegister *twin = plan->rows->pdata[i];
    if (!same_entry(twin, row) || twin->seq != row->seq)
      continue;
    g_free(twin->fields);
    twin->fields = g_strdup(fields);
  }
  add(plan, row, row->seq, fields);
}

static void plan_rows(Plan *plan) {
  for (guint i = 0; i < plan->rows->len && plan->status == RK_OK; i++) {
    StoreRegister *row = plan->rows->pdata[i];
    if (!row || !is_own(plan, row))
      continue;
    if (has_other_ground(plan, row)) {
      blank_row(plan, row);
      continue;
    }
    drop_entry(plan, row);
    store_register_free(row);
    plan->rows->pdata[i] = NULL;
  }
}

/* -------------------------------------------------------------------- what stays */

static gboolean by_office(Plan *plan, const char *name, const char *key) {
  g_autoptr(GPtrArray) rows = NULL;
  RkStatus status = store_register_history(plan->desk->store, name, key, &rows, plan->diags);
  for (guint i = 0; status == RK_OK && i < rows->len; i++)
    if (!*owner_of(plan, rows->pdata[i]))
      return TRUE;
  if (status != RK_OK)
    plan->status = status;
  return FALSE;
}

/* In every register, for the same key can stand in those that this case never wrote. */
static void count_by_hand(Plan *plan, const char *key, char **registers) {
  for (guint i = 0; registers[i]; i++) {
    json_int_t count = json_integer_value(json_object_get(plan->out->by_hand, registers[i]));
    if (by_office(plan, registers[i], key))
      json_object_set_new(plan->out->by_hand, registers[i], json_integer(count + 1));
  }
}

static RkStatus state_by_hand(Plan *plan) {
  g_autoptr(Catalogue) catalogue = NULL;
  g_autoptr(GHashTable) keys = g_hash_table_new(g_str_hash, g_str_equal);
  RkStatus status =
      catalogue_load_for(&catalogue, plan->desk->site->datadir, plan->desk->municipality, plan->diags);
  if (status != RK_OK)
    return status;
  g_autofree char *list = catalogue_list_registers(catalogue);
  g_auto(GStrv) registers = g_strsplit(list, ", ", -1);
  for (guint i = 0; i < plan->rows->len; i++) {
    const StoreRegister *row = plan->rows->pdata[i];
    if (is_own(plan, row) && g_hash_table_add(keys, row->key))
      count_by_hand(plan, row->key, registers);
  }
  return plan->status;
}

static void state_kept(Plan *plan, const char *case_id) {
  g_autoptr(GPtrArray) mine = g_ptr_array_new();
  for (guint i = 0; i < plan->rows->len; i++) {
    StoreRegister *row = plan->rows->pdata[i];
    if (row && g_str_equal(owner_of(plan, row), case_id))
      g_ptr_array_add(mine, row);
  }
  g_autofree char *hash = written_hash(mine, NULL);
  json_object_set_new(plan->out->kept, case_id, json_string(hash));
}

/* ------------------------------------------------------------------ what is looked at */

/* The entries of the journal whose rows the plan needs: the case's own, those that wrote the same register
 * entries, and all of a case disposed of before that may lose rows. */
typedef struct {
  Plan *plan;
  GHashTable *seqs;  /* gint64 * */
  GHashTable *cases; /* ids of the disposed cases that are in it */
} Scope;

static void add_seq(Scope *scope, gint64 seq) {
  g_hash_table_add(scope->seqs, g_memdup2(&seq, sizeof seq));
}

static RkStatus add_gone(Scope *scope, const StoreRegister *row) {
  g_autoptr(GPtrArray) entries = NULL;
  if (!is_gone(scope->plan, row))
    return scope->plan->status;
  const char *owner = owner_of(scope->plan, row);
  if (!g_hash_table_add(scope->cases, g_strdup(owner)))
    return RK_OK;
  RkStatus status =
      store_load_journal(scope->plan->desk->store, owner, 0, 0, &entries, scope->plan->diags);
  for (guint i = 0; status == RK_OK && i < entries->len; i++)
    add_seq(scope, ((StoreJournal *)entries->pdata[i])->seq);
  return status;
}

static RkStatus add_history(Scope *scope, const StoreRegister *of) {
  g_autoptr(GPtrArray) rows = NULL;
  RkStatus status =
      store_register_history(scope->plan->desk->store, of->name, of->key, &rows, scope->plan->diags);
  for (guint i = 0; status == RK_OK && i < rows->len; i++) {
    add_seq(scope, ((StoreRegister *)rows->pdata[i])->seq);
    status = add_gone(scope, rows->pdata[i]);
  }
  return status;
}

static RkStatus add_entry(Scope *scope, gint64 seq) {
  g_autoptr(GPtrArray) rows = NULL;
  RkStatus status =
      store_history_between(scope->plan->desk->store, seq, seq, &rows, scope->plan->diags);
  add_seq(scope, seq);
  for (guint i = 0; status == RK_OK && i < rows->len; i++)
    status = add_history(scope, rows->pdata[i]);
  return status;
}

static int by_number(gconstpointer a, gconstpointer b) {
  gint64 left = **(const gint64 *const *)a, right = **(const gint64 *const *)b;
  return left < right ? -1 : left > right;
}

/* In the order of the journal. */
static RkStatus read_rows(Scope *scope) {
  guint count = 0;
  g_autofree gpointer *seqs = g_hash_table_get_keys_as_array(scope->seqs, &count);
  RkStatus status = RK_OK;
  qsort(seqs, count, sizeof *seqs, by_number);
  for (guint i = 0; status == RK_OK && i < count; i++) {
    g_autoptr(GPtrArray) rows = NULL;
    gint64 seq = *(const gint64 *)seqs[i];
    status = store_history_between(scope->plan->desk->store, seq, seq, &rows, scope->plan->diags);
    if (status == RK_OK)
      g_ptr_array_extend_and_steal(scope->plan->rows, g_steal_pointer(&rows));
  }
  return status;
}

static RkStatus look_at(Plan *plan, const GPtrArray *entries) {
  g_autoptr(GHashTable) seqs = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr(GHashTable) cases = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  Scope scope = {plan, seqs, cases};
  RkStatus status = RK_OK;
  for (guint i = 0; status == RK_OK && i < entries->len; i++)
    status = add_entry(&scope, ((StoreJournal *)entries->pdata[i])->seq);
  return status == RK_OK ? read_rows(&scope) : status;
}

static void clear_row(gpointer row) {
  store_register_free(row);
}

RkStatus erase_plan(RkDesk *desk, const char *case_id, const GPtrArray *entries, Erasure *out,
                    RkDiags *diags) {
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(clear_row);
  g_autoptr(GHashTable) own = g_hash_table_new(g_int64_hash, g_int64_equal);
  g_autoptr(GHashTable) owners = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
  g_autoptr(GHashTable) gone = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GHashTable) touched = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < entries->len; i++)
    g_hash_table_add(own, &((StoreJournal *)entries->pdata[i])->seq);
  out->list = g_ptr_array_new_with_free_func((GDestroyNotify)store_erasure_free);
  out->kept = json_object();
  out->by_hand = json_object();
  Plan plan = {desk, case_id, own, owners, gone, rows, touched, out, diags, RK_OK};
  RkStatus status = look_at(&plan, entries);
  if (status == RK_OK)
    status = state_by_hand(&plan);
  if (status != RK_OK)
    return status;
  plan_rows(&plan);
  state_kept(&plan, case_id);
  GHashTableIter iter;
  gpointer id;
  g_hash_table_iter_init(&iter, touched);
  while (g_hash_table_iter_next(&iter, &id, NULL))
    state_kept(&plan, id);
  return plan.status;
}
