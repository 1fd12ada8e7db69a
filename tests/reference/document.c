/* SPDX-License-Identifier: Apache-2.0 */
/* document.c - documents of the reference interpreter: plain structs, freed as a whole. */
#include "reference.h"

static gpointer keep(RefDocument *doc, gpointer memory) {
  g_ptr_array_add(doc->memory, memory);
  return memory;
}

GPtrArray *ref_list_new(RefDocument *doc) {
  GPtrArray *list = g_ptr_array_new();
  g_ptr_array_add(doc->lists, list);
  return list;
}

const char *ref_string(RefDocument *doc, char *take) {
  return keep(doc, take);
}

RefDocument *ref_document_new(void) {
  RefDocument *doc = g_new0(RefDocument, 1);
  doc->states = g_ptr_array_new();
  doc->memory = g_ptr_array_new_with_free_func(g_free);
  doc->lists = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
  doc->scxml = ref_state_new(doc, REF_SCXML, NULL);
  return doc;
}

void ref_document_free(RefDocument *doc) {
  if (!doc)
    return;
  g_ptr_array_unref(doc->states);
  g_ptr_array_unref(doc->memory);
  g_ptr_array_unref(doc->lists);
  g_free(doc);
}

RefState *ref_state_new(RefDocument *doc, RefElement element, RefState *parent) {
  RefState *state = keep(doc, g_new0(RefState, 1));
  state->element = element;
  state->document_order = doc->states->len;
  state->id = ref_string(doc, g_strdup_printf("s%u", doc->states->len));
  state->parent = parent;
  state->children = ref_list_new(doc);
  state->transition = ref_list_new(doc);
  state->onentry = ref_list_new(doc);
  state->onexit = ref_list_new(doc);
  g_ptr_array_add(doc->states, state);
  if (parent)
    g_ptr_array_add(parent->children, state);
  return state;
}

RefTransition *ref_transition_new(RefDocument *doc, RefState *source) {
  RefTransition *transition = keep(doc, g_new0(RefTransition, 1));
  transition->source = source;
  transition->target = ref_list_new(doc);
  transition->content = ref_list_new(doc);
  return transition;
}

RefCond *ref_cond_new(RefDocument *doc, RefCondKind kind) {
  RefCond *cond = keep(doc, g_new0(RefCond, 1));
  cond->kind = kind;
  return cond;
}

RefContent *ref_content_new(RefDocument *doc, RefContentKind kind, const char *text) {
  RefContent *content = keep(doc, g_new0(RefContent, 1));
  content->kind = kind;
  content->text = text ? ref_string(doc, g_strdup(text)) : NULL;
  return content;
}

gboolean ref_is_descendant(const RefState *state, const RefState *ancestor) {
  for (const RefState *up = state->parent; up; up = up->parent)
    if (up == ancestor)
      return TRUE;
  return FALSE;
}
