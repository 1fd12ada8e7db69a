/* SPDX-License-Identifier: Apache-2.0 */
/* Diagnostics, tables and the XML door: places, order, refusals. */
#include "base/diag.h"
#include "base/table.h"
#include "base/xml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static void records_are_sorted_by_place(void **state) {
  (void)state;
  g_autoptr(RkDiags) diags = rk_diags_new();
  diags_add(diags, DIAG_XML_SYNTAX, &(DiagPlace){"b.xml", 3, 1}, "late", NULL);
  diags_add(diags, DIAG_XML_SYNTAX, &(DiagPlace){"a.xml", 9, 2}, "early", NULL);
  diags_add(diags, DIAG_XML_SYNTAX, &(DiagPlace){"b.xml", 2, 7}, "middle", NULL);
  assert_int_equal(rk_diags_count(diags), 3);
  assert_string_equal(rk_diags_get(diags, 0)->message, "not well-formed XML: early");
  assert_string_equal(rk_diags_get(diags, 1)->message, "not well-formed XML: middle");
  assert_string_equal(rk_diags_get(diags, 2)->message, "not well-formed XML: late");
}

static void every_diagnostic_has_a_remedy_and_its_own_code(void **state) {
  (void)state;
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  for (int id = 0; id < DIAG_COUNT; id++) {
    assert_true(strlen(diag_text(id)) > 0);
    assert_true(strlen(diag_remedy(id)) > 0);
    assert_true(g_hash_table_add(seen, (gpointer)diag_code(id)));
  }
}

static RkStatus parse(const char *text, xmlDoc **doc, RkDiags *diags) {
  return xml_parse(doc, text, strlen(text), "t.xml", XML_LIMIT_DATA, diags);
}

static void elements_know_line_and_column(void **state) {
  (void)state;
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(xmlDoc) doc = NULL;
  assert_int_equal(parse("<a>\n  <!-- 日本 --><b x='1'\n   y='2'/>\n</a>", &doc, diags), RK_OK);
  DiagPlace place = xml_place(xml_first_element(xmlDocGetRootElement(doc)));
  assert_int_equal(place.line, 2);
  assert_int_equal(place.column, 14);
  assert_string_equal(place.file, "t.xml");
}

static void hostile_documents_are_refused(void **state) {
  (void)state;
  static const struct {
    const char *text, *code;
  } cases[] = {
      {"<a>", "BA010"},
      {"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", "BA011"},
      {"<a>&x;</a>", "BA010"},
      {"<!DOCTYPE a [<!ENTITY x '&#38;#60;b/>'><!ENTITY y '&x;&x;&x;'>]><a>&y;</a>", "BA011"},
      {"<!DOCTYPE a SYSTEM 'http://example.com/a.dtd'><a/>", "BA011"},
      {"<a xmlns:b='urn:b'><b:c d='1' d='2'/></a>", "BA010"},
      {"<a>\xff</a>", "BA012"},
      {"", "BA010"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(RkDiags) diags = rk_diags_new();
    xmlDoc *doc = NULL;
    assert_int_equal(parse(cases[i].text, &doc, diags), RK_INVALID);
    assert_null(doc);
    assert_string_equal(rk_diags_get(diags, 0)->code, cases[i].code);
  }
}

static void a_nul_ends_no_check_early(void **state) {
  (void)state;
  static const char bytes[] = "<a/>\0<!DOCTYPE a>";
  g_autoptr(RkDiags) diags = rk_diags_new();
  xmlDoc *doc = NULL;
  assert_int_equal(xml_parse(&doc, bytes, sizeof bytes - 1, "t.xml", XML_LIMIT_DATA, diags),
                   RK_INVALID);
  assert_string_equal(rk_diags_get(diags, 0)->code, "BA012");
}

static void xinclude_reads_nothing(void **state) {
  (void)state;
  g_autoptr(xmlDoc) doc = NULL;
  assert_int_equal(parse("<a xmlns:x='http://www.w3.org/2001/XInclude'>"
                         "<x:include href='/etc/passwd' parse='text'/></a>", &doc, NULL),
                   RK_OK);
  g_autofree char *text = xml_text(xmlDocGetRootElement(doc));
  assert_string_equal(text, "");
}

static void what_is_larger_than_a_document_may_be_is_not_read(void **state) {
  (void)state;
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(GString) text = g_string_new("<a>");
  xmlDoc *doc = NULL;
  while (text->len < XML_LIMIT_DATA)
    g_string_append(text, "0123456789abcdef0123456789abcdef");
  g_string_append(text, "</a>");
  assert_int_equal(parse(text->str, &doc, diags), RK_INVALID);
  assert_string_equal(rk_diags_get(diags, 0)->code, "BA002");
}

static void limits_hold(void **state) {
  (void)state;
  g_autoptr(RkDiags) diags = rk_diags_new();
  xmlDoc *doc = NULL;
  GString *wide = g_string_new("<a");
  for (int i = 0; i < 20000; i++)
    g_string_append_printf(wide, " a%d=''", i);
  g_string_append(wide, "/>");
  assert_int_equal(parse(wide->str, &doc, diags), RK_INVALID);
  assert_string_equal(rk_diags_get(diags, 0)->code, "BA013");
  g_string_truncate(wide, 0);
  for (int i = 0; i < 1000; i++)
    g_string_append(wide, "<a>");
  for (int i = 0; i < 1000; i++)
    g_string_append(wide, "</a>");
  g_autoptr(RkDiags) deep = rk_diags_new();
  assert_int_equal(parse(wide->str, &doc, deep), RK_INVALID);
  assert_string_equal(rk_diags_get(deep, 0)->code, "BA014");
  g_string_free(wide, TRUE);
}

static void tables_keep_cells_by_key(void **state) {
  (void)state;
  g_autoptr(RkTable) table = table_new("cases", "Cases");
  table_column(table, "number", "No.", RK_COLUMN_TEXT);
  table_column(table, "papers", "Papers", RK_COLUMN_NUMBER);
  table_row(table, "R8-0001", NULL);
  table_set_int(table, 0, "papers", 2);
  assert_int_equal(rk_table_rows(table), 1);
  assert_string_equal(rk_table_get(table, 0, "papers"), "2");
  assert_null(rk_table_get(table, 0, "absent"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(records_are_sorted_by_place),
      cmocka_unit_test(every_diagnostic_has_a_remedy_and_its_own_code),
      cmocka_unit_test(elements_know_line_and_column),
      cmocka_unit_test(hostile_documents_are_refused),
      cmocka_unit_test(a_nul_ends_no_check_early),
      cmocka_unit_test(xinclude_reads_nothing),
      cmocka_unit_test(what_is_larger_than_a_document_may_be_is_not_read),
      cmocka_unit_test(limits_hold),
      cmocka_unit_test(tables_keep_cells_by_key),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
