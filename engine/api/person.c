/* SPDX-License-Identifier: Apache-2.0 */
/* person.c - see person.h. Everything is looked at: a disclosure that leaves something out is wrong. */
#include "api/person.h"

#include "base/text.h"
#include "base/words.h"
#include "case/replay.h"

#include <string.h>

typedef struct {
  RkDesk *desk;
  PersonFilter wanted;
  gpointer user;
  GPtrArray *out;
} Search;

static void record_free(gpointer data) {
  PersonRecord *record = data;
  char *texts[] = {record->reference, record->number, record->register_, record->title};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
  g_ptr_array_unref(record->fields);
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
    record_free(record);
}

/* A register's key is put together of several words: a field of its own says it better. */
const char *person_match(const PersonRecord *record, const char *folded) {
  const char *found = NULL;
  for (guint i = 2; i < record->fields->len; i += 3) {
    g_autofree char *key = text_search_key(record->fields->pdata[i]);
    if (!key || !strstr(key, folded))
      continue;
    found = record->fields->pdata[i];
    if (!g_str_equal(record->fields->pdata[i - 1], "key"))
      return found;
  }
  return found;
}

const char *person_field(const PersonRecord *record, const char *name) {
  for (guint i = 1; i < record->fields->len; i += 3)
    if (g_str_equal(record->fields->pdata[i], name))
      return record->fields->pdata[i + 1];
  return NULL;
}

/* ----------------------------------------------------------------------- papers */

/* Row 0 is what stands outside of tables; a row of a table is about somebody of its own. */
static void take_paper(Search *search, CaseFile *file, const StorePaper *paper) {
  Form *form = bundle_form(file->bundle, paper->form);
  g_autoptr(FormData) data = papers_data(file, paper);
  g_autoptr(GHashTable) tables = g_hash_table_new(g_str_hash, g_str_equal);
  g_autofree char *title = g_strconcat(form_printed_code(form), " ", form_title(form), NULL);
  PersonRecord *top = record_new(g_strdup_printf("p:%s:", paper->id), file->record->number, title,
                                 file->record->updated);
  if (*paper->key)
    add_field(top, _("Party"), "party", paper->key);
  for (guint i = 0; i < form_n_fields(form); i++) {
    FormField field = form_field(form, i);
    if (!field.table)
      add_field(top, field.label, field.id, form_data_get(data, field.id));
    else
      g_hash_table_add(tables, (gpointer)field.table);
  }
  take(search, top);
  GHashTableIter iter;
  gpointer table;
  g_hash_table_iter_init(&iter, tables);
  while (g_hash_table_iter_next(&iter, &table, NULL))
    for (guint row = 1; row <= form_data_rows(data, table); row++) {
      PersonRecord *record =
          record_new(g_strdup_printf("p:%s:%s[%u]", paper->id, (char *)table, row),
                     file->record->number, title, file->record->updated);
      for (guint i = 0; i < form_n_fields(form); i++) {
        FormField field = form_field(form, i);
        g_autofree char *path = g_strdup_printf("%s[%u].%s", (char *)table, row, field.id);
        if (g_strcmp0(field.table, table) == 0)
          add_field(record, field.label, field.id, form_data_get(data, path));
      }
      take(search, record);
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

static void add_values(PersonRecord *record, const CaseFile *file, const json_t *values) {
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)values, name, value)
    add_field(record, input_title(file, name), name, json_string_value(value));
}

/* What was typed when the case was opened, with an event, and in remarks. */
static void take_entry(Search *search, const CaseFile *file, const StoreJournal *entry) {
  json_t *body = replay_body(entry);
  const json_t *args = json_object_get(body, "args");
  PersonRecord *record = record_new(g_strdup_printf("j:%" G_GINT64_FORMAT, entry->seq),
                                    file->record->number,
                                    entry->event ? entry->event : _(entry->kind), entry->happened);
  add_values(record, file, json_object_get(args, "inputs"));
  add_values(record, file, json_object_get(args, "values"));
  add_field(record, _("Evidence"), "evidence", replay_words(entry, body, "evidence"));
  add_field(record, _("Remark"), "why", replay_words(entry, body, "why"));
  json_decref(body);
  take(search, record);
}

static RkStatus take_case(Search *search, const char *id, RkDiags *diags) {
  g_autoptr(CaseFile) file = NULL;
  g_autoptr(GPtrArray) entries = NULL;
  RkStatus status = casefile_load(&file, search->desk, id, diags);
  if (status == RK_OK)
    status = store_load_journal(search->desk->store, id, 0, 0, &entries, diags);
  if (status != RK_OK)
    return status;
  PersonRecord *label = record_new(g_strdup_printf("c:%s", id), file->record->number, _("Case"),
                                   file->record->updated);
  add_field(label, _("Concerns"), "label", file->record->label);
  take(search, label);
  for (guint i = 0; i < file->papers->len; i++)
    take_paper(search, file, file->papers->pdata[i]);
  for (guint i = 0; i < entries->len; i++)
    take_entry(search, file, entries->pdata[i]);
  return RK_OK;
}

static RkStatus take_cases(Search *search, RkDiags *diags) {
  StoreCaseFilter filter = {.with_closed = TRUE, .limit = 100};
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

/* -------------------------------------------------------------------- registers */

static RkStatus take_registers(Search *search, RkDiags *diags) {
  g_autoptr(GPtrArray) rows = NULL;
  RkStatus status = store_register_history(search->desk->store, NULL, NULL, &rows, diags);
  for (guint i = 0, place = 0; status == RK_OK && i < rows->len; i++) {
    const StoreRegister *row = rows->pdata[i];
    const StoreRegister *before = i ? rows->pdata[i - 1] : NULL;
    place = before && before->seq == row->seq ? place + 1 : 0;
    json_t *fields = json_loads(row->fields ? row->fields : "{}", 0, NULL);
    PersonRecord *record =
        record_new(g_strdup_printf("r:%s:%" G_GINT64_FORMAT ":%u", row->name, row->seq, place), NULL,
                   row->name, row->since);
    record->register_ = g_strdup(row->name);
    add_field(record, _("Key"), "key", row->key);
    add_field(record, _("State"), "state", *row->state ? row->state : "undone");
    const char *name;
    json_t *value;
    json_object_foreach(fields, name, value)
      add_field(record, name, name, json_string_value(value));
    json_decref(fields);
    take(search, record);
  }
  return status;
}

RkStatus person_records(RkDesk *desk, PersonFilter wanted, gpointer user, GPtrArray **out,
                        RkDiags *diags) {
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(record_free);
  Search search = {desk, wanted, user, list};
  *out = NULL;
  RkStatus status = take_cases(&search, diags);
  if (status == RK_OK)
    status = take_registers(&search, diags);
  if (status == RK_OK)
    *out = g_steal_pointer(&list);
  return status;
}
