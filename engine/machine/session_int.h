/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session_int.h - a running machine, as this folder sees it.
 *
 * Invariants
 *  1. Between public calls all queues are empty and the configuration is legal, or the
 *     session is finished, or it is spent; the same holds for every session invoked below it.
 *  2. Nodes taken out of the data document inside a macrostep go to the graveyard and are
 *     freed at its end: results, foreach items and events may still point to them.
 *  3. A session never runs code of another one, except to start it, to stop it, or by an
 *     event in the queue of the run: no session ends while one of its functions is active.
 */
#ifndef RK_SESSION_INT_H
#define RK_SESSION_INT_H

#include "machine/machine_int.h"

#define MICROSTEP_BUDGET 10000 /* of a session and all below it, for one event from outside */
#define INVOKE_DEPTH 16        /* sessions inside sessions */
#define XPATH_OPERATIONS 1000000 /* of one expression */
/* Work that one event from outside may cause: XPath operations, and what these stand for. It
 * bounds loops in loops and data that doubles each time, which no count of steps does. */
#define WORK_BUDGET 50000000
#define WORK_ACTION 20  /* an action, a round of <foreach> */
#define WORK_NODE 100   /* a node copied into the data or an event; its text counts by the byte */
#define WORK_EVENT 1000 /* an event queued or delayed */

/* Where an event comes from, as far as refusals and session_taken are concerned. Copies that
 * are forwarded to invoked sessions keep it. */
typedef enum {
  FROM_MACHINE, /* sent or raised by a session of the run */
  FROM_TIMER,   /* a delayed send that is due */
  FROM_OUTSIDE  /* delivered: an unmet requirement refuses it */
} EventOrigin;

typedef struct Event Event;
struct Event {
  Event *next;      /* in its queue */
  char *name;
  const char *type; /* platform internal external; static */
  char *sendid, *origin, *origintype, *invokeid;
  xmlNode *data;    /* <data> element outside any tree, or NULL */
  EventOrigin from;
  Session *to;      /* external: the session in whose queue it is */
  guint64 sender;   /* external: number of the session that sent it */
};

typedef struct {
  Event *first, *last;
} EventQueue;

typedef struct {
  gint64 due;
  guint64 order; /* among equal due times, over the whole run */
  char *send_id; /* of the <send>, generated when it has none */
  char *target;  /* as evaluated; NULL: own external queue */
  Event *event;
} Delayed;

/* A session and all those invoked below it. Owned by the outermost. The external queues of
 * all of them are one, in the order of sending: that alone decides who goes on next. */
typedef struct {
  Session *root;
  EventQueue external;
  guint64 next_order;      /* of delayed sends */
  guint64 next_session;    /* number of the next session invoked */
  gint64 time;             /* of the event being processed */
  guint microsteps;
  guint64 work;            /* see WORK_BUDGET */
  gboolean taken;          /* an event from outside or a timer chose a transition */
  RkDiags *diags;          /* while a public call runs */
  RkStatus failure;        /* worst outcome of effects and requirements in it */
} Run;

/* What an <invoke> started; kept until its state is left. */
typedef struct {
  const Invoke *invoke;
  char *id;
  Session *session; /* NULL: it is over, but its last events may still be on their way */
  char *document; /* of its machine, when that is not inline: part of the snapshot */
} Invocation;

struct Session {
  Machine *machine;
  SessionHost host;
  Run *run;
  Session *parent;        /* NULL: the outermost */
  Invocation *invocation; /* in the parent: what this session is */
  guint64 number;         /* 0: the outermost; unique in the run */
  guint depth;            /* 0: the outermost */
  Bits *active;           /* states: the configuration, without the root */
  Bits *entered;          /* states entered at least once (late binding) */
  guint8 *to_invoke;      /* a byte an invoke: its state was entered in this macrostep */
  Invocation **invoked;   /* by number of the invoke; NULL: not running */
  GArray **history;       /* by state index: recorded states (guint), or NULL */
  EventQueue internal;
  GPtrArray *delayed;     /* Delayed, by due time, then order */
  guint64 next_id;        /* of sends and invocations without an id of their own */
  char *session_id;
  xmlDoc *data;           /* <datamodel> */
  xmlNode *value;         /* outside any tree: a value on its way into the data */
  GHashTable *variables;  /* name → xmlNode *: its datum; while foreach goes round, the item */
  gboolean loose_text;    /* texts may lie side by side in the data */
  GHashTable *preset;     /* name → xmlNode *: its children are the value given from outside */
  GPtrArray *graveyard;   /* xmlNode */
  Event *event;           /* bound as _event; NULL before the first */
  gboolean event_built;   /* the data element of _event is up to date */
  gboolean running, finished;
  gboolean cancelled;     /* what it still sends reaches nobody */
  gboolean choosing;      /* only asking what could happen: no event is bound */
  gboolean fault;         /* an XPath error callback came */
  /* Workspace, so that an event need not allocate it. Results of select.c and enter.c. */
  GPtrArray *enabled, *filtered; /* Transition */
  GPtrArray *domains;     /* const State *, of the transitions of the microstep */
  GArray *targets;        /* guint */
  Bits *exits, *to_enter, *by_default, *with_content; /* states */
  const Block **history_content; /* by parent state: of its default history, if in with_content */
};

/* events */
Event *event_new(const char *name, const char *type);
Event *event_copy(const Event *event);
void event_free(Event *event);
/* Append to the external queue of `to`, as sent by `sender`. */
void queue_external(Session *to, const Session *sender, Event *take);
/* Take out of the run's queue what was sent to `session`, and `sent`: what it sent itself. */
void queue_forget(const Session *session, gboolean sent);
void queue_internal(Session *session, Event *event);
Event *queue_pop(EventQueue *queue); /* NULL when it is empty */
void queue_clear(EventQueue *queue);
/* error.execution or error.communication, with the id of the failed send or NULL. */
void queue_error(Session *session, const char *name, const char *sendid);
gboolean event_matches(const char *const *descriptors, const char *name);

/* datamodel.c */
void datamodel_new(Session *session);
/* Before the data of the machine, when the first expression could see them; once. */
void datamodel_add_system_variables(Session *session);
void datamodel_initialise(Session *session, const State *state); /* <data> of a state */
void datamodel_bind_event(Session *session, Event *take);
const char *datamodel_id(const xmlNode *datum); /* borrowed; "" when it has none */
xmlNode *datamodel_variable(Session *session, const char *name); /* NULL: unbound */
gboolean datamodel_assign(Session *session, const Action *action);
/* As if by <assign>: the children of `value` replace those of what `location` names. */
gboolean datamodel_set_children(Session *session, const Expr *location, const xmlNode *value);
gboolean datamodel_set_location(Session *session, const Expr *location, const char *text);
gboolean datamodel_declare(Session *session, const char *name);
/* The value that the top-level datum `name` is to begin with: the children of `take`. */
void datamodel_preset(Session *session, const char *name, xmlNode *take);
/* Elements, attributes and texts; not the whole, nor what XPath makes up (namespaces). */
gboolean datamodel_can_be_item(const Session *session, const xmlNode *node);
void datamodel_bind_item(Session *session, const char *name, xmlNode *node);
/* After the last round: a datum like others, with a copy of what it stood for. */
void datamodel_settle_item(Session *session, const char *name);
/* As if by <assign>. */
gboolean datamodel_set_variable(Session *session, const char *name, const char *text);
/* Put what an object holds under `parent`: nodes copied (data elements unwrapped), else text. FALSE:
 * it is too deep, or more work than is left. */
gboolean datamodel_put(Session *session, xmlNode *parent, const xmlXPathObject *object);
gboolean datamodel_put_inline(Session *session, xmlNode *parent, const xmlNode *holder);
void datamodel_bury(Session *session, xmlNode *node);
void datamodel_sweep(Session *session);

/* content.c */
void execute_block(Session *session, const Block *block);
xmlNode *content_event_data(Session *session, const GPtrArray *params, const GPtrArray *names,
                            const Content *content, gboolean *failed);

/* extension.c */
gboolean extension_execute(Session *session, const Action *action);
gboolean requirements_met(Session *session, const Transition *transition, RkDiags *reasons);
void deadlines_set(Session *session, const State *state);
void deadlines_cancel(Session *session, const State *state);

/* send.c */
gboolean send_execute(Session *session, const Action *action);
void send_cancel(Session *session, const char *send_id);
/* An event whose time has come goes where it was sent. FALSE: nobody is there. */
gboolean send_due(Session *session, Delayed *take);
int delayed_compare(gconstpointer a, gconstpointer b); /* Delayed *const * */
void delayed_add(Session *session, gint64 due, const char *send_id, const char *target, Event *take);
void delayed_free(gpointer delayed);

/* invoke.c, Appendix D's invoke, applyFinalize, cancelInvoke, returnDoneEvent */
void invoke_pending(Session *session);
void invoke_receive(Session *session, const Event *event); /* finalize, then forward */
void invoke_cancel(Session *session, const State *state);
void invoke_return(Session *session); /* a finished session tells its parent, and is freed */
/* A session of `machine` below `session`, not started. */
Invocation *invocation_new(Session *session, const Invoke *invoke, Machine *machine, const char *id,
                           guint64 number);
void invocation_free(Invocation *invocation);
/* The machine of a document that is not inline; NULL when it is none. */
Machine *invoke_load(const Session *session, const char *document);

/* select.c, Appendix D. The results are the session's, and good until the next call. */
GPtrArray *select_eventless_transitions(Session *session);
GPtrArray *select_transitions(Session *session, const Event *event);
const Bits *compute_exit_set(Session *session, const GPtrArray *transitions);
const State *get_transition_domain(const Session *session, const Transition *transition);
/* Kept in the session, of each transition. Leaving may record a history that is also a target: what
 * is entered is then decided by the domains from before. */
void get_transition_domains(Session *session, const GPtrArray *transitions);
const GArray *get_effective_target_states(const Session *session, const Transition *transition);
GPtrArray *candidates(const Session *session); /* for session_choices */

/* enter.c, Appendix D */
void exit_states(Session *session, const GPtrArray *transitions);
void enter_states(Session *session, const GPtrArray *transitions); /* get_transition_domains first */
gboolean is_in_final_state(const Session *session, const State *state);

xmlNode *done_data(Session *session, const State *state);

/* step.c, Appendix D */
Session *session_alloc(Machine *machine, const SessionHost *host, Session *parent, guint64 number);
void microstep(Session *session, const GPtrArray *transitions);
void session_begin(Session *session);   /* enter the initial states and run to rest */
void exit_interpreter(Session *session);
/* Account for work; FALSE when the budget is spent: stop what you do, the loop will tell. */
gboolean work_left(Session *session, guint64 cost);
char *session_fetch(Session *session, const char *uri); /* by the host; NULL: it has none. g_free */
void trace(Session *session, const char *what, const char *detail);

#endif
