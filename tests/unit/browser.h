/* SPDX-License-Identifier: Apache-2.0 */
/*
 * browser.h - one headless Chromium that prints HTML files to PDF, spoken to in the DevTools
 * Protocol over two pipes (JSON, each message ended by a NUL). To start one takes longer than
 * to print a form, so one prints them all.
 */
#ifndef RK_TEST_BROWSER_H
#define RK_TEST_BROWSER_H

#include "../own-folder.h"
#include "form-support.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define BROWSER_PATIENCE 120000 /* ms until a browser that says nothing counts as hung */

typedef struct {
  char *folder, *session;
  GPid pid;
  int to, from;
  int last;        /* number of the last message sent */
  gboolean loaded; /* the page asked for is there; may be told before the answer */
  GByteArray *in; /* what has come and is not yet a message */
} Browser;

/* The next message, whatever it is. */
static inline json_t *browser_hear(Browser *browser) {
  for (;;) {
    const guint8 *end = browser->in->len ? memchr(browser->in->data, 0, browser->in->len) : NULL;
    if (end) {
      json_t *message = json_loads((const char *)browser->in->data, 0, NULL);
      g_byte_array_remove_range(browser->in, 0, (guint)(end - browser->in->data) + 1);
      assert_non_null(message);
      if (!g_strcmp0(json_string_value(json_object_get(message, "method")), "Page.loadEventFired"))
        browser->loaded = TRUE;
      return message;
    }
    struct pollfd wait = {.fd = browser->from, .events = POLLIN};
    assert_int_equal(poll(&wait, 1, BROWSER_PATIENCE), 1);
    guint8 bytes[65536];
    gssize n = read(browser->from, bytes, sizeof bytes);
    assert_true(n > 0);
    g_byte_array_append(browser->in, bytes, (guint)n);
  }
}

/* Send a command (`params` is taken) and wait for its result, json_decref. */
static inline json_t *browser_ask(Browser *browser, const char *method, json_t *params) {
  json_t *message = json_pack("{s:i, s:s, s:o, s:s*}", "id", ++browser->last, "method", method, "params", params,
                              "sessionId", browser->session);
  g_autofree char *text = json_dumps(message, JSON_COMPACT);
  json_decref(message);
  assert_int_equal(write(browser->to, text, strlen(text) + 1), strlen(text) + 1);
  for (;;) {
    json_t *answer = browser_hear(browser), *result = NULL;
    gboolean ours = json_integer_value(json_object_get(answer, "id")) == browser->last;
    if (ours && !(result = json_incref(json_object_get(answer, "result"))))
      fail_msg("%s: %s", method, json_string_value(json_object_get(json_object_get(answer, "error"), "message")));
    json_decref(answer);
    if (ours)
      return result;
  }
}

static inline char *browser_ask_text(Browser *browser, const char *method, json_t *params, const char *member) {
  json_t *result = browser_ask(browser, method, params);
  char *text = g_strdup(json_string_value(json_object_get(result, member)));
  json_decref(result);
  assert_non_null(text);
  return text;
}

static inline void browser_spawn(Browser *browser) {
  int in[2], out[2];
  static const int targets[] = {3, 4};
  g_autofree char *profile = g_strconcat("--user-data-dir=", browser->folder, "/profile", NULL);
  const char *argv[] = {"chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                        "--remote-debugging-pipe", profile, "about:blank", NULL};
  g_autoptr(GError) error = NULL;
  assert_true(g_unix_open_pipe(in, FD_CLOEXEC, NULL) && g_unix_open_pipe(out, FD_CLOEXEC, NULL));
  const int sources[] = {in[0], out[1]};
  if (!g_spawn_async_with_pipes_and_fds(NULL, argv, NULL,
                                        G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL |
                                            G_SPAWN_STDERR_TO_DEV_NULL,
                                        NULL, NULL, -1, -1, -1, sources, targets, 2, &browser->pid, NULL, NULL, NULL,
                                        &error))
    fail_msg("chromium: %s", error->message);
  close(in[0]);
  close(out[1]);
  browser->to = in[1];
  browser->from = out[0];
}

static inline Browser *browser_new(void) {
  Browser *browser = g_new0(Browser, 1);
  browser->folder = folder_new("browser");
  browser->in = g_byte_array_new();
  browser_spawn(browser);
  g_autofree char *target =
      browser_ask_text(browser, "Target.createTarget", json_pack("{s:s}", "url", "about:blank"), "targetId");
  browser->session = browser_ask_text(browser, "Target.attachToTarget",
                                      json_pack("{s:s, s:b}", "targetId", target, "flatten", 1), "sessionId");
  json_decref(browser_ask(browser, "Page.enable", json_object()));
  return browser;
}

/* The browser ends when nobody speaks to it any more. */
static inline void browser_free(Browser *browser) {
  const char *sweep[] = {"rm", "-rf", browser->folder, NULL};
  close(browser->to);
  close(browser->from);
  waitpid(browser->pid, NULL, 0);
  g_spawn_sync(NULL, (char **)sweep, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_byte_array_unref(browser->in);
  g_free(browser->session);
  g_free(browser->folder);
  g_free(browser);
}

static inline void browser_open(Browser *browser, const char *url) {
  browser->loaded = FALSE;
  json_decref(browser_ask(browser, "Page.navigate", json_pack("{s:s}", "url", url)));
  while (!browser->loaded)
    json_decref(browser_hear(browser));
}

/* The PDF that the browser makes of `html`, on the paper that its style asks for. */
static inline GBytes *browser_print(Browser *browser, GBytes *html) {
  g_autofree char *page = g_build_filename(browser->folder, "form.html", NULL), *url = g_strconcat("file://", page, NULL);
  assert_true(g_file_set_contents(page, g_bytes_get_data(html, NULL), (gssize)g_bytes_get_size(html), NULL));
  browser_open(browser, url);
  g_autofree char *data = browser_ask_text(browser, "Page.printToPDF",
                                           json_pack("{s:b, s:b}", "preferCSSPageSize", 1, "printBackground", 1), "data");
  gsize length = 0;
  guchar *bytes = g_base64_decode(data, &length);
  return g_bytes_new_take(bytes, length);
}

#endif
