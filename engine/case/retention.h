/* SPDX-License-Identifier: Apache-2.0 */
/*
 * retention.h - how long the cases of a procedure are kept (workflows/<municipality>/retention.xml).
 *
 * A period begins with the closing of the case. What no handbook and no law states is "unstated": such
 * a case is never due by itself; the office decides, by settings: "retention.PROCEDURE.OUTCOME",
 * "retention.PROCEDURE" or "retention", and "retention.PROCEDURE.FORM" for the papers of a form, each a period as P5Y, or "P5Y fiscal-year" when it counts from
 * the first of April after the closing.
 */
#ifndef RK_CASE_RETENTION_H
#define RK_CASE_RETENTION_H

#include "base/date.h"
#include "base/diag.h"

#define RETENTION_NS "urn:renkei:retention:1"
#define RETENTION_FILE "retention.xml"

typedef struct {
  char *procedure;
  char *form;     /* code of a form: about its papers; NULL: about the case */
  char *outcome;  /* id of the final; NULL: each */
  char *period;   /* "P5Y"; NULL: unstated */
  gboolean fiscal; /* counted from the first of April after the closing */
  char *source, *inferred;
  DiagPlace place;
} RetentionRule;

typedef struct Retention Retention;

RkStatus retention_load_file(Retention **out, const char *path, RkDiags *diags);
void retention_free(Retention *retention);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Retention, retention_free)
const GPtrArray *retention_rules(const Retention *retention); /* RetentionRule, document order */
/* Days between the approval of a disposal and the earliest it may be carried out. */
int retention_wait(const Retention *retention);
/* The rule for this outcome, or the procedure's; NULL. About the papers of `form`, or, when it is NULL,
 * about the case. */
const RetentionRule *retention_find(const Retention *retention, const char *procedure,
                                    const char *form, const char *outcome);
/* "P5Y", or "P5Y fiscal-year" when `fiscal` may be said in it (not NULL). FALSE: no such period. */
gboolean retention_read_period(const char *text, Duration *period, gboolean *fiscal);
/* The first day on which a case closed on `closed` is kept no longer. */
Day retention_end(Day closed, const Duration *period, gboolean fiscal);

#endif
