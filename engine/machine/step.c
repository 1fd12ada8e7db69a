/* SPDX-License-Identifier: Apache-2.0 */
/*
 * step.c - the event loop: Appendix D's microstep, macrostep, mainEventLoop and
 * exitInterpreter, cut where an event from outside comes in.
 *
 * One external event = one macrostep, then what the machine and the sessions it invoked
 * sent to each other meanwhile, in the order of sending. A budget of microsteps bounds
 * all of it. Deviation, on purpose: when a top-level final is reached the onexit blocks
 * run, but the configuration stays, so that people can be told where the case ended.
 */
#include "machine/expr.h"

#include "base/xml.h"

/* Of an invoked session the line says which it is. */
void trace(Session *session, const char *what, const char *detail) {
  if (!session->host.trace)
    return;
  g_autofree char *named =
      session->parent ? g_strdup_printf("%s: %s", session->invocation->id, detail ? detail : "")
                      : NULL;
  session->host.trace(session->host.user, what, named ? named : detail ? detail : "");
}

/* ------------------------------------------------------------------ make and free */

static void declare_all(Session *session) {
  for (guint i = 0; i < session->machine->states->len; i++) {
    const State *state = session->machine->states->pdata[i];
    for (guint k = 0; k < state->datas->len; k++)
      datamodel_declare(session, ((Data *)state->datas->pdata[k])->id);
  }
}

static void make_parts(Session *session) {
  guint n = session->machine->states->len, n_invokes = session->machine->invokes->len;
  session->active = bits_new(n);
  session->entered = bits_new(n);
  session->to_invoke = g_new0(guint8, n_invokes);
  session->invoked = g_new0(Invocation *, n_invokes);
  session->history = g_new0(GArray *, n);
  session->enabled = g_ptr_array_new();
  session->filtered = g_ptr_array_new();
  session->domains = g_ptr_array_new();
  session->targets = g_array_new(FALSE, FALSE, sizeof(guint));
  session->exits = bits_new(n);
  session->to_enter = bits_new(n);
  session->by_default = bits_new(n);
  session->with_content = bits_new(n);
  session->history_content = g_new0(const Block *, n);
  session->delayed = g_ptr_array_new_with_free_func(delayed_free);
  session->variables = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  session->preset =
      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)xmlFreeNode);
  session->graveyard = g_ptr_array_new();
}

static Run *run_new(Session *root) {
  Run *run = g_new0(Run, 1);
  run->root = root;
  run->next_session = 1;
  return run;
}

Session *session_alloc(Machine *machine, const SessionHost *host, Session *parent,
                       guint64 number) {
  Session *session = g_new0(Session, 1);
  session->machine = machine_ref(machine);
  if (host)
    session->host = *host;
  session->parent = parent;
  session->number = number;
  session->depth = parent ? parent->depth + 1 : 0;
  session->session_id = number ? g_strdup_printf("session.%" G_GUINT64_FORMAT, number)
                               : g_strdup("session");
  session->run = parent ? parent->run : run_new(session);
  make_parts(session);
  datamodel_new(session);
  declare_all(session);
  return session;
}

Session *session_new(Machine *machine, const SessionHost *host) {
  return session_alloc(machine, host, NULL, 0);
}

static void run_free(Run *run) {
  queue_clear(&run->external);
  g_free(run);
}

static void free_parts(Session *session) {
  for (guint i = 0; i < session->machine->states->len; i++)
    if (session->history[i])
      g_array_unref(session->history[i]);
  queue_clear(&session->internal);
  event_free(session->event);
  g_ptr_array_unref(session->enabled);
  g_ptr_array_unref(session->filtered);
  g_ptr_array_unref(session->domains);
  g_array_unref(session->targets);
  g_ptr_array_unref(session->delayed);
  g_ptr_array_unref(session->graveyard);
  g_hash_table_unref(session->variables);
  g_hash_table_unref(session->preset);
  g_free(session->active);
  g_free(session->entered);
  g_free(session->exits);
  g_free(session->to_enter);
  g_free(session->by_default);
  g_free(session->with_content);
  g_free(session->history_content);
  g_free(session->to_invoke);
  g_free(session->invoked);
  g_free(session->history);
}

/* Those invoked go first; events and buried nodes belong to the document, which goes last. */
void session_free(Session *session) {
  if (!session)
    return;
  for (guint i = 0; i < session->machine->invokes->len; i++)
    invocation_free(session->invoked[i]);
  datamodel_sweep(session);
  queue_forget(session, FALSE);
  if (!session->parent)
    run_free(session->run);
  free_parts(session);
  xmlFreeNode(session->value);
  xmlFreeDoc(session->data);
  g_free(session->session_id);
  machine_unref(session->machine);
  g_free(session);
}

/* ------------------------------------------------------------------------- steps */

void microstep(Session *session, const GPtrArray *transitions) {
  get_transition_domains(session, transitions);
  session->run->microsteps++;
  exit_states(session, transitions);
  for (guint i = 0; i < transitions->len; i++) {
    const Transition *transition = transitions->pdata[i];
    if (session->host.take)
      session->host.take(session->host.user, transition->number);
    execute_block(session, transition->body);
  }
  enter_states(session, transitions);
}

/* Internal and timer events: a transition whose requirement fails has no effect. */
static void drop_unmet(Session *session, GPtrArray *transitions) {
  for (guint i = transitions->len; i-- > 0;)
    if (!requirements_met(session, transitions->pdata[i], NULL)) {
      trace(session, "no effect", ((Transition *)transitions->pdata[i])->event_text);
      g_ptr_array_remove_index(transitions, i);
    }
}

gboolean work_left(Session *session, guint64 cost) {
  session->run->work += cost;
  return session->run->work <= WORK_BUDGET;
}

static void give_up(Session *session, DiagId id, guint64 count) {
  g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT, count);
  DiagPlace place = xml_place(session->machine->root);
  place.file = session->machine->file;
  diags_add(session->run->diags, id, &place, text, NULL);
  session->run->failure = RK_INVALID;
}

static gboolean budget_left(Session *session) {
  const Run *run = session->run;
  if (run->failure == RK_OK && run->microsteps >= MICROSTEP_BUDGET)
    give_up(session, DIAG_WF_RUNAWAY, run->microsteps);
  else if (run->failure == RK_OK && run->work > WORK_BUDGET)
    give_up(session, DIAG_WF_WORK, WORK_BUDGET);
  return run->failure == RK_OK;
}

static gboolean may_go_on(Session *session) {
  return session->running && budget_left(session);
}

static GPtrArray *next_internal(Session *session) {
  Event *event = queue_pop(&session->internal);
  datamodel_bind_event(session, event);
  trace(session, "internal", event->name);
  return select_transitions(session, event);
}

/* Eventless transitions first, then internal events one by one, until neither is left. */
static void macrostep(Session *session) {
  while (may_go_on(session)) {
    GPtrArray *enabled = select_eventless_transitions(session);
    drop_unmet(session, enabled);
    if (!enabled->len) {
      if (!session->internal.first)
        break;
      enabled = next_internal(session);
      drop_unmet(session, enabled);
    }
    if (enabled->len)
      microstep(session, enabled);
    else
      session->run->microsteps++;
  }
}

/* exitInterpreter: onexit of all active states, children first, each with its invokes. */
void exit_interpreter(Session *session) {
  session->running = FALSE;
  session->finished = TRUE;
  for BITS_EACH_DOWN (i, session->active, session->machine->states->len) {
    const State *state = session->machine->states->pdata[i];
    for (guint k = 0; k < state->onexit->len; k++)
      execute_block(session, state->onexit->pdata[k]);
    invoke_cancel(session, state);
  }
  g_ptr_array_set_size(session->delayed, 0);
}

/* Until only an event from outside leads on. Invoking may queue errors: they come first.
 * An invoked session that is over is freed. */
static void run_to_rest(Session *session) {
  do {
    macrostep(session);
    if (may_go_on(session))
      invoke_pending(session);
  } while (may_go_on(session) && session->internal.first);
  datamodel_sweep(session);
  if (session->running || session->run->failure != RK_OK)
    return;
  exit_interpreter(session);
  datamodel_sweep(session);
  if (session->parent)
    invoke_return(session);
}

/* A refusal leaves everything as it was: requirements are asked before the first step. */
static RkStatus refuse_unmet(Session *session, const GPtrArray *enabled) {
  RkStatus status = RK_OK;
  for (guint i = 0; i < enabled->len; i++)
    if (!requirements_met(session, enabled->pdata[i], session->run->diags))
      status = RK_REFUSED;
  return status;
}

/* One external event, one macrostep. Takes over the event. */
static void take_external(Session *session, Event *take) {
  Run *run = session->run;
  datamodel_bind_event(session, take);
  trace(session, "event", take->name);
  invoke_receive(session, take);
  GPtrArray *enabled = select_transitions(session, take);
  if (take->from == FROM_OUTSIDE)
    run->failure = refuse_unmet(session, enabled);
  else
    drop_unmet(session, enabled);
  if (run->failure != RK_OK)
    return;
  run->taken |= take->from != FROM_MACHINE && enabled->len > 0;
  if (enabled->len)
    microstep(session, enabled);
  run_to_rest(session);
}

/* What the sessions of the run sent to themselves and to each other, in that order. */
static void main_event_loop(Run *run) {
  for (Event *event; budget_left(run->root) && (event = queue_pop(&run->external));) {
    if (event->to->running)
      take_external(event->to, event);
    else
      event_free(event);
  }
}

/* ------------------------------------------------------------------- public calls */

static void begin_call(Session *session, gint64 time, RkDiags *diags) {
  Run *run = session->run;
  run->time = time;
  run->diags = diags;
  run->failure = RK_OK;
  run->microsteps = 0;
  run->work = 0;
  run->taken = FALSE;
}

static RkStatus finish_call(Session *session) {
  Run *run = session->run;
  main_event_loop(run);
  queue_clear(&run->external);
  queue_clear(&session->internal);
  datamodel_sweep(session);
  run->diags = NULL;
  return run->failure;
}

RkStatus session_set_data(Session *session, const char *name, const char *value, RkDiags *diags) {
  const State *root = session->machine->states->pdata[0];
  for (guint i = 0; i < root->datas->len; i++) {
    if (!g_str_equal(((Data *)root->datas->pdata[i])->id, name))
      continue;
    xmlNode *holder = xmlNewDocNode(session->data, NULL, (const xmlChar *)"data", NULL);
    xml_add_text(holder, value);
    datamodel_preset(session, name, holder);
    return RK_OK;
  }
  return diags_fail(diags, RK_INVALID, DIAG_WF_NO_DATA, NULL, name, NULL);
}

void session_begin(Session *session) {
  const Machine *machine = session->machine;
  g_autoptr(GPtrArray) initial = g_ptr_array_new();
  session->running = TRUE;
  for (guint i = 0; i < machine->states->len; i++)
    if (i == 0 || !machine->late_binding)
      datamodel_initialise(session, machine->states->pdata[i]);
  g_ptr_array_add(initial, ((State *)machine->states->pdata[0])->initial);
  execute_block(session, ((Transition *)initial->pdata[0])->body);
  get_transition_domains(session, initial);
  enter_states(session, initial);
  run_to_rest(session);
}

RkStatus session_start(Session *session, gint64 time, RkDiags *diags) {
  begin_call(session, time, diags);
  session_begin(session);
  return finish_call(session);
}

static xmlNode *event_data_copy(Session *session, const xmlNode *data) {
  if (!data)
    return NULL;
  xmlNode *copy = xmlNewDocNode(session->data, NULL, (const xmlChar *)"data", NULL);
  for (xmlNode *child = data->children; child; child = child->next)
    xmlAddChild(copy, xmlDocCopyNode(child, session->data, 1));
  return copy;
}

RkStatus session_deliver(Session *session, const SessionEvent *event, RkDiags *diags) {
  begin_call(session, event->time, diags);
  if (!session->running)
    return RK_OK;
  Event *own = event_new(event->name, "external");
  own->data = event_data_copy(session, event->data);
  own->from = event->timer ? FROM_TIMER : FROM_OUTSIDE;
  queue_external(session, session, own);
  return finish_call(session);
}

/* The session below and with `session` whose delayed send is due first. */
static Session *earliest(Session *session) {
  Session *first = session;
  for (guint i = 0; i < session->machine->invokes->len; i++) {
    const Invocation *invocation = session->invoked[i];
    Session *other = invocation && invocation->session ? earliest(invocation->session) : NULL;
    if (other && other->delayed->len &&
        (!first->delayed->len ||
         delayed_compare(&other->delayed->pdata[0], &first->delayed->pdata[0]) < 0))
      first = other;
  }
  return first;
}

gint64 session_next_due(const Session *session) {
  const GPtrArray *delayed = earliest((Session *)session)->delayed;
  return delayed->len ? ((Delayed *)delayed->pdata[0])->due : G_MAXINT64;
}

RkStatus session_fire_due(Session *session, gint64 now, gboolean *fired, char **name,
                          RkDiags *diags) {
  *fired = session_next_due(session) <= now;
  if (name)
    *name = NULL;
  if (!*fired)
    return RK_OK;
  Session *owner = earliest(session);
  Delayed *delayed = g_ptr_array_steal_index(owner->delayed, 0);
  begin_call(session, delayed->due, diags);
  if (name)
    *name = g_strdup(delayed->event->name);
  if (!send_due(owner, delayed))
    run_to_rest(owner);
  return finish_call(session);
}
