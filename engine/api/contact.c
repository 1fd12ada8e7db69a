/* SPDX-License-Identifier: Apache-2.0 */
/*
 * contact.c - the office's address book: to which FAX number papers for a party go.
 *
 * proposed (by one operator) → confirmed (by another, who types the number from its source again) → ended.
 * A number that changes begins at "proposed". Judged inside the transaction that writes it.
 */
#include "api/page.h"
#include "base/table.h"
#include "base/text.h"
#include "base/words.h"
#include "case/delivery.h"
#include "case/guard.h"

#include <string.h>

typedef struct {
  const char *key, *role;
  const char *number; /* as it is kept; NULL: it is taken away */
  gint64 now;
} Contact;

/* ------------------------------------------------------------------- the number */

/* As it is kept: digits, a + before them, single hyphens between them; NULL when it is no number. g_free. */
static char *read_number(const char *text) {
  g_autofree char *folded = text_fold_input(text ? text : "");
  guint digits = 0;
  const char *start = *folded == '+' ? folded + 1 : folded;
  for (const char *at = start; *at; at++) {
    gboolean between = at > start && g_ascii_isdigit(at[-1]) && g_ascii_isdigit(at[1]);
    if (!g_ascii_isdigit(*at) && !(*at == '-' && between))
      return NULL;
    digits += g_ascii_isdigit(*at) != 0;
  }
  return digits >= 3 && digits <= 20 ? g_strdup(folded) : NULL;
}

static gboolean same_number(const char *a, const char *b) {
  g_auto(GStrv) left = g_strsplit(a, "-", -1), right = g_strsplit(b ? b : "", "-", -1);
  g_autofree char *one = g_strjoinv("", left), *other = g_strjoinv("", right);
  return g_str_equal(one, other);
}

/* --------------------------------------------------------------------- the role */

/* The roles of all installed procedures, but our own: "a, b"; g_free. */
static RkStatus known_roles(RkDesk *desk, const char *role, gboolean *known, char **list,
                            RkDiags *diags) {
  g_autoptr(GPtrArray) procedures = NULL;
  const char *const roles[] = {role, NULL};
  g_autoptr(GString) names = g_string_new(NULL);
  RkStatus status = store_load_register(desk->store, REGISTER_PROCEDURE, NULL, &procedures, diags);
  *known = FALSE;
  for (guint i = 0; status == RK_OK && i < procedures->len; i++) {
    Bundle *bundle = NULL;
    status = desk_procedure(desk, ((StoreRegister *)procedures->pdata[i])->key, &bundle, diags);
    if (status != RK_OK)
      break;
    g_autofree char *titles = bundle_role_titles(bundle);
    *known = *known || bundle_knows_role(bundle, roles);
    if (!strstr(names->str, titles))
      g_string_append_printf(names, "%s%s", names->len ? ", " : "", titles);
  }
  *list = g_strdup(names->str);
  return status;
}

static RkStatus check_role(RkDesk *desk, const char *role, RkDiags *diags) {
  gboolean known = FALSE;
  g_autofree char *list = NULL;
  RkStatus status = known_roles(desk, role, &known, &list, diags);
  if (status == RK_OK && !known)
    status = diags_fail(diags, RK_NOT_FOUND, DIAG_CONTACT_ROLE, NULL, role, list, NULL);
  return status;
}

/* One number for the role, or one for each party: else a paper for a party without a number would go to
 * whoever has that of the role. */
static RkStatus check_kind(RkDesk *desk, const Contact *contact, RkDiags *diags) {
  g_autoptr(GPtrArray) all = NULL;
  g_autofree char *prefix = g_strconcat(contact->role, " / ", NULL);
  gboolean party = g_str_has_prefix(contact->key, prefix);
  RkStatus status = store_load_register(desk->store, REGISTER_CONTACT, NULL, &all, diags);
  for (guint i = 0; status == RK_OK && i < all->len; i++) {
    const StoreRegister *entry = all->pdata[i];
    gboolean other = party ? g_str_equal(entry->key, contact->role)
                           : g_str_has_prefix(entry->key, prefix);
    if (other && !g_str_equal(entry->state, "ended"))
      status = diags_fail(diags, RK_REFUSED, DIAG_CONTACT_KINDS, NULL, contact->role, NULL);
  }
  return status;
}

/* -------------------------------------------------------------------- the changes */

static void write_contact(GPtrArray *registers, const Contact *contact, const char *state,
                          const json_t *fields) {
  g_ptr_array_add(registers,
                  desk_register_new(REGISTER_CONTACT, contact->key, state, fields, contact->now));
}

static RkStatus propose(RkDesk *desk, GPtrArray *registers, gpointer user, RkDiags *diags) {
  const Contact *contact = user;
  RkStatus status = check_kind(desk, contact, diags);
  json_t *fields = json_pack("{s:s, s:s}", "fax", contact->number, "proposed_by", desk->operator_);
  if (status == RK_OK)
    write_contact(registers, contact, "proposed", fields);
  json_decref(fields);
  return status;
}

static RkStatus judge_second(RkDesk *desk, const Contact *contact, const json_t *entry,
                             RkDiags *diags) {
  const char *state = json_string_value(json_object_get(entry, "state"));
  if (g_strcmp0(state, "proposed") != 0)
    return diags_fail(diags, RK_REFUSED, DIAG_CONTACT_UNKNOWN, NULL, contact->key, NULL);
  if (g_strcmp0(delivery_field(entry, "proposed_by"), desk->operator_) == 0)
    return diags_fail(diags, RK_REFUSED, DIAG_CONTACT_SAME, NULL, desk->operator_, NULL);
  if (!same_number(contact->number, delivery_field(entry, "fax")))
    return diags_fail(diags, RK_REFUSED, DIAG_CONTACT_DIFFERS, NULL, contact->key, NULL);
  return RK_OK;
}

static RkStatus confirm(RkDesk *desk, GPtrArray *registers, gpointer user, RkDiags *diags) {
  const Contact *contact = user;
  json_t *entry = desk_register_entry(desk, REGISTER_CONTACT, contact->key);
  json_t *fields = json_object_get(entry, "fields");
  RkStatus status = judge_second(desk, contact, entry, diags);
  if (status == RK_OK) {
    json_object_set_new(fields, "confirmed_by", json_string(desk->operator_));
    write_contact(registers, contact, CONTACT_CONFIRMED, fields);
  }
  json_decref(entry);
  return status;
}

static RkStatus forget(RkDesk *desk, GPtrArray *registers, gpointer user, RkDiags *diags) {
  const Contact *contact = user;
  json_t *entry = desk_register_entry(desk, REGISTER_CONTACT, contact->key);
  json_t *fields = json_pack("{s:s}", "ended_by", desk->operator_);
  const char *state = json_string_value(json_object_get(entry, "state"));
  RkStatus status = state && !g_str_equal(state, "ended")
                        ? RK_OK
                        : diags_fail(diags, RK_NOT_FOUND, DIAG_REGISTER_ENTRY, NULL,
                                     REGISTER_CONTACT, contact->key, NULL);
  if (status == RK_OK)
    write_contact(registers, contact, "ended", fields);
  json_decref(fields);
  json_decref(entry);
  return status;
}

/* --------------------------------------------------------------------- public calls */

typedef RkStatus (*Judge)(RkDesk *desk, GPtrArray *registers, gpointer user, RkDiags *diags);

static RkStatus change(RkDesk *desk, const RkRequest *request, const char *role, const char *party,
                       const char *number, const char *event, Judge judge, RkDiags *diags) {
  const char *const parts[] = {role, party, NULL};
  g_autofree char *key = text_key(parts), *kept = number ? read_number(number) : NULL;
  g_autoptr(GPtrArray) registers =
      g_ptr_array_new_with_free_func((GDestroyNotify)store_register_free);
  Contact contact = {key, role, kept, request->now};
  json_t *asked = json_pack("{s:s, s:s?}", "key", key, "fax", kept);
  const OfficeChange made = {.kind = "office", .event = event, .registers = registers,
                             .judge = judge, .user = &contact, .asked = asked};
  desk->now = request->now;
  RkStatus status = desk_check_clerk(desk, diags);
  if (status == RK_OK)
    status = check_role(desk, role, diags);
  if (status == RK_OK && number && !kept)
    status = diags_fail(diags, RK_INVALID, DIAG_CONTACT_NUMBER, NULL, NULL);
  if (status == RK_OK && party)
    status = guard_text(request, _("the name"), party, diags);
  if (status == RK_OK && number)
    status = guard_text(request, _("the FAX number"), number, diags);
  if (status == RK_OK)
    status = desk_change_office(desk, request, &made, diags);
  json_decref(asked);
  return desk_log_refusal(desk, event, status, diags);
}

RkStatus rk_contact_set(RkDesk *desk, const RkRequest *request, const char *role, const char *party,
                        const char *number, RkDiags *diags) {
  return change(desk, request, role, party, number, "contact.proposed", propose, diags);
}

RkStatus rk_contact_confirm(RkDesk *desk, const RkRequest *request, const char *role,
                            const char *party, const char *number, RkDiags *diags) {
  return change(desk, request, role, party, number, "contact.confirmed", confirm, diags);
}

RkStatus rk_contact_forget(RkDesk *desk, const RkRequest *request, const char *role,
                           const char *party, RkDiags *diags) {
  return change(desk, request, role, party, NULL, "contact.ended", forget, diags);
}

RkStatus rk_contact_list(RkDesk *desk, RkPage *page, RkTable **out, RkDiags *diags) {
  static const char *const told[] = {"fax", "proposed_by", "confirmed_by"};
  g_autoptr(GPtrArray) entries = NULL;
  g_autoptr(RkTable) table = table_new("contacts", _("FAX numbers"));
  table_column(table, "key", _("Contact"), RK_COLUMN_TEXT);
  table_column(table, "state", _("State"), RK_COLUMN_TEXT);
  table_column(table, "fax", _("FAX number"), RK_COLUMN_TEXT);
  table_column(table, "proposed_by", _("Proposed by"), RK_COLUMN_TEXT);
  table_column(table, "confirmed_by", _("Confirmed by"), RK_COLUMN_TEXT);
  *out = NULL;
  RkStatus status = desk_read(desk, "contact list", NULL, NULL, diags);
  if (status == RK_OK)
    status = store_query_register(desk->store, REGISTER_CONTACT, page ? page->after : NULL,
                                  page_rows(page), &entries, diags);
  if (status == RK_OK)
    page_cut(page, entries);
  for (guint i = 0; status == RK_OK && i < entries->len; i++) {
    const StoreRegister *entry = entries->pdata[i];
    json_t *fields = json_loads(entry->fields ? entry->fields : "{}", 0, NULL);
    guint row = table_add_row(table);
    table_set(table, row, "key", entry->key);
    table_set(table, row, "state", entry->state);
    for (guint k = 0; k < G_N_ELEMENTS(told); k++)
      table_set(table, row, told[k], json_string_value(json_object_get(fields, told[k])));
    json_decref(fields);
  }
  if (status == RK_OK)
    *out = g_steal_pointer(&table);
  return status;
}
