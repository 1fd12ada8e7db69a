/* SPDX-License-Identifier: Apache-2.0 */
/* retention.c - see retention.h. */
#include "case/retention.h"

#include "base/shape.h"
#include "base/xml.h"

#include <string.h>

struct Retention {
  xmlDoc *doc;      /* places name its file */
  GPtrArray *rules; /* RetentionRule */
  int wait;
};

static const ShapeElement elements[] = {
    {"retention", NULL, "municipality! source!", SHAPE_ELEMENTS},
    {"disposal", "retention", "wait! source inferred", SHAPE_ELEMENTS},
    {"keep", "retention", "procedure! form outcome period! from=closing|fiscal-year source! inferred",
     SHAPE_ELEMENTS},
};

static const Shape shape = SHAPE_OF_LIST(RETENTION_NS, elements);

static void rule_free(gpointer data) {
  RetentionRule *rule = data;
  char *texts[] = {rule->procedure, rule->form, rule->outcome, rule->period, rule->source, rule->inferred};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
  g_free(rule);
}

void retention_free(Retention *retention) {
  if (!retention)
    return;
  g_ptr_array_unref(retention->rules);
  xmlFreeDoc(retention->doc);
  g_free(retention);
}

/* ------------------------------------------------------------------- periods */

gboolean retention_read_period(const char *text, Duration *period, gboolean *fiscal) {
  g_auto(GStrv) words = g_strsplit(text ? text : "", " ", -1);
  guint count = g_strv_length(words);
  gboolean from_april = count == 2 && g_str_equal(words[1], "fiscal-year");
  if (!count || (count > 1 && !(fiscal && from_april)))
    return FALSE;
  if (fiscal)
    *fiscal = from_april;
  return duration_parse(period, words[0]) && !period->micros &&
         (period->years || period->months || period->days);
}

Day retention_end(Day closed, const Duration *period, gboolean fiscal) {
  Day april = {(gint16)(closed.month < 4 ? closed.year : closed.year + 1), 4, 1};
  /* The day of the closing itself is not counted. */
  Day from = fiscal ? april : day_add(closed, 0, 0, 1);
  return day_add(from, period->years, period->months, period->days);
}

/* ------------------------------------------------------------------- reading */

static RkStatus wrong_period(const xmlNode *node, const char *text, RkDiags *diags) {
  DiagPlace place = xml_place(node);
  return diags_fail(diags, RK_INVALID, DIAG_RETENTION_PERIOD, &place, text, NULL);
}

static RkStatus read_rule(Retention *retention, const xmlNode *node, RkDiags *diags) {
  RetentionRule *rule = g_new0(RetentionRule, 1);
  Duration period;
  g_autofree char *from = xml_attr(node, "from");
  rule->place = xml_place(node);
  rule->procedure = xml_attr(node, "procedure");
  rule->form = xml_attr(node, "form");
  rule->outcome = xml_attr(node, "outcome");
  rule->period = xml_attr(node, "period");
  rule->source = xml_attr(node, "source");
  rule->inferred = xml_attr(node, "inferred");
  rule->fiscal = g_strcmp0(from, "fiscal-year") == 0;
  g_ptr_array_add(retention->rules, rule);
  if (g_str_equal(rule->period, "unstated"))
    g_clear_pointer(&rule->period, g_free);
  else if (!retention_read_period(rule->period, &period, NULL))
    return wrong_period(node, rule->period, diags);
  return RK_OK;
}

static RkStatus read_wait(Retention *retention, const xmlNode *node, RkDiags *diags) {
  Duration wait;
  g_autofree char *text = xml_attr(node, "wait");
  if (!retention_read_period(text, &wait, NULL) || wait.years || wait.months)
    return wrong_period(node, text, diags);
  retention->wait = wait.days;
  return RK_OK;
}

RkStatus retention_load_file(Retention **out, const char *path, RkDiags *diags) {
  g_autoptr(xmlDoc) doc = NULL;
  *out = NULL;
  RkStatus status = shape_read_file(&doc, &shape, path, diags);
  if (status != RK_OK)
    return status;
  const xmlNode *root = xmlDocGetRootElement(doc);
  g_autoptr(Retention) retention = g_new0(Retention, 1);
  retention->rules = g_ptr_array_new_with_free_func(rule_free);
  for (xmlNode *node = xml_first_element(root); node; node = xml_next_element(node)) {
    RkStatus read = xml_is(node, RETENTION_NS, "keep") ? read_rule(retention, node, diags)
                                                       : read_wait(retention, node, diags);
    status = status == RK_OK ? read : status;
  }
  retention->doc = g_steal_pointer(&doc);
  if (status == RK_OK)
    *out = g_steal_pointer(&retention);
  return status;
}

const GPtrArray *retention_rules(const Retention *retention) {
  return retention->rules;
}

int retention_wait(const Retention *retention) {
  return retention->wait;
}

const RetentionRule *retention_find(const Retention *retention, const char *procedure,
                                    const char *form, const char *outcome) {
  const RetentionRule *general = NULL;
  for (guint i = 0; i < retention->rules->len; i++) {
    const RetentionRule *rule = retention->rules->pdata[i];
    if (!g_str_equal(rule->procedure, procedure) || g_strcmp0(rule->form, form) != 0)
      continue;
    if (rule->outcome && g_strcmp0(rule->outcome, outcome) == 0)
      return rule;
    general = rule->outcome ? general : rule;
  }
  return general;
}
