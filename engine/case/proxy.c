/* SPDX-License-Identifier: Apache-2.0 */
/* proxy.c - see proxy.h. */
#include "case/proxy.h"

#include "base/table.h"
#include "base/words.h"
#include "case/replay.h"
#include "case/rights.h"

static const char *behalf_of(const Deed *deed) {
  return json_string_value(json_object_get(deed->args, "on_behalf"));
}

static const char *field(const json_t *entry, const char *name) {
  return json_string_value(json_object_get(json_object_get(entry, "fields"), name));
}

static char *key_of(const char *case_id, gint64 revision) {
  return g_strdup_printf("%s:%" G_GINT64_FORMAT, case_id, revision);
}

/* -------------------------------------------------------------------- entering */

RkStatus proxy_check(RkDesk *desk, const char *actor, const char *behalf, RkDiags *diags) {
  g_autoptr(GPtrArray) all = NULL;
  RkStatus status = operators_load(desk, &all, diags);
  if (status != RK_OK)
    return status;
  if (g_str_equal(behalf, desk->operator_))
    return diags_fail(diags, RK_REFUSED, DIAG_PROXY_SELF, NULL, NULL);
  const Operator *person = operators_find(all, behalf);
  if (!person || operator_validity(person, desk->now) != OPERATOR_VALID)
    return diags_fail(diags, RK_REFUSED, DIAG_PROXY_UNKNOWN, NULL, behalf, NULL);
  gboolean ours = actor && desk_plays(desk, actor);
  const char *const *held = (const char *const *)person->roles;
  if (ours ? !g_strv_contains(held, actor) : !held[0])
    return diags_fail(diags, RK_REFUSED, DIAG_PROXY_RIGHT, NULL, behalf, actor ? actor : "-", NULL);
  return RK_OK;
}

static void write_entry(CaseFile *file, const char *key, const char *state, const json_t *fields,
                        gint64 time) {
  StoreRegister *entry = desk_register_new(REGISTER_PROXY, key, state, fields, time);
  entry->case_id = g_strdup(file->record->id);
  g_ptr_array_add(file->registers, entry);
}

void proxy_note(CaseFile *file, const Deed *deed) {
  if (!behalf_of(deed))
    return;
  g_autofree char *key = key_of(file->record->id, file->record->revision + 1);
  json_t *fields = json_pack("{s:s, s:s, s:s, s:s}", "kind", deed->kind, "event",
                             deed->event ? deed->event : "", "operator", deed->operator_,
                             "on_behalf", behalf_of(deed));
  write_entry(file, key, "unconfirmed", fields, deed->happened);
  json_decref(fields);
}

/* ------------------------------------------------------------------ confirming */

static gboolean waits_for(const json_t *entry, const char *operator_) {
  return entry && g_strcmp0(json_string_value(json_object_get(entry, "state")), "unconfirmed") == 0 &&
         g_strcmp0(field(entry, "on_behalf"), operator_) == 0;
}

RkStatus proxy_confirm(CaseFile *file, const Deed *deed, RkDiags *diags) {
  const json_t *keys = json_object_get(deed->args, "keys");
  RkStatus status = json_array_size(keys) ? RK_OK : RK_REFUSED;
  for (size_t i = 0; status == RK_OK && i < json_array_size(keys); i++) {
    const char *key = json_string_value(json_array_get(keys, i));
    json_t *entry = facts_register(file, REGISTER_PROXY, key ? key : "");
    if (waits_for(entry, deed->operator_))
      write_entry(file, key, "confirmed", json_object_get(entry, "fields"), deed->happened);
    else
      status = RK_REFUSED;
    json_decref(entry);
  }
  if (status == RK_REFUSED)
    diags_add(diags, DIAG_PROXY_NOTHING, NULL, casefile_number(file), deed->operator_, NULL);
  return status;
}

/* --------------------------------------------------------------------- listing */

RkTable *proxy_table(void) {
  RkTable *table = table_new("unconfirmed", _("Entered in somebody's name, to be confirmed"));
  table_column(table, "case", _("Case"), RK_COLUMN_TEXT);
  table_column(table, "kind", _("Kind"), RK_COLUMN_TEXT);
  table_column(table, "event", _("Event"), RK_COLUMN_TEXT);
  table_column(table, "operator", _("Entered by"), RK_COLUMN_TEXT);
  table_column(table, "on_behalf", _("In the name of"), RK_COLUMN_TEXT);
  table_column(table, "since", _("Since"), RK_COLUMN_TIME);
  table_column(table, "key", _("Key"), RK_COLUMN_TEXT);
  return table;
}

static void add_waiting(RkTable *table, RkDesk *desk, const StoreRegister *entry,
                        const json_t *fields) {
  g_autoptr(StoreCase) record = NULL;
  g_autofree char *since = time_to_iso(entry->since);
  if (!entry->case_id || store_load_case(desk->store, entry->case_id, &record, NULL) != RK_OK)
    return;
  table_row(table, record->number, json_string_value(json_object_get(fields, "kind")),
            json_string_value(json_object_get(fields, "event")),
            json_string_value(json_object_get(fields, "operator")),
            json_string_value(json_object_get(fields, "on_behalf")), since, entry->key);
}

RkStatus proxy_list(RkDesk *desk, const char *case_id, const char *behalf, RkTable *table,
                    RkDiags *diags) {
  g_autoptr(GPtrArray) all = NULL;
  RkStatus status = store_load_register(desk->store, REGISTER_PROXY, NULL, &all, diags);
  for (guint i = 0; status == RK_OK && i < all->len; i++) {
    const StoreRegister *entry = all->pdata[i];
    json_t *fields = json_loads(entry->fields ? entry->fields : "{}", 0, NULL);
    const char *whose = json_string_value(json_object_get(fields, "on_behalf"));
    if (g_str_equal(entry->state, "unconfirmed") &&
        (!case_id || g_strcmp0(entry->case_id, case_id) == 0) &&
        (!behalf || g_strcmp0(whose, behalf) == 0))
      add_waiting(table, desk, entry, fields);
    json_decref(fields);
  }
  return status;
}

char *proxy_of_entry(RkDesk *desk, const StoreJournal *entry, gboolean *confirmed) {
  json_t *body = replay_body(entry);
  char *behalf =
      g_strdup(json_string_value(json_object_get(json_object_get(body, "args"), "on_behalf")));
  json_decref(body);
  *confirmed = FALSE;
  if (!behalf || !entry->case_id)
    return behalf;
  g_autofree char *key = key_of(entry->case_id, entry->revision);
  json_t *held = desk_register_entry(desk, REGISTER_PROXY, key);
  *confirmed = g_strcmp0(json_string_value(json_object_get(held, "state")), "confirmed") == 0;
  json_decref(held);
  return behalf;
}
