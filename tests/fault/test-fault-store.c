/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-fault-store.c - SQLite gets no memory, inside a program that has no allocator like the
 * command line's: every allocation of SQLite's fails once while a remark, a paper and an event
 * are recorded.
 *
 * Each call ends with RK_NOMEM and a reason, or ends the process as GLib does; or it
 * completes. What is recorded is recorded wholly. A wrong answer (a refusal, say) is a fault.
 *
 * RENKEI_FAULT_LONG: every allocation, and for good, instead of every 11th. RENKEI_FAULT_PROVE=silent:
 * the status of a failed call is forgotten, as if its answer had not been looked at: must fail.
 */
#include "database.h"
#include "day.h"
#include "tap.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* ------------------------------------------------------- SQLite's allocator */

static sqlite3_mem_methods real_methods;
static struct {
  guint64 calls, at;
  gboolean for_good;
} memory;

static gboolean strikes(void) {
  guint64 call = ++memory.calls;
  return memory.at && (call == memory.at || (memory.for_good && call > memory.at));
}

static void *faulty_malloc(int size) {
  return strikes() ? NULL : real_methods.xMalloc(size);
}

static void *faulty_realloc(void *old, int size) {
  return strikes() ? NULL : real_methods.xRealloc(old, size);
}

static void install_memory(void) {
  sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_methods);
  sqlite3_mem_methods methods = real_methods;
  methods.xMalloc = faulty_malloc;
  methods.xRealloc = faulty_realloc;
  sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
}

/* ------------------------------------------------------------ what is recorded */

typedef struct {
  const char *name;
  RkStatus (*call)(RkDesk *desk, const RkRequest *request, RkDiags *diags);
} Deed;

static RkStatus remark(RkDesk *desk, const RkRequest *request, RkDiags *diags) {
  return rk_case_note(desk, request, "R8-0001", "電話で確認", diags);
}

static RkStatus fill(RkDesk *desk, const RkRequest *request, RkDiags *diags) {
  g_autofree char *state = NULL;
  return rk_form_fill(desk, request, "R8-0002", "fj-2-1", "inst_name = 例示クリニック\n", "text",
                      &state, diags);
}

static RkStatus happen(RkDesk *desk, const RkRequest *request, RkDiags *diags) {
  const RkReceived received[] = {{"fj-2-1", NULL, FALSE}, {"fj-3", NULL, FALSE}};
  g_autoptr(RkTable) done = NULL;
  return rk_case_do(desk, request, "R8-0002", "request.faxed", received, 2, &done, diags);
}

static const Deed deeds[] = {{"a remark", remark}, {"a paper", fill}, {"an event", happen}};

/* In a process of its own: what the call came to. */
enum { WITHOUT_REASON = 90, DONE = 0 };

static int do_it(const Workday *day, const Deed *deed) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkDesk *desk = NULL;
  const RkRequest request = {.id = "deed", .now = day->now + 1};
  memory.calls = 0;
  RkStatus status = rk_desk_open(&desk, &day->site, day->path, "hanako", diags);
  if (status == RK_OK)
    status = deed->call(desk, &request, diags);
  if (status != RK_OK && rk_diags_count(diags) == 0)
    return WITHOUT_REASON;
  if (g_strcmp0(g_getenv("RENKEI_FAULT_PROVE"), "silent") == 0)
    return DONE;
  return (int)status;
}

/* How many allocations there were, through a pipe; the status, or minus the signal. */
static int try(const Workday *day, const Deed *deed, guint64 at, gboolean for_good,
               guint64 *calls) {
  int ends[2], status = 0;
  g_assert(pipe(ends) == 0);
  pid_t child = fork();
  if (child == 0) {
    int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, STDERR_FILENO);
    memory.at = at;
    memory.for_good = for_good;
    status = do_it(day, deed);
    if (write(ends[1], &memory.calls, sizeof memory.calls) < 0)
      _exit(WITHOUT_REASON);
    _exit(status);
  }
  close(ends[1]);
  if (read(ends[0], calls, sizeof *calls) != sizeof *calls)
    *calls = 0;
  close(ends[0]);
  g_assert(waitpid(child, &status, 0) == child);
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

/* -------------------------------------------------------------- what is found */

typedef struct {
  char *content; /* of the database before */
  gsize length;
  guint64 before, after;
} Moment;

static void restore(const Workday *day, const Moment *moment) {
  static const char *const beside[] = {"-wal", "-shm"};
  for (guint i = 0; i < G_N_ELEMENTS(beside); i++) {
    g_autofree char *path = g_strconcat(day->path, beside[i], NULL);
    g_unlink(path);
  }
  int fd = open(day->path, O_WRONLY | O_TRUNC);
  g_assert(fd >= 0 && write(fd, moment->content, moment->length) == (gssize)moment->length);
  close(fd);
}

static guint64 look(const Workday *day, gboolean *good, gboolean *recorded) {
  sqlite3 *db = NULL;
  g_assert(sqlite3_open_v2(day->path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK);
  guint64 meaning = database_meaning(db);
  *good = database_whole(db);
  *recorded = database_number(db, "SELECT count(*) FROM journal WHERE request_id = 'deed'") == 1;
  sqlite3_close(db);
  return meaning;
}

typedef struct {
  guint points, refused, ended, completed, wrong, torn;
  int example;
} Count;

static void judge(const Workday *day, const Moment *moment, int status, Count *count) {
  gboolean good = FALSE, recorded = FALSE;
  guint64 meaning = look(day, &good, &recorded);
  count->points++;
  count->refused += status == RK_NOMEM;
  count->ended += status == -SIGTRAP || status == -SIGABRT;
  count->completed += status == DONE;
  if (status != RK_NOMEM && status != DONE && status != -SIGTRAP && status != -SIGABRT) {
    count->wrong++;
    count->example = status;
  }
  if (!good || meaning != (recorded ? moment->after : moment->before) ||
      (status == DONE && !recorded) || (status == RK_NOMEM && recorded))
    count->torn++;
}

static void try_deed(Tap *tap, const Workday *day, const Moment *start, const Deed *deed,
                     guint step) {
  Moment moment = *start;
  Count count = {0};
  gboolean good = FALSE, recorded = FALSE;
  guint64 calls = 0, ignored = 0;
  restore(day, &moment);
  moment.before = look(day, &good, &recorded);
  g_assert(try(day, deed, 0, FALSE, &calls) == 0);
  moment.after = look(day, &good, &recorded);
  for (guint64 at = 1; at <= calls; at += step)
    for (int for_good = 0; for_good < (step == 1 ? 2 : 1); for_good++) {
      restore(day, &moment);
      int status = try(day, deed, at, for_good || (step > 1 && at % 2), &ignored);
      judge(day, &moment, status, &count);
    }
  tap_check(tap, !count.wrong && !count.torn && count.refused,
            "%s: %" G_GUINT64_FORMAT " allocations of SQLite's, %u failed: %u refused with a reason, "
            "%u ended the process, %u completed; %u gave a wrong answer, %u are torn",
            deed->name, calls, count.points, count.refused, count.ended, count.completed,
            count.wrong, count.torn);
  if (count.wrong)
    tap_note("for example status %d", count.example);
}

int main(void) {
  Tap tap = {0};
  Workday day;
  Moment moment = {0};
  install_memory();
  day_init(&day, "association");
  day_found(&day);
  day_open(&day);
  day_case(&day);
  RkRequest request = {.now = day.now};
  RkValue values[] = {{"institution", "例示診療所"}};
  g_autofree char *number = NULL;
  g_assert(rk_case_open(day.desk, &request, "fujisawa-member-registration", values, 1, &number,
                        NULL) == RK_OK);
  day_close(&day);
  g_assert(g_file_get_contents(day.path, &moment.content, &moment.length, NULL));
  for (guint i = 0; i < G_N_ELEMENTS(deeds); i++)
    try_deed(&tap, &day, &moment, &deeds[i], g_getenv("RENKEI_FAULT_LONG") ? 1 : 11);
  g_free(moment.content);
  day_clear(&day);
  return tap_end(&tap);
}
