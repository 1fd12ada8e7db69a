/* SPDX-License-Identifier: Apache-2.0 */
/* database.h - what a case database says, looked at by SQLite alone. */
#ifndef RK_TEST_FAULT_DATABASE_H
#define RK_TEST_FAULT_DATABASE_H

#include <glib.h>
#include <sqlite3.h>

/* Take more bytes into a number that tells contents apart. */
void digest_add(guint64 *digest, const void *bytes, gsize length);
/* Everything that the database says, in one number. */
guint64 database_digest(sqlite3 *db);
/* The same without what differs when the same is done twice: salts, hashes, the access log. */
guint64 database_meaning(sqlite3 *db);
/* One table of it, by its place among the names of all tables, and that name. 0 and NULL: no more. */
guint64 database_table(sqlite3 *db, guint place, char **name);
/* The first number that a query gives; -1: none. */
gint64 database_number(sqlite3 *db, const char *sql);
/* The first text that a query gives; NULL: none. g_free. */
char *database_text(sqlite3 *db, const char *sql);
/* PRAGMA integrity_check says ok. */
gboolean database_whole(sqlite3 *db);

#endif
