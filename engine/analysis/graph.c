/* SPDX-License-Identifier: Apache-2.0 */
/*
 * graph.c - the machine as a Graphviz document.
 *
 * Compound and parallel states are clusters with an invisible anchor node: an edge
 * from or to the whole runs to the anchor and is cut at the cluster's border
 * (compound=true, ltail, lhead). Each transition is drawn once, with step number,
 * title and actor; each deadline as a dashed note, the transitions it causes dashed.
 */
#include "base/xml.h"
#include "machine/machine.h"

#include <string.h>

typedef struct {
  const Machine *machine;
  GHashTable *roles; /* id → title */
  GString *out, *edges;
} Graph;

/* ------------------------------------------------------------------- words */

/* A DOT string without its quotes. */
static void append_escaped(GString *out, const char *text) {
  for (const char *p = text; *p; p++) {
    if (*p == '"' || *p == '\\')
      g_string_append_c(out, '\\');
    if (*p == '\n')
      g_string_append(out, "\\n");
    else
      g_string_append_c(out, *p);
  }
}

static void append_quoted(GString *out, const char *text) {
  g_string_append_c(out, '"');
  append_escaped(out, text);
  g_string_append_c(out, '"');
}

/* The node edges of `state` start from and end at. */
static void append_node(Graph *graph, GString *out, guint state) {
  StateKind kind = machine_state_kind(graph->machine, state);
  gboolean cluster = kind == STATE_COMPOUND || kind == STATE_PARALLEL || kind == STATE_ROOT;
  g_autofree char *name =
      g_strdup_printf("%s%s", cluster ? "anchor " : "", machine_state_id(graph->machine, state));
  append_quoted(out, name);
}

static gboolean is_cluster(const Graph *graph, guint state) {
  StateKind kind = machine_state_kind(graph->machine, state);
  return kind == STATE_COMPOUND || kind == STATE_PARALLEL;
}

static gboolean is_inside(const Graph *graph, guint state, guint ancestor) {
  for (int at = (int)state; at >= 0; at = machine_state_parent(graph->machine, (guint)at))
    if ((guint)at == ancestor)
      return TRUE;
  return FALSE;
}

static void append_title(const Graph *graph, GString *label, guint state) {
  MachineWords words = machine_state_words(graph->machine, state);
  const char *id = machine_state_id(graph->machine, state);
  if (words.step)
    g_string_append_printf(label, "%s ", words.step);
  g_string_append(label, words.title ? words.title : id);
  if (words.title)
    g_string_append_printf(label, "\n%s", id);
}

static const char *role_title(const Graph *graph, const char *role) {
  const char *title = g_hash_table_lookup(graph->roles, role);
  return title ? title : role;
}

/* "③ 医師会へ FAX 送信 / request.faxed / ［医療機関］". */
static char *transition_label(const Graph *graph, const MachineTransition *transition) {
  GString *label = g_string_new(NULL);
  if (transition->words.step)
    g_string_append_printf(label, "%s ", transition->words.step);
  if (transition->words.title)
    g_string_append_printf(label, "%s\n", transition->words.title);
  if (transition->event)
    g_string_append(label, transition->event);
  if (transition->cond)
    g_string_append_printf(label, " [%s]", transition->cond);
  if (transition->by)
    g_string_append_printf(label, "\n(%s)", role_title(graph, transition->by));
  if (transition->second_person)
    g_string_append_printf(label, "\n≠ %s", transition->second_person);
  return g_string_free(label, FALSE);
}

/* ------------------------------------------------------------------- edges */

/* Whether a deadline of the source, or of a state around it, raises this event. */
static gboolean is_overdue_event(const Graph *graph, const MachineTransition *transition) {
  if (!transition->event)
    return FALSE;
  g_auto(GStrv) events = g_strsplit_set(transition->event, " \t\n", -1);
  for (int at = (int)transition->source; at >= 0;
       at = machine_state_parent(graph->machine, (guint)at))
    for (guint i = 0; i < machine_n_deadlines(graph->machine, (guint)at); i++)
      if (g_strv_contains((const char *const *)events,
                          machine_deadline(graph->machine, (guint)at, i).event))
        return TRUE;
  return FALSE;
}

static void append_cluster_end(const Graph *graph, const char *which, guint state) {
  g_autofree char *cluster =
      g_strdup_printf("cluster %s", machine_state_id(graph->machine, state));
  g_string_append_printf(graph->edges, ", %s=", which);
  append_quoted(graph->edges, cluster);
}

static void draw_edge(Graph *graph, const MachineTransition *transition, guint target,
                      const char *label) {
  guint source = transition->source;
  g_string_append(graph->edges, "  ");
  append_node(graph, graph->edges, source);
  g_string_append(graph->edges, " -> ");
  append_node(graph, graph->edges, target);
  g_string_append(graph->edges, " [label=");
  append_quoted(graph->edges, label);
  if (is_cluster(graph, source) && !is_inside(graph, target, source))
    append_cluster_end(graph, "ltail", source);
  if (is_cluster(graph, target) && !is_inside(graph, source, target))
    append_cluster_end(graph, "lhead", target);
  if (is_overdue_event(graph, transition))
    g_string_append(graph->edges, ", style=dashed");
  g_string_append(graph->edges, "];\n");
}

static void draw_transitions(Graph *graph, guint state) {
  for (guint i = 0; i < machine_n_transitions(graph->machine, state); i++) {
    MachineTransition transition = machine_transition(graph->machine, state, i);
    g_autofree char *label = transition_label(graph, &transition);
    if (!transition.n_targets)
      draw_edge(graph, &transition, state, label);
    for (guint k = 0; k < transition.n_targets; k++)
      draw_edge(graph, &transition, transition.targets[k], k ? "" : label);
  }
}

/* ------------------------------------------------------------------- nodes */

static void draw_deadline(Graph *graph, guint state, guint index) {
  MachineDeadline deadline = machine_deadline(graph->machine, state, index);
  const char *when = deadline.after ? deadline.after : deadline.by ? deadline.by : "";
  g_autofree char *name =
      g_strdup_printf("deadline %s %u", machine_state_id(graph->machine, state), index);
  g_autofree char *label = g_strdup_printf("%s%s%s\n%s", deadline.title ? deadline.title : "",
                                           deadline.title ? "\n" : "", when, deadline.event);
  g_string_append(graph->out, "  ");
  append_quoted(graph->out, name);
  g_string_append(graph->out, " [shape=note, style=dashed, label=");
  append_quoted(graph->out, label);
  g_string_append(graph->out, "];\n");
  g_string_append(graph->edges, "  ");
  append_node(graph, graph->edges, state);
  g_string_append(graph->edges, " -> ");
  append_quoted(graph->edges, name);
  g_string_append(graph->edges, " [style=dashed, arrowhead=none];\n");
}

static void draw_leaf(Graph *graph, guint state) {
  static const char *const looks[] = {
      [STATE_ATOMIC] = "shape=box, style=rounded",
      [STATE_FINAL] = "shape=box, style=rounded, peripheries=2",
      [STATE_HISTORY_SHALLOW] = "shape=circle",
      [STATE_HISTORY_DEEP] = "shape=circle",
  };
  StateKind kind = machine_state_kind(graph->machine, state);
  g_autoptr(GString) label = g_string_new(NULL);
  if (kind == STATE_HISTORY_SHALLOW || kind == STATE_HISTORY_DEEP)
    g_string_append(label, kind == STATE_HISTORY_DEEP ? "H*" : "H");
  else
    append_title(graph, label, state);
  g_string_append(graph->out, "  ");
  append_node(graph, graph->out, state);
  g_string_append_printf(graph->out, " [%s, label=", looks[kind]);
  append_quoted(graph->out, label->str);
  g_string_append(graph->out, "];\n");
}

/* The black dot and its edge to where a compound state, or the whole, begins. */
static void draw_initial(Graph *graph, guint state) {
  if (machine_state_kind(graph->machine, state) == STATE_PARALLEL)
    return;
  const char *id = machine_state_id(graph->machine, state);
  g_autofree char *name = g_strdup_printf("initial %s", id ? id : "");
  g_string_append(graph->out, "  ");
  append_quoted(graph->out, name);
  g_string_append(graph->out, " [shape=point, width=0.12];\n");
  for (guint i = 0; i < machine_n_states(graph->machine); i++) {
    if (machine_state_parent(graph->machine, i) != (int)state ||
        !machine_state_initial(graph->machine, i))
      continue;
    g_string_append(graph->edges, "  ");
    append_quoted(graph->edges, name);
    g_string_append(graph->edges, " -> ");
    append_node(graph, graph->edges, i);
    g_string_append(graph->edges, " [label=\"\"");
    if (is_cluster(graph, i))
      append_cluster_end(graph, "lhead", i);
    g_string_append(graph->edges, "];\n");
  }
}

static void draw_state(Graph *graph, guint state);

static void draw_children(Graph *graph, guint state) {
  draw_initial(graph, state);
  for (guint i = 1; i < machine_n_states(graph->machine); i++)
    if (machine_state_parent(graph->machine, i) == (int)state)
      draw_state(graph, i);
}

static void draw_cluster(Graph *graph, guint state) {
  gboolean parallel = machine_state_kind(graph->machine, state) == STATE_PARALLEL;
  g_autoptr(GString) label = g_string_new(NULL);
  g_autofree char *name = g_strdup_printf("cluster %s", machine_state_id(graph->machine, state));
  append_title(graph, label, state);
  g_string_append(graph->out, "  subgraph ");
  append_quoted(graph->out, name);
  g_string_append(graph->out, " {\n  label=");
  append_quoted(graph->out, label->str);
  g_string_append_printf(graph->out, "; style=\"rounded%s\";\n  ", parallel ? ",bold" : "");
  append_node(graph, graph->out, state);
  g_string_append(graph->out, " [shape=point, style=invis];\n");
  draw_children(graph, state);
  for (guint i = 0; i < machine_n_deadlines(graph->machine, state); i++)
    draw_deadline(graph, state, i);
  g_string_append(graph->out, "  }\n");
  draw_transitions(graph, state);
}

static void draw_state(Graph *graph, guint state) {
  if (is_cluster(graph, state)) {
    draw_cluster(graph, state);
    return;
  }
  draw_leaf(graph, state);
  for (guint i = 0; i < machine_n_deadlines(graph->machine, state); i++)
    draw_deadline(graph, state, i);
  draw_transitions(graph, state);
}

/* ------------------------------------------------------------------- whole */

static GHashTable *read_roles(const Machine *machine) {
  GHashTable *roles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  const xmlNode *procedure = machine_procedure(machine);
  for (xmlNode *node = procedure ? xml_first_element(procedure) : NULL; node;
       node = xml_next_element(node)) {
    char *id = xml_is(node, WORKFLOW_NS, "role") ? xml_attr(node, "id") : NULL;
    if (id)
      g_hash_table_insert(roles, id, xml_attr(node, "title"));
  }
  return roles;
}

static void draw_head(Graph *graph) {
  MachineWords words = machine_words(graph->machine);
  const char *name = machine_name(graph->machine);
  const char *title = words.title ? words.title : name ? name : machine_file(graph->machine);
  g_string_append(graph->out, "digraph ");
  append_quoted(graph->out, name ? name : "workflow");
  g_string_append(graph->out, " {\n  compound=true; rankdir=TB; labelloc=t; label=");
  append_quoted(graph->out, title ? title : "");
  g_string_append(graph->out, ";\n  graph [fontname=\"BIZ UDGothic\"];\n"
                              "  node [fontname=\"BIZ UDGothic\", fontsize=11];\n"
                              "  edge [fontname=\"BIZ UDGothic\", fontsize=10];\n");
}

RkStatus rk_workflow_graph(const char *path, char **out_dot, RkDiags *diags) {
  g_autoptr(Machine) machine = NULL;
  *out_dot = NULL;
  RkStatus status = machine_load_file(&machine, path, MACHINE_STRICT, diags);
  if (status != RK_OK)
    return status;
  g_autoptr(GHashTable) roles = read_roles(machine);
  g_autoptr(GString) edges = g_string_new(NULL);
  GString *out = g_string_new(NULL);
  Graph graph = {machine, roles, out, edges};
  draw_head(&graph);
  draw_children(&graph, 0);
  g_string_append_len(out, edges->str, (gssize)edges->len);
  g_string_append(out, "}\n");
  *out_dot = g_string_free(out, FALSE);
  return RK_OK;
}
