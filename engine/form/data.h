/* SPDX-License-Identifier: Apache-2.0 */
/* data.h - the values of one paper, as the other files of this folder see them. */
#ifndef RK_FORM_DATA_H
#define RK_FORM_DATA_H

#include "form/definition.h"

struct FormData {
  Form *form;
  GHashTable *values; /* path → stored text; "id" or "table[n].id"; empty ones are absent */
};

/* The path of a field; `row` from 1, ignored outside tables. g_free. */
char *data_path(const Field *field, guint row);
const char *data_value(const FormData *data, const Field *field, guint row);
/* What a person calls the field: "法人名", "システム利用者情報 2: 氏名". g_free. */
char *data_label(const Field *field, guint row);
/* form_data_set with a place for the diagnostic. */
RkStatus data_set_at(FormData *data, const char *path, const char *text, const DiagPlace *place,
                     RkDiags *diags);
/*
 * The values document: <values form="…"> with one element a field and one a table
 * row, in reading order, no namespace: what required-if is evaluated on.
 */
xmlDoc *data_to_doc(const FormData *data);

#endif
