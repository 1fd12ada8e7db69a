/* SPDX-License-Identifier: Apache-2.0 */
/*
 * preload-memory.c - every allocation of a process, whoever makes it: the chosen one fails.
 *
 * The C library's own allocator stands behind it under its other names.
 */
#define _GNU_SOURCE
#include "preload.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static FaultReport *report;
static uint64_t at;
static int good, armed;

static void arm(void) {
  const char *number = getenv("FAULT_AT"), *path = getenv("FAULT_REPORT");
  int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
  void *memory = MAP_FAILED;
  if (fd >= 0) {
    memory = mmap(NULL, sizeof(FaultReport), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
  }
  at = number ? strtoull(number, NULL, 10) : 0;
  good = getenv("FAULT_GOOD") != NULL;
  report = memory == MAP_FAILED ? NULL : memory;
  armed = report != NULL;
}

/* Before main() and after it nothing fails: there the program can say nothing. */
static int (*real_main)(int, char **, char **);
static int armed_main(int argc, char **argv, char **environment) {
  arm();
  int status = real_main(argc, argv, environment);
  armed = 0;
  return status;
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

static int strikes(void) {
  if (!armed)
    return 0;
  uint64_t call = ++report->calls;
  if (!at || call < at || (call > at && !good))
    return 0;
  report->failed++;
  errno = ENOMEM;
  return 1;
}

EXPORT void *malloc(size_t size) {
  return strikes() ? NULL : __libc_malloc(size);
}

EXPORT void *calloc(size_t count, size_t size) {
  return strikes() ? NULL : __libc_calloc(count, size);
}

EXPORT void *realloc(void *old, size_t size) {
  return size && strikes() ? NULL : __libc_realloc(old, size);
}

EXPORT void *memalign(size_t alignment, size_t size) {
  return strikes() ? NULL : __libc_memalign(alignment, size);
}

EXPORT void *aligned_alloc(size_t alignment, size_t size) {
  return strikes() ? NULL : __libc_memalign(alignment, size);
}

EXPORT int posix_memalign(void **out, size_t alignment, size_t size) {
  if (strikes())
    return ENOMEM;
  *out = __libc_memalign(alignment, size);
  return *out ? 0 : ENOMEM;
}
