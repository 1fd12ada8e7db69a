/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file_pdf.c - the pages of a PDF file, drawn by poppler's pdftoppm.
 *
 * A process of its own: what is wrong in a file from outside ends that process and not ours, and it
 * gets no more memory and time than given here. It writes one grey picture after the other into a pipe
 * and waits while we work at one, so that neither side holds many.
 */
#include "scan/page.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define DPI "200"
#define MEMORY_MAX (1u << 30)
#define SECONDS_MAX 300

/* Runs in the child, between fork and exec. */
static void limit_child(gpointer data) {
  const struct rlimit memory = {MEMORY_MAX, MEMORY_MAX}, seconds = {SECONDS_MAX, SECONDS_MAX};
  const struct rlimit none = {0, 0};
  (void)data;
  setrlimit(RLIMIT_AS, &memory);
  setrlimit(RLIMIT_CPU, &seconds);
  setrlimit(RLIMIT_FSIZE, &none);
  setrlimit(RLIMIT_CORE, &none);
}

typedef struct {
  GPid process;
  FILE *pages;
} Drawing;

/* -l: one more than the limit, to tell a longer file. */
static gboolean start(Drawing *drawing, int fd) {
  char last[16];
  const char *argv[] = {"pdftoppm", "-q", "-gray", "-r", DPI, "-l", last, "/dev/stdin", NULL};
  int copy = dup(fd), out = -1;
  g_snprintf(last, sizeof last, "%d", SCAN_PAGES_MAX + 1);
  gboolean started =
      copy >= 0 &&
      g_spawn_async_with_pipes_and_fds(
          NULL, argv, NULL,
          G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL, limit_child,
          NULL, copy, -1, -1, NULL, NULL, 0, &drawing->process, NULL, &out, NULL, NULL);
  if (copy >= 0)
    close(copy);
  drawing->pages = started ? fdopen(out, "rb") : NULL;
  return started;
}

/* Whether it came to its own, good end. */
static gboolean stop(Drawing *drawing, gboolean early) {
  int ended = 0;
  if (drawing->pages)
    fclose(drawing->pages);
  if (early)
    kill(drawing->process, SIGKILL);
  pid_t waited = waitpid(drawing->process, &ended, 0);
  g_spawn_close_pid(drawing->process);
  return waited == drawing->process && WIFEXITED(ended) && WEXITSTATUS(ended) == 0;
}

/* "P5\nWIDTH HEIGHT\n255\n", as pdftoppm writes it. FALSE at the end. */
static gboolean read_head(FILE *pages, guint *width, guint *height) {
  char line[64];
  guint most = 0;
  return fgets(line, sizeof line, pages) && g_str_equal(line, "P5\n") &&
         fgets(line, sizeof line, pages) && sscanf(line, "%9u %9u", width, height) == 2 &&
         fgets(line, sizeof line, pages) && sscanf(line, "%3u", &most) == 1 && most == 255;
}

static RkStatus read_page(PageReader *reader, FILE *pages, guint width, guint height) {
  if (reader->count == SCAN_PAGES_MAX)
    return diags_fail(reader->diags, RK_INVALID, DIAG_SCAN_PAGES, NULL, reader->name, "300", NULL);
  /* Poppler's picture of a page for which it got no memory: one white pixel. It is not a blank page. */
  RkStatus status = width == 1 && height == 1 ? scan_too_large(reader, "> 40000000")
                                              : page_check_size(reader, width, height);
  if (status != RK_OK)
    return status;
  g_autoptr(Grey) grey = grey_new((int)width, (int)height);
  gsize size = (gsize)width * height;
  gboolean whole = fread(grey->pixels, 1, size, pages) == size;
  return page_take(reader, g_steal_pointer(&grey), atof(DPI), atof(DPI), !whole);
}

RkStatus scan_pdf(PageReader *reader, int fd) {
  Drawing drawing = {0};
  RkStatus status = RK_OK;
  guint width = 0, height = 0;
  if (!start(&drawing, fd))
    return diags_fail(reader->diags, RK_FAILED, DIAG_SCAN_NO_PDF, NULL, reader->name, NULL);
  while (status == RK_OK && drawing.pages && read_head(drawing.pages, &width, &height))
    status = read_page(reader, drawing.pages, width, height);
  gboolean good = stop(&drawing, status != RK_OK);
  if (status != RK_OK)
    return status;
  if (!reader->count)
    return scan_broken(reader, "PDF");
  if (!good)
    diags_add(reader->diags, DIAG_SCAN_CUT, NULL, reader->name, NULL);
  return RK_OK;
}
