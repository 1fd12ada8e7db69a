/* SPDX-License-Identifier: Apache-2.0 */
/* codes.h - the QR codes on a grey page. */
#ifndef RK_SCAN_CODES_H
#define RK_SCAN_CODES_H

#include "scan/grey.h"

typedef struct CodeReader CodeReader;

typedef struct {
  char *text;
  guint turned; /* quarters clockwise by which its page must be turned to stand upright */
  double x, y;  /* of its middle, as shares of the picture's width and height */
} Code;

CodeReader *code_reader_new(void);
void code_reader_free(CodeReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CodeReader, code_reader_free)
/* The codes read, as a GArray of Code; g_array_unref. */
GArray *code_reader_read(CodeReader *reader, const Grey *grey);

#endif
