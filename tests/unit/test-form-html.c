/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The HTML itself: nested as HTML allows, every id once, every value bound to a
 * label that is there, on A4. Each rule is shown to find its fault.
 */
#include "form-words.h"

/* HTML as XML: the few tags that HTML leaves open are closed. */
static xmlDoc *parse(const char *html) {
  g_autofree char *body = text_cut(html, "<!DOCTYPE[^>]*>|<meta[^>]*>|<style>.*</style>", "");
  g_autoptr(GRegex) open = g_regex_new("<(col|br)((?: [^>]*)?)>", 0, 0, NULL);
  g_autofree char *xml = g_regex_replace(open, body, -1, 0, "<\\1\\2/>", 0, NULL);
  xmlDoc *doc = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  xml_parse(&doc, xml, strlen(xml), "form.html", XML_LIMIT_DEFINITION, diags);
  return doc;
}

typedef struct {
  GHashTable *ids; /* id → xmlNode */
  GString *faults;
} Page;

static void fault(Page *page, const char *what, const char *where) {
  g_string_append_printf(page->faults, "%s (%s); ", what, where);
}

static gboolean named(const xmlNode *node, const char *names) {
  g_auto(GStrv) list = g_strsplit(names, " ", -1);
  return g_strv_contains((const char *const *)list, (const char *)node->name);
}

static void collect_ids(Page *page, const xmlNode *node) {
  g_autofree char *id = xml_attr(node, "id");
  if (id && !g_hash_table_insert(page->ids, g_strdup(id), (gpointer)node))
    fault(page, "id twice", id);
  for (const xmlNode *n = xml_first_element(node); n; n = xml_next_element(n))
    collect_ids(page, n);
}

static void check_nesting(Page *page, const xmlNode *node, gboolean in_phrase) {
  if (in_phrase && named(node, "div p table h1 h2 section main footer"))
    fault(page, "block in a phrase", (const char *)node->name);
  if (named(node, "th")) {
    g_autofree char *scope = xml_attr(node, "scope");
    if (!scope)
      fault(page, "head without scope", "th");
  }
  for (const xmlNode *n = xml_first_element(node); n; n = xml_next_element(n))
    check_nesting(page, n, in_phrase || named(node, "p span h1 h2 strong"));
}

/* The words that name an element: aria-label, or the text of the ids it points to. */
static char *name_of(const Page *page, const xmlNode *node) {
  g_autofree char *label = xml_attr(node, "aria-label"), *by = xml_attr(node, "aria-labelledby");
  if (label)
    return g_steal_pointer(&label);
  GString *name = g_string_new(NULL);
  g_auto(GStrv) ids = g_strsplit(by ? by : "", " ", -1);
  for (guint i = 0; ids[i]; i++) {
    const xmlNode *target = g_hash_table_lookup(page->ids, ids[i]);
    g_autofree char *text = target ? xml_text(target) : NULL;
    g_string_append_printf(name, "%s%s", i ? " " : "", text ? text : "?");
  }
  return g_string_free(name, FALSE);
}

/* Each field of the instance has its place, and the place its label. */
static void check_fields(Page *page, const xmlNode *node) {
  if (words_is(node, "field")) {
    g_autofree char *id = words_attr(node, "id"), *label = words_attr(node, "label");
    const xmlNode *place = g_hash_table_lookup(page->ids, id);
    g_autofree char *name = place ? name_of(page, place) : NULL;
    g_autofree char *row = words_attr(node->parent, "label");
    if (!place)
      fault(page, "no place", id);
    else if (!g_str_has_prefix(name, label) && strcmp(name, row))
      fault(page, "not named after its label", id);
  }
  for (const xmlNode *n = xml_first_element(node); n; n = xml_next_element(n))
    check_fields(page, n);
}

/* "" when all is well; g_free. */
static char *faults_of(const char *html, xmlDoc *instance) {
  g_autoptr(xmlDoc) doc = parse(html);
  if (!doc)
    return g_strdup("not well nested");
  g_autoptr(GHashTable) ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  Page page = {ids, g_string_new(NULL)};
  collect_ids(&page, xmlDocGetRootElement(doc));
  check_nesting(&page, xmlDocGetRootElement(doc), FALSE);
  if (instance)
    check_fields(&page, xmlDocGetRootElement(instance));
  return g_string_free(page.faults, FALSE);
}

static void every_value_is_bound_to_its_label(void **state) {
  (void)state;
  for (guint code = 0; code < G_N_ELEMENTS(paper_codes); code++)
    for (guint kind = 0; kind < G_N_ELEMENTS(paper_kinds); kind++) {
      g_autoptr(xmlDoc) instance = paper_instance(paper_codes[code], paper_kinds[kind]);
      g_autoptr(GBytes) html = paper_render(instance, RENDER_HTML, 1);
      g_autofree char *text = g_strndup(g_bytes_get_data(html, NULL), g_bytes_get_size(html));
      g_autofree char *faults = faults_of(text, instance);
      if (*faults)
        fail_msg("%s %s: %s", paper_codes[code], paper_kinds[kind], faults);
      assert_non_null(strstr(text, "<html lang=\"ja\">"));
      assert_non_null(strstr(text, "@page { size: A4;"));
      assert_non_null(strstr(text, "charset=UTF-8"));
    }
}

static void each_rule_finds_its_fault(void **state) {
  (void)state;
  static const char *const bad[] = {"<html><p><b></p></b></html>", "<html><i id=\"a\"/><i id=\"a\"/></html>",
                                    "<html><p><div>x</div></p></html>", "<html><table><tr><th>x</th></tr></table></html>"};
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autofree char *faults = faults_of(bad[i], NULL);
    assert_true(*faults != '\0');
  }
  g_autoptr(xmlDoc) instance = paper_instance("fj-3", "least");
  g_autoptr(GBytes) html = paper_render(instance, RENDER_HTML, 1);
  g_autofree char *text = g_strndup(g_bytes_get_data(html, NULL), g_bytes_get_size(html));
  g_autofree char *unbound = text_cut(text, "id=\"label-inst_name\"", "id=\"other\"");
  g_autofree char *placeless = text_cut(text, "id=\"pledger_name\"", "id=\"other\"");
  g_autofree char *none = faults_of(text, instance), *a = faults_of(unbound, instance), *b = faults_of(placeless, instance);
  assert_string_equal(none, "");
  assert_non_null(strstr(a, "inst_name"));
  assert_non_null(strstr(b, "no place (pledger_name)"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_value_is_bound_to_its_label),
      cmocka_unit_test(each_rule_finds_its_fault),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
