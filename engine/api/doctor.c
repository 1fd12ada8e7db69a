/* SPDX-License-Identifier: Apache-2.0 */
/* doctor.c - is this place fit for work? Each check says what to do when it is not. */
#include "api/print.h"
#include "base/table.h"
#include "base/words.h"
#include "case/pagekeys.h"

#include <langinfo.h>
#include <string.h>
#include <sys/statvfs.h>

#define SPACE_WANTED (64u << 20)

static void say(RkTable *table, const char *check, const char *result, const char *detail,
                const char *remedy) {
  table_row(table, check, result, detail, remedy);
}

/* A check whose faults are diagnostics: a row for each, or one "ok". */
static void say_diags(RkTable *table, const char *check, RkDiags *found) {
  for (guint i = 0; i < rk_diags_count(found); i++) {
    const RkDiag *diag = rk_diags_get(found, i);
    say(table, check, diag->level == RK_LEVEL_ERROR ? "error" : "warning", diag->message,
        diag->remedy);
  }
  if (!rk_diags_count(found))
    say(table, check, "ok", NULL, NULL);
}

static void check_locale(RkTable *table) {
  const char *codeset = nl_langinfo(CODESET);
  gboolean good = g_ascii_strcasecmp(codeset, "UTF-8") == 0;
  say(table, _("locale"), good ? "ok" : "warning", codeset,
      good ? NULL : _("set LANG to a UTF-8 locale, e.g. C.UTF-8"));
}

static void check_fonts(RkTable *table, const RkSite *site) {
  g_autoptr(RkDiags) found = rk_diags_new();
  const RenderOps *ops = NULL;
  RenderOptions options = {.datadir = site->datadir};
  if (print_module_load(site, &ops, found) == RK_OK)
    ops->check_fonts(&options, found);
  say_diags(table, _("printing"), found);
}

static void check_disk(RkTable *table, const char *path) {
  g_autofree char *folder = g_path_get_dirname(path);
  struct statvfs info;
  if (statvfs(folder, &info) != 0) {
    say(table, _("disk"), "error", folder, _("make the folder, or name another with --db"));
    return;
  }
  guint64 free_bytes = (guint64)info.f_bavail * info.f_frsize;
  g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT " MiB", free_bytes >> 20);
  gboolean good = free_bytes >= SPACE_WANTED;
  say(table, _("disk"), good ? "ok" : "error", text,
      good ? NULL : _("free some space: the database must never meet a full disk"));
}

typedef struct {
  RkDesk *desk;
  RkTable *table;
  GHashTable *seen;
} SettingCheck;

static void check_setting(const char *key, const char *label, gpointer user) {
  SettingCheck *check = user;
  if (!g_hash_table_add(check->seen, g_strdup(key)))
    return;
  g_autofree char *value = desk_setting(check->desk, key);
  g_autofree char *remedy = g_strdup_printf(_("no handbook states it; set it: renkei config set %s VALUE"), key);
  g_autofree char *detail = g_strdup_printf("%s (%s)", key, label);
  say(check->table, _("setting"), value ? "ok" : "warning", detail, value ? NULL : remedy);
}

static void check_settings(RkTable *table, RkDesk *desk) {
  g_autoptr(GPtrArray) entries = NULL;
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  SettingCheck check = {desk, table, seen};
  if (store_load_register(desk->store, REGISTER_PROCEDURE, NULL, &entries, NULL) != RK_OK)
    return;
  for (guint i = 0; i < entries->len; i++) {
    Bundle *bundle = NULL;
    if (desk_procedure(desk, ((StoreRegister *)entries->pdata[i])->key, &bundle, NULL) != RK_OK)
      continue;
    const GPtrArray *forms = bundle_forms(bundle);
    for (guint k = 0; k < forms->len; k++)
      form_each_setting(forms->pdata[k], check_setting, &check);
  }
}

static void check_clock(RkTable *table, RkDesk *desk) {
  gint64 seq = 0, entered = 0;
  Hash head;
  if (store_journal_head(desk->store, &seq, &head, &entered, NULL) != RK_OK || seq < 1)
    return;
  gboolean good = desk->exercise || entered <= g_get_real_time();
  say(table, _("clock"), good ? "ok" : "error", NULL,
      good ? NULL : _("the clock is behind the journal's last entry; correct it before going on"));
}

/* Papers cannot be printed without the keys that lie beside the database. */
static void check_keys(RkTable *table, RkDesk *desk) {
  g_autoptr(RkDiags) found = rk_diags_new();
  g_autoptr(PaperKeys) keys = NULL;
  pagekeys_read(desk, &keys, found);
  say_diags(table, _("keys of pages"), found);
}

static void check_database(RkTable *table, const RkSite *site, const char *path,
                           const char *office, const char *operator_) {
  g_autoptr(RkDiags) found = rk_diags_new();
  g_autoptr(RkDesk) desk = NULL;
  RkStatus status = rk_desk_open_office(&desk, site, path, office, operator_, found);
  if (status == RK_OK)
    rk_desk_at(desk, g_get_real_time());
  if (status == RK_OK)
    status = desk_check_member(desk, found);
  say_diags(table, _("database"), found);
  if (status != RK_OK)
    return;
  check_clock(table, desk);
  check_keys(table, desk);
  check_settings(table, desk);
}

RkStatus rk_doctor(const RkSite *site, const char *path, const char *office,
                   const char *operator_, RkTable **out, RkDiags *diags) {
  RkTable *table = table_new("checks", _("Checks"));
  (void)diags;
  table_column(table, "check", _("Check"), RK_COLUMN_TEXT);
  table_column(table, "result", _("Result"), RK_COLUMN_TEXT);
  table_column(table, "detail", _("Detail"), RK_COLUMN_TEXT);
  table_column(table, "remedy", _("Remedy"), RK_COLUMN_TEXT);
  check_locale(table);
  check_fonts(table, site);
  if (path) {
    check_disk(table, path);
    check_database(table, site, path, office, operator_);
  }
  *out = table;
  for (guint i = 0; i < rk_table_rows(table); i++)
    if (g_strcmp0(rk_table_get(table, i, "result"), "error") == 0)
      return RK_FAILED;
  return RK_OK;
}
