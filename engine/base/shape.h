/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shape.h - which elements and attributes a small XML format of ours has.
 *
 * The formats beside workflows and forms (registers, tests, overlays) are flat enough for a
 * table: each element with the places it may stand in and its attributes. What the
 * table does not name is an error, all of them reported at once. Attributes in a
 * namespace (xml:lang, an editor's own) are let through.
 */
#ifndef RK_BASE_SHAPE_H
#define RK_BASE_SHAPE_H

#include "base/diag.h"

#include <libxml/tree.h>

typedef struct {
  const char *name;
  const char *parents;    /* space-separated; NULL: the root element */
  const char *attributes; /* space-separated: "id!" must be there, "kind=line|carried" is one of */
  enum { SHAPE_ELEMENTS, SHAPE_TEXT, SHAPE_ANYTHING } content; /* of what it may hold; anything: not
                                                                * looked at */
} ShapeElement;

typedef struct {
  const char *ns;
  const ShapeElement *elements;
  guint n_elements;
  DiagId root;      /* {1} root found */
  DiagId element;   /* {1} element {2} parent */
  DiagId attribute; /* {1} element {2} attribute */
  DiagId required;  /* {1} element {2} attribute */
  DiagId value;     /* {1} element {2} attribute {3} value {4} allowed */
  DiagId stray;     /* {1} element: text where none belongs */
} Shape;

/* The shape of a short list (registers, duties, holidays, periods of keeping): all say the same when wrong. */
#define SHAPE_OF_LIST(namespace, elements)                                                       \
  {                                                                                              \
    namespace, elements, G_N_ELEMENTS(elements), DIAG_CATALOGUE_ROOT, DIAG_CATALOGUE_ELEMENT,     \
        DIAG_CATALOGUE_ATTRIBUTE, DIAG_CATALOGUE_REQUIRED, DIAG_CATALOGUE_VALUE,                 \
        DIAG_CATALOGUE_TEXT                                                                      \
  }

/* Whether the document has this shape; every fault goes to `diags`. */
gboolean shape_check(const Shape *shape, const xmlNode *root, RkDiags *diags);
/* Read a definition of this shape; xmlFreeDoc. RK_INVALID when it has another. */
RkStatus shape_read_file(xmlDoc **out, const Shape *shape, const char *path, RkDiags *diags);

#endif
