/* SPDX-License-Identifier: Apache-2.0 */
/*
 * select.c - which transitions are taken: Appendix D's selectTransitions,
 * selectEventlessTransitions, removeConflictingTransitions and what they rest on.
 */
#include "machine/expr.h"

/* Cond: an error counts as false and queues error.execution. */
static gboolean condition_match(Session *session, const Transition *transition) {
  gboolean holds = TRUE;
  if (transition->cond && !expr_boolean(session, transition->cond, &holds))
    queue_error(session, "error.execution", NULL);
  return holds;
}

/* ------------------------------------------------------------------- domains */

static void add_index(GArray *set, guint index) {
  for (guint i = 0; i < set->len; i++)
    if (g_array_index(set, guint, i) == index)
      return;
  g_array_append_val(set, index);
}

static State *state_at(const Session *session, guint index) {
  return session->machine->states->pdata[index];
}

/* Targets with histories replaced by what they stand for. */
static void add_effective_targets(const Session *session, const Transition *transition,
                                  GArray *set) {
  for (guint i = 0; i < transition->targets->len; i++) {
    const State *target = state_at(session, g_array_index(transition->targets, guint, i));
    const GArray *recorded = session->history[target->index];
    if (!is_history(target))
      add_index(set, target->index);
    else if (recorded)
      for (guint k = 0; k < recorded->len; k++)
        add_index(set, g_array_index(recorded, guint, k));
    else if (target->initial)
      add_effective_targets(session, target->initial, set);
  }
}

GArray *get_effective_target_states(const Session *session, const Transition *transition) {
  GArray *set = g_array_new(FALSE, FALSE, sizeof(guint));
  add_effective_targets(session, transition, set);
  return set;
}

static gboolean all_inside(const Session *session, const GArray *states, const State *ancestor) {
  for (guint i = 0; i < states->len; i++)
    if (!is_descendant(state_at(session, g_array_index(states, guint, i)), ancestor))
      return FALSE;
  return TRUE;
}

/* The least common *compound* ancestor of the source and all targets. */
static const State *find_lcca(const Session *session, const State *source, const GArray *targets) {
  for (const State *ancestor = source->parent; ancestor; ancestor = ancestor->parent)
    if (is_compound(ancestor) && all_inside(session, targets, ancestor))
      return ancestor;
  return state_at(session, 0);
}

const State *get_transition_domain(const Session *session, const Transition *transition) {
  g_autoptr(GArray) targets = get_effective_target_states(session, transition);
  if (!targets->len)
    return NULL;
  if (transition->internal && is_compound(transition->source) &&
      all_inside(session, targets, transition->source))
    return transition->source;
  return find_lcca(session, transition->source, targets);
}

const State **get_transition_domains(const Session *session, const GPtrArray *transitions) {
  const State **domains = g_new0(const State *, transitions->len);
  for (guint i = 0; i < transitions->len; i++)
    domains[i] = get_transition_domain(session, transitions->pdata[i]);
  return domains;
}

static void mark_exits(const Session *session, const Transition *transition, guint8 *marks) {
  const State *domain = get_transition_domain(session, transition);
  for (guint i = domain ? domain->index + 1 : 0; domain && i < domain->end; i++)
    marks[i] |= session->active[i];
}

GArray *compute_exit_set(const Session *session, const GPtrArray *transitions) {
  guint n = session->machine->states->len;
  g_autofree guint8 *marks = g_new0(guint8, n);
  GArray *set = g_array_new(FALSE, FALSE, sizeof(guint));
  for (guint i = 0; i < transitions->len; i++)
    mark_exits(session, transitions->pdata[i], marks);
  for (guint i = 0; i < n; i++)
    if (marks[i])
      g_array_append_val(set, i);
  return set;
}

/* ----------------------------------------------------------------- conflicts */

static gboolean exit_sets_intersect(const Session *session, const Transition *a,
                                    const Transition *b) {
  const State *left = get_transition_domain(session, a), *right = get_transition_domain(session, b);
  if (!left || !right)
    return FALSE;
  const State *inner = right;
  if (is_descendant(left, right))
    inner = left;
  else if (left != right && !is_descendant(right, left))
    return FALSE;
  /* One domain lies in the other: they share the inner one's active descendants. */
  for (guint i = inner->index + 1; i < inner->end; i++)
    if (session->active[i])
      return TRUE;
  return FALSE;
}

/* A later transition wins over an earlier one only from inside its source. */
static GPtrArray *remove_conflicting_transitions(const Session *session, GPtrArray *enabled) {
  GPtrArray *filtered = g_ptr_array_new();
  for (guint i = 0; i < enabled->len; i++) {
    const Transition *candidate = enabled->pdata[i];
    gboolean preempted = FALSE;
    g_autoptr(GPtrArray) beaten = g_ptr_array_new();
    for (guint k = 0; k < filtered->len && !preempted; k++) {
      const Transition *chosen = filtered->pdata[k];
      if (!exit_sets_intersect(session, candidate, chosen))
        continue;
      if (is_descendant(candidate->source, chosen->source))
        g_ptr_array_add(beaten, (gpointer)chosen);
      else
        preempted = TRUE;
    }
    for (guint k = 0; k < beaten->len && !preempted; k++)
      g_ptr_array_remove(filtered, beaten->pdata[k]);
    if (!preempted)
      g_ptr_array_add(filtered, (gpointer)candidate);
  }
  return filtered;
}

/* ----------------------------------------------------------------- selection */

static gboolean event_fits(const Transition *transition, const Event *event) {
  if (!event)
    return !transition->descriptors;
  return transition->descriptors &&
         event_matches((const char *const *)transition->descriptors, event->name);
}

/* The first transition, from the atomic state outwards, that the event and cond allow. */
static Transition *first_enabled(Session *session, const State *atomic, const Event *event) {
  for (const State *state = atomic; state; state = state->parent) {
    for (guint i = 0; i < state->transitions->len; i++) {
      Transition *transition = state->transitions->pdata[i];
      if (event_fits(transition, event) && condition_match(session, transition))
        return transition;
    }
  }
  return NULL;
}

static GPtrArray *select_for(Session *session, const Event *event) {
  g_autoptr(GPtrArray) enabled = g_ptr_array_new();
  for (guint i = 0; i < session->machine->states->len; i++) {
    const State *state = state_at(session, i);
    if (!session->active[i] || !is_atomic(state))
      continue;
    Transition *transition = first_enabled(session, state, event);
    if (transition && !g_ptr_array_find(enabled, transition, NULL))
      g_ptr_array_add(enabled, transition);
  }
  return remove_conflicting_transitions(session, enabled);
}

GPtrArray *select_eventless_transitions(Session *session) {
  return select_for(session, NULL);
}

GPtrArray *select_transitions(Session *session, const Event *event) {
  return select_for(session, event);
}

/* Transitions with an event, of active states, innermost first, each once. */
GPtrArray *candidates(const Session *session) {
  GPtrArray *list = g_ptr_array_new();
  for (guint i = 0; i < session->machine->states->len; i++) {
    if (!session->active[i] || !is_atomic(state_at(session, i)))
      continue;
    for (const State *state = state_at(session, i); state; state = state->parent)
      for (guint k = 0; k < state->transitions->len; k++) {
        Transition *transition = state->transitions->pdata[k];
        if (transition->descriptors && !g_ptr_array_find(list, transition, NULL))
          g_ptr_array_add(list, transition);
      }
  }
  return list;
}
