/* SPDX-License-Identifier: Apache-2.0 */
/*
 * story.h - every command that writes, each at the moment at which it belongs, and the program
 * run on it with something going wrong.
 *
 * The story is played once as it should be; what lies in the folder before each step is kept.
 * From then on any step can be played again, as often as is wanted, from there.
 */
#ifndef RK_TEST_FAULT_STORY_H
#define RK_TEST_FAULT_STORY_H

#include <glib.h>

typedef enum {
  ONE,       /* one transaction, and the request id stands in the journal with it */
  SEVERAL,   /* more than one: it may be done in part */
  NOTHING,   /* nothing in the database changes: it makes a file */
  MIGRATION, /* the file becomes one of the present version */
} StepKind;

/* What is special in a step. */
typedef enum {
  BY_SECOND = 1,      /* the second person does it */
  IN_OTHER_WORDS = 2, /* asked again, it succeeds, and says that it was done before */
  IN_PART = 4,        /* its exit code is 7: something is left to do */
  IN_ANOTHER_WAY = 8, /* of SEVERAL: interrupted, what was under way is noted, and not done again */
} StepTraits;

typedef struct {
  const char *name;
  const char *desk;   /* whose database: "clinic" or "association" … */
  const char *time;   /* "DDTHH:MM" in April 2026, or the whole */
  const char *words;  /* of the command, after `renkei`, by spaces; ~: a space within a word; @X: what is in
                         state X; @FOLDER: where all of it lies; @SECOND, @THIRD: other operators */
  const char *input;  /* to standard input; NULL: none */
  StepKind kind;
  guint traits;
  const char *makes;  /* a file or folder in ours, which is never replaced; NULL */
} Step;
extern const Step story_steps[];
extern const guint story_steps_count;

/* What is to go wrong. */
typedef enum { FAULT_NONE, FAULT_DISK, FAULT_MEMORY } FaultPlace;
typedef struct {
  FaultPlace place;
  guint64 at;        /* which call, from 1; 0: only count */
  gboolean for_good; /* and all after it */
  const char *what;  /* see preload.h; NULL for memory */
  guint kill_after;  /* microseconds after the start; 0: never */
  const char *out;   /* file for the standard output; NULL: kept */
  guint fork;        /* memory: make a copy every so many allocations in which it fails */
  gboolean victim;   /* this very program, called with the same words, in place of renkei */
  gboolean unprivileged; /* without root's rights; status 126 where they cannot be given up */
  gboolean other_id; /* nothing fails, but it is asked for as something new */
} Fault;

typedef struct {
  int status;    /* exit status, or minus the signal */
  char *out, *err;
  guint64 calls; /* that could have failed */
  guint64 failed;
  guint64 ended, went_on, crashed, other; /* the copies that `fork` made, see preload.h */
} Outcome;
void outcome_clear(Outcome *outcome);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Outcome, outcome_clear)

/* What is found in the desk's database. */
typedef struct {
  gboolean opens, verified;
  gboolean recorded;  /* the step's request id stands in the journal; for MIGRATION: it is done */
  guint64 meaning;    /* see database_meaning */
  gint64 entries;     /* of the journal */
  guint sent_twice;   /* FAXes */
  char *trouble;      /* the first complaint; NULL: none */
} Found;
void found_clear(Found *found);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Found, found_clear)

typedef struct Story Story;

/* Play it; aborts when a step fails. NULL with a reason said when it cannot be (sanitizers). */
Story *story_new(void);
void story_free(Story *story);
guint story_length(const Story *story);
const Step *story_step(const Story *story, guint index);
/* Where it is played; holds the databases and the folder "fax". */
const char *story_folder(const Story *story);
/* How it went without a fault. */
const Outcome *story_outcome(const Story *story, guint index);
/* What the desk's database said before and after the step. */
guint64 story_before(const Story *story, guint index);
guint64 story_after(const Story *story, guint index);
/* How many entries its journal had after the step. */
gint64 story_entries(const Story *story, guint index);

/* Everything as it was before the step. */
void story_rewind(Story *story, guint index);
/* The step's command, in the folder as it is. */
void story_play(Story *story, guint index, const Fault *fault, Outcome *outcome);
/* Any command at the step's desk; NULL: the step's. */
void story_run(Story *story, guint index, const char *words, const Fault *fault, Outcome *outcome);
/* FALSE if RENKEI_FAULT_ONLY names other steps. */
gboolean story_wants(const Story *story, guint index);
/* TRUE if the step makes the database. */
gboolean story_makes_desk(const Story *story, guint index);
/* The step's database, by its whole path. g_free. */
char *story_database(const Story *story, guint index);
/* What lies in the folders "fax" and "out" that would not lie there after the step; NULL: nothing. g_free. */
char *story_stray_file(Story *story, guint index);
/* Whether what the step makes, a database or a file, lies there. */
gboolean story_made(Story *story, guint index);
/* It ended as it did without a fault. */
gboolean story_succeeded(const Story *story, guint index, const Outcome *outcome);
/* What is asked for again is answered as it must be. `made`: story_made, before it was asked again. */
gboolean story_answers(Story *story, guint index, gboolean made, const Outcome *outcome);
/* After it was asked for again: nothing is missing, and nothing there that would not be without a fault. */
gboolean story_complete(Story *story, guint index, const Found *found);
/* The database as it was before the step; all else stays: as if nothing had been noted in time. */
void story_forget(Story *story, guint index);
/* Give the folder to the user that `unprivileged` runs as, or take it back. Only root can. */
void story_give_away(Story *story, gboolean away);
/* Open and verify the database of the step's desk, as `renkei verify` does. */
void story_look(Story *story, guint index, Found *found);

#endif
