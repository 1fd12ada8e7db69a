/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page.c - see page.h.
 *
 * The page is read as it came first: a good one needs nothing. Then it is cleaned and straightened
 * more and more, until a code is found that the caller looks for. What is kept is the page as it came,
 * only turned by quarters: cleaning may eat a thin stroke of somebody's name.
 */
#include "scan/page.h"

#include "scan/keep.h"
#include "scan/mend.h"

#include <math.h>
#include <string.h>

#define SIDE_MAX 3600    /* of the shorter side: a page above is finer than codes need */
#define BLANK_SHARE 2e-4 /* below it lies less than one short word */
#define BLACK_SHARE 0.85
#define SKEW_WORTH 0.5
#define FAX_PIXELS 1728
#define FAX_STANDARD_LINES 1200

RkStatus page_check_size(const PageReader *reader, guint64 width, guint64 height) {
  if (!width || !height)
    return scan_broken(reader, "0 pixels");
  if (width <= SCAN_PIXELS_MAX && height <= SCAN_PIXELS_MAX && width * height <= SCAN_PIXELS_MAX)
    return RK_OK;
  g_autofree char *page = g_strdup_printf("%u", reader->count + 1);
  g_autofree char *size =
      g_strdup_printf("%" G_GUINT64_FORMAT " x %" G_GUINT64_FORMAT, width, height);
  return diags_fail(reader->diags, RK_INVALID, DIAG_SCAN_SIZE, NULL, reader->name, page, size, NULL);
}

RkStatus scan_broken(const PageReader *reader, const char *reason) {
  return diags_fail(reader->diags, RK_INVALID, DIAG_SCAN_BROKEN, NULL, reader->name, reason, NULL);
}

/* ----------------------------------------------------------------------- size */

/* How often each line stands for the page to have its shape again: a FAX of standard resolution has
 * half as many lines as columns. */
static int line_times(const Grey *grey, double dpi_x, double dpi_y) {
  if (dpi_x > 0 && dpi_y > 0)
    return CLAMP((int)lround(dpi_x / dpi_y), 1, 4);
  return grey->width == FAX_PIXELS && grey->height <= FAX_STANDARD_LINES ? 2 : 1;
}

static int column_times(double dpi_x, double dpi_y) {
  return dpi_x > 0 && dpi_y > 0 ? CLAMP((int)lround(dpi_y / dpi_x), 1, 4) : 1;
}

static void replace(Grey **grey, Grey *by) {
  grey_free(*grey);
  *grey = by;
}

static void fit_size(Grey **grey, double dpi_x, double dpi_y) {
  int x = column_times(dpi_x, dpi_y), y = line_times(*grey, dpi_x, dpi_y);
  if ((x > 1 || y > 1) && (gint64)(*grey)->width * x * (*grey)->height * y <= SCAN_PIXELS_MAX)
    replace(grey, grey_repeat(*grey, x, y));
  int by = MIN((*grey)->width, (*grey)->height) / SIDE_MAX + 1;
  if (by > 1)
    replace(grey, grey_shrink(*grey, by));
}

/* ---------------------------------------------------------------------- codes */

typedef struct {
  GPtrArray *texts; /* each once; g_free */
  gboolean wanted;
  guint turned;
} Found;

static void take_codes(PageReader *reader, const Grey *grey, Found *found) {
  g_autoptr(GArray) codes = code_reader_read(reader->codes, grey);
  for (guint i = 0; i < codes->len; i++) {
    const Code *code = &g_array_index(codes, Code, i);
    gboolean wanted = reader->sink->wanted(reader->sink->user, code->text);
    if (!found->wanted && (wanted || !found->texts->len))
      found->turned = code->turned;
    found->wanted = found->wanted || wanted;
    if (!g_ptr_array_find_with_equal_func(found->texts, code->text, g_str_equal, NULL))
      g_ptr_array_add(found->texts, g_strdup(code->text));
  }
}

static void take_cleaned(PageReader *reader, const Grey *cut, Grey *(*clean)(const Grey *), Found *found) {
  g_autoptr(Grey) cleaned = clean(cut);
  take_codes(reader, cleaned, found);
}

static void take_straightened(PageReader *reader, const Grey *cut, const Grey *clean, Found *found) {
  double skew = grey_skew(clean);
  if (fabs(skew) < SKEW_WORTH)
    return;
  g_autoptr(Grey) straight = grey_rotate(cut, -skew);
  take_codes(reader, straight, found);
  if (!found->wanted)
    take_cleaned(reader, straight, grey_median, found);
}

static void take_mended(PageReader *reader, const Grey *cut, const Grey *median, Found *found) {
  g_autoptr(GPtrArray) pictures = mend_codes(cut, median);
  for (guint i = 0; i < pictures->len && !found->wanted; i++)
    take_codes(reader, pictures->pdata[i], found);
}

/* As it came; cut to two tones; as most of its neighbours; with its lost rows; without disturbed rows; without
 * dots; straightened; half as fine. */
static void find_codes(PageReader *reader, const Grey *grey, const Grey *cut, const Grey *median,
                       Found *found) {
  take_codes(reader, grey, found);
  if (!found->wanted && !grey_two_tones(grey))
    take_codes(reader, cut, found);
  if (!found->wanted)
    take_codes(reader, median, found);
  if (!found->wanted)
    take_mended(reader, cut, median, found);
  if (!found->wanted)
    take_cleaned(reader, cut, grey_median_rows, found);
  if (!found->wanted)
    take_cleaned(reader, cut, grey_without_dots, found);
  if (!found->wanted)
    take_straightened(reader, cut, median, found);
  if (found->wanted)
    return;
  g_autoptr(Grey) half = grey_shrink(grey, 2);
  take_codes(reader, half, found);
}

static ScanLook look_of(const Grey *clean) {
  double black = grey_black_share(clean);
  return black < BLANK_SHARE ? SCAN_BLANK : black > BLACK_SHARE ? SCAN_BLACK : SCAN_WRITTEN;
}

/* ----------------------------------------------------------------------- page */

static RkStatus hand_on(PageReader *reader, const Grey *grey, const Found *found, ScanPage *page) {
  page->turned = found->turned;
  page->codes = (char **)found->texts->pdata;
  g_autoptr(Grey) turned = page->turned ? grey_turn(grey, page->turned) : NULL;
  page->image = keep_png(turned ? turned : grey);
  RkStatus status = page->image ? reader->sink->page(reader->sink->user, page)
                                : scan_broken(reader, "PNG");
  g_clear_pointer(&page->image, g_bytes_unref);
  return status;
}

RkStatus page_take(PageReader *reader, Grey *grey, double dpi_x, double dpi_y, gboolean damaged) {
  ScanPage page = {.number = ++reader->count, .damaged = damaged};
  Found found = {g_ptr_array_new_with_free_func(g_free), FALSE, 0};
  fit_size(&grey, dpi_x, dpi_y);
  g_autoptr(Grey) came = grey, cut = grey_cut(grey), median = grey_median(cut);
  page.look = look_of(median);
  if (page.look == SCAN_WRITTEN)
    find_codes(reader, came, cut, median, &found);
  g_ptr_array_add(found.texts, NULL);
  RkStatus status = hand_on(reader, came, &found, &page);
  g_ptr_array_unref(found.texts);
  return status;
}
