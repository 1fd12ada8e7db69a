/* SPDX-License-Identifier: Apache-2.0 */
/* sqlite_picture.c - pages that came, as pictures. */
#include "store/sqlite_int.h"

#include <string.h>

static Hash hash_of(GBytes *bytes) {
  return hash_bytes(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static RkStatus write_picture(SqliteStore *store, StorePicture *picture, RkDiags *diags) {
  const char *office = store->public.office;
  sqlite3_stmt *s = NULL;
  if (picture->bytes) {
    picture->hash = hash_of(picture->bytes);
    s = sqlite_bind(store, SQL_PICTURE_ADD, "ttthb", office, picture->id, picture->case_id,
                    &picture->hash, picture->bytes);
  } else if (picture->case_id) {
    s = sqlite_bind(store, SQL_PICTURE_MOVE, "ttt", office, picture->id, picture->case_id);
  } else {
    s = sqlite_bind(store, SQL_PICTURE_DROP, "tt", office, picture->id);
  }
  return sqlite_run(store, s, diags);
}

RkStatus sqlite_write_pictures(SqliteStore *store, const StoreCommit *commit, RkDiags *diags) {
  RkStatus status = RK_OK;
  for (guint i = 0; commit->pictures && i < commit->pictures->len && status == RK_OK; i++)
    status = write_picture(store, commit->pictures->pdata[i], diags);
  return status;
}

static StorePicture *read_picture(sqlite3_stmt *s) {
  StorePicture *picture = g_new0(StorePicture, 1);
  picture->id = sqlite_text(s, 0);
  picture->case_id = sqlite_text(s, 1);
  picture->hash = sqlite_hash(s, 2);
  return picture;
}

static RkStatus load_pictures(Store *public, const char *case_id, GPtrArray *out, RkDiags *diags) {
  SqliteStore *store = (SqliteStore *)public;
  RkStatus status;
  sqlite3_stmt *s = case_id ? sqlite_bind(store, SQL_PICTURES_OF_CASE, "tt", public->office, case_id)
                            : sqlite_bind(store, SQL_PICTURES_IN_TRAY, "t", public->office);
  while (sqlite_row_of(store, s, "tTh", &status, diags))
    g_ptr_array_add(out, read_picture(s));
  return status;
}

static RkStatus load_pictured(Store *public, const char *after, guint limit, GPtrArray *out, RkDiags *diags) {
  SqliteStore *store = (SqliteStore *)public;
  RkStatus status;
  sqlite3_stmt *s = sqlite_bind(store, SQL_PICTURE_CASES, "tti", public->office, after, (gint64)limit);
  while (sqlite_row_of(store, s, "t", &status, diags))
    g_ptr_array_add(out, sqlite_text(s, 0));
  return status;
}

static RkStatus load_picture(Store *public, const char *id, StorePicture **out, RkDiags *diags) {
  SqliteStore *store = (SqliteStore *)public;
  g_autoptr(StorePicture) picture = NULL;
  RkStatus status;
  sqlite3_stmt *s = sqlite_bind(store, SQL_PICTURE_GET, "tt", public->office, id);
  if (sqlite_row_of(store, s, "tThb", &status, diags)) {
    picture = read_picture(s);
    picture->bytes = sqlite_bytes(s, 3);
  }
  sqlite3_reset(s);
  if (!picture)
    return status == RK_OK ? RK_NOT_FOUND : status;
  Hash found = hash_of(picture->bytes);
  if (memcmp(found.bytes, picture->hash.bytes, HASH_SIZE) != 0)
    return sqlite_failure(store, SQLITE_CORRUPT, diags);
  *out = g_steal_pointer(&picture);
  return RK_OK;
}

/* A picture must be what its hash says. */
RkStatus sqlite_verify_pictures(SqliteStore *store, RkDiags *diags) {
  RkStatus status;
  sqlite3_stmt *s = sqlite_bind(store, SQL_PICTURE_FULL, "");
  while (sqlite_row_of(store, s, "thb", &status, diags)) {
    g_autofree char *id = sqlite_text(s, 0);
    g_autoptr(GBytes) bytes = sqlite_bytes(s, 2);
    Hash stored = sqlite_hash(s, 1), found = hash_of(bytes);
    if (memcmp(found.bytes, stored.bytes, HASH_SIZE) != 0)
      diags_add(diags, DIAG_DB_BLOB, NULL, id, NULL);
  }
  return status;
}

void sqlite_picture_ops(StoreOps *ops) {
  ops->load_pictures = load_pictures;
  ops->load_pictured = load_pictured;
  ops->load_picture = load_picture;
}
