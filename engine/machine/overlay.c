/* SPDX-License-Identifier: Apache-2.0 */
/*
 * overlay.c - see overlay.h. RFC 5261, with three differences: an operation may put in several
 * elements, declares no namespaces, and leaves a comment with its name and place, so that
 * who reads the flattened document sees where a line came from.
 *
 * Unprefixed names in sel mean SCXML (RFC 5261, 4.2.2): while an overlay is applied, the
 * elements of the base stand without their namespace, which `bare` remembers. What is taken
 * out stays allocated until the end, because `bare` points to it.
 */
#include "machine/overlay.h"

#include "base/shape.h"
#include "base/xml.h"
#include "machine/machine.h"

#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <string.h>

#define DEPTH_LIMIT 8 /* overlays of overlays; more is a circle */
#define XPATH_OPERATIONS 1000000

static const ShapeElement elements[] = {
    {"overlay", NULL, "base! name!", SHAPE_ELEMENTS},
    {"with", "overlay", "name! value!", SHAPE_ELEMENTS},
    {"rename", "overlay", "from! to! in=words", SHAPE_ELEMENTS},
    {"change", "overlay", "title! title-en source inferred", SHAPE_ELEMENTS},
    {"add", "change", "sel! pos=before|after|prepend type", SHAPE_ANYTHING},
    {"replace", "change", "sel!", SHAPE_ANYTHING},
    {"remove", "change", "sel!", SHAPE_ELEMENTS},
};

static const Shape shape = {WORKFLOW_NS,
                            elements,
                            G_N_ELEMENTS(elements),
                            DIAG_WF_OVERLAY_ELEMENT,
                            DIAG_WF_OVERLAY_ELEMENT,
                            DIAG_WF_OVERLAY_ATTRIBUTE,
                            DIAG_WF_MISSING_ATTRIBUTE,
                            DIAG_WF_OVERLAY_VALUE,
                            DIAG_WF_STRAY_TEXT};

typedef struct {
  xmlDoc *doc;              /* the base, being changed */
  const xmlNode *overlay;
  xmlXPathContext *context;
  GHashTable *bare;         /* xmlNode * → xmlNs * */
  GPtrArray *removed;       /* xmlNode * */
  RkDiags *diags;
  gboolean failed;
} Flattening;

gboolean overlay_is(const xmlNode *root) {
  return xml_is(root, WORKFLOW_NS, "overlay");
}

static void fault(Flattening *own, DiagId id, const xmlNode *node, const char *a, const char *b) {
  DiagPlace place = xml_place(node);
  diags_add(own->diags, id, &place, a, b ? b : "", NULL);
  own->failed = TRUE;
}

/* --------------------------------------------------------------- selecting */

static void make_bare(Flattening *own, xmlNode *node) {
  if (xml_in_ns(node, SCXML_NS)) {
    g_hash_table_insert(own->bare, node, node->ns);
    node->ns = NULL;
  }
  for (xmlNode *child = xml_first_element(node); child; child = xml_next_element(child))
    make_bare(own, child);
}

static void dress(gpointer node, gpointer ns, gpointer unused) {
  (void)unused;
  ((xmlNode *)node)->ns = ns;
}

/* Prefixes mean what they mean where the operation stands. */
static void register_prefixes(Flattening *own, const xmlNode *operation) {
  xmlNs **list = xmlGetNsList(operation->doc, operation);
  for (guint i = 0; list && list[i]; i++)
    if (list[i]->prefix)
      xmlXPathRegisterNs(own->context, list[i]->prefix, list[i]->href);
  xmlFree(list);
}

static xmlNode *select_one(Flattening *own, const xmlNode *operation) {
  g_autofree char *sel = xml_attr(operation, "sel");
  register_prefixes(own, operation);
  own->context->node = xmlDocGetRootElement(own->doc);
  xmlXPathObject *result = xmlXPathEvalExpression((const xmlChar *)sel, own->context);
  xmlXPathRegisteredNsCleanup(own->context);
  xmlNode *node = NULL;
  if (!result || result->type != XPATH_NODESET) {
    fault(own, DIAG_WF_OVERLAY_SELECTOR, operation, sel, NULL);
  } else if (xmlXPathNodeSetGetLength(result->nodesetval) != 1) {
    g_autofree char *count = g_strdup_printf("%d", xmlXPathNodeSetGetLength(result->nodesetval));
    fault(own, DIAG_WF_OVERLAY_SELECTED, operation, sel, count);
  } else {
    node = xmlXPathNodeSetItem(result->nodesetval, 0);
  }
  xmlXPathFreeObject(result);
  if (node && node->type != XML_ELEMENT_NODE && node->type != XML_ATTRIBUTE_NODE) {
    fault(own, DIAG_WF_OVERLAY_SELECTOR, operation, sel, NULL);
    node = NULL;
  }
  return node;
}

/* ---------------------------------------------------------------- changing */

static xmlNode *new_line(const xmlNode *parent, int less) {
  g_autoptr(GString) text = g_string_new("\n");
  for (; parent && parent->type == XML_ELEMENT_NODE; parent = parent->parent)
    if (less-- <= 0)
      g_string_append(text, "  ");
  return xmlNewText((const xmlChar *)text->str);
}

static gboolean is_blank(const xmlNode *node) {
  return node && node->type == XML_TEXT_NODE && xmlIsBlankNode((xmlNode *)node);
}

/* Data is not commented on, nor its spaces changed: that would become part of it. */
static gboolean is_data(const xmlNode *node) {
  static const char *const holders[] = {"data", "content", "assign", NULL};
  gboolean found = FALSE;
  for (; node && node->type == XML_ELEMENT_NODE && !found; node = node->parent)
    found = g_strv_contains(holders, (const char *)node->name);
  return found;
}

/* Into `parent`, before `next` or at the end, on a line of its own. */
static void put(xmlNode *parent, xmlNode *next, xmlNode *node) {
  if (is_data(parent)) {
    next ? xmlAddPrevSibling(next, node) : xmlAddChild(parent, node);
    return;
  }
  if (next) {
    xmlAddPrevSibling(next, node);
    xmlAddPrevSibling(next, new_line(parent, 0));
    return;
  }
  gboolean closes = is_blank(parent->last);
  if (closes)
    xmlAddPrevSibling(parent->last, node);
  else
    xmlAddChild(parent, node);
  if (!is_blank(node->prev))
    xmlAddPrevSibling(node, new_line(parent, 0));
  if (!closes)
    xmlAddNextSibling(node, new_line(parent, 1));
}

/* Below `node`, which stands where it belongs: lines begin as deep as their elements are. */
static void indent(xmlNode *node) {
  if (is_data(node))
    return;
  for (xmlNode *child = node->children; child; child = child->next) {
    if (child->type == XML_ELEMENT_NODE)
      indent(child);
    if (!is_blank(child) || !strchr((const char *)child->content, '\n'))
      continue;
    xmlNode *line = new_line(node, child->next ? 0 : 1);
    xmlNodeSetContent(child, line->content);
    xmlFreeNode(line);
  }
}

/* " town.overlay.xml:12: title (source) " */
static xmlNode *comment_on(const Flattening *own, const xmlNode *operation) {
  DiagPlace place = xml_place(operation);
  g_autofree char *file = g_path_get_basename(place.file);
  g_autofree char *title = xml_attr(operation->parent, "title");
  g_autofree char *source = xml_attr(operation->parent, "source");
  g_autoptr(GString) text = g_string_new(NULL);
  g_string_printf(text, " %s:%d: %s%s%s%s ", file, place.line, title, source ? " (" : "",
                  source ? source : "", source ? ")" : "");
  g_string_replace(text, "--", "- -", 0);
  return xmlNewDocComment(own->doc, (const xmlChar *)text->str);
}

static void remark(Flattening *own, const xmlNode *operation, xmlNode *parent, xmlNode *next) {
  if (!is_data(parent))
    put(parent, next, comment_on(own, operation));
}

/* What the operation holds, before `next` or at the end. */
static void put_content(Flattening *own, const xmlNode *operation, xmlNode *parent,
                        xmlNode *next) {
  if (!xml_first_element(operation)) {
    fault(own, DIAG_WF_OVERLAY_EMPTY, operation, (const char *)operation->name, NULL);
    return;
  }
  remark(own, operation, parent, next);
  for (const xmlNode *child = operation->children; child; child = child->next) {
    if (child->type != XML_ELEMENT_NODE && child->type != XML_COMMENT_NODE)
      continue;
    xmlNode *copy = xml_clone(child, parent);
    if (child->type == XML_ELEMENT_NODE)
      make_bare(own, copy);
    put(parent, next, copy);
    if (child->type == XML_ELEMENT_NODE)
      indent(copy);
  }
}

static void take_out(Flattening *own, xmlNode *node) {
  xmlNode *before = node->prev;
  if (is_blank(before) && (is_blank(node->next) || !node->next)) {
    xmlUnlinkNode(before);
    xmlFreeNode(before);
  }
  xmlUnlinkNode(node);
  g_ptr_array_add(own->removed, node);
}

/* The value an operation gives to an attribute of `element`, which counts as written here now. */
static void set_attribute(Flattening *own, const xmlNode *operation, xmlNode *element, xmlNs *ns,
                          const char *name) {
  g_autofree char *value = xml_text(operation);
  DiagPlace place = xml_place(operation);
  xmlSetNsProp(element, ns, (const xmlChar *)name, (const xmlChar *)value);
  xml_set_place(element, &place);
  if (element->parent->type == XML_ELEMENT_NODE)
    remark(own, operation, element->parent, element);
}

/* type="@name": an attribute is added, not an element. */
static void add_attribute(Flattening *own, const xmlNode *operation, xmlNode *element,
                          const char *type) {
  const char *name = type + (*type == '@');
  const char *colon = strchr(name, ':');
  g_autofree char *prefix = colon ? g_strndup(name, (gsize)(colon - name)) : NULL;
  const char *local = colon ? colon + 1 : name;
  xmlNs *ns = prefix ? xmlSearchNs(own->doc, element, (const xmlChar *)prefix) : NULL;
  if (*type != '@' || xmlValidateNCName((const xmlChar *)local, 0) != 0 || (prefix && !ns))
    fault(own, DIAG_WF_OVERLAY_TYPE, operation, type, NULL);
  else if (xmlHasNsProp(element, (const xmlChar *)local, ns ? ns->href : NULL))
    fault(own, DIAG_WF_OVERLAY_PRESENT, operation, name, NULL);
  else
    set_attribute(own, operation, element, ns, local);
}

static void add(Flattening *own, const xmlNode *operation, xmlNode *node) {
  g_autofree char *type = xml_attr(operation, "type"), *pos = xml_attr(operation, "pos");
  gboolean beside = pos && !g_str_equal(pos, "prepend");
  g_autofree char *sel = xml_attr(operation, "sel");
  if (node->type != XML_ELEMENT_NODE || (beside && node->parent->type != XML_ELEMENT_NODE))
    fault(own, DIAG_WF_OVERLAY_PLACE, operation, sel, NULL);
  else if (type)
    add_attribute(own, operation, node, type);
  else if (!pos)
    put_content(own, operation, node, NULL);
  else if (!beside)
    put_content(own, operation, node, xml_first_element(node));
  else
    put_content(own, operation, node->parent,
                g_str_equal(pos, "before") ? node : xml_next_element(node));
}

static void replace(Flattening *own, const xmlNode *operation, xmlNode *node) {
  if (node->type == XML_ATTRIBUTE_NODE) {
    xmlNode *element = node->parent;
    xmlNs *ns = node->ns;
    g_autofree char *name = g_strdup((const char *)node->name);
    set_attribute(own, operation, element, ns, name);
    return;
  }
  put_content(own, operation, node->parent, node);
  take_out(own, node);
}

static void take_away(Flattening *own, const xmlNode *operation, xmlNode *node) {
  xmlNode *element = node->type == XML_ATTRIBUTE_NODE ? node->parent : node;
  DiagPlace place = xml_place(operation);
  if (element->parent->type == XML_ELEMENT_NODE)
    remark(own, operation, element->parent, element);
  if (element == node) {
    take_out(own, node);
    return;
  }
  xml_set_place(element, &place);
  xmlRemoveProp((xmlAttr *)node);
}

static void operate(Flattening *own, const xmlNode *operation) {
  xmlNode *node = select_one(own, operation);
  if (!node)
    return;
  g_autofree char *sel = xml_attr(operation, "sel");
  if (xml_is(operation, WORKFLOW_NS, "add"))
    add(own, operation, node);
  else if (node == xmlDocGetRootElement(own->doc))
    fault(own, DIAG_WF_OVERLAY_PLACE, operation, sel, NULL);
  else if (xml_is(operation, WORKFLOW_NS, "replace"))
    replace(own, operation, node);
  else
    take_away(own, operation, node);
}

/* ---------------------------------------------------------------- the whole */

/* The overlay's own name and words take the place of the base's. */
static void take_words(Flattening *own) {
  xmlNode *root = xmlDocGetRootElement(own->doc);
  DiagPlace place = xml_place(own->overlay);
  for (const xmlAttr *a = own->overlay->properties; a; a = a->next) {
    if (g_str_equal((const char *)a->name, "base") && !a->ns)
      continue;
    g_autofree char *value = a->ns ? xml_attr_ns(own->overlay, (const char *)a->ns->href,
                                                 (const char *)a->name)
                                   : xml_attr(own->overlay, (const char *)a->name);
    xmlNs *ns = a->ns ? xmlSearchNsByHref(own->doc, root, a->ns->href) : NULL;
    if (a->ns && (!ns || !ns->prefix))
      ns = xmlNewNs(root, a->ns->href, a->ns->prefix);
    xmlSetNsProp(root, ns, a->name, (const xmlChar *)value);
  }
  xml_set_place(root, &place);
}

/* A change is named: why it is there stands in a handbook, or is marked as inferred. */
static void apply_change(Flattening *own, const xmlNode *change) {
  if (!xmlHasProp((xmlNode *)change, (const xmlChar *)"source") &&
      !xmlHasProp((xmlNode *)change, (const xmlChar *)"inferred"))
    fault(own, DIAG_WF_OVERLAY_REASON, change, "", NULL);
  for (const xmlNode *child = xml_first_element(change); child; child = xml_next_element(child))
    operate(own, child);
}

static void silent(void *user, xmlErrorPtr error) {
  (void)user, (void)error;
}

static gboolean apply(xmlDoc *base, const xmlNode *overlay, RkDiags *diags) {
  g_autoptr(GHashTable) bare = g_hash_table_new(NULL, NULL);
  g_autoptr(GPtrArray) removed = g_ptr_array_new_with_free_func((GDestroyNotify)xmlFreeNode);
  Flattening own = {base, overlay, xmlXPathNewContext(base), bare, removed, diags, FALSE};
  own.context->opLimit = XPATH_OPERATIONS;
  own.context->error = silent;
  take_words(&own);
  make_bare(&own, xmlDocGetRootElement(base));
  for (const xmlNode *child = xml_first_element(overlay); child; child = xml_next_element(child))
    if (xml_is(child, WORKFLOW_NS, "change"))
      apply_change(&own, child);
  g_hash_table_foreach(bare, dress, NULL);
  xmlXPathFreeContext(own.context);
  return !own.failed;
}

/* "../base/stop.base.xml" seen from the overlay's folder. NULL: not a place beside it. */
static char *base_path(const char *path, const char *base) {
  g_autofree char *folder = g_path_get_dirname(path);
  if (g_path_is_absolute(base))
    return NULL;
  while (g_str_has_prefix(base, "../") && !g_str_equal(folder, ".") &&
         !g_str_has_suffix(folder, "..")) {
    char *up = g_path_get_dirname(folder);
    g_free(folder);
    folder = up;
    base += strlen("../");
  }
  return g_str_equal(folder, ".") ? g_strdup(base) : g_build_filename(folder, base, NULL);
}

static RkStatus flatten(xmlDoc **out, const char *path, guint depth, RkDiags *diags);

static RkStatus flatten_overlay(xmlDoc **out, const xmlNode *overlay, const char *path,
                                guint depth, RkDiags *diags) {
  DiagPlace place = xml_place(overlay);
  g_autoptr(xmlDoc) base = NULL;
  if (!shape_check(&shape, overlay, diags))
    return RK_INVALID;
  g_autofree char *name = xml_attr(overlay, "base");
  g_autofree char *file = base_path(path, name);
  if (!file || !g_file_test(file, G_FILE_TEST_IS_REGULAR))
    return diags_fail(diags, RK_INVALID, DIAG_WF_OVERLAY_BASE, &place, name, NULL);
  if (depth >= DEPTH_LIMIT)
    return diags_fail(diags, RK_INVALID, DIAG_WF_OVERLAY_DEPTH, &place, name, NULL);
  RkStatus status = flatten(&base, file, depth + 1, diags);
  if (status != RK_OK)
    return status;
  if (!xml_is(xmlDocGetRootElement(base), SCXML_NS, "scxml"))
    return diags_fail(diags, RK_INVALID, DIAG_WF_OVERLAY_BASE, &place, name, NULL);
  xml_rename(base, path);
  gboolean good = template_fill(base, overlay, diags);
  /* Without its new names the base is not what the changes were written for. */
  good = rename_apply(base, overlay, diags) && apply(base, overlay, diags) && good;
  if (!good)
    return RK_INVALID;
  *out = g_steal_pointer(&base);
  return RK_OK;
}

static RkStatus flatten(xmlDoc **out, const char *path, guint depth, RkDiags *diags) {
  g_autoptr(xmlDoc) doc = NULL;
  *out = NULL;
  RkStatus status = xml_read_file(&doc, path, XML_LIMIT_DEFINITION, diags);
  if (status != RK_OK)
    return status;
  const xmlNode *root = xmlDocGetRootElement(doc);
  DiagPlace place = xml_place(root);
  if (overlay_is(root))
    return flatten_overlay(out, root, path, depth, diags);
  if (depth == 0 && template_is(root))
    return diags_fail(diags, RK_INVALID, DIAG_WF_TEMPLATE, &place, NULL);
  *out = g_steal_pointer(&doc);
  return RK_OK;
}

RkStatus overlay_flatten(xmlDoc **out, const char *path, RkDiags *diags) {
  return flatten(out, path, 0, diags);
}
