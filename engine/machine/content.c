/* SPDX-License-Identifier: Apache-2.0 */
/*
 * content.c - executable content. One block at a time: an error ends the block it stands
 * in, queues error.execution, and takes back nothing of what the block did before.
 */
#include "machine/expr.h"

#include "base/xml.h"

#include <string.h>

/* ---------------------------------------------------------------- event payloads */

static gboolean put_param(Session *session, xmlNode *data, const Param *param) {
  const Expr *expr = param->expr ? param->expr : param->location;
  xmlXPathObject *object = expr_evaluate(session, expr);
  gboolean good = object && (param->expr || (object->type == XPATH_NODESET &&
                                             !xmlXPathNodeSetIsEmpty(object->nodesetval)));
  if (good) {
    xmlNode *child = xmlNewChild(data, NULL, (const xmlChar *)"data", NULL);
    xml_set_attr(child, "id", param->name);
    good = datamodel_put(session, child, object);
    if (!good) {
      xmlUnlinkNode(child);
      xmlFreeNode(child);
    }
  }
  xmlXPathFreeObject(object);
  return good;
}

/* 5.7: one that cannot be evaluated is left out, and the others stay. */
static gboolean put_params(Session *session, xmlNode *data, const GPtrArray *params) {
  gboolean good = TRUE;
  for (guint i = 0; params && i < params->len; i++)
    good &= put_param(session, data, params->pdata[i]);
  return good;
}

static gboolean put_content(Session *session, xmlNode *data, const Content *content) {
  if (content->holder)
    return datamodel_put_inline(session, data, content->holder);
  if (!content->expr)
    return TRUE;
  xmlXPathObject *object = expr_evaluate(session, content->expr);
  gboolean good = object && datamodel_put(session, data, object);
  xmlXPathFreeObject(object);
  return good;
}

/* <data> with namelist, params or content; NULL when there is none of them. `failed`: something
 * could not be evaluated and is missing. */
xmlNode *content_event_data(Session *session, const GPtrArray *params, const GPtrArray *names,
                            const Content *content, gboolean *failed) {
  gboolean any = (params && params->len) || (names && names->len) || content->expr ||
                 content->holder;
  *failed = FALSE;
  if (!any)
    return NULL;
  xmlNode *data = xmlNewDocNode(session->data, NULL, (const xmlChar *)"data", NULL);
  *failed = !put_params(session, data, names);
  *failed |= !put_params(session, data, params);
  *failed |= !put_content(session, data, content);
  return data;
}

/* ----------------------------------------------------------------------- actions */

static gboolean do_raise(Session *session, const Action *action) {
  queue_internal(session, event_new(action->text[A_EVENT], "internal"));
  trace(session, "raise", action->text[A_EVENT]);
  return TRUE;
}

static gboolean do_log(Session *session, const Action *action) {
  g_autofree char *text = NULL;
  if (action->expr[A_EXPR] && !expr_text(session, action->expr[A_EXPR], &text))
    return FALSE;
  g_autofree char *line = action->text[A_LABEL]
                              ? g_strdup_printf("%s: %s", action->text[A_LABEL], text ? text : "")
                              : g_strdup(text ? text : "");
  trace(session, "log", line);
  return TRUE;
}

static gboolean execute(Session *session, const Action *action);

static gboolean run_actions(Session *session, const Block *block) {
  for (guint i = 0; i < block->len; i++)
    if (!execute(session, block->pdata[i]))
      return FALSE;
  return TRUE;
}

/* A condition that cannot be evaluated counts as false; the block goes on. */
static gboolean do_if(Session *session, const Action *action) {
  for (guint i = 0; i < action->branches->len; i++) {
    const Branch *branch = &g_array_index(action->branches, Branch, i);
    gboolean holds = TRUE;
    if (branch->cond && !expr_boolean(session, branch->cond, &holds))
      queue_error(session, "error.execution", NULL);
    if (holds)
      return run_actions(session, branch->body);
  }
  return TRUE;
}

static gboolean set_index(Session *session, const char *name, guint index) {
  g_autofree char *text = g_strdup_printf("%u", index);
  return !name || datamodel_set_variable(session, name, text);
}

static gboolean usable_variable(Session *session, const char *name) {
  return !name || (name[0] != '_' && datamodel_declare(session, name));
}

static gboolean is_collection(const Session *session, const xmlXPathObject *array) {
  gboolean good = array && array->type == XPATH_NODESET;
  int count = good && array->nodesetval ? array->nodesetval->nodeNr : 0;
  for (int i = 0; good && i < count; i++)
    good = datamodel_can_be_item(session, array->nodesetval->nodeTab[i]);
  return good;
}

/* 4.6: the collection is fixed before the first round; the item is the node itself. */
static gboolean do_foreach(Session *session, const Action *action) {
  const char *item = action->text[A_ITEM], *index = action->text[A_INDEX];
  xmlXPathObject *array = expr_evaluate(session, action->expr[A_ARRAY]);
  gboolean good = is_collection(session, array) && usable_variable(session, item) &&
                  usable_variable(session, index);
  int count = good && array->nodesetval ? array->nodesetval->nodeNr : 0;
  if (!good)
    queue_error(session, "error.execution", NULL);
  for (int i = 0; good && i < count && work_left(session, WORK_ACTION); i++) {
    datamodel_bind_item(session, item, array->nodesetval->nodeTab[i]);
    good = set_index(session, index, (guint)i + 1);
    if (!good)
      queue_error(session, "error.execution", NULL);
    good = good && run_actions(session, action->body);
  }
  if (count)
    datamodel_settle_item(session, item);
  xmlXPathFreeObject(array);
  return good;
}

static gboolean do_cancel(Session *session, const Action *action) {
  g_autofree char *id = g_strdup(action->text[A_SENDID]);
  if (!id && action->expr[A_SENDIDEXPR] && !expr_text(session, action->expr[A_SENDIDEXPR], &id))
    return FALSE;
  if (id)
    send_cancel(session, id);
  return id != NULL;
}

static gboolean execute(Session *session, const Action *action) {
  gboolean good = FALSE;
  if (!work_left(session, WORK_ACTION))
    return FALSE;
  switch (action->kind) { /* those that return have queued their own error */
  case ACTION_RAISE: return do_raise(session, action);
  case ACTION_IF: return do_if(session, action);
  case ACTION_FOREACH: return do_foreach(session, action);
  case ACTION_LOG: good = do_log(session, action); break;
  case ACTION_ASSIGN: good = datamodel_assign(session, action); break;
  case ACTION_SEND: return send_execute(session, action);
  case ACTION_CANCEL: good = do_cancel(session, action); break;
  case ACTION_EXTENSION: good = extension_execute(session, action); break;
  }
  if (!good)
    queue_error(session, "error.execution", NULL);
  return good;
}

void execute_block(Session *session, const Block *block) {
  run_actions(session, block);
}
