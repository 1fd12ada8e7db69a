/* SPDX-License-Identifier: Apache-2.0 */
/* document.c - see document.h. */
#include "api/document.h"

#include "base/date.h"
#include "base/words.h"
#include "case/desk_int.h"

#include <string.h>

/* ---------------------------------------------------------------- CSV and JSON */

static void csv_cell(GString *out, const char *text, gboolean last) {
  const char *safe = text ? text : "";
  gboolean quoted = strpbrk(safe, ",\"\r\n") != NULL;
  g_string_append(out, quoted ? "\"" : "");
  for (; *safe; safe++) {
    g_string_append(out, *safe == '"' ? "\"" : "");
    g_string_append_c(out, *safe);
  }
  g_string_append(out, quoted ? "\"" : "");
  g_string_append(out, last ? "\r\n" : ",");
}

char *document_csv(const RkTable *table) {
  GString *out = g_string_new("\xef\xbb\xbf");
  guint columns = rk_table_columns(table);
  for (guint i = 0; i < columns; i++)
    csv_cell(out, rk_table_column_key(table, i), i + 1 == columns);
  for (guint row = 0; row < rk_table_rows(table); row++)
    for (guint i = 0; i < columns; i++)
      csv_cell(out, rk_table_cell(table, row, i), i + 1 == columns);
  return g_string_free(out, FALSE);
}

static json_t *json_cell(const RkTable *table, guint row, guint column) {
  const char *cell = rk_table_cell(table, row, column);
  if (!cell)
    return json_null();
  switch (rk_table_column_type(table, column)) {
  case RK_COLUMN_NUMBER: return json_integer(g_ascii_strtoll(cell, NULL, 10));
  case RK_COLUMN_BOOL: return json_boolean(g_str_equal(cell, "yes"));
  case RK_COLUMN_TEXT:
  case RK_COLUMN_TIME: break;
  }
  return json_string(cell);
}

char *document_json(const RkTable *table) {
  json_t *rows = json_array();
  for (guint row = 0; row < rk_table_rows(table); row++) {
    json_t *object = json_object();
    for (guint i = 0; i < rk_table_columns(table); i++)
      json_object_set_new(object, rk_table_column_key(table, i), json_cell(table, row, i));
    json_array_append_new(rows, object);
  }
  json_t *whole = json_pack("{s:o}", "rows", rows);
  char *text = json_dumps(whole, JSON_INDENT(1));
  char *lines = g_strconcat(text, "\n", NULL);
  json_decref(whole);
  g_free(text); /* Jansson has GLib's allocator */
  return lines;
}

/* ------------------------------------------------------------------------ HTML */

static const char style[] =
    "body{font-family:sans-serif;line-height:1.6;margin:2em auto;max-width:70em;padding:0 1em;"
    "color:#111;background:#fff}table{border-collapse:collapse;margin:.5em 0 1.5em;font-size:.9em}"
    "th,td{border:1px solid #888;padding:.2em .5em;text-align:left;vertical-align:top;"
    "overflow-wrap:anywhere}th{background:#eee}h1{font-size:1.5em}h2{font-size:1.2em;"
    "border-bottom:2px solid #444;margin-top:2em}h3{font-size:1em}"
    "@media print{body{margin:0;max-width:none}h2{break-after:avoid}tr{break-inside:avoid}}";

static void append(GString *page, const char *before, const char *text, const char *after) {
  g_autofree char *escaped = g_markup_escape_text(text ? text : "", -1);
  g_string_append_printf(page, "%s%s%s", before, escaped, after);
}

GString *document_html(const char *title) {
  /* TRANSLATORS: the code of the language you translate into, e.g. "ja". */
  GString *page = g_string_new("<!DOCTYPE html>\n<html lang=\"");
  append(page, "", _("en"), "\">\n<head><meta charset=\"utf-8\">");
  g_string_append(page, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                        "style-src 'unsafe-inline'\">");
  append(page, "<title>", title, "</title>\n<style>");
  g_string_append_printf(page, "%s</style></head>\n<body>\n", style);
  document_heading(page, 1, title);
  return page;
}

void document_heading(GString *page, int level, const char *text) {
  g_string_append_printf(page, "<h%d>", level);
  append(page, "", text, "");
  g_string_append_printf(page, "</h%d>\n", level);
}

void document_paragraph(GString *page, const char *text) {
  append(page, "<p>", text, "</p>\n");
}

void document_link(GString *page, const char *target, const char *text) {
  append(page, "<p><a href=\"", target, "\">");
  append(page, "", text, "</a></p>\n");
}

/* Codes of few values, whose words are in the catalogue of messages. */
static gboolean has_words(const char *key) {
  static const char *const keys[] = {"state", "result", "channel", "direction", "kind", "what",
                                     "relation", "required", "closed", "overdue", NULL};
  return g_strv_contains(keys, key);
}

static void html_cell(GString *page, const RkTable *table, guint row, guint column) {
  const char *cell = rk_table_cell(table, row, column);
  gint64 time = 0;
  if (!cell || !*cell) {
    g_string_append(page, "<td></td>");
  } else if (rk_table_column_type(table, column) == RK_COLUMN_TIME &&
             time_parse(&time, cell, NULL) == RK_OK) {
    g_autofree char *local = time_to_local_iso(time);
    append(page, "<td>", local, "</td>");
  } else {
    append(page, "<td>", has_words(rk_table_column_key(table, column)) ? _(cell) : cell, "</td>");
  }
}

/* The columns to show, in the order of `keys`. */
static GArray *choose(const RkTable *table, const char *keys) {
  GArray *chosen = g_array_new(FALSE, FALSE, sizeof(guint));
  g_auto(GStrv) list = g_strsplit(keys ? keys : "", " ", -1);
  for (guint k = 0; list[k]; k++)
    for (guint i = 0; i < rk_table_columns(table); i++)
      if (g_str_equal(rk_table_column_key(table, i), list[k]))
        g_array_append_val(chosen, i);
  for (guint i = 0; !keys && i < rk_table_columns(table); i++)
    g_array_append_val(chosen, i);
  return chosen;
}

void document_table(GString *page, const RkTable *table, const char *keys) {
  if (!rk_table_rows(table))
    return;
  g_autoptr(GArray) columns = choose(table, keys);
  g_string_append(page, "<table><tr>");
  for (guint i = 0; i < columns->len; i++)
    append(page, "<th>", rk_table_column_title(table, g_array_index(columns, guint, i)), "</th>");
  g_string_append(page, "</tr>\n");
  for (guint row = 0; row < rk_table_rows(table); row++) {
    g_string_append(page, "<tr>");
    for (guint i = 0; i < columns->len; i++)
      html_cell(page, table, row, g_array_index(columns, guint, i));
    g_string_append(page, "</tr>\n");
  }
  g_string_append(page, "</table>\n");
}

char *document_html_end(GString *page) {
  g_string_append(page, "</body>\n</html>\n");
  return g_string_free(page, FALSE);
}
