/* SPDX-License-Identifier: Apache-2.0 */
/*
 * enter.c - leaving and entering: Appendix D's exitStates, enterStates, computeEntrySet,
 * addDescendantStatesToEnter, addAncestorStatesToEnter, isInFinalState.
 */
#include "machine/expr.h"

#include "base/xml.h"

static State *state_at(const Session *session, guint index) {
  return session->machine->states->pdata[index];
}

static State *target_at(const Session *session, const GArray *targets, guint i) {
  return state_at(session, g_array_index(targets, guint, i));
}

/* ---------------------------------------------------------------------- exit */

static GArray *record(const Session *session, const State *history) {
  GArray *recorded = g_array_new(FALSE, FALSE, sizeof(guint));
  const State *parent = history->parent;
  gboolean deep = history->kind == STATE_HISTORY_DEEP;
  for (guint i = bits_next(session->active, parent->index + 1, parent->end); i != BITS_NONE;
       i = bits_next(session->active, i + 1, parent->end)) {
    const State *state = state_at(session, i);
    if (deep ? is_atomic(state) : state->parent == parent)
      g_array_append_val(recorded, i);
  }
  return recorded;
}

/* All histories are recorded before the first onexit runs. */
static void record_histories(Session *session, const Bits *exits) {
  guint n = session->machine->has_history ? session->machine->states->len : 0;
  for BITS_EACH (i, exits, n) {
    const State *state = state_at(session, i);
    for (guint k = 0; k < state->histories->len; k++) {
      const State *history = state->histories->pdata[k];
      if (session->history[history->index])
        g_array_unref(session->history[history->index]);
      session->history[history->index] = record(session, history);
    }
  }
}

static void run_blocks(Session *session, const GPtrArray *blocks) {
  for (guint i = 0; i < blocks->len; i++)
    execute_block(session, blocks->pdata[i]);
}

static void exit_one(Session *session, const State *state) {
  run_blocks(session, state->onexit);
  deadlines_cancel(session, state);
  invoke_cancel(session, state);
  bits_drop(session->active, state->index);
  trace(session, "exit", state->id);
}

void exit_states(Session *session, const GPtrArray *transitions) {
  const Bits *exits = compute_exit_set(session, transitions);
  record_histories(session, exits);
  for BITS_EACH_DOWN (i, exits, session->machine->states->len)
    exit_one(session, state_at(session, i));
}

/* ----------------------------------------------------------------- entry set */

/* Of the transition at hand: nothing outside its domain is entered. */
typedef struct {
  Session *session;
  const State *domain;
} EntrySet;

static void add_descendant_states_to_enter(EntrySet *set, const State *state);
static void add_ancestor_states_to_enter(EntrySet *set, const State *state, const State *ancestor);

/* Every region into which nothing else leads is entered by its initial. */
static void add_regions_to_enter(EntrySet *set, const State *parallel) {
  for (guint i = 0; i < parallel->children->len; i++) {
    const State *child = parallel->children->pdata[i];
    if (!bits_any(set->session->to_enter, child->index, child->end))
      add_descendant_states_to_enter(set, child);
  }
}

/* The targets with all that they hold, and all between them and `ancestor`. */
static void add_targets_to_enter(EntrySet *set, const GArray *targets, const State *ancestor) {
  for (guint i = 0; i < targets->len; i++)
    add_descendant_states_to_enter(set, target_at(set->session, targets, i));
  for (guint i = 0; i < targets->len; i++)
    add_ancestor_states_to_enter(set, target_at(set->session, targets, i), ancestor);
}

static void add_history_to_enter(EntrySet *set, const State *history) {
  Session *session = set->session;
  const GArray *recorded = session->history[history->index];
  if (recorded) {
    add_targets_to_enter(set, recorded, history->parent);
    return;
  }
  bits_add(session->with_content, history->parent->index);
  session->history_content[history->parent->index] = history->initial->body;
  add_targets_to_enter(set, history->initial->targets, history->parent);
}

static void add_descendant_states_to_enter(EntrySet *set, const State *state) {
  if (is_history(state)) {
    add_history_to_enter(set, state);
    return;
  }
  bits_add(set->session->to_enter, state->index);
  if (state->kind == STATE_COMPOUND) {
    bits_add(set->session->by_default, state->index);
    add_targets_to_enter(set, state->initial->targets, state);
  } else if (state->kind == STATE_PARALLEL) {
    add_regions_to_enter(set, state);
  }
}

/*
 * Up to, not including, `ancestor`; and not beyond the domain. A history's parent can lie
 * outside: what stands between the two was not left, and must stay as it is.
 */
static void add_ancestor_states_to_enter(EntrySet *set, const State *state,
                                         const State *ancestor) {
  for (const State *up = state->parent; up != ancestor && is_descendant(up, set->domain);
       up = up->parent) {
    bits_add(set->session->to_enter, up->index);
    if (up->kind == STATE_PARALLEL)
      add_regions_to_enter(set, up);
  }
}

static void compute_entry_set(Session *session, const GPtrArray *transitions) {
  guint n = session->machine->states->len;
  bits_clear(session->to_enter, n);
  bits_clear(session->by_default, n);
  bits_clear(session->with_content, n);
  for (guint i = 0; i < transitions->len; i++) {
    const Transition *transition = transitions->pdata[i];
    EntrySet set = {session, session->domains->pdata[i]};
    for (guint k = 0; k < transition->targets->len; k++)
      add_descendant_states_to_enter(&set, target_at(session, transition->targets, k));
    const GArray *effective = get_effective_target_states(session, transition);
    for (guint k = 0; k < effective->len; k++)
      add_ancestor_states_to_enter(&set, target_at(session, effective, k), set.domain);
  }
}

/* --------------------------------------------------------------------- enter */

gboolean is_in_final_state(const Session *session, const State *state) {
  if (state->kind == STATE_PARALLEL) {
    for (guint i = 0; i < state->children->len; i++)
      if (!is_in_final_state(session, state->children->pdata[i]))
        return FALSE;
    return TRUE;
  }
  for (guint i = 0; state->kind == STATE_COMPOUND && i < state->children->len; i++) {
    const State *child = state->children->pdata[i];
    if (child->kind == STATE_FINAL && bits_has(session->active, child->index))
      return TRUE;
  }
  return FALSE;
}

/* 3.7: an error in donedata queues error.execution; the done event comes all the same. */
xmlNode *done_data(Session *session, const State *state) {
  gboolean failed = FALSE;
  if (!state->has_donedata)
    return NULL;
  xmlNode *data = content_event_data(session, state->donedata_params, NULL,
                                     &state->donedata_content, &failed);
  if (failed)
    queue_error(session, "error.execution", NULL);
  return data;
}

static void queue_done(Session *session, const State *state, xmlNode *data) {
  g_autofree char *name = g_strdup_printf("done.state.%s", state->id);
  Event *event = event_new(name, "internal");
  event->data = data;
  queue_internal(session, event);
}

static void enter_final(Session *session, const State *state) {
  const State *parent = state->parent, *above = parent->parent;
  if (parent->kind == STATE_ROOT) {
    session->running = FALSE;
    return;
  }
  queue_done(session, parent, done_data(session, state));
  if (above && above->kind == STATE_PARALLEL && is_in_final_state(session, above))
    queue_done(session, above, NULL);
}

static void enter_one(Session *session, const State *state) {
  bits_add(session->active, state->index);
  trace(session, "enter", state->id);
  if (session->machine->late_binding && !bits_has(session->entered, state->index))
    datamodel_initialise(session, state);
  bits_add(session->entered, state->index);
  for (guint i = 0; i < state->invokes->len; i++)
    session->to_invoke[((Invoke *)state->invokes->pdata[i])->number] = TRUE;
  deadlines_set(session, state);
  run_blocks(session, state->onentry);
  if (bits_has(session->by_default, state->index))
    execute_block(session, state->initial->body);
  if (bits_has(session->with_content, state->index))
    execute_block(session, session->history_content[state->index]);
  if (state->kind == STATE_FINAL)
    enter_final(session, state);
}

void enter_states(Session *session, const GPtrArray *transitions) {
  compute_entry_set(session, transitions);
  for BITS_EACH (i, session->to_enter, session->machine->states->len)
    if (!bits_has(session->active, i))
      enter_one(session, state_at(session, i));
}
