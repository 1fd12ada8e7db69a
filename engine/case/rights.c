/* SPDX-License-Identifier: Apache-2.0 */
/* rights.c - see rights.h. What each command needs stands in README.md of this folder. */
#include "case/rights.h"

#include "base/words.h"

#include <string.h>

/* ---------------------------------------------------------------- the register */

static char *text_field(const json_t *fields, const char *name) {
  const char *text = json_string_value(json_object_get(fields, name));
  return text && *text ? g_strdup(text) : NULL;
}

Operator *operator_new(const StoreRegister *entry) {
  Operator *operator_ = g_new0(Operator, 1);
  json_t *fields = json_loads(entry->fields ? entry->fields : "{}", 0, NULL);
  g_autofree char *roles = text_field(fields, "roles");
  g_auto(GStrv) list = g_strsplit(roles ? roles : "", ",", -1);
  g_autoptr(GStrvBuilder) own = g_strv_builder_new();
  for (guint i = 0; list[i]; i++)
    if (g_str_equal(list[i], ROLE_ADMINISTRATOR))
      operator_->administrator = TRUE;
    else if (*list[i])
      g_strv_builder_add(own, list[i]);
  operator_->user = g_strdup(entry->key);
  operator_->name = text_field(fields, "name");
  operator_->roles = g_strv_builder_end(own);
  operator_->from = text_field(fields, "from");
  operator_->until = text_field(fields, "until");
  operator_->active = g_str_equal(entry->state, "active");
  operator_->since = entry->since;
  json_decref(fields);
  return operator_;
}

void operator_free(Operator *operator_) {
  if (!operator_)
    return;
  g_free(operator_->user);
  g_free(operator_->name);
  g_strfreev(operator_->roles);
  g_free(operator_->from);
  g_free(operator_->until);
  g_free(operator_);
}

StoreRegister *operator_entry(const Operator *operator_, gint64 now) {
  g_autofree char *own = g_strjoinv(",", operator_->roles);
  g_autofree char *roles =
      g_strconcat(own, *own && operator_->administrator ? "," : "",
                  operator_->administrator ? ROLE_ADMINISTRATOR : "", NULL);
  json_t *fields = json_pack("{s:s, s:s}", "name",
                             operator_->name ? operator_->name : operator_->user, "roles", roles);
  if (operator_->from)
    json_object_set_new(fields, "from", json_string(operator_->from));
  if (operator_->until)
    json_object_set_new(fields, "until", json_string(operator_->until));
  StoreRegister *entry = desk_register_new(REGISTER_OPERATOR, operator_->user,
                                           operator_->active ? "active" : "ended", fields, now);
  json_decref(fields);
  return entry;
}

OperatorValidity operator_validity(const Operator *operator_, gint64 now) {
  g_autofree char *today = day_to_iso(day_of_time(now));
  if (!operator_->active)
    return OPERATOR_ENDED;
  if (operator_->from && strcmp(today, operator_->from) < 0)
    return OPERATOR_EARLY;
  if (operator_->until && strcmp(today, operator_->until) > 0)
    return OPERATOR_EXPIRED;
  return OPERATOR_VALID;
}

const char *operator_validity_word(OperatorValidity validity) {
  static const char *const names[] = {"active", "not-yet", "expired", "ended"};
  return names[validity];
}

/* -------------------------------------------------------------- all of them */

/* Who made this database. g_free; NULL when that cannot be read. */
static char *founder(RkDesk *desk, RkDiags *diags) {
  g_autoptr(GPtrArray) entries = NULL;
  if (store_load_journal(desk->store, NULL, 0, 1, &entries, diags) != RK_OK || !entries->len)
    return NULL;
  return g_strdup(((const StoreJournal *)entries->pdata[0])->operator_);
}

/* See the head of rights.h. */
static void give_founder(GPtrArray *operators, const char *first) {
  const Operator *found = first ? operators_find(operators, first) : NULL;
  gboolean stayed = found && found->active;
  for (guint i = 0; i < operators->len; i++) {
    Operator *operator_ = operators->pdata[i];
    operator_->administrator = operator_->active && (!stayed || operator_ == found);
  }
}

RkStatus operators_load(RkDesk *desk, GPtrArray **out, RkDiags *diags) {
  g_autoptr(GPtrArray) entries = NULL;
  gboolean named = FALSE;
  *out = NULL;
  RkStatus status = store_load_register(desk->store, REGISTER_OPERATOR, NULL, &entries, diags);
  if (status != RK_OK)
    return status;
  *out = g_ptr_array_new_with_free_func((GDestroyNotify)operator_free);
  for (guint i = 0; i < entries->len; i++) {
    Operator *operator_ = operator_new(entries->pdata[i]);
    named = named || operator_->administrator;
    g_ptr_array_add(*out, operator_);
  }
  if (named || !entries->len)
    return RK_OK;
  g_autofree char *first = founder(desk, diags);
  give_founder(*out, first);
  return RK_OK;
}

const Operator *operators_find(const GPtrArray *operators, const char *user) {
  for (guint i = 0; i < operators->len; i++)
    if (g_str_equal(((const Operator *)operators->pdata[i])->user, user))
      return operators->pdata[i];
  return NULL;
}

char *operators_administrators(const GPtrArray *operators, gint64 now) {
  GString *names = g_string_new(NULL);
  for (guint i = 0; i < operators->len; i++) {
    const Operator *operator_ = operators->pdata[i];
    if (operator_->administrator && operator_validity(operator_, now) == OPERATOR_VALID)
      g_string_append_printf(names, "%s%s", names->len ? ", " : "", operator_->user);
  }
  return g_string_free(names, FALSE);
}

gboolean operators_are_led(const GPtrArray *operators, gint64 now) {
  for (guint i = 0; i < operators->len; i++) {
    const Operator *operator_ = operators->pdata[i];
    if (operator_->administrator && !operator_->until &&
        operator_validity(operator_, now) == OPERATOR_VALID)
      return TRUE;
  }
  return FALSE;
}

/* -------------------------------------------------------------------- rights */

/* Why somebody who has, had or will have rights has none today. */
static RkStatus not_today(RkDesk *desk, const Operator *self, const char *leaders, RkDiags *diags) {
  g_autofree char *ended = NULL;
  switch (operator_validity(self, desk->now)) {
  case OPERATOR_EARLY:
    return diags_fail(diags, RK_REFUSED, DIAG_OPERATOR_EARLY, NULL, self->user, self->from, leaders,
                      NULL);
  case OPERATOR_EXPIRED:
    return diags_fail(diags, RK_REFUSED, DIAG_OPERATOR_EXPIRED, NULL, self->user, self->until,
                      leaders, NULL);
  case OPERATOR_ENDED:
    ended = time_to_local_iso(self->since);
    return diags_fail(diags, RK_REFUSED, DIAG_OPERATOR_ENDED, NULL, self->user, ended, leaders, NULL);
  case OPERATOR_VALID:
    break;
  }
  return RK_OK;
}

/* Valid today, or refused in words. */
static RkStatus check_valid(RkDesk *desk, RkDiags *diags) {
  g_autoptr(GPtrArray) all = NULL;
  RkStatus status = RK_OK;
  if (desk->self && operator_validity(desk->self, desk->now) == OPERATOR_VALID)
    return RK_OK;
  status = operators_load(desk, &all, diags);
  if (status != RK_OK)
    return status;
  g_autofree char *leaders = operators_administrators(all, desk->now);
  if (desk->self)
    return not_today(desk, desk->self, leaders, diags);
  return diags_fail(diags, RK_REFUSED, DIAG_NOT_OPERATOR, NULL, desk->operator_, leaders, NULL);
}

RkStatus desk_check_member(RkDesk *desk, RkDiags *diags) {
  RkStatus status = check_valid(desk, diags);
  if (status != RK_OK || desk->self->roles[0] || desk->self->administrator)
    return status;
  return diags_fail(diags, RK_REFUSED, DIAG_NO_ROLE, NULL, desk->operator_, NULL);
}

RkStatus desk_check_clerk(RkDesk *desk, RkDiags *diags) {
  RkStatus status = check_valid(desk, diags);
  if (status != RK_OK || desk->self->roles[0])
    return status;
  return diags_fail(diags, RK_REFUSED, DIAG_NO_ROLE, NULL, desk->operator_, NULL);
}

RkStatus desk_check_administrator(RkDesk *desk, RkDiags *diags) {
  g_autoptr(GPtrArray) all = NULL;
  RkStatus status = check_valid(desk, diags);
  if (status != RK_OK || desk->self->administrator)
    return status;
  status = operators_load(desk, &all, diags);
  if (status != RK_OK)
    return status;
  g_autofree char *leaders = operators_administrators(all, desk->now);
  return diags_fail(diags, RK_REFUSED, DIAG_NOT_ADMINISTRATOR, NULL, desk->operator_, leaders, NULL);
}

RkStatus desk_check_right(RkDesk *desk, const char *actor, const char *as, RkDiags *diags) {
  RkStatus status = desk_check_clerk(desk, diags);
  if (status != RK_OK)
    return status;
  const char *const *held = (const char *const *)desk->self->roles;
  if (as && !g_strv_contains(held, as)) {
    g_autofree char *list = g_strjoinv(", ", desk->self->roles);
    return diags_fail(diags, RK_REFUSED, DIAG_AS_NOT_HELD, NULL, desk->operator_, as, list, NULL);
  }
  if (!actor || !desk_plays(desk, actor))
    return RK_OK;
  if (!g_strv_contains(held, actor) || (as && !g_str_equal(as, actor)))
    return diags_fail(diags, RK_REFUSED, DIAG_NO_RIGHT, NULL, desk->operator_, actor, NULL);
  return RK_OK;
}

/* ---------------------------------------------------- refusals are noted as well */

RkStatus desk_log_refusal(RkDesk *desk, const char *action, RkStatus status, RkDiags *diags) {
  if (status == RK_REFUSED)
    desk_log(desk, desk->now, action, NULL, NULL, status, diags);
  return status;
}

RkStatus desk_work(RkDesk *desk, const char *action, gint64 now, RkDiags *diags) {
  desk->now = now;
  return desk_log_refusal(desk, action, desk_check_clerk(desk, diags), diags);
}

RkStatus desk_lead(RkDesk *desk, const char *action, gint64 now, RkDiags *diags) {
  desk->now = now;
  return desk_log_refusal(desk, action, desk_check_administrator(desk, diags), diags);
}
