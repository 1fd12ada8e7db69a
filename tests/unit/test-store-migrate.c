/* SPDX-License-Identifier: Apache-2.0 */
/* From the schema of every earlier version to the present one, with what was in it. */
#include "store-old.h"

#define PRESENT_VERSION SCHEMA_VERSION

typedef struct {
  char *path, *old;
} Bench;

static int set_up(void **state) {
  Bench *bench = g_new0(Bench, 1);
  bench->path = fresh_path();
  bench->old = g_strconcat(bench->path, "-old", NULL);
  *state = bench;
  return 0;
}

static int tear_down(void **state) {
  Bench *bench = *state;
  remove_folder(bench->path);
  g_free(bench->path);
  g_free(bench->old);
  g_free(bench);
  return 0;
}

/* ----------------------------------------------------------------------- contents */

static GPtrArray *one(gpointer record) {
  GPtrArray *list = g_ptr_array_new();
  g_ptr_array_add(list, record);
  return list;
}

/* A case with one of everything. */
static void put_case(Store *store, int number) {
  static const char *const names[] = {"山田太郎", "鈴木花子", "田中一郎"};
  g_autofree char *id = g_strdup_printf("c%d", number), *paper_id = g_strdup_printf("p%d", number);
  g_autofree char *exemplar_id = g_strdup_printf("e%d", number);
  g_autofree char *sent_id = g_strdup_printf("t%d", number);
  g_autoptr(StoreCase) subject = a_case(id, "R8");
  g_autoptr(StoreJournal) entry = an_entry(subject, id);
  g_autoptr(GBytes) data = bytes_of("<v/>");
  StorePaper paper = {paper_id, id, T("f-1"), T(""), T("clinic"), T("draft"), 1, data, NULL};
  StoreExemplar exemplar = {exemplar_id, paper_id, T("original"), T("clinic"), NULL, 7, TRUE};
  StoreTransmission sent = {sent_id, id,       paper_id,    exemplar_id, T("clinic"), T("vendor"),
                            T("fax"), T("out"), T("queued"), NULL,        1,           2};
  StoreTimer timer = {id, T("s"), T("late"), 100 * number, NULL};
  StoreRegister institution = {T("institution"), id, T("applied"), T("{}"), id, 5, 0};
  g_autoptr(GPtrArray) papers = one(&paper), exemplars = one(&exemplar), timers = one(&timer);
  g_autoptr(GPtrArray) transmissions = one(&sent), registers = one(&institution);
  g_autoptr(GPtrArray) search = one(T(names[number % 3])), blobs = one(data);
  subject->closed = number % 2;
  subject->overdue = number % 3 == 0;
  StoreCommit commit = {.subject = subject,   .entry = entry,   .papers = papers,
                        .exemplars = exemplars, .transmissions = transmissions,
                        .timers = timers,     .registers = registers, .search = search,
                        .blobs = blobs,       .result = "done"};
  assert_int_equal(store_begin(store, NULL), RK_OK);
  assert_int_equal(store_commit(store, &commit, NULL), RK_OK);
}

static void make_present(const char *path) {
  Store *store = NULL;
  assert_int_equal(store_create(&store, path, "office", NULL, NULL), RK_OK);
  for (int i = 0; i < 10; i++)
    put_case(store, i);
  StoreAccess access = {1, T("hanako"), T("show"), NULL, NULL, T("0")};
  assert_int_equal(store_log_access(store, &access, NULL), RK_OK);
  store_close(store);
}

/* All there is: every table with its rows, in order of the key. */
static char *contents(const char *path) {
  sqlite3 *db = NULL;
  GString *text = g_string_new(NULL);
  assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
  g_autoptr(GPtrArray) tables =
      old_texts(db, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
  for (guint i = 0; i < tables->len; i++) {
    const char *table = tables->pdata[i];
    g_autofree char *names = g_strdup_printf(
        "SELECT group_concat('quote(' || name || ')', '||''|''||') FROM (SELECT name FROM "
        "pragma_table_info('%s') ORDER BY name)", table);
    g_autoptr(GPtrArray) columns = old_texts(db, names);
    g_autofree char *sql =
        g_strdup_printf("SELECT %s FROM %s ORDER BY 1", (char *)columns->pdata[0], table);
    g_autoptr(GPtrArray) rows = old_texts(db, sql);
    g_string_append_printf(text, "%s\n", table);
    for (guint k = 0; k < rows->len; k++)
      g_string_append_printf(text, "  %s\n", (char *)rows->pdata[k]);
  }
  sqlite3_close(db);
  return g_string_free(text, FALSE);
}

/* Columns, keys, indexes, foreign keys and triggers, however they were written. */
static char *shape(const char *path) {
  static const char *const questions[] = {
      "SELECT t.name || '.' || c.name || ' ' || c.type || ' ' || c.\"notnull\" || ' ' || c.pk FROM "
      "pragma_table_list t JOIN pragma_table_xinfo(t.name) c WHERE t.schema = 'main' ORDER BY 1",
      "SELECT name || ' ' || wr || ' ' || strict FROM pragma_table_list WHERE schema = 'main' "
      "ORDER BY 1",
      "SELECT m.name || ' ' || i.origin || ' ' || i.partial || ' ' || i.\"unique\" || ' ' || "
      "(SELECT group_concat(name || ' ' || \"desc\") FROM pragma_index_xinfo(i.name)) FROM "
      "sqlite_schema m JOIN pragma_index_list(m.name) i WHERE m.type = 'table' ORDER BY 1",
      "SELECT m.name || ' ' || f.\"table\" || ' ' || f.\"from\" FROM sqlite_schema m JOIN "
      "pragma_foreign_key_list(m.name) f WHERE m.type = 'table' ORDER BY 1",
      "SELECT sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name"};
  sqlite3 *db = NULL;
  GString *text = g_string_new(NULL);
  assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
  for (guint i = 0; i < G_N_ELEMENTS(questions); i++) {
    g_autoptr(GPtrArray) rows = old_texts(db, questions[i]);
    assert_true(rows->len > 0);
    for (guint k = 0; k < rows->len; k++)
      g_string_append_printf(text, "%s\n", (char *)rows->pdata[k]);
  }
  sqlite3_close(db);
  return g_string_free(text, FALSE);
}

/* ------------------------------------------------------------------------- tests */

static void every_earlier_version_becomes_the_present_one(void **state) {
  const Bench *bench = *state;
  make_present(bench->path);
  g_autofree char *rows = contents(bench->path), *form = shape(bench->path);
  for (int version = 1; version < PRESENT_VERSION; version++) {
    StoreVerify found;
    g_autoptr(Store) store = NULL;
    g_autoptr(RkDiags) diags = rk_diags_new();
    g_unlink(bench->old);
    old_make(bench->old, bench->path, version);
    assert_int_equal(store_open(&store, bench->old, NULL, diags), RK_STORE);
    assert_string_equal(rk_diags_get(diags, 0)->code, "DB006");
    assert_int_equal(store_migrate(bench->old, NULL), RK_OK);
    g_autofree char *rows_now = contents(bench->old), *form_now = shape(bench->old);
    assert_string_equal(form_now, form);
    assert_string_equal(rows_now, rows);
    assert_int_equal(store_open(&store, bench->old, NULL, NULL), RK_OK);
    assert_int_equal(store_verify(store, &found, NULL), RK_OK);
    assert_int_equal(found.journal_entries, 10);
    assert_int_equal(found.bad_journal, 0);
    store_close(g_steal_pointer(&store));
  }
}

static void migrating_twice_changes_nothing(void **state) {
  const Bench *bench = *state;
  make_present(bench->path);
  old_make(bench->old, bench->path, 1);
  assert_int_equal(store_migrate(bench->old, NULL), RK_OK);
  g_autofree char *once = contents(bench->old);
  assert_int_equal(store_migrate(bench->old, NULL), RK_OK);
  g_autofree char *twice = contents(bench->old);
  assert_string_equal(once, twice);
}

/* What stands in the way of a step is met before anything is kept. */
static void a_migration_that_fails_leaves_the_earlier_version(void **state) {
  const Bench *bench = *state;
  sqlite3 *db = NULL;
  make_present(bench->path);
  old_make(bench->old, bench->path, 1);
  assert_int_equal(sqlite3_open(bench->old, &db), SQLITE_OK);
  old_run(db, "CREATE TABLE search_gram (x)");
  sqlite3_close(db);
  g_autofree char *before = contents(bench->old);
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(store_migrate(bench->old, diags), RK_STORE);
  assert_int_equal(rk_diags_count(diags), 1);
  g_autofree char *after = contents(bench->old);
  assert_string_equal(before, after);
  assert_int_equal(sqlite3_open(bench->old, &db), SQLITE_OK);
  g_autoptr(GPtrArray) version = old_texts(db, "PRAGMA user_version");
  assert_string_equal(version->pdata[0], "1");
  sqlite3_close(db);
}

static void a_file_of_another_program_is_not_migrated(void **state) {
  const Bench *bench = *state;
  sqlite3 *db = NULL;
  assert_int_equal(sqlite3_open(bench->old, &db), SQLITE_OK);
  old_run(db, "PRAGMA user_version=1; PRAGMA journal_mode=WAL; CREATE TABLE case_record (x)");
  sqlite3_close(db);
  g_autofree char *before = contents(bench->old);
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(store_migrate(bench->old, diags), RK_STORE);
  assert_string_equal(rk_diags_get(diags, 0)->code, "DB004");
  g_autofree char *after = contents(bench->old);
  assert_string_equal(before, after);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(every_earlier_version_becomes_the_present_one, set_up, tear_down),
      cmocka_unit_test_setup_teardown(migrating_twice_changes_nothing, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_migration_that_fails_leaves_the_earlier_version, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(a_file_of_another_program_is_not_migrated, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
