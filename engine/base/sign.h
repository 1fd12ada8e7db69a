/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sign.h - Ed25519 signatures (libsodium) with a key that lies in a file of its own.
 *
 * The secret part is in memory only as long as it is used, and in nobody's hands but the owner's: a
 * key file that others may read is refused.
 */
#ifndef RK_BASE_SIGN_H
#define RK_BASE_SIGN_H

#include "base/diag.h"

typedef struct SignKey SignKey;

/* Make a new key at `path` (0600, synced; it must not exist) and give it. RK_FAILED with the reason. */
RkStatus sign_key_make(SignKey **out, const char *path, RkDiags *diags);
/* RK_NOT_FOUND without a diagnostic when there is no such file; RK_REFUSED when others may read it;
 * RK_FAILED when it holds no key. */
RkStatus sign_key_read(SignKey **out, const char *path, RkDiags *diags);
void sign_key_free(SignKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SignKey, sign_key_free)

const char *sign_key_public(const SignKey *key); /* base64 */
/* 16 hex digits of the SHA-256 of a public key (base64); g_free. NULL when it is none. */
char *sign_key_id(const char *public_key);

/* The signature of the text, base64; g_free. */
char *sign_text(const SignKey *key, const char *text);
/* Whether `signature` (base64) is one of `text` by this public key (base64). */
gboolean sign_holds(const char *public_key, const char *text, const char *signature);

#endif
