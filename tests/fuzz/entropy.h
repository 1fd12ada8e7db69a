/* SPDX-License-Identifier: Apache-2.0 */
/*
 * entropy.h - choices for generated tests: from a seed (the same on every machine), or from the
 * bytes a fuzzer gives. Used up, the bytes answer 0 for ever: choice 0 must lead to an end.
 */
#ifndef RK_TEST_ENTROPY_H
#define RK_TEST_ENTROPY_H

#include <glib.h>

typedef struct {
  const guint8 *bytes; /* NULL: from the seed */
  gsize length, at;
  guint64 state;
} Entropy;

static inline Entropy entropy_from_seed(guint64 seed) {
  return (Entropy){.state = seed};
}

static inline Entropy entropy_from_bytes(const guint8 *bytes, gsize length) {
  return (Entropy){.bytes = bytes ? bytes : (const guint8 *)"", .length = length};
}

/* splitmix64 */
static inline guint64 entropy_next(Entropy *entropy) {
  guint64 z = entropy->state += G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/* 0 … n-1; of bytes, n up to 256. */
static inline guint below(Entropy *entropy, guint n) {
  if (!entropy->bytes)
    return (guint)(entropy_next(entropy) >> 32) % n;
  return entropy->at < entropy->length ? entropy->bytes[entropy->at++] % n : 0;
}

static inline gboolean chance(Entropy *entropy, guint percent) {
  return below(entropy, 100) >= 100 - percent;
}

#define pick(entropy, table) ((table)[below((entropy), G_N_ELEMENTS(table))])

#endif
