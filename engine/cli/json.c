/* SPDX-License-Identifier: Apache-2.0 */
/* json.c - answers as JSON. The keys are the tables' frozen ones, whatever the language. */
#include "config.h"

#include "cli/cli.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *cell_value(const RkTable *table, guint row, guint column) {
  const char *cell = rk_table_cell(table, row, column);
  if (!cell)
    return json_null();
  switch (rk_table_column_type(table, column)) {
  case RK_COLUMN_NUMBER:
    return json_integer(g_ascii_strtoll(cell, NULL, 10));
  case RK_COLUMN_BOOL:
    return json_boolean(strcmp(cell, "yes") == 0);
  case RK_COLUMN_TEXT:
  case RK_COLUMN_TIME:
    break;
  }
  return json_string(cell);
}

static json_t *row_object(const RkTable *table, guint row) {
  json_t *object = json_object();
  for (guint i = 0; i < rk_table_columns(table); i++)
    json_object_set_new(object, rk_table_column_key(table, i), cell_value(table, row, i));
  return object;
}

static json_t *rows_array(const RkTable *table) {
  json_t *array = json_array();
  for (guint i = 0; i < rk_table_rows(table); i++)
    json_array_append_new(array, row_object(table, i));
  return array;
}

static json_t *answer_new(const char *id) {
  g_autofree char *schema = g_strdup_printf("renkei.%s/1", id);
  return json_pack("{s:s}", "schema", schema);
}

static void put(json_t *answer, FILE *file, gboolean line) {
  char *text = json_dumps(answer, line ? JSON_COMPACT : JSON_INDENT(2));
  put_text(file, text ? text : "");
  fputc('\n', file);
  free(text);
  json_decref(answer);
}

void json_table(const RkTable *table) {
  json_t *answer = answer_new(rk_table_id(table));
  json_object_set_new(answer, rk_table_id(table), rows_array(table));
  put(answer, stdout, FALSE);
}

void json_tables(const char *id, const GPtrArray *tables, const char *single) {
  json_t *answer = answer_new(id);
  for (guint i = 0; i < tables->len; i++) {
    const RkTable *table = tables->pdata[i];
    gboolean one = g_strcmp0(rk_table_id(table), single) == 0 && rk_table_rows(table) == 1;
    json_object_set_new(answer, rk_table_id(table),
                        one ? row_object(table, 0) : rows_array(table));
  }
  put(answer, stdout, FALSE);
}

void json_lines(const RkTable *table, const char *member) {
  for (guint i = 0; i < rk_table_rows(table); i++) {
    json_t *object = row_object(table, i);
    if (member)
      json_object_set_new(object, "table", json_string(member));
    put(object, stdout, TRUE);
  }
}

void json_value(const char *id, const char *key, const char *value, gboolean line) {
  json_t *answer = answer_new(id);
  json_object_set_new(answer, key, value ? json_string(value) : json_null());
  put(answer, stdout, line);
}

/* ------------------------------------------------------------------- errors */

static const char *status_word(RkStatus status) {
  switch (status) {
  case RK_OK:
    return "ok";
  case RK_FAILED:
    return "failed";
  case RK_USAGE:
    return "usage";
  case RK_NOT_FOUND:
    return "not-found";
  case RK_REFUSED:
    return "refused";
  case RK_CONFLICT:
    return "conflict";
  case RK_INVALID:
    return "invalid";
  case RK_PARTIAL:
    return "partial";
  case RK_CANCELLED:
    return "cancelled";
  case RK_STORE:
    return "store";
  case RK_NOMEM:
    return "out-of-memory";
  }
  return "failed";
}

static void put_errors(RkStatus status, json_t *errors) {
  json_t *answer = answer_new("errors");
  json_object_set_new(answer, "status", json_string(status_word(status)));
  json_object_set_new(answer, "exit", json_integer(status));
  json_object_set_new(answer, "errors", errors);
  put(answer, stderr, FALSE);
}

void json_error(RkStatus status, const char *message, const char *hint) {
  put_errors(status, json_pack("[{s:s, s:s, s:s, s:s}]", "level", "error", "code",
                               status_word(status), "message", message, "hint", hint));
}

void json_diags(RkStatus status, const RkDiags *diags) {
  static const char *const levels[] = {"error", "warning", "note"};
  json_t *errors = json_array();
  for (guint i = 0; i < rk_diags_count(diags); i++) {
    const RkDiag *diag = rk_diags_get(diags, i);
    json_t *record = json_pack("{s:s, s:s, s:s, s:s}", "level", levels[diag->level], "code",
                               diag->code, "message", diag->message, "hint", diag->remedy);
    if (diag->file)
      json_object_set_new(record, "file", json_string(diag->file));
    if (diag->line)
      json_object_set_new(record, "line", json_integer(diag->line));
    if (diag->column)
      json_object_set_new(record, "column", json_integer(diag->column));
    json_array_append_new(errors, record);
  }
  put_errors(status, errors);
}
