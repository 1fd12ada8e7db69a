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
  char *name, *birth, *insurance; /* as stored, the day as YYYY-MM-DD; NULL: not known */
} Person;

void person_free(Person *person);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Person, person_free)

/* The people (Person) of the case, of values about to be filled in, of inputs about to be given. */
GPtrArray *identity_of_case(CaseFile *file);
GPtrArray *identity_of_values(Form *form, const FormData *data);
GPtrArray *identity_of_inputs(RkDesk *desk, const char *procedure, const json_t *inputs);
/* Whether they can all be one person: no two of them say different things. TRUE for none. */
gboolean identity_are_one(const GPtrArray *people);
/* Whether what is told of `a` and of `b` is told of one person: nothing differs, and the insurance number,
 * name and birth date, or else all of it is the same. */
gboolean identity_is_same(const Person *a, const Person *b);
Person *identity_copy(const Person *person);
/* Note `text`, however it is written, as the name, birth or insurance (`what`) of the person, unless that is
 * known already. */
void identity_take(Person *person, const char *what, const char *text);
/* Of a register entry's fields (JSON text), by the names that inputs of the installed procedures mark. */
GPtrArray *identity_of_fields(RkDesk *desk, const char *fields);
/* Keys by which a case is found by what tells its people, beside those of its papers' texts. */
void identity_search_keys(CaseFile *file, GPtrArray *keys);

/*
 * Other cases of the office, open or closed, that have to do with one of `people`: numbers, sorted, each once.
 * The same person: the same name (folded) and birth date, or the same insurance number.
 */
typedef struct {
  GPtrArray *same;     /* the same person, in the same procedure: perhaps a duplicate */
  GPtrArray *other;    /* the same person, in another procedure, open: a person rightly has several */
  GPtrArray *contrary; /* the same insurance number with another name or birth date, or the same name and birth
                        * date with another number, in any procedure: somebody is taken for another */
} IdentityFound;

void identity_found_clear(IdentityFound *found);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IdentityFound, identity_found_clear)

/* `own`: id of the case that does not count; may be NULL. */
RkStatus identity_find(RkDesk *desk, const GPtrArray *people, const char *procedure,
                       const char *own, IdentityFound *out, RkDiags *diags);
/* The ids (char *) of other cases, open or closed, that are about one of them, each once. */
RkStatus identity_cases(RkDesk *desk, const GPtrArray *people, const char *own, GPtrArray **out,
                        RkDiags *diags);
/* Before a case is opened with args->inputs: warn. A request that is only repeated warns of nothing; whoever
 * may not open it is told so by the opening itself. */
RkStatus identity_before_opening(RkDesk *desk, const RkRequest *request, const char *procedure,
                                 json_t *args, RkDiags *diags);
/* Note what was found in the deed's args and say it as warnings. */
void identity_warn(const IdentityFound *found, json_t *args, RkDiags *diags);

#endif
