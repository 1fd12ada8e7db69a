/* SPDX-License-Identifier: Apache-2.0 */
/* file_png.c - a page in a PNG file. */
#include "scan/page.h"

#include <png.h>
#include <stdio.h>
#include <unistd.h>

static RkStatus take_image(PageReader *reader, png_image *image) {
  const png_color white = {255, 255, 255};
  RkStatus status = page_check_size(reader, image->width, image->height);
  if (status != RK_OK)
    return status;
  image->format = PNG_FORMAT_GRAY;
  g_autoptr(Grey) grey = grey_new((int)image->width, (int)image->height);
  gboolean whole = png_image_finish_read(image, &white, grey->pixels, 0, NULL) != 0;
  return page_take(reader, g_steal_pointer(&grey), 0, 0, !whole);
}

RkStatus scan_png(PageReader *reader, int fd) {
  png_image image = {.version = PNG_IMAGE_VERSION};
  int copy = dup(fd);
  FILE *file = copy >= 0 ? fdopen(copy, "rb") : NULL;
  if (!file)
    return scan_broken(reader, "fdopen");
  RkStatus status = png_image_begin_read_from_stdio(&image, file)
                        ? take_image(reader, &image)
                        : scan_broken(reader, image.message);
  png_image_free(&image);
  fclose(file);
  return status;
}
