/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-fault-crowd.c - sixteen processes work on one database, and are killed and held meanwhile.
 *
 * Each notes when it asks for something and when it is answered, on a clock that only counts. What
 * a killed one did not get an answer to, its successor asks again, with the same request id. When
 * all is quiet the journal must be one that this could have led to:
 *
 *   lost       an answer of success without its entry
 *   twice      two entries for a request, or one for a request that was refused
 *   order      an entry that stands before one whose answer came before it was asked for
 *   forbidden  an event after which it is not possible, by a table that is not the engine's
 *   trouble    an answer other than success, refusal or conflict: nobody waits too long
 *
 * and verify, which replays every case, must be content.
 *
 * RENKEI_FAULT_LONG: 40,000 requests instead of 2,400. RENKEI_FAULT_PROVE=forget: now and then
 * a process notes a success without having asked: must fail.
 */
#include "database.h"
#include "day.h"
#include "tap.h"

#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORKERS = 16, NEVER = -1 };

/* One request, as the process that made it saw it. */
typedef struct {
  gint64 asked, answered; /* on the counting clock; 0: not (yet) */
  int status;
  gboolean again; /* asked twice: whoever asked first was killed */
} Note;

/* What all processes see. A request's number is its place here. */
typedef struct {
  _Atomic gint64 clock;
  _Atomic guint next;
  guint wanted;
  guint current[WORKERS]; /* what each is busy with, plus 1; 0: nothing */
  Note notes[];
} Board;

static Board *board_new(guint wanted) {
  gsize size = sizeof(Board) + sizeof(Note) * wanted;
  Board *board = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  g_assert(board != MAP_FAILED);
  board->wanted = wanted;
  return board;
}

/* ----------------------------------------------------------------------- a worker */

static const char *const events[] = {"request.faxed",   "form.incomplete",      "form.resubmitted",
                                     "member.confirmed", "member.denied",       "password.issued",
                                     "association.notified", "id.delivered"};

typedef struct {
  Workday *day;
  Board *board;
  GRand *dice; /* of the request: the same when it is asked again */
  RkDesk *desk;
  RkRequest request;
  char id[24];
} Worker;

static RkStatus open_one(Worker *worker, RkDiags *diags) {
  g_autofree char *name = g_strdup_printf("例示クリニック %s", worker->id), *number = NULL;
  RkValue values[] = {{"institution", name}};
  return rk_case_open(worker->desk, &worker->request, "fujisawa-member-registration", values, 1,
                      &number, diags);
}

static RkStatus happen(Worker *worker, const char *number, RkDiags *diags) {
  static const RkReceived both[] = {{"fj-2-1", NULL, FALSE}, {"fj-3", NULL, FALSE}};
  const char *event = events[g_rand_int_range(worker->dice, 0, G_N_ELEMENTS(events))];
  gboolean papers = g_str_equal(event, "request.faxed") || g_str_equal(event, "form.resubmitted");
  g_autoptr(RkTable) done = NULL;
  return rk_case_do(worker->desk, &worker->request, number, event, papers ? both : NULL,
                    papers ? 2 : 0, &done, diags);
}

/* One request of a random kind. */
static RkStatus work(Worker *worker, RkDiags *diags) {
  guint kind = (guint)g_rand_int_range(worker->dice, 0, 20);
  g_autofree char *number = g_strdup_printf("R8-%04d", g_rand_int_range(worker->dice, 1, 25));
  if (kind < 3)
    return open_one(worker, diags);
  if (kind < 5)
    return rk_case_note(worker->desk, &worker->request, number, "電話で確認", diags);
  if (kind < 6)
    return rk_setting_set(worker->desk, &worker->request, "association.fax", worker->id, diags);
  return happen(worker, number, diags);
}

static RkStatus ask(Worker *worker, guint number) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  if (!worker->desk) {
    Workday *day = worker->day;
    RkStatus status = rk_desk_open(&worker->desk, &day->site, day->path, "hanako", diags);
    if (status != RK_OK)
      return RK_STORE;
  }
  g_snprintf(worker->id, sizeof worker->id, "crowd-%u", number);
  worker->request =
      (RkRequest){.id = worker->id, .now = worker->day->now + (gint64)number * 1000000};
  return work(worker, diags);
}

static void ask_and_note(Worker *worker, guint number) {
  Note *note = &worker->board->notes[number];
  gboolean forget = g_strcmp0(g_getenv("RENKEI_FAULT_PROVE"), "forget") == 0 && number % 100 == 50;
  note->again = note->asked != 0;
  if (!note->again)
    note->asked = ++worker->board->clock;
  g_rand_set_seed(worker->dice, number);
  note->status = forget ? RK_OK : (int)ask(worker, number);
  note->answered = ++worker->board->clock;
}

/* What this one is to do next: what its predecessor left, or something new. */
static gboolean take_number(Board *board, guint which, guint *number) {
  guint left = board->current[which];
  if (left && board->notes[left - 1].answered == 0) {
    *number = left - 1;
    return TRUE;
  }
  *number = board->next++;
  if (*number < board->wanted)
    board->current[which] = *number + 1;
  return *number < board->wanted;
}

/* Now and then the desk is closed and opened again, as by another command. */
static void be_worker(Workday *day, Board *board, guint which) {
  Worker worker = {day, board, g_rand_new(), NULL, {0}, ""};
  for (guint number; take_number(board, which, &number);) {
    ask_and_note(&worker, number);
    if (g_rand_int_range(worker.dice, 0, 8) == 0)
      g_clear_pointer(&worker.desk, rk_desk_close);
  }
  rk_desk_close(worker.desk);
  _exit(0);
}

/* ------------------------------------------------------------------- the crowd */

typedef struct {
  pid_t workers[WORKERS];
  guint kills, holds, crashes;
  GRand *dice;
} Crowd;

static void start_worker(Crowd *crowd, guint which, Workday *day, Board *board) {
  crowd->workers[which] = fork();
  if (crowd->workers[which] == 0)
    be_worker(day, board, which);
}

/* Kill one and put another in its place; hold one for a moment. */
static void disturb(Crowd *crowd, Workday *day, Board *board) {
  guint victim = (guint)g_rand_int_range(crowd->dice, 0, WORKERS);
  guint held = (guint)g_rand_int_range(crowd->dice, 0, WORKERS);
  if (crowd->workers[held] > 0 && kill(crowd->workers[held], SIGSTOP) == 0) {
    g_usleep(2000);
    kill(crowd->workers[held], SIGCONT);
    crowd->holds++;
  }
  if (crowd->workers[victim] <= 0 || board->next >= board->wanted)
    return;
  int status = 0;
  kill(crowd->workers[victim], SIGKILL);
  waitpid(crowd->workers[victim], &status, 0);
  crowd->kills += WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  start_worker(crowd, victim, day, board);
}

/* Disturbed at counts of requests, not at times. */
static void run_crowd(Crowd *crowd, Workday *day, Board *board) {
  guint next = 20;
  for (guint i = 0; i < WORKERS; i++)
    start_worker(crowd, i, day, board);
  while (board->next < board->wanted) {
    g_usleep(500);
    if (board->next >= next) {
      disturb(crowd, day, board);
      next = board->next + 20;
    }
  }
  for (guint i = 0; i < WORKERS; i++) {
    int status = 0;
    waitpid(crowd->workers[i], &status, 0);
    crowd->crashes += WIFSIGNALED(status);
  }
}

/* ------------------------------------------------------------------- the checker */

typedef struct {
  guint asked, again, done, refused, lost, twice, order, forbidden, trouble;
} Count;

/* The journal's number of each request; NEVER: not in it. */
static gint64 *places_of(sqlite3 *db, guint wanted, Count *count) {
  gint64 *places = g_new(gint64, wanted);
  sqlite3_stmt *rows = NULL;
  for (guint i = 0; i < wanted; i++)
    places[i] = NEVER;
  sqlite3_prepare_v2(db, "SELECT seq, CAST(substr(request_id, 7) AS INTEGER) FROM journal "
                         "WHERE request_id LIKE 'crowd-%' ORDER BY seq", -1, &rows, NULL);
  while (sqlite3_step(rows) == SQLITE_ROW) {
    gint64 number = sqlite3_column_int64(rows, 1);
    g_assert(number >= 0 && number < wanted);
    count->twice += places[number] != NEVER;
    places[number] = sqlite3_column_int64(rows, 0);
  }
  sqlite3_finalize(rows);
  return places;
}

static void check_answers(const Board *board, const gint64 *places, Count *count) {
  for (guint i = 0; i < board->wanted; i++) {
    const Note *note = &board->notes[i];
    gboolean there = places[i] != NEVER;
    if (!note->asked) /* whoever took the number was killed at once */
      continue;
    count->asked++;
    count->again += note->again;
    gboolean refused = note->status == RK_REFUSED || note->status == RK_NOT_FOUND;
    count->done += note->status == RK_OK;
    count->refused += refused;
    count->lost += note->status == RK_OK && !there;
    count->twice += refused && there;
    count->trouble += !note->answered || (note->status != RK_OK && !refused);
  }
}

static gint by_place(gconstpointer a, gconstpointer b, gpointer places) {
  gint64 one = ((const gint64 *)places)[*(const guint *)a];
  gint64 other = ((const gint64 *)places)[*(const guint *)b];
  return one < other ? -1 : one > other;
}

/* Going backwards through the journal, no entry was asked for after one behind it was answered. */
static void check_order(const Board *board, gint64 *places, Count *count) {
  g_autoptr(GArray) done = g_array_new(FALSE, FALSE, sizeof(guint));
  for (guint i = 0; i < board->wanted; i++)
    if (places[i] != NEVER)
      g_array_append_val(done, i);
  g_array_sort_with_data(done, by_place, places);
  gint64 earliest = G_MAXINT64;
  for (guint i = done->len; i-- > 0;) {
    const Note *note = &board->notes[g_array_index(done, guint, i)];
    count->order += note->asked > earliest;
    earliest = MIN(earliest, note->answered);
  }
}

/* What the handbook lets follow what: the states of a registration in letters. */
static char next_state(char state, const char *event) {
  static const struct {
    char from;
    const char *event;
    char to;
  } steps[] = {{'d', "request.faxed", 'c'},    {'c', "form.incomplete", 'r'},
               {'r', "form.resubmitted", 'c'}, {'c', "member.confirmed", 'v'},
               {'c', "member.denied", 'x'},    {'v', "password.issued", 'i'},
               {'i', "association.notified", 'a'}, {'i', "id.delivered", 'b'},
               {'a', "id.delivered", 'x'},     {'b', "association.notified", 'x'}};
  for (guint i = 0; i < G_N_ELEMENTS(steps); i++)
    if (steps[i].from == state && g_str_equal(steps[i].event, event))
      return steps[i].to;
  return 0;
}

/* Where a case stands, where it stood before its last event, and how many entries it has. */
typedef struct {
  char state, before;
  int entries;
} Standing;

static void follow(Standing *case_, const char *kind, const char *event) {
  char next = case_->state;
  if (g_str_equal(kind, "opened"))
    next = 'd';
  else if (g_str_equal(kind, "event"))
    next = next_state(case_->state, event);
  else if (g_str_equal(kind, "undo"))
    next = case_->before;
  if (g_str_equal(kind, "event"))
    case_->before = case_->state;
  case_->state = next;
  case_->entries++;
}

static void check_events(sqlite3 *db, Count *count) {
  g_autoptr(GHashTable) cases = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  sqlite3_stmt *rows = NULL;
  sqlite3_prepare_v2(db, "SELECT case_id, kind, event, revision FROM journal "
                         "WHERE case_id IS NOT NULL ORDER BY seq", -1, &rows, NULL);
  while (sqlite3_step(rows) == SQLITE_ROW) {
    const char *id = (const char *)sqlite3_column_text(rows, 0);
    Standing *case_ = g_hash_table_lookup(cases, id);
    if (!case_)
      g_hash_table_insert(cases, g_strdup(id), case_ = g_new0(Standing, 1));
    follow(case_, (const char *)sqlite3_column_text(rows, 1),
           (const char *)sqlite3_column_text(rows, 2));
    count->forbidden += case_->state == 0 || sqlite3_column_int(rows, 3) != case_->entries;
  }
  sqlite3_finalize(rows);
}

static gboolean verifies(Workday *day) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(RkDesk) desk = NULL;
  g_autoptr(RkTable) table = NULL;
  return rk_desk_open(&desk, &day->site, day->path, "hanako", diags) == RK_OK &&
         rk_verify(desk, &table, diags) == RK_OK;
}

static void check(Tap *tap, Workday *day, const Board *board, const Crowd *crowd) {
  Count count = {0};
  sqlite3 *db = NULL;
  tap_check(tap, verifies(day), "the database verifies, every case replays");
  g_assert(sqlite3_open_v2(day->path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK);
  g_autofree gint64 *places = places_of(db, board->wanted, &count);
  check_answers(board, places, &count);
  check_order(board, places, &count);
  check_events(db, &count);
  gint64 gaps = database_number(db, "SELECT max(seq) - count(*) FROM journal");
  gint64 cases = database_number(db, "SELECT count(*) FROM case_record");
  sqlite3_close(db);
  tap_note("%u requests by %d processes, %u kills, %u holds, %" G_GINT64_FORMAT " cases: %u done, "
           "%u refused; %u were asked again after a kill",
           count.asked, WORKERS, crowd->kills, crowd->holds, cases, count.done, count.refused,
           count.again);
  tap_check(tap, count.lost == 0, "%u acknowledged requests are not in the journal", count.lost);
  tap_check(tap, count.twice == 0, "%u are there twice, or though refused", count.twice);
  tap_check(tap, count.order == 0, "%u stand before one that was answered before they were asked",
            count.order);
  tap_check(tap, count.forbidden == 0, "%u were accepted where they are forbidden",
            count.forbidden);
  tap_check(tap, count.trouble == 0, "%u ended in trouble: locked, failed, or never answered",
            count.trouble);
  tap_check(tap, gaps == 0, "the journal has no gap");
  tap_check(tap, count.done > 100 && count.refused > 10 && crowd->kills > 5 && count.again > 5 &&
                     !crowd->crashes,
            "there was enough of each to be seen, and no crash");
}

int main(void) {
  Tap tap = {0};
  Workday day;
  Crowd crowd = {.dice = g_rand_new_with_seed(16)};
  Board *board = board_new(g_getenv("RENKEI_FAULT_LONG") ? 40000 : 2400);
  day_init(&day, "association");
  day_found(&day);
  day_open(&day);
  day_case(&day);
  day_close(&day);
  run_crowd(&crowd, &day, board);
  check(&tap, &day, board, &crowd);
  g_rand_free(crowd.dice);
  day_clear(&day);
  return tap_end(&tap);
}
