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
#include <sys/wait.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

static FaultReport *report;
static uint64_t at, copy_every;
static int good, armed;
static int in_copy; /* this is one, and its allocation has failed */

/* What a copy ends with that did not end of itself. */
enum { WENT_ON = 99 };

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
  const char *every = getenv("FAULT_FORK");
  copy_every = every ? strtoull(every, NULL, 10) : 0;
  report = memory == MAP_FAILED ? NULL : memory;
  armed = report != NULL;
}

/* Before main() and after it nothing fails: there the program can say nothing. */
static int (*real_main)(int, char **, char **);
static int armed_main(int argc, char **argv, char **environment) {
  arm();
  int status = real_main(argc, argv, environment);
  if (in_copy)
    _exit(WENT_ON);
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

static void count_end(int status) {
  if (WIFSIGNALED(status))
    report->crashed++;
  else if (WEXITSTATUS(status) == 71)
    report->ended++;
  else if (WEXITSTATUS(status) == WENT_ON)
    report->went_on++;
  else
    report->other++;
}

/* TRUE in the copy. It says nothing: there are many. */
static int become_copy(void) {
  int status = 0;
  pid_t copy = _Fork();
  if (copy == 0) {
    in_copy = 1;
    close(STDERR_FILENO);
    return 1;
  }
  report->failed++;
  while (copy > 0 && waitpid(copy, &status, 0) < 0 && errno == EINTR)
    continue;
  if (copy > 0)
    count_end(status);
  return 0;
}

static int strikes(void) {
  if (!armed)
    return 0;
  if (in_copy)
    _exit(WENT_ON);
  uint64_t call = ++report->calls;
  if (copy_every)
    return call % copy_every == 0 && become_copy();
  if (!at || call < at || (call > at && !good))
    return 0;
  report->failed++;
  errno = ENOMEM;
  return 1;
}

/* A program that brings its own allocator builds it on the C library's under its other names;
 * what such a program asks for is met there, each allocation once. */
static void *real(void *volatile *known, const char *name) {
  if (!*known)
    *known = dlsym(RTLD_NEXT, name);
  return *known;
}

#define ALLOCATOR(name, behind, parameters, arguments)                                         \
  EXPORT void *behind parameters;                                                              \
  EXPORT void *behind parameters {                                                             \
    static void *volatile known;                                                               \
    return strikes() ? NULL : ((void *(*)parameters)real(&known, #behind))arguments;           \
  }                                                                                            \
  EXPORT void *name parameters {                                                               \
    return behind arguments;                                                                   \
  }
ALLOCATOR(malloc, __libc_malloc, (size_t size), (size))
ALLOCATOR(calloc, __libc_calloc, (size_t count, size_t size), (count, size))
ALLOCATOR(realloc, __libc_realloc, (void *old, size_t size), (old, size))
ALLOCATOR(memalign, __libc_memalign, (size_t alignment, size_t size), (alignment, size))

EXPORT void *aligned_alloc(size_t alignment, size_t size) {
  return memalign(alignment, size);
}

EXPORT int posix_memalign(void **out, size_t alignment, size_t size) {
  *out = memalign(alignment, size);
  return *out ? 0 : ENOMEM;
}
