/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dossier.h - everything that is held on a case, as files that are read without this program.
 *
 *   index.html            all of it on one page, with links to the papers
 *   case.json             where it stands: a table an object
 *   log.csv, log.json     the journal
 *   registers.csv, .json  what the case wrote in registers
 *   papers/NN-CODE.xml    the values of a paper; .html, .pdf where they could be made
 *   received/ID.png       pages of its papers as they came by FAX or were scanned
 *   journal/              what proves the log: see README.txt in the bundle
 *   procedure/            the procedure and forms that the case is bound to
 */
#ifndef RK_API_DOSSIER_H
#define RK_API_DOSSIER_H

#include "base/pack.h"
#include "case/casefile.h"
#include "case/scans.h"

typedef struct {
  const char *folder;    /* "", or "cases/R8-0001/" */
  gboolean with_printed; /* HTML and PDF of each paper, when the printing module can be had */
  gboolean with_procedure;
} DossierOptions;

RkStatus dossier_add(RkDesk *desk, Pack *pack, const char *number, const DossierOptions *options,
                     RkDiags *diags);
/* The pages that lie beside a case as pictures, with links on `page`. */
typedef struct {
  const char *case_id, *folder;
  gboolean (*wanted)(const Scan *scan, gpointer user); /* NULL: all */
  gpointer user;
} DossierPages;
RkStatus dossier_add_scans(RkDesk *desk, Pack *pack, GString *page, const DossierPages *pages,
                           RkDiags *diags);
/* README.txt, the signed checkpoints, and SHA256SUMS over everything: last of all. */
RkStatus dossier_finish(RkDesk *desk, Pack *pack, RkDiags *diags);

#endif
