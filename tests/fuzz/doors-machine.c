/* SPDX-License-Identifier: Apache-2.0 */
/* doors-machine.c - workflow documents and snapshots of sessions. */
#include "judge.h"

#include "base/date.h"
#include "machine/machine.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void door_fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
  abort();
}

FuzzOutcome door_judge(RkStatus status, gconstpointer what, const RkDiags *diags) {
  if (status == RK_OK) {
    if (!what || rk_diags_has_errors(diags))
      door_fail("accepted, but %s", what ? "with errors" : "without a result");
    return FUZZ_ACCEPTED;
  }
  if (what || !rk_diags_count(diags))
    door_fail("refused with status %d, but %s", status, what ? "with a result" : "without a word");
  for (guint i = 0; i < rk_diags_count(diags); i++) {
    const RkDiag *diag = rk_diags_get(diags, i);
    if (!*diag->message || !g_utf8_validate(diag->message, -1, NULL) ||
        !g_utf8_validate(diag->remedy ? diag->remedy : "", -1, NULL))
      door_fail("%s is no readable message", diag->code);
  }
  return FUZZ_REFUSED;
}

/* ------------------------------------------------- a host that answers anyhow */

static guint hash_of(const char *kind, const char *const *arguments) {
  guint hash = g_str_hash(kind);
  for (guint i = 0; arguments[i]; i++)
    hash = hash * 33 + g_str_hash(arguments[i]);
  return hash;
}

static char *on_ask(gpointer user, const char *kind, const char *const *arguments) {
  static const char *const answers[] = {NULL, "", "true", "false", "1", "2026-11-21", "架空 & <b>"};
  (void)user;
  return g_strdup(answers[hash_of(kind, arguments) % G_N_ELEMENTS(answers)]);
}

static gboolean on_require(gpointer user, GHashTable *attributes, const DiagPlace *place,
                           RkDiags *reasons) {
  const char *state = g_hash_table_lookup(attributes, "state");
  gboolean met = !state || g_str_hash(state) % 3;
  (void)user;
  if (!met)
    diags_add(reasons, DIAG_WF_REQUIRE_TEST, place, state, NULL);
  return met;
}

static RkStatus on_effect(gpointer user, const SessionEffect *effect, GPtrArray *raise,
                          RkDiags *diags) {
  (void)user;
  if (g_str_equal(effect->element, "send-paper"))
    g_ptr_array_add(raise, g_strdup("form.f-1.complete"));
  if (g_hash_table_size(effect->fields) > 6)
    return diags_fail(diags, RK_INVALID, DIAG_WF_REQUIRE_TEST, &effect->place, "full", NULL);
  return RK_OK;
}

static char *on_fetch(gpointer user, const char *uri) {
  (void)user;
  return g_str_hash(uri) % 2
             ? g_strdup("<scxml xmlns='http://www.w3.org/2005/07/scxml' version='1.0'><final/></scxml>")
             : NULL;
}

static const SessionHost host = {
    .ask = on_ask, .require = on_require, .effect = on_effect, .fetch = on_fetch};

/* ------------------------------------------------------------------------ sessions */

static Session *through_snapshot(Machine *machine, Session *session) {
  g_autoptr(GBytes) before = session_save(session);
  g_autoptr(RkDiags) diags = rk_diags_new();
  Session *woken = NULL;
  if (session_restore(&woken, machine, &host, before, diags) != RK_OK)
    door_fail("a snapshot of its own is refused: %s", rk_diags_get(diags, 0)->message);
  g_autoptr(GBytes) after = session_save(woken);
  if (!g_bytes_equal(before, after))
    door_fail("a snapshot is not canonical");
  session_free(session);
  return woken;
}

/* An event of the first descriptor of a transition. */
static char *event_for(const MachineTransition *transition) {
  g_auto(GStrv) words = g_strsplit_set(transition->event, " \t\r\n", -1);
  for (guint i = 0; words[i]; i++)
    if (*words[i])
      return g_str_has_suffix(words[i], "*") ? g_strdup("any.event") : g_strdup(words[i]);
  return g_strdup("any.event");
}

static RkStatus deliver_some(Machine *machine, Session *session, RkDiags *diags) {
  RkStatus status = RK_OK;
  gint64 time = 0;
  guint left = 8;
  for (guint i = 0; i < machine_n_states(machine); i++)
    for (guint k = 0; k < machine_n_transitions(machine, i) && left && status == RK_OK; k++) {
      MachineTransition transition = machine_transition(machine, i, k);
      if (!transition.event || !session_in(session, machine_state_id(machine, i)))
        continue;
      g_autofree char *name = event_for(&transition);
      SessionEvent event = {.name = name, .time = time += TIME_DAY};
      status = session_deliver(session, &event, diags);
      left--;
    }
  return status;
}

static RkStatus fire_some(Session *session, RkDiags *diags) {
  gboolean fired = TRUE;
  RkStatus status = RK_OK;
  for (guint i = 0; i < 8 && fired && status == RK_OK; i++)
    status = session_fire_due(session, G_MAXINT64 - 1, &fired, NULL, diags);
  return status;
}

/* After anything but RK_OK a session is spent; but it must have said why. */
static void use(Machine *machine, Session *session) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkStatus status = session_start(session, 0, diags);
  if (status == RK_OK) {
    session = through_snapshot(machine, session);
    g_ptr_array_unref(session_choices(session, 0));
    status = deliver_some(machine, session, diags);
  }
  if (status == RK_OK) {
    session = through_snapshot(machine, session);
    status = fire_some(session, diags);
  }
  if (status != RK_OK && !rk_diags_count(diags))
    door_fail("a session ended with status %d without a word", status);
  session_free(session);
}

FuzzOutcome door_machine(const guint8 *bytes, gsize length) {
  const char *text = length ? (const char *)bytes : "";
  g_autoptr(Machine) strict = NULL, lenient = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new(), others = rk_diags_new();
  RkStatus status = machine_load(&strict, text, length, "fuzz", MACHINE_STRICT, diags);
  FuzzOutcome outcome = door_judge(status, strict, diags);
  status = machine_load(&lenient, text, length, "fuzz", MACHINE_LENIENT, others);
  FuzzOutcome other = door_judge(status, lenient, others);
  if (outcome == FUZZ_ACCEPTED && other != FUZZ_ACCEPTED)
    door_fail("lenient refuses what strict accepts: %s", rk_diags_get(others, 0)->message);
  if (other == FUZZ_ACCEPTED)
    use(lenient, session_new(lenient, &host));
  return outcome;
}

/* ----------------------------------------------------------------------- snapshots */

/* Everything that a snapshot can hold. */
static const char snapshot_machine[] =
    "<scxml xmlns='http://www.w3.org/2005/07/scxml' version='1.0' datamodel='xpath' name='m'"
    " binding='late'><datamodel><data id='d'><order><line n='1'>A &amp; B</line></order></data>"
    "<data id='n' expr='1'/></datamodel>"
    "<parallel id='p'><onentry><send event='later' delay='9s' id='s1'><param name='x' expr='$d/order'/>"
    "</send><send event='much.later' delay='P9D'/></onentry>"
    "<history id='h' type='deep'><transition target='a1'/></history>"
    "<state id='a'><state id='a1'><onentry><foreach array='$d/order/line' item='i' index='k'>"
    "<assign location='$i/@n' expr='$k'/></foreach></onentry>"
    "<transition event='e' target='a2'/></state><state id='a2'><transition event='e' target='a1'/></state>"
    "</state><state id='b'><invoke id='inv'><content><scxml xmlns='http://www.w3.org/2005/07/scxml'"
    " version='1.0' datamodel='xpath'><state id='c'><onentry><send event='tick' delay='5s'/></onentry>"
    "<transition event='tick' target='f'/></state><final id='f'/></scxml></content></invoke>"
    "<transition event='done.invoke' target='out'/></state></parallel>"
    "<state id='out'><transition event='back' target='h'/></state></scxml>";

static Machine *machine_of_snapshots(void) {
  Machine *machine = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  if (machine_load(&machine, snapshot_machine, strlen(snapshot_machine), "m", MACHINE_STRICT, diags) != RK_OK)
    door_fail("the machine of the snapshots: %s", rk_diags_get(diags, 0)->message);
  return machine;
}

FuzzOutcome door_snapshot(const guint8 *bytes, gsize length) {
  g_autoptr(Machine) machine = machine_of_snapshots();
  g_autoptr(GBytes) snapshot = g_bytes_new(bytes, length);
  g_autoptr(RkDiags) diags = rk_diags_new();
  Session *session = NULL;
  RkStatus status = session_restore(&session, machine, &host, snapshot, diags);
  FuzzOutcome outcome = door_judge(status, session, diags);
  if (session) {
    session = through_snapshot(machine, session);
    if (deliver_some(machine, session, diags) == RK_OK)
      fire_some(session, diags);
  }
  session_free(session);
  return outcome;
}

void door_snapshot_seeds(GPtrArray *seeds) {
  static const char *const events[] = {"e", "e", "out", "x"};
  g_autoptr(Machine) machine = machine_of_snapshots();
  g_autoptr(Session) session = session_new(machine, &host);
  session_start(session, 0, NULL);
  g_ptr_array_add(seeds, session_save(session));
  for (guint i = 0; i < G_N_ELEMENTS(events); i++) {
    SessionEvent event = {.name = events[i], .time = i + 1};
    session_deliver(session, &event, NULL);
    g_ptr_array_add(seeds, session_save(session));
  }
}
