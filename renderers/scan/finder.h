/* SPDX-License-Identifier: Apache-2.0 */
/* finder.h - where on a page codes stand, by the finder patterns in three of their corners. */
#ifndef RK_SCAN_FINDER_H
#define RK_SCAN_FINDER_H

#include "scan/grey.h"

/* A square code, upright or upside down, with a little of the white around it; in pixels, within the page. */
typedef struct {
  int left, top, right, bottom; /* right and bottom lie outside */
} CodePlace;

/* The codes of a page of two tones that is not crooked (CodePlace), from the top. Rows may be missing in
 * them, columns not. Empty also for a page on which too much looks like a code. */
GArray *find_code_places(const Grey *grey);

#endif
