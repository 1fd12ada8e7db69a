/* SPDX-License-Identifier: Apache-2.0 */
/*
 * expand.c - a procedure as a document that any SCXML processor with the XPath data model can run:
 * every extension is put into plain SCXML, or into data that the environment fills and reads.
 *
 * Order matters: requirements and deadlines look at the extension elements, so these go
 * last, and with them the namespace.
 */
#include "analysis/expand_int.h"

#include "base/xml.h"
#include "machine/machine.h"
#include "machine/overlay.h"

#include <string.h>

static const char *const head_comment =
    "Expanded from a procedure with extensions; workflows/README.md says what each has become. "
    "$rk_facts holds what is so outside: while it is empty, what asks for it counts as met; the event "
    "rk.facts, with a <facts> element as data, replaces it. $rk_effects lists, in order, what "
    "is to be done and what was refused.";

static gboolean is_extension(const xmlNode *node) {
  return xml_in_ns(node, WORKFLOW_NS);
}

static gboolean is_state(const xmlNode *node) {
  return xml_is(node, SCXML_NS, "state") || xml_is(node, SCXML_NS, "parallel");
}

static gboolean is_action(const xmlNode *node) {
  static const char *const others[] = {"procedure", "require", "ask", "deadline", NULL};
  return is_extension(node) && xml_in_ns(node->parent, SCXML_NS) &&
         !g_strv_contains(others, (const char *)node->name);
}

/* -------------------------------------------------------------------- expressions */

static void expand_attributes(Expansion *expansion, xmlNode *node) {
  static const char *const names[] = {"cond",     "expr",      "location",   "array",  "eventexpr",
                                      "typeexpr", "delayexpr", "sendidexpr", "srcexpr", "targetexpr",
                                      "idlocation"};
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *text = xml_attr(node, names[i]);
    g_autofree char *plain = text ? expand_attr(expansion, node, names[i]) : NULL;
    if (plain && !g_str_equal(plain, text))
      xml_set_attr(node, names[i], plain);
  }
}

/* ------------------------------------------------------------- words for people */

static void comment_on(Expansion *expansion, xmlNode *node) {
  g_autofree char *title = xml_attr_ns(node, WORKFLOW_NS, "title");
  g_autofree char *step = xml_attr_ns(node, WORKFLOW_NS, "step");
  g_autofree char *by = xml_attr_ns(node, WORKFLOW_NS, "by");
  GString *words = g_string_new(step);
  if (title)
    g_string_append_printf(words, "%s%s", words->len ? " " : "", title);
  if (by)
    g_string_append_printf(words, "%s(%s)", words->len ? " " : "", by);
  g_autofree char *text = g_string_free(words, FALSE);
  if (!*text)
    return;
  xmlNode *comment = expand_comment(expansion, text);
  if (node == expansion->scxml && node->children)
    xmlAddPrevSibling(node->children, comment);
  else if (node != expansion->scxml)
    xmlAddPrevSibling(node, comment);
}

/* --------------------------------------------------------------------- the facts */

static gboolean hears_facts(const xmlNode *state) {
  for (const xmlNode *child = xml_first_element(state); child; child = xml_next_element(child)) {
    g_autofree char *event =
        xml_is(child, SCXML_NS, "transition") ? xml_attr(child, "event") : NULL;
    if (event && expand_overlap(event, EXPAND_EVENT))
      return TRUE;
  }
  return FALSE;
}

/* Where transitions begin: behind the blocks, before what else a state holds. */
static xmlNode *first_transition(const xmlNode *state) {
  static const char *const names[] = {"transition", "state",  "parallel", "final",
                                      "history",    "invoke", NULL};
  for (xmlNode *child = xml_first_element(state); child; child = xml_next_element(child))
    if (g_strv_contains(names, (const char *)child->name))
      return child;
  return NULL;
}

/* The words that stand over an element stay with it. */
static xmlNode *with_words(xmlNode *node) {
  while (node && node->prev && (node->prev->type == XML_COMMENT_NODE || xmlIsBlankNode(node->prev)))
    node = node->prev;
  return node;
}

static void put_hearing(Expansion *expansion, xmlNode *state) {
  xmlNode *transition = expand_element(expansion, "transition");
  xmlNode *assign = xmlAddChild(transition, expand_element(expansion, "assign"));
  xmlNode *before = with_words(first_transition(state));
  xml_set_attr(transition, "event", EXPAND_EVENT);
  xml_set_attr(assign, "location", "$" EXPAND_FACTS);
  xml_set_attr(assign, "expr", "$_event/data//facts");
  if (before)
    xmlAddPrevSibling(before, transition);
  else
    xmlAddChild(state, transition);
}

/* New facts are heard in every state: on the way outwards at a state that would take the event for
 * something else (event="*"), at latest in the outermost. */
static void hear_facts(Expansion *expansion) {
  g_autoptr(GPtrArray) all = expand_elements(expansion);
  for (guint i = 0; i < all->len; i++) {
    xmlNode *state = all->pdata[i];
    if (is_state(state) && (state->parent == expansion->scxml || hears_facts(state)))
      put_hearing(expansion, state);
  }
}

/* --------------------------------------------------------------------- the data */

static void check_name(Expansion *expansion, const xmlNode *node, const char *attribute) {
  static const char *const names[] = {EXPAND_FACTS, EXPAND_EFFECTS, EXPAND_FOLD, NULL};
  g_autofree char *name = xml_attr(node, attribute);
  DiagPlace place = xml_place(node);
  if (!name || !g_strv_contains(names, name))
    return;
  diags_add(expansion->diags, DIAG_EXPAND_NAME, &place, name, NULL);
  expansion->failed = TRUE;
}

static xmlNode *datamodel_of(Expansion *expansion) {
  for (xmlNode *child = xml_first_element(expansion->scxml); child; child = xml_next_element(child))
    if (xml_is(child, SCXML_NS, "datamodel"))
      return child;
  xmlNode *datamodel = expand_element(expansion, "datamodel");
  xmlNode *first = xml_first_element(expansion->scxml);
  return first ? xmlAddPrevSibling(first, datamodel) : xmlAddChild(expansion->scxml, datamodel);
}

static xmlNode *put_data(Expansion *expansion, const char *id) {
  xmlNode *data = xmlAddChild(datamodel_of(expansion), expand_element(expansion, "data"));
  xml_set_attr(data, "id", id);
  return data;
}

/* What rk:key makes alike, as far as translate() can: full-width ASCII and the variants of a
 * character. A solidus in a part becomes a wide one, so that parts stay apart. */
static void put_fold(Expansion *expansion) {
  g_autoptr(GString) wide = g_string_new("/"), narrow = g_string_new("／");
  xmlNode *data = put_data(expansion, EXPAND_FOLD), *from = expand_island(expansion, "wide");
  xmlNode *to = expand_island(expansion, "narrow");
  for (gunichar c = '!'; c <= '~'; c++) {
    if (c == '/')
      continue;
    g_string_append_unichar(wide, c - '!' + 0xFF01);
    g_string_append_unichar(narrow, c);
  }
  g_string_append_unichar(wide, 0x3000);
  g_string_append_c(narrow, ' ');
  for (gunichar c = 0xFE00; c <= 0xFE0F; c++)
    g_string_append_unichar(wide, c);
  for (gunichar c = 0xE0100; c <= 0xE010F; c++)
    g_string_append_unichar(wide, c);
  xml_add_text(xmlAddChild(data, from), wide->str);
  xml_add_text(xmlAddChild(data, to), narrow->str);
}

/* In(id) of the null data model may stand without quotes. */
static void quote_in(xmlNode *node) {
  g_autofree char *cond = xml_attr(node, "cond");
  g_autoptr(GRegex) bare = g_regex_new("^\\s*In\\(\\s*([^'\"\\s()]+)\\s*\\)\\s*$", 0, 0, NULL);
  g_autofree char *quoted = cond ? g_regex_replace(bare, cond, -1, 0, "In('\\1')", 0, NULL) : NULL;
  if (quoted)
    xml_set_attr(node, "cond", quoted);
}

static void need_xpath(Expansion *expansion, const GPtrArray *elements) {
  g_autofree char *model = xml_attr(expansion->scxml, "datamodel");
  if (g_strcmp0(model, "xpath") == 0)
    return;
  xml_set_attr(expansion->scxml, "datamodel", "xpath");
  for (guint i = 0; i < elements->len; i++)
    quote_in(elements->pdata[i]);
}

static void put_all_data(Expansion *expansion, const GPtrArray *elements) {
  if (!expansion->facts && !expansion->effects && !expansion->fold)
    return;
  need_xpath(expansion, elements);
  xmlAddPrevSibling(datamodel_of(expansion), expand_comment(expansion, head_comment));
  for (guint i = 0; i < elements->len; i++) {
    check_name(expansion, elements->pdata[i], "item");
    check_name(expansion, elements->pdata[i], "index");
    if (xml_is(elements->pdata[i], SCXML_NS, "data"))
      check_name(expansion, elements->pdata[i], "id");
  }
  if (expansion->facts)
    put_data(expansion, EXPAND_FACTS);
  if (expansion->effects)
    put_data(expansion, EXPAND_EFFECTS);
  if (expansion->fold)
    put_fold(expansion);
  if (expansion->facts)
    hear_facts(expansion);
}

/* -------------------------------------------------------------- machines inside */

static gboolean expand_machine(xmlNode *scxml, RkDiags *diags, gboolean *facts);

/* A machine inside begins with the facts that the one around it has. */
static void give_facts(Expansion *expansion, xmlNode *content) {
  xmlNode *param = expand_element(expansion, "param");
  xml_set_attr(param, "name", EXPAND_FACTS);
  xml_set_attr(param, "location", "$" EXPAND_FACTS);
  xmlAddPrevSibling(content, param);
  expansion->facts = TRUE;
}

static void expand_inside(Expansion *expansion, xmlNode *content) {
  xmlNode *inner = xml_first_element(content);
  gboolean facts = FALSE;
  if (!inner || !xml_is(inner, SCXML_NS, "scxml") || !xml_is(content->parent, SCXML_NS, "invoke"))
    return;
  expansion->failed |= !expand_machine(inner, expansion->diags, &facts);
  if (facts)
    give_facts(expansion, content);
}

/* ------------------------------------------------------------------- one machine */

static void expand_states_and_effects(Expansion *expansion, const GPtrArray *elements) {
  for (guint i = 0; i < elements->len; i++) {
    xmlNode *node = elements->pdata[i];
    if (xml_is(node, SCXML_NS, "content"))
      expand_inside(expansion, node);
    if (is_state(node))
      expand_deadlines(expansion, node);
    if (is_action(node))
      expand_effect(expansion, node);
    if (!is_extension(node))
      expand_attributes(expansion, node);
  }
}

static void comment_on_all(Expansion *expansion, const GPtrArray *elements) {
  for (guint i = 0; i < elements->len; i++)
    if (!is_extension(elements->pdata[i]))
      comment_on(expansion, elements->pdata[i]);
}

/* Those inside others go with them. */
static void drop_extensions(const GPtrArray *elements) {
  for (guint i = elements->len; i-- > 0;) {
    xmlNode *node = elements->pdata[i];
    if (!is_extension(node))
      continue;
    xmlUnlinkNode(node);
    xmlFreeNode(node);
  }
}

static gboolean expand_machine(xmlNode *scxml, RkDiags *diags, gboolean *facts) {
  Expansion expansion = {.scxml = scxml, .diags = diags};
  g_autoptr(GPtrArray) elements = expand_elements(&expansion);
  comment_on_all(&expansion, elements);
  expand_requirements(&expansion);
  expand_states_and_effects(&expansion, elements);
  put_all_data(&expansion, elements);
  drop_extensions(elements);
  *facts = expansion.facts;
  return !expansion.failed;
}

/* --------------------------------------------------------------------- the file */

static void drop_attributes(xmlNode *node) {
  for (xmlAttr *a = node->properties, *next; a; a = next) {
    next = a->next;
    if (a->ns && g_str_equal(a->ns->href, WORKFLOW_NS))
      xmlRemoveProp(a);
  }
}

static void drop_declarations(xmlNode *node) {
  for (xmlNs **ns = &node->nsDef; *ns;) {
    xmlNs *here = *ns;
    if (g_strcmp0((const char *)here->href, WORKFLOW_NS) != 0) {
      ns = &here->next;
      continue;
    }
    *ns = here->next;
    xmlFreeNs(here);
  }
}

/* Inside first: what refers to a declaration goes before it. */
static void drop_namespace(xmlNode *node) {
  for (xmlNode *child = xml_first_element(node); child; child = xml_next_element(child))
    drop_namespace(child);
  drop_attributes(node);
  drop_declarations(node);
}

/* Data without a prefix is meant to have no namespace (workflows/README.md); other
 * processors go by what is written. */
static void free_data(xmlNode *node, gboolean outermost) {
  if (xml_is(node, SCXML_NS, "scxml"))
    return;
  if (node->ns && !node->ns->prefix && xml_in_ns(node, SCXML_NS)) {
    node->ns = NULL;
    if (outermost)
      xmlNewNs(node, (const xmlChar *)"", NULL);
  }
  for (xmlNode *child = xml_first_element(node); child; child = xml_next_element(child))
    free_data(child, FALSE);
}

static gboolean holds_data(const xmlNode *node) {
  return xml_is(node, SCXML_NS, "data") || xml_is(node, SCXML_NS, "assign") ||
         xml_is(node, SCXML_NS, "content");
}

static gboolean is_blank(const xmlNode *node) {
  return node->type == XML_TEXT_NODE && xmlIsBlankNode((xmlNode *)node);
}

static void drop_blanks(xmlNode *node) {
  for (xmlNode *child = node->children, *next; child; child = next) {
    next = child->next;
    if (!is_blank(child))
      continue;
    xmlUnlinkNode(child);
    xmlFreeNode(child);
  }
}

static xmlNode *line(const xmlNode *node, int depth) {
  g_autofree char *text = g_strdup_printf("\n%*s", 2 * depth, "");
  return xmlNewDocText(node->doc, (const xmlChar *)text);
}

static gboolean holds_machine(const xmlNode *node) {
  const xmlNode *first = xml_first_element(node);
  return first && xml_is(first, SCXML_NS, "scxml");
}

/* Each element on a line of its own; in data white space stays as it is. */
static void lay_out(xmlNode *node, int depth) {
  if (holds_data(node) && !holds_machine(node)) {
    for (xmlNode *child = xml_first_element(node); child; child = xml_next_element(child))
      free_data(child, TRUE);
    return;
  }
  drop_blanks(node);
  if (!node->children)
    return;
  for (xmlNode *child = node->children; child; child = child->next) {
    xmlAddPrevSibling(child, line(node, depth + 1));
    if (xml_in_ns(child, SCXML_NS))
      lay_out(child, depth + 1);
  }
  xmlAddChild(node, line(node, depth));
}

RkStatus rk_workflow_expand(const char *path, char **out_xml, RkDiags *diags) {
  g_autoptr(Machine) machine = NULL;
  g_autoptr(xmlDoc) doc = NULL;
  gboolean facts = FALSE;
  *out_xml = NULL;
  RkStatus status = machine_load_file(&machine, path, MACHINE_STRICT, diags);
  if (status == RK_OK)
    status = overlay_flatten(&doc, path, diags);
  if (status != RK_OK)
    return status;
  xmlNode *scxml = xmlDocGetRootElement(doc);
  if (!expand_machine(scxml, diags, &facts))
    return RK_INVALID;
  drop_namespace(scxml);
  lay_out(scxml, 0);
  g_autoptr(GBytes) bytes = xml_to_bytes(doc);
  *out_xml = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
  return RK_OK;
}
