/* SPDX-License-Identifier: Apache-2.0 */
/* files.h - finding workflow, form and test files. */
#ifndef RK_CASE_FILES_H
#define RK_CASE_FILES_H

#include <glib.h>

/* The endings of files that are procedures: workflows and overlays. NULL-terminated. */
extern const char *const files_of_procedures[];

/*
 * All files at `path` whose name ends in one of `endings` (NULL-terminated): the file
 * itself whatever its name, or all below the folder, hidden ones left out. Sorted;
 * empty when there is nothing. Of char *, owned.
 */
GPtrArray *files_at(const char *path, const char *const *endings);

#endif
