/* SPDX-License-Identifier: Apache-2.0 */
/* diff.h - what differs between two procedures, part by part. */
#ifndef RK_ANALYSIS_DIFF_H
#define RK_ANALYSIS_DIFF_H

#include "base/table.h"

#include <libxml/tree.h>

/*
 * Two flattened documents, compared by what they say: roles, papers, rules, states, transitions. Comments, spaces and
 * the order of states do not count. A row says change (added, removed, changed), where, what (an attribute or an
 * element), from and to; an empty table: they say the same.
 */
RkTable *diff_documents(xmlDoc *from, xmlDoc *to);

#endif
