/* SPDX-License-Identifier: Apache-2.0 */
/* What other programs read in our PDF: fonts, structure, bookmarks, syntax. */
#include "../own-folder.h"
#include "fax-support.h"

#include "tags.h"

#include <glib/gstdio.h>

/* What a program prints about the PDF: argv with NULL for the file's name, ended by "".
 * Standard error is in it. NULL: not installed, said. g_free. */
static char *ask(GBytes *pdf, const char *const *argv, int *status) {
  g_autofree char *path = NULL, *out = NULL, *err = NULL, *tool = g_find_program_in_path(argv[0]);
  g_autoptr(GPtrArray) words = g_ptr_array_new();
  if (!tool) {
    print_message("%s is not installed\n", argv[0]);
    return NULL;
  }
  int file = g_file_open_tmp("renkei-XXXXXX.pdf", &path, NULL);
  assert_true(g_close(file, NULL) && g_file_set_contents(path, g_bytes_get_data(pdf, NULL),
                                                         (gssize)g_bytes_get_size(pdf), NULL));
  for (guint i = 0; !argv[i] || *argv[i]; i++)
    g_ptr_array_add(words, (gpointer)(argv[i] ? argv[i] : path));
  g_ptr_array_add(words, NULL);
  assert_true(g_spawn_sync(NULL, (char **)words->pdata, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out,
                           &err, status, NULL));
  g_unlink(path);
  return g_strconcat(out, err, NULL);
}

static GBytes *form_pdf(void) {
  return render_form(RENDER_PDF, options());
}

static void every_font_is_an_embedded_subset_that_can_be_copied(void **state) {
  (void)state;
  need_fonts();
  static const char *const argv[] = {"pdffonts", NULL, ""};
  g_autoptr(GBytes) pdf = form_pdf();
  int status;
  g_autofree char *said = ask(pdf, argv, &status);
  if (!said)
    skip();
  g_auto(GStrv) lines = g_strsplit(g_strchomp(said), "\n", -1);
  assert_in_range(g_strv_length(lines), 2 + 4, 2 + 12); /* two lines of heading */
  for (guint i = 2; lines[i]; i++) {
    assert_int_equal(lines[i][6], '+');                    /* the tag of a subset */
    assert_non_null(strstr(lines[i], " yes yes yes ")); /* embedded, subset, to Unicode */
  }
}

static void title_language_and_tags_are_told(void **state) {
  (void)state;
  need_fonts();
  static const char *const argv[] = {"pdfinfo", NULL, ""};
  g_autoptr(GBytes) pdf = form_pdf();
  int status;
  g_autofree char *said = ask(pdf, argv, &status);
  if (!said)
    skip();
  assert_non_null(strstr(said, "Title:           利用登録依頼書\n"));
  assert_non_null(strstr(said, "Tagged:          yes\n"));
  assert_non_null(strstr(said, "Pages:           2\n"));
  gsize length = g_bytes_get_size(pdf);
  const char *tail = (const char *)g_bytes_get_data(pdf, NULL) + length - 500;
  g_autofree char *end = g_strndup(tail, 500);
  assert_non_null(strstr(end, "/Lang (ja)"));
  assert_non_null(strstr(end, "/DisplayDocTitle true"));
}

static void no_reader_complains(void **state) {
  (void)state;
  need_fonts();
  static const char *const argv[] = {"qpdf", "--check", NULL, ""};
  g_autoptr(GBytes) pdf = form_pdf();
  int status;
  g_autofree char *said = ask(pdf, argv, &status);
  if (!said)
    skip();
  if (status || strstr(said, "WARNING"))
    fail_msg("%s", said);
}

#define STRUCTURE                                                                                 \
  "<fo:block role='H1'>題</fo:block><fo:block>文</fo:block>" TABLE_2                              \
  "<fo:table-header><fo:table-row><fo:table-cell><fo:block>氏名</fo:block></fo:table-cell>"        \
  "<fo:table-cell><fo:block>年齢</fo:block></fo:table-cell></fo:table-row></fo:table-header>"      \
  "<fo:table-body><fo:table-row><fo:table-cell><fo:block>見本</fo:block></fo:table-cell>"          \
  "<fo:table-cell><fo:block/></fo:table-cell></fo:table-row></fo:table-body></fo:table>"

static void the_structure_is_that_of_the_document(void **state) {
  (void)state;
  need_fonts();
  static const char *const argv[] = {"pdfinfo", "-struct-text", NULL, ""};
  g_autoptr(GBytes) pdf = render_flow(STRUCTURE, RENDER_PDF);
  int status;
  g_autofree char *said = ask(pdf, argv, &status);
  if (!said)
    skip();
  /* The foot, "1/1", is no part of it. */
  assert_string_equal(said, "Document\n"
                            "  H1 (block)\n    \"題\"\n"
                            "  P (block)\n    \"文\"\n"
                            "  Table (block)\n"
                            "    TR\n"
                            "      TH\n        P (block)\n          \"氏名\"\n"
                            "      TH\n        P (block)\n          \"年齢\"\n"
                            "    TR\n"
                            "      TD\n        P (block)\n          \"見本\"\n"
                            "      TD\n        \"\"\n");
}

static char *bookmarks(GBytes *pdf) {
  static const char *const argv[] = {"pdftohtml", "-xml", "-i", "-stdout", NULL, ""};
  int status;
  g_autofree char *said = ask(pdf, argv, &status);
  if (!said)
    return NULL;
  const char *from = strstr(said, "<outline>"), *to = g_strrstr(said, "</outline>");
  return from && to ? g_strndup(from, (gsize)(to - from)) : g_strdup("");
}

static void bookmarks_lead_to_titles_and_headings(void **state) {
  (void)state;
  need_fonts();
  g_autoptr(GBytes) pdf = render_flow(
      "<fo:block role='H2'>甲</fo:block><fo:block role='H3'>乙<fo:leader/></fo:block>"
      "<fo:block role='H2' break-before='page'>丙</fo:block><fo:block role='label'>丁</fo:block>",
      RENDER_PDF);
  g_autofree char *said = bookmarks(pdf);
  if (!said)
    skip();
  assert_string_equal(said, "<outline>\n<item page=\"1\">甲</item>\n"
                            "<outline>\n<item page=\"1\">乙</item>\n</outline>\n"
                            "<item page=\"2\">丙</item>\n");
  g_autoptr(GBytes) titled = form_pdf(); /* its H1 says what the title says */
  g_autofree char *form = bookmarks(titled);
  assert_string_equal(form, "<outline>\n<item page=\"1\">利用登録依頼書</item>\n"
                            "<outline>\n<item page=\"1\">利用者一覧</item>\n</outline>\n");
}

static void a_document_without_headings_has_no_bookmarks(void **state) {
  (void)state;
  need_fonts();
  g_autoptr(GBytes) pdf = render_flow("<fo:block>a</fo:block>", RENDER_PDF);
  g_autofree char *said = bookmarks(pdf);
  if (!said)
    skip();
  assert_string_equal(said, "");
}

/* A catalog as cairo writes it, for what it does not write in our documents. */
static char *marked(const char *language, const char *more) {
  GByteArray *bytes = g_byte_array_new();
  g_autofree char *pdf = g_strdup_printf("%%PDF-1.5\n3 0 obj\n<< /Type /Catalog%s\n>>\nendobj\n"
                                         "xref\ntrailer\n<< /Size 4\n   /Root 3 0 R\n   /Info 2 0 R\n"
                                         ">>\nstartxref\n53\n%%%%EOF\n",
                                         more);
  g_byte_array_append(bytes, (const guint8 *)pdf, (guint)strlen(pdf));
  tags_mark_catalog(bytes, language);
  char *added = g_strndup((const char *)bytes->data + strlen(pdf), bytes->len - strlen(pdf));
  g_byte_array_unref(bytes);
  return added;
}

static void the_catalog_is_marked_once(void **state) {
  (void)state;
  g_autofree char *plain = marked("ja", ""), *tagged = marked(NULL, " /MarkInfo << /Marked true >>");
  g_autofree char *odd = marked("j)a", "");
  assert_true(g_str_has_prefix(plain, "3 0 obj\n<< /MarkInfo << /Marked true >> /Lang (ja) /Viewer"));
  assert_non_null(strstr(plain, "xref\n3 1\n"));
  assert_non_null(strstr(plain, "/Size 4 /Root 3 0 R /Info 2 0 R /Prev 53 >>"));
  assert_ptr_equal(strstr(tagged, "/MarkInfo"), g_strrstr(tagged, "/MarkInfo"));
  assert_null(strstr(tagged, "/Lang"));
  assert_null(strstr(odd, "/Lang"));
}

static GBytes *printed_in(const char *zone, const char *locale) {
  g_autofree char *dir = folder_new("pdf"), *data = NULL;
  g_autofree char *out = g_build_filename(dir, "form.pdf", NULL);
  g_autofree char *tool = g_build_filename(g_getenv("RENKEI_BUILDDIR"), "fo-print", NULL);
  g_autofree char *in = g_build_filename(g_getenv("RENKEI_SRCDIR"), "tests/render/form.fo", NULL);
  g_auto(GStrv) environment = g_get_environ();
  char *argv[] = {tool, in, out, NULL};
  gsize length;
  int status;
  environment = g_environ_setenv(environment, "TZ", zone, TRUE);
  environment = g_environ_setenv(environment, "LC_ALL", locale, TRUE);
  assert_true(g_spawn_sync(NULL, argv, environment, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL,
                           &status, NULL));
  assert_int_equal(status, 0);
  assert_true(g_file_get_contents(out, &data, &length, NULL));
  g_unlink(out);
  g_rmdir(dir);
  return g_bytes_new_take(g_steal_pointer(&data), length);
}

static void two_runs_in_two_places_give_the_same_bytes(void **state) {
  (void)state;
  need_fonts();
  g_autoptr(GBytes) first = printed_in("Asia/Tokyo", "C.UTF-8");
  g_autoptr(GBytes) second = printed_in("America/New_York", "ja_JP.UTF-8");
  assert_true(g_bytes_equal(first, second));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_font_is_an_embedded_subset_that_can_be_copied),
      cmocka_unit_test(title_language_and_tags_are_told),
      cmocka_unit_test(no_reader_complains),
      cmocka_unit_test(the_structure_is_that_of_the_document),
      cmocka_unit_test(bookmarks_lead_to_titles_and_headings),
      cmocka_unit_test(a_document_without_headings_has_no_bookmarks),
      cmocka_unit_test(the_catalog_is_marked_once),
      cmocka_unit_test(two_runs_in_two_places_give_the_same_bytes),
  };
  return cmocka_run_group_tests_name("render-pdf", tests, NULL, NULL);
}
