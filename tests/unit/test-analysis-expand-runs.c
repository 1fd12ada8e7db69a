/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each shipped test of a procedure is played as a clerk would, and beside each of its cases runs
 * the expanded document in a plain session (no host: no extension can be answered). The
 * answers that the case got are told to it as facts before each event. After each event both must be in the
 * same states with the same data and have done the same; what was refused there is refused here.
 *
 * The linker puts the functions of this file (__wrap_…) between the case engine and the sessions.
 */
#include "renkei.h"

#include "analysis-files.h"
#include "base/date.h"
#include "case/files.h"
#include "expand-facts.h"
#include "machine/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define WRAPPED(type, name, ...) \
  type __real_##name(__VA_ARGS__); \
  type __wrap_##name(__VA_ARGS__)
WRAPPED(Session *, session_new, Machine *, const SessionHost *);
WRAPPED(void, session_free, Session *);
WRAPPED(RkStatus, session_set_data, Session *, const char *, const char *, RkDiags *);
WRAPPED(RkStatus, session_start, Session *, gint64, RkDiags *);
WRAPPED(RkStatus, session_deliver, Session *, const SessionEvent *, RkDiags *);
WRAPPED(RkStatus, session_fire_due, Session *, gint64, gboolean *, char **, RkDiags *);
WRAPPED(GBytes *, session_save, const Session *);
WRAPPED(RkStatus, session_restore, Session **, Machine *, const SessionHost *, GBytes *, RkDiags *);

/* A case's session and the plain one beside it. */
typedef struct {
  SessionHost host; /* the case's own */
  Session *plain;
  xmlDoc *facts;    /* what the case was answered in this call */
  GString *done;    /* what it did in this call: a line for each effect */
  guint rows;       /* of $rk_effects before this call */
} Twin;

static GHashTable *plain_machines; /* name → Machine */
static GHashTable *twins;          /* Session → Twin */
static GHashTable *snapshots;      /* of a case → of the plain session beside it */
static GHashTable *unlike;         /* names of data that foreach binds: they are other nodes here */
static GString *failures;
static gboolean restoring;          /* a session is made, and it has its twin already */
static guint n_events, n_refused, n_fired, n_effects;

static void fail_with(const char *what, const char *a, const char *b) {
  g_string_append_printf(failures, "%s: '%s' is not '%s'\n", what, a ? a : "-", b ? b : "-");
}

static void same(const char *what, const char *a, const char *b) {
  if (g_strcmp0(a, b) != 0)
    fail_with(what, a, b);
}

/* ------------------------------------------------------------- what both did */

static char *states_of(const Session *session) {
  g_autoptr(GArray) active = session_active(session);
  GString *text = g_string_new(session_finished(session) ? "(ended)" : "");
  for (guint i = 0; i < active->len; i++)
    g_string_append_printf(text, " %s", machine_state_id(session_machine(session),
                                                         g_array_index(active, guint, i)));
  return g_string_free(text, FALSE);
}

static int compare_lines(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorts the parts, joins them. */
static char *line_of(const char *name, GPtrArray *parts) {
  g_ptr_array_sort(parts, compare_lines);
  g_ptr_array_add(parts, NULL);
  g_autofree char *joined = g_strjoinv(" | ", (char **)parts->pdata);
  return g_strdup_printf("%s: %s\n", name, joined);
}

static char *effect_line(const SessionEffect *effect) {
  static const char *const unsaid[] = {"inferred", "message", "message-en", "title-en", NULL};
  g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);
  GHashTableIter iter;
  gpointer name, value;
  g_hash_table_iter_init(&iter, effect->attributes);
  while (g_hash_table_iter_next(&iter, &name, &value))
    if (!g_strv_contains(unsaid, name))
      g_ptr_array_add(parts, g_strdup_printf("%s=%s", (char *)name, (char *)value));
  gboolean moves = g_str_equal(effect->element, "send-paper") || g_str_equal(effect->element, "notify");
  if (moves && effect->by && !g_hash_table_contains(effect->attributes, "from"))
    g_ptr_array_add(parts, g_strdup_printf("from=%s", effect->by));
  for (guint i = 0; i < effect->field_names->len; i++) {
    name = effect->field_names->pdata[i];
    g_ptr_array_add(parts, g_strdup_printf("field %s=%s", (char *)name,
                                           (char *)g_hash_table_lookup(effect->fields, name)));
  }
  return line_of(effect->element, parts);
}

static char *row_line(const xmlNode *row) {
  g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);
  for (const xmlAttr *a = row->properties; a; a = a->next) {
    g_autofree char *value = xml_attr(row, (const char *)a->name);
    g_ptr_array_add(parts, g_strdup_printf("%s=%s", (const char *)a->name, value));
  }
  for (const xmlNode *field = xml_first_element(row); field; field = xml_next_element(field)) {
    g_autofree char *name = xml_attr(field, "name"), *value = xml_text(field);
    g_ptr_array_add(parts, g_strdup_printf("field %s=%s", name, value));
  }
  return line_of((const char *)row->name, parts);
}

/* What the plain session noted, from its `from`-th row on; how many refusals are among it. */
static char *rows_since(const Session *plain, guint from, guint *count, guint *refusals) {
  GString *text = g_string_new(NULL);
  const xmlNode *datum = xml_first_element(xmlDocGetRootElement(session_data(plain)));
  *count = *refusals = 0;
  for (; datum; datum = xml_next_element(datum)) {
    g_autofree char *id = xml_attr(datum, "id");
    for (const xmlNode *row = xml_first_element(datum);
         row && g_strcmp0(id, "rk_effects") == 0; row = xml_next_element(row)) {
      gboolean refused = g_str_equal((const char *)row->name, "refused");
      g_autofree char *line = (*count)++ >= from && !refused ? row_line(row) : NULL;
      *refusals += refused && *count > from;
      g_string_append(text, line ? line : "");
    }
  }
  return g_string_free(text, FALSE);
}

static guint row_count(const Session *plain) {
  guint count = 0, refusals = 0;
  g_free(rows_since(plain, 0, &count, &refusals));
  return count;
}

static void same_data(const Session *session, const Session *plain) {
  const xmlNode *datum = xml_first_element(xmlDocGetRootElement(session_data(session)));
  for (; datum; datum = xml_next_element(datum)) {
    g_autofree char *id = xml_attr(datum, "id");
    if (id[0] == '_' || g_hash_table_contains(unlike, id))
      continue;
    g_autofree char *mine = session_data_text(session, id), *its = session_data_text(plain, id);
    same(id, mine, its);
  }
}

static void note_pending(const char *id, const char *event, gint64 due, gpointer user) {
  (void)id, (void)due; /* the plain one counts days of 24 hours */
  g_ptr_array_add(user, g_strdup(event));
}

static char *pending_of(const Session *session) {
  g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func(g_free);
  session_each_pending(session, note_pending, events);
  return line_of("pending", events);
}

static void compare(const Session *session, const Twin *twin, const char *event) {
  guint count = 0, refusals = 0;
  g_autofree char *mine = states_of(session), *its = states_of(twin->plain);
  g_autofree char *rows = rows_since(twin->plain, twin->rows, &count, &refusals);
  same(event, mine, its);
  same(event, twin->done->str, rows);
  same_data(session, twin->plain);
  g_autofree char *waiting = pending_of(session), *its_waiting = pending_of(twin->plain);
  same(event, waiting, its_waiting);
  n_effects += count - twin->rows;
  n_events++;
}

/* ------------------------------------------------------------------ what it asks */

static xmlNode *facts_of(const Twin *twin) {
  return xml_first_element(xmlDocGetRootElement(twin->facts));
}

static char *ask(gpointer user, const char *kind, const char *const *arguments) {
  Twin *twin = user;
  char *answer = twin->host.ask(twin->host.user, kind, arguments);
  if (!answer || !facts_answer(facts_of(twin), kind, arguments, answer))
    fail_with("no fact", kind, answer);
  return answer;
}

static gboolean require(gpointer user, GHashTable *attributes, const DiagPlace *place,
                        RkDiags *reasons) {
  Twin *twin = user;
  gboolean met = twin->host.require(twin->host.user, attributes, place, reasons);
  facts_requirement(facts_of(twin), attributes, met);
  return met;
}

static RkStatus effect(gpointer user, const SessionEffect *done, GPtrArray *raise, RkDiags *diags) {
  Twin *twin = user;
  g_autofree char *line = effect_line(done);
  g_string_append(twin->done, line);
  return twin->host.effect(twin->host.user, done, raise, diags);
}

static void take(gpointer user, guint transition) {
  Twin *twin = user;
  if (twin->host.take)
    twin->host.take(twin->host.user, transition);
}

/* ------------------------------------------------------------------------- twins */

static void forget(Twin *twin) {
  xmlFreeDoc(twin->facts);
  twin->facts = xmlNewDoc((const xmlChar *)"1.0");
  xmlNode *data = xmlNewDocNode(twin->facts, NULL, (const xmlChar *)"data", NULL);
  xmlDocSetRootElement(twin->facts, data);
  xml_add_element(data, "facts", NULL);
  g_string_truncate(twin->done, 0);
  twin->rows = twin->plain ? row_count(twin->plain) : 0;
}

static void twin_free(gpointer data) {
  Twin *twin = data;
  __real_session_free(twin->plain);
  xmlFreeDoc(twin->facts);
  g_string_free(twin->done, TRUE);
  g_free(twin);
}

/* For a case of a shipped procedure; NULL for the life of a paper and for the plain sessions. */
static Twin *twin_new(Machine *machine, const SessionHost *host) {
  if (restoring || !host || !host->effect || !g_hash_table_contains(plain_machines, machine_name(machine)))
    return NULL;
  Twin *twin = g_new0(Twin, 1);
  twin->host = *host;
  twin->done = g_string_new(NULL);
  forget(twin);
  return twin;
}

static SessionHost between(Twin *twin) {
  return (SessionHost){.ask = ask, .require = require, .effect = effect, .take = take,
                       .english = twin->host.english, .user = twin};
}

static Twin *twin_of(const Session *session) {
  return g_hash_table_lookup(twins, session);
}

Session *__wrap_session_new(Machine *machine, const SessionHost *host) {
  Twin *twin = twin_new(machine, host);
  if (!twin)
    return __real_session_new(machine, host);
  SessionHost own = between(twin);
  Session *session = __real_session_new(machine, &own);
  twin->plain =
      __real_session_new(g_hash_table_lookup(plain_machines, machine_name(machine)), NULL);
  g_hash_table_insert(twins, session, twin);
  return session;
}

static GBytes *snapshot_key(const Session *session, GBytes *bytes) {
  gsize length = 0;
  const char *text = g_bytes_get_data(bytes, &length);
  g_autofree char *sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)text, length);
  char *key = g_strconcat(machine_name(session_machine(session)), " ", sum, NULL);
  return g_bytes_new_take(key, strlen(key));
}

GBytes *__wrap_session_save(const Session *session) {
  GBytes *bytes = __real_session_save(session);
  const Twin *twin = twin_of(session);
  if (twin)
    g_hash_table_insert(snapshots, snapshot_key(session, bytes), __real_session_save(twin->plain));
  return bytes;
}

RkStatus __wrap_session_restore(Session **out, Machine *machine, const SessionHost *host,
                                GBytes *snapshot, RkDiags *diags) {
  Twin *twin = twin_new(machine, host);
  if (!twin)
    return __real_session_restore(out, machine, host, snapshot, diags);
  SessionHost own = between(twin);
  restoring = TRUE;
  RkStatus status = __real_session_restore(out, machine, &own, snapshot, diags);
  restoring = FALSE;
  g_autoptr(GBytes) key = *out ? snapshot_key(*out, snapshot) : NULL;
  GBytes *plain = key ? g_hash_table_lookup(snapshots, key) : NULL;
  if (!plain || __real_session_restore(&twin->plain,
                                       g_hash_table_lookup(plain_machines, machine_name(machine)),
                                       NULL, plain, NULL) != RK_OK) {
    fail_with("restored", machine_name(machine), NULL);
    twin->plain = __real_session_new(g_hash_table_lookup(plain_machines, machine_name(machine)), NULL);
  }
  if (*out)
    g_hash_table_insert(twins, *out, twin);
  else
    twin_free(twin);
  return status;
}

void __wrap_session_free(Session *session) {
  if (session)
    g_hash_table_remove(twins, session);
  __real_session_free(session);
}

/* ------------------------------------------------------------------- what happens */

RkStatus __wrap_session_set_data(Session *session, const char *name, const char *value,
                                 RkDiags *diags) {
  Twin *twin = twin_of(session);
  if (twin && __real_session_set_data(twin->plain, name, value, NULL) != RK_OK)
    fail_with("set", name, NULL);
  return __real_session_set_data(session, name, value, diags);
}

RkStatus __wrap_session_start(Session *session, gint64 time, RkDiags *diags) {
  Twin *twin = twin_of(session);
  RkStatus status = __real_session_start(session, time, diags);
  if (!twin)
    return status;
  if (xml_first_element(facts_of(twin)))
    fail_with("asked at the start", machine_name(session_machine(session)), NULL);
  __real_session_start(twin->plain, time, NULL);
  compare(session, twin, "start");
  return status;
}

/* Days from each date that a paper was asked for until today: rk:days-between asks nobody. */
static void tell_days(xmlNode *facts, const char *today) {
  Day now, then;
  g_assert(day_parse(&now, today, FALSE, NULL) == RK_OK);
  for (xmlNode *paper = xml_first_element(facts); paper; paper = xml_next_element(paper))
    for (xmlNode *field = xml_first_element(paper); field && xml_is(paper, NULL, "paper");
         field = xml_next_element(field)) {
      g_autofree char *text = xml_text(field);
      if (day_parse(&then, text, TRUE, NULL) != RK_OK)
        continue;
      g_autofree char *count = g_strdup_printf("%d", (int)day_difference(then, now));
      xmlNode *days = xml_add_element(facts, "days", count);
      xml_set_attr(days, "from", text);
      xml_set_attr(days, "to", today);
    }
}

/* The facts of this call, before the event itself. */
static void tell_facts(Twin *twin, gint64 today, gint64 time) {
  g_autofree char *day = day_to_iso(day_of_time(today)), *now = time_to_iso(today);
  SessionEvent event = {"rk.facts", time, xmlDocGetRootElement(twin->facts), FALSE};
  g_autofree char *known = session_data_text(twin->plain, "rk_facts");
  xml_set_attr(facts_of(twin), "today", day);
  xml_set_attr(facts_of(twin), "now", now);
  tell_days(facts_of(twin), day);
  if (known && !session_finished(twin->plain) &&
      (__real_session_deliver(twin->plain, &event, NULL) != RK_OK || !session_taken(twin->plain)))
    fail_with("facts", machine_name(session_machine(twin->plain)), NULL);
}

static void check_refused(const Twin *twin, const char *event, const char *before) {
  guint count = 0, refusals = 0;
  g_autofree char *after = states_of(twin->plain);
  g_autofree char *rows = rows_since(twin->plain, twin->rows, &count, &refusals);
  same(event, before, after);
  same(event, "", rows);
  if (!refusals)
    fail_with("refused", event, NULL);
  n_refused++;
}

/* A deadline on a day that the case computes: how long it is till the end of that day. */
typedef struct {
  Twin *twin;
  gint64 from;
} Delays;

static void tell_delay(const char *id, const char *event, gint64 due, gpointer user) {
  const Delays *delays = user;
  g_autofree char *day = day_to_iso(day_of_time(due - 1));
  g_autofree char *left = g_strdup_printf("%" G_GINT64_FORMAT "s", (due - delays->from) / TIME_SECOND);
  (void)id, (void)event;
  xml_set_attr(xml_add_element(facts_of(delays->twin), "delay", left), "by", day);
}

RkStatus __wrap_session_deliver(Session *session, const SessionEvent *event, RkDiags *diags) {
  Twin *twin = twin_of(session);
  if (!twin)
    return __real_session_deliver(session, event, diags);
  g_autofree char *before = states_of(twin->plain);
  forget(twin);
  RkStatus status = __real_session_deliver(session, event, diags);
  Delays delays = {twin, event->time};
  session_each_pending(session, tell_delay, &delays);
  tell_facts(twin, event->time, event->time);
  if (__real_session_deliver(twin->plain, event, NULL) != RK_OK)
    fail_with("delivered", event->name, NULL);
  if (status == RK_OK)
    compare(session, twin, event->name);
  else
    check_refused(twin, event->name, before);
  return status;
}

RkStatus __wrap_session_fire_due(Session *session, gint64 now, gboolean *fired, char **name,
                                 RkDiags *diags) {
  Twin *twin = twin_of(session);
  gint64 due = session_next_due(session), its = twin ? session_next_due(twin->plain) : 0;
  if (!twin || due > now)
    return __real_session_fire_due(session, now, fired, name, diags);
  g_autofree char *event = NULL;
  gboolean also = FALSE;
  forget(twin);
  RkStatus status = __real_session_fire_due(session, now, fired, name, diags);
  tell_facts(twin, due, MIN(due, its));
  if (its == G_MAXINT64 || __real_session_fire_due(twin->plain, its, &also, &event, NULL) != RK_OK)
    fail_with("fired", *name, NULL);
  same("fired", *name, event);
  compare(session, twin, event);
  n_fired++;
  return status;
}

/* --------------------------------------------------------------------- the tests */

static void note_unlike(const xmlNode *node) {
  for (const xmlNode *child = xml_first_element(node); child; child = xml_next_element(child)) {
    char *item = xml_attr(child, "item"), *index = xml_attr(child, "index");
    if (item)
      g_hash_table_add(unlike, item);
    if (index)
      g_hash_table_add(unlike, index);
    note_unlike(child);
  }
}

static void add_machine(const char *path) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(xmlDoc) doc = NULL;
  g_autofree char *text = NULL, *whole = NULL;
  Machine *machine = NULL;
  assert_int_equal(rk_workflow_expand(path, &text, diags), RK_OK);
  assert_int_equal(machine_load(&machine, text, strlen(text), path, MACHINE_STRICT, diags), RK_OK);
  assert_int_equal(rk_diags_count(diags), 0);
  assert_int_equal(rk_workflow_flatten(path, &whole, NULL), RK_OK);
  assert_int_equal(xml_parse(&doc, whole, strlen(whole), path, XML_LIMIT_DEFINITION, NULL), RK_OK);
  note_unlike(xmlDocGetRootElement(doc));
  g_hash_table_insert(plain_machines, g_strdup(machine_name(machine)), machine);
}

static void every_shipped_test_goes_the_same_way_in_plain_scxml(void **state) {
  (void)state;
  g_autofree char *data = g_build_filename(g_getenv("RENKEI_BUILDDIR"), "data", NULL);
  g_autofree char *workflows = shipped_file("workflows");
  RkSite site = {.datadir = data, .moduledir = data};
  const char *const paths[] = {workflows, NULL};
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(GPtrArray) tables = NULL;
  g_autoptr(GPtrArray) files = files_at(workflows, files_of_procedures);
  for (guint i = 0; i < files->len; i++)
    add_machine(files->pdata[i]);
  assert_int_equal(rk_workflow_test(&site, paths, &tables, diags), RK_OK);
  if (failures->len)
    print_error("%s", failures->str);
  print_message("events %u, refused %u, fired %u, effects %u\n", n_events, n_refused, n_fired,
                n_effects);
  assert_int_equal(failures->len, 0);
  assert_true(n_events > 200 && n_refused > 20 && n_fired > 3 && n_effects > 200);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_shipped_test_goes_the_same_way_in_plain_scxml),
  };
  plain_machines =
      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)machine_unref);
  twins = g_hash_table_new_full(NULL, NULL, NULL, twin_free);
  snapshots = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref,
                                    (GDestroyNotify)g_bytes_unref);
  unlike = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  failures = g_string_new(NULL);
  int result = cmocka_run_group_tests(tests, NULL, NULL);
  g_hash_table_unref(twins);
  g_hash_table_unref(snapshots);
  g_hash_table_unref(plain_machines);
  g_hash_table_unref(unlike);
  g_string_free(failures, TRUE);
  return result;
}
