/* SPDX-License-Identifier: Apache-2.0 */
/*
 * checkpoint.h - how long the journal and the access log were and what their last hashes were, signed.
 *
 * A chain shows that it hangs together, not that nobody made it anew. A checkpoint that lies
 * elsewhere does: whoever changes an entry before it would have to change that copy, too. It is a
 * text of nine lines (office; entries and head of the journal; accesses and access-head, the same of
 * the access log; time, key, signature) that needs no Renkei to be read. Earlier ones say nothing of
 * the access log. Each is kept as an entry of the register "checkpoint"; the public keys in "signing_key".
 */
#ifndef RK_CASE_CHECKPOINT_H
#define RK_CASE_CHECKPOINT_H

#include "case/desk_int.h"

#define REGISTER_CHECKPOINT "checkpoint"   /* key: number of entries; field text: the checkpoint */
#define REGISTER_SIGNING_KEY "signing_key" /* key: key id; field public */

/* Sign the journal as it stands, and note it. The key lies beside the database ("….sign-key");
 * the first checkpoint makes it. *out: the text; g_free. */
RkStatus checkpoint_make(RkDesk *desk, const RkRequest *request, char **out, RkDiags *diags);
/* The same when the last one is of another day than request->now and a key exists already;
 * nothing otherwise. */
RkStatus checkpoint_daily(RkDesk *desk, const RkRequest *request, RkDiags *diags);
/* The same, whatever the day: what is copied or handed on should be signed. */
RkStatus checkpoint_before(RkDesk *desk, const RkRequest *request, RkDiags *diags);
/* Hold a text against the journal (`name` for diagnostics): a checkpoint, or "NUMBER HASH" with at
 * least the first 16 digits, as printed on papers. RK_FAILED when the journal is another,
 * RK_INVALID when the text is neither. */
RkStatus checkpoint_against(RkDesk *desk, const char *text, const char *name, RkDiags *diags);
/* All that were noted. RK_FAILED with a diagnostic each that does not hold. */
RkStatus checkpoint_verify(RkDesk *desk, gint64 *count, RkDiags *diags);

#endif
