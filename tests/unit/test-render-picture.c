/* SPDX-License-Identifier: Apache-2.0 */
/* Files of external-graphic, and boxes around words. */
#include "../own-folder.h"
#include "render-support.h"

#include "fo/picture.h"
#include "output.h"

#include <cairo.h>
#include <glib/gstdio.h>

/* A data directory of our own: the fonts of renderers/ and a folder graphics/. */
typedef struct {
  char *dir, *graphics;
} Place;

static void put(const Place *place, const char *name, const char *bytes, gssize length) {
  g_autofree char *path = g_build_filename(place->graphics, name, NULL);
  assert_true(g_file_set_contents(path, bytes, length, NULL));
}

/* 20 x 10 pixels: left half black, right half light grey. */
static void put_png(const Place *place) {
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 20, 10);
  cairo_t *cairo = cairo_create(surface);
  cairo_set_source_rgb(cairo, 0.8, 0.8, 0.8);
  cairo_paint(cairo);
  cairo_set_source_rgb(cairo, 0, 0, 0);
  cairo_rectangle(cairo, 0, 0, 10, 10);
  cairo_fill(cairo);
  cairo_destroy(cairo);
  g_autofree char *path = g_build_filename(place->graphics, "half.png", NULL);
  assert_int_equal(cairo_surface_write_to_png(surface, path), CAIRO_STATUS_SUCCESS);
  cairo_surface_destroy(surface);
}

static int set_up(void **state) {
  Place *place = g_new0(Place, 1);
  g_autofree char *fonts = NULL;
  gsize length;
  g_autofree char *from = g_build_filename(data_dir(), "fonts.conf", NULL);
  place->dir = folder_new("picture");
  place->graphics = g_build_filename(place->dir, "graphics", NULL);
  g_autofree char *to = g_build_filename(place->dir, "fonts.conf", NULL);
  if (g_mkdir(place->graphics, 0700) || !g_file_get_contents(from, &fonts, &length, NULL) ||
      !g_file_set_contents(to, fonts, (gssize)length, NULL))
    return -1;
  put_png(place);
  put(place, "mark.svg",
      "<svg xmlns='http://www.w3.org/2000/svg' width='30' height='15'><rect x='0' y='0' "
      "width='30' height='15'/></svg>",
      -1);
  put(place, "wrong.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>\n<image/></svg>",
      -1);
  put(place, "torn.png", "\x89PNG\r\n\x1a\n", 8);
  put(place, "huge.png",
      "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\xff\xff\0\0\xff\xff\x08\x02\0\0\0", 29);
  put(place, ".hidden.png", "", 0);
  *state = place;
  return 0;
}

static int tear_down(void **state) {
  Place *place = *state;
  static const char *const names[] = {"half.png", "mark.svg",    "wrong.svg", "torn.png",
                                      "huge.png", ".hidden.png", NULL};
  for (guint i = 0; names[i]; i++) {
    g_autofree char *path = g_build_filename(place->graphics, names[i], NULL);
    g_unlink(path);
  }
  g_autofree char *fonts = g_build_filename(place->dir, "fonts.conf", NULL);
  g_unlink(fonts);
  g_rmdir(place->graphics);
  g_rmdir(place->dir);
  g_free(place->graphics);
  g_free(place->dir);
  g_free(place);
  return 0;
}

static Laid lay_at(const Place *place, const char *flow) {
  Laid laid = {flow_document(flow), NULL, rk_diags_new(), RK_OK};
  FoOptions here = {place->dir, FALSE, FALSE};
  laid.status = pages_new(&laid.pages, laid.doc, &here, laid.diags);
  return laid;
}

#define PICTURE(src, more) "<fo:block>\n<fo:external-graphic src=\"" src "\" " more "/></fo:block>"

static const FoObject *first_object(const Laid *laid) {
  const FoBox *box = first_text(pages_get(laid->pages, 0)->body);
  assert_int_equal(box->text->objects->len, 1);
  return g_ptr_array_index(box->text->objects, 0);
}

static void a_picture_keeps_its_proportions(void **state) {
  static const struct {
    const char *flow;
    double width, height;
  } cases[] = {{PICTURE("url(half.png)", "content-width='40pt'"), 40, 20},
               {PICTURE("url('half.png')", "content-height='40pt'"), 80, 40},
               {PICTURE("half.png", "content-width='8pt' content-height='9pt'"), 8, 9},
               {PICTURE("url('mark.svg')", "content-height='30pt'"), 60, 30}};
  need_fonts();
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    Laid laid = lay_at(*state, cases[i].flow);
    must_be_good(&laid);
    assert_float_equal(first_object(&laid)->width, cases[i].width, 1e-6);
    assert_float_equal(first_object(&laid)->ascent, cases[i].height, 1e-6);
    laid_clear(&laid);
  }
}

/* The share of dark pixels of a PNG of page 1 in a rectangle of millimetres. */
static double darkness(GBytes *png, double left, double top, double width, double height) {
  g_autofree char *path = NULL;
  int file = g_file_open_tmp("renkei-XXXXXX.png", &path, NULL);
  assert_true(g_close(file, NULL) && g_file_set_contents(path, g_bytes_get_data(png, NULL),
                                                         (gssize)g_bytes_get_size(png), NULL));
  cairo_surface_t *surface = cairo_image_surface_create_from_png(path);
  g_unlink(path);
  const guint8 *data = cairo_image_surface_get_data(surface);
  int stride = cairo_image_surface_get_stride(surface), dark = 0, all = 0;
  double scale = 150 / 25.4;
  for (int y = (int)(top * scale); y < (int)((top + height) * scale); y++)
    for (int x = (int)(left * scale); x < (int)((left + width) * scale); x++, all++)
      dark += data[y * stride + x * 4] < 128;
  cairo_surface_destroy(surface);
  return (double)dark / all;
}

static void a_picture_is_drawn_where_it_stands(void **state) {
  need_fonts();
  Laid laid = lay_at(*state, PICTURE("url('half.png')", "content-width='20mm'"));
  must_be_good(&laid);
  g_autoptr(GBytes) png = NULL;
  assert_int_equal(png_write(&png, laid.pages, 1, NULL), RK_OK);
  assert_true(darkness(png, 11, 11, 8, 8) > 0.99);
  assert_true(darkness(png, 21, 11, 8, 8) < 0.01);
  laid_clear(&laid);
}

static void a_fault_in_a_drawing_is_told_at_its_place(void **state) {
  Laid laid = lay_at(*state, PICTURE("url('wrong.svg')", "content-width='20mm'"));
  assert_int_equal(laid.status, RK_INVALID);
  const RkDiag *diag = must_report(laid.diags, "RN040");
  assert_true(g_str_has_suffix(diag->file, "graphics/wrong.svg"));
  assert_int_equal(diag->line, 2);
  laid_clear(&laid);
}

static void what_is_no_picture_is_refused(void **state) {
  need_fonts();
  static const char *const flows[] = {PICTURE("url('none.png')", "content-width='9mm'"),
                                      PICTURE("url('torn.png')", "content-width='9mm'"),
                                      PICTURE("url('huge.png')", "content-width='9mm'")};
  for (guint i = 0; i < G_N_ELEMENTS(flows); i++) {
    Laid laid = lay_at(*state, flows[i]);
    assert_int_equal(laid.status, RK_INVALID);
    assert_int_equal(must_report(laid.diags, "RN043")->line, FO_FLOW_LINE + 2);
    assert_int_equal(rk_diags_count(laid.diags), 1);
    laid_clear(&laid);
  }
}

static void nothing_outside_the_folder_can_be_named(void **state) {
  static const char *const names[] = {"http://a.example/b.png", "../fonts.conf", "/etc/passwd",
                                      "url(file:///etc/passwd)", "a/../../b.png", "url('')",
                                      "url(.hidden.png)",        "a//b.png",      ""};
  need_fonts();
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *flow =
        g_strdup_printf("<fo:block>\n<fo:external-graphic src=\"%s\" content-width='9mm'/>"
                        "</fo:block>",
                        names[i]);
    Laid laid = lay_at(*state, flow);
    assert_int_equal(laid.status, RK_INVALID);
    assert_int_equal(must_report(laid.diags, "RN044")->line, FO_FLOW_LINE + 2);
    laid_clear(&laid);
  }
  g_autofree char *below = picture_name("url(\"seals/office.png\")");
  assert_string_equal(below, "seals/office.png");
}

static void a_picture_says_its_size(void **state) {
  (void)state;
  must_refuse(PICTURE("url('half.png')", ""), "RN010", 2, 1);
}

/* --------------------------------------------------------------------- frames */

static void a_box_around_words_has_room_for_its_padding(void **state) {
  (void)state;
  need_fonts();
  Laid laid = lay("<fo:block>甲<fo:inline border='1pt solid black' padding='0pt 3pt'>印</fo:inline>"
                  "乙</fo:block>",
                  FALSE);
  must_be_good(&laid);
  const FoText *text = first_text(pages_get(laid.pages, 0)->body)->text;
  const FoFrame *frame = &g_array_index(text->frames, FoFrame, 0);
  const FoLine *line = &g_array_index(text->lines, FoLine, 0);
  PangoRectangle logical;
  pango_layout_line_get_extents(line->line, NULL, &logical);
  assert_float_equal((double)logical.width / PANGO_SCALE, 30 + 8, 0.01);
  assert_float_equal(frame->above + frame->below, 10 + 2, 0.1);
  assert_float_equal(line->height, 12, 1e-6); /* as the Recommendation has it */
  laid_clear(&laid);
}

static void a_box_around_words_keeps_its_ends(void **state) {
  (void)state;
  need_fonts();
  /* At every width: the edge of the frame and the character beside it stay on one line. */
  for (int indent = 100; indent < 200; indent += 3) {
    g_autofree char *flow = g_strdup_printf(
        "<fo:block end-indent='%dpt'>甲乙丙丁<fo:inline border='1pt solid black' padding='0pt 2pt'>"
        "戊己庚辛壬癸</fo:inline>子丑寅卯</fo:block>",
        indent);
    Laid laid = lay(flow, FALSE);
    must_be_good(&laid);
    const FoText *text = first_text(pages_get(laid.pages, 0)->body)->text;
    const char *start = pango_layout_get_text(text->layout);
    for (guint i = 0; i + 1 < text->lines->len; i++) {
      const FoLine *line = &g_array_index(text->lines, FoLine, i);
      const char *end = start + line->line->start_index + line->line->length;
      gsize at = (gsize)(end - start);
      const FoFrame *frame = &g_array_index(text->frames, FoFrame, 0);
      assert_int_not_equal(at, frame->start + 3);
      assert_int_not_equal(at, frame->end - 3);
    }
    laid_clear(&laid);
  }
}

static void a_box_is_drawn_around_its_words(void **state) {
  (void)state;
  need_fonts();
  Laid laid = lay("<fo:block line-height='40pt'>"
                  "<fo:inline border='4pt solid black' padding='10pt'>　</fo:inline></fo:block>",
                  FALSE);
  must_be_good(&laid);
  g_autoptr(GBytes) png = NULL;
  assert_int_equal(png_write(&png, laid.pages, 1, NULL), RK_OK);
  assert_true(darkness(png, 10.2, 12, 0.9, 4) > 0.9);  /* the left rule */
  assert_true(darkness(png, 12, 12.5, 8, 4) < 0.01);   /* inside */
  assert_true(darkness(png, 22.2, 12, 0.9, 4) > 0.9);  /* the right rule: 34 pt further */
  laid_clear(&laid);
}

/* ------------------------------------------------------------ words in drawings */

#define SVG_TEXT(text)                                                                            \
  "<fo:block><fo:instream-foreign-object>"                \
  "<svg xmlns='http://www.w3.org/2000/svg' width='40pt' height='20pt'>\n"                         \
  "<text x='20' y='15' font-family='BIZ UDMincho, IPAmjMincho' text-anchor='middle'>" text                                                \
  "</text></svg></fo:instream-foreign-object></fo:block>"

static void a_variant_in_a_drawing_comes_from_the_family_that_has_it(void **state) {
  (void)state;
  need_fonts();
  FoFonts *fonts = NULL;
  assert_int_equal(fonts_open(&fonts, data_dir(), NULL), RK_OK);
  FoTraits traits = fo_initial_traits;
  traits.families = "BIZ UDMincho,IPAmjMincho";
  g_autoptr(PangoLayout) layout = words_layout(fonts, "邉\U000E010F", &traits);
  const PangoGlyphItem *item = pango_layout_get_line_readonly(layout, 0)->runs->data;
  PangoFontDescription *font = pango_font_describe(item->item->analysis.font);
  assert_string_equal(pango_font_description_get_family(font), "IPAmjMincho");
  pango_font_description_free(font);
  g_clear_object(&layout);
  fonts_close(fonts);
  must_refuse(SVG_TEXT("葛\U000E01EF"), "RN031", 2, 1);
}

static void words_wider_than_their_drawing_are_refused(void **state) {
  (void)state;
  need_fonts();
  must_refuse(SVG_TEXT("一二三四五"), "RN022", 2, 1);
  Laid laid = lay(SVG_TEXT("一二三四"), FALSE);
  must_be_good(&laid);
  laid_clear(&laid);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_picture_keeps_its_proportions),
      cmocka_unit_test(a_picture_is_drawn_where_it_stands),
      cmocka_unit_test(a_fault_in_a_drawing_is_told_at_its_place),
      cmocka_unit_test(what_is_no_picture_is_refused),
      cmocka_unit_test(nothing_outside_the_folder_can_be_named),
      cmocka_unit_test(a_picture_says_its_size),
      cmocka_unit_test(a_box_around_words_has_room_for_its_padding),
      cmocka_unit_test(a_box_around_words_keeps_its_ends),
      cmocka_unit_test(a_box_is_drawn_around_its_words),
      cmocka_unit_test(a_variant_in_a_drawing_comes_from_the_family_that_has_it),
      cmocka_unit_test(words_wider_than_their_drawing_are_refused),
  };
  return cmocka_run_group_tests_name("render-picture", tests, set_up, tear_down);
}
