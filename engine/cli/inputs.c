/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inputs.c - what is said when a case is opened or an event is entered: --set NAME=VALUE, the
 * standard input, or an answer at the terminal. Personal values never stand in argv.
 */
#include "config.h"

#include "cli/cli.h"

#include <string.h>

void inputs_clear(Inputs *inputs) {
  g_clear_pointer(&inputs->names, g_ptr_array_unref);
  g_clear_pointer(&inputs->texts, g_ptr_array_unref);
}

static void inputs_add(Inputs *inputs, char *name, char *text) {
  g_ptr_array_add(inputs->names, name);
  g_ptr_array_add(inputs->texts, text);
}

static const char *inputs_get(const Inputs *inputs, const char *name) {
  for (guint i = 0; i < inputs->names->len; i++)
    if (g_str_equal(inputs->names->pdata[i], name))
      return inputs->texts->pdata[i];
  return NULL;
}

static gboolean is_yes(const RkTable *table, guint row, const char *key) {
  return g_strcmp0(rk_table_get(table, row, key), "yes") == 0;
}

/* "name=-" reads it. */
static RkStatus take_set(Cli *cli, const char *word, Inputs *inputs) {
  const char *equals = strchr(word, '=');
  if (!equals || equals == word)
    return say_error(cli, RK_USAGE, _("--set wants NAME=VALUE"),
                     _("for example: --set institution=例示クリニック"));
  char *text = g_str_equal(equals + 1, "-") ? file_read(cli, "-") : g_strdup(equals + 1);
  if (!text)
    return RK_FAILED;
  inputs_add(inputs, g_strndup(word, (gsize)(equals - word)), g_strstrip(text));
  return RK_OK;
}

/* An input that is not public, or unknown, must not stand in argv. */
static RkStatus check_set(Cli *cli, const RkTable *known, const char *word) {
  const char *equals = strchr(word, '=');
  g_autofree char *name = g_strndup(word, (gsize)(equals - word));
  gboolean is_public = TRUE;
  for (guint i = 0; i < rk_table_rows(known); i++)
    if (g_strcmp0(rk_table_get(known, i, "name"), name) == 0)
      is_public = is_yes(known, i, "public");
  if (is_public || g_str_equal(equals + 1, "-"))
    return RK_OK;
  g_autofree char *message =
      g_strdup_printf(_("the value of '%s' is personal and must not stand on the command line"), name);
  g_autofree char *hint = g_strdup_printf(
      _("leave it out to be asked, give it on the standard input (--set %s=-), or in a file "
        "(--values FILE)"),
      name);
  return say_error(cli, RK_USAGE, message, hint);
}

static RkStatus ask_missing(Cli *cli, const RkTable *known, Inputs *inputs) {
  for (guint i = 0; prompt_possible(cli) && i < rk_table_rows(known); i++) {
    const char *name = rk_table_get(known, i, "name");
    if (inputs_get(inputs, name) || !is_yes(known, i, "required"))
      continue;
    g_autofree char *question = g_strdup_printf("%s:", rk_table_get(known, i, "title"));
    char *answer = prompt_line(question);
    if (!answer || !*answer) {
      g_free(answer);
      say(cli, "%s", _("Cancelled; nothing was changed."));
      return RK_CANCELLED;
    }
    inputs_add(inputs, g_strdup(name), answer);
  }
  return RK_OK;
}

/* Lines NAME = VALUE of a file; empty ones and those that begin with # are passed over. */
static RkStatus take_file(Cli *cli, const char *path, Inputs *inputs) {
  g_autofree char *text = file_read(cli, path);
  if (!text)
    return RK_FAILED;
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (guint i = 0; lines[i]; i++) {
    char *line = g_strstrip(lines[i]), *equals = strchr(line, '=');
    if (!*line || *line == '#')
      continue;
    if (!equals) {
      g_autofree char *message = g_strdup_printf(_("%s:%u: this is no NAME = VALUE"), path, i + 1);
      return say_error(cli, RK_INVALID, message, _("for example: institution = 例示クリニック"));
    }
    g_autofree char *name = g_strndup(line, (gsize)(equals - line));
    inputs_add(inputs, g_strdup(g_strstrip(name)), g_strdup(g_strstrip(equals + 1)));
  }
  return RK_OK;
}

RkStatus inputs_given(Cli *cli, const InputOptions *options, Inputs *inputs) {
  char **sets = options->sets;
  RkStatus status = RK_OK;
  inputs->names = g_ptr_array_new_with_free_func(g_free);
  inputs->texts = g_ptr_array_new_with_free_func(g_free);
  if (options->values)
    status = take_file(cli, options->values, inputs);
  for (guint i = 0; status == RK_OK && sets && sets[i]; i++)
    status = take_set(cli, sets[i], inputs);
  return status;
}

RkStatus inputs_complete(Cli *cli, const RkTable *known, const InputOptions *options, Inputs *inputs) {
  char **sets = options->sets;
  RkStatus status = RK_OK;
  for (guint i = 0; status == RK_OK && sets && sets[i]; i++)
    status = check_set(cli, known, sets[i]);
  return status == RK_OK ? ask_missing(cli, known, inputs) : status;
}

RkStatus inputs_gather(Cli *cli, const RkTable *known, const InputOptions *options,
                       Inputs *inputs) {
  RkStatus status = inputs_given(cli, options, inputs);
  return status == RK_OK ? inputs_complete(cli, known, options, inputs) : status;
}

RkValue *inputs_values(const Inputs *inputs) {
  RkValue *values = g_new0(RkValue, inputs->names->len + 1);
  for (guint i = 0; i < inputs->names->len; i++)
    values[i] = (RkValue){inputs->names->pdata[i], inputs->texts->pdata[i]};
  return values;
}
