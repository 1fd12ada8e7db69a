/* SPDX-License-Identifier: Apache-2.0 */
/*
 * papercode.h - what stands on a page so that it finds its way home.
 *
 * A paper's number names case, form, which of several, and version: "R8-0012/FJ-2-1.2-3". For people
 * two check characters follow (ISO/IEC 7064, MOD 1271-36): every single wrong character and every
 * exchange of two neighbours is seen. For machines a code follows with the page, the number of the key
 * and a MAC over all of it ("R8-0012/FJ-2-1.2-3 1/2 K1 MAC"): a page that was not printed from this
 * database does not pass for one. A blank that belongs to no case says only which form and which page
 * ("FJ-2-1 1/2").
 *
 * All in the characters that a QR code keeps in 5.5 bits: digits, capitals, "$%*+-./: ". No personal
 * data: neither number nor code says whose paper it is.
 */
#ifndef RK_BASE_PAPERCODE_H
#define RK_BASE_PAPERCODE_H

#include "base/diag.h"

/*
 * The keys of the MACs of one office of one database. A key signs the versions of papers made from a
 * certain journal entry on, until the next key does: so a reprint bears the same code, whatever was
 * rotated since. The number of that entry, in base 36, is also the key's name: "K1", "K2RS".
 *
 * The file lies beside the database (see secret.h) and may hold keys of others, too: each line says whose
 * it is. `database`: sixteen hex digits that only this database has (of its journal's first entry).
 */
typedef struct PaperKeys PaperKeys;

/* A new key in the file, which is made if there is none; it signs what is made from the entry `from` on.
 * Nothing is done when there is such a key. */
RkStatus paper_keys_add(const char *path, const char *database, gint64 from, RkDiags *diags);
/* RK_NOT_FOUND without a diagnostic: there is no such file, or no key of this database in it. RK_FAILED:
 * it holds something else. Other offices of the file have other keys, made from the same ones. */
RkStatus paper_keys_read(PaperKeys **out, const char *path, const char *database,
                         const char *office, RkDiags *diags);
void paper_keys_free(PaperKeys *keys);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PaperKeys, paper_keys_free)
guint paper_keys_count(const PaperKeys *keys); /* at least 1 */
/* From which entry on a key signs, in order. */
gint64 paper_keys_from(const PaperKeys *keys, guint index);
/* The name of a key that signs from this entry on; g_free. */
char *paper_key_name(gint64 from);

/* The number with its check characters, in capitals: "R8-0012/FJ-2-1-3" → "R8-0012/FJ-2-1-3-XY". g_free. */
char *paper_number_checked(const char *number);
/* What a person typed, in any width or case, blanks left out: the number without its check characters
 * in capitals (g_free), or NULL when they do not fit. */
char *paper_number_read(const char *typed);

/* The whole code for one page of a version made by the journal entry `made`. `page`:
 * "R8-0012/FJ-2-1-3 1/2", as it stands so far. g_free. */
char *paper_code_sign(const PaperKeys *keys, gint64 made, const char *page);

typedef enum {
  PAPER_CODE_OURS,    /* printed from this database */
  PAPER_CODE_BLANK,   /* a blank of a form: `number` is the form's code */
  PAPER_CODE_FOREIGN, /* has the shape, but by a key that is not ours, or was forged */
  PAPER_CODE_NONE     /* something else */
} PaperCodeKind;

typedef struct {
  char *number;      /* in capitals; NULL for PAPER_CODE_NONE */
  guint page, pages; /* from 1 */
} PaperCode;

void paper_code_clear(PaperCode *code);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PaperCode, paper_code_clear)
/* Read what a scanner found. `keys` NULL: there are none, so no page is ours. */
PaperCodeKind paper_code_read(const PaperKeys *keys, const char *text, PaperCode *out);

#endif
