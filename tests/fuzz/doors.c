/* SPDX-License-Identifier: Apache-2.0 */
/* doors.c - forms and their values, the small formats beside workflows, pages. */
#define _GNU_SOURCE /* memfd_create */
#include "judge.h"

#include "base/xml.h"
#include "case/calendar.h"
#include "case/catalogue.h"
#include "case/duties.h"
#include "case/testfile.h"
#include "fo/pages.h"
#include "form/form.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char *top(void) {
  const char *folder = g_getenv("RENKEI_SRCDIR");
  return folder ? folder : ".";
}

/* ---------------------------------------------------------------- forms and values */

static Form *form_of_values(void) {
  g_autofree char *path = g_build_filename(top(), "forms", "fujisawa", "fj-2-1.xml", NULL);
  g_autoptr(RkDiags) diags = rk_diags_new();
  Form *form = NULL;
  if (form_load_file(&form, path, diags) != RK_OK)
    door_fail("%s: %s", path, rk_diags_get(diags, 0)->message);
  return form;
}

static void same_values(const FormData *data, GBytes *saved, const char *way) {
  g_autoptr(GBytes) second = form_data_save(data);
  if (!g_bytes_equal(saved, second))
    door_fail("other values after %s:\n%s\n%s", way, (const char *)g_bytes_get_data(saved, NULL),
              (const char *)g_bytes_get_data(second, NULL));
}

/* What can be done with values: checked, shown, written in both ways and read again. */
static void use_values(Form *form, FormData *data) {
  FormInstanceInfo info = {.lang = "ja"};
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(GBytes) saved = form_data_save(data);
  g_autofree char *text = form_data_write_text(data);
  g_autoptr(FormData) again = NULL, typed = form_data_new(form);
  form_data_check(data, NULL);
  xmlFreeDoc(form_instance(form, data, &info));
  if (form_data_load(&again, form, saved, diags) != RK_OK)
    door_fail("values of its own are refused: %s in\n%s", rk_diags_get(diags, 0)->message,
              (const char *)g_bytes_get_data(saved, NULL));
  same_values(again, saved, "XML");
  if (form_data_read_text(typed, text, "own", diags) != RK_OK)
    door_fail("text of its own is refused: %s in\n%s", rk_diags_get(diags, 0)->message, text);
  same_values(typed, saved, "text");
}

FuzzOutcome door_form(const guint8 *bytes, gsize length) {
  g_autoptr(Form) form = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkStatus status = form_load(&form, (const char *)bytes, length, "fuzz", diags);
  FuzzOutcome outcome = door_judge(status, form, diags);
  if (!form)
    return outcome;
  FormInstanceInfo info = {.lang = "ja"};
  g_autoptr(FormData) data = form_data_new(form);
  xmlFreeDoc(form_instance(form, NULL, &info));
  for (guint i = 0; i < form_n_fields(form); i++) {
    FormField field = form_field(form, i);
    g_autofree char *path = field.table ? g_strdup_printf("%s[2].%s", field.table, field.id)
                                        : g_strdup(field.id);
    form_data_set(data, path, i % 2 ? "2026-11-21" : "架空 太郎", NULL);
  }
  use_values(form, data);
  return outcome;
}

FuzzOutcome door_values(const guint8 *bytes, gsize length) {
  g_autoptr(Form) form = form_of_values();
  g_autoptr(GBytes) xml = g_bytes_new(bytes, length);
  g_autoptr(FormData) data = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkStatus status = form_data_load(&data, form, xml, diags);
  FuzzOutcome outcome = door_judge(status, data, diags);
  if (data)
    use_values(form, data);
  return outcome;
}

FuzzOutcome door_values_text(const guint8 *bytes, gsize length) {
  g_autoptr(Form) form = form_of_values();
  g_autoptr(FormData) data = form_data_new(form);
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autofree char *text = g_strndup((const char *)bytes, length);
  RkStatus status = form_data_read_text(data, text, "fuzz", diags);
  use_values(form, data); /* good lines are set though others are refused */
  return door_judge(status, status == RK_OK ? data : NULL, diags);
}

static void fill(FormData *data, guint kind) {
  g_auto(GStrv) lines = NULL;
  g_autofree char *text = form_data_write_text(data);
  lines = g_strsplit(text, "\n", -1);
  for (guint i = 0; lines[i]; i++) {
    char *equals = strchr(lines[i], '=');
    g_autofree char *path = equals ? g_strstrip(g_strndup(lines[i], (gsize)(equals - lines[i]))) : NULL;
    static const char *const values[] = {"架空 太郎", "カクウ タロウ", "2026-11-21", "0466-00-0000",
                                         "251-0000", "taro@example.jp", "true"};
    for (guint k = 0; path && k < G_N_ELEMENTS(values); k++)
      if (form_data_set(data, path, values[(k + kind) % G_N_ELEMENTS(values)], NULL) == RK_OK)
        break;
  }
}

static void values_seeds(GPtrArray *seeds, gboolean text) {
  g_autoptr(Form) form = form_of_values();
  for (guint kind = 0; kind < 3; kind++) {
    g_autoptr(FormData) data = form_data_new(form);
    fill(data, kind);
    char *lines = text ? form_data_write_text(data) : NULL;
    g_ptr_array_add(seeds, text ? g_bytes_new_take(lines, strlen(lines)) : form_data_save(data));
  }
}

void door_make_seeds(const char *target, GPtrArray *seeds) {
  if (g_str_equal(target, "snapshot"))
    door_snapshot_seeds(seeds);
  else if (g_str_equal(target, "overlay") || g_str_equal(target, "template"))
    door_overlay_seeds(seeds, g_str_equal(target, "template"));
  else
    values_seeds(seeds, g_str_equal(target, "values-text"));
}

/* ------------------------------------------------------------------- small formats */

FuzzOutcome door_registers(const guint8 *bytes, gsize length) {
  g_autoptr(Catalogue) catalogue = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkStatus status = catalogue_load(&catalogue, (const char *)bytes, length, "fuzz", diags);
  FuzzOutcome outcome = door_judge(status, catalogue, diags);
  if (!catalogue)
    return outcome;
  CatalogueChannel channel;
  catalogue_channel(catalogue, "fax", &channel);
  catalogue_state_rank(catalogue, "institution", "registered");
  catalogue_may_follow(catalogue, "institution", NULL, "registered");
  g_free(catalogue_list_registers(catalogue));
  return outcome;
}

/* Some formats are read from files only: a file that has no name. */
static int as_file(const guint8 *bytes, gsize length, char path[64]) {
  int fd = memfd_create("fuzz", 0);
  if (fd < 0 || write(fd, bytes, length) != (gssize)length)
    door_fail("no file in memory");
  g_snprintf(path, 64, "/proc/self/fd/%d", fd);
  return fd;
}

FuzzOutcome door_procedure_test(const guint8 *bytes, gsize length) {
  char path[64];
  int fd = as_file(bytes, length, path);
  g_autoptr(TestFile) file = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkStatus status = testfile_load(&file, path, diags);
  FuzzOutcome outcome = door_judge(status, file, diags);
  for (const xmlNode *test = file ? testfile_first(file) : NULL; test; test = xml_next_element(test))
    for (const xmlNode *step = xml_first_element(test); step; step = xml_next_element(step))
      testfile_time(step, 0);
  close(fd);
  return outcome;
}

FuzzOutcome door_holidays(const guint8 *bytes, gsize length) {
  char path[64];
  int fd = as_file(bytes, length, path);
  g_autoptr(Calendar) calendar = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkStatus status = calendar_load_file(&calendar, path, diags);
  FuzzOutcome outcome = door_judge(status, calendar, diags);
  Day day = {2026, 11, 21}, found;
  if (calendar && calendar_business_day(calendar, day, 5, &found) && !day_valid(found))
    door_fail("a business day that is no day");
  close(fd);
  return outcome;
}

FuzzOutcome door_duties(const guint8 *bytes, gsize length) {
  char path[64];
  int fd = as_file(bytes, length, path);
  g_autoptr(Duties) duties = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkStatus status = duties_load_file(&duties, path, diags);
  FuzzOutcome outcome = door_judge(status, duties, diags);
  if (duties)
    duties_find(duties, "x");
  close(fd);
  return outcome;
}

/* --------------------------------------------------------------------------- pages */

/* Without fonts the formatter cannot lay out anything: that proves nothing. */
static gboolean lacks_fonts(const RkDiags *diags) {
  for (guint i = 0; i < rk_diags_count(diags); i++)
    if (g_str_equal(rk_diags_get(diags, i)->code, diag_code(DIAG_FONT_MISSING)))
      return TRUE;
  return FALSE;
}

FuzzOutcome door_fo(const guint8 *bytes, gsize length) {
  g_autofree char *data = g_build_filename(top(), "renderers", NULL);
  FoOptions options = {.datadir = data, .lenient = length % 2};
  g_autoptr(xmlDoc) doc = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkStatus status = xml_parse(&doc, (const char *)bytes, length, "fuzz", XML_LIMIT_DEFINITION, diags);
  if (status != RK_OK)
    return door_judge(status, doc, diags);
  g_autoptr(FoPages) pages = NULL;
  status = pages_new(&pages, doc, &options, diags);
  if (status != RK_OK && lacks_fonts(diags))
    return FUZZ_UNFIT;
  return door_judge(status, pages, diags);
}
