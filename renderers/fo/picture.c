/* SPDX-License-Identifier: Apache-2.0 */
/* picture.c - files named by fo:external-graphic. */
#include "fo/picture.h"

#include "base/xml.h"
#include "fo/svg.h"
#include "fo/value.h"

#include <string.h>

struct FoPicture {
  xmlDoc *svg;
  cairo_surface_t *pixels; /* ARGB32 or RGB24 */
};

void picture_free(gpointer data) {
  FoPicture *picture = data;
  if (!picture)
    return;
  if (picture->svg)
    xmlFreeDoc(picture->svg);
  if (picture->pixels)
    cairo_surface_destroy(picture->pixels);
  g_free(picture);
}

char *picture_name(const char *src) {
  g_autofree char *name = g_strdup(src);
  gsize n = strlen(name);
  if (n > 5 && g_str_has_prefix(name, "url(") && name[n - 1] == ')') {
    name[n - 1] = 0;
    memmove(name, name + 4, n - 4);
    n -= 5;
    if (n > 1 && (*name == '\'' || *name == '"') && name[n - 1] == *name) {
      name[n - 1] = 0;
      memmove(name, name + 1, n - 1);
    }
  }
  g_auto(GStrv) steps = g_strsplit(name, "/", -1);
  for (guint i = 0; steps[i]; i++)
    if (!*steps[i] || *steps[i] == '.' || strpbrk(steps[i], "\\:?#%"))
      return NULL;
  return *name ? g_steal_pointer(&name) : NULL;
}

/* -------------------------------------------------------------------- reading */

typedef struct {
  const char *data;
  gsize left;
} Input;

static cairo_status_t read_bytes(void *data, unsigned char *out, unsigned int length) {
  Input *input = data;
  if (length > input->left)
    return CAIRO_STATUS_READ_ERROR;
  memcpy(out, input->data, length);
  input->data += length;
  input->left -= length;
  return CAIRO_STATUS_SUCCESS;
}

/* Sides from the header, before anything is unpacked. */
static gboolean is_bounded_png(const char *bytes, gsize length) {
  const guint8 *head = (const guint8 *)bytes;
  if (length < 24 || memcmp(head, "\x89PNG\r\n\x1a\n", 8))
    return FALSE;
  guint32 width = (guint32)head[16] << 24 | head[17] << 16 | head[18] << 8 | head[19];
  guint32 height = (guint32)head[20] << 24 | head[21] << 16 | head[22] << 8 | head[23];
  return width && height && width <= FO_PICTURE_PIXELS && height <= FO_PICTURE_PIXELS;
}

static cairo_surface_t *read_png(const char *bytes, gsize length) {
  if (!is_bounded_png(bytes, length))
    return NULL;
  Input input = {bytes, length};
  cairo_surface_t *pixels = cairo_image_surface_create_from_png_stream(read_bytes, &input);
  cairo_format_t format = cairo_image_surface_get_format(pixels);
  if (cairo_surface_status(pixels) == CAIRO_STATUS_SUCCESS &&
      (format == CAIRO_FORMAT_ARGB32 || format == CAIRO_FORMAT_RGB24))
    return pixels;
  cairo_surface_destroy(pixels);
  return NULL;
}

static gboolean read_svg(FoPicture *picture, const char *bytes, gsize length, const char *path,
                         RkDiags *diags) {
  g_autoptr(RkDiags) found = rk_diags_new();
  RkStatus status = xml_parse(&picture->svg, bytes, length, path, FO_PICTURE_BYTES, found);
  const xmlNode *root = status == RK_OK ? xmlDocGetRootElement(picture->svg) : NULL;
  if (root)
    svg_check(root, FALSE, found);
  gboolean good = root && !rk_diags_has_errors(found);
  diags_take_all(diags, found);
  return good;
}

static gboolean read_picture(FoPicture *picture, const char *path, const DiagPlace *place,
                             const char *name, RkDiags *diags) {
  g_autofree char *bytes = NULL;
  gsize length = 0;
  if (!g_file_get_contents(path, &bytes, &length, NULL) || length > FO_PICTURE_BYTES) {
    diags_add(diags, DIAG_FO_PICTURE, place, name, NULL);
    return FALSE;
  }
  if (g_str_has_suffix(name, ".svg"))
    return read_svg(picture, bytes, length, g_intern_string(path), diags);
  picture->pixels = read_png(bytes, length);
  if (!picture->pixels)
    diags_add(diags, DIAG_FO_PICTURE, place, name, NULL);
  return picture->pixels != NULL;
}

const FoPicture *picture_get(FoLayout *layout, const FoNode *node) {
  const char *src = node->traits.own.src;
  gpointer known;
  if (g_hash_table_lookup_extended(layout->pictures, src, NULL, &known))
    return known;
  g_autofree char *name = picture_name(src);
  g_autofree char *path = name ? g_build_filename(layout->graphics, name, NULL) : NULL;
  DiagPlace place = node_place(node);
  FoPicture *picture = g_new0(FoPicture, 1);
  if (!path)
    diags_add(layout->diags, DIAG_FO_PICTURE_NAME, &place, src, NULL);
  if (!path || !read_picture(picture, path, &place, name, layout->diags))
    g_clear_pointer(&picture, picture_free);
  if (picture && picture->svg)
    svg_check_glyphs(layout->fonts, node, xmlDocGetRootElement(picture->svg), layout->diags);
  g_hash_table_insert(layout->pictures, g_strdup(src), picture);
  return picture;
}

/* -------------------------------------------------------------------- drawing */

void picture_size(const FoPicture *picture, const FoNode *node, double *width, double *height) {
  FoLength wide = node->traits.own.content_width, high = node->traits.own.content_height;
  if (picture->svg) {
    svg_size(node, xmlDocGetRootElement(picture->svg), width, height);
    return;
  }
  double ratio = (double)cairo_image_surface_get_height(picture->pixels) /
                 cairo_image_surface_get_width(picture->pixels);
  *height = high.unit == LENGTH_POINTS ? high.value : wide.value * ratio;
  *width = wide.unit == LENGTH_POINTS ? wide.value : *height / ratio;
}

/* The darkness of each pixel on white paper, as the ink of a FAX page. */
static cairo_surface_t *ink_of(cairo_surface_t *pixels) {
  int width = cairo_image_surface_get_width(pixels);
  int height = cairo_image_surface_get_height(pixels);
  gboolean opaque = cairo_image_surface_get_format(pixels) == CAIRO_FORMAT_RGB24;
  cairo_surface_t *ink = cairo_image_surface_create(CAIRO_FORMAT_A8, width, height);
  cairo_surface_flush(pixels);
  for (int y = 0; y < height; y++) {
    const guint32 *in = (const guint32 *)(const void *)(cairo_image_surface_get_data(pixels) +
                                                        y * cairo_image_surface_get_stride(pixels));
    guint8 *out = cairo_image_surface_get_data(ink) + y * cairo_image_surface_get_stride(ink);
    for (int x = 0; x < width; x++) {
      guint32 alpha = opaque ? 255 : in[x] >> 24;
      guint32 light = ((in[x] >> 16 & 255) * 299 + (in[x] >> 8 & 255) * 587 + (in[x] & 255) * 114);
      out[x] = (guint8)(alpha - MIN(alpha, light / 1000));
    }
  }
  cairo_surface_mark_dirty(ink);
  return ink;
}

void picture_draw(Painter *painter, const FoPicture *picture, const FoNode *node, double x,
                  double y) {
  cairo_t *cairo = painter->cairo;
  double width, height;
  if (picture->svg) {
    svg_draw(painter, node, xmlDocGetRootElement(picture->svg), x, y);
    return;
  }
  picture_size(picture, node, &width, &height);
  if (MIN(width, height) <= 0)
    return;
  cairo_save(cairo);
  cairo_translate(cairo, x, y);
  cairo_scale(cairo, width / cairo_image_surface_get_width(picture->pixels),
              height / cairo_image_surface_get_height(picture->pixels));
  if (painter->fax) {
    cairo_surface_t *ink = ink_of(picture->pixels);
    painter_set_color(painter, 0);
    cairo_mask_surface(cairo, ink, 0, 0);
    cairo_surface_destroy(ink);
  } else {
    cairo_set_source_surface(cairo, picture->pixels, 0, 0);
    cairo_paint(cairo);
  }
  cairo_restore(cairo);
}
