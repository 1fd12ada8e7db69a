/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shipped procedures against the lists copied from the handbooks; and a sample of `make
 * mutation`: in these procedures whatever is changed is noticed.
 */
#include "mutants.h"
#include "trial.h"
#include "variant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static const char *const towns[] = {"fujisawa", "mito", "nagareyama", "kanzaki", "marugame"};

/* The name of "town/name.scxml" or "town/name.overlay.xml". */
static char *stem_of(const char *file) {
  const char *name = strchr(file, '/') + 1;
  return g_strndup(name, strcspn(name, "."));
}

static xmlDoc *flattened(const char *file) {
  g_autofree char *in_tree = g_build_filename("workflows", file, NULL);
  g_autofree char *path = shipped_file(in_tree), *flat = NULL;
  assert_int_equal(rk_workflow_flatten(path, &flat, NULL), RK_OK);
  return xmlReadMemory(flat, (int)strlen(flat), file, NULL, XML_PARSE_NONET);
}

static guint town_differs(const char *town) {
  g_autoptr(Expected) expected = expected_read(town);
  g_autoptr(GPtrArray) files = trial_procedures(town);
  guint bad = 0;
  for (guint i = 0; i < files->len; i++) {
    g_autofree char *stem = stem_of(files->pdata[i]);
    xmlDoc *doc = flattened(files->pdata[i]);
    g_autofree char *words = expected_differences(expected, stem, doc);
    xmlFreeDoc(doc);
    if (*words && ++bad)
      print_error("%s: %s\n", (const char *)files->pdata[i], words);
  }
  return bad;
}

static void who_acts_who_keeps_and_each_way_is_as_the_handbook_says(void **state) {
  (void)state;
  guint bad = 0;
  for (guint i = 0; i < G_N_ELEMENTS(towns); i++)
    bad += town_differs(towns[i]);
  assert_int_equal(bad, 0);
}

static void no_list_names_a_procedure_that_is_not_there(void **state) {
  (void)state;
  for (guint i = 0; i < G_N_ELEMENTS(towns); i++) {
    g_autoptr(Expected) expected = expected_read(towns[i]);
    g_autoptr(GPtrArray) names = expected_procedures(expected), files = trial_procedures(towns[i]);
    assert_true(names->len > 5);
    for (guint k = 0; k < names->len; k++) {
      gboolean found = FALSE;
      for (guint f = 0; f < files->len && !found; f++) {
        g_autofree char *stem = stem_of(files->pdata[f]);
        found = strcmp(stem, names->pdata[k]) == 0;
      }
      if (!found)
        fail_msg("%s: %s", towns[i], (const char *)names->pdata[k]);
    }
  }
}

static void print_fault(const char *fault, gpointer user) {
  (void)user;
  print_error("survives: %s\n", fault);
}

static void what_is_changed_in_these_is_noticed(void **state) {
  (void)state;
  static const char *const sample[] = {"fujisawa/vendor-briefing.scxml", "mito/room-closing.scxml",
                                       "kanzaki/room-deletion.scxml"};
  g_autofree char *data = g_build_filename(g_getenv("RENKEI_BUILDDIR"), "data", NULL);
  RkSite site = {.datadir = data, .moduledir = data};
  for (guint i = 0; i < G_N_ELEMENTS(sample); i++) {
    g_autofree char *town = g_strndup(sample[i], strcspn(sample[i], "/"));
    g_autoptr(Expected) expected = expected_read(town);
    Trial trial = {.site = &site, .expected = expected, .every = 1, .survives = print_fault};
    const char *fault = trial_procedure(&trial, sample[i]);
    assert_string_equal(fault ? fault : "", "");
    assert_true(trial.tried > 5);
    assert_int_equal(trial.noticed, trial.tried);
  }
}

/* ------------------------------------------------------------ single faults */

static char *mutated(const char *element, const char *attributes, guint number, char **words) {
  g_autofree char *text = g_strdup_printf(
      "<scxml xmlns='http://www.w3.org/2005/07/scxml' xmlns:rk='urn:renkei:workflow:1'>"
      "<rk:role id='a'/><rk:role id='b'/><state id='s'/><state id='t'/><%s %s/></scxml>", element,
      attributes);
  xmlDoc *doc = xmlReadMemory(text, (int)strlen(text), "m.xml", NULL, XML_PARSE_NONET);
  g_autoptr(Stock) stock = stock_new(doc);
  xmlNode *root = xmlDocGetRootElement(doc);
  *words = mutate(xmlLastElementChild(root), number, stock);
  xmlNode *last = xmlLastElementChild(root);
  xmlBuffer *buffer = xmlBufferCreate();
  xmlNodeDump(buffer, doc, last, 0, 0);
  char *copy = g_strdup((const char *)xmlBufferContent(buffer));
  xmlBufferFree(buffer);
  xmlFreeDoc(doc);
  return copy;
}

static void each_fault_is_what_it_says(void **state) {
  (void)state;
  static const struct {
    const char *element, *attributes;
    guint number;
    const char *after, *words;
  } cases[] = {
      {"transition", "event='e'", 0, "<state id=\"t\"/>", "without the transition"},
      {"transition", "target='s'", 1, "<transition target=\"t\"/>", "target t, not s"},
      {"transition", "target='t'", 1, "<transition target=\"s\"/>", "target s, not t"},
      {"transition", "cond='x'", 2, "<transition cond=\"true()\"/>", "cond true(), not x"},
      {"transition", "rk:by='b'", 3, "<transition rk:by=\"a\"/>", "by a, not b"},
      {"rk:require", "form='f'", 0, "<state id=\"t\"/>", "without the requirement"},
      {"rk:send-paper", "to='a'", 1, "<rk:send-paper to=\"b\"/>", "to b, not a"},
      {"rk:send-paper", "channel='fax'", 2, "<rk:send-paper channel=\"post\"/>",
       "channel post, not fax"},
      {"rk:send-paper", "channels='x y'", 4, "<rk:send-paper channels=\"x\"/>", "channels x, not x y"},
      {"rk:keep", "holder='a'", 1, "<rk:keep holder=\"b\"/>", "holder b, not a"},
      {"rk:deadline", "after='P7D'", 1, "<rk:deadline after=\"P8D\"/>", "after P8D, not P7D"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *words = NULL;
    g_autofree char *after = mutated(cases[i].element, cases[i].attributes, cases[i].number, &words);
    assert_string_equal(words, cases[i].words);
    assert_string_equal(after, cases[i].after);
  }
}

static void what_cannot_be_changed_is_left_alone(void **state) {
  (void)state;
  g_autofree char *words = NULL;
  g_autofree char *after = mutated("rk:deadline", "by='$day'", 1, &words);
  assert_null(words);
  assert_string_equal(after, "<rk:deadline by=\"$day\"/>");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(who_acts_who_keeps_and_each_way_is_as_the_handbook_says),
      cmocka_unit_test(no_list_names_a_procedure_that_is_not_there),
      cmocka_unit_test(what_is_changed_in_these_is_noticed),
      cmocka_unit_test(each_fault_is_what_it_says),
      cmocka_unit_test(what_cannot_be_changed_is_left_alone),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
