/* SPDX-License-Identifier: Apache-2.0 */
/*
 * grid.c - collapsed borders: which one lies on each edge of a table's grid.
 *
 * Cells, rows and the table may all ask for a border on the same edge; the wider
 * wins, then double, solid, dashed, dotted (CSS 2, 17.6.2.1).
 */
#include "fo/box.h"

struct FoGrid {
  guint n_rows, n_columns;
  FoBorder *across; /* (n_rows + 1) * n_columns */
  FoBorder *down;   /* n_rows * (n_columns + 1) */
};

static void strengthen(FoBorder *edge, const FoBorder *other) {
  double a = border_width(edge), b = border_width(other);
  if (b > a || (b == a && b > 0 && other->style > edge->style))
    *edge = *other;
}

static FoBorder *across_at(const FoGrid *grid, guint row, guint column) {
  return &grid->across[row * grid->n_columns + column];
}

static FoBorder *down_at(const FoGrid *grid, guint row, guint column) {
  return &grid->down[row * (grid->n_columns + 1) + column];
}

const FoBorder *grid_across(const FoGrid *grid, guint row, guint column) {
  return across_at(grid, row, column);
}

const FoBorder *grid_down(const FoGrid *grid, guint row, guint column) {
  return down_at(grid, row, column);
}

/* The four sides of the rectangle of slots [r1, r2) x [c1, c2). */
static void frame_slots(const FoGrid *grid, guint r1, guint r2, guint c1, guint c2,
                        const FoBorder sides[4]) {
  for (guint c = c1; c < c2; c++) {
    strengthen(across_at(grid, r1, c), &sides[SIDE_TOP]);
    strengthen(across_at(grid, r2, c), &sides[SIDE_BOTTOM]);
  }
  for (guint r = r1; r < r2; r++) {
    strengthen(down_at(grid, r, c1), &sides[SIDE_LEFT]);
    strengthen(down_at(grid, r, c2), &sides[SIDE_RIGHT]);
  }
}

/* Row borders do not run through cells that span. */
static void clear_inside(const FoGrid *grid, guint r1, guint r2, guint c1, guint c2) {
  for (guint r = r1; r < r2; r++)
    for (guint c = c1; c < c2; c++) {
      if (r > r1)
        *across_at(grid, r, c) = (FoBorder){0};
      if (c > c1)
        *down_at(grid, r, c) = (FoBorder){0};
    }
}

static gboolean local_row(const GArray *rows, guint row, guint *local) {
  for (guint i = 0; i < rows->len; i++)
    if (g_array_index(rows, guint, i) == row) {
      *local = i;
      return TRUE;
    }
  return FALSE;
}

static void frame_rows(const FoGrid *grid, const FoTable *table, const GArray *rows) {
  for (guint i = 0; i < rows->len; i++) {
    const FoRow *row = &g_array_index(table->rows, FoRow, g_array_index(rows, guint, i));
    frame_slots(grid, i, i + 1, 0, grid->n_columns, row->node->traits.own.border);
  }
}

static void frame_cells(const FoGrid *grid, const FoTable *table, const GArray *rows,
                        gboolean clear) {
  for (guint i = 0, at; i < table->cells->len; i++) {
    const FoCell *cell = g_ptr_array_index(table->cells, i);
    if (!local_row(rows, cell->row, &at))
      continue;
    guint below = MIN(at + cell->rows, rows->len), right = cell->column + cell->columns;
    if (clear)
      clear_inside(grid, at, below, cell->column, right);
    else
      frame_slots(grid, at, below, cell->column, right, cell->node->traits.own.border);
  }
}

FoGrid *grid_new(const FoTable *table, const GArray *rows) {
  FoGrid *grid = g_new0(FoGrid, 1);
  grid->n_rows = rows->len;
  grid->n_columns = table->n_columns;
  grid->across = g_new0(FoBorder, (grid->n_rows + 1) * grid->n_columns);
  grid->down = g_new0(FoBorder, MAX(grid->n_rows, 1) * (grid->n_columns + 1));
  frame_rows(grid, table, rows);
  frame_cells(grid, table, rows, TRUE);
  frame_cells(grid, table, rows, FALSE);
  frame_slots(grid, 0, grid->n_rows, 0, grid->n_columns, table->node->traits.own.border);
  return grid;
}

void grid_free(FoGrid *grid) {
  if (!grid)
    return;
  g_free(grid->across);
  g_free(grid->down);
  g_free(grid);
}
