/* SPDX-License-Identifier: Apache-2.0 */
/* print.h - the printing module, loaded when first needed. */
#ifndef RK_API_PRINT_H
#define RK_API_PRINT_H

#include "renderers/render.h"
#include "renkei.h"

/* The module in site->moduledir, loaded when first asked for and kept for the life of the
 * process: the libraries behind it register types that cannot be taken back. */
RkStatus print_module_load(const RkSite *site, const RenderOps **out, RkDiags *diags);
/* Render an instance document. `time` goes into the PDF. */
RkStatus print_instance(const RenderOps *ops, const RkSite *site, xmlDoc *instance,
                        RkFormat format, gint64 time, GBytes **out, RkDiags *diags);

#endif
