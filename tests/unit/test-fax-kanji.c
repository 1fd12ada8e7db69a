/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All 6,355 kanji of JIS X 0208, levels 1 and 2, at 10.5 pt and fine resolution: after noise of 0.5 % that was
 * cleaned each is still told from all others, by a reader that knows the font and nothing else, no words
 * and no frequencies. (Tesseract knows two in five of them: test-fax-words.)
 *
 * The font is learnt from other sheets, on which the kanji fall otherwise on the pixels. FAXTEST_PAGES takes all
 * kanji, else it is one in twenty, each against all.
 */
#include "fax-lines.h"

#define SENT_WIDE 20   /* in a line, as they are sent */
#define LEARNT_WIDE 17 /* and as they are learnt */
#define SIDE 32        /* pixels; 10.5 pt are 30 by 29 */
#define REACH 1        /* pixels that it may lie aside */
#define LEAST 99.5

typedef struct {
  guint32 rows[SIDE];
} Shape;

/* Where the square of a kanji begins, in pixels: sheets have a margin of 18 mm, lines of 24 pt. */
static int column_of(int place) {
  return (int)floor(((18 + 2.5) + 2 * place * 10.5 * 25.4 / 72) * 1728 / 215 + 0.5) - 1;
}

static int row_of(int line) {
  return (int)floor((18 + (24 * line + 6.75) * 25.4 / 72) * 7.7 + 0.5) - 1;
}

static Shape shape_at(const Grey *page, int left, int top) {
  Shape shape = {{0}};
  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      shape.rows[y] |= (guint32)(grey_row(page, top + y)[left + x] == 0) << x;
  return shape;
}

/* The shapes of all kanji in their order (Shape), `wide` in a line. */
static GArray *shapes(int wide, double noise) {
  g_autoptr(GPtrArray) lines = kanji_lines(16, 84, wide, "　");
  GArray *all = g_array_new(FALSE, FALSE, sizeof(Shape));
  guint32 seed = 2026;
  for (guint from = 0; from < lines->len; from += LINES) {
    g_autoptr(GBytes) tiff = page_of_lines(lines, from, RENDER_TIFF);
    g_autoptr(Grey) page = channel_page(tiff, 0);
    if (noise > 0)
      channel_noise(page, noise, &seed);
    g_autoptr(Grey) clean = grey_without_dots(page);
    for (guint i = from; i < MIN(lines->len, from + LINES); i++)
      for (int k = 0; k < g_utf8_strlen(lines->pdata[i], -1) / 2; k++) {
        Shape shape = shape_at(noise > 0 ? clean : page, column_of(k), row_of((int)(i - from)));
        g_array_append_val(all, shape);
      }
  }
  return all;
}

/* Pixels by which they differ when one lies aside by this; at least `enough` ends the count. */
static guint difference(const Shape *a, const Shape *b, int aside, int below, guint enough) {
  guint count = 0;
  for (int y = REACH; y < SIDE - REACH && count < enough; y++) {
    guint32 row = aside < 0 ? b->rows[y + below] >> -aside : b->rows[y + below] << aside;
    count += (guint)__builtin_popcount(a->rows[y] ^ row);
  }
  return count;
}

static guint nearest(const Shape *shape, const GArray *learnt) {
  guint best = 0, least = G_MAXUINT;
  for (guint i = 0; i < learnt->len; i++)
    for (int k = 0; k < 9; k++) {
      guint now = difference(shape, &g_array_index(learnt, Shape, i), k % 3 - 1, k / 3 - 1, least);
      if (now < least)
        least = now, best = i;
    }
  return best;
}

/* One in `step` is tried, against all. */
static double share_told_apart(double noise, guint step) {
  g_autoptr(GArray) learnt = shapes(LEARNT_WIDE, 0), sent = shapes(SENT_WIDE, noise);
  guint tried = 0, right = 0;
  assert_int_equal(learnt->len, 6355);
  assert_int_equal(sent->len, 6355);
  for (guint i = 0; i < sent->len; i += step, tried++)
    right += nearest(&g_array_index(sent, Shape, i), learnt) == i;
  print_message("noise %4.1f %%: %4u of %4u kanji told from all others, %6.2f %%\n", noise * 100, right, tried,
                100.0 * right / tried);
  return 100.0 * right / tried;
}

static guint step_wanted(void) {
  return g_getenv("FAXTEST_PAGES") ? 1 : 20;
}

static void every_kanji_is_told_from_all_others_after_a_fax(void **state) {
  (void)state;
  need_fonts();
  assert_true(share_told_apart(0, step_wanted()) >= LEAST);
}

static void every_kanji_is_told_from_all_others_after_noise_that_was_cleaned(void **state) {
  (void)state;
  need_fonts();
  assert_true(share_told_apart(0.005, step_wanted()) >= LEAST);
}

/* That the measure can fail. */
static void kanji_are_not_told_apart_in_a_storm(void **state) {
  (void)state;
  need_fonts();
  assert_true(share_told_apart(0.49, 50) < 50);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_kanji_is_told_from_all_others_after_a_fax),
      cmocka_unit_test(every_kanji_is_told_from_all_others_after_noise_that_was_cleaned),
      cmocka_unit_test(kanji_are_not_told_apart_in_a_storm),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
