/* SPDX-License-Identifier: Apache-2.0 */
/* png.c - a page to look at. */
#include "output.h"

#include "fo/draw.h"

#include <math.h>

#define PNG_SCALE (150 / 72.0)

static cairo_status_t append(void *data, const unsigned char *bytes, unsigned int length) {
  g_byte_array_append(data, bytes, length);
  return CAIRO_STATUS_SUCCESS;
}

cairo_surface_t *png_draw(const FoPages *pages, int number) {
  const FoPage *page = pages_get(pages, (guint)number - 1);
  cairo_surface_t *surface = cairo_image_surface_create(
      CAIRO_FORMAT_RGB24, (int)ceil(page_width(page) * PNG_SCALE - FO_TINY),
      (int)ceil(page_height(page) * PNG_SCALE - FO_TINY));
  cairo_t *cairo = cairo_create(surface);
  Painter painter = {.cairo = cairo, .fonts = pages_fonts(pages), .snap = TRUE, .least = {1, 1}};
  cairo_set_source_rgb(cairo, 1, 1, 1);
  cairo_paint(cairo);
  cairo_scale(cairo, PNG_SCALE, PNG_SCALE);
  page_draw(&painter, page);
  cairo_destroy(cairo);
  return surface;
}

RkStatus png_write(GBytes **out, const FoPages *pages, int page, RkDiags *diags) {
  *out = NULL;
  if (page < 1 || (guint)page > pages_count(pages)) {
    g_autofree char *wanted = g_strdup_printf("%d", page);
    g_autofree char *count = g_strdup_printf("%u", pages_count(pages));
    return diags_fail(diags, RK_INVALID, DIAG_PAGE_RANGE, NULL, wanted, count, NULL);
  }
  GByteArray *bytes = g_byte_array_new();
  cairo_surface_t *surface = png_draw(pages, page);
  cairo_status_t status = cairo_surface_write_to_png_stream(surface, append, bytes);
  cairo_surface_destroy(surface);
  *out = g_byte_array_free_to_bytes(bytes);
  if (status == CAIRO_STATUS_SUCCESS)
    return RK_OK;
  g_clear_pointer(out, g_bytes_unref);
  return diags_fail(diags, RK_FAILED, DIAG_OUTPUT_FAILED, NULL, cairo_status_to_string(status),
                    NULL);
}
