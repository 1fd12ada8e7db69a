/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outbox.c - what waits to leave the building.
 *
 * queued → handing-over (committed before anything is written) → handed-over. A
 * transmission found in handing-over was interrupted: it becomes unknown, and a person
 * settles it; nothing is sent twice by itself. Papers that bear a signature, and those
 * we only hold as they came, are "by-hand": a person sends them and confirms.
 */
#include "base/date.h"
#include "base/table.h"
#include "base/words.h"
#include "case/deliver.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean settled(const char *state) {
  static const char *const final[] = {"confirmed", "cancelled", "noted", "received", NULL};
  return g_strv_contains(final, state);
}

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

static RkStatus add_row(RkDesk *desk, RkTable *table, const StoreTransmission *transmission,
                        RkDiags *diags) {
  g_autoptr(CaseFile) file = NULL;
  RkStatus status = casefile_load(&file, desk, transmission->case_id, diags);
  if (status != RK_OK)
    return status;
  const StorePaper *paper = paper_of(file, transmission);
  Form *form = paper ? bundle_form(file->bundle, paper->form) : NULL;
  g_autofree char *updated = time_to_iso(transmission->updated);
  table_row(table, transmission->id, file->record->number, paper ? paper->form : NULL,
            form ? form_title(form) : transmission->title, transmission->from,
            casefile_role_title(file, transmission->from), transmission->to,
            casefile_role_title(file, transmission->to), transmission->channel,
            transmission->state, updated);
  return RK_OK;
}

RkStatus rk_outbox_list(RkDesk *desk, const char *state, RkTable **out, RkDiags *diags) {
  g_autoptr(GPtrArray) all = NULL;
  g_autoptr(RkTable) table = outbox_table();
  *out = NULL;
  RkStatus status = desk_read(desk, "outbox", NULL, NULL, diags);
  if (status == RK_OK)
    status = store_load_transmissions(desk->store, NULL, "out", state, &all, diags);
  for (guint i = 0; status == RK_OK && i < all->len; i++) {
    const StoreTransmission *transmission = all->pdata[i];
    if (state || !settled(transmission->state))
      status = add_row(desk, table, transmission, diags);
  }
  if (status == RK_OK)
    *out = g_steal_pointer(&table);
  return status;
}

/* ---------------------------------------------------------------- settling */

/* The transmission with this id, or whose id begins so (at least 6 characters, one only). */
static RkStatus find(RkDesk *desk, const char *id, StoreTransmission **out, GPtrArray **all,
                     RkDiags *diags) {
  *out = NULL;
  RkStatus status = store_load_transmissions(desk->store, NULL, "out", NULL, all, diags);
  if (status != RK_OK)
    return status;
  guint matches = 0;
  for (guint i = 0; i < (*all)->len; i++) {
    StoreTransmission *transmission = (*all)->pdata[i];
    if (strlen(id) >= 6 && g_str_has_prefix(transmission->id, id)) {
      *out = transmission;
      matches++;
    }
  }
  if (matches == 1)
    return RK_OK;
  return diags_fail(diags, RK_NOT_FOUND, DIAG_TRANSMISSION_UNKNOWN, NULL, id, NULL);
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
  StoreTransmission *which = NULL;
  g_autoptr(GPtrArray) all = NULL;
  RkStatus status = find(desk, id, &which, &all, diags);
  return status == RK_OK ? settle(desk, request, which, result, diags) : status;
}

/* ------------------------------------------------------------- drop folder */

static RkStatus write_file(const char *path, GBytes *bytes, RkDiags *diags) {
  gsize length = 0;
  const char *data = g_bytes_get_data(bytes, &length);
  int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  gboolean good = fd >= 0;
  for (gsize done = 0; good && done < length;) {
    gssize n = write(fd, data + done, length - done);
    good = n > 0;
    done += good ? (gsize)n : 0;
  }
  good = good && fsync(fd) == 0;
  int error = errno;
  if (fd >= 0)
    close(fd);
  if (good)
    return RK_OK;
  return diags_fail(diags, RK_FAILED, DIAG_FILE_WRITE, NULL, path, g_strerror(error), NULL);
}

static RkStatus drop(RkDesk *desk, const StoreTransmission *which, const char *folder,
                     RkDiags *diags) {
  static const struct {
    RkFormat format;
    const char *suffix;
  } files[] = {{RK_FORMAT_TIFF, "tiff"}, {RK_FORMAT_PDF, "pdf"}};
  g_autoptr(CaseFile) file = NULL;
  RkStatus status = casefile_load(&file, desk, which->case_id, diags);
  const StorePaper *paper = status == RK_OK ? paper_of(file, which) : NULL;
  for (guint i = 0; paper && status == RK_OK && i < G_N_ELEMENTS(files); i++) {
    g_autoptr(GBytes) bytes = NULL;
    g_autofree char *name =
        g_strdup_printf("%s-%s-%s-%.8s.%s", file->record->number, paper->form, which->to,
                        which->id, files[i].suffix);
    g_autofree char *path = g_build_filename(folder, name, NULL);
    status = rk_form_print(desk, file->record->number, paper->form, files[i].format, &bytes, diags);
    if (status == RK_OK)
      status = write_file(path, bytes, diags);
  }
  return status;
}

/* One queued transmission into the folder; a failure is settled as such and reported. */
static RkStatus hand_over(RkDesk *desk, const RkRequest *request, const StoreTransmission *which,
                          const char *folder, RkTable *table, RkDiags *diags) {
  RkRequest own = *request;
  own.id = NULL;
  RkStatus status = settle(desk, &own, which, "handing-over", diags);
  if (status != RK_OK)
    return status;
  RkStatus dropped = drop(desk, which, folder, diags);
  const char *result = dropped == RK_OK ? "handed-over" : "failed";
  status = settle(desk, &own, which, result, diags);
  if (status == RK_OK)
    table_row(table, which->id, result);
  return status == RK_OK && dropped != RK_OK ? RK_PARTIAL : status;
}

RkStatus rk_outbox_run(RkDesk *desk, const RkRequest *request, const char *folder, RkTable **out,
                       RkDiags *diags) {
  g_autoptr(GPtrArray) queued = NULL, interrupted = NULL;
  g_autoptr(RkTable) table = table_new("handed_over", _("Handed over"));
  table_column(table, "id", _("Id"), RK_COLUMN_TEXT);
  table_column(table, "result", _("Result"), RK_COLUMN_TEXT);
  *out = NULL;
  RkStatus worst = RK_OK, status = desk_check_member(desk, diags);
  if (status == RK_OK && g_mkdir_with_parents(folder, 0700) != 0)
    return diags_fail(diags, RK_FAILED, DIAG_FILE_WRITE, NULL, folder, g_strerror(errno), NULL);
  if (status == RK_OK)
    status = store_load_transmissions(desk->store, NULL, "out", "handing-over", &interrupted, diags);
  if (status == RK_OK)
    status = store_load_transmissions(desk->store, NULL, "out", "queued", &queued, diags);
  for (guint i = 0; status == RK_OK && !request->dry_run && i < interrupted->len; i++) {
    const StoreTransmission *which = interrupted->pdata[i];
    status = settle(desk, request, which, "unknown", diags);
    table_row(table, which->id, "unknown");
  }
  for (guint i = 0; status == RK_OK && !request->dry_run && i < queued->len; i++) {
    status = hand_over(desk, request, queued->pdata[i], folder, table, diags);
    worst = status == RK_PARTIAL ? status : worst;
    status = status == RK_PARTIAL ? RK_OK : status;
  }
  if (status == RK_OK)
    *out = g_steal_pointer(&table);
  return status == RK_OK ? worst : status;
}
