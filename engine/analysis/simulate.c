/* SPDX-License-Identifier: Apache-2.0 */
/*
 * simulate.c - running one document in memory on a virtual clock.
 *
 * The clock begins at 0 and stands still between events, except where an event word
 * "+P7D" lets time pass. After the last event it runs on until nothing is pending.
 * There are no papers and registers here: requirements on them count as met. What a document
 * invokes by name is read from its own folder.
 */
#include "base/date.h"
#include "base/xml.h"
#include "machine/machine.h"

#include <glib/gstdio.h>
#include <string.h>

#define FIRINGS_LIMIT 10000 /* a document that sends itself events for ever is stopped here */

typedef struct {
  Session *session;
  gint64 clock;
  guint fired;
  RkTraceFunc trace;
  gpointer user;
  RkDiags *diags;
  const char *path; /* of the document */
} Run;

static void tell(Run *run, const char *what, const char *detail) {
  if (run->trace)
    run->trace(run->user, what, detail);
}

static void pass_on(gpointer user, const char *what, const char *detail) {
  tell(user, what, detail);
}

/* What <invoke src> and <data src> name: a file in the folder of the document or below it, nothing
 * else of this machine. */
static char *fetch(gpointer user, const char *uri) {
  const Run *run = user;
  const char *name = g_str_has_prefix(uri, "file:") ? uri + strlen("file:") : uri;
  g_autofree char *folder = g_path_get_dirname(run->path);
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_auto(GStrv) parts = g_strsplit(name, "/", -1);
  GStatBuf info;
  char *text = NULL;
  if (g_path_is_absolute(name) || g_strv_contains((const char *const *)parts, "..") ||
      g_stat(path, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size > XML_LIMIT_DEFINITION)
    return NULL;
  return g_file_get_contents(path, &text, NULL, NULL) ? text : NULL;
}

/* No papers and no registers here: questions about them find nothing. */
static char *answer(gpointer user, const char *kind, const char *const *arguments) {
  (void)user, (void)arguments;
  if (g_str_equal(kind, "form-at-least"))
    return g_strdup("true");
  if (g_str_equal(kind, "form"))
    return g_strdup("blank");
  return g_strdup(g_str_equal(kind, "rows") ? "0" : "");
}

/* Fire what is due up to `until`, in due order; the clock goes along. */
static RkStatus fire_until(Run *run, gint64 until) {
  while (!session_finished(run->session) && session_next_due(run->session) <= until) {
    gint64 due = session_next_due(run->session);
    gboolean fired = FALSE;
    g_autofree char *name = NULL;
    if (due == G_MAXINT64)
      break;
    if (++run->fired > FIRINGS_LIMIT)
      return diags_fail(run->diags, RK_INVALID, DIAG_SIMULATE_ENDLESS, NULL,
                        G_STRINGIFY(FIRINGS_LIMIT), NULL);
    run->clock = MAX(run->clock, due);
    RkStatus status = session_fire_due(run->session, run->clock, &fired, &name, run->diags);
    if (status != RK_OK)
      return status;
  }
  return RK_OK;
}

static RkStatus pass_time(Run *run, const char *word) {
  Duration duration;
  if (!duration_parse(&duration, word + 1))
    return diags_fail(run->diags, RK_USAGE, DIAG_SIMULATE_WAIT, NULL, word, NULL);
  gint64 until = duration_add(run->clock, &duration);
  RkStatus status = fire_until(run, until);
  run->clock = MAX(run->clock, until);
  return status;
}

static RkStatus deliver(Run *run, const char *name) {
  SessionEvent event = {.name = name, .time = run->clock};
  RkStatus status = fire_until(run, run->clock);
  if (status != RK_OK || session_finished(run->session))
    return status;
  status = session_deliver(run->session, &event, run->diags);
  if (status == RK_REFUSED)
    diags_add(run->diags, DIAG_SIMULATE_REFUSED, NULL, name, NULL);
  if (status == RK_OK && !session_taken(run->session))
    tell(run, "ignored", name);
  return status;
}

static RkStatus run_all(Run *run, const char *const *events) {
  RkStatus status = session_start(run->session, run->clock, run->diags);
  for (guint i = 0; status == RK_OK && events && events[i]; i++)
    status = events[i][0] == '+' ? pass_time(run, events[i]) : deliver(run, events[i]);
  return status == RK_OK ? fire_until(run, G_MAXINT64) : status;
}

/* ------------------------------------------------------------------ result */

static char *waiting_states(const Session *session, const Machine *machine) {
  g_autoptr(GArray) active = session_active(session);
  GString *list = g_string_new(NULL);
  for (guint i = 0; i < active->len; i++)
    g_string_append_printf(list, "%s%s", i ? " " : "",
                           machine_state_id(machine, g_array_index(active, guint, i)));
  return g_string_free(list, FALSE);
}

static char *final_state(const Session *session, const Machine *machine) {
  for (guint i = 0; i < machine_n_states(machine); i++) {
    gboolean top = machine_state_parent(machine, i) == 0;
    if (top && machine_state_kind(machine, i) == STATE_FINAL &&
        session_in(session, machine_state_id(machine, i)))
      return g_strdup(machine_state_id(machine, i));
  }
  return NULL;
}

RkStatus rk_workflow_simulate(const char *path, const char *const *events, gboolean lenient,
                              RkTraceFunc trace, gpointer user, char **out_final,
                              char **out_waiting, RkDiags *diags) {
  g_autoptr(Machine) machine = NULL;
  *out_final = *out_waiting = NULL;
  RkStatus status =
      machine_load_file(&machine, path, lenient ? MACHINE_LENIENT : MACHINE_STRICT, diags);
  if (status != RK_OK)
    return status;
  Run run = {.trace = trace, .user = user, .diags = diags, .path = path};
  SessionHost host = {.ask = answer, .trace = pass_on, .fetch = fetch, .user = &run};
  g_autoptr(Session) session = run.session = session_new(machine, &host);
  status = run_all(&run, events);
  if (status != RK_OK)
    return status;
  if (session_finished(session))
    *out_final = final_state(session, machine);
  else
    *out_waiting = waiting_states(session, machine);
  return RK_OK;
}
