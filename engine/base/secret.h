/* SPDX-License-Identifier: Apache-2.0 */
/*
 * secret.h - small files of text that only their owner may read: keys.
 *
 * They lie beside the database, never in it: who has a copy of the one has not the other.
 */
#ifndef RK_BASE_SECRET_H
#define RK_BASE_SECRET_H

#include "base/diag.h"

#define SECRET_SIZE 16384 /* the most such a file may hold */

/* A new file (0600, synced with its name; it must not exist). RK_FAILED with the reason, and then there
 * is no file. */
RkStatus secret_make(const char *path, const char *text, RkDiags *diags);
/* Another text in place of the old one: after a crash it is the one or the other. */
RkStatus secret_replace(const char *path, const char *text, RkDiags *diags);
/* The text; secret_free. RK_NOT_FOUND without a diagnostic when there is no such file; RK_REFUSED when
 * others may read it; RK_FAILED when it cannot be read or is longer than a secret can be. */
RkStatus secret_read(char **out, const char *path, RkDiags *diags);
/* Wipe and free; NULL is allowed. */
void secret_free(char *text);

#endif
