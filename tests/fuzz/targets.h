/* SPDX-License-Identifier: Apache-2.0 */
/*
 * targets.h - the doors through which other people's bytes come in, one target each.
 *
 * A target takes any bytes and must say what is wrong with them: either they are
 * accepted, and what was made of them is used a little, or there is at least one
 * diagnostic. Anything else ends the process, as a crash, a hang or a leak does.
 */
#ifndef RK_TEST_TARGETS_H
#define RK_TEST_TARGETS_H

#include "entropy.h"

typedef enum { FUZZ_REFUSED, FUZZ_ACCEPTED, FUZZ_UNFIT } FuzzOutcome; /* unfit: cannot run here */

typedef struct {
  const char *name;
  const char *seeds; /* shipped files to begin with, below the top folder: patterns, space-separated */
  FuzzOutcome (*run)(const guint8 *bytes, gsize length);
  guint count;       /* inputs in the short run */
  gboolean xml;      /* FALSE: text or bytes, mutated as such */
} FuzzTarget;

extern const FuzzTarget fuzz_targets[];
extern const guint n_fuzz_targets;

const FuzzTarget *fuzz_target_find(const char *name); /* NULL: none */
/* Its seeds, of GBytes: the files named in the table, and tests/fuzz/seeds/NAME/. Sorted by name.
 * `top`: the top folder of the sources. g_ptr_array_unref. */
GPtrArray *fuzz_target_seeds(const FuzzTarget *target, const char *top);

#endif
