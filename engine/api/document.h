/* SPDX-License-Identifier: Apache-2.0 */
/*
 * document.h - answers as files that are read without this program: tables as CSV and JSON, and one
 * HTML page that needs nothing beside it.
 */
#ifndef RK_API_DOCUMENT_H
#define RK_API_DOCUMENT_H

#include "renkei.h"

/* RFC 4180 with a byte order mark, so that spreadsheets take it for UTF-8; keys in the first line.
 * g_free. */
char *document_csv(const RkTable *table);
/* {"rows": [{key: text | number | true | null, …}, …]} as text; g_free. */
char *document_json(const RkTable *table);

/* A page that begins; g_string_free by document_html_end. */
GString *document_html(const char *title);
void document_heading(GString *page, int level, const char *text);
void document_paragraph(GString *page, const char *text);
/* A link to a file of the same bundle. */
void document_link(GString *page, const char *target, const char *text);
/* The table for people: their words for states and the like, Japanese times. `keys`: the columns to
 * show, by spaces; NULL: all. Nothing for a table without rows. */
void document_table(GString *page, const RkTable *table, const char *keys);
char *document_html_end(GString *page); /* g_free */

#endif
