/* SPDX-License-Identifier: Apache-2.0 */
/*
 * faxplan.h - how the office hands a FAX over: the settings fax.*, which an administrator sets.
 *
 *   fax.command  the program (absolute path) and its words, divided by spaces; {number} {file} {pages} {id}
 *                stand for what they say. There is no shell and no quoting
 *   fax.format   tiff or pdf
 *   fax.timeout  seconds until it is ended
 *   fax.busy     exit codes that say: not sent, try again; every other but 0 says: not sent
 *   fax.tries    how often it is tried in all
 *   fax.pauses   minutes until the next try, one after the other; the last one repeats
 *   fax.job      regular expression whose first group is the program's number for it, in what it says
 *   fax.cover    yes or no: whether a cover sheet goes first, whatever the channel says
 *   fax.pages    the same of the number of pages sent; without it none is compared
 *   fax.sender   who sends: name and number in the head of each page, and on the cover sheet
 *   fax.resolution  fine or standard; of every TIFF that is drawn here
 *   fax.coding   g4, g3-1d or g3-2d; the same
 */
#ifndef RK_API_FAXPLAN_H
#define RK_API_FAXPLAN_H

#include "case/desk_int.h"
#include "renderers/render.h"

typedef struct {
  char **argv;
  gboolean pdf;
  guint timeout, tries;
  GArray *busy, *pauses; /* of guint */
  GRegex *job, *pages;   /* or NULL */
} FaxPlan;

/* What is put in for {number} … */
typedef struct {
  const char *number, *file, *id;
  guint pages;
} FaxWords;

/* The office's plan; *out NULL when no program is set. */
RkStatus faxplan_load(RkDesk *desk, FaxPlan **out, RkDiags *diags);
void faxplan_free(FaxPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FaxPlan, faxplan_free)

/* Before it is set: any other setting than fax.* is right. value NULL: it is taken away. */
RkStatus faxplan_check_setting(const char *key, const char *value, RkDiags *diags);
/* The program is a file that only its owner can change, and may be run. */
RkStatus faxplan_check_program(const FaxPlan *plan, RkDiags *diags);
/* The words of the program; g_strfreev. */
char **faxplan_argv(const FaxPlan *plan, const FaxWords *words);
/* Whether what goes by this channel begins with a cover sheet. */
gboolean faxplan_wants_cover(RkDesk *desk, const CatalogueChannel *channel);
/* What stands in the head of each page of a FAX sent now: the sender, the date and the time; NULL: no sender is set.
 * g_free. */
char *faxplan_head(RkDesk *desk, gint64 now);
/* How the office's TIFFs are drawn. */
void faxplan_draw(RkDesk *desk, RenderOptions *options);
gboolean faxplan_is_busy(const FaxPlan *plan, int code);
/* Minutes until the next try after `round` of them; 0: there is none. */
guint faxplan_pause(const FaxPlan *plan, guint round);
/* The first group of the first match, or NULL; g_free. */
char *faxplan_find(const GRegex *regex, const char *text);

#endif
