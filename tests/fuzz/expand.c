/* SPDX-License-Identifier: Apache-2.0 */
/*
 * expand.c - random charts with requirements, against their own expansion.
 *
 *   test-fuzz-expand [FIRST-SEED COUNT]
 *
 * Transitions of random charts get requirements about active states. What the session with
 * extensions refuses must change nothing in a plain session of the expanded document; what it
 * takes must lead both to the same states, but for the competition of three
 * transitions that workflows/README.md tells of: few charts have it.
 */
#include "base/xml.h"
#include "charts.h"
#include "machine/machine.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#define COUNT 600
#define EVENTS 8
#define COMPETING_PERCENT 2 /* of all charts */

typedef struct {
  guint events, refused, apart, faults;
} Tally;

/* ------------------------------------------------------------------- the chart */

static void require(Entropy *entropy, xmlNode *transition, const RefDocument *doc) {
  const GPtrArray *states = doc->states;
  const RefState *state = states->pdata[1 + below(entropy, MIN(states->len - 1, 255))];
  xmlNs *ns = xmlSearchNsByHref(transition->doc, transition, (const xmlChar *)WORKFLOW_NS);
  xmlNode *node = xmlNewDocNode(transition->doc, ns, (const xmlChar *)"require", NULL);
  g_autofree char *test =
      g_strdup_printf(chance(entropy, 50) ? "In('%s')" : "not(In('%s'))", state->id);
  xml_set_attr(node, "test", test);
  xml_set_attr(node, "message", "m");
  if (transition->children)
    xmlAddPrevSibling(transition->children, node);
  else
    xmlAddChild(transition, node);
}

static void require_here_and_there(Entropy *entropy, xmlNode *node, const RefDocument *doc) {
  for (xmlNode *child = xml_first_element(node); child; child = xml_next_element(child)) {
    require_here_and_there(entropy, child, doc);
    gboolean event = xmlHasProp(child, (const xmlChar *)"event") != NULL;
    if (event && xml_is(child, SCXML_NS, "transition") && chance(entropy, 30))
      require(entropy, child, doc);
  }
}

/* NULL for a chart with conditions that fail: an expansion looks at them a second time. */
static char *chart_text(Entropy *entropy) {
  g_autoptr(RefDocument) chart = chart_generate(entropy);
  g_autofree char *plain = chart_write(chart);
  g_autoptr(xmlDoc) doc = NULL;
  if (strstr(plain, "sum(1)") ||
      xml_parse(&doc, plain, strlen(plain), "chart", XML_LIMIT_DEFINITION, NULL) != RK_OK)
    return NULL;
  xmlNode *root = xmlDocGetRootElement(doc);
  xmlNewNs(root, (const xmlChar *)WORKFLOW_NS, (const xmlChar *)"rk");
  require_here_and_there(entropy, root, chart);
  g_autoptr(GBytes) bytes = xml_to_bytes(doc);
  return g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static Machine *expanded(const char *text) {
  g_autofree char *path = NULL, *plain = NULL;
  Machine *machine = NULL;
  int handle = g_file_open_tmp("chart-XXXXXX.scxml", &path, NULL);
  if (handle < 0 || !g_file_set_contents(path, text, -1, NULL) ||
      rk_workflow_expand(path, &plain, NULL) != RK_OK || strstr(plain, WORKFLOW_NS) ||
      machine_load(&machine, plain, strlen(plain), "plain", MACHINE_STRICT, NULL) != RK_OK)
    machine = NULL;
  g_close(handle, NULL);
  g_unlink(path);
  return machine;
}

/* ------------------------------------------------------------------- the events */

static char *states(const Session *session) {
  g_autoptr(GArray) active = session_active(session);
  GString *text = g_string_new(session_finished(session) ? "(ended)" : NULL);
  for (guint i = 0; i < active->len; i++)
    g_string_append_printf(text, " %s", machine_state_id(session_machine(session),
                                                         g_array_index(active, guint, i)));
  return g_string_free(text, FALSE);
}

/* FALSE: they are apart, or one ran for ever; no more can be compared. */
static gboolean one_event(Session **session, Session *plain, const char *name, Tally *tally) {
  const SessionHost host = {.user = NULL};
  SessionEvent event = {.name = name};
  g_autoptr(GBytes) before = session_save(*session);
  Machine *machine = session_machine(*session);
  g_autofree char *old = states(plain);
  RkStatus status = session_deliver(*session, &event, NULL);
  if (status == RK_INVALID)
    return FALSE;
  if (status == RK_REFUSED) {
    session_free(*session);
    session_restore(session, machine, &host, before, NULL);
  }
  gboolean ran = session_deliver(plain, &event, NULL) == RK_OK;
  g_autofree char *mine = states(*session), *its = states(plain);
  gboolean same = ran && g_str_equal(mine, its);
  tally->events++;
  tally->refused += status == RK_REFUSED;
  tally->apart += !same;
  if (status == RK_REFUSED && !g_str_equal(old, its)) {
    printf("# '%s' is refused in%s, and taken to%s\n", name, mine, its);
    tally->faults++;
  }
  return same;
}

static void play(Entropy *entropy, Machine *machine, Machine *plain_machine, Tally *tally) {
  const SessionHost host = {.user = NULL};
  Session *session = session_new(machine, &host);
  g_autoptr(Session) plain = session_new(plain_machine, NULL);
  gboolean go_on = session_start(session, 0, NULL) == RK_OK && session_start(plain, 0, NULL) == RK_OK;
  for (guint i = 0; go_on && i < EVENTS && !session_finished(session); i++)
    go_on = one_event(&session, plain, chart_event(entropy), tally);
  session_free(session);
}

static void one_chart(guint64 seed, Tally *tally) {
  Entropy entropy = entropy_from_seed(seed);
  g_autofree char *text = chart_text(&entropy);
  g_autoptr(Machine) machine = NULL, plain = NULL;
  if (!text || machine_load(&machine, text, strlen(text), "chart", MACHINE_STRICT, NULL) != RK_OK)
    return;
  guint faults = tally->faults;
  plain = expanded(text);
  if (plain)
    play(&entropy, machine, plain, tally);
  else
    tally->faults++;
  if (tally->faults > faults)
    printf("# seed %" G_GUINT64_FORMAT "%s\n", seed, plain ? "" : ": not expanded");
}

int main(int argc, char **argv) {
  guint64 first = argc > 1 ? g_ascii_strtoull(argv[1], NULL, 10) : 1;
  guint64 count = argc > 2 ? g_ascii_strtoull(argv[2], NULL, 10) : COUNT;
  Tally tally = {0};
  setlocale(LC_ALL, "");
  printf("1..2\n");
  for (guint64 seed = first; seed < first + count; seed++)
    one_chart(seed, &tally);
  printf("# %u events, %u refused, %u charts apart\n", tally.events, tally.refused, tally.apart);
  printf("%sok 1 - what a chart refuses, its expansion does not take\n", tally.faults ? "not " : "");
  gboolean close = tally.apart * 100 <= count * COMPETING_PERCENT &&
                   (count < COUNT || (tally.events > count && tally.refused > count / 8));
  printf("%sok 2 - what a chart takes, leads its expansion to the same states\n", close ? "" : "not ");
  return tally.faults || !close;
}
