/* SPDX-License-Identifier: Apache-2.0 */
/* load_invoke.c - <invoke> and the documents that stand inside it. */
#include "machine/machine_int.h"

#include "base/xml.h"

gboolean invoke_knows_type(const char *type) {
  static const char *const types[] = {"scxml", "http://www.w3.org/TR/scxml",
                                      "http://www.w3.org/TR/scxml/", NULL};
  return !type || g_strv_contains(types, type);
}

static gboolean has(const xmlNode *node, const char *name) {
  return xmlHasProp((xmlNode *)node, (const xmlChar *)name) != NULL;
}

static xmlNode *child_named(const xmlNode *node, const char *name) {
  xmlNode *child = xml_first_element(node);
  while (child && !xml_is(child, SCXML_NS, name))
    child = xml_next_element(child);
  return child;
}

/* 6.5.2: nothing in <finalize> raises events or acts outside, however deep it stands. */
static void refuse_acts(Loader *loader, const xmlNode *node) {
  for (xmlNode *child = xml_first_element(node); child; child = xml_next_element(child)) {
    const char *name = (const char *)child->name;
    gboolean sends = xml_in_ns(child, SCXML_NS) &&
                     (g_str_equal(name, "send") || g_str_equal(name, "raise"));
    DiagPlace place = xml_place(child);
    if (sends || xml_in_ns(child, WORKFLOW_NS))
      loader_fault(loader, DIAG_WF_FINALIZE, &place, name, NULL, NULL);
    refuse_acts(loader, child);
  }
}

/* The document comes from one place. In lenient mode a faulty one is an error when it is invoked. */
static void load_document(Loader *loader, xmlNode *node, Invoke *invoke) {
  const xmlNode *content = child_named(node, "content");
  xmlNode *inner = content && !has(content, "expr") ? child_named(content, "scxml") : NULL;
  if (content)
    invoke->content = load_content(loader, content);
  if (inner)
    invoke->child = load_inline(loader, inner);
  gboolean from_content = inner || invoke->content.expr;
  gboolean one = from_content + has(node, "src") + has(node, "srcexpr") == 1;
  if (loader->machine->mode == MACHINE_STRICT && (!one || (content && !from_content)))
    loader_fault(loader, DIAG_WF_INVOKE, &invoke->place, NULL, NULL, NULL);
}

static gboolean flag(Loader *loader, const Invoke *invoke, const char *name, const char *value) {
  gboolean yes = g_strcmp0(value, "true") == 0;
  if (value && !yes && !g_str_equal(value, "false"))
    loader_fault(loader, DIAG_WF_BAD_VALUE, &invoke->place, name, value, "true false");
  return yes;
}

static void check_type(Loader *loader, const Invoke *invoke) {
  if (loader->machine->mode == MACHINE_STRICT && !invoke_knows_type(invoke->type))
    loader_fault(loader, DIAG_WF_BAD_VALUE, &invoke->place, "type", invoke->type, "scxml");
}

static Expr *load_expr(Loader *loader, const xmlNode *node, const char *name) {
  const char *text = loader_attr(loader, node, name);
  return text ? loader_expr(loader, text, xml_place(node)) : NULL;
}

Invoke *load_invoke(Loader *loader, xmlNode *node, const State *state) {
  Invoke *invoke = loader_keep(loader, g_new0(Invoke, 1), g_free);
  const xmlNode *finalize = child_named(node, "finalize");
  const char *namelist = loader_attr(loader, node, "namelist");
  invoke->number = loader->machine->invokes->len;
  g_ptr_array_add(loader->machine->invokes, invoke);
  invoke->state = state;
  invoke->place = xml_place(node);
  invoke->type = loader_attr(loader, node, "type");
  invoke->source = loader_attr(loader, node, "src");
  invoke->id = loader_attr(loader, node, "id");
  invoke->type_expr = load_expr(loader, node, "typeexpr");
  invoke->source_expr = load_expr(loader, node, "srcexpr");
  invoke->id_location = load_expr(loader, node, "idlocation");
  invoke->autoforward =
      flag(loader, invoke, "autoforward", loader_attr(loader, node, "autoforward"));
  invoke->params = load_params(loader, node);
  invoke->names = load_namelist(loader, namelist, invoke->place);
  invoke->finalize = finalize ? load_block(loader, finalize, state, NULL) : NULL;
  if (finalize)
    refuse_acts(loader, finalize);
  check_type(loader, invoke);
  load_document(loader, node, invoke);
  return invoke;
}
