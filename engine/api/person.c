/* SPDX-License-Identifier: Apache-2.0 */
/* person.c - see person.h. Everything is looked at: a disclosure that leaves something out is wrong. */
#include "api/person.h"

#include "base/text.h"
#include "base/words.h"
#include "case/replay.h"

#include <string.h>

#define PAGE 100      /* cases at a time */
#define ENTRIES 1000  /* entries of the journal whose registers are read at a time */
#define FIELD_PROCEDURE "procedure"

typedef struct {
  RkDesk *desk;
  PersonFilter wanted;
  gpointer user;
  GPtrArray *out;
  GHashTable *marks;    /* names of marked inputs → name, birth, insurance: registers keep them so */
} Search;

/* A case while its records are taken. */
typedef struct {
  Search *search;
  CaseFile *file;
  GPtrArray *people; /* all that its marks tell */
  gboolean one;      /* … is of one person, and there is something */
} Subject;

static GPtrArray *people_new(void) {
  return g_ptr_array_new_with_free_func((GDestroyNotify)person_free);
}

void person_record_free(gpointer data) {
  PersonRecord *record = data;
  char *texts[] = {record->reference, record->number, record->register_, record->title};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
  g_ptr_array_unref(record->fields);
  g_ptr_array_unref(record->people);
  g_free(record);
}

static PersonRecord *record_new(char *reference, const char *number, const char *title,
                                gint64 time) {
  PersonRecord *record = g_new0(PersonRecord, 1);
  record->reference = reference;
  record->number = g_strdup(number);
  record->title = g_strdup(title);
  record->time = time;
  record->fields = g_ptr_array_new_with_free_func(g_free);
  record->people = people_new();
  return record;
}

static void add_field(PersonRecord *record, const char *label, const char *name,
                      const char *value) {
  if (!value || !*value)
    return;
  g_ptr_array_add(record->fields, g_strdup(label));
  g_ptr_array_add(record->fields, g_strdup(name));
  g_ptr_array_add(record->fields, g_strdup(value));
}

static void take(Search *search, PersonRecord *record) {
  if (record->fields->len && (!search->wanted || search->wanted(record, search->user)))
    g_ptr_array_add(search->out, record);
  else
    person_record_free(record);
}

static Person *own_of(PersonRecord *record) {
  if (!record->people->len)
    g_ptr_array_add(record->people, g_new0(Person, 1));
  return record->people->pdata[0];
}

static void share(PersonRecord *record, const GPtrArray *people) {
  g_ptr_array_set_size(record->people, 0);
  for (guint i = 0; i < people->len; i++)
    g_ptr_array_add(record->people, identity_copy(people->pdata[i]));
}

/* A register's key is put together of several words: a field of its own says it better. */
const char *person_match(const PersonRecord *record, const char *folded) {
  const char *found = NULL;
  for (guint i = 2; i < record->fields->len; i += 3) {
    g_autofree char *key = text_search_key(record->fields->pdata[i]);
    if (!key || !strstr(key, folded) || g_str_equal(record->fields->pdata[i - 1], FIELD_PROCEDURE))
      continue;
    found = record->fields->pdata[i];
    if (!g_str_equal(record->fields->pdata[i - 1], "key"))
      return found;
  }
  return found;
}

/* ----------------------------------------------------------------------- papers */

static void add_form_field(PersonRecord *record, const FormField *field, const char *value) {
  add_field(record, field->label, field->id, value);
  if (field->identifies && value && *value)
    identity_take(own_of(record), field->identifies, value);
}

/* What stands outside of tables. */
static void take_top(Subject *subject, const StorePaper *paper, const FormData *data, const char *title) {
  Form *form = bundle_form(subject->file->bundle, paper->form);
  const StoreCase *record = subject->file->record;
  PersonRecord *top =
      record_new(g_strdup_printf("p:%s:", paper->id), record->number, title, record->updated);
  if (*paper->key)
    add_field(top, _("Party"), "party", paper->key);
  for (guint i = 0; i < form_n_fields(form); i++) {
    FormField field = form_field(form, i);
    if (!field.table)
      add_form_field(top, &field, form_data_get(data, field.id));
  }
  if (subject->one && (top->people->len || !*paper->key))
    share(top, subject->people);
  take(subject->search, top);
}

static void take_row(Subject *subject, const StorePaper *paper, const FormData *data,
                     const char *title, const char *table, guint row) {
  Form *form = bundle_form(subject->file->bundle, paper->form);
  const StoreCase *of = subject->file->record;
  PersonRecord *record = record_new(g_strdup_printf("p:%s:%s[%u]", paper->id, table, row), of->number,
                                    title, of->updated);
  for (guint i = 0; i < form_n_fields(form); i++) {
    FormField field = form_field(form, i);
    g_autofree char *path = g_strdup_printf("%s[%u].%s", table, row, field.id);
    if (g_strcmp0(field.table, table) == 0)
      add_form_field(record, &field, form_data_get(data, path));
  }
  if (subject->one && record->people->len)
    share(record, subject->people);
  take(subject->search, record);
}

static void take_paper(Subject *subject, const StorePaper *paper) {
  Form *form = bundle_form(subject->file->bundle, paper->form);
  g_autoptr(FormData) data = papers_data(subject->file, paper);
  g_autoptr(GHashTable) tables = g_hash_table_new(g_str_hash, g_str_equal);
  g_autofree char *title = g_strconcat(form_printed_code(form), " ", form_title(form), NULL);
  take_top(subject, paper, data, title);
  for (guint i = 0; i < form_n_fields(form); i++) {
    const char *table = form_field(form, i).table;
    if (table && g_hash_table_add(tables, (gpointer)table))
      for (guint row = 1; row <= form_data_rows(data, table); row++)
        take_row(subject, paper, data, title, table, row);
  }
}

/* ---------------------------------------------------------------------- journal */

static const char *input_title(const CaseFile *file, const char *name) {
  guint count = 0;
  const MachineAsk *asks = machine_inputs(bundle_machine(file->bundle), &count);
  for (guint i = 0; i < count; i++)
    if (g_str_equal(asks[i].name, name) && asks[i].title)
      return asks[i].title;
  return name;
}

static void add_values(PersonRecord *record, const Subject *subject, const json_t *values) {
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)values, name, value) {
    const char *text = json_string_value(value);
    const char *what = g_hash_table_lookup(subject->search->marks, name);
    add_field(record, input_title(subject->file, name), name, text);
    if (what && text && *text)
      identity_take(own_of(record), what, text);
  }
}

/* What was typed when the case was opened, with an event, and in remarks. */
static void take_entry(Subject *subject, const StoreJournal *entry) {
  json_t *body = replay_body(entry);
  const json_t *args = json_object_get(body, "args");
  PersonRecord *record = record_new(g_strdup_printf("j:%" G_GINT64_FORMAT, entry->seq),
                                    subject->file->record->number,
                                    entry->event ? entry->event : _(entry->kind), entry->happened);
  add_values(record, subject, json_object_get(args, "inputs"));
  add_values(record, subject, json_object_get(args, "values"));
  add_field(record, _("Evidence"), "evidence", replay_words(entry, body, "evidence"));
  add_field(record, _("Remark"), "why", replay_words(entry, body, "why"));
  json_decref(body);
  if (subject->one)
    share(record, subject->people);
  take(subject->search, record);
}

/* ------------------------------------------------------------------- registers */

/* Keys are words put together (text_key); what is only like the name is another's. */
static gboolean names(const PersonRecord *record, const GPtrArray *people) {
  for (guint i = 2; i < record->fields->len; i += 3) {
    g_auto(GStrv) words = g_strsplit(record->fields->pdata[i], " / ", -1);
    for (guint w = 0; words[w]; w++)
      for (guint k = 0; k < people->len; k++) {
        const Person *person = people->pdata[k];
        g_autofree char *word = text_search_key(words[w]);
        g_autofree char *name = text_search_key(person->name ? person->name : "");
        g_autofree char *number = text_search_key(person->insurance ? person->insurance : "");
        if (*word && (g_str_equal(word, name) || g_str_equal(word, number)))
          return TRUE;
      }
  }
  return FALSE;
}

/* An entry that a case wrote is about whom the case is about, when it names that person. */
static void judge_row(PersonRecord *record, const Subject *subject) {
  if (!subject || !subject->one || !names(record, subject->people))
    return;
  g_autoptr(GPtrArray) all = g_ptr_array_copy(subject->people, NULL, NULL);
  g_ptr_array_set_free_func(all, NULL);
  for (guint i = 0; i < record->people->len; i++)
    g_ptr_array_add(all, record->people->pdata[i]);
  if (identity_are_one(all))
    share(record, subject->people);
}

static void take_register(Search *search, const Subject *subject, const StoreRegister *row, guint place) {
  json_t *fields = json_loads(row->fields ? row->fields : "{}", 0, NULL);
  PersonRecord *record =
      record_new(g_strdup_printf("r:%s:%" G_GINT64_FORMAT ":%u", row->name, row->seq, place), NULL,
                 row->name, row->since);
  const char *name;
  json_t *value;
  record->register_ = g_strdup(row->name);
  add_field(record, _("Key"), "key", row->key);
  add_field(record, _("State"), "state", *row->state ? row->state : "undone");
  json_object_foreach(fields, name, value) {
    const char *text = json_string_value(value), *what = g_hash_table_lookup(search->marks, name);
    add_field(record, name, name, text);
    if (what && text && *text)
      identity_take(own_of(record), what, text);
  }
  json_decref(fields);
  judge_row(record, subject);
  take(search, record);
}

/* Which place a row has among those of its entry. */
static guint place_of(const GPtrArray *rows, guint index) {
  guint place = 0;
  while (place < index && ((StoreRegister *)rows->pdata[index - place - 1])->seq ==
                              ((StoreRegister *)rows->pdata[index])->seq)
    place++;
  return place;
}

static RkStatus take_written(Subject *subject, gint64 seq, RkDiags *diags) {
  g_autoptr(GPtrArray) rows = NULL;
  RkStatus status = store_history_between(subject->search->desk->store, seq, seq, &rows, diags);
  for (guint i = 0; status == RK_OK && i < rows->len; i++)
    take_register(subject->search, subject, rows->pdata[i], i);
  return status;
}

/* Whether the rows that the case wrote were taken with it. */
static RkStatus was_taken(Search *search, const char *case_id, gboolean *out, RkDiags *diags) {
  g_autoptr(StoreCase) record = NULL;
  *out = FALSE;
  if (!case_id)
    return RK_OK;
  RkStatus status = store_load_case(search->desk->store, case_id, &record, diags);
  *out = status == RK_OK && !store_case_disposed(record);
  return status == RK_NOT_FOUND ? RK_OK : status;
}

/* What the office itself wrote, and what disposal left of the others. */
static RkStatus take_rest(Search *search, const GPtrArray *rows, RkDiags *diags) {
  RkStatus status = RK_OK;
  for (guint i = 0; status == RK_OK && i < rows->len; i++) {
    gboolean taken = FALSE;
    status = was_taken(search, ((StoreRegister *)rows->pdata[i])->case_id, &taken, diags);
    if (status == RK_OK && !taken)
      take_register(search, NULL, rows->pdata[i], place_of(rows, i));
  }
  return status;
}

static RkStatus take_registers(Search *search, RkDiags *diags) {
  gint64 last = 0;
  Hash head;
  RkStatus status = store_journal_head(search->desk->store, &last, &head, NULL, diags);
  for (gint64 first = 1; status == RK_OK && first <= last; first += ENTRIES) {
    g_autoptr(GPtrArray) rows = NULL;
    status = store_history_between(search->desk->store, first, first + ENTRIES - 1, &rows, diags);
    if (status == RK_OK)
      status = take_rest(search, rows, diags);
  }
  return status;
}

/* ----------------------------------------------------------------------- cases */

static void take_label(Subject *subject) {
  const CaseFile *file = subject->file;
  const MachineWords words = machine_words(bundle_machine(file->bundle));
  PersonRecord *record = record_new(g_strdup_printf("c:%s", file->record->id), file->record->number,
                                    _("Case"), file->record->updated);
  add_field(record, _("Procedure"), FIELD_PROCEDURE, words.title ? words.title : file->record->procedure);
  add_field(record, _("Concerns"), "label", file->record->label);
  if (subject->one)
    share(record, subject->people);
  take(subject->search, record);
}

static void learn_marks(Search *search, const Bundle *bundle) {
  guint count = 0;
  const MachineAsk *asks = machine_inputs(bundle_machine(bundle), &count);
  for (guint i = 0; i < count; i++)
    if (asks[i].identifies)
      g_hash_table_insert(search->marks, g_strdup(asks[i].name), g_strdup(asks[i].identifies));
}

static RkStatus learn_installed(Search *search, RkDiags *diags) {
  g_autoptr(GPtrArray) procedures = NULL;
  RkStatus status =
      store_load_register(search->desk->store, REGISTER_PROCEDURE, NULL, &procedures, diags);
  for (guint i = 0; status == RK_OK && i < procedures->len; i++) {
    Bundle *bundle = NULL;
    status = desk_procedure(search->desk, ((StoreRegister *)procedures->pdata[i])->key, &bundle, diags);
    if (status == RK_OK)
      learn_marks(search, bundle);
  }
  return status;
}

static RkStatus take_case(Search *search, const char *id, RkDiags *diags) {
  g_autoptr(CaseFile) file = NULL;
  g_autoptr(GPtrArray) entries = NULL, people = NULL;
  RkStatus status = casefile_load(&file, search->desk, id, diags);
  if (status == RK_OK)
    status = store_load_journal(search->desk->store, id, 0, 0, &entries, diags);
  if (status != RK_OK)
    return status;
  people = identity_of_case(file);
  learn_marks(search, file->bundle);
  Subject subject = {search, file, people, people->len && identity_are_one(people)};
  take_label(&subject);
  for (guint i = 0; i < file->papers->len; i++)
    take_paper(&subject, file->papers->pdata[i]);
  for (guint i = 0; status == RK_OK && i < entries->len; i++) {
    take_entry(&subject, entries->pdata[i]);
    status = take_written(&subject, ((StoreJournal *)entries->pdata[i])->seq, diags);
  }
  return status;
}

static RkStatus take_cases(Search *search, RkDiags *diags) {
  StoreCaseFilter filter = {.with_closed = TRUE, .limit = PAGE};
  g_autofree char *after = NULL;
  for (guint page = 1; page;) {
    g_autoptr(GPtrArray) cases = NULL;
    filter.after = after;
    RkStatus status = store_query_cases(search->desk->store, &filter, &cases, diags);
    page = cases ? cases->len : 0;
    for (guint i = 0; i < page && status == RK_OK; i++)
      if (!store_case_disposed(cases->pdata[i]))
        status = take_case(search, ((StoreCase *)cases->pdata[i])->id, diags);
    if (status != RK_OK)
      return status;
    g_free(after);
    after = page ? g_strdup(((StoreCase *)cases->pdata[page - 1])->number) : NULL;
  }
  return RK_OK;
}

RkStatus person_records(RkDesk *desk, PersonFilter wanted, gpointer user, GPtrArray **out,
                        RkDiags *diags) {
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(person_record_free);
  g_autoptr(GHashTable) marks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  Search search = {desk, wanted, user, list, marks};
  *out = NULL;
  RkStatus status = learn_installed(&search, diags);
  if (status == RK_OK)
    status = take_cases(&search, diags);
  if (status == RK_OK)
    status = take_registers(&search, diags);
  if (status == RK_OK)
    *out = g_steal_pointer(&list);
  return status;
}
