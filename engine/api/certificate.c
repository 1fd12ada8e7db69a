/* SPDX-License-Identifier: Apache-2.0 */
/* certificate.c - see certificate.h. Made from the journal whenever it is asked for. */
#include "api/certificate.h"

#include "api/document.h"
#include "base/date.h"
#include "base/table.h"
#include "base/words.h"
#include "case/dispose.h"

#include <string.h>

typedef struct {
  RkDesk *desk;
  RkTable *disposal, *cases, *originals, *by_hand, *backups;
  gint64 first; /* the first journal entry of the cases; G_MAXINT64: none is disposed of yet */
} Certificate;

/* -------------------------------------------------------------------- the disposal */

static RkTable *disposal_table(RkDesk *desk, const char *id, const json_t *entry) {
  static const char *const names[] = {"cases",    "proposed_by", "proposed", "approved_by",
                                      "approved", "not_before",  "run_by",   "run",
                                      "done",     "withdrawn_by", "withdrawn"};
  const char *const titles[] = {
      _("Cases"),        _("Proposed by"), _("Proposed"),       _("Approved by"),
      _("Approved"),     _("Not before"),  _("Carried out by"), _("Begun"),
      _("Completed"),    _("Withdrawn by"), _("Withdrawn")};
  RkTable *table = table_new("disposal", _("Disposal"));
  table_column(table, "id", _("Certificate"), RK_COLUMN_TEXT);
  table_column(table, "office", _("Office"), RK_COLUMN_TEXT);
  table_column(table, "state", _("State"), RK_COLUMN_TEXT);
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    gboolean time = g_strv_contains((const char *const[]){"proposed", "approved", "run", "done",
                                                          "withdrawn", NULL}, names[i]);
    table_column(table, names[i], titles[i], time ? RK_COLUMN_TIME : RK_COLUMN_TEXT);
  }
  guint row = table_add_row(table);
  table_set(table, row, "id", id);
  table_set(table, row, "office", store_office(desk->store));
  table_set(table, row, "state", json_string_value(json_object_get(entry, "state")));
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    table_set(table, row, names[i],
              json_string_value(json_object_get(json_object_get(entry, "fields"), names[i])));
  return table;
}

/* ----------------------------------------------------------------------- the cases */

static RkTable *cases_table(void) {
  RkTable *table = table_new("cases", _("Cases"));
  table_column(table, "number", _("Case"), RK_COLUMN_TEXT);
  table_column(table, "procedure", _("Procedure"), RK_COLUMN_TEXT);
  table_column(table, "outcome", _("Outcome"), RK_COLUMN_TEXT);
  table_column(table, "opened", _("Opened"), RK_COLUMN_TIME);
  table_column(table, "closed", _("Closed"), RK_COLUMN_TIME);
  table_column(table, "ground", _("Ground"), RK_COLUMN_TEXT);
  table_column(table, "papers", _("Papers"), RK_COLUMN_TEXT);
  table_column(table, "registers", _("Register entries"), RK_COLUMN_NUMBER);
  table_column(table, "first", _("First entry"), RK_COLUMN_NUMBER);
  table_column(table, "last", _("Last entry"), RK_COLUMN_NUMBER);
  table_column(table, "head", _("Its hash"), RK_COLUMN_TEXT);
  table_column(table, "disposed", _("Disposed of"), RK_COLUMN_TIME);
  return table;
}

static const char *text_of(const json_t *report, const char *name) {
  return json_string_value(json_object_get(report, name));
}

static gint64 number_of(const json_t *report, const char *name) {
  return (gint64)json_integer_value(json_object_get(report, name));
}

static void add_disposed(Certificate *certificate, const StoreCase *record, const json_t *report) {
  RkTable *table = certificate->cases;
  static const char *const texts[] = {"outcome", "ground", "papers", "head"};
  static const char *const numbers[] = {"registers", "first", "last"};
  g_autofree char *opened = time_to_iso(record->opened);
  g_autofree char *closed = time_to_iso(number_of(report, "closed"));
  g_autofree char *disposed = time_to_iso(record->updated);
  guint row = table_add_row(table);
  table_set(table, row, "number", record->number);
  table_set(table, row, "procedure", record->procedure);
  table_set(table, row, "opened", opened);
  table_set(table, row, "closed", closed);
  table_set(table, row, "disposed", disposed);
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    table_set(table, row, texts[i], text_of(report, texts[i]));
  for (guint i = 0; i < G_N_ELEMENTS(numbers); i++)
    table_set_int(table, row, numbers[i], number_of(report, numbers[i]));
  certificate->first = MIN(certificate->first, number_of(report, "first"));
}

static void add_by_hand(Certificate *certificate, const StoreCase *record, const json_t *report) {
  const char *name;
  json_t *count;
  json_object_foreach(json_object_get(report, "by_hand"), name, count) {
    guint row = table_add_row(certificate->by_hand);
    table_set(certificate->by_hand, row, "case", record->number);
    table_set(certificate->by_hand, row, "register", name);
    table_set_int(certificate->by_hand, row, "entries", (gint64)json_integer_value(count));
  }
}

/* Papers are not in the database: who holds one destroys it, too. */
static RkStatus add_originals(Certificate *certificate, const StoreCase *record, RkDiags *diags) {
  Store *store = certificate->desk->store;
  g_autoptr(GPtrArray) papers = NULL, exemplars = NULL;
  Bundle *bundle = NULL;
  RkStatus status = desk_bundle(certificate->desk, record->bundle, &bundle, diags);
  if (status == RK_OK)
    status = store_load_papers(store, record->id, &papers, diags);
  if (status == RK_OK)
    status = store_load_exemplars(store, record->id, &exemplars, diags);
  for (guint i = 0; status == RK_OK && i < exemplars->len; i++)
    for (guint k = 0; k < papers->len; k++) {
      const StoreExemplar *exemplar = exemplars->pdata[i];
      const StorePaper *paper = papers->pdata[k];
      Form *form = bundle_form(bundle, paper->form);
      if (g_str_equal(exemplar->paper_id, paper->id))
        table_row(certificate->originals, record->number, paper->form,
                  form ? form_title(form) : NULL, exemplar->kind,
                  bundle_role_title(bundle, exemplar->holder));
    }
  return status;
}

static RkStatus add_case(Certificate *certificate, const char *number, RkDiags *diags) {
  g_autoptr(StoreCase) record = NULL;
  RkStatus status = store_load_case(certificate->desk->store, number, &record, diags);
  if (status != RK_OK)
    return status;
  json_t *report = store_case_disposed(record)
                       ? dispose_entry(certificate->desk, record->id, NULL)
                       : NULL;
  if (report) {
    add_disposed(certificate, record, report);
    add_by_hand(certificate, record, report);
    status = add_originals(certificate, record, diags);
  } else {
    guint row = table_add_row(certificate->cases);
    table_set(certificate->cases, row, "number", record->number);
    table_set(certificate->cases, row, "procedure", record->procedure);
    table_set(certificate->cases, row, "outcome", record->states);
  }
  json_decref(report);
  return status;
}

/* --------------------------------------------------------------------- the copies */

/* A copy made before, of a journal that had come so far, still holds what was erased. */
static gboolean holds(const Certificate *certificate, const StoreRegister *copy,
                      const char *entries) {
  gint64 last = 0, gone = 0;
  static const char *const there[] = {"making", "made", NULL}; /* begun, and perhaps there */
  if (!g_strv_contains(there, copy->state) || !entries ||
      !g_ascii_string_to_signed(entries, 10, 0, G_MAXINT64, &last, NULL) ||
      last < certificate->first)
    return FALSE;
  for (guint i = 0; i < rk_table_rows(certificate->cases); i++) {
    const char *disposed = rk_table_get(certificate->cases, i, "disposed");
    if (disposed && time_parse(&gone, disposed, NULL) == RK_OK && copy->since <= gone)
      return TRUE;
  }
  return FALSE;
}

/* What removes it, and those before it there, but none made after it: so many are kept, with the one made
 * then. g_free. */
static char *removal(const GPtrArray *all, const StoreRegister *copy, const char *folder) {
  guint keep = 1;
  for (guint i = 0; i < all->len; i++) {
    const StoreRegister *other = all->pdata[i];
    json_t *fields = json_loads(other->fields, 0, NULL);
    keep += g_str_equal(other->state, "made") && strcmp(other->key, copy->key) > 0 &&
            g_strcmp0(text_of(fields, "folder"), folder) == 0;
    json_decref(fields);
  }
  g_autofree char *quoted = g_shell_quote(folder ? folder : "");
  return g_strdup_printf("renkei db backup --to %s --keep %u", quoted, keep);
}

/* Copies are of the whole file: its first office has noted them. */
static RkStatus add_backups(Certificate *certificate, RkDiags *diags) {
  const RkDesk *desk = certificate->desk;
  g_autoptr(RkDesk) first = NULL;
  g_autoptr(GPtrArray) all = NULL;
  RkStatus status = desk->founding || !desk->path
                        ? RK_OK
                        : desk_open_first(&first, desk->site, desk->path, desk->operator_, diags);
  if (status == RK_OK)
    status = store_load_register(first ? first->store : desk->store, REGISTER_BACKUP, NULL, &all, diags);
  for (guint i = 0; status == RK_OK && i < all->len; i++) {
    const StoreRegister *copy = all->pdata[i];
    json_t *fields = json_loads(copy->fields, 0, NULL);
    g_autofree char *made = time_to_iso(copy->since);
    if (holds(certificate, copy, text_of(fields, "entries"))) {
      g_autofree char *command = removal(all, copy, text_of(fields, "folder"));
      table_row(certificate->backups, copy->key, text_of(fields, "folder"), made, command);
    }
    json_decref(fields);
  }
  return status;
}

/* ----------------------------------------------------------------------- the whole */

static RkTable *originals_table(void) {
  RkTable *table = table_new("originals", _("Papers that their holders destroy"));
  table_column(table, "case", _("Case"), RK_COLUMN_TEXT);
  table_column(table, "form", _("Form"), RK_COLUMN_TEXT);
  table_column(table, "title", _("Title"), RK_COLUMN_TEXT);
  table_column(table, "kind", _("Exemplar"), RK_COLUMN_TEXT);
  table_column(table, "holder_title", _("Held by"), RK_COLUMN_TEXT);
  return table;
}

static RkTable *by_hand_table(void) {
  RkTable *table = table_new("by_hand", _("Register entries that stay: the office wrote them by hand"));
  table_column(table, "case", _("With a key of the case"), RK_COLUMN_TEXT);
  table_column(table, "register", _("Register"), RK_COLUMN_TEXT);
  table_column(table, "entries", _("Entries"), RK_COLUMN_NUMBER);
  return table;
}

static RkTable *backups_table(void) {
  RkTable *table =
      table_new("backups", _("Copies that still hold it, until they are removed"));
  table_column(table, "file", _("File"), RK_COLUMN_TEXT);
  table_column(table, "folder", _("Folder"), RK_COLUMN_TEXT);
  table_column(table, "made", _("Made"), RK_COLUMN_TIME);
  table_column(table, "remove", _("What removes it"), RK_COLUMN_TEXT);
  return table;
}

RkStatus certificate_tables(RkDesk *desk, const char *id, GPtrArray **out, RkDiags *diags) {
  json_t *entry = desk_register_entry(desk, REGISTER_DISPOSAL, id);
  *out = NULL;
  if (!entry)
    return diags_fail(diags, RK_NOT_FOUND, DIAG_DISPOSE_UNKNOWN, NULL, id, NULL);
  g_autoptr(GPtrArray) tables = g_ptr_array_new_with_free_func((GDestroyNotify)rk_table_free);
  Certificate certificate = {desk, disposal_table(desk, id, entry), cases_table(), originals_table(),
                             by_hand_table(), backups_table(), G_MAXINT64};
  RkTable *const all[] = {certificate.disposal, certificate.cases, certificate.originals,
                          certificate.by_hand, certificate.backups};
  for (guint i = 0; i < G_N_ELEMENTS(all); i++)
    g_ptr_array_add(tables, all[i]);
  g_auto(GStrv) numbers =
      g_strsplit(text_of(json_object_get(entry, "fields"), "cases"), " ", -1);
  json_decref(entry);
  RkStatus status = RK_OK;
  for (guint i = 0; numbers[i] && status == RK_OK; i++)
    status = add_case(&certificate, numbers[i], diags);
  if (status == RK_OK)
    status = add_backups(&certificate, diags);
  if (status == RK_OK)
    *out = g_steal_pointer(&tables);
  return status;
}

RkStatus certificate_document(RkDesk *desk, const char *id, GBytes **out, RkDiags *diags) {
  g_autoptr(GPtrArray) tables = NULL;
  RkStatus status = certificate_tables(desk, id, &tables, diags);
  if (status != RK_OK)
    return status;
  g_autofree char *title = g_strdup_printf("%s %s", _("Certificate of disposal"), id);
  GString *page = document_html(title);
  document_paragraph(page, _("What these cases held was erased from the database. Their numbers, "
                             "times and hashes stay, so that the journal can still be checked. "
                             "This certificate holds no personal data."));
  for (guint i = 0; i < tables->len; i++) {
    const RkTable *table = tables->pdata[i];
    if (rk_table_rows(table))
      document_heading(page, 2, rk_table_title(table));
    document_table(page, table, NULL);
  }
  document_paragraph(page, _("Proposed by: ____________________　Approved by: ____________________"));
  char *html = document_html_end(page);
  *out = g_bytes_new_take(html, strlen(html));
  return RK_OK;
}
