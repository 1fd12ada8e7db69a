/* SPDX-License-Identifier: Apache-2.0 */
/*
 * select.c - which transitions are taken: Appendix D's selectTransitions,
 * selectEventlessTransitions, removeConflictingTransitions and what they rest on.
 *
 * What depends on the document alone is found when it is loaded (machine_index): where
 * transitions are to be looked for, and the domain of those that lead to no history.
 */
#include "machine/expr.h"

static State *state_at(const Machine *machine, guint index) {
  return machine->states->pdata[index];
}

/* ------------------------------------------------------------------- domains */

static void add_once(GArray *set, guint index) {
  for (guint i = 0; i < set->len; i++)
    if (g_array_index(set, guint, i) == index)
      return;
  g_array_append_val(set, index);
}

/* Targets with histories replaced by what they stand for. */
static void add_effective_targets(const Session *session, const Transition *transition,
                                  GArray *set) {
  for (guint i = 0; i < transition->targets->len; i++) {
    const State *target =
        state_at(session->machine, g_array_index(transition->targets, guint, i));
    const GArray *recorded = session->history[target->index];
    if (!is_history(target))
      add_once(set, target->index);
    else if (recorded)
      for (guint k = 0; k < recorded->len; k++)
        add_once(set, g_array_index(recorded, guint, k));
    else if (target->initial)
      add_effective_targets(session, target->initial, set);
  }
}

const GArray *get_effective_target_states(const Session *session, const Transition *transition) {
  if (!transition->to_history)
    return transition->targets;
  g_array_set_size(session->targets, 0);
  add_effective_targets(session, transition, session->targets);
  return session->targets;
}

static gboolean all_inside(const Machine *machine, const GArray *states, const State *ancestor) {
  for (guint i = 0; i < states->len; i++)
    if (!is_descendant(state_at(machine, g_array_index(states, guint, i)), ancestor))
      return FALSE;
  return TRUE;
}

/* The least common *compound* ancestor of the source and all targets. */
static const State *find_lcca(const Machine *machine, const State *source,
                              const GArray *targets) {
  for (const State *ancestor = source->parent; ancestor; ancestor = ancestor->parent)
    if (is_compound(ancestor) && all_inside(machine, targets, ancestor))
      return ancestor;
  return state_at(machine, 0);
}

static const State *domain_of(const Machine *machine, const Transition *transition,
                              const GArray *effective) {
  if (!effective->len)
    return NULL;
  if (transition->internal && is_compound(transition->source) &&
      all_inside(machine, effective, transition->source))
    return transition->source;
  return find_lcca(machine, transition->source, effective);
}

const State *get_transition_domain(const Session *session, const Transition *transition) {
  if (!transition->to_history)
    return transition->domain;
  return domain_of(session->machine, transition, get_effective_target_states(session, transition));
}

void get_transition_domains(Session *session, const GPtrArray *transitions) {
  g_ptr_array_set_size(session->domains, 0);
  for (guint i = 0; i < transitions->len; i++)
    g_ptr_array_add(session->domains,
                    (gpointer)get_transition_domain(session, transitions->pdata[i]));
}

const Bits *compute_exit_set(Session *session, const GPtrArray *transitions) {
  bits_clear(session->exits, session->machine->states->len);
  for (guint i = 0; i < transitions->len; i++) {
    const State *domain = get_transition_domain(session, transitions->pdata[i]);
    if (domain)
      bits_add_range(session->exits, session->active, domain->index + 1, domain->end);
  }
  return session->exits;
}

/* --------------------------------------------------------- found at loading time */

static void index_transition(const Machine *machine, Transition *transition) {
  for (guint i = 0; i < transition->targets->len; i++)
    transition->to_history |=
        is_history(state_at(machine, g_array_index(transition->targets, guint, i)));
  if (!transition->to_history)
    transition->domain = domain_of(machine, transition, transition->targets);
}

/* From each state, where to look for transitions: itself, or the next one outwards. */
static void index_state(Machine *machine, State *state) {
  for (guint i = 0; i < state->transitions->len; i++) {
    Transition *transition = state->transitions->pdata[i];
    index_transition(machine, transition);
    if (transition->descriptors)
      state->has_event = TRUE;
    else
      state->has_eventless = machine->has_eventless = TRUE;
  }
  if (state->initial)
    index_transition(machine, state->initial);
  if (is_atomic(state))
    bits_add(machine->atomic, state->index);
  const State *parent = state->parent;
  state->look_event = state->has_event || !parent ? state : parent->look_event;
  state->look_eventless = state->has_eventless || !parent ? state : parent->look_eventless;
}

void machine_index(Machine *machine) {
  machine->atomic = bits_new(machine->states->len);
  for (guint i = 0; i < machine->states->len; i++)
    index_state(machine, state_at(machine, i));
}

/* ----------------------------------------------------------------- conflicts */

/* The exit sets of two enabled transitions meet if one domain lies in the other: it is active
 * then, as it holds an active source, and so is something in it. */
static gboolean exit_sets_intersect(const Session *session, const Transition *a,
                                    const Transition *b) {
  const State *left = get_transition_domain(session, a), *right = get_transition_domain(session, b);
  return left && right && (left == right || is_descendant(left, right) ||
                           is_descendant(right, left));
}

/* A later transition wins over earlier ones only from inside their sources. */
static void add_unless_preempted(const Session *session, GPtrArray *filtered,
                                 Transition *candidate) {
  guint kept = 0;
  for (guint i = 0; i < filtered->len; i++) {
    const Transition *chosen = filtered->pdata[i];
    if (exit_sets_intersect(session, candidate, chosen) &&
        !is_descendant(candidate->source, chosen->source))
      return;
  }
  for (guint i = 0; i < filtered->len; i++)
    if (!exit_sets_intersect(session, candidate, filtered->pdata[i]))
      filtered->pdata[kept++] = filtered->pdata[i];
  g_ptr_array_set_size(filtered, (int)kept);
  g_ptr_array_add(filtered, candidate);
}

static GPtrArray *remove_conflicting_transitions(Session *session, GPtrArray *enabled) {
  GPtrArray *filtered = session->filtered;
  if (enabled->len < 2)
    return enabled;
  g_ptr_array_set_size(filtered, 0);
  for (guint i = 0; i < enabled->len; i++)
    add_unless_preempted(session, filtered, enabled->pdata[i]);
  return filtered;
}

/* ----------------------------------------------------------------- selection */

/* Cond: an error counts as false and queues error.execution. */
static gboolean condition_match(Session *session, const Transition *transition) {
  gboolean holds = TRUE;
  if (transition->cond && !expr_boolean(session, transition->cond, &holds))
    queue_error(session, "error.execution", NULL);
  return holds;
}

static gboolean event_fits(const Transition *transition, const Event *event) {
  if (!event)
    return !transition->descriptors;
  return transition->descriptors &&
         event_matches((const char *const *)transition->descriptors, event->name);
}

static const State *look_from(const State *state, const Event *event) {
  return event ? state->look_event : state->look_eventless;
}

/* The first transition, from the atomic state outwards, that the event and cond allow. */
static Transition *first_enabled(Session *session, const State *atomic, const Event *event) {
  for (const State *state = look_from(atomic, event); state;
       state = state->parent ? look_from(state->parent, event) : NULL) {
    for (guint i = 0; i < state->transitions->len; i++) {
      Transition *transition = state->transitions->pdata[i];
      if (event_fits(transition, event) && condition_match(session, transition))
        return transition;
    }
  }
  return NULL;
}

static gboolean contains(const GPtrArray *list, gconstpointer item) {
  for (guint i = 0; i < list->len; i++)
    if (list->pdata[i] == item)
      return TRUE;
  return FALSE;
}

/* The result is the session's, and good until the next selection. */
static GPtrArray *select_for(Session *session, const Event *event) {
  const Machine *machine = session->machine;
  GPtrArray *enabled = session->enabled;
  g_ptr_array_set_size(enabled, 0);
  for (guint w = 0; w < BITS_WORDS(machine->states->len); w++) {
    for (Bits atomic = session->active[w] & machine->atomic[w]; atomic; atomic &= atomic - 1) {
      const State *state = state_at(machine, w * 64 + (guint)__builtin_ctzll(atomic));
      Transition *transition = first_enabled(session, state, event);
      if (transition && !contains(enabled, transition))
        g_ptr_array_add(enabled, transition);
    }
  }
  return remove_conflicting_transitions(session, enabled);
}

GPtrArray *select_eventless_transitions(Session *session) {
  if (session->machine->has_eventless)
    return select_for(session, NULL);
  g_ptr_array_set_size(session->enabled, 0);
  return session->enabled;
}

GPtrArray *select_transitions(Session *session, const Event *event) {
  return select_for(session, event);
}

/* Transitions with an event, of active states, innermost first, each once. */
GPtrArray *candidates(const Session *session) {
  const Machine *machine = session->machine;
  GPtrArray *list = g_ptr_array_new();
  for BITS_EACH (i, session->active, machine->states->len) {
    const State *state = state_at(machine, i);
    for (state = is_atomic(state) ? state : NULL; state; state = state->parent)
      for (guint k = 0; k < state->transitions->len; k++) {
        Transition *transition = state->transitions->pdata[k];
        if (transition->descriptors && !contains(list, transition))
          g_ptr_array_add(list, transition);
      }
  }
  return list;
}
