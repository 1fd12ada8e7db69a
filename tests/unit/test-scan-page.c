/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever way a page was fed, sent or scanned, its codes are read, and never misread. */
#include "scan-support.h"

#include <png.h>

static void must_read(Result *result, const char *text) {
  assert_int_equal(result->status, RK_OK);
  assert_int_equal(rk_diags_count(result->diags), 0);
  assert_int_equal(result->pages->len, 1);
  const ScanPage *page = page_of(result, 0);
  assert_int_equal(page->look, SCAN_WRITTEN);
  assert_int_equal(g_strv_length(page->codes), 1);
  assert_string_equal(page->codes[0], text);
}

static void a_fax_page_is_read_as_it_came(void **state) {
  (void)state;
  g_autoptr(Grey) grey = draw_page(OURS, OURS);
  Result result = read_fax(grey, fax_page);
  must_read(&result, OURS);
  assert_int_equal(page_of(&result, 0)->turned, 0);
  assert_false(page_of(&result, 0)->damaged);
  result_clear(&result);
}

static void one_of_the_two_codes_is_enough(void **state) {
  (void)state;
  g_autoptr(Grey) first = draw_page(OURS, NULL), second = draw_page(NULL, OURS);
  Result result = read_fax(first, fax_page);
  must_read(&result, OURS);
  result_clear(&result);
  result = read_fax(second, fax_page);
  must_read(&result, OURS);
  result_clear(&result);
}

static void codes_that_disagree_are_both_told(void **state) {
  (void)state;
  g_autoptr(Grey) grey = draw_page(OURS, "R8-0013/FJ-2-1-3 1/2 K7 ABCDEFGHJKLM");
  Result result = read_fax(grey, fax_page);
  assert_int_equal(result.status, RK_OK);
  assert_int_equal(g_strv_length(page_of(&result, 0)->codes), 2);
  result_clear(&result);
}

/* The lower half of one paper over the other; the line was worse when it went through. */
static void codes_that_disagree_are_both_told_when_one_must_be_cleaned_first(void **state) {
  (void)state;
  for (int lower = 0; lower < 2; lower++) {
    g_autoptr(Grey) grey = draw_page(OURS, "R8-0013/FJ-2-1-3 1/2 K7 ABCDEFGHJKLM");
    const Grey half = {grey->width, grey->height / 2, grey_row(grey, lower ? grey->height / 2 : 0)};
    g_autoptr(Grey) noisy = grey_new(half.width, half.height);
    memcpy(noisy->pixels, half.pixels, (gsize)half.width * (gsize)half.height);
    add_noise(noisy, 0.08, 2);
    memcpy(half.pixels, noisy->pixels, (gsize)half.width * (gsize)half.height);
    Result result = read_fax(grey, fax_page);
    assert_int_equal(result.status, RK_OK);
    assert_int_equal(g_strv_length(page_of(&result, 0)->codes), 2);
    result_clear(&result);
  }
}

static void a_page_without_a_code_is_told_with_none(void **state) {
  (void)state;
  g_autoptr(Grey) grey = draw_page(NULL, NULL);
  Result result = read_fax(grey, fax_page);
  assert_int_equal(result.status, RK_OK);
  assert_int_equal(page_of(&result, 0)->look, SCAN_WRITTEN);
  assert_int_equal(g_strv_length(page_of(&result, 0)->codes), 0);
  result_clear(&result);
}

/* ---------------------------------------------------------------------- turns */

static Grey *kept(const ScanPage *page) {
  gsize length;
  const void *bytes = g_bytes_get_data(page->image, &length);
  png_image image = {.version = PNG_IMAGE_VERSION};
  assert_int_not_equal(png_image_begin_read_from_memory(&image, bytes, length), 0);
  image.format = PNG_FORMAT_GRAY;
  Grey *grey = grey_new((int)image.width, (int)image.height);
  assert_int_not_equal(png_image_finish_read(&image, NULL, grey->pixels, 0, NULL), 0);
  return grey;
}

static void must_be_same(const Grey *a, const Grey *b) {
  assert_int_equal(a->width, b->width);
  assert_int_equal(a->height, b->height);
  assert_memory_equal(a->pixels, b->pixels, (gsize)a->width * (gsize)a->height);
}

static void a_page_fed_in_any_direction_is_kept_upright(void **state) {
  (void)state;
  g_autoptr(Grey) grey = draw_page(OURS, OURS);
  TiffPage how = fax_page;
  how.dpi_x = how.dpi_y = 200;
  for (guint quarters = 0; quarters < 4; quarters++) {
    g_autoptr(Grey) fed = quarters ? grey_turn(grey, quarters) : NULL;
    Result result = read_fax(fed ? fed : grey, how);
    must_read(&result, OURS);
    assert_int_equal(page_of(&result, 0)->turned, (4 - quarters) % 4);
    g_autoptr(Grey) image = kept(page_of(&result, 0));
    must_be_same(image, grey);
    result_clear(&result);
  }
}

static void what_is_kept_is_what_came_and_not_what_was_cleaned(void **state) {
  (void)state;
  g_autoptr(Grey) grey = draw_page(OURS, OURS);
  add_noise(grey, 0.02, 5);
  Result result = read_fax(grey, fax_page);
  g_autoptr(Grey) image = kept(page_of(&result, 0));
  must_be_same(image, grey);
  result_clear(&result);
}

/* -------------------------------------------------------------------- damages */

static void a_crooked_page_is_read(void **state) {
  (void)state;
  g_autoptr(Grey) grey = draw_page(OURS, OURS);
  for (double angle = -5; angle <= 5; angle += 2.5) {
    g_autoptr(Grey) crooked = grey_rotate(grey, angle);
    Result result = read_fax(crooked, fax_page);
    must_read(&result, OURS);
    result_clear(&result);
    assert_true(fabs(grey_skew(crooked) - angle) <= 0.5);
  }
}

static void a_page_with_noise_is_cleaned_and_read(void **state) {
  (void)state;
  static const double shares[] = {0.005, 0.02, 0.04};
  for (guint i = 0; i < G_N_ELEMENTS(shares); i++) {
    g_autoptr(Grey) grey = draw_page(OURS, OURS);
    add_noise(grey, shares[i], i + 1);
    Result result = read_fax(grey, fax_page);
    must_read(&result, OURS);
    result_clear(&result);
  }
}

static void a_crooked_page_with_noise_is_read(void **state) {
  (void)state;
  g_autoptr(Grey) grey = draw_page(OURS, OURS), crooked = grey_rotate(grey, 4);
  add_noise(crooked, 0.02, 3);
  Result result = read_fax(crooked, fax_page);
  must_read(&result, OURS);
  result_clear(&result);
}

/* Every second line, as a FAX of standard resolution has it. */
static Grey *every_second_line(const Grey *grey) {
  Grey *out = grey_new(grey->width, grey->height / 2);
  for (int y = 0; y < out->height; y++)
    memcpy(grey_row(out, y), grey_row(grey, 2 * y), (gsize)grey->width);
  return out;
}

/* Without the rows from `from` to `to`. */
static void lose_rows(Grey *grey, int from, int to) {
  gsize rest = (gsize)(grey->height - to) * (gsize)grey->width;
  memmove(grey_row(grey, from), grey_row(grey, to), rest);
  grey->height -= to - from;
}

/* Bursts of rows in both codes: two in the one, three in the other. */
static Grey *torn_page(const char *first, const char *second) {
  static const int bursts[][2] = {
      {2090, 2100}, {2040, 2048}, {1990, 1997}, {190, 200}, {130, 138}};
  Grey *grey = draw_page(first, second);
  for (guint i = 0; i < G_N_ELEMENTS(bursts); i++)
    lose_rows(grey, bursts[i][0], bursts[i][1]);
  return grey;
}

static void two_codes_that_both_lost_rows_are_put_together(void **state) {
  (void)state;
  g_autoptr(Grey) both = torn_page(OURS, OURS), upside_down = grey_turn(both, 2);
  g_autoptr(Grey) first = torn_page(OURS, NULL), second = torn_page(NULL, OURS);
  Result result = read_fax(both, fax_page);
  must_read(&result, OURS);
  result_clear(&result);
  result = read_fax(upside_down, fax_page);
  must_read(&result, OURS);
  assert_int_equal(page_of(&result, 0)->turned, 2);
  result_clear(&result);
  /* That neither can be read alone. */
  for (int i = 0; i < 2; i++) {
    result = read_fax(i ? second : first, fax_page);
    assert_int_equal(g_strv_length(page_of(&result, 0)->codes), 0);
    result_clear(&result);
  }
}

static void codes_of_two_papers_that_lost_rows_are_not_taken_for_a_third(void **state) {
  (void)state;
  g_autoptr(Grey) grey = torn_page(OURS, "R8-0013/FJ-2-1-3 1/2 K7 LMNPQRSTUVWX");
  Result result = read_fax(grey, fax_page);
  assert_int_equal(result.status, RK_OK);
  assert_int_equal(g_strv_length(page_of(&result, 0)->codes), 0);
  result_clear(&result);
}

/* A pattern that looks like corners of codes everywhere: read without an end in sight, it would hold all up. */
static void a_page_full_of_corners_is_read_as_one_without_a_code(void **state) {
  (void)state;
  static const int inks[] = {0, 1, 0, 0, 0, 1, 0, 1};
  g_autoptr(Grey) grey = grey_new(1728, 2280);
  for (int y = 0; y < grey->height; y++)
    for (int x = 0; x < grey->width; x++)
      grey_row(grey, y)[x] = inks[x / MODULE % 8] || y / 20 % 2 ? 255 : 0;
  Result result = read_fax(grey, fax_page);
  assert_int_equal(result.status, RK_OK);
  assert_int_equal(g_strv_length(page_of(&result, 0)->codes), 0);
  result_clear(&result);
}

static void rows_that_the_line_turned_are_cleaned_and_read(void **state) {
  (void)state;
  g_autoptr(Grey) grey = draw_page(OURS, OURS), half = every_second_line(grey);
  static const int rows[] = {50, 75, 112, 990, 1030, 1055}; /* through the middle of finder patterns */
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
    for (int x = 20; x < half->width; x++)
      grey_row(half, rows[i])[x] = (guint8)(255 - grey_row(half, rows[i])[x]);
  TiffPage how = fax_page;
  how.dpi_y = 98;
  Result result = read_fax(half, how);
  must_read(&result, OURS);
  result_clear(&result);
}

static void what_cannot_be_read_is_never_misread(void **state) {
  (void)state;
  guint read = 0;
  for (guint seed = 1; seed <= 4; seed++) {
    g_autoptr(Grey) grey = draw_page(OURS, OURS);
    add_noise(grey, 0.06 + 0.06 * seed, seed);
    Result result = read_fax(grey, fax_page);
    const ScanPage *page = page_of(&result, 0);
    for (guint i = 0; page->codes[i]; i++)
      assert_string_equal(page->codes[i], OURS);
    read += page->codes[0] != NULL;
    result_clear(&result);
  }
  assert_true(read < 4);
}

/* ------------------------------------------------------------- other machines */

static void a_fax_of_standard_resolution_gets_its_shape_back(void **state) {
  (void)state;
  g_autoptr(Grey) grey = draw_page(OURS, OURS), half = every_second_line(grey);
  TiffPage how = fax_page;
  how.dpi_y = 98;
  for (int known = 1; known >= 0; known--) {
    Result result = read_fax(half, how);
    must_read(&result, OURS);
    g_autoptr(Grey) image = kept(page_of(&result, 0));
    assert_int_equal(image->height, grey->height);
    result_clear(&result);
    how.dpi_x = 0;
  }
}

static void every_coding_of_tiff_is_read(void **state) {
  (void)state;
  static const TiffPage codings[] = {
      {COMPRESSION_CCITTFAX3, PHOTOMETRIC_MINISWHITE, 1, 1, 204, 196, 0},
      {COMPRESSION_CCITTRLE, PHOTOMETRIC_MINISWHITE, 1, 1, 204, 196, 0},
      {COMPRESSION_NONE, PHOTOMETRIC_MINISBLACK, 1, 1, 200, 200, 0},
      {COMPRESSION_LZW, PHOTOMETRIC_MINISBLACK, 8, 1, 200, 200, 0},
      {COMPRESSION_ADOBE_DEFLATE, PHOTOMETRIC_RGB, 8, 3, 200, 200, 0},
      {COMPRESSION_PACKBITS, PHOTOMETRIC_RGB, 8, 3, 0, 0, 0}};
  g_autoptr(Grey) grey = draw_page(OURS, OURS);
  for (guint i = 0; i < G_N_ELEMENTS(codings); i++) {
    Result result = read_fax(grey, codings[i]);
    must_read(&result, OURS);
    result_clear(&result);
  }
}

static void a_scan_of_600_dpi_is_made_smaller_and_read(void **state) {
  (void)state;
  g_autoptr(Grey) grey = draw_page(OURS, OURS), fine = grey_repeat(grey, 3, 3);
  Result result = read_fax(fine, (TiffPage){COMPRESSION_CCITTFAX4, 0, 1, 1, 600, 600, 0});
  must_read(&result, OURS);
  g_autoptr(Grey) image = kept(page_of(&result, 0));
  assert_true(image->width < 3600 && image->width > 1700);
  result_clear(&result);
}

static const TiffPage grey_page = {COMPRESSION_LZW, PHOTOMETRIC_MINISBLACK, 8, 1, 200, 200, 0};

/* With this ink on this paper. */
static void tint(Grey *grey, guint8 ink, guint8 paper) {
  for (gsize i = 0; i < (gsize)grey->width * (gsize)grey->height; i++)
    grey->pixels[i] = grey->pixels[i] ? paper : ink;
}

static void a_pale_scan_is_read(void **state) {
  (void)state;
  static const guint8 tones[][2] = {{150, 235}, {200, 255}, {180, 235}, {192, 250}, {215, 250}};
  for (guint i = 0; i < G_N_ELEMENTS(tones); i++) {
    g_autoptr(Grey) grey = draw_page(OURS, OURS), plain = draw_page(NULL, NULL);
    tint(grey, tones[i][0], tones[i][1]);
    Result result = read_fax(grey, grey_page);
    must_read(&result, OURS);
    result_clear(&result);
    tint(plain, tones[i][0], tones[i][1]);
    result = read_fax(plain, grey_page);
    assert_int_equal(page_of(&result, 0)->look, SCAN_WRITTEN);
    result_clear(&result);
  }
}

/* --------------------------------------------------------------- empty sheets */

static ScanLook look_of(const Grey *grey) {
  Result result = read_fax(grey, grey_two_tones(grey) ? fax_page : grey_page);
  ScanLook look = page_of(&result, 0)->look;
  assert_int_equal(g_strv_length(page_of(&result, 0)->codes), 0);
  result_clear(&result);
  return look;
}

static void a_blank_page_is_blank_also_with_dust(void **state) {
  (void)state;
  g_autoptr(Grey) grey = grey_new(1728, 2280);
  assert_int_equal(look_of(grey), SCAN_BLANK);
  add_noise(grey, 0.005, 1);
  assert_int_equal(look_of(grey), SCAN_BLANK);
}

/* Specks of up to three by four pixels, and paper whose tone is not even. */
static void a_blank_page_is_blank_also_with_specks_and_grain(void **state) {
  (void)state;
  g_autoptr(Grey) grey = grey_new(1728, 2280);
  guint32 seed = 9;
  for (guint i = 0; i < 40; i++) {
    int x = (int)(chance(&seed) * 1700), y = (int)(chance(&seed) * 2270);
    for (int k = 0; k < 12; k++)
      grey_row(grey, y + k / 3)[x + k % 3] = 0;
  }
  assert_int_equal(look_of(grey), SCAN_BLANK);
  for (gsize i = 0; i < (gsize)grey->width * (gsize)grey->height; i++)
    grey->pixels[i] = (guint8)(225 + 26 * (chance(&seed) + chance(&seed)) / 2);
  assert_int_equal(look_of(grey), SCAN_BLANK);
}

/* A stroke, as of a short name or a figure, 3 mm high. */
static void draw_stroke(Grey *grey, int left) {
  for (int y = 1000; y < 1024; y++)
    for (int x = 0; x < 4; x++)
      grey_row(grey, y)[left + (y - 1000) / 2 + x] = 0;
}

static void a_page_with_a_short_note_is_not_blank(void **state) {
  (void)state;
  g_autoptr(Grey) grey = grey_new(1728, 2280);
  draw_stroke(grey, 300);
  draw_stroke(grey, 330);
  assert_int_equal(look_of(grey), SCAN_WRITTEN);
  tint(grey, 210, 250);
  assert_int_equal(look_of(grey), SCAN_WRITTEN);
}

static void a_black_page_is_black(void **state) {
  (void)state;
  g_autoptr(Grey) grey = grey_new(1728, 2280);
  memset(grey->pixels, 0, (gsize)grey->width * (gsize)grey->height);
  assert_int_equal(look_of(grey), SCAN_BLACK);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_fax_page_is_read_as_it_came),
      cmocka_unit_test(one_of_the_two_codes_is_enough),
      cmocka_unit_test(codes_that_disagree_are_both_told),
      cmocka_unit_test(codes_that_disagree_are_both_told_when_one_must_be_cleaned_first),
      cmocka_unit_test(a_page_without_a_code_is_told_with_none),
      cmocka_unit_test(a_page_fed_in_any_direction_is_kept_upright),
      cmocka_unit_test(what_is_kept_is_what_came_and_not_what_was_cleaned),
      cmocka_unit_test(a_crooked_page_is_read),
      cmocka_unit_test(a_page_with_noise_is_cleaned_and_read),
      cmocka_unit_test(a_crooked_page_with_noise_is_read),
      cmocka_unit_test(two_codes_that_both_lost_rows_are_put_together),
      cmocka_unit_test(codes_of_two_papers_that_lost_rows_are_not_taken_for_a_third),
      cmocka_unit_test(a_page_full_of_corners_is_read_as_one_without_a_code),
      cmocka_unit_test(rows_that_the_line_turned_are_cleaned_and_read),
      cmocka_unit_test(what_cannot_be_read_is_never_misread),
      cmocka_unit_test(a_fax_of_standard_resolution_gets_its_shape_back),
      cmocka_unit_test(every_coding_of_tiff_is_read),
      cmocka_unit_test(a_scan_of_600_dpi_is_made_smaller_and_read),
      cmocka_unit_test(a_pale_scan_is_read),
      cmocka_unit_test(a_blank_page_is_blank_also_with_dust),
      cmocka_unit_test(a_blank_page_is_blank_also_with_specks_and_grain),
      cmocka_unit_test(a_page_with_a_short_note_is_not_blank),
      cmocka_unit_test(a_black_page_is_black),
  };
  return cmocka_run_group_tests_name("scan-page", tests, NULL, NULL);
}
