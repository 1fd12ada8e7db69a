/* SPDX-License-Identifier: Apache-2.0 */
/* scan.c - a file that came: read, its codes understood. Nothing is written here. */
#include "config.h"

#include "api/scan.h"

#include "base/table.h"
#include "base/text.h"
#include "base/words.h"
#include "case/arrival.h"
#include "case/pagekeys.h"

#include <errno.h>
#include <fcntl.h>
#include <gmodule.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX (512 << 20)

RkStatus scan_module_load(const RkSite *site, const ScanOps **out, RkDiags *diags) {
  g_autofree char *path = g_build_filename(site->moduledir, "renkei-scan.so", NULL);
  gpointer symbol = NULL;
  *out = NULL;
  GModule *module = g_module_open(path, G_MODULE_BIND_LOCAL);
  if (!module)
    return diags_fail(diags, RK_FAILED, DIAG_SCAN_MODULE, NULL, g_module_error(), NULL);
  gboolean found = g_module_symbol(module, SCAN_OPS_SYMBOL, &symbol);
  if (!found || ((const ScanOps *)symbol)->version != SCAN_OPS_VERSION) {
    g_module_close(module);
    return diags_fail(diags, RK_FAILED, DIAG_SCAN_MODULE, NULL, path, NULL);
  }
  g_module_make_resident(module);
  *out = symbol;
  return RK_OK;
}

/* ----------------------------------------------------------------------- codes */

typedef struct {
  RkDesk *desk;
  PaperKeys *keys;
  const char *file;
  gint64 now;
  gboolean again; /* what looks blank is taken all the same */
  GPtrArray *pages;
} Reader;

static void read_free(gpointer data) {
  ScanRead *page = data;
  scan_free(page->scan);
  g_clear_pointer(&page->image, g_bytes_unref);
  g_free(page);
}

static gboolean is_wanted(gpointer user, const char *text) {
  g_auto(PaperCode) code = {0};
  return paper_code_read(((Reader *)user)->keys, text, &code) != PAPER_CODE_NONE;
}

static void take_code(Scan *scan, const PaperCode *code, PaperCodeKind kind) {
  text_set(&scan->number, code->number);
  scan->page = code->page;
  scan->pages = code->pages;
  scan->ours = kind == PAPER_CODE_OURS;
  text_set(&scan->reason, kind == PAPER_CODE_BLANK     ? "blank-form"
                          : kind == PAPER_CODE_FOREIGN ? "foreign"
                                                       : NULL);
}

static void add_number(GString *numbers, const char *number) {
  g_auto(GStrv) have = g_strsplit(numbers->str, " ", -1);
  if (!g_strv_contains((const char *const *)have, number))
    g_string_append_printf(numbers, "%s%s", numbers->len ? " " : "", number);
}

/* All that has the shape of a code of ours must say the same; else the numbers that we gave are kept, for
 * a person to choose: "R8-0001/FJ-1-0 R8-0002/FJ-1-0". */
static void understand(const Reader *reader, char **codes, Scan *scan) {
  g_autoptr(GString) numbers = g_string_new(NULL);
  guint count = 0;
  text_set(&scan->reason, "no-code");
  for (guint i = 0; codes[i]; i++) {
    g_auto(PaperCode) code = {0};
    PaperCodeKind kind = paper_code_read(reader->keys, codes[i], &code);
    if (kind == PAPER_CODE_NONE)
      continue;
    if (count++ == 0)
      take_code(scan, &code, kind);
    if (kind == PAPER_CODE_OURS)
      add_number(numbers, code.number);
  }
  if (count < 2)
    return;
  text_set(&scan->reason, "codes-differ");
  text_set(&scan->number, numbers->len ? numbers->str : NULL);
  scan->page = scan->pages = 0;
  scan->ours = FALSE;
}

static RkStatus take_page(gpointer user, const ScanPage *found) {
  Reader *reader = user;
  ScanRead *page = g_new0(ScanRead, 1);
  Scan *scan = page->scan = scan_new(reader->file, found->number);
  scan->since = reader->now;
  /* What is broken off may have stood on the rest. */
  gboolean blank = found->look == SCAN_BLANK && !found->damaged && !reader->again;
  text_set(&scan->state, blank ? "blank" : "tray");
  page->damaged = found->damaged;
  if (found->look == SCAN_BLACK)
    text_set(&scan->reason, "black");
  else if (!blank)
    understand(reader, found->codes, scan);
  if (!blank) {
    Hash hash = hash_bytes(g_bytes_get_data(found->image, NULL), g_bytes_get_size(found->image));
    scan->picture = hash_to_hex(&hash);
    page->image = g_bytes_ref(found->image);
  }
  g_ptr_array_add(reader->pages, page);
  return RK_OK;
}

/* ------------------------------------------------------------------------ file */

static RkStatus unreadable(const char *path, RkDiags *diags) {
  return diags_fail(diags, RK_NOT_FOUND, DIAG_SCAN_OPEN, NULL, path, g_strerror(errno), NULL);
}

/* Standard input to its end, as a file that has no name. */
static int copy_input(void) {
  guint8 bytes[65536];
  ssize_t length = 0;
  off_t size = 0;
  int fd = memfd_create("renkei-input", MFD_CLOEXEC);
  while (fd >= 0 && size <= FILE_MAX && (length = read(STDIN_FILENO, bytes, sizeof bytes)) > 0) {
    if (write(fd, bytes, (size_t)length) != length)
      return close(fd), -1;
    size += length;
  }
  return fd >= 0 && (length < 0 || lseek(fd, 0, SEEK_SET) != 0) ? close(fd), -1 : fd;
}

static RkStatus open_file(const char *path, int *fd, RkDiags *diags) {
  struct stat info;
  *fd = g_str_equal(path, "-") ? copy_input() : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (*fd < 0 || fstat(*fd, &info) != 0)
    return unreadable(path, diags);
  if (!S_ISREG(info.st_mode))
    return diags_fail(diags, RK_NOT_FOUND, DIAG_SCAN_OPEN, NULL, path, _("it is not a regular file"), NULL);
  errno = EFBIG;
  return info.st_size <= FILE_MAX ? RK_OK : unreadable(path, diags);
}

static RkStatus hash_file(int fd, const char *path, char **hex, RkDiags *diags) {
  GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
  guint8 bytes[65536];
  ssize_t length;
  off_t at = 0;
  while ((length = pread(fd, bytes, sizeof bytes, at)) > 0) {
    g_checksum_update(sum, bytes, length);
    at += length;
  }
  *hex = g_strdup(g_checksum_get_string(sum));
  g_checksum_free(sum);
  return length == 0 ? RK_OK : unreadable(path, diags);
}

static RkStatus read_pages(RkDesk *desk, int fd, const char *path, Reader *reader, RkDiags *diags) {
  const ScanOps *ops = NULL;
  const ScanSink sink = {is_wanted, take_page, reader};
  g_autofree char *name = g_path_get_basename(path);
  RkStatus status = scan_module_load(desk->site, &ops, diags);
  if (status == RK_OK)
    status = pagekeys_read(desk, &reader->keys, diags);
  if (status == RK_OK)
    status = ops->read(fd, name, &sink, diags);
  paper_keys_free(reader->keys);
  reader->keys = NULL;
  return status;
}

gboolean scan_left_out(const Scan *scan) {
  return g_str_equal(scan->state, "rejected") || g_str_equal(scan->state, "blank");
}

/* Whether there is anything in it to be read. */
static gboolean worth_reading(const GPtrArray *known, gboolean again) {
  for (guint i = 0; again && i < known->len; i++)
    if (scan_left_out(known->pdata[i]))
      return TRUE;
  return !known->len;
}

RkStatus scan_read_file(RkDesk *desk, const char *path, gint64 now, gboolean again, char **file,
                        GPtrArray **known, GPtrArray **pages, RkDiags *diags) {
  int fd = -1;
  *file = NULL;
  *known = NULL;
  *pages = g_ptr_array_new_with_free_func(read_free);
  RkStatus status = open_file(path, &fd, diags);
  if (status == RK_OK)
    status = hash_file(fd, path, file, diags);
  if (status == RK_OK)
    status = scans_of_file(desk, *file, known, diags);
  if (status == RK_OK && worth_reading(*known, again)) {
    Reader reader = {desk, NULL, *file, now, (*known)->len > 0, *pages};
    status = read_pages(desk, fd, path, &reader, diags);
  }
  if (fd >= 0)
    close(fd);
  return status;
}

/* ------------------------------------------------------------------- proposals */

Form *scan_form(const Bundle *bundle, const char *code) {
  const GPtrArray *forms = bundle_forms(bundle);
  for (guint i = 0; code && i < forms->len; i++)
    if (g_ascii_strcasecmp(form_code(forms->pdata[i]), code) == 0)
      return forms->pdata[i];
  return NULL;
}

const StorePaper *scan_paper(const CaseFile *file, const char *form, guint which) {
  guint count = 0;
  for (guint i = 0; i < file->papers->len; i++) {
    const StorePaper *paper = file->papers->pdata[i];
    if (g_str_equal(paper->form, form) && ++count >= MAX(which, 1))
      return paper;
  }
  return NULL;
}

ScanProposal *scan_proposal_new(const char *case_number) {
  ScanProposal *proposal = g_new0(ScanProposal, 1);
  proposal->case_number = g_strdup(case_number);
  proposal->references = g_ptr_array_new_with_free_func(g_free);
  proposal->events = g_ptr_array_new_with_free_func(g_free);
  return proposal;
}

void scan_proposal_free(ScanProposal *proposal) {
  if (!proposal)
    return;
  g_free(proposal->case_number);
  g_free(proposal->channel);
  g_free(proposal->ways);
  g_clear_pointer(&proposal->reasons, rk_diags_free);
  g_ptr_array_unref(proposal->references);
  g_ptr_array_unref(proposal->events);
  g_free(proposal);
}

RkStatus scan_propose(RkDesk *desk, ScanProposal *proposal, const char *channel, gint64 now,
                      RkDiags *diags) {
  g_autoptr(CaseFile) file = NULL;
  g_auto(Arrival) arrival = {0};
  g_autoptr(RkDiags) reasons = rk_diags_new();
  RkStatus status = casefile_load(&file, desk, proposal->case_number, diags);
  if (status != RK_OK)
    return status;
  status = arrival_judge(file, proposal->references, channel, now, &arrival, reasons);
  proposal->wanted = status == RK_OK && !arrival.unwanted->len;
  text_set(&proposal->channel, channel);
  text_set(&proposal->ways, arrival.ways);
  if (status == RK_OK)
    g_ptr_array_extend(proposal->events, arrival.events, (GCopyFunc)(gpointer)g_strdup, NULL);
  else if (rk_diags_count(reasons) && !proposal->reasons)
    proposal->reasons = g_steal_pointer(&reasons);
  return status == RK_REFUSED || status == RK_INVALID ? RK_OK : status;
}

/* "fj-2-1,fj-3"; g_free. */
static char *scan_references(const ScanProposal *proposal) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < proposal->references->len; i++)
    g_string_append_printf(text, "%s%s", i ? "," : "", (char *)proposal->references->pdata[i]);
  return g_string_free(text, FALSE);
}

void scan_papers_columns(RkTable *table) {
  table_column(table, "case", _("Case"), RK_COLUMN_TEXT);
  table_column(table, "papers", _("Papers"), RK_COLUMN_TEXT);
  table_column(table, "state", _("State"), RK_COLUMN_TEXT);
  table_column(table, "event", _("Event"), RK_COLUMN_TEXT);
  table_column(table, "command", _("Command"), RK_COLUMN_TEXT);
}

RkTable *scan_papers_table(void) {
  RkTable *table = table_new("papers", _("Papers"));
  scan_papers_columns(table);
  return table;
}

static void add_row(RkTable *table, const ScanProposal *proposal, const char *papers,
                    const char *state, const char *event) {
  const char *number = proposal->case_number;
  const char *option = proposal->channel ? " --channel " : "";
  const char *channel = proposal->channel ? proposal->channel : "";
  g_autofree char *command = NULL;
  if (g_str_equal(state, "proposed") && event)
    command = g_strdup_printf("renkei do %s %s --received %s%s%s", number, event, papers, option, channel);
  else if (g_str_equal(state, "proposed"))
    command = g_strdup_printf("renkei form receive %s %s%s%s", number, papers, option, channel);
  table_row(table, number, papers, state, event, command);
}

void scan_papers_row(RkTable *table, const ScanProposal *proposal, const char *state,
                     const char *event) {
  g_autofree char *papers = scan_references(proposal);
  if (event)
    add_row(table, proposal, papers, state, event);
  for (guint i = 0; !event && i < proposal->references->len; i++)
    add_row(table, proposal, proposal->references->pdata[i], state, NULL);
}

RkTable *scan_pages_table(void) {
  RkTable *table = table_new("pages", _("Pages received"));
  table_column(table, "file", _("File"), RK_COLUMN_TEXT);
  table_column(table, "page", _("Page"), RK_COLUMN_NUMBER);
  table_column(table, "state", _("State"), RK_COLUMN_TEXT);
  table_column(table, "reason", _("Reason"), RK_COLUMN_TEXT);
  table_column(table, "number", _("Number on the paper"), RK_COLUMN_TEXT);
  table_column(table, "sheet", _("Sheet"), RK_COLUMN_TEXT);
  table_column(table, "case", _("Case"), RK_COLUMN_TEXT);
  table_column(table, "paper", _("Paper"), RK_COLUMN_TEXT);
  table_column(table, "id", _("Id"), RK_COLUMN_TEXT);
  return table;
}

/* A page has its number in the file as the end of its id. */
void scan_pages_row(RkTable *table, const char *file, const Scan *scan) {
  g_autofree char *page = g_strdup_printf("%lu", strtoul(strrchr(scan->id, '-') + 1, NULL, 10));
  g_autofree char *sheet = scan->pages ? g_strdup_printf("%u/%u", scan->page, scan->pages) : NULL;
  table_row(table, file, page, scan->state, scan->reason, scan->number, sheet, scan->case_number,
            scan->form, scan->id);
}
