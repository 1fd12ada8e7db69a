/* SPDX-License-Identifier: Apache-2.0 */
/* day.c - see day.h. All people and institutions are made up. */
#include "day.h"

#include "base/date.h"
#include "own-folder.h"

#include <stdlib.h>

#define START (G_GINT64_CONSTANT(1793581200) * TIME_SECOND) /* 2026-11-02T01:00Z */

static const char request_text[] =
    "entry_date = 2026-11-02\ncorp_name_kana = イリョウホウジンレイジカイ\n"
    "corp_name = 医療法人例示会\nrep_name_kana = カクウ タロウ\nrep_name = 架空 太郎\n"
    "corp_postal_code = 251-0000\ncorp_address = 神奈川県藤沢市例示町1-1\n"
    "corp_phone = 0466-00-0000\ninst_name_kana = レイジクリニック\n"
    "inst_name = 例示クリニック\ninst_postal_code = 251-0000\n"
    "inst_address = 神奈川県藤沢市例示町1-1\ninst_phone = 0466-00-0000\n"
    "id_receive_choice = same\ncontact_email = info@clinic.example\n"
    "users[1].name_kana = カクウ タロウ\nusers[1].name = 架空 太郎\n"
    "users[1].occupation = doctor\nusers[2].name_kana = カクウ ハナコ\n"
    "users[2].name = 架空 花子\nusers[2].occupation = nurse\n";
static const char pledge_text[] = "pledge_date = 2026-11-02\ninst_name = 例示クリニック\n";

void day_init(Workday *day, const char *role) {
  g_autofree char *folder = folder_new("fault");
  g_assert(folder);
  *day = (Workday){.role = role, .now = START};
  day->path = g_build_filename(folder, "t.db", NULL);
  day->site.datadir = g_getenv("RENKEI_DATADIR");
  day->site.moduledir = g_getenv("RENKEI_MODULEDIR");
  g_assert(day->site.datadir && day->site.moduledir);
}

void day_clear(Workday *day) {
  g_autofree char *folder = g_path_get_dirname(day->path);
  folder_empty(folder);
  g_rmdir(folder);
  g_free(day->path);
}

static void must(const char *what, RkStatus status, RkDiags *diags) {
  for (guint i = 0; status != RK_OK && i < rk_diags_count(diags); i++)
    g_printerr("%s: %s\n", what, rk_diags_get(diags, i)->message);
  if (status != RK_OK)
    g_error("%s failed with status %d", what, (int)status);
}

void day_found(Workday *day) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  const char *const roles[] = {day->role, NULL};
  RkDeskConfig config = {"example-office", "fujisawa", roles, TRUE};
  RkStatus status =
      rk_desk_create(&day->desk, &day->site, day->path, &config, "hanako", day->now, diags);
  must("init", status, diags);
  day_close(day);
  if (day->acknowledged)
    day->acknowledged(day);
}

void day_open(Workday *day) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  must("open", rk_desk_open(&day->desk, &day->site, day->path, "hanako", diags), diags);
  rk_desk_at(day->desk, day->now);
  if (day->opened)
    day->opened(day);
}

void day_close(Workday *day) {
  rk_desk_close(day->desk);
  day->desk = NULL;
}

/* ------------------------------------------------------------------- requests */

typedef struct {
  char id[24];
  RkRequest request;
} Next;

/* A minute later, the next request. */
static RkRequest next_request(Workday *day, Next *next) {
  day->now += 60 * TIME_SECOND;
  g_snprintf(next->id, sizeof next->id, "day-%u", ++day->requests);
  return next->request = (RkRequest){.id = next->id, .now = day->now, .evidence = "phone"};
}

static void done(Workday *day, const char *what, RkStatus status, RkDiags *diags) {
  must(what, status, diags);
  if (day->acknowledged)
    day->acknowledged(day);
}

static void happen(Workday *day, const char *number, const char *event, const char *const *forms) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(RkTable) table = NULL;
  RkReceived received[2] = {{0}};
  guint count = 0;
  Next next;
  RkRequest request = next_request(day, &next);
  for (; forms && forms[count]; count++)
    received[count] = (RkReceived){forms[count], NULL, FALSE};
  done(day, event, rk_case_do(day->desk, &request, number, event, received, count, &table, diags),
       diags);
}

static void fill(Workday *day, const char *number, const char *form, const char *text) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autofree char *state = NULL;
  Next next;
  RkRequest request = next_request(day, &next);
  done(day, form, rk_form_fill(day->desk, &request, number, form, text, "text", &state, diags),
       diags);
}

static void sign(Workday *day, const char *number, const char *form) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  Next next;
  RkRequest request = next_request(day, &next);
  done(day, "sign", rk_form_event(day->desk, &request, number, form, "signed", diags), diags);
}

/* Our layout of a form may leave the building once the desk has looked at it. */
static void approve(Workday *day, const char *form) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  Next next;
  RkRequest request = next_request(day, &next);
  done(day, "approve", rk_form_approve(day->desk, &request, form, diags), diags);
}

static void remark(Workday *day, const char *number) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  Next next;
  RkRequest request = next_request(day, &next);
  done(day, "note", rk_case_note(day->desk, &request, number, "電話で確認", diags), diags);
}

static void take_back(Workday *day, const char *number) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(RkTable) back = NULL;
  Next next;
  RkRequest request = next_request(day, &next);
  request.why = "別の医療機関";
  done(day, "undo", rk_case_undo(day->desk, &request, number, &back, diags), diags);
}

static void set(Workday *day, const char *name, const char *value) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  Next next;
  RkRequest request = next_request(day, &next);
  done(day, "set", rk_setting_set(day->desk, &request, name, value, diags), diags);
}

/* Settle what waits to leave the building. */
static void settle(Workday *day, const char *result) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(RkTable) waiting = NULL;
  must("outbox", rk_outbox_list(day->desk, NULL, NULL, &waiting, diags), diags);
  for (guint i = 0; i < rk_table_rows(waiting); i++) {
    Next next;
    RkRequest request = next_request(day, &next);
    const char *id = rk_table_get(waiting, i, "id");
    done(day, "settle", rk_outbox_settle(day->desk, &request, id, result, 0, diags), diags);
  }
}

/* Deadlines make their request ids themselves. */
static void tick(Workday *day, int days) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(RkTable) fired = NULL;
  day->now += days * TIME_DAY;
  RkRequest request = {.now = day->now};
  must("tick", rk_desk_tick(day->desk, &request, &fired, diags), diags);
}

static char *open_case(Workday *day) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  char *number = NULL;
  g_autofree char *name = g_strdup_printf("例示クリニック%u", ++day->cases);
  RkValue values[] = {{"institution", name}};
  Next next;
  RkRequest request = next_request(day, &next);
  RkStatus status = rk_case_open(day->desk, &request, "fujisawa-member-registration", values, 1,
                                 &number, diags);
  done(day, "open", status, diags);
  return number;
}

static void association_case(Workday *day) {
  static const char *const both[] = {"fj-2-1", "fj-3", NULL};
  g_autofree char *number = open_case(day);
  happen(day, number, "request.faxed", both);
  happen(day, number, "form.incomplete", NULL);
  happen(day, number, "form.resubmitted", both);
  fill(day, number, "fj-2-1", request_text);
  happen(day, number, "member.confirmed", NULL);
  settle(day, "confirmed");
  tick(day, 9);
  happen(day, number, "password.issued", NULL);
  take_back(day, number);
  happen(day, number, "password.issued", NULL);
  remark(day, number);
  happen(day, number, "association.notified", NULL);
  happen(day, number, "id.delivered", NULL);
}

static void clinic_case(Workday *day) {
  g_autofree char *number = open_case(day);
  approve(day, "fj-2-1");
  approve(day, "fj-3");
  fill(day, number, "fj-2-1", request_text);
  fill(day, number, "fj-3", pledge_text);
  sign(day, number, "fj-3");
  happen(day, number, "request.faxed", NULL);
  settle(day, "confirmed");
  remark(day, number);
  set(day, "association.fax", "0466-00-0000");
  happen(day, number, "form.incomplete", NULL);
  fill(day, number, "fj-2-1", request_text);
  fill(day, number, "fj-3", pledge_text);
  sign(day, number, "fj-3");
  happen(day, number, "form.resubmitted", NULL);
  settle(day, "cancelled");
}

void day_case(Workday *day) {
  if (g_str_equal(day->role, "association"))
    association_case(day);
  else
    clinic_case(day);
}

/* ------------------------------------------------------------------- the second person */

static RkDesk *open_as(const Workday *day, const char *user) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkDesk *desk = NULL;
  must(user, rk_desk_open(&desk, &day->site, day->path, user, diags), diags);
  rk_desk_at(desk, day->now);
  return desk;
}

static void admit_second(Workday *day) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  const RkOperator second = {.user = "taro", .name = "例示 太郎", .roles = day->role};
  Next next;
  RkRequest request = next_request(day, &next);
  done(day, "operator", rk_operator_add(day->desk, &request, &second, diags), diags);
}

static void agree_on_number(Workday *day) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  Next next;
  RkRequest request = next_request(day, &next);
  done(day, "contact",
       rk_contact_set(day->desk, &request, "association", NULL, "0466-00-0000", diags), diags);
  RkDesk *second = open_as(day, "taro");
  request = next_request(day, &next);
  done(day, "confirm",
       rk_contact_confirm(second, &request, "association", NULL, "0466000000", diags), diags);
  rk_desk_close(second);
}

/* ------------------------------------------------------------------- papers that come back */

static char *open_consent(Workday *day) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  const RkValue values[] = {{"institution", "例示クリニック"}, {"patient", "例示 一郎"},
                            {"birth_date", "昭和25年3月1日"}};
  char *number = NULL;
  Next next;
  RkRequest request = next_request(day, &next);
  done(day, "consent",
       rk_case_open(day->desk, &request, "fujisawa-patient-consent", values, G_N_ELEMENTS(values),
                    &number, diags),
       diags);
  return number;
}

/* The paper as it goes to the FAX machine, in a file. `tail`: bytes that no reader looks at. */
static char *print(Workday *day, const char *number, const char *form, const char *tail) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(GBytes) bytes = NULL;
  must("print", rk_form_print(day->desk, number, form, RK_FORMAT_TIFF, &bytes, diags), diags);
  g_autofree char *folder = g_path_get_dirname(day->path);
  g_autofree char *name = g_strdup_printf("%s-%s%s.tiff", number, form, tail);
  g_autoptr(GString) file = g_string_new_len(g_bytes_get_data(bytes, NULL),
                                             (gssize)g_bytes_get_size(bytes));
  char *path = g_build_filename(folder, name, NULL);
  g_string_append(file, tail);
  g_assert(g_file_set_contents(path, file->str, (gssize)file->len, NULL));
  return path;
}

static void receive(Workday *day, const char *path, gboolean apply, RkStatus wanted) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(GPtrArray) tables = NULL;
  const char *const paths[] = {path, NULL};
  const RkArrival arrival = {.apply = apply};
  Next next;
  RkRequest request = next_request(day, &next);
  RkStatus status = rk_receive(day->desk, &request, paths, &arrival, &tables, diags);
  g_assert(wanted == RK_OK || status == wanted);
  done(day, "receive", wanted == RK_OK ? status : RK_OK, diags);
}

/* What lies in the tray: the first page is that paper's, the others are nobody's. */
static void clear_tray(Workday *day, const char *number, const char *form) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(RkTable) tray = NULL;
  must("tray", rk_tray_list(day->desk, NULL, &tray, diags), diags);
  for (guint i = 0; i < rk_table_rows(tray); i++) {
    g_autoptr(RkTable) papers = NULL;
    const char *id = rk_table_get(tray, i, "id");
    Next next;
    RkRequest request = next_request(day, &next);
    request.why = "二重に届いたため";
    RkStatus status = i ? rk_tray_reject(day->desk, &request, id, diags)
                        : rk_tray_match(day->desk, &request, id, number, form, &papers, diags);
    done(day, "tray", status, diags);
  }
}

/* ------------------------------------------------------------------- kept no longer */

static char *propose(Workday *day, const char *number) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  const char *const numbers[] = {number, NULL};
  char *id = NULL;
  Next next;
  RkRequest request = next_request(day, &next);
  done(day, "propose", rk_dispose_propose(day->desk, &request, numbers, &id, diags), diags);
  RkDesk *second = open_as(day, "taro");
  request = next_request(day, &next);
  done(day, "agree", rk_dispose_approve(second, &request, id, diags), diags);
  rk_desk_close(second);
  return id;
}

static void dispose(Workday *day, const char *number) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(GPtrArray) certificate = NULL;
  Next next;
  set(day, "retention.fujisawa-patient-consent", "P1D");
  day->now += 3 * TIME_DAY;
  g_autofree char *id = propose(day, number);
  day->now += 30 * TIME_DAY;
  RkRequest request = next_request(day, &next);
  done(day, "dispose", rk_dispose_run(day->desk, &request, id, &certificate, diags), diags);
}

void day_papers(Workday *day, gboolean to_the_end) {
  g_autofree char *number = open_consent(day);
  admit_second(day);
  agree_on_number(day);
  approve(day, "fj-1");
  happen(day, number, "consent.explained", NULL);
  g_autofree char *signed_ = print(day, number, "fj-1", ""), *again = print(day, number, "fj-1", "again");
  receive(day, signed_, TRUE, RK_OK);
  receive(day, again, FALSE, RK_PARTIAL);
  if (!to_the_end)
    return;
  clear_tray(day, number, "fj-1");
  happen(day, number, "consent.withdrawn", NULL);
  dispose(day, number);
}
