/* SPDX-License-Identifier: Apache-2.0 */
/*
 * template.c - parameters of a base: {name} in attributes and texts.
 *
 * Only in a document that declares parameters are braces anything but braces; there
 * every {name} must be declared, and every declared one must be used.
 */
#include "machine/overlay.h"

#include "base/near.h"
#include "base/xml.h"
#include "machine/machine.h"

#include <string.h>

typedef struct {
  GHashTable *values; /* name → value, owned */
  GHashTable *used;   /* names, borrowed from values */
  RkDiags *diags;
  gboolean failed;
} Template;

static const xmlNode *next_named(const xmlNode *node, const char *name) {
  while (node && !xml_is(node, WORKFLOW_NS, name))
    node = xml_next_element(node);
  return node;
}

static const xmlNode *first_named(const xmlNode *parent, const char *name) {
  return next_named(xml_first_element(parent), name);
}

gboolean template_is(const xmlNode *root) {
  return first_named(root, "parameter") != NULL;
}

static void fault(Template *own, DiagId id, const xmlNode *node, const char *name,
                  const char *remedy) {
  DiagPlace place = xml_place(node);
  diags_add(own->diags, id, &place, name, remedy ? remedy : "", NULL);
  own->failed = TRUE;
}

static char *what_was_meant(const Template *own, const char *name) {
  g_autofree gpointer *names = g_hash_table_get_keys_as_array(own->values, NULL);
  return near_hint(name, (const char *const *)names);
}

/* ------------------------------------------------------------------- values */

static const xmlNode *given(const xmlNode *overlay, const char *name) {
  const xmlNode *with = first_named(overlay, "with");
  for (; with; with = next_named(xml_next_element(with), "with")) {
    g_autofree char *called = xml_attr(with, "name");
    if (g_strcmp0(called, name) == 0)
      break;
  }
  return with;
}

static void declare(Template *own, const xmlNode *parameter, const xmlNode *overlay) {
  g_autofree char *name = xml_attr(parameter, "name");
  if (!name) {
    fault(own, DIAG_WF_PARAMETER_NAME, parameter, "", NULL);
    return;
  }
  const xmlNode *with = given(overlay, name);
  char *value = xml_attr(with ? with : parameter, "value");
  if (!value)
    fault(own, DIAG_WF_PARAMETER_MISSING, overlay, name, NULL);
  g_hash_table_replace(own->values, g_steal_pointer(&name), value ? value : g_strdup(""));
}

static void refuse_unknown(Template *own, const xmlNode *overlay) {
  const xmlNode *with = first_named(overlay, "with");
  for (; with; with = next_named(xml_next_element(with), "with")) {
    g_autofree char *name = xml_attr(with, "name");
    if (!name || g_hash_table_contains(own->values, name))
      continue;
    g_autofree char *meant = what_was_meant(own, name);
    fault(own, DIAG_WF_PARAMETER_UNKNOWN, with, name, meant);
  }
}

/* ------------------------------------------------------------------ filling */

/* The length of a {name} at `text`, both braces counted; 0: there is none. */
static gsize placeholder(const char *text) {
  gsize length = strspn(text + 1, "abcdefghijklmnopqrstuvwxyz0123456789-");
  return *text == '{' && length && text[length + 1] == '}' ? length + 2 : 0;
}

static void append_value(Template *own, GString *out, const char *name, const xmlNode *element) {
  gpointer key = NULL, value = NULL;
  if (g_hash_table_lookup_extended(own->values, name, &key, &value)) {
    g_hash_table_add(own->used, key);
    g_string_append(out, value);
    return;
  }
  g_autofree char *meant = what_was_meant(own, name);
  fault(own, DIAG_WF_PARAMETER_UNKNOWN, element, name, meant);
}

static void fill_text(Template *own, xmlNode *text, const xmlNode *element) {
  const char *from = (const char *)text->content;
  if (!from || !strchr(from, '{'))
    return;
  g_autoptr(GString) out = g_string_new(NULL);
  while (*from) {
    gsize length = placeholder(from);
    g_autofree char *name = length ? g_strndup(from + 1, length - 2) : NULL;
    if (name)
      append_value(own, out, name, element);
    else
      g_string_append_c(out, *from);
    from += MAX(length, 1);
  }
  xmlNodeSetContent(text, (const xmlChar *)out->str);
}

static void fill(Template *own, xmlNode *element) {
  for (xmlAttr *attribute = element->properties; attribute; attribute = attribute->next)
    for (xmlNode *text = attribute->children; text; text = text->next)
      fill_text(own, text, element);
  for (xmlNode *child = element->children; child; child = child->next) {
    if (child->type == XML_ELEMENT_NODE)
      fill(own, child);
    else if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE)
      fill_text(own, child, element);
  }
}

static void drop_declarations(Template *own, xmlNode *root) {
  for (xmlNode *node = (xmlNode *)first_named(root, "parameter"), *next; node; node = next) {
    next = (xmlNode *)next_named(xml_next_element(node), "parameter");
    g_autofree char *name = xml_attr(node, "name");
    if (name && !g_hash_table_contains(own->used, name))
      fault(own, DIAG_WF_PARAMETER_UNUSED, node, name, NULL);
    xmlNode *blank = node->prev;
    if (blank && xmlIsBlankNode(blank)) {
      xmlUnlinkNode(blank);
      xmlFreeNode(blank);
    }
    xmlUnlinkNode(node);
    xmlFreeNode(node);
  }
}

gboolean template_fill(xmlDoc *base, const xmlNode *overlay, RkDiags *diags) {
  xmlNode *root = xmlDocGetRootElement(base);
  g_autoptr(GHashTable) values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GHashTable) used = g_hash_table_new(g_str_hash, g_str_equal);
  Template own = {values, used, diags, FALSE};
  const xmlNode *node = first_named(root, "parameter");
  for (; node; node = next_named(xml_next_element(node), "parameter"))
    declare(&own, node, overlay);
  refuse_unknown(&own, overlay);
  if (!g_hash_table_size(values))
    return !own.failed;
  for (xmlNode *child = xml_first_element(root); child; child = xml_next_element(child))
    if (!xml_is(child, WORKFLOW_NS, "parameter"))
      fill(&own, child);
  for (xmlAttr *attribute = root->properties; attribute; attribute = attribute->next)
    for (xmlNode *text = attribute->children; text; text = text->next)
      fill_text(&own, text, root);
  drop_declarations(&own, root);
  return !own.failed;
}
