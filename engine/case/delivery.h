/* SPDX-License-Identifier: Apache-2.0 */
/*
 * delivery.h - what is known of a transmission beside its state: to which number, in how many tries, with
 * what answer.
 *
 * It stands in two registers. "delivery" is written by the settling itself, so it is replayed, put
 * back by undo and erased with its case. "contact" is the office's address book: the only place a
 * number comes from. A number is proposed by one operator and confirmed by another; nothing is sent to one
 * that is not confirmed. It is read inside the transaction that says "handing-over".
 *
 * A settling says who did it ("by"): command or folder (the program), person. One from before this was
 * kept says nothing, and writes nothing.
 */
#ifndef RK_CASE_DELIVERY_H
#define RK_CASE_DELIVERY_H

#include "case/casefile.h"

#define REGISTER_CONTACT "contact" /* key: ROLE, or "ROLE / PARTY" where a role is played by several;
                                      states proposed, confirmed, ended; fields fax, proposed_by, … */
#define CONTACT_CONFIRMED "confirmed"
/*
 * Key: id of the transmission; the state is the transmission's. Fields, all texts:
 *   by        command, folder          tries  how often it was begun in all
 *   round     … since it was last queued by a person
 *   contact   key of the contact       number that it went to
 *   pages     handed over              reported by the other side of the line
 *   answer    of the program: "exit 0", "signal 9", "timeout", "not started", "interrupted"
 *   job       the program's own number for it
 *   output, sha256                     what the program said, and the SHA-256 of that: the proof
 *   next      when it is tried again
 */
#define REGISTER_DELIVERY "delivery"

/* Write what the deed says of the transmission. RK_REFUSED when it would go to a number that is not
 * confirmed, or to a contact of another role. */
RkStatus delivery_settle(CaseFile *file, const StoreTransmission *sent, const Deed *deed,
                         RkDiags *diags);
/* Only the contact of one that still waits is chosen: its state stays. */
gboolean delivery_only_chooses(const StoreTransmission *sent, const Deed *deed);

/* What stands there now of a transmission, or NULL; json_decref. */
json_t *delivery_load(RkDesk *desk, const char *id);
/* A field of it, or NULL. Borrowed. */
const char *delivery_field(const json_t *entry, const char *name);
/* The contact it goes to: the one chosen, else that of the role. */
const char *delivery_contact(const json_t *entry, const StoreTransmission *sent);
/* As a number; 0 when it is not there. */
guint delivery_count(const json_t *entry, const char *name);

#endif
