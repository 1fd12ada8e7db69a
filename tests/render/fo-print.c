/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fo-print IN.fo OUT.pdf|OUT.tiff|OUT.png [PAGE] - print an XSL-FO document as the
 * module does; to look at it, and to compare it with another formatter's.
 * RENKEI_SRCDIR is the root of the sources.
 */
#include "base/xml.h"
#include "render.h"

#include <stdio.h>
#include <stdlib.h>

extern const RenderOps renkei_print_ops;

static RenderFormat format_of(const char *path) {
  return g_str_has_suffix(path, ".pdf")    ? RENDER_PDF
         : g_str_has_suffix(path, ".tiff") ? RENDER_TIFF
                                           : RENDER_PNG;
}

int main(int argc, char **argv) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(xmlDoc) doc = NULL;
  g_autoptr(GBytes) out = NULL;
  if (argc < 3)
    return 2;
  g_autofree char *datadir = g_build_filename(g_getenv("RENKEI_SRCDIR"), "renderers", NULL);
  RenderOptions options = {.datadir = datadir, .page = argc > 3 ? atoi(argv[3]) : 1};
  RkStatus status = xml_read_file(&doc, argv[1], 64u << 20, diags);
  if (status == RK_OK)
    status = renkei_print_ops.render_fo(&out, doc, format_of(argv[2]), &options, diags);
  for (guint i = 0; i < rk_diags_count(diags); i++) {
    const RkDiag *diag = rk_diags_get(diags, i);
    fprintf(stderr, "%s:%d:%d: %s: %s\n", diag->file ? diag->file : "-", diag->line, diag->column,
            diag->code, diag->message);
  }
  if (status != RK_OK)
    return 1;
  return g_file_set_contents(argv[2], g_bytes_get_data(out, NULL), (gssize)g_bytes_get_size(out),
                             NULL)
             ? 0
             : 1;
}
