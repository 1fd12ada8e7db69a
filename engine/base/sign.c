/* SPDX-License-Identifier: Apache-2.0 */
/* sign.c - see sign.h. The file holds the seed as one line of base64. */
#include "base/sign.h"

#include "base/secret.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

struct SignKey {
  guint8 secret[crypto_sign_SECRETKEYBYTES];
  char *public_key;
};

static char *to_base64(const guint8 *bytes, gsize length) {
  gsize size = sodium_base64_ENCODED_LEN(length, sodium_base64_VARIANT_ORIGINAL);
  char *text = g_malloc(size);
  return sodium_bin2base64(text, size, bytes, length, sodium_base64_VARIANT_ORIGINAL);
}

static gboolean from_base64(guint8 *out, gsize length, const char *text) {
  gsize got = 0;
  return text && sodium_base642bin(out, length, text, strlen(text), "\n", &got, NULL,
                                   sodium_base64_VARIANT_ORIGINAL) == 0 &&
         got == length;
}

static SignKey *key_of(const guint8 *seed) {
  guint8 public_key[crypto_sign_PUBLICKEYBYTES];
  SignKey *key = g_new0(SignKey, 1);
  crypto_sign_seed_keypair(public_key, key->secret, seed);
  key->public_key = to_base64(public_key, sizeof public_key);
  return key;
}

void sign_key_free(SignKey *key) {
  if (!key)
    return;
  sodium_memzero(key->secret, sizeof key->secret);
  g_free(key->public_key);
  g_free(key);
}

/* ---------------------------------------------------------------- the file */

RkStatus sign_key_make(SignKey **out, const char *path, RkDiags *diags) {
  guint8 seed[crypto_sign_SEEDBYTES];
  *out = NULL;
  g_assert(sodium_init() >= 0);
  randombytes_buf(seed, sizeof seed);
  char *line = to_base64(seed, sizeof seed);
  RkStatus status = secret_make(path, line, diags);
  if (status == RK_OK)
    *out = key_of(seed);
  sodium_memzero(seed, sizeof seed);
  secret_free(line);
  return status;
}

RkStatus sign_key_read(SignKey **out, const char *path, RkDiags *diags) {
  guint8 seed[crypto_sign_SEEDBYTES];
  char *text = NULL;
  *out = NULL;
  g_assert(sodium_init() >= 0);
  RkStatus status = secret_read(&text, path, diags);
  if (status == RK_OK && from_base64(seed, sizeof seed, text))
    *out = key_of(seed);
  else if (status == RK_OK)
    status = diags_fail(diags, RK_FAILED, DIAG_KEY_FILE, NULL, path, g_strerror(EINVAL), NULL);
  sodium_memzero(seed, sizeof seed);
  secret_free(text);
  return status;
}

/* --------------------------------------------------------------- signatures */

const char *sign_key_public(const SignKey *key) {
  return key->public_key;
}

char *sign_key_id(const char *public_key) {
  guint8 bytes[crypto_sign_PUBLICKEYBYTES], digest[crypto_hash_sha256_BYTES];
  if (!from_base64(bytes, sizeof bytes, public_key))
    return NULL;
  char *id = g_malloc(8 * 2 + 1);
  crypto_hash_sha256(digest, bytes, sizeof bytes);
  return sodium_bin2hex(id, 8 * 2 + 1, digest, 8);
}

char *sign_text(const SignKey *key, const char *text) {
  guint8 signature[crypto_sign_BYTES];
  crypto_sign_detached(signature, NULL, (const guint8 *)text, strlen(text), key->secret);
  return to_base64(signature, sizeof signature);
}

gboolean sign_holds(const char *public_key, const char *text, const char *signature) {
  guint8 bytes[crypto_sign_BYTES], key[crypto_sign_PUBLICKEYBYTES];
  g_assert(sodium_init() >= 0);
  return from_base64(key, sizeof key, public_key) && from_base64(bytes, sizeof bytes, signature) &&
         crypto_sign_verify_detached(bytes, (const guint8 *)text, strlen(text), key) == 0;
}
