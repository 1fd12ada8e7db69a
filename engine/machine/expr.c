/* SPDX-License-Identifier: Apache-2.0 */
/* expr.c - compiling and evaluating XPath. See expr.h. */
#include "machine/expr.h"

#include "base/date.h"
#include "base/text.h"
#include "base/xml.h"

#include <libxml/xpathInternals.h>
#include <math.h>
#include <string.h>

#define MAX_ROWS 10000 /* of a table, for rk:each-row */

/* ------------------------------------------------------------------ compiling */

static void expr_free(gpointer data) {
  Expr *expr = data;
  xmlXPathFreeCompExpr(expr->compiled);
  g_free(expr);
}

static Expr *expr_new(Loader *loader, const char *text, DiagPlace place) {
  Expr *expr = loader_keep(loader, g_new0(Expr, 1), expr_free);
  expr->text = text;
  expr->place = place;
  return expr;
}

/* $NAME alone needs no evaluation: it is the element of that datum. */
static const char *lone_variable(Loader *loader, const char *text) {
  if (*text != '$' || xmlValidateNCName((const xmlChar *)text + 1, TRUE) != 0)
    return NULL;
  return loader_string(loader, g_strstrip(g_strdup(text + 1)));
}

static void compile(Loader *loader, Expr *expr) {
  loader->xpath_fault = FALSE;
  loader->xpath->userData = &loader->xpath_fault;
  expr->compiled = xmlXPathCtxtCompile(loader->xpath, (const xmlChar *)expr->text);
  if ((!expr->compiled || loader->xpath_fault) && loader->machine->mode == MACHINE_STRICT)
    loader_fault(loader, DIAG_WF_XPATH_SYNTAX, &expr->place, expr->text, NULL, NULL);
  expr->variable = expr->compiled ? lone_variable(loader, expr->text) : NULL;
  g_ptr_array_add(loader->machine->expressions, expr);
}

static void refuse_in_null_model(Loader *loader, const Expr *expr) {
  if (loader->machine->mode == MACHINE_STRICT)
    loader_fault(loader, DIAG_WF_NULL_MODEL, &expr->place, expr->text, NULL, NULL);
}

Expr *loader_expr(Loader *loader, const char *text, DiagPlace place) {
  Expr *expr = expr_new(loader, text, place);
  if (loader->machine->null_model)
    refuse_in_null_model(loader, expr);
  else
    compile(loader, expr);
  return expr;
}

/* B.1.1: the null data model knows one condition, In(id); quotes as in XPath or none at all. */
static char *in_predicate(const char *text) {
  g_autoptr(GRegex) regex =
      g_regex_new("^\\s*In\\(\\s*(['\"]?)([^'\"\\s()]+)\\1\\s*\\)\\s*$", 0, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  if (!g_regex_match(regex, text, 0, &match))
    return NULL;
  g_autofree char *id = g_match_info_fetch(match, 2);
  return g_strdup_printf("In('%s')", id);
}

Expr *loader_cond(Loader *loader, const char *text, DiagPlace place) {
  if (!loader->machine->null_model)
    return loader_expr(loader, text, place);
  const char *predicate = loader_string(loader, in_predicate(text));
  Expr *expr = expr_new(loader, predicate ? predicate : text, place);
  if (predicate)
    compile(loader, expr);
  else
    refuse_in_null_model(loader, expr);
  return expr;
}

/* ------------------------------------------------------------------ formatting */

/* XPath 1.0 section 4.2: no exponent; as many digits as tell the number from its neighbours. */
static char *fraction_text(double number) {
  char text[400], format[8];
  for (int digits = 1; digits < 340; digits++) {
    g_snprintf(format, sizeof format, "%%.%df", digits);
    g_ascii_formatd(text, sizeof text, format, number);
    if (g_ascii_strtod(text, NULL) == number)
      break;
  }
  return g_strdup(text);
}

static char *integer_text(gint64 number) {
  char text[24], *p = text + sizeof text;
  guint64 rest = number < 0 ? 0 - (guint64)number : (guint64)number;
  *--p = '\0';
  do
    *--p = (char)('0' + rest % 10);
  while (rest /= 10);
  if (number < 0)
    *--p = '-';
  return g_strdup(p);
}

char *expr_number_text(double number) {
  if (isnan(number))
    return g_strdup("NaN");
  if (isinf(number))
    return g_strdup(number > 0 ? "Infinity" : "-Infinity");
  if (number != trunc(number))
    return fraction_text(number);
  return fabs(number) < 1e18 ? integer_text((gint64)number) : g_strdup_printf("%.0f", number);
}

char *expr_object_text(const xmlXPathObject *object) {
  if (object->type == XPATH_NUMBER)
    return expr_number_text(object->floatval);
  xmlChar *text = xmlXPathCastToString((xmlXPathObject *)object);
  char *copy = g_strdup((const char *)text);
  xmlFree(text);
  return copy;
}

/* ------------------------------------------------------------------- functions */

static Session *session_of(xmlXPathParserContext *context) {
  return context->context->userData;
}

/* The arguments as strings, popped in order. g_strfreev. */
static char **pop_strings(xmlXPathParserContext *context, int count) {
  char **arguments = g_new0(char *, (gsize)count + 1);
  for (int i = count; i-- > 0;) {
    xmlXPathObject *object = valuePop(context);
    arguments[i] = object ? expr_object_text(object) : g_strdup("");
    xmlXPathFreeObject(object);
  }
  return arguments;
}

static void push_text(xmlXPathParserContext *context, const char *text) {
  valuePush(context, xmlXPathNewString((const xmlChar *)(text ? text : "")));
}

static gboolean arity(xmlXPathParserContext *context, int count, int wanted) {
  if (count != wanted)
    xmlXPathErr(context, XPATH_INVALID_ARITY);
  return count == wanted;
}

/* In(id): whether the state is active. */
static void function_in(xmlXPathParserContext *context, int count) {
  if (!arity(context, count, 1))
    return;
  g_auto(GStrv) arguments = pop_strings(context, count);
  valuePush(context, xmlXPathNewBoolean(session_in(session_of(context), arguments[0])));
}

static char *ask(Session *session, const char *kind, char **arguments) {
  const SessionHost *host = &session->host;
  return host->ask ? host->ask(host->user, kind, (const char *const *)arguments) : NULL;
}

/* Questions the host answers: the function's local name is the kind of question. */
static void function_ask(xmlXPathParserContext *context, int count) {
  const char *kind = (const char *)context->context->function;
  g_auto(GStrv) arguments = pop_strings(context, count);
  g_autofree char *answer = ask(session_of(context), kind, arguments);
  if (!answer) {
    xmlXPathErr(context, XPATH_INVALID_ARITY);
    return;
  }
  if (g_str_equal(kind, "form-at-least"))
    valuePush(context, xmlXPathNewBoolean(g_str_equal(answer, "true")));
  else if (g_str_equal(kind, "rows"))
    valuePush(context, xmlXPathNewFloat(g_ascii_strtod(answer, NULL)));
  else
    push_text(context, answer);
}

/* rk:each-row(form, table): as many empty nodes as there are rows, for <foreach>, which cannot
 * count. They go with the macrostep. */
static void function_each_row(xmlXPathParserContext *context, int count) {
  Session *session = session_of(context);
  if (!arity(context, count, 2))
    return;
  g_auto(GStrv) arguments = pop_strings(context, count);
  g_autofree char *answer = ask(session, "rows", arguments);
  guint64 rows = answer ? g_ascii_strtoull(answer, NULL, 10) : MAX_ROWS + 1;
  if (rows > MAX_ROWS) {
    xmlXPathErr(context, XPATH_INVALID_OPERAND);
    return;
  }
  xmlNode *holder = xmlNewDocNode(session->data, NULL, (const xmlChar *)"rows", NULL);
  xmlNodeSet *set = xmlXPathNodeSetCreate(NULL);
  for (guint64 i = 0; i < rows; i++)
    xmlXPathNodeSetAddUnique(set, xmlNewChild(holder, NULL, (const xmlChar *)"row", NULL));
  datamodel_bury(session, holder);
  valuePush(context, xmlXPathWrapNodeSet(set));
}

/* The elements <item> of a list that lives until the end of the step. */
static xmlXPathObject *item_set(Session *session, const char *const *texts) {
  xmlNode *list = xmlNewDocNode(session->data, NULL, (const xmlChar *)"list", NULL);
  xmlXPathObject *set = xmlXPathNewNodeSet(NULL);
  datamodel_bury(session, list);
  for (guint i = 0; texts[i]; i++)
    xmlXPathNodeSetAddUnique(set->nodesetval, xml_add_element(list, "item", texts[i]));
  return set;
}

/* Questions whose answer is a list: the host gives its words a line each. */
static void function_list(xmlXPathParserContext *context, int count) {
  Session *session = session_of(context);
  const char *kind = (const char *)context->context->function;
  g_auto(GStrv) arguments = pop_strings(context, count);
  g_autofree char *answer = ask(session, kind, arguments);
  if (!answer) {
    xmlXPathErr(context, XPATH_INVALID_ARITY);
    return;
  }
  g_auto(GStrv) lines = g_strsplit(answer, "\n", -1);
  guint lines_count = g_strv_length(lines);
  if (lines_count && !*lines[lines_count - 1])
    g_clear_pointer(&lines[lines_count - 1], g_free);
  valuePush(context, item_set(session, (const char *const *)lines));
}

/* rk:key(part, …): the key of a register entry. What differs only in width, white space or the
 * variant of a character is one and the same person, institution or office. */
static void function_key(xmlXPathParserContext *context, int count) {
  g_auto(GStrv) arguments = pop_strings(context, count);
  g_autofree char *key = text_key((const char *const *)arguments);
  push_text(context, key);
}

static void function_today(xmlXPathParserContext *context, int count) {
  if (!arity(context, count, 0))
    return;
  g_autofree char *text = day_to_iso(day_of_time(session_of(context)->run->time));
  push_text(context, text);
}

static void function_now(xmlXPathParserContext *context, int count) {
  if (!arity(context, count, 0))
    return;
  g_autofree char *text = time_to_iso(session_of(context)->run->time);
  push_text(context, text);
}

/* rk:date-add(date, duration): the date, or '' when an argument is not one. */
static void function_date_add(xmlXPathParserContext *context, int count) {
  if (!arity(context, count, 2))
    return;
  g_auto(GStrv) arguments = pop_strings(context, count);
  Day day;
  Duration duration;
  g_autofree char *text = NULL;
  if (day_parse(&day, arguments[0], TRUE, NULL) == RK_OK &&
      duration_parse(&duration, arguments[1]))
    text = day_to_iso(day_add(day, duration.years, duration.months, duration.days));
  push_text(context, text);
}

static void function_days_between(xmlXPathParserContext *context, int count) {
  if (!arity(context, count, 2))
    return;
  g_auto(GStrv) arguments = pop_strings(context, count);
  Day a, b;
  gboolean good = day_parse(&a, arguments[0], TRUE, NULL) == RK_OK &&
                  day_parse(&b, arguments[1], TRUE, NULL) == RK_OK;
  valuePush(context, xmlXPathNewFloat(good ? (double)day_difference(a, b) : NAN));
}

/* rk:matches(text, pattern): the whole text, by a regular expression with bounded effort. */
static void function_matches(xmlXPathParserContext *context, int count) {
  if (!arity(context, count, 2))
    return;
  g_auto(GStrv) arguments = pop_strings(context, count);
  g_autofree char *whole = g_strdup_printf("^(?:%s)$", arguments[1]);
  g_autoptr(GRegex) regex =
      strlen(arguments[0]) <= 10000 && strlen(whole) <= 1000
          ? g_regex_new(whole, G_REGEX_DOLLAR_ENDONLY, 0, NULL)
          : NULL;
  if (!regex)
    xmlXPathErr(context, XPATH_INVALID_OPERAND);
  else
    valuePush(context, xmlXPathNewBoolean(g_regex_match(regex, arguments[0], 0, NULL)));
}

/* rk:if(test, a, b) */
static void function_if(xmlXPathParserContext *context, int count) {
  if (!arity(context, count, 3))
    return;
  xmlXPathObject *no = valuePop(context), *yes = valuePop(context);
  gboolean test = xmlXPathPopBoolean(context) == 1;
  valuePush(context, test ? yes : no);
  xmlXPathFreeObject(test ? no : yes);
}

/* XPath's own conversions, which print large numbers with an exponent: string() and concat(). */
static void function_string(xmlXPathParserContext *context, int count) {
  if (count == 0) {
    xmlXPathStringFunction(context, 0);
    return;
  }
  if (!arity(context, count, 1))
    return;
  g_auto(GStrv) arguments = pop_strings(context, count);
  push_text(context, arguments[0]);
}

static void function_concat(xmlXPathParserContext *context, int count) {
  if (count < 2) {
    xmlXPathErr(context, XPATH_INVALID_ARITY);
    return;
  }
  g_auto(GStrv) arguments = pop_strings(context, count);
  g_autofree char *text = g_strjoinv("", arguments);
  push_text(context, text);
}

#define RK (WORKFLOW_NS)

/* Those of the extension namespace, and those without one that XPath has otherwise or not at all. */
static const struct {
  const char *uri, *name;
  xmlXPathFunction function;
} functions[] = {
    {NULL, "string", function_string},       {NULL, "concat", function_concat},
    {NULL, "In", function_in},               {RK, "form", function_ask},
    {RK, "form-at-least", function_ask},     {RK, "field", function_ask},
    {RK, "rows", function_ask},              {RK, "row", function_ask},
    {RK, "each-row", function_each_row},     {RK, "register", function_ask},
    {RK, "register-field", function_ask},    {RK, "today", function_today},
    {RK, "now", function_now},               {RK, "date-add", function_date_add},
    {RK, "days-between", function_days_between}, {RK, "matches", function_matches},
    {RK, "if", function_if},                 {RK, "row-keys", function_list},
    {RK, "entries", function_list},          {RK, "key", function_key},
};

#undef RK

const char *const expr_extension_functions[] = {
    "form", "form-at-least", "field", "rows", "row", "each-row", "register", "register-field",
    "today", "now", "date-add", "days-between", "matches", "if", "row-keys", "entries", "key", NULL};

/* --------------------------------------------------------------------- context */

static xmlXPathObject *lookup_variable(void *data, const xmlChar *name, const xmlChar *uri) {
  Session *session = ((xmlXPathContext *)data)->userData;
  xmlNode *node = uri ? NULL : datamodel_variable(session, (const char *)name);
  return node ? xmlXPathNewNodeSet(node) : NULL;
}

static void on_fault(void *data, xmlErrorPtr error) {
  (void)error;
  ((Session *)data)->fault = TRUE;
}

static void function_unknown(xmlXPathParserContext *context, int count) {
  (void)count;
  xmlXPathErr(context, XPATH_UNKNOWN_FUNC_ERROR);
}

static xmlXPathFunction own_function(const char *name, const char *uri) {
  for (guint i = 0; i < G_N_ELEMENTS(functions); i++)
    if (g_strcmp0(functions[i].uri, uri) == 0 && g_str_equal(functions[i].name, name))
      return functions[i].function;
  return NULL;
}

/* Asked before the context's own table, once for each compiled expression. The library itself would
 * print a line to stderr about a function that it does not know. */
static xmlXPathFunction lookup_function(void *data, const xmlChar *name, const xmlChar *uri) {
  xmlXPathContext *context = data;
  xmlXPathFunction own = own_function((const char *)name, (const char *)uri);
  xmlXPathFunction found =
      own ? own : (xmlXPathFunction)xmlHashLookup2(context->funcHash, name, uri);
  return found ? found : function_unknown;
}

static void register_namespaces(xmlXPathContext *context, const xmlNode *root) {
  xmlXPathRegisterNs(context, (const xmlChar *)"rk", (const xmlChar *)WORKFLOW_NS);
  xmlNs **in_scope = xmlGetNsList(root->doc, root);
  for (guint i = 0; in_scope && in_scope[i]; i++)
    if (in_scope[i]->prefix)
      xmlXPathRegisterNs(context, in_scope[i]->prefix, in_scope[i]->href);
  xmlFree(in_scope);
}

static xmlXPathContext *context_new(const Machine *machine) {
  xmlXPathContext *context = xmlXPathNewContext(NULL);
  xmlXPathContextSetCache(context, 1, -1, 0);
  context->opLimit = XPATH_OPERATIONS;
  context->error = on_fault;
  xmlXPathRegisterVariableLookup(context, lookup_variable, context);
  xmlXPathRegisterFuncLookup(context, lookup_function, context);
  register_namespaces(context, machine->root);
  return context;
}

/* To make one costs more than most evaluations: the last one waits at its machine for the next. What an
 * evaluation asks of the host may be evaluated in turn, and takes another. */
static xmlXPathContext *take_context(Session *session) {
  xmlXPathContext *idle = g_atomic_pointer_exchange(&session->machine->idle_xpath, NULL);
  xmlXPathContext *context = idle ? idle : context_new(session->machine);
  datamodel_add_system_variables(session);
  context->userData = session;
  context->doc = session->data;
  context->node = xmlDocGetRootElement(session->data);
  context->opCount = 0;
  if (context->lastError.code)
    xmlResetError(&context->lastError);
  session->fault = FALSE;
  return context;
}

static void leave_context(Session *session, xmlXPathContext *take) {
  if (!g_atomic_pointer_compare_and_exchange(&session->machine->idle_xpath, NULL, take))
    xmlXPathFreeContext(take);
}

xmlXPathCompExpr *expr_compile(Session *session, const char *text) {
  xmlXPathContext *context = take_context(session);
  xmlXPathCompExpr *compiled = xmlXPathCtxtCompile(context, (const xmlChar *)text);
  leave_context(session, context);
  return compiled;
}

/* ------------------------------------------------------------------- evaluation */

/* The context for an evaluation; NULL when there can be none. */
static xmlXPathContext *begin(Session *session, const Expr *expr) {
  return expr->compiled && work_left(session, 0) ? take_context(session) : NULL;
}

/* Whether it went well. */
static gboolean end(Session *session, xmlXPathContext *context) {
  gboolean good = !session->fault && context->lastError.code == 0;
  work_left(session, context->opCount);
  leave_context(session, context);
  return good;
}

xmlXPathObject *expr_evaluate(Session *session, const Expr *expr) {
  xmlXPathContext *context = begin(session, expr);
  if (!context)
    return NULL;
  xmlXPathObject *object = xmlXPathCompiledEval(expr->compiled, context);
  if (end(session, context) && object)
    return object;
  xmlXPathFreeObject(object);
  return NULL;
}

gboolean expr_text(Session *session, const Expr *expr, char **out) {
  xmlXPathObject *object = expr_evaluate(session, expr);
  *out = object ? expr_object_text(object) : NULL;
  xmlXPathFreeObject(object);
  return *out != NULL;
}

char **expr_strings(Session *session, const Expr *expr) {
  xmlXPathObject *object = expr_evaluate(session, expr);
  char **strings = NULL;
  if (object && object->type == XPATH_NODESET) {
    int count = object->nodesetval ? object->nodesetval->nodeNr : 0;
    strings = g_new0(char *, (gsize)count + 1);
    for (int i = 0; i < count; i++)
      strings[i] = xml_text(object->nodesetval->nodeTab[i]);
  }
  xmlXPathFreeObject(object);
  return strings;
}

gboolean expr_or_text(Session *session, const Expr *expr, const char *text, char **out) {
  if (expr)
    return expr_text(session, expr, out);
  *out = g_strdup(text);
  return TRUE;
}

gboolean expr_boolean(Session *session, const Expr *expr, gboolean *out) {
  xmlXPathContext *context = begin(session, expr);
  int holds = context ? xmlXPathCompiledEvalToBoolean(expr->compiled, context) : -1;
  gboolean good = context && end(session, context) && holds >= 0;
  *out = good && holds > 0;
  return good;
}
