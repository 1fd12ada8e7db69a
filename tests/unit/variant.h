/* SPDX-License-Identifier: Apache-2.0 */
/*
 * variant.h - a shipped procedure with something changed, held against its own tests.
 *
 * The procedure is flattened and put beside links to the files of its town, with each of its
 * tests in a file of its own, so that the first one that notices ends the matter.
 */
#ifndef RK_TESTS_VARIANT_H
#define RK_TESTS_VARIANT_H

#include "renkei.h"

#include "analysis-files.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xpath.h>
#include <string.h>
#include <unistd.h>

#define VARIANT_FILE "variant.scxml"

typedef struct {
  char *root, *folder; /* the scratch folder, and the town in it */
  char *name;          /* "fujisawa/id-stop" */
  xmlDoc *doc;         /* the procedure, flattened, as shipped */
  GPtrArray *titles;   /* of its tests, */
  GPtrArray *files;    /* each in a file; the one that noticed last stands first */
} Variant;

static inline void variant_close(Variant *variant) {
  if (!variant)
    return;
  scratch_remove(variant->root);
  g_clear_pointer(&variant->doc, xmlFreeDoc);
  g_ptr_array_unref(variant->titles);
  g_ptr_array_unref(variant->files);
  g_free(variant->root);
  g_free(variant->folder);
  g_free(variant->name);
  g_free(variant);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Variant, variant_close)

static inline char *variant_attr(const xmlNode *node, const char *name) {
  xmlChar *value = xmlGetNoNsProp(node, BAD_CAST name);
  char *copy = g_strdup((const char *)value);
  xmlFree(value);
  return copy;
}

/* The document of a file: libxml2's own door to files is shut in this program. */
static inline xmlDoc *variant_read(const char *path) {
  g_autofree char *text = NULL;
  gsize size = 0;
  if (!g_file_get_contents(path, &text, &size, NULL))
    return NULL;
  return xmlReadMemory(text, (int)size, path, NULL, XML_PARSE_NONET);
}

/* Links to all that lies in `from`. */
static inline void variant_link(const char *from, const char *to) {
  g_autoptr(GDir) dir = g_dir_open(from, 0, NULL);
  g_mkdir_with_parents(to, 0700);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *target = g_build_filename(from, name, NULL);
    g_autofree char *link = g_build_filename(to, name, NULL);
    g_assert_cmpint(symlink(target, link), ==, 0);
  }
}

/* The tests file with its `n`th test alone. NULL: it has no more. */
static inline char *variant_alone(const char *path, guint n, char **title) {
  xmlDoc *doc = variant_read(path);
  xmlNode *root = xmlDocGetRootElement(doc), *test = xmlFirstElementChild(root);
  xmlNode *kept = NULL;
  for (guint i = 0; test; i++) {
    xmlNode *next = xmlNextElementSibling(test);
    if (i == n)
      kept = test;
    else {
      xmlUnlinkNode(test);
      xmlFreeNode(test);
    }
    test = next;
  }
  xmlChar *text = NULL;
  int size = 0;
  xmlSetProp(root, BAD_CAST "procedure", BAD_CAST VARIANT_FILE);
  *title = kept ? variant_attr(kept, "title") : NULL;
  xmlDocDumpMemory(doc, &text, &size);
  char *copy = kept ? g_strdup((const char *)text) : NULL;
  xmlFree(text);
  xmlFreeDoc(doc);
  return copy;
}

static inline void variant_split(Variant *variant, const char *tests) {
  char *title = NULL, *text = NULL;
  for (guint i = 0; (text = variant_alone(tests, i, &title)); i++) {
    g_autofree char *name = g_strdup_printf("%u.test.xml", i);
    g_ptr_array_add(variant->files, scratch_file(variant->folder, name, text));
    g_ptr_array_add(variant->titles, title);
    g_free(text);
  }
}

/* The procedure of "town/name.scxml" or "town/name.overlay.xml" and its tests; NULL when there
 * is no such file. */
static inline Variant *variant_open(const char *file) {
  g_autofree char *in_tree = g_build_filename("workflows", file, NULL);
  g_autofree char *path = shipped_file(in_tree), *town = g_path_get_dirname(path);
  g_autofree char *stem = g_strdup(path), *flat = NULL, *tests = NULL, *common = NULL, *base = NULL;
  if (rk_workflow_flatten(path, &flat, NULL) != RK_OK)
    return NULL;
  Variant *variant = g_new0(Variant, 1);
  *strstr(strrchr(stem, '/'), g_str_has_suffix(stem, ".scxml") ? ".scxml" : ".overlay.xml") = 0;
  tests = g_strconcat(stem, ".test.xml", NULL);
  variant->doc = xmlReadMemory(flat, (int)strlen(flat), file, NULL, XML_PARSE_NONET);
  variant->root = scratch_new();
  variant->name = g_strdup(stem + strlen(town) - strlen(strrchr(town, '/') + 1));
  variant->folder = g_build_filename(variant->root, strrchr(town, '/') + 1, NULL);
  variant->titles = g_ptr_array_new_with_free_func(g_free);
  variant->files = g_ptr_array_new_with_free_func(g_free);
  variant_link(town, variant->folder);
  common = shipped_file("workflows/base");
  base = g_build_filename(variant->root, "base", NULL);
  g_assert_cmpint(symlink(common, base), ==, 0);
  variant_split(variant, tests);
  return variant;
}

static inline void variant_write(const Variant *variant, xmlDoc *doc) {
  g_autofree char *path = g_build_filename(variant->folder, VARIANT_FILE, NULL);
  g_assert_cmpint(xmlSaveFile(path, doc), >, 0);
}

/* How the `n`th test ends with the document last written: RK_OK when it passes. `tables`, if not
 * NULL: those of rk_workflow_test, or NULL. */
static inline RkStatus variant_test(const Variant *variant, const RkSite *site, guint n,
                                    GPtrArray **tables) {
  const char *const paths[] = {variant->files->pdata[n], NULL};
  g_autoptr(GPtrArray) own = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  return rk_workflow_test(site, paths, tables ? tables : &own, diags);
}

#endif
