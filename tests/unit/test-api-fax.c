/* SPDX-License-Identifier: Apache-2.0 */
/* The office's plan of sending a FAX, as its settings give it, and the pages of what is sent. */
#include "api/faxplan.h"
#include "api/spool.h"
#include "case/desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static RkDesk *make_desk(const RkSite *site) {
  static const char *const roles[] = {"association", NULL};
  const RkDeskConfig config = {"example", "fujisawa", roles, TRUE};
  g_autofree char *folder =
      g_build_filename(g_getenv("RENKEI_SRCDIR"), "workflows", "fujisawa", NULL);
  const char *const paths[] = {folder, NULL};
  g_auto(GStrv) files = desk_workflow_files(paths);
  RkDesk *desk = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  if (desk_create_memory(&desk, site, &config, "taro", (const char *const *)files, 1, diags) != RK_OK)
    fail_msg("%s", rk_diags_get(diags, 0)->message);
  return desk;
}

static RkStatus set(RkDesk *desk, const char *key, const char *value) {
  const RkRequest request = {.now = 2};
  return rk_setting_set(desk, &request, key, value, NULL);
}

static int setup(void **state) {
  static RkSite site;
  site = (RkSite){.datadir = g_getenv("RENKEI_DATADIR"), .moduledir = "."};
  *state = make_desk(&site);
  return 0;
}

static int teardown(void **state) {
  rk_desk_close(*state);
  return 0;
}

static void without_a_program_there_is_no_plan(void **state) {
  g_autoptr(FaxPlan) plan = NULL;
  assert_int_equal(faxplan_load(*state, &plan, NULL), RK_OK);
  assert_null(plan);
  assert_int_equal(set(*state, "fax.timeout", "5"), RK_OK);
  assert_int_equal(faxplan_load(*state, &plan, NULL), RK_OK);
  assert_null(plan);
}

static void the_words_are_filled_in_wherever_they_stand(void **state) {
  g_autoptr(FaxPlan) plan = NULL;
  const FaxWords words = {"0466-00-0000", "/x/a b.tiff", "3f2a", 3};
  assert_int_equal(set(*state, "fax.command",
                       " /usr/bin/fax  --to={number}@gw {pages}/{id} -- {file} {file}"), RK_OK);
  assert_int_equal(faxplan_load(*state, &plan, NULL), RK_OK);
  g_auto(GStrv) argv = faxplan_argv(plan, &words);
  g_autofree char *all = g_strjoinv("|", argv);
  assert_string_equal(all, "/usr/bin/fax|--to=0466-00-0000@gw|3/3f2a|--|/x/a b.tiff|/x/a b.tiff");
}

static void what_stands_for_a_word_is_not_looked_at_again(void **state) {
  g_autoptr(FaxPlan) plan = NULL;
  const FaxWords words = {"{id}", "{number} ; id", "x", 1};
  assert_int_equal(set(*state, "fax.command", "/usr/bin/fax {number} {file}"), RK_OK);
  assert_int_equal(faxplan_load(*state, &plan, NULL), RK_OK);
  g_auto(GStrv) argv = faxplan_argv(plan, &words);
  g_autofree char *all = g_strjoinv("|", argv);
  assert_string_equal(all, "/usr/bin/fax|{id}|{number} ; id");
}

static void the_pauses_follow_each_other_and_the_last_repeats(void **state) {
  g_autoptr(FaxPlan) plan = NULL;
  assert_int_equal(set(*state, "fax.command", "/usr/bin/fax {number} {file}"), RK_OK);
  assert_int_equal(set(*state, "fax.tries", "5"), RK_OK);
  assert_int_equal(set(*state, "fax.pauses", "5 15 60"), RK_OK);
  assert_int_equal(set(*state, "fax.busy", "17 75"), RK_OK);
  assert_int_equal(faxplan_load(*state, &plan, NULL), RK_OK);
  static const guint expected[] = {0, 5, 15, 60, 60, 0, 0};
  for (guint round = 0; round < G_N_ELEMENTS(expected); round++)
    assert_int_equal(faxplan_pause(plan, round), expected[round]);
  assert_true(faxplan_is_busy(plan, 17) && faxplan_is_busy(plan, 75));
  assert_false(faxplan_is_busy(plan, 1) || faxplan_is_busy(plan, -1) || faxplan_is_busy(plan, 0));
}

static void what_the_program_says_is_searched_by_the_office_s_words(void **state) {
  g_autoptr(FaxPlan) plan = NULL;
  assert_int_equal(set(*state, "fax.command", "/usr/bin/fax {number} {file}"), RK_OK);
  assert_int_equal(set(*state, "fax.pages", "送信 ([0-9]+) 枚"), RK_OK);
  assert_int_equal(faxplan_load(*state, &plan, NULL), RK_OK);
  g_autofree char *job = faxplan_find(plan->job, "request id is 42 (group id 42)");
  g_autofree char *pages = faxplan_find(plan->pages, "終了: 送信 3 枚\n");
  assert_string_equal(job, "42");
  assert_string_equal(pages, "3");
  assert_null(faxplan_find(plan->pages, "no pages"));
  assert_null(faxplan_find(NULL, "x"));
}

/* A file of `pages` directories of no fields. */
static GBytes *tiff_of(guint pages, guint32 last) {
  GByteArray *bytes = g_byte_array_new();
  guint32 at = 8;
  g_byte_array_append(bytes, (const guint8 *)"II*\0", 4);
  g_byte_array_append(bytes, (const guint8 *)&at, 4);
  for (guint i = 1; i <= pages; i++) {
    guint32 next = i < pages ? 8 + 6 * i : last;
    g_byte_array_append(bytes, (const guint8 *)"\0\0", 2);
    g_byte_array_append(bytes, (const guint8 *)&next, 4);
  }
  return g_byte_array_free_to_bytes(bytes);
}

static void the_pages_of_a_fax_are_counted_and_a_broken_one_ends(void **state) {
  (void)state;
  g_autoptr(GBytes) three = tiff_of(3, 0), loop = tiff_of(3, 8), beyond = tiff_of(2, 4000);
  g_autoptr(GBytes) none = g_bytes_new_static("", 0), other = g_bytes_new_static("%PDF-1.7", 8);
  assert_int_equal(spool_tiff_pages(three), 3);
  assert_int_equal(spool_tiff_pages(loop), 3);
  assert_int_equal(spool_tiff_pages(beyond), 2);
  assert_int_equal(spool_tiff_pages(none), 0);
  assert_int_equal(spool_tiff_pages(other), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(without_a_program_there_is_no_plan, setup, teardown),
      cmocka_unit_test_setup_teardown(the_words_are_filled_in_wherever_they_stand, setup, teardown),
      cmocka_unit_test_setup_teardown(what_stands_for_a_word_is_not_looked_at_again, setup, teardown),
      cmocka_unit_test_setup_teardown(the_pauses_follow_each_other_and_the_last_repeats, setup, teardown),
      cmocka_unit_test_setup_teardown(what_the_program_says_is_searched_by_the_office_s_words, setup, teardown),
      cmocka_unit_test(the_pages_of_a_fax_are_counted_and_a_broken_one_ends),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
