/* SPDX-License-Identifier: Apache-2.0 */
/*
 * duties.h - what a handbook demands beside its procedures: workflows/<municipality>/duties.xml
 * (urn:renkei:duties:1).
 *
 * Kinds: guard (a requirement in the procedures named), log (an act that is only noted),
 * listing (a register that is kept), reminder, checklist, help (text to be read).
 */
#ifndef RK_CASE_DUTIES_H
#define RK_CASE_DUTIES_H

#include "base/diag.h"

#define DUTIES_NS "urn:renkei:duties:1"

typedef struct {
  char *id, *kind, *title, *title_en, *source, *inferred;
  char *reg;        /* listing: the register; NULL otherwise */
  GPtrArray *texts; /* char *: paragraphs or items, in order */
  GPtrArray *enforced; /* char *: "PROCEDURE EVENT", for a guard */
  DiagPlace place;
} Duty;

typedef struct Duties Duties; /* read-only after load */

RkStatus duties_load_file(Duties **out, const char *path, RkDiags *diags);
void duties_free(Duties *duties);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Duties, duties_free)

const GPtrArray *duties_all(const Duties *duties); /* of Duty, borrowed */
const Duty *duties_find(const Duties *duties, const char *id);

#endif
