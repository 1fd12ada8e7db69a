/* SPDX-License-Identifier: Apache-2.0 */
/* vocabulary.c - the tables of the subset; nothing else knows the names. */
#include "fo/vocabulary.h"

#include <stddef.h>
#include <string.h>

#define BLOCKS (FO_BIT(FO_BLOCK) | FO_BIT(FO_BLOCK_CONTAINER) | FO_BIT(FO_TABLE))
#define INLINES                                                                                  \
  (FO_BIT(FO_INLINE) | FO_BIT(FO_LEADER) | FO_BIT(FO_PAGE_NUMBER) |                              \
   FO_BIT(FO_PAGE_NUMBER_CITATION_LAST) | FO_BIT(FO_EXTERNAL_GRAPHIC) |                        \
   FO_BIT(FO_INSTREAM_FOREIGN_OBJECT))
#define REGIONS (FO_BIT(FO_REGION_BODY) | FO_BIT(FO_REGION_BEFORE) | FO_BIT(FO_REGION_AFTER))
#define SECTIONS (FO_BIT(FO_TABLE_HEADER) | FO_BIT(FO_TABLE_FOOTER) | FO_BIT(FO_TABLE_BODY))

#define ORDERED                                                                                  \
  (FO_BIT(FO_ROOT) | FO_BIT(FO_SIMPLE_PAGE_MASTER) | FO_BIT(FO_PAGE_SEQUENCE) | FO_BIT(FO_TABLE))
#define ONCE                                                                                     \
  (REGIONS | FO_BIT(FO_LAYOUT_MASTER_SET) | FO_BIT(FO_REPEATABLE_PAGE_MASTER_ALTERNATIVES) |      \
   FO_BIT(FO_TITLE) | FO_BIT(FO_FLOW) | FO_BIT(FO_TABLE_HEADER) | FO_BIT(FO_TABLE_FOOTER))
#define FILLED                                                                                   \
  (SECTIONS | FO_BIT(FO_TABLE_ROW) | FO_BIT(FO_TABLE_CELL) | FO_BIT(FO_FLOW) |                    \
   FO_BIT(FO_STATIC_CONTENT) | FO_BIT(FO_BLOCK_CONTAINER))

static const struct {
  const char *name;
  guint64 content;
  gboolean text;
} elements[FO_N_ELEMENTS] = {
    [FO_TEXT] = {"#text", 0, FALSE},
    [FO_ROOT] = {"root", FO_BIT(FO_LAYOUT_MASTER_SET) | FO_BIT(FO_PAGE_SEQUENCE), FALSE},
    [FO_LAYOUT_MASTER_SET] = {"layout-master-set",
                              FO_BIT(FO_SIMPLE_PAGE_MASTER) | FO_BIT(FO_PAGE_SEQUENCE_MASTER),
                              FALSE},
    [FO_SIMPLE_PAGE_MASTER] = {"simple-page-master", REGIONS, FALSE},
    [FO_PAGE_SEQUENCE_MASTER] = {"page-sequence-master",
                                 FO_BIT(FO_REPEATABLE_PAGE_MASTER_ALTERNATIVES), FALSE},
    [FO_REPEATABLE_PAGE_MASTER_ALTERNATIVES] = {"repeatable-page-master-alternatives",
                                                FO_BIT(FO_CONDITIONAL_PAGE_MASTER_REFERENCE),
                                                FALSE},
    [FO_CONDITIONAL_PAGE_MASTER_REFERENCE] = {"conditional-page-master-reference", 0, FALSE},
    [FO_REGION_BODY] = {"region-body", 0, FALSE},
    [FO_REGION_BEFORE] = {"region-before", 0, FALSE},
    [FO_REGION_AFTER] = {"region-after", 0, FALSE},
    [FO_PAGE_SEQUENCE] = {"page-sequence",
                          FO_BIT(FO_TITLE) | FO_BIT(FO_STATIC_CONTENT) | FO_BIT(FO_FLOW), FALSE},
    [FO_TITLE] = {"title", 0, TRUE},
    [FO_STATIC_CONTENT] = {"static-content", BLOCKS, FALSE},
    [FO_FLOW] = {"flow", BLOCKS, FALSE},
    [FO_BLOCK] = {"block", BLOCKS | INLINES, TRUE},
    [FO_BLOCK_CONTAINER] = {"block-container", BLOCKS, FALSE},
    [FO_INLINE] = {"inline", INLINES, TRUE},
    [FO_LEADER] = {"leader", 0, FALSE},
    [FO_PAGE_NUMBER] = {"page-number", 0, FALSE},
    [FO_PAGE_NUMBER_CITATION_LAST] = {"page-number-citation-last", 0, FALSE},
    [FO_TABLE] = {"table", FO_BIT(FO_TABLE_COLUMN) | SECTIONS, FALSE},
    [FO_TABLE_COLUMN] = {"table-column", 0, FALSE},
    [FO_TABLE_HEADER] = {"table-header", FO_BIT(FO_TABLE_ROW), FALSE},
    [FO_TABLE_FOOTER] = {"table-footer", FO_BIT(FO_TABLE_ROW), FALSE},
    [FO_TABLE_BODY] = {"table-body", FO_BIT(FO_TABLE_ROW), FALSE},
    [FO_TABLE_ROW] = {"table-row", FO_BIT(FO_TABLE_CELL), FALSE},
    [FO_TABLE_CELL] = {"table-cell", BLOCKS, FALSE},
    [FO_EXTERNAL_GRAPHIC] = {"external-graphic", 0, FALSE},
    [FO_INSTREAM_FOREIGN_OBJECT] = {"instream-foreign-object", 0, FALSE},
};

const char *fo_element_name(FoElement element) {
  return elements[element].name;
}

guint64 fo_element_content(FoElement element) {
  return elements[element].content;
}

gboolean fo_element_has_text(FoElement element) {
  return elements[element].text;
}

gboolean fo_element_ordered(FoElement element) {
  return (ORDERED & FO_BIT(element)) != 0;
}

gboolean fo_element_once(FoElement element) {
  return (ONCE & FO_BIT(element)) != 0;
}

gboolean fo_element_needs_content(FoElement element) {
  return (FILLED & FO_BIT(element)) != 0;
}

FoElement fo_element_find(const char *name) {
  for (FoElement element = FO_ROOT; element < FO_N_ELEMENTS; element++)
    if (!strcmp(elements[element].name, name))
      return element;
  return FO_N_ELEMENTS;
}

const FoTraits fo_initial_traits = {
    .families = "",
    .font_size = 12,
    .line_height = {1.2, LENGTH_FACTOR},
    .text_align = ALIGN_START,
    .text_align_last = ALIGN_RELATIVE,
    .orphans = 2,
    .widows = 2,
    .own = {.background = FO_NO_COLOR,
            .border = {{.width = 1}, {.width = 1}, {.width = 1}, {.width = 1}},
            .columns_spanned = 1,
            .rows_spanned = 1,
            .columns_repeated = 1,
            .rule_thickness = {1, LENGTH_POINTS},
            .rule_style = LINE_SOLID,
            .initial_page_number = 0},
};

/* -------------------------------------------------------------- properties */

#define ANY (~G_GUINT64_CONSTANT(0))
#define ON(element) FO_BIT(FO_##element)
#define PARTS (SECTIONS | ON(TABLE_ROW) | ON(TABLE_CELL))
#define FRAMED                                                                                   \
  (ON(BLOCK) | ON(INLINE) | ON(BLOCK_CONTAINER) | ON(TABLE) | ON(TABLE_ROW) | ON(TABLE_CELL))
#define PADDED (ON(BLOCK) | ON(INLINE) | ON(BLOCK_CONTAINER) | ON(TABLE_CELL))
#define SPACED (ON(BLOCK) | ON(TABLE))
#define KEPT (ON(BLOCK) | ON(TABLE) | ON(TABLE_ROW) | ON(TABLE_BODY))
#define DRAWN (ON(EXTERNAL_GRAPHIC) | ON(INSTREAM_FOREIGN_OBJECT))

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define AT(member) offsetof(FoTraits, member)
#define OWN(member) offsetof(FoTraits, own.member)
#define SIDE(side) (1u << SIDE_##side)
#define SIDE_ALL 15u
#define EXACT(name, where, ...) {name, VALUE_WORD, OWN(ignored), where, WORDS(__VA_ARGS__), 0}
#define BORDER(prefix, sides)                                                                    \
  {prefix, VALUE_BORDER, OWN(border), FRAMED, NULL, sides},                                      \
      {prefix "-width", VALUE_BORDER_WIDTH, OWN(border), FRAMED, NULL, sides},                   \
      {prefix "-style", VALUE_BORDER_STYLE, OWN(border), FRAMED, NULL, sides},                   \
      {prefix "-color", VALUE_BORDER_COLOR, OWN(border), FRAMED, NULL, sides}
#define PADDING(name, side)                                                                      \
  {"padding-" name, VALUE_LENGTH, OWN(padding[SIDE_##side]), PADDED, NULL, 0}
#define MARGIN(name, side)                                                                       \
  {"margin-" name, VALUE_LENGTH, OWN(margin[SIDE_##side]),                                       \
   SPACED | ON(REGION_BODY) | ON(SIMPLE_PAGE_MASTER), NULL, FO_NEGATIVE}
#define LENGTH(name, member, where, arg) {name, VALUE_LENGTH, OWN(member), where, NULL, arg}
#define KEEP(name, member)                                                                       \
  {name, VALUE_WORD, OWN(member), KEPT, WORDS("auto", "always"), 0},                             \
      {name ".within-page", VALUE_WORD, OWN(member), KEPT, WORDS("auto", "always"), 0}

const FoProperty fo_properties[] = {
    {"font-size", VALUE_FONT_SIZE, AT(font_size), ANY, NULL, 0},
    {"font-family", VALUE_FAMILIES, AT(families), ANY, NULL, 0},
    {"font-weight", VALUE_WORD, AT(bold), ANY, WORDS("normal", "bold"), 0},
    EXACT("font-style", ANY, "normal"),
    {"line-height", VALUE_LINE_HEIGHT, AT(line_height), ANY, NULL, 0},
    {"color", VALUE_COLOR, AT(color), ANY, NULL, 0},
    {"letter-spacing", VALUE_LENGTH, AT(letter_spacing), ANY, NULL, FO_NEGATIVE},
    {"text-indent", VALUE_LENGTH, AT(text_indent), ANY, NULL, FO_NEGATIVE},
    {"text-align", VALUE_WORD, AT(text_align), ANY, WORDS("start", "center", "end", "justify"), 0},
    {"text-align-last", VALUE_WORD, AT(text_align_last), ANY,
     WORDS("start", "center", "end", "justify", "relative"), 0},
    {"start-indent", VALUE_LENGTH, AT(start_indent), ANY, NULL, FO_NEGATIVE},
    {"end-indent", VALUE_LENGTH, AT(end_indent), ANY, NULL, FO_NEGATIVE},
    {"wrap-option", VALUE_WORD, AT(no_wrap), ANY, WORDS("wrap", "no-wrap"), 0},
    {"linefeed-treatment", VALUE_WORD, AT(linefeed), ANY, WORDS("treat-as-space", "preserve"), 0},
    {"white-space-collapse", VALUE_WORD, AT(keep_space), ANY, WORDS("true", "false"), 0},
    {"display-align", VALUE_WORD, AT(display_align), ANY, WORDS("before", "center", "after"), 0},
    {"orphans", VALUE_INT, AT(orphans), ANY, NULL, 0},
    {"widows", VALUE_INT, AT(widows), ANY, NULL, 0},

    {"id", VALUE_NAME, OWN(id), ANY, NULL, 0},
    {"role", VALUE_NAME, OWN(role), ANY, NULL, 0},
    {"text-decoration", VALUE_WORD, OWN(decoration), ON(BLOCK) | ON(INLINE),
     WORDS("none", "underline", "line-through"), 0},
    {"baseline-shift", VALUE_LENGTH, OWN(shift), ON(INLINE) | DRAWN, NULL, FO_NEGATIVE},
    {"margin", VALUE_SIDES, OWN(margin), SPACED | ON(REGION_BODY) | ON(SIMPLE_PAGE_MASTER), NULL,
     FO_NEGATIVE},
    MARGIN("top", TOP),
    MARGIN("right", RIGHT),
    MARGIN("bottom", BOTTOM),
    MARGIN("left", LEFT),
    {"padding", VALUE_SIDES, OWN(padding), PADDED, NULL, 0},
    PADDING("top", TOP),
    PADDING("before", TOP),
    PADDING("right", RIGHT),
    PADDING("end", RIGHT),
    PADDING("bottom", BOTTOM),
    PADDING("after", BOTTOM),
    PADDING("left", LEFT),
    PADDING("start", LEFT),
    BORDER("border", SIDE_ALL),
    BORDER("border-top", SIDE(TOP)),
    BORDER("border-before", SIDE(TOP)),
    BORDER("border-right", SIDE(RIGHT)),
    BORDER("border-end", SIDE(RIGHT)),
    BORDER("border-bottom", SIDE(BOTTOM)),
    BORDER("border-after", SIDE(BOTTOM)),
    BORDER("border-left", SIDE(LEFT)),
    BORDER("border-start", SIDE(LEFT)),
    {"background-color", VALUE_COLOR, OWN(background), FRAMED, NULL, 0},
    LENGTH("space-before", space_before, SPACED, 0),
    LENGTH("space-after", space_after, SPACED, 0),
    LENGTH("width", width, ON(BLOCK_CONTAINER) | ON(TABLE), FO_PERCENT),
    LENGTH("height", height, ON(BLOCK_CONTAINER) | ON(TABLE_ROW) | ON(TABLE_CELL), FO_AUTO),
    LENGTH("top", top, ON(BLOCK_CONTAINER), 0),
    LENGTH("right", right, ON(BLOCK_CONTAINER), 0),
    LENGTH("bottom", bottom, ON(BLOCK_CONTAINER), 0),
    LENGTH("left", left, ON(BLOCK_CONTAINER), 0),
    EXACT("absolute-position", ON(BLOCK_CONTAINER), "fixed"),
    {"overflow", VALUE_WORD, OWN(overflow),
     ON(REGION_BEFORE) | ON(REGION_AFTER) | ON(BLOCK_CONTAINER),
     WORDS("auto", "error-if-overflow", "visible"), 0},
    KEEP("keep-together", keep_together),
    {"keep-together.within-line", VALUE_WORD, OWN(keep_line), ON(INLINE), WORDS("auto", "always"), 0},
    KEEP("keep-with-next", keep_with_next),
    KEEP("keep-with-previous", keep_with_previous),
    {"break-before", VALUE_WORD, OWN(break_before), SPACED, WORDS("auto", "page"), 0},

    EXACT("table-layout", ON(TABLE), "fixed"),
    {"border-collapse", VALUE_WORD, OWN(separate), ON(TABLE), WORDS("collapse", "separate"), 0},
    {"border-separation", VALUE_PAIR, OWN(separation), ON(TABLE), NULL, 0},
    LENGTH("border-separation.inline-progression-direction", separation[0], ON(TABLE), 0),
    LENGTH("border-separation.block-progression-direction", separation[1], ON(TABLE), 0),
    LENGTH("column-width", column_width, ON(TABLE_COLUMN), FO_PERCENT | FO_SHARE),
    {"number-columns-repeated", VALUE_INT, OWN(columns_repeated), ON(TABLE_COLUMN), NULL, 0},
    {"number-columns-spanned", VALUE_INT, OWN(columns_spanned), ON(TABLE_CELL), NULL, 0},
    {"number-rows-spanned", VALUE_INT, OWN(rows_spanned), ON(TABLE_CELL), NULL, 0},

    {"leader-pattern", VALUE_WORD, OWN(leader_pattern), ON(LEADER), WORDS("space", "rule"), 0},
    LENGTH("leader-length", leader_length, ON(LEADER), FO_PERCENT),
    LENGTH("rule-thickness", rule_thickness, ON(LEADER), 0),
    {"rule-style", VALUE_WORD, OWN(rule_style), ON(LEADER),
     WORDS("none", "dotted", "dashed", "solid", "double"), 0},
    {"src", VALUE_NAME, OWN(src), ON(EXTERNAL_GRAPHIC), NULL, 0},
    LENGTH("content-width", content_width, DRAWN, FO_AUTO),
    LENGTH("content-height", content_height, DRAWN, FO_AUTO),

    LENGTH("page-width", page_width, ON(SIMPLE_PAGE_MASTER), 0),
    LENGTH("page-height", page_height, ON(SIMPLE_PAGE_MASTER), 0),
    LENGTH("extent", extent, ON(REGION_BEFORE) | ON(REGION_AFTER), 0),
    {"master-name", VALUE_NAME, OWN(master_name), ON(SIMPLE_PAGE_MASTER) | ON(PAGE_SEQUENCE_MASTER),
     NULL, 0},
    {"master-reference", VALUE_NAME, OWN(master_reference),
     ON(PAGE_SEQUENCE) | ON(CONDITIONAL_PAGE_MASTER_REFERENCE), NULL, 0},
    {"page-position", VALUE_WORD, OWN(page_position), ON(CONDITIONAL_PAGE_MASTER_REFERENCE),
     WORDS("any", "first", "rest"), 0},
    {"flow-name", VALUE_NAME, OWN(flow_name), ON(STATIC_CONTENT) | ON(FLOW), NULL, 0},
    {"region-name", VALUE_NAME, OWN(region_name), REGIONS, NULL, 0},
    {"ref-id", VALUE_NAME, OWN(ref_id), ON(PAGE_NUMBER_CITATION_LAST), NULL, 0},
    {"initial-page-number", VALUE_INT, OWN(initial_page_number), ON(PAGE_SEQUENCE), NULL, 0},
    EXACT("force-page-count", ON(PAGE_SEQUENCE), "no-force"),
};

const guint fo_n_properties = G_N_ELEMENTS(fo_properties);

const FoProperty *fo_property_find(const char *name) {
  for (guint i = 0; i < fo_n_properties; i++)
    if (!strcmp(fo_properties[i].name, name))
      return &fo_properties[i];
  return NULL;
}
