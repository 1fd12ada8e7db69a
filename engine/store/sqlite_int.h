/* SPDX-License-Identifier: Apache-2.0 */
/* sqlite_int.h - the SQLite store's own header: statements and how values pass. */
#ifndef RK_STORE_SQLITE_INT_H
#define RK_STORE_SQLITE_INT_H

#include "store/store_int.h"

#include <sqlite3.h>

#define SCHEMA_VERSION 4
#define APPLICATION_ID 0x524B656E /* "RKen" */

/* Every statement of the store: name and text. */
typedef enum {
#define STATEMENT(name, sql) SQL_##name,
#include "store/statements.def"
#undef STATEMENT
  SQL_COUNT
} StatementId;

typedef struct {
  Store public;
  sqlite3 *db;
  char *path;
  int queue; /* file descriptor of the queue file, or -1 */
  gboolean writing;
  gboolean batch;  /* between store_begin_batch and its end: begin and end are those of a part */
  gboolean held;   /* between store_hold and store_let_go */
  gboolean hashed; /* since then every entry of the journal was found to be what its hashes say */
  gint64 data_version; /* SQLite's number of what others have committed */
  char *absent;        /* a request id that was not found since the last begin, or NULL */
  int failed; /* SQLite's code of the first failure since the last begin, or SQLITE_OK */
  char *why;
  sqlite3_stmt *statements[SQL_COUNT];
} SqliteStore;

/* The schema, and a statement's text: for tests. */
extern const char sqlite_schema[];
const char *sqlite_statement_text(StatementId id);

/*
 * A statement, reset and bound. `format` has a letter an argument: t text (may be NULL),
 * i gint64, b GBytes (may be NULL), h Hash *.
 */
sqlite3_stmt *sqlite_bind(SqliteStore *store, StatementId id, const char *format, ...);
/* Bind and run a statement that gives no rows. */
RkStatus sqlite_do(SqliteStore *store, RkDiags *diags, StatementId id, const char *format, ...);
/* Run one that is bound already; NULL: it could not be. */
RkStatus sqlite_run(SqliteStore *store, sqlite3_stmt *statement, RkDiags *diags);
/* TRUE while there is a row; *status tells how it ended. Resets at the end. */
gboolean sqlite_row(SqliteStore *store, sqlite3_stmt *statement, RkStatus *status, RkDiags *diags);
/*
 * The same, but a row must hold what the schema promises, or the file is damaged: SQLite does not
 * look when it reads. A letter a column: t text, i number, b bytes, h hash; T, B: or NULL. Text is
 * UTF-8 without U+0000.
 */
gboolean sqlite_row_of(SqliteStore *store, sqlite3_stmt *statement, const char *columns,
                       RkStatus *status, RkDiags *diags);
/* The failure in words; it is remembered until the next begin. */
RkStatus sqlite_failure(SqliteStore *store, int code, RkDiags *diags);

char *sqlite_text(sqlite3_stmt *statement, int column); /* g_free; NULL for NULL */
GBytes *sqlite_bytes(sqlite3_stmt *statement, int column);
Hash sqlite_hash(sqlite3_stmt *statement, int column);

/* sqlite_write.c, sqlite_read.c, sqlite_verify.c */
RkStatus sqlite_write(Store *store, StoreCommit *commit, RkDiags *diags);
RkStatus sqlite_end(Store *store, RkDiags *diags);
RkStatus sqlite_log_access(Store *store, const StoreAccess *access, RkDiags *diags);
RkStatus sqlite_begin(Store *store, RkDiags *diags);
void sqlite_rollback(Store *store);
RkStatus sqlite_health(Store *store, RkDiags *diags);
void sqlite_read_ops(StoreOps *ops);
/* A row of CASE_LISTED; NULL when there is none. Resets. */
StoreCase *sqlite_read_listed(SqliteStore *store, sqlite3_stmt *s, RkStatus *status, RkDiags *diags);
/* Of the columns from `from` on: EXEMPLAR_ROW, TRANSMISSION_ROW. */
#define EXEMPLAR_ROW "ttttTii"
#define TRANSMISSION_ROW "ttTTttTttTii"
StoreExemplar *sqlite_read_exemplar(sqlite3_stmt *s, int from);
StoreTransmission *sqlite_read_transmission(sqlite3_stmt *s, int from);
RkStatus sqlite_read_registers(SqliteStore *store, sqlite3_stmt *s, GPtrArray *out, RkDiags *diags);
/* sqlite_list.c */
void sqlite_list_ops(StoreOps *ops);
/* sqlite_find.c */
RkStatus sqlite_query_cases(Store *store, const StoreCaseFilter *filter, GPtrArray *out,
                            RkDiags *diags);
/* sqlite_index.c: the terms of a case as it was (NULL: it is new) and is; `number` is new->number. */
RkStatus sqlite_put_marks(SqliteStore *store, const StoreCase *old, const StoreCase *new,
                          RkDiags *diags);
RkStatus sqlite_put_grams(SqliteStore *store, const char *number, const GPtrArray *old,
                          const GPtrArray *new, RkDiags *diags);
/* For all cases, into empty tables. */
RkStatus sqlite_make_terms(SqliteStore *store, RkDiags *diags);
RkStatus sqlite_verify_terms(SqliteStore *store, RkDiags *diags);
RkStatus sqlite_verify(Store *store, StoreVerify *out, RkDiags *diags);
RkStatus sqlite_verify_chains(Store *store, StoreVerify *out, RkDiags *diags);
RkStatus sqlite_journal_head(Store *store, gint64 *seq, Hash *head, gint64 *entered, RkDiags *diags);
StoreJournal *sqlite_read_journal(sqlite3_stmt *statement);
/* Whether the row that was read is what its own hash says: what is done by it must not be damaged. */
gboolean sqlite_journal_good(sqlite3_stmt *statement, const StoreJournal *entry);
StoreAccess *sqlite_read_access(sqlite3_stmt *statement);

/* sqlite_picture.c */
RkStatus sqlite_write_pictures(SqliteStore *store, const StoreCommit *commit, RkDiags *diags);
RkStatus sqlite_verify_pictures(SqliteStore *store, RkDiags *diags);
void sqlite_picture_ops(StoreOps *ops);

/* sqlite_dispose.c: carry out commit->disposed; the entry is written already. */
RkStatus sqlite_dispose(SqliteStore *store, const StoreCommit *commit, RkDiags *diags);
RkStatus sqlite_begin_batch(Store *store, RkDiags *diags);
RkStatus sqlite_end_batch(Store *store, RkDiags *diags);
void sqlite_drop_batch(Store *store);
RkStatus sqlite_hold(Store *store, RkDiags *diags);
void sqlite_let_go(Store *store);
RkStatus sqlite_scour(Store *store, RkDiags *diags);

/* sqlite.c: an empty file 0600 that did not exist. */
RkStatus sqlite_make_file(const char *path, RkDiags *diags);
/* The steps of opening. A handle (store_close); a file that may be opened; the connection; every
 * setting made and read back; the schema's version, of a file that is ours. */
SqliteStore *sqlite_new(const char *path);
RkStatus sqlite_check_file(const char *path, RkDiags *diags);
RkStatus sqlite_connect(SqliteStore *store, RkDiags *diags);
RkStatus sqlite_settings(SqliteStore *store, RkDiags *diags);
RkStatus sqlite_version(SqliteStore *store, gint64 *version, RkDiags *diags);
RkStatus sqlite_script(SqliteStore *store, const char *sql, RkDiags *diags);
/* sqlite_copy.c */
RkStatus sqlite_copy(Store *store, const char *path, StoreVerify *found, RkDiags *diags);

/* sqlite_find.c: numbers of one fiscal year and one length, which are in the order of texts. */
typedef struct {
  char *prefix;      /* "R8-" */
  gsize length;      /* of the whole number */
  char *after, *end; /* they lie between */
} NumberRun;
/* All runs behind the number `last` (NULL: all), in their order. */
RkStatus sqlite_number_runs(SqliteStore *store, const char *last, GPtrArray **out, RkDiags *diags);

#endif
