/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run.c COUNT COMMAND… - a command, in a process of its own each time: the medians of its wall time
 * and of its processor time in milliseconds, and the most memory that one of them took, in KiB.
 */
#include <glib.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void run(char **command) {
  int nowhere = open("/dev/null", O_RDWR);
  dup2(nowhere, STDIN_FILENO);
  dup2(nowhere, STDOUT_FILENO);
  dup2(nowhere, STDERR_FILENO);
  execv(command[0], command);
  _exit(127);
}

static gint64 microseconds(struct timeval time) {
  return (gint64)time.tv_sec * G_USEC_PER_SEC + time.tv_usec;
}

static int by_size(gconstpointer a, gconstpointer b) {
  gint64 left = *(const gint64 *)a, right = *(const gint64 *)b;
  return left < right ? -1 : left > right;
}

int main(int argc, char **argv) {
  guint count = argc > 2 ? (guint)atoi(argv[1]) : 0;
  g_autofree gint64 *times = g_new0(gint64, count + 1), *busy = g_new0(gint64, count + 1);
  long most = 0;
  for (guint i = 0; i < count; i++) {
    struct rusage usage;
    int status = 0;
    gint64 start = g_get_monotonic_time();
    pid_t child = fork();
    if (child == 0)
      run(argv + 2);
    if (wait4(child, &status, 0, &usage) != child || !WIFEXITED(status) || WEXITSTATUS(status)) {
      fprintf(stderr, "run: %s did not succeed\n", argv[2]);
      return 1;
    }
    times[i] = g_get_monotonic_time() - start;
    busy[i] = microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
    most = MAX(most, usage.ru_maxrss);
  }
  if (!count)
    return 2;
  qsort(times, count, sizeof *times, by_size);
  qsort(busy, count, sizeof *busy, by_size);
  printf("%.2f %.2f %ld\n", (double)times[count / 2] / 1000, (double)busy[count / 2] / 1000, most);
  return 0;
}
