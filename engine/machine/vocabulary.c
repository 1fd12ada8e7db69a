/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vocabulary.c - which element may stand where, with which attributes.
 *
 * One table row an element: its children and attributes (! = required, =a|b: one of these). The document
 * is walked once against it, before anything is built, so that a misspelt name is
 * reported with the word that was probably meant. Elements and attributes of foreign
 * namespaces are passed over: editors write them.
 */
#include "machine/machine_int.h"

#include "base/near.h"
#include "base/text.h"
#include "base/xml.h"

#include <string.h>

#define CONTENT_SCXML "raise if foreach log assign send cancel"
#define CONTENT_RK "send-paper receive-paper keep notify record open-case paper-event"
#define WORDS "title title-en step source inferred"

typedef struct {
  const char *name;
  const char *children;    /* SCXML elements */
  const char *extensions;  /* rk elements */
  const char *attributes;
  const char *rk_attributes;
  gboolean free_content;   /* text and foreign elements are data */
} Entry;

static const Entry scxml_entries[] = {
    {"scxml", "state parallel final datamodel script", "procedure",
     "initial name version! datamodel binding xmlns", WORDS " standing=yes", FALSE},
    {"state", "onentry onexit transition initial state parallel final history datamodel invoke",
     "deadline", "id initial", WORDS, FALSE},
    {"parallel", "onentry onexit transition state parallel history datamodel invoke", "deadline",
     "id", WORDS, FALSE},
    {"final", "onentry onexit donedata", "", "id", WORDS " result", FALSE},
    {"history", "transition", "", "id type", WORDS, FALSE},
    {"initial", "transition", "", "", "", FALSE},
    {"transition", CONTENT_SCXML, CONTENT_RK " require ask", "event cond target type", WORDS " by",
     FALSE},
    {"onentry", CONTENT_SCXML, CONTENT_RK, "", "", FALSE},
    {"onexit", CONTENT_SCXML, CONTENT_RK, "", "", FALSE},
    {"raise", "", "", "event!", "", FALSE},
    {"if", CONTENT_SCXML " elseif else", CONTENT_RK, "cond!", "", FALSE},
    {"elseif", "", "", "cond!", "", FALSE},
    {"else", "", "", "", "", FALSE},
    {"foreach", CONTENT_SCXML, CONTENT_RK, "array! item! index", "", FALSE},
    {"log", "", "", "label expr", "", FALSE},
    {"assign", "", "", "location! expr type attr", "", TRUE},
    {"send", "param content", "",
     "event! eventexpr target targetexpr type typeexpr id idlocation delay delayexpr namelist", "",
     FALSE},
    {"cancel", "", "", "sendid! sendidexpr", "", FALSE},
    {"datamodel", "data", "", "", "", FALSE},
    {"data", "", "", "id! src expr", "title title-en input=required|optional public=yes|no type values identifies", TRUE},
    {"donedata", "content param", "", "", "", FALSE},
    {"param", "", "", "name! expr location", "", FALSE},
    {"content", "", "", "expr", "", TRUE},
    {"invoke", "param finalize content", "",
     "type typeexpr src srcexpr id idlocation namelist autoforward", "", FALSE},
    {"finalize", CONTENT_SCXML, CONTENT_RK, "", "", FALSE}, /* less some: load_invoke.c */
};

static const Entry rk_entries[] = {
    {"procedure", "", "role uses rule open-point", "municipality!", "", FALSE},
    {"role", "", "", "id! title! title-en", "", FALSE},
    {"uses", "", "", "form!", "", FALSE},
    {"rule", "", "precedes never responds always-reachable paper-before",
     "id! source title! title-en inferred", "", FALSE},
    {"precedes", "", "", "first! then!", "", FALSE},
    {"never", "", "", "state event", "", FALSE},
    {"responds", "", "", "to! with!", "", FALSE},
    {"always-reachable", "", "", "state!", "", FALSE},
    {"paper-before", "", "", "form! event!", "", FALSE},
    {"open-point", "", "", "id source form title! reading!", "", TRUE},
    {"require", "", "",
     "form state register key keyexpr each absent=yes test second-person message message-en title source inferred", "", FALSE},
    {"ask", "", "", "name! title! title-en type values required=yes|no public=yes|no inferred", "", FALSE},
    {"deadline", "", "", "after by calendar event! title title-en source inferred", "", FALSE},
    {"send-paper", "", "", "form! to! toexpr channel! channelexpr channels from each eachexpr copy=yes inferred",
     "", FALSE},
    {"receive-paper", "", "", "form! from! to! channel! each eachexpr inferred", "", FALSE},
    {"keep", "", "", "form! holder! each eachexpr inferred", "", FALSE},
    {"notify", "", "", "to! from channel! title! title-en inferred", "", FALSE},
    {"record", "", "field", "register! key keyexpr state! message message-en inferred", "", FALSE},
    {"open-case", "", "field", "procedure! inferred", "", FALSE},
    {"paper-event", "", "", "form! event! each eachexpr inferred", "", FALSE},
    {"field", "", "", "name! expr value", "", FALSE},
};

static const Entry *find_entry(const Entry *entries, guint count, const char *name) {
  for (guint i = 0; i < count; i++)
    if (g_str_equal(entries[i].name, name))
      return &entries[i];
  return NULL;
}

static const Entry *entry_of(const xmlNode *node) {
  const char *name = (const char *)node->name;
  if (xml_in_ns(node, SCXML_NS))
    return find_entry(scxml_entries, G_N_ELEMENTS(scxml_entries), name);
  if (xml_in_ns(node, WORKFLOW_NS))
    return find_entry(rk_entries, G_N_ELEMENTS(rk_entries), name);
  return NULL;
}

/* The words of a list without their marks. */
static char **known_words(const char *list) {
  char **words = split_words(list);
  for (guint i = 0; words[i]; i++)
    words[i][strcspn(words[i], "!=")] = '\0';
  return words;
}

/* ---------------------------------------------------------------- attributes */

/* What the lists say of an attribute, from after its name; NULL: nothing. One of a foreign namespace is let be. */
static const char *attribute_rule(const xmlAttr *attribute, const Entry *entry) {
  const char *name = (const char *)attribute->name;
  gboolean extension =
      attribute->ns && g_str_equal((const char *)attribute->ns->href, WORKFLOW_NS);
  if (attribute->ns && !extension)
    return "";
  return text_find_word(extension ? entry->rk_attributes : entry->attributes, name);
}

static void check_value(Loader *loader, const xmlAttr *attribute, const char *rule) {
  g_autofree char *list = g_strndup(rule + 1, strcspn(rule + 1, " "));
  g_auto(GStrv) values = g_strsplit(list, "|", -1);
  const char *value = attribute->children ? (const char *)attribute->children->content : "";
  if (g_strv_contains((const char *const *)values, value))
    return;
  DiagPlace place = xml_place(attribute->parent);
  g_autofree char *known = g_strjoinv(" ", values);
  loader_fault(loader, DIAG_WF_BAD_VALUE, &place, (const char *)attribute->name, value, known);
}

/* What must be there, as itself or to be computed. */
static void check_wanted(Loader *loader, const xmlNode *node, const Entry *entry) {
  for (const char *end = strchr(entry->attributes, '!'); end; end = strchr(end + 1, '!')) {
    const char *start = end;
    while (start > entry->attributes && start[-1] != ' ')
      start--;
    g_autofree char *name = g_strndup(start, (gsize)(end - start));
    g_autofree char *as_expr = g_strconcat(name, "expr", NULL);
    DiagPlace place = xml_place(node);
    if (!xmlHasProp((xmlNode *)node, (const xmlChar *)name) &&
        !xmlHasProp((xmlNode *)node, (const xmlChar *)as_expr))
      loader_fault(loader, DIAG_WF_MISSING_ATTRIBUTE, &place, entry->name, name, NULL);
  }
}

static void check_attributes(Loader *loader, const xmlNode *node, const Entry *entry) {
  DiagPlace place = xml_place(node);
  for (const xmlAttr *a = node->properties; a; a = a->next) {
    const char *rule = attribute_rule(a, entry);
    if (rule && *rule == '=')
      check_value(loader, a, rule);
    if (rule)
      continue;
    gboolean extension = a->ns != NULL;
    g_auto(GStrv) known = known_words(extension ? entry->rk_attributes : entry->attributes);
    g_autofree char *remedy = near_hint((const char *)a->name, (const char *const *)known);
    g_autofree char *name = g_strdup_printf("%s%s", extension ? "rk:" : "", (const char *)a->name);
    loader_fault(loader, DIAG_WF_UNKNOWN_ATTRIBUTE, &place, entry->name, name, remedy);
  }
  check_wanted(loader, node, entry);
}

/* ------------------------------------------------------------------ children */

static void refuse_child(Loader *loader, const xmlNode *child, const Entry *entry) {
  DiagPlace place = xml_place(child);
  gboolean extension = xml_in_ns(child, WORKFLOW_NS);
  if (!extension && g_str_equal((const char *)child->name, "script")) {
    loader_fault(loader, DIAG_WF_SCRIPT, &place, NULL, NULL, NULL);
    return;
  }
  g_auto(GStrv) known = known_words(extension ? entry->extensions : entry->children);
  g_autofree char *remedy = near_hint((const char *)child->name, (const char *const *)known);
  g_autofree char *name =
      g_strdup_printf("%s%s", extension ? "rk:" : "", (const char *)child->name);
  loader_fault(loader, DIAG_WF_UNKNOWN_ELEMENT, &place, name, entry->name, remedy);
}

static gboolean child_allowed(const xmlNode *child, const Entry *entry) {
  const char *list = xml_in_ns(child, WORKFLOW_NS) ? entry->extensions : entry->children;
  return !g_str_equal((const char *)child->name, "script") &&
         text_find_word(list, (const char *)child->name);
}

static gboolean is_blank(const xmlNode *text) {
  for (const xmlChar *p = text->content; p && *p; p++)
    if (!g_ascii_isspace(*p))
      return FALSE;
  return TRUE;
}

static void check_element(Loader *loader, xmlNode *node);

static void check_child(Loader *loader, xmlNode *child, const Entry *entry) {
  gboolean text = child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE;
  if (text && !is_blank(child)) {
    DiagPlace place = xml_place(child->parent);
    loader_fault(loader, DIAG_WF_STRAY_TEXT, &place, entry->name, NULL, NULL);
  }
  if (child->type != XML_ELEMENT_NODE ||
      (!xml_in_ns(child, SCXML_NS) && !xml_in_ns(child, WORKFLOW_NS)))
    return;
  if (child_allowed(child, entry))
    check_element(loader, child);
  else
    refuse_child(loader, child, entry);
}

/* Data written without a namespace of its own inherits the document's; it is meant to have
 * none, so that $order/line finds it. An inline <scxml> for <invoke> keeps its own. */
static void free_from_namespace(xmlNode *node) {
  if (node->type != XML_ELEMENT_NODE || xml_is(node, SCXML_NS, "scxml"))
    return;
  if (node->ns && !node->ns->prefix && xml_in_ns(node, SCXML_NS))
    node->ns = NULL;
  for (xmlNode *child = node->children; child; child = child->next)
    free_from_namespace(child);
}

static void check_element(Loader *loader, xmlNode *node) {
  const Entry *entry = entry_of(node);
  g_assert(entry);
  check_attributes(loader, node, entry);
  conflicts_check(loader, node);
  for (xmlNode *child = node->children; child; child = child->next) {
    if (entry->free_content)
      free_from_namespace(child);
    else
      check_child(loader, child, entry);
  }
}

void machine_vocabulary_check(Loader *loader, xmlNode *root) {
  check_element(loader, root);
}
