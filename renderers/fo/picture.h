/* SPDX-License-Identifier: Apache-2.0 */
/*
 * picture.h - what fo:external-graphic shows: a PNG or SVG file of the folder
 * graphics/ beside the stylesheets, read once. Nothing else can be named: no
 * other folder, no network.
 */
#ifndef RK_FO_PICTURE_H
#define RK_FO_PICTURE_H

#include "fo/draw.h"

#define FO_PICTURE_BYTES (4u << 20)
#define FO_PICTURE_PIXELS 4096 /* each side */

typedef struct FoPicture FoPicture;
void picture_free(gpointer picture); /* NULL is allowed */

/* The file's name in src: url(name), url('name') or name. g_free; NULL when it is
 * not a plain name, possibly with folders below. */
char *picture_name(const char *src);
/* The picture of `node`, kept by the layout; faults are reported once a file. NULL after that. */
const FoPicture *picture_get(FoLayout *layout, const FoNode *node);
/* Points: content-width and content-height, the missing one in proportion. */
void picture_size(const FoPicture *picture, const FoNode *node, double *width, double *height);
void picture_draw(Painter *painter, const FoPicture *picture, const FoNode *node, double x,
                  double y);

#endif
