/* SPDX-License-Identifier: Apache-2.0 */
/*
 * renkei.h - the only public header of librenkei.
 *
 * Conventions that hold for every function here:
 *
 *   Text        UTF-8, NUL-terminated. Times are int64 microseconds since
 *               1970-01-01T00:00:00Z; days are Japanese days (UTC+9).
 *   Ownership   told by the verb: _new/_free, _open/_close, _take moves its
 *               argument in; a plain returned pointer is borrowed from the
 *               first argument; results through an out parameter belong to
 *               the caller. _free(NULL) and _close(NULL) are legal.
 *   Failure     three kinds, never mixed. Wrong input and a failing world
 *               give an RkStatus other than RK_OK and at least one record
 *               in `diags`; out parameters are then NULL. Our own bugs abort.
 *   Printing    nothing here prints, exits or reads the environment.
 */
#ifndef RENKEI_H
#define RENKEI_H

#include <glib.h>

G_BEGIN_DECLS
#pragma GCC visibility push(default)

/* ------------------------------------------------------------------ status */

/* How a call ended. The values are the exit codes of the command line. */
typedef enum {
  RK_OK = 0,         /* done */
  RK_FAILED = 1,     /* the world failed: I/O, a missing font, … */
  RK_USAGE = 2,      /* the call's own words are wrong */
  RK_NOT_FOUND = 3,  /* no such case, form, procedure, register entry */
  RK_REFUSED = 4,    /* the procedure or a right refuses; nothing changed */
  RK_CONFLICT = 5,   /* somebody else changed the case meanwhile, or it exists already; a used request id */
  RK_INVALID = 6,    /* the document or the values given are wrong */
  RK_PARTIAL = 7,    /* part of a batch was done; diags tells which not */
  RK_CANCELLED = 8,  /* the person at the prompt said no */
  RK_STORE = 10,     /* the database is missing, locked, damaged or newer */
  RK_NOMEM = 71      /* out of memory: nothing was acknowledged */
} RkStatus;

/* ------------------------------------------------------------- diagnostics */

typedef enum { RK_LEVEL_ERROR, RK_LEVEL_WARNING, RK_LEVEL_NOTE } RkLevel;

/* One thing that is wrong, and how to put it right. All strings borrowed. */
typedef struct {
  RkLevel level;
  const char *code;    /* stable, e.g. "WF012"; explained in renkei-diag(7) */
  const char *file;    /* NULL when no file is concerned */
  int line;            /* from 1; 0 when unknown */
  int column;          /* from 1, in characters; 0 when unknown */
  const char *message; /* what is wrong, in the user's language */
  const char *remedy;  /* what to do about it; never empty */
} RkDiag;

typedef struct RkDiags RkDiags;

RkDiags *rk_diags_new(void);
void rk_diags_free(RkDiags *diags);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RkDiags, rk_diags_free)

/* All records, sorted by file, line and column; records of one place keep
 * the order in which they were added. */
guint rk_diags_count(const RkDiags *diags);
const RkDiag *rk_diags_get(const RkDiags *diags, guint index);
/* TRUE if at least one record is of level error. */
gboolean rk_diags_has_errors(const RkDiags *diags);

/* The word of the NULL-terminated list that was probably meant by `word` (one or two characters away); NULL if
 * none was. Borrowed from the list. */
const char *rk_near_word(const char *word, const char *const *known);

/* ------------------------------------------------------------------ tables */

/*
 * Answers that are lists come as tables: columns with a frozen English key and
 * a title in the user's language, and rows of text cells. The command line
 * prints the same table as aligned text, JSON or CSV.
 */
typedef enum {
  RK_COLUMN_TEXT,
  RK_COLUMN_NUMBER, /* a decimal integer; a JSON number */
  RK_COLUMN_BOOL,   /* "yes" or "no"; a JSON boolean */
  RK_COLUMN_TIME    /* ISO 8601 */
} RkColumnType;

typedef struct RkTable RkTable;

void rk_table_free(RkTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RkTable, rk_table_free)
const char *rk_table_id(const RkTable *table);    /* "papers": JSON member */
const char *rk_table_title(const RkTable *table); /* for people */
guint rk_table_columns(const RkTable *table);
const char *rk_table_column_key(const RkTable *table, guint column);
const char *rk_table_column_title(const RkTable *table, guint column);
RkColumnType rk_table_column_type(const RkTable *table, guint column);
guint rk_table_rows(const RkTable *table);
/* NULL where there is no value (JSON null). */
const char *rk_table_cell(const RkTable *table, guint row, guint column);
/* The cell of the column with this key; NULL when there is no such column. */
const char *rk_table_get(const RkTable *table, guint row, const char *key);

/* ------------------------------------------------------- workflow files */

/* Where the shipped files lie. Borrowed; must outlive what is opened with it. */
typedef struct {
  const char *datadir;   /* holds workflows/, forms/, xsl/, fonts.conf */
  const char *moduledir; /* holds the printing module */
} RkSite;

/*
 * Check workflow and form files (by their root element) and, for folders, all in
 * them; a workflow is checked against the forms it uses. All faults at once.
 * RK_INVALID when there is an error; warnings alone are RK_OK.
 */
RkStatus rk_workflow_check(const RkSite *site, const char *const *paths, RkDiags *diags);
/* Where the handbook of these workflows (files or folders) is silent or contradicts itself, and how
 * it was read: procedure, id, point, reading, form, source, file, line. An overlay does not repeat
 * the points of its base. What cannot be read is left out. */
RkTable *rk_workflow_points(const char *const *paths);

/* One line of a trace: what happened ("enter", "exit", "event", "log", "sent" …) to what. */
typedef void (*RkTraceFunc)(gpointer user, const char *what, const char *detail);

/*
 * Run any SCXML document in memory on a virtual clock with the external events
 * given, in order; due delayed sends fire before each and after the last one. An event
 * word "+P7D" lets that much time pass instead.
 * *out_final is the id of the top-level final reached, or NULL; *out_waiting lists
 * (space-separated) the active states when it waits. RK_OK in both cases.
 */
RkStatus rk_workflow_simulate(const char *path, const char *const *events, gboolean lenient,
                              RkTraceFunc trace, gpointer user, char **out_final,
                              char **out_waiting, RkDiags *diags);

/* The workflow at `path` as one SCXML document, an overlay put together with its base; comments tell
 * where a line came from. Not checked further: what is wrong in it shall be seen. g_free. */
RkStatus rk_workflow_flatten(const char *path, char **out_xml, RkDiags *diags);

/*
 * The document without extensions, as any SCXML processor with the XPath data model can run it;
 * workflows/README.md says what each extension becomes. A file with faults gives none. g_free.
 */
RkStatus rk_workflow_expand(const char *path, char **out_xml, RkDiags *diags);

/* What differs between two procedures (change, where, what, from, to), overlays flattened; no row: nothing. */
RkStatus rk_workflow_diff(const char *from, const char *to, RkTable **out, RkDiags *diags);

/*
 * A data folder for a municipality of one's own: everything shipped as links, beside it empty folders
 * workflows/MUNICIPALITY and forms/MUNICIPALITY. In a folder made so before, what is missing is added: another
 * municipality, or what a newer version ships. RK_CONFLICT when something else lies there, or the name is taken.
 */
RkStatus rk_workflow_begin(const RkSite *site, const char *folder, const char *municipality,
                           RkDiags *diags);

/* The machine as a Graphviz document: titles, step numbers, actors. g_free. */
RkStatus rk_workflow_graph(const char *path, char **out_dot, RkDiags *diags);

/*
 * Run *.test.xml files (or all in folders) against an in-memory database on a
 * virtual clock. The tables:
 *   tests    a row a test: file, desk, test, result, message
 *   papers   every way a paper went in them (what "moves": form, from, to, channel) and where
 *            papers lay at the end ("lies": form, kind as from, holder as to), each once
 *   untaken  the transitions that no test of their procedure took: file, line, state, event
 *   coverage  a row a procedure: file, transitions (how many it has), taken
 * RK_FAILED when a test failed.
 */
RkStatus rk_workflow_test(const RkSite *site, const char *const *paths, GPtrArray **out,
                          RkDiags *diags);

/* The shipped forms: code, printed code, title, municipality. */
RkStatus rk_form_list(const RkSite *site, RkTable **out, RkDiags *diags);

typedef enum { RK_FORMAT_HTML, RK_FORMAT_PDF, RK_FORMAT_TIFF, RK_FORMAT_PNG, RK_FORMAT_FO } RkFormat;

/* An unnumbered blank of a shipped form. `lenient`: what the stylesheet writes outside the subset of XSL-FO is left
 * out with a warning; for whoever tries a stylesheet. A paper of a case is never printed so. */
RkStatus rk_form_blank(const RkSite *site, const char *code, RkFormat format, gboolean lenient,
                       GBytes **out, RkDiags *diags);

/* -------------------------------------------------------------- the desk */

/*
 * A desk is a party's case database, opened by one operator. Which roles of which
 * municipality the party plays was recorded when it was made.
 */
typedef struct RkDesk RkDesk;

typedef struct {
  const char *office;       /* short name of the office, e.g. "asahi-clinic" */
  const char *municipality; /* folder name of the shipped procedures */
  const char *const *roles; /* roles this desk plays, NULL-terminated */
  gboolean exercise;        /* for practice: papers are marked, the clock may be set */
} RkDeskConfig;

/*
 * Make a database at `path` and install the municipality's shipped bundles.
 * `operator_` (an OS user name) becomes the founding operator for all its roles.
 * RK_CONFLICT when the file exists, RK_NOT_FOUND for an unknown municipality or role.
 */
RkStatus rk_desk_create(RkDesk **out, const RkSite *site, const char *path,
                        const RkDeskConfig *config, const char *operator_, gint64 now,
                        RkDiags *diags);
RkStatus rk_desk_open(RkDesk **out, const RkSite *site, const char *path, const char *operator_,
                      RkDiags *diags);
/*
 * A file may hold several offices, which see nothing of each other. `office` NULL: the one the operator
 * works for; RK_USAGE when there are several, RK_NOT_FOUND when there is no such office. Who works
 * for none can open the file, and is refused everything.
 */
RkStatus rk_desk_open_office(RkDesk **out, const RkSite *site, const char *path,
                             const char *office, const char *operator_, RkDiags *diags);
void rk_desk_close(RkDesk *desk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RkDesk, rk_desk_close)
/* The offices of the file that the operator works for: office, municipality, roles (of the operator), state (as
 * for rk_operator_list). */
RkStatus rk_office_list(RkDesk *desk, RkTable **out, RkDiags *diags);
gboolean rk_desk_is_exercise(const RkDesk *desk);
/* The time at which what follows is read: reading is noted in the access log. To be called after
 * opening, and again when time has passed. */
void rk_desk_at(RkDesk *desk, gint64 now);

typedef struct {
  const char *path; /* "institution", "users[2].name" */
  const char *text;
} RkValue;

/*
 * What a change carries with it. Zeroed fields have the meaning given.
 * Each change is one transaction: wholly done and durable, or nothing.
 */
typedef struct {
  const char *id;       /* request id; the same request, repeated with it by the same operator at any time `now`,
                           gets the first answer; another one under it RK_CONFLICT. NULL: made up */
  const char *line;     /* what was typed, where it means something else once it has been done: an event by its number
                           in the list, values that are then asked for; for rk_case_done. Taken by rk_case_do. NULL */
  gint64 now;           /* when it is entered */
  gint64 happened;      /* when it happened; 0: now */
  const char *as_role;  /* which of the operator's roles; NULL: the one that fits */
  const char *evidence; /* "paper", "phone", "screen" …; NULL: not said */
  const char *on_behalf; /* the operator in whose name it is entered, and who has to confirm it; NULL: own.
                            Taken by rk_case_open, rk_case_do, rk_form_fill */
  const char *why;      /* free words of the operator; NULL: none */
  const RkValue *values; /* what the event asks for (rk_case_do; rk_event_inputs says which) */
  guint n_values;
  const char *not_my_number; /* what looks like an Individual Number is this other number; journaled */
  gboolean late;        /* it happened before deadlines that have passed: take these back first */
  gboolean dry_run;     /* say what would happen, change nothing */
} RkRequest;

/* A further office in the file, by an administrator of the first one; `operator_` (an OS user) becomes its
 * founding operator. config->exercise is that of the file. RK_CONFLICT when there is one of the name. */
RkStatus rk_office_add(RkDesk *desk, const RkRequest *request, const RkDeskConfig *config,
                       const char *operator_, RkDiags *diags);

/* Which part of a long list. The order and what `after` names are said with each. NULL for a page: all
 * of it, to be asked only where it cannot grow with the number of cases. */
typedef struct {
  const char *after; /* the last one of the part before; NULL: from the start */
  guint limit;       /* at most so many rows; 0: all */
  gboolean more;     /* set by the call: it goes on */
} RkPage;
#define RK_PAGE 50   /* rows of a part, where a list has only one length */

/* Today's work: the first RK_PAGE of each: tables "overdue", "mine", "unconfirmed", "open", "outbox",
 * "disclosures" (not yet answered), "arrived" (papers that came and were not entered: columns as of "papers"
 * in rk_receive), "tray" (pages that came and wait). Array owns the tables. */
RkStatus rk_desk_today(RkDesk *desk, gint64 now, GPtrArray **out, RkDiags *diags);
/* Health: a row a check with result ok | warning | error and a remedy. `path` and `office` may be NULL. */
RkStatus rk_doctor(const RkSite *site, const char *path, const char *office,
                   const char *operator_, RkTable **out, RkDiags *diags);
/* Installed procedures: key (the name), state, since, seq, bundle, municipality, title. */
RkStatus rk_desk_procedures(RkDesk *desk, RkTable **out, RkDiags *diags);
/* What must be said when a case of `procedure` is opened: name, title, required, public, type
 * (text, name, date, choice), values (of a choice). */
RkStatus rk_procedure_inputs(RkDesk *desk, const char *procedure, RkTable **out, RkDiags *diags);
/* Install bundles: workflow files or folders; NULL: the shipped ones of the desk's municipality.
 * Unchanged bundles are skipped. Rows: procedure, bundle, result (installed | unchanged). */
/* rk_workflow_diff of what new cases get now and the procedure of the same name in a file. */
RkStatus rk_desk_diff(RkDesk *desk, const char *path, RkTable **out, RkDiags *diags);
RkStatus rk_desk_install(RkDesk *desk, const RkRequest *request, const char *const *paths,
                         RkTable **out, RkDiags *diags);

/* ----------------------------------------------------------------- cases */

/* Open a case. `values` are its inputs. *number is "R8-0012". */
RkStatus rk_case_open(RkDesk *desk, const RkRequest *request, const char *procedure,
                      const RkValue *values, guint n_values, char **number, RkDiags *diags);

typedef struct {
  const char *procedure, *state, *waits_for, *text;
  gint64 due_before; /* 0: any */
  gboolean with_closed;
  const char *after; /* number of the last case seen; NULL: from the start */
  guint limit;       /* 0: 50 */
} RkCaseFilter;
/* Columns: number, procedure, title, state, state_title, waits_for, waits_for_title, due,
 * overdue, updated, label. */
RkStatus rk_case_list(RkDesk *desk, const RkCaseFilter *filter, RkTable **out, RkDiags *diags);

/* One case as tables: "case", "next", "papers", "transmissions", "timers", "unconfirmed", "linked". */
RkStatus rk_case_show(RkDesk *desk, const char *number, gint64 now, GPtrArray **out, RkDiags *diags);
/* What can happen next: no, event, title, step, by, by_title, possible, missing. */
RkStatus rk_case_next(RkDesk *desk, const char *number, gint64 now, RkTable **out, RkDiags *diags);

/* A paper that arrived with an event, or was laid on the desk. */
typedef struct {
  const char *form;
  const char *channel;  /* NULL: the procedure's */
  gboolean incomplete;  /* the operator found something missing */
} RkReceived;

/* What must be said when `event` is entered now; columns as for rk_procedure_inputs. Nothing of the
 * case is told, so it is not noted as a reading. */
RkStatus rk_event_inputs(RkDesk *desk, const char *number, const char *event, gint64 now,
                         RkTable **out, RkDiags *diags);

/*
 * Something happened. Refused (RK_REFUSED, nothing changed) with every reason: not
 * possible now, not the operator's right, a requirement. *out: what was done, a row a
 * step: what, subject, whom, state.
 */
RkStatus rk_case_do(RkDesk *desk, const RkRequest *request, const char *number, const char *event,
                    const RkReceived *received, guint n_received, RkTable **out, RkDiags *diags);

/* What rk_case_do answered to the request with this id, when it was given the same line then: to be asked before the
 * line is looked up. *out NULL: it was given none, or another. */
RkStatus rk_case_done(RkDesk *desk, const RkRequest *request, const char *number, RkTable **out,
                      RkDiags *diags);

/* One of many events: what rk_case_do is given. */
typedef struct {
  RkRequest request;
  const char *number, *event;
  const RkReceived *received;
  guint n_received;
} RkDeed;

/*
 * Many events as one transaction. Each is judged, journaled and answered by itself, under its own
 * request id; one that is refused leaves nothing but a line in the access log, and keeps no other
 * from happening. They last when RK_OK is returned, or RK_PARTIAL: some were refused. On any other
 * status none of them happened. *out: a row an event: case, event, result (done, refused), missing.
 * Nobody else can write meanwhile: rather a hundred at a time than all of a long list.
 */
RkStatus rk_case_do_all(RkDesk *desk, const RkDeed *deeds, guint n_deeds, RkTable **out, RkDiags *diags);
/*
 * Take back the last deed of a person in the case, with the deadlines that passed after it. The
 * journal keeps both. Refused when a paper has left by it, or another case has relied on it.
 * Needs request->why. *out, in a dry run too: seq, happened, kind, event, operator, title.
 */
RkStatus rk_case_undo(RkDesk *desk, const RkRequest *request, const char *number, RkTable **out,
                      RkDiags *diags);
/* Whom the case is about, to be compared before something is confirmed: where, name, birth, insurance. `show`
 * FALSE: only where such values stand; nobody then reads them. */
RkStatus rk_case_identity(RkDesk *desk, const char *number, gboolean show, RkTable **out,
                          RkDiags *diags);
/* What was entered for the case in the operator's name and waits for him: case, kind, event, operator, on_behalf,
 * since, key. */
RkStatus rk_case_unconfirmed(RkDesk *desk, const char *number, RkTable **out, RkDiags *diags);
/* The operator confirms all of it. RK_REFUSED when nothing waits for him. */
RkStatus rk_case_confirm(RkDesk *desk, const RkRequest *request, const char *number,
                         RkDiags *diags);
/* A remark in the journal; changes nothing else. */
RkStatus rk_case_note(RkDesk *desk, const RkRequest *request, const char *number, const char *text,
                      RkDiags *diags);
/* The journal of a case (number), or all (NULL), after a seq: seq, case, happened, entered, operator, actor,
 * actor_title, kind, event, title, evidence, why, on_behalf,
 * confirmed, hash. */
RkStatus rk_case_log(RkDesk *desk, const char *number, RkPage *page, RkTable **out, RkDiags *diags);

/*
 * Everything held on a case, written to `path`: a new folder, or a new file when it ends in .tar
 * (0700, 0600; nothing is replaced: RK_CONFLICT). It is read and checked without this program:
 * index.html, the papers (HTML, PDF, values as XML), the journal with its hashes, what was written in
 * registers, the procedure. In the language of the messages. Noted in the access log.
 * *files: how many.
 */
RkStatus rk_export(RkDesk *desk, const RkRequest *request, const char *number, const char *path,
                   guint *files, RkDiags *diags);

/* ----------------------------------------------------------------- papers */
/* A paper of a case is named by the code of its form ("form-a"), or, where the case has one for each
 * of several parties, by code and party ("form-a:例示薬局"). */

/* Fields of a paper: path, label, type, required, value, problem. */
RkStatus rk_form_values(RkDesk *desk, const char *number, const char *form, RkTable **out,
                        RkDiags *diags);
/* The paper as editable "path = value" text with labels as comments. g_free. */
RkStatus rk_form_text(RkDesk *desk, const char *number, const char *form, char **out,
                      RkDiags *diags);
/* Take such text (`name` for diagnostics). Good values are kept only if all are good.
 * *out: the paper's state after it. */
RkStatus rk_form_fill(RkDesk *desk, const RkRequest *request, const char *number, const char *form,
                      const char *text, const char *name, char **out_state, RkDiags *diags);
/* Everything that keeps the paper from being complete. RK_INVALID when something does. */
RkStatus rk_form_check(RkDesk *desk, const char *number, const char *form, RkDiags *diags);
/* A person did something to the paper: "signed", "returned", "voided". */
RkStatus rk_form_event(RkDesk *desk, const RkRequest *request, const char *number,
                       const char *form, const char *event, RkDiags *diags);
/* A paper of the other side was laid on our desk and judged. */
RkStatus rk_form_receive(RkDesk *desk, const RkRequest *request, const char *number,
                         const RkReceived *received, RkDiags *diags);
/* The paper as a document. */
RkStatus rk_form_print(RkDesk *desk, const char *number, const char *form, RkFormat format,
                       GBytes **out, RkDiags *diags);

/*
 * Pages that came back by FAX, or were scanned: a file of TIFF, PNG or PDF, with pages of many papers.
 * What the code on a page names is filed beside the paper of its case; all else goes to the tray.
 */
typedef struct {
  const char *channel; /* how it came; NULL: the only way that each procedure has */
  gboolean apply;      /* enter what the papers make possible, where the procedure expects them */
} RkArrival;
/*
 * Of files (NULL-terminated; "-" is standard input, read to its end), each for itself: what is wrong
 * with one does not keep the others out.
 * Tables: "pages" (file, page, state, reason, number, sheet, case, paper, id) and "papers" (case, papers,
 * state: proposed, entered or refused; event, command); pages are told as they stand when all files are
 * read. The same file again is proposed, or with `apply` entered, again where that was not done, if its
 * papers are still the present ones; without `apply`, pages that were rejected or blank are taken in again,
 * and what waits for another channel is judged by the one that is said now. RK_PARTIAL: something went to
 * the tray, or waits there still, or was refused. RK_USAGE: there is no such channel.
 */
RkStatus rk_receive(RkDesk *desk, const RkRequest *request, const char *const *paths,
                    const RkArrival *arrival, GPtrArray **out, RkDiags *diags);
/* What waits for a person: id, since, reason, number, sheet, form, channel. `after` is an id. */
RkStatus rk_tray_list(RkDesk *desk, RkPage *page, RkTable **out, RkDiags *diags);
/* A page is named by its id or the beginning of it. Tables "page" (one row, with advice, and of a paper that is
 * not whole the missing pages) and "candidates" (rank,
 * case, form, title, reason), the best first. */
RkStatus rk_tray_show(RkDesk *desk, const char *id, gint64 now, GPtrArray **out, RkDiags *diags);
/* Its picture, PNG; of a page that lies beside a case, too, by its whole id. */
RkStatus rk_tray_picture(RkDesk *desk, const char *id, GBytes **out, RkDiags *diags);
/* It belongs to a paper of a case; or (`form` NULL) `number` is the number that stands on the paper, with
 * its check characters. RK_REFUSED: the code on the page says another paper that is here. *out: as
 * "papers" above. */
RkStatus rk_tray_match(RkDesk *desk, const RkRequest *request, const char *id, const char *number,
                       const char *form, RkTable **out, RkDiags *diags);
/* It is none of ours; the picture is erased. Needs request->why. */
RkStatus rk_tray_reject(RkDesk *desk, const RkRequest *request, const char *id, RkDiags *diags);

/* Who holds which exemplar: case, form, paper (as commands name it), code, party (of several), kind, holder, holder_title, since. Both filters
 * may be NULL. In the order of cases; a page ends with the end of the case that `after` can name. */
RkStatus rk_custody(RkDesk *desk, const char *number, const char *holder, RkPage *page,
                    RkTable **out, RkDiags *diags);

/* The handbook's list, as the installed procedures have it: role, role_title, form, code, title,
 * goes (by which channel to whom), keeps, open_point. */
RkStatus rk_custody_handbook(RkDesk *desk, RkTable **out, RkDiags *diags);

/* What the handbook demands beside its procedures: id, kind (guard, log, listing, reminder,
 * checklist, help), title, source. */
RkStatus rk_duty_list(RkDesk *desk, RkTable **out, RkDiags *diags);
/* Its words, and where they are enforced: part, text. */
RkStatus rk_duty_show(RkDesk *desk, const char *id, RkTable **out, RkDiags *diags);
/* Note in the journal that a duty was done; request->why says what. */
RkStatus rk_duty_record(RkDesk *desk, const RkRequest *request, const char *id, RkDiags *diags);

/* ------------------------------------------------- outbox, timers, registers */

/* id, case, form, title, from, from_title, to, to_title, channel, state, updated, contact and number (to which
 * the FAX program sends or would send it), tries, next (when it is tried again), pages, reported (by the other
 * side), answer; state NULL: all not settled. In the order in which they came; `after` is an id. */
RkStatus rk_outbox_list(RkDesk *desk, const char *state, RkPage *page, RkTable **out,
                        RkDiags *diags);
/*
 * Hand queued papers, and those whose next try is due, over: to the drop folder `folder` as TIFF and PDF, or
 * (NULL) to the office's FAX program, which the settings fax.* describe. Only a number that two persons have
 * entered is used. Rows: id, result. RK_PARTIAL when something stayed, failed or is unknown, with diagnostics;
 * RK_CONFLICT while another process does it.
 */
RkStatus rk_outbox_run(RkDesk *desk, const RkRequest *request, const char *folder, RkTable **out,
                       RkDiags *diags);
/* A person settles a transmission: "confirmed", "failed", "cancelled", "queued" (retry). `pages` (0: not said) that
 * the other side reports: a confirmation of another number than was handed over makes it "unknown" and gives
 * RK_PARTIAL. */
RkStatus rk_outbox_settle(RkDesk *desk, const RkRequest *request, const char *id,
                          const char *result, guint pages, RkDiags *diags);
/* Say to which party of its role a waiting transmission goes, where several play it. */
RkStatus rk_outbox_address(RkDesk *desk, const RkRequest *request, const char *id,
                           const char *party, RkDiags *diags);
/* All that was noted of a transmission, the oldest first: since, state, seq, by (command, folder), contact, number,
 * tries, pages, reported, answer, job, next, sha256 and output (what the program said: the proof). */
RkStatus rk_outbox_show(RkDesk *desk, const char *id, RkTable **out, RkDiags *diags);

/*
 * The address book: the FAX number of a role, or of each party that plays it (`party` NULL: of the role).
 * Nothing is sent to a number that is new or changed before another operator has typed it in again: RK_REFUSED
 * when it is the same operator, or another number.
 */
RkStatus rk_contact_set(RkDesk *desk, const RkRequest *request, const char *role, const char *party,
                        const char *number, RkDiags *diags);
RkStatus rk_contact_confirm(RkDesk *desk, const RkRequest *request, const char *role,
                            const char *party, const char *number, RkDiags *diags);
RkStatus rk_contact_forget(RkDesk *desk, const RkRequest *request, const char *role,
                           const char *party, RkDiags *diags);
/* key, state (proposed, confirmed, ended), fax, proposed_by, confirmed_by; `after` is a key. */
RkStatus rk_contact_list(RkDesk *desk, RkPage *page, RkTable **out, RkDiags *diags);

/* Fire everything due at or before request->now, in due order, and try again what the FAX program could not send
 * ("outbox" as the event). Rows: case, event, due, state.
 * RK_PARTIAL when deadlines of some cases were refused: they wait for the next time, the others
 * were entered; or when one that was entered sends a paper that cannot be drawn: it waits in the outbox. */
RkStatus rk_desk_tick(RkDesk *desk, const RkRequest *request, RkTable **out, RkDiags *diags);

/* Entries of a register: key, state, case, since, seq and its fields; `key` NULL: all, after a key;
 * with `history` every value an entry ever had ("undone": there was none again). */
RkStatus rk_register_list(RkDesk *desk, const char *name, const char *key, gboolean history,
                          RkPage *page, RkTable **out, RkDiags *diags);

/* Write an entry by hand: what was so before this database was made, or a correction. Needs
 * request->why; request->values are its fields. Held against the register's life cycle. */
RkStatus rk_register_set(RkDesk *desk, const RkRequest *request, const char *name, const char *key,
                         const char *state, RkDiags *diags);

/* The desk has looked at our layout of a form whose body no handbook prints: it may now leave the
 * building. Holds for the layouts that the installed procedures print, not for later ones. */
RkStatus rk_form_approve(RkDesk *desk, const RkRequest *request, const char *code, RkDiags *diags);

/* Days on which this office does not work: day, title, kind (holiday, closure). Sorted. */
RkStatus rk_calendar_list(RkDesk *desk, RkTable **out, RkDiags *diags);
/* The office is closed on `day` (as a person writes it), or works after all (`closed` FALSE). */
RkStatus rk_calendar_set(RkDesk *desk, const RkRequest *request, const char *day, gboolean closed,
                         const char *title, RkDiags *diags);

/*
 * Disclosure: a person asks for what is held on him or her. Names are matched as `renkei search` does,
 * over all papers, events, remarks and registers; `register_` (NULL: everything) looks at one register.
 *
 * Who it could be: no, name, birth, insurance, records, where.
 */
RkStatus rk_disclose_find(RkDesk *desk, const char *text, const char *register_, RkTable **out,
                          RkDiags *diags);
/* Note the request. `choice`: which of those found, "1" or "1,3"; NULL when there is one only. `due`: a
 * day; NULL: by the setting disclosure.period. *id: g_free. */
RkStatus rk_disclose_open(RkDesk *desk, const RkRequest *request, const char *text,
                          const char *register_, const char *choice, const char *due, char **id,
                          RkDiags *diags);
/* id, state (requested, answered, refused), asked, due, overdue. */
RkStatus rk_disclose_list(RkDesk *desk, gint64 now, gboolean all, RkTable **out, RkDiags *diags);
/* Write everything held to `path`, as rk_export does: what stands where, to whom papers of these cases
 * went, who looked at them. Other people's rows in the same papers are left out. */
RkStatus rk_disclose_answer(RkDesk *desk, const RkRequest *request, const char *id,
                            const char *path, guint *files, RkDiags *diags);
/* Needs request->why. */
RkStatus rk_disclose_refuse(RkDesk *desk, const RkRequest *request, const char *id, RkDiags *diags);

/*
 * Disposal: what is kept no longer, proposed by one operator, approved by another, carried out after a
 * waiting time by either. Steps and states: engine/api/dispose.c.
 *
 * rk_dispose_list: closed cases whose period is over; `all`: every closed one. number, procedure,
 * outcome, closed, due_from, ground, possible, missing.
 */
RkStatus rk_dispose_list(RkDesk *desk, gint64 now, gboolean all, RkTable **out, RkDiags *diags);
/* Propose these cases (NULL-terminated). *id: of the disposal, g_free. RK_REFUSED with every reason. */
RkStatus rk_dispose_propose(RkDesk *desk, const RkRequest *request, const char *const *numbers,
                            char **id, RkDiags *diags);
RkStatus rk_dispose_approve(RkDesk *desk, const RkRequest *request, const char *id, RkDiags *diags);
/* Needs request->why. */
RkStatus rk_dispose_withdraw(RkDesk *desk, const RkRequest *request, const char *id, RkDiags *diags);
/* A case that must stay (`held`), or need not any more. Needs request->why. */
RkStatus rk_dispose_hold(RkDesk *desk, const RkRequest *request, const char *number, gboolean held,
                         RkDiags *diags);
/* Erase what the cases held; what was interrupted is finished. RK_PARTIAL: something is in the way yet.
 * *out: the tables of rk_dispose_show. */
RkStatus rk_dispose_run(RkDesk *desk, const RkRequest *request, const char *id, GPtrArray **out,
                        RkDiags *diags);
/* All disposals: as rk_register_list. */
RkStatus rk_dispose_disposals(RkDesk *desk, RkTable **out, RkDiags *diags);
/* One: "disposal", "cases", "originals" (papers that their holders destroy), "backups" (copies that
 * still hold it). No personal data. */
RkStatus rk_dispose_show(RkDesk *desk, const char *id, GPtrArray **out, RkDiags *diags);
/* The same as an HTML page to print. */
RkStatus rk_dispose_certificate(RkDesk *desk, const char *id, GBytes **out, RkDiags *diags);

/* Who may enter what: key (OS user), name, roles, from, until, state (active, not-yet, expired, ended),
 * since, seq. */
RkStatus rk_operator_list(RkDesk *desk, RkTable **out, RkDiags *diags);
/* An operator; NULL: as it is (a new one: none, the user's name, no limit). Days as a person writes
 * them, both included; "": no limit. Roles of this desk by commas, and "administrator". */
typedef struct {
  const char *user, *name, *roles, *from, *until;
} RkOperator;
/* Administrators only, and one of them without a last day is always left. Add: RK_CONFLICT when active. */
RkStatus rk_operator_add(RkDesk *desk, const RkRequest *request, const RkOperator *operator_,
                         RkDiags *diags);
RkStatus rk_operator_change(RkDesk *desk, const RkRequest *request, const RkOperator *operator_,
                            RkDiags *diags);
/* `on`: the last day; NULL: ended at once. */
RkStatus rk_operator_stop(RkDesk *desk, const RkRequest *request, const char *user, const char *on,
                          RkDiags *diags);

/* A setting of the desk ("association.fax"): what no handbook states. value NULL: forget. */
RkStatus rk_setting_list(RkDesk *desk, RkTable **out, RkDiags *diags);
RkStatus rk_setting_set(RkDesk *desk, const RkRequest *request, const char *key, const char *value,
                        RkDiags *diags);

/*
 * A verified copy of the database in `folder`, named by office and time, made while others work;
 * then the oldest copies go until `keep` are left (0: all stay). Rows: file, entries, result (made |
 * removed | kept).
 */
RkStatus rk_db_backup(RkDesk *desk, const RkRequest *request, const char *folder, guint keep,
                      RkTable **out, RkDiags *diags);
/* The copy `from` becomes the database `path`, which must not exist; verified first, and noted in its
 * journal (request->why). *entries: how many journal entries the copy held. */
RkStatus rk_db_restore(const RkSite *site, const char *from, const char *path,
                       const char *operator_, const RkRequest *request, gint64 *entries,
                       RkDiags *diags);
/* Bring a database made by an earlier version to the present one. */
RkStatus rk_db_migrate(const char *path, RkDiags *diags);

/* The keys that the pages of papers are signed with, "….paper-keys" beside the database: rows key, from
 * (the journal entry from which on it signs). RK_REFUSED when the file is missing or others may read it. */
RkStatus rk_paper_keys(RkDesk *desk, RkTable **out, RkDiags *diags);
/* A new key, which signs what is made from now on; pages signed with the earlier ones are still known.
 * Makes the file when there is none. */
RkStatus rk_paper_keys_add(RkDesk *desk, const RkRequest *request, RkDiags *diags);

/* Sign the journal as it stands: a text to be kept where nobody who can change the database can change
 * it. *out: g_free. The key is made by the first one, beside the database. */
RkStatus rk_checkpoint(RkDesk *desk, const RkRequest *request, char **out, RkDiags *diags);
/* Whether the journal is the one that a checkpoint (its text), or a printed "NUMBER HASH", has seen.
 * RK_FAILED with the reason when not. */
RkStatus rk_verify_against(RkDesk *desk, const char *text, const char *name, RkDiags *diags);
/* Only the two chains and the checkpoints: as rk_verify, without replaying. */
RkStatus rk_verify_chain(RkDesk *desk, RkTable **out, RkDiags *diags);
/* Recompute the chains, check the invariants, replay every case. Rows: check, count, result.
 * RK_FAILED when something is wrong. */
RkStatus rk_verify(RkDesk *desk, RkTable **out, RkDiags *diags);

#pragma GCC visibility pop
G_END_DECLS

#endif
