/* SPDX-License-Identifier: Apache-2.0 */
/* Machines inside machines (SCXML 6.4, 6.5): each rule, and what happens when it is broken. */
#include "machine-invoke.h"

/* ----------------------------------------------------------------- values going in */

static void params_and_names_replace_top_level_data_of_their_name(void **state) {
  (void)state;
  must_pass(RUN("<invoke><param name='b' expr='2'/><param name='nobody' expr='3'/>"
                CHILD("<datamodel><data id='b' expr='0'/><data id='c' expr='0'/></datamodel>"
                      "<state id='c'><transition cond='$b = 2 and $c = 0' target='over'>"
                      "<send target='#_parent' event='good'/></transition>"
                      "<transition target='over'/></state><final id='over'/>") "</invoke>",
                "<transition event='good' target='pass'/>"));
  must_pass("<datamodel><data id='a'><x>1</x></data></datamodel>"
            RUN("<invoke namelist='$a'>"
                CHILD("<datamodel><data id='a' expr='0'/></datamodel><state id='c'>"
                      "<transition cond='$a/x = 1' target='over'>"
                      "<send target='#_parent' event='good'/></transition>"
                      "<transition target='over'/></state><final id='over'/>") "</invoke>",
                "<transition event='good' target='pass'/>"));
}

static void data_below_the_top_level_is_not_replaced(void **state) {
  (void)state;
  must_pass(RUN("<invoke><param name='v' expr='2'/>"
                CHILD("<state id='c'><datamodel><data id='v' expr='1'/></datamodel>"
                      "<transition cond='$v = 1' target='over'><send target='#_parent' event='good'/>"
                      "</transition><transition target='over'/></state><final id='over'/>")
                "</invoke>", "<transition event='good' target='pass'/>"));
}

static void the_id_is_put_where_it_is_wanted_and_is_fresh_each_time(void **state) {
  (void)state;
  must_pass("<datamodel><data id='i'/><data id='j'/></datamodel>"
            "<state id='a'><invoke idlocation='$i'>" CHILD("<final id='f'/>") "</invoke>"
            "<transition event='done.invoke' cond='$_event/invokeid = $i' target='b'>"
            "<assign location='$j' expr='$i'/></transition></state>"
            "<state id='b'><transition target='c'/></state>"
            "<state id='c'><invoke idlocation='$i'>" CHILD("<final id='f'/>") "</invoke>"
            "<transition event='done.invoke' cond=\"$i != $j and starts-with($j, 'a.')\""
            " target='pass'/><transition event='*' target='fail'/></state>");
}

/* ---------------------------------------------------------------- where it comes from */

static void a_source_is_fetched_by_the_host(void **state) {
  (void)state;
  must_pass(RUN("<invoke src='child'><param name='v' expr='7'/></invoke>",
                "<transition event='seven' target='pass'/>"));
  must_pass("<datamodel><data id='u'/></datamodel>"
            "<state id='s'><onentry><assign location='$u' expr=\"'child'\"/></onentry>"
            "<invoke srcexpr='$u'/><transition event='done.invoke' target='pass'/>"
            "<transition event='*' target='fail'/></state>");
}

static void a_document_may_be_computed(void **state) {
  (void)state;
  must_pass("<datamodel><data id='d'/></datamodel><state id='s'><onentry><assign location='$d'>"
            "<scxml version='1.0'><final/></scxml></assign></onentry>"
            "<invoke><content expr='$d'/></invoke><transition event='done.invoke' target='pass'/>"
            "<transition event='*' target='fail'/></state>");
  must_pass("<datamodel><data id='d'>&lt;scxml xmlns='http://www.w3.org/2005/07/scxml'"
            " version='1.0'>&lt;final/>&lt;/scxml></data></datamodel>"
            RUN("<invoke><content expr='$d'/></invoke>",
                "<transition event='done.invoke' target='pass'/>"));
}

static void data_may_have_a_source_where_the_host_fetches(void **state) {
  (void)state;
  const char *body = "<datamodel><data id='l' src='list'/></datamodel>"
                     "<state id='s'><transition cond='$l/order/line = 7' target='pass'/>"
                     "<transition target='fail'/></state>";
  must_end_as(body, MACHINE_LENIENT, "pass");
  must_end_as("<datamodel><data id='l' src='nowhere'/></datamodel><state id='s'>"
              "<transition event='error.execution' target='pass'/></state>",
              MACHINE_LENIENT, "pass");
}

static void what_cannot_be_had_or_is_no_machine_is_an_error(void **state) {
  (void)state;
  must_pass(RUN("<invoke src='nowhere'/>",
                "<transition event='error.communication' target='pass'/>"));
  must_pass(RUN("<invoke src='broken'/>", "<transition event='error.execution' target='pass'/>"));
  must_pass(RUN("<invoke><content expr='3'/></invoke>",
                "<transition event='error.execution' target='pass'/>"));
  g_autoptr(Machine) machine = load(RUN("<invoke src='child'/>",
                                        "<transition event='error.communication' target='pass'/>"));
  g_autofree char *end = run_to_end(machine, FALSE, NULL); /* nobody fetches */
  assert_string_equal(end, "pass");
}

static void an_unknown_type_is_an_error(void **state) {
  (void)state;
  must_pass(RUN("<invoke typeexpr=\"'voicexml'\">" CHILD("<final id='f'/>") "</invoke>",
                "<transition event='error.execution' target='pass'/>"));
  must_end_as(RUN("<invoke type='voicexml'>" CHILD("<final id='f'/>") "</invoke>",
                  "<transition event='error.execution' target='pass'/>"),
              MACHINE_LENIENT, "pass");
}

static void an_argument_that_fails_starts_nothing(void **state) {
  (void)state;
  static const char *const bad[] = {"<param name='v' expr='1 div nosuch()'/>",
                                    "<param name='v' location='/none'/>"};
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autofree char *body = g_strconcat(
        "<state id='s'><invoke>", bad[i], CHILD("<final id='f'/>"), "</invoke>"
        "<transition event='error.execution' target='w'/><transition event='*' target='fail'/>"
        "</state><state id='w'><onentry><send event='t' delay='1s'/></onentry>"
        "<transition event='t' target='pass'/><transition event='*' target='fail'/></state>", NULL);
    must_end_as(body, MACHINE_LENIENT, "pass");
  }
}

/* ------------------------------------------------------------------------- in time */

static void only_states_that_stay_to_the_end_of_the_macrostep_invoke(void **state) {
  (void)state;
  must_pass("<state id='s'><invoke>" CHILD("<final id='f'/>") "</invoke><transition target='w'/>"
            "</state><state id='w'><onentry><send event='t' delay='1s'/></onentry>"
            "<transition event='t' target='pass'/><transition event='*' target='fail'/></state>");
}

static void errors_of_invoking_come_before_events_from_outside(void **state) {
  (void)state;
  must_pass("<state id='s'><onentry><send event='own'/></onentry><invoke src='nowhere'/>"
            "<transition event='error.communication' target='pass'/>"
            "<transition event='own' target='fail'/></state>");
}

static void its_last_events_come_before_done_and_done_carries_data(void **state) {
  (void)state;
  must_pass("<state id='s'><invoke id='i'>"
            CHILD("<state id='c'><transition target='f'/></state><final id='f'>"
                  "<onexit><send target='#_parent' event='last'/></onexit>"
                  "<donedata><param name='sum' expr='40 + 2'/></donedata></final>") "</invoke>"
            "<transition event='last' target='w'/><transition event='*' target='fail'/></state>"
            "<state id='w'><transition event='done.invoke.i'"
            " cond=\"$_event/data/data[@id='sum'] = 42 and $_event/invokeid = 'i'\" target='pass'/>"
            "<transition event='*' target='fail'/></state>");
}

static void leaving_the_state_silences_the_child(void **state) {
  (void)state;
  must_pass("<state id='s'><invoke>"
            CHILD("<state id='c'><onentry><send target='#_parent' event='first'/>"
                  "<send target='#_parent' event='second'/>"
                  "<send target='#_parent' event='late' delay='1s'/></onentry>"
                  "<onexit><send target='#_parent' event='gone'/></onexit></state>") "</invoke>"
            "<transition event='first' target='w'/></state>"
            "<state id='w'><onentry><send event='t' delay='9s'/></onentry>"
            "<transition event='t' target='pass'/><transition event='*' target='fail'/></state>");
}

static void note_log(gpointer user, const char *what, const char *detail) {
  if (g_str_equal(what, "log"))
    g_string_append_printf(user, "%s|", detail);
}

static void its_onexit_blocks_run_after_those_of_the_state(void **state) {
  (void)state;
  g_autoptr(Machine) machine =
      load("<state id='s'><onexit><log expr=\"'outer'\"/></onexit><invoke id='i'>"
           CHILD("<state id='c'><onexit><log expr=\"'inner'\"/></onexit></state>")
           "</invoke><transition event='go' target='pass'><log expr=\"'body'\"/></transition></state>");
  g_autoptr(GString) lines = g_string_new(NULL);
  SessionHost host = {.user = lines, .trace = note_log};
  g_autoptr(Session) session = start(machine, &host);
  deliver(session, "go");
  assert_string_equal(lines->str, "outer|i: inner|body|");
}

/* ------------------------------------------------------------ values coming back */

static void finalize_runs_before_the_event_is_chosen_for(void **state) {
  (void)state;
  must_pass("<datamodel><data id='v' expr='1'/></datamodel>"
            RUN("<invoke>" CHILD("<final id='f'><onentry><send target='#_parent' event='e'>"
                                 "<param name='n' expr='2'/></send></onentry></final>")
                "<finalize><assign location='$v' expr=\"$_event/data/data[@id='n']\"/></finalize>"
                "</invoke>", "<transition event='e' cond='$v = 2' target='pass'/>"));
}

static void finalize_is_only_for_events_of_its_own_child(void **state) {
  (void)state;
  must_pass("<datamodel><data id='v' expr='0'/></datamodel>"
            "<state id='s'><onentry><send event='own'/></onentry>"
            "<invoke id='a'>" CHILD("<state id='c'/>") "<finalize><assign location='$v'"
            " expr='$v + 10'/></finalize></invoke>"
            "<invoke id='b'>" CHILD("<final id='f'/>") "<finalize><assign location='$v'"
            " expr='$v + 1'/></finalize></invoke>"
            "<transition event='done.invoke.b' cond='$v = 1' target='pass'/>"
            "<transition event='done.invoke' target='fail'/></state>");
}

static void an_empty_finalize_takes_back_what_was_given(void **state) {
  (void)state;
  must_pass("<datamodel><data id='a' expr='1'/><data id='b' expr='1'/><data id='c' expr='1'/>"
            "</datamodel>"
            RUN("<invoke><param name='x' location='$b'/><param name='y' expr='$c'/>"
                CHILD("<final id='f'><onentry><send target='#_parent' event='e'>"
                      "<param name='a' expr='5'/><param name='x' expr='6'/><param name='y' expr='7'/>"
                      "</send></onentry></final>") "<finalize/></invoke>",
                "<transition event='e' cond='$a = 1 and $b = 6 and $c = 1' target='pass'/>"));
  must_pass("<datamodel><data id='a' expr='1'/></datamodel>"
            RUN("<invoke namelist='$a'>"
                CHILD("<final id='f'><onentry><send target='#_parent' event='e'>"
                      "<param name='a' expr='5'/></send></onentry></final>") "<finalize/></invoke>",
                "<transition event='e' cond='$a = 5' target='pass'/>"));
}

static void without_finalize_nothing_is_taken_back(void **state) {
  (void)state;
  must_pass("<datamodel><data id='a' expr='1'/></datamodel>"
            RUN("<invoke namelist='$a'>"
                CHILD("<final id='f'><onentry><send target='#_parent' event='e'>"
                      "<param name='a' expr='5'/></send></onentry></final>") "</invoke>",
                "<transition event='e' cond='$a = 1' target='pass'/>"));
}

/* -------------------------------------------------------------- events both ways */

static void events_are_forwarded_whole_where_it_is_wished(void **state) {
  (void)state;
  must_pass("<state id='s'><onentry><send event='e' id='n'><param name='p' expr='4'/></send>"
            "</onentry><invoke autoforward='true'>"
            CHILD("<state id='c'><transition event='e' target='over'"
                  " cond=\"$_event/data/data[@id='p'] = 4 and $_event/sendid = 'n' and"
                  " $_event/invokeid = '' and $_event/origin = '#_scxml_session'\">"
                  "<send target='#_parent' event='heard'/></transition></state><final id='over'/>")
            "</invoke><transition event='heard' target='pass'/></state>");
}

static void its_own_events_come_back_by_forwarding(void **state) {
  (void)state;
  must_pass(RUN("<invoke autoforward='true'>"
                CHILD("<state id='c'><onentry><send target='#_parent' event='up'/></onentry>"
                      "<transition event='up' target='over'><send target='#_parent' event='back'/>"
                      "</transition></state><final id='over'/>") "</invoke>",
                "<transition event='up'/><transition event='back' target='pass'/>"));
}

static void without_forwarding_a_child_hears_nothing(void **state) {
  (void)state;
  must_pass("<state id='s'><onentry><send event='e'/><send event='t' delay='1s'/></onentry>"
            "<invoke>" CHILD("<state id='c'><transition event='*' target='over'/></state>"
                             "<final id='over'/>") "</invoke><transition event='e'/>"
            "<transition event='done.invoke' target='fail'/><transition event='t' target='pass'/>"
            "</state>");
}

static void a_child_is_reached_by_its_id_and_by_its_session(void **state) {
  (void)state;
  must_pass("<datamodel><data id='o'/></datamodel><state id='s'><invoke id='i'>"
            CHILD("<state id='c'><onentry><send target='#_parent' event='here'/></onentry>"
                  "<transition event='one'><send target='#_scxml_session' event='two'/></transition>"
                  "<transition event='three' target='over'/></state><final id='over'/>") "</invoke>"
            "<transition event='here'><assign location='$o' expr='$_event/origin'/>"
            "<send target='#_i' event='one'/></transition>"
            "<transition event='two' cond=\"$_event/invokeid = 'i'\">"
            "<send targetexpr='$o' event='three'/></transition>"
            "<transition event='done.invoke.i' target='pass'/></state>");
}

static void a_target_that_is_gone_is_an_error_with_the_id_of_the_send(void **state) {
  (void)state;
  must_pass("<state id='s'><invoke id='i'>" CHILD("<final id='f'/>") "</invoke>"
            "<transition event='done.invoke.i'><send id='n' target='#_i' event='e'/></transition>"
            "<transition event='error.communication' cond=\"$_event/sendid = 'n'\" target='pass'/>"
            "<transition event='*' target='fail'/></state>");
  must_pass("<state id='s'><onentry><send id='n' target='#_parent' event='e'/></onentry>"
            "<transition event='error.communication' cond=\"$_event/sendid = 'n'\" target='pass'/>"
            "<transition event='*' target='fail'/></state>");
}

static void who_is_reached_is_decided_when_a_delayed_send_is_due(void **state) {
  (void)state;
  must_pass("<state id='s'><onentry><send id='n' target='#_i' event='e' delay='2s'/></onentry>"
            "<invoke id='i'>" CHILD("<state id='c'><transition event='e' target='f'/></state>"
                                    "<final id='f'/>") "</invoke>"
            "<transition event='done.invoke.i' target='pass'/><transition event='*' target='fail'/>"
            "</state>");
  must_pass("<state id='s'><onentry><send id='n' target='#_i' event='e' delay='2s'/></onentry>"
            "<invoke id='i'>" CHILD("<final id='f'/>") "</invoke><transition event='done.invoke.i'/>"
            "<transition event='error.communication' cond=\"$_event/sendid = 'n'\" target='pass'/>"
            "</state>");
}

static void events_go_in_the_order_in_which_they_were_sent(void **state) {
  (void)state;
  g_autoptr(Machine) machine =
      load("<state id='s'><invoke id='a'>" CHILD("<state id='c'><transition event='go'>"
           "<log expr=\"'go'\"/><send target='#_parent' event='x'/></transition></state>")
           "</invoke><invoke id='b'>" CHILD("<state id='c'><transition event='go'>"
           "<log expr=\"'go'\"/><send target='#_parent' event='y'/></transition></state>")
           "</invoke><transition event='e'><send target='#_b' event='go'/><send event='own'/>"
           "<send target='#_a' event='go'/></transition>"
           "<transition event='own x y'><log expr='$_event/name'/></transition></state>");
  g_autoptr(GString) lines = g_string_new(NULL);
  SessionHost host = {.user = lines, .trace = note_log};
  g_autoptr(Session) session = start(machine, &host);
  deliver(session, "e");
  assert_string_equal(lines->str, "b: go|own|a: go|y|x|");
}

/* ------------------------------------------------------------------------ bounds */

static void three_machines_deep_each_answers_its_parent(void **state) {
  (void)state;
  must_pass(RUN("<invoke>"
                CHILD("<state id='c1'><invoke>"
                      CHILD("<state id='c2'><invoke>"
                            CHILD("<final id='f'><donedata><content expr=\"'deep'\"/></donedata></final>")
                            "</invoke><transition event='done.invoke' cond=\"$_event/data = 'deep'\""
                            " target='f2'/></state><final id='f2'/>")
                      "</invoke><transition event='done.invoke' target='f1'/></state><final id='f1'/>")
                "</invoke>", "<transition event='done.invoke' target='pass'/>"));
}

static void a_machine_that_invokes_itself_comes_to_an_end(void **state) {
  (void)state;
  must_pass(RUN("<invoke src='self'/>", "<transition event='deep' target='pass'/>"));
}

static void a_child_that_never_rests_ends_the_delivery_in_words(void **state) {
  (void)state;
  g_autoptr(Machine) machine =
      load("<state id='s'><transition event='go' target='r'/></state><state id='r'><invoke>"
           CHILD("<state id='a'><transition target='b'/></state>"
                 "<state id='b'><transition target='a'/></state>") "</invoke></state>");
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(Session) session = start(machine, NULL);
  SessionEvent event = {.name = "go", .time = 1};
  assert_int_equal(session_deliver(session, &event, diags), RK_INVALID);
  assert_string_equal(rk_diags_get(diags, 0)->code, "WF100");
}

static void parent_and_child_that_talk_for_ever_are_stopped(void **state) {
  (void)state;
  g_autoptr(Machine) machine =
      load("<state id='s'><invoke id='i'>"
           CHILD("<state id='c'><onentry><send target='#_parent' event='ping'/></onentry>"
                 "<transition event='pong'><send target='#_parent' event='ping'/></transition></state>")
           "</invoke><transition event='ping'><send target='#_i' event='pong'/></transition></state>");
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(Session) session = session_new(machine, NULL);
  assert_int_equal(session_start(session, 0, diags), RK_INVALID);
  assert_string_equal(rk_diags_get(diags, 0)->code, "WF100");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(params_and_names_replace_top_level_data_of_their_name),
      cmocka_unit_test(data_below_the_top_level_is_not_replaced),
      cmocka_unit_test(the_id_is_put_where_it_is_wanted_and_is_fresh_each_time),
      cmocka_unit_test(a_source_is_fetched_by_the_host),
      cmocka_unit_test(a_document_may_be_computed),
      cmocka_unit_test(data_may_have_a_source_where_the_host_fetches),
      cmocka_unit_test(what_cannot_be_had_or_is_no_machine_is_an_error),
      cmocka_unit_test(an_unknown_type_is_an_error),
      cmocka_unit_test(an_argument_that_fails_starts_nothing),
      cmocka_unit_test(only_states_that_stay_to_the_end_of_the_macrostep_invoke),
      cmocka_unit_test(errors_of_invoking_come_before_events_from_outside),
      cmocka_unit_test(its_last_events_come_before_done_and_done_carries_data),
      cmocka_unit_test(leaving_the_state_silences_the_child),
      cmocka_unit_test(its_onexit_blocks_run_after_those_of_the_state),
      cmocka_unit_test(finalize_runs_before_the_event_is_chosen_for),
      cmocka_unit_test(finalize_is_only_for_events_of_its_own_child),
      cmocka_unit_test(an_empty_finalize_takes_back_what_was_given),
      cmocka_unit_test(without_finalize_nothing_is_taken_back),
      cmocka_unit_test(events_are_forwarded_whole_where_it_is_wished),
      cmocka_unit_test(its_own_events_come_back_by_forwarding),
      cmocka_unit_test(without_forwarding_a_child_hears_nothing),
      cmocka_unit_test(a_child_is_reached_by_its_id_and_by_its_session),
      cmocka_unit_test(a_target_that_is_gone_is_an_error_with_the_id_of_the_send),
      cmocka_unit_test(who_is_reached_is_decided_when_a_delayed_send_is_due),
      cmocka_unit_test(events_go_in_the_order_in_which_they_were_sent),
      cmocka_unit_test(three_machines_deep_each_answers_its_parent),
      cmocka_unit_test(a_machine_that_invokes_itself_comes_to_an_end),
      cmocka_unit_test(a_child_that_never_rests_ends_the_delivery_in_words),
      cmocka_unit_test(parent_and_child_that_talk_for_ever_are_stopped),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
