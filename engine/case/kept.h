/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kept.h - cases that stay in hand between deliveries, so that a process which delivers many events
 * need not wake each case from its snapshot again.
 *
 * A kept file is what the store holds: it was committed by this desk, and is given out only while no
 * other connection has committed anything since (store_epoch) and this one has not written the case
 * otherwise. To be called within store_begin, where that cannot change any more.
 */
#ifndef RK_CASE_KEPT_H
#define RK_CASE_KEPT_H

#include "case/casefile.h"

/* How many: with about 10 KB each, not much more memory than the store's cache takes. It does not grow with
 * the number of cases that there are. */
#define KEPT_MOST 4096

/* Take over a file whose last deed has been committed just now. */
void kept_put(CaseFile *take);
/* The file of the case with this number or id, no longer kept; NULL: load it. */
CaseFile *kept_take(RkDesk *desk, const char *reference);
/* What is kept of a case (NULL: of all) is no longer what the store holds. */
void kept_forget(RkDesk *desk, const char *case_id);
guint kept_count(const RkDesk *desk);
/* All of a desk's, when it is closed; may be NULL. */
void kept_free(KeptCases *cases);

#endif
