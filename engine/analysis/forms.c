/* SPDX-License-Identifier: Apache-2.0 */
/* forms.c - the shipped forms. */
#include "case/files.h"
#include "base/table.h"
#include "form/form.h"

#include <libintl.h>

/* What lies in no municipality's folder is every one's. */
static void add_form(RkTable *table, const char *top, const char *path, RkDiags *diags) {
  g_autoptr(Form) form = NULL;
  g_autofree char *folder = g_path_get_dirname(path);
  g_autofree char *municipality = g_path_get_basename(folder);
  gboolean shared = g_str_equal(folder, top);
  if (form_load_file(&form, path, diags) == RK_OK)
    table_row(table, form_code(form), form_printed_code(form), form_title(form),
              shared ? NULL : municipality);
}

RkStatus rk_form_list(const RkSite *site, RkTable **out, RkDiags *diags) {
  static const char *const endings[] = {".xml", NULL};
  g_autofree char *folder = g_build_filename(site->datadir, "forms", NULL);
  g_autoptr(GPtrArray) files = files_at(folder, endings);
  g_autoptr(RkDiags) found = rk_diags_new();
  g_autoptr(RkTable) table = table_new("forms", gettext("Forms"));
  *out = NULL;
  table_column(table, "code", gettext("Code"), RK_COLUMN_TEXT);
  table_column(table, "printed", gettext("Printed code"), RK_COLUMN_TEXT);
  table_column(table, "title", gettext("Title"), RK_COLUMN_TEXT);
  table_column(table, "municipality", gettext("Municipality"), RK_COLUMN_TEXT);
  for (guint i = 0; i < files->len; i++)
    add_form(table, folder, files->pdata[i], found);
  gboolean errors = rk_diags_has_errors(found);
  diags_take_all(diags, found);
  if (errors)
    return RK_INVALID;
  *out = g_steal_pointer(&table);
  return RK_OK;
}
