/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sqlite.c - opening, settings, statements of the SQLite store.
 *
 * Invariants: a connection is used only after every setting was read back as asked (WAL, FULL,
 * foreign keys, defensive …: a forgotten one would weaken just its own commits); writing goes
 * through the queue file and BEGIN IMMEDIATE; a file of another application, a newer schema
 * or on a network share is never written.
 */
#include "store/sqlite_int.h"

#include "base/name.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define BUSY_MILLISECONDS 20000
/* Small memory of a connection, so that a statement rarely asks for any: 240 KB. */
#define LOOKASIDE_BYTES 1200
#define LOOKASIDE_COUNT 200

static const char *const statement_texts[SQL_COUNT] = {
#define STATEMENT(name, sql) [SQL_##name] = sql,
#include "store/statements.def"
#undef STATEMENT
};

const char *sqlite_statement_text(StatementId id) {
  return statement_texts[id];
}

/* -------------------------------------------------------------------- failures */

static RkStatus describe(const SqliteStore *store, int code, const char *words, RkDiags *diags) {
  switch (code & 0xff) {
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return diags_fail(diags, RK_STORE, DIAG_DB_LOCKED, NULL, NULL);
  case SQLITE_FULL:
    return diags_fail(diags, RK_STORE, DIAG_DB_FULL, NULL, NULL);
  case SQLITE_READONLY:
  case SQLITE_PERM:
    return diags_fail(diags, RK_STORE, DIAG_DB_READONLY, NULL, NULL);
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    return diags_fail(diags, RK_STORE, DIAG_DB_DAMAGED, NULL, words, NULL);
  case SQLITE_CANTOPEN:
    return diags_fail(diags, RK_STORE, DIAG_DB_OPEN, NULL, store->path, words, NULL);
  case SQLITE_NOMEM:
    return diags_fail(diags, RK_NOMEM, DIAG_DB_MEMORY, NULL, NULL);
  case SQLITE_IOERR:
    /* A commit's sync: it is written, but whether that lasts nobody knows. */
    if (code == SQLITE_IOERR_FSYNC && store->writing)
      return diags_fail(diags, RK_STORE, DIAG_DB_UNCERTAIN, NULL, NULL);
    break;
  }
  return diags_fail(diags, RK_STORE, DIAG_DB_IO, NULL, words, NULL);
}

RkStatus sqlite_failure(SqliteStore *store, int code, RkDiags *diags) {
  gboolean own = store->db && (sqlite3_errcode(store->db) & 0xff) == (code & 0xff);
  const char *words = own ? sqlite3_errmsg(store->db) : sqlite3_errstr(code);
  if (store->failed == SQLITE_OK) {
    store->failed = code;
    store->why = g_strdup(words);
  }
  return describe(store, code, words, diags);
}

RkStatus sqlite_health(Store *public, RkDiags *diags) {
  SqliteStore *store = (SqliteStore *)public;
  return store->failed == SQLITE_OK ? RK_OK : describe(store, store->failed, store->why, diags);
}

/* ------------------------------------------------------------------- statements */

static int bind_bytes(sqlite3_stmt *statement, int index, GBytes *bytes, sqlite3_destructor_type kept) {
  gsize length = 0;
  const void *data = bytes ? g_bytes_get_data(bytes, &length) : NULL;
  return bytes ? sqlite3_bind_blob64(statement, index, data ? data : "", length, kept)
               : sqlite3_bind_null(statement, index);
}

static int bind_all(sqlite3_stmt *s, const char *format, va_list list, sqlite3_destructor_type kept) {
  int code = SQLITE_OK;
  for (int i = 1; format[i - 1] && code == SQLITE_OK; i++) {
    if (format[i - 1] == 't')
      code = sqlite3_bind_text(s, i, va_arg(list, const char *), -1, kept);
    else if (format[i - 1] == 'i')
      code = sqlite3_bind_int64(s, i, va_arg(list, gint64));
    else if (format[i - 1] == 'b')
      code = bind_bytes(s, i, va_arg(list, GBytes *), kept);
    else
      code = sqlite3_bind_blob(s, i, va_arg(list, const Hash *)->bytes, HASH_SIZE, kept);
  }
  return code;
}

/* Prepared at its first use; reset. NULL: it cannot be. */
static sqlite3_stmt *statement_of(SqliteStore *store, StatementId id) {
  sqlite3_stmt **slot = &store->statements[id];
  if (!*slot && sqlite3_prepare_v3(store->db, statement_texts[id], -1, SQLITE_PREPARE_PERSISTENT,
                                   slot, NULL) != SQLITE_OK)
    return NULL;
  sqlite3_reset(*slot);
  return *slot;
}

sqlite3_stmt *sqlite_bind(SqliteStore *store, StatementId id, const char *format, ...) {
  sqlite3_stmt *statement = statement_of(store, id);
  va_list list;
  va_start(list, format);
  /* What cannot be bound would stand there as NULL. */
  int code = statement ? bind_all(statement, format, list, SQLITE_TRANSIENT) : SQLITE_ERROR;
  va_end(list);
  return code == SQLITE_OK ? statement : NULL;
}

RkStatus sqlite_do(SqliteStore *store, RkDiags *diags, StatementId id, const char *format, ...) {
  sqlite3_stmt *statement = statement_of(store, id);
  va_list list;
  va_start(list, format);
  /* Not copied: it lives as long as this call, and is forgotten before it ends. */
  int code = statement ? bind_all(statement, format, list, SQLITE_STATIC) : SQLITE_ERROR;
  va_end(list);
  RkStatus status = sqlite_run(store, code == SQLITE_OK ? statement : NULL, diags);
  if (statement)
    sqlite3_clear_bindings(statement);
  return status;
}

RkStatus sqlite_run(SqliteStore *store, sqlite3_stmt *statement, RkDiags *diags) {
  int code = statement ? sqlite3_step(statement) : sqlite3_extended_errcode(store->db);
  RkStatus status = code == SQLITE_DONE || code == SQLITE_ROW ? RK_OK
                                                              : sqlite_failure(store, code, diags);
  sqlite3_reset(statement);
  return status;
}

gboolean sqlite_row(SqliteStore *store, sqlite3_stmt *statement, RkStatus *status,
                    RkDiags *diags) {
  int code = statement ? sqlite3_step(statement) : sqlite3_extended_errcode(store->db);
  *status = RK_OK;
  if (code == SQLITE_ROW)
    return TRUE;
  if (code != SQLITE_DONE)
    *status = sqlite_failure(store, code, diags);
  sqlite3_reset(statement);
  return FALSE;
}

/* A value that is there but cannot be given must not be taken for none. As everywhere in the
 * library, want of memory ends the process. */
static const void *or_end(const void *value, sqlite3_stmt *statement, int column) {
  if (!value && sqlite3_errcode(sqlite3_db_handle(statement)) == SQLITE_NOMEM)
    g_error("no memory for column %d of a row", column);
  return value;
}

char *sqlite_text(sqlite3_stmt *statement, int column) {
  return g_strdup(or_end(sqlite3_column_text(statement, column), statement, column));
}

GBytes *sqlite_bytes(sqlite3_stmt *statement, int column) {
  if (sqlite3_column_type(statement, column) == SQLITE_NULL)
    return NULL;
  const void *data = or_end(sqlite3_column_blob(statement, column), statement, column);
  return g_bytes_new(data, (gsize)sqlite3_column_bytes(statement, column));
}

Hash sqlite_hash(sqlite3_stmt *statement, int column) {
  Hash hash = {{0}};
  if (sqlite3_column_bytes(statement, column) == HASH_SIZE)
    memcpy(hash.bytes, or_end(sqlite3_column_blob(statement, column), statement, column), HASH_SIZE);
  return hash;
}

/* --------------------------------------------------------------------- settings */

/* The cache (KiB) holds what a hundred events change, so that a batch writes no page twice; the log may grow to
   16 MiB before it is copied home, so that the pages at the ends of indexes are copied once for many events. */
static const struct {
  const char *set, *read, *wanted;
} pragmas[] = {
    {"PRAGMA synchronous=FULL", "PRAGMA synchronous", "2"},
    {"PRAGMA secure_delete=ON", "PRAGMA secure_delete", "1"},
    {"PRAGMA temp_store=MEMORY", "PRAGMA temp_store", "2"},
    {"PRAGMA cell_size_check=ON", "PRAGMA cell_size_check", "1"},
    {"PRAGMA journal_size_limit=67108864", "PRAGMA journal_size_limit", "67108864"},
    {"PRAGMA mmap_size=0", "PRAGMA mmap_size", "0"},
    {"PRAGMA cache_size=-32768", "PRAGMA cache_size", "-32768"},
    {"PRAGMA wal_autocheckpoint=4096", "PRAGMA wal_autocheckpoint", "4096"},
    {"PRAGMA recursive_triggers=ON", "PRAGMA recursive_triggers", "1"},
    {"PRAGMA foreign_keys=ON", "PRAGMA foreign_keys", "1"},
    {NULL, "PRAGMA journal_mode", "wal"},
};

static char *read_pragma(SqliteStore *store, const char *sql, RkStatus *status, RkDiags *diags) {
  sqlite3_stmt *statement = NULL;
  char *text = NULL;
  int code = sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL);
  if (code == SQLITE_OK)
    code = sqlite3_step(statement);
  if (code == SQLITE_ROW)
    text = sqlite_text(statement, 0);
  sqlite3_finalize(statement);
  *status = code == SQLITE_ROW || code == SQLITE_DONE ? RK_OK : sqlite_failure(store, code, diags);
  return text;
}

RkStatus sqlite_settings(SqliteStore *store, RkDiags *diags) {
  for (guint i = 0; i < G_N_ELEMENTS(pragmas); i++) {
    RkStatus status = RK_OK;
    if (pragmas[i].set)
      g_free(read_pragma(store, pragmas[i].set, &status, diags));
    if (status != RK_OK)
      return status;
    g_autofree char *value = read_pragma(store, pragmas[i].read, &status, diags);
    if (status != RK_OK)
      return status;
    /* A read-only medium answers "delete": what cannot be WAL is not written to. */
    if (g_strcmp0(value, pragmas[i].wanted) != 0)
      return diags_fail(diags, RK_STORE, DIAG_DB_SETTING, NULL, pragmas[i].read + 7,
                        value ? value : "-", pragmas[i].wanted, NULL);
  }
  return RK_OK;
}

static void apply_limits(sqlite3 *db) {
  sqlite3_extended_result_codes(db, 1);
  sqlite3_db_config(db, SQLITE_DBCONFIG_LOOKASIDE, NULL, LOOKASIDE_BYTES, LOOKASIDE_COUNT);
  sqlite3_busy_timeout(db, BUSY_MILLISECONDS);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, NULL);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
  sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 16 << 20);
  sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, 100000);
  sqlite3_limit(db, SQLITE_LIMIT_EXPR_DEPTH, 100);
  sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
}

/* ------------------------------------------------------------------------ place */

/* File systems on which several hosts may write: SQLite's locks do not hold there. */
static gboolean is_network_type(long type) {
  static const unsigned int shares[] = {0x6969, 0xff534d42, 0xfe534d42, 0x517B, 0x65735546,
                                        0x01021997, 0x786f4256, 0x0BD00BD0, 0x00c36400};
  for (guint i = 0; i < G_N_ELEMENTS(shares); i++)
    if ((unsigned int)type == shares[i])
      return TRUE;
  return FALSE;
}

static gboolean on_network(const char *path, const StoreEnvironment *environment) {
  struct statfs info;
  if (environment && environment->is_network)
    return environment->is_network(path, environment->user);
  return statfs(path, &info) == 0 && is_network_type((long)info.f_type);
}

static RkStatus check_place(const char *path, const StoreEnvironment *environment,
                            RkDiags *diags) {
  g_autofree char *folder = g_path_get_dirname(path);
  struct stat info;
  if (on_network(folder, environment))
    return diags_fail(diags, RK_STORE, DIAG_DB_NETWORK, NULL, path, NULL);
  if (stat(folder, &info) == 0 && (info.st_mode & (S_IWGRP | S_IWOTH)) && !(info.st_mode & S_ISVTX))
    return diags_fail(diags, RK_STORE, DIAG_DB_FOLDER, NULL, folder, NULL);
  return RK_OK;
}

/* ------------------------------------------------------------- open and close */

static void sqlite_close(Store *public) {
  SqliteStore *store = (SqliteStore *)public;
  for (guint i = 0; i < SQL_COUNT; i++)
    sqlite3_finalize(store->statements[i]);
  sqlite3_close(store->db);
  if (store->queue >= 0)
    close(store->queue);
  g_free(store->path);
  g_free(store->why);
  g_free(store->absent);
  g_free(public->office);
  g_free(store);
}

static RkStatus sqlite_add_office(Store *public, const char *office, RkDiags *diags) {
  SqliteStore *store = (SqliteStore *)public;
  g_assert(store->writing);
  return sqlite_do(store, diags, SQL_OFFICE_ADD, "t", office);
}

/* The table is the same for every handle; it is put together once. */
static const StoreOps *sqlite_ops(void) {
  static StoreOps ops;
  static gsize once;
  if (g_once_init_enter(&once)) {
    ops.close = sqlite_close;
    ops.begin = sqlite_begin;
    ops.rollback = sqlite_rollback;
    ops.write = sqlite_write;
    ops.end = sqlite_end;
    ops.log_access = sqlite_log_access;
    ops.health = sqlite_health;
    ops.verify = sqlite_verify;
    ops.verify_chains = sqlite_verify_chains;
    ops.begin_batch = sqlite_begin_batch;
    ops.end_batch = sqlite_end_batch;
    ops.drop_batch = sqlite_drop_batch;
    ops.hold = sqlite_hold;
    ops.let_go = sqlite_let_go;
    ops.copy = sqlite_copy;
    ops.add_office = sqlite_add_office;
    ops.scour = sqlite_scour;
    sqlite_read_ops(&ops);
    g_once_init_leave(&once, 1);
  }
  return &ops;
}

SqliteStore *sqlite_new(const char *path) {
  SqliteStore *store = g_new0(SqliteStore, 1);
  store->public.ops = sqlite_ops();
  store->path = g_strdup(path);
  store->queue = -1;
  return store;
}

/* Once, and before SQLite is first used: nobody asks how much memory it holds, and counting takes a lock
 * at each allocation. Too late, it stays as it is. */
static void configure_library(void) {
  static gsize once;
  if (!g_once_init_enter(&once))
    return;
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  g_once_init_leave(&once, 1);
}

RkStatus sqlite_connect(SqliteStore *store, RkDiags *diags) {
  configure_library();
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX;
  int code = sqlite3_open_v2(store->path, &store->db, flags, NULL);
  if (code != SQLITE_OK)
    return sqlite_failure(store, code, diags);
  apply_limits(store->db);
  return RK_OK;
}

/* Writers queue here in turn: SQLite's own waiting starves the unlucky. */
static RkStatus open_queue(SqliteStore *store, RkDiags *diags) {
  g_autofree char *path = g_strconcat(store->path, "-queue", NULL);
  store->queue = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (store->queue >= 0)
    return RK_OK;
  return diags_fail(diags, RK_STORE, DIAG_DB_OPEN, NULL, path, g_strerror(errno), NULL);
}

RkStatus sqlite_version(SqliteStore *store, gint64 *version, RkDiags *diags) {
  RkStatus status = RK_OK;
  g_autofree char *application = read_pragma(store, "PRAGMA application_id", &status, diags);
  if (status != RK_OK)
    return status;
  if (g_ascii_strtoll(application ? application : "0", NULL, 10) != APPLICATION_ID)
    return diags_fail(diags, RK_STORE, DIAG_DB_FOREIGN, NULL, store->path, NULL);
  g_autofree char *text = read_pragma(store, "PRAGMA user_version", &status, diags);
  *version = g_ascii_strtoll(text ? text : "0", NULL, 10);
  return status;
}

static RkStatus check_identity(SqliteStore *store, RkDiags *diags) {
  gint64 version = 0;
  RkStatus status = sqlite_version(store, &version, diags);
  if (status != RK_OK || version == SCHEMA_VERSION)
    return status;
  g_autofree char *found = g_strdup_printf("%d", (int)version);
  g_autofree char *known = g_strdup_printf("%d", SCHEMA_VERSION);
  return diags_fail(diags, RK_STORE, version > SCHEMA_VERSION ? DIAG_DB_NEWER : DIAG_DB_OLDER, NULL,
                    store->path, found, known, NULL);
}

static RkStatus read_office(SqliteStore *store, RkDiags *diags) {
  RkStatus status;
  sqlite3_stmt *statement = sqlite_bind(store, SQL_OFFICES_FULL, "");
  if (sqlite_row_of(store, statement, "t", &status, diags)) {
    store->public.office = sqlite_text(statement, 0);
    sqlite3_reset(statement);
    return RK_OK;
  }
  return status == RK_OK ? diags_fail(diags, RK_STORE, DIAG_DB_FOREIGN, NULL, store->path, NULL)
                         : status;
}

RkStatus sqlite_check_file(const char *path, RkDiags *diags) {
  struct stat info;
  if (lstat(path, &info) != 0) {
    if (errno == ENOENT)
      return diags_fail(diags, RK_STORE, DIAG_DB_MISSING, NULL, path, NULL);
    return diags_fail(diags, RK_STORE, DIAG_DB_OPEN, NULL, path, g_strerror(errno), NULL);
  }
  if (access(path, R_OK | W_OK) != 0)
    return diags_fail(diags, RK_STORE, DIAG_DB_OPEN, NULL, path, g_strerror(errno), NULL);
  return RK_OK;
}

RkStatus store_open(Store **out, const char *path, const StoreEnvironment *environment,
                    RkDiags *diags) {
  *out = NULL;
  RkStatus status = sqlite_check_file(path, diags);
  if (status == RK_OK)
    status = check_place(path, environment, diags);
  if (status != RK_OK)
    return status;
  SqliteStore *store = sqlite_new(path);
  status = sqlite_connect(store, diags);
  if (status == RK_OK)
    status = check_identity(store, diags);
  if (status == RK_OK)
    status = sqlite_settings(store, diags);
  if (status == RK_OK)
    status = open_queue(store, diags);
  if (status == RK_OK)
    status = read_office(store, diags);
  if (status == RK_OK)
    *out = &store->public;
  else
    sqlite_close(&store->public);
  return status;
}

/* ----------------------------------------------------------------------- create */

RkStatus sqlite_make_file(const char *path, RkDiags *diags) {
  int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd >= 0) {
    close(fd);
    return RK_OK;
  }
  if (errno == EEXIST)
    return diags_fail(diags, RK_CONFLICT, DIAG_DB_EXISTS, NULL, path, NULL);
  return diags_fail(diags, RK_STORE, DIAG_DB_OPEN, NULL, path, g_strerror(errno), NULL);
}

RkStatus sqlite_script(SqliteStore *store, const char *sql, RkDiags *diags) {
  int code = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
  return code == SQLITE_OK ? RK_OK : sqlite_failure(store, code, diags);
}

static RkStatus make_schema(SqliteStore *store, const char *office, RkDiags *diags) {
  g_autofree char *head = g_strdup_printf("PRAGMA page_size=4096; PRAGMA encoding='UTF-8';"
                                          "PRAGMA application_id=%d; PRAGMA journal_mode=WAL;",
                                          APPLICATION_ID);
  g_autofree char *version = g_strdup_printf("PRAGMA user_version=%d; COMMIT;", SCHEMA_VERSION);
  RkStatus status = sqlite_script(store, head, diags);
  if (status == RK_OK)
    status = sqlite_settings(store, diags);
  if (status == RK_OK)
    status = sqlite_script(store, "BEGIN IMMEDIATE", diags);
  if (status == RK_OK)
    status = sqlite_script(store, sqlite_schema, diags);
  if (status == RK_OK)
    status = sqlite_do(store, diags, SQL_OFFICE_ADD, "t", office);
  if (status == RK_OK)
    status = sqlite_script(store, version, diags);
  return status;
}

RkStatus store_create(Store **out, const char *path, const char *office,
                      const StoreEnvironment *environment, RkDiags *diags) {
  *out = NULL;
  RkStatus status = check_place(path, environment, diags);
  if (status == RK_OK)
    status = sqlite_make_file(path, diags);
  if (status != RK_OK)
    return status;
  SqliteStore *store = sqlite_new(path);
  status = sqlite_connect(store, diags);
  if (status == RK_OK)
    status = make_schema(store, office, diags);
  if (status == RK_OK)
    status = open_queue(store, diags);
  store->public.office = g_strdup(office);
  if (status == RK_OK) {
    *out = &store->public;
    return RK_OK;
  }
  sqlite_close(&store->public);
  store_discard(path);
  return status;
}

/* ---------------------------------------------------------------------- publish */

/* What the last close could not bring into the file still lies beside it: an unwritable disk. */
static gboolean is_alone(const char *path) {
  g_autofree char *log = g_strconcat(path, "-wal", NULL);
  g_autofree char *journal = g_strconcat(path, "-journal", NULL);
  return access(log, F_OK) != 0 && access(journal, F_OK) != 0;
}

RkStatus store_publish(const char *made, const char *path, RkDiags *diags) {
  if (!is_alone(made))
    return diags_fail(diags, RK_STORE, DIAG_DB_IO, NULL, sqlite3_errstr(SQLITE_IOERR), NULL);
  g_autofree char *queue = g_strconcat(made, "-queue", NULL);
  unlink(queue);
  if (name_give(made, path) && name_sync(path))
    return RK_OK;
  if (errno == EEXIST)
    return diags_fail(diags, RK_CONFLICT, DIAG_DB_EXISTS, NULL, path, NULL);
  return diags_fail(diags, RK_STORE, DIAG_DB_OPEN, NULL, path, g_strerror(errno), NULL);
}

void store_discard(const char *made) {
  static const char *const endings[] = {"", "-journal", "-wal", "-shm", "-queue"};
  for (guint i = 0; i < G_N_ELEMENTS(endings); i++) {
    g_autofree char *path = g_strconcat(made, endings[i], NULL);
    unlink(path);
  }
}
