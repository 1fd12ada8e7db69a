/* SPDX-License-Identifier: Apache-2.0 */
/*
 * papers.c - the content of papers, and their exemplars.
 *
 * A paper's content is a machine of its own (forms/lifecycle.scxml), run by the
 * same interpreter; its state and snapshot are kept with the paper. A paper that
 * another party fills in is known here only by the exemplar that reached us; its
 * fields may be typed in all the same.
 */
#include "case/casefile.h"

#include "base/text.h"

#include <string.h>

#define EVENT_FILLED "paper.filled"
#define EVENT_COMPLETED "paper.completed"

int papers_state_rank(const char *state) {
  static const char *const order[] = {"blank", "draft", "complete", "signed"};
  for (guint i = 0; i < G_N_ELEMENTS(order); i++)
    if (g_strcmp0(state, order[i]) == 0)
      return (int)i;
  return -1;
}

char *paper_code(const char *reference) {
  const char *colon = reference ? strchr(reference, ':') : NULL;
  return colon ? g_strndup(reference, (gsize)(colon - reference)) : g_strdup(reference);
}

/* However a party's name was typed, it is the same party. */
static char *folded(const char *key) {
  return key && *key ? text_key((const char *const[]){key, NULL}) : g_strdup("");
}

char *paper_key(const char *reference) {
  const char *colon = reference ? strchr(reference, ':') : NULL;
  return folded(colon ? colon + 1 : "");
}

char *papers_reference(const StorePaper *paper) {
  return *paper->key ? g_strdup_printf("%s:%s", paper->form, paper->key) : g_strdup(paper->form);
}

StorePaper *papers_named(CaseFile *file, const char *reference) {
  g_autofree char *code = paper_code(reference), *key = paper_key(reference);
  return papers_find(file, code, key);
}

StorePaper *papers_find(CaseFile *file, const char *form, const char *key) {
  g_autofree char *wanted = folded(key);
  for (guint i = 0; i < file->papers->len; i++) {
    StorePaper *paper = file->papers->pdata[i];
    if (g_strcmp0(paper->form, form) == 0 && g_strcmp0(paper->key, wanted) == 0)
      return paper;
  }
  return NULL;
}

gboolean papers_is_ours(const CaseFile *file, const StorePaper *paper) {
  return paper->filled_by && g_strv_contains((const char *const *)file->ours, paper->filled_by);
}

/* ------------------------------------------------------------- its machine */

static char *atomic_state(const Session *session, const Machine *machine) {
  g_autoptr(GArray) active = session_active(session);
  return g_strdup(active->len ? machine_state_id(machine, g_array_index(active, guint, 0)) : NULL);
}

static void keep_lifecycle(StorePaper *paper, Session *session, const Machine *machine) {
  g_clear_pointer(&paper->lifecycle, g_bytes_unref);
  g_free(paper->state);
  paper->lifecycle = session_save(session);
  paper->state = atomic_state(session, machine);
}

StorePaper *papers_need(CaseFile *file, const char *form, const char *key) {
  StorePaper *paper = papers_find(file, form, key);
  if (paper)
    return paper;
  Machine *machine = bundle_lifecycle(file->bundle);
  const char *filled_by = bundle_filled_by(file->bundle, form);
  g_autoptr(Session) session = session_new(machine, NULL);
  paper = g_new0(StorePaper, 1);
  paper->id = casefile_id(file);
  paper->case_id = g_strdup(file->record->id);
  paper->form = g_strdup(form);
  paper->key = folded(key);
  paper->filled_by = g_strdup(filled_by ? filled_by : file->ours[0]);
  if (session_start(session, file->deed->happened, NULL) != RK_OK)
    g_error("the life cycle of papers does not start; the bundle was checked when installed");
  keep_lifecycle(paper, session, machine);
  g_ptr_array_add(file->papers, paper);
  casefile_touch(file, paper);
  return paper;
}

RkStatus papers_event(CaseFile *file, StorePaper *paper, const char *event, GPtrArray *raise,
                      RkDiags *diags) {
  Machine *machine = bundle_lifecycle(file->bundle);
  g_autoptr(Session) session = NULL;
  RkStatus status = session_restore(&session, machine, NULL, paper->lifecycle, diags);
  if (status != RK_OK)
    return status;
  g_autofree char *before = g_strdup(paper->state);
  SessionEvent delivered = {.name = event, .time = file->deed->happened};
  status = session_deliver(session, &delivered, diags);
  const char *title = form_printed_code(bundle_form(file->bundle, paper->form));
  if (status == RK_OK && !session_taken(session))
    return diags_fail(diags, RK_REFUSED, DIAG_PAPER_EVENT, NULL, title, event, before, NULL);
  if (status != RK_OK)
    return status;
  keep_lifecycle(paper, session, machine);
  casefile_touch(file, paper);
  if (g_strcmp0(before, paper->state) != 0) {
    casefile_tell(file, "paper", title, NULL, paper->state);
    g_ptr_array_add(raise, g_strdup_printf("form.%s.%s", paper->form, paper->state));
  }
  return RK_OK;
}

/* ------------------------------------------------------------------ content */

FormData *papers_data(CaseFile *file, const StorePaper *paper) {
  Form *form = bundle_form(file->bundle, paper->form);
  FormData *data = NULL;
  if (paper->data && form_data_load(&data, form, paper->data, NULL) == RK_OK)
    return data;
  return form_data_new(form);
}

static RkStatus check_may_fill(CaseFile *file, const StorePaper *paper, RkDiags *diags) {
  const char *title = form_printed_code(bundle_form(file->bundle, paper->form));
  if (papers_state_rank(paper->state) > papers_state_rank("complete") ||
      papers_state_rank(paper->state) < 0)
    return diags_fail(diags, RK_REFUSED, DIAG_PAPER_FROZEN, NULL, title, paper->state, paper->form,
                      casefile_number(file), NULL);
  return RK_OK;
}

static GBytes *bytes_of(const char *text) {
  return g_bytes_new(text, strlen(text));
}

RkStatus papers_fill(CaseFile *file, const Deed *deed, GPtrArray *raise, RkDiags *diags) {
  const char *reference = json_string_value(json_object_get(deed->args, "form"));
  const char *values = json_string_value(json_object_get(deed->args, "values"));
  g_autofree char *code = paper_code(reference), *key = paper_key(reference);
  StorePaper *paper = papers_need(file, code, key);
  RkStatus status = check_may_fill(file, paper, diags);
  if (status != RK_OK)
    return status;
  g_autoptr(FormData) data = NULL;
  g_autoptr(GBytes) bytes = bytes_of(values);
  status = form_data_load(&data, bundle_form(file->bundle, code), bytes, diags);
  if (status != RK_OK)
    return status;
  g_clear_pointer(&paper->data, g_bytes_unref);
  paper->data = form_data_save(data);
  paper->version++;
  casefile_touch(file, paper);
  gboolean complete = form_data_check(data, NULL) == RK_OK;
  const char *event = complete ? EVENT_COMPLETED : EVENT_FILLED;
  if (papers_is_ours(file, paper) && complete && !papers_exemplar(file, paper, paper->filled_by))
    papers_add_exemplar(file, paper, "original", paper->filled_by, NULL, deed->happened);
  return papers_event(file, paper, event, raise, diags);
}

/* ---------------------------------------------------------------- exemplars */

StoreExemplar *papers_exemplar(CaseFile *file, const StorePaper *paper, const char *holder) {
  StoreExemplar *latest = NULL; /* to come here, not to be made: an original may come after its FAX */
  for (guint i = 0; i < file->exemplars->len; i++) {
    StoreExemplar *exemplar = file->exemplars->pdata[i];
    if (g_strcmp0(exemplar->paper_id, paper->id) != 0)
      continue;
    gboolean here = holder ? g_str_equal(exemplar->holder, holder)
                           : g_strv_contains((const char *const *)file->ours, exemplar->holder);
    if (here && (!latest || exemplar->since >= latest->since))
      latest = exemplar;
  }
  return latest;
}

StoreExemplar *papers_add_exemplar(CaseFile *file, const StorePaper *paper, const char *kind,
                                   const char *holder, const char *source, gint64 time) {
  StoreExemplar *exemplar = g_new0(StoreExemplar, 1);
  exemplar->id = casefile_id(file);
  exemplar->paper_id = g_strdup(paper->id);
  exemplar->kind = g_strdup(kind);
  exemplar->holder = g_strdup(holder);
  exemplar->source = g_strdup(source);
  exemplar->since = time;
  g_ptr_array_add(file->exemplars, exemplar);
  casefile_touch(file, exemplar);
  return exemplar;
}

void papers_unjudge(CaseFile *file, const StorePaper *paper) {
  for (guint i = 0; i < file->exemplars->len; i++) {
    StoreExemplar *exemplar = file->exemplars->pdata[i];
    if (exemplar->judged && g_strcmp0(exemplar->paper_id, paper->id) == 0) {
      exemplar->judged = FALSE;
      casefile_touch(file, exemplar);
    }
  }
}
