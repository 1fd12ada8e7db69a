/* SPDX-License-Identifier: Apache-2.0 */
/* check_int.h - the parts of rk_workflow_check. */
#ifndef RK_ANALYSIS_CHECK_INT_H
#define RK_ANALYSIS_CHECK_INT_H

#include "machine/machine.h"

/* Duties against the procedures in the same folder: a guard must stand where it is said to. */
void check_duties(const char *path, RkDiags *diags);
/* Periods against the procedures in the same folder: what they name must be there, and nothing be left
 * unsaid. */
void check_retention(const char *path, RkDiags *diags);
/* The procedures in the folder of `path` (workflow files): name → Machine. g_hash_table_unref. */
GHashTable *check_siblings(const char *path);

#endif
