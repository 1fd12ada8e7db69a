/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guard.h - what must not get into the database at all.
 *
 * An Individual Number may be kept for the purposes of its own law only; registering for an
 * information system is none. It is refused wherever somebody can type freely, and what was typed
 * is not repeated.
 */
#ifndef RK_CASE_GUARD_H
#define RK_CASE_GUARD_H

#include "case/casefile.h"

/*
 * RK_REFUSED with the place when the deed holds what looks like an Individual Number, unless the
 * operator says what other number it is (request->not_my_number): RK_INVALID when that says nothing
 * or repeats the number. The request's own name and its evidence are looked at, too.
 */
RkStatus guard_deed(CaseFile *file, const Deed *deed, const RkRequest *request,
                    RkDiags *diags);
/* The same for one text (NULL: none) at a place, in words for people. */
RkStatus guard_text(const RkRequest *request, const char *place, const char *text, RkDiags *diags);
/* The reason of the deed, and what the number is that was taken for one: for the journal. g_free. */
char *guard_why(const RkRequest *request, const char *why);

#endif
