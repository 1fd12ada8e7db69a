/* SPDX-License-Identifier: Apache-2.0 */
/*
 * again.h - an office's request that is made a second time, by its id: whoever was killed, or did not hear the
 * answer, asks again, and gets the first one. Requests that deliver an event to a case do so by themselves.
 */
#ifndef RK_CASE_AGAIN_H
#define RK_CASE_AGAIN_H

#include "case/desk_int.h"

#include <jansson.h>

/* What was kept with the request when it was made (OfficeChange.result), json_decref; NULL: it is new. */
RkStatus again_find(RkDesk *desk, const RkRequest *request, json_t **out, RkDiags *diags);
/* A free key of that register: "K-20260401-3f2a" by prefix, day, and what the request's id gives, so that
 * who asks again before anything was written is told the same. g_free. */
char *again_key(RkDesk *desk, const RkRequest *request, const char *register_, const char *prefix);

#endif
