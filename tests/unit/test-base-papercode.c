/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers and codes of papers: what is mistyped is seen, what is forged does not pass. */
#include "../own-folder.h"
#include "base/papercode.h"
#include "base/secret.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <sys/stat.h>

static const char *const numbers[] = {"R8-0012/FJ-2-1-3", "R8-0001/MT-2-2B.12-10",
                                      "R99-123456/X-0", "R8-0012/NG-CONSENT-0"};
static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* Read back, not seen: anything else than the number itself. */
static gboolean is_taken(const char *typed, const char *number) {
  g_autofree char *read = paper_number_read(typed);
  return read && !g_str_equal(read, number);
}

/* ------------------------------------------------------------------- numbers */

static void every_wrong_character_is_seen(void **state) {
  (void)state;
  for (guint n = 0; n < G_N_ELEMENTS(numbers); n++) {
    g_autofree char *right = paper_number_checked(numbers[n]);
    g_autofree char *read = paper_number_read(right);
    assert_string_equal(read, numbers[n]);
    for (char *p = right; *p; p++)
      for (const char *other = letters; g_ascii_isalnum(*p) && *other; other++) {
        char own = *p;
        *p = *other;
        g_autofree char *again = paper_number_read(right);
        assert_int_equal(again != NULL, own == *other);
        *p = own;
      }
  }
}

static void every_exchange_of_neighbours_is_seen(void **state) {
  (void)state;
  for (guint n = 0; n < G_N_ELEMENTS(numbers); n++) {
    g_autofree char *right = paper_number_checked(numbers[n]);
    for (char *p = right; p[1]; p++) {
      if (!g_ascii_isalnum(p[0]) || !g_ascii_isalnum(p[1]) || p[0] == p[1])
        continue;
      char first = p[0];
      p[0] = p[1];
      p[1] = first;
      assert_null(paper_number_read(right));
      p[1] = p[0];
      p[0] = first;
    }
  }
}

static void neighbours_with_a_mark_between_them_are_seen_too(void **state) {
  (void)state;
  g_autofree char *right = paper_number_checked("R8-0012/FJ-2-1-3");
  for (char *p = right; p[1] && p[2]; p++) {
    if (!g_ascii_isalnum(p[0]) || g_ascii_isalnum(p[1]) || !g_ascii_isalnum(p[2]) || p[0] == p[2])
      continue;
    char first = p[0];
    p[0] = p[2];
    p[2] = first;
    assert_null(paper_number_read(right));
    p[2] = p[0];
    p[0] = first;
  }
}

static void it_may_be_typed_in_any_way(void **state) {
  (void)state;
  g_autofree char *right = paper_number_checked("r8-0012/fj-2-1-3");
  g_autofree char *small = g_ascii_strdown(right, -1);
  g_autofree char *spaced = g_strdup_printf("  %.7s / %s ", right, right + 8);
  GString *wide = g_string_new(NULL);
  for (const char *p = right; *p; p++)
    g_string_append_unichar(wide, g_ascii_isalnum(*p) ? (gunichar)*p - '0' + 0xFF10 : (gunichar)*p);
  const char *const typed[] = {right, small, spaced, wide->str};
  for (guint i = 0; i < G_N_ELEMENTS(typed); i++) {
    g_autofree char *read = paper_number_read(typed[i]);
    assert_string_equal(read, "R8-0012/FJ-2-1-3");
  }
  g_string_free(wide, TRUE);
}

static void what_is_no_number_is_none(void **state) {
  static const char *const others[] = {"", "-", "-AB", "R8-0012", "R8-0012/FJ-1-0", "架空", "/-00",
                                       "R8/0012/FJ-1-AB", "R8-0012/FJ-2-1-3-XYZ"};
  (void)state;
  for (guint i = 0; i < G_N_ELEMENTS(others); i++)
    assert_false(is_taken(others[i], ""));
}

/* --------------------------------------------------------------------- codes */

static char *key_path(void) {
  g_autofree char *folder = folder_new("papercode");
  return g_build_filename(folder, "t.db.paper-keys", NULL);
}

static void forget(char *path) {
  g_autofree char *folder = g_path_get_dirname(path);
  g_unlink(path);
  g_rmdir(folder);
  g_free(path);
}

#define OURS "0123456789abcdef"
#define THEIRS "fedcba9876543210"

static PaperKeys *keys_of(const char *path, const char *database, const char *office) {
  PaperKeys *keys = NULL;
  assert_int_equal(paper_keys_read(&keys, path, database, office, NULL), RK_OK);
  return keys;
}

static PaperKeys *read_keys(const char *path) {
  return keys_of(path, OURS, "clinic");
}

static PaperCodeKind kind_of(const PaperKeys *keys, const char *text) {
  g_auto(PaperCode) code = {0};
  return paper_code_read(keys, text, &code);
}

static void a_page_of_ours_is_known(void **state) {
  char *path = key_path();
  (void)state;
  assert_int_equal(paper_keys_add(path, OURS, 1, NULL), RK_OK);
  g_autoptr(PaperKeys) keys = read_keys(path);
  g_autofree char *text = paper_code_sign(keys, 5, "r8-0012/fj-2-1-3 2/10");
  g_auto(PaperCode) code = {0};
  assert_int_equal(paper_code_read(keys, text, &code), PAPER_CODE_OURS);
  assert_string_equal(code.number, "R8-0012/FJ-2-1-3");
  assert_int_equal(code.page, 2);
  assert_int_equal(code.pages, 10);
  assert_true(strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:") == strlen(text));
  forget(path);
}

static void whatever_is_changed_it_is_ours_no_more(void **state) {
  char *path = key_path();
  (void)state;
  assert_int_equal(paper_keys_add(path, OURS, 1, NULL), RK_OK);
  g_autoptr(PaperKeys) keys = read_keys(path);
  g_autofree char *text = paper_code_sign(keys, 5, "R8-0012/FJ-2-1-3 1/2");
  for (char *p = text; *p; p++)
    for (const char *other = letters; *other; other++) {
      char own = *p;
      *p = *other;
      assert_true(kind_of(keys, text) != PAPER_CODE_OURS || own == *other);
      *p = own;
    }
  forget(path);
}

static void another_database_is_foreign(void **state) {
  char *path = key_path(), *other = key_path();
  (void)state;
  assert_int_equal(paper_keys_add(path, OURS, 1, NULL), RK_OK);
  assert_int_equal(paper_keys_add(other, OURS, 1, NULL), RK_OK);
  g_autoptr(PaperKeys) keys = read_keys(path);
  g_autoptr(PaperKeys) others = read_keys(other);
  g_autofree char *text = paper_code_sign(keys, 5, "R8-0012/FJ-2-1-3 1/2");
  assert_int_equal(kind_of(others, text), PAPER_CODE_FOREIGN);
  assert_int_equal(kind_of(NULL, text), PAPER_CODE_FOREIGN);
  forget(path);
  forget(other);
}

static void after_a_rotation_old_pages_are_still_known(void **state) {
  char *path = key_path();
  (void)state;
  assert_int_equal(paper_keys_add(path, OURS, 1, NULL), RK_OK);
  g_autoptr(PaperKeys) first = read_keys(path);
  g_autofree char *old = paper_code_sign(first, 41, "R8-0012/FJ-2-1-3 1/2");
  assert_int_equal(paper_keys_add(path, OURS, 1043, NULL), RK_OK);
  g_autoptr(PaperKeys) both = read_keys(path);
  g_autofree char *new = paper_code_sign(both, 1043, "R8-0012/FJ-2-1-4 1/2");
  assert_non_null(strstr(old, " K1 "));
  assert_non_null(strstr(new, " KSZ "));
  assert_int_equal(kind_of(both, old), PAPER_CODE_OURS);
  assert_int_equal(kind_of(both, new), PAPER_CODE_OURS);
  assert_int_equal(kind_of(first, new), PAPER_CODE_FOREIGN);
  assert_int_equal(paper_keys_count(both), 2);
  assert_int_equal(paper_keys_from(both, 0), 1);
  assert_int_equal(paper_keys_from(both, 1), 1043);
  struct stat info;
  assert_int_equal(stat(path, &info), 0);
  assert_int_equal(info.st_mode & 0777, 0600);
  forget(path);
}

static void a_reprint_bears_the_code_of_its_first_print(void **state) {
  char *path = key_path();
  (void)state;
  assert_int_equal(paper_keys_add(path, OURS, 10, NULL), RK_OK);
  g_autoptr(PaperKeys) first = read_keys(path);
  assert_int_equal(paper_keys_add(path, OURS, 20, NULL), RK_OK);
  assert_int_equal(paper_keys_add(path, OURS, 30, NULL), RK_OK);
  g_autoptr(PaperKeys) all = read_keys(path);
  static const struct {
    gint64 made;
    const char *key;
  } cases[] = {{3, " KA "}, {10, " KA "}, {19, " KA "}, {20, " KK "}, {29, " KK "}, {30, " KU "}, {9999, " KU "}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *now = paper_code_sign(all, cases[i].made, "R8-0012/FJ-2-1-3 1/2");
    assert_non_null(strstr(now, cases[i].key));
    g_autofree char *then = paper_code_sign(first, cases[i].made, "R8-0012/FJ-2-1-3 1/2");
    assert_true(g_str_equal(now, then) == (cases[i].made < 20));
  }
  forget(path);
}

static void a_key_that_is_there_is_not_made_again(void **state) {
  char *path = key_path();
  g_autofree char *before = NULL, *after = NULL;
  (void)state;
  assert_int_equal(paper_keys_add(path, OURS, 7, NULL), RK_OK);
  assert_true(g_file_get_contents(path, &before, NULL, NULL));
  assert_int_equal(paper_keys_add(path, OURS, 7, NULL), RK_OK);
  assert_true(g_file_get_contents(path, &after, NULL, NULL));
  assert_string_equal(before, after);
  forget(path);
}

static void a_file_may_hold_the_keys_of_more_than_one_database(void **state) {
  char *path = key_path();
  (void)state;
  assert_int_equal(paper_keys_add(path, THEIRS, 1, NULL), RK_OK);
  g_autoptr(PaperKeys) none = NULL;
  assert_int_equal(paper_keys_read(&none, path, OURS, "clinic", NULL), RK_NOT_FOUND);
  assert_null(none);
  assert_int_equal(paper_keys_add(path, OURS, 1, NULL), RK_OK);
  g_autoptr(PaperKeys) ours = read_keys(path);
  g_autoptr(PaperKeys) theirs = keys_of(path, THEIRS, "clinic");
  assert_int_equal(paper_keys_count(ours), 1);
  g_autofree char *text = paper_code_sign(theirs, 5, "R8-0012/FJ-2-1-3 1/2");
  assert_int_equal(kind_of(theirs, text), PAPER_CODE_OURS);
  assert_int_equal(kind_of(ours, text), PAPER_CODE_FOREIGN);
  forget(path);
}

static void another_office_of_the_same_file_is_foreign(void **state) {
  char *path = key_path();
  (void)state;
  assert_int_equal(paper_keys_add(path, OURS, 1, NULL), RK_OK);
  g_autoptr(PaperKeys) clinic = read_keys(path);
  g_autoptr(PaperKeys) association = keys_of(path, OURS, "association");
  g_autofree char *text = paper_code_sign(clinic, 5, "R8-0012/FJ-2-1-3 1/2");
  assert_int_equal(kind_of(clinic, text), PAPER_CODE_OURS);
  assert_int_equal(kind_of(association, text), PAPER_CODE_FOREIGN);
  forget(path);
}

static void no_more_keys_are_made_than_the_file_can_hold(void **state) {
  char *path = key_path();
  RkStatus status = RK_OK;
  gint64 from = 0;
  (void)state;
  while (status == RK_OK && from < 1000)
    status = paper_keys_add(path, OURS, ++from, NULL);
  assert_int_equal(status, RK_FAILED);
  g_autoptr(PaperKeys) keys = read_keys(path);
  assert_true(paper_keys_count(keys) > 200);
  assert_int_equal(paper_keys_count(keys), from - 1);
  forget(path);
}

static void a_blank_says_only_its_form(void **state) {
  (void)state;
  g_auto(PaperCode) code = {0};
  assert_int_equal(paper_code_read(NULL, "FJ-2-1 1/2", &code), PAPER_CODE_BLANK);
  assert_string_equal(code.number, "FJ-2-1");
  static const char *const others[] = {"", "FJ-2-1", "FJ-2-1 0/1", "FJ-2-1 3/2", "FJ-2-1 1/2 K1",
                                       "FJ-2-1 01/2", "https://example.invalid/", "FJ-2-1 1/",
                                       "R8-0012/FJ-2-1-3 1/2 K1 ABC DEF", "fj-2-1 1/2",
                                       "FJ-2-1 99999/99999", "FJ-2-1 1/99999999999999999999"};
  for (guint i = 0; i < G_N_ELEMENTS(others); i++)
    assert_int_equal(kind_of(NULL, others[i]), PAPER_CODE_NONE);
}

/* --------------------------------------------------------------------- files */

static void must_fail(const char *path, RkStatus status, const char *code) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(PaperKeys) keys = NULL;
  assert_int_equal(paper_keys_read(&keys, path, OURS, "clinic", diags), status);
  assert_null(keys);
  assert_string_equal(rk_diags_get(diags, 0)->code, code);
}

static void keys_that_others_can_read_are_refused(void **state) {
  char *path = key_path();
  (void)state;
  assert_int_equal(paper_keys_add(path, OURS, 1, NULL), RK_OK);
  assert_int_equal(g_chmod(path, 0640), 0);
  must_fail(path, RK_REFUSED, "CS101");
  assert_int_equal(paper_keys_add(path, OURS, 2, NULL), RK_REFUSED);
  forget(path);
}

static void a_file_that_holds_no_keys_is_said(void **state) {
  static const char *const texts[] = {
      "", "K1", "K1 AAAA\n", "K2 ", "\n", "hello world\n", OURS " K1 AAAA\n", OURS " K1 \n",
      OURS " K1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n" OURS " K1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
      OURS " K0 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", "0123 K1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"};
  char *path = key_path();
  (void)state;
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    assert_true(g_file_set_contents_full(path, texts[i], -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    must_fail(path, RK_FAILED, "CS100");
  }
  g_autofree char *long_text = g_strnfill(SECRET_SIZE + 1, 'K');
  assert_true(g_file_set_contents_full(path, long_text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  must_fail(path, RK_FAILED, "CS100");
  forget(path);
}

static void where_there_is_no_file_there_are_no_keys(void **state) {
  g_autoptr(PaperKeys) keys = NULL;
  (void)state;
  assert_int_equal(paper_keys_read(&keys, "/nowhere/t.db.paper-keys", OURS, "clinic", NULL),
                   RK_NOT_FOUND);
  assert_int_equal(paper_keys_add("/nowhere/t.db.paper-keys", OURS, 1, NULL), RK_FAILED);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_wrong_character_is_seen),
      cmocka_unit_test(every_exchange_of_neighbours_is_seen),
      cmocka_unit_test(neighbours_with_a_mark_between_them_are_seen_too),
      cmocka_unit_test(it_may_be_typed_in_any_way),
      cmocka_unit_test(what_is_no_number_is_none),
      cmocka_unit_test(a_page_of_ours_is_known),
      cmocka_unit_test(whatever_is_changed_it_is_ours_no_more),
      cmocka_unit_test(another_database_is_foreign),
      cmocka_unit_test(after_a_rotation_old_pages_are_still_known),
      cmocka_unit_test(a_reprint_bears_the_code_of_its_first_print),
      cmocka_unit_test(a_key_that_is_there_is_not_made_again),
      cmocka_unit_test(a_file_may_hold_the_keys_of_more_than_one_database),
      cmocka_unit_test(another_office_of_the_same_file_is_foreign),
      cmocka_unit_test(no_more_keys_are_made_than_the_file_can_hold),
      cmocka_unit_test(a_blank_says_only_its_form),
      cmocka_unit_test(keys_that_others_can_read_are_refused),
      cmocka_unit_test(a_file_that_holds_no_keys_is_said),
      cmocka_unit_test(where_there_is_no_file_there_are_no_keys),
  };
  return cmocka_run_group_tests_name("base-papercode", tests, NULL, NULL);
}
