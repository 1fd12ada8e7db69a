/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz.c - the same targets for libFuzzer, and the comparison of charts as one more.
 * FUZZ_TARGET names the target; RENKEI_SRCDIR the top folder, from which it learns
 * its words. tests/fuzz/fuzz.sh runs it.
 */
#include "compare.h"
#include "mutate.h"
#include "targets.h"

#include "base/xml.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize length);
gsize LLVMFuzzerMutate(guint8 *bytes, gsize length, gsize most);
gsize LLVMFuzzerCustomMutator(guint8 *bytes, gsize length, gsize most, unsigned seed);

static FuzzOutcome door_charts(const guint8 *bytes, gsize length) {
  Entropy entropy = entropy_from_bytes(bytes, length);
  CompareTally tally = {0};
  g_autofree char *fault = compare_once(&entropy, &tally);
  if (!fault)
    return FUZZ_ACCEPTED;
  fprintf(stderr, "%s\n", fault);
  abort();
}

static const FuzzTarget charts = {"charts", NULL, door_charts, 0, FALSE};
static const FuzzTarget *target;
static GPtrArray *seeds; /* both for the life of the process: libFuzzer has no end */
static Mutator *mutator;

int LLVMFuzzerInitialize(int *argc, char ***argv) {
  const char *name = g_getenv("FUZZ_TARGET"), *top = g_getenv("RENKEI_SRCDIR");
  (void)argc;
  (void)argv;
  setlocale(LC_ALL, "");
  xml_door_open();
  target = name && g_str_equal(name, charts.name) ? &charts : name ? fuzz_target_find(name) : NULL;
  if (!target || !top) {
    fprintf(stderr, "FUZZ_TARGET or RENKEI_SRCDIR is not set\n");
    exit(2);
  }
  if (target != &charts) {
    seeds = fuzz_target_seeds(target, top);
    mutator = mutator_new(seeds, target->xml);
  }
  return 0;
}

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize length) {
  target->run(bytes, length);
  return 0;
}

/* Half of the time by structure, half by what libFuzzer has learnt. */
gsize LLVMFuzzerCustomMutator(guint8 *bytes, gsize length, gsize most, unsigned seed) {
  if (!mutator || seed % 2)
    return LLVMFuzzerMutate(bytes, length, most);
  Entropy entropy = entropy_from_seed(seed);
  g_autoptr(GBytes) input = g_bytes_new(bytes, length);
  g_autoptr(GBytes) changed = mutate(mutator, &entropy, input);
  gsize size = MIN(g_bytes_get_size(changed), most);
  memcpy(bytes, g_bytes_get_data(changed, NULL), size);
  return size;
}
