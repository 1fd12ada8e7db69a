/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dispose.h - whether a case may be disposed of, and doing it to one case.
 *
 * Who proposes, approves and carries out is api/dispose.c. Here one case goes in one transaction: its
 * journal gets the entry "disposed" (certificate, ground, what there was, in numbers), and everything
 * else that the case wrote goes, see store.h. A register entry goes when nothing else has written it;
 * else what only this case said of it goes. What stays in registers is stated in the entry as a hash
 * ("kept"), against which `verify` holds it.
 */
#ifndef RK_CASE_DISPOSE_H
#define RK_CASE_DISPOSE_H

#include "case/casefile.h"
#include "case/retention.h"

#define REGISTER_DISPOSAL "disposal" /* key D-0001; proposed approved carrying-out done withdrawn */
#define REGISTER_HOLD "hold"         /* key: case number; held released */
#define HOLD_HELD "held"

/* How long one case is kept: as long as it and each of its papers must be. */
typedef struct {
  gboolean stated; /* a period is known */
  Day end;         /* the first day it is kept no longer */
  char *ground;    /* "P5Y (…source…)", after "FORM: " when a paper decides; NULL when nothing is stated */
  char *unstated;  /* of what nothing is stated: "PROCEDURE" or "PROCEDURE.FORM"; else NULL */
} Keeping;
void keeping_clear(Keeping *keeping);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Keeping, keeping_clear)

/* The rules of the desk's municipality. */
RkStatus dispose_rules(RkDesk *desk, Retention **out, RkDiags *diags);
/* A setting of the office goes before what the file says. RK_INVALID: a setting is no period. */
RkStatus dispose_keeping(CaseFile *file, const Retention *retention, Keeping *out, RkDiags *diags);
/* RK_REFUSED with every reason why the case must stay. `tray`: the pages that wait there (scans_beside), for whoever
 * judges many; NULL: they are read. */
RkStatus dispose_judge(CaseFile *file, const Retention *retention, const GPtrArray *tray, gint64 now,
                       RkDiags *diags);
/* Dispose of the case; nothing when that was done already. Judged again inside. */
RkStatus dispose_case(RkDesk *desk, const Retention *retention, const char *number,
                      const char *certificate, gint64 now, RkDiags *diags);
/* What the entry "disposed" says: {"certificate", "ground", …}, or NULL; json_decref. *entry (may be
 * NULL) is that entry; store_journal_free. */
json_t *dispose_entry(RkDesk *desk, const char *case_id, StoreJournal **entry);

#endif
