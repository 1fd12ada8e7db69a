/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xml.c - hardened parsing.
 *
 * Invariants: no parser context is made anywhere else; each element of a parsed
 * document carries line and column of its start tag in _private (the DOM's own
 * line number stops at 65535 and has no column), and the file when it came from
 * another than its document. libxml2's messages quote the input, so only a fixed text for its code
 * is shown, never a value.
 */
#include "base/xml.h"

#include "base/words.h"

#include <libxml/catalog.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlmemory.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* In _private: the quark of the file's name (0: the document's), line, column. */
#define COLUMN_BITS 20
#define LINE_BITS 22
#define COLUMN_MASK ((1u << COLUMN_BITS) - 1)
#define LINE_MASK ((1u << LINE_BITS) - 1)
G_STATIC_ASSERT(sizeof(gsize) == 8 && XML_LIMIT_DEFINITION <= LINE_MASK + 1);

static void die_without_memory(void) {
  static const char message[] = "renkei: out of memory\n";
  if (write(STDERR_FILENO, message, sizeof message - 1) < 0)
    _exit(RK_NOMEM);
  _exit(RK_NOMEM);
}

static void *die_malloc(size_t size) {
  void *memory = malloc(size);
  if (!memory && size)
    die_without_memory();
  return memory;
}

static void *die_realloc(void *old, size_t size) {
  void *memory = realloc(old, size);
  if (!memory && size)
    die_without_memory();
  return memory;
}

static char *die_strdup(const char *text) {
  char *copy = strdup(text);
  if (!copy)
    die_without_memory();
  return copy;
}

static xmlParserInputPtr refuse_external(const char *url, const char *id, xmlParserCtxtPtr context) {
  (void)url, (void)id, (void)context;
  return NULL;
}

void xml_door_open(void) {
  static gsize once;
  if (!g_once_init_enter(&once))
    return;
  xmlMemSetup(free, die_malloc, die_realloc, die_strdup);
  xmlInitParser();
  xmlCatalogSetDefaults(XML_CATA_ALLOW_NONE);
  xmlSetExternalEntityLoader(refuse_external);
  g_once_init_leave(&once, 1);
}

/* ---------------------------------------------------------- before parsing */

static DiagPlace place_of_offset(const char *name, const char *bytes, gsize offset) {
  DiagPlace place = {name, 1, 1};
  for (gsize i = 0; i < offset; i++) {
    if (bytes[i] == '\n') {
      place.line++;
      place.column = 1;
    } else if (((guchar)bytes[i] & 0xC0) != 0x80) {
      place.column++;
    }
  }
  return place;
}

/* The offset of a start tag longer than the limit, or -1. Comments, CDATA and
 * processing instructions are skipped; quoted '>' does not end a tag. */
static gssize find_long_tag(const char *bytes, gsize length) {
  static const struct {
    const char *open, *close;
  } skipped[] = {{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}};
  for (gsize i = 0; i < length; i++) {
    if (bytes[i] != '<')
      continue;
    gsize end = 0;
    for (guint k = 0; k < G_N_ELEMENTS(skipped) && !end; k++) {
      gsize n = strlen(skipped[k].open);
      if (length - i < n || memcmp(bytes + i, skipped[k].open, n))
        continue;
      const char *close = g_strstr_len(bytes + i + n, (gssize)(length - i - n), skipped[k].close);
      end = close ? (gsize)(close - bytes) + strlen(skipped[k].close) : length;
    }
    char quote = 0;
    for (gsize j = i + 1; !end; j++) {
      if (j >= length)
        end = length;
      else if (j - i > XML_LIMIT_TAG)
        return (gssize)i;
      else if (quote)
        quote = bytes[j] == quote ? 0 : quote;
      else if (bytes[j] == '"' || bytes[j] == '\'')
        quote = bytes[j];
      else if (bytes[j] == '>')
        end = j + 1;
    }
    i = end - 1;
  }
  return -1;
}

static RkStatus check_bytes(const char *bytes, gsize length, const char *name, gsize limit,
                            RkDiags *diags) {
  g_autofree char *maximum = NULL;
  if (length > limit) {
    maximum = g_strdup_printf("%" G_GSIZE_FORMAT, limit);
    return diags_fail(diags, RK_INVALID, DIAG_FILE_TOO_LARGE, NULL, name, maximum, NULL);
  }
  const char *bad = NULL;
  if (!g_utf8_validate_len(bytes, length, &bad)) {
    DiagPlace place = place_of_offset(name, bytes, (gsize)(bad - bytes));
    return diags_fail(diags, RK_INVALID, DIAG_XML_ENCODING, &place, NULL);
  }
  gssize tag = find_long_tag(bytes, length);
  if (tag >= 0) {
    DiagPlace place = place_of_offset(name, bytes, (gsize)tag);
    maximum = g_strdup_printf("%u", XML_LIMIT_TAG);
    return diags_fail(diags, RK_INVALID, DIAG_XML_TAG_TOO_LONG, &place, maximum, NULL);
  }
  return RK_OK;
}

/* ----------------------------------------------------------------- parsing */

typedef struct {
  const char *name;
  RkDiags *diags;
  gboolean refused_dtd;
  const char *bytes;  /* the whole document */
  gsize length;
  gsize offset;       /* up to here lines and columns are counted: */
  guint line, column; /* of that byte */
} ParseState;

static void refuse_dtd(void *data, const xmlChar *name, const xmlChar *id, const xmlChar *system) {
  xmlParserCtxtPtr context = data;
  ParseState *state = context->_private;
  (void)name, (void)id, (void)system;
  DiagPlace place = {state->name, context->input->line, context->input->col};
  diags_add(state->diags, DIAG_XML_DTD, &place, NULL);
  state->refused_dtd = TRUE;
  context->wellFormed = 0;
  xmlStopParser(context);
}

static void *pack(GQuark file, guint line, guint column) {
  return GSIZE_TO_POINTER((gsize)file << (LINE_BITS + COLUMN_BITS) |
                          (gsize)MIN(line, LINE_MASK) << COLUMN_BITS | MIN(column, COLUMN_MASK));
}

/* Line and column of the '<' that opened the element just started: attribute values cannot
 * hold a literal '<', so the last one before the cursor is it. Counted onwards from the
 * element before: a document may be one long line. */
static void remember_place(xmlParserCtxtPtr context, xmlNode *node) {
  ParseState *state = context->_private;
  long consumed = xmlByteConsumed(context);
  gsize start = consumed > 0 ? MIN((gsize)consumed, state->length - 1) : 0;
  while (start > state->offset && state->bytes[start] != '<')
    start--;
  for (; state->offset < start; state->offset++) {
    char c = state->bytes[state->offset];
    if (c == '\n') {
      state->line++;
      state->column = 1;
    } else if (((guchar)c & 0xC0) != 0x80) {
      state->column++;
    }
  }
  node->_private = pack(0, state->line, state->column);
}

static void start_element(void *data, const xmlChar *name, const xmlChar *prefix,
                          const xmlChar *uri, int n_namespaces, const xmlChar **namespaces,
                          int n_attributes, int n_defaulted, const xmlChar **attributes) {
  xmlParserCtxtPtr context = data;
  xmlSAX2StartElementNs(data, name, prefix, uri, n_namespaces, namespaces, n_attributes,
                        n_defaulted, attributes);
  if (context->node)
    remember_place(context, context->node);
}

/* What the parser complains of, in words of ours: its own text quotes values. */
static const char *describe(int code) {
  switch (code) {
  case XML_ERR_DOCUMENT_EMPTY: return N_("the document is empty");
  case XML_ERR_DOCUMENT_END: return N_("something stands after the end of the document");
  case XML_ERR_TAG_NAME_MISMATCH: return N_("the end tag does not match the start tag");
  case XML_ERR_TAG_NOT_FINISHED: return N_("an element is not closed");
  case XML_ERR_GT_REQUIRED: return N_("'>' is missing");
  case XML_ERR_LT_IN_ATTRIBUTE: return N_("'<' inside an attribute value");
  case XML_ERR_ATTRIBUTE_NOT_STARTED: return N_("an attribute value needs quotes");
  case XML_ERR_ATTRIBUTE_REDEFINED: return N_("an attribute stands twice");
  case XML_ERR_UNDECLARED_ENTITY: return N_("an entity other than &amp; &lt; &gt; &quot; &apos;");
  case XML_ERR_NAME_REQUIRED: return N_("a name is expected here");
  case XML_NS_ERR_UNDEFINED_NAMESPACE: return N_("a namespace prefix is not declared");
  case XML_ERR_INVALID_CHAR: return N_("a character that XML does not allow");
  case XML_ERR_COMMENT_NOT_FINISHED: return N_("a comment is not closed");
  default: return NULL;
  }
}

static void on_error(void *data, xmlErrorPtr error) {
  xmlParserCtxtPtr context = data;
  ParseState *state = context->_private;
  if (state->refused_dtd || error->level < XML_ERR_ERROR)
    return;
  g_autofree char *number = g_strdup_printf("libxml2 %d", error->code);
  const char *words = describe(error->code);
  DiagPlace place = {state->name, error->line, error->int2};
  if (error->code == XML_ERR_INTERNAL_ERROR && context->nameNr >= 255)
    diags_add(state->diags, DIAG_XML_TOO_DEEP, &place, NULL);
  else
    diags_add(state->diags, DIAG_XML_SYNTAX, &place, words ? _(words) : number, NULL);
}

RkStatus xml_parse(xmlDoc **out, const char *bytes, gsize length, const char *name, gsize limit,
                   RkDiags *diags) {
  *out = NULL;
  xml_door_open();
  RkStatus status = check_bytes(bytes, length, name, limit, diags);
  if (status != RK_OK)
    return status;
  ParseState state = {.name = name, .diags = diags, .bytes = bytes, .length = length, .line = 1,
                      .column = 1};
  xmlParserCtxtPtr context = xmlNewParserCtxt();
  context->_private = &state;
  context->sax->internalSubset = refuse_dtd;
  context->sax->startElementNs = start_element;
  context->sax->serror = (xmlStructuredErrorFunc)on_error;
  xmlDoc *doc = xmlCtxtReadMemory(context, bytes, (int)length, name, "UTF-8",
                                  XML_PARSE_NONET | XML_PARSE_BIG_LINES);
  gboolean good = doc && context->wellFormed && context->nsWellFormed && !state.refused_dtd;
  int code = context->lastError.code;
  xmlFreeParserCtxt(context);
  if (good) {
    *out = doc;
    return RK_OK;
  }
  xmlFreeDoc(doc);
  if (diags && !rk_diags_has_errors(diags)) {
    g_autofree char *number = g_strdup_printf("%d", code);
    diags_add(diags, DIAG_XML_LIBRARY, &(DiagPlace){name, 0, 0}, number, NULL);
  }
  return RK_INVALID;
}

RkStatus xml_read_file(xmlDoc **out, const char *path, gsize limit, RkDiags *diags) {
  *out = NULL;
  g_autofree char *bytes = NULL;
  gsize length = 0;
  g_autoptr(GError) error = NULL;
  if (!g_file_get_contents(path, &bytes, &length, &error))
    return diags_fail(diags, RK_FAILED, DIAG_FILE_OPEN, NULL, path, g_strerror(errno), NULL);
  return xml_parse(out, bytes, length, path, limit, diags);
}

/* --------------------------------------------------------------- accessors */

DiagPlace xml_place(const xmlNode *node) {
  gsize packed = GPOINTER_TO_SIZE(node->_private);
  GQuark file = (GQuark)(packed >> (LINE_BITS + COLUMN_BITS));
  DiagPlace place = {node->doc ? (const char *)node->doc->URL : NULL,
                     (int)(packed >> COLUMN_BITS & LINE_MASK), (int)(packed & COLUMN_MASK)};
  if (file)
    place.file = g_quark_to_string(file);
  if (!packed)
    place.line = (int)xmlGetLineNo(node);
  return place;
}

void xml_set_place(xmlNode *node, const DiagPlace *place) {
  gboolean own = !place->file || (node->doc->URL && g_str_equal(place->file, node->doc->URL));
  node->_private = pack(own ? 0 : g_quark_from_string(place->file), (guint)place->line,
                        (guint)place->column);
}

/* The next element in document order inside `top`. */
static xmlNode *next_inside(const xmlNode *node, const xmlNode *top) {
  xmlNode *next = xmlFirstElementChild((xmlNode *)node);
  for (; !next && node != top; node = node->parent)
    next = xmlNextElementSibling((xmlNode *)node);
  return next;
}

static void exchange_ns(xmlNode *node, const xmlNs *old, xmlNs *ns) {
  if (node->ns == old)
    node->ns = ns;
  for (xmlAttr *attribute = node->properties; attribute; attribute = attribute->next)
    if (attribute->ns == old)
      attribute->ns = ns;
}

/* A copy declares its namespaces itself; those that hold in `parent` anyway need no second time. */
static void drop_declared(xmlNode *copy, xmlNode *parent) {
  for (xmlNs **slot = &copy->nsDef; *slot;) {
    xmlNs *own = *slot, *held = xmlSearchNs(parent->doc, parent, own->prefix);
    if (!held || !xmlStrEqual(held->href, own->href)) {
      slot = &own->next;
      continue;
    }
    for (xmlNode *node = copy; node; node = next_inside(node, copy))
      exchange_ns(node, own, held);
    *slot = own->next;
    xmlFreeNs(own);
  }
}

/* Not xmlDOMWrapCloneNode: it leaves names of other namespaces pointing into the old document. */
xmlNode *xml_clone(const xmlNode *node, xmlNode *parent) {
  xmlNode *copy = xmlDocCopyNode((xmlNode *)node, parent->doc, 1);
  const xmlNode *from = node;
  if (node->type != XML_ELEMENT_NODE)
    return copy;
  for (xmlNode *to = copy; to; to = next_inside(to, copy)) {
    DiagPlace place = xml_place(from);
    xml_set_place(to, &place);
    from = next_inside(from, node);
  }
  drop_declared(copy, parent);
  return copy;
}

void xml_rename(xmlDoc *doc, const char *name) {
  xmlNode *root = xmlDocGetRootElement(doc);
  const xmlChar *old = doc->URL;
  doc->URL = xmlStrdup((const xmlChar *)name);
  for (xmlNode *node = root; node; node = next_inside(node, root)) {
    DiagPlace place = xml_place(node);
    if (g_strcmp0(place.file, name) == 0)
      place.file = (const char *)old;
    xml_set_place(node, &place);
  }
  xmlFree((void *)old);
}

gboolean xml_in_ns(const xmlNode *node, const char *ns) {
  if (node->type != XML_ELEMENT_NODE)
    return FALSE;
  return node->ns ? g_strcmp0((const char *)node->ns->href, ns) == 0 : ns == NULL;
}

gboolean xml_is(const xmlNode *node, const char *ns, const char *name) {
  return xml_in_ns(node, ns) && g_str_equal((const char *)node->name, name);
}

static char *take_xml_string(xmlChar *text) {
  if (!text)
    return NULL;
  char *copy = g_strdup((const char *)text);
  xmlFree(text);
  return copy;
}

char *xml_attr(const xmlNode *node, const char *name) {
  return take_xml_string(xmlGetNoNsProp((xmlNode *)node, (const xmlChar *)name));
}

char *xml_attr_ns(const xmlNode *node, const char *ns, const char *name) {
  return take_xml_string(
      xmlGetNsProp((xmlNode *)node, (const xmlChar *)name, (const xmlChar *)ns));
}

xmlNode *xml_first_element(const xmlNode *parent) {
  return xmlFirstElementChild((xmlNode *)parent);
}

xmlNode *xml_next_element(const xmlNode *node) {
  return xmlNextElementSibling((xmlNode *)node);
}

char *xml_text(const xmlNode *node) {
  return take_xml_string(xmlNodeGetContent((xmlNode *)node));
}

static gboolean is_writable(const char *text) {
  while (*text >= ' ' && *text < 0x7f) /* most are nothing else */
    text++;
  if (!g_utf8_validate(text, -1, NULL))
    return FALSE;
  for (const char *p = text; *p; p = g_utf8_next_char(p))
    if (!IS_CHAR(g_utf8_get_char(p)))
      return FALSE;
  return TRUE;
}

/* XML cannot hold every character (XML 1.0, 2.2), and what we write must be readable again. */
char *xml_replace_unwritable(const char *text) {
  if (is_writable(text))
    return NULL;
  g_autofree char *valid = g_utf8_make_valid(text, -1);
  GString *out = g_string_new(NULL);
  for (const char *p = valid; *p; p = g_utf8_next_char(p))
    g_string_append_unichar(out, IS_CHAR(g_utf8_get_char(p)) ? g_utf8_get_char(p) : 0xFFFD);
  return g_string_free(out, FALSE);
}

void xml_add_text(xmlNode *parent, const char *text) {
  if (!text || !*text)
    return;
  g_autofree char *other = xml_replace_unwritable(text);
  xmlAddChild(parent, xmlNewDocText(parent->doc, (const xmlChar *)(other ? other : text)));
}

xmlNode *xml_add_element(xmlNode *parent, const char *name, const char *text) {
  xmlNode *node = xmlNewDocNode(parent->doc, parent->ns, (const xmlChar *)name, NULL);
  xmlAddChild(parent, node);
  xml_add_text(node, text);
  return node;
}

void xml_set_attr(xmlNode *node, const char *name, const char *value) {
  g_autofree char *other = value ? xml_replace_unwritable(value) : NULL;
  xmlSetProp(node, (const xmlChar *)name, (const xmlChar *)(other ? other : value));
}

GBytes *xml_to_bytes(xmlDoc *doc) {
  xmlChar *text = NULL;
  int length = 0;
  xmlDocDumpMemoryEnc(doc, &text, &length, "UTF-8");
  GBytes *bytes = g_bytes_new(text, (gsize)length);
  xmlFree(text);
  return bytes;
}
