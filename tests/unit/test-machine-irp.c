/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The W3C's conformance documents, where SCXML_IRP_DIR says they lie: each is run to
 * its end on virtual time, once straight and once saved and restored after every
 * macrostep; those with delays once more in real time. Files that they name are looked for
 * beside them. Prints TAP by itself: one test a document and clock.
 */
#include "base/xml.h"
#include "machine-real.h"

#include <stdio.h>
#include <string.h>

typedef struct {
  int number, failed;
  GPtrArray *real;
} Tally;

static char *fetch(gpointer user, const char *uri) {
  g_autofree char *path =
      g_build_filename(user, g_str_has_prefix(uri, "file:") ? uri + strlen("file:") : uri, NULL);
  char *text = NULL;
  return g_file_get_contents(path, &text, NULL, NULL) ? text : NULL;
}

static gboolean passes(Machine *machine, const char *folder, gboolean restore) {
  SessionHost host = {.fetch = fetch, .user = (gpointer)folder};
  g_autofree char *states = run_hosted(machine, &host, restore, NULL);
  if (!g_str_equal(states, "pass"))
    printf("# ended in: %s%s\n", states, restore ? " (restored)" : "");
  return g_str_equal(states, "pass");
}

static void run_document(Tally *tally, const char *folder, const char *name) {
  g_autofree char *file = g_strdup_printf("test%s.scxml", name);
  g_autofree char *path = g_build_filename(folder, file, NULL);
  g_autoptr(Machine) machine = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  tally->number++;
  RkStatus status = machine_load_file(&machine, path, MACHINE_LENIENT, diags);
  for (guint i = 0; status != RK_OK && i < rk_diags_count(diags); i++)
    printf("# %d: %s\n", rk_diags_get(diags, i)->line, rk_diags_get(diags, i)->message);
  gboolean good = status == RK_OK && passes(machine, folder, FALSE) &&
                  passes(machine, folder, TRUE);
  printf("%sok %d - %s\n", good ? "" : "not ", tally->number, file);
  tally->failed += !good;
  if (status == RK_OK)
    real_runs_add(tally->real, file, machine,
                  &(SessionHost){.fetch = fetch, .user = (gpointer)folder});
}

int main(void) {
  const char *folder = g_getenv("SCXML_IRP_DIR");
  g_autofree char *manifest = folder ? g_build_filename(folder, "MANIFEST.tsv", NULL) : NULL;
  g_autofree char *text = NULL;
  if (!manifest || !g_file_get_contents(manifest, &text, NULL, NULL)) {
    printf("1..1\nok 1 - W3C documents # SKIP SCXML_IRP_DIR names no folder with MANIFEST.tsv\n");
    return 0;
  }
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  Tally tally = {.real = real_runs_new()};
  for (guint i = 1; lines[i] && *lines[i]; i++) {
    g_auto(GStrv) columns = g_strsplit(lines[i], "\t", -1);
    if (g_strv_length(columns) >= 4)
      run_document(&tally, folder, columns[0]);
  }
  tally.failed += real_runs_tell(tally.real, &tally.number);
  g_ptr_array_unref(tally.real);
  printf("1..%d\n", tally.number);
  return tally.failed > 0;
}
