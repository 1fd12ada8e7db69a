/* SPDX-License-Identifier: Apache-2.0 */
/* expand_node.c - reading and making nodes of the document that is expanded. */
#include "analysis/expand_int.h"

#include "base/xml.h"
#include "machine/machine.h"

#include <string.h>

/* Children of these are data, or a machine of its own. */
static gboolean holds_data(const xmlNode *node) {
  return xml_is(node, SCXML_NS, "data") || xml_is(node, SCXML_NS, "assign") ||
         xml_is(node, SCXML_NS, "content");
}

static void gather(xmlNode *node, GPtrArray *list) {
  for (xmlNode *child = xml_first_element(node); child; child = xml_next_element(child)) {
    if (!xml_in_ns(child, SCXML_NS) && !xml_in_ns(child, WORKFLOW_NS))
      continue;
    g_ptr_array_add(list, child);
    if (!holds_data(child))
      gather(child, list);
  }
}

GPtrArray *expand_elements(const Expansion *expansion) {
  GPtrArray *list = g_ptr_array_new();
  g_ptr_array_add(list, expansion->scxml);
  gather(expansion->scxml, list);
  return list;
}

GPtrArray *expand_named(const Expansion *expansion, const char *name) {
  g_autoptr(GPtrArray) all = expand_elements(expansion);
  GPtrArray *list = g_ptr_array_new();
  for (guint i = 0; i < all->len; i++)
    if (g_str_equal(((const xmlNode *)all->pdata[i])->name, name))
      g_ptr_array_add(list, all->pdata[i]);
  return list;
}

xmlNode *expand_element(const Expansion *expansion, const char *name) {
  return xmlNewDocNode(expansion->scxml->doc, expansion->scxml->ns, (const xmlChar *)name, NULL);
}

xmlNode *expand_island(const Expansion *expansion, const char *name) {
  xmlNode *node = xmlNewDocNode(expansion->scxml->doc, NULL, (const xmlChar *)name, NULL);
  xmlNewNs(node, (const xmlChar *)"", NULL);
  return node;
}

xmlNode *expand_comment(const Expansion *expansion, const char *text) {
  g_auto(GStrv) parts = g_strsplit(text, "-", -1);
  gboolean plain = !strstr(text, "--") && !g_str_has_suffix(text, "-");
  g_autofree char *safe = g_strjoinv(plain ? "-" : "‐", parts);
  g_autofree char *spaced = g_strdup_printf(" %s ", safe);
  return xmlNewDocComment(expansion->scxml->doc, (const xmlChar *)spaced);
}

char *expand_attr(Expansion *expansion, const xmlNode *node, const char *name) {
  g_autofree char *text = xml_attr(node, name);
  DiagPlace place = xml_place(node);
  return text ? expand_expression(expansion, text, &place) : NULL;
}

/* --------------------------------------------------------------------- events */

/* The tokens of a descriptor: without a ".*" or "." at its end; all events: "". */
static char *stem_of(const char *word) {
  gsize length = strlen(word);
  if (g_str_equal(word, "*"))
    return g_strdup("");
  if (g_str_has_suffix(word, ".*"))
    return g_strndup(word, length - 2);
  return g_strndup(word, length - (length > 1 && word[length - 1] == '.'));
}

static gboolean begins_with(const char *name, const char *stem) {
  gsize length = strlen(stem);
  return !length || (strncmp(name, stem, length) == 0 && (!name[length] || name[length] == '.'));
}

/* The stems of all words; g_strfreev. */
static char **stems_of(const char *descriptors) {
  g_auto(GStrv) words = g_strsplit_set(descriptors, " \t\r\n", -1);
  GPtrArray *stems = g_ptr_array_new();
  for (guint i = 0; words[i]; i++)
    if (*words[i])
      g_ptr_array_add(stems, stem_of(words[i]));
  g_ptr_array_add(stems, NULL);
  return (char **)g_ptr_array_free(stems, FALSE);
}

gboolean expand_overlap(const char *descriptors, const char *others) {
  g_auto(GStrv) left = stems_of(descriptors), right = stems_of(others);
  for (guint i = 0; left[i]; i++)
    for (guint k = 0; right[k]; k++)
      if (begins_with(left[i], right[k]) || begins_with(right[k], left[i]))
        return TRUE;
  return FALSE;
}

static gboolean begins_with_one(const char *name, char **stems) {
  for (guint i = 0; stems[i]; i++)
    if (begins_with(name, stems[i]))
      return TRUE;
  return FALSE;
}

char *expand_heard(const char *descriptors, const char *of) {
  g_auto(GStrv) stems = stems_of(descriptors), all = stems_of(of);
  gboolean covered = TRUE;
  for (guint i = 0; all[i]; i++)
    covered = covered && begins_with_one(all[i], stems);
  GString *text = g_string_new(covered ? "true()" : NULL);
  for (guint i = 0; !covered && stems[i]; i++)
    g_string_append_printf(text, "%sstarts-with(concat($_event/name, '.'), '%s.')",
                           i ? " or " : "", stems[i]);
  return g_string_free(text, FALSE);
}
