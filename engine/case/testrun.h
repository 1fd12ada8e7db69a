/* SPDX-License-Identifier: Apache-2.0 */
/*
 * testrun.h - one test of a procedure being run (rk_workflow_test in renkei.h).
 *
 * A test is played through the public interface on a desk in memory, as a clerk would
 * do it. The clock is the test's own: a step happens at the time it says, otherwise a
 * minute after the one before. The first step with a failure ends the test.
 */
#ifndef RK_CASE_TESTRUN_H
#define RK_CASE_TESTRUN_H

#include "base/diag.h"

#include <libxml/tree.h>

/* A test being run; shared by testrun.c and testexpect.c. */
typedef struct {
  RkDesk *desk;
  char *number;        /* of the case the present step is about, or NULL */
  char *opened;        /* of the case opened last, or NULL */
  gint64 clock;
  RkStatus status;     /* how the present step ended, */
  RkDiags *diags;      /* with what it said */
  GPtrArray *before;   /* movements before the present step (char *, sorted) */
  gint64 last_seq;     /* last journal entry before the present step */
  GString *failure;    /* what failed, in words; empty: nothing */
  GHashTable *moved;   /* seen: "moves\tform\tfrom\tto\tchannel", "lies\tform\tkind\tholder\t" */
} TestRun;

/* Note a failure at `node`: "line 12, <expect>: …". */
void testrun_fail(TestRun *run, const xmlNode *node, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* The case as tables; NULL (and a failure at `node`) when it cannot be shown. */
GPtrArray *testrun_show(TestRun *run, const xmlNode *node);

/* testexpect.c */
/* Note how things stand before a step, so that what it changes can be told. */
void testexpect_prepare(TestRun *run);
/* Hold what `step` expects against what is; then, that no other paper moved. */
void testexpect_check(TestRun *run, const xmlNode *step);
/* Note in run->moved how papers went and where they lie at the end of the test. */
void testexpect_collect(TestRun *run);
/* Everything that a refused step must not change, as text. g_free. */
char *testexpect_fingerprint(TestRun *run);

#endif
