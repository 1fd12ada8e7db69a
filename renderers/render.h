/* SPDX-License-Identifier: Apache-2.0 */
/*
 * render.h - from a form instance document to bytes.
 *
 * The printing side is a module of its own (renkei-print), loaded only by
 * commands that print. It sees an XML document, never a case or a database;
 * the same document gives the same bytes, on every machine with the same fonts.
 *
 * instance ──form-html.xsl──▶ HTML
 *          └─form-fo.xsl────▶ XSL-FO ──fo/──▶ pages ──▶ PDF | TIFF (FAX) | PNG
 */
#ifndef RK_RENDER_H
#define RK_RENDER_H

#include "base/diag.h"
#include "renkei.h"

#include <libxml/tree.h>

typedef enum {
  RENDER_HTML, /* one self-contained file, A4 print CSS */
  RENDER_PDF,  /* embedded fonts, searchable */
  RENDER_TIFF, /* FAX: 1728 pixels wide, one strip a page */
  RENDER_PNG,  /* page `page` at 150 dpi, to look at */
  RENDER_FO    /* the XSL-FO itself, for other formatters */
} RenderFormat;

/* How the rows of a FAX page are coded (ITU-T T.4, T.6). G4 may go over a line only
 * with error correction; senders code it anew where they must. G3 1-D is what every
 * machine and gateway takes. */
typedef enum { RENDER_FAX_G4, RENDER_FAX_G3_1D, RENDER_FAX_G3_2D } RenderFaxCoding;

/* What is read once for many documents of one datadir: compiled stylesheets, fonts. It holds nothing of
 * the documents. */
typedef struct RenderKept RenderKept;

typedef struct {
  const char *datadir;  /* holds xsl/ and fonts.conf */
  const char *fax_head; /* sender, number, date for the FAX header line, or NULL; "i / n" is added */
  RenderFaxCoding fax_coding;
  gboolean fax_standard; /* 204 x 98 dpi, 1143 lines, instead of 204 x 196, 2287 */
  /* NULL, or completes the text of a QR code that names its page ("{page}", "{pages}"
   * are filled in), for instance with a check of it. The result is freed by g_free. */
  char *(*code)(gpointer user, const char *text);
  gpointer code_user;
  gint64 time;          /* creation date written into the PDF */
  int page;             /* PNG only, from 1 */
  gboolean lenient;     /* FO outside the subset warns instead of refusing */
  xmlDoc *cover;        /* an instance document printed before, on pages that count for themselves; not in HTML,
                           or NULL */
  RenderKept *kept;     /* stylesheets of this datadir, compiled; NULL: compiled anew */
} RenderOptions;

/* The table a loaded module exports under the name renkei_print_ops. */
typedef struct {
  int version; /* RENDER_OPS_VERSION */
  /* instance document → bytes. Owned by the caller: g_bytes_unref. */
  RkStatus (*render)(GBytes **out, xmlDoc *instance, RenderFormat format,
                     const RenderOptions *options, RkDiags *diags);
  /* XSL-FO document → bytes (not HTML, not FO). */
  RkStatus (*render_fo)(GBytes **out, xmlDoc *fo, RenderFormat format,
                        const RenderOptions *options, RkDiags *diags);
  /* The number of pages of an XSL-FO document. */
  RkStatus (*count_pages)(int *out, xmlDoc *fo, const RenderOptions *options, RkDiags *diags);
  /* Whether the fonts wanted are installed; says which package is missing. */
  RkStatus (*check_fonts)(const RenderOptions *options, RkDiags *diags);
  /* To be given in the options, and freed after the last document. */
  RenderKept *(*kept_new)(const char *datadir);
  void (*kept_free)(RenderKept *kept);
} RenderOps;

#define RENDER_OPS_VERSION 5
#define RENDER_OPS_SYMBOL "renkei_print_ops"

#endif
