/* SPDX-License-Identifier: Apache-2.0 */
/*
 * definition.h - a loaded form, as the other files of this folder see it.
 *
 * The document itself stays in memory: the instance is made by walking it. Each
 * field element leads to its Field through `field_of`.
 */
#ifndef RK_FORM_DEFINITION_H
#define RK_FORM_DEFINITION_H

#include "form/form.h"
#include "form/pattern.h"

#include <libxml/xpath.h>

#define FORM_ROWS_MAX 999

typedef struct {
  char *value, *label;
} Choice;

typedef struct Table Table;

typedef struct {
  char *id, *label, *hint, *identifies, *message, *setting, *suffix, *fixed;
  FieldType type;
  Table *table; /* borrowed; NULL outside tables */
  gboolean required, is_public, hiragana;
  guint digits; /* 0: any number */
  char **eras;  /* NULL: all */
  GPtrArray *choices; /* of Choice */
  Pattern *pattern;
  xmlXPathCompExpr *required_if;
  const xmlNode *node;
} Field;

struct Table {
  char *id, *label;
  guint minimum, per_sheet;
  GPtrArray *fields; /* borrowed */
  const xmlNode *node;
};

struct Form {
  gatomicrefcount references;
  xmlDoc *doc;
  char *code, *printed_code, *title, *lifecycle;
  gboolean body_inferred;
  GPtrArray *fields;      /* of Field, reading order */
  GPtrArray *tables;      /* of Table */
  GHashTable *field_of;   /* xmlNode * → Field * */
};

gboolean field_by_hand(const Field *field);
Field *form_lookup(const Form *form, const char *table, const char *id); /* NULL: none */
Table *form_lookup_table(const Form *form, const char *table);           /* NULL: none */

#endif
