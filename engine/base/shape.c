/* SPDX-License-Identifier: Apache-2.0 */
/* shape.c - see shape.h. */
#include "base/shape.h"

#include "base/text.h"
#include "base/xml.h"

#include <string.h>

/* The entry for `node` below `parent`; elements of one name may differ by parent. */
static const ShapeElement *find(const Shape *shape, const xmlNode *node, const char *parent) {
  for (guint i = 0; i < shape->n_elements; i++) {
    const ShapeElement *element = &shape->elements[i];
    if (!xml_is(node, shape->ns, element->name) || !parent != !element->parents)
      continue;
    if (!parent || text_find_word(element->parents, parent))
      return element;
  }
  return NULL;
}

static gboolean check_value(const Shape *shape, const xmlNode *node, const char *name,
                            const char *value, const char *list, RkDiags *diags) {
  g_autofree char *words = g_strndup(list, strcspn(list, " "));
  g_auto(GStrv) values = g_strsplit(words, "|", -1);
  if (g_strv_contains((const char *const *)values, value))
    return TRUE;
  DiagPlace place = xml_place(node);
  g_autofree char *allowed = g_strjoinv(", ", values);
  diags_add(diags, shape->value, &place, (const char *)node->name, name, value, allowed, NULL);
  return FALSE;
}

/* `rule`: a word of the list of attributes, and what stands behind it. */
static gboolean check_rule(const Shape *shape, const xmlNode *node, const char *rule,
                           RkDiags *diags) {
  gsize length = strcspn(rule, " !=");
  g_autofree char *name = g_strndup(rule, length), *value = xml_attr(node, name);
  gboolean required = rule[length] == '!';
  if (value && rule[length] == '=')
    return check_value(shape, node, name, value, rule + length + 1, diags);
  if (!required || (value && *value))
    return TRUE;
  DiagPlace place = xml_place(node);
  diags_add(diags, shape->required, &place, (const char *)node->name, name, NULL);
  return FALSE;
}

static gboolean check_attributes(const Shape *shape, const ShapeElement *element,
                                 const xmlNode *node, RkDiags *diags) {
  const char *rules = element->attributes ? element->attributes : "";
  gboolean good = TRUE;
  for (const char *rule = rules; *rule; rule += strspn(rule, " ")) {
    good = check_rule(shape, node, rule, diags) && good;
    rule += strcspn(rule, " ");
  }
  for (const xmlAttr *attribute = node->properties; attribute; attribute = attribute->next) {
    const char *name = (const char *)attribute->name;
    if (attribute->ns || text_find_word(rules, name))
      continue;
    DiagPlace place = xml_place(node);
    diags_add(diags, shape->attribute, &place, (const char *)node->name, name, NULL);
    good = FALSE;
  }
  return good;
}

static gboolean check_text(const Shape *shape, const xmlNode *parent, const xmlNode *node,
                           RkDiags *diags) {
  if (node->type != XML_TEXT_NODE && node->type != XML_CDATA_SECTION_NODE)
    return TRUE;
  if (xmlIsBlankNode((xmlNode *)node))
    return TRUE;
  DiagPlace place = xml_place(parent);
  diags_add(diags, shape->stray, &place, (const char *)parent->name, NULL);
  return FALSE;
}

static gboolean check_element(const Shape *shape, const xmlNode *node, const char *parent,
                              RkDiags *diags) {
  const ShapeElement *element = find(shape, node, parent);
  const char *name = (const char *)node->name;
  DiagPlace place = xml_place(node);
  if (!element) {
    diags_add(diags, parent ? shape->element : shape->root, &place, name, parent, NULL);
    return FALSE;
  }
  gboolean good = check_attributes(shape, element, node, diags);
  for (const xmlNode *child = element->content == SHAPE_ANYTHING ? NULL : node->children; child;
       child = child->next) {
    if (child->type == XML_ELEMENT_NODE)
      good = check_element(shape, child, name, diags) && good;
    else if (element->content == SHAPE_ELEMENTS)
      good = check_text(shape, node, child, diags) && good;
  }
  return good;
}

gboolean shape_check(const Shape *shape, const xmlNode *root, RkDiags *diags) {
  return check_element(shape, root, NULL, diags);
}

RkStatus shape_read_file(xmlDoc **out, const Shape *shape, const char *path, RkDiags *diags) {
  g_autoptr(xmlDoc) doc = NULL;
  *out = NULL;
  RkStatus status = xml_read_file(&doc, path, XML_LIMIT_DEFINITION, diags);
  if (status != RK_OK)
    return status;
  if (!shape_check(shape, xmlDocGetRootElement(doc), diags))
    return RK_INVALID;
  *out = g_steal_pointer(&doc);
  return RK_OK;
}
