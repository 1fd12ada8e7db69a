/* SPDX-License-Identifier: Apache-2.0 */
/* inputs.h - what must be said when a case is opened: top-level <data> with rk:input. */
#ifndef RK_CASE_INPUTS_H
#define RK_CASE_INPUTS_H

#include "case/casefile.h"

/* Check the inputs given against what the procedure asks for, set the data, make the
 * case's public label. RK_INVALID with every fault. */
RkStatus inputs_take(CaseFile *file, const json_t *inputs, RkDiags *diags);

/* f(name, title, required, public, user) for each input of the procedure. */
void inputs_each(const Machine *machine,
                 void (*f)(const char *name, const char *title, gboolean required,
                           gboolean is_public, gpointer user),
                 gpointer user);

#endif
