/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proxy.h - entered by one person in the name of another, who has to confirm it.
 *
 * Both are operators: who acted must have the right to enter it himself, and only his own login can
 * confirm it. The journal's header keeps who entered it, the body (args.on_behalf) in whose name. Whether
 * it was confirmed stands in the register REGISTER_PROXY, written by the deed itself and by the deed
 * "confirm": so it is replayed, taken back and verified like any other entry.
 */
#ifndef RK_CASE_PROXY_H
#define RK_CASE_PROXY_H

#include "case/casefile.h"

#define REGISTER_PROXY "proxy_entry" /* key: case id:revision; states unconfirmed, confirmed */

/* May `actor`'s act be entered in the name of this operator, too? */
RkStatus proxy_check(RkDesk *desk, const char *actor, const char *behalf, RkDiags *diags);
/* After a deed was done on the file: note that it is to be confirmed, if it was in somebody's name. */
void proxy_note(CaseFile *file, const Deed *deed);
/* The deed "confirm": args.keys become confirmed. Each must be unconfirmed and in the operator's name. */
RkStatus proxy_confirm(CaseFile *file, const Deed *deed, RkDiags *diags);

/* What waits for confirmation: rows case, event, kind, operator, on_behalf, since, key. `case_id` and `behalf`
 * may be NULL: any. */
RkTable *proxy_table(void);
RkStatus proxy_list(RkDesk *desk, const char *case_id, const char *behalf, RkTable *table,
                    RkDiags *diags);
/* In whose name the entry was made, g_free, or NULL; then *confirmed tells whether that was confirmed. */
char *proxy_of_entry(RkDesk *desk, const StoreJournal *entry, gboolean *confirmed);

#endif
