/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cases are found by their lists as they would be by looking at each: a few thousand random questions to
 * both stores, over cases that change, against a reference that knows no lists.
 */
#include "store-support.h"

#include "base/text.h"
#include "store/memory_int.h"
#include "store/sqlite_int.h"

#define CASES 240
#define QUESTIONS 3000

typedef struct {
  char *path;
  Store *sqlite, *memory;
  GPtrArray *cases; /* Known, in the order of numbers */
} World;

/* What the reference knows of a case. */
typedef struct {
  StoreCase *record;
  GPtrArray *keys;
  gint64 due; /* 0: no timer */
} Known;

static void known_free(gpointer data) {
  Known *known = data;
  store_case_free(known->record);
  g_ptr_array_unref(known->keys);
  g_free(known);
}

/* The same numbers on every machine. */
static guint below(guint64 *dice, guint limit) {
  *dice = *dice * G_GUINT64_CONSTANT(6364136223846793005) + G_GUINT64_CONSTANT(1442695040888963407);
  return (guint)((*dice >> 33) % limit);
}

/* ------------------------------------------------------------------- random texts */

/* Kana of both kinds and half width, kanji, one with a variation selector, some beyond the first
 * plane, marks that combine, Latin in both widths, digits, blanks and hyphens. */
static const char *const letters[] = {
    "山", "田", "太", "郎", "鈴", "木", "花", "子", "一", "ア", "あ", "ｱ", "ガ", "が", "ｶﾞ", "か\u3099",
    "ん", "ン", "ー", "葛\U000E0100", "葛", "𠮷", "𠀋", "𩸽", "A", "a", "Ａ", "ß", "1", "１", " ", "　",
    "-", "‐", "ヷ", "㍿", "ﬀ", "齋", "齊", "々"};

static char *random_text(guint64 *dice, guint most) {
  GString *text = g_string_new(NULL);
  for (guint i = 1 + below(dice, most); i; i--)
    g_string_append(text, letters[below(dice, G_N_ELEMENTS(letters))]);
  return g_string_free(text, FALSE);
}

static GPtrArray *random_keys(guint64 *dice) {
  GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);
  for (guint i = below(dice, 4); i; i--) {
    g_autofree char *text = random_text(dice, 8);
    g_ptr_array_add(keys, text_search_key(text));
  }
  return keys;
}

/* ------------------------------------------------------------------ random changes */

static void commit_to(Store *store, StoreCase *subject, const Known *known, const char *request) {
  g_autoptr(StoreJournal) entry = an_entry(subject, request);
  g_autoptr(GPtrArray) timers = g_ptr_array_new();
  StoreTimer timer = {subject->id, T("s"), T("late"), known->due, NULL};
  if (known->due)
    g_ptr_array_add(timers, &timer);
  StoreCommit commit = {.subject = subject, .entry = entry, .search = known->keys, .timers = timers};
  assert_int_equal(store_begin(store, NULL), RK_OK);
  assert_int_equal(store_commit(store, &commit, NULL), RK_OK);
}

static void set(char **slot, const char *text) {
  g_free(*slot);
  *slot = g_strdup(text);
}

static void alter(Known *known, guint64 *dice) {
  static const char *const states[] = {"draft", "check", "draft check", "done", "issue"};
  static const char *const roles[] = {" ", " clinic ", " vendor clinic ", " association ", " vendor "};
  StoreCase *record = known->record;
  set(&record->states, states[below(dice, G_N_ELEMENTS(states))]);
  set(&record->waits_for, roles[below(dice, G_N_ELEMENTS(roles))]);
  record->closed = below(dice, 3) == 0;
  record->overdue = below(dice, 5) == 0;
  known->due = below(dice, 2) ? 1 + below(dice, 100) : 0;
  g_ptr_array_unref(known->keys);
  known->keys = random_keys(dice);
}

static void commit_both(World *world, Known *known, const char *request) {
  StoreCase *record = known->record;
  g_autofree char *number = g_strdup(record->number);
  commit_to(world->sqlite, record, known, request);
  g_free(record->number);
  record->number = g_strdup(number);
  commit_to(world->memory, record, known, request);
}

static void open_case(World *world, guint index, guint64 *dice) {
  g_autofree char *id = g_strdup_printf("c%03u", index), *request = g_strdup_printf("o%u", index);
  Known *known = g_new0(Known, 1);
  known->record = a_case(id, below(dice, 3) ? "R8" : "R10");
  known->keys = g_ptr_array_new();
  set(&known->record->procedure, below(dice, 2) ? "p-1" : "p-2");
  set(&known->record->municipality, below(dice, 4) ? "m" : "n");
  alter(known, dice);
  commit_both(world, known, request);
  g_ptr_array_add(world->cases, known);
}

static void change_case(World *world, guint64 *dice, guint round) {
  Known *known = world->cases->pdata[below(dice, world->cases->len)];
  g_autofree char *request = g_strdup_printf("q%u", round);
  alter(known, dice);
  known->record->revision++;
  commit_both(world, known, request);
}

/* R8-0012 as one number. */
static gint64 place_of(const char *number) {
  return g_ascii_strtoll(number + 1, NULL, 10) * 1000000 + g_ascii_strtoll(strchr(number, '-') + 1, NULL, 10);
}

static int by_number(gconstpointer a, gconstpointer b) {
  gint64 left = place_of((*(Known *const *)a)->record->number);
  gint64 right = place_of((*(Known *const *)b)->record->number);
  return left < right ? -1 : left > right;
}

/* ----------------------------------------------------------------------- reference */

static gboolean has_word(const char *list, const char *word) {
  g_auto(GStrv) words = g_strsplit(list, " ", -1);
  return g_strv_contains((const char *const *)words, word);
}

static gboolean has_key(const Known *known, const char *text) {
  for (guint i = 0; i < known->keys->len; i++)
    if (strstr(known->keys->pdata[i], text))
      return TRUE;
  return FALSE;
}

static gboolean meant(const Known *known, const StoreCaseFilter *f) {
  const StoreCase *r = known->record;
  return (f->with_closed || !r->closed) && (!f->procedure || g_str_equal(r->procedure, f->procedure)) &&
         (!f->municipality || g_str_equal(r->municipality, f->municipality)) &&
         (!f->state || has_word(r->states, f->state)) &&
         (!f->waits_for || has_word(r->waits_for, f->waits_for)) &&
         (!f->search || has_key(known, f->search)) &&
         (!f->due_before || r->overdue || (known->due && known->due <= f->due_before)) &&
         (!f->after || place_of(r->number) > place_of(f->after));
}

static char *expected(const World *world, const StoreCaseFilter *filter) {
  GString *numbers = g_string_new(NULL);
  guint limit = filter->limit ? filter->limit : 50;
  for (guint i = 0; i < world->cases->len && limit; i++)
    if (meant(world->cases->pdata[i], filter)) {
      g_string_append_printf(numbers, "%s ", ((Known *)world->cases->pdata[i])->record->number);
      limit--;
    }
  return g_string_free(numbers, FALSE);
}

static char *found(Store *store, const StoreCaseFilter *filter) {
  GString *numbers = g_string_new(NULL);
  g_autoptr(GPtrArray) cases = NULL;
  assert_int_equal(store_query_cases(store, filter, &cases, NULL), RK_OK);
  for (guint i = 0; i < cases->len; i++)
    g_string_append_printf(numbers, "%s ", ((StoreCase *)cases->pdata[i])->number);
  return g_string_free(numbers, FALSE);
}

/* --------------------------------------------------------------- random questions */

/* Mostly a piece of a key that there is. */
static char *random_search(const World *world, guint64 *dice) {
  const Known *known = world->cases->pdata[below(dice, world->cases->len)];
  if (!known->keys->len || below(dice, 4) == 0) {
    g_autofree char *text = random_text(dice, 3);
    return text_search_key(text);
  }
  const char *key = known->keys->pdata[below(dice, known->keys->len)];
  guint length = (guint)g_utf8_strlen(key, -1);
  guint from = below(dice, length + 1), count = below(dice, length - from + 1);
  return g_utf8_substring(key, from, from + MIN(count, 1 + below(dice, 5)));
}

static void ask_one(const World *world, guint64 *dice, guint *answered) {
  static const char *const states[] = {"draft", "check", "done", "issue", "dra"};
  static const char *const roles[] = {"clinic", "vendor", "association", "vend"};
  g_autofree char *search = below(dice, 3) ? random_search(world, dice) : NULL;
  const Known *after = world->cases->pdata[below(dice, world->cases->len)];
  StoreCaseFilter filter = {.search = search, .with_closed = below(dice, 2) == 0};
  filter.procedure = below(dice, 4) ? NULL : "p-1";
  filter.municipality = below(dice, 8) ? NULL : "n";
  filter.state = below(dice, 4) ? NULL : states[below(dice, G_N_ELEMENTS(states))];
  filter.waits_for = below(dice, 4) ? NULL : roles[below(dice, G_N_ELEMENTS(roles))];
  filter.due_before = below(dice, 4) ? 0 : 1 + below(dice, 100);
  filter.after = below(dice, 4) ? NULL : after->record->number;
  filter.limit = below(dice, 3) ? 0 : 1 + below(dice, 20);
  g_autofree char *wanted = expected(world, &filter);
  g_autofree char *sqlite = found(world->sqlite, &filter), *memory = found(world->memory, &filter);
  assert_string_equal(sqlite, wanted);
  assert_string_equal(memory, wanted);
  *answered += *wanted != '\0';
}

static int set_up(void **state) {
  World *world = g_new0(World, 1);
  world->path = fresh_path();
  world->cases = g_ptr_array_new_with_free_func(known_free);
  world->memory = store_new_memory("office");
  *state = world;
  return store_create(&world->sqlite, world->path, "office", NULL, NULL) == RK_OK ? 0 : -1;
}

static int tear_down(void **state) {
  World *world = *state;
  store_close(world->sqlite);
  store_close(world->memory);
  remove_folder(world->path);
  g_ptr_array_unref(world->cases);
  g_free(world->path);
  g_free(world);
  return 0;
}

static void every_question_is_answered_as_by_looking_at_each(void **state) {
  World *world = *state;
  guint64 dice = 20261121;
  guint answered = 0;
  for (guint i = 0; i < CASES; i++)
    open_case(world, i, &dice);
  g_ptr_array_sort(world->cases, by_number);
  for (guint i = 0; i < QUESTIONS; i++) {
    if (i % 10 == 0)
      change_case(world, &dice, i);
    ask_one(world, &dice, &answered);
  }
  assert_in_range(answered, QUESTIONS / 4, QUESTIONS - QUESTIONS / 8);
  StoreVerify verify;
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(store_verify(world->sqlite, &verify, diags), RK_OK);
  assert_int_equal(rk_diags_count(diags), 0);
}

/* The next case of the year gets this number, and one more. */
static void count_from(World *world, gint64 next) {
  SqliteStore *sqlite = (SqliteStore *)world->sqlite;
  g_autofree char *sql =
      g_strdup_printf("INSERT INTO counter (office, fiscal_year, last) VALUES ('office', 'R8', %d) "
                      "ON CONFLICT (office, fiscal_year) DO UPDATE SET last = excluded.last",
                      (int)next - 1);
  assert_int_equal(sqlite3_exec(sqlite->db, sql, NULL, NULL, NULL), SQLITE_OK);
  g_hash_table_replace(((MemoryStore *)world->memory)->counts, g_strdup("R8"),
                       GINT_TO_POINTER((int)next - 1));
}

/* Some of each length, and some that others are the beginning of. */
static void more_than_9999_cases_a_year_keep_their_order(void **state) {
  static const gint64 beginnings[] = {998, 9995, 10089, 99980, 100080};
  World *world = *state;
  guint64 dice = 10000;
  guint answered = 0;
  for (guint i = 0; i < 200; i++) {
    if (i % 40 == 0)
      count_from(world, beginnings[i / 40]);
    open_case(world, i, &dice);
  }
  g_ptr_array_sort(world->cases, by_number);
  for (guint i = 0; i < 600; i++)
    ask_one(world, &dice, &answered);
  assert_in_range(answered, 100, 600);
  const StoreCaseFilter filter = {.with_closed = TRUE, .after = "R8-9998", .limit = 4};
  g_autofree char *page = found(world->sqlite, &filter);
  assert_string_equal(page, "R8-9999 R8-10000 R8-10001 R8-10002 ");
}

/* More than are collected: they are asked one by one. */
static void many_that_are_due_are_found_too(void **state) {
  World *world = *state;
  assert_int_equal(store_begin(world->sqlite, NULL), RK_OK);
  for (guint i = 0; i < 6000; i++) {
    g_autofree char *id = g_strdup_printf("c%u", i);
    g_autoptr(StoreCase) subject = a_case(id, "R8");
    g_autoptr(StoreJournal) entry = an_entry(subject, id);
    StoreTimer timer = {id, T("s"), T("late"), i % 2 ? 100 : 5000, NULL};
    g_autoptr(GPtrArray) timers = g_ptr_array_new();
    g_ptr_array_add(timers, &timer);
    StoreCommit commit = {.subject = subject, .entry = entry, .timers = timers};
    assert_int_equal(store_write(world->sqlite, &commit, NULL), RK_OK);
  }
  assert_int_equal(store_end(world->sqlite, NULL), RK_OK);
  g_autofree char *few = found(world->sqlite, &(StoreCaseFilter){.due_before = 100, .limit = 3});
  assert_string_equal(few, "R8-0002 R8-0004 R8-0006 ");
  g_autofree char *many = found(world->sqlite, &(StoreCaseFilter){.due_before = 5000, .limit = 3});
  assert_string_equal(many, "R8-0001 R8-0002 R8-0003 ");
}

/* Nothing by which a person could be found stays when the keys go. */
static void keys_that_go_take_their_grams_along(void **state) {
  World *world = *state;
  guint64 dice = 7;
  open_case(world, 0, &dice);
  Known *known = world->cases->pdata[0];
  for (guint i = 0; i < 2; i++) {
    g_autofree char *request = g_strdup_printf("k%u", i);
    g_ptr_array_unref(known->keys);
    known->keys = g_ptr_array_new_with_free_func(g_free);
    if (i == 0)
      g_ptr_array_add(known->keys, g_strdup("山田太郎"));
    known->record->revision++;
    commit_both(world, known, request);
    sqlite3_stmt *s = NULL;
    sqlite3 *db = ((SqliteStore *)(void *)world->sqlite)->db;
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT count(*) FROM search_gram", -1, &s, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(s, 0), i == 0 ? 7 : 0);
    sqlite3_finalize(s);
  }
}

/* One row more, one less, or another: verify says so. */
static void lists_that_do_not_fit_are_seen(void **state) {
  static const char *const harms[] = {
      "DELETE FROM search_gram WHERE gram = '山田'", "DELETE FROM case_mark WHERE mark = 'open'",
      "INSERT INTO search_gram VALUES ('office', '佐藤', 'R8-0001')",
      "UPDATE case_mark SET mark = 's other' WHERE mark = 's draft'",
      "UPDATE search_gram SET number = 'R8-0002' WHERE gram = '田'"};
  World *world = *state;
  sqlite3 *db = ((SqliteStore *)(void *)world->sqlite)->db;
  g_autoptr(StoreCase) subject = a_case("c1", "R8");
  Known known = {subject, g_ptr_array_new(), 0};
  g_ptr_array_add(known.keys, T("山田"));
  commit_to(world->sqlite, subject, &known, "q1");
  g_ptr_array_unref(known.keys);
  for (guint i = 0; i < G_N_ELEMENTS(harms); i++) {
    StoreVerify verify;
    g_autoptr(RkDiags) diags = rk_diags_new(), none = rk_diags_new();
    assert_int_equal(sqlite3_exec(db, "SAVEPOINT before", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, harms[i], NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(store_verify(world->sqlite, &verify, diags), RK_OK);
    assert_true(rk_diags_has_errors(diags));
    assert_int_equal(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(store_verify(world->sqlite, &verify, none), RK_OK);
    assert_int_equal(rk_diags_count(none), 0);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(every_question_is_answered_as_by_looking_at_each, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(more_than_9999_cases_a_year_keep_their_order, set_up, tear_down),
      cmocka_unit_test_setup_teardown(many_that_are_due_are_found_too, set_up, tear_down),
      cmocka_unit_test_setup_teardown(keys_that_go_take_their_grams_along, set_up, tear_down),
      cmocka_unit_test_setup_teardown(lists_that_do_not_fit_are_seen, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
