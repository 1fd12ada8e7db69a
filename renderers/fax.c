/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fax.c - a page is drawn as grey ink and cut at 112 of 255, which keeps thin
 * strokes better than drawing on one bit.
 */
#include "fax.h"

#include "fo/draw.h"

#include <math.h>
#include <string.h>

#define FAX_THRESHOLD 112
#define MM_PER_POINT (25.4 / 72)
#define PIXELS_PER_POINT (FAX_WIDTH / 215.0 * MM_PER_POINT)
#define LINES_PER_POINT (7.7 * MM_PER_POINT)
#define HEAD_MARGIN 28.0   /* points from the left edge */
#define HEAD_END 96.0      /* and from the right: a code in the corner keeps its white */
#define HEAD_BASELINE 17.0 /* points from the upper edge */
#define HEAD_FOOT 19.5
#define HEAD_SIZE 9.0
#define HEAD_GAP 12.0 /* at least, between the head and the page number */

/* ---------------------------------------------------------------------- head */

static FoTraits head_traits(double size) {
  FoTraits traits = fo_initial_traits;
  traits.families = "BIZ UDGothic,IPAmjMincho,DejaVu Sans";
  traits.font_size = size;
  return traits;
}

static char *page_label(guint index, const FoPages *pages) {
  return g_strdup_printf("%u / %u", index + 1, pages_count(pages));
}

/* The size at which the head fits beside the page number; 0 if none. */
static double head_size(const FoPages *pages, guint index, const char *head) {
  g_autofree char *label = page_label(index, pages);
  double room = page_width(pages_get(pages, index)) - HEAD_MARGIN - HEAD_END - HEAD_GAP;
  for (double size = HEAD_SIZE; size >= FO_SHRINK_FLOOR; size -= FO_SHRINK_STEP) {
    FoTraits traits = head_traits(size);
    if (words_width(pages_fonts(pages), head, &traits) +
            words_width(pages_fonts(pages), label, &traits) <=
        room)
      return size;
  }
  return 0;
}

static void draw_head(const Painter *painter, const FoPages *pages, guint index,
                      const char *head) {
  FoTraits traits = head_traits(head_size(pages, index, head));
  g_autofree char *label = page_label(index, pages);
  double right = page_width(pages_get(pages, index)) - HEAD_END;
  painter_text(painter, head, &traits, HEAD_MARGIN, HEAD_BASELINE, 0);
  painter_text(painter, label, &traits, right, HEAD_BASELINE, 1);
}

RkStatus fax_check(const FoPages *pages, const FaxRaster *raster, RkDiags *diags) {
  g_autoptr(RkDiags) found = rk_diags_new();
  FoTraits traits = head_traits(HEAD_SIZE);
  gboolean small = TRUE, narrow = FALSE;
  for (guint i = 0; i < pages_count(pages); i++) {
    const FoPage *page = pages_get(pages, i);
    small &= page_width(page) * PIXELS_PER_POINT <= FAX_WIDTH &&
             page_height(page) * LINES_PER_POINT <= FAX_LINES + 0.5;
    narrow |= raster->head && head_size(pages, i, raster->head) == 0;
  }
  if (!small)
    diags_add(found, DIAG_FAX_PAGE_SIZE, NULL, NULL);
  if (narrow)
    diags_add(found, DIAG_FAX_HEAD_WIDTH, NULL, NULL);
  if (raster->head)
    fonts_check_text(pages_fonts(pages), traits.families, FALSE, raster->head, NULL, "FAX",
                     found);
  RkStatus status = rk_diags_has_errors(found) ? RK_INVALID : RK_OK;
  diags_take_all(diags, found);
  return status;
}

/* -------------------------------------------------------------------- pixels */

static cairo_surface_t *draw_ink(const FoPages *pages, guint index, gboolean standard,
                                 cairo_t **cairo) {
  const FoPage *page = pages_get(pages, index);
  double scale = standard ? LINES_PER_POINT / 2 : LINES_PER_POINT;
  int lines = (int)floor(page_height(page) * scale + 0.5);
  cairo_surface_t *surface = cairo_image_surface_create(
      CAIRO_FORMAT_A8, FAX_WIDTH, CLAMP(lines, 1, standard ? FAX_LINES_STANDARD : FAX_LINES));
  *cairo = cairo_create(surface);
  cairo_translate(*cairo, floor((FAX_WIDTH - page_width(page) * PIXELS_PER_POINT) / 2), 0);
  cairo_scale(*cairo, PIXELS_PER_POINT, scale);
  return surface;
}

static gboolean has_ink(cairo_surface_t *surface, int lines) {
  cairo_surface_flush(surface);
  const guint8 *ink = cairo_image_surface_get_data(surface);
  int stride = cairo_image_surface_get_stride(surface);
  for (int y = 0; y < lines; y++)
    for (int x = 0; x < FAX_WIDTH; x++)
      if (ink[y * stride + x] >= FAX_THRESHOLD)
        return TRUE;
  return FALSE;
}

/* Eight pixels in one byte, the first one highest. Most of a page is white: all eight at once. */
static guint8 cut_eight(const guint8 *ink) {
  guint64 all;
  guint bits = 0;
  memcpy(&all, ink, sizeof all);
  if (!all)
    return 0;
  for (int i = 0; i < 8; i++)
    bits = bits << 1 | (ink[i] >= FAX_THRESHOLD);
  return (guint8)bits;
}

static guint8 *cut(cairo_surface_t *surface, int lines) {
  cairo_surface_flush(surface);
  const guint8 *ink = cairo_image_surface_get_data(surface);
  int stride = cairo_image_surface_get_stride(surface);
  guint8 *bits = g_malloc((gsize)lines * FAX_WIDTH / 8);
  for (int y = 0; y < lines; y++)
    for (int x = 0; x < FAX_WIDTH; x += 8)
      bits[(y * FAX_WIDTH + x) / 8] = cut_eight(ink + (gsize)y * (gsize)stride + x);
  return bits;
}

/* Rules are two fine lines, or one standard line, at least: a quarter of a millimetre. */
guint8 *fax_rows(const FoPages *pages, guint index, const FaxRaster *raster, int *lines,
                 RkDiags *diags) {
  cairo_t *cairo;
  cairo_surface_t *surface = draw_ink(pages, index, raster->standard, &cairo);
  Painter painter = {.cairo = cairo,
                     .fonts = pages_fonts(pages),
                     .fax = TRUE,
                     .snap = TRUE,
                     .least = {2, raster->standard ? 1 : 2}};
  guint8 *bits = NULL;
  *lines = cairo_image_surface_get_height(surface);
  page_draw(&painter, pages_get(pages, index));
  int head_lines = (int)(HEAD_FOOT * LINES_PER_POINT / (raster->standard ? 2 : 1));
  if (raster->head && has_ink(surface, MIN(head_lines, *lines))) {
    diags_add(diags, DIAG_FAX_HEAD_ROOM, NULL, NULL);
  } else {
    if (raster->head)
      draw_head(&painter, pages, index, raster->head);
    bits = cut(surface, *lines);
  }
  cairo_destroy(cairo);
  cairo_surface_destroy(surface);
  return bits;
}
