/* SPDX-License-Identifier: Apache-2.0 */
/* tags.c - structure and bookmarks of a PDF. */
#include "tags.h"

#include <cairo-pdf.h>
#include <string.h>

#define OBJECT_TEXT "\xEF\xBF\xBC"

static const char *tag_of(const FoNode *node) {
  switch (node->element) {
  case FO_BLOCK: return node_heading(node) ? node->traits.own.role : "P";
  case FO_TABLE: return "Table";
  case FO_TABLE_ROW: return "TR";
  case FO_TABLE_CELL: return node->parent->parent->element == FO_TABLE_HEADER ? "TH" : "TD";
  default: return NULL;
  }
}

/* ------------------------------------------------------------------- bookmarks */

static void add_bookmark(Tagger *tagger, int level, const char *text, double y) {
  int parent = CAIRO_PDF_OUTLINE_ROOT;
  char place[64], height[G_ASCII_DTOSTR_BUF_SIZE];
  for (int up = 0; up < level; up++)
    if (tagger->bookmarks[up])
      parent = tagger->bookmarks[up];
  g_ascii_formatd(height, sizeof height, "%.2f", y);
  g_snprintf(place, sizeof place, "page=%u pos=[0 %s]", tagger->page + 1, height);
  tagger->bookmarks[level] = cairo_pdf_surface_add_outline(tagger->surface, parent, text, place,
                                                           CAIRO_PDF_OUTLINE_FLAG_OPEN);
  for (guint deeper = (guint)level + 1; deeper < G_N_ELEMENTS(tagger->bookmarks); deeper++)
    tagger->bookmarks[deeper] = 0;
}

static char *title_of(const FoNode *sequence) {
  const FoNode *title = node_find(sequence, FO_TITLE);
  GString *text = g_string_new(NULL);
  for (guint i = 0; title && i < title->children->len; i++)
    g_string_append(text, node_child(title, i)->text);
  g_strstrip(text->str);
  return g_string_free(text, FALSE);
}

/* A heading that only repeats the title of its sequence needs no bookmark. */
static void bookmark_heading(Tagger *tagger, const FoBox *text, int level, double y) {
  g_autofree char *title = title_of(pages_get(tagger->pages, tagger->page)->sequence);
  g_auto(GStrv) parts = g_strsplit(pango_layout_get_text(text->text->layout), OBJECT_TEXT, -1);
  g_autofree char *words = g_strstrip(g_strjoinv("", parts));
  if (text->first == 0 && *words && strcmp(words, title))
    add_bookmark(tagger, level, words, y);
}

/* ------------------------------------------------------------------- structure */

static void enter(gpointer user, const FoNode *node, const FoBox *text, double y) {
  Tagger *tagger = user;
  const char *tag = tag_of(node);
  int level = node_heading(node);
  if (node->element == FO_STATIC_CONTENT)
    tagger->outside = TRUE;
  if (tagger->outside || !tag)
    return;
  if (text && level)
    bookmark_heading(tagger, text, level, y);
  cairo_tag_begin(tagger->cairo, tag, NULL);
}

static void leave(gpointer user, const FoNode *node) {
  Tagger *tagger = user;
  const char *tag = tag_of(node);
  if (!tagger->outside && tag)
    cairo_tag_end(tagger->cairo, tag);
  if (node->element == FO_STATIC_CONTENT)
    tagger->outside = FALSE;
}

DrawWatch tagger_watch(Tagger *tagger) {
  return (DrawWatch){.user = tagger, .enter = enter, .leave = leave};
}

void tagger_begin(Tagger *tagger) {
  cairo_tag_begin(tagger->cairo, "Document", NULL);
}

void tagger_page(Tagger *tagger, guint index) {
  const FoNode *sequence = pages_get(tagger->pages, index)->sequence;
  tagger->page = index;
  if (index && pages_get(tagger->pages, index - 1)->sequence == sequence)
    return;
  g_autofree char *title = title_of(sequence);
  memset(tagger->bookmarks, 0, sizeof tagger->bookmarks);
  if (*title)
    add_bookmark(tagger, 0, title, 0);
}

void tagger_end(Tagger *tagger) {
  cairo_tag_end(tagger->cairo, "Document");
}

/* --------------------------------------------------------------------- catalog */

/* The last occurrence of `text`, or -1. */
static gssize find_last(const GByteArray *bytes, const char *text) {
  gsize n = strlen(text);
  for (gssize at = (gssize)bytes->len - (gssize)n; at >= 0; at--)
    if (!memcmp(bytes->data + at, text, n))
      return at;
  return -1;
}

static void append_text(GByteArray *bytes, const char *text) {
  g_byte_array_append(bytes, (const guint8 *)text, (guint)strlen(text));
}

/* "/Root 12 0 R" of the trailer; 0 when there is none. */
static guint64 number_after(const GByteArray *bytes, const char *word) {
  gssize at = find_last(bytes, word);
  return at < 0 ? 0 : g_ascii_strtoull((const char *)bytes->data + at + strlen(word), NULL, 10);
}

static gboolean is_language(const char *language) {
  for (const char *p = language; *p; p++)
    if (!g_ascii_isalnum(*p) && *p != '-')
      return FALSE;
  return *language != 0;
}

/* ISO 32000-1, 7.5.6: the catalog once more, a table of cross references with this one
 * entry, a trailer that leads to the table before. */
void tags_mark_catalog(GByteArray *pdf, const char *language) {
  g_byte_array_append(pdf, (const guint8 *)"", 1); /* a stop for what reads numbers */
  g_byte_array_set_size(pdf, pdf->len - 1);
  guint64 root = number_after(pdf, "/Root "), size = number_after(pdf, "/Size ");
  guint64 table = number_after(pdf, "startxref\n"), info = number_after(pdf, "/Info ");
  g_autofree char *head = g_strdup_printf("\n%" G_GUINT64_FORMAT " 0 obj\n<<", root);
  gssize start = find_last(pdf, head);
  const char *end = start < 0 ? NULL : strstr((const char *)pdf->data + start, "endobj");
  g_return_if_fail(root && size && table && info && end);
  start += (gssize)strlen(head);
  g_autofree char *old = g_strndup((const char *)pdf->data + start,
                                   (gsize)(end - (const char *)pdf->data - start));
  g_autofree char *lang = language && is_language(language)
                              ? g_strdup_printf(" /Lang (%s)", language)
                              : g_strdup("");
  g_autofree char *catalog =
      g_strdup_printf("%" G_GUINT64_FORMAT " 0 obj\n<<%s%s /ViewerPreferences << /DisplayDocTitle "
                      "true >>%sendobj\n",
                      root, strstr(old, "/MarkInfo") ? "" : " /MarkInfo << /Marked true >>", lang,
                      old);
  guint at = pdf->len;
  append_text(pdf, catalog);
  g_autofree char *trailer = g_strdup_printf(
      "xref\n%" G_GUINT64_FORMAT " 1\n%010u 00000 n \ntrailer\n<< /Size %" G_GUINT64_FORMAT
      " /Root %" G_GUINT64_FORMAT " 0 R /Info %" G_GUINT64_FORMAT " 0 R /Prev %" G_GUINT64_FORMAT
      " >>\nstartxref\n%u\n%%%%EOF\n",
      root, at, size, root, info, table, pdf->len);
  append_text(pdf, trailer);
}
