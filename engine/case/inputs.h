/* SPDX-License-Identifier: Apache-2.0 */
/* inputs.h - what must be said when a case is opened: top-level <data> with rk:input. */
#ifndef RK_CASE_INPUTS_H
#define RK_CASE_INPUTS_H

#include "case/casefile.h"

/* Check the inputs given against what the procedure asks for, set the data, make the
 * case's public label of those that name something. RK_INVALID with every fault. */
RkStatus inputs_take(CaseFile *file, const json_t *inputs, RkDiags *diags);

/* What an event entered now asks for, by the transitions it could take. Of MachineAsk, names
 * apart; g_array_unref. */
GArray *inputs_of_event(CaseFile *file, const char *event, gint64 time);

#endif
