/* SPDX-License-Identifier: Apache-2.0 */
/*
 * diag.h - collecting what is wrong. Level 0: knows nothing of workflows.
 *
 * A diagnostic has a stable code, a text and a remedy that stand once, in the
 * diag-*.def file of its area; placeholders {1} … {9} take the string
 * arguments, so that a translation may reorder them. Values of personal
 * fields are never arguments: messages name the label, not the content.
 */
#ifndef RK_BASE_DIAG_H
#define RK_BASE_DIAG_H

#include "renkei.h"

/* Where a thing stands in a file. `file` is borrowed and may be NULL. */
typedef struct {
  const char *file;
  int line, column;
} DiagPlace;

typedef enum {
#define DIAG(id, code, level, text, remedy) DIAG_##id,
#include "base/diag.def"
#undef DIAG
  DIAG_COUNT
} DiagId;

/*
 * Add the diagnostic `id` at `place` (NULL: no place). The arguments are
 * strings for {1}, {2} …, ended by NULL. `diags` may be NULL: nothing is kept.
 */
void diags_add(RkDiags *diags, DiagId id, const DiagPlace *place, ...) G_GNUC_NULL_TERMINATED;

/* Add, and return `status`: for the one-line refusal. */
#define diags_fail(diags, status, ...) (diags_add((diags), __VA_ARGS__), (status))

/* Move all records of `from` behind those of `diags`; `from` is then empty. */
void diags_take_all(RkDiags *diags, RkDiags *from);

/* The table itself, for documentation and tests; NULL past the end. */
const char *diag_code(DiagId id);
const char *diag_text(DiagId id);   /* English, untranslated */
const char *diag_remedy(DiagId id); /* English, untranslated */

#endif
