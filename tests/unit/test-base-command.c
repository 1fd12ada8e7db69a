/* SPDX-License-Identifier: Apache-2.0 */
/* Running another program: what it gets, what it says, how it ends. */
#include "base/command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* The shell is the other program here; words after the script are its parameters. */
static gboolean shell(const char *script, guint seconds, CommandResult *out) {
  const char *const argv[] = {"/bin/sh", "-c", script, "sh", "a b", "$HOME;`id`", NULL};
  return command_run(argv, seconds, out);
}

static void words_arrive_as_they_are_and_both_streams_are_heard_in_order(void **state) {
  (void)state;
  g_auto(CommandResult) result = {0};
  assert_true(shell("echo \"$1|$2\"; echo bad >&2; echo end; exit 75", 20, &result));
  assert_int_equal(result.code, 75);
  assert_int_equal(result.signal, 0);
  assert_false(result.timed_out);
  assert_string_equal(result.output, "a b|$HOME;`id`\nbad\nend\n");
}

static void nothing_of_ours_is_seen_by_the_program(void **state) {
  (void)state;
  g_auto(CommandResult) result = {0};
  int ours = open("/dev/null", O_RDONLY), kept = dup(ours);
  g_setenv("RENKEI_SECRET", "x", TRUE);
  assert_true(shell("env | cut -d= -f1 | sort | grep -v ^PWD | grep -v ^_$ | grep -v OLDPWD | tr '\\n' ' ';"
                    "pwd; for fd in 3 4 5 6 7 8 9; do [ -e /proc/$$/fd/$fd ] && echo open $fd; done;"
                    "read -r line || echo nothing to read",
                    20, &result));
  close(ours);
  close(kept);
  assert_string_equal(result.output, "HOME LANG PATH /\nnothing to read\n");
}

static void what_cannot_be_started_is_told_apart_from_what_failed(void **state) {
  (void)state;
  g_auto(CommandResult) result = {0};
  const char *const absent[] = {"/nonexistent/program", NULL}, *const folder[] = {"/tmp", NULL};
  assert_false(command_run(absent, 20, &result));
  assert_int_equal(errno, ENOENT);
  assert_false(command_run(folder, 20, &result));
  assert_int_equal(errno, EACCES);
  assert_null(result.output);
}

static void a_program_that_hangs_is_ended_with_all_it_started(void **state) {
  (void)state;
  g_auto(CommandResult) result = {0};
  gint64 before = g_get_monotonic_time();
  assert_true(shell("echo begun; sleep 600 & sleep 600", 1, &result));
  assert_true(result.timed_out);
  assert_int_equal(result.code, -1);
  assert_string_equal(result.output, "begun\n");
  assert_true(g_get_monotonic_time() - before < 60 * G_USEC_PER_SEC);
}

static void a_program_that_is_killed_gives_no_answer(void **state) {
  (void)state;
  g_auto(CommandResult) result = {0};
  assert_true(shell("kill -SEGV $$", 20, &result));
  assert_int_equal(result.code, -1);
  assert_int_equal(result.signal, SIGSEGV);
  assert_false(result.timed_out);
}

static void what_it_leaves_running_is_not_waited_for(void **state) {
  (void)state;
  g_auto(CommandResult) result = {0};
  assert_true(shell("echo request id is 7; sleep 5 & exit 0", 4, &result));
  assert_int_equal(result.code, 0);
  assert_string_equal(result.output, "request id is 7\n");
}

static void too_many_words_and_bytes_that_are_no_text_do_no_harm(void **state) {
  (void)state;
  g_auto(CommandResult) result = {0};
  assert_true(shell("printf '\\377\\376'; yes word | head -c 200000", 20, &result));
  assert_int_equal(result.code, 0);
  assert_true(g_utf8_validate(result.output, -1, NULL));
  assert_in_range(strlen(result.output), COMMAND_OUTPUT, COMMAND_OUTPUT + 8);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(words_arrive_as_they_are_and_both_streams_are_heard_in_order),
      cmocka_unit_test(nothing_of_ours_is_seen_by_the_program),
      cmocka_unit_test(what_cannot_be_started_is_told_apart_from_what_failed),
      cmocka_unit_test(a_program_that_hangs_is_ended_with_all_it_started),
      cmocka_unit_test(a_program_that_is_killed_gives_no_answer),
      cmocka_unit_test(what_it_leaves_running_is_not_waited_for),
      cmocka_unit_test(too_many_words_and_bytes_that_are_no_text_do_no_harm),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
