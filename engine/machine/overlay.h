/* SPDX-License-Identifier: Apache-2.0 */
/*
 * overlay.h - one procedure as a variation of another: a base and named changes.
 *
 * An overlay (root <rk:overlay>) names its base, gives values to the base's parameters
 * and changes it by the operations of RFC 5261 (add, replace, remove), each at exactly
 * one place that an XPath expression selects. The base is a workflow, a template (a
 * workflow with <rk:parameter>) or an overlay itself. What comes out is one SCXML document;
 * nothing behind this door knows that it was ever more than one.
 */
#ifndef RK_MACHINE_OVERLAY_H
#define RK_MACHINE_OVERLAY_H

#include "base/diag.h"

#include <libxml/tree.h>

/*
 * The document at `path` as one workflow: an overlay flattened, anything else as it is.
 * Each element keeps the place where it was written, or last changed. RK_INVALID with
 * all faults of the overlay; RK_FAILED when a file cannot be read.
 */
RkStatus overlay_flatten(xmlDoc **out, const char *path, RkDiags *diags);

/* Whether this is the root of an overlay. */
gboolean overlay_is(const xmlNode *root);
/* Whether this is the root of a template, which only overlays can use. */
gboolean template_is(const xmlNode *root);

/*
 * Put the values that `overlay` (<rk:with>) gives, or the template's own, for {name} in every
 * attribute and text, and drop the declarations. FALSE with diagnostics when a value is
 * missing, not wanted, or a name not declared.
 */
gboolean template_fill(xmlDoc *base, const xmlNode *overlay, RkDiags *diags);

/*
 * Give the base's forms, roles, municipality and events the names that `overlay` (<rk:rename>) says, wherever they
 * stand. FALSE with diagnostics when the base has no such name, or the new one is in use.
 */
gboolean rename_apply(xmlDoc *base, const xmlNode *overlay, RkDiags *diags);

#endif
