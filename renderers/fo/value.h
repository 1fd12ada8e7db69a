/* SPDX-License-Identifier: Apache-2.0 */
/* value.h - reading one property value into computed traits. */
#ifndef RK_FO_VALUE_H
#define RK_FO_VALUE_H

#include "fo/vocabulary.h"

/* Set what `property` names in `traits` from `text`; relative lengths use
 * traits->font_size. Strings are copied into `strings`. FALSE when the text is
 * not a value of this property in the subset; `traits` is then unchanged. */
gboolean value_apply(FoTraits *traits, const FoProperty *property, const char *text,
                     GStringChunk *strings);

/* One length with unit (mm cm in pt em), a percentage, a bare number, or
 * proportional-column-width(n). FALSE on anything else. */
gboolean value_length(FoLength *out, const char *text, double font_size);
/* black, white, #rgb or #rrggbb; "transparent" and "none" give FO_NO_COLOR. */
gboolean value_color(guint32 *out, const char *text);

/* A list of families as it is kept: commas between them, no quotes. g_free; NULL if empty. */
char *value_families(const char *text);

/* Points of a length; `whole` is what a percentage is of. AUTO counts 0. */
double length_points(FoLength length, double whole);

#endif
