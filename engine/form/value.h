/* SPDX-License-Identifier: Apache-2.0 */
/* value.h - one value: from what was typed to what is stored, and to what is printed. */
#ifndef RK_FORM_VALUE_H
#define RK_FORM_VALUE_H

#include "form/definition.h"

#define VALUE_MAX 10240 /* bytes */

/*
 * Read `text` as a value of `field`. *out is NULL for an empty one, else what is
 * stored: ISO dates, ASCII digits, the choice's value; names as typed. RK_INVALID
 * with a diagnostic that names the label (`what`), never the value.
 */
RkStatus value_read(char **out, const Field *field, const char *text, const char *what,
                    const DiagPlace *place, RkDiags *diags);
/* What stands on the paper for a stored value (choices: the labels). g_free. */
char *value_display(const Field *field, const char *stored);
/* What a blank paper shows for a field: "　　年　　月　　日", "" … Static. */
const char *value_blank(const Field *field);
/* TRUE when the stored value of a choice or multi field holds this choice. */
gboolean value_selects(const char *stored, const char *choice);

#endif
