/* SPDX-License-Identifier: Apache-2.0 */
/* paper.c - the public calls about the papers of a case. */
#include "api/faxplan.h"
#include "api/print.h"
#include "base/date.h"
#include "base/papercode.h"
#include "base/table.h"
#include "base/xml.h"
#include "base/words.h"
#include "case/replay.h"
#include "case/deliver.h"
#include "case/identity.h"
#include "case/pagekeys.h"

#include <string.h>

/* A case opened for reading one of its papers. */
typedef struct {
  CaseFile *file;
  Form *form;         /* borrowed */
  StorePaper *paper;  /* borrowed; NULL while the case has none */
  FormData *data;
  char *reference;    /* how the paper is named */
} Reading;

static void reading_clear(Reading *reading) {
  form_data_free(reading->data);
  g_free(reading->reference);
  casefile_free(reading->file);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reading, reading_clear)

static RkStatus read_paper(RkDesk *desk, const char *number, const char *reference, Reading *out,
                           RkDiags *diags) {
  g_autofree char *code = paper_code(reference);
  out->reference = g_strdup(reference);
  RkStatus status = desk_read(desk, "form", number, code, diags);
  if (status == RK_OK)
    status = casefile_load(&out->file, desk, number, diags);
  if (status != RK_OK)
    return status;
  out->form = bundle_form(out->file->bundle, code);
  if (!out->form) {
    g_autoptr(GString) known = g_string_new(NULL);
    const GPtrArray *forms = bundle_forms(out->file->bundle);
    for (guint i = 0; i < forms->len; i++)
      g_string_append_printf(known, "%s%s", i ? ", " : "", form_code(forms->pdata[i]));
    return diags_fail(diags, RK_NOT_FOUND, DIAG_FORM_NOT_USED, NULL, code, known->str, NULL);
  }
  out->paper = papers_named(out->file, reference);
  out->data = out->paper ? papers_data(out->file, out->paper) : form_data_new(out->form);
  return RK_OK;
}

/* ------------------------------------------------------------------- values */

static void add_value_row(RkTable *table, const FormField *field, guint row, const FormData *data) {
  g_autofree char *path = field->table ? g_strdup_printf("%s[%u].%s", field->table, row, field->id)
                                       : g_strdup(field->id);
  table_row(table, path, field->label, field->type_name, field->required ? "yes" : "no",
            form_data_get(data, path), field->hint);
}

RkStatus rk_form_values(RkDesk *desk, const char *number, const char *code, RkTable **out,
                        RkDiags *diags) {
  g_auto(Reading) reading = {0};
  *out = NULL;
  RkStatus status = read_paper(desk, number, code, &reading, diags);
  if (status != RK_OK)
    return status;
  RkTable *table = *out = table_new("values", form_title(reading.form));
  table_column(table, "path", _("Field"), RK_COLUMN_TEXT);
  table_column(table, "label", _("Label"), RK_COLUMN_TEXT);
  table_column(table, "type", _("Type"), RK_COLUMN_TEXT);
  table_column(table, "required", _("Required"), RK_COLUMN_BOOL);
  table_column(table, "value", _("Value"), RK_COLUMN_TEXT);
  table_column(table, "hint", _("Hint"), RK_COLUMN_TEXT);
  for (guint i = 0; i < form_n_fields(reading.form); i++) {
    FormField field = form_field(reading.form, i);
    guint rows = field.table ? form_data_rows(reading.data, field.table) : 1;
    for (guint row = 1; row <= rows; row++)
      add_value_row(table, &field, row, reading.data);
  }
  return RK_OK;
}

RkStatus rk_form_text(RkDesk *desk, const char *number, const char *code, char **out,
                      RkDiags *diags) {
  g_auto(Reading) reading = {0};
  *out = NULL;
  RkStatus status = read_paper(desk, number, code, &reading, diags);
  if (status == RK_OK)
    *out = form_data_write_text(reading.data);
  return status;
}

/* ------------------------------------------------------------------ changes */

static RkStatus warn_of_duplicates(RkDesk *desk, const Reading *reading, json_t *args,
                                   RkDiags *diags) {
  g_autoptr(GPtrArray) people = identity_of_values(reading->form, reading->data);
  g_auto(IdentityFound) found = {0};
  RkStatus status = identity_find(desk, people, reading->file->record->procedure,
                                  reading->file->record->id, &found, diags);
  if (status == RK_OK)
    identity_warn(&found, args, diags);
  return status;
}

RkStatus rk_form_fill(RkDesk *desk, const RkRequest *request, const char *number, const char *code,
                      const char *text, const char *name, char **out_state, RkDiags *diags) {
  g_auto(Reading) reading = {0};
  g_auto(Delivered) delivered = {0};
  *out_state = NULL;
  RkStatus status = read_paper(desk, number, code, &reading, diags);
  if (status == RK_OK)
    status = form_data_read_text(reading.data, text, name, diags);
  if (status != RK_OK)
    return status;
  g_autoptr(GBytes) values = form_data_save(reading.data);
  json_t *args = json_pack("{s:s, s:s#}", "form", code, "values",
                           (const char *)g_bytes_get_data(values, NULL),
                           (int)g_bytes_get_size(values));
  json_t *asked = json_string(text);
  Deed deed = {.kind = "fill", .event = code, .args = args, .asked = asked};
  status = warn_of_duplicates(desk, &reading, args, diags);
  if (status == RK_OK)
    status = deliver_deed(desk, request, number, &deed, &delivered, diags);
  json_decref(asked);
  json_decref(args);
  *out_state = g_steal_pointer(&delivered.state);
  return status;
}

RkStatus rk_form_event(RkDesk *desk, const RkRequest *request, const char *number,
                       const char *form, const char *event, RkDiags *diags) {
  g_auto(Delivered) delivered = {0};
  json_t *args = json_pack("{s:s, s:s}", "form", form, "event", event);
  g_autofree char *name = g_strdup_printf("%s.%s", form, event);
  RkStatus status = deliver(desk, request, number, "paper", name, args, &delivered, diags);
  json_decref(args);
  return status;
}

/* ----------------------------------------------------------------- printing */

/* Which of several papers of one form it is, from 1; 0 where a case has only one. */
static guint paper_ordinal(const Reading *reading) {
  guint ordinal = 0;
  const GPtrArray *papers = reading->file->papers;
  if (!reading->paper || !*reading->paper->key)
    return 0;
  for (guint i = 0; i < papers->len; i++) {
    const StorePaper *paper = papers->pdata[i];
    ordinal += g_strcmp0(paper->form, reading->paper->form) == 0;
    if (paper == reading->paper)
      return ordinal;
  }
  return ordinal;
}

/* "R8-0012/fj-3-2": case, form, version; "R8-0012/fj-3.4-2": the fourth of that form. The party's
 * name does not stand in it. */
static char *paper_number(const Reading *reading) {
  guint ordinal = paper_ordinal(reading);
  g_autofree char *which = ordinal ? g_strdup_printf(".%u", ordinal) : g_strdup("");
  return g_strdup_printf("%s/%s%s-%" G_GINT64_FORMAT, reading->file->record->number,
                         form_code(reading->form), which,
                         reading->paper ? reading->paper->version : 0);
}

/* What is frozen with a version of a paper: the journal's head of the moment before it was made,
 * and when that was. A reprint gives the same bytes, whatever happened since. */
typedef struct {
  char *head; /* sequence and the first 16 hex digits */
  gint64 made; /* the entry that made it */
  gint64 time;
} Frozen;

static void frozen_clear(Frozen *frozen) {
  g_free(frozen->head);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Frozen, frozen_clear)

/* Filled in, or given another version because something was taken back. */
static gboolean makes_version(const StoreJournal *entry, const Reading *reading) {
  gboolean fill = g_str_equal(entry->kind, "fill");
  if (!fill && !g_str_equal(entry->kind, "undo"))
    return FALSE;
  json_t *body = replay_body(entry);
  const json_t *args = json_object_get(body, "args");
  const char *form = json_string_value(json_object_get(args, "form"));
  const json_t *versions = json_object_get(args, "versions");
  gboolean made = fill ? g_strcmp0(form, reading->reference) == 0
                       : reading->paper && json_object_get(versions, reading->paper->id);
  json_decref(body);
  return made;
}

/* The last entry that changed the paper; for one never filled in, the opening of the case. */
static RkStatus freeze(RkDesk *desk, const Reading *reading, Frozen *out, RkDiags *diags) {
  g_autoptr(GPtrArray) entries = NULL;
  RkStatus status =
      store_load_journal(desk->store, reading->file->record->id, 0, 0, &entries, diags);
  const StoreJournal *made = NULL;
  for (guint i = 0; status == RK_OK && i < entries->len; i++)
    if (i == 0 || makes_version(entries->pdata[i], reading))
      made = entries->pdata[i];
  if (!made)
    return status;
  g_autofree char *hex = hash_to_hex(&made->previous);
  out->head = g_strdup_printf("%" G_GINT64_FORMAT " %.16s", made->seq - 1, hex);
  out->made = made->seq;
  out->time = made->happened;
  return RK_OK;
}

/* HTML has no pages, and FO leaves their codes to whoever formats it. */
static gboolean has_pages(RkFormat format) {
  return format != RK_FORMAT_HTML && format != RK_FORMAT_FO;
}

RkStatus rk_form_print(RkDesk *desk, const char *number, const char *code, RkFormat format,
                       GBytes **out, RkDiags *diags) {
  return paper_print(desk, number, code, format, FALSE, NULL, out, diags);
}

/* What it is about, without what is written in it. */
static RkStatus make_cover(RkDesk *desk, const Reading *reading, const char *number,
                           const Cover *cover, xmlDoc **out, RkDiags *diags) {
  g_autofree char *checked = paper_number_checked(number);
  g_autofree char *subject = g_strdup_printf("%s　%s", form_printed_code(reading->form),
                                             form_title(reading->form));
  return cover ? cover_instance(out, desk, cover, subject, checked, diags) : RK_OK;
}

static xmlDoc *make_instance(RkDesk *desk, const Reading *reading, const char *own, const Frozen *frozen) {
  FormInstanceInfo info = {.paper_number = own,
                           .journal_head = frozen->head,
                           .mark = desk->exercise ? "【練習用】" : NULL,
                           .setting = desk_setting,
                           .user = desk};
  return form_instance(reading->form, reading->data, &info);
}

/* A FAX is what most leave as, and it is the narrowest: the codes are as they will be but for their check. */
static RkStatus lay_out(RkDesk *desk, const Reading *reading, RkDiags *diags) {
  g_auto(Frozen) frozen = {0};
  g_autoptr(GBytes) drawn = NULL;
  if (!print_is_ready(desk->site))
    return RK_OK;
  RkStatus status = freeze(desk, reading, &frozen, diags);
  if (status != RK_OK)
    return status;
  g_autofree char *own = paper_number(reading);
  g_autoptr(xmlDoc) instance = make_instance(desk, reading, own, &frozen);
  g_autofree char *head = faxplan_head(desk, frozen.time);
  const PrintHow how = {NULL, RK_FORMAT_TIFF, frozen.time, NULL, head};
  status = print_instance(desk, instance, &how, &drawn, diags);
  if (status == RK_INVALID)
    diags_add(diags, DIAG_PAPER_NOT_DRAWN, NULL, form_printed_code(reading->form),
              reading->file->record->number, reading->reference, NULL);
  return status;
}

RkStatus paper_lay_out(CaseFile *file, const char *paper, RkDiags *diags) {
  Reading reading = {.file = file};
  for (guint i = 0; i < file->papers->len && !reading.paper; i++)
    if (g_strcmp0(((StorePaper *)file->papers->pdata[i])->id, paper) == 0)
      reading.paper = file->papers->pdata[i];
  if (!reading.paper)
    return RK_OK;
  g_autoptr(FormData) data = papers_data(file, reading.paper);
  g_autofree char *reference = papers_reference(reading.paper);
  reading.form = bundle_form(file->bundle, reading.paper->form);
  reading.data = data;
  reading.reference = reference;
  return lay_out(file->desk, &reading, diags);
}

RkStatus rk_form_check(RkDesk *desk, const char *number, const char *code, RkDiags *diags) {
  g_auto(Reading) reading = {0};
  RkStatus status = read_paper(desk, number, code, &reading, diags);
  if (status != RK_OK)
    return status;
  status = form_data_check(reading.data, diags);
  RkStatus drawn = lay_out(desk, &reading, diags);
  return status == RK_OK ? drawn : status;
}

RkStatus paper_print(RkDesk *desk, const char *number, const char *code, RkFormat format,
                     gboolean sent, const Cover *cover, GBytes **out, RkDiags *diags) {
  g_auto(Reading) reading = {0};
  g_auto(Frozen) frozen = {0};
  g_autoptr(PaperKeys) keys = NULL;
  *out = NULL;
  RkStatus status = read_paper(desk, number, code, &reading, diags);
  if (status == RK_OK)
    status = freeze(desk, &reading, &frozen, diags);
  if (status == RK_OK && has_pages(format))
    status = pagekeys_read(desk, &keys, diags);
  if (status != RK_OK)
    return status;
  const PageSigner signer = {keys, frozen.made};
  g_autofree char *own = paper_number(&reading);
  g_autoptr(xmlDoc) instance = make_instance(desk, &reading, own, &frozen), first = NULL;
  status = make_cover(desk, &reading, own, cover, &first, diags);
  if (status != RK_OK)
    return status;
  g_autofree char *head = sent ? faxplan_head(desk, desk->now) : NULL;
  const PrintHow how = {first, format, frozen.time, keys ? &signer : NULL, head};
  return print_instance(desk, instance, &how, out, diags);
}

/* ------------------------------------------------------------------ custody */

static RkStatus add_custody(RkDesk *desk, RkTable *table, const StoreHeld *row, RkDiags *diags) {
  const StoreExemplar *exemplar = row->exemplar;
  const StorePaper named = {.form = row->form, .key = row->key};
  Bundle *bundle = NULL;
  RkStatus status = desk_bundle(desk, row->bundle, &bundle, diags);
  if (status != RK_OK)
    return status;
  Form *form = bundle_form(bundle, row->form);
  if (!form)
    return diags_fail(diags, RK_STORE, DIAG_DB_INVARIANT, NULL, row->form, NULL);
  g_autofree char *since = time_to_iso(exemplar->since);
  g_autofree char *reference = papers_reference(&named);
  table_row(table, row->case_number, row->form, reference, form_printed_code(form),
            *row->key ? row->key : NULL, exemplar->kind, exemplar->holder,
            bundle_role_title(bundle, exemplar->holder), since);
  return RK_OK;
}

static RkTable *custody_table(void) {
  RkTable *table = table_new("custody", _("Who holds which paper"));
  table_column(table, "case", _("Case"), RK_COLUMN_TEXT);
  table_column(table, "form", _("Form"), RK_COLUMN_TEXT);
  table_column(table, "paper", _("Form"), RK_COLUMN_TEXT);
  table_column(table, "code", _("Printed code"), RK_COLUMN_TEXT);
  table_column(table, "party", _("Party"), RK_COLUMN_TEXT);
  table_column(table, "kind", _("Exemplar"), RK_COLUMN_TEXT);
  table_column(table, "holder", _("Holder"), RK_COLUMN_TEXT);
  table_column(table, "holder_title", _("Held by"), RK_COLUMN_TEXT);
  table_column(table, "since", _("Since"), RK_COLUMN_TIME);
  return table;
}

/* The number of a case named by number or id. g_free. */
static RkStatus number_of(RkDesk *desk, const char *reference, char **number, RkDiags *diags) {
  g_autoptr(StoreCase) record = NULL;
  RkStatus status = store_load_case(desk->store, reference, &record, diags);
  if (status == RK_NOT_FOUND)
    return diags_fail(diags, status, DIAG_UNKNOWN_CASE, NULL, reference, NULL);
  *number = g_strdup(record ? record->number : NULL);
  return status;
}

/* Whether a case after the last one has something too. */
static RkStatus look_further(RkDesk *desk, StoreHeldFilter filter, const GPtrArray *rows,
                             gboolean *more, RkDiags *diags) {
  g_autoptr(GPtrArray) next = NULL;
  *more = FALSE;
  if (filter.number || !filter.limit || !rows->len)
    return RK_OK;
  filter.after = ((StoreHeld *)rows->pdata[rows->len - 1])->case_number;
  filter.limit = 1;
  RkStatus status = store_query_held(desk->store, &filter, &next, diags);
  *more = next && next->len;
  return status;
}

RkStatus rk_custody(RkDesk *desk, const char *number, const char *holder, RkPage *page,
                    RkTable **out, RkDiags *diags) {
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(RkTable) table = custody_table();
  g_autofree char *of_case = NULL;
  *out = NULL;
  RkStatus status = desk_read(desk, "custody", number, NULL, diags);
  if (status == RK_OK && number)
    status = number_of(desk, number, &of_case, diags);
  const StoreHeldFilter filter = {.number = of_case,
                                  .holder = holder,
                                  .after = page ? page->after : NULL,
                                  .limit = page ? page->limit : 0};
  if (status == RK_OK)
    status = store_query_held(desk->store, &filter, &rows, diags);
  if (status == RK_OK && page)
    status = look_further(desk, filter, rows, &page->more, diags);
  for (guint i = 0; status == RK_OK && i < rows->len; i++)
    status = add_custody(desk, table, rows->pdata[i], diags);
  if (status == RK_OK)
    *out = g_steal_pointer(&table);
  return status;
}
