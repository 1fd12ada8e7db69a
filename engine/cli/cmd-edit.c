/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd-edit.c - filling a paper in with the clerk's own editor.
 *
 * The text lies in a 0600 file of a 0700 folder of its own while it is edited, and is
 * removed in every case. What was typed is never lost to a mistake: the editor can be
 * opened again on the same text.
 */
#include "config.h"

#include "cli/cli.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>

static GStrv editor_words(const char *path) {
  const char *editor = g_getenv("VISUAL");
  if (!editor || !*editor)
    editor = g_getenv("EDITOR");
  if (!editor || !*editor)
    editor = "editor";
  GStrv words = NULL;
  if (!g_shell_parse_argv(editor, NULL, &words, NULL))
    return NULL;
  guint count = g_strv_length(words);
  words = g_renew(char *, words, count + 2);
  words[count] = g_strdup(path);
  words[count + 1] = NULL;
  return words;
}

static RkStatus start_editor(const Cli *cli, const char *path) {
  g_auto(GStrv) words = editor_words(path);
  g_autoptr(GError) error = NULL;
  int ended = 0;
  if (words && g_spawn_sync(NULL, words, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_CHILD_INHERITS_STDIN,
                            NULL, NULL, NULL, NULL, &ended, &error) &&
      g_spawn_check_wait_status(ended, &error))
    return RK_OK;
  g_autofree char *message =
      g_strdup_printf(_("the editor failed: %s"), error ? error->message : _("not found"));
  return say_error(cli, RK_FAILED, message, _("set EDITOR, or use: renkei form fill CASE FORM FILE"));
}

/* What is filled in, in whose name (NULL: the operator's own), with what remark. */
typedef struct {
  char *number, *form, *behalf, *why;
} Edit;

static void edit_clear(Edit *of) {
  g_free(of->number);
  g_free(of->form);
  g_free(of->behalf);
  g_free(of->why);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Edit, edit_clear)

/* Take the text as it stands now. */
static RkStatus take(Cli *cli, const Edit *of, const char *text) {
  g_autofree char *state = NULL;
  RkRequest request = desk_request(cli);
  request.why = of->why;
  request.on_behalf = of->behalf;
  RkStatus status = form_take(cli, &request, of->number, of->form, text, of->form, &state);
  if (status == RK_OK)
    output_value(cli, "paper", "state", state);
  return say_diags(cli, status);
}

static gboolean again(const Cli *cli) {
  if (!prompt_possible(cli))
    return FALSE;
  g_autofree char *answer = prompt_line(_("Edit again? [Y/n]"));
  return answer && g_ascii_strcasecmp(answer, "n") != 0 && g_ascii_strcasecmp(answer, "no") != 0;
}

static RkStatus edit(Cli *cli, const Edit *of, const char *path, const char *before) {
  for (;;) {
    RkStatus status = start_editor(cli, path);
    g_autofree char *text = status == RK_OK ? file_read(cli, path) : NULL;
    if (!text)
      return RK_FAILED;
    if (g_str_equal(text, before)) {
      say(cli, "%s", _("Nothing was changed."));
      return RK_OK;
    }
    status = take(cli, of, text);
    if (status != RK_INVALID || !again(cli))
      return status;
  }
}

RkStatus run_form_edit(Cli *cli, int argc, char **argv) {
  g_autofree char *before = NULL;
  g_auto(Edit) of = {0};
  const GOptionEntry entries[] = {
      {"for", 0, 0, G_OPTION_ARG_STRING, &of.behalf,
       N_("the operator in whose name it is entered, and who has to confirm it"), "USER"},
      {"why", 0, 0, G_OPTION_ARG_STRING, &of.why, N_("a remark"), "TEXT"},
      {NULL}};
  g_autoptr(GError) error = NULL;
  RkStatus status = RK_OK;
  if (!desk_command(cli, entries, &argc, &argv, 2, 2, &status))
    return status;
  of.number = fold(argv[1]);
  of.form = fold(argv[2]);
  status = rk_form_text(cli->desk, of.number, of.form, &before, cli->diags);
  if (status != RK_OK)
    return say_diags(cli, status);
  g_autofree char *folder = g_dir_make_tmp("renkei-XXXXXX", &error);
  g_autofree char *path = folder ? g_build_filename(folder, "paper.txt", NULL) : NULL;
  if (!path || !g_file_set_contents_full(path, before, -1, G_FILE_SET_CONTENTS_NONE, 0600, &error))
    return say_error(cli, RK_FAILED, error->message, _("check the folder TMPDIR names"));
  status = edit(cli, &of, path, before);
  g_autofree char *backup = g_strconcat(path, "~", NULL);
  g_unlink(path);
  g_unlink(backup);
  g_rmdir(folder);
  return status;
}
