/* SPDX-License-Identifier: Apache-2.0 */
/* memory_dispose.c - disposal in the store that leaves no file: the same as sqlite_dispose.c. */
#include "store/memory_int.h"

#include <string.h>

static void copy_answer(gpointer id, gpointer answer, gpointer table) {
  g_hash_table_insert(table, g_strdup(id), g_strdup(answer));
}

void memory_remember_whole(MemoryStore *m) {
  Before *before = m->before;
  if (before->history)
    return;
  before->history = g_ptr_array_new_with_free_func((GDestroyNotify)store_register_free);
  before->entries = g_ptr_array_new_with_free_func((GDestroyNotify)store_journal_free);
  before->answers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_foreach(m->requests, copy_answer, before->answers);
  for (guint i = 0; i < m->registers->len; i++)
    g_ptr_array_add(before->history, store_register_copy(m->registers->pdata[i]));
  for (guint i = 0; i < m->journal->len; i++)
    g_ptr_array_add(before->entries, store_journal_copy(m->journal->pdata[i]));
}

static void erase(MemoryStore *m, const StoreErasure *erasure) {
  for (guint i = m->registers->len; i-- > 0;) {
    StoreRegister *row = m->registers->pdata[i];
    if (!g_str_equal(row->name, erasure->name) || !g_str_equal(row->key, erasure->key))
      continue;
    if (!erasure->seq) {
      g_ptr_array_remove_index(m->registers, i);
    } else if (row->seq == erasure->seq) {
      g_free(row->fields);
      row->fields = g_strdup(erasure->fields);
    }
  }
}

static void dispose_journal(MemoryStore *m, const char *id) {
  for (guint i = 0; i + 1 < m->journal->len; i++) {
    StoreJournal *entry = m->journal->pdata[i];
    if (g_strcmp0(entry->case_id, id) != 0)
      continue;
    g_clear_pointer(&entry->body, g_bytes_unref);
    memset(entry->salt, 0, sizeof entry->salt);
    memset(&g_array_index(m->salts, Salt, i), 0, sizeof(Salt));
    g_hash_table_replace(m->requests, g_strdup(entry->request_id), g_strdup(""));
  }
}

static void dispose_papers(MemoryStore *m, const char *id) {
  for (guint i = 0; i < m->papers->len; i++) {
    StorePaper *paper = m->papers->pdata[i];
    if (!g_str_equal(paper->case_id, id))
      continue;
    g_clear_pointer(&paper->data, g_bytes_unref);
    g_clear_pointer(&paper->lifecycle, g_bytes_unref);
    g_free(paper->state);
    paper->state = g_strdup("disposed");
    if (*paper->key) {
      g_free(paper->key);
      paper->key = g_strdup(paper->id);
    }
  }
  for (guint i = 0; i < m->transmissions->len; i++)
    if (g_str_equal(((StoreTransmission *)m->transmissions->pdata[i])->case_id, id))
      g_clear_pointer(&((StoreTransmission *)m->transmissions->pdata[i])->title, g_free);
}

static void dispose_pictures(MemoryStore *m, const char *id) {
  for (guint i = m->pictures->len; i-- > 0;)
    if (g_strcmp0(((StorePicture *)m->pictures->pdata[i])->case_id, id) == 0)
      g_ptr_array_remove_index(m->pictures, i);
}

void memory_dispose(MemoryStore *m, const StoreCommit *commit) {
  dispose_journal(m, commit->subject->id);
  dispose_papers(m, commit->subject->id);
  dispose_pictures(m, commit->subject->id);
  for (guint i = 0; i < commit->disposed->len; i++)
    erase(m, commit->disposed->pdata[i]);
}
