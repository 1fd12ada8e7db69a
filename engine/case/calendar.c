/* SPDX-License-Identifier: Apache-2.0 */
/* calendar.c - see calendar.h. */
#include "case/calendar.h"

#include "base/hash.h"
#include "base/shape.h"
#include "base/xml.h"

typedef struct {
  Day day;
  char *title;
} Holiday;

struct Calendar {
  Day from, to;
  GPtrArray *holidays; /* Holiday */
  GHashTable *closed;  /* ISO days, holidays and closures */
  char *hash;
};

static const ShapeElement elements[] = {
    {"holidays", NULL, "from! to! source!", SHAPE_ELEMENTS},
    {"holiday", "holidays", "date! title!", SHAPE_ELEMENTS},
};

static const Shape shape = SHAPE_OF_LIST(CALENDAR_NS, elements);

static void holiday_free(gpointer data) {
  Holiday *holiday = data;
  g_free(holiday->title);
  g_free(holiday);
}

void calendar_free(Calendar *calendar) {
  if (!calendar)
    return;
  g_ptr_array_unref(calendar->holidays);
  g_hash_table_unref(calendar->closed);
  g_free(calendar->hash);
  g_free(calendar);
}

/* ------------------------------------------------------------------- reading */

static Day read_day(const xmlNode *node, const char *name, RkDiags *diags) {
  g_autofree char *text = xml_attr(node, name);
  Day day = {0, 0, 0};
  DiagPlace place = xml_place(node);
  if (day_parse(&day, text, TRUE, NULL) != RK_OK)
    diags_add(diags, DIAG_CATALOGUE_VALUE, &place, (const char *)node->name, name, text,
              "2026-11-23", NULL);
  return day;
}

static void read_holiday(Calendar *calendar, const xmlNode *node, RkDiags *diags) {
  Holiday *holiday = g_new0(Holiday, 1);
  holiday->day = read_day(node, "date", diags);
  holiday->title = xml_attr(node, "title");
  g_ptr_array_add(calendar->holidays, holiday);
  calendar_close_day(calendar, holiday->day);
}

static Calendar *calendar_read(const xmlNode *root, RkDiags *diags) {
  Calendar *calendar = g_new0(Calendar, 1);
  calendar->holidays = g_ptr_array_new_with_free_func(holiday_free);
  calendar->closed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  calendar->from = read_day(root, "from", diags);
  calendar->to = read_day(root, "to", diags);
  for (xmlNode *node = xml_first_element(root); node; node = xml_next_element(node))
    read_holiday(calendar, node, diags);
  return calendar;
}

static RkStatus hash_file(Calendar *calendar, const char *path, RkDiags *diags) {
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  gsize length = 0;
  if (!g_file_get_contents(path, &text, &length, &error))
    return diags_fail(diags, RK_FAILED, DIAG_FILE_OPEN, NULL, path, error->message, NULL);
  Hash hash = hash_bytes(text, length);
  calendar->hash = hash_to_hex(&hash);
  return RK_OK;
}

RkStatus calendar_load_file(Calendar **out, const char *path, RkDiags *diags) {
  g_autoptr(xmlDoc) doc = NULL;
  g_autoptr(RkDiags) faults = rk_diags_new();
  *out = NULL;
  RkStatus status = shape_read_file(&doc, &shape, path, diags);
  if (status != RK_OK)
    return status;
  const xmlNode *root = xmlDocGetRootElement(doc);
  g_autoptr(Calendar) calendar = calendar_read(root, faults);
  status = rk_diags_has_errors(faults) ? RK_INVALID : hash_file(calendar, path, diags);
  diags_take_all(diags, faults);
  if (status == RK_OK)
    *out = g_steal_pointer(&calendar);
  return status;
}

/* ------------------------------------------------------------------ counting */

const char *calendar_hash(const Calendar *calendar) {
  return calendar->hash;
}

void calendar_range(const Calendar *calendar, Day *from, Day *to) {
  *from = calendar->from;
  *to = calendar->to;
}

void calendar_each(const Calendar *calendar, void (*f)(Day day, const char *title, gpointer user),
                   gpointer user) {
  for (guint i = 0; i < calendar->holidays->len; i++) {
    const Holiday *holiday = calendar->holidays->pdata[i];
    f(holiday->day, holiday->title, user);
  }
}

void calendar_close_day(Calendar *calendar, Day day) {
  g_hash_table_add(calendar->closed, day_to_iso(day));
}

/* 1970-01-01 was a Thursday. */
static gboolean is_weekend(Day day) {
  gint64 days = day_difference((Day){1970, 1, 1}, day);
  int weekday = (int)(((days + 4) % 7 + 7) % 7); /* 0: Sunday */
  return weekday == 0 || weekday == 6;
}

gboolean calendar_is_business_day(const Calendar *calendar, Day day) {
  g_autofree char *iso = day_to_iso(day);
  return !is_weekend(day) && !g_hash_table_contains(calendar->closed, iso);
}

static gboolean is_known(const Calendar *calendar, Day day) {
  return day_difference(calendar->from, day) >= 0 && day_difference(day, calendar->to) >= 0;
}

gboolean calendar_business_day(const Calendar *calendar, Day start, guint count, Day *out) {
  Day day = start;
  for (guint left = count; left;) {
    day = day_add(day, 0, 0, 1);
    if (!is_known(calendar, day))
      return FALSE;
    left -= calendar_is_business_day(calendar, day);
  }
  *out = day;
  return TRUE;
}
