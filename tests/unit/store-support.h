/* SPDX-License-Identifier: Apache-2.0 */
/* store-support.h - records to put into stores, and the folder they live in. */
#ifndef RK_TEST_STORE_SUPPORT_H
#define RK_TEST_STORE_SUPPORT_H

#include "../own-folder.h"
#include "store/store.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

/* A literal as the records' char *: they are only read here. */
#define T(text) ((char *)(text))

static inline GBytes *bytes_of(const char *text) {
  return g_bytes_new(text, strlen(text));
}

/* A fresh folder that only we may enter; with a file name in it. g_free. */
static inline char *fresh_path(void) {
  char *folder = folder_new("store");
  char *path = g_build_filename(folder, "t.db", NULL);
  g_free(folder);
  return path;
}

static inline void remove_folder(const char *path) {
  g_autofree char *folder = g_path_get_dirname(path);
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *file = g_build_filename(folder, name, NULL);
    g_unlink(file);
  }
  g_rmdir(folder);
}

static inline StoreCase *a_case(const char *id, const char *year) {
  StoreCase *r = g_new0(StoreCase, 1);
  r->id = g_strdup(id);
  r->fiscal_year = g_strdup(year);
  r->procedure = g_strdup("p-1");
  r->municipality = g_strdup("m");
  r->bundle = g_strdup("b");
  r->revision = 1;
  r->states = g_strdup("draft");
  r->waits_for = g_strdup(" clinic vendor ");
  r->label = g_strdup("例示");
  r->opened = 10, r->updated = 20, r->happened = 15;
  r->snapshot = bytes_of("<s/>");
  return r;
}

static inline StoreJournal *an_entry(const StoreCase *subject, const char *request) {
  StoreJournal *r = g_new0(StoreJournal, 1);
  r->case_id = g_strdup(subject ? subject->id : NULL);
  r->revision = subject ? subject->revision : 0;
  r->happened = 15, r->entered = 20;
  r->operator_ = g_strdup("hanako");
  r->actor = g_strdup("clinic");
  r->kind = g_strdup("event");
  r->event = g_strdup("request.faxed");
  r->request_id = g_strdup(request);
  r->body = bytes_of("{\"args\":{}}");
  return r;
}

/* Commit just the case; the status. */
static inline RkStatus commit_case(Store *store, StoreCase *subject, const char *request) {
  g_autoptr(StoreJournal) entry = an_entry(subject, request);
  StoreCommit commit = {.subject = subject, .entry = entry, .result = "done"};
  if (store_begin(store, NULL) != RK_OK)
    return RK_STORE;
  return store_commit(store, &commit, NULL);
}

/* One entry of the journal that gives the entry "k" of the register "user" these states in turn. */
static inline void write_register(Store *store, const char *request, const char *const *states) {
  g_autoptr(StoreJournal) entry = an_entry(NULL, request);
  g_autoptr(GPtrArray) registers = g_ptr_array_new();
  StoreRegister records[4];
  for (guint i = 0; states[i]; i++) {
    records[i] = (StoreRegister){T("user"), T("k"), (char *)states[i], T("{}"), NULL, 5, 0};
    g_ptr_array_add(registers, &records[i]);
  }
  StoreCommit commit = {.entry = entry, .registers = registers};
  assert_int_equal(store_begin(store, NULL), RK_OK);
  assert_int_equal(store_commit(store, &commit, NULL), RK_OK);
}

#endif
