/* SPDX-License-Identifier: Apache-2.0 */
/* say.c - standard error: refusals with what to do about them, and words for people. */
#include "config.h"

#include "cli/cli.h"

#include <stdarg.h>
#include <stdio.h>

/* What was answered before stands before it where both streams go to one place. */
static void keep_order(void) {
  fflush(stdout);
}

RkStatus say_error(const Cli *cli, RkStatus status, const char *message, const char *hint) {
  keep_order();
  if (cli->format == OUTPUT_JSON || cli->format == OUTPUT_JSONL) {
    json_error(status, message, hint);
    return status;
  }
  put_format(stderr, "renkei: %s: %s\n", _("error"), message);
  put_format(stderr, "  -> %s\n", hint);
  return status;
}

static const char *level_word(RkLevel level) {
  switch (level) {
  case RK_LEVEL_ERROR:
    return _("error");
  case RK_LEVEL_WARNING:
    return _("warning");
  case RK_LEVEL_NOTE:
    return _("note");
  }
  g_assert_not_reached();
}

static void say_diag(const RkDiag *diag) {
  if (!diag->file)
    fputs("renkei: ", stderr);
  else if (diag->line && diag->column)
    put_format(stderr, "%s:%d:%d: ", diag->file, diag->line, diag->column);
  else if (diag->line)
    put_format(stderr, "%s:%d: ", diag->file, diag->line);
  else
    put_format(stderr, "%s: ", diag->file);
  put_format(stderr, "%s[%s]: %s\n", level_word(diag->level), diag->code, diag->message);
  put_format(stderr, "  -> %s\n", diag->remedy);
}

RkStatus say_diags(Cli *cli, RkStatus status) {
  guint count = rk_diags_count(cli->diags);
  gboolean json = cli->format == OUTPUT_JSON || cli->format == OUTPUT_JSONL;
  keep_order();
  if (json && (count || status != RK_OK))
    json_diags(status, cli->diags);
  for (guint i = 0; !json && i < count; i++) {
    const RkDiag *diag = rk_diags_get(cli->diags, i);
    if (diag->level == RK_LEVEL_ERROR || !cli->quiet)
      say_diag(diag);
  }
  rk_diags_free(cli->diags);
  cli->diags = rk_diags_new();
  return status;
}

gboolean say_has(const Cli *cli, const char *code) {
  for (guint i = 0; i < rk_diags_count(cli->diags); i++)
    if (g_str_equal(rk_diags_get(cli->diags, i)->code, code))
      return TRUE;
  return FALSE;
}

void say(const Cli *cli, const char *format, ...) {
  if (cli->quiet || cli->format != OUTPUT_TABLE)
    return;
  keep_order();
  va_list list;
  va_start(list, format);
  g_autofree char *text = g_strdup_vprintf(format, list);
  va_end(list);
  put_format(stderr, "%s\n", text);
}
