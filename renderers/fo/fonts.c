/* SPDX-License-Identifier: Apache-2.0 */
/* fonts.c - the only user of fontconfig. */
#include "fo/fonts.h"

#include <fontconfig/fontconfig.h>
#include <hb.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>
#include <string.h>

struct FoFontSet {
  GPtrArray *names; /* of char *, as the document wrote them */
  GPtrArray *fonts; /* of PangoFont, same order */
};

/* A configuration and the fonts found by it. Pango matches fonts in a thread of its own, which may touch the map
 * after we have done with it and found it freed (seen with 1.50: a crash in one of some hundred processes under
 * load). So a map is never freed: it is laid aside, and the next document of the same configuration takes it. */
typedef struct {
  char *wanted; /* path and text of fonts.conf */
  FcConfig *config;
  PangoFontMap *map;
} FontMap;

static GMutex aside_lock;
static GSList *aside; /* FontMap; nobody uses these */

struct FoFonts {
  FontMap *from;
  PangoContext *context;
  GHashTable *sets;    /* "families|weight" → FoFontSet */
  GHashTable *missing; /* families already reported */
};

/* What Debian calls the package; families outside this list are named as such. */
static const struct {
  const char *family, *package;
  gboolean standard;
  const char *fax; /* what replaces it in small type on a FAX */
} packages[] = {
    {"BIZ UDGothic", "fonts-morisawa-bizud-gothic", TRUE, NULL},
    {"BIZ UDPGothic", "fonts-morisawa-bizud-gothic", FALSE, NULL},
    {"BIZ UDMincho", "fonts-morisawa-bizud-mincho", TRUE, "BIZ UDGothic"},
    {"BIZ UDPMincho", "fonts-morisawa-bizud-mincho", FALSE, "BIZ UDPGothic"},
    {"IPAmjMincho", "fonts-ipamj-mincho", TRUE, NULL},
    {"DejaVu Sans", "fonts-dejavu-core", TRUE, NULL},
};

static void free_set(gpointer data) {
  FoFontSet *set = data;
  g_ptr_array_unref(set->names);
  g_ptr_array_unref(set->fonts);
  g_free(set);
}

static PangoContext *make_context(PangoFontMap *map) {
  PangoContext *context = pango_font_map_create_context(map);
  cairo_font_options_t *options = cairo_font_options_create();
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
  pango_cairo_context_set_font_options(context, options);
  cairo_font_options_destroy(options);
  pango_cairo_context_set_resolution(context, 72);
  pango_context_set_round_glyph_positions(context, FALSE);
  pango_context_set_language(context, pango_language_from_string("ja"));
  return context;
}

static int has_wanted(gconstpointer map, gconstpointer wanted) {
  return strcmp(((const FontMap *)map)->wanted, wanted);
}

static FontMap *take_aside(const char *wanted) {
  g_mutex_lock(&aside_lock);
  GSList *link = g_slist_find_custom(aside, wanted, has_wanted);
  FontMap *found = link ? link->data : NULL;
  aside = g_slist_delete_link(aside, link);
  g_mutex_unlock(&aside_lock);
  return found;
}

static void lay_aside(FontMap *take) {
  g_mutex_lock(&aside_lock);
  aside = g_slist_prepend(aside, take);
  g_mutex_unlock(&aside_lock);
}

static FontMap *find_fonts(const char *path, const char *wanted) {
  FcConfig *config = FcConfigCreate();
  if (!FcConfigParseAndLoad(config, (const FcChar8 *)path, FcTrue) || !FcConfigBuildFonts(config)) {
    FcConfigDestroy(config);
    return NULL;
  }
  FontMap *made = g_new(FontMap, 1);
  /* Pango would have the machine's own configuration and all its fonts read first, for nothing. */
  FcConfigSetCurrent(config);
  *made = (FontMap){g_strdup(wanted), config,
                    pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT)};
  pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(made->map), config);
  return made;
}

RkStatus fonts_open(FoFonts **out, const char *datadir, RkDiags *diags) {
  g_autofree char *path = g_build_filename(datadir, "fonts.conf", NULL);
  g_autofree char *text = NULL;
  *out = NULL;
  gboolean read = g_file_get_contents(path, &text, NULL, NULL);
  g_autofree char *wanted = g_strconcat(path, "\n", text, NULL);
  FontMap *found = read ? take_aside(wanted) : NULL;
  if (read && !found)
    found = find_fonts(path, wanted);
  if (!found)
    return diags_fail(diags, RK_FAILED, DIAG_FONT_CONFIG, NULL, path, NULL);
  FoFonts *fonts = g_new0(FoFonts, 1);
  fonts->from = found;
  fonts->context = make_context(found->map);
  fonts->sets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_set);
  fonts->missing = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  *out = fonts;
  return RK_OK;
}

void fonts_close(FoFonts *fonts) {
  if (!fonts)
    return;
  g_hash_table_unref(fonts->sets);
  g_hash_table_unref(fonts->missing);
  g_object_unref(fonts->context);
  lay_aside(fonts->from);
  g_free(fonts);
}

PangoContext *fonts_context(FoFonts *fonts) {
  return fonts->context;
}

/* ---------------------------------------------------------------- families */

static gboolean is_installed(const FoFonts *fonts, const char *family) {
  FcPattern *pattern = FcPatternCreate();
  FcPatternAddString(pattern, FC_FAMILY, (const FcChar8 *)family);
  FcObjectSet *objects = FcObjectSetBuild(FC_FAMILY, NULL);
  FcFontSet *found = FcFontList(fonts->from->config, pattern, objects);
  gboolean installed = found && found->nfont > 0;
  FcFontSetDestroy(found);
  FcObjectSetDestroy(objects);
  FcPatternDestroy(pattern);
  return installed;
}

static void report_missing(FoFonts *fonts, const char *family, RkDiags *diags) {
  if (!g_hash_table_add(fonts->missing, g_strdup(family)))
    return;
  for (guint i = 0; i < G_N_ELEMENTS(packages); i++)
    if (!strcmp(packages[i].family, family)) {
      diags_add(diags, DIAG_FONT_MISSING, NULL, family, packages[i].package, NULL);
      return;
    }
  diags_add(diags, DIAG_FONT_UNKNOWN, NULL, family, NULL);
}

static PangoFont *load(const FoFonts *fonts, const char *family, gboolean bold) {
  PangoFontDescription *wanted = pango_font_description_new();
  pango_font_description_set_family(wanted, family);
  pango_font_description_set_absolute_size(wanted, 1000 * PANGO_SCALE);
  pango_font_description_set_weight(wanted, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  PangoFont *font = pango_font_map_load_font(fonts->from->map, fonts->context, wanted);
  pango_font_description_free(wanted);
  return font;
}

FoFontSet *fonts_set(FoFonts *fonts, const char *families, gboolean bold, RkDiags *diags) {
  g_autofree char *key = g_strdup_printf("%s|%d", families, bold);
  FoFontSet *set = g_hash_table_lookup(fonts->sets, key);
  if (set)
    return set;
  set = g_new0(FoFontSet, 1);
  set->names = g_ptr_array_new_with_free_func(g_free);
  set->fonts = g_ptr_array_new_with_free_func(g_object_unref);
  g_auto(GStrv) names = g_strsplit(families, ",", -1);
  for (guint i = 0; names[i]; i++) {
    PangoFont *font = is_installed(fonts, names[i]) ? load(fonts, names[i], bold) : NULL;
    if (font) {
      g_ptr_array_add(set->names, g_strdup(names[i]));
      g_ptr_array_add(set->fonts, font);
    } else {
      report_missing(fonts, names[i], diags);
    }
  }
  g_hash_table_insert(fonts->sets, g_steal_pointer(&key), set);
  return set;
}

char *fonts_for_fax(const char *families) {
  GString *out = g_string_new(NULL);
  gboolean changed = FALSE;
  g_auto(GStrv) names = g_strsplit(families, ",", -1);
  for (guint i = 0; names[i]; i++) {
    const char *other = NULL;
    for (guint k = 0; k < G_N_ELEMENTS(packages) && !other; k++)
      other = !strcmp(packages[k].family, names[i]) ? packages[k].fax : NULL;
    changed |= other != NULL;
    g_string_append_printf(out, "%s%s%s%s", i ? "," : "", other ? other : "", other ? "," : "",
                           names[i]);
  }
  return g_string_free(out, !changed);
}

RkStatus fonts_check(FoFonts *fonts, RkDiags *diags) {
  RkStatus status = RK_OK;
  for (guint i = 0; i < G_N_ELEMENTS(packages); i++)
    if (packages[i].standard && !is_installed(fonts, packages[i].family)) {
      report_missing(fonts, packages[i].family, diags);
      status = RK_FAILED;
    }
  return status;
}

/* -------------------------------------------------------------- characters */

gboolean fonts_is_variation_selector(gunichar c) {
  return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF);
}

gboolean fonts_is_invisible(gunichar c) {
  GUnicodeType type = g_unichar_type(c);
  return type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT ||
         type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR ||
         fonts_is_variation_selector(c);
}

static gboolean font_has(hb_font_t *font, const char *text, gsize length) {
  for (const char *p = text; p < text + length; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);
    const char *next = g_utf8_next_char(p);
    gunichar follow = next < text + length ? g_utf8_get_char(next) : 0;
    hb_codepoint_t glyph;
    if (fonts_is_invisible(c))
      continue;
    gboolean good = fonts_is_variation_selector(follow)
                        ? hb_font_get_variation_glyph(font, c, follow, &glyph)
                        : hb_font_get_nominal_glyph(font, c, &glyph);
    if (!good)
      return FALSE;
  }
  return TRUE;
}

/* The family that draws `cluster`: a character with its variation selector and
 * combining marks. NULL when none of the set can. */
static const char *choose(const FoFontSet *set, const char *cluster, gsize length) {
  /* HarfBuzz composes base and mark where the font has only the composed form. */
  g_autofree char *composed = g_utf8_normalize(cluster, (gssize)length, G_NORMALIZE_NFC);
  for (guint i = 0; i < set->fonts->len; i++) {
    hb_font_t *font = pango_font_get_hb_font(g_ptr_array_index(set->fonts, i));
    if (font_has(font, cluster, length) || (composed && font_has(font, composed, strlen(composed))))
      return g_ptr_array_index(set->names, i);
  }
  return NULL;
}

static const char *cluster_end(const char *start, const char *limit) {
  const char *p = g_utf8_next_char(start);
  while (p < limit && (g_unichar_ismark(g_utf8_get_char(p)) ||
                       fonts_is_variation_selector(g_utf8_get_char(p))))
    p = g_utf8_next_char(p);
  return p;
}

static void add_family(PangoAttrList *attributes, const char *family, gsize start, gsize end) {
  if (!family || start == end)
    return;
  PangoAttribute *attribute = pango_attr_family_new(family);
  attribute->start_index = (guint)start;
  attribute->end_index = (guint)end;
  pango_attr_list_insert(attributes, attribute);
}

/* What has no shape of its own stays with what is before it. */
void fonts_attribute(const FoFontSet *set, PangoAttrList *attributes, const char *text,
                     gsize start, gsize end, FontsMissing missing, gpointer data) {
  const char *current = NULL, *from = text + start, *limit = text + end;
  for (const char *p = from, *next; p < limit; p = next) {
    next = cluster_end(p, limit);
    if (fonts_is_invisible(g_utf8_get_char(p)) && current)
      continue;
    const char *family = choose(set, p, (gsize)(next - p));
    if (!family && missing)
      missing(data, p, next);
    if (family && family != current) {
      add_family(attributes, current, (gsize)(from - text), (gsize)(p - text));
      from = p;
      current = family;
    }
  }
  add_family(attributes, current, (gsize)(from - text), end);
}

/* "U+845B U+E0100"; g_free. */
static char *points_of(const char *cluster, const char *end, gboolean *variant) {
  GString *points = g_string_new(NULL);
  *variant = FALSE;
  for (const char *p = cluster; p < end; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);
    *variant |= fonts_is_variation_selector(c);
    g_string_append_printf(points, "%sU+%04X", points->len ? " " : "", c);
  }
  return g_string_free(points, FALSE);
}

void fonts_report(RkDiags *diags, const DiagPlace *place, const char *label, const char *cluster,
                  const char *end) {
  gboolean variant;
  g_autofree char *points = points_of(cluster, end, &variant);
  diags_add(diags, variant ? DIAG_FO_VARIANT : DIAG_FO_GLYPH, place, label, points, NULL);
}

void fonts_report_field(RkDiags *diags, const char *field, const char *cluster, const char *end) {
  gboolean variant;
  g_autofree char *points = points_of(cluster, end, &variant);
  g_autofree char *character = g_strndup(cluster, (gsize)(end - cluster));
  diags_add(diags, variant ? DIAG_FIELD_VARIANT : DIAG_FIELD_GLYPH, NULL, field, character, points, NULL);
}

typedef struct {
  RkDiags *diags;
  const DiagPlace *place;
  const char *label;
} Report;

static void report_cluster(gpointer data, const char *cluster, const char *end) {
  const Report *report = data;
  fonts_report(report->diags, report->place, report->label, cluster, end);
}

void fonts_check_text(FoFonts *fonts, const char *families, gboolean bold, const char *text,
                      const DiagPlace *place, const char *label, RkDiags *diags) {
  Report report = {diags, place, label};
  PangoAttrList *unused = pango_attr_list_new();
  fonts_attribute(fonts_set(fonts, families, bold, diags), unused, text, 0, strlen(text),
                  report_cluster, &report);
  pango_attr_list_unref(unused);
}

void fonts_metrics(const FoFontSet *set, double *ascent, double *descent) {
  hb_font_extents_t extents;
  *ascent = 0.88, *descent = 0.12;
  if (!set->fonts->len)
    return;
  hb_font_t *font = pango_font_get_hb_font(g_ptr_array_index(set->fonts, 0));
  if (!hb_font_get_h_extents(font, &extents))
    return;
  *ascent = extents.ascender / (1000.0 * PANGO_SCALE);
  *descent = -extents.descender / (1000.0 * PANGO_SCALE);
}
