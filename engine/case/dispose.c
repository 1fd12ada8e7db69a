/* SPDX-License-Identifier: Apache-2.0 */
/* dispose.c - see dispose.h. What goes in registers is found in erase.c. */
#include "case/dispose.h"

#include "case/erase.h"
#include "case/kept.h"
#include "case/linked.h"
#include "case/replay.h"
#include "case/scans.h"

#include <string.h>

void keeping_clear(Keeping *keeping) {
  g_clear_pointer(&keeping->ground, g_free);
  g_clear_pointer(&keeping->unstated, g_free);
}

/* -------------------------------------------------------------------- periods */

RkStatus dispose_rules(RkDesk *desk, Retention **out, RkDiags *diags) {
  g_autofree char *path = g_build_filename(desk->site->datadir, "workflows", desk->municipality,
                                           RETENTION_FILE, NULL);
  return retention_load_file(out, path, diags);
}

/* The first of these settings that there is; its name in *key. g_free. */
static char *setting_for(RkDesk *desk, const char *const *keys, const char **key) {
  char *value = NULL;
  for (guint i = 0; keys[i] && !value; i++) {
    *key = keys[i];
    value = desk_setting(desk, keys[i]);
  }
  return value;
}

/* What the first of the settings says, or else the rule (may be NULL). */
static RkStatus keeping_of(CaseFile *file, const char *const *keys, const RetentionRule *rule,
                           Keeping *out, RkDiags *diags) {
  Duration period;
  gboolean fiscal = FALSE;
  const char *key = NULL;
  g_autofree char *set = setting_for(file->desk, keys, &key);
  *out = (Keeping){0};
  if (set && !retention_read_period(set, &period, &fiscal))
    return diags_fail(diags, RK_INVALID, DIAG_DISPOSE_SETTING, NULL, key, set, NULL);
  if (!set && (!rule || !rule->period))
    return RK_OK;
  if (!set) {
    g_assert(retention_read_period(rule->period, &period, NULL));
    fiscal = rule->fiscal;
  }
  out->stated = TRUE;
  out->end = retention_end(day_of_time(file->record->happened), &period, fiscal);
  out->ground = set ? g_strdup_printf("%s (%s)", set, key)
                    : g_strdup_printf("%s%s (%s)", rule->period, fiscal ? " fiscal-year" : "",
                                      rule->source);
  return RK_OK;
}

static RkStatus keeping_of_case(CaseFile *file, const Retention *retention, Keeping *out,
                                RkDiags *diags) {
  const StoreCase *record = file->record;
  g_autofree char *of_outcome = g_strdup_printf("retention.%s.%s", record->procedure, record->states);
  g_autofree char *of_all = g_strdup_printf("retention.%s", record->procedure);
  const char *const keys[] = {of_outcome, of_all, "retention", NULL};
  const RetentionRule *rule = retention_find(retention, record->procedure, NULL, record->states);
  RkStatus status = keeping_of(file, keys, rule, out, diags);
  if (status == RK_OK && !out->stated)
    out->unstated = g_strdup(record->procedure);
  return status;
}

/* The later of both ends; a paper of which nothing is said is kept with its case. */
static RkStatus keeping_of_paper(CaseFile *file, const Retention *retention, const char *form,
                                 Keeping *keeping, RkDiags *diags) {
  const StoreCase *record = file->record;
  g_auto(Keeping) own = {0};
  g_autofree char *name = g_strdup_printf("%s.%s", record->procedure, form);
  g_autofree char *key = g_strconcat("retention.", name, NULL);
  const char *const keys[] = {key, NULL};
  const RetentionRule *rule = retention_find(retention, record->procedure, form, record->states);
  RkStatus status = keeping_of(file, keys, rule, &own, diags);
  gboolean silent = !own.stated && !rule;
  if (status != RK_OK || silent || (own.stated && day_difference(keeping->end, own.end) <= 0))
    return status;
  keeping_clear(keeping);
  *keeping = (Keeping){.stated = own.stated, .end = own.end};
  if (own.stated)
    keeping->ground = g_strconcat(form, ": ", own.ground, NULL);
  else
    keeping->unstated = g_steal_pointer(&name);
  return RK_OK;
}

RkStatus dispose_keeping(CaseFile *file, const Retention *retention, Keeping *out, RkDiags *diags) {
  RkStatus status = keeping_of_case(file, retention, out, diags);
  for (guint i = 0; status == RK_OK && out->stated && i < file->papers->len; i++)
    status = keeping_of_paper(file, retention, ((StorePaper *)file->papers->pdata[i])->form, out, diags);
  return status;
}

/* ------------------------------------------------------------------- judgement */

static gboolean is_held(RkDesk *desk, const char *number) {
  json_t *entry = desk_register_entry(desk, REGISTER_HOLD, number);
  gboolean held = g_strcmp0(json_string_value(json_object_get(entry, "state")), HOLD_HELD) == 0;
  json_decref(entry);
  return held;
}

static gboolean is_settled(const StoreTransmission *sent) {
  static const char *const final[] = {"confirmed", "cancelled", NULL};
  return !g_str_equal(sent->direction, "out") || g_strv_contains(final, sent->state);
}

static void judge_linked(CaseFile *file, const char *id, RkDiags *diags) {
  g_autoptr(StoreCase) other = NULL;
  if (id && *id && store_load_case(file->desk->store, id, &other, diags) == RK_OK && !other->closed)
    diags_add(diags, DIAG_DISPOSE_LINKED, NULL, file->record->number, other->number, NULL);
}

static void judge_period(CaseFile *file, const Retention *retention, gint64 now, RkDiags *diags) {
  g_auto(Keeping) keeping = {0};
  const StoreCase *record = file->record;
  if (dispose_keeping(file, retention, &keeping, diags) != RK_OK)
    return;
  g_autofree char *end = keeping.stated ? day_to_iso(keeping.end) : NULL;
  if (!keeping.stated)
    diags_add(diags, DIAG_DISPOSE_UNSTATED, NULL, record->number, keeping.unstated, NULL);
  else if (day_difference(keeping.end, day_of_time(now)) < 0)
    diags_add(diags, DIAG_DISPOSE_EARLY, NULL, record->number, end, NULL);
}

/* A page that waits for a person goes with no case; whoever files it or sends it away settles that. */
static RkStatus judge_tray(CaseFile *file, const GPtrArray *tray, RkDiags *reasons, RkDiags *diags) {
  g_autoptr(GPtrArray) read = NULL;
  g_autoptr(GString) ids = g_string_new(NULL);
  RkStatus status = tray ? RK_OK : scans_beside(file->desk, NULL, &read, diags);
  const GPtrArray *scans = tray ? tray : read;
  for (guint i = 0; status == RK_OK && i < scans->len; i++) {
    const Scan *scan = scans->pdata[i];
    g_auto(PaperName) name = {0};
    if (paper_name_read(&name, scan->number) && g_str_equal(name.case_number, file->record->number))
      g_string_append_printf(ids, "%s%s", ids->len ? ", " : "", scan->id);
  }
  if (ids->len)
    diags_add(reasons, DIAG_DISPOSE_TRAY, NULL, file->record->number, ids->str, NULL);
  return status;
}

RkStatus dispose_judge(CaseFile *file, const Retention *retention, const GPtrArray *tray, gint64 now,
                       RkDiags *diags) {
  RkDesk *desk = file->desk;
  const StoreCase *record = file->record;
  g_autoptr(RkDiags) reasons = rk_diags_new();
  g_autofree char *parent = linked_parent(desk, record->id);
  g_auto(GStrv) children = linked_children(desk, record->id);
  if (!record->closed)
    diags_add(reasons, DIAG_DISPOSE_OPEN, NULL, record->number, NULL);
  else
    judge_period(file, retention, now, reasons);
  if (is_held(desk, record->number))
    diags_add(reasons, DIAG_DISPOSE_HELD, NULL, record->number, NULL);
  judge_linked(file, parent, reasons);
  for (guint i = 0; children[i]; i++)
    judge_linked(file, children[i], reasons);
  for (guint i = 0; i < file->transmissions->len; i++)
    if (!is_settled(file->transmissions->pdata[i])) {
      diags_add(reasons, DIAG_DISPOSE_SENDING, NULL, record->number, NULL);
      break;
    }
  RkStatus read = judge_tray(file, tray, reasons, diags);
  RkStatus health = read == RK_OK ? store_health(desk->store, diags) : read;
  gboolean refused = rk_diags_has_errors(reasons);
  diags_take_all(diags, reasons);
  return health != RK_OK ? health : refused ? RK_REFUSED : RK_OK;
}

/* ---------------------------------------------------------------- the deed */

/* "fj-3 2, fj-1 1": what papers there were, by form. g_free. */
static char *papers_text(const CaseFile *file) {
  const GPtrArray *forms = bundle_forms(file->bundle);
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < forms->len; i++) {
    guint count = 0;
    for (guint k = 0; k < file->papers->len; k++)
      count += g_str_equal(((StorePaper *)file->papers->pdata[k])->form, form_code(forms->pdata[i]));
    if (count)
      g_string_append_printf(text, "%s%s %u", text->len ? ", " : "", form_code(forms->pdata[i]), count);
  }
  return g_string_free(text, FALSE);
}

/* What the certificate will say of the case: numbers, codes and hashes, nothing of what it held. */
static json_t *report_of(const CaseFile *file, const GPtrArray *entries, const Erasure *erasure,
                         const char *certificate, const char *ground) {
  const StoreCase *record = file->record;
  const StoreJournal *first = entries->pdata[0], *last = entries->pdata[entries->len - 1];
  g_autofree char *papers = papers_text(file), *head = hash_to_hex(&last->hash);
  return json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:s, s:s, s:i, s:O}", "certificate", certificate,
                   "outcome", record->states, "ground", ground, "closed",
                   (json_int_t)record->happened, "first", (json_int_t)first->seq, "last",
                   (json_int_t)last->seq, "head", head, "papers", papers, "registers",
                   (int)erasure->list->len, "by_hand", erasure->by_hand);
}

static GBytes *body_of(const RkDesk *desk, json_t *report, json_t *kept) {
  json_t *body = json_pack("{s:O, s:O}", "args", report, "kept", kept);
  desk_mark_office(desk, body);
  char *text = json_dumps(body, JSON_SORT_KEYS | JSON_COMPACT);
  json_decref(body);
  return g_bytes_new_take(text, strlen(text)); /* Jansson has GLib's allocator */
}

static RkStatus write_entry(CaseFile *file, const Erasure *erasure, GBytes *body,
                            const char *certificate, gint64 now, RkDiags *diags) {
  StoreCase *record = file->record;
  g_autoptr(GPtrArray) nothing = g_ptr_array_new();
  g_autofree char *request = g_strdup_printf("dispose:%s:%s", certificate, record->id);
  kept_forget(file->desk, record->id);
  store_case_dispose(record);
  record->updated = now;
  record->revision++;
  StoreJournal entry = {.case_id = record->id,
                        .revision = record->revision,
                        .happened = now,
                        .entered = now,
                        .operator_ = file->desk->operator_,
                        .kind = (char *)"disposed",
                        .event = (char *)"case.disposed",
                        .bundle = record->bundle,
                        .request_id = request,
                        .body = body};
  StoreCommit commit = {.subject = record,
                        .entry = &entry,
                        .timers = nothing,
                        .search = nothing,
                        .disposed = erasure->list,
                        .result = ""};
  return store_commit(file->desk->store, &commit, diags);
}

/* Inside the transaction; ends it. */
static RkStatus dispose_file(CaseFile *file, const Retention *retention, const char *certificate,
                             gint64 now, RkDiags *diags) {
  Store *store = file->desk->store;
  g_autoptr(GPtrArray) entries = NULL;
  g_auto(Keeping) keeping = {0};
  g_auto(Erasure) erasure = {0};
  RkStatus status = dispose_judge(file, retention, NULL, now, diags);
  if (status == RK_OK)
    status = dispose_keeping(file, retention, &keeping, diags);
  if (status == RK_OK)
    status = store_load_journal(store, file->record->id, 0, 0, &entries, diags);
  if (status == RK_OK)
    status = erase_plan(file->desk, file->record->id, entries, &erasure, diags);
  if (status != RK_OK) {
    store_rollback(store);
    return status;
  }
  json_t *report = report_of(file, entries, &erasure, certificate, keeping.ground);
  g_autoptr(GBytes) body = body_of(file->desk, report, erasure.kept);
  json_decref(report);
  return write_entry(file, &erasure, body, certificate, now, diags);
}

RkStatus dispose_case(RkDesk *desk, const Retention *retention, const char *number,
                      const char *certificate, gint64 now, RkDiags *diags) {
  g_autoptr(StoreCase) record = NULL;
  g_autoptr(CaseFile) file = NULL;
  RkStatus status = store_begin(desk->store, diags);
  if (status != RK_OK)
    return status;
  status = store_load_case(desk->store, number, &record, diags);
  if (status == RK_OK && store_case_disposed(record)) {
    store_rollback(desk->store);
    return RK_OK;
  }
  if (status == RK_OK)
    status = casefile_load(&file, desk, number, diags);
  if (status == RK_OK)
    return dispose_file(file, retention, certificate, now, diags);
  store_rollback(desk->store);
  return status;
}

json_t *dispose_entry(RkDesk *desk, const char *case_id, StoreJournal **out) {
  g_autoptr(GPtrArray) entries = NULL;
  if (store_load_journal(desk->store, case_id, 0, 0, &entries, NULL) != RK_OK)
    return NULL;
  for (guint i = entries->len; i-- > 0;) {
    StoreJournal *entry = entries->pdata[i];
    if (!g_str_equal(entry->kind, "disposed"))
      continue;
    json_t *body = replay_body(entry);
    json_t *report = json_incref(json_object_get(body, "args"));
    json_decref(body);
    if (out)
      *out = g_ptr_array_steal_index(entries, i);
    return report;
  }
  return NULL;
}
