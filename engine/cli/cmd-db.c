/* SPDX-License-Identifier: Apache-2.0 */
/* cmd-db.c - the database file: copies, the way back, the way on to a newer version. */
#include "config.h"

#include "cli/cli.h"

static RkStatus run_db_backup(Cli *cli, int argc, char **argv) {
  g_autofree char *folder = NULL;
  int keep = 0;
  const GOptionEntry entries[] = {
      {"to", 0, 0, G_OPTION_ARG_FILENAME, &folder, N_("the folder of the copies"), "DIR"},
      {"keep", 0, 0, G_OPTION_ARG_INT, &keep, N_("how many copies stay; the oldest go"), "NUMBER"},
      {NULL}};
  RkTable *table = NULL;
  RkStatus status = RK_OK;
  if (!options_parse(cli, entries, &argc, &argv, 0, 0, &status))
    return status;
  if (!folder || keep < 0)
    return say_error(cli, RK_USAGE, _("the folder is not named, or the number is none"),
                     _("write: renkei db backup --to DIR [--keep NUMBER]"));
  status = desk_open(cli);
  if (status != RK_OK)
    return status;
  RkRequest request = desk_request(cli);
  status = rk_db_backup(cli->desk, &request, folder, (guint)keep, &table, cli->diags);
  return desk_table(cli, status, table, NULL, NULL);
}

static RkStatus run_db_restore(Cli *cli, int argc, char **argv) {
  g_autofree char *why = NULL;
  const GOptionEntry entries[] = {
      {"why", 0, 0, G_OPTION_ARG_STRING, &why, N_("a remark"), "TEXT"}, {NULL}};
  gint64 held = 0;
  RkStatus status = RK_OK;
  if (!options_parse(cli, entries, &argc, &argv, 1, 1, &status))
    return status;
  g_autofree char *path = desk_path(cli), *name = desk_operator(path);
  RkRequest request = desk_request(cli);
  request.why = why;
  if (cli->dry_run)
    return say_error(cli, RK_USAGE, _("restore has no --dry-run"),
                     _("it changes no existing file; name a new one with --db"));
  status = rk_db_restore(&cli->site, argv[1], path, name, &request, &held, cli->diags);
  g_autofree char *count = g_strdup_printf("%" G_GINT64_FORMAT, held);
  if (status == RK_OK)
    say(cli, _("Restored to %s: %s journal entries. To be sure of all of it: renkei verify"), path,
        count);
  return say_diags(cli, status);
}

static RkStatus run_db_migrate(Cli *cli, int argc, char **argv) {
  RkStatus status = RK_OK;
  if (!options_parse(cli, NULL, &argc, &argv, 0, 0, &status))
    return status;
  g_autofree char *path = desk_path(cli);
  status = cli->dry_run ? RK_OK : rk_db_migrate(path, cli->diags);
  if (status == RK_OK)
    say(cli, "%s", _("The database is of the present version."));
  return say_diags(cli, status);
}

static RkStatus run_db_paper_keys(Cli *cli, int argc, char **argv) {
  gboolean add = FALSE;
  const GOptionEntry entries[] = {
      {"new", 0, 0, G_OPTION_ARG_NONE, &add, N_("make a new key, which signs from now on"), NULL},
      {NULL}};
  RkTable *table = NULL;
  RkStatus status = RK_OK;
  if (!desk_command(cli, entries, &argc, &argv, 0, 0, &status))
    return status;
  RkRequest request = desk_request(cli);
  if (add)
    status = rk_paper_keys_add(cli->desk, &request, cli->diags);
  if (status == RK_OK && !(add && cli->dry_run))
    status = rk_paper_keys(cli->desk, &table, cli->diags);
  if (status == RK_OK && add)
    say_recorded(cli);
  return desk_table(cli, status, table, NULL, NULL);
}

const Command db_commands[] = {
    {"backup", "--to DIR [--keep NUMBER]", N_("a verified copy, made while others work"),
     "renkei db backup --to /media/backup/renkei --keep 5", run_db_backup, NULL},
    {"restore", "FILE", N_("make the database from a copy; it must not exist"),
     "renkei --db /var/lib/renkei/renkei.db db restore /media/backup/renkei/office-20261121T090000Z.db",
     run_db_restore, NULL},
    {"migrate", "", N_("bring a database of an earlier version to the present one"),
     "renkei db migrate", run_db_migrate, NULL},
    {"paper-keys", "[--new]", N_("the keys that the codes of printed pages are signed with"),
     "renkei db paper-keys\n"
     "renkei db paper-keys --new",
     run_db_paper_keys, NULL},
    {NULL}};
