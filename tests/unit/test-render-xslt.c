/* SPDX-License-Identifier: Apache-2.0 */
/* Stylesheets can neither read nor write nor run for ever. */
#include "../own-folder.h"
#include "render-support.h"

#include <glib/gstdio.h>

/* A data folder of its own for each test: xsl/ and a secret beside it. */
typedef struct {
  char *dir, *xsl, *secret;
} Folder;

static void write_file(const char *folder, const char *name, const char *text) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  assert_true(g_file_set_contents(path, text, -1, NULL));
}

static int make_folder(void **state) {
  Folder *folder = g_new0(Folder, 1);
  folder->dir = folder_new("xslt");
  folder->xsl = g_build_filename(folder->dir, "xsl", NULL);
  folder->secret = g_build_filename(folder->dir, "secret.xml", NULL);
  g_mkdir(folder->xsl, 0700);
  write_file(folder->dir, "secret.xml", "<secret>SECRET</secret>");
  write_file(folder->dir, "outside.xsl",
             "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'/>");
  *state = folder;
  return 0;
}

static void remove_all(const char *folder) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  for (const char *name; (name = g_dir_read_name(dir));) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (g_unlink(path))
      remove_all(path);
  }
  g_rmdir(folder);
}

static int remove_folder(void **state) {
  Folder *folder = *state;
  remove_all(folder->dir);
  g_free(folder->dir);
  g_free(folder->xsl);
  g_free(folder->secret);
  g_free(folder);
  return 0;
}

#define SHEET(content)                                                                            \
  "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>\n" content     \
  "</xsl:stylesheet>"
#define MATCH(content) SHEET("<xsl:template match='/'>\n" content "</xsl:template>")

static const char *folder_of(void **state) {
  return ((Folder *)*state)->dir;
}

static RkStatus run(void **state, const char *sheet, char **text, RkDiags *diags) {
  Folder *folder = *state;
  g_auto(GStrv) parts = g_strsplit(sheet, "@SECRET@", -1);
  g_autofree char *real = g_strjoinv(folder->secret, parts);
  write_file(folder->xsl, "form-fo.xsl", real);
  g_autoptr(xmlDoc) doc = parse_text("<form><name>NAME</name></form>");
  g_autoptr(GBytes) out = NULL;
  RenderOptions all = {.datadir = folder->dir};
  *text = NULL;
  RkStatus status = renkei_print_ops.render(&out, doc, RENDER_FO, &all, diags);
  assert_true((out != NULL) == (status == RK_OK));
  if (out)
    *text = g_strndup(g_bytes_get_data(out, NULL), g_bytes_get_size(out));
  return status;
}

static void must_not_leak(void **state, const char *sheet) {
  g_autofree char *text = NULL;
  run(state, sheet, &text, NULL);
  if (text && strstr(text, "SECRET"))
    fail_msg("the secret was read: %s", text);
}

static void a_stylesheet_sees_the_document_it_is_given(void **state) {
  g_autofree char *text = NULL;
  assert_int_equal(run(state, MATCH("<a><xsl:value-of select='form/name'/></a>"), &text, NULL),
                   RK_OK);
  assert_non_null(strstr(text, "<a>NAME</a>"));
}

static void document_reads_nothing(void **state) {
  must_not_leak(state, MATCH("<a><xsl:value-of select=\"document('@SECRET@')\"/></a>"));
  must_not_leak(state, MATCH("<a><xsl:value-of select=\"document('../secret.xml')\"/></a>"));
  must_not_leak(state, MATCH("<a><xsl:copy-of select=\"document('file://@SECRET@')/node()\"/></a>"));
}

static void a_stylesheet_writes_no_file(void **state) {
  static const char *const sheets[] = {
      MATCH("<xsl:document href='@SECRET@.out'><a/></xsl:document><b/>"),
      "<xsl:stylesheet version='1.1' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>"
      "<xsl:template match='/'><xsl:document href='@SECRET@.out'><a/></xsl:document><b/>"
      "</xsl:template></xsl:stylesheet>",
      "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform' "
      "xmlns:e='http://exslt.org/common' extension-element-prefixes='e'>"
      "<xsl:template match='/'><e:document href='@SECRET@.out'><a/></e:document></xsl:template>"
      "</xsl:stylesheet>"};
  g_autofree char *path = g_strconcat(((Folder *)*state)->secret, ".out", NULL);
  for (guint i = 0; i < G_N_ELEMENTS(sheets); i++) {
    g_autofree char *text = NULL;
    run(state, sheets[i], &text, NULL);
    assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
  }
}

static void imports_come_from_the_same_folder_only(void **state) {
  write_file(((Folder *)*state)->xsl, "common.xsl",
             SHEET("<xsl:template name='n'><n>imported</n></xsl:template>"));
  static const char *const good[] = {
      SHEET("<xsl:import href='common.xsl'/><xsl:template match='/'>"
            "<xsl:call-template name='n'/></xsl:template>"),
      SHEET("<xsl:include href='common.xsl'/><xsl:template match='/'>"
            "<xsl:call-template name='n'/></xsl:template>")};
  for (guint i = 0; i < G_N_ELEMENTS(good); i++) {
    g_autofree char *text = NULL;
    assert_int_equal(run(state, good[i], &text, NULL), RK_OK);
    assert_non_null(strstr(text, "imported"));
  }
  static const char *const bad[] = {
      SHEET("<xsl:import href='../outside.xsl'/>"),
      SHEET("<xsl:include href='../outside.xsl'/>"),
      SHEET("<xsl:import href='@SECRET@'/>"),
      SHEET("<xsl:import href='http://localhost/x.xsl'/>")};
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autofree char *text = NULL;
    g_autoptr(RkDiags) diags = rk_diags_new();
    assert_int_equal(run(state, bad[i], &text, diags), RK_INVALID);
    must_report(diags, "RN050");
  }
}

static void endless_recursion_is_stopped(void **state) {
  static const char *const sheets[] = {
      MATCH("<xsl:call-template name='r'/></xsl:template><xsl:template name='r'>"
            "<xsl:call-template name='r'/>"),
      MATCH("<xsl:apply-templates select='/'/>"),
      /* not deep, but 2 to the 40th calls */
      MATCH("<xsl:call-template name='r'><xsl:with-param name='n' select='40'/></xsl:call-template>"
            "</xsl:template><xsl:template name='r'><xsl:param name='n'/><xsl:if test='$n &gt; 0'>"
            "<xsl:call-template name='r'><xsl:with-param name='n' select='$n - 1'/>"
            "</xsl:call-template><xsl:call-template name='r'>"
            "<xsl:with-param name='n' select='$n - 1'/></xsl:call-template></xsl:if>")};
  for (guint i = 0; i < G_N_ELEMENTS(sheets); i++) {
    g_autofree char *text = NULL;
    g_autoptr(RkDiags) diags = rk_diags_new();
    assert_int_equal(run(state, sheets[i], &text, diags), RK_INVALID);
    must_report(diags, "RN051");
  }
}

static void what_a_stylesheet_says_is_not_repeated(void **state) {
  g_autofree char *text = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(run(state,
                       MATCH("<xsl:message terminate='yes'><xsl:value-of select='.'/>"
                             "</xsl:message>"),
                       &text, diags),
                   RK_INVALID);
  assert_null(strstr(must_report(diags, "RN051")->message, "NAME"));
}

static void a_wrong_stylesheet_is_named_with_its_line(void **state) {
  g_autofree char *text = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(run(state, MATCH("\n<xsl:value-of select='('/>"), &text, diags), RK_INVALID);
  const RkDiag *diag = must_report(diags, "RN050");
  assert_true(g_str_has_suffix(diag->file, "form-fo.xsl"));
  assert_int_equal(diag->line, 4);
}

static void a_missing_stylesheet_is_a_failure(void **state) {
  g_autoptr(xmlDoc) doc = parse_text("<form/>");
  g_autoptr(RkDiags) diags = rk_diags_new();
  GBytes *out = NULL;
  RenderOptions all = {.datadir = folder_of(state)};
  assert_int_equal(renkei_print_ops.render(&out, doc, RENDER_HTML, &all, diags), RK_FAILED);
  must_report(diags, "BA001");
  assert_null(out);
}

static void the_instance_is_left_as_it_was(void **state) {
  Folder *folder = *state;
  write_file(folder->xsl, "form-fo.xsl",
             SHEET("<xsl:strip-space elements='*'/><xsl:template match='/'><a/></xsl:template>"));
  g_autoptr(xmlDoc) doc = parse_text("<form> <name> </name> </form>");
  g_autoptr(GBytes) before = xml_to_bytes(doc);
  g_autoptr(GBytes) out = NULL;
  RenderOptions all = {.datadir = folder->dir};
  assert_int_equal(renkei_print_ops.render(&out, doc, RENDER_FO, &all, NULL), RK_OK);
  g_autoptr(GBytes) after = xml_to_bytes(doc);
  assert_true(g_bytes_equal(before, after));
}

/* Faults in the FO that a stylesheet wrote have a place in that FO. */
static void faults_in_the_written_fo_have_a_place(void **state) {
  Folder *folder = *state;
  write_file(folder->xsl, "form-fo.xsl",
             MATCH("<fo:root xmlns:fo='http://www.w3.org/1999/XSL/Format'>\n<fo:marker/>"
                   "</fo:root>"));
  g_autoptr(xmlDoc) doc = parse_text("<form/>");
  g_autoptr(RkDiags) diags = rk_diags_new();
  GBytes *out = NULL;
  RenderOptions all = {.datadir = folder->dir};
  assert_int_equal(renkei_print_ops.render(&out, doc, RENDER_PDF, &all, diags), RK_INVALID);
  const RkDiag *diag = must_report(diags, "RN002");
  assert_string_equal(diag->file, "form.fo");
  assert_true(diag->line > 0 && diag->column > 0);
}

static void must_write(const RenderOptions *all, const char *expected) {
  g_autoptr(xmlDoc) doc = parse_text("<form/>");
  g_autoptr(GBytes) out = NULL;
  RkStatus status = renkei_print_ops.render(&out, doc, RENDER_FO, all, NULL);
  assert_int_equal(status, expected ? RK_OK : RK_INVALID);
  g_autofree char *text = out ? g_strndup(g_bytes_get_data(out, NULL), g_bytes_get_size(out)) : NULL;
  assert_true(!expected || strstr(text, expected));
}

static void a_stylesheet_is_read_once_for_many_documents(void **state) {
  Folder *folder = *state;
  RenderOptions alone = {.datadir = folder->dir}, all = alone;
  all.kept = renkei_print_ops.kept_new(all.datadir);
  write_file(folder->xsl, "form-fo.xsl", MATCH("<xsl:value-of select='((('/>"));
  must_write(&all, NULL);
  write_file(folder->xsl, "form-fo.xsl", MATCH("<first/>"));
  must_write(&all, "<first/>"); /* a wrong one is not kept */
  write_file(folder->xsl, "form-fo.xsl", MATCH("<second/>"));
  must_write(&all, "<first/>");
  must_write(&alone, "<second/>");
  renkei_print_ops.kept_free(all.kept);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_FOLDER(a_stylesheet_sees_the_document_it_is_given),
      IN_FOLDER(document_reads_nothing),
      IN_FOLDER(a_stylesheet_writes_no_file),
      IN_FOLDER(imports_come_from_the_same_folder_only),
      IN_FOLDER(endless_recursion_is_stopped),
      IN_FOLDER(what_a_stylesheet_says_is_not_repeated),
      IN_FOLDER(a_wrong_stylesheet_is_named_with_its_line),
      IN_FOLDER(a_missing_stylesheet_is_a_failure),
      IN_FOLDER(the_instance_is_left_as_it_was),
      IN_FOLDER(a_stylesheet_is_read_once_for_many_documents),
      IN_FOLDER(faults_in_the_written_fo_have_a_place),
  };
  return cmocka_run_group_tests_name("render-xslt", tests, NULL, NULL);
}
