/* SPDX-License-Identifier: Apache-2.0 */
/*
 * draw.h - putting a page on a cairo surface.
 *
 * On paper (PDF, PNG) colours and backgrounds are drawn. On a FAX page all is
 * black on white, backgrounds are left out, rules snap to whole pixels and are
 * never thinner than two lines: a gateway may halve the page by dropping lines.
 */
#ifndef RK_FO_DRAW_H
#define RK_FO_DRAW_H

#include "fo/pages.h"

#include <cairo.h>

/*
 * Told what is drawn, in order, for tests of the geometry. What is drawn between
 * begin and end stands in that region, cell or drawing; a line's origin is cairo's
 * current point.
 */
typedef struct {
  gpointer user;
  void (*begin)(gpointer user, const FoNode *node, const FoArea *area);
  void (*line)(gpointer user, PangoLayoutLine *line);
  void (*end)(gpointer user, const FoNode *node);
  /* NULL, or told where a region, table, row, cell or the text of a block begins, at
   * what height of the page, and where it ends. `text` is NULL but for a text. */
  void (*enter)(gpointer user, const FoNode *node, const FoBox *text, double y);
  void (*leave)(gpointer user, const FoNode *node);
} DrawWatch;

typedef struct {
  cairo_t *cairo;
  FoFonts *fonts;
  RkDiags *diags;
  gboolean fax;  /* 1-bit: black or white only */
  gboolean snap; /* a raster: rules on whole pixels, at least `least` of them */
  double least[2]; /* thickness in pixels of upright and of level rules */
  const DrawWatch *watch; /* or NULL */
} Painter;

/* Draw one page; (0, 0) of the painter's cairo is its upper left corner, in points. */
void page_draw(Painter *painter, const FoPage *page);

void painter_set_color(const Painter *painter, guint32 color);
void painter_fill(const Painter *painter, double x, double y, double width, double height,
                  guint32 color);
/* A horizontal or vertical rule centred on the line from (x1, y1) to (x2, y2). */
void painter_rule(const Painter *painter, double x1, double y1, double x2, double y2,
                  const FoBorder *border);
/* One line of plain text, each character in the first family that has it. g_object_unref. */
PangoLayout *words_layout(FoFonts *fonts, const char *text, const FoTraits *traits);
double words_width(FoFonts *fonts, const char *text, const FoTraits *traits);
/* The same drawn with its baseline at y; anchor 0 start, 0.5 middle, 1 end. */
void painter_text(const Painter *painter, const char *text, const FoTraits *traits, double x,
                  double y, double anchor);
/* Four borders inside the edges of a rectangle. */
void painter_frame(const Painter *painter, double x, double y, double width, double height,
                   const FoBorder border[4]);
/* The collapsed borders of a fragment's rows, each edge once. */
void table_draw_borders(const Painter *painter, const FoTable *table, const GArray *rows, double x,
                        double y);

#endif
