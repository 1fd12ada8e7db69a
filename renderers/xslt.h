/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xslt.h - applying the stylesheets, with everything but the given document
 * forbidden: no file, no network, no document(), no endless run.
 */
#ifndef RK_XSLT_H
#define RK_XSLT_H

#include "base/diag.h"

#include <libxml/tree.h>

/* The stylesheets of datadir/xsl/, each read and compiled when first applied. */
typedef struct XsltSheets XsltSheets;
XsltSheets *xslt_sheets_new(const char *datadir);
void xslt_sheets_free(XsltSheets *sheets);

/* Apply the one called `name` to a copy of `in`. The result is serialized as its
 * xsl:output says; g_bytes_unref. RK_FAILED when the stylesheet cannot be read,
 * RK_INVALID when it is wrong or fails; messages never quote the document. */
RkStatus xslt_apply(GBytes **out, xmlDoc *in, XsltSheets *sheets, const char *name,
                    RkDiags *diags);

#endif
