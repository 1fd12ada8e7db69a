/* SPDX-License-Identifier: Apache-2.0 */
/* name.h - new files: written whole, and given their name only then. */
#ifndef RK_BASE_NAME_H
#define RK_BASE_NAME_H

#include <glib.h>

/* All return FALSE with errno set. */

/* Make a file (0600, following no link; EEXIST) of these bytes, synced. What cannot be finished is
 * removed. Its name is durable after name_sync. */
gboolean name_write(const char *path, const void *data, gsize length);
/* Rename a file, never replacing one: EEXIST. */
gboolean name_give(const char *from, const char *to);
/* Make the names in the folder of `path` durable: a file's own sync does not. */
gboolean name_sync(const char *path);

#endif
