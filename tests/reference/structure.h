/* SPDX-License-Identifier: Apache-2.0 */
/* structure.h - Appendix D's lists and ordered sets, and what it asks of states. */
#ifndef RK_TEST_STRUCTURE_H
#define RK_TEST_STRUCTURE_H

#include "reference.h"

/* ------------------------------------------------------- lists and ordered sets */

static inline gboolean is_member(const GPtrArray *set, gconstpointer e) {
  return g_ptr_array_find((GPtrArray *)set, e, NULL);
}

static inline void add(GPtrArray *set, gconstpointer e) {
  if (!is_member(set, e))
    g_ptr_array_add(set, (gpointer)e);
}

static inline void delete(GPtrArray *set, gconstpointer e) {
  g_ptr_array_remove(set, (gpointer)e);
}

static inline void set_union(GPtrArray *set, const GPtrArray *other) {
  for (guint i = 0; i < other->len; i++)
    add(set, other->pdata[i]);
}

static inline gboolean has_intersection(const GPtrArray *a, const GPtrArray *b) {
  for (guint i = 0; i < a->len; i++)
    if (is_member(b, a->pdata[i]))
      return TRUE;
  return FALSE;
}

static inline int by_document_order(gconstpointer a, gconstpointer b) {
  const RefState *left = *(RefState *const *)a, *right = *(RefState *const *)b;
  return left->document_order < right->document_order   ? -1
         : left->document_order > right->document_order ? 1
                                                        : 0;
}

/* exitOrder: the reverse of document order, which is also the order of entry. */
static inline int by_exit_order(gconstpointer a, gconstpointer b) {
  return by_document_order(b, a);
}

static inline GPtrArray *to_list(const GPtrArray *set) {
  GPtrArray *list = g_ptr_array_new();
  set_union(list, set);
  return list;
}

static inline GPtrArray *to_sorted_list(const GPtrArray *set, GCompareFunc order) {
  GPtrArray *list = to_list(set);
  g_ptr_array_sort(list, order);
  return list;
}

/* -------------------------------------------------------------------- predicates */

static inline gboolean is_history_state(const RefState *s) {
  return s->element == REF_HISTORY;
}

static inline gboolean is_final_state(const RefState *s) {
  return s->element == REF_FINAL;
}

static inline gboolean is_parallel_state(const RefState *s) {
  return s && s->element == REF_PARALLEL;
}

static inline gboolean is_scxml_element(const RefState *s) {
  return s->element == REF_SCXML;
}

/* All <state>, <final> and <parallel> children. */
static inline GPtrArray *get_child_states(const RefState *s) {
  GPtrArray *list = g_ptr_array_new();
  for (guint i = 0; i < s->children->len; i++)
    if (!is_history_state(s->children->pdata[i]))
      g_ptr_array_add(list, s->children->pdata[i]);
  return list;
}

static inline gboolean has_child_states(const RefState *s) {
  g_autoptr(GPtrArray) children = get_child_states(s);
  return children->len > 0;
}

static inline gboolean is_compound_state(const RefState *s) {
  return s->element == REF_STATE && has_child_states(s);
}

static inline gboolean is_compound_state_or_scxml_element(const RefState *s) {
  return is_compound_state(s) || is_scxml_element(s);
}

static inline gboolean is_atomic_state(const RefState *s) {
  return is_final_state(s) || (s->element == REF_STATE && !has_child_states(s));
}

static inline gboolean is_descendant(const RefState *state1, const RefState *state2) {
  return ref_is_descendant(state1, state2);
}

static inline gboolean every_descendant(const GPtrArray *states, const RefState *ancestor) {
  for (guint i = 0; i < states->len; i++)
    if (!is_descendant(states->pdata[i], ancestor))
      return FALSE;
  return TRUE;
}

static inline gboolean some_descendant(const GPtrArray *states, const RefState *ancestor) {
  for (guint i = 0; i < states->len; i++)
    if (is_descendant(states->pdata[i], ancestor))
      return TRUE;
  return FALSE;
}

/* From the parent outwards, up to but not including state2; NULL: up to and with <scxml>. */
static inline GPtrArray *get_proper_ancestors(const RefState *state1, const RefState *state2) {
  GPtrArray *ancestors = g_ptr_array_new();
  if (state2 && !is_descendant(state1, state2))
    return ancestors; /* state2 is state1, or inside it */
  for (RefState *s = state1->parent; s && s != state2; s = s->parent)
    g_ptr_array_add(ancestors, s);
  return ancestors;
}

#endif
