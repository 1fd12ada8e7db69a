/* SPDX-License-Identifier: Apache-2.0 */
/* Taking back: the case is as it was, the journal knows both; what others have built on stays. Each
 * test runs on both stores. */
#include "analysis-files.h"
#include "base/date.h"
#include "case/deliver.h"
#include "case/undo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#define START (G_GINT64_CONSTANT(1793581200) * TIME_SECOND) /* 2026-11-02T01:00Z */
#define INSTITUTION "架空診療所"

typedef struct {
  gboolean memory;
  char *folder;
  RkDesk *desk;
  char *number;
} World;

static RkSite *site(void) {
  static RkSite here;
  here.datadir = g_getenv("RENKEI_DATADIR");
  assert_non_null(here.datadir);
  return &here;
}

static void world_open(World *world, const char *const *roles) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkDeskConfig config = {"office", "fujisawa", roles, TRUE};
  g_autofree char *workflows = g_build_filename(site()->datadir, "workflows", "fujisawa", NULL);
  const char *const paths[] = {workflows, NULL};
  g_auto(GStrv) files = desk_workflow_files(paths);
  g_autofree char *path = g_build_filename(world->folder, "a.db", NULL);
  RkStatus status =
      world->memory
          ? desk_create_memory(&world->desk, site(), &config, "hanako",
                               (const char *const *)files, START, diags)
          : rk_desk_create(&world->desk, site(), path, &config, "hanako", START, diags);
  assert_int_equal(status, RK_OK);
}

static char *open_case(RkDesk *desk, const char *procedure) {
  char *number = NULL;
  RkRequest request = {.now = START + TIME_DAY / 24};
  RkValue values[] = {{"institution", INSTITUTION}};
  assert_int_equal(rk_case_open(desk, &request, procedure, values, 1, &number, NULL), RK_OK);
  return number;
}

static World world_new(gboolean memory) {
  static const char *const association[] = {"association", NULL};
  World world = {.memory = memory, .folder = scratch_new()};
  world_open(&world, association);
  world.number = open_case(world.desk, "fujisawa-member-registration");
  return world;
}

static void world_clear(World *world) {
  g_autoptr(RkTable) checks = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkStatus status = rk_verify(world->desk, &checks, diags);
  if (rk_diags_count(diags))
    print_message("%s\n", rk_diags_get(diags, 0)->message);
  assert_int_equal(status, RK_OK);
  rk_desk_close(world->desk);
  scratch_remove(world->folder);
  g_free(world->folder);
  g_free(world->number);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(World, world_clear)

static const RkReceived both[] = {{"fj-2-1", NULL, FALSE}, {"fj-3", NULL, FALSE}};

static RkStatus happen(World *world, const char *event, int hours, RkDiags *diags) {
  g_autoptr(RkTable) done = NULL;
  RkRequest request = {.now = START + hours * (TIME_DAY / 24)};
  gboolean papers = g_str_equal(event, "request.faxed");
  return rk_case_do(world->desk, &request, world->number, event, papers ? both : NULL,
                    papers ? 2 : 0, &done, diags);
}

static RkStatus undo(World *world, int hours, RkDiags *diags) {
  g_autoptr(RkTable) table = NULL;
  RkRequest request = {.now = START + hours * (TIME_DAY / 24), .why = "誤り"};
  return rk_case_undo(world->desk, &request, world->number, &table, diags);
}

static void tick(World *world, int hours, guint expected) {
  g_autoptr(RkTable) fired = NULL;
  RkRequest request = {.now = START + hours * (TIME_DAY / 24)};
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkStatus status = rk_desk_tick(world->desk, &request, &fired, diags);
  if (status != RK_OK)
    print_message("%s\n", rk_diags_get(diags, 0)->message);
  assert_int_equal(status, RK_OK);
  assert_int_equal(rk_table_rows(fired), expected);
}

/* --------------------------------------------------------------- a case in words */

static void describe_table(GString *text, const RkTable *table, const char *const *columns) {
  for (guint row = 0; row < rk_table_rows(table); row++)
    for (guint i = 0; columns[i]; i++) {
      const char *value = rk_table_get(table, row, columns[i]);
      g_string_append_printf(text, "%s%s", value ? value : "-", columns[i + 1] ? " " : "\n");
    }
}

static void describe_register(GString *text, World *world, const char *name) {
  static const char *const columns[] = {"key", "state", NULL};
  g_autoptr(RkTable) table = NULL;
  assert_int_equal(rk_register_list(world->desk, name, NULL, FALSE, NULL, &table, NULL), RK_OK);
  describe_table(text, table, columns);
}

/* Everything a clerk can see of the case, but when it was last touched. */
static char *portrait(World *world) {
  static const char *const tables[][6] = {
      {"case", "state", "closed", "due", "overdue", NULL},
      {"papers", "form", "state", NULL},
      {"transmissions", "form", "to", "state", NULL},
      {"timers", "event", "due", NULL},
  };
  static const char *const held[] = {"paper", "kind", "holder", "since", NULL};
  g_autoptr(GPtrArray) shown = NULL;
  g_autoptr(RkTable) custody = NULL;
  GString *text = g_string_new(NULL);
  assert_int_equal(rk_case_show(world->desk, world->number, START, &shown, NULL), RK_OK);
  for (guint i = 0; i < shown->len; i++)
    for (guint k = 0; k < G_N_ELEMENTS(tables); k++)
      if (g_str_equal(rk_table_id(shown->pdata[i]), tables[k][0]))
        describe_table(text, shown->pdata[i], &tables[k][1]);
  assert_int_equal(rk_custody(world->desk, world->number, NULL, NULL, &custody, NULL), RK_OK);
  describe_table(text, custody, held);
  describe_register(text, world, "institution");
  describe_register(text, world, "user_account");
  return g_string_free(text, FALSE);
}

static guint journal_rows(World *world) {
  g_autoptr(RkTable) log = NULL;
  assert_int_equal(rk_case_log(world->desk, world->number, NULL, &log, NULL), RK_OK);
  return rk_table_rows(log);
}

static void must_refuse(RkStatus status, RkDiags *diags, const char *code) {
  assert_int_equal(status, RK_REFUSED);
  assert_string_equal(rk_diags_get(diags, 0)->code, code);
  assert_true(*rk_diags_get(diags, 0)->remedy);
}

/* -------------------------------------------------------------------------- tests */

static void step_by_step_the_case_becomes_what_it_was(gboolean memory) {
  static const char *const events[] = {"request.faxed", "member.confirmed", "password.issued",
                                       "id.delivered", "association.notified"};
  g_auto(World) world = world_new(memory);
  char *before[G_N_ELEMENTS(events)];
  for (guint i = 0; i < G_N_ELEMENTS(events); i++) {
    before[i] = portrait(&world);
    assert_int_equal(happen(&world, events[i], 2 + (int)i, NULL), RK_OK);
  }
  guint rows = journal_rows(&world);
  for (guint i = G_N_ELEMENTS(events); i-- > 0;) {
    assert_int_equal(undo(&world, 20, NULL), RK_OK);
    g_autofree char *after = portrait(&world);
    assert_string_equal(after, before[i]);
    g_free(before[i]);
  }
  assert_int_equal(journal_rows(&world), rows + G_N_ELEMENTS(events));
  g_autoptr(RkDiags) diags = rk_diags_new();
  must_refuse(undo(&world, 21, diags), diags, "CS090");
}

static void after_it_the_case_goes_on(gboolean memory) {
  g_auto(World) world = world_new(memory);
  assert_int_equal(happen(&world, "request.faxed", 2, NULL), RK_OK);
  assert_int_equal(happen(&world, "member.denied", 3, NULL), RK_OK);
  assert_int_equal(undo(&world, 4, NULL), RK_OK); /* it was open, and is again */
  assert_int_equal(happen(&world, "member.confirmed", 5, NULL), RK_OK);
  assert_int_equal(happen(&world, "password.issued", 6, NULL), RK_OK);
  assert_int_equal(undo(&world, 7, NULL), RK_OK);
  assert_int_equal(undo(&world, 7, NULL), RK_OK);
  assert_int_equal(happen(&world, "member.denied", 8, NULL), RK_OK);
}

static void a_register_entry_that_was_new_is_gone_but_not_its_history(gboolean memory) {
  g_auto(World) world = world_new(memory);
  g_autoptr(RkTable) now = NULL, ever = NULL;
  assert_int_equal(happen(&world, "request.faxed", 2, NULL), RK_OK);
  assert_int_equal(undo(&world, 3, NULL), RK_OK);
  assert_int_equal(rk_register_list(world.desk, "institution", NULL, FALSE, NULL, &now, NULL), RK_OK);
  assert_int_equal(rk_table_rows(now), 0);
  assert_int_equal(rk_register_list(world.desk, "institution", INSTITUTION, TRUE, NULL, &ever, NULL),
                   RK_OK);
  assert_int_equal(rk_table_rows(ever), 2);
}

static void a_reason_is_asked_for_and_a_dry_run_only_tells(gboolean memory) {
  g_auto(World) world = world_new(memory);
  g_autoptr(RkTable) told = NULL, none = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(happen(&world, "request.faxed", 2, NULL), RK_OK);
  g_autofree char *before = portrait(&world);
  RkRequest dry = {.now = START + TIME_DAY, .dry_run = TRUE}, mute = {.now = START + TIME_DAY};
  assert_int_equal(rk_case_undo(world.desk, &dry, world.number, &told, NULL), RK_OK);
  assert_string_equal(rk_table_get(told, 0, "event"), "request.faxed");
  assert_int_equal(rk_case_undo(world.desk, &mute, world.number, &none, diags), RK_INVALID);
  assert_string_equal(rk_diags_get(diags, 0)->code, "CS094");
  g_autofree char *after = portrait(&world);
  assert_string_equal(after, before);
}

static void a_repeated_request_takes_back_once(gboolean memory) {
  g_auto(World) world = world_new(memory);
  assert_int_equal(happen(&world, "request.faxed", 2, NULL), RK_OK);
  assert_int_equal(happen(&world, "member.confirmed", 3, NULL), RK_OK);
  RkRequest request = {.id = "undo-1", .now = START + TIME_DAY, .why = "誤り"};
  for (guint i = 0; i < 2; i++) {
    g_autoptr(RkTable) table = NULL;
    assert_int_equal(rk_case_undo(world.desk, &request, world.number, &table, NULL), RK_OK);
    assert_int_equal(rk_table_rows(table), 1); /* the same answer */
    assert_string_equal(rk_table_get(table, 0, "event"), "member.confirmed");
  }
  assert_int_equal(journal_rows(&world), 4);
}

static void deadlines_that_passed_since_go_with_it_and_pass_again(gboolean memory) {
  g_auto(World) world = world_new(memory);
  assert_int_equal(happen(&world, "request.faxed", 2, NULL), RK_OK);
  g_autofree char *before = portrait(&world);
  assert_int_equal(happen(&world, "member.confirmed", 3, NULL), RK_OK);
  tick(&world, 24 * 10, 1);
  assert_int_equal(undo(&world, 24 * 10, NULL), RK_OK);
  g_autofree char *after = portrait(&world);
  assert_string_equal(after, before);
  tick(&world, 24 * 11, 0);
  assert_int_equal(happen(&world, "member.confirmed", 24 * 11, NULL), RK_OK);
  tick(&world, 24 * 30, 1);
}

static void a_clerks_word_about_a_paper_can_be_taken_back(gboolean memory) {
  g_auto(World) world = world_new(memory);
  g_autoptr(RkTable) outbox = NULL;
  assert_int_equal(happen(&world, "request.faxed", 2, NULL), RK_OK);
  assert_int_equal(happen(&world, "member.confirmed", 3, NULL), RK_OK);
  assert_int_equal(rk_outbox_list(world.desk, NULL, NULL, &outbox, NULL), RK_OK);
  assert_int_equal(rk_table_rows(outbox), 1);
  const char *id = rk_table_get(outbox, 0, "id");
  RkRequest request = {.now = START + TIME_DAY};
  assert_int_equal(rk_outbox_settle(world.desk, &request, id, "confirmed", 0, NULL), RK_OK);
  assert_int_equal(undo(&world, 25, NULL), RK_OK);
  assert_int_equal(undo(&world, 25, NULL), RK_OK);
  assert_int_equal(happen(&world, "member.confirmed", 26, NULL), RK_OK);
  g_autoptr(GPtrArray) sent = NULL;
  assert_int_equal(store_load_transmissions(world.desk->store, NULL, "out", NULL, &sent, NULL), RK_OK);
  assert_int_equal(sent->len, 1); /* the one of the mistake is gone */
}

static void what_another_case_relied_on_stays(gboolean memory) {
  static const char *const clinic[] = {"member_institution", NULL};
  g_auto(World) world = {.memory = memory, .folder = scratch_new()};
  world_open(&world, clinic);
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(RkTable) done = NULL, out = NULL;
  RkRequest request = {.now = START + TIME_DAY, .why = "導入前"};
  RkValue values[] = {{"institution", INSTITUTION}, {"patient", "架空 患者"}, {"birth_date", "1940-01-01"}};
  assert_int_equal(rk_case_open(world.desk, &request, "fujisawa-patient-consent", values, 3,
                                &world.number, NULL), RK_OK);
  assert_int_equal(rk_case_do(world.desk, &request, world.number, "consent.explained", NULL, 0, &done,
                              diags), RK_OK);
  g_autofree char *other = NULL;
  assert_int_equal(rk_case_open(world.desk, &request, "fujisawa-patient-consent", values, 3, &other,
                                NULL), RK_OK);
  g_clear_pointer(&done, rk_table_free);
  RkStatus second = rk_case_do(world.desk, &request, other, "consent.explained", NULL, 0, &done, NULL);
  assert_int_equal(second, RK_OK);
  must_refuse(rk_case_undo(world.desk, &request, world.number, &out, diags), diags, "CS092");
  assert_non_null(strstr(rk_diags_get(diags, 0)->message, other));
  /* The other one first, then this. */
  assert_int_equal(rk_case_undo(world.desk, &request, other, &out, NULL), RK_OK);
  g_clear_pointer(&out, rk_table_free);
}

static void what_was_corrected_by_hand_since_stays(gboolean memory) {
  g_auto(World) world = world_new(memory);
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkRequest request = {.now = START + TIME_DAY, .why = "電話で確認"};
  assert_int_equal(happen(&world, "request.faxed", 2, NULL), RK_OK);
  assert_int_equal(rk_register_set(world.desk, &request, "institution", INSTITUTION, "registered",
                                   diags), RK_OK);
  must_refuse(undo(&world, 30, diags), diags, "CS093");
}

static void a_stranger_takes_nothing_back(gboolean memory) {
  g_auto(World) world = world_new(memory);
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(happen(&world, "request.faxed", 2, NULL), RK_OK);
  g_autofree char *own = g_steal_pointer(&world.desk->operator_);
  world.desk->operator_ = g_strdup("stranger");
  assert_int_equal(desk_refresh(world.desk, NULL), RK_OK);
  must_refuse(undo(&world, 3, diags), diags, "CS016");
  g_free(world.desk->operator_);
  world.desk->operator_ = g_steal_pointer(&own);
  assert_int_equal(desk_refresh(world.desk, NULL), RK_OK);
}

/* ------------------------------------------------------------------- coming late */

static RkStatus happened_at(World *world, const char *event, int hours, int entered, gboolean late,
                            RkDiags *diags) {
  g_autoptr(RkTable) done = NULL;
  RkRequest request = {.now = START + entered * (TIME_DAY / 24),
                       .happened = START + hours * (TIME_DAY / 24),
                       .late = late};
  return rk_case_do(world->desk, &request, world->number, event, NULL, 0, &done, diags);
}

static void a_backdated_event_lists_the_timers_that_fired_meanwhile(gboolean memory) {
  g_auto(World) world = world_new(memory);
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(happen(&world, "request.faxed", 2, NULL), RK_OK);
  assert_int_equal(happen(&world, "member.confirmed", 3, NULL), RK_OK);
  tick(&world, 24 * 10, 1);
  guint rows = journal_rows(&world);
  must_refuse(happened_at(&world, "password.issued", 48, 24 * 10, FALSE, diags), diags, "CS095");
  assert_non_null(strstr(rk_diags_get(diags, 0)->message, "issue.overdue"));
  assert_int_equal(journal_rows(&world), rows);
  assert_int_equal(happened_at(&world, "password.issued", 48, 24 * 10, TRUE, NULL), RK_OK);
  assert_int_equal(journal_rows(&world), rows + 2); /* taken back, and the event */
  g_autofree char *text = portrait(&world);
  assert_non_null(strstr(text, " yes\n")); /* one of them is waited for again, and passed long ago */
}

static void a_deadline_that_still_applies_passes_again(gboolean memory) {
  g_auto(World) world = world_new(memory);
  assert_int_equal(happen(&world, "request.faxed", 2, NULL), RK_OK);
  assert_int_equal(happen(&world, "member.confirmed", 3, NULL), RK_OK);
  tick(&world, 24 * 10, 1);
  RkRequest request = {.now = START + 10 * TIME_DAY, .happened = START + 2 * TIME_DAY, .late = TRUE};
  RkReceived paper = {"fj-3", NULL, FALSE};
  assert_int_equal(rk_form_receive(world.desk, &request, world.number, &paper, NULL), RK_OK);
  tick(&world, 24 * 10, 1);
}

static void behind_what_people_did_nothing_is_entered(gboolean memory) {
  g_auto(World) world = world_new(memory);
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(happen(&world, "request.faxed", 48, NULL), RK_OK);
  must_refuse(happened_at(&world, "member.confirmed", 3, 72, TRUE, diags), diags, "CS014");
}

static void a_closed_case_takes_late_papers_and_corrections(gboolean memory) {
  g_auto(World) world = world_new(memory);
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(happen(&world, "request.faxed", 2, NULL), RK_OK);
  assert_int_equal(happen(&world, "member.denied", 3, NULL), RK_OK);
  must_refuse(happen(&world, "member.confirmed", 4, diags), diags, "CS011");
  RkRequest request = {.now = START + TIME_DAY};
  RkReceived paper = {"fj-3", NULL, FALSE};
  assert_int_equal(rk_form_receive(world.desk, &request, world.number, &paper, NULL), RK_OK);
  g_autoptr(RkDiags) mute = rk_diags_new();
  must_refuse(rk_form_event(world.desk, &request, world.number, "fj-3", "voided", mute), mute, "CS096");
  request.why = "別人の書類";
  assert_int_equal(rk_form_event(world.desk, &request, world.number, "fj-3", "voided", NULL), RK_OK);
  g_autofree char *text = portrait(&world);
  assert_non_null(strstr(text, "fj-3 void"));
}

static void a_remark_stays_and_the_deed_before_it_is_taken_back(gboolean memory) {
  g_auto(World) world = world_new(memory);
  g_autofree char *before = portrait(&world);
  assert_int_equal(happen(&world, "request.faxed", 2, NULL), RK_OK);
  RkRequest request = {.now = START + TIME_DAY / 8};
  assert_int_equal(rk_case_note(world.desk, &request, world.number, "電話あり", NULL), RK_OK);
  g_autoptr(RkTable) told = NULL;
  RkRequest asked = {.now = START + TIME_DAY / 6, .dry_run = TRUE};
  assert_int_equal(rk_case_undo(world.desk, &asked, world.number, &told, NULL), RK_OK);
  assert_int_equal(rk_table_rows(told), 1);
  assert_int_equal(undo(&world, 4, NULL), RK_OK);
  g_autofree char *after = portrait(&world);
  assert_string_equal(after, before);
  g_autoptr(RkDiags) diags = rk_diags_new();
  must_refuse(undo(&world, 5, diags), diags, "CS090"); /* the remark is nothing to take back */
}

static gint64 version_of(World *world, const char *form) {
  g_autoptr(StoreCase) record = NULL;
  g_autoptr(GPtrArray) papers = NULL;
  assert_int_equal(store_load_case(world->desk->store, world->number, &record, NULL), RK_OK);
  assert_int_equal(store_load_papers(world->desk->store, record->id, &papers, NULL), RK_OK);
  for (guint i = 0; i < papers->len; i++) {
    const StorePaper *paper = papers->pdata[i];
    if (g_str_equal(paper->form, form))
      return paper->version;
  }
  return -1;
}

static void fill(World *world, const char *form, const char *text, int hours) {
  g_autofree char *state = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkRequest request = {.now = START + hours * (TIME_DAY / 24), .why = "訂正"};
  RkStatus status = rk_form_fill(world->desk, &request, world->number, form, text, "試験", &state,
                                 diags);
  if (status != RK_OK)
    print_message("%s\n", rk_diags_get(diags, 0)->message);
  assert_int_equal(status, RK_OK);
}

static void open_consent(World *world) {
  static const char *const clinic[] = {"member_institution", NULL};
  RkRequest request = {.now = START + TIME_DAY / 24};
  RkValue values[] = {{"institution", INSTITUTION}, {"patient", "架空 患者"}, {"birth_date", "1940-01-01"}};
  world_open(world, clinic);
  assert_int_equal(rk_case_open(world->desk, &request, "fujisawa-patient-consent", values, 3,
                                &world->number, NULL), RK_OK);
}

/* What was printed from the second version is not what the third one says. */
static void a_version_that_was_taken_back_is_not_used_again(gboolean memory) {
  g_auto(World) world = {.memory = memory, .folder = scratch_new()};
  open_consent(&world);
  fill(&world, "fj-1", "patient_phone = 0466-00-0001\n", 2);
  gint64 first = version_of(&world, "fj-1");
  fill(&world, "fj-1", "patient_phone = 0466-00-0002\n", 3);
  gint64 second = version_of(&world, "fj-1");
  assert_true(second > first);
  assert_int_equal(undo(&world, 4, NULL), RK_OK);
  assert_int_equal(version_of(&world, "fj-1"), second + 1);
  fill(&world, "fj-1", "patient_phone = 0466-00-0003\n", 5);
  assert_int_equal(version_of(&world, "fj-1"), second + 2);
}

static guint rows_of(RkDesk *desk, const char *number) {
  g_autoptr(RkTable) log = NULL;
  assert_int_equal(rk_case_log(desk, number, 0, &log, NULL), RK_OK);
  return rk_table_rows(log);
}

/* ------------------------------------------------------------ procedures made for one question */

#define HEAD(name)                                                                              \
  "<scxml xmlns='http://www.w3.org/2005/07/scxml' xmlns:rk='urn:renkei:workflow:1' version='1.0'" \
  " datamodel='xpath' name='" name "' xml:lang='ja' rk:title='試験'>"                             \
  "<rk:procedure municipality='fujisawa'><rk:role id='association' title='医師会'/>"              \
  "<rk:role id='vendor' title='業者'/><rk:uses form='fj-2-1'/></rk:procedure>"

static void install(World *world, const char *name, const char *text) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(RkTable) out = NULL;
  g_autofree char *path = g_build_filename(world->folder, name, NULL);
  assert_true(g_file_set_contents(path, text, -1, NULL));
  const char *const paths[] = {path, NULL};
  RkRequest request = {.now = START};
  RkStatus status = rk_desk_install(world->desk, &request, paths, &out, diags);
  if (status != RK_OK)
    print_message("%s\n", rk_diags_get(diags, 0)->message);
  assert_int_equal(status, RK_OK);
}

static World world_with(gboolean memory, const char *name, const char *text) {
  static const char *const association[] = {"association", NULL};
  World world = {.memory = memory, .folder = scratch_new()};
  world_open(&world, association);
  g_autofree char *file = g_strconcat(name, ".scxml", NULL);
  install(&world, file, text);
  RkRequest request = {.now = START + TIME_DAY / 24};
  assert_int_equal(rk_case_open(world.desk, &request, name, NULL, 0, &world.number, NULL), RK_OK);
  return world;
}

/* A paper is sent by the clock; nobody has acted. */
#define REMINDER                                                                                     \
  HEAD("reminder")                                                                                   \
  "<state id='waiting' rk:title='待ち'><rk:deadline after='P1D' event='answer.overdue' title='期限'/>" \
  "<transition event='answer.overdue' target='reminded'>"                                            \
  "<rk:send-paper form='fj-2-1' from='association' to='vendor' channel='fax'/></transition>"         \
  "<transition event='answer.received' target='done' rk:by='vendor' rk:title='回答'/></state>"        \
  "<state id='reminded' rk:title='督促'>"                                                             \
  "<transition event='answer.received' target='done' rk:by='vendor' rk:title='回答'/></state>"        \
  "<final id='done' rk:title='終わり'/></scxml>"

static void approve(World *world, const char *form) {
  RkRequest request = {.now = START};
  assert_int_equal(rk_form_approve(world->desk, &request, form, NULL), RK_OK);
}

/* It ended when it ended: the case that opened it hears that once. */
static void a_late_paper_on_a_linked_case_is_no_second_end(gboolean memory) {
  g_auto(World) world = world_with(memory, "errand", HEAD("errand")
      "<state id='waiting' rk:title='待ち'>"
      "<transition event='errand.done' target='done' rk:by='vendor' rk:title='済んだ'/></state>"
      "<final id='done' rk:title='終わり'/></scxml>");
  install(&world, "sender.scxml", HEAD("sender")
      "<state id='waiting' rk:title='待ち'><onentry><rk:open-case procedure='errand'/></onentry>"
      "<transition event='sender.done' target='done' rk:by='vendor' rk:title='済んだ'/></state>"
      "<final id='done' rk:title='終わり'/></scxml>");
  RkRequest request = {.now = START + TIME_DAY / 24};
  g_autofree char *parent = NULL;
  assert_int_equal(rk_case_open(world.desk, &request, "sender", NULL, 0, &parent, NULL), RK_OK);
  g_free(world.number);
  world.number = g_strdup("R8-0003");
  guint open = rows_of(world.desk, parent);
  assert_int_equal(happen(&world, "errand.done", 3, NULL), RK_OK);
  guint told = rows_of(world.desk, parent);
  assert_int_equal(told, open + 1);
  fill(&world, "fj-2-1", "corp_phone = 0466-00-0001\n", 24);
  assert_int_equal(rows_of(world.desk, parent), told);
}

/* The deadline's paper is on its way: an earlier event cannot make it unsent. */
static void what_a_deadline_has_sent_is_not_taken_back_by_a_late_event(gboolean memory) {
  g_auto(World) world = world_with(memory, "reminder", REMINDER);
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(RkTable) outbox = NULL;
  approve(&world, "fj-2-1");
  tick(&world, 24 * 4, 1);
  assert_int_equal(rk_outbox_list(world.desk, NULL, NULL, &outbox, NULL), RK_OK);
  const char *id = rk_table_get(outbox, 0, "id");
  RkRequest request = {.now = START + 5 * TIME_DAY};
  assert_int_equal(rk_outbox_settle(world.desk, &request, id, "confirmed", 0, NULL), RK_OK);
  g_autofree char *before = portrait(&world);
  must_refuse(happened_at(&world, "answer.received", 3, 24 * 6, TRUE, diags), diags, "CS091");
  g_autofree char *after = portrait(&world);
  assert_string_equal(after, before);
}

/* Its paper may not leave yet: that deadline waits and is named, and nobody else's with it. */
static void a_refused_deadline_does_not_hold_up_another_case(gboolean memory) {
  g_auto(World) world = world_with(memory, "reminder", REMINDER);
  g_autofree char *first = g_steal_pointer(&world.number);
  world.number = open_case(world.desk, "fujisawa-member-registration");
  assert_int_equal(happen(&world, "request.faxed", 2, NULL), RK_OK);
  approve(&world, "fj-3"); /* not the one that the reminder sends */
  assert_int_equal(happen(&world, "member.confirmed", 3, NULL), RK_OK);
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(RkTable) fired = NULL;
  RkRequest request = {.now = START + 30 * TIME_DAY};
  assert_int_equal(rk_desk_tick(world.desk, &request, &fired, diags), RK_PARTIAL);
  assert_int_equal(rk_table_rows(fired), 1);
  assert_string_equal(rk_table_get(fired, 0, "case"), world.number);
  const RkDiag *named = rk_diags_get(diags, rk_diags_count(diags) - 1);
  assert_string_equal(named->code, "CS019");
  assert_non_null(strstr(named->message, first));
  approve(&world, "fj-2-1");
  tick(&world, 24 * 31, 1);
}

/* ------------------------------------------------------------------------ both stores */

#define TESTS(X)                                                 \
  X(step_by_step_the_case_becomes_what_it_was)                   \
  X(after_it_the_case_goes_on)                                   \
  X(a_register_entry_that_was_new_is_gone_but_not_its_history)   \
  X(a_reason_is_asked_for_and_a_dry_run_only_tells)              \
  X(a_repeated_request_takes_back_once)                          \
  X(deadlines_that_passed_since_go_with_it_and_pass_again)       \
  X(a_clerks_word_about_a_paper_can_be_taken_back)               \
  X(what_another_case_relied_on_stays)                           \
  X(what_was_corrected_by_hand_since_stays)                      \
  X(a_stranger_takes_nothing_back)                               \
  X(a_backdated_event_lists_the_timers_that_fired_meanwhile)     \
  X(a_deadline_that_still_applies_passes_again)                  \
  X(behind_what_people_did_nothing_is_entered)                   \
  X(a_closed_case_takes_late_papers_and_corrections)             \
  X(what_a_deadline_has_sent_is_not_taken_back_by_a_late_event)  \
  X(a_refused_deadline_does_not_hold_up_another_case)            \
  X(a_remark_stays_and_the_deed_before_it_is_taken_back)         \
  X(a_version_that_was_taken_back_is_not_used_again)             \
  X(a_late_paper_on_a_linked_case_is_no_second_end)

#define WRAP(name)                               \
  static void name##__in_memory(void **state) { \
    (void)state;                                 \
    name(TRUE);                                  \
  }                                              \
  static void name##__in_sqlite(void **state) { \
    (void)state;                                 \
    name(FALSE);                                 \
  }
#define LIST(name) cmocka_unit_test(name##__in_memory), cmocka_unit_test(name##__in_sqlite),
TESTS(WRAP)

int main(void) {
  const struct CMUnitTest tests[] = {TESTS(LIST)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
