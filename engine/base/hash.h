/* SPDX-License-Identifier: Apache-2.0 */
/* hash.h - SHA-256 and random bytes, by libsodium. */
#ifndef RK_BASE_HASH_H
#define RK_BASE_HASH_H

#include <glib.h>

#define HASH_SIZE 32

typedef struct {
  guint8 bytes[HASH_SIZE];
} Hash;

/* SHA-256 of `length` bytes. */
Hash hash_bytes(const void *data, gsize length);

/*
 * A digest over several fields, each prefixed by its length as 8 bytes big
 * endian, so that no two different lists of fields give the same input.
 */
typedef struct HashState HashState;
HashState *hash_new(const char *domain); /* the domain is the first field */
void hash_field(HashState *state, const void *data, gsize length);
void hash_text(HashState *state, const char *text); /* NULL is a field of its own */
void hash_int(HashState *state, gint64 value);
Hash hash_finish(HashState *state); /* frees the state */

/* 64 lower-case hex digits; `hash_from_hex` wants exactly that. */
char *hash_to_hex(const Hash *hash);
gboolean hash_from_hex(Hash *out, const char *hex);

void random_bytes(void *out, gsize length);

#endif
