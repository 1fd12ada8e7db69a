/* SPDX-License-Identifier: Apache-2.0 */
/* mynumber.h - recognising an Individual Number (個人番号, "My Number") in what somebody typed. */
#ifndef RK_BASE_MYNUMBER_H
#define RK_BASE_MYNUMBER_H

#include <glib.h>

/*
 * Whether the text holds twelve digits that stand by themselves (full-width or not, single blanks or
 * hyphens between) and whose last is the check digit of the others by the ordinance of the
 * Ministry of Internal Affairs (平成26年総務省令第85号, article 5). One in eleven other numbers of
 * twelve digits looks so, too.
 */
gboolean text_holds_my_number(const char *text);

#endif
