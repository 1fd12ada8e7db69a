/* SPDX-License-Identifier: Apache-2.0 */
/* tree.c - XML to formatting objects: the gate of the subset. */
#include "fo/tree.h"

#include "base/xml.h"
#include "fo/value.h"

#include <stddef.h>
#include <string.h>

struct FoTree {
  FoNode *root;
  GPtrArray *nodes;
  GStringChunk *strings;
  gboolean lenient;
  RkDiags *diags; /* while reading only */
};

/* ---------------------------------------------------------------- messages */

static void refuse(FoTree *tree, DiagId error, DiagId warning, const xmlNode *at, const char *name,
                   const char *more, const char *value) {
  DiagPlace place = xml_place(at);
  diags_add(tree->diags, tree->lenient ? warning : error, &place, name, more, value, NULL);
}

static void refuse_property(FoTree *tree, const xmlNode *at, const char *property) {
  refuse(tree, DIAG_FO_PROPERTY, DIAG_FO_PROPERTY_IGNORED, at, (const char *)at->name, property,
         NULL);
}

static void demand(FoTree *tree, const FoNode *node, gboolean condition, const char *what) {
  DiagPlace place = node_place(node);
  if (!condition)
    diags_add(tree->diags, DIAG_FO_REQUIRED, &place, fo_element_name(node->element), what, NULL);
}

/* ------------------------------------------------------------------ traits */

/* Inherited traits are the first members of the struct. */
static FoTraits inherit(const FoTraits *parent) {
  FoTraits traits = *parent;
  traits.own = fo_initial_traits.own;
  return traits;
}

/* XSL 1.1, 5.3.2: a margin moves the border edge, an indent the content edge. */
static void resolve_indents(FoNode *node, const FoTraits *parent) {
  FoTraits *traits = &node->traits;
  const FoLength *margin = traits->own.margin;
  if (node->element != FO_BLOCK && node->element != FO_TABLE)
    return;
  if (margin[SIDE_LEFT].unit != LENGTH_AUTO) {
    double frame = traits->own.border[SIDE_LEFT].width * (traits->own.border[SIDE_LEFT].style > 0);
    traits->start_indent.value = length_points(parent->start_indent, 0) + frame +
                                 length_points(traits->own.padding[SIDE_LEFT], 0) +
                                 length_points(margin[SIDE_LEFT], 0);
    traits->start_indent.unit = LENGTH_POINTS;
  }
  if (margin[SIDE_RIGHT].unit != LENGTH_AUTO) {
    double frame =
        traits->own.border[SIDE_RIGHT].width * (traits->own.border[SIDE_RIGHT].style > 0);
    traits->end_indent.value = length_points(parent->end_indent, 0) + frame +
                               length_points(traits->own.padding[SIDE_RIGHT], 0) +
                               length_points(margin[SIDE_RIGHT], 0);
    traits->end_indent.unit = LENGTH_POINTS;
  }
}

static void apply_property(FoTree *tree, FoNode *node, const FoProperty *property) {
  g_autofree char *value = xml_attr(node->xml, property->name);
  if (!value || !(property->elements & FO_BIT(node->element)))
    return;
  if (!value_apply(&node->traits, property, value, tree->strings))
    refuse(tree, DIAG_FO_VALUE, DIAG_FO_VALUE_IGNORED, node->xml, (const char *)node->xml->name,
           property->name, value);
}

static void check_extension(FoTree *tree, FoNode *node, const xmlAttr *attribute) {
  g_autofree char *value = xml_attr_ns(node->xml, FO_EXTENSION_NS, (const char *)attribute->name);
  if (!strcmp((const char *)attribute->name, "fit") && node->element == FO_BLOCK &&
      !strcmp(value, "shrink"))
    node->traits.own.shrink = TRUE;
  else if (!strcmp((const char *)attribute->name, "spare") && node->element == FO_TABLE_ROW &&
           !strcmp(value, "yes"))
    node->traits.own.spare = TRUE;
  else if (!strcmp((const char *)attribute->name, "field") && *value &&
           (node->element == FO_BLOCK || node->element == FO_INLINE))
    node->traits.own.field = g_string_chunk_insert(tree->strings, value);
  else
    refuse_property(tree, node->xml, (const char *)attribute->name);
}

/* Other namespaces' attributes pass: the Recommendation allows them. */
static void check_attributes(FoTree *tree, FoNode *node) {
  for (const xmlAttr *a = node->xml->properties; a; a = a->next) {
    const char *name = (const char *)a->name;
    if (a->ns) {
      if (!strcmp((const char *)a->ns->href, FO_EXTENSION_NS))
        check_extension(tree, node, a);
      continue;
    }
    const FoProperty *property = fo_property_find(name);
    if (!property || !(property->elements & FO_BIT(node->element)))
      refuse_property(tree, node->xml, name);
  }
}

static void read_traits(FoTree *tree, FoNode *node) {
  const FoTraits *parent = node->parent ? &node->parent->traits : &fo_initial_traits;
  node->traits = inherit(parent);
  if (node->element == FO_REGION_BODY || node->element == FO_SIMPLE_PAGE_MASTER)
    node->traits.start_indent = node->traits.end_indent = (FoLength){0, LENGTH_POINTS};
  check_attributes(tree, node);
  for (guint i = 0; i < fo_n_properties; i++)
    apply_property(tree, node, &fo_properties[i]);
  resolve_indents(node, parent);
}

/* ---------------------------------------------------------------- children */

static FoNode *add_node(FoTree *tree, FoNode *parent, FoElement element, const xmlNode *xml) {
  FoNode *node = g_new0(FoNode, 1);
  node->element = element;
  node->parent = parent;
  node->xml = xml;
  node->children = g_ptr_array_new();
  g_ptr_array_add(tree->nodes, node);
  if (parent)
    g_ptr_array_add(parent->children, node);
  return node;
}

static void add_text(FoTree *tree, FoNode *parent, const xmlNode *xml) {
  const char *text = (const char *)xml->content;
  if (!text || !*text)
    return;
  if (!fo_element_has_text(parent->element)) {
    DiagPlace place = node_place(parent);
    if (strspn(text, " \t\r\n") != strlen(text))
      diags_add(tree->diags, DIAG_FO_STRAY_TEXT, &place, fo_element_name(parent->element), NULL);
    return;
  }
  FoNode *node = add_node(tree, parent, FO_TEXT, parent->xml);
  node->traits = inherit(&parent->traits);
  node->text = g_string_chunk_insert(tree->strings, text);
}

static void read_children(FoTree *tree, FoNode *node);

static void add_element(FoTree *tree, FoNode *parent, const xmlNode *xml) {
  const char *name = (const char *)xml->name;
  if (parent->element == FO_INSTREAM_FOREIGN_OBJECT && xml_is(xml, FO_SVG_NS, "svg")) {
    svg_check(xml, tree->lenient, tree->diags);
    return;
  }
  if (parent->element == FO_INSTREAM_FOREIGN_OBJECT && xml_is(xml, FO_EXTENSION_NS, "qr")) {
    qr_check(xml, tree->lenient, tree->diags);
    return;
  }
  FoElement element = xml_in_ns(xml, FO_NS) ? fo_element_find(name) : FO_N_ELEMENTS;
  if (element == FO_N_ELEMENTS)
    refuse(tree, DIAG_FO_ELEMENT, DIAG_FO_ELEMENT_IGNORED, xml, name, NULL, NULL);
  else if (!(fo_element_content(parent->element) & FO_BIT(element)))
    refuse(tree, DIAG_FO_MISPLACED, DIAG_FO_MISPLACED_IGNORED, xml, name,
           fo_element_name(parent->element), NULL);
  else {
    FoNode *node = add_node(tree, parent, element, xml);
    read_traits(tree, node);
    read_children(tree, node);
  }
}

static void read_children(FoTree *tree, FoNode *node) {
  for (const xmlNode *child = node->xml->children; child; child = child->next) {
    if (child->type == XML_ELEMENT_NODE)
      add_element(tree, node, child);
    else if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE)
      add_text(tree, node, child);
  }
}

/* ------------------------------------------------------------- completeness */

static gboolean has(const FoNode *node, const char *attribute) {
  g_autofree char *value = xml_attr(node->xml, attribute);
  return value != NULL;
}

/* Other formatters refuse what stands out of order; so it is no order to rely on. */
static void check_order(FoTree *tree, const FoNode *node) {
  FoElement last = FO_TEXT;
  guint64 seen = 0;
  for (guint i = 0; i < node->children->len; i++) {
    const FoNode *child = node_child(node, i);
    DiagPlace place = node_place(child);
    const char *name = fo_element_name(child->element);
    if (fo_element_once(child->element) && seen & FO_BIT(child->element))
      diags_add(tree->diags, DIAG_FO_TWICE, &place, fo_element_name(node->element), name, NULL);
    else if (fo_element_ordered(node->element) && child->element < last)
      diags_add(tree->diags, DIAG_FO_ORDER, &place, name, fo_element_name(last), NULL);
    seen |= FO_BIT(child->element);
    last = MAX(last, child->element);
  }
}

static void require_content(FoTree *tree, const FoNode *node) {
  static const struct {
    FoElement child;
    const char *name;
  } kinds[] = {{FO_TABLE_ROW, "table-row"}, {FO_TABLE_CELL, "table-cell"}, {FO_BLOCK, "block"}};
  const char *wanted = "";
  if (!fo_element_needs_content(node->element) || node->children->len)
    return;
  for (guint i = 0; i < G_N_ELEMENTS(kinds) && !*wanted; i++)
    if (fo_element_content(node->element) & FO_BIT(kinds[i].child))
      wanted = kinds[i].name;
  demand(tree, node, FALSE, wanted);
}

static void require_table(FoTree *tree, const FoNode *node) {
  demand(tree, node, has(node, "table-layout"), "table-layout=\"fixed\"");
  demand(tree, node, has(node, "border-collapse"), "border-collapse");
  demand(tree, node, node_find(node, FO_TABLE_COLUMN) != NULL, "table-column");
  demand(tree, node, node_find(node, FO_TABLE_BODY) != NULL, "table-body");
}

/* XSL 1.1, 6.7.3: with separate borders only cells and the table have some. */
static void require_row(FoTree *tree, const FoNode *row) {
  const FoNode *table = row->parent->parent;
  gboolean bordered = FALSE;
  for (guint side = 0; side < 4; side++)
    bordered |= row->traits.own.border[side].style != LINE_NONE;
  if (bordered && table->traits.own.separate)
    refuse_property(tree, row->xml, "border");
}

static void require_container(FoTree *tree, const FoNode *node) {
  demand(tree, node, has(node, "absolute-position"), "absolute-position=\"fixed\"");
  demand(tree, node, has(node, "left") || has(node, "right"), "left or right");
  demand(tree, node, has(node, "top") || has(node, "bottom"), "top or bottom");
  demand(tree, node, node->traits.own.width.unit == LENGTH_POINTS, "width as a length");
}

static void require_page_master(FoTree *tree, const FoNode *node) {
  demand(tree, node, has(node, "page-width"), "page-width");
  demand(tree, node, has(node, "page-height"), "page-height");
  demand(tree, node, has(node, "master-name"), "master-name");
  demand(tree, node, node_find(node, FO_REGION_BODY) != NULL, "region-body");
}

static void require(FoTree *tree, const FoNode *node) {
  switch (node->element) {
  case FO_ROOT:
    demand(tree, node, node_find(node, FO_LAYOUT_MASTER_SET) != NULL, "layout-master-set");
    demand(tree, node, node_find(node, FO_PAGE_SEQUENCE) != NULL, "page-sequence");
    break;
  case FO_SIMPLE_PAGE_MASTER: require_page_master(tree, node); break;
  case FO_REGION_BEFORE:
  case FO_REGION_AFTER: demand(tree, node, has(node, "extent"), "extent"); break;
  case FO_PAGE_SEQUENCE:
    demand(tree, node, has(node, "master-reference"), "master-reference");
    demand(tree, node, node_find(node, FO_FLOW) != NULL, "flow");
    /* With "auto" a formatter may insert an empty page between two forms. */
    demand(tree, node, has(node, "force-page-count"), "force-page-count=\"no-force\"");
    break;
  case FO_STATIC_CONTENT:
  case FO_FLOW: demand(tree, node, has(node, "flow-name"), "flow-name"); break;
  case FO_BLOCK_CONTAINER: require_container(tree, node); break;
  case FO_TABLE: require_table(tree, node); break;
  case FO_TABLE_ROW: require_row(tree, node); break;
  case FO_TABLE_COLUMN: demand(tree, node, has(node, "column-width"), "column-width"); break;
  case FO_PAGE_NUMBER_CITATION_LAST: demand(tree, node, has(node, "ref-id"), "ref-id"); break;
  case FO_EXTERNAL_GRAPHIC:
    demand(tree, node, has(node, "src"), "src");
    demand(tree, node, has(node, "content-width") || has(node, "content-height"),
           "content-width or content-height");
    break;
  case FO_INSTREAM_FOREIGN_OBJECT:
    demand(tree, node, xml_first_element(node->xml) != NULL, "svg or k:qr");
    break;
  default: break;
  }
}

/* ------------------------------------------------------------------ public */

static void free_node(gpointer data) {
  FoNode *node = data;
  g_ptr_array_unref(node->children);
  g_free(node);
}

static gboolean read_root(FoTree *tree, xmlDoc *doc) {
  const xmlNode *xml = xmlDocGetRootElement(doc);
  if (!xml || !xml_is(xml, FO_NS, "root")) {
    DiagPlace place = {(const char *)doc->URL, 1, 1};
    if (xml)
      place = xml_place(xml);
    diags_add(tree->diags, DIAG_FO_NOT_FO, &place, xml ? (const char *)xml->name : "", NULL);
    return FALSE;
  }
  tree->root = add_node(tree, NULL, FO_ROOT, xml);
  read_traits(tree, tree->root);
  read_children(tree, tree->root);
  for (guint i = 0; i < tree->nodes->len; i++) {
    const FoNode *node = g_ptr_array_index(tree->nodes, i);
    if (node->element == FO_TEXT)
      continue;
    require(tree, node);
    require_content(tree, node);
    check_order(tree, node);
  }
  return TRUE;
}

RkStatus tree_new(FoTree **out, xmlDoc *doc, gboolean lenient, RkDiags *diags) {
  g_autoptr(RkDiags) found = rk_diags_new();
  g_autoptr(FoTree) tree = g_new0(FoTree, 1);
  tree->nodes = g_ptr_array_new_with_free_func(free_node);
  tree->strings = g_string_chunk_new(4096);
  tree->lenient = lenient;
  tree->diags = found;
  *out = NULL;
  gboolean good = read_root(tree, doc) && !rk_diags_has_errors(found);
  tree->diags = NULL;
  diags_take_all(diags, found);
  if (!good)
    return RK_INVALID;
  *out = g_steal_pointer(&tree);
  return RK_OK;
}

void tree_free(FoTree *tree) {
  if (!tree)
    return;
  g_ptr_array_unref(tree->nodes);
  g_string_chunk_free(tree->strings);
  g_free(tree);
}

const FoNode *tree_root(const FoTree *tree) {
  return tree->root;
}

FoNode *node_child(const FoNode *node, guint index) {
  return g_ptr_array_index(node->children, index);
}

FoNode *node_find(const FoNode *node, FoElement element) {
  for (guint i = 0; i < node->children->len; i++)
    if (node_child(node, i)->element == element)
      return node_child(node, i);
  return NULL;
}

DiagPlace node_place(const FoNode *node) {
  return xml_place(node->xml);
}

int node_heading(const FoNode *node) {
  const char *role = node->traits.own.role;
  gboolean heading = role && role[0] == 'H' && role[1] >= '1' && role[1] <= '6' && !role[2];
  return heading ? role[1] - '0' : 0;
}

const char *node_field(const FoNode *node) {
  for (; node; node = node->parent)
    if (node->traits.own.field)
      return node->traits.own.field;
  return NULL;
}

const char *node_label(const FoNode *node) {
  for (; node; node = node->parent) {
    const char *id = node->traits.own.id, *role = node->traits.own.role;
    if (node->traits.own.field)
      return node->traits.own.field;
    if (id || (role && !node_heading(node)))
      return id ? id : role;
  }
  return "-";
}
