/* SPDX-License-Identifier: Apache-2.0 */
/* codes.c - see codes.h; the only user of ZBar. */
#include "scan/codes.h"

#include <zbar.h>

struct CodeReader {
  zbar_image_scanner_t *scanner;
};

CodeReader *code_reader_new(void) {
  CodeReader *reader = g_new(CodeReader, 1);
  reader->scanner = zbar_image_scanner_create();
  zbar_image_scanner_set_config(reader->scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
  zbar_image_scanner_set_config(reader->scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
  return reader;
}

void code_reader_free(CodeReader *reader) {
  if (reader)
    zbar_image_scanner_destroy(reader->scanner);
  g_free(reader);
}

static void code_clear(gpointer code) {
  g_free(((Code *)code)->text);
}

/* ZBar names the corners in the order in which the code itself has them: the first lies at its top
 * left, the second below it. */
static guint turned_of(const zbar_symbol_t *symbol) {
  if (zbar_symbol_get_loc_size(symbol) < 2)
    return 0;
  int dx = zbar_symbol_get_loc_x(symbol, 1) - zbar_symbol_get_loc_x(symbol, 0);
  int dy = zbar_symbol_get_loc_y(symbol, 1) - zbar_symbol_get_loc_y(symbol, 0);
  if (ABS(dy) >= ABS(dx))
    return dy >= 0 ? 0 : 2;
  return dx >= 0 ? 1 : 3;
}

static void place_of(const zbar_symbol_t *symbol, const Grey *grey, Code *code) {
  guint corners = zbar_symbol_get_loc_size(symbol);
  for (guint i = 0; i < corners; i++) {
    code->x += (double)zbar_symbol_get_loc_x(symbol, i) / grey->width / corners;
    code->y += (double)zbar_symbol_get_loc_y(symbol, i) / grey->height / corners;
  }
}

GArray *code_reader_read(CodeReader *reader, const Grey *grey) {
  GArray *codes = g_array_new(FALSE, FALSE, sizeof(Code));
  zbar_image_t *image = zbar_image_create();
  g_array_set_clear_func(codes, code_clear);
  zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
  zbar_image_set_size(image, (guint)grey->width, (guint)grey->height);
  zbar_image_set_data(image, grey->pixels, (gulong)grey->width * (gulong)grey->height, NULL);
  zbar_scan_image(reader->scanner, image);
  for (const zbar_symbol_t *s = zbar_image_first_symbol(image); s; s = zbar_symbol_next(s)) {
    Code code = {g_strndup(zbar_symbol_get_data(s), zbar_symbol_get_data_length(s)), turned_of(s), 0, 0};
    place_of(s, grey, &code);
    g_array_append_val(codes, code);
  }
  zbar_image_destroy(image);
  return codes;
}
