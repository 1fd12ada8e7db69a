/* SPDX-License-Identifier: Apache-2.0 */
/* print.c - the table of operations that the module renkei-print exports. */
#include "render.h"

#include "base/xml.h"
#include "output.h"
#include "xslt.h"

#include <gmodule.h>

/* Written by our stylesheet from a bounded instance: pages repeat their frames. */
#define XML_LIMIT_FO (16u << 20)

static RkStatus write_pages(GBytes **out, const FoPages *pages, RenderFormat format,
                            const RenderOptions *options, RkDiags *diags) {
  const FaxFile fax = {{options->fax_head, options->fax_standard}, options->fax_coding};
  switch (format) {
  case RENDER_PDF: return pdf_write(out, pages, options->time, diags);
  case RENDER_TIFF: return tiff_write(out, pages, &fax, diags);
  case RENDER_PNG: return png_write(out, pages, options->page, diags);
  case RENDER_HTML:
  case RENDER_FO: break;
  }
  return diags_fail(diags, RK_USAGE, DIAG_FORMAT_WRONG, NULL,
                    format == RENDER_HTML ? "HTML" : "FO", NULL);
}

static RkStatus render_fo(GBytes **out, xmlDoc *fo, RenderFormat format,
                          const RenderOptions *options, RkDiags *diags) {
  g_autoptr(FoPages) pages = NULL;
  *out = NULL;
  FoOptions fo_options = {options->datadir, options->lenient, format == RENDER_TIFF,
                          options->code, options->code_user};
  RkStatus status = pages_new(&pages, fo, &fo_options, diags);
  return status == RK_OK ? write_pages(out, pages, format, options, diags) : status;
}

/* The FO is read back from its text, so that faults in it have line and column
 * in the very file that RENDER_FO gives. */
static RkStatus render_through_fo(GBytes **out, GBytes *text, RenderFormat format,
                                  const RenderOptions *options, RkDiags *diags) {
  gsize length;
  const char *bytes = g_bytes_get_data(text, &length);
  g_autoptr(xmlDoc) fo = NULL;
  RkStatus status = xml_parse(&fo, bytes, length, "form.fo", XML_LIMIT_FO, diags);
  return status == RK_OK ? render_fo(out, fo, format, options, diags) : status;
}

static RkStatus render(GBytes **out, xmlDoc *instance, RenderFormat format,
                       const RenderOptions *options, RkDiags *diags) {
  g_autoptr(GBytes) text = NULL;
  const char *name = format == RENDER_HTML ? "form-html.xsl" : "form-fo.xsl";
  *out = NULL;
  RkStatus status = xslt_apply(&text, instance, options->datadir, name, diags);
  if (status != RK_OK)
    return status;
  if (format != RENDER_HTML && format != RENDER_FO)
    return render_through_fo(out, text, format, options, diags);
  *out = g_steal_pointer(&text);
  return RK_OK;
}

static RkStatus count_pages(int *out, xmlDoc *fo, const RenderOptions *options, RkDiags *diags) {
  g_autoptr(FoPages) pages = NULL;
  *out = 0;
  FoOptions fo_options = {options->datadir, options->lenient, FALSE, options->code,
                          options->code_user};
  RkStatus status = pages_new(&pages, fo, &fo_options, diags);
  if (status == RK_OK)
    *out = (int)pages_count(pages);
  return status;
}

static RkStatus check_fonts(const RenderOptions *options, RkDiags *diags) {
  g_autoptr(FoFonts) fonts = NULL;
  RkStatus status = fonts_open(&fonts, options->datadir, diags);
  return status == RK_OK ? fonts_check(fonts, diags) : status;
}

G_MODULE_EXPORT extern const RenderOps renkei_print_ops;
const RenderOps renkei_print_ops = {RENDER_OPS_VERSION, render, render_fo, count_pages,
                                    check_fonts};
