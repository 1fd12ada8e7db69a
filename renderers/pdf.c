/* SPDX-License-Identifier: Apache-2.0 */
/* pdf.c - the only user of cairo's PDF surface. */
#include "output.h"

#include "tags.h"

#include <cairo-pdf.h>

static cairo_status_t append(void *data, const unsigned char *bytes, unsigned int length) {
  g_byte_array_append(data, bytes, length);
  return CAIRO_STATUS_SUCCESS;
}

/* Japanese time, because people read it; never the clock. */
static void set_metadata(cairo_surface_t *surface, const FoPages *pages, gint64 time) {
  g_autoptr(GTimeZone) zone = g_time_zone_new_offset(9 * 3600);
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(time / G_USEC_PER_SEC);
  g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, zone);
  g_autofree char *stamp = g_date_time_format(local, "%Y-%m-%dT%H:%M:%S+09:00");
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, stamp);
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Renkei");
  if (pages_title(pages))
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, pages_title(pages));
}

RkStatus pdf_write(GBytes **out, const FoPages *pages, gint64 time, RkDiags *diags) {
  GByteArray *bytes = g_byte_array_new();
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(append, bytes, 1, 1);
  set_metadata(surface, pages, time);
  cairo_t *cairo = cairo_create(surface);
  Tagger tagger = {.cairo = cairo, .surface = surface, .pages = pages};
  const DrawWatch watch = tagger_watch(&tagger);
  Painter painter = {.cairo = cairo, .fonts = pages_fonts(pages), .watch = &watch};
  for (guint i = 0; i < pages_count(pages); i++) {
    const FoPage *page = pages_get(pages, i);
    cairo_pdf_surface_set_size(surface, page_width(page), page_height(page));
    if (i == 0)
      tagger_begin(&tagger);
    tagger_page(&tagger, i);
    page_draw(&painter, page);
    cairo_show_page(cairo);
  }
  tagger_end(&tagger);
  cairo_status_t status = cairo_status(cairo);
  cairo_destroy(cairo);
  cairo_surface_finish(surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status(surface);
  cairo_surface_destroy(surface);
  if (status == CAIRO_STATUS_SUCCESS)
    tags_mark_catalog(bytes, pages_language(pages));
  *out = g_byte_array_free_to_bytes(bytes);
  if (status == CAIRO_STATUS_SUCCESS)
    return RK_OK;
  g_clear_pointer(out, g_bytes_unref);
  return diags_fail(diags, RK_FAILED, DIAG_OUTPUT_FAILED, NULL, cairo_status_to_string(status),
                    NULL);
}
