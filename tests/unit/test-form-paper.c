/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shipped forms on paper: HTML and the text of the printed pages, against
 * tests/golden/form. RENKEI_UPDATE_GOLDEN=1 writes them anew: read the difference.
 */
#include "form-paper.h"

/* What a person has read: each form blank and as it usually is, the longest once. */
static const char *const read_kinds[] = {"blank", "typical"};

static void each_paper(void (*check)(const char *code, const char *kind)) {
  for (guint i = 0; i < G_N_ELEMENTS(paper_codes); i++)
    for (guint k = 0; k < G_N_ELEMENTS(read_kinds); k++)
      check(paper_codes[i], read_kinds[k]);
  check("fj-2-1", "longest");
}

static void assert_golden(const char *name, const char *text) {
  g_autofree char *relative = g_build_filename("tests/golden/form", name, NULL);
  g_autofree char *path = source_path(relative), *golden = NULL;
  if (g_getenv("RENKEI_UPDATE_GOLDEN"))
    assert_true(g_file_set_contents(path, text, -1, NULL));
  assert_true(g_file_get_contents(path, &golden, NULL, NULL));
  if (strcmp(golden, text))
    fail_msg("%s differs; RENKEI_UPDATE_GOLDEN=1 writes it anew", relative);
}

static void assert_html(const char *code, const char *kind) {
  g_autoptr(GBytes) html = paper(code, kind, RENDER_HTML);
  g_autofree char *text = g_strndup(g_bytes_get_data(html, NULL), g_bytes_get_size(html));
  g_autofree char *name = g_strdup_printf("%s-%s.html", code, kind);
  assert_golden(name, text);
  assert_null(strstr(text, "://")); /* self-contained: nothing is fetched */
}

static void the_html_is_as_it_was_approved(void **state) {
  (void)state;
  each_paper(assert_html);
}

/* The text of all pages; spaces folded, so that fonts may move it. */
static char *page_text(GBytes *pdf) {
  g_autofree char *text = pdf_text(pdf, "-layout");
  g_autoptr(GRegex) spaces = g_regex_new("[ \\x{3000}]+", 0, 0, NULL);
  g_autofree char *folded = g_regex_replace_literal(spaces, text, -1, 0, " ", 0, NULL);
  g_autoptr(GRegex) lines = g_regex_new(" *\\n[ \\n]*", 0, 0, NULL);
  return g_regex_replace_literal(lines, folded, -1, 0, "\n", 0, NULL);
}

static void assert_pages(const char *code, const char *kind) {
  g_autoptr(GBytes) pdf = paper(code, kind, RENDER_PDF);
  g_autofree char *text = page_text(pdf), *name = g_strdup_printf("%s-%s.pages", code, kind);
  assert_golden(name, text);
}

static void the_printed_pages_say_what_was_approved(void **state) {
  (void)state;
  if (!paper_can_print())
    skip();
  each_paper(assert_pages);
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
    {2, 2, 2, 5}, {1, 1, 1, 3}, {1, 1, 1, 4}, {1, 1, 1, 3}, {1, 1, 1, 4},
    {1, 1, 1, 3}, {1, 1, 1, 1}, {1, 1, 1, 1}, {1, 1, 1, 1},
    {1, 1, 1, 1}, {1, 1, 1, 1}, {1, 1, 1, 4}, {1, 1, 1, 4}, {1, 1, 1, 4},
    {1, 1, 1, 1}, {1, 1, 1, 4}, {1, 1, 1, 4}, {1, 1, 1, 1},
    {2, 2, 2, 5}, {2, 2, 2, 5}, {1, 1, 1, 2}, {1, 1, 1, 5}, {2, 2, 2, 2},
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
