/* SPDX-License-Identifier: Apache-2.0 */
/*
 * instance.c - the document a renderer gets: the definition's blocks with the
 * values in place, as they stand on the paper. Described in forms/README.md.
 *
 * Invariant: a stylesheet decides nothing about values. Display texts, selected
 * choices, blanks and the sheets that rows go to are settled here.
 */
#include "base/papercode.h"
#include "base/xml.h"
#include "form/data.h"
#include "form/value.h"
#include "form/vocabulary.h"

typedef struct {
  Form *form;
  const FormData *data;
  const FormInstanceInfo *info;
  guint sheet, sheets;
} Maker;

static void set_number(xmlNode *node, const char *name, guint value) {
  g_autofree char *text = g_strdup_printf("%u", value);
  xml_set_attr(node, name, text);
}

static void copy_attribute(const xmlNode *from, xmlNode *to, const char *name) {
  g_autofree char *value = xml_attr(from, name);
  if (value)
    xml_set_attr(to, name, value);
}

static xmlNode *copy_words(const xmlNode *from, xmlNode *parent) {
  g_autofree char *text = xml_text(from);
  xmlNode *node = xml_add_element(parent, (const char *)from->name, g_strstrip(text));
  copy_attribute(from, node, "align");
  copy_attribute(from, node, "break");
  return node;
}

/* ------------------------------------------------------------------ fields */

static char *fixed_text(const Maker *maker, const Field *field) {
  const FormInstanceInfo *info = maker->info;
  char *text = NULL;
  if (field->setting && info && info->setting)
    text = info->setting(info->user, field->setting);
  return text ? text : g_strdup(field->fixed);
}

static void add_choices(xmlNode *parent, const Field *field, const char *stored) {
  for (guint i = 0; i < field->choices->len; i++) {
    const Choice *choice = field->choices->pdata[i];
    xmlNode *node = xml_add_element(parent, "choice", choice->label);
    xml_set_attr(node, "value", choice->value);
    xml_set_attr(node, "selected", value_selects(stored, choice->value) ? "yes" : "no");
  }
}

/* What is ticked, behind its box. */
static void add_ticked(xmlNode *parent, const Field *field, const char *stored) {
  if (field->type != FIELD_CHECK || !*field->fixed)
    return;
  xmlNode *node = xml_add_element(parent, "choice", field->fixed);
  xml_set_attr(node, "value", "yes");
  xml_set_attr(node, "selected", stored ? "yes" : "no");
}

/* A blank date with eras to choose from shows them; a filled one its own era. */
static void add_value(xmlNode *node, const Field *field, const char *stored) {
  gboolean eras = field->type == FIELD_DATE_ERA && field->eras && !stored;
  g_autofree char *list = eras ? g_strjoinv("・", field->eras) : g_strdup("");
  g_autofree char *blank = g_strconcat(list, value_blank(field), NULL);
  g_autofree char *shown = stored ? value_display(field, stored) : NULL;
  xml_add_element(node, "value", shown ? shown : blank);
}

static void add_field(const Maker *maker, const Field *field, guint row, xmlNode *parent) {
  xmlNode *node = xml_add_element(parent, "field", NULL);
  g_autofree char *path = data_path(field, row);
  g_autofree char *fixed = field->type == FIELD_FIXED ? fixed_text(maker, field) : NULL;
  const char *stored = maker->data && !field_by_hand(field) ? data_value(maker->data, field, row) : NULL;
  if (fixed && *fixed)
    stored = fixed;
  xml_set_attr(node, "id", path);
  xml_set_attr(node, "type", vocabulary_field_types[field->type]);
  xml_set_attr(node, "label", field->label);
  xml_set_attr(node, "blank", stored ? "no" : "yes");
  xml_set_attr(node, "required", field->required ? "yes" : "no");
  static const char *const copied[] = {"width", "lines", "suffix", "digits"};
  for (guint i = 0; i < G_N_ELEMENTS(copied); i++)
    copy_attribute(field->node, node, copied[i]);
  add_value(node, field, stored);
  add_choices(node, field, stored);
  add_ticked(node, field, stored);
}

static void add_fields(const Maker *maker, const xmlNode *from, guint row, xmlNode *parent) {
  for (const xmlNode *n = xml_first_element(from); n; n = xml_next_element(n)) {
    const Field *field = g_hash_table_lookup(maker->form->field_of, n);
    if (field)
      add_field(maker, field, row, parent);
  }
}

/* -------------------------------------------------------------------- rows */

/* A row's label is its own or that of its only field. Without one, each of its
 * fields has its own label cell. */
static void add_row(const Maker *maker, const xmlNode *from, xmlNode *parent) {
  xmlNode *row = xml_add_element(parent, "row", NULL);
  const Field *alone = g_hash_table_lookup(maker->form->field_of, from);
  if (alone) {
    xml_set_attr(row, "label", alone->label);
    add_field(maker, alone, 0, row);
    return;
  }
  g_autofree char *label = xml_attr(from, "label");
  const xmlNode *first = xml_first_element(from);
  const Field *only = first && !xml_next_element(first) ? g_hash_table_lookup(maker->form->field_of, first) : NULL;
  if (label || only)
    xml_set_attr(row, "label", label ? label : only->label);
  add_fields(maker, from, 0, row);
}

/* A column that has a head of its own leaves the labels to its cells. */
static void add_heads(const Maker *maker, const xmlNode *column, xmlNode *parent) {
  xmlNode *node = xml_add_element(parent, "column", NULL);
  g_autofree char *label = xml_attr(column, "label");
  copy_attribute(column, node, "width");
  copy_attribute(column, node, "group");
  if (label)
    xml_add_element(node, "head", label);
  for (const xmlNode *n = xml_first_element(column); n && !label; n = xml_next_element(n)) {
    const Field *field = g_hash_table_lookup(maker->form->field_of, n);
    if (!field)
      continue;
    xmlNode *head = xml_add_element(node, "head", field->label);
    xml_set_attr(head, "type", vocabulary_field_types[field->type]);
  }
}

static void add_table_row(const Maker *maker, const Table *table, guint row, xmlNode *parent) {
  xmlNode *node = xml_add_element(parent, "table-row", NULL);
  set_number(node, "n", row);
  for (const xmlNode *n = xml_first_element(table->node); n; n = xml_next_element(n)) {
    if (!xml_is(n, FORM_NS, "column"))
      continue;
    xmlNode *cell = xml_add_element(node, "cell", NULL);
    g_autofree char *label = xml_attr(n, "label");
    if (label)
      xml_set_attr(cell, "labels", "yes");
    add_fields(maker, n, row, cell);
  }
}

static guint table_rows(const Maker *maker, const Table *table) {
  return maker->data ? form_data_rows(maker->data, table->id) : 0;
}

static guint table_sheets(const Maker *maker, const Table *table) {
  guint rows = MAX(table_rows(maker, table), 1);
  return (rows + table->per_sheet - 1) / table->per_sheet;
}

/* Every sheet prints all its lines, filled or blank. */
static void add_table(const Maker *maker, const xmlNode *from, xmlNode *parent) {
  g_autofree char *id = xml_attr(from, "id");
  const Table *table = form_lookup_table(maker->form, id);
  xmlNode *node = xml_add_element(parent, "table", NULL);
  xml_set_attr(node, "id", table->id);
  xml_set_attr(node, "label", table->label);
  copy_attribute(from, node, "across");
  for (const xmlNode *n = xml_first_element(from); n; n = xml_next_element(n)) {
    if (xml_is(n, FORM_NS, "column"))
      add_heads(maker, n, node);
    else
      copy_words(n, node);
  }
  guint first = (maker->sheet - 1) * table->per_sheet;
  for (guint i = 1; i <= table->per_sheet; i++)
    add_table_row(maker, table, first + i, node);
}

/* ------------------------------------------------------------------ sheets */

static gboolean continues(const Maker *maker, const xmlNode *node) {
  g_autofree char *id = xml_attr(node, "id");
  const Table *table = xml_is(node, FORM_NS, "table") ? form_lookup_table(maker->form, id) : NULL;
  return table && table_sheets(maker, table) >= maker->sheet;
}

static gboolean any_continues(const Maker *maker, const xmlNode *block) {
  for (const xmlNode *n = xml_first_element(block); n; n = xml_next_element(n))
    if (continues(maker, n))
      return TRUE;
  return FALSE;
}

static void add_block(const Maker *maker, const xmlNode *from, xmlNode *parent) {
  xmlNode *node = xml_add_element(parent, "block", NULL);
  g_autofree char *layout = xml_attr(from, "layout");
  copy_attribute(from, node, "id");
  copy_attribute(from, node, "label");
  copy_attribute(from, node, "size");
  if (maker->sheet == 1)
    copy_attribute(from, node, "break");
  xml_set_attr(node, "layout", layout ? layout : "table");
  for (const xmlNode *n = xml_first_element(from); n; n = xml_next_element(n)) {
    gboolean table = xml_is(n, FORM_NS, "table");
    if (maker->sheet > 1 && !continues(maker, n))
      continue;
    if (table)
      add_table(maker, n, node);
    else if (xml_is(n, FORM_NS, "row") || xml_is(n, FORM_NS, "field"))
      add_row(maker, n, node);
    else
      copy_words(n, node);
  }
}

static void add_addressee(const Maker *maker, const xmlNode *from, xmlNode *parent) {
  if (!xml_first_element(from)) {
    copy_words(from, parent);
    return;
  }
  xmlNode *node = xml_add_element(parent, "addressee", NULL);
  copy_attribute(from, node, "break");
  add_fields(maker, from, 0, node);
}

/* The first sheet is the whole form; further ones hold the tables that go on. */
static void add_sheet(const Maker *maker, xmlNode *root) {
  xmlNode *sheet = xml_add_element(root, "sheet", NULL);
  set_number(sheet, "n", maker->sheet);
  set_number(sheet, "of", maker->sheets);
  const xmlNode *definition = xmlDocGetRootElement(maker->form->doc);
  for (const xmlNode *n = xml_first_element(definition); n; n = xml_next_element(n)) {
    gboolean block = xml_is(n, FORM_NS, "block");
    if (xml_is(n, FORM_NS, "addressee") && maker->sheet == 1)
      add_addressee(maker, n, sheet);
    else if (block && (maker->sheet == 1 || any_continues(maker, n)))
      add_block(maker, n, sheet);
  }
}

static void add_head(const Maker *maker, xmlNode *root) {
  const FormInstanceInfo *info = maker->info;
  const xmlNode *definition = xmlDocGetRootElement(maker->form->doc);
  xml_set_attr(root, "code", maker->form->code);
  xml_set_attr(root, "printed-code", maker->form->printed_code);
  xml_set_attr(root, "lang", info && info->lang ? info->lang : "ja");
  xml_set_attr(root, "body-inferred", maker->form->body_inferred ? "yes" : "no");
  copy_attribute(definition, root, "version");
  if (info && info->paper_number) {
    g_autofree char *checked = paper_number_checked(info->paper_number);
    xml_set_attr(root, "paper-number", info->paper_number);
    xml_set_attr(root, "paper-number-checked", checked);
  }
  if (info && info->journal_head)
    xml_set_attr(root, "journal-head", info->journal_head);
  if (info && info->mark)
    xml_set_attr(root, "mark", info->mark);
  for (const xmlNode *n = xml_first_element(definition); n; n = xml_next_element(n))
    if (xml_is(n, FORM_NS, "title") || xml_is(n, FORM_NS, "subtitle") ||
        xml_is(n, FORM_NS, "purpose") || xml_is(n, FORM_NS, "issuer"))
      copy_words(n, root);
}

xmlDoc *form_instance(Form *form, const FormData *data, const FormInstanceInfo *info) {
  xml_door_open();
  xmlDoc *doc = xmlNewDoc((const xmlChar *)"1.0");
  xmlNode *root = xmlNewDocNode(doc, NULL, (const xmlChar *)"instance", NULL);
  xmlDocSetRootElement(doc, root);
  xmlSetNs(root, xmlNewNs(root, (const xmlChar *)INSTANCE_NS, NULL));
  Maker maker = {form, data, info, 1, 1};
  for (guint i = 0; i < form->tables->len; i++)
    maker.sheets = MAX(maker.sheets, table_sheets(&maker, form->tables->pdata[i]));
  add_head(&maker, root);
  for (; maker.sheet <= maker.sheets; maker.sheet++)
    add_sheet(&maker, root);
  return doc;
}
