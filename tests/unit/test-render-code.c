/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The QR code of every page: what it says, and whether it can still be read after the
 * page went through a bad FAX (ZBar; without it those tests are skipped).
 */
#include "fax-support.h"

/* Two pages; the code stands twice on each, beside a number for people. */
#define CODE_ROOT                                                                                 \
  "<fo:root xmlns:fo='http://www.w3.org/1999/XSL/Format' xmlns:k='urn:renkei:fo:1'\n"             \
  " font-family='BIZ UDGothic' font-size='10pt' line-height='12pt'><fo:layout-master-set>"        \
  "<fo:simple-page-master master-name='m' page-width='210mm' page-height='297mm' margin='8mm'>"   \
  "<fo:region-body margin='30mm 0mm 34mm 0mm'/><fo:region-before extent='29mm'/>"                 \
  "<fo:region-after extent='30mm' display-align='after'/></fo:simple-page-master>"                \
  "</fo:layout-master-set>"
#define CODE "<fo:block line-height='0.1pt' font-size='1pt'><fo:instream-foreign-object>" QR      \
  "</fo:instream-foreign-object></fo:block>"
#define QR "<k:qr text='RK1:0123456789ABCDEF:{page}/{pages}'/>"
#define CODE_SEQUENCE(id, blocks)                                                                 \
  "<fo:page-sequence id='" id "' master-reference='m' force-page-count='no-force' "               \
  "initial-page-number='1'>"                                                                      \
  "<fo:static-content flow-name='xsl-region-before'><fo:block text-align='end' "                  \
  "line-height='0.1pt' font-size='1pt'><fo:instream-foreign-object>" QR                           \
  "</fo:instream-foreign-object></fo:block></fo:static-content>"                                  \
  "<fo:static-content flow-name='xsl-region-after'><fo:table table-layout='fixed' "               \
  "border-collapse='collapse' width='100%'><fo:table-column column-width='30mm'/>"                \
  "<fo:table-column column-width='proportional-column-width(1)'/><fo:table-body><fo:table-row>"   \
  "<fo:table-cell>" CODE "</fo:table-cell><fo:table-cell display-align='after'>"                  \
  "<fo:block>R8-0012-1-07　<fo:page-number/> / <fo:page-number-citation-last ref-id='" id "'/>"   \
  "</fo:block></fo:table-cell></fo:table-row></fo:table-body></fo:table></fo:static-content>"     \
  "<fo:flow flow-name='xsl-region-body'>" blocks "</fo:flow></fo:page-sequence>"
#define TWO_PAGES "<fo:block>一</fo:block><fo:block break-before='page'>二</fo:block>"
#define CODE_FORM CODE_ROOT CODE_SEQUENCE("a", TWO_PAGES) "</fo:root>"

/* ---------------------------------------------------------------- what they say */

static void gather_codes(GString *out, const FoBox *box) {
  for (guint i = 0; box->children && i < box->children->len; i++)
    gather_codes(out, box_child(box, i));
  for (guint i = 0; box->kind == BOX_TABLE && i < box->table->cells->len; i++)
    gather_codes(out, ((const FoCell *)g_ptr_array_index(box->table->cells, i))->content);
  for (guint i = 0; box->kind == BOX_TEXT && i < box->text->objects->len; i++) {
    const FoObject *object = g_ptr_array_index(box->text->objects, i);
    if (object->code)
      g_string_append_printf(out, "%s|", object->code);
  }
}

static char *codes_of(const FoPages *pages, guint index) {
  GString *out = g_string_new(NULL);
  const FoPage *page = pages_get(pages, index);
  gather_codes(out, page->before);
  gather_codes(out, page->after);
  return g_string_free(out, FALSE);
}

static FoPages *code_pages(const char *text, const FoOptions *how, xmlDoc **doc) {
  FoPages *pages = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  *doc = parse_text(text);
  if (pages_new(&pages, *doc, how, diags) != RK_OK)
    fail_msg("%s", rk_diags_get(diags, 0)->message);
  return pages;
}

static void every_page_has_its_own_number_in_its_codes(void **state) {
  (void)state;
  need_fonts();
  xmlDoc *doc;
  FoOptions how = {.datadir = data_dir()};
  /* Two papers in one file: each counts its own pages. */
  FoPages *pages = code_pages(CODE_ROOT CODE_SEQUENCE("a", TWO_PAGES)
                              CODE_SEQUENCE("b", "<fo:block>三</fo:block>") "</fo:root>",
                              &how, &doc);
  g_autofree char *first = codes_of(pages, 0), *second = codes_of(pages, 1);
  g_autofree char *third = codes_of(pages, 2);
  assert_string_equal(first, "RK1:0123456789ABCDEF:1/2|RK1:0123456789ABCDEF:1/2|");
  assert_string_equal(second, "RK1:0123456789ABCDEF:2/2|RK1:0123456789ABCDEF:2/2|");
  assert_string_equal(third, "RK1:0123456789ABCDEF:1/1|RK1:0123456789ABCDEF:1/1|");
  pages_free(pages);
  xmlFreeDoc(doc);
}

static char *with_check(gpointer user, const char *text) {
  ++*(int *)user;
  return g_strconcat(text, ":", g_str_has_suffix(text, "1/2") ? "AA" : "BB", NULL);
}

static void the_caller_may_complete_the_text_of_a_page(void **state) {
  (void)state;
  need_fonts();
  xmlDoc *doc;
  int calls = 0;
  FoOptions how = {.datadir = data_dir(), .code = with_check, .code_user = &calls};
  FoPages *pages = code_pages(CODE_FORM, &how, &doc);
  g_autofree char *first = codes_of(pages, 0), *second = codes_of(pages, 1);
  assert_true(g_str_has_prefix(first, "RK1:0123456789ABCDEF:1/2:AA|"));
  assert_true(g_str_has_prefix(second, "RK1:0123456789ABCDEF:2/2:BB|"));
  assert_true(calls >= 4);
  pages_free(pages);
  xmlFreeDoc(doc);
}

#define IN_FLOW(text)                                                                             \
  "<fo:block><fo:instream-foreign-object>\n<k:qr text='" text "'/></fo:instream-foreign-object></fo:block>"

static void a_page_number_needs_a_page(void **state) {
  (void)state;
  need_fonts();
  must_refuse(IN_FLOW("a{page}"), "RN013", 2, 1);
  Laid laid = lay(IN_FLOW("a"), FALSE);
  must_be_good(&laid);
  laid_clear(&laid);
}

static void nothing_else_stands_in_braces(void **state) {
  (void)state;
  static const char *const texts[] = {"{sheet}", "{page", "page}", "{}", "{{page}}", "{page}}"};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autofree char *flow = g_strdup_printf(IN_FLOW("%s"), texts[i]);
    must_refuse(flow, "RN006", 2, 1);
  }
}

static void a_text_longer_than_any_code_is_refused(void **state) {
  (void)state;
  need_fonts();
  g_autofree char *text = g_strnfill(3000, 'x'), *flow = g_strdup_printf(IN_FLOW("%s"), text);
  must_refuse(flow, "RN042", 1, 11);
}

/* ------------------------------------------------------------------ reading them */

#ifdef HAVE_ZBAR
#include "fax-channel.h"

#include <zbar.h>

/* Page 2 as a receiver has it; standard resolution gets every line twice. */
static Grey *received(gboolean standard) {
  g_autoptr(xmlDoc) doc = parse_text(CODE_FORM);
  RenderOptions all = options();
  g_autoptr(GBytes) tiff = NULL;
  int lines, times = standard ? 2 : 1;
  all.fax_standard = standard;
  all.fax_head = NULL;
  assert_int_equal(renkei_print_ops.render_fo(&tiff, doc, RENDER_TIFF, &all, NULL), RK_OK);
  g_autofree guint8 *ink = page_pixels(tiff, 1, &lines);
  Grey *page = grey_new(1728, lines * times);
  for (int y = 0; y < page->height; y++)
    for (int x = 0; x < 1728; x++)
      if (ink[y / times * 1728 + x])
        grey_row(page, y)[x] = 0;
  return page;
}

/* How many codes can be read; all must say what was written. */
static int readable(const Grey *page) {
  zbar_image_scanner_t *scanner = zbar_image_scanner_create();
  zbar_image_t *image = zbar_image_create();
  int found = 0;
  zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
  zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
  zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
  zbar_image_set_size(image, (guint)page->width, (guint)page->height);
  zbar_image_set_data(image, page->pixels, (gulong)page->width * (gulong)page->height, NULL);
  zbar_scan_image(scanner, image);
  for (const zbar_symbol_t *s = zbar_image_first_symbol(image); s; s = zbar_symbol_next(s)) {
    assert_string_equal(zbar_symbol_get_data(s), "RK1:0123456789ABCDEF:2/2");
    found++;
  }
  zbar_image_destroy(image);
  zbar_image_scanner_destroy(scanner);
  return found;
}

static void both_codes_of_a_fax_page_are_read(void **state) {
  (void)state;
  need_fonts();
  for (int standard = 0; standard < 2; standard++) {
    g_autoptr(Grey) page = received(standard);
    assert_int_equal(readable(page), 2);
  }
}

/* ----------------------------------------------------------------- bad lines */

typedef struct {
  const char *name;
  double noise, degrees, scale, lost;
  int burst;
  int least; /* pages out of TRIALS on which one of the two codes is read */
} Damage;

#define TRIALS 6

static int pages_read(const Grey *page, const Damage *damage) {
  int read = 0;
  for (guint32 trial = 1; trial <= TRIALS; trial++) {
    guint32 seed = trial * 7919;
    double sign = trial % 2 ? 1 : -1;
    double degrees = sign * damage->degrees * (0.5 + channel_chance(&seed) / 2);
    g_autoptr(Grey) bad = channel_distort(page, degrees, 1 + sign * damage->scale, 1);
    if (damage->lost > 0)
      channel_lose_lines(bad, damage->lost, damage->burst, &seed);
    if (damage->noise > 0)
      channel_noise(bad, damage->noise, &seed);
    read += readable(bad) > 0;
  }
  return read;
}

static void must_survive(gboolean standard, const Damage *damages, guint n) {
  g_autoptr(Grey) page = received(standard);
  int failed = 0;
  for (guint i = 0; i < n; i++) {
    int read = pages_read(page, &damages[i]);
    print_message("%s: %d of %d pages\n", damages[i].name, read, TRIALS);
    failed += read < damages[i].least;
  }
  assert_int_equal(failed, 0);
}

static void the_codes_survive_a_bad_fax(void **state) {
  (void)state;
  need_fonts();
  static const Damage damages[] = {{"noise 0.5 %", 0.005, 0, 0, 0, 0, TRIALS},
                                   {"noise 2 %", 0.02, 0, 0, 0, 0, TRIALS - 1},
                                   {"skew up to 5 degrees", 0, 5, 0, 0, 0, TRIALS},
                                   {"2 % larger or smaller", 0, 0, 0.02, 0, 0, TRIALS},
                                   {"2 % of the lines lost", 0, 0, 0, 0.02, 1, TRIALS},
                                   {"2 % lost in bursts of up to 8", 0, 0, 0, 0.02, 8, TRIALS - 1},
                                   {"all of it", 0.005, 2, 0.02, 0.01, 1, TRIALS}};
  must_survive(FALSE, damages, G_N_ELEMENTS(damages));
}

static void the_codes_survive_a_bad_fax_in_standard_resolution(void **state) {
  (void)state;
  need_fonts();
  static const Damage damages[] = {{"noise 0.5 %", 0.005, 0, 0, 0, 0, TRIALS},
                                   {"skew up to 2 degrees", 0, 2, 0, 0, 0, TRIALS},
                                   {"2 % larger or smaller", 0, 0, 0.02, 0, 0, TRIALS},
                                   {"2 % of the lines lost", 0, 0, 0, 0.02, 1, TRIALS}};
  must_survive(TRUE, damages, G_N_ELEMENTS(damages));
}

/* That the measure can fail: half of all pixels wrong. */
static void a_page_of_noise_is_not_read(void **state) {
  (void)state;
  need_fonts();
  static const Damage ruin = {"noise 50 %", 0.5, 0, 0, 0, 0, 0};
  g_autoptr(Grey) page = received(FALSE);
  assert_int_equal(pages_read(page, &ruin), 0);
}

#else

static void both_codes_of_a_fax_page_are_read(void **state) {
  (void)state;
  print_message("ZBar (Debian: libzbar-dev) was not found by configure\n");
  skip();
}

#define the_codes_survive_a_bad_fax both_codes_of_a_fax_page_are_read
#define the_codes_survive_a_bad_fax_in_standard_resolution both_codes_of_a_fax_page_are_read
#define a_page_of_noise_is_not_read both_codes_of_a_fax_page_are_read
#endif

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_page_has_its_own_number_in_its_codes),
      cmocka_unit_test(the_caller_may_complete_the_text_of_a_page),
      cmocka_unit_test(a_page_number_needs_a_page),
      cmocka_unit_test(nothing_else_stands_in_braces),
      cmocka_unit_test(a_text_longer_than_any_code_is_refused),
      cmocka_unit_test(both_codes_of_a_fax_page_are_read),
      cmocka_unit_test(the_codes_survive_a_bad_fax),
      cmocka_unit_test(the_codes_survive_a_bad_fax_in_standard_resolution),
      cmocka_unit_test(a_page_of_noise_is_not_read),
  };
  return cmocka_run_group_tests_name("render-code", tests, NULL, NULL);
}
