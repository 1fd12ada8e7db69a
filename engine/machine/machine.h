/* SPDX-License-Identifier: Apache-2.0 */
/*
 * machine.h - SCXML documents as checked, read-only machines, and sessions that
 * run them.
 *
 * snapshot + event + facts → snapshot + effects. Nothing in here reads a clock,
 * a file or a database: time comes with the event, questions go through the
 * host's callbacks. W3C SCXML 1.0 (2015) with the XPath data model (Note of
 * 11 August 2015, XPath 1.0) and the extension namespace urn:renkei:workflow:1.
 */
#ifndef RK_MACHINE_H
#define RK_MACHINE_H

#include "base/diag.h"

#include <libxml/tree.h>

#define SCXML_NS "http://www.w3.org/2005/07/scxml"
#define WORKFLOW_NS "urn:renkei:workflow:1"

/* ------------------------------------------------------------- the machine */

typedef struct Machine Machine; /* read-only after load, reference-counted */

typedef enum {
  MACHINE_STRICT, /* for authors: all that can be known before running is reported */
  MACHINE_LENIENT /* for conformance: expression faults surface as error.execution */
} MachineMode;

/* Load and check. All faults go to `diags` (errors: RK_INVALID; warnings alone: RK_OK). */
RkStatus machine_load(Machine **out, const char *bytes, gsize length, const char *name,
                      MachineMode mode, RkDiags *diags);
/* The same from a file; an overlay is flattened first (overlay.h). */
RkStatus machine_load_file(Machine **out, const char *path, MachineMode mode, RkDiags *diags);
Machine *machine_ref(Machine *machine);
void machine_unref(Machine *machine);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Machine, machine_unref)

/* Words for people. NULL where the file has none. `title_en` falls back to nothing. */
typedef struct {
  const char *title, *title_en, *step, *source, *inferred;
} MachineWords;

const char *machine_name(const Machine *machine);    /* scxml/@name */
MachineWords machine_words(const Machine *machine);  /* of the scxml element */
const char *machine_file(const Machine *machine);

/* States, numbered in document order from 0 (0 is the scxml element itself). */
typedef enum {
  STATE_ROOT, STATE_ATOMIC, STATE_COMPOUND, STATE_PARALLEL, STATE_FINAL,
  STATE_HISTORY_SHALLOW, STATE_HISTORY_DEEP
} StateKind;
guint machine_n_states(const Machine *machine);
const char *machine_state_id(const Machine *machine, guint state); /* generated when absent */
StateKind machine_state_kind(const Machine *machine, guint state);
int machine_state_parent(const Machine *machine, guint state); /* -1 for the root */
MachineWords machine_state_words(const Machine *machine, guint state);
DiagPlace machine_state_place(const Machine *machine, guint state);
/* The value of an extension attribute of a state (rk:result …), or NULL. */
const char *machine_state_attr(const Machine *machine, guint state, const char *name);
int machine_state_index(const Machine *machine, const char *id); /* -1: none */
gboolean machine_state_initial(const Machine *machine, guint state); /* its parent's initial */

/* What must be said when an event is entered (rk:ask), or a case is opened (data with rk:input). */
typedef struct {
  const char *name;          /* of the child of _event/data, or of the datum */
  const char *title, *title_en;
  const char *type;          /* text, name, date, choice */
  const char *values;        /* of a choice, space-separated */
  gboolean required, is_public;
  const char *identifies;    /* name, birth, insurance: tells whom the case is about; or NULL */
} MachineAsk;

/* Transitions of a state, in document order (initial and history defaults not included). */
typedef struct {
  guint source;
  const char *event;        /* the event attribute, NULL if eventless */
  const char *cond;         /* NULL if none */
  const guint *targets;     /* borrowed */
  guint n_targets;
  const char *by;           /* rk:by, or NULL */
  const MachineAsk *asks;   /* borrowed */
  guint n_asks;
  guint n_requirements;     /* rk:require */
  const char *second_person; /* events whose operator may not enter this one; NULL: none */
  MachineWords words;
  DiagPlace place;
  guint number; /* in document order, over the whole machine */
} MachineTransition;
guint machine_n_transitions(const Machine *machine, guint state);
MachineTransition machine_transition(const Machine *machine, guint state, guint index);

/* Deadlines of a state (rk:deadline). */
typedef struct {
  const char *after, *by, *calendar, *event, *title, *title_en;
} MachineDeadline;
guint machine_n_deadlines(const Machine *machine, guint state);
MachineDeadline machine_deadline(const Machine *machine, guint state, guint index);

/* The inputs of the procedure: top-level <data> with rk:input, in order. Borrowed. */
const MachineAsk *machine_inputs(const Machine *machine, guint *count);

/* rk:procedure, with its children as they stand in the file. NULL if the document
 * has none (a plain SCXML file). The nodes are borrowed and read-only. */
const xmlNode *machine_procedure(const Machine *machine);
/* Every extension element and attribute was checked for name and required attributes;
 * these iterate all extension elements named `name` anywhere in the document, in
 * document order: f(node, user). */
void machine_each_extension(const Machine *machine, const char *name,
                            void (*f)(const xmlNode *node, gpointer user), gpointer user);

/* ------------------------------------------------------------- the session */

typedef struct Session Session;

/* An event as the session takes it. Borrowed for the call. */
typedef struct {
  const char *name;
  gint64 time;         /* when it happened: machine time */
  const xmlNode *data; /* children become _event/data; NULL: none */
  gboolean timer;      /* fired by a due delayed send, not by a person */
} SessionEvent;

/* An extension element executed: name, attributes (those ending in "expr" are
 * evaluated and named without the suffix), rk:field children as name → value. */
typedef struct {
  const char *element;     /* "send-paper", "record" … */
  GHashTable *attributes;  /* char * → char * */
  GHashTable *fields;      /* char * → char * */
  GPtrArray *field_names;  /* in document order, borrowed from fields */
  const char *by;          /* actor of the transition it stands in; NULL in onentry/onexit */
  const char *state;       /* id of the state it stands in */
  gint64 time;
  DiagPlace place;
} SessionEffect;

/*
 * What a session asks and tells. All callbacks may be NULL (a plain SCXML run).
 *
 * ask     a question of an extension function: kind ("form", "register", "field" …)
 *         and its string arguments, NULL-terminated. The answer (g_free) is a
 *         string; "true"/"false" for tests; NULL when the question makes no sense
 *         (an error in the expression).
 * require a requirement (rk:require) with form or register attributes: TRUE when met;
 *         otherwise it adds the reason to `reasons` in words.
 * effect  an extension element was executed. Names of events it causes inside
 *         this macrostep are added to `raise` (char *) in order. An error in it
 *         (status other than RK_OK) becomes error.execution and fails the step.
 * trace   a line for people about what happens: entered, exited, raised, sent, logged.
 * take    a transition of the machine itself (not of one it invoked) is taken: its number.
 * fetch   the text of the document that <invoke src> or <data src> names, in UTF-8 (g_free); NULL
 *         when it cannot be had. What was invoked is kept in the snapshot and not fetched again.
 */
typedef struct {
  char *(*ask)(gpointer user, const char *kind, const char *const *arguments);
  gboolean (*require)(gpointer user, GHashTable *attributes, const DiagPlace *place, RkDiags *reasons);
  RkStatus (*effect)(gpointer user, const SessionEffect *effect, GPtrArray *raise, RkDiags *diags);
  void (*trace)(gpointer user, const char *what, const char *detail);
  gpointer user;
  char *(*fetch)(gpointer user, const char *uri);
  void (*take)(gpointer user, guint transition);
  gboolean english; /* refusals in the procedure's English words, where it has them */
} SessionHost;

/* A session of `machine` before its start. Keeps a reference; copies *host. */
Session *session_new(Machine *machine, const SessionHost *host);
void session_free(Session *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Session, session_free)

/* Give top-level <data id=name> its text value instead of its own, before the start. */
RkStatus session_set_data(Session *session, const char *name, const char *value, RkDiags *diags);
/* Enter the initial configuration and run to the first stable one. */
RkStatus session_start(Session *session, gint64 time, RkDiags *diags);

/*
 * One external event, one macrostep; then, in the order of sending, what the machine and the
 * sessions it invoked sent to themselves and each other, until all of them rest.
 *   RK_OK       taken, or no transition matched (see session_taken)
 *   RK_REFUSED  a requirement of a chosen transition failed: all reasons in `diags`
 *   RK_INVALID  the microstep budget was spent, or an effect failed
 * After anything but RK_OK the session is spent: free it, nothing of it may be kept.
 * For a timer event a failed requirement is RK_OK with session_taken FALSE.
 */
RkStatus session_deliver(Session *session, const SessionEvent *event, RkDiags *diags);
/* Whether the last delivered event chose at least one transition, here or, by autoforward, in
 * a session invoked. */
gboolean session_taken(const Session *session);

/* Delayed sends, of invoked sessions too. The next due time (absolute), or G_MAXINT64. */
gint64 session_next_due(const Session *session);
/* Fire the earliest delayed send if due at or before `now`, at its own due time.
 * *fired tells whether one was; its event name is then in *name (g_free; may be NULL). */
RkStatus session_fire_due(Session *session, gint64 now, gboolean *fired, char **name, RkDiags *diags);
/* All pending delayed sends: f(send id, event, due, user). */
void session_each_pending(const Session *session,
                          void (*f)(const char *id, const char *event, gint64 due, gpointer user),
                          gpointer user);

/* Whether a deadline of an active state has passed: it fired, and the state was not left.
 * Those of invoked sessions count. */
gboolean session_overdue(const Session *session);

gboolean session_in(const Session *session, const char *state_id);
gboolean session_finished(const Session *session); /* a top-level final was reached */
/* Active atomic states in document order: indices; g_array_unref. */
GArray *session_active(const Session *session);
/* What runs below it by <invoke>, in document order: f(invoke id, session, user). The sessions are
 * borrowed, and gone at latest with the next event. */
void session_each_invoked(const Session *session,
                          void (*f)(const char *id, const Session *invoked, gpointer user),
                          gpointer user);
/* Borrowed. The machine of an invoked session may live in that of the outermost: no longer. */
Machine *session_machine(const Session *session);
/* The data document <datamodel>; borrowed, read-only. */
const xmlDoc *session_data(const Session *session);
/* Text of a top-level data element; NULL if there is none. g_free. */
char *session_data_text(const Session *session, const char *id);

/*
 * What could happen now to an external event: for each enabled-by-position
 * transition with an event attribute, in selection order (innermost first), whether
 * its cond holds, and the reasons its requirements would give. Changes nothing.
 */
typedef struct {
  MachineTransition transition;
  gboolean cond_holds;
  RkDiags *reasons; /* empty when it would be accepted */
} SessionChoice;
GPtrArray *session_choices(Session *session, gint64 time); /* of SessionChoice *, owned */
/* Those of them whose cond holds, without putting their requirements to the host. */
GArray *session_open_transitions(Session *session, gint64 time); /* of MachineTransition */

/* Everything a later session needs, as an XML document, canonical: the same
 * session gives the same bytes. */
GBytes *session_save(const Session *session);
/* A session continued from a snapshot of the same machine. RK_INVALID if it is not one. */
RkStatus session_restore(Session **out, Machine *machine, const SessionHost *host,
                         GBytes *snapshot, RkDiags *diags);

/* Evaluate an XPath expression in the session's data (for forms' required-if and tests):
 * its boolean value. A fault is RK_INVALID. */
RkStatus session_eval_boolean(Session *session, const char *expression, gint64 time,
                              gboolean *out, RkDiags *diags);

#endif
