/* SPDX-License-Identifier: Apache-2.0 */
/* One suite for every store: what is committed is what is read, or nothing is. */
#include "store-support.h"

typedef struct {
  gboolean sqlite;
  char *path;
  Store *store;
} Bench;

static int set_up(void **state, gboolean sqlite) {
  Bench *bench = g_new0(Bench, 1);
  bench->sqlite = sqlite;
  if (sqlite) {
    bench->path = fresh_path();
    assert_int_equal(store_create(&bench->store, bench->path, "office", NULL, NULL), RK_OK);
  } else {
    bench->store = store_new_memory("office");
  }
  *state = bench;
  return 0;
}

static int set_up_memory(void **state) {
  return set_up(state, FALSE);
}

static int set_up_sqlite(void **state) {
  return set_up(state, TRUE);
}

static int tear_down(void **state) {
  Bench *bench = *state;
  store_close(bench->store);
  if (bench->path)
    remove_folder(bench->path);
  g_free(bench->path);
  g_free(bench);
  return 0;
}

static Store *store_of(void **state) {
  return ((Bench *)*state)->store;
}

/* ------------------------------------------------------------------- whole commits */

static GPtrArray *one(gpointer record) {
  GPtrArray *list = g_ptr_array_new();
  g_ptr_array_add(list, record);
  return list;
}

static void every_record_comes_back(void **state) {
  Store *store = store_of(state);
  g_autoptr(StoreCase) subject = a_case("c1", "R8");
  g_autoptr(StoreJournal) entry = an_entry(subject, "q1");
  g_autoptr(GBytes) data = bytes_of("<v/>"), life = bytes_of("<l/>"), blob = bytes_of("blob");
  StorePaper paper = {T("p1"), T("c1"), T("f-1"), T(""), T("clinic"), T("complete"), 3, data, life};
  StoreExemplar exemplar = {T("e1"), T("p1"), T("original"), T("clinic"), NULL, 7, TRUE};
  StoreTransmission transmission = {T("t1"), T("c1"), T("p1"), T("e1"), T("clinic"), T("office"), T("fax"), T("out"),
                                    T("queued"), NULL, 8, 9};
  StoreTimer timer = {T("c1"), T("s1"), T("late"), 99, NULL};
  StoreRegister record = {T("institution"), T("例示"), T("applied"), T("{\"a\":\"b\"}"), T("c1"), 15, 0};
  g_autoptr(GPtrArray) papers = one(&paper), exemplars = one(&exemplar), timers = one(&timer);
  g_autoptr(GPtrArray) transmissions = one(&transmission), registers = one(&record);
  g_autoptr(GPtrArray) search = one(T("レイジ")), blobs = one(blob);
  StoreCommit commit = {subject, entry,     papers, exemplars, transmissions,
                        timers,  registers, NULL,   search,    blobs,
                        "answer", FALSE, NULL};
  assert_int_equal(store_begin(store, NULL), RK_OK);
  assert_int_equal(store_commit(store, &commit, NULL), RK_OK);
  assert_string_equal(subject->number, "R8-0001");

  g_autoptr(StoreCase) read = NULL;
  assert_int_equal(store_load_case(store, "R8-0001", &read, NULL), RK_OK);
  assert_string_equal(read->id, "c1");
  assert_string_equal(read->waits_for, " clinic vendor ");
  assert_true(g_bytes_equal(read->snapshot, subject->snapshot));
  g_autoptr(GPtrArray) back = NULL;
  assert_int_equal(store_load_papers(store, "c1", &back, NULL), RK_OK);
  assert_string_equal(((StorePaper *)back->pdata[0])->state, "complete");
  assert_true(g_bytes_equal(((StorePaper *)back->pdata[0])->data, data));
  g_clear_pointer(&back, g_ptr_array_unref);
  assert_int_equal(store_load_exemplars(store, "c1", &back, NULL), RK_OK);
  assert_string_equal(((StoreExemplar *)back->pdata[0])->holder, "clinic");
  assert_true(((StoreExemplar *)back->pdata[0])->judged);
  g_clear_pointer(&back, g_ptr_array_unref);
  assert_int_equal(store_load_transmissions(store, NULL, "out", "queued", &back, NULL), RK_OK);
  assert_string_equal(((StoreTransmission *)back->pdata[0])->to, "office");
  g_clear_pointer(&back, g_ptr_array_unref);
  assert_int_equal(store_load_timers(store, NULL, 99, 0, &back, NULL), RK_OK);
  assert_string_equal(((StoreTimer *)back->pdata[0])->case_number, "R8-0001");
  g_clear_pointer(&back, g_ptr_array_unref);
  assert_int_equal(store_load_register(store, "institution", "例示", &back, NULL), RK_OK);
  assert_string_equal(((StoreRegister *)back->pdata[0])->fields, "{\"a\":\"b\"}");
  assert_int_equal(((StoreRegister *)back->pdata[0])->seq, 1);
  Hash hash = hash_bytes("blob", 4);
  g_autoptr(GBytes) kept = NULL;
  assert_int_equal(store_load_blob(store, &hash, &kept, NULL), RK_OK);
  assert_true(g_bytes_equal(kept, blob));
  g_autofree char *answer = NULL;
  assert_int_equal(store_find_request(store, "q1", &answer, NULL), RK_OK);
  assert_string_equal(answer, "answer");
}

static void a_rollback_leaves_nothing(void **state) {
  Store *store = store_of(state);
  gint64 seq = 0;
  Hash head;
  assert_int_equal(store_begin(store, NULL), RK_OK);
  store_rollback(store);
  StoreCase *read = NULL;
  assert_int_equal(store_load_case(store, "R8-0001", &read, NULL), RK_NOT_FOUND);
  assert_int_equal(store_journal_head(store, &seq, &head, NULL, NULL), RK_OK);
  assert_int_equal(seq, 0);
}

static void a_stale_revision_is_a_conflict_and_changes_nothing(void **state) {
  Store *store = store_of(state);
  g_autoptr(StoreCase) subject = a_case("c1", "R8");
  gint64 seq = 0;
  Hash head;
  assert_int_equal(commit_case(store, subject, "q1"), RK_OK);
  assert_int_equal(commit_case(store, subject, "q2"), RK_CONFLICT);
  subject->revision = 3;
  assert_int_equal(commit_case(store, subject, "q3"), RK_CONFLICT);
  subject->revision = 2;
  assert_int_equal(commit_case(store, subject, "q4"), RK_OK);
  assert_int_equal(store_journal_head(store, &seq, &head, NULL, NULL), RK_OK);
  assert_int_equal(seq, 2);
}

static void a_request_id_serves_once(void **state) {
  Store *store = store_of(state);
  g_autoptr(StoreCase) first = a_case("c1", "R8"), second = a_case("c2", "R8");
  assert_int_equal(commit_case(store, first, "q1"), RK_OK);
  assert_int_equal(commit_case(store, second, "q1"), RK_CONFLICT);
  assert_null(second->number);
  assert_int_equal(commit_case(store, second, "q2"), RK_OK);
  assert_string_equal(second->number, "R8-0002"); /* the failed attempt used up no number */
}

static void numbers_count_within_a_fiscal_year(void **state) {
  Store *store = store_of(state);
  g_autoptr(StoreCase) a = a_case("a", "R8"), b = a_case("b", "R8"), c = a_case("c", "R9");
  assert_int_equal(commit_case(store, a, "1"), RK_OK);
  assert_int_equal(commit_case(store, b, "2"), RK_OK);
  assert_int_equal(commit_case(store, c, "3"), RK_OK);
  assert_string_equal(b->number, "R8-0002");
  assert_string_equal(c->number, "R9-0001");
}

/* ---------------------------------------------------------------------- queries */

static guint count_cases(Store *store, StoreCaseFilter filter) {
  g_autoptr(GPtrArray) cases = NULL;
  assert_int_equal(store_query_cases(store, &filter, &cases, NULL), RK_OK);
  return cases->len;
}

static void put_with_search(Store *store, const char *id, const char *key, gint64 due,
                            gboolean closed) {
  g_autoptr(StoreCase) subject = a_case(id, "R8");
  g_autoptr(StoreJournal) entry = an_entry(subject, id);
  StoreTimer timer = {(char *)id, T("s"), T("late"), due, NULL};
  g_autoptr(GPtrArray) search = one((gpointer)key), timers = one(&timer);
  StoreCommit commit = {.subject = subject, .entry = entry, .search = search, .timers = timers};
  subject->closed = closed;
  assert_int_equal(store_begin(store, NULL), RK_OK);
  assert_int_equal(store_commit(store, &commit, NULL), RK_OK);
}

static void filters_find_what_they_say(void **state) {
  Store *store = store_of(state);
  put_with_search(store, "c1", "山田太郎", 100, FALSE);
  put_with_search(store, "c2", "鈴木花子", 200, FALSE);
  put_with_search(store, "c3", "山田花子", 300, TRUE);
  assert_int_equal(count_cases(store, (StoreCaseFilter){0}), 2);
  assert_int_equal(count_cases(store, (StoreCaseFilter){.with_closed = TRUE}), 3);
  assert_int_equal(count_cases(store, (StoreCaseFilter){.search = "山田"}), 1);
  assert_int_equal(count_cases(store, (StoreCaseFilter){.search = "山田", .with_closed = TRUE}), 2);
  assert_int_equal(count_cases(store, (StoreCaseFilter){.search = "花"}), 1);
  assert_int_equal(count_cases(store, (StoreCaseFilter){.due_before = 100}), 1);
  assert_int_equal(count_cases(store, (StoreCaseFilter){.waits_for = "vendor"}), 2);
  assert_int_equal(count_cases(store, (StoreCaseFilter){.waits_for = "vend"}), 0);
  assert_int_equal(count_cases(store, (StoreCaseFilter){.state = "draft"}), 2);
  assert_int_equal(count_cases(store, (StoreCaseFilter){.state = "dra"}), 0);
  assert_int_equal(count_cases(store, (StoreCaseFilter){.procedure = "p-2"}), 0);
}

static void pages_follow_each_other(void **state) {
  Store *store = store_of(state);
  for (int i = 0; i < 5; i++) {
    g_autofree char *id = g_strdup_printf("c%d", i);
    put_with_search(store, id, "x", 1, FALSE);
  }
  g_autoptr(GPtrArray) first = NULL, second = NULL;
  StoreCaseFilter filter = {.limit = 3};
  assert_int_equal(store_query_cases(store, &filter, &first, NULL), RK_OK);
  assert_int_equal(first->len, 3);
  filter.after = ((StoreCase *)first->pdata[2])->number;
  assert_int_equal(store_query_cases(store, &filter, &second, NULL), RK_OK);
  assert_int_equal(second->len, 2);
  assert_string_equal(((StoreCase *)second->pdata[0])->number, "R8-0004");
}

static void timers_are_replaced_and_come_in_due_order(void **state) {
  Store *store = store_of(state);
  put_with_search(store, "c1", "x", 300, FALSE);
  put_with_search(store, "c2", "x", 100, FALSE);
  g_autoptr(GPtrArray) due = NULL, none = NULL, own = NULL;
  assert_int_equal(store_load_timers(store, NULL, 300, 0, &due, NULL), RK_OK);
  assert_int_equal(due->len, 2);
  assert_int_equal(((StoreTimer *)due->pdata[0])->due, 100);
  assert_int_equal(store_load_timers(store, NULL, 99, 0, &none, NULL), RK_OK);
  assert_int_equal(none->len, 0);
  g_autoptr(StoreCase) subject = NULL;
  assert_int_equal(store_load_case(store, "c1", &subject, NULL), RK_OK);
  subject->revision++;
  assert_int_equal(commit_case(store, subject, "again"), RK_OK);
  assert_int_equal(store_load_timers(store, "c1", G_MAXINT64, 0, &own, NULL), RK_OK);
  assert_int_equal(own->len, 0);
}

/* --------------------------------------------------------- registers and journal */

static void a_register_keeps_its_history(void **state) {
  Store *store = store_of(state);
  write_register(store, "1", (const char *const[]){"requested", "issued", NULL});
  write_register(store, "2", (const char *const[]){"active", NULL});
  g_autoptr(GPtrArray) now = NULL, all = NULL, history = NULL, none = NULL;
  assert_int_equal(store_load_register(store, "user", NULL, &now, NULL), RK_OK);
  assert_int_equal(now->len, 1);
  assert_string_equal(((StoreRegister *)now->pdata[0])->state, "active");
  assert_int_equal(store_load_register(store, NULL, NULL, &all, NULL), RK_OK);
  assert_int_equal(all->len, 1);
  assert_int_equal(store_register_history(store, "user", "k", &history, NULL), RK_OK);
  assert_int_equal(history->len, 3);
  assert_string_equal(((StoreRegister *)history->pdata[1])->state, "issued");
  assert_int_equal(((StoreRegister *)history->pdata[2])->seq, 2);
  assert_int_equal(store_load_register(store, "user", "other", &none, NULL), RK_OK);
  assert_int_equal(none->len, 0);
}

static void must_stray(Store *store, gint64 entries) {
  g_autoptr(GPtrArray) stray = NULL;
  gint64 count = -1;
  assert_int_equal(store_stray_registers(store, &count, &stray, NULL), RK_OK);
  assert_int_equal(stray->len, 0);
  assert_int_equal(count, entries);
}

static void a_history_is_read_by_what_wrote_it(void **state) {
  Store *store = store_of(state);
  g_autoptr(GPtrArray) all = NULL, second = NULL, none = NULL;
  write_register(store, "1", (const char *const[]){"requested", "issued", NULL});
  write_register(store, "2", (const char *const[]){"active", NULL});
  assert_int_equal(store_history_between(store, 1, G_MAXINT64, &all, NULL), RK_OK);
  assert_int_equal(all->len, 3);
  assert_string_equal(((StoreRegister *)all->pdata[0])->state, "requested");
  assert_int_equal(store_history_between(store, 2, 2, &second, NULL), RK_OK);
  assert_int_equal(second->len, 1);
  assert_string_equal(((StoreRegister *)second->pdata[0])->state, "active");
  assert_int_equal(store_history_between(store, 3, G_MAXINT64, &none, NULL), RK_OK);
  assert_int_equal(none->len, 0);
}

static void a_register_is_the_last_of_its_history(void **state) {
  Store *store = store_of(state);
  must_stray(store, 0);
  write_register(store, "1", (const char *const[]){"requested", "issued", NULL});
  must_stray(store, 1);
  write_register(store, "2", (const char *const[]){"", NULL});
  must_stray(store, 0);
}

static void the_journal_is_a_chain_without_gaps(void **state) {
  Store *store = store_of(state);
  g_autoptr(StoreCase) subject = a_case("c1", "R8");
  assert_int_equal(commit_case(store, subject, "1"), RK_OK);
  write_register(store, "2", (const char *const[]){"active", NULL});
  subject->revision = 2;
  assert_int_equal(commit_case(store, subject, "3"), RK_OK);
  g_autoptr(GPtrArray) all = NULL, own = NULL, tail = NULL;
  assert_int_equal(store_load_journal(store, NULL, 0, 0, &all, NULL), RK_OK);
  assert_int_equal(all->len, 3);
  for (guint i = 0; i < 3; i++) {
    const StoreJournal *entry = all->pdata[i];
    assert_int_equal(entry->seq, i + 1);
    if (i)
      assert_memory_equal(&entry->previous, &((StoreJournal *)all->pdata[i - 1])->hash, 32);
  }
  assert_int_equal(store_load_journal(store, "c1", 0, 0, &own, NULL), RK_OK);
  assert_int_equal(own->len, 2);
  assert_string_equal(((StoreJournal *)own->pdata[0])->case_number, "R8-0001");
  assert_int_equal(store_load_journal(store, NULL, 2, 1, &tail, NULL), RK_OK);
  assert_int_equal(tail->len, 1);
  assert_int_equal(((StoreJournal *)tail->pdata[0])->seq, 2);
  StoreVerify verify;
  assert_int_equal(store_verify(store, &verify, NULL), RK_OK);
  assert_int_equal(verify.journal_entries, 3);
  assert_int_equal(verify.bad_journal, 0);
}

static void the_access_log_keeps_its_order(void **state) {
  Store *store = store_of(state);
  for (int i = 0; i < 3; i++) {
    g_autofree char *detail = g_strdup_printf("%d", i);
    StoreAccess access = {i, T("hanako"), T("show"), T("R8-0001"), detail, T("0")};
    assert_int_equal(store_log_access(store, &access, NULL), RK_OK);
  }
  g_autoptr(GPtrArray) log = NULL;
  assert_int_equal(store_load_access(store, 2, &log, NULL), RK_OK);
  assert_int_equal(log->len, 2);
  assert_string_equal(((StoreAccess *)log->pdata[1])->detail, "1");
  StoreAccess other = {4, T("hanako"), T("show"), T("R8-0002"), NULL, T("0")};
  assert_int_equal(store_log_access(store, &other, NULL), RK_OK);
  g_autoptr(GPtrArray) own = NULL, none = NULL;
  assert_int_equal(store_access_of_case(store, "R8-0001", &own, NULL), RK_OK);
  assert_int_equal(own->len, 3);
  assert_string_equal(((StoreAccess *)own->pdata[2])->detail, "2");
  assert_int_equal(store_access_of_case(store, "R8-0003", &none, NULL), RK_OK);
  assert_int_equal(none->len, 0);
  StoreVerify verify;
  assert_int_equal(store_verify(store, &verify, NULL), RK_OK);
  assert_int_equal(verify.access_entries, 4);
  assert_int_equal(verify.bad_access, 0);
}

static StoreCommit small(StoreCase *subject, StoreJournal *entry) {
  return (StoreCommit){.subject = subject, .entry = entry, .result = "answer"};
}

static void two_entries_of_one_transaction_are_there_together_or_not_at_all(void **state) {
  Store *store = store_of(state);
  for (guint round = 0; round < 2; round++) {
    g_autofree char *left = g_strdup_printf("l%u", round), *right = g_strdup_printf("r%u", round);
    g_autofree char *first = g_strdup_printf("f%u", round), *second = g_strdup_printf("s%u", round);
    g_autoptr(StoreCase) a = a_case(left, "R8"), b = a_case(right, "R8");
    g_autoptr(StoreJournal) one_entry = an_entry(a, first), other = an_entry(b, second);
    StoreCommit one_commit = small(a, one_entry), other_commit = small(b, other);
    g_autoptr(StoreCase) found = NULL;
    g_autofree char *answer = NULL;
    assert_int_equal(store_begin(store, NULL), RK_OK);
    assert_int_equal(store_write(store, &one_commit, NULL), RK_OK);
    assert_int_equal(store_load_case(store, left, &found, NULL), RK_OK); /* what follows reads it */
    g_clear_pointer(&found, store_case_free);
    assert_int_equal(store_write(store, &other_commit, NULL), RK_OK);
    if (round == 0)
      store_rollback(store);
    else
      assert_int_equal(store_end(store, NULL), RK_OK);
    RkStatus expected = round == 0 ? RK_NOT_FOUND : RK_OK;
    assert_int_equal(store_load_case(store, left, &found, NULL), expected);
    g_clear_pointer(&found, store_case_free);
    assert_int_equal(store_load_case(store, right, &found, NULL), expected);
    assert_int_equal(store_find_request(store, first, &answer, NULL), RK_OK);
    assert_true((answer != NULL) == (round == 1));
  }
  gint64 seq = 0;
  Hash head;
  assert_int_equal(store_journal_head(store, &seq, &head, NULL, NULL), RK_OK);
  assert_int_equal(seq, 2);
}

static void a_second_entry_that_conflicts_takes_the_first_back(void **state) {
  Store *store = store_of(state);
  g_autoptr(StoreCase) a = a_case("a", "R8"), b = a_case("b", "R8"), found = NULL;
  g_autoptr(StoreJournal) first = an_entry(a, "q"), again = an_entry(b, "q");
  StoreCommit one_commit = small(a, first), other_commit = small(b, again);
  assert_int_equal(store_begin(store, NULL), RK_OK);
  assert_int_equal(store_write(store, &one_commit, NULL), RK_OK);
  assert_int_equal(store_write(store, &other_commit, NULL), RK_CONFLICT);
  assert_int_equal(store_load_case(store, "a", &found, NULL), RK_NOT_FOUND);
}

#define BOTH(test)                                                                             \
  {#test "_in_memory", test, set_up_memory, tear_down, NULL},                                  \
      {#test "_in_sqlite", test, set_up_sqlite, tear_down, NULL}

int main(void) {
  const struct CMUnitTest tests[] = {
      BOTH(every_record_comes_back),
      BOTH(a_rollback_leaves_nothing),
      BOTH(two_entries_of_one_transaction_are_there_together_or_not_at_all),
      BOTH(a_second_entry_that_conflicts_takes_the_first_back),
      BOTH(a_stale_revision_is_a_conflict_and_changes_nothing),
      BOTH(a_request_id_serves_once),
      BOTH(numbers_count_within_a_fiscal_year),
      BOTH(filters_find_what_they_say),
      BOTH(pages_follow_each_other),
      BOTH(timers_are_replaced_and_come_in_due_order),
      BOTH(a_register_keeps_its_history),
      BOTH(a_history_is_read_by_what_wrote_it),
      BOTH(a_register_is_the_last_of_its_history),
      BOTH(the_journal_is_a_chain_without_gaps),
      BOTH(the_access_log_keeps_its_order),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
