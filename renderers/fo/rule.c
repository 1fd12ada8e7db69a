/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rule.c - the borders of tables and the ruled lines of leaders.
 *
 * Each grid edge has one border, the strongest that a cell, row or the table
 * asks for; edges in one line with the same border are drawn as one rule, so
 * that nothing is drawn twice and dashes stay even.
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
  double thick = MAX(painter->least, floor((horizontal ? wy : wx) + 0.5));
  double from = floor((horizontal ? x1 : y1) + 0.5) - floor(thick / 2);
  double to = floor((horizontal ? x2 : y2) + 0.5) + ceil(thick / 2);
  double middle = floor((horizontal ? y1 : x1) + 0.5);
  double on = to - from, off = 0;
  if (border->style == LINE_DOTTED)
    on = thick, off = thick;
  else if (border->style == LINE_DASHED)
    on = thick * 4, off = thick * 3;
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
  if (border->style == LINE_DOUBLE && painter->snap && pixels < 3 * painter->least) {
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

/* -------------------------------------------------------------- table edges */

typedef struct {
  const FoTable *table;
  GArray *rows;      /* guint: the table's rows in this fragment */
  guint n_columns;
  double *ys;        /* rows->len + 1 */
  FoBorder *across;  /* (rows->len + 1) * n_columns */
  FoBorder *down;    /* rows->len * (n_columns + 1) */
} Edges;

static void strengthen(FoBorder *edge, const FoBorder *other) {
  double a = border_width(edge), b = border_width(other);
  if (b > a || (b == a && b > 0 && other->style > edge->style))
    *edge = *other;
}

static FoBorder *across_at(const Edges *edges, guint row, guint column) {
  return &edges->across[row * edges->n_columns + column];
}

static FoBorder *down_at(const Edges *edges, guint row, guint column) {
  return &edges->down[row * (edges->n_columns + 1) + column];
}

/* The four sides of the rectangle of grid slots [r1, r2) x [c1, c2). */
static void frame_slots(const Edges *edges, guint r1, guint r2, guint c1, guint c2,
                        const FoBorder sides[4]) {
  for (guint c = c1; c < c2; c++) {
    strengthen(across_at(edges, r1, c), &sides[SIDE_TOP]);
    strengthen(across_at(edges, r2, c), &sides[SIDE_BOTTOM]);
  }
  for (guint r = r1; r < r2; r++) {
    strengthen(down_at(edges, r, c1), &sides[SIDE_LEFT]);
    strengthen(down_at(edges, r, c2), &sides[SIDE_RIGHT]);
  }
}

/* Row borders do not run through cells that span. */
static void clear_inside(const Edges *edges, guint r1, guint r2, guint c1, guint c2) {
  for (guint r = r1; r < r2; r++)
    for (guint c = c1; c < c2; c++) {
      if (r > r1)
        *across_at(edges, r, c) = (FoBorder){0};
      if (c > c1)
        *down_at(edges, r, c) = (FoBorder){0};
    }
}

static gboolean local_row(const Edges *edges, guint row, guint *local) {
  for (guint i = 0; i < edges->rows->len; i++)
    if (g_array_index(edges->rows, guint, i) == row) {
      *local = i;
      return TRUE;
    }
  return FALSE;
}

static void collect_edges(const Edges *edges) {
  const FoTable *table = edges->table;
  guint n = edges->rows->len, columns = edges->n_columns, at;
  for (guint i = 0; i < n; i++) {
    guint row = g_array_index(edges->rows, guint, i);
    frame_slots(edges, i, i + 1, 0, columns,
                g_array_index(table->rows, FoRow, row).node->traits.own.border);
  }
  for (guint i = 0; i < table->cells->len; i++) {
    const FoCell *cell = g_ptr_array_index(table->cells, i);
    if (local_row(edges, cell->row, &at))
      clear_inside(edges, at, MIN(at + cell->rows, n), cell->column, cell->column + cell->columns);
  }
  for (guint i = 0; i < table->cells->len; i++) {
    const FoCell *cell = g_ptr_array_index(table->cells, i);
    if (local_row(edges, cell->row, &at))
      frame_slots(edges, at, MIN(at + cell->rows, n), cell->column, cell->column + cell->columns,
                  cell->node->traits.own.border);
  }
  frame_slots(edges, 0, n, 0, columns, table->node->traits.own.border);
}

static gboolean same_border(const FoBorder *a, const FoBorder *b) {
  return a->style == b->style && a->width == b->width && a->color == b->color;
}

static void draw_across(const Painter *painter, const Edges *edges, double x, double y) {
  for (guint r = 0; r <= edges->rows->len; r++)
    for (guint c = 0, end; c < edges->n_columns; c = end) {
      const FoBorder *border = across_at(edges, r, c);
      for (end = c + 1; end < edges->n_columns && same_border(border, across_at(edges, r, end));)
        end++;
      painter_rule(painter, x + edges->table->edges[c], y + edges->ys[r],
                   x + edges->table->edges[end], y + edges->ys[r], border);
    }
}

static void draw_down(const Painter *painter, const Edges *edges, double x, double y) {
  for (guint c = 0; c <= edges->n_columns; c++)
    for (guint r = 0, end; r < edges->rows->len; r = end) {
      const FoBorder *border = down_at(edges, r, c);
      for (end = r + 1; end < edges->rows->len && same_border(border, down_at(edges, end, c));)
        end++;
      painter_rule(painter, x + edges->table->edges[c], y + edges->ys[r],
                   x + edges->table->edges[c], y + edges->ys[end], border);
    }
}

void table_draw_borders(const Painter *painter, const FoTable *table, guint first, guint end,
                        double x, double y) {
  Edges edges = {.table = table, .n_columns = table->n_columns};
  edges.rows = g_array_new(FALSE, FALSE, sizeof(guint));
  for (guint row = 0; row < end; row++)
    if (row < table->n_header || row >= first)
      g_array_append_val(edges.rows, row);
  guint n = edges.rows->len;
  edges.ys = g_new0(double, n + 1);
  for (guint i = 0; i < n; i++)
    edges.ys[i + 1] =
        edges.ys[i] +
        g_array_index(table->rows, FoRow, g_array_index(edges.rows, guint, i)).height;
  edges.across = g_new0(FoBorder, (n + 1) * table->n_columns);
  edges.down = g_new0(FoBorder, MAX(n, 1) * (table->n_columns + 1));
  collect_edges(&edges);
  draw_across(painter, &edges, x, y);
  draw_down(painter, &edges, x, y);
  g_array_unref(edges.rows);
  g_free(edges.ys);
  g_free(edges.across);
  g_free(edges.down);
}
