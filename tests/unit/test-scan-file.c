/* SPDX-License-Identifier: Apache-2.0 */
/* Files of many pages, and files that are cut, broken, too large or made to harm. */
#include "scan-support.h"

#include <cairo-pdf.h>

static void write_bytes(const File *file, const void *bytes, gsize length) {
  assert_true(g_file_set_contents(file->path, bytes, (gssize)length, NULL));
}

static void must_refuse(const char *suffix, const void *bytes, gsize length, const char *code) {
  File file = file_new(suffix);
  write_bytes(&file, bytes, length);
  Result result = read_path(file.path);
  assert_int_equal(result.status, RK_INVALID);
  must_say(&result, code);
  assert_int_equal(result.pages->len, 0);
  result_clear(&result);
  file_clear(&file);
}

/* ----------------------------------------------------------------- good files */

#define SECOND "R8-0012/FJ-2-1-3 2/2 K7 ABCDEFGHJKLM"

static File two_faxes(void) {
  File file = file_new(".tif");
  g_autoptr(Grey) first = draw_page(OURS, OURS), second = draw_page(SECOND, SECOND);
  add_tiff(&file, first, fax_page);
  add_tiff(&file, second, fax_page);
  tiff_done(&file);
  return file;
}

static void must_be_two(const Result *result) {
  assert_int_equal(result->status, RK_OK);
  assert_int_equal(rk_diags_count(result->diags), 0);
  assert_int_equal(result->pages->len, 2);
  assert_string_equal(page_of(result, 0)->codes[0], OURS);
  assert_string_equal(page_of(result, 1)->codes[0], SECOND);
  assert_int_equal(page_of(result, 1)->number, 2);
}

static void the_pages_of_a_fax_come_in_their_order(void **state) {
  (void)state;
  File file = two_faxes();
  Result result = read_path(file.path);
  must_be_two(&result);
  result_clear(&result);
  file_clear(&file);
}

static void draw_pdf_page(cairo_t *cairo, const Grey *grey) {
  cairo_surface_t *surface =
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, grey->width, grey->height);
  int stride = cairo_image_surface_get_stride(surface);
  for (int y = 0; y < grey->height; y++) {
    guint32 *row = (guint32 *)(void *)(cairo_image_surface_get_data(surface) + (gsize)y * (gsize)stride);
    for (int x = 0; x < grey->width; x++)
      row[x] = grey_row(grey, y)[x] * 0x010101u;
  }
  cairo_surface_mark_dirty(surface);
  cairo_save(cairo);
  cairo_scale(cairo, 595.0 / grey->width, 842.0 / grey->height);
  cairo_set_source_surface(cairo, surface, 0, 0);
  cairo_paint(cairo);
  cairo_restore(cairo);
  cairo_show_page(cairo);
  cairo_surface_destroy(surface);
}

static File two_pages_pdf(void) {
  File file = file_new(".pdf");
  g_autoptr(Grey) first = draw_page(OURS, OURS), second = draw_page(SECOND, SECOND);
  cairo_surface_t *surface = cairo_pdf_surface_create(file.path, 595, 842);
  cairo_t *cairo = cairo_create(surface);
  draw_pdf_page(cairo, first);
  draw_pdf_page(cairo, second);
  cairo_destroy(cairo);
  cairo_surface_destroy(surface);
  return file;
}

static gboolean has_pdf(void) {
  g_autofree char *program = g_find_program_in_path("pdftoppm");
  if (!program)
    print_message("pdftoppm (Debian: poppler-utils) is not here\n");
  return program != NULL;
}

static void the_pages_of_a_pdf_are_read(void **state) {
  (void)state;
  if (!has_pdf())
    skip();
  File file = two_pages_pdf();
  Result result = read_path(file.path);
  must_be_two(&result);
  result_clear(&result);
  file_clear(&file);
}

static void a_png_is_one_page(void **state) {
  (void)state;
  g_autoptr(Grey) grey = draw_page(OURS, NULL);
  g_autoptr(GBytes) bytes = keep_png(grey);
  File file = file_new(".png");
  write_bytes(&file, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
  Result result = read_path(file.path);
  assert_int_equal(result.status, RK_OK);
  assert_int_equal(result.pages->len, 1);
  assert_string_equal(page_of(&result, 0)->codes[0], OURS);
  assert_true(g_bytes_equal(page_of(&result, 0)->image, bytes));
  result_clear(&result);
  file_clear(&file);
}

/* ------------------------------------------------------------------ cut files */

/* Whatever remains: no page is misread, and either a fault is named or a page is told to be damaged. */
static void must_be_honest(const File *file, const void *bytes, gsize length, guint pages) {
  write_bytes(file, bytes, length);
  Result result = read_path(file->path);
  gboolean told = result.status != RK_OK || rk_diags_count(result.diags) > 0;
  assert_true(result.status == RK_OK || result.status == RK_INVALID);
  assert_int_equal(result.status == RK_OK, result.pages->len > 0);
  for (guint i = 0; i < result.pages->len; i++) {
    const ScanPage *page = page_of(&result, i);
    told = told || page->damaged || page->look == SCAN_BLANK;
    for (guint j = 0; page->codes[j]; j++)
      assert_string_equal(page->codes[j], page->number == 1 ? OURS : SECOND);
  }
  assert_true(told || result.pages->len == pages);
  result_clear(&result);
}

static void must_survive_cuts(File file, guint pages, gsize cuts) {
  g_autofree char *bytes = NULL;
  gsize length;
  assert_true(g_file_get_contents(file.path, &bytes, &length, NULL));
  for (gsize i = 1; i < cuts; i++)
    must_be_honest(&file, bytes, length * i / cuts, pages);
  file_clear(&file);
}

static void a_fax_that_ends_early_is_told(void **state) {
  (void)state;
  must_survive_cuts(two_faxes(), 2, 12);
}

static void a_png_that_ends_early_is_told(void **state) {
  (void)state;
  g_autoptr(Grey) grey = draw_page(OURS, NULL);
  g_autoptr(GBytes) bytes = keep_png(grey);
  File file = file_new(".png");
  write_bytes(&file, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
  must_survive_cuts(file, 1, 6);
}

static void a_pdf_that_ends_early_is_told(void **state) {
  (void)state;
  if (!has_pdf())
    skip();
  must_survive_cuts(two_pages_pdf(), 2, 5);
}

/* -------------------------------------------------------------- hostile files */

static void what_is_no_file_of_pages_is_refused(void **state) {
  (void)state;
  must_refuse(".txt", "hello, world", 12, "RN070");
  must_refuse(".tif", "", 0, "RN070");
  must_refuse(".tif", "II", 2, "RN070");
  must_refuse(".tif", "II*\0", 4, "RN071");
  must_refuse(".png", "\x89PNG\r\n\x1a\n", 8, "RN071");
  if (has_pdf())
    must_refuse(".pdf", "%PDF-1.7\nnothing", 16, "RN071");
}

static void a_page_that_would_fill_the_memory_is_refused(void **state) {
  (void)state;
  /* A PNG that says 65535 by 65535 pixels. */
  static const guint8 png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xff\0\0\xff\xff\x01\0\0\0\0"
                              "\x77\x5a\x43\x4b\0\0\0\0IDAT\x35\xaf\x06\x1e";
  File file = file_new(".png");
  write_bytes(&file, png, sizeof png - 1);
  Result result = read_path(file.path);
  assert_int_equal(result.status, RK_INVALID);
  assert_int_equal(rk_diags_count(result.diags), 1);
  result_clear(&result);
  file_clear(&file);
}

/* Of a file whose head promises `size` and that holds one white row. */
static void must_be_too_large(const Grey *size, guint rows_per_strip) {
  File file = file_new(".tif");
  g_autofree guint8 *row = g_malloc0((gsize)size->width / 8 + 1);
  file.tiff = TIFFOpen(file.path, "wl");
  set_fields(file.tiff, size, &fax_page);
  if (rows_per_strip)
    TIFFSetField(file.tiff, TIFFTAG_ROWSPERSTRIP, rows_per_strip);
  assert_int_equal(TIFFWriteScanline(file.tiff, row, 0, 0), 1);
  tiff_done(&file);
  Result result = read_path(file.path);
  assert_int_equal(result.status, RK_INVALID);
  must_say(&result, "RN073");
  result_clear(&result);
  file_clear(&file);
}

/* 900 million white pixels in a few bytes. */
static void a_page_of_more_pixels_than_a4_has_at_600_dpi_is_refused(void **state) {
  (void)state;
  must_be_too_large(&(const Grey){30000, 30000, NULL}, 0);
}

static void a_page_of_one_column_and_millions_of_rows_is_too_large(void **state) {
  (void)state;
  must_be_too_large(&(const Grey){1, 40000000, NULL}, 40000000);
}

/* Directories that name each other as the next one. */
static void a_tiff_that_goes_in_a_circle_ends(void **state) {
  (void)state;
  File file = two_faxes();
  g_autofree char *bytes = NULL;
  gsize length;
  guint32 first, next;
  guint16 entries;
  assert_true(g_file_get_contents(file.path, &bytes, &length, NULL));
  memcpy(&first, bytes + 4, 4);
  memcpy(&entries, bytes + first, 2);
  memcpy(&next, bytes + first + 2 + 12 * (gsize)entries, 4);
  memcpy(&entries, bytes + next, 2);
  memcpy(bytes + next + 2 + 12 * (gsize)entries, &first, 4);
  write_bytes(&file, bytes, length);
  Result result = read_path(file.path);
  assert_true(result.pages->len <= 2);
  assert_true(result.status == RK_OK || result.status == RK_INVALID);
  result_clear(&result);
  file_clear(&file);
}

static void a_file_of_more_than_300_pages_is_refused(void **state) {
  (void)state;
  File file = file_new(".tif");
  g_autoptr(Grey) grey = grey_new(64, 64);
  for (guint i = 0; i < 301; i++)
    add_tiff(&file, grey, fax_page);
  tiff_done(&file);
  Result result = read_path(file.path);
  assert_int_equal(result.status, RK_INVALID);
  must_say(&result, "RN074");
  assert_int_equal(result.pages->len, 0);
  result_clear(&result);
  file_clear(&file);
}

static void a_file_of_300_pages_is_read(void **state) {
  (void)state;
  File file = file_new(".tif");
  g_autoptr(Grey) grey = grey_new(64, 64);
  for (guint i = 0; i < 300; i++)
    add_tiff(&file, grey, fax_page);
  tiff_done(&file);
  Result result = read_path(file.path);
  assert_int_equal(result.status, RK_OK);
  assert_int_equal(result.pages->len, 300);
  result_clear(&result);
  file_clear(&file);
}

/* The width that a fax file says, exchanged. */
static void a_tiff_that_says_absurd_sizes_is_refused(void **state) {
  (void)state;
  static const guint32 widths[] = {0, 1, G_MAXINT32, G_MAXUINT32, 1000000};
  for (guint i = 0; i < G_N_ELEMENTS(widths); i++) {
    File file = two_faxes();
    g_autofree char *bytes = NULL;
    gsize length;
    guint32 first, tag = 256;
    assert_true(g_file_get_contents(file.path, &bytes, &length, NULL));
    memcpy(&first, bytes + 4, 4);
    guint8 *entry = (guint8 *)bytes + first + 2;
    while (memcmp(entry, &tag, 2) != 0)
      entry += 12;
    guint16 wide = 4; /* LONG */
    memcpy(entry + 2, &wide, 2);
    memcpy(entry + 8, &widths[i], 4);
    write_bytes(&file, bytes, length);
    Result result = read_path(file.path);
    assert_true(result.status == RK_INVALID || rk_diags_count(result.diags) > 0 ||
                page_of(&result, 0)->look == SCAN_BLANK || page_of(&result, 0)->damaged);
    for (guint k = 0; k < result.pages->len; k++)
      assert_true(k == 1 || !page_of(&result, k)->codes[0]);
    result_clear(&result);
    file_clear(&file);
  }
}

/* A PNG of few bytes that is honest about its many pixels: a billion of white. */
static void a_png_that_unpacks_to_too_much_is_refused_unread(void **state) {
  (void)state;
  static const guint8 png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x7d\0\0\0\x7d\0\x01\0\0\0\0"
                              "\xab\xf9\xef\xa0\0\0\0\0IDAT\x35\xaf\x06\x1e";
  must_refuse(".png", png, sizeof png - 1, "RN073");
}

/* A PDF of `count` pages of that size, and more objects; readers find the objects without a table. */
static void must_write_pdf(const File *file, guint count, const char *size, const char *catalog) {
  g_autoptr(GString) text = g_string_new("%PDF-1.7\n");
  g_autoptr(GString) kids = g_string_new(NULL);
  for (guint i = 0; i < count; i++) {
    g_string_append_printf(kids, "%u 0 R ", i + 10);
    g_string_append_printf(text, "%u 0 obj<</Type/Page/Parent 2 0 R>>endobj\n", i + 10);
  }
  g_string_append_printf(text, "2 0 obj<</Type/Pages/MediaBox[0 0 %s]/Count %u/Kids[%s]>>endobj\n", size,
                         count, kids->str);
  g_string_append_printf(text, "1 0 obj<</Type/Catalog/Pages 2 0 R %s>>endobj\n"
                               "trailer<</Root 1 0 R>>\n%%%%EOF\n", catalog);
  write_bytes(file, text->str, text->len);
}

static void a_pdf_of_more_than_300_pages_is_refused(void **state) {
  (void)state;
  if (!has_pdf())
    skip();
  File file = file_new(".pdf");
  must_write_pdf(&file, 300, "72 72", "");
  Result good = read_path(file.path);
  assert_int_equal(good.status, RK_OK);
  assert_int_equal(good.pages->len, 300);
  must_write_pdf(&file, 100000, "72 72", "");
  Result bad = read_path(file.path);
  assert_int_equal(bad.status, RK_INVALID);
  must_say(&bad, "RN074");
  result_clear(&good);
  result_clear(&bad);
  file_clear(&file);
}

static void a_pdf_of_an_absurd_size_is_refused(void **state) {
  (void)state;
  static const char *const sizes[] = {"14400 14400", "1000000 1000000"};
  if (!has_pdf())
    skip();
  for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
    File file = file_new(".pdf");
    must_write_pdf(&file, 1, sizes[i], "");
    Result result = read_path(file.path);
    assert_int_equal(result.status, RK_INVALID);
    assert_int_equal(result.pages->len, 0);
    must_say(&result, "RN073");
    result_clear(&result);
    file_clear(&file);
  }
}

/* What a viewer would run when it opens the file: nothing here opens it as a viewer does. */
static void what_a_pdf_wants_to_run_is_not_run(void **state) {
  (void)state;
  if (!has_pdf())
    skip();
  File file = file_new(".pdf"), trace = file_new(".txt");
  g_autofree char *catalog = g_strdup_printf(
      "/OpenAction<</S/Launch/F(/bin/touch)/P(%s)/Next<</S/JavaScript/JS(app.launchURL\\('file://%s'\\))>>>>"
      "/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(while\\(1\\){})>>]>>>>",
      trace.path, trace.path);
  unlink(trace.path);
  must_write_pdf(&file, 1, "595 842", catalog);
  Result result = read_path(file.path);
  assert_int_equal(result.status, RK_OK);
  assert_int_equal(result.pages->len, 1);
  assert_int_equal(page_of(&result, 0)->look, SCAN_BLANK);
  assert_false(g_file_test(trace.path, G_FILE_TEST_EXISTS));
  result_clear(&result);
  file_clear(&trace);
  file_clear(&file);
}

/* Bytes changed at random: the same every time. */
static void must_survive_flips(File file, guint times) {
  g_autofree char *bytes = NULL;
  gsize length;
  guint32 seed = 11;
  assert_true(g_file_get_contents(file.path, &bytes, &length, NULL));
  for (guint i = 0; i < times; i++) {
    g_autofree char *bad = g_memdup2(bytes, length);
    for (guint j = 0; j < 8; j++) {
      gsize at = (gsize)(chance(&seed) * (double)(j % 2 ? length : MIN(length, 400)));
      bad[at] = (char)(chance(&seed) * 256);
    }
    write_bytes(&file, bad, length);
    Result result = read_path(file.path);
    for (guint j = 0; j < result.pages->len; j++)
      for (char **code = page_of(&result, j)->codes; *code; code++)
        assert_true(g_str_equal(*code, OURS) || g_str_equal(*code, SECOND));
    result_clear(&result);
  }
  file_clear(&file);
}

static void a_broken_file_does_no_harm(void **state) {
  (void)state;
  g_autoptr(Grey) grey = draw_page(OURS, NULL);
  g_autoptr(GBytes) bytes = keep_png(grey);
  File file = file_new(".png");
  write_bytes(&file, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
  must_survive_flips(file, 10);
  must_survive_flips(two_faxes(), 12);
  if (has_pdf())
    must_survive_flips(two_pages_pdf(), 3);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_tiff_that_says_absurd_sizes_is_refused),
      cmocka_unit_test(a_png_that_unpacks_to_too_much_is_refused_unread),
      cmocka_unit_test(a_pdf_of_more_than_300_pages_is_refused),
      cmocka_unit_test(a_pdf_of_an_absurd_size_is_refused),
      cmocka_unit_test(what_a_pdf_wants_to_run_is_not_run),
      cmocka_unit_test(the_pages_of_a_fax_come_in_their_order),
      cmocka_unit_test(the_pages_of_a_pdf_are_read),
      cmocka_unit_test(a_png_is_one_page),
      cmocka_unit_test(a_fax_that_ends_early_is_told),
      cmocka_unit_test(a_png_that_ends_early_is_told),
      cmocka_unit_test(a_pdf_that_ends_early_is_told),
      cmocka_unit_test(what_is_no_file_of_pages_is_refused),
      cmocka_unit_test(a_page_that_would_fill_the_memory_is_refused),
      cmocka_unit_test(a_page_of_more_pixels_than_a4_has_at_600_dpi_is_refused),
      cmocka_unit_test(a_page_of_one_column_and_millions_of_rows_is_too_large),
      cmocka_unit_test(a_tiff_that_goes_in_a_circle_ends),
      cmocka_unit_test(a_file_of_300_pages_is_read),
      cmocka_unit_test(a_file_of_more_than_300_pages_is_refused),
      cmocka_unit_test(a_broken_file_does_no_harm),
  };
  return cmocka_run_group_tests_name("scan-file", tests, NULL, NULL);
}
