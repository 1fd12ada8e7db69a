/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of printing share: small FO documents, and what is on a page. */
#ifndef RENDER_SUPPORT_H
#define RENDER_SUPPORT_H

#include "base/xml.h"
#include "fo/pages.h"
#include "render.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

extern const RenderOps renkei_print_ops;

#define UNUSED __attribute__((unused))

/* The page is 100 x 100 mm, its body 80 x 80 mm: 18 lines of 12 pt. The flow starts
 * after line FO_FLOW_LINE of the document. */
#define FO_HEAD                                                                                   \
  "<fo:root xmlns:fo='http://www.w3.org/1999/XSL/Format' xmlns:k='urn:renkei:fo:1'\n"             \
  " font-family='BIZ UDGothic, DejaVu Sans' font-size='10pt' line-height='12pt'>\n"               \
  "<fo:layout-master-set>\n"                                                                      \
  "<fo:simple-page-master master-name='m' page-width='100mm' page-height='100mm' margin='10mm'>\n" \
  "<fo:region-body/>\n"                                                                           \
  "<fo:region-after extent='8mm'/>\n"                                                             \
  "</fo:simple-page-master>\n"                                                                    \
  "</fo:layout-master-set>\n"                                                                     \
  "<fo:page-sequence id='s' master-reference='m' force-page-count='no-force'>\n"                  \
  "<fo:static-content flow-name='xsl-region-after'><fo:block>"                                    \
  "<fo:page-number/>/<fo:page-number-citation-last ref-id='s'/></fo:block></fo:static-content>\n" \
  "<fo:flow flow-name='xsl-region-body'>\n"
#define FO_TAIL "</fo:flow></fo:page-sequence></fo:root>"
#define FO_FLOW_LINE 11

#define TABLE_2 "<fo:table table-layout='fixed' border-collapse='collapse' width='80mm'>"         \
  "<fo:table-column column-width='40mm' number-columns-repeated='2'/>"

UNUSED static const char *data_dir(void) {
  static char path[4096];
  g_snprintf(path, sizeof path, "%s/renderers", g_getenv("RENKEI_SRCDIR"));
  return path;
}

UNUSED static RenderOptions options(void) {
  return (RenderOptions){.datadir = data_dir(), .time = G_GINT64_CONSTANT(1764000000000000), .page = 1};
}

/* Fonts are a matter of the machine: without them a page test says so and is skipped. */
UNUSED static void need_fonts(void) {
  RenderOptions all = options();
  if (renkei_print_ops.check_fonts(&all, NULL) != RK_OK) {
    print_message("the fonts of renderers/fonts.conf are not installed\n");
    skip();
  }
}

UNUSED static xmlDoc *parse_text(const char *text) {
  xmlDoc *doc = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkStatus status = xml_parse(&doc, text, strlen(text), "t.fo", XML_LIMIT_DEFINITION, diags);
  if (status != RK_OK)
    fail_msg("the test's own document: %s", rk_diags_get(diags, 0)->message);
  return doc;
}

UNUSED static xmlDoc *flow_document(const char *flow) {
  g_autofree char *text = g_strconcat(FO_HEAD, flow, FO_TAIL, NULL);
  return parse_text(text);
}

/* A laid-out document with what it needs to live. */
typedef struct {
  xmlDoc *doc;
  FoPages *pages;
  RkDiags *diags;
  RkStatus status;
} Laid;

UNUSED static Laid lay(const char *flow, gboolean lenient) {
  Laid laid = {flow_document(flow), NULL, rk_diags_new(), RK_OK};
  FoOptions options_here = {data_dir(), lenient, FALSE};
  laid.status = pages_new(&laid.pages, laid.doc, &options_here, laid.diags);
  return laid;
}

UNUSED static void laid_clear(Laid *laid) {
  pages_free(laid->pages);
  xmlFreeDoc(laid->doc);
  rk_diags_free(laid->diags);
}

UNUSED static void must_be_good(const Laid *laid) {
  for (guint i = 0; i < rk_diags_count(laid->diags); i++)
    print_message("%s\n", rk_diags_get(laid->diags, i)->message);
  assert_int_equal(laid->status, RK_OK);
}

/* The first record with this code, or a failure. */
UNUSED static const RkDiag *must_report(const RkDiags *diags, const char *code) {
  for (guint i = 0; i < rk_diags_count(diags); i++)
    if (!strcmp(rk_diags_get(diags, i)->code, code))
      return rk_diags_get(diags, i);
  for (guint i = 0; i < rk_diags_count(diags); i++)
    print_message("%s %s\n", rk_diags_get(diags, i)->code, rk_diags_get(diags, i)->message);
  fail_msg("no diagnostic %s", code);
  return NULL;
}

/* Lay out a flow that must be refused with `code` at line `line` of the flow. */
UNUSED static void must_refuse(const char *flow, const char *code, int line, int column) {
  Laid laid = lay(flow, FALSE);
  assert_int_equal(laid.status, RK_INVALID);
  assert_null(laid.pages);
  const RkDiag *diag = must_report(laid.diags, code);
  assert_string_equal(diag->file, "t.fo");
  assert_int_equal(diag->line, FO_FLOW_LINE + line);
  assert_int_equal(diag->column, column);
  laid_clear(&laid);
}

UNUSED static void gather(GString *out, const FoBox *box) {
  guint n = box->children ? box->children->len : 0;
  for (guint i = 0; i < n; i++)
    gather(out, box_child(box, i));
  for (guint i = box->first; box->kind == BOX_TEXT && i < box->end; i++) {
    const FoLine *line = &g_array_index(box->text->lines, FoLine, i);
    const char *text = pango_layout_get_text(box->text->layout);
    g_string_append_len(out, text + line->line->start_index, line->line->length);
    g_string_append_c(out, '|');
  }
  g_autoptr(GArray) rows =
      box->kind == BOX_TABLE ? table_shown(box->table, box->first, box->end) : NULL;
  for (guint r = 0; rows && r < rows->len; r++)
    for (guint i = 0; i < box->table->cells->len; i++) {
      const FoCell *cell = g_ptr_array_index(box->table->cells, i);
      if (cell->row == g_array_index(rows, guint, r))
        gather(out, cell->content);
    }
}

/* The lines on page `index` of the flow, each followed by '|'. */
UNUSED static void must_hold(const Laid *laid, guint index, const char *lines) {
  g_autoptr(GString) text = g_string_new(NULL);
  gather(text, pages_get(laid->pages, index)->body);
  assert_string_equal(text->str, lines);
}

UNUSED static const FoBox *nth_box(const FoBox *box, guint index) {
  return box_child(box, index);
}

/* The first text box inside. */
UNUSED static const FoBox *first_text(const FoBox *box) {
  while (box && box->kind != BOX_TEXT)
    box = box->kind == BOX_TABLE ? ((FoCell *)g_ptr_array_index(box->table->cells, 0))->content
          : box->children->len   ? box_child(box, 0)
                                 : NULL;
  return box;
}

#endif
