/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rename.c - other names for what a base calls its own: a form, a role, its municipality, an event.
 *
 * A name stands as a word in the attributes that list names, and as a quoted string in XPath. Words for people are left
 * alone, unless in="words" says that they are meant: then it is any text in titles and messages, and nothing else.
 * Sources stay: what is inherited was read in the handbook of the base.
 */
#include "machine/overlay.h"

#include "base/near.h"
#include "base/xml.h"
#include "machine/machine.h"

#include <string.h>

typedef struct {
  const char *from, *to;
  gboolean words; /* in titles and messages, nothing else */
  char *quoted_from, *quoted_to; /* as in XPath */
  guint found;
} Rename;

static gboolean is_said(const char *name) {
  static const char *const names[] = {"title", "title-en", "message", "message-en", NULL};
  return g_strv_contains(names, name);
}

static gboolean is_words(const char *name) {
  static const char *const names[] = {"source", "reading", "inferred", "basis", NULL};
  return is_said(name) || g_strv_contains(names, name);
}

static gboolean is_xpath(const char *name) {
  static const char *const names[] = {"cond", "test", "array", "each", "location", NULL};
  return g_strv_contains(names, name) || g_str_has_suffix(name, "expr");
}

/* "form.CODE.STATE" is an event that the life cycle of a paper gives its name. */
static char *rename_word(Rename *own, const char *word) {
  g_autofree char *event = g_strdup_printf("form.%s.", own->from);
  if (g_str_equal(word, own->from)) {
    own->found++;
    return g_strdup(own->to);
  }
  if (!g_str_has_prefix(word, event))
    return g_strdup(word);
  own->found++;
  return g_strdup_printf("form.%s.%s", own->to, word + strlen(event));
}

static char *rename_list(Rename *own, const char *list) {
  g_auto(GStrv) words = g_strsplit_set(list, " \t\r\n", -1);
  for (guint i = 0; words[i]; i++) {
    char *word = rename_word(own, words[i]);
    g_free(words[i]);
    words[i] = word;
  }
  return g_strjoinv(" ", words);
}

static char *rename_text(Rename *own, const char *text, const char *from, const char *to) {
  g_auto(GStrv) parts = g_strsplit(text, from, -1);
  own->found += *text ? g_strv_length(parts) - 1 : 0;
  return g_strjoinv(to, parts);
}

static char *rename_value(Rename *own, const char *name, const char *value) {
  if (own->words)
    return rename_text(own, value, own->from, own->to);
  if (is_xpath(name))
    return rename_text(own, value, own->quoted_from, own->quoted_to);
  return rename_list(own, value);
}

static void rename_attribute(Rename *own, xmlAttr *attribute) {
  const char *name = (const char *)attribute->name;
  guint before = own->found;
  if (own->words ? !is_said(name) : is_words(name))
    return;
  xmlChar *value = xmlNodeListGetString(attribute->doc, attribute->children, 1);
  g_autofree char *changed = value ? rename_value(own, name, (const char *)value) : NULL;
  if (own->found > before)
    xmlSetNsProp(attribute->parent, attribute->ns, attribute->name, (const xmlChar *)changed);
  xmlFree(value);
}

static void rename_in(Rename *own, xmlNode *node) {
  for (xmlAttr *a = node->properties; a; a = a->next)
    rename_attribute(own, a);
  for (xmlNode *child = xml_first_element(node); child; child = xml_next_element(child))
    rename_in(own, child);
}

/* ------------------------------------------------------- what a base calls its own */

static void take_name(GPtrArray *names, char *name) {
  if (name)
    g_ptr_array_add(names, name);
}

static void collect_names(GPtrArray *names, const xmlNode *node) {
  if (xml_is(node, WORKFLOW_NS, "procedure"))
    take_name(names, xml_attr(node, "municipality"));
  if (xml_is(node, WORKFLOW_NS, "role"))
    take_name(names, xml_attr(node, "id"));
  if (xml_is(node, WORKFLOW_NS, "uses"))
    take_name(names, xml_attr(node, "form"));
  if (xml_is(node, SCXML_NS, "transition"))
    take_name(names, xml_attr(node, "event"));
  for (const xmlNode *child = xml_first_element(node); child; child = xml_next_element(child))
    collect_names(names, child);
}

/* Whether this can be done at all; words show it only by being found. */
static gboolean check_names(const xmlNode *root, const xmlNode *element, const char *from,
                            const char *to, RkDiags *diags) {
  DiagPlace place = xml_place(element);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  collect_names(names, root);
  g_ptr_array_add(names, NULL);
  const char *const *known = (const char *const *)names->pdata;
  if (!g_strv_contains(known, from)) {
    g_autofree char *hint = near_hint(from, known);
    diags_add(diags, DIAG_WF_RENAME_UNKNOWN, &place, from, hint ? hint : "", NULL);
    return FALSE;
  }
  if (g_strv_contains(known, to)) {
    diags_add(diags, DIAG_WF_RENAME_TAKEN, &place, to, NULL);
    return FALSE;
  }
  return TRUE;
}

static gboolean rename_one(xmlDoc *base, const xmlNode *element, RkDiags *diags) {
  xmlNode *root = xmlDocGetRootElement(base);
  DiagPlace place = xml_place(element);
  g_autofree char *from = xml_attr(element, "from"), *to = xml_attr(element, "to");
  g_autofree char *in = xml_attr(element, "in");
  if (!in && !check_names(root, element, from, to, diags))
    return FALSE;
  Rename own = {from, to, in != NULL, g_strdup_printf("'%s'", from), g_strdup_printf("'%s'", to),
                0};
  if (*from)
    rename_in(&own, root);
  g_free(own.quoted_from);
  g_free(own.quoted_to);
  if (!own.found)
    diags_add(diags, DIAG_WF_RENAME_WORDS, &place, from, NULL);
  return own.found > 0;
}

gboolean rename_apply(xmlDoc *base, const xmlNode *overlay, RkDiags *diags) {
  gboolean good = TRUE;
  for (const xmlNode *child = xml_first_element(overlay); child; child = xml_next_element(child))
    if (xml_is(child, WORKFLOW_NS, "rename"))
      good = rename_one(base, child, diags) && good;
  return good;
}
