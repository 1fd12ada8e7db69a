/* SPDX-License-Identifier: Apache-2.0 */
/* commands.c - see commands.h. */
#include "commands.h"

#include <string.h>

#define READS "it only reads; that it was read is noted beside the journal"

/* What the story leaves out, and why. */
static const struct {
  const char *command, *reason;
} left_out[] = {
    {"doctor", READS},
    {"list", READS},
    {"show", READS},
    {"log", READS},
    {"search", READS},
    {"custody", READS},
    {"verify", READS},
    {"help", READS},
    {"version", READS},
    {"form list", READS},
    {"form check", READS},
    {"form values", READS},
    {"form edit", "what the editor leaves is recorded as form fill does it"},
    {"tray list", READS},
    {"tray show", READS},
    {"outbox list", READS},
    {"outbox show", READS},
    {"contact list", READS},
    {"calendar list", READS},
    {"duty list", READS},
    {"duty show", READS},
    {"operator list", READS},
    {"office list", READS},
    {"config list", READS},
    {"disclose find", READS},
    {"disclose list", READS},
    {"dispose list", READS},
    {"dispose show", READS},
    {"workflow check", READS},
    {"workflow simulate", READS},
    {"workflow test", READS},
    {"workflow graph", READS},
    {"workflow diff", READS},
    {"workflow list", READS},
    {"workflow begin", "it makes files for an author, and needs no database"},
};

static gboolean is_called(const char *words, const char *command) {
  gsize length = strlen(command);
  const char *from = g_str_has_prefix(words, "--yes ") ? words + strlen("--yes ") : words;
  return g_str_has_prefix(from, command) && (!from[length] || from[length] == ' ');
}

static gboolean is_played(const char *command) {
  for (guint i = 0; i < story_steps_count; i++)
    if (is_called(story_steps[i].words, command))
      return TRUE;
  return FALSE;
}

static gboolean is_left_out(const char *command) {
  for (guint i = 0; i < G_N_ELEMENTS(left_out); i++)
    if (g_str_equal(left_out[i].command, command))
      return TRUE;
  return FALSE;
}

/* The commands that help lists, up to the blank line after them. */
static GPtrArray *listed(const char *help) {
  GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
  const char *begin = strstr(help, "\n\n"), *end = begin ? strstr(begin + 2, "\n\n") : NULL;
  g_autofree char *part = begin ? g_strndup(begin, end ? (gsize)(end - begin) : strlen(begin)) : NULL;
  g_auto(GStrv) lines = g_strsplit(part ? part : "", "\n", -1);
  for (guint i = 0; lines[i]; i++)
    if (g_str_has_prefix(lines[i], "  ") && lines[i][2] && lines[i][2] != ' ')
      g_ptr_array_add(names, g_strndup(lines[i] + 2, strcspn(lines[i] + 2, " ")));
  return names;
}

/* Those below `above`, as they are typed; of the whole program if it is empty. */
static void collect(Story *story, const char *above, GPtrArray *commands) {
  const Fault none = {FAULT_NONE};
  g_auto(Outcome) outcome = {0};
  g_autofree char *words = g_strconcat("help", *above ? " " : "", above, NULL);
  story_run(story, story_length(story) - 1, words, &none, &outcome);
  g_autofree char *first = g_strndup(outcome.out, strcspn(outcome.out, "\n"));
  if (*above && !g_str_has_suffix(first, " COMMAND …")) {
    g_ptr_array_add(commands, g_strdup(above));
    return;
  }
  g_autoptr(GPtrArray) names = listed(outcome.out);
  for (guint i = 0; i < names->len; i++) {
    g_autofree char *command = g_strconcat(above, *above ? " " : "", names->pdata[i], NULL);
    collect(story, command, commands);
  }
}

static guint find_missing(const GPtrArray *commands, guint *played) {
  guint missing = 0;
  for (guint i = 0; i < commands->len; i++) {
    const char *command = commands->pdata[i];
    gboolean here = is_played(command), out = is_left_out(command);
    *played += here;
    if (here != out)
      continue;
    missing++;
    tap_note("%s %s", command, here ? "is played, and said to be left out" : "is in no step");
  }
  return missing;
}

static guint find_gone(GPtrArray *commands) {
  guint gone = 0;
  for (guint i = 0; i < G_N_ELEMENTS(left_out); i++) {
    if (g_ptr_array_find_with_equal_func(commands, left_out[i].command, g_str_equal, NULL))
      continue;
    gone++;
    tap_note("%s is no command any more", left_out[i].command);
  }
  return gone;
}

void commands_check(Tap *tap, Story *story) {
  g_autoptr(GPtrArray) commands = g_ptr_array_new_with_free_func(g_free);
  guint played = 0;
  collect(story, "", commands);
  guint missing = find_missing(commands, &played), gone = find_gone(commands);
  tap_check(tap, commands->len > 60 && !missing && !gone,
            "of %u commands, %u that write are in the story, %u only read: %u are in neither list",
            commands->len, played, commands->len - played - missing, missing + gone);
}
