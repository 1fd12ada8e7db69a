/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of reading scans share: pages drawn with codes, as files, and what was read of them. */
#ifndef SCAN_SUPPORT_H
#define SCAN_SUPPORT_H

#include "scan/grey.h"
#include "scan/keep.h"
#include "scan/scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <qrencode.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>
#include <unistd.h>

extern const ScanOps renkei_scan_ops;

#define UNUSED __attribute__((unused))
#define OURS "R8-0012/FJ-2-1-3 1/2 K7 ABCDEFGHJKLM"
#define MODULE 6 /* 0.75 mm at 204 dpi */

/* ---------------------------------------------------------------------- pages */

static void draw_code(Grey *page, const char *text, int left, int top) {
  QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_Q);
  assert_non_null(code);
  for (int y = 0; y < code->width * MODULE; y++)
    for (int x = 0; x < code->width * MODULE; x++)
      if (code->data[y / MODULE * code->width + x / MODULE] & 1)
        grey_row(page, top + y)[left + x] = 0;
  QRcode_free(code);
}

/* Something like lines of writing, and rules. */
static void draw_lines(Grey *page) {
  guint32 seed = 7;
  for (int y = 600; y < page->height - 600; y++)
    for (int x = 150; x < page->width - 150; x++) {
      seed = seed * 1664525u + 1013904223u;
      gboolean rule = y % 240 < 2, word = y % 80 < 24 && x / 5 % 3 && (seed >> 30);
      if (rule || word)
        grey_row(page, y)[x] = 0;
    }
}

/* A FAX page of A4 with a code top right and one bottom left. NULL: none. */
UNUSED static Grey *draw_page(const char *first, const char *second) {
  Grey *page = grey_new(1728, 2280);
  draw_lines(page);
  if (first)
    draw_code(page, first, 1728 - 320, 80);
  if (second)
    draw_code(page, second, 80, 2280 - 320);
  return page;
}

static double chance(guint32 *seed) {
  *seed = *seed * 1664525u + 1013904223u;
  return (*seed >> 8) / 16777216.0;
}

UNUSED static void add_noise(Grey *page, double share, guint32 seed) {
  for (gsize i = 0; i < (gsize)page->width * (gsize)page->height; i++)
    if (chance(&seed) < share)
      page->pixels[i] = (guint8)(255 - page->pixels[i]);
}

/* ---------------------------------------------------------------------- files */

typedef struct {
  char *path;
  TIFF *tiff;
} File;

UNUSED static File file_new(const char *suffix) {
  File file = {0};
  g_autofree char *name = g_strconcat("renkei-scan-XXXXXX", suffix, NULL);
  int fd = g_file_open_tmp(name, &file.path, NULL);
  assert_true(fd >= 0);
  close(fd);
  return file;
}

UNUSED static void file_clear(File *file) {
  g_remove(file->path);
  g_free(file->path);
}

typedef struct {
  uint16_t compression, photometric, bits, samples;
  float dpi_x, dpi_y;
  guint32 tile;
} TiffPage;

static void set_fields(TIFF *tiff, const Grey *grey, const TiffPage *how) {
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, grey->width);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, grey->height);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, how->bits);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, how->samples);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, how->compression);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, how->photometric);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  if (how->compression == COMPRESSION_CCITTFAX3)
    TIFFSetField(tiff, TIFFTAG_GROUP3OPTIONS, GROUP3OPT_2DENCODING);
  TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 128);
  if (how->dpi_x > 0) {
    TIFFSetField(tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
    TIFFSetField(tiff, TIFFTAG_XRESOLUTION, (double)how->dpi_x);
    TIFFSetField(tiff, TIFFTAG_YRESOLUTION, (double)how->dpi_y);
  }
}

/* One bit, one byte, or red, green and blue on tinted paper. */
static void fill_row(guint8 *out, const Grey *grey, int y, const TiffPage *how) {
  const guint8 *row = grey_row(grey, y);
  for (int x = 0; x < grey->width; x++)
    if (how->bits == 1) {
      gboolean one = (row[x] < 128) == (how->photometric == PHOTOMETRIC_MINISWHITE);
      out[x / 8] = (guint8)(out[x / 8] | one << (7 - x % 8));
    } else if (how->samples == 1) {
      out[x] = row[x];
    } else {
      out[3 * x] = (guint8)(row[x] ? 250 : 20);
      out[3 * x + 1] = (guint8)(row[x] ? 235 : 20);
      out[3 * x + 2] = (guint8)(row[x] ? 190 : 120);
    }
}

UNUSED static void add_tiff(File *file, const Grey *grey, TiffPage how) {
  if (!file->tiff)
    file->tiff = TIFFOpen(file->path, "wl");
  assert_non_null(file->tiff);
  set_fields(file->tiff, grey, &how);
  gsize length = (gsize)TIFFScanlineSize(file->tiff);
  g_autofree guint8 *row = g_malloc(length);
  for (int y = 0; y < grey->height; y++) {
    memset(row, 0, length);
    fill_row(row, grey, y, &how);
    assert_int_equal(TIFFWriteScanline(file->tiff, row, (uint32_t)y, 0), 1);
  }
  assert_int_equal(TIFFWriteDirectory(file->tiff), 1);
}

static const TiffPage fax_page UNUSED = {COMPRESSION_CCITTFAX4, PHOTOMETRIC_MINISWHITE, 1, 1, 204, 196, 0};

UNUSED static void tiff_done(File *file) {
  TIFFClose(file->tiff);
  file->tiff = NULL;
}

/* -------------------------------------------------------------------- reading */

typedef struct {
  GPtrArray *pages; /* ScanPage with its own codes and image */
  RkDiags *diags;
  RkStatus status;
} Result;

static void page_free(gpointer data) {
  ScanPage *page = data;
  g_strfreev(page->codes);
  g_bytes_unref(page->image);
  g_free(page);
}

static gboolean is_ours(gpointer user, const char *text) {
  (void)user;
  return g_str_has_prefix(text, "R8-");
}

static RkStatus keep_page(gpointer user, const ScanPage *page) {
  ScanPage *copy = g_memdup2(page, sizeof *page);
  copy->codes = g_strdupv(page->codes);
  copy->image = g_bytes_ref(page->image);
  g_ptr_array_add(((Result *)user)->pages, copy);
  return RK_OK;
}

UNUSED static Result read_path(const char *path) {
  Result result = {g_ptr_array_new_with_free_func(page_free), rk_diags_new(), RK_OK};
  const ScanSink sink = {is_ours, keep_page, &result};
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  assert_true(fd >= 0);
  result.status = renkei_scan_ops.read(fd, "fax", &sink, result.diags);
  close(fd);
  return result;
}

UNUSED static void result_clear(Result *result) {
  g_ptr_array_unref(result->pages);
  rk_diags_free(result->diags);
}

UNUSED static const ScanPage *page_of(const Result *result, guint index) {
  assert_true(index < result->pages->len);
  return g_ptr_array_index(result->pages, index);
}

UNUSED static void must_say(const Result *result, const char *code) {
  assert_int_equal(rk_diags_count(result->diags), 1);
  assert_string_equal(rk_diags_get(result->diags, 0)->code, code);
}

/* A page as FAX, read again. */
UNUSED static Result read_fax(const Grey *grey, TiffPage how) {
  File file = file_new(".tif");
  add_tiff(&file, grey, how);
  tiff_done(&file);
  Result result = read_path(file.path);
  file_clear(&file);
  return result;
}

#endif
