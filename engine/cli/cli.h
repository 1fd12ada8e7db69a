/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli.h - what the files of the command line share.
 *
 * A command is one entry of a table: a name, how it is called, what it does, and a
 * function that runs it and returns the exit code. Standard output carries data only;
 * everything else goes to standard error. Nothing here knows the store or the machine:
 * renkei.h is the only door.
 */
#ifndef RENKEI_CLI_H
#define RENKEI_CLI_H

#include "renkei.h"

#include <libintl.h>
#include <stdio.h>

#define _(text) gettext(text)
#define N_(text) text

typedef enum { OUTPUT_TABLE, OUTPUT_JSON, OUTPUT_JSONL, OUTPUT_CSV } OutputFormat;

typedef struct Cli Cli;
typedef struct Command Command;

struct Command {
  const char *name;
  const char *usage;    /* what follows the name; not translated */
  const char *summary;  /* N_(), one line */
  const char *examples; /* lines without indentation; NULL: none */
  RkStatus (*run)(Cli *cli, int argc, char **argv);
  const Command *subs; /* ended by a NULL name; then `run` is NULL */
};

struct Cli {
  /* Global options; strings owned. */
  char *db, *office, *language, *clock_text, *request_id, *not_my_number;
  OutputFormat format;
  gboolean no_input, yes, dry_run, quiet, verbose, help, version;
  gint64 clock; /* 0: the real time */

  RkSite site; /* strings owned */
  RkDesk *desk;
  RkDiags *diags;
  GString *path;          /* the command as typed: "form print" */
  const Command *command; /* the one that runs */
};

/* commands: the table of all, ended by a NULL name. */
extern const Command commands[];
const Command *command_find(const Command *list, const char *name);
/* Run the command argv[0] of `list`; sub-commands too. */
RkStatus command_dispatch(Cli *cli, const Command *list, int argc, char **argv);

/* start.c: before the first byte is read or written. */
void start_harden(void);
void start_locale(const char *language);
/* The words of a program that ends for want of memory (memory.c), in the language set. */
void memory_prepare(void);
/* The value of --lang in argv, which must be known before anything is said. */
const char *start_find_language(int argc, char **argv);

/* options.c: a command's own options. FALSE: stop with *status (help was printed, or the
 * call is wrong). Afterwards *args are the `min` to `max` words left. */
gboolean options_parse(Cli *cli, const GOptionEntry *entries, int *argc, char ***argv, int min,
                       int max, RkStatus *status);
gboolean options_globals(Cli *cli, int *argc, char ***argv, RkStatus *status);
void options_help(const Cli *cli, const GOptionEntry *entries);
void options_help_all(const Cli *cli);
/* What a person typed: NFKC, so that full-width letters and digits work. g_free. */
char *fold(const char *typed);

/* Which part of a long list: --after and --limit. */
typedef struct {
  char *after;
  int limit;
} PageOptions;
void page_options_clear(PageOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PageOptions, page_options_clear)
extern const char page_after[], page_limit[]; /* their descriptions */
#define PAGE_OPTIONS(options)                                                                  \
  {"after", 0, 0, G_OPTION_ARG_STRING, &(options).after, page_after, "LAST"},                  \
      {"limit", 0, 0, G_OPTION_ARG_INT, &(options).limit, page_limit, "N"}
/* Borrows from the options. */
RkPage page_asked(const PageOptions *options);
/* As desk_table; says how it goes on. `key`: the column that --after is given. */
RkStatus desk_page(Cli *cli, RkStatus status, RkTable *table, const RkPage *page, const char *key,
                   const char *columns, const char *empty);

/* terminal.c: whatever is shown and is not ours goes through these. On a terminal, characters that
 * command it become harmless; else the text stays as it is. */
char *terminal_text(FILE *stream, const char *text); /* g_free */
void put_text(FILE *stream, const char *text);
void put_format(FILE *stream, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* say.c: standard error. */
/* A refusal of the command line itself: `code` is a stable word, as for `hint` see Diag. */
RkStatus say_error(const Cli *cli, RkStatus status, const char *message, const char *hint);
/* The diagnostics collected, then none are left unsaid. Returns `status`. */
RkStatus say_diags(Cli *cli, RkStatus status);
/* Whether one of the reasons has this code. */
gboolean say_has(const Cli *cli, const char *code);
/* For people; silent with -q. */
void say(const Cli *cli, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* aligned.c: cells (UTF-8), row by row, as aligned text on standard output. What `folds` may go over several lines
 * of a narrow terminal. */
typedef struct {
  const char *title;
  gboolean right, folds;
} AlignedColumn;
void aligned_print(const AlignedColumn *columns, guint count, gboolean headings,
                   const GPtrArray *cells);

/* output.c, json.c: standard output. `columns`: the keys that people see, by spaces; NULL or
 * -v: all. `empty`: said to people when there is no row. */
void output_table(const Cli *cli, const RkTable *table, const char *columns, const char *empty);
/* Several tables, empty ones left out for people; `single`: the id of one printed
 * vertically. `columns`: "TABLE: key key; TABLE: …" or NULL. RK_USAGE for CSV. */
RkStatus output_tables(const Cli *cli, const char *id, const GPtrArray *tables,
                       const char *columns, const char *single);
/* RK_USAGE where the format holds one table only: asked before anything is written. */
RkStatus output_check_tables(const Cli *cli);
/* One value: the bare text for people, an object otherwise. */
void output_value(const Cli *cli, const char *id, const char *key, const char *value);
void json_table(const RkTable *table);
void json_tables(const char *id, const GPtrArray *tables, const char *single);
void json_lines(const RkTable *table, const char *member);
void json_value(const char *id, const char *key, const char *value, gboolean line);
void json_error(RkStatus status, const char *message, const char *hint);
void json_diags(RkStatus status, const RkDiags *diags);

/* Times for people: Japanese time, a day's end as 24:00. g_free. */
char *time_for_people(const char *iso, gboolean due);
/* ISO 8601, 2026/11/21, R8.11.21; a bare day begins at 00:00 JST, and is now when it is
 * the day of `now`. FALSE: not a time. */
gboolean time_read(const char *text, gint64 now, gint64 *out);

/* prompt.c: the terminal. */
gboolean prompt_possible(const Cli *cli);
/* The answer without its newline, or NULL at the end of input. g_free. */
char *prompt_line(const char *question);
/* At a terminal, when a paper may come by several ways and by which was not said: the reasons are said and done with,
 * and it is asked. g_free; NULL: nobody was asked, or says. */
char *prompt_way(Cli *cli, RkStatus status);
/* y/N. Without a terminal: RK_USAGE naming -y. RK_CANCELLED for no. */
RkStatus prompt_confirm(const Cli *cli, const char *question);

/* person.c: so that one person is not taken for another. */
/* Show at a terminal whom the case is about, and ask. RK_CANCELLED for no. Nothing is shown with -y,
 * --no-input or without a terminal. */
RkStatus person_confirm(Cli *cli, const char *number);
/* Show it only, before a question that is asked anyway. */
RkStatus person_show(Cli *cli, const char *number);
/* Whether somebody can be asked; then what would be done is first tried, and if that warns of a
 * second case of the same person, person_go_on asks. */
gboolean person_may_ask(const Cli *cli);
RkStatus person_go_on(Cli *cli);

/* file.c */
/* The whole of `path`, or of standard input for NULL and "-". g_free. NULL: said. */
char *file_read(const Cli *cli, const char *path);
/* "-", or "-.pdf" and the like where the ending names a format: standard output. */
gboolean file_is_stdout(const char *path);
/* A new file 0600; replaces an existing one only with -y. Or standard output. */
RkStatus file_write(const Cli *cli, const char *path, GBytes *bytes);
/* Whether it may be written: not over the database, and over another file only with -y. */
RkStatus file_check_target(const Cli *cli, const char *path);
/* The format that the ending of `path` names. */
gboolean file_format(const char *path, RkFormat *out);

/* desk.c */
gint64 cli_now(const Cli *cli);
char *desk_path(const Cli *cli);
/* Login name: of the real uid, or of SUDO_UID when the real uid owns the database. */
char *desk_operator(const char *path);
/* Open cli->desk once. Says what is wrong. */
RkStatus desk_open(Cli *cli);
/* How most commands begin: options_parse, then the desk. FALSE: *status is the command's answer. */
gboolean desk_command(Cli *cli, const GOptionEntry *entries, int *argc, char ***argv, int min,
                      int max, RkStatus *status);
RkRequest desk_request(const Cli *cli);
RkStatus desk_table(Cli *cli, RkStatus status, RkTable *table, const char *columns,
                    const char *empty);

/* inputs.c: what is said with --set or at the terminal. */
typedef struct {
  GPtrArray *names, *texts; /* of the same length; strings owned */
} Inputs;
void inputs_clear(Inputs *inputs);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Inputs, inputs_clear)
typedef struct {
  char **sets;  /* NAME=VALUE, NAME=- */
  char *values; /* a file of lines NAME = VALUE, "-": standard input; may be NULL */
} InputOptions;
/* From the options and, at a terminal, by asking for what is required. `known`: a table of
 * rk_procedure_inputs or rk_event_inputs. Says what is wrong. */
RkStatus inputs_gather(Cli *cli, const RkTable *known, const InputOptions *options, Inputs *inputs);
/* The same in two steps: what the options give; what is asked for beside it. */
RkStatus inputs_given(Cli *cli, const InputOptions *options, Inputs *inputs);
RkStatus inputs_complete(Cli *cli, const RkTable *known, const InputOptions *options, Inputs *inputs);
/* Borrowed from `inputs`; g_free. */
RkValue *inputs_values(const Inputs *inputs);

/* The commands, one group a file. */
RkStatus run_today(Cli *cli, int argc, char **argv);
RkStatus run_init(Cli *cli, int argc, char **argv);
RkStatus run_doctor(Cli *cli, int argc, char **argv);
RkStatus run_new(Cli *cli, int argc, char **argv);
RkStatus run_list(Cli *cli, int argc, char **argv);
RkStatus run_search(Cli *cli, int argc, char **argv);
RkStatus run_show(Cli *cli, int argc, char **argv);
RkStatus run_do(Cli *cli, int argc, char **argv);
RkStatus run_log(Cli *cli, int argc, char **argv);
RkStatus run_note(Cli *cli, int argc, char **argv);
RkStatus run_undo(Cli *cli, int argc, char **argv);
RkStatus run_confirm(Cli *cli, int argc, char **argv);
RkStatus run_tick(Cli *cli, int argc, char **argv);
RkStatus run_custody(Cli *cli, int argc, char **argv);
RkStatus run_register(Cli *cli, int argc, char **argv);
RkStatus run_verify(Cli *cli, int argc, char **argv);
RkStatus run_checkpoint(Cli *cli, int argc, char **argv);
RkStatus run_receive(Cli *cli, int argc, char **argv);
RkStatus run_export(Cli *cli, int argc, char **argv);
RkStatus run_help(Cli *cli, int argc, char **argv);
RkStatus run_version(Cli *cli, int argc, char **argv);
/* Fill the paper in; at a terminal ask first when it may be a second case of one person. */
RkStatus form_take(Cli *cli, const RkRequest *request, const char *number, const char *form,
                   const char *text, const char *name, char **state);
RkStatus run_form_edit(Cli *cli, int argc, char **argv);
/* "Recorded.", or that it could be. */
void say_recorded(const Cli *cli);
extern const Command office_commands[];
extern const Command form_commands[], tray_commands[], outbox_commands[], contact_commands[],
    operator_commands[], config_commands[],
    workflow_commands[], calendar_commands[], duty_commands[], db_commands[], dispose_commands[], disclose_commands[];

#endif
