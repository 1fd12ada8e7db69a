/* SPDX-License-Identifier: Apache-2.0 */
/* points.c - open points: where a handbook is silent or contradicts itself, and the reading taken. */
#include "base/table.h"
#include "base/xml.h"
#include "case/files.h"
#include "machine/machine.h"
#include "renkei.h"

#include <libintl.h>

typedef struct {
  RkTable *table;
  GHashTable *seen; /* "file:line": an overlay has the points of its base, too */
  const char *procedure;
} Points;

static void add_point(const xmlNode *node, gpointer user) {
  Points *points = user;
  DiagPlace place = xml_place(node);
  g_autofree char *line = g_strdup_printf("%d", place.line);
  g_autofree char *id = xml_attr(node, "id"), *form = xml_attr(node, "form");
  g_autofree char *title = xml_attr(node, "title"), *reading = xml_attr(node, "reading");
  g_autofree char *source = xml_attr(node, "source");
  if (g_hash_table_add(points->seen, g_strdup_printf("%s:%s", place.file, line)))
    table_row(points->table, points->procedure, id, title, reading, form, source, place.file, line);
}

static void add_points(Points *points, Machine *machine) {
  points->procedure = machine_name(machine);
  machine_each_extension(machine, "open-point", add_point, points);
}

static void begin(Points *points) {
  RkTable *table = table_new("points", gettext("Open points of the handbooks, and the reading taken"));
  table_column(table, "procedure", gettext("Procedure"), RK_COLUMN_TEXT);
  table_column(table, "id", gettext("Id"), RK_COLUMN_TEXT);
  table_column(table, "point", gettext("Open point"), RK_COLUMN_TEXT);
  table_column(table, "reading", gettext("Reading"), RK_COLUMN_TEXT);
  table_column(table, "form", gettext("Form"), RK_COLUMN_TEXT);
  table_column(table, "source", gettext("Source"), RK_COLUMN_TEXT);
  table_column(table, "file", gettext("File"), RK_COLUMN_TEXT);
  table_column(table, "line", gettext("Line"), RK_COLUMN_NUMBER);
  points->table = table;
  points->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

RkTable *rk_workflow_points(const char *const *paths) {
  Points points = {0};
  begin(&points);
  for (guint i = 0; paths[i]; i++) {
    g_autoptr(GPtrArray) files = files_at(paths[i], files_of_procedures);
    for (guint k = 0; k < files->len; k++) {
      g_autoptr(Machine) machine = NULL;
      if (machine_load_file(&machine, files->pdata[k], MACHINE_STRICT, NULL) == RK_OK)
        add_points(&points, machine);
    }
  }
  g_hash_table_unref(points.seen);
  return points.table;
}
