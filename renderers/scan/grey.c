/* SPDX-License-Identifier: Apache-2.0 */
/* grey.c - see grey.h. */
#include "scan/grey.h"

#include <math.h>
#include <string.h>

Grey *grey_new(int width, int height) {
  Grey *grey = g_new(Grey, 1);
  gsize size = (gsize)width * (gsize)height;
  *grey = (Grey){width, height, g_malloc(size)};
  memset(grey->pixels, 255, size);
  return grey;
}

void grey_free(Grey *grey) {
  if (grey)
    g_free(grey->pixels);
  g_free(grey);
}

/* ------------------------------------------------------------- size and angle */

Grey *grey_turn(const Grey *grey, guint quarters) {
  int w = grey->width, h = grey->height;
  Grey *out = quarters % 2 ? grey_new(h, w) : grey_new(w, h);
  for (int y = 0; y < h; y++) {
    const guint8 *row = grey_row(grey, y);
    for (int x = 0; x < w; x++)
      if (quarters == 2)
        grey_row(out, h - 1 - y)[w - 1 - x] = row[x];
      else if (quarters == 1)
        grey_row(out, x)[h - 1 - y] = row[x];
      else
        grey_row(out, w - 1 - x)[y] = row[x];
  }
  return out;
}

Grey *grey_shrink(const Grey *grey, int by) {
  Grey *out = grey_new(MAX(grey->width / by, 1), MAX(grey->height / by, 1));
  if (grey->width < by || grey->height < by)
    return out;
  g_autofree guint *sums = g_new(guint, (gsize)out->width);
  for (int y = 0; y < out->height; y++) {
    memset(sums, 0, sizeof(guint) * (gsize)out->width);
    for (int dy = 0; dy < by; dy++)
      for (int x = 0; x < out->width * by; x++)
        sums[x / by] += grey_row(grey, y * by + dy)[x];
    for (int x = 0; x < out->width; x++)
      grey_row(out, y)[x] = (guint8)(sums[x] / (guint)(by * by));
  }
  return out;
}

Grey *grey_repeat(const Grey *grey, int times_x, int times_y) {
  Grey *out = grey_new(grey->width * times_x, grey->height * times_y);
  for (int y = 0; y < out->height; y++)
    for (int x = 0; x < out->width; x++)
      grey_row(out, y)[x] = grey_row(grey, y / times_y)[x / times_x];
  return out;
}

Grey *grey_rotate(const Grey *grey, double degrees) {
  Grey *out = grey_new(grey->width, grey->height);
  double angle = degrees * G_PI / 180, cosine = cos(angle), sine = sin(angle);
  double middle_x = grey->width / 2.0, middle_y = grey->height / 2.0;
  for (int y = 0; y < out->height; y++) {
    double dy = y - middle_y, from_x = middle_x - middle_x * cosine + dy * sine + 0.5;
    double from_y = middle_y + middle_x * sine + dy * cosine + 0.5;
    for (int x = 0; x < out->width; x++, from_x += cosine, from_y -= sine) {
      int old_x = (int)floor(from_x), old_y = (int)floor(from_y);
      if (old_x >= 0 && old_x < grey->width && old_y >= 0 && old_y < grey->height)
        grey_row(out, y)[x] = grey_row(grey, old_y)[old_x];
    }
  }
  return out;
}

/* ------------------------------------------------------------------ two tones */

#define FAINT 64 /* of 256 tones, between ink and paper: less than it */
#define GRAIN 24 /* of paper without anything on it: less than it */

static gsize size_of(const Grey *grey) {
  return (gsize)grey->width * (gsize)grey->height;
}

gboolean grey_two_tones(const Grey *grey) {
  for (gsize i = 0; i < size_of(grey); i++)
    if (grey->pixels[i] != 0 && grey->pixels[i] != 255)
      return FALSE;
  return TRUE;
}

/* Of a faint page the brightest tone that is still ink: half way to the paper, which is most of it. Its two
 * tones are no safe guide, as the paper's own grain may be most of the contrast; where there is no more than
 * grain, there is no ink. */
static int faint_cut(const gsize *counts, int darkest) {
  int paper = 0;
  for (int i = 1; i < 256; i++)
    paper = counts[i] >= counts[paper] ? i : paper;
  return paper - darkest >= GRAIN ? (darkest + paper) / 2 : 127;
}

/* The brightest tone that is still ink. */
static int best_cut(const gsize *counts, gsize total) {
  double sum = 0, below = 0, below_sum = 0, best = 0;
  int darkest = 255, brightest = 0;
  for (int i = 0; i < 256; i++) {
    sum += (double)counts[i] * i;
    if (counts[i])
      darkest = MIN(darkest, i), brightest = i;
  }
  int cut = faint_cut(counts, darkest);
  for (int i = 0; i < 255 && brightest - darkest >= FAINT; i++) {
    below += (double)counts[i];
    below_sum += (double)counts[i] * i;
    double above = (double)total - below;
    if (below <= 0 || above <= 0)
      continue;
    double apart = below_sum / below - (sum - below_sum) / above;
    if (below * above * apart * apart > best)
      best = below * above * apart * apart, cut = i;
  }
  return cut;
}

Grey *grey_cut(const Grey *grey) {
  gsize counts[256] = {0};
  Grey *out = grey_new(grey->width, grey->height);
  for (gsize i = 0; i < size_of(grey); i++)
    counts[grey->pixels[i]]++;
  int cut = best_cut(counts, size_of(grey));
  for (gsize i = 0; i < size_of(grey); i++)
    out->pixels[i] = grey->pixels[i] <= cut ? 0 : 255;
  return out;
}

double grey_black_share(const Grey *grey) {
  gsize black = 0;
  for (gsize i = 0; i < size_of(grey); i++)
    black += grey->pixels[i] == 0;
  return size_of(grey) ? (double)black / (double)size_of(grey) : 0;
}

/* ------------------------------------------------------------------- cleaning */

/* How many of the 3 x 3 around each inner pixel of row `y` are black, by column sums. */
static void count_black(const Grey *grey, int y, guint8 *columns, guint8 *out) {
  const guint8 *above = grey_row(grey, y - 1), *row = grey_row(grey, y), *below = grey_row(grey, y + 1);
  for (int x = 0; x < grey->width; x++)
    columns[x] = (guint8)(!above[x] + !row[x] + !below[x]);
  for (int x = 1; x + 1 < grey->width; x++)
    out[x] = (guint8)(columns[x - 1] + columns[x] + columns[x + 1]);
}

typedef guint8 (*Choose)(guint8 pixel, guint8 black);

/* Inline, so that there is no call for each pixel. */
G_ALWAYS_INLINE static inline Grey *filter(const Grey *grey, Choose choose) {
  Grey *out = grey_new(grey->width, grey->height);
  g_autofree guint8 *columns = g_malloc0((gsize)grey->width), *black = g_malloc0((gsize)grey->width);
  for (int y = 1; y + 1 < grey->height; y++) {
    count_black(grey, y, columns, black);
    for (int x = 1; x + 1 < grey->width; x++)
      grey_row(out, y)[x] = choose(grey_row(grey, y)[x], black[x]);
  }
  return out;
}

static guint8 without_hole(guint8 pixel, guint8 black) {
  return black == 8 ? 0 : pixel;
}

static guint8 as_most(guint8 pixel, guint8 black) {
  (void)pixel;
  return black >= 5 ? 0 : 255;
}

#define DOT 4   /* pixels; no letter has a part as small */
#define DUST 15 /* pixels */

/* The black spot that (x, y) belongs to, up to `most` + 1 pixels of it: where they are. They are made white. */
static int take_spot(Grey *grey, int x, int y, int most, gsize *spot, int count) {
  spot[count] = (gsize)y * (gsize)grey->width + (gsize)x;
  grey->pixels[spot[count++]] = 255;
  for (int k = 0; k < 9 && count <= most; k++) {
    int at_x = x + k % 3 - 1, at_y = y + k / 3 - 1;
    if (at_x >= 0 && at_x < grey->width && at_y >= 0 && at_y < grey->height &&
        grey_row(grey, at_y)[at_x] == 0)
      count = take_spot(grey, at_x, at_y, most, spot, count);
  }
  return count;
}

/* Makes the black spots of up to `most` pixels white. */
static void drop_spots(Grey *grey, int most) {
  gsize spot[DUST + 1];
  for (int y = 0; y < grey->height; y++)
    for (int x = 0; x < grey->width; x++) {
      int count = grey_row(grey, y)[x] == 0 ? take_spot(grey, x, y, most, spot, 0) : 0;
      for (int i = 0; i < count && count > most; i++)
        grey->pixels[spot[i]] = 0;
    }
}

Grey *grey_without_dots(const Grey *grey) {
  Grey *out = filter(grey, without_hole);
  drop_spots(out, DOT);
  return out;
}

double grey_mark_share(const Grey *grey) {
  g_autoptr(Grey) marks = filter(grey, without_hole);
  drop_spots(marks, DUST);
  return grey_black_share(marks);
}

Grey *grey_median(const Grey *grey) {
  return filter(grey, as_most);
}

Grey *grey_median_rows(const Grey *grey) {
  Grey *out = grey_new(grey->width, grey->height);
  for (int y = 2; y + 2 < grey->height; y++) {
    const guint8 *first = grey_row(grey, y - 2);
    gsize wide = (gsize)grey->width;
    for (gsize x = 0; x < wide; x++) {
      int black = !first[x] + !first[x + wide] + !first[x + 2 * wide] + !first[x + 3 * wide] +
                  !first[x + 4 * wide];
      grey_row(out, y)[x] = black >= 3 ? 0 : 255;
    }
  }
  return out;
}

/* ----------------------------------------------------------------------- skew */

#define SKEW_MAX 6.0
#define SKEW_STEP 0.25
#define SKEW_WIDTH 430 /* enough to tell a quarter of a degree apart */

/* How sharply the rows of a page stand out when it is sheared by `slope`: text and rules lie in few
 * rows when it is straight. */
static double sharpness(const Grey *small, double slope, guint *rows) {
  double sum = 0;
  memset(rows, 0, sizeof(guint) * (gsize)small->height);
  for (int x = 0; x < small->width; x++) {
    int shift = (int)lround((x - small->width / 2.0) * slope);
    for (int y = 0; y < small->height; y++)
      if (y + shift >= 0 && y + shift < small->height)
        rows[y] += 255u - grey_row(small, y + shift)[x];
  }
  for (int y = 1; y < small->height; y++) {
    double step = (double)rows[y] - (double)rows[y - 1];
    sum += step * step;
  }
  return sum;
}

double grey_skew(const Grey *grey) {
  g_autoptr(Grey) small = grey_shrink(grey, MAX(1, grey->width / SKEW_WIDTH));
  g_autofree guint *rows = g_new(guint, (gsize)small->height);
  double best = 0, straight = sharpness(small, 0, rows), most = straight;
  for (double angle = -SKEW_MAX; angle <= SKEW_MAX; angle += SKEW_STEP) {
    double sharp = sharpness(small, tan(angle * G_PI / 180), rows);
    if (sharp > most)
      most = sharp, best = angle;
  }
  return most > straight * 1.02 ? best : 0;
}
