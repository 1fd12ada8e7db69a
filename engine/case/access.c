/* SPDX-License-Identifier: Apache-2.0 */
/*
 * access.c - who looked at what, and what was refused: rows of the access log.
 *
 * The log can never lose anything, so nothing personal may enter it: words of ours, numbers and
 * ids, never what was typed in their place.
 */
#include "case/desk_int.h"

#include <string.h>

#define LOG_NUMBER "^([A-Z]?[0-9]+-[0-9]+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})\\z" /* or a case's id */
#define LOG_NAME "^[A-Za-z0-9._-]{1,64}\\z"

/* What was typed for the number of a case, or for another name of ours, gets in only if it looks like one. A
 * paper's ("CODE:KEY") goes without its key. NULL for NULL; g_free. */
static char *log_word(const char *pattern, const char *typed) {
  const char *end = typed ? strchr(typed, ':') : NULL;
  g_autofree char *word = end ? g_strndup(typed, (gsize)(end - typed)) : g_strdup(typed);
  return !word || g_regex_match_simple(pattern, word, 0, 0) ? g_steal_pointer(&word) : g_strdup("?");
}

RkStatus desk_log(RkDesk *desk, gint64 now, const char *action, const char *typed_number,
                  const char *typed_detail, RkStatus result, RkDiags *diags) {
  g_autofree char *code = g_strdup_printf("%d", (int)result);
  g_autofree char *number = log_word(LOG_NUMBER, typed_number);
  g_autofree char *detail = log_word(LOG_NAME, typed_detail);
  StoreAccess access = {.entered = now,
                        .operator_ = desk->operator_,
                        .action = (char *)action,
                        .case_number = number,
                        .detail = detail,
                        .result = code};
  if (desk->within && result == RK_OK)
    return RK_OK;
  return store_log_access(desk->store, &access, diags);
}

RkStatus desk_read(RkDesk *desk, const char *action, const char *number, const char *detail,
                   RkDiags *diags) {
  RkStatus allowed = desk_check_clerk(desk, diags);
  RkStatus logged = desk_log(desk, desk->now, action, number, detail, allowed, diags);
  return allowed == RK_OK ? logged : allowed;
}

RkStatus desk_read_office(RkDesk *desk, const char *action, const char *detail, RkDiags *diags) {
  RkStatus allowed = desk_check_member(desk, diags);
  RkStatus logged = desk_log(desk, desk->now, action, NULL, detail, allowed, diags);
  return allowed == RK_OK ? logged : allowed;
}
