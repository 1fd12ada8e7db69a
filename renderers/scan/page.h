/* SPDX-License-Identifier: Apache-2.0 */
/* page.h - one page of a file, from its pixels to what its codes say. */
#ifndef RK_SCAN_PAGE_H
#define RK_SCAN_PAGE_H

#include "scan/codes.h"
#include "scan/scan.h"

/* What the readers of files hand on. */
typedef struct {
  const char *name; /* of the file, for messages */
  const ScanSink *sink;
  RkDiags *diags;
  CodeReader *codes;
  guint count; /* pages read */
} PageReader;

/* Whether a page of this size is within the limits; names it when not. */
RkStatus page_check_size(const PageReader *reader, guint64 width, guint64 height);
/* Read the codes of a page and hand it to the sink. Takes `grey`. Resolutions 0: unknown. */
RkStatus page_take(PageReader *reader, Grey *grey, double dpi_x, double dpi_y, gboolean damaged);

RkStatus scan_too_large(const PageReader *reader, const char *size);
RkStatus scan_broken(const PageReader *reader, const char *reason);

/* The readers. `fd` stands at the beginning of the file. */
RkStatus scan_tiff(PageReader *reader, int fd);
RkStatus scan_png(PageReader *reader, int fd);
RkStatus scan_pdf(PageReader *reader, int fd);

#endif
