/* SPDX-License-Identifier: Apache-2.0 */
/*
 * form.h - form definitions (urn:renkei:form:1), the values filled in, their
 * checks, and the instance document that is all a renderer sees.
 *
 * One definition file gives the checks, the entry prompts, the HTML and the
 * printed page. Handwritten fields (signature, seal) and office-use boxes are
 * never filled by the program. Names keep the characters they were typed with.
 */
#ifndef RK_FORM_H
#define RK_FORM_H

#include "base/date.h"
#include "base/diag.h"

#include <libxml/tree.h>

#define FORM_NS "urn:renkei:form:1"
#define INSTANCE_NS "urn:renkei:instance:1"

/* -------------------------------------------------------------- definition */

typedef struct Form Form; /* read-only after load, reference-counted */

RkStatus form_load(Form **out, const char *bytes, gsize length, const char *name, RkDiags *diags);
RkStatus form_load_file(Form **out, const char *path, RkDiags *diags);
Form *form_ref(Form *form);
void form_unref(Form *form);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Form, form_unref)

const char *form_code(const Form *form);         /* "fj-3": what workflows name */
const char *form_printed_code(const Form *form); /* "書式3": what people call it */
const char *form_title(const Form *form);        /* official title, verbatim */
const char *form_lifecycle(const Form *form);    /* file name of another life cycle, or NULL */
gboolean form_body_inferred(const Form *form);   /* no handbook prints the body: needs approval */
const char *form_file(const Form *form);

typedef enum {
  FIELD_TEXT, FIELD_KANA, FIELD_NAME, FIELD_POSTAL, FIELD_ADDRESS, FIELD_PHONE, FIELD_EMAIL,
  FIELD_DATE_WESTERN, FIELD_DATE_REIWA, FIELD_DATE_ERA, FIELD_CHOICE, FIELD_MULTI, FIELD_CHECK,
  FIELD_DIGITS, FIELD_SIGNATURE, FIELD_NAMED, FIELD_SEAL, FIELD_FREE, FIELD_FIXED, FIELD_OFFICE_USE
} FieldType;

typedef struct {
  const char *id;       /* within its table, or of the form */
  const char *table;    /* id of the table it is a column of, or NULL */
  const char *label;    /* verbatim */
  FieldType type;
  const char *type_name; /* as written in the file: "kana", "date-western" … */
  gboolean required;
  gboolean conditional;  /* has a required-if */
  gboolean is_public;    /* not personal: may stand in argv and messages */
  gboolean by_hand;      /* signature, seal, office use, fixed: never typed in */
  const char *identifies; /* name, birth or insurance: tells whom the paper is about; or NULL */
  const char *hint;      /* how to write it, for prompts; may be NULL */
} FormField;

guint form_n_fields(const Form *form); /* reading order, columns of a table once */
FormField form_field(const Form *form, guint index);
gboolean form_find_field(const Form *form, const char *table, const char *id, FormField *out);
/* Choices of a choice or multi field: value and label; FALSE past the end. */
gboolean form_choice(const Form *form, const char *table, const char *id, guint index,
                     const char **value, const char **label);
/* Tables: rows that must be and rows one sheet holds (more go to further sheets). */
gboolean form_table(const Form *form, const char *table, guint *minimum, guint *per_sheet,
                    const char **label);

/* ------------------------------------------------------------------ values */

/*
 * Saved as <values form="CODE"> without a namespace: one element a filled field, one
 * a table row (named after the table), in reading order; empty fields are absent and
 * trailing empty rows do not exist. required-if is evaluated on this document.
 */
typedef struct FormData FormData;

FormData *form_data_new(Form *form);
void form_data_free(FormData *data);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FormData, form_data_free)
RkStatus form_data_load(FormData **out, Form *form, GBytes *xml, RkDiags *diags);
GBytes *form_data_save(const FormData *data); /* canonical: same values, same bytes */

/*
 * Set one value by path: "inst_name", "users[2].name" (rows from 1; setting row n
 * makes rows up to n). The text is read by the field's type (dates normalised,
 * digits and kana folded where the type says so, names never); empty text clears.
 * RK_NOT_FOUND for an unknown path, RK_INVALID for a value of the wrong kind:
 * the diagnostic names the label and what is expected, never the value.
 */
RkStatus form_data_set(FormData *data, const char *path, const char *text, RkDiags *diags);
/* The stored text ("2026-11-21" for dates, the choice's value), or NULL. Borrowed. */
const char *form_data_get(const FormData *data, const char *path);
guint form_data_rows(const FormData *data, const char *table);

/*
 * Everything that keeps the paper from being complete: required fields that are
 * empty, half-filled rows, failed patterns, in the words of the labels. By-hand
 * fields do not count. RK_INVALID when there is any.
 */
RkStatus form_data_check(const FormData *data, RkDiags *diags);
/* TRUE when the form has a required signature or seal: it is complete before it
 * is signed, and only signed when a person has said so. */
gboolean form_needs_signature(const Form *form);

/* Read "path = value" lines ('#' comments; "<<WORD", WORD in capitals and digits, reads
 * the lines up to the one that is WORD): what form edit and form fill take. Good lines
 * are set, all bad ones reported. */
RkStatus form_data_read_text(FormData *data, const char *text, const char *name, RkDiags *diags);
/* The same form of text with labels and hints as comments, for an editor. g_free. */
char *form_data_write_text(const FormData *data);

/* ---------------------------------------------------------------- instance */

typedef struct {
  const char *paper_number;  /* human-readable number on the page, or NULL (unnumbered blank) */
  const char *journal_head;  /* frozen head for the footer, or NULL */
  const char *lang;          /* NULL: ja */
  /* value of a setting a fixed field refers to (g_free), NULL when not configured */
  char *(*setting)(gpointer user, const char *key);
  gpointer user;
  const char *mark;          /* printed beside the form code, e.g. that it is for practice; or NULL */
} FormInstanceInfo;

/*
 * The document a renderer gets (urn:renkei:instance:1, described in forms/README.md):
 * the definition's blocks with the values in place, table rows split into sheets.
 * `data` NULL: a blank. xmlFreeDoc.
 */
xmlDoc *form_instance(Form *form, const FormData *data, const FormInstanceInfo *info);
/* Settings that fixed fields of this form refer to: f(key, label, user). */
void form_each_setting(const Form *form, void (*f)(const char *key, const char *label, gpointer user),
                       gpointer user);

#endif
