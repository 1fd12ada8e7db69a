/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine.c events FILE CASES   deliver events in process, durably: events a second
 * engine.c batch FILE CASES    the same, a hundred in a transaction; opening is not counted
 * engine.c pages FILE COUNT    one form to PDF, first and following: milliseconds
 *
 * A client of renkei.h like any other; RENKEI_DATADIR and RENKEI_MODULEDIR say where the
 * shipped files lie.
 */
#include "renkei.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static RkSite site;

static void must(RkStatus status, RkDiags *diags) {
  if (status == RK_OK)
    return;
  for (guint i = 0; i < rk_diags_count(diags); i++)
    fprintf(stderr, "engine: %s\n", rk_diags_get(diags, i)->message);
  exit(1);
}

static RkDesk *make(const char *path, RkDiags *diags) {
  static const char *const roles[] = {"association", NULL};
  RkDeskConfig config = {"bench", "fujisawa", roles, TRUE};
  RkDesk *desk = NULL;
  must(rk_desk_create(&desk, &site, path, &config, g_get_user_name(), g_get_real_time(), diags), diags);
  return desk;
}

static const char *const stages[] = {"request.faxed", "member.confirmed", "password.issued",
                                     "id.delivered", "association.notified"};
static const RkReceived received[] = {{"fj-2-1", NULL, FALSE}, {"fj-3", NULL, FALSE}};

static char *open_case(RkDesk *desk, int i, RkDiags *diags) {
  g_autofree char *name = g_strdup_printf("例示クリニック%d", i);
  char *number = NULL;
  RkValue values[] = {{"institution", name}};
  RkRequest request = {.now = g_get_real_time()};
  must(rk_case_open(desk, &request, "fujisawa-member-registration", values, 1, &number, diags),
       diags);
  return number;
}

static double events(const char *path, int cases, RkDiags *diags) {
  g_autoptr(RkDesk) desk = make(path, diags);
  gint64 start = g_get_monotonic_time();
  for (int i = 0; i < cases; i++) {
    g_autofree char *number = open_case(desk, i, diags);
    for (guint k = 0; k < G_N_ELEMENTS(stages); k++) {
      g_autoptr(RkTable) done = NULL;
      RkRequest request = {.now = g_get_real_time()};
      must(rk_case_do(desk, &request, number, stages[k], received, k ? 0 : 2, &done, diags), diags);
    }
  }
  double count = cases * (1 + (double)G_N_ELEMENTS(stages));
  return count * G_USEC_PER_SEC / (double)(g_get_monotonic_time() - start);
}

#define BATCH 100

static void deliver_batch(RkDesk *desk, GPtrArray *numbers, guint from, guint stage, RkDiags *diags) {
  RkDeed deeds[BATCH];
  guint count = MIN(BATCH, numbers->len - from);
  g_autoptr(RkTable) done = NULL;
  for (guint i = 0; i < count; i++)
    deeds[i] = (RkDeed){.request = {.now = g_get_real_time()},
                        .number = numbers->pdata[from + i],
                        .event = stages[stage],
                        .received = received,
                        .n_received = stage ? 0 : 2};
  must(rk_case_do_all(desk, deeds, count, &done, diags), diags);
}

static double batch(const char *path, int cases, RkDiags *diags) {
  g_autoptr(RkDesk) desk = make(path, diags);
  g_autoptr(GPtrArray) numbers = g_ptr_array_new_with_free_func(g_free);
  for (int i = 0; i < cases; i++)
    g_ptr_array_add(numbers, open_case(desk, i, diags));
  gint64 start = g_get_monotonic_time();
  for (guint from = 0; from < numbers->len; from += BATCH)
    for (guint k = 0; k < G_N_ELEMENTS(stages); k++)
      deliver_batch(desk, numbers, from, k, diags);
  double count = cases * (double)G_N_ELEMENTS(stages);
  return count * G_USEC_PER_SEC / (double)(g_get_monotonic_time() - start);
}

static void pages(int count, RkDiags *diags) {
  gint64 start = g_get_monotonic_time(), first = 0;
  for (int i = 0; i < count; i++) {
    g_autoptr(GBytes) bytes = NULL;
    must(rk_form_blank(&site, "fj-2-1", RK_FORMAT_PDF, &bytes, diags), diags);
    if (i == 0)
      first = g_get_monotonic_time() - start;
  }
  gint64 rest = g_get_monotonic_time() - start - first;
  printf("%.1f %.1f\n", (double)first / 1000, (double)rest / 1000 / (count - 1));
}

int main(int argc, char **argv) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  site.datadir = g_getenv("RENKEI_DATADIR");
  site.moduledir = g_getenv("RENKEI_MODULEDIR");
  if (argc < 4 || !site.datadir || !site.moduledir)
    return 2;
  if (strcmp(argv[1], "events") == 0)
    printf("%.0f\n", events(argv[2], atoi(argv[3]), diags));
  else if (strcmp(argv[1], "batch") == 0)
    printf("%.0f\n", batch(argv[2], atoi(argv[3]), diags));
  else
    pages(atoi(argv[3]), diags);
  return 0;
}
