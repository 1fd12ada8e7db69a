/* SPDX-License-Identifier: Apache-2.0 */
/* doors.h - what each target of targets.h does with its bytes. */
#ifndef RK_TEST_DOORS_H
#define RK_TEST_DOORS_H

#include "targets.h"

FuzzOutcome door_machine(const guint8 *bytes, gsize length);
FuzzOutcome door_overlay(const guint8 *bytes, gsize length);
FuzzOutcome door_template(const guint8 *bytes, gsize length);
FuzzOutcome door_snapshot(const guint8 *bytes, gsize length);
FuzzOutcome door_form(const guint8 *bytes, gsize length);
FuzzOutcome door_values(const guint8 *bytes, gsize length);
FuzzOutcome door_values_text(const guint8 *bytes, gsize length);
FuzzOutcome door_registers(const guint8 *bytes, gsize length);
FuzzOutcome door_procedure_test(const guint8 *bytes, gsize length);
FuzzOutcome door_holidays(const guint8 *bytes, gsize length);
FuzzOutcome door_duties(const guint8 *bytes, gsize length);
FuzzOutcome door_fo(const guint8 *bytes, gsize length);

/* Seeds that are no files: what the program itself writes. */
void door_make_seeds(const char *target, GPtrArray *seeds);
void door_snapshot_seeds(GPtrArray *seeds);
void door_overlay_seeds(GPtrArray *seeds, gboolean base);

#endif
