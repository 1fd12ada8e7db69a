/* SPDX-License-Identifier: Apache-2.0 */
/* start.c - what must hold before anything else: private files, no core dumps, a clean
 * environment, and a UTF-8 locale even where none was generated. */
#include "config.h"

#include "cli/cli.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* What may reach the program and the editor it starts; the rest is dropped. */
static const char *const allowed[] = {
    "PATH", "HOME", "LANG", "LANGUAGE", "TERM", "TZ", "VISUAL", "EDITOR", "TMPDIR", "NO_COLOR",
    "COLUMNS", "LINES", "SUDO_UID", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR",
    "SOURCE_DATE_EPOCH", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", NULL};

static gboolean is_allowed(const char *name) {
  return g_strv_contains(allowed, name) || g_str_has_prefix(name, "LC_") ||
         g_str_has_prefix(name, "RENKEI_");
}

static void clean_environment(void) {
  g_auto(GStrv) names = g_listenv();
  for (guint i = 0; names[i]; i++)
    if (!is_allowed(names[i]))
      g_unsetenv(names[i]);
}

void start_harden(void) {
  const struct rlimit none = {0, 0};
  umask(077);
  clean_environment();
  setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__ /* the leak checker must be able to look at the process */
  prctl(PR_SET_DUMPABLE, 0);
#endif
}

const char *start_find_language(int argc, char **argv) {
  for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
    if (g_str_has_prefix(argv[i], "--lang="))
      return argv[i] + strlen("--lang=");
    if (strcmp(argv[i], "--lang") == 0 && argv[i + 1])
      return argv[i + 1];
  }
  return NULL;
}

/* The language that the environment asks for, as setlocale reads it. */
static const char *environment_language(void) {
  static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    const char *value = g_getenv(names[i]);
    if (value && *value)
      return value;
  }
  return "";
}

/* gettext ignores LANGUAGE in the locale "C" but not in C.UTF-8. */
void start_locale(const char *language) {
  gboolean usable = setlocale(LC_ALL, "") && g_str_equal(nl_langinfo(CODESET), "UTF-8");
  gboolean japanese = g_str_has_prefix(environment_language(), "ja");
  if (!usable) {
    setlocale(LC_ALL, "C.UTF-8");
    g_setenv("LANGUAGE", japanese ? "ja" : "en", TRUE);
  }
  if (language) {
    const char *messages = setlocale(LC_MESSAGES, NULL);
    if (messages && g_str_equal(messages, "C"))
      setlocale(LC_MESSAGES, "C.UTF-8");
    g_setenv("LANGUAGE", language, TRUE);
  }
  const char *folder = g_getenv("RENKEI_LOCALEDIR");
  bindtextdomain(GETTEXT_PACKAGE, folder ? folder : RENKEI_LOCALEDIR);
  bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
  textdomain(GETTEXT_PACKAGE);
}
