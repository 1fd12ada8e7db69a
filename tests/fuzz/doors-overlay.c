/* SPDX-License-Identifier: Apache-2.0 */
/*
 * doors-overlay.c - overlays and templates. Both are files that find each other by name: files in
 * memory, whose names are their numbers, lie in one folder.
 */
#define _GNU_SOURCE /* memfd_create */
#include "judge.h"

#include "base/xml.h"
#include "machine/machine.h"
#include "machine/overlay.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define BASE 900
#define BASE_NAME "900"
#define NAMES "xmlns='http://www.w3.org/2005/07/scxml' xmlns:rk='urn:renkei:workflow:1'"

static const char template[] =
    "<scxml " NAMES " version='1.0' datamodel='xpath' name='base'>\n"
    "<rk:parameter name='form'/><rk:parameter name='days' value='P7D'/>\n"
    "<rk:procedure municipality='m'><rk:role id='r' title='r'/><rk:uses form='{form}'/></rk:procedure>\n"
    "<datamodel><data id='x'><row n='{days}'>a &amp; {form}</row></data></datamodel>\n"
    "<state id='a'><rk:deadline after='{days}' event='late'/>\n"
    "<transition event='go' target='b' rk:by='r'><rk:keep form='{form}' holder='r'/></transition>\n"
    "<transition event='late'/></state>\n<final id='b'/>\n</scxml>";

static const char *const overlays[] = {
    "<rk:overlay " NAMES " base='" BASE_NAME "' name='town' rk:title='t'>\n"
    "<rk:with name='form' value='f'/>\n"
    "<rk:change title='t' source='s'>\n"
    "<rk:add sel=\"//state[@id='a']\"><transition event='no' target='b' rk:by='r'/></rk:add>\n"
    "<rk:add sel='//final' pos='before'><state id='c'><transition event='x' target='b'/></state></rk:add>\n"
    "<rk:replace sel=\"//transition[@event='go']/@target\">c</rk:replace>\n"
    "</rk:change></rk:overlay>",
    "<rk:overlay " NAMES " base='" BASE_NAME "' name='town'>\n"
    "<rk:with name='form' value='f'/><rk:with name='days' value='P1M'/>\n"
    "<rk:change title='t' inferred='i'>\n"
    "<rk:remove sel=\"//state/rk:deadline\"/><rk:remove sel=\"//transition[@event='late']\"/>\n"
    "<rk:add sel='//data/row' type='@m'>1</rk:add><rk:replace sel='//data/row'><r xmlns=''/></rk:replace>\n"
    "<rk:add sel='/scxml' pos='prepend'><datamodel><data id='y'/></datamodel></rk:add>\n"
    "</rk:change></rk:overlay>",
};

static int memory_file(const void *bytes, gsize length, char path[64]) {
  int fd = memfd_create("fuzz", 0);
  if (fd < 0 || write(fd, bytes, length) != (gssize)length)
    door_fail("no file in memory");
  g_snprintf(path, 64, "/proc/self/fd/%d", fd);
  return fd;
}

/* What was flattened is one document that loads the same from its text, as a bundle does it. */
static void use_flat(const char *path, const Machine *machine) {
  g_autoptr(xmlDoc) doc = NULL;
  g_autoptr(Machine) again = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  if (overlay_flatten(&doc, path, diags) != RK_OK)
    door_fail("flattened once, and not again");
  xmlChar *text = NULL;
  int length = 0;
  xmlDocDumpMemoryEnc(doc, &text, &length, "UTF-8");
  if (machine_load(&again, (char *)text, (gsize)length, "flat", MACHINE_STRICT, diags) != RK_OK)
    door_fail("refused when flattened: %s in\n%s", rk_diags_get(diags, 0)->message, text);
  if (machine_n_states(machine) != machine_n_states(again))
    door_fail("another machine when flattened:\n%s", text);
  xmlFree(text);
}

static FuzzOutcome run(const void *base, gsize base_length, const void *overlay, gsize length) {
  char path[64], unused[64];
  int fd = memory_file(base, base_length, unused);
  if (dup2(fd, BASE) != BASE)
    door_fail("no file %d", BASE);
  close(fd);
  fd = memory_file(overlay, length, path);
  g_autoptr(Machine) machine = NULL;
  g_autoptr(RkDiags) diags = rk_diags_new();
  RkStatus status = machine_load_file(&machine, path, MACHINE_STRICT, diags);
  FuzzOutcome outcome = door_judge(status, machine, diags);
  if (machine)
    use_flat(path, machine);
  close(fd);
  close(BASE);
  return outcome;
}

FuzzOutcome door_overlay(const guint8 *bytes, gsize length) {
  return run(template, strlen(template), bytes, length);
}

FuzzOutcome door_template(const guint8 *bytes, gsize length) {
  return run(bytes, length, overlays[0], strlen(overlays[0]));
}

void door_overlay_seeds(GPtrArray *seeds, gboolean base) {
  if (base)
    g_ptr_array_add(seeds, g_bytes_new_static(template, strlen(template)));
  for (guint i = 0; !base && i < G_N_ELEMENTS(overlays); i++)
    g_ptr_array_add(seeds, g_bytes_new_static(overlays[i], strlen(overlays[i])));
}
