/* SPDX-License-Identifier: Apache-2.0 */
/* calendar.c - the public calls about the days on which nobody works. */
#include "case/calendar.h"
#include "case/guard.h"

#include "base/table.h"
#include "base/words.h"
#include "case/deliver.h"

#include <string.h>

typedef struct {
  char *day, *title;
  const char *kind;
} Row;

static void row_clear(gpointer data) {
  Row *row = data;
  g_free(row->day);
  g_free(row->title);
}

static int compare_rows(gconstpointer a, gconstpointer b) {
  return strcmp(((const Row *)a)->day, ((const Row *)b)->day);
}

static void add_holiday(Day day, const char *title, gpointer rows) {
  Row row = {day_to_iso(day), g_strdup(title), "holiday"};
  g_array_append_val((GArray *)rows, row);
}

static void add_closure(GArray *rows, const StoreRegister *entry) {
  json_t *fields = json_loads(entry->fields ? entry->fields : "{}", 0, NULL);
  Row row = {g_strdup(entry->key), g_strdup(json_string_value(json_object_get(fields, "title"))),
             "closure"};
  if (g_str_equal(entry->state, CLOSURE_CLOSED))
    g_array_append_val(rows, row);
  else
    row_clear(&row);
  json_decref(fields);
}

static RkStatus load(RkDesk *desk, Calendar **out, RkDiags *diags) {
  g_autofree char *path = g_build_filename(desk->site->datadir, CALENDAR_PATH, NULL);
  return calendar_load_file(out, path, diags);
}

RkStatus rk_calendar_list(RkDesk *desk, RkTable **out, RkDiags *diags) {
  g_autoptr(Calendar) calendar = NULL;
  g_autoptr(GPtrArray) closures = NULL;
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(Row));
  *out = NULL;
  RkStatus status = desk_read_office(desk, "calendar", NULL, diags);
  if (status == RK_OK)
    status = load(desk, &calendar, diags);
  if (status == RK_OK)
    status = store_load_register(desk->store, REGISTER_CLOSURE, NULL, &closures, diags);
  if (status != RK_OK)
    return status;
  g_array_set_clear_func(rows, row_clear);
  calendar_each(calendar, add_holiday, rows);
  for (guint i = 0; i < closures->len; i++)
    add_closure(rows, closures->pdata[i]);
  g_array_sort(rows, compare_rows);
  RkTable *table = *out = table_new("days", _("Days without business"));
  table_column(table, "day", _("Day"), RK_COLUMN_TEXT);
  table_column(table, "title", _("Title"), RK_COLUMN_TEXT);
  table_column(table, "kind", _("Kind"), RK_COLUMN_TEXT);
  for (guint i = 0; i < rows->len; i++) {
    const Row *row = &g_array_index(rows, Row, i);
    table_row(table, row->day, row->title, row->kind);
  }
  return RK_OK;
}

RkStatus rk_calendar_set(RkDesk *desk, const RkRequest *request, const char *text,
                         gboolean closed, const char *title, RkDiags *diags) {
  g_autoptr(GPtrArray) registers =
      g_ptr_array_new_with_free_func((GDestroyNotify)store_register_free);
  Day day;
  RkStatus status = desk_lead(desk, "calendar.set", request->now, diags);
  if (status == RK_OK)
    status = day_parse(&day, text, FALSE, diags);
  if (status == RK_OK)
    status = guard_text(request, _("the name"), title, diags);
  if (status != RK_OK)
    return status;
  g_autofree char *key = day_to_iso(day);
  json_t *fields = json_pack("{s:s}", "title", title ? title : "");
  g_ptr_array_add(registers, desk_register_new(REGISTER_CLOSURE, key,
                                               closed ? CLOSURE_CLOSED : "open", fields,
                                               request->now));
  json_decref(fields);
  return desk_commit_office(desk, request, "office", "calendar.set", registers, NULL, diags);
}
