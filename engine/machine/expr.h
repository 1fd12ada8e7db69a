/* SPDX-License-Identifier: Apache-2.0 */
/*
 * expr.h - XPath 1.0 expressions: compiled at load, evaluated in a session.
 *
 * libxml2 prints large numbers with an exponent, which XPath 1.0 forbids: wherever a value
 * leaves XPath it is formatted here. An error callback during an evaluation makes
 * the result an error, whatever the library returned.
 */
#ifndef RK_MACHINE_EXPR_H
#define RK_MACHINE_EXPR_H

#include "machine/session_int.h"

/* With the functions and namespaces of the session's machine; NULL: it is no expression.
 * xmlXPathFreeCompExpr. */
xmlXPathCompExpr *expr_compile(Session *session, const char *text);

/* NULL on a fault. xmlXPathFreeObject. */
xmlXPathObject *expr_evaluate(Session *session, const Expr *expr);
/* The value as text; FALSE on a fault. g_free. */
gboolean expr_text(Session *session, const Expr *expr, char **out);
/* An attribute that may stand as NAMEexpr: the expression if there is one, else a copy of the text,
 * which may be NULL. FALSE on a fault. g_free. */
gboolean expr_or_text(Session *session, const Expr *expr, const char *text, char **out);
/* The effective boolean value; FALSE on a fault. */
gboolean expr_boolean(Session *session, const Expr *expr, gboolean *out);

/* The string values of a node-set in document order; NULL on a fault or for another type.
 * g_strfreev. */
char **expr_strings(Session *session, const Expr *expr);

/* The string value of an object by XPath 1.0's rules. g_free. */
char *expr_object_text(const xmlXPathObject *object);
char *expr_number_text(double number);

/* The functions of the extension namespace, for the checks. NULL-terminated. */
extern const char *const expr_extension_functions[];

#endif
