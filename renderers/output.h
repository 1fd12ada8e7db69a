/* SPDX-License-Identifier: Apache-2.0 */
/* output.h - pages to bytes. Every result is the caller's (g_bytes_unref). */
#ifndef RK_OUTPUT_H
#define RK_OUTPUT_H

#include "fax.h"
#include "render.h"

#include <cairo.h>

/* Fonts embedded as subsets, text searchable, `time` (microseconds, UTC) as the
 * creation date: the same pages and time give the same bytes. */
RkStatus pdf_write(GBytes **out, const FoPages *pages, gint64 time, RkDiags *diags);

/* Page `page`, from 1, at 150 dpi on white. */
RkStatus png_write(GBytes **out, const FoPages *pages, int page, RkDiags *diags);
/* The same before it is written; the page exists. cairo_surface_destroy. */
cairo_surface_t *png_draw(const FoPages *pages, int page);

typedef struct {
  FaxRaster raster;
  RenderFaxCoding coding;
} FaxFile;

/* TIFF-F (RFC 2306, profile F of RFC 3949): one strip a page, white is zero, low bit
 * first, lines of G3 end on whole bytes. RK_INVALID when a page or the head does not fit. */
RkStatus tiff_write(GBytes **out, const FoPages *pages, const FaxFile *file, RkDiags *diags);

#endif
