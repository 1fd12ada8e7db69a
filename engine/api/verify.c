/* SPDX-License-Identifier: Apache-2.0 */
/* verify.c - the public call that recomputes and replays everything. */
#include "base/table.h"
#include "base/words.h"
#include "case/replay.h"

static void add_result(RkTable *table, const char *check, gint64 count, gboolean good) {
  g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, count);
  table_row(table, check, number, good ? "ok" : "broken");
}

/* Replay every case, page by page: memory does not depend on their number. */
static RkStatus replay_all(RkDesk *desk, gint64 *count, RkDiags *diags) {
  StoreCaseFilter filter = {.with_closed = TRUE, .limit = 100};
  g_autofree char *after = NULL;
  RkStatus worst = RK_OK;
  *count = 0;
  for (guint page = 1; page;) {
    g_autoptr(GPtrArray) cases = NULL;
    filter.after = after;
    RkStatus status = store_query_cases(desk->store, &filter, &cases, diags);
    if (status != RK_OK)
      return status;
    page = cases->len;
    for (guint i = 0; i < page; i++, (*count)++) {
      status = replay_case(desk, ((StoreCase *)cases->pdata[i])->id, diags);
      worst = worst == RK_OK ? status : worst;
    }
    g_free(after);
    after = page ? g_strdup(((StoreCase *)cases->pdata[page - 1])->number) : NULL;
  }
  return worst;
}

RkStatus rk_verify(RkDesk *desk, RkTable **out, RkDiags *diags) {
  g_autoptr(RkTable) table = table_new("checks", _("Checks"));
  table_column(table, "check", _("Check"), RK_COLUMN_TEXT);
  table_column(table, "count", _("Count"), RK_COLUMN_NUMBER);
  table_column(table, "result", _("Result"), RK_COLUMN_TEXT);
  *out = NULL;
  StoreVerify chains;
  gint64 cases = 0, entries = 0;
  RkStatus status = desk_check_member(desk, diags);
  if (status == RK_OK)
    status = store_verify(desk->store, &chains, diags);
  if (status != RK_OK)
    return status;
  RkStatus replayed = replay_all(desk, &cases, diags);
  RkStatus registers = replay_registers(desk, &entries, diags);
  add_result(table, _("journal chain"), chains.journal_entries, !chains.bad_journal);
  add_result(table, _("access log chain"), chains.access_entries, !chains.bad_access);
  add_result(table, _("cases replayed"), cases, replayed == RK_OK);
  add_result(table, _("register entries"), entries, registers == RK_OK);
  *out = g_steal_pointer(&table);
  gboolean good = !chains.bad_journal && !chains.bad_access && replayed == RK_OK &&
                  registers == RK_OK && !rk_diags_has_errors(diags);
  return good ? RK_OK : RK_FAILED;
}
