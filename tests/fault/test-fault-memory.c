/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-fault-memory.c - every allocation of every command fails once.
 *
 * At an allocation the process makes a copy of itself in which it fails, whoever asked: GLib,
 * libxml2, SQLite, Cairo … The copy must end at once with status 71; going on, crashing or another
 * status is a fault. Besides, whole runs in which one allocation fails, or all from one on, must
 * end so, say so, and leave the request wholly there or not at all.
 *
 * That this is seen is shown on this program itself as a client of librenkei that does not bring
 * the allocator of the command line.
 *
 * RENKEI_FAULT_LONG: up to 4,000 allocations a command, instead of 12. RENKEI_FAULT_PROVE=victim:
 * that client in place of the program: must fail.
 */
#include "renkei.h"
#include "story.h"
#include "tap.h"

#include <signal.h>
#include <string.h>

static gboolean prove;

/* ------------------------------------------------------------------- the victim */

static const char *word_after(char **words, const char *name) {
  for (guint i = 0; words[i]; i++)
    if (g_str_equal(words[i], name))
      return words[i + 1];
  return NULL;
}

/* A remark in the first case of the database named; a client like any other. */
static int be_victim(char **words) {
  RkSite site = {g_getenv("RENKEI_DATADIR"), g_getenv("RENKEI_MODULEDIR")};
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(RkDesk) desk = NULL;
  RkRequest request = {.id = word_after(words, "--request-id"), .now = g_get_real_time()};
  RkStatus status =
      rk_desk_open(&desk, &site, word_after(words, "--db"), g_get_user_name(), diags);
  if (status == RK_OK)
    status = rk_case_note(desk, &request, "R8-0001", "電話で確認", diags);
  return (int)status;
}

/* ------------------------------------------------------------------- the program */

typedef struct {
  guint64 calls, copies, faults;
} Total;

static void copy_all(Tap *tap, Story *story, guint index, const char *words, guint64 wanted,
                     Total *total) {
  Fault fault = {FAULT_MEMORY, .victim = prove};
  g_auto(Outcome) outcome = {0};
  g_autofree char *name = words ? g_strdup(words) : g_strdup(story_step(story, index)->name);
  story_rewind(story, index);
  story_run(story, index, words, &fault, &outcome);
  fault.fork = (guint)MAX(outcome.calls / wanted, 1);
  story_rewind(story, index);
  story_run(story, index, words, &fault, &outcome);
  total->calls += outcome.calls;
  total->copies += outcome.failed;
  tap_check(tap, outcome.failed && outcome.ended == outcome.failed,
            "%s: of %" G_GUINT64_FORMAT " allocations %" G_GUINT64_FORMAT
            " failed: all but %" G_GUINT64_FORMAT " ended with 71 (%" G_GUINT64_FORMAT
            " went on, %" G_GUINT64_FORMAT " crashed)",
            name, outcome.calls, outcome.failed, outcome.failed - outcome.ended, outcome.went_on,
            outcome.crashed);
}

/* Wrong with a whole run in which allocation `at` failed; NULL: nothing. */
static const char *judge(Story *story, guint index, const Outcome *outcome) {
  const Step *step = story_step(story, index);
  g_auto(Found) found = {0};
  g_autofree char *path = story_database(story, index);
  gboolean good = story_succeeded(story, index, outcome);
  if (outcome->status != RK_NOMEM && !good)
    return "another status";
  if (outcome->status == RK_NOMEM && !strstr(outcome->err, "out of memory"))
    return "it does not say why";
  if (story_makes_desk(story, index) && !g_file_test(path, G_FILE_TEST_EXISTS))
    return good ? "there is no database" : NULL;
  story_look(story, index, &found);
  if (!found.verified)
    return "the database does not verify";
  guint64 after = story_after(story, index);
  if (good)
    return found.meaning == after ? NULL : "it is not as it should be afterwards";
  if (step->kind == SEVERAL || found.meaning == (found.recorded ? after : story_before(story, index)))
    return NULL;
  return "half of it is there";
}

static void run_whole(Story *story, guint index, guint runs, GRand *dice, Total *total,
                      char **example) {
  Fault fault = {FAULT_MEMORY, .victim = prove};
  g_auto(Outcome) outcome = {0};
  story_rewind(story, index);
  story_play(story, index, &fault, &outcome);
  guint64 calls = outcome.calls;
  for (guint i = 0; i < runs; i++) {
    fault.at = 1 + (guint64)(g_rand_double(dice) * (double)calls);
    fault.for_good = i % 2;
    story_rewind(story, index);
    story_play(story, index, &fault, &outcome);
    const char *wrong = judge(story, index, &outcome);
    total->copies++;
    total->faults += wrong != NULL;
    if (wrong && !*example)
      *example = g_strdup_printf("%s, allocation %" G_GUINT64_FORMAT ": %s (status %d) %s",
                                 story_step(story, index)->name, fault.at, wrong, outcome.status,
                                 outcome.err);
  }
}

static void run_all(Tap *tap, Story *story, guint runs) {
  g_autofree char *example = NULL;
  GRand *dice = g_rand_new_with_seed(71);
  Total total = {0};
  for (guint i = 0; i < story_length(story); i++)
    if (story_wants(story, i))
      run_whole(story, i, runs, dice, &total, &example);
  tap_check(tap, total.faults == 0,
            "of %" G_GUINT64_FORMAT " whole runs, %" G_GUINT64_FORMAT " end in another way",
            total.copies, total.faults);
  if (example)
    tap_note("for example %s", example);
  g_rand_free(dice);
}

/* What goes wrong without the program's allocator must be seen. */
static void must_see(Tap *tap, Story *story) {
  Fault fault = {FAULT_MEMORY, .victim = TRUE, .fork = 20};
  g_auto(Outcome) outcome = {0};
  guint last = story_length(story) - 1;
  story_rewind(story, last);
  story_play(story, last, &fault, &outcome);
  tap_check(tap, outcome.failed > outcome.ended,
            "a client without it is seen to fail: of %" G_GUINT64_FORMAT " copies %" G_GUINT64_FORMAT
            " went on, %" G_GUINT64_FORMAT " crashed",
            outcome.failed, outcome.went_on, outcome.crashed);
}

static const char *const readings[] = {"show R8-0001", "list --format json", "log", "verify",
                                       "custody", "form print R8-0001 fj-2-1 -o @FOLDER/a.pdf"};

int main(int argc, char **argv) {
  Tap tap = {0};
  Total total = {0};
  gboolean all = g_getenv("RENKEI_FAULT_LONG") != NULL;
  if (argc > 1)
    return be_victim(argv);
#ifdef __SANITIZE_ADDRESS__
  printf("1..0 # SKIP the sanitizer has an allocator of its own\n");
  return 0;
#endif
  prove = g_strcmp0(g_getenv("RENKEI_FAULT_PROVE"), "victim") == 0;
  Story *story = story_new();
  for (guint i = 0; i < story_length(story); i++)
    if (story_wants(story, i))
      copy_all(&tap, story, i, NULL, all ? 4000 : 12, &total);
  for (guint i = 0; i < G_N_ELEMENTS(readings); i++)
    copy_all(&tap, story, story_length(story) - 1, readings[i], all ? 4000 : 12, &total);
  run_all(&tap, story, all ? 40 : 2);
  must_see(&tap, story);
  tap_note("%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " allocations failed", total.copies,
           total.calls);
  story_free(story);
  return tap_end(&tap);
}
