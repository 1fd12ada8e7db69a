/* SPDX-License-Identifier: Apache-2.0 */
/* vfs.c - see vfs.h. */
#define _GNU_SOURCE
#include "vfs.h"

#include <gmodule.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct {
  sqlite3_vfs *real;
  sqlite3_vfs record, show;
  DiskLog *log; /* being written, or naming the files of the image */
  DiskImage *image;
  char *path;
  int current[8]; /* while recording: the file that a name leads to, or -1 */
  guint8 *shared[64];
} world;

/* "t.db" of "/tmp/x/t.db"; SQLite names the files beside it by a suffix. */
static guint name_of(const char *path) {
  g_autofree char *base = g_path_get_basename(path);
  return disk_log_name(world.log, base);
}

/* ---------------------------------------------------------------- recording */

typedef struct {
  sqlite3_file base;
  guint name, file;
  sqlite3_file *real;
} Recorded;

static Recorded *recorded(sqlite3_file *file) {
  return (Recorded *)(void *)file;
}

static void note(const Recorded *f, DiskKind kind, gint64 offset, const void *bytes, int length) {
  DiskEvent event = {kind, f->name, f->file, offset, (guint8 *)bytes, (gsize)length};
  disk_log_add(world.log, &event);
}

static int record_close(sqlite3_file *file) {
  Recorded *f = recorded(file);
  return f->real->pMethods ? f->real->pMethods->xClose(f->real) : SQLITE_OK;
}

static int record_read(sqlite3_file *file, void *out, int length, sqlite3_int64 offset) {
  Recorded *f = recorded(file);
  return f->real->pMethods->xRead(f->real, out, length, offset);
}

static int record_write(sqlite3_file *file, const void *bytes, int length, sqlite3_int64 offset) {
  Recorded *f = recorded(file);
  int code = f->real->pMethods->xWrite(f->real, bytes, length, offset);
  if (code == SQLITE_OK)
    note(f, DISK_WRITE, offset, bytes, length);
  return code;
}

static int record_truncate(sqlite3_file *file, sqlite3_int64 length) {
  Recorded *f = recorded(file);
  int code = f->real->pMethods->xTruncate(f->real, length);
  if (code == SQLITE_OK)
    note(f, DISK_TRUNCATE, length, NULL, 0);
  return code;
}

static int record_sync(sqlite3_file *file, int flags) {
  Recorded *f = recorded(file);
  int code = f->real->pMethods->xSync(f->real, flags);
  if (code == SQLITE_OK)
    note(f, DISK_SYNC, 0, NULL, 0);
  return code;
}

static int record_size(sqlite3_file *file, sqlite3_int64 *size) {
  return recorded(file)->real->pMethods->xFileSize(recorded(file)->real, size);
}
static int record_lock(sqlite3_file *file, int level) {
  return recorded(file)->real->pMethods->xLock(recorded(file)->real, level);
}
static int record_unlock(sqlite3_file *file, int level) {
  return recorded(file)->real->pMethods->xUnlock(recorded(file)->real, level);
}
static int record_reserved(sqlite3_file *file, int *out) {
  return recorded(file)->real->pMethods->xCheckReservedLock(recorded(file)->real, out);
}
static int record_control(sqlite3_file *file, int op, void *argument) {
  return recorded(file)->real->pMethods->xFileControl(recorded(file)->real, op, argument);
}
static int record_sector(sqlite3_file *file) {
  return recorded(file)->real->pMethods->xSectorSize(recorded(file)->real);
}
static int record_traits(sqlite3_file *file) {
  return recorded(file)->real->pMethods->xDeviceCharacteristics(recorded(file)->real);
}
static int record_map(sqlite3_file *file, int page, int size, int extend, void volatile **out) {
  return recorded(file)->real->pMethods->xShmMap(recorded(file)->real, page, size, extend, out);
}
static int record_shm_lock(sqlite3_file *file, int offset, int n, int flags) {
  return recorded(file)->real->pMethods->xShmLock(recorded(file)->real, offset, n, flags);
}
static void record_barrier(sqlite3_file *file) {
  recorded(file)->real->pMethods->xShmBarrier(recorded(file)->real);
}
static int record_unmap(sqlite3_file *file, int delete) {
  return recorded(file)->real->pMethods->xShmUnmap(recorded(file)->real, delete);
}

/* Version 2: no memory-mapped reading, which the store switches off anyway. */
static const sqlite3_io_methods record_methods = {
    2,               record_close,   record_read,     record_write,  record_truncate,
    record_sync,     record_size,    record_lock,     record_unlock, record_reserved,
    record_control,  record_sector,  record_traits,   record_map,    record_shm_lock,
    record_barrier,  record_unmap,   NULL,            NULL};

static int record_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags,
                       int *out_flags) {
  Recorded *f = recorded(file);
  (void)vfs;
  memset(f, 0, sizeof *f);
  f->real = (sqlite3_file *)(void *)(f + 1);
  g_assert(path); /* temporary files stay in memory: the store asks for that */
  f->name = name_of(path);
  int code = world.real->xOpen(world.real, path, f->real, flags, out_flags);
  if (code != SQLITE_OK)
    return code;
  f->base.pMethods = &record_methods;
  /* The store itself makes the empty database file; its name is not synced by then. */
  gboolean fresh = world.current[f->name] < 0;
  if (fresh)
    world.current[f->name] = (int)world.log->files++;
  f->file = (guint)world.current[f->name];
  if (fresh)
    note(f, DISK_CREATE, 0, NULL, 0);
  return SQLITE_OK;
}

static int record_delete(sqlite3_vfs *vfs, const char *path, int directory) {
  (void)vfs;
  int code = world.real->xDelete(world.real, path, directory);
  guint name = name_of(path);
  if (code == SQLITE_OK && world.current[name] >= 0) {
    Recorded f = {.name = name, .file = (guint)world.current[name]};
    note(&f, DISK_DELETE, 0, NULL, 0);
    world.current[name] = -1;
  }
  return code;
}

/* ------------------------------------------------- what goes past SQLite's files */

static gboolean is_recording(void) {
  return world.log && sqlite3_vfs_find(NULL) == &world.record;
}

static int sync_any(long call, int fd) {
  struct stat info;
  Recorded f = {.name = 0};
  int code = (int)syscall(call, fd);
  if (code == 0 && is_recording() && fstat(fd, &info) == 0 && S_ISDIR(info.st_mode))
    note(&f, DISK_NAMES, 0, NULL, 0);
  return code;
}

/* These stand before the C library's, for SQLite's own file system and the store alike: syncs of
 * the folder and new names are seen by them and not believed. */
G_MODULE_EXPORT int fsync(int fd) {
  return sync_any(SYS_fsync, fd);
}

G_MODULE_EXPORT int fdatasync(int fd) {
  return sync_any(SYS_fdatasync, fd);
}

G_MODULE_EXPORT int renameat2(int from_folder, const char *from, int to_folder, const char *to,
                              unsigned flags) {
  int code = (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
  if (code == 0 && is_recording()) {
    guint old = name_of(from), name = name_of(to);
    world.current[name] = world.current[old];
    world.current[old] = -1;
    Recorded f = {.name = name, .file = (guint)world.current[name]};
    note(&f, DISK_RENAME, old, NULL, 0);
  }
  return code;
}

/* --------------------------------------------------------------- a found disk */

typedef struct {
  sqlite3_file base;
  guint name;
} Shown;

static GByteArray **content_of(sqlite3_file *file) {
  return &world.image->files[((Shown *)(void *)file)->name];
}

static int show_close(sqlite3_file *file) {
  (void)file;
  return SQLITE_OK;
}

static int show_read(sqlite3_file *file, void *out, int length, sqlite3_int64 offset) {
  const GByteArray *content = *content_of(file);
  gint64 there = MIN((gint64)content->len - offset, length);
  memset(out, 0, (gsize)length);
  if (there > 0)
    memcpy(out, content->data + offset, (gsize)there);
  return there == length ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int show_truncate(sqlite3_file *file, sqlite3_int64 length) {
  GByteArray *content = *content_of(file);
  guint old = content->len;
  g_byte_array_set_size(content, (guint)length);
  if (content->len > old)
    memset(content->data + old, 0, content->len - old);
  return SQLITE_OK;
}

static int show_write(sqlite3_file *file, const void *bytes, int length, sqlite3_int64 offset) {
  GByteArray *content = *content_of(file);
  if (offset + length > content->len)
    show_truncate(file, offset + length);
  memcpy(content->data + offset, bytes, (gsize)length);
  return SQLITE_OK;
}

static int show_sync(sqlite3_file *file, int flags) {
  (void)file, (void)flags;
  return SQLITE_OK;
}
static int show_size(sqlite3_file *file, sqlite3_int64 *size) {
  *size = (*content_of(file))->len;
  return SQLITE_OK;
}
static int show_lock(sqlite3_file *file, int level) {
  (void)file, (void)level;
  return SQLITE_OK;
}
static int show_reserved(sqlite3_file *file, int *out) {
  (void)file;
  *out = 0;
  return SQLITE_OK;
}
static int show_control(sqlite3_file *file, int op, void *argument) {
  (void)file;
  if (op != SQLITE_FCNTL_MMAP_SIZE)
    return SQLITE_NOTFOUND;
  *(sqlite3_int64 *)argument = 0;
  return SQLITE_OK;
}
static int show_sector(sqlite3_file *file) {
  (void)file;
  return 4096;
}
static int show_traits(sqlite3_file *file) {
  (void)file;
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}
static int show_map(sqlite3_file *file, int page, int size, int extend, void volatile **out) {
  (void)file;
  g_assert(page < (int)G_N_ELEMENTS(world.shared));
  if (!world.shared[page] && extend)
    world.shared[page] = g_malloc0((gsize)size);
  *out = world.shared[page];
  return SQLITE_OK;
}
static int show_shm_lock(sqlite3_file *file, int offset, int n, int flags) {
  (void)file, (void)offset, (void)n, (void)flags;
  return SQLITE_OK;
}
static void show_barrier(sqlite3_file *file) {
  (void)file;
}

/* The index of the write-ahead log is made anew by the first connection. */
static void forget_shared(void) {
  for (guint i = 0; i < G_N_ELEMENTS(world.shared); i++)
    g_clear_pointer(&world.shared[i], g_free);
}
static int show_unmap(sqlite3_file *file, int delete) {
  (void)file;
  if (delete)
    forget_shared();
  return SQLITE_OK;
}

static const sqlite3_io_methods show_methods = {
    2,            show_close,  show_read,     show_write, show_truncate, show_sync, show_size,
    show_lock,    show_lock,   show_reserved, show_control, show_sector, show_traits, show_map,
    show_shm_lock, show_barrier, show_unmap,  NULL,       NULL};

static int show_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags,
                     int *out_flags) {
  Shown *f = (Shown *)(void *)file;
  (void)vfs;
  memset(f, 0, sizeof *f);
  g_assert(path);
  f->name = name_of(path);
  if (!world.image->files[f->name]) {
    if (!(flags & SQLITE_OPEN_CREATE))
      return SQLITE_CANTOPEN;
    world.image->files[f->name] = g_byte_array_new();
  }
  f->base.pMethods = &show_methods;
  if (out_flags)
    *out_flags = flags;
  return SQLITE_OK;
}

static int show_delete(sqlite3_vfs *vfs, const char *path, int directory) {
  GByteArray **content = &world.image->files[name_of(path)];
  (void)vfs, (void)directory;
  if (!*content)
    return SQLITE_IOERR_DELETE_NOENT;
  g_clear_pointer(content, g_byte_array_unref);
  return SQLITE_OK;
}

/* SQLite asks whether there is a journal, and takes an empty file for none. */
static int show_access(sqlite3_vfs *vfs, const char *path, int flags, int *out) {
  const GByteArray *content = world.image->files[name_of(path)];
  (void)vfs;
  *out = content && (flags != SQLITE_ACCESS_EXISTS || content->len > 0);
  return SQLITE_OK;
}

static int show_full(sqlite3_vfs *vfs, const char *path, int length, char *out) {
  (void)vfs;
  sqlite3_snprintf(length, out, "%s", path);
  return SQLITE_OK;
}

/* -------------------------------------------------------------------- choosing */

static void prepare(DiskLog *log, const char *path) {
  if (!world.real)
    world.real = sqlite3_vfs_find("unix");
  g_assert(world.real);
  world.log = log;
  g_free(world.path);
  world.path = g_strdup(path);
  name_of(path);
  forget_shared();
}

void vfs_record(DiskLog *log, const char *path) {
  prepare(log, path);
  for (guint i = 0; i < G_N_ELEMENTS(world.current); i++)
    world.current[i] = -1;
  world.record = *world.real;
  world.record.zName = "record";
  world.record.szOsFile = (int)sizeof(Recorded) + world.real->szOsFile;
  world.record.pNext = NULL;
  world.record.xOpen = record_open;
  world.record.xDelete = record_delete;
  sqlite3_vfs_register(&world.record, 1);
}

void vfs_show(DiskLog *names, DiskImage *image, const char *path) {
  gboolean again = world.image != NULL;
  prepare(names, path);
  world.image = image;
  if (again)
    return;
  world.show = *world.real;
  world.show.zName = "show";
  world.show.szOsFile = (int)sizeof(Shown);
  world.show.pNext = NULL;
  world.show.xOpen = show_open;
  world.show.xDelete = show_delete;
  world.show.xAccess = show_access;
  world.show.xFullPathname = show_full;
  sqlite3_vfs_register(&world.show, 1);
}

void vfs_real(void) {
  if (world.real)
    sqlite3_vfs_register(world.real, 1);
  world.image = NULL;
}
