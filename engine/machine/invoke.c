/* SPDX-License-Identifier: Apache-2.0 */
/*
 * invoke.c - machines inside machines (SCXML 6.4, 6.5): Appendix D's invoke, applyFinalize,
 * autoforward, cancelInvoke and returnDoneEvent.
 *
 * A session is invoked at the end of the macrostep in which its state was entered, and
 * runs at once until it rests; from then on it goes on by events in the queue of the run.
 * When its state is left it is stopped as the last thing of onexit, and what it sent
 * and nobody took yet is forgotten. When it ends by itself, its last events still arrive.
 */
#include "machine/expr.h"

#include "base/xml.h"

#include <string.h>

/* ------------------------------------------------------------ beginning and end */

Invocation *invocation_new(Session *session, const Invoke *invoke, Machine *machine, const char *id,
                           guint64 number) {
  Invocation *invocation = g_new0(Invocation, 1);
  invocation->invoke = invoke;
  invocation->id = g_strdup(id);
  SessionHost host = session->host;
  host.take = NULL;
  invocation->session = session_alloc(machine, &host, session, number);
  invocation->session->invocation = invocation;
  session->invoked[invoke->number] = invocation;
  return invocation;
}

void invocation_free(Invocation *invocation) {
  if (!invocation)
    return;
  session_free(invocation->session);
  g_free(invocation->id);
  g_free(invocation->document);
  g_free(invocation);
}

/* cancelInvoke, for all of a state: their onexit blocks run, but reach nobody outside. */
void invoke_cancel(Session *session, const State *state) {
  for (guint i = 0; i < state->invokes->len; i++) {
    const Invoke *invoke = state->invokes->pdata[i];
    Invocation *invocation = g_steal_pointer(&session->invoked[invoke->number]);
    session->to_invoke[invoke->number] = FALSE;
    if (invocation && invocation->session) {
      trace(session, "cancel", invocation->id);
      invocation->session->cancelled = TRUE;
      exit_interpreter(invocation->session);
      queue_forget(invocation->session, TRUE);
    }
    invocation_free(invocation);
  }
}

static const State *final_of(const Session *session) {
  const State *root = session->machine->states->pdata[0];
  for (guint i = 0; i < root->children->len; i++) {
    const State *child = root->children->pdata[i];
    if (bits_has(session->active, child->index))
      return child;
  }
  g_assert_not_reached();
}

/* returnDoneEvent: the last word of a session. */
void invoke_return(Session *session) {
  Invocation *invocation = session->invocation;
  g_autofree char *name = g_strconcat("done.invoke.", invocation->id, NULL);
  Event *event = event_new(name, "external");
  event->invokeid = g_strdup(invocation->id);
  event->data = done_data(session, final_of(session));
  queue_external(session->parent, session, event);
  trace(session, "done", name);
  invocation->session = NULL;
  session_free(session);
}

/* -------------------------------------------------------------- the child machine */

char *session_fetch(Session *session, const char *uri) {
  return session->host.fetch ? session->host.fetch(session->host.user, uri) : NULL;
}

Machine *invoke_load(const Session *session, const char *document) {
  const Machine *own = session->machine;
  Machine *machine = NULL;
  return machine_load(&machine, document, strlen(document), own->file, own->mode, NULL) == RK_OK
             ? machine
             : NULL;
}

/* The first element of a value as a document of its own; else its text, which should be one. NULL:
 * too large. */
static char *document_of(Session *session, const xmlXPathObject *value) {
  g_autoptr(xmlDoc) doc = xmlNewDoc((const xmlChar *)"1.0");
  xmlNode *holder = xmlNewDocNode(doc, NULL, (const xmlChar *)"content", NULL);
  xmlDocSetRootElement(doc, holder);
  if (!datamodel_put(session, holder, value))
    return NULL;
  xmlNode *first = xml_first_element(holder);
  if (!first)
    return xml_text(holder);
  xmlFreeNode(xmlDocSetRootElement(doc, first));
  g_autoptr(GBytes) bytes = xml_to_bytes(doc);
  return g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

typedef struct {
  char *id, *type, *source, *document;
  xmlNode *data; /* params and namelist */
  Machine *machine;
} Order;

static void order_clear(Order *order) {
  g_free(order->id);
  g_free(order->type);
  g_free(order->source);
  g_free(order->document);
  xmlFreeNode(order->data);
  machine_unref(order->machine);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Order, order_clear)

/* 6.4.1: an id of its own is STATEID.PLATFORMID, and fresh each time. */
static gboolean take_id(Session *session, const Invoke *invoke, Order *order) {
  order->id = invoke->id ? g_strdup(invoke->id)
                         : g_strdup_printf("%s.%" G_GUINT64_FORMAT, invoke->state->id,
                                           session->next_id++);
  return !invoke->id_location || datamodel_set_location(session, invoke->id_location, order->id);
}

static gboolean take_arguments(Session *session, const Invoke *invoke, Order *order) {
  static const Content none = {0};
  gboolean failed = FALSE;
  if (!take_id(session, invoke, order) ||
      !expr_or_text(session, invoke->type_expr, invoke->type, &order->type) ||
      !expr_or_text(session, invoke->source_expr, invoke->source, &order->source))
    return FALSE;
  order->data = content_event_data(session, invoke->params, invoke->names, &none, &failed);
  return !failed;
}

static gboolean take_content(Session *session, const Invoke *invoke, Order *order) {
  xmlXPathObject *value = expr_evaluate(session, invoke->content.expr);
  order->document = value ? document_of(session, value) : NULL;
  xmlXPathFreeObject(value);
  return order->document != NULL;
}

/* NULL when all is well, else the error to queue. */
static const char *take_order(Session *session, const Invoke *invoke, Order *order) {
  if (!take_arguments(session, invoke, order) || !invoke_knows_type(order->type) ||
      session->depth >= INVOKE_DEPTH)
    return "error.execution";
  if (invoke->content.expr && !take_content(session, invoke, order))
    return "error.execution";
  if (order->source && !(order->document = session_fetch(session, order->source)))
    return "error.communication";
  order->machine = invoke->child     ? machine_ref(invoke->child)
                   : order->document ? invoke_load(session, order->document)
                                     : NULL;
  return order->machine ? NULL : "error.execution";
}

/* --------------------------------------------------------------------- invoking */

/* 6.4.4: each value goes to the top-level datum of its name; others are dropped. */
static void preset_data(Session *child, const xmlNode *data) {
  for (xmlNode *node = data ? data->children : NULL; node; node = node->next) {
    g_autofree char *name = xml_attr(node, "id");
    datamodel_preset(child, name, xmlDocCopyNode(node, child->data, 1));
  }
}

static void invoke_one(Session *session, const Invoke *invoke) {
  g_auto(Order) order = {0};
  const char *error = take_order(session, invoke, &order);
  if (error) {
    queue_error(session, error, NULL);
    return;
  }
  Run *run = session->run;
  Invocation *invocation =
      invocation_new(session, invoke, order.machine, order.id, run->next_session++);
  invocation->document = g_steal_pointer(&order.document);
  preset_data(invocation->session, order.data);
  run->microsteps++;
  trace(session, "invoke", order.id);
  session_begin(invocation->session);
}

void invoke_pending(Session *session) {
  const GPtrArray *invokes = session->machine->invokes;
  for (guint i = 0; i < invokes->len; i++) {
    gboolean wanted = session->to_invoke[i];
    session->to_invoke[i] = FALSE;
    if (wanted)
      invoke_one(session, invokes->pdata[i]);
  }
}

/* ---------------------------------------------------- events on their way through */

static const xmlNode *value_named(const Event *event, const char *name) {
  const xmlNode *data = event->data ? xml_first_element(event->data) : NULL;
  for (; data; data = xml_next_element(data)) {
    g_autofree char *id = xml_attr(data, "id");
    if (g_strcmp0(id, name) == 0)
      return data;
  }
  return NULL;
}

static void update_locations(Session *session, const GPtrArray *params, const Event *event) {
  for (guint i = 0; i < params->len; i++) {
    const Param *param = params->pdata[i];
    const xmlNode *value = param->location ? value_named(event, param->name) : NULL;
    if (value && !datamodel_set_children(session, param->location, value))
      queue_error(session, "error.execution", NULL);
  }
}

/* 6.5.2: an empty <finalize> takes the values back where params and names came from. */
static void apply_finalize(Session *session, const Invoke *invoke, const Event *event) {
  if (invoke->finalize && invoke->finalize->len) {
    execute_block(session, invoke->finalize);
  } else if (invoke->finalize) {
    update_locations(session, invoke->names, event);
    update_locations(session, invoke->params, event);
  }
}

void invoke_receive(Session *session, const Event *event) {
  for (guint i = 0; i < session->machine->invokes->len; i++) {
    const Invocation *invocation = session->invoked[i];
    if (!invocation)
      continue;
    if (g_strcmp0(event->invokeid, invocation->id) == 0)
      apply_finalize(session, invocation->invoke, event);
    if (invocation->invoke->autoforward && invocation->session)
      queue_external(invocation->session, session, event_copy(event));
  }
}
