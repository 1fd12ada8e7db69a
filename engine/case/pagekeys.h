/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pagekeys.h - the keys that the pages of this desk's papers are signed with (base/papercode.h).
 *
 * They lie beside the database ("….paper-keys") and are no part of it: who has a copy of the database
 * cannot print a page that passes for one of ours. `init` makes the first one. A database that came
 * without its file prints nothing until the file is put back or a new key is asked for: a key made
 * unasked would make strangers of all pages that are out.
 */
#ifndef RK_CASE_PAGEKEYS_H
#define RK_CASE_PAGEKEYS_H

#include "base/papercode.h"
#include "case/desk_int.h"

/* Where the keys of the database at `path` lie. g_free. */
char *pagekeys_path(const char *path);
/* The keys of this office; paper_keys_free. Always with a diagnostic when there are none. */
RkStatus pagekeys_read(RkDesk *desk, PaperKeys **out, RkDiags *diags);
/* The first key of a new database, which still lies at `store` under another name than `path`. */
RkStatus pagekeys_found(Store *store, const char *path, RkDiags *diags);
/* A new key, noted in the journal; it signs what is made from then on. */
RkStatus pagekeys_add(RkDesk *desk, const RkRequest *request, RkDiags *diags);

#endif
