/* SPDX-License-Identifier: Apache-2.0 */
/* test-base-uuid.c - names of requests and of what they make. */
#include "base/uuid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#define NOW (G_GINT64_CONSTANT(1775001600) * G_USEC_PER_SEC) /* 2026-04-01T00:00:00Z */

static void a_later_request_has_a_later_name(void **state) {
  (void)state;
  g_autofree char *first = uuid_of_request(NOW), *same = uuid_of_request(NOW);
  g_autofree char *next = uuid_of_request(NOW + 1000);
  assert_true(g_str_has_prefix(first, "019d4657-0000-8"));
  assert_int_equal(strlen(first), 36);
  assert_true(g_uuid_string_is_valid(first));
  assert_string_not_equal(first, same);
  assert_true(strcmp(first, next) < 0 && strcmp(same, next) < 0);
}

/* Journals of earlier programs are replayed with these: the rule must never change. */
static void records_are_named_by_their_request_and_number(void **state) {
  (void)state;
  static const struct {
    const char *request, *first, *second;
  } rows[] = {
      {"timer:x:1:2", "540c6496-dcbb-87b9-a96f-1ebb750c64b6", "bae948f6-3918-8fc8-af4e-ea8de02edf9d"},
      {"0d9f7a52-6c1e-4b7a-8c35-9e21f0a4b8d7", "26bec3f8-7fb3-8957-ada5-49bb1e59098b", "7f664c89-d418-8a36-a83e-3956abec7ee4"},
      {"", "deb496cf-3d0d-8868-aeff-3cb768e9f2e1", "bbfb7eff-4ab9-88c5-aa49-551fa29bd32a"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *first = uuid_of_record(rows[i].request, 0);
    g_autofree char *second = uuid_of_record(rows[i].request, 1);
    assert_string_equal(first, rows[i].first);
    assert_string_equal(second, rows[i].second);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_later_request_has_a_later_name),
      cmocka_unit_test(records_are_named_by_their_request_and_number),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
