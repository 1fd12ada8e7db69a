/* SPDX-License-Identifier: Apache-2.0 */
/*
 * install.c - putting bundles into the database.
 * A bundle is stored by its hash; the register "procedure" says which one new cases
 * get. Cases that run keep the bundle they were opened with.
 */
#include "case/desk_int.h"

#include "base/table.h"
#include "case/files.h"


char **desk_workflow_files(const char *const *paths) {
  GPtrArray *all = g_ptr_array_new();
  for (guint i = 0; paths[i]; i++) {
    g_autoptr(GPtrArray) files = files_at(paths[i], files_of_procedures);
    for (guint k = 0; k < files->len; k++)
      g_ptr_array_add(all, g_strdup(files->pdata[k]));
    if (!files->len && !g_file_test(paths[i], G_FILE_TEST_IS_DIR))
      g_ptr_array_add(all, g_strdup(paths[i])); /* let its reader say what is wrong with it */
  }
  g_ptr_array_add(all, NULL);
  return (char **)g_ptr_array_free(all, FALSE);
}

static gboolean installed_already(RkDesk *desk, const char *name, const char *hash) {
  json_t *entry = desk_register_entry(desk, REGISTER_PROCEDURE, name);
  gboolean same =
      entry && g_strcmp0(json_string_value(json_object_get(json_object_get(entry, "fields"), "bundle")),
                         hash) == 0;
  json_decref(entry);
  return same;
}

static RkStatus install_one(RkDesk *desk, const RkRequest *request, const char *path,
                            RkTable *report, RkDiags *diags) {
  g_autoptr(Bundle) bundle = NULL;
  RkStatus status = bundle_gather(&bundle, path, desk->site->datadir, diags);
  if (status != RK_OK)
    return status;
  const char *name = machine_name(bundle_machine(bundle)), *hash = bundle_hash(bundle);
  gboolean same = installed_already(desk, name, hash);
  if (!same) {
    g_autoptr(GPtrArray) registers =
        g_ptr_array_new_with_free_func((GDestroyNotify)store_register_free);
    g_autofree char *municipality = bundle_municipality(bundle);
    const char *title = machine_words(bundle_machine(bundle)).title;
    json_t *fields = json_pack("{s:s, s:s, s:s}", "bundle", hash, "title", title ? title : name,
                               "municipality", municipality);
    g_ptr_array_add(registers,
                    desk_register_new(REGISTER_PROCEDURE, name, "installed", fields, request->now));
    json_decref(fields);
    RkRequest own = *request;
    own.id = NULL;
    status = desk_commit_office(desk, &own, "install", "procedure.installed", registers,
                                (GPtrArray *)bundle_blobs(bundle), diags);
  }
  if (status == RK_OK && report)
    table_row(report, name, hash, same ? "unchanged" : "installed");
  return status;
}

RkStatus desk_install_files(RkDesk *desk, const RkRequest *request, const char *const *workflows,
                            RkTable *report, RkDiags *diags) {
  RkStatus status = RK_OK;
  for (guint i = 0; workflows[i] && status == RK_OK; i++)
    status = install_one(desk, request, workflows[i], report, diags);
  return status;
}
