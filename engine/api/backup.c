/* SPDX-License-Identifier: Apache-2.0 */
/*
 * backup.c - generations of copies, and the way back.
 *
 * A copy is named by office and time. Each is noted in the register "backup" with what it holds, so
 * that it is known later which copies still hold what was disposed of. It is noted before there is
 * anything of it ("making"): whatever a killed run leaves in the folder is in the register, and goes with
 * the next run. Copies beyond the wanted number go only after a new one is complete and verified.
 */
#include "base/date.h"
#include "base/table.h"
#include "base/words.h"
#include "case/checkpoint.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static RkTable *report_table(void) {
  RkTable *table = table_new("backups", _("Backups"));
  table_column(table, "file", _("File"), RK_COLUMN_TEXT);
  table_column(table, "entries", _("Journal entries"), RK_COLUMN_NUMBER);
  table_column(table, "result", _("Result"), RK_COLUMN_TEXT);
  return table;
}

static RkStatus note(RkDesk *desk, const RkRequest *request, const char *folder, const char *name,
                     const char *state, const char *event, gint64 entries, RkDiags *diags) {
  g_autofree char *count = g_strdup_printf("%" G_GINT64_FORMAT, entries);
  g_autoptr(GPtrArray) registers =
      g_ptr_array_new_with_free_func((GDestroyNotify)store_register_free);
  g_autofree char *whole = g_canonicalize_filename(folder, NULL); /* a certificate may name it */
  json_t *fields = json_pack("{s:s, s:s}", "entries", count, "folder", whole);
  RkRequest own = *request;
  g_ptr_array_add(registers, desk_register_new(REGISTER_BACKUP, name, state, fields, request->now));
  json_decref(fields);
  own.id = NULL;
  return desk_commit_office(desk, &own, "office", event, registers, NULL, diags);
}

/* "office-20261121T090000Z.db" */
static char *file_name(const RkDesk *desk, gint64 now) {
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(now / TIME_SECOND);
  g_autofree char *stamp = g_date_time_format(time, "%Y%m%dT%H%M%SZ");
  return g_strdup_printf("%s-%s.db", store_office(desk->store), stamp);
}

static gboolean is_folder(const json_t *fields, const char *folder) {
  const char *noted = json_string_value(json_object_get(fields, "folder"));
  g_autofree char *one = g_canonicalize_filename(noted ? noted : "", NULL);
  g_autofree char *other = g_canonicalize_filename(folder, NULL);
  return noted && g_str_equal(one, other);
}

/* That of this second, or of the next that no copy in another folder bears: the register knows each by its
 * name. g_free. */
static char *free_name(RkDesk *desk, const char *folder, gint64 now) {
  for (;; now += TIME_SECOND) {
    g_autofree char *name = file_name(desk, now);
    json_t *entry = desk_register_entry(desk, REGISTER_BACKUP, name);
    gboolean taken = entry && !is_folder(json_object_get(entry, "fields"), folder);
    json_decref(entry);
    if (!taken)
      return g_steal_pointer(&name);
  }
}

static gboolean is_copy(const RkDesk *desk, const char *name) {
  g_autofree char *prefix = g_strconcat(store_office(desk->store), "-", NULL);
  if (!g_str_has_prefix(name, prefix))
    return FALSE;
  const char *stamp = name + strlen(prefix);
  return strlen(stamp) == strlen("20261121T090000Z.db") && g_str_has_suffix(stamp, "Z.db") &&
         strspn(stamp, "0123456789T") == strlen("20261121T090000");
}

static int by_name(gconstpointer a, gconstpointer b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static GPtrArray *copies_in(const RkDesk *desk, const char *folder) {
  GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));)
    if (is_copy(desk, name))
      g_ptr_array_add(names, g_strdup(name));
  g_ptr_array_sort(names, by_name);
  return names;
}

/* The oldest go. What cannot be removed is reported, and stays noted as held. */
static RkStatus remove_old(RkDesk *desk, const RkRequest *request, const char *folder, guint keep,
                           RkTable *report, RkDiags *diags) {
  g_autoptr(GPtrArray) names = copies_in(desk, folder);
  RkStatus status = RK_OK;
  for (guint i = 0; status == RK_OK && i + keep < names->len; i++) {
    g_autofree char *path = g_build_filename(folder, names->pdata[i], NULL);
    gboolean gone = g_unlink(path) == 0;
    if (gone)
      status = note(desk, request, folder, names->pdata[i], "removed", "backup.removed", 0, diags);
    table_row(report, path, NULL, gone ? "removed" : "kept");
  }
  return status;
}

/* What is not yet a copy bears its name and "-new-PID"; TRUE while that process lives. */
static gboolean is_at_work(const char *name) {
  const char *pid = g_strrstr(name, "-new-");
  gint64 number = pid ? g_ascii_strtoll(pid + strlen("-new-"), NULL, 10) : 0;
  return number > 0 && (kill((pid_t)number, 0) == 0 || errno == EPERM);
}

/* Remove what a run that was killed left of the copy `name`; FALSE when it is still being made. */
static gboolean clear_rest(const char *folder, const char *name) {
  g_autofree char *prefix = g_strconcat(name, "-new-", NULL);
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  for (const char *found; dir && (found = g_dir_read_name(dir));) {
    g_autofree char *path = g_build_filename(folder, found, NULL);
    if (!g_str_has_prefix(found, prefix))
      continue;
    if (is_at_work(found))
      return FALSE;
    g_unlink(path);
  }
  return TRUE;
}

/* Copies that were begun here and never noted as made: what lies there of them goes. */
static RkStatus clear_unfinished(RkDesk *desk, const RkRequest *request, const char *folder,
                                 RkDiags *diags) {
  g_autoptr(GPtrArray) all = NULL;
  RkStatus status = store_load_register(desk->store, REGISTER_BACKUP, NULL, &all, diags);
  for (guint i = 0; status == RK_OK && i < all->len; i++) {
    const StoreRegister *copy = all->pdata[i];
    json_t *fields = json_loads(copy->fields, 0, NULL);
    gboolean here = is_folder(fields, folder);
    g_autofree char *path = g_build_filename(folder, copy->key, NULL);
    json_decref(fields);
    if (!here || !g_str_equal(copy->state, "making") || !clear_rest(folder, copy->key))
      continue;
    if (g_unlink(path) == 0 || errno == ENOENT)
      status = note(desk, request, folder, copy->key, "removed", "backup.removed", 0, diags);
  }
  return status;
}

/* Noted with the number of the note itself: the copy will hold no less. */
static RkStatus announce(RkDesk *desk, const RkRequest *request, const char *folder,
                         const char *name, RkDiags *diags) {
  gint64 seq = 0;
  Hash head;
  RkStatus status = store_journal_head(desk->store, &seq, &head, NULL, diags);
  return status == RK_OK
             ? note(desk, request, folder, name, "making", "backup.begun", seq + 1, diags)
             : status;
}

/* Asked for twice in one second, or again by whoever did not hear the answer. */
static RkStatus answer_again(RkDesk *desk, const char *path, const char *name, RkTable *report,
                             RkDiags *diags) {
  json_t *entry = desk_register_entry(desk, REGISTER_BACKUP, name);
  const json_t *fields = json_object_get(entry, "fields");
  gboolean made = g_strcmp0(json_string_value(json_object_get(entry, "state")), "made") == 0;
  if (made)
    table_row(report, path, json_string_value(json_object_get(fields, "entries")), "made");
  json_decref(entry);
  return made ? RK_OK : diags_fail(diags, RK_CONFLICT, DIAG_DB_EXISTS, NULL, path, NULL);
}

static RkStatus copy_to(RkDesk *desk, const RkRequest *request, const char *folder, RkTable *report,
                        RkDiags *diags) {
  StoreVerify found;
  g_autofree char *name = free_name(desk, folder, request->now);
  g_autofree char *path = g_build_filename(folder, name, NULL);
  if (request->dry_run) {
    table_row(report, path, NULL, "-");
    return RK_OK;
  }
  if (g_file_test(path, G_FILE_TEST_EXISTS))
    return answer_again(desk, path, name, report, diags);
  RkStatus status = announce(desk, request, folder, name, diags);
  if (status != RK_OK)
    return status;
  status = store_copy(desk->store, path, &found, diags);
  if (status != RK_OK) {
    note(desk, request, folder, name, "removed", "backup.failed", 0, NULL); /* or with the next run */
    return status;
  }
  status = note(desk, request, folder, name, "made", "backup.made", found.journal_entries, diags);
  if (status != RK_OK)
    return status;
  g_autofree char *entries = g_strdup_printf("%" G_GINT64_FORMAT, found.journal_entries);
  table_row(report, path, entries, "made");
  return RK_OK;
}

RkStatus rk_db_backup(RkDesk *desk, const RkRequest *request, const char *folder, guint keep,
                      RkTable **out, RkDiags *diags) {
  g_autoptr(RkTable) report = report_table();
  *out = NULL;
  RkStatus status = desk_lead_file(desk, "backup", request->now, diags);
  if (status == RK_OK && !g_file_test(folder, G_FILE_TEST_IS_DIR))
    status = diags_fail(diags, RK_FAILED, DIAG_COPY_FOLDER, NULL, folder, NULL);
  if (status == RK_OK && !request->dry_run)
    status = clear_unfinished(desk, request, folder, diags);
  if (status == RK_OK)
    status = checkpoint_before(desk, request, diags);
  if (status == RK_OK)
    status = copy_to(desk, request, folder, report, diags);
  if (status == RK_OK && keep && !request->dry_run)
    status = remove_old(desk, request, folder, keep, report, diags);
  if (status == RK_OK)
    *out = g_steal_pointer(&report);
  return status;
}

static RkStatus note_restored(const RkSite *site, const char *path, const char *operator_,
                              const RkRequest *request, RkDiags *diags) {
  g_autoptr(RkDesk) desk = NULL;
  RkStatus status = desk_open_first(&desk, site, path, operator_, diags);
  if (status == RK_OK)
    status = desk_commit_office(desk, request, "office", "database.restored", NULL, NULL, diags);
  return status;
}

/* It bears its name only when its journal says where it comes from: nobody can ask for that again. */
RkStatus rk_db_restore(const RkSite *site, const char *from, const char *path,
                       const char *operator_, const RkRequest *request, gint64 *entries,
                       RkDiags *diags) {
  StoreVerify found;
  g_autofree char *made = g_strdup_printf("%s-restored-%d", path, (int)getpid());
  if (g_file_test(path, G_FILE_TEST_EXISTS))
    return diags_fail(diags, RK_CONFLICT, DIAG_DB_EXISTS, NULL, path, NULL);
  RkStatus status = store_restore(from, made, &found, diags);
  if (status != RK_OK)
    return status;
  *entries = found.journal_entries;
  status = note_restored(site, made, operator_, request, diags);
  if (status == RK_OK)
    status = store_publish(made, path, diags);
  if (status != RK_OK)
    store_discard(made);
  return status;
}

RkStatus rk_db_migrate(const char *path, RkDiags *diags) {
  return store_migrate(path, diags);
}
