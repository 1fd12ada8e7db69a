/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command.h - run another program: its words as they are, no shell.
 *
 * It gets nothing of ours: a fixed environment (PATH, LANG, HOME), "/" as its folder, /dev/null to read
 * from, no open file but its output, no blocked signal. It leads a process group of its own, which is
 * ended when the time is over.
 */
#ifndef RK_BASE_COMMAND_H
#define RK_BASE_COMMAND_H

#include <glib.h>

#define COMMAND_OUTPUT 16384 /* bytes of what it said that are kept */

typedef struct {
  int code;           /* its exit status; -1: it gave none */
  int signal;         /* what ended it, 0: nothing did */
  gboolean timed_out; /* it was ended because the time was over */
  char *output;       /* what it said, on both streams in order; UTF-8; g_free by command_clear */
} CommandResult;

/* Run argv[0] (an absolute path) for at most `seconds`. FALSE with errno set: it was not started, so
 * nothing was done. */
gboolean command_run(const char *const *argv, guint seconds, CommandResult *out);
void command_clear(CommandResult *result);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CommandResult, command_clear)

#endif
