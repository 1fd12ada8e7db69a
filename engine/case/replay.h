/* SPDX-License-Identifier: Apache-2.0 */
/* replay.h - a case rebuilt from its journal and compared with what is stored. */
#ifndef RK_CASE_REPLAY_H
#define RK_CASE_REPLAY_H

#include "case/casefile.h"

/* Replay the case with the noted answers. RK_FAILED with diagnostics where states, papers,
 * exemplars or transmissions differ from the stored ones. */
RkStatus replay_case(RkDesk *desk, const char *id, RkDiags *diags);

/* Registers = fold of the journal: compare each entry with the history's last value. */
RkStatus replay_registers(RkDesk *desk, gint64 *entries, RkDiags *diags);

#endif
