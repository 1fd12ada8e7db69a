/* SPDX-License-Identifier: Apache-2.0 */
/*
 * desk.c - opening a desk; what the office knows about itself.
 *
 * The office's own facts (which roles it plays, who its operators are, settings,
 * installed procedures) are registers written through the journal like all others;
 * this file keeps a copy in memory and refreshes it after each change.
 */
#include "case/desk_int.h"
#include "case/written.h"

#include "base/words.h"
#include "base/xml.h"
#include "case/guard.h"

#include <string.h>
#include <unistd.h>

gboolean desk_plays(const RkDesk *desk, const char *role) {
  return role && g_strv_contains((const char *const *)desk->roles, role);
}

json_t *desk_register_entry(RkDesk *desk, const char *name, const char *key) {
  g_autoptr(GPtrArray) entries = NULL;
  if (store_load_register(desk->store, name, key, &entries, NULL) != RK_OK || !entries->len)
    return NULL;
  const StoreRegister *entry = entries->pdata[0];
  json_t *fields = json_loads(entry->fields ? entry->fields : "{}", 0, NULL);
  return json_pack("{s:s, s:o}", "state", entry->state, "fields", fields ? fields : json_object());
}

StoreRegister *desk_register_new(const char *name, const char *key, const char *state,
                                 const json_t *fields, gint64 since) {
  StoreRegister *entry = g_new0(StoreRegister, 1);
  char *text = json_dumps(fields, JSON_SORT_KEYS | JSON_COMPACT);
  entry->name = g_strdup(name);
  entry->key = g_strdup(key);
  entry->state = g_strdup(state);
  entry->fields = g_strdup(text);
  entry->since = since;
  free(text);
  return entry;
}

/* A comma-separated field as a list; empty when there is no such entry. */
static char **list_field(const json_t *entry, const char *field) {
  const char *text = entry ? json_string_value(json_object_get(
                                 json_object_get(entry, "fields"), field))
                           : NULL;
  return text && *text ? g_strsplit(text, ",", -1) : g_new0(char *, 1);
}

char *desk_setting(gpointer data, const char *key) {
  RkDesk *desk = data;
  json_t *entry = desk_register_entry(desk, REGISTER_SETTING, key);
  const char *value =
      entry ? json_string_value(json_object_get(json_object_get(entry, "fields"), "value")) : NULL;
  char *copy = g_strdup(value);
  json_decref(entry);
  return copy;
}

/* ------------------------------------------------------------------- rights */

RkStatus desk_check_member(const RkDesk *desk, RkDiags *diags) {
  if (desk->operator_roles[0])
    return RK_OK;
  return diags_fail(diags, RK_REFUSED, DIAG_NOT_OPERATOR, NULL, desk->operator_, NULL);
}

RkStatus desk_check_right(const RkDesk *desk, const char *actor, const char *as, RkDiags *diags) {
  const char *const *held = (const char *const *)desk->operator_roles;
  RkStatus status = desk_check_member(desk, diags);
  if (status != RK_OK)
    return status;
  if (as && !g_strv_contains(held, as)) {
    g_autofree char *list = g_strjoinv(", ", desk->operator_roles);
    return diags_fail(diags, RK_REFUSED, DIAG_AS_NOT_HELD, NULL, desk->operator_, as, list, NULL);
  }
  if (!actor || !desk_plays(desk, actor))
    return RK_OK;
  if (!g_strv_contains(held, actor) || (as && !g_str_equal(as, actor)))
    return diags_fail(diags, RK_REFUSED, DIAG_NO_RIGHT, NULL, desk->operator_, actor, NULL);
  return RK_OK;
}

/* ------------------------------------------------------------------ bundles */

RkStatus desk_bundle(RkDesk *desk, const char *hex, Bundle **out, RkDiags *diags) {
  *out = g_hash_table_lookup(desk->bundles, hex);
  if (*out)
    return RK_OK;
  RkStatus status = bundle_load(out, desk->store, hex, diags);
  if (status == RK_OK)
    g_hash_table_insert(desk->bundles, g_strdup(hex), *out);
  return status;
}

RkStatus desk_procedure(RkDesk *desk, const char *name, Bundle **out, RkDiags *diags) {
  *out = NULL;
  json_t *entry = desk_register_entry(desk, REGISTER_PROCEDURE, name);
  if (!entry)
    return diags_fail(diags, RK_NOT_FOUND, DIAG_UNKNOWN_PROCEDURE, NULL, name, NULL);
  const char *hex = json_string_value(json_object_get(json_object_get(entry, "fields"), "bundle"));
  RkStatus status = desk_bundle(desk, hex ? hex : "", out, diags);
  json_decref(entry);
  return status;
}

/* --------------------------------------------------------- office changes */

RkStatus desk_commit_office(RkDesk *desk, const RkRequest *request, const char *kind,
                            const char *event, GPtrArray *registers, GPtrArray *blobs,
                            RkDiags *diags) {
  g_autofree char *made = request->id ? NULL : g_uuid_string_random();
  g_autofree char *why = guard_why(request, request->why);
  g_autofree char *written = written_hash(registers, "{}");
  char *text = g_strdup_printf("{\"written\":\"%s\"}", written);
  g_autoptr(GBytes) body = g_bytes_new_take(text, strlen(text));
  StoreJournal entry = {.revision = 0,
                        .happened = request->happened ? request->happened : request->now,
                        .entered = request->now,
                        .operator_ = desk->operator_,
                        .kind = (char *)kind,
                        .event = (char *)event,
                        .evidence = (char *)request->evidence,
                        .why = why,
                        .request_id = (char *)(request->id ? request->id : made),
                        .body = body};
  StoreCommit commit = {.entry = &entry, .registers = registers, .blobs = blobs, .result = "{}"};
  RkStatus status = guard_text(request, _("the remark"), request->why, diags);
  if (status != RK_OK || request->dry_run)
    return status;
  status = store_begin(desk->store, diags);
  if (status != RK_OK)
    return status;
  g_autofree char *earlier = NULL;
  status = store_find_request(desk->store, entry.request_id, &earlier, diags);
  if (status != RK_OK || earlier) {
    store_rollback(desk->store);
    return status;
  }
  status = store_commit(desk->store, &commit, diags);
  return status == RK_OK ? desk_refresh(desk, diags) : status;
}

RkStatus desk_log(RkDesk *desk, gint64 now, const char *action, const char *number,
                  const char *detail, RkStatus result, RkDiags *diags) {
  g_autofree char *code = g_strdup_printf("%d", (int)result);
  StoreAccess access = {.entered = now,
                        .operator_ = desk->operator_,
                        .action = (char *)action,
                        .case_number = (char *)number,
                        .detail = (char *)detail,
                        .result = code};
  if (desk->within && result == RK_OK)
    return RK_OK;
  return store_log_access(desk->store, &access, diags);
}

RkStatus desk_read(RkDesk *desk, const char *action, const char *number, const char *detail,
                   RkDiags *diags) {
  RkStatus allowed = desk_check_member(desk, diags);
  RkStatus logged = desk_log(desk, desk->now, action, number, detail, allowed, diags);
  return allowed == RK_OK ? logged : allowed;
}

/* ---------------------------------------------------------- open and close */

RkStatus desk_refresh(RkDesk *desk, RkDiags *diags) {
  g_autoptr(GPtrArray) desks = NULL;
  RkStatus status = store_load_register(desk->store, REGISTER_DESK, NULL, &desks, diags);
  if (status != RK_OK)
    return status;
  g_strfreev(desk->roles);
  g_strfreev(desk->operator_roles);
  const char *key = desks->len ? ((StoreRegister *)desks->pdata[0])->key : NULL;
  json_t *own = key ? desk_register_entry(desk, REGISTER_DESK, key) : NULL;
  json_t *operator_ = desk_register_entry(desk, REGISTER_OPERATOR, desk->operator_);
  g_free(desk->municipality);
  desk->municipality = g_strdup(key);
  desk->roles = list_field(own, "roles");
  desk->operator_roles = list_field(operator_, "roles");
  desk->exercise =
      own && g_strcmp0(json_string_value(json_object_get(json_object_get(own, "fields"), "exercise")),
                       "yes") == 0;
  json_decref(own);
  json_decref(operator_);
  return store_health(desk->store, diags); /* an entry that cannot be read is not one that is absent */
}

static RkDesk *desk_new(const RkSite *site, Store *store, const char *operator_) {
  RkDesk *desk = g_new0(RkDesk, 1);
  /* Jansson leaves out what it has no memory for; with GLib's allocator it does not go on. */
  json_set_alloc_funcs(g_malloc, g_free);
  desk->site = site;
  desk->store = store;
  /* TRANSLATORS: the code of the language you translate into, e.g. "ja". */
  desk->english = g_str_equal(_("en"), "en");
  desk->operator_ = g_strdup(operator_);
  desk->bundles =
      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)bundle_unref);
  return desk;
}

void rk_desk_close(RkDesk *desk) {
  if (!desk)
    return;
  store_close(desk->store);
  g_free(desk->path);
  g_free(desk->operator_);
  g_free(desk->municipality);
  g_strfreev(desk->roles);
  g_strfreev(desk->operator_roles);
  g_hash_table_unref(desk->bundles);
  g_free(desk);
}

void rk_desk_at(RkDesk *desk, gint64 now) {
  desk->now = now;
}

gboolean rk_desk_is_exercise(const RkDesk *desk) {
  return desk->exercise;
}

RkStatus rk_desk_open(RkDesk **out, const RkSite *site, const char *path, const char *operator_,
                      RkDiags *diags) {
  *out = NULL;
  Store *store = NULL;
  RkStatus status = store_open(&store, path, NULL, diags);
  if (status != RK_OK)
    return status;
  g_autoptr(RkDesk) desk = desk_new(site, store, operator_);
  desk->path = g_strdup(path);
  status = desk_refresh(desk, diags);
  if (status == RK_OK)
    *out = g_steal_pointer(&desk);
  return status;
}

/* The first journal entry: which desk this is, and its founding operator. */
static RkStatus found(RkDesk *desk, const RkDeskConfig *config, gint64 now, RkDiags *diags) {
  g_autofree char *roles = g_strjoinv(",", (char **)config->roles);
  g_autoptr(GPtrArray) registers =
      g_ptr_array_new_with_free_func((GDestroyNotify)store_register_free);
  json_t *own = json_pack("{s:s, s:s, s:s}", "office", config->office, "roles", roles, "exercise",
                          config->exercise ? "yes" : "no");
  json_t *operator_ = json_pack("{s:s, s:s}", "name", desk->operator_, "roles", roles);
  g_ptr_array_add(registers,
                  desk_register_new(REGISTER_DESK, config->municipality, "active", own, now));
  g_ptr_array_add(registers,
                  desk_register_new(REGISTER_OPERATOR, desk->operator_, "active", operator_, now));
  json_decref(own);
  json_decref(operator_);
  RkRequest request = {.now = now, .why = "founding operator"};
  return desk_commit_office(desk, &request, "init", "desk.founded", registers, NULL, diags);
}

/* Each role the desk is to play must be known to a procedure it has. */
static void collect_role(const xmlNode *node, gpointer user) {
  char *id = xml_attr(node, "id");
  if (id)
    g_hash_table_add(user, id);
}

static RkStatus check_roles(const RkDeskConfig *config, const char *const *workflows,
                            RkDiags *diags) {
  g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; workflows[i]; i++) {
    g_autoptr(Machine) machine = NULL;
    RkStatus status = machine_load_file(&machine, workflows[i], MACHINE_STRICT, diags);
    if (status != RK_OK)
      return status;
    machine_each_extension(machine, "role", collect_role, known);
  }
  g_autofree char **names = (char **)g_hash_table_get_keys_as_array(known, NULL);
  g_autofree char *list = g_strjoinv(", ", names);
  for (guint i = 0; config->roles[i]; i++)
    if (!g_hash_table_contains(known, config->roles[i]))
      return diags_fail(diags, RK_NOT_FOUND, DIAG_UNKNOWN_ROLE, NULL, config->municipality,
                        config->roles[i], list, NULL);
  return RK_OK;
}

static RkStatus furnish(RkDesk **out, RkDesk *desk, const RkDeskConfig *config,
                        const char *const *workflows, gint64 now, RkDiags *diags) {
  RkRequest request = {.now = now};
  desk->now = now;
  RkStatus status = found(desk, config, now, diags);
  if (status == RK_OK)
    status = desk_install_files(desk, &request, workflows, NULL, diags);
  if (status == RK_OK)
    *out = desk;
  else
    rk_desk_close(desk);
  return status;
}

RkStatus desk_create_memory(RkDesk **out, const RkSite *site, const RkDeskConfig *config,
                            const char *operator_, const char *const *workflows, gint64 now,
                            RkDiags *diags) {
  *out = NULL;
  RkStatus status = check_roles(config, workflows, diags);
  if (status != RK_OK)
    return status;
  RkDesk *desk = desk_new(site, store_new_memory(config->office), operator_);
  return furnish(out, desk, config, workflows, now, diags);
}

/* The shipped workflows of a municipality; a diagnostic names those there are. */
static RkStatus shipped_workflows(const RkSite *site, const char *municipality, char ***out,
                                  RkDiags *diags) {
  g_autofree char *all = g_build_filename(site->datadir, "workflows", NULL);
  g_autofree char *folder = g_build_filename(all, municipality, NULL);
  const char *const paths[] = {folder, NULL};
  gboolean sane = !strchr(municipality, '/') && municipality[0] != '.' &&
                  g_file_test(folder, G_FILE_TEST_IS_DIR);
  *out = sane ? desk_workflow_files(paths) : g_new0(char *, 1);
  if (**out)
    return RK_OK;
  g_clear_pointer(out, g_strfreev);
  g_autoptr(GString) names = g_string_new(NULL);
  g_autoptr(GDir) dir = g_dir_open(all, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *full = g_build_filename(all, name, NULL);
    if (g_file_test(full, G_FILE_TEST_IS_DIR))
      g_string_append_printf(names, "%s%s", names->len ? ", " : "", name);
  }
  return diags_fail(diags, RK_NOT_FOUND, DIAG_UNKNOWN_MUNICIPALITY, NULL, municipality, names->str,
                    NULL);
}

/* Founding takes several transactions: only when all are done the database gets its name. */
static RkStatus create_whole(const RkSite *site, const char *path, const RkDeskConfig *config,
                             const char *operator_, const char *const *workflows, gint64 now,
                             RkDiags *diags) {
  g_autofree char *made = g_strdup_printf("%s-new-%d", path, (int)getpid());
  Store *store = NULL;
  RkDesk *desk = NULL;
  RkStatus status = store_create(&store, made, config->office, NULL, diags);
  if (status != RK_OK)
    return status;
  status = furnish(&desk, desk_new(site, store, operator_), config, workflows, now, diags);
  rk_desk_close(desk);
  if (status == RK_OK)
    status = store_publish(made, path, diags);
  if (status != RK_OK)
    store_discard(made);
  return status;
}

RkStatus rk_desk_create(RkDesk **out, const RkSite *site, const char *path,
                        const RkDeskConfig *config, const char *operator_, gint64 now,
                        RkDiags *diags) {
  *out = NULL;
  g_auto(GStrv) workflows = NULL;
  RkStatus status = shipped_workflows(site, config->municipality, &workflows, diags);
  if (status == RK_OK)
    status = check_roles(config, (const char *const *)workflows, diags);
  if (status == RK_OK && g_file_test(path, G_FILE_TEST_EXISTS))
    status = diags_fail(diags, RK_CONFLICT, DIAG_DB_EXISTS, NULL, path, NULL);
  if (status == RK_OK)
    status = create_whole(site, path, config, operator_, (const char *const *)workflows, now, diags);
  if (status == RK_OK)
    status = rk_desk_open(out, site, path, operator_, diags);
  if (*out)
    rk_desk_at(*out, now);
  return status;
}

void desk_note_taken(RkDesk *desk, GHashTable *taken) {
  desk->taken = taken;
}

void desk_speak_own_words(RkDesk *desk) {
  desk->english = FALSE;
}
