/* SPDX-License-Identifier: Apache-2.0 */
/* mynumber.c - see mynumber.h. */
#include "base/mynumber.h"

#include "base/text.h"

#define DIGITS 12

/* P(n): the n-th of the eleven digits from the right; Q(n) = n + 1 up to 6, n - 5 from 7 on. */
static gboolean check_digit_holds(const char *digits) {
  int sum = 0;
  for (int n = 1; n < DIGITS; n++)
    sum += (digits[DIGITS - 1 - n] - '0') * (n <= 6 ? n + 1 : n - 5);
  int rest = sum % 11;
  return digits[DIGITS - 1] - '0' == (rest <= 1 ? 0 : 11 - rest);
}

static gboolean is_between(const char *p) {
  return (*p == ' ' || *p == '-') && g_ascii_isdigit(p[1]);
}

gboolean text_holds_my_number(const char *text) {
  g_autofree char *folded = text_fold_input(text ? text : "");
  for (const char *p = folded; *p; p++) {
    char digits[DIGITS];
    guint count = 0;
    for (; g_ascii_isdigit(*p) || (count && is_between(p)); p++)
      if (g_ascii_isdigit(*p) && count++ < DIGITS)
        digits[count - 1] = *p;
    if (count == DIGITS && check_digit_holds(digits))
      return TRUE;
    if (!*p)
      break;
  }
  return FALSE;
}
