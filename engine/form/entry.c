/* SPDX-License-Identifier: Apache-2.0 */
/*
 * entry.c - the values as a text that a person edits: "path = value" lines.
 *
 * What is written reads back to the same values: anything a plain line would
 * change is written between <<END and END.
 */
#include "base/xml.h"
#include "form/data.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* ----------------------------------------------------------------- reading */

typedef struct {
  FormData *data;
  char **lines;
  guint next; /* index of the line after the current one */
  const char *name;
  RkDiags *diags;
  gboolean bad;
} Entry;

/* Lines up to the one that is `end`; NULL when there is none. */
static char *read_block(Entry *entry, const char *end) {
  GString *text = g_string_new(NULL);
  for (guint i = entry->next; entry->lines[i]; i++) {
    g_autofree char *line = g_strchomp(g_strdup(entry->lines[i]));
    if (!strcmp(line, end)) {
      entry->next = i + 1;
      return g_string_free(text, FALSE);
    }
    g_string_append_printf(text, "%s%s", text->len ? "\n" : "", entry->lines[i]);
  }
  g_string_free(text, TRUE);
  return NULL;
}

/* "<<WORD": anything else after the brackets is a value of its own. */
static gboolean begins_block(const char *value) {
  if (!g_str_has_prefix(value, "<<") || !value[2])
    return FALSE;
  for (const char *p = value + 2; *p; p++)
    if (!g_ascii_isupper(*p) && !g_ascii_isdigit(*p))
      return FALSE;
  return TRUE;
}

static void read_line(Entry *entry, char *line) {
  DiagPlace place = {entry->name, (int)entry->next, 1};
  char *equals = strchr(line, '=');
  if (!equals) {
    diags_add(entry->diags, DIAG_DATA_LINE, &place, NULL);
    entry->bad = TRUE;
    return;
  }
  *equals = '\0';
  char *path = g_strstrip(line), *value = g_strstrip(equals + 1);
  g_autofree char *block = NULL;
  if (begins_block(value)) {
    block = read_block(entry, value + 2);
    if (!block) {
      diags_add(entry->diags, DIAG_DATA_END, &place, value + 2, NULL);
      entry->bad = TRUE;
      return;
    }
  }
  if (data_set_at(entry->data, path, block ? block : value, &place, entry->diags) != RK_OK)
    entry->bad = TRUE;
}

RkStatus form_data_read_text(FormData *data, const char *text, const char *name, RkDiags *diags) {
  if (!g_utf8_validate(text, -1, NULL))
    return diags_fail(diags, RK_INVALID, DIAG_XML_ENCODING, &(DiagPlace){name, 0, 0}, NULL);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  Entry entry = {data, lines, 0, name, diags, FALSE};
  while (lines[entry.next]) {
    g_autofree char *line = g_strstrip(g_strdup(lines[entry.next++]));
    if (*line && *line != '#')
      read_line(&entry, line);
  }
  return entry.bad ? RK_INVALID : RK_OK;
}

/* ----------------------------------------------------------------- writing */

/* A word that is no line of the value. */
static char *end_word(const char *value) {
  g_auto(GStrv) lines = g_strsplit(value, "\n", -1);
  char *word = g_strdup("END");
  for (guint n = 1; g_strv_contains((const char *const *)lines, word); n++) {
    g_free(word);
    word = g_strdup_printf("END%u", n);
  }
  return word;
}

static void write_value(GString *out, const char *path, const char *value) {
  if (!value || (!strchr(value, '\n') && !g_str_has_prefix(value, "<<"))) {
    g_string_append_printf(out, "%s = %s\n", path, value ? value : "");
    return;
  }
  g_autofree char *end = end_word(value);
  g_string_append_printf(out, "%s = <<%s\n%s\n%s\n", path, end, value, end);
}

static void write_comment(GString *out, const Field *field) {
  g_string_append_printf(out, "# %s", field->label);
  if (field->required)
    g_string_append_printf(out, " [%s]", _("required"));
  else if (field->required_if)
    g_string_append_printf(out, " [%s]", _("required in some cases"));
  g_string_append_c(out, '\n');
  if (field->hint)
    g_string_append_printf(out, "#   %s\n", field->hint);
  for (guint i = 0; i < field->choices->len; i++) {
    const Choice *choice = field->choices->pdata[i];
    g_string_append_printf(out, "#   %s: %s\n", choice->value, choice->label);
  }
}

static void write_row(const FormData *data, const Table *table, guint row, GString *out) {
  for (guint i = 0; i < table->fields->len; i++) {
    const Field *field = table->fields->pdata[i];
    if (field_by_hand(field))
      continue;
    g_autofree char *path = data_path(field, row);
    if (row == 1)
      write_comment(out, field);
    write_value(out, path, data_value(data, field, row));
  }
}

/* The rows there are, and an empty one to begin with. */
static void write_table(const FormData *data, const Table *table, GString *out) {
  guint rows = MAX(MAX(form_data_rows(data, table->id), table->minimum), 1);
  g_string_append_printf(out, "\n# --- %s ---\n", table->label);
  for (guint row = 1; row <= rows; row++)
    write_row(data, table, row, out);
  g_string_append_c(out, '\n');
}

char *form_data_write_text(const FormData *data) {
  GString *out = g_string_new(NULL);
  g_string_append_printf(out, "# %s %s\n\n", data->form->printed_code, data->form->title);
  const Table *last = NULL;
  for (guint i = 0; i < data->form->fields->len; i++) {
    const Field *field = data->form->fields->pdata[i];
    if (field->table && field->table != last)
      write_table(data, field->table, out);
    last = field->table;
    if (field->table || field_by_hand(field))
      continue;
    write_comment(out, field);
    write_value(out, field->id, data_value(data, field, 0));
  }
  return g_string_free(out, FALSE);
}
