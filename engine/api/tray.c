/* SPDX-License-Identifier: Apache-2.0 */
/* tray.c - pages that came and wait for a person: to whom they could belong, and what was decided. */
#include "api/page.h"
#include "api/scan.h"

#include "base/date.h"
#include "base/table.h"
#include "base/text.h"
#include "base/words.h"
#include "case/again.h"
#include "case/arrival.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------------- list */

static RkTable *tray_table(const char *id, const char *title) {
  RkTable *table = table_new(id, title);
  table_column(table, "id", _("Id"), RK_COLUMN_TEXT);
  table_column(table, "since", _("Came"), RK_COLUMN_TIME);
  table_column(table, "reason", _("Reason"), RK_COLUMN_TEXT);
  table_column(table, "number", _("Number on the paper"), RK_COLUMN_TEXT);
  table_column(table, "sheet", _("Sheet"), RK_COLUMN_TEXT);
  table_column(table, "form", _("Form"), RK_COLUMN_TEXT);
  table_column(table, "channel", _("Channel"), RK_COLUMN_TEXT);
  return table;
}

/* `advice` and `missing` are for the table that has last columns for them. */
static void add_scan(RkTable *table, const Scan *scan, const char *advice, const char *missing) {
  g_autofree char *since = time_to_iso(scan->since);
  g_autofree char *sheet = scan->pages ? g_strdup_printf("%u/%u", scan->page, scan->pages) : NULL;
  table_row(table, scan->id, since, scan->reason, scan->number, sheet, scan->form, scan->channel, advice,
            missing);
}

/* What the reason means, and what a person can do about it. */
static const char *advice(const char *reason) {
  static const struct {
    const char *reason, *words;
  } all[] = {
      {"no-code", N_("no code can be read on it: look at the picture, then match it, or reject it")},
      {"black", N_("the page is black, perhaps because it lay the wrong way: have it sent again, then reject it")},
      {"damaged", N_("the file ends within this page: have it sent again, then reject it")},
      {"foreign", N_("another office, or another database, printed it; the number is theirs, not a case of ours. If it is "
                     "meant for us, match it with our case; else return it and reject it")},
      {"blank-form", N_("an unnumbered blank, filled in by hand: match it with its case")},
      {"codes-differ", N_("two papers lie on one page: look at the picture, then match it, or have it sent again")},
      {"unknown-case", N_("there is no case of this number here: compare the number, then match it, or reject it")},
      {"unknown-form", N_("the case has no such paper: look at the picture, then match it, or reject it")},
      {"older-version", N_("the paper was changed after this was printed: have the present one signed, or match this one "
                           "after comparing them")},
      {"our-own", N_("we fill in this paper ourselves and sent it out; it came back. Reject it if nothing is added to it")},
      {"duplicate", N_("the same page is here already, filed or in the same file: compare the two, then reject this one, or "
                       "match it if it says more")},
      {"incomplete", N_("other pages of this paper are missing: it is filed by itself when they come; ask for them")},
      {"not-expected", N_("nothing in the case waits for this paper now: match it to keep it there, or reject it")},
      {"not-this-way", N_("this paper may not come by this way: ask for it by the right one, then reject this")},
      {"disposed", N_("the case was disposed of: return it and reject it")},
  };
  for (guint i = 0; i < G_N_ELEMENTS(all); i++)
    if (!g_strcmp0(all[i].reason, reason))
      return _(all[i].words);
  return NULL;
}

RkStatus rk_tray_list(RkDesk *desk, RkPage *page, RkTable **out, RkDiags *diags) {
  g_autoptr(GPtrArray) scans = NULL;
  *out = NULL;
  RkStatus status = desk_read(desk, "tray", NULL, NULL, diags);
  if (status == RK_OK)
    status = scans_beside(desk, NULL, &scans, diags);
  if (status != RK_OK)
    return status;
  for (guint i = scans->len; page && page->after && i-- > 0;)
    if (strcmp(((Scan *)scans->pdata[i])->id, page->after) <= 0)
      g_ptr_array_remove_index(scans, i);
  page_cut(page, scans);
  *out = tray_table("tray", _("Tray"));
  for (guint i = 0; i < scans->len; i++)
    add_scan(*out, scans->pdata[i], NULL, NULL);
  return RK_OK;
}

/* The page whose id begins so, if it is the only one. */
static RkStatus find(RkDesk *desk, const char *id, Scan **out, RkDiags *diags) {
  g_autoptr(GPtrArray) scans = NULL;
  guint found = 0, at = 0;
  *out = NULL;
  RkStatus status = scans_beside(desk, NULL, &scans, diags);
  if (status != RK_OK)
    return status;
  for (guint i = 0; i < scans->len; i++)
    if (*id && g_str_has_prefix(((Scan *)scans->pdata[i])->id, id))
      found++, at = i;
  if (found != 1)
    return diags_fail(diags, RK_NOT_FOUND, DIAG_TRAY_UNKNOWN, NULL, id, NULL);
  *out = g_ptr_array_steal_index(scans, at);
  return RK_OK;
}

/* ------------------------------------------------------------------- candidates */

#define CANDIDATES_MAX 10
#define TRIED_MAX 300 /* times that a case is loaded to see whether it waits for a form */
#define PAGE 100      /* cases read at a time */

typedef struct {
  char *case_number, *form, *title;
  const char *reason;
  int score;
} Candidate;

typedef struct {
  RkDesk *desk;
  const Scan *scan;
  PaperName name;
  const char *form; /* what is known of it; NULL */
  GPtrArray *list;  /* Candidate */
  guint tried;
  RkDiags *diags;
} Search;

static void candidate_free(gpointer data) {
  Candidate *candidate = data;
  g_free(candidate->case_number);
  g_free(candidate->form);
  g_free(candidate->title);
  g_free(candidate);
}

/* How many characters are others; numbers of another length are all other. */
static guint difference(const char *a, const char *b) {
  guint count = 0;
  if (strlen(a) != strlen(b))
    return G_MAXUINT;
  for (guint i = 0; a[i]; i++)
    count += a[i] != b[i];
  return count;
}

static void propose(Search *search, const char *number, Form *form, const char *reason, int score) {
  guint apart = search->name.case_number ? difference(search->name.case_number, number) : G_MAXUINT;
  const char *code = form ? form_code(form) : NULL;
  score += apart == 0 ? 40 : apart == 1 ? 20 : apart == 2 ? 10 : 0;
  for (guint i = 0; i < search->list->len; i++) {
    Candidate *other = search->list->pdata[i];
    if (!g_str_equal(other->case_number, number) || (other->form && g_strcmp0(other->form, code) != 0))
      continue;
    if (score > other->score)
      other->score = score, other->reason = reason;
    return;
  }
  Candidate *candidate = g_new0(Candidate, 1);
  *candidate = (Candidate){g_strdup(number), g_strdup(code), g_strdup(form ? form_title(form) : NULL),
                           reason, score};
  g_ptr_array_add(search->list, candidate);
}

static gboolean is_reason(const Scan *scan, const char *reason) {
  return g_strcmp0(scan->reason, reason) == 0;
}

/* The number stands on it. */
static RkStatus by_number(Search *search) {
  g_autoptr(StoreCase) record = NULL;
  Bundle *bundle = NULL;
  if (!search->name.case_number)
    return RK_OK;
  RkStatus status =
      store_load_case(search->desk->store, search->name.case_number, &record, search->diags);
  if (status != RK_OK || store_case_disposed(record))
    return status == RK_NOT_FOUND ? RK_OK : status;
  status = desk_bundle(search->desk, record->bundle, &bundle, search->diags);
  if (status == RK_OK)
    propose(search, record->number, scan_form(bundle, search->form), "same-number",
            search->scan->ours || is_reason(search->scan, "codes-differ") ? 50 : 0);
  return status;
}

/* Its sending was announced. */
static RkStatus by_announcement(Search *search) {
  g_autoptr(GPtrArray) sent = NULL;
  const StoreSentFilter filter = {.direction = "in", .state = "expected", .limit = 200};
  RkStatus status = store_query_sent(search->desk->store, &filter, &sent, search->diags);
  for (guint i = 0; status == RK_OK && i < sent->len; i++) {
    const StoreSent *row = sent->pdata[i];
    Bundle *bundle = NULL;
    gboolean same = search->form && row->form && g_ascii_strcasecmp(search->form, row->form) == 0;
    if (!row->form || (search->form && !same))
      continue;
    status = desk_bundle(search->desk, row->bundle, &bundle, search->diags);
    if (status == RK_OK)
      propose(search, row->case_number, scan_form(bundle, row->form), "announced",
              same ? 30 : g_strcmp0(search->scan->channel, row->sent->channel) ? 10 : 13);
  }
  return status;
}

/* Whether the procedure says that it comes by the way this page came. */
static gboolean comes_so(const Search *search, const Bundle *bundle, const char *code, const char *to) {
  g_autofree char *channels = bundle_channels(bundle, code, to);
  g_auto(GStrv) words = g_strsplit(channels ? channels : "", " ", -1);
  return search->scan->channel && g_strv_contains((const char *const *)words, search->scan->channel);
}

/* Something that could happen in the case lacks this paper. Of a page that says no form, the way by which it
 * came tells a little. */
static RkStatus try_form(Search *search, const StoreCase *record, const Bundle *bundle, Form *form) {
  g_autoptr(CaseFile) file = NULL;
  g_auto(Arrival) arrival = {0};
  g_autoptr(GPtrArray) references = g_ptr_array_new();
  g_autoptr(RkDiags) reasons = rk_diags_new();
  const char *code = form_code(form), *way = search->form ? NULL : search->scan->channel;
  const char *to = bundle_receiver(bundle, code, (const char *const *)search->desk->roles);
  RkStatus status = to ? casefile_load(&file, search->desk, record->id, search->diags) : RK_OK;
  if (!file)
    return status;
  search->tried++;
  g_ptr_array_add(references, (gpointer)code);
  if (arrival_judge(file, references, way, MAX(search->desk->now, record->happened), &arrival, reasons) == RK_OK &&
      !arrival.unwanted->len)
    propose(search, record->number, form, "waits-for-it",
            search->form ? 25 : comes_so(search, bundle, code, to) ? 8 : 5);
  return RK_OK;
}

/* The form that the page says, or each that it may be. */
static RkStatus try_case(Search *search, const StoreCase *record) {
  Bundle *bundle = NULL;
  RkStatus status = desk_bundle(search->desk, record->bundle, &bundle, search->diags);
  const GPtrArray *forms = status == RK_OK ? bundle_forms(bundle) : NULL;
  const Form *wanted = forms && search->form ? scan_form(bundle, search->form) : NULL;
  for (guint i = 0; status == RK_OK && i < forms->len; i++) {
    Form *form = forms->pdata[i];
    if ((!search->form || form == wanted) && !bundle_keyed(bundle, form_code(form)))
      status = try_form(search, record, bundle, form);
  }
  return status;
}

/* The oldest first. That not all could be tried is said. */
static RkStatus by_waiting(Search *search) {
  g_autofree char *after = NULL;
  RkStatus status = RK_OK;
  guint count = PAGE;
  while (status == RK_OK && count == PAGE && search->tried < TRIED_MAX) {
    const StoreCaseFilter filter = {.after = after, .limit = PAGE};
    g_autoptr(GPtrArray) cases = NULL;
    status = store_query_cases(search->desk->store, &filter, &cases, search->diags);
    count = status == RK_OK ? cases->len : 0;
    for (guint i = 0; status == RK_OK && i < count && search->tried < TRIED_MAX; i++) {
      const StoreCase *record = cases->pdata[i];
      status = try_case(search, record);
      text_set(&after, record->number);
    }
  }
  if (status == RK_OK && search->tried >= TRIED_MAX)
    diags_add(search->diags, DIAG_TRAY_UNTRIED, NULL, after, NULL);
  return status;
}

static int best_first(gconstpointer a, gconstpointer b) {
  const Candidate *one = *(Candidate *const *)a, *other = *(Candidate *const *)b;
  return one->score != other->score ? other->score - one->score
                                    : strcmp(one->case_number, other->case_number);
}

static RkTable *candidates_table(const Search *search) {
  RkTable *table = table_new("candidates", _("Where it could belong"));
  table_column(table, "rank", _("No."), RK_COLUMN_NUMBER);
  table_column(table, "case", _("Case"), RK_COLUMN_TEXT);
  table_column(table, "form", _("Form"), RK_COLUMN_TEXT);
  table_column(table, "title", _("Title"), RK_COLUMN_TEXT);
  table_column(table, "reason", _("Reason"), RK_COLUMN_TEXT);
  for (guint i = 0; i < MIN(search->list->len, CANDIDATES_MAX); i++) {
    const Candidate *candidate = search->list->pdata[i];
    g_autofree char *rank = g_strdup_printf("%u", i + 1);
    table_row(table, rank, candidate->case_number, candidate->form, candidate->title,
              candidate->reason);
  }
  return table;
}

/* A blank says its form, everything else a number that has one. */
static void take_known(Search *search, const char *number) {
  const Scan *scan = search->scan;
  paper_name_clear(&search->name);
  paper_name_read(&search->name, number);
  search->form = scan->form ? scan->form : search->name.form ? search->name.form : scan->number;
  if (is_reason(scan, "foreign")) /* a case of ours that has their number is so by chance */
    g_clear_pointer(&search->name.case_number, g_free);
}

/* Each of two papers that lie on one page. */
static RkStatus by_numbers(Search *search) {
  g_auto(GStrv) numbers = g_strsplit(search->scan->number ? search->scan->number : "", " ", -1);
  RkStatus status = RK_OK;
  for (guint i = 0; numbers[i] && status == RK_OK; i++) {
    take_known(search, numbers[i]);
    status = by_number(search);
  }
  return status;
}

static RkStatus find_candidates(RkDesk *desk, const Scan *scan, RkTable **out, RkDiags *diags) {
  Search search = {.desk = desk, .scan = scan, .diags = diags};
  search.form = scan->form;
  search.list = g_ptr_array_new_with_free_func(candidate_free);
  RkStatus status = by_numbers(&search);
  if (status == RK_OK)
    status = by_announcement(&search);
  if (status == RK_OK)
    status = by_waiting(&search);
  g_ptr_array_sort(search.list, best_first);
  if (status == RK_OK)
    *out = candidates_table(&search);
  g_ptr_array_unref(search.list);
  paper_name_clear(&search.name);
  return status;
}

/* -------------------------------------------------------------- missing pages */

static void strike_out(const GPtrArray *scans, const Scan *scan, gboolean *here) {
  for (guint i = 0; scans && i < scans->len; i++) {
    const Scan *other = scans->pdata[i];
    if (other->ours && g_strcmp0(other->number, scan->number) == 0 && other->page <= scan->pages)
      here[other->page] = TRUE;
  }
}

/* "2, 3": the pages of its paper that neither wait with it nor lie beside the case; g_free. NULL: it does
 * not wait for any. */
static RkStatus missing_pages(RkDesk *desk, const Scan *scan, char **out, RkDiags *diags) {
  g_autoptr(GPtrArray) tray = NULL, filed = NULL;
  g_autoptr(StoreCase) record = NULL;
  g_auto(PaperName) name = {0};
  g_autofree gboolean *here = g_new0(gboolean, scan->pages + 1);
  g_autoptr(GString) text = g_string_new(NULL);
  *out = NULL;
  if (!is_reason(scan, "incomplete") || !paper_name_read(&name, scan->number))
    return RK_OK;
  RkStatus status = store_load_case(desk->store, name.case_number, &record, diags);
  if (status == RK_OK)
    status = scans_beside(desk, record->id, &filed, diags);
  if (status == RK_OK)
    status = scans_beside(desk, NULL, &tray, diags);
  strike_out(filed, scan, here);
  strike_out(tray, scan, here);
  for (guint page = 1; page <= scan->pages; page++)
    if (!here[page])
      g_string_append_printf(text, "%s%u", text->len ? ", " : "", page);
  *out = g_strdup(text->str);
  return status == RK_NOT_FOUND ? RK_OK : status;
}

/* ------------------------------------------------------------------------- show */

RkStatus rk_tray_show(RkDesk *desk, const char *id, gint64 now, GPtrArray **out, RkDiags *diags) {
  g_autoptr(Scan) scan = NULL;
  g_autofree char *missing = NULL;
  RkTable *candidates = NULL;
  *out = NULL;
  rk_desk_at(desk, now);
  RkStatus status = desk_read(desk, "tray show", NULL, id, diags);
  if (status == RK_OK)
    status = find(desk, id, &scan, diags);
  if (status == RK_OK)
    status = missing_pages(desk, scan, &missing, diags);
  if (status == RK_OK)
    status = find_candidates(desk, scan, &candidates, diags);
  if (status != RK_OK)
    return status;
  *out = g_ptr_array_new_with_free_func((GDestroyNotify)rk_table_free);
  RkTable *table = tray_table("page", _("Page"));
  table_column(table, "advice", _("What to do"), RK_COLUMN_TEXT);
  table_column(table, "missing", _("Missing pages"), RK_COLUMN_TEXT);
  add_scan(table, scan, advice(scan->reason), missing);
  g_ptr_array_add(*out, table);
  g_ptr_array_add(*out, candidates);
  return RK_OK;
}

/* In the tray by the beginning of its id; beside a case, which is noted as read, by the whole. */
static RkStatus find_anywhere(RkDesk *desk, const char *id, Scan **out, RkDiags *diags) {
  RkStatus status = scans_load(desk, id, out, diags);
  if (status == RK_OK && !g_str_equal((*out)->state, "filed"))
    g_clear_pointer(out, scan_free);
  return *out || (status != RK_OK && status != RK_NOT_FOUND) ? status : find(desk, id, out, diags);
}

RkStatus rk_tray_picture(RkDesk *desk, const char *id, GBytes **out, RkDiags *diags) {
  g_autoptr(Scan) scan = NULL;
  g_autoptr(StorePicture) picture = NULL;
  *out = NULL;
  RkStatus status = desk_log_refusal(desk, "tray show", desk_check_clerk(desk, diags), diags);
  if (status == RK_OK)
    status = find_anywhere(desk, id, &scan, diags);
  if (status == RK_OK)
    status = desk_read(desk, "tray show", scan->case_number, scan->id, diags);
  if (status == RK_OK)
    status = store_load_picture(desk->store, scan->id, &picture, diags);
  if (status == RK_NOT_FOUND)
    return diags_fail(diags, RK_NOT_FOUND, DIAG_TRAY_UNKNOWN, NULL, id, NULL);
  if (status == RK_OK)
    *out = g_bytes_ref(picture->bytes);
  return status;
}

/* ------------------------------------------------------------------------ decide */

static RkStatus still_waits(RkDesk *desk, GPtrArray *registers, gpointer user, RkDiags *diags) {
  const Scan *wanted = user;
  g_autoptr(Scan) scan = NULL;
  (void)registers;
  RkStatus status = scans_load(desk, wanted->id, &scan, diags);
  if (status == RK_OK && !g_str_equal(scan->state, "tray"))
    return diags_fail(diags, RK_CONFLICT, DIAG_TRAY_UNKNOWN, NULL, wanted->id, NULL);
  return status;
}

/* The cases here that the numbers on the page name; g_free. What is said of it goes with them. */
static RkStatus cases_named(RkDesk *desk, const Scan *scan, char **out, RkDiags *diags) {
  gboolean ours = scan->ours || is_reason(scan, "codes-differ");
  g_auto(GStrv) numbers = g_strsplit(ours && scan->number ? scan->number : "", " ", -1);
  g_autoptr(GString) cases = g_string_new(NULL);
  RkStatus status = RK_OK;
  for (guint i = 0; numbers[i] && status == RK_OK; i++) {
    g_autoptr(StoreCase) record = NULL;
    g_auto(PaperName) name = {0};
    if (paper_name_read(&name, numbers[i]))
      status = store_load_case(desk->store, name.case_number, &record, diags);
    if (record)
      g_string_append_printf(cases, "%s%s", cases->len ? " " : "", record->number);
    status = status == RK_NOT_FOUND ? RK_OK : status;
  }
  *out = g_strdup(cases->str);
  return status;
}

/* The page leaves the tray: beside `case_id`, or (NULL) for good. What was typed stands with `cases`. */
static RkStatus leave_tray(RkDesk *desk, const RkRequest *request, Scan *scan, const char *event,
                           const char *case_id, const char *cases, const json_t *asked, RkDiags *diags) {
  g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func((GDestroyNotify)store_register_free);
  g_autoptr(GPtrArray) pictures = g_ptr_array_new();
  StorePicture picture = {.id = scan->id, .case_id = (char *)case_id};
  g_ptr_array_add(entries, scan_entry(scan));
  g_ptr_array_add(pictures, &picture);
  g_autofree char *result = g_strdup_printf("{\"id\": \"%s\"}", scan->id);
  const OfficeChange change = {.kind = "scan", .event = event, .registers = entries,
                               .judge = still_waits, .user = scan, .pictures = pictures,
                               .result = result, .cases = cases, .asked = asked};
  return desk_change_office(desk, request, &change, diags);
}

/* "R8-0012" and a form, or "R8-0012/FJ-2-1-3-XY" alone. */
static RkStatus what_is_meant(const char *number, const char *form, PaperName *out, RkDiags *diags) {
  g_autofree char *read = form ? NULL : paper_number_read(number);
  if (form) {
    *out = (PaperName){g_strdup(number), g_strdup(form), 0, 0};
    return RK_OK;
  }
  if (read && paper_name_read(out, read))
    return RK_OK;
  return diags_fail(diags, RK_INVALID, DIAG_TRAY_NUMBER, NULL, number, NULL);
}

/* The reference as the case names the paper; g_free. A number that was typed must have been printed. */
static RkStatus resolve(const CaseFile *file, const PaperName *name, char **reference, RkDiags *diags) {
  g_autofree char *code = paper_code(name->form), *key = paper_key(name->form);
  const Form *form = scan_form(file->bundle, code);
  if (!form)
    return diags_fail(diags, RK_NOT_FOUND, DIAG_FORM_NOT_USED, NULL, code, "-", NULL);
  const StorePaper *held = scan_paper(file, form_code(form), name->which);
  *reference = held && name->which ? papers_reference(held)
               : *key              ? g_strdup_printf("%s:%s", form_code(form), key)
                                   : g_strdup(form_code(form));
  return RK_OK;
}

/* A number that was typed: the case has had this version of this paper. */
static RkStatus check_typed(const CaseFile *file, const PaperName *name, const char *number,
                            RkDiags *diags) {
  const Form *form = scan_form(file->bundle, name->form);
  const StorePaper *held = form ? scan_paper(file, form_code(form), name->which) : NULL;
  if (form && (held || !name->which) && name->version <= (held ? held->version : 0))
    return RK_OK;
  return diags_fail(diags, RK_INVALID, DIAG_TRAY_NUMBER, NULL, number, NULL);
}

/* What our own code says is believed before what a person says; unless it names nothing that is here. */
static RkStatus check_code(RkDesk *desk, const Scan *scan, const CaseFile *file, const char *reference,
                           RkDiags *diags) {
  g_auto(PaperName) name = {0};
  g_autoptr(StoreCase) record = NULL;
  g_autofree char *own = NULL;
  if (!scan->ours || !paper_name_read(&name, scan->number))
    return RK_OK;
  RkStatus status = store_load_case(desk->store, name.case_number, &record, diags);
  if (status != RK_OK)
    return status == RK_NOT_FOUND ? RK_OK : status;
  if (g_str_equal(record->id, file->record->id)) {
    g_autoptr(RkDiags) unknown = rk_diags_new();
    if (resolve(file, &name, &own, unknown) != RK_OK || g_str_equal(own, reference))
      return RK_OK;
  }
  return diags_fail(diags, RK_REFUSED, DIAG_TRAY_OTHER, NULL, scan->number, reference,
                    file->record->number, scan->id, NULL);
}

static RkStatus propose_matched(RkDesk *desk, const Scan *scan, gint64 now, RkTable **out,
                                RkDiags *diags) {
  g_autoptr(ScanProposal) proposal = scan_proposal_new(scan->case_number);
  g_ptr_array_add(proposal->references, g_strdup(scan->form));
  RkStatus status = scan_propose(desk, proposal, scan->channel, now, diags);
  if (status != RK_OK)
    return status;
  *out = scan_papers_table();
  for (guint i = 0; proposal->wanted && i < MAX(proposal->events->len, 1); i++)
    scan_papers_row(*out, proposal, "proposed",
                    proposal->events->len ? proposal->events->pdata[i] : NULL);
  return RK_OK;
}

/* The page that the request was about, if it was made before. */
static RkStatus asked_before(RkDesk *desk, const RkRequest *request, const char *event,
                             const json_t *asked, Scan **out, RkDiags *diags) {
  json_t *answer = NULL;
  *out = NULL;
  RkStatus status = again_find_change(desk, request, "scan", event, asked, &answer, diags);
  const char *id = json_string_value(json_object_get(answer, "id"));
  if (status == RK_OK && id)
    status = scans_load(desk, id, out, diags);
  json_decref(answer);
  return status;
}

static RkStatus match(RkDesk *desk, const RkRequest *request, Scan *scan, const char *number,
                      const char *form, const json_t *asked, RkDiags *diags) {
  g_autoptr(CaseFile) file = NULL;
  g_auto(PaperName) name = {0};
  RkStatus status = what_is_meant(number, form, &name, diags);
  if (status == RK_OK)
    status = casefile_load(&file, desk, name.case_number, diags);
  if (status != RK_OK)
    return status;
  g_clear_pointer(&scan->form, g_free);
  status = form ? RK_OK : check_typed(file, &name, number, diags);
  if (status == RK_OK)
    status = resolve(file, &name, &scan->form, diags);
  if (status == RK_OK)
    status = check_code(desk, scan, file, scan->form, diags);
  if (status != RK_OK)
    return status;
  scan->matched = TRUE;
  text_set(&scan->state, "filed");
  text_set(&scan->reason, NULL);
  text_set(&scan->case_number, file->record->number);
  return leave_tray(desk, request, scan, "matched", file->record->id, file->record->number, asked, diags);
}

RkStatus rk_tray_match(RkDesk *desk, const RkRequest *request, const char *id, const char *number,
                       const char *form, RkTable **out, RkDiags *diags) {
  g_autoptr(Scan) scan = NULL;
  json_t *asked = json_pack("{s:s, s:s, s:s?}", "page", id, "case", number, "form", form);
  *out = NULL;
  rk_desk_at(desk, request->now);
  RkStatus status = desk_log_refusal(desk, "tray match", desk_check_clerk(desk, diags), diags);
  if (status == RK_OK)
    status = asked_before(desk, request, "matched", asked, &scan, diags);
  gboolean before = scan != NULL;
  if (status == RK_OK && !before)
    status = find(desk, id, &scan, diags);
  if (status == RK_OK && !before)
    status = match(desk, request, scan, number, form, asked, diags);
  json_decref(asked);
  return status == RK_OK ? propose_matched(desk, scan, request->now, out, diags) : status;
}

static RkStatus reject(RkDesk *desk, const RkRequest *request, const char *id, const json_t *asked,
                       RkDiags *diags) {
  g_autoptr(Scan) scan = NULL;
  g_autofree char *cases = NULL;
  RkStatus status = find(desk, id, &scan, diags);
  if (status == RK_OK && (!request->why || !*request->why))
    status = diags_fail(diags, RK_INVALID, DIAG_TRAY_WHY, NULL, NULL);
  if (status == RK_OK)
    status = cases_named(desk, scan, &cases, diags);
  if (status != RK_OK)
    return status;
  text_set(&scan->state, "rejected");
  return leave_tray(desk, request, scan, "rejected", NULL, cases, asked, diags);
}

RkStatus rk_tray_reject(RkDesk *desk, const RkRequest *request, const char *id, RkDiags *diags) {
  g_autoptr(Scan) scan = NULL;
  json_t *asked = json_pack("{s:s}", "page", id);
  rk_desk_at(desk, request->now);
  RkStatus status = desk_log_refusal(desk, "tray reject", desk_check_clerk(desk, diags), diags);
  if (status == RK_OK)
    status = asked_before(desk, request, "rejected", asked, &scan, diags);
  if (status == RK_OK && !scan)
    status = reject(desk, request, id, asked, diags);
  json_decref(asked);
  if (status == RK_OK && !request->dry_run)
    store_scour(desk->store, NULL); /* while others read, the next one does it */
  return status;
}
