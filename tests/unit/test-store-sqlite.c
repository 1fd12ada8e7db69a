/* SPDX-License-Identifier: Apache-2.0 */
/* What only the SQLite store promises: settings, refusals, permissions, tampering seen. */
#include "store-support.h"

#include "store/sqlite_int.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
  char *path;
} Bench;

static int set_up(void **state) {
  Bench *bench = g_new0(Bench, 1);
  bench->path = fresh_path();
  *state = bench;
  return 0;
}

static int tear_down(void **state) {
  Bench *bench = *state;
  remove_folder(bench->path);
  g_free(bench->path);
  g_free(bench);
  return 0;
}

static const char *path_of(void **state) {
  return ((Bench *)*state)->path;
}

static Store *make(const char *path) {
  Store *store = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  if (store_create(&store, path, "office", NULL, diags) != RK_OK)
    fail_msg("%s", rk_diags_get(diags, 0)->message);
  return store;
}

/* A filled database, closed again. */
static void make_filled(const char *path, int cases) {
  g_autoptr(Store) store = make(path);
  for (int i = 0; i < cases; i++) {
    g_autofree char *id = g_strdup_printf("c%d", i);
    g_autoptr(StoreCase) subject = a_case(id, "R8");
    assert_int_equal(commit_case(store, subject, id), RK_OK);
  }
  StoreAccess access = {1, T("hanako"), T("show"), NULL, NULL, T("0")};
  assert_int_equal(store_log_access(store, &access, NULL), RK_OK);
}

static int run_raw(const char *path, const char *sql) {
  sqlite3 *db = NULL;
  assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
  int code = sqlite3_exec(db, sql, NULL, NULL, NULL);
  sqlite3_close(db);
  return code;
}

static void must_refuse(const char *path, const StoreEnvironment *environment, const char *code) {
  Store *store = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(store_open(&store, path, environment, diags), RK_STORE);
  assert_null(store);
  assert_int_not_equal(rk_diags_count(diags), 0);
  assert_string_equal(rk_diags_get(diags, 0)->code, code);
  assert_true(strlen(rk_diags_get(diags, 0)->remedy) > 0);
}

/* --------------------------------------------------------------------- settings */

static gboolean pragma_is(const char *path, const char *sql, const char *wanted) {
  sqlite3 *db = NULL;
  sqlite3_stmt *statement = NULL;
  assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
  assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
  assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
  gboolean same = g_str_equal((const char *)sqlite3_column_text(statement, 0), wanted);
  sqlite3_finalize(statement);
  sqlite3_close(db);
  return same;
}

static void the_file_says_what_it_is(void **state) {
  make_filled(path_of(state), 1);
  assert_true(pragma_is(path_of(state), "PRAGMA journal_mode", "wal"));
  assert_true(pragma_is(path_of(state), "PRAGMA user_version", G_STRINGIFY(SCHEMA_VERSION)));
  g_autofree char *application = g_strdup_printf("%d", APPLICATION_ID);
  assert_true(pragma_is(path_of(state), "PRAGMA application_id", application));
  assert_true(pragma_is(path_of(state), "PRAGMA integrity_check", "ok"));
}

static void only_the_owner_may_read_it(void **state) {
  struct stat info;
  mode_t old = umask(0);
  make_filled(path_of(state), 1);
  umask(old);
  assert_int_equal(stat(path_of(state), &info), 0);
  assert_int_equal(info.st_mode & 0777, 0600);
  g_autofree char *queue = g_strconcat(path_of(state), "-queue", NULL);
  assert_int_equal(stat(queue, &info), 0);
  assert_int_equal(info.st_mode & 0777, 0600);
}

static void journal_and_logs_refuse_changes(void **state) {
  make_filled(path_of(state), 1);
  static const char *const forbidden[] = {
      "UPDATE journal SET operator = 'x'", "DELETE FROM journal", "UPDATE access_log SET action = 'x'",
      "DELETE FROM access_log", "UPDATE journal_body SET body = 'x'", "DELETE FROM journal_body",
      "PRAGMA recursive_triggers=ON; REPLACE INTO journal SELECT * FROM journal"};
  for (guint i = 0; i < G_N_ELEMENTS(forbidden); i++)
    if (run_raw(path_of(state), forbidden[i]) == SQLITE_OK)
      fail_msg("%s was possible", forbidden[i]);
}

/* ---------------------------------------------------------------------- refusals */

static void a_missing_file_is_told_how_to_be_made(void **state) {
  must_refuse(path_of(state), NULL, "DB001");
}

static void an_existing_file_is_not_overwritten(void **state) {
  make_filled(path_of(state), 2);
  Store *store = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(store_create(&store, path_of(state), "other", NULL, diags), RK_CONFLICT);
  assert_string_equal(rk_diags_get(diags, 0)->code, "DB002");
  assert_int_equal(store_open(&store, path_of(state), NULL, NULL), RK_OK);
  assert_string_equal(store_office(store), "office");
  store_close(store);
}

static void other_files_are_not_touched(void **state) {
  assert_true(g_file_set_contents(path_of(state), "just text, long enough to be read", -1, NULL));
  must_refuse(path_of(state), NULL, "DB012");
  g_unlink(path_of(state));
  assert_int_equal(run_raw(path_of(state), "CREATE TABLE t (x)"), SQLITE_OK);
  must_refuse(path_of(state), NULL, "DB004");
}

static void a_newer_schema_is_refused(void **state) {
  make_filled(path_of(state), 1);
  assert_int_equal(run_raw(path_of(state), "PRAGMA user_version=99"), SQLITE_OK);
  must_refuse(path_of(state), NULL, "DB005");
  assert_true(pragma_is(path_of(state), "PRAGMA user_version", "99"));
  assert_int_equal(store_migrate(path_of(state), NULL), RK_STORE);
}

static void migrating_the_present_schema_changes_nothing(void **state) {
  make_filled(path_of(state), 1);
  assert_int_equal(store_migrate(path_of(state), NULL), RK_OK);
  assert_true(pragma_is(path_of(state), "PRAGMA user_version", G_STRINGIFY(SCHEMA_VERSION)));
}

static gboolean always_network(const char *path, gpointer user) {
  (void)path, (void)user;
  return TRUE;
}

static void a_network_share_is_refused(void **state) {
  StoreEnvironment environment = {always_network, NULL};
  make_filled(path_of(state), 1);
  must_refuse(path_of(state), &environment, "DB007");
  g_unlink(path_of(state));
  Store *store = NULL;
  assert_int_equal(store_create(&store, path_of(state), "office", &environment, NULL), RK_STORE);
  assert_false(g_file_test(path_of(state), G_FILE_TEST_EXISTS));
}

static void a_folder_open_to_others_is_refused(void **state) {
  g_autofree char *folder = g_path_get_dirname(path_of(state));
  make_filled(path_of(state), 1);
  g_chmod(folder, 0777);
  must_refuse(path_of(state), NULL, "DB014");
  g_chmod(folder, 0700);
}

static void a_link_is_not_followed(void **state) {
  g_autofree char *link = g_strconcat(path_of(state), "-link", NULL);
  make_filled(path_of(state), 1);
  assert_int_equal(symlink(path_of(state), link), 0);
  must_refuse(link, NULL, "DB003");
}

/* Run by an unprivileged child: a file it may not write. */
static int open_as_nobody(const char *path) {
  Store *store = NULL;
  if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
    return 2;
  if (geteuid() == 0)
    return 3;
  return store_open(&store, path, NULL, NULL) == RK_STORE ? 0 : 4;
}

static void a_stranger_cannot_open_it(void **state) {
  if (geteuid() != 0)
    skip(); /* the owner himself may; only root can become a stranger */
  int status = 0;
  make_filled(path_of(state), 1);
  g_autofree char *folder = g_path_get_dirname(path_of(state));
  g_chmod(folder, 0711);
  pid_t child = fork();
  if (child == 0)
    _exit(open_as_nobody(path_of(state)));
  waitpid(child, &status, 0);
  assert_true(WIFEXITED(status));
  assert_int_equal(WEXITSTATUS(status), 0);
}

/* ---------------------------------------------------------------------- tampering */

static void tamper_and_verify(const char *path, const char *sql, gint64 journal, gint64 access) {
  g_autofree char *script = g_strdup_printf(
      "DROP TRIGGER journal_no_update; DROP TRIGGER journal_no_delete; DROP TRIGGER body_no_update;"
      "DROP TRIGGER access_no_update; DROP TRIGGER body_no_delete; %s", sql);
  make_filled(path, 3);
  assert_int_equal(run_raw(path, script), SQLITE_OK);
  g_autoptr(Store) store = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  StoreVerify verify;
  assert_int_equal(store_open(&store, path, NULL, NULL), RK_OK);
  assert_int_equal(store_verify(store, &verify, diags), RK_OK);
  assert_int_equal(verify.bad_journal, journal);
  assert_int_equal(verify.bad_access, access);
  assert_true(rk_diags_has_errors(diags));
}

static void a_changed_header_is_seen(void **state) {
  tamper_and_verify(path_of(state), "UPDATE journal SET operator = 'taro' WHERE seq = 2", 2, 0);
}

static void a_changed_body_is_seen(void **state) {
  tamper_and_verify(path_of(state), "UPDATE journal_body SET body = CAST('{}' AS BLOB) WHERE seq = 3",
                    3, 0);
}

static void a_removed_entry_is_seen(void **state) {
  tamper_and_verify(path_of(state), "DELETE FROM journal_body WHERE seq = 1;"
                                    "DELETE FROM journal WHERE seq = 1", 1, 0);
}

static void a_changed_access_is_seen(void **state) {
  tamper_and_verify(path_of(state), "UPDATE access_log SET operator = 'taro'", 0, 1);
}

static void a_missing_body_is_seen(void **state) {
  tamper_and_verify(path_of(state), "DELETE FROM journal_body WHERE seq = 3", 3, 0);
}

static void what_lies_outside_of_a_chain_is_seen(void **state) {
  tamper_and_verify(path_of(state), "UPDATE access_log SET seq = -1", 0, 1);
  g_unlink(path_of(state));
  tamper_and_verify(path_of(state), "UPDATE case_record SET number = 'R8-7' WHERE id = 'c1'", 0, 0);
  g_unlink(path_of(state));
  tamper_and_verify(path_of(state), "DELETE FROM counter", 0, 0);
}

static void a_kept_file_that_is_not_its_hash_is_not_given(void **state) {
  g_autoptr(Store) store = make(path_of(state));
  g_autoptr(StoreJournal) entry = an_entry(NULL, "1");
  g_autoptr(GPtrArray) blobs = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
  g_autoptr(GBytes) found = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  StoreVerify verify;
  g_ptr_array_add(blobs, bytes_of("<form/>"));
  StoreCommit commit = {.entry = entry, .blobs = blobs};
  Hash hash = hash_bytes("<form/>", 7);
  assert_int_equal(store_begin(store, NULL), RK_OK);
  assert_int_equal(store_commit(store, &commit, NULL), RK_OK);
  assert_int_equal(store_load_blob(store, &hash, &found, NULL), RK_OK);
  assert_int_equal(run_raw(path_of(state), "UPDATE blob SET bytes = x'3c662f3e'"), SQLITE_OK);
  g_clear_pointer(&found, g_bytes_unref);
  assert_int_equal(store_load_blob(store, &hash, &found, diags), RK_STORE);
  assert_string_equal(rk_diags_get(diags, 0)->code, "DB012");
  assert_null(found);
  assert_int_equal(store_verify(store, &verify, diags), RK_OK);
  assert_string_equal(rk_diags_get(diags, 1)->code, "DB021");
}

static void a_register_that_is_not_its_history_is_seen(void **state) {
  static const char *const changes[] = {
      "UPDATE register_entry SET state = 'active'",
      "UPDATE register_entry SET fields = '{\"a\":1}'",
      "UPDATE register_entry SET since = 6",
      "UPDATE register_entry SET case_id = 'c'",
      "UPDATE register_entry SET seq = 2",
      "DELETE FROM register_entry",
      "INSERT INTO register_entry SELECT office, name, 'other', state, fields, case_id, since, seq FROM register_entry",
      "DROP TRIGGER history_no_delete; DELETE FROM register_history WHERE place = 1",
  };
  for (guint i = 0; i < G_N_ELEMENTS(changes); i++) {
    Store *made = make(path_of(state));
    write_register(made, "1", (const char *const[]){"requested", "issued", NULL});
    store_close(made);
    assert_int_equal(run_raw(path_of(state), changes[i]), SQLITE_OK);
    g_autoptr(Store) store = NULL;
    g_autoptr(GPtrArray) stray = NULL;
    gint64 count = 0;
    assert_int_equal(store_open(&store, path_of(state), NULL, NULL), RK_OK);
    assert_int_equal(store_stray_registers(store, &count, &stray, NULL), RK_OK);
    if (!stray->len)
      fail_msg("not seen: %s", changes[i]);
    g_unlink(path_of(state));
  }
}

static void a_row_that_the_schema_forbids_is_not_read(void **state) {
  static const char *const changes[] = {
      "UPDATE case_record SET states = CAST(x'ff' AS TEXT)",
      "UPDATE case_record SET states = 'a' || char(0)",
      ("PRAGMA ignore_check_constraints=1; DROP TRIGGER journal_no_update;"
       "UPDATE journal SET hash = x'00' WHERE seq = 1")};
  for (guint i = 0; i < G_N_ELEMENTS(changes); i++) {
    make_filled(path_of(state), 1);
    assert_int_equal(run_raw(path_of(state), changes[i]), SQLITE_OK);
    g_autoptr(Store) store = NULL;
    g_autoptr(StoreCase) record = NULL;
    g_autoptr(GPtrArray) entries = NULL;
    assert_int_equal(store_open(&store, path_of(state), NULL, NULL), RK_OK);
    assert_int_equal(store_load_case(store, "c0", &record, NULL), i < 2 ? RK_STORE : RK_OK);
    assert_int_equal(store_load_journal(store, NULL, 0, 0, &entries, NULL),
                     i < 2 ? RK_OK : RK_STORE);
    g_unlink(path_of(state));
  }
}

/* The hashes and bodies of the whole journal. */
static char *journal_text(Store *store) {
  g_autoptr(GPtrArray) entries = NULL;
  GString *text = g_string_new(NULL);
  if (store_load_journal(store, NULL, 0, 0, &entries, NULL) != RK_OK)
    return g_string_free(text, FALSE);
  for (guint i = 0; i < entries->len; i++) {
    const StoreJournal *entry = entries->pdata[i];
    g_autofree char *hash = hash_to_hex(&entry->hash);
    gsize length = 0;
    const char *body = entry->body ? g_bytes_get_data(entry->body, &length) : "";
    g_string_append_printf(text, "%s %s %s ", hash, entry->operator_, entry->kind);
    g_string_append_len(text, body, (gssize)length);
  }
  return g_string_free(text, FALSE);
}

/* TRUE if the damage is reported. If it is not, the journal must be as it was. */
static gboolean is_reported(const char *path, const char *journal) {
  g_autoptr(Store) store = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  StoreVerify verify;
  if (store_open(&store, path, NULL, diags) != RK_OK ||
      store_verify(store, &verify, diags) != RK_OK || verify.bad_journal || verify.bad_access) {
    assert_true(rk_diags_has_errors(diags));
    return TRUE;
  }
  if (rk_diags_has_errors(diags))
    return TRUE;
  g_autofree char *found = journal_text(store);
  assert_string_equal(found, journal);
  return FALSE;
}

/* Eight random bytes anywhere in the file. test-fault-damage does the same with a whole office. */
static void damage_is_reported_or_leaves_the_journal_as_it_was(void **state) {
  g_autofree char *good = NULL, *journal = NULL;
  gsize length = 0;
  Store *store = NULL;
  guint reported = 0;
  make_filled(path_of(state), 20);
  assert_true(g_file_get_contents(path_of(state), &good, &length, NULL));
  assert_int_equal(store_open(&store, path_of(state), NULL, NULL), RK_OK);
  journal = journal_text(store);
  store_close(store);
  assert_true(strlen(journal) > 1000);
  g_autoptr(GRand) random = g_rand_new_with_seed(20261121);
  for (int round = 0; round < 150; round++) {
    g_autofree char *bad = g_memdup2(good, length);
    for (int i = 0; i < 8; i++)
      bad[g_rand_int_range(random, 0, (gint32)length)] ^= (char)g_rand_int_range(random, 1, 256);
    assert_true(g_file_set_contents(path_of(state), bad, (gssize)length, NULL));
    reported += is_reported(path_of(state), journal);
  }
  print_message("%u of 150 were reported\n", reported);
  assert_in_range(reported, 75, 149);
}

/* --------------------------------------------------------------------- two at once */

static void two_handles_see_each_other(void **state) {
  g_autoptr(Store) first = make(path_of(state)), second = NULL;
  assert_int_equal(store_open(&second, path_of(state), NULL, NULL), RK_OK);
  g_autoptr(StoreCase) subject = a_case("c1", "R8"), read = NULL;
  assert_int_equal(commit_case(first, subject, "1"), RK_OK);
  assert_int_equal(store_load_case(second, "R8-0001", &read, NULL), RK_OK);
  read->revision++;
  assert_int_equal(commit_case(second, read, "2"), RK_OK);
  subject->revision = 2; /* what the first handle still believes */
  assert_int_equal(commit_case(first, subject, "3"), RK_CONFLICT);
}

static guint n_entries(Store *store) {
  g_autoptr(GPtrArray) entries = NULL;
  assert_int_equal(store_load_journal(store, NULL, 0, 0, &entries, NULL), RK_OK);
  return entries->len;
}

static void what_is_held_stays_as_it_was(void **state) {
  g_autoptr(Store) first = make(path_of(state)), second = NULL;
  assert_int_equal(store_open(&second, path_of(state), NULL, NULL), RK_OK);
  write_register(first, "1", (const char *const[]){"requested", NULL});
  assert_int_equal(store_hold(second, NULL), RK_OK);
  assert_int_equal(n_entries(second), 1);
  write_register(first, "2", (const char *const[]){"issued", NULL});
  assert_int_equal(n_entries(second), 1);
  store_let_go(second);
  assert_int_equal(n_entries(second), 2);
  write_register(second, "3", (const char *const[]){"active", NULL}); /* and it may write again */
  assert_int_equal(n_entries(first), 3);
}

/* That a journal was found good counts as long as it is held, and no longer. */
static void what_was_hashed_once_is_hashed_again_later(void **state) {
  g_autoptr(Store) store = make(path_of(state));
  g_autoptr(GPtrArray) held = NULL, later = NULL;
  StoreVerify verify;
  write_register(store, "1", (const char *const[]){"requested", NULL});
  assert_int_equal(store_hold(store, NULL), RK_OK);
  assert_int_equal(store_verify_chains(store, &verify, NULL), RK_OK);
  assert_int_equal(run_raw(path_of(state), "DROP TRIGGER journal_no_update;"
                                           "UPDATE journal SET operator = 'taro'"), SQLITE_OK);
  assert_int_equal(store_load_journal(store, NULL, 0, 0, &held, NULL), RK_OK);
  assert_string_equal(((StoreJournal *)held->pdata[0])->operator_, "hanako");
  store_let_go(store);
  assert_int_equal(store_load_journal(store, NULL, 0, 0, &later, NULL), RK_STORE);
}

static void a_batch_is_there_when_it_has_ended(void **state) {
  g_autoptr(Store) first = make(path_of(state)), second = NULL;
  assert_int_equal(store_open(&second, path_of(state), NULL, NULL), RK_OK);
  assert_int_equal(store_begin_batch(first, NULL), RK_OK);
  write_register(first, "1", (const char *const[]){"requested", NULL});
  write_register(first, "2", (const char *const[]){"issued", NULL});
  assert_int_equal(n_entries(first), 2);
  assert_int_equal(n_entries(second), 0);
  assert_int_equal(store_end_batch(first, NULL), RK_OK);
  assert_int_equal(n_entries(second), 2);
  write_register(second, "3", (const char *const[]){"active", NULL}); /* the queue is free */
}

static void a_part_that_is_rolled_back_leaves_the_others(void **state) {
  g_autoptr(Store) store = make(path_of(state));
  g_autoptr(StoreCase) subject = a_case("c1", "R8"), behind = a_case("c1", "R8");
  assert_int_equal(store_begin_batch(store, NULL), RK_OK);
  write_register(store, "1", (const char *const[]){"requested", NULL});
  assert_int_equal(commit_case(store, subject, "1"), RK_CONFLICT); /* the request was used */
  assert_int_equal(commit_case(store, subject, "2"), RK_OK);
  assert_int_equal(commit_case(store, behind, "3"), RK_CONFLICT);
  assert_int_equal(store_begin(store, NULL), RK_OK);
  store_rollback(store);
  StoreAccess access = {1, T("hanako"), T("do"), NULL, NULL, T("4")};
  assert_int_equal(store_log_access(store, &access, NULL), RK_OK);
  assert_int_equal(store_end_batch(store, NULL), RK_OK);
  g_autoptr(GPtrArray) accesses = NULL;
  StoreVerify verify;
  assert_int_equal(store_load_access(store, 0, &accesses, NULL), RK_OK);
  assert_int_equal(accesses->len, 1);
  assert_int_equal(n_entries(store), 2);
  assert_int_equal(store_verify(store, &verify, NULL), RK_OK);
  assert_int_equal(verify.bad_journal, 0);
}

static void of_a_dropped_batch_nothing_was(void **state) {
  g_autoptr(Store) store = make(path_of(state));
  write_register(store, "1", (const char *const[]){"requested", NULL});
  guint64 epoch = store_epoch(store);
  assert_int_equal(store_begin_batch(store, NULL), RK_OK);
  write_register(store, "2", (const char *const[]){"issued", NULL});
  store_drop_batch(store);
  assert_int_equal(n_entries(store), 1);
  assert_true(store_epoch(store) != epoch);
  write_register(store, "2", (const char *const[]){"issued", NULL}); /* the request is still free */
  assert_int_equal(n_entries(store), 2);
}

static void a_writer_waits_for_the_other(void **state) {
  g_autoptr(Store) store = make(path_of(state));
  int ready[2], status = 0;
  assert_int_equal(pipe(ready), 0);
  pid_t child = fork();
  if (child == 0) {
    Store *own = NULL;
    g_autoptr(StoreCase) subject = a_case("child", "R8");
    gboolean good = store_open(&own, path_of(state), NULL, NULL) == RK_OK &&
                    store_begin(own, NULL) == RK_OK && write(ready[1], "x", 1) == 1;
    g_usleep(100000);
    g_autoptr(StoreJournal) entry = an_entry(subject, "child");
    StoreCommit commit = {.subject = subject, .entry = entry};
    good = good && store_commit(own, &commit, NULL) == RK_OK;
    store_close(own);
    _exit(good ? 0 : 1);
  }
  char byte;
  assert_int_equal(read(ready[0], &byte, 1), 1);
  g_autoptr(StoreCase) mine = a_case("mine", "R8");
  assert_int_equal(commit_case(store, mine, "mine"), RK_OK);
  assert_string_equal(mine->number, "R8-0002"); /* after the child's, not instead of it */
  waitpid(child, &status, 0);
  assert_int_equal(WEXITSTATUS(status), 0);
  close(ready[0]);
  close(ready[1]);
}

static void a_killed_writer_leaves_the_earlier_state(void **state) {
  make_filled(path_of(state), 2);
  int status = 0;
  pid_t child = fork();
  if (child == 0) {
    Store *own = NULL;
    if (store_open(&own, path_of(state), NULL, NULL) == RK_OK && store_begin(own, NULL) == RK_OK)
      raise(SIGKILL);
    _exit(1);
  }
  waitpid(child, &status, 0);
  assert_true(WIFSIGNALED(status));
  g_autoptr(Store) store = NULL;
  assert_int_equal(store_open(&store, path_of(state), NULL, NULL), RK_OK);
  StoreVerify verify;
  assert_int_equal(store_verify(store, &verify, NULL), RK_OK);
  assert_int_equal(verify.journal_entries, 2);
  g_autoptr(StoreCase) next = a_case("next", "R8");
  assert_int_equal(commit_case(store, next, "next"), RK_OK);
}

/* --------------------------------------------------------------------- the planner */

static const char *const statement_names[SQL_COUNT] = {
#define STATEMENT(name, sql) [SQL_##name] = #name,
#include "store/statements.def"
#undef STATEMENT
};

static void explain(sqlite3 *db, StatementId id) {
  sqlite3_stmt *statement = NULL;
  g_autofree char *sql = g_strconcat("EXPLAIN QUERY PLAN ", sqlite_statement_text(id), NULL);
  const char *name = statement_names[id];
  if (g_str_equal(name, "BEGIN") || g_str_equal(name, "COMMIT") || g_str_equal(name, "ROLLBACK"))
    return;
  assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
  /* What is asked of one case is looked for in that case. */
  gboolean of_case = strstr(sql, "case_id = ?2") || strstr(sql, "t.case_id = r.id");
  while (sqlite3_step(statement) == SQLITE_ROW) {
    const char *detail = (const char *)sqlite3_column_text(statement, 3);
    of_case = of_case && !strstr(detail, "(office=? AND case_id=?");
    /* A part of a list must not need the whole. */
    if (strstr(sql, "LIMIT") && !strstr(sql, "case_id = ?2") &&
        g_str_equal(detail, "USE TEMP B-TREE FOR ORDER BY"))
      fail_msg("%s: sorts everything", name);
    gboolean scans = g_str_has_prefix(detail, "SCAN");
    /* The head of a chain is the last row of the key: one step, though it is called a scan. */
    gboolean head = g_str_has_suffix(name, "_HEAD");
    /* Found by the office alone: all there is. */
    scans = scans || g_str_has_suffix(detail, "(office=?)");
    if (scans && !head && !strstr(name, "FULL"))
      fail_msg("%s: %s", name, detail);
  }
  if (of_case)
    fail_msg("%s: not by its case", name);
  sqlite3_finalize(statement);
}

static void no_statement_scans_a_table_that_grows(void **state) {
  sqlite3 *db = NULL;
  make_filled(path_of(state), 1);
  assert_int_equal(sqlite3_open(path_of(state), &db), SQLITE_OK);
  for (guint id = 0; id < SQL_COUNT; id++)
    explain(db, id);
  sqlite3_close(db);
}

/* ---------------------------------------------------------------- publishing */

static void a_database_gets_its_name_only_if_that_is_free(void **state) {
  g_autofree char *made = g_strconcat(path_of(state), "-new", NULL);
  make_filled(made, 1);
  assert_int_equal(store_publish(made, path_of(state), NULL), RK_OK);
  assert_false(g_file_test(made, G_FILE_TEST_EXISTS));
  g_autoptr(Store) store = NULL;
  g_autoptr(StoreCase) second = NULL;
  assert_int_equal(store_open(&store, path_of(state), NULL, NULL), RK_OK);
  make_filled(made, 2);
  assert_int_equal(store_publish(made, path_of(state), NULL), RK_CONFLICT);
  assert_true(g_file_test(made, G_FILE_TEST_EXISTS));
  assert_int_equal(store_load_case(store, "c1", &second, NULL), RK_NOT_FOUND);
}

static void a_database_whose_log_is_beside_it_gets_no_name(void **state) {
  g_autofree char *made = g_strconcat(path_of(state), "-new", NULL);
  g_autofree char *log = g_strconcat(made, "-wal", NULL);
  make_filled(made, 1);
  assert_true(g_file_set_contents(log, "what could not be written back", -1, NULL));
  assert_int_equal(store_publish(made, path_of(state), NULL), RK_STORE);
  assert_false(g_file_test(path_of(state), G_FILE_TEST_EXISTS));
}

static void of_a_discarded_database_nothing_is_left(void **state) {
  g_autofree char *folder = g_path_get_dirname(path_of(state));
  Store *store = make(path_of(state));
  store_discard(path_of(state));
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  assert_null(g_dir_read_name(dir));
  store_close(store);
}

#define TEST(test) {#test, test, set_up, tear_down, NULL}

/* ---------------------------------------------------------------------- offices */

static void offices_of_one_file_see_nothing_of_each_other(void **state) {
  make_filled(path_of(state), 2);
  g_autoptr(Store) store = NULL, again = NULL;
  g_autoptr(StoreCase) record = NULL, own = a_case("n1", "R8");
  g_autoptr(GPtrArray) cases = NULL, entries = NULL, access = NULL;
  assert_int_equal(store_open(&store, path_of(state), NULL, NULL), RK_OK);
  assert_int_equal(store_enter_office(store, "aaa", NULL), RK_NOT_FOUND);
  assert_int_equal(run_raw(path_of(state), "INSERT INTO office VALUES ('aaa')"), 0);
  assert_int_equal(store_enter_office(store, "aaa", NULL), RK_OK);
  assert_string_equal(store_office(store), "aaa");
  assert_int_equal(commit_case(store, own, "first"), RK_OK);
  assert_string_equal(own->number, "R8-0001");
  assert_int_equal(store_load_case(store, "c0", &record, NULL), RK_NOT_FOUND);
  assert_int_equal(store_load_case(store, "R8-0002", &record, NULL), RK_NOT_FOUND);
  assert_int_equal(store_load_journal(store, NULL, 0, 0, &entries, NULL), RK_OK);
  assert_int_equal(entries->len, 1);
  assert_int_equal(store_load_access(store, 0, &access, NULL), RK_OK);
  assert_int_equal(access->len, 0);
  const StoreCaseFilter all = {.with_closed = TRUE};
  assert_int_equal(store_query_cases(store, &all, &cases, NULL), RK_OK);
  assert_int_equal(cases->len, 1);
  StoreVerify found;
  assert_int_equal(store_verify(store, &found, NULL), RK_OK);
  assert_int_equal(found.journal_entries, 3);
  assert_int_equal(found.bad_journal, 0);
  assert_int_equal(store_open(&again, path_of(state), NULL, NULL), RK_OK);
  assert_string_equal(store_office(again), "office"); /* the first made, not the first by name */
}

static void an_office_is_made_once_and_only_by_a_commit(void **state) {
  g_autoptr(GPtrArray) offices = NULL;
  Store *store = make(path_of(state));
  assert_int_equal(store_begin(store, NULL), RK_OK);
  assert_int_equal(store_add_office(store, "office", NULL), RK_CONFLICT);
  assert_int_equal(store_add_office(store, "north", NULL), RK_OK);
  store_close(store);
  assert_int_equal(store_open(&store, path_of(state), NULL, NULL), RK_OK);
  assert_int_equal(store_load_offices(store, &offices, NULL), RK_OK);
  assert_int_equal(offices->len, 1);
  store_close(store);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(the_file_says_what_it_is),
      TEST(only_the_owner_may_read_it),
      TEST(journal_and_logs_refuse_changes),
      TEST(a_missing_file_is_told_how_to_be_made),
      TEST(an_existing_file_is_not_overwritten),
      TEST(other_files_are_not_touched),
      TEST(a_newer_schema_is_refused),
      TEST(migrating_the_present_schema_changes_nothing),
      TEST(a_network_share_is_refused),
      TEST(a_folder_open_to_others_is_refused),
      TEST(a_link_is_not_followed),
      TEST(a_stranger_cannot_open_it),
      TEST(a_changed_header_is_seen),
      TEST(a_changed_body_is_seen),
      TEST(a_removed_entry_is_seen),
      TEST(a_changed_access_is_seen),
      TEST(a_missing_body_is_seen),
      TEST(what_lies_outside_of_a_chain_is_seen),
      TEST(a_register_that_is_not_its_history_is_seen),
      TEST(a_kept_file_that_is_not_its_hash_is_not_given),
      TEST(a_row_that_the_schema_forbids_is_not_read),
      TEST(damage_is_reported_or_leaves_the_journal_as_it_was),
      TEST(two_handles_see_each_other),
      TEST(what_is_held_stays_as_it_was),
      TEST(a_batch_is_there_when_it_has_ended),
      TEST(a_part_that_is_rolled_back_leaves_the_others),
      TEST(of_a_dropped_batch_nothing_was),
      TEST(what_was_hashed_once_is_hashed_again_later),
      TEST(a_writer_waits_for_the_other),
      TEST(a_killed_writer_leaves_the_earlier_state),
      TEST(no_statement_scans_a_table_that_grows),
      TEST(a_database_gets_its_name_only_if_that_is_free),
      TEST(offices_of_one_file_see_nothing_of_each_other),
      TEST(an_office_is_made_once_and_only_by_a_commit),
      TEST(a_database_whose_log_is_beside_it_gets_no_name),
      TEST(of_a_discarded_database_nothing_is_left),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
