/* SPDX-License-Identifier: Apache-2.0 */
/*
 * load.c - every door with the shipped files, and with a fixed number of changed ones.
 *
 *   test-fuzz-load                      the short run of the suite
 *   test-fuzz-load TARGET FIRST COUNT   some of its inputs, or others
 *   test-fuzz-load show TARGET NUMBER   write that input to standard output
 *   test-fuzz-load seeds TARGET FOLDER  write the seeds there, for a fuzzer
 *
 * Input n of a target is the same on every machine while the seeds are. When the process
 * ends by a signal or a sanitizer, the last line tells which input it was.
 */
#include "mutate.h"
#include "targets.h"

#include "base/xml.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECONDS_AN_INPUT 60
#ifdef __SANITIZE_ADDRESS__ /* many times slower */
#define SHARE 3
#else
#define SHARE 1
#endif

static struct {
  const char *target;
  guint number;
} present; /* for the last words; written before each input */

/* --------------------------------------------------------------------- last words */

static void last_words(void) {
  char line[128];
  int length = g_snprintf(line, sizeof line, "# test-fuzz-load show %s %u\n", present.target,
                          present.number);
  if (write(STDOUT_FILENO, line, (gsize)length) < 0)
    return;
}

static void on_signal(int number) {
  last_words();
  signal(number, SIG_DFL);
  raise(number);
}

/* Of a sanitizer, where there is one. */
void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static void watch(void) {
  signal(SIGALRM, on_signal);
  if (__sanitizer_set_death_callback) {
    __sanitizer_set_death_callback(last_words);
    return;
  }
  signal(SIGSEGV, on_signal);
  signal(SIGABRT, on_signal);
}

/* -------------------------------------------------------------------------- inputs */

static GBytes *input_number(const Mutator *mutator, const GPtrArray *seeds, guint number) {
  Entropy entropy = entropy_from_seed(number);
  GBytes *seed = seeds->pdata[below(&entropy, seeds->len)];
  return mutate(mutator, &entropy, seed);
}

static FuzzOutcome run_input(const FuzzTarget *target, GBytes *input) {
  gsize length;
  const guint8 *bytes = g_bytes_get_data(input, &length);
  alarm(SECONDS_AN_INPUT);
  FuzzOutcome outcome = target->run(bytes, length);
  alarm(0);
  return outcome;
}

typedef struct {
  guint outcomes[FUZZ_UNFIT + 1];
} Counts;

static Counts run_changed(const FuzzTarget *target, const GPtrArray *seeds, guint first, guint count) {
  g_autoptr(Mutator) mutator = mutator_new(seeds, target->xml);
  Counts counts = {0};
  for (guint n = first; n < first + count; n++) {
    g_autoptr(GBytes) input = input_number(mutator, seeds, n);
    present.number = n;
    counts.outcomes[run_input(target, input)]++;
  }
  return counts;
}

/* Shipped files stand at the door as the fixed point: most of them are accepted. */
static Counts run_seeds(const FuzzTarget *target, const GPtrArray *seeds) {
  Counts counts = {0};
  for (guint i = 0; i < seeds->len; i++)
    counts.outcomes[run_input(target, seeds->pdata[i])]++;
  return counts;
}

/* Changed files that are all refused, or none of them, would have exercised little. */
static gboolean run_target(const FuzzTarget *target, int number, const char *top) {
  g_autoptr(GPtrArray) seeds = fuzz_target_seeds(target, top);
  guint count = target->count / SHARE;
  present.target = target->name;
  present.number = 0;
  Counts plain = seeds->len ? run_seeds(target, seeds) : (Counts){0};
  if (plain.outcomes[FUZZ_UNFIT]) {
    printf("ok %d - %s # SKIP fonts are not installed\n", number, target->name);
    return TRUE;
  }
  Counts changed = seeds->len ? run_changed(target, seeds, 1, count) : (Counts){0};
  gboolean good = plain.outcomes[FUZZ_ACCEPTED] && changed.outcomes[FUZZ_ACCEPTED] &&
                  changed.outcomes[FUZZ_REFUSED];
  printf("%sok %d - %s: of %u changed inputs %u are accepted, %u refused in words\n",
         good ? "" : "not ", number, target->name, count, changed.outcomes[FUZZ_ACCEPTED],
         changed.outcomes[FUZZ_REFUSED]);
  return good;
}

/* ------------------------------------------------------------------------ for people */

static int run_some(const FuzzTarget *target, const GPtrArray *seeds, char **words) {
  guint first = (guint)strtoul(words[0], NULL, 10), count = (guint)strtoul(words[1], NULL, 10);
  Counts counts = run_changed(target, seeds, first, count);
  printf("%u accepted, %u refused\n", counts.outcomes[FUZZ_ACCEPTED], counts.outcomes[FUZZ_REFUSED]);
  return 0;
}

static int show(const FuzzTarget *target, const GPtrArray *seeds, const char *word) {
  g_autoptr(Mutator) mutator = mutator_new(seeds, target->xml);
  g_autoptr(GBytes) input = input_number(mutator, seeds, (guint)strtoul(word, NULL, 10));
  fwrite(g_bytes_get_data(input, NULL), 1, g_bytes_get_size(input), stdout);
  return 0;
}

static int write_seeds(const GPtrArray *seeds, const char *folder) {
  for (guint i = 0; i < seeds->len; i++) {
    g_autofree char *name = g_strdup_printf("seed-%03u", i), *path = g_build_filename(folder, name, NULL);
    const char *bytes = g_bytes_get_data(seeds->pdata[i], NULL);
    if (!g_file_set_contents(path, bytes, (gssize)g_bytes_get_size(seeds->pdata[i]), NULL))
      return 1;
  }
  return 0;
}

static int command(char **words, const char *top) {
  gboolean verb = g_str_equal(words[0], "show") || g_str_equal(words[0], "seeds");
  const FuzzTarget *target = fuzz_target_find(verb ? words[1] : words[0]);
  g_autoptr(GPtrArray) seeds = target ? fuzz_target_seeds(target, top) : NULL;
  if (!seeds || !seeds->len) {
    fprintf(stderr, "no such target, or no seeds\n");
    return 2;
  }
  present.target = target->name;
  if (!verb)
    return run_some(target, seeds, words + 1);
  return g_str_equal(words[0], "show") ? show(target, seeds, words[2]) : write_seeds(seeds, words[2]);
}

int main(int argc, char **argv) {
  const char *folder = g_getenv("RENKEI_SRCDIR"), *top = folder ? folder : ".";
  int failed = 0;
  setlocale(LC_ALL, "");
  setvbuf(stdout, NULL, _IONBF, 0);
  xml_door_open();
  watch();
  if (argc == 4)
    return command(argv + 1, top);
  printf("1..%u\n", n_fuzz_targets);
  for (guint i = 0; i < n_fuzz_targets; i++)
    failed += !run_target(&fuzz_targets[i], (int)i + 1, top);
  return failed > 0;
}
