/* SPDX-License-Identifier: Apache-2.0 */
/*
 * datamodel.c - the XPath data model (Note of 11 August 2015) on one document.
 *
 * <datamodel> has a <data id> child for each datum and system variable; $id is that
 * element. Decided where the Note is silent: a reference to such an element stands for
 * its children when its value is taken. foreach binds its item to the node itself while it
 * goes round; afterwards the item is a datum with a copy of the last.
 */
#include "machine/expr.h"

#include "base/xml.h"

#include <libxml/xpathInternals.h>
#include <string.h>

#define PROCESSOR "http://www.w3.org/TR/scxml/#SCXMLEventProcessor"
#define PROCESSOR_SHORT "http://www.w3.org/TR/scxml/#SCXMLProcessor"

static xmlNode *root_of(const Session *session) {
  return xmlDocGetRootElement(session->data);
}

static xmlNode *new_data(Session *session, const char *name) {
  xmlNode *node = xmlNewDocNode(session->data, NULL, (const xmlChar *)"data", NULL);
  xml_set_attr(node, "id", name);
  return node;
}

static xmlNode *add_data(Session *session, const char *name) {
  return xmlAddChild(root_of(session), new_data(session, name));
}

/* A <data> directly below the root: a datum or a system variable. */
static gboolean is_datum(const Session *session, const xmlNode *node) {
  return node->type == XML_ELEMENT_NODE && node->parent == root_of(session) &&
         g_str_equal((const char *)node->name, "data");
}

/* It is the datum's first and only attribute. */
const char *datamodel_id(const xmlNode *datum) {
  const xmlAttr *id = datum->properties;
  return id && id->children ? (const char *)id->children->content : "";
}

gboolean datamodel_declare(Session *session, const char *name) {
  if (name[0] == '_')
    datamodel_add_system_variables(session);
  if (g_hash_table_contains(session->variables, name))
    return TRUE;
  if (xmlValidateNCName((const xmlChar *)name, 0) != 0)
    return FALSE;
  g_hash_table_insert(session->variables, g_strdup(name), add_data(session, name));
  return TRUE;
}

/* ----------------------------------------------------------- graves and values */

static gboolean is_text(const xmlNode *node) {
  return node && node->type == XML_TEXT_NODE;
}

void datamodel_bury(Session *session, xmlNode *node) {
  session->loose_text |= is_text(node->prev) && is_text(node->next);
  xmlUnlinkNode(node);
  g_ptr_array_add(session->graveyard, node);
}

static void bury_children(Session *session, xmlNode *parent) {
  while (parent->children)
    datamodel_bury(session, parent->children);
}

static const xmlNode *topmost(const xmlNode *node) {
  while (node->parent && node->parent->type == XML_ELEMENT_NODE)
    node = node->parent;
  return node;
}

static void free_buried(xmlNode *node) {
  if (node->type == XML_ATTRIBUTE_NODE)
    xmlFreeProp((xmlAttr *)node);
  else
    xmlFreeNode(node);
}

/* Texts that came to lie side by side become one, as they would when a snapshot is read again. */
static void join_texts(Session *session, xmlNode *parent) {
  for (xmlNode *node = parent->children; node; node = node->next) {
    while (is_text(node) && is_text(node->next)) {
      xmlNode *next = node->next;
      xmlNodeAddContent(node, next->content);
      xmlUnlinkNode(next);
      xmlFreeNode(next);
    }
    if (node->type == XML_ELEMENT_NODE)
      join_texts(session, node);
  }
}

void datamodel_sweep(Session *session) {
  if (session->loose_text)
    join_texts(session, root_of(session));
  session->loose_text = FALSE;
  for (guint i = 0; i < session->graveyard->len; i++)
    free_buried(session->graveyard->pdata[i]);
  g_ptr_array_set_size(session->graveyard, 0);
}

/* Deeper data could be copied, but neither by a recursion nor into a snapshot that is read again. */
#define DATA_DEPTH 100

static gboolean has_element(const xmlNode *holder) {
  return xml_first_element(holder) != NULL;
}

/* What a copy costs; FALSE when it is too deep. */
static gboolean measure(const xmlNode *node, guint depth, guint64 *work) {
  if (depth > DATA_DEPTH)
    return FALSE;
  *work += WORK_NODE;
  if (node->type != XML_ELEMENT_NODE) {
    *work += node->content ? strlen((const char *)node->content) : 0;
    return TRUE;
  }
  for (const xmlNode *child = node->children; child; child = child->next)
    if (!measure(child, depth + 1, work))
      return FALSE;
  return TRUE;
}

/* A value on its way: text is gathered until an element comes, as texts would be merged one by one. */
typedef struct {
  Session *session;
  xmlNode *parent;
  GString *text;
} Putting;

static void flush_text(Putting *putting) {
  if (putting->text->len)
    xml_add_text(putting->parent, putting->text->str);
  g_string_truncate(putting->text, 0);
}

static gboolean put_element(Putting *putting, xmlNode *node) {
  guint64 work = 0;
  if (!measure(node, 1, &work) || !work_left(putting->session, work))
    return FALSE;
  flush_text(putting);
  xmlAddChild(putting->parent, xmlDocCopyNode(node, putting->parent->doc, 1));
  return TRUE;
}

static gboolean put_node(Putting *putting, xmlNode *node) {
  if (node->type == XML_ELEMENT_NODE && !is_datum(putting->session, node))
    return put_element(putting, node);
  if (node->type == XML_ELEMENT_NODE) {
    for (xmlNode *child = node->children; child; child = child->next)
      if (!put_node(putting, child))
        return FALSE;
    return TRUE;
  }
  g_autofree char *text = xml_text(node);
  g_string_append(putting->text, text);
  return work_left(putting->session, WORK_NODE + strlen(text));
}

static gboolean put_nodes(Session *session, xmlNode *parent, const xmlNodeSet *set) {
  Putting putting = {session, parent, g_string_new(NULL)};
  gboolean good = TRUE;
  for (int i = 0; good && set && i < set->nodeNr; i++)
    good = put_node(&putting, set->nodeTab[i]);
  flush_text(&putting);
  g_string_free(putting.text, TRUE);
  return good;
}

gboolean datamodel_put(Session *session, xmlNode *parent, const xmlXPathObject *object) {
  if (object->type == XPATH_NODESET)
    return put_nodes(session, parent, object->nodesetval);
  g_autofree char *text = expr_object_text(object);
  xml_add_text(parent, text);
  return work_left(session, WORK_NODE + strlen(text));
}

static void put_normalised(xmlNode *parent, const char *text) {
  g_auto(GStrv) words = split_words(text);
  g_autofree char *normal = g_strjoinv(" ", words);
  xml_add_text(parent, normal);
}

/* Inline content: elements as they are, else one text with its white space normalised. */
gboolean datamodel_put_inline(Session *session, xmlNode *parent, const xmlNode *holder) {
  guint64 work = 0;
  if (!measure(holder, 0, &work) || !work_left(session, work))
    return FALSE;
  if (has_element(holder)) {
    for (xmlNode *child = holder->children; child; child = child->next)
      if (child->type == XML_ELEMENT_NODE || child->type == XML_TEXT_NODE)
        xmlAddChild(parent, xmlDocCopyNode(child, parent->doc, 1));
    return TRUE;
  }
  g_autofree char *text = xml_text(holder);
  put_normalised(parent, text);
  return TRUE;
}

/* ---------------------------------------------------------------- system variables */

static void add_processor(xmlNode *parent, const char *name, const char *location) {
  xmlNode *processor = xmlNewChild(parent, NULL, (const xmlChar *)"processor", NULL);
  xml_set_attr(processor, "name", name);
  xml_add_element(processor, "location", location);
}

/* As the first datum. */
static xmlNode *put_first(Session *session, const char *name) {
  xmlNode *node = new_data(session, name), *first = root_of(session)->children;
  g_hash_table_insert(session->variables, g_strdup(name), node);
  return first ? xmlAddPrevSibling(first, node) : xmlAddChild(root_of(session), node);
}

void datamodel_add_system_variables(Session *session) {
  if (g_hash_table_contains(session->variables, "_sessionid"))
    return;
  g_autofree char *location = g_strdup_printf("#_scxml_%s", session->session_id);
  put_first(session, "_x");
  xmlNode *processors = put_first(session, "_ioprocessors");
  add_processor(processors, PROCESSOR_SHORT, location);
  add_processor(processors, PROCESSOR, location);
  xml_add_text(put_first(session, "_name"), session->machine->name);
  xml_add_text(put_first(session, "_sessionid"), session->session_id);
}

void datamodel_new(Session *session) {
  session->data = xmlNewDoc((const xmlChar *)"1.0");
  /* Else the library would write each character beyond ASCII in an attribute as its number. */
  session->data->encoding = xmlStrdup((const xmlChar *)"UTF-8");
  xmlDocSetRootElement(session->data,
                       xmlNewDocNode(session->data, NULL, (const xmlChar *)"datamodel", NULL));
  session->value = xmlNewDocNode(session->data, NULL, (const xmlChar *)"value", NULL);
}

static void build_event(Session *session) {
  const Event *event = session->event;
  xmlNode *old = g_hash_table_lookup(session->variables, "_event");
  if (old)
    datamodel_bury(session, old);
  xmlNode *node = add_data(session, "_event");
  xml_add_element(node, "name", event->name);
  xml_add_element(node, "type", event->type);
  xml_add_element(node, "sendid", event->sendid);
  xml_add_element(node, "origin", event->origin);
  xml_add_element(node, "origintype", event->origintype);
  xml_add_element(node, "invokeid", event->invokeid);
  if (event->data)
    xmlAddChild(node, xmlDocCopyNode(event->data, session->data, 1));
  else
    xml_add_element(node, "data", NULL);
  g_hash_table_replace(session->variables, g_strdup("_event"), node);
  session->event_built = TRUE;
}

void datamodel_bind_event(Session *session, Event *take) {
  event_free(session->event);
  session->event = take;
  session->event_built = FALSE;
}

xmlNode *datamodel_variable(Session *session, const char *name) {
  if (name[0] == '_')
    datamodel_add_system_variables(session);
  if (name[0] == '_' && g_str_equal(name, "_event")) {
    if (!session->event || session->choosing)
      return NULL;
    if (!session->event_built)
      build_event(session);
  }
  return g_hash_table_lookup(session->variables, name);
}

/* ------------------------------------------------------------------ initial values */

void datamodel_preset(Session *session, const char *name, xmlNode *take) {
  g_hash_table_replace(session->preset, g_strdup(name), take);
}

/* What the host finds at `uri`: elements if it is XML, else one text as if it stood inline. */
static gboolean put_source(Session *session, xmlNode *node, const char *uri) {
  g_autofree char *text = session_fetch(session, uri);
  xmlDoc *doc = NULL;
  if (text && xml_parse(&doc, text, strlen(text), uri, XML_LIMIT_DATA, NULL) == RK_OK)
    xmlAddChild(node, xmlDocCopyNode(xmlDocGetRootElement(doc), session->data, 1));
  else if (text)
    put_normalised(node, text);
  xmlFreeDoc(doc);
  return text != NULL;
}

static gboolean put_value(Session *session, xmlNode *node, const Expr *expr) {
  xmlXPathObject *object = expr_evaluate(session, expr);
  gboolean good = object && datamodel_put(session, node, object);
  xmlXPathFreeObject(object);
  return good;
}

static void put_copies(Session *session, xmlNode *node, const xmlNode *value) {
  for (xmlNode *child = value->children; child; child = child->next)
    xmlAddChild(node, xmlDocCopyNode(child, session->data, 1));
}

static void initialise_one(Session *session, const State *state, const Data *data) {
  xmlNode *node = datamodel_variable(session, data->id);
  const xmlNode *preset =
      state->kind == STATE_ROOT ? g_hash_table_lookup(session->preset, data->id) : NULL;
  gboolean good = TRUE;
  bury_children(session, node);
  if (preset)
    put_copies(session, node, preset);
  else if (data->expr)
    good = put_value(session, node, data->expr);
  else if (data->holder)
    good = datamodel_put_inline(session, node, data->holder);
  else if (data->src)
    good = put_source(session, node, data->src);
  if (!good)
    queue_error(session, "error.execution", NULL);
}

void datamodel_initialise(Session *session, const State *state) {
  for (guint i = 0; i < state->datas->len; i++)
    initialise_one(session, state, state->datas->pdata[i]);
}

/* ------------------------------------------------------------------- foreach items */

gboolean datamodel_can_be_item(const Session *session, const xmlNode *node) {
  return node != root_of(session) &&
         (node->type == XML_ELEMENT_NODE || node->type == XML_ATTRIBUTE_NODE ||
          node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE);
}

void datamodel_bind_item(Session *session, const char *name, xmlNode *node) {
  g_hash_table_replace(session->variables, g_strdup(name), node);
}

static xmlNode *own_datum(const Session *session, const char *name) {
  xmlNode *node = root_of(session)->children;
  while (node && !g_str_equal(datamodel_id(node), name))
    node = node->next;
  return node;
}

/* Children and plain attributes of an element, the text of what is none. */
static void copy_item(Session *session, xmlNode *copy, const xmlNode *node) {
  guint64 work = 0;
  if (!measure(node, 0, &work) || !work_left(session, work))
    return;
  if (node->type != XML_ELEMENT_NODE) {
    g_autofree char *text = xml_text(node);
    xml_add_text(copy, text);
    return;
  }
  for (const xmlAttr *a = node->properties; a; a = a->next) {
    g_autofree char *value = xml_attr(node, (const char *)a->name);
    if (!a->ns && !g_str_equal((const char *)a->name, "id"))
      xml_set_attr(copy, (const char *)a->name, value);
  }
  put_copies(session, copy, node);
}

static void empty_datum(Session *session, xmlNode *datum) {
  bury_children(session, datum);
  while (datum->properties->next) /* the first is its id */
    datamodel_bury(session, (xmlNode *)datum->properties->next);
}

void datamodel_settle_item(Session *session, const char *name) {
  const xmlNode *node = g_hash_table_lookup(session->variables, name);
  xmlNode *datum = own_datum(session, name);
  if (node == datum)
    return;
  xmlNode *copy = xmlNewDocNode(session->data, NULL, (const xmlChar *)"data", NULL);
  xml_set_attr(copy, "id", name);
  copy_item(session, copy, node);
  empty_datum(session, datum);
  copy_item(session, datum, copy);
  xmlFreeNode(copy);
  g_hash_table_replace(session->variables, g_strdup(name), datum);
}

/* -------------------------------------------------------------------------- assign */

/* System variables are read-only, with all that is in them. */
static gboolean is_protected(const Session *session, const xmlNode *node) {
  for (; node && node->parent; node = node->parent)
    if (is_datum(session, node))
      return datamodel_id(node)[0] == '_';
  return FALSE;
}

typedef enum {
  REPLACE_CHILDREN, FIRST_CHILD, LAST_CHILD, PREVIOUS_SIBLING, NEXT_SIBLING, REPLACE, DELETE,
  ADD_ATTRIBUTE, UNKNOWN_TYPE
} AssignType;

/* In the order of AssignType. */
const char *const datamodel_assign_types[] = {
    "replacechildren", "firstchild", "lastchild", "previoussibling",
    "nextsibling",     "replace",    "delete",    "addattribute",    NULL};

static AssignType assign_type(const char *text) {
  guint i = 0;
  while (text && datamodel_assign_types[i] && !g_str_equal(datamodel_assign_types[i], text))
    i++;
  return (AssignType)i;
}

/* Neither the whole, which holds the system variables, nor what names a datum. */
static gboolean is_fixed(const Session *session, const xmlNode *node, AssignType type,
                         const char *attribute) {
  if (node == root_of(session))
    return TRUE;
  if (node->type == XML_ATTRIBUTE_NODE)
    return is_datum(session, node->parent) && g_str_equal((const char *)node->name, "id");
  return type == ADD_ATTRIBUTE && is_datum(session, node) && g_str_equal(attribute, "id");
}

/* Whether this target takes this kind of assignment of a value with or without elements. */
static gboolean target_fits(Session *session, const xmlNode *node, AssignType type,
                            const xmlNode *value, const char *attribute) {
  if (is_fixed(session, node, type, attribute) || is_protected(session, node))
    return FALSE;
  gboolean beside = type == PREVIOUS_SIBLING || type == NEXT_SIBLING || type == REPLACE;
  if (node->type == XML_ATTRIBUTE_NODE)
    return type == DELETE || (type == REPLACE_CHILDREN && !has_element(value));
  if (node->type == XML_TEXT_NODE)
    return type == REPLACE_CHILDREN || type == DELETE || beside;
  if (node->type != XML_ELEMENT_NODE)
    return FALSE;
  return !(is_datum(session, node) && (beside || type == DELETE));
}

/* Text beside text would be merged and freed by libxml2: linked by hand. */
static void insert_before(xmlNode *node, xmlNode *parent, xmlNode *before) {
  node->parent = parent;
  node->next = before;
  node->prev = before ? before->prev : parent->last;
  if (node->prev)
    node->prev->next = node;
  else
    parent->children = node;
  if (before)
    before->prev = node;
  else
    parent->last = node;
}

static void insert_copies(Session *session, xmlNode *parent, xmlNode *before,
                          const xmlNode *value) {
  for (xmlNode *child = value->children; child; child = child->next) {
    xmlNode *copy = xmlDocCopyNode(child, session->data, 1);
    insert_before(copy, parent, before);
    session->loose_text |= is_text(copy) && (is_text(copy->prev) || is_text(copy->next));
  }
}

static void replace_children(Session *session, xmlNode *node, const xmlNode *value) {
  if (node->type == XML_ATTRIBUTE_NODE) {
    g_autofree char *text = xml_text(value);
    xmlSetNsProp(node->parent, node->ns, node->name, (const xmlChar *)text);
  } else if (node->type == XML_TEXT_NODE) {
    g_autofree char *text = xml_text(value);
    xmlNode *fresh = xmlNewDocText(session->data, (const xmlChar *)text);
    xmlReplaceNode(node, fresh);
    g_ptr_array_add(session->graveyard, node);
  } else {
    bury_children(session, node);
    insert_copies(session, node, NULL, value);
  }
}

static void assign_to(Session *session, xmlNode *node, AssignType type, const xmlNode *value,
                      const char *attribute) {
  switch (type) {
  case REPLACE_CHILDREN:
    replace_children(session, node, value);
    break;
  case FIRST_CHILD:
    insert_copies(session, node, node->children, value);
    break;
  case LAST_CHILD:
    insert_copies(session, node, NULL, value);
    break;
  case PREVIOUS_SIBLING:
    insert_copies(session, node->parent, node, value);
    break;
  case NEXT_SIBLING:
    insert_copies(session, node->parent, node->next, value);
    break;
  case REPLACE:
    insert_copies(session, node->parent, node, value);
    datamodel_bury(session, node);
    break;
  case DELETE:
    datamodel_bury(session, node);
    break;
  case ADD_ATTRIBUTE: {
    g_autofree char *text = xml_text(value);
    xmlSetProp(node, (const xmlChar *)attribute, (const xmlChar *)text);
    break;
  }
  case UNKNOWN_TYPE:
    g_assert_not_reached();
  }
}

/* The nodes that a location expression names. */
typedef struct {
  xmlXPathObject *object; /* NULL: a variable alone, its node in `one` */
  xmlNode *one, **nodes;
  int count;
} Location;

static void location_clear(Location *location) {
  xmlXPathFreeObject(location->object);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Location, location_clear)

/* FALSE when the expression is no location. */
static gboolean locate(Session *session, const Expr *expr, Location *out) {
  if (expr->variable) {
    out->one = datamodel_variable(session, expr->variable);
    out->nodes = &out->one;
    out->count = 1;
    return out->one != NULL;
  }
  out->object = expr_evaluate(session, expr);
  const xmlNodeSet *set =
      out->object && out->object->type == XPATH_NODESET ? out->object->nodesetval : NULL;
  out->nodes = set ? set->nodeTab : NULL;
  out->count = set ? set->nodeNr : 0;
  return out->count > 0;
}

/* Every copy is work; and what is put somewhere deep must not be too deep itself. */
static gboolean fits_depth(Session *session, const Location *targets, const xmlNode *value) {
  for (int i = 0; i < targets->count; i++) {
    guint depth = 0;
    guint64 work = 0;
    for (const xmlNode *up = targets->nodes[i]; up->parent; up = up->parent)
      depth++;
    if (!measure(value, depth, &work) || !work_left(session, work))
      return FALSE;
  }
  return TRUE;
}

static gboolean still_in_tree(const Session *session, const xmlNode *node) {
  return topmost(node->type == XML_ATTRIBUTE_NODE ? node->parent : node) == root_of(session);
}

/* All or nothing: every target is looked at before the first is changed. */
static gboolean assign_value(Session *session, const Location *targets, AssignType type,
                             const xmlNode *value, const char *attribute) {
  gboolean named = attribute && xmlValidateNCName((const xmlChar *)attribute, 0) == 0;
  if (type == UNKNOWN_TYPE || (type == ADD_ATTRIBUTE && !named))
    return FALSE;
  for (int i = 0; i < targets->count; i++)
    if (!target_fits(session, targets->nodes[i], type, value, attribute))
      return FALSE;
  if (!fits_depth(session, targets, value))
    return FALSE;
  for (int i = 0; i < targets->count; i++)
    if (still_in_tree(session, targets->nodes[i]))
      assign_to(session, targets->nodes[i], type, value, attribute);
  return TRUE;
}

/* An empty element for a value on its way; the same one each time. */
static xmlNode *value_holder(Session *session) {
  xmlFreeNodeList(session->value->children);
  session->value->children = session->value->last = NULL;
  return session->value;
}

static gboolean value_of_action(Session *session, const Action *action, AssignType type,
                                xmlNode *value) {
  if (type == DELETE)
    return TRUE;
  if (action->expr[A_EXPR])
    return put_value(session, value, action->expr[A_EXPR]);
  return !action->content.holder ||
         datamodel_put_inline(session, value, action->content.holder);
}

gboolean datamodel_assign(Session *session, const Action *action) {
  AssignType type = assign_type(action->text[A_TYPE]);
  g_auto(Location) targets = {0};
  if (!locate(session, action->expr[A_LOCATION], &targets))
    return FALSE;
  xmlNode *value = value_holder(session);
  return value_of_action(session, action, type, value) &&
         assign_value(session, &targets, type, value, action->text[A_ATTR]);
}

gboolean datamodel_set_children(Session *session, const Expr *location, const xmlNode *value) {
  g_auto(Location) targets = {0};
  return locate(session, location, &targets) &&
         assign_value(session, &targets, REPLACE_CHILDREN, value, NULL);
}

gboolean datamodel_set_variable(Session *session, const char *name, const char *text) {
  xmlNode *one = datamodel_variable(session, name), *value = value_holder(session);
  const Location target = {.one = one, .nodes = &one, .count = 1};
  xml_add_text(value, text);
  return assign_value(session, &target, REPLACE_CHILDREN, value, NULL);
}

gboolean datamodel_set_location(Session *session, const Expr *location, const char *text) {
  xmlNode *value = value_holder(session);
  xml_add_text(value, text);
  return datamodel_set_children(session, location, value);
}
