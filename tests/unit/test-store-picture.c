/* SPDX-License-Identifier: Apache-2.0 */
/* Pages that came, in every store alike: kept as they came, moved beside a case, erased. */
#include "store-both.h"

#include "store/sqlite_int.h"

/* Written, but the transaction still open. */
static RkStatus put(Store *store, const char *request, const char *id, const char *case_id,
                    const char *text) {
  g_autoptr(GBytes) bytes = text ? bytes_of(text) : NULL;
  StorePicture picture = {T(id), T(case_id), {{0}}, bytes};
  g_autoptr(GPtrArray) pictures = one(&picture);
  g_autoptr(StoreJournal) entry = an_entry(NULL, request);
  StoreCommit commit = {.entry = entry, .pictures = pictures, .result = ""};
  assert_int_equal(store_begin(store, NULL), RK_OK);
  return store_write(store, &commit, NULL);
}

static void keep(Store *store, const char *request, const char *id, const char *case_id,
                 const char *text) {
  assert_int_equal(put(store, request, id, case_id, text), RK_OK);
  assert_int_equal(store_end(store, NULL), RK_OK);
}

/* The ids, with blanks after each. */
static char *listed(Store *store, const char *case_id) {
  g_autoptr(GPtrArray) list = NULL;
  GString *text = g_string_new(NULL);
  assert_int_equal(store_load_pictures(store, case_id, &list, NULL), RK_OK);
  for (guint i = 0; i < list->len; i++) {
    const StorePicture *picture = list->pdata[i];
    assert_null(picture->bytes);
    g_string_append_printf(text, "%s ", picture->id);
  }
  return g_string_free(text, FALSE);
}

static void must_list(Store *store, const char *case_id, const char *ids) {
  g_autofree char *found = listed(store, case_id);
  assert_string_equal(found, ids);
}

static StoreCase *a_kept_case(Store *store, const char *id) {
  StoreCase *subject = a_case(id, "R8");
  g_autoptr(StoreJournal) entry = an_entry(subject, id);
  StoreCommit commit = {.subject = subject, .entry = entry, .result = ""};
  assert_int_equal(store_begin(store, NULL), RK_OK);
  assert_int_equal(store_commit(store, &commit, NULL), RK_OK);
  return subject;
}

static void a_picture_is_given_back_as_it_came(void **state) {
  Store *store = *state;
  g_autoptr(StorePicture) read = NULL, none = NULL;
  g_autoptr(GBytes) bytes = bytes_of("PNG…");
  keep(store, "r1", "b-002", NULL, "PNG…");
  keep(store, "r2", "a-001", NULL, "another");
  assert_int_equal(store_load_picture(store, "b-002", &read, NULL), RK_OK);
  assert_true(g_bytes_equal(read->bytes, bytes));
  Hash hash = hash_bytes(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
  assert_memory_equal(read->hash.bytes, hash.bytes, HASH_SIZE);
  assert_null(read->case_id);
  assert_int_equal(store_load_picture(store, "b-003", &none, NULL), RK_NOT_FOUND);
  must_list(store, NULL, "a-001 b-002 ");
}

static void a_picture_goes_from_the_tray_to_its_case(void **state) {
  Store *store = *state;
  store_case_free(a_kept_case(store, "c1"));
  keep(store, "r1", "a-001", NULL, "one");
  keep(store, "r2", "a-002", "c1", "two");
  keep(store, "r3", "a-001", "c1", NULL);
  must_list(store, NULL, "");
  must_list(store, "c1", "a-001 a-002 ");
  g_autoptr(StorePicture) read = NULL;
  assert_int_equal(store_load_picture(store, "a-001", &read, NULL), RK_OK);
  assert_string_equal(read->case_id, "c1");
  assert_int_equal(g_bytes_get_size(read->bytes), 3);
}

static void a_rejected_picture_is_gone(void **state) {
  Store *store = *state;
  g_autoptr(StorePicture) read = NULL;
  keep(store, "r1", "a-001", NULL, "one");
  keep(store, "r2", "a-001", NULL, NULL);
  assert_int_equal(store_load_picture(store, "a-001", &read, NULL), RK_NOT_FOUND);
  must_list(store, NULL, "");
}

static void what_is_rolled_back_was_never_there(void **state) {
  Store *store = *state;
  keep(store, "r1", "a-001", NULL, "one");
  assert_int_equal(put(store, "r2", "a-001", NULL, NULL), RK_OK);
  store_rollback(store);
  assert_int_equal(put(store, "r3", "a-002", NULL, "two"), RK_OK);
  store_rollback(store);
  must_list(store, NULL, "a-001 ");
}

static void the_open_cases_with_pictures_are_named(void **state) {
  Store *store = *state;
  g_autoptr(StoreCase) one = a_kept_case(store, "case-1"), two = a_kept_case(store, "case-2");
  g_autoptr(StoreCase) none = a_kept_case(store, "case-3"), shut = a_case("case-4", "R8");
  g_autoptr(StoreJournal) entry = an_entry(shut, "case-4");
  StoreCommit commit = {.subject = shut, .entry = entry, .result = ""};
  g_autoptr(GPtrArray) all = NULL, rest = NULL;
  shut->closed = TRUE;
  assert_int_equal(store_begin(store, NULL), RK_OK);
  assert_int_equal(store_commit(store, &commit, NULL), RK_OK);
  keep(store, "r1", "a-001", two->id, "PNG");
  keep(store, "r2", "a-002", one->id, "PNG");
  keep(store, "r3", "a-003", one->id, "PNG");
  keep(store, "r4", "a-004", shut->id, "PNG");
  keep(store, "r5", "a-005", NULL, "PNG");
  assert_int_equal(store_load_pictured(store, NULL, 9, &all, NULL), RK_OK);
  assert_int_equal(all->len, 2);
  assert_false(none->closed);
  assert_string_equal(all->pdata[0], "case-1");
  assert_string_equal(all->pdata[1], "case-2");
  assert_int_equal(store_load_pictured(store, "case-1", 1, &rest, NULL), RK_OK);
  assert_int_equal(rest->len, 1);
  assert_string_equal(rest->pdata[0], "case-2");
}

static void the_pictures_of_a_disposed_case_go(void **state) {
  Store *store = *state;
  StoreVerify found;
  g_autoptr(StoreCase) subject = a_kept_case(store, "c1");
  store_case_free(a_kept_case(store, "c2"));
  keep(store, "r1", "a-001", "c1", "one");
  keep(store, "r2", "a-002", "c2", "two");
  keep(store, "r3", "a-003", NULL, "three");
  g_autoptr(GPtrArray) nothing = g_ptr_array_new();
  subject->revision++;
  store_case_dispose(subject);
  g_autoptr(StoreJournal) entry = an_entry(subject, "dispose");
  g_free(entry->kind);
  entry->kind = g_strdup("disposed");
  StoreCommit commit = {.subject = subject, .entry = entry,     .timers = nothing,
                        .search = nothing,  .disposed = nothing, .result = ""};
  assert_int_equal(store_begin(store, NULL), RK_OK);
  assert_int_equal(store_commit(store, &commit, NULL), RK_OK);
  must_list(store, "c1", "");
  must_list(store, "c2", "a-002 ");
  must_list(store, NULL, "a-003 ");
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(store_verify(store, &found, diags), RK_OK);
  assert_int_equal(rk_diags_count(diags), 0);
}

/* Only in a file can somebody change it behind our back. */
static void a_changed_picture_is_found(void **state) {
  Store *store = *state;
  StoreVerify found;
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(StorePicture) read = NULL;
  sqlite3 *db = NULL;
  keep(store, "r1", "a-001", NULL, "one");
  assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
  assert_int_not_equal(sqlite3_exec(db, "UPDATE picture SET bytes = x'00'", NULL, NULL, NULL), SQLITE_OK);
  assert_int_equal(sqlite3_exec(db, "DROP TRIGGER picture_no_update; UPDATE picture SET bytes = x'00'",
                                NULL, NULL, NULL), SQLITE_OK);
  sqlite3_close(db);
  assert_int_equal(store_load_picture(store, "a-001", &read, NULL), RK_STORE);
  store_verify(store, &found, diags);
  assert_true(rk_diags_count(diags) > 0);
  assert_string_equal(rk_diags_get(diags, 0)->code, "DB021");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      BOTH(a_picture_is_given_back_as_it_came),
      BOTH(a_picture_goes_from_the_tray_to_its_case),
      BOTH(a_rejected_picture_is_gone),
      BOTH(what_is_rolled_back_was_never_there),
      BOTH(the_open_cases_with_pictures_are_named),
      BOTH(the_pictures_of_a_disposed_case_go),
      cmocka_unit_test_setup_teardown(a_changed_picture_is_found, set_up_sqlite, tear_down),
  };
  return cmocka_run_group_tests_name("store-picture", tests, NULL, NULL);
}
