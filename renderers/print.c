/* SPDX-License-Identifier: Apache-2.0 */
/* print.c - the table of operations that the module renkei-print exports. */
#include "render.h"

#include "base/xml.h"
#include "output.h"
#include "xslt.h"

#include <gmodule.h>

/* Written by our stylesheet from a bounded instance: pages repeat their frames. */
#define XML_LIMIT_FO (16u << 20)

/* ------------------------------------------------------- compiled once for many */

struct RenderKept {
  char *datadir;
  XsltSheets *sheets;
};

static RenderKept *kept_new(const char *datadir) {
  RenderKept *kept = g_new0(RenderKept, 1);
  kept->datadir = g_strdup(datadir);
  kept->sheets = xslt_sheets_new(datadir);
  return kept;
}

static void kept_free(RenderKept *kept) {
  if (!kept)
    return;
  xslt_sheets_free(kept->sheets);
  g_free(kept->datadir);
  g_free(kept);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RenderKept, kept_free)

/* ------------------------------------------------------------------------ pages */

static RkStatus lay_out(FoPages **out, xmlDoc *fo, gboolean fax, const RenderOptions *options,
                        RkDiags *diags) {
  const FoOptions here = {options->datadir, options->lenient, fax, options->code, options->code_user};
  return pages_new(out, fo, &here, diags);
}

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
  RkStatus status = lay_out(&pages, fo, format == RENDER_TIFF, options, diags);
  return status == RK_OK ? write_pages(out, pages, format, options, diags) : status;
}

/* -------------------------------------------------------------- the cover sheet */

static RkStatus parse_fo(xmlDoc **out, GBytes *text, RkDiags *diags) {
  gsize length;
  const char *bytes = g_bytes_get_data(text, &length);
  return xml_parse(out, bytes, length, "form.fo", XML_LIMIT_FO, diags);
}

/* Both documents call their pages the same. The cover is no page of a paper: it bears no code. */
static void make_cover(xmlNode *node) {
  static const char *const names[] = {"id", "ref-id", "master-name", "master-reference"};
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *held = xml_attr(node, names[i]);
    g_autofree char *own = held ? g_strconcat("cover-", held, NULL) : NULL;
    if (own)
      xml_set_attr(node, names[i], own);
  }
  for (xmlNode *child = xmlFirstElementChild(node), *next; child; child = next) {
    next = xmlNextElementSibling(child);
    if (g_str_equal((const char *)child->name, "instream-foreign-object")) {
      xmlUnlinkNode(child);
      xmlFreeNode(child);
    } else {
      make_cover(child);
    }
  }
}

static xmlNode *first_named(xmlNode *root, const char *name) {
  xmlNode *node = xmlFirstElementChild(root);
  while (node && !g_str_equal((const char *)node->name, name))
    node = xmlNextElementSibling(node);
  return node;
}

/* Its masters after those of the paper, its pages before the paper's. */
static void put_before(xmlDoc *fo, xmlDoc *cover) {
  xmlNode *root = xmlDocGetRootElement(fo), *other = xmlDocGetRootElement(cover);
  xmlNode *masters = first_named(root, "layout-master-set");
  xmlNode *pages = first_named(root, "page-sequence");
  make_cover(other);
  for (xmlNode *node = xmlFirstElementChild(first_named(other, "layout-master-set")), *next; node;
       node = next) {
    next = xmlNextElementSibling(node);
    xmlAddChild(masters, xmlDocCopyNode(node, fo, 1));
  }
  for (xmlNode *node = first_named(other, "page-sequence"); node; node = xmlNextElementSibling(node))
    xmlAddPrevSibling(pages, xmlDocCopyNode(node, fo, 1));
}

static RkStatus add_cover(xmlDoc *fo, XsltSheets *sheets, const RenderOptions *options,
                          RkDiags *diags) {
  g_autoptr(GBytes) text = NULL;
  g_autoptr(xmlDoc) cover = NULL;
  if (!options->cover)
    return RK_OK;
  RkStatus status = xslt_apply(&text, options->cover, sheets, "form-fo.xsl", diags);
  if (status == RK_OK)
    status = parse_fo(&cover, text, diags);
  if (status == RK_OK)
    put_before(fo, cover);
  return status;
}

/* The FO is read back from its text, so that faults in it have line and column
 * in the very file that RENDER_FO gives. */
static RkStatus render_through_fo(GBytes **out, GBytes *text, XsltSheets *sheets, RenderFormat format,
                                  const RenderOptions *options, RkDiags *diags) {
  g_autoptr(xmlDoc) fo = NULL;
  RkStatus status = parse_fo(&fo, text, diags);
  if (status == RK_OK)
    status = add_cover(fo, sheets, options, diags);
  return status == RK_OK ? render_fo(out, fo, format, options, diags) : status;
}

static RkStatus render(GBytes **out, xmlDoc *instance, RenderFormat format,
                       const RenderOptions *options, RkDiags *diags) {
  g_autoptr(GBytes) text = NULL;
  g_autoptr(RenderKept) own = options->kept ? NULL : kept_new(options->datadir);
  const RenderKept *kept = own ? own : options->kept;
  const char *name = format == RENDER_HTML ? "form-html.xsl" : "form-fo.xsl";
  *out = NULL;
  g_assert(g_str_equal(kept->datadir, options->datadir));
  RkStatus status = xslt_apply(&text, instance, kept->sheets, name, diags);
  if (status != RK_OK)
    return status;
  if (format != RENDER_HTML && format != RENDER_FO)
    return render_through_fo(out, text, kept->sheets, format, options, diags);
  *out = g_steal_pointer(&text);
  return RK_OK;
}

static RkStatus count_pages(int *out, xmlDoc *fo, const RenderOptions *options, RkDiags *diags) {
  g_autoptr(FoPages) pages = NULL;
  *out = 0;
  RkStatus status = lay_out(&pages, fo, FALSE, options, diags);
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
                                    check_fonts,        kept_new, kept_free};
