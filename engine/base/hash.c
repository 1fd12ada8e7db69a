/* SPDX-License-Identifier: Apache-2.0 */
/* hash.c - length-prefixed SHA-256 by libsodium. */
#include "base/hash.h"

#include <sodium.h>
#include <string.h>

struct HashState {
  crypto_hash_sha256_state sha;
};

static void ensure_sodium(void) {
  g_assert(sodium_init() >= 0);
}

Hash hash_bytes(const void *data, gsize length) {
  Hash hash;
  ensure_sodium();
  crypto_hash_sha256(hash.bytes, data, length);
  return hash;
}

HashState *hash_new(const char *domain) {
  ensure_sodium();
  HashState *state = g_new(HashState, 1);
  crypto_hash_sha256_init(&state->sha);
  hash_text(state, domain);
  return state;
}

void hash_field(HashState *state, const void *data, gsize length) {
  guint64 prefix = GUINT64_TO_BE((guint64)length);
  crypto_hash_sha256_update(&state->sha, (const guint8 *)&prefix, sizeof prefix);
  if (length)
    crypto_hash_sha256_update(&state->sha, data, length);
}

void hash_text(HashState *state, const char *text) {
  guint64 absent = G_MAXUINT64;
  if (text)
    hash_field(state, text, strlen(text));
  else
    crypto_hash_sha256_update(&state->sha, (const guint8 *)&absent, sizeof absent);
}

void hash_int(HashState *state, gint64 value) {
  guint64 big = GUINT64_TO_BE((guint64)value);
  hash_field(state, &big, sizeof big);
}

Hash hash_finish(HashState *state) {
  Hash hash;
  crypto_hash_sha256_final(&state->sha, hash.bytes);
  g_free(state);
  return hash;
}

char *hash_to_hex(const Hash *hash) {
  char *hex = g_malloc(HASH_SIZE * 2 + 1);
  sodium_bin2hex(hex, HASH_SIZE * 2 + 1, hash->bytes, HASH_SIZE);
  return hex;
}

gboolean hash_from_hex(Hash *out, const char *hex) {
  gsize length = 0;
  return strlen(hex) == HASH_SIZE * 2 &&
         sodium_hex2bin(out->bytes, HASH_SIZE, hex, HASH_SIZE * 2, NULL, &length, NULL) == 0 &&
         length == HASH_SIZE;
}

void random_bytes(void *out, gsize length) {
  ensure_sodium();
  randombytes_buf(out, length);
}
