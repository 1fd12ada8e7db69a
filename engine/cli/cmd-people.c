/* SPDX-License-Identifier: Apache-2.0 */
/* cmd-people.c - who may do what: operators, and the offices of the file. */
#include "config.h"

#include "cli/cli.h"

/* ----------------------------------------------------------------- operators */

static RkStatus run_operator_list(Cli *cli, int argc, char **argv) {
  RkTable *table = NULL;
  RkStatus status = RK_OK;
  if (!desk_command(cli, NULL, &argc, &argv, 0, 0, &status))
    return status;
  status = rk_operator_list(cli->desk, &table, cli->diags);
  return desk_table(cli, status, table, NULL, _("There is no operator."));
}

typedef RkStatus (*OperatorFunc)(RkDesk *desk, const RkRequest *request,
                                 const RkOperator *operator_, RkDiags *diags);

static RkStatus write_operator(Cli *cli, int argc, char **argv, OperatorFunc write) {
  g_autofree char *name = NULL, *roles = NULL, *from = NULL, *until = NULL;
  const GOptionEntry entries[] = {
      {"roles", 0, 0, G_OPTION_ARG_STRING, &roles,
       N_("all roles held; `administrator` for the office's own matters"), "R,…"},
      {"name", 0, 0, G_OPTION_ARG_STRING, &name, N_("the person's name"), "NAME"},
      {"from", 0, 0, G_OPTION_ARG_STRING, &from, N_("the first day; '' for none"), "DATE"},
      {"to", 0, 0, G_OPTION_ARG_STRING, &until, N_("the last day; '' for none"), "DATE"},
      {NULL}};
  RkStatus status = RK_OK;
  if (!desk_command(cli, entries, &argc, &argv, 1, 1, &status))
    return status;
  g_autofree char *folded = fold(roles);
  const RkOperator wanted = {argv[1], name, folded, from, until};
  RkRequest request = desk_request(cli);
  status = write(cli->desk, &request, &wanted, cli->diags);
  if (status == RK_OK)
    say_recorded(cli);
  return say_diags(cli, status);
}

static RkStatus run_operator_add(Cli *cli, int argc, char **argv) {
  return write_operator(cli, argc, argv, rk_operator_add);
}

static RkStatus run_operator_change(Cli *cli, int argc, char **argv) {
  return write_operator(cli, argc, argv, rk_operator_change);
}

static RkStatus run_operator_stop(Cli *cli, int argc, char **argv) {
  g_autofree char *on = NULL;
  const GOptionEntry entries[] = {
      {"on", 0, 0, G_OPTION_ARG_STRING, &on, N_("the last day; without it: at once"), "DATE"},
      {NULL}};
  RkStatus status = RK_OK;
  if (!desk_command(cli, entries, &argc, &argv, 1, 1, &status))
    return status;
  RkRequest request = desk_request(cli);
  status = rk_operator_stop(cli->desk, &request, argv[1], on, cli->diags);
  if (status == RK_OK)
    say_recorded(cli);
  return say_diags(cli, status);
}

const Command operator_commands[] = {
    {"list", "", N_("who may enter what"), "renkei operator list", run_operator_list, NULL},
    {"add", "USER --roles R,R [--name NAME] [--from DATE] [--to DATE]",
     N_("let a user of this computer work here"),
     "renkei operator add hanako --name '例示 花子' --roles association\n"
     "renkei operator add taro --roles association,administrator --from R9.4.1 --to R10.3.31",
     run_operator_add, NULL},
    {"change", "USER [--roles R,R] [--name NAME] [--from DATE] [--to DATE]",
     N_("change roles, name or days; what is not said stays"),
     "renkei operator change hanako --to R9.3.31\nrenkei operator change hanako --to ''",
     run_operator_change, NULL},
    {"stop", "USER [--on DATE]", N_("take all rights away, at once or after a last day"),
     "renkei operator stop hanako\nrenkei operator stop hanako --on R9.3.31", run_operator_stop,
     NULL},
    {NULL}};

/* ------------------------------------------------------------------- offices */

static RkStatus run_office_list(Cli *cli, int argc, char **argv) {
  RkTable *table = NULL;
  RkStatus status = RK_OK;
  if (!desk_command(cli, NULL, &argc, &argv, 0, 0, &status))
    return status;
  status = rk_office_list(cli->desk, &table, cli->diags);
  return desk_table(cli, status, table, NULL, _("You work for no office of this database."));
}

static RkStatus run_office_add(Cli *cli, int argc, char **argv) {
  g_autofree char *municipality = NULL, *roles = NULL, *user = NULL;
  const GOptionEntry entries[] = {
      {"municipality", 0, 0, G_OPTION_ARG_STRING, &municipality,
       N_("whose procedures are installed"), "M"},
      {"roles", 0, 0, G_OPTION_ARG_STRING, &roles, N_("the roles this office plays"), "R,…"},
      {"operator", 0, 0, G_OPTION_ARG_STRING, &user,
       N_("the user of this computer who is its first operator"), "USER"},
      {NULL}};
  RkStatus status = RK_OK;
  if (!desk_command(cli, entries, &argc, &argv, 1, 1, &status))
    return status;
  if (!municipality || !roles || !user)
    return say_error(cli, RK_USAGE,
                     _("the office's municipality, its roles or its first operator are not named"),
                     _("write: renkei office add NAME --municipality M --roles R,R --operator USER"));
  g_autofree char *folded = fold(roles);
  g_auto(GStrv) list = g_strsplit(folded, ",", -1);
  const RkDeskConfig config = {argv[1], municipality, (const char *const *)list, FALSE};
  RkRequest request = desk_request(cli);
  status = rk_office_add(cli->desk, &request, &config, user, cli->diags);
  if (status == RK_OK)
    say_recorded(cli);
  return say_diags(cli, status);
}

const Command office_commands[] = {
    {"list", "", N_("the offices you work for"), "renkei office list", run_office_list, NULL},
    {"add", "NAME --municipality M --roles R,R --operator USER",
     N_("a further office in this database; it and the others see nothing of each other"),
     "renkei office add kita-clinic --municipality NAME --roles member_institution --operator jiro",
     run_office_add, NULL},
    {NULL}};
