/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dispose.c - disposal from proposal to certificate.
 *
 * proposed → approved (by another operator) → carrying-out → done; or withdrawn before that. The state
 * stands in the register "disposal", so each step is journaled. "carrying-out" is written before the
 * first case goes: a run that was interrupted is finished by the next one, each step of which may be
 * done again without harm.
 */
#include "api/certificate.h"
#include "base/date.h"
#include "base/table.h"
#include "base/text.h"
#include "base/words.h"
#include "case/again.h"
#include "case/dispose.h"
#include "case/guard.h"
#include "case/scans.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* ----------------------------------------------------------------- the register */

/* TRUE with *status: the request was made before. `about`: the disposal, or the cases to be disposed of. `out`:
 * its id, g_free; may be NULL. Who may not ask is refused, and that is logged, by what follows. */
static gboolean asked_before(RkDesk *desk, const RkRequest *request, const char *event,
                             const char *about, char **out, RkStatus *status, RkDiags *diags) {
  json_t *answer = NULL, *asked = json_string(about);
  desk->now = request->now;
  *status = desk_check_clerk(desk, NULL) == RK_OK
                ? again_find_change(desk, request, "office", event, asked, &answer, diags)
                : RK_OK;
  json_decref(asked);
  gboolean before = answer != NULL;
  if (out)
    *out = g_strdup(json_string_value(json_object_get(answer, "id")));
  json_decref(answer);
  return before || *status != RK_OK;
}

/* {"state", "fields"}; json_decref. */
static RkStatus load(RkDesk *desk, const RkRequest *request, const char *action, const char *id,
                     json_t **out, RkDiags *diags) {
  RkStatus status = desk_work(desk, action, request->now, diags);
  *out = status == RK_OK ? desk_register_entry(desk, REGISTER_DISPOSAL, id) : NULL;
  if (status == RK_OK && !*out)
    return diags_fail(diags, RK_NOT_FOUND, DIAG_DISPOSE_UNKNOWN, NULL, id, NULL);
  return status;
}

static const char *field(const json_t *entry, const char *name) {
  const char *text = json_string_value(json_object_get(json_object_get(entry, "fields"), name));
  return text ? text : "";
}

static gboolean is_in(const json_t *entry, const char *state) {
  return g_strcmp0(json_string_value(json_object_get(entry, "state")), state) == 0;
}

static RkStatus wrong_state(const char *id, const json_t *entry, RkDiags *diags) {
  return diags_fail(diags, RK_REFUSED, DIAG_DISPOSE_STATE, NULL, id,
                    _(json_string_value(json_object_get(entry, "state"))), NULL);
}

/* What was typed goes beside the `cases`. */
static RkStatus write_state(RkDesk *desk, const RkRequest *request, const char *name, const char *key,
                            const char *state, const json_t *fields, const char *event,
                            const char *cases, const json_t *asked, RkDiags *diags) {
  g_autoptr(GPtrArray) registers =
      g_ptr_array_new_with_free_func((GDestroyNotify)store_register_free);
  g_autofree char *result = g_strdup_printf("{\"id\": \"%s\"}", key);
  const OfficeChange change = {.kind = "office", .event = event, .registers = registers,
                               .result = result, .cases = cases, .asked = asked};
  g_ptr_array_add(registers, desk_register_new(name, key, state, fields, request->now));
  return desk_change_office(desk, request, &change, diags);
}

/* The next state, with who brought it about ("BY") and when ("AT"); `about` as for asked_before. */
static RkStatus go_on(RkDesk *desk, const RkRequest *request, const char *id, const json_t *entry,
                      const char *about, const char *state, const char *by, const char *at,
                      RkDiags *diags) {
  g_autofree char *time = time_to_iso(request->now), *event = g_strconcat("disposal.", state, NULL);
  json_t *fields = json_deep_copy(json_object_get(entry, "fields")), *asked = json_string(about);
  if (by)
    json_object_set_new(fields, by, json_string(desk->operator_));
  json_object_set_new(fields, at, json_string(time));
  RkStatus status =
      write_state(desk, request, REGISTER_DISPOSAL, id, state, fields, event, field(entry, "cases"), asked,
                  diags);
  json_decref(asked);
  json_decref(fields);
  return status;
}

/* ----------------------------------------------------------------- what is due */

static RkTable *due_table(void) {
  RkTable *table = table_new("due", _("What is kept no longer"));
  table_column(table, "number", _("Case"), RK_COLUMN_TEXT);
  table_column(table, "procedure", _("Procedure"), RK_COLUMN_TEXT);
  table_column(table, "outcome", _("Outcome"), RK_COLUMN_TEXT);
  table_column(table, "closed", _("Closed"), RK_COLUMN_TIME);
  table_column(table, "due_from", _("Due from"), RK_COLUMN_TEXT);
  table_column(table, "ground", _("Ground"), RK_COLUMN_TEXT);
  table_column(table, "possible", _("Possible"), RK_COLUMN_BOOL);
  table_column(table, "missing", _("What is missing"), RK_COLUMN_TEXT);
  return table;
}

static char *messages(const RkDiags *reasons) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < rk_diags_count(reasons); i++)
    g_string_append_printf(text, "%s%s", i ? " / " : "", rk_diags_get(reasons, i)->message);
  return g_string_free(text, FALSE);
}

typedef struct {
  RkDesk *desk;
  const Retention *retention;
  GPtrArray *tray; /* Scan */
  gint64 now;
  gboolean all;
  RkTable *table;
} Due;

static RkStatus add_due(const Due *due, const char *number, RkDiags *diags) {
  g_autoptr(CaseFile) file = NULL;
  g_auto(Keeping) keeping = {0};
  g_autoptr(RkDiags) reasons = rk_diags_new();
  RkStatus status = casefile_load(&file, due->desk, number, diags);
  if (status == RK_OK)
    status = dispose_keeping(file, due->retention, &keeping, diags);
  if (status != RK_OK)
    return status;
  gboolean over = keeping.stated && day_difference(keeping.end, day_of_time(due->now)) >= 0;
  if (!due->all && !over)
    return RK_OK;
  RkStatus judged = dispose_judge(file, due->retention, due->tray, due->now, reasons);
  if (judged != RK_OK && judged != RK_REFUSED)
    return judged;
  g_autofree char *closed = time_to_iso(file->record->happened), *why = messages(reasons);
  g_autofree char *end = keeping.stated ? day_to_iso(keeping.end) : NULL;
  table_row(due->table, file->record->number, file->record->procedure, file->record->states, closed, end,
            keeping.ground, judged == RK_OK ? "yes" : "no", judged == RK_OK ? NULL : why);
  return RK_OK;
}

static RkStatus list_due(const Due *due, RkDiags *diags) {
  StoreCaseFilter filter = {.with_closed = TRUE, .limit = 100};
  g_autofree char *after = NULL;
  for (guint page = 1; page;) {
    g_autoptr(GPtrArray) cases = NULL;
    filter.after = after;
    RkStatus status = store_query_cases(due->desk->store, &filter, &cases, diags);
    page = cases ? cases->len : 0;
    for (guint i = 0; i < page && status == RK_OK; i++) {
      const StoreCase *record = cases->pdata[i];
      if (record->closed && !store_case_disposed(record))
        status = add_due(due, record->number, diags);
    }
    if (status != RK_OK)
      return status;
    g_free(after);
    after = page ? g_strdup(((StoreCase *)cases->pdata[page - 1])->number) : NULL;
  }
  return RK_OK;
}

RkStatus rk_dispose_list(RkDesk *desk, gint64 now, gboolean all, RkTable **out, RkDiags *diags) {
  g_autoptr(Retention) retention = NULL;
  g_autoptr(RkTable) table = due_table();
  g_autoptr(GPtrArray) tray = NULL;
  *out = NULL;
  RkStatus status = desk_read(desk, "dispose list", NULL, NULL, diags);
  if (status == RK_OK)
    status = dispose_rules(desk, &retention, diags);
  if (status == RK_OK)
    status = scans_beside(desk, NULL, &tray, diags);
  const Due due = {desk, retention, tray, now, all, table};
  if (status == RK_OK)
    status = list_due(&due, diags);
  if (status == RK_OK)
    *out = g_steal_pointer(&table);
  return status;
}

/* -------------------------------------------------------------------- proposing */

static RkStatus judge(RkDesk *desk, const Retention *retention, const char *number, gint64 now,
                      GString *numbers, RkDiags *diags) {
  g_autoptr(CaseFile) file = NULL;
  RkStatus status = casefile_load(&file, desk, number, diags);
  if (status == RK_OK)
    status = dispose_judge(file, retention, NULL, now, diags);
  if (status == RK_OK && numbers)
    g_string_append_printf(numbers, "%s%s", numbers->len ? " " : "", file->record->number);
  return status;
}

/* A case stands in one disposal at a time. */
static RkStatus check_free(RkDesk *desk, const char *numbers, RkDiags *diags) {
  g_autoptr(GPtrArray) all = NULL;
  g_auto(GStrv) wanted = g_strsplit(numbers, " ", -1);
  RkStatus status = store_load_register(desk->store, REGISTER_DISPOSAL, NULL, &all, diags);
  for (guint i = 0; all && i < all->len; i++) {
    const StoreRegister *row = all->pdata[i];
    json_t *fields = json_loads(row->fields, 0, NULL);
    g_auto(GStrv) held =
        g_strsplit(json_string_value(json_object_get(fields, "cases")), " ", -1);
    json_decref(fields);
    gboolean over = g_str_equal(row->state, "done") || g_str_equal(row->state, "withdrawn");
    for (guint k = 0; !over && wanted[k]; k++)
      if (g_strv_contains((const char *const *)held, wanted[k]))
        status = diags_fail(diags, RK_REFUSED, DIAG_DISPOSE_TWICE, NULL, wanted[k], row->key, NULL);
  }
  return status;
}

RkStatus rk_dispose_propose(RkDesk *desk, const RkRequest *request, const char *const *numbers,
                            char **out, RkDiags *diags) {
  g_autoptr(Retention) retention = NULL;
  g_autoptr(GString) accepted = g_string_new(NULL);
  RkStatus status;
  g_autofree char *about = g_strjoinv(" ", (char **)numbers);
  if (asked_before(desk, request, "disposal.proposed", about, out, &status, diags))
    return status;
  status = desk_work(desk, "dispose propose", request->now, diags);
  if (status == RK_OK && !numbers[0])
    status = diags_fail(diags, RK_USAGE, DIAG_DISPOSE_NOTHING, NULL, NULL);
  if (status == RK_OK)
    status = dispose_rules(desk, &retention, diags);
  if (status != RK_OK)
    return status;
  for (guint i = 0; numbers[i]; i++) {
    RkStatus one = judge(desk, retention, numbers[i], request->now, accepted, diags);
    status = status == RK_OK ? one : status;
  }
  if (status == RK_OK)
    status = check_free(desk, accepted->str, diags);
  if (status != RK_OK)
    return status;
  g_autofree char *id = again_key(desk, request, REGISTER_DISPOSAL, "D");
  json_t *entry = json_pack("{s:{s:s}}", "fields", "cases", accepted->str);
  status = go_on(desk, request, id, entry, about, "proposed", "proposed_by", "proposed", diags);
  json_decref(entry);
  if (status == RK_OK)
    *out = g_steal_pointer(&id);
  return status;
}

/* --------------------------------------------------------------------- deciding */

static RkStatus approve(RkDesk *desk, const RkRequest *request, const char *id, json_t *entry,
                        RkDiags *diags) {
  g_autoptr(Retention) retention = NULL;
  if (!is_in(entry, "proposed"))
    return wrong_state(id, entry, diags);
  if (g_str_equal(field(entry, "proposed_by"), desk->operator_))
    return diags_fail(diags, RK_REFUSED, DIAG_DISPOSE_SAME, NULL, desk->operator_, id, NULL);
  RkStatus status = dispose_rules(desk, &retention, diags);
  if (status != RK_OK)
    return status;
  Duration wait = {.days = retention_wait(retention)};
  g_autofree char *set = desk_setting(desk, "dispose.wait");
  if (set && !retention_read_period(set, &wait, NULL))
    return diags_fail(diags, RK_INVALID, DIAG_DISPOSE_SETTING, NULL, "dispose.wait", set, NULL);
  g_autofree char *day = day_to_iso(
      day_add(day_of_time(request->now), wait.years, wait.months, wait.days));
  json_object_set_new(json_object_get(entry, "fields"), "not_before", json_string(day));
  return go_on(desk, request, id, entry, id, "approved", "approved_by", "approved", diags);
}

RkStatus rk_dispose_approve(RkDesk *desk, const RkRequest *request, const char *id,
                            RkDiags *diags) {
  json_t *entry = NULL;
  RkStatus status;
  if (asked_before(desk, request, "disposal.approved", id, NULL, &status, diags))
    return status;
  status = load(desk, request, "dispose approve", id, &entry, diags);
  if (status != RK_OK)
    return status;
  status = approve(desk, request, id, entry, diags);
  json_decref(entry);
  if (status == RK_REFUSED)
    desk_log(desk, request->now, "dispose approve", NULL, id, status, diags);
  return status;
}

static RkStatus need_why(const RkRequest *request, RkDiags *diags) {
  return request->why && *request->why
             ? RK_OK
             : diags_fail(diags, RK_INVALID, DIAG_DISPOSE_WHY, NULL, NULL);
}

RkStatus rk_dispose_withdraw(RkDesk *desk, const RkRequest *request, const char *id,
                             RkDiags *diags) {
  json_t *entry = NULL;
  RkStatus status;
  if (asked_before(desk, request, "disposal.withdrawn", id, NULL, &status, diags))
    return status;
  status = load(desk, request, "dispose withdraw", id, &entry, diags);
  if (status == RK_OK && !is_in(entry, "proposed") && !is_in(entry, "approved"))
    status = wrong_state(id, entry, diags);
  if (status == RK_OK)
    status = need_why(request, diags);
  if (status == RK_OK)
    status = go_on(desk, request, id, entry, id, "withdrawn", "withdrawn_by", "withdrawn", diags);
  json_decref(entry);
  return status;
}

RkStatus rk_dispose_hold(RkDesk *desk, const RkRequest *request, const char *number, gboolean held,
                         RkDiags *diags) {
  g_autoptr(CaseFile) file = NULL;
  RkStatus status =
      desk_work(desk, held ? "dispose hold" : "dispose release", request->now, diags);
  if (status == RK_OK)
    status = need_why(request, diags);
  if (status == RK_OK)
    status = casefile_load(&file, desk, number, diags);
  if (status != RK_OK)
    return status;
  json_t *fields = json_object();
  status = write_state(desk, request, REGISTER_HOLD, file->record->number,
                       held ? HOLD_HELD : "released", fields,
                       held ? "case.held" : "case.released", file->record->number, NULL, diags);
  json_decref(fields);
  return status;
}

/* ------------------------------------------------------------------- carrying out */

/* What the outbox left for the FAX program bears the number of its case. */
static RkStatus remove_files(const char *folder, const char *number, const char *id,
                             RkDiags *diags) {
  g_autofree char *plain = g_strconcat(number, "-", NULL), *part = g_strconcat(".", plain, NULL);
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  RkStatus status = RK_OK;
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (!g_str_has_prefix(name, plain) && !g_str_has_prefix(name, part))
      continue;
    if (unlink(path) != 0 && errno != ENOENT)
      status = diags_fail(diags, RK_PARTIAL, DIAG_DISPOSE_FILE, NULL, path, g_strerror(errno), id,
                          NULL);
  }
  return status;
}

static RkStatus clear_folders(RkDesk *desk, char **numbers, const char *id, RkDiags *diags) {
  g_autoptr(GPtrArray) folders = NULL;
  RkStatus worst = store_load_register(desk->store, REGISTER_DROP, NULL, &folders, diags);
  for (guint i = 0; folders && i < folders->len; i++)
    for (guint k = 0; numbers[k]; k++) {
      const StoreRegister *folder = folders->pdata[i];
      RkStatus status = remove_files(folder->key, numbers[k], id, diags);
      worst = worst == RK_OK ? status : worst;
    }
  return worst;
}

/* What was approved is the case as it was then: nothing may have been written of it since. */
static RkStatus check_unchanged(RkDesk *desk, const char *number, const char *id, RkDiags *diags) {
  g_autoptr(GPtrArray) rows = NULL, later = NULL;
  g_autoptr(StoreCase) record = NULL;
  RkStatus status = store_load_register(desk->store, REGISTER_DISPOSAL, id, &rows, diags);
  if (status == RK_OK)
    status = store_load_case(desk->store, number, &record, diags);
  if (status != RK_OK)
    return status;
  const StoreRegister *approval = rows->pdata[0];
  status = store_load_journal(desk->store, record->id, approval->seq + 1, 1, &later, diags);
  if (status != RK_OK || !later->len)
    return status;
  return diags_fail(diags, RK_REFUSED, DIAG_DISPOSE_CHANGED, NULL, number, id, NULL);
}

static RkStatus check_start(RkDesk *desk, const Retention *retention, const RkRequest *request,
                            const char *id, const json_t *entry, RkDiags *diags) {
  Day first;
  g_auto(GStrv) numbers = g_strsplit(field(entry, "cases"), " ", -1);
  if (!is_in(entry, "approved"))
    return wrong_state(id, entry, diags);
  if (day_parse(&first, field(entry, "not_before"), FALSE, diags) != RK_OK)
    return RK_STORE;
  if (day_difference(first, day_of_time(request->now)) < 0)
    return diags_fail(diags, RK_REFUSED, DIAG_DISPOSE_WAIT, NULL, id, field(entry, "not_before"),
                      NULL);
  RkStatus status = RK_OK;
  for (guint i = 0; numbers[i]; i++) {
    RkStatus one = judge(desk, retention, numbers[i], request->now, NULL, diags);
    if (one == RK_OK)
      one = check_unchanged(desk, numbers[i], id, diags);
    status = status == RK_OK ? one : status;
  }
  return status;
}

/* Every step may be done again. */
static RkStatus carry_out(RkDesk *desk, const Retention *retention, const RkRequest *request,
                          const char *id, const json_t *entry, RkDiags *diags) {
  g_auto(GStrv) numbers = g_strsplit(field(entry, "cases"), " ", -1);
  RkStatus status = RK_OK;
  for (guint i = 0; numbers[i] && status == RK_OK; i++)
    status = dispose_case(desk, retention, numbers[i], id, request->now, diags);
  if (status == RK_OK)
    status = clear_folders(desk, numbers, id, diags);
  if (status == RK_OK)
    status = store_scour(desk->store, diags);
  return status == RK_OK ? go_on(desk, request, id, entry, id, "done", NULL, "done", diags) : status;
}

static RkStatus run(RkDesk *desk, const RkRequest *request, const char *id, json_t **entry,
                    RkDiags *diags) {
  g_autoptr(Retention) retention = NULL;
  RkRequest own = *request;
  own.id = NULL; /* each step is a request of its own, the last one is the one asked for */
  RkStatus status = dispose_rules(desk, &retention, diags);
  if (status == RK_OK && !is_in(*entry, "carrying-out")) {
    status = check_start(desk, retention, request, id, *entry, diags);
    if (status != RK_OK || request->dry_run)
      return status;
    status = go_on(desk, &own, id, *entry, id, "carrying-out", "run_by", "run", diags);
    json_decref(*entry);
    *entry = desk_register_entry(desk, REGISTER_DISPOSAL, id);
  }
  if (status != RK_OK || request->dry_run)
    return status;
  return carry_out(desk, retention, request, id, *entry, diags);
}

RkStatus rk_dispose_run(RkDesk *desk, const RkRequest *request, const char *id, GPtrArray **out,
                        RkDiags *diags) {
  json_t *entry = NULL;
  RkStatus status;
  *out = NULL;
  gboolean before = asked_before(desk, request, "disposal.done", id, NULL, &status, diags);
  if (status == RK_OK && !before) {
    status = load(desk, request, "dispose run", id, &entry, diags);
    if (status != RK_OK)
      return status;
    status = run(desk, request, id, &entry, diags);
  }
  json_decref(entry);
  if (status == RK_OK)
    status = certificate_tables(desk, id, out, diags);
  else if (status == RK_REFUSED)
    desk_log(desk, request->now, "dispose run", NULL, id, status, diags);
  return status;
}

/* ------------------------------------------------------------------------ reading */

RkStatus rk_dispose_show(RkDesk *desk, const char *id, GPtrArray **out, RkDiags *diags) {
  *out = NULL;
  RkStatus status = desk_read(desk, "dispose show", NULL, id, diags);
  return status == RK_OK ? certificate_tables(desk, id, out, diags) : status;
}

RkStatus rk_dispose_disposals(RkDesk *desk, RkTable **out, RkDiags *diags) {
  return rk_register_list(desk, REGISTER_DISPOSAL, NULL, FALSE, NULL, out, diags);
}

RkStatus rk_dispose_certificate(RkDesk *desk, const char *id, GBytes **out, RkDiags *diags) {
  *out = NULL;
  RkStatus status = desk_read(desk, "dispose show", NULL, id, diags);
  return status == RK_OK ? certificate_document(desk, id, out, diags) : status;
}
