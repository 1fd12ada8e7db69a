/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sqlite_copy.c - a whole database as a second file, and back.
 *
 * A copy is made by SQLite's own means, from one moment, while others go on working; it bears its
 * name only when it is complete, synced and verified. Copying the bytes of a file in use would lose
 * what still lies in its log.
 */
#include "store/sqlite_int.h"

#include "base/name.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static RkStatus copy_failed(const char *path, const char *reason, RkDiags *diags) {
  return diags_fail(diags, RK_FAILED, DIAG_COPY, NULL, path, reason, NULL);
}

/* ------------------------------------------------------------------- making */

static int copy_pages(sqlite3 *from, sqlite3 *to) {
  sqlite3_backup *copy = sqlite3_backup_init(to, "main", from, "main");
  if (!copy)
    return sqlite3_extended_errcode(to);
  sqlite3_backup_step(copy, -1);
  return sqlite3_backup_finish(copy);
}

static RkStatus fill(SqliteStore *store, const char *made, RkDiags *diags) {
  sqlite3 *to = NULL;
  int code = sqlite3_open_v2(made, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW, NULL);
  if (code == SQLITE_OK)
    code = copy_pages(store->db, to);
  int closed = sqlite3_close(to);
  code = code == SQLITE_OK ? closed : code;
  return code == SQLITE_OK ? RK_OK : copy_failed(made, sqlite3_errstr(code), diags);
}

static RkStatus sync_file(const char *path, RkDiags *diags) {
  int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  gboolean good = fd >= 0 && fsync(fd) == 0;
  int failed = errno;
  if (fd >= 0)
    close(fd);
  return good ? RK_OK : copy_failed(path, g_strerror(failed), diags);
}

/* As a reader finds it: opened with every check, both chains recomputed. */
static RkStatus verify_copy(const char *made, StoreVerify *out, RkDiags *diags) {
  g_autoptr(Store) store = NULL;
  g_autoptr(RkDiags) own = rk_diags_new();
  *out = (StoreVerify){0};
  RkStatus status = store_open(&store, made, NULL, own);
  if (status == RK_OK)
    status = store_verify(store, out, own);
  if (status == RK_OK && (out->bad_journal || out->bad_access || rk_diags_has_errors(own)))
    status = RK_FAILED;
  diags_take_all(diags, own);
  return status;
}

static RkStatus finish(const char *made, const char *path, RkStatus status, StoreVerify *found,
                       RkDiags *diags) {
  if (status == RK_OK)
    status = sync_file(made, diags);
  if (status == RK_OK)
    status = verify_copy(made, found, diags);
  if (status == RK_OK)
    status = store_publish(made, path, diags);
  if (status != RK_OK)
    store_discard(made);
  return status;
}

RkStatus sqlite_copy(Store *public, const char *path, StoreVerify *found, RkDiags *diags) {
  g_autofree char *made = g_strdup_printf("%s-new-%d", path, (int)getpid());
  RkStatus status = sqlite_make_file(made, diags);
  if (status != RK_OK)
    return status;
  return finish(made, path, fill((SqliteStore *)public, made, diags), found, diags);
}

/* ------------------------------------------------------------------- taking */

/* A log beside it: not a copy but a database in use, or what a crash left. */
static gboolean is_in_use(const char *path) {
  g_autofree char *log = g_strconcat(path, "-wal", NULL);
  return access(log, F_OK) == 0;
}

static RkStatus copy_bytes(int from, int to) {
  char buffer[1 << 16];
  errno = ENOSPC; /* what a short write means */
  for (gssize length; (length = read(from, buffer, sizeof buffer)) != 0;)
    if (length < 0 || write(to, buffer, (gsize)length) != length)
      return RK_FAILED;
  return RK_OK;
}

static RkStatus take_bytes(const char *from, const char *made, RkDiags *diags) {
  int in = open(from, O_RDONLY | O_CLOEXEC);
  if (in < 0)
    return diags_fail(diags, RK_FAILED, DIAG_FILE_OPEN, NULL, from, g_strerror(errno), NULL);
  int out = open(made, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
  RkStatus status = out >= 0 ? copy_bytes(in, out) : RK_FAILED;
  int failed = errno;
  close(in);
  if (out >= 0 && close(out) != 0)
    status = RK_FAILED;
  return status == RK_OK ? RK_OK : copy_failed(from, g_strerror(failed), diags);
}

RkStatus store_restore(const char *from, const char *path, StoreVerify *found, RkDiags *diags) {
  g_autofree char *made = g_strdup_printf("%s-new-%d", path, (int)getpid());
  if (is_in_use(from))
    return diags_fail(diags, RK_REFUSED, DIAG_COPY_IN_USE, NULL, from, NULL);
  if (access(path, F_OK) == 0)
    return diags_fail(diags, RK_CONFLICT, DIAG_DB_EXISTS, NULL, path, NULL);
  RkStatus status = sqlite_make_file(made, diags);
  if (status != RK_OK)
    return status;
  return finish(made, path, take_bytes(from, made, diags), found, diags);
}
