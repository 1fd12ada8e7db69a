/* SPDX-License-Identifier: Apache-2.0 */
/*
 * load.c - from document to machine: states, transitions, data.
 *
 * Order: vocabulary (names), building (shape), check.c (what needs the whole). A fault
 * never stops the reading; the machine is given out only when there was none.
 */
#include "machine/machine_int.h"

#include "base/date.h"
#include "base/xml.h"
#include "machine/overlay.h"

#include <string.h>

char **split_words(const char *text) {
  static const char blanks[] = " \t\r\n";
  GPtrArray *words = g_ptr_array_new();
  for (const char *p = text ? text : ""; *(p += strspn(p, blanks));) {
    gsize length = strcspn(p, blanks);
    g_ptr_array_add(words, g_strndup(p, length));
    p += length;
  }
  g_ptr_array_add(words, NULL);
  return (char **)g_ptr_array_free(words, FALSE);
}

/* ------------------------------------------------------------ loader services */

typedef struct {
  gpointer memory;
  GDestroyNotify destroy;
} Kept;

static void kept_free(gpointer data) {
  Kept *kept = data;
  kept->destroy(kept->memory);
  g_free(kept);
}

void *loader_keep(Loader *loader, gpointer memory, GDestroyNotify destroy) {
  Kept *kept = g_new(Kept, 1);
  kept->memory = memory;
  kept->destroy = destroy;
  g_ptr_array_add(loader->machine->garbage, kept);
  return memory;
}

const char *loader_string(Loader *loader, char *take) {
  return take ? loader_keep(loader, take, g_free) : NULL;
}

/* Most lists of most states stay empty: they are one and the same. */
GPtrArray *loader_array(Loader *loader) {
  return loader->machine->empty;
}

void loader_add(Loader *loader, GPtrArray **list, gpointer item) {
  if (*list == loader->machine->empty)
    *list = loader_keep(loader, g_ptr_array_new(), (GDestroyNotify)g_ptr_array_unref);
  g_ptr_array_add(*list, item);
}

static void on_xpath_fault(void *data, xmlErrorPtr error) {
  gboolean *fault = data;
  (void)error;
  *fault = TRUE;
}

Loader loader_begin(Machine *machine, RkDiags *diags) {
  Loader loader = {.machine = machine, .diags = diags};
  loader.xpath = xmlXPathNewContext(NULL);
  loader.xpath->error = on_xpath_fault;
  loader.variables = g_hash_table_new(g_str_hash, g_str_equal);
  loader.data_ids = g_hash_table_new(g_str_hash, g_str_equal);
  return loader;
}

void loader_end(Loader *loader) {
  xmlXPathFreeContext(loader->xpath);
  g_hash_table_unref(loader->variables);
  g_hash_table_unref(loader->data_ids);
}

void loader_declare(Loader *loader, const char *variable) {
  if (variable)
    g_hash_table_add(loader->variables, (gpointer)variable);
}

void loader_fault(Loader *loader, DiagId id, const DiagPlace *place, const char *a, const char *b,
                  const char *c) {
  diags_add(loader->diags, id, place, a ? a : "", b ? b : "", c ? c : "", NULL);
  loader->failed = TRUE;
}

const char *loader_attr(Loader *loader, const xmlNode *node, const char *name) {
  return loader_string(loader, xml_attr(node, name));
}

const char *loader_extension_attr(Loader *loader, const xmlNode *node, const char *name) {
  return loader_string(loader, xml_attr_ns(node, WORKFLOW_NS, name));
}

MachineWords loader_words(Loader *loader, const xmlNode *node) {
  return (MachineWords){.title = loader_extension_attr(loader, node, "title"),
                        .title_en = loader_extension_attr(loader, node, "title-en"),
                        .step = loader_extension_attr(loader, node, "step"),
                        .source = loader_extension_attr(loader, node, "source"),
                        .inferred = loader_extension_attr(loader, node, "inferred")};
}

/* ------------------------------------------------------------------ the model */

static State *state_new(Loader *loader, xmlNode *node, State *parent, StateKind kind) {
  State *state = loader_keep(loader, g_new0(State, 1), g_free);
  GPtrArray *states = loader->machine->states;
  state->index = states->len;
  g_ptr_array_add(states, state);
  state->parent = parent;
  state->kind = kind;
  state->node = node;
  state->place = xml_place(node);
  state->words = loader_words(loader, node);
  state->children = loader_array(loader);
  state->histories = loader_array(loader);
  state->transitions = loader_array(loader);
  state->onentry = loader_array(loader);
  state->onexit = loader_array(loader);
  state->datas = loader_array(loader);
  state->invokes = loader_array(loader);
  state->deadlines = loader_keep(loader, g_array_new(FALSE, TRUE, sizeof(Deadline)),
                                 (GDestroyNotify)g_array_unref);
  return state;
}

/* One word, as lists of ids take it; of data also a variable, where names with '_' first are the
 * system's (5.10). */
static void check_id(Loader *loader, const char *id, const DiagPlace *place, gboolean variable) {
  gboolean word = *id && !strpbrk(id, " \t\r\n");
  if (!word || (variable && (*id == '_' || xmlValidateNCName((const xmlChar *)id, 0) != 0)))
    loader_fault(loader, DIAG_WF_BAD_ID, place, id, NULL, NULL);
}

static void name_state(Loader *loader, State *state) {
  const char *id = state->kind == STATE_ROOT ? NULL : loader_attr(loader, state->node, "id");
  if (!id) {
    state->id = (char *)loader_string(loader, g_strdup_printf("_state.%u", state->index));
    return;
  }
  state->id = (char *)id;
  check_id(loader, id, &state->place, FALSE);
  if (g_hash_table_contains(loader->machine->by_id, id))
    loader_fault(loader, DIAG_WF_DUPLICATE_ID, &state->place, id, NULL, NULL);
  g_hash_table_insert(loader->machine->by_id, (gpointer)id, state);
}

static char **descriptors_of(Loader *loader, const char *text, const DiagPlace *place) {
  char **words = split_words(text);
  for (guint i = 0; words[i]; i++) {
    char *word = words[i];
    if (g_str_has_suffix(word, ".*"))
      word[strlen(word) - 2] = '\0';
    else if (g_str_has_suffix(word, ".") && word[1])
      word[strlen(word) - 1] = '\0';
    gboolean star = g_str_equal(word, "*");
    if (loader->machine->mode == MACHINE_STRICT && !star && (!*word || strchr(word, '*') || strstr(word, "..") || *word == '.'))
      loader_fault(loader, DIAG_WF_BAD_EVENT, place, word, NULL, NULL);
  }
  return loader_keep(loader, words, (GDestroyNotify)g_strfreev);
}

static void load_requirements(Loader *loader, const xmlNode *node, Transition *transition) {
  for (xmlNode *child = xml_first_element(node); child; child = xml_next_element(child))
    if (xml_is(child, WORKFLOW_NS, "require"))
      loader_add(loader, &transition->requirements,
                 load_requirement(loader, child, transition->source));
}

static GArray *ask_array(Loader *loader, Transition *transition) {
  if (!transition->asks)
    transition->asks = loader_keep(loader, g_array_new(FALSE, TRUE, sizeof(MachineAsk)),
                                   (GDestroyNotify)g_array_unref);
  return transition->asks;
}

static void load_asks(Loader *loader, const xmlNode *node, Transition *transition) {
  for (xmlNode *child = xml_first_element(node); child; child = xml_next_element(child))
    if (xml_is(child, WORKFLOW_NS, "ask"))
      load_ask(loader, child, ask_array(loader, transition));
}

static Transition *load_transition(Loader *loader, xmlNode *node, State *source) {
  Transition *transition = loader_keep(loader, g_new0(Transition, 1), g_free);
  const char *event = loader_attr(loader, node, "event"), *cond = loader_attr(loader, node, "cond");
  const char *type = loader_attr(loader, node, "type");
  transition->source = source;
  transition->node = node;
  transition->number = loader->machine->transitions->len;
  g_ptr_array_add(loader->machine->transitions, transition);
  transition->place = xml_place(node);
  transition->words = loader_words(loader, node);
  transition->by = loader_extension_attr(loader, node, "by");
  transition->event_text = event;
  transition->cond_text = cond;
  transition->descriptors = event ? descriptors_of(loader, event, &transition->place) : NULL;
  transition->cond = cond ? loader_cond(loader, cond, transition->place) : NULL;
  transition->internal = g_strcmp0(type, "internal") == 0;
  transition->requirements = loader_array(loader);
  transition->targets =
      loader_keep(loader, g_array_new(FALSE, FALSE, sizeof(guint)), (GDestroyNotify)g_array_unref);
  if (type && !transition->internal && !g_str_equal(type, "external"))
    loader_fault(loader, DIAG_WF_BAD_VALUE, &transition->place, "type", type, "internal external");
  load_asks(loader, node, transition);
  load_requirements(loader, node, transition);
  transition->body = load_block(loader, node, source, transition->by);
  return transition;
}

/* The id list of a target or initial attribute; resolved by check.c once all states are known:
 * kept on the document node itself. */
static gboolean is_initial(const xmlNode *holder) {
  g_autofree char *target = holder ? xml_attr(holder, "target") : NULL;
  return target && *g_strstrip(target) && xml_is(holder, SCXML_NS, "transition") &&
         !xml_next_element(holder) && !xmlHasProp((xmlNode *)holder, (xmlChar *)"event") &&
         !xmlHasProp((xmlNode *)holder, (xmlChar *)"cond");
}

static Transition *initial_of(Loader *loader, xmlNode *node, State *state) {
  xmlNode *holder = node;
  for (xmlNode *child = xml_first_element(node); child; child = xml_next_element(child)) {
    if (!xml_is(child, SCXML_NS, "initial"))
      continue;
    DiagPlace place = xml_place(child);
    holder = xml_first_element(child);
    if (!is_initial(holder)) {
      loader_fault(loader, DIAG_WF_INITIAL, &place, NULL, NULL, NULL);
      return NULL;
    }
    if (xmlHasProp(node, (xmlChar *)"initial"))
      loader_fault(loader, DIAG_WF_CONFLICT, &place, "state", "initial=\"…\" and <initial>", NULL);
    return load_transition(loader, holder, state);
  }
  Transition *transition = loader_keep(loader, g_new0(Transition, 1), g_free);
  transition->source = state;
  transition->place = state->place;
  transition->body = loader_array(loader);
  transition->requirements = loader_array(loader);
  transition->targets =
      loader_keep(loader, g_array_new(FALSE, FALSE, sizeof(guint)), (GDestroyNotify)g_array_unref);
  return transition;
}

/* ---------------------------------------------------------------------- data */

static void load_data(Loader *loader, xmlNode *node, State *state) {
  Data *data = loader_keep(loader, g_new0(Data, 1), g_free);
  data->id = loader_attr(loader, node, "id");
  data->place = xml_place(node);
  data->src = loader_attr(loader, node, "src");
  const char *expr = loader_attr(loader, node, "expr");
  data->expr = expr ? loader_expr(loader, expr, data->place) : NULL;
  data->holder = node->children && !expr ? node : NULL;
  if (!data->id)
    return;
  check_id(loader, data->id, &data->place, TRUE);
  if (loader->machine->null_model && loader->machine->mode == MACHINE_STRICT)
    loader_fault(loader, DIAG_WF_NULL_DATA, &data->place, data->id, NULL, NULL);
  if (data->src && loader->machine->mode == MACHINE_STRICT)
    loader_fault(loader, DIAG_WF_CONFLICT, &data->place, "data",
                 "src= and a document that stands alone", NULL);
  loader_add(loader, &state->datas, data);
  if (!state->parent && loader_extension_attr(loader, node, "input"))
    load_input(loader, node, loader->machine->inputs);
  if (!g_hash_table_add(loader->data_ids, (gpointer)data->id))
    loader_fault(loader, DIAG_WF_DUPLICATE_ID, &data->place, data->id, NULL, NULL);
  loader_declare(loader, data->id);
}

static void load_datamodel(Loader *loader, xmlNode *node, State *state) {
  for (xmlNode *child = xml_first_element(node); child; child = xml_next_element(child))
    if (xml_is(child, SCXML_NS, "data"))
      load_data(loader, child, state);
}

static void load_donedata(Loader *loader, xmlNode *node, State *state) {
  state->has_donedata = TRUE;
  state->donedata_params = load_params(loader, node);
  for (xmlNode *child = xml_first_element(node); child; child = xml_next_element(child))
    if (xml_is(child, SCXML_NS, "content"))
      state->donedata_content = load_content(loader, child);
}

static void load_deadline(Loader *loader, xmlNode *node, State *state) {
  Deadline deadline = {.public = {.after = loader_attr(loader, node, "after"),
                                  .by = loader_attr(loader, node, "by"),
                                  .calendar = loader_attr(loader, node, "calendar"),
                                  .event = loader_attr(loader, node, "event"),
                                  .title = loader_attr(loader, node, "title"),
                                  .title_en = loader_attr(loader, node, "title-en")}};
  DiagPlace place = xml_place(node);
  Duration duration;
  if (!deadline.public.after == !deadline.public.by)
    loader_fault(loader, DIAG_WF_DEADLINE, &place, NULL, NULL, NULL);
  if (deadline.public.calendar && !business_days(&deadline.public, NULL))
    loader_fault(loader, DIAG_WF_BUSINESS, &place, NULL, NULL, NULL);
  if (deadline.public.after && !duration_parse(&duration, deadline.public.after))
    loader_fault(loader, DIAG_WF_DELAY, &place, deadline.public.after, NULL, NULL);
  if (deadline.public.calendar && !g_str_equal(deadline.public.calendar, "business"))
    loader_fault(loader, DIAG_WF_CALENDAR, &place, deadline.public.calendar, NULL, NULL);
  if (deadline.public.by)
    deadline.by = loader_expr(loader, deadline.public.by, place);
  deadline.send_id =
      (char *)loader_string(loader, g_strdup_printf("_deadline.%u.%u", state->index,
                                                    state->deadlines->len));
  g_array_append_val(state->deadlines, deadline);
}

/* -------------------------------------------------------------------- states */

static void load_children(Loader *loader, State *state);

static void load_state(Loader *loader, xmlNode *node, State *parent) {
  StateKind kind = xml_is(node, SCXML_NS, "parallel") ? STATE_PARALLEL
                   : xml_is(node, SCXML_NS, "final")  ? STATE_FINAL
                                                      : STATE_ATOMIC;
  if (xml_is(node, SCXML_NS, "history")) {
    const char *type = loader_attr(loader, node, "type");
    DiagPlace place = xml_place(node);
    kind = g_strcmp0(type, "deep") == 0 ? STATE_HISTORY_DEEP : STATE_HISTORY_SHALLOW;
    if (type && kind == STATE_HISTORY_SHALLOW && !g_str_equal(type, "shallow"))
      loader_fault(loader, DIAG_WF_BAD_VALUE, &place, "type", type, "shallow deep");
  }
  State *state = state_new(loader, node, parent, kind);
  name_state(loader, state);
  loader->machine->has_history |= is_history(state);
  loader_add(loader, is_history(state) ? &parent->histories : &parent->children, state);
  load_children(loader, state);
  if (kind == STATE_ATOMIC && state->children->len) {
    state->kind = STATE_COMPOUND;
    state->initial = initial_of(loader, node, state);
  }
}

static void load_history_default(Loader *loader, xmlNode *node, State *state) {
  if (state->initial)
    loader_fault(loader, DIAG_WF_HISTORY, &state->place, state->id, NULL, NULL);
  state->initial = load_transition(loader, node, state);
}

static void load_child(Loader *loader, xmlNode *node, State *state) {
  const char *name = (const char *)node->name;
  static const char *const nested[] = {"state", "parallel", "final", "history", NULL};
  if (xml_is(node, WORKFLOW_NS, "deadline"))
    load_deadline(loader, node, state);
  if (!xml_in_ns(node, SCXML_NS))
    return;
  if (g_strv_contains(nested, name))
    load_state(loader, node, state);
  else if (g_str_equal(name, "transition") && is_history(state))
    load_history_default(loader, node, state);
  else if (g_str_equal(name, "transition"))
    loader_add(loader, &state->transitions, load_transition(loader, node, state));
  else if (g_str_equal(name, "onentry"))
    loader_add(loader, &state->onentry, load_block(loader, node, state, NULL));
  else if (g_str_equal(name, "onexit"))
    loader_add(loader, &state->onexit, load_block(loader, node, state, NULL));
  else if (g_str_equal(name, "datamodel"))
    load_datamodel(loader, node, state);
  else if (g_str_equal(name, "donedata"))
    load_donedata(loader, node, state);
  else if (g_str_equal(name, "invoke"))
    loader_add(loader, &state->invokes, load_invoke(loader, node, state));
}

static void load_children(Loader *loader, State *state) {
  for (xmlNode *child = xml_first_element(state->node); child; child = xml_next_element(child))
    load_child(loader, child, state);
  state->end = loader->machine->states->len;
}

/* ------------------------------------------------------------------ the whole */

static void load_root(Loader *loader, xmlNode *root) {
  Machine *machine = loader->machine;
  DiagPlace place = xml_place(root);
  const char *version = loader_attr(loader, root, "version");
  const char *model = loader_attr(loader, root, "datamodel");
  const char *binding = loader_attr(loader, root, "binding");
  machine->root = root;
  machine->name = loader_attr(loader, root, "name");
  machine->words = loader_words(loader, root);
  machine->null_model = !model || g_str_equal(model, "null");
  machine->late_binding = g_strcmp0(binding, "late") == 0;
  if (version && !g_str_equal(version, "1.0"))
    loader_fault(loader, DIAG_WF_VERSION, &place, version, NULL, NULL);
  if (model && !machine->null_model && !g_str_equal(model, "xpath"))
    loader_fault(loader, DIAG_WF_DATAMODEL, &place, model, NULL, NULL);
  if (binding && !machine->late_binding && !g_str_equal(binding, "early"))
    loader_fault(loader, DIAG_WF_BAD_VALUE, &place, "binding", binding, "early late");
  for (xmlNode *child = xml_first_element(root); child; child = xml_next_element(child))
    if (xml_is(child, WORKFLOW_NS, "procedure"))
      machine->procedure = child;
  State *state = state_new(loader, root, NULL, STATE_ROOT);
  name_state(loader, state);
  load_children(loader, state);
  state->initial = initial_of(loader, root, state);
  if (!state->children->len && !loader->failed)
    loader_fault(loader, DIAG_WF_NO_STATE, &place, NULL, NULL, NULL);
}

static Machine *machine_new(MachineMode mode, const char *file) {
  Machine *machine = g_new0(Machine, 1);
  g_atomic_ref_count_init(&machine->references);
  machine->mode = mode;
  machine->file = g_strdup(file);
  machine->empty = g_ptr_array_new();
  machine->states = g_ptr_array_new();
  machine->transitions = g_ptr_array_new();
  machine->invokes = g_ptr_array_new();
  machine->expressions = g_ptr_array_new();
  machine->sends = g_ptr_array_new();
  machine->inputs = g_array_new(FALSE, TRUE, sizeof(MachineAsk));
  machine->by_id = g_hash_table_new(g_str_hash, g_str_equal);
  machine->garbage = g_ptr_array_new_with_free_func(kept_free);
  return machine;
}

Machine *machine_ref(Machine *machine) {
  g_atomic_ref_count_inc(&machine->references);
  return machine;
}

void machine_unref(Machine *machine) {
  if (!machine || !g_atomic_ref_count_dec(&machine->references))
    return;
  g_ptr_array_unref(machine->garbage);
  g_array_unref(machine->inputs);
  g_ptr_array_unref(machine->empty);
  g_ptr_array_unref(machine->states);
  g_ptr_array_unref(machine->transitions);
  g_ptr_array_unref(machine->invokes);
  g_ptr_array_unref(machine->expressions);
  g_ptr_array_unref(machine->sends);
  g_hash_table_unref(machine->by_id);
  g_free(machine->atomic);
  xmlXPathFreeContext(machine->idle_xpath);
  xmlFreeDoc(machine->doc);
  g_free(machine->file);
  g_free(machine);
}

static gboolean load_whole(Machine *machine, xmlNode *root, RkDiags *diags) {
  Loader loader = loader_begin(machine, diags);
  machine_vocabulary_check(&loader, root);
  load_root(&loader, root);
  check_machine(&loader);
  if (!loader.failed)
    machine_index(machine);
  loader_end(&loader);
  return !loader.failed;
}

/* Lives in the document of the machine around it, and as long as that. */
Machine *load_inline(Loader *loader, xmlNode *root) {
  gboolean strict = loader->machine->mode == MACHINE_STRICT;
  g_autoptr(Machine) machine = machine_new(loader->machine->mode, loader->machine->file);
  machine->procedure = loader->machine->procedure;
  if (load_whole(machine, root, strict ? loader->diags : NULL))
    return loader_keep(loader, g_steal_pointer(&machine), (GDestroyNotify)machine_unref);
  loader->failed |= strict;
  return NULL;
}

static RkStatus build(Machine **out, xmlDoc *doc, const char *name, MachineMode mode,
                      RkDiags *diags) {
  xmlNode *root = xmlDocGetRootElement(doc);
  g_autoptr(Machine) machine = machine_new(mode, name);
  machine->doc = doc;
  if (!xml_is(root, SCXML_NS, "scxml")) {
    DiagPlace place = xml_place(root);
    return diags_fail(diags, RK_INVALID, DIAG_WF_ROOT, &place, (const char *)root->name, NULL);
  }
  if (!load_whole(machine, root, diags))
    return RK_INVALID;
  *out = g_steal_pointer(&machine);
  return RK_OK;
}

RkStatus machine_load(Machine **out, const char *bytes, gsize length, const char *name,
                      MachineMode mode, RkDiags *diags) {
  xmlDoc *doc = NULL;
  *out = NULL;
  RkStatus status = xml_parse(&doc, bytes, length, name, XML_LIMIT_DEFINITION, diags);
  return status == RK_OK ? build(out, doc, name, mode, diags) : status;
}

RkStatus machine_load_file(Machine **out, const char *path, MachineMode mode, RkDiags *diags) {
  xmlDoc *doc = NULL;
  *out = NULL;
  RkStatus status = overlay_flatten(&doc, path, diags);
  return status == RK_OK ? build(out, doc, path, mode, diags) : status;
}
