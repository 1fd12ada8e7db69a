/* SPDX-License-Identifier: Apache-2.0 */
/*
 * deliver.h - one deed = one transaction.
 *
 * begin → retry? → load → right? → apply → commit, all inside one write transaction:
 * what the guards saw is what is committed on. Due timers fire first, each in a
 * transaction of its own, but only if the deed that comes after them is accepted, so
 * that a refusal leaves everything as it was.
 */
#ifndef RK_CASE_DELIVER_H
#define RK_CASE_DELIVER_H

#include "case/casefile.h"

/* The answer of a delivered deed. */
typedef struct {
  char *number;          /* of the case */
  char *state;           /* of the paper concerned (fill, paper), or NULL */
  GPtrArray *happenings; /* "what\tdetail" */
  gboolean repeated;     /* the request had been done before; nothing was done again */
} Delivered;

void delivered_clear(Delivered *delivered);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Delivered, delivered_clear)

/* Open a case of `procedure`. */
RkStatus deliver_open(RkDesk *desk, const RkRequest *request, const char *procedure,
                      const json_t *args, Delivered *out, RkDiags *diags);
/* Deliver a deed of `kind` to the case. `event` may be NULL. */
RkStatus deliver(RkDesk *desk, const RkRequest *request, const char *reference, const char *kind,
                 const char *event, const json_t *args, Delivered *out, RkDiags *diags);
/* The same of a deed that says kind, event, args and asked; what the request says is filled in. */
RkStatus deliver_deed(RkDesk *desk, const RkRequest *asking, const char *reference, Deed *deed,
                      Delivered *out, RkDiags *diags);
/* What the request with this id was answered, if the same line was typed then (again.h); out->repeated says so. Who
 * may not hear it gets nothing: the delivery refuses it. */
RkStatus deliver_before(RkDesk *desk, const RkRequest *request, const char *reference, Delivered *out,
                        RkDiags *diags);
/* Fire everything due in the office at or before `now`; a row a timer in `report`. */
RkStatus deliver_due(RkDesk *desk, const RkRequest *request, RkTable *report, RkDiags *diags);

#endif
