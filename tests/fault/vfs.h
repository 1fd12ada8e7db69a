/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vfs.h - two file systems for SQLite: one that writes down what it is asked and passes it
 * on to the real one, and one in memory that holds a found disk.
 *
 * Both become SQLite's default while they are in use, so that the store that is tested
 * opens its file as it always does.
 */
#ifndef RK_TEST_FAULT_VFS_H
#define RK_TEST_FAULT_VFS_H

#include "disk.h"

/* From now on, write down all operations on `path` and the files beside it. */
void vfs_record(DiskLog *log, const char *path);
/* From now on, `path` and the files beside it are what the image holds (borrowed, changed). */
void vfs_show(DiskLog *names, DiskImage *image, const char *path);
/* From now on, the real file system. */
void vfs_real(void);

#endif
