/* SPDX-License-Identifier: Apache-2.0 */
/* asked.c - see asked.h. */
#include "case/asked.h"

#include "base/date.h"
#include "base/text.h"

#include <string.h>

const char *ask_title(const MachineAsk *ask, gboolean english) {
  if (english && ask->title_en)
    return ask->title_en;
  return ask->title ? ask->title : ask->name;
}

/* Line ends and tabs are let through; not the form feed nor U+FFFE, which no XML can hold. */
static gboolean has_control(const char *text) {
  for (const char *p = text; *p; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);
    gboolean space = c == '\t' || c == '\n' || c == '\r';
    if ((g_unichar_iscntrl(c) && !space) || (c & 0xFFFE) == 0xFFFE)
      return TRUE;
  }
  return FALSE;
}

static char *take_date(const MachineAsk *ask, const char *text, gboolean english, RkDiags *diags) {
  Day day;
  g_autofree char *folded = text_fold_input(text);
  g_autofree char *trimmed = text_trim(folded);
  g_autoptr(RkDiags) reasons = rk_diags_new();
  if (day_parse(&day, trimmed, TRUE, reasons) == RK_OK)
    return day_to_iso(day);
  diags_add(diags, DIAG_INPUT_DATE, NULL, ask_title(ask, english), ask->name, NULL);
  return NULL;
}

static char *take_choice(const MachineAsk *ask, const char *text, gboolean english,
                         RkDiags *diags) {
  g_auto(GStrv) values = g_strsplit_set(ask->values, " \t\n", -1);
  g_autofree char *folded = text_fold_input(text);
  g_autofree char *word = text_trim(folded);
  if (*word && g_strv_contains((const char *const *)values, word))
    return g_steal_pointer(&word);
  diags_add(diags, DIAG_INPUT_CHOICE, NULL, ask_title(ask, english), ask->name, ask->values, NULL);
  return NULL;
}

static char *take_value(const MachineAsk *ask, const char *text, gboolean english, RkDiags *diags) {
  if (!g_utf8_validate(text, -1, NULL) || has_control(text)) {
    diags_add(diags, DIAG_INPUT_TEXT, NULL, ask_title(ask, english), ask->name, NULL);
    return NULL;
  }
  if (g_str_equal(ask->type, "date"))
    return take_date(ask, text, english, diags);
  if (g_str_equal(ask->type, "choice"))
    return take_choice(ask, text, english, diags);
  return text_trim(text);
}

static void refuse_unknown(const MachineAsk *asks, guint n_asks, const json_t *given,
                           RkDiags *diags) {
  g_autoptr(GString) names = g_string_new(NULL);
  const char *name;
  json_t *value;
  for (guint i = 0; i < n_asks; i++)
    g_string_append_printf(names, "%s%s", i ? ", " : "", asks[i].name);
  json_object_foreach((json_t *)given, name, value) {
    gboolean known = FALSE;
    for (guint i = 0; i < n_asks; i++)
      known = known || g_str_equal(asks[i].name, name);
    if (!known)
      diags_add(diags, DIAG_INPUT_UNKNOWN, NULL, name, names->len ? names->str : "-", NULL);
  }
}

RkStatus asked_take(const MachineAsk *asks, guint n_asks, const json_t *given, gboolean english,
                    json_t **out, RkDiags *diags) {
  g_autoptr(RkDiags) found = rk_diags_new();
  json_t *taken = json_object();
  for (guint i = 0; i < n_asks; i++) {
    const char *text = json_string_value(json_object_get(given, asks[i].name));
    g_autofree char *value = text && *text ? take_value(&asks[i], text, english, found) : NULL;
    gboolean blank = value ? !*value : !(text && *text); /* what was refused is not missing */
    if (value && *value)
      json_object_set_new(taken, asks[i].name, json_string(value));
    else if (blank && asks[i].required)
      diags_add(found, asks[i].is_public ? DIAG_INPUT_MISSING : DIAG_INPUT_PERSONAL, NULL,
                ask_title(&asks[i], english), asks[i].name, NULL);
  }
  refuse_unknown(asks, n_asks, given, found);
  gboolean bad = rk_diags_has_errors(found);
  diags_take_all(diags, found);
  *out = bad ? NULL : taken;
  if (bad)
    json_decref(taken);
  return bad ? RK_INVALID : RK_OK;
}
