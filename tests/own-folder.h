/* SPDX-License-Identifier: Apache-2.0 */
/*
 * own-folder.h - a folder for one run of a test.
 *
 * All of them lie in one folder of the user, in that for temporary files or in memory. Each is locked as
 * long as the process lives that made it: what a killed one left is not locked, and goes with the next
 * run.
 */
#ifndef RK_TEST_OWN_FOLDER_H
#define RK_TEST_OWN_FOLDER_H

#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

/* All that lies in it. Links are not followed. */
static inline void folder_empty(const char *path) {
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *file = g_build_filename(path, name, NULL);
    if (g_file_test(file, G_FILE_TEST_IS_DIR) && !g_file_test(file, G_FILE_TEST_IS_SYMLINK)) {
      folder_empty(file);
      g_rmdir(file);
    } else {
      g_unlink(file);
    }
  }
}

/* Lock it until the descriptor is closed, which the end of the process does; -1: somebody holds it. */
static inline int folder_take(const char *path) {
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) == 0)
    return fd;
  close(fd);
  return -1;
}

static inline void folder_clear_left(const char *parent) {
  g_autoptr(GDir) dir = g_dir_open(parent, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *path = g_build_filename(parent, name, NULL);
    int fd = folder_take(path);
    if (fd < 0)
      continue;
    folder_empty(path);
    g_rmdir(path);
    close(fd);
  }
}

/* A new one below `root`, named after `what`; g_free. NULL: it cannot be made there. */
static inline char *folder_new_in(const char *root, const char *what) {
  g_autofree char *name = g_strdup_printf("renkei-tests-%u", (unsigned)geteuid());
  g_autofree char *parent = g_build_filename(root, name, NULL);
  g_autofree char *own = g_strdup_printf("%s-XXXXXX", what);
  GStatBuf info;
  g_mkdir(parent, 0700); /* it is there already, but for the first time */
  if (g_lstat(parent, &info) != 0 || !S_ISDIR(info.st_mode) || info.st_uid != geteuid())
    return NULL;
  g_chmod(parent, 0711); /* a test may hand its own folder to another user */
  int fd = open(parent, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 || flock(fd, LOCK_EX) != 0)
    return NULL;
  folder_clear_left(parent);
  char *folder = g_mkdtemp(g_build_filename(parent, own, NULL));
  gboolean good = folder && folder_take(folder) >= 0;
  close(fd);
  return good ? folder : NULL;
}

static inline char *folder_new(const char *what) {
  return folder_new_in(g_get_tmp_dir(), what);
}

#endif
