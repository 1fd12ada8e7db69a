/* SPDX-License-Identifier: Apache-2.0 */
/* erase.h - what of the registers goes with a case, and how what stays is held together. */
#ifndef RK_CASE_ERASE_H
#define RK_CASE_ERASE_H

#include "case/desk_int.h"

typedef struct {
  GPtrArray *list; /* StoreErasure */
  json_t *kept;    /* case id → hash (written_hash) of the rows that its entries leave in the history:
                    * of this case, and of those disposed of earlier that lose rows now */
  json_t *by_hand; /* register → how many entries with a key of this case stay, because the office wrote
                    * them: what is the office's own nothing can erase */
} Erasure;
void erasure_clear(Erasure *erasure);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Erasure, erasure_clear)

/*
 * A register entry that only this case has written, or with it only cases disposed of, goes with its
 * history. Of one that something else has written, too, the rows of this case stay, but keep only the
 * fields that the others say as well. `entries`: the journal of the case.
 */
RkStatus erase_plan(RkDesk *desk, const char *case_id, const GPtrArray *entries, Erasure *out,
                    RkDiags *diags);

#endif
