/* SPDX-License-Identifier: Apache-2.0 */
/*
 * differential.c - the engine against the reference, over many random charts.
 *
 *   test-fuzz-differential [FIRST-SEED COUNT]
 *
 * Seed n gives the same chart and the same events on every machine; without words the fixed
 * ones of the suite. A disagreement is printed with its seed, which is all that is
 * needed to see it again: test-fuzz-differential SEED 1.
 */
#include "compare.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#define FIRST 1
#ifdef __SANITIZE_ADDRESS__ /* ten times slower */
#define COUNT 800
#else
#define COUNT 3000
#endif
#define MAX_SHOWN 3

static void print_comment(const char *text) {
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (guint i = 0; lines[i]; i++)
    printf("# %s\n", lines[i]);
}

int main(int argc, char **argv) {
  guint64 first = argc > 1 ? g_ascii_strtoull(argv[1], NULL, 10) : FIRST;
  guint64 count = argc > 2 ? g_ascii_strtoull(argv[2], NULL, 10) : COUNT;
  CompareTally tally = {0};
  guint faults = 0;
  setlocale(LC_ALL, "");
  printf("1..2\n");
  for (guint64 seed = first; seed < first + count && faults < MAX_SHOWN; seed++) {
    Entropy entropy = entropy_from_seed(seed);
    g_autofree char *fault = compare_once(&entropy, &tally);
    if (!fault)
      continue;
    faults++;
    printf("# seed %" G_GUINT64_FORMAT ": ", seed);
    print_comment(fault);
  }
  printf("# %u events, %u ends, %u runaways\n", tally.events, tally.ended, tally.runaways);
  printf("%sok 1 - the engine agrees with the reference on %" G_GUINT64_FORMAT " random charts\n",
         faults ? "not " : "", count);
  /* A generator gone dull would agree on everything. */
  gboolean lively = count < COUNT || (tally.events > 2 * count && tally.ended > count / 50 &&
                                      tally.runaways < count / 4);
  printf("%sok 2 - the charts are lively enough to differ\n", lively ? "" : "not ");
  return faults || !lively;
}
