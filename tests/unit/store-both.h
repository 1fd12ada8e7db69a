/* SPDX-License-Identifier: Apache-2.0 */
/* store-both.h - the same tests on the store in memory and on the one in a file. */
#ifndef RK_TEST_STORE_BOTH_H
#define RK_TEST_STORE_BOTH_H

#include "store-support.h"

static char *path; /* of the store in a file; NULL in memory */

static int set_up_memory(void **state) {
  *state = store_new_memory("office");
  return 0;
}

static int set_up_sqlite(void **state) {
  Store *store = NULL;
  path = fresh_path();
  assert_int_equal(store_create(&store, path, "office", NULL, NULL), RK_OK);
  *state = store;
  return 0;
}

static int tear_down(void **state) {
  store_close(*state);
  if (path)
    remove_folder(path);
  g_clear_pointer(&path, g_free);
  return 0;
}

static GPtrArray *one(gpointer record) {
  GPtrArray *list = g_ptr_array_new();
  g_ptr_array_add(list, record);
  return list;
}

#define BOTH(test)                                                                             \
  {#test " (memory)", test, set_up_memory, tear_down, NULL},                                   \
  {#test " (SQLite)", test, set_up_sqlite, tear_down, NULL}

#endif
