/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The code and the number on every page of every form, as a FAX machine has it: in the corner top right
 * and in the one bottom left one code each, which ZBar reads (without it this test is skipped), with
 * nothing in its white; beside them the number whose check characters hold.
 */
#include "form-paper.h"

#include "base/papercode.h"
#include "fax-support.h"

#ifdef HAVE_ZBAR
#include <math.h>
#include <zbar.h>

/* mm; where form-fo.xsl puts the codes, white included */
#define SIDE 27.75
#define EDGE 4.0  /* from the left and right edge */
#define UPPER 5.0 /* from the upper and lower edge */
#define WHITE 2.9 /* four modules of 0.75 mm, and rounding */
#define SHEET 297.0

typedef struct {
  guint8 *ink;
  int lines;
  double per_mm; /* lines in a millimetre */
} Sheet;

static int column(double mm) {
  return (int)floor((mm + 2.5) * 1728 / 215 + 0.5);
}

static int row(const Sheet *sheet, double mm) {
  return (int)floor(mm * sheet->per_mm + 0.5);
}

/* The codes in this square of the page and around it; only the last text is kept. */
static guint read_square(const Sheet *sheet, double x, double y, char **text) {
  int left = column(x - 2), right = column(x + SIDE + 2), twice = sheet->per_mm < 5 ? 2 : 1;
  int top = MAX(row(sheet, y - 4), 0), bottom = MIN(row(sheet, y + SIDE + 4), sheet->lines);
  int width = right - left, height = (bottom - top) * twice;
  g_autofree guint8 *grey = g_malloc((gsize)width * (gsize)height);
  for (int i = 0; i < width * height; i++)
    grey[i] = sheet->ink[(top + i / width / twice) * 1728 + left + i % width] ? 0 : 255;
  zbar_image_scanner_t *scanner = zbar_image_scanner_create();
  zbar_image_t *image = zbar_image_create();
  guint found = 0;
  zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
  zbar_image_set_size(image, (guint)width, (guint)height);
  zbar_image_set_data(image, grey, (gulong)width * (gulong)height, NULL);
  zbar_scan_image(scanner, image);
  for (const zbar_symbol_t *s = zbar_image_first_symbol(image); s; s = zbar_symbol_next(s), found++) {
    g_free(*text);
    *text = g_strdup(zbar_symbol_get_data(s));
  }
  zbar_image_destroy(image);
  zbar_image_scanner_destroy(scanner);
  return found;
}

/* The first ink in the white around a code; NULL if it is clean. */
static char *soiled(const Sheet *sheet, double x, double y) {
  for (int line = row(sheet, y) + 1; line < row(sheet, y + SIDE); line++)
    for (int at = column(x) + 1; at < column(x + SIDE); at++) {
      gboolean inside = line >= row(sheet, y + WHITE) && line < row(sheet, y + SIDE - WHITE) &&
                        at >= column(x + WHITE) && at < column(x + SIDE - WHITE);
      if (!inside && sheet->ink[line * 1728 + at])
        return g_strdup_printf("ink at line %d, pixel %d", line, at);
    }
  return NULL;
}

static char *square_fault(const Sheet *sheet, double x, double y, const char *wanted) {
  g_autofree char *text = NULL;
  char *ink = soiled(sheet, x, y);
  guint found = ink ? 0 : read_square(sheet, x, y, &text);
  if (ink || (found == 1 && g_str_equal(text, wanted)))
    return ink;
  return g_strdup_printf("%u codes, '%s' instead of '%s'", found, text ? text : "", wanted);
}

/* What is wrong with the codes of a page, or NULL. */
static char *page_fault(const Sheet *sheet, const char *wanted) {
  char *fault = square_fault(sheet, 210 - EDGE - SIDE, UPPER, wanted);
  return fault ? fault : square_fault(sheet, EDGE, SHEET - UPPER - SIDE, wanted);
}

/* ------------------------------------------------------------------ every page */

static char *wanted_text(const char *code, const char *kind, guint page, guint pages) {
  g_autofree char *blank = g_strdup_printf("%s %u/%u", code, page, pages);
  g_autofree char *own = g_strdup_printf("R8-0012/%s-1 %u/%u K1 0123456789AB", code, page, pages);
  return g_ascii_strup(strcmp(kind, "blank") ? own : blank, -1);
}

static GBytes *fax_of(const char *code, const char *kind, gboolean standard) {
  g_autoptr(xmlDoc) instance = paper_instance(code, kind);
  g_autoptr(RkDiags) diags = rk_diags_new();
  RenderOptions all = options();
  GBytes *tiff = NULL;
  all.fax_standard = standard;
  all.code = paper_signed;
  all.fax_head = "見本市医療介護連携支援センター　FAX 000-000-0000　2026-11-21 09:00";
  RkStatus status = renkei_print_ops.render(&tiff, instance, RENDER_TIFF, &all, diags);
  if (status != RK_OK)
    fail_msg("%s %s: %s", code, kind, rk_diags_get(diags, 0)->message);
  return tiff;
}

static guint faults_of(const char *code, const char *kind, gboolean standard) {
  g_autoptr(GBytes) tiff = fax_of(code, kind, standard);
  guint faults = 0, pages = count_pages(tiff);
  for (guint page = 1; page <= pages; page++) {
    Sheet sheet = {.per_mm = standard ? 3.85 : 7.7};
    g_autofree guint8 *ink = page_pixels(tiff, (guint16)(page - 1), &sheet.lines);
    sheet.ink = ink;
    g_autofree char *wanted = wanted_text(code, kind, page, pages);
    g_autofree char *fault = page_fault(&sheet, wanted);
    if (fault)
      print_message("%s %s, page %u: %s\n", code, kind, page, fault);
    faults += fault != NULL;
  }
  return faults;
}

static void every_page_bears_its_code(gboolean standard) {
  guint faults = 0;
  for (guint code = 0; code < G_N_ELEMENTS(paper_codes); code++)
    for (guint kind = 0; kind < G_N_ELEMENTS(paper_kinds); kind++)
      faults += faults_of(paper_codes[code], paper_kinds[kind], standard);
  assert_int_equal(faults, 0);
}

static void both_codes_of_every_page_are_read_in_fine_resolution(void **state) {
  (void)state;
  need_fonts();
  every_page_bears_its_code(FALSE);
}

static void both_codes_of_every_page_are_read_in_standard_resolution(void **state) {
  (void)state;
  need_fonts();
  every_page_bears_its_code(TRUE);
}

/* That the measure can fail: a stroke in the white, and a page of another paper. */
static void a_stroke_in_the_white_and_a_strange_code_are_found(void **state) {
  (void)state;
  need_fonts();
  g_autoptr(GBytes) tiff = fax_of("fj-3", "typical", FALSE);
  Sheet sheet = {.per_mm = 7.7};
  g_autofree guint8 *ink = sheet.ink = page_pixels(tiff, 0, &sheet.lines);
  g_autofree char *wanted = wanted_text("fj-3", "typical", 1, 1);
  g_autofree char *other = wanted_text("fj-4", "typical", 1, 1);
  g_autofree char *none = page_fault(&sheet, wanted), *strange = page_fault(&sheet, other);
  assert_null(none);
  assert_non_null(strange);
  ink[row(&sheet, SHEET - UPPER - SIDE + 1) * 1728 + column(EDGE + 10)] = 1;
  g_autofree char *stroke = page_fault(&sheet, wanted);
  assert_non_null(stroke);
  assert_true(g_str_has_prefix(stroke, "ink"));
}

#else
static void both_codes_of_every_page_are_read_in_fine_resolution(void **state) {
  (void)state;
  print_message("ZBar (Debian: libzbar-dev) was not found by configure\n");
  skip();
}
#define both_codes_of_every_page_are_read_in_standard_resolution both_codes_of_every_page_are_read_in_fine_resolution
#define a_stroke_in_the_white_and_a_strange_code_are_found both_codes_of_every_page_are_read_in_fine_resolution
#endif

/* ------------------------------------------------------------------ for people */

static guint numbers_on(const char *text, const char *number) {
  guint found = 0;
  for (const char *p = text; (p = strstr(p, number)); p += strlen(number))
    found++;
  return found;
}

static void the_number_stands_at_head_and_foot_of_every_page(void **state) {
  (void)state;
  if (!paper_can_print())
    skip();
  for (guint code = 0; code < G_N_ELEMENTS(paper_codes); code++) {
    g_autofree char *number = g_strdup_printf("R8-0012/%s-1", paper_codes[code]);
    g_autofree char *checked = paper_number_checked(number), *read = paper_number_read(checked);
    g_autofree char *capitals = g_ascii_strup(number, -1);
    g_autoptr(GBytes) pdf = paper(paper_codes[code], "typical", RENDER_PDF);
    g_autofree char *text = pdf_text(pdf, "-raw");
    g_auto(GStrv) pages = g_strsplit(text, "\f", -1);
    assert_string_equal(read, capitals);
    for (guint i = 0; pages[i] && pages[i + 1]; i++)
      if (numbers_on(pages[i], checked) != 2)
        fail_msg("%s, page %u: %s stands %u times", paper_codes[code], i + 1, checked,
                 numbers_on(pages[i], checked));
  }
}

/* A paper of the longest number there can be takes a wider code rather than finer modules. */
static void a_long_number_takes_a_wider_code(void **state) {
  static const struct {
    const char *number, *side;
  } cases[] = {{"R8-0012/fj-2-1.2-3", "content-width=\"27.75mm\""},
               {"R10-12345/ng-consent.12-10", "content-width=\"30.75mm\""}};
  (void)state;
  need_fonts();
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Form) form = paper_form("ng-consent");
    FormInstanceInfo info = paper_info(cases[i].number);
    g_autoptr(xmlDoc) instance = form_instance(form, NULL, &info);
    g_autoptr(GBytes) fo = paper_render(instance, RENDER_FO, 1);
    g_bytes_unref(paper_render(instance, RENDER_TIFF, 1)); /* it fits on a FAX, too */
    g_autofree char *text = g_strndup(g_bytes_get_data(fo, NULL), g_bytes_get_size(fo));
    assert_non_null(strstr(text, cases[i].side));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(both_codes_of_every_page_are_read_in_fine_resolution),
      cmocka_unit_test(both_codes_of_every_page_are_read_in_standard_resolution),
      cmocka_unit_test(a_stroke_in_the_white_and_a_strange_code_are_found),
      cmocka_unit_test(the_number_stands_at_head_and_foot_of_every_page),
      cmocka_unit_test(a_long_number_takes_a_wider_code),
  };
  return cmocka_run_group_tests_name("form-codes", tests, NULL, NULL);
}
