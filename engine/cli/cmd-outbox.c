/* SPDX-License-Identifier: Apache-2.0 */
/* cmd-outbox.c - papers that leave the building; nothing is sent twice by itself. */
#include "config.h"

#include "cli/cli.h"

#define OUTBOX_COLUMNS "id case form title to_title channel state"

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
  RkPage page = page_asked(&options);
  status = rk_outbox_list(cli->desk, state, &page, &table, cli->diags);
  return desk_page(cli, status, table, &page, "id", OUTBOX_COLUMNS, _("The outbox is empty."));
}

/* What would leave is shown before it is asked for. */
static RkStatus confirm_run(Cli *cli, guint *queued) {
  g_autoptr(RkTable) table = NULL;
  RkStatus status = rk_outbox_list(cli->desk, "queued", NULL, &table, cli->diags);
  if (status != RK_OK)
    return say_diags(cli, status);
  *queued = rk_table_rows(table);
  if (!*queued || cli->yes || cli->dry_run)
    return RK_OK;
  if (prompt_possible(cli))
    for (guint i = 0; i < *queued; i++)
      say(cli, "  %s  %s -> %s", rk_table_get(table, i, "case"), rk_table_get(table, i, "title"),
          rk_table_get(table, i, "to"));
  return prompt_confirm(cli, _("Hand these papers over? [y/N]"));
}

static RkStatus run_outbox_run(Cli *cli, int argc, char **argv) {
  g_autofree char *folder = NULL;
  const GOptionEntry entries[] = {
      {"folder", 0, 0, G_OPTION_ARG_FILENAME, &folder, N_("where the FAX program takes them"),
       "DIR"},
      {NULL}};
  RkTable *table = NULL;
  guint queued = 0;
  RkStatus status = RK_OK;
  if (!options_parse(cli, entries, &argc, &argv, 0, 0, &status))
    return status;
  if (!folder)
    return say_error(cli, RK_USAGE, _("the folder is not named"),
                     _("write: renkei outbox run --folder DIR"));
  status = desk_open(cli);
  if (status == RK_OK)
    status = confirm_run(cli, &queued);
  if (status != RK_OK)
    return status;
  RkRequest request = desk_request(cli);
  status = rk_outbox_run(cli->desk, &request, folder, &table, cli->diags);
  return desk_table(cli, status, table, NULL, _("Nothing is queued."));
}

static RkStatus settle(Cli *cli, int argc, char **argv, const char *result) {
  g_autofree char *why = NULL;
  const GOptionEntry entries[] = {
      {"why", 0, 0, G_OPTION_ARG_STRING, &why, N_("a remark"), "TEXT"}, {NULL}};
  RkStatus status = RK_OK;
  if (!desk_command(cli, entries, &argc, &argv, 1, 1, &status))
    return status;
  g_autofree char *id = fold(argv[1]);
  RkRequest request = desk_request(cli);
  request.why = why;
  status = rk_outbox_settle(cli->desk, &request, id, result, cli->diags);
  if (status == RK_OK)
    say(cli, "%s", cli->dry_run ? _("It could be recorded; nothing was changed (--dry-run).")
                                : _("Recorded."));
  return say_diags(cli, status);
}

static RkStatus run_outbox_confirm(Cli *cli, int argc, char **argv) {
  return settle(cli, argc, argv, "confirmed");
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
    {"run", "--folder DIR", N_("hand queued papers over, as TIFF and PDF"),
     "renkei outbox run --folder /srv/fax", run_outbox_run, NULL},
    {"confirm", "ID", N_("it reached the receiver"), "renkei outbox confirm 3f2a9c",
     run_outbox_confirm, NULL},
    {"fail", "ID", N_("it did not reach the receiver"),
     "renkei outbox fail 3f2a9c --why '話し中'", run_outbox_fail, NULL},
    {"cancel", "ID", N_("it is not to be sent"), "renkei outbox cancel 3f2a9c", run_outbox_cancel,
     NULL},
    {"retry", "ID", N_("queue it again"), "renkei outbox retry 3f2a9c", run_outbox_retry, NULL},
    {NULL}};
