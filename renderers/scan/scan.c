/* SPDX-License-Identifier: Apache-2.0 */
/* scan.c - the table of operations that the module renkei-scan exports. */
#include "scan/scan.h"

#include "scan/page.h"

#include <gmodule.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  const char *head;
  gsize length;
  RkStatus (*read)(PageReader *reader, int fd);
} Kind;

static const Kind kinds[] = {{"II*\0", 4, scan_tiff},
                             {"MM\0*", 4, scan_tiff},
                             {"II+\0", 4, scan_tiff},
                             {"MM\0+", 4, scan_tiff},
                             {"\x89PNG\r\n\x1a\n", 8, scan_png},
                             {"%PDF-", 5, scan_pdf}};

static const Kind *kind_of(int fd) {
  char head[8] = {0};
  if (lseek(fd, 0, SEEK_SET) != 0 || pread(fd, head, sizeof head, 0) < 1)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
    if (memcmp(head, kinds[i].head, kinds[i].length) == 0)
      return &kinds[i];
  return NULL;
}

static RkStatus read_file(int fd, const char *name, const ScanSink *sink, RkDiags *diags) {
  const Kind *kind = kind_of(fd);
  if (!kind)
    return diags_fail(diags, RK_INVALID, DIAG_SCAN_FORMAT, NULL, name, NULL);
  g_autoptr(CodeReader) codes = code_reader_new();
  PageReader reader = {name, sink, diags, codes, 0};
  RkStatus status = kind->read(&reader, fd);
  return status == RK_OK && !reader.count ? scan_broken(&reader, "0") : status;
}

G_MODULE_EXPORT extern const ScanOps renkei_scan_ops;
const ScanOps renkei_scan_ops = {SCAN_OPS_VERSION, read_file};
