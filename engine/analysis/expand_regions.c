/* SPDX-License-Identifier: Apache-2.0 */
/*
 * expand_regions.c - which transitions one event can choose together, and which of them then
 * yields: Appendix D's selectTransitions and removeConflictingTransitions, as far as the document
 * alone tells.
 */
#include "analysis/expand_branch.h"

#include "base/xml.h"
#include "machine/machine.h"

#include <string.h>

static gboolean is_parallel(const xmlNode *node) {
  return xml_is(node, SCXML_NS, "parallel");
}

static gboolean is_inside(const xmlNode *node, const xmlNode *outer) {
  for (node = node->parent; node; node = node->parent)
    if (node == outer)
      return TRUE;
  return FALSE;
}

/* --------------------------------------------------------------------- domains */

static gboolean is_compound(const xmlNode *node) {
  static const char *const children[] = {"state", "parallel", "final", NULL};
  if (!xml_is(node, SCXML_NS, "state"))
    return xml_is(node, SCXML_NS, "scxml");
  for (const xmlNode *child = xml_first_element(node); child; child = xml_next_element(child))
    if (g_strv_contains(children, (const char *)child->name))
      return TRUE;
  return FALSE;
}

static const xmlNode *state_called(const Expansion *expansion, const char *id) {
  g_autoptr(GPtrArray) all = expand_elements(expansion);
  for (guint i = 0; i < all->len; i++) {
    g_autofree char *held = xml_attr(all->pdata[i], "id");
    if (g_strcmp0(held, id) == 0 && !xml_is(all->pdata[i], SCXML_NS, "data") &&
        !xml_is(all->pdata[i], SCXML_NS, "send") && !xml_is(all->pdata[i], SCXML_NS, "invoke"))
      return all->pdata[i];
  }
  return NULL;
}

static gboolean holds_all(const xmlNode *outer, const GPtrArray *targets) {
  for (guint i = 0; i < targets->len; i++)
    if (!is_inside(targets->pdata[i], outer))
      return FALSE;
  return TRUE;
}

const xmlNode *expand_domain(const Expansion *expansion, const xmlNode *transition) {
  g_autofree char *list = xml_attr(transition, "target"), *type = xml_attr(transition, "type");
  g_auto(GStrv) ids = g_strsplit_set(list ? list : "", " \t\r\n", -1);
  g_autoptr(GPtrArray) targets = g_ptr_array_new();
  for (guint i = 0; ids[i]; i++) {
    const xmlNode *target = *ids[i] ? state_called(expansion, ids[i]) : NULL;
    if (target)
      g_ptr_array_add(targets, (gpointer)target);
  }
  const xmlNode *up = transition->parent;
  if (!targets->len)
    return NULL;
  if (g_strcmp0(type, "internal") != 0)
    up = up->parent;
  while (up != expansion->scxml && !(is_compound(up) && holds_all(up, targets)))
    up = up->parent;
  return up;
}

/* ------------------------------------------------------------ chosen together */

/* Whether regions lie between a state and one around it. */
static gboolean regions_between(const xmlNode *inner, const xmlNode *outer) {
  for (const xmlNode *up = inner->parent; up; up = up->parent) {
    if (is_parallel(up))
      return TRUE;
    if (up == outer)
      return FALSE;
  }
  return FALSE;
}

/* Both leave something of the other: two with targets, of which one leaves the regions. */
static gboolean in_conflict(const Branch *a, const Branch *b, const xmlNode *parallel) {
  return a->domain && b->domain &&
         (!is_inside(a->domain, parallel) || !is_inside(b->domain, parallel));
}

/* In different regions; the one first in the document has its way. */
static Together beside(const Branch *required, const Branch *other) {
  const xmlNode *up = required->node->parent;
  while (up && !is_inside(other->node->parent, up))
    up = up->parent;
  if (!up || !is_parallel(up))
    return NEVER_TOGETHER;
  if (!in_conflict(required, other, up))
    return BOTH_TAKEN;
  return required->number < other->number ? OTHER_YIELDS : NEVER_TOGETHER;
}

/* Of an inner transition and one around it the inner has its way, when both lead somewhere. */
Together expand_together(const Branch *required, const Branch *other) {
  const xmlNode *left = required->node->parent, *right = other->node->parent;
  gboolean both_lead = required->domain && other->domain;
  if (left == right || !required->event || !other->event ||
      !expand_overlap(required->event, other->event))
    return NEVER_TOGETHER;
  if (is_inside(left, right) && regions_between(left, right))
    return both_lead ? OTHER_YIELDS : BOTH_TAKEN;
  if (is_inside(right, left) && regions_between(right, left))
    return both_lead ? NEVER_TOGETHER : BOTH_TAKEN;
  return is_inside(left, right) || is_inside(right, left) ? NEVER_TOGETHER
                                                          : beside(required, other);
}

/* ----------------------------------------------------------------- chosen at all */

/* In() needs a name. */
static char *in_state(xmlNode *state) {
  g_autofree char *id = xml_attr(state, "id");
  if (!id) {
    id = g_strdup_printf("rk.state.%ld", xmlGetLineNo(state));
    xml_set_attr(state, "id", id);
  }
  g_autofree char *literal = expand_literal(id);
  return g_strdup_printf("In(%s)", literal);
}

typedef struct {
  const GPtrArray *branches;
  const Branch *branch; /* the one that may be passed over */
} Way;

/* An alternative more; takes it, NULL: there is none. */
static char *either(char *text, char *more) {
  g_autofree char *left = text, *right = more;
  if (!right)
    return g_steal_pointer(&left);
  return left ? g_strdup_printf("%s or %s", left, right) : g_steal_pointer(&right);
}

/* A transition of `state` takes the event: all of them, or those before the branch itself. */
static char *taken_at(const Way *way, const xmlNode *state) {
  char *text = NULL;
  for (guint i = 0; i < way->branches->len; i++) {
    const Branch *first = way->branches->pdata[i];
    gboolean own = state == way->branch->node->parent;
    if (first->node->parent != state || (own && first->number >= way->branch->number) ||
        !first->event || !expand_overlap(first->event, way->branch->event))
      continue;
    g_autofree char *heard = expand_heard(first->event, way->branch->event);
    text = either(text, first->cond ? g_strdup_printf("((%s) and (%s))", heard, first->cond)
                                    : g_strdup(heard));
  }
  return text;
}

static char *taken_in(const Way *way, const xmlNode *state);

/* Inside a state the event is taken by the active child; in regions by all of them, as one
 * alone would still look further outwards. NULL: never. */
static char *taken_inside(const Way *way, const xmlNode *state) {
  char *text = NULL;
  for (xmlNode *child = xml_first_element(state); child; child = xml_next_element(child)) {
    gboolean nested = xml_is(child, SCXML_NS, "state") || is_parallel(child);
    g_autofree char *taken = nested ? taken_in(way, child) : NULL;
    if (nested && is_parallel(state)) {
      g_autofree char *others = g_steal_pointer(&text);
      if (!taken)
        return NULL;
      text = others ? g_strdup_printf("%s and (%s)", others, taken) : g_strdup_printf("(%s)", taken);
    } else if (taken) {
      g_autofree char *in = in_state(child);
      text = either(text, g_strdup_printf("(%s and (%s))", in, taken));
    }
  }
  return text;
}

static char *taken_in(const Way *way, const xmlNode *state) {
  return either(taken_inside(way, state), taken_at(way, state));
}

char *expand_chosen(const GPtrArray *branches, const Branch *branch) {
  Way way = {branches, branch};
  g_autofree char *in = in_state(branch->node->parent);
  g_autofree char *before = taken_in(&way, branch->node->parent);
  return before ? g_strdup_printf("%s and not(%s)", in, before) : g_steal_pointer(&in);
}
