/* SPDX-License-Identifier: Apache-2.0 */
/* tiff.c - FAX pages in a file, put together in memory. */
#include "output.h"

#include <string.h>
#include <tiffio.h>

/* ------------------------------------------------------------ bytes in memory */

typedef struct {
  GByteArray *bytes;
  gsize at;
  gboolean failed;
} Memory;

static tmsize_t memory_read(thandle_t handle, void *out, tmsize_t size) {
  Memory *memory = handle;
  gsize left = memory->at < memory->bytes->len ? memory->bytes->len - memory->at : 0;
  gsize n = MIN(left, (gsize)size);
  if (n)
    memcpy(out, memory->bytes->data + memory->at, n);
  memory->at += n;
  return (tmsize_t)n;
}

static tmsize_t memory_write(thandle_t handle, void *data, tmsize_t size) {
  Memory *memory = handle;
  gsize end = memory->at + (gsize)size, old = memory->bytes->len;
  if (end > old) {
    g_byte_array_set_size(memory->bytes, (guint)end);
    memset(memory->bytes->data + old, 0, end - old);
  }
  memcpy(memory->bytes->data + memory->at, data, (gsize)size);
  memory->at = end;
  return size;
}

static toff_t memory_seek(thandle_t handle, toff_t offset, int whence) {
  Memory *memory = handle;
  gsize base = whence == SEEK_CUR ? memory->at : whence == SEEK_END ? memory->bytes->len : 0;
  memory->at = base + (gsize)offset;
  return memory->at;
}

static toff_t memory_size(thandle_t handle) {
  return ((Memory *)handle)->bytes->len;
}

static int memory_close(thandle_t handle) {
  (void)handle;
  return 0;
}

static int on_error(TIFF *tiff, void *data, const char *module, const char *format, va_list args) {
  (void)tiff, (void)module, (void)format, (void)args;
  ((Memory *)data)->failed = TRUE;
  return 1;
}

static int on_warning(TIFF *tiff, void *data, const char *module, const char *format,
                      va_list args) {
  (void)tiff, (void)data, (void)module, (void)format, (void)args;
  return 1;
}

static TIFF *open_memory(Memory *memory) {
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
  TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, memory);
  TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, NULL);
  TIFF *tiff = TIFFClientOpenExt("fax", "wl", memory, memory_read, memory_write, memory_seek,
                                 memory_close, memory_size, NULL, NULL, options);
  TIFFOpenOptionsFree(options);
  return tiff;
}

/* -------------------------------------------------------------------- a page */

/* What libtiff writes for G3 has no return to control at its end, as TIFF-F wants it. */
static void set_coding(TIFF *tiff, RenderFaxCoding coding) {
  guint32 options = GROUP3OPT_FILLBITS | (coding == RENDER_FAX_G3_2D ? GROUP3OPT_2DENCODING : 0);
  if (coding == RENDER_FAX_G4) {
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_CCITTFAX4);
  } else {
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_CCITTFAX3);
    TIFFSetField(tiff, TIFFTAG_GROUP3OPTIONS, options);
  }
}

static void set_fields(TIFF *tiff, int lines, const FaxFile *file) {
  TIFFSetField(tiff, TIFFTAG_SUBFILETYPE, FILETYPE_PAGE);
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, FAX_WIDTH);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, lines);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 1);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
  set_coding(tiff, file->coding);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISWHITE);
  TIFFSetField(tiff, TIFFTAG_FILLORDER, FILLORDER_LSB2MSB);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, lines);
  TIFFSetField(tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
  TIFFSetField(tiff, TIFFTAG_XRESOLUTION, 204.0);
  TIFFSetField(tiff, TIFFTAG_YRESOLUTION, file->raster.standard ? 98.0 : 196.0);
  TIFFSetField(tiff, TIFFTAG_SOFTWARE, "Renkei");
}

static RkStatus write_page(TIFF *tiff, const FoPages *pages, guint index, const FaxFile *file,
                           RkDiags *diags) {
  int lines;
  g_autofree guint8 *bits = fax_rows(pages, index, &file->raster, &lines, diags);
  tmsize_t size = (tmsize_t)lines * FAX_WIDTH / 8;
  if (!bits)
    return RK_INVALID;
  set_fields(tiff, lines, file);
  TIFFSetField(tiff, TIFFTAG_PAGENUMBER, index, pages_count(pages));
  return TIFFWriteEncodedStrip(tiff, 0, bits, size) == size && TIFFWriteDirectory(tiff)
             ? RK_OK
             : RK_FAILED;
}

RkStatus tiff_write(GBytes **out, const FoPages *pages, const FaxFile *file, RkDiags *diags) {
  *out = NULL;
  RkStatus status = fax_check(pages, &file->raster, diags);
  if (status != RK_OK)
    return status;
  Memory memory = {g_byte_array_new(), 0, FALSE};
  TIFF *tiff = open_memory(&memory);
  status = tiff ? RK_OK : RK_FAILED;
  for (guint i = 0; status == RK_OK && i < pages_count(pages); i++)
    status = write_page(tiff, pages, i, file, diags);
  if (tiff)
    TIFFClose(tiff);
  *out = g_byte_array_free_to_bytes(memory.bytes);
  if (status == RK_OK && memory.failed)
    status = RK_FAILED;
  if (status == RK_OK)
    return RK_OK;
  g_clear_pointer(out, g_bytes_unref);
  if (status == RK_FAILED)
    diags_add(diags, DIAG_OUTPUT_FAILED, NULL, "libtiff", NULL);
  return status;
}
