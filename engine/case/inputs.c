/* SPDX-License-Identifier: Apache-2.0 */
/* inputs.c - see inputs.h. Only inputs marked public go into the label and messages. */
#include "case/inputs.h"

#include "case/asked.h"

RkStatus inputs_take(CaseFile *file, const json_t *inputs, RkDiags *diags) {
  guint count = 0;
  json_t *taken = NULL;
  const MachineAsk *asks = machine_inputs(bundle_machine(file->bundle), &count);
  RkStatus status = asked_take(asks, count, inputs, file->desk->english, &taken, diags);
  g_autoptr(GString) label = g_string_new(NULL);
  for (guint i = 0; status == RK_OK && i < count; i++) {
    const char *text = json_string_value(json_object_get(taken, asks[i].name));
    if (!text)
      continue;
    status = session_set_data(file->session, asks[i].name, text, diags);
    if (asks[i].is_public && !g_str_equal(asks[i].type, "choice"))
      g_string_append_printf(label, "%s%s", label->len ? " " : "", text);
  }
  g_free(file->record->label);
  file->record->label = g_strdup(label->str);
  json_decref(taken);
  return status;
}

static gboolean asked_already(const GArray *asks, const char *name) {
  for (guint i = 0; i < asks->len; i++)
    if (g_str_equal(g_array_index(asks, MachineAsk, i).name, name))
      return TRUE;
  return FALSE;
}

GArray *inputs_of_event(CaseFile *file, const char *event, gint64 time) {
  GArray *asks = g_array_new(FALSE, FALSE, sizeof(MachineAsk));
  g_autoptr(GArray) open = session_open_transitions(file->session, time);
  for (guint i = 0; i < open->len; i++) {
    const MachineTransition *transition = &g_array_index(open, MachineTransition, i);
    if (!casefile_hears(transition, event))
      continue;
    for (guint k = 0; k < transition->n_asks; k++)
      if (!asked_already(asks, transition->asks[k].name))
        g_array_append_val(asks, transition->asks[k]);
  }
  return asks;
}
