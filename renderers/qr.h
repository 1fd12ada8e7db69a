/* SPDX-License-Identifier: Apache-2.0 */
/*
 * qr.h - <k:qr text="…"/> (urn:renkei:fo:1) inside fo:instream-foreign-object:
 * a QR code with error correction Q and four modules of white around it.
 */
#ifndef RK_QR_H
#define RK_QR_H

#include "fo/draw.h"

#define FO_QR_SIDE 22.0       /* mm, when no content-width is given */
#define FO_QR_LEAST_MODULE 0.5 /* mm: smaller ones do not survive a FAX */

/* The k:qr in `object`, or NULL. */
const xmlNode *qr_find(const FoNode *object);
/* The side in points, white margin included. */
double qr_side(const FoNode *object);
/* Report a code too fine for its size. */
void qr_check_size(const FoNode *object, RkDiags *diags);
void qr_draw(const Painter *painter, const FoNode *object, double x, double y);

#endif
