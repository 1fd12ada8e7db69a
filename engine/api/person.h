/* SPDX-License-Identifier: Apache-2.0 */
/*
 * person.h - what is held on one person, over all cases and registers of the office.
 *
 * A record is what stands together about one person: the fields of a paper (or one row of a table in
 * it), what was said with one event, one value that a register entry had. Its reference holds no
 * personal data and finds it again.
 *
 * Whom a record is about is told by the marks of forms and procedures (identity.h), its own or, in a case
 * whose marks all tell of one person, those of the case: there a paper that names nobody is about that
 * person, too. A row of a table, and a paper for one of several parties, is about somebody of its own.
 */
#ifndef RK_API_PERSON_H
#define RK_API_PERSON_H

#include "case/identity.h"

typedef struct {
  char *reference;    /* "c:CASE", "p:PAPER:ROW", "j:ENTRY", "r:REGISTER:ENTRY:PLACE" */
  char *number;       /* of the case; NULL: no case */
  char *register_;    /* name of the register; NULL: none */
  char *title;        /* of the paper, the event or the register */
  gint64 time;        /* when it was so */
  GPtrArray *fields;  /* char *: label, name, value; and again */
  GPtrArray *people;  /* Person: what is told of whom it is about; none: no mark tells */
} PersonRecord;

void person_record_free(gpointer record);

/* All records of the office that `wanted` accepts (NULL: each). Of PersonRecord, owned. */
typedef gboolean (*PersonFilter)(const PersonRecord *record, gpointer user);
RkStatus person_records(RkDesk *desk, PersonFilter wanted, gpointer user, GPtrArray **out,
                        RkDiags *diags);
/* The first value of the record that holds the folded text (as `renkei search` folds); NULL. */
const char *person_match(const PersonRecord *record, const char *folded);
#endif
