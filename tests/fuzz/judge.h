/* SPDX-License-Identifier: Apache-2.0 */
/* judge.h - shared by the doors: the one rule of refusals. */
#ifndef RK_TEST_JUDGE_H
#define RK_TEST_JUDGE_H

#include "base/diag.h"
#include "doors.h"

/* Broken promise: say which, and end by a signal that every fuzzer knows. */
G_NORETURN void door_fail(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* A refusal says why, in words; an acceptance gives something and no error. Ends the
 * process otherwise. `what` is the result, NULL when refused. */
FuzzOutcome door_judge(RkStatus status, gconstpointer what, const RkDiags *diags);

#endif
