/* SPDX-License-Identifier: Apache-2.0 */
/*
 * send.c - <send>: arguments now, delivery later. Delayed sends live in the session, with
 * absolute due times, and are part of its snapshot.
 */
#include "machine/expr.h"

#include "base/date.h"

#include <string.h>

#define SCXML_PROCESSOR "http://www.w3.org/TR/scxml/#SCXMLEventProcessor"

/* -------------------------------------------------------------------- events */

Event *event_new(const char *name, const char *type) {
  Event *event = g_new0(Event, 1);
  event->name = g_strdup(name);
  event->type = type;
  return event;
}

/* In the document of nobody in particular: queue_external sees to that. */
Event *event_copy(const Event *event) {
  Event *copy = event_new(event->name, event->type);
  copy->sendid = g_strdup(event->sendid);
  copy->origin = g_strdup(event->origin);
  copy->origintype = g_strdup(event->origintype);
  copy->invokeid = g_strdup(event->invokeid);
  copy->data = event->data ? xmlDocCopyNode(event->data, event->data->doc, 1) : NULL;
  copy->from = event->from;
  return copy;
}

void event_free(Event *event) {
  if (!event)
    return;
  g_free(event->name);
  g_free(event->sendid);
  g_free(event->origin);
  g_free(event->origintype);
  g_free(event->invokeid);
  xmlFreeNode(event->data);
  g_free(event);
}

/* The data of an event lives in the document of the session that gets it. */
static void move_data(Event *event, const Session *to) {
  if (!event->data || event->data->doc == to->data)
    return;
  xmlNode *own = xmlDocCopyNode(event->data, to->data, 1);
  xmlFreeNode(event->data);
  event->data = own;
}

static void push(EventQueue *queue, Event *event) {
  if (queue->last)
    queue->last->next = event;
  else
    queue->first = event;
  queue->last = event;
}

Event *queue_pop(EventQueue *queue) {
  Event *event = queue->first;
  if (!event)
    return NULL;
  queue->first = g_steal_pointer(&event->next);
  if (!queue->first)
    queue->last = NULL;
  return event;
}

void queue_clear(EventQueue *queue) {
  for (Event *event; (event = queue_pop(queue));)
    event_free(event);
}

void queue_external(Session *to, const Session *sender, Event *take) {
  move_data(take, to);
  take->to = to;
  take->sender = sender->number;
  work_left(to, WORK_EVENT);
  push(&to->run->external, take);
}

void queue_forget(const Session *session, gboolean sent) {
  EventQueue kept = {0}, *queue = &session->run->external;
  for (Event *event; (event = queue_pop(queue));) {
    if (event->to == session || (sent && event->sender == session->number))
      event_free(event);
    else
      push(&kept, event);
  }
  *queue = kept;
}

void queue_internal(Session *session, Event *event) {
  work_left(session, WORK_EVENT);
  push(&session->internal, event);
}

void queue_error(Session *session, const char *name, const char *sendid) {
  Event *event = event_new(name, "platform");
  event->sendid = g_strdup(sendid);
  queue_internal(session, event);
  trace(session, "error", name);
}

/* 3.12.1: a descriptor matches the events whose tokens begin with its own. */
gboolean event_matches(const char *const *descriptors, const char *name) {
  for (; *descriptors; descriptors++) {
    gsize length = strlen(*descriptors);
    if (g_str_equal(*descriptors, "*"))
      return TRUE;
    if (strncmp(*descriptors, name, length) == 0 && (name[length] == '\0' || name[length] == '.'))
      return TRUE;
  }
  return FALSE;
}

/* ------------------------------------------------------------------- delayed */

void delayed_free(gpointer data) {
  Delayed *delayed = data;
  event_free(delayed->event);
  g_free(delayed->send_id);
  g_free(delayed->target);
  g_free(delayed);
}

int delayed_compare(gconstpointer a, gconstpointer b) {
  const Delayed *left = *(Delayed *const *)a, *right = *(Delayed *const *)b;
  if (left->due != right->due)
    return left->due < right->due ? -1 : 1;
  return left->order < right->order ? -1 : left->order > right->order;
}

void delayed_add(Session *session, gint64 due, const char *send_id, const char *target,
                 Event *take) {
  Delayed *delayed = g_new0(Delayed, 1);
  delayed->due = due;
  delayed->order = session->run->next_order++;
  delayed->send_id = g_strdup(send_id);
  delayed->target = g_strdup(target);
  delayed->event = take;
  work_left(session, WORK_EVENT);
  guint at = session->delayed->len;
  while (at && delayed_compare(&session->delayed->pdata[at - 1], &(gpointer){delayed}) > 0)
    at--;
  g_ptr_array_insert(session->delayed, (int)at, delayed);
}

void send_cancel(Session *session, const char *send_id) {
  for (guint i = session->delayed->len; i-- > 0;) {
    const Delayed *delayed = session->delayed->pdata[i];
    if (g_str_equal(delayed->send_id, send_id))
      g_ptr_array_remove_index(session->delayed, i);
  }
}

/* ---------------------------------------------------------------------- send */

typedef struct {
  char *event, *target, *type, *id, *delay;
  gboolean has_id; /* given by the author or wanted in idlocation */
} SendArguments;

static void arguments_clear(SendArguments *arguments) {
  g_free(arguments->event);
  g_free(arguments->target);
  g_free(arguments->type);
  g_free(arguments->id);
  g_free(arguments->delay);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SendArguments, arguments_clear)

static gboolean take_argument(Session *session, const Action *action, ActionAttribute literal,
                              ActionAttribute expression, char **out) {
  return expr_or_text(session, action->expr[expression], action->text[literal], out);
}

/* The id comes first: an error in what follows carries it. */
static gboolean take_id(Session *session, const Action *action, SendArguments *out) {
  out->has_id = action->text[A_ID] || action->expr[A_IDLOCATION];
  out->id = action->text[A_ID] ? g_strdup(action->text[A_ID])
                               : g_strdup_printf("_send.%" G_GUINT64_FORMAT, session->next_id++);
  return !action->expr[A_IDLOCATION] ||
         datamodel_set_location(session, action->expr[A_IDLOCATION], out->id);
}

static gboolean known_type(const char *type) {
  return !type || g_str_equal(type, "http://www.w3.org/TR/scxml/#SCXMLEventProcessor") ||
         g_str_equal(type, "http://www.w3.org/TR/scxml/#SCXMLProcessor") ||
         g_str_equal(type, "scxml");
}

static gboolean take_arguments(Session *session, const Action *action, SendArguments *out) {
  return take_argument(session, action, A_EVENT, A_EVENTEXPR, &out->event) &&
         take_argument(session, action, A_TARGET, A_TARGETEXPR, &out->target) &&
         take_argument(session, action, A_TYPE, A_TYPEEXPR, &out->type) &&
         take_argument(session, action, A_DELAY, A_DELAYEXPR, &out->delay) && out->event &&
         known_type(out->type);
}

static Session *with_id(Session *session, const char *session_id) {
  if (g_str_equal(session->session_id, session_id))
    return session;
  Session *found = NULL;
  for (guint i = 0; !found && i < session->machine->invokes->len; i++) {
    const Invocation *invocation = session->invoked[i];
    found = invocation && invocation->session ? with_id(invocation->session, session_id) : NULL;
  }
  return found;
}

static Session *invoked_as(const Session *session, const char *id) {
  for (guint i = 0; i < session->machine->invokes->len; i++) {
    const Invocation *invocation = session->invoked[i];
    if (invocation && invocation->session && g_str_equal(invocation->id, id))
      return invocation->session;
  }
  return NULL;
}

/* C.1: whom `target` names from where `session` stands; NULL: nobody who can be reached. */
static Session *reach(Session *session, const char *target) {
  if (!target || !*target)
    return session;
  if (g_str_equal(target, "#_parent"))
    return session->parent;
  if (g_str_has_prefix(target, "#_scxml_"))
    return with_id(session->run->root, target + strlen("#_scxml_"));
  return invoked_as(session, target + strlen("#_"));
}

static gboolean is_target(const char *target) {
  return !target || !*target || g_str_has_prefix(target, "#_");
}

/* A cancelled session is not heard any more (6.4.3). FALSE: nobody is there. */
static gboolean dispatch(Session *session, const char *target, Event *take) {
  Session *to = reach(session, target);
  if (!to || session->cancelled) {
    event_free(take);
    return to != NULL;
  }
  if (to == session->parent)
    take->invokeid = g_strdup(session->invocation->id);
  queue_external(to, session, take);
  return TRUE;
}

gboolean send_due(Session *session, Delayed *take) {
  Event *event = g_steal_pointer(&take->event);
  event->from = FROM_TIMER;
  g_autofree char *id = g_strdup(event->sendid);
  gboolean sent = dispatch(session, take->target, event);
  if (!sent)
    queue_error(session, "error.communication", id);
  delayed_free(take);
  return sent;
}

static Event *make_event(const Session *session, const SendArguments *arguments, gboolean internal,
                         xmlNode *data) {
  Event *event = event_new(arguments->event, internal ? "internal" : "external");
  event->data = data;
  event->sendid = arguments->has_id ? g_strdup(arguments->id) : NULL;
  if (!internal) {
    event->origin = g_strdup_printf("#_scxml_%s", session->session_id);
    event->origintype = g_strdup(SCXML_PROCESSOR);
  }
  return event;
}

static gboolean fail(Session *session, const SendArguments *arguments, const char *error) {
  queue_error(session, error, arguments->id);
  return FALSE;
}

/* Now, or at its time. FALSE: nobody is there. */
static gboolean send_event(Session *session, const SendArguments *arguments, gint64 due,
                           Event *take) {
  gboolean late = due > session->run->time;
  trace(session, late ? "send later" : "send", arguments->event);
  if (late)
    delayed_add(session, due, arguments->id, arguments->target, take);
  else if (g_str_equal(take->type, "internal"))
    queue_internal(session, take);
  else
    return dispatch(session, arguments->target, take);
  return TRUE;
}

gboolean send_execute(Session *session, const Action *action) {
  g_auto(SendArguments) arguments = {0};
  Duration delay = {0};
  gboolean failed = FALSE;
  if (!take_id(session, action, &arguments) || !take_arguments(session, action, &arguments))
    return fail(session, &arguments, "error.execution");
  if (arguments.delay && !duration_parse(&delay, arguments.delay))
    return fail(session, &arguments, "error.execution");
  gint64 now = session->run->time, due = arguments.delay ? duration_add(now, &delay) : now;
  gboolean internal = g_strcmp0(arguments.target, "#_internal") == 0;
  if (!is_target(arguments.target) || (internal && due > now))
    return fail(session, &arguments, "error.execution");
  xmlNode *data = content_event_data(session, action->params, action->names, &action->content, &failed);
  if (failed) {
    xmlFreeNode(data);
    return fail(session, &arguments, "error.execution");
  }
  Event *event = make_event(session, &arguments, internal, data);
  return send_event(session, &arguments, due, event) ||
         fail(session, &arguments, "error.communication");
}
