/* SPDX-License-Identifier: Apache-2.0 */
/* scan.h - the module that reads scans, loaded when first needed. */
#ifndef RK_API_SCAN_H
#define RK_API_SCAN_H

#include "case/casefile.h"
#include "case/scans.h"
#include "renderers/scan/scan.h"

/* The module in site->moduledir, kept for the life of the process. */
RkStatus scan_module_load(const RkSite *site, const ScanOps **out, RkDiags *diags);

/* A page that was read, before anybody knows what it is. */
typedef struct {
  Scan *scan;
  GBytes *image; /* NULL: none is kept */
  gboolean damaged;
} ScanRead;

/* A page that was rejected, or taken for blank: no picture of it is kept. */
gboolean scan_left_out(const Scan *scan);
/* Read the file `path`: its hash (hex, g_free) and its pages (ScanRead), each with what its code says; a page
 * with a reason goes to the tray. Of a file that was received before, *known are the pages as they stand,
 * and *pages is empty; unless some were left out and `again` asks for them: then all are read, and none is
 * blank. */
RkStatus scan_read_file(RkDesk *desk, const char *path, gint64 now, gboolean again, char **file,
                        GPtrArray **known, GPtrArray **pages, RkDiags *diags);

/* The form of the bundle with this code, in whatever case; NULL. */
Form *scan_form(const Bundle *bundle, const char *code);
/* The paper that a number means: of this form, the which-th (0: the first); NULL: the case has none yet. */
const StorePaper *scan_paper(const CaseFile *file, const char *form, guint which);

/*
 * Papers of a case that lie on the desk as scans, and what the procedure makes of it.
 */
typedef struct {
  char *case_number;
  GPtrArray *references; /* char * */
  GPtrArray *events;     /* char *: what they make possible */
  char *channel;         /* by which they came; NULL: not said */
  char *ways;            /* by which they may come, when that should be said; NULL */
  RkDiags *reasons;      /* why they cannot be received at all; NULL */
  gboolean look;         /* a person should look at the pages before they are entered */
  gboolean wanted;       /* something waits for all of them */
} ScanProposal;
void scan_proposal_free(ScanProposal *proposal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ScanProposal, scan_proposal_free)
ScanProposal *scan_proposal_new(const char *case_number);
RkStatus scan_propose(RkDesk *desk, ScanProposal *proposal, const char *channel, gint64 now,
                      RkDiags *diags);

/* "pages", as renkei.h has them; `file` is the name under which it came. */
RkTable *scan_pages_table(void);
void scan_pages_row(RkTable *table, const char *file, const Scan *scan);
RkTable *scan_papers_table(void);
void scan_papers_columns(RkTable *table);
void scan_papers_row(RkTable *table, const ScanProposal *proposal, const char *state,
                     const char *event);

/* "arrived": what lies beside open cases, is waited for there and was not entered; columns as of "papers". No
 * more cases are looked at than it takes to have `limit` rows. */
RkStatus scan_arrived(RkDesk *desk, gint64 now, guint limit, RkTable **out, RkDiags *diags);

#endif
