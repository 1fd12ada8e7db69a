/* SPDX-License-Identifier: Apache-2.0 */
/*
 * casefile.h - one case in hand: its record, papers, exemplars, transmissions and the
 * running session, between loading and committing.
 *
 * Everything that happens to a case is a Deed. casefile_apply is pure over the case
 * file and the facts it asks for: the same deed on the same file with the same
 * answers gives the same file. Delivery, rehearsal and replay all go through it.
 *
 * Invariants
 *  1. Nothing is written before casefile_commit; a file that failed is thrown away.
 *  2. Ids are made from the request id and a counter, never at random.
 *  3. A fact from outside the case (a register entry) is noted with its answer in the
 *     deed's body; under replay the noted answer is used and none is looked up.
 *  4. Every exemplar has exactly one holder.
 */
#ifndef RK_CASE_CASEFILE_H
#define RK_CASE_CASEFILE_H

#include "case/desk_int.h"

typedef struct {
  const char *kind;  /* opened event linked timer fill paper receive settle note confirm undo */
  const char *event; /* name; may be NULL */
  const char *actor; /* role; NULL: the office or the clock */
  const char *request_id, *operator_, *evidence, *why;
  gint64 entered, happened;
  const json_t *args; /* inputs of the deed; kept in the journal */
  const json_t *asked; /* what of them was asked for, not looked up (again.h); NULL: all */
  const char *fingerprint; /* of the request that asks for it (again.h); NULL: none does */
  const char *line;        /* of what was typed for it (again.h); NULL: not said */
} Deed;

/* A linked case to be opened with the deed (rk:open-case). */
typedef struct {
  char *procedure;
  json_t *inputs; /* {name: text} */
} Opening;

typedef struct CaseFile CaseFile;

struct CaseFile {
  RkDesk *desk;
  Bundle *bundle;  /* borrowed from the desk */
  char **ours;     /* roles of the desk at this deed */
  StoreCase *record;
  Session *session;
  GPtrArray *papers, *exemplars, *transmissions; /* all of the case */
  GPtrArray *removed;    /* ids (char *) of records that the store has and the file no more; or NULL */
  GHashTable *changed;   /* records that differ from the store (set of pointers) */
  GPtrArray *registers;  /* StoreRegister written by this deed */
  json_t *facts;         /* [[question, answer], …] asked in this deed */
  const json_t *noted;   /* facts to be used under replay, or NULL */
  const Deed *deed;      /* while applying */
  guint next_id;
  GPtrArray *openings;   /* Opening: linked cases that this deed begins */
  GPtrArray *timers;     /* StoreTimer as the store has them, with the search keys; NULL: it has none yet */
  gboolean ended;        /* the deed just applied closed the case */
  gboolean unsettled;    /* the record does not say all yet: casefile_settle */
  gboolean refused;      /* an effect found a reason to refuse; all of them are in the diagnostics */
  GPtrArray *happenings; /* char *: what was done: "what\tsubject\twhom\tstate" */
};

/* A case that does not exist yet, of the procedure's present bundle. */
RkStatus casefile_new(CaseFile **out, RkDesk *desk, const char *procedure, RkDiags *diags);
/* The case with this number or id. RK_NOT_FOUND with a diagnostic. */
RkStatus casefile_load(CaseFile **out, RkDesk *desk, const char *reference, RkDiags *diags);
/* The same as it is stored, without a session: to be compared, not to be worked on. */
RkStatus casefile_read(CaseFile **out, RkDesk *desk, const char *reference, RkDiags *diags);
/* An empty file pinned to `bundle`, for replay. */
RkStatus casefile_blank(CaseFile **out, RkDesk *desk, const char *bundle, RkDiags *diags);
void casefile_free(CaseFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CaseFile, casefile_free)

/* Do the deed on the file in memory. On anything but RK_OK the file is spoilt. The record's snapshot,
 * states, waits_for and overdue follow only when somebody settles it: of many deeds in a row, the last. */
RkStatus casefile_apply(CaseFile *file, const Deed *deed, RkDiags *diags);
/* RK_REFUSED: of a paper that came with the deed nobody says by which of several ways. Asked of what is entered, not
 * of what is replayed. */
RkStatus casefile_check_ways(CaseFile *file, const Deed *deed, RkDiags *diags);
void casefile_settle(CaseFile *file); /* while the last deed is still there; casefile_write does it */
/* What the store keeps of the file beside its records: timers (StoreTimer) and search keys (char *). */
GPtrArray *casefile_timers(const CaseFile *file);
GPtrArray *casefile_search_keys(CaseFile *file);
/* Write the file and the deed (store_begin was called, store_end follows). `result` is kept for a
 * retry of the request. A failure rolls the transaction back. */
RkStatus casefile_write(CaseFile *file, const Deed *deed, const char *result, RkDiags *diags);
/* Ready for another deed, after what was written has been committed. */
void casefile_rest(CaseFile *file);

/* ------------------------------------------------- inside the folder only */

/* A new id, the same for the same deed. g_free. */
char *casefile_id(CaseFile *file);
/* Whether the id was made in the deed at hand. */
gboolean casefile_made_now(const CaseFile *file, const char *id);
/* Say what was done: a code ("send", "keep" …), the paper or register concerned, the role it went
 * to, the state that came of it. All but the code may be NULL. */
void casefile_tell(CaseFile *file, const char *what, const char *subject, const char *whom,
                   const char *state);
void casefile_touch(CaseFile *file, gpointer record);
/* The case number for messages; "CASE" while there is none. Borrowed. */
const char *casefile_number(const CaseFile *file);
/* Title of a role as the procedure writes it, or the id. Borrowed. */
const char *casefile_role_title(const CaseFile *file, const char *role);

/* Whether a person may enter `event` for this choice: a transition that an actor is named for. */
gboolean casefile_hears(const MachineTransition *transition, const char *event);

/* papers.c */
/* A paper is named CODE, or CODE:KEY where a case has one of a form for each of several parties.
 * The parts, g_free; the key is "" when there is none. */
char *paper_code(const char *reference);
char *paper_key(const char *reference);
char *papers_reference(const StorePaper *paper); /* CODE or CODE:KEY; g_free */
StorePaper *papers_named(CaseFile *file, const char *reference);
StorePaper *papers_find(CaseFile *file, const char *form, const char *key);
/* The paper, made blank when the case has none yet. */
StorePaper *papers_need(CaseFile *file, const char *form, const char *key);
gboolean papers_is_ours(const CaseFile *file, const StorePaper *paper);
int papers_state_rank(const char *state); /* blank 0 … signed 3; void, disposed -1 */
/* Send an event to the paper's own machine; RK_REFUSED when it does not take it. Adds the
 * event the case machine hears (form.CODE.STATE) to `raise` when the state changed. */
RkStatus papers_event(CaseFile *file, StorePaper *paper, const char *event, GPtrArray *raise,
                      RkDiags *diags);
RkStatus papers_fill(CaseFile *file, const Deed *deed, GPtrArray *raise, RkDiags *diags);
FormData *papers_data(CaseFile *file, const StorePaper *paper); /* never NULL */
/* The exemplar of a paper that `holder` holds (NULL: any of our roles), or NULL. */
StoreExemplar *papers_exemplar(CaseFile *file, const StorePaper *paper, const char *holder);
StoreExemplar *papers_add_exemplar(CaseFile *file, const StorePaper *paper, const char *kind,
                                   const char *holder, const char *source, gint64 time);

/* A paper of the other side went back: what we hold of it no longer counts as complete. */
void papers_unjudge(CaseFile *file, const StorePaper *paper);

/* facts.c: what the session asks */
char *facts_ask(gpointer file, const char *kind, const char *const *arguments);
gboolean facts_require(gpointer file, GHashTable *attributes, const DiagPlace *place,
                       RkDiags *reasons);
/* The keys of a register's entries whose `field` is `value` and whose state is at least `state` (""
 * any that has not ended): a line each. Noted as a fact. g_free. */
char *facts_entries(CaseFile *file, const char *name, const char *field, const char *value,
                    const char *state);
/* The answer to a question about what is outside the case: what `look_up` finds, noted as a fact, or what
 * was noted. Takes the question; json_decref; NULL for null. */
json_t *facts_recall(CaseFile *file, json_t *question,
                     json_t *(*look_up)(CaseFile *file, const json_t *question));
/* {"state", "fields"} of a register entry, or NULL; noted as a fact. json_decref. */
json_t *facts_register(CaseFile *file, const char *name, const char *key);

/* movement.c: what the session tells */
RkStatus movement_send(CaseFile *file, const SessionEffect *effect, RkDiags *diags);
RkStatus movement_keep(CaseFile *file, const SessionEffect *effect, RkDiags *diags);
RkStatus movement_notify(CaseFile *file, const SessionEffect *effect, RkDiags *diags);
RkStatus movement_receive(CaseFile *file, const char *reference, const char *channel,
                          gboolean incomplete, gint64 time, RkDiags *diags);
/* The channels by which the paper may come to us, when there are several and its sending was not announced by one
 * of them: then it must be said which it was. g_free; NULL. */
char *movement_ways(CaseFile *file, const char *reference);
/* Whether we have sent the paper, or are about to. */
gboolean movement_has_left(const CaseFile *file, const StorePaper *paper);
/* The deed settles a transmission (confirmed, failed, cancelled, queued, …); see delivery.h. */
RkStatus movement_settle(CaseFile *file, const Deed *deed, RkDiags *diags);

/* effects.c */
RkStatus effects_carry_out(gpointer file, const SessionEffect *effect, GPtrArray *raise,
                           RkDiags *diags);

#endif
