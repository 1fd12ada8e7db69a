/* SPDX-License-Identifier: Apache-2.0 */
/* guard.c - see guard.h. */
#include "case/guard.h"

#include "base/mynumber.h"
#include "base/words.h"
#include "base/xml.h"

#include <string.h>

/* The label of the first field that holds one; g_free. NULL: none does. */
static char *field_of(const xmlNode *node, Form *form) {
  for (const xmlNode *child = xml_first_element(node); child; child = xml_next_element(child)) {
    char *inside = xml_first_element(child) ? field_of(child, form) : NULL;
    if (inside)
      return inside;
    g_autofree char *text = xml_first_element(child) ? NULL : xml_text(child);
    if (!text_holds_my_number(text))
      continue;
    for (guint i = 0; form && i < form_n_fields(form); i++)
      if (g_str_equal(form_field(form, i).id, (const char *)child->name))
        return g_strdup(form_field(form, i).label);
    return g_strdup((const char *)child->name);
  }
  return NULL;
}

static char *in_paper(const CaseFile *file, const Deed *deed) {
  const char *values = json_string_value(json_object_get(deed->args, "values"));
  const char *reference = json_string_value(json_object_get(deed->args, "form"));
  g_autofree char *code = paper_code(reference);
  g_autoptr(xmlDoc) doc = NULL;
  if (!values || !code ||
      xml_parse(&doc, values, strlen(values), "values", XML_LIMIT_DATA, NULL) != RK_OK)
    return NULL;
  return field_of(xmlDocGetRootElement(doc), bundle_form(file->bundle, code));
}

/* The name of the first answer that holds one. */
static char *in_answers(const json_t *answers) {
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)answers, name, value)
    if (text_holds_my_number(json_string_value(value)))
      return g_strdup(name);
  return NULL;
}

static char *in_deed(const CaseFile *file, const Deed *deed) {
  if (text_holds_my_number(deed->why) || text_holds_my_number(deed->evidence))
    return g_strdup(_("the remark"));
  if (g_str_equal(deed->kind, "fill"))
    return in_paper(file, deed);
  char *found = in_answers(json_object_get(deed->args, "inputs"));
  return found ? found : in_answers(json_object_get(deed->args, "values"));
}

RkStatus guard_deed(const CaseFile *file, const Deed *deed, const RkRequest *request,
                    RkDiags *diags) {
  const char *other = request->not_my_number;
  g_autofree char *place = other && *other ? NULL : in_deed(file, deed);
  return place ? diags_fail(diags, RK_REFUSED, DIAG_MY_NUMBER, NULL, place, NULL) : RK_OK;
}

char *guard_why(const RkRequest *request, const char *why) {
  const char *other = request->not_my_number;
  if (!other || !*other)
    return g_strdup(why);
  return g_strdup_printf("%s%snot an Individual Number: %s", why ? why : "", why ? "; " : "", other);
}

RkStatus guard_office(const RkRequest *request, const char *key, RkDiags *diags) {
  const char *other = request->not_my_number, *place = NULL;
  if (other && *other)
    return RK_OK;
  for (guint i = 0; i < request->n_values && !place; i++)
    if (text_holds_my_number(request->values[i].text))
      place = request->values[i].path;
  if (text_holds_my_number(key))
    place = _("the name");
  if (text_holds_my_number(request->why))
    place = _("the remark");
  return place ? diags_fail(diags, RK_REFUSED, DIAG_MY_NUMBER, NULL, place, NULL) : RK_OK;
}
