/* SPDX-License-Identifier: Apache-2.0 */
/*
 * disclose.c - what is held on a person, given to that person.
 *
 * A request stands in the register "disclosure": requested, with the day it is due and references to
 * the records chosen, none of which says who it is; then answered or refused. What is given out is
 * what those records say, how papers of their cases went to others, and who looked at these cases.
 * Other people in the same papers are left out: of a table only the person's own row.
 */
#include "api/candidate.h"
#include "api/document.h"
#include "api/dossier.h"
#include "base/date.h"
#include "base/pack.h"
#include "base/table.h"
#include "base/words.h"
#include "case/again.h"
#include "case/retention.h"

#include <string.h>


/* ------------------------------------------------------------------------ asking */

RkStatus rk_disclose_find(RkDesk *desk, const char *text, const char *register_, RkTable **out,
                          RkDiags *diags) {
  g_autoptr(GPtrArray) candidates = NULL;
  *out = NULL;
  RkStatus status = desk_read(desk, "disclose find", NULL, NULL, diags);
  if (status == RK_OK)
    status = candidates_find(desk, text, register_, &candidates, diags);
  if (status == RK_OK)
    *out = candidates_table(candidates);
  return status;
}

static RkStatus due_day(RkDesk *desk, const RkRequest *request, const char *due, Day *out,
                        RkDiags *diags) {
  Duration period;
  g_autofree char *set = due ? NULL : desk_setting(desk, "disclosure.period");
  if (due)
    return day_parse(out, due, FALSE, diags);
  if (!set)
    return diags_fail(diags, RK_INVALID, DIAG_DISCLOSE_DUE, NULL, NULL);
  if (!retention_read_period(set, &period, NULL))
    return diags_fail(diags, RK_INVALID, DIAG_DISPOSE_SETTING, NULL, "disclosure.period", set, NULL);
  *out = day_add(day_of_time(request->now), period.years, period.months, period.days);
  return RK_OK;
}

static void add_case(GString *cases, const char *number) {
  g_auto(GStrv) known = g_strsplit(cases->str, " ", -1);
  if (number && !g_strv_contains((const char *const *)known, number))
    g_string_append_printf(cases, "%s%s", cases->len ? " " : "", number);
}

/* The references of the candidates chosen, by spaces; in `cases` the numbers of their cases. g_free; NULL
 * with a diagnostic. */
static char *chosen(const GPtrArray *candidates, const char *choice, GString *cases, RkDiags *diags) {
  g_autoptr(GString) text = g_string_new(NULL);
  g_auto(GStrv) words = g_strsplit(choice ? choice : "1", ",", -1);
  gboolean sure = choice ? *choice != '\0' : candidates->len == 1;
  for (guint i = 0; sure && words[i]; i++) {
    guint64 number = 0;
    if (!g_ascii_string_to_unsigned(g_strstrip(words[i]), 10, 1, candidates->len, &number, NULL)) {
      sure = FALSE;
      break;
    }
    const Candidate *candidate = candidates->pdata[number - 1];
    for (guint k = 0; k < candidate->records->len; k++) {
      const PersonRecord *record = candidate->records->pdata[k];
      g_string_append_printf(text, "%s%s", text->len ? " " : "", record->reference);
      add_case(cases, record->number);
    }
  }
  if (sure && candidates->len)
    return g_strdup(text->str);
  diags_add(diags, candidates->len ? DIAG_DISCLOSE_CHOOSE : DIAG_DISCLOSE_NOBODY, NULL, NULL);
  return NULL;
}

/* What was typed goes beside the `cases`. `files`: how many the answer has, for whoever asks again; `asked`:
 * what for. */
static RkStatus write_state(RkDesk *desk, const RkRequest *request, const char *id,
                            const char *state, const json_t *fields, const char *cases, guint files,
                            const json_t *asked, RkDiags *diags) {
  g_autofree char *result = g_strdup_printf("{\"id\": \"%s\", \"files\": %u}", id, files);
  g_autofree char *event = g_strconcat("disclosure.", state, NULL);
  g_autoptr(GPtrArray) registers =
      g_ptr_array_new_with_free_func((GDestroyNotify)store_register_free);
  g_ptr_array_add(registers,
                  desk_register_new(REGISTER_DISCLOSURE, id, state, fields, request->now));
  const OfficeChange change = {.kind = "office", .event = event, .registers = registers,
                               .result = result, .cases = cases, .asked = asked};
  return desk_change_office(desk, request, &change, diags);
}

/* What a request was answered that was made before. `id`: g_free. */
static RkStatus asked_before(RkDesk *desk, const RkRequest *request, const char *event,
                             const json_t *asked, gboolean *before, char **id, guint *files,
                             RkDiags *diags) {
  json_t *answer = NULL;
  RkStatus status = again_find_change(desk, request, "office", event, asked, &answer, diags);
  *before = answer != NULL;
  *id = g_strdup(json_string_value(json_object_get(answer, "id")));
  *files = (guint)json_integer_value(json_object_get(answer, "files"));
  json_decref(answer);
  return status;
}

/* One that is new. `held`: the references of the person meant. */
static RkStatus ask(RkDesk *desk, const RkRequest *request, const char *held, const char *cases,
                    const char *due, const json_t *asked, char **out, RkDiags *diags) {
  Day day;
  RkStatus status = due_day(desk, request, due, &day, diags);
  if (status != RK_OK)
    return status;
  g_autofree char *end = day_to_iso(day);
  g_autofree char *key = again_key(desk, request, REGISTER_DISCLOSURE, "K");
  json_t *fields = json_pack("{s:s, s:s, s:s}", "due", end, "held", held, "cases", cases);
  status = write_state(desk, request, key, "requested", fields, cases, 0, asked, diags);
  json_decref(fields);
  if (status == RK_OK)
    *out = g_steal_pointer(&key);
  return status;
}

/* Whose records are asked for is told by the references alone: a hash of a name would outlast the cases. */
RkStatus rk_disclose_open(RkDesk *desk, const RkRequest *request, const char *text,
                          const char *register_, const char *choice, const char *due, char **out,
                          RkDiags *diags) {
  g_autoptr(GPtrArray) candidates = NULL;
  gboolean before = FALSE;
  guint files = 0;
  *out = NULL;
  desk->now = request->now;
  RkStatus status = desk_read(desk, "disclose open", NULL, NULL, diags);
  if (status == RK_OK)
    status = candidates_find(desk, text, register_, &candidates, diags);
  if (status != RK_OK)
    return status;
  g_autoptr(GString) cases = g_string_new(NULL);
  g_autofree char *held = chosen(candidates, choice, cases, diags);
  if (!held)
    return candidates->len ? RK_INVALID : RK_NOT_FOUND;
  json_t *asked = json_pack("{s:s, s:s?}", "held", held, "due", due);
  status = asked_before(desk, request, "disclosure.requested", asked, &before, out, &files, diags);
  if (status == RK_OK && !before)
    status = ask(desk, request, held, cases->str, due, asked, out, diags);
  json_decref(asked);
  return status;
}

/* ------------------------------------------------------------------------ listing */

static RkTable *requests_table(void) {
  RkTable *table = table_new("disclosures", _("Disclosures asked for"));
  table_column(table, "id", _("Id"), RK_COLUMN_TEXT);
  table_column(table, "state", _("State"), RK_COLUMN_TEXT);
  table_column(table, "asked", _("Asked"), RK_COLUMN_TIME);
  table_column(table, "due", _("Due"), RK_COLUMN_TIME);
  table_column(table, "overdue", _("Past due"), RK_COLUMN_BOOL);
  return table;
}

static void add_request(RkTable *table, const StoreRegister *row, gint64 now) {
  json_t *fields = json_loads(row->fields, 0, NULL);
  const char *text = json_string_value(json_object_get(fields, "due"));
  Day day;
  if (text && day_parse(&day, text, FALSE, NULL) == RK_OK) {
    gint64 end = day_begin(day_add(day, 0, 0, 1));
    g_autofree char *due = time_to_iso(end), *asked = time_to_iso(row->since);
    gboolean open = g_str_equal(row->state, "requested");
    table_row(table, row->key, row->state, asked, due, open && end <= now ? "yes" : "no");
  }
  json_decref(fields);
}

/* Those not yet answered, or all. */
static RkStatus list(RkDesk *desk, gint64 now, gboolean all, RkTable *table, RkDiags *diags) {
  g_autoptr(GPtrArray) rows = NULL;
  RkStatus status = store_load_register(desk->store, REGISTER_DISCLOSURE, NULL, &rows, diags);
  for (guint i = 0; status == RK_OK && i < rows->len; i++)
    if (all || g_str_equal(((StoreRegister *)rows->pdata[i])->state, "requested"))
      add_request(table, rows->pdata[i], now);
  return status;
}

RkStatus rk_disclose_list(RkDesk *desk, gint64 now, gboolean all, RkTable **out, RkDiags *diags) {
  g_autoptr(RkTable) table = requests_table();
  *out = NULL;
  RkStatus status = desk_read(desk, "disclose list", NULL, NULL, diags);
  if (status == RK_OK)
    status = list(desk, now, all, table, diags);
  if (status == RK_OK)
    *out = g_steal_pointer(&table);
  return status;
}

/* ---------------------------------------------------------------------- answering */

typedef struct {
  RkDesk *desk;
  Pack *pack;
  GString *page;
  GHashTable *held;      /* references */
  GHashTable *cases;     /* numbers */
  GPtrArray *order;      /* the same, as found; borrowed */
  GHashTable *own;       /* numbers of those that are about the person */
} Answer;

static gboolean is_held(const PersonRecord *record, gpointer user) {
  return g_hash_table_contains(user, record->reference);
}

static void add_table(Answer *answer, const char *name, const RkTable *table) {
  g_autofree char *csv = document_csv(table), *json = document_json(table);
  g_autofree char *csv_name = g_strconcat(name, ".csv", NULL);
  g_autofree char *json_name = g_strconcat(name, ".json", NULL);
  pack_add_text(answer->pack, csv_name, csv);
  pack_add_text(answer->pack, json_name, json);
  document_heading(answer->page, 2, rk_table_title(table));
  document_table(answer->page, table, NULL);
  if (!rk_table_rows(table))
    document_paragraph(answer->page, _("None."));
}

static void add_records(Answer *answer, const GPtrArray *records) {
  g_autoptr(RkTable) table = table_new("held", _("What is held"));
  table_column(table, "case", _("Case"), RK_COLUMN_TEXT);
  table_column(table, "where", _("Paper, event or register"), RK_COLUMN_TEXT);
  table_column(table, "label", _("Label"), RK_COLUMN_TEXT);
  table_column(table, "value", _("Value"), RK_COLUMN_TEXT);
  table_column(table, "time", _("Since"), RK_COLUMN_TIME);
  for (guint i = 0; i < records->len; i++) {
    const PersonRecord *record = records->pdata[i];
    g_autofree char *time = time_to_iso(record->time);
    for (guint k = 0; k < record->fields->len; k += 3)
      table_row(table, record->number, record->title, record->fields->pdata[k],
                record->fields->pdata[k + 2], time);
    if (record->number && g_hash_table_add(answer->cases, record->number))
      g_ptr_array_add(answer->order, record->number);
    if (g_str_has_prefix(record->reference, "c:") && record->people->len)
      g_hash_table_add(answer->own, record->number);
  }
  add_table(answer, "held", table);
}

/* To whom papers of these cases went (provision to third parties), and how. */
static RkStatus add_transmissions(Answer *answer, RkDiags *diags) {
  g_autoptr(RkTable) table = table_new("provided", _("To whom papers went"));
  table_column(table, "case", _("Case"), RK_COLUMN_TEXT);
  table_column(table, "title", _("Paper or notice"), RK_COLUMN_TEXT);
  table_column(table, "from_title", _("From"), RK_COLUMN_TEXT);
  table_column(table, "to_title", _("To"), RK_COLUMN_TEXT);
  table_column(table, "channel", _("Channel"), RK_COLUMN_TEXT);
  table_column(table, "state", _("State"), RK_COLUMN_TEXT);
  table_column(table, "time", _("Updated"), RK_COLUMN_TIME);
  for (guint i = 0; i < answer->order->len; i++) {
    g_autoptr(CaseFile) file = NULL;
    RkStatus status = casefile_load(&file, answer->desk, answer->order->pdata[i], diags);
    if (status != RK_OK)
      return status;
    for (guint k = 0; k < file->transmissions->len; k++) {
      const StoreTransmission *sent = file->transmissions->pdata[k];
      const char *title = sent->title;
      for (guint p = 0; p < file->papers->len; p++) {
        const StorePaper *paper = file->papers->pdata[p];
        if (g_strcmp0(paper->id, sent->paper_id) == 0)
          title = form_title(bundle_form(file->bundle, paper->form));
      }
      g_autofree char *time = time_to_iso(sent->updated);
      table_row(table, file->record->number, title, casefile_role_title(file, sent->from),
                casefile_role_title(file, sent->to), sent->channel, sent->state, time);
    }
  }
  add_table(answer, "provided", table);
  return RK_OK;
}

/* ------------------------------------------------------------------ the pictures */

typedef struct {
  const Answer *answer;
  CaseFile *file;
} Pages;

static gboolean says_something(const Answer *answer, const StorePaper *paper) {
  g_autofree char *start = g_strdup_printf("p:%s:", paper->id);
  GHashTableIter iter;
  gpointer reference;
  g_hash_table_iter_init(&iter, answer->held);
  while (g_hash_table_iter_next(&iter, &reference, NULL))
    if (g_str_has_prefix(reference, start))
      return TRUE;
  return FALSE;
}

/* A page of a paper that says something of the person; in a case about the person, also of one that nobody
 * has typed in, but for those of other parties. */
static gboolean is_of_person(const Scan *scan, gpointer user) {
  const Pages *pages = user;
  const StorePaper *paper = scan->form ? papers_named(pages->file, scan->form) : NULL;
  if (paper && says_something(pages->answer, paper))
    return TRUE;
  return g_hash_table_contains(pages->answer->own, pages->file->record->number) &&
         (!paper || !*paper->key);
}

/* Nobody can cut other people out of a picture but a person who looks at it. */
static RkStatus add_scans(Answer *answer, RkDiags *diags) {
  guint before = pack_count(answer->pack);
  RkStatus status = RK_OK;
  for (guint i = 0; status == RK_OK && i < answer->order->len; i++) {
    g_autoptr(CaseFile) file = NULL;
    status = casefile_read(&file, answer->desk, answer->order->pdata[i], diags);
    Pages pages = {answer, file};
    const DossierPages wanted = {file ? file->record->id : "", "", is_of_person, &pages};
    if (status == RK_OK)
      status = dossier_add_scans(answer->desk, answer->pack, answer->page, &wanted, diags);
  }
  if (pack_count(answer->pack) > before)
    document_paragraph(answer->page, _("These pages are pictures: look through them, and cover what "
                                       "they say of other people, before you hand them over."));
  return status;
}

/* ------------------------------------------------------------------ the whole */

static RkStatus add_accesses_of(Answer *answer, const char *number, RkTable *table, RkDiags *diags) {
  g_autoptr(GPtrArray) log = NULL;
  RkStatus status = store_access_of_case(answer->desk->store, number, &log, diags);
  for (guint i = 0; status == RK_OK && i < log->len; i++) {
    const StoreAccess *access = log->pdata[i];
    g_autofree char *time = time_to_iso(access->entered);
    table_row(table, time, access->operator_, access->action, number, access->result);
  }
  return status;
}

static RkStatus add_accesses(Answer *answer, RkDiags *diags) {
  g_autoptr(RkTable) table = table_new("accesses", _("Who looked at these cases"));
  RkStatus status = RK_OK;
  table_column(table, "time", _("When"), RK_COLUMN_TIME);
  table_column(table, "operator", _("Who"), RK_COLUMN_TEXT);
  table_column(table, "action", _("What"), RK_COLUMN_TEXT);
  table_column(table, "case", _("Case"), RK_COLUMN_TEXT);
  table_column(table, "result", _("Exit code"), RK_COLUMN_TEXT);
  for (guint i = 0; status == RK_OK && i < answer->order->len; i++)
    status = add_accesses_of(answer, answer->order->pdata[i], table, diags);
  if (status == RK_OK)
    add_table(answer, "accesses", table);
  return status;
}

static RkStatus compose(RkDesk *desk, const char *id, const json_t *fields, Pack *pack,
                        RkDiags *diags) {
  g_autoptr(GPtrArray) records = NULL, order = g_ptr_array_new();
  g_autoptr(GHashTable) held = g_hash_table_new(g_str_hash, g_str_equal);
  g_autoptr(GHashTable) cases = g_hash_table_new(g_str_hash, g_str_equal);
  g_autoptr(GHashTable) own = g_hash_table_new(g_str_hash, g_str_equal);
  const char *references = json_string_value(json_object_get(fields, "held"));
  g_auto(GStrv) words = g_strsplit(references ? references : "", " ", -1);
  g_autofree char *title = g_strdup_printf("%s %s", _("Disclosure of what is held"), id);
  for (guint i = 0; words[i]; i++)
    g_hash_table_add(held, words[i]);
  RkStatus status = person_records(desk, is_held, held, &records, diags);
  if (status != RK_OK)
    return status;
  Answer answer = {desk, pack, document_html(title), held, cases, order, own};
  g_autofree char *office = g_strdup_printf("%s: %s", _("Office"), store_office(desk->store));
  document_paragraph(answer.page, office);
  add_records(&answer, records);
  status = add_transmissions(&answer, diags);
  if (status == RK_OK)
    status = add_scans(&answer, diags);
  if (status == RK_OK)
    status = add_accesses(&answer, diags);
  g_autofree char *html = document_html_end(answer.page);
  pack_add_text(pack, "index.html", html);
  g_autofree char *sums = pack_sums(pack, "");
  pack_add_text(pack, "SHA256SUMS", sums);
  return status;
}

static RkStatus load_open(RkDesk *desk, const char *id, json_t **out, RkDiags *diags) {
  *out = desk_register_entry(desk, REGISTER_DISCLOSURE, id);
  if (!*out)
    return diags_fail(diags, RK_NOT_FOUND, DIAG_DISCLOSE_UNKNOWN, NULL, id, NULL);
  const char *state = json_string_value(json_object_get(*out, "state"));
  return g_str_equal(state, "requested")
             ? RK_OK
             : diags_fail(diags, RK_REFUSED, DIAG_DISCLOSE_STATE, NULL, id, _(state), NULL);
}

/* What was asked is forgotten with the answer: the references served to find it. */
static RkStatus close_request(RkDesk *desk, const RkRequest *request, const char *id,
                              const char *state, const json_t *entry, guint files,
                              const json_t *asked, RkDiags *diags) {
  const json_t *told = json_object_get(entry, "fields");
  const char *cases = json_string_value(json_object_get(told, "cases"));
  json_t *fields = json_pack("{s:s?}", "due", json_string_value(json_object_get(told, "due")));
  RkStatus status = write_state(desk, request, id, state, fields, cases, files, asked, diags);
  json_decref(fields);
  return status;
}

static RkStatus answer_new(RkDesk *desk, const RkRequest *request, const char *id, const char *path,
                           const json_t *asked, guint *files, RkDiags *diags) {
  g_autoptr(Pack) pack = pack_new();
  json_t *entry = NULL;
  RkStatus status = load_open(desk, id, &entry, diags);
  if (status == RK_OK)
    status = compose(desk, id, json_object_get(entry, "fields"), pack, diags);
  if (status == RK_OK && !request->dry_run)
    status = pack_write(pack, path, request->now, diags);
  if (status == RK_OK)
    status = close_request(desk, request, id, "answered", entry, pack_count(pack), asked, diags);
  json_decref(entry);
  *files = status == RK_OK ? pack_count(pack) : 0;
  return status;
}

RkStatus rk_disclose_answer(RkDesk *desk, const RkRequest *request, const char *id,
                            const char *path, guint *files, RkDiags *diags) {
  g_autofree char *known = NULL;
  gboolean before = FALSE;
  json_t *asked = json_pack("{s:s, s:s}", "id", id, "path", path);
  *files = 0;
  desk->now = request->now;
  RkStatus status = desk_read(desk, "disclose answer", NULL, id, diags);
  if (status == RK_OK)
    status = asked_before(desk, request, "disclosure.answered", asked, &before, &known, files, diags);
  if (status == RK_OK && !before)
    status = answer_new(desk, request, id, path, asked, files, diags);
  json_decref(asked);
  return status;
}

static RkStatus refuse_new(RkDesk *desk, const RkRequest *request, const char *id,
                           const json_t *asked, RkDiags *diags) {
  json_t *entry = NULL;
  RkStatus status = load_open(desk, id, &entry, diags);
  if (status == RK_OK && (!request->why || !*request->why))
    status = diags_fail(diags, RK_INVALID, DIAG_DISPOSE_WHY, NULL, NULL);
  if (status == RK_OK)
    status = close_request(desk, request, id, "refused", entry, 0, asked, diags);
  json_decref(entry);
  return status;
}

RkStatus rk_disclose_refuse(RkDesk *desk, const RkRequest *request, const char *id,
                            RkDiags *diags) {
  g_autofree char *known = NULL;
  gboolean before = FALSE;
  guint files = 0;
  json_t *asked = json_pack("{s:s}", "id", id);
  RkStatus status = desk_work(desk, "disclose refuse", request->now, diags);
  if (status == RK_OK)
    status = asked_before(desk, request, "disclosure.refused", asked, &before, &known, &files, diags);
  if (status == RK_OK && !before)
    status = refuse_new(desk, request, id, asked, diags);
  json_decref(asked);
  return status;
}
