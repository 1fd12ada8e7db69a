/* SPDX-License-Identifier: Apache-2.0 */
/*
 * qr.c - the only user of libqrencode. On a raster every module starts and ends
 * on a whole pixel, so that no grey edge is cut differently from its neighbour.
 */
#include "qr.h"

#include "base/xml.h"

#include <math.h>
#include <qrencode.h>
#include <string.h>

#define QUIET 4 /* modules of white on each side */
#define MM (72 / 25.4)

const xmlNode *qr_find(const FoNode *object) {
  const xmlNode *child = xml_first_element(object->xml);
  return child && xml_is(child, FO_EXTENSION_NS, "qr") ? child : NULL;
}

void qr_check(const xmlNode *qr, gboolean lenient, RkDiags *diags) {
  DiagPlace place = xml_place(qr);
  g_autofree char *text = xml_attr(qr, "text");
  for (const xmlAttr *a = qr->properties; a; a = a->next)
    if (!a->ns && strcmp((const char *)a->name, "text"))
      diags_add(diags, lenient ? DIAG_FO_PROPERTY_IGNORED : DIAG_FO_PROPERTY, &place, "qr",
                (const char *)a->name, NULL);
  if (!text || !*text)
    diags_add(diags, DIAG_FO_REQUIRED, &place, "qr", "text", NULL);
}

double qr_side(const FoNode *object) {
  const FoTraits *traits = &object->traits;
  if (traits->own.content_width.unit == LENGTH_POINTS)
    return traits->own.content_width.value;
  return FO_QR_SIDE * MM;
}

static QRcode *encode(const FoNode *object) {
  g_autofree char *text = xml_attr(qr_find(object), "text");
  return text ? QRcode_encodeString8bit(text, 0, QR_ECLEVEL_Q) : NULL;
}

void qr_check_size(const FoNode *object, RkDiags *diags) {
  QRcode *code = encode(object);
  double module = code ? qr_side(object) / MM / (code->width + 2 * QUIET) : 0;
  DiagPlace place = node_place(object);
  if (module < FO_QR_LEAST_MODULE - 1e-6) {
    g_autofree char *size = g_strdup_printf("%.2f", module);
    g_autofree char *least = g_strdup_printf("%g", FO_QR_LEAST_MODULE);
    diags_add(diags, DIAG_FO_QR_SIZE, &place, node_label(object), size, least, NULL);
  }
  QRcode_free(code);
}

static void snap(const Painter *painter, double *x, double *y) {
  if (!painter->snap)
    return;
  cairo_user_to_device(painter->cairo, x, y);
  *x = floor(*x + 0.5);
  *y = floor(*y + 0.5);
}

static void add_module(const Painter *painter, double x, double y, double size) {
  double x2 = x + size, y2 = y + size;
  snap(painter, &x, &y);
  snap(painter, &x2, &y2);
  if (painter->snap) {
    cairo_save(painter->cairo);
    cairo_identity_matrix(painter->cairo);
  }
  cairo_rectangle(painter->cairo, x, y, x2 - x, y2 - y);
  if (painter->snap)
    cairo_restore(painter->cairo);
}

void qr_draw(const Painter *painter, const FoNode *object, double x, double y) {
  QRcode *code = encode(object);
  if (!code)
    return;
  int n = code->width;
  double module = qr_side(object) / (n + 2 * QUIET);
  cairo_save(painter->cairo);
  cairo_new_path(painter->cairo);
  cairo_set_antialias(painter->cairo,
                      painter->snap ? CAIRO_ANTIALIAS_NONE : CAIRO_ANTIALIAS_DEFAULT);
  painter_set_color(painter, 0);
  for (int row = 0; row < n; row++)
    for (int column = 0; column < n; column++)
      if (code->data[row * n + column] & 1)
        add_module(painter, x + (column + QUIET) * module, y + (row + QUIET) * module, module);
  cairo_fill(painter->cairo);
  cairo_restore(painter->cairo);
  QRcode_free(code);
}
