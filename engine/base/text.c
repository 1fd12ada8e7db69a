/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text.c - folding, widths and wrapping.
 *
 * GLib's own tables do what needs no dictionary (NFKC, widths); ICU is opened
 * only to find line breaks. ICU's transliterators are not used: opening one
 * costs more than a whole short command, and Halfwidth-Fullwidth widens spaces.
 */
#include "base/text.h"

#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/utext.h>

char *text_fold_input(const char *text) {
  char *folded = g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE);
  return folded ? folded : g_strdup(""); /* not UTF-8: nothing that could be read */
}

static gunichar to_katakana(gunichar c) {
  gboolean hiragana = (c >= 0x3041 && c <= 0x3096) || c == 0x309D || c == 0x309E;
  return hiragana ? c + 0x60 : c;
}

static gboolean is_variation_selector(gunichar c) {
  return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF);
}

static gboolean is_ignored_in_search(gunichar c) {
  if (g_unichar_isspace(c) || g_unichar_type(c) == G_UNICODE_DASH_PUNCTUATION)
    return TRUE;
  /* Minus sign, and the variation selectors that only choose a glyph. */
  return c == 0x2212 || is_variation_selector(c);
}

char *text_search_key(const char *text) {
  g_autofree char *folded = text_fold_input(text);
  g_autofree char *lower = g_utf8_casefold(folded, -1);
  GString *key = g_string_new(NULL);
  for (const char *p = lower; *p; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);
    if (!is_ignored_in_search(c))
      g_string_append_unichar(key, to_katakana(c));
  }
  return g_string_free(key, FALSE);
}

char *text_trim(const char *text) {
  GString *out = g_string_new(NULL);
  gboolean gap = FALSE;
  for (const char *p = text; *p; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);
    if (g_unichar_isspace(c)) {
      gap = out->len > 0;
      continue;
    }
    if (gap)
      g_string_append_c(out, ' ');
    gap = FALSE;
    g_string_append_unichar(out, c);
  }
  return g_string_free(out, FALSE);
}

static void add_key_part(GString *key, const char *part) {
  g_autofree char *folded = text_fold_input(part);
  g_autofree char *trimmed = text_trim(folded);
  for (const char *p = trimmed; *p; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);
    if (c == '/')
      g_string_append_unichar(key, 0xFF0F); /* the parts stay apart */
    else if (!is_variation_selector(c))
      g_string_append_unichar(key, c);
  }
}

char *text_key(const char *const *parts) {
  GString *key = g_string_new(NULL);
  for (guint i = 0; parts[i]; i++) {
    if (i)
      g_string_append(key, " / ");
    add_key_part(key, parts[i]);
  }
  return g_string_free(key, FALSE);
}

static gboolean is_halfwidth_kana(gunichar c) {
  return c >= 0xFF61 && c <= 0xFF9F;
}

/* A whole run at a time, so that ﾀﾞ becomes one character. */
char *text_widen_katakana(const char *text) {
  GString *out = g_string_new(NULL);
  for (const char *p = text; *p;) {
    const char *run = p;
    while (*p && is_halfwidth_kana(g_utf8_get_char(p)))
      p = g_utf8_next_char(p);
    if (p > run) {
      g_autofree char *wide = g_utf8_normalize(run, p - run, G_NORMALIZE_ALL_COMPOSE);
      g_string_append(out, wide);
    } else {
      p = g_utf8_next_char(p);
      g_string_append_len(out, run, p - run);
    }
  }
  return g_string_free(out, FALSE);
}

static gboolean is_kana_mark(gunichar c) {
  return c == 0x30FC || c == 0x30FB || c == ' ' || c == 0x3000;
}

static gboolean is_katakana(gunichar c) {
  return (c >= 0x30A1 && c <= 0x30FA) || c == 0x30FD || c == 0x30FE || (c >= 0x31F0 && c <= 0x31FF);
}

static gboolean is_hiragana(gunichar c) {
  return (c >= 0x3041 && c <= 0x3096) || c == 0x309D || c == 0x309E;
}

static gboolean all_kana(const char *text, gboolean (*belongs)(gunichar)) {
  gboolean any = FALSE;
  for (const char *p = text; *p; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);
    if (belongs(c))
      any = TRUE;
    else if (!is_kana_mark(c))
      return FALSE;
  }
  return any;
}

gboolean text_is_katakana(const char *text) {
  return all_kana(text, is_katakana);
}

gboolean text_is_hiragana(const char *text) {
  return all_kana(text, is_hiragana);
}

static int char_width(gunichar c) {
  if (g_unichar_iszerowidth(c))
    return 0;
  return g_unichar_iswide(c) ? 2 : 1;
}

int text_width(const char *text) {
  int width = 0;
  for (const char *p = text; *p; p = g_utf8_next_char(p))
    width += char_width(g_utf8_get_char(p));
  return width;
}

/* ---------------------------------------------------------------- wrapping */

typedef struct {
  GString *out;
  int columns, indent;
  int used;    /* columns of the line so far, without pending spaces */
  int pending; /* spaces not yet written: dropped at a line's end */
} Wrapper;

static void new_line(Wrapper *w) {
  g_string_append_c(w->out, '\n');
  for (int i = 0; i < w->indent; i++)
    g_string_append_c(w->out, ' ');
  w->used = w->indent;
  w->pending = 0;
}

/* A piece wider than a line is cut between characters. */
static void put_long(Wrapper *w, const char *piece, gsize length) {
  for (const char *p = piece; p < piece + length; p = g_utf8_next_char(p)) {
    int width = char_width(g_utf8_get_char(p));
    if (w->used + width > w->columns && w->used > w->indent)
      new_line(w);
    g_string_append_len(w->out, p, g_utf8_next_char(p) - p);
    w->used += width;
  }
}

static void put_piece(Wrapper *w, const char *piece, gsize length) {
  gsize end = length;
  while (end && (piece[end - 1] == ' ' || piece[end - 1] == '\n'))
    end--;
  g_autofree char *word = g_strndup(piece, end);
  int width = text_width(word);
  gboolean line_empty = w->used <= w->indent;
  if (width && w->used + w->pending + width > w->columns && !line_empty)
    new_line(w);
  if (width) {
    for (; w->pending; w->pending--, w->used++)
      g_string_append_c(w->out, ' ');
    put_long(w, word, end);
  }
  for (gsize i = end; i < length; i++)
    w->pending += piece[i] == ' ';
}

char *text_wrap(const char *text, int columns, int indent) {
  Wrapper w = {.out = g_string_new(NULL), .columns = columns, .indent = indent};
  gsize length = strlen(text);
  UErrorCode error = U_ZERO_ERROR;
  UText *utext = utext_openUTF8(NULL, text, (int64_t)length, &error);
  UBreakIterator *breaks = ubrk_open(UBRK_LINE, "ja@lb=strict", NULL, 0, &error);
  if (U_SUCCESS(error))
    ubrk_setUText(breaks, utext, &error);
  gsize start = 0;
  while (U_SUCCESS(error) && start < length) {
    int32_t end = ubrk_next(breaks);
    if (end == UBRK_DONE)
      break;
    put_piece(&w, text + start, (gsize)end - start);
    if (ubrk_getRuleStatus(breaks) >= UBRK_LINE_HARD && (gsize)end < length)
      new_line(&w);
    start = (gsize)end;
  }
  g_string_append(w.out, text + start); /* ICU's data is missing: unwrapped, not lost */
  if (breaks)
    ubrk_close(breaks);
  utext_close(utext);
  return g_string_free(w.out, FALSE);
}

void text_set(char **slot, const char *text) {
  char *copy = g_strdup(text);
  g_free(*slot);
  *slot = copy;
}

const char *text_find_word(const char *list, const char *word) {
  gsize length = strlen(word);
  for (const char *p = list; *word && (p = strstr(p, word)); p += length)
    if ((p == list || p[-1] == ' ') && strchr(" !=", p[length])) /* '\0' is found too */
      return p + length;
  return NULL;
}
