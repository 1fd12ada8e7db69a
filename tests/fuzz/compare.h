/* SPDX-License-Identifier: Apache-2.0 */
/* compare.h - one random chart with random events, run by the engine and by the reference. */
#ifndef RK_TEST_COMPARE_H
#define RK_TEST_COMPARE_H

#include "entropy.h"

typedef struct {
  guint events, runaways, ended; /* how much was exercised: a comparison of nothing proves nothing */
} CompareTally;

/* NULL when both agree; else what a person needs to see why not: where they part, the
 * document, the events and both traces. g_free. */
char *compare_once(Entropy *entropy, CompareTally *tally);

#endif
