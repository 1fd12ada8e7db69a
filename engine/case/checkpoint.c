/* SPDX-License-Identifier: Apache-2.0 */
/* checkpoint.c - see checkpoint.h. */
#include "case/checkpoint.h"

#include "base/date.h"
#include "base/sign.h"
#include "case/again.h"

#include <string.h>

#define TITLE "renkei checkpoint 1"
#define SIGNED "checkpoint.signed"
#define PREFIX 16 /* digits of a hash that are enough on paper */

typedef struct {
  gint64 entries, accesses;
  char *head, *office, *key, *signature;
  char *access_head; /* NULL: of before the access log was signed */
  char *signed_text; /* what the signature is of */
} Checkpoint;

static void checkpoint_clear(Checkpoint *checkpoint) {
  g_free(checkpoint->head);
  g_free(checkpoint->access_head);
  g_free(checkpoint->office);
  g_free(checkpoint->key);
  g_free(checkpoint->signature);
  g_free(checkpoint->signed_text);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Checkpoint, checkpoint_clear)

/* ---------------------------------------------------------------------- keys */

static json_t *key_entry(const SignKey *key) {
  return json_pack("{s:s}", "public", sign_key_public(key));
}

/* The key of this database; a new one is noted in the journal before it signs anything. */
static RkStatus need_key(RkDesk *desk, const RkRequest *request, SignKey **out, RkDiags *diags) {
  g_autofree char *path = g_strconcat(desk->path, ".sign-key", NULL);
  RkStatus status = sign_key_read(out, path, diags);
  if (status == RK_NOT_FOUND)
    status = sign_key_make(out, path, diags);
  if (status != RK_OK)
    return status;
  g_autofree char *id = sign_key_id(sign_key_public(*out));
  json_t *known = desk_register_entry(desk, REGISTER_SIGNING_KEY, id);
  json_decref(known);
  if (known)
    return RK_OK;
  g_autoptr(GPtrArray) registers =
      g_ptr_array_new_with_free_func((GDestroyNotify)store_register_free);
  json_t *fields = key_entry(*out);
  g_ptr_array_add(registers,
                  desk_register_new(REGISTER_SIGNING_KEY, id, "active", fields, request->now));
  json_decref(fields);
  RkRequest own = *request;
  own.id = NULL;
  return desk_commit_office(desk, &own, "office", "signing-key.made", registers, NULL, diags);
}

/* ------------------------------------------------------------------- making */

typedef struct {
  gint64 seq, accesses;
  Hash head, access_head;
} Heads;

static RkStatus read_heads(RkDesk *desk, Heads *heads, RkDiags *diags) {
  RkStatus status = store_journal_head(desk->store, &heads->seq, &heads->head, NULL, diags);
  if (status != RK_OK)
    return status;
  status = store_access_at(desk->store, 0, &heads->accesses, &heads->access_head, diags);
  return status == RK_NOT_FOUND ? RK_OK : status; /* nobody has looked yet: 0 */
}

static char *compose(const RkDesk *desk, const Heads *heads, gint64 now, const SignKey *key) {
  g_autofree char *hex = hash_to_hex(&heads->head), *time = time_to_iso(now);
  g_autofree char *access = hash_to_hex(&heads->access_head);
  g_autofree char *id = sign_key_id(sign_key_public(key));
  g_autofree char *text = g_strdup_printf(
      TITLE "\noffice: %s\nentries: %" G_GINT64_FORMAT "\nhead: %s\naccesses: %" G_GINT64_FORMAT
            "\naccess-head: %s\ntime: %s\nkey: %s\n",
      store_office(desk->store), heads->seq, hex, heads->accesses, access, time, id);
  g_autofree char *signature = sign_text(key, text);
  return g_strdup_printf("%ssignature: %s\n", text, signature);
}

static RkStatus note(RkDesk *desk, const RkRequest *request, gint64 seq, const char *text,
                     RkDiags *diags) {
  g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, seq);
  g_autoptr(GPtrArray) registers =
      g_ptr_array_new_with_free_func((GDestroyNotify)store_register_free);
  json_t *fields = json_pack("{s:s}", "text", text);
  g_ptr_array_add(registers,
                  desk_register_new(REGISTER_CHECKPOINT, number, "signed", fields, request->now));
  json_decref(fields);
  g_autofree char *result = g_strdup_printf("{\"id\": \"%s\"}", number);
  json_t *asked = json_object();
  const OfficeChange change = {.kind = "office", .event = SIGNED, .registers = registers,
                               .result = result, .asked = asked};
  RkStatus status = desk_change_office(desk, request, &change, diags);
  json_decref(asked);
  return status;
}

/* The one that this request made before; g_free, NULL: none. */
static RkStatus made_before(RkDesk *desk, const RkRequest *request, char **out, RkDiags *diags) {
  json_t *asked = json_object(), *answer = NULL;
  RkStatus status = again_find_change(desk, request, "office", SIGNED, asked, &answer, diags);
  const char *id = json_string_value(json_object_get(answer, "id"));
  json_t *entry = id ? desk_register_entry(desk, REGISTER_CHECKPOINT, id) : NULL;
  *out = g_strdup(json_string_value(json_object_get(json_object_get(entry, "fields"), "text")));
  json_decref(entry);
  json_decref(answer);
  json_decref(asked);
  return status;
}

RkStatus checkpoint_make(RkDesk *desk, const RkRequest *request, char **out, RkDiags *diags) {
  g_autoptr(SignKey) key = NULL;
  Heads heads = {0};
  *out = NULL;
  if (!desk->path)
    return diags_fail(diags, RK_REFUSED, DIAG_KEY_NOWHERE, NULL, NULL);
  RkStatus status = made_before(desk, request, out, diags);
  if (status != RK_OK || *out)
    return status;
  status = need_key(desk, request, &key, diags);
  if (status == RK_OK)
    status = read_heads(desk, &heads, diags);
  if (status != RK_OK)
    return status;
  g_autofree char *text = compose(desk, &heads, request->now, key);
  status = note(desk, request, heads.seq, text, diags);
  if (status == RK_OK)
    *out = g_steal_pointer(&text);
  return status;
}

/* When the last one was signed; 0: never. */
static RkStatus last_signed(RkDesk *desk, gint64 *time, RkDiags *diags) {
  g_autoptr(GPtrArray) all = NULL;
  RkStatus status = store_load_register(desk->store, REGISTER_CHECKPOINT, NULL, &all, diags);
  *time = 0;
  for (guint i = 0; status == RK_OK && i < all->len; i++)
    *time = MAX(*time, ((const StoreRegister *)all->pdata[i])->since);
  return status;
}

static RkStatus sign_again(RkDesk *desk, const RkRequest *request, gboolean daily,
                           RkDiags *diags) {
  g_autofree char *text = NULL;
  gint64 last = 0;
  RkRequest own = *request;
  own.id = NULL;
  if (!desk->path || request->dry_run)
    return RK_OK;
  RkStatus status = last_signed(desk, &last, diags);
  if (status != RK_OK || !last)
    return status;
  if (daily && day_difference(day_of_time(last), day_of_time(request->now)) <= 0)
    return RK_OK;
  return checkpoint_make(desk, &own, &text, diags);
}

RkStatus checkpoint_daily(RkDesk *desk, const RkRequest *request, RkDiags *diags) {
  return sign_again(desk, request, TRUE, diags);
}

RkStatus checkpoint_before(RkDesk *desk, const RkRequest *request, RkDiags *diags) {
  return sign_again(desk, request, FALSE, diags);
}

/* ------------------------------------------------------------------ reading */

/* The rest of the line that begins so. g_free; NULL: there is none. */
static char *line_of(const char *text, const char *name) {
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (guint i = 0; lines[i]; i++)
    if (g_str_has_prefix(lines[i], name))
      return g_strstrip(g_strdup(lines[i] + strlen(name)));
  return NULL;
}

static gboolean is_hex(const char *text, gsize least) {
  gsize length = strspn(text, "0123456789abcdef");
  return length >= least && length <= HASH_SIZE * 2 && !text[length];
}

/* Both lines or none. */
static gboolean read_accesses(const char *text, Checkpoint *out) {
  g_autofree char *accesses = line_of(text, "accesses: ");
  out->access_head = line_of(text, "access-head: ");
  if (!accesses || !out->access_head)
    return !accesses && !out->access_head;
  return is_hex(out->access_head, HASH_SIZE * 2) &&
         g_ascii_string_to_signed(accesses, 10, 0, G_MAXINT64, &out->accesses, NULL);
}

static gboolean read_note(const char *text, Checkpoint *out) {
  g_autofree char *entries = line_of(text, "entries: ");
  const char *signature = strstr(text, "\nsignature: ");
  out->office = line_of(text, "office: ");
  out->head = line_of(text, "head: ");
  out->key = line_of(text, "key: ");
  out->signature = line_of(text, "signature: ");
  out->signed_text = signature ? g_strndup(text, (gsize)(signature + 1 - text)) : NULL;
  return entries && out->office && out->head && out->key && out->signature &&
         is_hex(out->head, HASH_SIZE * 2) && read_accesses(text, out) &&
         g_ascii_string_to_signed(entries, 10, 1, G_MAXINT64, &out->entries, NULL);
}

/* "18 9f3a…" */
static gboolean read_anchor(const char *text, Checkpoint *out) {
  g_autofree char *copy = g_strstrip(g_strdup(text));
  g_auto(GStrv) words = g_strsplit_set(copy, " :", 2);
  if (!words[0] || !words[1])
    return FALSE;
  out->head = g_ascii_strdown(g_strstrip(words[1]), -1);
  return is_hex(out->head, PREFIX) &&
         g_ascii_string_to_signed(words[0], 10, 1, G_MAXINT64, &out->entries, NULL);
}

/* ------------------------------------------------------------------ holding */

static RkStatus fail(DiagId id, const char *name, const char *detail, RkDiags *diags) {
  return diags_fail(diags, RK_FAILED, id, NULL, name, detail ? detail : "", NULL);
}

static RkStatus check_head(RkDesk *desk, const Checkpoint *checkpoint, const char *name,
                           RkDiags *diags) {
  g_autoptr(StoreJournal) entry = NULL;
  g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, checkpoint->entries);
  RkStatus status = store_load_chained(desk->store, checkpoint->entries, &entry, diags);
  if (status == RK_NOT_FOUND)
    return fail(DIAG_CHECKPOINT_SHORT, name, number, diags);
  if (status != RK_OK)
    return status;
  g_autofree char *hex = hash_to_hex(&entry->hash);
  return g_str_has_prefix(hex, checkpoint->head)
             ? RK_OK
             : fail(DIAG_CHECKPOINT_DIFFERS, name, number, diags);
}

/* Who looked: what it has seen of the access log is still there, as it was. */
static RkStatus check_accesses(RkDesk *desk, const Checkpoint *checkpoint, const char *name,
                               RkDiags *diags) {
  g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, checkpoint->accesses);
  gint64 seq = 0;
  Hash hash;
  if (!checkpoint->accesses)
    return RK_OK;
  RkStatus status = store_access_at(desk->store, checkpoint->accesses, &seq, &hash, diags);
  if (status == RK_NOT_FOUND)
    return fail(DIAG_CHECKPOINT_ACCESS_SHORT, name, number, diags);
  if (status != RK_OK)
    return status;
  g_autofree char *hex = hash_to_hex(&hash);
  return g_str_equal(hex, checkpoint->access_head)
             ? RK_OK
             : fail(DIAG_CHECKPOINT_ACCESS_DIFFERS, name, number, diags);
}

static RkStatus check_signature(RkDesk *desk, const Checkpoint *checkpoint, const char *name,
                                RkDiags *diags) {
  json_t *entry = desk_register_entry(desk, REGISTER_SIGNING_KEY, checkpoint->key);
  const char *public_key =
      json_string_value(json_object_get(json_object_get(entry, "fields"), "public"));
  g_autofree char *id = public_key ? sign_key_id(public_key) : NULL;
  gboolean known = g_strcmp0(id, checkpoint->key) == 0;
  gboolean holds = known && sign_holds(public_key, checkpoint->signed_text, checkpoint->signature);
  json_decref(entry);
  if (!known)
    return fail(DIAG_CHECKPOINT_KEY, name, checkpoint->key, diags);
  return holds ? RK_OK : fail(DIAG_CHECKPOINT_SIGNATURE, name, checkpoint->key, diags);
}

RkStatus checkpoint_against(RkDesk *desk, const char *text, const char *name, RkDiags *diags) {
  g_auto(Checkpoint) checkpoint = {0};
  gboolean whole = g_str_has_prefix(text, TITLE "\n");
  if (whole ? !read_note(text, &checkpoint) : !read_anchor(text, &checkpoint))
    return diags_fail(diags, RK_INVALID, DIAG_CHECKPOINT_FORM, NULL, name, NULL);
  if (whole && !g_str_equal(checkpoint.office, store_office(desk->store)))
    return fail(DIAG_CHECKPOINT_OFFICE, name, checkpoint.office, diags);
  RkStatus status = check_head(desk, &checkpoint, name, diags);
  if (status == RK_OK)
    status = check_accesses(desk, &checkpoint, name, diags);
  return status == RK_OK && whole ? check_signature(desk, &checkpoint, name, diags) : status;
}

RkStatus checkpoint_verify(RkDesk *desk, gint64 *count, RkDiags *diags) {
  g_autoptr(GPtrArray) all = NULL;
  RkStatus worst = store_load_register(desk->store, REGISTER_CHECKPOINT, NULL, &all, diags);
  *count = 0;
  for (guint i = 0; all && i < all->len; i++, (*count)++) {
    const StoreRegister *entry = all->pdata[i];
    json_t *fields = json_loads(entry->fields, 0, NULL);
    const char *text = json_string_value(json_object_get(fields, "text"));
    RkStatus status = checkpoint_against(desk, text ? text : "", entry->key, diags);
    json_decref(fields);
    worst = worst == RK_OK ? status : worst;
  }
  return worst;
}
