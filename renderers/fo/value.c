/* SPDX-License-Identifier: Apache-2.0 */
/* value.c - the value grammar of the subset. Numbers never depend on the locale. */
#include "fo/value.h"

#include <string.h>

static const struct {
  const char *name;
  double points;
} units[] = {{"pt", 1}, {"mm", 72 / 25.4}, {"cm", 72 / 2.54}, {"in", 72}};

double length_points(FoLength length, double whole) {
  switch (length.unit) {
  case LENGTH_POINTS: return length.value;
  case LENGTH_PERCENT: return length.value / 100 * whole;
  case LENGTH_AUTO:
  case LENGTH_FACTOR: break;
  }
  return 0;
}

static gboolean read_share(FoLength *out, const char *text) {
  static const char head[] = "proportional-column-width(";
  if (!g_str_has_prefix(text, head))
    return FALSE;
  char *end = NULL;
  double share = g_ascii_strtod(text + strlen(head), &end);
  if (end == text + strlen(head) || strcmp(end, ")") || !(share > 0 && share < 1e4))
    return FALSE;
  *out = (FoLength){share, LENGTH_FACTOR};
  return TRUE;
}

gboolean value_length(FoLength *out, const char *text, double font_size) {
  if (read_share(out, text))
    return TRUE;
  /* Not what strtod also takes: exponents, hexadecimal, inf, nan. */
  gsize n = strspn(text, "+-.0123456789");
  g_autofree char *digits = g_strndup(text, n);
  char *end = NULL;
  double number = g_ascii_strtod(digits, &end);
  const char *unit = text + n;
  if (!n || *end || number > 1e5 || number < -1e5)
    return FALSE;
  if (!*unit)
    *out = (FoLength){number, number == 0 ? LENGTH_POINTS : LENGTH_FACTOR};
  else if (!strcmp(unit, "%"))
    *out = (FoLength){number, LENGTH_PERCENT};
  else if (!strcmp(unit, "em"))
    *out = (FoLength){number * font_size, LENGTH_POINTS};
  else {
    for (guint i = 0; i < G_N_ELEMENTS(units); i++)
      if (!strcmp(unit, units[i].name)) {
        *out = (FoLength){number * units[i].points, LENGTH_POINTS};
        return TRUE;
      }
    return FALSE;
  }
  return TRUE;
}

gboolean value_color(guint32 *out, const char *text) {
  static const struct {
    const char *name;
    guint32 color;
  } names[] = {{"black", 0}, {"white", 0xFFFFFF}, {"transparent", FO_NO_COLOR},
               {"none", FO_NO_COLOR}};
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    if (!strcmp(text, names[i].name)) {
      *out = names[i].color;
      return TRUE;
    }
  gsize n = strlen(text);
  if (text[0] != '#' || (n != 4 && n != 7) || strspn(text + 1, "0123456789abcdefABCDEF") != n - 1)
    return FALSE;
  guint32 color = (guint32)g_ascii_strtoull(text + 1, NULL, 16);
  if (n == 4)
    color = (color >> 8 & 15) * 0x110000 + (color >> 4 & 15) * 0x1100 + (color & 15) * 0x11;
  *out = color;
  return TRUE;
}

static int find_word(const char *const *words, const char *text) {
  for (int i = 0; words[i]; i++)
    if (!strcmp(words[i], text))
      return i;
  return -1;
}

static const char *const line_styles[] = {"none", "dotted", "dashed", "solid", "double", NULL};

static gboolean read_width(double *out, const char *text, double font_size) {
  static const char *const words[] = {"thin", "medium", "thick", NULL};
  static const double widths[] = {0.5, 1, 2};
  int word = find_word(words, text);
  if (word >= 0) {
    *out = widths[word];
    return TRUE;
  }
  FoLength length;
  if (!value_length(&length, text, font_size) || length.unit != LENGTH_POINTS || length.value < 0)
    return FALSE;
  *out = length.value;
  return TRUE;
}

/* "0.5pt solid black" in any order; style needed unless all is "none" or "0". */
static gboolean read_border(FoBorder *out, const char *text, double font_size) {
  FoBorder border = {1, LINE_NONE, 0};
  g_auto(GStrv) words = g_strsplit_set(text, " ", -1);
  for (guint i = 0; words[i]; i++) {
    int style = find_word(line_styles, words[i]);
    if (!*words[i])
      continue;
    if (style >= 0)
      border.style = style;
    else if (!read_width(&border.width, words[i], font_size) &&
             !value_color(&border.color, words[i]))
      return FALSE;
  }
  if (border.style == LINE_NONE)
    border.width = 0;
  *out = border;
  return TRUE;
}

static gboolean apply_border(FoBorder sides[4], const FoProperty *property, const char *text,
                             double font_size) {
  FoBorder value = {0};
  gboolean good = FALSE;
  switch (property->kind) {
  case VALUE_BORDER: good = read_border(&value, text, font_size); break;
  case VALUE_BORDER_WIDTH: good = read_width(&value.width, text, font_size); break;
  case VALUE_BORDER_COLOR: good = value_color(&value.color, text); break;
  default: value.style = find_word(line_styles, text), good = value.style >= 0; break;
  }
  for (guint side = 0; good && side < 4; side++) {
    if (!(property->arg >> side & 1))
      continue;
    if (property->kind == VALUE_BORDER)
      sides[side] = value;
    else if (property->kind == VALUE_BORDER_WIDTH)
      sides[side].width = value.width;
    else if (property->kind == VALUE_BORDER_COLOR)
      sides[side].color = value.color;
    else
      sides[side].style = value.style;
  }
  return good;
}

static gboolean apply_length(FoLength *out, guint arg, const char *text, double font_size) {
  FoLength length = {0, LENGTH_AUTO};
  if (!strcmp(text, "auto")) {
    if (!(arg & FO_AUTO))
      return FALSE;
  } else if (!value_length(&length, text, font_size)) {
    return FALSE;
  }
  if ((length.unit == LENGTH_PERCENT && !(arg & FO_PERCENT)) ||
      (length.unit == LENGTH_FACTOR && !(arg & FO_SHARE)) ||
      (length.value < 0 && !(arg & FO_NEGATIVE)))
    return FALSE;
  *out = length;
  return TRUE;
}

static gboolean apply_pair(FoLength out[2], guint arg, const char *text, double font_size) {
  gboolean good = apply_length(&out[0], arg, text, font_size);
  if (good)
    out[1] = out[0];
  return good;
}

/* One to four lengths, as CSS orders them: top, right, bottom, left. */
static gboolean apply_sides(FoLength out[4], guint arg, const char *text, double font_size) {
  static const guint8 from[4][4] = {{0, 0, 0, 0}, {0, 1, 0, 1}, {0, 1, 2, 1}, {0, 1, 2, 3}};
  FoLength read[4];
  guint n = 0;
  g_auto(GStrv) words = g_strsplit_set(text, " ", -1);
  for (guint i = 0; words[i]; i++) {
    if (!*words[i])
      continue;
    if (n == 4 || !apply_length(&read[n++], arg, words[i], font_size))
      return FALSE;
  }
  for (guint side = 0; n && side < 4; side++)
    out[side] = read[from[n - 1][side]];
  return n > 0;
}

char *value_families(const char *text) {
  g_auto(GStrv) names = g_strsplit(text, ",", -1);
  for (guint i = 0; names[i]; i++) {
    g_strdelimit(names[i], "'\"", ' ');
    g_strstrip(names[i]);
    if (!*names[i])
      return NULL;
  }
  return *names ? g_strjoinv(",", names) : NULL;
}

static gboolean apply_families(const char **out, const char *text, GStringChunk *strings) {
  g_autofree char *families = value_families(text);
  if (families)
    *out = g_string_chunk_insert_const(strings, families);
  return families != NULL;
}

static gboolean apply_int(int *out, const char *text) {
  char *end = NULL;
  gint64 number = g_ascii_strtoll(text, &end, 10);
  if (end == text || *end || number < 1 || number > 9999)
    return FALSE;
  *out = (int)number;
  return TRUE;
}

static gboolean apply_font_size(double *out, const char *text, double inherited) {
  FoLength length;
  if (!value_length(&length, text, inherited) || length.unit == LENGTH_FACTOR)
    return FALSE;
  double size = length_points(length, inherited);
  if (size < 1 || size > 200)
    return FALSE;
  *out = size;
  return TRUE;
}

static gboolean apply_line_height(FoLength *out, const char *text, double font_size) {
  FoLength length = {1.2, LENGTH_FACTOR};
  if (strcmp(text, "normal") && (!value_length(&length, text, font_size) || length.value <= 0))
    return FALSE;
  if (length.unit == LENGTH_PERCENT)
    length = (FoLength){length.value / 100 * font_size, LENGTH_POINTS};
  *out = length;
  return TRUE;
}

gboolean value_apply(FoTraits *traits, const FoProperty *property, const char *text,
                     GStringChunk *strings) {
  void *slot = (char *)traits + property->offset;
  int word = property->kind == VALUE_WORD ? find_word(property->words, text) : 0;
  switch (property->kind) {
  case VALUE_LENGTH: return apply_length(slot, property->arg, text, traits->font_size);
  case VALUE_FONT_SIZE: return apply_font_size(slot, text, traits->font_size);
  case VALUE_LINE_HEIGHT: return apply_line_height(slot, text, traits->font_size);
  case VALUE_INT: return apply_int(slot, text);
  case VALUE_COLOR: return value_color(slot, text);
  case VALUE_PAIR: return apply_pair(slot, property->arg, text, traits->font_size);
  case VALUE_FAMILIES: return apply_families(slot, text, strings);
  case VALUE_SIDES: return apply_sides(slot, property->arg, text, traits->font_size);
  case VALUE_NAME: *(const char **)slot = g_string_chunk_insert_const(strings, text); return TRUE;
  case VALUE_WORD:
    if (word >= 0)
      *(int *)slot = word;
    return word >= 0;
  default: return apply_border(slot, property, text, traits->font_size);
  }
}
