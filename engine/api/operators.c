/* SPDX-License-Identifier: Apache-2.0 */
/* operators.c - the public calls about who may enter what. Only administrators change it. */
#include "base/table.h"
#include "base/words.h"
#include "case/guard.h"
#include "case/rights.h"

#include <string.h>

/* -------------------------------------------------------------------- listing */

static char *roles_text(const Operator *operator_) {
  g_autofree char *own = g_strjoinv(",", operator_->roles);
  return g_strconcat(own, *own && operator_->administrator ? "," : "",
                     operator_->administrator ? ROLE_ADMINISTRATOR : "", NULL);
}

static RkTable *operators_table(const GPtrArray *all, gint64 now) {
  RkTable *table = table_new("entries", _("Operators"));
  table_column(table, "key", _("User"), RK_COLUMN_TEXT);
  table_column(table, "name", _("Name"), RK_COLUMN_TEXT);
  table_column(table, "roles", _("Roles"), RK_COLUMN_TEXT);
  table_column(table, "from", _("Valid from"), RK_COLUMN_TEXT);
  table_column(table, "until", _("Valid until"), RK_COLUMN_TEXT);
  table_column(table, "state", _("State"), RK_COLUMN_TEXT);
  table_column(table, "since", _("Since"), RK_COLUMN_TIME);
  for (guint i = 0; i < all->len; i++) {
    const Operator *operator_ = all->pdata[i];
    g_autofree char *roles = roles_text(operator_), *since = time_to_iso(operator_->since);
    table_row(table, operator_->user, operator_->name, roles, operator_->from, operator_->until,
              operator_validity_word(operator_validity(operator_, now)), since);
  }
  return table;
}

RkStatus rk_operator_list(RkDesk *desk, RkTable **out, RkDiags *diags) {
  g_autoptr(GPtrArray) all = NULL;
  *out = NULL;
  RkStatus status = desk_read_office(desk, "register", REGISTER_OPERATOR, diags);
  if (status == RK_OK)
    status = operators_load(desk, &all, diags);
  if (status == RK_OK)
    *out = operators_table(all, desk->now);
  return status;
}

/* ------------------------------------------------------------------- changing */

/* What is wanted, and how the one concerned must stand. */
typedef struct {
  const RkOperator *wanted;
  gboolean adds, ends;
  gint64 now;
} Change;

/* Only roles that the desk plays can be given, and the program's own. */
static RkStatus take_roles(const RkDesk *desk, Operator *held, const char *roles, RkDiags *diags) {
  g_auto(GStrv) list = g_strsplit(roles, ",", -1);
  g_autofree char *known = g_strjoinv(", ", desk->roles);
  g_autoptr(GStrvBuilder) own = g_strv_builder_new();
  held->administrator = FALSE;
  for (guint i = 0; list[i]; i++) {
    const char *role = g_strstrip(list[i]);
    if (g_str_equal(role, ROLE_ADMINISTRATOR))
      held->administrator = TRUE;
    else if (*role && !desk_plays(desk, role))
      return diags_fail(diags, RK_NOT_FOUND, DIAG_UNKNOWN_ROLE, NULL, desk->municipality, role,
                        known, NULL);
    else if (*role)
      g_strv_builder_add(own, role);
  }
  g_strfreev(held->roles);
  held->roles = g_strv_builder_end(own);
  return RK_OK;
}

static RkStatus take_day(char **slot, const char *text, RkDiags *diags) {
  Day day;
  if (!text)
    return RK_OK;
  RkStatus status = *text ? day_parse(&day, text, FALSE, diags) : RK_OK;
  if (status != RK_OK)
    return status;
  g_free(*slot);
  *slot = *text ? day_to_iso(day) : NULL;
  return RK_OK;
}

static RkStatus take_days(Operator *held, const RkOperator *wanted, RkDiags *diags) {
  RkStatus status = take_day(&held->from, wanted->from, diags);
  if (status == RK_OK)
    status = take_day(&held->until, wanted->until, diags);
  if (status == RK_OK && held->from && held->until && strcmp(held->until, held->from) < 0)
    return diags_fail(diags, RK_INVALID, DIAG_OPERATOR_DATES, NULL, held->from, held->until, NULL);
  return status;
}

static RkStatus take_wishes(const RkDesk *desk, Operator *held, const Change *change,
                            RkDiags *diags) {
  const RkOperator *wanted = change->wanted;
  RkStatus status = wanted->roles ? take_roles(desk, held, wanted->roles, diags) : RK_OK;
  if (status == RK_OK && !held->roles[0] && !held->administrator)
    status = diags_fail(diags, RK_INVALID, DIAG_OPERATOR_NO_ROLES, NULL, held->user, NULL);
  if (status == RK_OK)
    status = take_days(held, wanted, diags);
  if (wanted->name) {
    g_free(held->name);
    held->name = g_strdup(wanted->name);
  }
  held->active = !change->ends;
  return status;
}

static Operator *find_or_make(GPtrArray *all, const char *user) {
  Operator *held = (Operator *)operators_find(all, user);
  if (held)
    return held;
  held = g_new0(Operator, 1);
  held->user = g_strdup(user);
  held->roles = g_new0(char *, 1);
  g_ptr_array_add(all, held);
  return held;
}

/* A person who was ended and comes back begins anew. */
static void forget(Operator *held) {
  g_clear_pointer(&held->from, g_free);
  g_clear_pointer(&held->until, g_free);
  g_strfreev(held->roles);
  held->roles = g_new0(char *, 1);
  held->administrator = FALSE;
}

/* Whether somebody's right is only implied: see the head of rights.h. */
static gboolean is_implied(RkDesk *desk, const Operator *operator_) {
  json_t *entry = desk_register_entry(desk, REGISTER_OPERATOR, operator_->user);
  const char *roles =
      json_string_value(json_object_get(json_object_get(entry, "fields"), "roles"));
  g_auto(GStrv) list = g_strsplit(roles ? roles : "", ",", -1);
  gboolean named = g_strv_contains((const char *const *)list, ROLE_ADMINISTRATOR);
  json_decref(entry);
  return operator_->administrator && !named;
}

/* The one who changes something keeps by name the right by which he does it. */
static void write_down(RkDesk *desk, GPtrArray *all, const Operator *changed, gint64 now,
                       GPtrArray *registers) {
  const Operator *self = operators_find(all, desk->operator_);
  if (self && self != changed && is_implied(desk, self))
    g_ptr_array_add(registers, operator_entry(self, now));
}

static RkStatus judge(RkDesk *desk, GPtrArray *registers, gpointer user, RkDiags *diags) {
  const Change *change = user;
  g_autoptr(GPtrArray) all = NULL;
  const char *name = change->wanted->user;
  RkStatus status = operators_load(desk, &all, diags);
  if (status != RK_OK)
    return status;
  const Operator *known = operators_find(all, name);
  if (change->adds && known && known->active)
    return diags_fail(diags, RK_CONFLICT, DIAG_OPERATOR_KNOWN, NULL, name, NULL);
  if (!change->adds && (!known || !known->active))
    return diags_fail(diags, RK_NOT_FOUND, DIAG_OPERATOR_UNKNOWN, NULL, name, NULL);
  Operator *held = find_or_make(all, name);
  if (change->adds)
    forget(held);
  status = take_wishes(desk, held, change, diags);
  if (status == RK_OK && !operators_are_led(all, change->now))
    status = diags_fail(diags, RK_REFUSED, DIAG_LAST_ADMINISTRATOR, NULL, name, NULL);
  if (status != RK_OK)
    return status;
  write_down(desk, all, held, change->now, registers);
  g_ptr_array_add(registers, operator_entry(held, change->now));
  return RK_OK;
}

static RkStatus change_operator(RkDesk *desk, const RkRequest *request, const Change *change,
                                const char *event, RkDiags *diags) {
  const RkOperator *wanted = change->wanted;
  json_t *asked = json_pack("{s:s, s:s?, s:s?, s:s?, s:s?, s:b}", "user", wanted->user, "roles",
                            wanted->roles, "name", wanted->name, "from", wanted->from, "until",
                            wanted->until, "ends", change->ends);
  const OfficeChange office = {.kind = "office", .event = event, .judge = judge,
                               .user = (gpointer)change, .asked = asked};
  RkStatus status = desk_lead(desk, event, request->now, diags);
  if (status == RK_OK)
    status = guard_text(request, _("the name"), wanted->name, diags);
  if (status == RK_OK)
    status = guard_text(request, _("the name"), change->wanted->user, diags);
  if (status == RK_OK)
    status = desk_change_office(desk, request, &office, diags);
  json_decref(asked);
  return status;
}

RkStatus rk_operator_add(RkDesk *desk, const RkRequest *request, const RkOperator *operator_,
                         RkDiags *diags) {
  const Change change = {operator_, TRUE, FALSE, request->now};
  return change_operator(desk, request, &change, "operator.added", diags);
}

RkStatus rk_operator_change(RkDesk *desk, const RkRequest *request, const RkOperator *operator_,
                            RkDiags *diags) {
  const Change change = {operator_, FALSE, FALSE, request->now};
  return change_operator(desk, request, &change, "operator.changed", diags);
}

RkStatus rk_operator_stop(RkDesk *desk, const RkRequest *request, const char *user, const char *on,
                          RkDiags *diags) {
  const RkOperator wanted = {.user = user, .until = on};
  const Change change = {&wanted, FALSE, on == NULL, request->now};
  return change_operator(desk, request, &change, "operator.stopped", diags);
}

/* -------------------------------------------------------------------- offices */

static RkStatus add_office_row(RkDesk *desk, RkTable *table, const char *office, RkDiags *diags) {
  g_autoptr(RkDesk) other = NULL;
  RkStatus status =
      rk_desk_open_office(&other, desk->site, desk->path, office, desk->operator_, diags);
  if (status != RK_OK)
    return status;
  g_autofree char *roles = roles_text(other->self);
  table_row(table, office, other->municipality, roles,
            operator_validity_word(operator_validity(other->self, desk->now)));
  return RK_OK;
}

RkStatus rk_office_list(RkDesk *desk, RkTable **out, RkDiags *diags) {
  g_autoptr(GPtrArray) mine = NULL;
  g_autoptr(RkTable) table = table_new("offices", _("Offices"));
  table_column(table, "office", _("Office"), RK_COLUMN_TEXT);
  table_column(table, "municipality", _("Municipality"), RK_COLUMN_TEXT);
  table_column(table, "roles", _("Roles"), RK_COLUMN_TEXT);
  table_column(table, "state", _("State"), RK_COLUMN_TEXT);
  *out = NULL;
  RkStatus status = desk_read_office(desk, "office", NULL, diags);
  if (status == RK_OK)
    status = desk_offices(desk, &mine, diags);
  for (guint i = 0; status == RK_OK && i < mine->len; i++)
    status = add_office_row(desk, table, mine->pdata[i], diags);
  if (status == RK_OK)
    *out = g_steal_pointer(&table);
  return status;
}
