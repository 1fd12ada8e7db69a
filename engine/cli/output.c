/* SPDX-License-Identifier: Apache-2.0 */
/*
 * output.c - answers: which columns of a table, in which words, as aligned text or CSV.
 */
#include "config.h"

#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHORT_ID 8

/* Words that answers contain, in columns of few values. */
static const char *const words[] = {
    N_("blank"), N_("draft"), N_("complete"), N_("signed"), N_("void"), N_("disposed"),
    N_("received"), N_("queued"), N_("by-hand"), N_("handing-over"), N_("handed-over"),
    N_("confirmed"), N_("failed"), N_("cancelled"), N_("unknown"), N_("noted"), N_("expected"),
    N_("original"), N_("copy"), N_("ok"), N_("warning"), N_("error"), N_("installed"),
    N_("unchanged"), N_("passed"), N_("fax"), N_("post"), N_("email"), N_("hand"), N_("phone"),
    N_("unstated"), N_("in"), N_("out"), N_("note"), N_("opened"), N_("undo"), N_("undone"),
    N_("making"), N_("made"), N_("removed"), N_("kept"), N_("signed"),
    N_("yes"), N_("no"),
    N_("send"), N_("keep"), N_("register"), N_("notify"), N_("outbox"), N_("paper"), N_("timer"),
    N_("applied"), N_("registered"), N_("unregistered"), N_("requested"), N_("issued"),
    N_("notified"), N_("active"), N_("incomplete"),
    N_("event"), N_("fill"), N_("settle"), N_("receive"), N_("install"), N_("office"), N_("init"),
    N_("linked"), N_("open-case"), N_("refused"), N_("opens"), N_("opened-by"), N_("explained"),
    N_("given"), N_("withdrawn"), N_("open"), N_("closed"), N_("listed"), N_("invited"),
    N_("joined"), N_("removed"), N_("named"), N_("ended"), N_("stop-requested"), N_("stopped"),
    N_("approved"), N_("holiday"), N_("closure"), N_("guard"), N_("log"), N_("listing"),
    N_("reminder"), N_("checklist"), N_("help"), N_("duty"), N_("moves"), N_("lies"), N_("item"),
    N_("text"), N_("enforced"), N_("source"), N_("inferred"), N_("not-yet"), N_("expired"), N_("confirm"), N_("unconfirmed"),
    N_("proposed"), N_("carrying-out"), N_("done"), N_("withdrawn"), N_("held"), N_("released"),
    N_("used"), N_("answered"), N_("waiting"), N_("withheld"),
    N_("scan"), N_("tray"), N_("filed"), N_("rejected"), N_("entered"), N_("matched"),
    N_("no-code"), N_("black"), N_("damaged"), N_("foreign"), N_("blank-form"), N_("codes-differ"),
    N_("unknown-case"), N_("unknown-form"), N_("older-version"), N_("our-own"), N_("duplicate"),
    N_("not-expected"), N_("not-this-way"), N_("same-number"), N_("announced"), N_("waits-for-it"),
    /* what happens in the office, and not in a case */
    N_("backup.begun"), N_("backup.failed"), N_("backup.made"), N_("backup.removed"), N_("calendar.set"),
    N_("case.disposed"), N_("case.held"), N_("case.released"), N_("checkpoint.signed"),
    N_("contact.confirmed"), N_("contact.ended"), N_("contact.proposed"), N_("database.restored"),
    N_("desk.founded"), N_("disclosure.answered"), N_("disclosure.refused"), N_("disclosure.requested"),
    N_("disposal.approved"), N_("disposal.done"), N_("disposal.proposed"), N_("disposal.withdrawn"),
    N_("layout.approved"), N_("operator.added"), N_("operator.changed"), N_("operator.stopped"),
    N_("paper.completed"), N_("paper.filled"), N_("paper.returned"), N_("procedure.installed"),
    N_("register.set"), N_("setting.set"), NULL};

static const char *word_for_people(const char *cell) {
  return g_strv_contains(words, cell) ? _(cell) : cell;
}

static gboolean has_words(const char *key) {
  static const char *const keys[] = {"state", "result", "channel", "direction", "kind", "what", "title",
                                     "relation", "part", "reason", NULL};
  return g_strv_contains(keys, key);
}

/* The cell as people read it. Of a number that nobody could remember, the beginning: every command takes that.
 * g_free. */
static char *cell_for_people(const RkTable *table, guint row, guint column, gboolean verbose) {
  const char *cell = rk_table_cell(table, row, column);
  const char *key = rk_table_column_key(table, column);
  if (!cell)
    return g_strdup("");
  if (rk_table_column_type(table, column) == RK_COLUMN_TIME)
    return time_for_people(cell, g_str_equal(key, "due"));
  if (rk_table_column_type(table, column) == RK_COLUMN_BOOL || has_words(key))
    return g_strdup(word_for_people(cell));
  if (g_str_equal(key, "id") && g_uuid_string_is_valid(cell) && !verbose)
    return g_strndup(cell, SHORT_ID);
  g_auto(GStrv) lines = g_strsplit(cell, "\n", -1);
  return g_strjoinv(" / ", lines);
}

static gboolean is_empty(const RkTable *table, guint column) {
  for (guint row = 0; row < rk_table_rows(table); row++) {
    const char *cell = rk_table_cell(table, row, column);
    if (cell && *cell)
      return FALSE;
  }
  return TRUE;
}

/* A terminal has little room, and nothing is said by a column without a word. */
static void leave_out_empty(const RkTable *table, GArray *chosen) {
  for (guint i = chosen->len; i-- > 0;)
    if (is_empty(table, g_array_index(chosen, guint, i)))
      g_array_remove_index(chosen, i);
}

/* The columns to show, in the order of `keys`. */
static GArray *choose_columns(const Cli *cli, const RkTable *table, const char *keys) {
  GArray *chosen = g_array_new(FALSE, FALSE, sizeof(guint));
  g_auto(GStrv) list = g_strsplit(keys && !cli->verbose ? keys : "", " ", -1);
  for (guint k = 0; list[k]; k++)
    for (guint i = 0; i < rk_table_columns(table); i++)
      if (g_str_equal(rk_table_column_key(table, i), list[k]))
        g_array_append_val(chosen, i);
  gboolean all = !chosen->len;
  for (guint i = 0; all && i < rk_table_columns(table); i++)
    g_array_append_val(chosen, i);
  if (!cli->verbose)
    leave_out_empty(table, chosen);
  return chosen;
}

/* ------------------------------------------------------------------ aligned */

/* What is typed again must stay whole; words may be folded. */
static gboolean may_fold(const RkTable *table, guint column) {
  static const char *const folded[] = {"missing", "title", "label", "detail", "message", "remedy", "why",
                                       "hint",    "name",  "source", "text",  "roles",  "answer", "filled_by", NULL};
  const char *key = rk_table_column_key(table, column);
  return rk_table_column_type(table, column) == RK_COLUMN_TEXT &&
         (g_str_has_suffix(key, "_title") || g_strv_contains(folded, key));
}

static void print_aligned(const Cli *cli, const RkTable *table, const char *keys) {
  g_autoptr(GArray) chosen = choose_columns(cli, table, keys);
  g_autofree AlignedColumn *columns = g_new0(AlignedColumn, chosen->len);
  g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < chosen->len; i++) {
    guint column = g_array_index(chosen, guint, i);
    columns[i] = (AlignedColumn){rk_table_column_title(table, column),
                                 rk_table_column_type(table, column) == RK_COLUMN_NUMBER,
                                 may_fold(table, column)};
  }
  for (guint row = 0; row < rk_table_rows(table); row++)
    for (guint i = 0; i < chosen->len; i++)
      g_ptr_array_add(cells, cell_for_people(table, row, g_array_index(chosen, guint, i), cli->verbose));
  aligned_print(columns, chosen->len, TRUE, cells);
}

/* One row as "label  value" lines. */
static void print_vertical(const Cli *cli, const RkTable *table, const char *keys) {
  static const AlignedColumn columns[] = {{"", FALSE, FALSE}, {"", FALSE, TRUE}};
  g_autoptr(GArray) chosen = choose_columns(cli, table, keys);
  g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < chosen->len; i++) {
    guint column = g_array_index(chosen, guint, i);
    g_autofree char *cell = cell_for_people(table, 0, column, cli->verbose);
    if (!*cell)
      continue;
    g_ptr_array_add(cells, g_strdup(rk_table_column_title(table, column)));
    g_ptr_array_add(cells, g_steal_pointer(&cell));
  }
  aligned_print(columns, G_N_ELEMENTS(columns), FALSE, cells);
}

/* ---------------------------------------------------------------------- CSV */

/* RFC 4180: quotes around what holds a comma, a quote or a line end. */
static void csv_cell(const char *cell, gboolean last) {
  g_autofree char *text = cell ? terminal_text(stdout, cell) : NULL;
  if (text && strpbrk(text, ",\"\r\n")) {
    putchar('"');
    for (const char *p = text; *p; p++) {
      if (*p == '"')
        putchar('"');
      putchar(*p);
    }
    putchar('"');
  } else if (text) {
    fputs(text, stdout);
  }
  fputs(last ? "\r\n" : ",", stdout);
}

static void print_csv(const RkTable *table) {
  guint columns = rk_table_columns(table);
  for (guint i = 0; i < columns; i++)
    csv_cell(rk_table_column_key(table, i), i + 1 == columns);
  for (guint row = 0; row < rk_table_rows(table); row++)
    for (guint i = 0; i < columns; i++)
      csv_cell(rk_table_cell(table, row, i), i + 1 == columns);
}

/* ------------------------------------------------------------------ answers */

void output_table(const Cli *cli, const RkTable *table, const char *columns, const char *empty) {
  switch (cli->format) {
  case OUTPUT_JSON:
    json_table(table);
    return;
  case OUTPUT_JSONL:
    json_lines(table, NULL);
    return;
  case OUTPUT_CSV:
    print_csv(table);
    return;
  case OUTPUT_TABLE:
    break;
  }
  if (rk_table_rows(table))
    print_aligned(cli, table, columns);
  else if (empty)
    say(cli, "%s", empty);
}

/* The keys for table `id` in "id: key key; id: …". g_free; NULL: all. */
static char *columns_of(const char *columns, const char *id) {
  g_auto(GStrv) parts = g_strsplit(columns ? columns : "", "; ", -1);
  g_autofree char *start = g_strdup_printf("%s: ", id);
  for (guint i = 0; parts[i]; i++)
    if (g_str_has_prefix(parts[i], start))
      return g_strdup(parts[i] + strlen(start));
  return NULL;
}

static void print_tables(const Cli *cli, const GPtrArray *tables, const char *columns,
                         const char *single) {
  gboolean first = TRUE;
  for (guint i = 0; i < tables->len; i++) {
    const RkTable *table = tables->pdata[i];
    g_autofree char *keys = columns_of(columns, rk_table_id(table));
    if (!rk_table_rows(table))
      continue;
    if (g_strcmp0(rk_table_id(table), single) == 0) {
      print_vertical(cli, table, keys);
    } else {
      printf("%s== %s\n", first ? "" : "\n", rk_table_title(table));
      print_aligned(cli, table, keys);
    }
    first = FALSE;
  }
}

RkStatus output_check_tables(const Cli *cli) {
  return cli->format == OUTPUT_CSV
             ? say_error(cli, RK_USAGE, _("this answer is several tables; CSV holds one"),
                         _("use --format json, or a command that gives one table"))
             : RK_OK;
}

RkStatus output_tables(const Cli *cli, const char *id, const GPtrArray *tables,
                       const char *columns, const char *single) {
  switch (cli->format) {
  case OUTPUT_JSON:
    json_tables(id, tables, single);
    break;
  case OUTPUT_JSONL:
    for (guint i = 0; i < tables->len; i++)
      json_lines(tables->pdata[i], rk_table_id(tables->pdata[i]));
    break;
  case OUTPUT_CSV:
    return output_check_tables(cli);
  case OUTPUT_TABLE:
    print_tables(cli, tables, columns, single);
    break;
  }
  return RK_OK;
}

void output_value(const Cli *cli, const char *id, const char *key, const char *value) {
  if (cli->format == OUTPUT_JSON || cli->format == OUTPUT_JSONL) {
    json_value(id, key, value, cli->format == OUTPUT_JSONL);
  } else if (cli->format == OUTPUT_CSV) {
    csv_cell(key, TRUE);
    csv_cell(value, TRUE);
  } else {
    put_format(stdout, "%s\n", value ? value : "");
  }
}
