/* SPDX-License-Identifier: Apache-2.0 */
/* again.c - see again.h. */
#include "case/again.h"

#include "base/date.h"
#include "base/hash.h"

#include <string.h>

#define DIGITS 4

/* "--on TODAY" is the present time on that day, and the day's beginning on the next. */
static gint64 stated_time(const RkRequest *request) {
  return request->happened == request->now ? day_begin(day_of_time(request->happened))
                                           : request->happened;
}

static void hash_json(HashState *state, const json_t *value) {
  char *text = value ? json_dumps(value, JSON_SORT_KEYS | JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
  hash_text(state, text);
  free(text);
}

char *again_fingerprint(const RkDesk *desk, const RkRequest *request, const Asked *asked) {
  HashState *state = hash_new("asked-v1");
  const char *const words[] = {request->id,       desk->operator_,  asked->kind,
                               asked->event,      asked->subject,   request->as_role,
                               request->evidence, request->on_behalf, request->why,
                               request->not_my_number};
  for (guint i = 0; i < G_N_ELEMENTS(words); i++)
    hash_text(state, words[i]);
  hash_int(state, request->happened ? stated_time(request) : 0);
  hash_int(state, request->late);
  hash_json(state, asked->args);
  Hash hash = hash_finish(state);
  return hash_to_hex(&hash);
}

char *again_line(const RkDesk *desk, const RkRequest *request, const char *reference) {
  if (!request->id || !request->line)
    return NULL;
  HashState *state = hash_new("line-v1");
  hash_text(state, request->id);
  hash_text(state, desk->operator_);
  hash_text(state, reference);
  hash_text(state, request->line);
  Hash hash = hash_finish(state);
  return hash_to_hex(&hash);
}

char *again_kept(const char *result, const char *fingerprint) {
  json_t *answer = json_loads(result, 0, NULL);
  json_object_set_new(answer, "asked", json_string(fingerprint));
  char *text = json_dumps(answer, JSON_SORT_KEYS | JSON_COMPACT);
  json_decref(answer);
  return text;
}

/* Whoever may not ask hears nothing of what was asked before. */
static RkStatus compare(RkDesk *desk, const json_t *answer, const char *fingerprint, RkDiags *diags) {
  const char *asked = json_string_value(json_object_get(answer, "asked"));
  RkStatus status = desk_check_member(desk, diags);
  if (status == RK_OK && !answer)
    return diags_fail(diags, RK_REFUSED, DIAG_ANSWER_GONE, NULL, NULL);
  if (status == RK_OK && asked && !g_str_equal(asked, fingerprint))
    return diags_fail(diags, RK_CONFLICT, DIAG_REQUEST_USED, NULL, NULL);
  return status;
}

RkStatus again_find(RkDesk *desk, const RkRequest *request, const char *fingerprint, json_t **out,
                    RkDiags *diags) {
  g_autofree char *earlier = NULL;
  *out = NULL;
  RkStatus status =
      request->id ? store_find_request(desk->store, request->id, &earlier, diags) : RK_OK;
  if (status != RK_OK || !earlier)
    return status;
  json_t *answer = json_loads(earlier, 0, NULL);
  status = compare(desk, answer, fingerprint, diags);
  if (status == RK_OK)
    *out = g_steal_pointer(&answer);
  json_decref(answer);
  return status;
}

RkStatus again_find_line(RkDesk *desk, const RkRequest *request, const char *reference, json_t **out,
                         RkDiags *diags) {
  g_autofree char *line = again_line(desk, request, reference), *earlier = NULL;
  *out = NULL;
  RkStatus status = line ? store_find_request(desk->store, request->id, &earlier, diags) : RK_OK;
  json_t *answer = status == RK_OK && earlier ? json_loads(earlier, 0, NULL) : NULL;
  if (answer && g_strcmp0(json_string_value(json_object_get(answer, "line")), line) == 0)
    *out = answer;
  else
    json_decref(answer);
  return status;
}

RkStatus again_find_change(RkDesk *desk, const RkRequest *request, const char *kind,
                           const char *event, const json_t *asked, json_t **out, RkDiags *diags) {
  const Asked what = {kind, event, NULL, asked};
  g_autofree char *fingerprint = again_fingerprint(desk, request, &what);
  return again_find(desk, request, fingerprint, out, diags);
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
