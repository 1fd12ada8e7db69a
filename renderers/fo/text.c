/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text.c - inline content to lines.
 *
 * The characters of a block and its inlines become one Pango paragraph; the
 * family of every character is chosen here (fonts.h), so Pango never falls
 * back by itself. Leaders and drawings are U+FFFC with a shape of their size.
 */
#include "base/xml.h"
#include "fo/box.h"
#include "fo/pages.h"
#include "fo/picture.h"
#include "fo/svg.h"
#include "fo/value.h"
#include "qr.h"

#include <string.h>

#define OBJECT_TEXT "\xEF\xBF\xBC"

typedef struct {
  gsize start, end;
  const FoNode *node;
  gboolean object;
  double size;
} Run;

typedef struct {
  gsize start, end;
} Span;

typedef struct {
  FoLayout *layout;
  const FoNode *block;
  gboolean shrinks;
  double reduction;
  gboolean report; /* faults are told in the first build only */
  GString *text;
  GArray *runs; /* Run */
  GPtrArray *objects;
  GArray *frames; /* FoFrame */
  GArray *keeps;  /* Span: stays in one line */
  PangoAttrList *attributes;
} Builder;

/* ------------------------------------------------------- collecting characters */

static double run_size(const Builder *builder, const FoNode *node) {
  double size = node->traits.font_size;
  if (!builder->shrinks)
    return size;
  return MAX(MIN(FO_SHRINK_FLOOR, size), size - builder->reduction);
}

static void add_run(Builder *builder, const FoNode *node, gsize start, gboolean object) {
  Run run = {start, builder->text->len, node, object, run_size(builder, node)};
  if (run.end > run.start)
    g_array_append_val(builder->runs, run);
}

static gboolean at_blank(const GString *text) {
  return !text->len || text->str[text->len - 1] == ' ' || text->str[text->len - 1] == '\n';
}

static void append_characters(Builder *builder, const FoNode *node, const char *text) {
  GString *out = builder->text;
  gsize start = out->len;
  gboolean keep = node->traits.keep_space;
  for (const char *p = text; *p; p++) {
    gboolean linefeed = *p == '\n' && node->traits.linefeed == LINEFEED_PRESERVE;
    if (linefeed && !keep && out->len > start && out->str[out->len - 1] == ' ')
      out->str[out->len - 1] = '\n';
    else if (linefeed)
      g_string_append_c(out, '\n');
    else if (*p != ' ' && *p != '\t' && *p != '\n' && *p != '\r')
      g_string_append_c(out, *p);
    else if (keep || !at_blank(out))
      g_string_append_c(out, ' ');
  }
  add_run(builder, node, start, FALSE);
}

static double shift_of(const FoNode *node, const FoNode *block) {
  double shift = 0;
  for (; node && node != block; node = node->parent)
    shift += length_points(node->traits.own.shift, node->traits.font_size);
  return shift;
}

static void free_object(gpointer data) {
  FoObject *object = data;
  g_free(object->code);
  g_free(object);
}

static FoObject *append_object(Builder *builder, const FoNode *node, double width,
                               double ascent) {
  FoObject *object = g_new0(FoObject, 1);
  *object = (FoObject){.node = node,
                       .offset = builder->text->len,
                       .width = width,
                       .ascent = ascent,
                       .shift = shift_of(node, builder->block)};
  g_ptr_array_add(builder->objects, object);
  g_string_append(builder->text, OBJECT_TEXT);
  add_run(builder, node, object->offset, TRUE);
  return object;
}

static void append_picture(Builder *builder, const FoNode *node) {
  const FoPicture *picture = picture_get(builder->layout, node);
  double width = 0, height = 0;
  if (!picture)
    return;
  picture_size(picture, node, &width, &height);
  append_object(builder, node, width, height)->picture = picture;
}

static void append_page_number(Builder *builder, const FoNode *node) {
  const FoPageFacts *page = builder->layout->page;
  DiagPlace place = node_place(node);
  if (!page) {
    if (builder->report)
      diags_add(builder->layout->diags, DIAG_FO_PAGE_IN_FLOW, &place,
                fo_element_name(node->element), NULL);
    return;
  }
  int number = page->number;
  if (node->element == FO_PAGE_NUMBER_CITATION_LAST) {
    number = pages_last_number(page->pages, node->traits.own.ref_id);
    if (!number && builder->report)
      diags_add(builder->layout->diags, DIAG_FO_REFERENCE, &place, fo_element_name(node->element),
                "page-sequence", node->traits.own.ref_id, NULL);
  }
  g_autofree char *digits = g_strdup_printf("%d", number);
  append_characters(builder, node, digits);
}

static void append_code(Builder *builder, const FoNode *node) {
  char *text = qr_text(builder->layout, node);
  if (!text)
    return;
  if (builder->report)
    qr_check_size(node, text, builder->layout->diags);
  append_object(builder, node, qr_side(node), qr_side(node))->code = text;
}

/* A drawing; its faults are told once. */
static void append_drawing(Builder *builder, const FoNode *node) {
  const xmlNode *svg = xml_first_element(node->xml);
  double width, height;
  svg_size(node, svg, &width, &height);
  if (builder->report)
    svg_check_glyphs(builder->layout->fonts, node, svg, builder->layout->diags);
  append_object(builder, node, width, height);
}

static void append_node(Builder *builder, const FoNode *node);

static gboolean is_framed(const FoNode *node) {
  double sum = 0;
  for (FoSide side = SIDE_TOP; side <= SIDE_LEFT; side++)
    sum += node_frame(node, side);
  return sum > 0 || node->traits.own.background != FO_NO_COLOR;
}

static void append_children(Builder *builder, const FoNode *node) {
  Span span = {.start = builder->text->len};
  for (guint i = 0; i < node->children->len; i++)
    append_node(builder, node_child(node, i));
  span.end = builder->text->len;
  if (node->traits.own.keep_line)
    g_array_append_val(builder->keeps, span);
}

/* Border and padding at both ends are objects of that width. */
static void append_inline(Builder *builder, const FoNode *node) {
  gboolean framed = is_framed(node);
  FoFrame frame = {.node = node, .start = builder->text->len};
  if (framed)
    append_object(builder, node, node_frame(node, SIDE_LEFT), 0);
  append_children(builder, node);
  if (!framed)
    return;
  append_object(builder, node, node_frame(node, SIDE_RIGHT), 0);
  frame.end = builder->text->len;
  g_array_append_val(builder->frames, frame);
}

static void append_node(Builder *builder, const FoNode *node) {
  switch (node->element) {
  case FO_TEXT: append_characters(builder, node, node->text); break;
  case FO_LEADER: append_object(builder, node, 0, 0); break;
  case FO_PAGE_NUMBER:
  case FO_PAGE_NUMBER_CITATION_LAST: append_page_number(builder, node); break;
  case FO_EXTERNAL_GRAPHIC: append_picture(builder, node); break;
  case FO_INSTREAM_FOREIGN_OBJECT:
    qr_find(node) ? append_code(builder, node) : append_drawing(builder, node);
    break;
  default: append_inline(builder, node); break;
  }
}

static void trim_end(Builder *builder) {
  GString *text = builder->text;
  while (text->len && text->str[text->len - 1] == ' ' && !builder->block->traits.keep_space)
    g_string_truncate(text, text->len - 1);
  for (guint i = 0; i < builder->runs->len; i++) {
    Run *run = &g_array_index(builder->runs, Run, i);
    run->end = MIN(run->end, text->len);
  }
}

/* -------------------------------------------------------------- attributes */

static void add_attribute(Builder *builder, PangoAttribute *attribute, gsize start, gsize end) {
  attribute->start_index = (guint)start;
  attribute->end_index = (guint)end;
  pango_attr_list_insert(builder->attributes, attribute);
}

typedef struct {
  const Builder *builder;
  const Run *run;
} Missing;

static void report_missing(gpointer data, const char *cluster, const char *end) {
  const Missing *missing = data;
  const FoNode *node = missing->run->node;
  RkDiags *diags = missing->builder->layout->diags;
  const char *field = node_field(node);
  DiagPlace place = node_place(node);
  if (missing->builder->report && field)
    fonts_report_field(diags, field, cluster, end);
  else if (missing->builder->report)
    fonts_report(diags, &place, node_label(node), cluster, end);
}

static void set_families(Builder *builder, const Run *run) {
  const char *families = run->node->traits.families;
  gboolean small = builder->layout->fax && run->size < FO_FAX_MINCHO;
  g_autofree char *gothic = small ? fonts_for_fax(families) : NULL;
  const FoFontSet *set = fonts_set(builder->layout->fonts, gothic ? gothic : families,
                                   run->node->traits.bold, builder->layout->diags);
  Missing missing = {builder, run};
  fonts_attribute(set, builder->attributes, builder->text->str, run->start, run->end,
                  report_missing, &missing);
}

/* text-decoration is not inherited but covers all inside: look upwards. */
static int decoration_of(const FoNode *node, const FoNode *block) {
  for (; node && node != block; node = node->parent)
    if (node->traits.own.decoration)
      return node->traits.own.decoration;
  return block->traits.own.decoration;
}

static void set_color(Builder *builder, const Run *run) {
  guint32 color = run->node->traits.color;
  if (color && color != FO_NO_COLOR)
    add_attribute(builder,
                  pango_attr_foreground_new((guint16)((color >> 16 & 255) * 257),
                                            (guint16)((color >> 8 & 255) * 257),
                                            (guint16)((color & 255) * 257)),
                  run->start, run->end);
}

static void set_run(Builder *builder, const Run *run) {
  const FoTraits *traits = &run->node->traits;
  gsize start = run->start, end = run->end;
  int decoration = decoration_of(run->node, builder->block);
  double shift = shift_of(run->node, builder->block);
  add_attribute(builder, pango_attr_size_new_absolute((int)(run->size * PANGO_SCALE)), start, end);
  if (run->object || !*traits->families)
    return;
  set_families(builder, run);
  set_color(builder, run);
  if (traits->bold)
    add_attribute(builder, pango_attr_weight_new(PANGO_WEIGHT_BOLD), start, end);
  if (traits->letter_spacing.value != 0)
    add_attribute(builder,
                  pango_attr_letter_spacing_new((int)(traits->letter_spacing.value * PANGO_SCALE)),
                  start, end);
  if (decoration == DECORATION_UNDERLINE)
    add_attribute(builder, pango_attr_underline_new(PANGO_UNDERLINE_SINGLE), start, end);
  if (decoration == DECORATION_LINE_THROUGH)
    add_attribute(builder, pango_attr_strikethrough_new(TRUE), start, end);
  if (shift != 0)
    add_attribute(builder, pango_attr_rise_new((int)(shift * PANGO_SCALE)), start, end);
}

static void set_shapes(Builder *builder) {
  for (guint i = 0; i < builder->objects->len; i++) {
    FoObject *object = g_ptr_array_index(builder->objects, i);
    PangoRectangle area = {0, (int)(-object->ascent * PANGO_SCALE),
                           (int)(object->width * PANGO_SCALE),
                           (int)(object->ascent * PANGO_SCALE)};
    add_attribute(builder, pango_attr_shape_new_with_data(&area, &area, object, NULL, NULL),
                  object->offset, object->offset + strlen(OBJECT_TEXT));
  }
}

/* UAX #14 takes the postal mark for an ideograph; no line ends with it. */
static void bind_postal_marks(Builder *builder) {
  static const char mark[] = "〒";
  const char *text = builder->text->str;
  for (const char *p = strstr(text, mark); p; p = strstr(p + 1, mark)) {
    const char *next = p + strlen(mark);
    if (*next)
      add_attribute(builder, pango_attr_allow_breaks_new(FALSE), (gsize)(p - text),
                    (gsize)(g_utf8_next_char(next) - text));
  }
}

/* No line ends between an edge of a frame and what is beside it inside. */
static void set_frames(Builder *builder) {
  const char *text = builder->text->str;
  for (guint i = 0; i < builder->frames->len; i++) {
    FoFrame *frame = &g_array_index(builder->frames, FoFrame, i);
    double ascent, descent, shift = shift_of(frame->node, builder->block);
    double size = run_size(builder, frame->node);
    gsize inside = frame->start + strlen(OBJECT_TEXT), end = frame->end - strlen(OBJECT_TEXT);
    const FoFontSet *set = fonts_set(builder->layout->fonts, frame->node->traits.families,
                                     frame->node->traits.bold, builder->layout->diags);
    fonts_metrics(set, &ascent, &descent);
    frame->above = ascent * size + shift + node_frame(frame->node, SIDE_TOP);
    frame->below = descent * size - shift + node_frame(frame->node, SIDE_BOTTOM);
    if (end <= inside)
      continue;
    gsize first = (gsize)(g_utf8_next_char(text + inside) - text);
    gsize last = (gsize)(g_utf8_prev_char(text + end) - text);
    add_attribute(builder, pango_attr_allow_breaks_new(FALSE), frame->start, first);
    add_attribute(builder, pango_attr_allow_breaks_new(FALSE), last, frame->end);
  }
}

static void set_attributes(Builder *builder) {
  builder->attributes = pango_attr_list_new();
  pango_attr_list_insert(builder->attributes, pango_attr_fallback_new(FALSE));
  /* An address broken between its letters must not gain a hyphen. */
  pango_attr_list_insert(builder->attributes, pango_attr_insert_hyphens_new(FALSE));
  for (guint i = 0; i < builder->runs->len; i++)
    set_run(builder, &g_array_index(builder->runs, Run, i));
  set_shapes(builder);
  bind_postal_marks(builder);
  set_frames(builder);
}

/* ---------------------------------------------------------- the Pango layout */

static PangoLayout *make_layout(const Builder *builder) {
  const FoTraits *traits = &builder->block->traits;
  PangoLayout *layout = pango_layout_new(fonts_context(builder->layout->fonts));
  pango_layout_set_text(layout, builder->text->str, (int)builder->text->len);
  pango_layout_set_attributes(layout, builder->attributes);
  pango_layout_set_auto_dir(layout, FALSE);
  pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_indent(layout, (int)(traits->text_indent.value * PANGO_SCALE));
  return layout;
}

static double natural_width(const Builder *builder) {
  g_autoptr(PangoLayout) layout = make_layout(builder);
  int width = 0;
  pango_layout_set_width(layout, -1);
  pango_layout_get_size(layout, &width, NULL);
  return (double)width / PANGO_SCALE + MAX(0, builder->block->traits.text_indent.value);
}

/* The width of what lies in a line of its own; no width where it has several. */
static gboolean measure_span(PangoLayout *unbroken, const Span *span, double *width) {
  int first, last, start, end;
  pango_layout_index_to_line_x(unbroken, (int)span->start, FALSE, &first, &start);
  pango_layout_index_to_line_x(unbroken, (int)span->end, FALSE, &last, &end);
  *width = (double)(end - start) / PANGO_SCALE;
  return first == last;
}

/* keep-together.within-line. What no line has room for is broken like other text: never cut off. */
static void bind_keeps(Builder *builder, double width) {
  if (!builder->keeps->len)
    return;
  g_autoptr(PangoLayout) unbroken = make_layout(builder);
  for (guint i = 0; i < builder->keeps->len; i++) {
    Span *span = &g_array_index(builder->keeps, Span, i);
    double own;
    span->end = MIN(span->end, builder->text->len);
    if (span->end > span->start && measure_span(unbroken, span, &own) && own <= width)
      add_attribute(builder, pango_attr_allow_breaks_new(FALSE), span->start, span->end);
  }
}

static gboolean leader_fills(const Builder *builder, const FoNode *leader) {
  FoLength length = leader->traits.own.leader_length;
  int last = builder->block->traits.text_align_last;
  return (length.unit == LENGTH_PERCENT && length.value >= 100) ||
         (length.unit == LENGTH_AUTO && last == ALIGN_JUSTIFY);
}

/* Leaders of fixed length first; those that fill share what the line has left. */
static void size_leaders(Builder *builder, double width) {
  guint filling = 0;
  for (guint i = 0; i < builder->objects->len; i++) {
    FoObject *object = g_ptr_array_index(builder->objects, i);
    FoLength length = object->node->traits.own.leader_length;
    if (object->node->element != FO_LEADER)
      continue;
    if (leader_fills(builder, object->node))
      filling++;
    else
      object->width = length.unit == LENGTH_AUTO ? 12 : length_points(length, width);
  }
  set_attributes(builder);
  if (!filling)
    return;
  double left = (width - natural_width(builder)) / filling - FO_TINY;
  for (guint i = 0; i < builder->objects->len; i++) {
    FoObject *object = g_ptr_array_index(builder->objects, i);
    if (object->node->element == FO_LEADER && leader_fills(builder, object->node))
      object->width = MAX(0, left);
  }
  pango_attr_list_unref(builder->attributes);
  set_attributes(builder);
}

static void build(Builder *builder, guint from, guint to, double width, double reduction) {
  g_string_truncate(builder->text, 0);
  g_array_set_size(builder->runs, 0);
  g_ptr_array_set_size(builder->objects, 0);
  g_array_set_size(builder->frames, 0);
  g_array_set_size(builder->keeps, 0);
  g_clear_pointer(&builder->attributes, pango_attr_list_unref);
  builder->reduction = reduction;
  for (guint i = from; i < to; i++)
    append_node(builder, node_child(builder->block, i));
  trim_end(builder);
  size_leaders(builder, width);
  bind_keeps(builder, width);
  builder->report = FALSE;
}

/* One line that may shrink does so by steps, down to the floor. */
static void fit_width(Builder *builder, guint from, guint to, double width) {
  const FoTraits *traits = &builder->block->traits;
  RkDiags *diags = builder->layout->diags;
  DiagPlace place = node_place(builder->block);
  double reduction = builder->layout->reduction;
  build(builder, from, to, width, reduction);
  if (!traits->no_wrap)
    return;
  while (builder->shrinks && natural_width(builder) > width + FO_TINY &&
         traits->font_size - reduction > FO_SHRINK_FLOOR)
    build(builder, from, to, width, reduction += FO_SHRINK_STEP);
  if (natural_width(builder) <= width + FO_TINY)
    return;
  g_autofree char *floor = g_strdup_printf("%g", MIN(FO_SHRINK_FLOOR, traits->font_size));
  if (builder->shrinks)
    diags_add(diags, DIAG_FO_SHRINK_FLOOR, &place, node_label(builder->block), floor, NULL);
  else
    diags_add(diags, DIAG_FO_TEXT_OVERFLOW, &place, node_label(builder->block), NULL);
}

/* ------------------------------------------------------------------- lines */

static double line_height_of(const FoTraits *traits, double size) {
  FoLength length = traits->line_height;
  return length.unit == LENGTH_FACTOR ? length.value * size : length.value;
}

/* Half-leading: the font's box is centred in its line height. */
static void widen(const Builder *builder, const FoNode *node, double size, double *above,
                  double *below) {
  double ascent, descent, shift = shift_of(node, builder->block);
  const FoFontSet *set = fonts_set(builder->layout->fonts, node->traits.families,
                                   node->traits.bold, builder->layout->diags);
  fonts_metrics(set, &ascent, &descent);
  double leading = line_height_of(&node->traits, size) - (ascent + descent) * size;
  *above = MAX(*above, ascent * size + leading / 2 + shift);
  *below = MAX(*below, descent * size + leading / 2 - shift);
}

static void measure_line(const Builder *builder, FoLine *line) {
  gsize start = (gsize)line->line->start_index, end = start + (gsize)line->line->length;
  double above = -1e6, below = -1e6;
  widen(builder, builder->block, run_size(builder, builder->block), &above, &below);
  for (guint i = 0; i < builder->runs->len; i++) {
    const Run *run = &g_array_index(builder->runs, Run, i);
    if (run->start < end && run->end > start && !run->object)
      widen(builder, run->node, run->size, &above, &below);
  }
  for (guint i = 0; i < builder->objects->len; i++) {
    const FoObject *object = g_ptr_array_index(builder->objects, i);
    double shift = shift_of(object->node, builder->block);
    if (object->offset >= start && object->offset < end) {
      above = MAX(above, object->ascent + shift);
      below = MAX(below, -shift);
    }
  }
  line->baseline = above;
  line->height = above + below;
}

static void check_line_width(const Builder *builder, const FoLine *line, double width) {
  PangoRectangle logical;
  const char *text = builder->text->str + line->line->start_index;
  int n = line->line->length;
  DiagPlace place = node_place(builder->block);
  pango_layout_line_get_extents(line->line, NULL, &logical);
  if (builder->block->traits.no_wrap || (double)logical.width / PANGO_SCALE <= width + 0.5 ||
      (n && text[n - 1] == ' '))
    return;
  diags_add(builder->layout->diags, DIAG_FO_TEXT_OVERFLOW, &place, node_label(builder->block),
            NULL);
}

static void collect_lines(const Builder *builder, FoText *text, double width, double hang) {
  PangoLayoutIter *iter = pango_layout_get_iter(text->layout);
  do {
    PangoRectangle logical;
    FoLine line = {.line = pango_layout_iter_get_line_readonly(iter)};
    pango_layout_iter_get_line_extents(iter, NULL, &logical);
    line.x = (double)logical.x / PANGO_SCALE - hang;
    measure_line(builder, &line);
    check_line_width(builder, &line, width + hang);
    g_array_append_val(text->lines, line);
  } while (pango_layout_iter_next_line(iter));
  pango_layout_iter_free(iter);
}

static void align(PangoLayout *layout, const FoTraits *traits, gboolean filled) {
  static const PangoAlignment alignments[] = {PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER,
                                              PANGO_ALIGN_RIGHT, PANGO_ALIGN_LEFT,
                                              PANGO_ALIGN_LEFT};
  int last = traits->text_align_last, align = traits->text_align;
  gboolean single = pango_layout_get_line_count(layout) == 1;
  if (single && last != ALIGN_RELATIVE)
    align = last;
  pango_layout_set_alignment(layout, alignments[align]);
  pango_layout_set_justify(layout, !filled && (align == ALIGN_JUSTIFY || last == ALIGN_JUSTIFY));
  pango_layout_set_justify_last_line(layout, !filled && last == ALIGN_JUSTIFY);
}

/* How far the first line begins before the others: Pango moves the others instead. */
static double hanging(const Builder *builder, PangoLayout *layout) {
  gboolean from_start = pango_layout_get_alignment(layout) == PANGO_ALIGN_LEFT;
  return from_start ? MAX(0, -builder->block->traits.text_indent.value) : 0;
}

static FoText *finish(Builder *builder, double width) {
  gboolean filled = FALSE;
  for (guint i = 0; i < builder->objects->len; i++) {
    const FoObject *object = g_ptr_array_index(builder->objects, i);
    filled |= object->node->element == FO_LEADER && leader_fills(builder, object->node);
  }
  FoText *text = g_new0(FoText, 1);
  text->block = builder->block;
  text->lines = g_array_new(FALSE, FALSE, sizeof(FoLine));
  text->objects = g_ptr_array_ref(builder->objects);
  text->frames = g_array_ref(builder->frames);
  text->layout = make_layout(builder);
  pango_layout_set_width(text->layout, (int)((MAX(width, 0) + FO_TINY) * PANGO_SCALE));
  align(text->layout, &builder->block->traits, filled);
  double hang = hanging(builder, text->layout);
  pango_layout_set_width(text->layout, (int)((MAX(width, 0) + hang + FO_TINY) * PANGO_SCALE));
  collect_lines(builder, text, width, hang);
  return text;
}

FoText *text_layout(FoLayout *layout, const FoNode *block, guint from, guint to, double width) {
  Builder builder = {.layout = layout, .block = block, .report = TRUE};
  builder.text = g_string_new(NULL);
  builder.runs = g_array_new(FALSE, FALSE, sizeof(Run));
  builder.objects = g_ptr_array_new_with_free_func(free_object);
  builder.frames = g_array_new(FALSE, FALSE, sizeof(FoFrame));
  builder.keeps = g_array_new(FALSE, FALSE, sizeof(Span));
  for (const FoNode *up = block; up && up->element == FO_BLOCK; up = up->parent)
    builder.shrinks |= up->traits.own.shrink;
  FoText *text = NULL;
  DiagPlace place = node_place(block);
  fit_width(&builder, from, to, width);
  if (builder.text->len && !*block->traits.families)
    diags_add(layout->diags, DIAG_FO_NO_FAMILY, &place, fo_element_name(block->element), NULL);
  else if (builder.text->len)
    text = finish(&builder, width);
  g_string_free(builder.text, TRUE);
  g_array_unref(builder.runs);
  g_ptr_array_unref(builder.objects);
  g_array_unref(builder.frames);
  g_array_unref(builder.keeps);
  pango_attr_list_unref(builder.attributes);
  return text;
}

void text_free(FoText *text) {
  if (!text)
    return;
  g_object_unref(text->layout);
  g_array_unref(text->lines);
  g_ptr_array_unref(text->objects);
  g_array_unref(text->frames);
  g_free(text);
}

double text_height(const FoText *text, guint first, guint end) {
  double height = 0;
  for (guint i = first; i < end; i++)
    height += g_array_index(text->lines, FoLine, i).height;
  return height;
}
