/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scans.h - pages that came by FAX or were scanned.
 *
 * Every page has an entry in the register "scan" that says what it is; its picture lies in the store. That
 * a page came is true whatever becomes of its case: neither replay nor undo of a case touches it, and
 * its entry names no person. The picture goes with the case it lies beside, or when it is rejected.
 *
 *   tray      it waits for a person, with the reason
 *   filed     it lies beside a paper of a case
 *   rejected  a person sent it away; the picture is erased
 *   blank     there was nothing on it; no picture was kept
 */
#ifndef RK_CASE_SCANS_H
#define RK_CASE_SCANS_H

#include "base/papercode.h"
#include "case/desk_int.h"

#define REGISTER_SCAN "scan"

typedef struct {
  char *id;          /* 12 digits of the file's hash, page: "3fa21b9c04ab-001" */
  char *state;
  char *file;        /* SHA-256 of the file it came in, hex */
  char *picture;     /* SHA-256 of its picture, hex; NULL: none was kept */
  char *number;      /* the paper's number, or of a blank the form, as its code says; NULL: no code */
  guint page, pages; /* as its code says; 0: no code */
  char *reason;      /* why it is in the tray; NULL */
  char *case_number; /* of the case it lies beside; NULL */
  char *form;        /* the paper of that case, or of a page in the tray its form if that is known */
  char *channel;     /* as the operator said; NULL */
  gboolean ours;     /* its code was made by this office */
  gboolean matched;  /* a person said to which paper it belongs */
  gint64 since;      /* when it came */
} Scan;

Scan *scan_new(const char *file, guint number);
void scan_free(Scan *scan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scan, scan_free)
/* What the register holds of it. */
StoreRegister *scan_entry(const Scan *scan);

/* RK_NOT_FOUND without a diagnostic. */
RkStatus scans_load(RkDesk *desk, const char *id, Scan **out, RkDiags *diags);
/* The pages (Scan) of a file received before; none when it is new. */
RkStatus scans_of_file(RkDesk *desk, const char *file, GPtrArray **out, RkDiags *diags);
/* Those beside a case (its id), or in the tray (NULL), in the order of their ids. */
RkStatus scans_beside(RkDesk *desk, const char *case_id, GPtrArray **out, RkDiags *diags);

/* What the number on a paper names. */
typedef struct {
  char *case_number, *form; /* the form as the number has it: in capitals */
  guint which;              /* of several papers of one form, from 1; 0: there is one */
  gint64 version;
} PaperName;
void paper_name_clear(PaperName *name);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PaperName, paper_name_clear)
gboolean paper_name_read(PaperName *out, const char *number);

/* Every picture has its entry, every entry its picture. *count: entries. */
RkStatus scans_verify(RkDesk *desk, gint64 *count, RkDiags *diags);

#endif
