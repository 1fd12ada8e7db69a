/* SPDX-License-Identifier: Apache-2.0 */
/* again.c - see again.h. */
#include "case/again.h"

#include "base/date.h"
#include "base/hash.h"

#include <string.h>

#define DIGITS 4

RkStatus again_find(RkDesk *desk, const RkRequest *request, json_t **out, RkDiags *diags) {
  g_autofree char *earlier = NULL;
  *out = NULL;
  RkStatus status =
      request->id ? store_find_request(desk->store, request->id, &earlier, diags) : RK_OK;
  if (status == RK_OK && earlier)
    *out = json_loads(earlier, 0, NULL);
  return status;
}

static gboolean is_free(RkDesk *desk, const char *register_, const char *key) {
  json_t *entry = desk_register_entry(desk, register_, key);
  json_decref(entry);
  return !entry;
}

char *again_key(RkDesk *desk, const RkRequest *request, const char *register_, const char *prefix) {
  g_autofree char *made = request->id ? NULL : g_uuid_string_random();
  const char *id = request->id ? request->id : made;
  Hash hash = hash_bytes(id, strlen(id));
  g_autofree char *hex = hash_to_hex(&hash), *day = day_to_iso(day_of_time(request->now));
  g_auto(GStrv) parts = g_strsplit(day, "-", -1);
  g_autofree char *date = g_strjoinv("", parts);
  for (gsize at = 0; at + DIGITS <= strlen(hex); at += DIGITS) {
    g_autofree char *key = g_strdup_printf("%s-%s-%.*s", prefix, date, DIGITS, hex + at);
    if (is_free(desk, register_, key))
      return g_steal_pointer(&key);
  }
  return g_strdup_printf("%s-%s-%s", prefix, date, hex);
}
