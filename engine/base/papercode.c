/* SPDX-License-Identifier: Apache-2.0 */
/*
 * papercode.c - see papercode.h. A file of keys has a line for each: its number ("K1", "K2" …) and 32
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

typedef struct {
  guint number;
  guint8 bytes[crypto_auth_hmacsha256_KEYBYTES];
} Key;

struct PaperKeys {
  GArray *keys; /* Key, in the order of their numbers */
};

void paper_keys_free(PaperKeys *keys) {
  if (!keys)
    return;
  sodium_memzero(keys->keys->data, keys->keys->len * sizeof(Key));
  g_array_unref(keys->keys);
  g_free(keys);
}

/* ------------------------------------------------------------------ the file */

static void add_line(GString *text, guint number) {
  guint8 bytes[crypto_auth_hmacsha256_KEYBYTES];
  char line[sodium_base64_ENCODED_LEN(sizeof bytes, sodium_base64_VARIANT_ORIGINAL)];
  randombytes_buf(bytes, sizeof bytes);
  sodium_bin2base64(line, sizeof line, bytes, sizeof bytes, sodium_base64_VARIANT_ORIGINAL);
  g_string_append_printf(text, "K%u %s\n", number, line);
  sodium_memzero(bytes, sizeof bytes);
  sodium_memzero(line, sizeof line);
}

static RkStatus not_keys(const char *path, RkDiags *diags) {
  return diags_fail(diags, RK_FAILED, DIAG_KEY_FILE, NULL, path, g_strerror(EINVAL), NULL);
}

RkStatus paper_keys_make(const char *path, RkDiags *diags) {
  g_assert(sodium_init() >= 0);
  GString *text = g_string_new(NULL);
  add_line(text, 1);
  RkStatus status = secret_make(path, text->str, diags);
  secret_free(g_string_free(text, FALSE));
  return status;
}

/* "K7" as 7; 0 when it is something else. */
static guint key_number(const char *text) {
  char *end = NULL;
  guint64 number = text[0] == 'K' && g_ascii_isdigit(text[1]) && text[1] != '0'
                       ? g_ascii_strtoull(text + 1, &end, 10)
                       : 0;
  return end && !*end && number <= PAGES_MAX ? (guint)number : 0;
}

static gboolean take_line(PaperKeys *keys, char *line) {
  Key key = {0};
  gsize length = 0;
  char *blank = strchr(line, ' ');
  if (!blank)
    return FALSE;
  *blank = '\0';
  key.number = key_number(line);
  const char *code = blank + 1;
  gboolean good = key.number == keys->keys->len + 1 &&
                  sodium_base642bin(key.bytes, sizeof key.bytes, code, strlen(code), NULL, &length,
                                    NULL, sodium_base64_VARIANT_ORIGINAL) == 0 &&
                  length == sizeof key.bytes;
  if (good)
    g_array_append_val(keys->keys, key);
  sodium_memzero(&key, sizeof key);
  return good;
}

static gboolean take_lines(PaperKeys *keys, char *text) {
  gboolean good = TRUE;
  for (char *next = text; good && *next;) {
    char *line = next, *end = strchr(next, '\n');
    next = end ? end + 1 : next + strlen(next);
    if (end)
      *end = '\0';
    good = take_line(keys, line);
  }
  return good && keys->keys->len;
}

RkStatus paper_keys_read(PaperKeys **out, const char *path, RkDiags *diags) {
  char *text = NULL;
  *out = NULL;
  g_assert(sodium_init() >= 0);
  RkStatus status = secret_read(&text, path, diags);
  if (status != RK_OK)
    return status;
  g_autoptr(PaperKeys) keys = g_new0(PaperKeys, 1);
  keys->keys = g_array_new(FALSE, FALSE, sizeof(Key));
  gboolean good = take_lines(keys, text);
  sodium_memzero(text, strlen(text));
  g_free(text);
  if (!good)
    return not_keys(path, diags);
  *out = g_steal_pointer(&keys);
  return RK_OK;
}

RkStatus paper_keys_rotate(const char *path, RkDiags *diags) {
  char *text = NULL;
  g_autoptr(PaperKeys) keys = NULL;
  RkStatus status = paper_keys_read(&keys, path, diags);
  if (status == RK_OK)
    status = secret_read(&text, path, diags);
  if (status != RK_OK)
    return status;
  GString *more = g_string_new(text);
  if (!g_str_has_suffix(text, "\n"))
    g_string_append_c(more, '\n');
  add_line(more, keys->keys->len + 1);
  status = secret_replace(path, more->str, diags);
  secret_free(text);
  secret_free(g_string_free(more, FALSE));
  return status;
}

/* --------------------------------------------------------------- for people */

static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

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

char *paper_code_sign(const PaperKeys *keys, const char *page) {
  char mac[MAC_LENGTH + 1];
  const Key *key = &g_array_index(keys->keys, Key, keys->keys->len - 1);
  g_autofree char *capitals = g_ascii_strup(page, -1);
  g_autofree char *text = g_strdup_printf("%s K%u", capitals, key->number);
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

static gboolean is_signed(const PaperKeys *keys, char **words) {
  char mac[MAC_LENGTH + 1];
  guint number = key_number(words[2]);
  if (!keys || !number || number > keys->keys->len || strlen(words[3]) != MAC_LENGTH)
    return FALSE;
  g_autofree char *text = g_strdup_printf("%s %s %s", words[0], words[1], words[2]);
  mac_of(&g_array_index(keys->keys, Key, number - 1), text, mac);
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
