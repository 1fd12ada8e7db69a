/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bundle.h - everything a case is pinned to: the procedure, the forms it uses, the
 * life cycle of papers, the registers, the stylesheets. Addressed by the SHA-256
 * of its manifest; the same files give the same bundle on every machine.
 */
#ifndef RK_CASE_BUNDLE_H
#define RK_CASE_BUNDLE_H

#include "case/catalogue.h"
#include "form/form.h"
#include "machine/machine.h"
#include "store/store.h"

typedef struct Bundle Bundle; /* read-only, reference-counted */

/* Gather the bundle of one workflow file from the shipped files under `datadir`.
 * Checks everything in it: RK_INVALID with all diagnostics. */
RkStatus bundle_gather(Bundle **out, const char *workflow, const char *datadir, RkDiags *diags);
/* The bundle with this hash, from the store's blobs: the files that the engine works with, each found to be
 * what its hash says. */
RkStatus bundle_load(Bundle **out, Store *store, const char *hex, RkDiags *diags);
/* All its files, as bundle_blobs has them, each found to be what its hash says. g_ptr_array_unref. */
RkStatus bundle_read(GPtrArray **out, Store *store, const char *hex, RkDiags *diags);
Bundle *bundle_ref(Bundle *bundle);
void bundle_unref(Bundle *bundle);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Bundle, bundle_unref)

const char *bundle_hash(const Bundle *bundle); /* 64 hex digits */
/* Of one that was gathered: the manifest first, then each file: GBytes *, borrowed. */
const GPtrArray *bundle_blobs(const Bundle *bundle);

Machine *bundle_machine(const Bundle *bundle);
/* The text of the procedure, whole. Borrowed. */
GBytes *bundle_workflow(const Bundle *bundle);
Machine *bundle_lifecycle(const Bundle *bundle); /* of papers */
const Catalogue *bundle_catalogue(const Bundle *bundle);
Form *bundle_form(const Bundle *bundle, const char *code); /* NULL if not used */
/* What the look of a printed form depends on, as SHA-256 of its definition and the stylesheet, hex;
 * g_free. NULL if the form is not used. */
char *bundle_layout_hash(const Bundle *bundle, const char *code);
const GPtrArray *bundle_forms(const Bundle *bundle);       /* of Form *, by file name */
/* A procedure's own words for one of its parts, in the language of the messages where it has them; `id` where it
 * has none. Borrowed. */
const char *bundle_words_title(MachineWords words, const char *id);
/* The title a procedure gives a role, in the language of the messages, or the id itself. Borrowed. */
const char *bundle_role_title(const Bundle *bundle, const char *role);
/* The same as it stands on paper, whatever language the clerk reads. Borrowed. */
const char *bundle_role_printed(const Bundle *bundle, const char *role);
char *bundle_municipality(const Bundle *bundle);           /* g_free */

/* The role a form starts from: the sender of its first movement in the procedure. NULL when
 * it never moves. */
const char *bundle_filled_by(const Bundle *bundle, const char *code);
/* The first of `roles` that a movement of the procedure brings this form to, or NULL. */
const char *bundle_receiver(const Bundle *bundle, const char *code, const char *const *roles);
/* The role a movement of the procedure brings this form to `to` from, or NULL. */
const char *bundle_sender(const Bundle *bundle, const char *code, const char *to);
/* Whether what the procedure brings of this form to `to` is a copy: the original stays. */
gboolean bundle_brings_copy(const Bundle *bundle, const char *code, const char *to);
/* The role that a movement element says, or implies, as its sender; g_free, NULL: none. */
char *bundle_sender_of(const xmlNode *node);
/* Whether the procedure has a paper of this form for each of several parties (each=). */
gboolean bundle_keyed(const Bundle *bundle, const char *code);
/* The channels by which movements of the procedure bring this form to `to`, space-separated;
 * NULL: any (none is stated). g_free. */
char *bundle_channels(const Bundle *bundle, const char *code, const char *to);
/* Whether the event that brings this form to `to` says by which channel (channels=). */
gboolean bundle_asks_channel(const Bundle *bundle, const char *code, const char *to);
char *bundle_role_titles(const Bundle *bundle); /* "a, b"; g_free */
/* Whether the procedure has a part for one of these roles. */
gboolean bundle_knows_role(const Bundle *bundle, const char *const *roles);
/* Whether the transition at `place` is an act of one of `roles`, or brings the form to one of
 * them: only then can a desk that plays these roles be asked to hold the paper. */
gboolean bundle_concerns(const Bundle *bundle, const char *code, const char *const *roles,
                         const DiagPlace *place);

#endif
