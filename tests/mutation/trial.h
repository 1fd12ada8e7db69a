/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trial.h - faults put into a shipped procedure, and whether what lies beside it notices:
 * `workflow check`, the lists of its town (expected.h), or one of its tests.
 */
#ifndef RK_TESTS_TRIAL_H
#define RK_TESTS_TRIAL_H

#include "expected.h"
#include "renkei.h"

#include <glib.h>

typedef struct {
  const RkSite *site;
  const Expected *expected; /* of the town */
  guint every;              /* only every Nth fault; 1: all */
  guint seen;               /* faults so far, tried or not */
  guint tried, noticed;
  guint by_check, by_lists; /* of those noticed */
  /* Told of each fault that nothing noticed: "town/name: where: what". */
  void (*survives)(const char *fault, gpointer user);
  gpointer user;
} Trial;

/* The files of a town's procedures as "town/file", sorted. g_ptr_array_unref. */
GPtrArray *trial_procedures(const char *town);
/* Try the faults of "town/file". What does not hold as it is shipped, in words; NULL: nothing. */
const char *trial_procedure(Trial *trial, const char *file);

#endif
