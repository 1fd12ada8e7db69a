/* SPDX-License-Identifier: Apache-2.0 */
/* cmd-contact.c - the address book: to which FAX numbers papers go. */
#include "config.h"

#include "cli/cli.h"

#include <string.h>

static RkStatus run_contact_list(Cli *cli, int argc, char **argv) {
  g_auto(PageOptions) options = {0};
  const GOptionEntry entries[] = {PAGE_OPTIONS(options), {NULL}};
  RkTable *table = NULL;
  RkStatus status = RK_OK;
  if (!desk_command(cli, entries, &argc, &argv, 0, 0, &status))
    return status;
  RkPage page = page_asked(&options);
  status = rk_contact_list(cli->desk, &page, &table, cli->diags);
  return desk_page(cli, status, table, &page, "key", NULL, _("There is no FAX number."));
}

typedef RkStatus (*ContactFunc)(RkDesk *desk, const RkRequest *request, const char *role,
                                const char *party, const char *number, RkDiags *diags);

/* ROLE [PARTY] NUMBER; "-" reads the number. */
static RkStatus write_number(Cli *cli, int argc, char **argv, ContactFunc write) {
  RkStatus status = RK_OK;
  if (!desk_command(cli, NULL, &argc, &argv, 2, 3, &status))
    return status;
  g_autofree char *role = fold(argv[1]);
  const char *said = argv[argc - 1];
  g_autofree char *number = g_str_equal(said, "-") ? file_read(cli, "-") : g_strdup(said);
  if (!number)
    return RK_FAILED;
  RkRequest request = desk_request(cli);
  status = write(cli->desk, &request, role, argc > 3 ? argv[2] : NULL, g_strstrip(number), cli->diags);
  if (status == RK_OK)
    say_recorded(cli);
  return say_diags(cli, status);
}

static RkStatus run_contact_set(Cli *cli, int argc, char **argv) {
  return write_number(cli, argc, argv, rk_contact_set);
}

static RkStatus run_contact_confirm(Cli *cli, int argc, char **argv) {
  return write_number(cli, argc, argv, rk_contact_confirm);
}

static RkStatus run_contact_forget(Cli *cli, int argc, char **argv) {
  RkStatus status = RK_OK;
  if (!desk_command(cli, NULL, &argc, &argv, 1, 2, &status))
    return status;
  g_autofree char *role = fold(argv[1]);
  RkRequest request = desk_request(cli);
  status = rk_contact_forget(cli->desk, &request, role, argc > 2 ? argv[2] : NULL, cli->diags);
  if (status == RK_OK)
    say_recorded(cli);
  return say_diags(cli, status);
}

const Command contact_commands[] = {
    {"list", "", N_("the FAX numbers, and who has confirmed them"), "renkei contact list",
     run_contact_list, NULL},
    {"set", "ROLE [PARTY] NUMBER|-", N_("propose a number; it is used when another operator has confirmed it"),
     "renkei contact set association 0466-00-0000\n"
     "renkei contact set member_institution 例示クリニック 0466-00-0001",
     run_contact_set, NULL},
    {"confirm", "ROLE [PARTY] NUMBER|-", N_("type the proposed number again, from the paper that states it"),
     "renkei contact confirm association 0466-00-0000", run_contact_confirm, NULL},
    {"forget", "ROLE [PARTY]", N_("nothing is sent there any more"),
     "renkei contact forget association", run_contact_forget, NULL},
    {NULL}};
