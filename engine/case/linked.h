/* SPDX-License-Identifier: Apache-2.0 */
/*
 * linked.h - cases that a case opens (rk:open-case), and how their end comes back.
 *
 * All of it is one transaction: the deed that opens, the opening, and, when a linked case
 * ends, the event done.case.PROCEDURE in the case that opened it. Each has a journal entry of
 * its own. Who opened whom stands in the office's register "linked", key: case id.
 */
#ifndef RK_CASE_LINKED_H
#define RK_CASE_LINKED_H

#include "case/casefile.h"

#define REGISTER_LINKED "linked"

/* After `file` was written with `deed`, in the same transaction: open what it opens, tell the case
 * that opened it that it has ended. A failure is one of the whole deed (the transaction is
 * rolled back by the caller). */
RkStatus linked_follow(CaseFile *file, const Deed *deed, RkDiags *diags);

/* The case that opened this one (id), or NULL; g_free. */
char *linked_parent(RkDesk *desk, const char *case_id);
/* The cases this one opened: ids, in order; g_strfreev. */
char **linked_children(RkDesk *desk, const char *case_id);

#endif
