/* SPDX-License-Identifier: Apache-2.0 */
/* guard.c - see guard.h. */
#include "case/guard.h"

#include "base/mynumber.h"
#include "base/text.h"
#include "base/words.h"
#include "base/xml.h"
#include "case/asked.h"
#include "case/inputs.h"

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

/* The title of the first answer that holds one; its name where nobody asked for it. */
static char *in_answers(const MachineAsk *asks, guint count, const json_t *answers,
                        gboolean english) {
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)answers, name, value) {
    if (!text_holds_my_number(json_string_value(value)))
      continue;
    for (guint i = 0; i < count; i++)
      if (g_str_equal(asks[i].name, name))
        return g_strdup(ask_title(&asks[i], english));
    return g_strdup(name);
  }
  return NULL;
}

static char *in_inputs(const CaseFile *file, const Deed *deed) {
  guint count = 0;
  const MachineAsk *asks = machine_inputs(bundle_machine(file->bundle), &count);
  return in_answers(asks, count, json_object_get(deed->args, "inputs"), file->desk->english);
}

static char *in_values(CaseFile *file, const Deed *deed) {
  g_autoptr(GArray) asks = inputs_of_event(file, deed->event, deed->happened);
  return in_answers((const MachineAsk *)asks->data, asks->len,
                    json_object_get(deed->args, "values"), file->desk->english);
}

/* How the papers of the deed came, as typed. */
static gboolean in_channels(const json_t *args) {
  const json_t *received = json_object_get(args, "received");
  gboolean found = text_holds_my_number(json_string_value(json_object_get(args, "channel")));
  for (size_t i = 0; !found && i < json_array_size(received); i++)
    found = text_holds_my_number(
        json_string_value(json_object_get(json_array_get(received, i), "channel")));
  return found;
}

static char *in_deed(CaseFile *file, const Deed *deed) {
  if (text_holds_my_number(deed->why))
    return g_strdup(_("the remark"));
  if (in_channels(deed->args))
    return g_strdup("--channel");
  if (g_str_equal(deed->kind, "fill"))
    return in_paper(file, deed);
  if (g_str_equal(deed->kind, "opened"))
    return in_inputs(file, deed);
  return g_str_equal(deed->kind, "event") ? in_values(file, deed) : NULL;
}

static gboolean is_other(const RkRequest *request) {
  return request->not_my_number != NULL;
}

static RkStatus refuse(const char *place, RkDiags *diags) {
  return diags_fail(diags, RK_REFUSED, DIAG_MY_NUMBER, NULL, place, NULL);
}

/* Words that say what else it is, and not the number once more: they are kept. */
static gboolean is_reason(const char *text) {
  g_autofree char *trimmed = text_trim(text);
  return *trimmed && !text_holds_my_number(text);
}

/* What every request has with it. A UUID is nobody's number, whatever its digits. */
static RkStatus guard_request(const RkRequest *request, RkDiags *diags) {
  if (is_other(request))
    return is_reason(request->not_my_number)
               ? RK_OK
               : diags_fail(diags, RK_INVALID, DIAG_MY_NUMBER_REASON, NULL, NULL);
  if (request->id && !g_uuid_string_is_valid(request->id) && text_holds_my_number(request->id))
    return refuse("--request-id", diags);
  return text_holds_my_number(request->evidence) ? refuse("--evidence", diags) : RK_OK;
}

RkStatus guard_deed(CaseFile *file, const Deed *deed, const RkRequest *request, RkDiags *diags) {
  RkStatus status = guard_request(request, diags);
  g_autofree char *place = status != RK_OK || is_other(request) ? NULL : in_deed(file, deed);
  return place ? refuse(place, diags) : status;
}

RkStatus guard_text(const RkRequest *request, const char *place, const char *text,
                    RkDiags *diags) {
  RkStatus status = guard_request(request, diags);
  gboolean found = status == RK_OK && !is_other(request) && text_holds_my_number(text);
  return found ? refuse(place, diags) : status;
}

char *guard_why(const RkRequest *request, const char *why) {
  if (!is_other(request))
    return g_strdup(why);
  return g_strdup_printf("%s%snot an Individual Number: %s", why ? why : "", why ? "; " : "",
                         request->not_my_number);
}
