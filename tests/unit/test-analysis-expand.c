/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Procedures as plain SCXML: what comes out holds no extension, is loaded strictly, and says in a
 * plain session (no host) what the extension said. The shipped tests as a whole are
 * played by test-analysis-expand-runs.c.
 */
#include "renkei.h"

#include "analysis-files.h"
#include "base/date.h"
#include "base/xml.h"
#include "case/files.h"
#include "machine/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#define HEAD \
  "<scxml xmlns='http://www.w3.org/2005/07/scxml' xmlns:rk='urn:renkei:workflow:1' " \
  "version='1.0' datamodel='xpath'>"
#define PROCEDURE \
  "<rk:procedure municipality='m'><rk:role id='us' title='u'/><rk:role id='them' title='t'/>" \
  "<rk:uses form='f'/><rk:uses form='g'/></rk:procedure>"
#define DATA \
  PROCEDURE "<datamodel><data id='x'/><data id='who'>A B</data></datamodel>"

static RkStatus expand(const char *text, char **out, RkDiags *diags) {
  g_autofree char *folder = scratch_new(), *path = scratch_file(folder, "m.scxml", text);
  RkStatus status = rk_workflow_expand(path, out, diags);
  scratch_remove(folder);
  return status;
}

static char *plain_text(const char *text) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  char *out = NULL;
  RkStatus status = expand(text, &out, diags);
  for (guint i = 0; i < rk_diags_count(diags); i++)
    print_error("%s\n", rk_diags_get(diags, i)->message);
  assert_int_equal(status, RK_OK);
  assert_null(strstr(out, "urn:renkei"));
  return out;
}

static Machine *load(const char *text) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  Machine *machine = NULL;
  RkStatus status = machine_load(&machine, text, strlen(text), "plain.scxml", MACHINE_STRICT, diags);
  for (guint i = 0; i < rk_diags_count(diags); i++)
    print_error("%s\n", rk_diags_get(diags, i)->message);
  assert_int_equal(status, RK_OK);
  assert_int_equal(rk_diags_count(diags), 0);
  return machine;
}

/* A session of the expanded document, started. */
static Session *plain_session(const char *text) {
  g_autofree char *plain = plain_text(text);
  g_autoptr(Machine) machine = load(plain);
  Session *session = session_new(machine, NULL);
  assert_int_equal(session_start(session, 0, NULL), RK_OK);
  return session;
}

static void send(Session *session, const char *name, const char *data) {
  xmlDoc *doc = NULL;
  if (data)
    assert_int_equal(xml_parse(&doc, data, strlen(data), "data", XML_LIMIT_DATA, NULL), RK_OK);
  SessionEvent event = {.name = name, .data = xmlDocGetRootElement(doc)};
  assert_int_equal(session_deliver(session, &event, NULL), RK_OK);
  xmlFreeDoc(doc);
}

#define send_facts(session, facts) \
  send(session, "rk.facts", "<data><facts today='2026-11-20' now='noon'>" facts "</facts></data>")

static char *states(const Session *session) {
  g_autoptr(GArray) active = session_active(session);
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < active->len; i++)
    g_string_append_printf(text, "%s%s", i ? " " : "",
                           machine_state_id(session_machine(session), g_array_index(active, guint, i)));
  return g_string_free(text, FALSE);
}

static void is_in(const Session *session, const char *wanted) {
  g_autofree char *text = states(session);
  assert_string_equal(text, wanted);
}

static void datum_is(const Session *session, const char *id, const char *wanted) {
  g_autofree char *text = session_data_text(session, id);
  assert_string_equal(text, wanted);
}

/* The rows of $rk_effects as XML. */
static char *effects(const Session *session) {
  xmlChar *text = NULL;
  int length = 0;
  xmlDocDumpMemory((xmlDoc *)session_data(session), &text, &length);
  const char *begin = strstr((const char *)text, "<data id=\"rk_effects\">");
  const char *end = begin ? strstr(begin, "</data>") : NULL;
  char *rows = begin && end ? g_strndup(begin + 22, (gsize)(end - begin) - 22) : g_strdup("");
  xmlFree(text);
  return rows;
}

static void did(const Session *session, const char *wanted) {
  g_autofree char *rows = effects(session);
  g_auto(GStrv) parts = g_strsplit(rows, " xmlns=\"\"", -1);
  g_autofree char *plain = g_strjoinv("", parts);
  assert_string_equal(plain, wanted);
}

/* -------------------------------------------------------------- shipped procedures */

static void every_shipped_procedure_is_a_plain_document_without_a_warning(void **state) {
  (void)state;
  g_autofree char *folder = shipped_file("workflows");
  g_autoptr(GPtrArray) files = files_at(folder, files_of_procedures);
  assert_true(files->len > 10);
  for (guint i = 0; i < files->len; i++) {
    g_autofree char *text = NULL;
    assert_int_equal(rk_workflow_expand(files->pdata[i], &text, NULL), RK_OK);
    g_autofree char *again = plain_text(text);
    machine_unref(load(text));
    assert_null(strstr(text, "urn:renkei"));
    assert_string_equal(text, again);
  }
}

static void without_facts_it_goes_the_way_of_the_simulation(void **state) {
  (void)state;
  g_autofree char *path = shipped_file("workflows/fujisawa/member-registration.scxml");
  g_autofree char *text = NULL, *folder = scratch_new(), *final = NULL, *waiting = NULL;
  const char *const events[] = {"request.faxed", "member.confirmed", "+P8D", "password.issued",
                                "id.delivered", "association.notified", NULL};
  assert_int_equal(rk_workflow_expand(path, &text, NULL), RK_OK);
  g_autofree char *plain = scratch_file(folder, "p.scxml", text);
  assert_int_equal(rk_workflow_simulate(plain, events, FALSE, NULL, NULL, &final, &waiting, NULL), RK_OK);
  assert_string_equal(final, "active");
  scratch_remove(folder);
}

/* --------------------------------------------------------------------- requirements */

#define REQUIRING \
  HEAD DATA "<state id='a'><transition event='go' target='b'>" \
  "<rk:require form='f' state='complete'/>" \
  "<rk:require register='r' keyexpr=\"rk:key($who)\" absent='yes' message=\"it's \" />" \
  "</transition><transition event='go' target='c'/></state>" \
  "<state id='b'><transition event='go' target='c'/></state><final id='c'/></scxml>"

static void a_refused_event_changes_nothing_and_says_every_reason(void **state) {
  (void)state;
  g_autoptr(Session) session = plain_session(REQUIRING);
  send_facts(session, "<entry register='r'><key>A B</key></entry><paper name='f' holds='draft'/>");
  send(session, "go", NULL);
  is_in(session, "a");
  did(session, "<refused event=\"go\" reason=\"f: complete\"/><refused event=\"go\" reason=\"it's \"/>");
}

static void an_event_with_all_that_is_required_is_taken(void **state) {
  (void)state;
  g_autoptr(Session) session = plain_session(REQUIRING);
  send_facts(session, "<entry register='r' ended='yes'><key>A B</key></entry>"
                      "<paper name='f' holds='draft complete'/>");
  send(session, "go", NULL);
  is_in(session, "b");
  did(session, "");
}

static void a_state_whose_name_is_part_of_another_does_not_hold(void **state) {
  (void)state;
  g_autoptr(Session) session = plain_session(REQUIRING);
  send_facts(session, "<paper name='f' holds='incomplete'/>");
  send(session, "go", NULL);
  is_in(session, "a");
}

static void cond_chooses_before_anything_is_required(void **state) {
  (void)state;
  g_autoptr(Session) session = plain_session(
      HEAD DATA "<state id='a'><transition event='go' cond=\"$x = 'yes' or $x = 'sure'\" target='b'>"
                "<rk:require form='f'/></transition><transition event='go' target='c'/></state>"
                "<final id='b'/><final id='c'/></scxml>");
  send_facts(session, "");
  send(session, "go", NULL);
  is_in(session, "c");
}

static void papers_of_each_party_are_required(void **state) {
  (void)state;
  static const char text[] =
      HEAD PROCEDURE "<datamodel><data id='all'><p>Ａ</p><p>B</p></data></datamodel>"
           "<state id='a'><transition event='go' target='b'>"
           "<rk:require form='f g' state='complete' each='$all/p'/></transition></state>"
           "<final id='b'/></scxml>";
  g_autoptr(Session) session = plain_session(text);
  send_facts(session, "<paper name='f:A' holds='complete'/><paper name='f:B' holds='complete'/>"
                      "<paper name='g:A' holds='complete'/>");
  send(session, "go", NULL);
  is_in(session, "a");
  send_facts(session, "<paper name='f:A' holds='complete'/><paper name='f:B' holds='complete'/>"
                      "<paper name='g:A' holds='complete'/><paper name='g:B' holds='complete'/>");
  send(session, "go", NULL);
  is_in(session, "b");
}

static void an_eventless_transition_waits_for_what_it_requires(void **state) {
  (void)state;
  g_autoptr(Session) session = plain_session(
      HEAD DATA "<state id='a'><transition target='b'><rk:require test=\"$x = 'yes'\" message='m'/>"
                "</transition><transition event='go'><assign location='$x' expr=\"'yes'\"/>"
                "</transition></state><final id='b'/></scxml>");
  is_in(session, "a");
  send(session, "go", NULL);
  is_in(session, "b");
}

/* What one region requires refuses the event in all; the same in the session with extensions. */
#define REGIONS(outer_transition, outside) \
  HEAD "<datamodel><data id='x'/></datamodel><state id='s'>" outer_transition \
  "<transition event='yes'><assign location='$x' expr=\"'yes'\"/></transition>" \
  "<parallel id='p'><state id='r1'><state id='a1'>" \
  "<transition event='go' target='b1'/></state><state id='b1'/></state>" \
  "<state id='r2'><state id='a2'><transition event='go.now go' target='b2'>" \
  "<rk:require test=\"$x = 'yes'\" message='m'/></transition></state><state id='b2'/></state>" \
  "<state id='r3'><state id='a3'/></state></parallel></state>" outside "</scxml>"

static void check_regions(const char *text, const char *after) {
  g_autoptr(Session) plain = plain_session(text);
  g_autoptr(Machine) machine = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(machine_load(&machine, text, strlen(text), "m", MACHINE_STRICT, diags), RK_OK);
  SessionHost host = {.user = NULL};
  g_autoptr(Session) session = session_new(machine, &host);
  SessionEvent go = {.name = "go"};
  assert_int_equal(session_start(session, 0, NULL), RK_OK);
  assert_int_equal(session_deliver(session, &go, NULL), RK_REFUSED);
  send(plain, "go", NULL);
  is_in(plain, "a1 a2 a3");
  did(plain, "<refused event=\"go.now go\" reason=\"m\"/>");
  send(plain, "yes", NULL);
  send(plain, "go", NULL);
  is_in(plain, after);
}

static void what_one_region_requires_refuses_the_event_in_all(void **state) {
  (void)state;
  check_regions(REGIONS("", ""), "b1 b2 a3");
}

static void nor_does_a_state_around_the_regions_take_a_refused_event(void **state) {
  (void)state;
  check_regions(REGIONS("<transition event='go' target='t'/>", "<final id='t'/>"), "b1 b2 a3");
}

/* The session with extensions and the plain one, event by event: they are in the same states, and
 * what is refused there changes nothing here. How many were refused. */
static guint go_together(const char *text, const char *events) {
  g_autoptr(Session) plain = plain_session(text);
  g_autoptr(Machine) machine = NULL;
  assert_int_equal(machine_load(&machine, text, strlen(text), "m", MACHINE_STRICT, NULL), RK_OK);
  SessionHost host = {.user = NULL};
  Session *session = session_new(machine, &host);
  g_auto(GStrv) names = g_strsplit(events, " ", -1);
  guint refused = 0;
  assert_int_equal(session_start(session, 0, NULL), RK_OK);
  for (guint i = 0; names[i]; i++) {
    SessionEvent event = {.name = names[i]};
    g_autoptr(GBytes) before = session_save(session);
    if (session_deliver(session, &event, NULL) != RK_OK) {
      refused++;
      session_free(session);
      assert_int_equal(session_restore(&session, machine, &host, before, NULL), RK_OK);
    }
    send(plain, names[i], NULL);
    g_autofree char *wanted = states(session);
    is_in(plain, wanted);
  }
  session_free(session);
  return refused;
}

#define TWO(first, second, outer) \
  HEAD "<state id='s'>" outer "<transition event='never' target='b1 b2'/>" \
  "<transition event='never' target='t'/><transition event='never' target='u'/><parallel id='p'><state id='r1'><state id='a1'>" first \
  "</state><state id='b1'/></state><state id='r2'><state id='a2'>" second \
  "</state><state id='b2'/></state></parallel></state><state id='t'>" \
  "<transition event='back' target='s'/></state><state id='u'><transition event='x' target='t'/></state></scxml>"
#define GO(target) "<transition event='go' target='" target "'/>"
#define RAISING "<transition event='start'><raise event='go'/></transition>"
#define MUST(event, target) \
  "<transition event='" event "' " target "><rk:require test=\"In('b2')\" message='m'/></transition>"

static void what_yields_to_another_requires_nothing(void **state) {
  (void)state;
  /* the region that is first leaves all: the second is not asked */
  assert_int_equal(go_together(TWO(GO("t"), MUST("go", "target='u'"), ""), "go back"), 0);
  /* the second leaves all but the first has its way: and requires */
  assert_int_equal(go_together(TWO(MUST("go", "target='u'"), GO("t"), ""), "go"), 1);
  /* an inner one before what is around the regions */
  assert_int_equal(go_together(TWO(GO("b1"), "", MUST("go", "target='u'")), "go"), 0);
  assert_int_equal(go_together(TWO(GO("b1"), "", MUST("go", "")), "go"), 1);
  assert_int_equal(go_together(TWO(MUST("go", "target='b1'"), GO("b2"), GO("t")), "go"), 1);
}

static void what_the_event_does_not_reach_requires_nothing(void **state) {
  (void)state;
  /* an earlier transition, one further in, and other events than those both hear */
  assert_int_equal(go_together(TWO(GO("b1"), "<transition event='g go'/>" MUST("go", "target='b2'"), ""), "go"), 0);
  assert_int_equal(go_together(TWO("<transition event='go.*' target='b1'/>", MUST("go.far", "target='b2'"), ""),
                               "go.far go.near"), 1);
  assert_int_equal(go_together(TWO("<transition event='go no' target='b1'/>", MUST("go", "target='b2'"), ""),
                               "go no"), 1);
  assert_int_equal(go_together(TWO(GO("b1"), "<transition event='*'/>", MUST("go", "")), "go"), 0);
  assert_int_equal(go_together(TWO("<transition event='*'/>", GO("b2"), MUST("go", "")), "go"), 0);
}

static void of_an_event_raised_inside_only_what_requires_has_no_effect(void **state) {
  (void)state;
  assert_int_equal(go_together(TWO(GO("b1"), MUST("go", "target='u'"), RAISING), "start"), 0);
  assert_int_equal(go_together(TWO(GO("b1"), MUST("go", "target='b2'"), RAISING), "start"), 0);
  assert_int_equal(go_together(TWO(MUST("go", "target='u'"), GO("b2"), RAISING), "start"), 0);
}

/* --------------------------------------------------------------------- functions */

#define ASSIGN(expr) "<assign location='$x' expr=\"" expr "\"/>"

static void each_function_reads_its_fact(void **state) {
  (void)state;
  static const struct {
    const char *expr, *value;
  } cases[] = {
      {"rk:form('f')", "complete"}, {"rk:form('g')", "blank"},
      {"rk:form-at-least('f', 'complete')", "true"}, {"rk:form-at-least('f', 'signed')", "false"},
      {"rk:form-at-least('g', 'blank')", "true"}, {"rk:field('f', 'name')", "N"},
      {"rk:rows('f', 't')", "2"}, {"count(rk:each-row('f', 't'))", "2"},
      {"rk:row('f', 't', 1 + 1, 'name')", "two"}, {"rk:row('f', 't', 3, 'name')", ""},
      {"rk:row-keys('f', 't', 'name', $who)", "K"},
      {"rk:row-keys('f', 't', 'name', $who, 'office')", "L"},
      {"rk:register('r', rk:key($who))", "open"}, {"rk:register('r', 'nobody')", ""},
      {"rk:register-field('r', 'A B', 'kind')", "k"},
      {"rk:entries('r', 'kind', 'k')", "A B"}, {"count(rk:entries('r', 'kind', 'old'))", "0"},
      {"count(rk:entries('r', 'kind', 'k', 'ready'))", "1"},
      {"count(rk:entries('r', 'kind', 'k', 'read'))", "0"},
      {"rk:key(' Ａ/\xE3\x80\x80 １ ', '葛\xF3\xA0\x84\x80')", "A／ 1 / 葛"},
      {"rk:key('it)', concat(&quot;'&quot;, ','))", "it) / ',"},
      {"rk:today()", "2026-11-20"}, {"rk:now()", "noon"},
      {"rk:date-add(rk:today(), 'P1D')", "2026-11-21"}, {"rk:days-between('a', 'b') + 1", "4"},
      {"rk:matches('ab', 'a.')", "true"}, {"rk:matches('ab', 'b.')", "false"},
      {"rk:if($who = 'A B', 'yes', 'no')", "yes"}, {"rk:if(1 &gt; 2, 'yes', $who)", "A B"},
      {"count($who[rk:key(.) = 'A B'])", "1"},
      {"count($who[rk:register('r', $who) = 'open'])", "1"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(
        HEAD DATA "<state id='a'><transition event='go'>" ASSIGN("string(%s)") "</transition></state></scxml>",
        cases[i].expr);
    g_autoptr(Session) session = plain_session(text);
    send_facts(session,
               "<paper name='f' state='complete' holds='draft complete'><field path='name'>N</field>"
               "<row table='t'><field name='name'>one</field><key field='name' within='A B'>K</key>"
               "<key field='name' within='A B' place='office'>L</key></row>"
               "<row table='t'><field name='name'>two</field></row></paper>"
               "<entry register='r' state='open' holds='ready open'><key>A B</key>"
               "<field name='kind'>k</field></entry><entry register='r' ended='yes'><key>Z</key>"
               "<field name='kind'>old</field></entry><date from='2026-11-20' plus='P1D'>2026-11-21"
               "</date><days from='a' to='b'>3</days><match text='ab' pattern='a.'/>");
    send(session, "go", NULL);
    datum_is(session, "x", cases[i].value);
  }
}

static void what_plain_xpath_cannot_say_is_told_and_nothing_comes_out(void **state) {
  (void)state;
  static const struct {
    const char *body, *code;
  } cases[] = {
      {ASSIGN("count($who[rk:register('r', .) = 'x'])"), "AN040"},
      {ASSIGN("count($who[rk:register('r', name) = 'x'])"), "AN040"},
      {ASSIGN("$who[rk:form(concat('f', position()))]"), "AN040"},
      {ASSIGN("$who[rk:form(string())]"), "AN040"},
      {ASSIGN("$who[rk:form(@id)]"), "AN040"},
      {ASSIGN("$who[rk:form(child::name)]"), "AN040"},
      {ASSIGN("rk:form('f', 'g')"), "AN041"},
      {ASSIGN("rk:form()"), "AN041"},
      {"<foreach array='$who' item='rk_facts'>" ASSIGN("rk:today()") "</foreach>", "AN042"},
      {"<assign location='$x' expr='$y'/>", "WF"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(RkDiags) diags = rk_diags_new();
    g_autofree char *out = NULL, *text = g_strdup_printf(
        HEAD DATA "<state id='a'><transition event='go'>%s</transition></state></scxml>", cases[i].body);
    assert_int_equal(expand(text, &out, diags), RK_INVALID);
    assert_null(out);
    assert_int_equal(rk_diags_count(diags), 1);
    assert_true(g_str_has_prefix(rk_diags_get(diags, 0)->code, cases[i].code));
    assert_true(rk_diags_get(diags, 0)->line > 0);
  }
}

static void what_stands_free_of_its_place_is_let_through(void **state) {
  (void)state;
  static const char *const free[] = {"$who/name[. = 'x']/@id", "concat($who, 1 * 2 - .5, 'it.(')",
                                     "$who//text()", "/datamodel/data[1]/child::*", "In('a') and $who div 2",
                                     "string($who)"};
  for (guint i = 0; i < G_N_ELEMENTS(free); i++) {
    g_autofree char *text = g_strdup_printf(
        HEAD DATA "<state id='a'><transition event='go'>" ASSIGN("rk:form(%s)") "</transition></state></scxml>",
        free[i]);
    session_free(plain_session(text));
  }
}

/* ----------------------------------------------------------- effects and deadlines */

static void effects_are_rows_in_their_order(void **state) {
  (void)state;
  g_autoptr(Session) session = plain_session(
      HEAD PROCEDURE "<datamodel><data id='who'>A</data></datamodel><state id='a'><transition event='go' rk:by='us'>"
           "<rk:send-paper form='f' to='them' channel='fax' eachexpr='$who' inferred='i'/>"
           "<if cond='true()'><rk:notify to='them' channel='c' title='T' title-en='E'/><else/>"
           "<rk:keep form='f' holder='us'/></if>"
           "<rk:record register='r' keyexpr=\"concat($who, '1')\" state='open' message='m'>"
           "<rk:field name='n' expr='$who'/><rk:field name='v' value='w'/></rk:record>"
           "</transition></state></scxml>");
  send(session, "go", NULL);
  did(session, "<send-paper form=\"f\" to=\"them\" channel=\"fax\" from=\"us\" each=\"A\"/>"
               "<notify to=\"them\" channel=\"c\" title=\"T\" from=\"us\"/>"
               "<record register=\"r\" state=\"open\" key=\"A1\"><field name=\"n\">A</field>"
               "<field name=\"v\">w</field></record>");
}

static void nothing_hears_an_effect_or_a_refusal_and_facts_reach_through_a_star(void **state) {
  (void)state;
  g_autoptr(Session) session = plain_session(
      HEAD DATA "<state id='a'><state id='b'><transition event='go'><rk:keep form='f' holder='us'/>"
                "</transition><transition event='no' target='b'><rk:require form='f'/></transition>"
                "<transition event='*' target='c'/></state></state><final id='c'/></scxml>");
  send_facts(session, "");
  send(session, "go", NULL);
  send(session, "no", NULL);
  is_in(session, "b");
  send(session, "other", NULL);
  is_in(session, "c");
}

static void the_case_hears_what_becomes_of_a_paper_in_order(void **state) {
  (void)state;
  g_autoptr(Session) session = plain_session(
      HEAD DATA "<state id='a'><transition event='go'><rk:paper-event form='f' event='paper.returned'/>"
           "<raise event='after'/><rk:paper-event form='g' event='paper.returned' each='Ｐ'/>"
           "<rk:paper-event form='f' event='paper.voided'/></transition>"
           "<transition event='form after'>"
           "<assign location='$x' expr=\"concat($x, $_event/name, ' ')\"/></transition></state></scxml>");
  send_facts(session, "<paper name='f'><on event='paper.returned' state='draft'/></paper>"
                      "<paper name='g:P'><on event='paper.returned' state='draft'/></paper>");
  send(session, "go", NULL);
  datum_is(session, "x", "form.f.draft after form.g.draft ");
}

static gint64 pending_due;
static void note_due(const char *id, const char *event, gint64 due, gpointer count) {
  (void)id, (void)event;
  pending_due = due;
  ++*(guint *)count;
}

static gint64 only_due(const Session *session) {
  guint count = 0;
  session_each_pending(session, note_due, &count);
  assert_int_equal(count, 1);
  return pending_due;
}

static void a_deadline_begins_with_its_state_and_ends_with_it(void **state) {
  (void)state;
  static const struct {
    const char *deadline;
    gint64 usual, told; /* seconds */
  } cases[] = {
      {"after='P7D'", 604800, 1000},     {"after='PT1H'", 3600, 3600},
      {"after='P1M'", 2592000, 2592000}, {"after='P6D' calendar='business'", 691200, 3000},
      {"by='$who'", 0, 4000},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(
        HEAD "<datamodel><data id='who'>A</data></datamodel><state id='a'>"
             "<transition event='go' target='b'/></state>"
             "<state id='b'><rk:deadline event='late' title='T--' %s/><transition event='go' target='a'/>"
             "<transition event='late' target='c'/></state><final id='c'/></scxml>", cases[i].deadline);
    g_autoptr(Session) session = plain_session(text);
    send(session, "go", NULL);
    if (cases[i].usual)
      assert_int_equal(only_due(session), cases[i].usual * TIME_SECOND);
    send(session, "go", NULL);
    assert_true(session_next_due(session) == G_MAXINT64);
    if (!strstr(text, "PT1H"))
      send_facts(session, "<delay after='P7D'>1000s</delay><delay after='P6D'>2000s</delay>"
                          "<delay after='P6D' calendar='business'>3000s</delay>"
                          "<delay by='A'>4000s</delay>");
    send(session, "go", NULL);
    assert_int_equal(only_due(session), cases[i].told * TIME_SECOND);
  }
}

/* ----------------------------------------------------------------- the document */

static void a_document_without_extensions_keeps_what_it_holds(void **state) {
  (void)state;
  g_autofree char *text = plain_text(
      "<scxml xmlns='http://www.w3.org/2005/07/scxml' xmlns:e='urn:editor' version='1.0' "
      "datamodel='xpath'><!-- kept --><datamodel><data id='d'><a> b <i/> </a></data></datamodel>"
      "<state id='a' e:x='1'><transition event='go'><assign location='$d' type='lastchild'><c/>"
      "</assign></transition></state></scxml>");
  assert_non_null(strstr(text, "<!-- kept -->"));
  assert_non_null(strstr(text, "<data id=\"d\"><a xmlns=\"\"> b <i/> </a></data>"));
  assert_non_null(strstr(text, "<c xmlns=\"\"/>"));
  assert_non_null(strstr(text, "e:x=\"1\""));
  assert_null(strstr(text, "rk"));
  machine_unref(load(text));
}

static void words_for_people_become_comments(void **state) {
  (void)state;
  g_autofree char *text = plain_text(
      HEAD "<state id='a' rk:title='A -- B-'><transition event='go' rk:step='3' rk:title='T'/>"
           "</state></scxml>");
  assert_non_null(strstr(text, "<!-- A ‐‐ B‐ -->"));
  assert_non_null(strstr(text, "<!-- 3 T -->"));
  machine_unref(load(text));
}

static void a_document_without_a_data_model_gets_the_one_it_needs(void **state) {
  (void)state;
  g_autoptr(Session) session = plain_session(
      "<scxml xmlns='http://www.w3.org/2005/07/scxml' xmlns:rk='urn:renkei:workflow:1' version='1.0'>"
      PROCEDURE "<state id='a'><transition event='go' cond='In(a)' target='b'><rk:keep form='f' holder='us'/>"
      "</transition></state><final id='b'/></scxml>");
  send(session, "go", NULL);
  is_in(session, "b");
  did(session, "<keep form=\"f\" holder=\"us\"/>");
}

static void a_machine_inside_begins_with_the_facts_of_the_one_around_it(void **state) {
  (void)state;
  g_autoptr(Session) session = plain_session(
      HEAD "<state id='a'><transition event='go' target='b'/></state>"
           "<state id='b'><invoke id='i'><content>" HEAD
           "<state id='c'><transition cond=\"rk:form('f') = 'signed'\" target='d'/></state>"
           "<final id='d'/></scxml></content></invoke>"
           "<transition event='done.invoke.i' target='e'/></state><final id='e'/></scxml>");
  send_facts(session, "<paper name='f' state='signed'/>");
  send(session, "go", NULL);
  is_in(session, "e");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_shipped_procedure_is_a_plain_document_without_a_warning),
      cmocka_unit_test(without_facts_it_goes_the_way_of_the_simulation),
      cmocka_unit_test(a_refused_event_changes_nothing_and_says_every_reason),
      cmocka_unit_test(an_event_with_all_that_is_required_is_taken),
      cmocka_unit_test(a_state_whose_name_is_part_of_another_does_not_hold),
      cmocka_unit_test(cond_chooses_before_anything_is_required),
      cmocka_unit_test(papers_of_each_party_are_required),
      cmocka_unit_test(an_eventless_transition_waits_for_what_it_requires),
      cmocka_unit_test(what_one_region_requires_refuses_the_event_in_all),
      cmocka_unit_test(nor_does_a_state_around_the_regions_take_a_refused_event),
      cmocka_unit_test(what_yields_to_another_requires_nothing),
      cmocka_unit_test(what_the_event_does_not_reach_requires_nothing),
      cmocka_unit_test(of_an_event_raised_inside_only_what_requires_has_no_effect),
      cmocka_unit_test(each_function_reads_its_fact),
      cmocka_unit_test(what_plain_xpath_cannot_say_is_told_and_nothing_comes_out),
      cmocka_unit_test(what_stands_free_of_its_place_is_let_through),
      cmocka_unit_test(effects_are_rows_in_their_order),
      cmocka_unit_test(nothing_hears_an_effect_or_a_refusal_and_facts_reach_through_a_star),
      cmocka_unit_test(the_case_hears_what_becomes_of_a_paper_in_order),
      cmocka_unit_test(a_deadline_begins_with_its_state_and_ends_with_it),
      cmocka_unit_test(a_document_without_extensions_keeps_what_it_holds),
      cmocka_unit_test(words_for_people_become_comments),
      cmocka_unit_test(a_document_without_a_data_model_gets_the_one_it_needs),
      cmocka_unit_test(a_machine_inside_begins_with_the_facts_of_the_one_around_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
