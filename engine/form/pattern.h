/* SPDX-License-Identifier: Apache-2.0 */
/* pattern.h - the only user of PCRE2: author's patterns, matched within limits. */
#ifndef RK_FORM_PATTERN_H
#define RK_FORM_PATTERN_H

#include "base/diag.h"

typedef struct Pattern Pattern;

#define PATTERN_SUBJECT_MAX 10240 /* bytes */

/* The whole value must match. NULL with a diagnostic at `place` otherwise. */
Pattern *pattern_new(const char *expression, const DiagPlace *place, RkDiags *diags);
void pattern_free(Pattern *pattern);

typedef enum { PATTERN_MATCHES, PATTERN_DIFFERS, PATTERN_LIMIT } PatternResult;
PatternResult pattern_match(const Pattern *pattern, const char *text);

#endif
