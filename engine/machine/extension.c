/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extension.c - the extension namespace at run time: effects go to the host, requirements
 * are put to it, deadlines are delayed sends that end with their state.
 *
 * Equivalent plain SCXML: rk:deadline is <send id delayexpr/> in onentry and <cancel/> in
 * onexit; rk:require is a transition of its own that refuses.
 */
#include "machine/expr.h"

#include "base/date.h"

/* -------------------------------------------------------------------- effects */

static gboolean evaluate_list(Session *session, const GArray *list, GHashTable *values,
                              GPtrArray *order) {
  for (guint i = 0; i < list->len; i++) {
    const ExtensionAttribute *attribute = &g_array_index(list, ExtensionAttribute, i);
    char *text = NULL;
    if (attribute->expr && !expr_text(session, attribute->expr, &text))
      return FALSE;
    if (!attribute->expr)
      text = g_strdup(attribute->text ? attribute->text : "");
    g_hash_table_replace(values, g_strdup(attribute->name), text);
    if (order)
      g_ptr_array_add(order, (gpointer)attribute->name);
  }
  return TRUE;
}

static GHashTable *text_table(void) {
  return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

static gboolean tell_host(Session *session, const SessionEffect *effect) {
  g_autoptr(GPtrArray) raise = g_ptr_array_new_with_free_func(g_free);
  if (!session->host.effect)
    return TRUE;
  RkStatus status = session->host.effect(session->host.user, effect, raise, session->run->diags);
  if (status != RK_OK) {
    session->run->failure = status;
    return FALSE;
  }
  for (guint i = 0; i < raise->len; i++)
    queue_internal(session, event_new(raise->pdata[i], "internal"));
  return TRUE;
}

/* What is computed names somebody's paper, an entry, a receiver: nothing is no name. NULL: all have one. */
static const char *left_empty(const GArray *list, GHashTable *values) {
  for (guint i = 0; i < list->len; i++) {
    const ExtensionAttribute *attribute = &g_array_index(list, ExtensionAttribute, i);
    const char *text = g_hash_table_lookup(values, attribute->name);
    if (attribute->expr && !*text)
      return attribute->name;
  }
  return NULL;
}

static gboolean refuse_effect(Session *session, const Action *action, const char *empty) {
  g_autofree char *attribute = empty ? g_strconcat(empty, "expr", NULL) : NULL;
  diags_add(session->run->diags, empty ? DIAG_WF_EFFECT_EMPTY : DIAG_WF_EFFECT, &action->place,
            action->extension->element, attribute, NULL);
  session->run->failure = RK_INVALID;
  return FALSE;
}

gboolean extension_execute(Session *session, const Action *action) {
  const Extension *extension = action->extension;
  g_autoptr(GHashTable) attributes = text_table(), fields = text_table();
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  if (!evaluate_list(session, extension->attributes, attributes, NULL) ||
      !evaluate_list(session, extension->fields, fields, names))
    return refuse_effect(session, action, NULL);
  /* A simulation has no host, and none of what people answer either. */
  const char *empty = session->host.effect ? left_empty(extension->attributes, attributes) : NULL;
  if (empty)
    return refuse_effect(session, action, empty);
  SessionEffect effect = {.element = extension->element,
                          .attributes = attributes,
                          .fields = fields,
                          .field_names = names,
                          .by = extension->by,
                          .state = extension->state->id,
                          .time = session->run->time,
                          .place = action->place};
  trace(session, "effect", extension->element);
  return tell_host(session, &effect);
}

/* --------------------------------------------------------------- requirements */

/* The procedure's own words for a refusal. */
static const char *refusal_words(const Session *session, const Requirement *requirement) {
  return session->host.english && requirement->message_en ? requirement->message_en : requirement->message;
}

static gboolean test_met(Session *session, const Requirement *requirement, RkDiags *reasons) {
  gboolean holds = FALSE;
  if (expr_boolean(session, requirement->test, &holds) && holds)
    return TRUE;
  diags_add(reasons, DIAG_WF_REQUIRE_TEST, NULL, refusal_words(session, requirement), NULL);
  return FALSE;
}

/* Ask the host for one paper or entry; `key` (of each=) NULL: the one the attributes name. */
static gboolean host_met(Session *session, const Transition *transition,
                         const Requirement *requirement, const char *key, RkDiags *reasons) {
  g_autoptr(GHashTable) attributes = text_table();
  if (!evaluate_list(session, requirement->extension->attributes, attributes, NULL)) {
    diags_add(reasons, DIAG_WF_EFFECT, &transition->place, "require", NULL);
    return FALSE;
  }
  g_hash_table_remove(attributes, "each");
  if (key)
    g_hash_table_replace(attributes, g_strdup(g_hash_table_contains(attributes, "form") ? "each"
                                                                                         : "key"),
                         g_strdup(key));
  if (requirement->message)
    g_hash_table_replace(attributes, g_strdup("message"), g_strdup(refusal_words(session, requirement)));
  return !session->host.require ||
         session->host.require(session->host.user, attributes, &transition->place, reasons);
}

static gboolean each_met(Session *session, const Transition *transition,
                         const Requirement *requirement, RkDiags *reasons) {
  g_auto(GStrv) keys = expr_strings(session, requirement->each);
  gboolean met = keys != NULL;
  if (!keys)
    diags_add(reasons, DIAG_WF_EFFECT, &transition->place, "require", NULL);
  for (guint i = 0; keys && keys[i]; i++)
    met = host_met(session, transition, requirement, keys[i], reasons) && met;
  return met;
}

static gboolean requirement_met(Session *session, const Transition *transition,
                                const Requirement *requirement, RkDiags *reasons) {
  if (requirement->of_event && session->choosing)
    return TRUE; /* what will be said is not known yet */
  if (requirement->test)
    return test_met(session, requirement, reasons);
  return requirement->each ? each_met(session, transition, requirement, reasons)
                           : host_met(session, transition, requirement, NULL, reasons);
}

gboolean requirements_met(Session *session, const Transition *transition, RkDiags *reasons) {
  gboolean met = TRUE;
  for (guint i = 0; i < transition->requirements->len; i++)
    met = requirement_met(session, transition, transition->requirements->pdata[i], reasons) && met;
  return met;
}

/* ------------------------------------------------------------------- deadlines */

gboolean business_days(const MachineDeadline *deadline, int *out) {
  Duration duration;
  if (!deadline->after || !duration_parse(&duration, deadline->after) || duration.years ||
      duration.months || duration.micros || duration.days < 1)
    return FALSE;
  if (out)
    *out = duration.days;
  return TRUE;
}

/* Which days are business days the host knows; a plain run has no host and no such deadline. */
static gboolean business_due(Session *session, const Deadline *deadline, gint64 *due) {
  int count = 0;
  Day day;
  business_days(&deadline->public, &count);
  g_autofree char *start = day_to_iso(day_of_time(session->run->time));
  g_autofree char *number = g_strdup_printf("%d", count);
  const char *const arguments[] = {start, number, NULL};
  g_autofree char *answer =
      session->host.ask ? session->host.ask(session->host.user, "business-day", arguments) : NULL;
  if (answer && day_parse(&day, answer, TRUE, NULL) == RK_OK) {
    *due = day_begin(day_add(day, 0, 0, 1));
    return TRUE;
  }
  if (session->host.ask) {
    diags_add(session->run->diags, DIAG_WF_CALENDAR_END, NULL, NULL);
    session->run->failure = RK_REFUSED;
  }
  return FALSE;
}

/* by="…": an expression giving a day, due when it ends. after="P7D": counted from now. */
static gboolean deadline_due(Session *session, const Deadline *deadline, gint64 *due) {
  Duration duration;
  Day day;
  if (deadline->public.calendar)
    return business_due(session, deadline, due);
  if (deadline->by) {
    g_autofree char *text = NULL;
    if (!expr_text(session, deadline->by, &text) || day_parse(&day, text, TRUE, NULL) != RK_OK)
      return FALSE;
    *due = day_begin(day_add(day, 0, 0, 1));
    return TRUE;
  }
  if (!duration_parse(&duration, deadline->public.after))
    return FALSE;
  *due = duration_add(session->run->time, &duration);
  return TRUE;
}

void deadlines_set(Session *session, const State *state) {
  for (guint i = 0; i < state->deadlines->len; i++) {
    const Deadline *deadline = &g_array_index(state->deadlines, Deadline, i);
    gint64 due = 0;
    if (deadline_due(session, deadline, &due))
      delayed_add(session, due, deadline->send_id, NULL,
                  event_new(deadline->public.event, "external"));
    else
      queue_error(session, "error.execution", NULL);
  }
}

void deadlines_cancel(Session *session, const State *state) {
  for (guint i = 0; i < state->deadlines->len; i++)
    send_cancel(session, g_array_index(state->deadlines, Deadline, i).send_id);
}
