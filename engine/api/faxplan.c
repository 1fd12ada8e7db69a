/* SPDX-License-Identifier: Apache-2.0 */
/* faxplan.c - see faxplan.h. A value is judged when it is set, and again when it is used. */
#include "api/faxplan.h"

#include "base/date.h"
#include "base/words.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SENDER_LONGEST 40

/* ---------------------------------------------------------------------- reading */

static gboolean read_number(const char *text, guint least, guint most, guint *out) {
  guint64 number = 0;
  if (!g_ascii_string_to_unsigned(text, 10, least, most, &number, NULL))
    return FALSE;
  *out = (guint)number;
  return TRUE;
}

/* Numbers divided by spaces, at least one and at most 20. */
static gboolean read_numbers(const char *text, guint least, guint most, GArray **out) {
  g_auto(GStrv) words = g_strsplit(text, " ", -1);
  g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(guint));
  for (guint i = 0; words[i]; i++) {
    guint number = 0;
    if (!*words[i])
      continue;
    if (!read_number(words[i], least, most, &number))
      return FALSE;
    g_array_append_val(numbers, number);
  }
  if (!numbers->len || numbers->len > 20)
    return FALSE;
  g_clear_pointer(out, g_array_unref);
  *out = g_steal_pointer(&numbers);
  return TRUE;
}

static gboolean read_regex(const char *text, GRegex **out) {
  g_autoptr(GRegex) regex = g_regex_new(text, 0, 0, NULL);
  if (!regex || g_regex_get_capture_count(regex) < 1)
    return FALSE;
  g_clear_pointer(out, g_regex_unref);
  *out = g_steal_pointer(&regex);
  return TRUE;
}

/* ---------------------------------------------------------------- the placeholders */

/* The length of the placeholder that begins here, 0: none does. */
static gsize placeholder(const char *text) {
  static const char *const names[] = {"{number}", "{file}", "{pages}", "{id}"};
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    if (g_str_has_prefix(text, names[i]))
      return strlen(names[i]);
  return 0;
}

static gboolean has_no_other_brace(const char *word) {
  for (gsize length; *word; word += length) {
    length = placeholder(word);
    if (!length && (*word == '{' || *word == '}'))
      return FALSE;
    length = MAX(length, 1);
  }
  return TRUE;
}

/* What begins with a number or a file cannot be taken for an option: both are made by us. */
static gboolean read_command(const char *text, FaxPlan *plan) {
  g_auto(GStrv) all = g_strsplit_set(text, " \t\n", -1);
  g_autoptr(GStrvBuilder) words = g_strv_builder_new();
  guint count = 0;
  for (guint i = 0; all[i]; i++) {
    if (!*all[i])
      continue;
    if (!has_no_other_brace(all[i]))
      return FALSE;
    g_strv_builder_add(words, all[i]);
    count++;
  }
  g_strfreev(plan->argv);
  plan->argv = g_strv_builder_end(words);
  return count > 1 && plan->argv[0][0] == '/' && !strchr(plan->argv[0], '{') &&
         strstr(text, "{file}") && strstr(text, "{number}");
}

static const char *value_of(const char *name, const FaxWords *words, const char *pages) {
  return g_str_has_prefix(name, "{number}")  ? words->number
         : g_str_has_prefix(name, "{file}")  ? words->file
         : g_str_has_prefix(name, "{pages}") ? pages
                                             : words->id;
}

char **faxplan_argv(const FaxPlan *plan, const FaxWords *words) {
  g_autoptr(GStrvBuilder) argv = g_strv_builder_new();
  g_autofree char *pages = g_strdup_printf("%u", words->pages);
  for (guint i = 0; plan->argv[i]; i++) {
    g_autoptr(GString) word = g_string_new(NULL);
    for (const char *at = plan->argv[i]; *at;) {
      gsize length = placeholder(at);
      if (length)
        g_string_append(word, value_of(at, words, pages));
      else
        g_string_append_c(word, *at);
      at += MAX(length, 1);
    }
    g_strv_builder_add(argv, word->str);
  }
  return g_strv_builder_end(argv);
}

/* ------------------------------------------------------------------- the settings */

static gboolean take_format(const char *text, FaxPlan *plan) {
  plan->pdf = g_str_equal(text, "pdf");
  return plan->pdf || g_str_equal(text, "tiff");
}
static gboolean take_timeout(const char *text, FaxPlan *plan) {
  return read_number(text, 1, 3600, &plan->timeout);
}
static gboolean take_tries(const char *text, FaxPlan *plan) {
  return read_number(text, 1, 20, &plan->tries);
}
static gboolean take_busy(const char *text, FaxPlan *plan) {
  return read_numbers(text, 1, 255, &plan->busy);
}
static gboolean take_pauses(const char *text, FaxPlan *plan) {
  return read_numbers(text, 1, 10080, &plan->pauses);
}
static gboolean take_job(const char *text, FaxPlan *plan) {
  return read_regex(text, &plan->job);
}
static gboolean take_pages(const char *text, FaxPlan *plan) {
  return read_regex(text, &plan->pages);
}

static gboolean take_cover(const char *text, FaxPlan *plan) {
  (void)plan;
  return g_str_equal(text, "yes") || g_str_equal(text, "no");
}

/* It stands in one line beside the date and the page. */
static gboolean take_sender(const char *text, FaxPlan *plan) {
  glong length = g_utf8_strlen(text, -1);
  (void)plan;
  for (const char *at = text; *at; at = g_utf8_next_char(at))
    if (!g_unichar_isprint(g_utf8_get_char(at)))
      return FALSE;
  return length > 0 && length <= SENDER_LONGEST;
}

static gboolean take_resolution(const char *text, FaxPlan *plan) {
  (void)plan;
  return g_str_equal(text, "fine") || g_str_equal(text, "standard");
}

static const struct {
  const char *name;
  RenderFaxCoding coding;
} codings[] = {{"g4", RENDER_FAX_G4}, {"g3-1d", RENDER_FAX_G3_1D}, {"g3-2d", RENDER_FAX_G3_2D}};

static gboolean take_coding(const char *text, FaxPlan *plan) {
  (void)plan;
  for (guint i = 0; i < G_N_ELEMENTS(codings); i++)
    if (g_str_equal(codings[i].name, text))
      return TRUE;
  return FALSE;
}

static const struct {
  const char *key, *standard; /* NULL: nothing */
  gboolean (*take)(const char *text, FaxPlan *plan);
  const char *expected;
} settings[] = {
    {"fax.command", NULL, read_command,
     N_("a program with its whole path and its words, among them {number} and {file}, such as: "
        "/usr/bin/sendfax -n -d {number} {file}")},
    {"fax.format", "tiff", take_format, N_("tiff or pdf")},
    {"fax.timeout", "120", take_timeout, N_("a number of seconds from 1 to 3600")},
    {"fax.busy", "75", take_busy, N_("exit codes from 1 to 255, divided by spaces")},
    {"fax.tries", "1", take_tries, N_("a number from 1 to 20")},
    {"fax.pauses", "5", take_pauses, N_("minutes from 1 to 10080, divided by spaces")},
    {"fax.job", "request id is ([0-9]+)", take_job, N_("a regular expression with one group")},
    {"fax.cover", NULL, take_cover, N_("yes or no")},
    {"fax.pages", NULL, take_pages, N_("a regular expression with one group")},
    {"fax.sender", NULL, take_sender, N_("a name and a number of at most 40 characters in one line")},
    {"fax.resolution", "fine", take_resolution, N_("fine or standard")},
    {"fax.coding", "g4", take_coding, N_("g4, g3-1d or g3-2d")},
};

static RkStatus take(FaxPlan *plan, guint i, const char *text, RkDiags *diags) {
  if (!text || settings[i].take(text, plan))
    return RK_OK;
  return diags_fail(diags, RK_INVALID, DIAG_FAX_SETTING, NULL, settings[i].key,
                    _(settings[i].expected), NULL);
}

RkStatus faxplan_check_setting(const char *key, const char *value, RkDiags *diags) {
  g_autoptr(FaxPlan) plan = g_new0(FaxPlan, 1);
  g_autoptr(GString) known = g_string_new(NULL);
  if (!g_str_has_prefix(key, "fax."))
    return RK_OK;
  for (guint i = 0; i < G_N_ELEMENTS(settings); i++) {
    if (g_str_equal(settings[i].key, key))
      return take(plan, i, value, diags);
    g_string_append_printf(known, "%s%s", i ? ", " : "", settings[i].key);
  }
  return diags_fail(diags, RK_INVALID, DIAG_FAX_SETTING_UNKNOWN, NULL, key, known->str, NULL);
}

RkStatus faxplan_load(RkDesk *desk, FaxPlan **out, RkDiags *diags) {
  g_autoptr(FaxPlan) plan = g_new0(FaxPlan, 1);
  RkStatus worst = RK_OK;
  *out = NULL;
  for (guint i = 0; i < G_N_ELEMENTS(settings); i++) {
    g_autofree char *set = desk_setting(desk, settings[i].key);
    RkStatus status = take(plan, i, set ? set : settings[i].standard, diags);
    worst = status == RK_OK ? worst : status;
  }
  if (worst == RK_OK && plan->argv)
    *out = g_steal_pointer(&plan);
  return worst;
}

void faxplan_free(FaxPlan *plan) {
  if (!plan)
    return;
  g_strfreev(plan->argv);
  g_clear_pointer(&plan->busy, g_array_unref);
  g_clear_pointer(&plan->pauses, g_array_unref);
  g_clear_pointer(&plan->job, g_regex_unref);
  g_clear_pointer(&plan->pages, g_regex_unref);
  g_free(plan);
}

/* ------------------------------------------------------------------------ using */

RkStatus faxplan_check_program(const FaxPlan *plan, RkDiags *diags) {
  struct stat info;
  const char *why = NULL;
  if (stat(plan->argv[0], &info) != 0 || access(plan->argv[0], X_OK) != 0)
    why = g_strerror(errno);
  else if (!S_ISREG(info.st_mode))
    why = _("it is no file");
  else if (info.st_mode & (S_IWGRP | S_IWOTH))
    why = _("others can change it");
  return why ? diags_fail(diags, RK_FAILED, DIAG_FAX_PROGRAM, NULL, plan->argv[0], why, NULL) : RK_OK;
}

gboolean faxplan_wants_cover(RkDesk *desk, const CatalogueChannel *channel) {
  g_autofree char *set = desk_setting(desk, "fax.cover");
  return channel->driver && (set ? g_str_equal(set, "yes") : channel->cover);
}

char *faxplan_head(RkDesk *desk, gint64 now) {
  g_autofree char *sender = desk_setting(desk, "fax.sender");
  g_autofree char *when = time_to_local_iso(now);
  return sender ? g_strdup_printf("%s　%.10s %.5s", sender, when, strchr(when, 'T') + 1) : NULL;
}

void faxplan_draw(RkDesk *desk, RenderOptions *options) {
  g_autofree char *resolution = desk_setting(desk, "fax.resolution"), *coding = desk_setting(desk, "fax.coding");
  options->fax_standard = g_strcmp0(resolution, "standard") == 0;
  for (guint i = 0; i < G_N_ELEMENTS(codings); i++)
    if (g_strcmp0(codings[i].name, coding) == 0)
      options->fax_coding = codings[i].coding;
}

gboolean faxplan_is_busy(const FaxPlan *plan, int code) {
  for (guint i = 0; i < plan->busy->len; i++)
    if (code >= 0 && g_array_index(plan->busy, guint, i) == (guint)code)
      return TRUE;
  return FALSE;
}

guint faxplan_pause(const FaxPlan *plan, guint round) {
  if (!round || round >= plan->tries)
    return 0;
  return g_array_index(plan->pauses, guint, MIN(round, plan->pauses->len) - 1);
}

char *faxplan_find(const GRegex *regex, const char *text) {
  g_autoptr(GMatchInfo) match = NULL;
  if (!regex || !g_regex_match(regex, text, 0, &match))
    return NULL;
  return g_match_info_fetch(match, 1);
}
