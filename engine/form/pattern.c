/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pattern.c - PCRE2 with every limit set: a pattern that backtracks without end
 * costs a fraction of a millisecond and is a fault of the form, not a match.
 */
#include "form/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>

#define LENGTH_MAX 1000
#define NEST_MAX 50
#define MATCH_MAX 10000
#define HEAP_MAX 1024 /* KiB */
#define DEPTH_MAX 1000

struct Pattern {
  pcre2_code *code;
};

static void report(int error, PCRE2_SIZE offset, const DiagPlace *place, RkDiags *diags) {
  PCRE2_UCHAR words[128];
  pcre2_get_error_message(error, words, sizeof words);
  g_autofree char *at = g_strdup_printf("%" G_GSIZE_FORMAT, (gsize)offset + 1);
  diags_add(diags, DIAG_FORM_PATTERN, place, at, (const char *)words, NULL);
}

Pattern *pattern_new(const char *expression, const DiagPlace *place, RkDiags *diags) {
  pcre2_compile_context *context = pcre2_compile_context_create(NULL);
  pcre2_set_max_pattern_length(context, LENGTH_MAX);
  pcre2_set_parens_nest_limit(context, NEST_MAX);
  int error;
  PCRE2_SIZE offset = 0;
  pcre2_code *code = pcre2_compile(
      (PCRE2_SPTR)expression, PCRE2_ZERO_TERMINATED,
      PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY, &error, &offset, context);
  pcre2_compile_context_free(context);
  if (!code) {
    report(error, offset, place, diags);
    return NULL;
  }
  Pattern *pattern = g_new0(Pattern, 1);
  pattern->code = code;
  return pattern;
}

void pattern_free(Pattern *pattern) {
  if (!pattern)
    return;
  pcre2_code_free(pattern->code);
  g_free(pattern);
}

PatternResult pattern_match(const Pattern *pattern, const char *text) {
  gsize length = strlen(text);
  if (length > PATTERN_SUBJECT_MAX)
    return PATTERN_LIMIT;
  pcre2_match_context *context = pcre2_match_context_create(NULL);
  pcre2_set_match_limit(context, MATCH_MAX);
  pcre2_set_heap_limit(context, HEAP_MAX);
  pcre2_set_depth_limit(context, DEPTH_MAX);
  pcre2_match_data *data = pcre2_match_data_create(1, NULL);
  int found = pcre2_match(pattern->code, (PCRE2_SPTR)text, length, 0,
                          PCRE2_ANCHORED | PCRE2_ENDANCHORED, data, context);
  pcre2_match_data_free(data);
  pcre2_match_context_free(context);
  if (found == PCRE2_ERROR_NOMATCH)
    return PATTERN_DIFFERS;
  return found < 0 ? PATTERN_LIMIT : PATTERN_MATCHES;
}
