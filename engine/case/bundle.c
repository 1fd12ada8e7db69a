/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bundle.c - gathering, addressing and loading bundles.
 *
 * The manifest is text: a line "SHA-256 two spaces path" for each file, sorted by
 * path; its own SHA-256 names the bundle. Paths are relative to the data folder,
 * so that the name does not depend on where the program is installed.
 */
#include "case/bundle.h"

#include "base/words.h"
#include "base/xml.h"
#include "machine/overlay.h"

#include <string.h>

#define LIFECYCLE_PATH "forms/lifecycle.scxml"
#define REGISTERS_PATH "workflows/registers.xml"

typedef struct {
  char *form, *from, *to, *channel; /* channel: one or several; NULL: computed, any */
  gboolean keyed;  /* one paper for each of several parties */
  gboolean copy;   /* a copy goes, the original stays */
  gboolean asked;  /* the event says by which of several channels */
  int line, column; /* of the transition it stands in */
} Movement;

struct Bundle {
  gatomicrefcount references;
  GBytes *manifest, *workflow;
  char *hash;
  GPtrArray *blobs; /* GBytes; NULL in one that is loaded */
  Machine *machine, *lifecycle;
  Catalogue *catalogue;
  GPtrArray *forms;     /* Form */
  GPtrArray *movements; /* Movement, document order */
  GHashTable *roles;    /* id → MachineWords of an rk:role; the texts are borrowed from the document */
};

typedef struct {
  char *path;
  GBytes *bytes;
} BundleFile;

/* Takes the path and the bytes. */
static void take_file(GPtrArray *files, char *path, GBytes *bytes) {
  BundleFile *file = g_new(BundleFile, 1);
  *file = (BundleFile){path, bytes};
  g_ptr_array_add(files, file);
}

static void bundle_file_free(gpointer data) {
  BundleFile *file = data;
  g_free(file->path);
  g_bytes_unref(file->bytes);
  g_free(file);
}

static void movement_free(gpointer data) {
  Movement *movement = data;
  g_free(movement->form);
  g_free(movement->from);
  g_free(movement->to);
  g_free(movement->channel);
  g_free(movement);
}

Bundle *bundle_ref(Bundle *bundle) {
  g_atomic_ref_count_inc(&bundle->references);
  return bundle;
}

void bundle_unref(Bundle *bundle) {
  if (!bundle || !g_atomic_ref_count_dec(&bundle->references))
    return;
  g_free(bundle->hash);
  g_bytes_unref(bundle->manifest);
  g_bytes_unref(bundle->workflow);
  g_clear_pointer(&bundle->blobs, g_ptr_array_unref);
  machine_unref(bundle->machine);
  machine_unref(bundle->lifecycle);
  catalogue_free(bundle->catalogue);
  g_ptr_array_unref(bundle->forms);
  g_ptr_array_unref(bundle->movements);
  g_hash_table_unref(bundle->roles);
  g_free(bundle);
}

/* -------------------------------------------------------------- movements */

/* Who sends a movement: its from attribute, else the actor of its transition. */
char *bundle_sender_of(const xmlNode *node) {
  char *from = xml_attr(node, "from");
  for (const xmlNode *up = node->parent; !from && up && up->type == XML_ELEMENT_NODE;
       up = up->parent)
    if (xml_is(up, SCXML_NS, "transition"))
      from = xml_attr_ns(up, WORKFLOW_NS, "by");
  return from;
}

static DiagPlace transition_place(const xmlNode *node) {
  while (node->parent && !xml_is(node, SCXML_NS, "transition"))
    node = node->parent;
  return xml_place(node);
}

static void note_movement(const xmlNode *node, gpointer user) {
  Bundle *bundle = user;
  Movement *movement = g_new0(Movement, 1);
  movement->form = xml_attr(node, "form");
  movement->from = bundle_sender_of(node);
  movement->to = xml_attr(node, "to");
  movement->channel = xml_attr(node, "channels");
  if (!movement->channel)
    movement->channel = xml_attr(node, "channel");
  movement->keyed = xmlHasProp((xmlNode *)node, (const xmlChar *)"each") ||
                    xmlHasProp((xmlNode *)node, (const xmlChar *)"eachexpr");
  movement->asked = xmlHasProp((xmlNode *)node, (const xmlChar *)"channels") != NULL;
  g_autofree char *copy = xml_attr(node, "copy");
  movement->copy = g_strcmp0(copy, "yes") == 0;
  DiagPlace place = transition_place(node);
  movement->line = place.line;
  movement->column = place.column;
  g_ptr_array_add(bundle->movements, movement);
}

static const char *attribute_text(const xmlNode *node, const char *name) {
  const xmlAttr *attribute = xmlHasProp((xmlNode *)node, (const xmlChar *)name);
  return attribute && attribute->children ? (const char *)attribute->children->content : NULL;
}

static void note_role(const xmlNode *node, gpointer user) {
  Bundle *bundle = user;
  const char *id = attribute_text(node, "id");
  const MachineWords words = {.title = attribute_text(node, "title"),
                              .title_en = attribute_text(node, "title-en")};
  if (id && words.title)
    g_hash_table_insert(bundle->roles, (char *)id, g_memdup2(&words, sizeof words));
}

const char *bundle_filled_by(const Bundle *bundle, const char *code) {
  for (guint i = 0; i < bundle->movements->len; i++) {
    const Movement *movement = bundle->movements->pdata[i];
    if (g_strcmp0(movement->form, code) == 0)
      return movement->from;
  }
  return NULL;
}

const char *bundle_receiver(const Bundle *bundle, const char *code, const char *const *roles) {
  for (guint i = 0; i < bundle->movements->len; i++) {
    const Movement *movement = bundle->movements->pdata[i];
    if (g_strcmp0(movement->form, code) == 0 && movement->to &&
        g_strv_contains(roles, movement->to))
      return movement->to;
  }
  return NULL;
}

const char *bundle_sender(const Bundle *bundle, const char *code, const char *to) {
  for (guint i = 0; i < bundle->movements->len; i++) {
    const Movement *movement = bundle->movements->pdata[i];
    if (g_strcmp0(movement->form, code) == 0 && g_strcmp0(movement->to, to) == 0)
      return movement->from;
  }
  return NULL;
}

gboolean bundle_brings_copy(const Bundle *bundle, const char *code, const char *to) {
  for (guint i = 0; i < bundle->movements->len; i++) {
    const Movement *movement = bundle->movements->pdata[i];
    if (movement->copy && g_strcmp0(movement->form, code) == 0 &&
        g_strcmp0(movement->to, to) == 0)
      return TRUE;
  }
  return FALSE;
}

gboolean bundle_keyed(const Bundle *bundle, const char *code) {
  for (guint i = 0; i < bundle->movements->len; i++) {
    const Movement *movement = bundle->movements->pdata[i];
    if (movement->keyed && g_strcmp0(movement->form, code) == 0)
      return TRUE;
  }
  return FALSE;
}

gboolean bundle_asks_channel(const Bundle *bundle, const char *code, const char *to) {
  for (guint i = 0; i < bundle->movements->len; i++) {
    const Movement *movement = bundle->movements->pdata[i];
    if (movement->asked && g_strcmp0(movement->form, code) == 0 &&
        g_strcmp0(movement->to, to) == 0)
      return TRUE;
  }
  return FALSE;
}

static void add_channels(GString *list, const char *channels) {
  g_auto(GStrv) held = g_strsplit(list->str, " ", -1), more = g_strsplit(channels, " ", -1);
  for (guint i = 0; more[i]; i++)
    if (!g_strv_contains((const char *const *)held, more[i]))
      g_string_append_printf(list, "%s%s", list->len ? " " : "", more[i]);
}

char *bundle_channels(const Bundle *bundle, const char *code, const char *to) {
  g_autoptr(GString) list = g_string_new(NULL);
  for (guint i = 0; i < bundle->movements->len; i++) {
    const Movement *movement = bundle->movements->pdata[i];
    if (g_strcmp0(movement->form, code) != 0 || g_strcmp0(movement->to, to) != 0)
      continue;
    if (!movement->channel || g_str_equal(movement->channel, "unstated"))
      return NULL;
    add_channels(list, movement->channel);
  }
  return list->len ? g_strdup(list->str) : NULL;
}

static gboolean acts_at(const Machine *machine, const char *const *roles, const DiagPlace *place) {
  for (guint state = 0; state < machine_n_states(machine); state++) {
    for (guint i = 0; i < machine_n_transitions(machine, state); i++) {
      MachineTransition transition = machine_transition(machine, state, i);
      if (transition.place.line == place->line && transition.place.column == place->column)
        return transition.by && g_strv_contains(roles, transition.by);
    }
  }
  return FALSE;
}

gboolean bundle_concerns(const Bundle *bundle, const char *code, const char *const *roles,
                         const DiagPlace *place) {
  for (guint i = 0; i < bundle->movements->len; i++) {
    const Movement *movement = bundle->movements->pdata[i];
    if (movement->line == place->line && movement->column == place->column &&
        g_strcmp0(movement->form, code) == 0 && movement->to &&
        g_strv_contains(roles, movement->to))
      return TRUE;
  }
  return acts_at(bundle->machine, roles, place);
}

/* ----------------------------------------------------------------- loading */

static int compare_files(gconstpointer a, gconstpointer b) {
  const BundleFile *left = *(BundleFile *const *)a, *right = *(BundleFile *const *)b;
  return strcmp(left->path, right->path);
}

/* g_strfreev. */
static char **manifest_lines(GBytes *manifest) {
  gsize length = 0;
  const char *text = g_bytes_get_data(manifest, &length);
  g_autofree char *copy = g_strndup(text, length);
  return g_strsplit(copy, "\n", -1);
}

/* The path in a line; NULL: it is none. */
static const char *manifest_path(const char *line) {
  return strlen(line) > HASH_SIZE * 2 + 2 ? line + HASH_SIZE * 2 + 2 : NULL;
}

static GPtrArray *blobs_of(GBytes *manifest, const GPtrArray *files) {
  GPtrArray *blobs = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
  g_ptr_array_add(blobs, g_bytes_ref(manifest));
  for (guint i = 0; i < files->len; i++)
    g_ptr_array_add(blobs, g_bytes_ref(((const BundleFile *)files->pdata[i])->bytes));
  return blobs;
}

/* Takes the manifest. */
static Bundle *bundle_new(GBytes *manifest, const char *hex) {
  Bundle *bundle = g_new0(Bundle, 1);
  g_atomic_ref_count_init(&bundle->references);
  bundle->manifest = manifest;
  bundle->hash = g_strdup(hex);
  bundle->forms = g_ptr_array_new_with_free_func((GDestroyNotify)form_unref);
  bundle->movements = g_ptr_array_new_with_free_func(movement_free);
  bundle->roles = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
  return bundle;
}

/* A bundle of these files, which are sorted. */
static Bundle *seal(GPtrArray *files) {
  g_autoptr(GString) lines = g_string_new(NULL);
  g_ptr_array_sort(files, compare_files);
  for (guint i = 0; i < files->len; i++) {
    const BundleFile *file = files->pdata[i];
    Hash hash = hash_bytes(g_bytes_get_data(file->bytes, NULL), g_bytes_get_size(file->bytes));
    g_autofree char *hex = hash_to_hex(&hash);
    g_string_append_printf(lines, "%s  %s\n", hex, file->path);
  }
  Hash own = hash_bytes(lines->str, lines->len);
  g_autofree char *hex = hash_to_hex(&own);
  Bundle *bundle = bundle_new(g_bytes_new(lines->str, lines->len), hex);
  bundle->blobs = blobs_of(bundle->manifest, files);
  return bundle;
}

static gboolean is_form(const char *path) {
  return g_str_has_prefix(path, "forms/") && g_str_has_suffix(path, ".xml");
}

static RkStatus load_part(Bundle *bundle, const BundleFile *file, RkDiags *diags) {
  gsize length = 0;
  const char *text = g_bytes_get_data(file->bytes, &length);
  if (g_str_equal(file->path, LIFECYCLE_PATH))
    return machine_load(&bundle->lifecycle, text, length, file->path, MACHINE_STRICT, diags);
  if (g_str_equal(file->path, REGISTERS_PATH))
    return catalogue_load(&bundle->catalogue, text, length, file->path, diags);
  if (is_form(file->path)) {
    Form *form = NULL;
    RkStatus status = form_load(&form, text, length, file->path, diags);
    if (status == RK_OK)
      g_ptr_array_add(bundle->forms, form);
    return status;
  }
  if (g_str_has_prefix(file->path, "workflows/")) {
    g_bytes_unref(bundle->workflow);
    bundle->workflow = g_bytes_ref(file->bytes);
    return machine_load(&bundle->machine, text, length, file->path, MACHINE_STRICT, diags);
  }
  return RK_OK;
}

/* Takes the bundle, and gives it back when all its parts are good. */
static RkStatus load_parts(Bundle **out, Bundle *take, const GPtrArray *files, RkDiags *diags) {
  g_autoptr(Bundle) bundle = take;
  RkStatus status = RK_OK;
  for (guint i = 0; i < files->len; i++) {
    RkStatus part = load_part(bundle, files->pdata[i], diags);
    status = status == RK_OK ? part : status;
  }
  if (status == RK_OK && (!bundle->machine || !bundle->lifecycle || !bundle->catalogue))
    status = diags_fail(diags, RK_INVALID, DIAG_BUNDLE_PART, NULL, NULL);
  if (status != RK_OK)
    return status;
  machine_each_extension(bundle->machine, "send-paper", note_movement, bundle);
  machine_each_extension(bundle->machine, "role", note_role, bundle);
  *out = g_steal_pointer(&bundle);
  return RK_OK;
}

/* --------------------------------------------------------------- gathering */

static RkStatus add_file(GPtrArray *files, const char *datadir, const char *path,
                         const char *stored_as, RkDiags *diags) {
  g_autofree char *full = datadir ? g_build_filename(datadir, path, NULL) : g_strdup(path);
  char *text = NULL;
  gsize length = 0;
  g_autoptr(GError) error = NULL;
  if (!g_file_get_contents(full, &text, &length, &error))
    return diags_fail(diags, RK_FAILED, DIAG_FILE_OPEN, NULL, full, error->message, NULL);
  take_file(files, g_strdup(stored_as ? stored_as : path), g_bytes_new_take(text, length));
  return RK_OK;
}

typedef struct {
  GPtrArray *files;
  const char *datadir, *municipality;
  RkDiags *diags;
  RkStatus status;
} Gathering;

static void add_used_form(const xmlNode *node, gpointer user) {
  Gathering *gathering = user;
  g_autofree char *code = xml_attr(node, "form");
  g_autofree char *path = g_strdup_printf("forms/%s/%s.xml", gathering->municipality, code);
  RkStatus status = add_file(gathering->files, gathering->datadir, path, NULL, gathering->diags);
  if (status != RK_OK)
    gathering->status = status;
}

static char *municipality_of(const Machine *machine) {
  const xmlNode *procedure = machine_procedure(machine);
  return procedure ? xml_attr(procedure, "municipality") : NULL;
}

/* What an overlay makes is kept, not the overlay: a case needs no other file later. */
static RkStatus add_workflow(GPtrArray *files, const char *path, const char *municipality,
                             RkDiags *diags) {
  g_autofree char *name = g_path_get_basename(path);
  char *overlay = g_strrstr(name, ".overlay.xml");
  if (!overlay) {
    g_autofree char *stored = g_strdup_printf("workflows/%s/%s", municipality, name);
    return add_file(files, NULL, path, stored, diags);
  }
  *overlay = '\0';
  g_autoptr(xmlDoc) doc = NULL;
  RkStatus status = overlay_flatten(&doc, path, diags);
  if (status != RK_OK)
    return status;
  take_file(files, g_strdup_printf("workflows/%s/%s.scxml", municipality, name), xml_to_bytes(doc));
  return RK_OK;
}

/* What a municipality adds to the registers is kept with them: the shared file as it is, where it adds
 * nothing. */
static RkStatus add_registers(GPtrArray *files, const char *datadir, const char *municipality,
                              RkDiags *diags) {
  g_autofree char *own =
      g_build_filename(datadir, "workflows", municipality, "registers.xml", NULL);
  if (!g_file_test(own, G_FILE_TEST_EXISTS))
    return add_file(files, datadir, REGISTERS_PATH, NULL, diags);
  GBytes *bytes = NULL;
  RkStatus status = catalogue_gather(&bytes, datadir, municipality, diags);
  if (status != RK_OK)
    return status;
  take_file(files, g_strdup(REGISTERS_PATH), bytes);
  return RK_OK;
}

RkStatus bundle_gather(Bundle **out, const char *workflow, const char *datadir, RkDiags *diags) {
  static const char *const common[] = {LIFECYCLE_PATH, "xsl/form-html.xsl", "xsl/form-fo.xsl",
                                       "fonts.conf"};
  *out = NULL;
  g_autoptr(Machine) machine = NULL;
  RkStatus status = machine_load_file(&machine, workflow, MACHINE_STRICT, diags);
  if (status != RK_OK)
    return status;
  g_autofree char *municipality = municipality_of(machine);
  if (!municipality)
    return diags_fail(diags, RK_INVALID, DIAG_NO_PROCEDURE, NULL, workflow, NULL);
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(bundle_file_free);
  status = add_workflow(files, workflow, municipality, diags);
  if (status == RK_OK)
    status = add_registers(files, datadir, municipality, diags);
  for (guint i = 0; i < G_N_ELEMENTS(common) && status == RK_OK; i++)
    status = add_file(files, datadir, common[i], NULL, diags);
  if (status != RK_OK)
    return status;
  Gathering gathering = {files, datadir, municipality, diags, RK_OK};
  machine_each_extension(machine, "uses", add_used_form, &gathering);
  return gathering.status == RK_OK ? load_parts(out, seal(files), files, diags) : gathering.status;
}

/* ------------------------------------------------------------------ reading */

static RkStatus read_blob(GBytes **out, Store *store, const char *hex, RkDiags *diags) {
  Hash hash;
  RkStatus status = hash_from_hex(&hash, hex) ? store_load_blob(store, &hash, out, diags)
                                              : RK_NOT_FOUND;
  return status == RK_NOT_FOUND ? diags_fail(diags, RK_STORE, DIAG_BUNDLE_MISSING, NULL, hex, NULL)
                                : status;
}

/* What the engine works with; the other files are for whoever exports them. */
static gboolean is_part(const char *path) {
  return g_str_has_prefix(path, "forms/") || g_str_has_prefix(path, "workflows/");
}

/* The files of a manifest, or only its parts. */
static RkStatus read_files(GPtrArray **out, GBytes *manifest, gboolean parts, Store *store,
                           RkDiags *diags) {
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(bundle_file_free);
  g_auto(GStrv) lines = manifest_lines(manifest);
  for (guint i = 0; lines[i] && *lines[i]; i++) {
    g_autofree char *hex = g_strndup(lines[i], HASH_SIZE * 2);
    const char *path = manifest_path(lines[i]);
    GBytes *bytes = NULL;
    if (parts && path && !is_part(path))
      continue;
    RkStatus status = path ? read_blob(&bytes, store, hex, diags)
                           : diags_fail(diags, RK_STORE, DIAG_BUNDLE_MISSING, NULL, hex, NULL);
    if (status != RK_OK)
      return status;
    take_file(files, g_strdup(path), bytes);
  }
  *out = g_steal_pointer(&files);
  return RK_OK;
}

RkStatus bundle_load(Bundle **out, Store *store, const char *hex, RkDiags *diags) {
  g_autoptr(GPtrArray) files = NULL;
  GBytes *manifest = NULL;
  *out = NULL;
  RkStatus status = read_blob(&manifest, store, hex, diags);
  if (status != RK_OK)
    return status;
  g_autoptr(Bundle) bundle = bundle_new(manifest, hex);
  status = read_files(&files, manifest, TRUE, store, diags);
  return status == RK_OK ? load_parts(out, g_steal_pointer(&bundle), files, diags) : status;
}

RkStatus bundle_read(GPtrArray **out, Store *store, const char *hex, RkDiags *diags) {
  g_autoptr(GPtrArray) files = NULL;
  GBytes *manifest = NULL;
  *out = NULL;
  RkStatus status = read_blob(&manifest, store, hex, diags);
  if (status == RK_OK)
    status = read_files(&files, manifest, FALSE, store, diags);
  if (status == RK_OK)
    *out = blobs_of(manifest, files);
  g_bytes_unref(manifest);
  return status;
}

/* --------------------------------------------------------------- accessors */

const char *bundle_hash(const Bundle *bundle) {
  return bundle->hash;
}

const GPtrArray *bundle_blobs(const Bundle *bundle) {
  return bundle->blobs;
}

Machine *bundle_machine(const Bundle *bundle) {
  return bundle->machine;
}

GBytes *bundle_workflow(const Bundle *bundle) {
  return bundle->workflow;
}

Machine *bundle_lifecycle(const Bundle *bundle) {
  return bundle->lifecycle;
}

const Catalogue *bundle_catalogue(const Bundle *bundle) {
  return bundle->catalogue;
}

/* The hash in the manifest's line of the file whose path ends so; NULL: there is none. */
static char *manifest_hash(const Bundle *bundle, const char *ending) {
  g_auto(GStrv) lines = manifest_lines(bundle->manifest);
  for (guint i = 0; lines[i]; i++)
    if (g_str_has_suffix(lines[i], ending))
      return g_strndup(lines[i], HASH_SIZE * 2);
  return NULL;
}

char *bundle_layout_hash(const Bundle *bundle, const char *code) {
  g_autofree char *file = g_strdup_printf("/%s.xml", code);
  g_autofree char *form = manifest_hash(bundle, file);
  g_autofree char *style = manifest_hash(bundle, "/form-fo.xsl");
  g_autofree char *both = g_strconcat(form, style, NULL);
  Hash hash = hash_bytes(both ? both : "", both ? strlen(both) : 0);
  return both ? hash_to_hex(&hash) : NULL;
}

const GPtrArray *bundle_forms(const Bundle *bundle) {
  return bundle->forms;
}

char *bundle_municipality(const Bundle *bundle) {
  return municipality_of(bundle->machine);
}

Form *bundle_form(const Bundle *bundle, const char *code) {
  for (guint i = 0; i < bundle->forms->len; i++)
    if (g_strcmp0(form_code(bundle->forms->pdata[i]), code) == 0)
      return bundle->forms->pdata[i];
  return NULL;
}

const char *bundle_words_title(MachineWords words, const char *id) {
  /* TRANSLATORS: the code of the language you translate into, e.g. "ja". */
  gboolean english = g_str_equal(_("en"), "en");
  if (english && words.title_en)
    return words.title_en;
  return words.title ? words.title : id;
}

const char *bundle_role_title(const Bundle *bundle, const char *role) {
  const MachineWords *words = role ? g_hash_table_lookup(bundle->roles, role) : NULL;
  return words ? bundle_words_title(*words, role) : role;
}

const char *bundle_role_printed(const Bundle *bundle, const char *role) {
  const MachineWords *words = role ? g_hash_table_lookup(bundle->roles, role) : NULL;
  return words ? words->title : role;
}

gboolean bundle_knows_role(const Bundle *bundle, const char *const *roles) {
  for (guint i = 0; roles[i]; i++)
    if (g_hash_table_contains(bundle->roles, roles[i]))
      return TRUE;
  return FALSE;
}

static void add_role_title(const xmlNode *node, gpointer list) {
  g_autofree char *title = xml_attr(node, "title");
  GString *text = list;
  g_string_append_printf(text, "%s%s", text->len ? ", " : "", title ? title : "");
}

char *bundle_role_titles(const Bundle *bundle) {
  GString *text = g_string_new(NULL);
  machine_each_extension(bundle->machine, "role", add_role_title, text);
  return g_string_free(text, FALSE);
}
