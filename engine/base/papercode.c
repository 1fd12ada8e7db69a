/* SPDX-License-Identifier: Apache-2.0 */
/*
 * papercode.c - see papercode.h. A file of keys has a line for each: the database, its name ("K1") and 32
 * bytes in base64. The MAC is the first 60 bits of HMAC-SHA-256 in twelve characters: nobody guesses
 * one at a counter, and it fits a code whose dots a FAX machine keeps.
 */
#include "base/papercode.h"

#include "base/secret.h"
#include "base/text.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define MAC_LENGTH 12
#define MAC_BITS 5
#define PAGES_MAX 9999
#define KEY_NAME_MAX 10
#define DATABASE_LENGTH 16
#define KEYS_MAX 256 /* more do not fit in the file */

typedef struct {
  gint64 from;
  guint8 bytes[crypto_auth_hmacsha256_KEYBYTES];
} Key;

struct PaperKeys {
  GArray *keys; /* Key, in the order of `from` */
};

void paper_keys_free(PaperKeys *keys) {
  if (!keys)
    return;
  sodium_memzero(keys->keys->data, keys->keys->len * sizeof(Key));
  g_array_unref(keys->keys);
  g_free(keys);
}

guint paper_keys_count(const PaperKeys *keys) {
  return keys->keys->len;
}

static const Key *key_at(const PaperKeys *keys, guint index) {
  return &g_array_index(keys->keys, Key, index);
}

gint64 paper_keys_from(const PaperKeys *keys, guint index) {
  return key_at(keys, index)->from;
}

static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

char *paper_key_name(gint64 from) {
  GString *name = g_string_new(NULL);
  for (gint64 rest = from; rest > 0; rest /= 36)
    g_string_prepend_c(name, alphabet[rest % 36]);
  g_string_prepend_c(name, 'K');
  return g_string_free(name, FALSE);
}

/* "K2RS" as the number of its entry; 0 when it is something else. */
static gint64 key_from(const char *text) {
  gint64 from = 0;
  if (text[0] != 'K' || text[1] == '0' || strlen(text) > KEY_NAME_MAX)
    return 0;
  for (const char *p = text + 1; *p; p++) {
    const char *digit = strchr(alphabet, *p);
    if (!digit)
      return 0;
    from = from * 36 + (digit - alphabet);
  }
  return from;
}

/* ------------------------------------------------------------------ the file */

static void add_line(GString *text, const char *database, gint64 from) {
  guint8 bytes[crypto_auth_hmacsha256_KEYBYTES];
  char line[sodium_base64_ENCODED_LEN(sizeof bytes, sodium_base64_VARIANT_ORIGINAL)];
  g_autofree char *name = paper_key_name(from);
  randombytes_buf(bytes, sizeof bytes);
  sodium_bin2base64(line, sizeof line, bytes, sizeof bytes, sodium_base64_VARIANT_ORIGINAL);
  g_string_append_printf(text, "%s %s %s\n", database, name, line);
  sodium_memzero(bytes, sizeof bytes);
  sodium_memzero(line, sizeof line);
}

static RkStatus not_keys(const char *path, RkDiags *diags) {
  return diags_fail(diags, RK_FAILED, DIAG_KEY_FILE, NULL, path, g_strerror(EINVAL), NULL);
}

/* The key in a line; FALSE when there is none. *own: whether it is of this database. */
static gboolean read_line(const char *line, gsize length, const char *database, Key *key,
                          gboolean *own) {
  gsize size = 0;
  const char *end = line + length, *name = memchr(line, ' ', length);
  const char *code = name ? memchr(name + 1, ' ', (gsize)(end - name - 1)) : NULL;
  if (!code)
    return FALSE;
  g_autofree char *word = g_strndup(name + 1, (gsize)(code - name - 1));
  *own = strlen(database) == (gsize)(name - line) && memcmp(line, database, strlen(database)) == 0;
  key->from = key_from(word);
  return key->from && name - line == DATABASE_LENGTH &&
         sodium_base642bin(key->bytes, sizeof key->bytes, code + 1, (gsize)(end - code - 1), NULL,
                           &size, NULL, sodium_base64_VARIANT_ORIGINAL) == 0 &&
         size == sizeof key->bytes;
}

/* The keys of one database, which stand in order. */
static gboolean take_lines(GArray *keys, const char *text, const char *database) {
  for (const char *line = text; *line;) {
    Key key = {0};
    gboolean own = FALSE;
    const char *end = line + strcspn(line, "\n");
    gboolean good = read_line(line, (gsize)(end - line), database, &key, &own);
    gint64 last = keys->len ? g_array_index(keys, Key, keys->len - 1).from : 0;
    good = good && (!own || key.from > last);
    if (good && own)
      g_array_append_val(keys, key);
    sodium_memzero(&key, sizeof key);
    if (!good)
      return FALSE;
    line = *end ? end + 1 : end;
  }
  return TRUE;
}

static PaperKeys *keys_of_text(const char *text, const char *database) {
  g_autoptr(PaperKeys) keys = g_new0(PaperKeys, 1);
  keys->keys = g_array_sized_new(FALSE, FALSE, sizeof(Key), KEYS_MAX);
  return take_lines(keys->keys, text, database) ? g_steal_pointer(&keys) : NULL;
}

/* Each office signs with keys of its own: numbers of cases are only of use within one. */
static void turn_to_office(PaperKeys *keys, const char *office) {
  for (guint i = 0; i < keys->keys->len; i++) {
    Key *key = &g_array_index(keys->keys, Key, i);
    guint8 own[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256(own, (const guint8 *)office, strlen(office), key->bytes);
    memcpy(key->bytes, own, sizeof key->bytes);
    sodium_memzero(own, sizeof own);
  }
}

RkStatus paper_keys_read(PaperKeys **out, const char *path, const char *database,
                         const char *office, RkDiags *diags) {
  char *text = NULL;
  *out = NULL;
  g_assert(sodium_init() >= 0);
  RkStatus status = secret_read(&text, path, diags);
  if (status != RK_OK)
    return status;
  g_autoptr(PaperKeys) keys = keys_of_text(text, database);
  secret_free(text);
  if (!keys)
    return not_keys(path, diags);
  if (!keys->keys->len)
    return RK_NOT_FOUND;
  turn_to_office(keys, office);
  *out = g_steal_pointer(&keys);
  return RK_OK;
}

static gboolean has_key(const PaperKeys *keys, gint64 from) {
  for (guint i = 0; i < keys->keys->len; i++)
    if (key_at(keys, i)->from == from)
      return TRUE;
  return FALSE;
}

static RkStatus add_to(const char *path, const char *text, const char *database, gint64 from,
                       RkDiags *diags) {
  g_autoptr(PaperKeys) keys = keys_of_text(text, database);
  if (!keys)
    return not_keys(path, diags);
  if (has_key(keys, from))
    return RK_OK;
  GString *more = g_string_new_len(NULL, SECRET_SIZE);
  g_string_append(more, text);
  if (!g_str_has_suffix(text, "\n"))
    g_string_append_c(more, '\n');
  add_line(more, database, from);
  RkStatus status = more->len <= SECRET_SIZE ? secret_replace(path, more->str, diags)
                                             : not_keys(path, diags);
  secret_free(g_string_free(more, FALSE));
  return status;
}

RkStatus paper_keys_add(const char *path, const char *database, gint64 from, RkDiags *diags) {
  char *text = NULL;
  g_assert(sodium_init() >= 0 && strlen(database) == DATABASE_LENGTH);
  RkStatus status = secret_read(&text, path, diags);
  if (status == RK_NOT_FOUND) {
    GString *first = g_string_new(NULL);
    add_line(first, database, from);
    status = secret_make(path, first->str, diags);
    secret_free(g_string_free(first, FALSE));
    return status;
  }
  if (status == RK_OK)
    status = add_to(path, text, database, from, diags);
  secret_free(text);
  return status;
}

/* --------------------------------------------------------------- for people */

/* ISO/IEC 7064 MOD 1271-36 over digits and capitals; what stands between them does not count. */
static void check_characters(const char *number, char *out) {
  int rest = 0;
  for (const char *p = number; *p; p++)
    if (g_ascii_isalnum(*p))
      rest = (rest + (int)(strchr(alphabet, *p) - alphabet)) * 36 % 1271;
  int check = (1271 + 1 - rest * 36 % 1271) % 1271;
  out[0] = alphabet[check / 36];
  out[1] = alphabet[check % 36];
  out[2] = '\0';
}

char *paper_number_checked(const char *number) {
  char check[3];
  g_autofree char *capitals = g_ascii_strup(number, -1);
  check_characters(capitals, check);
  return g_strdup_printf("%s-%s", capitals, check);
}

static gboolean is_number(const char *text) {
  return *text && strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-./") == strlen(text) &&
         strchr(text, '/') && strchr(text, '/') == strrchr(text, '/');
}

char *paper_number_read(const char *typed) {
  char check[3];
  g_autofree char *folded = text_fold_input(typed);
  g_autofree char *capitals = g_ascii_strup(folded, -1);
  g_auto(GStrv) parts = g_strsplit(capitals, " ", -1);
  g_autofree char *number = g_strjoinv("", parts);
  char *last = strrchr(number, '-');
  if (!is_number(number) || !last || strlen(last) != 3)
    return NULL;
  *last = '\0';
  check_characters(number, check);
  return g_str_equal(check, last + 1) ? g_steal_pointer(&number) : NULL;
}

/* ------------------------------------------------------------- for machines */

static void mac_of(const Key *key, const char *text, char *out) {
  guint8 mac[crypto_auth_hmacsha256_BYTES];
  crypto_auth_hmacsha256(mac, (const guint8 *)text, strlen(text), key->bytes);
  for (guint i = 0; i < MAC_LENGTH; i++) {
    guint bit = i * MAC_BITS;
    guint two = (guint)mac[bit / 8] << 8 | mac[bit / 8 + 1];
    out[i] = alphabet[two >> (16 - MAC_BITS - bit % 8) & 31];
  }
  out[MAC_LENGTH] = '\0';
}

/* The last key that was there; the first where something is older than all. */
static const Key *key_for(const PaperKeys *keys, gint64 made) {
  guint index = 0;
  for (guint i = 1; i < keys->keys->len; i++)
    if (key_at(keys, i)->from <= made)
      index = i;
  return key_at(keys, index);
}

char *paper_code_sign(const PaperKeys *keys, gint64 made, const char *page) {
  char mac[MAC_LENGTH + 1];
  const Key *key = key_for(keys, made);
  g_autofree char *capitals = g_ascii_strup(page, -1), *name = paper_key_name(key->from);
  g_autofree char *text = g_strdup_printf("%s %s", capitals, name);
  mac_of(key, text, mac);
  return g_strdup_printf("%s %s", text, mac);
}

void paper_code_clear(PaperCode *code) {
  g_clear_pointer(&code->number, g_free);
}

static guint small_number(const char *text, const char *end) {
  guint value = 0;
  if (text == end || *text == '0')
    return 0;
  for (; text < end && value <= PAGES_MAX; text++) {
    if (!g_ascii_isdigit(*text))
      return 0;
    value = value * 10 + (guint)(*text - '0');
  }
  return text == end && value <= PAGES_MAX ? value : 0;
}

static gboolean read_page(const char *text, PaperCode *out) {
  const char *slash = strchr(text, '/');
  if (!slash)
    return FALSE;
  out->page = small_number(text, slash);
  out->pages = small_number(slash + 1, text + strlen(text));
  return out->page && out->page <= out->pages;
}

static const Key *key_named(const PaperKeys *keys, const char *name) {
  gint64 from = key_from(name);
  for (guint i = 0; keys && from && i < keys->keys->len; i++)
    if (key_at(keys, i)->from == from)
      return key_at(keys, i);
  return NULL;
}

static gboolean is_signed(const PaperKeys *keys, char **words) {
  char mac[MAC_LENGTH + 1];
  const Key *key = key_named(keys, words[2]);
  if (!key || strlen(words[3]) != MAC_LENGTH)
    return FALSE;
  g_autofree char *text = g_strdup_printf("%s %s %s", words[0], words[1], words[2]);
  mac_of(key, text, mac);
  return sodium_memcmp(mac, words[3], MAC_LENGTH) == 0;
}

static gboolean is_form(const char *text) {
  return *text && strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-") == strlen(text);
}

PaperCodeKind paper_code_read(const PaperKeys *keys, const char *text, PaperCode *out) {
  g_auto(GStrv) words = g_strsplit(text, " ", 5);
  guint count = g_strv_length(words);
  *out = (PaperCode){0};
  gboolean paged = (count == 2 || count == 4) && read_page(words[1], out);
  if (!paged || !(count == 2 ? is_form(words[0]) : is_number(words[0]))) {
    *out = (PaperCode){0};
    return PAPER_CODE_NONE;
  }
  out->number = g_strdup(words[0]);
  if (count == 2)
    return PAPER_CODE_BLANK;
  return is_signed(keys, words) ? PAPER_CODE_OURS : PAPER_CODE_FOREIGN;
}
