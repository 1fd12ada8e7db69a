/* SPDX-License-Identifier: Apache-2.0 */
/* Disposal, in every store alike: what goes, what stays, and that it is all or nothing. */
#include "store-both.h"

/* A case with one of everything. */
static StoreCase *put_case(Store *store, const char *id, const char *key, const char *fields) {
  StoreCase *subject = a_case(id, "R8");
  g_autoptr(StoreJournal) entry = an_entry(subject, id);
  g_autofree char *paper_id = g_strconcat("p-", id, NULL), *sent_id = g_strconcat("t-", id, NULL);
  g_autoptr(GBytes) data = bytes_of("<v>秘密</v>");
  StorePaper paper = {paper_id, T(id), T("f-1"), T("秘密薬局"), T("clinic"), T("complete"), 3, data, data};
  StoreTransmission sent = {sent_id, T(id),    paper_id,       NULL, T("clinic"), T("office"), T("fax"),
                            T("out"), T("confirmed"), T("秘密"), 8, 9};
  StoreTimer timer = {T(id), T("s1"), T("late"), 99, NULL};
  StoreRegister record = {T("institution"), T(key), T("applied"), T(fields), T(id), 15, 0};
  g_autoptr(GPtrArray) papers = one(&paper), timers = one(&timer), registers = one(&record);
  g_autoptr(GPtrArray) transmissions = one(&sent), search = one(T("秘密"));
  StoreCommit commit = {.subject = subject,           .entry = entry,   .papers = papers,
                        .transmissions = transmissions, .timers = timers, .registers = registers,
                        .search = search,             .result = "秘密"};
  assert_int_equal(store_begin(store, NULL), RK_OK);
  assert_int_equal(store_commit(store, &commit, NULL), RK_OK);
  return subject;
}

/* Written, but the transaction still open. */
static void dispose(Store *store, StoreCase *subject, GPtrArray *erasures) {
  g_autoptr(GPtrArray) nothing = g_ptr_array_new();
  subject->revision++;
  store_case_dispose(subject);
  g_autofree char *request = g_strconcat("dispose-", subject->id, NULL);
  g_autoptr(StoreJournal) entry = an_entry(subject, request);
  g_free(entry->kind);
  entry->kind = g_strdup("disposed");
  StoreCommit commit = {.subject = subject, .entry = entry,     .timers = nothing,
                        .search = nothing,  .disposed = erasures, .result = ""};
  assert_int_equal(store_begin(store, NULL), RK_OK);
  assert_int_equal(store_write(store, &commit, NULL), RK_OK);
}

static void check_verifies(Store *store, gint64 erased) {
  StoreVerify found;
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(store_verify(store, &found, diags), RK_OK);
  assert_int_equal(found.bad_journal, 0);
  assert_int_equal(found.erased, erased);
  assert_int_equal(rk_diags_count(diags), 0);
}

static const char *entry_fields(Store *store, const char *key, GPtrArray **held) {
  assert_int_equal(store_load_register(store, "institution", key, held, NULL), RK_OK);
  return (*held)->len ? ((StoreRegister *)(*held)->pdata[0])->fields : NULL;
}

static void everything_but_the_headers_goes(void **state) {
  Store *store = *state;
  g_autoptr(StoreCase) first = put_case(store, "c1", "a", "{}");
  store_case_free(put_case(store, "c2", "b", "{}"));
  StoreErasure erasure = {T("institution"), T("a"), 0, NULL};
  g_autoptr(GPtrArray) erasures = one(&erasure);
  dispose(store, first, erasures);
  assert_int_equal(store_end(store, NULL), RK_OK);
  g_autoptr(StoreCase) read = NULL;
  g_autoptr(GPtrArray) papers = NULL, sent = NULL, timers = NULL, keys = NULL, journal = NULL;
  g_autoptr(GPtrArray) held = NULL, other = NULL, history = NULL;
  g_autofree char *answer = NULL, *kept = NULL;
  assert_int_equal(store_load_case(store, "R8-0001", &read, NULL), RK_OK);
  assert_true(store_case_disposed(read));
  assert_null(read->label);
  assert_int_equal(g_bytes_get_size(read->snapshot), 0);
  assert_int_equal(store_load_papers(store, "c1", &papers, NULL), RK_OK);
  const StorePaper *paper = papers->pdata[0];
  assert_null(paper->data);
  assert_null(paper->lifecycle);
  assert_string_equal(paper->key, "p-c1");
  assert_string_equal(paper->state, "disposed");
  assert_int_equal(store_load_transmissions(store, "c1", NULL, NULL, &sent, NULL), RK_OK);
  assert_null(((StoreTransmission *)sent->pdata[0])->title);
  assert_string_equal(((StoreTransmission *)sent->pdata[0])->to, "office");
  assert_int_equal(store_load_timers(store, "c1", G_MAXINT64, 0, &timers, NULL), RK_OK);
  assert_int_equal(timers->len, 0);
  assert_int_equal(store_load_search(store, "c1", &keys, NULL), RK_OK);
  assert_int_equal(keys->len, 0);
  assert_int_equal(store_load_journal(store, "c1", 0, 0, &journal, NULL), RK_OK);
  assert_int_equal(journal->len, 2);
  assert_null(((StoreJournal *)journal->pdata[0])->body);
  assert_non_null(((StoreJournal *)journal->pdata[1])->body);
  assert_null(entry_fields(store, "a", &held));
  assert_int_equal(store_register_history(store, "institution", "a", &history, NULL), RK_OK);
  assert_int_equal(history->len, 0);
  assert_int_equal(store_find_request(store, "c1", &answer, NULL), RK_OK);
  assert_string_equal(answer, "");
  /* The other case has lost nothing. */
  assert_string_equal(entry_fields(store, "b", &other), "{}");
  assert_int_equal(store_find_request(store, "c2", &kept, NULL), RK_OK);
  assert_string_equal(kept, "秘密");
  check_verifies(store, 1);
  assert_int_equal(store_scour(store, NULL), RK_OK);
}

static void fields_go_from_what_others_wrote_too(void **state) {
  Store *store = *state;
  g_autoptr(StoreCase) first = put_case(store, "c1", "a", "{\"x\":\"1\",\"y\":\"2\"}");
  store_case_free(put_case(store, "c2", "a", "{\"x\":\"1\"}"));
  g_autoptr(StoreCase) third = put_case(store, "c3", "a", "{\"y\":\"秘密\"}");
  StoreErasure early = {T("institution"), T("a"), 1, T("{\"x\":\"1\"}")};
  StoreErasure late = {T("institution"), T("a"), 3, T("{}")};
  g_autoptr(GPtrArray) one_of = one(&early), other_of = one(&late), held = NULL, now = NULL, history = NULL;
  dispose(store, first, one_of);
  assert_int_equal(store_end(store, NULL), RK_OK);
  assert_string_equal(entry_fields(store, "a", &held), "{\"y\":\"秘密\"}");
  dispose(store, third, other_of);
  assert_int_equal(store_end(store, NULL), RK_OK);
  assert_string_equal(entry_fields(store, "a", &now), "{}");
  assert_int_equal(store_register_history(store, "institution", "a", &history, NULL), RK_OK);
  assert_int_equal(history->len, 3);
  assert_string_equal(((StoreRegister *)history->pdata[0])->fields, "{\"x\":\"1\"}");
  check_verifies(store, 2);
}

static void a_rollback_brings_everything_back(void **state) {
  Store *store = *state;
  g_autoptr(StoreCase) first = put_case(store, "c1", "a", "{\"x\":\"1\"}");
  StoreErasure erasure = {T("institution"), T("a"), 0, NULL};
  g_autoptr(GPtrArray) erasures = one(&erasure), papers = NULL, journal = NULL, held = NULL, keys = NULL;
  g_autoptr(StoreCase) read = NULL;
  g_autofree char *answer = NULL;
  dispose(store, first, erasures);
  store_rollback(store);
  assert_int_equal(store_load_case(store, "R8-0001", &read, NULL), RK_OK);
  assert_false(store_case_disposed(read));
  assert_string_equal(read->label, "例示");
  assert_int_equal(store_load_papers(store, "c1", &papers, NULL), RK_OK);
  assert_non_null(((StorePaper *)papers->pdata[0])->data);
  assert_string_equal(((StorePaper *)papers->pdata[0])->key, "秘密薬局");
  assert_int_equal(store_load_journal(store, "c1", 0, 0, &journal, NULL), RK_OK);
  assert_int_equal(journal->len, 1);
  assert_non_null(((StoreJournal *)journal->pdata[0])->body);
  assert_string_equal(entry_fields(store, "a", &held), "{\"x\":\"1\"}");
  assert_int_equal(store_load_search(store, "c1", &keys, NULL), RK_OK);
  assert_int_equal(keys->len, 1);
  assert_int_equal(store_find_request(store, "c1", &answer, NULL), RK_OK);
  assert_string_equal(answer, "秘密");
  check_verifies(store, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {BOTH(everything_but_the_headers_goes),
                                     BOTH(fields_go_from_what_others_wrote_too),
                                     BOTH(a_rollback_brings_everything_back)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
