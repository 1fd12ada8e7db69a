/* SPDX-License-Identifier: Apache-2.0 */
/*
 * generate.c - random documents that conform to the Recommendation (3.2 to 3.11): whoever
 * refuses one, or runs it otherwise than another, is wrong.
 *
 * Each block begins with a <log> of its own, so that the order in which blocks run shows.
 */
#include "charts.h"

#define MAX_DEPTH 5

/* Charts that raise events in answer to events seldom rest: most raise few or none, so that many
 * events are seen; some raise many, so that queues are. */
typedef struct {
  RefDocument *doc;
  Entropy *entropy;
  guint labels;
  guint max_states;
  guint raises, eventless; /* of a hundred pieces of content, of a hundred transitions */
} Maker;

static const char *const event_names[] = {"a", "b", "c", "a.x", "a.x.y", "b.y"};

const char *chart_event(Entropy *entropy) {
  return pick(entropy, event_names);
}

static RefState *random_state(Maker *maker) { /* not <scxml> */
  const GPtrArray *states = maker->doc->states;
  return states->pdata[1 + below(maker->entropy, MIN(states->len - 1, 255))];
}

/* ------------------------------------------------------------------------ states */

static void make_children(Maker *maker, RefState *parent, guint depth);

static void make_history(Maker *maker, RefState *parent) {
  RefState *history = ref_state_new(maker->doc, REF_HISTORY, parent);
  history->deep = chance(maker->entropy, 50);
}

static void make_child(Maker *maker, RefState *parent, guint depth) {
  guint kind = below(maker->entropy, 100);
  RefElement element = kind < 68 || depth >= MAX_DEPTH ? REF_STATE : REF_PARALLEL;
  if (kind >= 85 && parent->element != REF_PARALLEL)
    element = REF_FINAL;
  RefState *state = ref_state_new(maker->doc, element, parent);
  if (element == REF_PARALLEL ||
      (element == REF_STATE && depth < MAX_DEPTH && chance(maker->entropy, 40)))
    make_children(maker, state, depth + 1);
}

static void make_children(Maker *maker, RefState *parent, guint depth) {
  guint n = 1 + below(maker->entropy, 4);
  for (guint i = 0; i < n; i++) {
    if (parent->element != REF_SCXML && chance(maker->entropy, 15))
      make_history(maker, parent);
    if (i == 0 || maker->doc->states->len < maker->max_states)
      make_child(maker, parent, depth);
  }
}

/* ----------------------------------------------------------------------- targets */

/* A history stands for what is inside its parent. */
static const RefState *stands_for(const RefState *state) {
  return state->element == REF_HISTORY ? state->parent : state;
}

/* Both can be told to be entered: neither contains the other, and they part at a <parallel>. */
static gboolean together(const RefState *a, const RefState *b) {
  const RefState *left = stands_for(a), *right = stands_for(b);
  if (left == right || ref_is_descendant(left, right) || ref_is_descendant(right, left))
    return FALSE;
  const RefState *up = left->parent;
  while (!ref_is_descendant(right, up))
    up = up->parent;
  return up->element == REF_PARALLEL;
}

/* 3.10: a default may lead to a history further in, never back to its own level. */
static gboolean allowed(const RefState *state, const RefState *scope, gboolean of_history) {
  if (!ref_is_descendant(state, scope))
    return FALSE;
  return !of_history || state->element != REF_HISTORY || ref_is_descendant(state->parent, scope);
}

/* Adds up to `most` targets inside `scope`; none may remain. */
static void add_targets(Maker *maker, GPtrArray *targets, const RefState *scope,
                        gboolean of_history, guint most) {
  for (guint tries = 0; tries < 2 * most && targets->len < most; tries++) {
    RefState *state = random_state(maker);
    gboolean good = allowed(state, scope, of_history);
    for (guint i = 0; good && i < targets->len; i++)
      good = together(state, targets->pdata[i]);
    if (good)
      g_ptr_array_add(targets, state);
  }
}

static RefState *first_child(const RefState *state) {
  for (guint i = 0; i < state->children->len; i++)
    if (((RefState *)state->children->pdata[i])->element != REF_HISTORY)
      return state->children->pdata[i];
  return NULL;
}

/* ----------------------------------------------------------------------- content */

static RefCond *make_cond(Maker *maker, guint depth) {
  guint kind = below(maker->entropy, 10);
  RefCond *cond = ref_cond_new(maker->doc, kind < 6 || depth > 2 ? REF_COND_IN
                                           : kind < 8            ? REF_COND_NOT
                                           : kind < 9            ? REF_COND_AND
                                                                 : REF_COND_OR);
  if (cond->kind == REF_COND_IN)
    cond->state = random_state(maker)->id;
  else
    cond->left = make_cond(maker, depth + 1);
  if (cond->kind == REF_COND_AND || cond->kind == REF_COND_OR)
    cond->right = make_cond(maker, depth + 1);
  return cond;
}

/* Some cannot be evaluated; not of eventless transitions: their error would
 * be the event that has them looked at again, for ever. */
static RefCond *make_failing_cond(Maker *maker) {
  return chance(maker->entropy, maker->raises) ? ref_cond_new(maker->doc, REF_COND_ERROR)
                                   : make_cond(maker, 0);
}

static void add_content(Maker *maker, GPtrArray *block, guint depth);

static void add_log(Maker *maker, GPtrArray *block) {
  g_autofree char *label = g_strdup_printf("L%u", maker->labels++);
  g_ptr_array_add(block, ref_content_new(maker->doc, REF_LOG, label));
}

static void add_if(Maker *maker, GPtrArray *block, guint depth) {
  RefContent *content = ref_content_new(maker->doc, REF_IF, NULL);
  content->cond = make_failing_cond(maker);
  content->then = ref_list_new(maker->doc);
  content->otherwise = chance(maker->entropy, 50) ? ref_list_new(maker->doc) : NULL;
  add_content(maker, content->then, depth + 1);
  if (content->otherwise)
    add_content(maker, content->otherwise, depth + 1);
  g_ptr_array_add(block, content);
}

static void add_content(Maker *maker, GPtrArray *block, guint depth) {
  static const char *const raised[] = {"r", "r.x", "q", "q.x", "a.x", "b"};
  guint kind = below(maker->entropy, 100);
  if (kind < maker->raises)
    g_ptr_array_add(block, ref_content_new(maker->doc, REF_RAISE, pick(maker->entropy, raised)));
  else if (kind < 2 * maker->raises)
    g_ptr_array_add(block, ref_content_new(maker->doc, REF_SEND, pick(maker->entropy, raised)));
  else if (kind < 3 * maker->raises)
    g_ptr_array_add(block, ref_content_new(maker->doc, REF_FAIL, NULL));
  else if (kind < 70 || depth > 2)
    add_log(maker, block);
  else
    add_if(maker, block, depth);
}

static void fill_block(Maker *maker, GPtrArray *block) {
  add_log(maker, block);
  for (guint n = below(maker->entropy, 3); n > 0; n--)
    add_content(maker, block, 0);
}

static void add_blocks(Maker *maker, GPtrArray *blocks) {
  for (guint n = below(maker->entropy, 3); n > 0; n--) {
    GPtrArray *block = ref_list_new(maker->doc);
    fill_block(maker, block);
    g_ptr_array_add(blocks, block);
  }
}

/* ------------------------------------------------------------------- transitions */

/* Descriptors in all their spellings (3.12.1). */
static const char *make_event(Maker *maker) {
  static const char *const descriptors[] = {
      "a", "b", "c", "a", "b", "c", "a.x", "a.*", "b.", "a.x.y", "a.y", "b.y.*", "c a.x",
      "r", "r.*", "r.x", "b.y r", "q", "error", "error.execution", "*", "done", "done.state.*"};
  if (chance(maker->entropy, 10))
    return ref_string(maker->doc, g_strconcat("done.state.", random_state(maker)->id, NULL));
  return pick(maker->entropy, descriptors);
}

/* Eventless transitions mostly lead on, or few machines would ever rest. */
static void go_forward(Maker *maker, RefTransition *transition) {
  GPtrArray *targets = transition->target;
  guint own = transition->source->document_order, last = maker->doc->states->len - 1;
  gboolean back = targets->len == 0;
  for (guint i = 0; i < targets->len; i++)
    back |= ((RefState *)targets->pdata[i])->document_order <= own;
  if (!back || (targets->len && chance(maker->entropy, 5)))
    return;
  g_ptr_array_set_size(targets, 0);
  guint next = own + 1 + below(maker->entropy, 8);
  g_ptr_array_add(targets, maker->doc->states->pdata[MIN(next, last)]);
}

/* A history of an ancestor: a part of what it stands for may stay where it is. */
static void go_back(Maker *maker, RefTransition *transition) {
  const GPtrArray *states = maker->doc->states;
  for (guint i = transition->source->document_order; i-- > 1;) {
    RefState *state = states->pdata[i];
    if (state->element == REF_HISTORY && ref_is_descendant(transition->source, state->parent)) {
      g_ptr_array_set_size(transition->target, 0);
      g_ptr_array_add(transition->target, state);
    }
  }
}

static void make_transition(Maker *maker, RefState *source) {
  RefTransition *transition = ref_transition_new(maker->doc, source);
  gboolean eventless = chance(maker->entropy, maker->eventless);
  transition->event = eventless ? NULL : make_event(maker);
  transition->internal = chance(maker->entropy, 25);
  if (eventless || chance(maker->entropy, 25))
    transition->cond = eventless ? make_cond(maker, 0) : make_failing_cond(maker);
  guint most = chance(maker->entropy, 25) ? 4 : 1;
  const RefState *scope = chance(maker->entropy, 30) ? source : maker->doc->scxml;
  if (eventless || !chance(maker->entropy, 15))
    add_targets(maker, transition->target, scope, FALSE, most);
  if (eventless)
    go_forward(maker, transition);
  else if (chance(maker->entropy, 10))
    go_back(maker, transition);
  if (chance(maker->entropy, 80))
    fill_block(maker, transition->content);
  g_ptr_array_add(source->transition, transition);
}

static void make_initial(Maker *maker, RefState *state) {
  state->initial = ref_transition_new(maker->doc, state);
  if (chance(maker->entropy, 60))
    add_targets(maker, state->initial->target, state, FALSE, 3);
  if (!state->initial->target->len)
    g_ptr_array_add(state->initial->target, first_child(state));
  if (state->element != REF_SCXML && chance(maker->entropy, 40))
    fill_block(maker, state->initial->content);
}

/* 3.10.2: shallow: children only; deep: any descendants. */
static void make_history_default(Maker *maker, RefState *history) {
  RefState *parent = history->parent;
  GPtrArray *targets;
  history->initial = ref_transition_new(maker->doc, history);
  targets = history->initial->target;
  if (history->deep)
    add_targets(maker, targets, parent, TRUE, 3);
  for (guint i = 0; !history->deep && i < parent->children->len; i++) {
    RefState *child = parent->children->pdata[i];
    gboolean room = parent->element == REF_PARALLEL || !targets->len;
    if (room && child->element != REF_HISTORY && chance(maker->entropy, 50))
      g_ptr_array_add(targets, child);
  }
  if (!targets->len)
    g_ptr_array_add(targets, first_child(parent));
  if (chance(maker->entropy, 50))
    fill_block(maker, history->initial->content);
}

static void furnish(Maker *maker, RefState *state) {
  if (state->element == REF_HISTORY) {
    make_history_default(maker, state);
    return;
  }
  if (state->element == REF_SCXML || (state->element == REF_STATE && first_child(state)))
    make_initial(maker, state);
  if (state->element == REF_SCXML)
    return;
  add_blocks(maker, state->onentry);
  add_blocks(maker, state->onexit);
  for (guint n = state->element == REF_FINAL ? 0 : below(maker->entropy, 4); n > 0; n--)
    make_transition(maker, state);
}

RefDocument *chart_generate(Entropy *entropy) {
  static const guint sizes[] = {6, 12, 20, 40}, few[] = {0, 1, 3, 10};
  Maker maker = {.doc = ref_document_new(), .entropy = entropy};
  maker.max_states = pick(entropy, sizes);
  maker.raises = pick(entropy, few);
  maker.eventless = pick(entropy, few);
  make_children(&maker, maker.doc->scxml, 1);
  for (guint i = 0; i < maker.doc->states->len; i++)
    furnish(&maker, maker.doc->states->pdata[i]);
  return maker.doc;
}
