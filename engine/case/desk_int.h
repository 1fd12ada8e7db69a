/* SPDX-License-Identifier: Apache-2.0 */
/* desk_int.h - the desk as the folder and the API above it see it. */
#ifndef RK_CASE_DESK_INT_H
#define RK_CASE_DESK_INT_H

#include "case/bundle.h"
#include "case/desk.h"
#include "store/store.h"

#include <jansson.h>

struct CaseFile;
typedef struct KeptCases KeptCases;

struct RkDesk {
  const RkSite *site;
  Store *store;
  char *path;              /* of the database; NULL: in memory */
  char *operator_;         /* OS user name of the person at work */
  char *municipality;
  char **roles;            /* played by this desk */
  struct Operator *self;   /* the operator's entry (rights.h); NULL: the register has none */
  gboolean founding;       /* this is the file's first office, which made it */
  gboolean exercise;
  gboolean english;        /* procedures' and registers' words are given in English */
  gint64 now;              /* the time reads are logged at */
  gboolean within;         /* inside a reading that is logged as a whole: an export */
  GHashTable *bundles;     /* hash → Bundle */
  KeptCases *kept;         /* cases in hand, see kept.h; or NULL */
  guint kept_most;         /* how many of them at most */
  gpointer printing;       /* what the printing module keeps for further papers, or NULL; freed by: */
  GDestroyNotify printing_free;
  /* Whether the paper (an id) of a case as it stands in memory can be drawn; said by whoever can print, above
   * this folder. RK_INVALID with the reasons. NULL: nobody looks. */
  RkStatus (*lay_out)(struct CaseFile *file, const char *paper, RkDiags *diags);
  GHashTable *taken;       /* in tests: "procedure:number" of transitions taken; else NULL */
};

/* Registers that describe the office itself; written like any other. */
#define REGISTER_DESK "desk"           /* key: municipality */
#define REGISTER_OPERATOR "operator"   /* key: OS user name */
#define REGISTER_SETTING "setting"     /* key: setting */
#define REGISTER_CLOSURE "closure"     /* key: day; states closed, open */
#define CLOSURE_CLOSED "closed"
#define REGISTER_DISCLOSURE "disclosure" /* key K-…; requested answered refused */
#define REGISTER_LAYOUT "layout"       /* key: form code; field layouts: approved ones (bundle_layout_hash) */
#define REGISTER_BACKUP "backup"       /* key: file name; states making, made, removed; fields folder, entries */
#define REGISTER_DROP "drop_folder"    /* key: a folder that papers were handed over in */
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
 * Rights (rights.c), all as of desk->now; deny by default. RK_REFUSED with a diagnostic that says since
 * or until when, and who can change it.
 *   member         anybody who is an operator today
 *   clerk          … and holds a role of the procedures here: may see cases
 *   administrator  … and has the administrator's right: the office's own matters
 */
RkStatus desk_check_member(RkDesk *desk, RkDiags *diags);
RkStatus desk_check_clerk(RkDesk *desk, RkDiags *diags);
RkStatus desk_check_administrator(RkDesk *desk, RkDiags *diags);
/*
 * May the operator enter an act of `actor`? A role that this desk plays must be held by the
 * operator; what an outside party did may be entered by whoever holds any role here.
 * `as` (NULL: any) chooses among the operator's roles and grants none.
 */
RkStatus desk_check_right(RkDesk *desk, const char *actor, const char *as, RkDiags *diags);
/* An administrator's command begins at `now`; a refusal goes to the access log as `action`. */
RkStatus desk_lead(RkDesk *desk, const char *action, gint64 now, RkDiags *diags);
/* The same for a clerk's command that writes of no single case. */
RkStatus desk_work(RkDesk *desk, const char *action, gint64 now, RkDiags *diags);
/* Note a refusal that was said, and give it back. */
RkStatus desk_log_refusal(RkDesk *desk, const char *action, RkStatus status, RkDiags *diags);

/*
 * One journaled change of the office's own registers, in one transaction. `judge` (or NULL) looks at
 * what is committed on and adds to `registers`; anything but RK_OK from it changes nothing.
 */
typedef struct {
  const char *kind, *event;
  GPtrArray *registers; /* StoreRegister; NULL: none but those of the judge */
  GPtrArray *blobs;     /* or NULL */
  RkStatus (*judge)(RkDesk *desk, GPtrArray *registers, gpointer user, RkDiags *diags);
  gpointer user;
  GPtrArray *pictures; /* StorePicture; or NULL */
  const char *result;  /* JSON, for whoever asks again (again.h); NULL: "{}" */
  const char *cases;   /* numbers, by spaces: what was typed stands with these cases (remark.h); NULL or
                        * "": in the office's own entry, for good */
  const json_t *asked; /* what was asked for, where `registers` do not say it by themselves (again.h):
                          the judge adds to them, or they depend on more than that. NULL: they do */
} OfficeChange;
RkStatus desk_change_office(RkDesk *desk, const RkRequest *request, const OfficeChange *change,
                            RkDiags *diags);
/* The same without a judge. `registers` of StoreRegister *. */
RkStatus desk_commit_office(RkDesk *desk, const RkRequest *request, const char *kind,
                            const char *event, GPtrArray *registers, GPtrArray *blobs,
                            RkDiags *diags);
/*
 * In a file of several offices the journal is one chain, but its header names no office: the body does,
 * for all but the first. `verify` compares.
 */
void desk_mark_office(const RkDesk *desk, json_t *body);
/* Warn when what was just written was entered before the entry that it follows: two clocks disagree,
 * and times in the journal cannot be trusted. For practice the clock is set at will. */
void desk_flag_clock(const RkDesk *desk, const StoreJournal *entry, RkDiags *diags);
/* A register record made of a JSON object (borrowed). */
StoreRegister *desk_register_new(const char *name, const char *key, const char *state,
                                 const json_t *fields, gint64 since);
/* The same for what concerns the whole file: an administrator of its first office. */
RkStatus desk_lead_file(RkDesk *desk, const char *action, gint64 now, RkDiags *diags);
/* Open the file as its first office, whoever works there. */
RkStatus desk_open_first(RkDesk **out, const RkSite *site, const char *path,
                         const char *operator_, RkDiags *diags);
/* The names (char *) of the offices that the operator works for. */
RkStatus desk_offices(RkDesk *desk, GPtrArray **out, RkDiags *diags);
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

/* The same for what tells of no case: any operator. */
RkStatus desk_read_office(RkDesk *desk, const char *action, const char *detail, RkDiags *diags);

/* Who read what, or was refused. Failures to log are failures of the call. What is typed for a number or a
 * detail and cannot be one is logged as "?". */
RkStatus desk_log(RkDesk *desk, gint64 now, const char *action, const char *number,
                  const char *detail, RkStatus result, RkDiags *diags);

#endif
