/* SPDX-License-Identifier: Apache-2.0 */
/*
 * era.h - the eras of Japan from Meiji on, numbered from 0, as ICU knows them.
 *
 * ICU's calendars are a library that takes longer to load than an event takes to record: it is
 * loaded when an era is asked for, not with the program. Where it is missing the program ends.
 */
#ifndef RK_BASE_ERA_H
#define RK_BASE_ERA_H

#include <glib.h>

int era_count(void);
const char *era_name(int era); /* 令和 */
char era_initial(int era);     /* R */
/* The era and the year in it of a day, counted from 1970-01-01; -1: before Meiji. */
int era_of_days(gint64 days, int *year);
/* The western year that a month of an era's year lies in, however long the era lasted. */
int era_western_year(int era, int year, int month);

#endif
