/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every word of every form, in HTML and on the printed page: labels, printed
 * texts, choices and values stand verbatim and in the order of the form, and
 * nothing else stands between them.
 */
#include "form-words.h"

#define FOR_EACH_PAPER(code, kind)                                                               \
  for (guint code = 0; code < G_N_ELEMENTS(paper_codes); code++)                                 \
    for (guint kind = 0; kind < G_N_ELEMENTS(paper_kinds); kind++)

static void assert_words(const char *code, const char *kind, const char *where, const char *text) {
  g_autoptr(xmlDoc) instance = paper_instance(code, kind);
  g_autoptr(GPtrArray) words = words_of(instance);
  assert_true(words->len > 6);
  g_autofree char *wrong = words_compare(words, text);
  if (wrong)
    fail_msg("%s of %s %s: %s", where, code, kind, wrong);
}

/* ------------------------------------------------------------------- HTML */

/* What a reader sees of an HTML page, without the heads and feet of its sheets. */
static char *html_text(GBytes *html) {
  g_autofree char *text = g_strndup(g_bytes_get_data(html, NULL), g_bytes_get_size(html));
  g_autofree char *body = text_cut(text, "<head>.*</head>|<footer>.*?</footer>|<p class=\"code\">.*?</p>", "");
  g_autofree char *bare = text_cut(body, "<[^>]*>", "");
  g_autofree char *amp = text_cut(bare, "&amp;", "&");
  return without_spaces(amp);
}

static void the_html_says_every_word_in_order(void **state) {
  (void)state;
  FOR_EACH_PAPER(code, kind) {
    g_autoptr(GBytes) html = paper(paper_codes[code], paper_kinds[kind], RENDER_HTML);
    g_autofree char *text = html_text(html);
    assert_words(paper_codes[code], paper_kinds[kind], "the HTML", text);
  }
}

/* ------------------------------------------------------------------ pages */

static void the_printed_pages_say_every_word_in_order(void **state) {
  (void)state;
  if (!paper_can_print())
    skip();
  FOR_EACH_PAPER(code, kind) {
    g_autoptr(xmlDoc) instance = paper_instance(paper_codes[code], paper_kinds[kind]);
    g_autoptr(GBytes) pdf = paper_render(instance, RENDER_PDF, 1);
    g_autofree char *text = paper_pages_text(pdf, instance);
    assert_words(paper_codes[code], paper_kinds[kind], "the pages", text);
  }
}

/* --------------------------------------------------- the comparison itself */

static void a_missing_a_moved_and_a_strange_word_are_found(void **state) {
  (void)state;
  g_autoptr(GPtrArray) words = g_ptr_array_new();
  g_ptr_array_add(words, (gpointer) "法人名");
  g_ptr_array_add(words, (gpointer) "見本会");
  g_ptr_array_add(words, (gpointer) "住所");
  assert_null(words_compare(words, "法人名（見本会）住所"));
  static const char *const bad[] = {"法人名住所", "見本会法人名住所", "法人名見本住所", "法人名見本会社住所", "法人名見本会住所印"};
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autofree char *wrong = words_compare(words, bad[i]);
    assert_non_null(wrong);
  }
}

/* Every label of the definition is among the words: the list is no tautology. */
static void the_words_hold_every_label_of_the_form(void **state) {
  (void)state;
  for (guint i = 0; i < G_N_ELEMENTS(paper_codes); i++) {
    g_autoptr(Form) form = paper_form(paper_codes[i]);
    g_autoptr(xmlDoc) instance = paper_instance(paper_codes[i], "blank");
    g_autoptr(GPtrArray) words = words_of(instance);
    g_autoptr(GString) all = g_string_new(NULL);
    for (guint k = 0; k < words->len; k++)
      g_string_append(all, words->pdata[k]);
    g_autofree char *title = without_spaces(form_title(form));
    assert_true(g_str_has_prefix(all->str, title));
    for (guint k = 0; k < form_n_fields(form); k++) {
      g_autofree char *label = without_spaces(form_field(form, k).label);
      assert_true(words_same(label, "宛先") || strstr(all->str, label)); /* whom it is for stands in its place */
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_missing_a_moved_and_a_strange_word_are_found),
      cmocka_unit_test(the_words_hold_every_label_of_the_form),
      cmocka_unit_test(the_html_says_every_word_in_order),
      cmocka_unit_test(the_printed_pages_say_every_word_in_order),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
