/* SPDX-License-Identifier: Apache-2.0 */
/* page.h - parts of long lists. One row more than is asked for tells whether it goes on. */
#ifndef RK_API_PAGE_H
#define RK_API_PAGE_H

#include "renkei.h"

/* How many rows to read; 0: all. */
static inline guint page_rows(const RkPage *page) {
  return page && page->limit ? page->limit + 1 : 0;
}

/* Of the rows read: the page. */
static inline void page_cut(RkPage *page, GPtrArray *rows) {
  if (!page)
    return;
  page->more = page->limit && rows->len > page->limit;
  if (page->more)
    g_ptr_array_set_size(rows, (int)page->limit);
}

#endif
