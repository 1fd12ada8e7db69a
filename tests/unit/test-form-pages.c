/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the pages look like: against tests/golden/pages/FORM-VALUES-N.png (75 dpi,
 * 16 greys), which a person has looked at. A pixel counts as changed when no
 * neighbour in the approved page has about its grey, so that another rasteriser
 * that rounds elsewhere passes and a lost character does not.
 *
 * RENKEI_UPDATE_GOLDEN=1 writes them anew; then look at every page that changed.
 * Otherwise a page that differs is left beside the test as FORM-VALUES-N.new.png.
 */
#include "form-paper.h"
#include "output.h"

#include <cairo.h>

#define SHRINK 2      /* from 150 dpi */
#define GREY 112      /* greys that rasterisers may differ by */
#define CHANGED 8     /* pixels; one more kana of 8 pt changes more */

typedef struct {
  int width, height;
  guint8 *grey;
} Picture;

static void picture_free(Picture *picture) {
  g_free(picture->grey);
  g_free(picture);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Picture, picture_free)

static Picture *picture_new(int width, int height) {
  Picture *picture = g_new0(Picture, 1);
  *picture = (Picture){width, height, g_malloc0((gsize)width * (gsize)height)};
  return picture;
}

static guint8 *at(const Picture *picture, int x, int y) {
  return &picture->grey[y * picture->width + x];
}

/* The mean of each square of `shrink` pixels, in 16 greys. */
static Picture *picture_of(cairo_surface_t *surface, int shrink) {
  int stride = cairo_image_surface_get_stride(surface);
  const guint8 *data = cairo_image_surface_get_data(surface);
  Picture *picture = picture_new(cairo_image_surface_get_width(surface) / shrink,
                                 cairo_image_surface_get_height(surface) / shrink);
  for (int y = 0; y < picture->height; y++)
    for (int x = 0; x < picture->width; x++) {
      guint sum = 0;
      for (int i = 0; i < shrink * shrink; i++) {
        guint32 pixel;
        memcpy(&pixel, data + (y * shrink + i / shrink) * stride + (x * shrink + i % shrink) * 4, 4);
        sum += pixel >> 8 & 255;
      }
      guint grey = sum / (guint)(shrink * shrink) >> 4;
      *at(picture, x, y) = (guint8)(grey << 4 | grey);
    }
  return picture;
}

typedef struct {
  const guint8 *bytes;
  gsize length;
} Source;

static cairo_status_t take(void *user, unsigned char *data, unsigned int length) {
  Source *source = user;
  if (length > source->length)
    return CAIRO_STATUS_READ_ERROR;
  memcpy(data, source->bytes, length);
  source->bytes += length;
  source->length -= length;
  return CAIRO_STATUS_SUCCESS;
}

static Picture *read_png(const void *bytes, gsize length) {
  Source source = {bytes, length};
  cairo_surface_t *surface = cairo_image_surface_create_from_png_stream(take, &source);
  assert_int_equal(cairo_surface_status(surface), CAIRO_STATUS_SUCCESS);
  Picture *picture = picture_of(surface, 1);
  cairo_surface_destroy(surface);
  return picture;
}

static void write_png(const Picture *picture, const char *path) {
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, picture->width, picture->height);
  int stride = cairo_image_surface_get_stride(surface);
  guint8 *data = cairo_image_surface_get_data(surface);
  for (int y = 0; y < picture->height; y++)
    memcpy(data + y * stride, at(picture, 0, y), (gsize)picture->width);
  cairo_surface_mark_dirty(surface);
  assert_int_equal(cairo_surface_write_to_png(surface, path), CAIRO_STATUS_SUCCESS);
  cairo_surface_destroy(surface);
}

/* -------------------------------------------------------------- comparing */

static gboolean has_near(const Picture *picture, int x, int y, int grey) {
  if (ABS(*at(picture, x, y) - grey) <= GREY)
    return TRUE;
  for (int dy = -1; dy <= 1; dy++)
    for (int dx = -1; dx <= 1; dx++) {
      int column = CLAMP(x + dx, 0, picture->width - 1), row = CLAMP(y + dy, 0, picture->height - 1);
      if (ABS(*at(picture, column, row) - grey) <= GREY)
        return TRUE;
    }
  return FALSE;
}

/* Pixels of either that the other has nowhere near; G_MAXINT for another size. */
static int changed(const Picture *a, const Picture *b) {
  int n = 0;
  if (a->width != b->width || a->height != b->height)
    return G_MAXINT;
  for (int y = 0; y < a->height; y++)
    for (int x = 0; x < a->width; x++)
      n += !has_near(b, x, y, *at(a, x, y)) || !has_near(a, x, y, *at(b, x, y));
  return n;
}

static char *golden_path(const char *code, const char *kind, int page) {
  g_autofree char *relative = g_strdup_printf("tests/golden/pages/%s-%s-%d.png", code, kind, page);
  return source_path(relative);
}

static Picture *golden(const char *code, const char *kind, int page) {
  g_autofree char *path = golden_path(code, kind, page), *bytes = NULL;
  gsize length = 0;
  return g_file_get_contents(path, &bytes, &length, NULL) ? read_png(bytes, length) : NULL;
}

/* A form's pages, laid out once for all of them. */
typedef struct {
  xmlDoc *fo;
  FoPages *pages;
} Paper;

static void paper_free(Paper *paper) {
  pages_free(paper->pages);
  xmlFreeDoc(paper->fo);
  g_free(paper);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Paper, paper_free)

static Paper *paper_new(xmlDoc *instance) {
  g_autoptr(GBytes) text = paper_render(instance, RENDER_FO, 1);
  g_autofree char *datadir = source_path("renderers");
  Paper *paper = g_new0(Paper, 1);
  FoOptions options = {.datadir = datadir, .code = paper_signed};
  gsize length = 0;
  const char *bytes = g_bytes_get_data(text, &length);
  assert_int_equal(xml_parse(&paper->fo, bytes, length, "t.fo", XML_LIMIT_DEFINITION, NULL), RK_OK);
  assert_int_equal(pages_new(&paper->pages, paper->fo, &options, NULL), RK_OK);
  return paper;
}

static Picture *drawn(const Paper *paper, int page) {
  cairo_surface_t *surface = png_draw(paper->pages, page);
  Picture *picture = picture_of(surface, SHRINK);
  cairo_surface_destroy(surface);
  return picture;
}

/* ------------------------------------------------------------------ pages */

static gboolean page_is_as_approved(const Paper *paper, const char *code, const char *kind, int page) {
  g_autoptr(Picture) now = drawn(paper, page);
  g_autofree char *path = golden_path(code, kind, page);
  if (g_getenv("RENKEI_UPDATE_GOLDEN"))
    write_png(now, path);
  g_autoptr(Picture) then = golden(code, kind, page);
  int n = then ? changed(now, then) : G_MAXINT;
  if (n <= CHANGED)
    return TRUE;
  g_autofree char *new = g_strdup_printf("%s-%s-%d.new.png", code, kind, page);
  write_png(now, new);
  print_message("# %s: %d pixels differ; it is now %s\n", path, n, new);
  return FALSE;
}

static void the_pages_look_as_they_were_approved(const char *kind) {
  gboolean all = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS(paper_codes); i++) {
    g_autoptr(xmlDoc) instance = paper_instance(paper_codes[i], kind);
    g_autoptr(Paper) paper = paper_new(instance);
    int n = (int)pages_count(paper->pages);
    for (int page = 1; page <= n; page++)
      all = page_is_as_approved(paper, paper_codes[i], kind, page) && all;
    g_autofree char *more = golden_path(paper_codes[i], kind, n + 1);
    assert_false(g_file_test(more, G_FILE_TEST_EXISTS));
  }
  assert_true(all);
}

static void the_pages_with_least_values_look_as_approved(void **state) {
  (void)state;
  if (!paper_can_print())
    skip();
  the_pages_look_as_they_were_approved("least");
}

static void the_pages_with_typical_values_look_as_approved(void **state) {
  (void)state;
  if (!paper_can_print())
    skip();
  the_pages_look_as_they_were_approved("typical");
}

static void the_pages_with_longest_values_look_as_approved(void **state) {
  (void)state;
  if (!paper_can_print())
    skip();
  the_pages_look_as_they_were_approved("longest");
}

/* ------------------------------------------------- the comparison itself */

static Picture *moved(const Picture *from, int dx, int dy) {
  Picture *to = picture_new(from->width, from->height);
  for (int y = 0; y < to->height; y++)
    for (int x = 0; x < to->width; x++)
      *at(to, x, y) = *at(from, CLAMP(x - dx, 0, from->width - 1), CLAMP(y - dy, 0, from->height - 1));
  return to;
}

static void a_page_that_rounds_elsewhere_passes_and_a_changed_one_does_not(void **state) {
  (void)state;
  g_autoptr(Picture) page = golden("fj-2-1", "typical", 1), other = golden("fj-2-2", "typical", 1);
  assert_non_null(page);
  assert_non_null(other);
  g_autoptr(Picture) right = moved(page, 1, 0), down = moved(page, 0, 1), far = moved(page, 5, 0);
  assert_in_range(changed(page, right), 0, CHANGED);
  assert_in_range(changed(page, down), 0, CHANGED);
  assert_true(changed(page, far) > CHANGED);
  assert_true(changed(page, other) > CHANGED);
}

/* The pixels that change on page `page` of typical values when one more character is typed. */
static int changed_by(const char *code, int page, const char *field, const char *more) {
  g_autoptr(Form) form = paper_form(code);
  g_autoptr(FormData) data = paper_values(form, "typical");
  g_autofree char *number = g_strdup_printf("R8-0012/%s-1", code);
  FormInstanceInfo info = paper_info(number);
  g_autofree char *value = g_strconcat(form_data_get(data, field), more, NULL);
  assert_int_equal(form_data_set(data, field, value, NULL), RK_OK);
  g_autoptr(xmlDoc) instance = form_instance(form, data, &info);
  g_autoptr(Paper) paper = paper_new(instance);
  g_autoptr(Picture) now = drawn(paper, page), then = golden(code, "typical", page);
  return changed(now, then);
}

static void one_more_character_is_seen(void **state) {
  (void)state;
  if (!paper_can_print())
    skip();
  assert_int_equal(changed_by("fj-3", 1, "inst_name", ""), 0);
  int kanji = changed_by("fj-3", 1, "inst_name", "科"), kana = changed_by("fj-1", 2, "patient_name_kana", "コ");
  assert_true(kanji > CHANGED);
  assert_true(kana > CHANGED);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_pages_with_least_values_look_as_approved),
      cmocka_unit_test(the_pages_with_typical_values_look_as_approved),
      cmocka_unit_test(the_pages_with_longest_values_look_as_approved),
      cmocka_unit_test(a_page_that_rounds_elsewhere_passes_and_a_changed_one_does_not),
      cmocka_unit_test(one_more_character_is_seen),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
