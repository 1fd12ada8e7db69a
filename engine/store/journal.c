/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal.c - the hash chains, the same for every store.
 *
 * hash = SHA-256 over length-prefixed fields of the header, beginning with the hash of the
 * entry before. The body enters by a salted commitment only, so that disposal can erase body
 * and salt and the chain still verifies.
 */
#include "store/store_int.h"

#include <string.h>

/* The bytes that are hashed: as base/hash.h feeds them, one field after the other. */
static void put_field(GByteArray *out, const void *data, gsize length) {
  guint64 prefix = GUINT64_TO_BE((guint64)length);
  g_byte_array_append(out, (const guint8 *)&prefix, sizeof prefix);
  if (length)
    g_byte_array_append(out, data, (guint)length);
}

static void put_text(GByteArray *out, const char *text) {
  static const guint8 absent[8] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
  if (text)
    put_field(out, text, strlen(text));
  else
    g_byte_array_append(out, absent, sizeof absent);
}

static void put_int(GByteArray *out, gint64 value) {
  guint64 big = GUINT64_TO_BE((guint64)value);
  put_field(out, &big, sizeof big);
}

static GBytes *body_bytes(const Salt *salt, GBytes *body) {
  GByteArray *out = g_byte_array_new();
  gsize length = 0;
  const void *data = body ? g_bytes_get_data(body, &length) : NULL;
  put_text(out, "journal-body-v1");
  put_field(out, salt->salt, SALT_SIZE);
  put_field(out, data, length);
  return g_byte_array_free_to_bytes(out);
}

static Hash hash_of(GBytes *bytes) {
  Hash hash = hash_bytes(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
  g_bytes_unref(bytes);
  return hash;
}

GBytes *store_journal_body_bytes(const StoreJournal *entry) {
  Salt salt;
  memcpy(salt.salt, entry->salt, SALT_SIZE);
  return entry->body ? body_bytes(&salt, entry->body) : NULL;
}

Hash journal_body_commit(const Salt *salt, GBytes *body) {
  return hash_of(body_bytes(salt, body));
}

void journal_commit_body(StoreJournal *entry, Salt *salt) {
  random_bytes(salt->salt, SALT_SIZE);
  memcpy(entry->salt, salt->salt, SALT_SIZE);
  entry->body_commit = journal_body_commit(salt, entry->body);
}

GBytes *store_journal_header_bytes(const StoreJournal *entry) {
  GByteArray *out = g_byte_array_new();
  put_text(out, "case-journal-v1");
  put_field(out, entry->previous.bytes, HASH_SIZE);
  put_int(out, entry->seq);
  put_text(out, entry->case_id);
  put_int(out, entry->revision);
  put_int(out, entry->happened);
  put_int(out, entry->entered);
  put_text(out, entry->operator_);
  put_text(out, entry->actor);
  put_text(out, entry->kind);
  put_text(out, entry->event);
  put_text(out, entry->evidence);
  put_text(out, entry->why);
  put_text(out, entry->bundle);
  put_text(out, entry->request_id);
  put_field(out, entry->body_commit.bytes, HASH_SIZE);
  return g_byte_array_free_to_bytes(out);
}

Hash journal_hash(const StoreJournal *entry) {
  return hash_of(store_journal_header_bytes(entry));
}

Hash access_hash(gint64 seq, const StoreAccess *access, const Hash *previous) {
  HashState *state = hash_new("access-log-v1");
  hash_field(state, previous->bytes, HASH_SIZE);
  hash_int(state, seq);
  hash_int(state, access->entered);
  hash_text(state, access->operator_);
  hash_text(state, access->action);
  hash_text(state, access->case_number);
  hash_text(state, access->detail);
  hash_text(state, access->result);
  return hash_finish(state);
}
