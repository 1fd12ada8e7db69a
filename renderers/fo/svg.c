/* SPDX-License-Identifier: Apache-2.0 */
/* svg.c - checking and drawing the SVG subset. Anything else is refused at reading. */
#include "fo/svg.h"

#include "base/xml.h"
#include "fo/value.h"

#include <string.h>

#define MAX_PATH 4096 /* numbers in one path: these are marks, not pictures */

/* ---------------------------------------------------------------- checking */

static const char *const common[] = {"fill", "stroke", "stroke-width", "stroke-dasharray", "id",
                                     NULL};
static const struct {
  const char *name;
  const char *const attributes[10];
} parts[] = {
    {"svg", {"width", "height", "viewBox", "version", NULL}},
    {"g", {NULL}},
    {"rect", {"x", "y", "width", "height", NULL}},
    {"circle", {"cx", "cy", "r", NULL}},
    {"ellipse", {"cx", "cy", "rx", "ry", NULL}},
    {"line", {"x1", "y1", "x2", "y2", NULL}},
    {"path", {"d", NULL}},
    {"text", {"x", "y", "font-family", "font-size", "font-weight", "text-anchor", NULL}},
};

static void refuse(const xmlNode *node, const char *what, gboolean lenient, RkDiags *diags) {
  DiagPlace place = xml_place(node);
  diags_add(diags, lenient ? DIAG_SVG_PART_IGNORED : DIAG_SVG_PART, &place,
            (const char *)node->name, what, NULL);
}

static gboolean is_among(const char *const *names, const char *name) {
  for (guint i = 0; names[i]; i++)
    if (!strcmp(names[i], name))
      return TRUE;
  return FALSE;
}

static const char *const *find_part(const xmlNode *node) {
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    if (xml_is(node, FO_SVG_NS, parts[i].name))
      return parts[i].attributes;
  return NULL;
}

/* An attribute of the node or of the nearest ancestor that has it. g_free. */
static char *inherited(const xmlNode *node, const char *name) {
  for (; node && xml_in_ns(node, FO_SVG_NS); node = node->parent) {
    char *value = xml_attr(node, name);
    if (value)
      return value;
  }
  return NULL;
}

/* Other formatters do not inherit the family from the page. */
void svg_check(const xmlNode *node, gboolean lenient, RkDiags *diags) {
  const char *const *allowed = find_part(node);
  if (!allowed) {
    refuse(node, "element", lenient, diags);
    return;
  }
  g_autofree char *families = inherited(node, "font-family");
  DiagPlace place = xml_place(node);
  if (xml_is(node, FO_SVG_NS, "text") && !families)
    diags_add(diags, DIAG_FO_REQUIRED, &place, "text", "font-family", NULL);
  for (const xmlAttr *a = node->properties; a; a = a->next)
    if (!a->ns && !is_among(common, (const char *)a->name) &&
        !is_among(allowed, (const char *)a->name))
      refuse(node, (const char *)a->name, lenient, diags);
  for (const xmlNode *child = xml_first_element(node); child; child = xml_next_element(child))
    svg_check(child, lenient, diags);
}

/* ----------------------------------------------------------------- reading */

/* SVG's bare numbers are its own units; with a unit they are points. */
static double number(const xmlNode *node, const char *name, double fallback) {
  g_autofree char *text = xml_attr(node, name);
  FoLength length;
  return text && value_length(&length, text, 0) && length.unit != LENGTH_PERCENT ? length.value
                                                                                 : fallback;
}

typedef struct {
  double x, y, width, height; /* the user space shown */
  double area_width, area_height;
} View;

static View read_view(const FoNode *object, const xmlNode *svg) {
  const FoTraits *traits = &object->traits;
  View view = {0, 0, number(svg, "width", 0), number(svg, "height", 0), 0, 0};
  view.area_width = view.width;
  view.area_height = view.height;
  g_autofree char *box = xml_attr(svg, "viewBox");
  if (box) {
    double *slots[] = {&view.x, &view.y, &view.width, &view.height};
    char *p = box;
    for (guint i = 0; i < 4; i++) {
      p += strspn(p, " ,");
      *slots[i] = g_ascii_strtod(p, &p);
    }
  }
  FoLength width = traits->own.content_width, height = traits->own.content_height;
  double ratio = view.width > 0 && view.height > 0 ? view.height / view.width : 1;
  if (width.unit == LENGTH_POINTS)
    view.area_width = width.value, view.area_height = width.value * ratio;
  if (height.unit == LENGTH_POINTS) {
    view.area_height = height.value;
    if (width.unit != LENGTH_POINTS)
      view.area_width = height.value / ratio;
  }
  return view;
}

void svg_size(const FoNode *object, const xmlNode *svg, double *width, double *height) {
  View view = read_view(object, svg);
  *width = view.area_width;
  *height = view.area_height;
}

/* ----------------------------------------------------------------- drawing */

static void dash(const Painter *painter, const xmlNode *node) {
  g_autofree char *text = inherited(node, "stroke-dasharray");
  double lengths[8];
  int n = 0;
  for (char *p = text; p && *p && n < 8;) {
    char *end = p;
    p += strspn(p, " ,");
    double length = g_ascii_strtod(p, &end);
    if (end == p || length < 0)
      break;
    lengths[n++] = length;
    p = end;
  }
  cairo_set_dash(painter->cairo, lengths, n, 0);
}

/* Thin strokes must survive a FAX: never under the painter's least in pixels. */
static double stroke_width(const Painter *painter, const xmlNode *node) {
  g_autofree char *text = inherited(node, "stroke-width");
  FoLength length;
  double width = text && value_length(&length, text, 0) ? length.value : 1;
  if (painter->fax) {
    double across = painter->least[0], down = painter->least[1];
    cairo_device_to_user_distance(painter->cairo, &across, &down);
    width = MAX(width, MAX(across, down));
  }
  return width;
}

static void paint(const Painter *painter, const xmlNode *node, gboolean fillable) {
  g_autofree char *fill = inherited(node, "fill"), *stroke = inherited(node, "stroke");
  guint32 color = 0;
  cairo_save(painter->cairo);
  if (fill && !value_color(&color, fill))
    color = FO_NO_COLOR;
  if (fillable && color != FO_NO_COLOR) {
    painter_set_color(painter, color);
    cairo_fill_preserve(painter->cairo);
  }
  if (stroke && value_color(&color, stroke) && color != FO_NO_COLOR) {
    painter_set_color(painter, color);
    cairo_set_line_width(painter->cairo, stroke_width(painter, node));
    dash(painter, node);
    cairo_stroke_preserve(painter->cairo);
  }
  cairo_new_path(painter->cairo);
  cairo_restore(painter->cairo);
}

static void ellipse_path(cairo_t *cairo, double cx, double cy, double rx, double ry) {
  if (rx <= 0 || ry <= 0)
    return;
  cairo_save(cairo);
  cairo_translate(cairo, cx, cy);
  cairo_scale(cairo, rx, ry);
  cairo_new_sub_path(cairo);
  cairo_arc(cairo, 0, 0, 1, 0, 2 * G_PI);
  cairo_close_path(cairo);
  cairo_restore(cairo);
}

static guint read_numbers(char **p, double *numbers, guint wanted) {
  for (guint i = 0; i < wanted; i++) {
    char *end;
    *p += strspn(*p, " ,\t\r\n");
    numbers[i] = g_ascii_strtod(*p, &end);
    if (end == *p)
      return i;
    *p = end;
  }
  return wanted;
}

/* M L H V C Z, absolute; FALSE at the first thing that is none of these. */
static gboolean path_step(cairo_t *cairo, char command, char **p) {
  double n[6], x = 0, y = 0;
  guint wanted = command == 'C' ? 6 : command == 'M' || command == 'L' ? 2
                                  : command == 'H' || command == 'V'   ? 1
                                                                       : 0;
  if (command != 'Z' && (!wanted || read_numbers(p, n, wanted) != wanted))
    return FALSE;
  if (cairo_has_current_point(cairo))
    cairo_get_current_point(cairo, &x, &y);
  switch (command) {
  case 'M': cairo_move_to(cairo, n[0], n[1]); break;
  case 'L': cairo_line_to(cairo, n[0], n[1]); break;
  case 'H': cairo_line_to(cairo, n[0], y); break;
  case 'V': cairo_line_to(cairo, x, n[0]); break;
  case 'C': cairo_curve_to(cairo, n[0], n[1], n[2], n[3], n[4], n[5]); break;
  default: cairo_close_path(cairo); break;
  }
  return TRUE;
}

static void path_path(cairo_t *cairo, const xmlNode *node) {
  g_autofree char *text = xml_attr(node, "d");
  char command = 0;
  char *p = text;
  for (guint steps = 0; p && steps < MAX_PATH; steps++) {
    p += strspn(p, " ,\t\r\n");
    if (g_ascii_isalpha(*p))
      command = *p++;
    else if (!*p || command == 'Z')
      return;
    else if (command == 'M')
      command = 'L'; /* further pairs after a move are lines */
    if (!path_step(cairo, command, &p))
      return;
  }
}

/* The traits of a text; *families is what to free when they are no longer used. */
static FoTraits text_traits(const FoNode *object, const xmlNode *node, char **families) {
  g_autofree char *size = inherited(node, "font-size"), *weight = inherited(node, "font-weight");
  g_autofree char *fill = inherited(node, "fill");
  FoTraits traits = object->traits;
  FoLength length;
  guint32 color;
  g_autofree char *list = inherited(node, "font-family");
  *families = list ? value_families(list) : NULL;
  if (*families)
    traits.families = *families;
  if (size && value_length(&length, size, traits.font_size) && length.value > 0)
    traits.font_size = length.value;
  if (fill && value_color(&color, fill) && color != FO_NO_COLOR)
    traits.color = color;
  if (weight)
    traits.bold = !strcmp(weight, "bold");
  return traits;
}

static double anchor_of(const xmlNode *node) {
  g_autofree char *anchor = inherited(node, "text-anchor");
  return !g_strcmp0(anchor, "middle") ? 0.5 : !g_strcmp0(anchor, "end") ? 1 : 0;
}

/* Nothing is clipped, so a text wider than its drawing would lie on what is beside it. */
static void check_words(FoFonts *fonts, const FoNode *object, const View *view,
                        const xmlNode *node, RkDiags *diags) {
  g_autofree char *text = g_strstrip(xml_text(node)), *families = NULL;
  FoTraits traits = text_traits(object, node, &families);
  DiagPlace place = xml_place(node);
  fonts_check_text(fonts, traits.families, traits.bold, text, &place, node_label(object), diags);
  double width = words_width(fonts, text, &traits), slack = view->width * 0.02;
  double left = number(node, "x", 0) - anchor_of(node) * width;
  if (left < view->x - slack || left + width > view->x + view->width + slack)
    diags_add(diags, DIAG_FO_OVERFLOW, &place, node_label(object), "svg", NULL);
}

static void check_glyphs(FoFonts *fonts, const FoNode *object, const View *view,
                         const xmlNode *node, RkDiags *diags) {
  if (xml_is(node, FO_SVG_NS, "text"))
    check_words(fonts, object, view, node, diags);
  for (const xmlNode *c = xml_first_element(node); c; c = xml_next_element(c))
    check_glyphs(fonts, object, view, c, diags);
}

void svg_check_glyphs(FoFonts *fonts, const FoNode *object, const xmlNode *svg, RkDiags *diags) {
  View view = read_view(object, svg);
  check_glyphs(fonts, object, &view, svg, diags);
}

static void draw_words(const Painter *painter, const FoNode *object, const xmlNode *node) {
  g_autofree char *text = g_strstrip(xml_text(node)), *families = NULL;
  FoTraits traits = text_traits(object, node, &families);
  painter_text(painter, text, &traits, number(node, "x", 0), number(node, "y", 0),
               anchor_of(node));
}

static void draw_node(Painter *painter, const FoNode *object, const xmlNode *node) {
  cairo_t *cairo = painter->cairo;
  cairo_new_path(cairo);
  if (xml_is(node, FO_SVG_NS, "rect")) {
    cairo_rectangle(cairo, number(node, "x", 0), number(node, "y", 0), number(node, "width", 0),
                    number(node, "height", 0));
  } else if (xml_is(node, FO_SVG_NS, "circle")) {
    double radius = number(node, "r", 0);
    ellipse_path(cairo, number(node, "cx", 0), number(node, "cy", 0), radius, radius);
  } else if (xml_is(node, FO_SVG_NS, "ellipse")) {
    ellipse_path(cairo, number(node, "cx", 0), number(node, "cy", 0), number(node, "rx", 0),
                 number(node, "ry", 0));
  } else if (xml_is(node, FO_SVG_NS, "line")) {
    cairo_move_to(cairo, number(node, "x1", 0), number(node, "y1", 0));
    cairo_line_to(cairo, number(node, "x2", 0), number(node, "y2", 0));
  } else if (xml_is(node, FO_SVG_NS, "path")) {
    path_path(cairo, node);
  } else if (xml_is(node, FO_SVG_NS, "text")) {
    draw_words(painter, object, node);
    return;
  } else {
    for (const xmlNode *c = xml_first_element(node); c; c = xml_next_element(c))
      draw_node(painter, object, c);
    return;
  }
  paint(painter, node, !xml_is(node, FO_SVG_NS, "line"));
}

void svg_draw(Painter *painter, const FoNode *object, const xmlNode *svg, double x, double y) {
  View view = read_view(object, svg);
  if (MIN(view.width, view.height) <= 0 || MIN(view.area_width, view.area_height) <= 0)
    return;
  cairo_save(painter->cairo);
  cairo_translate(painter->cairo, x, y);
  cairo_scale(painter->cairo, view.area_width / view.width, view.area_height / view.height);
  cairo_translate(painter->cairo, -view.x, -view.y);
  draw_node(painter, object, svg);
  cairo_restore(painter->cairo);
}
