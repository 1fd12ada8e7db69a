/* SPDX-License-Identifier: Apache-2.0 */
/*
 * undo.h - taking back what was entered by mistake.
 *
 * Nothing is deleted from the journal: an entry of kind "undo" names those that no longer
 * stand, and the case becomes what the others make of it when they are replayed. Register
 * entries get their former value by a new row; papers and copies that only the mistake made
 * are gone. It is refused when a paper has left the building by it, and when another case or a
 * hand has relied on it since.
 */
#ifndef RK_CASE_UNDO_H
#define RK_CASE_UNDO_H

#include "case/casefile.h"

/*
 * Take back the last deed of a person in the case, with the deadlines that passed after it.
 * Needs request->why. *out: a row an entry taken back (seq, happened, kind, event, title,
 * operator); given in a dry run, too.
 */
RkStatus undo_last(RkDesk *desk, const RkRequest *request, const char *reference, RkTable **out,
                   RkDiags *diags);

/* What stands between `time` and now. */
typedef enum {
  BETWEEN_NOTHING, /* nothing that the procedure heard */
  BETWEEN_TIMERS,  /* only deadlines that passed */
  BETWEEN_DEEDS    /* what people did */
} Between;
/* *titles (g_free): the deadlines, for words. */
RkStatus undo_between(CaseFile *file, gint64 time, Between *between, char **titles, RkDiags *diags);

/*
 * Inside a transaction: take back the deadlines of `*file` that passed after `time`, for `deed`,
 * which comes late. *file is replaced by the case as it was; the entry is written, not yet
 * durable. RK_REFUSED with the reason when they cannot be taken back.
 */
RkStatus undo_timers(CaseFile **file, gint64 time, const Deed *deed, RkDiags *diags);

#endif
