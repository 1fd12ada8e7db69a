/* SPDX-License-Identifier: Apache-2.0 */
/*
 * remark.h - what was typed with a deed of the office that concerns cases: to hold one, to propose some for
 * disposal, to disclose them, to send away a page that bears its number. An entry of the office's own can never be erased; so the words stand in the
 * journal of each of these cases, as remarks (kind "note"), and go with them.
 */
#ifndef RK_CASE_REMARK_H
#define RK_CASE_REMARK_H

#include "case/casefile.h"

/*
 * Write `why` and the request's evidence beside each of the `cases` (numbers by spaces) that has not been
 * disposed of, within store_begin, before the entry of the office with request id `id`. When none is left the
 * words are not kept, and a warning says so. A failure rolls back.
 */
RkStatus remark_write(RkDesk *desk, const RkRequest *request, const char *id, const char *cases,
                      const char *why, RkDiags *diags);

#endif
