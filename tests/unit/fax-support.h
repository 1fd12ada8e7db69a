/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of FAX pages share: documents as bytes, and the pixels of a TIFF. */
#ifndef FAX_SUPPORT_H
#define FAX_SUPPORT_H

#include "render-support.h"

#include <tiffio.h>

UNUSED static xmlDoc *form_document(void) {
  xmlDoc *doc = NULL;
  g_autofree char *path =
      g_build_filename(g_getenv("RENKEI_SRCDIR"), "tests", "render", "form.fo", NULL);
  assert_int_equal(xml_read_file(&doc, path, XML_LIMIT_DEFINITION, NULL), RK_OK);
  return doc;
}

UNUSED static GBytes *render_form(RenderFormat format, RenderOptions all) {
  g_autoptr(xmlDoc) doc = form_document();
  g_autoptr(RkDiags) diags = rk_diags_new();
  GBytes *out = NULL;
  RkStatus status = renkei_print_ops.render_fo(&out, doc, format, &all, diags);
  if (status != RK_OK)
    fail_msg("%s", rk_diags_get(diags, 0)->message);
  return out;
}

UNUSED static GBytes *render_flow(const char *flow, RenderFormat format) {
  g_autoptr(xmlDoc) doc = flow_document(flow);
  RenderOptions all = options();
  GBytes *out = NULL;
  assert_int_equal(renkei_print_ops.render_fo(&out, doc, format, &all, NULL), RK_OK);
  return out;
}

typedef struct {
  const guint8 *data;
  gsize size, at;
} Memory;

UNUSED static tmsize_t read_memory(thandle_t handle, void *out, tmsize_t size) {
  Memory *memory = handle;
  gsize n = MIN((gsize)size, memory->size - memory->at);
  memcpy(out, memory->data + memory->at, n);
  memory->at += n;
  return (tmsize_t)n;
}

UNUSED static tmsize_t write_memory(thandle_t handle, void *data, tmsize_t size) {
  (void)handle, (void)data, (void)size;
  return -1;
}

UNUSED static toff_t seek_memory(thandle_t handle, toff_t offset, int whence) {
  Memory *memory = handle;
  gsize base = whence == SEEK_CUR ? memory->at : whence == SEEK_END ? memory->size : 0;
  memory->at = MIN(base + offset, memory->size);
  return memory->at;
}

UNUSED static int close_memory(thandle_t handle) {
  (void)handle;
  return 0;
}

UNUSED static toff_t size_memory(thandle_t handle) {
  return ((Memory *)handle)->size;
}

UNUSED static TIFF *open_tiff(Memory *memory, GBytes *bytes) {
  *memory = (Memory){g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), 0};
  TIFF *tiff = TIFFClientOpen("t", "rm", memory, read_memory, write_memory, seek_memory,
                              close_memory, size_memory, NULL, NULL);
  assert_non_null(tiff);
  return tiff;
}

UNUSED static guint32 field(TIFF *tiff, guint32 tag) {
  guint32 value = 0; /* large enough for the 16-bit fields, which fill its low half */
  assert_int_equal(TIFFGetField(tiff, tag, &value), 1);
  return value;
}

/* All pixels of a page, from 0, a byte each: 1 is black. g_free. */
UNUSED static guint8 *page_pixels(GBytes *bytes, guint16 page, int *lines) {
  Memory memory;
  TIFF *tiff = open_tiff(&memory, bytes);
  assert_true(TIFFSetDirectory(tiff, page));
  *lines = (int)field(tiff, TIFFTAG_IMAGELENGTH);
  guint8 *out = g_malloc0((gsize)*lines * 1728), row[1728 / 8];
  for (int y = 0; y < *lines; y++) {
    assert_int_equal(TIFFReadScanline(tiff, row, (guint32)y, 0), 1);
    for (int x = 0; x < 1728; x++)
      out[y * 1728 + x] = row[x / 8] >> (7 - x % 8) & 1;
  }
  TIFFClose(tiff);
  return out;
}

UNUSED static guint count_pages(GBytes *bytes) {
  Memory memory;
  TIFF *tiff = open_tiff(&memory, bytes);
  guint pages = TIFFNumberOfDirectories(tiff);
  TIFFClose(tiff);
  return pages;
}

UNUSED static guint8 *pixels(GBytes *bytes, int *lines) {
  return page_pixels(bytes, 0, lines);
}

#endif
