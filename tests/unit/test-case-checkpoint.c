/* SPDX-License-Identifier: Apache-2.0 */
/* What a checkpoint says of the journal and of the access log, and those that said less. */
#include "../own-folder.h"
#include "case/checkpoint.h"

#include "base/date.h"
#include "base/sign.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#define START (G_GINT64_CONSTANT(1793581200) * TIME_SECOND) /* 2026-11-02T01:00Z */

typedef struct {
  RkSite site;
  char *folder, *path, *text; /* text: a checkpoint of two accesses */
  RkDesk *desk;
} World;

static int set_up(void **state) {
  static const char *const roles[] = {"association", NULL};
  World *world = g_new0(World, 1);
  const RkDeskConfig config = {"office", "fujisawa", roles, TRUE};
  const RkRequest request = {.now = START};
  world->site.datadir = g_getenv("RENKEI_DATADIR");
  world->folder = folder_new("checkpoint");
  world->path = g_build_filename(world->folder, "t.db", NULL);
  *state = world;
  assert_int_equal(rk_desk_create(&world->desk, &world->site, world->path, &config, "hanako", START, NULL),
                   RK_OK);
  assert_int_equal(desk_log(world->desk, START, "show", NULL, NULL, RK_OK, NULL), RK_OK);
  assert_int_equal(desk_log(world->desk, START, "list", NULL, NULL, RK_OK, NULL), RK_OK);
  assert_int_equal(rk_checkpoint(world->desk, &request, &world->text, NULL), RK_OK);
  return 0;
}

static int tear_down(void **state) {
  World *world = *state;
  rk_desk_close(world->desk);
  folder_empty(world->folder);
  g_rmdir(world->folder);
  g_free(world->folder);
  g_free(world->path);
  g_free(world->text);
  g_free(world);
  return 0;
}

/* The checkpoint without the lines that begin with `out`, signed anew with the office's key. */
static char *signed_without(const World *world, const char *out) {
  g_autofree char *path = g_strconcat(world->path, ".sign-key", NULL);
  g_autoptr(SignKey) key = NULL;
  g_autoptr(GString) text = g_string_new(NULL);
  g_auto(GStrv) lines = g_strsplit(world->text, "\n", -1);
  assert_int_equal(sign_key_read(&key, path, NULL), RK_OK);
  for (guint i = 0; lines[i] && *lines[i]; i++)
    if (!g_str_has_prefix(lines[i], out) && !g_str_has_prefix(lines[i], "signature: "))
      g_string_append_printf(text, "%s\n", lines[i]);
  g_autofree char *signature = sign_text(key, text->str);
  return g_strdup_printf("%ssignature: %s\n", text->str, signature);
}

static RkStatus against(const World *world, const char *text, const char *code) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkStatus status = rk_verify_against(world->desk, text, "kept.txt", diags);
  if (code)
    assert_string_equal(rk_diags_get(diags, 0)->code, code);
  return status;
}

static void it_tells_how_long_the_access_log_was(void **state) {
  const World *world = *state;
  gint64 last = 0;
  Hash hash;
  assert_int_equal(store_access_at(world->desk->store, 0, &last, &hash, NULL), RK_OK);
  g_autofree char *hex = hash_to_hex(&hash);
  g_autofree char *lines = g_strdup_printf("\naccesses: %" G_GINT64_FORMAT "\naccess-head: %s\n", last, hex);
  assert_non_null(strstr(world->text, lines));
  assert_int_equal(against(world, world->text, NULL), RK_OK);
}

static void one_of_before_it_did_still_holds(void **state) {
  const World *world = *state;
  g_autofree char *old = signed_without(world, "access");
  assert_null(strstr(old, "access"));
  assert_int_equal(against(world, old, NULL), RK_OK);
}

static void half_of_it_is_no_checkpoint(void **state) {
  const World *world = *state;
  g_autofree char *number = signed_without(world, "access-head: ");
  g_autofree char *head = signed_without(world, "accesses: ");
  assert_int_equal(against(world, number, "CS103"), RK_INVALID);
  assert_int_equal(against(world, head, "CS103"), RK_INVALID);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(it_tells_how_long_the_access_log_was, set_up, tear_down),
      cmocka_unit_test_setup_teardown(one_of_before_it_did_still_holds, set_up, tear_down),
      cmocka_unit_test_setup_teardown(half_of_it_is_no_checkpoint, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
