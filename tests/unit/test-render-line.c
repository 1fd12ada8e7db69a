/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What we send is what arrives: a FAX call of two T.30 machines (spandsp) over a
 * simulated telephone line in one process. Without spandsp every test is skipped.
 */
#include "../own-folder.h"
#include "fax-support.h"

#ifdef HAVE_SPANDSP
#include <glib/gstdio.h>
#include <math.h>
/* Its headers are not clean of our warnings. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wstrict-prototypes"
#pragma GCC diagnostic ignored "-Wundef"
#define SPANDSP_EXPOSE_INTERNAL_STRUCTURES
#include <spandsp.h>
#pragma GCC diagnostic pop

#define RATE 8000
#define BLOCK 160 /* samples: 20 ms */
#define LONGEST_CALL (10 * 60 * RATE / BLOCK)
#define HIT_LEVEL 6000.0

/* ---------------------------------------------------------------------- the line */

typedef struct {
  double noise;      /* decibel below the signal, as a codec or a cross-talking line adds it; 0: none */
  gboolean hits;     /* of 20 ms, 2 to 5 seconds apart, while a page is on the line */
  guint32 seed;
  int next_hit;      /* block */
  int busy;          /* blocks of signal without a pause */
} Line;

#define TRAINED 175 /* blocks: after this long without a pause it is a page, not a training */
#define SILENT 100.0


static double gauss(guint32 *seed) {
  double sum = 0;
  for (int i = 0; i < 12; i++) {
    *seed = *seed * 1664525u + 1013904223u;
    sum += (*seed >> 8) / 16777216.0;
  }
  return sum - 6;
}

static double level_of(const int16_t *samples, int count) {
  double power = 0;
  for (int i = 0; i < count; i++)
    power += (double)samples[i] * samples[i];
  return sqrt(power / count);
}

/* As the telephone network does it: noise, now and then a hit, 8 bits by the mu-law. */
static void carry(Line *line, int16_t *samples, int count, int block) {
  double signal = level_of(samples, count);
  line->busy = signal > SILENT ? line->busy + 1 : 0;
  /* A hit in a training may end a call of this spandsp; the sender then knows it. */
  gboolean hit = line->hits && block >= line->next_hit && line->busy > TRAINED;
  if (hit)
    line->next_hit = block + 100 + (int)((gauss(&line->seed) + 6) * 12.5);
  double level = line->noise > 0 ? signal / pow(10, line->noise / 20) : 0;
  for (int i = 0; i < count; i++) {
    double sample = samples[i] + gauss(&line->seed) * (hit ? HIT_LEVEL : level);
    sample = CLAMP(sample, -32000, 32000);
    samples[i] = ulaw_to_linear(linear_to_ulaw((int)sample));
  }
}

/* ---------------------------------------------------------------------- the call */

typedef struct {
  int result; /* -1 while it lasts */
  t30_stats_t stats;
} Ended;

static void hung_up(t30_state_t *t30, void *data, int result) {
  Ended *ended = data;
  t30_get_transfer_statistics(t30, &ended->stats);
  ended->result = result;
}

static fax_state_t *machine(gboolean calling, const char *path, int modems, gboolean ecm,
                            Ended *ended) {
  fax_state_t *fax = fax_init(NULL, calling);
  t30_state_t *t30 = fax_get_t30_state(fax);
  ended->result = -1;
  fax_set_transmit_on_idle(fax, TRUE);
  if (calling)
    t30_set_tx_file(t30, path, -1, -1);
  else
    t30_set_rx_file(t30, path, -1);
  t30_set_ecm_capability(t30, ecm);
  t30_set_supported_modems(t30, modems);
  t30_set_supported_compressions(t30, T30_SUPPORT_T4_1D_COMPRESSION |
                                          T30_SUPPORT_T4_2D_COMPRESSION |
                                          T30_SUPPORT_T6_COMPRESSION);
  t30_set_supported_resolutions(t30, T30_SUPPORT_STANDARD_RESOLUTION |
                                         T30_SUPPORT_FINE_RESOLUTION | T30_SUPPORT_R8_RESOLUTION);
  t30_set_supported_image_sizes(t30, T30_SUPPORT_215MM_WIDTH | T30_SUPPORT_UNLIMITED_LENGTH |
                                         T30_SUPPORT_A4_LENGTH);
  t30_set_phase_e_handler(t30, hung_up, ended);
  return fax;
}

static void step(fax_state_t *from, fax_state_t *to, Line *line, int block) {
  int16_t samples[BLOCK] = {0};
  fax_tx(from, samples, BLOCK);
  carry(line, samples, BLOCK, block);
  fax_rx(to, samples, BLOCK);
}

typedef struct {
  int modems;
  gboolean ecm;
  Line line;
} Call;

/* Send `sent` and give back what arrived; NULL when the call failed. */
static GBytes *call(const Call *how, GBytes *sent, t30_stats_t *stats) {
  g_autofree char *dir = folder_new("line");
  g_autofree char *out = g_build_filename(dir, "sent.tif", NULL);
  g_autofree char *in = g_build_filename(dir, "received.tif", NULL), *data = NULL;
  assert_true(g_file_set_contents(out, g_bytes_get_data(sent, NULL),
                                  (gssize)g_bytes_get_size(sent), NULL));
  Ended caller, called;
  Line there = how->line, back = {.noise = how->line.noise, .seed = 77};
  fax_state_t *a = machine(TRUE, out, how->modems, how->ecm, &caller);
  fax_state_t *b = machine(FALSE, in, how->modems, how->ecm, &called);
  for (int block = 0; block < LONGEST_CALL && (caller.result < 0 || called.result < 0); block++) {
    step(a, b, &there, block);
    step(b, a, &back, block);
  }
  fax_free(a);
  fax_free(b);
  gsize length = 0;
  gboolean good = caller.result == T30_ERR_OK && called.result == T30_ERR_OK &&
                  g_file_get_contents(in, &data, &length, NULL);
  *stats = called.stats;
  g_unlink(out);
  g_unlink(in);
  g_rmdir(dir);
  return good ? g_bytes_new_take(g_steal_pointer(&data), length) : NULL;
}

/* Lines of page `page` that arrived otherwise than they were sent. */
static int wrong_lines(GBytes *sent, GBytes *received, guint16 page) {
  int lines, arrived, wrong = 0;
  g_autofree guint8 *a = page_pixels(sent, page, &lines);
  g_autofree guint8 *b = page_pixels(received, page, &arrived);
  for (int y = 0; y < lines; y++)
    wrong += y >= arrived || memcmp(a + y * 1728, b + y * 1728, 1728) != 0;
  return wrong + MAX(0, arrived - lines);
}

static GBytes *page_to_send(RenderFaxCoding coding, gboolean standard) {
  RenderOptions all = options();
  all.fax_coding = coding;
  all.fax_standard = standard;
  all.fax_head = "見本市役所　0466-00-0000　2026-11-21 10:15";
  return render_form(RENDER_TIFF, all);
}

static void must_arrive_whole(const Call *how, GBytes *sent) {
  t30_stats_t stats;
  g_autoptr(GBytes) received = call(how, sent, &stats);
  if (!received)
    fail_msg("the call failed");
  assert_int_equal(stats.error_correcting_mode, how->ecm);
  assert_int_equal(stats.pages_rx, 2);
  for (guint16 page = 0; page < 2; page++)
    assert_int_equal(wrong_lines(sent, received, page), 0);
}

static void every_modem_delivers_the_page_pixel_for_pixel(void **state) {
  (void)state;
  need_fonts();
  static const struct {
    int modems;
    RenderFaxCoding coding;
  } cases[] = {{T30_SUPPORT_V17 | T30_SUPPORT_V29 | T30_SUPPORT_V27TER, RENDER_FAX_G4},
               {T30_SUPPORT_V29 | T30_SUPPORT_V27TER, RENDER_FAX_G3_1D},
               {T30_SUPPORT_V27TER, RENDER_FAX_G3_2D}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    for (int ecm = 0; ecm < 2; ecm++) {
      g_autoptr(GBytes) sent = page_to_send(cases[i].coding, FALSE);
      Call how = {cases[i].modems, ecm, {0}};
      must_arrive_whole(&how, sent);
    }
}

static void standard_resolution_arrives_too(void **state) {
  (void)state;
  need_fonts();
  g_autoptr(GBytes) sent = page_to_send(RENDER_FAX_G3_1D, TRUE);
  Call how = {T30_SUPPORT_V29 | T30_SUPPORT_V27TER, FALSE, {0}};
  must_arrive_whole(&how, sent);
}

#define ANY_MODEM (T30_SUPPORT_V17 | T30_SUPPORT_V29 | T30_SUPPORT_V27TER)
#define BAD_LINES 6 /* calls over lines that differ in their noise and hits */

/* How many of the calls got through, and how many of their lines were wrong. */
static guint call_over_bad_lines(gboolean ecm, int *wrong) {
  guint through = 0;
  g_autoptr(GBytes) sent = page_to_send(RENDER_FAX_G4, FALSE);
  *wrong = 0;
  for (guint32 i = 1; i <= BAD_LINES; i++) {
    Call how = {ANY_MODEM, ecm, {.noise = 24, .hits = TRUE, .seed = i * 7919}};
    t30_stats_t stats;
    g_autoptr(GBytes) received = call(&how, sent, &stats);
    through += received != NULL;
    for (guint16 page = 0; received && page < 2; page++)
      *wrong += wrong_lines(sent, received, page);
  }
  return through;
}

/* A call may break off, and then the sender knows; what it delivers is what was sent. */
static void error_correction_repairs_noise_and_hits(void **state) {
  (void)state;
  need_fonts();
  int wrong;
  assert_in_range(call_over_bad_lines(TRUE, &wrong), BAD_LINES - 1, BAD_LINES);
  assert_int_equal(wrong, 0);
}

/* That the lines are as bad as they claim: the same without error correction. */
static void without_error_correction_hits_cost_lines(void **state) {
  (void)state;
  need_fonts();
  int wrong;
  guint through = call_over_bad_lines(FALSE, &wrong);
  assert_in_range(through, 1, BAD_LINES);
  assert_true(wrong > (int)through * 100);
}

#else

static void every_modem_delivers_the_page_pixel_for_pixel(void **state) {
  (void)state;
  print_message("spandsp (Debian: libspandsp-dev) was not found by configure\n");
  skip();
}

#define standard_resolution_arrives_too every_modem_delivers_the_page_pixel_for_pixel
#define error_correction_repairs_noise_and_hits every_modem_delivers_the_page_pixel_for_pixel
#define without_error_correction_hits_cost_lines every_modem_delivers_the_page_pixel_for_pixel
#endif

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_modem_delivers_the_page_pixel_for_pixel),
      cmocka_unit_test(standard_resolution_arrives_too),
      cmocka_unit_test(error_correction_repairs_noise_and_hits),
      cmocka_unit_test(without_error_correction_hits_cost_lines),
  };
  return cmocka_run_group_tests_name("render-line", tests, NULL, NULL);
}
