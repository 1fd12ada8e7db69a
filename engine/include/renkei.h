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

/* ------------------------------------------------------------------ status */

/* How a call ended. The values are the exit codes of the command line. */
typedef enum {
  RK_OK = 0,         /* done */
  RK_FAILED = 1,     /* the world failed: I/O, a missing font, … */
  RK_USAGE = 2,      /* the call's own words are wrong */
  RK_NOT_FOUND = 3,  /* no such case, form, procedure, register entry */
  RK_REFUSED = 4,    /* the procedure or a right refuses; nothing changed */
  RK_CONFLICT = 5,   /* somebody else changed the case meanwhile */
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

G_END_DECLS

#endif
