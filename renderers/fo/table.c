/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table.c - columns, the grid of cells, the heights of rows.
 *
 * Only the fixed layout with collapsed borders is in the subset: a border lies
 * centred on a grid edge (rule.c draws it), half of it inside each cell.
 */
#include "fo/box.h"
#include "fo/value.h"

#include <math.h>

/* ------------------------------------------------------------------ columns */

typedef struct {
  GArray *widths; /* FoLength */
  double fixed, shares;
} Columns;

static void read_columns(Columns *columns, const FoNode *node, double width) {
  columns->widths = g_array_new(FALSE, FALSE, sizeof(FoLength));
  for (guint i = 0; i < node->children->len; i++) {
    const FoNode *column = node_child(node, i);
    if (column->element != FO_TABLE_COLUMN)
      continue;
    FoLength length = column->traits.own.column_width;
    for (int k = 0; k < column->traits.own.columns_repeated; k++)
      g_array_append_val(columns->widths, length);
  }
  for (guint i = 0; i < columns->widths->len; i++) {
    FoLength length = g_array_index(columns->widths, FoLength, i);
    columns->fixed += length_points(length, width);
    columns->shares += length.unit == LENGTH_FACTOR ? length.value : 0;
  }
}

static void set_columns(FoTable *table, double width, RkDiags *diags) {
  Columns columns = {0};
  read_columns(&columns, table->node, width);
  double left = width - columns.fixed;
  DiagPlace place = node_place(table->node);
  if (columns.shares > 0 ? left < -FO_TINY : fabs(left) > 0.5) {
    g_autofree char *sum = g_strdup_printf("%.1f", columns.fixed);
    g_autofree char *whole = g_strdup_printf("%.1f", width);
    diags_add(diags, DIAG_FO_TABLE_WIDTH, &place, sum, whole, NULL);
  }
  table->n_columns = columns.widths->len;
  table->edges = g_new0(double, table->n_columns + 1);
  for (guint i = 0; i < table->n_columns; i++) {
    FoLength length = g_array_index(columns.widths, FoLength, i);
    double size = length.unit == LENGTH_FACTOR ? MAX(left, 0) * length.value / columns.shares
                                               : length_points(length, width);
    table->edges[i + 1] = table->edges[i] + size;
  }
  g_array_unref(columns.widths);
}

/* --------------------------------------------------------------------- grid */

typedef struct {
  FoTable *table;
  RkDiags *diags;
  guint *busy_until; /* for each column the first row where it is free again */
} Grid;

static void refuse_cell(const Grid *grid, const FoNode *cell, const char *why) {
  DiagPlace place = node_place(cell);
  diags_add(grid->diags, DIAG_FO_TABLE_CELL, &place, why, NULL);
}

static void place_cell(Grid *grid, const FoNode *node, guint row, guint *column) {
  FoTable *table = grid->table;
  guint span = (guint)node->traits.own.columns_spanned;
  guint rows = (guint)node->traits.own.rows_spanned;
  while (*column < table->n_columns && grid->busy_until[*column] > row)
    ++*column;
  if (*column + span > table->n_columns) {
    refuse_cell(grid, node, "it stands right of the last column");
    return;
  }
  for (guint i = *column; i < *column + span; i++) {
    if (grid->busy_until[i] > row)
      refuse_cell(grid, node, "it overlaps a cell that spans rows");
    grid->busy_until[i] = row + rows;
  }
  FoCell *cell = g_new0(FoCell, 1);
  *cell = (FoCell){.node = node, .row = row, .column = *column, .rows = rows, .columns = span};
  g_ptr_array_add(table->cells, cell);
  *column += span;
}

/* Spans may not leave their section; a kept section is not divided. */
static void close_section(Grid *grid, const FoNode *section, guint first) {
  GArray *rows = grid->table->rows;
  for (guint i = 0; i < grid->table->cells->len; i++) {
    FoCell *cell = g_ptr_array_index(grid->table->cells, i);
    if (cell->row < first)
      continue;
    if (cell->row + cell->rows > rows->len) {
      refuse_cell(grid, cell->node, "its rows reach beyond the end of the section");
      cell->rows = rows->len - cell->row;
    }
    for (guint row = cell->row; row + 1 < cell->row + cell->rows; row++)
      g_array_index(rows, FoRow, row).keep_with_next = TRUE;
  }
  for (guint row = first; section->traits.own.keep_together && row + 1 < rows->len; row++)
    g_array_index(rows, FoRow, row).keep_with_next = TRUE;
  if (section->traits.own.keep_with_next && rows->len > first)
    g_array_index(rows, FoRow, rows->len - 1).keep_with_next = TRUE;
  for (guint i = 0; i < grid->table->n_columns; i++)
    grid->busy_until[i] = rows->len;
}

static void place_section(Grid *grid, const FoNode *section) {
  GArray *rows = grid->table->rows;
  guint first = rows->len;
  for (guint i = 0; i < section->children->len; i++) {
    const FoNode *node = node_child(section, i);
    FoRow row = {node, length_points(node->traits.own.height, 0),
                 section->element == FO_TABLE_HEADER, node->traits.own.keep_with_next};
    guint column = 0;
    for (guint k = 0; k < node->children->len; k++)
      place_cell(grid, node_child(node, k), rows->len, &column);
    g_array_append_val(rows, row);
  }
  close_section(grid, section, first);
}

static void place_cells(FoTable *table, RkDiags *diags) {
  Grid grid = {table, diags, g_new0(guint, table->n_columns + 1)};
  const FoNode *header = node_find(table->node, FO_TABLE_HEADER);
  if (header)
    place_section(&grid, header);
  table->n_header = table->rows->len;
  for (guint i = 0; i < table->node->children->len; i++) {
    const FoNode *section = node_child(table->node, i);
    if (section->element == FO_TABLE_BODY)
      place_section(&grid, section);
  }
  g_free(grid.busy_until);
}

/* -------------------------------------------------------------------- cells */

double cell_inset(const FoNode *cell, FoSide side) {
  return border_width(&cell->traits.own.border[side]) / 2 +
         length_points(cell->traits.own.padding[side], 0);
}

/* The height a cell may fill when it, or all its rows, have one; else infinite. */
static double cell_room(const FoTable *table, const FoCell *cell) {
  FoLength own = cell->node->traits.own.height;
  double room = 0;
  if (own.unit == LENGTH_POINTS)
    return own.value;
  for (guint row = cell->row; row < cell->row + cell->rows; row++) {
    const FoNode *node = g_array_index(table->rows, FoRow, row).node;
    if (node->traits.own.height.unit != LENGTH_POINTS)
      return INFINITY;
    room += node->traits.own.height.value;
  }
  return room - cell_inset(cell->node, SIDE_TOP) - cell_inset(cell->node, SIDE_BOTTOM);
}

/* The largest type in blocks that may shrink; 0 when there are none. */
static double shrinkable_size(const FoNode *node) {
  double size = node->element == FO_BLOCK && node->traits.own.shrink ? node->traits.font_size : 0;
  for (guint i = 0; i < node->children->len; i++)
    size = MAX(size, shrinkable_size(node_child(node, i)));
  return size;
}

/* Lay out again in smaller type until the height suffices or the floor is met. */
static void fit_height(FoLayout *layout, const FoTable *table, FoCell *cell, double width) {
  double room = cell_room(table, cell), size = shrinkable_size(cell->node);
  RkDiags *diags = layout->diags;
  if (size == 0 || cell->content->height <= room + FO_TINY)
    return;
  layout->diags = NULL;
  for (double off = FO_SHRINK_STEP;
       cell->content->height > room + FO_TINY && size - off >= FO_SHRINK_FLOOR - FO_TINY;
       off += FO_SHRINK_STEP) {
    layout->reduction = off;
    cell->content = block_layout(layout, cell->node, width);
  }
  layout->reduction = 0;
  layout->diags = diags;
  if (cell->content->height <= room + FO_TINY)
    return;
  g_autofree char *floor = g_strdup_printf("%g", FO_SHRINK_FLOOR);
  const FoNode *block = cell->node;
  while (block->element != FO_BLOCK || !block->traits.own.shrink) {
    const FoNode *next = NULL;
    for (guint i = 0; i < block->children->len && !next; i++)
      next = shrinkable_size(node_child(block, i)) > 0 ? node_child(block, i) : NULL;
    block = next;
  }
  DiagPlace place = node_place(block);
  diags_add(diags, DIAG_FO_SHRINK_FLOOR, &place, node_label(block), floor, NULL);
}

static void layout_cell(FoLayout *layout, const FoTable *table, FoCell *cell) {
  double width = table->edges[cell->column + cell->columns] - table->edges[cell->column] -
                 cell_inset(cell->node, SIDE_LEFT) - cell_inset(cell->node, SIDE_RIGHT);
  FoLength height = cell->node->traits.own.height;
  cell->content = block_layout(layout, cell->node, width);
  fit_height(layout, table, cell, width);
  cell->natural = MAX(cell->content->height, length_points(height, 0)) +
                  cell_inset(cell->node, SIDE_TOP) + cell_inset(cell->node, SIDE_BOTTOM);
}

/* --------------------------------------------------------------------- rows */

double table_height(const FoTable *table, guint first, guint end) {
  double height = 0;
  for (guint row = first; row < end; row++)
    height += g_array_index(table->rows, FoRow, row).height;
  return height;
}

/* Cells of one row first, then wider spans: what lacks goes to the last row. */
static void set_heights(FoTable *table) {
  guint most = 0;
  for (guint span = 1; span <= MAX(most, 1); span++) {
    for (guint i = 0; i < table->cells->len; i++) {
      const FoCell *cell = g_ptr_array_index(table->cells, i);
      most = MAX(most, cell->rows);
      if (cell->rows != span)
        continue;
      double lacking = cell->natural - table_height(table, cell->row, cell->row + span);
      if (lacking > 0)
        g_array_index(table->rows, FoRow, cell->row + span - 1).height += lacking;
    }
  }
}

FoBox *table_layout(FoLayout *layout, const FoNode *node, double width) {
  const FoTraits *traits = &node->traits;
  double room = width - traits->start_indent.value - traits->end_indent.value;
  FoTable *table = g_new0(FoTable, 1);
  table->node = node;
  table->rows = g_array_new(FALSE, FALSE, sizeof(FoRow));
  table->cells = g_ptr_array_new_with_free_func(g_free);
  FoBox *box = box_new(layout, BOX_TABLE, node);
  box->x = traits->start_indent.value;
  box->width = traits->own.width.unit == LENGTH_AUTO ? room
                                                     : length_points(traits->own.width, room);
  box->table = table;
  set_columns(table, box->width, layout->diags);
  place_cells(table, layout->diags);
  for (guint i = 0; i < table->cells->len; i++)
    layout_cell(layout, table, g_ptr_array_index(table->cells, i));
  set_heights(table);
  box->first = table->n_header;
  box->end = table->rows->len;
  box->height = table_height(table, 0, box->end);
  return box;
}

void table_free(FoTable *table) {
  g_array_unref(table->rows);
  g_ptr_array_unref(table->cells);
  g_free(table->edges);
  g_free(table);
}
