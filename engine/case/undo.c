/* SPDX-License-Identifier: Apache-2.0 */
/* undo.c - see undo.h. What stays is rebuilt by replay, the same that verify does. */
#include "case/undo.h"

#include "base/date.h"
#include "base/table.h"
#include "base/uuid.h"
#include "base/words.h"
#include "case/again.h"
#include "case/guard.h"
#include "case/replay.h"

#include <string.h>

typedef struct {
  CaseFile *stored;
  GPtrArray *entries;     /* StoreJournal of the case */
  GPtrArray *kept, *back; /* borrowed from entries, in their order */
  GPtrArray *later;       /* StoreJournal of the whole office, from the first of `back` on */
  GPtrArray *standing;    /* borrowed from `later`: what has not been taken back itself */
  GPtrArray *written;     /* StoreRegister: names and keys that `back` wrote */
  json_t *versions;       /* of papers, by id, where replay alone would count less */
  CaseFile *target;       /* the case as `kept` makes it */
} Undo;

static void undo_clear(Undo *undo) {
  g_clear_pointer(&undo->kept, g_ptr_array_unref);
  g_clear_pointer(&undo->back, g_ptr_array_unref);
  g_clear_pointer(&undo->entries, g_ptr_array_unref);
  g_clear_pointer(&undo->standing, g_ptr_array_unref);
  g_clear_pointer(&undo->later, g_ptr_array_unref);
  g_clear_pointer(&undo->written, g_ptr_array_unref);
  g_clear_pointer(&undo->target, casefile_free);
  g_clear_pointer(&undo->versions, json_decref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Undo, undo_clear)

static gboolean is(const StoreJournal *entry, const char *kind) {
  return g_str_equal(entry->kind, kind);
}

/* A remark, or an earlier undo: nobody takes it back. */
static gboolean is_remark(const StoreJournal *entry) {
  return is(entry, "note") || is(entry, "undo");
}

/* A remark, or the settling of a transmission: not what the procedure heard. */
static gboolean is_beside(const StoreJournal *entry) {
  return is_remark(entry) || is(entry, "settle") || is(entry, "confirm");
}

/* ----------------------------------------------------------------- choosing */

static RkStatus read_entries(Undo *undo, CaseFile *stored, RkDiags *diags) {
  undo->stored = stored;
  undo->kept = g_ptr_array_new();
  undo->back = g_ptr_array_new();
  undo->written = g_ptr_array_new_with_free_func((GDestroyNotify)store_register_free);
  return store_load_journal(stored->desk->store, stored->record->id, 0, 0, &undo->entries, diags);
}

/* From the end: deadlines and confirmations, then one deed of a person; remarks stay. */
static void choose_last(Undo *undo) {
  g_autoptr(GPtrArray) standing = replay_standing(undo->entries);
  gboolean found = FALSE;
  for (guint i = standing->len; i-- > 0;) {
    StoreJournal *entry = standing->pdata[i];
    gboolean stays = found || is_remark(entry);
    g_ptr_array_insert(stays ? undo->kept : undo->back, 0, entry);
    found = found || !(is_remark(entry) || is(entry, "timer") || is(entry, "confirm"));
  }
}

static void choose_timers(Undo *undo, gint64 time) {
  g_autoptr(GPtrArray) standing = replay_standing(undo->entries);
  for (guint i = 0; i < standing->len; i++) {
    StoreJournal *entry = standing->pdata[i];
    g_ptr_array_add(is(entry, "timer") && entry->happened > time ? undo->back : undo->kept, entry);
  }
}

static const char *arg(const StoreJournal *entry, const char *name, json_t **body) {
  *body = replay_body(entry);
  return json_string_value(json_object_get(json_object_get(*body, "args"), name));
}

/* What no clerk can take back: the beginning of a case, the end of another, what the delivery
 * program did. */
static RkStatus check_kinds(const Undo *undo, RkDiags *diags) {
  static const char *const programs[] = {"handing-over", "handed-over", "unknown", NULL};
  const char *number = undo->stored->record->number;
  const StoreJournal *first = undo->back->len ? undo->back->pdata[0] : NULL;
  if (!first || is(first, "opened") || is(first, "linked"))
    return diags_fail(diags, RK_REFUSED, DIAG_UNDO_NOTHING, NULL, number, NULL);
  json_t *body = NULL;
  const char *result = arg(first, "result", &body);
  const char *by = json_string_value(json_object_get(json_object_get(body, "args"), "by"));
  gboolean program = by ? !g_str_equal(by, "person") : result && g_strv_contains(programs, result);
  gboolean sent = is(first, "settle") && program;
  json_decref(body);
  return sent ? diags_fail(diags, RK_REFUSED, DIAG_UNDO_SENT, NULL, number, NULL) : RK_OK;
}

/* --------------------------------------------------------------- rebuilding */

/* The case without what is taken back. A settling that stays, of a transmission that then never was:
 * what only the mistake made has left our hands. */
static RkStatus rebuild_target(Undo *undo, RkDiags *diags) {
  const StoreCase *record = undo->stored->record;
  g_autoptr(RkDiags) own = rk_diags_new();
  RkStatus status = casefile_blank(&undo->target, undo->stored->desk, record->bundle, diags);
  if (status == RK_OK)
    status = replay_entries(undo->target, record->number, undo->kept, NULL, NULL, own);
  if (status == RK_NOT_FOUND)
    return diags_fail(diags, RK_REFUSED, DIAG_UNDO_SENT, NULL, record->number, NULL);
  diags_take_all(diags, own);
  return status;
}

/* Once with everything, which must give what is stored; once without what is taken back. */
static RkStatus rebuild(Undo *undo, RkDiags *diags) {
  const StoreCase *record = undo->stored->record;
  g_autoptr(CaseFile) whole = NULL;
  g_autoptr(GPtrArray) standing = replay_standing(undo->entries);
  const StoreJournal *first = undo->back->pdata[0];
  RkStatus status = casefile_blank(&whole, undo->stored->desk, record->bundle, diags);
  if (status == RK_OK)
    status = replay_entries(whole, record->number, standing, undo->written, first, diags);
  if (status == RK_OK)
    status = replay_compare(undo->stored, whole, first->seq, diags);
  return status == RK_OK ? rebuild_target(undo, diags) : status;
}

/* Each record begins with its id. */
static gpointer find_id(const GPtrArray *records, const char *id) {
  for (guint i = 0; i < records->len; i++)
    if (g_str_equal(*(char **)records->pdata[i], id))
      return records->pdata[i];
  return NULL;
}

static void note_removed(Undo *undo, const GPtrArray *stored, const GPtrArray *target) {
  for (guint i = 0; i < stored->len; i++)
    if (!find_id(target, *(char **)stored->pdata[i]))
      g_ptr_array_add(undo->target->removed, g_strdup(*(char **)stored->pdata[i]));
}

static void touch_all(CaseFile *file, const GPtrArray *records) {
  for (guint i = 0; i < records->len; i++)
    casefile_touch(file, records->pdata[i]);
}

/* A version is never used twice: what was printed from it stays unmistakable. */
static void raise_versions(Undo *undo) {
  undo->versions = json_object();
  for (guint i = 0; i < undo->target->papers->len; i++) {
    StorePaper *paper = undo->target->papers->pdata[i];
    const StorePaper *held = find_id(undo->stored->papers, paper->id);
    gboolean same = held && (held->data && paper->data ? g_bytes_equal(held->data, paper->data)
                                                       : held->data == paper->data);
    gint64 version = held ? held->version + !same : paper->version;
    if (version != paper->version)
      json_object_set_new(undo->versions, paper->id, json_integer(version));
    paper->version = version;
  }
}

static void take_over(Undo *undo, const Deed *deed) {
  CaseFile *target = undo->target;
  const StoreCase *held = undo->stored->record;
  target->removed = g_ptr_array_new_with_free_func(g_free);
  note_removed(undo, undo->stored->papers, target->papers);
  note_removed(undo, undo->stored->exemplars, target->exemplars);
  note_removed(undo, undo->stored->transmissions, target->transmissions);
  raise_versions(undo);
  touch_all(target, target->papers);
  touch_all(target, target->exemplars);
  touch_all(target, target->transmissions);
  target->deed = NULL; /* the last one replayed is gone */
  target->record->opened = held->opened;
  target->record->updated = deed->entered;
  target->record->revision = held->revision + 1;
  json_array_clear(target->facts);
  g_ptr_array_set_size(target->registers, 0);
  g_ptr_array_set_size(target->happenings, 0);
  g_strfreev(target->ours);
  target->ours = g_strdupv(target->desk->roles);
}

/* --------------------------------------------------- who has relied on it since */

static RkStatus used_by(const StoreJournal *entry, RkDiags *diags) {
  g_autofree char *seq = g_strdup_printf("%" G_GINT64_FORMAT, entry->seq);
  return diags_fail(diags, RK_REFUSED, DIAG_UNDO_USED, NULL,
                    entry->case_number ? entry->case_number : "-", seq, NULL);
}

/* A question about one of the entries written, or about the register as a whole. */
static gboolean asks_for(const Undo *undo, const json_t *question) {
  const char *kind = json_string_value(json_array_get(question, 0));
  const char *name = json_string_value(json_array_get(question, 1));
  const char *key = json_string_value(json_array_get(question, 2));
  for (guint i = 0; i < undo->written->len; i++) {
    const StoreRegister *entry = undo->written->pdata[i];
    if (g_strcmp0(entry->name, name) == 0 &&
        (g_strcmp0(kind, "entries") == 0 || g_strcmp0(entry->key, key) == 0))
      return TRUE;
  }
  return FALSE;
}

/* Whether a person has entered anything in that case since that still stands, beside its opening. */
static gboolean goes_on(const Undo *undo, const char *case_id) {
  for (guint i = 0; i < undo->standing->len; i++) {
    const StoreJournal *entry = undo->standing->pdata[i];
    gboolean deed = !is_remark(entry) && !is(entry, "timer") && !is(entry, "confirm") &&
                    !is(entry, "opened");
    if (deed && g_strcmp0(entry->case_id, case_id) == 0)
      return TRUE;
  }
  return FALSE;
}

/* Opened for it or told of it; or it has looked at what was written. What a case has looked at counts
 * only when something followed: its opening alone nobody can take back, and what comes next looks anew. */
static gboolean relies(const Undo *undo, const StoreJournal *entry) {
  const StoreCase *record = undo->stored->record;
  json_t *body = NULL;
  const char *parent = arg(entry, "parent", &body);
  const json_t *values = json_object_get(json_object_get(body, "args"), "values");
  const char *linked = json_string_value(json_object_get(values, "case"));
  gboolean found = g_strcmp0(parent, record->id) == 0 ||
                   (is(entry, "linked") && g_strcmp0(linked, record->number) == 0);
  const json_t *facts = json_object_get(body, "facts");
  gboolean looked = FALSE;
  for (size_t i = 0; !found && !looked && i < json_array_size(facts); i++)
    looked = asks_for(undo, json_array_get(json_array_get(facts, i), 0));
  json_decref(body);
  return found || (looked && (!entry->case_id || goes_on(undo, entry->case_id)));
}

/* Everything entered since, whoever's it is. Rarely long: mistakes are noticed soon. */
static RkStatus check_others(Undo *undo, RkDiags *diags) {
  const StoreCase *record = undo->stored->record;
  const StoreJournal *first = undo->back->pdata[0];
  RkStatus status =
      store_load_journal(undo->stored->desk->store, NULL, first->seq, 0, &undo->later, diags);
  if (status != RK_OK)
    return status;
  undo->standing = replay_standing(undo->later);
  for (guint i = 0; status == RK_OK && i < undo->standing->len; i++) {
    const StoreJournal *entry = undo->standing->pdata[i];
    if (g_strcmp0(entry->case_id, record->id) != 0 && relies(undo, entry))
      status = used_by(entry, diags);
  }
  return status;
}

static gboolean has_deed(const GPtrArray *entries, gint64 seq) {
  for (guint i = 0; i < entries->len; i++) {
    const StoreJournal *entry = entries->pdata[i];
    if (entry->seq == seq && !is_remark(entry))
      return TRUE;
  }
  return FALSE;
}

/* Written by something that stands and is not taken back now. */
static gboolean is_foreign(const Undo *undo, const StoreRegister *value) {
  return has_deed(undo->standing, value->seq) && !has_deed(undo->back, value->seq);
}

static gboolean is_noted(const CaseFile *target, const StoreRegister *entry) {
  for (guint i = 0; i < target->registers->len; i++) {
    const StoreRegister *held = target->registers->pdata[i];
    if (g_str_equal(held->name, entry->name) && g_str_equal(held->key, entry->key))
      return TRUE;
  }
  return FALSE;
}

/* The value before what is taken back; "" as its state when there was none. */
static RkStatus put_back(Undo *undo, const StoreRegister *entry, RkDiags *diags) {
  g_autoptr(GPtrArray) history = NULL;
  RkStatus status = store_register_history(undo->stored->desk->store, entry->name, entry->key,
                                           &history, diags);
  if (status != RK_OK || is_noted(undo->target, entry))
    return status;
  const StoreJournal *first = undo->back->pdata[0];
  const StoreRegister *before = NULL;
  for (guint i = 0; i < history->len; i++) {
    const StoreRegister *value = history->pdata[i];
    if (value->seq < first->seq)
      before = value;
    else if (is_foreign(undo, value))
      return diags_fail(diags, RK_REFUSED, DIAG_UNDO_REGISTER, NULL, entry->name, NULL);
  }
  StoreRegister *inverse = g_new0(StoreRegister, 1);
  inverse->name = g_strdup(entry->name);
  inverse->key = g_strdup(entry->key);
  inverse->state = g_strdup(before ? before->state : "");
  inverse->fields = g_strdup(before ? before->fields : "{}");
  inverse->case_id = g_strdup(before ? before->case_id : undo->stored->record->id);
  inverse->since = before ? before->since : undo->target->record->happened;
  g_ptr_array_add(undo->target->registers, inverse);
  return RK_OK;
}

static RkStatus put_registers_back(Undo *undo, RkDiags *diags) {
  RkStatus status = RK_OK;
  for (guint i = 0; status == RK_OK && i < undo->written->len; i++)
    status = put_back(undo, undo->written->pdata[i], diags);
  return status;
}

/* ------------------------------------------------------------------ the deed */

static json_t *args_of(const Undo *undo) {
  json_t *list = json_array();
  for (guint i = 0; i < undo->back->len; i++)
    json_array_append_new(list, json_integer(((const StoreJournal *)undo->back->pdata[i])->seq));
  json_t *args = json_pack("{s:o}", "entries", list);
  if (json_object_size(undo->versions))
    json_object_set(args, "versions", undo->versions);
  return args;
}

/* The actor is that of what is taken back. g_free. */
static char *answer_text(const Undo *undo, const json_t *args, const Deed *deed) {
  const StoreJournal *first = undo->back->len ? undo->back->pdata[0] : NULL;
  json_t *answer = json_pack("{s:O, s:s*, s:s*}", "entries", json_object_get(args, "entries"),
                             "actor", first ? first->actor : NULL, "asked", deed->fingerprint);
  char *text = json_dumps(answer, JSON_COMPACT | JSON_SORT_KEYS);
  json_decref(answer);
  return text;
}

/* Judge, rebuild, write: not yet durable. */
static RkStatus carry_out(Undo *undo, Deed *deed, RkDiags *diags) {
  RkStatus status = check_kinds(undo, diags);
  if (status == RK_OK)
    status = rebuild(undo, diags);
  if (status == RK_OK)
    status = check_others(undo, diags);
  if (status != RK_OK)
    return status;
  take_over(undo, deed);
  status = put_registers_back(undo, diags);
  if (status != RK_OK)
    return status;
  json_t *args = args_of(undo);
  g_autofree char *answer = answer_text(undo, args, deed);
  deed->args = args;
  status = casefile_write(undo->target, deed, answer, diags);
  deed->args = NULL;
  json_decref(args);
  return status;
}

static RkTable *back_table(const GPtrArray *back) {
  RkTable *table = table_new("undo", _("What is taken back"));
  table_column(table, "seq", _("No."), RK_COLUMN_NUMBER);
  table_column(table, "happened", _("Happened"), RK_COLUMN_TIME);
  table_column(table, "kind", _("Kind"), RK_COLUMN_TEXT);
  table_column(table, "event", _("Event"), RK_COLUMN_TEXT);
  table_column(table, "operator", _("Entered by"), RK_COLUMN_TEXT);
  table_column(table, "title", _("Title"), RK_COLUMN_TEXT); /* the caller's to set */
  for (guint i = 0; i < back->len; i++) {
    const StoreJournal *entry = back->pdata[i];
    g_autofree char *seq = g_strdup_printf("%" G_GINT64_FORMAT, entry->seq);
    g_autofree char *happened = time_to_iso(entry->happened);
    table_row(table, seq, happened, entry->kind, entry->event, entry->operator_, NULL);
  }
  return table;
}

/* Whoever could enter it can take it back. */
static RkStatus check_right(const Undo *undo, const RkRequest *request, RkDiags *diags) {
  const StoreJournal *first = undo->back->len ? undo->back->pdata[0] : NULL;
  return desk_check_right(undo->stored->desk, first ? first->actor : NULL, request->as_role, diags);
}

static RkStatus inside(RkDesk *desk, const RkRequest *request, const char *reference, Deed *deed,
                       RkTable **out, RkDiags *diags) {
  g_autoptr(CaseFile) stored = NULL;
  g_auto(Undo) undo = {0};
  RkStatus status = casefile_load(&stored, desk, reference, diags);
  if (status == RK_OK)
    status = read_entries(&undo, stored, diags);
  if (status != RK_OK)
    return status;
  choose_last(&undo);
  deed->happened = stored->record->happened;
  status = check_right(&undo, request, diags);
  if (status == RK_OK)
    status = carry_out(&undo, deed, diags);
  if (status == RK_OK)
    *out = back_table(undo.back);
  return status;
}

/* The same answer once more, from what was kept of it: the entries taken back, once a bare list. */
static RkStatus answer_again(RkDesk *desk, const RkRequest *request, const char *reference,
                             const json_t *answer, RkTable **out, RkDiags *diags) {
  const json_t *known = json_object_get(answer, "entries"), *list = known ? known : answer;
  const char *actor = json_string_value(json_object_get(answer, "actor"));
  g_autoptr(StoreCase) record = NULL;
  g_autoptr(GPtrArray) entries = NULL, back = g_ptr_array_new();
  RkStatus status = desk_check_right(desk, actor, request->as_role, diags);
  if (status == RK_OK)
    status = store_load_case(desk->store, reference, &record, diags);
  if (status == RK_OK)
    status = store_load_journal(desk->store, record->id, 0, 0, &entries, diags);
  if (status != RK_OK)
    return status;
  for (size_t i = 0; i < json_array_size(list); i++)
    for (guint k = 0; k < entries->len; k++)
      if (((const StoreJournal *)entries->pdata[k])->seq ==
          json_integer_value(json_array_get(list, i)))
        g_ptr_array_add(back, entries->pdata[k]);
  *out = back_table(back);
  return RK_OK;
}

static RkStatus in_transaction(RkDesk *desk, const RkRequest *request, const char *reference,
                               Deed *deed, RkTable **out, RkDiags *diags) {
  json_t *earlier = NULL;
  RkStatus status = store_begin(desk->store, diags);
  if (status != RK_OK)
    return status;
  status = again_find(desk, request, deed->fingerprint, &earlier, diags);
  gboolean again = earlier != NULL;
  if (status == RK_OK)
    status = again ? answer_again(desk, request, reference, earlier, out, diags)
                   : inside(desk, request, reference, deed, out, diags);
  json_decref(earlier);
  if (status == RK_OK && !again && !request->dry_run)
    return store_end(desk->store, diags);
  store_rollback(desk->store);
  return status;
}

RkStatus undo_last(RkDesk *desk, const RkRequest *asking, const char *reference, RkTable **out,
                   RkDiags *diags) {
  const Asked asked = {"undo", NULL, reference, NULL};
  g_autofree char *made = asking->id ? NULL : uuid_of_request(asking->now);
  g_autofree char *why = guard_why(asking, asking->why);
  RkRequest request = *asking;
  request.id = asking->id ? asking->id : made;
  g_autofree char *fingerprint = again_fingerprint(desk, &request, &asked);
  Deed deed = {.kind = "undo",
               .request_id = request.id,
               .fingerprint = fingerprint,
               .operator_ = desk->operator_,
               .evidence = request.evidence,
               .why = why,
               .entered = request.now};
  *out = NULL;
  if (!request.dry_run && (!request.why || !*request.why))
    return diags_fail(diags, RK_INVALID, DIAG_UNDO_WHY, NULL, NULL);
  RkStatus status = guard_text(&request, _("the remark"), request.why, diags);
  if (status == RK_OK)
    status = in_transaction(desk, &request, reference, &deed, out, diags);
  if (status == RK_REFUSED && store_health(desk->store, diags) == RK_OK)
    desk_log(desk, request.now, "undo", reference, NULL, status, diags);
  return status;
}

/* ------------------------------------------------------- events that come late */

RkStatus undo_between(CaseFile *file, gint64 time, Between *between, char **titles,
                      RkDiags *diags) {
  g_auto(Undo) undo = {0};
  g_autoptr(GString) names = g_string_new(NULL);
  *between = BETWEEN_NOTHING;
  *titles = NULL;
  RkStatus status = read_entries(&undo, file, diags);
  if (status != RK_OK)
    return status;
  g_autoptr(GPtrArray) standing = replay_standing(undo.entries);
  for (guint i = 0; i < standing->len; i++) {
    const StoreJournal *entry = standing->pdata[i];
    if (entry->happened <= time || is_beside(entry))
      continue;
    *between = is(entry, "timer") ? MAX(*between, BETWEEN_TIMERS) : BETWEEN_DEEDS;
    g_autofree char *when = time_to_local_iso(entry->happened);
    g_string_append_printf(names, "%s%s (%s)", names->len ? ", " : "", entry->event, when);
  }
  *titles = g_strdup(names->str);
  return RK_OK;
}

RkStatus undo_timers(CaseFile **file, gint64 time, const Deed *late, RkDiags *diags) {
  g_auto(Undo) undo = {0};
  g_autofree char *request = g_strconcat(late->request_id, "/late", NULL);
  Deed deed = {.kind = "undo",
               .request_id = request,
               .operator_ = late->operator_,
               .why = late->why,
               .entered = late->entered,
               .happened = (*file)->record->happened};
  RkStatus status = read_entries(&undo, *file, diags);
  if (status != RK_OK)
    return status;
  choose_timers(&undo, time);
  status = carry_out(&undo, &deed, diags);
  if (status != RK_OK)
    return status;
  casefile_free(*file);
  *file = g_steal_pointer(&undo.target);
  g_clear_pointer(&(*file)->removed, g_ptr_array_unref);
  g_hash_table_remove_all((*file)->changed);
  return RK_OK;
}
