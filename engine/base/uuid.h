/* SPDX-License-Identifier: Apache-2.0 */
/*
 * uuid.h - the names of requests and of what they make: UUIDs of version 8 (RFC 9562, by a rule of our own)
 *
 *   tttttttt-tttt-8rrr-8rrr-rrrrrrrrrrrr   a request that brings no name: milliseconds since 1970, then chance
 *   hhhhhhhh-hhhh-8hhh-ahhh-hhhhhhhhhhhh   the records it makes: SHA-256 of its name and their number
 *
 * Nobody types the name of a request: it begins with its time, so that the answers to requests lie in the
 * database in the order in which they were given, and not each in another page. Records are named by their first
 * digits (`renkei outbox confirm 3fa21b`), which must differ from one to the next.
 */
#ifndef RK_BASE_UUID_H
#define RK_BASE_UUID_H

#include <glib.h>

/* A new name for a request made at `now` (microseconds UTC). g_free. */
char *uuid_of_request(gint64 now);

/* The name of the `number`-th record that the request makes (from 0): always the same for the same request
 * and number, so that a replay gives it again. The rule must never change. g_free. */
char *uuid_of_record(const char *request_id, guint number);

#endif
