/* SPDX-License-Identifier: Apache-2.0 */
/* The gate: what is outside the XSL-FO subset is refused by name and place. */
#include "render-support.h"

#include "fo/value.h"

static void an_unknown_element_is_refused_at_its_place(void **state) {
  (void)state;
  must_refuse("<fo:block>a</fo:block>\n  <fo:list-block/>", "RN002", 2, 3);
  must_refuse("<fo:block>a<fo:footnote/></fo:block>", "RN002", 1, 12);
}

static void an_element_of_another_namespace_is_refused(void **state) {
  (void)state;
  must_refuse("<block/>", "RN002", 1, 1);
}

static void an_unknown_property_is_named(void **state) {
  (void)state;
  Laid laid = lay("<fo:block\n float='left'>a</fo:block>", FALSE);
  const RkDiag *diag = must_report(laid.diags, "RN004");
  assert_string_equal(diag->message,
                      "<block>: property 'float' is outside the supported XSL-FO subset");
  assert_int_equal(diag->line, FO_FLOW_LINE + 1);
  assert_int_equal(diag->column, 1);
  laid_clear(&laid);
}

static void a_property_on_the_wrong_element_is_refused(void **state) {
  (void)state;
  must_refuse("<fo:block extent='3mm'>a</fo:block>", "RN004", 1, 1);
  must_refuse("<fo:block><fo:inline padding='1mm'>a</fo:inline></fo:block>", "RN004", 1, 11);
}

static void an_impossible_value_is_refused(void **state) {
  (void)state;
  static const char *const flows[] = {
      "<fo:block font-size='big'/>",        "<fo:block color='#12345'/>",
      "<fo:block font-size='1e3pt'/>",      "<fo:block text-align='left'/>",
      "<fo:block space-before='-1mm'/>",    "<fo:block padding='1mm 1mm 1mm 1mm 1mm'/>",
      "<fo:block border='1pt groove'/>",    "<fo:block font-style='italic'/>",
      "<fo:block start-indent='10%'/>",     "<fo:block orphans='0'/>",
      "<fo:block line-height='0'/>",        "<fo:block font-family=\"'A',,'B'\"/>",
      "<fo:block break-before='column'/>",  "<fo:block space-before='0x10pt'/>",
  };
  for (guint i = 0; i < G_N_ELEMENTS(flows); i++)
    must_refuse(flows[i], "RN006", 1, 1);
}

static void all_faults_are_told_at_once(void **state) {
  (void)state;
  Laid laid = lay("<fo:block float='left' clear='both' font-size='x'>a</fo:block><fo:float/>"
                  "<fo:block><fo:block-container/></fo:block>",
                  FALSE);
  assert_int_equal(laid.status, RK_INVALID);
  /* float, clear, font-size, <float>; the container lacks four properties and a block */
  assert_int_equal(rk_diags_count(laid.diags), 9);
  laid_clear(&laid);
}

static void lenient_reading_warns_and_goes_on(void **state) {
  (void)state;
  need_fonts();
  Laid laid = lay("<fo:block float='left' font-size='x'>a</fo:block><fo:float/>", TRUE);
  must_be_good(&laid);
  assert_int_equal(rk_diags_count(laid.diags), 3);
  assert_int_equal(must_report(laid.diags, "RN005")->level, RK_LEVEL_WARNING);
  must_report(laid.diags, "RN003");
  must_report(laid.diags, "RN007");
  must_hold(&laid, 0, "a|");
  laid_clear(&laid);
}

static void elements_stand_only_where_they_may(void **state) {
  (void)state;
  must_refuse("<fo:table-row/>", "RN008", 1, 1);
  must_refuse("<fo:block><fo:inline><fo:block>a</fo:block></fo:inline></fo:block>", "RN008", 1, 22);
}

static void elements_stand_in_the_order_of_the_recommendation(void **state) {
  (void)state;
  must_refuse(TABLE_2 "<fo:table-body><fo:table-row><fo:table-cell><fo:block/></fo:table-cell>"
              "</fo:table-row></fo:table-body>\n<fo:table-header><fo:table-row><fo:table-cell>"
              "<fo:block/></fo:table-cell></fo:table-row></fo:table-header></fo:table>",
              "RN015", 2, 1);
  must_refuse("<fo:block/></fo:flow>\n<fo:static-content flow-name='a'><fo:block/>"
              "</fo:static-content>\n<fo:flow flow-name='b'><fo:block/>",
              "RN015", 2, 1);
}

static void what_stands_once_is_refused_the_second_time(void **state) {
  (void)state;
  must_refuse("<fo:block/></fo:flow>\n<fo:flow flow-name='b'><fo:block/>", "RN016", 2, 1);
}

static void what_must_hold_something_is_not_empty(void **state) {
  (void)state;
  must_refuse(TABLE_2 "<fo:table-body>\n<fo:table-row/></fo:table-body></fo:table>", "RN010", 2, 1);
  must_refuse(TABLE_2 "<fo:table-body><fo:table-row>\n<fo:table-cell/></fo:table-row>"
              "</fo:table-body></fo:table>",
              "RN010", 2, 1);
  must_refuse(TABLE_2 "\n<fo:table-footer/><fo:table-body/></fo:table>", "RN010", 2, 1);
  must_refuse("<fo:block/></fo:flow></fo:page-sequence><fo:page-sequence id='t' "
              "master-reference='m' force-page-count='no-force'>\n<fo:flow flow-name='b'>",
              "RN010", 2, 1);
}

static void a_row_of_a_separate_table_has_no_border(void **state) {
  (void)state;
  must_refuse("<fo:table table-layout='fixed' border-collapse='separate'>"
              "<fo:table-column column-width='100%'/><fo:table-body>\n"
              "<fo:table-row border='1pt solid black'><fo:table-cell><fo:block/></fo:table-cell>"
              "</fo:table-row></fo:table-body></fo:table>",
              "RN004", 2, 1);
}

static void text_outside_a_block_is_refused(void **state) {
  (void)state;
  must_refuse("stray<fo:block/>", "RN011", 0, 1);
}

static void what_has_no_default_must_be_written(void **state) {
  (void)state;
  must_refuse("<fo:table><fo:table-body/></fo:table>", "RN010", 1, 1);
  must_refuse("<fo:block-container absolute-position='fixed' top='0pt' left='0pt'/>", "RN010", 1, 1);
  must_refuse("<fo:block><fo:instream-foreign-object/></fo:block>", "RN010", 1, 11);
  must_refuse("<fo:block><fo:page-number-citation-last/></fo:block>", "RN010", 1, 11);
}

static void a_document_of_another_kind_is_refused(void **state) {
  (void)state;
  g_autoptr(xmlDoc) doc = parse_text("<html/>");
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(GBytes) out = NULL;
  RenderOptions all = options();
  assert_int_equal(renkei_print_ops.render_fo(&out, doc, RENDER_PDF, &all, diags), RK_INVALID);
  assert_null(out);
  must_report(diags, "RN001");
}

static void only_fit_shrink_on_a_block_is_an_extension(void **state) {
  (void)state;
  must_refuse("<fo:block k:fit='grow'>a</fo:block>", "RN004", 1, 1);
  must_refuse("<fo:block k:fold='shrink'>a</fo:block>", "RN004", 1, 1);
  must_refuse("<fo:block><fo:inline k:fit='shrink'>a</fo:inline></fo:block>", "RN004", 1, 11);
}

static void attributes_of_other_namespaces_pass(void **state) {
  (void)state;
  need_fonts();
  Laid laid = lay("<fo:block xmlns:x='urn:x' x:y='z' xml:lang='ja'>a</fo:block>", FALSE);
  must_be_good(&laid);
  assert_int_equal(rk_diags_count(laid.diags), 0);
  laid_clear(&laid);
}

#define SVG(content)                                                                             \
  "<fo:block><fo:instream-foreign-object>"                                                        \
  "<svg xmlns='http://www.w3.org/2000/svg' width='9mm' height='9mm'>\n" content                   \
  "</svg></fo:instream-foreign-object></fo:block>"

static void svg_outside_its_subset_is_refused(void **state) {
  (void)state;
  must_refuse(SVG("<image/>"), "RN040", 2, 1);
  must_refuse(SVG("<g><circle r='2' style='fill:red'/></g>"), "RN040", 2, 4);
}

#define QR(attributes)                                                                            \
  "<fo:block><fo:instream-foreign-object>\n<k:qr " attributes                                     \
  "/></fo:instream-foreign-object></fo:block>"

static void a_code_has_a_text_and_nothing_else(void **state) {
  (void)state;
  must_refuse(QR(""), "RN010", 2, 1);
  must_refuse(QR("text=''"), "RN010", 2, 1);
  must_refuse(QR("text='a' level='L'"), "RN004", 2, 1);
  must_refuse("<fo:block><k:qr text='a'/></fo:block>", "RN002", 1, 11);
}

static void a_code_too_fine_for_a_fax_is_refused(void **state) {
  (void)state;
  need_fonts();
  must_refuse("<fo:block>\n<fo:instream-foreign-object content-width='10mm'><k:qr text='a'/>"
              "</fo:instream-foreign-object></fo:block>",
              "RN042", 2, 1);
}

static void lengths_are_read_in_every_unit(void **state) {
  (void)state;
  static const struct {
    const char *text;
    double value;
    FoLengthUnit unit;
  } cases[] = {{"12pt", 12, LENGTH_POINTS},   {"25.4mm", 72, LENGTH_POINTS},
               {"2.54cm", 72, LENGTH_POINTS}, {"1.5em", 15, LENGTH_POINTS},
               {"50%", 50, LENGTH_PERCENT},   {"1.4", 1.4, LENGTH_FACTOR},
               {"0", 0, LENGTH_POINTS},       {"proportional-column-width(2)", 2, LENGTH_FACTOR},
               {"-.5mm", -0.5 * 72 / 25.4, LENGTH_POINTS}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    FoLength length;
    assert_true(value_length(&length, cases[i].text, 10));
    assert_int_equal(length.unit, cases[i].unit);
    assert_float_equal(length.value, cases[i].value, 1e-9);
  }
}

static void what_is_no_length_is_refused(void **state) {
  (void)state;
  static const char *const texts[] = {"",      "pt",     "1 pt",  "1px",   "nan", "inf",
                                      "1e2pt", "0x1pt",  "--1pt", "1.2.3", "999999pt",
                                      "proportional-column-width(0)",
                                      "proportional-column-width(1"};
  FoLength length;
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    if (value_length(&length, texts[i], 10))
      fail_msg("'%s' was taken", texts[i]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_unknown_element_is_refused_at_its_place),
      cmocka_unit_test(an_element_of_another_namespace_is_refused),
      cmocka_unit_test(an_unknown_property_is_named),
      cmocka_unit_test(a_property_on_the_wrong_element_is_refused),
      cmocka_unit_test(an_impossible_value_is_refused),
      cmocka_unit_test(all_faults_are_told_at_once),
      cmocka_unit_test(lenient_reading_warns_and_goes_on),
      cmocka_unit_test(elements_stand_only_where_they_may),
      cmocka_unit_test(elements_stand_in_the_order_of_the_recommendation),
      cmocka_unit_test(what_stands_once_is_refused_the_second_time),
      cmocka_unit_test(what_must_hold_something_is_not_empty),
      cmocka_unit_test(a_row_of_a_separate_table_has_no_border),
      cmocka_unit_test(text_outside_a_block_is_refused),
      cmocka_unit_test(what_has_no_default_must_be_written),
      cmocka_unit_test(a_document_of_another_kind_is_refused),
      cmocka_unit_test(only_fit_shrink_on_a_block_is_an_extension),
      cmocka_unit_test(attributes_of_other_namespaces_pass),
      cmocka_unit_test(svg_outside_its_subset_is_refused),
      cmocka_unit_test(a_code_has_a_text_and_nothing_else),
      cmocka_unit_test(a_code_too_fine_for_a_fax_is_refused),
      cmocka_unit_test(lengths_are_read_in_every_unit),
      cmocka_unit_test(what_is_no_length_is_refused),
  };
  return cmocka_run_group_tests_name("render-subset", tests, NULL, NULL);
}
