/* SPDX-License-Identifier: Apache-2.0 */
/* duties.c - see duties.h. */
#include "case/duties.h"

#include "base/shape.h"
#include "base/xml.h"

struct Duties {
  xmlDoc *doc;    /* places name its file */
  GPtrArray *all; /* Duty */
};

static const ShapeElement elements[] = {
    {"duties", NULL, "municipality! source!", SHAPE_ELEMENTS},
    {"duty", "duties",
     "id! kind=guard|log|listing|reminder|checklist|help title! title-en source! inferred register",
     SHAPE_ELEMENTS},
    {"text", "duty", "", SHAPE_TEXT},
    {"item", "duty", "", SHAPE_TEXT},
    {"enforced", "duty", "procedure! event!", SHAPE_ELEMENTS},
};

static const Shape shape = SHAPE_OF_LIST(DUTIES_NS, elements);

static void duty_free(gpointer data) {
  Duty *duty = data;
  char *texts[] = {duty->id,     duty->kind,     duty->title, duty->title_en,
                   duty->source, duty->inferred, duty->reg};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
  g_ptr_array_unref(duty->texts);
  g_ptr_array_unref(duty->enforced);
  g_free(duty);
}

void duties_free(Duties *duties) {
  if (!duties)
    return;
  g_ptr_array_unref(duties->all);
  xmlFreeDoc(duties->doc);
  g_free(duties);
}

static void read_parts(Duty *duty, const xmlNode *node) {
  for (xmlNode *child = xml_first_element(node); child; child = xml_next_element(child)) {
    if (xml_is(child, DUTIES_NS, "enforced")) {
      g_autofree char *procedure = xml_attr(child, "procedure");
      g_autofree char *event = xml_attr(child, "event");
      g_ptr_array_add(duty->enforced, g_strdup_printf("%s %s", procedure, event));
    } else {
      g_ptr_array_add(duty->texts, g_strstrip(xml_text(child)));
    }
  }
}

static Duty *read_duty(const xmlNode *node) {
  Duty *duty = g_new0(Duty, 1);
  duty->place = xml_place(node);
  duty->id = xml_attr(node, "id");
  duty->kind = xml_attr(node, "kind");
  duty->title = xml_attr(node, "title");
  duty->title_en = xml_attr(node, "title-en");
  duty->source = xml_attr(node, "source");
  duty->inferred = xml_attr(node, "inferred");
  duty->reg = xml_attr(node, "register");
  duty->texts = g_ptr_array_new_with_free_func(g_free);
  duty->enforced = g_ptr_array_new_with_free_func(g_free);
  read_parts(duty, node);
  return duty;
}

RkStatus duties_load_file(Duties **out, const char *path, RkDiags *diags) {
  g_autoptr(xmlDoc) doc = NULL;
  *out = NULL;
  RkStatus status = shape_read_file(&doc, &shape, path, diags);
  if (status != RK_OK)
    return status;
  const xmlNode *root = xmlDocGetRootElement(doc);
  Duties *duties = *out = g_new0(Duties, 1);
  duties->all = g_ptr_array_new_with_free_func(duty_free);
  for (xmlNode *node = xml_first_element(root); node; node = xml_next_element(node))
    g_ptr_array_add(duties->all, read_duty(node));
  duties->doc = g_steal_pointer(&doc);
  return RK_OK;
}

const GPtrArray *duties_all(const Duties *duties) {
  return duties->all;
}

const Duty *duties_find(const Duties *duties, const char *id) {
  for (guint i = 0; i < duties->all->len; i++)
    if (g_strcmp0(((Duty *)duties->all->pdata[i])->id, id) == 0)
      return duties->all->pdata[i];
  return NULL;
}
