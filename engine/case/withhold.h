/* SPDX-License-Identifier: Apache-2.0 */
/*
 * withhold.h - papers that wait to go out and must not any more, because what they rely on was taken back.
 *
 * registers.xml says of which states of a register that holds (withholds="yes"): a withdrawn consent. The event
 * that brings an entry there notes in the register "withheld" each paper and notice that still waited: of its
 * own case, and of every case about the same person that does not rely on another entry of that register. What
 * the event itself sends, and what later events send, goes. A paper that is withheld keeps its place in the
 * outbox; the program does not hand it over before the entry has come again as far as it was.
 */
#ifndef RK_CASE_WITHHOLD_H
#define RK_CASE_WITHHOLD_H

#include "case/casefile.h"

#define REGISTER_WITHHELD "withheld" /* key: id of the transmission; state withheld; fields register, key, state,
                                        until: of the entry, before what it was; case: the number of that
                                        which brought it there, "-" the office itself */

/* `entry`, just written by the deed, has come to such a state from `before` (NULL: there was none). */
void withhold_papers(CaseFile *file, const StoreRegister *entry, const char *before);
/* The same when the office itself writes `entry`, without a case: about whom it is, is told by the case that
 * wrote it before, or by its fields. Adds to `registers`. */
RkStatus withhold_by_office(RkDesk *desk, const StoreRegister *entry, const char *before,
                            GPtrArray *registers, RkDiags *diags);
/* RK_REFUSED with a diagnostic when the program may not send it now. */
RkStatus withhold_check(CaseFile *file, const StoreTransmission *sent, RkDiags *diags);
/* The number of the case by which a transmission is withheld now; g_free; NULL: it is not. */
char *withhold_case(RkDesk *desk, const Catalogue *catalogue, const char *id);

#endif
