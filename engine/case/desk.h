/* SPDX-License-Identifier: Apache-2.0 */
/*
 * desk.h - an opened case database with its bundles, inside the library.
 * The public side of it is RkDesk in renkei.h.
 */
#ifndef RK_CASE_DESK_H
#define RK_CASE_DESK_H

#include "base/diag.h"
#include "renkei.h"

/*
 * A desk on an in-memory store, for tests of procedures: like rk_desk_create, but with
 * the given workflow files installed (paths, NULL-terminated) instead of the shipped ones.
 */
RkStatus desk_create_memory(RkDesk **out, const RkSite *site, const RkDeskConfig *config,
                            const char *operator_, const char *const *workflows, gint64 now,
                            RkDiags *diags);

/* From now on another person works at a desk in memory: `user`, who gets all roles of the desk when
 * the register does not know the name yet. */
RkStatus desk_take_operator(RkDesk *desk, const char *user, gint64 now, RkDiags *diags);
/* Give the words of procedures and registers in their own language, whatever that of the messages. */
void desk_speak_own_words(RkDesk *desk);
/* From now on note in `taken` (borrowed, set of char *) which transitions are taken:
 * "procedure:number". */
void desk_note_taken(RkDesk *desk, GHashTable *taken);

#endif
