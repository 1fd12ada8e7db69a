/* SPDX-License-Identifier: Apache-2.0 */
/* kept.c - see kept.h. In the order in which they were committed; the oldest goes first. */
#include "case/kept.h"

/* A case is asked for by its number or by its id, of one of the offices in the file. */
typedef struct {
  const char *office, *name;
} Name;

typedef struct {
  CaseFile *file;
  char *office;
  guint64 epoch; /* of the store, when it was committed */
  Name names[2];
  GList link;
} Kept;

struct KeptCases {
  GHashTable *by_name; /* Name → Kept */
  GQueue order;        /* Kept, by their links */
};

static guint name_hash(gconstpointer name) {
  return g_str_hash(((const Name *)name)->name);
}

static gboolean name_equal(gconstpointer a, gconstpointer b) {
  const Name *left = a, *right = b;
  return g_str_equal(left->name, right->name) && g_str_equal(left->office, right->office);
}

static KeptCases *cases_of(RkDesk *desk) {
  if (!desk->kept) {
    desk->kept = g_new0(KeptCases, 1);
    desk->kept->by_name = g_hash_table_new(name_hash, name_equal);
  }
  return desk->kept;
}

static void add(KeptCases *cases, CaseFile *take, const char *office, guint64 epoch) {
  Kept *kept = g_new0(Kept, 1);
  *kept = (Kept){.file = take, .office = g_strdup(office), .epoch = epoch, .link.data = kept};
  kept->names[0] = (Name){kept->office, take->record->number};
  kept->names[1] = (Name){kept->office, take->record->id};
  for (guint i = 0; i < G_N_ELEMENTS(kept->names); i++)
    g_hash_table_insert(cases->by_name, &kept->names[i], kept);
  g_queue_push_tail_link(&cases->order, &kept->link);
}

/* The file is the caller's. */
static CaseFile *take_out(KeptCases *cases, Kept *kept) {
  CaseFile *file = kept->file;
  for (guint i = 0; i < G_N_ELEMENTS(kept->names); i++)
    g_hash_table_remove(cases->by_name, &kept->names[i]);
  g_queue_unlink(&cases->order, &kept->link);
  g_free(kept->office);
  g_free(kept);
  return file;
}

static Kept *find(const RkDesk *desk, const char *reference) {
  const Name wanted = {store_office(desk->store), reference};
  return desk->kept ? g_hash_table_lookup(desk->kept->by_name, &wanted) : NULL;
}

/* What was committed before somebody else wrote, and what there is too much of: both are the oldest. */
static void make_room(RkDesk *desk) {
  KeptCases *cases = cases_of(desk);
  for (Kept *first; (first = g_queue_peek_head(&cases->order));) {
    if (cases->order.length < desk->kept_most && first->epoch == store_epoch(desk->store))
      break;
    casefile_free(take_out(cases, first));
  }
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
  kept_forget(desk, take->record->id);
  make_room(desk);
  add(cases_of(desk), take, store_office(desk->store), store_epoch(desk->store));
}

CaseFile *kept_take(RkDesk *desk, const char *reference) {
  Kept *kept = find(desk, reference);
  if (!kept)
    return NULL;
  gboolean good = kept->epoch == store_epoch(desk->store);
  CaseFile *file = take_out(desk->kept, kept);
  if (!good) {
    casefile_free(file);
    return NULL;
  }
  g_strfreev(file->ours);
  file->ours = g_strdupv(desk->roles);
  return file;
}

guint kept_count(const RkDesk *desk) {
  return desk->kept ? desk->kept->order.length : 0;
}

static void forget_all(KeptCases *cases) {
  for (Kept *first; (first = g_queue_peek_head(&cases->order));)
    casefile_free(take_out(cases, first));
}

void kept_forget(RkDesk *desk, const char *case_id) {
  Kept *kept = case_id ? find(desk, case_id) : NULL;
  if (kept)
    casefile_free(take_out(desk->kept, kept));
  else if (!case_id && desk->kept)
    forget_all(desk->kept);
}

void kept_free(KeptCases *cases) {
  if (!cases)
    return;
  forget_all(cases);
  g_hash_table_unref(cases->by_name);
  g_free(cases);
}
