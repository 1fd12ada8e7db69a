/* SPDX-License-Identifier: Apache-2.0 */
/*
 * facts.c - answers to what a procedure asks.
 *
 * Questions about the case's own papers are answered from the file. Questions to
 * the registers go to the store, each once in a deed, and are noted with their answers;
 * under replay the noted answers are given back.
 */
#include "case/casefile.h"

#include "base/text.h"
#include "case/calendar.h"
#include "case/replay.h"

#include <string.h>

#define PAGE 500 /* entries of a register that are in memory at once */

/* ---------------------------------------------------------------- registers */

/* What this deed itself wrote comes before what the store holds. */
static json_t *written_now(CaseFile *file, const char *name, const char *key) {
  for (guint i = file->registers->len; i-- > 0;) {
    const StoreRegister *entry = file->registers->pdata[i];
    if (g_str_equal(entry->name, name) && g_str_equal(entry->key, key)) {
      json_t *fields = json_loads(entry->fields, 0, NULL);
      return json_pack("{s:s, s:o}", "state", entry->state, "fields",
                       fields ? fields : json_object());
    }
  }
  return NULL;
}

static int compare_keys(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The pair of the question and its answer; borrowed, NULL when it was not asked. */
static json_t *find_pair(const json_t *pairs, const json_t *question) {
  for (size_t i = 0; i < json_array_size(pairs); i++)
    if (json_equal(json_array_get(json_array_get(pairs, i), 0), question))
      return json_array_get(pairs, i);
  return NULL;
}

/* Of this deed if it was asked before: what is outside the case does not change meanwhile. */
json_t *facts_recall(CaseFile *file, json_t *question,
                     json_t *(*look_up)(CaseFile *file, const json_t *question)) {
  json_t *answer, *asked = find_pair(file->facts, question);
  if (asked) {
    json_decref(question);
    answer = json_incref(json_array_get(asked, 1));
  } else {
    answer = file->noted ? json_incref(json_array_get(find_pair(file->noted, question), 1))
                         : look_up(file, question);
    json_array_append_new(file->facts, json_pack("[o, O?]", question, answer));
  }
  if (json_is_null(answer))
    g_clear_pointer(&answer, json_decref);
  return answer;
}

static const char *word(const json_t *question, size_t index) {
  return json_string_value(json_array_get(question, index));
}

static json_t *look_up_entry(CaseFile *file, const json_t *question) {
  return desk_register_entry(file->desk, word(question, 1), word(question, 2));
}

json_t *facts_register(CaseFile *file, const char *name, const char *key) {
  json_t *answer = written_now(file, name, key);
  return answer ? answer : facts_recall(file, json_pack("[s,s,s]", "register", name, key), look_up_entry);
}

static void add_if_field(json_t *found, const StoreRegister *entry, const char *field,
                         const char *value) {
  json_t *fields = json_loads(entry->fields ? entry->fields : "{}", 0, NULL);
  if (g_strcmp0(json_string_value(json_object_get(fields, field)), value) == 0)
    json_object_set_new(found, entry->key, json_string(entry->state));
  json_decref(fields);
}

/* {key: state} of the entries whose field has the value, read a page at a time; what this deed wrote is
 * laid over it afterwards. */
static json_t *look_up_entries(CaseFile *file, const json_t *question) {
  json_t *found = json_object();
  g_autofree char *after = NULL;
  for (guint length = PAGE; length == PAGE;) {
    g_autoptr(GPtrArray) page = NULL;
    if (store_query_register(file->desk->store, word(question, 1), after, PAGE, &page, NULL) != RK_OK)
      break;
    length = page->len;
    for (guint i = 0; i < length; i++)
      add_if_field(found, page->pdata[i], word(question, 2), word(question, 3));
    g_free(after);
    after = length ? g_strdup(((StoreRegister *)page->pdata[length - 1])->key) : NULL;
  }
  return found;
}

static void lay_over(CaseFile *file, const char *name, const char *field, const char *value,
                     json_t *found) {
  for (guint i = 0; i < file->registers->len; i++) {
    const StoreRegister *entry = file->registers->pdata[i];
    if (g_str_equal(entry->name, name))
      add_if_field(found, entry, field, value);
  }
}

static gboolean state_held(const CaseFile *file, const char *name, const char *held,
                           const char *wanted) {
  const Catalogue *catalogue = bundle_catalogue(file->bundle);
  int rank = catalogue_state_rank(catalogue, name, held);
  int least = *wanted ? catalogue_state_rank(catalogue, name, wanted) : 0;
  return g_str_equal(held, wanted) || (least >= 0 && rank >= least);
}

char *facts_entries(CaseFile *file, const char *name, const char *field, const char *value,
                    const char *state) {
  GString *keys = g_string_new(NULL);
  json_t *noted = facts_recall(file, json_pack("[s,s,s,s]", "entries", name, field, value),
                               look_up_entries);
  json_t *found = noted ? json_copy(noted) : json_object(), *held;
  const char *key;
  lay_over(file, name, field, value, found);
  g_autoptr(GPtrArray) sorted = g_ptr_array_new();
  json_object_foreach(found, key, held) {
    if (state_held(file, name, json_string_value(held), state))
      g_ptr_array_add(sorted, (gpointer)key);
  }
  g_ptr_array_sort(sorted, compare_keys);
  for (guint i = 0; i < sorted->len; i++)
    g_string_append_printf(keys, "%s\n", (const char *)sorted->pdata[i]);
  json_decref(found);
  json_decref(noted);
  return g_string_free(keys, FALSE);
}

/* ------------------------------------------------------------- business days */

static void close_day(Calendar *calendar, const StoreRegister *entry) {
  Day day;
  if (g_str_equal(entry->state, CLOSURE_CLOSED) &&
      day_parse(&day, entry->key, TRUE, NULL) == RK_OK)
    calendar_close_day(calendar, day);
}

static json_t *look_up_business_day(CaseFile *file, const json_t *question) {
  Day start, day;
  g_autoptr(Calendar) calendar = NULL;
  g_autoptr(GPtrArray) closures = NULL;
  g_autofree char *path = g_build_filename(file->desk->site->datadir, CALENDAR_PATH, NULL);
  guint count = (guint)g_ascii_strtoull(word(question, 2), NULL, 10);
  if (calendar_load_file(&calendar, path, NULL) != RK_OK ||
      day_parse(&start, word(question, 1), TRUE, NULL) != RK_OK ||
      store_load_register(file->desk->store, REGISTER_CLOSURE, NULL, &closures, NULL) != RK_OK)
    return NULL;
  for (guint i = 0; i < closures->len; i++)
    close_day(calendar, closures->pdata[i]);
  if (!calendar_business_day(calendar, start, count, &day))
    return NULL;
  g_autofree char *iso = day_to_iso(day);
  return json_pack("{s:s, s:s}", "day", iso, "calendar", calendar_hash(calendar));
}

/* The day, noted with the hash of the holidays it was counted by; NULL: not known. */
static char *business_day(CaseFile *file, const char *start, const char *count) {
  json_t *answer =
      facts_recall(file, json_pack("[s,s,s]", "business-day", start, count), look_up_business_day);
  char *day = g_strdup(json_string_value(json_object_get(answer, "day")));
  json_decref(answer);
  return day;
}

/* ---------------------------------------------------------------- questions */

static char *row_path(const char *const *arguments) {
  return g_strdup_printf("%s[%s].%s", arguments[1], arguments[2], arguments[3]);
}

static char *paper_value(CaseFile *file, const char *reference, const char *path) {
  StorePaper *paper = papers_named(file, reference);
  if (!paper)
    return g_strdup("");
  g_autoptr(FormData) data = papers_data(file, paper);
  const char *value = form_data_get(data, path);
  return g_strdup(value ? value : "");
}

static guint paper_rows(CaseFile *file, const char *reference, const char *table) {
  StorePaper *paper = papers_named(file, reference);
  if (!paper)
    return 0;
  g_autoptr(FormData) data = papers_data(file, paper);
  return form_data_rows(data, table);
}

/* The register key of the person in each row: paper, table, field of the name, the institution, and
 * if given the field that names another institution in the row. */
static char *row_keys(CaseFile *file, const char *const *a) {
  GString *text = g_string_new(NULL);
  guint rows = paper_rows(file, a[0], a[1]);
  for (guint row = 1; row <= rows; row++) {
    g_autofree char *name_path = g_strdup_printf("%s[%u].%s", a[1], row, a[2]);
    g_autofree char *place_path = a[4] ? g_strdup_printf("%s[%u].%s", a[1], row, a[4]) : NULL;
    g_autofree char *name = paper_value(file, a[0], name_path);
    g_autofree char *place = place_path ? paper_value(file, a[0], place_path) : g_strdup("");
    g_autofree char *key = text_key((const char *const[]){*place ? place : a[3], name, NULL});
    g_string_append_printf(text, "%s\n", key);
  }
  return g_string_free(text, FALSE);
}

static char *register_value(CaseFile *file, const char *const *arguments, gboolean field) {
  json_t *entry = facts_register(file, arguments[0], arguments[1]);
  const json_t *value = field ? json_object_get(json_object_get(entry, "fields"), arguments[2])
                              : json_object_get(entry, "state");
  const char *text = json_string_value(value);
  char *copy = g_strdup(text ? text : "");
  json_decref(entry);
  return copy;
}

static gboolean state_at_least(const StorePaper *paper, const Form *form, const char *state) {
  int wanted = papers_state_rank(state), held = paper ? papers_state_rank(paper->state) : 0;
  if (g_strcmp0(state, "signed") == 0 && !form_needs_signature(form))
    wanted = papers_state_rank("complete");
  return held >= 0 && held >= wanted;
}

static char *ask_register(CaseFile *file, const char *kind, const char *const *a, guint count) {
  if (g_str_equal(kind, "entries"))
    return count == 3 || count == 4 ? facts_entries(file, a[0], a[1], a[2], count == 4 ? a[3] : "")
                                    : NULL;
  gboolean field = g_str_equal(kind, "register-field");
  return count == (field ? 3 : 2) ? register_value(file, a, field) : NULL;
}

static char *ask_rows(CaseFile *file, const char *kind, const char *const *a, guint count) {
  if (g_str_equal(kind, "rows") && count == 2)
    return g_strdup_printf("%u", paper_rows(file, a[0], a[1]));
  if (g_str_equal(kind, "row-keys") && (count == 4 || count == 5))
    return row_keys(file, a);
  if (g_str_equal(kind, "row") && count == 4) {
    g_autofree char *path = row_path(a);
    return paper_value(file, a[0], path);
  }
  return NULL;
}

char *facts_ask(gpointer data, const char *kind, const char *const *a) {
  CaseFile *file = data;
  guint count = g_strv_length((char **)a);
  if (g_str_has_prefix(kind, "register") || g_str_equal(kind, "entries"))
    return ask_register(file, kind, a, count);
  if (g_str_equal(kind, "business-day"))
    return count == 2 ? business_day(file, a[0], a[1]) : NULL;
  g_autofree char *code = paper_code(count ? a[0] : NULL);
  Form *form = bundle_form(file->bundle, code);
  if (!form)
    return NULL;
  StorePaper *paper = papers_named(file, a[0]);
  if (g_str_equal(kind, "form") && count == 1)
    return g_strdup(paper ? paper->state : "blank");
  if (g_str_equal(kind, "form-at-least") && count == 2)
    return g_strdup(state_at_least(paper, form, a[1]) ? "true" : "false");
  if (g_str_equal(kind, "field") && count == 2)
    return paper_value(file, a[0], a[1]);
  return ask_rows(file, kind, a, count);
}

/* ------------------------------------------------------------- requirements */

/* A paper that is asked for. */
typedef struct {
  Form *form;
  StorePaper *paper; /* NULL: the case has none yet */
  const char *reference, *key, *state;
} Wanted;

/* The name that is printed on the form, with the party it is about. */
static char *printed_name(const Wanted *wanted) {
  const char *printed = form_printed_code(wanted->form);
  return *wanted->key ? g_strdup_printf("%s [%s]", printed, wanted->key) : g_strdup(printed);
}

/* A paper that this desk fills in: its content must have come far enough. */
static gboolean require_own(CaseFile *file, const Wanted *wanted, RkDiags *reasons) {
  const StorePaper *paper = wanted->paper;
  Form *form = wanted->form;
  const char *state = wanted->state, *code = wanted->reference;
  g_autofree char *printed = printed_name(wanted);
  if (state_at_least(paper, form, state))
    return TRUE;
  gboolean complete = paper && papers_state_rank(paper->state) >= papers_state_rank("complete");
  if (paper && papers_state_rank(paper->state) < 0)
    diags_add(reasons, DIAG_PAPER_STATE, NULL, printed, code, paper->state, state, casefile_number(file),
              NULL);
  else
    diags_add(reasons, complete ? DIAG_PAPER_UNSIGNED : DIAG_PAPER_INCOMPLETE, NULL, printed, code,
              casefile_number(file), NULL);
  if (complete)
    return FALSE;
  g_autoptr(FormData) data = paper ? papers_data(file, paper) : form_data_new(form);
  form_data_check(data, reasons);
  return FALSE;
}

/* A paper of another party: it must lie on our desk and have been judged complete. One that the
 * procedure never brings here, or that moves between two others in this step, is not ours to
 * ask for. */
static gboolean require_foreign(CaseFile *file, const Wanted *wanted, const DiagPlace *place,
                                RkDiags *reasons) {
  StorePaper *paper = wanted->paper;
  const char *code = form_code(wanted->form), *reference = wanted->reference;
  g_autofree char *printed = printed_name(wanted);
  const char *const *ours = (const char *const *)file->ours;
  if (!bundle_receiver(file->bundle, code, ours) ||
      !bundle_concerns(file->bundle, code, ours, place))
    return TRUE;
  StoreExemplar *exemplar = paper ? papers_exemplar(file, paper, NULL) : NULL;
  if (!exemplar) {
    diags_add(reasons, DIAG_PAPER_NOT_RECEIVED, NULL, printed, reference, NULL);
    return FALSE;
  }
  if (!exemplar->judged) {
    diags_add(reasons, DIAG_PAPER_JUDGED_INCOMPLETE, NULL, printed, reference, NULL);
    return FALSE;
  }
  if (!paper->data)
    return TRUE;
  g_autoptr(FormData) data = papers_data(file, paper);
  return form_data_check(data, reasons) == RK_OK;
}

static gboolean require_form(CaseFile *file, const char *code, const char *key, const char *state,
                             const DiagPlace *place, RkDiags *reasons) {
  StorePaper *paper = papers_find(file, code, key);
  g_autofree char *reference = *key ? g_strdup_printf("%s:%s", code, key) : g_strdup(code);
  Wanted wanted = {bundle_form(file->bundle, code), paper, reference, key, state};
  const char *filled_by = paper ? paper->filled_by : bundle_filled_by(file->bundle, code);
  gboolean ours = !filled_by || g_strv_contains((const char *const *)file->ours, filled_by);
  return ours ? require_own(file, &wanted, reasons)
              : require_foreign(file, &wanted, place, reasons);
}

/* A register's title, or a state's. */
static const char *title_of(const CaseFile *file, const char *name, const char *state) {
  const char *title = catalogue_title(bundle_catalogue(file->bundle), name, state,
                                      file->desk->english);
  return title ? title : state ? state : name;
}

static void refuse_register(CaseFile *file, GHashTable *attributes, const char *held,
                            RkDiags *reasons) {
  const char *name = g_hash_table_lookup(attributes, "register");
  const char *wanted = g_hash_table_lookup(attributes, "state");
  const char *message = g_hash_table_lookup(attributes, "message");
  if (message)
    diags_add(reasons, DIAG_WF_REQUIRE_TEST, NULL, message, NULL);
  else if (wanted)
    diags_add(reasons, DIAG_REGISTER_STATE, NULL, title_of(file, name, NULL),
              title_of(file, name, wanted), name, NULL);
  else
    diags_add(reasons, DIAG_REGISTER_TAKEN, NULL, title_of(file, name, NULL),
              title_of(file, name, held), name, NULL);
}

static gboolean require_register(CaseFile *file, GHashTable *attributes, RkDiags *reasons) {
  const char *name = g_hash_table_lookup(attributes, "register");
  const char *key = g_hash_table_lookup(attributes, "key");
  const char *wanted = g_hash_table_lookup(attributes, "state");
  json_t *entry = facts_register(file, name, key ? key : "");
  const char *held = json_string_value(json_object_get(entry, "state"));
  gboolean met = wanted ? held && state_held(file, name, held, wanted)
                        : catalogue_is_free(bundle_catalogue(file->bundle), name, held);
  if (!met)
    refuse_register(file, attributes, held, reasons);
  json_decref(entry);
  return met;
}

/* ------------------------------------------------------------ a second person */

/* Whether an entry was made by, or in the name of, one of the two. */
static gboolean was_by(const StoreJournal *entry, const char *operator_, const char *behalf) {
  g_autofree char *named = NULL;
  json_t *body = replay_body(entry);
  named = g_strdup(json_string_value(json_object_get(json_object_get(body, "args"), "on_behalf")));
  json_decref(body);
  const char *const those[] = {entry->operator_, named};
  for (guint i = 0; i < G_N_ELEMENTS(those); i++)
    if (those[i] && (g_str_equal(those[i], operator_) || g_str_equal(those[i], behalf)))
      return TRUE;
  return FALSE;
}

/* The event among those asked for that the same person has entered, and that stands. */
static json_t *look_up_person(CaseFile *file, const json_t *question) {
  g_autoptr(GPtrArray) entries = NULL;
  g_auto(GStrv) events = g_strsplit_set(word(question, 1), " \t\r\n", -1);
  if (store_load_journal(file->desk->store, word(question, 2), 0, 0, &entries, NULL) != RK_OK)
    return NULL;
  g_autoptr(GPtrArray) standing = replay_standing(entries);
  for (guint i = 0; i < standing->len; i++) {
    const StoreJournal *entry = standing->pdata[i];
    if (entry->event && g_strv_contains((const char *const *)events, entry->event) &&
        was_by(entry, word(question, 3), word(question, 4)))
      return json_string(entry->event);
  }
  return NULL;
}

/* Whoever enters this, and in whose name, must be another than who entered those events. */
static gboolean require_second(CaseFile *file, const char *events, const char *message,
                               RkDiags *reasons) {
  const char *operator_ = file->deed ? file->deed->operator_ : file->desk->operator_;
  const char *behalf =
      file->deed ? json_string_value(json_object_get(file->deed->args, "on_behalf")) : NULL;
  json_t *found = facts_recall(file,
                               json_pack("[s,s,s,s,s]", "second-person", events,
                                         file->record->id ? file->record->id : "", operator_,
                                         behalf ? behalf : ""),
                               look_up_person);
  if (!found)
    return TRUE;
  if (message)
    diags_add(reasons, DIAG_WF_REQUIRE_TEST, NULL, message, NULL);
  else
    diags_add(reasons, DIAG_SECOND_PERSON, NULL, json_string_value(found), operator_, NULL);
  json_decref(found);
  return FALSE;
}

gboolean facts_require(gpointer data, GHashTable *attributes, const DiagPlace *place,
                       RkDiags *reasons) {
  CaseFile *file = data;
  const char *forms = g_hash_table_lookup(attributes, "form");
  const char *state = g_hash_table_lookup(attributes, "state");
  const char *events = g_hash_table_lookup(attributes, "second-person");
  if (events)
    return require_second(file, events, g_hash_table_lookup(attributes, "message"), reasons);
  if (!forms)
    return require_register(file, attributes, reasons);
  const char *key = g_hash_table_lookup(attributes, "each");
  g_auto(GStrv) codes = g_strsplit_set(forms, " \t\n", -1);
  gboolean met = TRUE;
  for (guint i = 0; codes[i]; i++)
    if (*codes[i])
      met = require_form(file, codes[i], key ? key : "", state ? state : "complete", place,
                         reasons) && met;
  return met;
}
