/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of transmissions, exemplars and register entries: every store gives the same. */
#include "store-support.h"

typedef struct {
  char *path;
  Store *store;
} Bench;

static GPtrArray *list_of(gpointer first, gpointer second) {
  GPtrArray *list = g_ptr_array_new();
  g_ptr_array_add(list, first);
  if (second)
    g_ptr_array_add(list, second);
  return list;
}

/* A case with a paper, two exemplars of it, a transmission of it and a notice. */
static void put_case(Store *store, int number, const char *state, int revision) {
  g_autofree char *id = g_strdup_printf("c%d", number), *paper_id = g_strdup_printf("p%d", number);
  g_autofree char *original = g_strdup_printf("a%d", number), *copy = g_strdup_printf("b%d", number);
  g_autofree char *sent_id = g_strdup_printf("%d2345678", number);
  g_autofree char *note_id = g_strdup_printf("%d2345679", number);
  g_autofree char *request = g_strdup_printf("q%d-%d", number, revision);
  g_autoptr(StoreCase) subject = a_case(id, "R8");
  subject->revision = revision;
  if (revision > 1)
    subject->number = g_strdup_printf("R8-%04d", number);
  g_autoptr(StoreJournal) entry = an_entry(subject, request);
  StorePaper paper = {paper_id, id, T("f-1"), T("k"), T("clinic"), T("draft"), 1, NULL, NULL};
  StoreExemplar first = {original, paper_id, T("original"), T("clinic"), NULL, 7, TRUE};
  StoreExemplar second = {copy, paper_id, T("copy"), T("vendor"), original, 8, TRUE};
  StoreTransmission sent = {sent_id,  id,       paper_id,  original, T("clinic"), T("vendor"),
                            T("fax"), T("out"), T(state), NULL,     1,           2};
  StoreTransmission note = {note_id,  id,       NULL,        NULL,       T("clinic"), T("vendor"),
                            T("fax"), T("out"), T("queued"), T("ID notice"), 1,        2};
  StoreRegister institution = {T("institution"), id, T("applied"), T("{}"), id, 5, 0};
  g_autoptr(GPtrArray) papers = list_of(&paper, NULL), exemplars = list_of(&first, &second);
  g_autoptr(GPtrArray) transmissions = list_of(&sent, &note), registers = list_of(&institution, NULL);
  StoreCommit commit = {.subject = subject,   .entry = entry,           .papers = papers,
                        .exemplars = exemplars, .transmissions = transmissions,
                        .registers = registers, .result = ""};
  assert_int_equal(store_begin(store, NULL), RK_OK);
  assert_int_equal(store_commit(store, &commit, NULL), RK_OK);
}

static void fill(Store *store) {
  put_case(store, 1, "queued", 1);
  put_case(store, 2, "confirmed", 1);
  put_case(store, 3, "by-hand", 1);
  put_case(store, 1, "failed", 2); /* keeps its place */
}

static int set_up_memory(void **state) {
  Bench *bench = g_new0(Bench, 1);
  *state = bench;
  bench->store = store_new_memory("office");
  fill(bench->store);
  return 0;
}

static int set_up_sqlite(void **state) {
  Bench *bench = g_new0(Bench, 1);
  *state = bench;
  bench->path = fresh_path();
  assert_int_equal(store_create(&bench->store, bench->path, "office", NULL, NULL), RK_OK);
  fill(bench->store);
  return 0;
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

/* ------------------------------------------------------------------------- tests */

static char *sent_ids(Store *store, StoreSentFilter filter) {
  g_autoptr(GPtrArray) rows = NULL;
  GString *text = g_string_new(NULL);
  filter.direction = "out";
  assert_int_equal(store_query_sent(store, &filter, &rows, NULL), RK_OK);
  for (guint i = 0; i < rows->len; i++) {
    const StoreSent *row = rows->pdata[i];
    assert_string_equal(row->bundle, "b");
    assert_string_equal(row->form ? row->form : row->sent->title, row->form ? "f-1" : "ID notice");
    g_string_append_printf(text, "%s:%s ", row->case_number, row->sent->id);
  }
  return g_string_free(text, FALSE);
}

static void transmissions_come_in_the_order_in_which_they_were_made(void **state) {
  static const char *const done[] = {"confirmed", NULL};
  Store *store = store_of(state);
  g_autofree char *open = sent_ids(store, (StoreSentFilter){.but = done});
  assert_string_equal(open, "R8-0001:12345678 R8-0001:12345679 R8-0002:22345679 R8-0003:32345678 "
                            "R8-0003:32345679 ");
  g_autofree char *failed = sent_ids(store, (StoreSentFilter){.state = "failed"});
  assert_string_equal(failed, "R8-0001:12345678 ");
  g_autofree char *none = sent_ids(store, (StoreSentFilter){.state = "unheard-of"});
  assert_string_equal(none, "");
  g_autofree char *first = sent_ids(store, (StoreSentFilter){.but = done, .limit = 2});
  assert_string_equal(first, "R8-0001:12345678 R8-0001:12345679 ");
  g_autofree char *next =
      sent_ids(store, (StoreSentFilter){.but = done, .limit = 2, .after = "12345679"});
  assert_string_equal(next, "R8-0002:22345679 R8-0003:32345678 ");
}

static void a_transmission_is_found_by_the_beginning_of_its_id(void **state) {
  Store *store = store_of(state);
  static const struct {
    const char *prefix, *direction;
    guint limit, found;
  } questions[] = {{"12345678", "out", 2, 1}, {"123456", "out", 2, 2}, {"123456", "out", 1, 1},
                   {"123456", "in", 2, 0},    {"92345", "out", 2, 0}};
  for (guint i = 0; i < G_N_ELEMENTS(questions); i++) {
    g_autoptr(GPtrArray) found = NULL;
    assert_int_equal(store_find_sent(store, questions[i].direction, questions[i].prefix,
                                     questions[i].limit, &found, NULL),
                     RK_OK);
    assert_int_equal(found->len, questions[i].found);
  }
}

static char *held_ids(Store *store, StoreHeldFilter filter) {
  g_autoptr(GPtrArray) rows = NULL;
  GString *text = g_string_new(NULL);
  assert_int_equal(store_query_held(store, &filter, &rows, NULL), RK_OK);
  for (guint i = 0; i < rows->len; i++) {
    const StoreHeld *row = rows->pdata[i];
    assert_string_equal(row->key, "k");
    g_string_append_printf(text, "%s:%s ", row->case_number, row->exemplar->id);
  }
  return g_string_free(text, FALSE);
}

static void exemplars_come_by_whole_cases(void **state) {
  Store *store = store_of(state);
  static const char *const one = "R8-0001:a1 R8-0001:b1 ";
  g_autofree char *all = held_ids(store, (StoreHeldFilter){0});
  assert_string_equal(all, "R8-0001:a1 R8-0001:b1 R8-0002:a2 R8-0002:b2 R8-0003:a3 R8-0003:b3 ");
  for (guint limit = 1; limit <= 3; limit++) {
    g_autofree char *first = held_ids(store, (StoreHeldFilter){.limit = limit});
    assert_string_equal(first, one);
  }
  g_autofree char *two = held_ids(store, (StoreHeldFilter){.limit = 5});
  assert_string_equal(two, "R8-0001:a1 R8-0001:b1 R8-0002:a2 R8-0002:b2 ");
  g_autofree char *rest = held_ids(store, (StoreHeldFilter){.after = "R8-0002", .limit = 2});
  assert_string_equal(rest, "R8-0003:a3 R8-0003:b3 ");
  g_autofree char *vendor = held_ids(store, (StoreHeldFilter){.holder = "vendor", .limit = 2});
  assert_string_equal(vendor, "R8-0001:b1 R8-0002:b2 ");
  g_autofree char *own = held_ids(store, (StoreHeldFilter){.number = "R8-0001", .limit = 1});
  assert_string_equal(own, one);
  g_autofree char *none = held_ids(store, (StoreHeldFilter){.holder = "nobody", .limit = 1});
  assert_string_equal(none, "");
}

static void register_entries_come_in_the_order_of_their_keys(void **state) {
  Store *store = store_of(state);
  g_autoptr(GPtrArray) first = NULL, rest = NULL, none = NULL;
  assert_int_equal(store_query_register(store, "institution", NULL, 2, &first, NULL), RK_OK);
  assert_int_equal(first->len, 2);
  assert_string_equal(((StoreRegister *)first->pdata[1])->key, "c2");
  assert_int_equal(store_query_register(store, "institution", "c2", 0, &rest, NULL), RK_OK);
  assert_int_equal(rest->len, 1);
  assert_string_equal(((StoreRegister *)rest->pdata[0])->key, "c3");
  assert_int_equal(store_query_register(store, "user", NULL, 2, &none, NULL), RK_OK);
  assert_int_equal(none->len, 0);
}

#define BOTH(test)                                                                             \
  {#test "_in_memory", test, set_up_memory, tear_down, NULL},                                  \
      {#test "_in_sqlite", test, set_up_sqlite, tear_down, NULL}

int main(void) {
  const struct CMUnitTest tests[] = {
      BOTH(transmissions_come_in_the_order_in_which_they_were_made),
      BOTH(a_transmission_is_found_by_the_beginning_of_its_id),
      BOTH(exemplars_come_by_whole_cases),
      BOTH(register_entries_come_in_the_order_of_their_keys),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
