/* SPDX-License-Identifier: Apache-2.0 */
/* output.h - pages to bytes. Every result is the caller's (g_bytes_unref). */
#ifndef RK_OUTPUT_H
#define RK_OUTPUT_H

#include "fo/pages.h"

/* Fonts embedded as subsets, text searchable, `time` (microseconds, UTC) as the
 * creation date: the same pages and time give the same bytes. */
RkStatus pdf_write(GBytes **out, const FoPages *pages, gint64 time, RkDiags *diags);

/* Page `page`, from 1, at 150 dpi on white. */
RkStatus png_write(GBytes **out, const FoPages *pages, int page, RkDiags *diags);

/* TIFF-F (RFC 2306) with T.6 coding: 1728 pixels by at most 2287 lines, 204 x 196
 * dpi, one strip a page, white is zero, low bit first. `head` (NULL: none) and
 * the page count stand in a line at the upper edge. */
RkStatus tiff_write(GBytes **out, const FoPages *pages, const char *head, RkDiags *diags);

#endif
