/* SPDX-License-Identifier: Apache-2.0 */
/* trial.c - see trial.h. */
#include "trial.h"

#include "mutants.h"
#include "variant.h"

/* ----------------------------------------------------------- what may notice */

static gboolean check_notices(const Trial *trial, const Variant *variant) {
  g_autofree char *path = g_build_filename(variant->folder, VARIANT_FILE, NULL);
  const char *const paths[] = {path, NULL};
  g_autoptr(RkDiags) diags = rk_diags_new();
  return rk_workflow_check(trial->site, paths, diags) != RK_OK || rk_diags_count(diags) > 0;
}

/* Who acts, which ways there are, who keeps. */
static gboolean lists_notice(const Trial *trial, const Variant *variant, xmlDoc *doc) {
  g_autofree char *words =
      expected_differences(trial->expected, strchr(variant->name, '/') + 1, doc);
  return *words != '\0';
}

/* In the test a paper went or lies where the list has it not. */
static gboolean papers_notice(const Trial *trial, const RkTable *papers) {
  for (guint row = 0; row < rk_table_rows(papers); row++) {
    const char *form = rk_table_get(papers, row, "form"), *to = rk_table_get(papers, row, "to");
    const char *from = rk_table_get(papers, row, "from");
    const char *channel = rk_table_get(papers, row, "channel");
    gboolean moves = strcmp(rk_table_get(papers, row, "what"), "moves") == 0;
    g_autofree char *way = g_strjoin("\t", form, from, to, channel, NULL);
    g_autofree char *pair = g_strjoin("\t", form, to, NULL);
    if (moves ? !expected_moves(trial->expected, way) : expected_never(trial->expected, pair))
      return TRUE;
  }
  return FALSE;
}

/* The test that notices comes first the next time: it often notices the neighbours, too. */
static void put_first(Variant *variant, guint n) {
  gpointer file = variant->files->pdata[n];
  memmove(variant->files->pdata + 1, variant->files->pdata, n * sizeof(gpointer));
  variant->files->pdata[0] = file;
}

static gboolean tests_notice(Trial *trial, Variant *variant) {
  for (guint n = 0; n < variant->files->len; n++) {
    g_autoptr(GPtrArray) tables = NULL;
    RkStatus status = variant_test(variant, trial->site, n, &tables);
    gboolean listed = status == RK_OK && papers_notice(trial, tables->pdata[1]);
    trial->by_lists += listed;
    if (status != RK_OK || listed) {
      put_first(variant, n);
      return TRUE;
    }
  }
  return FALSE;
}

/* The document last written is `doc`. */
static gboolean something_notices(Trial *trial, Variant *variant, xmlDoc *doc) {
  gboolean checked = check_notices(trial, variant);
  gboolean listed = !checked && lists_notice(trial, variant, doc);
  trial->by_check += checked;
  trial->by_lists += listed;
  return checked || listed || tests_notice(trial, variant);
}

/* ------------------------------------------------------------------- faults */

/* The element that is the `n`th of the document, from 0; NULL: there are fewer. */
static xmlNode *nth(xmlNode *node, guint *n) {
  if (!*n)
    return node;
  --*n;
  for (xmlNode *child = xmlFirstElementChild(node); child; child = xmlNextElementSibling(child)) {
    xmlNode *found = nth(child, n);
    if (found)
      return found;
  }
  return NULL;
}

/* The first of these attributes that it has, or "". */
static char *name_of(const xmlNode *node) {
  static const char *const attributes[] = {"id", "event", "form", "register", "test", "title"};
  for (guint i = 0; i < G_N_ELEMENTS(attributes); i++) {
    char *value = variant_attr(node, attributes[i]);
    if (value)
      return value;
  }
  return g_strdup("");
}

/* What the element is about, for a reader: itself and the elements around it, up to the state. */
static char *described(const xmlNode *node) {
  GString *text = g_string_new(NULL);
  for (gboolean within = TRUE; within && node->type == XML_ELEMENT_NODE; node = node->parent) {
    g_autofree char *id = variant_attr(node, "id"), *name = name_of(node);
    g_string_append_printf(text, "%s%s %s", text->len ? " in " : "", node->name, name);
    within = !id;
  }
  return g_string_free(text, FALSE);
}

static void try_fault(Trial *trial, Variant *variant, guint element, guint number,
                      const Stock *stock) {
  xmlDoc *doc = xmlCopyDoc(variant->doc, 1);
  xmlNode *node = nth(xmlDocGetRootElement(doc), &(guint){element});
  g_autofree char *where = described(node), *what = mutate(node, number, stock);
  if (what && trial->seen++ % trial->every == 0) {
    g_autofree char *fault = g_strdup_printf("%s: %s: %s", variant->name, where, what);
    variant_write(variant, doc);
    gboolean noticed = something_notices(trial, variant, doc);
    trial->tried++;
    trial->noticed += noticed;
    if (!noticed)
      trial->survives(fault, trial->user);
  }
  xmlFreeDoc(doc);
}

const char *trial_procedure(Trial *trial, const char *file) {
  g_autoptr(Variant) variant = variant_open(file);
  if (!variant)
    return "cannot be read";
  g_autoptr(Stock) stock = stock_new(variant->doc);
  xmlNode *root = xmlDocGetRootElement(variant->doc), *node = NULL;
  Trial shipped = *trial;
  variant_write(variant, variant->doc);
  if (something_notices(&shipped, variant, variant->doc))
    return "does not hold as it is shipped";
  for (guint i = 0; (node = nth(root, &(guint){i})); i++)
    for (guint number = 0; number < mutate_faults(node); number++)
      try_fault(trial, variant, i, number, stock);
  return NULL;
}

static gint by_name(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *trial_procedures(const char *town) {
  GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
  g_autofree char *path = g_build_filename(g_getenv("RENKEI_SRCDIR"), "workflows", town, NULL);
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));)
    if (g_str_has_suffix(name, ".scxml") || g_str_has_suffix(name, ".overlay.xml"))
      g_ptr_array_add(files, g_build_filename(town, name, NULL));
  g_ptr_array_sort(files, by_name);
  return files;
}
