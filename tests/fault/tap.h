/* SPDX-License-Identifier: Apache-2.0 */
/* tap.h - a test program that counts: each line of TAP is a claim about a number of runs. */
#ifndef RK_TEST_FAULT_TAP_H
#define RK_TEST_FAULT_TAP_H

#include <glib.h>
#include <stdio.h>

typedef struct {
  guint count, failed;
} Tap;

G_GNUC_PRINTF(3, 4) static inline void tap_check(Tap *tap, gboolean good, const char *format, ...) {
  va_list list;
  va_start(list, format);
  g_autofree char *text = g_strdup_vprintf(format, list);
  va_end(list);
  printf("%sok %u - %s\n", good ? "" : "not ", ++tap->count, text);
  tap->failed += !good;
  fflush(stdout);
}

static inline int tap_end(const Tap *tap) {
  printf("1..%u\n", tap->count);
  return tap->failed ? 1 : 0;
}

/* "# …": for people. */
G_GNUC_PRINTF(1, 2) static inline void tap_note(const char *format, ...) {
  va_list list;
  va_start(list, format);
  g_autofree char *text = g_strdup_vprintf(format, list);
  va_end(list);
  printf("# %s\n", text);
  fflush(stdout);
}

#endif
