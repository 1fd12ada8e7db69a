/* SPDX-License-Identifier: Apache-2.0 */
/* withhold.c - see withhold.h. */
#include "case/withhold.h"

#include "case/delivery.h"
#include "case/identity.h"
#include "case/replay.h"

/* What leaves by itself, or by a person who might not know. */
static const char *const waiting[] = {"queued", "waiting", "failed", "by-hand", NULL};

static gboolean waits(const StoreTransmission *sent) {
  return g_str_equal(sent->direction, "out") && g_strv_contains(waiting, sent->state);
}

/* ---------------------------------------------------------- papers of other cases */

/* What the entries of a case asked of a register says on what it relies. */
static void read_reliance(const json_t *facts, const char *name, const char *key, gboolean *any,
                          gboolean *this) {
  size_t i;
  json_t *pair;
  json_array_foreach(facts, i, pair) {
    const json_t *question = json_array_get(pair, 0);
    const char *kind = json_string_value(json_array_get(question, 0));
    const char *asked = json_string_value(json_array_get(question, 1));
    if (g_strcmp0(kind, "register") != 0 || g_strcmp0(asked, name) != 0)
      continue;
    *any = TRUE;
    *this = *this || g_strcmp0(json_string_value(json_array_get(question, 2)), key) == 0;
  }
}

/* A case that asked for another entry of the register only, as for another institution's, goes on. */
static gboolean relies_on(RkDesk *desk, const char *id, const char *name, const char *key) {
  g_autoptr(GPtrArray) entries = NULL;
  gboolean any = FALSE, this = FALSE;
  RkStatus status = store_load_journal(desk->store, id, 0, 0, &entries, NULL);
  for (guint i = 0; status == RK_OK && i < entries->len; i++) {
    json_t *body = replay_body(entries->pdata[i]);
    read_reliance(json_object_get(body, "facts"), name, key, &any, &this);
    json_decref(body);
  }
  return !any || this;
}

static void add_waiting(RkDesk *desk, const char *id, json_t *found) {
  g_autoptr(GPtrArray) all = NULL;
  g_autoptr(StoreCase) record = NULL;
  if (store_load_case(desk->store, id, &record, NULL) != RK_OK ||
      store_load_transmissions(desk->store, id, "out", NULL, &all, NULL) != RK_OK)
    return;
  for (guint i = 0; i < all->len; i++)
    if (waits(all->pdata[i]))
      json_array_append_new(found, json_pack("[s,s]", ((StoreTransmission *)all->pdata[i])->id,
                                             record->number));
}

/* [[id, case number], …] of the cases about these people, but `own`. What fails here fails the whole:
 * store_health. */
static json_t *waiting_of(RkDesk *desk, const GPtrArray *people, const char *own, const char *name,
                          const char *key) {
  g_autoptr(GPtrArray) cases = NULL;
  json_t *found = json_array();
  if (identity_cases(desk, people, own, &cases, NULL) != RK_OK)
    return found;
  for (guint i = 0; i < cases->len; i++)
    if (relies_on(desk, cases->pdata[i], name, key))
      add_waiting(desk, cases->pdata[i], found);
  return found;
}

static json_t *look_up_waiting(CaseFile *file, const json_t *question) {
  g_autoptr(GPtrArray) people = identity_of_case(file);
  return waiting_of(file->desk, people, file->record->id, json_string_value(json_array_get(question, 1)),
                    json_string_value(json_array_get(question, 2)));
}

/* ---------------------------------------------------------------------- noting */

static json_t *withheld_fields(const StoreRegister *entry, const char *before, const char *number) {
  return json_pack("{s:s, s:s, s:s, s:s*, s:s}", "register", entry->name, "key", entry->key, "state",
                   entry->state, "until", before, "case", number);
}

static void withhold(GPtrArray *registers, const char *id, const json_t *fields, const char *case_id,
                     gint64 time) {
  StoreRegister *row = desk_register_new(REGISTER_WITHHELD, id, "withheld", fields, time);
  row->case_id = g_strdup(case_id);
  g_ptr_array_add(registers, row);
}

static const char *title_of(const CaseFile *file, const StoreTransmission *sent) {
  for (guint i = 0; i < file->papers->len; i++) {
    const StorePaper *paper = file->papers->pdata[i];
    if (g_strcmp0(paper->id, sent->paper_id) == 0)
      return form_printed_code(bundle_form(file->bundle, paper->form));
  }
  return sent->title;
}

void withhold_papers(CaseFile *file, const StoreRegister *entry, const char *before) {
  const char *own = file->record->id;
  gint64 time = file->deed->happened;
  json_t *fields = withheld_fields(entry, before, casefile_number(file));
  json_t *others = facts_recall(file, json_pack("[s,s,s]", "waiting", entry->name, entry->key),
                                look_up_waiting), *other;
  size_t index;
  for (guint i = 0; i < file->transmissions->len; i++) {
    const StoreTransmission *sent = file->transmissions->pdata[i];
    if (!waits(sent) || casefile_made_now(file, sent->id))
      continue;
    withhold(file->registers, sent->id, fields, own, time);
    casefile_tell(file, "outbox", title_of(file, sent), sent->to, "withheld");
  }
  json_array_foreach(others, index, other) {
    withhold(file->registers, json_string_value(json_array_get(other, 0)), fields, own, time);
    casefile_tell(file, "outbox", json_string_value(json_array_get(other, 1)), NULL, "withheld");
  }
  json_decref(others);
  json_decref(fields);
}

/* Whom an entry that stands already is about. */
static RkStatus people_of_entry(RkDesk *desk, const StoreRegister *entry, GPtrArray **out, RkDiags *diags) {
  g_autoptr(GPtrArray) held = NULL;
  g_autoptr(CaseFile) file = NULL;
  RkStatus status = store_load_register(desk->store, entry->name, entry->key, &held, diags);
  const StoreRegister *row = held && held->len ? held->pdata[0] : NULL;
  if (status == RK_OK && row && row->case_id)
    status = casefile_load(&file, desk, row->case_id, diags);
  if (status == RK_OK)
    *out = file ? identity_of_case(file) : identity_of_fields(desk, entry->fields);
  return status == RK_NOT_FOUND ? RK_OK : status;
}

RkStatus withhold_by_office(RkDesk *desk, const StoreRegister *entry, const char *before,
                            GPtrArray *registers, RkDiags *diags) {
  g_autoptr(GPtrArray) people = NULL;
  RkStatus status = people_of_entry(desk, entry, &people, diags);
  if (status != RK_OK || !people)
    return status;
  json_t *fields = withheld_fields(entry, before, "-"), *found, *one;
  size_t index;
  found = waiting_of(desk, people, NULL, entry->name, entry->key);
  json_array_foreach(found, index, one)
    withhold(registers, json_string_value(json_array_get(one, 0)), fields, NULL, entry->since);
  json_decref(found);
  json_decref(fields);
  return store_health(desk->store, diags);
}

/* -------------------------------------------------------------------- asking */

/* What was taken back is not there again. */
static gboolean stands(const Catalogue *catalogue, const json_t *withheld, const json_t *entry) {
  const char *name = delivery_field(withheld, "register"), *until = delivery_field(withheld, "until");
  const char *state = json_string_value(json_object_get(entry, "state"));
  int least = until ? catalogue_state_rank(catalogue, name, until) : 0;
  return !state || catalogue_state_rank(catalogue, name, state) < MAX(least, 0);
}

static gboolean is_withheld(const json_t *entry) {
  return g_strcmp0(json_string_value(json_object_get(entry, "state")), "withheld") == 0 &&
         delivery_field(entry, "register") && delivery_field(entry, "key");
}

RkStatus withhold_check(CaseFile *file, const StoreTransmission *sent, RkDiags *diags) {
  const Catalogue *catalogue = bundle_catalogue(file->bundle);
  json_t *withheld = facts_register(file, REGISTER_WITHHELD, sent->id), *entry = NULL;
  RkStatus status = RK_OK;
  if (is_withheld(withheld))
    entry = facts_register(file, delivery_field(withheld, "register"), delivery_field(withheld, "key"));
  if (is_withheld(withheld) && stands(catalogue, withheld, entry)) {
    const char *name = delivery_field(withheld, "register");
    const char *title = catalogue_title(catalogue, name, delivery_field(withheld, "state"),
                                        file->desk->english);
    g_autofree char *id = g_strndup(sent->id, 8);
    const char *by = delivery_field(withheld, "case");
    status = diags_fail(diags, RK_REFUSED, DIAG_WITHHELD, NULL, casefile_number(file), id,
                        title ? title : name, by ? by : "", NULL);
  }
  json_decref(entry);
  json_decref(withheld);
  return status;
}

char *withhold_case(RkDesk *desk, const Catalogue *catalogue, const char *id) {
  json_t *withheld = desk_register_entry(desk, REGISTER_WITHHELD, id), *entry = NULL;
  char *number = NULL;
  if (is_withheld(withheld))
    entry = desk_register_entry(desk, delivery_field(withheld, "register"), delivery_field(withheld, "key"));
  if (is_withheld(withheld) && stands(catalogue, withheld, entry))
    number = g_strdup(delivery_field(withheld, "case"));
  json_decref(entry);
  json_decref(withheld);
  return number;
}
