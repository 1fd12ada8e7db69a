/* SPDX-License-Identifier: Apache-2.0 */
/* cover.c - the cover sheet of a FAX: a form that all offices share, filled in by the program. */
#include "api/print.h"

#include "base/date.h"
#include "case/desk_int.h"
#include "form/form.h"

RkStatus cover_instance(xmlDoc **out, const RkDesk *desk, const Cover *cover, const char *subject,
                        const char *paper, RkDiags *diags) {
  g_autofree char *path = g_build_filename(desk->site->datadir, "forms", "fax-cover.xml", NULL);
  g_autofree char *day = day_to_iso(day_of_time(cover->time));
  g_autofree char *pages = g_strdup_printf("%u 枚（この送信票を含む）", cover->pages);
  const struct {
    const char *path, *value;
  } values[] = {{"date", day},    {"to", cover->to},   {"number", cover->number},
                {"from", cover->from}, {"pages", pages}, {"subject", subject}, {"paper", paper}};
  const FormInstanceInfo info = {.mark = desk->exercise ? "【練習用】" : NULL};
  g_autoptr(Form) form = NULL;
  *out = NULL;
  RkStatus status = form_load_file(&form, path, diags);
  if (status != RK_OK)
    return status;
  g_autoptr(FormData) data = form_data_new(form);
  for (guint i = 0; i < G_N_ELEMENTS(values) && status == RK_OK; i++)
    if (values[i].value)
      status = form_data_set(data, values[i].path, values[i].value, diags);
  if (status == RK_OK)
    *out = form_instance(form, data, &info);
  if (*out) /* our own name of the form says nothing to who receives it */
    xmlUnsetProp(xmlDocGetRootElement(*out), (const xmlChar *)"code");
  return status;
}
