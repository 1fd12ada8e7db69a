/* SPDX-License-Identifier: Apache-2.0 */
/* era.c - see era.h. Found by soname, which changes with each ICU, as do the names in it. */
#include "base/era.h"

#include <dlfcn.h>
#include <unicode/ucal.h>
#include <unicode/udat.h>
#include <unicode/ustring.h>
#include <unicode/uvernum.h>

#define LIBRARY "libicui18n.so." G_STRINGIFY(U_ICU_VERSION_MAJOR_NUM)
#define JAPANESE_CALENDAR "ja_JP@calendar=japanese"
#define ERA_MEIJI 232        /* ICU's number of the first era with an initial */
#define ERAS_MAX 16

/* ICU's headers make ucal_open and the others macros: fields and names are what those stand for. */
typedef struct {
  __typeof__(&ucal_open) ucal_open;
  __typeof__(&ucal_close) ucal_close;
  __typeof__(&ucal_clear) ucal_clear;
  __typeof__(&ucal_set) ucal_set;
  __typeof__(&ucal_get) ucal_get;
  __typeof__(&ucal_setMillis) ucal_setMillis;
  __typeof__(&ucal_getMillis) ucal_getMillis;
  __typeof__(&ucal_getLimit) ucal_getLimit;
  __typeof__(&udat_open) udat_open;
  __typeof__(&udat_format) udat_format;
  __typeof__(&udat_close) udat_close;
} Icu;

typedef struct {
  int count;
  struct {
    char *name;   /* 令和 */
    char initial; /* R */
  } era[ERAS_MAX]; /* from ERA_MEIJI on */
} Eras;

static const UChar utc[] = {'U', 'T', 'C', 0};

static gpointer find(void *library, const char *name) {
  gpointer found = library ? dlsym(library, name) : NULL;
  if (!found)
    g_error("ICU's calendars cannot be loaded: %s", dlerror());
  return found;
}

static gpointer load_icu(gpointer unused) {
  void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
  Icu *icu = g_new(Icu, 1);
  (void)unused;
#define FIND(function) .function = find(library, G_STRINGIFY(function))
  *icu = (Icu){FIND(ucal_open),      FIND(ucal_close),     FIND(ucal_clear),    FIND(ucal_set),
               FIND(ucal_get),       FIND(ucal_setMillis), FIND(ucal_getMillis), FIND(ucal_getLimit),
               FIND(udat_open),      FIND(udat_format),    FIND(udat_close)};
#undef FIND
  return icu;
}

static const Icu *icu_get(void) {
  static GOnce once = G_ONCE_INIT;
  return g_once(&once, load_icu, NULL);
}

static UCalendar *japanese_calendar(const Icu *icu) {
  UErrorCode error = U_ZERO_ERROR;
  UCalendar *calendar = icu->ucal_open(utc, -1, JAPANESE_CALENDAR, UCAL_TRADITIONAL, &error);
  if (U_FAILURE(error))
    g_error("ICU has no Japanese calendar: %s", u_errorName(error));
  return calendar;
}

static char *era_text(const Icu *icu, const UChar *pattern, UDate date) {
  UErrorCode error = U_ZERO_ERROR;
  UDateFormat *format = icu->udat_open(UDAT_PATTERN, UDAT_PATTERN, JAPANESE_CALENDAR, utc, -1,
                                       pattern, -1, &error);
  UChar wide[32];
  icu->udat_format(format, date, wide, G_N_ELEMENTS(wide), NULL, &error);
  if (U_FAILURE(error))
    g_error("ICU cannot write a Japanese era: %s", u_errorName(error));
  icu->udat_close(format);
  return g_utf16_to_utf8(wide, u_strlen(wide), NULL, NULL, NULL);
}

/* The second year of each era is in no other. */
static gpointer load_eras(gpointer unused) {
  static const UChar full[] = {'G', 0}, narrow[] = {'G', 'G', 'G', 'G', 'G', 0};
  const Icu *icu = icu_get();
  Eras *eras = g_new0(Eras, 1);
  UCalendar *calendar = japanese_calendar(icu);
  UErrorCode error = U_ZERO_ERROR;
  int last = icu->ucal_getLimit(calendar, UCAL_ERA, UCAL_MAXIMUM, &error);
  (void)unused;
  for (int era = ERA_MEIJI; era <= last && eras->count < ERAS_MAX; era++) {
    icu->ucal_clear(calendar);
    icu->ucal_set(calendar, UCAL_ERA, era);
    icu->ucal_set(calendar, UCAL_YEAR, 2);
    UDate date = icu->ucal_getMillis(calendar, &error);
    g_autofree char *initial = era_text(icu, narrow, date);
    eras->era[eras->count].name = era_text(icu, full, date);
    eras->era[eras->count++].initial = initial[0];
  }
  icu->ucal_close(calendar);
  return eras;
}

static const Eras *eras_get(void) {
  static GOnce once = G_ONCE_INIT;
  return g_once(&once, load_eras, NULL);
}

int era_count(void) {
  return eras_get()->count;
}

const char *era_name(int era) {
  return eras_get()->era[era].name;
}

char era_initial(int era) {
  return eras_get()->era[era].initial;
}

int era_of_days(gint64 days, int *year) {
  const Icu *icu = icu_get();
  UErrorCode error = U_ZERO_ERROR;
  UCalendar *calendar = japanese_calendar(icu);
  icu->ucal_setMillis(calendar, (UDate)days * 86400e3, &error);
  int index = icu->ucal_get(calendar, UCAL_ERA, &error) - ERA_MEIJI;
  *year = icu->ucal_get(calendar, UCAL_YEAR, &error);
  icu->ucal_close(calendar);
  return U_SUCCESS(error) && index >= 0 && index < era_count() ? index : -1;
}

int era_western_year(int era, int year, int month) {
  const Icu *icu = icu_get();
  UErrorCode error = U_ZERO_ERROR;
  UCalendar *calendar = japanese_calendar(icu);
  icu->ucal_clear(calendar);
  icu->ucal_set(calendar, UCAL_ERA, ERA_MEIJI + era);
  icu->ucal_set(calendar, UCAL_YEAR, year);
  icu->ucal_set(calendar, UCAL_MONTH, month - 1);
  int western = icu->ucal_get(calendar, UCAL_EXTENDED_YEAR, &error);
  icu->ucal_close(calendar);
  return western;
}
