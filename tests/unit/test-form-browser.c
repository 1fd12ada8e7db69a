/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The HTML of every form, printed by a browser: the same words in the same order
 * as on our own page, on A4. Without Chromium these tests are skipped.
 */
#include "browser.h"
#include "form-words.h"

/* The tests' one browser; NULL: there is none, and they are skipped. */
static int start(void **state) {
  g_autofree char *path = g_find_program_in_path("chromium");
  *state = path && paper_can_print() ? browser_new() : NULL;
  if (!path)
    print_message("# no chromium in PATH: printing from a browser is not tested\n");
  return 0;
}

static int stop(void **state) {
  if (*state)
    browser_free(*state);
  return 0;
}

/* Heads and feet stand at the ends of sheets here, not of pages. */
static char *browser_text(GBytes *pdf, xmlDoc *instance) {
  g_autofree char *text = pdf_text(pdf, "-raw"), *bare = without_spaces(text);
  g_autofree char *printed = words_attr(xmlDocGetRootElement(instance), "printed-code");
  g_autofree char *code = without_spaces(printed), *number = paper_people_number(instance);
  g_autofree char *feet =
      g_strdup_printf("(Ver[.][0-9]{8})?%s[0-9]+/[0-9]+410123456789abcdef(%s)?", number, code);
  g_autofree char *cut = text_cut(bare, feet, "");
  assert_true(g_str_has_prefix(cut, code));
  return g_strdup(cut + strlen(code));
}

static void assert_printed(Browser *browser, const char *code, const char *kind) {
  g_autoptr(xmlDoc) instance = paper_instance(code, kind);
  g_autoptr(GBytes) html = paper_render(instance, RENDER_HTML, 1);
  g_autoptr(GBytes) pdf = browser_print(browser, html);
  g_autofree char *text = browser_text(pdf, instance);
  g_autoptr(GPtrArray) words = words_of(instance);
  g_autofree char *wrong = words_compare(words, text);
  if (wrong)
    fail_msg("%s %s printed by the browser: %s", code, kind, wrong);
  if (!strcmp(kind, "longest"))
    return; /* pages may end elsewhere and repeat the heads of tables */
  g_autoptr(GBytes) own = paper_render(instance, RENDER_PDF, 1);
  g_autofree char *ours = paper_pages_text(own, instance);
  assert_string_equal(text, ours);
}

static void a_browser_prints_what_we_print(void **state) {
  Browser *browser = *state;
  if (!browser)
    skip();
  for (guint i = 0; i < G_N_ELEMENTS(paper_codes); i++)
    assert_printed(browser, paper_codes[i], "typical");
}

static void a_browser_prints_the_longest_values_too(void **state) {
  Browser *browser = *state;
  if (!browser)
    skip();
  assert_printed(browser, "fj-2-3", "longest");
}

static void a_browser_prints_a_form_on_the_pages_that_we_need(void **state) {
  Browser *browser = *state;
  if (!browser)
    skip();
  static const struct {
    const char *code;
    guint pages;
  } cases[] = {{"fj-1", 2}, {"fj-2-3", 1}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GBytes) html = paper(cases[i].code, "least", RENDER_HTML);
    g_autoptr(GBytes) pdf = browser_print(browser, html);
    g_autofree char *text = pdf_text(pdf, "-raw");
    g_auto(GStrv) pages = g_strsplit(text, "\f", -1);
    assert_int_equal(g_strv_length(pages) - 1, cases[i].pages);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_browser_prints_what_we_print),
      cmocka_unit_test(a_browser_prints_the_longest_values_too),
      cmocka_unit_test(a_browser_prints_a_form_on_the_pages_that_we_need),
  };
  return cmocka_run_group_tests(tests, start, stop);
}
