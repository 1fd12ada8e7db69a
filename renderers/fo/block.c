/* SPDX-License-Identifier: Apache-2.0 */
/* block.c - blocks stacked in a reference area, and the boxes' memory. */
#include "fo/box.h"
#include "fo/picture.h"
#include "fo/value.h"

#include <math.h>

static void free_box(gpointer data) {
  FoBox *box = data;
  if (box->children)
    g_ptr_array_unref(box->children);
  g_free(box);
}

/* The arena holds what must be freed with its own function. */
typedef struct {
  GDestroyNotify free;
  gpointer data;
} Owned;

static void free_owned(gpointer data) {
  Owned *owned = data;
  owned->free(owned->data);
  g_free(owned);
}

static void own(FoLayout *layout, GDestroyNotify release, gpointer data) {
  Owned *owned = g_new(Owned, 1);
  *owned = (Owned){release, data};
  g_ptr_array_add(layout->arena, owned);
}

FoLayout *layout_new(FoFonts *fonts, const char *graphics, RkDiags *diags) {
  FoLayout *layout = g_new0(FoLayout, 1);
  layout->fonts = fonts;
  layout->diags = diags;
  layout->graphics = g_strdup(graphics);
  layout->pictures = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, picture_free);
  layout->arena = g_ptr_array_new_with_free_func(free_owned);
  return layout;
}

void layout_free(FoLayout *layout) {
  if (!layout)
    return;
  g_ptr_array_unref(layout->arena);
  g_hash_table_unref(layout->pictures);
  g_free(layout->graphics);
  g_free(layout);
}

FoBox *box_new(FoLayout *layout, FoBoxKind kind, const FoNode *node) {
  FoBox *box = g_new0(FoBox, 1);
  box->kind = kind;
  box->node = node;
  if (kind == BOX_STACK || kind == BOX_FIXED)
    box->children = g_ptr_array_new();
  own(layout, free_box, box);
  return box;
}

FoBox *box_copy(FoLayout *layout, const FoBox *box) {
  FoBox *copy = box_new(layout, box->kind, box->node);
  GPtrArray *children = copy->children;
  *copy = *box;
  copy->children = children;
  return copy;
}

FoBox *box_child(const FoBox *box, guint index) {
  return g_ptr_array_index(box->children, index);
}

double border_width(const FoBorder *border) {
  return border->style == LINE_NONE ? 0 : border->width;
}

/* A cell's border belongs to its table, and a collapsed table's lies on its grid. */
gboolean node_has_frame(const FoNode *node) {
  return node->element == FO_BLOCK || node->element == FO_INLINE ||
         node->element == FO_BLOCK_CONTAINER ||
         (node->element == FO_TABLE && node->traits.own.separate);
}

double node_frame(const FoNode *node, FoSide side) {
  if (!node_has_frame(node))
    return 0;
  return border_width(&node->traits.own.border[side]) +
         length_points(node->traits.own.padding[side], 0);
}

/* ------------------------------------------------------------------ placing */

double box_space_before(const FoBox *box) {
  double space = box->space_before;
  if (box->kind == BOX_STACK && box->children->len && node_frame(box->node, SIDE_TOP) == 0)
    space = MAX(space, box_space_before(box_child(box, 0)));
  return space;
}

double box_space_after(const FoBox *box) {
  double space = box->space_after;
  if (box->kind == BOX_STACK && box->children->len && node_frame(box->node, SIDE_BOTTOM) == 0)
    space = MAX(space, box_space_after(box_child(box, box->children->len - 1)));
  return space;
}

/* Between two boxes the larger space counts. Spaces at the edge of a reference
 * area vanish; those inside a framed block stay. */
void stack_place(FoBox *stack) {
  double top = node_frame(stack->node, SIDE_TOP), bottom = node_frame(stack->node, SIDE_BOTTOM);
  double y = top, before = 0;
  for (guint i = 0; i < stack->children->len; i++) {
    FoBox *child = box_child(stack, i);
    if (i || top > 0)
      y += MAX(before, box_space_before(child));
    child->y = y;
    y += child->height;
    before = box_space_after(child);
  }
  if (bottom > 0 && stack->children->len)
    y += before;
  stack->height = y + bottom;
}

/* ------------------------------------------------------------------- layout */

static gboolean is_block_level(const FoNode *node) {
  return node->element == FO_BLOCK || node->element == FO_BLOCK_CONTAINER ||
         node->element == FO_TABLE;
}

static void read_breaks(FoBox *box) {
  const FoTraits *traits = &box->node->traits;
  box->keep_together = traits->own.keep_together;
  box->keep_with_next = traits->own.keep_with_next;
  box->keep_with_previous = traits->own.keep_with_previous;
  box->break_before = traits->own.break_before;
  box->space_before = length_points(traits->own.space_before, 0);
  box->space_after = length_points(traits->own.space_after, 0);
  if (traits->own.margin[SIDE_TOP].unit != LENGTH_AUTO)
    box->space_before = MAX(box->space_before, length_points(traits->own.margin[SIDE_TOP], 0));
  if (traits->own.margin[SIDE_BOTTOM].unit != LENGTH_AUTO)
    box->space_after = MAX(box->space_after, length_points(traits->own.margin[SIDE_BOTTOM], 0));
}

static void add_text(FoLayout *layout, FoBox *stack, guint from, guint to) {
  if (from == to)
    return;
  FoText *text = text_layout(layout, stack->node, from, to, stack->width);
  if (!text)
    return;
  own(layout, (GDestroyNotify)text_free, text);
  FoBox *box = box_new(layout, BOX_TEXT, stack->node);
  box->text = text;
  box->end = text->lines->len;
  box->x = stack->x;
  box->width = stack->width;
  box->height = text_height(text, 0, box->end);
  g_ptr_array_add(stack->children, box);
}

/* The first block inside that may shrink, or NULL. */
static const FoNode *shrinkable_block(const FoNode *node) {
  const FoNode *found = node->element == FO_BLOCK && node->traits.own.shrink ? node : NULL;
  for (guint i = 0; i < node->children->len && !found; i++)
    found = shrinkable_block(node_child(node, i));
  return found;
}

/* What does not fit is told, unless the text that shrinks has told it. */
static void place_in_height(FoLayout *layout, const FoNode *node, FoBox *content, double height) {
  DiagPlace place = node_place(node);
  double spare = height - content->height;
  if (spare < -FO_TINY && node->traits.own.overflow != OVERFLOW_VISIBLE &&
      !shrinkable_block(node))
    diags_add(layout->diags, DIAG_FO_OVERFLOW, &place, node_label(node), "block-container", NULL);
  double share = node->traits.display_align == DISPLAY_CENTER  ? 0.5
                 : node->traits.display_align == DISPLAY_AFTER ? 1
                                                               : 0;
  for (guint i = 0; i < content->children->len; i++)
    box_child(content, i)->y += MAX(0, spare) * share;
  content->height = height;
}

static FoBox *container_layout(FoLayout *layout, const FoNode *node) {
  FoBox *box = box_new(layout, BOX_FIXED, node);
  double frame = node_frame(node, SIDE_TOP) + node_frame(node, SIDE_BOTTOM);
  double width = length_points(node->traits.own.width, 0);
  FoLength height = node->traits.own.height;
  gboolean high = height.unit == LENGTH_POINTS;
  FoBox *content = block_fit(layout, node, width, high ? height.value + frame : INFINITY);
  content->x = 0;
  content->width = width;
  if (high)
    place_in_height(layout, node, content, height.value + frame);
  g_ptr_array_add(box->children, content);
  return box;
}

static FoBox *child_layout(FoLayout *layout, const FoNode *node, double width) {
  FoBox *box;
  if (node->element == FO_BLOCK_CONTAINER)
    return container_layout(layout, node);
  if (node->element == FO_TABLE) {
    box = table_layout(layout, node, width);
    own(layout, (GDestroyNotify)table_free, box->table);
  } else {
    box = block_layout(layout, node, width);
  }
  read_breaks(box);
  return box;
}

FoBox *block_layout(FoLayout *layout, const FoNode *node, double width) {
  FoBox *stack = box_new(layout, BOX_STACK, node);
  const FoTraits *traits = &node->traits;
  stack->x = traits->start_indent.value;
  stack->width = width - traits->start_indent.value - traits->end_indent.value;
  guint from = 0, n = node->children->len;
  for (guint i = 0; i < n; i++) {
    const FoNode *child = node_child(node, i);
    if (!is_block_level(child))
      continue;
    add_text(layout, stack, from, i);
    g_ptr_array_add(stack->children, child_layout(layout, child, width));
    from = i + 1;
  }
  add_text(layout, stack, from, n);
  stack_place(stack);
  return stack;
}

/* ---------------------------------------------------------------- shrinking */

/* The largest type in blocks that may shrink; 0 when there are none. */
static double shrinkable_size(const FoNode *node) {
  double size = node->element == FO_BLOCK && node->traits.own.shrink ? node->traits.font_size : 0;
  for (guint i = 0; i < node->children->len; i++)
    size = MAX(size, shrinkable_size(node_child(node, i)));
  return size;
}

FoBox *block_fit(FoLayout *layout, const FoNode *node, double width, double room) {
  FoBox *content = block_layout(layout, node, width);
  double size = shrinkable_size(node), outer = layout->reduction;
  RkDiags *diags = layout->diags;
  if (size == 0 || content->height <= room + FO_TINY)
    return content;
  layout->diags = NULL;
  for (double off = outer + FO_SHRINK_STEP;
       content->height > room + FO_TINY && size - off >= FO_SHRINK_FLOOR - FO_TINY;
       off += FO_SHRINK_STEP) {
    layout->reduction = off;
    content = block_layout(layout, node, width);
  }
  layout->reduction = outer;
  layout->diags = diags;
  if (content->height <= room + FO_TINY)
    return content;
  g_autofree char *floor = g_strdup_printf("%g", FO_SHRINK_FLOOR);
  const FoNode *block = shrinkable_block(node);
  DiagPlace place = node_place(block);
  diags_add(diags, DIAG_FO_SHRINK_FLOOR, &place, node_label(block), floor, NULL);
  return content;
}
