/* SPDX-License-Identifier: Apache-2.0 */
/*
 * batch.c - many events as one transaction: they wait for the disk once. Only events: what acts
 * outside the file (handing over, backup, disposal) must know what lasts before it acts.
 */
#include "base/table.h"
#include "base/words.h"
#include "case/desk_int.h"

static RkTable *batch_table(void) {
  RkTable *table = table_new("batch", _("What was entered"));
  table_column(table, "case", _("Case"), RK_COLUMN_TEXT);
  table_column(table, "event", _("Event"), RK_COLUMN_TEXT);
  table_column(table, "result", _("Result"), RK_COLUMN_TEXT);
  table_column(table, "missing", _("What is missing"), RK_COLUMN_TEXT);
  return table;
}

/* About this one event alone; on anything else that fails, no other can happen either. */
static gboolean is_refusal(RkStatus status) {
  return status == RK_REFUSED || status == RK_INVALID || status == RK_NOT_FOUND ||
         status == RK_CONFLICT;
}

static char *reasons_of(const RkDiags *diags) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < rk_diags_count(diags); i++)
    g_string_append_printf(text, "%s%s", i ? " / " : "", rk_diags_get(diags, i)->message);
  return g_string_free(text, FALSE);
}

static RkStatus do_one(RkDesk *desk, const RkDeed *deed, RkTable *report, RkDiags *diags) {
  g_autoptr(RkDiags) own = rk_diags_new();
  g_autoptr(RkTable) happened = NULL;
  RkStatus status = rk_case_do(desk, &deed->request, deed->number, deed->event, deed->received,
                               deed->n_received, &happened, own);
  g_autofree char *reasons = is_refusal(status) ? reasons_of(own) : NULL;
  if (status == RK_OK || reasons)
    table_row(report, deed->number, deed->event, reasons ? "refused" : "done", reasons);
  else
    diags_take_all(diags, own);
  return reasons ? RK_PARTIAL : status;
}

RkStatus rk_case_do_all(RkDesk *desk, const RkDeed *deeds, guint n_deeds, RkTable **out, RkDiags *diags) {
  g_autoptr(RkTable) report = batch_table();
  RkStatus worst = RK_OK;
  *out = NULL;
  RkStatus status = store_begin_batch(desk->store, diags);
  if (status != RK_OK)
    return status;
  for (guint i = 0; i < n_deeds; i++) {
    status = do_one(desk, &deeds[i], report, diags);
    if (status != RK_OK && status != RK_PARTIAL) {
      store_drop_batch(desk->store);
      return status;
    }
    worst = status == RK_OK ? worst : status;
  }
  status = store_end_batch(desk->store, diags);
  if (status != RK_OK)
    return status;
  *out = g_steal_pointer(&report);
  return worst;
}
