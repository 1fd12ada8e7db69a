/* SPDX-License-Identifier: Apache-2.0 */
/* vocabulary.c - the tables of the form language, and the walk that applies them. */
#include "form/vocabulary.h"

#include "base/near.h"

#include "base/xml.h"
#include "form/form.h"

#include <string.h>

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define NUMBER_MAX 999

typedef struct {
  const char *name;
  gboolean required;
  const char *const *values; /* NULL: any text */
  int from;                  /* with to > 0: a number */
  int to;
} Attribute;

typedef struct {
  const char *name;
  const char *const *children;
  gboolean text; /* may hold text */
  const Attribute *attributes;
} Element;

const char *const vocabulary_field_types[] = {
    "text",   "kana",       "name",       "postal",   "address", "phone", "email",
    "date-western", "date-reiwa", "date-era", "choice", "multi", "check", "digits",
    "signature", "named", "seal", "free", "fixed", "office-use", NULL};

#define YES_NO WORDS("yes", "no")
#define TEXT(name) {name, FALSE, NULL, 0, 0}
#define NEEDED(name) {name, TRUE, NULL, 0, 0}
#define ONE_OF(name, ...) {name, FALSE, WORDS(__VA_ARGS__), 0, 0}
#define COUNT(name, from) {name, FALSE, NULL, from, NUMBER_MAX}
#define END {NULL, FALSE, NULL, 0, 0}

static const Attribute form_attributes[] = {
    NEEDED("code"), NEEDED("printed-code"), TEXT("lifecycle"), ONE_OF("body-inferred", "yes", "no"),
    TEXT("basis"), TEXT("version"), TEXT("source"), END};
#define BREAK ONE_OF("break", "page")
static const Attribute words_attributes[] = {TEXT("inferred"), TEXT("source"), END};
static const Attribute text_attributes[] = {
    ONE_OF("align", "start", "center", "end"), TEXT("inferred"), TEXT("source"), END};
static const Attribute block_attributes[] = {
    TEXT("id"), TEXT("label"), ONE_OF("layout", "table", "lines"), ONE_OF("size", "small"),
    BREAK, TEXT("inferred"), END};
static const Attribute addressee_attributes[] = {BREAK, TEXT("inferred"), TEXT("source"), END};
static const Attribute row_attributes[] = {TEXT("label"), END};
static const Attribute table_attributes[] = {
    NEEDED("id"), NEEDED("label"), COUNT("min", 0), {"per-sheet", TRUE, NULL, 1, NUMBER_MAX}, ONE_OF("across", "1", "2"),
    TEXT("inferred"), END};
static const Attribute column_attributes[] = {TEXT("label"), TEXT("group"), COUNT("width", 1), END};
static const Attribute field_attributes[] = {
    NEEDED("id"), {"type", TRUE, vocabulary_field_types, 0, 0}, NEEDED("label"),
    ONE_OF("required", "yes", "no"), TEXT("required-if"), TEXT("pattern"), TEXT("message"),
    COUNT("width", 1), ONE_OF("public", "yes", "no"), TEXT("inferred"), TEXT("hint"),
    TEXT("setting"), COUNT("digits", 1), ONE_OF("kana", "katakana", "hiragana"), TEXT("suffix"),
    COUNT("lines", 1), TEXT("eras"),
    ONE_OF("identifies", "name", "birth", "insurance"), END};
static const Attribute choice_attributes[] = {NEEDED("value"), END};

static const Element elements[] = {
    {"form", WORDS("title", "variant", "subtitle", "purpose", "issuer", "addressee", "block"), FALSE,
     form_attributes},
    {"title", NULL, TRUE, words_attributes},
    {"variant", NULL, TRUE, words_attributes},
    {"subtitle", NULL, TRUE, words_attributes},
    {"purpose", NULL, TRUE, words_attributes},
    {"issuer", NULL, TRUE, words_attributes},
    {"addressee", WORDS("field"), TRUE, addressee_attributes},
    {"block", WORDS("text", "note", "row", "field", "table"), FALSE, block_attributes},
    {"text", NULL, TRUE, text_attributes},
    {"note", NULL, TRUE, words_attributes},
    {"row", WORDS("field"), FALSE, row_attributes},
    {"table", WORDS("column", "note"), FALSE, table_attributes},
    {"column", WORDS("field"), FALSE, column_attributes},
    {"field", WORDS("choice"), TRUE, field_attributes},
    {"choice", NULL, TRUE, choice_attributes},
};

/* ------------------------------------------------------------------ checks */

static const Element *element_find(const char *name) {
  for (guint i = 0; i < G_N_ELEMENTS(elements); i++)
    if (!strcmp(elements[i].name, name))
      return &elements[i];
  return NULL;
}

static void report_child(const xmlNode *node, const Element *parent, RkDiags *diags) {
  const char *name = (const char *)node->name;
  DiagPlace place = xml_place(node);
  g_autofree char *allowed =
      parent->children ? g_strjoinv(" ", (char **)parent->children) : g_strdup("-");
  const char *near = rk_near_word(name, parent->children);
  if (near)
    diags_add(diags, DIAG_FORM_ELEMENT_NEAR, &place, name, parent->name, near, allowed, NULL);
  else
    diags_add(diags, DIAG_FORM_ELEMENT, &place, name, parent->name, allowed, NULL);
}

static void check_number(const xmlNode *node, const Attribute *attribute, const char *value,
                         RkDiags *diags) {
  guint64 number = 0;
  if (g_ascii_string_to_unsigned(value, 10, (guint64)attribute->from, (guint64)attribute->to,
                                 &number, NULL))
    return;
  DiagPlace place = xml_place(node);
  g_autofree char *from = g_strdup_printf("%d", attribute->from);
  g_autofree char *to = g_strdup_printf("%d", attribute->to);
  diags_add(diags, DIAG_FORM_NUMBER, &place, attribute->name, from, to, NULL);
}

static void check_value(const xmlNode *node, const Attribute *attribute, const char *value,
                        RkDiags *diags) {
  if (attribute->to)
    check_number(node, attribute, value, diags);
  if (!attribute->values || g_strv_contains(attribute->values, value))
    return;
  DiagPlace place = xml_place(node);
  g_autofree char *allowed = g_strjoinv(" ", (char **)attribute->values);
  const char *near = rk_near_word(value, attribute->values);
  if (near)
    diags_add(diags, DIAG_FORM_ATTRIBUTE_VALUE_NEAR, &place, attribute->name, value, near, allowed, NULL);
  else
    diags_add(diags, DIAG_FORM_ATTRIBUTE_VALUE, &place, attribute->name, value, allowed, NULL);
}

static void report_attribute(const xmlNode *node, const char *name, const Element *element,
                             RkDiags *diags) {
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (const Attribute *a = element->attributes; a->name; a++)
    g_ptr_array_add(names, (gpointer)a->name);
  g_ptr_array_add(names, NULL);
  g_autofree char *allowed = g_strjoinv(" ", (char **)names->pdata);
  const char *near = rk_near_word(name, (const char *const *)names->pdata);
  DiagPlace place = xml_place(node);
  if (near)
    diags_add(diags, DIAG_FORM_ATTRIBUTE_NEAR, &place, name, element->name, near, allowed, NULL);
  else
    diags_add(diags, DIAG_FORM_ATTRIBUTE, &place, name, element->name, allowed, NULL);
}

static void check_attributes(const xmlNode *node, const Element *element, RkDiags *diags) {
  for (const xmlAttr *attr = node->properties; attr; attr = attr->next) {
    const char *name = (const char *)attr->name;
    if (attr->ns && strcmp((const char *)attr->ns->href, FORM_NS))
      continue; /* xml:lang, and what editors add */
    const Attribute *a = element->attributes;
    while (a->name && strcmp(a->name, name))
      a++;
    g_autofree char *value = xml_attr(node, name);
    if (a->name)
      check_value(node, a, value ? value : "", diags);
    else
      report_attribute(node, name, element, diags);
  }
  for (const Attribute *a = element->attributes; a->name; a++) {
    g_autofree char *value = xml_attr(node, a->name);
    DiagPlace place = xml_place(node);
    if (a->required && (!value || !*value))
      diags_add(diags, DIAG_FORM_ATTRIBUTE_MISSING, &place, a->name, element->name, NULL);
  }
}

static void check_no_text(const xmlNode *node, const Element *element, RkDiags *diags) {
  for (const xmlNode *child = node->children; child; child = child->next) {
    gboolean text = child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE;
    if (!text || xmlIsBlankNode((xmlNode *)child))
      continue;
    DiagPlace place = xml_place(node);
    diags_add(diags, DIAG_FORM_TEXT, &place, element->name, NULL);
    return;
  }
}

static void check_element(const xmlNode *node, const Element *element, RkDiags *diags) {
  check_attributes(node, element, diags);
  if (!element->text)
    check_no_text(node, element, diags);
  for (const xmlNode *child = xml_first_element(node); child; child = xml_next_element(child)) {
    const char *name = (const char *)child->name;
    const Element *known = xml_in_ns(child, FORM_NS) ? element_find(name) : NULL;
    if (!known || !element->children || !g_strv_contains(element->children, name))
      report_child(child, element, diags);
    else
      check_element(child, known, diags);
  }
}

void form_vocabulary_check(const xmlNode *root, RkDiags *diags) {
  if (xml_is(root, FORM_NS, "form")) {
    check_element(root, &elements[0], diags);
    return;
  }
  DiagPlace place = xml_place(root);
  diags_add(diags, DIAG_FORM_ROOT, &place, (const char *)root->name, NULL);
}
