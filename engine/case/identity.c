/* SPDX-License-Identifier: Apache-2.0 */
/* identity.c - see identity.h. */
#include "case/identity.h"

#include "base/date.h"
#include "base/text.h"
#include "case/asked.h"

#include <string.h>

#define CANDIDATES 200 /* cases looked at for one name */

void person_free(Person *person) {
  if (!person)
    return;
  g_free(person->where);
  g_free(person->name);
  g_free(person->birth);
  g_free(person->insurance);
  g_free(person);
}

static GPtrArray *people_new(void) {
  return g_ptr_array_new_with_free_func((GDestroyNotify)person_free);
}

void identity_take(Person *person, const char *what, const char *text) {
  char **slot = g_str_equal(what, "name")    ? &person->name
                : g_str_equal(what, "birth") ? &person->birth
                                             : &person->insurance;
  Day day;
  if (!text || !*text || *slot)
    return;
  gboolean birth = slot == &person->birth && day_parse(&day, text, TRUE, NULL) == RK_OK;
  *slot = birth ? day_to_iso(day) : g_strdup(text);
}

/* Keep the person if anything is known of it. */
static void keep(GPtrArray *people, Person *person, const char *where) {
  if (!person->name && !person->birth && !person->insurance) {
    person_free(person);
    return;
  }
  person->where = g_strdup(where);
  g_ptr_array_add(people, person);
}

/* ------------------------------------------------------------- who it is about */

/* The person that the fields of `table` (NULL: outside tables) tell in `row`. */
static void add_row(GPtrArray *people, Form *form, const FormData *data, const char *table,
                    guint row) {
  Person *person = g_new0(Person, 1);
  for (guint i = 0; i < form_n_fields(form); i++) {
    FormField field = form_field(form, i);
    if (!field.identifies || g_strcmp0(field.table, table) != 0)
      continue;
    g_autofree char *path =
        table ? g_strdup_printf("%s[%u].%s", table, row, field.id) : g_strdup(field.id);
    identity_take(person, field.identifies, form_data_get(data, path));
  }
  keep(people, person, form_printed_code(form));
}

static void add_values(GPtrArray *people, Form *form, const FormData *data) {
  const char *last = NULL;
  add_row(people, form, data, NULL, 0);
  for (guint i = 0; i < form_n_fields(form); i++) {
    FormField field = form_field(form, i);
    if (!field.identifies || !field.table || g_strcmp0(field.table, last) == 0)
      continue;
    last = field.table;
    for (guint row = 1; row <= form_data_rows(data, field.table); row++)
      add_row(people, form, data, field.table, row);
  }
}

GPtrArray *identity_of_values(Form *form, const FormData *data) {
  GPtrArray *people = people_new();
  add_values(people, form, data);
  return people;
}

static const char *procedure_title(const Bundle *bundle) {
  const Machine *machine = bundle_machine(bundle);
  const char *title = machine_words(machine).title;
  return title ? title : machine_name(machine);
}

GPtrArray *identity_of_inputs(RkDesk *desk, const char *procedure, const json_t *inputs) {
  g_autoptr(RkDiags) unsaid = rk_diags_new(); /* the opening itself says what is wrong */
  GPtrArray *people = people_new();
  Bundle *bundle = NULL;
  json_t *taken = NULL;
  guint count = 0;
  if (desk_procedure(desk, procedure, &bundle, unsaid) != RK_OK)
    return people;
  const MachineAsk *asks = machine_inputs(bundle_machine(bundle), &count);
  Person *person = g_new0(Person, 1);
  if (asked_take(asks, count, inputs, desk->english, &taken, unsaid) == RK_OK)
    for (guint i = 0; i < count; i++)
      if (asks[i].identifies)
        identity_take(person, asks[i].identifies, json_string_value(json_object_get(taken, asks[i].name)));
  keep(people, person, procedure_title(bundle));
  json_decref(taken);
  return people;
}

static void take_marked(Person *person, const Bundle *bundle, const json_t *fields) {
  guint count = 0;
  const MachineAsk *asks = machine_inputs(bundle_machine(bundle), &count);
  for (guint i = 0; i < count; i++)
    if (asks[i].identifies)
      identity_take(person, asks[i].identifies,
                    json_string_value(json_object_get(fields, asks[i].name)));
}

GPtrArray *identity_of_fields(RkDesk *desk, const char *fields) {
  g_autoptr(GPtrArray) procedures = NULL;
  GPtrArray *people = people_new();
  Person *person = g_new0(Person, 1);
  json_t *object = json_loads(fields ? fields : "{}", 0, NULL);
  RkStatus status =
      store_load_register(desk->store, REGISTER_PROCEDURE, NULL, &procedures, NULL);
  for (guint i = 0; status == RK_OK && i < procedures->len; i++) {
    Bundle *bundle = NULL;
    status = desk_procedure(desk, ((StoreRegister *)procedures->pdata[i])->key, &bundle, NULL);
    if (status == RK_OK)
      take_marked(person, bundle, object);
  }
  keep(people, person, "");
  json_decref(object);
  return people;
}

GPtrArray *identity_of_case(CaseFile *file) {
  GPtrArray *people = people_new();
  Person *person = g_new0(Person, 1);
  guint count = 0;
  const MachineAsk *asks = machine_inputs(bundle_machine(file->bundle), &count);
  for (guint i = 0; i < count; i++) {
    g_autofree char *text =
        asks[i].identifies ? session_data_text(file->session, asks[i].name) : NULL;
    if (text)
      identity_take(person, asks[i].identifies, text);
  }
  keep(people, person, procedure_title(file->bundle));
  for (guint i = 0; i < file->papers->len; i++) {
    const StorePaper *paper = file->papers->pdata[i];
    g_autoptr(FormData) data = papers_data(file, paper);
    add_values(people, bundle_form(file->bundle, paper->form), data);
  }
  return people;
}

static void add_key(GPtrArray *keys, const char *text) {
  if (text && *text)
    g_ptr_array_add(keys, text_search_key(text));
}

void identity_search_keys(CaseFile *file, GPtrArray *keys) {
  g_autoptr(GPtrArray) people = identity_of_case(file);
  for (guint i = 0; i < people->len; i++) {
    const Person *person = people->pdata[i];
    add_key(keys, person->name);
    add_key(keys, person->insurance);
  }
}

/* ------------------------------------------------------------------ duplicates */

static gboolean same_text(const char *a, const char *b) {
  g_autofree char *left = a ? text_search_key(a) : NULL, *right = b ? text_search_key(b) : NULL;
  return left && right && *left && g_str_equal(left, right);
}

static gboolean same_person(const Person *a, const Person *b) {
  return same_text(a->insurance, b->insurance) ||
         (same_text(a->name, b->name) && same_text(a->birth, b->birth));
}

/* Two names that can be compared: a reading tells nothing against what it is the reading of. */
static gboolean other_name(const char *a, const char *b) {
  g_autofree char *left = a ? text_search_key(a) : NULL, *right = b ? text_search_key(b) : NULL;
  return left && right && text_is_katakana(left) == text_is_katakana(right) &&
         !g_str_equal(left, right);
}

static gboolean other_text(const char *a, const char *b) {
  return a && b && !same_text(a, b);
}

static gboolean is_contrary(const Person *a, const Person *b) {
  if (same_text(a->insurance, b->insurance))
    return other_name(a->name, b->name) || other_text(a->birth, b->birth);
  return same_text(a->name, b->name) && same_text(a->birth, b->birth) &&
         other_text(a->insurance, b->insurance);
}

static gboolean differ(const Person *a, const Person *b) {
  return other_name(a->name, b->name) || other_text(a->birth, b->birth) ||
         other_text(a->insurance, b->insurance);
}

gboolean identity_are_one(const GPtrArray *people) {
  for (guint i = 0; i < people->len; i++)
    for (guint k = 0; k < i; k++)
      if (differ(people->pdata[i], people->pdata[k]))
        return FALSE;
  return TRUE;
}

gboolean identity_is_same(const Person *a, const Person *b) {
  gboolean bare = !a->birth && !b->birth && !a->insurance && !b->insurance;
  return !differ(a, b) && (same_person(a, b) || (bare && same_text(a->name, b->name)));
}

Person *identity_copy(const Person *person) {
  Person *copy = g_new0(Person, 1);
  *copy = (Person){g_strdup(person->where), g_strdup(person->name), g_strdup(person->birth),
                   g_strdup(person->insurance)};
  return copy;
}

typedef enum { ABOUT_NOBODY, ABOUT_SAME, ABOUT_CONTRARY } About;

static About is_about(CaseFile *file, const Person *person) {
  g_autoptr(GPtrArray) people = identity_of_case(file);
  About about = ABOUT_NOBODY;
  for (guint i = 0; i < people->len; i++)
    if (is_contrary(people->pdata[i], person))
      return ABOUT_CONTRARY;
    else if (same_person(people->pdata[i], person))
      about = ABOUT_SAME;
  return about;
}

static gboolean has_text(const GPtrArray *list, const char *text) {
  for (guint i = 0; i < list->len; i++)
    if (g_str_equal(list->pdata[i], text))
      return TRUE;
  return FALSE;
}

/* Where to look, and what was found. */
typedef struct {
  RkDesk *desk;
  const char *procedure, *own;
  IdentityFound *found;
  GPtrArray *ids; /* of the cases about the person; NULL: they are classified in `found` */
} Hunt;

static void note(GPtrArray *list, const char *number) {
  if (!has_text(list, number))
    g_ptr_array_add(list, g_strdup(number));
}

static void classify(Hunt *hunt, const StoreCase *record, About about) {
  if (hunt->ids) {
    if (about == ABOUT_SAME)
      note(hunt->ids, record->id);
    return;
  }
  gboolean same = g_strcmp0(record->procedure, hunt->procedure) == 0;
  if (about == ABOUT_CONTRARY)
    note(hunt->found->contrary, record->number);
  if (about != ABOUT_NOBODY && same)
    note(hunt->found->same, record->number);
  else if (about == ABOUT_SAME && !record->closed)
    note(hunt->found->other, record->number);
}

static RkStatus look_at(Hunt *hunt, const Person *person, const GPtrArray *cases, RkDiags *diags) {
  RkStatus status = RK_OK;
  for (guint i = 0; status == RK_OK && i < cases->len; i++) {
    const StoreCase *record = cases->pdata[i];
    g_autoptr(CaseFile) file = NULL;
    if (g_strcmp0(record->id, hunt->own) == 0)
      continue;
    status = casefile_load(&file, hunt->desk, record->id, diags);
    if (status == RK_OK)
      classify(hunt, record, is_about(file, person));
  }
  return status;
}

/* Cases in which `text` can be found, looked at one by one: for a warning the first of them, else all. */
static RkStatus look_for(Hunt *hunt, const Person *person, const char *text, RkDiags *diags) {
  g_autofree char *key = text_search_key(text), *after = NULL;
  StoreCaseFilter filter = {.search = key, .with_closed = TRUE, .limit = CANDIDATES};
  RkStatus status = RK_OK;
  for (guint count = CANDIDATES; status == RK_OK && count == CANDIDATES;) {
    g_autoptr(GPtrArray) cases = NULL;
    filter.after = after;
    status = store_query_cases(hunt->desk->store, &filter, &cases, diags);
    if (status == RK_OK)
      status = look_at(hunt, person, cases, diags);
    count = status == RK_OK && hunt->ids ? cases->len : 0;
    g_free(after);
    after = count ? g_strdup(((StoreCase *)cases->pdata[count - 1])->number) : NULL;
  }
  return status;
}

static int by_text(gconstpointer a, gconstpointer b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

void identity_found_clear(IdentityFound *found) {
  g_clear_pointer(&found->same, g_ptr_array_unref);
  g_clear_pointer(&found->other, g_ptr_array_unref);
  g_clear_pointer(&found->contrary, g_ptr_array_unref);
}

static RkStatus look_for_all(Hunt *hunt, const GPtrArray *people, RkDiags *diags) {
  RkStatus status = RK_OK;
  for (guint i = 0; status == RK_OK && i < people->len; i++) {
    const Person *person = people->pdata[i];
    if (person->name && person->birth)
      status = look_for(hunt, person, person->name, diags);
    if (status == RK_OK && person->insurance)
      status = look_for(hunt, person, person->insurance, diags);
  }
  return status;
}

RkStatus identity_cases(RkDesk *desk, const GPtrArray *people, const char *own, GPtrArray **out,
                        RkDiags *diags) {
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
  Hunt hunt = {desk, NULL, own, NULL, ids};
  *out = NULL;
  RkStatus status = look_for_all(&hunt, people, diags);
  if (status == RK_OK)
    *out = g_steal_pointer(&ids);
  return status;
}

RkStatus identity_find(RkDesk *desk, const GPtrArray *people, const char *procedure,
                       const char *own, IdentityFound *out, RkDiags *diags) {
  out->same = g_ptr_array_new_with_free_func(g_free);
  out->other = g_ptr_array_new_with_free_func(g_free);
  out->contrary = g_ptr_array_new_with_free_func(g_free);
  Hunt hunt = {desk, procedure, own, out, NULL};
  RkStatus status = look_for_all(&hunt, people, diags);
  g_ptr_array_sort(out->same, by_text);
  g_ptr_array_sort(out->other, by_text);
  g_ptr_array_sort(out->contrary, by_text);
  return status;
}

static void warn(const GPtrArray *numbers, const char *key, DiagId id, json_t *args,
                 RkDiags *diags) {
  g_autoptr(GString) list = g_string_new(NULL);
  json_t *noted = json_array();
  for (guint i = 0; i < numbers->len; i++) {
    g_string_append_printf(list, "%s%s", i ? ", " : "", (const char *)numbers->pdata[i]);
    json_array_append_new(noted, json_string(numbers->pdata[i]));
  }
  if (numbers->len) {
    json_object_set(args, key, noted);
    diags_add(diags, id, NULL, list->str, NULL);
  }
  json_decref(noted);
}

void identity_warn(const IdentityFound *found, json_t *args, RkDiags *diags) {
  warn(found->same, "duplicates", DIAG_LIKELY_DUPLICATE, args, diags);
  warn(found->contrary, "contrary", DIAG_CONTRARY_PERSON, args, diags);
}

/* A person rightly has cases of several procedures: said once, when another is opened; noted nowhere. */
static void tell_others(const IdentityFound *found, RkDiags *diags) {
  json_t *nowhere = json_object();
  if (!found->same->len && !found->contrary->len)
    warn(found->other, "", DIAG_OTHER_CASES, nowhere, diags);
  json_decref(nowhere);
}

RkStatus identity_before_opening(RkDesk *desk, const RkRequest *request, const char *procedure,
                                 json_t *args, RkDiags *diags) {
  g_autofree char *earlier = NULL;
  g_auto(IdentityFound) found = {0};
  g_autoptr(GPtrArray) people = NULL;
  desk->now = request->now;
  if (desk_check_clerk(desk, NULL) != RK_OK)
    return RK_OK;
  RkStatus status =
      request->id ? store_find_request(desk->store, request->id, &earlier, diags) : RK_OK;
  if (status != RK_OK || earlier)
    return status;
  people = identity_of_inputs(desk, procedure, json_object_get(args, "inputs"));
  status = identity_find(desk, people, procedure, NULL, &found, diags);
  if (status == RK_OK) {
    identity_warn(&found, args, diags);
    tell_others(&found, diags);
  }
  return status;
}
