/* SPDX-License-Identifier: Apache-2.0 */
/* fax-lines.h - lines of writing on sheets as forms have them, BIZ UD Gothic of 10.5 pt, and the kanji of JIS X 0208. */
#ifndef RK_TEST_FAX_LINES_H
#define RK_TEST_FAX_LINES_H

#include "fax-channel.h"

#define LINES 30 /* of a page */
#define SHEET                                                                                     \
  "<fo:root xmlns:fo='http://www.w3.org/1999/XSL/Format' font-family='BIZ UDGothic' "             \
  "font-size='10.5pt' line-height='24pt'><fo:layout-master-set>"                                  \
  "<fo:simple-page-master master-name='m' page-width='210mm' page-height='297mm' margin='18mm'>"  \
  "<fo:region-body/></fo:simple-page-master></fo:layout-master-set>"                              \
  "<fo:page-sequence master-reference='m' force-page-count='no-force'>"                           \
  "<fo:flow flow-name='xsl-region-body'>"
#define SHEET_END "</fo:flow></fo:page-sequence></fo:root>"

/* Lines of a page, from number `from` on; g_free. */
UNUSED static GBytes *page_of_lines(const GPtrArray *lines, guint from, RenderFormat format) {
  g_autoptr(GString) flow = g_string_new(SHEET);
  GBytes *bytes = NULL;
  RenderOptions how = options();
  for (guint i = from; i < lines->len && i < from + LINES; i++)
    g_string_append_printf(flow, "<fo:block>%s</fo:block>", (const char *)lines->pdata[i]);
  g_string_append(flow, SHEET_END);
  g_autoptr(xmlDoc) doc = parse_text(flow->str);
  assert_int_equal(renkei_print_ops.render_fo(&bytes, doc, format, &how, NULL), RK_OK);
  return bytes;
}

/* The kanji of these rows of JIS X 0208 in their order (16 to 47 are level 1, 48 to 84 level 2), `wide` in a line,
 * with `between` after each (char *). */
UNUSED static GPtrArray *kanji_lines(int first, int last, int wide, const char *between) {
  GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GString) line = g_string_new(NULL);
  int count = 0;
  for (int row = first; row <= last; row++)
    for (int cell = 1; cell <= 94; cell++) {
      const char euc[] = {(char)(0xA0 + row), (char)(0xA0 + cell), 0};
      g_autofree char *kanji = g_convert(euc, 2, "UTF-8", "EUC-JP", NULL, NULL, NULL);
      if (!kanji)
        continue;
      g_string_append_printf(line, "%s%s", kanji, between);
      if (++count % wide == 0) {
        g_ptr_array_add(lines, g_strdup(line->str));
        g_string_truncate(line, 0);
      }
    }
  if (line->len)
    g_ptr_array_add(lines, g_strdup(line->str));
  return lines;
}

#endif
