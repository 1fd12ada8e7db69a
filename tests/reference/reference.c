/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reference.c - Appendix D of the SCXML Recommendation, procedure by procedure. What stands
 * there is not repeated in comments; a comment says where something differs, and why.
 *
 * Differences: a wait for an external event returns to the caller, who calls again with
 * one; <invoke> and data are left out; microsteps are counted, so that a machine that never rests
 * can be given up. And two repairs, where the algorithm to the letter would break 3.11, which
 * asks for a legal configuration at every moment; both concern a transition to a history inside
 * whose parent it starts:
 *  1. Only states inside the transition's domain are entered. addAncestorStatesToEnter fills up to the
 *     parent of the history, even where the transition left only a part of that parent: it
 *     would enter states that were not left and, beside an active child, its parent's default.
 *  2. The domain is the one from before the exit. Where the history's parent itself is left, exitStates
 *     records the history anew; a domain found by what it now holds may be nearer
 *     than the one by which states were left, and not all of them would be entered again.
 */
#include "structure.h"

struct RefInterpreter {
  const RefDocument *doc;
  RefTrace trace;
  gpointer user;
  GPtrArray *configuration;  /* ordered set of RefState */
  GQueue *internal_queue, *external_queue; /* char * */
  GHashTable *history_value; /* id → GPtrArray of RefState */
  gboolean running, ended, runaway;
  guint steps, budget;
  char *last_configuration;
};

typedef RefInterpreter Ref;

static void tell(Ref *ref, const char *what, const char *detail) {
  if (ref->trace)
    ref->trace(ref->user, what, detail);
}

static gboolean is_in_final_state(const Ref *ref, const RefState *s) {
  g_autoptr(GPtrArray) children = get_child_states(s);
  if (is_compound_state(s)) {
    for (guint i = 0; i < children->len; i++)
      if (is_final_state(children->pdata[i]) && is_member(ref->configuration, children->pdata[i]))
        return TRUE;
    return FALSE;
  }
  if (is_parallel_state(s)) {
    for (guint i = 0; i < children->len; i++)
      if (!is_in_final_state(ref, children->pdata[i]))
        return FALSE;
    return TRUE;
  }
  return FALSE;
}

/* -------------------------------------------------------- conditions and content */

static void enqueue_internal(Ref *ref, const char *name) {
  g_queue_push_tail(ref->internal_queue, g_strdup(name));
}

static void enqueue_error(Ref *ref) {
  enqueue_internal(ref, "error.execution");
  tell(ref, "error", "error.execution");
}

/* In(): the predicate of 5.9.2. Returns FALSE when the condition cannot be evaluated. */
static gboolean evaluate(const Ref *ref, const RefCond *cond, gboolean *value) {
  gboolean left = FALSE, right = FALSE;
  if (cond->kind == REF_COND_ERROR)
    return FALSE;
  if (cond->kind == REF_COND_IN) {
    *value = FALSE;
    for (guint i = 0; i < ref->configuration->len; i++)
      *value |= g_str_equal(((RefState *)ref->configuration->pdata[i])->id, cond->state);
    return TRUE;
  }
  if (!evaluate(ref, cond->left, &left) || (cond->right && !evaluate(ref, cond->right, &right)))
    return FALSE;
  *value = cond->kind == REF_COND_NOT   ? !left
           : cond->kind == REF_COND_AND ? left && right
                                        : left || right;
  return TRUE;
}

/* 5.9.1: an error makes it false and queues error.execution. */
static gboolean holds(Ref *ref, const RefCond *cond) {
  gboolean value = FALSE;
  if (!cond)
    return TRUE;
  if (!evaluate(ref, cond, &value)) {
    enqueue_error(ref);
    return FALSE;
  }
  return value;
}

static gboolean condition_match(Ref *ref, const RefTransition *t) {
  return holds(ref, t->cond);
}

/* 4: an element that raises an error ends the block it stands in. */
static gboolean execute_content(Ref *ref, const GPtrArray *block) {
  for (guint i = 0; block && i < block->len; i++) {
    const RefContent *content = block->pdata[i];
    switch (content->kind) {
    case REF_RAISE:
      enqueue_internal(ref, content->text);
      tell(ref, "raise", content->text);
      break;
    case REF_SEND:
      tell(ref, "send", content->text);
      g_queue_push_tail(ref->external_queue, g_strdup(content->text));
      break;
    case REF_LOG:
      tell(ref, "log", content->text);
      break;
    case REF_IF:
      if (!execute_content(ref, holds(ref, content->cond) ? content->then : content->otherwise))
        return FALSE;
      break;
    case REF_FAIL:
      enqueue_error(ref);
      return FALSE;
    }
  }
  return TRUE;
}

/* 3.12.1: a descriptor matches when its tokens are the first tokens of the event's name; a
 * trailing ".*" or "." is left out of account, "*" matches all. */
static gboolean descriptor_matches(const char *descriptor, const char *name) {
  if (g_str_equal(descriptor, "*"))
    return TRUE;
  g_auto(GStrv) wanted = g_strsplit(descriptor, ".", -1);
  g_auto(GStrv) tokens = g_strsplit(name, ".", -1);
  guint n = g_strv_length(wanted);
  if (n > 1 && (g_str_equal(wanted[n - 1], "*") || !*wanted[n - 1]))
    n--;
  if (n > g_strv_length(tokens))
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (!g_str_equal(wanted[i], tokens[i]))
      return FALSE;
  return TRUE;
}

static gboolean name_match(const char *descriptors, const char *name) {
  g_auto(GStrv) list = g_strsplit(descriptors, " ", -1);
  for (guint i = 0; list[i]; i++)
    if (*list[i] && descriptor_matches(list[i], name))
      return TRUE;
  return FALSE;
}

/* ----------------------------------------------------------------------- domains */

static void add_effective_target_states(const Ref *ref, const RefTransition *transition,
                                        GPtrArray *targets) {
  for (guint i = 0; i < transition->target->len; i++) {
    RefState *s = transition->target->pdata[i];
    if (!is_history_state(s)) {
      add(targets, s);
      continue;
    }
    const GPtrArray *value = g_hash_table_lookup(ref->history_value, s->id);
    if (value)
      set_union(targets, value);
    else
      add_effective_target_states(ref, s->initial, targets);
  }
}

static GPtrArray *get_effective_target_states(const Ref *ref, const RefTransition *transition) {
  GPtrArray *targets = g_ptr_array_new();
  add_effective_target_states(ref, transition, targets);
  return targets;
}

static RefState *find_lcca(const RefState *head, const GPtrArray *tail) {
  g_autoptr(GPtrArray) ancestors = get_proper_ancestors(head, NULL);
  for (guint i = 0; i < ancestors->len; i++)
    if (is_compound_state_or_scxml_element(ancestors->pdata[i]) &&
        every_descendant(tail, ancestors->pdata[i]))
      return ancestors->pdata[i];
  return NULL;
}

/* <scxml> has no ancestors to find one among: the domain of its initial transition is itself. */
static RefState *get_transition_domain(const Ref *ref, const RefTransition *t) {
  g_autoptr(GPtrArray) tstates = get_effective_target_states(ref, t);
  if (!tstates->len)
    return NULL;
  if (is_scxml_element(t->source))
    return t->source;
  if (t->internal && is_compound_state(t->source) && every_descendant(tstates, t->source))
    return t->source;
  return find_lcca(t->source, tstates);
}

static GPtrArray *compute_exit_set(const Ref *ref, const GPtrArray *transitions) {
  GPtrArray *states_to_exit = g_ptr_array_new();
  for (guint i = 0; i < transitions->len; i++) {
    const RefTransition *t = transitions->pdata[i];
    if (!t->target->len)
      continue;
    const RefState *domain = get_transition_domain(ref, t);
    for (guint k = 0; k < ref->configuration->len; k++)
      if (is_descendant(ref->configuration->pdata[k], domain))
        add(states_to_exit, ref->configuration->pdata[k]);
  }
  return states_to_exit;
}

/* --------------------------------------------------------------------- selection */

static gboolean exit_sets_meet(const Ref *ref, RefTransition *t1, RefTransition *t2) {
  g_autoptr(GPtrArray) one = g_ptr_array_new(), other = g_ptr_array_new();
  g_ptr_array_add(one, t1);
  g_ptr_array_add(other, t2);
  g_autoptr(GPtrArray) first = compute_exit_set(ref, one);
  g_autoptr(GPtrArray) second = compute_exit_set(ref, other);
  return has_intersection(first, second);
}

static GPtrArray *remove_conflicting_transitions(const Ref *ref,
                                                 const GPtrArray *enabled_transitions) {
  GPtrArray *filtered_transitions = g_ptr_array_new();
  for (guint i = 0; i < enabled_transitions->len; i++) {
    RefTransition *t1 = enabled_transitions->pdata[i];
    gboolean t1_preempted = FALSE;
    g_autoptr(GPtrArray) transitions_to_remove = g_ptr_array_new();
    for (guint k = 0; k < filtered_transitions->len; k++) {
      RefTransition *t2 = filtered_transitions->pdata[k];
      if (!exit_sets_meet(ref, t1, t2))
        continue;
      if (is_descendant(t1->source, t2->source)) {
        add(transitions_to_remove, t2);
      } else {
        t1_preempted = TRUE;
        break;
      }
    }
    for (guint k = 0; !t1_preempted && k < transitions_to_remove->len; k++)
      delete(filtered_transitions, transitions_to_remove->pdata[k]);
    if (!t1_preempted)
      add(filtered_transitions, t1);
  }
  return filtered_transitions;
}

/* The loop of both selections; `event` NULL: eventless transitions. */
static RefTransition *first_match(Ref *ref, RefState *state, const char *event) {
  g_autoptr(GPtrArray) ancestors = get_proper_ancestors(state, NULL);
  g_ptr_array_insert(ancestors, 0, state);
  for (guint i = 0; i < ancestors->len; i++) {
    const RefState *s = ancestors->pdata[i];
    for (guint k = 0; k < s->transition->len; k++) {
      RefTransition *t = s->transition->pdata[k];
      gboolean fits = event ? t->event && name_match(t->event, event) : !t->event;
      if (fits && condition_match(ref, t))
        return t;
    }
  }
  return NULL;
}

static GPtrArray *select_for(Ref *ref, const char *event) {
  g_autoptr(GPtrArray) enabled_transitions = g_ptr_array_new();
  g_autoptr(GPtrArray) states = to_sorted_list(ref->configuration, by_document_order);
  for (guint i = 0; i < states->len; i++) {
    RefTransition *t =
        is_atomic_state(states->pdata[i]) ? first_match(ref, states->pdata[i], event) : NULL;
    if (t)
      add(enabled_transitions, t);
  }
  return remove_conflicting_transitions(ref, enabled_transitions);
}

static GPtrArray *select_eventless_transitions(Ref *ref) {
  return select_for(ref, NULL);
}

static GPtrArray *select_transitions(Ref *ref, const char *event) {
  return select_for(ref, event);
}

/* ------------------------------------------------------------------------- exit */

static GPtrArray *configuration_for_history(const Ref *ref, const RefState *s, gboolean deep) {
  GPtrArray *value = g_ptr_array_new();
  for (guint i = 0; i < ref->configuration->len; i++) {
    RefState *s0 = ref->configuration->pdata[i];
    if (deep ? is_atomic_state(s0) && is_descendant(s0, s) : s0->parent == s)
      add(value, s0);
  }
  return value;
}

static void exit_states(Ref *ref, const GPtrArray *enabled_transitions) {
  g_autoptr(GPtrArray) set = compute_exit_set(ref, enabled_transitions);
  g_autoptr(GPtrArray) states_to_exit = to_sorted_list(set, by_exit_order);
  for (guint i = 0; i < states_to_exit->len; i++) {
    const RefState *s = states_to_exit->pdata[i];
    for (guint k = 0; k < s->children->len; k++) {
      const RefState *h = s->children->pdata[k];
      if (is_history_state(h))
        g_hash_table_replace(ref->history_value, (gpointer)h->id,
                             configuration_for_history(ref, s, h->deep));
    }
  }
  for (guint i = 0; i < states_to_exit->len; i++) {
    const RefState *s = states_to_exit->pdata[i];
    for (guint k = 0; k < s->onexit->len; k++)
      execute_content(ref, s->onexit->pdata[k]);
    delete(ref->configuration, s);
    tell(ref, "exit", s->id);
  }
}

/* ------------------------------------------------------------------------- entry */

typedef struct {
  Ref *ref;
  const RefState *domain; /* of the transition at hand */
  GPtrArray *states_to_enter, *states_for_default_entry;
  GHashTable *default_history_content; /* id of the parent → block */
} Entry;

static void add_descendant_states_to_enter(Entry *entry, RefState *state);
static void add_ancestor_states_to_enter(Entry *entry, const RefState *state,
                                         const RefState *ancestor);

static void add_all(Entry *entry, const GPtrArray *states, const RefState *ancestor) {
  for (guint i = 0; i < states->len; i++)
    add_descendant_states_to_enter(entry, states->pdata[i]);
  for (guint i = 0; i < states->len; i++)
    add_ancestor_states_to_enter(entry, states->pdata[i], ancestor);
}

static void add_missing_children(Entry *entry, const RefState *parallel) {
  g_autoptr(GPtrArray) children = get_child_states(parallel);
  for (guint i = 0; i < children->len; i++)
    if (!some_descendant(entry->states_to_enter, children->pdata[i]))
      add_descendant_states_to_enter(entry, children->pdata[i]);
}

static void add_history(Entry *entry, const RefState *state) {
  const GPtrArray *value = g_hash_table_lookup(entry->ref->history_value, state->id);
  if (value) {
    add_all(entry, value, state->parent);
    return;
  }
  g_hash_table_replace(entry->default_history_content, (gpointer)state->parent->id,
                       state->initial->content);
  add_all(entry, state->initial->target, state->parent);
}

static void add_descendant_states_to_enter(Entry *entry, RefState *state) {
  if (is_history_state(state)) {
    add_history(entry, state);
    return;
  }
  add(entry->states_to_enter, state);
  if (is_compound_state(state)) {
    add(entry->states_for_default_entry, state);
    add_all(entry, state->initial->target, state);
  } else if (is_parallel_state(state)) {
    add_missing_children(entry, state);
  }
}

static void add_ancestor_states_to_enter(Entry *entry, const RefState *state,
                                         const RefState *ancestor) {
  g_autoptr(GPtrArray) ancestors = get_proper_ancestors(state, ancestor);
  for (guint i = 0; i < ancestors->len; i++) {
    RefState *anc = ancestors->pdata[i];
    if (!is_descendant(anc, entry->domain))
      return;
    add(entry->states_to_enter, anc);
    if (is_parallel_state(anc))
      add_missing_children(entry, anc);
  }
}

static void compute_entry_set(Entry *entry, const GPtrArray *transitions,
                              const GPtrArray *domains) {
  for (guint i = 0; i < transitions->len; i++) {
    const RefTransition *t = transitions->pdata[i];
    const RefState *ancestor = domains->pdata[i];
    entry->domain = ancestor;
    for (guint k = 0; k < t->target->len; k++)
      add_descendant_states_to_enter(entry, t->target->pdata[k]);
    g_autoptr(GPtrArray) targets = get_effective_target_states(entry->ref, t);
    for (guint k = 0; k < targets->len; k++)
      add_ancestor_states_to_enter(entry, targets->pdata[k], ancestor);
  }
}

static void enqueue_done(Ref *ref, const RefState *state) {
  g_autofree char *name = g_strconcat("done.state.", state->id, NULL);
  enqueue_internal(ref, name);
}

static void enter_final_state(Ref *ref, const RefState *s) {
  if (is_scxml_element(s->parent)) {
    ref->running = FALSE;
    return;
  }
  const RefState *parent = s->parent, *grandparent = parent->parent;
  enqueue_done(ref, parent);
  if (!is_parallel_state(grandparent))
    return;
  g_autoptr(GPtrArray) children = get_child_states(grandparent);
  for (guint i = 0; i < children->len; i++)
    if (!is_in_final_state(ref, children->pdata[i]))
      return;
  enqueue_done(ref, grandparent);
}

static void enter_states(Ref *ref, const GPtrArray *enabled_transitions,
                         const GPtrArray *domains) {
  g_autoptr(GPtrArray) states_to_enter = g_ptr_array_new();
  g_autoptr(GPtrArray) states_for_default_entry = g_ptr_array_new();
  g_autoptr(GHashTable) default_history_content = g_hash_table_new(g_str_hash, g_str_equal);
  Entry entry = {ref, NULL, states_to_enter, states_for_default_entry, default_history_content};
  compute_entry_set(&entry, enabled_transitions, domains);
  g_autoptr(GPtrArray) list = to_sorted_list(states_to_enter, by_document_order);
  for (guint i = 0; i < list->len; i++) {
    const RefState *s = list->pdata[i];
    add(ref->configuration, s);
    tell(ref, "enter", s->id);
    for (guint k = 0; k < s->onentry->len; k++)
      execute_content(ref, s->onentry->pdata[k]);
    if (is_member(states_for_default_entry, s))
      execute_content(ref, s->initial->content);
    execute_content(ref, g_hash_table_lookup(default_history_content, s->id));
    if (is_final_state(s))
      enter_final_state(ref, s);
  }
}

/* ---------------------------------------------------------------------- the loop */

static void execute_transition_content(Ref *ref, const GPtrArray *enabled_transitions) {
  for (guint i = 0; i < enabled_transitions->len; i++)
    execute_content(ref, ((RefTransition *)enabled_transitions->pdata[i])->content);
}

static GPtrArray *domains_of(const Ref *ref, const GPtrArray *transitions) {
  GPtrArray *domains = g_ptr_array_new();
  for (guint i = 0; i < transitions->len; i++)
    g_ptr_array_add(domains, get_transition_domain(ref, transitions->pdata[i]));
  return domains;
}

static void microstep(Ref *ref, const GPtrArray *enabled_transitions) {
  g_autoptr(GPtrArray) domains = domains_of(ref, enabled_transitions);
  exit_states(ref, enabled_transitions);
  execute_transition_content(ref, enabled_transitions);
  enter_states(ref, enabled_transitions, domains);
}

static void exit_interpreter(Ref *ref) {
  g_autoptr(GPtrArray) states_to_exit = to_sorted_list(ref->configuration, by_exit_order);
  ref->last_configuration = ref_configuration(ref);
  for (guint i = 0; i < states_to_exit->len; i++) {
    const RefState *s = states_to_exit->pdata[i];
    for (guint k = 0; k < s->onexit->len; k++)
      execute_content(ref, s->onexit->pdata[k]);
    delete(ref->configuration, s);
  }
  ref->ended = TRUE;
}

/* Not in the Recommendation: gives up a machine that does not come to rest. */
static gboolean may_go_on(Ref *ref) {
  ref->runaway = ref->runaway || ref->steps++ >= ref->budget;
  return ref->running && !ref->runaway;
}

static void complete_macrostep(Ref *ref) {
  gboolean macrostep_done = FALSE;
  while (!macrostep_done && may_go_on(ref)) {
    g_autoptr(GPtrArray) enabled_transitions = select_eventless_transitions(ref);
    if (!enabled_transitions->len) {
      if (g_queue_is_empty(ref->internal_queue)) {
        macrostep_done = TRUE;
      } else {
        g_autofree char *internal_event = g_queue_pop_head(ref->internal_queue);
        tell(ref, "internal", internal_event);
        g_ptr_array_unref(enabled_transitions);
        enabled_transitions = select_transitions(ref, internal_event);
      }
    }
    if (enabled_transitions->len)
      microstep(ref, enabled_transitions);
  }
}

static void main_event_loop(Ref *ref) {
  while (ref->running && !ref->runaway) {
    complete_macrostep(ref);
    if (!ref->running || ref->runaway)
      break;
    if (g_queue_is_empty(ref->external_queue))
      return; /* the blocking wait */
    g_autofree char *external_event = g_queue_pop_head(ref->external_queue);
    tell(ref, "event", external_event);
    g_autoptr(GPtrArray) enabled_transitions = select_transitions(ref, external_event);
    if (enabled_transitions->len)
      microstep(ref, enabled_transitions);
  }
  if (!ref->runaway)
    exit_interpreter(ref);
}

gboolean ref_interpret(RefInterpreter *ref, guint budget) {
  g_autoptr(GPtrArray) initial = g_ptr_array_new();
  ref->steps = 0;
  ref->budget = budget;
  ref->running = TRUE;
  g_ptr_array_add(initial, ref->doc->scxml->initial);
  /* 3.2 gives <scxml> no <initial>; a content there would run before the first entry. */
  g_autoptr(GPtrArray) domains = domains_of(ref, initial);
  enter_states(ref, initial, domains);
  main_event_loop(ref);
  return !ref->ended && !ref->runaway;
}

gboolean ref_external_event(RefInterpreter *ref, const char *name, guint budget) {
  if (ref->ended || ref->runaway)
    return FALSE;
  ref->steps = 0;
  ref->budget = budget;
  g_queue_push_tail(ref->external_queue, g_strdup(name));
  main_event_loop(ref);
  return !ref->ended && !ref->runaway;
}

/* ------------------------------------------------------------------------ access */

RefInterpreter *ref_interpreter_new(const RefDocument *doc, RefTrace trace, gpointer user) {
  RefInterpreter *ref = g_new0(RefInterpreter, 1);
  ref->doc = doc;
  ref->trace = trace;
  ref->user = user;
  ref->configuration = g_ptr_array_new();
  ref->internal_queue = g_queue_new();
  ref->external_queue = g_queue_new();
  ref->history_value =
      g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
  return ref;
}

void ref_interpreter_free(RefInterpreter *ref) {
  if (!ref)
    return;
  g_ptr_array_unref(ref->configuration);
  g_queue_free_full(ref->internal_queue, g_free);
  g_queue_free_full(ref->external_queue, g_free);
  g_hash_table_unref(ref->history_value);
  g_free(ref->last_configuration);
  g_free(ref);
}

gboolean ref_running(const RefInterpreter *ref) {
  return ref->running;
}

gboolean ref_runaway(const RefInterpreter *ref) {
  return ref->runaway;
}

/* 3.11: of an active compound state exactly one child is active, of a parallel all are. */
gboolean ref_legal(const RefInterpreter *ref) {
  for (guint i = 0; i < ref->doc->states->len; i++) {
    const RefState *s = ref->doc->states->pdata[i];
    gboolean active = is_scxml_element(s) || is_member(ref->configuration, s);
    g_autoptr(GPtrArray) children = get_child_states(s);
    guint n = 0;
    for (guint k = 0; k < children->len; k++)
      n += is_member(ref->configuration, children->pdata[k]);
    if (n != (!active ? 0 : is_parallel_state(s) ? children->len : MIN(children->len, 1)))
      return FALSE;
  }
  return TRUE;
}

char *ref_configuration(const RefInterpreter *ref) {
  if (ref->last_configuration)
    return g_strdup(ref->last_configuration);
  g_autoptr(GPtrArray) states = to_sorted_list(ref->configuration, by_document_order);
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < states->len; i++)
    if (is_atomic_state(states->pdata[i]))
      g_string_append_printf(text, "%s%s", text->len ? " " : "",
                             ((RefState *)states->pdata[i])->id);
  return g_string_free(text, FALSE);
}
