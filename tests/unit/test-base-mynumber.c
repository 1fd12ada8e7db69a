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

/* 123456789018 is one: see it_is_found_however_it_is_written. */
static void whatever_an_input_method_puts_between_the_digits(void **state) {
  (void)state;
  static const char *const between[] = {
      "\u2010", "\u2212", "ー", "ｰ", "―", "–", "—", "－", "/", ".", "・", "、", "。", "，", "_", "\t", "  ",
      "\n", "\r\n", "\u200B", "\uFEFF", "　", " - ", "~", "→", "\uFE00"};
  for (guint i = 0; i < G_N_ELEMENTS(between); i++) {
    g_autofree char *fours = g_strjoin(between[i], "番号1234", "5678", "9018", NULL);
    g_autofree char *threes = g_strjoin(between[i], "2026", "123", "456", "789", "018", "7", NULL);
    assert_true(text_holds_my_number(fours));
    assert_true(text_holds_my_number(threes));
  }
}

static void digits_beside_it_do_not_hide_it(void **state) {
  (void)state;
  static const char *const hidden[] = {"123456789018 0466-00-0000",
                                       "2026-04-01 123456789018",
                                       "0466-00-0000、1234-5678-9018",
                                       "1234 5678 9018 251-0000",
                                       "2026/04/01, 123456-789018",
                                       "R8.4.1 123 456 789 018",
                                       "(1)123456789018(2)",
                                       "1 2 3 4 5 6 7 8 9 0 1 8",
                                       "12-34567-89018"};
  for (guint i = 0; i < G_N_ELEMENTS(hidden); i++)
    assert_true(text_holds_my_number(hidden[i]));
}

static void other_numbers_are_let_through(void **state) {
  (void)state;
  static const char *const others[] = {
      "1234567890180",              /* a bar code that begins with one, */
      "9123456789018",              /* or ends with one, */
      "91234567890187",             /* or holds one in its middle */
      "9 1234567-89018",            /* thirteen, in groups that are not even */
      "12-34567-89018 0466-00-0000",
      "1234 5678.....9018",         /* too far from each other */
      "1234年5678月9018",
      "1234-56 78:90:18",           /* a date with a time of the day */
      "123456789017",
      "0466-00-0000",
      "090-0000-0000",
      "1234567890",                 /* ten digits: an insured person */
      "2026-04-01 0466-00-0000",
      ""};
  for (guint i = 0; i < G_N_ELEMENTS(others); i++)
    assert_false(text_holds_my_number(others[i]));
  assert_false(text_holds_my_number(NULL));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_last_digit_decides),
      cmocka_unit_test(it_is_found_however_it_is_written),
      cmocka_unit_test(whatever_an_input_method_puts_between_the_digits),
      cmocka_unit_test(digits_beside_it_do_not_hide_it),
      cmocka_unit_test(other_numbers_are_let_through),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
