/* SPDX-License-Identifier: Apache-2.0 */
/*
 * person.c - whom it is about: shown and asked before something is confirmed, and warned of when
 * there may be a second case of the same person. Shown at a terminal only, on standard error.
 */
#include "config.h"

#include "cli/cli.h"

#include <stdio.h>

/* Warnings that somebody may be taken for another, or twice. */
static const char *const doubts[] = {"CS230", "CS231", NULL};

static void show_person(const RkTable *table, guint row) {
  put_format(stderr, "%s:", rk_table_get(table, row, "where"));
  for (guint i = 1; i < rk_table_columns(table); i++)
    if (rk_table_cell(table, row, i))
      put_format(stderr, "  %s %s", rk_table_column_title(table, i), rk_table_cell(table, row, i));
  fputc('\n', stderr);
}

RkStatus person_confirm(Cli *cli, const char *number) {
  g_autoptr(RkTable) table = NULL;
  gboolean asks = person_may_ask(cli);
  if (cli->dry_run)
    return RK_OK;
  RkStatus status = rk_case_identity(cli->desk, number, asks, &table, cli->diags);
  if (status != RK_OK)
    return say_diags(cli, status);
  if (!rk_table_rows(table))
    return RK_OK;
  if (!asks) {
    say(cli, "%s", _("It was not asked whether this is the person meant: compare with the paper."));
    return RK_OK;
  }
  for (guint i = 0; i < rk_table_rows(table); i++)
    show_person(table, i);
  return prompt_confirm(cli, _("Is this the person meant? [y/N]"));
}

RkStatus person_show(Cli *cli, const char *number) {
  g_autoptr(RkTable) table = NULL;
  if (!person_may_ask(cli))
    return RK_OK;
  RkStatus status = rk_case_identity(cli->desk, number, TRUE, &table, cli->diags);
  if (status != RK_OK)
    return say_diags(cli, status);
  for (guint i = 0; i < rk_table_rows(table); i++)
    show_person(table, i);
  return RK_OK;
}

RkStatus person_go_on(Cli *cli) {
  gboolean found = FALSE;
  for (guint i = 0; i < rk_diags_count(cli->diags); i++)
    found = found || g_strv_contains(doubts, rk_diags_get(cli->diags, i)->code);
  if (!found)
    return RK_OK;
  say_diags(cli, RK_OK);
  return prompt_confirm(cli, _("Go on all the same? [y/N]"));
}

gboolean person_may_ask(const Cli *cli) {
  return prompt_possible(cli) && !cli->yes && !cli->dry_run;
}
