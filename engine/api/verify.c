/* SPDX-License-Identifier: Apache-2.0 */
/* verify.c - the public call that recomputes and replays everything. */
#include "base/table.h"
#include "base/words.h"
#include "case/checkpoint.h"
#include "case/replay.h"
#include "case/rights.h"
#include "case/scans.h"
#include "case/written.h"

static void add_result(RkTable *table, const char *check, gint64 count, gboolean good) {
  g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, count);
  table_row(table, check, number, good ? "ok" : "broken");
}

/* Replay every case, page by page: memory does not depend on their number. */
static RkStatus replay_all(RkDesk *desk, gint64 *count, gint64 *disposed, RkDiags *diags) {
  StoreCaseFilter filter = {.with_closed = TRUE, .limit = 100};
  g_autofree char *after = NULL;
  RkStatus worst = RK_OK;
  *count = *disposed = 0;
  for (guint page = 1; page;) {
    g_autoptr(GPtrArray) cases = NULL;
    filter.after = after;
    RkStatus status = store_query_cases(desk->store, &filter, &cases, diags);
    if (status != RK_OK)
      return status;
    page = cases->len;
    for (guint i = 0; i < page; i++) {
      const StoreCase *record = cases->pdata[i];
      gboolean gone = store_case_disposed(record);
      *disposed += gone;
      *count += !gone;
      status = gone ? RK_OK : replay_case(desk, record->id, diags);
      worst = worst == RK_OK ? status : worst;
    }
    g_free(after);
    after = page ? g_strdup(((StoreCase *)cases->pdata[page - 1])->number) : NULL;
  }
  return worst;
}

/* The chains, and what was signed of them; `whole`: with all that the store can say of itself. */
static RkStatus check_chains(RkDesk *desk, gboolean whole, RkTable *table, gboolean *good,
                             RkDiags *diags) {
  StoreVerify chains;
  gint64 count = 0;
  RkStatus status = whole ? store_verify(desk->store, &chains, diags)
                          : store_verify_chains(desk->store, &chains, diags);
  if (status != RK_OK)
    return status;
  RkStatus signed_ = checkpoint_verify(desk, &count, diags);
  add_result(table, _("journal chain"), chains.journal_entries, !chains.bad_journal);
  add_result(table, _("access log chain"), chains.access_entries, !chains.bad_access);
  if (chains.backward)
    add_result(table, _("entered by a clock that was behind"), chains.backward, TRUE);
  if (count)
    add_result(table, _("checkpoints"), count, signed_ == RK_OK);
  *good = !chains.bad_journal && !chains.bad_access && signed_ == RK_OK;
  return RK_OK;
}

static RkTable *checks_table(void) {
  RkTable *table = table_new("checks", _("Checks"));
  table_column(table, "check", _("Check"), RK_COLUMN_TEXT);
  table_column(table, "count", _("Count"), RK_COLUMN_NUMBER);
  table_column(table, "result", _("Result"), RK_COLUMN_TEXT);
  return table;
}

typedef struct {
  gint64 cases, disposed, entries, scans;
  gboolean cases_good, entries_good, scans_good;
} Replayed;

static void replay_office(RkDesk *desk, Replayed *sum, RkDiags *diags) {
  gint64 cases = 0, disposed = 0, entries = 0, scans = 0;
  RkStatus replayed = replay_all(desk, &cases, &disposed, diags);
  RkStatus registers = written_verify(desk, &entries, diags);
  RkStatus scanned = scans_verify(desk, &scans, diags);
  sum->cases += cases;
  sum->scans += scans;
  sum->scans_good = sum->scans_good && scanned == RK_OK;
  sum->disposed += disposed;
  sum->entries += entries;
  sum->cases_good = sum->cases_good && replayed == RK_OK;
  sum->entries_good = sum->entries_good && registers == RK_OK;
}

/* The cases of the operator's office; of every office for those who lead the whole file. */
static RkStatus replay_file(RkDesk *desk, Replayed *sum, RkDiags *diags) {
  g_autoptr(GPtrArray) offices = NULL;
  RkStatus status = store_load_offices(desk->store, &offices, diags);
  gboolean all = desk->founding && desk->self->administrator;
  replay_office(desk, sum, diags);
  for (guint i = 0; all && status == RK_OK && i < offices->len; i++) {
    g_autoptr(RkDesk) other = NULL;
    if (g_str_equal(offices->pdata[i], store_office(desk->store)))
      continue;
    status = rk_desk_open_office(&other, desk->site, desk->path, offices->pdata[i],
                                 desk->operator_, diags);
    if (status == RK_OK)
      replay_office(other, sum, diags);
  }
  return status;
}

/* All of it as the file is at one moment: others may go on working. */
static RkStatus verify_held(RkDesk *desk, gboolean replay, RkTable *table, Replayed *sum,
                            gboolean *good, RkDiags *diags) {
  RkStatus status = desk_check_member(desk, diags);
  if (status == RK_OK)
    status = store_hold(desk->store, diags);
  if (status != RK_OK)
    return status;
  status = check_chains(desk, replay, table, good, diags);
  if (status == RK_OK && replay)
    status = replay_file(desk, sum, diags);
  store_let_go(desk->store);
  return status;
}

static RkStatus verify(RkDesk *desk, gboolean replay, RkTable **out, RkDiags *diags) {
  g_autoptr(RkTable) table = checks_table();
  Replayed sum = {.cases_good = TRUE, .entries_good = TRUE, .scans_good = TRUE};
  gboolean good = FALSE;
  *out = NULL;
  RkStatus status = verify_held(desk, replay, table, &sum, &good, diags);
  if (status != RK_OK)
    return status;
  if (replay) {
    add_result(table, _("cases replayed"), sum.cases, sum.cases_good);
    if (sum.disposed) /* their chain is checked above, what they left in registers below */
      add_result(table, _("cases disposed of, not replayed"), sum.disposed, TRUE);
    add_result(table, _("register entries"), sum.entries, sum.entries_good);
    if (sum.scans)
      add_result(table, _("received pages"), sum.scans, sum.scans_good);
  }
  good = good && sum.cases_good && sum.entries_good && sum.scans_good;
  *out = g_steal_pointer(&table);
  return good && !rk_diags_has_errors(diags) ? RK_OK : RK_FAILED;
}

RkStatus rk_verify(RkDesk *desk, RkTable **out, RkDiags *diags) {
  return verify(desk, TRUE, out, diags);
}

RkStatus rk_verify_chain(RkDesk *desk, RkTable **out, RkDiags *diags) {
  return verify(desk, FALSE, out, diags);
}

RkStatus rk_verify_against(RkDesk *desk, const char *text, const char *name, RkDiags *diags) {
  RkStatus status = desk_check_member(desk, diags);
  return status == RK_OK ? checkpoint_against(desk, text, name, diags) : status;
}

RkStatus rk_checkpoint(RkDesk *desk, const RkRequest *request, char **out, RkDiags *diags) {
  RkStatus status = desk_lead(desk, "checkpoint", request->now, diags);
  *out = NULL;
  return status == RK_OK ? checkpoint_make(desk, request, out, diags) : status;
}
