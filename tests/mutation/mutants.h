/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mutants.h - small faults put into a procedure, one at a time.
 *
 * What can be changed about an element is numbered from 0; the same element and number are always
 * the same fault.
 */
#ifndef RK_TESTS_MUTANTS_H
#define RK_TESTS_MUTANTS_H

#include <glib.h>
#include <libxml/tree.h>

/* What the rest of the procedure offers in exchange. */
typedef struct {
  GPtrArray *states; /* ids, in document order */
  GPtrArray *roles;  /* ids, in document order */
} Stock;

Stock *stock_new(xmlDoc *doc);
void stock_free(Stock *stock);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Stock, stock_free)

/* How many numbers there are; some may name no fault. */
guint mutate_faults(const xmlNode *node);
/* Put the `number`th fault into `node`, or take it out of its document. What was done, in words;
 * NULL: there is no such fault. g_free. */
char *mutate(xmlNode *node, guint number, const Stock *stock);

#endif
