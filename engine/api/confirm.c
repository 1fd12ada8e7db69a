/* SPDX-License-Identifier: Apache-2.0 */
/* confirm.c - the public calls about what was entered in somebody's name. */
#include "base/table.h"
#include "case/deliver.h"
#include "case/proxy.h"

RkStatus rk_case_unconfirmed(RkDesk *desk, const char *number, RkTable **out, RkDiags *diags) {
  g_autoptr(CaseFile) file = NULL;
  g_autoptr(RkTable) table = proxy_table();
  *out = NULL;
  RkStatus status = desk_read(desk, "unconfirmed", number, NULL, diags);
  if (status == RK_OK)
    status = casefile_load(&file, desk, number, diags);
  if (status == RK_OK)
    status = proxy_list(desk, file->record->id, desk->operator_, table, diags);
  if (status == RK_OK)
    *out = g_steal_pointer(&table);
  return status;
}

RkStatus rk_case_confirm(RkDesk *desk, const RkRequest *request, const char *number,
                         RkDiags *diags) {
  g_auto(Delivered) delivered = {0};
  g_autoptr(RkTable) table = NULL;
  RkStatus status = rk_case_unconfirmed(desk, number, &table, diags);
  if (status != RK_OK)
    return status;
  json_t *keys = json_array();
  for (guint i = 0; i < rk_table_rows(table); i++)
    json_array_append_new(keys, json_string(rk_table_get(table, i, "key")));
  json_t *args = json_pack("{s:o}", "keys", keys), *asked = json_object();
  Deed deed = {.kind = "confirm", .args = args, .asked = asked};
  status = deliver_deed(desk, request, number, &deed, &delivered, diags);
  json_decref(asked);
  json_decref(args);
  return status;
}
