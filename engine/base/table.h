/* SPDX-License-Identifier: Apache-2.0 */
/* table.h - building the tables that renkei.h hands out. */
#ifndef RK_BASE_TABLE_H
#define RK_BASE_TABLE_H

#include "renkei.h"

/* A table named `id` with a translated `title`; add the columns, then rows. */
RkTable *table_new(const char *id, const char *title);
void table_column(RkTable *table, const char *key, const char *title, RkColumnType type);
/* Append a row of exactly as many strings (copied; NULL = no value) as there
 * are columns. */
void table_row(RkTable *table, ...);
/* The same, one cell at a time: start a row of NULLs, then set its cells. */
guint table_add_row(RkTable *table);
void table_set(RkTable *table, guint row, const char *key, const char *value);
void table_set_int(RkTable *table, guint row, const char *key, gint64 value);

#endif
