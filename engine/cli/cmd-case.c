/* SPDX-License-Identifier: Apache-2.0 */
/* cmd-case.c - opening, finding and reading cases: today, new, list, search, show, log, note. */
#include "config.h"

#include "cli/cli.h"

#include <string.h>
#include <unistd.h>

#define CASE_COLUMNS "number label state_title waits_for_title due overdue"

RkStatus run_today(Cli *cli, int argc, char **argv) {
  g_autoptr(GPtrArray) tables = NULL;
  RkStatus status = RK_OK;
  if (!desk_command(cli, NULL, &argc, &argv, 0, 0, &status))
    return status;
  status = rk_desk_today(cli->desk, cli_now(cli), &tables, cli->diags);
  guint rows = 0;
  gboolean more = FALSE;
  for (guint i = 0; tables && i < tables->len; i++) {
    rows += rk_table_rows(tables->pdata[i]);
    more = more || rk_table_rows(tables->pdata[i]) >= RK_PAGE;
  }
  if (tables && !rows)
    say(cli, "%s", _("No open case. `renkei new` opens one."));
  if (tables)
    status = output_tables(cli, "today", tables,
                           "overdue: " CASE_COLUMNS "; mine: " CASE_COLUMNS "; open: " CASE_COLUMNS
                           "; unconfirmed: case event operator since; waiting: " CASE_COLUMNS "; outbox: id case form to_title channel state; disclosures: id asked due overdue; arrived: case papers event command; tray: id since reason number sheet",
                           NULL);
  if (more)
    say(cli, "%s", _("These are the first of each; `renkei list` and `renkei outbox list` give the rest."));
  return say_diags(cli, status);
}

/* --------------------------------------------------------------------- new */

static RkStatus open_case(Cli *cli, const char *procedure, const Inputs *inputs,
                          const RkRequest *request) {
  g_autofree char *number = NULL;
  g_autofree RkValue *values = inputs_values(inputs);
  guint count = inputs->names->len;
  RkRequest trial = *request;
  RkStatus status = RK_OK;
  trial.dry_run = TRUE;
  if (person_may_ask(cli))
    status = rk_case_open(cli->desk, &trial, procedure, values, count, &number, cli->diags);
  if (status == RK_OK)
    status = person_go_on(cli);
  g_clear_pointer(&number, g_free);
  if (status == RK_OK)
    status = rk_case_open(cli->desk, request, procedure, values, count, &number, cli->diags);
  if (status == RK_OK && cli->dry_run) {
    say(cli, "%s", _("The case could be opened; nothing was changed (--dry-run)."));
  } else if (status == RK_OK) {
    output_value(cli, "opened", "number", number);
    say(cli, _("Opened. What comes next: renkei do %s"), number);
  }
  return say_diags(cli, status);
}

static RkStatus list_procedures(Cli *cli) {
  RkTable *table = NULL;
  RkStatus status = rk_desk_procedures(cli->desk, &table, cli->diags);
  status = desk_table(cli, status, table, "key title municipality",
                      _("No procedure is installed."));
  return status == RK_OK ? say_error(cli, RK_USAGE, _("no procedure is named"),
                                     _("name one of these: renkei new PROCEDURE"))
                         : status;
}

static RkStatus new_case(Cli *cli, const char *procedure, const InputOptions *options,
                         const RkRequest *request) {
  g_autoptr(RkTable) known = NULL;
  RkStatus status = rk_procedure_inputs(cli->desk, procedure, &known, cli->diags);
  if (status != RK_OK)
    return say_diags(cli, status);
  g_auto(Inputs) inputs = {0};
  status = inputs_gather(cli, known, options, &inputs);
  if (status == RK_OK)
    status = open_case(cli, procedure, &inputs, request);
  return status;
}

RkStatus run_new(Cli *cli, int argc, char **argv) {
  g_auto(GStrv) sets = NULL;
  g_autofree char *on = NULL, *as = NULL, *values = NULL, *behalf = NULL;
  const GOptionEntry entries[] = {
      {"set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &sets, N_("an input; - reads it"), "NAME=VALUE"},
      {"values", 0, 0, G_OPTION_ARG_FILENAME, &values,
       N_("the same from a file of lines NAME = VALUE; - reads it"), "FILE"},
      {"on", 0, 0, G_OPTION_ARG_STRING, &on, N_("when it happened"), "TIME"},
      {"as", 0, 0, G_OPTION_ARG_STRING, &as, N_("which of your roles"), "ROLE"},
      {"for", 0, 0, G_OPTION_ARG_STRING, &behalf,
       N_("the operator in whose name it is entered, and who has to confirm it"), "USER"},
      {NULL}};
  RkStatus status = RK_OK;
  if (!desk_command(cli, entries, &argc, &argv, 0, 1, &status))
    return status;
  RkRequest request = desk_request(cli);
  request.as_role = as;
  request.on_behalf = behalf;
  if (on && !time_read(on, request.now, &request.happened))
    return say_error(cli, RK_USAGE, _("--on is not a time"),
                     _("write it like 2026-11-21, R8.11.21 or 2026-11-21T09:30:00+09:00"));
  g_autofree char *procedure = argc > 1 ? fold(argv[1]) : NULL;
  const InputOptions options = {sets, values};
  return procedure ? new_case(cli, procedure, &options, &request) : list_procedures(cli);
}

/* ------------------------------------------------------------- list, search */

static RkStatus print_cases(Cli *cli, RkCaseFilter *filter) {
  RkTable *table = NULL;
  RkStatus status = desk_open(cli);
  if (status != RK_OK)
    return status;
  status = rk_case_list(cli->desk, filter, &table, cli->diags);
  guint rows = table ? rk_table_rows(table) : 0;
  guint limit = filter->limit ? filter->limit : 50;
  g_autofree char *last =
      rows ? g_strdup(rk_table_get(table, rows - 1, "number")) : NULL;
  status = desk_table(cli, status, table, CASE_COLUMNS, _("No such case."));
  if (rows == limit)
    say(cli, _("There may be more: --after %s, or --limit."), last);
  return status;
}

RkStatus run_list(Cli *cli, int argc, char **argv) {
  g_autofree char *procedure = NULL, *state = NULL, *waits = NULL, *due = NULL, *after = NULL;
  gboolean all = FALSE;
  int limit = 0;
  const GOptionEntry entries[] = {
      {"all", 0, 0, G_OPTION_ARG_NONE, &all, N_("closed cases too"), NULL},
      {"procedure", 0, 0, G_OPTION_ARG_STRING, &procedure, N_("of this procedure"), "P"},
      {"state", 0, 0, G_OPTION_ARG_STRING, &state, N_("standing in this state"), "S"},
      {"waits-for", 0, 0, G_OPTION_ARG_STRING, &waits, N_("waiting for this role"), "ROLE"},
      {"due-before", 0, 0, G_OPTION_ARG_STRING, &due, N_("with a deadline before"), "DAY"},
      {"after", 0, 0, G_OPTION_ARG_STRING, &after, N_("go on after this case"), "CASE"},
      {"limit", 0, 0, G_OPTION_ARG_INT, &limit, N_("at most so many (50)"), "N"},
      {NULL}};
  RkStatus status = RK_OK;
  if (!options_parse(cli, entries, &argc, &argv, 0, 0, &status))
    return status;
  g_autofree char *after_folded = fold(after);
  RkCaseFilter filter = {.procedure = procedure, .state = state, .waits_for = waits,
                         .with_closed = all, .after = after_folded,
                         .limit = limit > 0 ? (guint)limit : 0};
  if (due && !time_read(due, 0, &filter.due_before))
    return say_error(cli, RK_USAGE, _("--due-before is not a day"),
                     _("write it like 2026-11-21 or R8.11.21"));
  return print_cases(cli, &filter);
}

RkStatus run_search(Cli *cli, int argc, char **argv) {
  g_auto(PageOptions) options = {0};
  const GOptionEntry entries[] = {PAGE_OPTIONS(options), {NULL}};
  RkStatus status = RK_OK;
  if (!options_parse(cli, entries, &argc, &argv, 0, 1, &status))
    return status;
  g_autofree char *text = argc > 1            ? g_strdup(argv[1])
                          : prompt_possible(cli) ? prompt_line(_("Search for:"))
                                                 : file_read(cli, "-");
  if (!text || !*g_strstrip(text))
    return say_error(cli, RK_USAGE, _("nothing to search for"),
                     _("give a word: renkei search TEXT, or on the standard input"));
  g_autofree char *after = fold(options.after);
  RkCaseFilter filter = {.text = text,
                         .with_closed = TRUE,
                         .after = after,
                         .limit = options.limit > 0 ? (guint)options.limit : 0};
  return print_cases(cli, &filter);
}

/* --------------------------------------------------------- show, log, note */

RkStatus run_show(Cli *cli, int argc, char **argv) {
  g_autoptr(GPtrArray) tables = NULL;
  RkStatus status = RK_OK;
  if (!desk_command(cli, NULL, &argc, &argv, 1, 1, &status))
    return status;
  g_autofree char *number = fold(argv[1]);
  status = rk_case_show(cli->desk, number, cli_now(cli), &tables, cli->diags);
  if (tables)
    status = output_tables(
        cli, "case", tables,
        "case: number title label state_title waits_for closed due overdue opened updated; "
        "next: no title step by_title possible event; papers: form title state filled_by; "
        "unconfirmed: kind event operator on_behalf since; transmissions: form title from_title to_title channel state",
        "case");
  return say_diags(cli, status);
}

static gboolean has_proxies(const RkTable *table) {
  for (guint i = 0; table && i < rk_table_rows(table); i++)
    if (rk_table_get(table, i, "on_behalf"))
      return TRUE;
  return FALSE;
}

RkStatus run_log(Cli *cli, int argc, char **argv) {
  g_auto(PageOptions) options = {0};
  const GOptionEntry entries[] = {PAGE_OPTIONS(options), {NULL}};
  RkTable *table = NULL;
  RkStatus status = RK_OK;
  if (!desk_command(cli, entries, &argc, &argv, 0, 1, &status))
    return status;
  g_autofree char *number = argc > 1 ? fold(argv[1]) : NULL;
  RkPage page = page_asked(&options);
  if (number && options.limit <= 0)
    page.limit = 0; /* what a case has is not that long */
  status = rk_case_log(cli->desk, number, &page, &table, cli->diags);
  g_autofree char *columns = g_strdup_printf(
      "seq%s happened operator%s actor_title kind title evidence why", number ? "" : " case",
      has_proxies(table) ? " on_behalf confirmed" : "");
  return desk_page(cli, status, table, &page, "seq", columns, _("The journal is empty."));
}

RkStatus run_note(Cli *cli, int argc, char **argv) {
  RkStatus status = RK_OK;
  if (!desk_command(cli, NULL, &argc, &argv, 1, 2, &status))
    return status;
  gboolean typed = argc > 2 && !g_str_equal(argv[2], "-");
  g_autofree char *text = typed ? g_strdup(argv[2])
                          : prompt_possible(cli) ? prompt_line(_("Remark:"))
                                                 : file_read(cli, "-");
  if (!text || !*g_strstrip(text))
    return say_error(cli, RK_USAGE, _("the remark is empty"),
                     _("write: renkei note CASE TEXT, or give it on the standard input"));
  g_autofree char *number = fold(argv[1]);
  RkRequest request = desk_request(cli);
  status = rk_case_note(cli->desk, &request, number, text, cli->diags);
  if (status == RK_OK)
    say(cli, "%s", cli->dry_run ? _("It could be noted; nothing was changed (--dry-run).")
                                : _("Noted."));
  return say_diags(cli, status);
}

/* First what would go, then the question, then the deed. */
RkStatus run_undo(Cli *cli, int argc, char **argv) {
  g_autofree char *why = NULL;
  const GOptionEntry entries[] = {
      {"why", 0, 0, G_OPTION_ARG_STRING, &why, N_("why it was wrong"), "TEXT"}, {NULL}};
  RkTable *table = NULL;
  RkStatus status = RK_OK;
  if (!desk_command(cli, entries, &argc, &argv, 1, 1, &status))
    return status;
  if (!why && !cli->dry_run && prompt_possible(cli))
    why = prompt_line(_("Why was it wrong?"));
  if (!cli->dry_run && (!why || !*why))
    return say_error(cli, RK_USAGE, _("why it is taken back is not said"),
                     _("say it: --why TEXT"));
  g_autofree char *number = fold(argv[1]);
  RkRequest request = desk_request(cli);
  request.why = why;
  request.dry_run = TRUE;
  status = rk_case_undo(cli->desk, &request, number, &table, cli->diags);
  status = desk_table(cli, status, table, "seq happened kind title event operator", NULL);
  if (status == RK_OK)
    status = person_show(cli, number);
  if (status == RK_OK)
    status = prompt_confirm(cli, _("Take this back? [y/N]"));
  if (status != RK_OK || cli->dry_run)
    return status;
  request.dry_run = FALSE;
  status = rk_case_undo(cli->desk, &request, number, &table, cli->diags);
  rk_table_free(table);
  if (status == RK_OK)
    say(cli, _("Taken back. What comes next: renkei do %s"), number);
  return say_diags(cli, status);
}

RkStatus run_confirm(Cli *cli, int argc, char **argv) {
  RkTable *table = NULL;
  RkStatus status = RK_OK;
  if (!desk_command(cli, NULL, &argc, &argv, 1, 1, &status))
    return status;
  g_autofree char *number = fold(argv[1]);
  status = rk_case_unconfirmed(cli->desk, number, &table, cli->diags);
  gboolean any = table && rk_table_rows(table);
  status = desk_table(cli, status, table, "case event operator since", NULL);
  if (status == RK_OK && any)
    status = person_show(cli, number);
  if (status == RK_OK && any)
    status = prompt_confirm(cli, _("Were these entered as you say? [y/N]"));
  if (status != RK_OK)
    return status;
  RkRequest request = desk_request(cli);
  status = rk_case_confirm(cli->desk, &request, number, cli->diags);
  if (status == RK_OK)
    say_recorded(cli);
  return say_diags(cli, status);
}
