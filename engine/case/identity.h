/* SPDX-License-Identifier: Apache-2.0 */
/*
 * identity.h - the people a case is about, so that one is not taken for another.
 *
 * Fields of forms (identifies="…") and inputs of procedures (rk:identifies="…") say which values
 * tell a person: name, birth, insurance. All of it is personal: it is shown to whoever works on the
 * case and asks, and stands in no message and no log.
 */
#ifndef RK_CASE_IDENTITY_H
#define RK_CASE_IDENTITY_H

#include "case/casefile.h"

typedef struct {
  char *where;                    /* the form's printed code, or the procedure's title */
  char *name, *birth, *insurance; /* as stored; NULL: not known */
} Person;

void person_free(Person *person);

/* The people (Person) of the case, of values about to be filled in, of inputs about to be given. */
GPtrArray *identity_of_case(CaseFile *file);
GPtrArray *identity_of_values(Form *form, const FormData *data);
GPtrArray *identity_of_inputs(RkDesk *desk, const char *procedure, const json_t *inputs);
/* Keys by which a case is found by what tells its people, beside those of its papers' texts. */
void identity_search_keys(CaseFile *file, GPtrArray *keys);

/*
 * The numbers of other cases of the same procedure in the office (a person rightly has cases of several), open or
 * closed, about somebody with the same name (folded)
 * and birth date, or the same insurance number, as one of `people`. `own`: id of the case that does
 * not count; may be NULL. Sorted, each once.
 */
RkStatus identity_duplicates(RkDesk *desk, const GPtrArray *people, const char *procedure,
                             const char *own, GPtrArray **out, RkDiags *diags);
/* Before a case is opened with args->inputs: warn. A request that is only repeated warns of nothing; whoever
 * may not open it is told so by the opening itself. */
RkStatus identity_before_opening(RkDesk *desk, const RkRequest *request, const char *procedure,
                                 json_t *args, RkDiags *diags);
/* Note what was found in the deed's args and say it as a warning. */
void identity_warn(const GPtrArray *numbers, json_t *args, RkDiags *diags);

#endif
