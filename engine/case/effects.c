/* SPDX-License-Identifier: Apache-2.0 */
/* effects.c - carrying out the extension elements a procedure executes. */
#include "case/withhold.h"

static const char *attribute(const SessionEffect *effect, const char *name) {
  return g_hash_table_lookup(effect->attributes, name);
}

/* What the procedure wants is against the life cycle. A person is told, and the event refused; the
 * clock cannot be refused: then nothing is written. */
static void refuse_record(CaseFile *file, const SessionEffect *effect, const char *held,
                          RkDiags *diags) {
  const Catalogue *catalogue = bundle_catalogue(file->bundle);
  gboolean english = file->desk->english;
  const char *name = attribute(effect, "register"), *wanted = attribute(effect, "state");
  const char *message = attribute(effect, english ? "message-en" : "message");
  message = message ? message : attribute(effect, "message");
  casefile_tell(file, "refused", name, NULL, wanted);
  if (g_str_equal(file->deed->kind, "timer") || g_str_equal(file->deed->kind, "linked"))
    return;
  file->refused = TRUE;
  if (message)
    diags_add(diags, DIAG_WF_REQUIRE_TEST, NULL, message, NULL);
  else
    diags_add(diags, DIAG_REGISTER_ORDER, NULL, catalogue_title(catalogue, name, NULL, english),
              catalogue_title(catalogue, name, held, english),
              catalogue_title(catalogue, name, wanted, english), name, NULL);
}

/* A register entry keeps the fields it had; the ones given replace them. */
static RkStatus record(CaseFile *file, const SessionEffect *effect, RkDiags *diags) {
  const char *name = attribute(effect, "register"), *key = attribute(effect, "key");
  const char *state = attribute(effect, "state");
  json_t *earlier = facts_register(file, name, key ? key : "");
  const char *held = json_string_value(json_object_get(earlier, "state"));
  if (!catalogue_may_follow(bundle_catalogue(file->bundle), name, held, state)) {
    refuse_record(file, effect, held, diags);
    json_decref(earlier);
    return RK_OK;
  }
  json_t *fields = earlier ? json_deep_copy(json_object_get(earlier, "fields")) : json_object();
  for (guint i = 0; i < effect->field_names->len; i++) {
    const char *field = effect->field_names->pdata[i];
    const char *value = g_hash_table_lookup(effect->fields, field);
    json_object_set_new(fields, field, json_string(value ? value : ""));
  }
  StoreRegister *entry = desk_register_new(name, key ? key : "", state, fields, effect->time);
  entry->case_id = g_strdup(file->record->id);
  g_ptr_array_add(file->registers, entry);
  casefile_tell(file, "register", name, NULL, entry->state);
  if (catalogue_state_withholds(bundle_catalogue(file->bundle), name, state))
    withhold_papers(file, entry, held);
  json_decref(fields);
  json_decref(earlier);
  return RK_OK;
}

/* The linked case is opened by whoever delivers, in the same transaction. */
static RkStatus open_case(CaseFile *file, const SessionEffect *effect) {
  Opening *opening = g_new0(Opening, 1);
  opening->procedure = g_strdup(attribute(effect, "procedure"));
  opening->inputs = json_object();
  for (guint i = 0; i < effect->field_names->len; i++) {
    const char *field = effect->field_names->pdata[i];
    const char *value = g_hash_table_lookup(effect->fields, field);
    json_object_set_new(opening->inputs, field, json_string(value ? value : ""));
  }
  g_ptr_array_add(file->openings, opening);
  casefile_tell(file, "open-case", opening->procedure, NULL, NULL);
  return RK_OK;
}

#define EVENT_RETURNED "paper.returned"

static RkStatus paper_event(CaseFile *file, const SessionEffect *effect, GPtrArray *raise) {
  const char *code = attribute(effect, "form"), *event = attribute(effect, "event");
  StorePaper *paper = papers_find(file, code, attribute(effect, "each"));
  if (paper && !papers_is_ours(file, paper) && g_str_equal(event, EVENT_RETURNED))
    papers_unjudge(file, paper);
  /* A paper that another party fills in, or that does not exist yet, has no content here that
   * could be sent back: then the element only says what the other party will do. */
  if (paper)
    papers_event(file, paper, event, raise, NULL);
  return RK_OK;
}

RkStatus effects_carry_out(gpointer data, const SessionEffect *effect, GPtrArray *raise,
                           RkDiags *diags) {
  CaseFile *file = data;
  if (g_str_equal(effect->element, "send-paper"))
    return movement_send(file, effect, diags);
  if (g_str_equal(effect->element, "keep"))
    return movement_keep(file, effect, diags);
  if (g_str_equal(effect->element, "notify"))
    return movement_notify(file, effect, diags);
  if (g_str_equal(effect->element, "receive-paper"))
    return movement_send(file, effect, diags);
  if (g_str_equal(effect->element, "record"))
    return record(file, effect, diags);
  if (g_str_equal(effect->element, "open-case"))
    return open_case(file, effect);
  if (g_str_equal(effect->element, "paper-event"))
    return paper_event(file, effect, raise);
  return diags_fail(diags, RK_INVALID, DIAG_EFFECT_UNKNOWN, &effect->place, effect->element, NULL);
}
