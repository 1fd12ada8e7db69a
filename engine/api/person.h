/* SPDX-License-Identifier: Apache-2.0 */
/*
 * person.h - what is held on one person, over all cases and registers of the office.
 *
 * A record is what stands together about one person: the fields of a paper (or one row of a table in
 * it), what was said with one event, one value that a register entry had. Its reference holds no
 * personal data and finds it again. Birth dates and insurance numbers are known by the names that
 * procedures and forms give them (birth_date, care_insurance_number).
 */
#ifndef RK_API_PERSON_H
#define RK_API_PERSON_H

#include "case/casefile.h"

typedef struct {
  char *reference;    /* "p:PAPER:ROW", "j:ENTRY", "r:REGISTER:ENTRY:PLACE" */
  char *number;       /* of the case; NULL: no case */
  char *register_;    /* name of the register; NULL: none */
  char *title;        /* of the paper, the event or the register */
  gint64 time;        /* when it was so */
  GPtrArray *fields;  /* char *: label, name, value; and again */
} PersonRecord;

/* All records of the office that `wanted` accepts (NULL: each). Of PersonRecord, owned. */
typedef gboolean (*PersonFilter)(const PersonRecord *record, gpointer user);
RkStatus person_records(RkDesk *desk, PersonFilter wanted, gpointer user, GPtrArray **out,
                        RkDiags *diags);
/* The first value of the record that holds the folded text (as `renkei search` folds); NULL. */
const char *person_match(const PersonRecord *record, const char *folded);
/* The value of the field with this name, or one that ends so; NULL. */
const char *person_field(const PersonRecord *record, const char *name);

#endif
