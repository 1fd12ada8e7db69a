/* SPDX-License-Identifier: Apache-2.0 */
/* replay.h - a case rebuilt from its journal and compared with what is stored. */
#ifndef RK_CASE_REPLAY_H
#define RK_CASE_REPLAY_H

#include "case/casefile.h"

/* Replay the case with the noted answers. RK_FAILED with diagnostics where the record, papers,
 * exemplars, transmissions, timers or search keys differ from the stored ones. */
RkStatus replay_case(RkDesk *desk, const char *id, RkDiags *diags);

/* The body of an entry as JSON; json_decref. NULL when it has none that can be read. */
json_t *replay_body(const StoreJournal *entry);
/* What was typed with an entry, "why" or "evidence": in the body, in early entries in the header.
 * Borrowed from one of them; NULL: nothing. */
const char *replay_words(const StoreJournal *entry, const json_t *body, const char *name);
/* The entries of a case that stand: not taken back. Of those that take back ("undo") only the ones
 * that raised versions of papers, which is all that is replayed of them. Borrowed from `entries`;
 * g_ptr_array_unref. */
GPtrArray *replay_standing(const GPtrArray *entries);
/* Do `entries` again on a blank file of the case `number`. `written` (or NULL) takes copies of the
 * register entries that those from `first` on wrote. */
RkStatus replay_entries(CaseFile *file, const char *number, const GPtrArray *entries,
                        GPtrArray *written, const StoreJournal *first, RkDiags *diags);
/* RK_FAILED with a diagnostic for each difference. `seq`: the last entry replayed. */
RkStatus replay_compare(const CaseFile *stored, CaseFile *replayed, gint64 seq, RkDiags *diags);

#endif
