/* SPDX-License-Identifier: Apache-2.0 */
/* cmd-records.c - what the office owes for what it keeps: giving it out. */
#include "config.h"

#include "cli/cli.h"

RkStatus run_export(Cli *cli, int argc, char **argv) {
  g_autofree char *path = NULL;
  const GOptionEntry entries[] = {
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &path, N_("a new folder, or a new file .tar"),
       "FOLDER|FILE.tar"},
      {NULL}};
  guint files = 0;
  RkStatus status = RK_OK;
  if (!options_parse(cli, entries, &argc, &argv, 1, 1, &status))
    return status;
  if (!path)
    return say_error(cli, RK_USAGE, _("where to write is not said"),
                     _("write: renkei export CASE -o FOLDER, or -o FILE.tar"));
  status = desk_open(cli);
  if (status != RK_OK)
    return status;
  g_autofree char *number = fold(argv[1]);
  RkRequest request = desk_request(cli);
  status = rk_export(cli->desk, &request, number, path, &files, cli->diags);
  if (status == RK_OK && cli->dry_run)
    say(cli, _("It could be written (%u files); nothing was changed (--dry-run)."), files);
  else if (status == RK_OK)
    say(cli, _("Written: %s (%u files). It holds personal data."), path, files);
  return say_diags(cli, status);
}
