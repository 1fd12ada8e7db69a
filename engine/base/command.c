/* SPDX-License-Identifier: Apache-2.0 */
/* command.c - see command.h. */
#include "config.h"

#include "base/command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define SLICE 50  /* ms between two looks at the child */
#define GRACE 2   /* s between the polite signal and the last one */

/* ------------------------------------------------------------------- the child */

static void reset_signals(void) {
  sigset_t none;
  struct sigaction standard = {.sa_handler = SIG_DFL};
  for (int i = 1; i < NSIG; i++)
    sigaction(i, &standard, NULL);
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Only what is safe between fork and exec. A failure is told through `told`, which exec closes. */
static _Noreturn void become(const char *const *argv, int output, int told) {
  static const char *const own[] = {"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "HOME=/", NULL};
  int input = open("/dev/null", O_RDONLY);
  setpgid(0, 0);
  reset_signals();
  if (input >= 0 && dup2(input, 0) == 0 && dup2(output, 1) == 1 && dup2(output, 2) == 2 &&
      dup2(told, 3) == 3 && fcntl(3, F_SETFD, FD_CLOEXEC) == 0 && chdir("/") == 0) {
    told = 3;
    closefrom(4);
    execve(argv[0], (char *const *)argv, (char *const *)own);
  }
  int error = errno;
  if (write(told, &error, sizeof error) < 0)
    _exit(126);
  _exit(127);
}

/* ------------------------------------------------------------------- its output */

typedef struct {
  pid_t pid;
  int output;
  int status;
  gboolean ended;
  GString *said;
} Child;

/* Take what has been said; FALSE when there is nothing more to come. */
static gboolean listen_to(Child *child) {
  char part[4096];
  ssize_t got = read(child->output, part, sizeof part);
  if (got > 0)
    g_string_append_len(child->said, part, MIN(got, COMMAND_OUTPUT - (gssize)child->said->len));
  return got > 0 || (got < 0 && (errno == EINTR || errno == EAGAIN));
}

static void look_after(Child *child) {
  pid_t ended = child->ended ? 0 : waitpid(child->pid, &child->status, WNOHANG);
  child->ended = child->ended || ended == child->pid;
}

/* Listen until it has ended or the time is over. What it left behind may hold its output open: that is
 * not waited for. */
static void attend(Child *child, gint64 until) {
  gboolean open = TRUE;
  while (!child->ended && g_get_monotonic_time() < until) {
    struct pollfd heard = {open ? child->output : -1, POLLIN, 0};
    if (poll(&heard, 1, SLICE) > 0)
      open = listen_to(child);
    look_after(child);
  }
}

static void drain(Child *child) {
  struct pollfd heard = {child->output, POLLIN, 0};
  while (poll(&heard, 1, 0) > 0 && listen_to(child))
    continue;
}

static void end_it(Child *child) {
  kill(-child->pid, SIGTERM);
  attend(child, g_get_monotonic_time() + GRACE * G_USEC_PER_SEC);
  kill(-child->pid, SIGKILL);
  while (!child->ended && waitpid(child->pid, &child->status, 0) < 0 && errno == EINTR)
    continue;
  child->ended = TRUE;
}

/* ---------------------------------------------------------------------- running */

/* What kept it from starting; 0: it runs. */
static int start_error(int told) {
  int error = 0;
  ssize_t got;
  do
    got = read(told, &error, sizeof error);
  while (got < 0 && errno == EINTR);
  return got == sizeof error ? error : 0;
}

static gboolean start(const char *const *argv, Child *child) {
  int output[2], told[2];
  if (pipe2(output, O_CLOEXEC) != 0)
    return FALSE;
  if (pipe2(told, O_CLOEXEC) != 0) {
    close(output[0]);
    close(output[1]);
    return FALSE;
  }
  child->pid = fork();
  int error = errno;
  if (child->pid == 0)
    become(argv, output[1], told[1]);
  close(output[1]);
  close(told[1]);
  child->output = output[0];
  if (child->pid > 0)
    error = start_error(told[0]);
  close(told[0]);
  if (child->pid > 0 && !error)
    return TRUE;
  close(child->output);
  if (child->pid > 0)
    waitpid(child->pid, NULL, 0);
  errno = error;
  return FALSE;
}

gboolean command_run(const char *const *argv, guint seconds, CommandResult *out) {
  Child child = {0};
  *out = (CommandResult){.code = -1};
  if (!start(argv, &child))
    return FALSE;
  child.said = g_string_new(NULL);
  attend(&child, g_get_monotonic_time() + seconds * G_USEC_PER_SEC);
  out->timed_out = !child.ended;
  if (out->timed_out)
    end_it(&child);
  drain(&child);
  close(child.output);
  if (WIFEXITED(child.status) && !out->timed_out)
    out->code = WEXITSTATUS(child.status);
  if (WIFSIGNALED(child.status))
    out->signal = WTERMSIG(child.status);
  out->output = g_utf8_make_valid(child.said->str, (gssize)child.said->len);
  g_string_free(child.said, TRUE);
  return TRUE;
}

void command_clear(CommandResult *result) {
  g_clear_pointer(&result->output, g_free);
}
