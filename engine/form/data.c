/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data.c - the values of one paper.
 *
 * Invariant: every stored value has passed value_read, by whatever way it came.
 * Trailing empty rows do not exist, so that the same values are the same bytes.
 */
#include "form/data.h"

#include "base/near.h"
#include "base/xml.h"
#include "form/value.h"
#include "form/vocabulary.h"

#include <string.h>

FormData *form_data_new(Form *form) {
  FormData *data = g_new0(FormData, 1);
  data->form = form_ref(form);
  data->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  return data;
}

void form_data_free(FormData *data) {
  if (!data)
    return;
  g_hash_table_unref(data->values);
  form_unref(data->form);
  g_free(data);
}

/* ------------------------------------------------------------------- paths */

char *data_path(const Field *field, guint row) {
  if (!field->table)
    return g_strdup(field->id);
  return g_strdup_printf("%s[%u].%s", field->table->id, row, field->id);
}

char *data_label(const Field *field, guint row) {
  if (!field->table)
    return g_strdup(field->label);
  return g_strdup_printf("%s %u: %s", field->table->label, row, field->label);
}

const char *data_value(const FormData *data, const Field *field, guint row) {
  g_autofree char *path = data_path(field, row);
  return g_hash_table_lookup(data->values, path);
}

/* "users[2].name" → table, row, id. Row 0 where no row is written. */
static void split_path(const char *path, char **table, guint *row, char **id) {
  const char *open = strchr(path, '[');
  char *end = NULL;
  guint64 number = open && g_ascii_isdigit(open[1]) ? g_ascii_strtoull(open + 1, &end, 10) : 0;
  gboolean well = number >= 1 && number <= FORM_ROWS_MAX && end && g_str_has_prefix(end, "].");
  *table = well ? g_strndup(path, (gsize)(open - path)) : NULL;
  *row = well ? (guint)number : 0;
  *id = g_strdup(well ? end + 2 : path);
}

static const char *nearest_field(const Form *form, const char *table, const char *id) {
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (guint i = 0; i < form->fields->len; i++) {
    const Field *field = form->fields->pdata[i];
    if (!g_strcmp0(field->table ? field->table->id : NULL, table))
      g_ptr_array_add(names, field->id);
  }
  g_ptr_array_add(names, NULL);
  return rk_near_word(id, (const char *const *)names->pdata);
}

/* A wrong path is repeated only if it looks like one: else it may be a value that
 * slipped to the wrong side of the equals sign. */
static gboolean looks_like_path(const char *path) {
  for (const char *p = path; *p; p++)
    if (!g_ascii_isalnum(*p) && !strchr("_-.[]", *p))
      return FALSE;
  return strlen(path) <= 80;
}

static RkStatus report_unknown(const FormData *data, const char *path, const DiagPlace *place,
                               RkDiags *diags) {
  const char *valid = looks_like_path(path) ? path : "…";
  g_autofree char *table = NULL, *id = NULL;
  guint row;
  split_path(valid, &table, &row, &id);
  const char *near = nearest_field(data->form, table, id);
  g_autofree char *full = near && table ? g_strdup_printf("%s[%u].%s", table, row, near) : g_strdup(near);
  if (full)
    diags_add(diags, DIAG_FIELD_UNKNOWN_NEAR, place, valid, data->form->code, full, NULL);
  else
    diags_add(diags, DIAG_FIELD_UNKNOWN, place, valid, data->form->code, NULL);
  return RK_NOT_FOUND;
}

static RkStatus report_no_row(const Field *field, const DiagPlace *place, RkDiags *diags) {
  g_autofree char *most = g_strdup_printf("%d", FORM_ROWS_MAX);
  diags_add(diags, DIAG_FIELD_ROW, place, field->id, field->table->id, most, NULL);
  return RK_NOT_FOUND;
}

static const Field *column_named(const Form *form, const char *id) {
  for (guint i = 0; i < form->tables->len; i++) {
    const Table *table = form->tables->pdata[i];
    const Field *field = form_lookup(form, table->id, id);
    if (field)
      return field;
  }
  return NULL;
}

static const Field *find_field(const FormData *data, const char *path, guint *row) {
  g_autofree char *table = NULL, *id = NULL;
  split_path(path, &table, row, &id);
  return form_lookup(data->form, table, id);
}

/* ------------------------------------------------------------- get and set */

RkStatus data_set_at(FormData *data, const char *path, const char *text, const DiagPlace *place,
                     RkDiags *diags) {
  guint row;
  const Field *field = find_field(data, path, &row);
  if (!field) {
    const Field *column = column_named(data->form, path);
    return column ? report_no_row(column, place, diags) : report_unknown(data, path, place, diags);
  }
  g_autofree char *label = data_label(field, row);
  g_autofree char *value = NULL;
  RkStatus status = value_read(&value, field, text, label, place, diags);
  if (status != RK_OK)
    return status;
  g_autofree char *canonical = data_path(field, row); /* users[02] is users[2] */
  if (value)
    g_hash_table_insert(data->values, g_steal_pointer(&canonical), g_steal_pointer(&value));
  else
    g_hash_table_remove(data->values, canonical);
  return RK_OK;
}

RkStatus form_data_set(FormData *data, const char *path, const char *text, RkDiags *diags) {
  return data_set_at(data, path, text, NULL, diags);
}

const char *form_data_get(const FormData *data, const char *path) {
  guint row;
  const Field *field = find_field(data, path, &row);
  return field ? data_value(data, field, row) : NULL;
}

guint form_data_rows(const FormData *data, const char *table) {
  guint rows = 0;
  GHashTableIter iter;
  gpointer key;
  g_hash_table_iter_init(&iter, data->values);
  while (g_hash_table_iter_next(&iter, &key, NULL)) {
    g_autofree char *name = NULL, *id = NULL;
    guint row;
    split_path(key, &name, &row, &id);
    if (!g_strcmp0(name, table))
      rows = MAX(rows, row);
  }
  return rows;
}

/* --------------------------------------------------------------- documents */

static void add_row(const FormData *data, const Table *table, guint row, xmlNode *parent) {
  xmlNode *node = xml_add_element(parent, table->id, NULL);
  for (guint i = 0; i < table->fields->len; i++) {
    const Field *field = table->fields->pdata[i];
    const char *value = data_value(data, field, row);
    if (value)
      xml_add_element(node, field->id, value);
  }
}

xmlDoc *data_to_doc(const FormData *data) {
  xml_door_open();
  xmlDoc *doc = xmlNewDoc((const xmlChar *)"1.0");
  xmlNode *root = xmlNewDocNode(doc, NULL, (const xmlChar *)"values", NULL);
  xmlDocSetRootElement(doc, root);
  xml_set_attr(root, "form", data->form->code);
  const Table *last = NULL;
  for (guint i = 0; i < data->form->fields->len; i++) {
    const Field *field = data->form->fields->pdata[i];
    if (!field->table) {
      const char *value = data_value(data, field, 0);
      if (value)
        xml_add_element(root, field->id, value);
    } else if (field->table != last) {
      last = field->table;
      guint rows = form_data_rows(data, last->id);
      for (guint row = 1; row <= rows; row++)
        add_row(data, last, row, root);
    }
  }
  return doc;
}

GBytes *form_data_save(const FormData *data) {
  g_autoptr(xmlDoc) doc = data_to_doc(data);
  return xml_to_bytes(doc);
}

static RkStatus load_value(FormData *data, const xmlNode *node, const char *table, guint row,
                           RkDiags *diags) {
  const char *name = (const char *)node->name;
  g_autofree char *text = xml_text(node);
  g_autofree char *path = table ? g_strdup_printf("%s[%u].%s", table, row, name) : g_strdup(name);
  DiagPlace place = xml_place(node);
  return data_set_at(data, path, text ? text : "", &place, diags) == RK_OK ? RK_OK : RK_INVALID;
}

static RkStatus load_values(FormData *data, const xmlNode *root, RkDiags *diags) {
  RkStatus status = RK_OK;
  g_autoptr(GHashTable) rows = g_hash_table_new(g_str_hash, g_str_equal);
  for (const xmlNode *n = xml_first_element(root); n; n = xml_next_element(n)) {
    const char *name = (const char *)n->name;
    if (!form_lookup_table(data->form, name)) {
      status = load_value(data, n, NULL, 0, diags) == RK_OK ? status : RK_INVALID;
      continue;
    }
    guint row = GPOINTER_TO_UINT(g_hash_table_lookup(rows, name)) + 1;
    g_hash_table_insert(rows, (gpointer)name, GUINT_TO_POINTER(row));
    for (const xmlNode *c = xml_first_element(n); c; c = xml_next_element(c))
      status = load_value(data, c, name, row, diags) == RK_OK ? status : RK_INVALID;
  }
  return status;
}

RkStatus form_data_load(FormData **out, Form *form, GBytes *xml, RkDiags *diags) {
  *out = NULL;
  gsize length;
  const char *bytes = g_bytes_get_data(xml, &length);
  g_autoptr(xmlDoc) doc = NULL;
  RkStatus status = xml_parse(&doc, bytes, length, form->code, XML_LIMIT_DATA, diags);
  if (status != RK_OK)
    return status;
  const xmlNode *root = xmlDocGetRootElement(doc);
  g_autofree char *code = xml_attr(root, "form");
  DiagPlace place = xml_place(root);
  if (!xml_is(root, NULL, "values") || g_strcmp0(code, form->code))
    return diags_fail(diags, RK_INVALID, DIAG_DATA_ROOT, &place, form->code, NULL);
  g_autoptr(FormData) data = form_data_new(form);
  status = load_values(data, root, diags);
  if (status == RK_OK)
    *out = g_steal_pointer(&data);
  return status;
}
