/* SPDX-License-Identifier: Apache-2.0 */
/*
 * written.h - what a journal entry wrote beside its case: register rows and the answer that a
 * repeated request gets. The journal keeps their hash in the entry's body, so that the chain
 * covers them too.
 */
#ifndef RK_CASE_WRITTEN_H
#define RK_CASE_WRITTEN_H

#include "case/desk_int.h"

/* Hex; g_free. `registers` holds StoreRegister and may be NULL, as may `result`. */
char *written_hash(const GPtrArray *registers, const char *result);

/* Registers = fold of the journal: each entry wrote the rows of the history and the answer that
 * are there, and each register entry is the last row of its history. RK_FAILED with a diagnostic
 * for each difference. `count`: register entries. */
RkStatus written_verify(RkDesk *desk, gint64 *count, RkDiags *diags);

#endif
