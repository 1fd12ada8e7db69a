/* SPDX-License-Identifier: Apache-2.0 */
/* files.c - see files.h. Symbolic links to folders are not followed: no loops. */
#include "case/files.h"

#include <string.h>

const char *const files_of_procedures[] = {".scxml", ".overlay.xml", NULL};

static gboolean ends_in(const char *name, const char *const *endings) {
  for (guint i = 0; endings[i]; i++)
    if (g_str_has_suffix(name, endings[i]))
      return TRUE;
  return FALSE;
}

static gint compare(gconstpointer a, gconstpointer b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static void walk(const char *folder, const char *const *endings, GPtrArray *found) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (name[0] == '.')
      continue;
    if (!g_file_test(path, G_FILE_TEST_IS_DIR)) {
      if (ends_in(name, endings))
        g_ptr_array_add(found, g_steal_pointer(&path));
    } else if (!g_file_test(path, G_FILE_TEST_IS_SYMLINK)) {
      walk(path, endings, found);
    }
  }
}

GPtrArray *files_at(const char *path, const char *const *endings) {
  GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
  if (g_file_test(path, G_FILE_TEST_IS_DIR))
    walk(path, endings, found);
  else if (g_file_test(path, G_FILE_TEST_EXISTS))
    g_ptr_array_add(found, g_strdup(path));
  g_ptr_array_sort(found, compare);
  return found;
}
