/* SPDX-License-Identifier: Apache-2.0 */
/* charts.h - random state charts: as a document of the reference, and as SCXML. */
#ifndef RK_TEST_CHARTS_H
#define RK_TEST_CHARTS_H

#include "../reference/reference.h"
#include "entropy.h"

/* A conformant document: legal configurations, targets that can be active together. */
RefDocument *chart_generate(Entropy *entropy);
/* An event that such a document may wait for. */
const char *chart_event(Entropy *entropy);
/* The same document for other programs. g_free. */
char *chart_write(const RefDocument *doc);

#endif
