/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spool.h - the files that a FAX program takes.
 *
 * They are written in full under names that no FAX program looks at, then given their own
 * (NUMBER-form-role-id.tiff). What the office's own program sends lies only for so long as it runs in a folder
 * beside the database (its name and "-outbox", 0700), where the lock is, too.
 */
#ifndef RK_API_SPOOL_H
#define RK_API_SPOOL_H

#include "api/print.h"
#include "case/casefile.h"

typedef enum { SPOOL_BOTH, SPOOL_TIFF, SPOOL_PDF } SpoolKind;
typedef struct Spool Spool;

/* Take the lock (RK_CONFLICT while another process has it) and make the folder; `folder` NULL: that beside
 * the database, cleared of what a dead process left. */
RkStatus spool_open(Spool **out, RkDesk *desk, const char *folder, RkDiags *diags);
const char *spool_folder(const Spool *spool);
void spool_free(Spool *spool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Spool, spool_free)

/* Files on their way; what was not given its name is removed with the array. */
GPtrArray *spool_files_new(void);
/* Draw the paper, after its cover sheet (or NULL; its pages are filled in), and write it into `folder`;
 * *pages: of the file that is sent, with that. */
RkStatus spool_make(RkDesk *desk, const StoreSent *row, const char *folder, SpoolKind kind,
                    Cover *cover, GPtrArray *files, guint *pages, RkDiags *diags);
/* Give the files their names: "handed-over", "failed" while nothing was to be seen of them, or "unknown"
 * when part of it may have been taken. */
const char *spool_give(GPtrArray *files, RkDiags *diags);
/* The first file; borrowed. */
const char *spool_path(const GPtrArray *files);
/* Remove what was given its name. */
void spool_clear(GPtrArray *files);
/* The number of pages of a TIFF that we made; 0: it is none. */
guint spool_tiff_pages(GBytes *bytes);

#endif
