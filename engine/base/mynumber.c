/* SPDX-License-Identifier: Apache-2.0 */
/* mynumber.c - see mynumber.h. */
#include "base/mynumber.h"

#include "base/text.h"

#define DIGITS 12
#define SHORTEST 3 /* group, of several of equal length */
#define FARTHEST 3 /* characters between two groups */

/* P(n): the n-th of the eleven digits from the right; Q(n) = n + 1 up to 6, n - 5 from 7 on. */
static gboolean check_digit_holds(const char *digits) {
  int sum = 0;
  for (int n = 1; n < DIGITS; n++)
    sum += (digits[DIGITS - 1 - n] - '0') * (n <= 6 ? n + 1 : n - 5);
  int rest = sum % 11;
  return digits[DIGITS - 1] - '0' == (rest <= 1 ? 0 : 11 - rest);
}

/* What input methods give for a hyphen: of several kinds, one of them a letter. */
#define LONG_VOWEL 0x30FC

static gboolean is_between(gunichar c) {
  switch (g_unichar_type(c)) {
  case G_UNICODE_CONTROL:
  case G_UNICODE_FORMAT:
  case G_UNICODE_NON_SPACING_MARK: /* variation selectors are such */
  case G_UNICODE_CONNECT_PUNCTUATION:
  case G_UNICODE_DASH_PUNCTUATION:
  case G_UNICODE_OPEN_PUNCTUATION:
  case G_UNICODE_CLOSE_PUNCTUATION:
  case G_UNICODE_INITIAL_PUNCTUATION:
  case G_UNICODE_FINAL_PUNCTUATION:
  case G_UNICODE_MATH_SYMBOL:
  case G_UNICODE_MODIFIER_SYMBOL:
  case G_UNICODE_OTHER_SYMBOL:
  case G_UNICODE_LINE_SEPARATOR:
  case G_UNICODE_PARAGRAPH_SEPARATOR:
  case G_UNICODE_SPACE_SEPARATOR:
    return TRUE;
  case G_UNICODE_OTHER_PUNCTUATION:
    return c != ':';
  default:
    return c == LONG_VOWEL;
  }
}

/* Whether the groups from here on begin with twelve digits in groups of equal length. */
static gboolean is_even(const guint *groups, guint count) {
  guint needed = *groups >= SHORTEST && DIGITS % *groups == 0 ? DIGITS / *groups : 0;
  if (!needed || needed > count)
    return FALSE;
  for (guint i = 1; i < needed; i++)
    if (groups[i] != *groups)
      return FALSE;
  return TRUE;
}

static gboolean run_holds(const GString *digits, const GArray *groups) {
  const guint *lengths = (const guint *)groups->data;
  guint offset = 0;
  for (guint i = 0; i < groups->len; offset += lengths[i++])
    if (is_even(lengths + i, groups->len - i) && check_digit_holds(digits->str + offset))
      return TRUE;
  return digits->len == DIGITS && check_digit_holds(digits->str);
}

static void add_digit(GString *digits, GArray *groups, gunichar c, gboolean begins) {
  static const guint none = 0;
  if (begins)
    g_array_append_val(groups, none);
  g_array_index(groups, guint, groups->len - 1)++;
  g_string_append_c(digits, (char)('0' + g_unichar_digit_value(c)));
}

gboolean text_holds_my_number(const char *text) {
  g_autofree char *folded = text_fold_input(text ? text : "");
  g_autoptr(GString) digits = g_string_new(NULL);
  g_autoptr(GArray) groups = g_array_new(FALSE, FALSE, sizeof(guint));
  guint between = 0;
  gboolean found = FALSE;
  for (const char *p = folded; *p && !found; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);
    if (g_unichar_isdigit(c)) {
      add_digit(digits, groups, c, between || !groups->len);
      between = 0;
    } else if (!is_between(c) || ++between > FARTHEST) {
      found = run_holds(digits, groups);
      g_string_truncate(digits, 0);
      g_array_set_size(groups, 0);
      between = 0;
    }
  }
  return found || run_holds(digits, groups);
}
