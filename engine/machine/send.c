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

void queue_internal(Session *session, Event *event) {
  g_queue_push_tail(session->internal, event);
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

static int compare_delayed(gconstpointer a, gconstpointer b) {
  const Delayed *left = *(Delayed *const *)a, *right = *(Delayed *const *)b;
  if (left->due != right->due)
    return left->due < right->due ? -1 : 1;
  return left->order < right->order ? -1 : left->order > right->order;
}

void delayed_add(Session *session, gint64 due, const char *send_id, const char *target,
                 Event *take) {
  Delayed *delayed = g_new0(Delayed, 1);
  delayed->due = due;
  delayed->order = session->next_order++;
  delayed->send_id = g_strdup(send_id);
  delayed->target = g_strdup(target);
  delayed->event = take;
  g_ptr_array_add(session->delayed, delayed);
  g_ptr_array_sort(session->delayed, compare_delayed);
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
  if (action->expr[expression])
    return expr_text(session, action->expr[expression], out);
  *out = g_strdup(action->text[literal]);
  return TRUE;
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

static gboolean names_self(const Session *session, const char *target) {
  return g_str_has_prefix(target, "#_scxml_") &&
         g_str_equal(target + strlen("#_scxml_"), session->session_id);
}

typedef enum { TARGET_SELF, TARGET_INTERNAL, TARGET_UNREACHABLE, TARGET_INVALID } TargetKind;

static TargetKind target_kind(const Session *session, const char *target) {
  if (!target || !*target || names_self(session, target))
    return TARGET_SELF;
  if (g_str_equal(target, "#_internal"))
    return TARGET_INTERNAL;
  return g_str_has_prefix(target, "#_") ? TARGET_UNREACHABLE : TARGET_INVALID;
}

static Event *make_event(Session *session, const SendArguments *arguments, TargetKind kind,
                         xmlNode *data) {
  Event *event = event_new(arguments->event, kind == TARGET_INTERNAL ? "internal" : "external");
  event->data = data;
  event->sendid = arguments->has_id ? g_strdup(arguments->id) : NULL;
  if (kind == TARGET_SELF) {
    event->origin = g_strdup_printf("#_scxml_%s", session->session_id);
    event->origintype = g_strdup(SCXML_PROCESSOR);
  }
  return event;
}

static gboolean fail(Session *session, const SendArguments *arguments, const char *error) {
  queue_error(session, error, arguments->id);
  return FALSE;
}

gboolean send_execute(Session *session, const Action *action) {
  g_auto(SendArguments) arguments = {0};
  Duration delay = {0};
  gboolean failed = FALSE;
  if (!take_id(session, action, &arguments) || !take_arguments(session, action, &arguments))
    return fail(session, &arguments, "error.execution");
  if (arguments.delay && !duration_parse(&delay, arguments.delay))
    return fail(session, &arguments, "error.execution");
  TargetKind kind = target_kind(session, arguments.target);
  gboolean late = arguments.delay && duration_add(session->time, &delay) > session->time;
  if (kind == TARGET_INVALID || (kind == TARGET_INTERNAL && late))
    return fail(session, &arguments, "error.execution");
  xmlNode *data = content_event_data(session, action->params, action->names, &action->content, &failed);
  if (failed)
    return fail(session, &arguments, "error.execution");
  if (kind == TARGET_UNREACHABLE) {
    xmlFreeNode(data);
    return fail(session, &arguments, "error.communication");
  }
  Event *event = make_event(session, &arguments, kind, data);
  trace(session, late ? "send later" : "send", arguments.event);
  if (late)
    delayed_add(session, duration_add(session->time, &delay), arguments.id, arguments.target, event);
  else
    g_queue_push_tail(kind == TARGET_INTERNAL ? session->internal : session->external, event);
  return TRUE;
}
