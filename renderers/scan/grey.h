/* SPDX-License-Identifier: Apache-2.0 */
/*
 * grey.h - a page as a grey picture, and what is done to it until its codes can be read.
 *
 * A byte a pixel, 0 black, 255 white, rows from the top without gaps. Every operation makes a new
 * picture and leaves the old one as it was.
 */
#ifndef RK_SCAN_GREY_H
#define RK_SCAN_GREY_H

#include <glib.h>

typedef struct {
  int width, height;
  guint8 *pixels;
} Grey;

Grey *grey_new(int width, int height); /* white */
void grey_free(Grey *grey);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Grey, grey_free)
static inline guint8 *grey_row(const Grey *grey, int y) {
  return grey->pixels + (gsize)y * (gsize)grey->width;
}

/* By quarters clockwise: 1, 2 or 3. */
Grey *grey_turn(const Grey *grey, guint quarters);
/* The mean of `by` times `by` pixels. */
Grey *grey_shrink(const Grey *grey, int by);
/* Every column `x` times, every row `y` times. */
Grey *grey_repeat(const Grey *grey, int x, int y);
/* Turned clockwise by a few degrees about its middle. */
Grey *grey_rotate(const Grey *grey, double degrees);

/* Whether it holds black and white only. */
gboolean grey_two_tones(const Grey *grey);
/* Black and white only, cut where its own two tones lie furthest apart (Otsu); of a faint page, half way
 * between its paper and its darkest tone. */
Grey *grey_cut(const Grey *grey);
/* The rest is for pictures of two tones. */
double grey_black_share(const Grey *grey);
/* The black in spots of 16 pixels and more: dust is smaller, no letter is. */
double grey_mark_share(const Grey *grey);
/* Without black spots of up to four pixels, and without holes of one. */
Grey *grey_without_dots(const Grey *grey);
/* Each pixel as most of its 3 x 3. */
Grey *grey_median(const Grey *grey);
/* Each pixel as most of the five around it in its column: without rows that a hit on the line has turned. */
Grey *grey_median_rows(const Grey *grey);
/* By how many degrees clockwise its lines are turned, within 6; 0 if it has none. */
double grey_skew(const Grey *grey);

#endif
