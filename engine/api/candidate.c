/* SPDX-License-Identifier: Apache-2.0 */
/* candidate.c - see candidate.h. */
#include "api/candidate.h"

#include "base/table.h"
#include "base/text.h"
#include "base/words.h"

#include <string.h>

typedef struct {
  const char *folded;
  const char *register_; /* only this register; NULL: everything */
  GPtrArray *candidates;
  GHashTable *known;     /* references of the records that the candidates have; borrowed */
} Query;

static void candidate_free(gpointer data) {
  Candidate *candidate = data;
  g_free(candidate->name);
  g_free(candidate->birth);
  g_free(candidate->insurance);
  g_ptr_array_unref(candidate->people);
  g_ptr_array_unref(candidate->records);
  g_free(candidate);
}

static Candidate *candidate_new(GPtrArray *all, const char *name) {
  Candidate *candidate = g_new0(Candidate, 1);
  candidate->name = g_strdup(name);
  candidate->people = g_ptr_array_new_with_free_func((GDestroyNotify)person_free);
  candidate->records = g_ptr_array_new_with_free_func(person_record_free);
  g_ptr_array_add(all, candidate);
  return candidate;
}

/* -------------------------------------------------------------------- by words */

static gboolean holds(const char *text, const char *folded) {
  g_autofree char *key = text ? text_search_key(text) : NULL;
  return key && strstr(key, folded);
}

static const char *matching_name(const GPtrArray *people, const char *folded) {
  for (guint i = 0; i < people->len; i++) {
    const Person *person = people->pdata[i];
    if (holds(person->name, folded))
      return person->name;
  }
  return NULL;
}

static gboolean people_match(const GPtrArray *people, const char *folded) {
  for (guint i = 0; i < people->len; i++)
    if (holds(((Person *)people->pdata[i])->insurance, folded))
      return TRUE;
  return matching_name(people, folded) != NULL;
}

static gboolean by_words(const PersonRecord *record, gpointer user) {
  const Query *query = user;
  if (query->register_ && g_strcmp0(record->register_, query->register_) != 0)
    return FALSE;
  return people_match(record->people, query->folded) || person_match(record, query->folded);
}

/* ------------------------------------------------------------------- by person */

static gboolean is_same(const GPtrArray *some, const GPtrArray *others) {
  for (guint i = 0; i < some->len; i++)
    for (guint k = 0; k < others->len; k++)
      if (identity_is_same(some->pdata[i], others->pdata[k]))
        return TRUE;
  return FALSE;
}

/* Nothing that is told of the one contradicts what is told of the other. */
static gboolean fits(const Candidate *candidate, const GPtrArray *people) {
  g_autoptr(GPtrArray) all = g_ptr_array_new();
  for (guint i = 0; i < candidate->people->len; i++)
    g_ptr_array_add(all, candidate->people->pdata[i]);
  for (guint i = 0; i < people->len; i++)
    g_ptr_array_add(all, people->pdata[i]);
  return is_same(candidate->people, people) && identity_are_one(all);
}

static Candidate *candidate_of(const GPtrArray *all, const GPtrArray *people) {
  for (guint i = 0; i < all->len; i++)
    if (fits(all->pdata[i], people))
      return all->pdata[i];
  return NULL;
}

static gboolean has_person(const Candidate *candidate, const Person *person) {
  for (guint i = 0; i < candidate->people->len; i++) {
    const Person *known = candidate->people->pdata[i];
    if (g_strcmp0(known->name, person->name) == 0 && g_strcmp0(known->birth, person->birth) == 0 &&
        g_strcmp0(known->insurance, person->insurance) == 0)
      return TRUE;
  }
  return FALSE;
}

static void know(char **slot, const char *text) {
  if (!*slot)
    *slot = g_strdup(text);
}

static void learn(Candidate *candidate, const GPtrArray *people) {
  for (guint i = 0; i < people->len; i++) {
    const Person *person = people->pdata[i];
    know(&candidate->name, person->name);
    know(&candidate->birth, person->birth);
    know(&candidate->insurance, person->insurance);
    if (!has_person(candidate, person))
      g_ptr_array_add(candidate->people, identity_copy(person));
  }
}

static Candidate *mentioned(GPtrArray *all, const char *value) {
  g_autofree char *folded = text_search_key(value);
  for (guint i = 0; i < all->len; i++) {
    Candidate *candidate = all->pdata[i];
    g_autofree char *held = text_search_key(candidate->name ? candidate->name : "");
    if (!candidate->people->len && g_str_equal(held, folded))
      return candidate;
  }
  return candidate_new(all, value);
}

/* The candidate takes the record. */
static void give(Query *query, PersonRecord *record) {
  Candidate *candidate = record->people->len ? candidate_of(query->candidates, record->people) : NULL;
  if (!candidate && people_match(record->people, query->folded))
    candidate = candidate_new(query->candidates, matching_name(record->people, query->folded));
  else if (!candidate)
    candidate = mentioned(query->candidates, person_match(record, query->folded));
  if (candidate->people->len || people_match(record->people, query->folded))
    learn(candidate, record->people);
  g_hash_table_add(query->known, record->reference);
  g_ptr_array_add(candidate->records, record);
}

/* First those that tell who it is: then a remark about one of them goes to that one. */
static void give_all(Query *query, GPtrArray *records) {
  g_ptr_array_set_free_func(records, NULL);
  for (guint i = 0; i < records->len; i++)
    if (people_match(((PersonRecord *)records->pdata[i])->people, query->folded))
      give(query, records->pdata[i]);
  for (guint i = 0; i < records->len; i++)
    if (!people_match(((PersonRecord *)records->pdata[i])->people, query->folded))
      give(query, records->pdata[i]);
}

/* Records of somebody who was found, in which the words do not stand. */
static gboolean by_person(const PersonRecord *record, gpointer user) {
  const Query *query = user;
  return record->people->len && !g_hash_table_contains(query->known, record->reference) &&
         candidate_of(query->candidates, record->people);
}

/* Each may tell something new of the person, by which others are found. */
static RkStatus find_rest(RkDesk *desk, Query *query, RkDiags *diags) {
  for (guint found = 1; found;) {
    g_autoptr(GPtrArray) records = NULL;
    RkStatus status = person_records(desk, by_person, query, &records, diags);
    if (status != RK_OK)
      return status;
    found = records->len;
    give_all(query, records);
  }
  return RK_OK;
}

RkStatus candidates_find(RkDesk *desk, const char *text, const char *register_, GPtrArray **out,
                         RkDiags *diags) {
  g_autofree char *folded = text_search_key(text);
  g_autoptr(GPtrArray) candidates = g_ptr_array_new_with_free_func(candidate_free), records = NULL;
  g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
  Query query = {folded, register_, candidates, known};
  *out = NULL;
  if (!folded || !*folded)
    return diags_fail(diags, RK_INVALID, DIAG_DISCLOSE_NOBODY, NULL, NULL);
  RkStatus status = person_records(desk, by_words, &query, &records, diags);
  if (status != RK_OK)
    return status;
  give_all(&query, records);
  status = find_rest(desk, &query, diags);
  if (status == RK_OK)
    *out = g_steal_pointer(&candidates);
  return status;
}

/* ---------------------------------------------------------------------- showing */

static char *places(const Candidate *candidate) {
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < candidate->records->len; i++) {
    const PersonRecord *record = candidate->records->pdata[i];
    const char *place = record->number ? record->number : record->register_;
    if (g_hash_table_add(seen, (gpointer)place))
      g_string_append_printf(text, "%s%s", text->len ? ", " : "", place);
  }
  return g_string_free(text, FALSE);
}

RkTable *candidates_table(const GPtrArray *candidates) {
  RkTable *table = table_new("persons", _("Who it could be"));
  table_column(table, "no", _("No."), RK_COLUMN_NUMBER);
  table_column(table, "name", _("Name"), RK_COLUMN_TEXT);
  table_column(table, "birth", _("Birth date"), RK_COLUMN_TEXT);
  table_column(table, "insurance", _("Insurance number"), RK_COLUMN_TEXT);
  table_column(table, "records", _("Records"), RK_COLUMN_NUMBER);
  table_column(table, "where", _("Where"), RK_COLUMN_TEXT);
  for (guint i = 0; i < candidates->len; i++) {
    const Candidate *candidate = candidates->pdata[i];
    g_autofree char *where = places(candidate);
    guint row = table_add_row(table);
    table_set_int(table, row, "no", i + 1);
    table_set(table, row, "name", candidate->name);
    table_set(table, row, "birth", candidate->birth);
    table_set(table, row, "insurance", candidate->insurance);
    table_set_int(table, row, "records", candidate->records->len);
    table_set(table, row, "where", where);
  }
  return table;
}
