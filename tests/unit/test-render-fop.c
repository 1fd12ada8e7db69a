/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every shipped form, blank and filled, formatted by us and by Apache FOP from one FO
 * file: the same pages, the same text in the same order, every word within 3 mm.
 * Known differences stand in tests/render/fop-differences.txt; the list must be exact.
 *
 * All forms go into one file, so that one Java machine starts. FOP's faults with
 * variation selectors and with characters beyond U+FFFF are known, so the data has
 * neither of them.
 */
#include "../own-folder.h"
#include "form-support.h"
#include "render.h"

#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>

#define FO "http://www.w3.org/1999/XSL/Format"
#define SVG "http://www.w3.org/2000/svg"
#define NEAR (3 / 25.4 * 72) /* points */
#define LIST "tests/render/fop-differences.txt"

extern const RenderOps renkei_print_ops;

/* --------------------------------------------------------------------- documents */

static char *setting(gpointer user, const char *key) {
  (void)user;
  (void)key;
  return g_strdup("見本");
}

/* Without variation selectors, and with a plain character for each of planes 1 and 2. */
static char *plain(const char *text) {
  GString *out = g_string_new(NULL);
  for (const char *p = text; *p; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);
    if (c < 0xFE00 || (c > 0xFE0F && c < 0x10000))
      g_string_append_unichar(out, c);
    else if (c >= 0x10000 && c < 0xE0000)
      g_string_append(out, "吉");
  }
  return g_string_free(out, FALSE);
}

/* The typical values of a form; NULL where there is no file of them. */
static FormData *typical(Form *form, const char *code) {
  g_autofree char *relative = g_strdup_printf("tests/golden/form/%s-typical.txt", code);
  g_autofree char *path = source_path(relative), *text = NULL;
  if (!g_file_get_contents(path, &text, NULL, NULL))
    return NULL;
  g_autofree char *values = plain(text);
  FormData *data = form_data_new(form);
  assert_int_equal(form_data_read_text(data, values, relative, NULL), RK_OK);
  return data;
}

static char *instance_fo(Form *form, FormData *data) {
  g_autofree char *datadir = source_path("renderers");
  RenderOptions options = {.datadir = datadir, .page = 1};
  FormInstanceInfo info = {.setting = setting};
  if (data) {
    info.paper_number = "R8-0012-1";
    info.journal_head = "41 0123456789abcdef";
  }
  g_autoptr(xmlDoc) instance = form_instance(form, data, &info);
  g_autoptr(GBytes) text = NULL;
  assert_int_equal(renkei_print_ops.render(&text, instance, RENDER_FO, &options, NULL), RK_OK);
  return g_strndup(g_bytes_get_data(text, NULL), g_bytes_get_size(text));
}

static int count_pages(const char *fo) {
  g_autofree char *datadir = source_path("renderers");
  RenderOptions options = {.datadir = datadir};
  g_autoptr(xmlDoc) doc = NULL;
  int pages = 0;
  assert_int_equal(xml_parse(&doc, fo, strlen(fo), "form.fo", XML_LIMIT_DEFINITION, NULL), RK_OK);
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkStatus status = renkei_print_ops.count_pages(&pages, doc, &options, diags);
  if (status != RK_OK)
    print_message("%s\n", rk_diags_get(diags, 0)->message);
  assert_int_equal(status, RK_OK);
  return pages;
}

/* All documents in one: the masters and the page sequences of each, their names made unique. */
typedef struct {
  char *root; /* the start tag of the first */
  GString *masters, *sequences;
  GPtrArray *names; /* of each document */
  GArray *ends;     /* int: the page after its last */
} Corpus;

static char *replace_all(const char *text, const char *pattern, const char *by) {
  g_autoptr(GRegex) regex = g_regex_new(pattern, 0, 0, NULL);
  return g_regex_replace(regex, text, -1, 0, by, 0, NULL);
}

static char *between(const char *text, const char *from, const char *to) {
  const char *start = strstr(text, from), *end = start ? g_strrstr(start, to) : NULL;
  assert_non_null(end);
  start += strlen(from);
  return g_strndup(start, (gsize)(end - start));
}

static void add_document(Corpus *corpus, const char *fo, char *name) {
  guint number = corpus->names->len;
  int end = count_pages(fo) + (number ? g_array_index(corpus->ends, int, number - 1) : 0);
  g_autofree char *by = g_strdup_printf(" \\1=\"d%u-", number);
  g_autofree char *own = replace_all(fo, " (id|ref-id|master-name|master-reference)=\"", by);
  /* FOP has no drawing for a code: white of the same size. */
  g_autofree char *ready = replace_all(own, "<k:qr [^>]*/>",
                                       "<svg xmlns=\"" SVG "\" width=\"28mm\" height=\"28mm\"/>");
  g_autofree char *masters = between(ready, "<fo:layout-master-set>", "</fo:layout-master-set>");
  g_autofree char *sequences = between(ready, "</fo:layout-master-set>", "</fo:root>");
  if (!corpus->root)
    corpus->root = between(ready, "<fo:root", "<fo:layout-master-set>");
  g_string_append(corpus->masters, masters);
  g_string_append(corpus->sequences, sequences);
  g_array_append_val(corpus->ends, end);
  g_ptr_array_add(corpus->names, name);
}

static int by_name(gconstpointer a, gconstpointer b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* forms/MUNICIPALITY/CODE.xml, in order. */
static GPtrArray *shipped_forms(void) {
  GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
  g_autofree char *forms = source_path("forms");
  g_autoptr(GDir) dir = g_dir_open(forms, 0, NULL);
  for (const char *folder; (folder = g_dir_read_name(dir));) {
    g_autofree char *inner = g_build_filename(forms, folder, NULL);
    g_autoptr(GDir) files = g_dir_open(inner, 0, NULL);
    for (const char *file; files && (file = g_dir_read_name(files));)
      if (g_str_has_suffix(file, ".xml"))
        g_ptr_array_add(paths, g_build_filename("forms", folder, file, NULL));
  }
  g_ptr_array_sort(paths, by_name);
  return paths;
}

/* A known difference: a line of the list. */
typedef struct {
  char *witness, *pattern;
} Known;

static void known_free(gpointer data) {
  Known *known = data;
  g_free(known->witness);
  g_free(known->pattern);
  g_free(known);
}

/* "form | pattern | why"; a bar inside the pattern is written \\|. */
static GPtrArray *known_differences(void) {
  g_autofree char *path = source_path(LIST), *text = NULL;
  GPtrArray *list = g_ptr_array_new_with_free_func(known_free);
  assert_true(g_file_get_contents(path, &text, NULL, NULL));
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (guint i = 0; lines[i]; i++) {
    if (!*lines[i] || *lines[i] == '#')
      continue;
    g_auto(GStrv) parts = g_strsplit(lines[i], " | ", -1);
    assert_int_equal(g_strv_length(parts), 3);
    Known *known = g_new0(Known, 1);
    known->witness = g_strdup(parts[0]);
    known->pattern = replace_all(parts[1], "\\\\\\|", "|");
    g_ptr_array_add(list, known);
  }
  return list;
}

/* The block that a diagnostic is about. */
static xmlNode *find_place(xmlNode *node, const RkDiag *diag) {
  DiagPlace place = xml_place(node);
  if (place.line == diag->line && place.column == diag->column)
    return node;
  xmlNode *found = NULL;
  for (xmlNode *child = xml_first_element(node); child && !found; child = xml_next_element(child))
    found = find_place(child, diag);
  return found;
}

/* Blocks that shrink are those that would be too wide without k:fit. They are set in
 * the smallest type from the start, so that nothing needs to shrink. */
static char *without_shrinking(const char *fo) {
  g_autofree char *datadir = source_path("renderers");
  g_autofree char *stiff = replace_all(fo, " k:fit=\"shrink\"", "");
  RenderOptions options = {.datadir = datadir};
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(xmlDoc) doc = NULL;
  int pages;
  assert_int_equal(xml_parse(&doc, stiff, strlen(stiff), "t.fo", XML_LIMIT_DEFINITION, NULL), RK_OK);
  renkei_print_ops.count_pages(&pages, doc, &options, diags);
  for (guint i = 0; i < rk_diags_count(diags); i++) {
    const RkDiag *diag = rk_diags_get(diags, i);
    xmlNode *block = find_place(xmlDocGetRootElement(doc), diag);
    assert_string_equal(diag->code, "RN023");
    assert_non_null(block);
    xml_set_attr(block, "font-size", "8pt");
  }
  g_autoptr(GBytes) bytes = xml_to_bytes(doc);
  return g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

/* The document without what is known to differ; `but` is left in. */
static char *neutral(const char *fo, const GPtrArray *list, const Known *but) {
  char *text = g_strdup(fo);
  for (guint i = 0; i < list->len; i++) {
    const Known *known = g_ptr_array_index(list, i);
    g_autofree char *old = text;
    if (known == but)
      text = g_strdup(old);
    else if (!strcmp(known->pattern, "k:fit"))
      text = without_shrinking(old);
    else
      text = replace_all(old, known->pattern, "");
  }
  return text;
}

/* A document, and once more for each known difference that it is to show. */
static void add_variants(Corpus *corpus, const GPtrArray *list, const char *fo,
                         const char *name) {
  g_autofree char *plain_fo = neutral(fo, list, NULL);
  add_document(corpus, plain_fo, g_strdup(name));
  for (guint i = 0; i < list->len; i++) {
    const Known *known = g_ptr_array_index(list, i);
    if (strcmp(known->witness, name))
      continue;
    g_autofree char *shown = neutral(fo, list, known);
    add_document(corpus, shown, g_strdup_printf("%s with %s", name, known->pattern));
  }
}

static Corpus collect(const GPtrArray *list) {
  Corpus corpus = {NULL, g_string_new(NULL), g_string_new(NULL),
                   g_ptr_array_new_with_free_func(g_free), g_array_new(FALSE, FALSE, sizeof(int))};
  g_autoptr(GPtrArray) paths = shipped_forms();
  for (guint i = 0; i < paths->len; i++) {
    const char *path = g_ptr_array_index(paths, i);
    g_autofree char *base = g_path_get_basename(path), *code = g_strndup(base, strlen(base) - 4);
    g_autoptr(Form) form = shipped(path);
    g_autoptr(FormData) data = typical(form, code);
    g_autofree char *blank = instance_fo(form, NULL);
    g_autofree char *filled = data ? instance_fo(form, data) : NULL;
    g_autofree char *blank_name = g_strdup_printf("%s blank", code);
    g_autofree char *filled_name = g_strdup_printf("%s typical", code);
    add_variants(&corpus, list, blank, blank_name);
    if (filled)
      add_variants(&corpus, list, filled, filled_name);
  }
  return corpus;
}

static char *corpus_text(const Corpus *corpus) {
  return g_strconcat("<fo:root", corpus->root, "<fo:layout-master-set>", corpus->masters->str,
                     "</fo:layout-master-set>", corpus->sequences->str, "</fo:root>", NULL);
}

static void corpus_clear(Corpus *corpus) {
  g_free(corpus->root);
  g_string_free(corpus->masters, TRUE);
  g_string_free(corpus->sequences, TRUE);
  g_ptr_array_unref(corpus->names);
  g_array_unref(corpus->ends);
}

/* ----------------------------------------------------------------- words on pages */

typedef struct {
  gunichar c;
  double x, y; /* the character's left edge and middle */
  guint word;
} Mark;

static double half_widths(const char *word, const char *end) {
  double sum = 0;
  for (const char *p = word; p < end; p = g_utf8_next_char(p))
    sum += g_unichar_iswide(g_utf8_get_char(p)) ? 2 : 1;
  return sum;
}

/* The characters of a word stand in proportion to their widths. */
static void add_word(GArray *page, const char *text, double x, double right, double y,
                     guint word) {
  double whole = half_widths(text, text + strlen(text));
  for (const char *p = text; *p; p = g_utf8_next_char(p)) {
    Mark mark = {g_utf8_get_char(p), x + (right - x) * half_widths(text, p) / whole, y, word};
    if (!g_unichar_isspace(mark.c))
      g_array_append_val(page, mark);
  }
}

static double attribute(const char *line, const char *name) {
  const char *at = strstr(line, name);
  return at ? g_ascii_strtod(at + strlen(name) + 2, NULL) : 0;
}

static char *unescaped(const char *line) {
  const char *from = strchr(line, '>') + 1, *to = strrchr(line, '<');
  g_autofree char *raw = g_strndup(from, (gsize)(to - from));
  GString *text = g_string_new(raw);
  g_string_replace(text, "&lt;", "<", 0);
  g_string_replace(text, "&gt;", ">", 0);
  g_string_replace(text, "&quot;", "\"", 0);
  g_string_replace(text, "&amp;", "&", 0);
  return g_string_free(text, FALSE);
}

/* For each page an array of Mark in the order of the content. */
static GPtrArray *read_pages(const char *pdf) {
  const char *argv[] = {"pdftotext", "-raw", "-bbox", pdf, "-", NULL};
  g_autofree char *out = NULL;
  GPtrArray *pages = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
  assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL,
                           NULL, NULL));
  g_auto(GStrv) lines = g_strsplit(out, "\n", -1);
  for (guint i = 0; lines[i]; i++) {
    if (strstr(lines[i], "<page "))
      g_ptr_array_add(pages, g_array_new(FALSE, FALSE, sizeof(Mark)));
    if (!strstr(lines[i], "<word "))
      continue;
    g_autofree char *text = unescaped(lines[i]);
    add_word(g_ptr_array_index(pages, pages->len - 1), text, attribute(lines[i], "xMin"),
             attribute(lines[i], "xMax"),
             (attribute(lines[i], "yMin") + attribute(lines[i], "yMax")) / 2, i);
  }
  return pages;
}

/* ------------------------------------------------------------------- differences */

static char *text_of(const GArray *page) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < page->len; i++)
    g_string_append_unichar(text, g_array_index(page, Mark, i).c);
  return g_string_free(text, FALSE);
}

/* One line for each run of characters that stand elsewhere. */
static void compare_places(GString *out, const char *name, int number, const GArray *ours,
                           const GArray *theirs) {
  gboolean before = FALSE;
  for (guint i = 0; i < ours->len; i++) {
    const Mark *mine = &g_array_index(ours, Mark, i), *other = &g_array_index(theirs, Mark, i);
    double dx = mine->x - other->x, dy = mine->y - other->y;
    gboolean away = hypot(dx, dy) > NEAR;
    if (away && !before)
      g_string_append_printf(out, "%s, page %d: moved by %.1f, %.1f mm from ", name, number,
                             dx / 72 * 25.4, dy / 72 * 25.4);
    if (away)
      g_string_append_unichar(out, mine->c);
    else if (before)
      g_string_append_c(out, '\n');
    before = away;
  }
  if (before)
    g_string_append_c(out, '\n');
}

static void compare_page(GString *out, const char *name, int number, const GArray *ours,
                         const GArray *theirs) {
  g_autofree char *a = text_of(ours), *b = text_of(theirs);
  if (strcmp(a, b)) {
    const char *p = a, *q = b;
    while (*p && g_utf8_get_char(p) == g_utf8_get_char(q))
      p = g_utf8_next_char(p), q = g_utf8_next_char(q);
    g_autofree char *mine = g_utf8_substring(p, 0, MIN(20, g_utf8_strlen(p, -1)));
    g_autofree char *other = g_utf8_substring(q, 0, MIN(20, g_utf8_strlen(q, -1)));
    g_string_append_printf(out, "%s, page %d: text is %s, FOP has %s\n", name, number, mine, other);
    return;
  }
  compare_places(out, name, number, ours, theirs);
}

static char *compare(const Corpus *corpus, const char *ours, const char *theirs) {
  GString *out = g_string_new(NULL);
  g_autoptr(GPtrArray) a = read_pages(ours), b = read_pages(theirs);
  if (a->len != b->len)
    g_string_append_printf(out, "%u pages, FOP has %u\n", a->len, b->len);
  guint document = 0;
  for (int page = 0, first = 0; page < (int)MIN(a->len, b->len); page++) {
    while (page >= g_array_index(corpus->ends, int, document))
      first = g_array_index(corpus->ends, int, document++);
    compare_page(out, g_ptr_array_index(corpus->names, document), page - first + 1,
                 g_ptr_array_index(a, page), g_ptr_array_index(b, page));
  }
  return g_string_free(out, FALSE);
}

/* ---------------------------------------------------------------------- formatting */

static void write_config(const char *path) {
  static const char *const fonts[][3] = {
      {"BIZ UDGothic", "normal", "bizud-gothic/BIZUDGothic-Regular.ttf"},
      {"BIZ UDGothic", "bold", "bizud-gothic/BIZUDGothic-Bold.ttf"},
      {"BIZ UDMincho", "normal", "bizud-mincho/BIZUDMincho-Regular.ttf"},
      {"IPAmjMincho", "normal", "ipamj/ipamjm.ttf"},
      {"DejaVu Sans", "normal", "dejavu/DejaVuSans.ttf"}};
  g_autoptr(GString) text = g_string_new(
      "<fop version='1.0'><strict-configuration>true</strict-configuration>"
      "<strict-validation>true</strict-validation><renderers><renderer mime='application/pdf'>"
      "<fonts>");
  for (guint i = 0; i < G_N_ELEMENTS(fonts); i++)
    g_string_append_printf(text,
                           "<font embed-url='file:/usr/share/fonts/truetype/%s'><font-triplet "
                           "name='%s' style='normal' weight='%s'/></font>",
                           fonts[i][2], fonts[i][0], fonts[i][1]);
  g_string_append(text, "</fonts></renderer></renderers></fop>");
  assert_true(g_file_set_contents(path, text->str, -1, NULL));
}

typedef struct {
  char *dir, *fo, *config, *ours, *theirs;
} Files;

static Files files_new(void) {
  char *dir = folder_new("fop");
  return (Files){dir, g_build_filename(dir, "all.fo", NULL), g_build_filename(dir, "fop.xconf", NULL),
                 g_build_filename(dir, "ours.pdf", NULL), g_build_filename(dir, "theirs.pdf", NULL)};
}

static void files_clear(Files *files) {
  g_autofree char *cache = g_build_filename(files->dir, ".fop", "fop-fonts.cache", NULL);
  g_autofree char *folder = g_build_filename(files->dir, ".fop", NULL);
  char *paths[] = {cache, folder, files->fo, files->config, files->ours, files->theirs, files->dir};
  for (guint i = 0; i < G_N_ELEMENTS(paths); i++)
    g_remove(paths[i]);
  for (guint i = 2; i < G_N_ELEMENTS(paths); i++)
    g_free(paths[i]);
}

/* FOP strictly refuses attributes it does not know: it gets the file without ours. */
static void format_by_fop(const Files *files, const char *text) {
  g_autofree char *standard = replace_all(text, " k:[a-z]+=\"[^\"]*\"", ""), *said = NULL;
  g_autofree char *home = g_strdup_printf("JAVA_ARGS=-Duser.home=%s -XX:+UseSerialGC "
                                          "-XX:TieredStopAtLevel=1",
                                          files->dir);
  g_auto(GStrv) environment = g_get_environ();
  const char *argv[] = {"fop", "-c", files->config, "-fo", files->fo, "-pdf", files->theirs, NULL};
  int status = 1;
  write_config(files->config);
  environment = g_environ_setenv(environment, "JAVA_ARGS", strchr(home, '=') + 1, TRUE);
  assert_true(g_file_set_contents(files->fo, standard, -1, NULL));
  assert_true(g_spawn_sync(NULL, (char **)argv, environment, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                           &said, &status, NULL));
  if (status)
    fail_msg("fop: %s", said);
}

static void format_by_us(const char *text, const char *path) {
  g_autofree char *datadir = source_path("renderers");
  RenderOptions options = {.datadir = datadir};
  g_autoptr(GBytes) pdf = NULL;
  g_autoptr(xmlDoc) doc = NULL;
  assert_int_equal(xml_parse(&doc, text, strlen(text), "all.fo", 64u << 20, NULL), RK_OK);
  assert_int_equal(renkei_print_ops.render_fo(&pdf, doc, RENDER_PDF, &options, NULL), RK_OK);
  assert_true(g_file_set_contents(path, g_bytes_get_data(pdf, NULL),
                                  (gssize)g_bytes_get_size(pdf), NULL));
}

/* -------------------------------------------------------------------------- tests */

static gboolean can_compare(void) {
  static const char *const tools[] = {"fop", "pdftotext"};
  g_autofree char *datadir = source_path("renderers");
  RenderOptions options = {.datadir = datadir};
  for (guint i = 0; i < G_N_ELEMENTS(tools); i++) {
    g_autofree char *path = g_find_program_in_path(tools[i]);
    if (!path) {
      print_message("%s is not installed\n", tools[i]);
      return FALSE;
    }
  }
  return renkei_print_ops.check_fonts(&options, NULL) == RK_OK;
}

/* What is found about documents that show nothing on purpose, told on stderr. */
static guint unexpected(const char *found) {
  guint count = 0;
  g_auto(GStrv) lines = g_strsplit(found, "\n", -1);
  for (guint i = 0; lines[i]; i++)
    if (*lines[i] && !strstr(lines[i], " with ")) {
      print_message("%.300s\n", lines[i]);
      count++;
    }
  return count;
}

static void fop_formats_every_form_as_we_do(void **state) {
  (void)state;
  if (!can_compare())
    skip();
  g_autoptr(GPtrArray) list = known_differences();
  Corpus corpus = collect(list);
  Files files = files_new();
  g_autofree char *text = corpus_text(&corpus);
  format_by_fop(&files, text);
  format_by_us(text, files.ours);
  g_autofree char *found = compare(&corpus, files.ours, files.theirs);
  files_clear(&files);
  assert_true(corpus.names->len >= 18);
  corpus_clear(&corpus);
  assert_int_equal(unexpected(found), 0);
  for (guint i = 0; i < list->len; i++) {
    const Known *known = g_ptr_array_index(list, i);
    g_autofree char *shown = g_strdup_printf("%s with %s", known->witness, known->pattern);
    if (!strstr(found, shown))
      fail_msg("%s: no longer shows '%s'; take it out of " LIST, known->witness, known->pattern);
  }
}

/* ----------------------------------------------------------- the comparison itself */

#define PAGE(top, word)                                                                           \
  "<fo:root xmlns:fo='" FO "' font-family='BIZ UDGothic' font-size='10pt'><fo:layout-master-set>" \
  "<fo:simple-page-master master-name='m' page-width='90mm' page-height='90mm' margin='9mm'>"     \
  "<fo:region-body/></fo:simple-page-master></fo:layout-master-set>"                              \
  "<fo:page-sequence master-reference='m' force-page-count='no-force'>"                           \
  "<fo:flow flow-name='xsl-region-body'><fo:block>一行目</fo:block>"                               \
  "<fo:block padding-top='" top "'>" word "</fo:block></fo:flow></fo:page-sequence></fo:root>"

static char *compare_with(const char *other) {
  Corpus corpus = {NULL, g_string_new(NULL), g_string_new(NULL),
                   g_ptr_array_new_with_free_func(g_free), g_array_new(FALSE, FALSE, sizeof(int))};
  Files files = files_new();
  int end = 1;
  g_ptr_array_add(corpus.names, g_strdup("見本"));
  g_array_append_val(corpus.ends, end);
  format_by_us(PAGE("5mm", "氏名 太郎"), files.ours);
  format_by_us(other, files.theirs);
  char *found = compare(&corpus, files.ours, files.theirs);
  files_clear(&files);
  corpus_clear(&corpus);
  return found;
}

static void a_word_four_millimetres_away_is_found(void **state) {
  (void)state;
  if (!can_compare())
    skip();
  g_autofree char *same = compare_with(PAGE("5mm", "氏名 太郎"));
  g_autofree char *near = compare_with(PAGE("7mm", "氏名 太郎"));
  g_autofree char *far = compare_with(PAGE("9mm", "氏名 太郎"));
  g_autofree char *other = compare_with(PAGE("5mm", "氏名 花子"));
  assert_string_equal(same, "");
  assert_string_equal(near, "");
  assert_string_equal(far, "見本, page 1: moved by 0.0, -4.0 mm from 氏名太郎\n");
  assert_non_null(strstr(other, "見本, page 1: text"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(fop_formats_every_form_as_we_do),
      cmocka_unit_test(a_word_four_millimetres_away_is_found),
  };
  return cmocka_run_group_tests_name("render-fop", tests, NULL, NULL);
}
