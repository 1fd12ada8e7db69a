/* SPDX-License-Identifier: Apache-2.0 */
/*
 * preload-disk.c - calls that change the disk: the chosen one fails, or is the process's last.
 *
 * Watched are files below FAULT_UNDER, from their opening on. The calls themselves go to the
 * kernel directly.
 */
#define _GNU_SOURCE
#include "preload.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))
#define MAX_FILES 1024

enum { KILL = 0, HALF = -1, FULL = -2 };

static struct {
  FaultReport *report;
  uint64_t at;
  int good, error; /* errno, or one of these */
  const char *under;
  int armed;
  char watched[MAX_FILES];
} fault;

static void *map_report(const char *path) {
  int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
  void *memory = fd < 0 ? MAP_FAILED
                        : mmap(NULL, sizeof(FaultReport), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  syscall(SYS_close, fd);
  return memory == MAP_FAILED ? NULL : memory;
}

static void arm(void) {
  const char *at = getenv("FAULT_AT"), *what = getenv("FAULT_DO"), *path = getenv("FAULT_REPORT");
  const char *under = getenv("FAULT_UNDER");
  fault.report = path ? map_report(path) : NULL;
  fault.at = at ? strtoull(at, NULL, 10) : 0;
  fault.good = getenv("FAULT_GOOD") != NULL;
  fault.under = under ? strdup(under) : NULL; /* the program cleans its environment */
  if (!what || strcmp(what, "kill") == 0)
    fault.error = KILL;
  else if (strcmp(what, "half") == 0)
    fault.error = HALF;
  else
    fault.error = strcmp(what, "full") == 0 ? FULL : atoi(what);
  fault.armed = fault.report && fault.under;
}

/* Everything before main() is the loader's and no command's. */
static int (*real_main)(int, char **, char **);
static int armed_main(int argc, char **argv, char **environment) {
  arm();
  return real_main(argc, argv, environment);
}

EXPORT int __libc_start_main(int (*program)(int, char **, char **), int argc, char **argv,
                             void (*init)(void), void (*fini)(void), void (*rtld)(void), void *end);
int __libc_start_main(int (*program)(int, char **, char **), int argc, char **argv,
                      void (*init)(void), void (*fini)(void), void (*rtld)(void), void *end) {
  int (*start)(int (*)(int, char **, char **), int, char **, void (*)(void), void (*)(void),
               void (*)(void), void *);
  *(void **)&start = dlsym(RTLD_NEXT, "__libc_start_main");
  real_main = program;
  return start(armed_main, argc, argv, init, fini, rtld, end);
}

static int is_under(const char *path) {
  return fault.armed && path && strncmp(path, fault.under, strlen(fault.under)) == 0;
}

static int is_watched(int fd) {
  return fault.armed && fd >= 0 && fd < MAX_FILES && fault.watched[fd];
}

static long write_half(int fd, const void *bytes, size_t length, off_t offset) {
  return offset >= 0 ? syscall(SYS_pwrite64, fd, bytes, length / 2, offset)
                     : syscall(SYS_write, fd, bytes, length / 2);
}

/* Whether the call that begins now is to fail; what it returns is in *result. May not return. */
static int strikes(int fd, const void *bytes, size_t length, off_t offset, long *result) {
  uint64_t call = ++fault.report->calls;
  if (!fault.at || call < fault.at || (call > fault.at && !fault.good))
    return 0;
  fault.report->failed++;
  *result = -1;
  errno = fault.error == FULL ? ENOSPC : fault.error;
  if (bytes && (fault.error == HALF || (fault.error == FULL && call == fault.at && length > 1)))
    *result = write_half(fd, bytes, length, offset);
  if (fault.error == KILL || fault.error == HALF)
    syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
  return 1;
}

/* ----------------------------------------------------------------------- files */

static int open_file(int folder, const char *path, int flags, unsigned mode) {
  long result;
  if (is_under(path) && (flags & O_CREAT) && strikes(-1, NULL, 0, 0, &result))
    return -1;
  int fd = (int)syscall(SYS_openat, folder, path, flags, mode);
  if (fd >= 0 && fd < MAX_FILES)
    fault.watched[fd] = (char)is_under(path);
  return fd;
}

static unsigned mode_of(int flags, va_list list) {
  return flags & (O_CREAT | O_TMPFILE) ? va_arg(list, unsigned) : 0;
}

#define OPENER(name)                                                                           \
  EXPORT int name(const char *path, int flags, ...) {                                          \
    va_list list;                                                                              \
    va_start(list, flags);                                                                     \
    unsigned mode = mode_of(flags, list);                                                      \
    va_end(list);                                                                              \
    return open_file(AT_FDCWD, path, flags, mode);                                             \
  }
OPENER(open)
OPENER(open64)

EXPORT int openat(int folder, const char *path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  unsigned mode = mode_of(flags, list);
  va_end(list);
  return open_file(folder, path, flags, mode);
}

EXPORT int close(int fd) {
  if (fd >= 0 && fd < MAX_FILES)
    fault.watched[fd] = 0;
  return (int)syscall(SYS_close, fd);
}

EXPORT ssize_t write(int fd, const void *bytes, size_t length) {
  long result;
  if (is_watched(fd) && strikes(fd, bytes, length, -1, &result))
    return result;
  return syscall(SYS_write, fd, bytes, length);
}

#define WRITER(name)                                                                           \
  EXPORT ssize_t name(int fd, const void *bytes, size_t length, off_t offset) {                \
    long result;                                                                               \
    if (is_watched(fd) && strikes(fd, bytes, length, offset, &result))                         \
      return result;                                                                           \
    return syscall(SYS_pwrite64, fd, bytes, length, offset);                                   \
  }
WRITER(pwrite)
WRITER(pwrite64)

#define ON_FILE(name, parameters, condition, call)                                             \
  EXPORT int name parameters {                                                                 \
    long result;                                                                               \
    if ((condition) && strikes(-1, NULL, 0, 0, &result))                                       \
      return -1;                                                                               \
    return (int)syscall call;                                                                  \
  }
ON_FILE(fsync, (int fd), is_watched(fd), (SYS_fsync, fd))
ON_FILE(fdatasync, (int fd), is_watched(fd), (SYS_fdatasync, fd))
ON_FILE(ftruncate, (int fd, off_t length), is_watched(fd), (SYS_ftruncate, fd, length))
ON_FILE(ftruncate64, (int fd, off_t length), is_watched(fd), (SYS_ftruncate, fd, length))
ON_FILE(unlink, (const char *path), is_under(path), (SYS_unlink, path))
ON_FILE(mkdir, (const char *path, mode_t mode), is_under(path), (SYS_mkdir, path, mode))
ON_FILE(link, (const char *from, const char *to), is_under(to), (SYS_link, from, to))
ON_FILE(rename, (const char *from, const char *to), is_under(to), (SYS_rename, from, to))
ON_FILE(renameat2, (int a, const char *from, int b, const char *to, unsigned flags), is_under(to),
        (SYS_renameat2, a, from, b, to, flags))
