/* SPDX-License-Identifier: Apache-2.0 */
/* analysis-files.h - a folder of their own for tests that need files, and shipped files. */
#ifndef RK_TESTS_ANALYSIS_FILES_H
#define RK_TESTS_ANALYSIS_FILES_H

#include "../own-folder.h"

#include <glib.h>
#include <glib/gstdio.h>

/* A new folder below the temporary one. g_free. */
static inline char *scratch_new(void) {
  return folder_new("files");
}

/* Write `text` to folder/name, making folders on the way. The path: g_free. */
static inline char *scratch_file(const char *folder, const char *name, const char *text) {
  char *path = g_build_filename(folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname(path);
  g_mkdir_with_parents(parent, 0700);
  g_file_set_contents(path, text, -1, NULL);
  return path;
}

static inline void scratch_remove(const char *folder) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (g_file_test(path, G_FILE_TEST_IS_DIR) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK))
      scratch_remove(path);
    else
      g_unlink(path);
  }
  g_rmdir(folder);
}

/* A file of the source tree. g_free. */
static inline char *shipped_file(const char *name) {
  return g_build_filename(g_getenv("RENKEI_SRCDIR"), name, NULL);
}

#endif
