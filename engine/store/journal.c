/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal.c - the hash chains, the same for every store.
 *
 * hash = SHA-256 over length-prefixed fields of the header, beginning with the hash of the
 * entry before. The body enters by a salted commitment only, so that disposal can erase body
 * and salt and the chain still verifies.
 */
#include "store/store_int.h"

Hash journal_body_commit(const Salt *salt, GBytes *body) {
  HashState *state = hash_new("journal-body-v1");
  gsize length = 0;
  const void *data = body ? g_bytes_get_data(body, &length) : NULL;
  hash_field(state, salt->salt, SALT_SIZE);
  hash_field(state, data, length);
  return hash_finish(state);
}

void journal_commit_body(StoreJournal *entry, Salt *salt) {
  random_bytes(salt->salt, SALT_SIZE);
  entry->body_commit = journal_body_commit(salt, entry->body);
}

Hash journal_hash(const StoreJournal *entry) {
  HashState *state = hash_new("case-journal-v1");
  hash_field(state, entry->previous.bytes, HASH_SIZE);
  hash_int(state, entry->seq);
  hash_text(state, entry->case_id);
  hash_int(state, entry->revision);
  hash_int(state, entry->happened);
  hash_int(state, entry->entered);
  hash_text(state, entry->operator_);
  hash_text(state, entry->actor);
  hash_text(state, entry->kind);
  hash_text(state, entry->event);
  hash_text(state, entry->evidence);
  hash_text(state, entry->why);
  hash_text(state, entry->bundle);
  hash_text(state, entry->request_id);
  hash_field(state, entry->body_commit.bytes, HASH_SIZE);
  return hash_finish(state);
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
