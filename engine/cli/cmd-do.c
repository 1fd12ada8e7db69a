/* SPDX-License-Identifier: Apache-2.0 */
/* cmd-do.c - what happened: by the event's name, by its number in the list, or asked for. */
#include "config.h"

#include "cli/cli.h"

#include <stdio.h>

#define REASONS_SHOWN 6

typedef struct {
  char *received, *incomplete, *channel, *on, *as, *behalf, *evidence, *why;
  InputOptions inputs;
  gboolean late;
} DoOptions;

static void do_options_clear(DoOptions *options) {
  g_free(options->received);
  g_free(options->incomplete);
  g_free(options->channel);
  g_free(options->on);
  g_free(options->as);
  g_free(options->behalf);
  g_free(options->evidence);
  g_free(options->why);
  g_strfreev(options->inputs.sets);
  g_free(options->inputs.values);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DoOptions, do_options_clear)

static GStrv split_list(const char *list) {
  g_autofree char *folded = fold(list ? list : "");
  return g_strsplit(folded, ",", -1);
}

/* The papers of --received; those of --incomplete arrived too. */
static GArray *received_papers(GStrv received, GStrv incomplete, const char *channel) {
  GArray *papers = g_array_new(FALSE, TRUE, sizeof(RkReceived));
  for (guint i = 0; received[i]; i++) {
    RkReceived paper = {received[i], channel,
                        g_strv_contains((const char *const *)incomplete, received[i])};
    if (*received[i])
      g_array_append_val(papers, paper);
  }
  for (guint i = 0; incomplete[i]; i++) {
    RkReceived paper = {incomplete[i], channel, TRUE};
    if (*incomplete[i] && !g_strv_contains((const char *const *)received, incomplete[i]))
      g_array_append_val(papers, paper);
  }
  return papers;
}

/* The event that `word` means in the list: a name stays itself, a number is looked up. */
static RkStatus event_of(Cli *cli, const char *number, const char *word, char **event) {
  g_autoptr(RkTable) next = NULL;
  guint64 choice = 0;
  *event = NULL;
  if (!g_ascii_string_to_unsigned(word, 10, 1, 9999, &choice, NULL)) {
    *event = g_strdup(word);
    return RK_OK;
  }
  RkStatus status = rk_case_next(cli->desk, number, cli_now(cli), &next, cli->diags);
  if (status != RK_OK)
    return say_diags(cli, status);
  for (guint i = 0; i < rk_table_rows(next); i++)
    if (g_strcmp0(rk_table_get(next, i, "no"), word) == 0)
      *event = g_strdup(rk_table_get(next, i, "event"));
  if (*event)
    return RK_OK;
  g_autofree char *message = g_strdup_printf(_("the list has no number %s"), word);
  g_autofree char *hint = g_strdup_printf(_("see the list: renkei do %s"), number);
  return say_error(cli, RK_USAGE, message, hint);
}

/* What the event asks for, from the options or the terminal. */
static RkStatus gather(Cli *cli, const char *number, const char *event, const DoOptions *options,
                       Inputs *inputs) {
  g_autoptr(RkTable) known = NULL;
  RkStatus status =
      rk_event_inputs(cli->desk, number, event, cli_now(cli), &known, cli->diags);
  return status == RK_OK ? inputs_complete(cli, known, &options->inputs, inputs)
                         : say_diags(cli, status);
}

/* At a terminal: deadlines stand between; whether it is to be entered all the same. The reasons are
 * then said and done with. */
static gboolean asks_late(Cli *cli, RkRequest *request) {
  if (request->late || !say_has(cli, "CS095") || !prompt_possible(cli))
    return FALSE;
  say_diags(cli, RK_REFUSED);
  request->late = prompt_confirm(cli, _("Enter it all the same? [y/N]")) == RK_OK;
  return request->late;
}

/* All papers that came without a word came by the one way that is then said. */
static gboolean asks_way(Cli *cli, GArray *papers, char **way) {
  if (!*way)
    *way = prompt_way(cli, RK_REFUSED);
  else
    return FALSE;
  for (guint i = 0; i < papers->len; i++)
    g_array_index(papers, RkReceived, i).channel = *way;
  return *way != NULL;
}

/* With what a person says to a refusal that asks for more. */
static RkStatus enter(Cli *cli, RkRequest *request, const char *number, const char *event,
                      const DoOptions *options, RkTable **table) {
  g_auto(GStrv) received = split_list(options->received);
  g_auto(GStrv) incomplete = split_list(options->incomplete);
  g_autoptr(GArray) papers = received_papers(received, incomplete, options->channel);
  g_autofree char *way = NULL;
  RkStatus status;
  do {
    status = rk_case_do(cli->desk, request, number, event, (const RkReceived *)papers->data, papers->len,
                        table, cli->diags);
  } while (status == RK_REFUSED && (asks_late(cli, request) || asks_way(cli, papers, &way)));
  return status;
}

/* What was typed, before anything is looked up or asked for; NULL: nobody will ask again. g_free. */
static char *line_of(const Cli *cli, const char *word, const DoOptions *options, const Inputs *inputs) {
  const char *const words[] = {word,        options->received, options->incomplete, options->channel,
                               options->on, options->as,       options->behalf,     options->evidence,
                               options->why, options->late ? "late" : NULL, cli->not_my_number};
  if (!cli->request_id)
    return NULL;
  GString *line = g_string_new(NULL);
  for (guint i = 0; i < G_N_ELEMENTS(words); i++)
    g_string_append_printf(line, "%s%c", words[i] ? words[i] : "", words[i] ? '\n' : '\t');
  for (guint i = 0; i < inputs->names->len; i++)
    g_string_append_printf(line, "%s=%s\n", (char *)inputs->names->pdata[i], (char *)inputs->texts->pdata[i]);
  return g_string_free(line, FALSE);
}

static RkStatus read_request(Cli *cli, const DoOptions *options, RkRequest *request) {
  *request = desk_request(cli);
  request->as_role = options->as;
  request->on_behalf = options->behalf;
  request->evidence = options->evidence;
  request->why = options->why;
  request->late = options->late;
  if (!options->on || time_read(options->on, request->now, &request->happened))
    return RK_OK;
  return say_error(cli, RK_USAGE, _("--on is not a time"),
                   _("write it like 2026-11-21, R8.11.21 or 2026-11-21T09:30:00+09:00"));
}

/* What the words mean is looked up, what they leave open asked for. */
static RkStatus happen_first(Cli *cli, RkRequest *request, const char *number, const char *word,
                             const DoOptions *options, Inputs *inputs) {
  RkTable *table = NULL;
  g_autofree char *event = NULL;
  RkStatus status = event_of(cli, number, word, &event);
  if (status == RK_OK)
    status = gather(cli, number, event, options, inputs);
  if (status != RK_OK)
    return status;
  g_autofree RkValue *values = inputs_values(inputs);
  request->values = values;
  request->n_values = inputs->names->len;
  status = person_confirm(cli, number);
  if (status != RK_OK)
    return status;
  status = enter(cli, request, number, event, options, &table);
  status = desk_table(cli, status, table, NULL, NULL);
  if (status == RK_REFUSED)
    say(cli, "%s", _("Refused; nothing was changed."));
  return status;
}

static RkStatus happen(Cli *cli, const char *number, const char *word, const DoOptions *options) {
  RkTable *table = NULL;
  RkRequest request;
  g_auto(Inputs) inputs = {0};
  RkStatus status = read_request(cli, options, &request);
  if (status == RK_OK)
    status = inputs_given(cli, &options->inputs, &inputs);
  if (status != RK_OK)
    return status;
  g_autofree char *line = line_of(cli, word, options, &inputs);
  request.line = line;
  status = line ? rk_case_done(cli->desk, &request, number, &table, cli->diags) : RK_OK;
  if (table && !person_may_ask(cli))
    status = person_confirm(cli, number); /* which only says so */
  if (status != RK_OK || table)
    status = desk_table(cli, status, table, NULL, NULL);
  else
    status = happen_first(cli, &request, number, word, options, &inputs);
  if (status == RK_OK && cli->dry_run)
    say(cli, "%s", _("This is what would happen; nothing was changed (--dry-run)."));
  else if (status == RK_OK)
    say(cli, _("Recorded. What comes next: renkei do %s"), number);
  return status;
}

/* What keeps each event from happening, a line a reason, for people. */
static void say_missing(const Cli *cli, const RkTable *next, const char *number) {
  for (guint row = 0; row < rk_table_rows(next); row++) {
    const char *missing = rk_table_get(next, row, "missing");
    g_auto(GStrv) reasons = g_strsplit(missing ? missing : "", " / ", -1);
    guint count = g_strv_length(reasons);
    if (!count)
      continue;
    put_format(stdout, "\n");
    put_format(stdout, _("What is missing for %s:"), rk_table_get(next, row, "no"));
    put_format(stdout, "\n");
    for (guint i = 0; i < count && i < REASONS_SHOWN; i++)
      put_format(stdout, "  - %s\n", reasons[i]);
    if (count > REASONS_SHOWN)
      say(cli, _("  and %u more; all of them: renkei do %s %s --dry-run"), count - REASONS_SHOWN,
          number, rk_table_get(next, row, "no"));
  }
}

/* The list, and at a terminal the question which. */
static RkStatus choose(Cli *cli, const char *number, const DoOptions *options) {
  g_autoptr(RkTable) next = NULL;
  RkStatus status = rk_case_next(cli->desk, number, cli_now(cli), &next, cli->diags);
  if (status != RK_OK)
    return say_diags(cli, status);
  output_table(cli, next, "no title step by_title possible event",
               _("Nothing can be entered for this case now; see `renkei show`."));
  if (cli->format != OUTPUT_TABLE || !rk_table_rows(next))
    return RK_OK;
  say_missing(cli, next, number);
  if (!prompt_possible(cli)) {
    say(cli, _("To record one: renkei do %s NUMBER"), number);
    return RK_OK;
  }
  g_autofree char *answer = prompt_line(_("Which number happened (empty: none)?"));
  g_autofree char *word = fold(answer);
  if (word && *word)
    return happen(cli, number, word, options);
  say(cli, "%s", _("Cancelled; nothing was changed."));
  return RK_CANCELLED;
}

RkStatus run_do(Cli *cli, int argc, char **argv) {
  g_auto(DoOptions) options = {0};
  const GOptionEntry entries[] = {
      {"received", 0, 0, G_OPTION_ARG_STRING, &options.received,
       N_("papers that came with it"), "FORM,…"},
      {"incomplete", 0, 0, G_OPTION_ARG_STRING, &options.incomplete,
       N_("papers that came and lack something"), "FORM,…"},
      {"channel", 0, 0, G_OPTION_ARG_STRING, &options.channel, N_("how they came"), "CHANNEL"},
      {"set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.inputs.sets,
       N_("what the event asks for; NAME=- reads it"), "NAME=VALUE"},
      {"values", 0, 0, G_OPTION_ARG_FILENAME, &options.inputs.values,
       N_("the same from a file of lines NAME = VALUE; - reads it"), "FILE"},
      {"on", 0, 0, G_OPTION_ARG_STRING, &options.on, N_("when it happened"), "TIME"},
      {"late", 0, 0, G_OPTION_ARG_NONE, &options.late,
       N_("it happened before deadlines that have passed meanwhile"), NULL},
      {"as", 0, 0, G_OPTION_ARG_STRING, &options.as, N_("which of your roles"), "ROLE"},
      {"for", 0, 0, G_OPTION_ARG_STRING, &options.behalf,
       N_("the operator in whose name it is entered, and who has to confirm it"), "USER"},
      {"evidence", 0, 0, G_OPTION_ARG_STRING, &options.evidence,
       N_("paper, phone, screen …"), "WHAT"},
      {"why", 0, 0, G_OPTION_ARG_STRING, &options.why, N_("a remark"), "TEXT"},
      {NULL}};
  RkStatus status = RK_OK;
  if (!desk_command(cli, entries, &argc, &argv, 1, 2, &status))
    return status;
  g_autofree char *number = fold(argv[1]), *word = argc > 2 ? fold(argv[2]) : NULL;
  return word ? happen(cli, number, word, &options) : choose(cli, number, &options);
}
