/* SPDX-License-Identifier: Apache-2.0 */
/*
 * form-paper.h - every shipped form with every set of values, and what must then
 * be read on it. Values lie in tests/golden/form/CODE-KIND.txt: "least" is just
 * enough to be complete, "longest" has the longest values that are plausible and
 * more rows than a sheet; "blank" has none.
 */
#ifndef RK_TEST_FORM_PAPER_H
#define RK_TEST_FORM_PAPER_H

#include "form-support.h"
#include "render.h"

#include <glib/gstdio.h>

extern const RenderOps renkei_print_ops;

static const char *const paper_codes[] = {"fj-1",   "fj-2-1", "fj-2-1-1", "fj-2-2", "fj-2-3",
                                          "fj-2-4", "fj-3",   "fj-4",     "fj-5",
                                          "kz-1-1", "kz-1-2", "kz-2-1-1", "kz-2-1-2", "kz-2-2",
                                          "kz-3-1", "kz-4-1", "kz-4-2",   "kz-4-3",
                                          "ng-1", "ng-2",   "ng-3",     "ng-4",   "ng-consent",
                                          "mg-1-1", "mg-1-2", "mg-2-1", "mg-2-2", "mg-5-1", "mg-consent", "mg-pledge",
                                          "mt-1-2", "mt-2-2b", "mt-2-2c", "mt-3", "mt-4-1",
                                          "mt-4-emp", "mt-5",  "mt-6"};
static const char *const paper_kinds[] = {"blank", "least", "typical", "longest"};

static inline char *paper_setting(gpointer user, const char *key) {
  static const char *const settings[][2] = {
      {"association.contact", "事務局　見本"},
      {"association.tel-fax", "TEL：0466-00-0000　FAX：0466-00-0001"},
      {"association.address", "神奈川県藤沢市見本町1番1号"},
      {"city.contact", "地域支援担当　見本"},
      {"institution.name", "見本クリニック"}};
  (void)user;
  for (guint i = 0; i < G_N_ELEMENTS(settings); i++)
    if (!strcmp(settings[i][0], key))
      return g_strdup(settings[i][1]);
  fail_msg("no value for the setting %s", key);
  return NULL;
}

static inline FormData *paper_values(Form *form, const char *kind) {
  if (!strcmp(kind, "blank"))
    return NULL;
  g_autofree char *relative = g_strdup_printf("tests/golden/form/%s-%s.txt", form_code(form), kind);
  g_autofree char *path = source_path(relative), *text = NULL;
  assert_true(g_file_get_contents(path, &text, NULL, NULL));
  FormData *data = form_data_new(form);
  g_autoptr(RkDiags) diags = rk_diags_new();
  form_data_read_text(data, text, relative, diags);
  form_data_check(data, diags);
  for (guint i = 0; i < rk_diags_count(diags); i++)
    print_message("%s: %s\n", relative, rk_diags_get(diags, i)->message);
  assert_int_equal(rk_diags_count(diags), 0);
  return data;
}

/* The shipped form of this code: the letters before the first hyphen say whose it is. */
static inline Form *paper_form(const char *code) {
  static const char *const folders[][2] = {{"fj-", "fujisawa"}, {"kz-", "kanzaki"}, {"mg-", "marugame"}, {"ng-", "nagareyama"}, {"mt-", "mito"}};
  for (guint i = 0; i < G_N_ELEMENTS(folders); i++)
    if (g_str_has_prefix(code, folders[i][0])) {
      g_autofree char *relative = g_strdup_printf("forms/%s/%s.xml", folders[i][1], code);
      return shipped(relative);
    }
  fail_msg("no folder for the form %s", code);
  return NULL;
}

/* What rk_form_print would give the form. */
static inline FormInstanceInfo paper_info(const char *number) {
  return (FormInstanceInfo){
      .setting = paper_setting, .paper_number = number, .journal_head = number ? "41 0123456789abcdef" : NULL};
}

static inline xmlDoc *paper_instance(const char *code, const char *kind) {
  g_autoptr(Form) form = paper_form(code);
  g_autoptr(FormData) data = paper_values(form, kind);
  g_autofree char *number = data ? g_strdup_printf("R8-0012/%s-1", code) : NULL;
  FormInstanceInfo info = paper_info(number);
  return form_instance(form, data, &info);
}

/* As long as what a real key makes of it; a blank bears none. */
static inline char *paper_signed(gpointer user, const char *text) {
  (void)user;
  return strstr(text, "R8-") ? g_strconcat(text, " K1 0123456789AB", NULL) : g_strdup(text);
}

static inline GBytes *paper_render(xmlDoc *instance, RenderFormat format, int page) {
  g_autofree char *datadir = source_path("renderers");
  RenderOptions options = {.datadir = datadir, .page = page, .code = paper_signed};
  g_autoptr(RkDiags) diags = rk_diags_new();
  GBytes *bytes = NULL;
  RkStatus status = renkei_print_ops.render(&bytes, instance, format, &options, diags);
  for (guint i = 0; i < rk_diags_count(diags); i++)
    print_message("%s\n", rk_diags_get(diags, i)->message);
  assert_int_equal(status, RK_OK);
  assert_int_equal(rk_diags_count(diags), 0);
  return bytes;
}

static inline GBytes *paper(const char *code, const char *kind, RenderFormat format) {
  g_autoptr(xmlDoc) instance = paper_instance(code, kind);
  return paper_render(instance, format, 1);
}

static inline gboolean paper_can_print(void) {
  g_autofree char *datadir = source_path("renderers"), *tool = g_find_program_in_path("pdftotext");
  RenderOptions options = {.datadir = datadir};
  return tool && renkei_print_ops.check_fonts(&options, NULL) == RK_OK;
}

/* What poppler reads on the pages; `layout` "-raw" for reading order. */
static inline char *pdf_text(GBytes *pdf, const char *layout) {
  g_autofree char *file = g_build_filename(g_get_tmp_dir(), "renkei-form-XXXXXX", NULL);
  int handle = g_mkstemp(file);
  assert_true(handle >= 0);
  assert_true(g_close(handle, NULL));
  assert_true(g_file_set_contents(file, g_bytes_get_data(pdf, NULL), (gssize)g_bytes_get_size(pdf), NULL));
  const char *argv[] = {"pdftotext", layout, file, "-", NULL};
  char *text = NULL;
  assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &text, NULL, NULL, NULL));
  g_unlink(file);
  return text;
}

static inline char *without_spaces(const char *text) {
  g_autoptr(GRegex) spaces = g_regex_new("[\\s\\x{3000}\\x{2060}\\x{200b}\\x{a0}]+", 0, 0, NULL);
  return g_regex_replace_literal(spaces, text, -1, 0, "", 0, NULL);
}

#endif
