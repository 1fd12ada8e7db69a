/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compare.c - the engine beside the reference: after the start and after each event the same
 * configuration, the same states left and entered in the same order, the same blocks run,
 * the same events raised, taken and answered, the same end.
 */
#include "compare.h"

#include "charts.h"
#include "machine/machine.h"

#include <string.h>

#define BUDGET 200 /* microsteps the reference is given for one event */

typedef struct {
  RefDocument *doc;
  char *text;
  Machine *machine;
  Session *session;
  RefInterpreter *ref;
  GPtrArray *engine_trace, *ref_trace; /* of the present event: char * */
  GString *events;
  gboolean restore; /* the session goes through its snapshot after each event */
  SessionHost host;
} Pair;

/* ------------------------------------------------------------------------ traces */

static void on_reference(gpointer user, const char *what, const char *detail) {
  g_ptr_array_add(((Pair *)user)->ref_trace, g_strconcat(what, " ", detail, NULL));
}

/* The engine's log line is "label: value"; here there is no value. A runaway, for which its budget
 * is the larger, need not be kept beyond what there is to compare with. */
static void on_engine(gpointer user, const char *what, const char *detail) {
  Pair *pair = user;
  int length = (int)strlen(detail) - (g_str_equal(what, "log") ? 2 : 0);
  if (pair->engine_trace->len < pair->ref_trace->len + 8)
    g_ptr_array_add(pair->engine_trace, g_strdup_printf("%s %.*s", what, length, detail));
}

/* The first line in which they differ, or -1. A runaway is compared as far as it was watched. */
static int first_difference(const Pair *pair) {
  const GPtrArray *engine = pair->engine_trace, *ref = pair->ref_trace;
  for (guint i = 0; i < ref->len; i++)
    if (i >= engine->len || !g_str_equal(engine->pdata[i], ref->pdata[i]))
      return (int)i;
  return engine->len == ref->len || ref_runaway(pair->ref) ? -1 : (int)ref->len;
}

/* ------------------------------------------------------------------------ reports */

static const char *line_at(const GPtrArray *trace, guint i) {
  return i < trace->len ? trace->pdata[i] : "-";
}

static char *report(const Pair *pair, const char *why, int difference) {
  GString *out = g_string_new(NULL);
  g_string_append_printf(out, "%s\nevents: %s\n%s", why, pair->events->str, pair->text);
  guint from = difference > 8 ? (guint)difference - 8 : 0, length = 0;
  if (difference >= 0)
    length = MIN((guint)difference + 8, MAX(pair->engine_trace->len, pair->ref_trace->len));
  if (length > from)
    g_string_append_printf(out, "trace of the last event, from line %u (engine | reference)\n", from);
  for (guint i = from; i < length; i++)
    g_string_append_printf(out, "%c %-28s | %s\n", (int)i == difference ? '>' : ' ',
                           line_at(pair->engine_trace, i), line_at(pair->ref_trace, i));
  return g_string_free(out, FALSE);
}

static char *configuration(const Pair *pair) {
  g_autoptr(GArray) active = session_active(pair->session);
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < active->len; i++)
    g_string_append_printf(text, "%s%s", i ? " " : "",
                           machine_state_id(pair->machine, g_array_index(active, guint, i)));
  return g_string_free(text, FALSE);
}

/* ---------------------------------------------------------------------- comparing */

static char *compare_runaway(const Pair *pair, RkStatus status) {
  int difference = first_difference(pair);
  if (difference >= 0)
    return report(pair, "different steps before a runaway", difference);
  return status == RK_INVALID ? NULL : report(pair, "the engine came to rest, the reference not", -1);
}

static char *compare_state(const Pair *pair, RkStatus status) {
  int difference = first_difference(pair);
  if (difference >= 0)
    return report(pair, "different steps", difference);
  if (status != RK_OK)
    return report(pair, "the engine failed", -1);
  g_autofree char *engine = configuration(pair), *ref = ref_configuration(pair->ref);
  if (!g_str_equal(engine, ref)) {
    g_autofree char *why = g_strdup_printf("engine in %s, reference in %s", engine, ref);
    return report(pair, why, -1);
  }
  if (ref_running(pair->ref) && !ref_legal(pair->ref))
    return report(pair, "both are in a configuration that is not legal", -1);
  if (session_finished(pair->session) == ref_running(pair->ref))
    return report(pair, "one ended, the other did not", -1);
  return NULL;
}

static char *through_snapshot(Pair *pair) {
  g_autoptr(GBytes) before = session_save(pair->session);
  Session *woken = NULL;
  if (session_restore(&woken, pair->machine, &pair->host, before, NULL) != RK_OK)
    return report(pair, "a snapshot of its own is refused", -1);
  session_free(pair->session);
  pair->session = woken;
  g_autoptr(GBytes) after = session_save(woken);
  return g_bytes_equal(before, after) ? NULL : report(pair, "a snapshot is not canonical", -1);
}

/* After a call of both. *go_on: neither has ended. */
static char *compare_call(Pair *pair, RkStatus status, CompareTally *tally, gboolean *go_on) {
  gboolean runaway = ref_runaway(pair->ref);
  char *fault = runaway ? compare_runaway(pair, status) : compare_state(pair, status);
  *go_on = !fault && !runaway && ref_running(pair->ref);
  tally->ended += !fault && !runaway && !ref_running(pair->ref);
  if (!fault && !runaway && pair->restore)
    fault = through_snapshot(pair);
  return fault;
}

/* The engine's budget is long: a runaway of the reference is followed one time in fifty. */
static gboolean worth_following(const Pair *pair, Entropy *entropy, CompareTally *tally) {
  tally->runaways += ref_runaway(pair->ref);
  return !ref_runaway(pair->ref) || chance(entropy, 2);
}

static char *run_event(Pair *pair, Entropy *entropy, CompareTally *tally, gboolean *go_on) {
  const char *name = chart_event(entropy);
  SessionEvent event = {.name = name};
  g_string_append_printf(pair->events, "%s ", name);
  g_ptr_array_set_size(pair->engine_trace, 0);
  g_ptr_array_set_size(pair->ref_trace, 0);
  ref_external_event(pair->ref, name, BUDGET);
  *go_on = worth_following(pair, entropy, tally);
  if (!*go_on)
    return NULL;
  RkStatus status = session_deliver(pair->session, &event, NULL);
  tally->events++;
  return compare_call(pair, status, tally, go_on);
}

static char *run_pair(Pair *pair, Entropy *entropy, CompareTally *tally) {
  gboolean go_on = FALSE;
  pair->session = session_new(pair->machine, &pair->host);
  pair->ref = ref_interpreter_new(pair->doc, on_reference, pair);
  ref_interpret(pair->ref, BUDGET);
  if (!worth_following(pair, entropy, tally))
    return NULL;
  RkStatus status = session_start(pair->session, 0, NULL);
  char *fault = compare_call(pair, status, tally, &go_on);
  for (guint n = 1 + below(entropy, 15); !fault && go_on && n > 0; n--)
    fault = run_event(pair, entropy, tally, &go_on);
  return fault;
}

/* ------------------------------------------------------------------------ a pair */

static char *load(Pair *pair) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  if (machine_load(&pair->machine, pair->text, strlen(pair->text), "chart", MACHINE_STRICT,
                   diags) == RK_OK)
    return NULL;
  const RkDiag *first = rk_diags_get(diags, 0);
  g_autofree char *why =
      g_strdup_printf("refused: line %d: %s %s", first->line, first->code, first->message);
  return report(pair, why, -1);
}

static void pair_clear(Pair *pair) {
  session_free(pair->session);
  machine_unref(pair->machine);
  ref_interpreter_free(pair->ref);
  ref_document_free(pair->doc);
  g_ptr_array_unref(pair->engine_trace);
  g_ptr_array_unref(pair->ref_trace);
  g_string_free(pair->events, TRUE);
  g_free(pair->text);
}

char *compare_once(Entropy *entropy, CompareTally *tally) {
  Pair pair = {.doc = chart_generate(entropy), .events = g_string_new(NULL)};
  pair.host = (SessionHost){.trace = on_engine, .user = &pair};
  pair.engine_trace = g_ptr_array_new_with_free_func(g_free);
  pair.ref_trace = g_ptr_array_new_with_free_func(g_free);
  pair.text = chart_write(pair.doc);
  pair.restore = chance(entropy, 50);
  char *fault = load(&pair);
  if (!fault)
    fault = run_pair(&pair, entropy, tally);
  pair_clear(&pair);
  return fault;
}
