/* SPDX-License-Identifier: Apache-2.0 */
/*
 * expand_require.c - requirements as refusing branches.
 *
 * Before a transition that requires something stands one of the same event without a target. It is
 * taken when something required is missing: the event is then used up, falls through to
 * nothing, and all that happens is that the reasons are noted. Where another region, or
 * a state around the regions, hears the event too, the same branch stands there without the reasons, so
 * that the whole event is refused.
 */
#include "analysis/expand_branch.h"

#include "base/xml.h"
#include "machine/machine.h"

#include <string.h>

static void refusal_free(gpointer data) {
  Refusal *refusal = data;
  g_free(refusal->unmet);
  g_free(refusal->reason);
  g_free(refusal);
}

static void branch_free(gpointer data) {
  Branch *branch = data;
  g_free(branch->event);
  g_free(branch->cond);
  g_ptr_array_unref(branch->refusals);
  g_free(branch);
}

/* ------------------------------------------------------------- what is missing */

/* One paper of form `code`, or one for each party. */
static char *unmet_paper(Expansion *expansion, const char *code, const char *state,
                         const char *each) {
  g_autofree char *wanted = expand_literal(state), *holding = expand_holding(wanted);
  g_autofree char *name = expand_literal(code);
  if (!each)
    return g_strdup_printf("not(" FACTS "/paper[@name = %s]%s)", name, holding);
  g_autofree char *prefix = g_strconcat(code, ":", NULL), *literal = expand_literal(prefix);
  g_autofree char *key = expand_folded(expansion, ".");
  return g_strdup_printf("(%s)[not(concat(%s, %s) = " FACTS "/paper%s/@name)]", each, literal, key,
                         holding);
}

static char *unmet_papers(Expansion *expansion, const xmlNode *require, const char *forms,
                          const char *each) {
  g_auto(GStrv) codes = g_strsplit_set(forms, " \t\r\n", -1);
  g_autofree char *state = xml_attr(require, "state");
  GString *all = g_string_new(NULL);
  for (guint i = 0; codes[i]; i++) {
    g_autofree char *one =
        *codes[i] ? unmet_paper(expansion, codes[i], state ? state : "complete", each) : NULL;
    if (one)
      g_string_append_printf(all, "%s%s", all->len ? " or " : "", one);
  }
  return g_string_free(all, FALSE);
}

static char *register_key(Expansion *expansion, const xmlNode *require) {
  g_autofree char *expr = expand_attr(expansion, require, "keyexpr");
  g_autofree char *text = xml_attr(require, "key");
  return expr ? expand_string(expr) : expand_literal(text ? text : "");
}

/* An entry that is there in the state wanted, or (absent) one that has not ended. */
static char *unmet_entry(Expansion *expansion, const xmlNode *require, const char *name,
                         const char *each) {
  g_autofree char *state = xml_attr(require, "state");
  g_autofree char *wanted = state ? expand_literal(state) : NULL;
  g_autofree char *held = wanted ? expand_holding(wanted) : g_strdup("[not(@ended)]");
  g_autofree char *in = expand_literal(name), *key = register_key(expansion, require);
  g_autofree char *found =
      g_strdup_printf("%s = " FACTS "/entry[@register = %s]%s/key", each ? "." : key, in, held);
  g_autofree char *unmet = wanted ? g_strdup_printf("not(%s)", found) : g_strdup(found);
  return each ? g_strdup_printf("(%s)[%s]", each, unmet) : g_steal_pointer(&unmet);
}

/* Without facts (nobody has told any), what asks for facts counts as met. */
static char *only_by_facts(Expansion *expansion, const char *unmet) {
  expansion->facts = TRUE;
  gboolean several = strstr(unmet, " or ") != NULL;
  return g_strdup_printf(several ? FACTS " and (%s)" : FACTS " and %s", unmet);
}

static char *unmet_of(Expansion *expansion, const xmlNode *require) {
  g_autofree char *test = expand_attr(expansion, require, "test");
  g_autofree char *each = expand_attr(expansion, require, "each");
  g_autofree char *forms = xml_attr(require, "form"), *name = xml_attr(require, "register");
  g_autofree char *unmet = NULL;
  if (test)
    return g_strdup_printf("not(%s)", test);
  unmet = forms ? unmet_papers(expansion, require, forms, each)
                : unmet_entry(expansion, require, name ? name : "", each);
  return only_by_facts(expansion, unmet);
}

static char *reason_of(const xmlNode *require) {
  static const char *const names[] = {"form", "register", "state"};
  g_autofree char *message = xml_attr(require, "message");
  GString *text = g_string_new(message);
  for (guint i = 0; !message && i < G_N_ELEMENTS(names); i++) {
    g_autofree char *value = xml_attr(require, names[i]);
    if (value)
      g_string_append_printf(text, "%s%s", text->len ? ": " : "", value);
  }
  return g_string_free(text, FALSE);
}

static Branch *branch_new(Expansion *expansion, xmlNode *transition, guint number) {
  Branch *branch = g_new0(Branch, 1);
  branch->node = transition;
  branch->number = number;
  branch->event = xml_attr(transition, "event");
  branch->cond = expand_attr(expansion, transition, "cond");
  branch->domain = expand_domain(expansion, transition);
  branch->refusals = g_ptr_array_new_with_free_func(refusal_free);
  for (xmlNode *child = xml_first_element(transition); child; child = xml_next_element(child)) {
    /* A plain document does not know who tells it something. */
    if (!xml_is(child, WORKFLOW_NS, "require") ||
        xmlHasProp(child, (const xmlChar *)"second-person"))
      continue;
    Refusal *refusal = g_new0(Refusal, 1);
    refusal->unmet = unmet_of(expansion, child);
    refusal->reason = reason_of(child);
    g_ptr_array_add(branch->refusals, refusal);
  }
  return branch;
}

/* ---------------------------------------------------------- the refusing branch */

static char *any_unmet(const Branch *branch) {
  GString *all = g_string_new(NULL);
  gboolean several = branch->refusals->len > 1;
  for (guint i = 0; i < branch->refusals->len; i++)
    g_string_append_printf(all, several ? "%s(%s)" : "%s%s", i ? " or " : "",
                           ((const Refusal *)branch->refusals->pdata[i])->unmet);
  return g_string_free(all, FALSE);
}

/* cond and (one of the requirements fails) */
static char *refusing_cond(const Branch *branch) {
  g_autofree char *any = any_unmet(branch);
  return branch->cond ? g_strdup_printf("(%s) and (%s)", branch->cond, any) : g_steal_pointer(&any);
}

static void add_reason(Expansion *expansion, xmlNode *parent, const Branch *branch,
                       const Refusal *refusal) {
  xmlNode *log = xmlAddChild(parent, expand_element(expansion, "log"));
  xmlNode *row = expand_island(expansion, "refused");
  g_autofree char *literal = expand_literal(refusal->reason);
  xml_set_attr(log, "label", "refused");
  xml_set_attr(log, "expr", literal);
  xml_set_attr(row, "event", branch->event);
  xml_set_attr(row, "reason", refusal->reason);
  xmlAddChild(parent, expand_append(expansion, row));
}

static void add_reasons(Expansion *expansion, xmlNode *refusing, const Branch *branch) {
  for (guint i = 0; i < branch->refusals->len; i++) {
    const Refusal *refusal = branch->refusals->pdata[i];
    xmlNode *parent = refusing;
    if (branch->refusals->len > 1) {
      parent = xmlAddChild(refusing, expand_element(expansion, "if"));
      xml_set_attr(parent, "cond", refusal->unmet);
    }
    add_reason(expansion, parent, branch, refusal);
  }
}

static xmlNode *put_refusing(Expansion *expansion, const char *event, xmlNode *before,
                             const char *cond) {
  xmlNode *refusing = expand_element(expansion, "transition");
  xml_set_attr(refusing, "event", event);
  xml_set_attr(refusing, "cond", cond);
  return xmlAddPrevSibling(before, refusing);
}

static void refuse_here(Expansion *expansion, const Branch *branch) {
  g_autofree char *cond = refusing_cond(branch);
  add_reasons(expansion, put_refusing(expansion, branch->event, branch->node, cond), branch);
}

/* Without an event a refusing branch would be taken for ever; and nobody is to be told. */
static void refuse_eventless(const Branch *branch) {
  g_autofree char *any = any_unmet(branch);
  g_autofree char *cond = branch->cond ? g_strdup_printf("(%s) and not(%s)", branch->cond, any)
                                       : g_strdup_printf("not(%s)", any);
  xml_set_attr(branch->node, "cond", cond);
}

/* ------------------------------------------------------------ in several regions */

/* The same branch before a transition elsewhere, without the reasons. Of an event that the machine
 * itself raised the transition that requires has no effect, and what yields to it neither; others
 * are not refused with it. */
static void refuse_there(Expansion *expansion, const Branch *branch, const Branch *other,
                         const char *chosen, Together together) {
  g_autofree char *id = xml_attr(branch->node->parent, "id");
  g_autofree char *own = refusing_cond(branch), *heard = expand_heard(branch->event, other->event);
  g_autofree char *cond =
      g_strdup_printf("%s%s and (%s) and (%s)",
                      together == BOTH_TAKEN ? "$_event/type = 'external' and " : "", chosen, heard, own);
  g_autofree char *words = g_strdup_printf("refused with what stands in %s", id);
  xmlNode *refusing = put_refusing(expansion, other->event, other->node, cond);
  xmlAddPrevSibling(refusing, expand_comment(expansion, words));
}

static void refuse_elsewhere(Expansion *expansion, const GPtrArray *branches, const Branch *branch) {
  g_autofree char *chosen = NULL;
  for (guint i = 0; i < branches->len; i++) {
    Together together = expand_together(branch, branches->pdata[i]);
    if (together == NEVER_TOGETHER)
      continue;
    chosen = chosen ? chosen : expand_chosen(branches, branch);
    refuse_there(expansion, branch, branches->pdata[i], chosen, together);
  }
}

/* ------------------------------------------------------------------------- all */

static void refuse(Expansion *expansion, const GPtrArray *branches, const Branch *branch) {
  if (!branch->event) {
    refuse_eventless(branch);
    return;
  }
  refuse_here(expansion, branch);
  refuse_elsewhere(expansion, branches, branch);
}

static gboolean is_of_state(const xmlNode *transition) {
  return xml_is(transition->parent, SCXML_NS, "state") ||
         xml_is(transition->parent, SCXML_NS, "parallel");
}

void expand_requirements(Expansion *expansion) {
  g_autoptr(GPtrArray) transitions = expand_named(expansion, "transition");
  g_autoptr(GPtrArray) branches = g_ptr_array_new_with_free_func(branch_free);
  for (guint i = 0; i < transitions->len; i++)
    if (is_of_state(transitions->pdata[i]))
      g_ptr_array_add(branches, branch_new(expansion, transitions->pdata[i], branches->len));
  for (guint i = 0; i < branches->len; i++)
    if (((const Branch *)branches->pdata[i])->refusals->len)
      refuse(expansion, branches, branches->pdata[i]);
}
