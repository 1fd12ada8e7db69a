/* SPDX-License-Identifier: Apache-2.0 */
/* access.c - what others may know of a machine and of a session. */
#include "machine/expr.h"

#include "base/xml.h"

/* -------------------------------------------------------------------- machine */

const char *machine_name(const Machine *machine) {
  return machine->name ? machine->name : "";
}

MachineWords machine_words(const Machine *machine) {
  return machine->words;
}

const char *machine_file(const Machine *machine) {
  return machine->file;
}

guint machine_n_states(const Machine *machine) {
  return machine->states->len;
}

static const State *state_of(const Machine *machine, guint index) {
  g_assert(index < machine->states->len);
  return machine->states->pdata[index];
}

const char *machine_state_id(const Machine *machine, guint state) {
  return state_of(machine, state)->id;
}

StateKind machine_state_kind(const Machine *machine, guint state) {
  return state_of(machine, state)->kind;
}

int machine_state_parent(const Machine *machine, guint state) {
  const State *parent = state_of(machine, state)->parent;
  return parent ? (int)parent->index : -1;
}

MachineWords machine_state_words(const Machine *machine, guint state) {
  return state_of(machine, state)->words;
}

DiagPlace machine_state_place(const Machine *machine, guint state) {
  return state_of(machine, state)->place;
}

const char *machine_state_attr(const Machine *machine, guint state, const char *name) {
  const xmlAttr *attribute = xmlHasNsProp(state_of(machine, state)->node, (const xmlChar *)name,
                                          (const xmlChar *)WORKFLOW_NS);
  return attribute && attribute->children ? (const char *)attribute->children->content : NULL;
}

int machine_state_index(const Machine *machine, const char *id) {
  const State *state = g_hash_table_lookup(machine->by_id, id);
  return state ? (int)state->index : -1;
}

gboolean machine_state_initial(const Machine *machine, guint state) {
  const State *parent = state_of(machine, state)->parent;
  const GArray *targets = parent && parent->initial ? parent->initial->targets : NULL;
  for (guint i = 0; targets && i < targets->len; i++)
    if (g_array_index(targets, guint, i) == state)
      return TRUE;
  return FALSE;
}

static const char *second_person(const Transition *transition) {
  const GPtrArray *all = transition->requirements;
  for (guint i = 0; all && i < all->len; i++) {
    const Requirement *requirement = all->pdata[i];
    if (requirement->second_person)
      return requirement->second_person;
  }
  return NULL;
}

static MachineTransition public_transition(const Transition *transition) {
  return (MachineTransition){.source = transition->source->index,
                             .event = transition->event_text,
                             .cond = transition->cond_text,
                             .targets = (const guint *)transition->targets->data,
                             .n_targets = transition->targets->len,
                             .by = transition->by,
                             .asks = transition->asks ? (const MachineAsk *)transition->asks->data
                                                      : NULL,
                             .n_requirements =
                                 transition->requirements ? transition->requirements->len : 0,
                             .second_person = second_person(transition),
                             .n_asks = transition->asks ? transition->asks->len : 0,
                             .words = transition->words,
                             .place = transition->place,
                             .number = transition->number};
}

guint machine_n_transitions(const Machine *machine, guint state) {
  return state_of(machine, state)->transitions->len;
}

MachineTransition machine_transition(const Machine *machine, guint state, guint index) {
  return public_transition(state_of(machine, state)->transitions->pdata[index]);
}

guint machine_n_deadlines(const Machine *machine, guint state) {
  return state_of(machine, state)->deadlines->len;
}

MachineDeadline machine_deadline(const Machine *machine, guint state, guint index) {
  return g_array_index(state_of(machine, state)->deadlines, Deadline, index).public;
}

const MachineAsk *machine_inputs(const Machine *machine, guint *count) {
  *count = machine->inputs->len;
  return (const MachineAsk *)machine->inputs->data;
}

const xmlNode *machine_procedure(const Machine *machine) {
  return machine->procedure;
}

static void each_below(const xmlNode *node, const char *name,
                       void (*f)(const xmlNode *node, gpointer user), gpointer user) {
  for (xmlNode *child = xml_first_element(node); child; child = xml_next_element(child)) {
    if (xml_is(child, WORKFLOW_NS, name))
      f(child, user);
    each_below(child, name, f, user);
  }
}

void machine_each_extension(const Machine *machine, const char *name,
                            void (*f)(const xmlNode *node, gpointer user), gpointer user) {
  each_below(machine->root, name, f, user);
}

/* -------------------------------------------------------------------- session */

gboolean session_taken(const Session *session) {
  return session->run->taken;
}

void session_each_invoked(const Session *session,
                          void (*f)(const char *id, const Session *invoked, gpointer user),
                          gpointer user) {
  for (guint i = 0; i < session->machine->invokes->len; i++) {
    const Invocation *invocation = session->invoked[i];
    if (invocation && invocation->session)
      f(invocation->id, invocation->session, user);
  }
}

Machine *session_machine(const Session *session) {
  return session->machine;
}

static void collect_delayed(const Session *session, GPtrArray *list) {
  for (guint i = 0; i < session->delayed->len; i++)
    g_ptr_array_add(list, session->delayed->pdata[i]);
  for (guint i = 0; i < session->machine->invokes->len; i++)
    if (session->invoked[i] && session->invoked[i]->session)
      collect_delayed(session->invoked[i]->session, list);
}

void session_each_pending(const Session *session,
                          void (*f)(const char *id, const char *event, gint64 due, gpointer user),
                          gpointer user) {
  g_autoptr(GPtrArray) list = g_ptr_array_new();
  collect_delayed(session, list);
  g_ptr_array_sort(list, delayed_compare);
  for (guint i = 0; i < list->len; i++) {
    const Delayed *delayed = list->pdata[i];
    f(delayed->send_id, delayed->event->name, delayed->due, user);
  }
}

static gboolean is_pending(const Session *session, const char *send_id) {
  for (guint i = 0; i < session->delayed->len; i++)
    if (g_str_equal(((Delayed *)session->delayed->pdata[i])->send_id, send_id))
      return TRUE;
  return FALSE;
}

static gboolean own_overdue(const Session *session) {
  for BITS_EACH (i, session->active, session->running ? session->machine->states->len : 0) {
    const State *state = session->machine->states->pdata[i];
    for (guint k = 0; k < state->deadlines->len; k++)
      if (!is_pending(session, g_array_index(state->deadlines, Deadline, k).send_id))
        return TRUE;
  }
  return FALSE;
}

gboolean session_overdue(const Session *session) {
  gboolean overdue = own_overdue(session);
  for (guint i = 0; !overdue && i < session->machine->invokes->len; i++)
    overdue = session->invoked[i] && session->invoked[i]->session &&
              session_overdue(session->invoked[i]->session);
  return overdue;
}

gboolean session_in(const Session *session, const char *state_id) {
  const State *state = g_hash_table_lookup(session->machine->by_id, state_id);
  return state && bits_has(session->active, state->index);
}

gboolean session_finished(const Session *session) {
  return session->finished;
}

GArray *session_active(const Session *session) {
  GArray *active = g_array_new(FALSE, FALSE, sizeof(guint));
  for BITS_EACH (i, session->active, session->machine->states->len)
    if (is_atomic(session->machine->states->pdata[i]))
      g_array_append_val(active, i);
  return active;
}

const xmlDoc *session_data(const Session *session) {
  return session->data;
}

char *session_data_text(const Session *session, const char *id) {
  const xmlNode *node = g_hash_table_lookup(session->variables, id);
  return node ? xml_text(node) : NULL;
}

static void choice_free(gpointer data) {
  SessionChoice *choice = data;
  rk_diags_free(choice->reasons);
  g_free(choice);
}

/* While it is only asked what could happen: no event is bound, and errors leave nothing behind. */
typedef struct {
  EventQueue queue;
  gint64 time;
} Choosing;

static Choosing choosing_begin(Session *session, gint64 time) {
  Choosing kept = {session->internal, session->run->time};
  session->internal = (EventQueue){0};
  session->run->time = time;
  session->run->work = 0;
  session->choosing = TRUE;
  return kept;
}

static void choosing_end(Session *session, Choosing kept) {
  queue_clear(&session->internal);
  session->internal = kept.queue;
  session->run->time = kept.time;
  session->choosing = FALSE;
  datamodel_sweep(session);
}

static gboolean cond_holds(Session *session, const Transition *transition) {
  gboolean holds = TRUE;
  if (transition->cond)
    expr_boolean(session, transition->cond, &holds);
  return holds;
}

static SessionChoice *choice_of(Session *session, const Transition *transition) {
  SessionChoice *choice = g_new0(SessionChoice, 1);
  choice->transition = public_transition(transition);
  choice->reasons = rk_diags_new();
  choice->cond_holds = cond_holds(session, transition);
  if (choice->cond_holds)
    requirements_met(session, transition, choice->reasons);
  return choice;
}

GPtrArray *session_choices(Session *session, gint64 time) {
  GPtrArray *choices = g_ptr_array_new_with_free_func(choice_free);
  g_autoptr(GPtrArray) list = candidates(session);
  Choosing kept = choosing_begin(session, time);
  for (guint i = 0; session->running && i < list->len; i++)
    g_ptr_array_add(choices, choice_of(session, list->pdata[i]));
  choosing_end(session, kept);
  return choices;
}

GArray *session_open_transitions(Session *session, gint64 time) {
  GArray *open = g_array_new(FALSE, FALSE, sizeof(MachineTransition));
  g_autoptr(GPtrArray) list = candidates(session);
  Choosing kept = choosing_begin(session, time);
  for (guint i = 0; session->running && i < list->len; i++) {
    MachineTransition transition = public_transition(list->pdata[i]);
    if (cond_holds(session, list->pdata[i]))
      g_array_append_val(open, transition);
  }
  choosing_end(session, kept);
  return open;
}

RkStatus session_eval_boolean(Session *session, const char *expression, gint64 time,
                              gboolean *out, RkDiags *diags) {
  Expr expr = {.text = expression, .compiled = expr_compile(session, expression)};
  session->run->time = time;
  session->run->work = 0;
  gboolean good = expr_boolean(session, &expr, out);
  xmlXPathFreeCompExpr(expr.compiled);
  return good ? RK_OK : diags_fail(diags, RK_INVALID, DIAG_WF_EVALUATE, NULL, NULL);
}
