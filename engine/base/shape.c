/* SPDX-License-Identifier: Apache-2.0 */
/* shape.c - see shape.h. */
#include "base/shape.h"

#include "base/xml.h"

#include <string.h>

static gboolean word_in(const char *words, const char *word) {
  g_auto(GStrv) list = g_strsplit(words, " ", -1);
  return g_strv_contains((const char *const *)list, word);
}

/* The entry for `node` below `parent`; elements of one name may differ by parent. */
static const ShapeElement *find(const Shape *shape, const xmlNode *node, const char *parent) {
  for (guint i = 0; i < shape->n_elements; i++) {
    const ShapeElement *element = &shape->elements[i];
    gboolean fits = parent ? element->parents && word_in(element->parents, parent)
                           : element->parents == NULL;
    if (fits && xml_is(node, shape->ns, element->name))
      return element;
  }
  return NULL;
}

/* One word of a list of attributes, taken apart. */
typedef struct {
  char *name;
  gboolean required;
  char **values; /* NULL: any */
} Rule;

static Rule rule_read(const char *word) {
  Rule rule = {0};
  gsize length = strcspn(word, "!=");
  rule.name = g_strndup(word, length);
  rule.required = word[length] == '!';
  const char *values = strchr(word, '=');
  rule.values = values ? g_strsplit(values + 1, "|", -1) : NULL;
  return rule;
}

static void rule_clear(Rule *rule) {
  g_free(rule->name);
  g_strfreev(rule->values);
}

static gboolean check_value(const Shape *shape, const xmlNode *node, const Rule *rule,
                            RkDiags *diags) {
  g_autofree char *value = xml_attr(node, rule->name);
  const char *element = (const char *)node->name;
  DiagPlace place = xml_place(node);
  if (!value || (rule->required && !*value)) {
    if (rule->required)
      diags_add(diags, shape->required, &place, element, rule->name, NULL);
    return !rule->required;
  }
  if (!rule->values || g_strv_contains((const char *const *)rule->values, value))
    return TRUE;
  g_autofree char *allowed = g_strjoinv(", ", rule->values);
  diags_add(diags, shape->value, &place, element, rule->name, value, allowed, NULL);
  return FALSE;
}

static gboolean check_unknown(const Shape *shape, const xmlNode *node, GPtrArray *known,
                              RkDiags *diags) {
  gboolean good = TRUE;
  for (xmlAttr *attribute = node->properties; attribute; attribute = attribute->next) {
    const char *name = (const char *)attribute->name;
    if (attribute->ns || g_ptr_array_find_with_equal_func(known, name, g_str_equal, NULL))
      continue;
    DiagPlace place = xml_place(node);
    diags_add(diags, shape->attribute, &place, (const char *)node->name, name, NULL);
    good = FALSE;
  }
  return good;
}

static gboolean check_attributes(const Shape *shape, const ShapeElement *element,
                                 const xmlNode *node, RkDiags *diags) {
  g_auto(GStrv) words = g_strsplit(element->attributes ? element->attributes : "", " ", -1);
  g_autoptr(GPtrArray) known = g_ptr_array_new_with_free_func(g_free);
  gboolean good = TRUE;
  for (guint i = 0; words[i]; i++) {
    Rule rule = rule_read(words[i]);
    good = check_value(shape, node, &rule, diags) && good;
    g_ptr_array_add(known, g_strdup(rule.name));
    rule_clear(&rule);
  }
  return check_unknown(shape, node, known, diags) && good;
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
