/* SPDX-License-Identifier: Apache-2.0 */
/*
 * receive.c - papers that came back: which case, which paper, which page; and what comes of it.
 *
 * 1. read the file (scan.c): every page with its code, or the reason why it must go to the tray
 * 2. collect the pages of each paper, with those that wait in the tray for the rest of it
 * 3. look each paper up: is there such a case, such a paper, is this its present version, do all its
 *    pages lie here, does the procedure wait for it
 * 4. write it all in one transaction: pages filed, pages in the tray
 * 5. say what the papers make possible, or enter it
 *
 * A paper is filed as a whole or not at all: half of it may say the opposite of the whole.
 */
#include "api/scan.h"

#include "base/table.h"
#include "base/text.h"
#include "base/words.h"
#include "case/casefile.h"
#include "case/catalogue.h"

#include <stdlib.h>
#include <string.h>

#define FILE_DIGITS 16 /* of a file's hash, that tell it from the others of a request */

typedef struct {
  char *number;
  GPtrArray *pages;   /* Scan, borrowed */
  GPtrArray *filed;   /* Scan: its pages that lie beside the case; NULL: not asked */
  gboolean known;     /* its file was received before */
  gboolean look;      /* a person should look at it before it is entered */
  char *case_id, *case_number, *reference;
  const char *reason; /* static; NULL: good */
} Paper;

typedef struct {
  RkDesk *desk;
  const RkRequest *request;
  const RkArrival *arrival;
  char *file;
  gboolean again;       /* the file was received before */
  GPtrArray *known;     /* Scan: what it left then, unless it is read again */
  GPtrArray *read;      /* ScanRead */
  GPtrArray *waiting;   /* Scan: in the tray */
  GPtrArray *outdone;   /* of these, borrowed: what they waited for has come without them */
  GPtrArray *papers;    /* Paper */
  GPtrArray *proposals; /* ScanProposal */
  RkDiags *diags;
} Receipt;

static void paper_free(gpointer data) {
  Paper *paper = data;
  g_ptr_array_unref(paper->pages);
  g_clear_pointer(&paper->filed, g_ptr_array_unref);
  g_free(paper->number);
  g_free(paper->case_id);
  g_free(paper->case_number);
  g_free(paper->reference);
  g_free(paper);
}

static void receipt_clear(Receipt *receipt) {
  GPtrArray **const lists[] = {&receipt->known, &receipt->read, &receipt->waiting, &receipt->papers,
                               &receipt->proposals};
  g_free(receipt->file);
  g_clear_pointer(&receipt->outdone, g_ptr_array_unref);
  for (guint i = 0; i < G_N_ELEMENTS(lists); i++)
    g_clear_pointer(lists[i], g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Receipt, receipt_clear)

/* ------------------------------------------------------------------ collecting */

static Paper *paper_of(GPtrArray *papers, const char *number) {
  for (guint i = 0; i < papers->len; i++)
    if (g_str_equal(((Paper *)papers->pdata[i])->number, number))
      return papers->pdata[i];
  Paper *paper = g_new0(Paper, 1);
  paper->number = g_strdup(number);
  paper->pages = g_ptr_array_new();
  g_ptr_array_add(papers, paper);
  return paper;
}

/* NULL: none of the scans is this page. */
static const Scan *page_in(const GPtrArray *scans, guint page) {
  for (guint i = 0; scans && i < scans->len; i++)
    if (((Scan *)scans->pdata[i])->page == page)
      return scans->pdata[i];
  return NULL;
}

static gboolean looks_other(const Scan *a, const Scan *b) {
  return g_strcmp0(a->picture, b->picture) != 0;
}

/* A second picture of the same page is for a person to choose. */
static void add_page(Receipt *receipt, Scan *scan) {
  Paper *paper = paper_of(receipt->papers, scan->number);
  const Scan *other = page_in(paper->pages, scan->page);
  if (other) {
    text_set(&scan->reason, "duplicate");
    paper->look = paper->look || looks_other(scan, other);
  } else {
    g_ptr_array_add(paper->pages, scan);
  }
}

/* What waits for the rest of a paper that has now come. */
static void join_waiting(Receipt *receipt) {
  for (guint i = 0; i < receipt->waiting->len; i++) {
    Scan *scan = receipt->waiting->pdata[i];
    if (!scan->ours || g_strcmp0(scan->reason, "incomplete") != 0)
      continue;
    for (guint k = 0; k < receipt->papers->len; k++) {
      Paper *paper = receipt->papers->pdata[k];
      if (g_str_equal(paper->number, scan->number) && !page_in(paper->pages, scan->page))
        g_ptr_array_add(paper->pages, scan);
    }
  }
}

/* A page of this file that may not come by the way that was said then, and is said now otherwise. */
static gboolean came_otherwise(const Receipt *receipt, const Scan *scan) {
  const char *channel = receipt->arrival->channel;
  return channel && scan->ours && g_strcmp0(scan->reason, "not-this-way") == 0 &&
         g_strcmp0(scan->file, receipt->file) == 0 && g_strcmp0(scan->channel, channel) != 0;
}

static void take_otherwise(Receipt *receipt) {
  for (guint i = 0; i < receipt->waiting->len; i++) {
    Scan *scan = receipt->waiting->pdata[i];
    if (!came_otherwise(receipt, scan))
      continue;
    text_set(&scan->channel, receipt->arrival->channel);
    add_page(receipt, scan);
  }
}

static RkStatus collect(Receipt *receipt) {
  RkStatus status = scans_beside(receipt->desk, NULL, &receipt->waiting, receipt->diags);
  for (guint i = 0; status == RK_OK && i < receipt->read->len; i++) {
    const ScanRead *page = receipt->read->pdata[i];
    text_set(&page->scan->channel, receipt->arrival->channel);
    if (page->damaged && page->scan->picture)
      text_set(&page->scan->reason, "damaged");
    else if (page->scan->ours && !page->scan->reason)
      add_page(receipt, page->scan);
  }
  if (status != RK_OK)
    return status;
  take_otherwise(receipt);
  join_waiting(receipt);
  return RK_OK;
}

/* ------------------------------------------------------------------ looking up */

static const char *check_paper(const CaseFile *file, const PaperName *name, Paper *paper) {
  Form *form = scan_form(file->bundle, name->form);
  const char *code = form ? form_code(form) : NULL;
  const StorePaper *held = form ? scan_paper(file, code, name->which) : NULL;
  if (!form || (name->which && !held))
    return "unknown-form";
  const char *by = held ? held->filled_by : bundle_filled_by(file->bundle, code);
  const char *const *ours = (const char *const *)file->ours;
  paper->reference = held ? papers_reference(held) : g_strdup(code);
  if (by && g_strv_contains(ours, by))
    return "our-own";
  if (!bundle_receiver(file->bundle, code, ours))
    return "not-expected";
  return (held ? held->version : 0) == name->version ? NULL : "older-version";
}

static const char *check_pages(const Paper *paper) {
  guint pages = ((Scan *)paper->pages->pdata[0])->pages;
  for (guint page = 1; page <= pages; page++)
    if (!page_in(paper->pages, page) && !page_in(paper->filed, page))
      return "incomplete";
  return NULL;
}

static RkStatus load_filed(Receipt *receipt, Paper *paper) {
  RkStatus status = scans_beside(receipt->desk, paper->case_id, &paper->filed, receipt->diags);
  for (guint i = status == RK_OK ? paper->filed->len : 0; i-- > 0;)
    if (g_strcmp0(((Scan *)paper->filed->pdata[i])->number, paper->number) != 0)
      g_ptr_array_remove_index(paper->filed, i);
  for (guint i = 0; status == RK_OK && i < paper->filed->len; i++)
    paper->look = paper->look || ((Scan *)paper->filed->pdata[i])->matched;
  return status;
}

/* A page that was filed already, from another file. */
static void leave_out(Receipt *receipt, Paper *paper, guint index) {
  Scan *scan = g_ptr_array_steal_index(paper->pages, index);
  text_set(&scan->reason, "duplicate");
  text_set(&scan->form, paper->reference);
  if (g_ptr_array_find(receipt->waiting, scan, NULL))
    g_ptr_array_add(receipt->outdone, scan);
}

/* Of a file that came before, the pages lie there themselves. */
static void leave_out_filed(Receipt *receipt, Paper *paper) {
  for (guint i = paper->pages->len; i-- > 0;) {
    const Scan *scan = paper->pages->pdata[i], *other = page_in(paper->filed, scan->page);
    if (!other || paper->known)
      continue;
    paper->look = paper->look || looks_other(scan, other);
    leave_out(receipt, paper, i);
  }
  if (!paper->pages->len)
    paper->reason = "duplicate";
}

static RkStatus check_case(Receipt *receipt, Paper *paper, const PaperName *name) {
  g_autoptr(CaseFile) file = NULL;
  RkStatus status = casefile_load(&file, receipt->desk, name->case_number, receipt->diags);
  if (status != RK_OK)
    return status;
  paper->case_id = g_strdup(file->record->id);
  paper->case_number = g_strdup(file->record->number);
  paper->reason = check_paper(file, name, paper);
  status = paper->reason ? RK_OK : load_filed(receipt, paper);
  if (status == RK_OK && !paper->reason)
    leave_out_filed(receipt, paper);
  if (status == RK_OK && !paper->reason)
    paper->reason = check_pages(paper);
  return status;
}

static RkStatus look_up(Receipt *receipt, Paper *paper) {
  g_auto(PaperName) name = {0};
  g_autoptr(StoreCase) record = NULL;
  if (!paper_name_read(&name, paper->number)) {
    paper->reason = "unknown-form";
    return RK_OK;
  }
  RkStatus status = store_load_case(receipt->desk->store, name.case_number, &record, receipt->diags);
  if (status == RK_NOT_FOUND || (status == RK_OK && store_case_disposed(record))) {
    paper->reason = status == RK_NOT_FOUND ? "unknown-case" : "disposed";
    return RK_OK;
  }
  return status == RK_OK ? check_case(receipt, paper, &name) : status;
}

/* ------------------------------------------------------------------- expecting */

/* By which channel a paper came: as is said now, or was when its pages came. */
static const char *way_of(const Receipt *receipt, const Paper *paper) {
  const char *channel = receipt->arrival->channel;
  for (guint i = 0; !channel && i < paper->pages->len; i++)
    channel = ((Scan *)paper->pages->pdata[i])->channel;
  return channel;
}

static ScanProposal *proposal_of(Receipt *receipt, const char *case_number) {
  for (guint i = 0; i < receipt->proposals->len; i++) {
    ScanProposal *proposal = receipt->proposals->pdata[i];
    if (g_str_equal(proposal->case_number, case_number))
      return proposal;
  }
  ScanProposal *proposal = scan_proposal_new(case_number);
  g_ptr_array_add(receipt->proposals, proposal);
  return proposal;
}

static void propose_paper(Receipt *receipt, const Paper *paper) {
  ScanProposal *proposal = proposal_of(receipt, paper->case_number);
  proposal->look = proposal->look || paper->look;
  text_set(&proposal->channel, way_of(receipt, paper));
  if (!g_ptr_array_find_with_equal_func(proposal->references, paper->reference, g_str_equal, NULL))
    g_ptr_array_add(proposal->references, g_strdup(paper->reference));
}

/* Each paper for itself; then those of a case together: one may make possible what the other lacks. */
static RkStatus expect_alone(Receipt *receipt, Paper *paper) {
  g_autoptr(ScanProposal) alone = scan_proposal_new(paper->case_number);
  g_ptr_array_add(alone->references, g_strdup(paper->reference));
  RkStatus status = scan_propose(receipt->desk, alone, way_of(receipt, paper), receipt->request->now,
                                 receipt->diags);
  if (status == RK_OK && alone->reasons)
    paper->reason = "not-this-way";
  else if (status == RK_OK && !alone->wanted)
    paper->reason = "not-expected";
  else if (status == RK_OK)
    propose_paper(receipt, paper);
  return status;
}

static RkStatus propose_all(Receipt *receipt) {
  RkStatus status = RK_OK;
  for (guint i = 0; status == RK_OK && i < receipt->proposals->len; i++) {
    ScanProposal *proposal = receipt->proposals->pdata[i];
    g_autofree char *channel = g_strdup(proposal->channel);
    status = scan_propose(receipt->desk, proposal, channel, receipt->request->now, receipt->diags);
  }
  return status;
}

static void settle(const Paper *paper) {
  for (guint i = 0; i < paper->pages->len; i++) {
    Scan *scan = paper->pages->pdata[i];
    text_set(&scan->state, paper->reason ? "tray" : "filed");
    text_set(&scan->reason, paper->reason);
    text_set(&scan->case_number, paper->reason ? NULL : paper->case_number);
    text_set(&scan->form, paper->reference);
  }
}

/* Why a page that waits for the rest of its paper need wait no longer, now that this one is filed; NULL: none. */
static const char *outdone_by(const Scan *scan, const Paper *paper) {
  g_auto(PaperName) mine = {0}, other = {0};
  if (g_str_equal(scan->number, paper->number))
    return g_ptr_array_find(paper->pages, scan, NULL) ? NULL : "duplicate";
  gboolean same = paper_name_read(&mine, scan->number) && paper_name_read(&other, paper->number) &&
                  g_str_equal(mine.case_number, other.case_number) &&
                  g_str_equal(mine.form, other.form) && mine.which == other.which;
  return same && mine.version < other.version ? "older-version" : NULL;
}

/* Half of a paper came first, and then the whole of it, or of its next version. */
static void outdo(Receipt *receipt, const Paper *paper) {
  for (guint i = 0; i < receipt->waiting->len; i++) {
    Scan *scan = receipt->waiting->pdata[i];
    if (!scan->ours || g_strcmp0(scan->reason, "incomplete") != 0)
      continue;
    const char *reason = outdone_by(scan, paper);
    if (!reason)
      continue;
    text_set(&scan->reason, reason);
    g_ptr_array_add(receipt->outdone, scan);
  }
}

static RkStatus judge(Receipt *receipt) {
  RkStatus status = RK_OK;
  for (guint i = 0; status == RK_OK && i < receipt->papers->len; i++) {
    Paper *paper = receipt->papers->pdata[i];
    status = look_up(receipt, paper);
    if (status == RK_OK && !paper->reason)
      status = expect_alone(receipt, paper);
    if (status == RK_OK)
      settle(paper);
    if (status == RK_OK && !paper->reason)
      outdo(receipt, paper);
  }
  return status;
}

/* ---------------------------------------------------------------------- writing */

static StorePicture *picture_of(const Scan *scan, GBytes *bytes, const char *case_id) {
  StorePicture *picture = g_new0(StorePicture, 1);
  picture->id = g_strdup(scan->id);
  picture->case_id = g_strdup(case_id);
  picture->bytes = bytes ? g_bytes_ref(bytes) : NULL;
  return picture;
}

static const char *case_of(const Receipt *receipt, const Scan *scan) {
  for (guint i = 0; i < receipt->papers->len; i++) {
    const Paper *paper = receipt->papers->pdata[i];
    if (!paper->reason && g_ptr_array_find(paper->pages, scan, NULL))
      return paper->case_id;
  }
  return NULL;
}

/* Another process may have received the same file meanwhile. */
static RkStatus still_new(RkDesk *desk, GPtrArray *registers, gpointer user, RkDiags *diags) {
  const Receipt *receipt = user;
  RkStatus status = RK_OK;
  (void)registers;
  for (guint i = 0; status == RK_OK && i < receipt->read->len; i++) {
    const ScanRead *page = receipt->read->pdata[i];
    g_autoptr(Scan) held = NULL;
    status = scans_load(desk, page->scan->id, &held, diags);
    if (held && !scan_left_out(held))
      return diags_fail(diags, RK_CONFLICT, DIAG_SCAN_KNOWN, NULL, receipt->file, NULL);
    status = status == RK_NOT_FOUND ? RK_OK : status;
  }
  return status;
}

/* Each file is a transaction of its own, and so has a request of its own: by what it holds, for the next time it may
 * stand elsewhere among the files. g_free; NULL: the request has no id. */
static char *file_request(const Receipt *receipt) {
  const char *id = receipt->request->id;
  return id ? g_strdup_printf("%s-%.*s", id, FILE_DIGITS, receipt->file) : NULL;
}

static RkStatus write_pages(Receipt *receipt) {
  g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func((GDestroyNotify)store_register_free);
  g_autoptr(GPtrArray) pictures = g_ptr_array_new_with_free_func((GDestroyNotify)store_picture_free);
  for (guint i = 0; i < receipt->read->len; i++) {
    const ScanRead *page = receipt->read->pdata[i];
    g_ptr_array_add(entries, scan_entry(page->scan));
    if (page->image)
      g_ptr_array_add(pictures, picture_of(page->scan, page->image, case_of(receipt, page->scan)));
  }
  for (guint i = 0; i < receipt->waiting->len; i++) {
    const Scan *scan = receipt->waiting->pdata[i];
    const char *case_id = case_of(receipt, scan);
    if (case_id || g_ptr_array_find(receipt->outdone, scan, NULL))
      g_ptr_array_add(entries, scan_entry(scan));
    if (case_id)
      g_ptr_array_add(pictures, picture_of(scan, NULL, case_id));
  }
  if (receipt->again && !entries->len)
    return RK_OK;
  g_autofree char *id = file_request(receipt);
  RkRequest request = *receipt->request;
  json_t *asked = json_pack("{s:s, s:s?}", "file", receipt->file, "channel",
                            receipt->arrival->channel);
  const OfficeChange change = {.kind = "scan", .event = "received", .registers = entries,
                               .judge = still_new, .user = receipt, .pictures = pictures,
                               .asked = asked};
  request.id = id;
  RkStatus status = desk_change_office(receipt->desk, &request, &change, receipt->diags);
  json_decref(asked);
  return status;
}

/* ------------------------------------------------------------------- entering */

/* Whether the event asks for something that no paper says to a machine. */
static RkStatus asks(Receipt *receipt, const ScanProposal *proposal, const char *event,
                     gboolean *out) {
  g_autoptr(RkTable) inputs = NULL;
  RkStatus status = rk_event_inputs(receipt->desk, proposal->case_number, event,
                                    receipt->request->now, &inputs, receipt->diags);
  *out = FALSE;
  for (guint i = 0; inputs && i < rk_table_rows(inputs); i++)
    *out = *out || g_strcmp0(rk_table_get(inputs, i, "required"), "yes") == 0;
  return status;
}

static RkStatus enter(Receipt *receipt, const ScanProposal *proposal, const char *event) {
  g_autoptr(GArray) papers = g_array_new(FALSE, TRUE, sizeof(RkReceived));
  g_autoptr(RkTable) done = NULL;
  RkRequest request = *receipt->request;
  RkStatus status = RK_OK;
  request.id = NULL; /* the pages were received by it */
  request.evidence = request.evidence ? request.evidence : "paper";
  for (guint i = 0; i < proposal->references->len; i++) {
    RkReceived paper = {proposal->references->pdata[i], proposal->channel, FALSE};
    g_array_append_val(papers, paper);
  }
  if (event)
    return rk_case_do(receipt->desk, &request, proposal->case_number, event,
                      (RkReceived *)papers->data, papers->len, &done, receipt->diags);
  for (guint i = 0; i < papers->len && status == RK_OK; i++)
    status = rk_form_receive(receipt->desk, &request, proposal->case_number,
                             &g_array_index(papers, RkReceived, i), receipt->diags);
  return status;
}

/* What keeps a machine from entering it, though it is asked to. */
static gboolean leaves_to_person(Receipt *receipt, const ScanProposal *proposal) {
  const char *first = proposal->references->pdata[0];
  if (proposal->look)
    diags_add(receipt->diags, DIAG_SCAN_LOOK, NULL, proposal->case_number, NULL);
  if (proposal->ways)
    diags_add(receipt->diags, DIAG_SCAN_WAY, NULL, proposal->case_number, first, proposal->ways, NULL);
  return proposal->look || proposal->ways;
}

/* One event, which asks for nothing; or none, and the papers are laid on the desk. What a person should
 * look at first is only proposed. */
static RkStatus conclude(Receipt *receipt, const ScanProposal *proposal, RkTable *table) {
  gboolean asked = FALSE;
  const char *event = proposal->events->len ? proposal->events->pdata[0] : NULL;
  RkStatus status = event ? asks(receipt, proposal, event, &asked) : RK_OK;
  if (status == RK_OK && proposal->reasons) {
    diags_take_all(receipt->diags, proposal->reasons);
    return RK_PARTIAL;
  }
  if (status != RK_OK || !proposal->wanted) /* not wanted: was done since the file came */
    return status;
  gboolean may = receipt->arrival->apply && !receipt->request->dry_run && proposal->events->len < 2 && !asked &&
                 !leaves_to_person(receipt, proposal);
  if (may)
    status = enter(receipt, proposal, event);
  const char *state = !may ? "proposed" : status == RK_OK ? "entered" : "refused";
  if (may)
    scan_papers_row(table, proposal, state, event);
  for (guint i = 0; !may && i < MAX(proposal->events->len, 1); i++)
    scan_papers_row(table, proposal, state,
                    proposal->events->len ? proposal->events->pdata[i] : NULL);
  return status == RK_REFUSED || status == RK_INVALID ? RK_PARTIAL : status;
}

/* ---------------------------------------------------------------------- answer */

static int by_id(gconstpointer a, gconstpointer b) {
  return strcmp((*(Scan *const *)a)->id, (*(Scan *const *)b)->id);
}

static RkStatus answer(Receipt *receipt, const char *path, const GPtrArray *tables) {
  g_autofree char *name = g_path_get_basename(path);
  g_autoptr(GPtrArray) scans = g_ptr_array_new();
  RkStatus status = RK_OK, worst = RK_OK;
  g_ptr_array_extend(scans, receipt->known, NULL, NULL);
  for (guint i = 0; i < receipt->read->len; i++)
    g_ptr_array_add(scans, ((ScanRead *)receipt->read->pdata[i])->scan);
  g_ptr_array_sort(scans, by_id);
  for (guint i = 0; i < scans->len; i++)
    scan_pages_row(tables->pdata[0], name, scans->pdata[i]);
  for (guint i = 0; i < receipt->proposals->len && (status == RK_OK || status == RK_PARTIAL); i++) {
    status = conclude(receipt, receipt->proposals->pdata[i], tables->pdata[1]);
    worst = status == RK_OK ? worst : status;
  }
  return worst;
}

/* The pages as they stand when all files are read: a later one may have brought what one waited for. */
static RkStatus settle_pages(RkDesk *desk, GPtrArray *tables, gboolean *waits, RkDiags *diags) {
  RkTable *pages = tables->pdata[0], *settled = scan_pages_table();
  RkStatus status = RK_OK;
  for (guint i = 0; i < rk_table_rows(pages) && status == RK_OK; i++) {
    g_autoptr(Scan) scan = NULL;
    status = scans_load(desk, rk_table_get(pages, i, "id"), &scan, diags);
    if (scan)
      scan_pages_row(settled, rk_table_get(pages, i, "file"), scan);
    *waits = *waits || (scan && g_str_equal(scan->state, "tray"));
  }
  rk_table_free(pages);
  tables->pdata[0] = settled;
  return status;
}

/* The same when nothing was written. */
static gboolean any_waits(const RkTable *pages) {
  for (guint i = 0; i < rk_table_rows(pages); i++)
    if (g_strcmp0(rk_table_get(pages, i, "state"), "tray") == 0)
      return TRUE;
  return FALSE;
}

/* ------------------------------------------------------------- received before */

/* What was rejected, or taken for blank, comes in again; all else is as it was. */
static void keep_known(Receipt *receipt) {
  receipt->again = receipt->known->len > 0;
  for (guint i = receipt->read->len; receipt->again && i-- > 0;) {
    const char *id = ((ScanRead *)receipt->read->pdata[i])->scan->id;
    guint at = 0;
    while (at < receipt->known->len && !g_str_equal(((Scan *)receipt->known->pdata[at])->id, id))
      at++;
    if (at < receipt->known->len && scan_left_out(receipt->known->pdata[at]))
      g_ptr_array_remove_index(receipt->known, at);
    else
      g_ptr_array_remove_index(receipt->read, i);
  }
}

static void say_known(Receipt *receipt, const char *path) {
  g_autofree char *name = g_path_get_basename(path);
  g_autoptr(GString) pages = g_string_new(NULL);
  for (guint i = 0; i < receipt->read->len; i++)
    g_string_append_printf(pages, "%s%lu", i ? ", " : "",
                           strtoul(strrchr(((ScanRead *)receipt->read->pdata[i])->scan->id, '-') + 1, NULL, 10));
  if (pages->len)
    diags_add(receipt->diags, DIAG_SCAN_AGAIN, NULL, name, pages->str, NULL);
  else
    diags_add(receipt->diags, DIAG_SCAN_KNOWN, NULL, name, NULL);
}

/* The papers of a file that was received before: those of its pages that lie where their code says. */
static GPtrArray *known_papers(const Receipt *receipt) {
  GPtrArray *papers = g_ptr_array_new_with_free_func(paper_free);
  for (guint i = 0; i < receipt->known->len; i++) {
    Scan *scan = receipt->known->pdata[i];
    g_auto(PaperName) name = {0};
    if (!g_str_equal(scan->state, "filed") || !scan->ours || !paper_name_read(&name, scan->number) ||
        g_strcmp0(name.case_number, scan->case_number) != 0)
      continue;
    Paper *paper = paper_of(papers, scan->number);
    paper->known = TRUE;
    if (!page_in(paper->pages, scan->page))
      g_ptr_array_add(paper->pages, scan);
  }
  return papers;
}

/* It is judged anew: the paper may have changed since, or a page may lie beside another one. */
static RkStatus propose_again(Receipt *receipt, Paper *paper) {
  const Scan *first = paper->pages->pdata[0];
  RkStatus status = look_up(receipt, paper);
  if (status != RK_OK)
    return status;
  if (g_strcmp0(paper->reason, "older-version") == 0)
    diags_add(receipt->diags, DIAG_SCAN_OLDER, NULL, paper->case_number, paper->reference, NULL);
  else if (!paper->reason && g_strcmp0(first->form, paper->reference) == 0)
    propose_paper(receipt, paper);
  return RK_OK;
}

/* What a file that was received before has filed, as proposals again. */
static RkStatus propose_known(Receipt *receipt, const char *path) {
  g_autoptr(GPtrArray) papers = known_papers(receipt);
  RkStatus status = RK_OK;
  if (receipt->again)
    say_known(receipt, path);
  for (guint i = 0; status == RK_OK && i < papers->len; i++)
    status = propose_again(receipt, papers->pdata[i]);
  return status;
}

static RkStatus receive_file(Receipt *receipt, const char *path, const GPtrArray *tables) {
  RkStatus status =
      scan_read_file(receipt->desk, path, receipt->request->now, !receipt->arrival->apply, &receipt->file,
                     &receipt->known, &receipt->read, receipt->diags);
  if (status != RK_OK)
    return status;
  keep_known(receipt);
  status = collect(receipt);
  if (status == RK_OK)
    status = judge(receipt);
  if (status == RK_OK)
    status = propose_known(receipt, path);
  if (status == RK_OK)
    status = propose_all(receipt);
  if (status == RK_OK)
    status = write_pages(receipt);
  return status == RK_OK ? answer(receipt, path, tables) : status;
}

static RkStatus receive_one(RkDesk *desk, const RkRequest *request, const char *path,
                            const RkArrival *arrival, const GPtrArray *tables, RkDiags *diags) {
  g_auto(Receipt) receipt = {.desk = desk, .request = request, .arrival = arrival, .diags = diags};
  receipt.outdone = g_ptr_array_new();
  receipt.papers = g_ptr_array_new_with_free_func(paper_free);
  receipt.proposals = g_ptr_array_new_with_free_func((GDestroyNotify)scan_proposal_free);
  return receive_file(&receipt, path, tables);
}

/* A channel that nobody knows is a slip of the pen, whatever the papers are. */
static RkStatus check_arrival(const RkDesk *desk, const RkArrival *arrival, RkDiags *diags) {
  g_autoptr(Catalogue) catalogue = NULL;
  CatalogueChannel found;
  if (!arrival->channel)
    return RK_OK;
  RkStatus status = catalogue_load_for(&catalogue, desk->site->datadir, desk->municipality, diags);
  if (status != RK_OK || catalogue_channel(catalogue, arrival->channel, &found))
    return status;
  g_autofree char *channels = catalogue_list_channels(catalogue);
  return diags_fail(diags, RK_USAGE, DIAG_CHECK_CHANNEL, NULL, arrival->channel, channels, NULL);
}

/* What all files came to: something waits for a person, or was not taken. */
static RkStatus sum_up(RkDesk *desk, const RkRequest *request, GPtrArray *tables, RkStatus worst,
                       guint good, RkDiags *diags) {
  gboolean waits = request->dry_run && any_waits(tables->pdata[0]);
  RkStatus status = request->dry_run || worst == RK_STORE ? RK_OK : settle_pages(desk, tables, &waits, diags);
  if (status != RK_OK)
    return status;
  if (worst == RK_OK)
    return waits ? RK_PARTIAL : RK_OK;
  return good && worst != RK_STORE ? RK_PARTIAL : worst;
}

RkStatus rk_receive(RkDesk *desk, const RkRequest *request, const char *const *paths,
                    const RkArrival *arrival, GPtrArray **out, RkDiags *diags) {
  RkStatus worst = RK_OK;
  guint good = 0;
  *out = NULL;
  rk_desk_at(desk, request->now);
  RkStatus status = desk_log_refusal(desk, "receive", desk_check_clerk(desk, diags), diags);
  if (status == RK_OK)
    status = check_arrival(desk, arrival, diags);
  if (status != RK_OK)
    return status;
  *out = g_ptr_array_new_with_free_func((GDestroyNotify)rk_table_free);
  g_ptr_array_add(*out, scan_pages_table());
  g_ptr_array_add(*out, scan_papers_table());
  for (guint i = 0; paths[i] && worst != RK_STORE; i++) {
    status = receive_one(desk, request, paths[i], arrival, *out, diags);
    good += status == RK_OK || status == RK_PARTIAL;
    if (worst == RK_OK || status == RK_STORE)
      worst = status;
  }
  return sum_up(desk, request, *out, worst, good, diags);
}
