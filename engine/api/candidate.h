/* SPDX-License-Identifier: Apache-2.0 */
/*
 * candidate.h - who somebody that asks for what is held could be.
 *
 * A candidate is one person as the marks tell it, with every record about that person, whether the
 * words looked for stand in it or not; or a place where the words stand and no mark tells of whom, by
 * the value itself. Namesakes, and those whose names are only alike, stay apart.
 */
#ifndef RK_API_CANDIDATE_H
#define RK_API_CANDIDATE_H

#include "api/person.h"

typedef struct {
  char *name, *birth, *insurance; /* NULL: not known */
  GPtrArray *people;  /* Person; none: only a value */
  GPtrArray *records; /* PersonRecord, owned by the candidate */
} Candidate;

/* Those for whom `text` stands somewhere (with register_: in an entry of that register). */
RkStatus candidates_find(RkDesk *desk, const char *text, const char *register_, GPtrArray **out,
                         RkDiags *diags);
RkTable *candidates_table(const GPtrArray *candidates);

#endif
