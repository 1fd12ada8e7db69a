/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session_int.h - a running machine, as this folder sees it.
 *
 * Invariants
 *  1. Between public calls the internal queue is empty and the configuration is legal,
 *     or the session is finished, or it is spent.
 *  2. Nodes taken out of the data document inside a macrostep go to the graveyard and are
 *     freed at its end: results, foreach items and events may still point to them.
 *  3. `time` is the time of the event being processed.
 */
#ifndef RK_SESSION_INT_H
#define RK_SESSION_INT_H

#include "machine/machine_int.h"

#define MICROSTEP_BUDGET 10000
#define XPATH_OPERATIONS 1000000

typedef struct {
  char *name;
  const char *type; /* platform internal external; static */
  char *sendid, *origin, *origintype, *invokeid;
  xmlNode *data;    /* <data> element outside any tree, or NULL */
  gboolean timer;
} Event;

typedef struct {
  gint64 due;
  guint64 order; /* among equal due times */
  char *send_id; /* of the <send>, generated when it has none */
  char *target;  /* as evaluated; NULL: own external queue */
  Event *event;
} Delayed;

struct Session {
  Machine *machine;
  SessionHost host;
  guint8 *active;         /* a byte a state: configuration */
  guint8 *entered;        /* first-entry flags (late binding) */
  GArray **history;       /* by state index: recorded states (guint), or NULL */
  GQueue *internal, *external; /* Event */
  GPtrArray *delayed;     /* Delayed, by due time, then order */
  guint64 next_order, next_id;
  char *session_id;
  xmlDoc *data;           /* <datamodel> */
  GHashTable *variables;  /* name → xmlNode * (data element) or foreach item node */
  GHashTable *preset;     /* name → text: top-level data given from outside */
  xmlXPathContext *xpath;
  GPtrArray *graveyard;   /* xmlNode */
  Event *event;           /* bound as _event; NULL before the first */
  gboolean event_built;   /* the data element of _event is up to date */
  gint64 time;
  gboolean running, finished, taken;
  guint microsteps;
  RkDiags *diags;         /* while a public call runs */
  RkStatus failure;       /* worst outcome of effects and requirements in it */
  gboolean fault;         /* an XPath error callback came */
};

/* events */
Event *event_new(const char *name, const char *type);
void event_free(Event *event);
void queue_internal(Session *session, Event *event);
/* error.execution or error.communication, with the id of the failed send or NULL. */
void queue_error(Session *session, const char *name, const char *sendid);
gboolean event_matches(const char *const *descriptors, const char *name);

/* datamodel.c */
void datamodel_new(Session *session);
void datamodel_initialise(Session *session, const State *state); /* <data> of a state */
void datamodel_bind_event(Session *session, Event *take);
xmlNode *datamodel_variable(Session *session, const char *name); /* NULL: unbound */
gboolean datamodel_assign(Session *session, const Action *action);
gboolean datamodel_set_location(Session *session, const Expr *location, const char *text);
gboolean datamodel_declare(Session *session, const char *name);
void datamodel_bind_item(Session *session, const char *name, xmlNode *node);
/* Put what an object holds under `parent`: nodes copied (data elements unwrapped), else text. */
void datamodel_put(Session *session, xmlNode *parent, const xmlXPathObject *object);
void datamodel_put_inline(Session *session, xmlNode *parent, const xmlNode *holder);
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
void delayed_add(Session *session, gint64 due, const char *send_id, const char *target, Event *take);
void delayed_free(gpointer delayed);

/* select.c, Appendix D */
GPtrArray *select_eventless_transitions(Session *session);
GPtrArray *select_transitions(Session *session, const Event *event);
GArray *compute_exit_set(const Session *session, const GPtrArray *transitions); /* guint, document order */
const State *get_transition_domain(const Session *session, const Transition *transition);
GArray *get_effective_target_states(const Session *session, const Transition *transition);
GPtrArray *candidates(const Session *session); /* for session_choices */

/* enter.c, Appendix D */
void exit_states(Session *session, const GPtrArray *transitions);
void enter_states(Session *session, const GPtrArray *transitions);
gboolean is_in_final_state(const Session *session, const State *state);

/* step.c, Appendix D */
void microstep(Session *session, const GPtrArray *transitions);
void trace(Session *session, const char *what, const char *detail);

#endif
