/* SPDX-License-Identifier: Apache-2.0 */
/* options.c - reading the words of a call, and the help that is made from the same tables. */
#include "config.h"

#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

char *fold(const char *typed) {
  char *folded = typed ? g_utf8_normalize(typed, -1, G_NORMALIZE_ALL_COMPOSE) : NULL;
  return folded ? folded : g_strdup(typed);
}

/* ------------------------------------------------------------------ globals */

static gboolean read_format(const char *word, OutputFormat *out) {
  static const char *const names[] = {"table", "json", "jsonl", "csv"};
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    if (g_str_equal(word, names[i])) {
      *out = (OutputFormat)i;
      return TRUE;
    }
  return FALSE;
}

/* The values of the global options that have a form of their own. */
static RkStatus check_globals(Cli *cli, const char *format) {
  if (format && !read_format(format, &cli->format))
    return say_error(cli, RK_USAGE, _("--format knows no such format"),
                     _("choose table, json, jsonl or csv"));
  if (cli->language && !g_str_equal(cli->language, "ja") && !g_str_equal(cli->language, "en"))
    return say_error(cli, RK_USAGE, _("--lang knows no such language"), _("choose ja or en"));
  if (cli->clock_text && !time_read(cli->clock_text, 0, &cli->clock))
    return say_error(cli, RK_USAGE, _("--clock is not a time"),
                     _("write it like 2026-11-21T09:30:00+09:00"));
  return RK_OK;
}

#define N_GLOBALS 15 /* the end counts */

static void global_entries(Cli *cli, char **format, GOptionEntry *entries) {
  const GOptionEntry all[] = {
      {"db", 0, 0, G_OPTION_ARG_FILENAME, &cli->db, N_("the case database"), "FILE"},
      {"office", 0, 0, G_OPTION_ARG_STRING, &cli->office,
       N_("which office of the database, for those who work for several"), "NAME"},
      {"format", 0, 0, G_OPTION_ARG_STRING, format, N_("table, json, jsonl or csv"), "FORMAT"},
      {"lang", 0, 0, G_OPTION_ARG_STRING, &cli->language, N_("ja or en"), "LANGUAGE"},
      {"no-input", 0, 0, G_OPTION_ARG_NONE, &cli->no_input, N_("never ask anything"), NULL},
      {"yes", 'y', 0, G_OPTION_ARG_NONE, &cli->yes, N_("answer yes to every question"), NULL},
      {"dry-run", 'n', 0, G_OPTION_ARG_NONE, &cli->dry_run,
       N_("say what would happen, change nothing"), NULL},
      {"quiet", 'q', 0, G_OPTION_ARG_NONE, &cli->quiet, N_("errors only"), NULL},
      {"verbose", 'v', 0, G_OPTION_ARG_NONE, &cli->verbose, N_("all columns, more words"), NULL},
      {"clock", 0, 0, G_OPTION_ARG_STRING, &cli->clock_text,
       N_("the present time, in exercises only"), "TIME"},
      {"request-id", 0, 0, G_OPTION_ARG_STRING, &cli->request_id,
       N_("a repeated request gets the first answer"), "ID"},
      {"not-my-number", 0, 0, G_OPTION_ARG_STRING, &cli->not_my_number,
       N_("what the number is that looks like an Individual Number"), "TEXT"},
      {"help", 'h', 0, G_OPTION_ARG_NONE, &cli->help, N_("this help"), NULL},
      {"version", 0, 0, G_OPTION_ARG_NONE, &cli->version, N_("the version"), NULL},
      {NULL}};
  G_STATIC_ASSERT(G_N_ELEMENTS(all) == N_GLOBALS);
  memcpy(entries, all, sizeof all);
}

static RkStatus say_parse_error(const Cli *cli, const GError *error) {
  g_autofree char *hint = cli->path->len
                              ? g_strdup_printf(_("see: renkei help %s"), cli->path->str)
                              : g_strdup(_("see: renkei help"));
  return say_error(cli, RK_USAGE, error->message, hint);
}

gboolean options_globals(Cli *cli, int *argc, char ***argv, RkStatus *status) {
  GOptionEntry entries[N_GLOBALS];
  g_autofree char *format = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GOptionContext) context = g_option_context_new(NULL);
  global_entries(cli, &format, entries);
  g_option_context_set_help_enabled(context, FALSE);
  g_option_context_set_ignore_unknown_options(context, TRUE);
  g_option_context_add_main_entries(context, entries, NULL);
  if (g_option_context_parse(context, argc, argv, &error))
    *status = check_globals(cli, format);
  else
    *status = say_parse_error(cli, error);
  return *status == RK_OK;
}

/* --------------------------------------------------------------------- help */

static void print_entry(const GOptionEntry *entry) {
  g_autofree char *name = g_strdup_printf(
      "%s%c%s--%s%s%s", entry->short_name ? "-" : " ", entry->short_name ? entry->short_name : ' ',
      entry->short_name ? ", " : "  ", entry->long_name, entry->arg_description ? " " : "",
      entry->arg_description ? entry->arg_description : "");
  int gap = MAX(0, 24 - (int)g_utf8_strlen(name, -1));
  printf("  %s%*s  %s\n", name, gap, "", _(entry->description));
}

static void print_examples(const char *examples) {
  g_auto(GStrv) lines = g_strsplit(examples, "\n", -1);
  printf("\n%s\n", _("Examples:"));
  for (guint i = 0; lines[i]; i++)
    printf("  %s\n", lines[i]);
}

void options_help(const Cli *cli, const GOptionEntry *entries) {
  const Command *command = cli->command;
  printf("%s renkei %s %s\n%s\n", _("Usage:"), cli->path->str, command->usage,
         _(command->summary));
  for (const Command *sub = command->subs; sub && sub->name; sub++)
    printf("%s  %s %s\n      %s\n", sub == command->subs ? "\n" : "", sub->name, sub->usage,
           _(sub->summary));
  if (entries && entries->long_name)
    printf("\n%s\n", _("Options:"));
  for (; entries && entries->long_name; entries++)
    print_entry(entries);
  if (command->examples)
    print_examples(command->examples);
}

void options_help_all(const Cli *cli) {
  GOptionEntry entries[N_GLOBALS];
  char *format = NULL;
  Cli none = *cli;
  global_entries(&none, &format, entries);
  printf("%s renkei [%s] %s\n%s\n\n", _("Usage:"), _("options"), _("COMMAND"),
         _("Runs the paper procedures of a municipality. Without a command: today's work."));
  for (const Command *command = commands; command->name; command++)
    printf("  %-11s %s\n", command->name, _(command->summary));
  printf("\n%s\n", _("Options of every command:"));
  for (const GOptionEntry *entry = entries; entry->long_name; entry++)
    print_entry(entry);
  printf("\n%s\n", _("renkei help COMMAND tells more; renkei(1) tells all."));
}

/* -------------------------------------------------------------- one command */

static RkStatus check_words(const Cli *cli, int count, int min, int max) {
  g_autofree char *hint =
      g_strdup_printf(_("write: renkei %s %s"), cli->path->str, cli->command->usage);
  if (count < min)
    return say_error(cli, RK_USAGE, _("something is missing in this call"), hint);
  if (max >= 0 && count > max)
    return say_error(cli, RK_USAGE, _("there are words too many in this call"), hint);
  return RK_OK;
}

static RkStatus check_text(const Cli *cli, int argc, char **argv) {
  for (int i = 1; i < argc; i++)
    if (!g_utf8_validate(argv[i], -1, NULL))
      return say_error(cli, RK_USAGE, _("a word of this call is not UTF-8"),
                       _("set the terminal to UTF-8"));
  return RK_OK;
}

/* GLib leaves the "--" that ended the options. */
static void drop_dashes(int *argc, char **argv) {
  if (*argc < 2 || strcmp(argv[1], "--") != 0)
    return;
  memmove(&argv[1], &argv[2], sizeof *argv * (gsize)(*argc - 1));
  (*argc)--;
}

gboolean options_parse(Cli *cli, const GOptionEntry *entries, int *argc, char ***argv, int min,
                       int max, RkStatus *status) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GOptionContext) context = g_option_context_new(NULL);
  g_option_context_set_help_enabled(context, FALSE);
  if (entries)
    g_option_context_add_main_entries(context, entries, NULL);
  *status = RK_OK;
  if (cli->help) {
    options_help(cli, entries);
    return FALSE;
  }
  if (!g_option_context_parse(context, argc, argv, &error)) {
    *status = say_parse_error(cli, error);
    return FALSE;
  }
  drop_dashes(argc, *argv);
  *status = check_text(cli, *argc, *argv);
  if (*status == RK_OK)
    *status = check_words(cli, *argc - 1, min, max);
  return *status == RK_OK;
}
