/* SPDX-License-Identifier: Apache-2.0 */
/* draw.c - boxes to cairo, in reading order so that copied text is in order. */
#include "fo/draw.h"

#include "base/xml.h"
#include "fo/picture.h"
#include "fo/svg.h"
#include "fo/value.h"
#include "qr.h"

#include <pango/pangocairo.h>
#include <string.h>

/* ----------------------------------------------------------------- watching */

static void watch_begin(const Painter *painter, const FoNode *node, FoArea area) {
  if (painter->watch && painter->watch->begin)
    painter->watch->begin(painter->watch->user, node, &area);
}

static void watch_enter(const Painter *painter, const FoNode *node, const FoBox *text, double y) {
  if (painter->watch && painter->watch->enter)
    painter->watch->enter(painter->watch->user, node, text, y);
}

static void watch_leave(const Painter *painter, const FoNode *node) {
  if (painter->watch && painter->watch->leave)
    painter->watch->leave(painter->watch->user, node);
}

static void watch_end(const Painter *painter, const FoNode *node) {
  if (painter->watch && painter->watch->end)
    painter->watch->end(painter->watch->user, node);
}

static void show_line(const Painter *painter, PangoLayoutLine *line) {
  if (painter->watch && painter->watch->line)
    painter->watch->line(painter->watch->user, line);
  pango_cairo_show_layout_line(painter->cairo, line);
}

/* ----------------------------------------------------------------- painting */

void painter_set_color(const Painter *painter, guint32 color) {
  if (!painter->fax) {
    cairo_set_source_rgb(painter->cairo, (color >> 16 & 255) / 255.0, (color >> 8 & 255) / 255.0,
                         (color & 255) / 255.0);
    return;
  }
  /* The FAX surface holds ink only: white takes it away, all else is black. */
  cairo_set_operator(painter->cairo,
                     color == 0xFFFFFF ? CAIRO_OPERATOR_DEST_OUT : CAIRO_OPERATOR_OVER);
  cairo_set_source_rgba(painter->cairo, 0, 0, 0, 1);
}

void painter_fill(const Painter *painter, double x, double y, double width, double height,
                  guint32 color) {
  if (color == FO_NO_COLOR || painter->fax)
    return;
  cairo_save(painter->cairo);
  painter_set_color(painter, color);
  cairo_rectangle(painter->cairo, x, y, width, height);
  cairo_fill(painter->cairo);
  cairo_restore(painter->cairo);
}

PangoLayout *words_layout(FoFonts *fonts, const char *text, const FoTraits *traits) {
  PangoLayout *layout = pango_layout_new(fonts_context(fonts));
  PangoFontDescription *font = pango_font_description_new();
  PangoAttrList *attributes = pango_attr_list_new();
  const FoFontSet *set = fonts_set(fonts, traits->families, traits->bold, NULL);
  pango_font_description_set_absolute_size(font, traits->font_size * PANGO_SCALE);
  pango_font_description_set_weight(font, traits->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description(layout, font);
  pango_layout_set_text(layout, text, -1);
  pango_attr_list_insert(attributes, pango_attr_fallback_new(FALSE));
  fonts_attribute(set, attributes, text, 0, strlen(text), NULL, NULL);
  pango_layout_set_attributes(layout, attributes);
  pango_attr_list_unref(attributes);
  pango_font_description_free(font);
  return layout;
}

double words_width(FoFonts *fonts, const char *text, const FoTraits *traits) {
  g_autoptr(PangoLayout) layout = words_layout(fonts, text, traits);
  int width = 0;
  pango_layout_get_size(layout, &width, NULL);
  return (double)width / PANGO_SCALE;
}

void painter_text(const Painter *painter, const char *text, const FoTraits *traits, double x,
                  double y, double anchor) {
  g_autoptr(PangoLayout) layout = words_layout(painter->fonts, text, traits);
  int width = 0;
  pango_layout_get_size(layout, &width, NULL);
  cairo_save(painter->cairo);
  painter_set_color(painter, traits->color);
  cairo_move_to(painter->cairo, x - anchor * width / PANGO_SCALE, y);
  show_line(painter, pango_layout_get_line_readonly(layout, 0));
  cairo_restore(painter->cairo);
}

/* --------------------------------------------------------------------- text */

/* Pango calls this where the line reaches a U+FFFC; the current point is its origin. */
static void draw_shape(cairo_t *cairo, PangoAttrShape *shape, gboolean do_path, gpointer data) {
  Painter *painter = data;
  const FoObject *object = shape->data;
  const FoTraits *traits = &object->node->traits;
  double x, y;
  (void)do_path;
  cairo_get_current_point(cairo, &x, &y);
  double top = y - object->ascent - object->shift;
  watch_begin(painter, object->node, (FoArea){x, top, object->width, object->ascent});
  if (object->picture) {
    picture_draw(painter, object->picture, object->node, x, top);
  } else if (object->code) {
    qr_draw(painter, object->node, object->code, x, top);
  } else if (object->node->element == FO_INSTREAM_FOREIGN_OBJECT) {
    svg_draw(painter, object->node, xml_first_element(object->node->xml), x, top);
  } else if (traits->own.leader_pattern == LEADER_RULE) {
    FoBorder rule = {traits->own.rule_thickness.value, traits->own.rule_style, traits->color};
    /* Drawn a little below the baseline, as a line to write on. */
    double below = y + rule.width / 2 + traits->font_size * 0.12;
    painter_rule(painter, x, below, x + object->width, below, &rule);
  }
  watch_end(painter, object->node);
}

static double index_to_x(const FoLine *line, gsize index) {
  int x = 0;
  pango_layout_line_index_to_x(line->line, (int)index, FALSE, &x);
  return (double)x / PANGO_SCALE;
}

/* The frames of inlines on this line; one that goes on is open at that end. */
static void draw_frames(const Painter *painter, const FoText *text, const FoLine *line, double x,
                        double baseline) {
  gsize start = (gsize)line->line->start_index, end = start + (gsize)line->line->length;
  for (guint i = 0; i < text->frames->len; i++) {
    const FoFrame *frame = &g_array_index(text->frames, FoFrame, i);
    FoBorder border[4];
    if (frame->start >= end || frame->end <= start)
      continue;
    memcpy(border, frame->node->traits.own.border, sizeof border);
    if (frame->start < start)
      border[SIDE_LEFT].style = LINE_NONE;
    if (frame->end > end)
      border[SIDE_RIGHT].style = LINE_NONE;
    double left = x + index_to_x(line, MAX(frame->start, start));
    double right = x + index_to_x(line, MIN(frame->end, end)), top = baseline - frame->above;
    painter_fill(painter, left, top, right - left, frame->above + frame->below,
                 frame->node->traits.own.background);
    painter_frame(painter, left, top, right - left, frame->above + frame->below, border);
  }
}

static void draw_text(Painter *painter, const FoBox *box, double x, double y) {
  cairo_t *cairo = painter->cairo;
  watch_enter(painter, box->node, box, y);
  for (guint i = box->first; i < box->end; i++) {
    const FoLine *line = &g_array_index(box->text->lines, FoLine, i);
    draw_frames(painter, box->text, line, x + line->x, y + line->baseline);
    cairo_save(cairo);
    painter_set_color(painter, 0);
    cairo_move_to(cairo, x + line->x, y + line->baseline);
    show_line(painter, line->line);
    cairo_restore(cairo);
    y += line->height;
  }
  watch_leave(painter, box->node);
}

/* ------------------------------------------------------------------- frames */

static void draw_frame(const Painter *painter, const FoBox *box, double x, double y) {
  const FoNode *node = box->node;
  const FoBorder *border = node->traits.own.border;
  if (!node_has_frame(node))
    return;
  double left = x - node_frame(node, SIDE_LEFT);
  double right = x + box->width + node_frame(node, SIDE_RIGHT);
  painter_fill(painter, left, y, right - left, box->height, node->traits.own.background);
  painter_frame(painter, left, y, right - left, box->height, border);
}

/* ------------------------------------------------------------------- boxes */

static void draw_box(Painter *painter, const FoBox *box, double x, double y);

/* (x, y): the upper left corner of the cell's slots. */
static void draw_cell(Painter *painter, const FoTable *table, const FoCell *cell, double x,
                      double y) {
  const FoTraits *traits = &cell->node->traits;
  double gap_x = table->gap[0], gap_y = table->gap[1];
  double height = table_height(table, cell->row, cell->row + cell->rows);
  double width = table->edges[cell->column + cell->columns] - table->edges[cell->column];
  painter_fill(painter, x + gap_x, y + gap_y, width - 2 * gap_x, height - 2 * gap_y,
               traits->own.background);
  watch_begin(painter, cell->node, (FoArea){x, y, width, height});
  double top = cell->inset[SIDE_TOP], bottom = cell->inset[SIDE_BOTTOM];
  double spare = MAX(0, height - top - bottom - cell->content->height);
  if (traits->display_align == DISPLAY_BEFORE)
    spare = 0;
  else if (traits->display_align == DISPLAY_CENTER)
    spare /= 2;
  watch_enter(painter, cell->node, NULL, y);
  draw_box(painter, cell->content, x + cell->inset[SIDE_LEFT], y + top + spare);
  watch_leave(painter, cell->node);
  watch_end(painter, cell->node);
  if (table->separate)
    painter_frame(painter, x + gap_x, y + gap_y, width - 2 * gap_x, height - 2 * gap_y,
                  traits->own.border);
}

static void draw_row(Painter *painter, const FoTable *table, guint row, double x, double y) {
  const FoRow *this = &g_array_index(table->rows, FoRow, row);
  painter_fill(painter, x, y, table->edges[table->n_columns], this->height,
               this->node->traits.own.background);
  for (guint i = 0; i < table->cells->len; i++) {
    const FoCell *cell = g_ptr_array_index(table->cells, i);
    if (cell->row == row)
      draw_cell(painter, table, cell, x + table->edges[cell->column], y);
  }
}

static void draw_table(Painter *painter, const FoBox *box, double x, double y) {
  const FoTable *table = box->table;
  g_autoptr(GArray) rows = table_shown(table, box->first, box->end);
  if (table->separate)
    draw_frame(painter, box, x, y);
  else
    painter_fill(painter, x, y, table->edges[table->n_columns], box->height,
                 box->node->traits.own.background);
  double top = y += node_frame(box->node, SIDE_TOP);
  watch_enter(painter, box->node, NULL, y);
  for (guint i = 0; i < rows->len; i++) {
    guint row = g_array_index(rows, guint, i);
    const FoNode *node = g_array_index(table->rows, FoRow, row).node;
    watch_enter(painter, node, NULL, y);
    draw_row(painter, table, row, x, y);
    watch_leave(painter, node);
    y += g_array_index(table->rows, FoRow, row).height;
  }
  watch_leave(painter, box->node);
  if (!table->separate)
    table_draw_borders(painter, table, rows, x, top);
}

/* (x, y): the reference area's left edge, the box's own top edge. */
static void draw_box(Painter *painter, const FoBox *box, double x, double y) {
  switch (box->kind) {
  case BOX_TEXT: draw_text(painter, box, x + box->x, y); break;
  case BOX_TABLE: draw_table(painter, box, x + box->x, y); break;
  case BOX_FIXED: break;
  case BOX_STACK:
    draw_frame(painter, box, x + box->x, y);
    for (guint i = 0; i < box->children->len; i++)
      draw_box(painter, box_child(box, i), x, y + box_child(box, i)->y);
    break;
  }
}

static void draw_fixed(Painter *painter, const FoPage *page, const FoBox *box) {
  if (box->kind == BOX_STACK)
    for (guint i = 0; i < box->children->len; i++)
      draw_fixed(painter, page, box_child(box, i));
  if (box->kind != BOX_FIXED)
    return;
  double x, y;
  page_place_fixed(page, box, &x, &y);
  draw_box(painter, box_child(box, 0), x, y);
}

static void draw_region(Painter *painter, const FoPage *page, const FoBox *box,
                        const FoArea *area) {
  if (!box)
    return;
  watch_enter(painter, box->node, NULL, area->y);
  watch_begin(painter, box->node, *area);
  draw_box(painter, box, area->x, area->y + box->y);
  watch_end(painter, box->node);
  draw_fixed(painter, page, box);
  watch_leave(painter, box->node);
}

void page_draw(Painter *painter, const FoPage *page) {
  PangoContext *context = fonts_context(painter->fonts);
  pango_cairo_context_set_shape_renderer(context, draw_shape, painter, NULL);
  draw_region(painter, page, page->before, &page->before_area);
  draw_region(painter, page, page->body, &page->body_area);
  draw_region(painter, page, page->after, &page->after_area);
  pango_cairo_context_set_shape_renderer(context, NULL, NULL, NULL);
}
