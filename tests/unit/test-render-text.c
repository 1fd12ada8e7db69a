/* SPDX-License-Identifier: Apache-2.0 */
/* Lines, alignment, shrinking, and the characters that fonts have or lack. */
#include "../own-folder.h"
#include "render-support.h"

#include <glib/gstdio.h>

#define WIDTH (80 / 25.4 * 72)

static const FoLine *line_of(const Laid *laid, guint block, guint line) {
  const FoBox *text = first_text(nth_box(pages_get(laid->pages, 0)->body, block));
  assert_non_null(text);
  assert_in_range(line, 0, text->text->lines->len - 1);
  return &g_array_index(text->text->lines, FoLine, line);
}

static double line_width(const FoLine *line) {
  PangoRectangle logical;
  pango_layout_line_get_extents(line->line, NULL, &logical);
  return (double)logical.width / PANGO_SCALE;
}

static void justify_last_spreads_a_label_over_its_width(void **state) {
  (void)state;
  need_fonts();
  Laid laid = lay("<fo:block text-align-last='justify'>氏名</fo:block><fo:block>氏名</fo:block>",
                  FALSE);
  must_be_good(&laid);
  assert_float_equal(line_width(line_of(&laid, 0, 0)), WIDTH, 0.5);
  assert_float_equal(line_width(line_of(&laid, 1, 0)), 20, 0.1);
  laid_clear(&laid);
}

static void lines_start_end_or_stand_in_the_middle(void **state) {
  (void)state;
  need_fonts();
  Laid laid = lay("<fo:block text-align='start'>氏名</fo:block>"
                  "<fo:block text-align='center'>氏名</fo:block>"
                  "<fo:block text-align='end'>氏名</fo:block>",
                  FALSE);
  must_be_good(&laid);
  assert_float_equal(line_of(&laid, 0, 0)->x, 0, 0.1);
  assert_float_equal(line_of(&laid, 1, 0)->x, (WIDTH - 20) / 2, 0.1);
  assert_float_equal(line_of(&laid, 2, 0)->x, WIDTH - 20, 0.1);
  laid_clear(&laid);
}

static void a_filling_leader_takes_the_rest_of_the_line(void **state) {
  (void)state;
  need_fonts();
  Laid laid = lay("<fo:block text-align-last='justify'>氏名<fo:leader leader-pattern='rule'/>"
                  "</fo:block><fo:block>氏名<fo:leader leader-length='30pt'/>印</fo:block>",
                  FALSE);
  must_be_good(&laid);
  assert_float_equal(line_width(line_of(&laid, 0, 0)), WIDTH, 0.5);
  assert_float_equal(line_width(line_of(&laid, 1, 0)), 60, 0.1);
  laid_clear(&laid);
}

/* What the line holds, without the line feed or blank it ends with. */
static char *line_text(const Laid *laid, guint line) {
  const FoLine *at = line_of(laid, 0, line);
  const FoBox *box = first_text(nth_box(pages_get(laid->pages, 0)->body, 0));
  const char *text = pango_layout_get_text(box->text->layout);
  return g_strchomp(g_strndup(text + at->line->start_index, (gsize)at->line->length));
}

#define KEPT(text) "<fo:inline keep-together.within-line='always'>" text "</fo:inline>"

static void what_is_kept_in_one_line_begins_the_next_instead(void **state) {
  (void)state;
  need_fonts();
  for (int indent = 0; indent < 160; indent++) { /* down to a line of 5 em and a bit */
    g_autofree char *flow = g_strdup_printf(
        "<fo:block end-indent='%dpt' orphans='1' widows='1'>" KEPT("希望する") " " KEPT(
            "希望<fo:inline font-weight='bold'>しな</fo:inline>い") " " KEPT("要支援1") " " KEPT("要介護5") "</fo:block>",
        indent);
    Laid laid = lay(flow, FALSE);
    must_be_good(&laid);
    const FoBox *box = first_text(nth_box(pages_get(laid.pages, 0)->body, 0));
    for (guint i = 0; i < box->text->lines->len; i++) {
      g_autofree char *text = line_text(&laid, i);
      g_auto(GStrv) words = g_strsplit(text, " ", -1);
      static const char *const whole[] = {"希望する", "希望しない", "要支援1", "要介護5", NULL};
      for (guint k = 0; words[k]; k++)
        if (!g_strv_contains(whole, words[k]))
          fail_msg("at indent %d: '%s'", indent, words[k]);
    }
    laid_clear(&laid);
  }
}

/* Nothing is cut off: it breaks as other text does, and so does what stands around it. */
static void what_no_line_has_room_for_is_not_kept_in_one(void **state) {
  (void)state;
  need_fonts();
  Laid laid = lay("<fo:block end-indent='180pt' orphans='1' widows='1'>" KEPT("利用者の希望") KEPT("する") "</fo:block>", FALSE);
  must_be_good(&laid);
  g_autofree char *first = line_text(&laid, 0), *second = line_text(&laid, 1);
  assert_string_equal(first, "利用者の");
  assert_string_equal(second, "希望する");
  laid_clear(&laid);
}

/* 行頭禁則、行末禁則: at every width at which a line has room for it. */
static void no_line_starts_or_ends_with_a_forbidden_character(void **state) {
  (void)state;
  need_fonts();
  static const char never_first[] = "、。，．・：；？！゛゜ヽヾゝゞ々ー’”）〕］｝〉》」』】％‰℃"
                                    "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ…‥";
  static const char never_last[] = "‘“（〔［｛〈《「『【￥＄〒";
  g_autoptr(GString) text = g_string_new(NULL);
  for (const char *p = never_first; *p; p = g_utf8_next_char(p))
    g_string_append_printf(text, "漢字か%.*sな交じ", (int)(g_utf8_next_char(p) - p), p);
  for (const char *p = never_last; *p; p = g_utf8_next_char(p))
    g_string_append_printf(text, "仮名交%.*sじりの", (int)(g_utf8_next_char(p) - p), p);
  for (int indent = 0; indent < 190; indent += 1) { /* 226 pt down to 3.7 em */
    g_autofree char *flow =
        g_strdup_printf("<fo:block end-indent='%dpt' orphans='1' widows='1'>%s</fo:block>", indent,
                        text->str);
    Laid laid = lay(flow, FALSE);
    must_be_good(&laid);
    const FoBox *box = first_text(pages_get(laid.pages, 0)->body);
    const char *start = pango_layout_get_text(box->text->layout);
    for (guint i = 0; i + 1 < box->text->lines->len; i++) {
      const FoLine *line = &g_array_index(box->text->lines, FoLine, i);
      const char *end = start + line->line->start_index + line->line->length;
      if (g_utf8_strchr(never_first, -1, g_utf8_get_char(end)) ||
          g_utf8_strchr(never_last, -1, g_utf8_get_char(g_utf8_prev_char(end))))
        fail_msg("at indent %d between %.*s", indent, 6, g_utf8_prev_char(end));
    }
    laid_clear(&laid);
  }
}

static void an_address_broken_between_letters_gains_no_hyphen(void **state) {
  (void)state;
  need_fonts();
  Laid laid = lay("<fo:block end-indent='60mm'>association.contact.office@example.jp</fo:block>",
                  FALSE);
  must_be_good(&laid);
  const FoText *text = first_text(pages_get(laid.pages, 0)->body)->text;
  assert_true(text->lines->len > 2);
  for (guint i = 0; i < text->lines->len; i++) {
    const FoLine *line = line_of(&laid, 0, i);
    int glyphs = 0;
    for (const GSList *run = line->line->runs; run; run = run->next)
      glyphs += ((const PangoGlyphItem *)run->data)->glyphs->num_glyphs;
    assert_int_equal(glyphs, line->line->length);
  }
  laid_clear(&laid);
}

static void white_space_collapses_unless_kept(void **state) {
  (void)state;
  need_fonts();
  Laid laid = lay("<fo:block>  a\n  b <fo:inline> c</fo:inline>  </fo:block>"
                  "<fo:block linefeed-treatment='preserve'>a  \nb</fo:block>"
                  "<fo:block white-space-collapse='false'>a  b</fo:block><fo:block>  \n </fo:block>",
                  FALSE);
  must_be_good(&laid);
  must_hold(&laid, 0, "a b c|a|b|a  b|");
  laid_clear(&laid);
}

static void the_tallest_text_makes_the_line(void **state) {
  (void)state;
  need_fonts();
  Laid laid = lay("<fo:block>小<fo:inline font-size='20pt' line-height='24pt'>大</fo:inline>"
                  "</fo:block><fo:block line-height='2'>小</fo:block>",
                  FALSE);
  must_be_good(&laid);
  assert_in_range((int)line_of(&laid, 0, 0)->height, 24, 26);
  assert_float_equal(line_of(&laid, 1, 0)->height, 20, 1e-6);
  laid_clear(&laid);
}

/* ------------------------------------------------------------------ fitting */

#define TWENTY "一二三四五六七八九十一二三四五六七八九十"

static void the_first_line_may_begin_before_the_others(void **state) {
  (void)state;
  need_fonts();
  Laid laid = lay("<fo:block start-indent='30pt' text-indent='-20pt'>" TWENTY TWENTY "</fo:block>",
                  FALSE);
  must_be_good(&laid);
  assert_float_equal(line_of(&laid, 0, 0)->x, -20, 0.1);
  assert_float_equal(line_of(&laid, 0, 1)->x, 0, 0.1);
  laid_clear(&laid);
}

static void a_long_name_shrinks_to_its_width(void **state) {
  (void)state;
  need_fonts();
  Laid laid = lay("<fo:block k:fit='shrink' wrap-option='no-wrap' font-size='14pt'>" TWENTY
                  "</fo:block>",
                  FALSE);
  must_be_good(&laid);
  double width = line_width(line_of(&laid, 0, 0));
  assert_true(width <= WIDTH + 0.01);
  assert_true(width > WIDTH - 20 * 0.25 - 0.1); /* one step larger would not fit */
  laid_clear(&laid);
}

static void text_that_fits_does_not_shrink(void **state) {
  (void)state;
  need_fonts();
  Laid laid = lay("<fo:block k:fit='shrink' wrap-option='no-wrap' font-size='14pt'>氏名</fo:block>",
                  FALSE);
  must_be_good(&laid);
  assert_float_equal(line_width(line_of(&laid, 0, 0)), 28, 0.1);
  laid_clear(&laid);
}

static void shrinking_stops_at_eight_points_and_names_the_field(void **state) {
  (void)state;
  need_fonts();
  Laid laid = lay("<fo:block id='name' k:fit='shrink' wrap-option='no-wrap'>" TWENTY TWENTY
                  "</fo:block>",
                  FALSE);
  const RkDiag *diag = must_report(laid.diags, "RN024");
  assert_string_equal(diag->message, "the text of 'name' does not fit even at 8 pt");
  assert_null(strstr(diag->message, "一"));
  laid_clear(&laid);
}

static void text_too_wide_without_fit_is_refused(void **state) {
  (void)state;
  need_fonts();
  must_refuse("<fo:block wrap-option='no-wrap'>" TWENTY TWENTY "</fo:block>", "RN023", 1, 1);
  must_refuse("<fo:block end-indent='75mm' font-size='30pt'>" TWENTY "</fo:block>", "RN023", 1, 1);
}

#define FIXED_CELL(height, text)                                                                  \
  TABLE_2 "<fo:table-body><fo:table-row height='" height "'><fo:table-cell>\n"                    \
          "<fo:block role='address' k:fit='shrink' line-height='1.2'>" text                       \
          "</fo:block></fo:table-cell></fo:table-row></fo:table-body></fo:table>"

static void a_long_address_shrinks_to_the_height_of_its_cell(void **state) {
  (void)state;
  need_fonts();
  /* 20 characters in 113 pt: two lines of 12 pt, in 22 pt of height only at 9 pt */
  Laid laid = lay(FIXED_CELL("22pt", TWENTY), FALSE);
  must_be_good(&laid);
  const FoBox *table = nth_box(pages_get(laid.pages, 0)->body, 0);
  const FoCell *cell = g_ptr_array_index(table->table->cells, 0);
  assert_true(cell->content->height <= 22.01);
  assert_true(cell->content->height > 20);
  assert_float_equal(table->height, 22, 0.01);
  laid_clear(&laid);
}

static void an_address_too_long_for_its_cell_is_refused(void **state) {
  (void)state;
  need_fonts();
  must_refuse(FIXED_CELL("22pt", TWENTY TWENTY TWENTY), "RN024", 2, 1);
}

/* --------------------------------------------------------------- characters */

/* The name of the font that draws the first character of the first block. */
static char *first_font(const Laid *laid) {
  const PangoGlyphItem *item = line_of(laid, 0, 0)->line->runs->data;
  PangoFontDescription *font = pango_font_describe(item->item->analysis.font);
  char *family = g_strdup(pango_font_description_get_family(font));
  pango_font_description_free(font);
  return family;
}

static void check_boxes_come_from_the_next_family(void **state) {
  (void)state;
  need_fonts();
  Laid laid = lay("<fo:block>☑☐</fo:block>", FALSE);
  must_be_good(&laid);
  g_autofree char *family = first_font(&laid);
  assert_string_equal(family, "DejaVu Sans");
  laid_clear(&laid);
}

#define MINCHO "<fo:block id='name' font-family='BIZ UDMincho, IPAmjMincho'>"

static void a_variant_comes_from_the_family_that_has_it(void **state) {
  (void)state;
  need_fonts();
  Laid laid = lay(MINCHO "邉\U000E010F</fo:block>", FALSE); /* Moji_Joho: only IPAmj */
  must_be_good(&laid);
  g_autofree char *moji_joho = first_font(&laid);
  assert_string_equal(moji_joho, "IPAmjMincho");
  laid_clear(&laid);
  laid = lay(MINCHO "葛\U000E0100</fo:block>", FALSE); /* Adobe-Japan1: BIZ has it */
  must_be_good(&laid);
  g_autofree char *adobe = first_font(&laid);
  assert_string_equal(adobe, "BIZ UDMincho");
  laid_clear(&laid);
}

static void a_variant_that_no_family_has_is_an_error(void **state) {
  (void)state;
  need_fonts();
  Laid laid = lay(MINCHO "葛\U000E01EF</fo:block>", FALSE);
  const RkDiag *diag = must_report(laid.diags, "RN031");
  assert_non_null(strstr(diag->message, "'name'"));
  assert_non_null(strstr(diag->message, "U+E01EF"));
  assert_null(strstr(diag->message, "葛"));
  laid_clear(&laid);
}

static void a_character_that_no_family_has_is_an_error(void **state) {
  (void)state;
  need_fonts();
  Laid laid = lay("<fo:block id='name'>𠮷田</fo:block>", FALSE); /* not in BIZ UDGothic */
  assert_int_equal(laid.status, RK_INVALID);
  assert_non_null(strstr(must_report(laid.diags, "RN030")->message, "U+20BB7"));
  assert_int_equal(rk_diags_count(laid.diags), 1);
  laid_clear(&laid);
  laid = lay(MINCHO "𠮷田</fo:block>", FALSE);
  must_be_good(&laid);
  laid_clear(&laid);
}

/* Named as the clerk knows it, with the character, and no place in a document that nobody sees. */
static void a_character_missing_in_a_field_is_told_of_the_field(void **state) {
  (void)state;
  need_fonts();
  Laid laid = lay("<fo:block id='name'>氏名<fo:inline k:field='氏名 (name)'>𠮷田</fo:inline></fo:block>", FALSE);
  assert_int_equal(laid.status, RK_INVALID);
  const RkDiag *diag = must_report(laid.diags, "RN067");
  assert_non_null(strstr(diag->message, "氏名 (name)"));
  assert_non_null(strstr(diag->message, "𠮷 (U+20BB7)"));
  assert_null(strstr(diag->message, "田"));
  assert_null(diag->file);
  laid_clear(&laid);
  laid = lay(MINCHO "<fo:inline k:field='氏名 (name)'>葛\U000E01EF</fo:inline></fo:block>", FALSE);
  must_report(laid.diags, "RN068");
  laid_clear(&laid);
  must_refuse("<fo:block>\n<fo:inline k:field=''/></fo:block>", "RN004", 2, 1);
}

static void a_character_missing_in_a_drawing_is_an_error(void **state) {
  (void)state;
  need_fonts();
  must_refuse("<fo:block><fo:instream-foreign-object>"
              "<svg xmlns='http://www.w3.org/2000/svg' width='9mm' height='9mm'>\n"
              "<text font-family='BIZ UDGothic'>𠮷</text></svg></fo:instream-foreign-object></fo:block>",
              "RN030", 2, 1);
}

static void decomposed_kana_are_composed(void **state) {
  (void)state;
  need_fonts();
  Laid laid = lay("<fo:block>ハ\u309A</fo:block>", FALSE);
  must_be_good(&laid);
  laid_clear(&laid);
}

static void an_unknown_family_is_refused(void **state) {
  (void)state;
  Laid laid = lay("<fo:block font-family='No Such Font'>a</fo:block>", FALSE);
  assert_non_null(strstr(must_report(laid.diags, "RN035")->message, "No Such Font"));
  laid_clear(&laid);
}

static void a_missing_font_names_its_package(void **state) {
  (void)state;
  g_autofree char *dir = folder_new("fonts");
  g_autofree char *path = g_build_filename(dir, "fonts.conf", NULL);
  g_autofree char *text = g_strdup_printf("<fontconfig><dir>%s</dir></fontconfig>", dir);
  assert_true(g_file_set_contents(path, text, -1, NULL));
  RenderOptions all = options();
  g_autoptr(RkDiags) diags = rk_diags_new();
  all.datadir = dir;
  assert_int_equal(renkei_print_ops.check_fonts(&all, diags), RK_FAILED);
  assert_int_equal(rk_diags_count(diags), 4);
  assert_string_equal(rk_diags_get(diags, 0)->remedy,
                      "install the package fonts-morisawa-bizud-gothic");
  g_unlink(path);
  g_rmdir(dir);
}

static void an_unreadable_font_list_is_a_failure(void **state) {
  (void)state;
  RenderOptions all = options();
  g_autoptr(RkDiags) diags = rk_diags_new();
  all.datadir = "/nonexistent";
  assert_int_equal(renkei_print_ops.check_fonts(&all, diags), RK_FAILED);
  must_report(diags, "RN033");
}

static PangoFontMap *map_of(FoFonts *fonts) {
  return pango_context_get_font_map(fonts_context(fonts));
}

/* Pango's own thread may still look into it (fonts.c). */
static void a_font_map_outlives_its_document_and_serves_the_next(void **state) {
  (void)state;
  FoFonts *first = NULL, *second = NULL;
  assert_int_equal(fonts_open(&first, data_dir(), NULL), RK_OK);
  assert_int_equal(fonts_open(&second, data_dir(), NULL), RK_OK);
  PangoFontMap *map = map_of(first), *other = map_of(second);
  gpointer alive = map;
  assert_ptr_not_equal(map, other);
  g_object_add_weak_pointer(G_OBJECT(map), &alive);
  fonts_close(first);
  assert_ptr_equal(alive, map);
  assert_int_equal(fonts_open(&first, data_dir(), NULL), RK_OK);
  assert_ptr_equal(map_of(first), map);
  g_object_remove_weak_pointer(G_OBJECT(map), &alive);
  fonts_close(first);
  fonts_close(second);
}

static void page_numbers_stand_only_in_heads_and_feet(void **state) {
  (void)state;
  need_fonts();
  must_refuse("<fo:block>\n<fo:page-number/></fo:block>", "RN013", 2, 1);
}

static void text_without_a_family_is_refused(void **state) {
  (void)state;
  g_autofree char *text = g_strconcat(FO_HEAD "<fo:block>a</fo:block>" FO_TAIL, NULL);
  char *at = strstr(text, "font-family='BIZ UDGothic, DejaVu Sans'");
  memset(at, ' ', strlen("font-family='BIZ UDGothic, DejaVu Sans'"));
  g_autoptr(xmlDoc) doc = parse_text(text);
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(FoPages) pages = NULL;
  FoOptions here = {data_dir(), FALSE, FALSE};
  assert_int_equal(pages_new(&pages, doc, &here, diags), RK_INVALID);
  must_report(diags, "RN032");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(justify_last_spreads_a_label_over_its_width),
      cmocka_unit_test(lines_start_end_or_stand_in_the_middle),
      cmocka_unit_test(the_first_line_may_begin_before_the_others),
      cmocka_unit_test(a_filling_leader_takes_the_rest_of_the_line),
      cmocka_unit_test(what_is_kept_in_one_line_begins_the_next_instead),
      cmocka_unit_test(what_no_line_has_room_for_is_not_kept_in_one),
      cmocka_unit_test(no_line_starts_or_ends_with_a_forbidden_character),
      cmocka_unit_test(an_address_broken_between_letters_gains_no_hyphen),
      cmocka_unit_test(white_space_collapses_unless_kept),
      cmocka_unit_test(the_tallest_text_makes_the_line),
      cmocka_unit_test(a_long_name_shrinks_to_its_width),
      cmocka_unit_test(text_that_fits_does_not_shrink),
      cmocka_unit_test(shrinking_stops_at_eight_points_and_names_the_field),
      cmocka_unit_test(text_too_wide_without_fit_is_refused),
      cmocka_unit_test(a_long_address_shrinks_to_the_height_of_its_cell),
      cmocka_unit_test(an_address_too_long_for_its_cell_is_refused),
      cmocka_unit_test(check_boxes_come_from_the_next_family),
      cmocka_unit_test(a_variant_comes_from_the_family_that_has_it),
      cmocka_unit_test(a_variant_that_no_family_has_is_an_error),
      cmocka_unit_test(a_character_that_no_family_has_is_an_error),
      cmocka_unit_test(a_character_missing_in_a_field_is_told_of_the_field),
      cmocka_unit_test(a_character_missing_in_a_drawing_is_an_error),
      cmocka_unit_test(decomposed_kana_are_composed),
      cmocka_unit_test(an_unknown_family_is_refused),
      cmocka_unit_test(a_missing_font_names_its_package),
      cmocka_unit_test(an_unreadable_font_list_is_a_failure),
      cmocka_unit_test(a_font_map_outlives_its_document_and_serves_the_next),
      cmocka_unit_test(page_numbers_stand_only_in_heads_and_feet),
      cmocka_unit_test(text_without_a_family_is_refused),
  };
  return cmocka_run_group_tests_name("render-text", tests, NULL, NULL);
}
