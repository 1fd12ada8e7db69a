/* SPDX-License-Identifier: Apache-2.0 */
/* keep.c - see keep.h. */
#include "scan/keep.h"

#include <png.h>

#define TONES 16

/* Bits a pixel follow from the number of tones: 1 for two, 4 for sixteen. */
GBytes *keep_png(const Grey *grey) {
  png_image image = {.version = PNG_IMAGE_VERSION};
  guint8 tones[TONES];
  guint count = grey_two_tones(grey) ? 2 : TONES;
  gsize size = (gsize)grey->width * (gsize)grey->height;
  g_autofree guint8 *indexes = g_malloc(size);
  for (guint i = 0; i < count; i++)
    tones[i] = (guint8)(i * 255 / (count - 1));
  for (gsize i = 0; i < size; i++)
    indexes[i] = (guint8)((grey->pixels[i] * (count - 1) + 127) / 255);
  image.width = (png_uint_32)grey->width;
  image.height = (png_uint_32)grey->height;
  image.format = PNG_FORMAT_GRAY | PNG_FORMAT_FLAG_COLORMAP;
  image.colormap_entries = count;
  png_alloc_size_t length = PNG_IMAGE_PNG_SIZE_MAX(image);
  guint8 *bytes = g_malloc(length);
  int done = png_image_write_to_memory(&image, bytes, &length, 0, indexes, 0, tones);
  png_image_free(&image);
  if (done)
    return g_bytes_new_take(g_realloc(bytes, length), length);
  g_free(bytes);
  return NULL;
}
