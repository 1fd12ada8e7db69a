/* SPDX-License-Identifier: Apache-2.0 */
/* cmd-records.c - what the office owes for what it keeps: giving it out, and erasing it in time. */
#include "config.h"

#include "cli/cli.h"

/* A command that writes a bundle has its one operand, and the place to write to. FALSE: *status. */
static gboolean bundle_command(Cli *cli, int *argc, char ***argv, const char *usage, char **path,
                               RkStatus *status) {
  const GOptionEntry entries[] = {
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, path, N_("a new folder, or a new file .tar"),
       "FOLDER|FILE.tar"},
      {NULL}};
  if (!options_parse(cli, entries, argc, argv, 1, 1, status))
    return FALSE;
  *status = *path ? desk_open(cli)
                  : say_error(cli, RK_USAGE, _("where to write is not said"), usage);
  return *status == RK_OK;
}

static RkStatus bundle_written(Cli *cli, RkStatus status, const char *path, guint files) {
  if (status == RK_OK && cli->dry_run)
    say(cli, _("It could be written (%u files); nothing was changed (--dry-run)."), files);
  else if (status == RK_OK)
    say(cli, _("Written: %s (%u files). It holds personal data."), path, files);
  return say_diags(cli, status);
}

RkStatus run_export(Cli *cli, int argc, char **argv) {
  g_autofree char *path = NULL;
  guint files = 0;
  RkStatus status = RK_OK;
  if (!bundle_command(cli, &argc, &argv, _("write: renkei export CASE -o FOLDER, or -o FILE.tar"),
                      &path, &status))
    return status;
  g_autofree char *number = fold(argv[1]);
  RkRequest request = desk_request(cli);
  status = rk_export(cli->desk, &request, number, path, &files, cli->diags);
  return bundle_written(cli, status, path, files);
}

/* -------------------------------------------------------------------- disposal */

#define DISPOSAL_COLUMNS                                                                       \
  "cases: number procedure outcome closed ground papers registers first last head; "          \
  "originals: case form title kind holder_title; by_hand: case register entries; "              \
  "backups: file folder made remove"

static RkStatus recorded(Cli *cli, RkStatus status) {
  if (status == RK_OK)
    say_recorded(cli);
  return say_diags(cli, status);
}

static RkStatus run_dispose_list(Cli *cli, int argc, char **argv) {
  gboolean all = FALSE;
  const GOptionEntry entries[] = {
      {"all", 0, 0, G_OPTION_ARG_NONE, &all, N_("every closed case, and why it stays"), NULL},
      {NULL}};
  RkTable *table = NULL;
  RkStatus status = RK_OK;
  if (!desk_command(cli, entries, &argc, &argv, 0, 0, &status))
    return status;
  status = rk_dispose_list(cli->desk, cli_now(cli), all, &table, cli->diags);
  return desk_table(cli, status, table, "number procedure outcome closed due_from possible missing",
                    _("Nothing is due."));
}

/* The words of a command as case numbers or ids. g_strfreev. */
static char **folded_words(int argc, char **argv) {
  char **words = g_new0(char *, (gsize)argc);
  for (int i = 1; i < argc; i++)
    words[i - 1] = fold(argv[i]);
  return words;
}

static RkStatus run_dispose_propose(Cli *cli, int argc, char **argv) {
  g_autofree char *why = NULL, *id = NULL;
  const GOptionEntry entries[] = {
      {"why", 0, 0, G_OPTION_ARG_STRING, &why, N_("a remark"), "TEXT"}, {NULL}};
  RkStatus status = RK_OK;
  if (!desk_command(cli, entries, &argc, &argv, 1, 1000, &status))
    return status;
  g_auto(GStrv) numbers = folded_words(argc, argv);
  RkRequest request = desk_request(cli);
  request.why = why;
  status = rk_dispose_propose(cli->desk, &request, (const char *const *)numbers, &id, cli->diags);
  if (status == RK_OK && cli->dry_run) {
    say(cli, "%s", _("It could be recorded; nothing was changed (--dry-run)."));
  } else if (status == RK_OK) {
    output_value(cli, "proposed", "id", id);
    say(cli, _("Proposed. Another operator approves it: renkei dispose approve %s"), id);
  }
  return say_diags(cli, status);
}

static RkStatus run_dispose_approve(Cli *cli, int argc, char **argv) {
  RkStatus status = RK_OK;
  if (!desk_command(cli, NULL, &argc, &argv, 1, 1, &status))
    return status;
  RkRequest request = desk_request(cli);
  return recorded(cli, rk_dispose_approve(cli->desk, &request, argv[1], cli->diags));
}

typedef RkStatus (*WithReason)(RkDesk *desk, const RkRequest *request, const char *what,
                               RkDiags *diags);

static RkStatus with_reason(Cli *cli, int argc, char **argv, WithReason deed) {
  g_autofree char *why = NULL;
  const GOptionEntry entries[] = {
      {"why", 0, 0, G_OPTION_ARG_STRING, &why, N_("the reason"), "TEXT"}, {NULL}};
  RkStatus status = RK_OK;
  if (!desk_command(cli, entries, &argc, &argv, 1, 1, &status))
    return status;
  g_autofree char *what = fold(argv[1]);
  RkRequest request = desk_request(cli);
  request.why = why;
  return recorded(cli, deed(cli->desk, &request, what, cli->diags));
}

static RkStatus run_dispose_withdraw(Cli *cli, int argc, char **argv) {
  return with_reason(cli, argc, argv, rk_dispose_withdraw);
}

static RkStatus hold(RkDesk *desk, const RkRequest *request, const char *number, RkDiags *diags) {
  return rk_dispose_hold(desk, request, number, TRUE, diags);
}

static RkStatus release(RkDesk *desk, const RkRequest *request, const char *number,
                        RkDiags *diags) {
  return rk_dispose_hold(desk, request, number, FALSE, diags);
}

static RkStatus run_dispose_hold(Cli *cli, int argc, char **argv) {
  return with_reason(cli, argc, argv, hold);
}

static RkStatus run_dispose_release(Cli *cli, int argc, char **argv) {
  return with_reason(cli, argc, argv, release);
}

static RkStatus print_disposal(Cli *cli, RkStatus status, GPtrArray *tables) {
  if (tables) {
    RkStatus printed = output_tables(cli, "disposal", tables, DISPOSAL_COLUMNS, "disposal");
    status = status == RK_OK ? printed : status;
    g_ptr_array_unref(tables);
  }
  return say_diags(cli, status);
}

/* It cannot be undone: the number of the disposal is typed again, or -y said. */
static RkStatus run_dispose_run(Cli *cli, int argc, char **argv) {
  GPtrArray *tables = NULL;
  RkStatus status = RK_OK;
  if (!desk_command(cli, NULL, &argc, &argv, 1, 1, &status))
    return status;
  status = output_check_tables(cli);
  if (status == RK_OK)
    status = prompt_confirm(cli, _("Erase what these cases hold, for good? [y/N]"));
  if (status != RK_OK)
    return status;
  RkRequest request = desk_request(cli);
  status = rk_dispose_run(cli->desk, &request, argv[1], &tables, cli->diags);
  if (status == RK_OK && !cli->dry_run)
    say(cli, _("Disposed of. The certificate: renkei dispose show %s -o FILE.html"), argv[1]);
  return print_disposal(cli, status, tables);
}

static RkStatus write_certificate(Cli *cli, const char *id, const char *path) {
  g_autoptr(GBytes) page = NULL;
  RkStatus status = file_check_target(cli, path);
  if (status == RK_OK)
    status = say_diags(cli, rk_dispose_certificate(cli->desk, id, &page, cli->diags));
  return status == RK_OK ? file_write(cli, path, page) : status;
}

static RkStatus run_dispose_show(Cli *cli, int argc, char **argv) {
  g_autofree char *path = NULL;
  const GOptionEntry entries[] = {
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &path, N_("write the certificate as a page to print"),
       "FILE.html"},
      {NULL}};
  GPtrArray *tables = NULL;
  RkTable *table = NULL;
  RkStatus status = RK_OK;
  if (!desk_command(cli, entries, &argc, &argv, 0, 1, &status))
    return status;
  if (argc > 1 && path)
    return write_certificate(cli, argv[1], path);
  if (argc > 1) {
    status = rk_dispose_show(cli->desk, argv[1], &tables, cli->diags);
    return print_disposal(cli, status, tables);
  }
  status = rk_dispose_disposals(cli->desk, &table, cli->diags);
  return desk_table(cli, status, table, "key state since cases proposed_by approved_by not_before",
                    _("There is no disposal."));
}

const Command dispose_commands[] = {
    {"list", "[--all]", N_("closed cases whose period of keeping is over"), "renkei dispose list",
     run_dispose_list, NULL},
    {"propose", "CASE…", N_("propose to dispose of cases"), "renkei dispose propose R8-0001 R8-0002",
     run_dispose_propose, NULL},
    {"approve", "ID", N_("approve it; not by the one who proposed it"),
     "renkei dispose approve D-20310411-3f2a", run_dispose_approve, NULL},
    {"withdraw", "ID --why TEXT", N_("give it up before it is carried out"),
     "renkei dispose withdraw D-20310411-3f2a --why 訴訟の予定", run_dispose_withdraw, NULL},
    {"run", "ID", N_("erase what the cases hold, once the waiting time is over"),
     "renkei dispose run D-20310411-3f2a", run_dispose_run, NULL},
    {"show", "[ID] [-o FILE.html]", N_("the disposals, or the certificate of one"),
     "renkei dispose show\nrenkei dispose show D-20310411-3f2a -o certificate.html", run_dispose_show,
     NULL},
    {"hold", "CASE --why TEXT", N_("keep a case, whatever its period"),
     "renkei dispose hold R8-0001 --why 開示請求中", run_dispose_hold, NULL},
    {"release", "CASE --why TEXT", N_("the reason to keep it is gone"),
     "renkei dispose release R8-0001 --why 開示済み", run_dispose_release, NULL},
    {NULL}};

/* ------------------------------------------------------------------- disclosure */

/* Who is meant, never from argv: a file, the terminal, or the standard input. g_free. */
static char *person_text(Cli *cli, const char *file) {
  char *text = file                   ? file_read(cli, file)
               : prompt_possible(cli) ? prompt_line(_("Name, or another value that tells the person:"))
                                      : file_read(cli, "-");
  return text ? g_strstrip(text) : NULL;
}

typedef struct {
  char *register_, *file, *choose, *due, *why;
} Disclosure;

static void disclosure_clear(Disclosure *options) {
  char *texts[] = {options->register_, options->file, options->choose, options->due, options->why};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Disclosure, disclosure_clear)

static RkStatus find_person(Cli *cli, const Disclosure *options, const char *text, guint *rows) {
  RkTable *table = NULL;
  RkStatus status = rk_disclose_find(cli->desk, text, options->register_, &table, cli->diags);
  *rows = table ? rk_table_rows(table) : 0;
  return desk_table(cli, status, table, NULL, _("Nothing is held."));
}

static RkStatus run_disclose_find(Cli *cli, int argc, char **argv) {
  g_auto(Disclosure) options = {0};
  const GOptionEntry entries[] = {
      {"register", 0, 0, G_OPTION_ARG_STRING, &options.register_, N_("only by entries of this register"),
       "NAME"},
      {"person", 0, 0, G_OPTION_ARG_FILENAME, &options.file, N_("who, from a file; - reads it"), "FILE"},
      {NULL}};
  guint rows = 0;
  RkStatus status = RK_OK;
  if (!desk_command(cli, entries, &argc, &argv, 0, 0, &status))
    return status;
  g_autofree char *text = person_text(cli, options.file);
  return text ? find_person(cli, &options, text, &rows) : RK_FAILED;
}

static RkStatus open_disclosure(Cli *cli, const Disclosure *options, const char *text) {
  g_autofree char *id = NULL;
  RkRequest request = desk_request(cli);
  request.why = options->why;
  RkStatus status = rk_disclose_open(cli->desk, &request, text, options->register_, options->choose,
                                     options->due, &id, cli->diags);
  if (status == RK_OK && cli->dry_run) {
    say(cli, "%s", _("It could be recorded; nothing was changed (--dry-run)."));
  } else if (status == RK_OK) {
    output_value(cli, "opened", "id", id);
    say(cli, _("Recorded. To answer it: renkei disclose answer %s -o FOLDER"), id);
  }
  return say_diags(cli, status);
}

static RkStatus run_disclose_open(Cli *cli, int argc, char **argv) {
  g_auto(Disclosure) options = {0};
  const GOptionEntry entries[] = {
      {"register", 0, 0, G_OPTION_ARG_STRING, &options.register_, N_("only by entries of this register"),
       "NAME"},
      {"person", 0, 0, G_OPTION_ARG_FILENAME, &options.file, N_("who, from a file; - reads it"), "FILE"},
      {"choose", 0, 0, G_OPTION_ARG_STRING, &options.choose, N_("which of those found, as numbered"),
       "NO,NO"},
      {"due", 0, 0, G_OPTION_ARG_STRING, &options.due, N_("until when it must be answered"), "DAY"},
      {"why", 0, 0, G_OPTION_ARG_STRING, &options.why, N_("a remark"), "TEXT"},
      {NULL}};
  guint rows = 0;
  RkStatus status = RK_OK;
  if (!desk_command(cli, entries, &argc, &argv, 0, 0, &status))
    return status;
  g_autofree char *text = person_text(cli, options.file);
  if (!text)
    return RK_FAILED;
  if (!options.choose && prompt_possible(cli)) {
    status = find_person(cli, &options, text, &rows);
    options.choose = status == RK_OK && rows ? prompt_line(_("Which are the person's? (1,2 …)")) : NULL;
    if (status != RK_OK || (rows && (!options.choose || !*options.choose)))
      return status != RK_OK ? status : RK_CANCELLED;
  }
  return open_disclosure(cli, &options, text);
}

static RkStatus run_disclose_list(Cli *cli, int argc, char **argv) {
  gboolean all = FALSE;
  const GOptionEntry entries[] = {
      {"all", 0, 0, G_OPTION_ARG_NONE, &all, N_("those that are answered or refused, too"), NULL}, {NULL}};
  RkTable *table = NULL;
  RkStatus status = RK_OK;
  if (!desk_command(cli, entries, &argc, &argv, 0, 0, &status))
    return status;
  status = rk_disclose_list(cli->desk, cli_now(cli), all, &table, cli->diags);
  return desk_table(cli, status, table, NULL, _("No disclosure is asked for."));
}

static RkStatus run_disclose_answer(Cli *cli, int argc, char **argv) {
  g_autofree char *path = NULL;
  guint files = 0;
  RkStatus status = RK_OK;
  if (!bundle_command(cli, &argc, &argv,
                      _("write: renkei disclose answer ID -o FOLDER, or -o FILE.tar"), &path,
                      &status))
    return status;
  RkRequest request = desk_request(cli);
  status = rk_disclose_answer(cli->desk, &request, argv[1], path, &files, cli->diags);
  return bundle_written(cli, status, path, files);
}

static RkStatus run_disclose_refuse(Cli *cli, int argc, char **argv) {
  return with_reason(cli, argc, argv, rk_disclose_refuse);
}

const Command disclose_commands[] = {
    {"find", "[--register NAME]", N_("who it could be; the name is asked for, or read"),
     "renkei disclose find\nrenkei disclose find --register consent", run_disclose_find, NULL},
    {"open", "[--register NAME] [--choose NO,NO] [--due DAY]", N_("a person asks for what is held"),
     "renkei disclose open --due 2026-05-01", run_disclose_open, NULL},
    {"list", "[--all]", N_("what is asked for, and until when"), "renkei disclose list", run_disclose_list,
     NULL},
    {"answer", "ID -o FOLDER|FILE.tar", N_("everything held on the person, to be handed over"),
     "renkei disclose answer K-20260401-3f2a -o answer", run_disclose_answer, NULL},
    {"refuse", "ID --why TEXT", N_("it is refused, with the reason"),
     "renkei disclose refuse K-20260401-3f2a --why 業務の適正な実施に著しい支障", run_disclose_refuse, NULL},
    {NULL}};
