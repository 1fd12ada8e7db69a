/* SPDX-License-Identifier: Apache-2.0 */
/* name.c - see name.h. */
#include "config.h"

#include "base/name.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

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
