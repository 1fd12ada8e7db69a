/* SPDX-License-Identifier: Apache-2.0 */
/*
 * testfile.h - files of procedure tests (*.test.xml, urn:renkei:test:1), checked.
 * The schema for editors is workflows/test.rnc; workflows/README.md teaches it.
 */
#ifndef RK_CASE_TESTFILE_H
#define RK_CASE_TESTFILE_H

#include "base/diag.h"

#include <libxml/tree.h>

#define TESTFILE_NS "urn:renkei:test:1"

typedef struct TestFile TestFile; /* read-only after load */

/* Load and check: shape, times that only go forward, <open> first, titles of their own.
 * All faults at once. */
RkStatus testfile_load(TestFile **out, const char *path, RkDiags *diags);
void testfile_free(TestFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestFile, testfile_free)

/* The procedure's workflow file, as a path; borrowed. */
const char *testfile_procedure(const TestFile *file);
/* All workflow files that the tests need, the procedure's first; NULL-terminated, borrowed. */
const char *const *testfile_workflows(const TestFile *file);
/* The tests, in order: <test> elements, borrowed. */
const xmlNode *testfile_first(const TestFile *file);

/* The time a step says (at, to), or `otherwise`. Checked when the file was loaded. */
gint64 testfile_time(const xmlNode *step, gint64 otherwise);

#endif
