/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sqlite_find.c - cases by what they are found by, a page at a time.
 *
 * Every condition that has a list of case numbers (a mark, a gram, what is due) is one; the lists
 * are walked together: a number that one of them lacks lets all of them leap to its next. The
 * shortest leads. What is then left to ask (the search text as a whole, where its grams alone do not
 * tell) is asked of single cases. So the work depends on the shortest list and the page, not on how
 * many cases there are.
 *
 * The lists are in the order of texts, in which R8-10000 comes before R8-9999. They are walked once for each
 * fiscal year and length of its numbers, leaping over those of other lengths.
 */
#include "store/sqlite_int.h"

#include <string.h>

#define COUNT_MOST 2000 /* a list is counted so far, to see which is the shortest */
#define DUE_MOST 2500   /* more cases that are due are not collected but asked one by one */

typedef struct {
  StatementId seek, count;
  char *term;
  gboolean due;  /* together with the numbers in Find.due */
  guint length;  /* at least, see COUNT_MOST */
} List;

typedef struct {
  SqliteStore *store;
  const StoreCaseFilter *filter;
  RkDiags *diags;
  RkStatus status;
  GArray *lists;    /* List, the shortest first */
  GPtrArray *due;   /* sorted numbers with a timer due, or NULL */
  gboolean exact;   /* the grams tell whether the text occurs */
} Find;

static void list_clear(gpointer list) {
  g_free(((List *)list)->term);
}

/* --------------------------------------------------------------------- walking */

static char *first_text(Find *find, sqlite3_stmt *s) {
  char *text = NULL;
  if (sqlite_row_of(find->store, s, "t", &find->status, find->diags))
    text = sqlite_text(s, 0);
  sqlite3_reset(s);
  return text;
}

/* The first of the sorted numbers that is not before `from`, or NULL. */
static const char *seek_sorted(const GPtrArray *numbers, const char *from) {
  guint low = 0, high = numbers->len;
  while (low < high) {
    guint middle = (low + high) / 2;
    if (strcmp(numbers->pdata[middle], from) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low < numbers->len ? numbers->pdata[low] : NULL;
}

/* The first number of the list that is not before `from`. g_free; NULL: none, or a failure. */
static char *seek(Find *find, const List *list, const char *from) {
  const char *office = find->store->public.office;
  char *number = first_text(find, list->term ? sqlite_bind(find->store, list->seek, "ttt", office,
                                                           list->term, from)
                                             : sqlite_bind(find->store, list->seek, "tt", office,
                                                           from));
  const char *other = list->due ? seek_sorted(find->due, from) : NULL;
  if (!other || (number && strcmp(number, other) <= 0))
    return number;
  g_free(number);
  return g_strdup(other);
}

/* The first number not before `from` that all lists have. Takes `from`. */
static char *next_number(Find *find, char *from) {
  guint agreed = 0, count = find->lists->len;
  for (guint i = 0; from && agreed < count; i = (i + 1) % count) {
    char *number = seek(find, &g_array_index(find->lists, List, i), from);
    agreed = g_strcmp0(number, from) == 0 ? agreed + 1 : 1;
    g_free(from);
    from = number;
  }
  return from;
}

/* The first that can come after: numbers hold no control characters. */
static char *after(const char *number) {
  return g_strconcat(number, "\001", NULL);
}

/* --------------------------------------------------------- the order of the numbers */

static void run_free(gpointer data) {
  NumberRun *run = data;
  g_free(run->prefix);
  g_free(run->after);
  g_free(run->end);
  g_free(run);
}

/* The numbers of `year` that are so long, behind `after` if that is one of them. */
static NumberRun *run_new(const char *year, gsize count, const char *last) {
  NumberRun *run = g_new0(NumberRun, 1);
  run->prefix = g_strconcat(year, "-", NULL);
  run->length = strlen(run->prefix) + count;
  gboolean inside = last && g_str_has_prefix(last, run->prefix) && strlen(last) == run->length;
  run->after = g_strdup(inside ? last : run->prefix);
  run->end = g_strconcat(year, ".", NULL); /* follows the hyphen */
  return run;
}

static int by_order(gconstpointer a, gconstpointer b) {
  const NumberRun *left = *(NumberRun *const *)a, *right = *(NumberRun *const *)b;
  int order = store_compare_numbers(left->prefix, right->prefix);
  return order ? order : left->length < right->length ? -1 : left->length > right->length;
}

static void add_runs(GPtrArray *runs, const char *year, gint64 last, const char *from) {
  g_autofree char *longest = store_case_number(year, last), *shortest = store_case_number(year, 0);
  gsize prefix = strlen(year) + 1;
  for (gsize count = strlen(shortest) - prefix; count <= strlen(longest) - prefix; count++) {
    g_autofree char *most = g_strnfill(count, '9'), *end = g_strconcat(year, "-", most, NULL);
    if (!from || store_compare_numbers(end, from) > 0)
      g_ptr_array_add(runs, run_new(year, count, from));
  }
}

RkStatus sqlite_number_runs(SqliteStore *store, const char *last, GPtrArray **out, RkDiags *diags) {
  g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func(run_free);
  RkStatus status;
  sqlite3_stmt *s = sqlite_bind(store, SQL_COUNTS_FULL, "t", store->public.office);
  *out = NULL;
  while (sqlite_row_of(store, s, "ti", &status, diags)) {
    g_autofree char *year = sqlite_text(s, 0);
    add_runs(runs, year, sqlite3_column_int64(s, 1), last);
  }
  if (status != RK_OK)
    return status;
  g_ptr_array_sort(runs, by_order);
  *out = g_steal_pointer(&runs);
  return RK_OK;
}

/* The first number of the run's length that can follow `number`, which is longer or shorter; NULL: none. */
static char *leap(const NumberRun *run, const char *number) {
  gsize length = strlen(number);
  if (length < run->length) {
    g_autofree char *zeros = g_strnfill(run->length - length, '0');
    return g_strconcat(number, zeros, NULL);
  }
  g_autofree char *cut = g_strndup(number, run->length);
  gsize at = run->length;
  while (at > strlen(run->prefix) && cut[at - 1] == '9')
    cut[--at] = '0';
  if (at == strlen(run->prefix))
    return NULL;
  cut[at - 1]++;
  return g_steal_pointer(&cut);
}

/* The first of the run, not before `from`, that all lists have. Takes `from`. */
static char *next_of_run(Find *find, const NumberRun *run, char *from) {
  for (;;) {
    char *number = next_number(find, from);
    if (number && g_str_has_prefix(number, run->prefix) && strlen(number) == run->length)
      return number;
    from = number && g_str_has_prefix(number, run->prefix) ? leap(run, number) : NULL;
    g_free(number);
    if (!from)
      return NULL;
  }
}

/* ----------------------------------------------------------------------- lists */

static guint count_rows(Find *find, sqlite3_stmt *s) {
  guint count = 0;
  while (sqlite_row(find->store, s, &find->status, find->diags))
    count++;
  return count;
}

static guint length_of(Find *find, const List *list) {
  return count_rows(find, sqlite_bind(find->store, list->count, "tti", find->store->public.office,
                                      list->term, (gint64)COUNT_MOST));
}

/* Takes the term. */
static void add_list(Find *find, StatementId seek, StatementId count, char *term, gboolean due) {
  List list = {seek, count, term, due, 0};
  list.length = find->status == RK_OK ? length_of(find, &list) : 0;
  list.length += due ? find->due->len : 0;
  g_array_append_val(find->lists, list);
}

static void add_mark(Find *find, char *term) {
  add_list(find, SQL_MARK_SEEK, SQL_MARK_COUNT, term, FALSE);
}

static int by_number(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* What has a timer due, if that is not too much. */
static void collect_due(Find *find) {
  const char *office = find->store->public.office;
  gint64 before = find->filter->due_before;
  guint count = count_rows(find, sqlite_bind(find->store, SQL_TIMER_COUNT, "tii", office, before,
                                             (gint64)DUE_MOST));
  if (find->status != RK_OK || count == DUE_MOST)
    return;
  g_autoptr(GPtrArray) numbers = g_ptr_array_new_with_free_func(g_free);
  sqlite3_stmt *s =
      sqlite_bind(find->store, SQL_TIMER_NUMBERS, "tii", office, before, (gint64)DUE_MOST);
  while (sqlite_row_of(find->store, s, "t", &find->status, find->diags))
    g_ptr_array_add(numbers, sqlite_text(s, 0));
  if (find->status != RK_OK)
    return;
  g_ptr_array_sort(numbers, by_number);
  find->due = g_steal_pointer(&numbers);
  add_list(find, SQL_MARK_SEEK, SQL_MARK_COUNT, g_strdup(MARK_OVERDUE), TRUE);
}

static int by_length(gconstpointer a, gconstpointer b) {
  guint left = ((const List *)a)->length, right = ((const List *)b)->length;
  return left < right ? -1 : left > right;
}

static void make_lists(Find *find) {
  const StoreCaseFilter *f = find->filter;
  g_autoptr(GPtrArray) grams = f->search ? terms_of_search(f->search) : g_ptr_array_new();
  if (!f->with_closed)
    add_mark(find, g_strdup(MARK_OPEN));
  if (f->procedure)
    add_mark(find, term_mark(MARK_PROCEDURE, f->procedure));
  if (f->state)
    add_mark(find, term_mark(MARK_STATE, f->state));
  if (f->waits_for)
    add_mark(find, term_mark(MARK_WAITS, f->waits_for));
  for (guint i = 0; i < grams->len; i++)
    add_list(find, SQL_GRAM_SEEK, SQL_GRAM_COUNT, g_strdup(grams->pdata[i]), FALSE);
  if (f->due_before && find->status == RK_OK)
    collect_due(find);
  g_array_sort(find->lists, by_length);
  const List all = {.seek = SQL_NUMBER_SEEK};
  if (!find->lists->len)
    g_array_append_val(find->lists, all);
  find->exact = !f->search || (grams->len == 1 && g_str_equal(grams->pdata[0], f->search));
}

/* ---------------------------------------------------------------- single cases */

static gboolean answers(Find *find, sqlite3_stmt *s) {
  gboolean row = sqlite_row(find->store, s, &find->status, find->diags);
  sqlite3_reset(s);
  return row;
}

/* What no list has told. */
static gboolean passes(Find *find, const char *number) {
  const StoreCaseFilter *f = find->filter;
  const char *office = find->store->public.office;
  if (!find->exact && !answers(find, sqlite_bind(find->store, SQL_CASE_KEYED, "ttt", office, number,
                                                 f->search)))
    return FALSE;
  return !f->due_before || find->due ||
         answers(find, sqlite_bind(find->store, SQL_CASE_DUE, "tti", office, number, f->due_before));
}

/* Whether the state is meant that is written so is told by its list, but for a municipality. */
static void take_row(Find *find, const char *number, GPtrArray *out) {
  const char *wanted = find->filter->municipality;
  sqlite3_stmt *s = sqlite_bind(find->store, SQL_CASE_LISTED, "tt", find->store->public.office, number);
  StoreCase *record = sqlite_read_listed(find->store, s, &find->status, find->diags);
  if (record && (!wanted || g_str_equal(wanted, record->municipality)))
    g_ptr_array_add(out, record);
  else
    store_case_free(record);
}

static void fill_from(Find *find, const NumberRun *run, guint limit, GPtrArray *out) {
  char *number = next_of_run(find, run, after(run->after));
  while (number && find->status == RK_OK && out->len < limit) {
    if (passes(find, number) && find->status == RK_OK)
      take_row(find, number, out);
    char *from = out->len < limit && find->status == RK_OK ? after(number) : NULL;
    g_free(number);
    number = from ? next_of_run(find, run, from) : NULL;
  }
  g_free(number);
}

static void fill_page(Find *find, GPtrArray *out) {
  g_autoptr(GPtrArray) runs = NULL;
  guint limit = find->filter->limit ? find->filter->limit : 50;
  RkStatus status = sqlite_number_runs(find->store, find->filter->after, &runs, find->diags);
  if (status != RK_OK)
    find->status = status;
  for (guint i = 0; find->status == RK_OK && i < runs->len && out->len < limit; i++)
    fill_from(find, runs->pdata[i], limit, out);
}

static RkStatus find_page(Find *find, GPtrArray *out) {
  find->lists = g_array_new(FALSE, FALSE, sizeof(List));
  g_array_set_clear_func(find->lists, list_clear);
  make_lists(find);
  if (find->status == RK_OK)
    fill_page(find, out);
  g_array_unref(find->lists);
  g_clear_pointer(&find->due, g_ptr_array_unref);
  return find->status;
}

RkStatus sqlite_query_cases(Store *store, const StoreCaseFilter *filter, GPtrArray *out,
                            RkDiags *diags) {
  SqliteStore *sqlite = (SqliteStore *)store;
  Find find = {.store = sqlite, .filter = filter, .diags = diags};
  if (!sqlite3_get_autocommit(sqlite->db))
    return find_page(&find, out);
  /* All of it from one moment. Its end is made ready first, see sqlite_begin. */
  sqlite3_stmt *end = sqlite_bind(sqlite, SQL_ROLLBACK, "");
  RkStatus status = sqlite_run(sqlite, end ? sqlite_bind(sqlite, SQL_READ, "") : NULL, diags);
  if (status != RK_OK)
    return status;
  status = find_page(&find, out);
  if (!sqlite3_get_autocommit(sqlite->db))
    sqlite_do(sqlite, NULL, SQL_ROLLBACK, "");
  return status;
}
