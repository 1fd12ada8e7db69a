/* SPDX-License-Identifier: Apache-2.0 */
/*
 * expected.h - the lists of a town that were copied from its handbook by hand, and a definition
 * held against them.
 *
 *   tests/expect/TOWN-papers.tsv  which paper goes from whom to whom, and by which ways
 *   tests/expect/TOWN-steps.tsv   who acts at each event; which paper is kept by whom after it
 */
#ifndef RK_TESTS_EXPECTED_H
#define RK_TESTS_EXPECTED_H

#include <glib.h>
#include <libxml/tree.h>

typedef struct Expected Expected; /* of one town, read-only */

Expected *expected_read(const char *town);
void expected_free(Expected *expected);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Expected, expected_free)

/* Where the procedure (flattened; `name` is its file's without the ending) does not do what the
 * lists say, in words, or ""; g_free. */
char *expected_differences(const Expected *expected, const char *name, xmlDoc *doc);
/* The procedures named in the list of steps: char *, borrowed; free the array. */
GPtrArray *expected_procedures(const Expected *expected);
/* Whether the list of papers has this way: "form\tfrom\tto\tchannel". */
gboolean expected_moves(const Expected *expected, const char *way);
/* Whether it says that this form never comes to this role: "form\trole". */
gboolean expected_never(const Expected *expected, const char *pair);

#endif
