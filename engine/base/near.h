/* SPDX-License-Identifier: Apache-2.0 */
/* near.h - "did you mean": the known word nearest to one that is not known. */
#ifndef RK_BASE_NEAR_H
#define RK_BASE_NEAR_H

#include "renkei.h" /* rk_near_word */

/* What rk_near_word finds as a remedy for people, with all that is possible; g_free. */
char *near_hint(const char *word, const char *const *known);

#endif
