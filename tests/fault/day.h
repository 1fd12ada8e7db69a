/* SPDX-License-Identifier: Apache-2.0 */
/*
 * day.h - a working day at two desks, through renkei.h: the transactions that must survive.
 *
 * Each request has an id "day-N", counted from 1 over the whole day; `acknowledged` is called
 * when its call has returned success. Every function aborts the program when a call fails.
 */
#ifndef RK_TEST_FAULT_DAY_H
#define RK_TEST_FAULT_DAY_H

#include "case/desk_int.h"

typedef struct Workday Workday;
struct Workday {
  RkSite site;
  char *path;
  const char *role;     /* association or member_institution */
  RkDesk *desk;         /* opened, or NULL */
  gint64 now;
  guint requests;       /* made so far */
  guint cases;          /* opened so far */
  void (*opened)(Workday *day);       /* the desk was opened: settings can be changed; may be NULL */
  void (*acknowledged)(Workday *day); /* may be NULL */
};

/* In a folder of its own; g_free'd and removed by day_clear. */
void day_init(Workday *day, const char *role);
void day_clear(Workday *day);
/* renkei init, and close. */
void day_found(Workday *day);
/* Open the desk anew, as another process would. */
void day_open(Workday *day);
void day_close(Workday *day);
/* A clinic's paper goes home with a patient and comes back, twice; a second person agrees to a number. To the
 * end: the tray is cleared, and all of it disposed of. Once in a database. */
void day_papers(Workday *day, gboolean to_the_end);
/* One case from beginning to end, about 15 requests of every kind. Opens nothing, closes nothing. */
void day_case(Workday *day);

#endif
