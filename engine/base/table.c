/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table.c - rows of text cells under keyed columns.
 * Invariant: every row has exactly as many cells as there are columns; columns
 * are not added after the first row.
 */
#include "base/table.h"

#include <stdarg.h>

typedef struct {
  char *key, *title;
  RkColumnType type;
} Column;

struct RkTable {
  char *id, *title;
  GArray *columns;  /* Column */
  GPtrArray *cells; /* char *, row by row */
};

RkTable *table_new(const char *id, const char *title) {
  RkTable *table = g_new0(RkTable, 1);
  table->id = g_strdup(id);
  table->title = g_strdup(title);
  table->columns = g_array_new(FALSE, FALSE, sizeof(Column));
  table->cells = g_ptr_array_new_with_free_func(g_free);
  return table;
}

void rk_table_free(RkTable *table) {
  if (!table)
    return;
  for (guint i = 0; i < table->columns->len; i++) {
    g_free(g_array_index(table->columns, Column, i).key);
    g_free(g_array_index(table->columns, Column, i).title);
  }
  g_array_unref(table->columns);
  g_ptr_array_unref(table->cells);
  g_free(table->id);
  g_free(table->title);
  g_free(table);
}

void table_column(RkTable *table, const char *key, const char *title, RkColumnType type) {
  g_assert(table->cells->len == 0);
  Column column = {g_strdup(key), g_strdup(title), type};
  g_array_append_val(table->columns, column);
}

void table_row(RkTable *table, ...) {
  va_list list;
  va_start(list, table);
  for (guint i = 0; i < table->columns->len; i++)
    g_ptr_array_add(table->cells, g_strdup(va_arg(list, const char *)));
  va_end(list);
}

guint table_add_row(RkTable *table) {
  for (guint i = 0; i < table->columns->len; i++)
    g_ptr_array_add(table->cells, NULL);
  return rk_table_rows(table) - 1;
}

static int column_index(const RkTable *table, const char *key) {
  for (guint i = 0; i < table->columns->len; i++)
    if (g_str_equal(g_array_index(table->columns, Column, i).key, key))
      return (int)i;
  return -1;
}

void table_set(RkTable *table, guint row, const char *key, const char *value) {
  int column = column_index(table, key);
  g_assert(column >= 0 && row < rk_table_rows(table));
  gpointer *cell = &table->cells->pdata[row * table->columns->len + (guint)column];
  g_free(*cell);
  *cell = g_strdup(value);
}

void table_set_int(RkTable *table, guint row, const char *key, gint64 value) {
  char digits[24];
  g_snprintf(digits, sizeof digits, "%" G_GINT64_FORMAT, value);
  table_set(table, row, key, digits);
}

const char *rk_table_id(const RkTable *table) {
  return table->id;
}

const char *rk_table_title(const RkTable *table) {
  return table->title;
}

guint rk_table_columns(const RkTable *table) {
  return table->columns->len;
}

const char *rk_table_column_key(const RkTable *table, guint column) {
  return g_array_index(table->columns, Column, column).key;
}

const char *rk_table_column_title(const RkTable *table, guint column) {
  return g_array_index(table->columns, Column, column).title;
}

RkColumnType rk_table_column_type(const RkTable *table, guint column) {
  return g_array_index(table->columns, Column, column).type;
}

guint rk_table_rows(const RkTable *table) {
  return table->columns->len ? table->cells->len / table->columns->len : 0;
}

const char *rk_table_cell(const RkTable *table, guint row, guint column) {
  g_return_val_if_fail(row < rk_table_rows(table) && column < table->columns->len, NULL);
  return table->cells->pdata[row * table->columns->len + column];
}

const char *rk_table_get(const RkTable *table, guint row, const char *key) {
  int column = column_index(table, key);
  return column < 0 ? NULL : rk_table_cell(table, row, (guint)column);
}
