/* SPDX-License-Identifier: Apache-2.0 */
/* casefile.c - loading, numbering and committing a case file. See casefile.h. */
#include "case/casefile.h"
#include "case/dispose.h"
#include "case/identity.h"
#include "case/kept.h"
#include "case/written.h"

#include "base/date.h"
#include "base/text.h"
#include "base/uuid.h"

#include <string.h>

/* ------------------------------------------------------------- make and free */

/* For tests: which transitions of which procedure were taken. */
static void note_taken(gpointer data, guint transition) {
  CaseFile *file = data;
  g_hash_table_add(file->desk->taken, g_strdup_printf("%s:%u", file->record->procedure, transition));
}

static SessionHost host_of(CaseFile *file) {
  return (SessionHost){.ask = facts_ask,
                       .require = facts_require,
                       .effect = effects_carry_out,
                       .english = file->desk->english,
                       .take = file->desk->taken ? note_taken : NULL,
                       .user = file};
}

static void opening_free(gpointer data) {
  Opening *opening = data;
  g_free(opening->procedure);
  json_decref(opening->inputs);
  g_free(opening);
}

static CaseFile *casefile_alloc(RkDesk *desk, Bundle *bundle) {
  CaseFile *file = g_new0(CaseFile, 1);
  file->desk = desk;
  file->bundle = bundle;
  file->ours = g_strdupv(desk->roles);
  file->papers = g_ptr_array_new_with_free_func((GDestroyNotify)store_paper_free);
  file->exemplars = g_ptr_array_new_with_free_func((GDestroyNotify)store_exemplar_free);
  file->transmissions = g_ptr_array_new_with_free_func((GDestroyNotify)store_transmission_free);
  file->registers = g_ptr_array_new_with_free_func((GDestroyNotify)store_register_free);
  file->changed = g_hash_table_new(NULL, NULL);
  file->openings = g_ptr_array_new_with_free_func(opening_free);
  file->happenings = g_ptr_array_new_with_free_func(g_free);
  file->facts = json_array();
  return file;
}

void casefile_free(CaseFile *file) {
  if (!file)
    return;
  session_free(file->session);
  store_case_free(file->record);
  g_strfreev(file->ours);
  g_ptr_array_unref(file->papers);
  g_ptr_array_unref(file->exemplars);
  g_ptr_array_unref(file->transmissions);
  g_ptr_array_unref(file->registers);
  g_ptr_array_unref(file->openings);
  if (file->timers)
    g_ptr_array_unref(file->timers);
  if (file->removed)
    g_ptr_array_unref(file->removed);
  g_ptr_array_unref(file->happenings);
  g_hash_table_unref(file->changed);
  json_decref(file->facts);
  g_free(file);
}

static CaseFile *start_file(RkDesk *desk, Bundle *bundle) {
  CaseFile *file = casefile_alloc(desk, bundle);
  SessionHost host = host_of(file);
  file->record = g_new0(StoreCase, 1);
  file->record->procedure = g_strdup(machine_name(bundle_machine(bundle)));
  file->record->municipality = bundle_municipality(bundle);
  file->record->bundle = g_strdup(bundle_hash(bundle));
  file->session = session_new(bundle_machine(bundle), &host);
  return file;
}

RkStatus casefile_new(CaseFile **out, RkDesk *desk, const char *procedure, RkDiags *diags) {
  Bundle *bundle = NULL;
  *out = NULL;
  RkStatus status = desk_procedure(desk, procedure, &bundle, diags);
  if (status == RK_OK)
    *out = start_file(desk, bundle);
  return status;
}

RkStatus casefile_blank(CaseFile **out, RkDesk *desk, const char *hash, RkDiags *diags) {
  Bundle *bundle = NULL;
  *out = NULL;
  RkStatus status = desk_bundle(desk, hash, &bundle, diags);
  if (status == RK_OK)
    *out = start_file(desk, bundle);
  return status;
}

static RkStatus load_parts(CaseFile *file, RkDiags *diags) {
  Store *store = file->desk->store;
  const char *id = file->record->id;
  g_clear_pointer(&file->papers, g_ptr_array_unref);
  g_clear_pointer(&file->exemplars, g_ptr_array_unref);
  g_clear_pointer(&file->transmissions, g_ptr_array_unref);
  RkStatus status = store_load_papers(store, id, &file->papers, diags);
  if (status == RK_OK)
    status = store_load_exemplars(store, id, &file->exemplars, diags);
  if (status == RK_OK)
    status = store_load_transmissions(store, id, NULL, NULL, &file->transmissions, diags);
  if (!file->papers)
    file->papers = g_ptr_array_new();
  if (!file->exemplars)
    file->exemplars = g_ptr_array_new();
  if (!file->transmissions)
    file->transmissions = g_ptr_array_new();
  if (status != RK_OK)
    return status;
  for (guint i = 0; i < file->papers->len; i++) {
    const char *form = ((StorePaper *)file->papers->pdata[i])->form;
    if (!bundle_form(file->bundle, form))
      return diags_fail(diags, RK_STORE, DIAG_DB_INVARIANT, NULL, form, NULL);
  }
  return RK_OK;
}

/* There is nothing left to work on; when it went and on what ground is known. */
static RkStatus disposed(RkDesk *desk, const StoreCase *record, RkDiags *diags) {
  json_t *report = dispose_entry(desk, record->id, NULL);
  const char *certificate = json_string_value(json_object_get(report, "certificate"));
  g_autofree char *day = day_to_iso(day_of_time(record->updated));
  diags_add(diags, DIAG_CASE_DISPOSED, NULL, record->number, day, certificate ? certificate : "-", NULL);
  json_decref(report);
  return RK_REFUSED;
}

RkStatus casefile_read(CaseFile **out, RkDesk *desk, const char *reference, RkDiags *diags) {
  StoreCase *record = NULL;
  Bundle *bundle = NULL;
  *out = NULL;
  g_autofree char *folded = text_fold_input(reference);
  RkStatus status = store_load_case(desk->store, folded, &record, diags);
  if (status == RK_NOT_FOUND)
    return diags_fail(diags, RK_NOT_FOUND, DIAG_UNKNOWN_CASE, NULL, folded, NULL);
  if (status == RK_OK && store_case_disposed(record))
    status = disposed(desk, record, diags);
  if (status == RK_OK)
    status = desk_bundle(desk, record->bundle, &bundle, diags);
  if (status != RK_OK) {
    store_case_free(record);
    return status;
  }
  g_autoptr(CaseFile) file = casefile_alloc(desk, bundle);
  file->record = record;
  status = load_parts(file, diags);
  if (status == RK_OK)
    *out = g_steal_pointer(&file);
  return status;
}

RkStatus casefile_load(CaseFile **out, RkDesk *desk, const char *reference, RkDiags *diags) {
  g_autoptr(CaseFile) file = NULL;
  *out = NULL;
  RkStatus status = casefile_read(&file, desk, reference, diags);
  if (status != RK_OK)
    return status;
  SessionHost host = host_of(file);
  status = session_restore(&file->session, bundle_machine(file->bundle), &host,
                           file->record->snapshot, diags);
  if (status != RK_OK)
    return status;
  file->timers = casefile_timers(file);
  *out = g_steal_pointer(&file);
  return RK_OK;
}

/* ------------------------------------------------------------ small services */

char *casefile_id(CaseFile *file) {
  return uuid_of_record(file->deed->request_id, file->next_id++);
}

gboolean casefile_made_now(const CaseFile *file, const char *id) {
  for (guint i = 0; i < file->next_id; i++) {
    g_autofree char *made = uuid_of_record(file->deed->request_id, i);
    if (g_str_equal(made, id))
      return TRUE;
  }
  return FALSE;
}

void casefile_tell(CaseFile *file, const char *what, const char *subject, const char *whom,
                   const char *state) {
  g_ptr_array_add(file->happenings, g_strdup_printf("%s\t%s\t%s\t%s", what, subject ? subject : "",
                                                    whom ? casefile_role_title(file, whom) : "",
                                                    state ? state : ""));
}

void casefile_touch(CaseFile *file, gpointer record) {
  g_hash_table_add(file->changed, record);
}

const char *casefile_number(const CaseFile *file) {
  return file->record->number ? file->record->number : "CASE";
}

const char *casefile_role_title(const CaseFile *file, const char *role) {
  return bundle_role_title(file->bundle, role);
}

/* ------------------------------------------------------------------- commit */

static void note_timer(const char *id, const char *event, gint64 due, gpointer user) {
  StoreTimer *timer = g_new0(StoreTimer, 1);
  timer->send_id = g_strdup(id);
  timer->event = g_strdup(event);
  timer->due = due;
  g_ptr_array_add(user, timer);
}

GPtrArray *casefile_timers(const CaseFile *file) {
  GPtrArray *timers = g_ptr_array_new_with_free_func((GDestroyNotify)store_timer_free);
  session_each_pending(file->session, note_timer, timers);
  for (guint i = 0; i < timers->len; i++)
    ((StoreTimer *)timers->pdata[i])->case_id = g_strdup(file->record->id);
  return timers;
}

static GPtrArray *changed_of(const CaseFile *file, const GPtrArray *records) {
  GPtrArray *changed = g_ptr_array_new();
  for (guint i = 0; i < records->len; i++)
    if (g_hash_table_contains(file->changed, records->pdata[i]))
      g_ptr_array_add(changed, records->pdata[i]);
  return changed;
}

static void add_key(GPtrArray *keys, const char *text) {
  char *key = text && *text ? text_search_key(text) : NULL;
  if (key)
    g_ptr_array_add(keys, key);
}

/* Names, readings and plain texts of all papers, and the case's label. */
GPtrArray *casefile_search_keys(CaseFile *file) {
  GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);
  add_key(keys, file->record->label);
  for (guint i = 0; i < file->papers->len; i++) {
    const StorePaper *paper = file->papers->pdata[i];
    Form *form = bundle_form(file->bundle, paper->form);
    g_autoptr(FormData) data = papers_data(file, paper);
    for (guint f = 0; f < form_n_fields(form); f++) {
      FormField field = form_field(form, f);
      if (field.type != FIELD_NAME && field.type != FIELD_KANA && field.type != FIELD_TEXT)
        continue;
      guint rows = field.table ? form_data_rows(data, field.table) : 1;
      for (guint row = 1; row <= rows; row++) {
        g_autofree char *path = field.table
                                    ? g_strdup_printf("%s[%u].%s", field.table, row, field.id)
                                    : g_strdup(field.id);
        add_key(keys, form_data_get(data, path));
      }
    }
  }
  identity_search_keys(file, keys);
  return keys;
}

/* The journal body of the deed just applied: what it was given, roles, facts, and a hash of what it
 * writes elsewhere. Words that a person types stand here too, not in the header: a header stays for
 * ever, a body goes when the case is disposed of. */
static GBytes *body_of(const CaseFile *file, const Deed *deed, const char *result) {
  g_autofree char *written = written_hash(file->registers, result);
  json_t *ours = json_array();
  for (guint i = 0; file->ours[i]; i++)
    json_array_append_new(ours, json_string(file->ours[i]));
  json_t *args = deed->args ? json_incref((json_t *)deed->args) : json_object();
  json_t *body = json_pack("{s:o, s:o, s:O, s:s, s:s*, s:s*}", "args", args, "ours", ours, "facts",
                           file->facts, "written", written, "why", deed->why, "evidence",
                           deed->evidence);
  desk_mark_office(file->desk, body);
  char *text = json_dumps(body, JSON_SORT_KEYS | JSON_COMPACT);
  GBytes *bytes = g_bytes_new(text, strlen(text));
  json_decref(body);
  free(text);
  return bytes;
}

static gboolean same_timers(const GPtrArray *a, const GPtrArray *b) {
  for (guint i = 0; a && a->len == b->len && i < a->len; i++) {
    const StoreTimer *left = a->pdata[i], *right = b->pdata[i];
    if (left->due != right->due || !g_str_equal(left->send_id, right->send_id) ||
        !g_str_equal(left->event, right->event))
      return FALSE;
  }
  return a && a->len == b->len;
}

void casefile_rest(CaseFile *file) {
  g_hash_table_remove_all(file->changed);
  json_array_clear(file->facts);
  g_ptr_array_unref(file->happenings);
  file->happenings = g_ptr_array_new_with_free_func(g_free);
  file->deed = NULL;
}

RkStatus casefile_write(CaseFile *file, const Deed *deed, const char *result, RkDiags *diags) {
  casefile_settle(file);
  g_autoptr(GBytes) body = body_of(file, deed, result);
  g_autoptr(GPtrArray) timers = casefile_timers(file);
  g_autoptr(GPtrArray) papers = changed_of(file, file->papers);
  g_autoptr(GPtrArray) exemplars = changed_of(file, file->exemplars);
  g_autoptr(GPtrArray) transmissions = changed_of(file, file->transmissions);
  gboolean keys_stay = file->timers && !file->removed && !papers->len;
  g_autoptr(GPtrArray) keys = keys_stay ? NULL : casefile_search_keys(file);
  StoreJournal entry = {.case_id = file->record->id,
                        .revision = file->record->revision,
                        .happened = deed->happened,
                        .entered = deed->entered,
                        .operator_ = (char *)deed->operator_,
                        .actor = (char *)deed->actor,
                        .kind = (char *)deed->kind,
                        .event = (char *)deed->event,
                        .bundle = file->record->bundle,
                        .request_id = (char *)deed->request_id,
                        .body = body};
  StoreCommit commit = {.subject = file->record,
                        .entry = &entry,
                        .papers = papers,
                        .exemplars = exemplars,
                        .transmissions = transmissions,
                        .timers = timers,
                        .timers_stay = same_timers(file->timers, timers),
                        .registers = file->registers,
                        .removed = file->removed,
                        .search = keys,
                        .result = result};
  kept_forget(file->desk, file->record->id);
  RkStatus status = store_write(file->desk->store, &commit, diags);
  if (file->timers)
    g_ptr_array_unref(file->timers);
  file->timers = g_steal_pointer(&timers);
  if (status == RK_OK)
    desk_flag_clock(file->desk, &entry, diags);
  return status;
}
