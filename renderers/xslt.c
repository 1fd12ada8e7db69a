/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xslt.c - the only user of libxslt.
 *
 * Invariants: a stylesheet imports and includes only files of its own folder,
 * by plain name; while it runs nothing is read or written; instructions,
 * template depth and variables are bounded; no EXSLT. What a stylesheet prints
 * (xsl:message) is dropped, because it may hold personal values.
 */
#include "xslt.h"

#include "base/xml.h"

#include <libxslt/documents.h>
#include <libxslt/security.h>
#include <libxslt/transform.h>
#include <libxslt/xsltInternals.h>
#include <libxslt/xsltutils.h>
#include <string.h>

#define XSLT_OPERATIONS 10000000
#define XSLT_DEPTH 500
#define XSLT_VARIABLES 5000

/* -------------------------------------------------------------- permissions */

/* libxslt asks with a transformation context when a stylesheet runs, without
 * one when it is being loaded; then load_sibling decides. */
static int allow_loading(xsltSecurityPrefsPtr prefs, xsltTransformContextPtr context,
                         const char *value) {
  (void)prefs, (void)value;
  return context == NULL;
}

static void forbid(xsltSecurityPrefsPtr prefs, xsltSecurityCheck reading) {
  xsltSetSecurityPrefs(prefs, XSLT_SECPREF_READ_FILE, reading);
  xsltSetSecurityPrefs(prefs, XSLT_SECPREF_WRITE_FILE, xsltSecurityForbid);
  xsltSetSecurityPrefs(prefs, XSLT_SECPREF_CREATE_DIRECTORY, xsltSecurityForbid);
  xsltSetSecurityPrefs(prefs, XSLT_SECPREF_READ_NETWORK, xsltSecurityForbid);
  xsltSetSecurityPrefs(prefs, XSLT_SECPREF_WRITE_NETWORK, xsltSecurityForbid);
}

static gboolean is_sibling(const char *path, const xmlDoc *parent) {
  g_autofree char *folder = g_path_get_dirname(path);
  g_autofree char *home = parent->URL ? g_path_get_dirname((const char *)parent->URL) : NULL;
  return !g_strcmp0(folder, home) && g_str_has_suffix(path, ".xsl");
}

/* For xsl:import and xsl:include; document() gets nothing. */
static xmlDocPtr load_sibling(const xmlChar *uri, xmlDictPtr dictionary, int options,
                              void *context, xsltLoadType type) {
  (void)dictionary, (void)options;
  xmlDoc *doc = NULL;
  const xsltStylesheet *parent = context;
  if (type != XSLT_LOAD_STYLESHEET || !is_sibling((const char *)uri, parent->doc))
    return NULL;
  xml_read_file(&doc, (const char *)uri, XML_LIMIT_DEFINITION, NULL);
  return doc;
}

static void harden_once(void) {
  static gsize once;
  if (!g_once_init_enter(&once))
    return;
  xsltSecurityPrefsPtr prefs = xsltNewSecurityPrefs();
  forbid(prefs, allow_loading);
  xsltSetDefaultSecurityPrefs(prefs);
  xsltSetLoaderFunc(load_sibling);
  g_once_init_leave(&once, 1);
}

/* ---------------------------------------------------------------- messages */

/* libxslt says where ("… file F line L element E") and then what, in two calls. */
typedef struct {
  RkDiags *diags;
  DiagId id;
  char *file;
  int line;
  gboolean quote; /* its words may be repeated: they come from the stylesheet alone */
  guint count;
} Listener;

static void read_place(Listener *listener, const char *text) {
  const char *file = strstr(text, "file "), *line = file ? strstr(file, " line ") : NULL;
  if (!line)
    return;
  g_free(listener->file);
  listener->file = g_strndup(file + 5, (gsize)(line - file) - 5);
  listener->line = (int)g_ascii_strtoll(line + 6, NULL, 10);
}

static void listen(void *data, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void listen(void *data, const char *format, ...) {
  Listener *listener = data;
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  g_strchomp(text);
  if (strstr(format, "line %d element %s"))
    read_place(listener, text);
  else if (listener->quote && *text) {
    DiagPlace place = {listener->file ? g_intern_string(listener->file) : NULL, listener->line, 0};
    diags_add(listener->diags, listener->id, &place, text, NULL);
    listener->count++;
  }
}

static void drop(void *data, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void drop(void *data, const char *format, ...) {
  (void)data, (void)format;
}

/* ----------------------------------------------------------------- running */

static RkStatus compile(xsltStylesheetPtr *out, const char *path, RkDiags *diags) {
  xmlDoc *doc;
  RkStatus status = xml_read_file(&doc, path, XML_LIMIT_DEFINITION, diags);
  if (status != RK_OK)
    return status;
  Listener listener = {diags, DIAG_XSLT_COMPILE, g_strdup(path), 0, TRUE, 0};
  xsltSetGenericErrorFunc(&listener, listen);
  xsltStylesheetPtr sheet = xsltParseStylesheetDoc(doc);
  xsltSetGenericErrorFunc(NULL, drop);
  g_free(listener.file);
  if (!sheet)
    xmlFreeDoc(doc);
  if (sheet && !sheet->errors && !listener.count) {
    *out = sheet;
    return RK_OK;
  }
  if (sheet)
    xsltFreeStylesheet(sheet);
  if (!listener.count)
    diags_add(diags, DIAG_XSLT_COMPILE, &(DiagPlace){path, 0, 0}, "libxslt", NULL);
  return RK_INVALID;
}

struct XsltSheets {
  char *folder;
  GHashTable *compiled; /* path → xsltStylesheetPtr; only those without a fault */
};

static void free_sheet(gpointer sheet) {
  xsltFreeStylesheet(sheet);
}

XsltSheets *xslt_sheets_new(const char *datadir) {
  XsltSheets *sheets = g_new0(XsltSheets, 1);
  sheets->folder = g_build_filename(datadir, "xsl", NULL);
  sheets->compiled = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_sheet);
  return sheets;
}

void xslt_sheets_free(XsltSheets *sheets) {
  if (!sheets)
    return;
  g_hash_table_unref(sheets->compiled);
  g_free(sheets->folder);
  g_free(sheets);
}

static RkStatus find_sheet(XsltSheets *sheets, const char *path, xsltStylesheetPtr *out,
                           RkDiags *diags) {
  *out = g_hash_table_lookup(sheets->compiled, path);
  if (*out)
    return RK_OK;
  RkStatus status = compile(out, path, diags);
  if (status == RK_OK)
    g_hash_table_insert(sheets->compiled, g_strdup(path), *out);
  return status;
}

static xmlDoc *transform(xsltStylesheetPtr sheet, xmlDoc *in, const char *path, RkDiags *diags) {
  Listener listener = {diags, DIAG_XSLT_RUN, g_strdup(path), 0, FALSE, 0};
  xsltTransformContextPtr context = xsltNewTransformContext(sheet, in);
  xsltSecurityPrefsPtr prefs = xsltNewSecurityPrefs();
  forbid(prefs, xsltSecurityForbid);
  xsltSetCtxtSecurityPrefs(prefs, context);
  xsltSetTransformErrorFunc(context, &listener, listen);
  context->opLimit = XSLT_OPERATIONS;
  context->maxTemplateDepth = XSLT_DEPTH;
  context->maxTemplateVars = XSLT_VARIABLES;
  xmlDoc *result = xsltApplyStylesheetUser(sheet, in, NULL, NULL, NULL, context);
  if (!result || context->state != XSLT_STATE_OK) {
    DiagPlace place = {g_intern_string(listener.file), listener.line, 0};
    diags_add(diags, DIAG_XSLT_RUN, &place,
              context->state == XSLT_STATE_STOPPED ? "stopped" : "error at run time", NULL);
    g_clear_pointer(&result, xmlFreeDoc);
  }
  xsltFreeTransformContext(context);
  xsltFreeSecurityPrefs(prefs);
  g_free(listener.file);
  return result;
}

static RkStatus serialize(GBytes **out, xmlDoc *result, xsltStylesheetPtr sheet) {
  xmlChar *text = NULL;
  int length = 0;
  gboolean good = xsltSaveResultToString(&text, &length, result, sheet) == 0 && text;
  if (good)
    *out = g_bytes_new(text, (gsize)length);
  xmlFree(text);
  return good ? RK_OK : RK_INVALID;
}

RkStatus xslt_apply(GBytes **out, xmlDoc *in, XsltSheets *sheets, const char *name,
                    RkDiags *diags) {
  g_autofree char *path = g_build_filename(sheets->folder, name, NULL);
  xsltStylesheetPtr sheet;
  *out = NULL;
  xml_door_open();
  harden_once();
  RkStatus status = find_sheet(sheets, path, &sheet, diags);
  if (status != RK_OK)
    return status;
  /* xsl:strip-space changes the source tree: work on a copy. */
  g_autoptr(xmlDoc) copy = xmlCopyDoc(in, 1);
  g_autoptr(xmlDoc) result = transform(sheet, copy, path, diags);
  status = result ? serialize(out, result, sheet) : RK_INVALID;
  if (result && status != RK_OK)
    diags_add(diags, DIAG_XSLT_RUN, &(DiagPlace){path, 0, 0}, "empty result", NULL);
  return status;
}
