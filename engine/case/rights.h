/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rights.h - who may do what: the register "operator" read and held against a day.
 *
 * An operator is an OS user with a name, roles of this office, and the Japanese days from which and
 * until which (both included) that holds. Everybody else is refused. Beside the roles of the
 * procedures there is one of the program's own, ROLE_ADMINISTRATOR: the office's own matters.
 *
 * Databases made before there was that role name it nowhere: there the founding operator has it,
 * or, if he has left, every operator, as it was then. The first change of an operator writes it down.
 */
#ifndef RK_CASE_RIGHTS_H
#define RK_CASE_RIGHTS_H

#include "case/desk_int.h"

#include "base/date.h"

#define ROLE_ADMINISTRATOR "administrator"

typedef enum {
  OPERATOR_VALID,
  OPERATOR_EARLY,   /* its first day is still to come */
  OPERATOR_EXPIRED, /* its last day has passed */
  OPERATOR_ENDED    /* taken away */
} OperatorValidity;

typedef struct Operator {
  char *user;          /* OS user */
  char *name;          /* of the person */
  char **roles;        /* of the procedures, without ROLE_ADMINISTRATOR */
  gboolean administrator;
  char *from, *until;  /* ISO days, NULL: no limit */
  gboolean active;
  gint64 since;        /* when the entry was written */
} Operator;

Operator *operator_new(const StoreRegister *entry);
void operator_free(Operator *operator_);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Operator, operator_free)

/* Whether the operator may work at `now`. */
OperatorValidity operator_validity(const Operator *operator_, gint64 now);
/* The word of a table: active, not-yet, expired, ended. Static. */
const char *operator_validity_word(OperatorValidity validity);

/* All operators (Operator), in the order of their users. With the administrator's right of a database
 * that does not name it yet already given. */
RkStatus operators_load(RkDesk *desk, GPtrArray **out, RkDiags *diags);
/* The one of this user among them, or NULL. Borrowed. */
const Operator *operators_find(const GPtrArray *operators, const char *user);
/* The OS users who are administrators at `now`, by ", ". g_free. */
char *operators_administrators(const GPtrArray *operators, gint64 now);
/* Whether somebody is administrator at `now` and without an end. */
gboolean operators_are_led(const GPtrArray *operators, gint64 now);

/* What the register holds of an operator. */
StoreRegister *operator_entry(const Operator *operator_, gint64 now);

#endif
