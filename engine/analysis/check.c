/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check.c - files against each other: a workflow against the forms, registers and
 * channels it names. What can be said of one document alone, its loader has said.
 */
#include "analysis/check_int.h"
#include "case/calendar.h"
#include "case/duties.h"
#include "case/retention.h"
#include "case/files.h"
#include "base/xml.h"
#include "case/catalogue.h"
#include "case/testfile.h"
#include "form/form.h"
#include "machine/machine.h"
#include "machine/overlay.h"

#include <string.h>

typedef struct {
  const Machine *machine;
  const Catalogue *catalogue;
  GHashTable *listed; /* form code → place it was listed at (DiagPlace *) */
  GHashTable *used;   /* form codes that something uses */
  RkDiags *diags;
  GHashTable *siblings; /* procedures of the same folder, by name; NULL: not yet read */
} Check;

/* ------------------------------------------------------------------- forms */

static void list_form(const xmlNode *node, gpointer user) {
  Check *check = user;
  char *code = xml_attr(node, "form");
  DiagPlace place = xml_place(node);
  if (code)
    g_hash_table_insert(check->listed, code, g_memdup2(&place, sizeof place));
}

/* That each form used is listed, the loader of the workflow has checked. */
static void use_forms(const xmlNode *node, gpointer user) {
  Check *check = user;
  g_autofree char *forms = xml_attr(node, "form");
  g_auto(GStrv) codes = g_strsplit_set(forms ? forms : "", " \t\n", -1);
  for (guint i = 0; codes[i]; i++)
    g_hash_table_add(check->used, g_strdup(codes[i]));
}

static void check_form_file(Check *check, const char *folder, const char *code,
                            const DiagPlace *place) {
  g_autofree char *name = g_strdup_printf("%s.xml", code);
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_autoptr(Form) form = NULL;
  if (!g_file_test(path, G_FILE_TEST_EXISTS))
    diags_add(check->diags, DIAG_CHECK_FORM_MISSING, place, code, path, NULL);
  else if (form_load_file(&form, path, check->diags) == RK_OK &&
           g_strcmp0(form_code(form), code) != 0)
    diags_add(check->diags, DIAG_CHECK_FORM_CODE, &(DiagPlace){path, 1, 1}, form_code(form), code,
              NULL);
}

static void check_forms(Check *check, const RkSite *site, const char *municipality) {
  static const char *const users[] = {"require", "send-paper", "receive-paper", "keep",
                                      "paper-event"};
  g_autofree char *folder = g_build_filename(site->datadir, "forms", municipality, NULL);
  GHashTableIter iter;
  gpointer code, place;
  machine_each_extension(check->machine, "uses", list_form, check);
  for (guint i = 0; i < G_N_ELEMENTS(users); i++)
    machine_each_extension(check->machine, users[i], use_forms, check);
  g_hash_table_iter_init(&iter, check->listed);
  while (g_hash_table_iter_next(&iter, &code, &place)) {
    check_form_file(check, folder, code, place);
    if (!g_hash_table_contains(check->used, code))
      diags_add(check->diags, DIAG_CHECK_FORM_UNUSED, place, code, NULL);
  }
}

/* ------------------------------------------------------------ a second person */

/* Whether a person can enter `event` at all. */
static gboolean is_entered(const Machine *machine, const char *event) {
  for (guint state = 0; state < machine_n_states(machine); state++)
    for (guint i = 0; i < machine_n_transitions(machine, state); i++) {
      const MachineTransition transition = machine_transition(machine, state, i);
      g_auto(GStrv) names = g_strsplit_set(transition.event ? transition.event : "", " \t\n", -1);
      if (transition.by && g_strv_contains((const char *const *)names, event))
        return TRUE;
    }
  return FALSE;
}

static void check_second(const xmlNode *node, gpointer user) {
  Check *check = user;
  g_autofree char *events = xml_attr(node, "second-person");
  g_autofree char *by = events ? xml_attr_ns(node->parent, WORKFLOW_NS, "by") : NULL;
  g_auto(GStrv) names = g_strsplit_set(events ? events : "", " \t\r\n", -1);
  DiagPlace place = xml_place(node);
  if (events && !by)
    diags_add(check->diags, DIAG_CHECK_SECOND_NOBODY, &place, NULL);
  if (events && !*g_strstrip(events))
    diags_add(check->diags, DIAG_CHECK_SECOND_EVENT, &place, "", NULL);
  for (guint i = 0; names[i]; i++)
    if (*names[i] && !is_entered(check->machine, names[i]))
      diags_add(check->diags, DIAG_CHECK_SECOND_EVENT, &place, names[i], NULL);
}

/* --------------------------------------------------- registers and channels */

static void check_register(const xmlNode *node, gpointer user) {
  Check *check = user;
  g_autofree char *name = xml_attr(node, "register");
  g_autofree char *state = xml_attr(node, "state");
  DiagPlace place = xml_place(node);
  if (!name)
    return;
  if (!catalogue_has_register(check->catalogue, name)) {
    g_autofree char *registers = catalogue_list_registers(check->catalogue);
    diags_add(check->diags, DIAG_CHECK_REGISTER, &place, name, registers, NULL);
  } else if (state && !catalogue_has_state(check->catalogue, name, state)) {
    g_autofree char *states = catalogue_list_states(check->catalogue, name);
    diags_add(check->diags, DIAG_CHECK_REGISTER_STATE, &place, name, state, states, NULL);
  }
}

static void check_channel(const xmlNode *node, gpointer user) {
  Check *check = user;
  g_autofree char *one = xml_attr(node, "channel"), *several = xml_attr(node, "channels");
  g_autofree char *all = g_strconcat(one ? one : "", " ", several ? several : "", NULL);
  g_auto(GStrv) named = g_strsplit(all, " ", -1);
  DiagPlace place = xml_place(node);
  CatalogueChannel found;
  for (guint i = 0; named[i]; i++) {
    if (!*named[i] || catalogue_channel(check->catalogue, named[i], &found))
      continue;
    g_autofree char *channels = catalogue_list_channels(check->catalogue);
    diags_add(check->diags, DIAG_CHECK_CHANNEL, &place, named[i], channels, NULL);
  }
}

static void check_names(Check *check) {
  static const char *const registers[] = {"require", "record"};
  static const char *const channels[] = {"send-paper", "receive-paper", "notify"};
  for (guint i = 0; i < G_N_ELEMENTS(registers); i++)
    machine_each_extension(check->machine, registers[i], check_register, check);
  for (guint i = 0; i < G_N_ELEMENTS(channels); i++)
    machine_each_extension(check->machine, channels[i], check_channel, check);
  machine_each_extension(check->machine, "require", check_second, check);
}

/* ------------------------------------------------------------------ results */

/* A procedure ends, or says that it does not. */
static void check_end(Check *check, gboolean ends) {
  const xmlNode *root = machine_procedure(check->machine)->parent;
  g_autofree char *standing = xml_attr_ns(root, WORKFLOW_NS, "standing");
  DiagPlace place = xml_place(root);
  if (!ends && g_strcmp0(standing, "yes") != 0)
    diags_add(check->diags, DIAG_CHECK_NO_END, &place, NULL);
  if (ends && g_strcmp0(standing, "yes") == 0)
    diags_add(check->diags, DIAG_CHECK_STANDING_ENDS, &place, NULL);
}

/* What a case ends with must be told apart in lists. */
static void check_finals(Check *check) {
  gboolean ends = FALSE;
  for (guint i = 1; i < machine_n_states(check->machine); i++) {
    if (machine_state_kind(check->machine, i) != STATE_FINAL ||
        machine_state_parent(check->machine, i) != 0)
      continue;
    ends = TRUE;
    if (machine_state_attr(check->machine, i, "result"))
      continue;
    DiagPlace place = machine_state_place(check->machine, i);
    diags_add(check->diags, DIAG_CHECK_FINAL_RESULT, &place,
              machine_state_id(check->machine, i), NULL);
  }
  check_end(check, ends);
}

/* ---------------------------------------------------------------- deadlines */

/* Whether `word` of an event attribute matches: "a.b", "a", "a.*" or "*" for a.b. */
static gboolean word_hears(const char *word, const char *event) {
  gsize length = strlen(word);
  if (g_str_equal(word, "*"))
    return TRUE;
  if (length && word[length - 1] == '*')
    length--;
  if (length && word[length - 1] == '.')
    length--;
  return length && strncmp(word, event, length) == 0 && (!event[length] || event[length] == '.');
}

static gboolean state_hears(const Machine *machine, guint state, const char *event) {
  for (guint i = 0; i < machine_n_transitions(machine, state); i++) {
    const MachineTransition transition = machine_transition(machine, state, i);
    g_auto(GStrv) words = g_strsplit_set(transition.event ? transition.event : "", " \t\r\n", -1);
    for (guint k = 0; words[k]; k++)
      if (word_hears(words[k], event))
        return TRUE;
  }
  return FALSE;
}

static gboolean is_within(const Machine *machine, guint inner, guint outer) {
  for (int state = (int)inner; state >= 0; state = machine_state_parent(machine, (guint)state))
    if ((guint)state == outer)
      return TRUE;
  return FALSE;
}

/* Whether both can be active at once: one lies within the other, or both in regions of a parallel state. */
static gboolean may_meet(const Machine *machine, guint a, guint b) {
  if (is_within(machine, a, b) || is_within(machine, b, a))
    return TRUE;
  for (int state = (int)a; state >= 0; state = machine_state_parent(machine, (guint)state))
    if (machine_state_kind(machine, (guint)state) == STATE_PARALLEL &&
        is_within(machine, b, (guint)state))
      return TRUE;
  return FALSE;
}

static gboolean is_heard(const Machine *machine, guint state, const char *event) {
  for (guint i = 0; i < machine_n_states(machine); i++)
    if (may_meet(machine, state, i) && state_hears(machine, i, event))
      return TRUE;
  return FALSE;
}

static void check_deadlines(Check *check) {
  const Machine *machine = check->machine;
  for (guint state = 0; state < machine_n_states(machine); state++)
    for (guint i = 0; i < machine_n_deadlines(machine, state); i++) {
      const MachineDeadline deadline = machine_deadline(machine, state, i);
      DiagPlace place = machine_state_place(machine, state);
      if (!is_heard(machine, state, deadline.event))
        diags_add(check->diags, DIAG_CHECK_DEADLINE, &place, deadline.event,
                  machine_state_id(machine, state), NULL);
    }
}

/* ------------------------------------------------------------ linked cases */

static char *names_of(GHashTable *machines) {
  GHashTableIter iter;
  gpointer name, machine;
  g_autoptr(GString) list = g_string_new(NULL);
  g_hash_table_iter_init(&iter, machines);
  while (g_hash_table_iter_next(&iter, &name, &machine))
    g_string_append_printf(list, "%s%s", list->len ? ", " : "", (const char *)name);
  return g_strdup(list->str);
}

static gboolean has_field(const xmlNode *node, const char *name) {
  for (xmlNode *child = xml_first_element(node); child; child = xml_next_element(child)) {
    g_autofree char *held = xml_attr(child, "name");
    if (xml_is(child, WORKFLOW_NS, "field") && g_strcmp0(held, name) == 0)
      return TRUE;
  }
  return FALSE;
}

static void check_fields(Check *check, const xmlNode *node, const Machine *opened) {
  guint count = 0;
  const MachineAsk *asks = machine_inputs(opened, &count);
  DiagPlace place = xml_place(node);
  g_autoptr(GString) names = g_string_new(NULL);
  for (guint i = 0; i < count; i++) {
    g_string_append_printf(names, "%s%s", i ? ", " : "", asks[i].name);
    if (asks[i].required && !has_field(node, asks[i].name))
      diags_add(check->diags, DIAG_CHECK_OPEN_MISSING, &place, machine_name(opened), asks[i].name,
                NULL);
  }
  for (xmlNode *child = xml_first_element(node); child; child = xml_next_element(child)) {
    g_autofree char *name = xml_attr(child, "name");
    gboolean known = FALSE;
    for (guint i = 0; i < count; i++)
      known = known || g_strcmp0(asks[i].name, name) == 0;
    if (!known)
      diags_add(check->diags, DIAG_CHECK_OPEN_FIELD, &place, machine_name(opened), name,
                names->str, NULL);
  }
}

static void check_open_case(const xmlNode *node, gpointer user) {
  Check *check = user;
  g_autofree char *name = xml_attr(node, "procedure");
  DiagPlace place = xml_place(node);
  if (!check->siblings)
    check->siblings = check_siblings(machine_file(check->machine));
  const Machine *opened = name ? g_hash_table_lookup(check->siblings, name) : NULL;
  g_autofree char *known = opened ? NULL : names_of(check->siblings);
  if (name && !opened)
    diags_add(check->diags, DIAG_CHECK_OPEN_CASE, &place, name, known, NULL);
  else if (opened)
    check_fields(check, node, opened);
}

static void check_procedure(const Machine *machine, const RkSite *site, RkDiags *diags) {
  g_autofree char *municipality = xml_attr(machine_procedure(machine), "municipality");
  DiagPlace place = xml_place(machine_procedure(machine));
  if (!municipality) {
    diags_add(diags, DIAG_CHECK_NO_MUNICIPALITY, &place, NULL);
    return;
  }
  g_autoptr(Catalogue) catalogue = NULL;
  g_autoptr(GHashTable) listed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GHashTable) used = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  catalogue_load_for(&catalogue, site->datadir, municipality, diags);
  Check check = {machine, catalogue, listed, used, diags, NULL};
  check_forms(&check, site, municipality);
  check_finals(&check);
  check_deadlines(&check);
  machine_each_extension(machine, "open-case", check_open_case, &check);
  if (catalogue)
    check_names(&check);
  g_clear_pointer(&check.siblings, g_hash_table_unref);
}

/* ------------------------------------------------------------------- files */

static void check_workflow(const RkSite *site, const char *path, RkDiags *diags) {
  g_autoptr(Machine) machine = NULL;
  if (machine_load_file(&machine, path, MACHINE_STRICT, diags) == RK_OK &&
      machine_procedure(machine))
    check_procedure(machine, site, diags);
}

static void check_form(const char *path, RkDiags *diags) {
  g_autoptr(Form) form = NULL;
  form_load_file(&form, path, diags);
}

static void check_registers(const char *path, RkDiags *diags) {
  g_autoptr(Catalogue) catalogue = NULL;
  catalogue_load_file(&catalogue, path, diags);
}

static void check_tests(const char *path, RkDiags *diags) {
  g_autoptr(TestFile) tests = NULL;
  testfile_load(&tests, path, diags);
}

static void check_calendar(const char *path, RkDiags *diags) {
  g_autoptr(Calendar) calendar = NULL;
  calendar_load_file(&calendar, path, diags);
}

/* A template is checked with each overlay that fills it; alone only when a person names it, to be
 * told so. */
static gboolean is_procedure(const char *path, const xmlNode *root) {
  return overlay_is(root) || (xml_in_ns(root, SCXML_NS) && !g_str_has_suffix(path, ".base.xml"));
}

/* `named`: a person named this very file; in a folder, other XML is left alone. */
static void check_file(const RkSite *site, const char *path, gboolean named, RkDiags *diags) {
  g_autoptr(xmlDoc) doc = NULL;
  if (xml_read_file(&doc, path, XML_LIMIT_DEFINITION, diags) != RK_OK)
    return;
  const xmlNode *root = xmlDocGetRootElement(doc);
  DiagPlace place = xml_place(root);
  if (is_procedure(path, root))
    check_workflow(site, path, diags);
  else if (xml_in_ns(root, FORM_NS))
    check_form(path, diags);
  else if (xml_in_ns(root, CATALOGUE_NS))
    check_registers(path, diags);
  else if (xml_in_ns(root, TESTFILE_NS))
    check_tests(path, diags);
  else if (xml_in_ns(root, DUTIES_NS))
    check_duties(path, diags);
  else if (xml_in_ns(root, RETENTION_NS))
    check_retention(path, diags);
  else if (xml_in_ns(root, CALENDAR_NS))
    check_calendar(path, diags);
  else if (named && xml_in_ns(root, SCXML_NS))
    diags_add(diags, DIAG_WF_TEMPLATE, &place, NULL);
  else if (named)
    diags_add(diags, DIAG_CHECK_UNKNOWN_ROOT, &place, (const char *)root->name, NULL);
}

RkStatus rk_workflow_check(const RkSite *site, const char *const *paths, RkDiags *diags) {
  static const char *const endings[] = {".scxml", ".xml", NULL};
  g_autoptr(RkDiags) found = rk_diags_new();
  for (guint i = 0; paths && paths[i]; i++) {
    gboolean named = !g_file_test(paths[i], G_FILE_TEST_IS_DIR);
    g_autoptr(GPtrArray) files = files_at(paths[i], endings);
    if (!files->len)
      diags_add(found, DIAG_CHECK_NO_PATH, NULL, paths[i], NULL);
    for (guint k = 0; k < files->len; k++)
      check_file(site, files->pdata[k], named, found);
  }
  gboolean errors = rk_diags_has_errors(found);
  diags_take_all(diags, found);
  return errors ? RK_INVALID : RK_OK;
}
