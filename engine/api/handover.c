/* SPDX-License-Identifier: Apache-2.0 */
/* handover.c - see handover.h. */
#include "api/faxplan.h"
#include "api/handover.h"
#include "api/spool.h"
#include "base/command.h"
#include "base/date.h"
#include "base/table.h"
#include "base/words.h"
#include "case/deliver.h"

#include <errno.h>
#include <string.h>

#define PAGE 50 /* transmissions read at once: a queue may be long */

typedef struct {
  RkDesk *desk;
  RkRequest request;   /* without an id: each settling is a request of its own */
  const char *folder;  /* where files are made */
  const FaxPlan *plan; /* NULL: the folder is a drop folder */
  RkTable *table;
  gboolean ticking;    /* the rows are those of `tick` */
  RkStatus worst;
  RkDiags *diags;
} Handover;

/* What became of one. */
typedef struct {
  const char *result;
  json_t *words;  /* for the settling */
  const char *why; /* for people; NULL: nothing went wrong */
} Outcome;

RkStatus handover_settle(RkDesk *desk, const RkRequest *request, const StoreTransmission *which,
                         const char *result, json_t *args, RkDiags *diags) {
  g_auto(Delivered) delivered = {0};
  json_object_set_new(args, "id", json_string(which->id));
  json_object_set_new(args, "result", json_string(result));
  RkStatus status = deliver(desk, request, which->case_id, "settle", result, args, &delivered, diags);
  json_decref(args);
  return status;
}

static const char *whose(const Handover *run) {
  return run->plan ? "command" : "folder";
}

/* ------------------------------------------------------------------- the outcome */

static void tell(Handover *run, const StoreSent *row, const Outcome *outcome) {
  g_autofree char *id = g_strndup(row->sent->id, 8), *when = NULL;
  const char *result = outcome->result, *next = json_string_value(json_object_get(outcome->words, "next"));
  gint64 due = 0;
  if (next && time_parse(&due, next, run->diags) == RK_OK)
    when = time_to_local_iso(due);
  DiagId code = g_str_equal(result, "unknown") ? DIAG_FAX_UNKNOWN
                  : when                         ? DIAG_FAX_WAITS
                                                 : DIAG_FAX_FAILED;
  if (outcome->why)
    diags_add(run->diags, code, NULL, row->case_number, id, outcome->why, when, NULL);
  if (!g_str_equal(result, "handed-over"))
    run->worst = RK_PARTIAL;
}

static void add_row(Handover *run, const StoreSent *row, const char *result) {
  g_autofree char *now = time_to_iso(run->request.now);
  if (run->ticking)
    table_row(run->table, row->case_number, "outbox", now, result);
  else
    table_row(run->table, row->sent->id, result);
}

static RkStatus finish(Handover *run, const StoreSent *row, Outcome *outcome) {
  json_object_set_new(outcome->words, "by", json_string(whose(run)));
  tell(run, row, outcome);
  RkStatus status = handover_settle(run->desk, &run->request, row->sent, outcome->result,
                                    json_incref(outcome->words), run->diags);
  json_decref(outcome->words);
  if (status == RK_OK)
    add_row(run, row, outcome->result);
  return status;
}

/* ------------------------------------------------------------------- the program */

static void keep_proof(json_t *words, const FaxPlan *plan, const CommandResult *result) {
  Hash hash = hash_bytes(result->output, strlen(result->output));
  g_autofree char *hex = hash_to_hex(&hash), *job = faxplan_find(plan->job, result->output);
  g_autofree char *pages = faxplan_find(plan->pages, result->output);
  json_object_set_new(words, "output", json_string(result->output));
  json_object_set_new(words, "sha256", json_string(hex));
  if (job)
    json_object_set_new(words, "job", json_string(job));
  if (pages)
    json_object_set_new(words, "reported", json_string(pages));
}

static char *answer_of(const CommandResult *result) {
  return result->timed_out  ? g_strdup("timeout")
         : result->signal ? g_strdup_printf("signal %d", result->signal)
                          : g_strdup_printf("exit %d", result->code);
}

/* A clear "not now" is tried again, if that is planned; any other failure is a person's. */
static Outcome judge_failure(Handover *run, json_t *words, int code, guint round) {
  guint pause = faxplan_is_busy(run->plan, code) ? faxplan_pause(run->plan, round) : 0;
  if (!pause)
    return (Outcome){"failed", words, NULL};
  g_autofree char *next = time_to_iso(run->request.now + (gint64)pause * 60 * TIME_SECOND);
  json_object_set_new(words, "next", json_string(next));
  return (Outcome){"waiting", words, NULL};
}

/* Sent, unless the other side of the line counts otherwise. */
static Outcome judge_success(Handover *run, const StoreSent *row, json_t *words, guint pages) {
  const char *reported = json_string_value(json_object_get(words, "reported"));
  guint64 count = 0;
  if (!reported || (g_ascii_string_to_unsigned(reported, 10, 0, G_MAXUINT32, &count, NULL) &&
                    count == pages))
    return (Outcome){"handed-over", words, NULL};
  g_autofree char *id = g_strndup(row->sent->id, 8), *made = g_strdup_printf("%u", pages);
  diags_add(run->diags, DIAG_FAX_PAGES, NULL, row->case_number, id, made, reported, NULL);
  return (Outcome){"unknown", words, NULL};
}

static Outcome run_program(Handover *run, const StoreSent *row, const char *file, guint pages,
                           json_t *words) {
  g_auto(CommandResult) result = {0};
  json_t *entry = delivery_load(run->desk, row->sent->id);
  const FaxWords given = {delivery_field(entry, "number"), file, row->sent->id, pages};
  guint round = delivery_count(entry, "round");
  g_auto(GStrv) argv = faxplan_argv(run->plan, &given);
  gboolean started = command_run((const char *const *)argv, run->plan->timeout, &result);
  json_decref(entry);
  g_autofree char *answer = started ? answer_of(&result) : g_strdup("not started");
  json_object_set_new(words, "answer", json_string(answer));
  if (!started)
    return (Outcome){"failed", words, NULL};
  keep_proof(words, run->plan, &result);
  if (result.code == 0)
    return judge_success(run, row, words, pages);
  return result.code < 0 ? (Outcome){"unknown", words, NULL}
                         : judge_failure(run, words, result.code, round);
}

static RkStatus begin(Handover *run, const StoreSent *row, guint pages) {
  json_t *args = json_pack("{s:s}", "by", whose(run));
  g_autofree char *count = g_strdup_printf("%u", pages);
  if (pages)
    json_object_set_new(args, "pages", json_string(count));
  return handover_settle(run->desk, &run->request, row->sent, "handing-over", args, run->diags);
}

static Outcome leave(Handover *run, const StoreSent *row, GPtrArray *files, guint pages) {
  json_t *words = json_object();
  const char *result = spool_give(files, run->diags);
  if (!run->plan || !g_str_equal(result, "handed-over"))
    return (Outcome){result, words, NULL};
  Outcome outcome = run_program(run, row, spool_path(files), pages, words);
  if (!g_str_equal(outcome.result, "handed-over") && !json_object_get(words, "reported"))
    outcome.why = json_string_value(json_object_get(words, "answer"));
  return outcome;
}

/* Where nothing here can bring it, it stays. */
static gboolean can_go(Handover *run, const StoreSent *row, const CatalogueChannel *channel) {
  if (!run->plan || channel->driver)
    return TRUE;
  g_autofree char *id = g_strndup(row->sent->id, 8);
  diags_add(run->diags, DIAG_OUTBOX_CHANNEL, NULL, row->case_number, id,
            row->sent->channel ? row->sent->channel : "-", NULL);
  return FALSE;
}

static RkStatus channel_of(Handover *run, const StoreSent *row, Bundle **bundle,
                           CatalogueChannel *channel) {
  *channel = (CatalogueChannel){0};
  RkStatus status = desk_bundle(run->desk, row->bundle, bundle, run->diags);
  if (status == RK_OK)
    catalogue_channel(bundle_catalogue(*bundle), row->sent->channel, channel);
  return status;
}

/* ------------------------------------------------------------------- one paper */

typedef struct {
  Cover cover; /* borrows from the rest */
  char *from, *to, *number;
} Front;

static void front_clear(Front *front) {
  g_free(front->from);
  g_free(front->to);
  g_free(front->number);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Front, front_clear)

/* Who sends it, and to which party of the role. */
static void fill_front(Handover *run, const StoreSent *row, Bundle *bundle, Front *out) {
  json_t *entry = delivery_load(run->desk, row->sent->id);
  const char *key = delivery_contact(entry, row->sent);
  json_t *contact = desk_register_entry(run->desk, REGISTER_CONTACT, key);
  const char *state = json_string_value(json_object_get(contact, "state"));
  const char *party = strstr(key, " / ");
  gboolean confirmed = g_strcmp0(state, CONTACT_CONFIRMED) == 0;
  out->number = g_strdup(confirmed ? delivery_field(contact, "fax") : NULL);
  out->from = desk_setting(run->desk, "fax.sender");
  if (!out->from)
    out->from = g_strdup_printf("%s　%s", bundle_role_printed(bundle, row->sent->from),
                                store_office(run->desk->store));
  out->to = g_strdup_printf("%s%s%s", bundle_role_printed(bundle, row->sent->to), party ? "　" : "",
                            party ? party + strlen(" / ") : "");
  out->cover = (Cover){out->from, out->to, out->number, 0, run->request.now};
  json_decref(contact);
  json_decref(entry);
}

/* The number on the cover sheet must be the one that the transaction took. */
static gboolean front_holds(const Handover *run, const StoreSent *row, const Front *front) {
  if (!run->plan || !front->number)
    return TRUE;
  json_t *entry = delivery_load(run->desk, row->sent->id);
  gboolean same = g_strcmp0(delivery_field(entry, "number"), front->number) == 0;
  json_decref(entry);
  return same;
}

/* Why no file of the paper was made, by its code: the text may tell what stands in the paper. */
static char *reason_of(const RkDiags *diags) {
  for (guint i = 0; i < rk_diags_count(diags); i++)
    if (rk_diags_get(diags, i)->level == RK_LEVEL_ERROR)
      return g_strdup_printf("not made: %s", rk_diags_get(diags, i)->code);
  return g_strdup("not made");
}

/* The files of one paper. FALSE: not made; `why` (g_free) tells. */
static gboolean make_files(Handover *run, const StoreSent *row, Cover *cover, GPtrArray *files,
                           guint *pages, char **why) {
  SpoolKind kind = !run->plan ? SPOOL_BOTH : run->plan->pdf ? SPOOL_PDF : SPOOL_TIFF;
  g_autoptr(RkDiags) own = rk_diags_new();
  gboolean made = spool_make(run->desk, row, run->folder, kind, cover, files, pages, own) == RK_OK;
  *why = made ? NULL : reason_of(own);
  diags_take_all(run->diags, own);
  return made;
}

/* What is refused (no number, or another process was quicker) stays as it is; the others go on. */
static RkStatus hand_over(Handover *run, const StoreSent *row) {
  g_autoptr(GPtrArray) files = spool_files_new();
  g_auto(Front) front = {0};
  Bundle *bundle = NULL;
  CatalogueChannel channel;
  g_autofree char *why = NULL;
  guint pages = 0;
  RkStatus status = channel_of(run, row, &bundle, &channel);
  if (status != RK_OK)
    return status;
  if (!can_go(run, row, &channel)) {
    run->worst = RK_PARTIAL;
    return RK_OK;
  }
  gboolean covered = faxplan_wants_cover(run->desk, &channel);
  if (covered)
    fill_front(run, row, bundle, &front);
  gboolean made = make_files(run, row, covered ? &front.cover : NULL, files, &pages, &why);
  status = begin(run, row, pages);
  if (status == RK_REFUSED) {
    add_row(run, row, row->sent->state);
    run->worst = RK_PARTIAL;
    return RK_OK;
  }
  if (status != RK_OK)
    return status;
  Outcome outcome = {"failed", NULL, NULL};
  if (made && front_holds(run, row, &front))
    outcome = leave(run, row, files, pages);
  else
    outcome.words = why ? json_pack("{s:s}", "answer", why) : json_object();
  if (run->plan)
    spool_clear(files);
  return finish(run, row, &outcome);
}

/* ------------------------------------------------------------------- all of them */

typedef RkStatus (*RowFunc)(Handover *run, const StoreSent *row);

/* In the order in which they came; what `each` writes is not read again. */
static RkStatus for_each(Handover *run, const char *state, RowFunc each) {
  StoreSentFilter filter = {.direction = "out", .state = state, .limit = PAGE};
  g_autofree char *after = NULL;
  RkStatus status = RK_OK;
  for (guint count = PAGE; status == RK_OK && count == PAGE;) {
    g_autoptr(GPtrArray) rows = NULL;
    filter.after = after;
    status = store_query_sent(run->desk->store, &filter, &rows, run->diags);
    count = status == RK_OK ? rows->len : 0;
    for (guint i = 0; i < count && status == RK_OK; i++)
      status = each(run, rows->pdata[i]);
    g_free(after);
    after = count ? g_strdup(((StoreSent *)rows->pdata[count - 1])->sent->id) : NULL;
  }
  return status;
}

/* The process that had it has died. */
static RkStatus interrupted(Handover *run, const StoreSent *row) {
  json_t *entry = delivery_load(run->desk, row->sent->id);
  const char *by = delivery_field(entry, "by");
  json_t *words = json_pack("{s:s, s:s}", "by", by ? by : "folder", "answer", "interrupted");
  RkStatus status =
      handover_settle(run->desk, &run->request, row->sent, "unknown", words, run->diags);
  json_decref(entry);
  if (status == RK_OK)
    add_row(run, row, "unknown");
  return status;
}

static RkStatus hand_over_due(Handover *run, const StoreSent *row) {
  json_t *entry = delivery_load(run->desk, row->sent->id);
  const char *next = delivery_field(entry, "next");
  gint64 due = 0;
  RkStatus status = next ? time_parse(&due, next, run->diags) : RK_OK;
  json_decref(entry);
  return status == RK_OK && due <= run->request.now ? hand_over(run, row) : status;
}

/* What lies in a folder is removed when its case is disposed of. */
static RkStatus note_folder(Handover *run) {
  g_autofree char *path = g_canonicalize_filename(run->folder, NULL);
  json_t *known = desk_register_entry(run->desk, REGISTER_DROP, path), *fields = json_object();
  g_autoptr(GPtrArray) registers =
      g_ptr_array_new_with_free_func((GDestroyNotify)store_register_free);
  g_ptr_array_add(registers,
                  desk_register_new(REGISTER_DROP, path, "used", fields, run->request.now));
  RkStatus status = known ? RK_OK
                          : desk_commit_office(run->desk, &run->request, "office",
                                               "drop-folder.used", registers, NULL, run->diags);
  json_decref(known);
  json_decref(fields);
  return status;
}

static RkStatus waits_any(Handover *run, const char *state, gboolean *any) {
  const StoreSentFilter filter = {.direction = "out", .state = state, .limit = 1};
  g_autoptr(GPtrArray) rows = NULL;
  RkStatus status = store_query_sent(run->desk->store, &filter, &rows, run->diags);
  *any = *any || (rows && rows->len);
  return status;
}

static RkStatus go_through(Handover *run) {
  gboolean any = FALSE;
  RkStatus status = for_each(run, "handing-over", interrupted);
  if (status == RK_OK && !run->ticking)
    status = waits_any(run, "queued", &any);
  if (status == RK_OK)
    status = waits_any(run, "waiting", &any);
  if (status != RK_OK || !any)
    return status;
  if (run->plan)
    status = faxplan_check_program(run->plan, run->diags);
  if (status == RK_OK)
    status = note_folder(run);
  if (status == RK_OK)
    status = for_each(run, "waiting", hand_over_due);
  if (status == RK_OK && !run->ticking)
    status = for_each(run, "queued", hand_over);
  return status;
}

static RkStatus tell_one(Handover *run, const StoreSent *row) {
  add_row(run, row, row->sent->state);
  return RK_OK;
}

/* What would be tried, and how it stands. */
static RkStatus tell_all(Handover *run) {
  RkStatus status = for_each(run, "waiting", tell_one);
  return status == RK_OK ? for_each(run, "queued", tell_one) : status;
}

static RkStatus locked(Handover *run) {
  g_autoptr(Spool) spool = NULL;
  RkStatus status = spool_open(&spool, run->desk, run->plan ? NULL : run->folder, run->diags);
  if (status != RK_OK)
    return status;
  run->folder = spool_folder(spool);
  status = go_through(run);
  return status == RK_OK ? run->worst : status;
}

/* ------------------------------------------------------------------- public calls */

RkStatus rk_outbox_run(RkDesk *desk, const RkRequest *request, const char *folder, RkTable **out,
                       RkDiags *diags) {
  g_autoptr(FaxPlan) plan = NULL;
  g_autoptr(RkTable) table = table_new("handed_over", _("Handed over"));
  table_column(table, "id", _("Id"), RK_COLUMN_TEXT);
  table_column(table, "result", _("Result"), RK_COLUMN_TEXT);
  *out = NULL;
  RkStatus status = desk_work(desk, "outbox run", request->now, diags);
  if (status == RK_OK && !folder)
    status = faxplan_load(desk, &plan, diags);
  if (status == RK_OK && !folder && !plan)
    status = diags_fail(diags, RK_USAGE, DIAG_FAX_UNSET, NULL, NULL);
  Handover run = {desk, *request, folder, plan, table, FALSE, RK_OK, diags};
  run.request.id = NULL;
  if (status == RK_OK)
    status = request->dry_run ? tell_all(&run) : locked(&run);
  if (status == RK_OK || status == RK_PARTIAL)
    *out = g_steal_pointer(&table);
  return status;
}

RkStatus handover_due(RkDesk *desk, const RkRequest *request, RkTable *table, RkDiags *diags) {
  g_autoptr(FaxPlan) plan = NULL;
  g_autoptr(RkDiags) own = rk_diags_new();
  Handover run = {desk, *request, NULL, NULL, table, TRUE, RK_OK, own};
  gboolean any = FALSE;
  run.request.id = NULL;
  if (request->dry_run || desk_check_clerk(desk, own) != RK_OK)
    return RK_OK;
  RkStatus status = waits_any(&run, "waiting", &any);
  if (status == RK_OK && any)
    status = faxplan_load(desk, &plan, own);
  run.plan = plan;
  if (status == RK_OK && plan)
    status = locked(&run);
  if (status == RK_CONFLICT)
    return RK_OK; /* whoever holds the lock does it */
  diags_take_all(diags, own);
  return status;
}
