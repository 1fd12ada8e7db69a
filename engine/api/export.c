/* SPDX-License-Identifier: Apache-2.0 */
/* export.c - a case given out, to be read without this program. Giving out is a reading: logged. */
#include "api/dossier.h"
#include "base/table.h"
#include "base/words.h"

RkStatus rk_export(RkDesk *desk, const RkRequest *request, const char *number, const char *path,
                   guint *files, RkDiags *diags) {
  const DossierOptions options = {.folder = "", .with_printed = TRUE, .with_procedure = TRUE};
  g_autoptr(Pack) pack = pack_new();
  *files = 0;
  RkStatus status = desk_read(desk, "export", number, NULL, diags);
  if (status != RK_OK)
    return status;
  desk->within = TRUE;
  status = dossier_add(desk, pack, number, &options, diags);
  if (status == RK_OK)
    status = dossier_finish(desk, pack, diags);
  desk->within = FALSE;
  if (status == RK_OK && !request->dry_run)
    status = pack_write(pack, path, request->now, diags);
  *files = status == RK_OK ? pack_count(pack) : 0;
  return status;
}
