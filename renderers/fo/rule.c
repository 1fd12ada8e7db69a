/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rule.c - the borders of tables and the ruled lines of leaders.
 *
 * Edges of a grid that lie in one line and have the same border are drawn as one
 * rule, so that nothing is drawn twice and dashes stay even.
 */
#include "fo/draw.h"

#include <math.h>
#include <string.h>

/* --------------------------------------------------------------- one rule */

static void set_dash(cairo_t *cairo, const FoBorder *border) {
  double dotted[] = {border->width, border->width};
  double dashed[] = {border->width * 4, border->width * 3};
  if (border->style == LINE_DOTTED)
    cairo_set_dash(cairo, dotted, 2, 0);
  else if (border->style == LINE_DASHED)
    cairo_set_dash(cairo, dashed, 2, 0);
  else
    cairo_set_dash(cairo, NULL, 0, 0);
}

static void stroke_rule(const Painter *painter, double x1, double y1, double x2, double y2,
                        const FoBorder *border) {
  cairo_t *cairo = painter->cairo;
  cairo_save(cairo);
  painter_set_color(painter, border->color);
  cairo_set_line_width(cairo, border->width);
  cairo_set_line_cap(cairo, border->style == LINE_SOLID ? CAIRO_LINE_CAP_SQUARE
                                                        : CAIRO_LINE_CAP_BUTT);
  set_dash(cairo, border);
  cairo_move_to(cairo, x1, y1);
  cairo_line_to(cairo, x2, y2);
  cairo_stroke(cairo);
  cairo_restore(cairo);
}

/* Whole pixels, hard edges. Dashes are cut from the bar in device space. */
static void fill_bar(const Painter *painter, double from, double to, double middle, double thick,
                     gboolean horizontal) {
  double start = floor(middle - thick / 2 + 0.5);
  if (horizontal)
    cairo_rectangle(painter->cairo, from, start, to - from, thick);
  else
    cairo_rectangle(painter->cairo, start, from, thick, to - from);
}

static void snap_rule(const Painter *painter, double x1, double y1, double x2, double y2,
                      const FoBorder *border) {
  cairo_t *cairo = painter->cairo;
  gboolean horizontal = y1 == y2;
  double wx = border->width, wy = border->width;
  cairo_user_to_device(cairo, &x1, &y1);
  cairo_user_to_device(cairo, &x2, &y2);
  cairo_user_to_device_distance(cairo, &wx, &wy);
  double thick = MAX(painter->least[horizontal], floor((horizontal ? wy : wx) + 0.5));
  double along = thick * (horizontal ? wx / wy : wy / wx); /* pixels need not be square */
  double from = floor((horizontal ? x1 : y1) + 0.5) - floor(along / 2);
  double to = floor((horizontal ? x2 : y2) + 0.5) + ceil(along / 2);
  double middle = floor((horizontal ? y1 : x1) + 0.5);
  double on = to - from, off = 0;
  if (border->style == LINE_DOTTED)
    on = off = ceil(along);
  else if (border->style == LINE_DASHED)
    on = ceil(along * 4), off = ceil(along * 3);
  cairo_save(cairo);
  cairo_identity_matrix(cairo);
  cairo_set_antialias(cairo, CAIRO_ANTIALIAS_NONE);
  painter_set_color(painter, border->color);
  for (double at = from; at < to && on > 0; at += on + off)
    fill_bar(painter, at, MIN(at + on, to), middle, thick, horizontal);
  cairo_fill(cairo);
  cairo_restore(cairo);
}

void painter_rule(const Painter *painter, double x1, double y1, double x2, double y2,
                  const FoBorder *border) {
  if (border->style == LINE_NONE || border->width <= 0)
    return;
  double unused = 0, pixels = border->width;
  cairo_user_to_device_distance(painter->cairo, &unused, &pixels);
  if (border->style == LINE_DOUBLE && painter->snap && pixels < 3 * painter->least[1]) {
    /* Too thin for two lines and a gap on this raster: one line of that width. */
    FoBorder solid = {border->width, LINE_SOLID, border->color};
    snap_rule(painter, x1, y1, x2, y2, &solid);
  } else if (border->style == LINE_DOUBLE) {
    FoBorder thin = {border->width / 3, LINE_SOLID, border->color};
    double off = border->width / 3, dx = y1 == y2 ? 0 : off, dy = y1 == y2 ? off : 0;
    painter_rule(painter, x1 - dx, y1 - dy, x2 - dx, y2 - dy, &thin);
    painter_rule(painter, x1 + dx, y1 + dy, x2 + dx, y2 + dy, &thin);
  } else if (painter->snap) {
    snap_rule(painter, x1, y1, x2, y2, border);
  } else {
    stroke_rule(painter, x1, y1, x2, y2, border);
  }
}

void painter_frame(const Painter *painter, double x, double y, double width, double height,
                   const FoBorder border[4]) {
  double left = x + border_width(&border[SIDE_LEFT]) / 2;
  double right = x + width - border_width(&border[SIDE_RIGHT]) / 2;
  double top = y + border_width(&border[SIDE_TOP]) / 2;
  double bottom = y + height - border_width(&border[SIDE_BOTTOM]) / 2;
  painter_rule(painter, left, top, right, top, &border[SIDE_TOP]);
  painter_rule(painter, right, top, right, bottom, &border[SIDE_RIGHT]);
  painter_rule(painter, left, bottom, right, bottom, &border[SIDE_BOTTOM]);
  painter_rule(painter, left, top, left, bottom, &border[SIDE_LEFT]);
}

/* ---------------------------------------------------------- collapsed tables */

static gboolean same_border(const FoBorder *a, const FoBorder *b) {
  return a->style == b->style && a->width == b->width && a->color == b->color;
}

/* Where a collapsed table's borders are drawn: `ys` has the upper edge of each row
 * and the lower edge of the last. */
typedef struct {
  const FoTable *table;
  const FoGrid *grid;
  double x;
  const double *ys;
  guint n_rows;
} Ruled;

static void rule_across(const Painter *painter, const Ruled *ruled) {
  const double *edges = ruled->table->edges;
  guint n = ruled->table->n_columns;
  for (guint r = 0; r <= ruled->n_rows; r++)
    for (guint c = 0, end; c < n; c = end) {
      const FoBorder *border = grid_across(ruled->grid, r, c);
      for (end = c + 1; end < n && same_border(border, grid_across(ruled->grid, r, end));)
        end++;
      painter_rule(painter, ruled->x + edges[c], ruled->ys[r], ruled->x + edges[end], ruled->ys[r],
                   border);
    }
}

static void rule_down(const Painter *painter, const Ruled *ruled) {
  for (guint c = 0; c <= ruled->table->n_columns; c++)
    for (guint r = 0, end; r < ruled->n_rows; r = end) {
      double x = ruled->x + ruled->table->edges[c];
      const FoBorder *border = grid_down(ruled->grid, r, c);
      for (end = r + 1;
           end < ruled->n_rows && same_border(border, grid_down(ruled->grid, end, c));)
        end++;
      painter_rule(painter, x, ruled->ys[r], x, ruled->ys[end], border);
    }
}

void table_draw_borders(const Painter *painter, const FoTable *table, const GArray *rows, double x,
                        double y) {
  g_autoptr(FoGrid) grid = grid_new(table, rows);
  g_autofree double *ys = g_new(double, rows->len + 1);
  ys[0] = y;
  for (guint i = 0; i < rows->len; i++)
    ys[i + 1] = ys[i] + g_array_index(table->rows, FoRow, g_array_index(rows, guint, i)).height;
  Ruled ruled = {table, grid, x, ys, rows->len};
  rule_across(painter, &ruled);
  rule_down(painter, &ruled);
}
