/* SPDX-License-Identifier: Apache-2.0 */
/* uuid.c - see uuid.h. */
#include "uuid.h"

#include "hash.h"

#include <string.h>

#define VERSION_AT 14 /* where its digit stands in the text */
#define VARIANT_AT 19

char *uuid_of_request(gint64 now) {
  char *id = g_uuid_string_random(), time[14];
  guint64 milliseconds = (guint64)(now / 1000);
  g_snprintf(time, sizeof time, "%08x-%04x", (guint)(milliseconds >> 16 & G_MAXUINT32),
             (guint)(milliseconds & 0xffff));
  memcpy(id, time, sizeof time - 1);
  id[VERSION_AT] = '8';
  id[VARIANT_AT] = '8';
  return id;
}

/* The first 32 of the digits as a UUID is written. */
static char *hyphenated(const char *hex) {
  char *id = g_strdup("00000000-0000-0000-0000-000000000000");
  for (guint i = 0; id[i]; i++)
    if (id[i] != '-')
      id[i] = *hex++;
  return id;
}

char *uuid_of_record(const char *request_id, guint number) {
  HashState *state = hash_new("record-id-v1");
  hash_text(state, request_id);
  hash_int(state, number);
  Hash hash = hash_finish(state);
  g_autofree char *hex = hash_to_hex(&hash);
  hex[12] = '8';
  hex[16] = 'a';
  return hyphenated(hex);
}
