/* SPDX-License-Identifier: Apache-2.0 */
/* record.c - freeing and copying the records of store.h. */
#include "store/store_int.h"

static void bytes_unref(GBytes *bytes) {
  if (bytes)
    g_bytes_unref(bytes);
}

static GBytes *bytes_ref(GBytes *bytes) {
  return bytes ? g_bytes_ref(bytes) : NULL;
}

void store_case_free(StoreCase *r) {
  if (!r)
    return;
  char *texts[] = {r->id,     r->number, r->fiscal_year, r->procedure, r->municipality,
                   r->bundle, r->states, r->waits_for,   r->label};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
  bytes_unref(r->snapshot);
  g_free(r);
}

void store_paper_free(StorePaper *r) {
  if (!r)
    return;
  char *texts[] = {r->id, r->case_id, r->form, r->key, r->filled_by, r->state};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
  bytes_unref(r->data);
  bytes_unref(r->lifecycle);
  g_free(r);
}

void store_exemplar_free(StoreExemplar *r) {
  if (!r)
    return;
  char *texts[] = {r->id, r->paper_id, r->kind, r->holder, r->source};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
  g_free(r);
}

void store_transmission_free(StoreTransmission *r) {
  if (!r)
    return;
  char *texts[] = {r->id,      r->case_id,   r->paper_id, r->exemplar_id, r->from, r->to,
                   r->channel, r->direction, r->state,    r->title};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
  g_free(r);
}

void store_sent_free(StoreSent *r) {
  if (!r)
    return;
  char *texts[] = {r->case_number, r->bundle, r->form, r->key};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
  store_transmission_free(r->sent);
  g_free(r);
}

void store_held_free(StoreHeld *r) {
  if (!r)
    return;
  char *texts[] = {r->case_number, r->bundle, r->form, r->key};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
  store_exemplar_free(r->exemplar);
  g_free(r);
}

void store_timer_free(StoreTimer *r) {
  if (!r)
    return;
  g_free(r->case_id);
  g_free(r->send_id);
  g_free(r->event);
  g_free(r->case_number);
  g_free(r);
}

void store_register_free(StoreRegister *r) {
  if (!r)
    return;
  char *texts[] = {r->name, r->key, r->state, r->fields, r->case_id};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
  g_free(r);
}

void store_journal_free(StoreJournal *r) {
  if (!r)
    return;
  char *texts[] = {r->case_id,  r->case_number, r->operator_, r->actor,  r->kind,
                   r->event,    r->evidence,    r->why,       r->bundle, r->request_id};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
  bytes_unref(r->body);
  g_free(r);
}

void store_picture_free(StorePicture *r) {
  if (!r)
    return;
  g_free(r->id);
  g_free(r->case_id);
  bytes_unref(r->bytes);
  g_free(r);
}

void store_access_free(StoreAccess *r) {
  if (!r)
    return;
  char *texts[] = {r->operator_, r->action, r->case_number, r->detail, r->result};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
  g_free(r);
}

/* Replace each borrowed string of a flat copy by one of its own. */
static void own(char **const *texts, guint count) {
  for (guint i = 0; i < count; i++)
    *texts[i] = g_strdup(*texts[i]);
}
#define OWN(...)                                                                               \
  do {                                                                                         \
    char **const texts[] = {__VA_ARGS__};                                                      \
    own(texts, G_N_ELEMENTS(texts));                                                           \
  } while (0)

StoreCase *store_case_copy(const StoreCase *record) {
  StoreCase *r = g_memdup2(record, sizeof *record);
  OWN(&r->id, &r->number, &r->fiscal_year, &r->procedure, &r->municipality, &r->bundle, &r->states,
      &r->waits_for, &r->label);
  r->snapshot = bytes_ref(r->snapshot);
  return r;
}

StorePaper *store_paper_copy(const StorePaper *record) {
  StorePaper *r = g_memdup2(record, sizeof *record);
  OWN(&r->id, &r->case_id, &r->form, &r->key, &r->filled_by, &r->state);
  r->data = bytes_ref(r->data);
  r->lifecycle = bytes_ref(r->lifecycle);
  return r;
}

StoreExemplar *store_exemplar_copy(const StoreExemplar *record) {
  StoreExemplar *r = g_memdup2(record, sizeof *record);
  OWN(&r->id, &r->paper_id, &r->kind, &r->holder, &r->source);
  return r;
}

StoreTransmission *store_transmission_copy(const StoreTransmission *record) {
  StoreTransmission *r = g_memdup2(record, sizeof *record);
  OWN(&r->id, &r->case_id, &r->paper_id, &r->exemplar_id, &r->from, &r->to, &r->channel,
      &r->direction, &r->state, &r->title);
  return r;
}

StoreTimer *store_timer_copy(const StoreTimer *record) {
  StoreTimer *r = g_memdup2(record, sizeof *record);
  OWN(&r->case_id, &r->send_id, &r->event, &r->case_number);
  return r;
}

StoreRegister *store_register_copy(const StoreRegister *record) {
  StoreRegister *r = g_memdup2(record, sizeof *record);
  OWN(&r->name, &r->key, &r->state, &r->fields, &r->case_id);
  return r;
}

StorePicture *store_picture_copy(const StorePicture *record) {
  StorePicture *r = g_memdup2(record, sizeof *record);
  OWN(&r->id, &r->case_id);
  r->bytes = bytes_ref(r->bytes);
  return r;
}

StoreJournal *store_journal_copy(const StoreJournal *record) {
  StoreJournal *r = g_memdup2(record, sizeof *record);
  OWN(&r->case_id, &r->case_number, &r->operator_, &r->actor, &r->kind, &r->event, &r->evidence,
      &r->why, &r->bundle, &r->request_id);
  r->body = bytes_ref(r->body);
  return r;
}
