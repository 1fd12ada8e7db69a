/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tiff.c - FAX pages; the only user of libtiff.
 *
 * A page is drawn as grey ink and cut at 112 of 255, which keeps thin strokes
 * better than drawing on one bit. T.4 has 1728 pixels on 215 mm and 7.7 lines a
 * millimetre; a page of more than 2287 lines would be resampled by the sender.
 */
#include "output.h"

#include "fo/draw.h"

#include <math.h>
#include <string.h>
#include <tiffio.h>

#define FAX_WIDTH 1728
#define FAX_LINES 2287
#define FAX_THRESHOLD 112
#define MM_PER_POINT (25.4 / 72)
#define PIXELS_PER_POINT (FAX_WIDTH / 215.0 * MM_PER_POINT)
#define LINES_PER_POINT (7.7 * MM_PER_POINT)
#define HEAD_MARGIN 28.0   /* points from the left and right edge */
#define HEAD_BASELINE 17.0 /* points from the upper edge */

/* ------------------------------------------------------------ bytes in memory */

typedef struct {
  GByteArray *bytes;
  gsize at;
  gboolean failed;
} Memory;

static tmsize_t memory_read(thandle_t handle, void *out, tmsize_t size) {
  Memory *memory = handle;
  gsize left = memory->at < memory->bytes->len ? memory->bytes->len - memory->at : 0;
  gsize n = MIN(left, (gsize)size);
  if (n)
    memcpy(out, memory->bytes->data + memory->at, n);
  memory->at += n;
  return (tmsize_t)n;
}

static tmsize_t memory_write(thandle_t handle, void *data, tmsize_t size) {
  Memory *memory = handle;
  gsize end = memory->at + (gsize)size, old = memory->bytes->len;
  if (end > old) {
    g_byte_array_set_size(memory->bytes, (guint)end);
    memset(memory->bytes->data + old, 0, end - old);
  }
  memcpy(memory->bytes->data + memory->at, data, (gsize)size);
  memory->at = end;
  return size;
}

static toff_t memory_seek(thandle_t handle, toff_t offset, int whence) {
  Memory *memory = handle;
  gsize base = whence == SEEK_CUR ? memory->at : whence == SEEK_END ? memory->bytes->len : 0;
  memory->at = base + (gsize)offset;
  return memory->at;
}

static toff_t memory_size(thandle_t handle) {
  return ((Memory *)handle)->bytes->len;
}

static int memory_close(thandle_t handle) {
  (void)handle;
  return 0;
}

static int on_error(TIFF *tiff, void *data, const char *module, const char *format, va_list args) {
  (void)tiff, (void)module, (void)format, (void)args;
  ((Memory *)data)->failed = TRUE;
  return 1;
}

static int on_warning(TIFF *tiff, void *data, const char *module, const char *format,
                      va_list args) {
  (void)tiff, (void)data, (void)module, (void)format, (void)args;
  return 1;
}

static TIFF *open_memory(Memory *memory) {
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
  TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, memory);
  TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, NULL);
  TIFF *tiff = TIFFClientOpenExt("fax", "wl", memory, memory_read, memory_write, memory_seek,
                                 memory_close, memory_size, NULL, NULL, options);
  TIFFOpenOptionsFree(options);
  return tiff;
}

/* -------------------------------------------------------------------- pixels */

/* The sender's line above everything, as FAX machines print it. */
static void draw_head(const Painter *painter, const FoPage *page, const char *head, guint number,
                      guint count) {
  FoTraits traits = fo_initial_traits;
  traits.families = "BIZ UDGothic";
  traits.font_size = 9;
  g_autofree char *pages = g_strdup_printf("%u / %u", number, count);
  painter_text(painter, head, &traits, HEAD_MARGIN, HEAD_BASELINE, 0);
  painter_text(painter, pages, &traits, page_width(page) - HEAD_MARGIN, HEAD_BASELINE, 1);
}

static cairo_surface_t *draw_ink(const FoPages *pages, guint index, const char *head) {
  const FoPage *page = pages_get(pages, index);
  int lines = (int)floor(page_height(page) * LINES_PER_POINT + 0.5);
  cairo_surface_t *surface =
      cairo_image_surface_create(CAIRO_FORMAT_A8, FAX_WIDTH, CLAMP(lines, 1, FAX_LINES));
  cairo_t *cairo = cairo_create(surface);
  Painter painter = {
      .cairo = cairo, .fonts = pages_fonts(pages), .fax = TRUE, .snap = TRUE, .least = 2};
  cairo_translate(cairo, floor((FAX_WIDTH - page_width(page) * PIXELS_PER_POINT) / 2), 0);
  cairo_scale(cairo, PIXELS_PER_POINT, LINES_PER_POINT);
  page_draw(&painter, page);
  if (head)
    draw_head(&painter, page, head, index + 1, pages_count(pages));
  cairo_destroy(cairo);
  cairo_surface_flush(surface);
  return surface;
}

/* One bit a pixel, high bit first: libtiff turns the bits to the fill order. */
static guint8 *cut(cairo_surface_t *surface, int lines) {
  const guint8 *ink = cairo_image_surface_get_data(surface);
  int stride = cairo_image_surface_get_stride(surface);
  guint8 *bits = g_malloc0((gsize)lines * FAX_WIDTH / 8);
  for (int y = 0; y < lines; y++)
    for (int x = 0; x < FAX_WIDTH; x++)
      if (ink[y * stride + x] >= FAX_THRESHOLD)
        bits[(y * FAX_WIDTH + x) / 8] |= (guint8)(0x80 >> x % 8);
  return bits;
}

/* -------------------------------------------------------------------- a page */

static void set_fields(TIFF *tiff, int lines, guint index, guint count) {
  TIFFSetField(tiff, TIFFTAG_SUBFILETYPE, FILETYPE_PAGE);
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, FAX_WIDTH);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, lines);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 1);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_CCITTFAX4);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISWHITE);
  TIFFSetField(tiff, TIFFTAG_FILLORDER, FILLORDER_LSB2MSB);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, lines);
  TIFFSetField(tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
  TIFFSetField(tiff, TIFFTAG_XRESOLUTION, 204.0);
  TIFFSetField(tiff, TIFFTAG_YRESOLUTION, 196.0);
  TIFFSetField(tiff, TIFFTAG_PAGENUMBER, index, count);
  TIFFSetField(tiff, TIFFTAG_SOFTWARE, "Renkei");
}

static gboolean write_page(TIFF *tiff, const FoPages *pages, guint index, const char *head) {
  cairo_surface_t *surface = draw_ink(pages, index, head);
  int lines = cairo_image_surface_get_height(surface);
  gboolean good = FALSE;
  if (cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS) {
    g_autofree guint8 *bits = cut(surface, lines);
    tmsize_t size = (tmsize_t)lines * FAX_WIDTH / 8;
    set_fields(tiff, lines, index, pages_count(pages));
    good = TIFFWriteEncodedStrip(tiff, 0, bits, size) == size && TIFFWriteDirectory(tiff);
  }
  cairo_surface_destroy(surface);
  return good;
}

static gboolean pages_fit(const FoPages *pages) {
  for (guint i = 0; i < pages_count(pages); i++) {
    const FoPage *page = pages_get(pages, i);
    if (page_width(page) * PIXELS_PER_POINT > FAX_WIDTH ||
        page_height(page) * LINES_PER_POINT > FAX_LINES + 0.5)
      return FALSE;
  }
  return TRUE;
}

RkStatus tiff_write(GBytes **out, const FoPages *pages, const char *head, RkDiags *diags) {
  *out = NULL;
  if (!pages_fit(pages))
    return diags_fail(diags, RK_INVALID, DIAG_FAX_PAGE_SIZE, NULL, NULL);
  Memory memory = {g_byte_array_new(), 0, FALSE};
  TIFF *tiff = open_memory(&memory);
  gboolean good = tiff != NULL;
  for (guint i = 0; good && i < pages_count(pages); i++)
    good = write_page(tiff, pages, i, head);
  if (tiff)
    TIFFClose(tiff);
  *out = g_byte_array_free_to_bytes(memory.bytes);
  if (good && !memory.failed)
    return RK_OK;
  g_clear_pointer(out, g_bytes_unref);
  return diags_fail(diags, RK_FAILED, DIAG_OUTPUT_FAILED, NULL, "libtiff", NULL);
}
