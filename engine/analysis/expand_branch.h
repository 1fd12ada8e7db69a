/* SPDX-License-Identifier: Apache-2.0 */
/* expand_branch.h - a transition as its requirements see it. */
#ifndef RK_ANALYSIS_EXPAND_BRANCH_H
#define RK_ANALYSIS_EXPAND_BRANCH_H

#include "analysis/expand_int.h"

typedef struct {
  char *unmet;  /* an expression that is true when it fails */
  char *reason; /* for people */
} Refusal;

typedef struct {
  xmlNode *node;
  guint number;           /* in document order */
  char *event, *cond;     /* event NULL: eventless; cond without extension functions, NULL: none */
  const xmlNode *domain;  /* what it leaves lies in here; NULL: it has no target */
  GPtrArray *refusals;    /* Refusal */
} Branch;

/* expand_regions.c */
/* The domain of a transition (Appendix D, getTransitionDomain); NULL without a target. */
const xmlNode *expand_domain(const Expansion *expansion, const xmlNode *transition);
/* What becomes of `other` when one event chooses it and `required`. */
typedef enum {
  NEVER_TOGETHER, /* they are not chosen together, or `required` yields and asks for nothing */
  BOTH_TAKEN,
  OTHER_YIELDS
} Together;
Together expand_together(const Branch *required, const Branch *other);
/* An expression: its state is active, and nothing inside or before it takes the event. g_free. */
char *expand_chosen(const GPtrArray *branches, const Branch *branch);

#endif
