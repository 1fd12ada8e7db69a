/* SPDX-License-Identifier: Apache-2.0 */
/* office.c - the public calls about the office itself: procedures, operators, settings,
 * registers. */
#include "analysis/diff.h"
#include "api/faxplan.h"
#include "api/handover.h"
#include "api/page.h"
#include "api/print.h"
#include "base/date.h"
#include "base/table.h"
#include "base/text.h"
#include "base/words.h"
#include "base/xml.h"
#include "case/checkpoint.h"
#include "case/guard.h"
#include "case/deliver.h"
#include "case/dispose.h"
#include "case/linked.h"
#include "case/proxy.h"
#include "case/retention.h"
#include "case/scans.h"
#include "case/withhold.h"
#include "machine/overlay.h"

#include <string.h>

/* --------------------------------------------------------------- registers */

/* What the program's own registers hold has titles; the fields of a procedure stand under their names. */
static const char *field_title(const char *name) {
  static const struct {
    const char *name, *title;
  } titles[] = {{"bundle", N_("Bundle")}, {"cases", N_("Cases")}, {"due", N_("Due")},
                {"entries", N_("Entries")}, {"fax", N_("FAX number")}, {"folder", N_("Folder")},
                {"municipality", N_("Municipality")}, {"proposed_by", N_("Proposed by")},
                {"text", N_("Text")}, {"title", N_("Title")}, {"value", N_("Value")}};
  for (guint i = 0; i < G_N_ELEMENTS(titles); i++)
    if (g_str_equal(name, titles[i].name))
      return _(titles[i].title);
  return name;
}

/* Fields of the entry as "name: value" in one cell each of the union of names. */
static void add_field_columns(RkTable *table, const GPtrArray *entries, GPtrArray *names) {
  for (guint i = 0; i < entries->len; i++) {
    const StoreRegister *entry = entries->pdata[i];
    json_t *fields = json_loads(entry->fields ? entry->fields : "{}", 0, NULL);
    const char *name;
    json_t *value;
    json_object_foreach(fields, name, value) {
      gboolean known = FALSE;
      for (guint k = 0; k < names->len && !known; k++)
        known = g_str_equal(names->pdata[k], name);
      if (!known) {
        g_ptr_array_add(names, g_strdup(name));
        table_column(table, name, field_title(name), RK_COLUMN_TEXT);
      }
    }
    json_decref(fields);
  }
}

static void add_register_row(RkTable *table, const StoreRegister *entry) {
  g_autofree char *since = time_to_iso(entry->since);
  json_t *fields = json_loads(entry->fields ? entry->fields : "{}", 0, NULL);
  const char *name;
  json_t *value;
  guint row = table_add_row(table);
  table_set(table, row, "key", entry->key);
  table_set(table, row, "state", *entry->state ? entry->state : "undone");
  table_set(table, row, "since", since);
  table_set_int(table, row, "seq", entry->seq);
  json_object_foreach(fields, name, value)
    table_set(table, row, name, json_string_value(value));
  json_decref(fields);
}

static RkTable *register_table(const char *id, const char *title, const GPtrArray *entries) {
  RkTable *table = table_new(id, title);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  static const char *const own[] = {"key", "state", "since", "seq"};
  for (guint i = 0; i < G_N_ELEMENTS(own); i++)
    g_ptr_array_add(names, g_strdup(own[i]));
  table_column(table, "key", _("Key"), RK_COLUMN_TEXT);
  table_column(table, "state", _("State"), RK_COLUMN_TEXT);
  table_column(table, "since", _("Since"), RK_COLUMN_TIME);
  table_column(table, "seq", _("Journal No."), RK_COLUMN_NUMBER);
  add_field_columns(table, entries, names);
  for (guint i = 0; i < entries->len; i++)
    add_register_row(table, entries->pdata[i]);
  return table;
}

/* What tells of no case. */
static gboolean is_office_register(const char *name) {
  static const char *const names[] = {REGISTER_SETTING, REGISTER_PROCEDURE, REGISTER_OPERATOR,
                                      REGISTER_DESK, NULL};
  return g_strv_contains(names, name);
}

static RkStatus check_name(const Catalogue *catalogue, const char *name, RkDiags *diags) {
  if (catalogue_has_register(catalogue, name))
    return RK_OK;
  g_autofree char *known = catalogue_list_registers(catalogue);
  return diags_fail(diags, RK_NOT_FOUND, DIAG_CHECK_REGISTER, NULL, name, known, NULL);
}

static gboolean is_own_register(const char *name) {
  static const char *const names[] = {REGISTER_BACKUP, REGISTER_CHECKPOINT, REGISTER_CLOSURE,
                                      REGISTER_CONTACT, REGISTER_DELIVERY, REGISTER_DISCLOSURE,
                                      REGISTER_DISPOSAL, REGISTER_DROP, REGISTER_HOLD, REGISTER_LAYOUT,
                                      REGISTER_LINKED, REGISTER_PROXY, REGISTER_SCAN,
                                      REGISTER_SIGNING_KEY, REGISTER_WITHHELD, NULL};
  return is_office_register(name) || g_strv_contains(names, name);
}

/* "No entry" would be taken for an answer about somebody, where only the name is mistyped. */
static RkStatus check_known(RkDesk *desk, const char *name, RkDiags *diags) {
  g_autoptr(Catalogue) catalogue = NULL;
  g_autoptr(GPtrArray) some = NULL;
  if (is_own_register(name))
    return RK_OK;
  RkStatus status = store_query_register(desk->store, name, NULL, 1, &some, diags);
  if (status != RK_OK || some->len)
    return status;
  status = catalogue_load_for(&catalogue, desk->site->datadir, desk->municipality, diags);
  return status == RK_OK ? check_name(catalogue, name, diags) : status;
}

static RkStatus read_register(RkDesk *desk, const char *name, const char *key, gboolean history,
                              RkPage *page, GPtrArray **entries, RkDiags *diags) {
  if (history && key)
    return store_register_history(desk->store, name, key, entries, diags);
  if (!key && page)
    return store_query_register(desk->store, name, page->after, page_rows(page), entries, diags);
  return store_load_register(desk->store, name, key, entries, diags);
}

static RkStatus list_register(RkDesk *desk, const char *name, const char *key, gboolean history,
                              RkPage *page, const char *title, RkTable **out,
                              RkDiags *diags) {
  g_autoptr(GPtrArray) entries = NULL;
  *out = NULL;
  RkStatus status = is_office_register(name) ? desk_read_office(desk, "register", name, diags)
                                             : desk_read(desk, "register", NULL, name, diags);
  if (status == RK_OK)
    status = check_known(desk, name, diags);
  if (status != RK_OK)
    return status;
  status = read_register(desk, name, key, history, page, &entries, diags);
  if (status == RK_NOT_FOUND)
    return diags_fail(diags, status, DIAG_REGISTER_ENTRY, NULL, name, key, NULL);
  if (status == RK_OK && !key)
    page_cut(page, entries);
  if (status == RK_OK)
    *out = register_table("entries", title, entries);
  return status;
}

RkStatus rk_register_list(RkDesk *desk, const char *name, const char *key, gboolean history,
                          RkPage *page, RkTable **out, RkDiags *diags) {
  return list_register(desk, name, key, history, page, name, out, diags);
}

/* ------------------------------------------------------------------- settings */

static RkStatus set_entry(RkDesk *desk, const RkRequest *request, const char *name,
                          const char *key, const char *state, json_t *fields, const char *event,
                          RkDiags *diags) {
  g_autoptr(GPtrArray) registers =
      g_ptr_array_new_with_free_func((GDestroyNotify)store_register_free);
  g_ptr_array_add(registers, desk_register_new(name, key, state, fields, request->now));
  json_decref(fields);
  return desk_commit_office(desk, request, "office", event, registers, NULL, diags);
}

/* The key in the one spelling that procedures use. */
static char *folded_key(const char *key) {
  g_auto(GStrv) parts = g_strsplit(key, " / ", -1);
  return text_key((const char *const *)parts);
}

static RkStatus check_register(const Catalogue *catalogue, const char *name, const char *held,
                               const char *state, RkDiags *diags) {
  gboolean english = g_str_equal(_("en"), "en");
  RkStatus status = check_name(catalogue, name, diags);
  if (status != RK_OK)
    return status;
  if (!catalogue_has_state(catalogue, name, state)) {
    g_autofree char *known = catalogue_list_states(catalogue, name);
    return diags_fail(diags, RK_INVALID, DIAG_CHECK_REGISTER_STATE, NULL, name, state, known, NULL);
  }
  if (catalogue_may_follow(catalogue, name, held, state))
    return RK_OK;
  return diags_fail(diags, RK_REFUSED, DIAG_REGISTER_ORDER, NULL,
                    catalogue_title(catalogue, name, NULL, english),
                    catalogue_title(catalogue, name, held, english),
                    catalogue_title(catalogue, name, state, english), name, NULL);
}

/* What waits to go out may be held back by it: withhold.h. */
typedef struct {
  const StoreRegister *entry;
  const char *before;
} Withheld;

static RkStatus judge_withheld(RkDesk *desk, GPtrArray *registers, gpointer user, RkDiags *diags) {
  const Withheld *withheld = user;
  return withhold_by_office(desk, withheld->entry, withheld->before, registers, diags);
}

/* What the entry had before is in it too, and was not asked for. json_decref. */
static json_t *asked_of(const RkRequest *request, const StoreRegister *entry) {
  json_t *values = json_object();
  for (guint i = 0; i < request->n_values; i++)
    json_object_set_new(values, request->values[i].path, json_string(request->values[i].text));
  return json_pack("[s, s, s, o]", entry->name, entry->key, entry->state, values);
}

static RkStatus change_register(RkDesk *desk, const RkRequest *request, const Catalogue *catalogue,
                                StoreRegister *take, const char *before, RkDiags *diags) {
  g_autoptr(GPtrArray) registers =
      g_ptr_array_new_with_free_func((GDestroyNotify)store_register_free);
  Withheld withheld = {take, before};
  gboolean holds = catalogue_state_withholds(catalogue, take->name, take->state);
  json_t *asked = asked_of(request, take);
  const OfficeChange made = {.kind = "office", .event = "register.set", .registers = registers,
                             .judge = holds ? judge_withheld : NULL, .user = &withheld,
                             .asked = asked};
  g_ptr_array_add(registers, take);
  RkStatus status = desk_change_office(desk, request, &made, diags);
  json_decref(asked);
  return status;
}

/* The name of a field is typed, too. */
static RkStatus guard_value(const RkRequest *request, const RkValue *value, RkDiags *diags) {
  RkStatus status = guard_text(request, _("the name"), value->path, diags);
  return status == RK_OK ? guard_text(request, value->path, value->text, diags) : status;
}

RkStatus rk_register_set(RkDesk *desk, const RkRequest *request, const char *name, const char *key,
                         const char *state, RkDiags *diags) {
  g_autoptr(Catalogue) catalogue = NULL;
  g_autofree char *folded = folded_key(key);
  desk->now = request->now;
  RkStatus status = desk_log_refusal(desk, "register.set", desk_check_clerk(desk, diags), diags);
  if (status == RK_OK)
    status = catalogue_load_for(&catalogue, desk->site->datadir, desk->municipality, diags);
  if (status == RK_OK && (!request->why || !*request->why))
    status = diags_fail(diags, RK_INVALID, DIAG_REGISTER_WHY, NULL, NULL);
  if (status == RK_OK)
    status = guard_text(request, _("the name"), key, diags);
  for (guint i = 0; status == RK_OK && i < request->n_values; i++)
    status = guard_value(request, &request->values[i], diags);
  if (status != RK_OK)
    return status;
  json_t *earlier = desk_register_entry(desk, name, folded);
  const char *held = json_string_value(json_object_get(earlier, "state"));
  status = check_register(catalogue, name, held, state, diags);
  json_t *fields = earlier ? json_deep_copy(json_object_get(earlier, "fields")) : json_object();
  for (guint i = 0; i < request->n_values; i++)
    json_object_set_new(fields, request->values[i].path, json_string(request->values[i].text));
  if (status == RK_OK)
    status = change_register(desk, request, catalogue,
                             desk_register_new(name, folded, state, fields, request->now), held, diags);
  json_decref(earlier);
  json_decref(fields);
  return status;
}

/* ----------------------------------------------------------- layouts of forms */

/* All layouts of a form that the installed procedures would print; NULL: none uses it. */
static char *layouts_of(RkDesk *desk, const char *code, RkDiags *diags) {
  g_autoptr(GPtrArray) procedures = NULL;
  g_autoptr(GString) list = g_string_new(NULL);
  if (store_load_register(desk->store, REGISTER_PROCEDURE, NULL, &procedures, diags) != RK_OK)
    return NULL;
  for (guint i = 0; i < procedures->len; i++) {
    Bundle *bundle = NULL;
    const StoreRegister *entry = procedures->pdata[i];
    if (desk_procedure(desk, entry->key, &bundle, diags) != RK_OK || !bundle_form(bundle, code))
      continue;
    g_autofree char *hash = bundle_layout_hash(bundle, code);
    if (!strstr(list->str, hash))
      g_string_append_printf(list, "%s%s", list->len ? " " : "", hash);
  }
  return list->len ? g_strdup(list->str) : NULL;
}

RkStatus rk_form_approve(RkDesk *desk, const RkRequest *request, const char *code,
                         RkDiags *diags) {
  RkStatus status = desk_lead(desk, "layout.approved", request->now, diags);
  if (status != RK_OK)
    return status;
  g_autofree char *layouts = layouts_of(desk, code, diags);
  if (!layouts)
    return diags_fail(diags, RK_NOT_FOUND, DIAG_UNKNOWN_FORM, NULL, code, NULL);
  return set_entry(desk, request, REGISTER_LAYOUT, code, "approved",
                   json_pack("{s:s}", "layouts", layouts), "layout.approved", diags);
}

RkStatus rk_setting_list(RkDesk *desk, RkTable **out, RkDiags *diags) {
  return list_register(desk, REGISTER_SETTING, NULL, FALSE, NULL, _("Settings"), out, diags);
}

/* The settings that say how long something is kept or waited for. */
static RkStatus check_period(const char *key, const char *value, RkDiags *diags) {
  Duration period;
  gboolean fiscal = FALSE;
  gboolean plain = g_str_equal(key, "dispose.wait") || g_str_equal(key, "disclosure.period");
  gboolean kept = g_str_equal(key, "retention") || g_str_has_prefix(key, "retention.");
  if ((!plain && !kept) || retention_read_period(value, &period, plain ? NULL : &fiscal))
    return RK_OK;
  return diags_fail(diags, RK_INVALID, DIAG_DISPOSE_SETTING, NULL, key, value, NULL);
}

RkStatus rk_setting_set(RkDesk *desk, const RkRequest *request, const char *key, const char *value,
                        RkDiags *diags) {
  RkStatus status = desk_lead(desk, "setting.set", request->now, diags);
  if (status == RK_OK)
    status = guard_text(request, _("the name"), key, diags);
  if (status == RK_OK)
    status = guard_text(request, key, value, diags);
  if (status == RK_OK)
    status = faxplan_check_setting(key, value, diags);
  if (status == RK_OK && value)
    status = check_period(key, value, diags);
  if (status != RK_OK)
    return status;
  json_t *fields = value ? json_pack("{s:s}", "value", value) : json_object();
  return set_entry(desk, request, REGISTER_SETTING, key, value ? "set" : "unset", fields,
                   "setting.set", diags);
}

/* --------------------------------------------------------------- procedures */

RkStatus rk_desk_procedures(RkDesk *desk, RkTable **out, RkDiags *diags) {
  return list_register(desk, REGISTER_PROCEDURE, NULL, FALSE, NULL, _("Procedures"), out, diags);
}

/* The name that a file's procedure has; the document is the caller's. */
static char *read_procedure(const char *path, xmlDoc **out, RkDiags *diags) {
  if (overlay_flatten(out, path, diags) != RK_OK)
    return NULL;
  return xml_attr(xmlDocGetRootElement(*out), "name");
}

RkStatus rk_desk_diff(RkDesk *desk, const char *path, RkTable **out, RkDiags *diags) {
  g_autoptr(xmlDoc) installed = NULL;
  g_autoptr(xmlDoc) file = NULL;
  Bundle *bundle = NULL;
  *out = NULL;
  g_autofree char *name = read_procedure(path, &file, diags);
  if (!file)
    return RK_INVALID;
  RkStatus status = desk_procedure(desk, name ? name : "", &bundle, diags);
  if (status != RK_OK)
    return status;
  gsize length = 0;
  const char *text = g_bytes_get_data(bundle_workflow(bundle), &length);
  status = xml_parse(&installed, text, length, name, XML_LIMIT_DEFINITION, diags);
  if (status == RK_OK)
    *out = diff_documents(installed, file);
  return status;
}

RkStatus rk_desk_install(RkDesk *desk, const RkRequest *request, const char *const *paths,
                         RkTable **out, RkDiags *diags) {
  g_autofree char *shipped =
      g_build_filename(desk->site->datadir, "workflows", desk->municipality, NULL);
  const char *const own[] = {shipped, NULL};
  g_auto(GStrv) files = desk_workflow_files(paths && paths[0] ? paths : own);
  *out = NULL;
  RkStatus status = desk_lead(desk, "install", request->now, diags);
  if (status == RK_OK && !files[0])
    return diags_fail(diags, RK_NOT_FOUND, DIAG_NO_WORKFLOWS, NULL,
                      paths && paths[0] ? paths[0] : shipped, NULL);
  g_autoptr(RkTable) table = table_new("installed", _("Installed procedures"));
  table_column(table, "procedure", _("Procedure"), RK_COLUMN_TEXT);
  table_column(table, "bundle", _("Bundle"), RK_COLUMN_TEXT);
  table_column(table, "result", _("Result"), RK_COLUMN_TEXT);
  if (status == RK_OK)
    status = desk_install_files(desk, request, (const char *const *)files, table, diags);
  if (status == RK_OK)
    *out = g_steal_pointer(&table);
  return status;
}

/* -------------------------------------------------------------------- timers */

RkStatus rk_desk_tick(RkDesk *desk, const RkRequest *request, RkTable **out, RkDiags *diags) {
  g_autoptr(RkTable) table = table_new("fired", _("Deadlines reached"));
  table_column(table, "case", _("Case"), RK_COLUMN_TEXT);
  table_column(table, "event", _("Event"), RK_COLUMN_TEXT);
  table_column(table, "due", _("Due"), RK_COLUMN_TIME);
  table_column(table, "state", _("State"), RK_COLUMN_TEXT);
  desk->lay_out = paper_lay_out;
  RkStatus status = deliver_due(desk, request, table, diags);
  gboolean told = status == RK_OK || status == RK_PARTIAL;
  RkStatus sent = told ? handover_due(desk, request, table, diags) : RK_OK;
  status = status == RK_OK ? sent : status;
  told = status == RK_OK || status == RK_PARTIAL;
  RkStatus sealed = told ? checkpoint_daily(desk, request, diags) : RK_OK;
  *out = told && sealed == RK_OK ? g_steal_pointer(&table) : NULL;
  return sealed == RK_OK ? status : sealed;
}
