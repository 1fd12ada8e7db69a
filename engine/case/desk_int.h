/* SPDX-License-Identifier: Apache-2.0 */
/* desk_int.h - the desk as the folder and the API above it see it. */
#ifndef RK_CASE_DESK_INT_H
#define RK_CASE_DESK_INT_H

#include "case/bundle.h"
#include "case/desk.h"
#include "store/store.h"

#include <jansson.h>

struct RkDesk {
  const RkSite *site;
  Store *store;
  char *path;              /* of the database; NULL: in memory */
  char *operator_;         /* OS user name of the person at work */
  char *municipality;
  char **roles;            /* played by this desk */
  char **operator_roles;   /* of the operator; empty: not an operator */
  gboolean exercise;
  gboolean english;        /* procedures' and registers' words are given in English */
  gint64 now;              /* the time reads are logged at */
  gboolean within;         /* inside a reading that is logged as a whole: an export */
  GHashTable *bundles;     /* hash → Bundle */
  GHashTable *taken;       /* in tests: "procedure:number" of transitions taken; else NULL */
};

/* Registers that describe the office itself; written like any other. */
#define REGISTER_DESK "desk"           /* key: municipality */
#define REGISTER_OPERATOR "operator"   /* key: OS user name */
#define REGISTER_SETTING "setting"     /* key: setting */
#define REGISTER_CLOSURE "closure"     /* key: day; states closed, open */
#define CLOSURE_CLOSED "closed"
#define REGISTER_LAYOUT "layout"       /* key: form code; field layouts: approved ones (bundle_layout_hash) */
#define REGISTER_PROCEDURE "procedure" /* key: machine name; fields: bundle, title */

gboolean desk_plays(const RkDesk *desk, const char *role);
/* The bundle with this hash, loaded once. Borrowed. */
RkStatus desk_bundle(RkDesk *desk, const char *hex, Bundle **out, RkDiags *diags);
/* The bundle new cases of a procedure get. RK_NOT_FOUND with a diagnostic. */
RkStatus desk_procedure(RkDesk *desk, const char *name, Bundle **out, RkDiags *diags);
/* A setting's value, g_free; NULL when not set. Fits FormInstanceInfo. */
char *desk_setting(gpointer desk, const char *key);
/* One entry of a register: its fields and state, or NULL. json_decref. */
json_t *desk_register_entry(RkDesk *desk, const char *name, const char *key);

/*
 * May the operator enter an act of `actor`? A role that this desk plays must be held by the
 * operator; what an outside party did may be entered by whoever holds any role here.
 * `as` (NULL: any) chooses among the operator's roles and grants none. RK_REFUSED otherwise.
 */
RkStatus desk_check_right(const RkDesk *desk, const char *actor, const char *as, RkDiags *diags);
/* The same for matters of the office (operators, settings, installing). */
RkStatus desk_check_member(const RkDesk *desk, RkDiags *diags);

/* One journaled change of the office's own registers. `registers` of StoreRegister *. */
RkStatus desk_commit_office(RkDesk *desk, const RkRequest *request, const char *kind,
                            const char *event, GPtrArray *registers, GPtrArray *blobs,
                            RkDiags *diags);
/* A register record made of a JSON object (borrowed). */
StoreRegister *desk_register_new(const char *name, const char *key, const char *state,
                                 const json_t *fields, gint64 since);
/* Reload what is kept in memory of the office's registers. */
RkStatus desk_refresh(RkDesk *desk, RkDiags *diags);
RkStatus desk_install_files(RkDesk *desk, const RkRequest *request, const char *const *workflows,
                            RkTable *report, RkDiags *diags);
/* All procedures at these paths: files, or folders searched (files_of_procedures); g_strfreev. */
char **desk_workflow_files(const char *const *paths);

/*
 * Somebody wants to read: an operator may, and it is noted in the access log; a stranger is
 * refused, and that is noted too. `number` and `detail` may be NULL; no personal values.
 */
RkStatus desk_read(RkDesk *desk, const char *action, const char *number, const char *detail,
                   RkDiags *diags);

/* Who read what, or was refused. Failures to log are failures of the call. */
RkStatus desk_log(RkDesk *desk, gint64 now, const char *action, const char *number,
                  const char *detail, RkStatus result, RkDiags *diags);

#endif
