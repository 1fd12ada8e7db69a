/* SPDX-License-Identifier: Apache-2.0 */
/*
 * desk.c - opening a desk; what the office knows about itself.
 *
 * The office's own facts (which roles it plays, who its operators are, settings,
 * installed procedures) are registers written through the journal like all others;
 * this file keeps a copy in memory and refreshes it after each change.
 */
#include "case/again.h"
#include "case/kept.h"
#include "case/written.h"

#include "base/date.h"
#include "base/uuid.h"
#include "base/words.h"
#include "base/xml.h"
#include "case/guard.h"
#include "case/rights.h"
#include "case/pagekeys.h"
#include "case/remark.h"

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

/* The entry's body: a hash of what it writes, what was typed with it, and which office it is of, unless
 * it is the first. */
static GBytes *office_body(const RkDesk *desk, const GPtrArray *registers, const char *result,
                           const char *why, const char *evidence) {
  g_autofree char *written = written_hash(registers, result);
  json_t *body = json_pack("{s:s, s:s*, s:s*}", "written", written, "why", why, "evidence", evidence);
  desk_mark_office(desk, body);
  char *text = json_dumps(body, JSON_SORT_KEYS | JSON_COMPACT);
  json_decref(body);
  return g_bytes_new_take(text, strlen(text));
}

/* Two machines, or one whose battery is flat. A minute's difference is nobody's fault. */
void desk_flag_clock(const RkDesk *desk, const StoreJournal *entry, RkDiags *diags) {
  if (desk->exercise || entry->before - entry->entered <= 60 * TIME_SECOND)
    return;
  g_autofree char *now = time_to_local_iso(entry->entered);
  g_autofree char *before = time_to_local_iso(entry->before);
  diags_add(diags, DIAG_CLOCK_BACK, NULL, now, before, NULL);
}

/* What the entries say that are asked for, but not since when. json_decref. */
static json_t *rows_asked(const GPtrArray *registers) {
  json_t *rows = json_array();
  for (guint i = 0; i < registers->len; i++) {
    const StoreRegister *row = registers->pdata[i];
    json_array_append_new(rows, json_pack("[s, s, s, s?]", row->name, row->key, row->state,
                                          row->fields));
  }
  return rows;
}

static char *fingerprint_of(const RkDesk *desk, const RkRequest *request, const OfficeChange *change) {
  json_t *rows = change->registers && !change->asked ? rows_asked(change->registers) : NULL;
  const Asked asked = {change->kind, change->event, NULL, rows ? rows : change->asked};
  char *fingerprint = again_fingerprint(desk, request, &asked);
  json_decref(rows);
  return fingerprint;
}

/* `fingerprint`: of the request, which has an id. */
static RkStatus commit_entry(RkDesk *desk, const RkRequest *request, const OfficeChange *change,
                             const char *fingerprint, GPtrArray *registers, RkDiags *diags) {
  g_autofree char *why = guard_why(request, request->why);
  g_autofree char *result = again_kept(change->result ? change->result : "{}", fingerprint);
  gboolean apart = change->cases && *change->cases;
  RkStatus status = apart ? remark_write(desk, request, request->id, change->cases, why, diags) : RK_OK;
  if (status != RK_OK)
    return status;
  g_autoptr(GBytes) body = office_body(desk, registers, result, apart ? NULL : why,
                                       apart ? NULL : request->evidence);
  StoreJournal entry = {.revision = 0,
                        .happened = request->happened ? request->happened : request->now,
                        .entered = request->now,
                        .operator_ = desk->operator_,
                        .kind = (char *)change->kind,
                        .event = (char *)change->event,
                        .request_id = (char *)request->id,
                        .body = body};
  StoreCommit commit = {
      .entry = &entry, .registers = registers, .blobs = change->blobs,
      .pictures = change->pictures, .result = result};
  status = store_commit(desk->store, &commit, diags);
  if (status == RK_OK)
    desk_flag_clock(desk, &entry, diags);
  return status == RK_OK ? desk_refresh(desk, diags) : status;
}

RkStatus desk_change_office(RkDesk *desk, const RkRequest *request, const OfficeChange *change,
                            RkDiags *diags) {
  g_autofree char *made = request->id ? NULL : uuid_of_request(request->now);
  g_autoptr(GPtrArray) rows =
      g_ptr_array_new_with_free_func((GDestroyNotify)store_register_free);
  GPtrArray *registers = change->registers ? change->registers : rows;
  RkRequest own = *request;
  json_t *earlier = NULL;
  own.id = request->id ? request->id : made;
  RkStatus status = guard_text(request, _("the remark"), request->why, diags);
  if (status != RK_OK || (request->dry_run && !change->judge))
    return status;
  g_autofree char *fingerprint = fingerprint_of(desk, &own, change);
  status = store_begin(desk->store, diags);
  if (status != RK_OK)
    return status;
  status = again_find(desk, &own, fingerprint, &earlier, diags);
  gboolean before = earlier != NULL;
  json_decref(earlier);
  if (status == RK_OK && !before && change->judge)
    status = change->judge(desk, registers, change->user, diags);
  if (status == RK_OK && !before && !request->dry_run)
    return commit_entry(desk, &own, change, fingerprint, registers, diags);
  store_rollback(desk->store);
  return status;
}

RkStatus desk_commit_office(RkDesk *desk, const RkRequest *request, const char *kind,
                            const char *event, GPtrArray *registers, GPtrArray *blobs,
                            RkDiags *diags) {
  const OfficeChange change = {.kind = kind, .event = event, .registers = registers, .blobs = blobs};
  return desk_change_office(desk, request, &change, diags);
}

void desk_mark_office(const RkDesk *desk, json_t *body) {
  if (!desk->founding)
    json_object_set_new(body, "office", json_string(store_office(desk->store)));
}

/* ---------------------------------------------------------- open and close */

/* Who works at the desk, if the register knows them. */
static RkStatus find_self(RkDesk *desk, RkDiags *diags) {
  g_autoptr(GPtrArray) all = NULL;
  RkStatus status = operators_load(desk, &all, diags);
  const Operator *self = status == RK_OK ? operators_find(all, desk->operator_) : NULL;
  for (guint i = 0; self && i < all->len; i++)
    if (all->pdata[i] == self) {
      desk->self = g_ptr_array_steal_index(all, i);
      break;
    }
  return status;
}

/* Whether ours is the office that made the file. */
static RkStatus find_place(RkDesk *desk, RkDiags *diags) {
  g_autoptr(GPtrArray) offices = NULL;
  RkStatus status = store_load_offices(desk->store, &offices, diags);
  if (status == RK_OK)
    desk->founding = offices->len && g_str_equal(offices->pdata[0], store_office(desk->store));
  return status;
}

RkStatus desk_refresh(RkDesk *desk, RkDiags *diags) {
  g_autoptr(GPtrArray) desks = NULL;
  RkStatus status = store_load_register(desk->store, REGISTER_DESK, NULL, &desks, diags);
  if (status != RK_OK)
    return status;
  g_strfreev(desk->roles);
  g_clear_pointer(&desk->self, operator_free);
  const char *key = desks->len ? ((StoreRegister *)desks->pdata[0])->key : NULL;
  json_t *own = key ? desk_register_entry(desk, REGISTER_DESK, key) : NULL;
  g_free(desk->municipality);
  desk->municipality = g_strdup(key);
  desk->roles = list_field(own, "roles");
  desk->exercise =
      own && g_strcmp0(json_string_value(json_object_get(json_object_get(own, "fields"), "exercise")),
                       "yes") == 0;
  json_decref(own);
  status = find_self(desk, diags);
  if (status == RK_OK)
    status = find_place(desk, diags);
  if (status != RK_OK)
    return status;
  return store_health(desk->store, diags); /* an entry that cannot be read is not one that is absent */
}

static RkDesk *desk_new(const RkSite *site, Store *store, const char *operator_) {
  RkDesk *desk = g_new0(RkDesk, 1);
  /* Jansson leaves out what it has no memory for; with GLib's allocator it does not go on. */
  json_set_alloc_funcs(g_malloc, g_free);
  desk->site = site;
  desk->founding = TRUE; /* until desk_refresh knows better: a new file's first entry is its first office's */
  desk->store = store;
  /* TRANSLATORS: the code of the language you translate into, e.g. "ja". */
  desk->english = g_str_equal(_("en"), "en");
  desk->operator_ = g_strdup(operator_);
  desk->kept_most = KEPT_MOST;
  desk->bundles =
      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)bundle_unref);
  return desk;
}

void rk_desk_close(RkDesk *desk) {
  if (!desk)
    return;
  kept_free(desk->kept);
  if (desk->printing_free)
    desk->printing_free(desk->printing);
  store_close(desk->store);
  g_free(desk->path);
  g_free(desk->operator_);
  g_free(desk->municipality);
  g_strfreev(desk->roles);
  operator_free(desk->self);
  g_hash_table_unref(desk->bundles);
  g_free(desk);
}

void rk_desk_at(RkDesk *desk, gint64 now) {
  desk->now = now;
}

gboolean rk_desk_is_exercise(const RkDesk *desk) {
  return desk->exercise;
}

/* An open handle, still of the office that made the file. */
static RkStatus open_file(RkDesk **out, const RkSite *site, const char *path,
                          const char *operator_, RkDiags *diags) {
  Store *store = NULL;
  RkStatus status = store_open(&store, path, NULL, diags);
  *out = NULL;
  if (status != RK_OK)
    return status;
  *out = desk_new(site, store, operator_);
  (*out)->path = g_strdup(path);
  return RK_OK;
}

static RkStatus enter(RkDesk *desk, const char *office, RkDiags *diags) {
  RkStatus status = store_enter_office(desk->store, office, diags);
  if (status == RK_NOT_FOUND)
    return diags_fail(diags, status, DIAG_OFFICE_UNKNOWN, NULL, office, NULL);
  return status == RK_OK ? desk_refresh(desk, diags) : status;
}

RkStatus desk_offices(RkDesk *desk, GPtrArray **out, RkDiags *diags) {
  g_autoptr(GPtrArray) all = NULL;
  g_autofree char *here = g_strdup(store_office(desk->store));
  g_autoptr(GPtrArray) mine = g_ptr_array_new_with_free_func(g_free);
  RkStatus status = store_load_offices(desk->store, &all, diags);
  *out = NULL;
  for (guint i = 0; status == RK_OK && i < all->len; i++) {
    status = enter(desk, all->pdata[i], diags);
    if (status == RK_OK && desk->self && desk->self->active)
      g_ptr_array_add(mine, g_strdup(all->pdata[i]));
  }
  RkStatus back = enter(desk, here, diags);
  if (status == RK_OK && back == RK_OK)
    *out = g_steal_pointer(&mine);
  return status == RK_OK ? back : status;
}

/* The one office the operator works for; who works for none stays a stranger at the first. */
static RkStatus enter_own(RkDesk *desk, RkDiags *diags) {
  g_autoptr(GPtrArray) all = NULL, mine = NULL;
  RkStatus status = store_load_offices(desk->store, &all, diags);
  if (status == RK_OK && all->len > 1)
    status = desk_offices(desk, &mine, diags);
  if (status != RK_OK)
    return status;
  if (!mine || !mine->len)
    return desk_refresh(desk, diags);
  if (mine->len == 1)
    return enter(desk, mine->pdata[0], diags);
  g_ptr_array_add(mine, NULL);
  g_autofree char *names = g_strjoinv(", ", (char **)mine->pdata);
  return diags_fail(diags, RK_USAGE, DIAG_OFFICE_CHOOSE, NULL, desk->operator_, names, NULL);
}

RkStatus rk_desk_open_office(RkDesk **out, const RkSite *site, const char *path,
                             const char *office, const char *operator_, RkDiags *diags) {
  g_autoptr(RkDesk) desk = NULL;
  *out = NULL;
  RkStatus status = open_file(&desk, site, path, operator_, diags);
  if (status == RK_OK)
    status = office ? enter(desk, office, diags) : enter_own(desk, diags);
  if (status == RK_OK)
    *out = g_steal_pointer(&desk);
  return status;
}

RkStatus rk_desk_open(RkDesk **out, const RkSite *site, const char *path, const char *operator_,
                      RkDiags *diags) {
  return rk_desk_open_office(out, site, path, NULL, operator_, diags);
}

RkStatus desk_open_first(RkDesk **out, const RkSite *site, const char *path,
                         const char *operator_, RkDiags *diags) {
  g_autoptr(RkDesk) desk = NULL;
  *out = NULL;
  RkStatus status = open_file(&desk, site, path, operator_, diags);
  if (status == RK_OK)
    status = desk_refresh(desk, diags);
  if (status == RK_OK)
    *out = g_steal_pointer(&desk);
  return status;
}

/* The first journal entry of an office: which desk this is, and its founding operator. */
static GPtrArray *founding_entries(const RkDeskConfig *config, const char *user, gint64 now) {
  g_autofree char *roles = g_strjoinv(",", (char **)config->roles);
  GPtrArray *registers = g_ptr_array_new_with_free_func((GDestroyNotify)store_register_free);
  json_t *own = json_pack("{s:s, s:s, s:s}", "office", config->office, "roles", roles, "exercise",
                          config->exercise ? "yes" : "no");
  const Operator first = {.user = (char *)user, .roles = (char **)config->roles,
                          .administrator = TRUE, .active = TRUE};
  g_ptr_array_add(registers,
                  desk_register_new(REGISTER_DESK, config->municipality, "active", own, now));
  g_ptr_array_add(registers, operator_entry(&first, now));
  json_decref(own);
  return registers;
}

static RkStatus found(RkDesk *desk, const RkDeskConfig *config, gint64 now, RkDiags *diags) {
  g_autoptr(GPtrArray) registers = founding_entries(config, desk->operator_, now);
  RkRequest request = {.now = now, .why = "founding operator"};
  return desk_commit_office(desk, &request, "init", "desk.founded", registers, NULL, diags);
}

static RkStatus judge_new_office(RkDesk *desk, GPtrArray *registers, gpointer user,
                                 RkDiags *diags) {
  const RkDeskConfig *config = user;
  (void)registers;
  RkStatus status = store_add_office(desk->store, config->office, diags);
  if (status == RK_CONFLICT)
    return diags_fail(diags, RK_CONFLICT, DIAG_OFFICE_KNOWN, NULL, config->office, NULL);
  /* The body of the entry shall already say that it is another office's. */
  desk->founding = FALSE;
  return status;
}

/* By this very request, which was interrupted: then the handle is of that office, and what is missing there
 * is installed. */
static RkStatus was_founded(RkDesk *other, const RkRequest *request, const OfficeChange *change,
                            const char *office, gboolean *before, RkDiags *diags) {
  g_autofree char *first = g_strdup(store_office(other->store));
  g_autofree char *fingerprint = fingerprint_of(other, request, change);
  json_t *earlier = NULL;
  RkStatus status = request->id ? store_enter_office(other->store, office, diags) : RK_NOT_FOUND;
  if (status == RK_OK)
    status = again_find(other, request, fingerprint, &earlier, diags);
  *before = earlier != NULL;
  json_decref(earlier);
  if (status != RK_OK && status != RK_NOT_FOUND)
    return status;
  return enter(other, *before ? office : first, diags);
}

/* In the file of `desk`, by a handle of its own. */
static RkStatus found_further(RkDesk *desk, const RkRequest *request, const RkDeskConfig *config,
                              const char *user, const char *const *workflows, RkDiags *diags) {
  g_autoptr(RkDesk) other = NULL;
  gboolean before = FALSE;
  g_autoptr(GPtrArray) registers = founding_entries(config, user, request->now);
  const OfficeChange change = {"init", "desk.founded", registers, NULL, judge_new_office,
                               (gpointer)config};
  RkRequest own = {.id = request->id, .now = request->now, .why = "founding operator",
                   .dry_run = request->dry_run};
  RkStatus status = desk_open_first(&other, desk->site, desk->path, desk->operator_, diags);
  if (status == RK_OK) {
    other->now = request->now;
    status = was_founded(other, &own, &change, config->office, &before, diags);
  }
  if (status == RK_OK && !before)
    status = desk_change_office(other, &own, &change, diags);
  own.id = NULL;
  if (status == RK_OK && !request->dry_run)
    status = desk_install_files(other, &own, workflows, NULL, diags);
  return status;
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

static gint compare_names(gconstpointer a, gconstpointer b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The folders that hold procedures: not those of what procedures are made from. */
static char *municipalities(const char *all) {
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GDir) dir = g_dir_open(all, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *full = g_build_filename(all, name, NULL);
    const char *const paths[] = {full, NULL};
    g_auto(GStrv) found =
        g_file_test(full, G_FILE_TEST_IS_DIR) ? desk_workflow_files(paths) : g_new0(char *, 1);
    if (*found)
      g_ptr_array_add(names, g_strdup(name));
  }
  g_ptr_array_sort(names, compare_names);
  g_ptr_array_add(names, NULL);
  return g_strjoinv(", ", (char **)names->pdata);
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
  g_autofree char *names = municipalities(all);
  return diags_fail(diags, RK_NOT_FOUND, DIAG_UNKNOWN_MUNICIPALITY, NULL, municipality, names, NULL);
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
  g_autofree char *keys = pagekeys_path(path);
  gboolean first = !g_file_test(keys, G_FILE_TEST_EXISTS);
  if (status == RK_OK)
    status = pagekeys_found(desk->store, path, diags);
  rk_desk_close(desk);
  if (status == RK_OK)
    status = store_publish(made, path, diags);
  if (status == RK_OK)
    return RK_OK;
  store_discard(made);
  if (first)
    unlink(keys);
  return status;
}

RkStatus rk_desk_create(RkDesk **out, const RkSite *site, const char *path,
                        const RkDeskConfig *config, const char *operator_, gint64 now,
                        RkDiags *diags) {
  *out = NULL;
  g_auto(GStrv) workflows = NULL;
  const RkRequest request = {.now = now};
  RkStatus status = guard_text(&request, _("the name"), config->office, diags);
  if (status == RK_OK)
    status = shipped_workflows(site, config->municipality, &workflows, diags);
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
  kept_forget(desk, NULL); /* their sessions do not know of it */
}

void desk_speak_own_words(RkDesk *desk) {
  desk->english = FALSE;
  kept_forget(desk, NULL);
}

/* -------------------------------------------------------------- more offices */

/* A name that can be typed, and stand in the name of a file. */
static gboolean is_office_name(const char *name) {
  if (!*name || *name == '-' || *name == '.' || strlen(name) > 200)
    return FALSE;
  for (const char *c = name; *c; c++)
    if (g_ascii_iscntrl(*c) || strchr("/ \\,\"'", *c))
      return FALSE;
  return TRUE;
}

/* What concerns the whole file belongs to the administrators of the office that made it. */
RkStatus desk_lead_file(RkDesk *desk, const char *action, gint64 now, RkDiags *diags) {
  g_autoptr(RkDesk) first = NULL;
  g_autoptr(GPtrArray) all = NULL;
  RkStatus status = desk_lead(desk, action, now, diags);
  if (status != RK_OK || desk->founding)
    return status;
  status = desk_open_first(&first, desk->site, desk->path, desk->operator_, diags);
  if (status == RK_OK)
    status = operators_load(first, &all, diags);
  if (status != RK_OK)
    return status;
  g_autofree char *leaders = operators_administrators(all, now);
  status = diags_fail(diags, RK_REFUSED, DIAG_OFFICE_NOT_FIRST, NULL, store_office(desk->store),
                      leaders, NULL);
  return desk_log_refusal(desk, action, status, diags);
}

RkStatus rk_office_add(RkDesk *desk, const RkRequest *request, const RkDeskConfig *config,
                       const char *operator_, RkDiags *diags) {
  g_auto(GStrv) workflows = NULL;
  RkDeskConfig own = *config;
  own.exercise = desk->exercise;
  RkStatus status = desk_lead_file(desk, "office", request->now, diags);
  if (status == RK_OK && !is_office_name(config->office))
    status = diags_fail(diags, RK_INVALID, DIAG_OFFICE_NAME, NULL, config->office, NULL);
  if (status == RK_OK)
    status = guard_text(request, _("the name"), config->office, diags);
  if (status == RK_OK)
    status = guard_text(request, _("the name"), operator_, diags);
  if (status == RK_OK)
    status = shipped_workflows(desk->site, config->municipality, &workflows, diags);
  if (status == RK_OK)
    status = check_roles(config, (const char *const *)workflows, diags);
  if (status == RK_OK && !desk->path)
    status = diags_fail(diags, RK_REFUSED, DIAG_OFFICE_MEMORY, NULL, NULL);
  if (status == RK_OK)
    status = found_further(desk, request, &own, operator_, (const char *const *)workflows, diags);
  return status;
}

/* -------------------------------------------------------- tests of procedures */

static RkStatus admit(RkDesk *desk, const char *user, gint64 now, RkDiags *diags) {
  g_autoptr(GPtrArray) registers =
      g_ptr_array_new_with_free_func((GDestroyNotify)store_register_free);
  const Operator person = {.user = (char *)user, .roles = desk->roles, .active = TRUE};
  RkRequest request = {.now = now};
  g_ptr_array_add(registers, operator_entry(&person, now));
  return desk_commit_office(desk, &request, "office", "operator.added", registers, NULL, diags);
}

RkStatus desk_take_operator(RkDesk *desk, const char *user, gint64 now, RkDiags *diags) {
  json_t *known = desk_register_entry(desk, REGISTER_OPERATOR, user);
  RkStatus status = known ? RK_OK : admit(desk, user, now, diags);
  json_decref(known);
  if (status != RK_OK || g_str_equal(desk->operator_, user))
    return status;
  g_free(desk->operator_);
  desk->operator_ = g_strdup(user);
  return desk_refresh(desk, diags);
}
