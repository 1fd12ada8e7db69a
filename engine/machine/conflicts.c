/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conflicts.c - what excludes each other on one element: two ways of saying the same
 * (event and eventexpr), two places of one value (expr and children), a child that may stand
 * there once. The Recommendation says of each that it must not occur; which one would win is
 * left to chance.
 */
#include "machine/machine_int.h"

#include "base/xml.h"

#include <string.h>

/* "@name": an attribute; "name": a child element; "*": any content. */
static const struct {
  const char *element, *one, *other;
} conflicts[] = {
    {"send", "@event", "@eventexpr"},   {"send", "@target", "@targetexpr"},
    {"send", "@type", "@typeexpr"},     {"send", "@id", "@idlocation"},
    {"send", "@delay", "@delayexpr"},   {"send", "content", "@namelist"},
    {"send", "content", "param"},       {"cancel", "@sendid", "@sendidexpr"},
    {"donedata", "content", "param"},   {"content", "@expr", "*"},
    {"assign", "@expr", "*"},           {"data", "@expr", "*"},
    {"data", "@src", "*"},              {"data", "@src", "@expr"},
    {"invoke", "@type", "@typeexpr"},   {"invoke", "@id", "@idlocation"},
    {"invoke", "param", "@namelist"},
};

static const struct {
  const char *element, *child;
} once[] = {
    {"scxml", "datamodel"}, {"state", "datamodel"},  {"parallel", "datamodel"},
    {"state", "initial"},   {"final", "donedata"},   {"donedata", "content"},
    {"send", "content"},    {"invoke", "content"},   {"invoke", "finalize"},
};

static gboolean is_something(const xmlNode *child) {
  if (child->type == XML_ELEMENT_NODE)
    return TRUE;
  gboolean text = child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE;
  const char *content = text ? (const char *)child->content : "";
  return content[strspn(content, " \t\r\n")] != '\0';
}

static gboolean has(const xmlNode *node, const char *what) {
  if (*what == '@')
    return xmlHasProp((xmlNode *)node, (const xmlChar *)what + 1) != NULL;
  for (const xmlNode *child = node->children; child; child = child->next)
    if (g_str_equal(what, "*") ? is_something(child) : xml_is(child, SCXML_NS, what))
      return TRUE;
  return FALSE;
}

static char *words_for(const char *what) {
  if (*what == '@')
    return g_strdup_printf("%s=\"…\"", what + 1);
  return g_str_equal(what, "*") ? g_strdup("…") : g_strdup_printf("<%s>", what);
}

static void check_pairs(Loader *loader, const xmlNode *node) {
  DiagPlace place = xml_place(node);
  for (guint i = 0; i < G_N_ELEMENTS(conflicts); i++) {
    if (!g_str_equal(conflicts[i].element, (const char *)node->name) ||
        !has(node, conflicts[i].one) || !has(node, conflicts[i].other))
      continue;
    g_autofree char *one = words_for(conflicts[i].one), *other = words_for(conflicts[i].other);
    g_autofree char *both = g_strdup_printf("%s, %s", one, other);
    loader_fault(loader, DIAG_WF_CONFLICT, &place, conflicts[i].element, both, NULL);
  }
}

/* Reported at the second and each further one. */
static void check_once(Loader *loader, const xmlNode *node, const char *name) {
  g_autofree char *both = g_strdup_printf("<%s>, <%s>", name, name);
  gboolean seen = FALSE;
  for (const xmlNode *child = xml_first_element(node); child; child = xml_next_element(child)) {
    DiagPlace place = xml_place(child);
    if (!xml_is(child, SCXML_NS, name))
      continue;
    if (seen)
      loader_fault(loader, DIAG_WF_CONFLICT, &place, (const char *)node->name, both, NULL);
    seen = TRUE;
  }
}

/* 4.3: <else> stands once, after all <elseif>. */
static void check_else(Loader *loader, const xmlNode *node) {
  gboolean seen = FALSE;
  for (const xmlNode *child = xml_first_element(node); child; child = xml_next_element(child)) {
    DiagPlace place = xml_place(child);
    gboolean last = xml_is(child, SCXML_NS, "else");
    if (seen && (last || xml_is(child, SCXML_NS, "elseif")))
      loader_fault(loader, DIAG_WF_AFTER_ELSE, &place, (const char *)child->name, NULL, NULL);
    seen |= last;
  }
}

void conflicts_check(Loader *loader, const xmlNode *node) {
  if (!xml_in_ns(node, SCXML_NS))
    return;
  check_pairs(loader, node);
  check_else(loader, node);
  for (guint i = 0; i < G_N_ELEMENTS(once); i++)
    if (g_str_equal(once[i].element, (const char *)node->name))
      check_once(loader, node, once[i].child);
}
