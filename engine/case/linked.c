/* SPDX-License-Identifier: Apache-2.0 */
/* linked.c - see linked.h. */
#include "case/linked.h"

#define MAX_DEPTH 8

/* ---------------------------------------------------------------- who opened whom */

static char *field_of(RkDesk *desk, const char *case_id, const char *field) {
  json_t *entry = desk_register_entry(desk, REGISTER_LINKED, case_id);
  char *text = g_strdup(json_string_value(json_object_get(json_object_get(entry, "fields"), field)));
  json_decref(entry);
  return text;
}

char *linked_parent(RkDesk *desk, const char *case_id) {
  return field_of(desk, case_id, "parent");
}

char **linked_children(RkDesk *desk, const char *case_id) {
  g_autofree char *children = field_of(desk, case_id, "children");
  return children && *children ? g_strsplit(children, " ", -1) : g_new0(char *, 1);
}

static StoreRegister *link_entry(const CaseFile *file, const char *id, const char *parent,
                                 const char *children) {
  json_t *fields = json_pack("{s:s, s:s}", "parent", parent ? parent : "", "children",
                             children ? children : "");
  StoreRegister *entry =
      desk_register_new(REGISTER_LINKED, id, "linked", fields, file->record->happened);
  entry->case_id = g_strdup(file->record->id);
  json_decref(fields);
  return entry;
}

/* Both ends of the link, written with the child's opening. */
static void note_link(CaseFile *child, const CaseFile *parent) {
  RkDesk *desk = parent->desk;
  g_autofree char *above = linked_parent(desk, parent->record->id);
  g_autofree char *held = field_of(desk, parent->record->id, "children");
  g_autofree char *children =
      held && *held ? g_strconcat(held, " ", child->record->id, NULL) : g_strdup(child->record->id);
  g_ptr_array_add(child->registers,
                  link_entry(child, child->record->id, parent->record->id, NULL));
  g_ptr_array_add(child->registers, link_entry(child, parent->record->id, above, children));
}

/* ------------------------------------------------------------------- opening */

static RkStatus follow(CaseFile *file, const Deed *deed, guint depth, RkDiags *diags);

static RkStatus open_one(CaseFile *parent, const Deed *deed, const Opening *opening, guint number,
                         guint depth, RkDiags *diags) {
  g_autoptr(CaseFile) child = NULL;
  RkStatus status = casefile_new(&child, parent->desk, opening->procedure, diags);
  if (status != RK_OK)
    return status;
  g_autofree char *request = g_strdup_printf("%s/open/%u", deed->request_id, number);
  json_t *args = json_pack("{s:O, s:s}", "inputs", opening->inputs, "parent", parent->record->id);
  Deed opened = {.kind = "opened",
                 .request_id = request,
                 .operator_ = deed->operator_,
                 .entered = deed->entered,
                 .happened = deed->happened,
                 .args = args};
  status = casefile_apply(child, &opened, diags);
  if (status == RK_OK) {
    note_link(child, parent);
    status = casefile_write(child, &opened, "", diags);
  }
  if (status == RK_OK)
    status = follow(child, &opened, depth + 1, diags);
  json_decref(args);
  return status;
}

/* --------------------------------------------------------------------- ending */

/* How it ended: the id of the final, and what it says of itself. */
static json_t *outcome(const CaseFile *file) {
  const Machine *machine = bundle_machine(file->bundle);
  const char *states = file->record->states;
  int state = machine_state_index(machine, states);
  const char *result = state >= 0 ? machine_state_attr(machine, (guint)state, "result") : NULL;
  return json_pack("{s:s, s:s, s:s}", "case", file->record->number, "state", states, "result",
                   result ? result : "");
}

static RkStatus tell_parent(CaseFile *child, const Deed *deed, const char *parent_id, guint depth,
                            RkDiags *diags) {
  g_autoptr(CaseFile) parent = NULL;
  RkStatus status = casefile_load(&parent, child->desk, parent_id, diags);
  if (status != RK_OK || parent->record->closed)
    return status;
  g_autofree char *request = g_strdup_printf("%s/done/%s", deed->request_id, child->record->id);
  g_autofree char *event = g_strdup_printf("done.case.%s", child->record->procedure);
  json_t *args = json_pack("{s:o}", "values", outcome(child));
  Deed done = {.kind = "linked",
               .event = event,
               .request_id = request,
               .operator_ = deed->operator_,
               .entered = deed->entered,
               .happened = MAX(deed->happened, parent->record->happened),
               .args = args};
  status = casefile_apply(parent, &done, diags);
  if (status == RK_OK)
    status = casefile_write(parent, &done, "", diags);
  if (status == RK_OK)
    status = follow(parent, &done, depth + 1, diags);
  json_decref(args);
  return status;
}

static RkStatus follow(CaseFile *file, const Deed *deed, guint depth, RkDiags *diags) {
  RkStatus status = RK_OK;
  if (depth > MAX_DEPTH)
    return diags_fail(diags, RK_INVALID, DIAG_LINKED_DEPTH, NULL, file->record->procedure, NULL);
  for (guint i = 0; status == RK_OK && i < file->openings->len; i++)
    status = open_one(file, deed, file->openings->pdata[i], i, depth, diags);
  if (status != RK_OK || !file->ended)
    return status;
  g_autofree char *parent = linked_parent(file->desk, file->record->id);
  return parent && *parent ? tell_parent(file, deed, parent, depth, diags) : RK_OK;
}

RkStatus linked_follow(CaseFile *file, const Deed *deed, RkDiags *diags) {
  return follow(file, deed, 0, diags);
}
