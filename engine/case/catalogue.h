/* SPDX-License-Identifier: Apache-2.0 */
/*
 * catalogue.h - the registers and channels that procedures may name, as data:
 * workflows/registers.xml (urn:renkei:registers:1).
 */
#ifndef RK_CASE_CATALOGUE_H
#define RK_CASE_CATALOGUE_H

#include "base/diag.h"

#define CATALOGUE_NS "urn:renkei:registers:1"

typedef struct Catalogue Catalogue; /* read-only after load */

/* Load and check; all faults at once. `name` is used in diagnostics. */
RkStatus catalogue_load(Catalogue **out, const char *text, gsize length, const char *name,
                        RkDiags *diags);
RkStatus catalogue_load_file(Catalogue **out, const char *path, RkDiags *diags);
/*
 * The registers and channels that a municipality's procedures may name, as one document: the shared
 * workflows/registers.xml below `datadir`, and behind it what workflows/MUNICIPALITY/registers.xml adds, where
 * there is one. It may add, never change: an id of the shared file in it is a fault.
 */
RkStatus catalogue_gather(GBytes **out, const char *datadir, const char *municipality,
                          RkDiags *diags);
/* The same, loaded. */
RkStatus catalogue_load_for(Catalogue **out, const char *datadir, const char *municipality,
                            RkDiags *diags);
void catalogue_free(Catalogue *catalogue);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Catalogue, catalogue_free)

gboolean catalogue_has_register(const Catalogue *catalogue, const char *name);
gboolean catalogue_has_state(const Catalogue *catalogue, const char *name, const char *state);
/* Whether papers that wait to go out are held back when an entry comes to this state (withhold.h). */
gboolean catalogue_state_withholds(const Catalogue *catalogue, const char *name, const char *state);
/*
 * Where a state stands in the life cycle of its register, for at-least questions: a held
 * state satisfies a wanted one when its rank is not lower. -1 for an unknown register or
 * state, and for a state that ends (a terminated institution is not "at least registered");
 * such a state satisfies only a question for itself.
 */
int catalogue_state_rank(const Catalogue *catalogue, const char *name, const char *state);
/* Whether an entry that stands in `from` (NULL: there is none) may become `to`: it moves forward in
 * the life cycle or ends; what was only asked for may go back to the beginning; what has ended
 * begins anew. */
gboolean catalogue_may_follow(const Catalogue *catalogue, const char *name, const char *from,
                              const char *to);
/* Whether nothing is in the way of beginning: no entry, its first state, or one that has ended. */
gboolean catalogue_is_free(const Catalogue *catalogue, const char *name, const char *state);
/* Titles for people, borrowed; NULL when unknown. `state` NULL: of the register itself. */
const char *catalogue_title(const Catalogue *catalogue, const char *name, const char *state,
                            gboolean english);

typedef enum {
  CHANNEL_LINE,    /* a copy comes out at the other end */
  CHANNEL_CARRIED, /* the thing itself moves */
  CHANNEL_SPOKEN,  /* nothing on paper */
  CHANNEL_SCREEN,  /* an operation on a screen */
  CHANNEL_UNSTATED /* the handbook does not say how */
} ChannelKind;

typedef struct {
  const char *id, *title, *title_en;
  ChannelKind kind;
  gboolean leaves_building;
  const char *proof, *proof_en; /* what shows that it arrived, or NULL */
  const char *driver;           /* delivery program, or NULL: a person does it */
  gboolean cover;               /* a cover sheet goes first, where the office does not say otherwise */
} CatalogueChannel;

/* FALSE when there is no such channel. */
gboolean catalogue_channel(const Catalogue *catalogue, const char *id, CatalogueChannel *out);
/* Whether the original itself goes to the receiver. FALSE for an unknown channel. */
gboolean catalogue_channel_moves_original(const Catalogue *catalogue, const char *id);

/* "fax, post, …" for messages; g_free. States of an unknown register: "". */
char *catalogue_list_registers(const Catalogue *catalogue);
char *catalogue_list_states(const Catalogue *catalogue, const char *name);
char *catalogue_list_channels(const Catalogue *catalogue);

#endif
