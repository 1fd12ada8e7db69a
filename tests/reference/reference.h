/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reference.h - a second, slow interpreter of SCXML for comparison with engine/machine.
 *
 * reference.c is Appendix D of the Recommendation ("Algorithm for SCXML Interpretation",
 * 1 September 2015) written out procedure by procedure, with its names, its lists and its
 * ordered sets, and nothing else: no bit sets, no numbers for states, no short cuts. It knows
 * no data model; of conditions it knows In() and their logic. It shares no code with the engine and
 * nothing in it may be taken from there: it is worth as much as it is independent.
 *
 * Documents are plain structs, made by ref_state_new() and friends and freed as a whole.
 */
#ifndef RK_TEST_REFERENCE_H
#define RK_TEST_REFERENCE_H

#include <glib.h>

typedef enum { REF_SCXML, REF_STATE, REF_PARALLEL, REF_FINAL, REF_HISTORY } RefElement;

/* Conditions: the logic of In(). REF_COND_ERROR cannot be evaluated. */
typedef enum { REF_COND_IN, REF_COND_NOT, REF_COND_AND, REF_COND_OR, REF_COND_ERROR } RefCondKind;

typedef struct RefCond RefCond;
struct RefCond {
  RefCondKind kind;
  const char *state;     /* REF_COND_IN: id */
  RefCond *left, *right; /* NOT: left only */
};

/* Executable content. REF_FAIL is an element whose argument cannot be evaluated. */
typedef enum { REF_RAISE, REF_SEND, REF_LOG, REF_IF, REF_FAIL } RefContentKind;

typedef struct {
  RefContentKind kind;
  const char *text;             /* event of raise and send (own external queue), label of log */
  RefCond *cond;                /* REF_IF */
  GPtrArray *then, *otherwise;  /* REF_IF: of RefContent; otherwise may be NULL */
} RefContent;

typedef struct RefState RefState;

typedef struct {
  RefState *source;
  const char *event; /* NULL: eventless */
  RefCond *cond;     /* NULL: none */
  GPtrArray *target; /* RefState, as written; empty: targetless */
  gboolean internal; /* type="internal" */
  GPtrArray *content; /* RefContent */
} RefTransition;

struct RefState {
  RefElement element;
  const char *id;
  guint document_order;
  RefState *parent;
  gboolean deep;          /* REF_HISTORY */
  GPtrArray *children;    /* RefState, all kinds, in document order */
  GPtrArray *transition;  /* RefTransition */
  RefTransition *initial; /* compound and scxml: initial.transition; history: its transition */
  GPtrArray *onentry, *onexit; /* of GPtrArray of RefContent: one block each */
};

typedef struct {
  RefState *scxml;
  GPtrArray *states; /* RefState, in document order; [0] is scxml */
  GPtrArray *memory, *lists; /* all that belongs to it */
} RefDocument;

RefDocument *ref_document_new(void);
void ref_document_free(RefDocument *doc);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RefDocument, ref_document_free)

/* All belong to the document. States must be made in document order; strings are copied. */
RefState *ref_state_new(RefDocument *doc, RefElement element, RefState *parent);
RefTransition *ref_transition_new(RefDocument *doc, RefState *source);
RefCond *ref_cond_new(RefDocument *doc, RefCondKind kind);
RefContent *ref_content_new(RefDocument *doc, RefContentKind kind, const char *text);
GPtrArray *ref_list_new(RefDocument *doc);
const char *ref_string(RefDocument *doc, char *take);

gboolean ref_is_descendant(const RefState *state, const RefState *ancestor);

/* What an interpreter tells: "enter" and "exit" of a state, "raise", "send", "log", "error",
 * "internal" and "event" (one is taken from its queue). */
typedef void (*RefTrace)(gpointer user, const char *what, const char *detail);

typedef struct RefInterpreter RefInterpreter;

/* Borrows the document. */
RefInterpreter *ref_interpreter_new(const RefDocument *doc, RefTrace trace, gpointer user);
void ref_interpreter_free(RefInterpreter *interpreter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RefInterpreter, ref_interpreter_free)

/* interpret(), up to the first wait for an external event; then one external event, up to
 * the next wait. FALSE when the machine has ended, or ran longer than `budget` microsteps
 * in one call (ref_runaway): no algorithm can tell that it would ever rest. */
gboolean ref_interpret(RefInterpreter *interpreter, guint budget);
gboolean ref_external_event(RefInterpreter *interpreter, const char *name, guint budget);

gboolean ref_running(const RefInterpreter *interpreter);
gboolean ref_runaway(const RefInterpreter *interpreter);
/* Whether the configuration is a legal one (3.11). While running: it always must be. */
gboolean ref_legal(const RefInterpreter *interpreter);
/* Ids of the active atomic states in document order, joined by spaces; after the end those
 * that were active when it came. g_free. */
char *ref_configuration(const RefInterpreter *interpreter);

#endif
