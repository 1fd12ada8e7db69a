/* SPDX-License-Identifier: Apache-2.0 */
/* main.c - the program: start, global options, the table of commands, the exit code. */
#include "config.h"

#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const Command commands[] = {
    {"init", "--office NAME --municipality M --roles R,R [--exercise]",
     N_("make the case database of this office"),
     "renkei init --office asahi-clinic --municipality NAME --roles member_institution\n"
     "renkei init --db practice.db --exercise --office us --municipality NAME --roles association",
     run_init, NULL},
    {"doctor", "", N_("check the installation, the database, fonts, locale and clock"),
     "renkei doctor", run_doctor, NULL},
    {"new", "PROCEDURE [--set NAME=VALUE]…", N_("open a case"),
     "renkei new\n"
     "renkei new registration --set institution=例示クリニック", run_new, NULL},
    {"list", "[--all] [--procedure P] [--state S] [--waits-for ROLE] [--due-before DAY]",
     N_("the open cases"), "renkei list\nrenkei list --waits-for association\nrenkei list --all "
     "--format csv >cases.csv", run_list, NULL},
    {"show", "CASE", N_("one case: where it stands, what comes next, its papers"),
     "renkei show R8-0012", run_show, NULL},
    {"do", "CASE [EVENT|NUMBER] [OPTION]…", N_("record what happened; without EVENT: what can happen next"),
     "renkei do R8-0012\n"
     "renkei do R8-0012 2\n"
     "renkei do R8-0012 member.confirmed --on 2026-11-21 --evidence phone\n"
     "renkei do R8-0012 request.faxed --received fj-2-1,fj-3 --incomplete fj-3", run_do, NULL},
    {"log", "[CASE]", N_("the journal of a case, or of all"), "renkei log R8-0012\nrenkei log --limit 20",
     run_log, NULL},
    {"note", "CASE [TEXT|-]", N_("a remark in the journal"),
     "renkei note R8-0012 電話で再送を依頼\nrenkei note R8-0012 -",
     run_note, NULL},
    {"undo", "CASE --why TEXT", N_("take back the last thing entered for a case"),
     "renkei undo R8-0012 --dry-run\nrenkei undo R8-0012 --why 別の医療機関のFAXだった", run_undo, NULL},
    {"confirm", "CASE", N_("confirm what was entered for a case in your name"), "renkei confirm R8-0001",
     run_confirm, NULL},
    {"form", "COMMAND …", N_("the papers of a case, and the shipped forms"),
     "renkei form edit R8-0012 fj-2-1\nrenkei form print R8-0012 fj-2-1 -o request.pdf", NULL,
     form_commands},
    {"search", "[TEXT]", N_("cases by words; without TEXT it is asked for, unseen by others"),
     "renkei search 例示\nrenkei search", run_search, NULL},
    {"receive", "FILE… [--channel CHANNEL] [--apply]",
     N_("papers that came back by FAX or were scanned (TIFF, PNG, PDF)"),
     "renkei receive fax-0012.tif\nrenkei receive --channel fax --apply *.tif", run_receive, NULL},
    {"tray", "COMMAND …", N_("received pages that wait for a decision"),
     "renkei tray list\nrenkei tray match 3fa21b R8-0012 fj-3", NULL, tray_commands},
    {"outbox", "COMMAND …", N_("papers that leave the building"),
     "renkei outbox list\nrenkei outbox run --folder /srv/fax", NULL, outbox_commands},
    {"contact", "COMMAND …", N_("the FAX numbers that papers go to, each entered by two persons"),
     "renkei contact set association 0466-00-0000", NULL, contact_commands},
    {"tick", "", N_("let every deadline that is due take effect"), "renkei tick", run_tick, NULL},
    {"custody", "[CASE] [--holder ROLE] [--handbook]", N_("who holds which original and copy"),
     "renkei custody R8-0012\nrenkei custody --holder association\nrenkei custody --handbook", run_custody, NULL},
    {"register", "NAME [KEY] [--history | --set STATE --why TEXT]", N_("what is true across cases"),
     "renkei register institution\nrenkei register institution 例示クリニック --history\n"
     "renkei register institution 例示クリニック --set registered --why 導入前に登録済み",
     run_register, NULL},
    {"calendar", "COMMAND …", N_("days without business, for deadlines in business days"),
     "renkei calendar list\nrenkei calendar close 2026-12-29 年末の休み", NULL, calendar_commands},
    {"duty", "COMMAND …", N_("what the handbook demands beside its procedures"),
     "renkei duty list\nrenkei duty show system-officer", NULL, duty_commands},
    {"operator", "COMMAND …", N_("who may enter what"),
     "renkei operator add hanako --name '例示 花子' --roles association --from R9.4.1", NULL,
     operator_commands},
    {"office", "COMMAND …", N_("the offices that this database holds"), "renkei office list", NULL,
     office_commands},
    {"config", "COMMAND …", N_("settings of this office"),
     "renkei config set association.fax 0466-00-0000", NULL, config_commands},
    {"verify", "[--chain] [--against FILE]", N_("recompute the journal's chains and replay every case"),
     "renkei verify\nrenkei verify --against /media/usb/checkpoint.txt", run_verify, NULL},
    {"checkpoint", "[-o FILE]", N_("sign the journal as it stands, to keep elsewhere"),
     "renkei checkpoint -o /media/usb/checkpoint.txt", run_checkpoint, NULL},
    {"export", "CASE -o FOLDER|FILE.tar", N_("everything held on a case, readable without this program"),
     "renkei export R8-0012 -o R8-0012\nrenkei export R8-0012 -o /media/usb/R8-0012.tar", run_export, NULL},
    {"disclose", "COMMAND …", N_("what is held on a person, for that person"),
     "renkei disclose open --due 2026-05-01", NULL, disclose_commands},
    {"dispose", "COMMAND …", N_("erase what is kept no longer, by two persons, with a certificate"),
     "renkei dispose list\nrenkei dispose propose R8-0012", NULL, dispose_commands},
    {"db", "COMMAND …", N_("the database file: copies, restoring, newer versions"),
     "renkei db backup --to /media/backup/renkei --keep 5", NULL, db_commands},
    {"workflow", "COMMAND …", N_("check, try, draw, test and install procedures"),
     "renkei workflow check workflows\nrenkei workflow simulate my.scxml --events a,b", NULL,
     workflow_commands},
    {"help", "[COMMAND]", N_("how a command is used"), "renkei help do", run_help, NULL},
    {"version", "", N_("the version of this program"), NULL, run_version, NULL},
    {NULL}};

static const Command today = {"", "", N_("today's work"), NULL, run_today, NULL};

const Command *command_find(const Command *list, const char *name) {
  g_autofree char *folded = fold(name);
  for (const Command *command = list; command->name; command++)
    if (g_str_equal(command->name, folded))
      return command;
  return NULL;
}

/* The names of a list of commands, for `rk_near_word` and for people. g_strfreev. */
static char **command_names(const Command *list) {
  g_autoptr(GStrvBuilder) names = g_strv_builder_new();
  for (const Command *command = list; command->name; command++)
    g_strv_builder_add(names, command->name);
  return g_strv_builder_end(names);
}

static RkStatus unknown_command(const Cli *cli, const Command *list, const char *word) {
  g_auto(GStrv) names = command_names(list);
  g_autofree char *known = g_strjoinv(" ", names), *folded = fold(word);
  const char *near = rk_near_word(folded, (const char *const *)names);
  g_autofree char *remedy = near ? g_strdup_printf(_("did you mean '%s'? there are: %s"), near, known)
                                 : g_strdup_printf(_("there are: %s"), known);
  return say_error(cli, RK_USAGE, _("there is no such command"), remedy);
}

/* `renkei db`, and not a word more. */
static RkStatus no_command(const Cli *cli) {
  g_auto(GStrv) names = command_names(cli->command->subs);
  g_autofree char *known = g_strjoinv(" ", names);
  g_autofree char *text = g_strdup_printf(_("what should 'renkei %s' do?"), cli->path->str);
  g_autofree char *remedy = g_strdup_printf(_("put one of these behind it: %s"), known);
  return say_error(cli, RK_USAGE, text, remedy);
}

RkStatus command_dispatch(Cli *cli, const Command *list, int argc, char **argv) {
  const Command *command = command_find(list, argv[0]);
  if (!command)
    return unknown_command(cli, list, argv[0]);
  g_string_append_printf(cli->path, "%s%s", cli->path->len ? " " : "", command->name);
  cli->command = command;
  if (!command->subs)
    return command->run(cli, argc, argv);
  if (argc > 1)
    return command_dispatch(cli, command->subs, argc - 1, argv + 1);
  if (!cli->help)
    return no_command(cli);
  options_help(cli, NULL);
  return RK_OK;
}

static RkStatus run(Cli *cli, int argc, char **argv) {
  RkStatus status = RK_OK;
  if (!options_globals(cli, &argc, &argv, &status))
    return status;
  if (cli->version)
    return run_version(cli, 1, argv);
  if (argc > 1 && argv[1][0] != '-')
    return command_dispatch(cli, commands, argc - 1, argv + 1);
  if (cli->help) {
    options_help_all(cli);
    return RK_OK;
  }
  cli->command = &today;
  return run_today(cli, argc, argv);
}

static char *folder(const char *variable, const char *compiled) {
  const char *value = g_getenv(variable);
  return g_strdup(value && *value ? value : compiled);
}

/* An administrator's own data folder goes before what was shipped. */
static char *data_folder(void) {
  g_autofree char *own = g_build_filename(RENKEI_SITEDIR, "workflows", NULL);
  gboolean has_own = g_file_test(own, G_FILE_TEST_IS_DIR);
  return folder("RENKEI_DATADIR", has_own ? RENKEI_SITEDIR : RENKEI_DATADIR);
}

static void cli_clear(Cli *cli) {
  rk_desk_close(cli->desk);
  rk_diags_free(cli->diags);
  g_string_free(cli->path, TRUE);
  g_free(cli->db);
  g_free(cli->office);
  g_free(cli->language);
  g_free(cli->clock_text);
  g_free(cli->request_id);
  g_free(cli->not_my_number);
  g_free((char *)cli->site.datadir);
  g_free((char *)cli->site.moduledir);
}

/* What was not written was not said: a full disk behind stdout is a failure. */
static RkStatus flush_output(const Cli *cli, RkStatus status) {
  if (fflush(stdout) == 0 && !ferror(stdout))
    return status;
  say_error(cli, RK_FAILED, _("the answer could not be written"),
            _("the change itself was made if no other error is shown; check the free space"));
  return status == RK_OK ? RK_FAILED : status;
}

int main(int argc, char **argv) {
  start_harden();
  start_locale(start_find_language(argc, argv));
  memory_prepare();
  Cli cli = {.diags = rk_diags_new(), .path = g_string_new(NULL)};
  cli.site.datadir = data_folder();
  cli.site.moduledir = folder("RENKEI_MODULEDIR", RENKEI_MODULEDIR);
  /* GLib moves the words within argv; the list stays ours. */
  RkStatus status = run(&cli, argc, argv);
  status = flush_output(&cli, status);
  cli_clear(&cli);
  return (int)status;
}
