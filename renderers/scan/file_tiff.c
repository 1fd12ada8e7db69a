/* SPDX-License-Identifier: Apache-2.0 */
/* file_tiff.c - the pages of a TIFF file, in whatever way it is coded. */
#include "scan/page.h"

#include <string.h>
#include <tiffio.h>
#include <unistd.h>

#define ALLOC_MAX (256 << 20)

typedef struct {
  TIFF *tiff;
  gboolean failed; /* since it was last set to FALSE */
} File;

static int on_error(TIFF *tiff, void *data, const char *module, const char *format, va_list args) {
  (void)tiff, (void)module, (void)format, (void)args;
  ((File *)data)->failed = TRUE;
  return 1;
}

static int on_warning(TIFF *tiff, void *data, const char *module, const char *format,
                      va_list args) {
  (void)tiff, (void)data, (void)module, (void)format, (void)args;
  return 1;
}

/* "m": not mapped, so that a file cut while it is read does not end the program. */
static gboolean open_file(File *file, int fd, const char *name) {
  int copy = dup(fd);
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
  TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, file);
  TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, NULL);
  TIFFOpenOptionsSetMaxSingleMemAlloc(options, ALLOC_MAX);
  file->tiff = TIFFFdOpenExt(copy, name, "rm", options);
  TIFFOpenOptionsFree(options);
  if (!file->tiff && copy >= 0)
    close(copy);
  return file->tiff != NULL;
}

/* ------------------------------------------------------------------ two tones */

static gboolean is_two_tones(TIFF *tiff) {
  uint16_t bits = 1, samples = 1, photometric = 0;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &bits);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);
  TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric);
  return bits == 1 && samples == 1 && !TIFFIsTiled(tiff) &&
         (photometric == PHOTOMETRIC_MINISWHITE || photometric == PHOTOMETRIC_MINISBLACK);
}

static gboolean read_rows(TIFF *tiff, Grey *grey) {
  uint16_t photometric = PHOTOMETRIC_MINISWHITE;
  gsize length = (gsize)TIFFScanlineSize(tiff);
  TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric);
  guint8 ink = photometric == PHOTOMETRIC_MINISWHITE;
  if (length < ((gsize)grey->width + 7) / 8)
    return FALSE;
  g_autofree guint8 *bits = g_malloc0(length);
  for (int y = 0; y < grey->height; y++) {
    if (TIFFReadScanline(tiff, bits, (uint32_t)y, 0) < 0)
      return FALSE;
    for (int x = 0; x < grey->width; x++)
      if ((bits[x / 8] >> (7 - x % 8) & 1) == ink)
        grey_row(grey, y)[x] = 0;
  }
  return TRUE;
}

/* --------------------------------------------------------------------- others */

static guint8 grey_of(uint32_t abgr) {
  guint white = 255 - TIFFGetA(abgr);
  guint sum = 299 * TIFFGetR(abgr) + 587 * TIFFGetG(abgr) + 114 * TIFFGetB(abgr);
  return (guint8)MIN(sum / 1000 + white, 255);
}

/* What libtiff could not read stays white. */
static gboolean read_colours(TIFF *tiff, Grey *grey) {
  gsize size = (gsize)grey->width * (gsize)grey->height;
  g_autofree uint32_t *raster = g_malloc(size * sizeof *raster);
  memset(raster, 255, size * sizeof *raster);
  gboolean whole = TIFFReadRGBAImageOriented(tiff, (uint32_t)grey->width, (uint32_t)grey->height,
                                             raster, ORIENTATION_TOPLEFT, 0) != 0;
  for (gsize i = 0; i < size; i++)
    grey->pixels[i] = grey_of(raster[i]);
  return whole;
}

/* ---------------------------------------------------------------------- pages */

static void resolution(TIFF *tiff, double *x, double *y) {
  float across = 0, down = 0;
  TIFFGetField(tiff, TIFFTAG_XRESOLUTION, &across);
  TIFFGetField(tiff, TIFFTAG_YRESOLUTION, &down);
  *x = across > 0 && across < 1e5f ? (double)across : 0;
  *y = down > 0 && down < 1e5f ? (double)down : 0;
}

static gboolean is_thumbnail(TIFF *tiff) {
  uint32_t kind = 0;
  TIFFGetField(tiff, TIFFTAG_SUBFILETYPE, &kind);
  return kind & FILETYPE_REDUCEDIMAGE;
}

static RkStatus read_page(PageReader *reader, File *file) {
  uint32_t width = 0, height = 0;
  double dpi_x, dpi_y;
  TIFFGetField(file->tiff, TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetField(file->tiff, TIFFTAG_IMAGELENGTH, &height);
  RkStatus status = page_check_size(reader, width, height);
  if (status != RK_OK)
    return status;
  g_autoptr(Grey) grey = grey_new((int)width, (int)height);
  file->failed = FALSE;
  gboolean whole = is_two_tones(file->tiff) ? read_rows(file->tiff, grey)
                                            : read_colours(file->tiff, grey);
  resolution(file->tiff, &dpi_x, &dpi_y);
  return page_take(reader, g_steal_pointer(&grey), dpi_x, dpi_y, !whole || file->failed);
}

static RkStatus read_pages(PageReader *reader, File *file) {
  RkStatus status = RK_OK;
  gboolean more = TRUE;
  if (TIFFNumberOfDirectories(file->tiff) > SCAN_PAGES_MAX)
    return diags_fail(reader->diags, RK_INVALID, DIAG_SCAN_PAGES, NULL, reader->name, "300", NULL);
  TIFFSetDirectory(file->tiff, 0);
  while (status == RK_OK && more) {
    if (!is_thumbnail(file->tiff))
      status = read_page(reader, file);
    file->failed = FALSE;
    more = !TIFFLastDirectory(file->tiff) && TIFFReadDirectory(file->tiff);
  }
  if (status == RK_OK && file->failed)
    diags_add(reader->diags, DIAG_SCAN_CUT, NULL, reader->name, NULL);
  return status;
}

RkStatus scan_tiff(PageReader *reader, int fd) {
  File file = {0};
  if (!open_file(&file, fd, reader->name))
    return scan_broken(reader, "TIFF");
  RkStatus status = read_pages(reader, &file);
  TIFFClose(file.tiff);
  return status;
}
