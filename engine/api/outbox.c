/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outbox.c - what waits to leave the building.
 *
 * queued → handing-over (committed before anything is written) → handed-over. A
 * transmission found in handing-over was interrupted: it becomes unknown, and a person
 * settles it; nothing is sent twice by itself. Papers that bear a signature, and those
 * we only hold as they came, are "by-hand": a person sends them and confirms.
 */
#include "api/page.h"
#include "base/date.h"
#include "base/name.h"
#include "base/table.h"
#include "base/words.h"
#include "case/deliver.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What asks nobody for anything any more. */
static const char *const settled[] = {"confirmed", "cancelled", "noted", "received", NULL};

static RkTable *outbox_table(void) {
  RkTable *table = table_new("outbox", _("Outbox"));
  table_column(table, "id", _("Id"), RK_COLUMN_TEXT);
  table_column(table, "case", _("Case"), RK_COLUMN_TEXT);
  table_column(table, "form", _("Form"), RK_COLUMN_TEXT);
  table_column(table, "title", _("Title"), RK_COLUMN_TEXT);
  table_column(table, "from", _("Sender's role"), RK_COLUMN_TEXT);
  table_column(table, "from_title", _("From"), RK_COLUMN_TEXT);
  table_column(table, "to", _("Receiver's role"), RK_COLUMN_TEXT);
  table_column(table, "to_title", _("To"), RK_COLUMN_TEXT);
  table_column(table, "channel", _("Channel"), RK_COLUMN_TEXT);
  table_column(table, "state", _("State"), RK_COLUMN_TEXT);
  table_column(table, "updated", _("Updated"), RK_COLUMN_TIME);
  return table;
}

static const StorePaper *paper_of(const CaseFile *file, const StoreTransmission *transmission) {
  for (guint i = 0; i < file->papers->len; i++)
    if (g_strcmp0(((StorePaper *)file->papers->pdata[i])->id, transmission->paper_id) == 0)
      return file->papers->pdata[i];
  return NULL;
}

static RkStatus add_row(RkDesk *desk, RkTable *table, const StoreSent *row, RkDiags *diags) {
  const StoreTransmission *sent = row->sent;
  Bundle *bundle = NULL;
  RkStatus status = desk_bundle(desk, row->bundle, &bundle, diags);
  if (status != RK_OK)
    return status;
  const Form *form = row->form ? bundle_form(bundle, row->form) : NULL;
  g_autofree char *updated = time_to_iso(sent->updated);
  table_row(table, sent->id, row->case_number, row->form, form ? form_title(form) : sent->title,
            sent->from, bundle_role_title(bundle, sent->from), sent->to,
            bundle_role_title(bundle, sent->to), sent->channel, sent->state, updated);
  return RK_OK;
}

RkStatus rk_outbox_list(RkDesk *desk, const char *state, RkPage *page, RkTable **out,
                        RkDiags *diags) {
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(RkTable) table = outbox_table();
  const StoreSentFilter filter = {.direction = "out",
                                  .state = state,
                                  .but = settled,
                                  .after = page ? page->after : NULL,
                                  .limit = page_rows(page)};
  *out = NULL;
  RkStatus status = desk_read(desk, "outbox", NULL, NULL, diags);
  if (status == RK_OK)
    status = store_query_sent(desk->store, &filter, &rows, diags);
  if (status == RK_OK)
    page_cut(page, rows);
  for (guint i = 0; status == RK_OK && i < rows->len; i++)
    status = add_row(desk, table, rows->pdata[i], diags);
  if (status == RK_OK)
    *out = g_steal_pointer(&table);
  return status;
}

/* ---------------------------------------------------------------- settling */

/* The transmission with this id, or whose id begins so (at least 6 characters, one only). */
static RkStatus find(RkDesk *desk, const char *id, GPtrArray **found, RkDiags *diags) {
  RkStatus status = strlen(id) < 6 ? RK_NOT_FOUND
                                   : store_find_sent(desk->store, "out", id, 2, found, diags);
  if (status == RK_OK && (*found)->len == 1)
    return RK_OK;
  return status == RK_OK || status == RK_NOT_FOUND
             ? diags_fail(diags, RK_NOT_FOUND, DIAG_TRANSMISSION_UNKNOWN, NULL, id, NULL)
             : status;
}

static RkStatus settle(RkDesk *desk, const RkRequest *request, const StoreTransmission *which,
                       const char *result, RkDiags *diags) {
  g_auto(Delivered) delivered = {0};
  json_t *args = json_pack("{s:s, s:s}", "id", which->id, "result", result);
  RkStatus status = deliver(desk, request, which->case_id, "settle", result, args, &delivered, diags);
  json_decref(args);
  return status;
}

RkStatus rk_outbox_settle(RkDesk *desk, const RkRequest *request, const char *id,
                          const char *result, RkDiags *diags) {
  g_autoptr(GPtrArray) found = NULL;
  RkStatus status = find(desk, id, &found, diags);
  return status == RK_OK ? settle(desk, request, found->pdata[0], result, diags) : status;
}

/* ------------------------------------------------------------- drop folder */

/* A file on its way into the folder: its final name is given only to what is complete. */
typedef struct {
  char *path, *part; /* "x.tiff", ".x.tiff.part" */
} Drop;

static void drop_free(gpointer data) {
  Drop *file = data;
  unlink(file->part); /* gone already if all went well */
  g_free(file->path);
  g_free(file->part);
  g_free(file);
}

static Drop *drop_new(const char *folder, char *name) {
  Drop *file = g_new0(Drop, 1);
  g_autofree char *hidden = g_strdup_printf(".%s.part", name);
  file->path = g_build_filename(folder, name, NULL);
  file->part = g_build_filename(folder, hidden, NULL);
  g_free(name);
  unlink(file->part); /* of an interrupted run */
  return file;
}

static RkStatus write_file(const Drop *file, GBytes *bytes, RkDiags *diags) {
  gsize length = 0;
  const void *data = g_bytes_get_data(bytes, &length);
  errno = EEXIST;
  if (!g_file_test(file->path, G_FILE_TEST_EXISTS) && name_write(file->part, data, length))
    return RK_OK;
  return diags_fail(diags, RK_FAILED, DIAG_FILE_WRITE, NULL, file->path, g_strerror(errno), NULL);
}

/* Both files in full, under names that no FAX program looks at. */
static RkStatus prepare(RkDesk *desk, const StoreTransmission *which, const char *folder,
                        GPtrArray *files, RkDiags *diags) {
  static const struct {
    RkFormat format;
    const char *suffix;
  } kinds[] = {{RK_FORMAT_TIFF, "tiff"}, {RK_FORMAT_PDF, "pdf"}};
  g_autoptr(CaseFile) file = NULL;
  RkStatus status = casefile_load(&file, desk, which->case_id, diags);
  const StorePaper *paper = status == RK_OK ? paper_of(file, which) : NULL;
  for (guint i = 0; paper && status == RK_OK && i < G_N_ELEMENTS(kinds); i++) {
    g_autoptr(GBytes) bytes = NULL;
    Drop *drop = drop_new(folder, g_strdup_printf("%s-%s-%s-%.8s.%s", file->record->number,
                                                  paper->form, which->to, which->id,
                                                  kinds[i].suffix));
    g_ptr_array_add(files, drop);
    status = rk_form_print(desk, file->record->number, paper->form, kinds[i].format, &bytes, diags);
    if (status == RK_OK)
      status = write_file(drop, bytes, diags);
  }
  return status;
}

/* What became of a transmission: handed-over, failed while nothing was to be seen of it, or
 * unknown when part of it may have been taken. */
static const char *drop(RkDesk *desk, const StoreTransmission *which, const char *folder,
                        RkDiags *diags) {
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(drop_free);
  if (prepare(desk, which, folder, files, diags) != RK_OK)
    return "failed";
  for (guint i = 0; i < files->len; i++) {
    const Drop *file = files->pdata[i];
    if (name_give(file->part, file->path) && name_sync(file->path))
      continue;
    diags_add(diags, DIAG_FILE_WRITE, NULL, file->path, g_strerror(errno), NULL);
    return i || !g_file_test(file->part, G_FILE_TEST_EXISTS) ? "unknown" : "failed";
  }
  return "handed-over";
}

/* One queued transmission into the folder; a failure is settled as such and reported. */
static RkStatus hand_over(RkDesk *desk, const RkRequest *request, const StoreTransmission *which,
                          const char *folder, RkTable *table, RkDiags *diags) {
  RkStatus status = settle(desk, request, which, "handing-over", diags);
  if (status != RK_OK)
    return status;
  const char *result = drop(desk, which, folder, diags);
  status = settle(desk, request, which, result, diags);
  if (status == RK_OK)
    table_row(table, which->id, result);
  return status == RK_OK && !g_str_equal(result, "handed-over") ? RK_PARTIAL : status;
}

/* What lies there is removed when its case is disposed of. */
static RkStatus note_folder(RkDesk *desk, const RkRequest *request, const char *folder,
                            RkDiags *diags) {
  g_autofree char *path = g_canonicalize_filename(folder, NULL);
  json_t *known = desk_register_entry(desk, REGISTER_DROP, path), *fields = json_object();
  g_autoptr(GPtrArray) registers =
      g_ptr_array_new_with_free_func((GDestroyNotify)store_register_free);
  g_ptr_array_add(registers, desk_register_new(REGISTER_DROP, path, "used", fields, request->now));
  RkStatus status = known ? RK_OK
                          : desk_commit_office(desk, request, "office", "drop-folder.used", registers,
                                               NULL, diags);
  json_decref(known);
  json_decref(fields);
  return status;
}

RkStatus rk_outbox_run(RkDesk *desk, const RkRequest *request, const char *folder, RkTable **out,
                       RkDiags *diags) {
  g_autoptr(GPtrArray) queued = NULL, interrupted = NULL;
  g_autoptr(RkTable) table = table_new("handed_over", _("Handed over"));
  table_column(table, "id", _("Id"), RK_COLUMN_TEXT);
  table_column(table, "result", _("Result"), RK_COLUMN_TEXT);
  *out = NULL;
  RkRequest own = *request;
  own.id = NULL; /* each transmission is settled by a request of its own */
  RkStatus worst = RK_OK, status = desk_check_clerk(desk, diags);
  if (status == RK_OK && g_mkdir_with_parents(folder, 0700) != 0)
    return diags_fail(diags, RK_FAILED, DIAG_FILE_WRITE, NULL, folder, g_strerror(errno), NULL);
  if (status == RK_OK)
    status = store_load_transmissions(desk->store, NULL, "out", "handing-over", &interrupted, diags);
  if (status == RK_OK)
    status = store_load_transmissions(desk->store, NULL, "out", "queued", &queued, diags);
  if (status == RK_OK && queued->len && !request->dry_run)
    status = note_folder(desk, &own, folder, diags);
  for (guint i = 0; status == RK_OK && !request->dry_run && i < interrupted->len; i++) {
    const StoreTransmission *which = interrupted->pdata[i];
    status = settle(desk, &own, which, "unknown", diags);
    if (status == RK_OK)
      table_row(table, which->id, "unknown");
  }
  for (guint i = 0; status == RK_OK && !request->dry_run && i < queued->len; i++) {
    status = hand_over(desk, &own, queued->pdata[i], folder, table, diags);
    worst = status == RK_PARTIAL ? status : worst;
    status = status == RK_PARTIAL ? RK_OK : status;
  }
  if (status == RK_OK)
    *out = g_steal_pointer(&table);
  return status == RK_OK ? worst : status;
}
