/* SPDX-License-Identifier: Apache-2.0 */
/*
 * box.h - areas: what formatting objects become before and after page breaking.
 *
 * tree ──layout──▶ boxes ──split──▶ pages ──draw──▶ cairo
 *
 * All lengths are points, y grows downwards. A box's x and width are its content
 * rectangle in its reference area (region, cell or container); its y is relative
 * to the top of the box it stands in and covers border and padding. Boxes belong
 * to the FoLayout that made them and live until it is freed.
 */
#ifndef RK_FO_BOX_H
#define RK_FO_BOX_H

#include "fo/fonts.h"
#include "fo/tree.h"

#include <pango/pango.h>

#define FO_TINY 0.01          /* points: below this, rounding */
#define FO_SHRINK_FLOOR 8.0   /* k:fit never goes below: see the FAX measurements */
#define FO_SHRINK_STEP 0.25

typedef struct FoPages FoPages;

/* What fo:page-number and its citation need; absent while the flow is laid out. */
typedef struct {
  int number;
  const FoPages *pages;
} FoPageFacts;

typedef struct {
  FoFonts *fonts;
  RkDiags *diags;
  const FoPageFacts *page; /* NULL in a flow */
  double reduction;        /* points off the text of blocks with k:fit="shrink" */
  GPtrArray *arena;
} FoLayout;

FoLayout *layout_new(FoFonts *fonts, RkDiags *diags);
void layout_free(FoLayout *layout);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FoLayout, layout_free)

/* -------------------------------------------------------------------- text */

typedef struct {
  const FoNode *node; /* leader or instream-foreign-object */
  gsize offset;
  double width, ascent; /* ascent: above the baseline */
  double shift;         /* baseline-shift, upwards */
} FoObject;

typedef struct {
  PangoLayoutLine *line; /* owned by the PangoLayout */
  double x, baseline, height;
} FoLine;

typedef struct {
  const FoNode *block;
  PangoLayout *layout;
  GArray *lines;      /* FoLine */
  GPtrArray *objects; /* FoObject */
} FoText;

/* The inline children [from, to) of `block` in lines of `width`; NULL when
 * they hold nothing to show. */
FoText *text_layout(FoLayout *layout, const FoNode *block, guint from, guint to, double width);
void text_free(FoText *text);
double text_height(const FoText *text, guint first, guint end);

/* ------------------------------------------------------------------- boxes */

typedef enum { BOX_STACK, BOX_TEXT, BOX_TABLE, BOX_FIXED } FoBoxKind;

typedef struct FoTable FoTable;
typedef struct FoBox FoBox;
struct FoBox {
  FoBoxKind kind;
  const FoNode *node;
  double x, width, y, height;
  double space_before, space_after;
  gboolean keep_together, keep_with_next, break_before;
  GPtrArray *children; /* BOX_STACK: FoBox in order; BOX_FIXED: one stack */
  FoText *text;        /* BOX_TEXT */
  FoTable *table;      /* BOX_TABLE */
  guint first, end;    /* the lines or rows of this fragment */
};

FoBox *box_new(FoLayout *layout, FoBoxKind kind, const FoNode *node);
/* A copy for one fragment; a stack's children are not copied. */
FoBox *box_copy(FoLayout *layout, const FoBox *box);
FoBox *box_child(const FoBox *box, guint index);

/* Border and padding on one side. */
double node_frame(const FoNode *node, FoSide side);
double border_width(const FoBorder *border);

/* Lay out the children of `node` (block, cell, flow, static-content, container)
 * in a reference area of `width`. */
FoBox *block_layout(FoLayout *layout, const FoNode *node, double width);
/* Place the children and compute the height again after a change. */
void stack_place(FoBox *stack);
/* The space before or after, those of a frameless block's outermost child included. */
double box_space_before(const FoBox *box);
double box_space_after(const FoBox *box);

/* ------------------------------------------------------------------ tables */

typedef struct {
  const FoNode *node;
  guint row, column, rows, columns;
  FoBox *content;
  double natural; /* the height it needs */
} FoCell;

typedef struct {
  const FoNode *node;
  double height;
  gboolean header;
  gboolean keep_with_next; /* also: a span or a kept section crosses its lower edge */
} FoRow;

struct FoTable {
  const FoNode *node;
  guint n_columns, n_header;
  double *edges; /* n_columns + 1 positions from the left edge of the table */
  GArray *rows;  /* FoRow: those of the header first */
  GPtrArray *cells;
};

FoBox *table_layout(FoLayout *layout, const FoNode *node, double width);
double table_height(const FoTable *table, guint first, guint end);
void table_free(FoTable *table);
/* The cell's content rectangle, border halves and padding taken off. */
double cell_inset(const FoNode *cell, FoSide side);

/* ---------------------------------------------------------------- breaking */

typedef enum {
  SPLIT_NORMAL,  /* keeps, orphans and widows hold */
  SPLIT_RELAXED, /* on an empty page, when nothing else helps */
  SPLIT_FORCED   /* one unit goes on the page although it is too high */
} FoSplitMode;

typedef struct {
  FoBox *head; /* NULL: nothing fits */
  FoBox *tail; /* NULL: all fits */
} FoSplit;

FoSplit box_split(FoLayout *layout, FoBox *box, double room, FoSplitMode mode);
/* The innermost row or block that would be first: what an error names. */
const FoNode *box_first_unit(const FoBox *box);

#endif
