/* SPDX-License-Identifier: Apache-2.0 */
/*
 * handover.h - papers leave: into a drop folder, or by the office's FAX program.
 *
 * One at a time: handing-over is committed before anything is to be seen outside, the result after it.
 * What lies between is not repeated by itself, whoever died: found in handing-over, it becomes unknown.
 * So that a second process does not take a living one's work for that, a lock is held.
 */
#ifndef RK_API_HANDOVER_H
#define RK_API_HANDOVER_H

#include "case/delivery.h"

/* A person or the program settles a transmission; `args` (taken) are what delivery.h knows of it, and who. */
RkStatus handover_settle(RkDesk *desk, const RkRequest *request, const StoreTransmission *which,
                         const char *result, json_t *args, RkDiags *diags);
/* Only what waits for its next try, and is due: nobody needs to be asked again. Rows are added to `table`
 * (case, event, due, state). Nothing is done without a FAX program, or while another process does it. */
RkStatus handover_due(RkDesk *desk, const RkRequest *request, RkTable *table, RkDiags *diags);

#endif
