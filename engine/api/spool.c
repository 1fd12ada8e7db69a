/* SPDX-License-Identifier: Apache-2.0 */
/* spool.c - see spool.h. */
#include "api/spool.h"

#include "base/name.h"
#include "base/words.h"
#include "base/xml.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* ------------------------------------------------------------------- the folder */

struct Spool {
  char *folder;
  int lock;
};

void spool_free(Spool *spool) {
  if (!spool)
    return;
  if (spool->lock >= 0)
    close(spool->lock);
  g_free(spool->folder);
  g_free(spool);
}

const char *spool_folder(const Spool *spool) {
  return spool->folder;
}

static RkStatus make_folder(const char *path, RkDiags *diags) {
  return g_mkdir_with_parents(path, 0700) == 0
             ? RK_OK
             : diags_fail(diags, RK_FAILED, DIAG_FILE_WRITE, NULL, path, g_strerror(errno), NULL);
}

static RkStatus take_lock(Spool *spool, const char *own, RkDiags *diags) {
  g_autofree char *path = g_build_filename(own, "lock", NULL);
  spool->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (spool->lock >= 0 && flock(spool->lock, LOCK_EX | LOCK_NB) == 0)
    return RK_OK;
  if (spool->lock >= 0 && errno == EWOULDBLOCK)
    return diags_fail(diags, RK_CONFLICT, DIAG_OUTBOX_BUSY, NULL, NULL);
  return diags_fail(diags, RK_FAILED, DIAG_FILE_WRITE, NULL, path, g_strerror(errno), NULL);
}

/* Whoever made it holds the lock no more. */
static void clear_left(const char *own) {
  g_autoptr(GDir) dir = g_dir_open(own, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *path = g_build_filename(own, name, NULL);
    if (!g_str_equal(name, "lock"))
      unlink(path);
  }
}

RkStatus spool_open(Spool **out, RkDesk *desk, const char *folder, RkDiags *diags) {
  g_autoptr(Spool) spool = g_new0(Spool, 1);
  g_autofree char *path = g_canonicalize_filename(desk->path ? desk->path : "memory", NULL);
  g_autofree char *own = g_strconcat(path, "-outbox", NULL);
  *out = NULL;
  spool->lock = -1;
  spool->folder = g_strdup(folder ? folder : own);
  RkStatus status = make_folder(spool->folder, diags);
  if (status == RK_OK)
    status = make_folder(own, diags);
  if (status == RK_OK)
    status = take_lock(spool, own, diags);
  if (status != RK_OK)
    return status;
  clear_left(own);
  *out = g_steal_pointer(&spool);
  return RK_OK;
}

/* -------------------------------------------------------------------- the files */

/* Its final name is given only to what is complete. */
typedef struct {
  char *path, *part; /* "x.tiff", ".x.tiff.part" */
} File;

static void file_free(gpointer data) {
  File *file = data;
  unlink(file->part); /* gone already if all went well */
  g_free(file->path);
  g_free(file->part);
  g_free(file);
}

GPtrArray *spool_files_new(void) {
  return g_ptr_array_new_with_free_func(file_free);
}

const char *spool_path(const GPtrArray *files) {
  return ((const File *)files->pdata[0])->path;
}

void spool_clear(GPtrArray *files) {
  for (guint i = 0; i < files->len; i++)
    unlink(((const File *)files->pdata[i])->path);
}

static File *file_new(const char *folder, const char *name) {
  File *file = g_new0(File, 1);
  g_autofree char *hidden = g_strdup_printf(".%s.part", name);
  file->path = g_build_filename(folder, name, NULL);
  file->part = g_build_filename(folder, hidden, NULL);
  unlink(file->part); /* of an interrupted run */
  return file;
}

static RkStatus write_file(const File *file, GBytes *bytes, RkDiags *diags) {
  gsize length = 0;
  const void *data = g_bytes_get_data(bytes, &length);
  errno = EEXIST;
  if (!g_file_test(file->path, G_FILE_TEST_EXISTS) && name_write(file->part, data, length))
    return RK_OK;
  return diags_fail(diags, RK_FAILED, DIAG_FILE_WRITE, NULL, file->path, g_strerror(errno), NULL);
}

const char *spool_give(GPtrArray *files, RkDiags *diags) {
  for (guint i = 0; i < files->len; i++) {
    const File *file = files->pdata[i];
    if (name_give(file->part, file->path) && name_sync(file->path))
      continue;
    diags_add(diags, DIAG_FILE_WRITE, NULL, file->path, g_strerror(errno), NULL);
    return i || !g_file_test(file->part, G_FILE_TEST_EXISTS) ? "unknown" : "failed";
  }
  return "handed-over";
}

/* -------------------------------------------------------------------- its pages */

static guint32 number_at(const guint8 *data, gsize at, guint bytes) {
  guint32 number = 0;
  for (guint i = bytes; i-- > 0;)
    number = number << 8 | data[at + i];
  return number;
}

guint spool_tiff_pages(GBytes *bytes) {
  gsize length = 0;
  guint pages = 0;
  const guint8 *data = g_bytes_get_data(bytes, &length);
  if (length < 8 || memcmp(data, "II*\0", 4) != 0)
    return 0;
  /* A directory stands after the one before it in what we write, so this comes to an end. */
  for (gsize at = number_at(data, 4, 4), before = 0; at > before && at + 6 <= length; pages++) {
    gsize next = at + 2 + 12 * number_at(data, at, 2);
    before = at;
    at = next + 4 <= length ? number_at(data, next, 4) : 0;
  }
  return pages;
}

static RkStatus fo_pages(RkDesk *desk, GBytes *text, guint *pages, RkDiags *diags) {
  g_autoptr(xmlDoc) fo = NULL;
  const RenderOps *ops = NULL;
  const RenderOptions options = {.datadir = desk->site->datadir};
  int count = 0;
  RkStatus status = print_module_load(desk->site, &ops, diags);
  if (status == RK_OK)
    status = xml_parse(&fo, g_bytes_get_data(text, NULL), g_bytes_get_size(text), "form.fo",
                       16u << 20, diags);
  if (status == RK_OK)
    status = ops->count_pages(&count, fo, &options, diags);
  *pages = (guint)MAX(count, 0);
  return status;
}

/* --------------------------------------------------------------------- drawing */

typedef struct {
  RkFormat format;
  const char *suffix;
} Kind;

static const Kind tiff = {RK_FORMAT_TIFF, "tiff"}, pdf = {RK_FORMAT_PDF, "pdf"};

/* How many pages it has as that kind of file, before its cover sheet says so: a FAX is set in other letters than a
 * PDF. */
static RkStatus count(RkDesk *desk, const char *number, const char *reference, const Kind *kind,
                      guint *pages, RkDiags *diags) {
  g_autoptr(GBytes) bytes = NULL;
  gboolean fax = kind == &tiff;
  RkStatus status = rk_form_print(desk, number, reference, fax ? RK_FORMAT_TIFF : RK_FORMAT_FO,
                                  &bytes, diags);
  if (status == RK_OK && fax)
    *pages = spool_tiff_pages(bytes);
  return status == RK_OK && !fax ? fo_pages(desk, bytes, pages, diags) : status;
}

/* A name that no file has: what an earlier try left lies there until somebody takes it. g_free. */
static char *file_name(const StoreSent *row, const char *folder, const Kind *kind) {
  g_autofree char *stem = g_strdup_printf("%s-%s-%s-%.8s", row->case_number, row->form,
                                          row->sent->to, row->sent->id);
  char *name = g_strdup_printf("%s.%s", stem, kind->suffix);
  for (guint again = 2;; again++) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
      return name;
    g_free(name);
    name = g_strdup_printf("%s-%u.%s", stem, again, kind->suffix);
  }
}

/* `pages` may be NULL for a PDF without a cover sheet. */
static RkStatus make(RkDesk *desk, const StoreSent *row, const char *folder, const Kind *kind,
                     Cover *cover, GPtrArray *files, guint *pages, RkDiags *diags) {
  const StorePaper named = {.form = row->form, .key = row->key};
  g_autofree char *reference = papers_reference(&named);
  g_autofree char *name = file_name(row, folder, kind);
  g_autoptr(GBytes) bytes = NULL;
  File *file = file_new(folder, name);
  RkStatus status = RK_OK;
  g_ptr_array_add(files, file);
  if (cover || (pages && kind == &pdf))
    status = count(desk, row->case_number, reference, kind, pages, diags);
  if (cover)
    cover->pages = ++*pages;
  if (status == RK_OK)
    status = paper_print(desk, row->case_number, reference, kind->format, TRUE, cover, &bytes,
                         diags);
  if (status == RK_OK && !cover && kind == &tiff)
    *pages = spool_tiff_pages(bytes);
  return status == RK_OK ? write_file(file, bytes, diags) : status;
}

RkStatus spool_make(RkDesk *desk, const StoreSent *row, const char *folder, SpoolKind kind,
                    Cover *cover, GPtrArray *files, guint *pages, RkDiags *diags) {
  guint other = 0;
  RkStatus status =
      make(desk, row, folder, kind == SPOOL_PDF ? &pdf : &tiff, cover, files, pages, diags);
  return status == RK_OK && kind == SPOOL_BOTH
             ? make(desk, row, folder, &pdf, cover, files, cover ? &other : NULL, diags)
             : status;
}
