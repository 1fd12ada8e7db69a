/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks, tables and page breaks. */
#include "render-support.h"

static char *repeat(const char *format, int from, int to) {
  GString *text = g_string_new(NULL);
  for (int i = from; i <= to; i++) {
    g_auto(GStrv) parts = g_strsplit(format, "#", -1);
    g_autofree char *number = g_strdup_printf("%d", i);
    g_autofree char *one = g_strjoinv(number, parts);
    g_string_append(text, one);
  }
  return g_string_free(text, FALSE);
}

#define CELL(attributes, text)                                                                    \
  "<fo:table-cell " attributes "><fo:block>" text "</fo:block></fo:table-cell>"
#define ROW(content) "<fo:table-row>" content "</fo:table-row>"

static const FoTable *first_table(const Laid *laid) {
  const FoBox *box = nth_box(pages_get(laid->pages, 0)->body, 0);
  assert_int_equal(box->kind, BOX_TABLE);
  return box->table;
}

static double row_height(const FoTable *table, guint row) {
  return g_array_index(table->rows, FoRow, row).height;
}

/* ------------------------------------------------------------------- tables */

static void a_spanning_cell_gives_its_lack_to_its_last_row(void **state) {
  (void)state;
  need_fonts();
  Laid laid = lay(TABLE_2 "<fo:table-body>" ROW(
                      "<fo:table-cell number-rows-spanned='2'><fo:block "
                      "linefeed-treatment='preserve'>1\n2\n3\n4\n5</fo:block></fo:table-cell>" CELL(
                          "", "a")) ROW(CELL("", "b")) "</fo:table-body></fo:table>",
                  FALSE);
  must_be_good(&laid);
  const FoTable *table = first_table(&laid);
  assert_float_equal(row_height(table, 0), 12, 1e-6);
  assert_float_equal(row_height(table, 1), 48, 1e-6);
  const FoCell *b = g_ptr_array_index(table->cells, 2);
  assert_int_equal(b->row, 1);
  assert_int_equal(b->column, 1);
  laid_clear(&laid);
}

static void a_column_span_is_as_wide_as_its_columns(void **state) {
  (void)state;
  need_fonts();
  Laid laid = lay(TABLE_2 "<fo:table-body>" ROW(
                      CELL("number-columns-spanned='2' padding='1mm' border='1pt solid black'",
                           "a")) "</fo:table-body></fo:table>",
                  FALSE);
  must_be_good(&laid);
  const FoCell *cell = g_ptr_array_index(first_table(&laid)->cells, 0);
  /* 80 mm less two paddings of 1 mm and two border halves of 0.5 pt */
  assert_float_equal(cell->content->width, 78 / 25.4 * 72 - 1, 0.01);
  laid_clear(&laid);
}

static void proportional_columns_share_what_lengths_leave(void **state) {
  (void)state;
  need_fonts();
  Laid laid = lay("<fo:table table-layout='fixed' border-collapse='collapse' width='100%'>"
                  "<fo:table-column column-width='20mm'/>"
                  "<fo:table-column column-width='proportional-column-width(1)'/>"
                  "<fo:table-column column-width='proportional-column-width(2)'/>"
                  "<fo:table-body>" ROW(CELL("", "a")) "</fo:table-body></fo:table>",
                  FALSE);
  must_be_good(&laid);
  const double *edges = first_table(&laid)->edges;
  assert_float_equal(edges[1], 20 / 25.4 * 72, 0.01);
  assert_float_equal(edges[2], 40 / 25.4 * 72, 0.01);
  assert_float_equal(edges[3], 80 / 25.4 * 72, 0.01);
  laid_clear(&laid);
}

static void column_widths_must_sum_to_the_table(void **state) {
  (void)state;
  need_fonts();
  must_refuse("<fo:table table-layout='fixed' border-collapse='collapse' width='80mm'>"
              "<fo:table-column column-width='30mm'/><fo:table-body>" ROW(CELL("", "a"))
              "</fo:table-body></fo:table>",
              "RN020", 1, 1);
}

static void cells_that_leave_the_grid_are_refused(void **state) {
  (void)state;
  need_fonts();
  must_refuse(TABLE_2 "<fo:table-body>\n" ROW(CELL("", "a") CELL("", "b") "\n" CELL("", "c"))
              "</fo:table-body></fo:table>",
              "RN021", 3, 1);
  must_refuse(TABLE_2 "<fo:table-body>\n" ROW("\n" CELL("number-columns-spanned='3'", "a"))
              "</fo:table-body></fo:table>",
              "RN021", 3, 1);
  must_refuse(TABLE_2 "<fo:table-body>\n" ROW("\n" CELL("number-rows-spanned='2'", "a"))
              "</fo:table-body></fo:table>",
              "RN021", 3, 1);
  must_refuse(TABLE_2 "<fo:table-body>" ROW(CELL("", "a") CELL("number-rows-spanned='2'", "b"))
              ROW("\n" CELL("number-columns-spanned='2'", "c")) "</fo:table-body></fo:table>",
              "RN021", 2, 1);
}

static void a_header_is_repeated_on_every_page(void **state) {
  (void)state;
  need_fonts();
  g_autofree char *rows = repeat(ROW(CELL("", "#")), 1, 40);
  g_autofree char *flow = g_strconcat(TABLE_2 "<fo:table-header>" ROW(CELL("", "H"))
                                      "</fo:table-header><fo:table-body>",
                                      rows, "</fo:table-body></fo:table>", NULL);
  Laid laid = lay(flow, FALSE);
  must_be_good(&laid);
  assert_int_equal(pages_count(laid.pages), 3);
  g_autofree char *second = repeat("#|", 18, 34), *all = g_strconcat("H|", second, NULL);
  must_hold(&laid, 1, all);
  must_hold(&laid, 2, "H|35|36|37|38|39|40|");
  laid_clear(&laid);
}

#define SPARE(content) "<fo:table-row k:spare='yes'>" content "</fo:table-row>"

/* A page has 18 lines: the header, and 17 rows. */
static void rows_that_are_spare_begin_no_page(void **state) {
  (void)state;
  need_fonts();
  g_autofree char *rows = repeat(ROW(CELL("", "#")), 1, 15);
  g_autofree char *spare = repeat(SPARE(CELL("", "#")), 16, 20);
  static const struct {
    const char *last, *after;
    guint pages;
    const char *second;
  } all[] = {{"", "", 1, NULL},
             {"", "<fo:block>after</fo:block>", 2, "after|"},
             {ROW(CELL("", "21")), "", 2, "H|18|19|20|21|"}};
  for (guint i = 0; i < G_N_ELEMENTS(all); i++) {
    g_autofree char *flow = g_strconcat(
        "<fo:block>" TABLE_2 "<fo:table-header>" ROW(CELL("", "H")) "</fo:table-header><fo:table-body>", rows,
        spare, all[i].last, "</fo:table-body></fo:table>", all[i].after, "</fo:block>", NULL);
    Laid laid = lay(flow, FALSE);
    must_be_good(&laid);
    assert_int_equal(pages_count(laid.pages), all[i].pages);
    g_autofree char *shown = repeat("#|", 1, 17), *first = g_strconcat("H|", shown, NULL);
    must_hold(&laid, 0, first);
    if (all[i].second)
      must_hold(&laid, 1, all[i].second);
    laid_clear(&laid);
  }
}

/* What was left out is there again when the table goes to the next page as a whole. */
static void spare_rows_are_not_lost_where_their_table_moves_on(void **state) {
  (void)state;
  need_fonts();
  g_autofree char *before = repeat("<fo:block>#</fo:block>", 1, 14);
  g_autofree char *spare = repeat(SPARE(CELL("", "#")), 2, 5);
  g_autofree char *flow = g_strconcat(
      before, "<fo:block>" TABLE_2 "<fo:table-body>" ROW(CELL("", "1")), spare,
      "</fo:table-body></fo:table><fo:block keep-with-previous='always'>note</fo:block></fo:block>", NULL);
  Laid laid = lay(flow, FALSE);
  must_be_good(&laid);
  assert_int_equal(pages_count(laid.pages), 2);
  must_hold(&laid, 1, "1|2|3|4|5|note|");
  const FoBox *block = nth_box(pages_get(laid.pages, 1)->body, 0);
  while (block->children->len == 1)
    block = box_child(block, 0);
  assert_int_equal(box_child(block, 0)->kind, BOX_TABLE);
  assert_float_equal(box_child(block, 1)->y, box_child(block, 0)->height, 0.01);
  laid_clear(&laid);
}

static void a_footer_is_repeated_on_every_page(void **state) {
  (void)state;
  need_fonts();
  g_autofree char *rows = repeat(ROW(CELL("", "#")), 1, 40);
  g_autofree char *flow = g_strconcat(TABLE_2 "<fo:table-header>" ROW(CELL("", "H"))
                                      "</fo:table-header><fo:table-footer>" ROW(CELL("", "F"))
                                      "</fo:table-footer><fo:table-body>",
                                      rows, "</fo:table-body></fo:table>", NULL);
  Laid laid = lay(flow, FALSE);
  must_be_good(&laid);
  assert_int_equal(pages_count(laid.pages), 3);
  g_autofree char *first = repeat("#|", 1, 16), *all = g_strconcat("H|", first, "F|", NULL);
  must_hold(&laid, 0, all);
  must_hold(&laid, 2, "H|33|34|35|36|37|38|39|40|F|");
  assert_float_equal(nth_box(pages_get(laid.pages, 2)->body, 0)->height, 120, 1e-6);
  laid_clear(&laid);
}

static void the_height_of_a_row_is_that_of_its_content(void **state) {
  (void)state;
  need_fonts();
  Laid laid = lay(TABLE_2 "<fo:table-body><fo:table-row height='40pt'>" CELL(
                      "padding='4pt' border='1pt solid black'", "a") CELL("", "b")
                  "</fo:table-row></fo:table-body></fo:table>",
                  FALSE);
  must_be_good(&laid);
  assert_float_equal(row_height(first_table(&laid), 0), 49, 1e-6);
  laid_clear(&laid);
}

static void the_wider_of_two_borders_takes_room_from_both_cells(void **state) {
  (void)state;
  need_fonts();
  Laid laid = lay(TABLE_2 "<fo:table-body>" ROW(CELL("border='4pt solid black'", "a")
                                                    CELL("border='1pt solid black'", "b"))
                  "</fo:table-body></fo:table>",
                  FALSE);
  must_be_good(&laid);
  const FoCell *b = g_ptr_array_index(first_table(&laid)->cells, 1);
  assert_float_equal(b->inset[SIDE_LEFT], 2, 1e-6);
  assert_float_equal(b->inset[SIDE_RIGHT], 0.5, 1e-6);
  laid_clear(&laid);
}

#define SEPARATE(more)                                                                            \
  "<fo:table table-layout='fixed' border-collapse='separate' width='80mm' " more ">"              \
  "<fo:table-column column-width='40mm' number-columns-repeated='2'/><fo:table-body>" ROW(        \
      CELL("border='1pt solid black' padding='2pt'", "a") CELL("", "b"))                          \
      ROW(CELL("number-columns-spanned='2'", "c")) "</fo:table-body></fo:table>"

static void separate_cells_have_gaps_between_them(void **state) {
  (void)state;
  need_fonts();
  Laid laid = lay(SEPARATE("border='3pt solid black' border-separation='6pt'"), FALSE);
  must_be_good(&laid);
  const FoTable *table = first_table(&laid);
  const FoCell *a = g_ptr_array_index(table->cells, 0), *c = g_ptr_array_index(table->cells, 2);
  assert_float_equal(a->inset[SIDE_LEFT], 3 + 1 + 2, 1e-6);
  assert_float_equal(c->inset[SIDE_TOP], 3, 1e-6);
  assert_float_equal(c->content->width, 80 / 25.4 * 72 - 6, 0.01);
  assert_float_equal(row_height(table, 0), 12 + 6 + 6, 1e-6);
  assert_float_equal(row_height(table, 1), 12 + 6, 1e-6);
  const FoBox *box = nth_box(pages_get(laid.pages, 0)->body, 0);
  assert_float_equal(box->height, 3 + 24 + 18 + 3, 1e-6);
  laid_clear(&laid);
  laid = lay(SEPARATE("border-separation.inline-progression-direction='2pt' "
                      "border-separation.block-progression-direction='8pt'"),
             FALSE);
  must_be_good(&laid);
  c = g_ptr_array_index(first_table(&laid)->cells, 2);
  assert_float_equal(c->inset[SIDE_LEFT], 1, 1e-6);
  assert_float_equal(c->inset[SIDE_TOP], 4, 1e-6);
  laid_clear(&laid);
}

static void a_row_span_is_never_divided(void **state) {
  (void)state;
  need_fonts();
  g_autofree char *rows = repeat(
      ROW(CELL("number-rows-spanned='4'", "#") CELL("", "a")) ROW(CELL("", "b"))
          ROW(CELL("", "c")) ROW(CELL("", "d")),
      1, 5);
  g_autofree char *flow =
      g_strconcat(TABLE_2 "<fo:table-body>", rows, "</fo:table-body></fo:table>", NULL);
  Laid laid = lay(flow, FALSE);
  must_be_good(&laid);
  assert_int_equal(pages_count(laid.pages), 2);
  must_hold(&laid, 1, "5|a|b|c|d|"); /* 18 rows fit, 16 stay */
  laid_clear(&laid);
}

static void a_row_higher_than_a_page_is_an_error_that_names_it(void **state) {
  (void)state;
  need_fonts();
  must_refuse(TABLE_2 "<fo:table-body>\n<fo:table-row height='81mm' id='tall'>" CELL("", "a")
              "</fo:table-row></fo:table-body></fo:table>",
              "RN025", 2, 1);
}

/* ------------------------------------------------------------------- breaks */

static void a_kept_section_moves_whole(void **state) {
  (void)state;
  need_fonts();
  g_autofree char *bodies = repeat("<fo:table-body keep-together.within-page='always'>" ROW(
                                       CELL("", "#")) ROW(CELL("", "a")) ROW(CELL("", "b"))
                                       ROW(CELL("", "c")) "</fo:table-body>",
                                   1, 5);
  g_autofree char *flow = g_strconcat(TABLE_2, bodies, "</fo:table>", NULL);
  Laid laid = lay(flow, FALSE);
  must_be_good(&laid);
  must_hold(&laid, 1, "5|a|b|c|");
  laid_clear(&laid);
}

static void lines_break_with_orphans_and_widows(void **state) {
  (void)state;
  need_fonts();
  g_autofree char *lines = repeat("#\n", 1, 18);
  g_autofree char *flow =
      g_strconcat("<fo:block linefeed-treatment='preserve'>", lines, "19</fo:block>", NULL);
  Laid laid = lay(flow, FALSE);
  must_be_good(&laid);
  must_hold(&laid, 1, "18|19|"); /* 18 would fit, but one line would be alone */
  laid_clear(&laid);
}

static void a_lone_first_line_moves_to_the_next_page(void **state) {
  (void)state;
  need_fonts();
  g_autofree char *blocks = repeat("<fo:block>#</fo:block>", 1, 17);
  g_autofree char *flow = g_strconcat(
      blocks, "<fo:block linefeed-treatment='preserve'>a\nb\nc\nd</fo:block>", NULL);
  Laid laid = lay(flow, FALSE);
  must_be_good(&laid);
  must_hold(&laid, 1, "a|b|c|d|");
  laid_clear(&laid);
}

static void a_heading_stays_with_what_follows(void **state) {
  (void)state;
  need_fonts();
  g_autofree char *blocks = repeat("<fo:block>#</fo:block>", 1, 17);
  g_autofree char *flow =
      g_strconcat(blocks, "<fo:block keep-with-next.within-page='always'>H</fo:block>",
                  "<fo:block>a</fo:block>", NULL);
  Laid laid = lay(flow, FALSE);
  must_be_good(&laid);
  must_hold(&laid, 1, "H|a|");
  laid_clear(&laid);
  g_autofree char *loose = g_strconcat(blocks, "<fo:block>H</fo:block><fo:block>a</fo:block>", NULL);
  laid = lay(loose, FALSE);
  must_hold(&laid, 1, "a|");
  laid_clear(&laid);
}

static void what_keeps_with_the_previous_takes_it_along(void **state) {
  (void)state;
  need_fonts();
  g_autofree char *blocks = repeat("<fo:block>#</fo:block>", 1, 18);
  g_autofree char *flow = g_strconcat(
      blocks, "<fo:block><fo:block keep-with-previous='always'>a</fo:block></fo:block>", NULL);
  Laid laid = lay(flow, FALSE);
  must_be_good(&laid);
  must_hold(&laid, 1, "18|a|");
  laid_clear(&laid);
  g_autofree char *rows = repeat(ROW(CELL("", "#")), 1, 18);
  g_autofree char *table =
      g_strconcat(TABLE_2 "<fo:table-body>", rows,
                  "<fo:table-row keep-with-previous.within-page='always'>" CELL("", "a")
                  "</fo:table-row></fo:table-body></fo:table>",
                  NULL);
  laid = lay(table, FALSE);
  must_be_good(&laid);
  must_hold(&laid, 1, "18|a|");
  laid_clear(&laid);
}

static void a_keep_inside_a_block_reaches_beyond_it(void **state) {
  (void)state;
  need_fonts();
  g_autofree char *blocks = repeat("<fo:block>#</fo:block>", 1, 17);
  g_autofree char *flow = g_strconcat(
      blocks, "<fo:block><fo:block keep-with-next='always'>H</fo:block></fo:block>",
      TABLE_2 "<fo:table-body>" ROW(CELL("", "a")) "</fo:table-body></fo:table>", NULL);
  Laid laid = lay(flow, FALSE);
  must_be_good(&laid);
  must_hold(&laid, 1, "H|a|");
  laid_clear(&laid);
}

static void a_kept_block_moves_whole(void **state) {
  (void)state;
  need_fonts();
  g_autofree char *blocks = repeat("<fo:block>#</fo:block>", 1, 15);
  g_autofree char *flow =
      g_strconcat(blocks, "<fo:block keep-together='always'><fo:block>a</fo:block>",
                  "<fo:block>b</fo:block><fo:block>c</fo:block><fo:block>d</fo:block></fo:block>",
                  NULL);
  Laid laid = lay(flow, FALSE);
  must_be_good(&laid);
  must_hold(&laid, 1, "a|b|c|d|");
  laid_clear(&laid);
}

static void a_kept_block_longer_than_a_page_is_divided_after_all(void **state) {
  (void)state;
  need_fonts();
  g_autofree char *blocks = repeat("<fo:block>#</fo:block>", 1, 20);
  g_autofree char *flow =
      g_strconcat("<fo:block keep-together='always'>", blocks, "</fo:block>", NULL);
  Laid laid = lay(flow, FALSE);
  must_be_good(&laid);
  must_hold(&laid, 1, "19|20|");
  laid_clear(&laid);
}

static void break_before_starts_a_page_and_no_empty_one(void **state) {
  (void)state;
  need_fonts();
  Laid laid = lay("<fo:block break-before='page'>a</fo:block><fo:block>"
                  "<fo:block break-before='page'>b</fo:block></fo:block>",
                  FALSE);
  must_be_good(&laid);
  assert_int_equal(pages_count(laid.pages), 2);
  must_hold(&laid, 0, "a|");
  must_hold(&laid, 1, "b|");
  laid_clear(&laid);
}

/* ------------------------------------------------------------------- blocks */

static void of_two_spaces_the_larger_counts(void **state) {
  (void)state;
  need_fonts();
  Laid laid = lay("<fo:block space-before='50pt' space-after='10pt'>a</fo:block>"
                  "<fo:block space-before='6pt'>b</fo:block>",
                  FALSE);
  must_be_good(&laid);
  const FoBox *body = pages_get(laid.pages, 0)->body;
  assert_float_equal(nth_box(body, 0)->y, 0, 1e-6); /* none at the head of a page */
  assert_float_equal(nth_box(body, 1)->y, 22, 1e-6);
  laid_clear(&laid);
}

static void a_margin_moves_the_border_and_an_indent_does_not(void **state) {
  (void)state;
  need_fonts();
  Laid laid = lay("<fo:block margin-left='0pt' padding='3pt' border='1pt solid black'>a</fo:block>"
                  "<fo:block padding='3pt' border='1pt solid black'>b</fo:block>",
                  FALSE);
  must_be_good(&laid);
  const FoBox *body = pages_get(laid.pages, 0)->body;
  assert_float_equal(nth_box(body, 0)->x, 4, 1e-6);
  assert_float_equal(nth_box(body, 1)->x, 0, 1e-6);
  assert_float_equal(nth_box(body, 0)->height, 20, 1e-6);
  laid_clear(&laid);
}

static void content_higher_than_its_container_is_refused(void **state) {
  (void)state;
  need_fonts();
#define CONTAINER(more)                                                                           \
  "<fo:block-container absolute-position='fixed' top='1mm' left='1mm' width='20mm' "              \
  "height='10pt' " more "><fo:block>a</fo:block></fo:block-container>"
  must_refuse(CONTAINER("overflow='error-if-overflow'"), "RN022", 1, 1);
  must_refuse("<fo:block-container absolute-position='fixed' top='1mm' left='1mm' width='20mm' "
              "height='11pt'>\n<fo:block k:fit='shrink' line-height='1.2' font-size='8pt'>"
              "一二三四五六七八九十一二三四五六七八九十</fo:block></fo:block-container>",
              "RN024", 2, 1);
  Laid laid = lay(CONTAINER("overflow='visible'"), FALSE);
  must_be_good(&laid);
  laid_clear(&laid);
}

static void a_container_shrinks_what_may_shrink(void **state) {
  (void)state;
  need_fonts();
  Laid laid = lay("<fo:block-container absolute-position='fixed' top='1mm' left='1mm' "
                  "width='100pt' height='20pt'><fo:block k:fit='shrink' line-height='1.0'>"
                  "一二三四五六七八九十一二</fo:block></fo:block-container>",
                  FALSE);
  must_be_good(&laid); /* two lines of 10 pt */
  laid_clear(&laid);
  laid = lay("<fo:block-container absolute-position='fixed' top='1mm' left='1mm' "
             "width='100pt' height='18pt'><fo:block k:fit='shrink' line-height='1.0'>"
             "一二三四五六七八九十一二</fo:block></fo:block-container>",
             FALSE);
  must_be_good(&laid); /* of 9 pt */
  const FoBox *fixed = nth_box(pages_get(laid.pages, 0)->body, 0);
  const FoBox *text = first_text(fixed);
  assert_float_equal(text->height, 18, 1e-6);
  laid_clear(&laid);
}

static void what_is_wider_than_its_place_is_refused(void **state) {
  (void)state;
  need_fonts();
  must_refuse("<fo:table table-layout='fixed' border-collapse='collapse' width='90mm'>"
              "<fo:table-column column-width='90mm'/><fo:table-body>" ROW(CELL("", "a"))
              "</fo:table-body></fo:table>",
              "RN022", 1, 1);
  must_refuse("<fo:block-container absolute-position='fixed' top='1mm' left='81mm' width='20mm'>"
              "<fo:block/></fo:block-container>",
              "RN026", 1, 1);
  must_refuse("<fo:block-container absolute-position='fixed' bottom='-1mm' left='1mm' "
              "width='20mm'><fo:block/></fo:block-container>",
              "RN006", 1, 1);
  must_refuse("<fo:block-container absolute-position='fixed' bottom='95mm' left='1mm' "
              "width='20mm'><fo:block line-height='6mm'>a</fo:block></fo:block-container>",
              "RN026", 1, 1);
}

static void later_pages_use_the_other_master(void **state) {
  (void)state;
  need_fonts();
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(xmlDoc) doc = NULL;
  g_autoptr(FoPages) pages = NULL;
  g_autofree char *path =
      g_build_filename(g_getenv("RENKEI_SRCDIR"), "tests", "render", "form.fo", NULL);
  assert_int_equal(xml_read_file(&doc, path, XML_LIMIT_DEFINITION, diags), RK_OK);
  FoOptions here = {data_dir(), FALSE, FALSE};
  assert_int_equal(pages_new(&pages, doc, &here, diags), RK_OK);
  assert_int_equal(pages_count(pages), 2);
  assert_string_equal(pages_get(pages, 0)->master->traits.own.master_name, "first");
  assert_string_equal(pages_get(pages, 1)->master->traits.own.master_name, "rest");
  assert_int_equal(pages_last_number(pages, "form-1"), 2);
  assert_string_equal(pages_title(pages), "利用登録依頼書");
}

static void a_missing_master_is_named(void **state) {
  (void)state;
  need_fonts();
  g_autofree char *text = g_strconcat(FO_HEAD "<fo:block>a</fo:block>" FO_TAIL, NULL);
  char *name = strstr(text, "master-reference='m'");
  name[strlen("master-reference='")] = 'x';
  g_autoptr(xmlDoc) doc = parse_text(text);
  g_autoptr(RkDiags) diags = rk_diags_new();
  RenderOptions all = options();
  int count = 7;
  assert_int_equal(renkei_print_ops.count_pages(&count, doc, &all, diags), RK_INVALID);
  assert_int_equal(count, 0);
  assert_non_null(strstr(must_report(diags, "RN012")->message, "'x'"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_spanning_cell_gives_its_lack_to_its_last_row),
      cmocka_unit_test(a_column_span_is_as_wide_as_its_columns),
      cmocka_unit_test(proportional_columns_share_what_lengths_leave),
      cmocka_unit_test(column_widths_must_sum_to_the_table),
      cmocka_unit_test(cells_that_leave_the_grid_are_refused),
      cmocka_unit_test(a_header_is_repeated_on_every_page),
      cmocka_unit_test(rows_that_are_spare_begin_no_page),
      cmocka_unit_test(spare_rows_are_not_lost_where_their_table_moves_on),
      cmocka_unit_test(a_footer_is_repeated_on_every_page),
      cmocka_unit_test(the_height_of_a_row_is_that_of_its_content),
      cmocka_unit_test(the_wider_of_two_borders_takes_room_from_both_cells),
      cmocka_unit_test(separate_cells_have_gaps_between_them),
      cmocka_unit_test(a_row_span_is_never_divided),
      cmocka_unit_test(a_row_higher_than_a_page_is_an_error_that_names_it),
      cmocka_unit_test(a_kept_section_moves_whole),
      cmocka_unit_test(lines_break_with_orphans_and_widows),
      cmocka_unit_test(a_lone_first_line_moves_to_the_next_page),
      cmocka_unit_test(a_heading_stays_with_what_follows),
      cmocka_unit_test(what_keeps_with_the_previous_takes_it_along),
      cmocka_unit_test(a_keep_inside_a_block_reaches_beyond_it),
      cmocka_unit_test(a_kept_block_moves_whole),
      cmocka_unit_test(a_kept_block_longer_than_a_page_is_divided_after_all),
      cmocka_unit_test(break_before_starts_a_page_and_no_empty_one),
      cmocka_unit_test(of_two_spaces_the_larger_counts),
      cmocka_unit_test(a_margin_moves_the_border_and_an_indent_does_not),
      cmocka_unit_test(content_higher_than_its_container_is_refused),
      cmocka_unit_test(a_container_shrinks_what_may_shrink),
      cmocka_unit_test(what_is_wider_than_its_place_is_refused),
      cmocka_unit_test(later_pages_use_the_other_master),
      cmocka_unit_test(a_missing_master_is_named),
  };
  return cmocka_run_group_tests_name("render-layout", tests, NULL, NULL);
}
