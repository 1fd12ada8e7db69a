/* SPDX-License-Identifier: Apache-2.0 */
/* memory_picture.c - pages that came, in the store that leaves no file: the same as sqlite_picture.c. */
#include "store/memory_int.h"

#include <string.h>

/* In the order of their ids. */
static guint place_of(const MemoryStore *m, const char *id) {
  guint place = 0;
  while (place < m->pictures->len &&
         strcmp(((StorePicture *)m->pictures->pdata[place])->id, id) < 0)
    place++;
  return place;
}

static void write_picture(MemoryStore *m, StorePicture *picture) {
  StorePicture *held = memory_find_id(m->pictures, picture->id);
  if (picture->bytes) {
    picture->hash = hash_bytes(g_bytes_get_data(picture->bytes, NULL), g_bytes_get_size(picture->bytes));
    g_ptr_array_insert(m->pictures, (int)place_of(m, picture->id), store_picture_copy(picture));
  } else if (held && picture->case_id) {
    g_free(held->case_id);
    held->case_id = g_strdup(picture->case_id);
  } else if (held) {
    g_ptr_array_remove(m->pictures, held);
  }
}

void memory_write_pictures(MemoryStore *m, const StoreCommit *commit) {
  for (guint i = 0; commit->pictures && i < commit->pictures->len; i++)
    write_picture(m, commit->pictures->pdata[i]);
}

RkStatus memory_load_pictures(Store *store, const char *case_id, GPtrArray *out, RkDiags *diags) {
  const GPtrArray *pictures = memory_of(store)->pictures;
  (void)diags;
  for (guint i = 0; i < pictures->len; i++) {
    const StorePicture *picture = pictures->pdata[i];
    if (g_strcmp0(picture->case_id, case_id) != 0)
      continue;
    StorePicture *copy = store_picture_copy(picture);
    g_clear_pointer(&copy->bytes, g_bytes_unref);
    g_ptr_array_add(out, copy);
  }
  return RK_OK;
}

static gboolean pictured(const MemoryStore *m, const char *case_id) {
  for (guint i = 0; i < m->pictures->len; i++)
    if (g_strcmp0(((StorePicture *)m->pictures->pdata[i])->case_id, case_id) == 0)
      return TRUE;
  return FALSE;
}

static int by_name(gconstpointer a, gconstpointer b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

RkStatus memory_load_pictured(Store *store, const char *after, guint limit, GPtrArray *out, RkDiags *diags) {
  const MemoryStore *m = memory_of(store);
  (void)diags;
  for (guint i = 0; i < m->cases->len; i++) {
    const StoreCase *record = m->cases->pdata[i];
    if (!record->closed && strcmp(record->id, after) > 0 && pictured(m, record->id))
      g_ptr_array_add(out, g_strdup(record->id));
  }
  g_ptr_array_sort(out, by_name);
  g_ptr_array_set_size(out, (int)MIN(out->len, limit));
  return RK_OK;
}

RkStatus memory_load_picture(Store *store, const char *id, StorePicture **out, RkDiags *diags) {
  const StorePicture *held = memory_find_id(memory_of(store)->pictures, id);
  (void)diags;
  *out = held ? store_picture_copy(held) : NULL;
  return held ? RK_OK : RK_NOT_FOUND;
}
