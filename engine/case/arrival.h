/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arrival.h - papers that came, held against what the procedure of their case expects.
 *
 * Nothing is written: the papers are laid on the desk of a case in memory, and what can happen next is
 * compared with what could before. A paper is wanted when its sending was announced, or when something
 * that could happen lacks it.
 */
#ifndef RK_CASE_ARRIVAL_H
#define RK_CASE_ARRIVAL_H

#include "case/casefile.h"

typedef struct {
  GPtrArray *unwanted; /* references (char *) of papers that nothing waits for */
  GPtrArray *events;   /* names (char *) of what becomes possible by these papers */
  char *ways;          /* "fax hand": a paper may come by one of these, and nobody said by which; NULL */
} Arrival;

void arrival_clear(Arrival *arrival);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Arrival, arrival_clear)

/* The papers (references, char *) came by `channel` (NULL: as the procedure says). The file is spoilt
 * after it. RK_REFUSED, RK_INVALID with the reasons: one of them cannot be received at all. */
RkStatus arrival_judge(CaseFile *file, const GPtrArray *references, const char *channel, gint64 now,
                       Arrival *out, RkDiags *reasons);

#endif
