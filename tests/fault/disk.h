/* SPDX-License-Identifier: Apache-2.0 */
/*
 * disk.h - a disk that remembers everything it was told, and what may be on it once the
 * power has gone.
 *
 * A DiskLog holds every operation in order. A DiskState is what the operations up to one of
 * them have made certain (synced content, synced directory entries) and what is still
 * under way. A DiskImage is one thing that may be found afterwards, made from a state by a
 * damage model.
 *
 * The model follows what SQLite itself counts on: a sync that has returned has reached the
 * medium, and a write harms no byte outside its own range ("powersafe overwrite"). All else
 * may go wrong: any unsynced write may be lost, torn at sector borders, replaced by garbage
 * or overtaken by later ones; length, content and name of a file are kept independently.
 */
#ifndef RK_TEST_FAULT_DISK_H
#define RK_TEST_FAULT_DISK_H

#include <glib.h>

typedef enum {
  DISK_CREATE,   /* a name now leads to a new, empty file */
  DISK_WRITE,
  DISK_TRUNCATE, /* offset is the new length */
  DISK_SYNC,     /* the content */
  DISK_DELETE,   /* a name is gone */
  DISK_RENAME,   /* the name numbered `offset` is gone, `name` leads to its file: both or neither */
  DISK_NAMES,    /* all names are synced */
  DISK_COMMIT,   /* no operation: a transaction has ended here */
  DISK_ACK       /* no operation: the user was told of the success of request number `offset` */
} DiskKind;

typedef struct {
  DiskKind kind;
  guint name;    /* index into names */
  guint file;    /* which file the name led to then: names are used again */
  gint64 offset;
  guint8 *bytes;
  gsize length;
} DiskEvent;

typedef struct {
  GArray *events;   /* DiskEvent */
  GPtrArray *names; /* char * */
  guint files;      /* made so far */
} DiskLog;

DiskLog *disk_log_new(void);
void disk_log_free(DiskLog *log);
guint disk_log_name(DiskLog *log, const char *name);
void disk_log_add(DiskLog *log, const DiskEvent *event); /* copies the bytes */
const DiskEvent *disk_log_get(const DiskLog *log, guint index);

/* Numbers that look random and are the same in every run with the same seed. */
typedef struct {
  guint64 state;
} Dice;
guint64 dice_next(Dice *dice);
guint dice_below(Dice *dice, guint limit);

/* A found disk: content by name, NULL where there is no such file. */
typedef struct {
  GByteArray *files[8]; /* by index into the log's names */
} DiskImage;

void disk_image_clear(DiskImage *image);

typedef enum {
  DAMAGE_ALL_LOST,     /* nothing unsynced survives */
  DAMAGE_ALL_KEPT,
  DAMAGE_ONE_LOST,     /* one unsynced write is missing, later ones are there */
  DAMAGE_PREFIX,       /* written in order up to somewhere within a write */
  DAMAGE_REORDERED,    /* any whole writes, in any combination */
  DAMAGE_TORN_512,     /* any sectors of any write */
  DAMAGE_TORN_4096,
  DAMAGE_GARBAGE,      /* lost sectors hold random bytes */
  DAMAGE_LENGTH_ONLY,  /* the files have grown or shrunk, nothing else */
  DAMAGE_CONTENT_ONLY, /* sectors are written, the lengths are the old ones */
  N_DAMAGES
} Damage;

const char *damage_name(Damage damage);

typedef struct DiskState DiskState;

DiskState *disk_state_new(const DiskLog *log);
void disk_state_free(DiskState *state);
/* Take the next operation of the log. FALSE at its end. */
gboolean disk_state_advance(DiskState *state);
/* How many operations were taken. */
guint disk_state_position(const DiskState *state);
/* Whether anything is under way; if not, all damage models give the same image. */
gboolean disk_state_pending(const DiskState *state);
/* One image. With the same dice it is the same again. */
void disk_state_image(const DiskState *state, Damage damage, Dice *dice, DiskImage *image);

#endif
