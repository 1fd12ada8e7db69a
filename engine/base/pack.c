/* SPDX-License-Identifier: Apache-2.0 */
/* pack.c - see pack.h. Made under another name beside the wanted one, then given it. */
#include "base/pack.h"

#include "base/date.h"
#include "base/hash.h"
#include "base/name.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK 512

typedef struct {
  char *name;
  GBytes *bytes;
} PackFile;

struct Pack {
  GPtrArray *files; /* PackFile, in the order in which they were added */
};

static void file_free(gpointer data) {
  PackFile *file = data;
  g_free(file->name);
  g_bytes_unref(file->bytes);
  g_free(file);
}

Pack *pack_new(void) {
  Pack *pack = g_new0(Pack, 1);
  pack->files = g_ptr_array_new_with_free_func(file_free);
  return pack;
}

void pack_free(Pack *pack) {
  if (!pack)
    return;
  g_ptr_array_unref(pack->files);
  g_free(pack);
}

void pack_add(Pack *pack, const char *name, GBytes *bytes) {
  PackFile *file = g_new0(PackFile, 1);
  g_assert(strlen(name) < 100 && *name != '/' && !strstr(name, ".."));
  file->name = g_strdup(name);
  file->bytes = g_bytes_ref(bytes);
  g_ptr_array_add(pack->files, file);
}

void pack_add_text(Pack *pack, const char *name, const char *text) {
  g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
  pack_add(pack, name, bytes);
}

guint pack_count(const Pack *pack) {
  return pack->files->len;
}

char *pack_sums(const Pack *pack, const char *folder) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < pack->files->len; i++) {
    const PackFile *file = pack->files->pdata[i];
    if (!g_str_has_prefix(file->name, folder))
      continue;
    Hash hash = hash_bytes(g_bytes_get_data(file->bytes, NULL), g_bytes_get_size(file->bytes));
    g_autofree char *hex = hash_to_hex(&hash);
    g_string_append_printf(text, "%s  %s\n", hex, file->name + strlen(folder));
  }
  return g_string_free(text, FALSE);
}

/* -------------------------------------------------------------------- folder */

/* The folders on the way to `path`, below `top`. */
static gboolean make_folders(const char *top, const char *path) {
  g_autofree char *folder = g_path_get_dirname(path);
  if (strlen(folder) <= strlen(top))
    return TRUE;
  return make_folders(top, folder) && (mkdir(folder, 0700) == 0 || errno == EEXIST);
}

static gboolean write_one(const char *top, const PackFile *file) {
  g_autofree char *path = g_build_filename(top, file->name, NULL);
  gsize length = 0;
  const void *data = g_bytes_get_data(file->bytes, &length);
  if (!make_folders(top, path))
    return FALSE;
  return name_write(path, data, length) && name_sync(path);
}

static gboolean write_folder(const Pack *pack, const char *made, gboolean *began) {
  gboolean good = *began = mkdir(made, 0700) == 0;
  for (guint i = 0; good && i < pack->files->len; i++)
    good = write_one(made, pack->files->pdata[i]);
  return good;
}

/* Only what was made here can lie there. */
static void remove_folder(const char *path) {
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *inner = g_build_filename(path, name, NULL);
    if (unlink(inner) != 0)
      remove_folder(inner);
  }
  rmdir(path);
}

/* ----------------------------------------------------------------------- tar */

typedef struct {
  char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, link[100];
  char magic[6], version[2], user[32], group[32], major[8], minor[8], prefix[155], rest[12];
} TarHeader;

G_STATIC_ASSERT(sizeof(TarHeader) == BLOCK);

static void octal(char *field, int digits, guint64 value) {
  g_snprintf(field, (gulong)digits + 1, "%0*" G_GINT64_MODIFIER "o", digits, value);
}

static TarHeader tar_header(const PackFile *file, gint64 time) {
  TarHeader header = {.type = '0', .magic = "ustar", .version = {'0', '0'}};
  unsigned sum = 0;
  g_strlcpy(header.name, file->name, sizeof header.name);
  octal(header.mode, 7, 0600);
  octal(header.uid, 7, 0);
  octal(header.gid, 7, 0);
  octal(header.size, 11, g_bytes_get_size(file->bytes));
  octal(header.mtime, 11, (guint64)(time / TIME_SECOND));
  memset(header.checksum, ' ', sizeof header.checksum);
  for (gsize i = 0; i < BLOCK; i++)
    sum += ((const unsigned char *)&header)[i];
  octal(header.checksum, 6, sum);
  return header;
}

static gboolean write_tar(const Pack *pack, const char *made, gint64 time) {
  static const guint8 zeros[2 * BLOCK];
  g_autoptr(GByteArray) tar = g_byte_array_new();
  for (guint i = 0; i < pack->files->len; i++) {
    const PackFile *file = pack->files->pdata[i];
    gsize length = 0;
    const guint8 *data = g_bytes_get_data(file->bytes, &length);
    TarHeader header = tar_header(file, time);
    g_byte_array_append(tar, (const guint8 *)&header, BLOCK);
    g_byte_array_append(tar, data, (guint)length);
    g_byte_array_append(tar, zeros, (guint)((BLOCK - length % BLOCK) % BLOCK));
  }
  g_byte_array_append(tar, zeros, sizeof zeros);
  return name_write(made, tar->data, tar->len);
}

/* ---------------------------------------------------------------------- both */

RkStatus pack_write(const Pack *pack, const char *path, gint64 time, RkDiags *diags) {
  g_autofree char *wanted = g_strdup(path);
  while (strlen(wanted) > 1 && g_str_has_suffix(wanted, "/"))
    wanted[strlen(wanted) - 1] = '\0';
  g_autofree char *made = g_strdup_printf("%s.part-%d", wanted, (int)getpid());
  struct stat info;
  if (lstat(wanted, &info) == 0)
    return diags_fail(diags, RK_CONFLICT, DIAG_FILE_EXISTS, NULL, wanted, NULL);
  gboolean tar = g_str_has_suffix(wanted, ".tar"), began = FALSE;
  gboolean good = tar ? (began = write_tar(pack, made, time)) : write_folder(pack, made, &began);
  good = good && name_give(made, wanted) && name_sync(wanted);
  int error = errno;
  if (good)
    return RK_OK;
  if (began && tar)
    unlink(made);
  else if (began)
    remove_folder(made);
  return diags_fail(diags, error == EEXIST ? RK_CONFLICT : RK_FAILED,
                    error == EEXIST ? DIAG_FILE_EXISTS : DIAG_FILE_WRITE, NULL, wanted,
                    g_strerror(error), NULL);
}
