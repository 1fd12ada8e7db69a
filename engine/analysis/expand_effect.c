/* SPDX-License-Identifier: Apache-2.0 */
/*
 * expand_effect.c - effects as rows of $rk_effects, deadlines as delayed sends.
 *
 * Why rows: a <send> of a type of our own is error.execution elsewhere, an event raised would be
 * heard by event="*", and a <log> carries one value, not several. A row is data: it changes
 * nothing else, and whoever runs the document reads in it what is to be done.
 */
#include "analysis/expand_int.h"

#include "base/date.h"
#include "base/xml.h"
#include "machine/machine.h"

#include <string.h>

#define DAY_SECONDS (24 * 60 * 60)

/* ---------------------------------------------------------------------- effects */

xmlNode *expand_append(Expansion *expansion, xmlNode *row) {
  xmlNode *assign = expand_element(expansion, "assign");
  expansion->effects = TRUE;
  xml_set_attr(assign, "location", "$" EXPAND_EFFECTS);
  xml_set_attr(assign, "type", "lastchild");
  xmlAddChild(assign, row);
  return assign;
}

/* <assign> of a computed value to what `location` names in the row made last. */
static xmlNode *put_assign(Expansion *expansion, xmlNode *before, const char *location,
                           const char *expr) {
  xmlNode *assign = expand_element(expansion, "assign");
  g_autofree char *string = expand_string(expr);
  xml_set_attr(assign, "location", location);
  xml_set_attr(assign, "expr", string);
  return xmlAddPrevSibling(before, assign);
}

static gboolean is_for_people(const char *name) {
  static const char *const names[] = {"inferred", "message", "message-en", "title-en", NULL};
  return g_strv_contains(names, name);
}

static void copy_attributes(xmlNode *row, const xmlNode *element) {
  for (const xmlAttr *a = element->properties; a; a = a->next) {
    const char *name = (const char *)a->name;
    g_autofree char *value =
        a->ns || g_str_has_suffix(name, "expr") || is_for_people(name) ? NULL : xml_attr(element, name);
    if (value)
      xml_set_attr(row, name, value);
  }
}

/* Who acts, where the element itself does not say from whom the paper comes. */
static void default_from(xmlNode *row, const xmlNode *element) {
  gboolean moves = g_str_equal(row->name, "send-paper") || g_str_equal(row->name, "notify");
  const xmlNode *up = element;
  while (up && !xml_is(up, SCXML_NS, "transition"))
    up = up->parent;
  g_autofree char *by = up ? xml_attr_ns(up, WORKFLOW_NS, "by") : NULL;
  if (moves && by && !xmlHasProp(row, (const xmlChar *)"from"))
    xml_set_attr(row, "from", by);
}

static void compute_attributes(Expansion *expansion, xmlNode *element) {
  for (const xmlAttr *a = element->properties; a; a = a->next) {
    const char *name = (const char *)a->name;
    if (a->ns || !g_str_has_suffix(name, "expr"))
      continue;
    g_autofree char *bare = g_strndup(name, strlen(name) - strlen("expr"));
    g_autofree char *expr = expand_attr(expansion, element, name);
    xmlNode *assign = put_assign(expansion, element, LAST_EFFECT, expr);
    xml_set_attr(assign, "type", "addattribute");
    xml_set_attr(assign, "attr", bare);
  }
}

static void add_fields(xmlNode *row, const xmlNode *element) {
  for (const xmlNode *child = xml_first_element(element); child; child = xml_next_element(child)) {
    if (!xml_is(child, WORKFLOW_NS, "field"))
      continue;
    g_autofree char *name = xml_attr(child, "name"), *value = xml_attr(child, "value");
    xml_set_attr(xml_add_element(row, "field", value), "name", name);
  }
}

static void compute_fields(Expansion *expansion, xmlNode *element) {
  for (xmlNode *child = xml_first_element(element); child; child = xml_next_element(child)) {
    g_autofree char *expr = expand_attr(expansion, child, "expr"), *name = xml_attr(child, "name");
    if (!expr || !xml_is(child, WORKFLOW_NS, "field"))
      continue;
    g_autofree char *literal = expand_literal(name);
    g_autofree char *location = g_strdup_printf(LAST_EFFECT "/field[@name = %s]", literal);
    put_assign(expansion, element, location, expr);
  }
}

/* Whether any transition could hear form.CODE.STATE. */
static gboolean is_heard(const Expansion *expansion, const char *stem) {
  g_autoptr(GPtrArray) transitions = expand_named(expansion, "transition");
  for (guint i = 0; i < transitions->len; i++) {
    g_autofree char *event = xml_attr(transitions->pdata[i], "event");
    if (event && expand_overlap(event, stem))
      return TRUE;
  }
  return FALSE;
}

/* The name of the paper that the row made last is about, as the facts have it. */
static char *paper_name(Expansion *expansion, const xmlNode *element, const char *form) {
  g_autofree char *code = expand_literal(form), *prefix = g_strconcat(form, ":", NULL);
  g_autofree char *words = expand_literal(prefix), *key = NULL;
  if (!xmlHasProp((xmlNode *)element, (const xmlChar *)"each") &&
      !xmlHasProp((xmlNode *)element, (const xmlChar *)"eachexpr"))
    return g_steal_pointer(&code);
  key = expand_folded(expansion, LAST_EFFECT "/@each");
  return g_strdup_printf("concat(%s, %s)", words, key);
}

/* What becomes of a paper that gets an event is a fact: <on event state>. The case hears it as an
 * internal event, behind those that stand before it. */
static void raise_paper_state(Expansion *expansion, xmlNode *element) {
  g_autofree char *form = xml_attr(element, "form"), *event = xml_attr(element, "event");
  g_autofree char *stem = g_strdup_printf("form.%s", form);
  if (!g_str_equal(element->name, "paper-event") || !is_heard(expansion, stem))
    return;
  g_autofree char *paper = paper_name(expansion, element, form), *name = expand_literal(event);
  g_autofree char *prefix = g_strdup_printf("%s.", stem), *words = expand_literal(prefix);
  g_autofree char *state =
      g_strdup_printf(FACTS "/paper[@name = %s]/on[@event = %s]/@state", paper, name);
  g_autofree char *expr = g_strdup_printf("concat(%s, %s)", words, state);
  xmlNode *check = xmlAddPrevSibling(element, expand_element(expansion, "if"));
  xmlNode *send = xmlAddChild(check, expand_element(expansion, "send"));
  xml_set_attr(check, "cond", state);
  xml_set_attr(send, "eventexpr", expr);
  xml_set_attr(send, "target", "#_internal");
  expansion->facts = TRUE;
}

void expand_effect(Expansion *expansion, xmlNode *element) {
  xmlNode *row = expand_island(expansion, (const char *)element->name);
  copy_attributes(row, element);
  default_from(row, element);
  add_fields(row, element);
  xmlAddPrevSibling(element, expand_append(expansion, row));
  compute_attributes(expansion, element);
  compute_fields(expansion, element);
  raise_paper_state(expansion, element);
}

/* -------------------------------------------------------------------- deadlines */

/* Without facts a day has 24 hours, a month 30 days, a year 365, a week 5 business days. */
static gint64 usual_seconds(const Duration *duration, gboolean business) {
  gint64 days = duration->years * 365 + duration->months * 30 + duration->days;
  if (business)
    days = days / 5 * 7 + days % 5;
  return days * DAY_SECONDS + duration->micros / 1000000;
}

/* The facts may tell the time that is really left: <delay after calendar>12345s</delay>. */
static char *after_expr(Expansion *expansion, const char *after, const char *calendar,
                        const Duration *duration) {
  g_autofree char *wanted = expand_literal(after);
  expansion->facts = TRUE;
  return g_strdup_printf("substring-before(concat(normalize-space(concat(" FACTS
                         "/delay[@after = %s]%s, ' %" G_GINT64_FORMAT "s')), ' '), ' ')",
                         wanted, calendar ? "[@calendar]" : "[not(@calendar)]",
                         usual_seconds(duration, calendar != NULL));
}

/* Hours, minutes and seconds are the same everywhere; days end at midnight. */
static void delay_after(Expansion *expansion, xmlNode *send, const xmlNode *deadline,
                        const char *after) {
  g_autofree char *calendar = xml_attr(deadline, "calendar"), *expr = NULL, *fixed = NULL;
  Duration duration = {0};
  duration_parse(&duration, after);
  expr = after_expr(expansion, after, calendar, &duration);
  fixed = g_strdup_printf("%" G_GINT64_FORMAT "ms", duration.micros / 1000);
  gboolean exact = !duration.years && !duration.months && !duration.days;
  xml_set_attr(send, exact ? "delay" : "delayexpr", exact ? fixed : expr);
}

static void delay_by(Expansion *expansion, xmlNode *send, const xmlNode *deadline) {
  g_autofree char *text = xml_attr(deadline, "by"), *day = expand_attr(expansion, deadline, "by");
  g_autofree char *string = expand_string(day);
  g_autofree char *expr = g_strdup_printf("string(" FACTS "/delay[@by = %s])", string);
  DiagPlace place = xml_place(deadline);
  expand_need_free(expansion, "rk:deadline", text, &place);
  xml_set_attr(send, "delayexpr", expr);
  expansion->facts = TRUE;
}

static xmlNode *new_send(Expansion *expansion, const xmlNode *deadline, const char *id) {
  xmlNode *send = expand_element(expansion, "send");
  g_autofree char *event = xml_attr(deadline, "event"), *after = xml_attr(deadline, "after");
  xml_set_attr(send, "event", event);
  xml_set_attr(send, "id", id);
  if (after)
    delay_after(expansion, send, deadline, after);
  else
    delay_by(expansion, send, deadline);
  return send;
}

static char *words_of(const xmlNode *deadline) {
  static const char *const names[] = {"after", "by", "calendar"};
  GString *words = g_string_new("deadline");
  g_autofree char *title = xml_attr(deadline, "title");
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *value = xml_attr(deadline, names[i]);
    if (value)
      g_string_append_printf(words, " %s=\"%s\"", names[i], value);
  }
  if (title)
    g_string_append_printf(words, ": %s", title);
  return g_string_free(words, FALSE);
}

/* A day that only the facts can count to: without them there is no deadline. */
static void add_send(Expansion *expansion, xmlNode *onentry, const xmlNode *deadline,
                     const char *id) {
  g_autofree char *words = words_of(deadline);
  xmlNode *send = new_send(expansion, deadline, id);
  xmlAddChild(onentry, expand_comment(expansion, words));
  if (xmlHasProp((xmlNode *)deadline, (const xmlChar *)"after")) {
    xmlAddChild(onentry, send);
    return;
  }
  g_autofree char *delay = xml_attr(send, "delayexpr");
  xmlNode *check = xmlAddChild(onentry, expand_element(expansion, "if"));
  xml_set_attr(check, "cond", delay);
  xmlAddChild(check, send);
}

static xmlNode *put_block(Expansion *expansion, xmlNode *state, const char *name) {
  xmlNode *block = expand_element(expansion, name), *first = xml_first_element(state);
  return first ? xmlAddPrevSibling(first, block) : xmlAddChild(state, block);
}

/* The last <onexit> is behind all others; <onentry> before all others, as deadlines begin. */
void expand_deadlines(Expansion *expansion, xmlNode *state) {
  g_autoptr(GPtrArray) deadlines = g_ptr_array_new();
  for (xmlNode *child = xml_first_element(state); child; child = xml_next_element(child))
    if (xml_is(child, WORKFLOW_NS, "deadline"))
      g_ptr_array_add(deadlines, child);
  if (!deadlines->len)
    return;
  xmlNode *onentry = put_block(expansion, state, "onentry");
  xmlNode *onexit = xmlAddChild(state, expand_element(expansion, "onexit"));
  for (guint i = 0; i < deadlines->len; i++) {
    g_autofree char *id = g_strdup_printf("rk.deadline.%u", ++expansion->deadlines);
    xmlNode *cancel = xmlAddChild(onexit, expand_element(expansion, "cancel"));
    add_send(expansion, onentry, deadlines->pdata[i], id);
    xml_set_attr(cancel, "sendid", id);
  }
}
