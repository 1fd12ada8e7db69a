/* SPDX-License-Identifier: Apache-2.0 */
/* cases.c - the public calls about cases: argument shaping and tables, no logic. */
#include "api/page.h"
#include "api/print.h"
#include "api/scan.h"
#include "base/date.h"
#include "base/table.h"
#include "base/text.h"
#include "base/words.h"
#include "case/asked.h"
#include "case/deliver.h"
#include "case/identity.h"
#include "case/inputs.h"
#include "case/linked.h"
#include "case/proxy.h"
#include "case/rights.h"
#include "case/replay.h"
#include "case/undo.h"

#include <string.h>

/* ----------------------------------------------------------------- opening */

static RkTable *inputs_table(const RkDesk *desk, const MachineAsk *asks, guint count) {
  RkTable *table = table_new("inputs", _("Inputs"));
  table_column(table, "name", _("Name"), RK_COLUMN_TEXT);
  table_column(table, "title", _("Title"), RK_COLUMN_TEXT);
  table_column(table, "required", _("Required"), RK_COLUMN_BOOL);
  table_column(table, "public", _("Public"), RK_COLUMN_BOOL);
  table_column(table, "type", _("Type"), RK_COLUMN_TEXT);
  table_column(table, "values", _("Choices"), RK_COLUMN_TEXT);
  for (guint i = 0; i < count; i++)
    table_row(table, asks[i].name, ask_title(&asks[i], desk->english), asks[i].required ? "yes" : "no",
              asks[i].is_public ? "yes" : "no", asks[i].type, asks[i].values);
  return table;
}

RkStatus rk_procedure_inputs(RkDesk *desk, const char *procedure, RkTable **out, RkDiags *diags) {
  Bundle *bundle = NULL;
  guint count = 0;
  *out = NULL;
  RkStatus status = desk_procedure(desk, procedure, &bundle, diags);
  if (status != RK_OK)
    return status;
  const MachineAsk *asks = machine_inputs(bundle_machine(bundle), &count);
  *out = inputs_table(desk, asks, count);
  return RK_OK;
}

RkStatus rk_event_inputs(RkDesk *desk, const char *number, const char *event, gint64 now,
                         RkTable **out, RkDiags *diags) {
  g_autoptr(CaseFile) file = NULL;
  *out = NULL;
  RkStatus status = desk_log_refusal(desk, event, desk_check_clerk(desk, diags), diags);
  if (status == RK_OK)
    status = casefile_load(&file, desk, number, diags);
  if (status != RK_OK)
    return status;
  g_autoptr(GArray) asks = inputs_of_event(file, event, now);
  *out = inputs_table(desk, (const MachineAsk *)asks->data, asks->len);
  return RK_OK;
}

static json_t *values_json(const RkValue *values, guint n_values) {
  json_t *object = json_object();
  for (guint i = 0; i < n_values; i++)
    json_object_set_new(object, values[i].path, json_string(values[i].text));
  return object;
}

RkStatus rk_case_open(RkDesk *desk, const RkRequest *request, const char *procedure,
                      const RkValue *values, guint n_values, char **number, RkDiags *diags) {
  g_auto(Delivered) delivered = {0};
  json_t *args = json_pack("{s:o}", "inputs", values_json(values, n_values));
  RkStatus status = identity_before_opening(desk, request, procedure, args, diags);
  if (status == RK_OK)
    status = deliver_open(desk, request, procedure, args, &delivered, diags);
  json_decref(args);
  *number = g_steal_pointer(&delivered.number);
  return status;
}

/* ------------------------------------------------------------------ titles */

/* Titles of the states in a space-separated list. g_free. */
static char *state_titles(const Machine *machine, const char *states) {
  if (g_strcmp0(states, STORE_DISPOSED) == 0)
    return g_strdup(_("disposed of"));
  g_auto(GStrv) ids = g_strsplit(states ? states : "", " ", -1);
  GString *text = g_string_new(NULL);
  for (guint i = 0; ids[i]; i++) {
    int state = machine_state_index(machine, ids[i]);
    if (state >= 0)
      g_string_append_printf(text, "%s%s", text->len ? " / " : "",
                             bundle_words_title(machine_state_words(machine, (guint)state), ids[i]));
  }
  return g_string_free(text, FALSE);
}

/* Titles of the roles in a space-separated list. g_free. */
static char *role_titles(const Bundle *bundle, const char *roles) {
  g_auto(GStrv) ids = g_strsplit(roles ? roles : "", " ", -1);
  GString *text = g_string_new(NULL);
  for (guint i = 0; ids[i]; i++)
    if (*ids[i])
      g_string_append_printf(text, "%s%s", text->len ? ", " : "",
                             bundle_role_title(bundle, ids[i]));
  return g_string_free(text, FALSE);
}

/* -------------------------------------------------------------------- list */

static RkTable *case_table(const char *id, const char *title) {
  RkTable *table = table_new(id, title);
  table_column(table, "number", _("Case"), RK_COLUMN_TEXT);
  table_column(table, "procedure", _("Procedure"), RK_COLUMN_TEXT);
  table_column(table, "title", _("Title"), RK_COLUMN_TEXT);
  table_column(table, "state", _("State"), RK_COLUMN_TEXT);
  table_column(table, "state_title", _("Stands at"), RK_COLUMN_TEXT);
  table_column(table, "waits_for", _("Role waited for"), RK_COLUMN_TEXT);
  table_column(table, "waits_for_title", _("Waits for"), RK_COLUMN_TEXT);
  table_column(table, "due", _("Due"), RK_COLUMN_TIME);
  table_column(table, "overdue", _("Past due"), RK_COLUMN_BOOL);
  table_column(table, "updated", _("Updated"), RK_COLUMN_TIME);
  table_column(table, "label", _("Concerns"), RK_COLUMN_TEXT);
  return table;
}

/* When the next deadline ends, and whether one has: *overdue is so even before `tick` has told the case. */
static char *next_due(RkDesk *desk, const StoreCase *record, const char **overdue) {
  g_autoptr(GPtrArray) timers = NULL;
  *overdue = record->overdue ? "yes" : "no";
  if (store_load_timers(desk->store, record->id, G_MAXINT64, 1, &timers, NULL) != RK_OK || !timers->len)
    return NULL;
  gint64 due = ((StoreTimer *)timers->pdata[0])->due;
  if (due <= desk->now)
    *overdue = "yes";
  return time_to_iso(due);
}

static RkStatus add_case_row(RkDesk *desk, RkTable *table, const StoreCase *record,
                             RkDiags *diags) {
  Bundle *bundle = NULL;
  RkStatus status = desk_bundle(desk, record->bundle, &bundle, diags);
  if (status != RK_OK)
    return status;
  const Machine *machine = bundle_machine(bundle);
  g_autofree char *titles = state_titles(machine, record->states);
  const char *overdue;
  g_autofree char *due = next_due(desk, record, &overdue), *updated = time_to_iso(record->updated);
  g_autofree char *waits = g_strstrip(g_strdup(record->waits_for ? record->waits_for : ""));
  g_autofree char *whom = role_titles(bundle, record->waits_for);
  table_row(table, record->number, record->procedure,
            bundle_words_title(machine_words(machine), record->procedure), record->states, titles, waits,
            whom, due, overdue, updated, record->label);
  return RK_OK;
}

static RkStatus fill_case_table(RkDesk *desk, RkTable *table, const StoreCaseFilter *filter,
                                RkDiags *diags) {
  g_autoptr(GPtrArray) cases = NULL;
  RkStatus status = store_query_cases(desk->store, filter, &cases, diags);
  for (guint i = 0; status == RK_OK && i < cases->len; i++)
    status = add_case_row(desk, table, cases->pdata[i], diags);
  return status;
}

RkStatus rk_case_list(RkDesk *desk, const RkCaseFilter *filter, RkTable **out, RkDiags *diags) {
  g_autofree char *text = filter->text ? text_search_key(filter->text) : NULL;
  StoreCaseFilter inner = {.search = text,
                           .procedure = filter->procedure,
                           .state = filter->state,
                           .waits_for = filter->waits_for,
                           .due_before = filter->due_before,
                           .with_closed = filter->with_closed,
                           .after = filter->after,
                           .limit = filter->limit};
  *out = NULL;
  RkStatus status = desk_read(desk, filter->text ? "search" : "list", NULL, NULL, diags);
  if (status != RK_OK)
    return status;
  g_autoptr(RkTable) table = case_table("cases", _("Cases"));
  status = fill_case_table(desk, table, &inner, diags);
  if (status == RK_OK)
    *out = g_steal_pointer(&table);
  return status;
}

RkStatus rk_desk_today(RkDesk *desk, gint64 now, GPtrArray **out, RkDiags *diags) {
  *out = NULL;
  RkStatus status = desk_read(desk, "today", NULL, NULL, diags);
  g_autoptr(GPtrArray) tables = g_ptr_array_new_with_free_func((GDestroyNotify)rk_table_free);
  g_ptr_array_add(tables, case_table("overdue", _("Overdue")));
  StoreCaseFilter overdue = {.due_before = now};
  if (status == RK_OK)
    status = fill_case_table(desk, tables->pdata[0], &overdue, diags);
  for (guint i = 0; status == RK_OK && desk->self->roles[i]; i++) {
    StoreCaseFilter mine = {.waits_for = desk->self->roles[i]};
    if (i == 0)
      g_ptr_array_add(tables, case_table("mine", _("Waiting for us")));
    status = fill_case_table(desk, tables->pdata[1], &mine, diags);
  }
  RkTable *mine = proxy_table();
  g_ptr_array_add(tables, mine);
  if (status == RK_OK)
    status = proxy_list(desk, NULL, desk->operator_, mine, diags);
  g_ptr_array_add(tables, case_table("open", _("All open cases")));
  StoreCaseFilter open = {0};
  if (status == RK_OK)
    status = fill_case_table(desk, tables->pdata[tables->len - 1], &open, diags);
  RkTable *outbox = NULL;
  RkPage first = {.limit = RK_PAGE};
  if (status == RK_OK)
    status = rk_outbox_list(desk, NULL, &first, &outbox, diags);
  if (status != RK_OK)
    return status;
  g_ptr_array_add(tables, outbox);
  RkTable *asked = NULL, *tray = NULL, *arrived = NULL;
  desk->within = TRUE;
  status = rk_disclose_list(desk, now, FALSE, &asked, diags);
  if (status == RK_OK)
    status = scan_arrived(desk, now, RK_PAGE, &arrived, diags);
  if (status == RK_OK)
    status = rk_tray_list(desk, &first, &tray, diags);
  desk->within = FALSE;
  if (asked)
    g_ptr_array_add(tables, asked);
  if (arrived)
    g_ptr_array_add(tables, arrived);
  if (status != RK_OK)
    return status;
  g_ptr_array_add(tables, tray);
  *out = g_steal_pointer(&tables);
  return RK_OK;
}

/* -------------------------------------------------------------------- next */

static RkTable *next_table(void) {
  RkTable *table = table_new("next", _("What can happen next"));
  table_column(table, "no", _("No."), RK_COLUMN_NUMBER);
  table_column(table, "event", _("Event"), RK_COLUMN_TEXT);
  table_column(table, "title", _("Title"), RK_COLUMN_TEXT);
  table_column(table, "step", _("Step"), RK_COLUMN_TEXT);
  table_column(table, "by", _("By"), RK_COLUMN_TEXT);
  table_column(table, "by_title", _("Who acts"), RK_COLUMN_TEXT);
  table_column(table, "possible", _("Possible"), RK_COLUMN_BOOL);
  table_column(table, "missing", _("What is missing"), RK_COLUMN_TEXT);
  return table;
}

static char *reasons_text(const RkDiags *reasons) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < rk_diags_count(reasons); i++)
    g_string_append_printf(text, "%s%s", i ? " / " : "", rk_diags_get(reasons, i)->message);
  return g_string_free(text, FALSE);
}

static void add_choice(RkTable *table, const CaseFile *file, const SessionChoice *choice) {
  const MachineTransition *transition = &choice->transition;
  gboolean possible = !rk_diags_has_errors(choice->reasons);
  g_autofree char *missing = reasons_text(choice->reasons);
  guint row = table_add_row(table);
  table_set_int(table, row, "no", row + 1);
  table_set(table, row, "event", transition->event);
  table_set(table, row, "title", bundle_words_title(transition->words, transition->event));
  table_set(table, row, "step", transition->words.step);
  table_set(table, row, "by", transition->by);
  table_set(table, row, "by_title", casefile_role_title(file, transition->by));
  table_set(table, row, "possible", possible ? "yes" : "no");
  table_set(table, row, "missing", possible ? NULL : missing);
}

/* What a person may enter: events an actor is named for. Deadlines fire by themselves. */
static RkTable *list_choices(CaseFile *file, gint64 now) {
  RkTable *table = next_table();
  g_autoptr(GPtrArray) choices = session_choices(file->session, now);
  for (guint i = 0; i < choices->len; i++) {
    const SessionChoice *choice = choices->pdata[i];
    if (choice->cond_holds && choice->transition.by)
      add_choice(table, file, choice);
  }
  return table;
}

RkStatus rk_case_next(RkDesk *desk, const char *number, gint64 now, RkTable **out,
                      RkDiags *diags) {
  g_autoptr(CaseFile) file = NULL;
  *out = NULL;
  RkStatus status = desk_read(desk, "next", number, NULL, diags);
  if (status == RK_OK)
    status = casefile_load(&file, desk, number, diags);
  if (status == RK_OK)
    *out = list_choices(file, now);
  return status;
}

/* -------------------------------------------------------------------- show */

static RkTable *summary_table(RkDesk *desk, CaseFile *file) {
  const StoreCase *record = file->record;
  const Machine *machine = bundle_machine(file->bundle);
  RkTable *table = table_new("case", _("Case"));
  table_column(table, "number", _("Case"), RK_COLUMN_TEXT);
  table_column(table, "procedure", _("Procedure"), RK_COLUMN_TEXT);
  table_column(table, "title", _("Title"), RK_COLUMN_TEXT);
  table_column(table, "label", _("Concerns"), RK_COLUMN_TEXT);
  table_column(table, "state", _("State"), RK_COLUMN_TEXT);
  table_column(table, "state_title", _("Stands at"), RK_COLUMN_TEXT);
  table_column(table, "waits_for", _("Waits for"), RK_COLUMN_TEXT);
  table_column(table, "closed", _("Closed"), RK_COLUMN_BOOL);
  table_column(table, "due", _("Due"), RK_COLUMN_TIME);
  table_column(table, "overdue", _("Past due"), RK_COLUMN_BOOL);
  table_column(table, "opened", _("Opened"), RK_COLUMN_TIME);
  table_column(table, "updated", _("Updated"), RK_COLUMN_TIME);
  table_column(table, "revision", _("Revision"), RK_COLUMN_NUMBER);
  table_column(table, "bundle", _("Bundle"), RK_COLUMN_TEXT);
  g_autofree char *titles = state_titles(machine, record->states);
  g_autofree char *waits = role_titles(file->bundle, record->waits_for);
  const char *overdue;
  g_autofree char *due = next_due(desk, record, &overdue), *opened = time_to_iso(record->opened);
  g_autofree char *updated = time_to_iso(record->updated);
  g_autofree char *revision = g_strdup_printf("%" G_GINT64_FORMAT, record->revision);
  table_row(table, record->number, record->procedure,
            bundle_words_title(machine_words(machine), record->procedure), record->label, record->states,
            titles, waits, record->closed ? "yes" : "no", due, overdue, opened, updated,
            revision, record->bundle);
  return table;
}

static void add_paper(RkTable *table, const CaseFile *file, Form *form, const StorePaper *paper) {
  const char *code = form_code(form);
  const char *by = paper ? paper->filled_by : bundle_filled_by(file->bundle, code);
  gboolean ours = by && g_strv_contains((const char *const *)file->ours, by);
  g_autofree char *reference = paper ? papers_reference(paper) : g_strdup(code);
  table_row(table, reference, form_printed_code(form), form_title(form),
            paper ? paper->state : "blank", casefile_role_title(file, by), ours ? "yes" : "no");
}

static RkTable *papers_table(CaseFile *file) {
  RkTable *table = table_new("papers", _("Papers"));
  table_column(table, "form", _("Form"), RK_COLUMN_TEXT);
  table_column(table, "code", _("Printed code"), RK_COLUMN_TEXT);
  table_column(table, "title", _("Title"), RK_COLUMN_TEXT);
  table_column(table, "state", _("State"), RK_COLUMN_TEXT);
  table_column(table, "filled_by", _("Filled in by"), RK_COLUMN_TEXT);
  table_column(table, "ours", _("Ours"), RK_COLUMN_BOOL);
  const GPtrArray *forms = bundle_forms(file->bundle);
  for (guint i = 0; i < forms->len; i++) {
    gboolean any = FALSE;
    for (guint k = 0; k < file->papers->len; k++) {
      const StorePaper *paper = file->papers->pdata[k];
      if (g_strcmp0(paper->form, form_code(forms->pdata[i])) != 0)
        continue;
      add_paper(table, file, forms->pdata[i], paper);
      any = TRUE;
    }
    if (!any)
      add_paper(table, file, forms->pdata[i], NULL);
  }
  return table;
}

static RkTable *transmissions_table(CaseFile *file) {
  RkTable *table = table_new("transmissions", _("Papers and notices on the move"));
  table_column(table, "id", _("Id"), RK_COLUMN_TEXT);
  table_column(table, "form", _("Form"), RK_COLUMN_TEXT);
  table_column(table, "title", _("Notice"), RK_COLUMN_TEXT);
  table_column(table, "from", _("Sender's role"), RK_COLUMN_TEXT);
  table_column(table, "from_title", _("From"), RK_COLUMN_TEXT);
  table_column(table, "to", _("Receiver's role"), RK_COLUMN_TEXT);
  table_column(table, "to_title", _("To"), RK_COLUMN_TEXT);
  table_column(table, "channel", _("Channel"), RK_COLUMN_TEXT);
  table_column(table, "direction", _("Direction"), RK_COLUMN_TEXT);
  table_column(table, "state", _("State"), RK_COLUMN_TEXT);
  for (guint i = 0; i < file->transmissions->len; i++) {
    const StoreTransmission *transmission = file->transmissions->pdata[i];
    g_autofree char *form = NULL;
    for (guint k = 0; k < file->papers->len && !form; k++) {
      const StorePaper *paper = file->papers->pdata[k];
      if (g_strcmp0(paper->id, transmission->paper_id) == 0)
        form = papers_reference(paper);
    }
    table_row(table, transmission->id, form, transmission->title, transmission->from,
              casefile_role_title(file, transmission->from), transmission->to,
              casefile_role_title(file, transmission->to), transmission->channel,
              transmission->direction, transmission->state);
  }
  return table;
}

static RkTable *timers_table(CaseFile *file) {
  g_autoptr(GPtrArray) timers = NULL;
  RkTable *table = table_new("timers", _("Deadlines"));
  table_column(table, "event", _("Event"), RK_COLUMN_TEXT);
  table_column(table, "due", _("Due"), RK_COLUMN_TIME);
  if (store_load_timers(file->desk->store, file->record->id, G_MAXINT64, 0, &timers, NULL) != RK_OK)
    return table;
  for (guint i = 0; i < timers->len; i++) {
    const StoreTimer *timer = timers->pdata[i];
    g_autofree char *due = time_to_iso(timer->due);
    table_row(table, timer->event, due);
  }
  return table;
}

static void add_linked(RkTable *table, RkDesk *desk, const char *id, const char *relation) {
  g_autoptr(StoreCase) record = NULL;
  Bundle *bundle = NULL;
  if (store_load_case(desk->store, id, &record, NULL) != RK_OK ||
      desk_bundle(desk, record->bundle, &bundle, NULL) != RK_OK)
    return;
  const Machine *machine = bundle_machine(bundle);
  g_autofree char *titles = state_titles(machine, record->states);
  table_row(table, record->number, record->procedure,
            bundle_words_title(machine_words(machine), record->procedure), relation, titles,
            record->closed ? "yes" : "no");
}

static RkTable *linked_table(CaseFile *file) {
  RkTable *table = table_new("linked", _("Linked cases"));
  table_column(table, "number", _("Case"), RK_COLUMN_TEXT);
  table_column(table, "procedure", _("Procedure"), RK_COLUMN_TEXT);
  table_column(table, "title", _("Title"), RK_COLUMN_TEXT);
  table_column(table, "relation", _("Relation"), RK_COLUMN_TEXT);
  table_column(table, "state_title", _("Stands at"), RK_COLUMN_TEXT);
  table_column(table, "closed", _("Closed"), RK_COLUMN_BOOL);
  g_autofree char *parent = linked_parent(file->desk, file->record->id);
  g_auto(GStrv) children = linked_children(file->desk, file->record->id);
  if (parent && *parent)
    add_linked(table, file->desk, parent, "opened-by");
  for (guint i = 0; children[i]; i++)
    add_linked(table, file->desk, children[i], "opens");
  return table;
}

RkStatus rk_case_show(RkDesk *desk, const char *number, gint64 now, GPtrArray **out,
                      RkDiags *diags) {
  g_autoptr(CaseFile) file = NULL;
  *out = NULL;
  RkStatus status = desk_log_refusal(desk, "show", desk_check_clerk(desk, diags), diags);
  if (status == RK_OK)
    status = casefile_load(&file, desk, number, diags);
  if (status == RK_OK)
    status = desk_log(desk, now, "show", file->record->number, NULL, RK_OK, diags);
  if (status != RK_OK)
    return status;
  *out = g_ptr_array_new_with_free_func((GDestroyNotify)rk_table_free);
  g_ptr_array_add(*out, summary_table(desk, file));
  g_ptr_array_add(*out, list_choices(file, now));
  g_ptr_array_add(*out, papers_table(file));
  g_ptr_array_add(*out, transmissions_table(file));
  g_ptr_array_add(*out, timers_table(file));
  RkTable *waiting = proxy_table();
  g_ptr_array_add(*out, waiting);
  g_ptr_array_add(*out, linked_table(file));
  return proxy_list(desk, file->record->id, NULL, waiting, diags);
}

/* ---------------------------------------------------------------- happening */

static RkTable *happenings_table(const GPtrArray *happenings) {
  RkTable *table = table_new("done", _("What was done"));
  table_column(table, "what", _("What"), RK_COLUMN_TEXT);
  table_column(table, "subject", _("Paper, register"), RK_COLUMN_TEXT);
  table_column(table, "whom", _("With whom"), RK_COLUMN_TEXT);
  table_column(table, "state", _("State"), RK_COLUMN_TEXT);
  for (guint i = 0; happenings && i < happenings->len; i++) {
    g_auto(GStrv) parts = g_strsplit(happenings->pdata[i], "\t", 4);
    if (g_strv_length(parts) == 4)
      table_row(table, parts[0], parts[1], parts[2], parts[3]);
  }
  return table;
}

static json_t *received_json(const RkReceived *received) {
  return json_pack("{s:s, s:s?, s:b}", "form", received->form, "channel", received->channel,
                   "incomplete", received->incomplete ? 1 : 0);
}

RkStatus rk_case_do(RkDesk *desk, const RkRequest *request, const char *number, const char *event,
                    const RkReceived *received, guint n_received, RkTable **out, RkDiags *diags) {
  g_auto(Delivered) delivered = {0};
  json_t *list = json_array();
  for (guint i = 0; i < n_received; i++)
    json_array_append_new(list, received_json(&received[i]));
  json_t *args = json_pack("{s:o, s:o}", "received", list, "values",
                           values_json(request->values, request->n_values));
  *out = NULL;
  desk->lay_out = paper_lay_out;
  RkStatus status = deliver(desk, request, number, "event", event, args, &delivered, diags);
  json_decref(args);
  if (status == RK_OK)
    *out = happenings_table(delivered.happenings);
  return status;
}

RkStatus rk_case_done(RkDesk *desk, const RkRequest *request, const char *number, RkTable **out,
                      RkDiags *diags) {
  g_auto(Delivered) delivered = {0};
  *out = NULL;
  rk_desk_at(desk, request->now);
  RkStatus status = deliver_before(desk, request, number, &delivered, diags);
  if (status == RK_OK && delivered.repeated)
    *out = happenings_table(delivered.happenings);
  return status;
}

RkStatus rk_form_receive(RkDesk *desk, const RkRequest *request, const char *number,
                         const RkReceived *received, RkDiags *diags) {
  g_auto(Delivered) delivered = {0};
  json_t *args = received_json(received);
  RkStatus status = deliver(desk, request, number, "receive", received->form, args, &delivered, diags);
  json_decref(args);
  return status;
}

RkStatus rk_case_note(RkDesk *desk, const RkRequest *request, const char *number, const char *text,
                      RkDiags *diags) {
  g_auto(Delivered) delivered = {0};
  RkRequest own = *request;
  own.why = text;
  return deliver(desk, &own, number, "note", NULL, NULL, &delivered, diags);
}

/* --------------------------------------------------------------------- log */

static RkTable *log_table(void) {
  RkTable *table = table_new("journal", _("Journal"));
  table_column(table, "seq", _("No."), RK_COLUMN_NUMBER);
  table_column(table, "case", _("Case"), RK_COLUMN_TEXT);
  table_column(table, "happened", _("Happened"), RK_COLUMN_TIME);
  table_column(table, "entered", _("Entered"), RK_COLUMN_TIME);
  table_column(table, "operator", _("Entered by"), RK_COLUMN_TEXT);
  table_column(table, "actor", _("Role that acted"), RK_COLUMN_TEXT);
  table_column(table, "actor_title", _("Who acted"), RK_COLUMN_TEXT);
  table_column(table, "kind", _("Kind"), RK_COLUMN_TEXT);
  table_column(table, "event", _("Event"), RK_COLUMN_TEXT);
  table_column(table, "title", _("Title"), RK_COLUMN_TEXT);
  table_column(table, "evidence", _("Evidence"), RK_COLUMN_TEXT);
  table_column(table, "why", _("Remark"), RK_COLUMN_TEXT);
  table_column(table, "on_behalf", _("In the name of"), RK_COLUMN_TEXT);
  table_column(table, "confirmed", _("Confirmed"), RK_COLUMN_BOOL);
  table_column(table, "hash", _("Hash"), RK_COLUMN_TEXT);
  return table;
}

/* The title of the first transition that names this event; the event itself if none does. */
static const char *event_title(const Machine *machine, const char *event) {
  for (guint state = 0; event && state < machine_n_states(machine); state++)
    for (guint i = 0; i < machine_n_transitions(machine, state); i++) {
      MachineTransition transition = machine_transition(machine, state, i);
      if (g_strcmp0(transition.event, event) == 0)
        return bundle_words_title(transition.words, event);
    }
  return event;
}

/* What each row's event is called, as the log has it. */
static RkStatus set_titles(RkDesk *desk, const char *number, RkTable *table, RkDiags *diags) {
  g_autoptr(StoreCase) record = NULL;
  Bundle *bundle = NULL;
  RkStatus status = store_load_case(desk->store, number, &record, diags);
  if (status == RK_OK)
    status = desk_bundle(desk, record->bundle, &bundle, diags);
  for (guint row = 0; status == RK_OK && row < rk_table_rows(table); row++)
    table_set(table, row, "title", event_title(bundle_machine(bundle), rk_table_get(table, row, "event")));
  return status;
}

RkStatus rk_case_undo(RkDesk *desk, const RkRequest *request, const char *number, RkTable **out,
                      RkDiags *diags) {
  RkStatus status = undo_last(desk, request, number, out, diags);
  return status == RK_OK ? set_titles(desk, number, *out, diags) : status;
}

/* "takes back 18, 19". g_free; NULL for other entries. */
static char *taken_back(const StoreJournal *entry) {
  if (!g_str_equal(entry->kind, "undo"))
    return NULL;
  json_t *body = replay_body(entry);
  const json_t *list = json_object_get(json_object_get(body, "args"), "entries");
  g_autoptr(GString) numbers = g_string_new(NULL);
  for (size_t i = 0; i < json_array_size(list); i++)
    g_string_append_printf(numbers, "%s%" G_GINT64_FORMAT, i ? ", " : "",
                           (gint64)json_integer_value(json_array_get(list, i)));
  json_decref(body);
  return g_strdup_printf(_("takes back %s"), numbers->str);
}

/* "disposed of, certificate D-…". g_free. */
static char *disposed_by(const StoreJournal *entry) {
  json_t *body = replay_body(entry);
  const char *id = json_string_value(json_object_get(json_object_get(body, "args"), "certificate"));
  char *text = g_strdup_printf(_("disposed of (certificate %s)"), id ? id : "-");
  json_decref(body);
  return text;
}

/* `bundle` is NULL for what concerns the office. */
static void add_log_row(RkTable *table, RkDesk *desk, const StoreJournal *entry, const Bundle *bundle) {
  g_autofree char *seq = g_strdup_printf("%" G_GINT64_FORMAT, entry->seq);
  g_autofree char *happened = time_to_iso(entry->happened), *entered = time_to_iso(entry->entered);
  g_autofree char *hash = hash_to_hex(&entry->hash);
  const char *whom = bundle && entry->actor ? bundle_role_title(bundle, entry->actor) : entry->actor;
  g_autofree char *back = g_str_equal(entry->kind, "disposed") ? disposed_by(entry) : taken_back(entry);
  json_t *body = replay_body(entry);
  gboolean confirmed = FALSE;
  g_autofree char *behalf = proxy_of_entry(desk, entry, &confirmed);
  const char *title = bundle ? event_title(bundle_machine(bundle), entry->event) : entry->event;
  table_row(table, seq, entry->case_number, happened, entered, entry->operator_, entry->actor, whom,
            entry->kind, entry->event, back ? back : title, replay_words(entry, body, "evidence"),
            replay_words(entry, body, "why"), behalf, behalf ? confirmed ? "yes" : "no" : NULL, hash);
  json_decref(body);
}

/* The first entry of a page that goes on after a journal number. */
static gint64 page_from(const RkPage *page) {
  return page && page->after ? g_ascii_strtoll(page->after, NULL, 10) + 1 : 0;
}

RkStatus rk_case_log(RkDesk *desk, const char *number, RkPage *page, RkTable **out,
                     RkDiags *diags) {
  g_autoptr(StoreCase) record = NULL;
  g_autoptr(GPtrArray) entries = NULL;
  g_autofree char *folded = number ? text_fold_input(number) : NULL;
  *out = NULL;
  RkStatus status = desk_read(desk, "log", number, NULL, diags);
  if (status == RK_OK && number)
    status = store_load_case(desk->store, folded, &record, diags);
  if (status == RK_NOT_FOUND)
    return diags_fail(diags, RK_NOT_FOUND, DIAG_UNKNOWN_CASE, NULL, folded, NULL);
  if (status == RK_OK)
    status = store_load_journal(desk->store, record ? record->id : NULL, page_from(page),
                                page_rows(page), &entries, diags);
  if (status != RK_OK)
    return status;
  page_cut(page, entries);
  *out = log_table();
  for (guint i = 0; i < entries->len; i++) {
    const StoreJournal *entry = entries->pdata[i];
    Bundle *bundle = NULL;
    if (entry->bundle)
      desk_bundle(desk, entry->bundle, &bundle, NULL);
    add_log_row(*out, desk, entry, bundle);
  }
  return RK_OK;
}
