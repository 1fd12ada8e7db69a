/* SPDX-License-Identifier: Apache-2.0 */
/* identity.c - the public call that shows whom a case is about. */
#include "case/identity.h"

#include "base/table.h"
#include "base/words.h"

RkStatus rk_case_identity(RkDesk *desk, const char *number, gboolean show, RkTable **out,
                          RkDiags *diags) {
  g_autoptr(CaseFile) file = NULL;
  g_autoptr(RkTable) table = table_new("identity", _("Whom it is about"));
  table_column(table, "where", _("Stands in"), RK_COLUMN_TEXT);
  table_column(table, "name", _("Name"), RK_COLUMN_TEXT);
  table_column(table, "birth", _("Birth date"), RK_COLUMN_TEXT);
  table_column(table, "insurance", _("Insurance number"), RK_COLUMN_TEXT);
  *out = NULL;
  RkStatus status = show ? desk_read(desk, "identity", number, NULL, diags)
                         : desk_check_clerk(desk, diags);
  if (status == RK_OK)
    status = casefile_load(&file, desk, number, diags);
  if (status != RK_OK)
    return status;
  g_autoptr(GPtrArray) people = identity_of_case(file);
  for (guint i = 0; i < people->len; i++) {
    const Person *person = people->pdata[i];
    table_row(table, person->where, show ? person->name : NULL, show ? person->birth : NULL,
              show ? person->insurance : NULL);
  }
  *out = g_steal_pointer(&table);
  return RK_OK;
}
