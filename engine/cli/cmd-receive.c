/* SPDX-License-Identifier: Apache-2.0 */
/* cmd-receive.c - papers that came back, and the pages among them that wait for a person. */
#include "config.h"

#include "cli/cli.h"

#define PAGE_COLUMNS "file page state reason case paper sheet id"
#define PAPER_COLUMNS "case papers state command"
#define TRAY_COLUMNS "id since reason number sheet"

static guint count_state(const RkTable *pages, const char *state) {
  guint count = 0;
  for (guint i = 0; i < rk_table_rows(pages); i++)
    count += g_strcmp0(rk_table_get(pages, i, "state"), state) == 0;
  return count;
}

static void say_sum(const Cli *cli, const RkTable *pages) {
  guint tray = count_state(pages, "tray");
  if (!rk_table_rows(pages))
    return;
  say(cli, _("Pages: %u; beside their papers: %u; in the tray: %u; blank: %u."), rk_table_rows(pages),
      count_state(pages, "filed"), tray, count_state(pages, "blank"));
  if (tray)
    say(cli, "%s", _("What waits in the tray: renkei tray list"));
  if (cli->dry_run)
    say(cli, "%s", _("This is what would happen; nothing was changed (--dry-run)."));
}

static RkStatus say_tables(Cli *cli, const char *id, RkStatus status, GPtrArray *tables,
                           const char *columns, const char *single) {
  RkStatus shown = tables ? output_tables(cli, id, tables, columns, single) : RK_OK;
  status = say_diags(cli, status);
  return shown == RK_OK ? status : shown;
}

RkStatus run_receive(Cli *cli, int argc, char **argv) {
  g_autofree char *channel = NULL;
  RkArrival arrival = {0};
  const GOptionEntry entries[] = {
      {"channel", 0, 0, G_OPTION_ARG_STRING, &channel, N_("how they came"), "CHANNEL"},
      {"apply", 0, 0, G_OPTION_ARG_NONE, &arrival.apply,
       N_("enter what the papers make possible"), NULL},
      {NULL}};
  RkStatus status = RK_OK;
  g_autoptr(GPtrArray) tables = NULL;
  if (!desk_command(cli, entries, &argc, &argv, 1, G_MAXINT, &status))
    return status;
  status = output_check_tables(cli);
  if (status != RK_OK)
    return status;
  RkRequest request = desk_request(cli);
  arrival.channel = channel;
  status = rk_receive(cli->desk, &request, (const char *const *)argv + 1, &arrival, &tables, cli->diags);
  status = say_tables(cli, "receive", status, tables,
                      "pages: " PAGE_COLUMNS "; papers: " PAPER_COLUMNS, NULL);
  if (tables)
    say_sum(cli, tables->pdata[0]);
  return status;
}

/* ------------------------------------------------------------------------- tray */

static RkStatus run_tray_list(Cli *cli, int argc, char **argv) {
  g_auto(PageOptions) options = {0};
  const GOptionEntry entries[] = {PAGE_OPTIONS(options), {NULL}};
  RkTable *table = NULL;
  RkStatus status = RK_OK;
  if (!desk_command(cli, entries, &argc, &argv, 0, 0, &status))
    return status;
  RkPage page = page_asked(&options);
  status = rk_tray_list(cli->desk, &page, &table, cli->diags);
  return desk_page(cli, status, table, &page, "id", TRAY_COLUMNS, _("The tray is empty."));
}

static RkStatus write_picture(Cli *cli, const char *id, const char *path) {
  g_autoptr(GBytes) picture = NULL;
  RkStatus status = file_check_target(cli, path);
  if (status == RK_OK)
    status = say_diags(cli, rk_tray_picture(cli->desk, id, &picture, cli->diags));
  return status == RK_OK ? file_write(cli, path, picture) : status;
}

static RkStatus run_tray_show(Cli *cli, int argc, char **argv) {
  g_autofree char *path = NULL;
  const GOptionEntry entries[] = {
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &path, N_("write its picture (PNG) here"), "FILE.png"},
      {NULL}};
  RkStatus status = RK_OK;
  g_autoptr(GPtrArray) tables = NULL;
  if (!desk_command(cli, entries, &argc, &argv, 1, 1, &status))
    return status;
  g_autofree char *id = fold(argv[1]);
  if (path)
    return write_picture(cli, id, path);
  status = rk_tray_show(cli->desk, id, cli_now(cli), &tables, cli->diags);
  return say_tables(cli, "tray", status, tables, NULL, "page");
}

static RkStatus run_tray_match(Cli *cli, int argc, char **argv) {
  const GOptionEntry entries[] = {{NULL}};
  RkTable *table = NULL;
  RkStatus status = RK_OK;
  if (!desk_command(cli, entries, &argc, &argv, 2, 3, &status))
    return status;
  g_autofree char *id = fold(argv[1]), *number = fold(argv[2]);
  g_autofree char *form = argc > 3 ? fold(argv[3]) : NULL;
  RkRequest request = desk_request(cli);
  status = rk_tray_match(cli->desk, &request, id, number, form, &table, cli->diags);
  status = desk_table(cli, status, table, PAPER_COLUMNS, NULL);
  if (status == RK_OK)
    say_recorded(cli);
  return status;
}

static RkStatus run_tray_reject(Cli *cli, int argc, char **argv) {
  g_autofree char *why = NULL;
  const GOptionEntry entries[] = {
      {"why", 0, 0, G_OPTION_ARG_STRING, &why, N_("what became of it"), "TEXT"}, {NULL}};
  RkStatus status = RK_OK;
  if (!desk_command(cli, entries, &argc, &argv, 1, 1, &status))
    return status;
  g_autofree char *id = fold(argv[1]);
  RkRequest request = desk_request(cli);
  request.why = why;
  if (why && !cli->dry_run && !cli->yes)
    status = prompt_confirm(cli, _("Erase the picture of this page for good? [y/N]"));
  if (status != RK_OK)
    return status;
  status = rk_tray_reject(cli->desk, &request, id, cli->diags);
  if (status == RK_OK)
    say_recorded(cli);
  return say_diags(cli, status);
}

const Command tray_commands[] = {
    {"list", "", N_("the pages that wait, and why"), "renkei tray list", run_tray_list, NULL},
    {"show", "ID [-o FILE.png]", N_("one page: where it could belong, its picture"),
     "renkei tray show 3fa21b\nrenkei tray show 3fa21b -o page.png", run_tray_show, NULL},
    {"match", "ID CASE FORM | ID NUMBER", N_("it belongs to this paper"),
     "renkei tray match 3fa21b R8-0012 fj-3\nrenkei tray match 3fa21b R8-0012/FJ-3-1-7K", run_tray_match,
     NULL},
    {"reject", "ID --why TEXT", N_("it is none of ours; its picture is erased"),
     "renkei tray reject 3fa21b --why 誤送信のため返送", run_tray_reject, NULL},
    {NULL}};
