/* SPDX-License-Identifier: Apache-2.0 */
/* mutate.c - see mutate.h. Structure is changed in a tree of libxml2, bytes as bytes. */
#include "mutate.h"

#include "base/xml.h"

#include <string.h>

#define MAX_WORDS 4000
#define MAX_BYTES (256u << 10) /* growth ends here: size limits have tests of their own */

struct Mutator {
  const GPtrArray *seeds;
  gboolean xml;
  GPtrArray *elements, *attributes, *values; /* char *: words of the seeds */
  GHashTable *known;
};

/* What a person would not write. */
static const char *const hostile[] = {
    "", " ", "0", "-1", "1", "999999999999999999999", "-9223372036854775808", "4294967296", "1e308",
    "NaN", "../../../../etc/passwd", "/dev/zero", "file:///etc/passwd", "http://127.0.0.1/",
    "a b c", "*", ".", "..", ".*", "a..b", "{1}{2}{9}", "%s%n%d", "'", "\"", "<", "&", "]]>",
    "1 div 0", "$", "$_event", "$_x", "//*", "//*[//*[//*]]", "In('", "In('a')", "((((((((((1))))))))))",
    "string(1 div 0)", "concat('a','b')", "count(1)", "id('x')", "/", "..", "$_event/..", "self::node()",
    "P7D", "P99999999999Y", "PT0S", "-P1D", "1s", "99999999999999999999s", "0s", ".5s",
    "#_internal", "#_parent", "#_scxml_", "#_x", "(a+)+$", "[", "\\", "(?R)", "\\p{Han}{1,999}",
    "2026-02-30", "9999-12-31", "令和99年13月32日", "\xf0\xa0\xae\xb7", "é", "\xe2\x80\xae", "\xef\xbf\xbe",
    "true", "false", "none", "yes", "1in", "-5mm", "99999mm", "100%", "inherit", "auto", "#123456",
};

/* ------------------------------------------------------------------------- words */

static void learn(Mutator *mutator, GPtrArray *list, char *take) {
  if (take && list->len < MAX_WORDS && strlen(take) < 200 && g_utf8_validate(take, -1, NULL) &&
      !g_hash_table_contains(mutator->known, take)) {
    g_hash_table_add(mutator->known, g_strdup(take));
    g_ptr_array_add(list, take);
  } else {
    g_free(take);
  }
}

static void learn_node(Mutator *mutator, const xmlNode *node) {
  learn(mutator, mutator->elements, g_strdup((const char *)node->name));
  for (const xmlAttr *attr = node->properties; attr; attr = attr->next) {
    learn(mutator, mutator->attributes, g_strdup((const char *)attr->name));
    xmlChar *value = xmlNodeGetContent((const xmlNode *)attr);
    learn(mutator, mutator->values, g_strdup((const char *)value));
    xmlFree(value);
  }
  for (const xmlNode *child = xml_first_element(node); child; child = xml_next_element(child))
    learn_node(mutator, child);
}

static void learn_lines(Mutator *mutator, GBytes *seed) {
  gsize length;
  const char *text = g_bytes_get_data(seed, &length);
  g_autofree char *copy = g_strndup(text, length);
  g_auto(GStrv) words = g_strsplit_set(copy, " \n=", -1);
  for (guint i = 0; words[i]; i++)
    learn(mutator, mutator->values, g_strdup(words[i]));
}

static xmlDoc *read_document(GBytes *bytes) {
  gsize length;
  const char *text = g_bytes_get_data(bytes, &length);
  xmlDoc *doc = NULL;
  return xml_parse(&doc, text, length, "seed", XML_LIMIT_DEFINITION, NULL) == RK_OK ? doc : NULL;
}

Mutator *mutator_new(const GPtrArray *seeds, gboolean xml) {
  Mutator *mutator = g_new0(Mutator, 1);
  mutator->seeds = seeds;
  mutator->xml = xml;
  mutator->elements = g_ptr_array_new_with_free_func(g_free);
  mutator->attributes = g_ptr_array_new_with_free_func(g_free);
  mutator->values = g_ptr_array_new_with_free_func(g_free);
  mutator->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < seeds->len; i++) {
    g_autoptr(xmlDoc) doc = xml ? read_document(seeds->pdata[i]) : NULL;
    if (doc)
      learn_node(mutator, xmlDocGetRootElement(doc));
    else
      learn_lines(mutator, seeds->pdata[i]);
  }
  return mutator;
}

void mutator_free(Mutator *mutator) {
  if (!mutator)
    return;
  g_ptr_array_unref(mutator->elements);
  g_ptr_array_unref(mutator->attributes);
  g_ptr_array_unref(mutator->values);
  g_hash_table_unref(mutator->known);
  g_free(mutator);
}

/* One of many, also of more than a byte counts. */
static guint any(Entropy *entropy, guint n) {
  guint high = n > 256 ? below(entropy, 256) : 0;
  guint low = below(entropy, n > 256 ? 256 : MAX(n, 1));
  return n ? (high * 256 + low) % n : 0;
}

static const char *word(const GPtrArray *list, Entropy *entropy) {
  if (!list->len || chance(entropy, 30))
    return pick(entropy, hostile);
  return list->pdata[any(entropy, list->len)];
}

/* ----------------------------------------------------------------------- structure */

static void collect(xmlNode *node, GPtrArray *nodes) {
  g_ptr_array_add(nodes, node);
  for (xmlNode *child = xml_first_element(node); child; child = xml_next_element(child))
    collect(child, nodes);
}

static xmlNode *any_node(const GPtrArray *nodes, Entropy *entropy) {
  return nodes->pdata[any(entropy, nodes->len)];
}

static gboolean contains(const xmlNode *outer, const xmlNode *inner) {
  for (; inner; inner = inner->parent)
    if (inner == outer)
      return TRUE;
  return FALSE;
}

static void put(xmlNode *parent, xmlNode *node, Entropy *entropy) {
  xmlNode *first = xml_first_element(parent);
  if (first && chance(entropy, 50))
    xmlAddPrevSibling(first, node);
  else
    xmlAddChild(parent, node);
}

/* What moves is a copy: it brings along the namespaces that its old place had declared. */
static void move_or_copy(const GPtrArray *nodes, Entropy *entropy, gboolean copy) {
  xmlNode *node = any_node(nodes, entropy), *parent = any_node(nodes, entropy);
  gboolean inside = node->parent && node->parent->type == XML_ELEMENT_NODE;
  if (!copy && (!inside || contains(node, parent)))
    return;
  put(parent, xmlDocCopyNode(node, node->doc, 1), entropy);
  if (copy)
    return;
  xmlUnlinkNode(node);
  xmlFreeNode(node);
}

static void take_out(const GPtrArray *nodes, Entropy *entropy) {
  xmlNode *node = any_node(nodes, entropy);
  if (node->parent && node->parent->type == XML_ELEMENT_NODE) {
    xmlUnlinkNode(node);
    xmlFreeNode(node);
  }
}

static const char *usable_name(const char *name) {
  gboolean good = g_ascii_isalpha(*name);
  for (const char *p = name; *p; p++)
    good &= g_ascii_isalnum(*p) || *p == '-' || *p == '_' || *p == '.';
  return good ? name : "x";
}

static void change_attribute(const Mutator *mutator, xmlNode *node, Entropy *entropy) {
  xmlAttr *attr = node->properties;
  for (guint n = below(entropy, 4); attr && attr->next && n > 0; n--)
    attr = attr->next;
  if (!attr || chance(entropy, 25)) {
    const char *name = usable_name(word(mutator->attributes, entropy));
    xmlSetProp(node, (const xmlChar *)name, (const xmlChar *)word(mutator->values, entropy));
  } else if (chance(entropy, 25)) {
    xmlRemoveProp(attr);
  } else {
    const char *value = word(mutator->values, entropy);
    xmlSetNsProp(node, attr->ns, attr->name, (const xmlChar *)value);
  }
}

static void change_tree(const Mutator *mutator, xmlDoc *doc, Entropy *entropy) {
  g_autoptr(GPtrArray) nodes = g_ptr_array_new();
  collect(xmlDocGetRootElement(doc), nodes);
  xmlNode *node = any_node(nodes, entropy);
  switch (below(entropy, 8)) {
  case 0: take_out(nodes, entropy); break;
  case 1: move_or_copy(nodes, entropy, TRUE); break;
  case 2: move_or_copy(nodes, entropy, FALSE); break;
  case 3: xmlNodeSetName(node, (const xmlChar *)usable_name(word(mutator->elements, entropy))); break;
  case 4: xml_add_text(node, word(mutator->values, entropy)); break;
  default: change_attribute(mutator, node, entropy); break;
  }
}

static GBytes *mutate_structure(const Mutator *mutator, Entropy *entropy, GBytes *input) {
  g_autoptr(xmlDoc) doc = read_document(input);
  if (!doc)
    return g_bytes_ref(input);
  for (guint n = 1 + below(entropy, 4); n > 0; n--)
    change_tree(mutator, doc, entropy);
  return xml_to_bytes(doc);
}

/* --------------------------------------------------------------------------- bytes */

static void insert(GByteArray *bytes, guint at, const void *what, guint length) {
  g_byte_array_set_size(bytes, bytes->len + length);
  memmove(bytes->data + at + length, bytes->data + at, bytes->len - length - at);
  memcpy(bytes->data + at, what, length);
}

static void splice(const Mutator *mutator, GByteArray *bytes, guint at, Entropy *entropy) {
  GBytes *other = mutator->seeds->len ? mutator->seeds->pdata[any(entropy, mutator->seeds->len)] : NULL;
  gsize length = 0;
  const guint8 *data = other ? g_bytes_get_data(other, &length) : NULL;
  guint from = any(entropy, (guint)length), most = any(entropy, 500);
  if (data)
    insert(bytes, at, data + from, MIN(most, (guint)length - from));
}

static void change_bytes(const Mutator *mutator, GByteArray *bytes, Entropy *entropy) {
  guint at = any(entropy, bytes->len + 1), most = any(entropy, 64);
  guint length = MIN(most, bytes->len - at);
  guint8 byte = (guint8)below(entropy, 256);
  const char *text = word(mutator->values, entropy);
  switch (below(entropy, 6)) {
  case 0:
    if (at < bytes->len)
      bytes->data[at] = byte;
    break;
  case 1: insert(bytes, at, &byte, 1); break;
  case 2: insert(bytes, at, text, (guint)strlen(text)); break;
  case 3:
    if (length)
      g_byte_array_remove_range(bytes, at, length);
    break;
  case 4: splice(mutator, bytes, at, entropy); break;
  case 5: /* twice the same */
    if (length) {
      g_autofree void *copy = g_memdup2(bytes->data + at, length);
      insert(bytes, at, copy, length);
    }
    break;
  }
}

static GBytes *mutate_bytes(const Mutator *mutator, Entropy *entropy, GBytes *input) {
  gsize length;
  const guint8 *data = g_bytes_get_data(input, &length);
  GByteArray *bytes = g_byte_array_sized_new((guint)length + 64);
  if (length)
    g_byte_array_append(bytes, data, (guint)length);
  for (guint n = 1 + below(entropy, 4); n > 0 && bytes->len < MAX_BYTES; n--)
    change_bytes(mutator, bytes, entropy);
  return g_byte_array_free_to_bytes(bytes);
}

GBytes *mutate(const Mutator *mutator, Entropy *entropy, GBytes *input) {
  gboolean large = g_bytes_get_size(input) > MAX_BYTES;
  if (!mutator->xml || large || chance(entropy, 20))
    return mutate_bytes(mutator, entropy, input);
  GBytes *changed = mutate_structure(mutator, entropy, input);
  if (!chance(entropy, 10))
    return changed;
  GBytes *further = mutate_bytes(mutator, entropy, changed);
  g_bytes_unref(changed);
  return further;
}
