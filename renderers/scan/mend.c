/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mend.c - see mend.h.
 *
 * A page bears its code twice, and the line seldom takes the same rows from both. The rows of the two
 * are put side by side as two texts are compared (the least costly alignment), and each row that one
 * of them lacks is taken from the other. A row is as good as its likeness in the other copy: it does
 * not matter how many rows are missing at how many places.
 */
#include "scan/mend.h"

#include "scan/finder.h"

#include <stdlib.h>
#include <string.h>

#define PLACES_MAX 4

static Grey *crop(const Grey *grey, const CodePlace *place) {
  Grey *out = grey_new(place->right - place->left, place->bottom - place->top);
  for (int y = 0; y < out->height; y++)
    memcpy(grey_row(out, y), grey_row(grey, place->top + y) + place->left, (gsize)out->width);
  return out;
}

static guint unlike(const Grey *a, int row_a, const Grey *b, int row_b) {
  guint count = 0;
  for (int x = 0; x < MIN(a->width, b->width); x++)
    count += grey_row(a, row_a)[x] != grey_row(b, row_b)[x];
  return count;
}

/* costs[i][k]: of the cheapest way to put rows 0 to i of `a` beside rows 0 to k of `b`. */
static guint *alignment(const Grey *a, const Grey *b, guint gap) {
  int wide = b->height + 1;
  guint *costs = g_new(guint, (gsize)(a->height + 1) * (gsize)wide);
  for (int i = 0; i <= a->height; i++)
    for (int k = 0; k <= b->height; k++) {
      guint *cost = &costs[i * wide + k];
      if (!i || !k) {
        *cost = gap * (guint)(i + k);
        continue;
      }
      guint both = cost[-wide - 1] + unlike(a, i - 1, b, k - 1);
      *cost = MIN(both, MIN(cost[-wide], cost[-1]) + gap);
    }
  return costs;
}

/* All rows of both, those they have in common once. */
static Grey *joined(const Grey *a, const Grey *b) {
  guint gap = (guint)a->width / 10;
  g_autofree guint *costs = alignment(a, b, gap);
  int wide = b->height + 1, row = a->height + b->height;
  Grey *out = grey_new(a->width, row);
  for (int i = a->height, k = b->height; i || k;) {
    const guint *cost = &costs[i * wide + k];
    gboolean only_a = i && *cost == cost[-wide] + gap, only_b = k && *cost == cost[-1] + gap;
    const Grey *from = only_b && !only_a ? b : a;
    int at = from == b ? k - 1 : i - 1;
    memcpy(grey_row(out, --row), grey_row(from, at), (gsize)MIN(a->width, from->width));
    i -= only_a || !only_b;
    k -= !only_a;
  }
  out->height -= row;
  memmove(out->pixels, grey_row(out, row), (gsize)out->width * (gsize)out->height);
  return out;
}

static void free_picture(gpointer picture) {
  grey_free(picture);
}

GPtrArray *mend_codes(const Grey *cut, const Grey *clean) {
  GPtrArray *pictures = g_ptr_array_new_with_free_func(free_picture);
  g_autoptr(GArray) places = find_code_places(clean);
  const CodePlace *all = (const CodePlace *)(void *)places->data;
  for (guint i = 0; i < MIN(places->len, PLACES_MAX); i++)
    for (guint k = 0; k < i; k++) {
      g_autoptr(Grey) a = crop(cut, &all[k]), b = crop(cut, &all[i]);
      if (abs(a->width - b->width) <= a->width / 20)
        g_ptr_array_add(pictures, joined(a, b));
    }
  return pictures;
}
