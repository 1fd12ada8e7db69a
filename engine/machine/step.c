/* SPDX-License-Identifier: Apache-2.0 */
/*
 * step.c - the event loop: Appendix D's microstep, macrostep, mainEventLoop and
 * exitInterpreter, cut where an event from outside comes in.
 *
 * One external event = one macrostep, then what the machine sent to itself meanwhile. A
 * budget of microsteps bounds both. Deviation, on purpose: when a top-level final is
 * reached the onexit blocks run, but the configuration stays, so that people can be told
 * where the case ended.
 */
#include "machine/expr.h"

#include "base/xml.h"

void trace(Session *session, const char *what, const char *detail) {
  if (session->host.trace)
    session->host.trace(session->host.user, what, detail ? detail : "");
}

/* ------------------------------------------------------------------ make and free */

static Session *session_alloc(Machine *machine, const SessionHost *host) {
  Session *session = g_new0(Session, 1);
  guint n = machine->states->len;
  session->machine = machine_ref(machine);
  if (host)
    session->host = *host;
  session->active = g_new0(guint8, n);
  session->entered = g_new0(guint8, n);
  session->history = g_new0(GArray *, n);
  session->internal = g_queue_new();
  session->external = g_queue_new();
  session->delayed = g_ptr_array_new_with_free_func(delayed_free);
  session->variables = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  session->preset = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  session->graveyard = g_ptr_array_new();
  session->session_id = g_strdup("session");
  return session;
}

static void declare_all(Session *session) {
  for (guint i = 0; i < session->machine->states->len; i++) {
    const State *state = session->machine->states->pdata[i];
    for (guint k = 0; k < state->datas->len; k++)
      datamodel_declare(session, ((Data *)state->datas->pdata[k])->id);
  }
}

Session *session_new(Machine *machine, const SessionHost *host) {
  Session *session = session_alloc(machine, host);
  datamodel_new(session);
  declare_all(session);
  return session;
}

void session_free(Session *session) {
  if (!session)
    return;
  datamodel_sweep(session);
  for (guint i = 0; i < session->machine->states->len; i++)
    if (session->history[i])
      g_array_unref(session->history[i]);
  g_queue_free_full(session->internal, (GDestroyNotify)event_free);
  g_queue_free_full(session->external, (GDestroyNotify)event_free);
  event_free(session->event);
  g_ptr_array_unref(session->delayed);
  g_ptr_array_unref(session->graveyard);
  g_hash_table_unref(session->variables);
  g_hash_table_unref(session->preset);
  xmlXPathFreeContext(session->xpath);
  xmlFreeDoc(session->data);
  g_free(session->active);
  g_free(session->entered);
  g_free(session->history);
  g_free(session->session_id);
  machine_unref(session->machine);
  g_free(session);
}

/* ------------------------------------------------------------------------- steps */

void microstep(Session *session, const GPtrArray *transitions) {
  session->microsteps++;
  exit_states(session, transitions);
  for (guint i = 0; i < transitions->len; i++)
    execute_block(session, ((Transition *)transitions->pdata[i])->body);
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

static gboolean may_go_on(Session *session) {
  if (session->microsteps < MICROSTEP_BUDGET && session->failure == RK_OK)
    return session->running;
  if (session->failure == RK_OK) {
    g_autofree char *steps = g_strdup_printf("%u", session->microsteps);
    DiagPlace place = xml_place(session->machine->root);
    place.file = session->machine->file;
    diags_add(session->diags, DIAG_WF_RUNAWAY, &place, steps, NULL);
    session->failure = RK_INVALID;
  }
  return FALSE;
}

static GPtrArray *next_internal(Session *session) {
  GPtrArray *enabled = select_eventless_transitions(session);
  if (!enabled->len && !g_queue_is_empty(session->internal)) {
    g_ptr_array_unref(enabled);
    datamodel_bind_event(session, g_queue_pop_head(session->internal));
    trace(session, "internal", session->event->name);
    enabled = select_transitions(session, session->event);
  }
  drop_unmet(session, enabled);
  return enabled;
}

static void macrostep(Session *session) {
  while (may_go_on(session)) {
    gboolean idle = g_queue_is_empty(session->internal);
    g_autoptr(GPtrArray) enabled = next_internal(session);
    if (enabled->len)
      microstep(session, enabled);
    else if (idle && g_queue_is_empty(session->internal))
      break;
    else
      session->microsteps++;
  }
}

/* exitInterpreter: onexit of all active states, children first. */
static void exit_interpreter(Session *session) {
  if (session->running || session->finished)
    return;
  session->finished = TRUE;
  for (guint i = session->machine->states->len; i-- > 1;) {
    const State *state = session->machine->states->pdata[i];
    for (guint k = 0; session->active[i] && k < state->onexit->len; k++)
      execute_block(session, state->onexit->pdata[k]);
  }
  g_ptr_array_set_size(session->delayed, 0);
}

static void clear_queues(Session *session) {
  for (Event *event; (event = g_queue_pop_head(session->internal));)
    event_free(event);
  for (Event *event; (event = g_queue_pop_head(session->external));)
    event_free(event);
}

static void take_external(Session *session, Event *take) {
  datamodel_bind_event(session, take);
  trace(session, "event", session->event->name);
  g_autoptr(GPtrArray) enabled = select_transitions(session, session->event);
  drop_unmet(session, enabled);
  session->taken |= enabled->len > 0;
  if (enabled->len)
    microstep(session, enabled);
  macrostep(session);
}

/* What the machine sent to itself without delay comes after the event it was sent in. */
static RkStatus finish_call(Session *session) {
  while (may_go_on(session) && !g_queue_is_empty(session->external)) {
    gboolean taken = session->taken;
    take_external(session, g_queue_pop_head(session->external));
    session->taken = taken;
  }
  exit_interpreter(session);
  if (session->finished || session->failure != RK_OK)
    clear_queues(session);
  datamodel_sweep(session);
  session->diags = NULL;
  return session->failure;
}

static void begin_call(Session *session, gint64 time, RkDiags *diags) {
  session->time = time;
  session->diags = diags;
  session->failure = RK_OK;
  session->microsteps = 0;
  session->taken = FALSE;
}

/* ------------------------------------------------------------------- public calls */

RkStatus session_set_data(Session *session, const char *name, const char *value, RkDiags *diags) {
  const State *root = session->machine->states->pdata[0];
  for (guint i = 0; i < root->datas->len; i++) {
    if (!g_str_equal(((Data *)root->datas->pdata[i])->id, name))
      continue;
    g_hash_table_replace(session->preset, g_strdup(name), g_strdup(value));
    return RK_OK;
  }
  return diags_fail(diags, RK_INVALID, DIAG_WF_NO_DATA, NULL, name, NULL);
}

RkStatus session_start(Session *session, gint64 time, RkDiags *diags) {
  const Machine *machine = session->machine;
  g_autoptr(GPtrArray) initial = g_ptr_array_new();
  begin_call(session, time, diags);
  session->running = TRUE;
  for (guint i = 0; i < machine->states->len; i++)
    if (i == 0 || !machine->late_binding)
      datamodel_initialise(session, machine->states->pdata[i]);
  g_ptr_array_add(initial, ((State *)machine->states->pdata[0])->initial);
  execute_block(session, ((Transition *)initial->pdata[0])->body);
  enter_states(session, initial);
  macrostep(session);
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

/* A refusal leaves everything as it was: requirements are asked before the first step. */
static RkStatus refuse_unmet(Session *session, const GPtrArray *enabled, RkDiags *diags) {
  RkStatus status = RK_OK;
  for (guint i = 0; i < enabled->len; i++)
    if (!requirements_met(session, enabled->pdata[i], diags))
      status = RK_REFUSED;
  return status;
}

RkStatus session_deliver(Session *session, const SessionEvent *event, RkDiags *diags) {
  begin_call(session, event->time, diags);
  if (!session->running)
    return RK_OK;
  Event *own = event_new(event->name, "external");
  own->data = event_data_copy(session, event->data);
  own->timer = event->timer;
  if (event->timer) {
    take_external(session, own);
    return finish_call(session);
  }
  datamodel_bind_event(session, own);
  trace(session, "event", own->name);
  g_autoptr(GPtrArray) enabled = select_transitions(session, own);
  RkStatus status = refuse_unmet(session, enabled, diags);
  if (status != RK_OK)
    return status;
  session->taken = enabled->len > 0;
  if (enabled->len)
    microstep(session, enabled);
  macrostep(session);
  return finish_call(session);
}

gint64 session_next_due(const Session *session) {
  return session->delayed->len ? ((Delayed *)session->delayed->pdata[0])->due : G_MAXINT64;
}

RkStatus session_fire_due(Session *session, gint64 now, gboolean *fired, char **name,
                          RkDiags *diags) {
  *fired = session_next_due(session) <= now;
  if (name)
    *name = NULL;
  if (!*fired)
    return RK_OK;
  Delayed *delayed = g_ptr_array_steal_index(session->delayed, 0);
  Event *event = g_steal_pointer(&delayed->event);
  begin_call(session, delayed->due, diags);
  delayed_free(delayed);
  event->timer = TRUE;
  if (name)
    *name = g_strdup(event->name);
  take_external(session, event);
  return finish_call(session);
}
