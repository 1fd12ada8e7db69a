/* SPDX-License-Identifier: Apache-2.0 */
/* targets.c - see targets.h: the table of doors, and the seeds of each. */
#include "doors.h"

#include <glob.h>
#include <string.h>

#define WORKFLOWS "workflows/*/*.scxml forms/lifecycle.scxml"

const FuzzTarget fuzz_targets[] = {
    {"machine", WORKFLOWS " tests/spec/*.scxml tests/spec/refused/*.scxml", door_machine, 1500, TRUE},
    {"overlay", NULL, door_overlay, 1000, TRUE},
    {"template", NULL, door_template, 500, TRUE},
    {"snapshot", NULL, door_snapshot, 600, TRUE},
    {"form", "forms/*/*.xml", door_form, 500, TRUE},
    {"values", NULL, door_values, 800, TRUE},
    {"values-text", NULL, door_values_text, 800, FALSE},
    {"registers", "workflows/registers.xml", door_registers, 800, TRUE},
    {"procedure-test", "workflows/*/*.test.xml", door_procedure_test, 500, TRUE},
    {"holidays", "workflows/holidays.xml", door_holidays, 300, TRUE},
    {"duties", "workflows/*/duties.xml", door_duties, 500, TRUE},
    {"fo", "tests/render/*.fo", door_fo, 300, TRUE},
};
const guint n_fuzz_targets = G_N_ELEMENTS(fuzz_targets);

const FuzzTarget *fuzz_target_find(const char *name) {
  for (guint i = 0; i < n_fuzz_targets; i++)
    if (g_str_equal(fuzz_targets[i].name, name))
      return &fuzz_targets[i];
  return NULL;
}

static void add_files(GPtrArray *seeds, const char *pattern) {
  glob_t found = {0};
  if (glob(pattern, 0, NULL, &found) == 0)
    for (gsize i = 0; i < found.gl_pathc; i++) {
      char *text = NULL;
      gsize length = 0;
      if (g_file_get_contents(found.gl_pathv[i], &text, &length, NULL))
        g_ptr_array_add(seeds, g_bytes_new_take(text, length));
    }
  globfree(&found);
}

GPtrArray *fuzz_target_seeds(const FuzzTarget *target, const char *top) {
  GPtrArray *seeds = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
  g_auto(GStrv) patterns = g_strsplit(target->seeds ? target->seeds : "", " ", -1);
  for (guint i = 0; patterns[i] && *patterns[i]; i++) {
    g_autofree char *pattern = g_build_filename(top, patterns[i], NULL);
    add_files(seeds, pattern);
  }
  g_autofree char *own = g_build_filename(top, "tests", "fuzz", "seeds", target->name, "*", NULL);
  add_files(seeds, own);
  if (!target->seeds)
    door_make_seeds(target->name, seeds);
  return seeds;
}
