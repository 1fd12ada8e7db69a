/* SPDX-License-Identifier: Apache-2.0 */
/*
 * movement.c - papers on their way, seen from our desk.
 *
 * from ours          → out: queued for the outbox, or to be sent by hand
 * to ours            → in: expected, or received when it lies here already
 * between two others → note: we only know that it happened
 *
 * A FAX leaves the original where it was and makes a new exemplar at the other end;
 * post and hand move the original, unless the procedure says that a copy goes. An exemplar
 * that we sent is at the other end once the transmission is confirmed, or once the procedure
 * itself says that it was used there.
 */
#include "base/text.h"
#include "case/delivery.h"

#include <string.h>

static gboolean is_ours(const CaseFile *file, const char *role) {
  return role && g_strv_contains((const char *const *)file->ours, role);
}

static const char *attribute(const SessionEffect *effect, const char *name) {
  return g_hash_table_lookup(effect->attributes, name);
}

/* ---------------------------------------------------------------- exemplars */

static gboolean moves_original(const CaseFile *file, const char *channel) {
  return catalogue_channel_moves_original(bundle_catalogue(file->bundle), channel);
}

/* As what the paper is with `role`, who did not write it: a copy, or the FAX of it. */
static const char *came_as(const CaseFile *file, const StorePaper *paper, const char *role) {
  for (guint i = 0; i < file->transmissions->len; i++) {
    const StoreTransmission *transmission = file->transmissions->pdata[i];
    if (g_strcmp0(transmission->paper_id, paper->id) == 0 &&
        g_strcmp0(transmission->to, role) == 0)
      return g_strcmp0(transmission->channel, "fax") == 0 ? "fax" : "copy";
  }
  return "fax";
}

/* The exemplar `role` holds; when the case knows of none, the one it must hold for the
 * procedure to have come here. */
static StoreExemplar *exemplar_at(CaseFile *file, const StorePaper *paper, const char *role,
                                  gint64 time) {
  StoreExemplar *exemplar = papers_exemplar(file, paper, role);
  if (exemplar)
    return exemplar;
  gboolean author = g_strcmp0(paper->filled_by, role) == 0;
  const char *kind = author ? "original" : came_as(file, paper, role);
  return papers_add_exemplar(file, paper, kind, role, NULL, time);
}

/* The paper arrives at `to`: the original itself, or what the line made of it. */
static StoreExemplar *arrive(CaseFile *file, const StorePaper *paper, StoreExemplar *sent,
                             const char *to, const char *channel, gint64 time) {
  if (moves_original(file, channel) && !bundle_brings_copy(file->bundle, paper->form, to)) {
    text_set(&sent->holder, to);
    sent->since = time;
    casefile_touch(file, sent);
    return sent;
  }
  const char *kind = g_strcmp0(channel, "fax") == 0 ? "fax" : "copy";
  return papers_add_exemplar(file, paper, kind, to, sent->id, time);
}

/* ------------------------------------------------------------ transmissions */

static StoreTransmission *add_transmission(CaseFile *file, const char *from, const char *to,
                                           const char *channel, gint64 time) {
  StoreTransmission *transmission = g_new0(StoreTransmission, 1);
  transmission->id = casefile_id(file);
  transmission->case_id = g_strdup(file->record->id);
  transmission->from = g_strdup(from);
  transmission->to = g_strdup(to);
  transmission->channel = g_strdup(channel);
  transmission->direction =
      g_strdup(is_ours(file, from) ? "out" : is_ours(file, to) ? "in" : "note");
  transmission->created = transmission->updated = time;
  g_ptr_array_add(file->transmissions, transmission);
  casefile_touch(file, transmission);
  return transmission;
}

/* An incoming transmission of this paper in this state, the latest. */
static StoreTransmission *incoming(CaseFile *file, const StorePaper *paper, const char *to,
                                   const char *state) {
  for (guint i = file->transmissions->len; i-- > 0;) {
    StoreTransmission *transmission = file->transmissions->pdata[i];
    if (g_strcmp0(transmission->paper_id, paper->id) == 0 &&
        g_str_equal(transmission->direction, "in") && g_str_equal(transmission->to, to) &&
        g_str_equal(transmission->state, state))
      return transmission;
  }
  return NULL;
}

/* Whether the program can make what goes on the line: a paper that bears a signature, or that
 * we only hold as it came, goes out by the hands of a person. */
static gboolean program_can_send(CaseFile *file, const StorePaper *paper, const char *channel) {
  return papers_is_ours(file, paper) && paper->data &&
         !form_needs_signature(bundle_form(file->bundle, paper->form)) &&
         !moves_original(file, channel);
}

/* A form whose body no handbook prints is our drawing: the desk looks at it once before it goes out
 * under its name. The approval is of this definition; another one is looked at again. */
static void need_approval(CaseFile *file, const StoreTransmission *transmission,
                          const StorePaper *paper, RkDiags *diags) {
  Form *form = bundle_form(file->bundle, paper->form);
  CatalogueChannel channel;
  gboolean leaves = catalogue_channel(bundle_catalogue(file->bundle), transmission->channel,
                                      &channel) && channel.leaves_building;
  if (!leaves || !form_body_inferred(form) || !papers_is_ours(file, paper))
    return;
  json_t *entry = facts_register(file, REGISTER_LAYOUT, paper->form);
  const char *approved =
      json_string_value(json_object_get(json_object_get(entry, "fields"), "layouts"));
  g_autofree char *hash = bundle_layout_hash(file->bundle, paper->form);
  if (!approved || !strstr(approved, hash)) {
    diags_add(diags, DIAG_LAYOUT_UNAPPROVED, NULL, form_printed_code(form), paper->form, NULL);
    file->refused = TRUE;
  }
  json_decref(entry);
}

static void send_out(CaseFile *file, StoreTransmission *transmission, StorePaper *paper,
                     gint64 time, RkDiags *diags) {
  need_approval(file, transmission, paper, diags);
  StoreExemplar *held = exemplar_at(file, paper, transmission->from, time);
  gboolean queued = program_can_send(file, paper, transmission->channel);
  transmission->exemplar_id = g_strdup(held->id);
  transmission->state = g_strdup(queued ? "queued" : "by-hand");
}

static void send_between_others(CaseFile *file, StoreTransmission *transmission, StorePaper *paper,
                                gint64 time) {
  StoreExemplar *held = exemplar_at(file, paper, transmission->from, time);
  StoreExemplar *arrived =
      arrive(file, paper, held, transmission->to, transmission->channel, time);
  transmission->exemplar_id = g_strdup(arrived->id);
  transmission->state = g_strdup("noted");
}

/* The paper was laid on our desk before the procedure came to its sending, and nobody has sent
 * it back since. */
static gboolean lies_here(CaseFile *file, const StorePaper *paper, const char *to) {
  const StoreExemplar *held = papers_exemplar(file, paper, to);
  return held && held->judged && incoming(file, paper, to, "received");
}

/* Whether the way that was told is one of those the procedure allows. */
static gboolean way_allowed(CaseFile *file, const SessionEffect *effect, const char *printed,
                            RkDiags *diags) {
  const char *channels = attribute(effect, "channels"), *channel = attribute(effect, "channel");
  g_auto(GStrv) words = g_strsplit(channels ? channels : "", " ", -1);
  if (!channels || g_strv_contains((const char *const *)words, channel))
    return TRUE;
  diags_add(diags, DIAG_PAPER_CHANNEL, NULL, printed, channel, channels, NULL);
  file->refused = TRUE;
  return FALSE;
}

RkStatus movement_send(CaseFile *file, const SessionEffect *effect, RkDiags *diags) {
  const char *code = attribute(effect, "form"), *to = attribute(effect, "to");
  const char *channel = attribute(effect, "channel");
  const char *from = attribute(effect, "from") ? attribute(effect, "from") : effect->by;
  if (!from)
    return diags_fail(diags, RK_INVALID, DIAG_EFFECT_ROLE, &effect->place, effect->element, NULL);
  StorePaper *paper = papers_need(file, code, attribute(effect, "each"));
  const char *printed = form_printed_code(bundle_form(file->bundle, code));
  gboolean into = !is_ours(file, from) && is_ours(file, to);
  if (!way_allowed(file, effect, printed, diags) || (into && lies_here(file, paper, to)))
    return RK_OK;
  StoreTransmission *transmission = add_transmission(file, from, to, channel, effect->time);
  transmission->paper_id = g_strdup(paper->id);
  if (into)
    transmission->state = g_strdup("expected");
  else if (is_ours(file, from))
    send_out(file, transmission, paper, effect->time, diags);
  else
    send_between_others(file, transmission, paper, effect->time);
  casefile_tell(file, "send", printed, to, transmission->state);
  return RK_OK;
}

/* What was sent to `to` in this very step comes there by itself. */
static gboolean just_sent(const CaseFile *file, const StorePaper *paper, const char *to, gint64 time) {
  for (guint i = 0; i < file->transmissions->len; i++) {
    const StoreTransmission *transmission = file->transmissions->pdata[i];
    if (transmission->created == time && g_str_equal(transmission->direction, "out") &&
        g_strcmp0(transmission->paper_id, paper->id) == 0 && g_str_equal(transmission->to, to))
      return TRUE;
  }
  return FALSE;
}

RkStatus movement_keep(CaseFile *file, const SessionEffect *effect, RkDiags *diags) {
  const char *code = attribute(effect, "form"), *holder = attribute(effect, "holder");
  StorePaper *paper = papers_need(file, code, attribute(effect, "each"));
  (void)diags;
  if (!just_sent(file, paper, holder, effect->time))
    exemplar_at(file, paper, holder, effect->time);
  casefile_tell(file, "keep", form_printed_code(bundle_form(file->bundle, code)), holder, NULL);
  return RK_OK;
}

RkStatus movement_notify(CaseFile *file, const SessionEffect *effect, RkDiags *diags) {
  const char *to = attribute(effect, "to"), *title = attribute(effect, "title");
  const char *from = attribute(effect, "from") ? attribute(effect, "from") : effect->by;
  if (!from)
    return diags_fail(diags, RK_INVALID, DIAG_EFFECT_ROLE, &effect->place, effect->element, NULL);
  StoreTransmission *transmission =
      add_transmission(file, from, to, attribute(effect, "channel"), effect->time);
  transmission->title = g_strdup(title);
  transmission->state = g_strdup(is_ours(file, from) ? "by-hand"
                                 : is_ours(file, to) ? "received"
                                                     : "noted");
  casefile_tell(file, "notify", title, to, transmission->state);
  return RK_OK;
}

/* ---------------------------------------------------------------- receiving */

/* The handbook's way of bringing it is the only one. */
static RkStatus check_channel(CaseFile *file, const char *code, const char *to,
                              const char *channel, RkDiags *diags) {
  g_autofree char *allowed = bundle_channels(file->bundle, code, to);
  g_auto(GStrv) words = g_strsplit(allowed ? allowed : "", " ", -1);
  if (!channel || !allowed || g_strv_contains((const char *const *)words, channel))
    return RK_OK;
  return diags_fail(diags, RK_REFUSED, DIAG_PAPER_CHANNEL, NULL,
                    form_printed_code(bundle_form(file->bundle, code)), channel, allowed, NULL);
}

static RkStatus check_incoming(CaseFile *file, const StorePaper *paper, const char *to,
                               const char *channel, RkDiags *diags) {
  const char *printed = form_printed_code(bundle_form(file->bundle, paper->form));
  if (papers_is_ours(file, paper) || !to)
    return diags_fail(diags, RK_REFUSED, DIAG_PAPER_OURS, NULL, printed, paper->form,
                      casefile_number(file), NULL);
  return check_channel(file, paper->form, to, channel, diags);
}

char *movement_ways(CaseFile *file, const char *reference) {
  g_autofree char *code = paper_code(reference);
  const char *to = bundle_receiver(file->bundle, code, (const char *const *)file->ours);
  g_autofree char *ways = to ? bundle_channels(file->bundle, code, to) : NULL;
  const StorePaper *paper = ways ? papers_named(file, reference) : NULL;
  gboolean announced = paper && incoming(file, paper, to, "expected");
  return ways && strchr(ways, ' ') && !announced ? g_steal_pointer(&ways) : NULL;
}

/* The transmission it comes with: the one expected, else one that nobody announced. Of several ways the first,
 * as entries say that were made before a way had to be told (casefile_check_ways). */
static StoreTransmission *arrival(CaseFile *file, const StorePaper *paper, const char *to,
                                  const char *channel, gint64 time) {
  StoreTransmission *transmission = incoming(file, paper, to, "expected");
  if (!transmission) {
    g_autofree char *allowed = bundle_channels(file->bundle, paper->form, to);
    g_auto(GStrv) words = g_strsplit(allowed ? allowed : "unstated", " ", -1);
    const char *from = bundle_sender(file->bundle, paper->form, to);
    transmission = add_transmission(file, from, to, channel ? channel : words[0], time);
    transmission->paper_id = g_strdup(paper->id);
  }
  if (channel)
    text_set(&transmission->channel, channel);
  return transmission;
}

RkStatus movement_receive(CaseFile *file, const char *reference, const char *channel,
                          gboolean incomplete, gint64 time, RkDiags *diags) {
  g_autofree char *code = paper_code(reference), *key = paper_key(reference);
  StorePaper *paper = papers_need(file, code, key);
  const char *printed = form_printed_code(bundle_form(file->bundle, code));
  const char *to = bundle_receiver(file->bundle, code, (const char *const *)file->ours);
  RkStatus status = check_incoming(file, paper, to, channel, diags);
  if (status != RK_OK)
    return status;
  StoreTransmission *transmission = arrival(file, paper, to, channel, time);
  StoreExemplar *original = exemplar_at(file, paper, transmission->from, time);
  StoreExemplar *arrived = arrive(file, paper, original, to, transmission->channel, time);
  arrived->judged = !incomplete;
  text_set(&transmission->exemplar_id, arrived->id);
  text_set(&transmission->state, "received");
  transmission->updated = time;
  casefile_touch(file, transmission);
  casefile_tell(file, "received", printed, to, incomplete ? "incomplete" : "complete");
  return RK_OK;
}

gboolean movement_has_left(const CaseFile *file, const StorePaper *paper) {
  for (guint i = 0; i < file->transmissions->len; i++) {
    const StoreTransmission *transmission = file->transmissions->pdata[i];
    if (g_strcmp0(transmission->paper_id, paper->id) == 0 &&
        g_str_equal(transmission->direction, "out") &&
        !g_str_equal(transmission->state, "cancelled"))
      return TRUE;
  }
  return FALSE;
}

/* ----------------------------------------------------------------- settling */

static StorePaper *paper_by_id(CaseFile *file, const char *id) {
  for (guint i = 0; i < file->papers->len; i++) {
    StorePaper *paper = file->papers->pdata[i];
    if (g_strcmp0(paper->id, id) == 0)
      return paper;
  }
  return NULL;
}

static gboolean may_become(const char *state, const char *result) {
  static const struct {
    const char *from, *to;
  } allowed[] = {
      {"queued", "handing-over"},      {"queued", "cancelled"},     {"queued", "confirmed"},
      {"handing-over", "handed-over"}, {"handing-over", "failed"},  {"handing-over", "unknown"},
      {"handing-over", "waiting"},     {"waiting", "handing-over"}, {"waiting", "queued"},
      {"waiting", "confirmed"},        {"waiting", "failed"},       {"waiting", "cancelled"},
      {"handed-over", "confirmed"},    {"handed-over", "failed"},   {"handed-over", "unknown"},
      {"by-hand", "confirmed"},        {"by-hand", "failed"},       {"by-hand", "cancelled"},
      {"failed", "queued"},            {"failed", "cancelled"},     {"cancelled", "queued"},
      {"unknown", "confirmed"},        {"unknown", "failed"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(allowed); i++)
    if (g_str_equal(allowed[i].from, state) && g_str_equal(allowed[i].to, result))
      return TRUE;
  return FALSE;
}

static RkStatus check_settling(CaseFile *file, const StoreTransmission *transmission,
                               const Deed *deed, const char *result, RkDiags *diags) {
  if (!delivery_only_chooses(transmission, deed) && g_str_equal(transmission->state, result))
    return diags_fail(diags, RK_REFUSED, DIAG_TRANSMISSION_SETTLED, NULL, result, NULL);
  if (!delivery_only_chooses(transmission, deed) && !may_become(transmission->state, result))
    return diags_fail(diags, RK_REFUSED, DIAG_TRANSMISSION_STATE, NULL, transmission->state, result,
                      NULL);
  return delivery_settle(file, transmission, deed, diags);
}

RkStatus movement_settle(CaseFile *file, const Deed *deed, RkDiags *diags) {
  const char *id = json_string_value(json_object_get(deed->args, "id"));
  const char *result = json_string_value(json_object_get(deed->args, "result"));
  StoreTransmission *transmission = NULL;
  for (guint i = 0; i < file->transmissions->len && !transmission; i++)
    if (g_str_equal(((StoreTransmission *)file->transmissions->pdata[i])->id, id))
      transmission = file->transmissions->pdata[i];
  if (!transmission)
    return diags_fail(diags, RK_NOT_FOUND, DIAG_TRANSMISSION_UNKNOWN, NULL, id, NULL);
  RkStatus status = check_settling(file, transmission, deed, result, diags);
  if (status != RK_OK)
    return status;
  StorePaper *paper = paper_by_id(file, transmission->paper_id);
  text_set(&transmission->state, result);
  transmission->updated = deed->happened;
  casefile_touch(file, transmission);
  if (paper && g_str_equal(result, "confirmed") &&
      !papers_exemplar(file, paper, transmission->to)) {
    StoreExemplar *sent = exemplar_at(file, paper, transmission->from, deed->happened);
    arrive(file, paper, sent, transmission->to, transmission->channel, deed->happened);
  }
  casefile_tell(file, "outbox", transmission->title, transmission->to, result);
  return RK_OK;
}
