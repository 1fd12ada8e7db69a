/* SPDX-License-Identifier: Apache-2.0 */
/* deliver.c - see deliver.h. The only place that begins a transaction on a case. */
#include "case/deliver.h"

#include "base/date.h"
#include "base/table.h"
#include "base/uuid.h"
#include "case/again.h"
#include "case/guard.h"
#include "case/kept.h"
#include "case/linked.h"
#include "case/proxy.h"
#include "case/undo.h"

#include <string.h>

void delivered_clear(Delivered *delivered) {
  g_clear_pointer(&delivered->number, g_free);
  g_clear_pointer(&delivered->state, g_free);
  g_clear_pointer(&delivered->happenings, g_ptr_array_unref);
}

/* ----------------------------------------------------- the answer and retries */

/* The answer as the store keeps it for a retry. Case by id: a new case has no number yet. */
static char *answer_text(const CaseFile *file, const Deed *deed, const char *state) {
  json_t *list = json_array();
  for (guint i = 0; i < file->happenings->len; i++)
    json_array_append_new(list, json_string(file->happenings->pdata[i]));
  json_t *answer = json_pack("{s:s, s:s?, s:o, s:s*, s:s*, s:s*}", "case", file->record->id, "state",
                             state, "happenings", list, "actor", deed->actor, "asked",
                             deed->fingerprint, "line", deed->line);
  char *text = json_dumps(answer, JSON_COMPACT | JSON_SORT_KEYS);
  char *copy = g_strdup(text);
  json_decref(answer);
  free(text);
  return copy;
}

/* Whoever may no longer enter it is not told of it either. */
static RkStatus answer_again(RkDesk *desk, const RkRequest *request, const json_t *answer,
                             Delivered *out, RkDiags *diags) {
  const char *id = json_string_value(json_object_get(answer, "case"));
  const char *actor = json_string_value(json_object_get(answer, "actor"));
  g_autoptr(StoreCase) record = NULL;
  RkStatus status = desk_check_right(desk, actor, request->as_role, diags);
  if (status == RK_OK)
    status = id ? store_load_case(desk->store, id, &record, diags) : RK_STORE;
  if (status != RK_OK)
    return status;
  const json_t *list = json_object_get(answer, "happenings");
  out->happenings = g_ptr_array_new_with_free_func(g_free);
  for (size_t i = 0; i < json_array_size(list); i++)
    g_ptr_array_add(out->happenings, g_strdup(json_string_value(json_array_get(list, i))));
  out->number = g_strdup(record->number);
  out->state = g_strdup(json_string_value(json_object_get(answer, "state")));
  out->repeated = TRUE;
  return RK_OK;
}

static void answer(Delivered *out, CaseFile *file, const char *state) {
  out->number = g_strdup(file->record->number);
  out->state = g_strdup(state);
  out->happenings = g_ptr_array_ref(file->happenings);
  out->repeated = FALSE;
}

/* The state of the paper a deed was about. */
static const char *paper_state(CaseFile *file, const Deed *deed) {
  const char *code = json_string_value(json_object_get(deed->args, "form"));
  StorePaper *paper = code ? papers_named(file, code) : NULL;
  return paper ? paper->state : NULL;
}

/* ------------------------------------------------------------------- rights */

/* Whose act a deed is: an event's is the actor of the transition it would take. */
static char *actor_of(CaseFile *file, const char *kind, const char *event, const json_t *args,
                      gint64 time) {
  g_autofree char *code = paper_code(json_string_value(json_object_get(args, "form")));
  if (code)
    return g_strdup(bundle_filled_by(file->bundle, code));
  if (!g_str_equal(kind, "event"))
    return NULL;
  g_autoptr(GArray) open = session_open_transitions(file->session, time);
  for (guint i = 0; i < open->len; i++) {
    const MachineTransition *transition = &g_array_index(open, MachineTransition, i);
    if (casefile_hears(transition, event))
      return g_strdup(transition->by);
  }
  return NULL;
}

/* ---------------------------------------------------------------- the case */

/* From hand if it may be, else from the store. */
static RkStatus take_file(CaseFile **out, RkDesk *desk, const char *reference, RkDiags *diags) {
  *out = kept_take(desk, reference);
  return *out ? RK_OK : casefile_load(out, desk, reference, diags);
}

/* ------------------------------------------------------------------- timers */

typedef struct {
  gint64 due;
  const char *event;
} Pending;

static void note_earliest(const char *id, const char *event, gint64 due, gpointer user) {
  Pending *earliest = user;
  (void)id;
  if (due < earliest->due)
    *earliest = (Pending){due, event};
}

/* The event that fires next, for the journal: it is gone once it has fired. g_free. */
static char *next_event(const CaseFile *file) {
  Pending earliest = {G_MAXINT64, NULL};
  session_each_pending(file->session, note_earliest, &earliest);
  return g_strdup(earliest.event);
}

static Deed timer_deed(const CaseFile *file, gint64 due, gint64 entered, char **id,
                       char **event) {
  *id = g_strdup_printf("timer:%s:%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT, file->record->id, due,
                        file->record->revision);
  *event = next_event(file);
  return (Deed){.kind = "timer",
                .event = *event,
                .request_id = *id,
                .operator_ = "clock",
                .entered = entered,
                .happened = due};
}

/* What this deed sends goes out without anybody looking at it again: one that cannot be drawn must not. */
static RkStatus lay_out_sent(CaseFile *file, RkDiags *diags) {
  RkStatus worst = RK_OK;
  for (guint i = 0; file->desk->lay_out && i < file->transmissions->len; i++) {
    StoreTransmission *sent = file->transmissions->pdata[i];
    if (!g_str_equal(sent->state, "queued") || !g_hash_table_contains(file->changed, sent))
      continue;
    RkStatus status = file->desk->lay_out(file, sent->paper_id, diags);
    if (status != RK_OK)
      worst = status == RK_INVALID ? RK_REFUSED : status;
  }
  return worst;
}

/* A deadline passes whatever stands in a paper, or the case would stand still until somebody found out: what it sends
 * and cannot be drawn is told, and waits in the outbox. */
static gboolean sends_undrawn(CaseFile *file, const Deed *deed, RkDiags *diags) {
  if (lay_out_sent(file, diags) == RK_OK)
    return FALSE;
  diags_add(diags, DIAG_TIMER_UNDRAWN, NULL, file->record->number, deed->event, NULL);
  return TRUE;
}

/* Write the deed and what follows from it in linked cases, and make it durable. */
static RkStatus commit(CaseFile *file, const Deed *deed, const char *result, RkDiags *diags) {
  Store *store = file->desk->store;
  RkStatus status = casefile_write(file, deed, result, diags);
  if (status != RK_OK)
    return status; /* rolled back */
  status = linked_follow(file, deed, diags);
  if (status == RK_OK)
    return store_end(store, diags);
  store_rollback(store);
  return status;
}

/* Commit one due timer of the case, if there is one at or before `time`. RK_PARTIAL: it fired, and sends a paper that
 * cannot be drawn. */
static RkStatus fire_one(RkDesk *desk, const char *reference, gint64 time, gint64 now,
                         RkTable *report, gboolean *fired, RkDiags *diags) {
  *fired = FALSE;
  RkStatus status = store_begin(desk->store, diags);
  if (status != RK_OK)
    return status;
  g_autoptr(CaseFile) file = NULL;
  status = take_file(&file, desk, reference, diags);
  gint64 due = status == RK_OK ? session_next_due(file->session) : G_MAXINT64;
  if (status != RK_OK || due > time) {
    store_rollback(desk->store);
    return status;
  }
  g_autofree char *id = NULL, *event = NULL;
  Deed deed = timer_deed(file, MAX(due, file->record->happened), MAX(now, due), &id, &event);
  status = casefile_apply(file, &deed, diags);
  g_autofree char *text = answer_text(file, &deed, NULL);
  gboolean undrawn = status == RK_OK && sends_undrawn(file, &deed, diags);
  if (status != RK_OK)
    store_rollback(desk->store);
  else
    status = commit(file, &deed, text, diags);
  *fired = status == RK_OK;
  if (*fired && report) {
    g_autofree char *when = time_to_iso(due);
    table_row(report, file->record->number, deed.event, when, file->record->states);
  }
  if (*fired)
    kept_put(g_steal_pointer(&file));
  return *fired && undrawn ? RK_PARTIAL : status;
}

static RkStatus fire_until(RkDesk *desk, const char *reference, gint64 time, gint64 now,
                           RkDiags *diags) {
  gboolean fired = TRUE;
  RkStatus status = RK_OK;
  while (fired && (status == RK_OK || status == RK_PARTIAL))
    status = fire_one(desk, reference, time, now, NULL, &fired, diags);
  return status;
}

/* Fire in memory what is due, to see whether the deed after it would be accepted. */
static RkStatus rehearse_timers(CaseFile *file, gint64 time, gint64 now, gboolean *any,
                                RkDiags *diags) {
  RkStatus status = RK_OK;
  for (gint64 due; status == RK_OK && (due = session_next_due(file->session)) <= time;) {
    g_autofree char *id = NULL, *event = NULL;
    Deed deed = timer_deed(file, MAX(due, file->record->happened), MAX(now, due), &id, &event);
    status = casefile_apply(file, &deed, diags);
    *any = TRUE;
  }
  g_ptr_array_set_size(file->happenings, 0);
  return status;
}

/* The first due timer of a case that is not `held`; borrowed, or NULL. */
static const StoreTimer *first_free(const GPtrArray *timers, GHashTable *held) {
  for (guint i = 0; i < timers->len; i++) {
    const StoreTimer *timer = timers->pdata[i];
    if (!g_hash_table_contains(held, timer->case_id))
      return timer;
  }
  return NULL;
}

/* The same of what is due; no more is read than it takes to find it. */
static RkStatus next_free(RkDesk *desk, gint64 now, GHashTable *held, GPtrArray **timers,
                          const StoreTimer **first, RkDiags *diags) {
  RkStatus status = RK_OK;
  *first = NULL;
  for (guint limit = 4; status == RK_OK; limit *= 4) {
    g_clear_pointer(timers, g_ptr_array_unref);
    status = store_load_timers(desk->store, NULL, now, limit, timers, diags);
    *first = status == RK_OK ? first_free(*timers, held) : NULL;
    if (*first || status != RK_OK || (*timers)->len < limit)
      break;
  }
  return status;
}

/* A refused deadline waits for the next tick; it must not hold up those of other cases. */
static void tell_held(const StoreTimer *timer, RkDiags *diags) {
  g_autofree char *when = time_to_local_iso(timer->due);
  diags_add(diags, DIAG_TIMER_HELD, NULL, timer->case_number ? timer->case_number : "-",
            timer->event, when, NULL);
}

/* What waits, in due order; what the first ones would set in their turn is not known before they fire. */
static RkStatus tell_due(RkDesk *desk, gint64 now, RkTable *report, RkDiags *diags) {
  g_autoptr(GPtrArray) timers = NULL;
  RkStatus status = store_load_timers(desk->store, NULL, now, 0, &timers, diags);
  for (guint i = 0; status == RK_OK && report && i < timers->len; i++) {
    const StoreTimer *timer = timers->pdata[i];
    g_autofree char *when = time_to_iso(timer->due);
    table_row(report, timer->case_number, timer->event, when, NULL);
  }
  return status;
}

/* In due order over all cases: after each one the list is read again, for it may have set others. */
RkStatus deliver_due(RkDesk *desk, const RkRequest *request, RkTable *report, RkDiags *diags) {
  g_autoptr(GHashTable) held = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  RkStatus worst = RK_OK, status = desk_check_member(desk, diags);
  if (status == RK_OK && request->dry_run)
    return tell_due(desk, request->now, report, diags);
  while (status == RK_OK) {
    gboolean fired = FALSE;
    g_autoptr(GPtrArray) timers = NULL;
    const StoreTimer *first = NULL;
    status = next_free(desk, request->now, held, &timers, &first, diags);
    if (!first)
      break;
    status = fire_one(desk, first->case_id, request->now, request->now, report, &fired, diags);
    if (!fired) /* or another process was quicker: that one goes on with the case */
      g_hash_table_add(held, g_strdup(first->case_id));
    if (status == RK_REFUSED || status == RK_INVALID)
      tell_held(first, diags);
    if (status == RK_REFUSED || status == RK_INVALID || status == RK_PARTIAL) {
      worst = RK_PARTIAL;
      status = RK_OK;
    }
  }
  return status == RK_OK ? worst : status;
}

/* ----------------------------------------------------------------- delivery */

static gboolean heard_by_machine(const char *kind) {
  static const char *const beside[] = {"note", "settle", "opened", "confirm", NULL};
  return !g_strv_contains(beside, kind);
}

/* Apply and commit on a loaded file; ends the transaction. *again: due timers stood in the way,
 * the deed would be accepted after them. */
static RkStatus conclude_delivery(CaseFile **in_hand, const Deed *deed, const RkRequest *request,
                                  gboolean *again, Delivered *out, RkDiags *diags) {
  RkStatus status = RK_OK;
  CaseFile *file = *in_hand;
  Store *store = file->desk->store;
  if (heard_by_machine(deed->kind))
    status = rehearse_timers(file, deed->happened, deed->entered, again, diags);
  if (status == RK_OK)
    status = casefile_apply(file, deed, diags);
  if (status == RK_OK && !*again && heard_by_machine(deed->kind))
    status = lay_out_sent(file, diags);
  if (status != RK_OK || *again || request->dry_run) {
    store_rollback(store);
    if (status == RK_OK && request->dry_run)
      answer(out, file, paper_state(file, deed));
    *again = *again && status == RK_OK && !request->dry_run;
    return status;
  }
  g_autofree char *text = answer_text(file, deed, paper_state(file, deed));
  status = commit(file, deed, text, diags);
  if (status != RK_OK)
    return status;
  answer(out, file, paper_state(file, deed));
  kept_put(g_steal_pointer(in_hand));
  return RK_OK;
}

/* A procedure between others never passes this desk. */
static RkStatus not_concerned(const CaseFile *file, RkDiags *diags) {
  g_autofree char *ours = g_strjoinv(", ", file->desk->roles);
  g_autofree char *parties = bundle_role_titles(file->bundle);
  return diags_fail(diags, RK_REFUSED, DIAG_NOT_CONCERNED, NULL, ours, file->record->procedure,
                    parties, NULL);
}

/* An event that happened before deadlines which have passed meanwhile: the operator must know. */
static RkStatus admit_late(CaseFile **file, const RkRequest *request, const Deed *deed,
                           RkDiags *diags) {
  Between between;
  g_autofree char *passed = NULL;
  if (!heard_by_machine(deed->kind) || deed->happened >= (*file)->record->happened)
    return RK_OK;
  RkStatus status = undo_between(*file, deed->happened, &between, &passed, diags);
  if (status != RK_OK || between != BETWEEN_TIMERS)
    return status; /* casefile_apply refuses what is out of order */
  if (request->late)
    return undo_timers(file, deed->happened, deed, diags);
  return diags_fail(diags, RK_REFUSED, DIAG_BACKDATED_TIMERS, NULL, passed, NULL);
}

static RkStatus attempt(RkDesk *desk, const RkRequest *request, const char *reference, Deed *deed,
                        gboolean *again, Delivered *out, RkDiags *diags) {
  g_autofree char *actor = NULL;
  g_autoptr(CaseFile) file = NULL;
  json_t *earlier = NULL;
  gboolean opening = g_str_equal(deed->kind, "opened");
  *again = FALSE;
  RkStatus status = store_begin(desk->store, diags);
  if (status != RK_OK)
    return status;
  status = again_find(desk, request, deed->fingerprint, &earlier, diags);
  if (earlier) {
    status = answer_again(desk, request, earlier, out, diags);
    json_decref(earlier);
    store_rollback(desk->store);
    return status;
  }
  if (status == RK_OK)
    status = opening ? casefile_new(&file, desk, reference, diags)
                     : take_file(&file, desk, reference, diags);
  if (status == RK_OK && opening && !bundle_knows_role(file->bundle, (const char *const *)desk->roles))
    status = not_concerned(file, diags);
  if (status == RK_OK) {
    actor = opening ? NULL : actor_of(file, deed->kind, deed->event, deed->args, deed->happened);
    deed->actor = actor;
    status = desk_check_right(desk, actor, request->as_role, diags);
  }
  if (status == RK_OK && request->on_behalf)
    status = proxy_check(desk, actor, request->on_behalf, diags);
  if (status == RK_OK)
    status = guard_deed(file, deed, request, diags);
  if (status == RK_OK)
    status = casefile_check_ways(file, deed, diags);
  if (status == RK_OK && !opening)
    status = admit_late(&file, request, deed, diags);
  if (status != RK_OK) {
    store_rollback(desk->store);
    return status;
  }
  return conclude_delivery(&file, deed, request, again, out, diags);
}

static gboolean hears(const Machine *machine, const char *event) {
  for (guint state = 0; state < machine_n_states(machine); state++)
    for (guint i = 0; i < machine_n_transitions(machine, state); i++) {
      const MachineTransition transition = machine_transition(machine, state, i);
      if (casefile_hears(&transition, event))
        return TRUE;
    }
  return FALSE;
}

/* What the log calls the attempt: an event only if a procedure that was looked at has it, for anything can be
 * typed there. */
static const char *attempt_name(RkDesk *desk, const Deed *deed) {
  GHashTableIter iter;
  gpointer bundle;
  g_hash_table_iter_init(&iter, desk->bundles);
  while (deed->event && g_hash_table_iter_next(&iter, NULL, &bundle))
    if (hears(bundle_machine(bundle), deed->event))
      return deed->event;
  return deed->kind;
}

/* Refusals and failed attempts go to the access log; cases and journal stay untouched. */
static RkStatus log_refusal(RkDesk *desk, const Deed *deed, const char *reference, RkStatus status,
                            RkDiags *diags) {
  gboolean refused = status == RK_REFUSED || status == RK_INVALID || status == RK_NOT_FOUND;
  gboolean opening = g_str_equal(deed->kind, "opened"); /* a procedure */
  RkStatus health = refused ? store_health(desk->store, diags) : RK_OK;
  if (health != RK_OK)
    return health; /* judged on what could not be read */
  if (refused)
    desk_log(desk, deed->entered, attempt_name(desk, deed), opening ? NULL : reference,
             opening ? reference : NULL, status, diags);
  return status;
}

/* The args of the deed with what the request adds to them. json_decref. */
static json_t *whole_args(const RkRequest *request, const json_t *args) {
  if (!request->on_behalf)
    return args ? json_incref((json_t *)args) : NULL;
  json_t *whole = args ? json_copy((json_t *)args) : json_object();
  json_object_set_new(whole, "on_behalf", json_string(request->on_behalf));
  return whole;
}

RkStatus deliver_deed(RkDesk *desk, const RkRequest *asking, const char *reference, Deed *deed,
                      Delivered *out, RkDiags *diags) {
  const Asked asked = {deed->kind, deed->event, reference, deed->asked ? deed->asked : deed->args};
  json_t *args = whole_args(asking, deed->args);
  g_autofree char *made = asking->id ? NULL : uuid_of_request(asking->now);
  g_autofree char *why = guard_why(asking, deed->why ? deed->why : asking->why);
  RkRequest request = *asking;
  gboolean again = FALSE;
  request.id = asking->id ? asking->id : made;
  g_autofree char *fingerprint = again_fingerprint(desk, &request, &asked);
  g_autofree char *line = again_line(desk, &request, reference);
  desk->now = request.now;
  deed->args = args;
  deed->request_id = request.id;
  deed->fingerprint = fingerprint;
  deed->line = line;
  deed->operator_ = desk->operator_;
  deed->evidence = request.evidence;
  deed->why = why;
  deed->entered = request.now;
  deed->happened = request.happened ? request.happened : request.now;
  RkStatus status = attempt(desk, &request, reference, deed, &again, out, diags);
  if (status == RK_OK && again) {
    status = fire_until(desk, reference, deed->happened, deed->entered, diags);
    if (status == RK_OK)
      status = attempt(desk, &request, reference, deed, &again, out, diags);
  }
  status = log_refusal(desk, deed, reference, status, diags);
  json_decref(args);
  return status;
}

RkStatus deliver_before(RkDesk *desk, const RkRequest *request, const char *reference, Delivered *out,
                        RkDiags *diags) {
  g_autoptr(RkDiags) reasons = rk_diags_new();
  json_t *earlier = NULL;
  RkStatus status = again_find_line(desk, request, reference, &earlier, diags);
  if (status == RK_OK && earlier && answer_again(desk, request, earlier, out, reasons) != RK_OK)
    delivered_clear(out);
  json_decref(earlier);
  return status;
}

/* What was found of such a person meanwhile stands beside the inputs. */
RkStatus deliver_open(RkDesk *desk, const RkRequest *request, const char *procedure,
                      const json_t *args, Delivered *out, RkDiags *diags) {
  Deed deed = {.kind = "opened", .args = args, .asked = json_object_get(args, "inputs")};
  return deliver_deed(desk, request, procedure, &deed, out, diags);
}

RkStatus deliver(RkDesk *desk, const RkRequest *request, const char *reference, const char *kind,
                 const char *event, const json_t *args, Delivered *out, RkDiags *diags) {
  Deed deed = {.kind = kind, .event = event, .args = args};
  return deliver_deed(desk, request, reference, &deed, out, diags);
}
