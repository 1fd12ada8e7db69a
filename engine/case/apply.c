/* SPDX-License-Identifier: Apache-2.0 */
/*
 * apply.c - one deed, done on a case file in memory.
 *
 * Kinds and their args:
 *   opened   {inputs: {name: text}}          the case begins
 *   event    {received: [{form, channel, incomplete}], values: {name: text}}
 *   linked   {values: {case, state, result}}  a linked case has ended
 *   timer    {}                              the earliest due delayed send fires
 *   fill     {form, values}                  values: the form's document
 *   paper    {form, event}                   signed, returned, voided
 *   receive  {form, channel, incomplete}
 *   settle   {id, result, by …}              a transmission (delivery.h)
 *   note     {}                              words only (deed->why)
 *   confirm  {keys}                          what was entered in the operator's name (proxy.h)
 * opened, event and fill may have on_behalf: the operator in whose name it is entered.
 */
#include "case/casefile.h"

#include "base/date.h"
#include "base/near.h"
#include "base/words.h"
#include "base/xml.h"
#include "case/asked.h"
#include "case/inputs.h"
#include "case/proxy.h"

#include <string.h>

/* ------------------------------------------------------------ what changed */

static void set_text(char **slot, char *text) {
  g_free(*slot);
  *slot = text;
}

static char *active_states(const CaseFile *file) {
  g_autoptr(GArray) active = session_active(file->session);
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < active->len; i++)
    g_string_append_printf(
        text, "%s%s", i ? " " : "",
        machine_state_id(bundle_machine(file->bundle), g_array_index(active, guint, i)));
  return g_string_free(text, FALSE);
}

/* Roles that can act next, each between spaces, so that " role " finds it. */
static char *waits_for(CaseFile *file) {
  g_autoptr(GArray) open = session_open_transitions(file->session, file->deed->happened);
  GString *text = g_string_new(" ");
  for (guint i = 0; i < open->len; i++) {
    const char *by = g_array_index(open, MachineTransition, i).by;
    g_autofree char *word = by ? g_strdup_printf(" %s ", by) : NULL;
    if (word && !strstr(text->str, word))
      g_string_append(text, word + 1);
  }
  return g_string_free(text, FALSE);
}

/* Machine time moves with what the machine hears; a remark or the settling of a transmission
 * is about the office's work, not about the procedure's. */
static gboolean moves_time(const Deed *deed) {
  return !g_str_equal(deed->kind, "note") && !g_str_equal(deed->kind, "settle") &&
         !g_str_equal(deed->kind, "confirm");
}

static void conclude(CaseFile *file, const Deed *deed) {
  StoreCase *record = file->record;
  file->unsettled = TRUE;
  record->closed = session_finished(file->session);
  record->updated = deed->entered;
  record->revision++;
  if (moves_time(deed))
    record->happened = deed->happened;
}

void casefile_settle(CaseFile *file) {
  StoreCase *record = file->record;
  if (!file->unsettled)
    return;
  file->unsettled = FALSE;
  g_clear_pointer(&record->snapshot, g_bytes_unref);
  record->snapshot = session_save(file->session);
  record->overdue = session_overdue(file->session);
  set_text(&record->states, active_states(file));
  set_text(&record->waits_for, record->closed ? g_strdup("") : waits_for(file));
}

/* -------------------------------------------------------------- refusals */

/* Whether `word` is one of those in `words`, which white space separates. */
static gboolean has_word(const char *words, const char *word) {
  gsize length = strlen(word);
  for (const char *at = words; at && *at;) {
    gsize found = strcspn(at, " \t\r\n");
    if (found == length && length && memcmp(at, word, length) == 0)
      return TRUE;
    at += found + (at[found] != '\0');
  }
  return FALSE;
}

gboolean casefile_hears(const MachineTransition *transition, const char *event) {
  return transition->by && has_word(transition->event, event);
}

/* "title (id)" is added to a list. */
static void add_named(GString *list, const char *separator, MachineWords words, const char *id) {
  g_string_append_printf(list, "%s%s (%s)", list->len ? separator : "", bundle_words_title(words, id), id);
}

static char *stages_now(const CaseFile *file) {
  const Machine *machine = bundle_machine(file->bundle);
  g_autoptr(GArray) active = session_active(file->session);
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < active->len; i++) {
    guint state = g_array_index(active, guint, i);
    add_named(text, " / ", machine_state_words(machine, state), machine_state_id(machine, state));
  }
  return g_string_free(text, FALSE);
}

static char *possible_events(CaseFile *file) {
  g_autoptr(GArray) open = session_open_transitions(file->session, file->deed->happened);
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < open->len; i++) {
    const MachineTransition *transition = &g_array_index(open, MachineTransition, i);
    if (transition->by)
      add_named(text, ", ", transition->words, transition->event);
  }
  if (!text->len)
    g_string_append(text, "-");
  return g_string_free(text, FALSE);
}

/* The events that people can enter in this procedure. */
static GPtrArray *known_events(const CaseFile *file) {
  const Machine *machine = bundle_machine(file->bundle);
  GPtrArray *known = g_ptr_array_new_with_free_func(g_free);
  for (guint state = 0; state < machine_n_states(machine); state++)
    for (guint i = 0; i < machine_n_transitions(machine, state); i++) {
      MachineTransition transition = machine_transition(machine, state, i);
      g_auto(GStrv) events = g_strsplit_set(transition.by ? transition.event : "", " \t\r\n", -1);
      for (guint k = 0; events[k]; k++)
        g_ptr_array_add(known, g_strdup(events[k]));
    }
  return known;
}

static RkStatus not_known(const CaseFile *file, const char *event, const GPtrArray *known, RkDiags *diags) {
  const char *number = casefile_number(file), *near = rk_near_word(event, (const char *const *)known->pdata);
  g_autofree char *hint =
      near ? g_strdup_printf(_("did you mean '%s'? `renkei do %s` lists what can happen next"), near, number)
           : g_strdup_printf(_("`renkei do %s` lists what can happen next"), number);
  return diags_fail(diags, RK_REFUSED, DIAG_EVENT_UNKNOWN, NULL, event, hint, NULL);
}

static RkStatus not_possible(CaseFile *file, const char *event, RkDiags *diags) {
  g_autoptr(GPtrArray) known = known_events(file);
  if (!g_ptr_array_find_with_equal_func(known, event, g_str_equal, NULL)) {
    g_ptr_array_add(known, NULL);
    return not_known(file, event, known, diags);
  }
  g_autofree char *stages = stages_now(file), *possible = possible_events(file);
  return diags_fail(diags, RK_REFUSED, DIAG_EVENT_NOT_NOW, NULL, event, stages, possible, NULL);
}

static RkStatus check_time(const CaseFile *file, const Deed *deed, RkDiags *diags) {
  if (deed->happened > deed->entered)
    return diags_fail(diags, RK_REFUSED, DIAG_EVENT_FUTURE, NULL, NULL);
  if (deed->happened >= file->record->happened || !moves_time(deed))
    return RK_OK;
  g_autofree char *last = time_to_local_iso(file->record->happened);
  return diags_fail(diags, RK_REFUSED, DIAG_EVENT_BACKDATED, NULL, last, NULL);
}

/* ------------------------------------------------------------------ deeds */

static const char *arg(const Deed *deed, const char *name) {
  return json_string_value(json_object_get(deed->args, name));
}

static RkStatus no_such_form(const CaseFile *file, const char *code, RkDiags *diags) {
  g_autoptr(GString) known = g_string_new(NULL);
  const GPtrArray *forms = bundle_forms(file->bundle);
  for (guint i = 0; i < forms->len; i++)
    g_string_append_printf(known, "%s%s", i ? ", " : "", form_code(forms->pdata[i]));
  return diags_fail(diags, RK_NOT_FOUND, DIAG_FORM_NOT_USED, NULL, code ? code : "", known->str,
                    NULL);
}

/* The paper that `reference` names must be one that the case can have. */
static RkStatus need_form(const CaseFile *file, const char *reference, RkDiags *diags) {
  g_autofree char *code = paper_code(reference), *key = paper_key(reference);
  Form *form = code ? bundle_form(file->bundle, code) : NULL;
  if (!form)
    return no_such_form(file, code, diags);
  gboolean keyed = bundle_keyed(file->bundle, code);
  if (keyed == (*key != '\0'))
    return RK_OK;
  return diags_fail(diags, RK_INVALID, keyed ? DIAG_PAPER_KEYED : DIAG_PAPER_NOT_KEYED, NULL,
                    form_printed_code(form), code, NULL);
}

static RkStatus do_opened(CaseFile *file, const Deed *deed, RkDiags *diags) {
  file->record->id = casefile_id(file);
  file->record->opened = deed->entered;
  set_text(&file->record->fiscal_year, day_fiscal_year(day_of_time(deed->happened)));
  RkStatus status = inputs_take(file, json_object_get(deed->args, "inputs"), diags);
  if (status != RK_OK)
    return status;
  return session_start(file->session, deed->happened, diags);
}

/* How it came: as said of the paper, else as the event itself says (what it asks as "channel")
 * if it says so of this paper: another may have come its own way. */
static const char *way_of(const CaseFile *file, const json_t *paper, const char *said) {
  const char *channel = json_string_value(json_object_get(paper, "channel"));
  g_autofree char *form = paper_code(json_string_value(json_object_get(paper, "form")));
  const char *to = bundle_receiver(file->bundle, form, (const char *const *)file->ours);
  return !channel && bundle_asks_channel(file->bundle, form, to) ? said : channel;
}

/* What the event asks as "channel". */
static const char *said_of(const Deed *deed) {
  return json_string_value(json_object_get(json_object_get(deed->args, "values"), "channel"));
}

static RkStatus receive_one(CaseFile *file, const json_t *paper, const char *said, gint64 time,
                            RkDiags *diags) {
  const char *code = json_string_value(json_object_get(paper, "form"));
  RkStatus status = need_form(file, code, diags);
  if (status != RK_OK)
    return status;
  return movement_receive(file, code, way_of(file, paper, said),
                          json_is_true(json_object_get(paper, "incomplete")), time, diags);
}

static gboolean way_is_told(CaseFile *file, const json_t *paper, const char *said, RkDiags *diags) {
  const char *reference = json_string_value(json_object_get(paper, "form"));
  g_autofree char *code = paper_code(reference);
  const Form *form = code ? bundle_form(file->bundle, code) : NULL;
  g_autofree char *ways = form && !way_of(file, paper, said) ? movement_ways(file, reference) : NULL;
  if (ways)
    diags_add(diags, DIAG_WAY_UNTOLD, NULL, form_printed_code(form), ways, NULL);
  return !ways;
}

RkStatus casefile_check_ways(CaseFile *file, const Deed *deed, RkDiags *diags) {
  const json_t *received = json_object_get(deed->args, "received");
  gboolean told = !g_str_equal(deed->kind, "receive") || way_is_told(file, deed->args, NULL, diags);
  for (size_t i = 0; i < json_array_size(received); i++)
    told &= way_is_told(file, json_array_get(received, i), said_of(deed), diags);
  return told ? RK_OK : RK_REFUSED;
}

/* All that is refused is told at once. */
static RkStatus receive_all(CaseFile *file, const Deed *deed, RkDiags *diags) {
  const json_t *received = json_object_get(deed->args, "received");
  const char *said = said_of(deed);
  RkStatus worst = RK_OK;
  for (size_t i = 0; i < json_array_size(received); i++) {
    RkStatus status = receive_one(file, json_array_get(received, i), said, deed->happened, diags);
    if (status != RK_OK && status != RK_REFUSED)
      return status;
    worst = status == RK_REFUSED ? status : worst;
  }
  return worst;
}

/* Values as the children of _event/data. */
static xmlNode *event_data(const json_t *values) {
  xmlNode *data = xmlNewNode(NULL, (const xmlChar *)"data");
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)values, name, value)
    xml_add_element(data, name, json_string_value(value));
  return data;
}

static RkStatus deliver_event(CaseFile *file, const Deed *deed, const json_t *values,
                              gboolean by_itself, RkDiags *diags) {
  xmlNode *data = event_data(values);
  SessionEvent event = {
      .name = deed->event, .time = deed->happened, .data = data, .timer = by_itself};
  RkStatus status = session_deliver(file->session, &event, diags);
  xmlFreeNode(data);
  return status;
}

/* Whether a person can enter this event now: not what the clock or a linked case says. */
static gboolean may_be_entered(CaseFile *file, const Deed *deed) {
  g_autoptr(GArray) open = session_open_transitions(file->session, deed->happened);
  for (guint i = 0; i < open->len; i++)
    if (casefile_hears(&g_array_index(open, MachineTransition, i), deed->event))
      return TRUE;
  return FALSE;
}

static RkStatus do_event(CaseFile *file, const Deed *deed, RkDiags *diags) {
  json_t *values = NULL;
  RkStatus status = receive_all(file, deed, diags);
  if (status == RK_OK && !may_be_entered(file, deed))
    return not_possible(file, deed->event, diags);
  g_autoptr(GArray) asks = inputs_of_event(file, deed->event, deed->happened);
  if (status == RK_OK)
    status = asked_take((const MachineAsk *)asks->data, asks->len,
                        json_object_get(deed->args, "values"), file->desk->english, &values,
                        diags);
  if (status == RK_OK)
    status = deliver_event(file, deed, values, FALSE, diags);
  json_decref(values);
  if (status == RK_OK && !session_taken(file->session))
    return not_possible(file, deed->event, diags);
  return status;
}

/* The end of a linked case: the procedure may care or not. */
static RkStatus do_linked(CaseFile *file, const Deed *deed, RkDiags *diags) {
  RkStatus status =
      deliver_event(file, deed, json_object_get(deed->args, "values"), TRUE, diags);
  casefile_tell(file, "linked", deed->event, NULL, NULL);
  return status;
}

static RkStatus do_timer(CaseFile *file, const Deed *deed, RkDiags *diags) {
  gboolean fired = FALSE;
  g_autofree char *name = NULL;
  RkStatus status = session_fire_due(file->session, deed->happened, &fired, &name, diags);
  if (status == RK_OK && fired)
    casefile_tell(file, "timer", name, NULL, NULL);
  return status;
}

/* The case machine hears what became of a paper; it need not care. */
static RkStatus tell_machine(CaseFile *file, const Deed *deed, const GPtrArray *raised,
                             RkDiags *diags) {
  for (guint i = 0; i < raised->len && !session_finished(file->session); i++) {
    SessionEvent event = {.name = raised->pdata[i], .time = deed->happened, .timer = TRUE};
    RkStatus status = session_deliver(file->session, &event, diags);
    if (status != RK_OK)
      return status;
  }
  return RK_OK;
}

static RkStatus do_paper(CaseFile *file, const Deed *deed, GPtrArray *raised, RkDiags *diags) {
  const char *reference = arg(deed, "form");
  g_autofree char *code = paper_code(reference);
  StorePaper *paper = papers_named(file, reference);
  const char *printed = form_printed_code(bundle_form(file->bundle, code));
  if (!paper)
    return diags_fail(diags, RK_REFUSED, DIAG_PAPER_EVENT, NULL, printed, arg(deed, "event"),
                      "blank", NULL);
  if (g_str_equal(arg(deed, "event"), "returned") && movement_has_left(file, paper))
    return diags_fail(diags, RK_REFUSED, DIAG_PAPER_SENT, NULL, printed, casefile_number(file),
                      NULL);
  g_autofree char *event = g_strdup_printf("paper.%s", arg(deed, "event"));
  return papers_event(file, paper, event, raised, diags);
}

static RkStatus do_on_paper(CaseFile *file, const Deed *deed, RkDiags *diags) {
  g_autoptr(GPtrArray) raised = g_ptr_array_new_with_free_func(g_free);
  RkStatus status = need_form(file, arg(deed, "form"), diags);
  if (status != RK_OK)
    return status;
  if (g_str_equal(deed->kind, "fill"))
    status = papers_fill(file, deed, raised, diags);
  else if (g_str_equal(deed->kind, "paper"))
    status = do_paper(file, deed, raised, diags);
  else
    status = receive_one(file, deed->args, NULL, deed->happened, diags);
  return status == RK_OK ? tell_machine(file, deed, raised, diags) : status;
}

/* A closed case takes papers that come late, and corrections with a reason. */
static RkStatus check_closed(const CaseFile *file, const Deed *deed, RkDiags *diags) {
  gboolean correction = g_str_equal(deed->kind, "fill") || g_str_equal(deed->kind, "paper");
  if (correction && (!deed->why || !*deed->why))
    return diags_fail(diags, RK_REFUSED, DIAG_CORRECTION_WHY, NULL, casefile_number(file), NULL);
  if (correction || g_str_equal(deed->kind, "receive"))
    return RK_OK;
  return diags_fail(diags, RK_REFUSED, DIAG_CASE_CLOSED, NULL, casefile_number(file), NULL);
}

static RkStatus dispatch(CaseFile *file, const Deed *deed, RkDiags *diags) {
  if (g_str_equal(deed->kind, "opened"))
    return do_opened(file, deed, diags);
  if (g_str_equal(deed->kind, "note"))
    return RK_OK;
  if (g_str_equal(deed->kind, "confirm"))
    return proxy_confirm(file, deed, diags);
  if (g_str_equal(deed->kind, "settle"))
    return movement_settle(file, deed, diags);
  RkStatus status = file->record->closed ? check_closed(file, deed, diags) : RK_OK;
  if (status != RK_OK)
    return status;
  if (g_str_equal(deed->kind, "event"))
    return do_event(file, deed, diags);
  if (g_str_equal(deed->kind, "linked"))
    return do_linked(file, deed, diags);
  if (g_str_equal(deed->kind, "timer"))
    return do_timer(file, deed, diags);
  return do_on_paper(file, deed, diags);
}

RkStatus casefile_apply(CaseFile *file, const Deed *deed, RkDiags *diags) {
  file->deed = deed;
  file->next_id = 0;
  json_array_clear(file->facts);
  g_ptr_array_set_size(file->registers, 0);
  g_ptr_array_set_size(file->openings, 0);
  file->refused = FALSE;
  gboolean closed = file->record->closed;
  RkStatus status = check_time(file, deed, diags);
  if (status == RK_OK)
    status = dispatch(file, deed, diags);
  if (status == RK_OK && file->refused)
    status = RK_REFUSED;
  if (status == RK_OK)
    proxy_note(file, deed);
  if (status == RK_OK)
    conclude(file, deed);
  file->ended = file->record->closed && !closed;
  return status;
}
