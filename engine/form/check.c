/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check.c - what keeps a paper from being complete.
 *
 * Conditions are XPath over the values document: the context node is the root, in
 * a table the row. A condition that cannot be evaluated is a fault, never "no".
 */
#include "base/xml.h"
#include "form/data.h"

#include <libxml/xpath.h>

#define XPATH_OPERATIONS 100000

typedef struct {
  const FormData *data;
  xmlXPathContext *context;
  RkDiags *diags;
  gboolean bad;
} Check;

static void fault(Check *check, DiagId id, const char *a, const char *b, const char *c) {
  diags_add(check->diags, id, NULL, a, b, c, NULL);
  check->bad = TRUE;
}

static void stay_silent(void *user, xmlErrorPtr error) {
  (void)user, (void)error;
}

/* The n-th element of this name below the root; the root itself outside tables. */
static xmlNode *context_node(const Check *check, const Field *field, guint row) {
  xmlNode *root = xmlDocGetRootElement(check->context->doc);
  if (!field->table)
    return root;
  guint n = 0;
  for (xmlNode *node = xml_first_element(root); node; node = xml_next_element(node))
    if (xml_is(node, NULL, field->table->id) && ++n == row)
      return node;
  return root;
}

static gboolean is_required(Check *check, const Field *field, guint row) {
  if (field->required || !field->required_if)
    return field->required;
  check->context->node = context_node(check, field, row);
  xmlXPathObject *result = xmlXPathCompiledEval(field->required_if, check->context);
  gboolean required = result && xmlXPathCastToBoolean(result);
  if (!result)
    fault(check, DIAG_FIELD_CONDITION, field->label, NULL, NULL);
  xmlXPathFreeObject(result);
  return required;
}

static void check_value(Check *check, const Field *field, guint row) {
  if (field_by_hand(field))
    return;
  g_autofree char *path = data_path(field, row);
  g_autofree char *label = data_label(field, row);
  const char *value = data_value(check->data, field, row);
  if (!value) {
    if (is_required(check, field, row))
      fault(check, DIAG_FIELD_EMPTY, label, path, NULL);
    return;
  }
  PatternResult found = field->pattern ? pattern_match(field->pattern, value) : PATTERN_MATCHES;
  if (found == PATTERN_DIFFERS)
    fault(check, DIAG_FIELD_PATTERN, label, field->message, path);
  else if (found == PATTERN_LIMIT)
    fault(check, DIAG_FIELD_PATTERN_LIMIT, label, NULL, NULL);
}

static gboolean row_is_empty(const Check *check, const Table *table, guint row) {
  for (guint i = 0; i < table->fields->len; i++)
    if (data_value(check->data, table->fields->pdata[i], row))
      return FALSE;
  return TRUE;
}

static gboolean has_typed_fields(const Table *table) {
  for (guint i = 0; i < table->fields->len; i++)
    if (!field_by_hand(table->fields->pdata[i]))
      return TRUE;
  return FALSE;
}

/* An empty row asks for nothing; one that is begun must be finished. */
static void check_table(Check *check, const Table *table) {
  guint filled = 0, rows = form_data_rows(check->data, table->id);
  for (guint row = 1; row <= rows; row++) {
    if (row_is_empty(check, table, row))
      continue;
    filled++;
    for (guint i = 0; i < table->fields->len; i++)
      check_value(check, table->fields->pdata[i], row);
  }
  g_autofree char *needed = g_strdup_printf("%u", table->minimum);
  if (filled < table->minimum && has_typed_fields(table))
    fault(check, DIAG_TABLE_ROWS, table->label, needed, table->id);
}

RkStatus form_data_check(const FormData *data, RkDiags *diags) {
  g_autoptr(xmlDoc) doc = data_to_doc(data);
  Check check = {data, xmlXPathNewContext(doc), diags, FALSE};
  check.context->opLimit = XPATH_OPERATIONS;
  check.context->error = stay_silent;
  const Table *last = NULL;
  for (guint i = 0; i < data->form->fields->len; i++) {
    const Field *field = data->form->fields->pdata[i];
    if (!field->table)
      check_value(&check, field, 0);
    else if (field->table != last)
      check_table(&check, field->table);
    last = field->table;
  }
  xmlXPathFreeContext(check.context);
  return check.bad ? RK_INVALID : RK_OK;
}
