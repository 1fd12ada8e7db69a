/* SPDX-License-Identifier: Apache-2.0 */
/*
 * expand_xpath.c - extension functions as plain XPath 1.0 over the facts.
 *
 * A call becomes a path into $rk_facts with its arguments in predicates. Inside a predicate
 * the context is another, so an argument must not depend on it: `$x/name` may stand there, `name` may
 * not. What needs no facts (rk:key, rk:if) takes any argument.
 */
#include "analysis/expand_int.h"

#include <string.h>

/* -------------------------------------------------------------------- scanning */

static gboolean is_name_char(char c) {
  return g_ascii_isalnum(c) || c == '_' || c == '-' || c == '.' || (guchar)c >= 0x80;
}

static gboolean is_name_start(char c) {
  return g_ascii_isalpha(c) || c == '_' || (guchar)c >= 0x80;
}

static const char *skip_spaces(const char *p) {
  while (g_ascii_isspace(*p))
    p++;
  return p;
}

/* Behind the name that begins at p; prefix:local is one name, an axis is not part of it. */
static const char *name_end(const char *p) {
  while (is_name_char(*p) || (*p == ':' && p[1] != ':' && is_name_start(p[1])))
    p++;
  return p;
}

static const char *literal_end(const char *p) {
  const char *end = strchr(p + 1, *p);
  return end ? end + 1 : p + strlen(p);
}

/* Behind the bracket that closes the one at p. */
static const char *bracket_end(const char *p) {
  int depth = 0;
  while (*p) {
    if (*p == '\'' || *p == '"') {
      p = literal_end(p);
      continue;
    }
    depth += (*p == '(' || *p == '[') - (*p == ')' || *p == ']');
    p++;
    if (!depth)
      break;
  }
  return p;
}

/* The arguments between the brackets at p, as written. */
static GPtrArray *split_arguments(const char *p) {
  GPtrArray *arguments = g_ptr_array_new_with_free_func(g_free);
  const char *end = bracket_end(p) - 1, *start = ++p;
  while (p < end) {
    if (*p == ',') {
      g_ptr_array_add(arguments, g_strstrip(g_strndup(start, (gsize)(p - start))));
      start = p + 1;
    }
    p = *p == '\'' || *p == '"' ? literal_end(p) : *p == '(' || *p == '[' ? bracket_end(p) : p + 1;
  }
  if (skip_spaces(start) < end || arguments->len)
    g_ptr_array_add(arguments, g_strstrip(g_strndup(start, (gsize)(end - start))));
  return arguments;
}

/* -------------------------------------------------------------- what depends on what */

typedef enum { BEFORE_OPERAND, IN_PATH, AFTER_OPERAND } Position;

/* Functions that take the context when they have no argument, or are about it. */
static gboolean asks_context(const char *name, const char *bracket) {
  static const char *const always[] = {"position", "last", NULL};
  static const char *const bare[] = {"string", "name", "local-name", "namespace-uri", "number",
                                     "normalize-space", "string-length", NULL};
  gboolean empty = *skip_spaces(bracket + 1) == ')';
  return g_strv_contains(always, name) || (empty && g_strv_contains(bare, name)) ||
         g_str_equal(name, "lang");
}

static gboolean is_node_type(const char *name) {
  static const char *const types[] = {"text", "node", "comment", "processing-instruction", NULL};
  return g_strv_contains(types, name);
}

/* A name at p: FALSE when it is a step from the context. Moves p behind it. */
static gboolean scan_name(const char **p, Position *position) {
  const char *end = name_end(*p), *after = skip_spaces(end);
  g_autofree char *name = g_strndup(*p, (gsize)(end - *p));
  Position was = *position;
  *p = end;
  if (g_str_has_prefix(after, "::")) { /* an axis: a step from the context if a path begins with it */
    *p = after + 2;
    *position = IN_PATH;
    return was == IN_PATH;
  }
  if (was == AFTER_OPERAND) { /* and or div mod */
    *position = BEFORE_OPERAND;
    return TRUE;
  }
  if (*after == '(' && !is_node_type(name)) {
    *position = BEFORE_OPERAND;
    return !asks_context(name, after);
  }
  if (*after == '(')
    *p = bracket_end(after);
  *position = AFTER_OPERAND;
  return was == IN_PATH;
}

/* A character that is neither name, literal, number nor predicate. */
static gboolean scan_sign(const char **p, Position *position) {
  char c = *(*p)++;
  Position was = *position;
  if (c == '/')
    *position = IN_PATH;
  else if (c == ')')
    *position = AFTER_OPERAND;
  else if (c == '@' || c == '.' || (c == '*' && was != AFTER_OPERAND)) {
    *position = c == '@' ? IN_PATH : AFTER_OPERAND;
    *p += c == '.' && **p == '.';
    return was == IN_PATH;
  } else
    *position = BEFORE_OPERAND;
  return TRUE;
}

static gboolean depends_on_context(const char *p) {
  Position position = BEFORE_OPERAND;
  gboolean free = TRUE;
  for (p = skip_spaces(p); *p && free; p = skip_spaces(p)) {
    gboolean number = g_ascii_isdigit(*p) || (*p == '.' && g_ascii_isdigit(p[1]));
    if (*p == '[') {
      p = bracket_end(p);
    } else if (*p == '\'' || *p == '"') {
      p = literal_end(p);
      position = AFTER_OPERAND;
    } else if (*p == '$' || number) {
      p = name_end(p + 1);
      position = AFTER_OPERAND;
    } else if (is_name_start(*p)) {
      free = scan_name(&p, &position);
    } else {
      free = scan_sign(&p, &position);
    }
  }
  return !free;
}

/* -------------------------------------------------------------------- building */

char *expand_literal(const char *text) {
  if (!strchr(text, '\''))
    return g_strdup_printf("'%s'", text);
  if (!strchr(text, '"'))
    return g_strdup_printf("\"%s\"", text);
  g_auto(GStrv) parts = g_strsplit(text, "'", -1);
  g_autofree char *inner = g_strjoinv("', \"'\", '", parts);
  return g_strdup_printf("concat('%s')", inner);
}

static gboolean is_string(const char *expression) {
  static const char *const calls[] = {"string(", "concat(", "normalize-space(", "substring-before("};
  if (*expression == '\'' || *expression == '"')
    return !*literal_end(expression);
  for (guint i = 0; i < G_N_ELEMENTS(calls); i++)
    if (g_str_has_prefix(expression, calls[i]))
      return !*bracket_end(expression + strlen(calls[i]) - 1);
  return FALSE;
}

char *expand_string(const char *expression) {
  return is_string(expression) ? g_strdup(expression) : g_strdup_printf("string(%s)", expression);
}

char *expand_folded(Expansion *expansion, const char *expression) {
  expansion->fold = TRUE;
  return g_strdup_printf("normalize-space(translate(%s, $" EXPAND_FOLD "/wide, $" EXPAND_FOLD
                         "/narrow))", expression);
}

char *expand_holding(const char *state) {
  gboolean literal = *state == '\'' && !*literal_end(state);
  if (literal)
    return g_strdup_printf("[contains(concat(' ', @holds, ' '), ' %.*s ')]",
                           (int)strlen(state) - 2, state + 1);
  return g_strdup_printf("[contains(concat(' ', @holds, ' '), concat(' ', %s, ' '))]", state);
}

/* ------------------------------------------------------------------- the functions */

typedef struct {
  Expansion *expansion;
  char **text;   /* of the arguments, without extension functions */
  char **string; /* the same as strings */
  guint count;
} Call;

static char *call_key(const Call *call) {
  GString *key = g_string_new(call->count > 1 ? "concat(" : NULL);
  for (guint i = 0; i < call->count; i++) {
    g_autofree char *part = expand_folded(call->expansion, call->text[i]);
    g_string_append_printf(key, "%s%s", i ? ", ' / ', " : "", part);
  }
  return g_string_free(g_string_append(key, call->count > 1 ? ")" : ""), FALSE);
}

/* A text of length 1 div 0 is all of it, from position 1 div 0 on there is none. */
static char *call_if(const Call *call) {
  return g_strdup_printf("concat(substring(%s, 1 div boolean(%s)), substring(%s, 1 div not(%s)))",
                         call->string[1], call->text[0], call->string[2], call->text[0]);
}

static char *call_form_at_least(const Call *call) {
  g_autofree char *holding = expand_holding(call->string[1]);
  if (g_str_equal(call->text[1], "'blank'"))
    return g_strdup("true()");
  return g_strdup_printf("(not(" FACTS ") or boolean(" FACTS "/paper[@name = %s]%s))",
                         call->string[0], holding);
}

static char *call_row_keys(const Call *call) {
  g_autofree char *place = call->count == 5 ? g_strdup_printf("[@place = %s]", call->string[4])
                                            : g_strdup("[not(@place)]");
  return g_strdup_printf(FACTS "/paper[@name = %s]/row[@table = %s]/key[@field = %s][@within = %s]%s",
                         call->string[0], call->string[1], call->string[2], call->string[3], place);
}

static char *call_entries(const Call *call) {
  g_autofree char *held =
      call->count == 4 ? expand_holding(call->string[3]) : g_strdup("[not(@ended)]");
  return g_strdup_printf(FACTS "/entry[@register = %s][field[@name = %s] = %s]%s/key",
                         call->string[0], call->string[1], call->string[2], held);
}

#define IN_REGISTER FACTS "/entry[@register = {1}][key = {2}]"
#define IN_ROW FACTS "/paper[@name = {1}]/row[@table = {2}]"

/* {n} is the n-th argument as a string, (n) as it is. */
static const struct {
  const char *name;
  guint least, most;
  const char *pattern;
  char *(*build)(const Call *call);
  gboolean anywhere; /* its arguments may depend on the context */
} functions[] = {
    {"key", 1, G_MAXUINT, NULL, call_key, TRUE},
    {"if", 3, 3, NULL, call_if, TRUE},
    {"today", 0, 0, "string(" FACTS "/@today)", NULL, TRUE},
    {"now", 0, 0, "string(" FACTS "/@now)", NULL, TRUE},
    {"form", 1, 1,
     "substring-before(concat(normalize-space(concat(" FACTS "/paper[@name = {1}]/@state, "
     "' blank')), ' '), ' ')", NULL, FALSE},
    {"form-at-least", 2, 2, NULL, call_form_at_least, FALSE},
    {"field", 2, 2, "string(" FACTS "/paper[@name = {1}]/field[@path = {2}])", NULL, FALSE},
    {"rows", 2, 2, "count(" IN_ROW ")", NULL, FALSE},
    {"each-row", 2, 2, IN_ROW, NULL, FALSE},
    {"row", 4, 4, "string(" IN_ROW "[position() = (3)]/field[@name = {4}])", NULL, FALSE},
    {"row-keys", 4, 5, NULL, call_row_keys, FALSE},
    {"register", 2, 2, "string(" IN_REGISTER "/@state)", NULL, FALSE},
    {"register-field", 3, 3, "string(" IN_REGISTER "/field[@name = {3}])", NULL, FALSE},
    {"entries", 3, 4, NULL, call_entries, FALSE},
    {"matches", 2, 2, "boolean(" FACTS "/match[@text = {1}][@pattern = {2}])", NULL, FALSE},
    {"date-add", 2, 2, "string(" FACTS "/date[@from = {1}][@plus = {2}])", NULL, FALSE},
    {"days-between", 2, 2, "number(" FACTS "/days[@from = {1}][@to = {2}])", NULL, FALSE},
};

static char *fill(const char *pattern, const Call *call) {
  GString *out = g_string_new(NULL);
  for (const char *p = pattern; *p; p++) {
    guint n = (*p == '{' || *p == '(') && g_ascii_isdigit(p[1]) && (p[2] == '}' || p[2] == ')')
                  ? (guint)(p[1] - '0')
                  : 0;
    if (!n || n > call->count) {
      g_string_append_c(out, *p);
      continue;
    }
    g_string_append(out, *p == '{' ? call->string[n - 1] : call->text[n - 1]);
    p += 2;
  }
  return g_string_free(out, FALSE);
}

static void fault(Expansion *expansion, DiagId id, const DiagPlace *place, const char *a,
                  const char *b) {
  diags_add(expansion->diags, id, place, a, b ? b : "", NULL);
  expansion->failed = TRUE;
}

void expand_need_free(Expansion *expansion, const char *what, const char *text,
                      const DiagPlace *place) {
  if (depends_on_context(text))
    fault(expansion, DIAG_EXPAND_CONTEXT, place, what, text);
}

/* The call of `name` with the arguments at the bracket. */
static char *build_call(Expansion *expansion, const char *name, const char *bracket,
                        const DiagPlace *place) {
  g_autoptr(GPtrArray) given = split_arguments(bracket);
  g_auto(GStrv) text = g_new0(char *, given->len + 1), string = g_new0(char *, given->len + 1);
  guint row = 0;
  while (row < G_N_ELEMENTS(functions) && !g_str_equal(functions[row].name, name))
    row++;
  g_autofree char *shown = g_strdup_printf("rk:%s", name);
  if (row == G_N_ELEMENTS(functions) || given->len < functions[row].least ||
      given->len > functions[row].most) {
    fault(expansion, DIAG_EXPAND_ARGUMENTS, place, shown, NULL);
    return g_strdup("false()");
  }
  for (guint i = 0; i < given->len; i++) {
    if (!functions[row].anywhere)
      expand_need_free(expansion, shown, given->pdata[i], place);
    text[i] = expand_expression(expansion, given->pdata[i], place);
    string[i] = expand_string(text[i]);
  }
  Call call = {expansion, text, string, given->len};
  char *built = functions[row].build ? functions[row].build(&call) : fill(functions[row].pattern, &call);
  expansion->facts |= strstr(built, FACTS) != NULL;
  return built;
}

/* A name at p, copied, or replaced together with its arguments when it is an extension function.
 * Returns what follows. */
static const char *copy_name(Expansion *expansion, const char *p, const DiagPlace *place,
                             GString *out) {
  const char *end = name_end(p), *bracket = skip_spaces(end);
  const char *colon = memchr(p, ':', (gsize)(end - p));
  if (!colon || *bracket != '(') {
    g_string_append_len(out, p, end - p);
    return end;
  }
  g_autofree char *name = g_strndup(colon + 1, (gsize)(end - colon - 1));
  g_autofree char *built = build_call(expansion, name, bracket, place);
  g_string_append(out, built);
  return bracket_end(bracket);
}

char *expand_expression(Expansion *expansion, const char *text, const DiagPlace *place) {
  GString *out = g_string_new(NULL);
  for (const char *p = text; *p;) {
    const char *end = p + 1;
    if (is_name_start(*p)) {
      p = copy_name(expansion, p, place, out);
      continue;
    }
    if (*p == '\'' || *p == '"')
      end = literal_end(p);
    else if (*p == '$' || g_ascii_isdigit(*p))
      end = name_end(p + 1);
    g_string_append_len(out, p, end - p);
    p = end;
  }
  return g_string_free(out, FALSE);
}
