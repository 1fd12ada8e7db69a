/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vocabulary.h - the subset of XSL-FO 1.1: its elements, its properties, what
 * may stand where. Everything not in these tables is refused by tree.c.
 *
 * Names are those of the Recommendation. Lengths are points.
 */
#ifndef RK_FO_VOCABULARY_H
#define RK_FO_VOCABULARY_H

#include <glib.h>

#define FO_NS "http://www.w3.org/1999/XSL/Format"
#define FO_SVG_NS "http://www.w3.org/2000/svg"
#define FO_EXTENSION_NS "urn:renkei:fo:1" /* k:fit="shrink", k:spare="yes", k:field="…" */

typedef enum {
  FO_TEXT, /* character data, no element */
  FO_ROOT,
  FO_LAYOUT_MASTER_SET,
  FO_SIMPLE_PAGE_MASTER,
  FO_PAGE_SEQUENCE_MASTER,
  FO_REPEATABLE_PAGE_MASTER_ALTERNATIVES,
  FO_CONDITIONAL_PAGE_MASTER_REFERENCE,
  FO_REGION_BODY,
  FO_REGION_BEFORE,
  FO_REGION_AFTER,
  FO_PAGE_SEQUENCE,
  FO_TITLE,
  FO_STATIC_CONTENT,
  FO_FLOW,
  FO_BLOCK,
  FO_BLOCK_CONTAINER,
  FO_INLINE,
  FO_LEADER,
  FO_PAGE_NUMBER,
  FO_PAGE_NUMBER_CITATION_LAST,
  FO_TABLE,
  FO_TABLE_COLUMN,
  FO_TABLE_HEADER,
  FO_TABLE_FOOTER,
  FO_TABLE_BODY,
  FO_TABLE_ROW,
  FO_TABLE_CELL,
  FO_EXTERNAL_GRAPHIC,
  FO_INSTREAM_FOREIGN_OBJECT,
  FO_N_ELEMENTS
} FoElement;

#define FO_BIT(element) (G_GUINT64_CONSTANT(1) << (element))

/* The element's local name, and the set of elements allowed inside it. */
const char *fo_element_name(FoElement element);
guint64 fo_element_content(FoElement element);
/* TRUE when its children stand in the order of FoElement. */
gboolean fo_element_ordered(FoElement element);
/* TRUE when there is at most one inside its parent; TRUE when it may not be empty. */
gboolean fo_element_once(FoElement element);
gboolean fo_element_needs_content(FoElement element);
gboolean fo_element_has_text(FoElement element);
/* FO_N_ELEMENTS for a name outside the subset. */
FoElement fo_element_find(const char *name);

typedef enum { LENGTH_AUTO, LENGTH_POINTS, LENGTH_PERCENT, LENGTH_FACTOR } FoLengthUnit;

/* LENGTH_FACTOR is a bare number (line-height) or proportional-column-width(). */
typedef struct {
  double value;
  FoLengthUnit unit;
} FoLength;

typedef enum { SIDE_TOP, SIDE_RIGHT, SIDE_BOTTOM, SIDE_LEFT } FoSide;
typedef enum { LINE_NONE, LINE_DOTTED, LINE_DASHED, LINE_SOLID, LINE_DOUBLE } FoLineStyle;

typedef struct {
  double width;
  int style;     /* FoLineStyle */
  guint32 color; /* 0xRRGGBB */
} FoBorder;

#define FO_NO_COLOR 0xFF000000u

/* The words of enumerated properties, in the order of their word lists. */
enum { ALIGN_START, ALIGN_CENTER, ALIGN_END, ALIGN_JUSTIFY, ALIGN_RELATIVE };
enum { DISPLAY_BEFORE, DISPLAY_CENTER, DISPLAY_AFTER };
enum { LINEFEED_AS_SPACE, LINEFEED_PRESERVE };
enum { DECORATION_NONE, DECORATION_UNDERLINE, DECORATION_LINE_THROUGH };
enum { LEADER_SPACE, LEADER_RULE };
enum { POSITION_ANY, POSITION_FIRST, POSITION_REST };
enum { OVERFLOW_AUTO, OVERFLOW_ERROR, OVERFLOW_VISIBLE };

/* Computed values. Those before `own` are inherited. Strings belong to the tree. */
typedef struct {
  const char *families; /* comma list without quotes */
  double font_size;
  int bold;
  FoLength line_height;
  guint32 color;
  FoLength letter_spacing, text_indent, start_indent, end_indent;
  int text_align, text_align_last;
  int no_wrap, linefeed, keep_space;
  int display_align;
  int orphans, widows;

  struct {
    const char *id, *role;
    int decoration;
    FoLength shift;
    FoLength margin[4], padding[4];
    FoBorder border[4];
    guint32 background;
    FoLength space_before, space_after;
    FoLength width, height, top, right, bottom, left;
    FoLength page_width, page_height, extent, column_width;
    FoLength content_width, content_height;
    int overflow, keep_together, keep_with_next, keep_with_previous, break_before;
    int keep_line; /* keep-together.within-line */
    int columns_spanned, rows_spanned, columns_repeated;
    int separate;           /* border-collapse="separate" */
    FoLength separation[2]; /* inline, block */
    FoLength leader_length, rule_thickness;
    int leader_pattern, rule_style;
    int page_position;
    int initial_page_number;
    const char *master_name, *master_reference, *flow_name, *region_name, *ref_id, *src;
    int ignored; /* properties with a single legal value are only checked */
    gboolean shrink;
    gboolean spare; /* a row that is not worth a page */
    const char *field; /* what stands here was filled in: the name of its field */
  } own;
} FoTraits;

extern const FoTraits fo_initial_traits;

typedef enum {
  VALUE_LENGTH,      /* FoLength; a percentage only where `words` says so */
  VALUE_FONT_SIZE,   /* double */
  VALUE_LINE_HEIGHT, /* FoLength */
  VALUE_INT,         /* int, from 1 */
  VALUE_COLOR,       /* guint32 */
  VALUE_WORD,        /* int: position in `words` */
  VALUE_NAME,        /* const char * */
  VALUE_FAMILIES,    /* const char * */
  VALUE_PAIR,        /* FoLength[2], one length for both */
  VALUE_SIDES,       /* FoLength[4], one to four lengths */
  VALUE_BORDER,      /* FoBorder[4], the sides in `arg`: width style color */
  VALUE_BORDER_WIDTH,
  VALUE_BORDER_STYLE,
  VALUE_BORDER_COLOR
} FoValueKind;

typedef struct {
  const char *name;
  FoValueKind kind;
  gsize offset;             /* in FoTraits */
  guint64 elements;         /* where it may stand */
  const char *const *words; /* VALUE_WORD */
  guint arg;                /* sides as bits; for lengths FO_PERCENT etc. */
} FoProperty;

enum { FO_PERCENT = 1, FO_SHARE = 2, FO_AUTO = 4, FO_NEGATIVE = 8 };

/* Shorthands stand before what refines them: apply in this order. */
extern const FoProperty fo_properties[];
extern const guint fo_n_properties;
const FoProperty *fo_property_find(const char *name);

#endif
