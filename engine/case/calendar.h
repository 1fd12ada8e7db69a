/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calendar.h - business days: Monday to Friday, less the national holidays of
 * workflows/holidays.xml and the office's own closures (register "closure").
 *
 * Nothing is guessed: outside the days that the file says it knows there is no answer.
 */
#ifndef RK_CASE_CALENDAR_H
#define RK_CASE_CALENDAR_H

#include "base/date.h"

#define CALENDAR_PATH "workflows/holidays.xml" /* below the data folder */
#define CALENDAR_NS "urn:renkei:holidays:1"

typedef struct Calendar Calendar; /* read-only after load, but for calendar_close_day */

RkStatus calendar_load_file(Calendar **out, const char *path, RkDiags *diags);
void calendar_free(Calendar *calendar);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Calendar, calendar_free)

const char *calendar_hash(const Calendar *calendar); /* of the file: 64 hex digits; borrowed */
void calendar_range(const Calendar *calendar, Day *from, Day *to);
/* f(day, title, user) for each holiday in the order of the file. */
void calendar_each(const Calendar *calendar, void (*f)(Day day, const char *title, gpointer user),
                   gpointer user);
/* The office does not work on this day. */
void calendar_close_day(Calendar *calendar, Day day);

gboolean calendar_is_business_day(const Calendar *calendar, Day day);
/* The `count`th business day after `start` (1: the next one). FALSE: beyond what is known. */
gboolean calendar_business_day(const Calendar *calendar, Day start, guint count, Day *out);

#endif
