/* SPDX-License-Identifier: Apache-2.0 */
/* cmd-outbox.c - papers that leave the building; nothing is sent twice by itself. */
#include "config.h"

#include "cli/cli.h"

#define OUTBOX_COLUMNS "id case form title to_title channel number state withheld tries next"

static RkStatus check_state(const Cli *cli, const char *state) {
  static const char *const states[] = {"queued", "by-hand", "waiting", "handing-over", "handed-over",
                                       "confirmed", "failed", "unknown", "cancelled", "noted", NULL};
  if (!state || g_strv_contains(states, state))
    return RK_OK;
  g_autofree char *list = g_strjoinv(", ", (char **)states);
  g_autofree char *hint = g_strdup_printf(_("choose one of: %s"), list);
  return say_error(cli, RK_USAGE, _("--state names no state"), hint);
}

static RkStatus run_outbox_list(Cli *cli, int argc, char **argv) {
  g_autofree char *state = NULL;
  g_auto(PageOptions) options = {0};
  const GOptionEntry entries[] = {
      {"state", 0, 0, G_OPTION_ARG_STRING, &state, N_("only those in this state"), "STATE"},
      PAGE_OPTIONS(options),
      {NULL}};
  RkTable *table = NULL;
  RkStatus status = RK_OK;
  if (!desk_command(cli, entries, &argc, &argv, 0, 0, &status))
    return status;
  status = check_state(cli, state);
  if (status != RK_OK)
    return status;
  RkPage page = page_asked(&options);
  status = rk_outbox_list(cli->desk, state, &page, &table, cli->diags);
  return desk_page(cli, status, table, &page, "id", OUTBOX_COLUMNS, _("The outbox is empty."));
}

/* What would leave is shown before it is asked for, with the number it goes to: the beginning of a long queue. */
static RkStatus show_queue(Cli *cli, const char *state, gboolean *any) {
  g_autoptr(RkTable) table = NULL;
  RkPage page = {.limit = RK_PAGE};
  RkStatus status = rk_outbox_list(cli->desk, state, &page, &table, cli->diags);
  if (status != RK_OK)
    return say_diags(cli, status);
  guint rows = rk_table_rows(table);
  *any = *any || rows;
  for (guint i = 0; i < rows && !cli->yes && prompt_possible(cli); i++) {
    const char *number = rk_table_get(table, i, "number");
    if (rk_table_get(table, i, "withheld"))
      continue;
    say(cli, "  %s  %s -> %s %s", rk_table_get(table, i, "case"), rk_table_get(table, i, "title"),
        rk_table_get(table, i, "to_title"), number ? number : "");
  }
  if (page.more && !cli->yes && prompt_possible(cli))
    say(cli, "%s", _("  … and more: `renkei outbox list` shows all of them"));
  return RK_OK;
}

static RkStatus confirm_run(Cli *cli) {
  gboolean any = FALSE;
  RkStatus status = show_queue(cli, "queued", &any);
  if (status == RK_OK)
    status = show_queue(cli, "waiting", &any);
  if (status != RK_OK || !any || cli->yes || cli->dry_run)
    return status;
  return prompt_confirm(cli, _("Hand these papers over? [y/N]"));
}

static RkStatus run_outbox_run(Cli *cli, int argc, char **argv) {
  g_autofree char *folder = NULL;
  const GOptionEntry entries[] = {
      {"folder", 0, 0, G_OPTION_ARG_FILENAME, &folder,
       N_("where the FAX program takes them; without it: the program that fax.command names"), "DIR"},
      {NULL}};
  RkTable *table = NULL;
  RkStatus status = RK_OK;
  if (!desk_command(cli, entries, &argc, &argv, 0, 0, &status))
    return status;
  status = confirm_run(cli);
  if (status != RK_OK)
    return status;
  RkRequest request = desk_request(cli);
  status = rk_outbox_run(cli->desk, &request, folder, &table, cli->diags);
  return desk_table(cli, status, table, NULL, _("Nothing is queued."));
}

static RkStatus run_outbox_show(Cli *cli, int argc, char **argv) {
  RkTable *table = NULL;
  RkStatus status = RK_OK;
  if (!desk_command(cli, NULL, &argc, &argv, 1, 1, &status))
    return status;
  g_autofree char *id = fold(argv[1]);
  status = rk_outbox_show(cli->desk, id, &table, cli->diags);
  return desk_table(cli, status, table, NULL, _("The program has not sent it."));
}

static RkStatus run_outbox_address(Cli *cli, int argc, char **argv) {
  RkStatus status = RK_OK;
  if (!desk_command(cli, NULL, &argc, &argv, 2, 2, &status))
    return status;
  g_autofree char *id = fold(argv[1]);
  RkRequest request = desk_request(cli);
  status = rk_outbox_address(cli->desk, &request, id, argv[2], cli->diags);
  if (status == RK_OK)
    say_recorded(cli);
  return say_diags(cli, status);
}

static RkStatus settle_as(Cli *cli, const char *id, const char *why, const char *result, guint pages) {
  g_autofree char *folded = fold(id);
  RkRequest request = desk_request(cli);
  request.why = why;
  RkStatus status = rk_outbox_settle(cli->desk, &request, folded, result, pages, cli->diags);
  if (status == RK_OK)
    say_recorded(cli);
  return say_diags(cli, status);
}

static RkStatus settle(Cli *cli, int argc, char **argv, const char *result) {
  g_autofree char *why = NULL;
  const GOptionEntry entries[] = {
      {"why", 0, 0, G_OPTION_ARG_STRING, &why, N_("a remark"), "TEXT"}, {NULL}};
  RkStatus status = RK_OK;
  if (!desk_command(cli, entries, &argc, &argv, 1, 1, &status))
    return status;
  return settle_as(cli, argv[1], why, result, 0);
}

#define NOT_SAID G_MININT

static RkStatus run_outbox_confirm(Cli *cli, int argc, char **argv) {
  g_autofree char *why = NULL;
  int pages = NOT_SAID;
  const GOptionEntry entries[] = {
      {"pages", 0, 0, G_OPTION_ARG_INT, &pages, N_("the pages that arrived"), "N"},
      {"why", 0, 0, G_OPTION_ARG_STRING, &why, N_("a remark"), "TEXT"},
      {NULL}};
  RkStatus status = RK_OK;
  if (!desk_command(cli, entries, &argc, &argv, 1, 1, &status))
    return status;
  if (pages != NOT_SAID && pages < 1)
    return say_error(cli, RK_USAGE, _("the number of pages is not one"),
                     _("write: --pages 2; if none arrived: renkei outbox fail"));
  return settle_as(cli, argv[1], why, "confirmed", pages == NOT_SAID ? 0 : (guint)pages);
}

static RkStatus run_outbox_fail(Cli *cli, int argc, char **argv) {
  return settle(cli, argc, argv, "failed");
}

static RkStatus run_outbox_cancel(Cli *cli, int argc, char **argv) {
  return settle(cli, argc, argv, "cancelled");
}

static RkStatus run_outbox_retry(Cli *cli, int argc, char **argv) {
  return settle(cli, argc, argv, "queued");
}

const Command outbox_commands[] = {
    {"list", "[--state STATE]", N_("what is not settled"), "renkei outbox list", run_outbox_list,
     NULL},
    {"run", "[--folder DIR]", N_("hand queued papers to the FAX program, or to a folder as TIFF and PDF"),
     "renkei outbox run\nrenkei outbox run --folder /srv/fax", run_outbox_run, NULL},
    {"show", "ID", N_("how it was sent: tries, number, pages, what the program said"),
     "renkei outbox show 3f2a9c", run_outbox_show, NULL},
    {"address", "ID PARTY", N_("to which party it goes, where several play the role"),
     "renkei outbox address 3f2a9c 例示クリニック", run_outbox_address, NULL},
    {"confirm", "ID [--pages N]", N_("it reached the receiver"), "renkei outbox confirm 3f2a9c --pages 3",
     run_outbox_confirm, NULL},
    {"fail", "ID", N_("it did not reach the receiver"),
     "renkei outbox fail 3f2a9c --why '話し中'", run_outbox_fail, NULL},
    {"cancel", "ID", N_("it is not to be sent"), "renkei outbox cancel 3f2a9c", run_outbox_cancel,
     NULL},
    {"retry", "ID", N_("queue it again"), "renkei outbox retry 3f2a9c", run_outbox_retry, NULL},
    {NULL}};
