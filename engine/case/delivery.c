/* SPDX-License-Identifier: Apache-2.0 */
/* delivery.c - see delivery.h. */
#include "case/delivery.h"

#include "case/withhold.h"

#include <string.h>

static const char *arg(const Deed *deed, const char *name) {
  return json_string_value(json_object_get(deed->args, name));
}

/* --------------------------------------------------------------------- reading */

json_t *delivery_load(RkDesk *desk, const char *id) {
  return desk_register_entry(desk, REGISTER_DELIVERY, id);
}

const char *delivery_field(const json_t *entry, const char *name) {
  return json_string_value(json_object_get(json_object_get(entry, "fields"), name));
}

const char *delivery_contact(const json_t *entry, const StoreTransmission *sent) {
  const char *chosen = delivery_field(entry, "contact");
  return chosen ? chosen : sent->to;
}

guint delivery_count(const json_t *entry, const char *name) {
  guint64 count = 0;
  const char *text = delivery_field(entry, name);
  return text && g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT32, &count, NULL) ? (guint)count
                                                                                    : 0;
}

gboolean delivery_only_chooses(const StoreTransmission *sent, const Deed *deed) {
  static const char *const waiting[] = {"queued", "waiting", "failed", NULL};
  return arg(deed, "contact") && g_strv_contains(waiting, sent->state) &&
         g_strcmp0(arg(deed, "result"), sent->state) == 0;
}

/* --------------------------------------------------------------------- contacts */

/* Whether `key` is a contact of `role`: the role itself, or a party that plays it. */
static gboolean is_contact_of(const char *key, const char *role) {
  gsize length = strlen(role);
  return g_str_has_prefix(key, role) && (!key[length] || g_str_has_prefix(key + length, " / "));
}

/* A contact that may be used has a number that two persons have seen. */
static RkStatus take_number(CaseFile *file, const StoreTransmission *sent, json_t *entry,
                            RkDiags *diags) {
  g_autofree char *key = g_strdup(delivery_contact(entry, sent));
  json_t *contact = facts_register(file, REGISTER_CONTACT, key);
  const char *state = json_string_value(json_object_get(contact, "state"));
  const char *number = delivery_field(contact, "fax");
  RkStatus status = RK_OK;
  if (!number || !is_contact_of(key, sent->to) || g_str_equal(state, "ended"))
    status = diags_fail(diags, RK_REFUSED, DIAG_CONTACT_NONE, NULL, key, sent->id, NULL);
  else if (!g_str_equal(state, CONTACT_CONFIRMED))
    status = diags_fail(diags, RK_REFUSED, DIAG_CONTACT_UNCONFIRMED, NULL, key, sent->id, NULL);
  else
    json_object_set_new(json_object_get(entry, "fields"), "number", json_string(number));
  json_decref(contact);
  return status;
}

/* The contact must be there; that its number is confirmed is asked when it is used. */
static RkStatus choose(CaseFile *file, const StoreTransmission *sent, const char *key, json_t *fields,
                       RkDiags *diags) {
  json_t *contact = facts_register(file, REGISTER_CONTACT, key);
  const char *state = json_string_value(json_object_get(contact, "state"));
  gboolean there = state && !g_str_equal(state, "ended") && is_contact_of(key, sent->to);
  json_decref(contact);
  if (!there)
    return diags_fail(diags, RK_REFUSED, DIAG_CONTACT_NONE, NULL, key, sent->id, NULL);
  json_object_set_new(fields, "contact", json_string(key));
  return RK_OK;
}

/* --------------------------------------------------------------------- settling */

static void count_up(json_t *entry, const char *name) {
  g_autofree char *text = g_strdup_printf("%u", delivery_count(entry, name) + 1);
  json_object_set_new(json_object_get(entry, "fields"), name, json_string(text));
}

/* A new try: the answer to the one before stands in the history. */
static void begin(json_t *entry, const Deed *deed) {
  static const char *const answers[] = {"answer", "job", "reported", "next",
                                        "output", "sha256", "number"};
  json_t *fields = json_object_get(entry, "fields");
  for (guint i = 0; i < G_N_ELEMENTS(answers); i++)
    json_object_del(fields, answers[i]);
  json_object_set_new(fields, "by", json_string(arg(deed, "by")));
  count_up(entry, "tries");
  count_up(entry, "round");
}

static void copy_words(json_t *fields, const Deed *deed) {
  static const char *const told[] = {"pages", "reported", "answer", "job",
                                     "output", "sha256", "next"};
  for (guint i = 0; i < G_N_ELEMENTS(told); i++) {
    json_t *word = json_object_get(deed->args, told[i]);
    if (word)
      json_object_set(fields, told[i], word);
  }
}

static RkStatus change(CaseFile *file, const StoreTransmission *sent, const Deed *deed,
                       json_t *entry, RkDiags *diags) {
  const char *result = arg(deed, "result"), *contact = arg(deed, "contact");
  json_t *fields = json_object_get(entry, "fields");
  gboolean begins = g_str_equal(result, "handing-over");
  if (contact)
    return choose(file, sent, contact, fields, diags);
  json_object_del(fields, "next");
  if (begins)
    begin(entry, deed);
  else if (g_str_equal(result, "queued"))
    json_object_del(fields, "round"); /* a person begins the plan anew */
  copy_words(fields, deed);
  if (begins && withhold_check(file, sent, diags) != RK_OK)
    return RK_REFUSED;
  return begins && g_str_equal(arg(deed, "by"), "command") ? take_number(file, sent, entry, diags)
                                                           : RK_OK;
}

RkStatus delivery_settle(CaseFile *file, const StoreTransmission *sent, const Deed *deed,
                         RkDiags *diags) {
  if (!arg(deed, "by"))
    return RK_OK;
  json_t *held = facts_register(file, REGISTER_DELIVERY, sent->id);
  gboolean program = !g_str_equal(arg(deed, "by"), "person");
  if (!held && !program && !arg(deed, "contact") && !arg(deed, "reported"))
    return RK_OK; /* sent by hand: there is nothing to say of it */
  json_t *fields = held ? json_deep_copy(json_object_get(held, "fields")) : json_object();
  json_t *entry = json_pack("{s:o}", "fields", fields);
  RkStatus status = change(file, sent, deed, entry, diags);
  if (status == RK_OK) {
    StoreRegister *row =
        desk_register_new(REGISTER_DELIVERY, sent->id, arg(deed, "result"), fields, deed->happened);
    row->case_id = g_strdup(file->record->id);
    g_ptr_array_add(file->registers, row);
  }
  json_decref(entry);
  json_decref(held);
  return status;
}
