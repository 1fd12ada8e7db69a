/* SPDX-License-Identifier: Apache-2.0 */
/* machine-invoke.h - documents with machines inside machines, for the tests. */
#ifndef RK_TEST_MACHINE_INVOKE_H
#define RK_TEST_MACHINE_INVOKE_H

#include "machine-run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#define HEAD                                                                                   \
  "<scxml xmlns='http://www.w3.org/2005/07/scxml' xmlns:rk='urn:renkei:workflow:1'"            \
  " version='1.0' datamodel='xpath' name='t'>"
#define TAIL "<final id='pass'/><final id='fail'/></scxml>"
#define CHILD(body) "<content><scxml version='1.0' datamodel='xpath'>" body "</scxml></content>"
/* A state that runs `invoke`, waits, and judges by the events of `transitions`. */
#define RUN(invoke, transitions)                                                               \
  "<state id='s'><onentry><send event='timeout' delay='9s'/></onentry>" invoke transitions     \
  "<transition event='*' target='fail'/></state>"

/* ------------------------------------------------------------------ how to run one */

static inline char *fetch(gpointer user, const char *uri) {
  GHashTable *documents = user;
  return g_strdup(g_hash_table_lookup(documents, uri));
}

static const char *const documents[][2] = {
    {"child", HEAD "<datamodel><data id='v' expr='0'/></datamodel><state id='c'>"
                   "<transition cond='$v = 7' target='over'><send target='#_parent' event='seven'/>"
                   "</transition><transition target='over'/></state><final id='over'/></scxml>"},
    {"broken", "<scxml xmlns='http://www.w3.org/2005/07/scxml' version='1.0'><stat/></scxml>"},
    {"self", HEAD "<state id='a'><invoke src='self'/><transition event='error.execution'"
                  " target='over'><send target='#_parent' event='deep'/></transition>"
                  "<transition event='deep' target='over'><send target='#_parent' event='deep'/>"
                  "</transition></state><final id='over'/></scxml>"},
    {"list", "<order xmlns=''><line>7</line></order>"},
};

static inline GHashTable *library(void) {
  GHashTable *table = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < G_N_ELEMENTS(documents); i++)
    g_hash_table_insert(table, (gpointer)documents[i][0], (gpointer)documents[i][1]);
  return table;
}

static inline Machine *load_as(const char *body, MachineMode mode) {
  Machine *machine = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autofree char *text = g_strconcat(HEAD, body, TAIL, NULL);
  if (machine_load(&machine, text, strlen(text), "t", mode, diags) != RK_OK)
    fail_msg("%s: %s", rk_diags_get(diags, 0)->message, body);
  return machine;
}

static inline Machine *load(const char *body) {
  return load_as(body, MACHINE_STRICT);
}

static inline void must_end_as(const char *body, MachineMode mode, const char *wanted) {
  g_autoptr(Machine) machine = load_as(body, mode);
  g_autoptr(GHashTable) table = library();
  SessionHost host = {.fetch = fetch, .user = table};
  for (int restore = 0; restore < 2; restore++) {
    g_autoptr(RkDiags) diags = rk_diags_new();
    g_autofree char *end = run_hosted(machine, &host, restore, diags);
    if (!g_str_equal(end, wanted) || rk_diags_count(diags))
      fail_msg("ended in %s%s: %s", end, restore ? " (restored)" : "", body);
  }
}

static inline void must_pass(const char *body) {
  must_end_as(body, MACHINE_STRICT, "pass");
}

static inline Session *start(Machine *machine, const SessionHost *host) {
  Session *session = session_new(machine, host);
  assert_int_equal(session_start(session, 0, NULL), RK_OK);
  return session;
}

static inline void deliver(Session *session, const char *name) {
  SessionEvent event = {.name = name, .time = 1};
  assert_int_equal(session_deliver(session, &event, NULL), RK_OK);
}

#endif
