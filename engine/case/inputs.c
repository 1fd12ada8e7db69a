/* SPDX-License-Identifier: Apache-2.0 */
/* inputs.c - see inputs.h. Only inputs marked public go into the label and messages. */
#include "case/inputs.h"

#include "base/xml.h"

static const xmlNode *datamodel_of(const Machine *machine) {
  const xmlNode *procedure = machine_procedure(machine);
  for (xmlNode *node = procedure ? procedure->parent->children : NULL; node; node = node->next)
    if (xml_is(node, SCXML_NS, "datamodel"))
      return node;
  return NULL;
}

void inputs_each(const Machine *machine,
                 void (*f)(const char *name, const char *title, gboolean required,
                           gboolean is_public, gpointer user),
                 gpointer user) {
  const xmlNode *model = datamodel_of(machine);
  for (xmlNode *node = model ? xml_first_element(model) : NULL; node;
       node = xml_next_element(node)) {
    g_autofree char *input = xml_attr_ns(node, WORKFLOW_NS, "input");
    g_autofree char *name = xml_attr(node, "id");
    g_autofree char *title = xml_attr_ns(node, WORKFLOW_NS, "title");
    g_autofree char *open = xml_attr_ns(node, WORKFLOW_NS, "public");
    if (input && name)
      f(name, title ? title : name, g_str_equal(input, "required"), g_strcmp0(open, "yes") == 0,
        user);
  }
}

typedef struct {
  CaseFile *file;
  const json_t *given;
  RkDiags *diags;
  RkStatus status;
  guint known;
  GString *label, *names;
} Taking;

static void take_one(const char *name, const char *title, gboolean required, gboolean is_public,
                     gpointer user) {
  Taking *taking = user;
  const char *text = json_string_value(json_object_get(taking->given, name));
  g_string_append_printf(taking->names, "%s%s", taking->names->len ? ", " : "", name);
  taking->known += text != NULL;
  if (text && *text) {
    RkStatus status = session_set_data(taking->file->session, name, text, taking->diags);
    taking->status = taking->status == RK_OK ? status : taking->status;
    if (is_public)
      g_string_append_printf(taking->label, "%s%s", taking->label->len ? " " : "", text);
  } else if (required) {
    diags_add(taking->diags, DIAG_INPUT_MISSING, NULL, title, name, NULL);
    taking->status = RK_INVALID;
  }
}

static void ignore_known(const char *name, const char *title, gboolean required,
                         gboolean is_public, gpointer user) {
  (void)title, (void)required, (void)is_public;
  g_hash_table_add(user, g_strdup(name));
}

static RkStatus refuse_unknown(Taking *taking) {
  g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  const char *name;
  json_t *value;
  inputs_each(bundle_machine(taking->file->bundle), ignore_known, known);
  json_object_foreach((json_t *)taking->given, name, value) {
    if (!g_hash_table_contains(known, name))
      diags_add(taking->diags, DIAG_INPUT_UNKNOWN, NULL, name, taking->names->str, NULL);
  }
  return RK_INVALID;
}

RkStatus inputs_take(CaseFile *file, const json_t *inputs, RkDiags *diags) {
  g_autoptr(GString) label = g_string_new(NULL), names = g_string_new(NULL);
  Taking taking = {file, inputs, diags, RK_OK, 0, label, names};
  inputs_each(bundle_machine(file->bundle), take_one, &taking);
  if (taking.known < json_object_size(inputs))
    taking.status = refuse_unknown(&taking);
  g_free(file->record->label);
  file->record->label = g_strdup(label->str);
  return taking.status;
}
