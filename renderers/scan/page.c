/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page.c - see page.h.
 *
 * The page is read as it came first: a good one needs nothing. Then it is cleaned and straightened
 * more and more, until codes that the caller looks for are found at two places: ours bear two, and two
 * papers that lie over each other bear one each, of which one may be harder to read. What is kept is the
 * page as it came, only turned by quarters: cleaning may eat a thin stroke of somebody's name.
 */
#include "scan/page.h"

#include "scan/keep.h"
#include "scan/mend.h"

#include <math.h>
#include <string.h>

#define SIDE_MAX 3600      /* of the shorter side: a page above is finer than codes need */
#define BLANK_SHARE 2.5e-5 /* below it lies less than one letter: 1.5 mm2 of A4 */
#define WORD_SHARE 2e-4    /* from it on it is no dust, whatever its shape */
#define BLACK_SHARE 0.85
#define SKEW_WORTH 0.5
#define APART_MIN 0.2 /* of the page, between two places for a code; ours stand in opposite corners */
#define FAX_PIXELS 1728
#define FAX_STANDARD_LINES 1200

RkStatus page_check_size(const PageReader *reader, guint64 width, guint64 height) {
  if (!width || !height)
    return scan_broken(reader, "0 pixels");
  if (width <= SCAN_SIDE_MAX && height <= SCAN_SIDE_MAX && width * height <= SCAN_PIXELS_MAX)
    return RK_OK;
  g_autofree char *size =
      g_strdup_printf("%" G_GUINT64_FORMAT " x %" G_GUINT64_FORMAT, width, height);
  return scan_too_large(reader, size);
}

RkStatus scan_too_large(const PageReader *reader, const char *size) {
  g_autofree char *page = g_strdup_printf("%u", reader->count + 1);
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
  gboolean both;    /* wanted ones were read at two places: there are no more */
  guint turned;
  double x, y;      /* where the first wanted one stands */
} Found;

static void note_wanted(const Code *code, Found *found) {
  if (found->wanted) {
    found->both = found->both || MAX(fabs(code->x - found->x), fabs(code->y - found->y)) > APART_MIN;
    return;
  }
  found->wanted = TRUE;
  found->x = code->x;
  found->y = code->y;
}

static void take_codes(PageReader *reader, const Grey *grey, Found *found) {
  g_autoptr(GArray) codes = code_reader_read(reader->codes, grey);
  for (guint i = 0; i < codes->len; i++) {
    const Code *code = &g_array_index(codes, Code, i);
    gboolean wanted = reader->sink->wanted(reader->sink->user, code->text);
    if (!found->wanted && (wanted || !found->texts->len))
      found->turned = code->turned;
    if (wanted)
      note_wanted(code, found);
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
  if (!found->both)
    take_cleaned(reader, straight, grey_median, found);
}

/* What is read of two codes put together speaks for both. */
static void take_mended(PageReader *reader, const Grey *cut, const Grey *median, Found *found) {
  g_autoptr(GPtrArray) pictures = mend_codes(cut, median);
  for (guint i = 0; i < pictures->len && !found->wanted; i++)
    take_codes(reader, pictures->pdata[i], found);
  found->both = found->wanted;
}

/* As it came; cut to two tones. */
static void find_plain(PageReader *reader, const Grey *grey, const Grey *cut, Found *found) {
  take_codes(reader, grey, found);
  if (!found->both && !grey_two_tones(grey))
    take_codes(reader, cut, found);
}

/* As most of its neighbours; with its lost rows; without disturbed rows; without dots; straightened; half
 * as fine. */
static void find_cleaned(PageReader *reader, const Grey *grey, const Grey *cut, const Grey *median,
                         Found *found) {
  if (!found->both)
    take_codes(reader, median, found);
  if (!found->wanted)
    take_mended(reader, cut, median, found);
  if (!found->both)
    take_cleaned(reader, cut, grey_median_rows, found);
  if (!found->both)
    take_cleaned(reader, cut, grey_without_dots, found);
  if (!found->both)
    take_straightened(reader, cut, median, found);
  if (found->both)
    return;
  g_autoptr(Grey) half = grey_shrink(grey, 2);
  take_codes(reader, half, found);
}

static ScanLook look_of(const Grey *clean) {
  double black = grey_black_share(clean);
  if (black >= WORD_SHARE)
    return black > BLACK_SHARE ? SCAN_BLACK : SCAN_WRITTEN;
  return grey_mark_share(clean) < BLANK_SHARE ? SCAN_BLANK : SCAN_WRITTEN;
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
  Found found = {.texts = g_ptr_array_new_with_free_func(g_free)};
  fit_size(&grey, dpi_x, dpi_y);
  g_autoptr(Grey) came = grey, cut = grey_cut(grey), median = grey_median(cut);
  page.look = look_of(median);
  if (page.look != SCAN_BLACK)
    find_plain(reader, came, cut, &found);
  if (page.look == SCAN_BLANK && found.texts->len)
    page.look = SCAN_WRITTEN;
  if (page.look == SCAN_WRITTEN)
    find_cleaned(reader, came, cut, median, &found);
  g_ptr_array_add(found.texts, NULL);
  RkStatus status = hand_on(reader, came, &found, &page);
  g_ptr_array_unref(found.texts);
  return status;
}
