/* SPDX-License-Identifier: Apache-2.0 */
/*
 * expand-facts.h - the answers that a procedure got, as the <facts> of its expanded document
 * (workflows/README.md, "In plain SCXML").
 */
#ifndef RK_TESTS_EXPAND_FACTS_H
#define RK_TESTS_EXPAND_FACTS_H

#include "base/text.h"
#include "base/xml.h"

#include <string.h>

/* The child of `parent` with this name and attribute value; made when there is none. */
static inline xmlNode *facts_child(xmlNode *parent, const char *name, const char *attribute,
                                   const char *value) {
  for (xmlNode *child = xml_first_element(parent); child; child = xml_next_element(child)) {
    g_autofree char *held = xml_attr(child, attribute);
    if (xml_is(child, NULL, name) && g_strcmp0(held, value) == 0)
      return child;
  }
  xmlNode *child = xml_add_element(parent, name, NULL);
  xml_set_attr(child, attribute, value);
  return child;
}

static inline xmlNode *facts_entry(xmlNode *facts, const char *name, const char *key) {
  for (xmlNode *child = xml_first_element(facts); child; child = xml_next_element(child)) {
    g_autofree char *held = xml_attr(child, "register");
    if (!xml_is(child, NULL, "entry") || g_strcmp0(held, name) != 0)
      continue;
    g_autofree char *text = xml_text(xml_first_element(child));
    if (g_str_equal(text, key))
      return child;
  }
  xmlNode *entry = xml_add_element(facts, "entry", NULL);
  xml_set_attr(entry, "register", name);
  xml_add_element(entry, "key", key);
  return entry;
}

static inline void facts_field(xmlNode *parent, const char *attribute, const char *name,
                               const char *value) {
  xmlNode *field = facts_child(parent, "field", attribute, name);
  if (!field->children)
    xml_add_text(field, value);
}

static inline void facts_hold(xmlNode *node, const char *state) {
  g_autofree char *held = xml_attr(node, "holds");
  g_autofree char *more = held ? g_strdup_printf("%s %s", held, state) : g_strdup(state);
  xml_set_attr(node, "holds", more);
}

/* The n-th row of a table, from 1. */
static inline xmlNode *facts_row(xmlNode *paper, const char *table, guint64 n) {
  guint64 count = 0;
  for (xmlNode *child = xml_first_element(paper); child; child = xml_next_element(child)) {
    g_autofree char *held = xml_attr(child, "table");
    if (g_strcmp0(held, table) == 0 && ++count == n)
      return child;
  }
  xmlNode *row = NULL;
  while (count++ < n) {
    row = xml_add_element(paper, "row", NULL);
    xml_set_attr(row, "table", table);
  }
  return row;
}

static inline xmlNode *facts_paper(xmlNode *facts, const char *name) {
  return facts_child(facts, "paper", "name", name);
}

static inline void facts_of_register(xmlNode *facts, const char *kind, const char *const *a,
                                     const char *answer) {
  if (g_str_equal(kind, "register") && *answer)
    xml_set_attr(facts_entry(facts, a[0], a[1]), "state", answer);
  if (g_str_equal(kind, "register-field") && *answer)
    facts_field(facts_entry(facts, a[0], a[1]), "name", a[2], answer);
  if (!g_str_equal(kind, "entries"))
    return;
  g_auto(GStrv) keys = g_strsplit(answer, "\n", -1);
  for (guint i = 0; keys[i]; i++) {
    if (!*keys[i])
      continue;
    xmlNode *entry = facts_entry(facts, a[0], keys[i]);
    facts_field(entry, "name", a[1], a[2]);
    if (a[3])
      facts_hold(entry, a[3]);
  }
}

/* Whether the key of this row was asked for before, by the same field of the same place. */
static inline gboolean facts_has_key(const xmlNode *row, const char *const *a) {
  for (const xmlNode *n = xml_first_element(row); n; n = xml_next_element(n)) {
    g_autofree char *field = xml_attr(n, "field"), *within = xml_attr(n, "within");
    if (xml_is(n, NULL, "key") && !g_strcmp0(field, a[2]) && !g_strcmp0(within, a[3]))
      return TRUE;
  }
  return FALSE;
}

static inline void facts_row_keys(xmlNode *paper, const char *const *a, const char *answer) {
  g_auto(GStrv) keys = g_strsplit(answer, "\n", -1);
  for (guint i = 0; keys[i] && *keys[i]; i++) {
    xmlNode *row = facts_row(paper, a[1], i + 1);
    if (facts_has_key(row, a))
      continue;
    xmlNode *key = xml_add_element(row, "key", keys[i]);
    xml_set_attr(key, "field", a[2]);
    xml_set_attr(key, "within", a[3]);
    if (a[4])
      xml_set_attr(key, "place", a[4]);
  }
}

/* A question of an extension function, and its answer. FALSE: no fact says such a thing. */
static inline gboolean facts_answer(xmlNode *facts, const char *kind, const char *const *a,
                                    const char *answer) {
  if (g_str_has_prefix(kind, "register") || g_str_equal(kind, "entries")) {
    facts_of_register(facts, kind, a, answer);
    return TRUE;
  }
  xmlNode *paper = facts_paper(facts, a[0]);
  if (g_str_equal(kind, "form"))
    xml_set_attr(paper, "state", answer);
  else if (g_str_equal(kind, "form-at-least"))
    facts_hold(paper, g_str_equal(answer, "true") ? a[1] : "");
  else if (g_str_equal(kind, "field"))
    facts_field(paper, "path", a[1], answer);
  else if (g_str_equal(kind, "rows"))
    facts_row(paper, a[1], g_ascii_strtoull(answer, NULL, 10));
  else if (g_str_equal(kind, "row"))
    facts_field(facts_row(paper, a[1], g_ascii_strtoull(a[2], NULL, 10)), "name", a[3], answer);
  else if (g_str_equal(kind, "row-keys"))
    facts_row_keys(paper, a, answer);
  else
    return FALSE;
  return TRUE;
}

static inline void facts_of_form(xmlNode *facts, GHashTable *asked, gboolean met) {
  const char *each = g_hash_table_lookup(asked, "each"), *state = g_hash_table_lookup(asked, "state");
  g_autofree char *key = each ? text_key((const char *const[]){each, NULL}) : NULL;
  g_auto(GStrv) codes = g_strsplit(g_hash_table_lookup(asked, "form"), " ", -1);
  for (guint i = 0; codes[i] && met; i++) {
    g_autofree char *name = key ? g_strdup_printf("%s:%s", codes[i], key) : g_strdup(codes[i]);
    facts_hold(facts_paper(facts, name), state ? state : "complete");
  }
}

/* A requirement, and whether it was met. */
static inline void facts_requirement(xmlNode *facts, GHashTable *asked, gboolean met) {
  const char *name = g_hash_table_lookup(asked, "register"), *key = g_hash_table_lookup(asked, "key");
  const char *state = g_hash_table_lookup(asked, "state");
  if (!name)
    facts_of_form(facts, asked, met);
  else if (state && met)
    facts_hold(facts_entry(facts, name, key ? key : ""), state);
  else if (!state && met)
    xml_set_attr(facts_entry(facts, name, key ? key : ""), "ended", "yes");
  else if (!state)
    facts_entry(facts, name, key ? key : "");
}

#endif
