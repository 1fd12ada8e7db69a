/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine.c events FILE CASES COUNT   deliver COUNT events in process, durably: events a second
 * engine.c batch FILE CASES COUNT    the same, a hundred in a transaction
 *
 * A client of renkei.h like any other; RENKEI_DATADIR and RENKEI_MODULEDIR say where the
 * shipped files lie. The events go to cases picked by chance among CASES in an office that is
 * made first and not counted, as the floor's do (floor.c): each of its cases stands at one of the stages.
 */
#include "client.h"

#include <string.h>

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

/* An office at work: its cases, and how far each has come. */
typedef struct {
  RkDesk *desk;
  GPtrArray *numbers;
  GArray *stages; /* of guint8: how many events a case has had after its opening */
  GArray *turns;  /* of guint: whose event is next, by chance */
  guint turn;
} Office;

#define BATCH 100

static RkDeed deed(const Office *office, guint which) {
  guint8 *stage = &g_array_index(office->stages, guint8, which);
  RkDeed it = {.request = {.now = g_get_real_time()},
               .number = office->numbers->pdata[which],
               .event = stages[*stage],
               .received = received,
               .n_received = *stage ? 0 : G_N_ELEMENTS(received)};
  ++*stage;
  return it;
}

static void deliver_batch(Office *office, guint count, RkDiags *diags) {
  RkDeed deeds[BATCH];
  g_autoptr(RkTable) done = NULL;
  for (guint i = 0; i < count; i++)
    deeds[i] = deed(office, g_array_index(office->turns, guint, office->turn++));
  must(rk_case_do_all(office->desk, deeds, count, &done, diags), diags);
}

static void deliver_one(Office *office, RkDiags *diags) {
  RkDeed it = deed(office, g_array_index(office->turns, guint, office->turn++));
  g_autoptr(RkTable) done = NULL;
  must(rk_case_do(office->desk, &it.request, it.number, it.event, it.received, it.n_received, &done,
                  diags),
       diags);
}

/* Each case as often as it still has events before it, all mixed. */
static void draw_turns(Office *office) {
  g_autoptr(GRand) chance = g_rand_new_with_seed(1);
  for (guint i = 0; i < office->numbers->len * G_N_ELEMENTS(stages); i++) {
    guint which = i % office->numbers->len;
    g_array_append_val(office->turns, which);
  }
  guint *turns = (guint *)(void *)office->turns->data;
  for (guint left = office->turns->len; left > 1; left--) {
    guint other = (guint)g_rand_int_range(chance, 0, (gint32)left), last = turns[left - 1];
    turns[left - 1] = turns[other];
    turns[other] = last;
  }
}

/* Half of what can happen in it has happened. */
static void open_office(Office *office, const char *path, int cases, RkDiags *diags) {
  *office = (Office){.desk = make(path, diags),
                     .numbers = g_ptr_array_new_with_free_func(g_free),
                     .stages = g_array_new(FALSE, TRUE, sizeof(guint8)),
                     .turns = g_array_new(FALSE, FALSE, sizeof(guint))};
  for (int i = 0; i < cases; i++)
    g_ptr_array_add(office->numbers, open_case(office->desk, i, diags));
  g_array_set_size(office->stages, (guint)cases);
  draw_turns(office);
  while (office->turn + BATCH <= office->turns->len / 2)
    deliver_batch(office, BATCH, diags);
}

static void close_office(Office *office) {
  rk_desk_close(office->desk);
  g_ptr_array_unref(office->numbers);
  g_array_unref(office->stages);
  g_array_unref(office->turns);
}

static double events(const char *path, int cases, int count, guint batch, RkDiags *diags) {
  Office office;
  open_office(&office, path, cases, diags);
  guint first = office.turn, end = MIN(first + (guint)count, office.turns->len);
  gint64 start = g_get_monotonic_time();
  while (office.turn + batch <= end)
    if (batch == 1)
      deliver_one(&office, diags);
    else
      deliver_batch(&office, batch, diags);
  double seconds = (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
  double rate = (office.turn - first) / seconds;
  close_office(&office);
  return rate;
}

int main(int argc, char **argv) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  if (argc < 5 || !find_site())
    return 2;
  guint batch = strcmp(argv[1], "batch") == 0 ? BATCH : 1;
  printf("%.0f\n", events(argv[2], atoi(argv[3]), atoi(argv[4]), batch, diags));
  return 0;
}
