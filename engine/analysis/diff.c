/* SPDX-License-Identifier: Apache-2.0 */
/*
 * diff.c - see diff.h. Each document becomes a list of parts (a role, a state, a transition …), each with a name that
 * survives a change of its content; a part is compared as lines, one for an attribute and one for each element in it.
 */
#include "analysis/diff.h"

#include "base/xml.h"
#include "machine/machine.h"
#include "machine/overlay.h"

#include <libintl.h>
#include <string.h>

typedef struct {
  char *name;
  GPtrArray *lines; /* Line * */
} Part;

/* A line of an attribute has its name as `what` and can change; of an element it is the whole. */
typedef struct {
  char *what, *text;
} Line;

static void line_free(gpointer data) {
  Line *line = data;
  g_free(line->what);
  g_free(line->text);
  g_free(line);
}

static void part_free(gpointer data) {
  Part *part = data;
  g_free(part->name);
  g_ptr_array_unref(part->lines);
  g_free(part);
}

/* -------------------------------------------------------------- documents as parts */

static void add_line(Part *part, const char *what, char *text) {
  Line *line = g_new(Line, 1);
  line->what = g_strdup(what);
  line->text = text;
  g_ptr_array_add(part->lines, line);
}

static char *prefixed(const xmlNs *ns, const xmlChar *name) {
  gboolean ours = ns && g_strcmp0((const char *)ns->href, WORKFLOW_NS) == 0;
  return g_strconcat(ours ? "rk:" : "", (const char *)name, NULL);
}

static void add_attributes(Part *part, const xmlNode *node) {
  for (const xmlAttr *a = node->properties; a; a = a->next) {
    g_autofree char *name = prefixed(a->ns, a->name);
    xmlChar *value = xmlNodeListGetString(node->doc, a->children, 1);
    if (!g_str_equal(name, "id") && !g_str_equal(name, "event"))
      add_line(part, name, g_strdup(value ? (const char *)value : ""));
    xmlFree(value);
  }
}

/* The words directly in an element, without the spaces around them. */
static char *own_text(const xmlNode *node) {
  g_autoptr(GString) text = g_string_new(NULL);
  for (const xmlNode *child = node->children; child; child = child->next)
    if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE)
      g_string_append(text, (const char *)child->content);
  return g_strdup(g_strstrip(text->str));
}

/* "foreach if rk:keep form="fj-3" holder="association"": where it stands, and all it says. */
static void add_element(Part *part, const xmlNode *node, const char *inside) {
  g_autofree char *name = prefixed(node->ns, node->name);
  g_autofree char *path = g_strconcat(inside, *inside ? " " : "", name, NULL);
  g_autofree char *text = own_text(node);
  g_autoptr(GString) line = g_string_new(path);
  for (const xmlAttr *a = node->properties; a; a = a->next) {
    g_autofree char *attribute = prefixed(a->ns, a->name);
    xmlChar *value = xmlNodeListGetString(node->doc, a->children, 1);
    g_string_append_printf(line, " %s=\"%s\"", attribute, value ? (const char *)value : "");
    xmlFree(value);
  }
  if (*text)
    g_string_append_printf(line, " %s", text);
  add_line(part, NULL, g_strdup(line->str));
  for (const xmlNode *child = xml_first_element(node); child; child = xml_next_element(child))
    add_element(part, child, path);
}

/* A part of this name; a second one of the same name gets a number. */
static Part *new_part(GPtrArray *parts, char *name) {
  Part *part = g_new(Part, 1);
  guint same = 1;
  g_autofree char *second = g_strconcat(name, " (", NULL);
  for (guint i = 0; i < parts->len; i++) {
    const Part *other = parts->pdata[i];
    same += g_str_equal(other->name, name) || g_str_has_prefix(other->name, second);
  }
  part->name = same > 1 ? g_strdup_printf("%s (%u)", name, same) : g_strdup(name);
  part->lines = g_ptr_array_new_with_free_func(line_free);
  g_ptr_array_add(parts, part);
  g_free(name);
  return part;
}

static gboolean is_state(const xmlNode *node) {
  static const char *const names[] = {"state", "parallel", "final", "history", NULL};
  return node->ns && g_strcmp0((const char *)node->ns->href, SCXML_NS) == 0 &&
         g_strv_contains(names, (const char *)node->name);
}

static void read_part(GPtrArray *parts, const xmlNode *node, char *name) {
  Part *part = new_part(parts, name);
  add_attributes(part, node);
  for (const xmlNode *child = xml_first_element(node); child; child = xml_next_element(child))
    if (!is_state(child) && !xml_is(child, SCXML_NS, "transition") &&
        !xml_is(child, SCXML_NS, "datamodel") && g_strcmp0((const char *)child->name, "procedure"))
      add_element(part, child, "");
}

/* Roles, papers, rules, open points and data: each by what identifies it. */
static void read_list(GPtrArray *parts, const xmlNode *list) {
  for (const xmlNode *node = xml_first_element(list); node; node = xml_next_element(node)) {
    g_autofree char *id = xml_attr(node, "id");
    g_autofree char *form = xml_attr(node, "form");
    g_autofree char *name = prefixed(node->ns, node->name);
    read_part(parts, node, g_strdup_printf("%s %s", name, id ? id : form ? form : ""));
  }
}

static void read_state(GPtrArray *parts, const xmlNode *state) {
  g_autofree char *id = xml_attr(state, "id");
  for (const xmlNode *node = xml_first_element(state); node; node = xml_next_element(node)) {
    g_autofree char *event = xml_attr(node, "event");
    g_autofree char *inner = xml_attr(node, "id");
    if (xml_is(node, SCXML_NS, "transition"))
      read_part(parts, node, g_strdup_printf("%s: %s", id ? id : "", event ? event : ""));
    else if (xml_is(node, SCXML_NS, "datamodel") || g_str_equal((const char *)node->name, "procedure"))
      read_list(parts, node);
    if (!is_state(node))
      continue;
    read_part(parts, node, g_strdup_printf("%s %s", (const char *)node->name, inner ? inner : ""));
    read_state(parts, node);
  }
}

static GPtrArray *read_document(xmlDoc *doc) {
  GPtrArray *parts = g_ptr_array_new_with_free_func(part_free);
  const xmlNode *root = xmlDocGetRootElement(doc);
  read_part(parts, root, g_strdup("scxml"));
  read_state(parts, root);
  return parts;
}

/* -------------------------------------------------------------- comparing */

static const Part *find_part(const GPtrArray *parts, const char *name) {
  for (guint i = 0; i < parts->len; i++)
    if (g_str_equal(((const Part *)parts->pdata[i])->name, name))
      return parts->pdata[i];
  return NULL;
}

static guint count_line(const GPtrArray *lines, const Line *line) {
  guint n = 0;
  for (guint i = 0; i < lines->len; i++) {
    const Line *other = lines->pdata[i];
    n += g_strcmp0(other->what, line->what) == 0 && g_str_equal(other->text, line->text);
  }
  return n;
}

static const Line *find_attribute(const GPtrArray *lines, const char *what) {
  for (guint i = 0; what && i < lines->len; i++)
    if (g_strcmp0(((const Line *)lines->pdata[i])->what, what) == 0)
      return lines->pdata[i];
  return NULL;
}

/* The lines of `mine` that `theirs` has not, or has fewer of. */
static void compare_lines(RkTable *table, const Part *mine, const Part *theirs, gboolean added) {
  for (guint i = 0; i < mine->lines->len; i++) {
    const Line *line = mine->lines->pdata[i], *other = find_attribute(theirs->lines, line->what);
    if (count_line(theirs->lines, line) >= count_line(mine->lines, line) || (other && added))
      continue;
    if (other)
      table_row(table, "changed", mine->name, line->what, line->text, other->text);
    else
      table_row(table, added ? "added" : "removed", mine->name, line->what ? line->what : "",
                added ? "" : line->text, added ? line->text : "");
  }
}

RkTable *diff_documents(xmlDoc *from, xmlDoc *to) {
  g_autoptr(GPtrArray) before = read_document(from), after = read_document(to);
  RkTable *table = table_new("differences", gettext("Differences"));
  table_column(table, "change", gettext("Change"), RK_COLUMN_TEXT);
  table_column(table, "where", gettext("Where"), RK_COLUMN_TEXT);
  table_column(table, "what", gettext("What"), RK_COLUMN_TEXT);
  table_column(table, "from", gettext("Before"), RK_COLUMN_TEXT);
  table_column(table, "to", gettext("After"), RK_COLUMN_TEXT);
  for (guint i = 0; i < before->len; i++) {
    const Part *part = before->pdata[i], *other = find_part(after, part->name);
    if (!other) {
      table_row(table, "removed", part->name, "", "", "");
      continue;
    }
    compare_lines(table, part, other, FALSE);
    compare_lines(table, other, part, TRUE);
  }
  for (guint i = 0; i < after->len; i++)
    if (!find_part(before, ((const Part *)after->pdata[i])->name))
      table_row(table, "added", ((const Part *)after->pdata[i])->name, "", "", "");
  return table;
}

RkStatus rk_workflow_diff(const char *from, const char *to, RkTable **out, RkDiags *diags) {
  g_autoptr(xmlDoc) before = NULL;
  g_autoptr(xmlDoc) after = NULL;
  *out = NULL;
  RkStatus status = overlay_flatten(&before, from, diags);
  if (status == RK_OK)
    status = overlay_flatten(&after, to, diags);
  if (status == RK_OK)
    *out = diff_documents(before, after);
  return status;
}
