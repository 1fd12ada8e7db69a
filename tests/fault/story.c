/* SPDX-License-Identifier: Apache-2.0 */
/* story.c - see story.h. All people and institutions are made up. */
#define _GNU_SOURCE
#include "story.h"

#include "database.h"
#include "own-folder.h"
#include "preload.h"
#include "renkei.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

/* How a step went as it should. */
typedef struct {
  char *words; /* with what @ stands for */
  Outcome outcome;
  guint64 before, after;
  gint64 entries;
} Played;

struct Story {
  char *folder, *kept, *library;
  char *program;
  Played *played; /* as many as there are steps */
};

void outcome_clear(Outcome *outcome) {
  g_clear_pointer(&outcome->out, g_free);
  g_clear_pointer(&outcome->err, g_free);
}

void found_clear(Found *found) {
  g_clear_pointer(&found->trouble, g_free);
}

guint story_length(const Story *story) {
  (void)story;
  return story_steps_count;
}

const Step *story_step(const Story *story, guint index) {
  (void)story;
  return &story_steps[index];
}

const char *story_folder(const Story *story) {
  return story->folder;
}

const Outcome *story_outcome(const Story *story, guint index) {
  return &story->played[index].outcome;
}

guint64 story_before(const Story *story, guint index) {
  return story->played[index].before;
}

guint64 story_after(const Story *story, guint index) {
  return story->played[index].after;
}

gint64 story_entries(const Story *story, guint index) {
  return story->played[index].entries;
}

/* ------------------------------------------------------------------- files */

/* In which commands make files. */
static const char *const made_folders[] = {"fax", "out"};

static void copy_file(const char *from, const char *to) {
  g_autofree char *bytes = NULL;
  gsize length = 0;
  g_assert(g_file_get_contents(from, &bytes, &length, NULL));
  mode_t mode = g_file_test(from, G_FILE_TEST_IS_EXECUTABLE) ? 0700 : 0600;
  int fd = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  g_assert(fd >= 0 && write(fd, bytes, length) == (gssize)length);
  close(fd);
}

static void copy_folder(const char *from, const char *to) {
  g_autoptr(GDir) dir = g_dir_open(from, 0, NULL);
  g_assert(dir && g_mkdir_with_parents(to, 0700) == 0);
  for (const char *name; (name = g_dir_read_name(dir));) {
    g_autofree char *source = g_build_filename(from, name, NULL);
    g_autofree char *target = g_build_filename(to, name, NULL);
    if (g_file_test(source, G_FILE_TEST_IS_DIR))
      copy_folder(source, target);
    else
      copy_file(source, target);
  }
}

static gboolean same_content(const char *one, const char *other) {
  g_autofree char *a = NULL, *b = NULL;
  gsize m = 0, n = 0;
  return g_file_get_contents(one, &a, &m, NULL) && g_file_get_contents(other, &b, &n, NULL) &&
         m == n && memcmp(a, b, m) == 0;
}

/* As copy_folder; what is the same as in `before` is it. */
static void keep_folder(const char *from, const char *to, const char *before) {
  g_autoptr(GDir) dir = g_dir_open(from, 0, NULL);
  g_assert(dir && g_mkdir_with_parents(to, 0700) == 0);
  for (const char *name; (name = g_dir_read_name(dir));) {
    g_autofree char *source = g_build_filename(from, name, NULL);
    g_autofree char *target = g_build_filename(to, name, NULL);
    g_autofree char *known = g_build_filename(before, name, NULL);
    if (g_file_test(source, G_FILE_TEST_IS_DIR))
      keep_folder(source, target, known);
    else if (!same_content(source, known) || link(known, target) != 0)
      copy_file(source, target);
  }
}

static char *kept_folder(const Story *story, guint index) {
  g_autofree char *name = g_strdup_printf("%02u", index);
  return g_build_filename(story->kept, name, NULL);
}

char *story_database(const Story *story, guint index) {
  g_autofree char *name = g_strconcat(story_steps[index].desk, ".db", NULL);
  return g_build_filename(story->folder, name, NULL);
}

void story_rewind(Story *story, guint index) {
  g_autofree char *kept = kept_folder(story, index);
  folder_empty(story->folder);
  copy_folder(kept, story->folder);
}

gboolean story_wants(const Story *story, guint index) {
  const char *only = g_getenv("RENKEI_FAULT_ONLY");
  (void)story;
  return !only || g_str_has_prefix(story_steps[index].name, only);
}

gboolean story_makes_desk(const Story *story, guint index) {
  (void)story;
  return g_str_has_prefix(story_steps[index].words, "init") ||
         g_str_has_prefix(story_steps[index].words, "db restore");
}

/* What stands beside a name was not given it yet: "X.part-1", "X.a8Zx1Q". */
static gboolean is_unfinished(const char *meant, const char *name) {
  g_autoptr(GDir) dir = g_dir_open(meant, 0, NULL);
  gboolean found = name[0] == '.';
  for (const char *whole; dir && !found && (whole = g_dir_read_name(dir));)
    found = g_str_has_prefix(name, whole) && name[strlen(whole)] == '.';
  return found;
}

static char *stray_in(const char *folder, const char *meant) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  char *stray = NULL;
  for (const char *name; dir && !stray && (name = g_dir_read_name(dir));) {
    g_autofree char *found = g_build_filename(folder, name, NULL);
    g_autofree char *wanted = g_build_filename(meant, name, NULL);
    if (is_unfinished(meant, name))
      continue;
    if (g_file_test(found, G_FILE_TEST_IS_DIR))
      stray = stray_in(found, wanted);
    else if (!same_content(found, wanted))
      stray = g_strdup(name);
  }
  return stray;
}

char *story_stray_file(Story *story, guint index) {
  g_autofree char *kept = kept_folder(story, index + 1);
  char *stray = NULL;
  for (guint i = 0; i < G_N_ELEMENTS(made_folders) && !stray; i++) {
    g_autofree char *found = g_build_filename(story->folder, made_folders[i], NULL);
    g_autofree char *meant = g_build_filename(kept, made_folders[i], NULL);
    stray = stray_in(found, meant);
  }
  return stray;
}

gboolean story_made(Story *story, guint index) {
  const char *name = story_steps[index].makes;
  g_autofree char *path =
      name ? g_build_filename(story->folder, name, NULL) : story_database(story, index);
  return g_file_test(path, G_FILE_TEST_EXISTS);
}

gboolean story_succeeded(const Story *story, guint index, const Outcome *outcome) {
  return outcome->status == story_outcome(story, index)->status;
}

gboolean story_answers(Story *story, guint index, gboolean made, const Outcome *outcome) {
  const Step *step = &story_steps[index];
  const Outcome *first = story_outcome(story, index);
  if (story_makes_desk(story, index))
    return outcome->status == (made ? RK_CONFLICT : RK_OK);
  if (step->makes && made && outcome->status == RK_CONFLICT)
    return TRUE;
  if (step->kind == SEVERAL || (step->traits & IN_OTHER_WORDS))
    return story_succeeded(story, index, outcome) || outcome->status == RK_OK;
  return story_succeeded(story, index, outcome) && g_str_equal(outcome->out, first->out) &&
         g_str_equal(outcome->err, first->err);
}

gboolean story_complete(Story *story, guint index, const Found *found) {
  const Step *step = &story_steps[index];
  if (step->kind != SEVERAL)
    return found->meaning == story_after(story, index);
  return (step->traits & IN_ANOTHER_WAY) || found->entries == story_entries(story, index);
}

void story_forget(Story *story, guint index) {
  static const char *const parts[] = {"", "-wal", "-shm"};
  g_autofree char *kept = kept_folder(story, index), *now = story_database(story, index);
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
    g_autofree char *name = g_strconcat(story_steps[index].desk, ".db", parts[i], NULL);
    g_autofree char *from = g_build_filename(kept, name, NULL);
    g_autofree char *to = g_strconcat(now, parts[i], NULL);
    g_unlink(to);
    if (g_file_test(from, G_FILE_TEST_EXISTS))
      copy_file(from, to);
  }
}

/* ----------------------------------------------------------------- the program */

#define NOBODY 65534
#define SECOND 1 /* whom a system has besides its owner */
#define THIRD 2

void story_give_away(Story *story, gboolean away) {
  uid_t to = away ? NOBODY : 0;
  g_autoptr(GDir) dir = g_dir_open(story->folder, 0, NULL);
  if (geteuid() != 0)
    return;
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *path = g_build_filename(story->folder, name, NULL);
    g_assert(lchown(path, to, to) == 0);
  }
  g_assert(chown(story->folder, to, to) == 0 && g_chmod(story->kept, away ? 0711 : 0700) == 0);
}

/* The program may lie where nobody else may look. */
static char *public_copy(const Story *story, const char *name) {
  g_autofree char *folder = g_build_filename(story->kept, "public", NULL);
  g_autofree char *from = g_build_filename(story->library, name, NULL);
  char *to = g_build_filename(folder, name, NULL);
  g_assert(g_mkdir_with_parents(folder, 0755) == 0 && g_chmod(folder, 0755) == 0);
  copy_file(from, to);
  g_assert(g_chmod(to, 0755) == 0);
  return to;
}

static int memory_file(const char *content) {
  int fd = memfd_create("renkei-fault", MFD_CLOEXEC);
  g_assert(fd >= 0);
  if (content) {
    g_assert(write(fd, content, strlen(content)) == (gssize)strlen(content));
    lseek(fd, 0, SEEK_SET);
  }
  return fd;
}

static char *read_back(int fd) {
  off_t length = lseek(fd, 0, SEEK_END);
  char *text = g_malloc0((gsize)length + 1);
  g_assert(pread(fd, text, (gsize)length, 0) == length);
  close(fd);
  return text;
}

static void add_number(GPtrArray *environment, const char *name, guint64 number) {
  g_ptr_array_add(environment, g_strdup_printf("%s=%" G_GUINT64_FORMAT, name, number));
}

static char **environment_for(const Story *story, guint index, const Fault *fault, const char *report) {
  GPtrArray *list = g_ptr_array_new();
  static const char *const passed[] = {"PATH", "HOME", "RENKEI_DATADIR", "RENKEI_MODULEDIR", "TMPDIR"};
  for (guint i = 0; i < G_N_ELEMENTS(passed); i++)
    if (g_getenv(passed[i]))
      g_ptr_array_add(list, g_strdup_printf("%s=%s", passed[i], g_getenv(passed[i])));
  g_autofree char *library = fault->unprivileged ? public_copy(story, "librenkei.so.0") : NULL;
  g_autofree char *folder = library ? g_path_get_dirname(library) : g_strdup(story->library);
  g_ptr_array_add(list, g_strdup_printf("LD_LIBRARY_PATH=%s", folder));
  g_ptr_array_add(list, g_strdup("LC_ALL=C.UTF-8"));
  g_ptr_array_add(list, g_strdup("TZ=UTC"));
  g_ptr_array_add(list, g_strdup("G_SLICE=always-malloc"));
  g_ptr_array_add(list, g_strdup("ASAN_OPTIONS=detect_leaks=0:verify_asan_link_order=0"));
  if (story_steps[index].traits & BY_SECOND)
    g_ptr_array_add(list, g_strdup_printf("SUDO_UID=%d", SECOND));
  if (fault->place != FAULT_NONE) {
    const char *which = fault->place == FAULT_DISK ? "disk" : "memory";
    g_ptr_array_add(list, g_strdup_printf("LD_PRELOAD=%s/preload-%s.so", story->library, which));
    g_ptr_array_add(list, g_strdup_printf("FAULT_REPORT=%s", report));
    g_ptr_array_add(list, g_strdup_printf("FAULT_UNDER=%s", story->folder));
    add_number(list, "FAULT_AT", fault->at);
    if (fault->fork)
      add_number(list, "FAULT_FORK", fault->fork);
    if (fault->what)
      g_ptr_array_add(list, g_strdup_printf("FAULT_DO=%s", fault->what));
    if (fault->for_good)
      g_ptr_array_add(list, g_strdup("FAULT_GOOD=1"));
  }
  g_ptr_array_add(list, NULL);
  return (char **)g_ptr_array_free(list, FALSE);
}

static void name_person(GString *words, const char *mark, uid_t uid) {
  const struct passwd *person = getpwuid(uid);
  g_assert(person);
  g_string_replace(words, mark, person->pw_name, 0);
}

static char **arguments_for(const Story *story, guint index, const char *words,
                            gboolean other_id) {
  const char *time = story_steps[index].time;
  const char *month = strchr(time, '-') ? "" : "2026-04-";
  g_autoptr(GString) own = g_string_new(words ? words : story->played[index].words);
  g_string_replace(own, "@FOLDER", story->folder, 0);
  g_autofree char *path = story_database(story, index);
  g_autofree char *line =
      g_strdup_printf("%s --db %s --clock %s%s+09:00 --request-id %s-%u --no-input %s", story->program,
                      path, month, time, other_id ? "other" : "story", index, own->str);
  char **list = g_strsplit(line, " ", -1);
  for (guint i = 0; list[i]; i++)
    g_strdelimit(list[i], "~", ' ');
  return list;
}

typedef struct {
  int in, out, err;
} Streams;

static void drop_rights(void) {
  if (geteuid() == 0 && (setgroups(0, NULL) != 0 || setresgid(NOBODY, NOBODY, NOBODY) != 0 ||
                         setresuid(NOBODY, NOBODY, NOBODY) != 0))
    _exit(126);
}

static pid_t start(const char *program, char **arguments, char **environment,
                   const Streams *streams, gboolean unprivileged) {
  pid_t child = fork();
  g_assert(child >= 0);
  if (child)
    return child;
  dup2(streams->in, STDIN_FILENO);
  dup2(streams->out, STDOUT_FILENO);
  dup2(streams->err, STDERR_FILENO);
  if (unprivileged)
    drop_rights();
  execve(program, arguments, environment);
  _exit(127);
}

static int wait_for(pid_t child, guint kill_after) {
  int status = 0;
  if (kill_after) {
    g_usleep(kill_after);
    kill(child, SIGKILL);
  }
  g_assert(waitpid(child, &status, 0) == child);
  while (waitpid(-1, NULL, 0) > 0) /* a FAX program whose caller was killed */
    continue;
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static FaultReport *map_report(const char *path) {
  int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  g_assert(fd >= 0 && ftruncate(fd, sizeof(FaultReport)) == 0);
  FaultReport *report =
      mmap(NULL, sizeof(FaultReport), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  g_assert(report != MAP_FAILED);
  close(fd);
  return report;
}

void story_run(Story *story, guint index, const char *words, const Fault *fault, Outcome *outcome) {
  g_autofree char *path = g_build_filename(story->kept, "report", NULL);
  FaultReport *report = map_report(path);
  g_auto(GStrv) environment = environment_for(story, index, fault, path);
  g_auto(GStrv) arguments = arguments_for(story, index, words, fault->other_id);
  Streams streams = {memory_file(story_steps[index].input), memory_file(NULL), memory_file(NULL)};
  int out = fault->out ? open(fault->out, O_WRONLY | O_CLOEXEC) : -1;
  Streams given = {streams.in, out >= 0 ? out : streams.out, streams.err};
  g_autofree char *public = fault->unprivileged ? public_copy(story, "renkei") : NULL;
  const char *program = public ? public : fault->victim ? "/proc/self/exe" : story->program;
  outcome_clear(outcome);
  outcome->status =
      wait_for(start(program, arguments, environment, &given, fault->unprivileged),
               fault->kill_after);
  outcome->out = read_back(streams.out);
  outcome->err = read_back(streams.err);
  outcome->calls = report->calls;
  outcome->failed = report->failed;
  outcome->ended = report->ended;
  outcome->went_on = report->went_on;
  outcome->crashed = report->crashed;
  outcome->other = report->other;
  munmap(report, sizeof(FaultReport));
  close(streams.in);
  if (out >= 0)
    close(out);
}

void story_play(Story *story, guint index, const Fault *fault, Outcome *outcome) {
  story_run(story, index, NULL, fault, outcome);
}

/* ----------------------------------------------------------------- looking */

#define EARLIER_VERSION 3 /* the one before the present */

static void complain(Found *found, const RkDiags *diags, const char *otherwise) {
  if (!found->trouble)
    found->trouble = g_strdup(diags && rk_diags_count(diags) ? rk_diags_get(diags, 0)->message
                                                             : otherwise);
}

static void verify(const char *path, Found *found) {
  RkSite site = {g_getenv("RENKEI_DATADIR"), g_getenv("RENKEI_MODULEDIR")};
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(RkDesk) desk = NULL;
  g_autoptr(RkTable) table = NULL;
  found->opens = rk_desk_open(&desk, &site, path, g_get_user_name(), diags) == RK_OK;
  found->verified = found->opens && rk_verify(desk, &table, diags) == RK_OK;
  if (!found->verified)
    complain(found, diags, "it does not verify");
}

/* What the FAX program noted: each line the id of a transmission. */
static void look_at_sent(const Story *story, sqlite3 *db, Found *found) {
  g_autofree char *path = g_build_filename(story->folder, "sent", NULL), *text = NULL;
  g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
  g_autofree char *told = database_text(
      db, "SELECT group_concat(key, ' ') FROM register_entry WHERE name = 'delivery' AND "
          "state = 'handed-over' AND json_extract(fields, '$.by') = 'command'");
  if (!g_file_get_contents(path, &text, NULL, NULL))
    text = g_strdup("");
  g_auto(GStrv) lines = g_strsplit(g_strchomp(text), "\n", -1);
  g_auto(GStrv) claimed = g_strsplit(told ? told : "", " ", -1);
  for (guint i = 0; lines[i]; i++)
    found->sent_twice += !g_hash_table_add(ids, lines[i]);
  gboolean unsent = FALSE;
  for (guint i = 0; claimed[i]; i++)
    unsent = unsent || !g_hash_table_contains(ids, claimed[i]);
  if (!found->sent_twice && !unsent)
    return;
  found->verified = FALSE;
  complain(found, NULL, unsent ? "a FAX is told as sent, and never was" : "a FAX was sent twice");
}

/* Before it is migrated, nobody but SQLite reads it. */
static gboolean is_earlier(guint index, sqlite3 *db) {
  return story_steps[index].kind == MIGRATION &&
         database_number(db, "SELECT user_version FROM pragma_user_version") == EARLIER_VERSION;
}

static void look_inside(const Story *story, guint index, sqlite3 *db, Found *found) {
  g_autofree char *sql =
      g_strdup_printf("SELECT count(*) FROM journal WHERE request_id = 'story-%u' OR "
                      "request_id GLOB 'story-%u-*'", index, index);
  gint64 times = database_number(db, sql);
  found->recorded = story_steps[index].kind == MIGRATION ? !is_earlier(index, db) : times == 1;
  found->verified = found->verified && times <= 1 && database_whole(db);
  found->meaning = database_meaning(db);
  found->entries = database_number(db, "SELECT count(*) FROM journal");
  look_at_sent(story, db, found);
}

void story_look(Story *story, guint index, Found *found) {
  g_autofree char *path = story_database(story, index);
  sqlite3 *db = NULL;
  found_clear(found);
  *found = (Found){0};
  if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
    complain(found, NULL, "there is no database");
    return;
  }
  if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK && is_earlier(index, db))
    found->opens = found->verified = TRUE;
  else
    verify(path, found);
  if (found->opens)
    look_inside(story, index, db, found);
  sqlite3_close(db);
}

/* ----------------------------------------------------------------- playing */

/* Where what a step names by its state is found. */
static const struct {
  const char *state, *register_;
} registered[] = {{"tray", "scan"}, {"requested", "disclosure"}, {"proposed", "disposal"},
                  {"approved", "disposal"}};

static char *query_for(const char *state) {
  for (guint i = 0; i < G_N_ELEMENTS(registered); i++)
    if (g_str_equal(state, registered[i].state))
      return g_strdup_printf("SELECT key FROM register_entry WHERE name = '%s' AND state = '%s' "
                             "ORDER BY key LIMIT 1", registered[i].register_, state);
  return g_strdup_printf("SELECT id FROM transmission WHERE direction = 'out' AND state = '%s' "
                         "ORDER BY id LIMIT 1", state);
}

/* What is in that state now. g_free. */
static char *find_in_state(const Story *story, guint index, const char *state) {
  g_autofree char *path = story_database(story, index), *sql = query_for(state);
  sqlite3 *db = NULL;
  sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL);
  char *id = database_text(db, sql);
  sqlite3_close(db);
  if (!id)
    g_error("%s: there is nothing in that state", story_steps[index].words);
  return id;
}

/* The step's words, with what stands for the marks in them. g_free. */
static char *resolve(const Story *story, guint index) {
  g_autoptr(GString) words = g_string_new(story_steps[index].words);
  g_string_replace(words, "@FOLDER", story->folder, 0);
  name_person(words, "@SECOND", SECOND);
  name_person(words, "@THIRD", THIRD);
  const char *mark = strchr(words->str, '@');
  if (!mark)
    return g_strdup(words->str);
  g_autofree char *state = g_strndup(mark + 1, strcspn(mark + 1, " "));
  g_autofree char *id = find_in_state(story, index, state);
  return g_strdup_printf("%.*s%s%s", (int)(mark - words->str), words->str, id,
                         mark + 1 + strlen(state));
}

/* A copy of the clinic's file as the version before the present one had it. */
static void make_earlier(const Story *story, guint index) {
  g_autofree char *path = story_database(story, index);
  g_autofree char *from = g_build_filename(story->folder, "clinic.db", NULL);
  g_autofree char *copy = g_strdup_printf("VACUUM INTO '%s'", path);
  g_autofree char *back = g_strdup_printf(
      "PRAGMA journal_mode=WAL; DROP TABLE picture; PRAGMA user_version=%d", EARLIER_VERSION);
  sqlite3 *db = NULL;
  g_assert(sqlite3_open_v2(from, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
           sqlite3_exec(db, copy, NULL, NULL, NULL) == SQLITE_OK);
  sqlite3_close(db);
  g_assert(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
           sqlite3_exec(db, back, NULL, NULL, NULL) == SQLITE_OK);
  sqlite3_close(db);
  g_assert(g_chmod(path, 0600) == 0);
}

static void play_well(Story *story, guint index) {
  const Fault none = {FAULT_NONE};
  g_autofree char *kept = kept_folder(story, index);
  g_autofree char *before = index ? kept_folder(story, index - 1) : g_strdup("");
  g_auto(Found) found = {0};
  Outcome *outcome = &story->played[index].outcome;
  if (story_steps[index].kind == MIGRATION)
    make_earlier(story, index);
  keep_folder(story->folder, kept, before);
  if (!story_makes_desk(story, index)) {
    story_look(story, index, &found);
    story->played[index].before = found.meaning;
  }
  story->played[index].words = resolve(story, index);
  story_play(story, index, &none, outcome);
  if (outcome->status != (story_steps[index].traits & IN_PART ? RK_PARTIAL : RK_OK))
    g_error("%s ended with %d: %s", story_steps[index].name, outcome->status, outcome->err);
  story_look(story, index, &found);
  if (!found.verified)
    g_error("%s: %s", story_steps[index].name, found.trouble);
  story->played[index].after = found.meaning;
  story->played[index].entries = found.entries;
}

/* A shipped procedure under another name: there is something to install. */
static void change_procedure(const Story *story) {
  g_autofree char *shipped = g_build_filename(g_getenv("RENKEI_DATADIR"), "workflows", "fujisawa",
                                              "member-registration.scxml", NULL);
  g_autofree char *changed = g_build_filename(story->folder, "changed.scxml", NULL);
  g_autofree char *text = NULL;
  g_assert(g_file_get_contents(shipped, &text, NULL, NULL));
  g_autoptr(GString) other = g_string_new(text);
  g_assert(g_string_replace(other, "name=\"fujisawa-", "name=\"another-", 1));
  g_assert(g_file_set_contents(changed, other->str, -1, NULL));
}

/* Memory instead of a disk where there is enough: nothing here depends on the medium. */
static char *make_folder(void) {
  struct statvfs info;
  char *folder = NULL;
  if (statvfs("/dev/shm", &info) == 0 && info.f_bavail * info.f_bsize > 200u << 20)
    folder = folder_new_in("/dev/shm", "story");
  return folder ? folder : folder_new("story");
}

/* The line is busy the first time; later it notes what it is told to send. */
static void make_fax_program(const Story *story) {
  g_autofree char *path = g_build_filename(story->folder, "sendfax", NULL);
  g_autofree char *text = g_strdup_printf("#!/bin/sh\n"
                                          "[ -e %s/tried ] || { : >%s/tried; exit 75; }\n"
                                          "echo \"$1\" >>%s/sent\n",
                                          story->folder, story->folder, story->folder);
  g_assert(g_file_set_contents(path, text, -1, NULL) && g_chmod(path, 0700) == 0);
}

static void make_inner(const Story *story, const char *name) {
  g_autofree char *path = g_build_filename(story->folder, name, NULL);
  g_assert(g_mkdir(path, 0700) == 0);
}

Story *story_new(void) {
  Story *story = g_new0(Story, 1);
  story->kept = make_folder();
  story->played = g_new0(Played, story_steps_count);
  g_assert(story->kept && g_getenv("RENKEI_BUILDDIR"));
  story->folder = g_build_filename(story->kept, "now", NULL);
  story->library = g_build_filename(g_getenv("RENKEI_BUILDDIR"), ".libs", NULL);
  /* The program itself, not the script that libtool puts before it. */
  story->program = g_build_filename(story->library, "renkei", NULL);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  g_assert(g_mkdir(story->folder, 0700) == 0);
  make_inner(story, "copies");
  make_inner(story, "out");
  change_procedure(story);
  make_fax_program(story);
  for (guint i = 0; i < story_steps_count; i++)
    play_well(story, i);
  g_autofree char *end = kept_folder(story, story_steps_count);
  copy_folder(story->folder, end);
  return story;
}

void story_free(Story *story) {
  for (guint i = 0; i < story_steps_count; i++) {
    g_free(story->played[i].words);
    outcome_clear(&story->played[i].outcome);
  }
  folder_empty(story->kept);
  g_rmdir(story->kept);
  g_free(story->played);
  g_free(story->folder);
  g_free(story->kept);
  g_free(story->library);
  g_free(story->program);
  g_free(story);
}
