/* SPDX-License-Identifier: Apache-2.0 */
/* pagekeys.c - see pagekeys.h. */
#include "case/pagekeys.h"

#define PREFIX 16 /* digits of the first entry's hash that name a database */

char *pagekeys_path(const char *path) {
  return g_strconcat(path, ".paper-keys", NULL);
}

/* What only this database has: the beginning of the hash of its first journal entry. g_free. */
static RkStatus database_name(Store *store, char **out, RkDiags *diags) {
  g_autoptr(StoreJournal) first = NULL;
  RkStatus status = store_load_chained(store, 1, &first, diags);
  if (status != RK_OK)
    return status;
  g_autofree char *hex = hash_to_hex(&first->hash);
  *out = g_strndup(hex, PREFIX);
  return RK_OK;
}

RkStatus pagekeys_read(RkDesk *desk, PaperKeys **out, RkDiags *diags) {
  g_autofree char *database = NULL, *path = desk->path ? pagekeys_path(desk->path) : NULL;
  *out = NULL;
  if (!path)
    return diags_fail(diags, RK_REFUSED, DIAG_KEY_NOWHERE, NULL, NULL);
  RkStatus status = database_name(desk->store, &database, diags);
  if (status == RK_OK)
    status = paper_keys_read(out, path, database, store_office(desk->store), diags);
  if (status == RK_NOT_FOUND)
    return diags_fail(diags, RK_REFUSED, DIAG_PAGE_KEYS, NULL, path, NULL);
  return status;
}

RkStatus pagekeys_found(Store *store, const char *path, RkDiags *diags) {
  g_autofree char *database = NULL, *keys = pagekeys_path(path);
  RkStatus status = database_name(store, &database, diags);
  return status == RK_OK ? paper_keys_add(keys, database, 1, diags) : status;
}

/* While nobody else can write to the journal: the key begins with the entry that notes it. */
static RkStatus judge_add(RkDesk *desk, GPtrArray *registers, gpointer user, RkDiags *diags) {
  const RkRequest *request = user;
  g_autofree char *database = NULL, *path = pagekeys_path(desk->path);
  gint64 seq = 0;
  Hash head;
  (void)registers;
  RkStatus status = database_name(desk->store, &database, diags);
  if (status == RK_OK)
    status = store_journal_head(desk->store, &seq, &head, NULL, diags);
  if (status != RK_OK || request->dry_run)
    return status;
  return paper_keys_add(path, database, seq + 1, diags);
}

RkStatus pagekeys_add(RkDesk *desk, const RkRequest *request, RkDiags *diags) {
  const OfficeChange change = {"office", "paper-key.made", NULL, NULL, judge_add,
                               (gpointer)request};
  if (!desk->path)
    return diags_fail(diags, RK_REFUSED, DIAG_KEY_NOWHERE, NULL, NULL);
  return desk_change_office(desk, request, &change, diags);
}
