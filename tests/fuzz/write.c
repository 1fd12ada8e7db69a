/* SPDX-License-Identifier: Apache-2.0 */
/* write.c - a document of the reference as SCXML, one element a line. */
#include "charts.h"

static void write_cond(GString *out, const RefCond *cond) {
  switch (cond->kind) {
  case REF_COND_IN:
    g_string_append_printf(out, "In('%s')", cond->state);
    break;
  case REF_COND_NOT:
    g_string_append(out, "not(");
    write_cond(out, cond->left);
    g_string_append(out, ")");
    break;
  case REF_COND_AND:
  case REF_COND_OR:
    g_string_append(out, "(");
    write_cond(out, cond->left);
    g_string_append(out, cond->kind == REF_COND_AND ? " and " : " or ");
    write_cond(out, cond->right);
    g_string_append(out, ")");
    break;
  case REF_COND_ERROR:
    g_string_append(out, "sum(1) > 0"); /* sum() wants a node-set */
    break;
  }
}

static void write_block(GString *out, const GPtrArray *block);

static void write_content(GString *out, const RefContent *content) {
  switch (content->kind) {
  case REF_RAISE:
    g_string_append_printf(out, "<raise event=\"%s\"/>\n", content->text);
    break;
  case REF_SEND:
    g_string_append_printf(out, "<send event=\"%s\"/>\n", content->text);
    break;
  case REF_LOG:
    g_string_append_printf(out, "<log label=\"%s\"/>\n", content->text);
    break;
  case REF_FAIL:
    g_string_append(out, "<log expr=\"sum(1)\"/>\n");
    break;
  case REF_IF:
    g_string_append(out, "<if cond=\"");
    write_cond(out, content->cond);
    g_string_append(out, "\">\n");
    write_block(out, content->then);
    if (content->otherwise)
      g_string_append(out, "<else/>\n");
    write_block(out, content->otherwise);
    g_string_append(out, "</if>\n");
    break;
  }
}

static void write_block(GString *out, const GPtrArray *block) {
  for (guint i = 0; block && i < block->len; i++)
    write_content(out, block->pdata[i]);
}

static void write_targets(GString *out, const char *attribute, const GPtrArray *targets) {
  if (!targets->len)
    return;
  g_string_append_printf(out, " %s=\"", attribute);
  for (guint i = 0; i < targets->len; i++)
    g_string_append_printf(out, "%s%s", i ? " " : "", ((RefState *)targets->pdata[i])->id);
  g_string_append(out, "\"");
}

static void write_transition(GString *out, const RefTransition *transition) {
  g_string_append(out, "<transition");
  if (transition->event)
    g_string_append_printf(out, " event=\"%s\"", transition->event);
  if (transition->cond) {
    g_string_append(out, " cond=\"");
    write_cond(out, transition->cond);
    g_string_append(out, "\"");
  }
  if (transition->internal)
    g_string_append(out, " type=\"internal\"");
  write_targets(out, "target", transition->target);
  g_string_append(out, ">\n");
  write_block(out, transition->content);
  g_string_append(out, "</transition>\n");
}

static void write_blocks(GString *out, const char *name, const GPtrArray *blocks) {
  for (guint i = 0; i < blocks->len; i++) {
    g_string_append_printf(out, "<%s>\n", name);
    write_block(out, blocks->pdata[i]);
    g_string_append_printf(out, "</%s>\n", name);
  }
}

static gboolean is_default(const RefState *state) {
  const GPtrArray *target = state->initial->target;
  for (guint i = 0; i < state->children->len; i++) {
    const RefState *child = state->children->pdata[i];
    if (child->element != REF_HISTORY)
      return target->len == 1 && target->pdata[0] == child;
  }
  return FALSE;
}

/* 3.3: the attribute, or <initial> where there is content, or neither: the first child. */
static void write_initial_attribute(GString *out, const RefState *state) {
  if (state->initial && state->element != REF_HISTORY && !state->initial->content->len &&
      !is_default(state))
    write_targets(out, "initial", state->initial->target);
}

static void write_initial_element(GString *out, const RefState *state) {
  if (!state->initial || !state->initial->content->len)
    return;
  g_string_append(out, "<initial>\n");
  write_transition(out, state->initial);
  g_string_append(out, "</initial>\n");
}

static void write_state(GString *out, const RefState *state) {
  static const char *const names[] = {"scxml", "state", "parallel", "final", "history"};
  const char *name = names[state->element];
  if (state->element == REF_SCXML)
    g_string_append(out, "<scxml xmlns=\"http://www.w3.org/2005/07/scxml\" version=\"1.0\" "
                         "datamodel=\"xpath\"");
  else
    g_string_append_printf(out, "<%s id=\"%s\"", name, state->id);
  if (state->element == REF_HISTORY) {
    g_string_append_printf(out, " type=\"%s\">\n", state->deep ? "deep" : "shallow");
    write_transition(out, state->initial);
    g_string_append(out, "</history>\n");
    return;
  }
  write_initial_attribute(out, state);
  g_string_append(out, ">\n");
  write_initial_element(out, state);
  write_blocks(out, "onentry", state->onentry);
  write_blocks(out, "onexit", state->onexit);
  for (guint i = 0; i < state->transition->len; i++)
    write_transition(out, state->transition->pdata[i]);
  for (guint i = 0; i < state->children->len; i++)
    write_state(out, state->children->pdata[i]);
  g_string_append_printf(out, "</%s>\n", name);
}

char *chart_write(const RefDocument *doc) {
  GString *out = g_string_new(NULL);
  write_state(out, doc->scxml);
  return g_string_free(out, FALSE);
}
