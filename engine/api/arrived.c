/* SPDX-License-Identifier: Apache-2.0 */
/* arrived.c - papers whose pages lie beside their case while nobody has entered that they came: they are
 * today's work until somebody does. */
#include "api/scan.h"

#include "base/table.h"
#include "base/text.h"
#include "base/words.h"

#define PAGE 500 /* cases read at a time */

/* What lies there of a paper. */
typedef struct {
  const char *reference, *channel; /* borrowed from the newest page */
  gint64 since;
} Lying;

static Lying *lying_of(GArray *list, const char *reference) {
  for (guint i = 0; i < list->len; i++)
    if (g_str_equal(g_array_index(list, Lying, i).reference, reference))
      return &g_array_index(list, Lying, i);
  const Lying lying = {reference, NULL, 0};
  g_array_append_val(list, lying);
  return &g_array_index(list, Lying, list->len - 1);
}

static GArray *papers_of(const GPtrArray *scans) {
  GArray *list = g_array_new(FALSE, FALSE, sizeof(Lying));
  for (guint i = 0; i < scans->len; i++) {
    const Scan *scan = scans->pdata[i];
    Lying *lying = scan->form ? lying_of(list, scan->form) : NULL;
    if (lying && scan->since >= lying->since)
      *lying = (Lying){lying->reference, scan->channel, scan->since};
  }
  return list;
}

/* What the case knows of its papers, without the case itself: most have nothing that waits. */
typedef struct {
  GPtrArray *papers, *sent;
} Known;

static RkStatus load_known(RkDesk *desk, const char *id, Known *known, RkDiags *diags) {
  RkStatus status = store_load_papers(desk->store, id, &known->papers, diags);
  return status == RK_OK ? store_load_transmissions(desk->store, id, "in", "received", &known->sent, diags)
                         : status;
}

static void known_clear(Known *known) {
  g_clear_pointer(&known->papers, g_ptr_array_unref);
  g_clear_pointer(&known->sent, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Known, known_clear)

static const StorePaper *paper_named(const Known *known, const char *reference) {
  for (guint i = 0; i < known->papers->len; i++) {
    g_autofree char *own = papers_reference(known->papers->pdata[i]);
    if (g_str_equal(own, reference))
      return known->papers->pdata[i];
  }
  return NULL;
}

/* That it came was entered after its last page had. */
static gboolean was_entered(const Known *known, const Lying *lying) {
  const StorePaper *paper = paper_named(known, lying->reference);
  for (guint i = 0; paper && i < known->sent->len; i++) {
    const StoreTransmission *sent = known->sent->pdata[i];
    if (g_strcmp0(sent->paper_id, paper->id) == 0 && sent->updated >= lying->since)
      return TRUE;
  }
  return FALSE;
}

/* It joins the proposal of its case if something there waits for it. */
static RkStatus propose_one(RkDesk *desk, const Lying *lying, gint64 now, ScanProposal *proposal,
                            RkDiags *diags) {
  g_autoptr(ScanProposal) alone = scan_proposal_new(proposal->case_number);
  g_ptr_array_add(alone->references, g_strdup(lying->reference));
  RkStatus status = scan_propose(desk, alone, lying->channel, now, diags);
  if (status == RK_OK && alone->wanted) {
    g_ptr_array_add(proposal->references, g_strdup(lying->reference));
    text_set(&proposal->channel, lying->channel);
  }
  return status;
}

static void add_rows(RkTable *table, const ScanProposal *proposal) {
  guint events = proposal->wanted ? proposal->events->len : 0;
  for (guint i = 0; i < MAX(events, 1); i++)
    scan_papers_row(table, proposal, "proposed", events ? proposal->events->pdata[i] : NULL);
}

static RkStatus add_case(RkDesk *desk, const char *id, gint64 now, RkTable *table, RkDiags *diags) {
  g_autoptr(GPtrArray) scans = NULL;
  g_autoptr(StoreCase) record = NULL;
  g_auto(Known) known = {0};
  RkStatus status = scans_beside(desk, id, &scans, diags);
  if (status == RK_OK)
    status = load_known(desk, id, &known, diags);
  if (status == RK_OK)
    status = store_load_case(desk->store, id, &record, diags);
  if (status != RK_OK)
    return status;
  g_autoptr(ScanProposal) proposal = scan_proposal_new(record->number);
  g_autoptr(GArray) papers = papers_of(scans);
  for (guint i = 0; status == RK_OK && i < papers->len; i++)
    if (!was_entered(&known, &g_array_index(papers, Lying, i)))
      status = propose_one(desk, &g_array_index(papers, Lying, i), now, proposal, diags);
  if (status != RK_OK || !proposal->references->len)
    return status;
  g_autofree char *channel = g_strdup(proposal->channel);
  status = scan_propose(desk, proposal, channel, now, diags);
  if (status == RK_OK)
    add_rows(table, proposal);
  return status;
}

RkStatus scan_arrived(RkDesk *desk, gint64 now, guint limit, RkTable **out, RkDiags *diags) {
  g_autoptr(RkTable) table = table_new("arrived", _("Came, not entered"));
  g_autofree char *after = NULL;
  RkStatus status = RK_OK;
  scan_papers_columns(table);
  *out = NULL;
  for (guint count = PAGE; status == RK_OK && count == PAGE && rk_table_rows(table) < limit;) {
    g_autoptr(GPtrArray) cases = NULL;
    status = store_load_pictured(desk->store, after, PAGE, &cases, diags);
    count = status == RK_OK ? cases->len : 0;
    for (guint i = 0; status == RK_OK && i < count && rk_table_rows(table) < limit; i++)
      status = add_case(desk, cases->pdata[i], now, table, diags);
    text_set(&after, count ? cases->pdata[count - 1] : NULL);
  }
  if (status == RK_OK)
    *out = g_steal_pointer(&table);
  return status;
}
