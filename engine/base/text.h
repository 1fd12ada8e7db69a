/* SPDX-License-Identifier: Apache-2.0 */
/* text.h - folding Japanese text: what a person typed, and how it is compared. */
#ifndef RK_BASE_TEXT_H
#define RK_BASE_TEXT_H

#include <glib.h>

/* NFKC: what every typed argument passes through before it is read as a command,
 * number or date. Never for stored names. g_free. */
char *text_fold_input(const char *text);
/* Search key: NFKC, hiragana to katakana, case fold, spaces and hyphens out. g_free. */
char *text_search_key(const char *text);
/* The parts of a register key, folded and joined by " / ": NFKC, white space to one blank,
 * variation selectors out. Parts that differ only so are the same. g_free. */
char *text_key(const char *const *parts);
/* As typed, with white space at the ends out and each run of it to one blank. g_free. */
char *text_trim(const char *text);
/* Half-width katakana to full-width, other characters untouched. g_free. */
char *text_widen_katakana(const char *text);
/* TRUE when every character is katakana (with ー ・ and spaces) or hiragana. */
gboolean text_is_katakana(const char *text);
gboolean text_is_hiragana(const char *text);
/* A copy of `text` (NULL: none) takes the place of *slot, of which it may be a part. */
void text_set(char **slot, const char *text);
/* What follows `word` in a list of words by blanks: "", a blank and more, or its mark (one of "!=") and more.
 * NULL: it is not in the list. Borrowed. */
const char *text_find_word(const char *list, const char *word);
/* Columns in a terminal: 2 for wide, 0 for combining, 1 otherwise. */
int text_width(const char *text);
/* Wrap to `columns` by UAX #14 with kinsoku; each following line starts with
 * `indent` spaces. g_free. */
char *text_wrap(const char *text, int columns, int indent);

#endif
