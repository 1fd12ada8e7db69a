/* SPDX-License-Identifier: Apache-2.0 */
/* prompt.c - asking a person, only at a terminal and never with --no-input. */
#include "config.h"

#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

gboolean prompt_possible(const Cli *cli) {
  return !cli->no_input && isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

char *prompt_line(const char *question) {
  char *line = NULL;
  size_t size = 0;
  put_format(stderr, "%s ", question);
  fflush(stderr);
  ssize_t length = getline(&line, &size, stdin);
  if (length < 0) {
    free(line);
    return NULL;
  }
  g_autofree char *copy = g_strndup(line, (gsize)length);
  free(line);
  return g_strdup(g_strstrip(copy));
}

static gboolean means_yes(const char *answer) {
  g_autofree char *folded = fold(answer);
  return g_ascii_strcasecmp(folded, "y") == 0 || g_ascii_strcasecmp(folded, "yes") == 0 ||
         g_str_equal(folded, "はい");
}

RkStatus prompt_confirm(const Cli *cli, const char *question) {
  if (cli->yes || cli->dry_run)
    return RK_OK;
  if (!prompt_possible(cli))
    return say_error(cli, RK_USAGE, _("this must be confirmed, and nobody can be asked here"),
                     _("say -y (--yes), or -n (--dry-run) to see what would happen"));
  g_autofree char *answer = prompt_line(question);
  if (answer && means_yes(answer))
    return RK_OK;
  say(cli, "%s", _("Cancelled; nothing was changed."));
  return RK_CANCELLED;
}

char *prompt_way(Cli *cli, RkStatus status) {
  if (!say_has(cli, "CS255") || !prompt_possible(cli))
    return NULL;
  say_diags(cli, status);
  g_autofree char *answer = prompt_line(_("By which (empty: none)?"));
  char *way = answer ? g_strdup(g_strstrip(answer)) : NULL;
  if (way && *way)
    return way;
  g_free(way);
  say(cli, "%s", _("Cancelled; nothing was changed."));
  return NULL;
}
