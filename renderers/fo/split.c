/* SPDX-License-Identifier: Apache-2.0 */
/*
 * split.c - page breaking: one question, "what of this box fits into that room?",
 * asked of stacks, texts and tables.
 */
#include "fo/box.h"

static FoSplit nothing_fits(FoBox *box) {
  return (FoSplit){NULL, box};
}

/* The first child of a frameless chain that demands a new page. */
static gboolean breaks_before(const FoBox *box) {
  if (box->break_before)
    return TRUE;
  return box->kind == BOX_STACK && box->children->len && breaks_before(box_child(box, 0));
}

static gboolean has_break_inside(const FoBox *box) {
  if (box->kind != BOX_STACK)
    return FALSE;
  for (guint i = 0; i < box->children->len; i++)
    if ((i && breaks_before(box_child(box, i))) || has_break_inside(box_child(box, i)))
      return TRUE;
  return FALSE;
}

/* --------------------------------------------------------------------- text */

static FoSplit split_text(FoLayout *layout, FoBox *box, double room, FoSplitMode mode) {
  const FoTraits *traits = &box->node->traits;
  guint n = box->end - box->first, fit = 0;
  while (fit < n && text_height(box->text, box->first, box->first + fit + 1) <= room + FO_TINY)
    fit++;
  guint orphans = mode == SPLIT_NORMAL ? (guint)traits->orphans : 1;
  guint widows = mode == SPLIT_NORMAL ? (guint)traits->widows : 1;
  if (mode == SPLIT_FORCED)
    fit = MAX(fit, 1);
  if (n - fit < widows)
    fit = n > widows ? n - widows : 0;
  if (mode == SPLIT_FORCED && n == 1)
    return (FoSplit){box, NULL};
  if (fit < orphans)
    return nothing_fits(box);
  FoSplit split = {box_copy(layout, box), box_copy(layout, box)};
  split.head->end = split.tail->first = box->first + fit;
  split.head->height = text_height(box->text, split.head->first, split.head->end);
  split.tail->height = text_height(box->text, split.tail->first, split.tail->end);
  return split;
}

/* -------------------------------------------------------------------- table */

static FoSplit cut_table(FoLayout *layout, FoBox *box, guint row) {
  FoSplit split = {box_copy(layout, box), box_copy(layout, box)};
  split.head->end = split.tail->first = row;
  split.head->height = table_shown_height(box->table, split.head->first, row);
  split.tail->height = table_shown_height(box->table, row, box->end);
  split.tail->break_before = FALSE;
  return split;
}

/* Nothing but rows that are not worth a page. */
static gboolean is_spare(const FoTable *table, guint from, guint to) {
  for (guint row = from; row < to; row++)
    if (!g_array_index(table->rows, FoRow, row).node->traits.own.spare)
      return FALSE;
  return TRUE;
}

static FoSplit split_table(FoLayout *layout, FoBox *box, double room, FoSplitMode mode) {
  const FoTable *table = box->table;
  double height = table_shown_height(table, box->first, box->first);
  guint cut = box->first, row = box->first;
  for (; row < box->end; row++) {
    const FoRow *this = &g_array_index(table->rows, FoRow, row);
    height += this->height;
    if (height > room + FO_TINY && !(mode == SPLIT_FORCED && row == box->first))
      break;
    if (!this->keep_with_next || mode == SPLIT_FORCED)
      cut = row + 1;
  }
  if (cut == box->end)
    return (FoSplit){box, NULL};
  if (cut == box->first)
    return nothing_fits(box);
  FoSplit split = cut_table(layout, box, cut);
  if (is_spare(table, cut, box->end))
    split.tail = NULL;
  return split;
}

/* -------------------------------------------------------------------- stack */

static FoBox *sub_stack(FoLayout *layout, const FoBox *box, guint from, guint to, FoBox *first,
                        FoBox *last) {
  FoBox *part = box_copy(layout, box);
  if (first)
    g_ptr_array_add(part->children, first);
  for (guint i = from; i < to; i++)
    g_ptr_array_add(part->children, box_child(box, i));
  if (last)
    g_ptr_array_add(part->children, last);
  stack_place(part);
  return part;
}

/* Children before `index` (and `head`) stay, `tail` and the rest go. */
static FoSplit cut_stack(FoLayout *layout, FoBox *box, guint index, FoBox *head, FoBox *tail) {
  FoSplit split;
  split.head = sub_stack(layout, box, 0, index, NULL, head);
  split.tail = sub_stack(layout, box, tail ? index + 1 : index, box->children->len, tail, NULL);
  split.tail->break_before = FALSE;
  return split;
}

/* A keep holds for the first or last thing inside a block as for the block itself. */
static gboolean keeps_next(const FoBox *box) {
  if (box->keep_with_next)
    return TRUE;
  if (box->kind == BOX_TABLE)
    return g_array_index(box->table->rows, FoRow, box->end - 1).keep_with_next;
  return box->kind == BOX_STACK && box->children->len &&
         keeps_next(box_child(box, box->children->len - 1));
}

static gboolean keeps_previous(const FoBox *box) {
  if (box->keep_with_previous)
    return TRUE;
  if (box->kind == BOX_TABLE && box->first == box->table->n_header) {
    const FoNode *row = g_array_index(box->table->rows, FoRow, box->first).node;
    return row->traits.own.keep_with_previous || row->parent->traits.own.keep_with_previous;
  }
  return box->kind == BOX_STACK && box->children->len && keeps_previous(box_child(box, 0));
}

/* Before child `index`, or earlier where a keep demands it. */
static FoSplit cut_before(FoLayout *layout, FoBox *box, guint index, FoSplitMode mode) {
  while (index && mode == SPLIT_NORMAL &&
         (keeps_next(box_child(box, index - 1)) || keeps_previous(box_child(box, index))))
    index--;
  return index ? cut_stack(layout, box, index, NULL, NULL) : nothing_fits(box);
}

/* The stack with another child, which has lost its spare rows, in place of this one. */
static FoBox *exchange(FoLayout *layout, const FoBox *box, guint index, FoBox *child) {
  FoBox *stack = sub_stack(layout, box, 0, box->children->len, NULL, NULL);
  g_ptr_array_index(stack->children, index) = child;
  stack_place(stack);
  return stack;
}

/* What is left out for one page is there again for the next. */
static FoSplit whole_unless(FoBox *whole, FoSplit split) {
  if (split.head)
    return split;
  stack_place(whole);
  return nothing_fits(whole);
}

static FoSplit split_stack(FoLayout *layout, FoBox *box, double room, FoSplitMode mode) {
  double bottom = node_frame(box->node, SIDE_BOTTOM);
  FoBox *whole = box;
  for (guint i = 0; i < box->children->len; i++) {
    FoBox *child = box_child(box, i);
    if (i && breaks_before(child))
      return cut_stack(layout, box, i, NULL, NULL);
    FoSplitMode inner = mode == SPLIT_FORCED && i ? SPLIT_NORMAL : mode;
    FoSplit part = box_split(layout, child, room - child->y - bottom, inner);
    if (!part.head)
      return whole_unless(whole, cut_before(layout, box, i, mode));
    if (part.tail)
      return cut_stack(layout, box, i, part.head, part.tail);
    if (part.head != child)
      box = exchange(layout, box, i, part.head);
  }
  return (FoSplit){box, NULL};
}

FoSplit box_split(FoLayout *layout, FoBox *box, double room, FoSplitMode mode) {
  if (box->height <= room + FO_TINY && !has_break_inside(box))
    return (FoSplit){box, NULL};
  if (box->keep_together && mode == SPLIT_NORMAL && !has_break_inside(box))
    return nothing_fits(box);
  switch (box->kind) {
  case BOX_TEXT: return split_text(layout, box, room, mode);
  case BOX_TABLE: return split_table(layout, box, room, mode);
  case BOX_STACK: return split_stack(layout, box, room, mode);
  case BOX_FIXED: break;
  }
  return (FoSplit){box, NULL};
}

const FoNode *box_first_unit(const FoBox *box) {
  while (box->kind == BOX_STACK && box->children->len)
    box = box_child(box, 0);
  if (box->kind == BOX_TABLE && box->first < box->end)
    return g_array_index(box->table->rows, FoRow, box->first).node;
  return box->node;
}
