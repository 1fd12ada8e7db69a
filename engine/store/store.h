/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store.h - where cases are kept. No SQL outside this folder.
 *
 * One event = one StoreCommit = one transaction: journal, snapshot, timers,
 * papers, exemplars, transmissions, registers, blobs and the answer to the
 * request, or nothing. A handle is bound to one office; every key starts with
 * it. Two stores exist, SQLite and memory; both pass tests/unit/test-store.c.
 *
 * All structs below are plain records; strings are owned by the record and freed
 * by its _free. Times are microseconds UTC.
 */
#ifndef RK_STORE_H
#define RK_STORE_H

#include "base/diag.h"
#include "base/hash.h"

typedef struct Store Store;

/* ----------------------------------------------------------------- records */

typedef struct {
  char *id;           /* UUID */
  char *number;       /* "R8-0012"; NULL in a commit of a new case: the store assigns it */
  char *fiscal_year;  /* "R8": what the number counts within */
  char *procedure, *municipality;
  char *bundle;       /* SHA-256 of the bundle the case is pinned to, hex */
  gint64 revision;    /* +1 with every event */
  gboolean closed;
  gboolean overdue;   /* a deadline of where it stands has passed */
  char *states;       /* active atomic states, space-separated */
  char *waits_for;    /* roles that can act next, space-separated, in braces of spaces: " a b " */
  char *label;        /* public text to recognise the case by; may be NULL */
  gint64 opened, updated; /* entered */
  gint64 happened;    /* machine time of the last event */
  GBytes *snapshot;
} StoreCase;

typedef struct {
  char *id, *case_id, *form;
  char *key;          /* which of several papers of one form; "" when there is one */
  char *filled_by;    /* role */
  char *state;        /* blank draft complete signed void disposed */
  gint64 version;     /* +1 with every change of content */
  GBytes *data;       /* form values; NULL while blank or only an image */
  GBytes *lifecycle;  /* snapshot of the paper's own machine */
} StorePaper;

typedef struct {
  char *id, *paper_id;
  char *kind;         /* original, fax, copy, scan */
  char *holder;       /* role; exactly one at every moment */
  char *source;       /* exemplar it was made from, or NULL */
  gint64 since;
  gboolean judged;    /* the operator found it complete */
} StoreExemplar;

typedef struct {
  char *id, *case_id;
  char *paper_id;     /* NULL for a notice */
  char *exemplar_id;  /* what is sent or was received; NULL for a notice */
  char *from, *to, *channel;
  char *direction;    /* out (ours sends), in (expected or received), note */
  char *state;        /* queued handing-over waiting handed-over confirmed failed unknown cancelled
                         by-hand expected received noted */
  char *title;        /* of a notice, or NULL */
  gint64 created, updated;
} StoreTransmission;

typedef struct {
  char *case_id, *send_id, *event;
  gint64 due;
  char *case_number;  /* filled by queries */
} StoreTimer;

/* A register entry. Registers also hold what the office itself is: operator,
 * desk, setting, procedure (see case/registers.c). */
typedef struct {
  char *name;         /* of the register */
  char *key;
  char *state;        /* "": there is no such entry any more; only its history */
  char *fields;       /* JSON object text, sorted keys */
  char *case_id;      /* case that wrote it, or NULL */
  gint64 since;       /* happened */
  gint64 seq;         /* journal entry that wrote it (filled by the store) */
} StoreRegister;

/* A page as it came. */
typedef struct {
  char *id;
  char *case_id;      /* NULL: in the tray */
  Hash hash;          /* of the bytes (filled by the store) */
  GBytes *bytes;      /* NULL where they were not asked for */
} StorePicture;

#define STORE_SALT_SIZE 16

typedef struct {
  gint64 seq;         /* 1, 2, 3 … without gaps (filled by the store) */
  char *case_id;      /* NULL: concerns the office */
  char *case_number;  /* filled by queries */
  gint64 revision;
  gint64 happened, entered;
  char *operator_;    /* who entered it */
  char *actor;        /* role that acted in the world; NULL: the office or the clock */
  char *kind;         /* opened event timer form paper register note init … */
  char *event;
  char *evidence;     /* paper phone screen …; may be NULL */
  char *why;          /* may be NULL */
  char *bundle;       /* may be NULL */
  char *request_id;
  GBytes *body;       /* what replay needs: event data, questions with answers, effects; NULL once
                         it was disposed of */
  guint8 salt[STORE_SALT_SIZE]; /* of the commitment; filled by the store */
  Hash body_commit;   /* SHA-256(salt || body); filled by the store */
  Hash previous, hash;
  gint64 before;      /* when the entry before it was entered; 0: there is none (filled by a write) */
} StoreJournal;

typedef struct {
  gint64 entered;
  char *operator_, *action, *case_number, *detail, *result; /* no personal values */
} StoreAccess;

void store_case_free(StoreCase *record);
void store_paper_free(StorePaper *record);
void store_exemplar_free(StoreExemplar *record);
void store_transmission_free(StoreTransmission *record);
void store_timer_free(StoreTimer *record);
void store_register_free(StoreRegister *record);
void store_picture_free(StorePicture *record);
void store_journal_free(StoreJournal *record);
void store_access_free(StoreAccess *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreCase, store_case_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StorePaper, store_paper_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreExemplar, store_exemplar_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreTransmission, store_transmission_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreTimer, store_timer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreRegister, store_register_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StorePicture, store_picture_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreJournal, store_journal_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreAccess, store_access_free)

/* ------------------------------------------------------------ open and close */

/* The file-system type test is a seam: tests say "this is NFS". NULL: fstatfs. */
typedef struct {
  gboolean (*is_network)(const char *path, gpointer user);
  gpointer user;
} StoreEnvironment;

/* Make a new database file (0600, in a directory that must exist) for `office`.
 * RK_CONFLICT if the file exists. */
RkStatus store_create(Store **out, const char *path, const char *office,
                      const StoreEnvironment *environment, RkDiags *diags);
/*
 * A desk that is made in several steps is made under another name, so that nothing unfinished
 * ever bears the real one. Give the closed database `made` the name `path`, for good when
 * RK_OK is returned. RK_CONFLICT if the file exists.
 */
RkStatus store_publish(const char *made, const char *path, RkDiags *diags);
/* Remove an unfinished database and what lies beside it. */
void store_discard(const char *made);
/* Open an existing one; migrates nothing. RK_STORE with a diagnostic when missing, newer,
 * older (says `renkei db migrate`), another application's, damaged, on a network share. */
RkStatus store_open(Store **out, const char *path, const StoreEnvironment *environment,
                    RkDiags *diags);
/* Bring an older file to the present schema, in one transaction. */
RkStatus store_migrate(const char *path, RkDiags *diags);
Store *store_new_memory(const char *office);
void store_close(Store *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Store, store_close)
const char *store_office(const Store *store);

/*
 * A file may hold several offices, which see nothing of each other: a handle is bound to one of them,
 * at first to that which made the file. A store in memory has one only.
 */
/* Their names (char *), the first one first. */
RkStatus store_load_offices(Store *store, GPtrArray **out, RkDiags *diags);
/* Bind the handle to another office of the file. RK_NOT_FOUND without a diagnostic. */
RkStatus store_enter_office(Store *store, const char *office, RkDiags *diags);
/* Inside a transaction: make an office and bind the handle to it; when the transaction is not ended well,
 * the handle is of no more use. RK_CONFLICT without a diagnostic when there is one of that name,
 * RK_REFUSED when the store can hold but one. */
RkStatus store_add_office(Store *store, const char *office, RkDiags *diags);

/* ------------------------------------------------------------- transactions */

/*
 * A transaction that will write: what is read inside is what is committed on
 * (BEGIN IMMEDIATE). RK_STORE when the database stays locked past the time-out.
 * Ends with store_commit or store_rollback; never nested.
 */
RkStatus store_begin(Store *store, RkDiags *diags);
void store_rollback(Store *store);
/* Another number whenever another connection has committed something, as of the last store_begin: what
 * was read under a number still holds under it, but for what this handle wrote itself. */
guint64 store_epoch(const Store *store);

/* One unit of work. Arrays may be NULL. Records are read, not taken. Papers, exemplars and
 * transmissions are upserts by id; registers by (name, key); timers replace all of the case. */
typedef struct {
  StoreCase *subject;           /* the case; NULL for office matters. A new case has revision 1
                                   and number NULL: on success the store fills the number in. */
  StoreJournal *entry;          /* exactly one; seq and hashes are filled in */
  GPtrArray *papers, *exemplars, *transmissions, *timers, *registers;
  GPtrArray *removed;           /* ids (char *) of papers, exemplars and transmissions of the case that
                                   are no more: what made them was taken back */
  GPtrArray *search;            /* folded search keys (char *), replacing the case's, which leave
                                   nothing behind; NULL: they stay */
  GPtrArray *blobs;             /* GBytes * to keep by their SHA-256 */
  const char *result;           /* answer to the request id, given again to a retry */
  gboolean timers_stay;         /* the timers are as they were: nothing to write */
  GPtrArray *disposed;          /* StoreErasure *; not NULL: the entry (kind "disposed") disposes of
                                   the case. The subject is given as store_case_dispose leaves it */
  GPtrArray *pictures;          /* StorePicture: with bytes a new one; without, one that goes beside
                                   case_id, or (NULL) is erased */
} StoreCommit;

/*
 * Disposal takes from a case, for good: the bodies and salts of its journal entries, the answers to
 * their requests, the data and life cycles of papers, the words of notices, snapshot, label, search
 * keys, timers, pictures; and in registers what `disposed` names. Headers stay, and what the law wants kept about
 * giving papers out: from whom, to whom, when, how. What was erased is in the file until store_scour.
 */
typedef struct {
  char *name, *key; /* a register entry */
  gint64 seq;       /* 0: the entry goes with its whole history; else what this journal entry wrote … */
  char *fields;     /* … keeps these fields only */
} StoreErasure;
void store_erasure_free(StoreErasure *erasure);

#define STORE_DISPOSED "(disposed)" /* the states of such a case: no state can be called so */
gboolean store_case_disposed(const StoreCase *record);
/* Take from the record what must go. */
void store_case_dispose(StoreCase *record);
/* Bring what was written into the file itself and cut the log off, so that nothing erased remains
 * there. RK_PARTIAL while somebody else is reading. */
RkStatus store_scour(Store *store, RkDiags *diags);

/*
 * Write it all and end the transaction; durable when RK_OK is returned.
 * RK_CONFLICT when the case's revision is not subject->revision - 1, or the request id was
 * used already; RK_STORE on disk trouble. On failure everything is rolled back.
 */
RkStatus store_commit(Store *store, StoreCommit *commit, RkDiags *diags);

/* The same in two steps, for what happens to several cases at once: store_write as often as there
 * are journal entries, then store_end, which makes all of it durable. A failure in either rolls
 * everything back. What was written is read by what follows in the transaction. */
RkStatus store_write(Store *store, StoreCommit *commit, RkDiags *diags);
RkStatus store_end(Store *store, RkDiags *diags);

/*
 * Several transactions as one, so that they share the wait for the disk. In between, store_begin and
 * store_end or store_rollback are those of a part, which is there for the next one or not at all; none
 * of them lasts before store_end_batch has returned RK_OK. If it does not, or after store_drop_batch,
 * none of them was. The memory store keeps each part by itself.
 */
RkStatus store_begin_batch(Store *store, RkDiags *diags);
RkStatus store_end_batch(Store *store, RkDiags *diags);
void store_drop_batch(Store *store);

/*
 * RK_OK, or what any call has failed with since the last store_begin. A question to the store from
 * deep inside a judgement has nobody to tell; what was concluded after such a failure is worth
 * nothing. store_write and store_end refuse by themselves; whoever refuses or answers asks here.
 */
RkStatus store_health(Store *store, RkDiags *diags);

/* ------------------------------------------------------------------ reading */
/* Out arrays own their records (free func set). RK_NOT_FOUND adds no diagnostic: the
 * caller knows what it looked for. */

/* The answer to an earlier request; *result NULL if there was none. */
RkStatus store_find_request(Store *store, const char *request_id, char **result, RkDiags *diags);
/* By number or id. */
RkStatus store_load_case(Store *store, const char *reference, StoreCase **out, RkDiags *diags);

typedef struct {
  const char *search;      /* folded text that must occur in a search key; "": any key */
  const char *procedure, *municipality, *state;
  const char *waits_for;   /* role */
  gint64 due_before;       /* 0: any; else is overdue, or has a timer due at or before */
  gboolean with_closed;
  const char *after;       /* number of the last case of the page before; NULL: first page */
  guint limit;             /* 0: 50 */
} StoreCaseFilter;
/* A page of cases, in the order of their numbers; without their snapshots. */
RkStatus store_query_cases(Store *store, const StoreCaseFilter *filter, GPtrArray **out, RkDiags *diags);

RkStatus store_load_papers(Store *store, const char *case_id, GPtrArray **out, RkDiags *diags);
/* Exemplars of all papers of a case. */
RkStatus store_load_exemplars(Store *store, const char *case_id, GPtrArray **out, RkDiags *diags);
/* A transmission, with what it is listed by. */
typedef struct {
  gint64 place;              /* order in which they were made */
  char *case_number, *bundle;
  char *form, *key;          /* of its paper; NULL for a notice */
  StoreTransmission *sent;
} StoreSent;
void store_sent_free(StoreSent *sent);

typedef struct {
  const char *direction;
  const char *state;         /* NULL: every state but those in `but` */
  const char *const *but;
  const char *after;         /* id of the last one of the page before; NULL: first page */
  guint limit;               /* 0: all */
} StoreSentFilter;
/* A page of them, in the order in which they were made. */
RkStatus store_query_sent(Store *store, const StoreSentFilter *filter, GPtrArray **out, RkDiags *diags);
/* Those whose id begins so, at most `limit`. */
RkStatus store_find_sent(Store *store, const char *direction, const char *prefix, guint limit,
                         GPtrArray **out, RkDiags *diags);

/* An exemplar, with what it is listed by. */
typedef struct {
  char *case_number, *bundle, *form, *key;
  StoreExemplar *exemplar;
} StoreHeld;
void store_held_free(StoreHeld *held);

typedef struct {
  const char *number;        /* of one case; NULL: of all, in the order of their numbers */
  const char *holder;        /* NULL: any */
  const char *after;         /* number of the last case of the page before; NULL: first page */
  guint limit;               /* 0: all. A page ends with the end of a case, so it may be shorter, or,
                                if one case has more, longer */
} StoreHeldFilter;
RkStatus store_query_held(Store *store, const StoreHeldFilter *filter, GPtrArray **out, RkDiags *diags);

/* All of a case (case_id), or all of the office in a direction and/or state (NULL: any). */
RkStatus store_load_transmissions(Store *store, const char *case_id, const char *direction,
                                  const char *state, GPtrArray **out, RkDiags *diags);
/* Of a case, or of all (case_id NULL), due at or before `due` in due order; at most `limit` (0: all). */
RkStatus store_load_timers(Store *store, const char *case_id, gint64 due, guint limit,
                           GPtrArray **out, RkDiags *diags);
/* One register; key NULL: all entries, in key order. */
RkStatus store_load_register(Store *store, const char *name, const char *key, GPtrArray **out, RkDiags *diags);
/* A page of one: the entries after the key `after` (NULL: from the first). */
RkStatus store_query_register(Store *store, const char *name, const char *after, guint limit,
                              GPtrArray **out, RkDiags *diags);
/* The search keys (char *) of a case, in order. */
RkStatus store_load_search(Store *store, const char *case_id, GPtrArray **out, RkDiags *diags);
/* Every value an entry ever had, oldest first; name NULL: of every entry of every register. */
RkStatus store_register_history(Store *store, const char *name, const char *key, GPtrArray **out, RkDiags *diags);
/* The same of every entry, but only what the journal's entries `first` to `last` wrote, in their order. */
RkStatus store_history_between(Store *store, gint64 first, gint64 last, GPtrArray **out, RkDiags *diags);
/* Of each register, the entries that are not the last of their history, and such a last that stands in no
 * entry: none, or the file is not what it says. *count: how many entries there are. */
RkStatus store_stray_registers(Store *store, gint64 *count, GPtrArray **out, RkDiags *diags);
/* Journal of a case (case_id) or of everything (NULL), from `from_seq`, at most `limit` (0: all). */
RkStatus store_load_journal(Store *store, const char *case_id, gint64 from_seq, guint limit,
                            GPtrArray **out, RkDiags *diags);
/* The last entry of the file; 0 when there is none. `entered` may be NULL. */
RkStatus store_journal_head(Store *store, gint64 *seq, Hash *head, gint64 *entered, RkDiags *diags);
/* One entry of the whole chain, whichever office it is of: for its hashes. RK_NOT_FOUND. */
RkStatus store_load_chained(Store *store, gint64 seq, StoreJournal **out, RkDiags *diags);
/* What has this hash: the bytes are held against it. RK_NOT_FOUND. */
RkStatus store_load_blob(Store *store, const Hash *hash, GBytes **out, RkDiags *diags);

/* The pictures of a case, or (NULL) those in the tray, in the order of their ids; without bytes. */
RkStatus store_load_pictures(Store *store, const char *case_id, GPtrArray **out, RkDiags *diags);
/* The open cases (char *: their ids) that pictures lie beside, in the order of the ids; at most `limit` after `after`
 * (NULL: from the first). */
RkStatus store_load_pictured(Store *store, const char *after, guint limit, GPtrArray **out, RkDiags *diags);
/* One with its bytes, which are what the hash says. RK_NOT_FOUND. */
RkStatus store_load_picture(Store *store, const char *id, StorePicture **out, RkDiags *diags);

/*
 * The bytes whose SHA-256 is the entry's hash, and those whose SHA-256 is its body_commit (NULL: the
 * body is not there): for those who want to check without this program. Every field has its length
 * before it, as eight bytes, the highest first; a text that is absent is eight bytes ff.
 */
GBytes *store_journal_header_bytes(const StoreJournal *entry);
GBytes *store_journal_body_bytes(const StoreJournal *entry);

/* ------------------------------------------------------- access log, checks */

/* Append to the access log (its own chain, its own transaction). Not inside store_begin. */
RkStatus store_log_access(Store *store, const StoreAccess *access, RkDiags *diags);
/* Of this office. */
RkStatus store_load_access(Store *store, guint limit, GPtrArray **out, RkDiags *diags);
/* Number and hash of its entry `at`, or of its last one (0), whichever office it is of. RK_NOT_FOUND. */
RkStatus store_access_at(Store *store, gint64 at, gint64 *seq, Hash *hash, RkDiags *diags);
/* What it says of one case (its number); all of the log is looked through. */
RkStatus store_access_of_case(Store *store, const char *number, GPtrArray **out, RkDiags *diags);

typedef struct {
  gint64 journal_entries, access_entries;
  gint64 bad_journal, bad_access; /* first bad sequence number, 0: none */
  gint64 backward;    /* entries that were entered before the one they follow: two clocks disagreed */
  gint64 erased;                  /* entries whose body was disposed of: checked by the chain only */
} StoreVerify;
/* Recompute both chains, body commitments, and the store's own invariants (foreign keys,
 * case numbers, blobs and pictures by their hashes, integrity check). RK_OK with bad_* set and diagnostics when
 * broken. */
RkStatus store_verify(Store *store, StoreVerify *out, RkDiags *diags);
/* Only both chains and the body commitments. */
RkStatus store_verify_chains(Store *store, StoreVerify *out, RkDiags *diags);
/* From here on all that is read is of one moment, whatever others commit meanwhile; nothing is
 * written. Of a journal that was found good since, entries are not hashed again. */
RkStatus store_hold(Store *store, RkDiags *diags);
void store_let_go(Store *store);

/* ------------------------------------------------------------------- copies */

/*
 * The database as it is now, as a file `path` (0600; it must not exist), made while others work. When
 * RK_OK is returned it is complete, on the disk and verified; *found says what it holds. Anything
 * else leaves no such file. RK_REFUSED for a store in memory.
 */
RkStatus store_copy(Store *store, const char *path, StoreVerify *found, RkDiags *diags);
/* A copy `from` becomes the database `path`, which must not exist; verified before it bears the name.
 * RK_REFUSED when `from` is a database in use. */
RkStatus store_restore(const char *from, const char *path, StoreVerify *found, RkDiags *diags);

#endif
