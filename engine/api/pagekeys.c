/* SPDX-License-Identifier: Apache-2.0 */
/* pagekeys.c - the public calls about the keys that pages are signed with. */
#include "base/table.h"
#include "base/words.h"
#include "case/pagekeys.h"

RkStatus rk_paper_keys(RkDesk *desk, RkTable **out, RkDiags *diags) {
  g_autoptr(PaperKeys) keys = NULL;
  *out = NULL;
  RkStatus status = desk_check_administrator(desk, diags);
  if (status == RK_OK)
    status = pagekeys_read(desk, &keys, diags);
  if (status != RK_OK)
    return status;
  RkTable *table = *out = table_new("paper_keys", _("Keys of pages"));
  table_column(table, "key", _("Signing key"), RK_COLUMN_TEXT);
  table_column(table, "from", _("From entry"), RK_COLUMN_NUMBER);
  for (guint i = 0; i < paper_keys_count(keys); i++) {
    gint64 from = paper_keys_from(keys, i);
    g_autofree char *name = paper_key_name(from);
    g_autofree char *entry = g_strdup_printf("%" G_GINT64_FORMAT, from);
    table_row(table, name, entry);
  }
  return RK_OK;
}

RkStatus rk_paper_keys_add(RkDesk *desk, const RkRequest *request, RkDiags *diags) {
  RkStatus status = desk_lead_file(desk, "paper-keys", request->now, diags);
  return status == RK_OK ? pagekeys_add(desk, request, diags) : status;
}
