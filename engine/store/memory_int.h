/* SPDX-License-Identifier: Apache-2.0 */
/* memory_int.h - the store in memory, between its files. */
#ifndef RK_STORE_MEMORY_INT_H
#define RK_STORE_MEMORY_INT_H

#include "store/store_int.h"

enum { CASES, PAPERS, EXEMPLARS, TRANSMISSIONS, TIMERS, PICTURES, N_LISTS };

/* How things stood before the first write of a transaction. */
typedef struct {
  GPtrArray *lists[N_LISTS];
  guint registers, journal; /* how long the growing lists were */
  /* When something is disposed of, whole; else NULL. */
  GPtrArray *history, *entries;
  GHashTable *answers;
  GPtrArray *requests;      /* ids added since */
  GHashTable *counts, *search;
} Before;

typedef struct {
  Store public;
  gboolean writing;
  Before *before; /* NULL: nothing is written yet */
  GPtrArray *cases, *papers, *exemplars, *transmissions, *timers, *pictures;
  GPtrArray *registers; /* every value ever written, in order; the last of a key counts */
  GPtrArray *journal;
  GArray *salts;        /* Salt, by journal index */
  GHashTable *requests; /* id → result */
  GHashTable *search;   /* case id → GPtrArray of keys */
  GHashTable *blobs;    /* hex → GBytes */
  GHashTable *counts;   /* fiscal year → GINT */
  GPtrArray *access;
  GArray *access_hashes; /* Hash */
} MemoryStore;

static inline MemoryStore *memory_of(Store *store) {
  return (MemoryStore *)store;
}

/* The record of a list that begins with this id, or NULL. Borrowed. */
gpointer memory_find_id(const GPtrArray *list, const char *id);

/* memory_list.c */
RkStatus memory_query_sent(Store *store, const StoreSentFilter *filter, GPtrArray *out,
                           RkDiags *diags);
RkStatus memory_find_sent(Store *store, const char *direction, const char *prefix, guint limit,
                          GPtrArray *out, RkDiags *diags);
RkStatus memory_query_held(Store *store, const StoreHeldFilter *filter, GPtrArray *out,
                           RkDiags *diags);
RkStatus memory_history_between(Store *store, gint64 first, gint64 last, GPtrArray *out,
                                RkDiags *diags);
RkStatus memory_stray_registers(Store *store, gint64 *count, GPtrArray *out, RkDiags *diags);
RkStatus memory_access_at(Store *store, gint64 at, gint64 *seq, Hash *hash, RkDiags *diags);
RkStatus memory_load_access(Store *store, const char *number, guint limit, GPtrArray *out,
                            RkDiags *diags);
/* memory_picture.c */
void memory_write_pictures(MemoryStore *m, const StoreCommit *commit);
RkStatus memory_load_pictures(Store *store, const char *case_id, GPtrArray *out, RkDiags *diags);
RkStatus memory_load_pictured(Store *store, const char *after, guint limit, GPtrArray *out, RkDiags *diags);
RkStatus memory_load_picture(Store *store, const char *id, StorePicture **out, RkDiags *diags);
/* memory_dispose.c: keep whole what disposal changes, then carry out commit->disposed. */
void memory_remember_whole(MemoryStore *m);
void memory_dispose(MemoryStore *m, const StoreCommit *commit);

#endif
