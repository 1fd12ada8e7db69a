/* SPDX-License-Identifier: Apache-2.0 */
/* kept.c - see kept.h. Not many, so that memory does not grow with the number of cases. */
#include "case/kept.h"

#define MOST 128

typedef struct {
  CaseFile *file;
  char *office;
  guint64 epoch; /* of the store, when it was committed */
} Kept;

static void kept_free(gpointer data) {
  Kept *kept = data;
  casefile_free(kept->file);
  g_free(kept->office);
  g_free(kept);
}

void kept_put(CaseFile *take) {
  RkDesk *desk = take->desk;
  /* A closed case rarely hears anything; one that was made anew by undo holds more than is stored; and a
   * case that was opened with the deed may have ended with it, and been heard by this one since. */
  if (take->record->closed || take->removed || take->openings->len) {
    casefile_free(take);
    return;
  }
  casefile_rest(take);
  Kept *kept = g_new0(Kept, 1);
  kept->file = take;
  kept->office = g_strdup(store_office(desk->store));
  kept->epoch = store_epoch(desk->store);
  if (!desk->kept)
    desk->kept = g_ptr_array_new_with_free_func(kept_free);
  if (desk->kept->len == MOST)
    g_ptr_array_remove_index(desk->kept, 0);
  g_ptr_array_add(desk->kept, kept);
}

static gboolean is_meant(const RkDesk *desk, const Kept *kept, const char *reference) {
  const StoreCase *record = kept->file->record;
  return g_str_equal(kept->office, store_office(desk->store)) &&
         (g_str_equal(record->number, reference) || g_str_equal(record->id, reference));
}

CaseFile *kept_take(RkDesk *desk, const char *reference) {
  CaseFile *file = NULL;
  for (guint i = desk->kept ? desk->kept->len : 0; i-- > 0 && !file;) {
    Kept *kept = desk->kept->pdata[i];
    if (!is_meant(desk, kept, reference))
      continue;
    if (kept->epoch == store_epoch(desk->store))
      file = g_steal_pointer(&kept->file);
    g_ptr_array_remove_index(desk->kept, i);
  }
  if (file) {
    g_strfreev(file->ours);
    file->ours = g_strdupv(desk->roles);
  }
  return file;
}

void kept_forget(RkDesk *desk, const char *case_id) {
  for (guint i = desk->kept ? desk->kept->len : 0; i-- > 0;) {
    const Kept *kept = desk->kept->pdata[i];
    if (!case_id || g_str_equal(kept->file->record->id, case_id))
      g_ptr_array_remove_index(desk->kept, i);
  }
}
