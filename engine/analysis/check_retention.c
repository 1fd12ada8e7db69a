/* SPDX-License-Identifier: Apache-2.0 */
/* check_retention.c - see check_int.h. */
#include "analysis/check_int.h"

#include "base/xml.h"
#include "case/retention.h"

#include <string.h>

static gboolean has_final(const Machine *machine, const char *id) {
  int state = machine_state_index(machine, id);
  return state >= 0 && machine_state_kind(machine, (guint)state) == STATE_FINAL;
}

typedef struct {
  const char *form;
  gboolean found;
} Wanted;

static void look_for_form(const xmlNode *uses, gpointer user) {
  Wanted *wanted = user;
  g_autofree char *form = xml_attr(uses, "form");
  wanted->found = wanted->found || g_strcmp0(form, wanted->form) == 0;
}

static gboolean uses_form(const Machine *machine, const char *form) {
  Wanted wanted = {form, FALSE};
  machine_each_extension(machine, "uses", look_for_form, &wanted);
  return wanted.found;
}

static void check_rule(const RetentionRule *rule, GHashTable *machines, GHashTable *said,
                       RkDiags *diags) {
  const Machine *machine = g_hash_table_lookup(machines, rule->procedure);
  char *name = g_strdup_printf("%s %s %s", rule->procedure, rule->form ? rule->form : "",
                               rule->outcome ? rule->outcome : "");
  if (!machine)
    diags_add(diags, DIAG_RETENTION_PROCEDURE, &rule->place, rule->procedure, NULL);
  else if (rule->outcome && !has_final(machine, rule->outcome))
    diags_add(diags, DIAG_RETENTION_OUTCOME, &rule->place, rule->procedure, rule->outcome, NULL);
  if (machine && rule->form && !uses_form(machine, rule->form))
    diags_add(diags, DIAG_RETENTION_FORM, &rule->place, rule->procedure, rule->form, NULL);
  if (!g_hash_table_add(said, name))
    diags_add(diags, DIAG_RETENTION_TWICE, &rule->place, rule->procedure, NULL);
}

void check_retention(const char *path, RkDiags *diags) {
  g_autoptr(Retention) retention = NULL;
  if (retention_load_file(&retention, path, diags) != RK_OK)
    return;
  g_autoptr(GHashTable) machines = check_siblings(path);
  g_autoptr(GHashTable) said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  const GPtrArray *rules = retention_rules(retention);
  for (guint i = 0; i < rules->len; i++)
    check_rule(rules->pdata[i], machines, said, diags);
  g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(machines), (GCompareFunc)strcmp);
  DiagPlace place = {.file = path};
  for (const GList *name = names; name; name = name->next)
    if (!retention_find(retention, name->data, NULL, NULL))
      diags_add(diags, DIAG_RETENTION_MISSING, &place, (const char *)name->data, NULL);
}
