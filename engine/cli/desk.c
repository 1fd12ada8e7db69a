/* SPDX-License-Identifier: Apache-2.0 */
/*
 * desk.c - which database, whose hand, what time.
 *
 * The operator is the login name of the real uid. Behind sudo it is the person who
 * called it, but only when the database belongs to the account that runs: whoever owns
 * the file could write it anyway, so the variable gives nobody a right he lacks.
 */
#include "config.h"

#include "cli/cli.h"

#include <pwd.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

gint64 cli_now(const Cli *cli) {
  return cli->clock ? cli->clock : g_get_real_time();
}

char *desk_path(const Cli *cli) {
  const char *named = cli->db ? cli->db : g_getenv("RENKEI_DB");
  return named && *named ? g_strdup(named)
                         : g_build_filename(g_get_user_data_dir(), "renkei", "renkei.db", NULL);
}

static char *login_name(uid_t uid) {
  const struct passwd *entry = getpwuid(uid);
  return entry ? g_strdup(entry->pw_name) : g_strdup_printf("uid-%u", (unsigned)uid);
}

char *desk_operator(const char *path) {
  struct stat info;
  uid_t uid = getuid();
  const char *caller = g_getenv("SUDO_UID");
  gboolean ours = stat(path, &info) != 0 || info.st_uid == uid;
  guint64 calling = 0;
  if (caller && ours && g_ascii_string_to_unsigned(caller, 10, 0, G_MAXUINT32 - 1, &calling, NULL))
    return login_name((uid_t)calling);
  return login_name(uid);
}

RkStatus desk_open(Cli *cli) {
  if (cli->desk)
    return RK_OK;
  g_autofree char *path = desk_path(cli), *name = desk_operator(path);
  RkStatus status = rk_desk_open_office(&cli->desk, &cli->site, path, cli->office, name,
                                        cli->diags);
  if (status != RK_OK)
    return say_diags(cli, status);
  if (cli->clock && !rk_desk_is_exercise(cli->desk))
    return say_error(cli, RK_USAGE, _("--clock is for exercises; this database is a real one"),
                     _("leave it out; give the time of an event with --on"));
  rk_desk_at(cli->desk, cli_now(cli));
  return RK_OK;
}

gboolean desk_command(Cli *cli, const GOptionEntry *entries, int *argc, char ***argv, int min,
                      int max, RkStatus *status) {
  if (!options_parse(cli, entries, argc, argv, min, max, status))
    return FALSE;
  *status = desk_open(cli);
  return *status == RK_OK;
}

RkRequest desk_request(const Cli *cli) {
  return (RkRequest){.id = cli->request_id,
                     .not_my_number = cli->not_my_number, .now = cli_now(cli), .dry_run = cli->dry_run};
}

const char page_after[] = N_("go on after this one");
const char page_limit[] = N_("at most so many (50)");

void page_options_clear(PageOptions *options) {
  g_clear_pointer(&options->after, g_free);
}

RkPage page_asked(const PageOptions *options) {
  return (RkPage){.after = options->after,
                  .limit = options->limit > 0 ? (guint)options->limit : RK_PAGE};
}

RkStatus desk_page(Cli *cli, RkStatus status, RkTable *table, const RkPage *page, const char *key,
                   const char *columns, const char *empty) {
  guint rows = table ? rk_table_rows(table) : 0;
  g_autofree char *last = rows ? g_strdup(rk_table_get(table, rows - 1, key)) : NULL;
  status = desk_table(cli, status, table, columns, empty);
  if (page->more)
    say(cli, _("There is more: --after %s, or --limit."), last);
  return status;
}

RkStatus desk_table(Cli *cli, RkStatus status, RkTable *table, const char *columns,
                    const char *empty) {
  if (table)
    output_table(cli, table, columns, empty);
  rk_table_free(table);
  return say_diags(cli, status);
}
