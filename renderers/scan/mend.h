/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mend.h - a code from which a bad line has taken rows, put together again.
 *
 * What comes of it may be no code at all, or a wrong one: whether it is ours its check says, as for
 * every other.
 */
#ifndef RK_SCAN_MEND_H
#define RK_SCAN_MEND_H

#include "scan/grey.h"

/* Small pictures (Grey *) in which a code may be readable that is not on `cut`, the likeliest first.
 * `clean` is the same page without noise; both of two tones. g_ptr_array_unref. */
GPtrArray *mend_codes(const Grey *cut, const Grey *clean);

#endif
