/* SPDX-License-Identifier: Apache-2.0 */
/* load_content.c - executable content: blocks, actions, parameters, extension elements. */
#include "machine/machine_int.h"

#include "base/date.h"
#include "base/xml.h"

#include <string.h>

typedef struct {
  const char *name;
  ActionAttribute attribute;
  gboolean expression;
} AttributeRow;

static const AttributeRow attribute_rows[] = {
    {"event", A_EVENT, FALSE},           {"eventexpr", A_EVENTEXPR, TRUE},
    {"target", A_TARGET, FALSE},         {"targetexpr", A_TARGETEXPR, TRUE},
    {"type", A_TYPE, FALSE},             {"typeexpr", A_TYPEEXPR, TRUE},
    {"id", A_ID, FALSE},                 {"idlocation", A_IDLOCATION, TRUE},
    {"delay", A_DELAY, FALSE},           {"delayexpr", A_DELAYEXPR, TRUE},
    {"namelist", A_NAMELIST, FALSE},     {"label", A_LABEL, FALSE},
    {"expr", A_EXPR, TRUE},              {"location", A_LOCATION, TRUE},
    {"attr", A_ATTR, FALSE},             {"sendid", A_SENDID, FALSE},
    {"sendidexpr", A_SENDIDEXPR, TRUE},  {"array", A_ARRAY, TRUE},
    {"item", A_ITEM, FALSE},             {"index", A_INDEX, FALSE},
};

static const struct {
  const char *name;
  ActionKind kind;
} action_rows[] = {{"raise", ACTION_RAISE},   {"if", ACTION_IF},     {"foreach", ACTION_FOREACH},
                   {"log", ACTION_LOG},       {"assign", ACTION_ASSIGN}, {"send", ACTION_SEND},
                   {"cancel", ACTION_CANCEL}};

/* -------------------------------------------------------- params and content */

GPtrArray *load_params(Loader *loader, const xmlNode *parent) {
  GPtrArray *params = loader_array(loader);
  for (xmlNode *child = xml_first_element(parent); child; child = xml_next_element(child)) {
    if (!xml_is(child, SCXML_NS, "param"))
      continue;
    Param *param = loader_keep(loader, g_new0(Param, 1), g_free);
    DiagPlace place = xml_place(child);
    const char *expr = loader_attr(loader, child, "expr");
    const char *location = loader_attr(loader, child, "location");
    param->name = loader_attr(loader, child, "name");
    param->expr = expr ? loader_expr(loader, expr, place) : NULL;
    param->location = location ? loader_expr(loader, location, place) : NULL;
    if (!expr == !location)
      loader_fault(loader, DIAG_WF_CONFLICT, &place, "param", "expr and location (or neither)",
                   NULL);
    loader_add(loader, &params, param);
  }
  return params;
}

GPtrArray *load_namelist(Loader *loader, const char *text, DiagPlace place) {
  GPtrArray *names = loader_array(loader);
  char **words = loader_keep(loader, split_words(text), (GDestroyNotify)g_strfreev);
  for (guint i = 0; words[i]; i++) {
    Param *param = loader_keep(loader, g_new0(Param, 1), g_free);
    param->name = words[i][0] == '$' ? words[i] + 1 : words[i];
    param->location = loader_expr(loader, words[i], place);
    loader_add(loader, &names, param);
  }
  return names;
}

Content load_content(Loader *loader, const xmlNode *element) {
  const char *expr = loader_attr(loader, element, "expr");
  Content content = {.expr = expr ? loader_expr(loader, expr, xml_place(element)) : NULL,
                     .holder = expr ? NULL : (xmlNode *)element};
  return content;
}

/* --------------------------------------------------------- extension elements */

static void add_extension_attribute(Loader *loader, GArray *list, const char *name,
                                    const char *value, DiagPlace place) {
  ExtensionAttribute attribute = {.name = name};
  if (g_str_has_suffix(name, "expr")) {
    attribute.name = loader_string(loader, g_strndup(name, strlen(name) - strlen("expr")));
    attribute.expr = loader_expr(loader, value, place);
  } else {
    attribute.text = value;
  }
  g_array_append_val(list, attribute);
}

static void load_fields(Loader *loader, const xmlNode *node, GArray *fields) {
  for (xmlNode *child = xml_first_element(node); child; child = xml_next_element(child)) {
    const char *name = loader_attr(loader, child, "name");
    const char *expr = loader_attr(loader, child, "expr");
    if (!xml_is(child, WORKFLOW_NS, "field") || !name)
      continue;
    ExtensionAttribute field = {.name = name,
                                .text = loader_attr(loader, child, "value"),
                                .expr = expr ? loader_expr(loader, expr, xml_place(child)) : NULL};
    g_array_append_val(fields, field);
  }
}

Extension *load_extension(Loader *loader, const xmlNode *node, const State *state,
                          const char *by) {
  Extension *extension = loader_keep(loader, g_new0(Extension, 1), g_free);
  GDestroyNotify unref = (GDestroyNotify)g_array_unref;
  extension->element = (const char *)node->name;
  extension->state = state;
  extension->by = by;
  extension->attributes =
      loader_keep(loader, g_array_new(FALSE, FALSE, sizeof(ExtensionAttribute)), unref);
  extension->fields =
      loader_keep(loader, g_array_new(FALSE, FALSE, sizeof(ExtensionAttribute)), unref);
  for (const xmlAttr *a = node->properties; a; a = a->next)
    if (!a->ns)
      add_extension_attribute(loader, extension->attributes, (const char *)a->name,
                              loader_attr(loader, node, (const char *)a->name), xml_place(node));
  load_fields(loader, node, extension->fields);
  return extension;
}

static gboolean mentions_event(const xmlNode *node) {
  for (const xmlAttr *a = node->properties; a; a = a->next)
    if (a->children && strstr((const char *)a->children->content, "$_event"))
      return TRUE;
  return FALSE;
}

Requirement *load_requirement(Loader *loader, const xmlNode *node, const State *state) {
  Requirement *requirement = loader_keep(loader, g_new0(Requirement, 1), g_free);
  DiagPlace place = xml_place(node);
  const char *test = loader_attr(loader, node, "test");
  const char *each = loader_attr(loader, node, "each");
  gboolean form = xmlHasProp((xmlNode *)node, (const xmlChar *)"form") != NULL;
  gboolean in_register = xmlHasProp((xmlNode *)node, (const xmlChar *)"register") != NULL;
  gboolean second = xmlHasProp((xmlNode *)node, (const xmlChar *)"second-person") != NULL;
  if (form + in_register + second + (test != NULL) != 1)
    loader_fault(loader, DIAG_WF_REQUIRE, &place, NULL, NULL, NULL);
  if (in_register && !xmlHasProp((xmlNode *)node, (const xmlChar *)"state") &&
      !xmlHasProp((xmlNode *)node, (const xmlChar *)"absent"))
    loader_fault(loader, DIAG_WF_MISSING_ATTRIBUTE, &place, "rk:require", "state", NULL);
  requirement->extension = load_extension(loader, node, state, NULL);
  requirement->test = test ? loader_expr(loader, test, place) : NULL;
  requirement->each = each ? loader_expr(loader, each, place) : NULL;
  requirement->second_person = loader_attr(loader, node, "second-person");
  requirement->of_event = mentions_event(node);
  requirement->message = loader_attr(loader, node, "message");
  requirement->message_en = loader_attr(loader, node, "message-en");
  if (test && !requirement->message)
    loader_fault(loader, DIAG_WF_MISSING_ATTRIBUTE, &place, "rk:require", "message", NULL);
  return requirement;
}

/* ---------------------------------------------------------------------- blocks */

/* ---------------------------------------------------------------------- asks */

static gboolean is_yes(const char *word) {
  return g_strcmp0(word, "yes") == 0;
}

static void add_ask(Loader *loader, const xmlNode *node, MachineAsk ask, GArray *list) {
  DiagPlace place = xml_place(node);
  static const char *const types[] = {"text", "name", "date", "choice", NULL};
  ask.type = ask.type ? ask.type : "text";
  if (!g_strv_contains(types, ask.type))
    loader_fault(loader, DIAG_WF_BAD_VALUE, &place, "type", ask.type, "text name date choice");
  if (g_str_equal(ask.type, "choice") != (ask.values != NULL))
    loader_fault(loader, DIAG_WF_ASK_VALUES, &place, ask.name, NULL, NULL);
  static const char *const tells[] = {"name", "birth", "insurance", NULL};
  gboolean birth = g_strcmp0(ask.identifies, "birth") == 0;
  if (ask.identifies && !g_strv_contains(tells, ask.identifies))
    loader_fault(loader, DIAG_WF_BAD_VALUE, &place, "identifies", ask.identifies,
                 "name birth insurance");
  else if (ask.identifies && (ask.is_public || birth != g_str_equal(ask.type, "date")))
    loader_fault(loader, DIAG_WF_IDENTIFIES, &place, ask.name, NULL, NULL);
  g_array_append_val(list, ask);
}

void load_ask(Loader *loader, const xmlNode *node, GArray *list) {
  MachineAsk ask = {.name = loader_attr(loader, node, "name"),
                    .title = loader_attr(loader, node, "title"),
                    .title_en = loader_attr(loader, node, "title-en"),
                    .type = loader_attr(loader, node, "type"),
                    .values = loader_attr(loader, node, "values"),
                    .required = !g_str_equal(loader_attr(loader, node, "required")
                                                 ? loader_attr(loader, node, "required")
                                                 : "yes",
                                             "no"),
                    .is_public = is_yes(loader_attr(loader, node, "public"))};
  if (ask.name)
    add_ask(loader, node, ask, list);
}

void load_input(Loader *loader, const xmlNode *node, GArray *list) {
  const char *title = loader_extension_attr(loader, node, "title");
  const char *name = loader_attr(loader, node, "id");
  MachineAsk ask = {.name = name,
                    .title = title ? title : name,
                    .title_en = loader_extension_attr(loader, node, "title-en"),
                    .type = loader_extension_attr(loader, node, "type"),
                    .values = loader_extension_attr(loader, node, "values"),
                    .required = g_str_equal(loader_extension_attr(loader, node, "input"),
                                            "required"),
                    .is_public = is_yes(loader_extension_attr(loader, node, "public")),
                    .identifies = loader_extension_attr(loader, node, "identifies")};
  if (name)
    add_ask(loader, node, ask, list);
}

static void load_attributes(Loader *loader, const xmlNode *node, Action *action) {
  for (guint i = 0; i < G_N_ELEMENTS(attribute_rows); i++) {
    const AttributeRow *row = &attribute_rows[i];
    const char *text = loader_attr(loader, node, row->name);
    action->text[row->attribute] = text;
    if (text && row->expression)
      action->expr[row->attribute] = loader_expr(loader, text, action->place);
  }
}

static Block *load_actions(Loader *loader, xmlNode *first, const State *state, const char *by);

static gboolean ends_branch(const xmlNode *node) {
  return xml_is(node, SCXML_NS, "elseif") || xml_is(node, SCXML_NS, "else");
}

/* The children of <if> up to the next <elseif> or <else>, then the next branch. */
static void load_branches(Loader *loader, xmlNode *node, Action *action, const State *state,
                          const char *by) {
  action->branches = loader_keep(loader, g_array_new(FALSE, FALSE, sizeof(Branch)),
                                 (GDestroyNotify)g_array_unref);
  const xmlNode *head = node;
  xmlNode *child = xml_first_element(node);
  while (head) {
    const char *cond = loader_attr(loader, head, "cond");
    Branch branch = {.cond = cond ? loader_cond(loader, cond, xml_place(head)) : NULL,
                     .body = load_actions(loader, child, state, by)};
    g_array_append_val(action->branches, branch);
    while (child && !ends_branch(child))
      child = xml_next_element(child);
    head = child;
    child = child ? xml_next_element(child) : NULL;
  }
}

/* What is raised or sent has a name, not a descriptor of names. */
static gboolean is_event_name(const char *name) {
  return *name && !strpbrk(name, " \t\r\n*") && *name != '.' && !strstr(name, "..") &&
         !g_str_has_suffix(name, ".");
}

/* What is written and not computed can be judged before anything runs. */
static void check_literals(Loader *loader, const Action *action) {
  const char *event = action->text[A_EVENT], *delay = action->text[A_DELAY];
  const char *type = action->text[A_TYPE];
  Duration duration;
  if (loader->machine->mode != MACHINE_STRICT)
    return;
  if (event && !is_event_name(event))
    loader_fault(loader, DIAG_WF_BAD_EVENT_NAME, &action->place, event, NULL, NULL);
  if (delay && !duration_parse(&duration, delay))
    loader_fault(loader, DIAG_WF_DELAY, &action->place, delay, NULL, NULL);
  if (action->kind != ACTION_ASSIGN || !type || g_strv_contains(datamodel_assign_types, type))
    return;
  g_autofree char *known = g_strjoinv(" ", (char **)datamodel_assign_types);
  loader_fault(loader, DIAG_WF_BAD_VALUE, &action->place, "type", type, known);
}

static void load_details(Loader *loader, xmlNode *node, Action *action, const State *state,
                         const char *by) {
  if (action->kind == ACTION_IF)
    load_branches(loader, node, action, state, by);
  if (action->kind == ACTION_FOREACH) {
    loader_declare(loader, action->text[A_ITEM]);
    loader_declare(loader, action->text[A_INDEX]);
    action->body = load_actions(loader, xml_first_element(node), state, by);
  }
  if (action->kind == ACTION_SEND) {
    g_ptr_array_add(loader->machine->sends, action);
    action->params = load_params(loader, node);
    action->names = load_namelist(loader, action->text[A_NAMELIST], action->place);
    for (xmlNode *child = xml_first_element(node); child; child = xml_next_element(child))
      if (xml_is(child, SCXML_NS, "content"))
        action->content = load_content(loader, child);
  }
  if (action->kind == ACTION_ASSIGN && node->children && !action->text[A_EXPR])
    action->content.holder = node;
}

static Action *load_action(Loader *loader, xmlNode *node, const State *state, const char *by) {
  Action *action = loader_keep(loader, g_new0(Action, 1), g_free);
  action->place = xml_place(node);
  if (xml_in_ns(node, WORKFLOW_NS)) {
    action->kind = ACTION_EXTENSION;
    action->extension = load_extension(loader, node, state, by);
    return action;
  }
  for (guint i = 0; i < G_N_ELEMENTS(action_rows); i++) {
    if (!g_str_equal(action_rows[i].name, (const char *)node->name))
      continue;
    action->kind = action_rows[i].kind;
    load_attributes(loader, node, action);
    check_literals(loader, action);
    load_details(loader, node, action, state, by);
    return action;
  }
  return NULL;
}

static Block *load_actions(Loader *loader, xmlNode *first, const State *state, const char *by) {
  Block *block = loader_array(loader);
  for (xmlNode *child = first; child && !ends_branch(child); child = xml_next_element(child)) {
    gboolean known = xml_in_ns(child, SCXML_NS) || xml_in_ns(child, WORKFLOW_NS);
    if (!known || xml_is(child, WORKFLOW_NS, "require") ||
        xml_is(child, WORKFLOW_NS, "ask"))
      continue;
    Action *action = load_action(loader, child, state, by);
    if (action)
      loader_add(loader, &block, action);
  }
  return block;
}

Block *load_block(Loader *loader, const xmlNode *parent, const State *state, const char *by) {
  return load_actions(loader, xml_first_element(parent), state, by);
}
