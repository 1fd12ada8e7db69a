/* SPDX-License-Identifier: Apache-2.0 */
/* scans.c - see scans.h. */
#include "case/scans.h"

#include "base/words.h"

#include <stdlib.h>
#include <string.h>

#define FILE_DIGITS 12
#define PAGE 500 /* read at a time */

static char *scan_id(const char *file, guint number) {
  return g_strdup_printf("%.*s-%03u", FILE_DIGITS, file, number);
}

Scan *scan_new(const char *file, guint number) {
  Scan *scan = g_new0(Scan, 1);
  scan->id = scan_id(file, number);
  scan->file = g_strdup(file);
  return scan;
}

void scan_free(Scan *scan) {
  if (!scan)
    return;
  char *texts[] = {scan->id,     scan->state,       scan->file, scan->picture, scan->number,
                   scan->reason, scan->case_number, scan->form, scan->channel};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
  g_free(scan);
}

/* --------------------------------------------------------------- the register */

StoreRegister *scan_entry(const Scan *scan) {
  g_autofree char *sheet = scan->pages ? g_strdup_printf("%u/%u", scan->page, scan->pages) : NULL;
  json_t *fields = json_pack("{s:s, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*}", "file", scan->file,
                             "picture", scan->picture, "number", scan->number, "sheet", sheet,
                             "reason", scan->reason, "case", scan->case_number, "form", scan->form,
                             "channel", scan->channel, "ours", scan->ours ? "yes" : NULL,
                             "matched", scan->matched ? "yes" : NULL);
  StoreRegister *entry = desk_register_new(REGISTER_SCAN, scan->id, scan->state, fields, scan->since);
  json_decref(fields);
  return entry;
}

static char *field(const json_t *fields, const char *name) {
  return g_strdup(json_string_value(json_object_get(fields, name)));
}

static Scan *read_entry(const StoreRegister *entry) {
  json_t *fields = json_loads(entry->fields, 0, NULL);
  g_autofree char *sheet = field(fields, "sheet");
  Scan *scan = g_new0(Scan, 1);
  *scan = (Scan){.id = g_strdup(entry->key),
                 .state = g_strdup(entry->state),
                 .file = field(fields, "file"),
                 .picture = field(fields, "picture"),
                 .number = field(fields, "number"),
                 .reason = field(fields, "reason"),
                 .case_number = field(fields, "case"),
                 .form = field(fields, "form"),
                 .channel = field(fields, "channel"),
                 .ours = json_object_get(fields, "ours") != NULL,
                 .matched = json_object_get(fields, "matched") != NULL,
                 .since = entry->since};
  if (sheet && strchr(sheet, '/')) {
    scan->page = (guint)strtoul(sheet, NULL, 10);
    scan->pages = (guint)strtoul(strchr(sheet, '/') + 1, NULL, 10);
  }
  json_decref(fields);
  return scan;
}

RkStatus scans_load(RkDesk *desk, const char *id, Scan **out, RkDiags *diags) {
  g_autoptr(GPtrArray) entries = NULL;
  *out = NULL;
  RkStatus status = store_load_register(desk->store, REGISTER_SCAN, id, &entries, diags);
  if (status == RK_OK && !entries->len)
    return RK_NOT_FOUND;
  if (status == RK_OK)
    *out = read_entry(entries->pdata[0]);
  return status;
}

RkStatus scans_of_file(RkDesk *desk, const char *file, GPtrArray **out, RkDiags *diags) {
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)scan_free);
  RkStatus status = RK_OK;
  *out = NULL;
  for (guint number = 1; status == RK_OK; number++) {
    g_autofree char *id = scan_id(file, number);
    Scan *scan = NULL;
    status = scans_load(desk, id, &scan, diags);
    if (scan)
      g_ptr_array_add(list, scan);
  }
  if (status != RK_NOT_FOUND)
    return status;
  *out = g_steal_pointer(&list);
  return RK_OK;
}

RkStatus scans_beside(RkDesk *desk, const char *case_id, GPtrArray **out, RkDiags *diags) {
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)scan_free);
  g_autoptr(GPtrArray) pictures = NULL;
  *out = NULL;
  RkStatus status = store_load_pictures(desk->store, case_id, &pictures, diags);
  for (guint i = 0; status == RK_OK && i < pictures->len; i++) {
    const char *id = ((StorePicture *)pictures->pdata[i])->id;
    Scan *scan = NULL;
    status = scans_load(desk, id, &scan, diags);
    if (scan)
      g_ptr_array_add(list, scan);
    else if (status == RK_NOT_FOUND)
      status = diags_fail(diags, RK_STORE, DIAG_DB_INVARIANT, NULL, id, NULL);
  }
  if (status == RK_OK)
    *out = g_steal_pointer(&list);
  return status;
}

/* --------------------------------------------------------------------- numbers */

void paper_name_clear(PaperName *name) {
  g_clear_pointer(&name->case_number, g_free);
  g_clear_pointer(&name->form, g_free);
}

/* "R8-0012/FJ-2-1.2-3": up to the slash, up to the last dot, up to the last hyphen. */
gboolean paper_name_read(PaperName *out, const char *number) {
  guint64 version = 0, which = 0;
  const char *slash = number ? strchr(number, '/') : NULL, *hyphen = slash ? strrchr(slash, '-') : NULL;
  *out = (PaperName){0};
  if (!hyphen || !g_ascii_string_to_unsigned(hyphen + 1, 10, 0, G_MAXINT32, &version, NULL))
    return FALSE;
  g_autofree char *form = g_strndup(slash + 1, (gsize)(hyphen - slash - 1));
  char *dot = strrchr(form, '.');
  if (dot && !g_ascii_string_to_unsigned(dot + 1, 10, 1, G_MAXINT32, &which, NULL))
    return FALSE;
  if (dot)
    *dot = '\0';
  *out = (PaperName){g_strndup(number, (gsize)(slash - number)), g_steal_pointer(&form), (guint)which,
                     (gint64)version};
  return TRUE;
}

/* ---------------------------------------------------------------------- verify */

static gboolean has_picture(const Scan *scan) {
  return g_str_equal(scan->state, "tray") || g_str_equal(scan->state, "filed");
}

/* Where the picture should lie: *id NULL for the tray; *gone: its case was disposed of. */
static RkStatus place_of(RkDesk *desk, const Scan *scan, char **id, gboolean *gone, RkDiags *diags) {
  g_autoptr(StoreCase) record = NULL;
  *id = NULL;
  *gone = FALSE;
  if (!g_str_equal(scan->state, "filed"))
    return RK_OK;
  RkStatus status = store_load_case(desk->store, scan->case_number ? scan->case_number : "", &record, diags);
  if (status == RK_OK) {
    *id = g_strdup(record->id);
    *gone = store_case_disposed(record);
  }
  return status == RK_NOT_FOUND ? RK_OK : status;
}

static RkStatus check_entry(RkDesk *desk, const Scan *scan, gboolean *good, RkDiags *diags) {
  g_autofree char *case_id = NULL, *hash = NULL;
  g_autoptr(StorePicture) picture = NULL;
  gboolean gone = FALSE;
  RkStatus status = place_of(desk, scan, &case_id, &gone, diags);
  if (status == RK_OK)
    status = store_load_picture(desk->store, scan->id, &picture, diags);
  if (status != RK_OK && status != RK_NOT_FOUND)
    return status;
  gboolean wanted = has_picture(scan) && !gone;
  if (picture)
    hash = hash_to_hex(&picture->hash);
  *good = wanted == (picture != NULL) &&
          (!picture || (g_strcmp0(hash, scan->picture) == 0 &&
                        g_strcmp0(case_id, picture->case_id) == 0));
  return RK_OK;
}

/* Pictures of a place (a case, or NULL: the tray) that no entry speaks of. */
static RkStatus check_unnamed(RkDesk *desk, const char *case_id, const char *place, gboolean *good,
                              RkDiags *diags) {
  g_autoptr(GPtrArray) pictures = NULL;
  RkStatus status = store_load_pictures(desk->store, case_id, &pictures, diags);
  for (guint i = 0; status == RK_OK && i < pictures->len; i++) {
    const StorePicture *picture = pictures->pdata[i];
    g_autoptr(Scan) scan = NULL;
    status = scans_load(desk, picture->id, &scan, diags);
    if (status != RK_NOT_FOUND)
      continue;
    diags_add(diags, DIAG_SCAN_UNNAMED, NULL, picture->id, place, NULL);
    *good = FALSE;
    status = RK_OK;
  }
  return status;
}

static RkStatus check_pictures(RkDesk *desk, gboolean *good, RkDiags *diags) {
  StoreCaseFilter filter = {.with_closed = TRUE, .limit = PAGE};
  g_autofree char *after = NULL;
  RkStatus status = check_unnamed(desk, NULL, _("tray"), good, diags);
  for (guint count = PAGE; status == RK_OK && count == PAGE;) {
    g_autoptr(GPtrArray) cases = NULL;
    filter.after = after;
    status = store_query_cases(desk->store, &filter, &cases, diags);
    count = status == RK_OK ? cases->len : 0;
    for (guint i = 0; status == RK_OK && i < count; i++) {
      const StoreCase *record = cases->pdata[i];
      status = check_unnamed(desk, record->id, record->number, good, diags);
    }
    g_free(after);
    after = count ? g_strdup(((StoreCase *)cases->pdata[count - 1])->number) : NULL;
  }
  return status;
}

static RkStatus check_entries(RkDesk *desk, gint64 *count, gboolean *good, RkDiags *diags) {
  g_autofree char *after = NULL;
  RkStatus status = RK_OK;
  for (guint length = PAGE; status == RK_OK && length == PAGE;) {
    g_autoptr(GPtrArray) page = NULL;
    status = store_query_register(desk->store, REGISTER_SCAN, after, PAGE, &page, diags);
    length = status == RK_OK ? page->len : 0;
    for (guint i = 0; status == RK_OK && i < length; i++) {
      g_autoptr(Scan) scan = read_entry(page->pdata[i]);
      gboolean right = FALSE;
      ++*count;
      status = check_entry(desk, scan, &right, diags);
      if (status == RK_OK && !right)
        diags_add(diags, DIAG_SCAN_DIFFERS, NULL, scan->id, NULL);
      *good = *good && (status != RK_OK || right);
    }
    g_free(after);
    after = length ? g_strdup(((StoreRegister *)page->pdata[length - 1])->key) : NULL;
  }
  return status;
}

RkStatus scans_verify(RkDesk *desk, gint64 *count, RkDiags *diags) {
  gboolean good = TRUE;
  *count = 0;
  RkStatus status = check_pictures(desk, &good, diags);
  if (status == RK_OK)
    status = check_entries(desk, count, &good, diags);
  return status == RK_OK && !good ? RK_FAILED : status;
}
