/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shipped forms on paper: HTML and the text of the printed pages, against
 * tests/golden/form. RENKEI_UPDATE_GOLDEN=1 writes them anew: read the difference.
 */
#include "form-paper.h"

/* What a person has read: each form as it usually is, the two of the registration also
 * blank, the longest once. */
static const char *const papers[][2] = {
    {"fj-1", "typical"},   {"fj-2-1", "blank"},     {"fj-2-1", "typical"}, {"fj-2-1", "longest"},
    {"fj-2-1-1", "typical"}, {"fj-2-2", "typical"}, {"fj-2-3", "typical"}, {"fj-2-4", "typical"},
    {"fj-3", "blank"},     {"fj-3", "typical"},     {"fj-4", "typical"},   {"fj-5", "typical"},
    {"kz-1-1", "typical"},   {"kz-1-2", "typical"},  {"kz-2-1-1", "typical"}, {"kz-2-1-2", "typical"},
    {"kz-2-2", "typical"},   {"kz-3-1", "typical"},  {"kz-4-1", "blank"},     {"kz-4-1", "typical"},
    {"kz-4-2", "typical"},   {"kz-4-3", "typical"},
    {"ng-1", "blank"},     {"ng-1", "typical"},     {"ng-2", "blank"},     {"ng-2", "typical"},   {"ng-3", "blank"},
    {"ng-3", "typical"},   {"ng-4", "blank"},       {"ng-4", "typical"},   {"ng-consent", "blank"}, {"ng-consent", "typical"},
    {"mg-1-1", "typical"},   {"mg-1-2", "typical"},  {"mg-2-1", "typical"},   {"mg-2-2", "typical"},
    {"mg-5-1", "blank"},     {"mg-5-1", "typical"},  {"mg-consent", "typical"}, {"mg-pledge", "typical"},
    {"mt-1-2", "blank"}, {"mt-1-2", "typical"}, {"mt-2-2b", "blank"}, {"mt-2-2b", "typical"},
    {"mt-2-2c", "blank"}, {"mt-2-2c", "typical"}, {"mt-3", "blank"}, {"mt-3", "typical"},
    {"mt-4-1", "blank"}, {"mt-4-1", "typical"}, {"mt-4-emp", "blank"}, {"mt-4-emp", "typical"},
    {"mt-5", "blank"}, {"mt-5", "typical"}, {"mt-6", "blank"}, {"mt-6", "typical"}};

static void assert_golden(const char *name, const char *text) {
  g_autofree char *relative = g_build_filename("tests/golden/form", name, NULL);
  g_autofree char *path = source_path(relative), *golden = NULL;
  if (g_getenv("RENKEI_UPDATE_GOLDEN"))
    assert_true(g_file_set_contents(path, text, -1, NULL));
  assert_true(g_file_get_contents(path, &golden, NULL, NULL));
  if (strcmp(golden, text))
    fail_msg("%s differs; RENKEI_UPDATE_GOLDEN=1 writes it anew", relative);
}

static void the_html_is_as_it_was_approved(void **state) {
  (void)state;
  for (guint i = 0; i < G_N_ELEMENTS(papers); i++) {
    g_autoptr(GBytes) html = paper(papers[i][0], papers[i][1], RENDER_HTML);
    g_autofree char *text = g_strndup(g_bytes_get_data(html, NULL), g_bytes_get_size(html));
    g_autofree char *name = g_strdup_printf("%s-%s.html", papers[i][0], papers[i][1]);
    assert_golden(name, text);
    assert_null(strstr(text, "://")); /* self-contained: nothing is fetched */
  }
}

/* The text of all pages; spaces folded, so that fonts may move it. */
static char *page_text(GBytes *pdf) {
  g_autofree char *text = pdf_text(pdf, "-layout");
  g_autoptr(GRegex) spaces = g_regex_new("[ \\x{3000}]+", 0, 0, NULL);
  g_autofree char *folded = g_regex_replace_literal(spaces, text, -1, 0, " ", 0, NULL);
  g_autoptr(GRegex) lines = g_regex_new(" *\\n[ \\n]*", 0, 0, NULL);
  return g_regex_replace_literal(lines, folded, -1, 0, "\n", 0, NULL);
}

static void the_printed_pages_say_what_was_approved(void **state) {
  (void)state;
  if (!paper_can_print())
    skip();
  for (guint i = 0; i < G_N_ELEMENTS(papers); i++) {
    g_autoptr(GBytes) pdf = paper(papers[i][0], papers[i][1], RENDER_PDF);
    g_autofree char *text = page_text(pdf);
    g_autofree char *name = g_strdup_printf("%s-%s.pages", papers[i][0], papers[i][1]);
    assert_golden(name, text);
  }
}

static int pages(const char *code, const char *kind) {
  g_autoptr(GBytes) bytes = paper(code, kind, RENDER_FO);
  g_autofree char *datadir = source_path("renderers");
  gsize length;
  const char *text = g_bytes_get_data(bytes, &length);
  g_autoptr(xmlDoc) fo = NULL;
  assert_int_equal(xml_parse(&fo, text, length, "t.fo", XML_LIMIT_DEFINITION, NULL), RK_OK);
  RenderOptions options = {.datadir = datadir};
  int n = 0;
  assert_int_equal(renkei_print_ops.count_pages(&n, fo, &options, NULL), RK_OK);
  return n;
}

/* Pages by kind of values, in the order of paper_kinds. */
static const int page_counts[][G_N_ELEMENTS(paper_kinds)] = {
    {2, 2, 2, 5}, {1, 1, 1, 3}, {1, 1, 1, 3}, {1, 1, 1, 3}, {1, 1, 1, 4},
    {1, 1, 1, 3}, {1, 1, 1, 1}, {1, 1, 1, 1}, {1, 1, 1, 1},
    {1, 1, 1, 1}, {1, 1, 1, 1}, {1, 1, 1, 4}, {1, 1, 1, 4}, {1, 1, 1, 4},
    {2, 2, 2, 2}, {1, 1, 1, 4}, {1, 1, 1, 3}, {1, 1, 1, 1},
    {2, 2, 2, 5}, {2, 2, 2, 5}, {1, 1, 1, 2}, {1, 1, 1, 6}, {3, 3, 3, 4},
    {1, 1, 1, 4}, {1, 1, 1, 4}, {1, 1, 1, 4}, {1, 1, 1, 4}, {1, 1, 1, 4}, {1, 1, 1, 1}, {1, 1, 1, 1},
    {1, 1, 1, 4}, {1, 1, 1, 4}, {1, 1, 1, 4}, {1, 1, 1, 3},
    {1, 1, 1, 1}, {1, 1, 1, 3}, {1, 1, 1, 3}, {1, 1, 1, 3}};

static void a_form_takes_one_page_until_its_rows_or_words_are_too_many(void **state) {
  (void)state;
  if (!paper_can_print())
    skip();
  for (guint code = 0; code < G_N_ELEMENTS(paper_codes); code++)
    for (guint kind = 0; kind < G_N_ELEMENTS(paper_kinds); kind++) {
      int n = pages(paper_codes[code], paper_kinds[kind]);
      if (n != page_counts[code][kind])
        fail_msg("%s %s has %d pages", paper_codes[code], paper_kinds[kind], n);
    }
}

static void every_form_goes_through_a_fax(void **state) {
  (void)state;
  if (!paper_can_print())
    skip();
  for (guint code = 0; code < G_N_ELEMENTS(paper_codes); code++)
    for (guint kind = 0; kind < G_N_ELEMENTS(paper_kinds); kind++) {
      g_autoptr(GBytes) tiff = paper(paper_codes[code], paper_kinds[kind], RENDER_TIFF);
      assert_true(g_bytes_get_size(tiff) > 1000);
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_html_is_as_it_was_approved),
      cmocka_unit_test(the_printed_pages_say_what_was_approved),
      cmocka_unit_test(a_form_takes_one_page_until_its_rows_or_words_are_too_many),
      cmocka_unit_test(every_form_goes_through_a_fax),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
