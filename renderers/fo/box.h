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
#define FO_FAX_MINCHO 10.5    /* smaller Mincho loses its thin strokes on a FAX */

typedef struct FoPages FoPages;

/* What fo:page-number and its citation need; absent while the flow is laid out. */
typedef struct {
  int number, last; /* of this page, and of the last of its sequence */
  const FoPages *pages;
} FoPageFacts;

typedef struct {
  FoFonts *fonts;
  RkDiags *diags;
  const FoPageFacts *page; /* NULL in a flow */
  gboolean fax;            /* for a FAX: see fonts_for_fax */
  char *graphics;          /* the folder of external-graphic */
  GHashTable *pictures;    /* src → FoPicture, NULL where it could not be read */
  char *(*code)(gpointer user, const char *text); /* FoOptions.code */
  gpointer code_user;
  double reduction;        /* points off the text of blocks with k:fit="shrink" */
  GPtrArray *arena;
} FoLayout;

FoLayout *layout_new(FoFonts *fonts, const char *graphics, RkDiags *diags);
void layout_free(FoLayout *layout);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FoLayout, layout_free)

/* -------------------------------------------------------------------- text */

typedef struct {
  const FoNode *node; /* leader, external-graphic or instream-foreign-object */
  const struct FoPicture *picture; /* of an external-graphic that could be read */
  gsize offset;
  double width, ascent; /* ascent: above the baseline */
  double shift;         /* baseline-shift, upwards */
  char *code;           /* the text of a QR code */
} FoObject;

/* An fo:inline with border, padding or background: the bytes it covers. */
typedef struct {
  const FoNode *node;
  gsize start, end;
  double above, below; /* from the baseline to its outer edges */
} FoFrame;

typedef struct {
  PangoLayoutLine *line; /* owned by the PangoLayout */
  double x, baseline, height;
} FoLine;

typedef struct {
  const FoNode *block;
  PangoLayout *layout;
  GArray *lines;      /* FoLine */
  GPtrArray *objects; /* FoObject */
  GArray *frames;     /* FoFrame */
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
  gboolean keep_together, keep_with_next, keep_with_previous, break_before;
  GPtrArray *children; /* BOX_STACK: FoBox in order; BOX_FIXED: one stack */
  FoText *text;        /* BOX_TEXT */
  FoTable *table;      /* BOX_TABLE */
  guint first, end;    /* the lines or rows of this fragment */
};

FoBox *box_new(FoLayout *layout, FoBoxKind kind, const FoNode *node);
/* A copy for one fragment; a stack's children are not copied. */
FoBox *box_copy(FoLayout *layout, const FoBox *box);
FoBox *box_child(const FoBox *box, guint index);

/* Border and padding on one side; 0 where the node has no frame of its own. */
gboolean node_has_frame(const FoNode *node);
double node_frame(const FoNode *node, FoSide side);
double border_width(const FoBorder *border);

/* Lay out the children of `node` (block, cell, flow, static-content, container)
 * in a reference area of `width`. */
FoBox *block_layout(FoLayout *layout, const FoNode *node, double width);
/* The same in at most `room` points of height: blocks with k:fit="shrink" are set in
 * smaller type until it fits; what does not fit at the floor is an error. */
FoBox *block_fit(FoLayout *layout, const FoNode *node, double width, double room);
/* Place the children and compute the height again after a change. */
void stack_place(FoBox *stack);
/* The space before or after, those of a frameless block's outermost child included. */
double box_space_before(const FoBox *box);
double box_space_after(const FoBox *box);

/* ------------------------------------------------------------------ tables */

typedef struct {
  const FoNode *node;
  guint row, column, rows, columns;
  double inset[4]; /* from the edge of its slots to its content: gap, border, padding */
  FoBox *content;
  double natural; /* the height it needs */
} FoCell;

typedef struct {
  const FoNode *node;
  double height;
  gboolean keep_with_next; /* also: a span or a kept section crosses its lower edge */
} FoRow;

struct FoTable {
  const FoNode *node;
  gboolean separate;   /* every cell has borders of its own, gaps between them */
  double gap[2];       /* half the separation: inline, block */
  guint n_columns, n_header, n_footer;
  double *edges; /* n_columns + 1 positions from the left edge of the table */
  GArray *rows;  /* FoRow: the header's first, the footer's last */
  GPtrArray *cells;
};

FoBox *table_layout(FoLayout *layout, const FoNode *node, double width);
void table_free(FoTable *table);
double table_height(const FoTable *table, guint first, guint end);
/* The rows of a fragment as they are shown: header, [first, end), footer. g_array_unref. */
GArray *table_shown(const FoTable *table, guint first, guint end);
/* The height of such a fragment, the border of a separate table included. */
double table_shown_height(const FoTable *table, guint first, guint end);

/* The collapsed borders of a fragment: each edge of its grid has the strongest
 * that a cell, a row or the table asks for. Rows count from 0 at its top. */
typedef struct FoGrid FoGrid;
FoGrid *grid_new(const FoTable *table, const GArray *rows);
void grid_free(FoGrid *grid);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FoGrid, grid_free)
/* The edge above `row` in `column`; the edge left of `column` in `row`. */
const FoBorder *grid_across(const FoGrid *grid, guint row, guint column);
const FoBorder *grid_down(const FoGrid *grid, guint row, guint column);

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
