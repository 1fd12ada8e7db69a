/* SPDX-License-Identifier: Apache-2.0 */
/* cmd-calendar.c - the days on which this office does not work. */
#include "config.h"

#include "cli/cli.h"

static RkStatus run_calendar_list(Cli *cli, int argc, char **argv) {
  RkTable *table = NULL;
  RkStatus status = RK_OK;
  if (!desk_command(cli, NULL, &argc, &argv, 0, 0, &status))
    return status;
  status = rk_calendar_list(cli->desk, &table, cli->diags);
  return desk_table(cli, status, table, NULL, _("No such day is known."));
}

static RkStatus set_day(Cli *cli, int argc, char **argv, gboolean closed) {
  RkStatus status = RK_OK;
  if (!options_parse(cli, NULL, &argc, &argv, 1, closed ? 2 : 1, &status))
    return status;
  status = desk_open(cli);
  if (status != RK_OK)
    return status;
  RkRequest request = desk_request(cli);
  status = rk_calendar_set(cli->desk, &request, argv[1], closed, argc > 2 ? argv[2] : NULL,
                           cli->diags);
  if (status == RK_OK)
    say(cli, "%s", cli->dry_run ? _("It could be recorded; nothing was changed (--dry-run).")
                                : _("Recorded."));
  return say_diags(cli, status);
}

static RkStatus run_calendar_close(Cli *cli, int argc, char **argv) {
  return set_day(cli, argc, argv, TRUE);
}

static RkStatus run_calendar_open(Cli *cli, int argc, char **argv) {
  return set_day(cli, argc, argv, FALSE);
}

const Command calendar_commands[] = {
    {"list", "", N_("national holidays and the closures of this office"), "renkei calendar list",
     run_calendar_list, NULL},
    {"close", "DAY [TITLE]", N_("the office does not work on a day"),
     "renkei calendar close 2026-12-29 年末の休み", run_calendar_close, NULL},
    {"open", "DAY", N_("the office works on it after all"), "renkei calendar open 2026-12-29",
     run_calendar_open, NULL},
    {NULL}};
