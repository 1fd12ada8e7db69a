/* SPDX-License-Identifier: Apache-2.0 */
/* file.c - files that hold personal data: made 0600, never replaced unasked. */
#include "config.h"

#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *read_all(int fd) {
  g_autoptr(GString) text = g_string_new(NULL);
  char buffer[4096];
  for (;;) {
    ssize_t n = read(fd, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return n == 0 ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
    g_string_append_len(text, buffer, n);
  }
}

char *file_read(const Cli *cli, const char *path) {
  gboolean stdin_meant = !path || g_str_equal(path, "-");
  int fd = stdin_meant ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
  char *text = fd >= 0 ? read_all(fd) : NULL;
  int error = errno;
  if (fd > STDIN_FILENO)
    close(fd);
  if (text && g_utf8_validate(text, -1, NULL))
    return text;
  g_autofree char *message =
      text ? g_strdup_printf(_("%s is not UTF-8 text"), stdin_meant ? "-" : path)
           : g_strdup_printf(_("%s cannot be read: %s"), path, g_strerror(error));
  say_error(cli, RK_FAILED, message,
            text ? _("save it as UTF-8") : _("check the name, or give - for the standard input"));
  g_free(text);
  return NULL;
}

gboolean file_is_stdout(const char *path) {
  return g_str_equal(path, "-") || g_str_has_prefix(path, "-.");
}

/* Behind sudo the program writes as the account that owns the database: nothing may take its place. */
static gboolean is_database(const Cli *cli, const char *path) {
  g_autofree char *database = desk_path(cli), *name = g_path_get_basename(database);
  g_autofree char *folder = g_path_get_dirname(database), *other = g_path_get_dirname(path);
  g_autofree char *target = g_path_get_basename(path);
  struct stat ours, theirs;
  return g_str_has_prefix(target, name) && stat(folder, &ours) == 0 && stat(other, &theirs) == 0 &&
         ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino;
}

RkStatus file_check_target(const Cli *cli, const char *path) {
  if (file_is_stdout(path))
    return RK_OK;
  if (is_database(cli, path))
    return say_error(cli, RK_USAGE, _("the database lies there, and what belongs to it"),
                     _("choose another name"));
  if (cli->yes || access(path, F_OK) != 0)
    return RK_OK;
  g_autofree char *message = g_strdup_printf(_("%s exists already"), path);
  return say_error(cli, RK_CONFLICT, message, _("choose another name, or say -y to replace it"));
}

static gboolean write_all(int fd, GBytes *bytes) {
  gsize length = 0;
  const char *data = g_bytes_get_data(bytes, &length);
  while (length) {
    ssize_t n = write(fd, data, length);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return FALSE;
    data += n;
    length -= (gsize)n;
  }
  return TRUE;
}

/* Written beside it, then moved there: a reader never sees half a file. */
static gboolean write_beside(const Cli *cli, const char *path, GBytes *bytes) {
  g_autofree char *beside = g_strdup_printf("%s.XXXXXX", path);
  int fd = g_mkstemp_full(beside, O_WRONLY | O_CLOEXEC, 0600);
  gboolean good = fd >= 0 && write_all(fd, bytes);
  good = fd >= 0 && close(fd) == 0 && good;
  if (good)
    good = cli->yes ? rename(beside, path) == 0 : link(beside, path) == 0;
  int error = errno;
  if (fd >= 0)
    unlink(beside);
  errno = error;
  return good;
}

RkStatus file_write(const Cli *cli, const char *path, GBytes *bytes) {
  gboolean out = file_is_stdout(path);
  if (out ? write_all(STDOUT_FILENO, bytes) : write_beside(cli, path, bytes))
    return RK_OK;
  g_autofree char *message = g_strdup_printf(_("%s cannot be written: %s"), path, g_strerror(errno));
  return say_error(cli, RK_FAILED, message, _("check the folder, its rights and the free space"));
}

gboolean file_format(const char *path, RkFormat *out) {
  static const struct {
    const char *ending;
    RkFormat format;
  } endings[] = {{".html", RK_FORMAT_HTML}, {".pdf", RK_FORMAT_PDF}, {".tiff", RK_FORMAT_TIFF},
                 {".tif", RK_FORMAT_TIFF},  {".png", RK_FORMAT_PNG}, {".fo", RK_FORMAT_FO}};
  for (guint i = 0; i < G_N_ELEMENTS(endings); i++)
    if (g_str_has_suffix(path, endings[i].ending)) {
      *out = endings[i].format;
      return TRUE;
    }
  return FALSE;
}
