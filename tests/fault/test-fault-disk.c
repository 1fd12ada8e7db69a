/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-fault-disk.c - the disk fails: every call that changes it, of every command that writes,
 * fails once, and with all that follow, with EIO and with ENOSPC, as a disk does that is full
 * in the middle of a write.
 *
 * A command either succeeds, and then all is there; or it says what is wrong and what to do,
 * with status 1, 7 or 10, and then nothing is there. One case is between them: when the sync of
 * a commit fails, nobody knows, and the message must say so. What is there is whole, the
 * database verifies, no half paper lies in the FAX folder, and the same request succeeds once the
 * disk works again.
 *
 * RENKEI_FAULT_LONG: every call, of init every fourth, once and for good, with each error in turn; else
 * four calls of a command, each in one way. RENKEI_FAULT_PROVE=mute: the message and the status are
 * forgotten, as if the program had not looked at what the disk said: must fail.
 */
#include "renkei.h"
#include "story.h"
#include "tap.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  guint points, done, refused, uncertain, wrong;
  char *example;
} Count;

static gboolean prove;

static gboolean explained(const Outcome *outcome) {
  return (outcome->status == RK_STORE || outcome->status == RK_FAILED ||
          outcome->status == RK_PARTIAL) &&
         strstr(outcome->err, "renkei: ") && strstr(outcome->err, "  -> ");
}

static gboolean in_doubt(const Outcome *outcome) {
  return outcome->status > 0 && strstr(outcome->err, "DB020");
}

/* What is wrong after a command of one transaction; NULL: nothing. */
static const char *judge_one(Story *story, guint index, const Outcome *outcome,
                             const Found *found) {
  if (found->meaning != (found->recorded ? story_after(story, index) : story_before(story, index)))
    return "half of it is there";
  gboolean good = story_succeeded(story, index, outcome);
  if (story_step(story, index)->kind == NOTHING)
    return good && !story_made(story, index) ? "told as made, and is not there" : NULL;
  if (good && !found->recorded)
    return "told as done, and is not there";
  if (!good && !in_doubt(outcome) && found->recorded)
    return "told as failed, and is there";
  return NULL;
}

/* Of several transactions some may be there, but not when all were promised; 7 promises nothing. */
static const char *judge_several(Story *story, guint index, const Outcome *outcome,
                                 const Found *found) {
  return outcome->status == 0 && found->entries != story_entries(story, index)
             ? "told as done, and is not all there"
             : NULL;
}

static const char *judge(Story *story, guint index, const Outcome *outcome, Count *count) {
  g_auto(Found) found = {0};
  g_autofree char *path = story_database(story, index), *stray = story_stray_file(story, index);
  gboolean there = g_file_test(path, G_FILE_TEST_EXISTS);
  count->points++;
  gboolean good = story_succeeded(story, index, outcome);
  count->done += good;
  count->uncertain += in_doubt(outcome);
  count->refused += !good && !in_doubt(outcome);
  if (!good && !explained(outcome))
    return "it does not say what to do";
  if (stray)
    return "half a paper lies in the folder";
  if (!there && story_makes_desk(story, index))
    return good ? "there is no database" : NULL;
  story_look(story, index, &found);
  if (!found.verified)
    return "the database does not verify";
  return (story_step(story, index)->kind == SEVERAL ? judge_several : judge_one)(story, index, outcome,
                                                                         &found);
}

/* The disk works again. */
static const char *ask_again(Story *story, guint index) {
  const Fault none = {FAULT_NONE};
  const Step *step = story_step(story, index);
  g_auto(Outcome) outcome = {0};
  g_auto(Found) found = {0};
  gboolean made = story_made(story, index);
  story_play(story, index, &none, &outcome);
  if (!story_answers(story, index, made, &outcome))
    return "the same request is answered otherwise afterwards";
  story_look(story, index, &found);
  if (!found.verified)
    return "the database does not verify after the same request";
  if (step->makes && outcome.status == RK_CONFLICT)
    return NULL;
  return story_complete(story, index, &found) ? NULL : "it is not all there after the same request";
}

static void fail_at(Story *story, guint index, guint64 at, gboolean for_good, const char *error,
                    Count *count) {
  const Fault fault = {FAULT_DISK, .at = at, .for_good = for_good, .what = error};
  g_auto(Outcome) outcome = {0};
  story_rewind(story, index);
  story_play(story, index, &fault, &outcome);
  if (prove && outcome.failed)
    outcome.status = story_outcome(story, index)->status;
  const char *wrong = judge(story, index, &outcome, count);
  if (!wrong)
    wrong = ask_again(story, index);
  count->wrong += wrong != NULL;
  if (wrong && !count->example)
    count->example = g_strdup_printf("call %" G_GUINT64_FORMAT " fails%s with %s: %s; status %d %s",
                                     at, for_good ? " for good" : "", error, wrong, outcome.status,
                                     outcome.err);
}

static const struct {
  const char *what; /* errno, or full: half of the write, then ENOSPC */
  gboolean for_good;
} kinds[] = {{"5", FALSE}, {"28", FALSE}, {"full", TRUE}, {"5", TRUE}};

static void fail_in(Tap *tap, Story *story, guint index, gboolean all, Count *total) {
  const Fault counting = {FAULT_DISK};
  g_auto(Outcome) outcome = {0};
  Count count = {0};
  story_rewind(story, index);
  story_play(story, index, &counting, &outcome);
  guint64 step = MAX(outcome.calls / (all ? 150 : 4), 1); /* only init makes more calls than 150 */
  for (guint64 at = 1 + index % step; at <= outcome.calls; at += step)
    for (guint kind = 0; kind < G_N_ELEMENTS(kinds); kind++)
      if (all ? kind % 2 == (at / step + index) % 2 : kind == (at / step + index) % G_N_ELEMENTS(kinds))
        fail_at(story, index, at, kinds[kind].for_good, kinds[kind].what, &count);
  tap_check(tap, count.points && !count.wrong,
            "%s (%" G_GUINT64_FORMAT " calls): %u failures, %u absorbed, %u refused, %u told as "
            "uncertain; %u go wrong",
            story_step(story, index)->name, outcome.calls, count.points, count.done, count.refused,
            count.uncertain, count.wrong);
  if (count.example)
    tap_note("for example %s", count.example);
  total->points += count.points;
  total->wrong += count.wrong;
  total->uncertain += count.uncertain;
  g_free(count.example);
}

/* ------------------------------------------------------------- full and read-only */

/* The answer itself cannot be written. */
static void full_output(Tap *tap, Story *story) {
  Fault fault = {FAULT_NONE, .out = "/dev/full"};
  g_auto(Outcome) outcome = {0};
  guint last = story_length(story) - 1;
  if (access("/dev/full", W_OK) != 0) {
    tap_note("no /dev/full: not tried");
    return;
  }
  story_rewind(story, last);
  story_run(story, last, "list", &fault, &outcome);
  tap_check(tap, outcome.status == RK_FAILED && strstr(outcome.err, "  -> "),
            "an answer that cannot be written is a failure that is told");
}

/* Root may write anything: these run without its rights, or not at all. */
static void read_only(Tap *tap, Story *story, gboolean folder) {
  const Fault none = {FAULT_NONE, .unprivileged = TRUE};
  g_auto(Outcome) outcome = {0};
  g_auto(Found) found = {0};
  guint last = story_length(story) - 1;
  g_autofree char *path = story_database(story, last);
  story_rewind(story, last);
  story_give_away(story, TRUE);
  g_assert(g_chmod(folder ? story_folder(story) : path, folder ? 0500 : 0400) == 0);
  story_play(story, last, &none, &outcome);
  g_assert(g_chmod(folder ? story_folder(story) : path, folder ? 0700 : 0600) == 0);
  story_give_away(story, FALSE);
  if (outcome.status == 126) {
    tap_note("the rights of root cannot be given up here: not tried with a read-only %s",
             folder ? "folder" : "file");
    return;
  }
  story_look(story, last, &found);
  tap_check(tap,
            outcome.status == RK_STORE && strstr(outcome.err, "  -> ") && found.verified &&
                found.meaning == story_before(story, last),
            "a read-only %s is told, and nothing is changed", folder ? "folder" : "file");
  if (outcome.status != RK_STORE)
    tap_note("status %d: %s", outcome.status, outcome.err);
}

int main(void) {
  Tap tap = {0};
  gboolean all = g_getenv("RENKEI_FAULT_LONG") != NULL;
  Count total = {0};
  Story *story = story_new();
  prove = g_strcmp0(g_getenv("RENKEI_FAULT_PROVE"), "mute") == 0;
  for (guint i = 0; i < story_length(story); i++)
    if (story_wants(story, i))
      fail_in(&tap, story, i, all, &total);
  full_output(&tap, story);
  read_only(&tap, story, FALSE);
  read_only(&tap, story, TRUE);
  tap_note("%u failures of the disk: %u told as uncertain, %u go wrong", total.points,
           total.uncertain, total.wrong);
  story_free(story);
  return tap_end(&tap);
}
