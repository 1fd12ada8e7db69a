/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xml.h - the only door to the libxml2 parser.
 *
 * Every document that enters Renkei comes through here: no DTD, no entities
 * but the five, no network, no XInclude; sizes, depth and tag length bounded;
 * faults become diagnostics with line and column. Documents pass on as xmlDoc.
 */
#ifndef RK_BASE_XML_H
#define RK_BASE_XML_H

#include "base/diag.h"

#include <libxml/tree.h>

#define XML_LIMIT_DEFINITION (4u << 20) /* a workflow, a form, a register file */
#define XML_LIMIT_DATA (1u << 20)       /* event data, a snapshot, a form instance */
#define XML_LIMIT_TAG (16u << 10)       /* one start tag: bounds the attributes */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlDoc, xmlFreeDoc)

/*
 * Prepare libxml2 once per process, before any other use of it: allocators that
 * end the process with status 71 on exhaustion (libxml2 answers wrongly after a
 * failed allocation), no catalogs, no external entities.
 */
void xml_door_open(void);

/*
 * Parse `length` bytes. `name` is used in diagnostics and kept with the document
 * (doc->URL). All faults that libxml2 can report in one pass go to `diags`.
 * RK_INVALID when the document is not acceptable.
 */
RkStatus xml_parse(xmlDoc **out, const char *bytes, gsize length, const char *name,
                   gsize limit, RkDiags *diags);
/* Read and parse a file of at most `limit` bytes. RK_FAILED when unreadable. */
RkStatus xml_read_file(xmlDoc **out, const char *path, gsize limit, RkDiags *diags);

/* Where the start tag of `node` (an element of a document read here) stands.
 * `file` is borrowed from the document. */
DiagPlace xml_place(const xmlNode *node);
/* Give an element a place: for documents put together from several. The name of the file is
 * interned: for definitions, not for data. */
void xml_set_place(xmlNode *node, const DiagPlace *place);
/* A deep copy of an element or comment with the places of its elements, in the namespaces that hold
 * in `parent`; to be linked there. */
xmlNode *xml_clone(const xmlNode *node, xmlNode *parent);
/* The elements of the document keep the name of its file when it is called otherwise from now on. */
void xml_rename(xmlDoc *doc, const char *name);

/* Element tests and attribute reading. Attribute values without a namespace. */
gboolean xml_is(const xmlNode *node, const char *ns, const char *name);
char *xml_attr(const xmlNode *node, const char *name);                      /* g_free; NULL if absent */
char *xml_attr_ns(const xmlNode *node, const char *ns, const char *name);   /* g_free; NULL if absent */
gboolean xml_in_ns(const xmlNode *node, const char *ns);
xmlNode *xml_first_element(const xmlNode *parent);
xmlNode *xml_next_element(const xmlNode *node);

/* Text content of a node, g_free. */
char *xml_text(const xmlNode *node);
/* Append a text node holding exactly `text`: no entity is interpreted. Here and below a character that
 * XML does not allow becomes U+FFFD, so that what is written can be read. */
void xml_add_text(xmlNode *parent, const char *text);
/* Append <name>text</name> in the parent's namespace; text may be NULL. */
xmlNode *xml_add_element(xmlNode *parent, const char *name, const char *text);
void xml_set_attr(xmlNode *node, const char *name, const char *value);
/* The text with those characters replaced, for who writes XML himself; NULL: it has none. g_free. */
char *xml_replace_unwritable(const char *text);

/* The document as UTF-8 bytes with an XML declaration; g_bytes_unref. */
GBytes *xml_to_bytes(xmlDoc *doc);

#endif
