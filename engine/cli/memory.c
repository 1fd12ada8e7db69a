/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory.c - when memory is exhausted the program ends at once, with status 71.
 *
 * Few libraries do the right thing when an allocation fails: libxml2 and libxslt answer wrongly,
 * jansson leaves values out, GLib aborts, and overflows the stack when it cannot even
 * say so. None of them gets to know: the program brings its own malloc, which all of them use
 * (glibc manual, "Replacing malloc"), and which is glibc's but never returns NULL. What was not
 * committed by then is rolled back by the database as after any other end.
 *
 * Where a sanitizer has replaced malloc already, nothing is replaced.
 */
#include "config.h"

#include "cli/cli.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Fetched beforehand: at the end there is no memory for translating. */
static const char *last_words = "renkei: out of memory\n";

void memory_prepare(void) {
  last_words = _("renkei: error: out of memory\n"
                 "  -> end other programs, then repeat the command; nothing was confirmed\n");
}

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)

#define FOR_ALL __attribute__((visibility("default")))

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

/* Nothing is asked for as one byte: NULL then means what it always means. */
static size_t at_least(size_t size) {
  return size ? size : 1;
}

static void *or_end(void *memory) {
  if (memory)
    return memory;
  if (write(STDERR_FILENO, last_words, strlen(last_words)) < 0)
    _exit(RK_NOMEM);
  _exit(RK_NOMEM);
}

FOR_ALL void *malloc(size_t size) {
  return or_end(__libc_malloc(at_least(size)));
}

FOR_ALL void *calloc(size_t count, size_t size) {
  return or_end(__libc_calloc(at_least(count), at_least(size)));
}

FOR_ALL void *realloc(void *old, size_t size) {
  if (old && !size)
    return __libc_realloc(old, size); /* which frees it */
  return or_end(__libc_realloc(old, at_least(size)));
}

FOR_ALL void *memalign(size_t alignment, size_t size) {
  return or_end(__libc_memalign(alignment, at_least(size)));
}

FOR_ALL void *aligned_alloc(size_t alignment, size_t size) {
  return memalign(alignment, size);
}

FOR_ALL int posix_memalign(void **out, size_t alignment, size_t size) {
  *out = memalign(alignment, size);
  return 0;
}

#endif
