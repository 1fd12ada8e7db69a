/* SPDX-License-Identifier: Apache-2.0 */
/*
 * machine_int.h - the machine as this folder sees it. Built once by load.c, then
 * read-only: sessions of several cases share it.
 *
 * Invariants
 *  1. States are numbered in document order; the descendants of s are exactly the
 *     numbers s+1 … s->end-1, so that "is a descendant of" is a comparison.
 *  2. Transitions are numbered in document order over the whole document.
 *  3. Strings and nodes are borrowed from the document, or interned for its life.
 *  4. In strict mode every expression is compiled; in lenient mode one that does
 *     not compile is kept with compiled NULL and faults when it is evaluated.
 */
#ifndef RK_MACHINE_INT_H
#define RK_MACHINE_INT_H

#include "machine/bits.h"
#include "machine/machine.h"

#include <libxml/xpath.h>

typedef struct Action Action;
typedef struct State State;
typedef GPtrArray Block; /* of Action *: one block, an error ends it */

typedef struct {
  const char *text;
  xmlXPathCompExpr *compiled;
  const char *variable; /* the expression is $NAME and nothing else: its name; else NULL */
  DiagPlace place;
} Expr;

typedef struct {
  const char *name;
  Expr *expr, *location;
} Param;

/* <content> or the inline body of <data>/<assign>. */
typedef struct {
  Expr *expr;
  xmlNode *holder; /* element whose children are the content; NULL: none */
} Content;

typedef enum {
  ACTION_RAISE, ACTION_IF, ACTION_FOREACH, ACTION_LOG, ACTION_ASSIGN, ACTION_SEND,
  ACTION_CANCEL, ACTION_EXTENSION
} ActionKind;

/* Attributes of executable content that the interpreter reads. */
typedef enum {
  A_EVENT, A_EVENTEXPR, A_TARGET, A_TARGETEXPR, A_TYPE, A_TYPEEXPR, A_ID, A_IDLOCATION, A_DELAY,
  A_DELAYEXPR, A_NAMELIST, A_LABEL, A_EXPR, A_LOCATION, A_ATTR, A_SENDID, A_SENDIDEXPR, A_ARRAY,
  A_ITEM, A_INDEX, A_COUNT
} ActionAttribute;

typedef struct {
  Expr *cond; /* NULL: else */
  Block *body;
} Branch;

typedef struct {
  const char *name; /* without the suffix "expr" */
  const char *text; /* literal value, or NULL */
  Expr *expr;
} ExtensionAttribute;

typedef struct {
  const char *element;
  GArray *attributes; /* ExtensionAttribute */
  GArray *fields;     /* ExtensionAttribute: rk:field */
  const char *by;     /* of the enclosing transition */
  const State *state; /* it stands in */
} Extension;

struct Action {
  ActionKind kind;
  DiagPlace place;
  const char *text[A_COUNT];
  Expr *expr[A_COUNT]; /* compiled where the attribute is an expression or location */
  GArray *branches;    /* ACTION_IF: Branch */
  Block *body;         /* ACTION_FOREACH */
  GPtrArray *params;   /* ACTION_SEND: Param */
  GPtrArray *names;    /* ACTION_SEND: Param of namelist */
  Content content;     /* ACTION_SEND, ACTION_ASSIGN */
  Extension *extension;
};

typedef struct {
  Extension *extension; /* form, register … attributes */
  Expr *test;
  Expr *each;           /* once for each of these nodes: the paper's key, the entry's key */
  const char *message, *message_en;
  gboolean of_event;    /* cannot be judged before the event's data are known */
  const char *second_person; /* the events, or NULL */
} Requirement;

typedef struct {
  State *source;
  xmlNode *node; /* NULL: made for an initial attribute */
  guint number;
  char **descriptors;     /* event descriptors, normalised; NULL: eventless */
  const char *event_text; /* as written */
  Expr *cond;
  const char *cond_text;
  GArray *targets; /* guint */
  gboolean internal, to_history;
  const State *domain; /* unless to_history; NULL: no target */
  Block *body;
  GPtrArray *requirements; /* Requirement */
  GArray *asks;            /* MachineAsk; NULL: none */
  const char *by;
  MachineWords words;
  DiagPlace place;
} Transition;

typedef struct {
  const char *id;
  Expr *expr;
  const char *src;
  xmlNode *holder;
  DiagPlace place;
} Data;

typedef struct {
  MachineDeadline public;
  Expr *by; /* NULL: public.after */
  char *send_id;
} Deadline;

/* <invoke>: SCXML 6.4. Exactly one of `child`, `content.expr` and a source tells the document. */
typedef struct {
  guint number; /* in document order, over the whole machine */
  const State *state;
  DiagPlace place;
  const char *type, *source, *id;
  Expr *type_expr, *source_expr, *id_location;
  GPtrArray *params, *names; /* Param */
  Content content;           /* expr: evaluated when it is invoked */
  Machine *child;            /* of inline content; NULL also when that is faulty (lenient) */
  gboolean autoforward;
  Block *finalize; /* NULL: there is none; empty: returned values go to params and names */
} Invoke;

struct State {
  guint index, end;
  char *id;
  StateKind kind;
  State *parent;
  GPtrArray *children;    /* State: states, parallels, finals (no histories) */
  GPtrArray *histories;   /* State */
  Transition *initial;    /* compound: to the initial states; history: its default */
  GPtrArray *transitions; /* Transition */
  gboolean has_event, has_eventless;           /* such transitions */
  const State *look_event, *look_eventless;    /* the nearest, itself or outwards, that has them */
  GPtrArray *onentry, *onexit; /* Block */
  GPtrArray *datas;       /* Data */
  GPtrArray *donedata_params;
  Content donedata_content;
  gboolean has_donedata;
  GPtrArray *invokes;     /* Invoke */
  GArray *deadlines;      /* Deadline */
  MachineWords words;
  DiagPlace place;
  xmlNode *node;
};

struct Machine {
  gatomicrefcount references;
  MachineMode mode;
  char *file;
  xmlDoc *doc;            /* NULL: an inline child, which lives in its parent's document */
  xmlNode *root, *procedure; /* an inline child without a procedure has its parent's */
  const char *name;
  gboolean late_binding;
  gboolean null_model;    /* no data, no expressions but In() */
  GPtrArray *empty;       /* what all lists without members are */
  GPtrArray *states;      /* State, by index */
  GHashTable *by_id;      /* id → State */
  GPtrArray *transitions; /* all, by number */
  gboolean has_history, has_eventless;
  Bits *atomic;           /* states: atomic and final */
  GPtrArray *invokes;     /* all, by number */
  GPtrArray *expressions; /* Expr, for the checks */
  GPtrArray *sends;       /* Action, for the checks */
  GArray *inputs;         /* MachineAsk: top-level <data> with rk:input */
  GPtrArray *garbage;     /* Expr, Block …: freed with the machine (GDestroyNotify pairs) */
  MachineWords words;
  xmlXPathContext *idle_xpath; /* atomic: what no evaluation uses now, or NULL; all else stays as loaded */
};

/* TRUE when a is a proper descendant of b. */
static inline gboolean is_descendant(const State *a, const State *b) {
  return a->index > b->index && a->index < b->end;
}

static inline gboolean is_atomic(const State *state) {
  return state->kind == STATE_ATOMIC || state->kind == STATE_FINAL;
}

static inline gboolean is_history(const State *state) {
  return state->kind == STATE_HISTORY_SHALLOW || state->kind == STATE_HISTORY_DEEP;
}

/* <state> with children, or <scxml>: what findLCCA looks for. */
static inline gboolean is_compound(const State *state) {
  return state->kind == STATE_COMPOUND || state->kind == STATE_ROOT;
}

/* The days of after="P5D" calendar="business"; FALSE when it is anything but days. `out` may be
 * NULL. */
gboolean business_days(const MachineDeadline *deadline, int *out);

/* load.c and its parts share this while a document is read. */
typedef struct {
  Machine *machine;
  RkDiags *diags;
  gboolean failed;
  xmlXPathContext *xpath; /* for compiling alone */
  gboolean xpath_fault;
  GHashTable *variables;  /* names that expressions may use: char *, borrowed */
  GHashTable *data_ids;   /* those of them that <data> declares: char *, borrowed */
  guint suggestions;      /* made so far */
} Loader;

Loader loader_begin(Machine *machine, RkDiags *diags);
void loader_end(Loader *loader);
void loader_declare(Loader *loader, const char *variable);
void loader_fault(Loader *loader, DiagId id, const DiagPlace *place, const char *a, const char *b,
                  const char *c);
/* An expression of the document; never NULL. Faults by mode. */
Expr *loader_expr(Loader *loader, const char *text, DiagPlace place);
/* The same for a condition, the one kind of expression that the null data model has. */
Expr *loader_cond(Loader *loader, const char *text, DiagPlace place);
const char *loader_string(Loader *loader, char *take); /* kept with the machine; NULL stays */
const char *loader_attr(Loader *loader, const xmlNode *node, const char *name);
const char *loader_extension_attr(Loader *loader, const xmlNode *node, const char *name);
MachineWords loader_words(Loader *loader, const xmlNode *node);
Block *load_block(Loader *loader, const xmlNode *parent, const State *state, const char *by);
GPtrArray *load_params(Loader *loader, const xmlNode *parent);
/* Each word of a namelist is a location; its name is the word without '$'. */
GPtrArray *load_namelist(Loader *loader, const char *text, DiagPlace place);
Content load_content(Loader *loader, const xmlNode *element);
Extension *load_extension(Loader *loader, const xmlNode *node, const State *state, const char *by);
Requirement *load_requirement(Loader *loader, const xmlNode *node, const State *state);
gboolean invoke_knows_type(const char *type); /* NULL: the default, which is SCXML */
Invoke *load_invoke(Loader *loader, xmlNode *node, const State *state);
/* The machine of a <scxml> inside another document; NULL when it is faulty. */
Machine *load_inline(Loader *loader, xmlNode *root);
/* What is asked by an rk:ask, by a <data> with rk:input: added to the list of MachineAsk. */
void load_ask(Loader *loader, const xmlNode *node, GArray *list);
void load_input(Loader *loader, const xmlNode *node, GArray *list);
void *loader_keep(Loader *loader, gpointer memory, GDestroyNotify destroy);
/* A list that lives as long as the machine: begins empty, grows by loader_add alone. */
GPtrArray *loader_array(Loader *loader);
void loader_add(Loader *loader, GPtrArray **list, gpointer item);

/* vocabulary.c: element and attribute names, before anything is built. */
void machine_vocabulary_check(Loader *loader, xmlNode *root);
/* datamodel.c: what `type` of <assign> may say. NULL-terminated. */
extern const char *const datamodel_assign_types[];
/* select.c: what selecting needs and the document alone decides. */
void machine_index(Machine *machine);
/* conflicts.c: what excludes each other on one element. */
void conflicts_check(Loader *loader, const xmlNode *node);
/* check.c: what only the whole machine can tell. */
void check_machine(Loader *loader);

/* Split a list at white space; g_strfreev. Empty for NULL. */
char **split_words(const char *text);

#endif
