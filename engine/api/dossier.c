/* SPDX-License-Identifier: Apache-2.0 */
/* dossier.c - see dossier.h. Made of the same tables that the commands show. */
#include "api/dossier.h"

#include "api/document.h"
#include "base/date.h"
#include "base/table.h"
#include "base/words.h"
#include "case/checkpoint.h"
#include "case/replay.h"
#include "case/scans.h"

#include <string.h>

typedef struct {
  RkDesk *desk;
  Pack *pack;
  const DossierOptions *options;
  CaseFile *file;
  GString *page;      /* index.html */
  GPtrArray *entries; /* StoreJournal of the case */
  gboolean printed;   /* the printing module has worked so far */
} Dossier;

static void dossier_clear(Dossier *dossier) {
  g_clear_pointer(&dossier->file, casefile_free);
  g_clear_pointer(&dossier->entries, g_ptr_array_unref);
  if (dossier->page)
    g_string_free(dossier->page, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Dossier, dossier_clear)

static char *path_of(const Dossier *dossier, const char *name) {
  return g_strconcat(dossier->options->folder, name, NULL);
}

static void add_text(Dossier *dossier, const char *name, const char *text) {
  g_autofree char *path = path_of(dossier, name);
  pack_add_text(dossier->pack, path, text);
}

/* A table as NAME.csv and NAME.json. */
static void add_table(Dossier *dossier, const char *name, const RkTable *table) {
  g_autofree char *csv = document_csv(table), *json = document_json(table);
  g_autofree char *csv_name = g_strconcat(name, ".csv", NULL);
  g_autofree char *json_name = g_strconcat(name, ".json", NULL);
  add_text(dossier, csv_name, csv);
  add_text(dossier, json_name, json);
}

/* ----------------------------------------------------------------- the tables */

static void show_table(Dossier *dossier, const RkTable *table, const char *keys) {
  if (!rk_table_rows(table))
    return;
  document_heading(dossier->page, 2, rk_table_title(table));
  document_table(dossier->page, table, keys);
}

/* What can happen next is the business of the desk, not of the reader. */
static const char *keys_of(const char *id) {
  static const char *const shown[][2] = {
      {"case", "number title label state_title closed opened updated"},
      {"papers", "code title state filled_by"},
      {"transmissions", "form title from_title to_title channel direction state"},
      {"timers", "event due"},
      {"linked", "number title relation state_title closed"}};
  for (guint i = 0; i < G_N_ELEMENTS(shown); i++)
    if (g_str_equal(shown[i][0], id))
      return shown[i][1];
  return NULL;
}

static RkStatus add_case(Dossier *dossier, RkDiags *diags) {
  RkDesk *desk = dossier->desk;
  g_autoptr(GPtrArray) tables = NULL;
  g_autoptr(RkTable) custody = NULL;
  const char *number = dossier->file->record->number;
  RkStatus status = rk_case_show(desk, number, desk->now, &tables, diags);
  if (status == RK_OK)
    status = rk_custody(desk, number, NULL, NULL, &custody, diags);
  if (status != RK_OK)
    return status;
  g_autoptr(GString) json = g_string_new("{\n");
  for (guint i = 0; i < tables->len; i++) {
    const RkTable *table = tables->pdata[i];
    g_autofree char *rows = document_json(table);
    g_string_append_printf(json, "%s\"%s\": %s", i ? ",\n" : "", rk_table_id(table),
                           g_strchomp(rows));
    if (keys_of(rk_table_id(table)))
      show_table(dossier, table, keys_of(rk_table_id(table)));
  }
  g_string_append(json, "\n}\n");
  add_text(dossier, "case.json", json->str);
  show_table(dossier, custody, "paper code kind holder_title since");
  return RK_OK;
}

/* --------------------------------------------------------------------- papers */

/* A paper as it would be printed; where that cannot be, the bundle is complete without it. */
static void add_printed(Dossier *dossier, const char *reference, const char *name,
                        RkFormat format, const char *suffix) {
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(RkDiags) unsaid = rk_diags_new();
  g_autofree char *file = g_strconcat(name, suffix, NULL), *path = path_of(dossier, file);
  if (!dossier->options->with_printed ||
      rk_form_print(dossier->desk, dossier->file->record->number, reference, format, &bytes,
                    unsaid) != RK_OK)
    return;
  pack_add(dossier->pack, path, bytes);
  document_link(dossier->page, file, file);
}

/* As the paper shows it: the words of what was chosen. g_free. */
static char *value_for_people(Form *form, const FormField *field, const char *text) {
  GString *out = g_string_new(NULL);
  g_auto(GStrv) chosen = g_strsplit(text ? text : "", field->type == FIELD_MULTI ? " " : "\n", -1);
  for (guint i = 0; chosen[i]; i++) {
    const char *value = NULL, *label = NULL, *found = chosen[i];
    for (guint k = 0; (field->type == FIELD_CHOICE || field->type == FIELD_MULTI) &&
                      form_choice(form, field->table, field->id, k, &value, &label); k++)
      found = g_str_equal(value, chosen[i]) && label ? label : found;
    g_string_append_printf(out, "%s%s", i ? (field->type == FIELD_MULTI ? ", " : "\n") : "", found);
  }
  return g_string_free(out, FALSE);
}

static RkTable *values_table(Form *form, const FormData *data) {
  RkTable *table = table_new("values", form_title(form));
  table_column(table, "label", _("Label"), RK_COLUMN_TEXT);
  table_column(table, "path", _("Field"), RK_COLUMN_TEXT);
  table_column(table, "value", _("Value"), RK_COLUMN_TEXT);
  for (guint i = 0; i < form_n_fields(form); i++) {
    FormField field = form_field(form, i);
    guint rows = field.table ? form_data_rows(data, field.table) : 1;
    for (guint row = 1; row <= rows; row++) {
      g_autofree char *path = field.table ? g_strdup_printf("%s[%u].%s", field.table, row, field.id)
                                          : g_strdup(field.id);
      g_autofree char *value = value_for_people(form, &field, form_data_get(data, path));
      if (*value)
        table_row(table, field.label, path, value);
    }
  }
  return table;
}

static void add_paper(Dossier *dossier, guint index) {
  const StorePaper *paper = dossier->file->papers->pdata[index];
  Form *form = bundle_form(dossier->file->bundle, paper->form);
  g_autofree char *reference = papers_reference(paper);
  g_autofree char *name = g_strdup_printf("papers/%02u-%s", index + 1, paper->form);
  g_autofree char *title =
      g_strconcat(form_printed_code(form), " ", form_title(form), *paper->key ? " " : "",
                  paper->key, NULL);
  g_autoptr(FormData) data = papers_data(dossier->file, paper);
  g_autoptr(RkTable) values = values_table(form, data);
  document_heading(dossier->page, 3, title);
  document_table(dossier->page, values, NULL);
  if (paper->data) {
    g_autofree char *file = g_strconcat(name, ".xml", NULL), *path = path_of(dossier, file);
    pack_add(dossier->pack, path, paper->data);
    document_link(dossier->page, file, file);
  }
  add_printed(dossier, reference, name, RK_FORMAT_HTML, ".html");
  add_printed(dossier, reference, name, RK_FORMAT_PDF, ".pdf");
}

static void add_papers(Dossier *dossier) {
  if (dossier->file->papers->len)
    document_heading(dossier->page, 2, _("What the papers say"));
  for (guint i = 0; i < dossier->file->papers->len; i++)
    add_paper(dossier, i);
}

/* ----------------------------------------------------------------- as received */

static RkStatus add_scan(RkDesk *desk, Pack *pack, GString *page, const Scan *scan,
                         const char *folder, RkDiags *diags) {
  g_autoptr(StorePicture) picture = NULL;
  g_autofree char *name = g_strdup_printf("received/%s.png", scan->id);
  g_autofree char *path = g_strconcat(folder, name, NULL);
  g_autofree char *sheet = scan->pages ? g_strdup_printf(" %u/%u", scan->page, scan->pages) : g_strdup("");
  g_autofree char *text = g_strdup_printf("%s %s%s", name, scan->form ? scan->form : "", sheet);
  RkStatus status = store_load_picture(desk->store, scan->id, &picture, diags);
  if (status != RK_OK)
    return status;
  pack_add(pack, path, picture->bytes);
  document_link(page, name, text);
  return RK_OK;
}

RkStatus dossier_add_scans(RkDesk *desk, Pack *pack, GString *page, const DossierPages *pages,
                           RkDiags *diags) {
  g_autoptr(GPtrArray) scans = NULL;
  guint before = pack_count(pack);
  RkStatus status = scans_beside(desk, pages->case_id, &scans, diags);
  for (guint i = 0; status == RK_OK && i < scans->len; i++) {
    if (pages->wanted && !pages->wanted(scans->pdata[i], pages->user))
      continue;
    if (pack_count(pack) == before)
      document_heading(page, 2, _("Pages as they came"));
    status = add_scan(desk, pack, page, scans->pdata[i], pages->folder, diags);
  }
  return status;
}

/* ------------------------------------------------------------------ registers */

static RkStatus add_written(const Dossier *dossier, gint64 seq, RkTable *table, RkDiags *diags) {
  g_autoptr(GPtrArray) rows = NULL;
  g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, seq);
  RkStatus status = store_history_between(dossier->desk->store, seq, seq, &rows, diags);
  for (guint i = 0; status == RK_OK && i < rows->len; i++) {
    const StoreRegister *row = rows->pdata[i];
    g_autofree char *since = time_to_iso(row->since);
    table_row(table, row->name, row->key, *row->state ? row->state : "undone", since, number, row->fields);
  }
  return status;
}

static RkStatus add_registers(Dossier *dossier, RkDiags *diags) {
  g_autoptr(RkTable) table = table_new("registers", _("What the case wrote in registers"));
  RkStatus status = RK_OK;
  table_column(table, "register", _("Register"), RK_COLUMN_TEXT);
  table_column(table, "key", _("Key"), RK_COLUMN_TEXT);
  table_column(table, "state", _("State"), RK_COLUMN_TEXT);
  table_column(table, "since", _("Since"), RK_COLUMN_TIME);
  table_column(table, "seq", _("Journal No."), RK_COLUMN_NUMBER);
  table_column(table, "fields", _("Fields"), RK_COLUMN_TEXT);
  for (guint i = 0; status == RK_OK && i < dossier->entries->len; i++)
    status = add_written(dossier, ((StoreJournal *)dossier->entries->pdata[i])->seq, table, diags);
  if (status != RK_OK)
    return status;
  add_table(dossier, "registers", table);
  show_table(dossier, table, NULL);
  return RK_OK;
}

/* -------------------------------------------------------------------- journal */

/* An entry in words, beside the bytes that are hashed. */
static char *entry_json(const StoreJournal *entry) {
  gsize length = 0;
  const char *text = entry->body ? g_bytes_get_data(entry->body, &length) : "";
  g_autofree char *commit = hash_to_hex(&entry->body_commit), *hash = hash_to_hex(&entry->hash);
  g_autofree char *previous = hash_to_hex(&entry->previous);
  g_autofree char *happened = time_to_iso(entry->happened), *entered = time_to_iso(entry->entered);
  json_t *body = json_loadb(text, length, 0, NULL);
  json_t *object = json_pack(
      "{s:I, s:s?, s:I, s:s, s:s, s:s, s:s?, s:s, s:s?, s:s?, s:s?, s:s?, s:s, s:o?, s:s, s:s, s:s}",
      "seq", (json_int_t)entry->seq, "case_id", entry->case_id, "revision",
      (json_int_t)entry->revision, "happened", happened, "entered", entered, "operator",
      entry->operator_, "actor", entry->actor, "kind", entry->kind, "event", entry->event,
      "evidence", replay_words(entry, body, "evidence"), "why", replay_words(entry, body, "why"), "bundle", entry->bundle, "request_id",
      entry->request_id, "body", body, "body_commit", commit, "previous", previous, "hash", hash);
  char *dumped = json_dumps(object, JSON_INDENT(1));
  char *lines = g_strconcat(dumped, "\n", NULL);
  json_decref(object);
  g_free(dumped);
  return lines;
}

/* What the chain says the hashes are: the sums are not made from the files. */
static void add_entry(Dossier *dossier, const StoreJournal *entry, GString *sums) {
  g_autofree char *base = g_strdup_printf("%06" G_GINT64_FORMAT, entry->seq);
  g_autofree char *header = g_strdup_printf("%sjournal/%s.header", dossier->options->folder, base);
  g_autofree char *body = g_strdup_printf("%sjournal/%s.body", dossier->options->folder, base);
  g_autofree char *words = g_strdup_printf("journal/%s.json", base);
  g_autofree char *json = entry_json(entry), *hash = hash_to_hex(&entry->hash);
  g_autofree char *commit = hash_to_hex(&entry->body_commit);
  g_autoptr(GBytes) header_bytes = store_journal_header_bytes(entry);
  g_autoptr(GBytes) body_bytes = store_journal_body_bytes(entry);
  pack_add(dossier->pack, header, header_bytes);
  g_string_append_printf(sums, "%s  %s.header\n", hash, base);
  add_text(dossier, words, json);
  if (!body_bytes)
    return;
  pack_add(dossier->pack, body, body_bytes);
  g_string_append_printf(sums, "%s  %s.body\n", commit, base);
}

static RkStatus add_journal(Dossier *dossier, RkDiags *diags) {
  g_autoptr(RkTable) log = NULL;
  g_autoptr(GString) sums = g_string_new(NULL);
  RkStatus status = rk_case_log(dossier->desk, dossier->file->record->number, 0, &log, diags);
  if (status != RK_OK)
    return status;
  add_table(dossier, "log", log);
  show_table(dossier, log, "seq happened entered operator actor_title kind title evidence why");
  for (guint i = 0; i < dossier->entries->len; i++)
    add_entry(dossier, dossier->entries->pdata[i], sums);
  add_text(dossier, "journal/SHA256SUMS", sums->str);
  return RK_OK;
}

/* ------------------------------------------------------------------- requests */

/* What was answered, a line each: "send, form, receiver, state". The fingerprints beside it say nothing to people.
 * g_free. */
static char *answer_words(const char *result) {
  json_t *answer = json_loads(result, 0, NULL);
  const json_t *list = json_object_get(answer, "happenings");
  g_autoptr(GString) words = g_string_new(NULL);
  for (size_t i = 0; i < json_array_size(list); i++) {
    g_auto(GStrv) parts = g_strsplit(json_string_value(json_array_get(list, i)), "\t", -1);
    g_autofree char *line = g_strjoinv(", ", parts);
    g_string_append_printf(words, "%s%s", i ? "\n" : "", line);
  }
  json_decref(answer);
  return g_strdup(words->str);
}

/* What is kept of each, for whoever asks again under its id. */
static RkStatus add_requests(Dossier *dossier, RkDiags *diags) {
  g_autoptr(RkTable) table = table_new("requests", _("Requests and what they were answered"));
  RkStatus status = RK_OK;
  table_column(table, "seq", _("No."), RK_COLUMN_NUMBER);
  table_column(table, "id", _("Id"), RK_COLUMN_TEXT);
  table_column(table, "answer", _("Answer"), RK_COLUMN_TEXT);
  for (guint i = 0; i < dossier->entries->len && status == RK_OK; i++) {
    const StoreJournal *entry = dossier->entries->pdata[i];
    g_autofree char *seq = g_strdup_printf("%" G_GINT64_FORMAT, entry->seq), *result = NULL;
    status = store_find_request(dossier->desk->store, entry->request_id, &result, diags);
    g_autofree char *words = result ? answer_words(result) : NULL;
    if (result)
      table_row(table, seq, entry->request_id, words);
  }
  if (status == RK_OK)
    add_table(dossier, "requests", table);
  return status;
}

/* ------------------------------------------------------------------ procedure */

static RkStatus add_procedure(Dossier *dossier, RkDiags *diags) {
  g_autoptr(GPtrArray) blobs = NULL;
  const char *bundle = bundle_hash(dossier->file->bundle);
  if (!dossier->options->with_procedure)
    return RK_OK;
  RkStatus status = bundle_read(&blobs, dossier->desk->store, bundle, diags);
  if (status != RK_OK)
    return status;
  gsize length = 0;
  const char *text = g_bytes_get_data(blobs->pdata[0], &length);
  g_autofree char *manifest = g_strndup(text, length);
  g_auto(GStrv) lines = g_strsplit(manifest, "\n", -1);
  add_text(dossier, "procedure/SHA256SUMS", manifest);
  for (guint i = 0; lines[i] && i + 1 < blobs->len; i++) {
    const char *name = lines[i] + HASH_SIZE * 2 + 2;
    g_autofree char *path = g_strdup_printf("%sprocedure/%s", dossier->options->folder, name);
    if (strlen(path) < 100)
      pack_add(dossier->pack, path, blobs->pdata[i + 1]);
  }
  return RK_OK;
}

/* ------------------------------------------------------------------ the whole */

RkStatus dossier_add(RkDesk *desk, Pack *pack, const char *number, const DossierOptions *options,
                     RkDiags *diags) {
  g_auto(Dossier) dossier = {.desk = desk, .pack = pack, .options = options};
  RkStatus status = casefile_load(&dossier.file, desk, number, diags);
  if (status == RK_OK)
    status = store_load_journal(desk->store, dossier.file->record->id, 0, 0, &dossier.entries, diags);
  if (status != RK_OK)
    return status;
  g_autofree char *title = g_strdup_printf("%s %s", _("Case"), dossier.file->record->number);
  dossier.page = document_html(title);
  status = add_case(&dossier, diags);
  if (status == RK_OK)
    add_papers(&dossier);
  const DossierPages pages = {dossier.file->record->id, options->folder, NULL, NULL};
  if (status == RK_OK)
    status = dossier_add_scans(desk, pack, dossier.page, &pages, diags);
  if (status == RK_OK)
    status = add_registers(&dossier, diags);
  if (status == RK_OK)
    status = add_journal(&dossier, diags);
  if (status == RK_OK)
    status = add_requests(&dossier, diags);
  if (status == RK_OK)
    status = add_procedure(&dossier, diags);
  if (status != RK_OK)
    return status;
  document_heading(dossier.page, 2, _("How to check this bundle"));
  document_paragraph(dossier.page, _("README.txt says how to check with sha256sum that nothing in "
                                     "this bundle was changed."));
  g_autofree char *html = document_html_end(g_steal_pointer(&dossier.page));
  add_text(&dossier, "index.html", html);
  return RK_OK;
}

static const char readme[] =
    "この束の読み方 / How to read this bundle\n"
    "\n"
    "index.html をブラウザで開くと、全部を読むことができます。ほかのソフトは要りません。\n"
    "Open index.html in any browser. Nothing else is needed.\n"
    "\n"
    "改変がないことの確かめ方 / How to check that nothing was changed\n"
    "\n"
    "  sha256sum -c SHA256SUMS                       全ファイル / every file\n"
    "  cd journal && sha256sum -c SHA256SUMS         記録の鎖 / the journal's chain\n"
    "  cd procedure && sha256sum -c SHA256SUMS       手続と様式 / procedure and forms\n"
    "\n"
    "journal/NNNNNN.header は記録 1 件の見出し、.body は内容で、その SHA-256 が記録の鎖に\n"
    "書かれた値です。どの項目の前にも長さ (8 バイト、上位が先) があり、値のない項目は ff が\n"
    "8 つです。見出しの項目は順に: \"case-journal-v1\"、前の記録のハッシュ、通し番号、事案の識別子、\n"
    "事案の改訂番号、起きた時刻、入力の時刻 (1970年からのマイクロ秒)、入力者、行為者、種類、\n"
    "事象、根拠、理由、手続、要求の識別子、内容のハッシュ。内容の項目は: \"journal-body-v1\"、\n"
    "16 バイトの乱数、JSON。内容のハッシュは .body の SHA-256、前の記録のハッシュは、通し番号が\n"
    "1 つ小さい記録の .header の SHA-256 です。紙の脚注、checkpoint-*.txt の値とも比べられます。\n"
    "\n"
    "journal/NNNNNN.header is the header of an entry and .body its content; their SHA-256 is what the\n"
    "chain says. Before every field stands its length (8 bytes, highest first); an absent text is 8\n"
    "bytes ff. Fields of a header: \"case-journal-v1\", the hash of the entry before, number, case id,\n"
    "revision, happened, entered (microseconds since 1970), operator, actor, kind, event, evidence,\n"
    "reason, procedure, request id, hash of the content. Fields of a content: \"journal-body-v1\", 16\n"
    "random bytes, JSON. The hash of the content is the SHA-256 of .body, the hash of the entry before\n"
    "that of the .header whose number is one less. Footers of printed papers and checkpoint-*.txt say\n"
    "the same hashes. Entries of other cases are not in this bundle.\n";

RkStatus dossier_finish(RkDesk *desk, Pack *pack, RkDiags *diags) {
  g_autoptr(GPtrArray) all = NULL;
  RkStatus status = store_load_register(desk->store, REGISTER_CHECKPOINT, NULL, &all, diags);
  if (status != RK_OK)
    return status;
  for (guint i = 0; i < all->len; i++) {
    const StoreRegister *entry = all->pdata[i];
    json_t *fields = json_loads(entry->fields, 0, NULL);
    const char *text = json_string_value(json_object_get(fields, "text"));
    g_autofree char *name = g_strdup_printf("checkpoint-%s.txt", entry->key);
    if (text)
      pack_add_text(pack, name, text);
    json_decref(fields);
  }
  pack_add_text(pack, "README.txt", readme);
  g_autofree char *sums = pack_sums(pack, "");
  pack_add_text(pack, "SHA256SUMS", sums);
  return RK_OK;
}
