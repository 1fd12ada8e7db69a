/* SPDX-License-Identifier: Apache-2.0 */
/*
 * asked.h - what must be said when a case is opened (data with rk:input) or an event is
 * entered (rk:ask): checked, and brought to one spelling.
 *
 * text and name lose white space that says nothing; a date becomes ISO 8601; a choice is one
 * of its values. No value ever stands in a message, only its title.
 */
#ifndef RK_CASE_ASKED_H
#define RK_CASE_ASKED_H

#include "base/diag.h"
#include "machine/machine.h"

#include <jansson.h>

/* Its title, in English where that is wanted and there is one. Borrowed. */
const char *ask_title(const MachineAsk *ask, gboolean english);

/*
 * Check what was given ({name: text}; NULL: nothing) against what is asked. RK_INVALID with
 * every fault: missing, unknown, not a date, not among the values. *out: {name: text}, in one
 * spelling; json_decref.
 */
RkStatus asked_take(const MachineAsk *asks, guint n_asks, const json_t *given, gboolean english,
                    json_t **out, RkDiags *diags);

#endif
