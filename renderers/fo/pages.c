/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pages.c - page masters, page sequences, and what stands on every page.
 *
 * The flows are broken first; only then are the page counts known, and the heads
 * and feet can be laid out, page by page.
 */
#include "fo/pages.h"

#include "base/xml.h"
#include "fo/value.h"

#include <math.h>
#include <string.h>

#define XML_NS "http://www.w3.org/XML/1998/namespace"

struct FoPages {
  FoTree *tree;
  FoFonts *fonts;
  FoLayout *layout;
  GArray *pages; /* FoPage */
  char *title, *language;
  RkDiags *diags; /* while laying out only */
};

guint pages_count(const FoPages *pages) {
  return pages->pages->len;
}

const FoPage *pages_get(const FoPages *pages, guint index) {
  return &g_array_index(pages->pages, FoPage, index);
}

const char *pages_title(const FoPages *pages) {
  return pages->title;
}

const char *pages_language(const FoPages *pages) {
  return pages->language;
}

FoFonts *pages_fonts(const FoPages *pages) {
  return pages->fonts;
}

double page_width(const FoPage *page) {
  return page->master->traits.own.page_width.value;
}

double page_height(const FoPage *page) {
  return page->master->traits.own.page_height.value;
}

int pages_last_number(const FoPages *pages, const char *id) {
  int number = 0;
  for (guint i = 0; i < pages->pages->len; i++) {
    const FoPage *page = pages_get(pages, i);
    if (!g_strcmp0(page->sequence->traits.own.id, id))
      number = page->number;
  }
  return number;
}

/* ------------------------------------------------------------ page masters */

static const FoNode *find_master(const FoPages *pages, const char *name) {
  const FoNode *set = node_find(tree_root(pages->tree), FO_LAYOUT_MASTER_SET);
  for (guint i = 0; i < set->children->len; i++)
    if (!g_strcmp0(node_child(set, i)->traits.own.master_name, name))
      return node_child(set, i);
  return NULL;
}

static void refuse_reference(const FoPages *pages, const FoNode *node, const char *kind,
                             const char *name) {
  DiagPlace place = node_place(node);
  diags_add(pages->diags, DIAG_FO_REFERENCE, &place, fo_element_name(node->element), kind,
            name ? name : "", NULL);
}

static gboolean position_holds(int position, gboolean first) {
  return position == POSITION_ANY || (position == POSITION_FIRST) == first;
}

/* The simple-page-master of the first or a later page; NULL after a report. */
static const FoNode *choose_master(const FoPages *pages, const FoNode *sequence, gboolean first) {
  const char *name = sequence->traits.own.master_reference;
  const FoNode *master = find_master(pages, name), *at = sequence;
  if (master && master->element == FO_PAGE_SEQUENCE_MASTER) {
    const FoNode *choices = node_find(master, FO_REPEATABLE_PAGE_MASTER_ALTERNATIVES);
    at = master;
    name = NULL;
    for (guint i = 0; choices && i < choices->children->len && !name; i++) {
      const FoNode *choice = node_child(choices, i);
      if (position_holds(choice->traits.own.page_position, first)) {
        at = choice;
        name = choice->traits.own.master_reference;
      }
    }
    master = name ? find_master(pages, name) : NULL;
  }
  if (master && master->element == FO_SIMPLE_PAGE_MASTER)
    return master;
  refuse_reference(pages, at, "simple-page-master", name);
  return NULL;
}

static FoArea inset(FoArea area, const FoLength margin[4]) {
  double top = length_points(margin[SIDE_TOP], 0), left = length_points(margin[SIDE_LEFT], 0);
  return (FoArea){area.x + left, area.y + top,
                  area.width - left - length_points(margin[SIDE_RIGHT], 0),
                  area.height - top - length_points(margin[SIDE_BOTTOM], 0)};
}

static double region_extent(const FoNode *region) {
  return region ? length_points(region->traits.own.extent, 0) : 0;
}

static void set_areas(FoPage *page) {
  const FoNode *master = page->master;
  FoArea paper = {0, 0, page_width(page), page_height(page)};
  FoArea inner = inset(paper, master->traits.own.margin);
  double before = region_extent(node_find(master, FO_REGION_BEFORE));
  double after = region_extent(node_find(master, FO_REGION_AFTER));
  page->body_area = inset(inner, node_find(master, FO_REGION_BODY)->traits.own.margin);
  page->before_area = (FoArea){inner.x, inner.y, inner.width, before};
  page->after_area = (FoArea){inner.x, inner.y + inner.height - after, inner.width, after};
}

/* ------------------------------------------------------------------- flows */

static void report_too_high(const FoPages *pages, const FoBox *box) {
  const FoNode *unit = box_first_unit(box);
  DiagPlace place = node_place(unit);
  diags_add(pages->diags, DIAG_FO_PAGE_OVERFLOW, &place, fo_element_name(unit->element),
            node_label(unit), NULL);
}

/* What goes on an empty page: with all rules, then without keeps, then by force. */
static FoSplit fill_page(FoPages *pages, FoBox *rest, double room) {
  for (FoSplitMode mode = SPLIT_NORMAL; mode <= SPLIT_RELAXED; mode++) {
    FoSplit split = box_split(pages->layout, rest, room, mode);
    if (split.head)
      return split;
  }
  report_too_high(pages, rest);
  return box_split(pages->layout, rest, room, SPLIT_FORCED);
}

static gboolean start_page(FoPages *pages, const FoNode *sequence, FoPage *page, gboolean first,
                           int number) {
  *page = (FoPage){.sequence = sequence, .number = number};
  page->master = choose_master(pages, sequence, first);
  if (!page->master)
    return FALSE;
  set_areas(page);
  return TRUE;
}

static int first_number(const FoPages *pages, const FoNode *sequence) {
  int number = sequence->traits.own.initial_page_number;
  if (!number && pages->pages->len)
    number = pages_get(pages, pages->pages->len - 1)->number + 1;
  return MAX(number, 1);
}

static void break_flow(FoPages *pages, const FoNode *sequence, FoPage *page) {
  DiagPlace place = node_place(sequence);
  double width = page->body_area.width;
  FoBox *rest = block_layout(pages->layout, node_find(sequence, FO_FLOW), width);
  int number = page->number;
  while (rest) {
    FoSplit split = fill_page(pages, rest, page->body_area.height);
    page->body = split.head;
    g_array_append_val(pages->pages, *page);
    rest = split.tail;
    if (rest && !start_page(pages, sequence, page, FALSE, ++number))
      return;
    if (fabs(page->body_area.width - width) > FO_TINY) {
      diags_add(pages->diags, DIAG_FO_BODY_WIDTHS, &place,
                sequence->traits.own.master_reference, NULL);
      return;
    }
  }
}

static void layout_flows(FoPages *pages) {
  const FoNode *root = tree_root(pages->tree);
  for (guint i = 0; i < root->children->len; i++) {
    const FoNode *sequence = node_child(root, i);
    FoPage page;
    if (sequence->element == FO_PAGE_SEQUENCE &&
        start_page(pages, sequence, &page, TRUE, first_number(pages, sequence)))
      break_flow(pages, sequence, &page);
  }
}

/* ---------------------------------------------------------- heads and feet */

static const FoNode *find_static(const FoPage *page, const FoNode *region, const char *standard) {
  const char *name = region->traits.own.region_name ? region->traits.own.region_name : standard;
  for (guint i = 0; i < page->sequence->children->len; i++) {
    const FoNode *child = node_child(page->sequence, i);
    if (child->element == FO_STATIC_CONTENT && !g_strcmp0(child->traits.own.flow_name, name))
      return child;
  }
  return NULL;
}

static FoBox *layout_region(FoPages *pages, const FoPage *page, FoElement element,
                            const char *standard, const FoArea *area) {
  const FoNode *region = node_find(page->master, element);
  const FoNode *content = region ? find_static(page, region, standard) : NULL;
  if (!content)
    return NULL;
  FoBox *box = block_layout(pages->layout, content, area->width);
  DiagPlace place = node_place(content);
  double spare = area->height - box->height;
  if (spare < -FO_TINY && region->traits.own.overflow != OVERFLOW_VISIBLE)
    diags_add(pages->diags, DIAG_FO_OVERFLOW, &place, node_label(content),
              fo_element_name(element), NULL);
  if (region->traits.display_align == DISPLAY_CENTER)
    box->y = MAX(0, spare / 2);
  else if (region->traits.display_align == DISPLAY_AFTER)
    box->y = MAX(0, spare);
  return box;
}

static int last_number(const FoPages *pages, guint index) {
  const FoNode *sequence = pages_get(pages, index)->sequence;
  while (index + 1 < pages->pages->len && pages_get(pages, index + 1)->sequence == sequence)
    index++;
  return pages_get(pages, index)->number;
}

static void layout_statics(FoPages *pages) {
  for (guint i = 0; i < pages->pages->len; i++) {
    FoPage *page = &g_array_index(pages->pages, FoPage, i);
    FoPageFacts facts = {page->number, last_number(pages, i), pages};
    pages->layout->page = &facts;
    page->before = layout_region(pages, page, FO_REGION_BEFORE, "xsl-region-before",
                                 &page->before_area);
    page->after =
        layout_region(pages, page, FO_REGION_AFTER, "xsl-region-after", &page->after_area);
    pages->layout->page = NULL;
  }
}

/* ---------------------------------------------------------- fixed containers */

void page_place_fixed(const FoPage *page, const FoBox *fixed, double *x, double *y) {
  const FoBox *content = box_child(fixed, 0);
  const FoTraits *traits = &fixed->node->traits;
  double left = node_frame(fixed->node, SIDE_LEFT), right = node_frame(fixed->node, SIDE_RIGHT);
  *x = traits->own.left.unit == LENGTH_POINTS
           ? traits->own.left.value + left
           : page_width(page) - traits->own.right.value - content->width - right;
  *y = traits->own.top.unit == LENGTH_POINTS
           ? traits->own.top.value
           : page_height(page) - traits->own.bottom.value - content->height;
}

static void check_fixed(const FoPages *pages, const FoPage *page, const FoBox *box) {
  double x, y;
  if (!box)
    return;
  for (guint i = 0; box->kind == BOX_STACK && i < box->children->len; i++)
    check_fixed(pages, page, box_child(box, i));
  if (box->kind != BOX_FIXED)
    return;
  page_place_fixed(page, box, &x, &y);
  double right = x + box_child(box, 0)->width + node_frame(box->node, SIDE_RIGHT);
  DiagPlace place = node_place(box->node);
  if (x - node_frame(box->node, SIDE_LEFT) < -FO_TINY || y < -FO_TINY ||
      right > page_width(page) + FO_TINY ||
      y + box_child(box, 0)->height > page_height(page) + FO_TINY)
    diags_add(pages->diags, DIAG_FO_OFF_PAGE, &place, node_label(box->node), NULL);
}

static void check_all_fixed(const FoPages *pages) {
  for (guint i = 0; i < pages->pages->len; i++) {
    const FoPage *page = pages_get(pages, i);
    check_fixed(pages, page, page->before);
    check_fixed(pages, page, page->body);
    check_fixed(pages, page, page->after);
  }
}

/* ------------------------------------------------------------------ public */

static void read_title(FoPages *pages) {
  const FoNode *sequence = node_find(tree_root(pages->tree), FO_PAGE_SEQUENCE);
  const FoNode *title = node_find(sequence, FO_TITLE);
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; title && i < title->children->len; i++)
    g_string_append(text, node_child(title, i)->text);
  g_strstrip(text->str);
  if (*text->str)
    pages->title = g_strdup(text->str);
}

static RkStatus layout_document(FoPages *pages, xmlDoc *doc, const FoOptions *options,
                                RkDiags *diags) {
  RkStatus status = tree_new(&pages->tree, doc, options->lenient, diags);
  if (status == RK_OK)
    status = fonts_open(&pages->fonts, options->datadir, diags);
  if (status != RK_OK)
    return status;
  g_autoptr(RkDiags) found = rk_diags_new();
  pages->diags = found;
  g_autofree char *graphics = g_build_filename(options->datadir, "graphics", NULL);
  pages->layout = layout_new(pages->fonts, graphics, found);
  pages->layout->fax = options->fax;
  pages->layout->code = options->code;
  pages->layout->code_user = options->code_user;
  pages->pages = g_array_new(FALSE, FALSE, sizeof(FoPage));
  read_title(pages);
  pages->language = xml_attr_ns(tree_root(pages->tree)->xml, XML_NS, "lang");
  layout_flows(pages);
  layout_statics(pages);
  check_all_fixed(pages);
  gboolean good = !rk_diags_has_errors(found);
  pages->diags = pages->layout->diags = NULL;
  diags_take_all(diags, found);
  return good ? RK_OK : RK_INVALID;
}

RkStatus pages_new(FoPages **out, xmlDoc *doc, const FoOptions *options, RkDiags *diags) {
  g_autoptr(FoPages) pages = g_new0(FoPages, 1);
  RkStatus status = layout_document(pages, doc, options, diags);
  *out = status == RK_OK ? g_steal_pointer(&pages) : NULL;
  return status;
}

void pages_free(FoPages *pages) {
  if (!pages)
    return;
  g_clear_pointer(&pages->pages, g_array_unref);
  layout_free(pages->layout);
  fonts_close(pages->fonts);
  tree_free(pages->tree);
  g_free(pages->title);
  g_free(pages->language);
  g_free(pages);
}
