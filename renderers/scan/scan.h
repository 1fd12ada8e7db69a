/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scan.h - from a received file to pages, each with what its codes say.
 *
 * A module of its own (renkei-scan), loaded only by commands that read scans. It knows neither cases
 * nor keys: it gives the texts of the codes, the caller decides whose they are. What it is handed may
 * be broken or made to harm: files are read a page at a time, within the limits below; PDF is read by
 * poppler's pdftoppm in a process of its own, with little memory and time.
 *
 * file ──file_tiff, file_png, file_pdf──▶ grey page ──page.c: size, turn, clean, straighten──▶ codes
 */
#ifndef RK_SCAN_H
#define RK_SCAN_H

#include "base/diag.h"
#include "renkei.h"

#define SCAN_PAGES_MAX 300
#define SCAN_PIXELS_MAX 40000000 /* A4 at 600 dpi is 35 million */
#define SCAN_SIDE_MAX 100000     /* of pixels on the longer side: PNG, in which pages are kept, has its own limit */

typedef enum {
  SCAN_WRITTEN,
  SCAN_BLANK, /* nothing on it but dust */
  SCAN_BLACK  /* nearly all of it black: the machine fed it wrongly, or its cover was open */
} ScanLook;

typedef struct {
  guint number; /* in the file, from 1 */
  ScanLook look;
  gboolean damaged;  /* the file is broken within this page; what could be read is here */
  guint turned;      /* quarters clockwise by which it was turned to stand upright, as its codes say */
  char **codes;      /* what its codes say, each text once; never NULL */
  GBytes *image;     /* PNG: two tones as received, else 16 greys; turned, otherwise as it came */
} ScanPage;

typedef struct {
  /* Whether this text is one of those looked for: until they are found at two places, the page is cleaned
   * and straightened further. */
  gboolean (*wanted)(gpointer user, const char *text);
  /* One page; what it points to lives until the return. Not RK_OK ends the reading. */
  RkStatus (*page)(gpointer user, const ScanPage *page);
  gpointer user;
} ScanSink;

/* The table a loaded module exports under the name renkei_scan_ops. */
typedef struct {
  int version; /* SCAN_OPS_VERSION */
  /* The pages of the open file `fd` (from its beginning; it stays open), in their order. `name` is for
   * messages. RK_INVALID with a diagnostic: this is no file of pages, has too many or too large ones, or
   * nothing of it can be read. */
  RkStatus (*read)(int fd, const char *name, const ScanSink *sink, RkDiags *diags);
} ScanOps;

#define SCAN_OPS_VERSION 1
#define SCAN_OPS_SYMBOL "renkei_scan_ops"

#endif
