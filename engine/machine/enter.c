/* SPDX-License-Identifier: Apache-2.0 */
/*
 * enter.c - leaving and entering: Appendix D's exitStates, enterStates, computeEntrySet,
 * addDescendantStatesToEnter, addAncestorStatesToEnter, isInFinalState.
 */
#include "machine/expr.h"

#include "base/xml.h"

typedef struct {
  Session *session;
  const State *domain;    /* of the transition at hand: nothing outside it is entered */
  guint8 *enter;          /* a byte a state: to be entered */
  guint8 *default_entry;  /* entered through its initial */
  const Block **history_content; /* by parent state: content of the default history */
} EntrySet;

static State *state_at(const Session *session, guint index) {
  return session->machine->states->pdata[index];
}

/* ---------------------------------------------------------------------- exit */

static GArray *record(const Session *session, const State *history) {
  GArray *recorded = g_array_new(FALSE, FALSE, sizeof(guint));
  const State *parent = history->parent;
  gboolean deep = history->kind == STATE_HISTORY_DEEP;
  for (guint i = parent->index + 1; i < parent->end; i++) {
    const State *state = state_at(session, i);
    if (session->active[i] && (deep ? is_atomic(state) : state->parent == parent))
      g_array_append_val(recorded, i);
  }
  return recorded;
}

/* All histories are recorded before the first onexit runs. */
static void record_histories(Session *session, const GArray *exits) {
  for (guint i = 0; i < exits->len; i++) {
    const State *state = state_at(session, g_array_index(exits, guint, i));
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

void exit_states(Session *session, const GPtrArray *transitions) {
  g_autoptr(GArray) exits = compute_exit_set(session, transitions);
  record_histories(session, exits);
  for (guint i = exits->len; i-- > 0;) {
    State *state = state_at(session, g_array_index(exits, guint, i));
    run_blocks(session, state->onexit);
    deadlines_cancel(session, state);
    invoke_cancel(session, state);
    session->active[state->index] = FALSE;
    trace(session, "exit", state->id);
  }
}

/* ----------------------------------------------------------------- entry set */

static void add_descendants(EntrySet *set, const State *state);

static void add_ancestors(EntrySet *set, const State *state, const State *ancestor);

static gboolean any_to_enter_inside(const EntrySet *set, const State *state) {
  for (guint i = state->index + 1; i < state->end; i++)
    if (set->enter[i])
      return TRUE;
  return FALSE;
}

static void fill_regions(EntrySet *set, const State *parallel) {
  for (guint i = 0; i < parallel->children->len; i++) {
    const State *child = parallel->children->pdata[i];
    if (!set->enter[child->index] && !any_to_enter_inside(set, child))
      add_descendants(set, child);
  }
}

static void add_history(EntrySet *set, const State *history) {
  const GArray *recorded = set->session->history[history->index];
  const GArray *targets = recorded;
  if (!recorded) {
    set->history_content[history->parent->index] = history->initial->body;
    targets = history->initial->targets;
  }
  for (guint i = 0; i < targets->len; i++)
    add_descendants(set, state_at(set->session, g_array_index(targets, guint, i)));
  for (guint i = 0; i < targets->len; i++)
    add_ancestors(set, state_at(set->session, g_array_index(targets, guint, i)), history->parent);
}

/* addDescendantStatesToEnter */
static void add_descendants(EntrySet *set, const State *state) {
  if (is_history(state)) {
    add_history(set, state);
    return;
  }
  set->enter[state->index] = TRUE;
  if (state->kind == STATE_COMPOUND) {
    const GArray *targets = state->initial->targets;
    set->default_entry[state->index] = TRUE;
    for (guint i = 0; i < targets->len; i++)
      add_descendants(set, state_at(set->session, g_array_index(targets, guint, i)));
    for (guint i = 0; i < targets->len; i++)
      add_ancestors(set, state_at(set->session, g_array_index(targets, guint, i)), state);
  } else if (state->kind == STATE_PARALLEL) {
    fill_regions(set, state);
  }
}

/*
 * addAncestorStatesToEnter: up to, not including, `ancestor`; and not beyond the domain. A history's
 * parent can lie outside: what stands between the two was not left, and must stay as it is.
 */
static void add_ancestors(EntrySet *set, const State *state, const State *ancestor) {
  for (const State *up = state->parent; up != ancestor && is_descendant(up, set->domain);
       up = up->parent) {
    set->enter[up->index] = TRUE;
    if (up->kind == STATE_PARALLEL)
      fill_regions(set, up);
  }
}

static void compute_entry_set(EntrySet *set, const GPtrArray *transitions,
                              const State **domains) {
  for (guint i = 0; i < transitions->len; i++) {
    const Transition *transition = transitions->pdata[i];
    set->domain = domains[i];
    for (guint k = 0; k < transition->targets->len; k++)
      add_descendants(set, state_at(set->session, g_array_index(transition->targets, guint, k)));
    g_autoptr(GArray) effective = get_effective_target_states(set->session, transition);
    for (guint k = 0; k < effective->len; k++)
      add_ancestors(set, state_at(set->session, g_array_index(effective, guint, k)), set->domain);
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
    if (child->kind == STATE_FINAL && session->active[child->index])
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

static void enter_one(EntrySet *set, State *state) {
  Session *session = set->session;
  session->active[state->index] = TRUE;
  trace(session, "enter", state->id);
  if (session->machine->late_binding && !session->entered[state->index])
    datamodel_initialise(session, state);
  session->entered[state->index] = TRUE;
  for (guint i = 0; i < state->invokes->len; i++)
    session->to_invoke[((Invoke *)state->invokes->pdata[i])->number] = TRUE;
  deadlines_set(session, state);
  run_blocks(session, state->onentry);
  if (set->default_entry[state->index])
    execute_block(session, state->initial->body);
  if (set->history_content[state->index])
    execute_block(session, set->history_content[state->index]);
  if (state->kind == STATE_FINAL)
    enter_final(session, state);
}

void enter_states(Session *session, const GPtrArray *transitions, const State **domains) {
  guint n = session->machine->states->len;
  g_autofree guint8 *enter = g_new0(guint8, n), *defaults = g_new0(guint8, n);
  g_autofree const Block **contents = g_new0(const Block *, n);
  EntrySet set = {session, NULL, enter, defaults, contents};
  compute_entry_set(&set, transitions, domains);
  for (guint i = 1; i < n; i++)
    if (enter[i] && !session->active[i])
      enter_one(&set, state_at(session, i));
}
