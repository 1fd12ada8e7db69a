/* SPDX-License-Identifier: Apache-2.0 */
/*
 * svg.h - small drawings: seal circles, circled choices, marks. svg g rect circle ellipse line path text, with
 * absolute coordinates in the svg's own units.
 */
#ifndef RK_FO_SVG_H
#define RK_FO_SVG_H

#include "fo/draw.h"
#include "fo/tree.h"

/* `object` has the size and the inherited properties, `svg` the drawing: its child
 * or a file. The size of the area in points: content-width/height, else the svg's own. */
void svg_size(const FoNode *object, const xmlNode *svg, double *width, double *height);
/* Report characters of its texts that no family has, and texts wider than the drawing. */
void svg_check_glyphs(FoFonts *fonts, const FoNode *object, const xmlNode *svg, RkDiags *diags);
/* Draw with the area's upper left corner at (x, y). */
void svg_draw(Painter *painter, const FoNode *object, const xmlNode *svg, double x, double y);

#endif
