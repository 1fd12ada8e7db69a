/* SPDX-License-Identifier: Apache-2.0 */
/*
 * million.c FILE CASES - an office with very many cases, for measuring how it is read.
 *
 * A desk is founded and one case is led to each of its states as a clerk would; the others are
 * written straight through the store, in one transaction, as copies under other names: what lists,
 * searches and single cases read is all there, what happened to each is not.
 */
#include "case/deliver.h"

#include "base/text.h"
#include "store/sqlite_int.h"

#include <stdio.h>
#include <stdlib.h>

#define N_PATTERNS 4

static const char *const surnames[][2] = {
    {"佐藤", "サトウ"}, {"鈴木", "スズキ"}, {"高橋", "タカハシ"}, {"田中", "タナカ"},
    {"伊藤", "イトウ"}, {"渡辺", "ワタナベ"}, {"山本", "ヤマモト"}, {"中村", "ナカムラ"},
    {"小林", "コバヤシ"}, {"加藤", "カトウ"}, {"吉田", "ヨシダ"}, {"山田", "ヤマダ"},
    {"佐々木", "ササキ"}, {"山口", "ヤマグチ"}, {"松本", "マツモト"}, {"井上", "イノウエ"},
    {"木村", "キムラ"}, {"林", "ハヤシ"}, {"清水", "シミズ"}, {"山崎", "ヤマザキ"},
    {"池田", "イケダ"}, {"橋本", "ハシモト"}, {"阿部", "アベ"}, {"石川", "イシカワ"},
    {"森", "モリ"}, {"前田", "マエダ"}, {"小川", "オガワ"}, {"藤田", "フジタ"},
    {"岡田", "オカダ"}, {"後藤", "ゴトウ"}, {"齋藤", "サイトウ"}, {"葛城", "カツラギ"}};
static const char *const given[][2] = {
    {"太郎", "タロウ"}, {"花子", "ハナコ"}, {"一郎", "イチロウ"}, {"次郎", "ジロウ"},
    {"和子", "カズコ"}, {"幸子", "サチコ"}, {"健一", "ケンイチ"}, {"美咲", "ミサキ"},
    {"大輔", "ダイスケ"}, {"陽子", "ヨウコ"}, {"誠", "マコト"}, {"恵", "メグミ"},
    {"直樹", "ナオキ"}, {"久美子", "クミコ"}, {"浩", "ヒロシ"}, {"真由美", "マユミ"}};

static RkSite site;

static void must(RkStatus status, RkDiags *diags) {
  if (status == RK_OK)
    return;
  for (guint i = 0; i < rk_diags_count(diags); i++)
    fprintf(stderr, "million: %s\n", rk_diags_get(diags, i)->message);
  exit(1);
}

/* The case as it stands now, with its parts. */
typedef struct {
  StoreCase *record;
  GPtrArray *papers, *exemplars, *sent, *timers;
} Pattern;

static void take_pattern(Store *store, const char *number, Pattern *pattern, RkDiags *diags) {
  must(store_load_case(store, number, &pattern->record, diags), diags);
  const char *id = pattern->record->id;
  must(store_load_papers(store, id, &pattern->papers, diags), diags);
  must(store_load_exemplars(store, id, &pattern->exemplars, diags), diags);
  must(store_load_transmissions(store, id, NULL, NULL, &pattern->sent, diags), diags);
  must(store_load_timers(store, id, G_MAXINT64, 0, &pattern->timers, diags), diags);
}

static void make_patterns(const char *path, Pattern *patterns, RkDiags *diags) {
  static const char *const roles[] = {"association", NULL};
  static const char *const events[N_PATTERNS] = {NULL, "request.faxed", "member.confirmed",
                                                 "password.issued"};
  static const RkReceived received[] = {{"fj-2-1", NULL, FALSE}, {"fj-3", NULL, FALSE}};
  RkDeskConfig config = {"bench", "fujisawa", roles, TRUE};
  g_autoptr(RkDesk) desk = NULL;
  g_autofree char *number = NULL;
  gint64 now = g_get_real_time();
  RkRequest request = {.now = now};
  RkValue values[] = {{"institution", "例示クリニック"}};
  must(rk_desk_create(&desk, &site, path, &config, g_get_user_name(), now, diags), diags);
  must(rk_case_open(desk, &request, "fujisawa-member-registration", values, 1, &number, diags),
       diags);
  for (guint i = 0; i < N_PATTERNS; i++) {
    g_autoptr(RkTable) done = NULL;
    if (events[i])
      must(rk_case_do(desk, &request, number, events[i], received, i == 1 ? 2 : 0, &done, diags),
           diags);
    take_pattern(desk->store, number, &patterns[i], diags);
  }
}

/* ------------------------------------------------------------------------ copies */

static char *id_of(const char *id, int number) {
  return id ? g_strdup_printf("%08x%s", number, id + 8) : NULL;
}

static void rename_id(char **id, int number) {
  char *own = id_of(*id, number);
  g_free(*id);
  *id = own;
}

typedef gpointer (*CopyFunc)(gconstpointer record);

static GPtrArray *copies(const GPtrArray *records, gpointer copy, gpointer free_record) {
  GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)free_record);
  for (guint i = 0; i < records->len; i++)
    g_ptr_array_add(list, ((CopyFunc)copy)(records->pdata[i]));
  return list;
}

static GPtrArray *keys_of(int number) {
  GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);
  guint a = (guint)number * 7 % G_N_ELEMENTS(surnames), b = (guint)number / 3 % G_N_ELEMENTS(given);
  g_autofree char *label = g_strdup_printf("例示クリニック%d", number % 997);
  g_autofree char *name = g_strconcat(surnames[a][0], given[b][0], NULL);
  g_autofree char *kana = g_strconcat(surnames[a][1], given[b][1], NULL);
  const char *const texts[] = {label, number % 99991 == 5 ? "龍造寺隆信" : name, kana};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    g_ptr_array_add(keys, text_search_key(texts[i]));
  return keys;
}

static void rename_parts(GPtrArray *papers, GPtrArray *exemplars, GPtrArray *sent, int number) {
  for (guint i = 0; i < papers->len; i++) {
    rename_id(&((StorePaper *)papers->pdata[i])->id, number);
    rename_id(&((StorePaper *)papers->pdata[i])->case_id, number);
  }
  for (guint i = 0; i < exemplars->len; i++) {
    rename_id(&((StoreExemplar *)exemplars->pdata[i])->id, number);
    rename_id(&((StoreExemplar *)exemplars->pdata[i])->paper_id, number);
  }
  for (guint i = 0; i < sent->len; i++) {
    StoreTransmission *t = sent->pdata[i];
    char **ids[] = {&t->id, &t->case_id, &t->paper_id, &t->exemplar_id};
    for (guint k = 0; k < G_N_ELEMENTS(ids); k++)
      rename_id(ids[k], number);
  }
}

/* Four in five are closed; one in fifty of the others is overdue. */
static StoreCase *record_of(const Pattern *pattern, int number) {
  StoreCase *record = store_case_copy(pattern->record);
  rename_id(&record->id, number);
  g_clear_pointer(&record->number, g_free);
  record->revision = 1;
  record->closed = number % 5 != 0;
  record->overdue = number % 250 == 0;
  if (record->closed) {
    g_free(record->waits_for);
    record->waits_for = g_strdup("");
  }
  return record;
}

static void put_copy(Store *store, const Pattern *pattern, int number, RkDiags *diags) {
  g_autoptr(StoreCase) record = record_of(pattern, number);
  g_autoptr(GPtrArray) papers = copies(pattern->papers, store_paper_copy, store_paper_free);
  g_autoptr(GPtrArray) exemplars =
      copies(pattern->exemplars, store_exemplar_copy, store_exemplar_free);
  g_autoptr(GPtrArray) sent =
      copies(pattern->sent, store_transmission_copy, store_transmission_free);
  g_autoptr(GPtrArray) keys = keys_of(number), none = g_ptr_array_new();
  g_autoptr(GBytes) body = g_bytes_new_static("{}", 2);
  rename_parts(papers, exemplars, sent, number);
  StoreJournal entry = {.case_id = record->id,
                        .revision = 1,
                        .happened = record->happened,
                        .entered = record->updated,
                        .operator_ = (char *)"bench",
                        .kind = (char *)"opened",
                        .bundle = record->bundle,
                        .request_id = record->id,
                        .body = body};
  StoreCommit commit = {.subject = record,
                        .entry = &entry,
                        .papers = papers,
                        .exemplars = exemplars,
                        .transmissions = sent,
                        .timers = record->closed ? none : pattern->timers,
                        .search = keys,
                        .result = ""};
  must(store_write(store, &commit, diags), diags);
}

int main(int argc, char **argv) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autoptr(Store) store = NULL;
  Pattern patterns[N_PATTERNS];
  site.datadir = g_getenv("RENKEI_DATADIR");
  site.moduledir = g_getenv("RENKEI_MODULEDIR");
  if (argc < 3 || !site.datadir || !site.moduledir)
    return 2;
  make_patterns(argv[1], patterns, diags);
  must(store_open(&store, argv[1], NULL, diags), diags);
  /* Every page of it is written once only if all of them find room. */
  sqlite3_exec(((SqliteStore *)(void *)store)->db, "PRAGMA cache_size=-4000000", NULL, NULL, NULL);
  must(store_begin(store, diags), diags);
  for (int i = 1; i < atoi(argv[2]); i++)
    put_copy(store, &patterns[(i / 5) % N_PATTERNS], i, diags);
  must(store_end(store, diags), diags);
  return 0;
}
