/* SPDX-License-Identifier: Apache-2.0 */
/* What looks like an Individual Number, and what does not. The numbers are made up by the rule. */
#include "base/mynumber.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* The rule written once more, from the left: weights 6 5 4 3 2 7 6 5 4 3 2. */
static int check_digit(const char *eleven) {
  static const int weights[] = {6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2};
  int sum = 0;
  for (int i = 0; i < 11; i++)
    sum += weights[i] * (eleven[i] - '0');
  return sum % 11 <= 1 ? 0 : 11 - sum % 11;
}

static void the_last_digit_decides(void **state) {
  (void)state;
  for (guint64 n = 12345678901; n < 12345678901 + 500; n++) {
    g_autofree char *eleven = g_strdup_printf("%011" G_GUINT64_FORMAT, n);
    for (int last = 0; last < 10; last++) {
      g_autofree char *whole = g_strdup_printf("%s%d", eleven, last);
      assert_int_equal(text_holds_my_number(whole), last == check_digit(eleven));
    }
  }
}

static void it_is_found_however_it_is_written(void **state) {
  (void)state;
  g_autofree char *n = g_strdup_printf("12345678901%d", check_digit("12345678901"));
  g_autofree char *blanks = g_strdup_printf("番号 %.4s %.4s %s です", n, n + 4, n + 8);
  g_autofree char *hyphens = g_strdup_printf("%.4s-%.4s-%s", n, n + 4, n + 8);
  g_autofree char *joined = g_strdup_printf("No.%s/", n);
  GString *wide = g_string_new(NULL);
  for (int i = 0; i < 12; i++)
    g_string_append_unichar(wide, 0xFF10 + (gunichar)(n[i] - '0'));
  assert_true(text_holds_my_number(blanks));
  assert_true(text_holds_my_number(hyphens));
  assert_true(text_holds_my_number(joined));
  assert_true(text_holds_my_number(wide->str));
  g_string_free(wide, TRUE);
}

static void other_numbers_are_let_through(void **state) {
  (void)state;
  g_autofree char *n = g_strdup_printf("12345678901%d", check_digit("12345678901"));
  g_autofree char *longer = g_strdup_printf("%s0", n);
  g_autofree char *apart = g_strdup_printf("%.6s、%s", n, n + 6);
  assert_false(text_holds_my_number(longer));
  assert_false(text_holds_my_number(apart));
  assert_false(text_holds_my_number("0466-00-0000"));
  assert_false(text_holds_my_number("090-0000-0000"));
  assert_false(text_holds_my_number("1234567890")); /* ten digits: an insured person */
  assert_false(text_holds_my_number(""));
  assert_false(text_holds_my_number(NULL));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_last_digit_decides),
      cmocka_unit_test(it_is_found_however_it_is_written),
      cmocka_unit_test(other_numbers_are_let_through),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
