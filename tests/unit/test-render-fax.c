/* SPDX-License-Identifier: Apache-2.0 */
/* The FAX file: codings, resolutions, the header line, and what HylaFAX says of it. */
#include "fax-support.h"

#include <glib/gstdio.h>

static RenderOptions fax_options(RenderFaxCoding coding, gboolean standard) {
  RenderOptions all = options();
  all.fax_coding = coding;
  all.fax_standard = standard;
  return all;
}

static const RenderFaxCoding codings[] = {RENDER_FAX_G4, RENDER_FAX_G3_1D, RENDER_FAX_G3_2D};

static void every_coding_has_the_same_pixels(void **state) {
  (void)state;
  need_fonts();
  for (int standard = 0; standard < 2; standard++) {
    int lines, other;
    g_autoptr(GBytes) first = render_form(RENDER_TIFF, fax_options(codings[0], standard));
    g_autofree guint8 *wanted = page_pixels(first, 1, &lines);
    assert_int_equal(lines, standard ? 1143 : 2287);
    for (guint i = 1; i < G_N_ELEMENTS(codings); i++) {
      g_autoptr(GBytes) bytes = render_form(RENDER_TIFF, fax_options(codings[i], standard));
      g_autofree guint8 *image = page_pixels(bytes, 1, &other);
      assert_int_equal(other, lines);
      assert_memory_equal(image, wanted, (gsize)lines * 1728);
    }
  }
}

static void a_coding_is_what_its_fields_say(void **state) {
  (void)state;
  need_fonts();
  static const guint32 compressions[] = {COMPRESSION_CCITTFAX4, COMPRESSION_CCITTFAX3,
                                         COMPRESSION_CCITTFAX3};
  for (guint i = 0; i < G_N_ELEMENTS(codings); i++) {
    g_autoptr(GBytes) bytes = render_form(RENDER_TIFF, fax_options(codings[i], TRUE));
    Memory memory;
    TIFF *tiff = open_tiff(&memory, bytes);
    float y = 0;
    assert_int_equal(field(tiff, TIFFTAG_COMPRESSION), compressions[i]);
    if (codings[i] != RENDER_FAX_G4)
      assert_int_equal(field(tiff, TIFFTAG_GROUP3OPTIONS),
                       GROUP3OPT_FILLBITS |
                           (codings[i] == RENDER_FAX_G3_2D ? GROUP3OPT_2DENCODING : 0));
    assert_int_equal(TIFFGetField(tiff, TIFFTAG_YRESOLUTION, &y), 1);
    assert_float_equal(y, 98, 0);
    assert_int_equal(TIFFNumberOfStrips(tiff), 1);
    assert_int_equal(field(tiff, TIFFTAG_FILLORDER), FILLORDER_LSB2MSB);
    TIFFClose(tiff);
  }
}

/* ----------------------------------------------------------- other programs' word */

/* What `program` (with `option`, unless NULL) prints about the file. NULL: not installed. */
static char *ask(const char *program, const char *option, GBytes *tiff) {
  g_autofree char *path = NULL, *out = NULL, *found = g_find_program_in_path(program);
  g_autofree char *sbin = g_build_filename("/usr/sbin", program, NULL);
  const char *tool = found ? found : g_file_test(sbin, G_FILE_TEST_IS_EXECUTABLE) ? sbin : NULL;
  if (!tool)
    return NULL;
  int file = g_file_open_tmp("renkei-XXXXXX.tif", &path, NULL), status = 1;
  assert_true(g_close(file, NULL) && g_file_set_contents(path, g_bytes_get_data(tiff, NULL),
                                                         (gssize)g_bytes_get_size(tiff), NULL));
  const char *checking[] = {tool, option, "-r", "196", path, NULL}, *plain[] = {tool, path, NULL};
  assert_true(g_spawn_sync(NULL, (char **)(option ? checking : plain), NULL, G_SPAWN_DEFAULT, NULL,
                           NULL, &out, NULL, &status, NULL));
  g_unlink(path);
  assert_int_equal(status, 0);
  return g_steal_pointer(&out);
}

static void hylafax_finds_nothing_to_change(void **state) {
  (void)state;
  need_fonts();
  static const char *const flags[] = {"-3", "-1", "-2"}; /* in the order of `codings` */
  for (guint i = 0; i < G_N_ELEMENTS(codings); i++) {
    g_autoptr(GBytes) bytes = render_form(RENDER_TIFF, fax_options(codings[i], FALSE));
    g_autofree char *said = ask("tiffcheck", flags[i], bytes);
    if (!said) {
      print_message("tiffcheck (Debian: hylafax-server) is not installed\n");
      skip();
    }
    assert_string_equal(said, "OK\n");
  }
}

static void hylafax_would_scale_a_page_of_another_height(void **state) {
  (void)state;
  need_fonts(); /* that tiffcheck can say no: a fine page where standard is wanted */
  g_autoptr(GBytes) bytes = render_form(RENDER_TIFF, fax_options(RENDER_FAX_G3_1D, TRUE));
  g_autofree char *said = ask("tiffcheck", "-1", bytes);
  if (!said)
    skip();
  assert_true(g_str_has_prefix(said, "REVRES"));
}

static void tiffinfo_reads_the_fields(void **state) {
  (void)state;
  need_fonts();
  g_autoptr(GBytes) bytes = render_form(RENDER_TIFF, fax_options(RENDER_FAX_G3_2D, FALSE));
  g_autofree char *said = ask("tiffinfo", NULL, bytes);
  if (!said) {
    print_message("tiffinfo (Debian: libtiff-tools) is not installed\n");
    skip();
  }
  static const char *const lines[] = {
      "Subfile Type: multi-page document (2 = 0x2)", "Image Width: 1728 Image Length: 2287",
      "Resolution: 204, 196 pixels/inch",            "Bits/Sample: 1",
      "Compression Scheme: CCITT Group 3",           "FillOrder: lsb-to-msb",
      "Photometric Interpretation: min-is-white",    "Rows/Strip: 2287",
      "Page Number: 1-2",                            "EOL padding"};
  for (guint i = 0; i < G_N_ELEMENTS(lines); i++)
    if (!strstr(said, lines[i]))
      fail_msg("no '%s' in:\n%s", lines[i], said);
  assert_null(strstr(said, "DateTime"));
}

/* ---------------------------------------------------------------------- head line */

static RkStatus print_headed(const char *flow, const char *head, RkDiags *diags) {
  g_autofree char *text = g_strconcat(FO_HEAD, flow, FO_TAIL, NULL);
  g_autoptr(xmlDoc) doc = parse_text(text);
  RenderOptions all = options();
  g_autoptr(GBytes) out = NULL;
  all.fax_head = head;
  RkStatus status = renkei_print_ops.render_fo(&out, doc, RENDER_TIFF, &all, diags);
  assert_true((status == RK_OK) == (out != NULL));
  return status;
}

static void the_head_is_drawn_smaller_and_then_refused(void **state) {
  (void)state;
  need_fonts();
  g_autoptr(RkDiags) diags = rk_diags_new();
  /* 147 pt are left of 100 mm: 14 characters of 9 pt and "1 / 1", or 15 of 8 pt */
  assert_int_equal(print_headed("<fo:block/>", "見本市役所福祉保健部地域包括ケア", diags),
                   RK_INVALID);
  must_report(diags, "RN064");
  g_autoptr(RkDiags) none = rk_diags_new();
  assert_int_equal(print_headed("<fo:block/>", "見本市役所福祉保健部地域包括ケ", none),
                   RK_OK);
  assert_int_equal(rk_diags_count(none), 0);
}

static void a_head_that_no_font_can_draw_is_refused(void **state) {
  (void)state;
  need_fonts();
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(print_headed("<fo:block/>", "役所\U0001F3E2", diags), RK_INVALID);
  assert_non_null(strstr(must_report(diags, "RN030")->message, "U+1F3E2"));
}

static void the_head_never_lies_on_the_page(void **state) {
  (void)state;
  need_fonts();
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(print_headed("<fo:block-container absolute-position='fixed' top='3mm' "
                                "left='10mm' width='20mm'><fo:block>印</fo:block>"
                                "</fo:block-container>",
                                "役所", diags),
                   RK_INVALID);
  must_report(diags, "RN065");
}

static void the_number_of_each_page_is_in_its_head(void **state) {
  (void)state;
  need_fonts();
  RenderOptions headed = options();
  int lines;
  headed.fax_head = "役所";
  g_autoptr(GBytes) bytes = render_form(RENDER_TIFF, headed);
  g_autofree guint8 *first = page_pixels(bytes, 0, &lines);
  g_autofree guint8 *second = page_pixels(bytes, 1, &lines);
  /* The left half of the head is the same, "1 / 2" and "2 / 2" differ. */
  gboolean left = FALSE, right = FALSE;
  for (int y = 0; y < 50; y++)
    for (int x = 0; x < 1728; x++)
      if (first[y * 1728 + x] != second[y * 1728 + x])
        *(x < 864 ? &left : &right) = TRUE;
  assert_false(left);
  assert_true(right);
}

/* --------------------------------------------------------------------- the pixels */

/* The rows of black in the column of pixels `x`: how many runs, and the thinnest. */
static guint runs_in_column(const guint8 *image, int lines, int x, int *thinnest) {
  guint runs = 0;
  *thinnest = lines;
  for (int y = 0, run = 0; y <= lines; y++) {
    if (y < lines && image[y * 1728 + x]) {
      run++;
    } else if (run) {
      *thinnest = MIN(*thinnest, run);
      runs++;
      run = 0;
    }
  }
  return runs;
}

#define GRID                                                                                      \
  TABLE_2 "<fo:table-body><fo:table-row height='9mm'><fo:table-cell border='0.3pt solid black'>"  \
          "<fo:block/></fo:table-cell><fo:table-cell border='0.3pt solid black'><fo:block/>"      \
          "</fo:table-cell></fo:table-row></fo:table-body></fo:table>"

static void no_rule_vanishes_when_every_second_line_is_dropped(void **state) {
  (void)state;
  need_fonts();
  g_autoptr(xmlDoc) doc = flow_document(GRID);
  int lines, thinnest, x = (int)(((215 - 100) / 2.0 + 30) * 1728 / 215);
  RenderOptions fine = fax_options(RENDER_FAX_G4, FALSE), standard = fax_options(RENDER_FAX_G4, TRUE);
  g_autoptr(GBytes) a = NULL, b = NULL;
  assert_int_equal(renkei_print_ops.render_fo(&a, doc, RENDER_TIFF, &fine, NULL), RK_OK);
  assert_int_equal(renkei_print_ops.render_fo(&b, doc, RENDER_TIFF, &standard, NULL), RK_OK);
  g_autofree guint8 *image = pixels(a, &lines);
  for (int drop = 0; drop < 2; drop++) {
    g_autofree guint8 *half = g_malloc0((gsize)lines / 2 * 1728);
    for (int y = 0; y < lines / 2; y++)
      memcpy(half + y * 1728, image + (2 * y + drop) * 1728, 1728);
    assert_int_equal(runs_in_column(half, lines / 2, x, &thinnest), 2);
  }
  g_autofree guint8 *coarse = pixels(b, &lines);
  assert_int_equal(lines, 385);
  assert_int_equal(runs_in_column(coarse, lines, x, &thinnest), 2);
  assert_int_equal(thinnest, 1);
}

/* Whether Mincho of a size is set in Gothic. */
static gboolean turns_gothic(const char *size, gboolean fax) {
  g_autofree char *flow = g_strdup_printf(
      "<fo:block font-family='BIZ UDMincho' font-size='%s'>一二三</fo:block>", size);
  g_autoptr(xmlDoc) doc = flow_document(flow);
  FoOptions here = {data_dir(), FALSE, fax};
  g_autoptr(FoPages) pages = NULL;
  assert_int_equal(pages_new(&pages, doc, &here, NULL), RK_OK);
  const FoBox *text = first_text(pages_get(pages, 0)->body);
  const PangoGlyphItem *item = g_array_index(text->text->lines, FoLine, 0).line->runs->data;
  PangoFontDescription *font = pango_font_describe(item->item->analysis.font);
  gboolean gothic = strstr(pango_font_description_get_family(font), "Gothic") != NULL;
  pango_font_description_free(font);
  return gothic;
}

static void small_mincho_becomes_gothic_on_a_fax(void **state) {
  (void)state;
  need_fonts();
  assert_true(turns_gothic("9pt", TRUE));
  assert_false(turns_gothic("10.5pt", TRUE));
  assert_false(turns_gothic("9pt", FALSE));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_coding_has_the_same_pixels),
      cmocka_unit_test(a_coding_is_what_its_fields_say),
      cmocka_unit_test(hylafax_finds_nothing_to_change),
      cmocka_unit_test(hylafax_would_scale_a_page_of_another_height),
      cmocka_unit_test(tiffinfo_reads_the_fields),
      cmocka_unit_test(the_head_is_drawn_smaller_and_then_refused),
      cmocka_unit_test(a_head_that_no_font_can_draw_is_refused),
      cmocka_unit_test(the_head_never_lies_on_the_page),
      cmocka_unit_test(the_number_of_each_page_is_in_its_head),
      cmocka_unit_test(no_rule_vanishes_when_every_second_line_is_dropped),
      cmocka_unit_test(small_mincho_becomes_gothic_on_a_fax),
  };
  return cmocka_run_group_tests_name("render-fax", tests, NULL, NULL);
}
