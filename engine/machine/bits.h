/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bits.h - sets of small numbers (states, by index) as words of bits.
 *
 * A set knows no size of its own: the caller says how many numbers there are, and gives
 * BITS_WORDS of that many words. Going over a set costs its words and its members,
 * not the numbers that are not in it.
 */
#ifndef RK_MACHINE_BITS_H
#define RK_MACHINE_BITS_H

#include <glib.h>
#include <string.h>

typedef guint64 Bits;

#define BITS_NONE G_MAXUINT
#define BITS_WORDS(n) (((gsize)(n) + 63) / 64)
/* All members, in rising order. */
#define BITS_EACH(i, set, n) \
  (guint i = bits_next(set, 0, n); i != BITS_NONE; i = bits_next(set, i + 1, n))
/* All members, in falling order. */
#define BITS_EACH_DOWN(i, set, n) \
  (guint i = bits_before(set, n); i != BITS_NONE; i = bits_before(set, i))

static inline Bits *bits_new(guint n) {
  return g_new0(Bits, MAX(1, BITS_WORDS(n)));
}

static inline gboolean bits_has(const Bits *set, guint i) {
  return (set[i / 64] >> (i % 64)) & 1;
}

static inline void bits_add(Bits *set, guint i) {
  set[i / 64] |= (Bits)1 << (i % 64);
}

static inline void bits_drop(Bits *set, guint i) {
  set[i / 64] &= ~((Bits)1 << (i % 64));
}

static inline void bits_clear(Bits *set, guint n) {
  memset(set, 0, BITS_WORDS(n) * sizeof *set);
}

/* The first member that is at least `from` and below `n`. */
static inline guint bits_next(const Bits *set, guint from, guint n) {
  if (from >= n)
    return BITS_NONE;
  Bits word = set[from / 64] & (~(Bits)0 << (from % 64));
  for (guint w = from / 64; ; word = set[w]) {
    if (word) {
      guint found = w * 64 + (guint)__builtin_ctzll(word);
      return found < n ? found : BITS_NONE;
    }
    if (++w >= BITS_WORDS(n))
      return BITS_NONE;
  }
}

/* The last member below `n`. */
static inline guint bits_before(const Bits *set, guint n) {
  for (guint w = (guint)BITS_WORDS(n); w-- > 0;) {
    Bits word = set[w];
    if (n < (w + 1) * 64)
      word &= ((Bits)1 << (n % 64)) - 1;
    if (word)
      return w * 64 + 63 - (guint)__builtin_clzll(word);
  }
  return BITS_NONE;
}

/* Whether there is a member from `from` to below `to`. */
static inline gboolean bits_any(const Bits *set, guint from, guint to) {
  return bits_next(set, from, to) != BITS_NONE;
}

/* Add the members of `other` from `from` to below `to`. */
static inline void bits_add_range(Bits *set, const Bits *other, guint from, guint to) {
  for (guint w = from / 64; w < BITS_WORDS(to); w++) {
    Bits mask = ~(Bits)0;
    if (w == from / 64)
      mask <<= from % 64;
    if (to < (w + 1) * 64)
      mask &= ((Bits)1 << (to % 64)) - 1;
    set[w] |= other[w] & mask;
  }
}

#endif
