/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-fault-kill.c - kill -9 in the middle of every command that writes.
 *
 * Each command is killed before its k-th call that changes the disk, and with half of that write
 * done; and at moments that fall as they like. Afterwards the database must verify,
 * the request must be there wholly or not at all, and the same request given again must answer
 * as it would have answered the first time.
 *
 * RENKEI_FAULT_LONG: every k (of init every fourth), half of them in half, and 1,000 moments; else five of a command, and 25.
 * RENKEI_FAULT_PROVE=retry: what was recorded before the kill is asked for under another id, as without
 * request ids: must fail.
 * RENKEI_FAULT_PROVE=resend: what was noted before the kill is forgotten, the FAXes that were sent are
 * not: must fail.
 */
#include "commands.h"
#include "renkei.h"
#include "story.h"
#include "tap.h"

#include <signal.h>
#include <string.h>

typedef struct {
  guint kills, recorded, absent, unverified, torn, unanswered, complete;
  char *example;
} Count;

static gboolean prove, resend;

static void note(Count *count, guint *what, const Step *step, const char *when, const char *detail) {
  (*what)++;
  if (!count->example)
    count->example = g_strdup_printf("%s, %s: %s", step->name, when, detail ? detail : "-");
}

/* The same request once more. */
static void ask_again(Story *story, guint index, gboolean made, gboolean recorded, const char *when,
                      Count *count) {
  const Step *step = story_step(story, index);
  const Fault none = {FAULT_NONE, .other_id = prove && recorded};
  g_auto(Outcome) outcome = {0};
  g_auto(Found) found = {0};
  story_play(story, index, &none, &outcome);
  if (!story_answers(story, index, made, &outcome))
    note(count, &count->unanswered, step, when, outcome.err);
  story_look(story, index, &found);
  if (!found.verified)
    note(count, &count->unverified, step, when, found.trouble);
  else if (!story_complete(story, index, &found) && (outcome.status != RK_CONFLICT || !step->makes))
    note(count, &count->unanswered, step, when, "afterwards it is not as if done once");
}

static void judge(Story *story, guint index, const char *when, Count *count) {
  const Step *step = story_step(story, index);
  g_auto(Found) found = {0};
  story_look(story, index, &found);
  guint64 expected = found.recorded ? story_after(story, index) : story_before(story, index);
  g_autofree char *path = story_database(story, index), *stray = story_stray_file(story, index);
  gboolean there = g_file_test(path, G_FILE_TEST_EXISTS), made = story_made(story, index);
  if (stray)
    note(count, &count->torn, step, when, stray);
  if (!found.verified && (there || !story_makes_desk(story, index))) {
    note(count, &count->unverified, step, when, found.trouble);
  } else if (step->kind != SEVERAL) {
    count->recorded += found.recorded;
    count->absent += !found.recorded;
    if (found.meaning != expected)
      note(count, &count->torn, step, when, "half of it is there");
  }
  if (resend)
    story_forget(story, index);
  ask_again(story, index, made, found.recorded, when, count);
}

static void kill_at(Story *story, guint index, guint64 at, const char *what, Count *count) {
  const Fault fault = {FAULT_DISK, .at = at, .what = what};
  g_auto(Outcome) outcome = {0};
  g_autofree char *when = g_strdup_printf("%s at call %" G_GUINT64_FORMAT, what, at);
  story_rewind(story, index);
  story_play(story, index, &fault, &outcome);
  count->kills += outcome.status == -SIGKILL;
  count->complete += outcome.status >= 0;
  if (outcome.status >= 0 && !story_succeeded(story, index, &outcome))
    note(count, &count->unanswered, story_step(story, index), when, outcome.err);
  judge(story, index, when, count);
}

static void kill_after(Story *story, guint index, guint microseconds, Count *count) {
  const Fault fault = {FAULT_NONE, .kill_after = microseconds};
  g_auto(Outcome) outcome = {0};
  story_rewind(story, index);
  story_play(story, index, &fault, &outcome);
  count->kills += outcome.status == -SIGKILL;
  count->complete += outcome.status >= 0;
  judge(story, index, "at a moment", count);
}

static guint64 calls_of(Story *story, guint index) {
  const Fault fault = {FAULT_DISK};
  g_auto(Outcome) outcome = {0};
  story_rewind(story, index);
  story_play(story, index, &fault, &outcome);
  g_assert(story_succeeded(story, index, &outcome));
  return outcome.calls;
}

static void conclude(Tap *tap, const char *what, const Count *count) {
  tap_check(tap, !count->unverified && !count->torn && !count->unanswered && count->kills,
            "%s: %u kills, %u found it recorded, %u not: %u do not verify, %u are torn, "
            "%u answer otherwise when asked again",
            what, count->kills, count->recorded, count->absent, count->unverified, count->torn,
            count->unanswered);
  if (count->example)
    tap_note("for example %s", count->example);
  g_free(count->example);
}

/* A short run tries at most five calls of a command. */
static void kill_in(Tap *tap, Story *story, guint index, gboolean long_run, guint64 *all) {
  Count count = {0};
  guint64 calls = calls_of(story, index), step = long_run ? MAX(calls / 150, 1) : MAX(calls / 4, 3);
  for (guint64 at = 1 + index % step; at <= calls; at += step) {
    kill_at(story, index, at, "kill", &count);
    if ((at + index) % 2 == 0)
      kill_at(story, index, at, "half", &count);
  }
  g_autofree char *what = g_strdup_printf("%s (%" G_GUINT64_FORMAT " calls)",
                                          story_step(story, index)->name, calls);
  *all += count.kills;
  conclude(tap, what, &count);
}

int main(void) {
  Tap tap = {0};
  gboolean all = g_getenv("RENKEI_FAULT_LONG") != NULL;
  Story *story = story_new();
  GRand *dice = g_rand_new_with_seed(20261102);
  Count anywhere = {0};
  guint64 kills = 0;
  prove = g_strcmp0(g_getenv("RENKEI_FAULT_PROVE"), "retry") == 0;
  resend = g_strcmp0(g_getenv("RENKEI_FAULT_PROVE"), "resend") == 0;
  commands_check(&tap, story);
  for (guint i = 0; i < story_length(story); i++)
    if (story_wants(story, i))
      kill_in(&tap, story, i, all, &kills);
  for (guint i = 0; i < (all ? 1000u : 25u); i++)
    kill_after(story, i % story_length(story), (guint)g_rand_int_range(dice, 1000, 20000), &anywhere);
  kills += anywhere.kills;
  conclude(&tap, "anywhere", &anywhere);
  tap_note("%" G_GUINT64_FORMAT " kills", kills);
  g_rand_free(dice);
  story_free(story);
  return tap_end(&tap);
}
