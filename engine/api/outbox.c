/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outbox.c - what waits to leave the building, and what a person says of it.
 *
 * queued → handing-over (committed before anything is written) → handed-over, failed, or waiting for the
 * next try after a clear "not now". A transmission found in handing-over was interrupted: it becomes unknown,
 * and a person settles it; nothing is sent twice by itself. Papers that bear a signature, and those
 * we only hold as they came, are "by-hand": a person sends them and confirms. handover.c sends.
 */
#include "api/handover.h"
#include "api/page.h"
#include "base/date.h"
#include "base/table.h"
#include "base/text.h"
#include "base/words.h"
#include "case/deliver.h"
#include "case/withhold.h"

#include <string.h>

/* What asks nobody for anything any more. */
static const char *const settled[] = {"confirmed", "cancelled", "noted", "received", NULL};

static RkTable *outbox_table(void) {
  RkTable *table = table_new("outbox", _("Outbox"));
  table_column(table, "id", _("Id"), RK_COLUMN_TEXT);
  table_column(table, "case", _("Case"), RK_COLUMN_TEXT);
  table_column(table, "form", _("Form"), RK_COLUMN_TEXT);
  table_column(table, "title", _("Title"), RK_COLUMN_TEXT);
  table_column(table, "from", _("Sender's role"), RK_COLUMN_TEXT);
  table_column(table, "from_title", _("From"), RK_COLUMN_TEXT);
  table_column(table, "to", _("Receiver's role"), RK_COLUMN_TEXT);
  table_column(table, "to_title", _("To"), RK_COLUMN_TEXT);
  table_column(table, "channel", _("Channel"), RK_COLUMN_TEXT);
  table_column(table, "state", _("State"), RK_COLUMN_TEXT);
  table_column(table, "updated", _("Updated"), RK_COLUMN_TIME);
  table_column(table, "contact", _("Contact"), RK_COLUMN_TEXT);
  table_column(table, "number", _("FAX number"), RK_COLUMN_TEXT);
  table_column(table, "tries", _("Tries"), RK_COLUMN_NUMBER);
  table_column(table, "next", _("Next try"), RK_COLUMN_TIME);
  table_column(table, "pages", _("Pages"), RK_COLUMN_NUMBER);
  table_column(table, "reported", _("Pages reported"), RK_COLUMN_NUMBER);
  table_column(table, "answer", _("Answer"), RK_COLUMN_TEXT);
  table_column(table, "withheld", _("Held back by"), RK_COLUMN_TEXT);
  return table;
}

/* The number that it went to, else that it would go to now; g_free. */
static char *number_of(RkDesk *desk, const json_t *entry, const char *contact) {
  const char *used = delivery_field(entry, "number");
  json_t *held = used ? NULL : desk_register_entry(desk, REGISTER_CONTACT, contact);
  const char *state = json_string_value(json_object_get(held, "state"));
  char *number = g_strdup(used                                          ? used
                          : g_strcmp0(state, CONTACT_CONFIRMED) == 0 ? delivery_field(held, "fax")
                                                                        : NULL);
  json_decref(held);
  return number;
}

/* Also of what never went through the program: by whom it is sent is nothing of the table's. */
static void add_delivery(RkDesk *desk, RkTable *table, guint row, const StoreTransmission *sent) {
  static const char *const told[] = {"tries", "next", "pages", "reported", "answer"};
  json_t *entry = delivery_load(desk, sent->id);
  const char *contact = delivery_contact(entry, sent);
  g_autofree char *number = number_of(desk, entry, contact);
  if (number || delivery_field(entry, "contact"))
    table_set(table, row, "contact", contact);
  table_set(table, row, "number", number);
  for (guint i = 0; i < G_N_ELEMENTS(told); i++)
    table_set(table, row, told[i], delivery_field(entry, told[i]));
  json_decref(entry);
}

static RkStatus add_row(RkDesk *desk, RkTable *table, const StoreSent *row, RkDiags *diags) {
  const StoreTransmission *sent = row->sent;
  Bundle *bundle = NULL;
  RkStatus status = desk_bundle(desk, row->bundle, &bundle, diags);
  if (status != RK_OK)
    return status;
  const Form *form = row->form ? bundle_form(bundle, row->form) : NULL;
  g_autofree char *updated = time_to_iso(sent->updated);
  table_row(table, sent->id, row->case_number, row->form, form ? form_title(form) : sent->title,
            sent->from, bundle_role_title(bundle, sent->from), sent->to,
            bundle_role_title(bundle, sent->to), sent->channel, sent->state, updated, NULL, NULL, NULL,
            NULL, NULL, NULL, NULL, NULL);
  add_delivery(desk, table, rk_table_rows(table) - 1, sent);
  g_autofree char *withheld = withhold_case(desk, bundle_catalogue(bundle), sent->id);
  table_set(table, rk_table_rows(table) - 1, "withheld", withheld);
  return RK_OK;
}

RkStatus rk_outbox_list(RkDesk *desk, const char *state, RkPage *page, RkTable **out,
                        RkDiags *diags) {
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(RkTable) table = outbox_table();
  const StoreSentFilter filter = {.direction = "out",
                                  .state = state,
                                  .but = settled,
                                  .after = page ? page->after : NULL,
                                  .limit = page_rows(page)};
  *out = NULL;
  RkStatus status = desk_read(desk, "outbox", NULL, NULL, diags);
  if (status == RK_OK)
    status = store_query_sent(desk->store, &filter, &rows, diags);
  if (status == RK_OK)
    page_cut(page, rows);
  for (guint i = 0; status == RK_OK && i < rows->len; i++)
    status = add_row(desk, table, rows->pdata[i], diags);
  if (status == RK_OK)
    *out = g_steal_pointer(&table);
  return status;
}

/* ---------------------------------------------------------------- settling */

/* The transmission with this id, or whose id begins so (at least 6 characters, one only). */
static RkStatus find(RkDesk *desk, const char *id, GPtrArray **found, RkDiags *diags) {
  RkStatus status = strlen(id) < 6 ? RK_NOT_FOUND
                                   : store_find_sent(desk->store, "out", id, 2, found, diags);
  if (status == RK_OK && (*found)->len == 1)
    return RK_OK;
  return status == RK_OK || status == RK_NOT_FOUND
             ? diags_fail(diags, RK_NOT_FOUND, DIAG_TRANSMISSION_UNKNOWN, NULL, id, NULL)
             : status;
}

/* The other side counts otherwise: that is not a confirmation, but a question. */
static RkStatus doubt(RkDesk *desk, const RkRequest *request, const StoreTransmission *which,
                      const char *pages, json_t *args, RkDiags *diags) {
  g_autoptr(StoreCase) record = NULL;
  const char *reported = json_string_value(json_object_get(args, "reported"));
  g_autofree char *id = g_strndup(which->id, 8), *count = g_strdup(reported);
  RkStatus status = store_load_case(desk->store, which->case_id, &record, diags);
  gboolean unknown = g_str_equal(which->state, "unknown");
  if (status == RK_OK && !unknown)
    status = handover_settle(desk, request, which, "unknown", json_incref(args), diags);
  json_decref(args);
  if (status != RK_OK)
    return status;
  diags_add(diags, DIAG_FAX_PAGES, NULL, record->number, id, pages, count, NULL);
  return RK_PARTIAL;
}

static RkStatus settle(RkDesk *desk, const RkRequest *request, const StoreTransmission *which,
                       const char *result, guint reported, RkDiags *diags) {
  json_t *args = json_pack("{s:s}", "by", "person"), *entry = delivery_load(desk, which->id);
  g_autofree char *count = g_strdup_printf("%u", reported);
  g_autofree char *pages = g_strdup(delivery_field(entry, "pages"));
  json_decref(entry);
  if (reported)
    json_object_set_new(args, "reported", json_string(count));
  if (reported && pages && !g_str_equal(pages, count) && g_str_equal(result, "confirmed"))
    return doubt(desk, request, which, pages, args, diags);
  return handover_settle(desk, request, which, result, args, diags);
}

RkStatus rk_outbox_settle(RkDesk *desk, const RkRequest *request, const char *id,
                          const char *result, guint pages, RkDiags *diags) {
  g_autoptr(GPtrArray) found = NULL;
  RkStatus status = find(desk, id, &found, diags);
  return status == RK_OK ? settle(desk, request, found->pdata[0], result, pages, diags) : status;
}

RkStatus rk_outbox_address(RkDesk *desk, const RkRequest *request, const char *id,
                           const char *party, RkDiags *diags) {
  g_autoptr(GPtrArray) found = NULL;
  RkStatus status = find(desk, id, &found, diags);
  if (status != RK_OK)
    return status;
  const StoreTransmission *which = found->pdata[0];
  const char *const parts[] = {which->to, party, NULL};
  g_autofree char *key = text_key(parts);
  return handover_settle(desk, request, which, which->state,
                         json_pack("{s:s, s:s}", "by", "person", "contact", key), diags);
}

/* ------------------------------------------------------------------------- proof */

static const char *const proof[] = {"by", "contact", "number", "tries", "pages", "reported",
                                    "answer", "job", "next", "sha256", "output"};

static RkTable *proof_table(void) {
  RkTable *table = table_new("deliveries", _("How it was sent"));
  table_column(table, "since", _("Since"), RK_COLUMN_TIME);
  table_column(table, "state", _("State"), RK_COLUMN_TEXT);
  table_column(table, "seq", _("Journal No."), RK_COLUMN_NUMBER);
  table_column(table, "by", _("By"), RK_COLUMN_TEXT);
  table_column(table, "contact", _("Contact"), RK_COLUMN_TEXT);
  table_column(table, "number", _("FAX number"), RK_COLUMN_TEXT);
  table_column(table, "tries", _("Tries"), RK_COLUMN_NUMBER);
  table_column(table, "pages", _("Pages"), RK_COLUMN_NUMBER);
  table_column(table, "reported", _("Pages reported"), RK_COLUMN_NUMBER);
  table_column(table, "answer", _("Answer"), RK_COLUMN_TEXT);
  table_column(table, "job", _("Job"), RK_COLUMN_TEXT);
  table_column(table, "next", _("Next try"), RK_COLUMN_TIME);
  table_column(table, "sha256", "SHA-256", RK_COLUMN_TEXT);
  table_column(table, "output", _("Output"), RK_COLUMN_TEXT);
  return table;
}

static void add_proof(RkTable *table, const StoreRegister *entry) {
  json_t *fields = json_loads(entry->fields ? entry->fields : "{}", 0, NULL);
  g_autofree char *since = time_to_iso(entry->since);
  guint row = table_add_row(table);
  table_set(table, row, "since", since);
  table_set(table, row, "state", *entry->state ? entry->state : "undone");
  table_set_int(table, row, "seq", entry->seq);
  for (guint i = 0; i < G_N_ELEMENTS(proof); i++)
    table_set(table, row, proof[i], json_string_value(json_object_get(fields, proof[i])));
  json_decref(fields);
}

RkStatus rk_outbox_show(RkDesk *desk, const char *id, RkTable **out, RkDiags *diags) {
  g_autoptr(GPtrArray) found = NULL, entries = NULL;
  g_autoptr(RkTable) table = proof_table();
  *out = NULL;
  RkStatus status = desk_read(desk, "outbox", NULL, id, diags);
  if (status == RK_OK)
    status = find(desk, id, &found, diags);
  if (status == RK_OK)
    status = store_register_history(desk->store, REGISTER_DELIVERY,
                                    ((StoreTransmission *)found->pdata[0])->id, &entries, diags);
  status = status == RK_NOT_FOUND && found && found->len ? RK_OK : status;
  for (guint i = 0; status == RK_OK && entries && i < entries->len; i++)
    add_proof(table, entries->pdata[i]);
  if (status == RK_OK)
    *out = g_steal_pointer(&table);
  return status;
}
