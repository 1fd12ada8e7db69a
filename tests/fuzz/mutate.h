/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mutate.h - inputs that are nearly right: documents with elements moved, doubled, taken out,
 * renamed, attributes changed for words of the same language or hostile ones; and bytes
 * changed anyhow.
 */
#ifndef RK_TEST_MUTATE_H
#define RK_TEST_MUTATE_H

#include "entropy.h"

typedef struct Mutator Mutator;

/* Learns its words from `seeds` (of GBytes; borrowed, must outlive it). */
Mutator *mutator_new(const GPtrArray *seeds, gboolean xml);
void mutator_free(Mutator *mutator);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mutator, mutator_free)

/* A changed copy; of `xml` documents mostly well-formed ones. g_bytes_unref. */
GBytes *mutate(const Mutator *mutator, Entropy *entropy, GBytes *input);

#endif
