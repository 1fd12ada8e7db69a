/* SPDX-License-Identifier: Apache-2.0 */
/*
 * facts.c - answers to what a procedure asks.
 *
 * Questions about the case's own papers are answered from the file. Questions to
 * the registers go to the store and are noted with their answers, in order; under
 * replay the noted answers are given back.
 */
#include "case/casefile.h"

#include <string.h>

/* ---------------------------------------------------------------- registers */

/* What this deed itself wrote comes before what the store holds. */
static json_t *written_now(CaseFile *file, const char *name, const char *key) {
  for (guint i = file->registers->len; i-- > 0;) {
    const StoreRegister *entry = file->registers->pdata[i];
    if (g_str_equal(entry->name, name) && g_str_equal(entry->key, key)) {
      json_t *fields = json_loads(entry->fields, 0, NULL);
      return json_pack("{s:s, s:o}", "state", entry->state, "fields",
                       fields ? fields : json_object());
    }
  }
  return NULL;
}

json_t *facts_register(CaseFile *file, const char *name, const char *key) {
  json_t *answer = written_now(file, name, key);
  if (answer)
    return answer;
  if (file->noted) {
    const json_t *pair = json_array_get(file->noted, file->next_fact++);
    answer = json_array_get(pair, 1);
    json_incref(answer);
  } else {
    answer = desk_register_entry(file->desk, name, key);
  }
  json_array_append_new(file->facts, json_pack("[[s,s,s], O?]", "register", name, key, answer));
  if (json_is_null(answer))
    g_clear_pointer(&answer, json_decref);
  return answer;
}

/* ---------------------------------------------------------------- questions */

static char *row_path(const char *const *arguments) {
  return g_strdup_printf("%s[%s].%s", arguments[1], arguments[2], arguments[3]);
}

static char *paper_value(CaseFile *file, const char *code, const char *path) {
  StorePaper *paper = papers_find(file, code, NULL);
  if (!paper)
    return g_strdup("");
  g_autoptr(FormData) data = papers_data(file, paper);
  const char *value = form_data_get(data, path);
  return g_strdup(value ? value : "");
}

static char *paper_rows(CaseFile *file, const char *code, const char *table) {
  StorePaper *paper = papers_find(file, code, NULL);
  if (!paper)
    return g_strdup("0");
  g_autoptr(FormData) data = papers_data(file, paper);
  return g_strdup_printf("%u", form_data_rows(data, table));
}

static char *register_value(CaseFile *file, const char *const *arguments, gboolean field) {
  json_t *entry = facts_register(file, arguments[0], arguments[1]);
  const json_t *value = field ? json_object_get(json_object_get(entry, "fields"), arguments[2])
                              : json_object_get(entry, "state");
  const char *text = json_string_value(value);
  char *copy = g_strdup(text ? text : "");
  json_decref(entry);
  return copy;
}

static gboolean state_at_least(const StorePaper *paper, const Form *form, const char *state) {
  int wanted = papers_state_rank(state), held = paper ? papers_state_rank(paper->state) : 0;
  if (g_strcmp0(state, "signed") == 0 && !form_needs_signature(form))
    wanted = papers_state_rank("complete");
  return held >= 0 && held >= wanted;
}

char *facts_ask(gpointer data, const char *kind, const char *const *arguments) {
  CaseFile *file = data;
  guint count = g_strv_length((char **)arguments);
  if (g_str_has_prefix(kind, "register")) {
    gboolean field = g_str_equal(kind, "register-field");
    return count == (field ? 3 : 2) ? register_value(file, arguments, field) : NULL;
  }
  Form *form = count ? bundle_form(file->bundle, arguments[0]) : NULL;
  if (!form)
    return NULL;
  StorePaper *paper = papers_find(file, arguments[0], NULL);
  if (g_str_equal(kind, "form") && count == 1)
    return g_strdup(paper ? paper->state : "blank");
  if (g_str_equal(kind, "form-at-least") && count == 2)
    return g_strdup(state_at_least(paper, form, arguments[1]) ? "true" : "false");
  if (g_str_equal(kind, "field") && count == 2)
    return paper_value(file, arguments[0], arguments[1]);
  if (g_str_equal(kind, "rows") && count == 2)
    return paper_rows(file, arguments[0], arguments[1]);
  if (g_str_equal(kind, "row") && count == 4) {
    g_autofree char *path = row_path(arguments);
    return paper_value(file, arguments[0], path);
  }
  return NULL;
}

/* ------------------------------------------------------------- requirements */

/* A paper that this desk fills in: its content must have come far enough. */
static gboolean require_own(CaseFile *file, const StorePaper *paper, Form *form, const char *state,
                            RkDiags *reasons) {
  const char *printed = form_printed_code(form), *code = form_code(form);
  if (state_at_least(paper, form, state))
    return TRUE;
  gboolean complete = paper && papers_state_rank(paper->state) >= papers_state_rank("complete");
  if (paper && papers_state_rank(paper->state) < 0)
    diags_add(reasons, DIAG_PAPER_STATE, NULL, printed, code, paper->state, state, casefile_number(file),
              NULL);
  else
    diags_add(reasons, complete ? DIAG_PAPER_UNSIGNED : DIAG_PAPER_INCOMPLETE, NULL, printed, code,
              casefile_number(file), NULL);
  if (complete)
    return FALSE;
  g_autoptr(FormData) data = paper ? papers_data(file, paper) : form_data_new(form);
  form_data_check(data, reasons);
  return FALSE;
}

/* A paper of another party: it must lie on our desk and have been judged complete. One that the
 * procedure never brings here, or that moves between two others in this step, is not ours to
 * ask for. */
static gboolean require_foreign(CaseFile *file, StorePaper *paper, Form *form,
                                const DiagPlace *place, RkDiags *reasons) {
  const char *printed = form_printed_code(form), *code = form_code(form);
  const char *const *ours = (const char *const *)file->ours;
  if (!bundle_receiver(file->bundle, code, ours) ||
      !bundle_concerns(file->bundle, code, ours, place))
    return TRUE;
  StoreExemplar *exemplar = paper ? papers_exemplar(file, paper, NULL) : NULL;
  if (!exemplar) {
    diags_add(reasons, DIAG_PAPER_NOT_RECEIVED, NULL, printed, code, NULL);
    return FALSE;
  }
  if (!exemplar->judged) {
    diags_add(reasons, DIAG_PAPER_JUDGED_INCOMPLETE, NULL, printed, code, NULL);
    return FALSE;
  }
  if (!paper->data)
    return TRUE;
  g_autoptr(FormData) data = papers_data(file, paper);
  return form_data_check(data, reasons) == RK_OK;
}

static gboolean require_form(CaseFile *file, const char *code, const char *state,
                             const DiagPlace *place, RkDiags *reasons) {
  Form *form = bundle_form(file->bundle, code);
  StorePaper *paper = papers_find(file, code, NULL);
  const char *filled_by = paper ? paper->filled_by : bundle_filled_by(file->bundle, code);
  gboolean ours = !filled_by || g_strv_contains((const char *const *)file->ours, filled_by);
  return ours ? require_own(file, paper, form, state, reasons)
              : require_foreign(file, paper, form, place, reasons);
}

static gboolean require_register(CaseFile *file, GHashTable *attributes, RkDiags *reasons) {
  const char *name = g_hash_table_lookup(attributes, "register");
  const char *key = g_hash_table_lookup(attributes, "key");
  const char *wanted = g_hash_table_lookup(attributes, "state");
  json_t *entry = facts_register(file, name, key ? key : "");
  const char *held = json_string_value(json_object_get(entry, "state"));
  const Catalogue *catalogue = bundle_catalogue(file->bundle);
  gboolean met = held && (g_str_equal(held, wanted) ||
                          (catalogue_state_rank(catalogue, name, held) >=
                               catalogue_state_rank(catalogue, name, wanted) &&
                           catalogue_state_rank(catalogue, name, wanted) >= 0));
  if (!met)
    diags_add(reasons, DIAG_REGISTER_STATE, NULL, name, wanted, NULL);
  json_decref(entry);
  return met;
}

gboolean facts_require(gpointer data, GHashTable *attributes, const DiagPlace *place,
                       RkDiags *reasons) {
  CaseFile *file = data;
  const char *forms = g_hash_table_lookup(attributes, "form");
  const char *state = g_hash_table_lookup(attributes, "state");
  if (!forms)
    return require_register(file, attributes, reasons);
  g_auto(GStrv) codes = g_strsplit_set(forms, " \t\n", -1);
  gboolean met = TRUE;
  for (guint i = 0; codes[i]; i++)
    if (*codes[i])
      met = require_form(file, codes[i], state ? state : "complete", place, reasons) && met;
  return met;
}
