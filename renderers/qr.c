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

/* "{page}" and "{pages}" are the only things in braces. */
static gboolean is_template(const char *text) {
  for (const char *p = strpbrk(text, "{}"); p; p = strpbrk(p, "{}")) {
    gsize n = g_str_has_prefix(p, "{page}") ? 6 : g_str_has_prefix(p, "{pages}") ? 7 : 0;
    if (!n)
      return FALSE;
    p += n;
  }
  return TRUE;
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
  else if (!is_template(text))
    diags_add(diags, DIAG_FO_VALUE, &place, "qr", "text", text, NULL);
}

double qr_side(const FoNode *object) {
  const FoTraits *traits = &object->traits;
  if (traits->own.content_width.unit == LENGTH_POINTS)
    return traits->own.content_width.value;
  return FO_QR_SIDE * MM;
}

static void fill(GString *text, const char *name, int number) {
  g_autofree char *digits = g_strdup_printf("%d", number);
  g_string_replace(text, name, digits, 0);
}

char *qr_text(const FoLayout *layout, const FoNode *object) {
  g_autofree char *written = xml_attr(qr_find(object), "text");
  const FoPageFacts *page = layout->page;
  DiagPlace place = xml_place(qr_find(object));
  if (!strchr(written, '{'))
    return g_steal_pointer(&written);
  if (!page) {
    diags_add(layout->diags, DIAG_FO_PAGE_IN_FLOW, &place, "qr", NULL);
    return NULL;
  }
  GString *text = g_string_new(written);
  fill(text, "{page}", page->number);
  fill(text, "{pages}", page->last);
  if (!layout->code)
    return g_string_free(text, FALSE);
  char *signed_text = layout->code(layout->code_user, text->str);
  g_string_free(text, TRUE);
  return signed_text;
}

/* Digits, capitals and "$%*+-./: " take 5.5 bits each, anything else eight. */
static gboolean is_plain(const char *text) {
  return strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:") == strlen(text);
}

static QRcode *encode(const char *text) {
  QRinput *input = QRinput_new2(0, QR_ECLEVEL_Q);
  QRencodeMode mode = is_plain(text) ? QR_MODE_AN : QR_MODE_8;
  gsize length = MIN(strlen(text), (gsize)G_MAXINT);
  gboolean taken = QRinput_append(input, mode, (int)length, (const unsigned char *)text) == 0;
  QRcode *code = taken ? QRcode_encodeInput(input) : NULL;
  QRinput_free(input);
  return code;
}

void qr_check_size(const FoNode *object, const char *text, RkDiags *diags) {
  QRcode *code = encode(text);
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

/* Modules [column, right) of the rows [row, bottom), the first of which is at x, y. */
typedef struct {
  int row, column, bottom, right;
} Patch;

static void add_patch(const Painter *painter, const Patch *patch, double x, double y, double module) {
  double x2 = x + patch->right * module, y2 = y + patch->bottom * module;
  x += patch->column * module;
  y += patch->row * module;
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

static gboolean is_dark(const QRcode *code, const Patch *patch, int row) {
  for (int column = patch->column; column < patch->right; column++)
    if (!(code->data[row * code->width + column] & 1))
      return FALSE;
  return TRUE;
}

/* The dark modules from this one rightwards, and as many rows of them as there are below; they are
 * light afterwards. Few large patches instead of a square each: most of the time that a code takes is
 * spent writing its numbers. */
static Patch take_patch(QRcode *code, int row, int column) {
  Patch patch = {row, column, row + 1, column + 1};
  while (patch.right < code->width && code->data[row * code->width + patch.right] & 1)
    patch.right++;
  while (patch.bottom < code->width && is_dark(code, &patch, patch.bottom))
    patch.bottom++;
  for (int r = row; r < patch.bottom; r++)
    memset(code->data + r * code->width + column, 0, (gsize)(patch.right - column));
  return patch;
}

void qr_draw(const Painter *painter, const FoNode *object, const char *text, double x, double y) {
  QRcode *code = encode(text);
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
      if (code->data[row * n + column] & 1) {
        Patch patch = take_patch(code, row, column);
        add_patch(painter, &patch, x + QUIET * module, y + QUIET * module, module);
      }
  cairo_fill(painter->cairo);
  cairo_restore(painter->cairo);
  QRcode_free(code);
}
