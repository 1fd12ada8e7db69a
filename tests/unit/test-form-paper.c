/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shipped forms on paper: HTML and the text of the printed pages, against
 * tests/golden/form. RENKEI_UPDATE_GOLDEN=1 writes them anew: read the difference.
 */
#include "form-support.h"
#include "render.h"

#include <glib/gstdio.h>

extern const RenderOps renkei_print_ops;

static const char *const papers[][2] = {{"fj-2-1", "blank"},   {"fj-2-1", "typical"},
                                        {"fj-2-1", "longest"}, {"fj-3", "blank"},
                                        {"fj-3", "typical"}};

static char *setting(gpointer user, const char *key) {
  (void)user;
  return g_strdup_printf("見本（%s）", key);
}

static FormData *values(Form *form, const char *code, const char *kind) {
  if (!strcmp(kind, "blank"))
    return NULL;
  g_autofree char *relative = g_strdup_printf("tests/golden/form/%s-%s.txt", code, kind);
  g_autofree char *path = source_path(relative), *text = NULL;
  assert_true(g_file_get_contents(path, &text, NULL, NULL));
  FormData *data = form_data_new(form);
  assert_int_equal(form_data_read_text(data, text, relative, NULL), RK_OK);
  assert_int_equal(form_data_check(data, NULL), RK_OK);
  return data;
}

static GBytes *paper(const char *code, const char *kind, RenderFormat format) {
  g_autofree char *relative = g_strdup_printf("forms/fujisawa/%s.xml", code);
  g_autofree char *datadir = source_path("renderers");
  g_autoptr(Form) form = shipped(relative);
  g_autoptr(FormData) data = values(form, code, kind);
  FormInstanceInfo info = {.setting = setting};
  if (data) {
    info.paper_number = "R8-0012-1";
    info.journal_head = "41 0123456789abcdef";
  }
  g_autoptr(xmlDoc) instance = form_instance(form, data, &info);
  RenderOptions options = {.datadir = datadir, .page = 1};
  g_autoptr(RkDiags) diags = rk_diags_new();
  GBytes *bytes = NULL;
  RkStatus status = renkei_print_ops.render(&bytes, instance, format, &options, diags);
  for (guint i = 0; i < rk_diags_count(diags); i++)
    print_message("%s\n", rk_diags_get(diags, i)->message);
  assert_int_equal(status, RK_OK);
  assert_int_equal(rk_diags_count(diags), 0);
  return bytes;
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

/* The text of all pages, by poppler; spaces folded, so that fonts may move it. */
static char *page_text(GBytes *pdf) {
  g_autofree char *file = g_build_filename(g_get_tmp_dir(), "renkei-form-XXXXXX", NULL);
  int handle = g_mkstemp(file);
  assert_true(handle >= 0);
  assert_true(g_close(handle, NULL));
  assert_true(g_file_set_contents(file, g_bytes_get_data(pdf, NULL), (gssize)g_bytes_get_size(pdf), NULL));
  const char *argv[] = {"pdftotext", "-layout", file, "-", NULL};
  g_autofree char *text = NULL;
  assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &text, NULL, NULL, NULL));
  g_unlink(file);
  g_autoptr(GRegex) spaces = g_regex_new("[ \\x{3000}]+", 0, 0, NULL);
  g_autofree char *folded = g_regex_replace_literal(spaces, text, -1, 0, " ", 0, NULL);
  g_autoptr(GRegex) lines = g_regex_new(" *\\n[ \\n]*", 0, 0, NULL);
  return g_regex_replace_literal(lines, folded, -1, 0, "\n", 0, NULL);
}

static gboolean can_print(void) {
  g_autofree char *datadir = source_path("renderers"), *tool = g_find_program_in_path("pdftotext");
  RenderOptions options = {.datadir = datadir};
  return tool && renkei_print_ops.check_fonts(&options, NULL) == RK_OK;
}

static void the_printed_pages_say_what_was_approved(void **state) {
  (void)state;
  if (!can_print())
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

static void a_form_takes_one_page_until_its_rows_or_words_are_too_many(void **state) {
  (void)state;
  if (!can_print())
    skip();
  assert_int_equal(pages("fj-2-1", "blank"), 1);
  assert_int_equal(pages("fj-2-1", "typical"), 1);
  assert_int_equal(pages("fj-2-1", "longest"), 3);
  assert_int_equal(pages("fj-3", "blank"), 1);
}

static void every_form_goes_through_a_fax(void **state) {
  (void)state;
  if (!can_print())
    skip();
  for (guint i = 0; i < G_N_ELEMENTS(papers); i++) {
    g_autoptr(GBytes) tiff = paper(papers[i][0], papers[i][1], RENDER_TIFF);
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
