/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fax-channel.h - a bad FAX line, a crooked sheet, and a copy that was printed and scanned, simulated.
 *
 * Everything is decided by a seed: the same one gives the same page. Pictures are of two tones; a row
 * of standard resolution is as high as two pixels are wide (`row` 2), else 1.
 */
#ifndef RK_TEST_FAX_CHANNEL_H
#define RK_TEST_FAX_CHANNEL_H

#include "fax-support.h"
#include "scan/grey.h"

#include <math.h>
#include <string.h>

/* A page of a FAX as it is sent, from 0. grey_free. */
UNUSED static Grey *channel_page(GBytes *tiff, guint index) {
  int lines = 0;
  g_autofree guint8 *ink = page_pixels(tiff, (guint16)index, &lines);
  Grey *page = grey_new(1728, lines);
  for (gsize i = 0; i < (gsize)lines * 1728; i++)
    page->pixels[i] = ink[i] ? 0 : 255;
  return page;
}

/* From 0 to below 1. */
static inline double channel_chance(guint32 *seed) {
  *seed = *seed * 1664525u + 1013904223u;
  return (*seed >> 8) / 16777216.0;
}

/* Salt and pepper: a share of the pixels is wrong. */
static inline void channel_noise(Grey *page, double share, guint32 *seed) {
  gsize count = (gsize)page->width * (gsize)page->height;
  /* From one wrong pixel to the next: far fewer draws than pixels. */
  for (double at = floor(log(1 - channel_chance(seed)) / log(1 - share)); at < (double)count;
       at += 1 + floor(log(1 - channel_chance(seed)) / log(1 - share)))
    page->pixels[(gsize)at] = (guint8)(255 - page->pixels[(gsize)at]);
}

/*
 * A sheet that goes in crooked, through a machine that feeds too fast or magnifies: turned by `degrees`, scaled.
 * It keeps to the middle where it goes in, the corner that goes first is where the picture begins, and the
 * picture ends with the sheet; what then lies beside the width of the machine is lost.
 */
static inline Grey *channel_distort(const Grey *page, double degrees, double scale, int row) {
  double a = degrees * M_PI / 180, cx = page->width / 2.0;
  double first = fabs(sin(a)) * cx, length = page->height * row * cos(a) + 2 * first;
  Grey *out = grey_new(page->width, (int)(length * scale / row));
  double along = cos(a) / scale, across = sin(a) / scale;
  for (int y = 0; y < out->height; y++) {
    guint8 *pixels = grey_row(out, y);
    double dy = y * row - first * scale;
    for (int x = 0; x < out->width; x++) {
      int from_x = (int)floor(cx + (x - cx) * along + dy * across + 0.5);
      int from_y = (int)floor((dy * along - (x - cx) * across) / row + 0.5);
      if (from_x >= 0 && from_x < page->width && from_y >= 0 && from_y < page->height)
        pixels[x] = grey_row(page, from_y)[from_x];
    }
  }
  return out;
}

/* A share of the lines is missing, singly or in bursts of up to `longest`. */
static inline void channel_lose_lines(Grey *page, double share, int longest, guint32 *seed) {
  int kept = 0;
  for (int y = 0, burst = 0; y < page->height; y++) {
    if (!burst && channel_chance(seed) < share * 2 / (longest + 1))
      burst = 1 + (int)(channel_chance(seed) * longest);
    if (burst) {
      burst--;
      continue;
    }
    memmove(grey_row(page, kept++), grey_row(page, y), (gsize)page->width);
  }
  page->height = kept;
}

/* A hit on the line: from somewhere in a row to its end all is what it was not, `share` of the rows. */
static inline void channel_bursts(Grey *page, double share, guint32 *seed) {
  for (int y = 0; y < page->height; y++) {
    if (channel_chance(seed) >= share)
      continue;
    int from = (int)(channel_chance(seed) * page->width);
    for (int x = from; x < page->width; x++)
      grey_row(page, y)[x] = (guint8)(255 - grey_row(page, y)[x]);
  }
}

/* Printed and scanned again: the ink runs into the eight pixels around (of a row that is two pixels high less
 * from above and below), the paper is not even, and what is dark enough is black. */
static inline Grey *channel_blur(const Grey *page, int row, guint32 *seed) {
  Grey *out = grey_new(page->width, page->height);
  int own = row == 1 ? 1 : 4;
  double cut = 110 + channel_chance(seed) * 60, all = 3.0 * (own + 2);
  int *columns = g_new(int, (gsize)page->width);
  for (int y = 0; y < page->height; y++) {
    const guint8 *above = grey_row(page, MAX(y - 1, 0)), *row_here = grey_row(page, y);
    const guint8 *below = grey_row(page, MIN(y + 1, page->height - 1));
    for (int x = 0; x < page->width; x++)
      columns[x] = above[x] + own * row_here[x] + below[x];
    for (int x = 0; x < page->width; x++) {
      int sum = columns[MAX(x - 1, 0)] + columns[x] + columns[MIN(x + 1, page->width - 1)];
      double grain = (channel_chance(seed) - 0.5) * 60;
      grey_row(out, y)[x] = sum / all + grain < cut ? 0 : 255;
    }
  }
  g_free(columns);
  return out;
}

#endif
