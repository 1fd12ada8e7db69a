/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The geometry of every page, from the formatter itself: no ink outside its cell,
 * region or page, no line of text on another, no word of the instance lost. Each
 * fault is also made on purpose, to see it found.
 */
#include "form-words.h"

#include "fo/draw.h"

#include <math.h>

#define INSIDE 0.6 /* points that ink may lie on the rule of its cell */
#define OBJECT "\xEF\xBF\xBC" /* U+FFFC */
#define APART 0.4  /* points that the ink of two lines may share */

typedef struct {
  double left, top, right, bottom;
} Rect;

typedef struct {
  Rect ink;
  gboolean drawn; /* inside a drawing: over the line that holds it */
  char *text;     /* objects in place; without spaces */
} Line;

typedef struct {
  cairo_t *cairo;
  int page;
  GArray *areas; /* Rect: the open ones, innermost last */
  guint drawings;
  GPtrArray *lines; /* Line of this page */
  GString *text;    /* of the bodies of all pages */
  const Form *form; /* of a blank to be filled in by hand, or NULL */
  GString *faults;
} Geometry;

static void line_free(gpointer data) {
  Line *line = data;
  g_free(line->text);
  g_free(line);
}

static void fault(Geometry *geometry, const char *what, const char *where) {
  g_string_append_printf(geometry->faults, "page %d: %s: '%s'\n", geometry->page, what, where);
}

/* -------------------------------------------------------------- watching */

static gboolean is_drawing(const FoNode *node) {
  return node->element == FO_INSTREAM_FOREIGN_OBJECT || node->element == FO_LEADER;
}

static Rect to_page(cairo_t *cairo, double left, double top, double right, double bottom) {
  cairo_user_to_device(cairo, &left, &top);
  cairo_user_to_device(cairo, &right, &bottom);
  return (Rect){left, top, right, bottom};
}

/* The first U+FFFC still open in the line below gives way to what was drawn there. */
static void fill_object(GPtrArray *lines, const char *text) {
  for (guint i = lines->len; i > 0; i--) {
    Line *line = lines->pdata[i - 1];
    char *mark = line->drawn ? NULL : strstr(line->text, OBJECT);
    if (line->drawn)
      continue;
    g_assert(mark);
    char *whole = g_strdup_printf("%.*s%s%s", (int)(mark - line->text), line->text, text, mark + strlen(OBJECT));
    g_free(line->text);
    line->text = whole;
    return;
  }
}

static void end(gpointer user, const FoNode *node) {
  Geometry *geometry = user;
  g_array_set_size(geometry->areas, geometry->areas->len - 1);
  if (!is_drawing(node))
    return;
  geometry->drawings--;
  const Line *last = geometry->lines->pdata[geometry->lines->len - 1];
  fill_object(geometry->lines, last->drawn && node->element != FO_LEADER ? last->text : "");
}

static gboolean outside(const Rect *ink, const Rect *area) {
  return ink->left < area->left - INSIDE || ink->right > area->right + INSIDE ||
         ink->top < area->top - INSIDE || ink->bottom > area->bottom + INSIDE;
}

static void judge_place(Geometry *geometry, const Rect *ink, const char *what, const char *where) {
  for (guint i = 0; i < geometry->areas->len; i++)
    if (outside(ink, &g_array_index(geometry->areas, Rect, i))) {
      fault(geometry, what, where);
      return;
    }
}

/* ---------------------------------------------------------- room for a hand */

/* The millimetres that this entry needs, "label (table[1].id)": what is circled or ticked needs none of its own. */
static double room_for(const Form *form, const char *named, gboolean alone) {
  g_autoptr(GRegex) shape = g_regex_new("\\((?:(\\w+)\\[\\d+\\]\\.)?(\\w+)\\)$", 0, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  FormField field;
  assert_true(g_regex_match(shape, named, 0, &match));
  g_autofree char *table = g_match_info_fetch(match, 1), *id = g_match_info_fetch(match, 2);
  assert_true(form_find_field(form, *table ? table : NULL, id, &field));
  switch (field.type) {
  case FIELD_KANA: return 3.5; /* above the name */
  case FIELD_POSTAL: return 4; /* above the address */
  case FIELD_CHOICE:
  case FIELD_MULTI:
  case FIELD_CHECK:
  case FIELD_FIXED: return 0;
  case FIELD_SIGNATURE: return 9;
  default: return alone ? 8 : 7;
  }
}

/* The entries of a cell, without those of a table in it. */
static void find_entries(const FoNode *node, GPtrArray *entries) {
  if (node->traits.own.field)
    g_ptr_array_add(entries, (gpointer)node->traits.own.field);
  for (guint i = 0; !node->traits.own.field && i < node->children->len; i++)
    if (node_child(node, i)->element != FO_TABLE)
      find_entries(node_child(node, i), entries);
}

static void judge_room(Geometry *geometry, const FoNode *cell, const FoArea *area) {
  g_autoptr(GPtrArray) entries = g_ptr_array_new();
  double need = 0;
  find_entries(cell, entries);
  for (guint i = 0; i < entries->len; i++)
    need += room_for(geometry->form, entries->pdata[i], entries->len == 1);
  if (area->height * 25.4 / 72 < need - 0.1)
    fault(geometry, "no room to write", entries->pdata[0]);
}

static void begin(gpointer user, const FoNode *node, const FoArea *area) {
  Geometry *geometry = user;
  Rect rect = to_page(geometry->cairo, area->x, area->y, area->x + area->width, area->y + area->height);
  if (node->element == FO_INSTREAM_FOREIGN_OBJECT)
    judge_place(geometry, &rect, "a drawing outside its box", "");
  if (geometry->form && node->element == FO_TABLE_CELL)
    judge_room(geometry, node, area);
  g_array_append_val(geometry->areas, rect);
  geometry->drawings += is_drawing(node);
}

/* The ink of the glyphs, from the line's origin; objects are judged where they are drawn. */
static gboolean ink_of(PangoLayoutLine *line, Rect *out) {
  gboolean any = FALSE;
  double x = 0;
  for (GSList *l = line->runs; l; l = l->next) {
    const PangoGlyphItem *run = l->data;
    const char *text = pango_layout_get_text(line->layout) + run->item->offset;
    PangoRectangle ink, logical;
    pango_glyph_string_extents(run->glyphs, run->item->analysis.font, &ink, &logical);
    Rect rect = {x + (double)ink.x / PANGO_SCALE, (double)(ink.y - run->y_offset) / PANGO_SCALE, 0, 0};
    rect.right = rect.left + (double)ink.width / PANGO_SCALE;
    rect.bottom = rect.top + (double)ink.height / PANGO_SCALE;
    x += (double)pango_glyph_string_get_width(run->glyphs) / PANGO_SCALE;
    if (g_str_has_prefix(text, OBJECT) || !ink.width || !ink.height)
      continue;
    *out = any ? (Rect){MIN(out->left, rect.left), MIN(out->top, rect.top), MAX(out->right, rect.right),
                        MAX(out->bottom, rect.bottom)}
               : rect;
    any = TRUE;
  }
  return any;
}

/* 様 and 御中 stand in the line that they end, behind a name or the room for one. */
static void judge_suffix(Geometry *geometry, const Line *line) {
  if (!strcmp(line->text, "様") || !strcmp(line->text, "御中"))
    fault(geometry, "a suffix alone in its line", line->text);
}

static void watch_line(gpointer user, PangoLayoutLine *pango) {
  Geometry *geometry = user;
  double x, y;
  Rect ink;
  g_autofree char *raw = g_strndup(pango_layout_get_text(pango->layout) + pango->start_index, (gsize)pango->length);
  Line *line = g_new0(Line, 1);
  line->text = without_spaces(raw);
  line->drawn = geometry->drawings > 0;
  g_ptr_array_add(geometry->lines, line);
  judge_suffix(geometry, line);
  cairo_get_current_point(geometry->cairo, &x, &y);
  if (!ink_of(pango, &ink))
    return;
  line->ink = to_page(geometry->cairo, x + ink.left, y + ink.top, x + ink.right, y + ink.bottom);
  judge_place(geometry, &line->ink, "ink outside its box", line->text);
}

/* ---------------------------------------------------------------- judging */

static gboolean overlap(const Rect *a, const Rect *b) {
  return MIN(a->right, b->right) - MAX(a->left, b->left) > APART &&
         MIN(a->bottom, b->bottom) - MAX(a->top, b->top) > APART;
}

static void judge_overlaps(Geometry *geometry) {
  for (guint i = 0; i < geometry->lines->len; i++)
    for (guint k = i + 1; k < geometry->lines->len; k++) {
      const Line *a = geometry->lines->pdata[i], *b = geometry->lines->pdata[k];
      if (!a->drawn && !b->drawn && overlap(&a->ink, &b->ink))
        fault(geometry, "a line lies on another", b->text);
    }
}

/* Head and foot are left out: they are not in the instance's sheets. */
static void take_text(Geometry *geometry, const FoPage *page, guint before, guint after) {
  (void)page;
  for (guint i = before; i < after; i++) {
    const Line *line = geometry->lines->pdata[i];
    if (!line->drawn)
      g_string_append(geometry->text, line->text);
  }
}

static void judge_page(Geometry *geometry, const FoPage *page, FoFonts *fonts) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  DrawWatch watch = {geometry, begin, watch_line, end};
  Painter painter = {.cairo = geometry->cairo, .fonts = fonts, .diags = diags, .watch = &watch};
  FoPage part = *page;
  Rect paper = {0, 0, page_width(page), page_height(page)};
  g_ptr_array_set_size(geometry->lines, 0);
  g_array_set_size(geometry->areas, 0);
  g_array_append_val(geometry->areas, paper);
  part.before = part.after = NULL;
  page_draw(&painter, &part);
  take_text(geometry, page, 0, geometry->lines->len);
  part = *page;
  part.body = NULL;
  page_draw(&painter, &part);
  judge_overlaps(geometry);
  assert_int_equal(geometry->areas->len, 1);
}

/* The faults of an FO document, and its text; both g_free. */
static char *judge(const char *fo, gsize length, gboolean fax, const Form *blank, char **text) {
  g_autoptr(xmlDoc) doc = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autofree char *datadir = source_path("renderers");
  FoOptions options = {.datadir = datadir, .fax = fax};
  FoPages *pages = NULL;
  assert_int_equal(xml_parse(&doc, fo, length, "t.fo", XML_LIMIT_DEFINITION, diags), RK_OK);
  RkStatus status = pages_new(&pages, doc, &options, diags);
  for (guint i = 0; i < rk_diags_count(diags); i++)
    print_message("%s\n", rk_diags_get(diags, i)->message);
  assert_int_equal(status, RK_OK);
  cairo_surface_t *surface = cairo_recording_surface_create(CAIRO_CONTENT_COLOR, NULL);
  Geometry geometry = {.cairo = cairo_create(surface), .areas = g_array_new(FALSE, FALSE, sizeof(Rect)),
                       .lines = g_ptr_array_new_with_free_func(line_free), .text = g_string_new(NULL),
                       .faults = g_string_new(NULL), .form = blank};
  for (guint i = 0; i < pages_count(pages); i++) {
    geometry.page = (int)i + 1;
    judge_page(&geometry, pages_get(pages, i), pages_fonts(pages));
  }
  g_ptr_array_unref(geometry.lines);
  g_array_unref(geometry.areas);
  cairo_destroy(geometry.cairo);
  cairo_surface_destroy(surface);
  pages_free(pages);
  *text = g_string_free(geometry.text, FALSE);
  return g_string_free(geometry.faults, FALSE);
}

static void assert_clean(const char *code, const char *kind, gboolean fax) {
  g_autoptr(Form) form = paper_form(code);
  g_autoptr(xmlDoc) instance = paper_instance(code, kind);
  g_autoptr(GBytes) fo = paper_render(instance, RENDER_FO, 1);
  g_autoptr(GPtrArray) words = words_of(instance);
  g_autofree char *text = NULL;
  gsize length = 0;
  const char *bytes = g_bytes_get_data(fo, &length);
  g_autofree char *faults = judge(bytes, length, fax, strcmp(kind, "blank") ? NULL : form, &text), *lost = words_compare(words, text);
  if (*faults || lost)
    fail_msg("%s %s%s: %s%s", code, kind, fax ? " as FAX" : "", faults, lost ? lost : "");
}

static void assert_all_clean(gboolean fax) {
  for (guint code = 0; code < G_N_ELEMENTS(paper_codes); code++)
    for (guint kind = 0; kind < G_N_ELEMENTS(paper_kinds); kind++)
      assert_clean(paper_codes[code], paper_kinds[kind], fax);
}

static void every_page_of_every_form_is_clean(void **state) {
  (void)state;
  if (!paper_can_print())
    skip();
  assert_all_clean(FALSE);
}

static void every_fax_page_is_clean_too(void **state) {
  (void)state;
  if (!paper_can_print())
    skip();
  assert_all_clean(TRUE);
}

/* --------------------------------------------------------------- labels */

/* What the pattern's group holds must be of kanji and kana only; how many there were. */
static guint assert_plain(const char *code, const char *text, const char *pattern) {
  g_autoptr(GRegex) labels = g_regex_new(pattern, 0, 0, NULL);
  g_autoptr(GRegex) plain = g_regex_new("^[\\p{Han}\\p{Hiragana}\\p{Katakana}ー・ 　]{2,}$", 0, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  guint n = 0;
  for (g_regex_match(labels, text, 0, &match); g_match_info_matches(match); g_match_info_next(match, NULL), n++) {
    g_autofree char *label = g_match_info_fetch(match, 1);
    if (!g_regex_match(plain, label, 0, NULL))
      fail_msg("%s: '%s' is spread", code, label);
  }
  return n;
}

/* 均等割付 pulls signs and Latin words apart. */
static void only_labels_of_kanji_and_kana_are_spread(void **state) {
  (void)state;
  guint spread = 0;
  for (guint i = 0; i < G_N_ELEMENTS(paper_codes); i++) {
    const char *code = paper_codes[i];
    g_autoptr(GBytes) fo = paper(code, "blank", RENDER_FO);
    g_autoptr(GBytes) html = paper(code, "blank", RENDER_HTML);
    g_autofree char *page = g_strndup(g_bytes_get_data(fo, NULL), g_bytes_get_size(fo));
    g_autofree char *screen = g_strndup(g_bytes_get_data(html, NULL), g_bytes_get_size(html));
    spread += assert_plain(code, page, "<fo:block text-align-last=\"justify\">([^<]+)</fo:block>");
    spread += assert_plain(code, screen, "<th[^>]* class=\"(?:beside )?spread\">([^<]+)</th>");
  }
  assert_true(spread > 300);
}

/* ----------------------------------------------------- faults on purpose */

#define FO_HEAD                                                                                  \
  "<fo:root xmlns:fo='http://www.w3.org/1999/XSL/Format' font-family='BIZ UDGothic' font-size='10pt'>"   \
  "<fo:layout-master-set><fo:simple-page-master master-name='p' page-width='100mm' page-height='60mm' "  \
  "margin='10mm'><fo:region-body/></fo:simple-page-master></fo:layout-master-set>"               \
  "<fo:page-sequence master-reference='p' force-page-count='no-force'><fo:flow flow-name='xsl-region-body'>"
#define FO_FOOT "</fo:flow></fo:page-sequence></fo:root>"
#define CELL(attributes, content)                                                                \
  "<fo:table table-layout='fixed' border-collapse='collapse' width='30mm'><fo:table-column column-width='30mm'/>" \
  "<fo:table-body><fo:table-row><fo:table-cell border='1pt solid black' " attributes ">" content         \
  "</fo:table-cell></fo:table-row></fo:table-body></fo:table>"

#define DRAWING                                                                                  \
  "<fo:instream-foreign-object content-width='10mm' content-height='4mm'>"                       \
  "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 10 4' width='10mm' height='4mm'>"        \
  "<rect x='0' y='0' width='10' height='4' fill='black'/></svg></fo:instream-foreign-object>"

static char *judge_flow(const char *flow, char **text) {
  g_autofree char *fo = g_strconcat(FO_HEAD, flow, FO_FOOT, NULL);
  return judge(fo, strlen(fo), FALSE, NULL, text);
}

static void faults_made_on_purpose_are_found(void **state) {
  (void)state;
  if (!paper_can_print())
    skip();
  static const struct {
    const char *flow, *fault; /* fault NULL: clean */
  } cases[] = {
      {CELL("padding='1mm'", "<fo:block>見本</fo:block>"), NULL},
      {CELL("padding='1mm'", "<fo:block start-indent='-8mm'>見本</fo:block>"), "ink outside its box"},
      {CELL("", "<fo:block text-indent='-8mm'>見本</fo:block>"), "ink outside its box"},
      {CELL("", "<fo:block line-height='4pt'>見本</fo:block>"), "ink outside its box"},
      {CELL("", "<fo:block start-indent='-8mm'>" DRAWING "</fo:block>"), "a drawing outside its box"},
      {"<fo:block start-indent='-15mm'>見本</fo:block>", "ink outside its box"},
      {"<fo:block>一行目</fo:block><fo:block>二行目</fo:block>", NULL},
      {"<fo:block end-indent='68mm'>見本　様</fo:block>", "a suffix alone in its line"},
      {"<fo:block end-indent='68mm'>見本&#160;&#160;様</fo:block>", NULL},
      {"<fo:block line-height='5pt' linefeed-treatment='preserve'>　\n一行目\n二行目</fo:block>", "a line lies on another"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = NULL, *faults = judge_flow(cases[i].flow, &text);
    if (cases[i].fault ? !strstr(faults, cases[i].fault) : *faults != '\0')
      fail_msg("case %u: '%s'", i, faults);
  }
}

static void a_word_that_is_not_on_the_page_is_missed(void **state) {
  (void)state;
  if (!paper_can_print())
    skip();
  g_autofree char *text = NULL, *faults = judge_flow("<fo:block>法人名</fo:block><fo:block>見本会</fo:block>", &text);
  g_autoptr(GPtrArray) words = g_ptr_array_new();
  g_ptr_array_add(words, (gpointer) "法人名");
  g_ptr_array_add(words, (gpointer) "見本会");
  assert_string_equal(faults, "");
  g_autofree char *none = words_compare(words, text);
  assert_null(none);
  g_ptr_array_add(words, (gpointer) "住所");
  g_autofree char *lost = words_compare(words, text);
  assert_non_null(strstr(lost, "住所"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(faults_made_on_purpose_are_found),
      cmocka_unit_test(a_word_that_is_not_on_the_page_is_missed),
      cmocka_unit_test(only_labels_of_kanji_and_kana_are_spread),
      cmocka_unit_test(every_page_of_every_form_is_clean),
      cmocka_unit_test(every_fax_page_is_clean_too),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
