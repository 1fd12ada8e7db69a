/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tree.h - the formatting objects of one document, checked and with computed
 * values.
 *
 * Invariants: only elements and properties of vocabulary.h are in the tree, each
 * where its parent allows it; what a later step demands (a flow, column widths,
 * fixed table layout …) is present. All faults are reported in one pass.
 */
#ifndef RK_FO_TREE_H
#define RK_FO_TREE_H

#include "base/diag.h"
#include "fo/vocabulary.h"

#include <libxml/tree.h>

typedef struct FoNode FoNode;
struct FoNode {
  FoElement element;
  FoNode *parent;
  GPtrArray *children; /* of FoNode */
  FoTraits traits;     /* for FO_TEXT the parent's inherited ones */
  const char *text;    /* FO_TEXT */
  const xmlNode *xml;  /* borrowed; of FO_TEXT its parent element */
};

typedef struct FoTree FoTree;

/* Check and read `doc`, which must outlive the tree. RK_INVALID with all faults;
 * with `lenient`, names outside the subset are warnings and left out. */
RkStatus tree_new(FoTree **out, xmlDoc *doc, gboolean lenient, RkDiags *diags);
void tree_free(FoTree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FoTree, tree_free)
const FoNode *tree_root(const FoTree *tree);

FoNode *node_child(const FoNode *node, guint index);
/* The first child that is `element`, or NULL. */
FoNode *node_find(const FoNode *node, FoElement element);
DiagPlace node_place(const FoNode *node);
/* The level of a heading, from its role H1 … H6; 0 for all else. */
int node_heading(const FoNode *node);
/* The field (k:field) that the node shows the value of; NULL: none. */
const char *node_field(const FoNode *node);
/* Field, id or role (but of a heading) of the node or the nearest ancestor that has one: how messages
 * name a place on the page without its value. */
const char *node_label(const FoNode *node);

/* What may stand inside instream-foreign-object, with the same strictness. */
void svg_check(const xmlNode *svg, gboolean lenient, RkDiags *diags);
void qr_check(const xmlNode *qr, gboolean lenient, RkDiags *diags);

#endif
