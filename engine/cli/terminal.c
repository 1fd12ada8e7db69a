/* SPDX-License-Identifier: Apache-2.0 */
/*
 * terminal.c - what is shown on a terminal must not command it: what somebody typed into a remark,
 * or the name of a file, is written with its control characters, and with those that turn the order
 * of letters round, as \u001B. A file and a pipe get the true text.
 */
#include "config.h"

#include "cli/cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

/* C0 and C1 controls but those that lines and tables need; the controls of the direction of writing. */
static gboolean is_command(gunichar c) {
  if (c == '\n' || c == '\t')
    return FALSE;
  return g_unichar_iscntrl(c) || c == 0x061C || c == 0x200E || c == 0x200F ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

static char *harmless(const char *text) {
  GString *shown = g_string_new(NULL);
  while (*text) {
    gunichar c = g_utf8_get_char_validated(text, -1);
    if (c >= (gunichar)-2) { /* not UTF-8 */
      g_string_append_printf(shown, "\\x%02X", (guchar)*text++);
      continue;
    }
    if (is_command(c))
      g_string_append_printf(shown, "\\u%04X", c);
    else
      g_string_append_unichar(shown, c);
    text = g_utf8_next_char(text);
  }
  return g_string_free(shown, FALSE);
}

char *terminal_text(FILE *stream, const char *text) {
  return isatty(fileno(stream)) ? harmless(text) : g_strdup(text);
}

void put_text(FILE *stream, const char *text) {
  g_autofree char *shown = terminal_text(stream, text);
  fputs(shown, stream);
}

void put_format(FILE *stream, const char *format, ...) {
  va_list list;
  va_start(list, format);
  g_autofree char *text = g_strdup_vprintf(format, list);
  va_end(list);
  put_text(stream, text);
}
