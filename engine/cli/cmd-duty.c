/* SPDX-License-Identifier: Apache-2.0 */
/* cmd-duty.c - what the handbook demands beside its procedures. */
#include "config.h"

#include "cli/cli.h"

static RkStatus run_duty_list(Cli *cli, int argc, char **argv) {
  RkTable *table = NULL;
  RkStatus status = RK_OK;
  if (!desk_command(cli, NULL, &argc, &argv, 0, 0, &status))
    return status;
  status = rk_duty_list(cli->desk, &table, cli->diags);
  return desk_table(cli, status, table, "id kind title", _("There is no duty."));
}

static RkStatus run_duty_show(Cli *cli, int argc, char **argv) {
  RkTable *table = NULL;
  RkStatus status = RK_OK;
  if (!desk_command(cli, NULL, &argc, &argv, 1, 1, &status))
    return status;
  g_autofree char *id = fold(argv[1]);
  status = rk_duty_show(cli->desk, id, &table, cli->diags);
  return desk_table(cli, status, table, NULL, NULL);
}

static RkStatus run_duty_record(Cli *cli, int argc, char **argv) {
  g_autofree char *why = NULL, *on = NULL;
  const GOptionEntry entries[] = {
      {"on", 0, 0, G_OPTION_ARG_STRING, &on, N_("when it happened"), "TIME"},
      {"why", 0, 0, G_OPTION_ARG_STRING, &why, N_("what was done"), "TEXT"},
      {NULL}};
  RkStatus status = RK_OK;
  if (!desk_command(cli, entries, &argc, &argv, 1, 1, &status))
    return status;
  g_autofree char *id = fold(argv[1]);
  RkRequest request = desk_request(cli);
  request.why = why;
  if (on && !time_read(on, request.now, &request.happened))
    return say_error(cli, RK_USAGE, _("--on is not a time"),
                     _("write it like 2026-11-21, R8.11.21 or 2026-11-21T09:30:00+09:00"));
  status = rk_duty_record(cli->desk, &request, id, cli->diags);
  if (status == RK_OK)
    say(cli, "%s", cli->dry_run ? _("It could be recorded; nothing was changed (--dry-run).")
                                : _("Recorded."));
  return say_diags(cli, status);
}

const Command duty_commands[] = {
    {"list", "", N_("the duties of the handbook that are no procedures"), "renkei duty list",
     run_duty_list, NULL},
    {"show", "DUTY", N_("its words, and where it is enforced"),
     "renkei duty show system-officer", run_duty_show, NULL},
    {"record", "DUTY --why TEXT", N_("note in the journal that it was done"),
     "renkei duty record maintenance-outsourcing --why 契約書を確認", run_duty_record, NULL},
    {NULL}};
