/* SPDX-License-Identifier: Apache-2.0 */
/* The document a renderer gets: values in place, blanks, choices, sheets. */
#include "form-support.h"

static xmlNode *find(xmlNode *node, const char *name, const char *attribute, const char *value) {
  for (xmlNode *n = xml_first_element(node); n; n = xml_next_element(n)) {
    g_autofree char *found = attribute ? xml_attr(n, attribute) : NULL;
    if (xml_is(n, INSTANCE_NS, name) && (!attribute || !g_strcmp0(found, value)))
      return n;
    xmlNode *inner = find(n, name, attribute, value);
    if (inner)
      return inner;
  }
  return NULL;
}

static xmlNode *field(xmlDoc *doc, const char *id) {
  xmlNode *node = find(xmlDocGetRootElement(doc), "field", "id", id);
  assert_non_null(node);
  return node;
}

static void assert_value(xmlDoc *doc, const char *id, const char *blank, const char *text) {
  xmlNode *node = field(doc, id);
  g_autofree char *is_blank = xml_attr(node, "blank");
  g_autofree char *value = xml_text(find(node, "value", NULL, NULL));
  assert_string_equal(is_blank, blank);
  assert_string_equal(value ? value : "", text);
}

static void assert_attribute(xmlNode *node, const char *name, const char *expected) {
  g_autofree char *value = xml_attr(node, name);
  assert_string_equal(value ? value : "(none)", expected);
}

static void a_blank_has_room_for_the_hand(void **state) {
  (void)state;
  g_autoptr(Form) form = shipped("forms/fujisawa/fj-2-1.xml");
  g_autoptr(xmlDoc) doc = form_instance(form, NULL, NULL);
  xmlNode *root = xmlDocGetRootElement(doc);
  assert_true(xml_is(root, INSTANCE_NS, "instance"));
  assert_attribute(root, "printed-code", "書式2-1");
  assert_attribute(root, "paper-number", "(none)");
  assert_value(doc, "entry_date", "yes", "　　　　年　　月　　日");
  assert_value(doc, "corp_name", "yes", "");
  assert_value(doc, "member_dept", "no", "藤沢市医師会");
  assert_value(doc, "member_tel_fax", "yes", "");
  assert_value(doc, "users[6].name", "yes", "");
  assert_null(find(root, "field", "id", "users[7].name"));
}

static char *setting(gpointer user, const char *key) {
  return g_str_equal(key, user) ? g_strdup("TEL:0466-00-0000") : NULL;
}

static void values_stand_as_they_are_printed(void **state) {
  (void)state;
  static const char *const values[][2] = {{"entry_date", "R8.11.21"},
                                          {"rep_name", "渡邉󠄏　𠮷子"},
                                          {"id_receive_choice", "other"},
                                          {"users[1].occupation", "看護師"}};
  g_autoptr(Form) form = shipped("forms/fujisawa/fj-2-1.xml");
  g_autoptr(FormData) data = form_data_new(form);
  set_all(data, values, G_N_ELEMENTS(values));
  FormInstanceInfo info = {"R8-0012-1", "abcdef", NULL, setting, (gpointer) "association.tel-fax"};
  g_autoptr(xmlDoc) doc = form_instance(form, data, &info);
  assert_attribute(xmlDocGetRootElement(doc), "paper-number", "R8-0012-1");
  assert_attribute(xmlDocGetRootElement(doc), "journal-head", "abcdef");
  assert_value(doc, "entry_date", "no", "2026年11月21日");
  assert_value(doc, "rep_name", "no", "渡邉󠄏　𠮷子");
  assert_value(doc, "member_tel_fax", "no", "TEL:0466-00-0000");
  assert_value(doc, "member_contact", "yes", "");
  assert_attribute(find(field(doc, "id_receive_choice"), "choice", "value", "other"), "selected", "yes");
  assert_attribute(find(field(doc, "id_receive_choice"), "choice", "value", "same"), "selected", "no");
  assert_value(doc, "users[1].occupation", "no", "看護師");
}

static void dates_are_written_in_the_calendar_of_the_form(void **state) {
  (void)state;
  g_autoptr(Form) form = form_with("<field id='r' label='R' type='date-reiwa'/>"
                                   "<field id='e' label='E' type='date-era' eras='昭和 平成'/>");
  g_autoptr(FormData) data = form_data_new(form);
  g_autoptr(xmlDoc) blank = form_instance(form, data, NULL);
  assert_value(blank, "r", "yes", "令和　　年　　月　　日");
  assert_value(blank, "e", "yes", "昭和・平成　　年　　月　　日");
  assert_int_equal(form_data_set(data, "r", "2019-05-01", NULL), RK_OK);
  assert_int_equal(form_data_set(data, "e", "1989-01-08", NULL), RK_OK);
  g_autoptr(xmlDoc) filled = form_instance(form, data, NULL);
  assert_value(filled, "r", "no", "令和元年5月1日");
  assert_value(filled, "e", "no", "平成元年1月8日");
}

static void the_seventh_person_goes_to_a_second_sheet(void **state) {
  (void)state;
  g_autoptr(Form) form = shipped("forms/fujisawa/fj-2-1.xml");
  g_autoptr(FormData) data = form_data_new(form);
  assert_int_equal(form_data_set(data, "users[6].name", "見本　六郎", NULL), RK_OK);
  g_autoptr(xmlDoc) one = form_instance(form, data, NULL);
  assert_null(find(xmlDocGetRootElement(one), "sheet", "n", "2"));
  assert_int_equal(form_data_set(data, "users[7].name", "見本　七郎", NULL), RK_OK);
  g_autoptr(xmlDoc) two = form_instance(form, data, NULL);
  xmlNode *second = find(xmlDocGetRootElement(two), "sheet", "n", "2");
  assert_non_null(second);
  assert_attribute(second, "of", "2");
  assert_non_null(find(second, "field", "id", "users[7].name"));
  assert_non_null(find(second, "field", "id", "users[12].name"));
  assert_null(find(second, "field", "id", "corp_name"));
  assert_null(find(second, "field", "id", "users[6].name"));
  assert_value(two, "users[7].name", "no", "見本　七郎");
}

static void a_signature_stays_blank(void **state) {
  (void)state;
  g_autoptr(Form) form = shipped("forms/fujisawa/fj-3.xml");
  g_autoptr(FormData) data = form_data_new(form);
  assert_int_equal(form_data_set(data, "inst_name", "見本医院", NULL), RK_OK);
  g_autoptr(xmlDoc) doc = form_instance(form, data, NULL);
  assert_value(doc, "pledger_name", "yes", "");
  assert_value(doc, "addressee", "no", "藤沢市医師会　様");
}

static void a_page_begins_where_the_form_says_and_only_on_the_first_sheet(void **state) {
  (void)state;
  g_autoptr(Form) form = shipped("forms/fujisawa/fj-1.xml");
  g_autoptr(FormData) data = form_data_new(form);
  assert_int_equal(form_data_set(data, "linked_offices[7].name", "見本薬局", NULL), RK_OK);
  g_autoptr(xmlDoc) doc = form_instance(form, data, NULL);
  xmlNode *root = xmlDocGetRootElement(doc);
  assert_non_null(find(root, "block", "label", "同意書"));
  assert_non_null(find(root, "block", "break", "page"));
  xmlNode *second = find(root, "sheet", "n", "2");
  assert_null(find(second, "block", "break", "page"));
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(Form) other = load_text(FORM_HEAD "<addressee break='page'>A</addressee><block break='page' size='small'><table id='t' label='T' per-sheet='1'>"
                                    "<column><field id='a' label='A' type='text'/></column></table></block></form>", diags);
  g_autoptr(FormData) rows = form_data_new(other);
  assert_int_equal(form_data_set(rows, "t[2].a", "x", NULL), RK_OK);
  g_autoptr(xmlDoc) two = form_instance(other, rows, NULL);
  assert_non_null(find(find(xmlDocGetRootElement(two), "sheet", "n", "1"), "block", "break", "page"));
  assert_null(find(find(xmlDocGetRootElement(two), "sheet", "n", "2"), "block", "break", "page"));
  assert_non_null(find(find(xmlDocGetRootElement(two), "sheet", "n", "1"), "addressee", "break", "page"));
  assert_null(find(find(xmlDocGetRootElement(two), "sheet", "n", "2"), "addressee", "break", "page"));
  assert_non_null(find(find(xmlDocGetRootElement(two), "sheet", "n", "2"), "block", "size", "small"));
}

static void a_row_has_its_own_label_or_that_of_its_only_field(void **state) {
  (void)state;
  g_autoptr(Form) form = form_with("<row><field id='a' label='A' type='text'/></row>"
                                   "<row label='L'><field id='b' label='B' type='text'/><field id='c' label='C' type='text'/></row>"
                                   "<row><field id='d' label='D' type='text'/><field id='e' label='E' type='text'/></row>");
  g_autoptr(xmlDoc) doc = form_instance(form, NULL, NULL);
  assert_attribute(field(doc, "a")->parent, "label", "A");
  assert_attribute(field(doc, "b")->parent, "label", "L");
  assert_null(xmlHasProp(field(doc, "d")->parent, (const xmlChar *)"label"));
  assert_ptr_equal(field(doc, "d")->parent, field(doc, "e")->parent);
}

static void a_column_with_its_own_head_leaves_the_labels_to_its_cells(void **state) {
  (void)state;
  g_autoptr(Form) form = form_with("<table id='t' label='T' per-sheet='1'><column group='G'><field id='n' label='N' type='text'/></column>"
                                   "<column label='L' group='H'><field id='a' label='A' type='text'/><field id='b' label='B' type='text'/></column></table>");
  g_autoptr(xmlDoc) doc = form_instance(form, NULL, NULL);
  xmlNode *first = find(xmlDocGetRootElement(doc), "column", "group", "G");
  xmlNode *second = find(xmlDocGetRootElement(doc), "column", "group", "H");
  g_autofree char *names = xml_text(first), *own = xml_text(second);
  assert_string_equal(names, "N");
  assert_string_equal(own, "L");
  assert_null(xmlHasProp(field(doc, "t[1].n")->parent, (const xmlChar *)"labels"));
  assert_attribute(field(doc, "t[1].b")->parent, "labels", "yes");
  assert_ptr_equal(field(doc, "t[1].a")->parent, field(doc, "t[1].b")->parent);
}

/* A box with the words it ticks, and office boxes in the rows of a table. */
static void a_box_stands_before_the_words_it_ticks(void **state) {
  (void)state;
  g_autoptr(Form) form = form_with("<field id='a' label='①' type='check' required='yes'>守ります。</field>"
                                   "<table id='t' label='T' per-sheet='2'><column><field id='n' label='N' type='text'/></column>"
                                   "<column><field id='o' label='O' type='office-use'/></column></table>");
  g_autoptr(FormData) data = form_data_new(form);
  g_autoptr(xmlDoc) blank = form_instance(form, NULL, NULL);
  assert_attribute(find(field(blank, "a"), "choice", "value", "yes"), "selected", "no");
  assert_value(blank, "t[2].o", "yes", "");
  assert_int_equal(form_data_check(data, NULL), RK_INVALID);
  assert_int_equal(form_data_set(data, "t[1].o", "済", NULL), RK_INVALID);
  assert_int_equal(form_data_set(data, "a", "yes", NULL), RK_OK);
  assert_int_equal(form_data_check(data, NULL), RK_OK);
  g_autoptr(xmlDoc) ticked = form_instance(form, data, NULL);
  xmlNode *words = find(field(ticked, "a"), "choice", "value", "yes");
  g_autofree char *text = xml_text(words);
  assert_attribute(words, "selected", "yes");
  assert_string_equal(text, "守ります。");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_blank_has_room_for_the_hand),
      cmocka_unit_test(values_stand_as_they_are_printed),
      cmocka_unit_test(dates_are_written_in_the_calendar_of_the_form),
      cmocka_unit_test(the_seventh_person_goes_to_a_second_sheet),
      cmocka_unit_test(a_signature_stays_blank),
      cmocka_unit_test(a_page_begins_where_the_form_says_and_only_on_the_first_sheet),
      cmocka_unit_test(a_row_has_its_own_label_or_that_of_its_only_field),
      cmocka_unit_test(a_column_with_its_own_head_leaves_the_labels_to_its_cells),
      cmocka_unit_test(a_box_stands_before_the_words_it_ticks),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
