/* SPDX-License-Identifier: Apache-2.0 */
/* catalogue.c - see catalogue.h. The lists are short: they are searched from the front. */
#include "case/catalogue.h"

#include "base/shape.h"
#include "base/xml.h"

typedef struct {
  char *id, *title, *title_en;
  gboolean ends, withholds;
} State;

typedef struct {
  char *id, *title, *title_en;
  GPtrArray *states; /* State *, in the order of the life cycle */
} Register;

struct Catalogue {
  GPtrArray *registers; /* Register * */
  GPtrArray *channels;  /* CatalogueChannel * */
};

static const ShapeElement elements[] = {
    {"registers", NULL, "", SHAPE_ELEMENTS},
    {"register", "registers", "id! title! title-en", SHAPE_ELEMENTS},
    {"state", "register", "id! title! title-en ends=yes|no withholds=yes|no", SHAPE_ELEMENTS},
    {"channel", "registers",
     "id! title! title-en kind=line|carried|spoken|screen|unstated leaves-building=yes|no "
     "proof proof-en driver cover=yes|no",
     SHAPE_ELEMENTS},
};

static const Shape shape = SHAPE_OF_LIST(CATALOGUE_NS, elements);

/* ----------------------------------------------------------------- freeing */

static void state_free(gpointer data) {
  State *state = data;
  g_free(state->id);
  g_free(state->title);
  g_free(state->title_en);
  g_free(state);
}

static void register_free(gpointer data) {
  Register *entry = data;
  g_free(entry->id);
  g_free(entry->title);
  g_free(entry->title_en);
  g_ptr_array_unref(entry->states);
  g_free(entry);
}

static void channel_free(gpointer data) {
  CatalogueChannel *channel = data;
  g_free((char *)channel->id);
  g_free((char *)channel->title);
  g_free((char *)channel->title_en);
  g_free((char *)channel->proof);
  g_free((char *)channel->proof_en);
  g_free((char *)channel->driver);
  g_free(channel);
}

void catalogue_free(Catalogue *catalogue) {
  if (!catalogue)
    return;
  g_ptr_array_unref(catalogue->registers);
  g_ptr_array_unref(catalogue->channels);
  g_free(catalogue);
}

/* ----------------------------------------------------------------- reading */

static gboolean is_yes(const xmlNode *node, const char *name) {
  g_autofree char *value = xml_attr(node, name);
  return g_strcmp0(value, "yes") == 0;
}

/* The order is the meaning: what ends stands last. */
static void check_order(const Register *entry, const State *state, const xmlNode *node,
                        RkDiags *diags) {
  const State *last = entry->states->len ? entry->states->pdata[entry->states->len - 1] : NULL;
  DiagPlace place = xml_place(node);
  if (last && last->ends && !state->ends)
    diags_add(diags, DIAG_CATALOGUE_ORDER, &place, state->id, NULL);
}

static Register *read_register(const xmlNode *node, RkDiags *diags) {
  Register *entry = g_new0(Register, 1);
  entry->id = xml_attr(node, "id");
  entry->title = xml_attr(node, "title");
  entry->title_en = xml_attr(node, "title-en");
  entry->states = g_ptr_array_new_with_free_func(state_free);
  for (xmlNode *child = xml_first_element(node); child; child = xml_next_element(child)) {
    State *state = g_new0(State, 1);
    state->id = xml_attr(child, "id");
    state->title = xml_attr(child, "title");
    state->title_en = xml_attr(child, "title-en");
    state->ends = is_yes(child, "ends");
    state->withholds = is_yes(child, "withholds");
    check_order(entry, state, child, diags);
    g_ptr_array_add(entry->states, state);
  }
  DiagPlace place = xml_place(node);
  if (!entry->states->len)
    diags_add(diags, DIAG_CATALOGUE_EMPTY, &place, entry->id, NULL);
  return entry;
}

static ChannelKind kind_of(const char *kind) {
  static const char *const names[] = {"line", "carried", "spoken", "screen", "unstated"};
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    if (g_strcmp0(kind, names[i]) == 0)
      return (ChannelKind)i;
  return CHANNEL_UNSTATED;
}

static CatalogueChannel *read_channel(const xmlNode *node) {
  CatalogueChannel *channel = g_new0(CatalogueChannel, 1);
  g_autofree char *kind = xml_attr(node, "kind");
  channel->id = xml_attr(node, "id");
  channel->title = xml_attr(node, "title");
  channel->title_en = xml_attr(node, "title-en");
  channel->kind = kind_of(kind);
  channel->leaves_building = is_yes(node, "leaves-building");
  channel->proof = xml_attr(node, "proof");
  channel->proof_en = xml_attr(node, "proof-en");
  channel->driver = xml_attr(node, "driver");
  channel->cover = is_yes(node, "cover");
  return channel;
}

/* Ids are unique among the children of one element. */
static void check_ids(const xmlNode *parent, RkDiags *diags) {
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (xmlNode *node = xml_first_element(parent); node; node = xml_next_element(node)) {
    char *id = xml_attr(node, "id");
    char *key = g_strdup_printf("%s %s", (const char *)node->name, id);
    DiagPlace place = xml_place(node);
    if (!g_hash_table_add(seen, key))
      diags_add(diags, DIAG_CATALOGUE_DUPLICATE, &place, id, NULL);
    g_free(id);
    check_ids(node, diags);
  }
}

static Catalogue *read_catalogue(const xmlNode *root, RkDiags *diags) {
  Catalogue *catalogue = g_new0(Catalogue, 1);
  catalogue->registers = g_ptr_array_new_with_free_func(register_free);
  catalogue->channels = g_ptr_array_new_with_free_func(channel_free);
  for (xmlNode *node = xml_first_element(root); node; node = xml_next_element(node)) {
    if (xml_is(node, CATALOGUE_NS, "register"))
      g_ptr_array_add(catalogue->registers, read_register(node, diags));
    else
      g_ptr_array_add(catalogue->channels, read_channel(node));
  }
  return catalogue;
}

static RkStatus catalogue_read(Catalogue **out, xmlDoc *doc, RkDiags *diags) {
  const xmlNode *root = xmlDocGetRootElement(doc);
  *out = NULL;
  if (!shape_check(&shape, root, diags))
    return RK_INVALID;
  g_autoptr(RkDiags) faults = rk_diags_new();
  check_ids(root, faults);
  g_autoptr(Catalogue) catalogue = read_catalogue(root, faults);
  gboolean good = !rk_diags_has_errors(faults);
  diags_take_all(diags, faults);
  if (good)
    *out = g_steal_pointer(&catalogue);
  return good ? RK_OK : RK_INVALID;
}

RkStatus catalogue_load(Catalogue **out, const char *text, gsize length, const char *name,
                        RkDiags *diags) {
  g_autoptr(xmlDoc) doc = NULL;
  *out = NULL;
  RkStatus status = xml_parse(&doc, text, length, name, XML_LIMIT_DEFINITION, diags);
  return status == RK_OK ? catalogue_read(out, doc, diags) : status;
}

RkStatus catalogue_load_file(Catalogue **out, const char *path, RkDiags *diags) {
  g_autoptr(xmlDoc) doc = NULL;
  *out = NULL;
  RkStatus status = xml_read_file(&doc, path, XML_LIMIT_DEFINITION, diags);
  return status == RK_OK ? catalogue_read(out, doc, diags) : status;
}

/* What a municipality adds comes behind all that is shared. */
static RkStatus gather(xmlDoc **out, const char *datadir, const char *municipality,
                       RkDiags *diags) {
  g_autofree char *shared = g_build_filename(datadir, "workflows", "registers.xml", NULL);
  g_autofree char *own =
      g_build_filename(datadir, "workflows", municipality, "registers.xml", NULL);
  g_autoptr(xmlDoc) added = NULL;
  RkStatus status = xml_read_file(out, shared, XML_LIMIT_DEFINITION, diags);
  if (status != RK_OK || !g_file_test(own, G_FILE_TEST_EXISTS))
    return status;
  status = xml_read_file(&added, own, XML_LIMIT_DEFINITION, diags);
  if (status != RK_OK)
    return status;
  xmlNode *root = xmlDocGetRootElement(*out);
  const xmlNode *more = xmlDocGetRootElement(added);
  if (!shape_check(&shape, more, diags))
    return RK_INVALID;
  for (const xmlNode *node = xml_first_element(more); node; node = xml_next_element(node))
    xmlAddChild(root, xml_clone(node, root));
  return RK_OK;
}

RkStatus catalogue_gather(GBytes **out, const char *datadir, const char *municipality,
                          RkDiags *diags) {
  g_autoptr(xmlDoc) doc = NULL;
  g_autoptr(Catalogue) catalogue = NULL;
  RkStatus status = gather(&doc, datadir, municipality, diags);
  if (status == RK_OK)
    status = catalogue_read(&catalogue, doc, diags);
  *out = status == RK_OK ? xml_to_bytes(doc) : NULL;
  return status;
}

RkStatus catalogue_load_for(Catalogue **out, const char *datadir, const char *municipality,
                            RkDiags *diags) {
  g_autoptr(xmlDoc) doc = NULL;
  *out = NULL;
  RkStatus status = gather(&doc, datadir, municipality, diags);
  return status == RK_OK ? catalogue_read(out, doc, diags) : status;
}

/* --------------------------------------------------------------- registers */

static const Register *find_register(const Catalogue *catalogue, const char *name) {
  for (guint i = 0; i < catalogue->registers->len; i++) {
    const Register *entry = catalogue->registers->pdata[i];
    if (g_strcmp0(entry->id, name) == 0)
      return entry;
  }
  return NULL;
}

static const State *find_state(const Register *entry, const char *id, int *rank) {
  for (guint i = 0; entry && i < entry->states->len; i++) {
    const State *state = entry->states->pdata[i];
    *rank = state->ends ? -1 : (int)i;
    if (g_strcmp0(state->id, id) == 0)
      return state;
  }
  *rank = -1;
  return NULL;
}

gboolean catalogue_has_register(const Catalogue *catalogue, const char *name) {
  return find_register(catalogue, name) != NULL;
}

gboolean catalogue_has_state(const Catalogue *catalogue, const char *name, const char *state) {
  int rank;
  return find_state(find_register(catalogue, name), state, &rank) != NULL;
}

gboolean catalogue_state_withholds(const Catalogue *catalogue, const char *name, const char *state) {
  int rank;
  const State *found = find_state(find_register(catalogue, name), state, &rank);
  return found && found->withholds;
}

int catalogue_state_rank(const Catalogue *catalogue, const char *name, const char *state) {
  int rank;
  find_state(find_register(catalogue, name), state, &rank);
  return rank;
}

gboolean catalogue_may_follow(const Catalogue *catalogue, const char *name, const char *from,
                              const char *to) {
  int held = catalogue_state_rank(catalogue, name, from);
  int wanted = catalogue_state_rank(catalogue, name, to);
  if (!from || g_str_equal(from, to) || wanted < 0)
    return TRUE;
  if (held < 0)
    return wanted <= 1;
  return wanted >= held || (wanted == 0 && held == 1);
}

gboolean catalogue_is_free(const Catalogue *catalogue, const char *name, const char *state) {
  return !state || catalogue_state_rank(catalogue, name, state) <= 0;
}

const char *catalogue_title(const Catalogue *catalogue, const char *name, const char *state,
                            gboolean english) {
  const Register *entry = find_register(catalogue, name);
  int rank;
  const State *found = find_state(entry, state, &rank);
  if (!entry || (state && !found))
    return NULL;
  const char *title = state ? found->title : entry->title;
  const char *title_en = state ? found->title_en : entry->title_en;
  return english && title_en ? title_en : title;
}

/* ---------------------------------------------------------------- channels */

gboolean catalogue_channel(const Catalogue *catalogue, const char *id, CatalogueChannel *out) {
  for (guint i = 0; i < catalogue->channels->len; i++) {
    const CatalogueChannel *channel = catalogue->channels->pdata[i];
    if (g_strcmp0(channel->id, id) == 0) {
      *out = *channel;
      return TRUE;
    }
  }
  return FALSE;
}

gboolean catalogue_channel_moves_original(const Catalogue *catalogue, const char *id) {
  CatalogueChannel channel;
  return catalogue_channel(catalogue, id, &channel) && channel.kind == CHANNEL_CARRIED;
}

/* ------------------------------------------------------------------- lists */

/* Every record here begins with its id. */
static char *list_ids(const GPtrArray *records) {
  GString *list = g_string_new(NULL);
  for (guint i = 0; i < records->len; i++)
    g_string_append_printf(list, "%s%s", i ? ", " : "", *(char *const *)records->pdata[i]);
  return g_string_free(list, FALSE);
}

char *catalogue_list_registers(const Catalogue *catalogue) {
  return list_ids(catalogue->registers);
}

char *catalogue_list_states(const Catalogue *catalogue, const char *name) {
  const Register *entry = find_register(catalogue, name);
  return entry ? list_ids(entry->states) : g_strdup("");
}

char *catalogue_list_channels(const Catalogue *catalogue) {
  return list_ids(catalogue->channels);
}
