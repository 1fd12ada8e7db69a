/* SPDX-License-Identifier: Apache-2.0 */
/*
 * replay.c - state = fold(journal).
 *
 * Each deed of a case that was not taken back is done again, through the same casefile_apply, on a file that
 * starts empty; facts come from the bodies. What results must equal what is stored,
 * field by field; the first difference is reported with the last entry replayed.
 */
#include "case/replay.h"

#include <string.h>

const char *replay_words(const StoreJournal *entry, const json_t *body, const char *name) {
  const char *early = g_str_equal(name, "why") ? entry->why : entry->evidence;
  return early ? early : json_string_value(json_object_get(body, name));
}

static Deed deed_of(const StoreJournal *entry, const json_t *body) {
  return (Deed){.kind = entry->kind,
                .event = entry->event,
                .actor = entry->actor,
                .request_id = entry->request_id,
                .operator_ = entry->operator_,
                .evidence = replay_words(entry, body, "evidence"),
                .why = replay_words(entry, body, "why"),
                .entered = entry->entered,
                .happened = entry->happened,
                .args = json_object_get(body, "args")};
}

static void take_roles(CaseFile *file, const json_t *body) {
  const json_t *ours = json_object_get(body, "ours");
  g_strfreev(file->ours);
  file->ours = g_new0(char *, json_array_size(ours) + 1);
  for (size_t i = 0; i < json_array_size(ours); i++)
    file->ours[i] = g_strdup(json_string_value(json_array_get(ours, i)));
}

json_t *replay_body(const StoreJournal *entry) {
  gsize length = 0;
  const char *text = entry->body ? g_bytes_get_data(entry->body, &length) : "";
  return json_loadb(text, length, 0, NULL);
}

/* Versions that an undo has skipped, so that none is used twice: nothing else of it is replayed. */
static void take_versions(CaseFile *file, const json_t *versions) {
  for (guint i = 0; i < file->papers->len; i++) {
    StorePaper *paper = file->papers->pdata[i];
    const json_t *version = json_object_get(versions, paper->id);
    if (version)
      paper->version = json_integer_value(version);
  }
}

static const json_t *versions_of(const json_t *body) {
  return json_object_get(json_object_get(body, "args"), "versions");
}

static RkStatus redo_deed(CaseFile *file, const StoreJournal *entry, const json_t *body,
                          gboolean last, RkDiags *diags) {
  Deed deed = deed_of(entry, body);
  take_roles(file, body);
  file->noted = json_object_get(body, "facts");
  RkStatus status = casefile_apply(file, &deed, diags);
  if (status == RK_OK && last)
    casefile_settle(file);
  file->noted = NULL;
  return status;
}

static gboolean is_deed(const StoreJournal *entry) {
  return !g_str_equal(entry->kind, "undo");
}

static RkStatus redo(CaseFile *file, const StoreJournal *entry, gboolean last, RkDiags *diags) {
  RkStatus status = RK_OK;
  json_t *body = replay_body(entry);
  if (is_deed(entry))
    status = redo_deed(file, entry, body, last, diags);
  else
    take_versions(file, versions_of(body));
  json_decref(body);
  return status;
}

/* How many entries there are up to the last deed. */
static guint up_to_last_deed(const GPtrArray *entries) {
  guint count = entries->len;
  while (count && !is_deed(entries->pdata[count - 1]))
    count--;
  return count;
}

/* ---------------------------------------------------------------- comparing */

typedef struct {
  const char *number;
  char *seq;
  RkDiags *diags;
  RkStatus status;
} Comparison;

static void must_hold(Comparison *comparison, const char *what, gboolean same) {
  if (same)
    return;
  diags_add(comparison->diags, DIAG_REPLAY_DIFFERS, NULL, comparison->number, what,
            comparison->seq, NULL);
  comparison->status = RK_FAILED;
}

static void must_equal(Comparison *comparison, const char *what, const char *stored,
                       const char *replayed) {
  must_hold(comparison, what, g_strcmp0(stored, replayed) == 0);
}

static void bytes_must_equal(Comparison *comparison, const char *what, GBytes *stored,
                             GBytes *replayed) {
  must_hold(comparison, what,
            stored && replayed ? g_bytes_equal(stored, replayed) : stored == replayed);
}

static int by_id(gconstpointer a, gconstpointer b) {
  /* Each record type compared here begins with its id. */
  return strcmp(**(char **const *)a, **(char **const *)b);
}

static gboolean same_length(Comparison *comparison, const char *what, GPtrArray *stored,
                            GPtrArray *replayed) {
  must_hold(comparison, what, stored->len == replayed->len);
  g_ptr_array_sort(stored, by_id);
  g_ptr_array_sort(replayed, by_id);
  return stored->len == replayed->len;
}

/* All that has no word of its own. */
#define SAME(field) (g_strcmp0(a->field, b->field) == 0)

static gboolean same_paper(const StorePaper *a, const StorePaper *b) {
  return SAME(case_id) && SAME(form) && SAME(key) && SAME(filled_by) && a->version == b->version;
}

static gboolean same_exemplar(const StoreExemplar *a, const StoreExemplar *b) {
  return SAME(paper_id) && SAME(source) && a->since == b->since && a->judged == b->judged;
}

static gboolean same_transmission(const StoreTransmission *a, const StoreTransmission *b) {
  return SAME(case_id) && SAME(paper_id) && SAME(exemplar_id) && SAME(from) && SAME(channel) &&
         SAME(direction) && SAME(title) && a->created == b->created && a->updated == b->updated;
}

static gboolean same_record(const StoreCase *a, const StoreCase *b) {
  return SAME(id) && SAME(fiscal_year) && SAME(procedure) && SAME(municipality) &&
         a->closed == b->closed && a->overdue == b->overdue && SAME(waits_for) &&
         a->opened == b->opened && a->happened == b->happened;
}

#undef SAME

static void compare_papers(Comparison *comparison, GPtrArray *stored, GPtrArray *replayed) {
  if (!same_length(comparison, "papers", stored, replayed))
    return;
  for (guint i = 0; i < stored->len; i++) {
    const StorePaper *left = stored->pdata[i], *right = replayed->pdata[i];
    must_equal(comparison, "paper", left->id, right->id);
    must_equal(comparison, "paper", left->state, right->state);
    bytes_must_equal(comparison, "paper", left->data, right->data);
    bytes_must_equal(comparison, "paper", left->lifecycle, right->lifecycle);
    must_hold(comparison, "paper", same_paper(left, right));
  }
}

static void compare_exemplars(Comparison *comparison, GPtrArray *stored, GPtrArray *replayed) {
  if (!same_length(comparison, "exemplars", stored, replayed))
    return;
  for (guint i = 0; i < stored->len; i++) {
    const StoreExemplar *left = stored->pdata[i], *right = replayed->pdata[i];
    must_equal(comparison, "exemplar", left->id, right->id);
    must_equal(comparison, "holder", left->holder, right->holder);
    must_equal(comparison, "exemplar", left->kind, right->kind);
    must_hold(comparison, "exemplar", same_exemplar(left, right));
  }
}

static void compare_transmissions(Comparison *comparison, GPtrArray *stored, GPtrArray *replayed) {
  if (!same_length(comparison, "transmissions", stored, replayed))
    return;
  for (guint i = 0; i < stored->len; i++) {
    const StoreTransmission *left = stored->pdata[i], *right = replayed->pdata[i];
    must_equal(comparison, "transmission", left->id, right->id);
    must_equal(comparison, "transmission", left->state, right->state);
    must_equal(comparison, "recipient", left->to, right->to);
    must_hold(comparison, "transmission", same_transmission(left, right));
  }
}

RkStatus replay_compare(const CaseFile *stored, CaseFile *replayed, gint64 seq, RkDiags *diags) {
  g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, seq);
  Comparison comparison = {stored->record->number, number, diags, RK_OK};
  must_equal(&comparison, "state", stored->record->states, replayed->record->states);
  must_equal(&comparison, "label", stored->record->label, replayed->record->label);
  bytes_must_equal(&comparison, "data", stored->record->snapshot, replayed->record->snapshot);
  must_hold(&comparison, "record", same_record(stored->record, replayed->record));
  compare_papers(&comparison, stored->papers, replayed->papers);
  compare_exemplars(&comparison, stored->exemplars, replayed->exemplars);
  compare_transmissions(&comparison, stored->transmissions, replayed->transmissions);
  return comparison.status;
}

static void keep_written(const CaseFile *file, GPtrArray *written) {
  for (guint i = 0; i < file->registers->len; i++) {
    const StoreRegister *entry = file->registers->pdata[i];
    StoreRegister *copy = g_new0(StoreRegister, 1);
    copy->name = g_strdup(entry->name);
    copy->key = g_strdup(entry->key);
    g_ptr_array_add(written, copy);
  }
}

RkStatus replay_entries(CaseFile *file, const char *number, const GPtrArray *entries,
                        GPtrArray *written, const StoreJournal *first, RkDiags *diags) {
  RkStatus status = RK_OK;
  guint deeds = up_to_last_deed(entries);
  for (guint i = 0; status == RK_OK && i < entries->len; i++) {
    const StoreJournal *entry = entries->pdata[i];
    status = redo(file, entry, i + 1 == deeds, diags);
    /* The number is the store's gift; messages and later deeds may name it. */
    if (i == 0 && !file->record->number)
      file->record->number = g_strdup(number);
    if (written && entry->seq >= first->seq)
      keep_written(file, written);
  }
  return status;
}

/* Note which entries this one takes back; TRUE when it says of papers what is to be replayed. */
static gboolean note_undo(const StoreJournal *entry, GHashTable *back) {
  json_t *body = replay_body(entry);
  const json_t *list = json_object_get(json_object_get(body, "args"), "entries");
  for (size_t i = 0; i < json_array_size(list); i++) {
    gint64 seq = json_integer_value(json_array_get(list, i));
    g_hash_table_add(back, g_memdup2(&seq, sizeof seq));
  }
  gboolean tells = json_object_size(versions_of(body)) > 0;
  json_decref(body);
  return tells;
}

GPtrArray *replay_standing(const GPtrArray *entries) {
  g_autoptr(GHashTable) back = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr(GHashTable) silent = g_hash_table_new(NULL, NULL);
  GPtrArray *standing = g_ptr_array_new();
  for (guint i = 0; i < entries->len; i++) {
    StoreJournal *entry = entries->pdata[i];
    if (g_str_equal(entry->kind, "undo") && !note_undo(entry, back))
      g_hash_table_add(silent, entry);
  }
  for (guint i = 0; i < entries->len; i++) {
    StoreJournal *entry = entries->pdata[i];
    if (!g_hash_table_contains(silent, entry) && !g_hash_table_contains(back, &entry->seq))
      g_ptr_array_add(standing, entry);
  }
  return standing;
}

static int by_text(gconstpointer a, gconstpointer b) {
  return strcmp(*(char **)a, *(char **)b);
}

/* In an order that does not depend on that of the papers, or on that of two timers of one moment. */
static char *lines_text(GPtrArray *lines) {
  g_ptr_array_sort(lines, by_text);
  g_ptr_array_add(lines, NULL);
  return g_strjoinv("\n", (char **)lines->pdata);
}

static char *timers_text(const GPtrArray *timers) {
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < timers->len; i++) {
    const StoreTimer *timer = timers->pdata[i];
    g_ptr_array_add(lines, g_strdup_printf("%s|%s|%" G_GINT64_FORMAT, timer->send_id, timer->event,
                                           timer->due));
  }
  return lines_text(lines);
}

static void texts_must_equal(Comparison *comparison, const char *what, char *stored,
                             char *replayed) {
  must_equal(comparison, what, stored, replayed);
  g_free(stored);
  g_free(replayed);
}

/* What the store was given beside the records, and what counts every entry, even one taken back. */
static RkStatus compare_rest(const CaseFile *stored, CaseFile *replayed, const GPtrArray *entries,
                             RkDiags *diags) {
  const StoreCase *record = stored->record;
  const StoreJournal *last = entries->pdata[entries->len - 1];
  g_autofree char *seq = g_strdup_printf("%" G_GINT64_FORMAT, last->seq);
  g_autoptr(GPtrArray) timers = NULL, keys = NULL, others = casefile_timers(replayed);
  RkStatus status = store_load_timers(stored->desk->store, record->id, G_MAXINT64, 0, &timers, diags);
  if (status == RK_OK)
    status = store_load_search(stored->desk->store, record->id, &keys, diags);
  if (status != RK_OK)
    return status;
  Comparison comparison = {record->number, seq, diags, RK_OK};
  texts_must_equal(&comparison, "timer", timers_text(timers), timers_text(others));
  g_autoptr(GPtrArray) found = casefile_search_keys(replayed);
  texts_must_equal(&comparison, "search key", lines_text(keys), lines_text(found));
  must_equal(&comparison, "record", record->bundle, last->bundle);
  must_hold(&comparison, "record",
            record->revision == last->revision && record->updated == last->entered);
  return comparison.status;
}

RkStatus replay_case(RkDesk *desk, const char *id, RkDiags *diags) {
  g_autoptr(CaseFile) stored = NULL, replayed = NULL;
  g_autoptr(GPtrArray) entries = NULL, standing = NULL;
  RkStatus status = casefile_read(&stored, desk, id, diags);
  if (status == RK_OK)
    status = store_load_journal(desk->store, stored->record->id, 0, 0, &entries, diags);
  if (status == RK_OK)
    status = casefile_blank(&replayed, desk, stored->record->bundle, diags);
  if (status != RK_OK)
    return status;
  standing = replay_standing(entries);
  status = replay_entries(replayed, stored->record->number, standing, NULL, NULL, diags);
  if (status != RK_OK || entries->len == 0)
    return status == RK_OK ? replay_compare(stored, replayed, 0, diags) : status;
  const StoreJournal *last = entries->pdata[entries->len - 1];
  status = replay_compare(stored, replayed, last->seq, diags);
  RkStatus rest = compare_rest(stored, replayed, entries, diags);
  return status == RK_OK ? rest : status;
}
