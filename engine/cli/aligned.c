/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aligned.c - rows of cells as aligned text.
 *
 * Nothing is ever cut off. On a terminal that is too narrow the widest columns are folded, between words and, in
 * Japanese, where a line may end. libsmartcols aligns, and replaces control characters, so that no
 * cell can command the terminal.
 */
#include "config.h"

#include "cli/cli.h"

#include <libsmartcols.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GAP 2        /* columns of the terminal between two of the table */
#define NARROWEST 10 /* no column is folded to less */
#define LONGEST 20   /* words up to this width are kept whole */

/* ------------------------------------------------------------------------ folding */

static int char_width(gunichar c) {
  return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

static int text_width(const char *text) {
  int width = 0;
  for (const char *p = text; *p; p = g_utf8_next_char(p))
    width += char_width(g_utf8_get_char(p));
  return width;
}

/* Whether a line may begin with this one: no closing bracket, full stop or small kana (kinsoku). */
static gboolean may_begin(gunichar c) {
  switch (g_unichar_break_type(c)) {
  case G_UNICODE_BREAK_CLOSE_PUNCTUATION:
  case G_UNICODE_BREAK_CLOSE_PARANTHESIS:
  case G_UNICODE_BREAK_NON_STARTER:
  case G_UNICODE_BREAK_CONDITIONAL_JAPANESE_STARTER:
  case G_UNICODE_BREAK_EXCLAMATION:
  case G_UNICODE_BREAK_INFIX_SEPARATOR:
  case G_UNICODE_BREAK_COMBINING_MARK:
  case G_UNICODE_BREAK_SPACE:
    return FALSE;
  default:
    return TRUE;
  }
}

static gboolean may_break(gunichar before, gunichar after) {
  if (!may_begin(after) || g_unichar_break_type(before) == G_UNICODE_BREAK_OPEN_PUNCTUATION)
    return FALSE;
  return before == ' ' || g_unichar_iswide(before) || g_unichar_iswide(after);
}

/* Where the line that begins here ends: at the last place that allows it, else where it is full. */
static const char *line_end(const char *text, int width) {
  const char *end = NULL, *p = text;
  for (int used = 0; *p;) {
    gunichar c = g_utf8_get_char(p);
    used += char_width(c);
    if (used > width)
      return end ? end : p > text ? p : g_utf8_next_char(p);
    p = g_utf8_next_char(p);
    if (*p && may_break(c, g_utf8_get_char(p)))
      end = p;
  }
  return p;
}

static char *fold_cell(const char *text, int width) {
  GString *folded = g_string_new(NULL);
  while (*text) {
    const char *end = line_end(text, width);
    g_autofree char *line = g_strchomp(g_strndup(text, (gsize)(end - text)));
    g_string_append_printf(folded, "%s%s", folded->len ? "\n" : "", line);
    text = end;
  }
  return g_string_free(folded, FALSE);
}

/* ------------------------------------------------------------------------- widths */

/* The width of the longest piece that cannot be broken between words. */
static int piece_width(const char *text) {
  int longest = 0, width = 0;
  for (const char *p = text; *p;) {
    gunichar c = g_utf8_get_char(p);
    p = g_utf8_next_char(p);
    width += c == ' ' ? 0 : char_width(c);
    longest = MAX(longest, width);
    if (*p && may_break(c, g_utf8_get_char(p)))
      width = 0;
  }
  return longest;
}

/* How wide a column is by itself, and how narrow it may become. */
typedef struct {
  int wide, least;
} Extent;

static void measure(const AlignedColumn *columns, guint count, const GPtrArray *cells, Extent *extents) {
  for (guint i = 0; i < count; i++) {
    int width = text_width(columns[i].title);
    extents[i] = (Extent){width, MAX(width, NARROWEST)};
  }
  for (guint i = 0; i < cells->len; i++) {
    Extent *extent = &extents[i % count];
    extent->wide = MAX(extent->wide, text_width(cells->pdata[i]));
    extent->least = MAX(extent->least, MIN(piece_width(cells->pdata[i]), LONGEST));
  }
}

/* The widest column that may be folded further. */
static Extent *widest(const AlignedColumn *columns, guint count, Extent *extents) {
  Extent *found = NULL;
  for (guint i = 0; i < count; i++)
    if (columns[i].folds && extents[i].wide > extents[i].least &&
        (!found || extents[i].wide > found->wide))
      found = &extents[i];
  return found;
}

static void narrow(const AlignedColumn *columns, guint count, Extent *extents, int wanted) {
  int total = GAP * ((int)count - 1);
  Extent *column;
  for (guint i = 0; i < count; i++)
    total += extents[i].wide;
  for (; total > wanted && (column = widest(columns, count, extents)); total--)
    column->wide--;
}

/* ----------------------------------------------------------------------- printing */

/* Without the spaces that fill up the last column: they only wrap lines on narrow terminals. */
static void print_without_padding(struct libscols_table *table) {
  char *text = NULL;
  if (scols_print_table_to_string(table, &text) == 0) {
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] && (lines[i][0] || lines[i + 1]); i++)
      put_format(stdout, "%s\n", g_strchomp(lines[i]));
  }
  free(text);
}

static void add_column(struct libscols_table *table, const AlignedColumn *column) {
  int flags = (column->right ? SCOLS_FL_RIGHT : 0) | (column->folds ? SCOLS_FL_WRAP : 0);
  struct libscols_column *added = scols_table_new_column(table, column->title, 0, flags);
  if (!column->folds)
    return;
  scols_column_set_safechars(added, "\n");
  scols_column_set_wrapfunc(added, scols_wrapnl_chunksize, scols_wrapnl_nextchunk, NULL);
}

void aligned_print(const AlignedColumn *columns, guint count, gboolean headings,
                   const GPtrArray *cells) {
  g_autofree Extent *extents = g_new(Extent, count);
  struct libscols_table *table = scols_new_table();
  struct libscols_line *line = NULL;
  measure(columns, count, cells, extents);
  if (isatty(STDOUT_FILENO))
    narrow(columns, count, extents, (int)scols_table_get_termwidth(table));
  for (guint i = 0; i < count; i++)
    add_column(table, &columns[i]);
  for (guint i = 0; i < cells->len; i++) {
    g_autofree char *folded = fold_cell(cells->pdata[i], extents[i % count].wide);
    if (i % count == 0)
      line = scols_table_new_line(table, NULL);
    scols_line_set_data(line, i % count, columns[i % count].folds ? folded : cells->pdata[i]);
  }
  scols_table_enable_noheadings(table, !headings);
  scols_table_set_column_separator(table, "  ");
  scols_table_set_termforce(table, SCOLS_TERMFORCE_NEVER); /* what had to be folded is */
  print_without_padding(table);
  scols_unref_table(table);
}
