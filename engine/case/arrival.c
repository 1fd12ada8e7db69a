/* SPDX-License-Identifier: Apache-2.0 */
/* arrival.c - see arrival.h. */
#include "case/arrival.h"

#include <string.h>

void arrival_clear(Arrival *arrival) {
  g_clear_pointer(&arrival->unwanted, g_ptr_array_unref);
  g_clear_pointer(&arrival->events, g_ptr_array_unref);
  g_clear_pointer(&arrival->ways, g_free);
}

static gboolean is_open(const SessionChoice *choice) {
  return choice->cond_holds && choice->transition.by;
}

/* How much keeps the choices from happening, all together. */
static guint lacking(const GPtrArray *choices) {
  guint count = 0;
  for (guint i = 0; i < choices->len; i++) {
    const SessionChoice *choice = choices->pdata[i];
    count += is_open(choice) ? rk_diags_count(choice->reasons) : 0;
  }
  return count;
}

static gboolean was_announced(CaseFile *file, const char *reference) {
  const StorePaper *paper = papers_named(file, reference);
  for (guint i = 0; paper && i < file->transmissions->len; i++) {
    const StoreTransmission *sent = file->transmissions->pdata[i];
    if (g_strcmp0(sent->paper_id, paper->id) == 0 && g_str_equal(sent->direction, "in") &&
        g_str_equal(sent->state, "expected"))
      return TRUE;
  }
  return FALSE;
}

static RkStatus take_paper(CaseFile *file, const char *reference, const char *channel, gint64 now,
                           Arrival *out, RkDiags *reasons) {
  g_autoptr(GPtrArray) before = session_choices(file->session, now);
  gboolean announced = was_announced(file, reference);
  g_autofree char *ways = channel ? NULL : movement_ways(file, reference);
  RkStatus status = movement_receive(file, reference, channel, FALSE, now, reasons);
  if (status != RK_OK)
    return status;
  if (!out->ways)
    out->ways = g_steal_pointer(&ways);
  g_autoptr(GPtrArray) after = session_choices(file->session, now);
  if (!announced && lacking(after) >= lacking(before))
    g_ptr_array_add(out->unwanted, g_strdup(reference));
  return RK_OK;
}

/* Of a transition that hears several events; g_free. */
static char *first_word(const char *events) {
  return g_strndup(events, strcspn(events, " \t\n"));
}

/* What was not possible before and is now. */
static void compare(const GPtrArray *before, const GPtrArray *after, Arrival *out) {
  for (guint i = 0; i < after->len && i < before->len; i++) {
    const SessionChoice *was = before->pdata[i], *is = after->pdata[i];
    if (is_open(is) && is_open(was) && rk_diags_has_errors(was->reasons) &&
        !rk_diags_has_errors(is->reasons))
      g_ptr_array_add(out->events, first_word(is->transition.event));
  }
}

RkStatus arrival_judge(CaseFile *file, const GPtrArray *references, const char *channel, gint64 now,
                       Arrival *out, RkDiags *reasons) {
  const Deed deed = {.kind = "receive", .request_id = "arrival", .entered = now, .happened = now};
  g_autoptr(GPtrArray) before = session_choices(file->session, now);
  RkStatus status = RK_OK;
  *out = (Arrival){g_ptr_array_new_with_free_func(g_free), g_ptr_array_new_with_free_func(g_free), NULL};
  file->deed = &deed;
  for (guint i = 0; i < references->len && status == RK_OK; i++)
    status = take_paper(file, references->pdata[i], channel, now, out, reasons);
  g_autoptr(GPtrArray) after = session_choices(file->session, now);
  if (status == RK_OK)
    compare(before, after, out);
  file->deed = NULL;
  return status;
}
