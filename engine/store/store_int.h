/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_int.h - a store is a table of functions; sqlite*.c and memory.c fill it in.
 * What both must do alike (numbers, hashes, salts) stands in store.c and journal.c, so
 * that it cannot differ.
 */
#ifndef RK_STORE_INT_H
#define RK_STORE_INT_H

#include "store/store.h"

#define SALT_SIZE STORE_SALT_SIZE

/* What the journal keeps of a body beside its commitment. */
typedef struct {
  guint8 salt[SALT_SIZE];
} Salt;

typedef struct {
  void (*close)(Store *store);
  RkStatus (*begin)(Store *store, RkDiags *diags);
  void (*rollback)(Store *store);
  RkStatus (*write)(Store *store, StoreCommit *commit, RkDiags *diags);
  RkStatus (*end)(Store *store, RkDiags *diags);
  RkStatus (*health)(Store *store, RkDiags *diags);
  RkStatus (*find_request)(Store *store, const char *request_id, char **result, RkDiags *diags);
  RkStatus (*load_case)(Store *store, const char *reference, StoreCase **out, RkDiags *diags);
  RkStatus (*query_cases)(Store *store, const StoreCaseFilter *filter, GPtrArray *out, RkDiags *diags);
  RkStatus (*load_papers)(Store *store, const char *case_id, GPtrArray *out, RkDiags *diags);
  RkStatus (*load_exemplars)(Store *store, const char *case_id, GPtrArray *out, RkDiags *diags);
  RkStatus (*load_transmissions)(Store *store, const char *case_id, const char *direction,
                                 const char *state, GPtrArray *out, RkDiags *diags);
  RkStatus (*query_sent)(Store *store, const StoreSentFilter *filter, GPtrArray *out, RkDiags *diags);
  RkStatus (*find_sent)(Store *store, const char *direction, const char *prefix, guint limit,
                        GPtrArray *out, RkDiags *diags);
  RkStatus (*query_held)(Store *store, const StoreHeldFilter *filter, GPtrArray *out, RkDiags *diags);
  RkStatus (*load_timers)(Store *store, const char *case_id, gint64 due, guint limit,
                          GPtrArray *out, RkDiags *diags);
  RkStatus (*query_register)(Store *store, const char *name, const char *after, guint limit,
                             GPtrArray *out, RkDiags *diags);
  RkStatus (*load_search)(Store *store, const char *case_id, GPtrArray *out, RkDiags *diags);
  RkStatus (*load_register)(Store *store, const char *name, const char *key, GPtrArray *out, RkDiags *diags);
  RkStatus (*register_history)(Store *store, const char *name, const char *key, GPtrArray *out,
                               RkDiags *diags);
  RkStatus (*history_between)(Store *store, gint64 first, gint64 last, GPtrArray *out, RkDiags *diags);
  RkStatus (*stray_registers)(Store *store, gint64 *count, GPtrArray *out, RkDiags *diags);
  RkStatus (*load_journal)(Store *store, const char *case_id, gint64 from, guint limit,
                           GPtrArray *out, RkDiags *diags);
  RkStatus (*journal_head)(Store *store, gint64 *seq, Hash *head, gint64 *entered, RkDiags *diags);
  RkStatus (*load_chained)(Store *store, gint64 seq, StoreJournal **out, RkDiags *diags);
  RkStatus (*load_offices)(Store *store, GPtrArray *out, RkDiags *diags);
  RkStatus (*add_office)(Store *store, const char *office, RkDiags *diags); /* or NULL */
  RkStatus (*load_blob)(Store *store, const Hash *hash, GBytes **out, RkDiags *diags);
  /* case_id NULL: those in the tray. */
  RkStatus (*load_pictures)(Store *store, const char *case_id, GPtrArray *out, RkDiags *diags);
  RkStatus (*load_pictured)(Store *store, const char *after, guint limit, GPtrArray *out, RkDiags *diags);
  RkStatus (*load_picture)(Store *store, const char *id, StorePicture **out, RkDiags *diags);
  RkStatus (*log_access)(Store *store, const StoreAccess *access, RkDiags *diags);
  /* number NULL: of all cases and none */
  RkStatus (*load_access)(Store *store, const char *number, guint limit, GPtrArray *out, RkDiags *diags);
  RkStatus (*access_at)(Store *store, gint64 at, gint64 *seq, Hash *hash, RkDiags *diags);
  RkStatus (*verify)(Store *store, StoreVerify *out, RkDiags *diags);
  RkStatus (*verify_chains)(Store *store, StoreVerify *out, RkDiags *diags);
  RkStatus (*begin_batch)(Store *store, RkDiags *diags); /* or NULL, as the next two: each part lasts by itself */
  RkStatus (*end_batch)(Store *store, RkDiags *diags);
  void (*drop_batch)(Store *store);
  RkStatus (*hold)(Store *store, RkDiags *diags); /* or NULL, as let_go: there are no others */
  void (*let_go)(Store *store);
  RkStatus (*scour)(Store *store, RkDiags *diags);
  RkStatus (*copy)(Store *store, const char *path, StoreVerify *found, RkDiags *diags); /* or NULL */
} StoreOps;

struct Store {
  const StoreOps *ops;
  char *office;
  guint64 epoch;
};

/* record.c: deep copies, for memory.c and tests. */
StoreCase *store_case_copy(const StoreCase *record);
StorePaper *store_paper_copy(const StorePaper *record);
StoreExemplar *store_exemplar_copy(const StoreExemplar *record);
StoreTransmission *store_transmission_copy(const StoreTransmission *record);
StoreTimer *store_timer_copy(const StoreTimer *record);
StoreRegister *store_register_copy(const StoreRegister *record);
StorePicture *store_picture_copy(const StorePicture *record);
StoreJournal *store_journal_copy(const StoreJournal *record);

/* store.c: what both stores do alike. */
/* Whether the filter asks for this state. */
gboolean store_sent_wanted(const StoreSentFilter *filter, const char *state);

/* journal.c: the chains. */
void journal_commit_body(StoreJournal *entry, Salt *salt); /* makes salt and body_commit */
Hash journal_body_commit(const Salt *salt, GBytes *body);
Hash journal_hash(const StoreJournal *entry); /* of the header with its previous hash */
Hash access_hash(gint64 seq, const StoreAccess *access, const Hash *previous);

/* "R8-0012" */
char *store_case_number(const char *fiscal_year, gint64 count);
/* In which order numbers come, and fiscal years: R8-9999 before R8-10000, and both before R10-0001. */
int store_compare_numbers(const char *a, const char *b);

/* terms.c: by what a case is found. Sorted lists of char *, each once. */
#define MARK_OPEN "open"
#define MARK_OVERDUE "overdue"
#define MARK_PROCEDURE 'p'
#define MARK_STATE 's'
#define MARK_WAITS 'w'
char *term_mark(char kind, const char *word);
GPtrArray *terms_of_case(const StoreCase *record);
/* The grams of search keys: every one and every two characters. */
GPtrArray *terms_of_keys(const GPtrArray *keys);
/* The grams that a key must have for `text` to occur in it; none for an empty text. */
GPtrArray *terms_of_search(const char *text);

#endif
