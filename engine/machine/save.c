/* SPDX-License-Identifier: Apache-2.0 */
/*
 * save.c - a session as an XML document, and back.
 *
 * Canonical: states in document order, data in the order of their declaration, delayed
 * sends by due time, invoked sessions in document order, each a snapshot in the snapshot;
 * the same session gives the same bytes. System variables are not saved: they are made
 * again. Between calls all queues are empty and _event is of no consequence. The document
 * of an invoked machine that does not stand inline in its parent is kept whole, so that
 * waking needs nobody to fetch it.
 */
#include "machine/expr.h"

#include "base/xml.h"

#include <string.h>

#define SESSION_NS "urn:renkei:session:1"
#define SNAPSHOT_LIMIT (16u << 20) /* data, and the documents of invoked machines */

/* ------------------------------------------------------------------------ save */

/* Written straight out, for it is done after every event: no tree is made of what is not one already. */
typedef xmlOutputBuffer Out;

static void put(Out *out, const char *text) {
  xmlOutputBufferWriteString(out, text);
}

/* As the library writes an attribute of a tree. */
static void put_escaped(Out *out, const char *text) {
  static const char special[] = "<>&\"\n\r\t";
  static const char *const written[] = {"&lt;", "&gt;", "&amp;", "&quot;", "&#10;", "&#13;", "&#9;"};
  for (gsize length; (length = strcspn(text, special)), TRUE; text += length + 1) {
    xmlOutputBufferWrite(out, (int)length, text);
    if (!text[length])
      return;
    put(out, written[strchr(special, text[length]) - special]);
  }
}

static void put_attribute(Out *out, const char *name, const char *value) {
  if (!value)
    return;
  g_autofree char *other = xml_replace_unwritable(value);
  put(out, " ");
  put(out, name);
  put(out, "=\"");
  put_escaped(out, other ? other : value);
  put(out, "\"");
}

static void put_number(Out *out, const char *name, gint64 value) {
  char text[24];
  g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, value);
  put_attribute(out, name, text);
}

/* The rest of an element that holds a text or nothing, from before the end of its start tag. */
static void put_content(Out *out, const char *name, const char *value) {
  if (!*value) {
    put(out, "/>");
    return;
  }
  g_autofree char *other = xml_replace_unwritable(value);
  put(out, ">");
  xmlOutputBufferWriteEscape(out, (const xmlChar *)(other ? other : value), NULL);
  put(out, "</s:");
  put(out, name);
  put(out, ">");
}

static void put_node(Out *out, xmlNode *node) {
  xmlNodeDumpOutput(out, node->doc, node, 0, 0, "UTF-8");
}

static void add_id(GString *text, const State *state) {
  if (text->len)
    g_string_append_c(text, ' ');
  g_string_append(text, state->id);
}

static void save_state_list(const Session *session, Out *out, const char *name, const Bits *states) {
  g_autoptr(GString) text = g_string_new(NULL);
  for BITS_EACH (i, states, session->machine->states->len)
    add_id(text, session->machine->states->pdata[i]);
  put(out, "<s:");
  put(out, name);
  put_content(out, name, text->str);
}

static void save_history(const Session *session, Out *out, guint index) {
  const GArray *recorded = session->history[index];
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint k = 0; k < recorded->len; k++)
    add_id(text, session->machine->states->pdata[g_array_index(recorded, guint, k)]);
  put(out, "<s:history");
  put_attribute(out, "state", ((State *)session->machine->states->pdata[index])->id);
  put_content(out, "history", text->str);
}

static void save_states(const Session *session, Out *out) {
  save_state_list(session, out, "active", session->active);
  if (session->machine->late_binding)
    save_state_list(session, out, "entered", session->entered);
  for (guint i = 0; i < session->machine->states->len; i++)
    if (session->history[i])
      save_history(session, out, i);
}

/* The data document keeps no namespace: it goes in as it is, below a holder. */
static void save_data(const Session *session, Out *out) {
  gboolean any = FALSE;
  put(out, "<s:data><datamodel");
  for (xmlNode *node = xmlDocGetRootElement(session->data)->children; node; node = node->next) {
    const char *id = datamodel_id(node);
    if (id[0] == '_' || g_hash_table_lookup(session->variables, id) != node)
      continue;
    put(out, any ? "" : ">");
    put_node(out, node);
    any = TRUE;
  }
  put(out, any ? "</datamodel></s:data>" : "/></s:data>");
}

static void save_one_delayed(const Delayed *delayed, Out *out) {
  put(out, "<s:delayed");
  put_number(out, "due", delayed->due);
  put_number(out, "order", (gint64)delayed->order);
  put_attribute(out, "id", delayed->send_id);
  put_attribute(out, "target", delayed->target);
  put_attribute(out, "event", delayed->event->name);
  put_attribute(out, "sendid", delayed->event->sendid);
  put_attribute(out, "origin", delayed->event->origin);
  put_attribute(out, "origintype", delayed->event->origintype);
  if (!delayed->event->data) {
    put(out, "/>");
    return;
  }
  put(out, ">");
  put_node(out, delayed->event->data);
  put(out, "</s:delayed>");
}

static void save_session(const Session *session, Out *out);

static void save_invoked(const Session *session, Out *out) {
  for (guint i = 0; i < session->machine->invokes->len; i++) {
    const Invocation *invocation = session->invoked[i];
    if (!invocation || !invocation->session)
      continue;
    put(out, "<s:invoked");
    put_number(out, "invoke", i);
    put_attribute(out, "id", invocation->id);
    put_number(out, "session", (gint64)invocation->session->number);
    put(out, ">");
    if (invocation->document) {
      put(out, "<s:document");
      put_content(out, "document", invocation->document);
    }
    put(out, "<s:session");
    save_session(invocation->session, out);
    put(out, "</s:invoked>");
  }
}

/* From before its attributes on. */
static void save_session(const Session *session, Out *out) {
  put_attribute(out, "machine", machine_name(session->machine));
  put_attribute(out, "status",
                session->finished ? "finished" : session->running ? "running" : "new");
  if (!session->parent)
    put_number(out, "next-order", (gint64)session->run->next_order);
  put_number(out, "next-id", (gint64)session->next_id);
  if (!session->parent && session->run->next_session > 1)
    put_number(out, "next-session", (gint64)session->run->next_session);
  put(out, ">");
  save_states(session, out);
  save_data(session, out);
  for (guint i = 0; i < session->delayed->len; i++)
    save_one_delayed(session->delayed->pdata[i], out);
  save_invoked(session, out);
  put(out, "</s:session>");
}

GBytes *session_save(const Session *session) {
  Out *out = xmlAllocOutputBuffer(NULL);
  put(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<s:session xmlns:s=\"" SESSION_NS "\"");
  save_session(session, out);
  put(out, "\n");
  GBytes *bytes = g_bytes_new(xmlOutputBufferGetContent(out), xmlOutputBufferGetSize(out));
  xmlOutputBufferClose(out);
  return bytes;
}

/* ---------------------------------------------------------------------- restore */

typedef struct {
  Session *session;
  RkDiags *diags;
  gboolean good;
} Restore;

static void refuse(Restore *restore, const char *what) {
  diags_add(restore->diags, DIAG_WF_SNAPSHOT, NULL, what, NULL);
  restore->good = FALSE;
}

static gint64 number_of(const xmlNode *node, const char *name) {
  g_autofree char *text = xml_attr(node, name);
  return text ? g_ascii_strtoll(text, NULL, 10) : 0;
}

/* Also of a state to which the author gave no id: load.c names it by its number. */
static const State *state_of_id(const Machine *machine, const char *id) {
  const State *state = g_hash_table_lookup(machine->by_id, id);
  guint64 index = 0;
  if (state || !g_str_has_prefix(id, "_state.") ||
      !g_ascii_string_to_unsigned(id + strlen("_state."), 10, 0, machine->states->len - 1, &index, NULL))
    return state;
  state = machine->states->pdata[index];
  return g_str_equal(state->id, id) ? state : NULL;
}

static void restore_states(Restore *restore, const xmlNode *node, Bits *states) {
  g_autofree char *text = xml_text(node);
  g_auto(GStrv) ids = split_words(text);
  for (guint i = 0; ids[i]; i++) {
    const State *state = state_of_id(restore->session->machine, ids[i]);
    if (state)
      bits_add(states, state->index);
    else
      refuse(restore, ids[i]);
  }
}

static void restore_history(Restore *restore, const xmlNode *node) {
  g_autofree char *id = xml_attr(node, "state"), *text = xml_text(node);
  const State *history = id ? g_hash_table_lookup(restore->session->machine->by_id, id) : NULL;
  if (!history || !is_history(history)) {
    refuse(restore, "history");
    return;
  }
  GArray *recorded = g_array_new(FALSE, FALSE, sizeof(guint));
  restore->session->history[history->index] = recorded;
  g_auto(GStrv) ids = split_words(text);
  for (guint i = 0; ids[i]; i++) {
    const State *state = state_of_id(restore->session->machine, ids[i]);
    if (state && !is_history(state) && is_descendant(state, history->parent))
      g_array_append_val(recorded, state->index);
    else
      refuse(restore, ids[i]);
  }
}

static void restore_data(Restore *restore, const xmlNode *holder) {
  Session *session = restore->session;
  const xmlNode *model = xml_first_element(holder);
  for (xmlNode *node = model ? xml_first_element(model) : NULL; node;
       node = xml_next_element(node)) {
    g_autofree char *id = xml_attr(node, "id");
    if (!id || !datamodel_declare(session, id)) {
      refuse(restore, "data");
      continue;
    }
    xmlNode *datum = datamodel_variable(session, id);
    for (const xmlAttr *a = node->properties; a; a = a->next) {
      g_autofree char *value = xml_attr(node, (const char *)a->name);
      xml_set_attr(datum, (const char *)a->name, value);
    }
    for (xmlNode *child = node->children; child; child = child->next)
      xmlAddChild(datum, xmlDocCopyNode(child, session->data, 1));
  }
}

/* Earlier snapshots kept what a foreach item stood for, as the id of a datum and child positions. */
static void restore_item(Restore *restore, const xmlNode *item) {
  Session *session = restore->session;
  g_autofree char *name = xml_attr(item, "name"), *path = xml_attr(item, "path");
  g_auto(GStrv) steps = g_strsplit(path ? path : "", "/", -1);
  if (!name || *name == '_' || !datamodel_declare(session, name)) {
    refuse(restore, "item");
    return;
  }
  xmlNode *node = steps[0] ? datamodel_variable(session, steps[0]) : NULL;
  for (guint i = 1; node && steps[i]; i++) {
    guint64 position = g_ascii_strtoull(steps[i], NULL, 10);
    for (node = node->children; node && position--;)
      node = node->next;
  }
  if (!node)
    return;
  datamodel_bind_item(session, name, node);
  datamodel_settle_item(session, name);
}

static void restore_delayed(Restore *restore, const xmlNode *node) {
  Session *session = restore->session;
  g_autofree char *name = xml_attr(node, "event"), *id = xml_attr(node, "id");
  g_autofree char *target = xml_attr(node, "target");
  if (!name || !id || !session->running) {
    refuse(restore, "delayed");
    return;
  }
  Event *event = event_new(name, "external");
  event->sendid = xml_attr(node, "sendid");
  event->origin = xml_attr(node, "origin");
  event->origintype = xml_attr(node, "origintype");
  const xmlNode *data = xml_first_element(node);
  event->data = data ? xmlDocCopyNode((xmlNode *)data, session->data, 1) : NULL;
  session->run->next_order = (guint64)number_of(node, "order");
  delayed_add(session, number_of(node, "due"), id, target, event);
}

static void restore_session(Restore *restore, const xmlNode *root);

static Machine *machine_of(Restore *restore, const xmlNode *node, const Invoke *invoke) {
  const xmlNode *document = xml_first_element(node);
  if (!xml_is(document, SESSION_NS, "document"))
    return invoke->child ? machine_ref(invoke->child) : NULL;
  g_autofree char *text = xml_text(document);
  return invoke_load(restore->session, text);
}

static void restore_invoked(Restore *restore, const xmlNode *node) {
  Session *session = restore->session;
  gint64 number = number_of(node, "invoke");
  const GPtrArray *invokes = session->machine->invokes;
  const Invoke *invoke =
      number >= 0 && number < (gint64)invokes->len ? invokes->pdata[number] : NULL;
  const xmlNode *child = xmlLastElementChild((xmlNode *)node);
  g_autofree char *id = xml_attr(node, "id");
  g_autoptr(Machine) machine =
      invoke && child && session->depth < INVOKE_DEPTH ? machine_of(restore, node, invoke) : NULL;
  if (!machine || !id || session->invoked[number] || !bits_has(session->active, invoke->state->index)) {
    refuse(restore, "invoked");
    return;
  }
  Invocation *invocation =
      invocation_new(session, invoke, machine, id, (guint64)number_of(node, "session"));
  if (xml_is(xml_first_element(node), SESSION_NS, "document"))
    invocation->document = xml_text(xml_first_element(node));
  restore->session = invocation->session;
  restore_session(restore, child);
  if (!invocation->session->running) /* one that is over is not kept */
    refuse(restore, "invoked");
  restore->session = session;
}

static void restore_part(Restore *restore, const xmlNode *node) {
  if (xml_is(node, SESSION_NS, "active"))
    restore_states(restore, node, restore->session->active);
  else if (xml_is(node, SESSION_NS, "entered"))
    restore_states(restore, node, restore->session->entered);
  else if (xml_is(node, SESSION_NS, "history"))
    restore_history(restore, node);
  else if (xml_is(node, SESSION_NS, "data"))
    restore_data(restore, node);
  else if (xml_is(node, SESSION_NS, "item"))
    restore_item(restore, node);
  else if (xml_is(node, SESSION_NS, "delayed"))
    restore_delayed(restore, node);
  else if (xml_is(node, SESSION_NS, "invoked"))
    restore_invoked(restore, node);
  else
    refuse(restore, (const char *)node->name);
}

static guint n_active(const Session *session, const GPtrArray *states) {
  guint n = 0;
  for (guint i = 0; i < states->len; i++)
    n += bits_has(session->active, ((State *)states->pdata[i])->index);
  return n;
}

/* 3.11: of an active compound state one child is active, of a <parallel> all, of others none;
 * the <scxml> counts as active from the start. */
static gboolean is_legal(const Session *session) {
  const GPtrArray *states = session->machine->states;
  for (guint i = 0; i < states->len; i++) {
    const State *state = states->pdata[i];
    gboolean active = i ? bits_has(session->active, i) : session->running || session->finished;
    guint all = state->children->len, wanted = state->kind == STATE_PARALLEL ? all : MIN(all, 1);
    if (n_active(session, state->children) != (active ? wanted : 0) || (is_history(state) && active))
      return FALSE;
  }
  return TRUE;
}

static void restore_session(Restore *restore, const xmlNode *root) {
  Session *session = restore->session;
  g_autofree char *machine = xml_attr(root, "machine"), *status = xml_attr(root, "status");
  if (!xml_is(root, SESSION_NS, "session") ||
      g_strcmp0(machine, machine_name(session->machine)) != 0) {
    refuse(restore, machine ? machine : "session");
    return;
  }
  session->finished = g_strcmp0(status, "finished") == 0;
  session->running = g_strcmp0(status, "running") == 0;
  session->next_id = (guint64)number_of(root, "next-id");
  for (xmlNode *node = xml_first_element(root); node; node = xml_next_element(node))
    restore_part(restore, node);
  if (!is_legal(session))
    refuse(restore, "active");
}

RkStatus session_restore(Session **out, Machine *machine, const SessionHost *host,
                         GBytes *snapshot, RkDiags *diags) {
  g_autoptr(xmlDoc) doc = NULL;
  gsize length = 0;
  const char *text = g_bytes_get_data(snapshot, &length);
  *out = NULL;
  RkStatus status = xml_parse(&doc, text, length, "snapshot", SNAPSHOT_LIMIT, diags);
  if (status != RK_OK)
    return status;
  const xmlNode *root = xmlDocGetRootElement(doc);
  g_autoptr(Session) session = session_new(machine, host);
  Restore restore = {session, diags, TRUE};
  restore_session(&restore, root);
  session->run->next_order = (guint64)number_of(root, "next-order");
  session->run->next_session = MAX(1, (guint64)number_of(root, "next-session"));
  if (!restore.good)
    return RK_INVALID;
  *out = g_steal_pointer(&session);
  return RK_OK;
}
