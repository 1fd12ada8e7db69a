/* SPDX-License-Identifier: Apache-2.0 */
/* duty.c - the public calls about duties, and about which paper goes where by the procedures. */
#include "case/duties.h"

#include "base/table.h"
#include "base/words.h"
#include "base/xml.h"
#include "case/deliver.h"

#include <string.h>

/* ------------------------------------------------------------------ duties */

static RkStatus load(RkDesk *desk, Duties **out, RkDiags *diags) {
  g_autofree char *path = g_build_filename(desk->site->datadir, "workflows", desk->municipality,
                                           "duties.xml", NULL);
  *out = NULL;
  if (!g_file_test(path, G_FILE_TEST_EXISTS))
    return diags_fail(diags, RK_NOT_FOUND, DIAG_NO_DUTIES, NULL, desk->municipality, NULL);
  return duties_load_file(out, path, diags);
}

static const char *title_of(const Duty *duty) {
  return g_str_equal(_("en"), "en") && duty->title_en ? duty->title_en : duty->title;
}

RkStatus rk_duty_list(RkDesk *desk, RkTable **out, RkDiags *diags) {
  g_autoptr(Duties) duties = NULL;
  *out = NULL;
  RkStatus status = desk_check_member(desk, diags);
  if (status == RK_OK)
    status = load(desk, &duties, diags);
  if (status != RK_OK)
    return status;
  RkTable *table = *out = table_new("duties", _("Duties"));
  table_column(table, "id", _("Duty"), RK_COLUMN_TEXT);
  table_column(table, "kind", _("Kind"), RK_COLUMN_TEXT);
  table_column(table, "title", _("Title"), RK_COLUMN_TEXT);
  table_column(table, "source", _("Source"), RK_COLUMN_TEXT);
  for (guint i = 0; i < duties_all(duties)->len; i++) {
    const Duty *duty = duties_all(duties)->pdata[i];
    table_row(table, duty->id, duty->kind, title_of(duty), duty->source);
  }
  return RK_OK;
}

static RkStatus find(RkDesk *desk, const char *id, Duties **duties, const Duty **out,
                     RkDiags *diags) {
  RkStatus status = desk_check_member(desk, diags);
  if (status == RK_OK)
    status = load(desk, duties, diags);
  *out = status == RK_OK ? duties_find(*duties, id) : NULL;
  if (status == RK_OK && !*out)
    return diags_fail(diags, RK_NOT_FOUND, DIAG_UNKNOWN_DUTY, NULL, id, NULL);
  return status;
}

RkStatus rk_duty_show(RkDesk *desk, const char *id, RkTable **out, RkDiags *diags) {
  g_autoptr(Duties) duties = NULL;
  const Duty *duty = NULL;
  *out = NULL;
  RkStatus status = find(desk, id, &duties, &duty, diags);
  if (status != RK_OK)
    return status;
  RkTable *table = *out = table_new("duty", title_of(duty));
  table_column(table, "part", _("Part"), RK_COLUMN_TEXT);
  table_column(table, "text", _("Text"), RK_COLUMN_TEXT);
  for (guint i = 0; i < duty->texts->len; i++)
    table_row(table, g_str_equal(duty->kind, "checklist") ? "item" : "text",
              (const char *)duty->texts->pdata[i]);
  for (guint i = 0; i < duty->enforced->len; i++)
    table_row(table, "enforced", (const char *)duty->enforced->pdata[i]);
  table_row(table, "source", duty->source);
  if (duty->reg)
    table_row(table, "register", duty->reg);
  if (duty->inferred)
    table_row(table, "inferred", duty->inferred);
  return RK_OK;
}

RkStatus rk_duty_record(RkDesk *desk, const RkRequest *request, const char *id, RkDiags *diags) {
  g_autoptr(Duties) duties = NULL;
  const Duty *duty = NULL;
  RkStatus status = find(desk, id, &duties, &duty, diags);
  if (status == RK_OK && (!request->why || !*request->why))
    return diags_fail(diags, RK_INVALID, DIAG_DUTY_WHY, NULL, NULL);
  return status == RK_OK ? desk_commit_office(desk, request, "duty", id, NULL, NULL, diags)
                         : status;
}

/* -------------------------------------------- the handbook's list of papers */

/* What one party does with one form, by all procedures of the desk. */
typedef struct {
  char *role, *role_title, *code, *printed, *title;
  GString *goes;   /* "fax → title; …" */
  gboolean keeps;
  GString *points; /* readings of open points about the form */
} Line;

static void line_free(gpointer data) {
  Line *line = data;
  char *texts[] = {line->role, line->role_title, line->code, line->printed, line->title};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
  g_string_free(line->goes, TRUE);
  g_string_free(line->points, TRUE);
  g_free(line);
}

typedef struct {
  GPtrArray *lines; /* Line */
  const Bundle *bundle;
} Gathering;

static Line *line_of(Gathering *gathering, const char *role, const char *code) {
  for (guint i = 0; i < gathering->lines->len; i++) {
    Line *line = gathering->lines->pdata[i];
    if (g_str_equal(line->role, role) && g_str_equal(line->code, code))
      return line;
  }
  Form *form = bundle_form(gathering->bundle, code);
  Line *line = g_new0(Line, 1);
  line->role = g_strdup(role);
  line->role_title = g_strdup(bundle_role_title(gathering->bundle, role));
  line->code = g_strdup(code);
  line->printed = g_strdup(form ? form_printed_code(form) : code);
  line->title = g_strdup(form ? form_title(form) : code);
  line->goes = g_string_new(NULL);
  line->points = g_string_new(NULL);
  g_ptr_array_add(gathering->lines, line);
  return line;
}

static void add_once(GString *list, const char *text) {
  if (!strstr(list->str, text))
    g_string_append_printf(list, "%s%s", list->len ? "; " : "", text);
}

/* The ways of a sending in words: one, or all that it allows. */
static char *ways_of(const Gathering *gathering, const xmlNode *node) {
  g_autofree char *several = xml_attr(node, "channels");
  g_autofree char *ids = several ? g_strdup(several) : xml_attr(node, "channel");
  g_auto(GStrv) ways = g_strsplit(ids ? ids : "", " ", -1);
  gboolean english = g_str_equal(_("en"), "en");
  GString *text = g_string_new(NULL);
  for (guint i = 0; ways[i]; i++) {
    CatalogueChannel found;
    gboolean known = catalogue_channel(bundle_catalogue(gathering->bundle), ways[i], &found);
    g_string_append_printf(text, "%s%s", i ? " / " : "",
                           known ? (english ? found.title_en : found.title) : ways[i]);
  }
  return g_string_free(text, FALSE);
}

static void gather_sending(const xmlNode *node, gpointer user) {
  Gathering *gathering = user;
  g_autofree char *code = xml_attr(node, "form"), *from = bundle_sender_of(node);
  g_autofree char *to = xml_attr(node, "to"), *ways = ways_of(gathering, node);
  if (!code || !from || !to)
    return;
  g_autofree char *text =
      g_strdup_printf("%s → %s", ways, bundle_role_title(gathering->bundle, to));
  add_once(line_of(gathering, from, code)->goes, text);
}

static void gather_keeping(const xmlNode *node, gpointer user) {
  Gathering *gathering = user;
  g_autofree char *code = xml_attr(node, "form"), *holder = xml_attr(node, "holder");
  if (code && holder)
    line_of(gathering, holder, code)->keeps = TRUE;
}

static void gather_point(const xmlNode *node, gpointer user) {
  Gathering *gathering = user;
  g_autofree char *code = xml_attr(node, "form"), *title = xml_attr(node, "title");
  g_autofree char *reading = xml_attr(node, "reading");
  g_autofree char *text = g_strdup_printf("%s → %s", title, reading);
  for (guint i = 0; code && i < gathering->lines->len; i++) {
    Line *line = gathering->lines->pdata[i];
    if (g_str_equal(line->code, code))
      add_once(line->points, text);
  }
}

static void gather_bundle(Gathering *gathering, const Bundle *bundle) {
  gathering->bundle = bundle;
  machine_each_extension(bundle_machine(bundle), "send-paper", gather_sending, gathering);
  machine_each_extension(bundle_machine(bundle), "keep", gather_keeping, gathering);
  machine_each_extension(bundle_machine(bundle), "open-point", gather_point, gathering);
}

static int compare_lines(gconstpointer a, gconstpointer b) {
  const Line *left = *(Line *const *)a, *right = *(Line *const *)b;
  int roles = strcmp(left->role, right->role);
  return roles ? roles : strcmp(left->code, right->code);
}

static RkTable *handbook_table(GPtrArray *lines) {
  RkTable *table = table_new("papers", _("What each party does with its papers"));
  table_column(table, "role", _("Role"), RK_COLUMN_TEXT);
  table_column(table, "role_title", _("Party"), RK_COLUMN_TEXT);
  table_column(table, "form", _("Form"), RK_COLUMN_TEXT);
  table_column(table, "code", _("Printed code"), RK_COLUMN_TEXT);
  table_column(table, "title", _("Title"), RK_COLUMN_TEXT);
  table_column(table, "goes", _("Goes"), RK_COLUMN_TEXT);
  table_column(table, "keeps", _("Keeps"), RK_COLUMN_BOOL);
  table_column(table, "open_point", _("Open point"), RK_COLUMN_TEXT);
  g_ptr_array_sort(lines, compare_lines);
  for (guint i = 0; i < lines->len; i++) {
    const Line *line = lines->pdata[i];
    table_row(table, line->role, line->role_title, line->code, line->printed, line->title,
              line->goes->len ? line->goes->str : NULL, line->keeps ? "yes" : "no",
              line->points->len ? line->points->str : NULL);
  }
  return table;
}

RkStatus rk_custody_handbook(RkDesk *desk, RkTable **out, RkDiags *diags) {
  g_autoptr(GPtrArray) procedures = NULL;
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(line_free);
  Gathering gathering = {lines, NULL};
  *out = NULL;
  RkStatus status = desk_check_member(desk, diags);
  if (status == RK_OK)
    status = store_load_register(desk->store, REGISTER_PROCEDURE, NULL, &procedures, diags);
  for (guint i = 0; status == RK_OK && i < procedures->len; i++) {
    Bundle *bundle = NULL;
    status = desk_procedure(desk, ((StoreRegister *)procedures->pdata[i])->key, &bundle, diags);
    if (status == RK_OK)
      gather_bundle(&gathering, bundle);
  }
  if (status == RK_OK)
    *out = handbook_table(lines);
  return status;
}
