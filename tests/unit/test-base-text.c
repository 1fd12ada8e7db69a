/* SPDX-License-Identifier: Apache-2.0 */
/* Folding, kana, widths, wrapping. */
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#define GIVES(call, expected)              \
  do {                                     \
    g_autofree char *got = (call);         \
    assert_string_equal(got, (expected));  \
  } while (0)

static void typed_input_is_folded_by_nfkc(void **state) {
  (void)state;
  GIVES(text_fold_input("Ｒ８．１１"), "R8.11");
  GIVES(text_fold_input("㋿８年"), "令和8年");
  GIVES(text_fold_input("ﾔﾏﾀﾞ"), "ヤマダ");
  GIVES(text_fold_input("𠮷"), "𠮷");
  GIVES(text_fold_input("\xff"), "");
}

static void search_keys_join_what_people_write_differently(void **state) {
  (void)state;
  GIVES(text_search_key("やまだ　たろう"), "ヤマダタロウ");
  GIVES(text_search_key("ﾔﾏﾀﾞ ﾀﾛｳ"), "ヤマダタロウ");
  GIVES(text_search_key("０４６６－00-0000"), "0466000000");
  GIVES(text_search_key("ABC"), "abc");
  GIVES(text_search_key("葛󠄀"), "葛");
  g_autofree char *yamada = text_search_key("ヤマダ"), *yamata = text_search_key("ヤマタ");
  assert_string_not_equal(yamada, yamata);
}

static void only_halfwidth_katakana_is_widened(void **state) {
  (void)state;
  GIVES(text_widen_katakana("ﾔﾏﾀﾞ ﾀﾛｳ ABC 1"), "ヤマダ タロウ ABC 1");
  GIVES(text_widen_katakana("ﾊﾟｰｷﾝｿﾝ･ｳﾞｧ"), "パーキンソン・ヴァ");
  GIVES(text_widen_katakana("㈱①葛󠄀𠮷"), "㈱①葛󠄀𠮷");
}

static void kana_is_told_from_other_letters(void **state) {
  (void)state;
  assert_true(text_is_katakana("フジサワ　ハナコ"));
  assert_true(text_is_katakana("パーキンソン・ヴァ"));
  assert_false(text_is_katakana("ふじさわ"));
  assert_false(text_is_katakana("ｦ"));
  assert_false(text_is_katakana("フジサワ花子"));
  assert_false(text_is_katakana("・"));
  assert_false(text_is_katakana(""));
  assert_true(text_is_hiragana("ふじさわ はなこ"));
  assert_true(text_is_hiragana("らーめん"));
  assert_false(text_is_hiragana("フジサワ"));
}

static void widths_are_columns_of_a_terminal(void **state) {
  (void)state;
  assert_int_equal(text_width("abc"), 3);
  assert_int_equal(text_width("日本"), 4);
  assert_int_equal(text_width("ﾔﾏ"), 2);
  assert_int_equal(text_width("葛󠄀"), 2);
  assert_int_equal(text_width("か\u3099"), 2);
}

static void lines_break_with_kinsoku(void **state) {
  (void)state;
  GIVES(text_wrap("依頼書を送る。次に", 12, 2), "依頼書を送\n  る。次に");
  GIVES(text_wrap("one two three", 8, 0), "one two\nthree");
  GIVES(text_wrap("a\nb", 8, 1), "a\n b");
  GIVES(text_wrap("abcdefghij", 4, 0), "abcd\nefgh\nij");
  GIVES(text_wrap("", 4, 0), "");
}

static void a_key_is_one_however_it_was_typed(void **state) {
  (void)state;
  static const char *const typed[][3] = {
      {"例示クリニック", "架空 花子", NULL},
      {" 例示クリニック ", "架空　花子", NULL},
      {"例示ｸﾘﾆｯｸ", "架空  花子\n", NULL},
      {"例示クリニック", "架空\xf3\xa0\x84\x80 花子", NULL}, /* a variation selector */
  };
  for (guint i = 0; i < G_N_ELEMENTS(typed); i++) {
    g_autofree char *key = text_key(typed[i]);
    assert_string_equal(key, "例示クリニック / 架空 花子");
  }
  g_autofree char *apart = text_key((const char *const[]){"a / b", "c", NULL});
  g_autofree char *other = text_key((const char *const[]){"a", "b / c", NULL});
  assert_string_not_equal(apart, other);
}

static void a_trimmed_text_keeps_its_characters(void **state) {
  (void)state;
  g_autofree char *text = text_trim("\t 葛󠄀城　 花子 \n");
  assert_string_equal(text, "葛󠄀城 花子");
  g_autofree char *none = text_trim("　 ");
  assert_string_equal(none, "");
}

static void a_word_is_found_in_a_list_only_as_a_whole(void **state) {
  static const char list[] = "title-en title! kind=line|carried id";
  (void)state;
  assert_string_equal(text_find_word(list, "title"), "! kind=line|carried id");
  assert_string_equal(text_find_word(list, "kind"), "=line|carried id");
  assert_string_equal(text_find_word(list, "id"), "");
  assert_null(text_find_word(list, "line"));
  assert_null(text_find_word(list, "en"));
  assert_null(text_find_word(list, "titl"));
  assert_null(text_find_word(list, ""));
  assert_null(text_find_word("", "id"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(typed_input_is_folded_by_nfkc),
      cmocka_unit_test(search_keys_join_what_people_write_differently),
      cmocka_unit_test(only_halfwidth_katakana_is_widened),
      cmocka_unit_test(kana_is_told_from_other_letters),
      cmocka_unit_test(widths_are_columns_of_a_terminal),
      cmocka_unit_test(lines_break_with_kinsoku),
      cmocka_unit_test(a_key_is_one_however_it_was_typed),
      cmocka_unit_test(a_trimmed_text_keeps_its_characters),
      cmocka_unit_test(a_word_is_found_in_a_list_only_as_a_whole),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
