/* SPDX-License-Identifier: Apache-2.0 */
/* cmd-form.c - the papers of a case, and the shipped forms. */
#include "config.h"

#include "cli/cli.h"

/* `form` commands begin alike: CASE FORM, folded; the desk is open. FALSE: *status. */
typedef struct {
  char *number, *form;
} PaperWords;

static void paper_words_clear(PaperWords *words) {
  g_free(words->number);
  g_free(words->form);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PaperWords, paper_words_clear)

static gboolean paper_words(Cli *cli, const GOptionEntry *entries, int *argc, char ***argv,
                            int max, PaperWords *words, RkStatus *status) {
  if (!desk_command(cli, entries, argc, argv, 2, max, status))
    return FALSE;
  words->number = fold((*argv)[1]);
  words->form = fold((*argv)[2]);
  return TRUE;
}

static RkStatus run_form_list(Cli *cli, int argc, char **argv) {
  RkTable *table = NULL;
  RkStatus status = RK_OK;
  if (!options_parse(cli, NULL, &argc, &argv, 0, 0, &status))
    return status;
  status = rk_form_list(&cli->site, &table, cli->diags);
  return desk_table(cli, status, table, NULL, _("No form is shipped."));
}

static RkStatus run_form_values(Cli *cli, int argc, char **argv) {
  g_auto(PaperWords) words = {0};
  RkTable *table = NULL;
  RkStatus status = RK_OK;
  if (!paper_words(cli, NULL, &argc, &argv, 2, &words, &status))
    return status;
  status = rk_form_values(cli->desk, words.number, words.form, &table, cli->diags);
  return desk_table(cli, status, table, "path label required value", _("The form has no fields."));
}

static RkStatus run_form_check(Cli *cli, int argc, char **argv) {
  g_auto(PaperWords) words = {0};
  RkStatus status = RK_OK;
  if (!paper_words(cli, NULL, &argc, &argv, 2, &words, &status))
    return status;
  status = rk_form_check(cli->desk, words.number, words.form, cli->diags);
  if (status == RK_OK)
    say(cli, "%s", _("The paper is complete."));
  return say_diags(cli, status);
}

RkStatus form_take(Cli *cli, const RkRequest *request, const char *number, const char *form,
                   const char *text, const char *name, char **state) {
  RkRequest trial = *request;
  g_autofree char *unused = NULL;
  RkStatus status = RK_OK;
  trial.dry_run = TRUE;
  if (person_may_ask(cli))
    status = rk_form_fill(cli->desk, &trial, number, form, text, name, &unused, cli->diags);
  if (status == RK_OK)
    status = person_go_on(cli);
  if (status != RK_OK)
    return status;
  status = rk_form_fill(cli->desk, request, number, form, text, name, state, cli->diags);
  /* It is taken; that it cannot go out is said now, not when it is to. */
  if (status == RK_OK && !request->dry_run && g_strcmp0(*state, "complete") == 0)
    rk_form_check(cli->desk, number, form, cli->diags);
  return status;
}

static RkStatus run_form_fill(Cli *cli, int argc, char **argv) {
  g_auto(PaperWords) words = {0};
  g_autofree char *state = NULL, *why = NULL, *behalf = NULL;
  const GOptionEntry entries[] = {
      {"for", 0, 0, G_OPTION_ARG_STRING, &behalf,
       N_("the operator in whose name it is entered, and who has to confirm it"), "USER"},
      {"why", 0, 0, G_OPTION_ARG_STRING, &why, N_("a remark"), "TEXT"},
      {NULL}};
  RkStatus status = RK_OK;
  if (!paper_words(cli, entries, &argc, &argv, 3, &words, &status))
    return status;
  const char *name = argc > 3 ? argv[3] : "-";
  if (g_str_equal(name, "-") && prompt_possible(cli))
    say(cli, "%s", _("Lines \"field = value\"; Ctrl-D ends them. `renkei form edit` is easier."));
  g_autofree char *text = file_read(cli, name);
  if (!text)
    return RK_FAILED;
  RkRequest request = desk_request(cli);
  request.why = why;
  request.on_behalf = behalf;
  status = form_take(cli, &request, words.number, words.form, text, name, &state);
  if (status == RK_OK)
    output_value(cli, "paper", "state", state);
  return say_diags(cli, status);
}

static RkStatus paper_event(Cli *cli, int argc, char **argv, const char *event) {
  g_autofree char *on = NULL, *why = NULL;
  const GOptionEntry entries[] = {
      {"on", 0, 0, G_OPTION_ARG_STRING, &on, N_("when it happened"), "TIME"},
      {"why", 0, 0, G_OPTION_ARG_STRING, &why, N_("a remark"), "TEXT"},
      {NULL}};
  g_auto(PaperWords) words = {0};
  RkStatus status = RK_OK;
  if (!paper_words(cli, entries, &argc, &argv, 2, &words, &status))
    return status;
  RkRequest request = desk_request(cli);
  request.why = why;
  if (on && !time_read(on, request.now, &request.happened))
    return say_error(cli, RK_USAGE, _("--on is not a time"),
                     _("write it like 2026-11-21, R8.11.21 or 2026-11-21T09:30:00+09:00"));
  status = person_confirm(cli, words.number);
  if (status != RK_OK)
    return status;
  status = rk_form_event(cli->desk, &request, words.number, words.form, event, cli->diags);
  if (status == RK_OK)
    say(cli, "%s", cli->dry_run ? _("It could be recorded; nothing was changed (--dry-run).")
                                : _("Recorded."));
  return say_diags(cli, status);
}

static RkStatus run_form_sign(Cli *cli, int argc, char **argv) {
  return paper_event(cli, argc, argv, "signed");
}

static RkStatus run_form_return(Cli *cli, int argc, char **argv) {
  return paper_event(cli, argc, argv, "returned");
}

static RkStatus run_form_void(Cli *cli, int argc, char **argv) {
  return paper_event(cli, argc, argv, "voided");
}

static RkStatus run_form_receive(Cli *cli, int argc, char **argv) {
  g_autofree char *channel = NULL, *on = NULL;
  gboolean incomplete = FALSE;
  const GOptionEntry entries[] = {
      {"incomplete", 0, 0, G_OPTION_ARG_NONE, &incomplete, N_("it lacks something"), NULL},
      {"channel", 0, 0, G_OPTION_ARG_STRING, &channel, N_("how it came"), "CHANNEL"},
      {"on", 0, 0, G_OPTION_ARG_STRING, &on, N_("when it came"), "TIME"},
      {NULL}};
  g_auto(PaperWords) words = {0};
  RkStatus status = RK_OK;
  if (!paper_words(cli, entries, &argc, &argv, 2, &words, &status))
    return status;
  RkRequest request = desk_request(cli);
  if (on && !time_read(on, request.now, &request.happened))
    return say_error(cli, RK_USAGE, _("--on is not a time"),
                     _("write it like 2026-11-21, R8.11.21 or 2026-11-21T09:30:00+09:00"));
  RkReceived received = {words.form, channel, incomplete};
  status = person_confirm(cli, words.number);
  if (status != RK_OK)
    return status;
  status = rk_form_receive(cli->desk, &request, words.number, &received, cli->diags);
  g_autofree char *way = status == RK_REFUSED && !channel && !cli->request_id ? prompt_way(cli, status) : NULL;
  if (way) {
    received.channel = way;
    status = rk_form_receive(cli->desk, &request, words.number, &received, cli->diags);
  }
  if (status == RK_OK)
    say(cli, "%s", cli->dry_run ? _("It could be recorded; nothing was changed (--dry-run).")
                                : _("Recorded."));
  return say_diags(cli, status);
}

/* ------------------------------------------------------------------ printing */

/* The target and the format its ending names. "-" writes HTML. */
static RkStatus print_target(const Cli *cli, const char *path, RkFormat *format) {
  *format = RK_FORMAT_HTML;
  if (!path)
    return say_error(cli, RK_USAGE, _("where to print is not said"),
                     _("give a file: -o FILE.pdf (.html, .tiff, .png, .fo)"));
  if (!g_str_equal(path, "-") && !file_format(path, format))
    return say_error(cli, RK_USAGE, _("the ending of the file names no format"),
                     _("choose .pdf, .html, .tiff, .png or .fo"));
  return file_check_target(cli, path);
}

static RkStatus write_paper(Cli *cli, RkStatus status, const char *path, GBytes *bytes) {
  if (status == RK_OK && !cli->dry_run)
    status = file_write(cli, path, bytes);
  if (bytes)
    g_bytes_unref(bytes);
  if (status == RK_OK && !cli->dry_run && !file_is_stdout(path))
    say(cli, _("Printed to %s."), path);
  return say_diags(cli, status);
}

static RkStatus run_form_print(Cli *cli, int argc, char **argv) {
  g_autofree char *path = NULL;
  const GOptionEntry entries[] = {
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &path, N_("its ending names the format; -.pdf and the like: standard output"), "FILE"},
      {NULL}};
  g_auto(PaperWords) words = {0};
  GBytes *bytes = NULL;
  RkFormat format;
  RkStatus status = RK_OK;
  if (!paper_words(cli, entries, &argc, &argv, 2, &words, &status))
    return status;
  status = print_target(cli, path, &format);
  if (status != RK_OK)
    return status;
  status = rk_form_print(cli->desk, words.number, words.form, format, &bytes, cli->diags);
  return write_paper(cli, status, path, bytes);
}

static RkStatus run_form_blank(Cli *cli, int argc, char **argv) {
  g_autofree char *path = NULL;
  gboolean lenient = FALSE;
  const GOptionEntry entries[] = {
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &path, N_("its ending names the format; -.pdf and the like: standard output"), "FILE"},
      {"lenient", 0, 0, G_OPTION_ARG_NONE, &lenient,
       N_("leave out, with a warning, what the stylesheet writes outside the subset of XSL-FO"), NULL},
      {NULL}};
  GBytes *bytes = NULL;
  RkFormat format;
  RkStatus status = RK_OK;
  if (!options_parse(cli, entries, &argc, &argv, 1, 1, &status))
    return status;
  status = print_target(cli, path, &format);
  if (status != RK_OK)
    return status;
  g_autofree char *form = fold(argv[1]);
  status = rk_form_blank(&cli->site, form, format, lenient, &bytes, cli->diags);
  return write_paper(cli, status, path, bytes);
}

static RkStatus run_form_approve(Cli *cli, int argc, char **argv) {
  RkStatus status = RK_OK;
  if (!desk_command(cli, NULL, &argc, &argv, 1, 1, &status))
    return status;
  g_autofree char *form = fold(argv[1]);
  RkRequest request = desk_request(cli);
  status = rk_form_approve(cli->desk, &request, form, cli->diags);
  if (status == RK_OK)
    say(cli, "%s", cli->dry_run ? _("It could be recorded; nothing was changed (--dry-run).")
                                : _("Approved: the form may leave the building as we print it."));
  return say_diags(cli, status);
}

const Command form_commands[] = {
    {"list", "", N_("the shipped forms; needs no database"), "renkei form list", run_form_list,
     NULL},
    {"edit", "CASE FORM", N_("fill a paper in with your editor"), "renkei form edit R8-0012 fj-2-1",
     run_form_edit, NULL},
    {"fill", "CASE FORM [FILE|-]", N_("fill a paper in from lines \"field = value\""),
     "renkei form fill R8-0012 fj-2-1 request.txt", run_form_fill, NULL},
    {"check", "CASE FORM", N_("what keeps a paper from being complete"),
     "renkei form check R8-0012 fj-2-1", run_form_check, NULL},
    {"print", "CASE FORM -o FILE", N_("a paper as a document"),
     "renkei form print R8-0012 fj-2-1 -o request.pdf\n"
     "renkei form print R8-0012 fj-2-1 -o request.tiff",
     run_form_print, NULL},
    {"blank", "FORM -o FILE [--lenient]", N_("an empty form; needs no database"),
     "renkei form blank fj-3 -o pledge.pdf", run_form_blank, NULL},
    {"approve", "FORM", N_("our layout of a form that no handbook prints may leave the building"),
     "renkei form blank fj-3 -o pledge.pdf && renkei form approve fj-3", run_form_approve, NULL},
    {"values", "CASE FORM", N_("the fields of a paper and what stands in them"),
     "renkei form values R8-0012 fj-2-1", run_form_values, NULL},
    {"sign", "CASE FORM", N_("record that a paper was signed"), "renkei form sign R8-0012 fj-3",
     run_form_sign, NULL},
    {"return", "CASE FORM", N_("take a paper back to be changed"),
     "renkei form return R8-0012 fj-3 --why 'wrong date'", run_form_return, NULL},
    {"void", "CASE FORM", N_("record that a paper is not valid any more"),
     "renkei form void R8-0012 fj-3", run_form_void, NULL},
    {"receive", "CASE FORM [--incomplete]", N_("a paper of somebody else arrived"),
     "renkei form receive R8-0012 fj-3 --channel fax\nrenkei form receive R8-0012 fj-3 --incomplete",
     run_form_receive, NULL},
    {NULL}};
