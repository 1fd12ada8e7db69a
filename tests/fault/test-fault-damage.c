/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-fault-damage.c - bytes of the database change by themselves, or by somebody's hand.
 *
 * Each damaged file is opened, verified and read in a process of its own, which must not crash and
 * not hang, and must answer:
 *
 *   found     refused, or verify says what is broken
 *   harmless  the database says exactly what it said before: the bytes were in unused space
 *   unnoticed verify is content, but something else is said: a fault
 *
 * Then, with an SQL shell, each column of each table is changed in one row, and a row of each is
 * deleted.
 *
 * Damage to the write-ahead log ends it there, as SQLite defines it: what was committed after is
 * gone, and what is left is whole. Nobody can tell that from a log that ended there, but by a
 * number that was noted elsewhere; those are counted as shortened.
 *
 * RENKEI_FAULT_LONG: 20,000 accidents instead of 500, and 40 times the columns.
 * RENKEI_FAULT_PROVE=trust: whether verify is content is not asked: must fail.
 */
#include "database.h"
#include "day.h"
#include "tap.h"
#include "vfs.h"

#include "store/sqlite_int.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* ------------------------------------------------------------------- accidents */

typedef enum {
  BIT,
  BYTE,
  BYTES,
  SECTOR_ZERO,
  PAGE_NOISE,
  PAGE_ZERO,
  PAGES_SWAPPED,
  TRUNCATED,
  LENGTHENED,
  N_KINDS
} Kind;

static const char *const kinds[N_KINDS] = {
    "one bit",          "one byte",        "16 bytes",       "a sector of zeros", "a page of noise",
    "a page of zeros",  "two pages swapped", "cut off",      "noise at the end"};

/* Random bytes, or zeros (dice NULL), as far as the file goes. */
static void spoil(GByteArray *file, gsize at, gsize length, Dice *dice) {
  for (gsize i = at; i < MIN(at + length, file->len); i++)
    file->data[i] = dice ? (guint8)dice_below(dice, 256) : 0;
}

static void swap_pages(GByteArray *file, gsize page, gsize other) {
  guint8 kept[4096];
  memcpy(kept, file->data + page, sizeof kept);
  memcpy(file->data + page, file->data + other, sizeof kept);
  memcpy(file->data + other, kept, sizeof kept);
}

static void harm(GByteArray *file, Kind kind, Dice *dice) {
  gsize place = dice_below(dice, file->len), page = place & ~(gsize)4095;
  gsize other = dice_below(dice, file->len / 4096) * 4096;
  switch (kind) {
  case BIT: file->data[place] ^= (guint8)(1 << dice_below(dice, 8)); return;
  case BYTE: spoil(file, place, 1, dice); return;
  case BYTES: spoil(file, place, 16, dice); return;
  case SECTOR_ZERO: spoil(file, place & ~(gsize)511, 512, NULL); return;
  case PAGE_NOISE: spoil(file, page, 4096, dice); return;
  case PAGE_ZERO: spoil(file, page, 4096, NULL); return;
  case PAGES_SWAPPED:
    if (page + 4096 <= file->len)
      swap_pages(file, page, other);
    return;
  case TRUNCATED:
    g_byte_array_set_size(file, (guint)(dice_below(dice, 2) ? place : page));
    return;
  default:
    g_byte_array_set_size(file, file->len + 4096);
    spoil(file, file->len - 4096, 4096, dice);
  }
}

/* ----------------------------------------------------- in a process of its own */

typedef struct {
  RkStatus status;
  gboolean told; /* there is a reason beside the status */
  guint64 digest;
  guint64 tables[32]; /* the digest of each */
  char names[32][24];
  gint64 entries; /* of the journal */
  char words[160];
} Answer;

/* Look at everything, as a clerk might before anybody verifies. */
static void read_all(RkDesk *desk, gint64 now, RkDiags *diags) {
  g_autoptr(GPtrArray) today = NULL;
  g_autoptr(RkTable) cases = NULL, log = NULL, outbox = NULL, custody = NULL, entries = NULL;
  const RkCaseFilter filter = {.with_closed = TRUE};
  rk_desk_today(desk, now, &today, diags);
  rk_case_list(desk, &filter, &cases, diags);
  rk_case_log(desk, NULL, NULL, &log, diags);
  rk_outbox_list(desk, NULL, NULL, &outbox, diags);
  rk_custody(desk, NULL, NULL, NULL, &custody, diags);
  rk_register_list(desk, "institution", NULL, FALSE, NULL, &entries, diags);
  for (guint i = 0; cases && i < rk_table_rows(cases); i++) {
    g_autoptr(GPtrArray) shown = NULL;
    const char *number = rk_table_get(cases, i, "number");
    if (number)
      rk_case_show(desk, number, now, &shown, diags);
  }
}

static Answer look(const Workday *day) {
  Answer answer = {.status = RK_OK};
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkDesk *desk = NULL;
  g_autoptr(RkTable) table = NULL;
  answer.status = rk_desk_open(&desk, &day->site, day->path, "hanako", diags);
  if (answer.status == RK_OK) {
    sqlite3 *db = ((SqliteStore *)(void *)desk->store)->db;
    answer.digest = database_digest(db);
    for (guint i = 0; i < G_N_ELEMENTS(answer.tables); i++) {
      g_autofree char *name = NULL;
      answer.tables[i] = database_table(db, i, &name);
      g_strlcpy(answer.names[i], name ? name : "", sizeof answer.names[i]);
    }
    answer.entries = database_number(db, "SELECT count(*) FROM journal");
    answer.status = rk_verify(desk, &table, diags);
  }
  answer.told = rk_diags_count(diags) > 0;
  if (answer.told)
    g_strlcpy(answer.words, rk_diags_get(diags, 0)->message, sizeof answer.words);
  if (desk) {
    g_autoptr(RkDiags) others = rk_diags_new();
    read_all(desk, day->now, others);
  }
  rk_desk_close(desk);
  return answer;
}

/* No file can say that: two rows of one key, or a text where a number stands. */
#define FORBIDDEN 77

/* Somebody who knows SQLite: no trigger, key or check is in the way. */
static void alter(const Workday *day, const char *sql) {
  sqlite3 *db = NULL;
  char *error = NULL;
  g_assert(sqlite3_open_v2(day->path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  sqlite3_exec(db, "PRAGMA ignore_check_constraints=1", NULL, NULL, NULL);
  int code = sqlite3_exec(db, sql, NULL, NULL, &error);
  if (code == SQLITE_CONSTRAINT)
    _exit(FORBIDDEN);
  if (code != SQLITE_OK || sqlite3_changes(db) != 1)
    g_error("%s: %s", sql, error ? error : "nothing was changed");
  sqlite3_close(db);
}

/* The signal by which it ended, or 0; or FORBIDDEN. Processor time is limited, so that a loop is seen. */
static int ask(const Workday *day, DiskLog *names, DiskImage *image, const char *sql,
               Answer *answer) {
  int ends[2], status = 0;
  const struct rlimit seconds = {20, 20}, none = {0, 0};
  g_assert(pipe(ends) == 0);
  pid_t child = fork();
  if (child == 0) {
    int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, STDERR_FILENO);
    setrlimit(RLIMIT_CPU, &seconds);
    setrlimit(RLIMIT_CORE, &none);
    alarm(300);
    vfs_show(names, image, day->path);
    if (sql)
      alter(day, sql);
    Answer found = look(day);
    _exit(write(ends[1], &found, sizeof found) == sizeof found ? 0 : 1);
  }
  close(ends[1]);
  *answer = (Answer){.status = RK_FAILED};
  gssize length = read(ends[0], answer, sizeof *answer);
  close(ends[0]);
  g_assert(waitpid(child, &status, 0) == child);
  if (WIFSIGNALED(status))
    return WTERMSIG(status);
  if (WEXITSTATUS(status) == FORBIDDEN)
    return FORBIDDEN;
  return length == sizeof *answer && WEXITSTATUS(status) == 0 ? 0 : SIGABRT;
}

/* The first table in which two answers differ. */
static const char *difference(const Answer *one, const Answer *other) {
  for (guint i = 0; i < G_N_ELEMENTS(one->tables); i++)
    if (one->tables[i] != other->tables[i])
      return one->names[i];
  return "the schema";
}

/* ------------------------------------------------------------------ what is hit */

typedef struct {
  const char *what;
  DiskLog *names;
  DiskImage image; /* undamaged */
  guint harmed;    /* which file */
  Answer sound;
} Target;

typedef struct {
  guint tried, found, harmless, shortened, unnoticed, mute, crashed;
} Count;

static void copy_image(const DiskImage *from, DiskImage *to) {
  disk_image_clear(to);
  for (guint i = 0; i < G_N_ELEMENTS(from->files); i++)
    if (from->files[i]) {
      to->files[i] = g_byte_array_new();
      g_byte_array_append(to->files[i], from->files[i]->data, from->files[i]->len);
    }
}

static void judge(const Target *target, const Answer *answer, int signal, Count *count,
                  const char *kind) {
  gboolean trust = g_strcmp0(g_getenv("RENKEI_FAULT_PROVE"), "trust") == 0;
  count->tried++;
  if (signal) {
    count->crashed++;
    tap_note("%s in %s: signal %d", kind, target->what, signal);
  } else if (answer->status != RK_OK && !trust) {
    count->found++;
    count->mute += !answer->told;
  } else if (answer->digest == target->sound.digest) {
    count->harmless++;
  } else if (target->harmed != 0 && answer->entries < target->sound.entries) {
    count->shortened++;
  } else {
    count->unnoticed++;
    if (count->unnoticed <= 50)
      tap_note("unnoticed: %s in %s: %s says something else", kind, target->what,
               difference(answer, &target->sound));
  }
}

static void say(Tap *tap, const Target *target, const char *how, const Count *count) {
  guint least = target->harmed == 0 ? count->found : count->shortened;
  tap_check(tap, least && !count->unnoticed && !count->crashed && !count->mute,
            "%s, %s: of %u accidents %u were found, %u were harmless, %u shortened the log, %u were "
            "not noticed; %u crashed, %u gave no reason",
            target->what, how, count->tried, count->found, count->harmless, count->shortened,
            count->unnoticed, count->crashed, count->mute);
}

static void try_target(Tap *tap, const Workday *day, const Target *target, guint accidents,
                       guint64 seed) {
  Count count = {0};
  DiskImage image = {{NULL}};
  Dice dice = {seed};
  for (guint i = 0; i < accidents; i++) {
    Answer answer;
    Kind kind = i % N_KINDS;
    copy_image(&target->image, &image);
    harm(image.files[target->harmed], kind, &dice);
    int signal = ask(day, target->names, &image, NULL, &answer);
    judge(target, &answer, signal, &count, kinds[kind]);
  }
  disk_image_clear(&image);
  say(tap, target, "bytes", &count);
}

/* -------------------------------------------------------------- by somebody's hand */

/* The columns by which a row is named, in a list. g_free. */
static char *key_of(sqlite3 *db, const char *table) {
  g_autofree char *sql =
      g_strdup_printf("SELECT group_concat(name) FROM pragma_table_info('%s') WHERE pk", table);
  return database_text(db, sql);
}

/* Another value of the same type. g_free. */
static char *change_of(const char *column) {
  g_autoptr(GString) sql =
      g_string_new("CASE typeof(@) WHEN 'integer' THEN 1 - @ WHEN 'text' THEN @ || 'x' "
                   "WHEN 'blob' THEN CAST('x' || substr(@, 2) AS BLOB) ELSE 'x' END");
  g_string_replace(sql, "@", column ? column : "NULL", 0);
  return g_strdup(sql->str);
}

/* One row of the table is changed; NULL: it is deleted, but not the last of a chain: what is cut
 * off at its end is seen only beside a number that was noted elsewhere. */
static void try_row(const Workday *day, const Target *target, sqlite3 *db, const char *table,
                    const char *column, Dice *dice, Count *count) {
  g_autofree char *number = g_strdup_printf("SELECT count(*) FROM %s", table);
  guint rows = (guint)database_number(db, number);
  g_autofree char *key = key_of(db, table);
  rows -= !column && (g_str_equal(table, "journal") || g_str_equal(table, "access_log"));
  if (rows == 0)
    return;
  g_autofree char *other = change_of(column);
  g_autofree char *what = column ? g_strdup_printf("UPDATE %s SET %s = %s", table, column, other)
                                 : g_strdup_printf("DELETE FROM %s", table);
  g_autofree char *sql = g_strdup_printf("%s WHERE (%s) = (SELECT %s FROM %s LIMIT 1 OFFSET %u)",
                                         what, key, key, table, dice_below(dice, rows));
  g_autofree char *kind = g_strdup_printf("%s of %s", column ? column : "a row", table);
  DiskImage image = {{NULL}};
  Answer answer;
  copy_image(&target->image, &image);
  int signal = ask(day, target->names, &image, sql, &answer);
  if (signal != FORBIDDEN)
    judge(target, &answer, signal, count, kind);
  disk_image_clear(&image);
}

static void try_table(const Workday *day, const Target *target, sqlite3 *db, const char *table,
                      Dice *dice, Count *count) {
  sqlite3_stmt *columns = NULL;
  g_autofree char *sql = g_strdup_printf("SELECT name FROM pragma_table_info('%s')", table);
  sqlite3_prepare_v2(db, sql, -1, &columns, NULL);
  while (sqlite3_step(columns) == SQLITE_ROW)
    try_row(day, target, db, table, (const char *)sqlite3_column_text(columns, 0), dice, count);
  sqlite3_finalize(columns);
  try_row(day, target, db, table, NULL, dice, count);
}

/* Each column of each table is changed in some row, and a row of each is deleted. */
static void try_hand(Tap *tap, const Workday *day, const Target *target, guint rounds) {
  Count count = {0};
  Dice dice = {20261104};
  sqlite3 *db = NULL;
  sqlite3_stmt *tables = NULL;
  g_assert(sqlite3_open_v2(day->path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK);
  sqlite3_prepare_v2(db, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", -1,
                     &tables, NULL);
  while (sqlite3_step(tables) == SQLITE_ROW)
    for (guint i = 0; i < rounds; i++)
      try_table(day, target, db, (const char *)sqlite3_column_text(tables, 0), &dice, &count);
  sqlite3_finalize(tables);
  sqlite3_close(db);
  say(tap, target, "rows", &count);
}

/* ------------------------------------------------------------------------ main */

/* The files as they lie there now. */
static void photograph(const Workday *day, Target *target) {
  static const char *const endings[] = {"", "-wal"};
  target->names = disk_log_new();
  for (guint i = 0; i < G_N_ELEMENTS(endings); i++) {
    g_autofree char *path = g_strconcat(day->path, endings[i], NULL), *bytes = NULL;
    g_autofree char *base = g_path_get_basename(path);
    gsize length = 0;
    guint name = disk_log_name(target->names, base);
    if (!g_file_get_contents(path, &bytes, &length, NULL))
      continue;
    target->image.files[name] = g_byte_array_new();
    g_byte_array_append(target->image.files[name], (guint8 *)bytes, (guint)length);
  }
}

static void prepare(const Workday *day, Target *target) {
  DiskImage image = {{NULL}};
  copy_image(&target->image, &image);
  g_assert(ask(day, target->names, &image, NULL, &target->sound) == 0);
  if (target->sound.status != RK_OK)
    g_error("undamaged, and yet: %s", target->sound.words);
  disk_image_clear(&image);
}

int main(void) {
  Tap tap = {0};
  Workday day;
  guint accidents = g_getenv("RENKEI_FAULT_LONG") ? 20000 : 500;
  Target file = {.what = "the file"}, log = {.what = "its log", .harmed = 1};
  day_init(&day, "member_institution");
  day_found(&day);
  day_open(&day);
  day_case(&day);
  day_papers(&day, FALSE);
  day_close(&day);
  photograph(&day, &file);
  prepare(&day, &file);
  try_target(&tap, &day, &file, accidents, 20261102);
  try_hand(&tap, &day, &file, accidents / 500);
  day_open(&day);
  day_case(&day);
  photograph(&day, &log); /* while it is open: much of it is in the log */
  day_close(&day);
  prepare(&day, &log);
  try_target(&tap, &day, &log, accidents / 5, 20261103);
  disk_image_clear(&file.image);
  disk_image_clear(&log.image);
  disk_log_free(file.names);
  disk_log_free(log.names);
  day_clear(&day);
  return tap_end(&tap);
}
