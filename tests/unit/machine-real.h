/* SPDX-License-Identifier: Apache-2.0 */
/* machine-real.h - running SCXML documents in tests on the clock of the computer: delays are
 * really waited for, by all documents at once, so that the longest of them is all it takes. Due
 * times decide who goes on when, however late the computer is. */
#ifndef RK_TEST_MACHINE_REAL_H
#define RK_TEST_MACHINE_REAL_H

#include "machine-run.h"

#include <stdio.h>

typedef struct {
  char *name;
  Machine *machine;
  Session *session;
  gboolean waits;  /* it had something to wait for */
  gboolean broken; /* the interpreter gave up */
  int left;        /* events that it may still wait for */
} RealRun;

static inline void real_run_free(gpointer data) {
  RealRun *run = data;
  session_free(run->session);
  machine_unref(run->machine);
  g_free(run->name);
  g_free(run);
}

static inline GPtrArray *real_runs_new(void) {
  return g_ptr_array_new_with_free_func(real_run_free);
}

/* To be started with the others. Copies what it is given. */
static inline void real_runs_add(GPtrArray *runs, const char *name, Machine *machine,
                                 const SessionHost *host) {
  RealRun *run = g_new0(RealRun, 1);
  run->name = g_strdup(name);
  run->machine = machine_ref(machine);
  run->session = session_new(machine, host);
  run->left = 1000;
  g_ptr_array_add(runs, run);
}

/* When it wants to go on: microseconds since the start; G_MAXINT64 when it is over. */
static inline gint64 real_next(RealRun *run) {
  gboolean over = run->broken || !run->left || session_finished(run->session);
  gint64 due = over ? G_MAXINT64 : session_next_due(run->session);
  run->waits |= due != G_MAXINT64;
  return due;
}

static inline void real_go_on(RealRun *run, gint64 now) {
  gboolean fired = TRUE;
  while (fired && real_next(run) <= now) {
    run->left--;
    run->broken = session_fire_due(run->session, now, &fired, NULL, NULL) != RK_OK;
  }
}

/* Start all of them and wait until none has anything to wait for. */
static inline void real_runs_run(GPtrArray *runs) {
  gint64 begin = g_get_monotonic_time();
  for (guint i = 0; i < runs->len; i++) {
    RealRun *run = runs->pdata[i];
    run->broken = session_start(run->session, g_get_monotonic_time() - begin, NULL) != RK_OK;
  }
  for (gint64 next = 0; next != G_MAXINT64;) {
    next = G_MAXINT64;
    for (guint i = 0; i < runs->len; i++) {
      real_go_on(runs->pdata[i], g_get_monotonic_time() - begin);
      next = MIN(next, real_next(runs->pdata[i]));
    }
    gint64 now = g_get_monotonic_time() - begin;
    if (next != G_MAXINT64 && next > now)
      g_usleep((gulong)(next - now));
  }
}

/* Run them, and say of each that had to wait whether it ended in "pass", and of the others if they
 * did not: TAP, on from *number. How many did not. */
static inline int real_runs_tell(GPtrArray *runs, int *number) {
  int failed = 0;
  real_runs_run(runs);
  printf("# %u documents in real time\n", runs->len);
  for (guint i = 0; i < runs->len; i++) {
    const RealRun *run = runs->pdata[i];
    g_autofree char *states = run_states(run->session, run->machine);
    gboolean good = g_str_equal(states, "pass");
    if (good && !run->waits)
      continue;
    printf("%sok %d - %s in real time\n", good ? "" : "not ", ++*number, run->name);
    if (!good)
      printf("# ended in: %s\n", states);
    failed += !good;
  }
  return failed;
}

#endif
