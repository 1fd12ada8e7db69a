/* SPDX-License-Identifier: Apache-2.0 */
/* flatten.c - a procedure written as an overlay, shown whole. */
#include "base/xml.h"
#include "machine/overlay.h"

RkStatus rk_workflow_flatten(const char *path, char **out_xml, RkDiags *diags) {
  g_autoptr(xmlDoc) doc = NULL;
  *out_xml = NULL;
  RkStatus status = overlay_flatten(&doc, path, diags);
  if (status != RK_OK)
    return status;
  g_autoptr(GBytes) bytes = xml_to_bytes(doc);
  *out_xml = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
  return RK_OK;
}
