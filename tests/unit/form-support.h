/* SPDX-License-Identifier: Apache-2.0 */
/* form-support.h - what the form tests share: small forms in text, the shipped ones, codes. */
#ifndef RK_TEST_FORM_SUPPORT_H
#define RK_TEST_FORM_SUPPORT_H

#include "base/xml.h"
#include "form/form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#define FORM_HEAD "<form xmlns='urn:renkei:form:1' code='t-1' printed-code='様式'><title>見本</title>"

static inline Form *load_text(const char *text, RkDiags *diags) {
  Form *form;
  form_load(&form, text, strlen(text), "t.xml", diags);
  return form;
}

/* A form with these fields in one block. */
static inline Form *form_with(const char *fields) {
  g_autofree char *text = g_strconcat(FORM_HEAD, "<block>", fields, "</block></form>", NULL);
  g_autoptr(RkDiags) diags = rk_diags_new();
  Form *form = load_text(text, diags);
  assert_int_equal(rk_diags_count(diags), 0);
  assert_non_null(form);
  return form;
}

static inline char *source_path(const char *path) {
  const char *folder = g_getenv("RENKEI_SRCDIR");
  return g_build_filename(folder ? folder : ".", path, NULL);
}

static inline Form *shipped(const char *path) {
  g_autofree char *full = source_path(path);
  g_autoptr(RkDiags) diags = rk_diags_new();
  Form *form;
  assert_int_equal(form_load_file(&form, full, diags), RK_OK);
  assert_int_equal(rk_diags_count(diags), 0);
  return form;
}

static inline gboolean has_code(const RkDiags *diags, const char *code) {
  for (guint i = 0; i < rk_diags_count(diags); i++)
    if (!strcmp(rk_diags_get(diags, i)->code, code))
      return TRUE;
  return FALSE;
}

/* No message and no remedy repeats `value`. */
static inline void assert_not_told(const RkDiags *diags, const char *value) {
  for (guint i = 0; i < rk_diags_count(diags); i++) {
    assert_null(strstr(rk_diags_get(diags, i)->message, value));
    assert_null(strstr(rk_diags_get(diags, i)->remedy, value));
  }
}

static inline void set_all(FormData *data, const char *const (*pairs)[2], guint n) {
  for (guint i = 0; i < n; i++)
    assert_int_equal(form_data_set(data, pairs[i][0], pairs[i][1], NULL), RK_OK);
}

#endif
