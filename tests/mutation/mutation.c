/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mutation.c - are the tests beside the procedures worth anything?
 *
 *   mutation [--every N] [TOWN | TOWN/FILE]…
 *
 * A small fault (mutants.h) is put into each shipped procedure, one at a time, and must be noticed
 * (trial.h). Prints each that was not, and per town how many were. --every N tries only every Nth.
 * Ends with 1 when a town has less than 95 % noticed.
 */
#include "trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WANTED 95 /* % */

static void print_survivor(const char *fault, gpointer user) {
  (void)user;
  printf("survives: %s\n", fault);
}

/* Whether enough was noticed. `only`: one file of the town, or NULL. */
static gboolean try_town(const char *town, const char *only, const RkSite *site, guint every) {
  g_autoptr(Expected) expected = expected_read(town);
  g_autoptr(GPtrArray) files = trial_procedures(town);
  Trial trial = {.site = site, .expected = expected, .every = every, .survives = print_survivor};
  for (guint i = 0; i < files->len; i++) {
    gboolean wanted = !only || strcmp(only, files->pdata[i]) == 0;
    const char *fault = wanted ? trial_procedure(&trial, files->pdata[i]) : NULL;
    if (fault) {
      printf("%s %s\n", (const char *)files->pdata[i], fault);
      return FALSE;
    }
  }
  printf("%s: %u of %u noticed (%.1f %%): %u by check, %u by the lists, the others by tests\n", town,
         trial.noticed, trial.tried, trial.tried ? 100.0 * trial.noticed / trial.tried : 0.0,
         trial.by_check, trial.by_lists);
  fflush(stdout);
  return trial.tried && trial.noticed * 100 >= trial.tried * WANTED;
}

int main(int argc, char **argv) {
  static const char *const all[] = {"fujisawa", "mito", "nagareyama", "kanzaki", "marugame", NULL};
  g_autofree char *data = g_build_filename(g_getenv("RENKEI_BUILDDIR"), "data", NULL);
  RkSite site = {.datadir = data, .moduledir = data};
  gboolean sample = argc > 2 && strcmp(argv[1], "--every") == 0, enough = TRUE;
  guint every = sample ? (guint)g_ascii_strtoull(argv[2], NULL, 10) : 1;
  int first = sample ? 3 : 1;
  const char *const *towns = argc > first ? (const char *const *)argv + first : all;
  for (; *towns; towns++) {
    g_autofree char *town = g_strndup(*towns, strcspn(*towns, "/"));
    enough &= try_town(town, strchr(*towns, '/') ? *towns : NULL, &site, MAX(every, 1));
  }
  return enough ? 0 : 1;
}
