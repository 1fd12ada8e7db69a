/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The interpreter against the sentences of the Recommendation, one document each.
 *
 * tests/spec/NAME.scxml starts, runs on virtual time, and must end in its final state "pass";
 * once straight, once saved and restored after every macrostep, and once more in real time if it
 * waits for something. tests/spec/refused/NAME.scxml must be refused, with the code and line that
 * its comment says: "refused: WF028 line 7". Documents are loaded as an author's (strict), or as
 * others' where the comment says "mode: lenient". What they fetch lies in tests/spec/parts. Prints
 * TAP by itself: one test a document and clock.
 */
#include "machine-real.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  char *folder;
  int number, failed;
  GPtrArray *real; /* those that may have to wait */
} Tally;

static char *fetch(gpointer user, const char *uri) {
  const char *name = g_str_has_prefix(uri, "file:") ? uri + strlen("file:") : uri;
  g_autofree char *path = g_build_filename(((Tally *)user)->folder, "parts", name, NULL);
  char *text = NULL;
  return g_file_get_contents(path, &text, NULL, NULL) ? text : NULL;
}

static void say_faults(const RkDiags *diags) {
  for (guint i = 0; i < rk_diags_count(diags); i++) {
    const RkDiag *diag = rk_diags_get(diags, i);
    printf("# %d: %s %s\n", diag->line, diag->code, diag->message);
  }
}

static MachineMode mode_of(const char *text) {
  return strstr(text, "mode: lenient") ? MACHINE_LENIENT : MACHINE_STRICT;
}

/* ------------------------------------------------------------------------ passing */

static gboolean passes(Tally *tally, Machine *machine, gboolean restore) {
  SessionHost host = {.fetch = fetch, .user = tally};
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autofree char *states = run_hosted(machine, &host, restore, diags);
  if (g_str_equal(states, "pass"))
    return TRUE;
  printf("# ended in '%s'%s\n", states, restore ? " (restored)" : "");
  say_faults(diags);
  return FALSE;
}

static gboolean run_passing(Tally *tally, const char *name, const char *text) {
  g_autoptr(Machine) machine = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  if (machine_load(&machine, text, strlen(text), name, mode_of(text), diags) != RK_OK) {
    say_faults(diags);
    return FALSE;
  }
  SessionHost host = {.fetch = fetch, .user = tally};
  real_runs_add(tally->real, name, machine, &host);
  gboolean straight = passes(tally, machine, FALSE);
  return passes(tally, machine, TRUE) && straight;
}

/* ------------------------------------------------------------------------ refused */

static gboolean reported(const RkDiags *diags, const char *code, long line) {
  for (guint i = 0; i < rk_diags_count(diags); i++) {
    const RkDiag *diag = rk_diags_get(diags, i);
    if (g_str_equal(diag->code, code) && diag->line == line)
      return TRUE;
  }
  return FALSE;
}

static gboolean run_refused(Tally *tally, const char *name, const char *text) {
  const char *wanted = strstr(text, "refused: ");
  g_autoptr(Machine) machine = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  char code[6] = "", *end = NULL;
  (void)tally;
  if (!wanted || strlen(wanted) < 21) {
    printf("# the comment does not say: refused: CODE line N\n");
    return FALSE;
  }
  g_strlcpy(code, wanted + strlen("refused: "), sizeof code);
  long line = strtol(wanted + strlen("refused: WF000 line "), &end, 10);
  RkStatus status = machine_load(&machine, text, strlen(text), name, mode_of(text), diags);
  if (status == RK_INVALID && reported(diags, code, line))
    return TRUE;
  printf("# status %d, wanted %s in line %ld\n", status, code, line);
  say_faults(diags);
  return FALSE;
}

/* ------------------------------------------------------------------------- folders */

static void run_document(Tally *tally, const char *folder, const char *name,
                         gboolean (*run)(Tally *tally, const char *name, const char *text)) {
  g_autofree char *path = g_build_filename(folder, name, NULL), *text = NULL;
  gboolean good = g_file_get_contents(path, &text, NULL, NULL) && run(tally, name, text);
  printf("%sok %d - %s\n", good ? "" : "not ", ++tally->number, name);
  tally->failed += !good;
}

static int by_name(gconstpointer a, gconstpointer b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static void run_folder(Tally *tally, const char *folder,
                       gboolean (*run)(Tally *tally, const char *name, const char *text)) {
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  GDir *dir = g_dir_open(folder, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));)
    if (g_str_has_suffix(name, ".scxml"))
      g_ptr_array_add(names, g_strdup(name));
  if (dir)
    g_dir_close(dir);
  g_ptr_array_sort(names, by_name);
  for (guint i = 0; i < names->len; i++)
    run_document(tally, folder, names->pdata[i], run);
  tally->failed += names->len == 0; /* an empty folder proves nothing */
}

/* One document, as an author of tests wants it. */
static int run_one(Tally *tally, const char *path) {
  g_autofree char *folder = g_path_get_dirname(path), *name = g_path_get_basename(path);
  run_document(tally, folder, name, g_str_has_suffix(folder, "refused") ? run_refused : run_passing);
  tally->failed += real_runs_tell(tally->real, &tally->number);
  return tally->failed > 0;
}

int main(int argc, char **argv) {
  const char *top = g_getenv("RENKEI_SRCDIR");
  g_autofree char *folder = g_build_filename(top ? top : ".", "tests", "spec", NULL);
  g_autofree char *refused = g_build_filename(folder, "refused", NULL);
  g_autoptr(GPtrArray) real = real_runs_new();
  Tally tally = {.folder = folder, .real = real};
  if (argc > 1)
    return run_one(&tally, argv[1]);
  run_folder(&tally, folder, run_passing);
  run_folder(&tally, refused, run_refused);
  tally.failed += real_runs_tell(real, &tally.number);
  printf("1..%d\n", tally.number);
  return tally.failed > 0;
}
