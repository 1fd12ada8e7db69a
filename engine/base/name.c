/* SPDX-License-Identifier: Apache-2.0 */
/* name.c - see name.h. */
#include "config.h"

#include "base/name.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static gboolean write_all(int fd, const char *next, gsize length) {
  while (length) {
    gssize n = write(fd, next, length);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return FALSE;
    next += n;
    length -= (gsize)n;
  }
  return TRUE;
}

gboolean name_write(const char *path, const void *data, gsize length) {
  int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0)
    return FALSE;
  gboolean good = write_all(fd, data, length) && fsync(fd) == 0;
  int error = errno;
  close(fd);
  if (!good)
    unlink(path);
  errno = error;
  return good;
}

/* Some file systems can rename only so that a file might be replaced. */
gboolean name_give(const char *from, const char *to) {
  if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
    return TRUE;
  return errno == EINVAL && link(from, to) == 0 && unlink(from) == 0;
}

gboolean name_sync(const char *path) {
  g_autofree char *folder = g_path_get_dirname(path);
  int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean good = fd >= 0 && fsync(fd) == 0;
  int error = errno;
  if (fd >= 0)
    close(fd);
  errno = error;
  return good;
}
