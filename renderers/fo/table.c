/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table.c - columns, the grid of cells, the heights of rows.
 *
 * Only the fixed layout is in the subset. A collapsed border lies centred on a grid
 * edge (grid.c chooses it), half of it inside each cell; with separate borders a
 * cell stands inside its slots with half of the separation around it.
 *
 * A row's height is that of its cells' content: borders, padding and separation
 * come on top. The Recommendation leaves it open (7.15.6); so does FOP.
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
  if (section->traits.own.keep_with_previous && first)
    g_array_index(rows, FoRow, first - 1).keep_with_next = TRUE;
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
    FoRow row = {node, 0, node->traits.own.keep_with_next};
    guint column = 0;
    if (node->traits.own.keep_with_previous && rows->len)
      g_array_index(rows, FoRow, rows->len - 1).keep_with_next = TRUE;
    for (guint k = 0; k < node->children->len; k++)
      place_cell(grid, node_child(node, k), rows->len, &column);
    g_array_append_val(rows, row);
  }
  close_section(grid, section, first);
}

static void place_sections(Grid *grid, FoElement element) {
  const FoNode *table = grid->table->node;
  for (guint i = 0; i < table->children->len; i++)
    if (node_child(table, i)->element == element)
      place_section(grid, node_child(table, i));
}

static void place_cells(FoTable *table, RkDiags *diags) {
  Grid grid = {table, diags, g_new0(guint, table->n_columns + 1)};
  place_sections(&grid, FO_TABLE_HEADER);
  table->n_header = table->rows->len;
  place_sections(&grid, FO_TABLE_BODY);
  guint body_end = table->rows->len;
  place_sections(&grid, FO_TABLE_FOOTER);
  table->n_footer = table->rows->len - body_end;
  g_free(grid.busy_until);
}

GArray *table_shown(const FoTable *table, guint first, guint end) {
  GArray *rows = g_array_new(FALSE, FALSE, sizeof(guint));
  for (guint row = 0; row < table->rows->len; row++)
    if (row < table->n_header || (row >= first && row < end) ||
        row >= table->rows->len - table->n_footer)
      g_array_append_val(rows, row);
  return rows;
}

/* -------------------------------------------------------------------- cells */

/* The half of the strongest border along a side that lies in the cell. */
static double half_border(const FoGrid *grid, const FoCell *cell, FoSide side) {
  gboolean along = side == SIDE_TOP || side == SIDE_BOTTOM;
  guint row = side == SIDE_BOTTOM ? cell->row + cell->rows : cell->row;
  guint column = side == SIDE_RIGHT ? cell->column + cell->columns : cell->column;
  double width = 0;
  for (guint i = 0; i < (along ? cell->columns : cell->rows); i++)
    width = MAX(width, border_width(along ? grid_across(grid, row, column + i)
                                          : grid_down(grid, row + i, column)));
  return width / 2;
}

static void set_insets(FoTable *table) {
  g_autoptr(GArray) all = table_shown(table, 0, table->rows->len);
  g_autoptr(FoGrid) grid = table->separate ? NULL : grid_new(table, all);
  for (guint i = 0; i < table->cells->len; i++) {
    FoCell *cell = g_ptr_array_index(table->cells, i);
    const FoTraits *traits = &cell->node->traits;
    for (FoSide side = SIDE_TOP; side <= SIDE_LEFT; side++) {
      gboolean upright = side == SIDE_TOP || side == SIDE_BOTTOM;
      double border = table->separate
                          ? border_width(&traits->own.border[side]) + table->gap[upright]
                          : half_border(grid, cell, side);
      cell->inset[side] = border + length_points(traits->own.padding[side], 0);
    }
  }
}

static double upright_inset(const FoCell *cell) {
  return cell->inset[SIDE_TOP] + cell->inset[SIDE_BOTTOM];
}

/* The height a cell's content may fill when it, or all its rows, have one; else
 * infinite. Rows have had the heights that cells of fewer rows need. */
static double cell_room(const FoTable *table, const FoCell *cell) {
  FoLength own = cell->node->traits.own.height;
  if (own.unit == LENGTH_POINTS)
    return own.value;
  for (guint row = cell->row; row < cell->row + cell->rows; row++)
    if (g_array_index(table->rows, FoRow, row).node->traits.own.height.unit != LENGTH_POINTS)
      return INFINITY;
  if (cell->rows == 1)
    return g_array_index(table->rows, FoRow, cell->row).node->traits.own.height.value;
  return table_height(table, cell->row, cell->row + cell->rows) - upright_inset(cell);
}

static void layout_cell(FoLayout *layout, const FoTable *table, FoCell *cell) {
  double width = table->edges[cell->column + cell->columns] - table->edges[cell->column] -
                 cell->inset[SIDE_LEFT] - cell->inset[SIDE_RIGHT];
  cell->content = block_fit(layout, cell->node, width, cell_room(table, cell));
  double least = length_points(cell->node->traits.own.height, 0);
  if (cell->rows == 1)
    least = MAX(least, length_points(g_array_index(table->rows, FoRow, cell->row)
                                         .node->traits.own.height, 0));
  cell->natural = MAX(cell->content->height, least) + upright_inset(cell);
}

/* --------------------------------------------------------------------- rows */

double table_height(const FoTable *table, guint first, guint end) {
  double height = 0;
  for (guint row = first; row < end; row++)
    height += g_array_index(table->rows, FoRow, row).height;
  return height;
}

double table_shown_height(const FoTable *table, guint first, guint end) {
  guint n = table->rows->len;
  return node_frame(table->node, SIDE_TOP) + table_height(table, 0, table->n_header) +
         table_height(table, first, end) + table_height(table, n - table->n_footer, n) +
         node_frame(table->node, SIDE_BOTTOM);
}

/* What the cells of `span` rows lack goes to the last of their rows. */
static void set_heights(FoLayout *layout, const FoTable *table, guint span) {
  for (guint i = 0; i < table->cells->len; i++) {
    FoCell *cell = g_ptr_array_index(table->cells, i);
    if (cell->rows != span)
      continue;
    layout_cell(layout, table, cell);
    FoRow *last = &g_array_index(table->rows, FoRow, cell->row + span - 1);
    double lacking = cell->natural - table_height(table, cell->row, cell->row + span);
    last->height += MAX(0, lacking);
  }
}

static void layout_cells(FoLayout *layout, const FoTable *table) {
  guint most = 1;
  for (guint i = 0; i < table->rows->len; i++) {
    FoRow *row = &g_array_index(table->rows, FoRow, i);
    row->height = length_points(row->node->traits.own.height, 0);
  }
  for (guint i = 0; i < table->cells->len; i++)
    most = MAX(most, ((const FoCell *)g_ptr_array_index(table->cells, i))->rows);
  for (guint span = 1; span <= most; span++)
    set_heights(layout, table, span);
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
  if (box->width > room + 0.5) {
    DiagPlace place = node_place(node);
    diags_add(layout->diags, DIAG_FO_OVERFLOW, &place, node_label(node),
              fo_element_name(node->parent->element), NULL);
  }
  table->separate = traits->own.separate;
  for (guint i = 0; table->separate && i < G_N_ELEMENTS(table->gap); i++)
    table->gap[i] = length_points(traits->own.separation[i], 0) / 2;
  set_columns(table, box->width, layout->diags);
  place_cells(table, layout->diags);
  set_insets(table);
  layout_cells(layout, table);
  box->first = table->n_header;
  box->end = table->rows->len - table->n_footer;
  box->height = table_shown_height(table, box->first, box->end);
  return box;
}

void table_free(FoTable *table) {
  g_array_unref(table->rows);
  g_ptr_array_unref(table->cells);
  g_free(table->edges);
  g_free(table);
}
