/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tags.h - what a PDF knows of its content besides the look of it: structure
 * (Document, H1 … H6, P, Table, TR, TH, TD) and bookmarks.
 *
 * It is tagged PDF, not PDF/UA: cairo 1.16 writes no spans of cells and no other text
 * for drawings. Heads and feet, which stand on every page, are no part of the structure.
 */
#ifndef RK_TAGS_H
#define RK_TAGS_H

#include "fo/draw.h"

typedef struct {
  cairo_t *cairo;
  cairo_surface_t *surface;
  const FoPages *pages;
  guint page; /* from 0 */
  gboolean outside; /* in a head or foot */
  int bookmarks[7]; /* of the sequence's title and of the last heading of each level */
} Tagger;

/* A watcher that tags what a painter draws; borrows `tagger`. */
DrawWatch tagger_watch(Tagger *tagger);
void tagger_begin(Tagger *tagger);
/* Before the page at `index` is drawn. */
void tagger_page(Tagger *tagger, guint index);
void tagger_end(Tagger *tagger);

/* Say in the catalog of a finished PDF that it is tagged, its language (or NULL), and
 * that its title is to be shown; by an update at the end of the file. */
void tags_mark_catalog(GByteArray *pdf, const char *language);

#endif
