/* SPDX-License-Identifier: Apache-2.0 */
/* cmd-help.c - help and version. Help is each command's own -h. */
#include "config.h"

#include "cli/cli.h"

RkStatus run_help(Cli *cli, int argc, char **argv) {
  RkStatus status = RK_OK;
  if (argc > 1 && !cli->help) {
    g_string_truncate(cli->path, 0);
    cli->help = TRUE;
    return command_dispatch(cli, commands, argc - 1, argv + 1);
  }
  if (!options_parse(cli, NULL, &argc, &argv, 0, 2, &status))
    return status;
  options_help_all(cli);
  return RK_OK;
}

RkStatus run_version(Cli *cli, int argc, char **argv) {
  RkStatus status = RK_OK;
  if (cli->command && !options_parse(cli, NULL, &argc, &argv, 0, 0, &status))
    return status;
  output_value(cli, "version", "version", PACKAGE_VERSION);
  return RK_OK;
}
