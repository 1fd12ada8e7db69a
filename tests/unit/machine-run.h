/* SPDX-License-Identifier: Apache-2.0 */
/* machine-run.h - running SCXML documents in tests, on a virtual clock. */
#ifndef RK_TEST_MACHINE_RUN_H
#define RK_TEST_MACHINE_RUN_H

#include "machine/machine.h"

static inline Session *run_restored(Session *session, Machine *machine, const SessionHost *host,
                                    gboolean restore) {
  if (!restore)
    return session;
  g_autoptr(GBytes) first = session_save(session);
  Session *woken = NULL;
  if (session_restore(&woken, machine, host, first, NULL) != RK_OK)
    g_error("a snapshot of its own is refused");
  g_autoptr(GBytes) second = session_save(woken);
  if (!g_bytes_equal(first, second))
    g_error("a snapshot is not canonical:\n%s\n%s", (const char *)g_bytes_get_data(first, NULL),
            (const char *)g_bytes_get_data(second, NULL));
  session_free(session);
  return woken;
}

static inline char *run_states(const Session *session, const Machine *machine) {
  g_autoptr(GArray) active = session_active(session);
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < active->len; i++)
    g_string_append_printf(text, "%s%s", i ? " " : "",
                           machine_state_id(machine, g_array_index(active, guint, i)));
  return g_string_free(text, FALSE);
}

/* Start `machine`, fire all delayed sends in order, and say where it ended: the id of the active
 * atomic states joined by spaces. With `restore`, the session is saved and woken again after
 * every macrostep. g_free. */
static inline char *run_hosted(Machine *machine, const SessionHost *host, gboolean restore,
                               RkDiags *diags) {
  Session *session = session_new(machine, host);
  gboolean fired = session_start(session, 0, diags) == RK_OK;
  for (int i = 0; fired && i < 1000; i++) {
    session = run_restored(session, machine, host, restore);
    if (session_fire_due(session, G_MAXINT64 - 1, &fired, NULL, diags) != RK_OK)
      break;
  }
  char *states = run_states(session, machine);
  session_free(session);
  return states;
}

static inline char *run_to_end(Machine *machine, gboolean restore, RkDiags *diags) {
  return run_hosted(machine, NULL, restore, diags);
}

#endif
