/* SPDX-License-Identifier: Apache-2.0 */
/* story.c - see story.h. All people and institutions are made up. */
#define _GNU_SOURCE
#include "story.h"

#include "database.h"
#include "preload.h"
#include "renkei.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#define REQUEST_TEXT                                                                           \
  "entry_date = 2026-04-01\ncorp_name_kana = イリョウホウジンレイジカイ\n"                 \
  "corp_name = 医療法人例示会\nrep_name_kana = カクウ タロウ\nrep_name = 架空 太郎\n"    \
  "corp_postal_code = 251-0000\ncorp_address = 神奈川県藤沢市例示町1-1\n"                   \
  "corp_phone = 0466-00-0000\ninst_name_kana = レイジクリニック\n"                           \
  "inst_name = 例示クリニック\ninst_postal_code = 251-0000\n"                               \
  "inst_address = 神奈川県藤沢市例示町1-1\ninst_phone = 0466-00-0000\n"                     \
  "id_receive_choice = same\ncontact_email = info@clinic.example\n"                          \
  "users[1].name_kana = カクウ タロウ\nusers[1].name = 架空 太郎\n"                         \
  "users[1].occupation = doctor\n"
#define PLEDGE_TEXT "pledge_date = 2026-04-01\ninst_name = 例示クリニック\n"
#define INIT "--municipality fujisawa --exercise --roles "
#define NEW "new fujisawa-member-registration --set institution=例示クリニック"

static const Step steps[] = {
    {"init", "clinic", "01T09:00", "init --office example-clinic " INIT "member_institution", NULL, TRUE},
    {"workflow install", "clinic", "01T09:00", "workflow install @FOLDER/changed.scxml", NULL, TRUE},
    {"operator add", "clinic", "01T09:00", "operator add hanako --roles member_institution", NULL, FALSE},
    {"config set", "clinic", "01T09:00", "config set association.fax 0466-00-0000", NULL, FALSE},
    {"form approve", "clinic", "01T09:00", "form approve fj-2-1", NULL, FALSE},
    {"form approve pledge", "clinic", "01T09:00", "form approve fj-3", NULL, FALSE},
    {"new", "clinic", "01T09:10", NEW, NULL, FALSE},
    {"form fill", "clinic", "01T09:20", "form fill R8-0001 fj-2-1 -", REQUEST_TEXT, FALSE},
    {"form fill pledge", "clinic", "01T09:20", "form fill R8-0001 fj-3 -", PLEDGE_TEXT, FALSE},
    {"form sign", "clinic", "01T09:30", "form sign R8-0001 fj-3", NULL, FALSE},
    {"form return", "clinic", "01T09:31", "form return R8-0001 fj-3", NULL, FALSE},
    {"form fill again", "clinic", "01T09:32", "form fill R8-0001 fj-3 -", PLEDGE_TEXT, FALSE},
    {"form sign again", "clinic", "01T09:33", "form sign R8-0001 fj-3", NULL, FALSE},
    {"do request.faxed", "clinic", "01T09:40", "do R8-0001 request.faxed", NULL, FALSE},
    {"outbox run", "clinic", "01T09:41", "outbox run --folder @FOLDER/fax --yes", NULL, TRUE},
    {"outbox fail", "clinic", "01T09:42", "outbox fail @handed-over", NULL, FALSE},
    {"outbox retry", "clinic", "01T09:43", "outbox retry @failed", NULL, FALSE},
    {"outbox cancel", "clinic", "01T09:44", "outbox cancel @queued", NULL, FALSE},
    {"outbox confirm", "clinic", "01T09:45", "outbox confirm @by-hand", NULL, FALSE},
    {"note", "clinic", "01T09:50", "note R8-0001 電話で確認", NULL, FALSE},
    {"undo", "clinic", "01T09:51", "undo R8-0001 --why 別の書類 --yes", NULL, FALSE},
    {"init at the association", "association", "01T10:00", "init --office example-association " INIT "association", NULL, TRUE},
    {"form approve at the association", "association", "01T10:00", "form approve fj-2-1", NULL, FALSE},
    {"new at the association", "association", "01T10:00", NEW, NULL, FALSE},
    {"form receive", "association", "01T10:05", "form receive R8-0001 fj-2-1 --incomplete", NULL, FALSE},
    {"do with papers", "association", "01T10:10", "do R8-0001 request.faxed --received fj-2-1,fj-3", NULL, FALSE},
    {"do member.confirmed", "association", "01T11:00", "do R8-0001 member.confirmed --evidence phone", NULL, FALSE},
    {"tick", "association", "10T09:00", "tick", NULL, TRUE},
    {"do password.issued", "association", "10T13:00", "do R8-0001 password.issued", NULL, FALSE},
    {"db backup", "association", "10T13:10", "db backup --to @FOLDER/copies", NULL, TRUE},
    {"db restore", "restored", "10T13:20", "db restore @FOLDER/copies/example-association-20260410T041000Z.db", NULL, TRUE},
    {"undo with a deadline", "association", "20T09:00", "undo R8-0001 --why 別の医療機関 --yes", NULL, FALSE},
    {"do again, late", "association", "20T09:10", "do R8-0001 password.issued --on 2026-04-09 --late --why 控えによる", NULL, TRUE},
    {"checkpoint", "association", "20T09:20", "checkpoint", NULL, TRUE},
};

struct Story {
  char *folder, *kept, *library;
  char *program;
  char *arguments[G_N_ELEMENTS(steps)]; /* words with what @ stands for */
  Outcome outcomes[G_N_ELEMENTS(steps)];
  guint64 before[G_N_ELEMENTS(steps)], after[G_N_ELEMENTS(steps)];
  gint64 entries[G_N_ELEMENTS(steps)];
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
  return G_N_ELEMENTS(steps);
}

const Step *story_step(const Story *story, guint index) {
  (void)story;
  return &steps[index];
}

const char *story_folder(const Story *story) {
  return story->folder;
}

const Outcome *story_outcome(const Story *story, guint index) {
  return &story->outcomes[index];
}

guint64 story_before(const Story *story, guint index) {
  return story->before[index];
}

guint64 story_after(const Story *story, guint index) {
  return story->after[index];
}

gint64 story_entries(const Story *story, guint index) {
  return story->entries[index];
}

/* ------------------------------------------------------------------- files */

static void copy_file(const char *from, const char *to) {
  g_autofree char *bytes = NULL;
  gsize length = 0;
  g_assert(g_file_get_contents(from, &bytes, &length, NULL));
  int fd = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  g_assert(fd >= 0 && write(fd, bytes, length) == (gssize)length);
  close(fd);
}

static void empty_folder(const char *path) {
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *file = g_build_filename(path, name, NULL);
    if (g_file_test(file, G_FILE_TEST_IS_DIR)) {
      empty_folder(file);
      g_rmdir(file);
    } else {
      g_unlink(file);
    }
  }
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

static char *kept_folder(const Story *story, guint index) {
  g_autofree char *name = g_strdup_printf("%02u", index);
  return g_build_filename(story->kept, name, NULL);
}

char *story_database(const Story *story, guint index) {
  g_autofree char *name = g_strconcat(steps[index].desk, ".db", NULL);
  return g_build_filename(story->folder, name, NULL);
}

void story_rewind(Story *story, guint index) {
  g_autofree char *kept = kept_folder(story, index);
  empty_folder(story->folder);
  copy_folder(kept, story->folder);
}

gboolean story_wants(const Story *story, guint index) {
  const char *only = g_getenv("RENKEI_FAULT_ONLY");
  (void)story;
  return !only || g_str_has_prefix(steps[index].name, only);
}

gboolean story_makes_desk(const Story *story, guint index) {
  (void)story;
  return g_str_has_prefix(steps[index].words, "init") ||
         g_str_has_prefix(steps[index].words, "db restore");
}

static gboolean same_content(const char *one, const char *other) {
  g_autofree char *a = NULL, *b = NULL;
  gsize m = 0, n = 0;
  return g_file_get_contents(one, &a, &m, NULL) && g_file_get_contents(other, &b, &n, NULL) &&
         m == n && memcmp(a, b, m) == 0;
}

char *story_stray_fax(Story *story, guint index) {
  g_autofree char *fax = g_build_filename(story->folder, "fax", NULL);
  g_autofree char *kept = kept_folder(story, index + 1);
  g_autoptr(GDir) dir = g_dir_open(fax, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *found = g_build_filename(fax, name, NULL);
    g_autofree char *meant = g_build_filename(kept, "fax", name, NULL);
    if (name[0] != '.' && !same_content(found, meant))
      return g_strdup(name);
  }
  return NULL;
}

/* ----------------------------------------------------------------- the program */

#define NOBODY 65534

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

static char **environment_for(const Story *story, const Fault *fault, const char *report) {
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

static char **arguments_for(const Story *story, guint index, const char *words,
                            gboolean other_id) {
  g_autoptr(GString) own = g_string_new(words ? words : story->arguments[index]);
  g_string_replace(own, "@FOLDER", story->folder, 0);
  g_autofree char *path = story_database(story, index);
  g_autofree char *line =
      g_strdup_printf("%s --db %s --clock 2026-04-%s+09:00 --request-id %s-%u --no-input %s",
                      story->program, path, steps[index].time, other_id ? "other" : "story", index,
                      own->str);
  return g_strsplit(line, " ", -1);
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
  g_auto(GStrv) environment = environment_for(story, fault, path);
  g_auto(GStrv) arguments = arguments_for(story, index, words, fault->other_id);
  Streams streams = {memory_file(steps[index].input), memory_file(NULL), memory_file(NULL)};
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

static void complain(Found *found, const RkDiags *diags, const char *otherwise) {
  if (!found->trouble)
    found->trouble = g_strdup(rk_diags_count(diags) ? rk_diags_get(diags, 0)->message : otherwise);
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

void story_look(Story *story, guint index, Found *found) {
  g_autofree char *path = story_database(story, index);
  g_autofree char *sql =
      g_strdup_printf("SELECT count(*) FROM journal WHERE request_id = 'story-%u'", index);
  sqlite3 *db = NULL;
  found_clear(found);
  *found = (Found){0};
  verify(path, found);
  if (!found->opens || sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK) {
    sqlite3_close(db);
    return;
  }
  gint64 times = database_number(db, sql);
  found->recorded = times == 1;
  found->verified = found->verified && times <= 1 && database_whole(db);
  found->meaning = database_meaning(db);
  found->entries = database_number(db, "SELECT count(*) FROM journal");
  sqlite3_close(db);
}

/* ----------------------------------------------------------------- playing */

/* What stands for @X in a step's words. g_free. */
static char *resolve(const Story *story, guint index) {
  g_autoptr(GString) words = g_string_new(steps[index].words);
  g_string_replace(words, "@FOLDER", story->folder, 0);
  const char *mark = strchr(words->str, '@');
  if (!mark)
    return g_strdup(words->str);
  g_autofree char *path = story_database(story, index);
  g_autofree char *sql = g_strdup_printf(
      "SELECT id FROM transmission WHERE direction = 'out' AND state = '%s' LIMIT 1", mark + 1);
  sqlite3 *db = NULL;
  sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL);
  g_autofree char *id = database_text(db, sql);
  sqlite3_close(db);
  if (!id)
    g_error("%s: there is no transmission in that state", steps[index].words);
  return g_strdup_printf("%.*s%s", (int)(mark - words->str), words->str, id);
}

static void play_well(Story *story, guint index) {
  const Fault none = {FAULT_NONE};
  g_autofree char *kept = kept_folder(story, index);
  g_auto(Found) found = {0};
  Outcome *outcome = &story->outcomes[index];
  copy_folder(story->folder, kept);
  if (!story_makes_desk(story, index)) {
    story_look(story, index, &found);
    story->before[index] = found.meaning;
  }
  story->arguments[index] = resolve(story, index);
  story_play(story, index, &none, outcome);
  if (outcome->status != 0)
    g_error("%s ended with %d: %s", steps[index].name, outcome->status, outcome->err);
  story_look(story, index, &found);
  if (!found.verified)
    g_error("%s: %s", steps[index].name, found.trouble);
  story->after[index] = found.meaning;
  story->entries[index] = found.entries;
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
    folder = g_mkdtemp(g_strdup("/dev/shm/renkei-story-XXXXXX"));
  return folder ? folder : g_dir_make_tmp("renkei-story-XXXXXX", NULL);
}

Story *story_new(void) {
  Story *story = g_new0(Story, 1);
  story->kept = make_folder();
  g_assert(story->kept && g_getenv("RENKEI_BUILDDIR"));
  story->folder = g_build_filename(story->kept, "now", NULL);
  story->library = g_build_filename(g_getenv("RENKEI_BUILDDIR"), ".libs", NULL);
  /* The program itself, not the script that libtool puts before it. */
  story->program = g_build_filename(story->library, "renkei", NULL);
  g_assert(g_mkdir(story->folder, 0700) == 0);
  g_autofree char *copies = g_build_filename(story->folder, "copies", NULL);
  g_assert(g_mkdir(copies, 0700) == 0);
  change_procedure(story);
  for (guint i = 0; i < G_N_ELEMENTS(steps); i++)
    play_well(story, i);
  g_autofree char *end = kept_folder(story, G_N_ELEMENTS(steps));
  copy_folder(story->folder, end);
  return story;
}

void story_free(Story *story) {
  for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
    g_free(story->arguments[i]);
    outcome_clear(&story->outcomes[i]);
  }
  empty_folder(story->kept);
  g_rmdir(story->kept);
  g_free(story->folder);
  g_free(story->kept);
  g_free(story->library);
  g_free(story->program);
  g_free(story);
}
