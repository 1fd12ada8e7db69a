/* SPDX-License-Identifier: Apache-2.0 */
/* cmd-office.c - the office itself: init, doctor, operators, settings, registers, custody,
 * deadlines, verification. */
#include "config.h"

#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

#include <errno.h>
#include <string.h>

static RkStatus make_desk(Cli *cli, const RkDeskConfig *config) {
  g_autofree char *path = desk_path(cli), *name = desk_operator(path);
  g_autofree char *folder = g_path_get_dirname(path);
  if (g_mkdir_with_parents(folder, 0700) != 0) {
    g_autofree char *message =
        g_strdup_printf(_("the folder %s cannot be made: %s"), folder, g_strerror(errno));
    return say_error(cli, RK_STORE, message, _("choose another place with --db FILE"));
  }
  RkStatus status = rk_desk_create(&cli->desk, &cli->site, path, config, name, cli_now(cli),
                                   cli->diags);
  if (status == RK_OK) {
    output_value(cli, "database", "path", path);
    say(cli, _("Made. '%s' is its first operator. To begin: renkei new"), name);
  }
  return say_diags(cli, status);
}

RkStatus run_init(Cli *cli, int argc, char **argv) {
  g_autofree char *municipality = NULL, *roles = NULL;
  const char *office = cli->office;
  gboolean exercise = FALSE;
  const GOptionEntry entries[] = {
      {"municipality", 0, 0, G_OPTION_ARG_STRING, &municipality,
       N_("whose procedures are installed"), "M"},
      {"roles", 0, 0, G_OPTION_ARG_STRING, &roles, N_("the roles this office plays"), "R,…"},
      {"exercise", 0, 0, G_OPTION_ARG_NONE, &exercise,
       N_("for practice: papers are marked, the clock can be set"), NULL},
      {NULL}};
  RkStatus status = RK_OK;
  if (!options_parse(cli, entries, &argc, &argv, 0, 0, &status))
    return status;
  if (!office || !municipality || !roles)
    return say_error(cli, RK_USAGE, _("the office, its municipality or its roles are not named"),
                     _("write: renkei init --office NAME --municipality M --roles R,R"));
  if (cli->clock && !exercise)
    return say_error(cli, RK_USAGE, _("--clock is for exercises"),
                     _("leave it out, or add --exercise to make a database for practice"));
  if (cli->dry_run)
    return say_error(cli, RK_USAGE, _("init has no --dry-run"),
                     _("try it with another place: --db FILE --exercise"));
  g_autofree char *folded = fold(roles);
  g_auto(GStrv) list = g_strsplit(folded, ",", -1);
  const RkDeskConfig config = {office, municipality, (const char *const *)list, exercise};
  return make_desk(cli, &config);
}

RkStatus run_doctor(Cli *cli, int argc, char **argv) {
  RkTable *table = NULL;
  RkStatus status = RK_OK;
  if (!options_parse(cli, NULL, &argc, &argv, 0, 0, &status))
    return status;
  g_autofree char *path = desk_path(cli), *name = desk_operator(path);
  status = rk_doctor(&cli->site, path, cli->office, name, &table, cli->diags);
  return desk_table(cli, status, table, NULL, NULL);
}

/* ------------------------------------------------------------------ settings */

void say_recorded(const Cli *cli) {
  say(cli, "%s", cli->dry_run ? _("It could be recorded; nothing was changed (--dry-run).")
                              : _("Recorded."));
}

static RkStatus run_config_list(Cli *cli, int argc, char **argv) {
  RkTable *table = NULL;
  RkStatus status = RK_OK;
  if (!desk_command(cli, NULL, &argc, &argv, 0, 0, &status))
    return status;
  status = rk_setting_list(cli->desk, &table, cli->diags);
  return desk_table(cli, status, table, "key value since", _("Nothing is set."));
}

static RkStatus run_config_set(Cli *cli, int argc, char **argv) {
  gboolean forget = FALSE;
  const GOptionEntry entries[] = {
      {"forget", 0, 0, G_OPTION_ARG_NONE, &forget, N_("take the setting away"), NULL}, {NULL}};
  RkStatus status = RK_OK;
  if (!options_parse(cli, entries, &argc, &argv, 1, 2, &status))
    return status;
  if (forget == (argc > 2))
    return say_error(cli, RK_USAGE, _("a setting has one value"),
                     _("write: renkei config set KEY VALUE, or --forget instead of the value"));
  status = desk_open(cli);
  if (status != RK_OK)
    return status;
  g_autofree char *key = fold(argv[1]);
  RkRequest request = desk_request(cli);
  status = rk_setting_set(cli->desk, &request, key, forget ? NULL : argv[2], cli->diags);
  if (status == RK_OK)
    say_recorded(cli);
  return say_diags(cli, status);
}

const Command config_commands[] = {
    {"list", "", N_("the settings"), "renkei config list", run_config_list, NULL},
    {"set", "KEY VALUE | KEY --forget", N_("what no handbook states, such as a FAX number"),
     "renkei config set association.fax 0466-00-0000\n"
     "renkei config set association.fax --forget",
     run_config_set, NULL},
    {NULL}};

/* -------------------------------------------------------- registers, custody */

typedef struct {
  gboolean history;
  char *state, *why;
  char **fields;
  PageOptions page;
} RegisterOptions;

static void register_options_clear(RegisterOptions *options) {
  g_free(options->state);
  g_free(options->why);
  g_strfreev(options->fields);
  page_options_clear(&options->page);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RegisterOptions, register_options_clear)

/* NAME=VALUE words as values; both parts are cut out of the words. */
static GArray *field_values(char **words) {
  GArray *values = g_array_new(FALSE, TRUE, sizeof(RkValue));
  for (guint i = 0; words && words[i]; i++) {
    char *equals = strchr(words[i], '=');
    RkValue value = {words[i], equals ? equals + 1 : ""};
    if (equals)
      *equals = '\0';
    g_array_append_val(values, value);
  }
  return values;
}

/* A key that holds a person's name is read, not given in argv. g_free; NULL: it cannot be. */
static char *key_read(Cli *cli, const char *word) {
  char *read = g_str_equal(word, "-") ? file_read(cli, "-") : g_strdup(word);
  return read ? g_strstrip(read) : NULL;
}

/* An entry written by hand. */
static RkStatus register_set(Cli *cli, const char *name, const char *key,
                             const RegisterOptions *options) {
  RkRequest request = desk_request(cli);
  g_autoptr(GArray) values = field_values(options->fields);
  request.why = options->why;
  request.values = (const RkValue *)values->data;
  request.n_values = values->len;
  RkStatus status = rk_register_set(cli->desk, &request, name, key, options->state, cli->diags);
  if (status == RK_OK)
    say_recorded(cli);
  return say_diags(cli, status);
}

RkStatus run_register(Cli *cli, int argc, char **argv) {
  g_auto(RegisterOptions) options = {0};
  const GOptionEntry entries[] = {
      {"history", 0, 0, G_OPTION_ARG_NONE, &options.history, N_("every value it ever had"), NULL},
      {"set", 0, 0, G_OPTION_ARG_STRING, &options.state,
       N_("write the entry by hand; needs --why"), "STATE"},
      {"field", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.fields, N_("a field of the entry"),
       "NAME=VALUE"},
      {"why", 0, 0, G_OPTION_ARG_STRING, &options.why, N_("a remark"), "TEXT"},
      PAGE_OPTIONS(options.page),
      {NULL}};
  RkTable *table = NULL;
  RkStatus status = RK_OK;
  if (!options_parse(cli, entries, &argc, &argv, 1, 2, &status))
    return status;
  if ((options.history || options.state) && argc < 3)
    return say_error(cli, RK_USAGE, _("no entry is named"),
                     _("write: renkei register NAME KEY --history, or NAME KEY --set STATE"));
  status = desk_open(cli);
  if (status != RK_OK)
    return status;
  g_autofree char *name = fold(argv[1]), *key = argc > 2 ? key_read(cli, argv[2]) : NULL;
  if (argc > 2 && !key)
    return RK_FAILED;
  if (options.state)
    return register_set(cli, name, key, &options);
  RkPage page = page_asked(&options.page);
  status = rk_register_list(cli->desk, name, key, options.history, &page, &table, cli->diags);
  return desk_page(cli, status, table, &page, "key", NULL, _("The register has no entry."));
}

/* The list, and for people below it the points that the handbook leaves open. */
static RkStatus custody_handbook(Cli *cli) {
  g_autoptr(RkTable) table = NULL;
  g_autoptr(GHashTable) told = g_hash_table_new(g_str_hash, g_str_equal);
  RkStatus status = rk_custody_handbook(cli->desk, &table, cli->diags);
  if (status != RK_OK)
    return say_diags(cli, status);
  output_table(cli, table, "role_title code goes keeps", _("No procedure moves a paper."));
  for (guint i = 0; cli->format == OUTPUT_TABLE && i < rk_table_rows(table); i++) {
    const char *point = rk_table_get(table, i, "open_point");
    if (!point || !g_hash_table_add(told, (gpointer)point))
      continue;
    g_autofree char *line = g_strdup_printf("%s%s: %s", g_hash_table_size(told) == 1 ? "\n" : "",
                                            rk_table_get(table, i, "code"), point);
    say(cli, "%s", line);
  }
  return RK_OK;
}

RkStatus run_custody(Cli *cli, int argc, char **argv) {
  g_autofree char *holder = NULL;
  g_auto(PageOptions) options = {0};
  gboolean handbook = FALSE;
  const GOptionEntry entries[] = {
      {"handbook", 0, 0, G_OPTION_ARG_NONE, &handbook,
       N_("what each party does with its papers, by the procedures"), NULL},
      {"holder", 0, 0, G_OPTION_ARG_STRING, &holder, N_("only what this role holds"), "ROLE"},
      PAGE_OPTIONS(options),
      {NULL}};
  RkTable *table = NULL;
  RkStatus status = RK_OK;
  if (!desk_command(cli, entries, &argc, &argv, 0, 1, &status))
    return status;
  if (handbook)
    return custody_handbook(cli);
  g_autofree char *number = argc > 1 ? fold(argv[1]) : NULL;
  g_autofree char *after = fold(options.after);
  RkPage page = page_asked(&options);
  page.after = after;
  status = rk_custody(cli->desk, number, holder, &page, &table, cli->diags);
  return desk_page(cli, status, table, &page, "case", "case paper code kind holder_title since",
                   _("Nobody holds a paper yet."));
}

RkStatus run_tick(Cli *cli, int argc, char **argv) {
  RkTable *table = NULL;
  RkStatus status = RK_OK;
  if (!desk_command(cli, NULL, &argc, &argv, 0, 0, &status))
    return status;
  RkRequest request = desk_request(cli);
  status = rk_desk_tick(cli->desk, &request, &table, cli->diags);
  return desk_table(cli, status, table, NULL, _("No deadline has been reached."));
}

/* "-" reads it from the standard input. */
static RkStatus verify_against(Cli *cli, const char *path) {
  g_autofree char *text = file_read(cli, path);
  if (!text)
    return RK_FAILED;
  RkStatus status = rk_verify_against(cli->desk, text, path, cli->diags);
  if (status == RK_OK)
    say(cli, _("The journal is the one that %s has seen."), path);
  return say_diags(cli, status);
}

RkStatus run_verify(Cli *cli, int argc, char **argv) {
  gboolean chain = FALSE;
  g_autofree char *against = NULL;
  const GOptionEntry entries[] = {
      {"chain", 0, 0, G_OPTION_ARG_NONE, &chain, N_("only the chains and the checkpoints"), NULL},
      {"against", 0, 0, G_OPTION_ARG_FILENAME, &against,
       N_("hold journal and access log against a checkpoint kept elsewhere; - reads it"), "FILE"},
      {NULL}};
  RkTable *table = NULL;
  RkStatus status = RK_OK;
  if (!desk_command(cli, entries, &argc, &argv, 0, 0, &status))
    return status;
  status = chain ? rk_verify_chain(cli->desk, &table, cli->diags)
                 : rk_verify(cli->desk, &table, cli->diags);
  status = desk_table(cli, status, table, NULL, NULL);
  return status == RK_OK && against ? verify_against(cli, against) : status;
}

RkStatus run_checkpoint(Cli *cli, int argc, char **argv) {
  g_autofree char *path = NULL, *text = NULL;
  const GOptionEntry entries[] = {
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &path, N_("write it to a file"), "FILE"}, {NULL}};
  RkStatus status = RK_OK;
  if (!options_parse(cli, entries, &argc, &argv, 0, 0, &status))
    return status;
  status = path ? file_check_target(cli, path) : RK_OK;
  if (status == RK_OK)
    status = desk_open(cli);
  if (status != RK_OK)
    return status;
  RkRequest request = desk_request(cli);
  status = rk_checkpoint(cli->desk, &request, &text, cli->diags);
  if (status != RK_OK)
    return say_diags(cli, status);
  if (!path) {
    fputs(text, stdout);
    return RK_OK;
  }
  g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
  status = file_write(cli, path, bytes);
  if (status == RK_OK)
    say(cli, _("Signed: %s. Keep it where nobody who can change the database can change it."), path);
  return status;
}
