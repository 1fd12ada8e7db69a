/* SPDX-License-Identifier: Apache-2.0 */
/*
 * preload.h - what the two preloaded libraries and the tests that use them agree on.
 *
 * FAULT_REPORT names a file that holds a FaultReport: the libraries count in it, so that
 * the figures outlive the process. Counting begins at main().
 */
#ifndef RK_TEST_FAULT_PRELOAD_H
#define RK_TEST_FAULT_PRELOAD_H

#include <stdatomic.h>
#include <stdint.h>

typedef struct {
  _Atomic uint64_t calls;  /* that could have failed */
  _Atomic uint64_t failed; /* that were made to */
  /* With FAULT_FORK: how the copies of the process ended in which the call failed. */
  _Atomic uint64_t ended;   /* with status 71 */
  _Atomic uint64_t went_on; /* as if nothing had been */
  _Atomic uint64_t crashed; /* by a signal */
  _Atomic uint64_t other;   /* with another status */
} FaultReport;

/*
 * FAULT_AT     the number of the call that fails, from 1; unset: none
 * FAULT_GOOD   set: and all after it
 * FAULT_DO     what happens: kill (before the call), half (half of a write, then kill), full (half
 *              of a write, then ENOSPC), or the number of an errno
 * FAULT_UNDER  files below this folder are watched
 * FAULT_FORK   every so many allocations the process makes a copy of itself in which the
 *              allocation fails, waits for its end, and goes on
 */

#endif
