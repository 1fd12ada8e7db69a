/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes: PDF, the FAX page, PNG, and the module that gives them. */
#include "fax-support.h"

#include "output.h"

#include <glib/gstdio.h>
#include <gmodule.h>
#include <qrencode.h>
#include <unistd.h>

/* ---------------------------------------------------------------------- PDF */

static void the_same_input_gives_the_same_bytes(void **state) {
  (void)state;
  need_fonts();
  static const RenderFormat formats[] = {RENDER_PDF, RENDER_TIFF, RENDER_PNG};
  for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
    g_autoptr(GBytes) first = render_form(formats[i], options());
    g_autoptr(GBytes) second = render_form(formats[i], options());
    assert_true(g_bytes_equal(first, second));
  }
  RenderOptions later = options();
  later.time += G_USEC_PER_SEC;
  g_autoptr(GBytes) now = render_form(RENDER_PDF, options());
  g_autoptr(GBytes) then = render_form(RENDER_PDF, later);
  assert_false(g_bytes_equal(now, then));
}

/* Fonts that a document before has used, in other sizes and for the other kind of file, change nothing. */
static void what_is_kept_changes_no_byte(void **state) {
  (void)state;
  need_fonts();
  static const RenderFormat formats[] = {RENDER_PDF, RENDER_TIFF, RENDER_PNG, RENDER_PDF, RENDER_TIFF};
  RenderOptions keeping = options();
  keeping.kept = renkei_print_ops.kept_new(keeping.datadir);
  for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
    g_autoptr(GBytes) fresh = render_form(formats[i], options());
    g_autoptr(xmlDoc) doc = flow_document(
        "<fo:block font-family='BIZ UDMincho' font-size='7pt'>別の紙　葛\xF3\xA0\x84\x80</fo:block>");
    g_autoptr(GBytes) other = NULL;
    assert_int_equal(renkei_print_ops.render_fo(&other, doc, formats[i], &keeping, NULL), RK_OK);
    g_autoptr(GBytes) kept = render_form(formats[i], keeping);
    assert_true(g_bytes_equal(fresh, kept));
  }
  renkei_print_ops.kept_free(keeping.kept);
}

static void a_missing_font_is_named_for_each_document(void **state) {
  (void)state;
  need_fonts();
  RenderOptions keeping = options();
  keeping.kept = renkei_print_ops.kept_new(keeping.datadir);
  for (guint i = 0; i < 2; i++) {
    g_autoptr(xmlDoc) doc =
        flow_document("<fo:block font-family='No Such Font, BIZ UDGothic'>a</fo:block>");
    g_autoptr(RkDiags) diags = rk_diags_new();
    g_autoptr(GBytes) out = NULL;
    assert_int_equal(renkei_print_ops.render_fo(&out, doc, RENDER_PDF, &keeping, diags), RK_INVALID);
    must_report(diags, "RN035");
  }
  renkei_print_ops.kept_free(keeping.kept);
}

static gboolean holds(GBytes *bytes, const char *text) {
  gsize length, n = strlen(text);
  const char *data = g_bytes_get_data(bytes, &length);
  for (gsize i = 0; i + n <= length; i++)
    if (!memcmp(data + i, text, n))
      return TRUE;
  return FALSE;
}

static void the_creation_date_is_the_one_given(void **state) {
  (void)state;
  need_fonts();
  g_autoptr(GBytes) pdf = render_form(RENDER_PDF, options());
  assert_true(holds(pdf, "20251125010000+09'00)"));
}

/* What pdftotext reads, without spaces; NULL where it is not installed. */
static char *extract(GBytes *pdf) {
  g_autofree char *program = g_find_program_in_path("pdftotext");
  if (!program)
    return NULL;
  g_autofree char *path = NULL, *out = NULL;
  gsize size;
  const char *data = g_bytes_get_data(pdf, &size);
  int file = g_file_open_tmp("renkei-XXXXXX.pdf", &path, NULL);
  assert_true(file >= 0 && g_file_set_contents(path, data, (gssize)size, NULL));
  char raw[] = "-raw", enc[] = "-enc", utf8[] = "UTF-8", standard_output[] = "-";
  char *words[] = {program, raw, enc, utf8, path, standard_output, NULL};
  assert_true(
      g_spawn_sync(NULL, words, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, NULL, NULL, NULL));
  close(file);
  g_unlink(path);
  GString *plain = g_string_new(NULL);
  for (const char *p = out; *p; p++)
    if (!strchr(" \n\f", *p))
      g_string_append_c(plain, *p);
  return g_string_free(plain, FALSE);
}

static void the_text_of_a_pdf_can_be_read_in_order(void **state) {
  (void)state;
  need_fonts();
  g_autoptr(GBytes) pdf = render_flow(
      "<fo:block>第一行</fo:block>" TABLE_2 "<fo:table-body><fo:table-row>"
      "<fo:table-cell><fo:block text-align-last='justify'>氏名</fo:block></fo:table-cell>"
      "<fo:table-cell><fo:block font-family='BIZ UDMincho, IPAmjMincho'>"
      "渡邉\U000E010F𠮷子葛\U000E0100</fo:block></fo:table-cell>"
      "</fo:table-row></fo:table-body></fo:table><fo:block>☑終わり</fo:block>",
      RENDER_PDF);
  g_autofree char *text = extract(pdf);
  if (!text) {
    print_message("pdftotext is not installed\n");
    skip();
  }
  assert_string_equal(text, "第一行氏名渡邉\U000E010F𠮷子葛\U000E0100☑終わり1/1");
}

/* ---------------------------------------------------------------------- FAX */

static void a_fax_page_has_the_fields_of_tiff_f(void **state) {
  (void)state;
  need_fonts();
  g_autoptr(GBytes) bytes = render_form(RENDER_TIFF, options());
  Memory memory;
  TIFF *tiff = open_tiff(&memory, bytes);
  float x, y;
  guint16 page, count;
  char *date;
  assert_memory_equal(memory.data, "II*", 4);
  assert_int_equal(TIFFNumberOfDirectories(tiff), 2);
  assert_true(TIFFSetDirectory(tiff, 1));
  assert_int_equal(field(tiff, TIFFTAG_IMAGEWIDTH), 1728);
  assert_int_equal(field(tiff, TIFFTAG_IMAGELENGTH), 2287);
  assert_int_equal(field(tiff, TIFFTAG_BITSPERSAMPLE), 1);
  assert_int_equal(field(tiff, TIFFTAG_SAMPLESPERPIXEL), 1);
  assert_int_equal(field(tiff, TIFFTAG_COMPRESSION), COMPRESSION_CCITTFAX4);
  assert_int_equal(field(tiff, TIFFTAG_PHOTOMETRIC), PHOTOMETRIC_MINISWHITE);
  assert_int_equal(field(tiff, TIFFTAG_FILLORDER), FILLORDER_LSB2MSB);
  assert_int_equal(field(tiff, TIFFTAG_SUBFILETYPE), FILETYPE_PAGE);
  assert_int_equal(TIFFNumberOfStrips(tiff), 1);
  assert_int_equal(TIFFGetField(tiff, TIFFTAG_XRESOLUTION, &x), 1);
  assert_int_equal(TIFFGetField(tiff, TIFFTAG_YRESOLUTION, &y), 1);
  assert_float_equal(x, 204, 0);
  assert_float_equal(y, 196, 0);
  assert_int_equal(TIFFGetField(tiff, TIFFTAG_PAGENUMBER, &page, &count), 1);
  assert_int_equal(page, 1);
  assert_int_equal(count, 2);
  assert_int_equal(TIFFGetField(tiff, TIFFTAG_DATETIME, &date), 0);
  TIFFClose(tiff);
}

/* The thickness of every rule crossed by the column of pixels `x`. */
static guint crossed_rules(const guint8 *image, int lines, int x, int least) {
  guint rules = 0;
  int run = 0;
  for (int y = 0; y < lines; y++) {
    if (image[y * 1728 + x])
      run++;
    else if (run) {
      assert_in_range(run, least, 4);
      rules++;
      run = 0;
    }
  }
  return rules;
}

#define RULED                                                                                     \
  TABLE_2 "<fo:table-body>"                                                                       \
          "<fo:table-row height='10.3mm'><fo:table-cell border='0.1pt solid black'><fo:block/>"   \
          "</fo:table-cell><fo:table-cell border='0.1pt solid black' background-color='#cccccc'>" \
          "<fo:block/></fo:table-cell></fo:table-row>"                                            \
          "<fo:table-row height='7.7mm'><fo:table-cell border='0.1pt solid black'><fo:block/>"    \
          "</fo:table-cell><fo:table-cell border='0.1pt solid black'><fo:block/>"                 \
          "</fo:table-cell></fo:table-row></fo:table-body></fo:table>"

static void rules_are_two_lines_thick_and_drawn_once(void **state) {
  (void)state;
  need_fonts();
  g_autoptr(GBytes) bytes = render_flow(RULED, RENDER_TIFF);
  int lines;
  g_autofree guint8 *image = pixels(bytes, &lines);
  /* 100 mm of paper are centred on 215 mm: 30 mm from its left edge is free of text */
  int left = (int)((215 - 100) / 2.0 * 1728 / 215);
  assert_int_equal(crossed_rules(image, lines, left + (int)(30 * 8.037), 2), 3);
  assert_int_equal(crossed_rules(image, lines, left + (int)(70 * 8.037), 2), 3); /* no grey */
}

static void a_double_rule_is_two_where_there_is_room(void **state) {
  (void)state;
  need_fonts();
  static const struct {
    const char *width;
    guint rules;
  } cases[] = {{"0.75pt", 2}, {"4pt", 4}}; /* top and bottom of one cell */
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *flow = g_strdup_printf(
        TABLE_2 "<fo:table-body><fo:table-row height='10mm'><fo:table-cell "
                "border='%s double black'><fo:block/></fo:table-cell></fo:table-row>"
                "</fo:table-body></fo:table>",
        cases[i].width);
    g_autoptr(GBytes) bytes = render_flow(flow, RENDER_TIFF);
    int lines;
    g_autofree guint8 *image = pixels(bytes, &lines);
    int x = (int)(((215 - 100) / 2.0 + 30) * 1728 / 215);
    assert_int_equal(crossed_rules(image, lines, x, 2), cases[i].rules);
  }
}

/* Every module of the code, read in its middle, is what libqrencode says. */
static void a_code_on_a_fax_page_is_whole(void **state) {
  (void)state;
  need_fonts();
  static const char text[] = "RK1:0123456789ABCDEF:1/2";
  g_autofree char *flow = g_strdup_printf(
      "<fo:block-container absolute-position='fixed' left='10mm' top='10mm' width='40mm'>"
      "<fo:block line-height='0.1pt' font-size='1pt'><fo:instream-foreign-object "
      "content-width='25mm'><k:qr text='%s'/></fo:instream-foreign-object></fo:block>"
      "</fo:block-container>",
      text);
  g_autoptr(GBytes) bytes = render_flow(flow, RENDER_TIFF);
  int lines;
  g_autofree guint8 *image = pixels(bytes, &lines);
  QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_Q, QR_MODE_8, 1);
  double module = 25.0 / (code->width + 8), left = (215 - 100) / 2.0 + 10;
  for (int row = 0; row < code->width; row++)
    for (int column = 0; column < code->width; column++) {
      int x = (int)((left + (column + 4.5) * module) * 1728 / 215);
      int y = (int)((10 + (row + 4.5) * module) * 7.7);
      assert_int_equal(image[y * 1728 + x], code->data[row * code->width + column] & 1);
    }
  QRcode_free(code);
}

static void a_hundred_millimetres_are_770_lines(void **state) {
  (void)state;
  need_fonts();
  g_autoptr(GBytes) bytes = render_flow("<fo:block>a</fo:block>", RENDER_TIFF);
  int lines;
  g_autofree guint8 *image = pixels(bytes, &lines);
  assert_int_equal(lines, 770);
  guint black = 0;
  for (int i = 0; i < lines * 1728; i++)
    black += image[i];
  assert_in_range(black, 50, 1500); /* "a" and "1/1" */
}

static void the_fax_head_stands_only_where_asked_for(void **state) {
  (void)state;
  need_fonts();
  RenderOptions headed = options();
  int lines;
  guint with = 0, without = 0;
  headed.fax_head = "連携";
  g_autoptr(GBytes) a = render_form(RENDER_TIFF, headed);
  g_autoptr(GBytes) b = render_form(RENDER_TIFF, options());
  g_autofree guint8 *image_a = pixels(a, &lines), *image_b = pixels(b, &lines);
  for (int i = 0; i < 70 * 1728; i++) {
    with += image_a[i];
    without += image_b[i];
  }
  assert_int_equal(without, 0);
  assert_true(with > 100);
}

static void a_page_wider_than_a_fax_is_refused(void **state) {
  (void)state;
  need_fonts();
  g_autofree char *text = g_strconcat(FO_HEAD "<fo:block>a</fo:block>" FO_TAIL, NULL);
  memcpy(strstr(text, "page-width='100mm'"), "page-width='216mm'", strlen("page-width='100mm'"));
  g_autoptr(xmlDoc) doc = parse_text(text);
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(GBytes) out = NULL;
  RenderOptions all = options();
  assert_int_equal(renkei_print_ops.render_fo(&out, doc, RENDER_TIFF, &all, diags), RK_INVALID);
  must_report(diags, "RN063");
  assert_null(out);
}

/* ---------------------------------------------------------------------- PNG */

static void a_png_is_one_page_at_150_dpi(void **state) {
  (void)state;
  need_fonts();
  RenderOptions second = options();
  second.page = 2;
  g_autoptr(GBytes) png = render_form(RENDER_PNG, second);
  const guint8 *data = g_bytes_get_data(png, NULL);
  assert_memory_equal(data, "\x89PNG", 4);
  assert_int_equal(data[18] << 8 | data[19], 1241); /* 210 mm */
  assert_int_equal(data[22] << 8 | data[23], 1754); /* 297 mm */
}

static void a_page_that_is_not_there_is_refused(void **state) {
  (void)state;
  need_fonts();
  g_autoptr(xmlDoc) doc = form_document();
  for (int page = 0; page <= 3; page += 3) {
    g_autoptr(RkDiags) diags = rk_diags_new();
    RenderOptions all = options();
    GBytes *out = NULL;
    all.page = page;
    assert_int_equal(renkei_print_ops.render_fo(&out, doc, RENDER_PNG, &all, diags), RK_INVALID);
    must_report(diags, "RN060");
    assert_null(out);
  }
}

/* A matrix of no size would spoil the whole page. */
static void a_drawing_of_no_size_is_left_out(void **state) {
  (void)state;
  need_fonts();
  static const char *const sizes[] = {"content-width='0pt'", "content-height='0pt'",
                                      "content-width='0pt' content-height='5pt'"};
  for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
    g_autofree char *flow = g_strdup_printf(
        "<fo:block>a<fo:instream-foreign-object %s><svg xmlns='http://www.w3.org/2000/svg' "
        "width='9mm' height='9mm'><circle r='2'/></svg></fo:instream-foreign-object></fo:block>",
        sizes[i]);
    g_autoptr(GBytes) pdf = render_flow(flow, RENDER_PDF);
    assert_non_null(pdf);
  }
}

static void fo_does_not_become_html(void **state) {
  (void)state;
  need_fonts();
  g_autoptr(xmlDoc) doc = form_document();
  g_autoptr(RkDiags) diags = rk_diags_new();
  RenderOptions all = options();
  GBytes *out = NULL;
  assert_int_equal(renkei_print_ops.render_fo(&out, doc, RENDER_HTML, &all, diags), RK_USAGE);
  must_report(diags, "RN062");
}

/* ------------------------------------------------------------------- module */

static void the_module_exports_its_table(void **state) {
  (void)state;
  g_autofree char *path =
      g_build_filename(g_getenv("RENKEI_BUILDDIR"), ".libs", "renkei-print.so", NULL);
  GModule *module = g_module_open(path, G_MODULE_BIND_LOCAL);
  gpointer symbol = NULL, hidden = NULL;
  if (!module)
    fail_msg("%s", g_module_error());
  assert_true(g_module_symbol(module, RENDER_OPS_SYMBOL, &symbol));
  assert_int_equal(((const RenderOps *)symbol)->version, RENDER_OPS_VERSION);
  assert_false(g_module_symbol(module, "pages_new", &hidden));
  g_module_close(module);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_same_input_gives_the_same_bytes),
      cmocka_unit_test(what_is_kept_changes_no_byte),
      cmocka_unit_test(a_missing_font_is_named_for_each_document),
      cmocka_unit_test(the_creation_date_is_the_one_given),
      cmocka_unit_test(the_text_of_a_pdf_can_be_read_in_order),
      cmocka_unit_test(a_fax_page_has_the_fields_of_tiff_f),
      cmocka_unit_test(rules_are_two_lines_thick_and_drawn_once),
      cmocka_unit_test(a_double_rule_is_two_where_there_is_room),
      cmocka_unit_test(a_code_on_a_fax_page_is_whole),
      cmocka_unit_test(a_hundred_millimetres_are_770_lines),
      cmocka_unit_test(the_fax_head_stands_only_where_asked_for),
      cmocka_unit_test(a_page_wider_than_a_fax_is_refused),
      cmocka_unit_test(a_png_is_one_page_at_150_dpi),
      cmocka_unit_test(a_page_that_is_not_there_is_refused),
      cmocka_unit_test(a_drawing_of_no_size_is_left_out),
      cmocka_unit_test(fo_does_not_become_html),
      cmocka_unit_test(the_module_exports_its_table),
  };
  return cmocka_run_group_tests_name("render-output", tests, NULL, NULL);
}
