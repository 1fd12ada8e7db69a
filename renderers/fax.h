/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fax.h - pages as the black and white rows of a FAX (ITU-T T.4): 1728 pixels on
 * 215 mm, 7.7 lines a millimetre, or 3.85 in standard resolution.
 */
#ifndef RK_FAX_H
#define RK_FAX_H

#include "fo/pages.h"

#define FAX_WIDTH 1728
#define FAX_LINES 2287          /* 297 mm; a line more, and the sender scales the page */
#define FAX_LINES_STANDARD 1143

typedef struct {
  const char *head;  /* sender, number and date for the line at the upper edge, or NULL */
  gboolean standard; /* 3.85 lines a millimetre */
} FaxRaster;

/* Whether the pages fit on a FAX and the head in its line: RK_INVALID with all faults. */
RkStatus fax_check(const FoPages *pages, const FaxRaster *raster, RkDiags *diags);

/* Page `index`, from 0, one bit a pixel, high bit first, 1 is black; g_free. The head
 * gets "i / n" at its end. NULL after a report: something stands where the head goes. */
guint8 *fax_rows(const FoPages *pages, guint index, const FaxRaster *raster, int *lines,
                 RkDiags *diags);

#endif
