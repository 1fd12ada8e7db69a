/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pages.h - a document in pages, ready to be drawn.
 */
#ifndef RK_FO_PAGES_H
#define RK_FO_PAGES_H

#include "fo/box.h"

typedef struct {
  double x, y, width, height;
} FoArea;

typedef struct {
  const FoNode *sequence, *master;
  int number;                         /* as fo:page-number shows it */
  FoArea body_area, before_area, after_area;
  FoBox *body, *before, *after;       /* before and after may be NULL */
} FoPage;

typedef struct {
  const char *datadir; /* has fonts.conf and graphics/ */
  gboolean lenient;    /* what is outside the subset is a warning */
  gboolean fax;        /* small Mincho is set in Gothic of the same width */
  /* NULL, or completes the text of a QR code that names its page; the result is g_freed. */
  char *(*code)(gpointer user, const char *text);
  gpointer code_user;
} FoOptions;

/* Read, check, lay out and break `doc` (which must outlive the result). Wrong
 * input: RK_INVALID with all faults found. */
RkStatus pages_new(FoPages **out, xmlDoc *doc, const FoOptions *options, RkDiags *diags);
void pages_free(FoPages *pages);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FoPages, pages_free)

guint pages_count(const FoPages *pages);
const FoPage *pages_get(const FoPages *pages, guint index);
/* The number of the last page of the page-sequence with this id; 0 if none. */
int pages_last_number(const FoPages *pages, const char *id);
/* The text of the first fo:title, or NULL. Borrowed. */
const char *pages_title(const FoPages *pages);
/* xml:lang of the document, or NULL. Borrowed. */
const char *pages_language(const FoPages *pages);
FoFonts *pages_fonts(const FoPages *pages);
/* The corner of a fixed container: of the page, wherever it stands in the content. */
void page_place_fixed(const FoPage *page, const FoBox *fixed, double *x, double *y);
double page_width(const FoPage *page);
double page_height(const FoPage *page);

#endif
