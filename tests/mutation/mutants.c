/* SPDX-License-Identifier: Apache-2.0 */
/* mutants.c - see mutants.h. */
#include "mutants.h"

#include <string.h>

#define RK_NS "urn:renkei:workflow:1"
#define SCXML_NS "http://www.w3.org/2005/07/scxml"

static gboolean is(const xmlNode *node, const char *ns, const char *name) {
  return node->ns && strcmp((const char *)node->ns->href, ns) == 0 &&
         strcmp((const char *)node->name, name) == 0;
}

/* An attribute without a namespace, or of ours; g_free. */
static char *get(const xmlNode *node, const char *name) {
  xmlChar *value = xmlGetNoNsProp(node, BAD_CAST name);
  if (!value)
    value = xmlGetNsProp(node, BAD_CAST name, BAD_CAST RK_NS);
  char *copy = g_strdup((const char *)value);
  xmlFree(value);
  return copy;
}

static void set(xmlNode *node, const char *name, const char *value) {
  xmlAttr *own = xmlHasNsProp(node, BAD_CAST name, BAD_CAST RK_NS);
  if (own)
    xmlSetNsProp(node, own->ns, BAD_CAST name, BAD_CAST value);
  else
    xmlSetProp(node, BAD_CAST name, BAD_CAST value);
}

/* ------------------------------------------------------------------- stock */

static void gather(xmlNode *node, Stock *stock) {
  gboolean state = is(node, SCXML_NS, "state") || is(node, SCXML_NS, "final") ||
                   is(node, SCXML_NS, "parallel");
  char *id = get(node, "id");
  if (id && state)
    g_ptr_array_add(stock->states, id);
  else if (id && is(node, RK_NS, "role"))
    g_ptr_array_add(stock->roles, id);
  else
    g_free(id);
  for (xmlNode *child = xmlFirstElementChild(node); child; child = xmlNextElementSibling(child))
    gather(child, stock);
}

Stock *stock_new(xmlDoc *doc) {
  Stock *stock = g_new0(Stock, 1);
  stock->states = g_ptr_array_new_with_free_func(g_free);
  stock->roles = g_ptr_array_new_with_free_func(g_free);
  gather(xmlDocGetRootElement(doc), stock);
  return stock;
}

void stock_free(Stock *stock) {
  g_ptr_array_unref(stock->states);
  g_ptr_array_unref(stock->roles);
  g_free(stock);
}

/* The one after `present`, the last followed by the first; NULL: there is no other. */
static const char *another(const GPtrArray *all, const char *present) {
  for (guint i = 0; i < all->len; i++)
    if (strcmp(all->pdata[i], present) == 0)
      return all->len > 1 ? all->pdata[(i + 1) % all->len] : NULL;
  return NULL;
}

/* ------------------------------------------------------------------ faults */

static char *drop(xmlNode *node, const char *what) {
  char *words = g_strdup_printf("without %s", what);
  xmlUnlinkNode(node);
  xmlFreeNode(node);
  return words;
}

static char *change(xmlNode *node, const char *name, const char *value) {
  g_autofree char *present = get(node, name);
  if (!present || !value || strcmp(present, value) == 0)
    return NULL;
  set(node, name, value);
  return g_strdup_printf("%s %s, not %s", name, value, present);
}

static char *change_target(xmlNode *node, const Stock *stock) {
  g_autofree char *present = get(node, "target");
  return present ? change(node, "target", another(stock->states, present)) : NULL;
}

static char *change_role(xmlNode *node, const char *name, const Stock *stock) {
  g_autofree char *present = get(node, name);
  return present ? change(node, name, another(stock->roles, present)) : NULL;
}

static char *drop_guard(xmlNode *node) {
  g_autofree char *present = get(node, "cond");
  return present ? change(node, "cond", "true()") : NULL;
}

static char *change_channel(xmlNode *node) {
  g_autofree char *present = get(node, "channel");
  return present ? change(node, "channel", strcmp(present, "fax") == 0 ? "post" : "fax") : NULL;
}

/* One of several ways is no way any more. */
static char *drop_way(xmlNode *node, const char *name, guint which) {
  g_autofree char *present = get(node, name);
  g_auto(GStrv) ways = g_strsplit(present ? present : "", " ", -1);
  g_autoptr(GString) rest = g_string_new(NULL);
  if (g_strv_length(ways) < 2 || which >= g_strv_length(ways))
    return NULL;
  for (guint i = 0; ways[i]; i++)
    if (i != which)
      g_string_append_printf(rest, "%s%s", rest->len ? " " : "", ways[i]);
  return change(node, name, rest->str);
}

/* P7D is P8D; a month is two. */
static char *change_time(xmlNode *node) {
  g_autofree char *present = get(node, "after");
  if (!present || present[0] != 'P' || !g_ascii_isdigit(present[1]))
    return NULL;
  char *unit = NULL;
  guint64 count = g_ascii_strtoull(present + 1, &unit, 10);
  g_autofree char *longer = g_strdup_printf("P%u%s", (guint)count + 1, unit);
  return change(node, "after", longer);
}

static char *mutate_transition(xmlNode *node, guint number, const Stock *stock) {
  switch (number) {
  case 0:
    return drop(node, "the transition");
  case 1:
    return change_target(node, stock);
  case 2:
    return drop_guard(node);
  default:
    return change_role(node, "by", stock);
  }
}

static char *mutate_movement(xmlNode *node, guint number, const Stock *stock) {
  switch (number) {
  case 0:
    return change_role(node, "from", stock);
  case 1:
    return change_role(node, "to", stock);
  case 2:
    return change_channel(node);
  default:
    return drop_way(node, "channels", number - 3);
  }
}

static char *mutate_keep(xmlNode *node, guint number, const Stock *stock) {
  return number ? change_role(node, "holder", stock) : drop(node, "keeping");
}

static char *mutate_deadline(xmlNode *node, guint number, const Stock *stock) {
  (void)stock;
  return number ? change_time(node) : drop(node, "the deadline");
}

static char *mutate_require(xmlNode *node, guint number, const Stock *stock) {
  (void)stock;
  return number ? NULL : drop(node, "the requirement");
}

static char *mutate_if(xmlNode *node, guint number, const Stock *stock) {
  (void)stock;
  return number ? NULL : drop_guard(node);
}

static char *mutate_ask(xmlNode *node, guint number, const Stock *stock) {
  (void)stock;
  g_autofree char *name = get(node, "name");
  return g_strcmp0(name, "channel") == 0 ? drop_way(node, "values", number) : NULL;
}

static const struct {
  const char *ns, *name;
  guint faults;
  char *(*mutate)(xmlNode *node, guint number, const Stock *stock);
} kinds[] = {
    {SCXML_NS, "transition", 4, mutate_transition}, {RK_NS, "require", 1, mutate_require},
    {SCXML_NS, "if", 1, mutate_if},                 {SCXML_NS, "elseif", 1, mutate_if},
    {RK_NS, "send-paper", 9, mutate_movement},      {RK_NS, "receive-paper", 9, mutate_movement},
    {RK_NS, "notify", 3, mutate_movement},          {RK_NS, "keep", 2, mutate_keep},
    {RK_NS, "deadline", 2, mutate_deadline},        {RK_NS, "ask", 6, mutate_ask},
};

guint mutate_faults(const xmlNode *node) {
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
    if (is(node, kinds[i].ns, kinds[i].name))
      return kinds[i].faults;
  return 0;
}

char *mutate(xmlNode *node, guint number, const Stock *stock) {
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
    if (is(node, kinds[i].ns, kinds[i].name))
      return number < kinds[i].faults ? kinds[i].mutate(node, number, stock) : NULL;
  return NULL;
}
