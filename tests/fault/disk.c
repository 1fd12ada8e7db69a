/* SPDX-License-Identifier: Apache-2.0 */
/* disk.c - see disk.h. */
#include "disk.h"

#include <string.h>

/* --------------------------------------------------------------------- the log */

static void event_clear(gpointer event) {
  g_free(((DiskEvent *)event)->bytes);
}

DiskLog *disk_log_new(void) {
  DiskLog *log = g_new0(DiskLog, 1);
  log->events = g_array_new(FALSE, FALSE, sizeof(DiskEvent));
  g_array_set_clear_func(log->events, event_clear);
  log->names = g_ptr_array_new_with_free_func(g_free);
  return log;
}

void disk_log_free(DiskLog *log) {
  g_array_unref(log->events);
  g_ptr_array_unref(log->names);
  g_free(log);
}

guint disk_log_name(DiskLog *log, const char *name) {
  for (guint i = 0; i < log->names->len; i++)
    if (g_str_equal(log->names->pdata[i], name))
      return i;
  g_ptr_array_add(log->names, g_strdup(name));
  g_assert(log->names->len <= G_N_ELEMENTS(((DiskImage *)NULL)->files));
  return log->names->len - 1;
}

void disk_log_add(DiskLog *log, const DiskEvent *event) {
  DiskEvent own = *event;
  own.bytes = g_memdup2(event->bytes, event->length);
  g_array_append_val(log->events, own);
}

const DiskEvent *disk_log_get(const DiskLog *log, guint index) {
  return &g_array_index(log->events, DiskEvent, index);
}

/* -------------------------------------------------------------------- the dice */

guint64 dice_next(Dice *dice) {
  dice->state ^= dice->state << 13;
  dice->state ^= dice->state >> 7;
  dice->state ^= dice->state << 17;
  return dice->state;
}

guint dice_below(Dice *dice, guint limit) {
  return (guint)((dice_next(dice) >> 11) % limit);
}

static gboolean dice_coin(Dice *dice) {
  return dice_below(dice, 2) == 0;
}

/* ------------------------------------------------------------------- the state */

typedef struct {
  GByteArray *synced;
  GArray *pending; /* guint: events of this file since its last sync */
} File;

struct DiskState {
  const DiskLog *log;
  guint next;
  GPtrArray *files;  /* File * */
  GArray *directory; /* int by name: the file that a synced entry leads to, or -1 */
  GArray *renamed;   /* guint: creations and deletions since the directory's last sync */
};

static void file_free(gpointer data) {
  File *file = data;
  g_byte_array_unref(file->synced);
  g_array_unref(file->pending);
  g_free(file);
}

DiskState *disk_state_new(const DiskLog *log) {
  DiskState *state = g_new0(DiskState, 1);
  state->log = log;
  state->files = g_ptr_array_new_with_free_func(file_free);
  state->directory = g_array_new(FALSE, FALSE, sizeof(int));
  state->renamed = g_array_new(FALSE, FALSE, sizeof(guint));
  for (guint i = 0; i < log->files; i++) {
    File *file = g_new0(File, 1);
    file->synced = g_byte_array_new();
    file->pending = g_array_new(FALSE, FALSE, sizeof(guint));
    g_ptr_array_add(state->files, file);
  }
  for (guint i = 0; i < log->names->len; i++)
    g_array_append_val(state->directory, (int){-1});
  return state;
}

void disk_state_free(DiskState *state) {
  g_ptr_array_unref(state->files);
  g_array_unref(state->directory);
  g_array_unref(state->renamed);
  g_free(state);
}

guint disk_state_position(const DiskState *state) {
  return state->next;
}

static void set_length(GByteArray *content, gsize length) {
  guint old = content->len;
  g_byte_array_set_size(content, (guint)length);
  if (length > old)
    memset(content->data + old, 0, length - old);
}

static void write_bytes(GByteArray *content, gint64 offset, const guint8 *bytes, gsize length) {
  gsize end = (gsize)offset + length;
  if (end > content->len)
    set_length(content, end);
  memcpy(content->data + offset, bytes, length);
}

static void apply_event(GByteArray *content, const DiskEvent *event) {
  if (event->kind == DISK_TRUNCATE)
    set_length(content, (gsize)event->offset);
  else
    write_bytes(content, event->offset, event->bytes, event->length);
}

static void apply_name(GArray *directory, const DiskEvent *event) {
  int *entry = &g_array_index(directory, int, event->name);
  if (event->kind == DISK_RENAME)
    g_array_index(directory, int, event->offset) = -1;
  if (event->kind == DISK_DELETE && *entry == (int)event->file)
    *entry = -1;
  else if (event->kind != DISK_DELETE)
    *entry = (int)event->file;
}

static void sync_names(DiskState *state) {
  for (guint i = 0; i < state->renamed->len; i++)
    apply_name(state->directory,
               disk_log_get(state->log, g_array_index(state->renamed, guint, i)));
  g_array_set_size(state->renamed, 0);
}

static void sync_file(DiskState *state, File *file) {
  for (guint i = 0; i < file->pending->len; i++)
    apply_event(file->synced, disk_log_get(state->log, g_array_index(file->pending, guint, i)));
  g_array_set_size(file->pending, 0);
}

gboolean disk_state_advance(DiskState *state) {
  if (state->next == state->log->events->len)
    return FALSE;
  const DiskEvent *event = disk_log_get(state->log, state->next);
  switch (event->kind) {
  case DISK_WRITE:
  case DISK_TRUNCATE:
    g_array_append_val(((File *)state->files->pdata[event->file])->pending, state->next);
    break;
  case DISK_CREATE:
  case DISK_DELETE:
  case DISK_RENAME:
    g_array_append_val(state->renamed, state->next);
    break;
  case DISK_SYNC:
    sync_file(state, state->files->pdata[event->file]);
    break;
  case DISK_NAMES:
    sync_names(state);
    break;
  default:
    break;
  }
  state->next++;
  return TRUE;
}

gboolean disk_state_pending(const DiskState *state) {
  for (guint i = 0; i < state->files->len; i++)
    if (((File *)state->files->pdata[i])->pending->len)
      return TRUE;
  return state->renamed->len > 0;
}

/* -------------------------------------------------------------------- an image */

const char *damage_name(Damage damage) {
  static const char *const names[N_DAMAGES] = {
      "nothing unsynced survives", "everything survives",      "one write lost",
      "in order, cut off",         "whole writes, reordered",  "torn at 512 bytes",
      "torn at 4096 bytes",        "garbage in lost sectors",  "length without content",
      "content without length"};
  return names[damage];
}

typedef struct {
  Damage damage;
  Dice *dice;
  guint lost; /* which of the file's writes, for DAMAGE_ONE_LOST and DAMAGE_PREFIX */
} Accident;

static void write_garbage(GByteArray *content, gint64 offset, gsize length, Dice *dice) {
  guint8 noise[4096];
  for (gsize i = 0; i < length; i++)
    noise[i] = (guint8)dice_below(dice, 256);
  write_bytes(content, offset, noise, length);
}

/* Each sector of a write has a fate of its own. */
static void tear(GByteArray *content, const DiskEvent *event, const Accident *accident) {
  gsize sector = accident->damage == DAMAGE_TORN_4096 ? 4096 : 512;
  for (gsize done = 0; done < event->length;) {
    gsize start = (gsize)event->offset + done;
    gsize length = MIN(sector - start % sector, event->length - done);
    guint fate = dice_below(accident->dice, accident->damage == DAMAGE_GARBAGE ? 3 : 2);
    if (fate == 0)
      write_bytes(content, (gint64)start, event->bytes + done, length);
    else if (fate == 2)
      write_garbage(content, (gint64)start, length, accident->dice);
    done += length;
  }
}

static void cut_off(GByteArray *content, const DiskEvent *event, Dice *dice) {
  DiskEvent part = *event;
  part.length = dice_below(dice, (guint)event->length + 1);
  if (event->kind == DISK_WRITE && part.length)
    apply_event(content, &part);
}

static void harm(GByteArray *content, const DiskEvent *event, guint place,
                 const Accident *accident) {
  switch (accident->damage) {
  case DAMAGE_ALL_LOST:
    return;
  case DAMAGE_ONE_LOST:
    if (place != accident->lost)
      apply_event(content, event);
    return;
  case DAMAGE_PREFIX:
    if (place < accident->lost)
      apply_event(content, event);
    else if (place == accident->lost)
      cut_off(content, event, accident->dice);
    return;
  case DAMAGE_REORDERED:
    if (dice_coin(accident->dice))
      apply_event(content, event);
    return;
  case DAMAGE_ALL_KEPT:
  case DAMAGE_LENGTH_ONLY:
    apply_event(content, event);
    return;
  default:
    if (event->kind == DISK_WRITE)
      tear(content, event, accident);
    else if (accident->damage != DAMAGE_CONTENT_ONLY && dice_coin(accident->dice))
      apply_event(content, event);
  }
}

static GByteArray *copy_of(const GByteArray *content) {
  GByteArray *copy = g_byte_array_sized_new(content->len + 8192);
  return g_byte_array_append(copy, content->data, content->len);
}

static GByteArray *file_image(const DiskState *state, guint which, Damage damage, Dice *dice) {
  const File *file = state->files->pdata[which];
  GByteArray *content = copy_of(file->synced);
  Accident accident = {damage, dice, 0};
  if (file->pending->len)
    accident.lost = dice_below(dice, file->pending->len);
  for (guint i = 0; i < file->pending->len; i++)
    harm(content, disk_log_get(state->log, g_array_index(file->pending, guint, i)), i, &accident);
  if (damage == DAMAGE_CONTENT_ONLY) {
    set_length(content, file->synced->len);
  } else if (damage == DAMAGE_LENGTH_ONLY) {
    guint length = content->len;
    g_byte_array_set_size(content, 0);
    g_byte_array_append(content, file->synced->data, MIN(length, file->synced->len));
    set_length(content, length);
  }
  return content;
}

static gboolean name_survives(Damage damage, Dice *dice) {
  if (damage == DAMAGE_ALL_LOST)
    return FALSE;
  return damage == DAMAGE_ALL_KEPT || damage == DAMAGE_LENGTH_ONLY || dice_coin(dice);
}

void disk_state_image(const DiskState *state, Damage damage, Dice *dice, DiskImage *image) {
  g_autoptr(GArray) directory = g_array_copy(state->directory);
  for (guint i = 0; i < state->renamed->len; i++)
    if (name_survives(damage, dice))
      apply_name(directory, disk_log_get(state->log, g_array_index(state->renamed, guint, i)));
  disk_image_clear(image);
  for (guint i = 0; i < directory->len; i++) {
    int file = g_array_index(directory, int, i);
    if (file >= 0)
      image->files[i] = file_image(state, (guint)file, damage, dice);
  }
}

void disk_image_clear(DiskImage *image) {
  for (guint i = 0; i < G_N_ELEMENTS(image->files); i++)
    g_clear_pointer(&image->files[i], g_byte_array_unref);
}
