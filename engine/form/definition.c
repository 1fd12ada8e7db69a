/* SPDX-License-Identifier: Apache-2.0 */
/*
 * definition.c - reading a form definition and answering questions about it.
 *
 * First the vocabulary (all wrong names at once), then what names alone cannot
 * tell. A form with an error is never handed out.
 */
#include "form/definition.h"

#include "base/xml.h"
#include "form/vocabulary.h"

#include <string.h>

/* -------------------------------------------------------------- life times */

static void choice_free(gpointer data) {
  Choice *choice = data;
  g_free(choice->value);
  g_free(choice->label);
  g_free(choice);
}

static void field_free(gpointer data) {
  Field *field = data;
  char *const texts[] = {field->id,      field->label,  field->hint, field->message, field->identifies,
                         field->setting, field->suffix, field->fixed};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
  g_strfreev(field->eras);
  g_ptr_array_unref(field->choices);
  pattern_free(field->pattern);
  xmlXPathFreeCompExpr(field->required_if);
  g_free(field);
}

static void table_free_parts(gpointer data) {
  Table *table = data;
  g_free(table->id);
  g_free(table->label);
  g_ptr_array_unref(table->fields);
  g_free(table);
}

static Form *form_new(xmlDoc *doc) {
  Form *form = g_new0(Form, 1);
  g_atomic_ref_count_init(&form->references);
  form->doc = doc;
  form->fields = g_ptr_array_new_with_free_func(field_free);
  form->tables = g_ptr_array_new_with_free_func(table_free_parts);
  form->field_of = g_hash_table_new(NULL, NULL);
  return form;
}

Form *form_ref(Form *form) {
  g_atomic_ref_count_inc(&form->references);
  return form;
}

void form_unref(Form *form) {
  if (!form || !g_atomic_ref_count_dec(&form->references))
    return;
  g_hash_table_unref(form->field_of);
  g_ptr_array_unref(form->fields);
  g_ptr_array_unref(form->tables);
  g_free(form->code);
  g_free(form->printed_code);
  g_free(form->title);
  g_free(form->lifecycle);
  xmlFreeDoc(form->doc);
  g_free(form);
}

/* ----------------------------------------------------------------- reading */

static gboolean attr_yes(const xmlNode *node, const char *name) {
  g_autofree char *value = xml_attr(node, name);
  return !g_strcmp0(value, "yes");
}

static guint attr_number(const xmlNode *node, const char *name, guint otherwise) {
  g_autofree char *value = xml_attr(node, name);
  return value ? (guint)g_ascii_strtoull(value, NULL, 10) : otherwise;
}

static FieldType read_type(const xmlNode *node) {
  g_autofree char *name = xml_attr(node, "type");
  for (guint i = 0; vocabulary_field_types[i]; i++)
    if (!g_strcmp0(name, vocabulary_field_types[i]))
      return (FieldType)i;
  return FIELD_TEXT; /* reported already */
}

static char *trimmed_text(const xmlNode *node) {
  char *text = xml_text(node);
  return text ? g_strstrip(text) : g_strdup("");
}

static void read_choices(Field *field) {
  for (const xmlNode *n = xml_first_element(field->node); n; n = xml_next_element(n)) {
    Choice *choice = g_new0(Choice, 1);
    choice->value = xml_attr(n, "value");
    choice->label = trimmed_text(n);
    g_ptr_array_add(field->choices, choice);
  }
}

static void stay_silent(void *user, xmlErrorPtr error) {
  (void)user, (void)error;
}

static void read_rules(Field *field, RkDiags *diags) {
  DiagPlace place = xml_place(field->node);
  g_autofree char *pattern = xml_attr(field->node, "pattern");
  g_autofree char *condition = xml_attr(field->node, "required-if");
  if (pattern)
    field->pattern = pattern_new(pattern, &place, diags);
  if (pattern && !field->message)
    diags_add(diags, DIAG_FORM_PATTERN_MESSAGE, &place, field->id, NULL);
  if (!condition)
    return;
  xmlXPathContext *context = xmlXPathNewContext(NULL);
  context->error = stay_silent;
  field->required_if = xmlXPathCtxtCompile(context, (const xmlChar *)condition);
  xmlXPathFreeContext(context);
  if (!field->required_if)
    diags_add(diags, DIAG_FORM_XPATH, &place, condition, NULL);
}

static Field *field_new(const xmlNode *node, Table *table) {
  Field *field = g_new0(Field, 1);
  g_autofree char *kana = xml_attr(node, "kana"), *eras = xml_attr(node, "eras");
  field->node = node;
  field->table = table;
  field->id = xml_attr(node, "id");
  field->label = xml_attr(node, "label");
  field->hint = xml_attr(node, "hint");
  field->identifies = xml_attr(node, "identifies");
  field->message = xml_attr(node, "message");
  field->setting = xml_attr(node, "setting");
  field->suffix = xml_attr(node, "suffix");
  field->type = read_type(node);
  field->required = attr_yes(node, "required");
  field->is_public = attr_yes(node, "public");
  field->hiragana = !g_strcmp0(kana, "hiragana");
  field->digits = attr_number(node, "digits", 0);
  field->eras = eras ? g_strsplit(eras, " ", -1) : NULL;
  field->choices = g_ptr_array_new_with_free_func(choice_free);
  if (field->type == FIELD_FIXED || field->type == FIELD_CHECK)
    field->fixed = trimmed_text(node);
  return field;
}

static void check_id(Form *form, const Table *table, const char *id, const xmlNode *node,
                     RkDiags *diags) {
  gboolean taken = form_lookup(form, table ? table->id : NULL, id) != NULL;
  if (!table)
    taken = taken || form_lookup_table(form, id);
  DiagPlace place = xml_place(node);
  if (taken)
    diags_add(diags, DIAG_FORM_ID_TWICE, &place, id, NULL);
  /* Values are saved under it as an element, and asked for by a path. */
  if (xmlValidateNCName((const xmlChar *)id, 0) != 0 || strchr(id, '.'))
    diags_add(diags, DIAG_FORM_ID, &place, id, NULL);
}

/* What tells a person is typed in, is personal, and a birth date is a date. */
static void check_identity(const Field *field, RkDiags *diags) {
  gboolean date = field->type == FIELD_DATE_WESTERN || field->type == FIELD_DATE_REIWA ||
                  field->type == FIELD_DATE_ERA;
  gboolean birth = g_strcmp0(field->identifies, "birth") == 0;
  DiagPlace place = xml_place(field->node);
  if (field->identifies && (field_by_hand(field) || field->is_public || birth != date))
    diags_add(diags, DIAG_FORM_IDENTIFIES, &place, field->id, NULL);
}

static void check_field(const Field *field, RkDiags *diags) {
  DiagPlace place = xml_place(field->node);
  const char *type = vocabulary_field_types[field->type];
  gboolean choosing = field->type == FIELD_CHOICE || field->type == FIELD_MULTI;
  if (choosing && !field->choices->len)
    diags_add(diags, DIAG_FORM_NO_CHOICES, &place, field->id, type, NULL);
  if (!choosing && field->choices->len)
    diags_add(diags, DIAG_FORM_CHOICE_PLACE, &place, type, NULL);
  check_identity(field, diags);
  if (field->type == FIELD_FIXED && !*field->fixed && !field->setting)
    diags_add(diags, DIAG_FORM_FIXED, &place, field->id, NULL);
  if (field->table && field->type == FIELD_FIXED)
    diags_add(diags, DIAG_FORM_TABLE_NESTED, &place, field->id, type, NULL);
  g_autofree char *text = field->fixed || choosing ? NULL : trimmed_text(field->node);
  if (text && *text && !field->choices->len)
    diags_add(diags, DIAG_FORM_TEXT, &place, "field", NULL);
}

static void read_field(Form *form, const xmlNode *node, Table *table, RkDiags *diags) {
  Field *field = field_new(node, table);
  read_choices(field);
  read_rules(field, diags);
  check_id(form, table, field->id, node, diags);
  check_field(field, diags);
  g_ptr_array_add(form->fields, field);
  if (table)
    g_ptr_array_add(table->fields, field);
  g_hash_table_insert(form->field_of, (gpointer)node, field);
}

static Table *read_table(Form *form, const xmlNode *node, RkDiags *diags) {
  g_autofree char *id = xml_attr(node, "id");
  check_id(form, NULL, id, node, diags);
  Table *table = g_new0(Table, 1);
  table->node = node;
  table->id = g_steal_pointer(&id);
  table->label = xml_attr(node, "label");
  table->minimum = attr_number(node, "min", 0);
  table->per_sheet = attr_number(node, "per-sheet", 1);
  table->fields = g_ptr_array_new();
  g_ptr_array_add(form->tables, table);
  return table;
}

/* Document order is reading order. */
static void read_fields(Form *form, const xmlNode *parent, Table *table, RkDiags *diags) {
  for (const xmlNode *n = xml_first_element(parent); n; n = xml_next_element(n)) {
    if (xml_is(n, FORM_NS, "field")) {
      read_field(form, n, table, diags);
    } else if (xml_is(n, FORM_NS, "table")) {
      Table *inner = read_table(form, n, diags);
      read_fields(form, n, inner, diags);
      DiagPlace place = xml_place(n);
      if (!inner->fields->len)
        diags_add(diags, DIAG_FORM_NO_COLUMNS, &place, inner->id, NULL);
    } else {
      read_fields(form, n, table, diags);
    }
  }
}

static void read_head(Form *form, const xmlNode *root, RkDiags *diags) {
  g_autofree char *basis = xml_attr(root, "basis");
  DiagPlace place = xml_place(root);
  form->code = xml_attr(root, "code");
  form->printed_code = xml_attr(root, "printed-code");
  form->lifecycle = xml_attr(root, "lifecycle");
  form->body_inferred = attr_yes(root, "body-inferred");
  for (const xmlNode *n = xml_first_element(root); n && !form->title; n = xml_next_element(n))
    if (xml_is(n, FORM_NS, "title"))
      form->title = trimmed_text(n);
  if (!form->title || !*form->title)
    diags_add(diags, DIAG_FORM_NO_TITLE, &place, NULL);
  if (form->body_inferred && !basis)
    diags_add(diags, DIAG_FORM_BASIS, &place, NULL);
}

/* The fields a condition names: words outside quotes that are no XPath words. */
static void check_condition(const Form *form, const Field *field, RkDiags *diags) {
  static const char *const words[] = {"and", "or", "not", "true", "false", "string-length",
                                      "normalize-space", "contains", "starts-with", "count", "div", "mod", NULL};
  g_autofree char *text = xml_attr(field->node, "required-if");
  char quote = 0;
  if (!text)
    return;
  for (const char *p = text; *p;) {
    gboolean letter = g_ascii_isalpha(*p) || *p == '_';
    if (quote || !letter) {
      quote = quote ? (*p == quote ? 0 : quote) : (*p == '\'' || *p == '"' ? *p : 0);
      p++;
      continue;
    }
    const char *end = p;
    while (g_ascii_isalnum(*end) || *end == '_' || *end == '-')
      end++;
    g_autofree char *name = g_strndup(p, (gsize)(end - p));
    const char *table = field->table ? field->table->id : NULL;
    gboolean known = form_lookup(form, table, name) || form_lookup(form, NULL, name) ||
                     form_lookup_table(form, name) || g_strv_contains(words, name);
    DiagPlace place = xml_place(field->node);
    if (!known)
      diags_add(diags, DIAG_FORM_XPATH_NAME, &place, field->id, name, NULL);
    p = end;
  }
}

RkStatus form_load(Form **out, const char *bytes, gsize length, const char *name, RkDiags *diags) {
  *out = NULL;
  xmlDoc *doc;
  RkStatus status = xml_parse(&doc, bytes, length, name, XML_LIMIT_DEFINITION, diags);
  if (status != RK_OK)
    return status;
  g_autoptr(RkDiags) own = rk_diags_new();
  g_autoptr(Form) form = form_new(doc);
  const xmlNode *root = xmlDocGetRootElement(doc);
  form_vocabulary_check(root, own);
  if (!rk_diags_has_errors(own)) {
    read_head(form, root, own);
    read_fields(form, root, NULL, own);
    for (guint i = 0; i < form->fields->len; i++)
      check_condition(form, form->fields->pdata[i], own);
  }
  gboolean bad = rk_diags_has_errors(own);
  if (diags)
    diags_take_all(diags, own);
  if (bad)
    return RK_INVALID;
  *out = g_steal_pointer(&form);
  return RK_OK;
}

RkStatus form_load_file(Form **out, const char *path, RkDiags *diags) {
  *out = NULL;
  g_autofree char *bytes = NULL;
  gsize length = 0;
  g_autoptr(GError) error = NULL;
  if (!g_file_get_contents(path, &bytes, &length, &error))
    return diags_fail(diags, RK_FAILED, DIAG_FILE_OPEN, NULL, path, error->message, NULL);
  return form_load(out, bytes, length, path, diags);
}

/* ----------------------------------------------------------------- answers */

const char *form_code(const Form *form) {
  return form->code;
}

const char *form_printed_code(const Form *form) {
  return form->printed_code;
}

const char *form_title(const Form *form) {
  return form->title;
}

const char *form_lifecycle(const Form *form) {
  return form->lifecycle;
}

gboolean form_body_inferred(const Form *form) {
  return form->body_inferred;
}

const char *form_file(const Form *form) {
  return (const char *)form->doc->URL;
}

gboolean field_by_hand(const Field *field) {
  return field->type == FIELD_SIGNATURE || field->type == FIELD_SEAL ||
         field->type == FIELD_OFFICE_USE || field->type == FIELD_FIXED;
}

Field *form_lookup(const Form *form, const char *table, const char *id) {
  for (guint i = 0; i < form->fields->len; i++) {
    Field *field = form->fields->pdata[i];
    if (!g_strcmp0(field->id, id) && !g_strcmp0(field->table ? field->table->id : NULL, table))
      return field;
  }
  return NULL;
}

Table *form_lookup_table(const Form *form, const char *id) {
  for (guint i = 0; i < form->tables->len; i++)
    if (!g_strcmp0(((Table *)form->tables->pdata[i])->id, id))
      return form->tables->pdata[i];
  return NULL;
}

static FormField describe(const Field *field) {
  return (FormField){.id = field->id,
                     .table = field->table ? field->table->id : NULL,
                     .label = field->label,
                     .type = field->type,
                     .type_name = vocabulary_field_types[field->type],
                     .required = field->required,
                     .conditional = field->required_if != NULL,
                     .is_public = field->is_public,
                     .by_hand = field_by_hand(field),
                     .identifies = field->identifies,
                     .hint = field->hint};
}

guint form_n_fields(const Form *form) {
  return form->fields->len;
}

FormField form_field(const Form *form, guint index) {
  g_assert(index < form->fields->len);
  return describe(form->fields->pdata[index]);
}

gboolean form_find_field(const Form *form, const char *table, const char *id, FormField *out) {
  const Field *field = form_lookup(form, table, id);
  if (field)
    *out = describe(field);
  return field != NULL;
}

gboolean form_choice(const Form *form, const char *table, const char *id, guint index,
                     const char **value, const char **label) {
  const Field *field = form_lookup(form, table, id);
  if (!field || index >= field->choices->len)
    return FALSE;
  const Choice *choice = field->choices->pdata[index];
  *value = choice->value;
  *label = choice->label;
  return TRUE;
}

gboolean form_table(const Form *form, const char *id, guint *minimum, guint *per_sheet,
                    const char **label) {
  const Table *table = form_lookup_table(form, id);
  if (!table)
    return FALSE;
  *minimum = table->minimum;
  *per_sheet = table->per_sheet;
  *label = table->label;
  return TRUE;
}

gboolean form_needs_signature(const Form *form) {
  for (guint i = 0; i < form->fields->len; i++) {
    const Field *field = form->fields->pdata[i];
    if (field->required && (field->type == FIELD_SIGNATURE || field->type == FIELD_SEAL))
      return TRUE;
  }
  return FALSE;
}

void form_each_setting(const Form *form, void (*f)(const char *key, const char *label, gpointer user),
                       gpointer user) {
  for (guint i = 0; i < form->fields->len; i++) {
    const Field *field = form->fields->pdata[i];
    if (field->setting)
      f(field->setting, field->label, user);
  }
}
