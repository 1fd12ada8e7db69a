/* SPDX-License-Identifier: Apache-2.0 */
/* secret.c - see secret.h. */
#include "base/secret.h"

#include "base/name.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static RkStatus failed(const char *path, int reason, RkDiags *diags) {
  return diags_fail(diags, RK_FAILED, DIAG_KEY_FILE, NULL, path, g_strerror(reason), NULL);
}

RkStatus secret_make(const char *path, const char *text, RkDiags *diags) {
  if (!name_write(path, text, strlen(text)))
    return failed(path, errno, diags);
  if (name_sync(path))
    return RK_OK;
  int reason = errno;
  unlink(path);
  return failed(path, reason, diags);
}

RkStatus secret_replace(const char *path, const char *text, RkDiags *diags) {
  g_autofree char *made = g_strdup_printf("%s-new-%d", path, (int)getpid());
  RkStatus status = secret_make(made, text, diags);
  if (status != RK_OK)
    return status;
  if (rename(made, path) == 0 && name_sync(path))
    return RK_OK;
  int reason = errno;
  unlink(made);
  return failed(path, reason, diags);
}

static RkStatus check_file(int fd, const char *path, RkDiags *diags) {
  struct stat info;
  if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))
    return failed(path, EINVAL, diags);
  if (info.st_mode & (S_IRWXG | S_IRWXO) || info.st_uid != geteuid())
    return diags_fail(diags, RK_REFUSED, DIAG_KEY_OPEN, NULL, path, NULL);
  return RK_OK;
}

RkStatus secret_read(char **out, const char *path, RkDiags *diags) {
  *out = NULL;
  int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT)
    return RK_NOT_FOUND;
  if (fd < 0)
    return failed(path, errno, diags);
  RkStatus status = check_file(fd, path, diags);
  char *text = g_malloc0(SECRET_SIZE + 1);
  gssize length = status == RK_OK ? read(fd, text, SECRET_SIZE + 1) : 0;
  int reason = length < 0 ? errno : EINVAL;
  close(fd);
  if (status == RK_OK && length > 0 && length <= SECRET_SIZE && !memchr(text, '\0', (gsize)length)) {
    *out = text;
    return RK_OK;
  }
  sodium_memzero(text, SECRET_SIZE + 1);
  g_free(text);
  return status == RK_OK ? failed(path, reason, diags) : status;
}

void secret_free(char *text) {
  if (text)
    sodium_memzero(text, strlen(text));
  g_free(text);
}
