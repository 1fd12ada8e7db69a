/* SPDX-License-Identifier: Apache-2.0 */
/*
 * qr.h - <k:qr text="…"/> (urn:renkei:fo:1) inside fo:instream-foreign-object:
 * a QR code with error correction Q and four modules of white around it. In a head
 * or foot "{page}" and "{pages}" stand for the numbers of the page and of the last
 * page of its sequence.
 */
#ifndef RK_QR_H
#define RK_QR_H

#include "fo/draw.h"

#define FO_QR_SIDE 28.0       /* mm, when no content-width is given: 0.75 mm for 47 capitals and digits */
#define FO_QR_LEAST_MODULE 0.5 /* mm: smaller ones do not survive a FAX */

/* The k:qr in `object`, or NULL. */
const xmlNode *qr_find(const FoNode *object);
/* The side in points, white margin included. */
double qr_side(const FoNode *object);
/* What the code of `object` says on the layout's page; g_free. NULL after a report: it
 * asks for a page number where there is no page. */
char *qr_text(const FoLayout *layout, const FoNode *object);
/* Report a code too fine for its size, or of a text too long for any. */
void qr_check_size(const FoNode *object, const char *text, RkDiags *diags);
void qr_draw(const Painter *painter, const FoNode *object, const char *text, double x, double y);

#endif
