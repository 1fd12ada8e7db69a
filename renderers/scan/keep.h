/* SPDX-License-Identifier: Apache-2.0 */
/* keep.h - the picture of a received page that is kept. */
#ifndef RK_SCAN_KEEP_H
#define RK_SCAN_KEEP_H

#include "scan/grey.h"

/* PNG, two tones or 16 greys; the same pixels give the same bytes. NULL: it could not be written. */
GBytes *keep_png(const Grey *grey);

#endif
