/* SPDX-License-Identifier: Apache-2.0 */
/* certificate.h - what a disposal has done: numbers, codes, hashes, days and names of operators. */
#ifndef RK_API_CERTIFICATE_H
#define RK_API_CERTIFICATE_H

#include "case/desk_int.h"

/* The tables "disposal", "cases", "originals" (papers that lie with somebody and go by hand) and
 * "backups" (copies that still hold it). RK_NOT_FOUND for an unknown one. */
RkStatus certificate_tables(RkDesk *desk, const char *id, GPtrArray **out, RkDiags *diags);
/* The same as a page to print, with lines for signatures. */
RkStatus certificate_document(RkDesk *desk, const char *id, GBytes **out, RkDiags *diags);

#endif
