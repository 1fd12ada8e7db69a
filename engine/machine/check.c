/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check.c - what only the whole machine can tell: targets, reachability, names in
 * expressions, roles and forms. Each rule is a small function of its own.
 */
#include "machine/expr.h"

#include "base/near.h"
#include "base/words.h"
#include "base/xml.h"

#include <string.h>

/* ------------------------------------------------------------------ suggestions */

#define SUGGESTIONS 100 /* a document that is all wrong needs no more, and they cost */
#define LISTED 40       /* names told when none is near */

/* Before the known names are gathered: whether anybody will look at them. */
static gboolean suggests(const Loader *loader) {
  return loader->suggestions < SUGGESTIONS;
}

static char *suggest(Loader *loader, const char *word, GPtrArray *known) {
  if (!suggests(loader))
    return g_strdup(_("correct the name"));
  loader->suggestions++;
  guint listed = MIN(known->len, LISTED);
  g_ptr_array_add(known, NULL);
  const char *near = rk_near_word(word, (const char *const *)known->pdata);
  gpointer rest = g_steal_pointer(&known->pdata[listed]);
  g_autofree char *all = g_strjoinv(" ", (char **)known->pdata);
  known->pdata[listed] = rest;
  g_ptr_array_set_size(known, (int)known->len - 1);
  if (near)
    return g_strdup_printf(_("did you mean '%s'?"), near);
  return *all ? g_strdup_printf(_("known here: %s"), all) : g_strdup(_("declare it"));
}

static void fault_with_suggestion(Loader *loader, DiagId id, const DiagPlace *place,
                                  const char *word, GPtrArray *known) {
  g_autofree char *remedy = suggest(loader, word, known);
  loader_fault(loader, id, place, word, remedy, NULL);
}

/* --------------------------------------------------------------------- targets */

static GPtrArray *state_names(const Loader *loader) {
  const GPtrArray *states = loader->machine->states;
  GPtrArray *names = g_ptr_array_new();
  for (guint i = 1; i < states->len && suggests(loader); i++)
    g_ptr_array_add(names, ((State *)states->pdata[i])->id);
  return names;
}

static void resolve(Loader *loader, const char *list, const DiagPlace *place, GArray *targets) {
  g_auto(GStrv) ids = split_words(list);
  for (guint i = 0; ids[i]; i++) {
    const State *state = g_hash_table_lookup(loader->machine->by_id, ids[i]);
    if (state) {
      g_array_append_val(targets, state->index);
    } else {
      g_autoptr(GPtrArray) names = state_names(loader);
      fault_with_suggestion(loader, DIAG_WF_UNKNOWN_STATE, place, ids[i], names);
    }
  }
}

/*
 * Two targets can be active together unless they lie in different children of a compound
 * state; a history speaks for all that is inside its parent, whatever that is. So each
 * ancestor is asked which child the targets before this one have chosen.
 */
static gboolean choose(GHashTable *chosen, State *target) {
  for (State *child = target, *up = target->parent; up; child = up, up = up->parent) {
    const State *other = g_hash_table_lookup(chosen, up);
    if (other == child)
      return TRUE;
    if (other && (is_compound(up) || is_history(child) || is_history(other)))
      return FALSE;
    if (!other)
      g_hash_table_insert(chosen, up, child);
  }
  return TRUE;
}

static void check_together(Loader *loader, const GArray *targets, const DiagPlace *place,
                           const char *list) {
  g_autoptr(GHashTable) chosen = targets->len > 1 ? g_hash_table_new(NULL, NULL) : NULL;
  for (guint i = 0; chosen && i < targets->len; i++)
    if (!choose(chosen, loader->machine->states->pdata[g_array_index(targets, guint, i)])) {
      loader_fault(loader, DIAG_WF_TARGETS, place, list, NULL, NULL);
      return;
    }
}

/* Whom another target lies in is entered anyway, and not by its own initial (3.11). */
static void drop_implied(const Loader *loader, GArray *targets) {
  guint n = loader->machine->states->len;
  g_autofree Bits *named = targets->len > 1 ? bits_new(n) : NULL;
  for (guint i = 0; named && i < targets->len; i++)
    bits_add(named, g_array_index(targets, guint, i));
  for (guint i = named ? targets->len : 0; i-- > 0;) {
    const State *state = loader->machine->states->pdata[g_array_index(targets, guint, i)];
    if (bits_any(named, state->index + 1, state->end))
      g_array_remove_index(targets, i);
  }
}

static void resolve_transition(Loader *loader, Transition *transition, const char *list) {
  resolve(loader, list, &transition->place, transition->targets);
  check_together(loader, transition->targets, &transition->place, list ? list : "");
  drop_implied(loader, transition->targets);
  if (!transition->descriptors && !transition->cond && !transition->targets->len && !list)
    loader_fault(loader, DIAG_WF_NO_EVENT_COND_TARGET, &transition->place, NULL, NULL, NULL);
}

/* The initial attribute, else <initial>, else the first child in document order. */
static void resolve_initial(Loader *loader, State *state) {
  g_autofree char *list = xml_attr(state->node, "initial"), *inner = NULL;
  Transition *initial = state->initial;
  if (!initial)
    return;
  if (list && !*g_strstrip(list)) /* 3.11: it may be empty, and says nothing then */
    g_clear_pointer(&list, g_free);
  for (const xmlNode *node = xml_first_element(state->node); node && !list && !inner;
       node = xml_next_element(node))
    if (xml_is(node, SCXML_NS, "initial") && xml_first_element(node))
      inner = xml_attr(xml_first_element(node), "target");
  const char *text = list ? list : inner;
  resolve(loader, text, &initial->place, initial->targets);
  if (!text && state->children->len) {
    guint first = ((State *)state->children->pdata[0])->index;
    g_array_append_val(initial->targets, first);
  }
  check_together(loader, initial->targets, &initial->place, text ? text : "");
  drop_implied(loader, initial->targets);
  for (guint i = 0; i < initial->targets->len; i++) {
    const State *target =
        loader->machine->states->pdata[g_array_index(initial->targets, guint, i)];
    if (!is_descendant(target, state))
      loader_fault(loader, DIAG_WF_INITIAL_OUTSIDE, &initial->place, target->id, state->id, NULL);
  }
}

/* 3.3.1: what has no child states has none to begin with. */
static void refuse_initial(Loader *loader, const State *state) {
  g_autofree char *list = xml_attr(state->node, "initial");
  for (const xmlNode *node = xml_first_element(state->node); node; node = xml_next_element(node))
    if (xml_is(node, SCXML_NS, "initial") && xml_first_element(node) && !list)
      list = xml_attr(xml_first_element(node), "target");
  if (list)
    loader_fault(loader, DIAG_WF_INITIAL_OUTSIDE, &state->place, list, state->id, NULL);
}

/* 3.10.2: a shallow history leads to children of its parent, a deep one to anything in it; never
 * to a history beside it, which might lead back. */
static gboolean may_be_default(const State *history, const State *target) {
  const State *parent = history->parent;
  if (history->kind == STATE_HISTORY_SHALLOW)
    return target->parent == parent && !is_history(target);
  return is_descendant(target, parent) && (!is_history(target) || target->parent != parent);
}

static void resolve_default(Loader *loader, State *history, const char *list) {
  const GArray *targets = history->initial->targets;
  resolve_transition(loader, history->initial, list);
  for (guint i = 0; i < targets->len; i++) {
    const State *target = loader->machine->states->pdata[g_array_index(targets, guint, i)];
    if (!may_be_default(history, target))
      loader_fault(loader, DIAG_WF_HISTORY_DEFAULT, &history->initial->place, target->id,
                   history->id, history->parent->id);
  }
}

static void resolve_state(Loader *loader, State *state) {
  for (guint i = 0; i < state->transitions->len; i++) {
    Transition *transition = state->transitions->pdata[i];
    g_autofree char *list = xml_attr(transition->node, "target");
    resolve_transition(loader, transition, list);
  }
  if (is_compound(state))
    resolve_initial(loader, state);
  else
    refuse_initial(loader, state);
  if (!is_history(state))
    return;
  g_autofree char *list = state->initial ? xml_attr(state->initial->node, "target") : NULL;
  if (!list || !*g_strstrip(list) || state->initial->descriptors || state->initial->cond)
    loader_fault(loader, DIAG_WF_HISTORY, &state->place, state->id, NULL, NULL);
  else
    resolve_default(loader, state, list);
}

/* ---------------------------------------------------------------- reachability */

/* A list of work, not recursion: a chain of states may be as long as the document. */
typedef struct {
  const Machine *machine;
  Bits *marks;
  GPtrArray *work; /* State */
} Reach;

static void reach_state(Reach *reach, State *state) {
  if (!state || bits_has(reach->marks, state->index))
    return;
  bits_add(reach->marks, state->index);
  g_ptr_array_add(reach->work, state);
}

static void reach_targets(Reach *reach, const GArray *targets) {
  for (guint i = 0; i < targets->len; i++)
    reach_state(reach, reach->machine->states->pdata[g_array_index(targets, guint, i)]);
}

/* Its ancestors, what entering it enters, and where its transitions lead. */
static void reach_from(Reach *reach, const State *state) {
  reach_state(reach, state->parent);
  if (state->initial)
    reach_targets(reach, state->initial->targets);
  for (guint i = 0; state->kind == STATE_PARALLEL && i < state->children->len; i++)
    reach_state(reach, state->children->pdata[i]);
  for (guint i = 0; i < state->transitions->len; i++)
    reach_targets(reach, ((Transition *)state->transitions->pdata[i])->targets);
}

static void check_reachable(Loader *loader) {
  const Machine *machine = loader->machine;
  g_autofree Bits *marks = bits_new(machine->states->len);
  g_autoptr(GPtrArray) work = g_ptr_array_new();
  Reach reach = {machine, marks, work};
  reach_state(&reach, machine->states->pdata[0]);
  while (work->len)
    reach_from(&reach, g_ptr_array_steal_index_fast(work, work->len - 1));
  for (guint i = 1; i < machine->states->len; i++) {
    const State *state = machine->states->pdata[i];
    if (!bits_has(marks, i) && !is_history(state))
      diags_add(loader->diags, DIAG_WF_UNREACHABLE, &state->place, state->id, NULL);
  }
}

static gboolean can_be_left(const State *state) {
  for (const State *up = state; up; up = up->parent)
    if (up->transitions->len)
      return TRUE;
  return FALSE;
}

static void check_exits(Loader *loader) {
  for (guint i = 1; i < loader->machine->states->len; i++) {
    const State *state = loader->machine->states->pdata[i];
    if (state->kind == STATE_ATOMIC && !can_be_left(state))
      diags_add(loader->diags, DIAG_WF_NO_EXIT, &state->place, state->id, NULL);
  }
}

/* ---------------------------------------------------------- names in expressions */

static gboolean is_name_char(char c) {
  return g_ascii_isalnum(c) || c == '_' || c == '-' || c == '.' || (guchar)c >= 0x80;
}

static gboolean known_variable(const Loader *loader, const char *name) {
  static const char *const system[] = {"_event", "_sessionid", "_name", "_ioprocessors", "_x", NULL};
  return g_strv_contains(system, name) || g_hash_table_contains(loader->variables, name);
}

static int compare_words(gconstpointer a, gconstpointer b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static void check_variable(Loader *loader, const Expr *expr, const char *name) {
  if (known_variable(loader, name))
    return;
  g_autoptr(GPtrArray) known = g_ptr_array_new();
  GHashTableIter iter;
  gpointer variable;
  g_hash_table_iter_init(&iter, loader->variables);
  while (suggests(loader) && g_hash_table_iter_next(&iter, &variable, NULL))
    g_ptr_array_add(known, variable);
  g_ptr_array_sort(known, compare_words);
  fault_with_suggestion(loader, DIAG_WF_UNKNOWN_VARIABLE, &expr->place, name, known);
}

static const char *const core_functions[] = {
    "last", "position", "count", "id", "local-name", "namespace-uri", "name", "string", "concat",
    "starts-with", "contains", "substring-before", "substring-after", "substring",
    "string-length", "normalize-space", "translate", "boolean", "not", "true", "false", "lang",
    "number", "sum", "floor", "ceiling", "round", "In", "text", "node", "comment",
    "processing-instruction", "and", "or", "div", "mod", NULL};

static void check_function(Loader *loader, const Expr *expr, const char *name) {
  const char *colon = strchr(name, ':');
  const char *const *list = colon ? expr_extension_functions : core_functions;
  if (g_strv_contains(list, colon ? colon + 1 : name))
    return;
  g_autoptr(GPtrArray) known = g_ptr_array_new();
  for (guint i = 0; list[i]; i++)
    g_ptr_array_add(known, (gpointer)list[i]);
  fault_with_suggestion(loader, DIAG_WF_UNKNOWN_FUNCTION, &expr->place, name, known);
}

/* In('id') with a literal: the state must exist. */
static void check_in(Loader *loader, const Expr *expr, const char *after) {
  if (*after != '\'' && *after != '"')
    return;
  const char *end = strchr(after + 1, *after);
  g_autofree char *id = end ? g_strndup(after + 1, (gsize)(end - after - 1)) : NULL;
  if (!id || g_hash_table_contains(loader->machine->by_id, id))
    return;
  g_autoptr(GPtrArray) names = state_names(loader);
  fault_with_suggestion(loader, DIAG_WF_UNKNOWN_STATE, &expr->place, id, names);
}

static const char *skip_spaces(const char *p) {
  while (g_ascii_isspace(*p))
    p++;
  return p;
}

/* XPath 1.0 numbers leave as text with an exponent in some built-ins: warn of large ones. */
static const char *check_number(Loader *loader, const Expr *expr, const char *p) {
  const char *end = p;
  while (g_ascii_isdigit(*end) || *end == '.')
    end++;
  g_autofree char *text = g_strndup(p, (gsize)(end - p));
  if (g_ascii_strtod(text, NULL) > 2147483646.0)
    diags_add(loader->diags, DIAG_WF_LARGE_NUMBER, &expr->place, text, NULL);
  return end;
}

static const char *check_name(Loader *loader, const Expr *expr, const char *p) {
  gboolean variable = *p == '$';
  const char *start = variable ? p + 1 : p, *end = start;
  while (is_name_char(*end) || (*end == ':' && end[1] != ':' && is_name_char(end[1])))
    end++;
  g_autofree char *name = g_strndup(start, (gsize)(end - start));
  const char *after = skip_spaces(end);
  if (variable) {
    check_variable(loader, expr, name);
  } else if (*after == '(') {
    check_function(loader, expr, name);
    if (g_str_equal(name, "In"))
      check_in(loader, expr, skip_spaces(after + 1));
  }
  return end;
}

static void check_expression(Loader *loader, const Expr *expr) {
  for (const char *p = expr->text; *p;) {
    if (*p == '\'' || *p == '"') {
      const char *end = strchr(p + 1, *p);
      p = end ? end + 1 : p + strlen(p);
    } else if (*p == '$' || g_ascii_isalpha(*p) || *p == '_' || (guchar)*p >= 0x80) {
      p = check_name(loader, expr, p);
    } else if (g_ascii_isdigit(*p)) {
      p = check_number(loader, expr, p);
    } else {
      p++;
    }
  }
}

/* ------------------------------------------------------------------ send targets */

static const char *invoke_id_of(const Action *send) {
  static const char *const others[] = {"#_parent", "#_internal"};
  const char *target = send->text[A_TARGET];
  if (!target || !g_str_has_prefix(target, "#_") || g_str_has_prefix(target, "#_scxml_"))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS(others); i++)
    if (g_str_equal(target, others[i]))
      return NULL;
  return target + strlen("#_");
}

/* target="#_ID": an <invoke id="ID"/> must exist. */
static void check_send(Loader *loader, const Action *send) {
  const char *id = invoke_id_of(send);
  g_autoptr(GPtrArray) known = g_ptr_array_new();
  for (guint i = 0; id && i < loader->machine->invokes->len; i++) {
    const Invoke *invoke = loader->machine->invokes->pdata[i];
    if (g_strcmp0(invoke->id, id) == 0)
      return;
    if (invoke->id)
      g_ptr_array_add(known, (gpointer)invoke->id);
  }
  if (id)
    fault_with_suggestion(loader, DIAG_WF_UNKNOWN_INVOKE, &send->place, id, known);
}

static void check_invoke_ids(Loader *loader) {
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < loader->machine->invokes->len; i++) {
    const Invoke *invoke = loader->machine->invokes->pdata[i];
    if (invoke->id && !g_hash_table_add(seen, (gpointer)invoke->id))
      loader_fault(loader, DIAG_WF_DUPLICATE_ID, &invoke->place, invoke->id, NULL, NULL);
  }
}

/* ------------------------------------------------------------- extension names */

static GPtrArray *attribute_values(const xmlNode *parent, const char *element, const char *name,
                                   GPtrArray *owner) {
  GPtrArray *values = g_ptr_array_new();
  for (const xmlNode *node = parent ? xml_first_element(parent) : NULL; node;
       node = xml_next_element(node)) {
    char *value = xml_is(node, WORKFLOW_NS, element) ? xml_attr(node, name) : NULL;
    if (value) {
      g_ptr_array_add(values, value);
      g_ptr_array_add(owner, value);
    }
  }
  return values;
}

static gboolean contains(const GPtrArray *words, const char *word) {
  for (guint i = 0; i < words->len; i++)
    if (g_str_equal(words->pdata[i], word))
      return TRUE;
  return FALSE;
}

typedef struct {
  Loader *loader;
  GPtrArray *roles, *forms;
} Names;

static void check_word(Names *names, const xmlNode *node, const char *value, GPtrArray *known,
                       DiagId id) {
  g_auto(GStrv) words = split_words(value);
  DiagPlace place = xml_place(node);
  for (guint i = 0; words[i]; i++)
    if (!contains(known, words[i]))
      fault_with_suggestion(names->loader, id, &place, words[i], known);
}

/* Roles and forms named by an element, whatever it is. */
static void check_extension_names(Names *names, const xmlNode *node) {
  static const char *const role_attributes[] = {"to", "from", "holder"};
  gboolean extension = xml_in_ns(node, WORKFLOW_NS);
  g_autofree char *by = xml_attr_ns(node, WORKFLOW_NS, "by");
  if (by)
    check_word(names, node, by, names->roles, DIAG_WF_UNKNOWN_ROLE);
  gboolean names_parties = extension && !xml_is(node, WORKFLOW_NS, "responds") &&
                           !xml_is(node, WORKFLOW_NS, "uses");
  for (guint i = 0; names_parties && i < G_N_ELEMENTS(role_attributes); i++) {
    g_autofree char *value = xml_attr(node, role_attributes[i]);
    if (value)
      check_word(names, node, value, names->roles, DIAG_WF_UNKNOWN_ROLE);
  }
  g_autofree char *form = names_parties ? xml_attr(node, "form") : NULL;
  if (form)
    check_word(names, node, form, names->forms, DIAG_WF_UNKNOWN_FORM);
  for (const xmlNode *child = xml_first_element(node); child; child = xml_next_element(child))
    if (!xml_is(child, SCXML_NS, "scxml")) /* a machine of its own, checked with its own names */
      check_extension_names(names, child);
}

static gboolean event_exists(const Machine *machine, const char *event) {
  for (guint i = 0; i < machine->transitions->len; i++) {
    const Transition *transition = machine->transitions->pdata[i];
    if (transition->descriptors &&
        event_matches((const char *const *)transition->descriptors, event))
      return TRUE;
  }
  return FALSE;
}

static void check_rule_word(Loader *loader, const xmlNode *rule, const xmlNode *node,
                            const char *attribute, gboolean state) {
  g_autofree char *value = xml_attr(node, attribute), *id = xml_attr(rule, "id");
  DiagPlace place = xml_place(node);
  if (!value)
    return;
  gboolean known = state ? g_hash_table_contains(loader->machine->by_id, value)
                         : event_exists(loader->machine, value);
  if (!known)
    loader_fault(loader, DIAG_WF_RULE, &place, id, value, NULL);
}

static void check_rules(Loader *loader) {
  const xmlNode *procedure = loader->machine->procedure;
  static const char *const events[] = {"first", "then", "event", "with"};
  for (const xmlNode *rule = procedure ? xml_first_element(procedure) : NULL; rule;
       rule = xml_next_element(rule)) {
    const xmlNode *node = xml_is(rule, WORKFLOW_NS, "rule") ? xml_first_element(rule) : NULL;
    if (!node)
      continue;
    for (guint i = 0; i < G_N_ELEMENTS(events); i++)
      check_rule_word(loader, rule, node, events[i], FALSE);
    check_rule_word(loader, rule, node, "state", TRUE);
    if (xml_is(node, WORKFLOW_NS, "responds"))
      check_rule_word(loader, rule, node, "to", FALSE);
  }
}

/* ------------------------------------------------------------------- the whole */

static void check_procedure(Loader *loader) {
  const xmlNode *procedure = loader->machine->procedure;
  g_autoptr(GPtrArray) owner = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GPtrArray) roles = attribute_values(procedure, "role", "id", owner);
  g_autoptr(GPtrArray) forms = attribute_values(procedure, "uses", "form", owner);
  Names names = {loader, roles, forms};
  check_extension_names(&names, loader->machine->root);
  if (procedure && procedure->parent == loader->machine->root)
    check_rules(loader);
}

void check_machine(Loader *loader) {
  const Machine *machine = loader->machine;
  gboolean strict = machine->mode == MACHINE_STRICT;
  for (guint i = 0; i < machine->states->len; i++)
    resolve_state(loader, machine->states->pdata[i]);
  if (!loader->failed && strict) {
    check_reachable(loader);
    check_exits(loader);
  }
  for (guint i = 0; strict && i < machine->expressions->len; i++)
    check_expression(loader, machine->expressions->pdata[i]);
  for (guint i = 0; strict && i < machine->sends->len; i++)
    check_send(loader, machine->sends->pdata[i]);
  if (strict)
    check_invoke_ids(loader);
  check_procedure(loader);
}
