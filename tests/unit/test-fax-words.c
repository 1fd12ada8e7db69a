/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is filled in stays legible after a FAX: the values of all papers that the tests fill in, at 10.5 pt and fine
 * resolution, are read by Tesseract as they were sent, and after noise of 0.5 % that was cleaned. At
 * least 98 of 100 characters of JIS levels 1 and 2 are found.
 *
 * Of all kanji of JIS X 0208 Tesseract knows but a part, and without words around them it knows even those worse: they
 * are read off the FAX and off a print of the same lines, and the FAX may be but little behind. FAXTEST_PAGES
 * takes all of them, else it is a sample of level 1. Without Tesseract and its Japanese data all that is skipped.
 */
#include "fax-lines.h"
#include "form-support.h"

#include <glib/gstdio.h>

#define WIDEST 40 /* characters of a line */
#define SEED 2026u
#define LEAST 98.0
#define LESS 10.0 /* percent that may be lost beside the print */

/* ----------------------------------------------------------------------- the values */

/* Of JIS X 0208: kanji of levels 1 and 2 (rows 16 to 84), and kana (4 and 5). */
static gboolean in_jis(gunichar c) {
  char utf8[7] = {0};
  gsize length = 0;
  if (c < 0x80)
    return FALSE;
  int bytes = g_unichar_to_utf8(c, utf8);
  g_autofree char *euc = g_convert(utf8, bytes, "EUC-JP", "UTF-8", NULL, &length, NULL);
  int row = euc && length == 2 ? (guint8)euc[0] - 0xA0 : 0;
  return row == 4 || row == 5 || (row >= 16 && row <= 84);
}

static gboolean can_stand(const char *value) {
  gboolean japanese = FALSE;
  for (const char *at = value; *at; at = g_utf8_next_char(at)) {
    gunichar c = g_utf8_get_char(at);
    if (c >= 0x10000 || strchr("<&", *at))
      return FALSE; /* variants and rare characters are no matter of levels 1 and 2 */
    japanese = japanese || in_jis(c);
  }
  return japanese && g_utf8_strlen(value, -1) >= 4 && g_utf8_strlen(value, -1) <= WIDEST;
}

static void take_values(const char *path, GHashTable *values) {
  g_autofree char *text = NULL;
  assert_true(g_file_get_contents(path, &text, NULL, NULL));
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (guint i = 0; lines[i]; i++) {
    char *equals = strstr(lines[i], " = ");
    if (!equals || *lines[i] == '#')
      continue;
    g_auto(GStrv) words = g_regex_split_simple("[\\s\\x{3000}]+", equals + 3, 0, 0);
    char *value = g_strjoinv("", words);
    if (can_stand(value))
      g_hash_table_add(values, value);
    else
      g_free(value);
  }
}

static int by_text(gconstpointer a, gconstpointer b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Each value once, in order (char *). */
static GPtrArray *filled_values(void) {
  g_autoptr(GHashTable) values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *folder = source_path("tests/golden/form");
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  assert_non_null(dir);
  for (const char *name; (name = g_dir_read_name(dir));) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (g_str_has_suffix(name, "-typical.txt") || g_str_has_suffix(name, "-longest.txt"))
      take_values(path, values);
  }
  GPtrArray *all = g_ptr_array_new_with_free_func(g_free);
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init(&iter, values);
  while (g_hash_table_iter_next(&iter, &value, NULL))
    g_ptr_array_add(all, g_strdup(value));
  g_ptr_array_sort(all, by_text);
  return all;
}

/* ------------------------------------------------------------------------- Tesseract */

static gboolean can_read(void) {
  g_autofree char *tool = g_find_program_in_path("tesseract"), *list = NULL;
  const char *argv[] = {"tesseract", "--list-langs", NULL};
  return tool &&
         g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL,
                      NULL, NULL, &list, NULL, NULL, NULL) &&
         g_regex_match_simple("^jpn$", list, G_REGEX_MULTILINE, 0);
}

static void need_tesseract(void) {
  need_fonts();
  if (!can_read()) {
    print_message("Tesseract with Japanese (Debian: tesseract-ocr-jpn) is not installed\n");
    skip();
  }
}

static void soften(Grey **page) {
  Grey *out = grey_new((*page)->width, (*page)->height);
  for (int y = 1; y < out->height - 1; y++) {
    const guint8 *above = grey_row(*page, y - 1), *row = grey_row(*page, y), *below = grey_row(*page, y + 1);
    for (int x = 1; x < out->width - 1; x++) {
      int sum = 0;
      for (int k = x - 1; k <= x + 1; k++)
        sum += above[k] + row[k] + below[k];
      grey_row(out, y)[x] = (guint8)(sum / 9);
    }
  }
  grey_free(*page);
  *page = out;
}

/* As fine as what Tesseract has learnt from, and with edges as soft. */
static Grey *made_fine(const Grey *page) {
  Grey *fine = grey_repeat(page, 2, 2);
  for (int i = 0; i < 4; i++)
    soften(&fine);
  return fine;
}

/* A new file with these bytes; g_free. */
static char *kept_file(const char *bytes, gsize length) {
  char *file = g_build_filename(g_get_tmp_dir(), "renkei-words-XXXXXX", NULL);
  int handle = g_mkstemp(file);
  assert_true(handle >= 0 && g_close(handle, NULL));
  assert_true(g_file_set_contents(file, bytes, (gssize)length, NULL));
  return file;
}

static char *said_by(const char *const *argv) {
  char *text = NULL;
  int status = 0;
  assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL,
                           NULL, NULL, &text, NULL, &status, NULL));
  assert_true(g_spawn_check_wait_status(status, NULL));
  return text;
}

/* What Tesseract reads; the picture is gone then. */
static char *words_in(const char *picture, const char *dpi) {
  const char *argv[] = {"tesseract", picture, "-", "-l", "jpn", "--psm", "6", "--dpi", dpi, NULL};
  char *text = said_by(argv);
  g_unlink(picture);
  return text;
}

/* As they come out of the line, cleaned if there was noise. */
static char *words_of_fax(GBytes *tiff, double noise, guint32 *seed) {
  g_autoptr(Grey) page = channel_page(tiff, 0);
  if (noise > 0)
    channel_noise(page, noise, seed);
  g_autoptr(Grey) clean = grey_without_dots(page), soft = made_fine(noise > 0 ? clean : page);
  g_autofree char *head = g_strdup_printf("P5\n%d %d\n255\n", soft->width, soft->height);
  g_autoptr(GString) picture = g_string_new(head);
  g_string_append_len(picture, (const char *)soft->pixels, (gssize)soft->width * soft->height);
  g_autofree char *file = kept_file(picture->str, picture->len);
  return words_in(file, "400");
}

/* As no line has them: 300 dpi, grey, straight from the program. */
static char *words_of_print(GBytes *pdf) {
  g_autofree char *file = kept_file(g_bytes_get_data(pdf, NULL), g_bytes_get_size(pdf));
  g_autofree char *picture = g_strconcat(file, ".pgm", NULL);
  const char *argv[] = {"pdftoppm", "-r", "300", "-gray", "-singlefile", file, file, NULL};
  g_free(said_by(argv));
  g_unlink(file);
  return words_in(picture, "300");
}

/* ------------------------------------------------------------------------- comparing */

typedef struct {
  guint sent, found;
} Count;

/* Of the characters of the levels those that are found in their order: the longest common sequence of both. */
static void compare(const char *sent, const char *read, Count *count) {
  glong n, m;
  g_autofree gunichar *a = g_utf8_to_ucs4_fast(sent, -1, &n), *b = g_utf8_to_ucs4_fast(read, -1, &m);
  glong kept = 0;
  for (glong i = 0; i < n; i++)
    if (in_jis(a[i]))
      a[kept++] = a[i];
  g_autofree guint *row = g_new0(guint, (gsize)m + 1);
  for (glong i = 0; i < kept; i++)
    for (glong k = 1, before = 0; k <= m; k++) {
      glong above = row[k];
      row[k] = a[i] == b[k - 1] ? (guint)before + 1 : MAX(row[k], row[k - 1]);
      before = above;
    }
  count->sent += (guint)kept;
  count->found += row[m];
}

typedef enum { FAXED, FAXED_WITH_NOISE, PRINTED } Way;
static const char *const ways[] = {"as a FAX", "as a FAX, 0.5 % noise, cleaned", "as printed, 300 dpi"};

static Count read_lines(const GPtrArray *lines, Way way, guint32 seed) {
  Count count = {0};
  for (guint from = 0; from < lines->len; from += LINES) {
    g_autoptr(GBytes) page = page_of_lines(lines, from, way == PRINTED ? RENDER_PDF : RENDER_TIFF);
    g_autofree char *read = way == PRINTED
                                ? words_of_print(page)
                                : words_of_fax(page, way == FAXED_WITH_NOISE ? 0.005 : 0, &seed);
    g_autoptr(GString) sent = g_string_new(NULL);
    for (guint i = from; i < lines->len && i < from + LINES; i++)
      g_string_append(sent, lines->pdata[i]);
    compare(sent->str, read, &count);
  }
  return count;
}

/* Else it is the short run. */
static gboolean all_wanted(void) {
  return g_getenv("FAXTEST_PAGES") != NULL;
}

static double share(guint found, guint of) {
  return 100.0 * found / MAX(of, 1);
}

static void must_be_legible(Way way) {
  need_tesseract();
  g_autoptr(GPtrArray) values = filled_values();
  Count count = {0};
  guint32 last = all_wanted() && way == FAXED_WITH_NOISE ? SEED + 4 : SEED;
  for (guint32 seed = SEED; seed <= last; seed++) {
    Count one = read_lines(values, way, seed);
    count.sent += one.sent, count.found += one.found;
  }
  print_message("filled values, %-31s %4u of %4u characters, %6.2f %%\n", ways[way], count.found,
                count.sent, share(count.found, count.sent));
  assert_true(count.sent > 500);
  assert_true(share(count.found, count.sent) >= LEAST);
}

/* ----------------------------------------------------------------- all of JIS X 0208 */

/* What `tesseract` has learnt of Japanese: a file of characters, one a line; g_free. */
static char *character_set(void) {
  g_autofree char *folder = g_dir_make_tmp("renkei-words-XXXXXX", NULL), *text = NULL;
  const char *list[] = {"tesseract", "--list-langs", NULL};
  g_autofree char *languages = said_by(list);
  g_auto(GStrv) parts = g_strsplit(languages, "\"", 3);
  assert_true(folder && g_strv_length(parts) == 3);
  g_autofree char *learnt = g_build_filename(parts[1], "jpn.traineddata", NULL);
  g_autofree char *file = g_build_filename(folder, "jpn.lstm-unicharset", NULL);
  const char *argv[] = {"combine_tessdata", "-e", learnt, file, NULL};
  g_free(said_by(argv));
  assert_true(g_file_get_contents(file, &text, NULL, NULL));
  g_unlink(file);
  g_rmdir(folder);
  return g_steal_pointer(&text);
}

/* The characters that Tesseract can answer with (gunichar). */
static GHashTable *alphabet(void) {
  GHashTable *known = g_hash_table_new(NULL, NULL);
  g_autofree char *text = character_set();
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (guint i = 1; lines[i]; i++)
    if (*lines[i] && *g_utf8_next_char(lines[i]) == ' ')
      g_hash_table_add(known, GUINT_TO_POINTER(g_utf8_get_char(lines[i])));
  return known;
}

static guint count_known(const GPtrArray *lines, GHashTable *known) {
  guint count = 0;
  for (guint i = 0; i < lines->len; i++)
    for (const char *at = lines->pdata[i]; *at; at = g_utf8_next_char(at))
      count += g_hash_table_contains(known, GUINT_TO_POINTER(g_utf8_get_char(at)));
  return count;
}

/* Every so many lines only. */
static void thin_out(GPtrArray *lines, guint every) {
  guint kept = 0;
  for (guint i = 0; i < lines->len; i++)
    if (i % every == every / 2)
      g_free(lines->pdata[kept]), lines->pdata[kept++] = g_strdup(lines->pdata[i]);
  g_ptr_array_set_size(lines, (int)kept);
}

/* A FAX is as legible as the print: what Tesseract misses on both is its own lack. */
static void must_be_as_print(int level, const GPtrArray *lines, GHashTable *known) {
  double shares[G_N_ELEMENTS(ways)];
  guint can_be = count_known(lines, known);
  for (Way way = FAXED; way <= PRINTED; way++) {
    Count count = read_lines(lines, way, SEED);
    shares[way] = share(count.found, can_be);
    print_message("JIS level %d, %-32s %4u of %4u kanji, %6.2f %%; of %4u that Tesseract knows, %6.2f %%\n",
                  level, ways[way], count.found, count.sent, share(count.found, count.sent), can_be,
                  shares[way]);
  }
  if (level == 2)
    return; /* it knows too few of them for a share */
  assert_true(shares[PRINTED] > 80);
  assert_true(shares[FAXED] > shares[PRINTED] - LESS);
  assert_true(shares[FAXED_WITH_NOISE] > shares[PRINTED] - LESS);
}

static void kanji_are_read_off_a_fax_as_off_the_print(void **state) {
  (void)state;
  need_tesseract();
  g_autoptr(GHashTable) known = alphabet();
  g_autoptr(GPtrArray) first = kanji_lines(16, 47, 20, ""), second = kanji_lines(48, 84, 20, "");
  if (!all_wanted())
    thin_out(first, 10);
  must_be_as_print(1, first, known);
  if (all_wanted())
    must_be_as_print(2, second, known);
}

static void filled_values_are_read_as_they_were_sent(void **state) {
  (void)state;
  must_be_legible(FAXED);
}

static void filled_values_are_read_after_noise_that_was_cleaned(void **state) {
  (void)state;
  must_be_legible(FAXED_WITH_NOISE);
}

/* That the measure can fail: another text, and one that lacks every second character. */
static void what_is_not_there_is_not_found(void **state) {
  (void)state;
  Count other = {0}, half = {0}, all = {0};
  compare("見本医療法人", "株式会社架空", &other);
  compare("見本医療法人", "見 医\n法", &half);
  compare("見本A医療1法人", "x見本医 療\n法人", &all);
  assert_int_equal(other.found, 0);
  assert_int_equal(half.found, 3);
  assert_int_equal(all.sent, 6);
  assert_int_equal(all.found, 6);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_not_there_is_not_found),
      cmocka_unit_test(filled_values_are_read_as_they_were_sent),
      cmocka_unit_test(filled_values_are_read_after_noise_that_was_cleaned),
      cmocka_unit_test(kanji_are_read_off_a_fax_as_off_the_print),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
