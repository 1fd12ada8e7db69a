/* SPDX-License-Identifier: Apache-2.0 */
/* name.h - giving a finished file its name, so that the name never leads to half of it. */
#ifndef RK_BASE_NAME_H
#define RK_BASE_NAME_H

#include <glib.h>

/* Both return FALSE with errno set. */

/* Rename a file, never replacing one: EEXIST. */
gboolean name_give(const char *from, const char *to);
/* Make the names in the folder of `path` durable: a file's own sync does not. */
gboolean name_sync(const char *path);

#endif
