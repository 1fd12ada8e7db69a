/* SPDX-License-Identifier: Apache-2.0 */
/* draw.c - boxes to cairo, in reading order so that copied text is in order. */
#include "fo/draw.h"

#include "fo/svg.h"
#include "fo/value.h"
#include "qr.h"

#include <pango/pangocairo.h>

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

void painter_text(const Painter *painter, const char *text, const FoTraits *traits, double x,
                  double y, double anchor) {
  g_autoptr(PangoLayout) layout = pango_layout_new(fonts_context(painter->fonts));
  PangoFontDescription *font = pango_font_description_new();
  pango_font_description_set_family(font, traits->families);
  pango_font_description_set_absolute_size(font, traits->font_size * PANGO_SCALE);
  pango_font_description_set_weight(font, traits->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description(layout, font);
  pango_font_description_free(font);
  pango_layout_set_text(layout, text, -1);
  int width = 0;
  pango_layout_get_size(layout, &width, NULL);
  cairo_save(painter->cairo);
  painter_set_color(painter, traits->color);
  cairo_move_to(painter->cairo, x - anchor * width / PANGO_SCALE, y);
  pango_cairo_show_layout_line(painter->cairo, pango_layout_get_line_readonly(layout, 0));
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
  if (object->node->element == FO_INSTREAM_FOREIGN_OBJECT && qr_find(object->node)) {
    qr_draw(painter, object->node, x, y - object->ascent);
  } else if (object->node->element == FO_INSTREAM_FOREIGN_OBJECT) {
    svg_draw(painter, object->node, x, y - object->ascent - object->shift);
  } else if (traits->own.leader_pattern == LEADER_RULE) {
    FoBorder rule = {traits->own.rule_thickness.value, traits->own.rule_style, traits->color};
    /* Drawn a little below the baseline, as a line to write on. */
    double below = y + rule.width / 2 + traits->font_size * 0.12;
    painter_rule(painter, x, below, x + object->width, below, &rule);
  }
}

static void draw_text(Painter *painter, const FoBox *box, double x, double y) {
  cairo_t *cairo = painter->cairo;
  for (guint i = box->first; i < box->end; i++) {
    const FoLine *line = &g_array_index(box->text->lines, FoLine, i);
    cairo_save(cairo);
    painter_set_color(painter, 0);
    cairo_move_to(cairo, x + line->x, y + line->baseline);
    pango_cairo_show_layout_line(cairo, line->line);
    cairo_restore(cairo);
    y += line->height;
  }
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
  double top = cell->inset[SIDE_TOP], bottom = cell->inset[SIDE_BOTTOM];
  double spare = MAX(0, height - top - bottom - cell->content->height);
  if (traits->display_align == DISPLAY_BEFORE)
    spare = 0;
  else if (traits->display_align == DISPLAY_CENTER)
    spare /= 2;
  draw_box(painter, cell->content, x + cell->inset[SIDE_LEFT], y + top + spare);
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
  for (guint i = 0; i < rows->len; i++) {
    guint row = g_array_index(rows, guint, i);
    draw_row(painter, table, row, x, y);
    y += g_array_index(table->rows, FoRow, row).height;
  }
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

/* Fixed containers stand on the page itself, wherever they are in the content. */
static void draw_fixed(Painter *painter, const FoPage *page, const FoBox *box) {
  if (box->kind == BOX_STACK)
    for (guint i = 0; i < box->children->len; i++)
      draw_fixed(painter, page, box_child(box, i));
  if (box->kind != BOX_FIXED)
    return;
  const FoBox *content = box_child(box, 0);
  const FoTraits *traits = &box->node->traits;
  double left = node_frame(box->node, SIDE_LEFT), right = node_frame(box->node, SIDE_RIGHT);
  double x = traits->own.left.unit == LENGTH_POINTS
                 ? traits->own.left.value + left
                 : page_width(page) - traits->own.right.value - content->width - right;
  double y = traits->own.top.unit == LENGTH_POINTS
                 ? traits->own.top.value
                 : page_height(page) - traits->own.bottom.value - content->height;
  draw_box(painter, content, x, y);
}

static void draw_region(Painter *painter, const FoPage *page, const FoBox *box,
                        const FoArea *area) {
  if (!box)
    return;
  draw_box(painter, box, area->x, area->y + box->y);
  draw_fixed(painter, page, box);
}

void page_draw(Painter *painter, const FoPage *page) {
  PangoContext *context = fonts_context(painter->fonts);
  pango_cairo_context_set_shape_renderer(context, draw_shape, painter, NULL);
  draw_region(painter, page, page->before, &page->before_area);
  draw_region(painter, page, page->body, &page->body_area);
  draw_region(painter, page, page->after, &page->after_area);
  pango_cairo_context_set_shape_renderer(context, NULL, NULL, NULL);
}
