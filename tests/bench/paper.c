/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paper.c FOLDER VALUES COUNT - the papers of cases, printed by one process: as they leave the building,
 * with both codes and the checked number on each page. A database and the files that bench.sh
 * compares with are made in FOLDER; VALUES is the folder of the forms' typical values. Each line
 * that is printed: a name, the wall time and the processor time of one paper in milliseconds (of all
 * threads); or "memory" and what the process holds, in KiB, after 100 papers and after COUNT.
 *
 * A client of renkei.h like any other; RENKEI_DATADIR and RENKEI_MODULEDIR say where the
 * shipped files lie.
 */
#include "client.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define CASES 10
#define FEW 100 /* papers after which the memory is first looked at */

static const char *const forms[] = {"fj-2-1", "fj-3"};

/* ---------------------------------------------------------------------- the cases */

static RkDesk *make(const char *folder, RkDiags *diags) {
  static const char *const roles[] = {"member_institution", NULL};
  RkDeskConfig config = {"bench", "fujisawa", roles, TRUE};
  RkDesk *desk = NULL;
  g_autofree char *path = g_build_filename(folder, "paper.db", NULL);
  must(rk_desk_create(&desk, &site, path, &config, g_get_user_name(), g_get_real_time(), diags), diags);
  return desk;
}

/* The typical values, and a name that no other case has. */
static void fill(RkDesk *desk, const char *number, const char *form, const char *values,
                 const char *name, RkDiags *diags) {
  g_autofree char *file = g_strdup_printf("%s/%s-typical.txt", values, form), *typical = NULL;
  g_autofree char *state = NULL;
  if (!g_file_get_contents(file, &typical, NULL, NULL)) {
    fprintf(stderr, "paper: no file %s\n", file);
    exit(1);
  }
  g_autoptr(GRegex) line = g_regex_new("^inst_name = .*$", G_REGEX_MULTILINE, 0, NULL);
  g_autofree char *other = g_strdup_printf("inst_name = %s", name);
  g_autofree char *text = g_regex_replace_literal(line, typical, -1, 0, other, 0, NULL);
  RkRequest request = {.now = g_get_real_time()};
  must(rk_form_fill(desk, &request, number, form, text, file, &state, diags), diags);
}

static char *open_case(RkDesk *desk, int i, const char *values, RkDiags *diags) {
  static const char *const words[] = {"桜", "楓", "椿", "梅", "藤", "葵", "菫", "桐", "榊", "柊"};
  g_autofree char *name = g_strdup_printf("%s町クリニック", words[i % (int)G_N_ELEMENTS(words)]);
  char *number = NULL;
  RkValue about[] = {{"institution", name}};
  RkRequest request = {.now = g_get_real_time()};
  must(rk_case_open(desk, &request, "fujisawa-member-registration", about, 1, &number, diags), diags);
  for (guint k = 0; k < G_N_ELEMENTS(forms); k++)
    fill(desk, number, forms[k], values, name, diags);
  return number;
}

/* ------------------------------------------------------------------------ the cost */

typedef struct {
  double wall, busy; /* milliseconds */
} Cost;

static Cost now(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (Cost){(double)g_get_monotonic_time() / 1000,
                (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 +
                    (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000};
}

static void say(const char *name, Cost start, guint papers) {
  Cost end = now();
  printf("%s %.1f %.1f\n", name, (end.wall - start.wall) / papers, (end.busy - start.busy) / papers);
}

static long memory(void) {
  long pages = 0;
  g_autofree char *text = NULL;
  if (g_file_get_contents("/proc/self/statm", &text, NULL, NULL))
    sscanf(text, "%*d %ld", &pages);
  return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* ---------------------------------------------------------------------- the papers */

typedef struct {
  RkDesk *desk;
  char *numbers[CASES];
  guint printed;
  long few; /* memory after so few papers */
  RkDiags *diags;
} Bench;

static GBytes *print(Bench *bench, guint which, guint form, RkFormat format) {
  GBytes *bytes = NULL;
  must(rk_form_print(bench->desk, bench->numbers[which % CASES], forms[form], format, &bytes,
                     bench->diags),
       bench->diags);
  if (++bench->printed == FEW)
    bench->few = memory();
  return bytes;
}

static void print_all(Bench *bench, guint count) {
  for (guint i = 0; i < count; i++)
    g_bytes_unref(print(bench, i / G_N_ELEMENTS(forms), i % G_N_ELEMENTS(forms), RK_FORMAT_PDF));
}

static void measure(Bench *bench, guint count) {
  Cost start = now();
  g_bytes_unref(print(bench, 0, 0, RK_FORMAT_PDF));
  say("first", start, 1);
  start = now();
  for (guint i = 0; i < 30; i++)
    g_bytes_unref(print(bench, 0, 0, RK_FORMAT_PDF));
  say("same", start, 30);
  start = now();
  print_all(bench, 40);
  say("different", start, 40);
  start = now();
  for (guint i = 0; i < 20; i++) {
    g_bytes_unref(print(bench, i, 0, RK_FORMAT_PDF));
    g_bytes_unref(print(bench, i, 0, RK_FORMAT_TIFF));
  }
  say("both", start, 20);
  start = now();
  guint rest = count - MIN(count, bench->printed);
  print_all(bench, rest);
  say("rest", start, MAX(rest, 1));
  printf("memory %ld %ld\n", bench->few, memory());
}

/* What others are given to make a page of. */
static void keep(Bench *bench, const char *folder) {
  static const struct {
    const char *name;
    RkFormat format;
  } files[] = {{"form.fo", RK_FORMAT_FO}, {"form.html", RK_FORMAT_HTML}, {"form.pdf", RK_FORMAT_PDF},
               {"form.tiff", RK_FORMAT_TIFF}};
  for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
    g_autofree char *path = g_build_filename(folder, files[i].name, NULL);
    g_autoptr(GBytes) bytes = print(bench, 0, 0, files[i].format);
    gsize length = 0;
    const char *data = g_bytes_get_data(bytes, &length);
    if (!g_file_set_contents(path, data, (gssize)length, NULL))
      exit(1);
  }
}

int main(int argc, char **argv) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  if (argc < 4 || !find_site())
    return 2;
  g_autoptr(RkDesk) desk = make(argv[1], diags);
  Bench bench = {.desk = desk, .diags = diags};
  for (int i = 0; i < CASES; i++)
    bench.numbers[i] = open_case(desk, i, argv[2], diags);
  measure(&bench, (guint)atoi(argv[3]));
  keep(&bench, argv[1]);
  for (int i = 0; i < CASES; i++)
    g_free(bench.numbers[i]);
  return 0;
}
