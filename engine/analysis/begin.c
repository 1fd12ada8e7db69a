/* SPDX-License-Identifier: Apache-2.0 */
/*
 * begin.c - a data folder for a municipality that is not shipped. What is shipped is linked, not copied: overlays find
 * their bases, and a newer version of the program brings its own. Only what is written there is one's own.
 */
#include "base/diag.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  const char *datadir, *folder, *municipality;
  RkDiags *diags;
} Begin;

static RkStatus failed(const Begin *begin, const char *path) {
  return diags_fail(begin->diags, RK_FAILED, DIAG_BEGIN_FAILED, NULL, path, g_strerror(errno), NULL);
}

static gboolean is_name(const char *name) {
  gboolean good = g_ascii_islower(name[0]) && !g_str_equal(name, "base");
  for (const char *p = name; *p; p++)
    good = good && (g_ascii_islower(*p) || g_ascii_isdigit(*p) || *p == '-');
  return good;
}

/* Empty, not there, or begun before. */
static gboolean is_ours(const char *folder) {
  g_autofree char *sign = g_build_filename(folder, "workflows", "registers.xml", NULL);
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  gboolean empty = !g_file_test(folder, G_FILE_TEST_EXISTS) || (dir && !g_dir_read_name(dir));
  return empty || g_file_test(sign, G_FILE_TEST_IS_SYMLINK);
}

static RkStatus make_folder(const Begin *begin, const char *below, const char *name) {
  g_autofree char *path = g_build_filename(begin->folder, below, name, NULL);
  return g_mkdir_with_parents(path, 0755) == 0 ? RK_OK : failed(begin, path);
}

/* Links everything in a shipped folder but those that become folders here. */
static RkStatus link_all(const Begin *begin, const char *below, const char *const *but) {
  g_autofree char *shipped = g_build_filename(begin->datadir, below, NULL);
  g_autoptr(GDir) dir = g_dir_open(shipped, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *to = g_build_filename(begin->folder, below, name, NULL);
    g_autofree char *seen = g_build_filename(shipped, name, NULL);
    if (g_strv_contains(but, name) || g_file_test(to, G_FILE_TEST_EXISTS))
      continue;
    char *from = realpath(seen, NULL);
    gboolean linked = from && (unlink(to) == 0 || errno == ENOENT) && symlink(from, to) == 0;
    free(from);
    if (!linked)
      return failed(begin, to);
  }
  return RK_OK;
}

static RkStatus check(const Begin *begin) {
  g_autofree char *taken =
      g_build_filename(begin->datadir, "workflows", begin->municipality, NULL);
  g_autofree char *here = g_build_filename(begin->folder, "workflows", begin->municipality, NULL);
  if (!is_name(begin->municipality))
    return diags_fail(begin->diags, RK_INVALID, DIAG_BEGIN_NAME, NULL, begin->municipality, NULL);
  if (!is_ours(begin->folder))
    return diags_fail(begin->diags, RK_CONFLICT, DIAG_BEGIN_FOLDER, NULL, begin->folder, NULL);
  if (g_file_test(taken, G_FILE_TEST_EXISTS) || g_file_test(here, G_FILE_TEST_EXISTS))
    return diags_fail(begin->diags, RK_CONFLICT, DIAG_BEGIN_TAKEN, NULL, begin->municipality, NULL);
  return RK_OK;
}

RkStatus rk_workflow_begin(const RkSite *site, const char *folder, const char *municipality,
                           RkDiags *diags) {
  static const char *const ways[] = {"workflows", "forms", NULL}, *const none[] = {NULL};
  Begin begin = {site->datadir, folder, municipality, diags};
  RkStatus status = check(&begin);
  for (guint i = 0; ways[i] && status == RK_OK; i++)
    status = make_folder(&begin, ways[i], municipality);
  if (status == RK_OK)
    status = link_all(&begin, ".", ways);
  for (guint i = 0; ways[i] && status == RK_OK; i++)
    status = link_all(&begin, ways[i], none);
  return status;
}
