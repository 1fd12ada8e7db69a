/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pack.h - several files given out together, as a folder or as one tar file (ustar).
 *
 * Nothing is written before all of it is there. What is written is the owner's alone (0600, 0700),
 * replaces nothing, follows no link, and bears its name only when it is complete and on the disk.
 */
#ifndef RK_BASE_PACK_H
#define RK_BASE_PACK_H

#include "base/diag.h"

typedef struct Pack Pack;

Pack *pack_new(void);
void pack_free(Pack *pack);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pack, pack_free)
/* A file: ASCII name of at most 99 bytes, folders by slashes; never the same name twice. */
void pack_add(Pack *pack, const char *name, GBytes *bytes);
void pack_add_text(Pack *pack, const char *name, const char *text);
/* "SHA-256 two spaces name" for each file so far that lies in `folder` ("": all), as sha256sum(1)
 * reads it there. g_free. */
char *pack_sums(const Pack *pack, const char *folder);
guint pack_count(const Pack *pack);
/*
 * Write it all. A `path` that ends in .tar becomes a tar file, any other a folder. `time`: what the
 * files say they were made at. RK_CONFLICT when there is something of that name, a link too.
 */
RkStatus pack_write(const Pack *pack, const char *path, gint64 time, RkDiags *diags);

#endif
