/* SPDX-License-Identifier: Apache-2.0 */
/*
 * finder.c - see finder.h.
 *
 * Only rows are looked at: across the middle of a finder pattern black, white, black, white, black lie
 * in the ratio 1:1:3:1:1 (ISO/IEC 18004), and a row that is missing changes nothing in those that are left.
 */
#include "scan/finder.h"

#include <math.h>
#include <stdlib.h>

#define MODULE_MIN 4.0  /* pixels; ours have 6 */
#define ROWS_MIN 1.2    /* modules that are left of the middle, which is 3 high */
#define FINDERS_MAX 200 /* more of them are a pattern of something else */
#define APART_MIN 14    /* modules between two finders: 21 less 7, the smallest code */
#define APART_MAX 50
#define MARGIN 3 /* modules of white around a code; it has 4 */

typedef struct {
  double x, module; /* of the middle, in pixels */
  int top, bottom;  /* first row and last of the middle */
} Finder;

/* ----------------------------------------------------------------------- one row */

/* The run of the last five whose middle it is, black or not: its ratio decides. */
static gboolean is_finder(const int *runs) {
  int all = 0;
  for (int i = 0; i < 5; i++)
    all += runs[i];
  double module = all / 7.0;
  if (module < MODULE_MIN || fabs(runs[2] - 3 * module) > module * 0.8)
    return FALSE;
  for (int i = 0; i < 5; i++)
    if (i != 2 && fabs(runs[i] - module) > module * 0.5)
      return FALSE;
  return TRUE;
}

static void note_finder(GArray *finders, double x, double module, int y) {
  for (guint i = finders->len; i-- > 0;) {
    Finder *known = &g_array_index(finders, Finder, i);
    if (y - known->bottom <= known->module && fabs(known->x - x) < known->module &&
        fabs(known->module - module) < known->module * 0.25) {
      known->bottom = y;
      return;
    }
  }
  Finder finder = {x, module, y, y};
  g_array_append_val(finders, finder);
}

static void search_row(const Grey *grey, int y, GArray *finders) {
  const guint8 *row = grey_row(grey, y);
  int runs[5] = {0};
  for (int x = 0, from = 0; x <= grey->width; x++) {
    if (x < grey->width && x > 0 && row[x] == row[x - 1])
      continue;
    for (int i = 0; i < 4; i++)
      runs[i] = runs[i + 1];
    runs[4] = x - from;
    from = x;
    if (x > 0 && row[x - 1] == 0 && is_finder(runs)) {
      int all = runs[0] + runs[1] + runs[2] + runs[3] + runs[4];
      note_finder(finders, x - all / 2.0, all / 7.0, y);
    }
  }
}

static GArray *find_finders(const Grey *grey) {
  GArray *finders = g_array_new(FALSE, FALSE, sizeof(Finder));
  guint kept = 0;
  for (int y = 0; y < grey->height; y++)
    search_row(grey, y, finders);
  for (guint i = 0; i < finders->len; i++) {
    Finder finder = g_array_index(finders, Finder, i);
    if (finder.bottom - finder.top + 1 >= finder.module * ROWS_MIN)
      g_array_index(finders, Finder, kept++) = finder;
  }
  g_array_set_size(finders, kept <= FINDERS_MAX ? kept : 0);
  return finders;
}

/* ------------------------------------------------------------------- three corners */

static gboolean alike(const Finder *a, const Finder *b) {
  return fabs(a->module - b->module) < a->module * 0.2;
}

/* `left` and `right` are two corners side by side, and `other` is above or below one of them. */
static gboolean are_corners(const Finder *left, const Finder *right, const Finder *other) {
  double apart = right->x - left->x, module = left->module;
  double down = abs(other->top + other->bottom - left->top - left->bottom) / 2.0;
  return alike(left, other) && down > apart * 0.5 && down < apart * 1.1 &&
         (fabs(other->x - left->x) < module || fabs(other->x - right->x) < module);
}

static void note_place(GArray *places, const Grey *grey, const Finder *left, const Finder *right,
                       const Finder *other) {
  double aside = left->module * (3.5 + MARGIN), above = left->module * (2 + MARGIN);
  int top = MIN(MIN(left->top, right->top), other->top);
  int bottom = MAX(MAX(left->bottom, right->bottom), other->bottom);
  CodePlace place = {MAX((int)(left->x - aside), 0), MAX((int)(top - above), 0),
                     MIN((int)(right->x + aside), grey->width),
                     MIN((int)(bottom + above), grey->height)};
  g_array_append_val(places, place);
}

GArray *find_code_places(const Grey *grey) {
  GArray *places = g_array_new(FALSE, FALSE, sizeof(CodePlace));
  g_autoptr(GArray) finders = find_finders(grey);
  const Finder *all = (const Finder *)(void *)finders->data;
  for (guint i = 0; i < finders->len; i++)
    for (guint k = 0; k < finders->len; k++) {
      double apart = (all[k].x - all[i].x) / all[i].module;
      if (apart < APART_MIN * 0.9 || apart > APART_MAX || !alike(&all[i], &all[k]) ||
          abs(all[k].top - all[i].top) > all[i].module * 2)
        continue;
      for (guint m = 0; m < finders->len; m++)
        if (are_corners(&all[i], &all[k], &all[m]))
          note_place(places, grey, &all[i], &all[k], &all[m]);
    }
  return places;
}
