/* SPDX-License-Identifier: Apache-2.0 */
/* mynumber.h - recognising an Individual Number (個人番号, "My Number") in what somebody typed. */
#ifndef RK_BASE_MYNUMBER_H
#define RK_BASE_MYNUMBER_H

#include <glib.h>

/*
 * Whether the text holds twelve digits whose last is the check digit of the others by the ordinance
 * of the Ministry of Internal Affairs (平成26年総務省令第85号, article 5).
 *
 * Digits (of any width) that follow each other are a group. Groups with one to three characters of
 * punctuation, symbols, white space, line ends or invisible characters between them are a run; a
 * colon ends it, for times of the day have one. The twelve digits are looked for as
 *  - one group of twelve, or groups of three, four or six of equal length, anywhere in a run: a date
 *    or a telephone number beside them does not hide them;
 *  - a whole run that has twelve digits, however they are grouped.
 * Never as part of a group: a bar code of thirteen digits is none.
 *
 * One in eleven other numbers of twelve digits looks so, too.
 */
gboolean text_holds_my_number(const char *text);

#endif
