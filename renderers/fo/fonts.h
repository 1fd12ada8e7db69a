/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fonts.h - the fonts a document may use, and which of them draws a character.
 *
 * Only the directories of fonts.conf are seen, so the same document looks the
 * same whatever else is installed. A character is drawn by the first family of
 * its list that has it; a variation sequence by the first that has the variant.
 */
#ifndef RK_FO_FONTS_H
#define RK_FO_FONTS_H

#include "base/diag.h"

#include <pango/pango.h>

typedef struct FoFonts FoFonts;

/* Read datadir/fonts.conf. RK_FAILED when it cannot be read. What was found stays with the process when it is
 * closed, for the next document of the same fonts.conf; two that are open at once have each their own. */
RkStatus fonts_open(FoFonts **out, const char *datadir, RkDiags *diags);
void fonts_close(FoFonts *fonts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FoFonts, fonts_close)

/* A context at 72 dpi without hinting: layout does not depend on the output. Borrowed. */
PangoContext *fonts_context(FoFonts *fonts);

/* A list of families in one weight, made on first use; borrowed. Families that
 * are not installed are reported once, with the package that brings them. */
typedef struct FoFontSet FoFontSet;
FoFontSet *fonts_set(FoFonts *fonts, const char *families, gboolean bold, RkDiags *diags);

/* Set the family of each cluster of text[start, end) in `attributes`; `missing`
 * (NULL: none) hears of those that no family has. */
typedef void (*FontsMissing)(gpointer data, const char *cluster, const char *end);
void fonts_attribute(const FoFontSet *set, PangoAttrList *attributes, const char *text,
                     gsize start, gsize end, FontsMissing missing, gpointer data);
/* Say that `label` holds a cluster no family has; by code points, as its
 * remedy needs them, never the text. */
void fonts_report(RkDiags *diags, const DiagPlace *place, const char *label, const char *cluster,
                  const char *end);
/* The same for all of a text. */
/* The same of what was filled into a field: to a clerk, who knows no document, and with the character itself. */
void fonts_report_field(RkDiags *diags, const char *field, const char *cluster, const char *end);
void fonts_check_text(FoFonts *fonts, const char *families, gboolean bold, const char *text,
                      const DiagPlace *place, const char *label, RkDiags *diags);
/* The list with, before each Mincho, the Gothic of the same widths, which keeps its
 * strokes on a FAX; NULL when there is none in it. g_free. */
char *fonts_for_fax(const char *families);
/* Ascent and descent (both positive) of the set's first family per point. */
void fonts_metrics(const FoFontSet *set, double *ascent, double *descent);

/* TRUE for what has no shape of its own: controls, joiners, variation selectors. */
gboolean fonts_is_invisible(gunichar c);
gboolean fonts_is_variation_selector(gunichar c);

/* Report every family of the standard list that is missing. */
RkStatus fonts_check(FoFonts *fonts, RkDiags *diags);

#endif
