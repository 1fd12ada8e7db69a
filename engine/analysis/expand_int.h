/* SPDX-License-Identifier: Apache-2.0 */
/*
 * expand_int.h - the parts of rk_workflow_expand, inside the folder only.
 *
 * One Expansion is one <scxml>; a machine inside a machine has its own. It changes a copy of the
 * document in place. A name beginning with rk that the copy then holds is one of
 *   $rk_facts    what is so outside the machine: papers, registers, the day
 *   $rk_effects  what the machine did: a row for each effect and each refusal
 *   $rk_fold     how a register key is made from a text
 *   rk.facts     the event by which the environment tells new facts
 * and workflows/README.md is their contract.
 */
#ifndef RK_ANALYSIS_EXPAND_INT_H
#define RK_ANALYSIS_EXPAND_INT_H

#include "base/diag.h"

#include <libxml/tree.h>

#define EXPAND_FACTS "rk_facts"
#define EXPAND_EFFECTS "rk_effects"
#define EXPAND_FOLD "rk_fold"
#define EXPAND_EVENT "rk.facts"

#define FACTS "$" EXPAND_FACTS "/facts"
#define LAST_EFFECT "$" EXPAND_EFFECTS "/*[last()]"

typedef struct {
  xmlNode *scxml;
  RkDiags *diags;
  gboolean facts, effects, fold; /* which of the data are needed */
  gboolean failed;
  guint deadlines;               /* made so far, for their send ids */
} Expansion;

/* expand_xpath.c: expressions as text. All g_free. */
/* Without extension functions; a fault is noted at `place`. */
char *expand_expression(Expansion *expansion, const char *text, const DiagPlace *place);
/* An expression that is to stand inside a predicate must not depend on the node it stands at. */
void expand_need_free(Expansion *expansion, const char *what, const char *text,
                      const DiagPlace *place);
/* A string literal, whatever quotes the text holds. */
char *expand_literal(const char *text);
/* The expression as a string: string(…), unless it is one already. */
char *expand_string(const char *expression);
/* What rk:key() makes of one part. */
char *expand_folded(Expansion *expansion, const char *expression);
/* [contains(…)]: those facts of which a state (an expression) holds. */
char *expand_holding(const char *state);

/* expand_require.c */
/* Put the refusing branches before the transitions of this machine that require something. */
void expand_requirements(Expansion *expansion);

/* expand_effect.c */
/* The row and the event that stand for an extension element are put before it. */
void expand_effect(Expansion *expansion, xmlNode *element);
/* What adds `row` (an island, taken) to $rk_effects: an <assign>, not yet in the tree. */
xmlNode *expand_append(Expansion *expansion, xmlNode *row);
/* <send> and <cancel> for each rk:deadline of a state. */
void expand_deadlines(Expansion *expansion, xmlNode *state);

/* expand_node.c: reading and making nodes. */
/* Elements of this machine in document order, neither those inside data nor those of a machine
 * inside; g_ptr_array_unref. */
GPtrArray *expand_elements(const Expansion *expansion);
/* The elements among them that are called so. */
GPtrArray *expand_named(const Expansion *expansion, const char *name);
/* A new SCXML element, not yet in the tree. */
xmlNode *expand_element(const Expansion *expansion, const char *name);
/* A new element without a namespace that says so. */
xmlNode *expand_island(const Expansion *expansion, const char *name);
/* A comment; what a comment may not hold is changed. */
xmlNode *expand_comment(const Expansion *expansion, const char *text);
/* The expression in an attribute, without extension functions, or NULL. */
char *expand_attr(Expansion *expansion, const xmlNode *node, const char *name);
/* Whether the words of an event attribute hear an event that begins with these tokens, or one
 * that these words hear. */
gboolean expand_overlap(const char *descriptors, const char *others);
/* An expression: the event, one that `of` hears, is heard by `descriptors` too. g_free. */
char *expand_heard(const char *descriptors, const char *of);

#endif
