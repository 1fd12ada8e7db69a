/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vocabulary.h - the names of the form language and who may stand in whom.
 *
 * What forms/form.rnc says to editors, said with line, column and the nearest
 * name. Whatever passes here may be read without asking again whether an
 * attribute exists or has a legal value.
 */
#ifndef RK_FORM_VOCABULARY_H
#define RK_FORM_VOCABULARY_H

#include "base/diag.h"

#include <libxml/tree.h>

/* Report all unknown elements, attributes and values below `root`. */
void form_vocabulary_check(const xmlNode *root, RkDiags *diags);

/* The names of the field types, in the order of FieldType, ended by NULL. */
extern const char *const vocabulary_field_types[];


#endif
