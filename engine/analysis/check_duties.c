/* SPDX-License-Identifier: Apache-2.0 */
/* check_duties.c - see check_int.h. */
#include "analysis/check_int.h"

#include "base/xml.h"
#include "case/duties.h"
#include "case/files.h"

GHashTable *check_siblings(const char *path) {
  g_autofree char *folder = g_path_get_dirname(path);
  g_autoptr(GPtrArray) files = files_at(folder, files_of_procedures);
  GHashTable *machines =
      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)machine_unref);
  for (guint i = 0; i < files->len; i++) {
    Machine *machine = NULL;
    if (machine_load_file(&machine, files->pdata[i], MACHINE_STRICT, NULL) == RK_OK)
      g_hash_table_replace(machines, g_strdup(machine_name(machine)), machine);
  }
  return machines;
}

/* Whether a transition of the procedure for this event has a requirement. */
static gboolean is_guarded(const Machine *machine, const char *event) {
  for (guint state = 0; state < machine_n_states(machine); state++)
    for (guint i = 0; i < machine_n_transitions(machine, state); i++) {
      MachineTransition transition = machine_transition(machine, state, i);
      if (g_strcmp0(transition.event, event) == 0 && transition.n_requirements)
        return TRUE;
    }
  return FALSE;
}

static void check_guard(const Duty *duty, GHashTable *machines, RkDiags *diags) {
  if (!duty->enforced->len)
    diags_add(diags, DIAG_CHECK_GUARD_NOWHERE, &duty->place, duty->id, NULL);
  for (guint i = 0; i < duty->enforced->len; i++) {
    g_auto(GStrv) words = g_strsplit(duty->enforced->pdata[i], " ", 2);
    const Machine *machine = g_hash_table_lookup(machines, words[0]);
    if (!machine || !is_guarded(machine, words[1]))
      diags_add(diags, DIAG_CHECK_GUARD, &duty->place, duty->id, words[0], words[1], NULL);
  }
}

void check_duties(const char *path, RkDiags *diags) {
  g_autoptr(Duties) duties = NULL;
  g_autoptr(GHashTable) machines = NULL;
  if (duties_load_file(&duties, path, diags) != RK_OK)
    return;
  machines = check_siblings(path);
  for (guint i = 0; i < duties_all(duties)->len; i++) {
    const Duty *duty = duties_all(duties)->pdata[i];
    if (g_str_equal(duty->kind, "guard"))
      check_guard(duty, machines, diags);
  }
}
