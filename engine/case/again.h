/* SPDX-License-Identifier: Apache-2.0 */
/*
 * again.h - a request that is made a second time, by its id: whoever was killed, or did not hear the answer, asks
 * again, and gets the first one. An id that served for another request is refused, lest what is asked now be
 * taken for done.
 *
 * What the store keeps of a request is the JSON of its answer, with a fingerprint of who asked and what for: a
 * hash over the operator, the command and what it was given, the id first, so that equal requests do not
 * look alike. What changes from one try to the next does not enter it: the present time, and what was
 * looked up. What was typed and means something else the next time (a number in a list of what can happen; nothing,
 * where the rest was asked for at the terminal) is kept as a second fingerprint, the line. An answer kept by a program that knew of no fingerprints has none, and is given as it is.
 */
#ifndef RK_CASE_AGAIN_H
#define RK_CASE_AGAIN_H

#include "case/desk_int.h"

#include <jansson.h>

/* What is asked for. Borrowed; each may be NULL. The request says the rest: when, by what evidence, why … */
typedef struct {
  const char *kind, *event, *subject;
  const json_t *args;
} Asked;

/* Of a request that has an id; g_free. */
char *again_fingerprint(const RkDesk *desk, const RkRequest *request, const Asked *asked);
/* The same of request->line, which a case was given: what was typed before anything was looked up for it. NULL when
 * there is no line, or no id; g_free. */
char *again_line(const RkDesk *desk, const RkRequest *request, const char *reference);
/* What was kept with the request if the same line stands with it, json_decref; NULL: none, or another. */
RkStatus again_find_line(RkDesk *desk, const RkRequest *request, const char *reference, json_t **out,
                         RkDiags *diags);
/* The answer (a JSON object) as it is to be kept, with the fingerprint; g_free. */
char *again_kept(const char *result, const char *fingerprint);
/* What was kept with the request when it was made, json_decref; NULL: it is new, or has no id. RK_REFUSED when
 * the operator is none any more, or the answer went with its case; RK_CONFLICT when the fingerprint is another. */
RkStatus again_find(RkDesk *desk, const RkRequest *request, const char *fingerprint, json_t **out,
                    RkDiags *diags);
/* The same by what is asked, for a change of the office (OfficeChange.asked). */
RkStatus again_find_change(RkDesk *desk, const RkRequest *request, const char *kind,
                           const char *event, const json_t *asked, json_t **out, RkDiags *diags);
/* A free key of that register: "K-20260401-3f2a" by prefix, day, and what the request's id gives, so that
 * who asks again before anything was written is told the same. g_free. */
char *again_key(RkDesk *desk, const RkRequest *request, const char *register_, const char *prefix);

#endif
