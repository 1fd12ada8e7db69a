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
  must_refuse("<fo:block><fo:leader padding='1mm'/></fo:block>", "RN004", 1, 11);
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
  must_refuse("<fo:block-container absolute-position='fixed' top='0pt' left='0pt' width='50%'>"
              "<fo:block/></fo:block-container>",
              "RN010", 1, 1);
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
  must_refuse(SVG("<g><text x='1' y='9'>a</text></g>"), "RN010", 2, 4); /* no family */
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

/* ------------------------------------------------------- the tables of the README */

static gboolean is_inherited(const FoProperty *property) {
  return property->offset < offsetof(FoTraits, own);
}

/* Families of properties are one word in the tables: border-*, and keeps without scope. */
static char *group_of(const FoProperty *property) {
  static const char *const groups[] = {"border", "padding", "margin", "border-separation"};
  guint found = G_N_ELEMENTS(groups);
  for (guint i = 0; i < G_N_ELEMENTS(groups); i++)
    if (g_str_has_prefix(property->name, groups[i]) && strcmp(property->name, "border-collapse"))
      found = i;
  if (found < G_N_ELEMENTS(groups))
    return g_strdup_printf(found == 3 ? "`%s`" : "`%s` `%s-*`", groups[found], groups[found]);
  gsize n = strcspn(property->name, ".");
  return g_strdup_printf("`%.*s`", (int)n, property->name);
}

static void add_once(GString *out, const char *word) {
  if (!strstr(out->str, word))
    g_string_append_printf(out, "%s%s", out->len ? " " : "", word);
}

static char *own_properties(FoElement element) {
  GString *out = g_string_new(NULL);
  for (guint i = 0; i < fo_n_properties; i++) {
    const FoProperty *property = &fo_properties[i];
    g_autofree char *group = group_of(property);
    if (!is_inherited(property) && property->elements != ~G_GUINT64_CONSTANT(0) &&
        property->elements & FO_BIT(element))
      add_once(out, group);
  }
  return g_string_free(out, FALSE);
}

static char *contents(FoElement element) {
  GString *out = g_string_new(fo_element_has_text(element) ? "text" : NULL);
  for (FoElement inner = FO_ROOT; inner < FO_N_ELEMENTS; inner++)
    if (fo_element_content(element) & FO_BIT(inner))
      g_string_append_printf(out, "%s%s%s", out->len ? " " : "", fo_element_name(inner),
                             fo_element_once(inner) ? "¹" : "");
  return g_string_free(out, FALSE);
}

static void append_elements(GString *out) {
  g_string_append(out, "| Element | Holds | Properties of its own |\n|---|---|---|\n");
  for (FoElement element = FO_ROOT; element < FO_N_ELEMENTS; element++) {
    g_autofree char *inside = contents(element), *properties = own_properties(element);
    g_string_append_printf(out, "| `%s` | %s | %s |\n", fo_element_name(element), inside,
                           properties);
  }
}

static void append_length(GString *out, guint arg) {
  g_string_append(out, "length");
  if (arg & FO_NEGATIVE)
    g_string_append(out, ", also negative");
  if (arg & FO_PERCENT)
    g_string_append(out, ", %");
  if (arg & FO_SHARE)
    g_string_append(out, ", `proportional-column-width(n)`");
  if (arg & FO_AUTO)
    g_string_append(out, ", `auto`");
}

static void append_values(GString *out, const FoProperty *property) {
  static const char *const plain[] = {[VALUE_FONT_SIZE] = "length, %",
                                      [VALUE_LINE_HEIGHT] = "number, length, %, `normal`",
                                      [VALUE_INT] = "number from 1",
                                      [VALUE_COLOR] = "colour",
                                      [VALUE_NAME] = "name",
                                      [VALUE_FAMILIES] = "list of families",
                                      [VALUE_BORDER] = "width, style, colour",
                                      [VALUE_BORDER_WIDTH] = "length, `thin` `medium` `thick`",
                                      [VALUE_BORDER_STYLE] = "line style",
                                      [VALUE_BORDER_COLOR] = "colour"};
  if (property->kind == VALUE_LENGTH || property->kind == VALUE_PAIR) {
    append_length(out, property->arg);
  } else if (property->kind == VALUE_SIDES) {
    append_length(out, property->arg);
    g_string_append(out, ", one to four");
  } else if (property->kind == VALUE_WORD) {
    for (guint i = 0; property->words[i]; i++)
      g_string_append_printf(out, "%s`%s`", i ? " " : "", property->words[i]);
  } else {
    g_string_append(out, plain[property->kind]);
  }
}

/* Sides and parts of borders, paddings and margins, and the scope of keeps. */
static gboolean is_refinement(const FoProperty *property) {
  const char *name = property->name;
  return strchr(name, '.') || g_str_has_prefix(name, "padding-") ||
         g_str_has_prefix(name, "margin-") ||
         (g_str_has_prefix(name, "border-") && property->kind != VALUE_WORD &&
          property->kind != VALUE_PAIR);
}

static void append_properties(GString *out, gboolean inherited) {
  g_string_append_printf(out, "| %s | Values |\n|---|---|\n",
                         inherited ? "Inherited property" : "Property");
  for (guint i = 0; i < fo_n_properties; i++)
    if (is_inherited(&fo_properties[i]) == inherited && !is_refinement(&fo_properties[i])) {
      g_string_append_printf(out, "| `%s` | ", fo_properties[i].name);
      append_values(out, &fo_properties[i]);
      g_string_append(out, " |\n");
    }
}

/* RENKEI_UPDATE_GOLDEN=1 writes the tables anew. */
static void the_readme_has_every_element_and_property(void **state) {
  (void)state;
  static const char begin[] = "<!-- the subset, as the program has it -->\n", end[] = "<!-- end -->";
  g_autofree char *path = g_build_filename(data_dir(), "README.md", NULL), *text = NULL;
  g_autoptr(GString) tables = g_string_new(NULL);
  append_elements(tables);
  g_string_append(tables, "\n¹ at most one.\n\n");
  append_properties(tables, FALSE);
  g_string_append_c(tables, '\n');
  append_properties(tables, TRUE);
  assert_true(g_file_get_contents(path, &text, NULL, NULL));
  char *from = strstr(text, begin), *to = from ? strstr(from, end) : NULL;
  assert_non_null(to);
  from += strlen(begin);
  g_autofree char *head = g_strndup(text, (gsize)(from - text));
  g_autofree char *written = g_strndup(from, (gsize)(to - from));
  if (g_getenv("RENKEI_UPDATE_GOLDEN")) {
    g_autofree char *whole = g_strconcat(head, tables->str, to, NULL);
    assert_true(g_file_set_contents(path, whole, -1, NULL));
  } else if (strcmp(written, tables->str)) {
    fail_msg("renderers/README.md differs from the program; RENKEI_UPDATE_GOLDEN=1 writes it");
  }
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
      cmocka_unit_test(the_readme_has_every_element_and_property),
  };
  return cmocka_run_group_tests_name("render-subset", tests, NULL, NULL);
}
