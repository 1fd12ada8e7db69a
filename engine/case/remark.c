/* SPDX-License-Identifier: Apache-2.0 */
/* remark.c - see remark.h. */
#include "case/remark.h"

static RkStatus write_one(CaseFile *file, const RkRequest *request, const char *id, const char *why,
                          RkDiags *diags) {
  g_autofree char *own = g_strdup_printf("%s/remark/%s", id, file->record->id);
  Deed deed = {.kind = "note",
               .request_id = own,
               .operator_ = file->desk->operator_,
               .evidence = request->evidence,
               .why = why,
               .entered = request->now,
               .happened = request->now};
  RkStatus status = casefile_apply(file, &deed, diags);
  if (status == RK_OK)
    return casefile_write(file, &deed, "{}", diags);
  store_rollback(file->desk->store);
  return status;
}

/* `*kept`: it stands beside this case. */
static RkStatus write_beside(RkDesk *desk, const RkRequest *request, const char *id,
                             const char *number, const char *why, gboolean *kept, RkDiags *diags) {
  g_autoptr(StoreCase) record = NULL;
  g_autoptr(CaseFile) file = NULL;
  RkStatus status = store_load_case(desk->store, number, &record, diags);
  if (status == RK_OK && store_case_disposed(record))
    return RK_OK;
  if (status == RK_OK)
    status = casefile_load(&file, desk, number, diags);
  if (status != RK_OK) {
    store_rollback(desk->store);
    return status;
  }
  *kept = TRUE;
  return write_one(file, request, id, why, diags);
}

RkStatus remark_write(RkDesk *desk, const RkRequest *request, const char *id, const char *cases,
                      const char *why, RkDiags *diags) {
  g_auto(GStrv) numbers = g_strsplit(cases, " ", -1);
  gboolean kept = FALSE;
  RkStatus status = RK_OK;
  if (!why && !request->evidence)
    return RK_OK;
  for (guint i = 0; numbers[i] && status == RK_OK; i++)
    status = write_beside(desk, request, id, numbers[i], why, &kept, diags);
  if (status == RK_OK && !kept)
    diags_add(diags, DIAG_REMARK_LOST, NULL, NULL);
  return status;
}
