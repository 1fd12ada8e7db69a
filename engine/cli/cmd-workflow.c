/* SPDX-License-Identifier: Apache-2.0 */
/* cmd-workflow.c - for those who write procedures. Only install and list need a database. */
#include "config.h"

#include "cli/cli.h"

#include <stdio.h>

/* The paths given, or the shipped workflows. */
static GStrv paths_or_shipped(const Cli *cli, int argc, char **argv) {
  g_autoptr(GPtrArray) paths = g_ptr_array_new();
  for (int i = 1; i < argc; i++)
    g_ptr_array_add(paths, g_strdup(argv[i]));
  if (argc < 2)
    g_ptr_array_add(paths, g_build_filename(cli->site.datadir, "workflows", NULL));
  g_ptr_array_add(paths, NULL);
  return (GStrv)g_ptr_array_free(g_steal_pointer(&paths), FALSE);
}

/* Where the handbooks are open, and how they were read; nothing when they are open nowhere. */
static void print_points(const Cli *cli, const char *const *paths) {
  g_autoptr(RkTable) table = rk_workflow_points(paths);
  if (rk_table_rows(table) || cli->format != OUTPUT_TABLE)
    output_table(cli, table, "procedure point reading", NULL);
}

/* The one procedure, whole; nothing is said about it. */
static RkStatus print_flat(Cli *cli, int argc, char **argv) {
  g_autofree char *xml = NULL;
  if (argc != 2)
    return say_error(cli, RK_USAGE, _("--flatten shows one file"),
                     _("name it: renkei workflow check --flatten FILE"));
  RkStatus status = rk_workflow_flatten(argv[1], &xml, cli->diags);
  if (xml)
    put_text(stdout, xml);
  return say_diags(cli, status);
}

static RkStatus run_workflow_check(Cli *cli, int argc, char **argv) {
  gboolean flat = FALSE;
  const GOptionEntry entries[] = {
      {"flatten", 0, 0, G_OPTION_ARG_NONE, &flat,
       N_("print the procedure as one document instead: a base and the changes of an overlay"),
       NULL},
      {NULL}};
  RkStatus status = RK_OK;
  if (!options_parse(cli, entries, &argc, &argv, 0, -1, &status))
    return status;
  if (flat)
    return print_flat(cli, argc, argv);
  g_auto(GStrv) paths = paths_or_shipped(cli, argc, argv);
  status = rk_workflow_check(&cli->site, (const char *const *)paths, cli->diags);
  guint said = rk_diags_count(cli->diags);
  say_diags(cli, status);
  if (status == RK_OK && !said)
    say(cli, "%s", _("No fault found."));
  if (status == RK_OK)
    print_points(cli, (const char *const *)paths);
  return status;
}

static void print_step(gpointer user, const char *what, const char *detail) {
  const Cli *cli = user;
  if (cli->format == OUTPUT_TABLE)
    put_format(stdout, "%-8s %s\n", what, detail ? detail : "");
}

/* The last line tells the end, in fixed words for scripts. */
static RkStatus tell_end(const Cli *cli, const char *final, const char *waiting) {
  if (cli->format != OUTPUT_TABLE)
    output_value(cli, "simulation", final ? "final" : "waiting", final ? final : waiting);
  else
    put_format(stdout, "%s: %s\n", final ? "final" : "waiting", final ? final : waiting);
  return final ? RK_OK : RK_FAILED;
}

static RkStatus print_expanded(Cli *cli, const char *path) {
  g_autofree char *document = NULL;
  RkStatus status = rk_workflow_expand(path, &document, cli->diags);
  if (document)
    put_text(stdout, document);
  return say_diags(cli, status);
}

static RkStatus simulate(Cli *cli, const char *path, const char *events, gboolean lenient) {
  g_autofree char *final = NULL, *waiting = NULL;
  g_autofree char *folded = fold(events && *events ? events : NULL);
  g_auto(GStrv) list = folded ? g_strsplit(folded, ",", -1) : NULL;
  RkStatus status = rk_workflow_simulate(path, (const char *const *)list, lenient, print_step, cli,
                                         &final, &waiting, cli->diags);
  if (status == RK_OK)
    status = tell_end(cli, final, waiting);
  if (rk_diags_count(cli->diags) || status > RK_FAILED)
    say_diags(cli, status);
  return status;
}

static RkStatus run_workflow_simulate(Cli *cli, int argc, char **argv) {
  g_autofree char *events = NULL;
  gboolean lenient = FALSE, expand = FALSE;
  const GOptionEntry entries[] = {
      {"events", 0, 0, G_OPTION_ARG_STRING, &events, N_("in this order; +P7D lets time pass"),
       "E,…"},
      {"lenient", 0, 0, G_OPTION_ARG_NONE, &lenient, N_("accept what other processors accept"),
       NULL},
      {"expand", 0, 0, G_OPTION_ARG_NONE, &expand,
       N_("run nothing: print the document in plain SCXML, for other processors"), NULL},
      {NULL}};
  RkStatus status = RK_OK;
  if (!options_parse(cli, entries, &argc, &argv, 1, 1, &status))
    return status;
  if (expand && (events || lenient))
    return say_error(cli, RK_USAGE, _("--expand runs nothing"),
                     _("leave out the other options, or run the document that it prints"));
  return expand ? print_expanded(cli, argv[1]) : simulate(cli, argv[1], events, lenient);
}

static RkStatus run_workflow_graph(Cli *cli, int argc, char **argv) {
  g_autofree char *dot = NULL;
  RkStatus status = RK_OK;
  if (!options_parse(cli, NULL, &argc, &argv, 1, 1, &status))
    return status;
  status = rk_workflow_graph(argv[1], &dot, cli->diags);
  if (dot)
    put_text(stdout, dot);
  return say_diags(cli, status);
}

/* The tables of a test run, in their order. */
enum { TEST_RESULTS, TEST_PAPERS, TEST_UNTAKEN, TEST_COVERAGE };

/* How many of all transitions were taken. Not all: failed. */
static RkStatus tell_coverage(const Cli *cli, const RkTable *table) {
  guint64 all = 0, taken = 0;
  for (guint row = 0; row < rk_table_rows(table); row++) {
    all += g_ascii_strtoull(rk_table_get(table, row, "transitions"), NULL, 10);
    taken += g_ascii_strtoull(rk_table_get(table, row, "taken"), NULL, 10);
  }
  say(cli, _("%u of %u transitions taken: %u %%"), (guint)taken, (guint)all,
      (guint)(all ? taken * 100 / all : 100));
  return taken == all ? RK_OK : RK_FAILED;
}

static RkStatus run_workflow_test(Cli *cli, int argc, char **argv) {
  gboolean papers = FALSE, coverage = FALSE;
  const GOptionEntry entries[] = {
      {"papers", 0, 0, G_OPTION_ARG_NONE, &papers,
       N_("instead of the results: how papers went in the tests and where they lay at the end"),
       NULL},
      {"coverage", 0, 0, G_OPTION_ARG_NONE, &coverage,
       N_("instead of the results: the transitions that no test took; 1 when there is one"), NULL},
      {NULL}};
  static const char *const empty[] = {N_("There is no test (*.test.xml)."),
                                      N_("No paper moves in these tests."),
                                      N_("Every transition was taken.")};
  g_autoptr(GPtrArray) tables = NULL;
  RkStatus status = RK_OK;
  if (!options_parse(cli, entries, &argc, &argv, 0, -1, &status))
    return status;
  g_auto(GStrv) paths = paths_or_shipped(cli, argc, argv);
  status = rk_workflow_test(&cli->site, (const char *const *)paths, &tables, cli->diags);
  guint wanted = papers ? TEST_PAPERS : coverage ? TEST_UNTAKEN : TEST_RESULTS;
  guint which = status == RK_OK ? wanted : TEST_RESULTS;
  if (tables)
    output_table(cli, tables->pdata[which], NULL, _(empty[which]));
  if (which == TEST_UNTAKEN)
    return tell_coverage(cli, tables->pdata[TEST_COVERAGE]);
  return say_diags(cli, status);
}

static RkStatus run_workflow_list(Cli *cli, int argc, char **argv) {
  RkTable *table = NULL;
  RkStatus status = RK_OK;
  if (!desk_command(cli, NULL, &argc, &argv, 0, 0, &status))
    return status;
  status = rk_desk_procedures(cli->desk, &table, cli->diags);
  return desk_table(cli, status, table, "key title municipality since bundle",
                    _("No procedure is installed."));
}

/* After the procedures of the desk's own municipality: the open points of its handbook. */
static void print_own_points(Cli *cli) {
  g_autoptr(RkTable) installed = NULL;
  if (rk_desk_procedures(cli->desk, &installed, NULL) != RK_OK || !rk_table_rows(installed))
    return;
  g_autofree char *folder = g_build_filename(cli->site.datadir, "workflows",
                                             rk_table_get(installed, 0, "municipality"), NULL);
  print_points(cli, (const char *const[]){folder, NULL});
}

/* People are told with it how the handbook was read; a program asks `workflow check`. */
static RkStatus run_workflow_install(Cli *cli, int argc, char **argv) {
  RkTable *table = NULL;
  RkStatus status = RK_OK;
  if (!desk_command(cli, NULL, &argc, &argv, 0, -1, &status))
    return status;
  RkRequest request = desk_request(cli);
  const char *const *paths = argc > 1 ? (const char *const *)argv + 1 : NULL;
  status = rk_desk_install(cli->desk, &request, paths, &table, cli->diags);
  gboolean told = status == RK_OK && cli->format == OUTPUT_TABLE && !cli->quiet;
  status = desk_table(cli, status, table, NULL, _("There is nothing to install."));
  if (told && paths)
    print_points(cli, paths);
  else if (told)
    print_own_points(cli);
  return status;
}

/* One part below the other, what is gone with a minus and what is new with a plus. */
static void print_differences(const RkTable *table) {
  const char *last = "";
  for (guint row = 0; row < rk_table_rows(table); row++) {
    const char *change = rk_table_get(table, row, "change"), *where = rk_table_get(table, row, "where");
    const char *what = rk_table_get(table, row, "what");
    const char *from = rk_table_get(table, row, "from"), *to = rk_table_get(table, row, "to");
    gboolean whole = !*what && !*from && !*to, added = g_str_equal(change, "added");
    if (whole)
      put_format(stdout, "%c %s\n", added ? '+' : '-', where);
    else if (!g_str_equal(where, last))
      put_format(stdout, "  %s\n", where);
    last = where;
    if (!whole && g_str_equal(change, "changed"))
      put_format(stdout, "    %s: %s -> %s\n", what, from, to);
    else if (!whole)
      put_format(stdout, "  %c %s%s%s\n", added ? '+' : '-', what, *what ? ": " : "", added ? to : from);
  }
}

/* Two files, or the installed procedure and a file. */
static RkStatus run_workflow_diff(Cli *cli, int argc, char **argv) {
  RkTable *table = NULL;
  RkStatus status = RK_OK;
  if (!options_parse(cli, NULL, &argc, &argv, 1, 2, &status))
    return status;
  if (argc == 3) {
    status = rk_workflow_diff(argv[1], argv[2], &table, cli->diags);
  } else {
    status = desk_open(cli);
    if (status != RK_OK)
      return status;
    status = rk_desk_diff(cli->desk, argv[1], &table, cli->diags);
  }
  if (status == RK_OK && cli->format == OUTPUT_TABLE && rk_table_rows(table)) {
    print_differences(table);
    rk_table_free(table);
    return RK_OK;
  }
  return desk_table(cli, status, table, NULL, _("They say the same."));
}

static RkStatus run_workflow_begin(Cli *cli, int argc, char **argv) {
  RkStatus status = RK_OK;
  if (!options_parse(cli, NULL, &argc, &argv, 2, 2, &status))
    return status;
  status = rk_workflow_begin(&cli->site, argv[1], argv[2], cli->diags);
  if (status == RK_OK) {
    g_autofree char *path = g_canonicalize_filename(argv[1], NULL);
    output_value(cli, "folder", "path", path);
    say(cli, _("Write into workflows/%s and forms/%s there. Renkei works with it after: export RENKEI_DATADIR=%s"),
        argv[2], argv[2], path);
  }
  return say_diags(cli, status);
}

const Command workflow_commands[] = {
    {"check", "[--flatten] [FILE|FOLDER]…", N_("find every fault of workflows and forms"),
     "renkei workflow check                   the shipped ones\nrenkei workflow check my.scxml",
     run_workflow_check, NULL},
    {"simulate", "FILE.scxml [--events E,E…] [--lenient] [--expand]",
     N_("run a document in memory; 0 when it ends, 1 when it waits"),
     "renkei workflow simulate my.scxml --events request.faxed,member.confirmed,+P8D\n"
     "renkei workflow simulate --expand my.scxml >plain.scxml",
     run_workflow_simulate, NULL},
    {"test", "[FILE|FOLDER]…", N_("run the tests that lie beside procedures"),
     "renkei workflow test workflows\nrenkei workflow test --coverage", run_workflow_test, NULL},
    {"graph", "FILE.scxml", N_("the machine as a Graphviz document"),
     "renkei workflow graph my.scxml | dot -Tsvg >my.svg", run_workflow_graph, NULL},
    {"diff", "[OLD] NEW", N_("what differs between two procedures, or from what is installed"),
     "renkei workflow diff my.scxml            what an installation would change\n"
     "renkei workflow diff old.scxml new.scxml",
     run_workflow_diff, NULL},
    {"begin", "FOLDER MUNICIPALITY",
     N_("a folder for the procedures and forms of a municipality of your own"),
     "renkei workflow begin /etc/renkei asahi-cho", run_workflow_begin, NULL},
    {"list", "", N_("the installed procedures"), "renkei workflow list", run_workflow_list, NULL},
    {"install", "[FILE|FOLDER]…", N_("install new or changed procedures; open cases keep theirs"),
     "renkei workflow install", run_workflow_install, NULL},
    {NULL}};
