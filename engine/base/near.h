/* SPDX-License-Identifier: Apache-2.0 */
/* near.h - "did you mean": the known word nearest to one that is not known. */
#ifndef RK_BASE_NEAR_H
#define RK_BASE_NEAR_H

/* The word of the NULL-terminated list at Damerau-Levenshtein distance 1 or 2 of `word`,
 * the nearest; NULL when none is, or when there is no list. Borrowed from the list. */
const char *near_word(const char *word, const char *const *known);
/* The same as a remedy for people, with all that is possible; g_free. */
char *near_hint(const char *word, const char *const *known);

#endif
