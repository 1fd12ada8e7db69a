/* SPDX-License-Identifier: Apache-2.0 */
/* print.h - the printing module, loaded when first needed. */
#ifndef RK_API_PRINT_H
#define RK_API_PRINT_H

#include "base/papercode.h"
#include "renderers/render.h"
#include "renkei.h"

struct CaseFile;

/* The module in site->moduledir, loaded when first asked for and kept for the life of the
 * process: the libraries behind it register types that cannot be taken back. */
RkStatus print_module_load(const RkSite *site, const RenderOps **out, RkDiags *diags);
/* Whether papers can be drawn here: the module is there, and its fonts. */
gboolean print_is_ready(const RkSite *site);
/* By what the codes of a paper's pages are signed. */
typedef struct {
  const PaperKeys *keys;
  gint64 made; /* the journal entry that made this version */
} PageSigner;

/* How a paper of a case is printed. */
typedef struct {
  xmlDoc *cover;            /* before it; or NULL */
  RkFormat format;
  gint64 time;              /* goes into the PDF */
  const PageSigner *signer; /* NULL: FO and HTML have no codes */
  const char *head;         /* of each page of a FAX, beside its number; or NULL */
} PrintHow;

/* Render the instance document of a paper. What the module can use again stays with the desk. */
RkStatus print_instance(RkDesk *desk, xmlDoc *instance, const PrintHow *how, GBytes **out,
                        RkDiags *diags);

/* What stands on the first page of a FAX. */
typedef struct {
  const char *from, *to, *number; /* number NULL: to be written in */
  guint pages;                    /* with this one */
  gint64 time;
} Cover;

/* The paper of a case as rk_form_print gives it; `sent`: as it leaves now, with the head of a FAX and a cover sheet (or
 * NULL). */
RkStatus paper_print(RkDesk *desk, const char *number, const char *reference, RkFormat format,
                     gboolean sent, const Cover *cover, GBytes **out, RkDiags *diags);
/* RkDesk.lay_out: draws the paper and throws it away; RK_INVALID with what is wrong with it. Where nothing can
 * be drawn, nothing is said. */
RkStatus paper_lay_out(struct CaseFile *file, const char *paper, RkDiags *diags);
/* The instance of the shared form forms/fax-cover.xml. It holds nothing personal: `subject` is the paper's title, `paper`
 * its number. xmlFreeDoc. */
RkStatus cover_instance(xmlDoc **out, const RkDesk *desk, const Cover *cover, const char *subject,
                        const char *paper, RkDiags *diags);

#endif
