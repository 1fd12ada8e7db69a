/* SPDX-License-Identifier: Apache-2.0 */
/* print.c - see print.h; and the blank forms, which need no database. */
#include "api/print.h"

#include "api/faxplan.h"
#include "base/table.h"
#include "base/xml.h"
#include "base/words.h"
#include "case/desk_int.h"
#include "form/form.h"

#include <gmodule.h>

#include <string.h>

RkStatus print_module_load(const RkSite *site, const RenderOps **out, RkDiags *diags) {
  g_autofree char *path = g_build_filename(site->moduledir, "renkei-print.so", NULL);
  gpointer symbol = NULL;
  *out = NULL;
  GModule *module = g_module_open(path, G_MODULE_BIND_LOCAL);
  if (!module)
    return diags_fail(diags, RK_FAILED, DIAG_PRINT_MODULE, NULL, g_module_error(), NULL);
  gboolean found = g_module_symbol(module, RENDER_OPS_SYMBOL, &symbol);
  if (!found || ((const RenderOps *)symbol)->version != RENDER_OPS_VERSION) {
    g_module_close(module);
    return diags_fail(diags, RK_FAILED, DIAG_PRINT_MODULE, NULL, path, NULL);
  }
  g_module_make_resident(module);
  *out = symbol;
  return RK_OK;
}

gboolean print_is_ready(const RkSite *site) {
  g_autoptr(RkDiags) unsaid = rk_diags_new();
  const RenderOptions options = {.datadir = site->datadir};
  const RenderOps *ops = NULL;
  return print_module_load(site, &ops, unsaid) == RK_OK && ops->check_fonts(&options, unsaid) == RK_OK;
}

static char *sign_page(gpointer user, const char *text) {
  const PageSigner *signer = user;
  const char *end = strchr(text, ' '), *slash = strchr(text, '/');
  gboolean numbered = end && slash && slash < end; /* a cover sheet is not */
  return numbered ? paper_code_sign(signer->keys, signer->made, text) : g_strdup(text);
}

static const RenderFormat formats[] = {[RK_FORMAT_HTML] = RENDER_HTML,
                                       [RK_FORMAT_PDF] = RENDER_PDF,
                                       [RK_FORMAT_TIFF] = RENDER_TIFF,
                                       [RK_FORMAT_PNG] = RENDER_PNG,
                                       [RK_FORMAT_FO] = RENDER_FO};

static RenderKept *kept_by(RkDesk *desk, const RenderOps *ops) {
  if (!desk->printing) {
    desk->printing = ops->kept_new(desk->site->datadir);
    desk->printing_free = (GDestroyNotify)ops->kept_free;
  }
  return desk->printing;
}

RkStatus print_instance(RkDesk *desk, xmlDoc *instance, const PrintHow *how, GBytes **out,
                        RkDiags *diags) {
  const RenderOps *ops = NULL;
  RkStatus status = print_module_load(desk->site, &ops, diags);
  if (status != RK_OK)
    return status;
  RenderOptions options = {.datadir = desk->site->datadir, .time = how->time, .page = 1,
                           .cover = how->cover, .code = how->signer ? sign_page : NULL,
                           .code_user = (gpointer)how->signer, .kept = kept_by(desk, ops),
                           .fax_head = how->head};
  faxplan_draw(desk, &options);
  return ops->render(out, instance, formats[how->format], &options, diags);
}

/* The file of a shipped form: forms/MUNICIPALITY/CODE.xml; NULL if there is none. */
static char *shipped_form(const RkSite *site, const char *code) {
  g_autofree char *forms = g_build_filename(site->datadir, "forms", NULL);
  g_autofree char *file = g_strconcat(code, ".xml", NULL);
  g_autoptr(GDir) dir = strchr(code, '/') ? NULL : g_dir_open(forms, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *path = g_build_filename(forms, name, file, NULL);
    if (g_file_test(path, G_FILE_TEST_IS_REGULAR))
      return g_steal_pointer(&path);
  }
  return NULL;
}

RkStatus rk_form_blank(const RkSite *site, const char *code, RkFormat format, gboolean lenient,
                       GBytes **out, RkDiags *diags) {
  g_autofree char *path = shipped_form(site, code);
  g_autoptr(Form) form = NULL;
  const RenderOps *ops = NULL;
  *out = NULL;
  if (!path)
    return diags_fail(diags, RK_NOT_FOUND, DIAG_UNKNOWN_FORM, NULL, code, NULL);
  RkStatus status = form_load_file(&form, path, diags);
  if (status == RK_OK)
    status = print_module_load(site, &ops, diags);
  if (status != RK_OK)
    return status;
  FormInstanceInfo info = {0};
  g_autoptr(xmlDoc) instance = form_instance(form, NULL, &info);
  RenderOptions options = {.datadir = site->datadir, .page = 1, .lenient = lenient};
  return ops->render(out, instance, formats[format], &options, diags);
}
