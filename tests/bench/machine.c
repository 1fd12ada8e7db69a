/* SPDX-License-Identifier: Apache-2.0 */
/*
 * machine.c speed [EVENTS]     events a second, in memory, of four workloads
 * machine.c load               milliseconds to load machines of 500 … 4000 states
 * machine.c memory [EVENTS]    resident memory before and after so many events
 * machine.c one NAME [EVENTS]  one workload alone, for a profiler
 *
 * Each event is delivered by itself, as a host does it: no queue is filled beforehand. Times
 * are processor time, so that what else the machine does matters little.
 */
#include "machine/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define HEAD                                                                                   \
  "<scxml xmlns='http://www.w3.org/2005/07/scxml' version='1.0' datamodel='xpath' name='b'>"

/* ------------------------------------------------------------------- workloads */

static void ping_pong(GString *text) {
  g_string_append(text, "<state id='a'><transition event='e' target='b'/></state>"
                        "<state id='b'><transition event='e' target='a'/></state>");
}

/* Four regions, each ten states deep, two leaves in the innermost. */
static void regions(GString *text, gboolean reentry) {
  g_string_append(text, "<parallel id='p'>");
  if (reentry)
    g_string_append(text, "<transition event='e' target='p'/>");
  for (int region = 0; region < 4; region++) {
    for (int depth = 0; depth < 10; depth++)
      g_string_append_printf(text, "<state id='r%d.%d'>", region, depth);
    for (int leaf = 0; leaf < 2; leaf++)
      g_string_append_printf(
          text, "<state id='r%d.%s'><transition event='%s' target='r%d.%s'/></state>", region,
          leaf ? "b" : "a", reentry ? "other" : "e", region, leaf ? "a" : "b");
    for (int depth = 0; depth < 10; depth++)
      g_string_append(text, "</state>");
  }
  g_string_append(text, "</parallel>");
}

static void toggle(GString *text) {
  regions(text, FALSE);
}

static void reenter(GString *text) {
  regions(text, TRUE);
}

static void guard(GString *text) {
  g_string_append(text, "<datamodel><data id='n' expr='0'/></datamodel>");
  for (int i = 0; i < 2; i++)
    g_string_append_printf(text,
                           "<state id='%s'><transition event='e' cond='$n &gt;= 0' target='%s'>"
                           "<assign location='$n' expr='$n + 1'/></transition></state>",
                           i ? "b" : "a", i ? "a" : "b");
}

static const struct {
  const char *name, *title;
  void (*write)(GString *text);
} workloads[] = {
    {"ping-pong", "two states, to and fro", ping_pong},
    {"toggle", "4 regions ten deep, 4 leaves toggle", toggle},
    {"reenter", "the same, 45 states left and entered", reenter},
    {"guard", "one guard and one assignment in XPath", guard},
};

static Machine *load(const char *text, gsize length) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  Machine *machine = NULL;
  if (machine_load(&machine, text, length, "bench", MACHINE_STRICT, diags) == RK_OK)
    return machine;
  fprintf(stderr, "machine: %s\n", rk_diags_get(diags, 0)->message);
  exit(1);
}

static Session *start(guint workload) {
  g_autoptr(GString) text = g_string_new(HEAD);
  workloads[workload].write(text);
  g_string_append(text, "</scxml>");
  g_autoptr(Machine) machine = load(text->str, text->len);
  Session *session = session_new(machine, NULL);
  if (session_start(session, 0, NULL) != RK_OK)
    exit(1);
  return session;
}

static void deliver(Session *session, int count) {
  SessionEvent event = {.name = "e"};
  for (int i = 0; i < count; i++) {
    event.time = i;
    if (session_deliver(session, &event, NULL) != RK_OK || !session_taken(session))
      exit(1);
  }
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The best of three rounds. */
static double rate(guint workload, int count) {
  g_autoptr(Session) session = start(workload);
  double best = 0;
  for (int round = 0; round < 3; round++) {
    double begin = seconds();
    deliver(session, count);
    best = MAX(best, count / (seconds() - begin));
  }
  return best;
}

static void speed(int count) {
  for (guint i = 0; i < G_N_ELEMENTS(workloads); i++)
    printf("%-52s %10.0f/s\n", workloads[i].title, rate(i, count));
}

/* ----------------------------------------------------------------------- loading */

/* States of several kinds, with expressions, in a ring. */
static double load_time(int states) {
  g_autoptr(GString) text = g_string_new(HEAD "<datamodel><data id='n' expr='0'/></datamodel>");
  for (int i = 0; i < states; i++)
    g_string_append_printf(
        text,
        "<state id='s%d'><onentry><log expr='$n'/></onentry>"
        "<transition event='next.e%d' cond='$n &gt;= 0' target='s%d'/></state>\n",
        i, i, (i + 1) % states);
  g_string_append(text, "</scxml>");
  double best = G_MAXDOUBLE;
  for (int round = 0; round < 5; round++) {
    double begin = seconds();
    Machine *machine = load(text->str, text->len);
    best = MIN(best, (seconds() - begin) * 1000);
    machine_unref(machine);
  }
  return best;
}

static void loading(void) {
  for (int states = 500; states <= 4000; states *= 2) {
    g_autofree char *title = g_strdup_printf("loading a machine of %d states", states);
    printf("%-52s %7.1f ms\n", title, load_time(states));
  }
}

/* ------------------------------------------------------------------------ memory */

static long resident_kib(void) {
  g_autofree char *text = NULL;
  if (!g_file_get_contents("/proc/self/statm", &text, NULL, NULL))
    return 0;
  char *rest = NULL;
  strtol(text, &rest, 10);
  return strtol(rest, NULL, 10) * (sysconf(_SC_PAGESIZE) / 1024);
}

static void memory(int count) {
  int each = count / (int)G_N_ELEMENTS(workloads);
  for (guint i = 0; i < G_N_ELEMENTS(workloads); i++) {
    g_autoptr(Session) session = start(i);
    g_autofree char *title = g_strdup_printf("%s, %d events", workloads[i].name, each);
    deliver(session, 1000);
    long before = resident_kib();
    deliver(session, each);
    printf("%-52s %7ld → %ld KiB\n", title, before, resident_kib());
  }
}

static gboolean one(const char *name, int count) {
  for (guint i = 0; i < G_N_ELEMENTS(workloads); i++) {
    if (strcmp(workloads[i].name, name) != 0)
      continue;
    g_autoptr(Session) session = start(i);
    deliver(session, count);
    return TRUE;
  }
  return FALSE;
}

int main(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "";
  if (strcmp(what, "speed") == 0)
    speed(argc > 2 ? atoi(argv[2]) : 400000);
  else if (strcmp(what, "load") == 0)
    loading();
  else if (strcmp(what, "memory") == 0)
    memory(argc > 2 ? atoi(argv[2]) : 10000000);
  else
    return strcmp(what, "one") == 0 && argc > 2 &&
                   one(argv[2], argc > 3 ? atoi(argv[3]) : 100000)
               ? 0
               : 2;
  return 0;
}
