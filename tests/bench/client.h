/* SPDX-License-Identifier: Apache-2.0 */
/* client.h - what the programs share that measure through renkei.h. */
#ifndef RK_BENCH_CLIENT_H
#define RK_BENCH_CLIENT_H

#include "renkei.h"

#include <stdio.h>
#include <stdlib.h>

/* RENKEI_DATADIR and RENKEI_MODULEDIR say where the shipped files lie. */
static RkSite site;

static inline gboolean find_site(void) {
  site.datadir = g_getenv("RENKEI_DATADIR");
  site.moduledir = g_getenv("RENKEI_MODULEDIR");
  return site.datadir && site.moduledir;
}

static inline void must(RkStatus status, RkDiags *diags) {
  if (status == RK_OK)
    return;
  for (guint i = 0; i < rk_diags_count(diags); i++)
    fprintf(stderr, "bench: %s\n", rk_diags_get(diags, i)->message);
  exit(1);
}

#endif
